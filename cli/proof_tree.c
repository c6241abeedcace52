#include "cli/proof_tree.h"

#include "base/array.h"

#include <stdlib.h>

/* Something that is still to be visited. */
struct task {
    enum proof_tree_kind kind;  /* PROOF_TREE_NODE, _ABSENT, _NEW */
    uint32_t depth;
    uint32_t path;              /* nibbles of the path to the parent */
    int nibble;
    bool last;
    uint16_t children;
    struct trie_hash hash;
    uint32_t change;
};

struct walk {
    const struct execution_proof *proof;
    struct witness *rows;
    proof_tree_visit *visit;
    void *context;
    struct task *tasks;          /* a stack */
    uint32_t count, capacity;
    uint8_t path[PROOF_TREE_NIBBLES];
    uint32_t length;             /* of the path */
    uint8_t key[PROOF_TREE_NIBBLES / 2];
    bool failed;                 /* no memory */
};

static void push(struct walk *w, struct task t)
{
    if (w->failed || !array_grow(&w->tasks, w->count, &w->capacity, sizeof *w->tasks)) w->failed = true;
    else w->tasks[w->count++] = t;
}

static bool add_nibble(struct walk *w, uint8_t nibble)
{
    if (w->length == PROOF_TREE_NIBBLES) return false;
    w->path[w->length++] = nibble;
    return true;
}

/* ---- changes by path --------------------------------------------------------------------------------------------- */

static uint8_t nibble_of(struct bytes key, size_t i)
{
    return i % 2 ? key.data[i / 2] & 15 : key.data[i / 2] >> 4;
}

/* -1, 0, 1: the key comes before, among or behind the keys that begin with so many nibbles of the path. */
static int compare_path(const struct walk *w, struct bytes key, uint32_t length)
{
    const size_t nibbles = key.size * 2;
    for (size_t i = 0; i < length; i++) {
        if (i == nibbles) return -1;
        const uint8_t nibble = nibble_of(key, i);
        if (nibble != w->path[i]) return nibble < w->path[i] ? -1 : 1;
    }
    return 0;
}

