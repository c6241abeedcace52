/* Merkle trees: roots and paths beside a plain version that builds every level; wrong leaves, paths and positions. */
#include "proof/merkle.h"
#include "tests/merkle_path.h"
#include "tests/test.h"

enum { MANY = 70 };

static struct crypto_hash leaf(unsigned n)
{
    uint8_t bytes[4];
    store_le32(bytes, n);
    return crypto_hash_of(bytes_of(bytes, sizeof bytes));
}

/* Level by level, as the definition says. */
static struct crypto_hash plain_root(const struct crypto_hash *leaves, size_t count)
{
    struct crypto_hash level[MANY + 1] = {0};
    if (count) memcpy(level, leaves, count * sizeof *level);
    for (size_t n = count; n > 1; n = (n + 1) / 2)
        for (size_t i = 0; i < n; i += 2)
            level[i / 2] = i + 1 < n ? merkle_combine(&level[i], &level[i + 1]) : level[i];
    return level[0];
}

static bool equal(struct crypto_hash a, struct crypto_hash b)
{
    return crypto_hash_equal(&a, &b);
}

static struct crypto_hash levels_root(const struct crypto_hash *leaves, size_t count)
{
    struct arena arena = {0};
    struct merkle_levels levels;
    const bool made = CHECK(merkle_levels_of(leaves, count, &arena, &levels));
    const struct crypto_hash root = made ? merkle_levels_root(&levels) : (struct crypto_hash){0};
    arena_free(&arena);
    return root;
}

static void check_path(const struct crypto_hash *leaves, size_t count, size_t i, struct crypto_hash root)
{
    struct merkle_path path;
    if (!CHECK(merkle_path_of(leaves, count, i, &path))) return;
    CHECK(equal(merkle_path_root(&path, &leaves[i]), root));
    for (size_t j = 0; j < count; j++) {
        CHECK_EQUAL(equal(merkle_path_root(&path, &leaves[j]), root), i == j);
        if (i != j) CHECK(!merkle_path_is_of(&path, j, count) || path.length == 0);
    }
    CHECK(merkle_path_is_of(&path, i, count));
    CHECK(!merkle_path_is_of(&path, count + i, count));
    for (uint32_t k = 0; k < path.length; k++) {
        path.items[k].hash.bytes[k % 32] ^= 1;
        CHECK(!equal(merkle_path_root(&path, &leaves[i]), root));
        path.items[k].hash.bytes[k % 32] ^= 1;
        path.items[k].direction = path.items[k].direction == MERKLE_LEFT ? MERKLE_RIGHT : MERKLE_LEFT;
        CHECK(!equal(merkle_path_root(&path, &leaves[i]), root));
        CHECK(!merkle_path_is_of(&path, i, count));
        path.items[k].direction = path.items[k].direction == MERKLE_LEFT ? MERKLE_RIGHT : MERKLE_LEFT;
    }
    if (path.length == 0) return;
    path.length--;
    CHECK(!merkle_path_is_of(&path, i, count));
    CHECK(!equal(merkle_path_root(&path, &leaves[i]), root));
}

static void test_trees(void)
{
    test_begin("roots and paths of trees of every size");
    struct crypto_hash leaves[MANY];
    struct merkle_tree tree = {0};
    for (unsigned i = 0; i < MANY; i++) leaves[i] = leaf(i);
    CHECK(equal(merkle_root(NULL, 0), (struct crypto_hash){0}));
    CHECK(equal(merkle_root(leaves, 1), leaves[0]));
    for (size_t count = 0; count < MANY; count++) {
        const struct crypto_hash root = plain_root(leaves, count);
        CHECK(equal(merkle_root(leaves, count), root));
        CHECK(equal(merkle_tree_root(&tree), root));
        CHECK(equal(levels_root(leaves, count), root));
        CHECK_EQUAL(tree.count, count);
        merkle_tree_add(&tree, &leaves[count]);
        for (size_t i = 0; i < count; i++) check_path(leaves, count, i, root);
        struct merkle_path path = {.length = 77};
        CHECK(!merkle_path_of(leaves, count, count, &path));
        CHECK_EQUAL(path.length, 77);
    }
}

/* SHA-256 computed elsewhere. */
static void test_known(void)
{
    test_begin("a known tree");
    struct crypto_hash leaves[3];
    char text[CRYPTO_HASH_TEXT_SIZE];
    memset(leaves[0].bytes, 0, 32);
    memset(leaves[1].bytes, 1, 32);
    memset(leaves[2].bytes, 2, 32);
    const struct crypto_hash root = merkle_root(leaves, 3);
    CHECK_TEXT(crypto_hash_text(&root, text), "CJbyjY65RJyobzefvrX6WgMN9aREAxTfvXEfDUZkhTbg");
}

static void test_borsh(void)
{
    test_begin("paths in Borsh");
    struct crypto_hash leaves[MANY];
    struct merkle_path path;
    struct buffer b = {0};
    for (unsigned i = 0; i < MANY; i++) leaves[i] = leaf(i);
    CHECK(merkle_path_of(leaves, MANY, 37, &path));
    merkle_path_write(&path, &b);
    CHECK_EQUAL(b.size, 4 + 33 * path.length);
    for (size_t size = 0; size <= b.size; size++) {
        struct record_reader r = record_reader_of(bytes_of(b.data, size), NULL);
        const struct merkle_path again = merkle_path_read(&r);
        CHECK_EQUAL(record_finish(&r, "path", NULL), size == b.size ? STATUS_OK : STATUS_MALFORMED);
        if (size < b.size) continue;
        CHECK_EQUAL(again.length, path.length);
        CHECK(memcmp(&again, &path, sizeof path) == 0);
    }
    b.data[4 + 32] = 2; /* a direction that is none */
    struct record_reader r = record_reader_of(bytes_of(b.data, b.size), NULL);
    struct error e;
    merkle_path_read(&r);
    CHECK_EQUAL(record_finish(&r, "path", &e), STATUS_MALFORMED);
    CHECK_EQUAL(e.offset, 4 + 32);
    b.size = 0;
    borsh_write_u32(&b, MERKLE_PATH_MAX + 1);
    for (unsigned i = 0; i < 33 * (MERKLE_PATH_MAX + 1); i++) buffer_append_byte(&b, 0);
    r = record_reader_of(bytes_of(b.data, b.size), NULL);
    CHECK_EQUAL(merkle_path_read(&r).length, 0);
    CHECK_EQUAL(record_finish(&r, "path", &e), STATUS_MALFORMED);
    CHECK_EQUAL(e.offset, 0);
    buffer_free(&b);
}

static void test_positions(void)
{
    test_begin("positions in trees of any size");
    struct merkle_path path = {.length = 0};
    CHECK(merkle_path_is_of(&path, 0, 1));
    CHECK(!merkle_path_is_of(&path, 0, 0));
    CHECK(!merkle_path_is_of(&path, 0, UINT64_MAX));
    path.length = 64;
    for (unsigned i = 0; i < 64; i++) path.items[i].direction = MERKLE_RIGHT;
    CHECK(merkle_path_is_of(&path, 0, UINT64_MAX));
    path.length = MERKLE_PATH_MAX + 1;
    CHECK(!merkle_path_is_of(&path, 0, UINT64_MAX));
}

int main(void)
{
    test_trees();
    test_known();
    test_borsh();
    test_positions();
    return test_end();
}
