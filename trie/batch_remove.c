#include "base/array.h"
#include "trie/batch.h"

/* ---- merging ---------------------------------------------------------------------------------------------------- */

static bool empty(const struct link *l)
{
    return !l->node && !l->hash;
}

static struct nibbles join(struct batch *b, struct nibbles first, struct nibbles second)
{
    uint8_t *data = arena_alloc(&b->arena, first.count + second.count);
    if (!data) return (struct nibbles){0};
    if (first.count) memcpy(data, first.data, first.count);
    if (second.count) memcpy(data + first.count, second.data, second.count);
    return (struct nibbles){data, first.count + second.count};
}

/* Puts at the link what a way of `key` to `child`, which is loaded, amounts to: an extension to a branch, or a leaf or
 * extension with a longer key. */
static enum status lengthen(struct batch *b, struct link *at, struct nibbles key, struct work_node *child)
{
    struct work_node *w = child;
    if (child->kind == NODE_BRANCH) {
        if (!(w = batch_node(b, NODE_EXTENSION, key))) return error_no_memory(b->error);
        w->children[0].node = child;
    } else {
        const struct nibbles joined = join(b, key, child->key);
        if (!joined.data) return error_no_memory(b->error);
        child->key = joined;
    }
    *at = (struct link){.node = w};
    return STATUS_OK;
}

/* All children are known, and the node that goes says that there is more. */
static enum status usage_left(struct batch *b)
{
    return error_set(b->error, STATUS_INVALID, TRIE_BAD_MEMORY_USAGE, ERROR_NO_OFFSET,
                     "the memory usage of a branch is more than that of what is below");
}

/* A branch without a value and with one child is no branch. The child has to be read for that: what it is decides. */
static enum status merge_only_child(struct batch *b, struct link *at, unsigned nibble, struct nibbles way)
{
    struct work_node *branch = at->node;
    struct link *child = &branch->children[nibble];
    uint8_t *step = arena_alloc(&b->arena, 1);
    if (!step) return error_no_memory(b->error);
    *step = (uint8_t)nibble;
    struct nibbles child_way = join(b, way, (struct nibbles){step, 1});
    if (!child_way.data) return error_no_memory(b->error);
    enum status status = batch_load(b, child, branch, child_way);
    if (status == STATUS_OK && branch->below) status = usage_left(b);
    return status == STATUS_OK ? lengthen(b, at, (struct nibbles){step, 1}, child->node) : status;
}

static enum status squash_branch(struct batch *b, struct link *at, struct nibbles way)
{
    struct work_node *w = at->node;
    unsigned count = 0, last = 0;
    for (unsigned i = 0; i < 16; i++) {
        if (empty(&w->children[i])) continue;
        count++;
        last = i;
    }
    if (count > 1 || (count == 1 && w->has_value)) return STATUS_OK;
    if (count == 1) return merge_only_child(b, at, last, way);
    if (w->below) return usage_left(b);
    if (!w->has_value) {
        *at = (struct link){0};
        return STATUS_OK;
    }
    w->kind = NODE_LEAF;
    w->key = nibbles_first(way, 0);
    return STATUS_OK;
}

/* Brings the nodes of the path, from the last one up, into the shape that they must have now. `key` led there. */
static enum status squash_path(struct batch *b, struct nibbles key, size_t gone)
{
    enum status status = STATUS_OK;
    for (uint32_t i = b->path_count; status == STATUS_OK && i-- > 0;) {
        struct link *at = b->path[i];
        struct work_node *w = at->node;
        if (!w) continue; /* the leaf that was removed */
        if (w->kind == NODE_BRANCH) {
            if (i + 1 < b->path_count) gone--;
            status = squash_branch(b, at, nibbles_first(key, gone));
        } else if (w->kind == NODE_EXTENSION) {
            if (i + 1 < b->path_count) gone -= w->key.count;
            struct work_node *child = w->children[0].node;
            if (!child) *at = (struct link){0};
            else if (child->kind != NODE_BRANCH) status = lengthen(b, at, w->key, child);
        }
    }
    return status;
}

/* ---- finding ---------------------------------------------------------------------------------------------------- */

static bool begins_with(struct nibbles n, struct nibbles prefix)
{
    return n.count >= prefix.count && memcmp(n.data, prefix.data, prefix.count) == 0;
}

enum status batch_remove(struct batch *b, struct nibbles key)
{
    struct link *at = &b->root;
    struct work_node *parent = NULL;
    b->path_count = 0;
    for (size_t gone = 0;;) {
        const struct nibbles rest = nibbles_after(key, gone);
        enum status status = batch_load(b, at, parent, nibbles_first(key, gone));
        struct work_node *w = at->node;
        if (status != STATUS_OK || !w) return status;
        if (!array_grow(&b->path, b->path_count, &b->path_capacity, sizeof *b->path)) return error_no_memory(b->error);
        b->path[b->path_count++] = at;
        parent = w;
        if (w->kind == NODE_BRANCH && rest.count) {
            at = &w->children[rest.data[0]];
            gone++;
        } else if (w->kind == NODE_BRANCH) {
            if (!w->has_value) return STATUS_OK;
            b->old = (struct trie_old){true, w->old_value};
            w->has_value = w->new_value = false;
            return squash_path(b, key, gone);
        } else if (!begins_with(rest, w->key)) {
            return STATUS_OK;
        } else if (w->kind == NODE_EXTENSION) {
            at = &w->children[0];
            gone += w->key.count;
        } else if (rest.count > w->key.count) {
            return STATUS_OK;
        } else {
            b->old = (struct trie_old){true, w->old_value};
            *at = (struct link){0};
            return squash_path(b, key, gone);
        }
    }
}