/* The first change that is not before the path. */
static uint32_t first_below(const struct walk *w, uint32_t length)
{
    uint32_t low = 0, high = w->proof->change_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (compare_path(w, w->proof->changes[middle].key, length) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool is_below(const struct walk *w, uint32_t change, uint32_t length)
{
    return change < w->proof->change_count && compare_path(w, w->proof->changes[change].key, length) == 0;
}

/* The change of the key that the path is; null if it keeps its value. */
static const struct proof_change *change_here(const struct walk *w)
{
    const uint32_t i = first_below(w, w->length);
    const bool here = is_below(w, i, w->length) && w->proof->changes[i].key.size * 2 == w->length;
    return here && w->proof->changes[i].was ? &w->proof->changes[i] : NULL;
}

/* Whether a new key that begins with the path to the node's parent (and its nibble there) belongs under this node, and
 * to none below. */
static bool is_new_here(const struct walk *w, const struct node *n, struct bytes key)
{
    if (n->kind == NODE_LEAF) return true;
    if (compare_path(w, key, w->length) != 0) return n->kind == NODE_EXTENSION; /* it leaves within the extension */
    if (n->kind == NODE_EXTENSION) return false;
    return key.size * 2 == w->length || !node_child(n, nibble_of(key, w->length));
}

/* In reverse, so that the first is on top. `base`: nibbles of the path without the node's own. Returns whether there
 * were any. */
static bool push_new(struct walk *w, const struct task *t, const struct node *n, uint32_t base)
{
    const uint32_t begin = first_below(w, base);
    uint32_t end = begin;
    bool any = false;
    while (is_below(w, end, base)) end++;
    for (uint32_t i = end; i-- > begin;) {
        const struct proof_change *c = &w->proof->changes[i];
        if (c->was || !is_new_here(w, n, c->key)) continue;
        push(w, (struct task){.kind = PROOF_TREE_NEW, .depth = t->depth + 1, .nibble = -1, .last = !any, .change = i});
        any = true;
    }
    return any;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

static void push_children(struct walk *w, const struct task *t, const struct node *n, bool more)
{
    uint16_t absent = 0;
    if (n->kind == NODE_LEAF) return;
    for (unsigned i = 0; n->kind == NODE_BRANCH && i < 16; i++) {
        const struct trie_hash *child = node_child(n, i);
        if (child && !witness_find(w->rows, child)) absent |= (uint16_t)(1u << i);
    }
    struct task child = {.kind = PROOF_TREE_ABSENT, .depth = t->depth + 1, .path = w->length, .nibble = -1,
                         .children = absent, .last = !more};
    if (absent) {
        push(w, child);
        more = true;
    }
    child.kind = PROOF_TREE_NODE;
    for (unsigned i = 16; i-- > 0;) {
        const struct trie_hash *hash = n->kind == NODE_EXTENSION ? i ? NULL : n->children : node_child(n, i);
        if (!hash || absent >> i & 1) continue;
        child.hash = *hash;
        child.nibble = n->kind == NODE_EXTENSION ? -1 : (int)i;
        child.last = !more;
        push(w, child);
        more = true;
    }
}

static const struct row *row_of(const struct walk *w, bool present, const struct trie_value *v)
{
    return present ? witness_find(w->rows, &v->hash) : NULL;
}

static void set_key(struct walk *w, struct proof_tree_item *item)
{
    if (w->length % 2) return; /* no key has half a byte: the trie is none of NEAR's */
    for (uint32_t i = 0; i < w->length; i += 2) w->key[i / 2] = (uint8_t)(w->path[i] << 4 | w->path[i + 1]);
    item->has_key = true;
    item->key = bytes_of(w->key, w->length / 2);
    item->change = change_here(w);
    item->value = row_of(w, true, &item->node.value);
    if (item->change) item->new_value = row_of(w, item->change->is, &item->change->new_value);
}

static bool take_path(struct walk *w, const struct node *n)
{
    if (n->kind == NODE_BRANCH) return true;
    const size_t count = node_nibble_count(n);
    if (count > PROOF_TREE_NIBBLES - w->length) return false;
    for (size_t i = 0; i < count; i++) add_nibble(w, node_nibble(n, i));
    return true;
}

static bool visit_node(struct walk *w, const struct task *t)
{
    struct proof_tree_item item = {.kind = PROOF_TREE_NODE, .depth = t->depth, .last = t->last, .nibble = t->nibble,
                                   .hash = t->hash};
    struct row *row = witness_find(w->rows, &t->hash);
    w->length = t->path;
    const bool deep = t->depth >= PROOF_TREE_DEPTH || (t->nibble >= 0 && !add_nibble(w, (uint8_t)t->nibble));
    const uint32_t base = w->length;
    if (row) item.size = row->size;
    if (!row || deep || node_decode(row_bytes(row), &item.node, NULL) != STATUS_OK || !take_path(w, &item.node)) {
        item.kind = PROOF_TREE_BAD;
    } else if (row->node) {
        item.kind = PROOF_TREE_REPEATED;
    } else {
        row->node = true;
        const bool more = push_new(w, t, &item.node, base);
        push_children(w, t, &item.node, more);
        if (item.node.kind == NODE_LEAF || item.node.has_value) set_key(w, &item);
    }
    return !w->failed && w->visit(w->context, &item);
}

static bool visit_task(struct walk *w, const struct task *t)
{
    struct proof_tree_item item = {.kind = t->kind, .depth = t->depth, .last = t->last, .nibble = -1,
                                   .children = t->children};
    if (t->kind == PROOF_TREE_NODE) return visit_node(w, t);
    if (t->kind == PROOF_TREE_NEW) {
        item.change = &w->proof->changes[t->change];
        item.has_key = true;
        item.key = item.change->key;
        item.new_value = row_of(w, item.change->is, &item.change->new_value);
    }
    return w->visit(w->context, &item);
}

/* Everything is new in an empty trie. */
static void push_all_new(struct walk *w)
{
    const uint32_t count = w->proof->change_count;
    for (uint32_t i = count; i-- > 0;)
        push(w, (struct task){.kind = PROOF_TREE_NEW, .nibble = -1, .last = i + 1 == count, .change = i});
}

enum status proof_tree_walk(const struct execution_proof *p, struct witness *rows, proof_tree_visit *visit,
                            void *context, struct error *e)
{
    struct walk *w = calloc(1, sizeof *w);
    if (!w) return error_no_memory(e);
    *w = (struct walk){.proof = p, .rows = rows, .visit = visit, .context = context};
    for (size_t i = 0; i < rows->count; i++) rows->rows[i]->node = false;
    const struct trie_hash root = trie_hash_of_crypto(&p->old_root);
    if (trie_hash_is_empty(&root)) push_all_new(w);
    else if (witness_find(rows, &root))
        push(w, (struct task){.kind = PROOF_TREE_NODE, .nibble = -1, .last = true, .hash = root});
    bool going = true;
    while (going && !w->failed && w->count) {
        const struct task t = w->tasks[--w->count];
        going = visit_task(w, &t);
    }
    const bool failed = w->failed;
    free(w->tasks);
    free(w);
    return failed ? error_no_memory(e) : STATUS_OK;
}
