#include "trie/store.h"

#include <stdalign.h>
#include <stdlib.h>

#include "crypto/sha2.h"
#include "trie/hash_table.h"
#include "trie/read.h"

/* Where the links of a row of this size are, from its beginning on. */
static size_t links_offset(size_t size)
{
    const size_t align = alignof(struct row_links);
    return (sizeof(struct row) + size + align - 1) / align * align;
}

/* Null: it has none. */
static struct row_links *links_of(struct row *r)
{
    return r->linked ? (struct row_links *)(void *)((uint8_t *)r + links_offset(r->size)) : NULL;
}

enum status row_new(struct bytes data, bool linked, struct row **out, struct error *e)
{
    *out = NULL;
    enum status status = check_value_size(data, e);
    if (status != STATUS_OK) return status;
    struct row *r = malloc(linked ? links_offset(data.size) + sizeof(struct row_links) : sizeof *r + data.size);
    if (!r) return error_no_memory(e);
    *r = (struct row){.size = (uint32_t)data.size, .linked = linked};
    if (data.size) memcpy(r->data, data.data, data.size);
    if (linked) *links_of(r) = (struct row_links){0};
    sha256(data, r->hash.bytes);
    *out = r;
    return STATUS_OK;
}

enum status row_view(struct bytes data, struct row **out, struct error *e)
{
    *out = NULL;
    enum status status = check_value_size(data, e);
    if (status != STATUS_OK) return status;
    struct row *r = malloc(sizeof *r + sizeof data.data);
    if (!r) return error_no_memory(e);
    *r = (struct row){.size = (uint32_t)data.size, .given = true, .borrowed = true};
    memcpy(r->data, &data.data, sizeof data.data);
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

/* ---- what a node and its origin share ---------------------------------------------------------------------------- */

enum { PLACES = 16 };

/* The child at a place: of a branch there is one for each nibble, of an extension there is the first. */
static const struct trie_hash *child_at(const struct node *n, unsigned place)
{
    if (n->kind == NODE_BRANCH) return node_child(n, place);
    return n->kind == NODE_EXTENSION && place == 0 ? n->children : NULL;
}

/* Whether `other` (null: no) has the same child at the same place, and the same value. */
static bool shares_child(const struct node *other, unsigned place, const struct trie_hash *child)
{
    const struct trie_hash *theirs = other ? child_at(other, place) : NULL;
    return theirs && trie_hash_equal(theirs, child);
}

static bool shares_value(const struct node *other, const struct node *n)
{
    return other && other->has_value && n->has_value && trie_hash_equal(&other->value.hash, &n->value.hash);
}

/* Null if there is no such row, or none that can be a node. */
static const struct node *decode(const struct row *r, struct node *out)
{
    return r && node_decode(row_bytes(r), out, NULL) == STATUS_OK ? out : NULL;
}

static void link_rows(struct row *origin, struct row *heir)
{
    links_of(origin)->heir = heir;
    links_of(heir)->origin = origin;
}

static void unlink_rows(struct row *origin, struct row *heir)
{
    links_of(origin)->heir = NULL;
    links_of(heir)->origin = NULL;
}

static bool may_be_origin(struct row *origin, struct row *r)
{
    return origin && origin != r && origin->node && origin->linked && r->linked && !links_of(origin)->heir;
}

/* ---- references ------------------------------------------------------------------------------------------------- */

static void refer_node(struct trie_store *s, const struct trie_hash *hash)
{
    struct row *r = store_find(s, hash);
    if (r) r->node_refs++;
}

static void refer_value(struct trie_store *s, const struct trie_hash *hash)
{
    struct row *r = store_find(s, hash);
    if (!r) return;
    r->value = true;
    r->value_refs++;
}

void store_make_node(struct trie_store *s, struct row *r, struct row *origin)
{
    struct node n, old;
    if (r->node || !decode(r, &n)) return;
    const struct node *shared = may_be_origin(origin, r) ? decode(origin, &old) : NULL;
    r->node = true;
    if (shared) link_rows(origin, r);
    for (unsigned i = 0; i < PLACES; i++) {
        const struct trie_hash *child = child_at(&n, i);
        if (child && !shares_child(shared, i, child)) refer_node(s, child);
    }
    if (n.has_value && !shares_value(shared, &n)) refer_value(s, &n.value.hash);
}

/* The heir holds references to everything below it from now on. */
static void settle(struct trie_store *s, struct row *heir)
{
    struct row *origin = links_of(heir)->origin;
    struct node n, old;
    const struct node *shared = decode(origin, &old);
    if (!decode(heir, &n)) return;
    for (unsigned i = 0; i < PLACES; i++) {
        const struct trie_hash *child = child_at(&n, i);
        if (child && shares_child(shared, i, child)) refer_node(s, child);
    }
    if (shares_value(shared, &n)) refer_value(s, &n.value.hash);
    unlink_rows(origin, heir);
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

/* The row with which a node that goes shares what is below it, null if there is none; they are no longer linked. */
static struct row *leave_links(struct trie_store *s, struct row *r)
{
    const struct row_links *l = links_of(r);
    if (!l) return NULL;
    if (l->heir && l->origin) settle(s, l->heir);
    struct row *heir = l->heir, *origin = l->origin;
    if (heir) unlink_rows(r, heir);
    else if (origin) unlink_rows(origin, r);
    return heir ? heir : origin;
}

/* What is shared stays with the other one: an origin has held it all along, an heir takes it over. */
static void let_go(struct trie_store *s, struct waiting *w, struct row *r)
{
    struct node n, other;
    r->node = false;
    const struct node *shared = decode(leave_links(s, r), &other);
    if (!decode(r, &n)) return;
    for (unsigned i = 0; i < PLACES; i++) {
        const struct trie_hash *child = child_at(&n, i);
        if (child && !shares_child(shared, i, child)) unrefer_node(w, store_find(s, child));
    }
    if (n.has_value && !shares_value(shared, &n)) unrefer_value(w, store_find(s, &n.value.hash));
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
