/* The state trie: the first byte says what the rest is. A snapshot, read as it is. Or a partial store of rows that are
 * put together with more or less care, on which everything is then tried: the answers may be errors, but they are the
 * same twice, and a recorder's rows are enough for them. Or changes to a good trie, compared with the trie built from
 * scratch and with the same changes on nothing but what was recorded. */
#include <stdio.h>
#include <stdlib.h>

#include "crypto/sha2.h"
#include "fuzz/choices.h"
#include "trie/node.h"
#include "trie/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 40, CHANGES = 24, KEY = 40 };

static void require(bool condition)
{
    if (!condition) abort();
}

static bool is_error(enum status status, const struct error *e)
{
    return (status == STATUS_INVALID || status == STATUS_LIMIT) && e->status == status && e->code && *e->message;
}

/* ---- snapshots -------------------------------------------------------------------------------------------------- */

static void try_snapshot(uint8_t *data, size_t size)
{
    struct trie_store s;
    struct trie_hash *roots;
    struct error e = {0};
    size_t count, written_size = 0;
    char *written = NULL;
    if (size >= SHA256_SIZE) sha256(bytes_of(data, size - SHA256_SIZE), data + size - SHA256_SIZE);
    FILE *in = fmemopen(data, size, "rb");
    if (!in) return;
    enum status status = snapshot_read_stream(&s, in, &roots, &count, &e);
    fclose(in);
    if (status != STATUS_OK) {
        require(e.code && *e.message && !s.rows.capacity && !roots);
        return;
    }
    /* What was read and is written again is read again; rows may come in another order. */
    FILE *out = open_memstream(&written, &written_size);
    require(out && snapshot_write_stream(&s, roots, count, out, &e) == STATUS_OK);
    fclose(out);
    require(written_size == size);
    for (size_t i = 0; i < count; i++) trie_release(&s, &roots[i]);
    require(trie_store_count(&s) == 0);
    trie_store_free(&s);
    free(roots);
    free(written);
}

/* ---- keys and changes ------------------------------------------------------------------------------------------- */

struct changes {
    struct trie_change list[CHANGES];
    size_t count;
    uint8_t keys[CHANGES][KEY], values[CHANGES][4];
};

static struct bytes choose_key(struct choices *c, uint8_t key[KEY])
{
    static const uint8_t alphabet[] = {0x00, 0x01, 0x07, 0x10, 0x77};
    const size_t size = chance(c, 3) ? choose(c, KEY) : choose(c, 4);
    for (size_t i = 0; i < size; i++) key[i] = alphabet[choose(c, 5)];
    return bytes_of(key, size);
}

static void choose_changes(struct choices *c, struct changes *to)
{
    to->count = choose(c, CHANGES);
    for (size_t i = 0; i < to->count; i++) {
        const size_t size = choose(c, 5);
        for (size_t k = 0; k < size; k++) to->values[i][k] = (uint8_t)choose(c, 2);
        to->list[i] =
            (struct trie_change){choose_key(c, to->keys[i]), bytes_of(to->values[i], size), chance(c, 40)};
    }
}

static void copy_recorded(const struct trie_recorder *r, struct trie_store *partial)
{
    struct bytes *rows;
    size_t count;
    struct error e;
    trie_store_init_partial(partial);
    require(trie_recorder_rows(r, &rows, &count, &e) == STATUS_OK);
    for (size_t i = 0; i < count; i++) require(trie_partial_add(partial, rows[i], NULL, &e) == STATUS_OK);
    free(rows);
}

/* ---- tries of doubtful rows ------------------------------------------------------------------------------------- */

struct made {
    struct trie_hash hash;
    uint64_t usage;
    uint32_t length; /* of a value */
};

/* Mostly the right usage. */
static uint64_t choose_usage(struct choices *c, uint64_t right)
{
    return chance(c, 6) ? choose_bits(c) >> choose(c, 64) : right;
}

