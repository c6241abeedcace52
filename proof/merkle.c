#include "proof/merkle.h"

struct crypto_hash merkle_combine(const struct crypto_hash *left, const struct crypto_hash *right)
{
    uint8_t both[2 * CRYPTO_HASH_SIZE];
    memcpy(both, left->bytes, CRYPTO_HASH_SIZE);
    memcpy(both + CRYPTO_HASH_SIZE, right->bytes, CRYPTO_HASH_SIZE);
    return crypto_hash_of(bytes_of(both, sizeof both));
}

/* ---- trees that grow --------------------------------------------------------------------------------------------- */

static unsigned bits_set(uint64_t n)
{
    unsigned bits = 0;
    for (; n; n &= n - 1) bits++;
    return bits;
}

/* As in adding one to a binary number: each carry joins two complete subtrees of the same height. */
void merkle_tree_add(struct merkle_tree *t, const struct crypto_hash *leaf)
{
    unsigned peaks = bits_set(t->count);
    struct crypto_hash node = *leaf;
    for (uint64_t n = t->count; n & 1; n >>= 1) node = merkle_combine(&t->peaks[--peaks], &node);
    t->peaks[peaks] = node;
    t->count++;
}

struct crypto_hash merkle_tree_root(const struct merkle_tree *t)
{
    unsigned peaks = bits_set(t->count);
    if (peaks == 0) return (struct crypto_hash){0};
    struct crypto_hash root = t->peaks[--peaks];
    while (peaks > 0) root = merkle_combine(&t->peaks[--peaks], &root);
    return root;
}

struct crypto_hash merkle_root(const struct crypto_hash *leaves, size_t count)
{
    struct merkle_tree t = {0};
    for (size_t i = 0; i < count; i++) merkle_tree_add(&t, &leaves[i]);
    return merkle_tree_root(&t);
}

/* ---- whole trees -------------------------------------------------------------------------------------------------- */

bool merkle_levels_of(const struct crypto_hash *leaves, size_t count, struct arena *arena, struct merkle_levels *out)
{
    struct merkle_levels l = {.nodes = {leaves}, .counts = {count}, .count = 1};
    for (size_t n = count; n > 1; l.count++) {
        const struct crypto_hash *below = l.nodes[l.count - 1];
        const size_t pairs = n / 2, odd = n % 2;
        struct crypto_hash *nodes = arena_array(arena, pairs + odd, sizeof *nodes);
        if (!nodes) return false;
        for (size_t i = 0; i < pairs; i++) nodes[i] = merkle_combine(&below[2 * i], &below[2 * i + 1]);
        if (odd) nodes[pairs] = below[n - 1];
        l.nodes[l.count] = nodes;
        l.counts[l.count] = n = pairs + odd;
    }
    *out = l;
    return true;
}

struct crypto_hash merkle_levels_root(const struct merkle_levels *l)
{
    return l->counts[0] ? l->nodes[l->count - 1][0] : (struct crypto_hash){0};
}

bool merkle_levels_path(const struct merkle_levels *l, size_t index, struct merkle_path *out)
{
    if (index >= l->counts[0]) return false;
    *out = (struct merkle_path){0};
    for (uint32_t i = 0; i < l->count; i++, index /= 2) {
        const size_t neighbour = index ^ 1;
        if (neighbour < l->counts[i])
            out->items[out->length++] = (struct merkle_path_item){l->nodes[i][neighbour],
                                                                  neighbour & 1 ? MERKLE_RIGHT : MERKLE_LEFT};
    }
    return true;
}

/* ---- paths ------------------------------------------------------------------------------------------------------- */

struct crypto_hash merkle_path_root(const struct merkle_path *path, const struct crypto_hash *leaf)
{
    struct crypto_hash node = *leaf;
    for (uint32_t i = 0; i < path->length && i < MERKLE_PATH_MAX; i++) {
        const struct merkle_path_item *item = &path->items[i];
        node = item->direction == MERKLE_LEFT ? merkle_combine(&item->hash, &node) : merkle_combine(&node, &item->hash);
    }
    return node;
}

bool merkle_path_is_of(const struct merkle_path *path, uint64_t index, uint64_t count)
{
    if (index >= count || path->length > MERKLE_PATH_MAX) return false;
    uint32_t at = 0;
    for (; count > 1; index >>= 1, count = count / 2 + (count & 1)) {
        const bool is_last = index + 1 == count;
        if (!(index & 1) && is_last) continue;
        const enum merkle_direction expected = index & 1 ? MERKLE_LEFT : MERKLE_RIGHT;
        if (at == path->length || path->items[at++].direction != expected) return false;
    }
    return at == path->length;
}

/* ---- Borsh ------------------------------------------------------------------------------------------------------- */

void merkle_path_write(const struct merkle_path *path, struct buffer *out)
{
    borsh_write_u32(out, path->length);
    for (uint32_t i = 0; i < path->length; i++) {
        record_write_hash(&path->items[i].hash, out);
        borsh_write_u8(out, (uint8_t)path->items[i].direction);
    }
}

struct merkle_path merkle_path_read(struct record_reader *r)
{
    struct merkle_path path = {.length = borsh_read_count(&r->borsh, CRYPTO_HASH_SIZE + 1)};
    if (path.length > MERKLE_PATH_MAX) {
        record_reject(r, 4, "a Merkle path of more than 64 items");
        path.length = 0;
    }
    for (uint32_t i = 0; i < path.length; i++) {
        path.items[i].hash = record_hash(r);
        const uint8_t direction = borsh_read_u8(&r->borsh);
        if (direction > MERKLE_RIGHT) record_reject(r, 1, "neither 0 (left) nor 1 (right)");
        path.items[i].direction = direction == MERKLE_RIGHT ? MERKLE_RIGHT : MERKLE_LEFT;
    }
    return path;
}
