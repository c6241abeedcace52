#include "vm/code.h"

#include <stdlib.h>

const uint8_t operation_family[OPERATION_COUNT] = {
#define OPERATION(family, name, ...) FAMILY_##family,
#include "vm/operations.def"
};

void family_strides(unsigned ints, unsigned floats, uint32_t stride[FAMILY_COUNT])
{
#define X(family) stride[FAMILY_##family] = STRIDE(family, ints, floats);
    EACH_FAMILY(X)
#undef X
}

void operation_first_variants(unsigned ints, unsigned floats, uint32_t first[OPERATION_COUNT])
{
    const uint32_t variants[FAMILY_COUNT] = {
#define X(family) VARIANTS(family, ints, floats),
        EACH_FAMILY(X)
#undef X
    };
    uint32_t n = 0;
    for (unsigned op = 0; op < OPERATION_COUNT; op++) {
        first[op] = n;
        n += variants[operation_family[op]];
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
