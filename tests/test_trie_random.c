/* Random updates of a trie against a sorted array: roots and memory usage as if built from scratch, walks, seeks and
 * lookups, old roots that stay readable, rows that go when nothing needs them, proofs that are enough for the same
 * update and the same lookups, and pending changes. */
#include <stdio.h>

#include "tests/trie_model.h"
#include "trie/snapshot.h"

enum { CHANGES = 24, KEPT = 4 };

struct session {
    uint64_t random;
    struct trie_store store;
    struct trie_hash root;
    struct model now;
    struct {
        struct trie_hash root;
        struct model model;
    } kept[KEPT]; /* former states */
    size_t kept_count;
};

struct changes {
    struct trie_change list[CHANGES];
    size_t count;
    uint8_t keys[CHANGES][2100], values[CHANGES][600];
};

static void random_changes(struct session *s, struct changes *c)
{
    c->count = random_below(&s->random, CHANGES);
    const uint32_t removals = random_below(&s->random, 100);
    for (size_t i = 0; i < c->count; i++) {
        struct bytes key = random_key(&s->random, c->keys[i]);
        const bool remove = random_below(&s->random, 100) < removals;
        if (remove && s->now.count && random_below(&s->random, 3))
            key = view(&s->now.entries[random_below(&s->random, (uint32_t)s->now.count)].key);
        if (key.size && key.data != c->keys[i]) { /* the model will change */
            memcpy(c->keys[i], key.data, key.size);
            key.data = c->keys[i];
        }
        c->list[i] = (struct trie_change){key, random_value(&s->random, c->values[i]), remove};
        if (!remove && s->now.count > 400) c->list[i].remove = true;
    }
}

/* The same changes on nothing but what was recorded lead to the same root; and without any one row they do not. */
static void check_replay(struct session *s, const struct changes *c, const struct trie_recorder *recorder,
                         const struct trie_hash *wanted)
{
    struct trie_store partial;
    struct trie_hash root = {0};
    struct trie_recorder again = {0};
    struct error e;
    if (partial_of(recorder, &partial)) {
        const struct trie t = {.store = &partial, .root = s->root, .recorder = &again};
        CHECK(trie_apply(&t, c->list, c->count, &root, NULL, &e) == STATUS_OK && trie_hash_equal(&root, wanted));
        CHECK(again.size == recorder->size && again.rows.count == recorder->rows.count);
    }
    trie_store_free(&partial);
    trie_recorder_free(&again);

    struct bytes *rows;
    size_t count;
    if (!CHECK(trie_recorder_rows(recorder, &rows, &count, &e) == STATUS_OK) || !count) return;
    const size_t left_out = random_below(&s->random, (uint32_t)count);
    struct trie_missing missing = {0};
    trie_store_init_partial(&partial);
    for (size_t i = 0; i < count; i++) {
        if (i != left_out) CHECK(trie_partial_add(&partial, rows[i], NULL, &e) == STATUS_OK);
    }
    const struct trie t = {.store = &partial, .root = s->root, .missing = &missing};
    const size_t before = trie_store_count(&partial);
    struct bytes row;
    CHECK(trie_apply(&t, c->list, c->count, &root, NULL, &e) == STATUS_INVALID && e.code == TRIE_MISSING_NODE);
    CHECK(trie_store_row(&s->store, &missing.hash, &row) && bytes_equal(row, rows[left_out]) && !missing.value);
    CHECK(trie_store_count(&partial) == before);
    trie_store_free(&partial);
    free(rows);
}

static void keep(struct session *s)
{
    struct error e;
    if (s->kept_count == KEPT) {
        const size_t i = random_below(&s->random, KEPT);
        trie_release(&s->store, &s->kept[i].root);
        s->kept[i].root = s->kept[KEPT - 1].root;
        model_copy(&s->kept[i].model, &s->kept[KEPT - 1].model);
        s->kept_count--;
    }
    CHECK(trie_retain(&s->store, &s->root, &e) == STATUS_OK);
    s->kept[s->kept_count].root = s->root;
    model_copy(&s->kept[s->kept_count++].model, &s->now);
}

