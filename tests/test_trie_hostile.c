/* Rows and snapshots that were tampered with: every cut, every bit. Nothing of it may be taken for a trie. */
#include "crypto/sha2.h"
#include "tests/trie_model.h"
#include "trie/node.h"
#include "trie/snapshot.h"

/* A copy of just that size, so that a sanitizer sees a byte read too many. */
static uint8_t *exact(const void *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (copy && size) memcpy(copy, data, size);
    return copy;
}

/* A trie with all kinds of nodes. */
static struct trie_hash sample(struct trie_store *s, struct model *m)
{
    struct trie_hash root = {0};
    uint64_t random = 7, usage;
    uint8_t key[2100], value[600];
    while (m->count < 60) {
        const struct bytes k = random_key(&random, key);
        if (k.size < 60) model_set(m, k, random_value(&random, value));
    }
    model_build(m, s, &root, &usage);
    return root;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------ */

/* Writes what was decoded; a row that decodes must be the only one for that node. */
static void write_again(struct buffer *out, const struct node *n)
{
    static uint8_t nibbles[4300];
    struct nibbles key = {nibbles, node_nibble_count(n)};
    const struct trie_hash *children[16] = {0};
    for (size_t i = 0; i < key.count; i++) nibbles[i] = node_nibble(n, i);
    for (unsigned i = 0; n->kind == NODE_BRANCH && i < 16; i++) children[i] = node_child(n, i);
    if (n->kind == NODE_LEAF) node_write_leaf(out, key, &n->value, n->memory_usage);
    else if (n->kind == NODE_EXTENSION) node_write_extension(out, key, n->children, n->memory_usage);
    else node_write_branch(out, n->has_value ? &n->value : NULL, children, n->memory_usage);
}

static bool decodes_to_itself(struct bytes row)
{
    struct node n;
    struct error e = {0};
    struct buffer again = {0};
    enum status status = node_decode(row, &n, &e);
    if (status != STATUS_OK) return status == STATUS_INVALID && e.code && *e.message;
    write_again(&again, &n);
    bool ok = bytes_equal(row, view(&again));
    buffer_free(&again);
    return ok;
}

static void tamper_with_row(struct bytes row, unsigned *accepted)
{
    struct node n;
    bool ok = true;
    for (size_t size = 0; size < row.size; size++) {
        uint8_t *cut = exact(row.data, size);
        ok = ok && cut && node_decode(bytes_of(cut, size), &n, NULL) == STATUS_INVALID;
        free(cut);
    }
    uint8_t *changed = exact(row.data, row.size);
    for (size_t bit = 0; changed && bit < 8 * row.size; bit++) {
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ok = ok && decodes_to_itself(bytes_of(changed, row.size));
        *accepted += node_decode(bytes_of(changed, row.size), &n, NULL) == STATUS_OK;
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    free(changed);
    CHECK(ok);
    CHECK(decodes_to_itself(row));
}

static void test_rows(struct trie_store *s, struct trie_hash root)
{
    struct trie_recorder r = {0};
    const struct trie t = {.store = s, .root = root, .recorder = &r};
    struct trie_iterator it;
    struct bytes key, value, *rows;
    struct error e;
    size_t count;
    unsigned nodes = 0, accepted = 0;
    bool found = true;
    test_begin("rows");
    CHECK(trie_iterator_prefix(&it, &t, (struct bytes){0}, &e) == STATUS_OK);
    while (found && CHECK(trie_iterator_next(&it, &found, &key, &value, &e) == STATUS_OK)) {
    }
    trie_iterator_free(&it);
    if (!CHECK(trie_recorder_rows(&r, &rows, &count, &e) == STATUS_OK)) return;
    for (size_t i = 0; i < count; i++) {
        struct node n;
        if (node_decode(rows[i], &n, NULL) != STATUS_OK) continue;
        nodes++;
        tamper_with_row(rows[i], &accepted);
    }
    CHECK(nodes > 50 && accepted > 0); /* hashes may be anything */
    free(rows);
    trie_recorder_free(&r);
}

/* ---- proofs ----------------------------------------------------------------------------------------------------- */

/* With one bit of one row changed a lookup gives what is true, or an error; a change never another root. */
static void test_proofs(struct trie_store *s, struct trie_hash root, const struct model *m)
{
    struct trie_recorder r = {0};
    struct trie t = {.store = s, .root = root, .recorder = &r};
    const struct bytes key = view(&m->entries[m->count / 2].key), wanted = view(&m->entries[m->count / 2].value);
    const struct trie_change remove = {.key = key, .remove = true};
    struct trie_hash after, got;
    struct bytes *rows, value;
    struct error e;
    size_t count;
    bool found;
    unsigned refused = 0;
    test_begin("proofs");
    CHECK(trie_get(&t, key, NULL, &found, &value, &e) == STATUS_OK && found);
    CHECK(trie_apply(&t, &remove, 1, &after, NULL, &e) == STATUS_OK);
    if (!CHECK(trie_recorder_rows(&r, &rows, &count, &e) == STATUS_OK)) return;
    t.recorder = NULL;
    for (size_t which = 0; which < count; which++) {
        for (size_t bit = 0; bit < 8 * rows[which].size; bit += 3) {
            struct trie_store partial;
            trie_store_init_partial(&partial);
            for (size_t i = 0; i < count; i++) {
                uint8_t *row = exact(rows[i].data, rows[i].size);
                if (row && i == which) row[bit / 8] ^= (uint8_t)(1u << bit % 8);
                if (!row || trie_partial_add(&partial, bytes_of(row, rows[i].size), NULL, &e) != STATUS_OK)
                    CHECK(false);
                free(row);
            }
            t.store = &partial;
            enum status status = trie_get(&t, key, NULL, &found, &value, &e);
            if (status == STATUS_OK ? !found || !bytes_equal(value, wanted) : status != STATUS_INVALID) CHECK(false);
            refused += status != STATUS_OK;
            status = trie_apply(&t, &remove, 1, &got, NULL, &e);
            if (status == STATUS_OK ? !trie_hash_equal(&got, &after) : status != STATUS_INVALID) CHECK(false);
            trie_store_free(&partial);
        }
    }
    CHECK(refused > 0);
    trie_release(s, &after);
    free(rows);
    trie_recorder_free(&r);
}

/* ---- snapshots -------------------------------------------------------------------------------------------------- */

static enum status read_snapshot(const uint8_t *data, size_t size, struct error *e)
{
    struct trie_store s;
    struct trie_hash *roots;
    size_t count;
    *e = (struct error){0};
    uint8_t *copy = exact(data, size);
    FILE *in = copy ? fmemopen(copy, size ? size : 1, "rb") : NULL;
    if (in && !size) (void)fgetc(in);
    enum status status = in ? snapshot_read_stream(&s, in, &roots, &count, e) : STATUS_NO_MEMORY;
    if (in) {
        if (status != STATUS_OK && (s.rows.capacity || roots || count)) CHECK(false); /* nothing is left */
        fclose(in);
        trie_store_free(&s);
        free(roots);
    }
    free(copy);
    return status;
}

static bool refused(enum status status, const struct error *e)
{
    return (status == STATUS_MALFORMED || status == STATUS_INVALID || status == STATUS_LIMIT) && *e->message;
}

static void seal(uint8_t *data, size_t size)
{
    sha256(bytes_of(data, size - SHA256_SIZE), data + size - SHA256_SIZE);
}

static void test_tampered_snapshot(uint8_t *data, size_t size)
{
    struct error e;
    bool ok = true;
    CHECK(read_snapshot(data, size, &e) == STATUS_OK);
    test_begin("snapshots, cut");
    for (size_t i = 0; i < size; i++) {
        enum status status = read_snapshot(data, i, &e);
        ok = ok && status == STATUS_MALFORMED && e.code == TRIE_BAD_SNAPSHOT;
    }
    CHECK(ok);
    test_begin("snapshots, changed");
    for (size_t i = 0; i < size; i++) {
        data[i] ^= (uint8_t)(1u << i % 8);
        ok = ok && refused(read_snapshot(data, size, &e), &e);
        data[i] ^= (uint8_t)(1u << i % 8);
    }
    CHECK(ok);
    test_begin("snapshots, changed and sealed again");
    for (size_t bit = 0; bit < 8 * (size - SHA256_SIZE); bit++) {
        if (bit > 2000 && bit % 5) continue;
        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        seal(data, size);
        ok = ok && refused(read_snapshot(data, size, &e), &e);
        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    CHECK(ok);
    seal(data, size);
    CHECK(read_snapshot(data, size, &e) == STATUS_OK);
}

/* Snapshots that are put together wrongly, each part being right. */
struct composer {
    struct buffer out;
};

static void begin(struct composer *c, const struct trie_hash *root)
{
    uint8_t count[4];
    c->out.size = 0;
    buffer_append(&c->out, SNAPSHOT_MAGIC, sizeof SNAPSHOT_MAGIC - 1);
    buffer_append_byte(&c->out, SNAPSHOT_VERSION);
    store_le32(count, root ? 1 : 0);
    buffer_append(&c->out, count, sizeof count);
    if (root) buffer_append(&c->out, root->bytes, sizeof root->bytes);
}

static void row(struct composer *c, uint8_t kind, const struct buffer *data)
{
    uint8_t size[4];
    store_le32(size, (uint32_t)data->size);
    buffer_append_byte(&c->out, kind);
    buffer_append(&c->out, size, sizeof size);
    buffer_append(&c->out, data->data, data->size);
}

static int finish(struct composer *c)
{
    uint8_t sum[SHA256_SIZE];
    struct error e;
    buffer_append_byte(&c->out, SNAPSHOT_END);
    sha256(view(&c->out), sum);
    buffer_append(&c->out, sum, sizeof sum);
    enum status status = read_snapshot(c->out.data, c->out.size, &e);
    return status == STATUS_OK ? 0 : e.code;
}

static struct trie_hash hash_of(const struct buffer *b)
{
    struct trie_hash h;
    sha256(view(b), h.bytes);
    return h;
}

static void test_composed(void)
{
    static const uint8_t nibble[2] = {7, 7};
    struct composer c = {0};
    struct buffer value = {0}, even = {0}, odd = {0}, branch = {0}, heavy = {0}, mixed = {0}, extension = {0};
    struct buffer none = {0}, short_mixed = {0};
    test_begin("snapshots, put together wrongly");
    buffer_append_byte(&value, '!');
    const struct trie_value v = {hash_of(&value), 1}, wrong = {v.hash, 2};
    node_write_leaf(&even, (struct nibbles){nibble, 2}, &v, 54 + 51);
    node_write_leaf(&odd, (struct nibbles){nibble, 1}, &v, 52 + 51);
    const struct trie_hash even_hash = hash_of(&even), odd_hash = hash_of(&odd);
    const struct trie_hash *two[16] = {[1] = &odd_hash, [2] = &odd_hash};
    const struct trie_hash *both[16] = {[1] = &odd_hash, [2] = &even_hash};
    node_write_branch(&branch, NULL, two, 50 + 2 * 103);
    node_write_branch(&heavy, NULL, two, 50 + 2 * 103 + 1);
    node_write_branch(&mixed, NULL, both, 50 + 103 + 105);
    node_write_leaf(&none, (struct nibbles){nibble, 0}, &v, 52 + 51);
    const struct trie_hash none_hash = hash_of(&none);
    const struct trie_hash *shorter[16] = {[1] = &odd_hash, [2] = &none_hash};
    node_write_branch(&short_mixed, NULL, shorter, 50 + 2 * 103);
    const struct trie_hash short_mixed_hash = hash_of(&short_mixed);
    node_write_extension(&extension, (struct nibbles){nibble, 1}, &odd_hash, 52 + 103);
    const struct trie_hash branch_hash = hash_of(&branch), heavy_hash = hash_of(&heavy), mixed_hash = hash_of(&mixed),
                           extension_hash = hash_of(&extension);
#define MADE(expected, root, ...)                                                                                      \
    do {                                                                                                               \
        begin(&c, root);                                                                                               \
        __VA_ARGS__;                                                                                                   \
        CHECK_EQUAL(finish(&c), expected);                                                                             \
    } while (0)
    MADE(0, NULL, (void)0);
    MADE(0, &even_hash, row(&c, 1, &value), row(&c, 0, &even));
    MADE(0, &branch_hash, row(&c, 1, &value), row(&c, 0, &odd), row(&c, 0, &branch));
    MADE(TRIE_MISSING_NODE, &even_hash, row(&c, 1, &value), row(&c, 0, &odd));
    MADE(TRIE_MISSING_NODE, &even_hash, (void)0);
    MADE(TRIE_MISSING_VALUE, &even_hash, row(&c, 0, &even), row(&c, 1, &value));
    MADE(TRIE_MISSING_NODE, &branch_hash, row(&c, 1, &value), row(&c, 0, &branch), row(&c, 0, &odd));
    MADE(TRIE_BAD_SNAPSHOT, &even_hash, row(&c, 1, &value), row(&c, 0, &even), row(&c, 0, &odd)); /* left over */
    MADE(TRIE_BAD_SNAPSHOT, NULL, row(&c, 1, &value));
    MADE(TRIE_BAD_SNAPSHOT, &even_hash, row(&c, 1, &value), row(&c, 1, &value), row(&c, 0, &even)); /* twice */
    MADE(TRIE_BAD_SNAPSHOT, &even_hash, row(&c, 1, &value), row(&c, 0, &even), row(&c, 0, &even));
    MADE(TRIE_BAD_SNAPSHOT, &even_hash, row(&c, 3, &value), row(&c, 0, &even));
    MADE(TRIE_BAD_SHAPE, &odd_hash, row(&c, 1, &value), row(&c, 0, &odd)); /* half a byte */
    MADE(TRIE_BAD_SHAPE, &mixed_hash, row(&c, 1, &value), row(&c, 0, &odd), row(&c, 0, &even), row(&c, 0, &mixed));
    MADE(TRIE_BAD_SHAPE, &short_mixed_hash, row(&c, 1, &value), row(&c, 0, &odd), row(&c, 0, &none),
         row(&c, 0, &short_mixed));
    MADE(TRIE_BAD_SHAPE, &extension_hash, row(&c, 1, &value), row(&c, 0, &odd), row(&c, 0, &extension));
    MADE(TRIE_BAD_MEMORY_USAGE, &heavy_hash, row(&c, 1, &value), row(&c, 0, &odd), row(&c, 0, &heavy));
    even.size = 0;
    node_write_leaf(&even, (struct nibbles){nibble, 2}, &wrong, 54 + 52);
    const struct trie_hash wrong_hash = hash_of(&even);
    MADE(TRIE_BAD_LENGTH, &wrong_hash, row(&c, 1, &value), row(&c, 0, &even));
    struct buffer *all[] = {&value, &even, &odd, &branch, &heavy, &mixed, &extension, &none, &short_mixed,
                            &c.out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) buffer_free(all[i]);
}

static void test_snapshots(const struct trie_store *s, struct trie_hash root)
{
    char *data = NULL;
    size_t size = 0;
    struct error e;
    FILE *out = open_memstream(&data, &size);
    test_begin("snapshots");
    if (!CHECK(out != NULL)) return;
    CHECK(snapshot_write_stream(s, &root, 1, out, &e) == STATUS_OK);
    fclose(out);
    test_tampered_snapshot((uint8_t *)data, size);
    free(data);
}

int main(void)
{
    struct trie_store s = {0};
    static struct model m;
    const struct trie_hash root = sample(&s, &m);
    test_rows(&s, root);
    test_proofs(&s, root, &m);
    test_composed();
    model_free(&m);
    /* a smaller trie for the snapshot, of which every bit is tried */
    struct trie_store small = {0};
    struct trie_hash small_root = {0};
    uint64_t usage;
    for (unsigned i = 0; i < 6; i++) model_set(&m, bytes_of(&"abcabdabeb"[i], 3 + i % 3), bytes_of("valuevalue", i));
    model_build(&m, &small, &small_root, &usage);
    test_snapshots(&small, small_root);
    model_free(&m);
    trie_store_free(&small);
    trie_store_free(&s);
    return test_end();
}
