#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    alignas(max_align_t) unsigned char data[];
};

static struct arena_block *block_new(struct arena *a, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct arena_block)) return NULL;
    if (a->budget && sizeof(struct arena_block) + size > a->budget->left) {
        a->budget->exceeded = true;
        return NULL;
    }
    struct arena_block *b = calloc(1, sizeof *b + size);
    if (!b) return NULL;
    if (a->budget) a->budget->left -= sizeof *b + size;
    b->size = size;
    a->total += sizeof *b + size;
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align) return NULL;
    size = (size + align - 1) / align * align;
    if (size == 0) size = align;
    if (a->head && size <= a->head->size - a->used) {
        void *p = a->head->data + a->used;
        a->used += size;
        return p;
    }
    size_t wanted = a->head ? a->head->size * 2 : FIRST_BLOCK;
    if (wanted > LARGEST_BLOCK) wanted = LARGEST_BLOCK;
    if (wanted < FIRST_BLOCK) wanted = FIRST_BLOCK;
    if (size > wanted / 2 && a->head) {
        /* a large piece gets a block of its own behind the head, which keeps its free space */
        struct arena_block *b = block_new(a, size);
        if (!b) return NULL;
        b->next = a->head->next;
        a->head->next = b;
        return b->data;
    }
    struct arena_block *b = block_new(a, size > wanted ? size : wanted);
    if (!b) return NULL;
    b->next = a->head;
    a->head = b;
    a->used = size;
    return b->data;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) return NULL;
    return arena_alloc(a, count * size);
}

void arena_free(struct arena *a)
{
    for (struct arena_block *b = a->head, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    if (a->budget) a->budget->left += a->total;
    *a = (struct arena){.budget = a->budget};
}
