/* The state of reading an Itanium C++ symbol, shared by the files demangle_itanium*.c. Names of productions are those
 * of the ABI, section 5.1 ("External Names"). */
#ifndef BASE_DEMANGLE_ITANIUM_H
#define BASE_DEMANGLE_ITANIUM_H

#include "base/bytes.h"

/* A piece of text in the scratch buffer. A declarator stands inside a type (`int (*)[3]`), so a type has text before
 * and after it; everything else has only the former. */
struct piece {
    uint32_t at;           /* where it begins; the right part follows the left one */
    uint32_t left, right;  /* bytes */
    enum { PLAIN, FUNCTION, ARRAY } kind; /* the last two need parentheses around a declarator */
    uint16_t pack_first, pack_count; /* a template argument pack: its elements */
    bool is_pack;
    bool dependent;        /* made of template parameters */
    bool stale;            /* made of parameters that have another meaning by now: not to be used again */
};

enum {
    ITANIUM_SUBSTITUTIONS = 256,
    ITANIUM_ARGUMENTS = 64,
    ITANIUM_PACK_ELEMENTS = 128,
};

struct itanium {
    struct bytes symbol;   /* behind the prefix */
    size_t next;
    unsigned depth, steps; /* productions that are open, productions read */
    unsigned inner;        /* encodings that are open inside types */
    bool failed;           /* every function ends soon once this is set */
    struct buffer text;    /* all pieces; only grows */
    struct piece substitutions[ITANIUM_SUBSTITUTIONS];
    unsigned substitution_count;
    unsigned dependences;  /* template parameters and dependent pieces that were read so far */
    bool keep_arguments;   /* template arguments that are read now are those of the entity itself ... */
    struct piece arguments[ITANIUM_ARGUMENTS]; /* ... to which T_, T0_, ... refer */
    unsigned argument_count;
    struct piece elements[ITANIUM_PACK_ELEMENTS];
    unsigned element_count;
    bool expanding;        /* inside Dp: a pack stands for its element of this number */
    unsigned element;
    unsigned expansion;    /* elements of the pack that was met last */
};

/* What a <name> turned out to be. */
struct itanium_name {
    struct piece text;
    bool ends_in_arguments;   /* a template: its function type begins with the type returned */
    bool returns_nothing;     /* constructor, destructor, conversion: never has one */
    bool is_const, is_volatile;
    char reference;           /* ref-qualifier: 0, '&', or 'm' for && */
};

/* ---- demangle_itanium_text.c ------------------------------------------------------------------------------------- */

bool itanium_enter(struct itanium *it); /* opens a production; false: too many. Close it by itanium_leave. */
void itanium_leave(struct itanium *it);
struct piece itanium_fail(struct itanium *it); /* returns an empty piece */

uint8_t itanium_peek(const struct itanium *it, size_t ahead); /* 0 at the end */
bool itanium_eat(struct itanium *it, const char *text);
bool itanium_number(struct itanium *it, size_t *number);      /* decimal digits, at least one */

/* Pieces are made by appending: begin, add, end. What is added between may not make pieces of its own. */
uint32_t itanium_begin(struct itanium *it);
void itanium_add(struct itanium *it, const char *text);
void itanium_add_bytes(struct itanium *it, struct bytes text);
void itanium_add_number(struct itanium *it, size_t number);
void itanium_add_left(struct itanium *it, struct piece p);
void itanium_add_right(struct itanium *it, struct piece p);
void itanium_add_piece(struct itanium *it, struct piece p); /* both parts */
struct piece itanium_end(struct itanium *it, uint32_t begin);
struct piece itanium_piece(struct itanium *it, const char *text);
/* a, separator, b; only b if a is empty, only a if b is */
struct piece itanium_join(struct itanium *it, struct piece a, const char *separator, struct piece b);
bool itanium_is_empty(struct piece p);
struct bytes itanium_text(const struct itanium *it, struct piece p); /* valid until something is added */

/* ---- demangle_itanium_types.c ------------------------------------------------------------------------------------ */

struct piece itanium_type(struct itanium *it);
struct piece itanium_parameters(struct itanium *it); /* types up to the end or `E`; `v` alone is none */
struct piece itanium_template_arguments(struct itanium *it); /* with brackets */
struct piece itanium_template_parameter(struct itanium *it);
struct piece itanium_substitution(struct itanium *it); /* S..., not St */
/* Makes a piece the next substitution. It is dependent if it->dependences has changed since it was `dependences`. */
void itanium_remember(struct itanium *it, struct piece p, unsigned dependences);
void itanium_forget_dependent(struct itanium *it, unsigned first); /* makes them stale, from that substitution on */

/* ---- demangle_itanium.c ------------------------------------------------------------------------------------------ */

struct itanium_name itanium_read_name(struct itanium *it);
struct piece itanium_encoding(struct itanium *it);

#endif
