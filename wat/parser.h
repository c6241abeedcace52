/* Inside wat/: the state of translating one module, and the pieces that read its parts.
 *
 * A module is read twice. The first pass (collect.c) finds the fields, numbers them and binds their identifiers, so
 * that the second (fields.c and the rest) can write the binary form at once, without a tree: every section has a
 * buffer, to which fields append as they come. */
#ifndef WAT_PARSER_H
#define WAT_PARSER_H

#include "base/leb128.h"
#include "wat/keywords.h"
#include "wat/lexer.h"
#include "wat/number.h"
#include "wat/symbols.h"

enum section_id {
    SECTION_CUSTOM,
    SECTION_TYPE,
    SECTION_IMPORT,
    SECTION_FUNCTION,
    SECTION_TABLE,
    SECTION_MEMORY,
    SECTION_GLOBAL,
    SECTION_EXPORT,
    SECTION_START,
    SECTION_ELEMENT,
    SECTION_CODE,
    SECTION_DATA,
    SECTION_DATA_COUNT,
    SECTIONS
};

struct section {
    struct buffer bytes;         /* the entries */
    uint32_t count;
};

/* A function type: its value types are in `types.bytes`, parameters first. */
struct signature {
    uint32_t params, results;
    size_t offset;
};

struct types {
    struct signature *list;
    uint32_t count, capacity;
    struct buffer bytes;
    uint32_t *slots;             /* by contents, open addressing: 1 + the first type with them, or 0 */
    uint32_t slot_count;
    struct hash_key key;
};

struct text_mark {
    const char *at;
    uint32_t line, column;       /* of `at` */
};

struct frame;                    /* of expression.c */

struct parser {
    struct lexer lexer;
    struct token token, next;    /* a window of two tokens */
    const char *text;            /* where offsets are counted from */
    struct text_mark mark;       /* where lines are counted from: before whatever is being read */
    struct error *e;
    bool names;                  /* write a name section */

    struct instruction_table instructions;
    struct symbols symbols;
    struct types types;
    struct section sections[SECTIONS];
    uint32_t next_index[MODULE_SPACES]; /* of the current pass */
    uint32_t defined[MODULE_SPACES];    /* how many of those are not imported */
    bool needs_data_count;

    struct buffer module_name, function_names, local_names;
    uint32_t function_name_count, local_name_count;

    /* of the function or expression that is being read */
    uint32_t owner;              /* its number, for locals' bindings */
    uint32_t local_count;
    uint32_t named_locals;
    struct buffer names_of_locals;
    struct buffer code, scratch, types_scratch, string, labels;
    struct buffer pending;       /* operators of folded instructions, waiting for their operands */
    struct frame *frames;
    size_t frame_count, frame_capacity;
    uint32_t label_count;
};

#define TRY(call) \
    do { \
        enum status try_status = (call); \
        if (try_status) return try_status; \
    } while (0)

/* ---- parser.c: tokens and errors -------------------------------------------------------------------------------- */

/* parser_free releases everything. `e` must not be null. */
void parser_init(struct parser *p, const char *text, size_t size, struct error *e);
void parser_free(struct parser *p);

/* Line and column of `where`, which is not before the mark. */
struct text_mark locate(const struct parser *p, const char *where);

void advance(struct parser *p);  /* to the next token */

/* An error at `t`. The message is the code's text and the details, which may be null. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
enum status fail_at(struct parser *p, const struct token *t, enum wat_error code, const char *details, ...);

/* An error at the current token: it is not what was expected, or no word at all. */
enum status unexpected(struct parser *p, const char *expected);

enum status expect_left(struct parser *p, const char *expected);
enum status expect_right(struct parser *p);

/* Whether the window is at `(word`. */
static inline bool at_form_n(const struct parser *p, const char *word, size_t size)
{
    return p->token.kind == TOKEN_LEFT && token_is_n(&p->next, word, size);
}
#define at_form(p, word) at_form_n((p), (word), sizeof(word) - 1)

static inline void advance_form(struct parser *p) /* behind `(word` */
{
    advance(p);
    advance(p);
}

static inline struct bytes token_bytes(const struct token *t)
{
    return bytes_of(t->start, t->size);
}

/* At the token behind a form's opening parenthesis: moves behind the closing one, whatever is between. */
enum status skip_form(struct parser *p);

/* An unsigned number of 32 bits. */
enum status parse_u32(struct parser *p, const char *expected, uint32_t *out);

/* ---- string.c -------------------------------------------------------------------------------------------------- */

