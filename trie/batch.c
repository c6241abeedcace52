#include "trie/batch.h"

#include <stdlib.h>

struct nibbles batch_nibbles(struct batch *b, struct bytes key)
{
    uint8_t *data = arena_array(&b->arena, key.size, 2);
    if (!data) return (struct nibbles){0};
    for (size_t i = 0; i < key.size; i++) {
        data[2 * i] = key.data[i] >> 4;
        data[2 * i + 1] = key.data[i] & 0xf;
    }
    return (struct nibbles){data, 2 * key.size};
}

struct work_node *batch_node(struct batch *b, enum node_kind kind, struct nibbles key)
{
    struct work_node *w = arena_alloc(&b->arena, sizeof *w);
    if (!w) return NULL;
    w->kind = kind;
    w->key = key;
    if (kind == NODE_LEAF) return w;
    w->children = arena_array(&b->arena, kind == NODE_BRANCH ? 16 : 1, sizeof *w->children);
    return w->children ? w : NULL;
}

static struct nibbles nibbles_of_node(struct batch *b, const struct node *n)
{
    const size_t count = node_nibble_count(n);
    uint8_t *data = arena_alloc(&b->arena, count);
    if (!data) return (struct nibbles){0};
    for (size_t i = 0; i < count; i++) data[i] = node_nibble(n, i);
    return (struct nibbles){data, count};
}

static struct work_node *unpack(struct batch *b, const struct node *n, struct row *origin)
{
    struct nibbles key = {0};
    if (n->kind != NODE_BRANCH && !(key = nibbles_of_node(b, n)).data) return NULL;
    struct work_node *w = batch_node(b, n->kind, key);
    if (!w) return NULL;
    w->origin = origin;
    w->has_value = n->has_value;
    w->old_value = n->value;
    w->below = n->memory_usage - node_own_usage(n);
    if (n->kind == NODE_EXTENSION) w->children[0].hash = n->children;
    for (unsigned i = 0; n->kind == NODE_BRANCH && i < 16; i++) w->children[i].hash = node_child(n, i);
    return w;
}

/* Takes what the loaded child weighs from what its parent knew. */
static enum status take_usage(struct batch *b, struct work_node *parent, const struct node *child)
{
    struct error *e = b->error;
    if (parent->kind == NODE_EXTENSION && child->kind != NODE_BRANCH)
        return error_set(e, STATUS_INVALID, TRIE_BAD_SHAPE, ERROR_NO_OFFSET,
                         "an extension leads to a node that is no branch");
    const bool alone = parent->kind == NODE_EXTENSION;
    if (alone ? child->memory_usage != parent->below : child->memory_usage > parent->below)
        return error_set(e, STATUS_INVALID, TRIE_BAD_MEMORY_USAGE, ERROR_NO_OFFSET,
                         "memory usage %llu, where the node above has %llu for it",
                         (unsigned long long)child->memory_usage, (unsigned long long)parent->below);
    parent->below -= child->memory_usage;
    return STATUS_OK;
}

enum status batch_load(struct batch *b, struct link *link, struct work_node *parent, struct nibbles way)
{
    struct node n;
    struct row *row;
    const struct path path = {way.data, way.count, false};
    if (link->node || !link->hash) return STATUS_OK;
    enum status status = read_node_row(b->trie, link->hash, NULL, path, &row, &n, b->error);
    if (status != STATUS_OK) return status;
    if (parent && (status = take_usage(b, parent, &n)) != STATUS_OK) {
        read_error_at(b->error, link->hash, path);
        return status;
    }
    struct work_node *w = unpack(b, &n, row);
    if (!w) return error_no_memory(b->error);
    *link = (struct link){.node = w};
    return STATUS_OK;
}

void batch_free(struct batch *b)
{
    for (uint32_t i = 0; i < b->row_count; i++) free(b->rows[i].row);
    free(b->rows);
    free(b->path);
    buffer_free(&b->scratch);
    arena_free(&b->arena);
}
