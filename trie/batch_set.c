#include "trie/batch.h"

/* Each key is changed once at most, so that a value is always the one from before. */
static void note_old(struct batch *b, const struct work_node *w)
{
    if (w->has_value) b->old = (struct trie_old){true, w->old_value};
}

static enum status replace_value(struct work_node *w, struct bytes value)
{
    w->has_value = w->new_value = true;
    w->value = value;
    return STATUS_OK;
}

static struct work_node *new_leaf(struct batch *b, struct nibbles key, struct bytes value)
{
    struct work_node *leaf = batch_node(b, NODE_LEAF, key);
    if (leaf) replace_value(leaf, value);
    return leaf;
}

static size_t common_prefix(struct nibbles a, struct nibbles b)
{
    size_t i = 0;
    while (i < a.count && i < b.count && a.data[i] == b.data[i]) i++;
    return i;
}

/* Puts what stood at a leaf below a branch: its value there, if no nibbles are left of its key, or a shorter leaf. */
static bool hang_leaf(struct batch *b, struct work_node *branch, const struct work_node *leaf, struct nibbles key)
{
    struct work_node *to = branch;
    if (key.count) {
        if (!(to = batch_node(b, NODE_LEAF, nibbles_after(key, 1)))) return false;
        branch->children[key.data[0]].node = to;
    }
    to->has_value = true;
    to->new_value = leaf->new_value;
    to->old_value = leaf->old_value;
    to->value = leaf->value;
    return true;
}

/* The same with an extension, of which at least one nibble is left. */
static bool hang_extension(struct batch *b, struct work_node *branch, const struct work_node *extension,
                           struct nibbles key)
{
    struct link *at = &branch->children[key.data[0]];
    struct work_node *holder = branch;
    if (key.count > 1) {
        if (!(holder = batch_node(b, NODE_EXTENSION, nibbles_after(key, 1)))) return false;
        at->node = holder;
        at = &holder->children[0];
    }
    *at = extension->children[0];
    holder->below += extension->below;
    return true;
}

/* The node at the link has a key that goes another way than `key` after `common` nibbles: a branch comes there, below
 * an extension if anything is common. */
static enum status split(struct batch *b, struct link *at, struct nibbles key, size_t common, struct bytes value)
{
    const struct work_node *old = at->node;
    const struct nibbles old_rest = nibbles_after(old->key, common), rest = nibbles_after(key, common);
    struct work_node *branch = batch_node(b, NODE_BRANCH, (struct nibbles){0}), *top = branch, *leaf = NULL;
    if (!branch) return error_no_memory(b->error);
    if (common) {
        if (!(top = batch_node(b, NODE_EXTENSION, nibbles_first(key, common)))) return error_no_memory(b->error);
        top->children[0].node = branch;
    }
    if (rest.count == 0) {
        replace_value(branch, value);
    } else {
        if (!(leaf = new_leaf(b, nibbles_after(rest, 1), value))) return error_no_memory(b->error);
        branch->children[rest.data[0]].node = leaf;
    }
    if (!(old->kind == NODE_LEAF ? hang_leaf : hang_extension)(b, branch, old, old_rest))
        return error_no_memory(b->error);
    *at = (struct link){.node = top};
    return STATUS_OK;
}

enum status batch_set(struct batch *b, struct nibbles key, struct bytes value)
{
    struct link *at = &b->root;
    struct work_node *parent = NULL;
    for (size_t gone = 0;;) {
        const struct nibbles rest = nibbles_after(key, gone);
        enum status status = batch_load(b, at, parent, nibbles_first(key, gone));
        if (status != STATUS_OK) return status;
        struct work_node *w = at->node;
        if (!w) {
            at->node = new_leaf(b, rest, value);
            return at->node ? STATUS_OK : error_no_memory(b->error);
        }
        if (w->kind == NODE_BRANCH) {
            if (!rest.count) {
                note_old(b, w);
                return replace_value(w, value);
            }
            at = &w->children[rest.data[0]];
            gone++;
        } else {
            const size_t common = common_prefix(rest, w->key);
            if (common < w->key.count || (w->kind == NODE_LEAF && common < rest.count))
                return split(b, at, rest, common, value);
            if (w->kind == NODE_LEAF) {
                note_old(b, w);
                return replace_value(w, value);
            }
            at = &w->children[0];
            gone += common;
        }
        parent = w;
    }
}
