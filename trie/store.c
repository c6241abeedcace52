#include "trie/store.h"

#include <stdlib.h>

#include "crypto/sha2.h"
#include "trie/hash_table.h"
#include "trie/read.h"

enum status row_new(struct bytes data, struct row **out, struct error *e)
{
    *out = NULL;
    enum status status = check_value_size(data, e);
    if (status != STATUS_OK) return status;
    struct row *r = malloc(sizeof *r + data.size);
    if (!r) return error_no_memory(e);
    *r = (struct row){.size = (uint32_t)data.size};
    if (data.size) memcpy(r->data, data.data, data.size);
    sha256(data, r->hash.bytes);
    *out = r;
    return STATUS_OK;
}

struct row *store_find(const struct trie_store *s, const struct trie_hash *hash)
{
    return hash_table_find(&s->rows, hash);
}

struct row *store_add(struct trie_store *s, struct row *r, bool *added)
{
    struct row *old = store_find(s, &r->hash);
    if (added) *added = !old;
    if (old) {
        free(r);
        return old;
    }
    hash_table_insert(&s->rows, r);
    s->bytes += r->size;
    return r;
}

/* ---- references ------------------------------------------------------------------------------------------------- */

void store_make_node(struct trie_store *s, struct row *r)
{
    struct node n;
    struct row *below;
    if (r->node || node_decode(row_bytes(r), &n, NULL) != STATUS_OK) return;
    r->node = true;
    const unsigned count = node_child_count(&n);
    for (unsigned i = 0; i < count; i++) {
        if ((below = store_find(s, &n.children[i]))) below->node_refs++;
    }
    if (n.has_value && (below = store_find(s, &n.value.hash))) {
        below->value = true;
        below->value_refs++;
    }
}

/* Rows that have become neither node nor value, linked by `next`. */
struct waiting {
    struct row *head;
};

static void unrefer_value(struct waiting *w, struct row *r)
{
    if (!r || --r->value_refs > 0) return;
    r->value = false;
    if (r->node) return;
    r->next = w->head;
    w->head = r;
}

/* A node without references waits, too: as long as `node` is set it still holds its own. */
static void unrefer_node(struct waiting *w, struct row *r)
{
    if (!r || --r->node_refs > 0) return;
    r->next = w->head;
    w->head = r;
}

static void let_go(struct trie_store *s, struct waiting *w, struct row *r)
{
    struct node n;
    r->node = false;
    if (node_decode(row_bytes(r), &n, NULL) != STATUS_OK) return;
    const unsigned count = node_child_count(&n);
    for (unsigned i = 0; i < count; i++) unrefer_node(w, store_find(s, &n.children[i]));
    if (n.has_value) unrefer_value(w, store_find(s, &n.value.hash));
}

static void drop_waiting(struct trie_store *s, struct waiting *w)
{
    while (w->head) {
        struct row *r = w->head;
        w->head = r->next;
        if (r->node) let_go(s, w, r);
        if (r->value) continue;
        hash_table_remove(&s->rows, &r->hash);
        s->bytes -= r->size;
        free(r);
    }
}

/* ---- roots ------------------------------------------------------------------------------------------------------ */

enum status trie_retain(struct trie_store *s, const struct trie_hash *root, struct error *e)
{
    if (s->partial || trie_hash_is_empty(root)) return STATUS_OK;
    struct row *r = store_find(s, root);
    if (!r || !r->node) return error_set(e, STATUS_USAGE, TRIE_NOT_RETAINED, ERROR_NO_OFFSET, "no such root");
    if (r->node_refs == UINT32_MAX)
        return error_set(e, STATUS_LIMIT, TRIE_FULL, ERROR_NO_OFFSET, "too many references to a root");
    r->node_refs++;
    return STATUS_OK;
}

void trie_release(struct trie_store *s, const struct trie_hash *root)
{
    struct waiting w = {0};
    if (s->partial || trie_hash_is_empty(root)) return;
    struct row *r = store_find(s, root);
    if (!r || !r->node || !r->node_refs) return;
    unrefer_node(&w, r);
    drop_waiting(s, &w);
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

bool trie_store_row(const struct trie_store *s, const struct trie_hash *hash, struct bytes *out)
{
    const struct row *r = store_find(s, hash);
    *out = r ? row_bytes(r) : (struct bytes){0};
    return r;
}

void trie_store_free(struct trie_store *s)
{
    hash_table_free(&s->rows);
    *s = (struct trie_store){0};
}