/* Every row of the store, and no other, is part of a kept trie: a snapshot of all of them has as many. */
static void check_rows(struct session *s)
{
    struct trie_hash roots[KEPT + 1], *read;
    struct trie_store copy;
    size_t count;
    struct error e;
    char *data = NULL;
    size_t size = 0;
    for (size_t i = 0; i < s->kept_count; i++) roots[i] = s->kept[i].root;
    roots[s->kept_count] = s->root;
    FILE *out = open_memstream(&data, &size);
    if (!CHECK(out != NULL)) return;
    CHECK(snapshot_write_stream(&s->store, roots, s->kept_count + 1, out, &e) == STATUS_OK);
    fclose(out);
    FILE *in = fmemopen(data, size, "rb");
    if (!CHECK(in != NULL)) return;
    if (!CHECK(snapshot_read_stream(&copy, in, &read, &count, &e) == STATUS_OK)) printf("%s\n", e.message);
    CHECK_EQUAL(count, s->kept_count + 1);
    CHECK_EQUAL(trie_store_count(&copy), trie_store_count(&s->store));
    CHECK_EQUAL(copy.bytes, s->store.bytes);
    for (size_t i = 0; i < count; i++) {
        CHECK(trie_hash_equal(&read[i], &roots[i]));
        trie_release(&copy, &read[i]);
    }
    CHECK_EQUAL(trie_store_count(&copy), 0);
    trie_store_free(&copy);
    free(read);
    fclose(in);
    free(data);
}

static void check_lookups(struct session *s)
{
    struct trie_recorder recorder = {0};
    struct trie_store partial;
    struct trie t = {.store = &s->store, .root = s->root, .recorder = &recorder};
    uint8_t keys[12][2100];
    struct bytes list[12], value;
    struct error e;
    bool found;
    for (size_t i = 0; i < 12; i++) {
        list[i] = random_key(&s->random, keys[i]);
        const struct model_entry *wanted = model_find(&s->now, list[i]);
        CHECK(trie_get(&t, list[i], NULL, &found, &value, &e) == STATUS_OK && found == (wanted != NULL));
        if (wanted && found) CHECK(bytes_equal(value, view(&wanted->value)));
    }
    if (partial_of(&recorder, &partial)) {
        t.store = &partial;
        t.recorder = NULL;
        for (size_t i = 0; i < 12; i++) {
            const struct model_entry *wanted = model_find(&s->now, list[i]);
            CHECK(trie_get(&t, list[i], NULL, &found, &value, &e) == STATUS_OK && found == (wanted != NULL));
            if (wanted && found) CHECK(bytes_equal(value, view(&wanted->value)));
        }
    }
    trie_store_free(&partial);
    trie_recorder_free(&recorder);
}

static void check_walks(struct session *s)
{
    const struct trie t = {.store = &s->store, .root = s->root};
    struct trie_iterator it;
    struct error e;
    uint8_t room[2100];
    CHECK(model_equals_trie(&s->now, &s->store, s->root));
    for (int i = 0; i < 6; i++) {
        const struct bytes key = random_key(&s->random, room);
        const size_t from = model_lower_bound(&s->now, key);
        CHECK(trie_iterator_seek(&it, &t, key, &e) == STATUS_OK && model_equals_walk(&s->now, from, s->now.count, &it));
        trie_iterator_free(&it);
        CHECK(trie_iterator_prefix(&it, &t, key, &e) == STATUS_OK &&
              model_equals_walk(&s->now, from, model_prefix_end(&s->now, from, key), &it));
        trie_iterator_free(&it);
    }
    for (size_t i = 0; i < s->kept_count; i++) CHECK(model_equals_trie(&s->kept[i].model, &s->store, s->kept[i].root));
}

static void check_from_scratch(struct session *s, uint64_t usage)
{
    struct trie_store other = {0};
    struct trie_hash root;
    uint64_t wanted;
    if (model_build(&s->now, &other, &root, &wanted)) CHECK(trie_hash_equal(&root, &s->root) && usage == wanted);
    trie_store_free(&other);
}

static void round_of(struct session *s)
{
    static struct changes c;
    struct trie_recorder recorder = {0};
    const struct trie t = {.store = &s->store, .root = s->root, .recorder = &recorder};
    struct trie_hash root;
    struct error e;
    uint64_t usage = 0;
    random_changes(s, &c);
    if (!CHECK(trie_apply(&t, c.list, c.count, &root, &usage, &e) == STATUS_OK)) return;
    check_replay(s, &c, &recorder, &root);
    if (random_below(&s->random, 2)) keep(s);
    trie_release(&s->store, &s->root);
    s->root = root;
    for (size_t i = 0; i < c.count; i++) {
        if (c.list[i].remove) model_remove(&s->now, c.list[i].key);
        else model_set(&s->now, c.list[i].key, c.list[i].value);
    }
    check_from_scratch(s, usage);
    trie_recorder_free(&recorder);
}

static void end(struct session *s)
{
    trie_release(&s->store, &s->root);
    for (size_t i = 0; i < s->kept_count; i++) {
        trie_release(&s->store, &s->kept[i].root);
        model_free(&s->kept[i].model);
    }
    CHECK_EQUAL(trie_store_count(&s->store), 0);
    CHECK_EQUAL(s->store.bytes, 0);
    trie_store_free(&s->store);
    model_free(&s->now);
}