/* The contents of a string token, appended to `out`. */
enum status parse_string(struct parser *p, struct buffer *out);

/* Any number of string tokens, one after the other. */
enum status parse_strings(struct parser *p, struct buffer *out);

/* A string that must be UTF-8, appended as the binary format has it: length and bytes. */
enum status parse_name(struct parser *p, struct buffer *out);

/* ---- indices.c: identifiers and indices -------------------------------------------------------------------------- */

/* An optional identifier, bound to `index`. `out` (may be null) receives its token; kind TOKEN_END: there was none. */
enum status bind_optional(struct parser *p, enum space space, uint32_t index, struct token *out);

/* An optional identifier that is not bound (again). */
void skip_id(struct parser *p, struct token *out);

bool at_index(const struct parser *p);                                  /* number or identifier */
enum status parse_index(struct parser *p, enum space space, uint32_t *out);
enum status parse_optional_index(struct parser *p, enum space space, uint32_t *out); /* default: 0 */

/* ---- types.c ---------------------------------------------------------------------------------------------------- */

bool at_value_type(const struct parser *p);
enum status parse_value_type(struct parser *p, uint8_t *out);
enum status parse_reference_type(struct parser *p, uint8_t *out);
enum status parse_heap_type(struct parser *p, uint8_t *out);            /* "func", "extern" */

/* `(param ...)* (result ...)*`, the types to types_scratch. With `bind`, parameters may have identifiers: locals. */
enum status parse_signature(struct parser *p, bool bind, struct signature *out);

/* `(param ...)`, `(local ...)` or `(result ...)`, at the parenthesis: the types are appended to `types`, `index` grows
 * by their number. With `bind`, a single one may have an identifier, which becomes that of local `index`. */
enum status parse_locals(struct parser *p, bool bind, struct buffer *types, uint32_t *index);

/* Adds a type as it is, at the end (types_add), or finds the first equal one, adding it if there is none. The
 * signature's types are in types_scratch. */
enum status types_add(struct parser *p, const struct signature *s, uint32_t *index);
enum status types_find_or_add(struct parser *p, const struct signature *s, uint32_t *index);

struct type_use {
    uint32_t index;
    bool is_explicit;            /* `(type x)` was given */
    bool is_short;               /* it was not, and there is no parameter and at most one result */
    uint8_t result;              /* then: the result, or 0x40 */
    bool known;                  /* `params` is known: the index is of a type that exists */
    uint32_t params;
};

/* `(type x)? (param ...)* (result ...)*`. A short one adds no type if `allow_short`, as block types have it. */
enum status parse_type_use(struct parser *p, bool bind, bool allow_short, struct type_use *out);

void types_free(struct types *t);

/* ---- the rest --------------------------------------------------------------------------------------------------- */

/* collect.c: the first pass, up to the parenthesis or end that closes the module. */
enum status collect_fields(struct parser *p);

/* fields.c: the second. */
enum status parse_fields(struct parser *p);

/* function.c: function `index`, behind its identifier and exports. */
enum status parse_function(struct parser *p, uint32_t index);
void add_function_name(struct parser *p, const struct token *id, uint32_t index);

/* segments.c */
enum status parse_elem(struct parser *p);
enum status parse_data(struct parser *p);
enum status parse_inline_elem(struct parser *p, uint32_t table, uint8_t type, uint32_t *count);
enum status parse_inline_data(struct parser *p, uint32_t memory, uint64_t *size);

/* expression.c: instructions up to a closing parenthesis, which is left, or one folded instruction. Appended to `out`
 * without the final `end`. */
enum status parse_instructions(struct parser *p, struct buffer *out);
enum status parse_folded_instruction(struct parser *p, struct buffer *out);

/* A constant expression of either kind, with its `end`. */
enum status parse_constant(struct parser *p, struct buffer *out);

/* immediates.c: what follows an instruction's name. Appends opcode and immediates to `out`. Not for block, loop
 * and if. */
enum status parse_immediates(struct parser *p, const struct instruction *i, struct buffer *out);
/* A constant of 32 or 64 bits, as a bit pattern. */
enum status parse_int(struct parser *p, unsigned bits, uint64_t *out);
enum status parse_float(struct parser *p, unsigned bits, uint64_t *out);

void write_block_type(const struct type_use *use, struct buffer *out);
void write_opcode(uint16_t opcode, struct buffer *out);

/* encode.c: the sections, put together. */
enum status encode_module(struct parser *p, struct buffer *out);

#endif
