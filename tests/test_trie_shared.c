/* Tries that share most of their rows, made of each other and let go in any order: the store holds exactly the rows
 * that the remaining ones reach. */
#include <stdlib.h>

#include "tests/test.h"
#include "trie/hash_table.h"
#include "trie/node.h"

enum { ROOTS = 8, STEPS = 4000, KEYS = 600, CHANGES = 6 };

struct random {
    uint64_t state;
};

static uint32_t below(struct random *r, uint32_t limit)
{
    r->state = r->state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(r->state >> 33) % limit;
}

struct shared {
    struct trie_store store;
    struct trie_hash roots[ROOTS];
    unsigned count;
    struct random random;
};

/* ---- what is reached --------------------------------------------------------------------------------------------- */

/* The rows seen, and those of them that are still to be looked at. */
struct reached {
    struct hash_table seen;
    const struct trie_hash **waiting;
    size_t count, capacity;
    bool missing;
};

static void reach(struct reached *r, const struct trie_hash *hash, bool node)
{
    struct trie_hash *copy = malloc(sizeof *copy);
    if (r->count == r->capacity) {
        r->capacity = r->capacity ? 2 * r->capacity : 64;
        r->waiting = realloc(r->waiting, r->capacity * sizeof *r->waiting);
    }
    if (!copy || !r->waiting || hash_table_reserve(&r->seen, 1, NULL) != STATUS_OK) abort();
    *copy = *hash;
    if (hash_table_find(&r->seen, hash)) {
        free(copy);
        return;
    }
    hash_table_insert(&r->seen, copy);
    if (node) r->waiting[r->count++] = copy;
}

static void look_at(struct reached *r, const struct trie_store *s, const struct trie_hash *hash)
{
    struct bytes row;
    struct node n;
    if (!trie_store_row(s, hash, &row) || node_decode(row, &n, NULL) != STATUS_OK) {
        r->missing = true;
        return;
    }
    for (unsigned i = 0; i < node_child_count(&n); i++) reach(r, &n.children[i], true);
    if (n.has_value) reach(r, &n.value.hash, false);
    if (n.has_value && !trie_store_row(s, &n.value.hash, &row)) r->missing = true;
}

static void check_rows(const struct shared *s)
{
    struct reached r = {0};
    for (unsigned i = 0; i < s->count; i++)
        if (!trie_hash_is_empty(&s->roots[i])) reach(&r, &s->roots[i], true);
    while (r.count) look_at(&r, &s->store, r.waiting[--r.count]);
    CHECK(!r.missing);
    CHECK_EQUAL(r.seen.count, trie_store_count(&s->store));
    hash_table_free(&r.seen);
    free(r.waiting);
}

/* ---- steps ------------------------------------------------------------------------------------------------------- */

/* Changes of a few keys, by key, each once. Keys are short and long, so that there are branches below branches, with
 * values and without. */
static size_t make_changes(struct random *r, uint8_t (*keys)[4], uint8_t *values, struct trie_change *out)
{
    size_t count = 0;
    const uint32_t step = KEYS / CHANGES;
    for (uint32_t i = 0; i < CHANGES; i++) {
        const uint32_t number = i * step + below(r, step);
        if (below(r, 2)) continue;
        const uint8_t key[4] = {(uint8_t)(number >> 5), (uint8_t)(number << 3), (uint8_t)number, 7};
        memcpy(keys[count], key, sizeof key);
        values[count] = (uint8_t)below(r, 3);
        out[count] = (struct trie_change){bytes_of(keys[count], number % 4 ? 4 : 2), bytes_of(&values[count], 1),
                                          below(r, 3) == 0};
        if (count && !(out[count].key.size > 0 && memcmp(keys[count - 1], keys[count], 2) < 0)) continue;
        count++;
    }
    return count;
}

/* The root alone, and what was there before, must be what everything else says. */
static void check_root_after(const struct trie *t, const struct trie_change *changes, size_t count,
                             const struct trie_hash *applied)
{
    struct trie_old old[CHANGES];
    struct trie_hash root;
    struct error e;
    const size_t rows = trie_store_count(t->store);
    if (!CHECK_EQUAL(trie_root_after(t, changes, count, &root, old, &e), STATUS_OK)) return;
    CHECK(trie_hash_equal(&root, applied));
    CHECK_EQUAL(trie_store_count(t->store), rows);
    for (size_t i = 0; i < count; i++) {
        struct trie_value value;
        bool found;
        CHECK_EQUAL(trie_find(t, changes[i].key, NULL, &found, &value, &e), STATUS_OK);
        CHECK_EQUAL(found, old[i].found);
        if (found) CHECK(value.length == old[i].value.length && trie_hash_equal(&value.hash, &old[i].value.hash));
    }
}

static void grow(struct shared *s)
{
    uint8_t keys[CHANGES][4], values[CHANGES];
    struct trie_change changes[CHANGES];
    struct trie t = {.store = &s->store};
    if (s->count) t.root = s->roots[below(&s->random, s->count)];
    const size_t count = make_changes(&s->random, keys, values, changes);
    struct trie_hash root;
    struct error e;
    if (!CHECK_EQUAL(trie_apply(&t, changes, count, &root, NULL, &e), STATUS_OK)) return;
    check_root_after(&t, changes, count, &root);
    s->roots[s->count++] = root;
}

static void let_go(struct shared *s)
{
    const uint32_t i = below(&s->random, s->count);
    const struct trie_hash root = s->roots[i];
    s->roots[i] = s->roots[--s->count];
    trie_release(&s->store, &root);
}

int main(void)
{
    struct shared s = {.random = {1}};
    test_begin("tries made of each other");
    for (uint32_t i = 0; i < STEPS; i++) {
        /* now many tries, now few */
        const uint32_t wanted = i / 200 % 2 ? 2 : ROOTS - 1;
        if (s.count == ROOTS || (s.count > 1 && below(&s.random, 10) < (s.count < wanted ? 2u : 8u))) let_go(&s);
        else grow(&s);
        check_rows(&s);
    }
    while (s.count) let_go(&s);
    CHECK_EQUAL(trie_store_count(&s.store), 0);
    trie_store_free(&s.store);
    return test_end();
}
