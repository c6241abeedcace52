#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "crypto/sha2.h"
#include "trie/hash_table.h"
#include "trie/snapshot.h"
#include "trie/store.h"

struct reader {
    struct trie_store *store;
    FILE *in;
    struct sha256 hash;
    uint64_t at;
    struct buffer row;
    struct error *error;
};

static enum status malformed(struct reader *r, uint64_t at, const char *what)
{
    return error_set(r->error, STATUS_MALFORMED, TRIE_BAD_SNAPSHOT, at, "snapshot of a trie: %s", what);
}

static enum status get(struct reader *r, void *data, size_t size)
{
    if (size && fread(data, size, 1, r->in) != 1) {
        if (ferror(r->in))
            return error_set(r->error, STATUS_IO, 0, r->at, "cannot read the snapshot: %s", strerror(errno));
        return malformed(r, r->at, "unexpected end");
    }
    sha256_update(&r->hash, bytes_of(data, size));
    r->at += size;
    return STATUS_OK;
}

static enum status get_u32(struct reader *r, uint32_t *v)
{
    uint8_t bytes[4];
    enum status status = get(r, bytes, sizeof bytes);
    *v = status == STATUS_OK ? load_le32(bytes) : 0;
    return status;
}

/* Into r->row, in pieces: what a length says is not believed before the bytes are there. */
static enum status get_bytes(struct reader *r, size_t size)
{
    enum { PIECE = 1 << 20 };
    enum status status = STATUS_OK;
    r->row.size = 0;
    while (status == STATUS_OK && r->row.size < size) {
        const size_t piece = size - r->row.size < PIECE ? size - r->row.size : PIECE;
        if (!buffer_reserve(&r->row, piece)) return error_no_memory(r->error);
        status = get(r, r->row.data + r->row.size, piece);
        if (status == STATUS_OK) r->row.size += piece;
    }
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

static enum status invalid(struct reader *r, enum trie_error code, uint64_t at, const char *what)
{
    return error_set(r->error, STATUS_INVALID, (int)code, at, "snapshot of a trie: %s", what);
}

/* Where a sum and a length of the longest key below a node stand while its children are looked at. */
struct below {
    uint64_t usage;
    uint32_t reach;
    bool any;
};

/* All keys that end below a node must leave the same remainder in nibbles by 2: keys are whole bytes. */
static enum status extend_reach(struct reader *r, struct below *b, uint32_t reach, uint64_t at)
{
    if (b->any && (reach ^ b->reach) & 1) return invalid(r, TRIE_BAD_SHAPE, at, "a key that is not whole bytes");
    if (reach > 2 * TRIE_KEY_MAX) return invalid(r, TRIE_BAD_SHAPE, at, "a key that is too long");
    if (!b->any || reach > b->reach) b->reach = reach;
    b->any = true;
    return STATUS_OK;
}

static enum status check_child(struct reader *r, const struct node *n, const struct trie_hash *hash, struct below *b,
                               uint64_t at)
{
    const struct row *child = store_find(r->store, hash);
    struct node below;
    if (!child || !child->node) return invalid(r, TRIE_MISSING_NODE, at, "a node is missing, or comes too late");
    enum status status = node_decode(row_bytes(child), &below, r->error);
    if (status == STATUS_OK) status = node_check_child(n, &below, r->error);
    if (status != STATUS_OK) return status;
    if (below.memory_usage > n->memory_usage - b->usage)
        return invalid(r, TRIE_BAD_MEMORY_USAGE, at, "the memory usage of a node is less than that of what is below");
    b->usage += below.memory_usage;
    return extend_reach(r, b, child->reach + (n->kind == NODE_BRANCH), at);
}

/* The node and all that is directly below it, which must have come before. */
static enum status check_node(struct reader *r, const struct node *n, uint32_t *reach, uint64_t at)
{
    struct below b = {.usage = node_own_usage(n)};
    enum status status = STATUS_OK;
    if (n->has_value) {
        const struct row *value = store_find(r->store, &n->value.hash);
        if (!value || !value->value) return invalid(r, TRIE_MISSING_VALUE, at, "a value is missing, or comes too late");
        if (value->size != n->value.length) return invalid(r, TRIE_BAD_LENGTH, at, "a value has another length");
        status = extend_reach(r, &b, 0, at);
    }
    for (unsigned i = 0; status == STATUS_OK && i < node_child_count(n); i++)
        status = check_child(r, n, &n->children[i], &b, at);
    if (status != STATUS_OK) return status;
    if (b.usage != n->memory_usage)
        return invalid(r, TRIE_BAD_MEMORY_USAGE, at, "the memory usage of a node is more than that of what is below");
    const size_t nibbles = node_nibble_count(n);
    if (nibbles > 2 * (size_t)TRIE_KEY_MAX - b.reach) return invalid(r, TRIE_BAD_SHAPE, at, "a key that is too long");
    *reach = b.reach + (uint32_t)nibbles;
    return STATUS_OK;
}

/* Reads a row behind its kind. */
static enum status get_row(struct reader *r, bool node)
{
    const uint64_t at = r->at - 1;
    uint32_t size, reach = 0;
    struct row *row;
    struct node n;
    enum status status = get_u32(r, &size);
    if (status == STATUS_OK && size > TRIE_VALUE_MAX)
        return error_set(r->error, STATUS_LIMIT, TRIE_LONG_VALUE, at, "snapshot of a trie: a row of %u bytes", size);
    if (status == STATUS_OK) status = get_bytes(r, size);
    if (status == STATUS_OK && node) status = node_decode(bytes_of(r->row.data, r->row.size), &n, r->error);
    if (status == STATUS_OK && node) status = check_node(r, &n, &reach, at);
    if (status == STATUS_OK) status = hash_table_reserve(&r->store->rows, 1, r->error);
    const bool linked = status == STATUS_OK && node && n.kind == NODE_BRANCH;
    if (status == STATUS_OK) status = row_new(bytes_of(r->row.data, r->row.size), linked, &row, r->error);
    if (status != STATUS_OK) return status;
    row = store_add(r->store, row, NULL);
    if (node ? row->node : row->value) return malformed(r, at, "a row comes twice");
    if (node) {
        row->reach = reach;
        store_make_node(r->store, row, NULL);
    } else {
        row->value = true;
    }
    return STATUS_OK;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static enum status get_head(struct reader *r, struct trie_hash **roots, size_t *count)
{
    uint8_t head[sizeof SNAPSHOT_MAGIC];
    uint32_t n;
    enum status status = get(r, head, sizeof head);
    if (status != STATUS_OK) return status;
    if (memcmp(head, SNAPSHOT_MAGIC, sizeof head - 1) != 0) return malformed(r, 0, "it does not begin like one");
    if (head[sizeof head - 1] != SNAPSHOT_VERSION) return malformed(r, sizeof head - 1, "unknown version");
    const uint64_t at = r->at;
    if ((status = get_u32(r, &n)) != STATUS_OK) return status;
    if (n > SNAPSHOT_ROOTS_MAX) return malformed(r, at, "too many roots");
    if ((status = get_bytes(r, n * sizeof **roots)) != STATUS_OK) return status;
    if (!(*roots = malloc(n ? n * sizeof **roots : 1))) return error_no_memory(r->error);
    if (n) memcpy(*roots, r->row.data, n * sizeof **roots);
    *count = n;
    return STATUS_OK;
}

static enum status get_rows(struct reader *r)
{
    for (;;) {
        uint8_t kind;
        enum status status = get(r, &kind, 1);
        if (status != STATUS_OK || kind == SNAPSHOT_END) return status;
        if (kind != SNAPSHOT_NODE && kind != SNAPSHOT_VALUE) return malformed(r, r->at - 1, "no kind of row");
        if ((status = get_row(r, kind == SNAPSHOT_NODE)) != STATUS_OK) return status;
    }
}

static enum status get_tail(struct reader *r)
{
    uint8_t wanted[SHA256_SIZE], found[SHA256_SIZE], more;
    const uint64_t at = r->at;
    sha256_finish(&r->hash, wanted);
    enum status status = get(r, found, sizeof found);
    if (status != STATUS_OK) return status;
    if (memcmp(wanted, found, sizeof found) != 0) return malformed(r, at, "the checksum is wrong");
    if (fread(&more, 1, 1, r->in) == 1) return malformed(r, r->at, "bytes behind the end");
    return STATUS_OK;
}

/* The roots must be there, and every row must be needed. */
static enum status check_roots(struct reader *r, const struct trie_hash *roots, size_t count)
{
    size_t position = 0;
    for (size_t i = 0; i < count; i++) {
        const struct row *row = trie_hash_is_empty(&roots[i]) ? NULL : store_find(r->store, &roots[i]);
        if (!row && trie_hash_is_empty(&roots[i])) continue;
        if (!row || !row->node) return invalid(r, TRIE_MISSING_NODE, ERROR_NO_OFFSET, "a root is missing");
        if (row->reach & 1) return invalid(r, TRIE_BAD_SHAPE, ERROR_NO_OFFSET, "a key that is not whole bytes");
        enum status status = trie_retain(r->store, &roots[i], r->error);
        if (status != STATUS_OK) return status;
    }
    for (const struct row *row; (row = hash_table_next(&r->store->rows, &position));) {
        if ((row->node && !row->node_refs) || (row->value && !row->value_refs))
            return invalid(r, TRIE_BAD_SNAPSHOT, ERROR_NO_OFFSET, "a row that nothing refers to");
    }
    return STATUS_OK;
}

enum status snapshot_read_stream(struct trie_store *s, FILE *in, struct trie_hash **roots, size_t *count,
                                 struct error *e)
{
    struct reader r = {.store = s, .in = in, .error = e};
    *s = (struct trie_store){0};
    *roots = NULL;
    *count = 0;
    sha256_init(&r.hash);
    enum status status = get_head(&r, roots, count);
    if (status == STATUS_OK) status = get_rows(&r);
    if (status == STATUS_OK) status = get_tail(&r);
    if (status == STATUS_OK) status = check_roots(&r, *roots, *count);
    buffer_free(&r.row);
    if (status == STATUS_OK) return STATUS_OK;
    trie_store_free(s);
    free(*roots);
    *roots = NULL;
    *count = 0;
    return status;
}

enum status trie_snapshot_read(struct trie_store *s, const char *path, struct trie_hash **roots, size_t *count,
                               struct error *e)
{
    FILE *in = NULL;
    *s = (struct trie_store){0};
    *roots = NULL;
    *count = 0;
    enum status status = file_open_stream(path, &in, NULL, e);
    if (status != STATUS_OK) return status;
    status = snapshot_read_stream(s, in, roots, count, e);
    fclose(in);
    return status;
}
