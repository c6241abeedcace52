/* What a trie is compared with: a sorted array of keys and values; random keys that share prefixes; short ways to
 * apply and read. */
#ifndef TESTS_TRIE_MODEL_H
#define TESTS_TRIE_MODEL_H

#include <stdlib.h>

#include "base/compare.h"
#include "tests/test.h"
#include "trie/trie.h"

struct model_entry {
    struct buffer key, value;
};

struct model {
    struct model_entry entries[512];
    size_t count;
};

static inline struct bytes view(const struct buffer *b)
{
    return bytes_of(b->data, b->size);
}

/* The first entry whose key is not less. */
static inline size_t model_lower_bound(const struct model *m, struct bytes key)
{
    size_t i = 0;
    while (i < m->count && bytes_compare(view(&m->entries[i].key), key) < 0) i++;
    return i;
}

static inline const struct model_entry *model_find(const struct model *m, struct bytes key)
{
    const size_t i = model_lower_bound(m, key);
    return i < m->count && bytes_equal(view(&m->entries[i].key), key) ? &m->entries[i] : NULL;
}

static inline void model_remove(struct model *m, struct bytes key)
{
    const size_t i = model_lower_bound(m, key);
    if (i == m->count || !bytes_equal(view(&m->entries[i].key), key)) return;
    buffer_free(&m->entries[i].key);
    buffer_free(&m->entries[i].value);
    memmove(&m->entries[i], &m->entries[i + 1], (--m->count - i) * sizeof *m->entries);
}

/* Does nothing if the model is full; says whether it did. */
static inline bool model_set(struct model *m, struct bytes key, struct bytes value)
{
    model_remove(m, key);
    if (m->count == sizeof m->entries / sizeof *m->entries) return false;
    const size_t i = model_lower_bound(m, key);
    memmove(&m->entries[i + 1], &m->entries[i], (m->count++ - i) * sizeof *m->entries);
    m->entries[i] = (struct model_entry){0};
    buffer_append(&m->entries[i].key, key.data, key.size);
    buffer_append(&m->entries[i].value, value.data, value.size);
    return true;
}

static inline void model_free(struct model *m)
{
    while (m->count) model_remove(m, view(&m->entries[m->count - 1].key));
}

static inline void model_copy(struct model *to, const struct model *from)
{
    model_free(to);
    for (size_t i = 0; i < from->count; i++) model_set(to, view(&from->entries[i].key), view(&from->entries[i].value));
}

/* ---- random things ---------------------------------------------------------------------------------------------- */

static inline uint64_t random_bits(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline uint32_t random_below(uint64_t *state, uint32_t n)
{
    return (uint32_t)(random_bits(state) >> 32) % n;
}

/* A key of few different bytes; most are short, some long. */
static inline struct bytes random_key(uint64_t *state, uint8_t room[static 2100])
{
    static const uint8_t alphabet[] = {0x00, 0x01, 0x10, 0x11, 0xff};
    const uint32_t kind = random_below(state, 40);
    const size_t size = kind == 0 ? 2000 + random_below(state, 100) : random_below(state, kind < 4 ? 80 : 6);
    for (size_t i = 0; i < size; i++) room[i] = kind < 4 && i < size - 1 ? 0x77 : alphabet[random_below(state, 5)];
    return bytes_of(room, size);
}

static inline struct bytes random_value(uint64_t *state, uint8_t room[static 600])
{
    const size_t size = random_below(state, 4) ? random_below(state, 3) : random_below(state, 600);
    for (size_t i = 0; i < size; i++) room[i] = (uint8_t)random_below(state, size < 3 ? 3 : 256);
    return bytes_of(room, size);
}

/* ---- tries ------------------------------------------------------------------------------------------------------ */

/* Applies the whole model to the empty trie. */
static inline bool model_build(const struct model *m, struct trie_store *s, struct trie_hash *root, uint64_t *usage)
{
    struct trie_change changes[sizeof m->entries / sizeof *m->entries];
    struct error e;
    const struct trie empty = {.store = s};
    /* from the last to the first: the order must not matter */
    for (size_t i = 0; i < m->count; i++) {
        const struct model_entry *entry = &m->entries[m->count - 1 - i];
        changes[i] = (struct trie_change){view(&entry->key), view(&entry->value), false};
    }
    return CHECK(trie_apply(&empty, changes, m->count, root, usage, &e) == STATUS_OK);
}

/* Walks from entry `i` on, to `end`; true if the walk has just these. */
static inline bool model_equals_walk(const struct model *m, size_t i, size_t end, struct trie_iterator *it)
{
    struct bytes key, value;
    struct error e;
    for (bool found = true;; i++) {
        if (trie_iterator_next(it, &found, &key, &value, &e) != STATUS_OK) return false;
        if (!found) return i == end;
        if (i >= end || !bytes_equal(key, view(&m->entries[i].key)) || !bytes_equal(value, view(&m->entries[i].value)))
            return false;
    }
}

static inline bool model_equals_trie(const struct model *m, struct trie_store *s, struct trie_hash root)
{
    const struct trie t = {.store = s, .root = root};
    struct trie_iterator it;
    struct error e;
    bool ok = trie_iterator_prefix(&it, &t, (struct bytes){0}, &e) == STATUS_OK &&
              model_equals_walk(m, 0, m->count, &it);
    trie_iterator_free(&it);
    return ok;
}

static inline size_t model_prefix_end(const struct model *m, size_t i, struct bytes prefix)
{
    while (i < m->count && m->entries[i].key.size >= prefix.size &&
           (prefix.size == 0 || memcmp(m->entries[i].key.data, prefix.data, prefix.size) == 0))
        i++;
    return i;
}

/* A partial store of what was recorded. */
static inline bool partial_of(const struct trie_recorder *recorder, struct trie_store *out)
{
    struct bytes *rows;
    size_t count;
    struct error e;
    bool ok = CHECK(trie_recorder_rows(recorder, &rows, &count, &e) == STATUS_OK);
    trie_store_init_partial(out);
    for (size_t i = 0; ok && i < count; i++) ok = CHECK(trie_partial_add(out, rows[i], NULL, &e) == STATUS_OK);
    free(rows);
    return ok;
}

#endif