/* ---- pending changes -------------------------------------------------------------------------------------------- */

static bool model_equals_update(const struct model *m, const struct trie_update *u, struct bytes prefix)
{
    struct trie_update_iterator it;
    struct bytes key, value;
    struct error e;
    bool found = true;
    size_t i = model_lower_bound(m, prefix);
    const size_t last = model_prefix_end(m, i, prefix);
    bool ok = trie_update_iterator_init(&it, u, prefix, &e) == STATUS_OK;
    while (ok && (ok = trie_update_iterator_next(&it, &found, &key, &value, &e) == STATUS_OK) && found) {
        ok = i < last && bytes_equal(key, view(&m->entries[i].key)) && bytes_equal(value, view(&m->entries[i].value));
        i++;
    }
    trie_update_iterator_free(&it);
    return ok && i == last;
}

static void pending_step(struct session *s, struct trie_update *u, struct model *committed)
{
    uint8_t key_room[2100], value_room[600];
    const struct bytes key = random_key(&s->random, key_room), value = random_value(&s->random, value_room);
    struct bytes got;
    struct error e;
    bool found;
    switch (random_below(&s->random, 12)) {
    case 0:
        trie_update_commit(u);
        model_copy(committed, &s->now);
        break;
    case 1:
        trie_update_rollback(u);
        model_copy(&s->now, committed);
        break;
    case 2: case 3: case 4:
        CHECK(trie_update_remove(u, key, &e) == STATUS_OK);
        model_remove(&s->now, key);
        break;
    default:
        if (s->now.count > 400) break;
        CHECK(trie_update_set(u, key, value, &e) == STATUS_OK);
        model_set(&s->now, key, value);
    }
    const struct bytes other = random_key(&s->random, key_room);
    const struct model_entry *wanted = model_find(&s->now, other);
    CHECK(trie_update_get(u, other, NULL, &found, &got, &e) == STATUS_OK && found == (wanted != NULL));
    if (wanted && found) CHECK(bytes_equal(got, view(&wanted->value)));
    if (random_below(&s->random, 10) == 0) CHECK(model_equals_update(&s->now, u, bytes_of(other.data, other.size / 2)));
}

static void round_of_pending(struct session *s)
{
    const struct trie t = {.store = &s->store, .root = s->root};
    static struct model committed;
    struct trie_update u;
    struct trie_hash root, direct;
    struct trie_change *changes;
    struct error e;
    size_t count;
    uint64_t usage;
    trie_update_init(&u, &t);
    model_copy(&committed, &s->now);
    const uint32_t steps = random_below(&s->random, 4) ? 60 : 1500;
    for (uint32_t i = 0; i < steps; i++) pending_step(s, &u, &committed);
    if (u.uncommitted) CHECK(trie_update_apply(&u, &root, NULL, &e) == STATUS_USAGE && e.code == TRIE_UNCOMMITTED);
    trie_update_commit(&u);
    CHECK(model_equals_update(&s->now, &u, (struct bytes){0}));
    if (CHECK(trie_update_changes(&u, &changes, &count, &e) == STATUS_OK)) {
        for (size_t i = 1; i < count; i++) CHECK(bytes_compare(changes[i - 1].key, changes[i].key) < 0);
        if (CHECK(trie_apply(&t, changes, count, &direct, NULL, &e) == STATUS_OK)) trie_release(&s->store, &direct);
        free(changes);
    }
    if (CHECK(trie_update_apply(&u, &root, &usage, &e) == STATUS_OK)) {
        CHECK(trie_hash_equal(&root, &direct));
        trie_release(&s->store, &s->root);
        s->root = root;
        check_from_scratch(s, usage);
    }
    trie_update_free(&u);
    model_free(&committed);
}

int main(void)
{
    static struct session s;
    test_begin("updates");
    for (uint64_t seed = 1; seed <= 12; seed++) {
        s = (struct session){.random = seed};
        for (int i = 0; i < 40; i++) {
            round_of(&s);
            if (i % 4 == 0) {
                check_lookups(&s);
                check_walks(&s);
            }
            if (i % 10 == 0) check_rows(&s);
        }
        end(&s);
    }
    test_begin("pending changes");
    for (uint64_t seed = 101; seed <= 106; seed++) {
        s = (struct session){.random = seed};
        for (int i = 0; i < 8; i++) round_of_pending(&s);
        check_walks(&s);
        end(&s);
    }
    return test_end();
}