static void choose_row(struct choices *c, const struct made *made, unsigned count, struct buffer *out, uint64_t *usage)
{
    uint8_t nibbles[8];
    struct nibbles key = {nibbles, choose(c, 5)};
    const struct made *any = &made[choose(c, count)];
    for (size_t i = 0; i < key.count; i++) nibbles[i] = choose(c, 2) ? 7 : (uint8_t)choose(c, 16);
    const struct trie_value value = {any->hash, chance(c, 5) ? choose(c, 1000) : any->length};
    const uint64_t own = node_usage_of_key(key.count);
    switch (choose(c, 4)) {
    case 0:
        for (size_t i = 0; i < key.count; i++) buffer_append_byte(out, nibbles[i]);
        break;
    case 1:
        *usage = choose_usage(c, own + NODE_USAGE_OF_VALUE + value.length);
        node_write_leaf(out, key, &value, *usage);
        break;
    case 2:
        *usage = choose_usage(c, own + any->usage);
        node_write_extension(out, key, &any->hash, *usage);
        break;
    default: {
        const struct trie_hash *children[16] = {0};
        const bool has_value = chance(c, 40);
        *usage = NODE_USAGE_OF_BRANCH + (has_value ? NODE_USAGE_OF_VALUE + (uint64_t)value.length : 0);
        for (unsigned i = choose(c, 4); i < 16; i += 1 + choose(c, 8)) {
            const struct made *child = &made[choose(c, count)];
            children[i] = &child->hash;
            *usage += child->usage;
        }
        *usage = choose_usage(c, *usage);
        node_write_branch(out, has_value ? &value : NULL, children, *usage);
    }
    }
}

/* The last row's hash. Some rows are left out of the store. */
static struct trie_hash fill(struct choices *c, struct trie_store *s)
{
    struct made made[ROWS] = {0};
    struct error e;
    const unsigned count = 2 + choose(c, ROWS - 2);
    for (unsigned i = 1; i < count; i++) {
        struct buffer row = {0};
        choose_row(c, made, i, &row, &made[i].usage);
        made[i].length = (uint32_t)row.size;
        sha256(bytes_of(row.data, row.size), made[i].hash.bytes);
        if (!chance(c, 5)) require(trie_partial_add(s, bytes_of(row.data, row.size), NULL, &e) == STATUS_OK);
        buffer_free(&row);
    }
    return made[count - 1].hash;
}

/* All keys, until an error; keys must ascend. The number of keys, and the error. */
static size_t walk(const struct trie *t, struct bytes key, bool seek, enum status *status, struct error *e)
{
    struct trie_iterator it;
    struct bytes next, value;
    struct buffer last = {0};
    bool found = true;
    size_t n = 0;
    *status = seek ? trie_iterator_seek(&it, t, key, e) : trie_iterator_prefix(&it, t, key, e);
    for (; *status == STATUS_OK && n < 2000; n++) {
        *status = trie_iterator_next(&it, &found, &next, &value, e);
        if (*status != STATUS_OK || !found) break;
        const size_t shorter = last.size < next.size ? last.size : next.size;
        const int order = shorter ? memcmp(last.data, next.data, shorter) : 0;
        require(n == 0 || order < 0 || (order == 0 && last.size < next.size));
        last.size = 0;
        buffer_append(&last, next.data, next.size);
    }
    require(*status == STATUS_OK || is_error(*status, e));
    trie_iterator_free(&it);
    buffer_free(&last);
    return n;
}

static void try_everything(struct choices *c, const struct trie *t)
{
    struct error e = {0};
    enum status status, again;
    uint8_t key[KEY];
    struct changes changes;
    struct trie_hash root = {0};
    struct bytes value;
    struct trie_touched touched = {0};
    bool found;
    walk(t, choose_key(c, key), chance(c, 50), &status, &e);
    for (int i = 0; i < 8; i++) {
        status = trie_get(t, choose_key(c, key), &touched, &found, &value, &e);
        require(status == STATUS_OK || (is_error(status, &e) && !found));
    }
    trie_touched_free(&touched);
    choose_changes(c, &changes);
    const size_t before = trie_store_count(t->store);
    status = trie_apply(t, changes.list, changes.count, &root, NULL, &e);
    require(status == STATUS_OK || (is_error(status, &e) && trie_store_count(t->store) == before));
    /* What has the right hashes and the right form all the way is a trie: the same walk is possible again. */
    struct trie next = *t;
    next.root = root;
    const size_t n = walk(t, (struct bytes){0}, false, &status, &e);
    require(walk(t, (struct bytes){0}, false, &again, &e) == n && again == status);
    walk(&next, (struct bytes){0}, false, &status, &e);
}

