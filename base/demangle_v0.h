/* The state of reading a v0 symbol, shared by the files demangle_v0*.c. Names of productions are those of the grammar
 * in the rustc book, "v0 Symbol Format". */
#ifndef BASE_DEMANGLE_V0_H
#define BASE_DEMANGLE_V0_H

#include "base/bytes.h"

struct v0 {
    struct bytes symbol;      /* behind the prefix: back references count from here */
    size_t next;              /* the next byte to read */
    unsigned depth;           /* of productions that are open */
    unsigned steps;           /* productions read, those of back references each time */
    uint64_t lifetimes;       /* bound by the binders around the current place */
    struct buffer *out;
    size_t start;             /* where the name begins in *out */
    bool silent;              /* read, but print nothing and follow no back references */
    bool failed;              /* every function does nothing, or ends soon, once this is set */
};

struct v0_identifier {
    struct bytes ascii;
    struct bytes punycode;    /* empty: none */
};

/* ---- demangle_v0_read.c ------------------------------------------------------------------------------------------ */

/* Opens a production: false when too many are open or were read. Close it by v0_leave. */
bool v0_enter(struct v0 *v);
void v0_leave(struct v0 *v);

bool v0_fail(struct v0 *v); /* returns false */

void v0_print(struct v0 *v, const char *text);
void v0_print_bytes(struct v0 *v, struct bytes text);
void v0_print_number(struct v0 *v, uint64_t number);

uint8_t v0_next(struct v0 *v);          /* fails at the end, and returns 0 */
bool v0_eat(struct v0 *v, uint8_t byte);
uint64_t v0_base_62(struct v0 *v);      /* <base-62-number> */
uint64_t v0_tagged_number(struct v0 *v, uint8_t tag); /* tag and number, plus 1; 0 if there is no such tag */
struct bytes v0_hex(struct v0 *v);      /* the digits before `_` */
struct v0_identifier v0_read_identifier(struct v0 *v); /* <undisambiguated-identifier> */
void v0_print_identifier(struct v0 *v, struct v0_identifier identifier);

/* <backref>, its `B` already read: moves to what it refers to. True: read that, then go back by v0_return with
 * *back; false: nothing to read (silent, or failed). */
bool v0_follow(struct v0 *v, size_t *back);
void v0_return(struct v0 *v, size_t back);

/* ---- demangle_v0.c ----------------------------------------------------------------------------------------------- */

void v0_path(struct v0 *v, bool in_value); /* in_value: generic arguments are written `::<...>` */

/* ---- demangle_v0_const.c ----------------------------------------------------------------------------------------- */

const char *v0_basic_type(uint8_t tag); /* null: not one */
void v0_const(struct v0 *v, bool in_value); /* in_value: inside another constant, where no braces are needed */

#endif
