/* The state trie, piece by piece: nodes, references, reading and what is recorded of it, errors, snapshots. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "crypto/sha2.h"
#include "tests/trie_model.h"
#include "trie/node.h"
#include "trie/snapshot.h"

static struct bytes text(const char *s)
{
    return bytes_of_string(s);
}

/* A trie of "key=value" pairs; "key" alone removes. The caller releases the old root. */
static struct trie_hash apply(struct trie_store *s, struct trie_hash root, struct trie_recorder *recorder,
                              const char *const *pairs)
{
    struct trie_change changes[32];
    struct error e;
    size_t n = 0;
    const struct trie t = {.store = s, .root = root, .recorder = recorder};
    for (; pairs[n]; n++) {
        const char *equals = strchr(pairs[n], '=');
        const size_t length = equals ? (size_t)(equals - pairs[n]) : strlen(pairs[n]);
        changes[n] = (struct trie_change){bytes_of(pairs[n], length), text(equals ? equals + 1 : ""), !equals};
    }
    if (!CHECK(trie_apply(&t, changes, n, &root, NULL, &e) == STATUS_OK)) printf("%s\n", e.message);
    return root;
}
#define PAIRS(...) (const char *const[]){__VA_ARGS__, NULL}

static bool get_is(const struct trie *t, const char *key, const char *wanted)
{
    struct bytes value;
    struct error e;
    bool found;
    if (trie_get(t, text(key), NULL, &found, &value, &e) != STATUS_OK) return false;
    return wanted ? found && bytes_equal(value, text(wanted)) : !found;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------ */

#define HASH "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
#define USAGE(n) n "00000000000000"

static enum status decode(const char *hex, struct node *n, struct error *e)
{
    static struct buffer row; /* n points into it */
    buffer_free(&row);
    CHECK(hex_decode(text(hex), &row));
    *e = (struct error){0};
    /* an allocation of just that size, so that a sanitizer sees every byte read too many */
    uint8_t *exact = malloc(row.size ? row.size : 1);
    if (!CHECK(exact != NULL)) return STATUS_NO_MEMORY;
    if (row.size) memcpy(exact, row.data, row.size);
    enum status status = node_decode(bytes_of(exact, row.size), n, e);
    free(exact);
    return status == STATUS_OK ? node_decode(view(&row), n, e) : status;
}

static void test_decode(void)
{
    struct node n;
    struct error e;
    test_begin("nodes");
    CHECK(decode("00010000003201000000" HASH USAGE("67"), &n, &e) == STATUS_OK);
    CHECK(n.kind == NODE_LEAF && n.has_value && n.value.length == 1 && n.memory_usage == 103);
    CHECK(node_nibble_count(&n) == 1 && node_nibble(&n, 0) == 2 && node_child_count(&n) == 0);
    CHECK(decode("000200000020ab01000000" HASH USAGE("69"), &n, &e) == STATUS_OK);
    CHECK(node_nibble_count(&n) == 2 && node_nibble(&n, 0) == 10 && node_nibble(&n, 1) == 11);
    CHECK(decode("03020000000061" HASH "0201000000000000", &n, &e) == STATUS_OK);
    CHECK(n.kind == NODE_EXTENSION && node_nibble_count(&n) == 2 && node_child_count(&n) == 1);
    CHECK(decode("0201000000" HASH "4000" HASH "cc00000000000000", &n, &e) == STATUS_OK);
    CHECK(n.kind == NODE_BRANCH && n.has_value && node_child(&n, 6) == n.children && !node_child(&n, 5));
    CHECK(decode("010300" HASH HASH "cc00000000000000", &n, &e) == STATUS_OK);
    CHECK(node_child_count(&n) == 2 && node_child(&n, 1) == n.children + 1);

    static const struct {
        const char *row;
        int code;
    } wrong[] = {
        {"", TRIE_BAD_NODE},
        {"04", TRIE_BAD_NODE},
        {"00", TRIE_BAD_NODE},
        {"00ffffffff32", TRIE_BAD_NODE},
        {"000000000001000000" HASH USAGE("65"), TRIE_BAD_NODE},           /* no prefix */
        {"00010000001201000000" HASH USAGE("67"), TRIE_BAD_NODE},         /* an extension's */
        {"00010000002101000000" HASH USAGE("67"), TRIE_BAD_NODE},         /* padding */
        {"00010000004001000000" HASH USAGE("67"), TRIE_BAD_NODE},         /* no prefix at all */
        {"00010000003201000000" HASH USAGE("68"), TRIE_BAD_MEMORY_USAGE},
        {"00010000003201000000" HASH USAGE("66"), TRIE_BAD_MEMORY_USAGE},
        {"00010000003201000000" HASH USAGE("67") "00", TRIE_BAD_NODE},    /* behind the end */
        {"030100000000" HASH USAGE("cc"), TRIE_BAD_NODE},                 /* no nibbles */
        {"03020000002061" HASH USAGE("cc"), TRIE_BAD_NODE},               /* a leaf's */
        {"03020000000061" HASH USAGE("36"), TRIE_BAD_MEMORY_USAGE},       /* a child of nothing */
        {"010000cc00000000000000", TRIE_BAD_NODE},                        /* a branch to nowhere */
        {"010100" HASH USAGE("cc"), TRIE_BAD_NODE},                       /* to one child */
        {"0201000000" HASH "0000" USAGE("cc"), TRIE_BAD_NODE},            /* to its value alone */
        {"010300" HASH HASH USAGE("32"), TRIE_BAD_MEMORY_USAGE},
        {"010700" HASH HASH USAGE("cc"), TRIE_BAD_NODE},                  /* a child short */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(decode(wrong[i].row, &n, &e) == STATUS_INVALID);
        CHECK_EQUAL(e.code, wrong[i].code);
    }
}

/* ---- references ------------------------------------------------------------------------------------------------- */

static void test_references(void)
{
    struct trie_store s = {0};
    struct error e;
    const struct trie_hash empty = {0}, strange = {{1}};
    test_begin("references");
    const struct trie_hash a = apply(&s, empty, NULL, PAIRS("doge=coin", "docu=value", "do=verb", "horse=value"));
    const size_t rows = trie_store_count(&s);
    /* the same change again: the same root, no new row */
    const struct trie_hash b = apply(&s, a, NULL, PAIRS("doge=coin"));
    CHECK(trie_hash_equal(&a, &b) && trie_store_count(&s) == rows);
    const struct trie_hash c = apply(&s, a, NULL, PAIRS("horse", "cow=moo", "nothing", "nothing at all"));
    CHECK(trie_store_count(&s) > rows);
    trie_release(&s, &a);
    CHECK(get_is(&(struct trie){.store = &s, .root = a}, "horse", "value")); /* `b` still holds it */
    trie_release(&s, &b);
    const struct trie last = {.store = &s, .root = c};
    CHECK(get_is(&last, "cow", "moo") && get_is(&last, "horse", NULL) && get_is(&last, "docu", "value"));
    CHECK(trie_retain(&s, &a, &e) == STATUS_USAGE && e.code == TRIE_NOT_RETAINED);
    CHECK(trie_retain(&s, &strange, &e) == STATUS_USAGE && trie_retain(&s, &empty, &e) == STATUS_OK);
    trie_release(&s, &strange);
    trie_release(&s, &a);
    const struct trie_hash d = apply(&s, c, NULL, PAIRS("doge", "docu", "do", "cow"));
    CHECK(trie_hash_is_empty(&d));
    trie_release(&s, &c);
    CHECK_EQUAL(trie_store_count(&s), 0);
    trie_store_free(&s);
}

/* A value with the bytes of a node shares its row, whichever goes first. */
static void test_value_like_node(void)
{
    test_begin("a value with the bytes of a node");
    for (int order = 0; order < 4; order++) {
        struct trie_store s = {0};
        struct trie_hash root = apply(&s, (struct trie_hash){0}, NULL, PAIRS("ax=1", "ay=2")), next;
        struct bytes row;
        struct error e;
        struct buffer copy = {0};
        CHECK(trie_store_row(&s, &root, &row));
        buffer_append(&copy, row.data, row.size);
        const struct trie_change first[] = {{text("zz"), view(&copy), false}, {text("ax"), text(""), true},
                                            {text("ay"), text(""), true}};
        const struct trie_change second[] = {{text("zz"), text(""), true}, {text("ax"), text("1"), false},
                                             {text("ay"), text("2"), false}};
        const struct trie_change both[] = {first[0], second[1], second[2]};
        const struct trie_change *const steps[4][2] = {{both, first}, {first, both}, {both, second}, {first, second}};
        for (int i = 0; i < 2; i++) {
            const struct trie t = {.store = &s, .root = root};
            const bool early = order & 1; /* the old root goes before the next one is made to hold on to the row */
            CHECK(trie_apply(&t, steps[order][i], 3, &next, NULL, &e) == STATUS_OK);
            trie_release(&s, &root);
            root = next;
            if (early) CHECK(trie_retain(&s, &root, &e) == STATUS_OK);
            if (early) trie_release(&s, &root);
            bool found;
            struct bytes value;
            const struct trie now = {.store = &s, .root = root};
            CHECK(trie_get(&now, text("zz"), NULL, &found, &value, &e) == STATUS_OK);
            CHECK(found == !steps[order][i][0].remove && (!found || bytes_equal(value, view(&copy))));
            CHECK(get_is(&now, "ax", steps[order][i][1].remove ? NULL : "1"));
        }
        trie_release(&s, &root);
        CHECK_EQUAL(trie_store_count(&s), 0);
        CHECK_EQUAL(s.bytes, 0);
        buffer_free(&copy);
        trie_store_free(&s);
    }
}

/* ---- what is recorded and counted ------------------------------------------------------------------------------- */

static size_t recorded(struct trie_recorder *r)
{
    const size_t count = r->rows.count;
    trie_recorder_free(r);
    return count;
}

static void test_recorder(void)
{
    struct trie_store s = {0};
    struct trie_recorder r = {0};
    struct bytes *rows;
    struct error e;
    size_t count;
    test_begin("recorder");
    /* an extension, a branch and two leaves */
    const struct trie_hash root = apply(&s, (struct trie_hash){0}, NULL, PAIRS("doge=coin", "docu=value"));
    const struct trie t = {.store = &s, .root = root, .recorder = &r};
    CHECK(trie_recorder_rows(&r, &rows, &count, &e) == STATUS_OK && count == 0 && !rows);
    CHECK(get_is(&t, "doge", "coin") && get_is(&t, "doge", "coin"));
    CHECK(r.nodes_read == 6 && r.values_read == 2 && r.size > 0 && r.bytes_read == 2 * r.size);
    CHECK(r.upper_bound == r.size);
    trie_recorder_expect(&r, 2000);
    CHECK(r.upper_bound == r.size + 2000);
    trie_recorder_expect(&r, UINT64_MAX);
    CHECK(r.upper_bound == UINT64_MAX);
    CHECK_EQUAL(recorded(&r), 4);
    CHECK(get_is(&t, "cat", NULL));
    CHECK_EQUAL(recorded(&r), 1);
    CHECK(get_is(&t, "dogs", NULL));
    CHECK_EQUAL(recorded(&r), 3); /* another leaf is where it would be */
    /* removing one leaf reads the other, with which the branch merges; no value */
    struct trie_hash next = apply(&s, root, &r, PAIRS("doge"));
    CHECK(r.nodes_written == 1 && r.values_written == 0 && r.nodes_read == 4 && r.values_read == 0);
    trie_release(&s, &next);
    CHECK_EQUAL(recorded(&r), 4);
    next = apply(&s, root, &r, PAIRS("dodo=asdf"));
    CHECK(r.nodes_written == 3 && r.values_written == 1);
    trie_release(&s, &next);
    CHECK_EQUAL(recorded(&r), 2);
    next = apply(&s, root, &r, PAIRS("doge=coin")); /* nothing new */
    CHECK(r.nodes_written == 0 && r.values_written == 0 && r.bytes_written == 0 && trie_hash_equal(&next, &root));
    trie_release(&s, &next);
    CHECK_EQUAL(recorded(&r), 3);
    next = apply(&s, root, &r, PAIRS("dodo"));
    trie_release(&s, &next);
    CHECK_EQUAL(recorded(&r), 2);
    /* a seek's way is not recorded, a prefix's is */
    struct trie_iterator it;
    CHECK(trie_iterator_seek(&it, &t, text("doga"), &e) == STATUS_OK);
    trie_iterator_free(&it);
    CHECK_EQUAL(recorded(&r), 0);
    CHECK(trie_iterator_prefix(&it, &t, text("doc"), &e) == STATUS_OK);
    trie_iterator_free(&it);
    CHECK_EQUAL(recorded(&r), 3);
    trie_release(&s, &root);
    trie_store_free(&s);
}

static void test_touched(void)
{
    struct trie_store s = {0};
    struct trie_touched touched = {0};
    struct trie_value v;
    struct bytes value;
    struct error e;
    bool found;
    test_begin("touched and cached");
    const struct trie_hash root = apply(&s, (struct trie_hash){0}, NULL, PAIRS("doge=coin", "docu=value"));
    const struct trie t = {.store = &s, .root = root};
    CHECK(trie_find(&t, text("doge"), &touched, &found, &v, &e) == STATUS_OK && found);
    CHECK(touched.touched == 3 && touched.cached == 0);
    CHECK(trie_read_value(&t, &v, &touched, &value, &e) == STATUS_OK && touched.touched == 4);
    CHECK(trie_get(&t, text("docu"), &touched, &found, &value, &e) == STATUS_OK);
    CHECK(touched.touched == 6 && touched.cached == 2);
    CHECK(trie_get(&t, text("cat"), &touched, &found, &value, &e) == STATUS_OK && !found);
    CHECK(touched.touched == 6 && touched.cached == 3);

    struct trie_update u;
    struct trie_found f;
    trie_update_init(&u, &t);
    CHECK(trie_update_set(&u, text("doge"), text("x"), &e) == STATUS_OK);
    CHECK(trie_update_find(&u, text("doge"), &touched, &f, &e) == STATUS_OK && f.found && f.pending && f.length == 1);
    CHECK(touched.touched == 6 && touched.cached == 3);
    trie_update_rollback(&u);
    CHECK(trie_update_find(&u, text("doge"), &touched, &f, &e) == STATUS_OK && f.found && !f.pending && f.length == 4);
    CHECK(touched.touched == 6 && touched.cached == 6);
    trie_update_free(&u);
    trie_touched_free(&touched);
    trie_release(&s, &root);
    trie_store_free(&s);
}

/* ---- errors ----------------------------------------------------------------------------------------------------- */

static struct trie_hash add(struct trie_store *s, struct buffer *row)
{
    struct trie_hash hash;
    struct error e;
    CHECK(trie_partial_add(s, view(row), NULL, &e) == STATUS_OK);
    sha256(view(row), hash.bytes);
    buffer_free(row);
    return hash;
}

static const struct trie_value one = {.hash = {{1}}, .length = 1};

/* A leaf with so many nibbles 7. */
static struct trie_hash add_leaf(struct trie_store *s, size_t nibbles, struct trie_value value)
{
    static const uint8_t sevens[8] = {7, 7, 7, 7, 7, 7, 7, 7};
    struct buffer row = {0};
    node_write_leaf(&row, (struct nibbles){sevens, nibbles}, &value,
                    node_usage_of_key(nibbles) + NODE_USAGE_OF_VALUE + value.length);
    return add(s, &row);
}

/* What reading everything below a root comes to. */
static int walk_error(struct trie_store *s, struct trie_hash root)
{
    const struct trie t = {.store = s, .root = root};
    struct trie_iterator it;
    struct bytes key, value;
    struct error e = {0};
    bool found = true;
    enum status status = trie_iterator_prefix(&it, &t, (struct bytes){0}, &e);
    while (status == STATUS_OK && found) status = trie_iterator_next(&it, &found, &key, &value, &e);
    trie_iterator_free(&it);
    return status == STATUS_OK ? 0 : e.code;
}

static void test_wrong_tries(void)
{
    static const uint8_t seven[1] = {7};
    struct trie_store s;
    struct buffer row = {0};
    struct trie_change set = {text("w7"), text("x"), false}; /* 77 37 */
    struct trie_hash out;
    struct error e;
    bool added;
    test_begin("what is no trie");
    trie_store_init_partial(&s);
    const struct trie_hash value = (buffer_append_byte(&row, '!'), add(&s, &row));
    const struct trie_value good = {value, 1}, longer = {value, 2};
    CHECK_EQUAL(walk_error(&s, add_leaf(&s, 2, good)), 0);
    CHECK_EQUAL(walk_error(&s, add_leaf(&s, 3, good)), TRIE_BAD_SHAPE); /* half a byte */
    CHECK_EQUAL(walk_error(&s, add_leaf(&s, 2, longer)), TRIE_BAD_LENGTH);
    CHECK_EQUAL(walk_error(&s, add_leaf(&s, 2, one)), TRIE_MISSING_VALUE);
    CHECK_EQUAL(walk_error(&s, value), TRIE_BAD_NODE);
    CHECK_EQUAL(walk_error(&s, (struct trie_hash){{9}}), TRIE_MISSING_NODE);

    /* an extension to a leaf, and one that weighs too little or too much */
    const struct trie_hash leaf = add_leaf(&s, 1, good);
    node_write_extension(&row, (struct nibbles){seven, 1}, &leaf, 52 + 103);
    struct trie_hash root = add(&s, &row);
    CHECK_EQUAL(walk_error(&s, root), TRIE_BAD_SHAPE);
    const struct trie t = {.store = &s, .root = root};
    CHECK(trie_apply(&t, &set, 1, &out, NULL, &e) == STATUS_INVALID && e.code == TRIE_BAD_SHAPE);
    CHECK(strstr(e.message, "no branch") != NULL);
    for (int off = -1; off <= 1; off++) {
        const struct trie_hash *children[16] = {[3] = &leaf, [9] = &leaf};
        node_write_branch(&row, NULL, children, 50 + 2 * 103);
        const struct trie_hash branch = add(&s, &row);
        static const uint8_t sevens[2] = {7, 7};
        node_write_extension(&row, (struct nibbles){sevens, 2}, &branch, (uint64_t)(54 + 256 + off));
        root = add(&s, &row);
        CHECK_EQUAL(walk_error(&s, root), off ? TRIE_BAD_MEMORY_USAGE : 0);
        const struct trie heavy = {.store = &s, .root = root};
        CHECK((trie_apply(&heavy, &set, 1, &out, NULL, &e) == STATUS_OK) == !off);
        if (off) CHECK_EQUAL(e.code, TRIE_BAD_MEMORY_USAGE);
    }
    /* a branch that weighs more than its children, found out when all of them are there */
    const struct trie_hash *children[16] = {[7] = &leaf, [9] = &leaf};
    node_write_branch(&row, NULL, children, 50 + 3 * 103);
    const struct trie heavy = {.store = &s, .root = add(&s, &row)};
    struct trie_change all[] = {{text("w"), text(""), true}, {text("\x97"), text(""), true}};
    CHECK(trie_apply(&heavy, all, 2, &out, NULL, &e) == STATUS_INVALID && e.code == TRIE_BAD_MEMORY_USAGE);
    all[0].remove = all[1].remove = false;
    CHECK(trie_apply(&heavy, all, 2, &out, NULL, &e) == STATUS_INVALID && e.code == TRIE_BAD_MEMORY_USAGE);
    CHECK(trie_apply(&heavy, all, 1, &out, NULL, &e) == STATUS_OK); /* the other one may weigh as much */
    /* a branch that weighs so much that nothing more fits */
    node_write_branch(&row, NULL, children, UINT64_MAX);
    const struct trie full = {.store = &s, .root = add(&s, &row)};
    const struct trie_change more = {text("\x11"), text("x"), false};
    CHECK(trie_apply(&full, all, 1, &out, NULL, &e) == STATUS_OK);
    CHECK(trie_apply(&full, &more, 1, &out, NULL, &e) == STATUS_INVALID && e.code == TRIE_BAD_MEMORY_USAGE);
    /* a branch that weighs less than one of them */
    node_write_branch(&row, NULL, children, 50 + 102);
    const struct trie light = {.store = &s, .root = add(&s, &row)};
    CHECK_EQUAL(walk_error(&s, light.root), TRIE_BAD_MEMORY_USAGE);
    CHECK(trie_apply(&light, all, 1, &out, NULL, &e) == STATUS_INVALID && e.code == TRIE_BAD_MEMORY_USAGE);

    CHECK(trie_partial_add(&s, text("!"), &added, &e) == STATUS_OK && !added);
    trie_store_free(&s);
    CHECK(trie_partial_add(&s, text("!"), &added, &e) == STATUS_USAGE && e.code == TRIE_NOT_PARTIAL);
}

static void test_missing(void)
{
    struct trie_store s = {0}, partial;
    struct trie_recorder r = {0};
    struct trie_missing missing = {0};
    struct buffer hex = {0};
    struct bytes row;
    struct error e;
    bool found;
    test_begin("what is missing");
    const struct trie_hash root = apply(&s, (struct trie_hash){0}, NULL, PAIRS("doge=coin", "docu=value"));
    struct trie t = {.store = &s, .root = root, .recorder = &r, .missing = &missing};
    CHECK(get_is(&t, "doge", "coin"));
    CHECK(partial_of(&r, &partial));
    t.store = &partial;
    t.recorder = NULL;
    CHECK(get_is(&t, "doge", "coin") && get_is(&t, "cat", NULL));
    CHECK(trie_get(&t, text("docu"), NULL, &found, &row, &e) == STATUS_INVALID && !found);
    CHECK_EQUAL(e.code, TRIE_MISSING_NODE);
    hex_encode(bytes_of(missing.hash.bytes, 32), &hex);
    buffer_append_byte(&hex, 0);
    CHECK(!missing.value && trie_store_row(&s, &missing.hash, &row));
    CHECK(strstr(e.message, (char *)hex.data) && strstr(e.message, "path 646f63") != NULL);
    /* the value's row, too */
    CHECK(trie_partial_add(&partial, row, NULL, &e) == STATUS_OK);
    CHECK(trie_get(&t, text("docu"), NULL, &found, &row, &e) == STATUS_INVALID && e.code == TRIE_MISSING_VALUE);
    CHECK(missing.value && trie_store_row(&s, &missing.hash, &row) && bytes_equal(row, text("value")));
    struct error other = {0};
    FILE *const out = tmpfile();
    CHECK(out && snapshot_write_stream(&partial, &root, 1, out, &other) == STATUS_USAGE);
    CHECK_EQUAL(other.code, TRIE_NOT_RETAINED);
    if (out) fclose(out);
    CHECK(strstr(e.message, "path 646f6375") != NULL);
    /* without anywhere to put the hash, or the error */
    t.missing = NULL;
    CHECK(trie_get(&t, text("docu"), NULL, &found, &row, NULL) == STATUS_INVALID);
    buffer_free(&hex);
    trie_recorder_free(&r);
    trie_store_free(&partial);
    trie_release(&s, &root);
    trie_store_free(&s);
}

static void test_limits(void)
{
    struct trie_store s = {0};
    struct trie t = {.store = &s};
    struct trie_update u;
    struct bytes value;
    struct error e;
    struct trie_value v;
    bool found;
    test_begin("limits");
    uint8_t *big = calloc(1, TRIE_KEY_MAX + 1);
    if (!CHECK(big != NULL)) return;
    struct trie_change c[2] = {{bytes_of(big, TRIE_KEY_MAX), text("1"), false},
                               {bytes_of(big, TRIE_KEY_MAX - 1), text("2"), false}};
    CHECK(trie_apply(&t, c, 2, &t.root, NULL, &e) == STATUS_OK);
    CHECK(trie_get(&t, c[0].key, NULL, &found, &value, &e) == STATUS_OK && found && bytes_equal(value, text("1")));
    CHECK_EQUAL(walk_error(&s, t.root), 0);
    c[0].key.size++;
    struct trie_hash root = t.root;
    CHECK(trie_apply(&t, c, 2, &root, NULL, &e) == STATUS_LIMIT && e.code == TRIE_LONG_KEY);
    CHECK(trie_find(&t, c[0].key, NULL, &found, &v, &e) == STATUS_LIMIT && e.code == TRIE_LONG_KEY);
    c[0] = (struct trie_change){text("a"), bytes_of(big, (size_t)TRIE_VALUE_MAX + 1), false};
    CHECK(trie_apply(&t, c, 1, &root, NULL, &e) == STATUS_LIMIT && e.code == TRIE_LONG_VALUE);
    trie_update_init(&u, &t);
    CHECK(trie_update_set(&u, c[0].key, c[0].value, &e) == STATUS_LIMIT && e.code == TRIE_LONG_VALUE);
    CHECK(trie_update_remove(&u, bytes_of(big, TRIE_KEY_MAX + 1), &e) == STATUS_LIMIT && e.code == TRIE_LONG_KEY);
    CHECK(trie_update_set(&u, bytes_of(big, TRIE_KEY_MAX + 1), text(""), &e) == STATUS_LIMIT);
    trie_update_free(&u);
    trie_release(&s, &t.root);
    CHECK_EQUAL(trie_store_count(&s), 0);
    trie_store_free(&s);
    free(big);
}

/* ---- snapshots -------------------------------------------------------------------------------------------------- */

static void test_snapshot(void)
{
    char folder[] = "/tmp/trie-test-XXXXXX", path[64], missing[64];
    struct trie_store s = {0}, copy;
    struct trie_hash *roots;
    struct error e;
    size_t count;
    test_begin("snapshots");
    if (!CHECK(mkdtemp(folder) != NULL)) return;
    snprintf(path, sizeof path, "%s/state", folder);
    snprintf(missing, sizeof missing, "%s/none/state", folder);
    const struct trie_hash empty = {0};
    const struct trie_hash a = apply(&s, empty, NULL, PAIRS("doge=coin", "docu=value")), two[] = {empty, a};
    CHECK(trie_snapshot_write(&s, two, 2, path, &e) == STATUS_OK);
    CHECK(trie_snapshot_read(&copy, path, &roots, &count, &e) == STATUS_OK);
    CHECK(count == 2 && trie_hash_equal(&roots[0], &empty) && trie_hash_equal(&roots[1], &a));
    CHECK(get_is(&(struct trie){.store = &copy, .root = a}, "docu", "value"));
    trie_release(&copy, &a);
    CHECK_EQUAL(trie_store_count(&copy), 0);
    trie_store_free(&copy);
    free(roots);
    /* a root that is not there: the file stays as it was, and no other is left */
    const struct trie_hash strange = {{1}};
    CHECK(trie_snapshot_write(&s, &strange, 1, path, &e) == STATUS_INVALID);
    CHECK(trie_snapshot_read(&copy, path, &roots, &count, &e) == STATUS_OK && count == 2);
    trie_store_free(&copy);
    free(roots);
    CHECK(trie_snapshot_write(&s, two, 2, missing, &e) == STATUS_IO && strstr(e.message, "No such file"));
    CHECK(trie_snapshot_read(&copy, missing, &roots, &count, &e) == STATUS_IO);
    CHECK(trie_snapshot_read(&copy, folder, &roots, &count, &e) == STATUS_IO);
    CHECK(unlink(path) == 0 && rmdir(folder) == 0); /* rmdir: nothing else is in it */
    trie_release(&s, &a);
    trie_store_free(&s);
}

int main(void)
{
    test_decode();
    test_references();
    test_value_like_node();
    test_recorder();
    test_touched();
    test_wrong_tries();
    test_missing();
    test_limits();
    test_snapshot();
    return test_end();
}
