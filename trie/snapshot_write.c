#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "crypto/sha2.h"
#include "trie/hash_table.h"
#include "trie/snapshot.h"
#include "trie/store.h"

/* A node whose children are being written. */
struct visit {
    const struct row *row;
    struct node node;
    unsigned next; /* child */
};

struct writer {
    const struct trie_store *store;
    FILE *out;
    struct sha256 hash;
    uint8_t *written; /* two bits for each slot of the store's table: as a node, as a value */
    struct visit *path;
    uint32_t count, capacity;
    struct error *error;
};

static enum status fail(struct error *e, const char *what)
{
    return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "cannot write the snapshot: %s: %s", what, strerror(errno));
}

static enum status missing(struct error *e)
{
    return error_set(e, STATUS_INVALID, TRIE_MISSING_NODE, ERROR_NO_OFFSET, "the store lacks a row of the trie");
}

static enum status put(struct writer *w, const void *data, size_t size)
{
    sha256_update(&w->hash, bytes_of(data, size));
    return size && fwrite(data, size, 1, w->out) != 1 ? fail(w->error, "write") : STATUS_OK;
}

static enum status put_u32(struct writer *w, uint32_t v)
{
    uint8_t bytes[4];
    store_le32(bytes, v);
    return put(w, bytes, sizeof bytes);
}

/* Whether the row is to be written as this kind; from then on it is not. */
static bool first_time(struct writer *w, const struct row *r, unsigned kind)
{
    const size_t bit = 2 * hash_table_slot(&w->store->rows, &r->hash) + kind;
    const uint8_t mask = (uint8_t)(1u << bit % 8);
    if (w->written[bit / 8] & mask) return false;
    w->written[bit / 8] |= mask;
    return true;
}

static enum status put_row(struct writer *w, const struct row *r, uint8_t kind)
{
    enum status status = put(w, &kind, 1);
    if (status == STATUS_OK) status = put_u32(w, r->size);
    if (status == STATUS_OK) status = put(w, r->data, r->size);
    return status;
}

/* Goes to a node, if it is not written yet. */
static enum status enter(struct writer *w, const struct trie_hash *hash)
{
    const struct row *r = store_find(w->store, hash);
    struct visit v = {.row = r};
    if (!r) return missing(w->error);
    if (!first_time(w, r, SNAPSHOT_NODE)) return STATUS_OK;
    enum status status = node_decode(row_bytes(r), &v.node, w->error);
    if (status != STATUS_OK) return status;
    if (!array_grow(&w->path, w->count, &w->capacity, sizeof *w->path)) return error_no_memory(w->error);
    w->path[w->count++] = v;
    return STATUS_OK;
}

/* A node comes behind its value and its children. */
static enum status leave(struct writer *w)
{
    const struct visit v = w->path[--w->count];
    if (v.node.has_value) {
        const struct row *value = store_find(w->store, &v.node.value.hash);
        if (!value) return missing(w->error);
        enum status status = first_time(w, value, SNAPSHOT_VALUE) ? put_row(w, value, SNAPSHOT_VALUE) : STATUS_OK;
        if (status != STATUS_OK) return status;
    }
    return put_row(w, v.row, SNAPSHOT_NODE);
}

static enum status put_trie(struct writer *w, const struct trie_hash *root)
{
    if (trie_hash_is_empty(root)) return STATUS_OK;
    enum status status = enter(w, root);
    while (status == STATUS_OK && w->count) {
        struct visit *top = &w->path[w->count - 1];
        status = top->next < node_child_count(&top->node) ? enter(w, &top->node.children[top->next++]) : leave(w);
    }
    return status;
}

static enum status put_head(struct writer *w, const struct trie_hash *roots, size_t count)
{
    const uint8_t version = SNAPSHOT_VERSION;
    enum status status = put(w, SNAPSHOT_MAGIC, sizeof SNAPSHOT_MAGIC - 1);
    if (status == STATUS_OK) status = put(w, &version, 1);
    if (status == STATUS_OK) status = put_u32(w, (uint32_t)count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) status = put(w, roots[i].bytes, sizeof roots[i].bytes);
    return status;
}

static enum status put_tail(struct writer *w)
{
    uint8_t end = SNAPSHOT_END, sum[SHA256_SIZE];
    enum status status = put(w, &end, 1);
    if (status != STATUS_OK) return status;
    sha256_finish(&w->hash, sum);
    status = put(w, sum, sizeof sum);
    if (status == STATUS_OK && fflush(w->out) != 0) status = fail(w->error, "write");
    return status;
}

enum status snapshot_write_stream(const struct trie_store *s, const struct trie_hash *roots, size_t count, FILE *out,
                                  struct error *e)
{
    struct writer w = {.store = s, .out = out, .error = e};
    if (count > SNAPSHOT_ROOTS_MAX)
        return error_set(e, STATUS_LIMIT, TRIE_FULL, ERROR_NO_OFFSET, "more than %d roots", SNAPSHOT_ROOTS_MAX);
    if (s->partial)
        return error_set(e, STATUS_USAGE, TRIE_NOT_RETAINED, ERROR_NO_OFFSET, "a partial store has no snapshot");
    if (!(w.written = calloc(s->rows.capacity / 4 + 1, 1))) return error_no_memory(e);
    sha256_init(&w.hash);
    enum status status = put_head(&w, roots, count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) status = put_trie(&w, &roots[i]);
    if (status == STATUS_OK) status = put_tail(&w);
    free(w.written);
    free(w.path);
    return status;
}

/* ---- the file --------------------------------------------------------------------------------------------------- */

enum status trie_snapshot_write(const struct trie_store *s, const struct trie_hash *roots, size_t count,
                                const char *path, struct error *e)
{
    struct file_replacement r;
    enum status status = file_replace_begin(&r, path, FILE_REPLACE, e);
    if (status != STATUS_OK) return status;
    /* the stream has a descriptor of its own, which goes with it */
    const int fd = fcntl(r.fd, F_DUPFD_CLOEXEC, 0);
    FILE *out = fd < 0 ? NULL : file_stream(fd, "w");
    if (!out) {
        status = fd < 0 ? file_error(e, "write", path) : error_no_memory(e);
        if (fd >= 0) close(fd);
        return file_replace_end(&r, status, e);
    }
    status = snapshot_write_stream(s, roots, count, out, e);
    if (fclose(out) != 0 && status == STATUS_OK) status = file_error(e, "write", path);
    return file_replace_end(&r, status, e);
}
