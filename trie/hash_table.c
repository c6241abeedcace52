#include "trie/hash_table.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

static uint64_t tag_of(const struct trie_hash *hash)
{
    return load_le64(hash->bytes);
}

/* Where a row wants to be. SHA-256 is even, but whoever tries long enough finds rows whose hashes begin alike: the key,
 * which nobody knows, spreads them. */
static size_t home_of(const struct hash_table *t, uint64_t tag)
{
    uint64_t x = (tag ^ t->key.k0) * (t->key.k1 | 1);
    x = (x ^ x >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(x >> 32) & (t->capacity - 1);
}

/* The slot that has the hash, or the free one where it belongs. The table must have slots. */
static size_t probe(const struct hash_table *t, const struct trie_hash *hash, uint64_t tag)
{
    const size_t mask = t->capacity - 1;
    size_t i = home_of(t, tag);
    for (; t->slots[i].row; i = (i + 1) & mask) {
        if (t->slots[i].tag == tag && trie_hash_equal(t->slots[i].row, hash)) break;
    }
    return i;
}

void *hash_table_find(const struct hash_table *t, const struct trie_hash *hash)
{
    return t->count ? t->slots[probe(t, hash, tag_of(hash))].row : NULL;
}

size_t hash_table_slot(const struct hash_table *t, const struct trie_hash *hash)
{
    return probe(t, hash, tag_of(hash));
}

static bool move_to(struct hash_table *t, size_t capacity)
{
    struct hash_table to = {.slots = calloc(capacity, sizeof *to.slots), .capacity = capacity, .count = t->count,
                            .key = t->capacity ? t->key : hash_key_new()};
    if (!to.slots) return false;
    for (size_t i = 0; i < t->capacity; i++) {
        if (!t->slots[i].row) continue;
        size_t at = home_of(&to, t->slots[i].tag);
        while (to.slots[at].row) at = (at + 1) & (capacity - 1);
        to.slots[at] = t->slots[i];
    }
    free(t->slots);
    *t = to;
    return true;
}

enum status hash_table_reserve(struct hash_table *t, size_t extra, struct error *e)
{
    if (extra > HASH_TABLE_MAX - t->count)
        return error_set(e, STATUS_LIMIT, TRIE_FULL, ERROR_NO_OFFSET, "more than %d rows", HASH_TABLE_MAX);
    const size_t wanted = t->count + extra;
    size_t capacity = t->capacity ? t->capacity : FIRST_CAPACITY;
    while (wanted > capacity / 4 * 3) capacity *= 2;
    if (capacity == t->capacity) return STATUS_OK;
    return move_to(t, capacity) ? STATUS_OK : error_no_memory(e);
}

void hash_table_insert(struct hash_table *t, void *row)
{
    const uint64_t tag = tag_of(row);
    t->slots[probe(t, row, tag)] = (struct hash_slot){tag, row};
    t->count++;
}

void hash_table_remove(struct hash_table *t, const struct trie_hash *hash)
{
    const size_t mask = t->capacity - 1;
    size_t hole = hash_table_slot(t, hash);
    t->slots[hole].row = NULL;
    t->count--;
    /* Rows behind the hole that cannot be found over it any more move up. */
    for (size_t i = (hole + 1) & mask; t->slots[i].row; i = (i + 1) & mask) {
        const size_t home = home_of(t, t->slots[i].tag);
        if (((i - home) & mask) < ((i - hole) & mask)) continue;
        t->slots[hole] = t->slots[i];
        t->slots[i].row = NULL;
        hole = i;
    }
}

void *hash_table_next(const struct hash_table *t, size_t *position)
{
    while (*position < t->capacity) {
        void *row = t->slots[(*position)++].row;
        if (row) return row;
    }
    return NULL;
}

void hash_table_free(struct hash_table *t)
{
    size_t position = 0;
    for (void *row; (row = hash_table_next(t, &position));) free(row);
    free(t->slots);
    *t = (struct hash_table){0};
}
