#include <stdlib.h>

#include "base/array.h"
#include "crypto/sha2.h"
#include "trie/batch.h"
#include "trie/hash_table.h"

/* ---- encoding --------------------------------------------------------------------------------------------------- */

/* A node whose children are being encoded. */
struct visit {
    struct link *link;
    unsigned next; /* child */
};

struct visits {
    struct visit *data;
    uint32_t count, capacity;
};

/* The rows take over *r, in any case. */
static enum status keep_row(struct batch *b, struct row *r, struct row *origin, bool node)
{
    if (!array_grow(&b->rows, b->row_count, &b->row_capacity, sizeof *b->rows)) {
        free(r);
        return error_no_memory(b->error);
    }
    b->rows[b->row_count++] = (struct new_row){r, origin, node};
    return STATUS_OK;
}

static enum status encode_value(struct batch *b, struct work_node *w)
{
    struct row *r;
    if (!w->new_value) return STATUS_OK;
    if (b->root_only) {
        w->old_value.length = (uint32_t)w->value.size;
        w->new_value = false;
        sha256(w->value, w->old_value.hash.bytes);
        return STATUS_OK;
    }
    enum status status = row_new(w->value, false, &r, b->error);
    if (status != STATUS_OK) return status;
    w->old_value = (struct trie_value){r->hash, r->size};
    w->new_value = false;
    return keep_row(b, r, NULL, false);
}

static unsigned children_of(const struct work_node *w)
{
    return w->kind == NODE_BRANCH ? 16 : w->kind == NODE_EXTENSION;
}

/* Sums up the memory usage. Only what a partial store says of nodes that it lacks can be wrong here. */
static enum status sum_usage(struct batch *b, struct work_node *w)
{
    uint64_t sum = w->kind == NODE_BRANCH ? NODE_USAGE_OF_BRANCH : node_usage_of_key(w->key.count);
    if (w->has_value) sum += NODE_USAGE_OF_VALUE + (uint64_t)w->old_value.length;
    bool unknown = false, overflow = w->below > UINT64_MAX - sum;
    sum += w->below;
    for (unsigned i = 0; i < children_of(w); i++) {
        const struct link *l = &w->children[i];
        unknown |= !l->node && l->hash;
        const uint64_t child = l->node ? l->node->memory_usage : 0;
        overflow |= child > UINT64_MAX - sum;
        sum += child;
    }
    w->memory_usage = sum;
    if (!overflow && (unknown || w->below == 0)) return STATUS_OK;
    return error_set(b->error, STATUS_INVALID, TRIE_BAD_MEMORY_USAGE, ERROR_NO_OFFSET,
                     "the memory usage of nodes does not add up");
}

static void write_node(struct buffer *out, const struct work_node *w)
{
    const struct trie_hash *children[16] = {0};
    for (unsigned i = 0; i < children_of(w); i++) children[i] = w->children[i].hash;
    switch (w->kind) {
    case NODE_LEAF: node_write_leaf(out, w->key, &w->old_value, w->memory_usage); break;
    case NODE_EXTENSION: node_write_extension(out, w->key, children[0], w->memory_usage); break;
    case NODE_BRANCH:
        node_write_branch(out, w->has_value ? &w->old_value : NULL, children, w->memory_usage);
        break;
    }
}

/* Makes a row of what is encoded, or its hash alone. */
static enum status finish_node(struct batch *b, struct link *link)
{
    const struct work_node *w = link->node;
    const bool linked = w->kind == NODE_BRANCH && !b->trie->store->partial;
    struct row *r;
    if (b->root_only) {
        struct trie_hash *hash = arena_alloc(&b->arena, sizeof *hash);
        if (!hash) return error_no_memory(b->error);
        sha256(bytes_of(b->scratch.data, b->scratch.size), hash->bytes);
        link->hash = hash;
        return STATUS_OK;
    }
    enum status status = row_new(bytes_of(b->scratch.data, b->scratch.size), linked, &r, b->error);
    if (status != STATUS_OK) return status;
    link->hash = &r->hash; /* as long as b->rows has the row */
    return keep_row(b, r, w->origin, true);
}

/* A node whose children have their hashes. */
static enum status encode_node(struct batch *b, struct link *link)
{
    struct work_node *w = link->node;
    enum status status = encode_value(b, w);
    if (status == STATUS_OK) status = sum_usage(b, w);
    if (status != STATUS_OK) return status;
    b->scratch.size = 0;
    write_node(&b->scratch, w);
    return b->scratch.failed ? error_no_memory(b->error) : finish_node(b, link);
}

static bool push(struct visits *v, struct link *link)
{
    if (!array_grow(&v->data, v->count, &v->capacity, sizeof *v->data)) return false;
    v->data[v->count++] = (struct visit){link, 0};
    return true;
}

static enum status encode_all(struct batch *b, struct visits *v)
{
    if (!push(v, &b->root)) return error_no_memory(b->error);
    while (v->count) {
        struct visit *top = &v->data[v->count - 1];
        struct work_node *w = top->link->node;
        while (top->next < children_of(w) && !w->children[top->next].node) top->next++;
        if (top->next < children_of(w)) {
            struct link *child = &w->children[top->next++];
            if (!push(v, child)) return error_no_memory(b->error);
            continue;
        }
        enum status status = encode_node(b, top->link);
        if (status != STATUS_OK) return status;
        v->count--;
    }
    return STATUS_OK;
}

enum status batch_encode(struct batch *b, struct trie_hash *root, uint64_t *memory_usage)
{
    struct visits v = {0};
    *root = (struct trie_hash){0};
    *memory_usage = 0;
    if (!b->root.node) return STATUS_OK;
    enum status status = encode_all(b, &v);
    free(v.data);
    if (status != STATUS_OK) return status;
    *root = *b->root.hash;
    *memory_usage = b->root.node->memory_usage;
    return STATUS_OK;
}

/* ---- installing ------------------------------------------------------------------------------------------------- */

enum status batch_install(struct batch *b, const struct trie_hash *root)
{
    struct trie_store *s = b->trie->store;
    struct trie_recorder *recorder = b->trie->recorder;
    enum status status = hash_table_reserve(&s->rows, b->row_count, b->error);
    if (status != STATUS_OK) return status;
    /* nothing below can fail, but for a root that was retained four thousand million times */
    for (uint32_t i = 0; i < b->row_count; i++) {
        bool added;
        const bool node = b->rows[i].node;
        struct row *r = store_add(s, b->rows[i].row, &added);
        if (added && recorder) recorder_count_written(recorder, node, r->size);
        if (node && !s->partial) store_make_node(s, r, b->rows[i].origin);
    }
    b->row_count = 0; /* they are the store's */
    return trie_retain(s, root, b->error);
}