static void try_partial(struct choices *c)
{
    struct trie_store s, copy;
    struct trie_recorder r = {0};
    struct trie_missing missing = {0};
    struct error e = {0};
    enum status status, again;
    trie_store_init_partial(&s);
    struct trie t = {.store = &s, .missing = &missing};
    t.root = fill(c, &s);
    try_everything(c, &t);
    t.recorder = &r;
    const size_t n = walk(&t, (struct bytes){0}, false, &status, &e);
    copy_recorded(&r, &copy);
    t.store = &copy;
    t.recorder = NULL;
    if (status == STATUS_OK) require(walk(&t, (struct bytes){0}, false, &again, &e) == n && again == STATUS_OK);
    trie_recorder_free(&r);
    trie_store_free(&copy);
    trie_store_free(&s);
}

/* ---- changes to a good trie ------------------------------------------------------------------------------------- */

/* The trie that has what the last of the changes to each key left, from an empty store. */
static void compare_with_scratch(const struct trie *t, uint64_t usage)
{
    struct trie_store s = {0};
    struct trie_update u;
    struct trie empty = {.store = &s};
    struct trie_iterator it;
    struct trie_hash root;
    struct bytes key, value;
    struct error e;
    uint64_t wanted;
    bool found;
    trie_update_init(&u, &empty);
    require(trie_iterator_prefix(&it, t, (struct bytes){0}, &e) == STATUS_OK);
    while (require(trie_iterator_next(&it, &found, &key, &value, &e) == STATUS_OK), found)
        require(trie_update_set(&u, key, value, &e) == STATUS_OK);
    trie_iterator_free(&it);
    trie_update_commit(&u);
    require(trie_update_apply(&u, &root, &wanted, &e) == STATUS_OK);
    require(trie_hash_equal(&root, &t->root) && wanted == usage);
    require(trie_store_count(&s) <= trie_store_count(t->store));
    trie_update_free(&u);
    trie_store_free(&s);
}

static void try_changes(struct choices *c)
{
    struct trie_store s = {0};
    struct trie t = {.store = &s};
    struct error e;
    const unsigned rounds = 1 + choose(c, 6);
    for (unsigned i = 0; i < rounds; i++) {
        struct changes changes;
        struct trie_recorder r = {0};
        struct trie_store partial;
        struct trie_hash root, same;
        uint64_t usage;
        choose_changes(c, &changes);
        t.recorder = &r;
        require(trie_apply(&t, changes.list, changes.count, &root, &usage, &e) == STATUS_OK);
        copy_recorded(&r, &partial);
        const struct trie replay = {.store = &partial, .root = t.root};
        require(trie_apply(&replay, changes.list, changes.count, &same, NULL, &e) == STATUS_OK);
        require(trie_hash_equal(&same, &root));
        trie_store_free(&partial);
        trie_recorder_free(&r);
        t.recorder = NULL;
        trie_release(&s, &t.root);
        t.root = root;
        compare_with_scratch(&t, usage);
    }
    trie_release(&s, &t.root);
    require(trie_store_count(&s) == 0 && s.bytes == 0);
    trie_store_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    struct choices c = choices_of(data + 1, size - 1);
    switch (data[0] % 3) {
    case 0: {
        uint8_t *copy = malloc(size - 1);
        if (!copy) return 0;
        memcpy(copy, data + 1, size - 1);
        try_snapshot(copy, size - 1);
        free(copy);
        break;
    }
    case 1: try_partial(&c); break;
    default: try_changes(&c);
    }
    return 0;
}
