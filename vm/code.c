#include "vm/code.h"

#include <stdlib.h>

const uint8_t operation_family[OPERATION_COUNT] = {
#define FAMILY(family, name) FAMILY_##family,
#include "vm/operation_names.h"
#undef FAMILY
};

static uint32_t variants(enum family family, uint32_t r, uint32_t f)
{
    switch (family) {
    case FAMILY_BINARY: return (r + 1) * (r + 1) * (r + 2);
    case FAMILY_DIVIDE: return (r + 1) * 2;
    case FAMILY_UNARY: return (r + 1) * (r + 1);
    case FAMILY_BRANCH: return 2 * (r + 1) * (r + 2);
    case FAMILY_LOAD: return (r + 1) * (r + 2);
    case FAMILY_STORE: return (r + 2) * (r + 2);
    case FAMILY_SELECT: return (r + 1) * (r + 1) * (r + 2) * 2;
    case FAMILY_GET: return r + 1;
    case FAMILY_PUT: return r + 2;
    case FAMILY_FBINARY: return (f + 1) * (f + 1) * (f + 1);
    case FAMILY_FUNARY: return (f + 1) * (f + 1);
    case FAMILY_FCOMPARE: return (r + 1) * (f + 1) * (f + 1);
    case FAMILY_FBRANCH: return 2 * (f + 1) * (f + 1);
    case FAMILY_FLOAD: return (f + 1) * (r + 2);
    case FAMILY_FSTORE: return (r + 2) * (f + 1);
    case FAMILY_FSELECT: return (f + 1) * (f + 1) * (f + 1) * 2;
    case FAMILY_FGET: return f + 1;
    case FAMILY_FPUT: return f + 1;
    case FAMILY_TO_FLOAT: return (f + 1) * (r + 1);
    case FAMILY_FROM_FLOAT: return (r + 1) * (f + 1);
    case FAMILY_SWITCH: return 2 * (r + 1);
    case FAMILY_RETURN_INT: return 2 * (r + 2);
    case FAMILY_RETURN_FLOAT: return 2 * (f + 1);
    case FAMILY_CALL: return 2 * r;
    case FAMILY_CALL_INDEX: return 2 * r * (r + 1);
    case FAMILY_ENTER: return 4 * r;
    case FAMILY_SIMPLE: return 1;
    }
    return 0;
}

void operation_first_variants(unsigned ints, unsigned floats, uint32_t first[OPERATION_COUNT])
{
    uint32_t n = 0;
    for (unsigned op = 0; op < OPERATION_COUNT; op++) {
        first[op] = n;
        n += variants(operation_family[op], ints, floats);
    }
}

enum { BLOCK_WORDS = 1 << 16 };

struct code_block {
    struct code_block *next;
    size_t words;
    union word code[];
};

union word *code_alloc(struct code_arena *a, size_t words)
{
    if (!a->head || words > a->head->words - a->used) {
        size_t size = words > BLOCK_WORDS / 8 ? words : BLOCK_WORDS;
        struct code_block *b = malloc(sizeof *b + size * sizeof b->code[0]);
        if (!b) return NULL;
        b->words = size;
        if (a->head && size == words) {
            /* a large function has a block of its own, behind the one that is being filled */
            b->next = a->head->next;
            a->head->next = b;
            return b->code;
        }
        b->next = a->head;
        a->head = b;
        a->used = 0;
    }
    union word *p = a->head->code + a->used;
    a->used += words;
    return p;
}

void code_arena_free(struct code_arena *a)
{
    for (struct code_block *b = a->head, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    *a = (struct code_arena){0};
}
