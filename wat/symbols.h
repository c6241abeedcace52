/* The identifiers of a text and what each is bound to. Every distinct identifier is one symbol, found through a hash
 * table; a symbol has one binding for each index space. */
#ifndef WAT_SYMBOLS_H
#define WAT_SYMBOLS_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"

enum space {
    SPACE_TYPE,
    SPACE_FUNC,
    SPACE_TABLE,
    SPACE_MEMORY,
    SPACE_GLOBAL,
    SPACE_ELEM,
    SPACE_DATA,
    MODULE_SPACES,               /* those above live as long as the module */
    SPACE_LOCAL = MODULE_SPACES, /* valid while `local_owner` is the current function */
    SPACE_LABEL,                 /* how many labels are around the innermost of that name */
    SPACES
};

enum { UNBOUND = UINT32_MAX, NO_SYMBOL = UINT32_MAX };

struct symbol {
    struct bytes name;           /* borrowed from the text */
    uint32_t index[SPACES];      /* or UNBOUND */
    uint32_t local_owner;
};

/* Zero-initialise; release with symbols_free. */
struct symbols {
    struct symbol *list;
    uint32_t count, capacity;
    uint32_t *slots;             /* open addressing: 1 + place in `list`, or 0 */
    uint32_t slot_count;         /* a power of two */
    struct hash_key key;
};

void symbols_free(struct symbols *s);

/* The symbol of `name`, or NO_SYMBOL. */
uint32_t symbols_find(const struct symbols *s, struct bytes name);

/* The same, made if it is new. Fails with STATUS_NO_MEMORY. */
enum status symbols_intern(struct symbols *s, struct bytes name, uint32_t *out, struct error *e);

#endif
