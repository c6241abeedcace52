#include "proof/witness.h"

#include <stdlib.h>

#include "trie/hash_table.h"

static enum status add(struct witness *w, struct bytes bytes, struct error *e)
{
    struct row *row;
    enum status status = row_view(bytes, &row, e);
    if (status != STATUS_OK) return status;
    w->rows[w->count++] = store_add(&w->store, row, NULL);
    return STATUS_OK;
}

static enum status fill(struct witness *w, const struct bytes *rows, size_t count, struct error *e)
{
    enum status status = hash_table_reserve(&w->store.rows, count, e);
    if (status != STATUS_OK) return status;
    if (!(w->rows = calloc(count ? count : 1, sizeof(struct row *)))) return error_no_memory(e);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) status = add(w, rows[i], e);
    return status;
}

enum status witness_of(const struct bytes *rows, size_t count, struct witness *out, struct error *e)
{
    *out = (struct witness){0};
    trie_store_init_partial(&out->store);
    enum status status = fill(out, rows, count, e);
    if (status != STATUS_OK) witness_free(out);
    return status;
}

void witness_free(struct witness *w)
{
    trie_store_free(&w->store);
    free(w->rows);
    *w = (struct witness){0};
}

struct row *witness_find(const struct witness *w, const struct trie_hash *hash)
{
    struct row *row = store_find(&w->store, hash);
    return row && row->given ? row : NULL;
}

/* The nodes that are to be looked at; each gets there once. */
struct walk {
    struct witness *witness;
    struct row **waiting;
    size_t count;
};

static enum status refuse_node(struct refusal *r, const struct row *row, const struct error *why)
{
    char value[REFUSAL_VALUE_SIZE];
    const struct crypto_hash hash = crypto_hash_of_trie(&row->hash);
    return refuse(r, PROOF_BAD_NODE, value_of_hash(&hash, value), why->message, "partial state");
}

static enum status refuse_length(struct refusal *r, const struct row *row, const struct trie_value *expected)
{
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    const struct trie_value is = {row->hash, row->size};
    return refuse(r, PROOF_BAD_NODE, value_of_trie_value(true, expected, claimed),
                  value_of_trie_value(true, &is, found), "partial state: a value of a node");
}

/* Marks the child and puts it on the list, if it is there; `parent`: null for the root. */
static enum status reach(struct walk *w, const struct node *parent, const struct trie_hash *hash, struct refusal *r)
{
    struct row *row = witness_find(w->witness, hash);
    struct node node;
    struct error why = {0};
    if (!row) return STATUS_OK;
    if (node_decode(row_bytes(row), &node, &why) != STATUS_OK) return refuse_node(r, row, &why);
    if (parent && node_check_child(parent, &node, &why) != STATUS_OK) return refuse_node(r, row, &why);
    if (!row->node) w->waiting[w->count++] = row;
    row->node = true;
    return STATUS_OK;
}

static enum status look_at(struct walk *w, const struct row *row, struct refusal *r)
{
    struct node node;
    struct error why = {0};
    if (node_decode(row_bytes(row), &node, &why) != STATUS_OK) return refuse_node(r, row, &why);
    if (node.has_value) {
        struct row *value = witness_find(w->witness, &node.value.hash);
        if (value && value->size != node.value.length) return refuse_length(r, value, &node.value);
        if (value) value->value = true;
    }
    const unsigned children = node_child_count(&node);
    for (unsigned i = 0; i < children; i++) {
        enum status status = reach(w, &node, &node.children[i], r);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

enum status witness_walk(struct witness *witness, const struct trie_hash *root, struct refusal *r, struct error *e)
{
    if (witness->count == 0) return STATUS_OK;
    struct walk w = {witness, calloc(witness->count, sizeof *w.waiting), 0};
    if (!w.waiting) return error_no_memory(e);
    enum status status = reach(&w, NULL, root, r);
    while (status == STATUS_OK && w.count > 0) status = look_at(&w, w.waiting[--w.count], r);
    free(w.waiting);
    return status;
}

void witness_reach_new_values(const struct witness *w, const struct proof_change *changes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct row *row = changes[i].is ? witness_find(w, &changes[i].new_value.hash) : NULL;
        if (row) row->value = true;
    }
}
