#include "trie/pending.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/compare.h"

enum { BLOCK_SIZE = 256 };

struct pending_block {
    uint32_t count; /* at least 1 */
    struct pending_entry *entries[BLOCK_SIZE];
};

struct pending_place pending_seek(const struct trie_update *u, struct bytes key)
{
    struct pending_place p = {0};
    /* the last block that begins with a key not greater, or the first one */
    uint32_t low = 0, high = u->block_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (bytes_compare(pending_key(u->blocks[middle]->entries[0]), key) <= 0) low = middle + 1;
        else high = middle;
    }
    p.block = low ? low - 1 : 0;
    if (p.block >= u->block_count) return p;
    const struct pending_block *block = u->blocks[p.block];
    low = 0;
    high = block->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (bytes_compare(pending_key(block->entries[middle]), key) < 0) low = middle + 1;
        else high = middle;
    }
    p.index = low;
    return p;
}

struct pending_entry *pending_at(const struct trie_update *u, struct pending_place *place)
{
    if (place->block < u->block_count && place->index == u->blocks[place->block]->count)
        *place = (struct pending_place){place->block + 1, 0};
    return place->block < u->block_count ? u->blocks[place->block]->entries[place->index] : NULL;
}

struct pending_entry *pending_find(const struct trie_update *u, struct bytes key)
{
    struct pending_place place = pending_seek(u, key);
    struct pending_entry *p = pending_at(u, &place);
    return p && bytes_equal(pending_key(p), key) ? p : NULL;
}

/* ---- putting in ------------------------------------------------------------------------------------------------- */

static bool add_block(struct trie_update *u, uint32_t at)
{
    if (!array_grow(&u->blocks, u->block_count, &u->block_capacity, sizeof *u->blocks)) return false;
    struct pending_block *block = malloc(sizeof *block);
    if (!block) return false;
    block->count = 0;
    memmove(u->blocks + at + 1, u->blocks + at, (u->block_count - at) * sizeof *u->blocks);
    u->blocks[at] = block;
    u->block_count++;
    return true;
}

/* Makes room in a full block by moving its second half to a new one; *place stays at the same key. */
static bool split(struct trie_update *u, struct pending_place *place)
{
    if (!add_block(u, place->block + 1)) return false;
    struct pending_block *from = u->blocks[place->block], *to = u->blocks[place->block + 1];
    from->count = BLOCK_SIZE / 2;
    to->count = BLOCK_SIZE - BLOCK_SIZE / 2;
    memcpy(to->entries, from->entries + from->count, to->count * sizeof *to->entries);
    if (place->index > from->count) *place = (struct pending_place){place->block + 1, place->index - from->count};
    return true;
}

static bool put(struct trie_update *u, struct pending_place place, struct pending_entry *p)
{
    if (!u->block_count && !add_block(u, 0)) return false;
    if (u->blocks[place.block]->count == BLOCK_SIZE && !split(u, &place)) return false;
    struct pending_block *block = u->blocks[place.block];
    memmove(block->entries + place.index + 1, block->entries + place.index,
            (block->count - place.index) * sizeof *block->entries);
    block->entries[place.index] = p;
    block->count++;
    return true;
}

struct pending_entry *pending_make(struct trie_update *u, struct bytes key)
{
    struct pending_entry *p = pending_find(u, key);
    if (p) return p;
    p = malloc(sizeof *p + key.size);
    if (!p) return NULL;
    *p = (struct pending_entry){.key_size = (uint32_t)key.size};
    if (key.size) memcpy(p->key, key.data, key.size);
    if (put(u, pending_seek(u, key), p)) return p;
    free(p);
    return NULL;
}

/* ---- taking out ------------------------------------------------------------------------------------------------- */

static void free_entry(struct pending_entry *p)
{
    free((void *)(uintptr_t)p->committed.value.data);
    free((void *)(uintptr_t)p->uncommitted.value.data);
    free(p);
}

void pending_remove(struct trie_update *u, struct pending_entry *p)
{
    struct pending_place place = pending_seek(u, pending_key(p));
    if (pending_at(u, &place) != p) return;
    struct pending_block *block = u->blocks[place.block];
    block->count--;
    memmove(block->entries + place.index, block->entries + place.index + 1,
            (block->count - place.index) * sizeof *block->entries);
    free_entry(p);
    if (block->count) return;
    free(block);
    u->block_count--;
    memmove(u->blocks + place.block, u->blocks + place.block + 1, (u->block_count - place.block) * sizeof *u->blocks);
}

void pending_free(struct trie_update *u)
{
    for (uint32_t i = 0; i < u->block_count; i++) {
        struct pending_block *block = u->blocks[i];
        for (uint32_t k = 0; k < block->count; k++) free_entry(block->entries[k]);
        free(block);
    }
    free(u->blocks);
    u->blocks = NULL;
    u->block_count = u->block_capacity = 0;
    u->uncommitted = NULL;
}
