#include "proof/witness.h"

#include <stdlib.h>

#include "trie/node.h"

static int compare_rows(const void *a, const void *b)
{
    const struct witness_row *x = a, *y = b;
    return memcmp(x->hash.bytes, y->hash.bytes, sizeof x->hash.bytes);
}

enum status witness_of(const struct bytes *rows, size_t count, struct witness *out, struct error *e)
{
    *out = (struct witness){0};
    if (count == 0) return STATUS_OK;
    struct witness w = {calloc(count, sizeof *w.rows), count};
    if (!w.rows) return error_no_memory(e);
    for (size_t i = 0; i < count; i++) {
        const struct crypto_hash hash = crypto_hash_of(rows[i]);
        w.rows[i].hash = trie_hash_of_crypto(&hash);
        w.rows[i].bytes = rows[i];
    }
    qsort(w.rows, count, sizeof *w.rows, compare_rows);
    *out = w;
    return STATUS_OK;
}

void witness_free(struct witness *w)
{
    free(w->rows);
    *w = (struct witness){0};
}

struct witness_row *witness_find(const struct witness *w, const struct trie_hash *hash)
{
    const struct witness_row key = {.hash = *hash};
    return w->count ? bsearch(&key, w->rows, w->count, sizeof *w->rows, compare_rows) : NULL;
}

/* The nodes that are to be looked at; each gets there once. */
struct walk {
    struct witness *witness;
    struct witness_row **waiting;
    size_t count;
};

static enum status refuse_node(struct refusal *r, const struct witness_row *row, const struct error *why)
{
    char value[REFUSAL_VALUE_SIZE];
    const struct crypto_hash hash = crypto_hash_of_trie(&row->hash);
    return refuse(r, PROOF_BAD_NODE, value_of_hash(&hash, value), why->message, "partial state");
}

static enum status refuse_length(struct refusal *r, const struct witness_row *row, const struct trie_value *expected)
{
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    const struct trie_value is = {row->hash, (uint32_t)row->bytes.size};
    return refuse(r, PROOF_BAD_NODE, value_of_trie_value(true, expected, claimed),
                  value_of_trie_value(true, &is, found), "partial state: a value of a node");
}

/* Marks the child and puts it on the list, if it is there; `parent`: null for the root. */
static enum status reach(struct walk *w, const struct node *parent, const struct trie_hash *hash, struct refusal *r)
{
    struct witness_row *row = witness_find(w->witness, hash);
    struct node node;
    struct error why = {0};
    if (!row) return STATUS_OK;
    if (node_decode(row->bytes, &node, &why) != STATUS_OK) return refuse_node(r, row, &why);
    if (parent && node_check_child(parent, &node, &why) != STATUS_OK) return refuse_node(r, row, &why);
    if (!row->as_node) w->waiting[w->count++] = row;
    row->used = row->as_node = true;
    return STATUS_OK;
}

static enum status look_at(struct walk *w, const struct witness_row *row, struct refusal *r)
{
    struct node node;
    struct error why = {0};
    if (node_decode(row->bytes, &node, &why) != STATUS_OK) return refuse_node(r, row, &why);
    if (node.has_value) {
        struct witness_row *value = witness_find(w->witness, &node.value.hash);
        if (value && value->bytes.size != node.value.length) return refuse_length(r, value, &node.value);
        if (value) value->used = true;
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
