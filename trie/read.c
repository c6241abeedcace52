#include "trie/read.h"

#include <stdio.h>

#include "trie/store.h"

/* ---- errors ----------------------------------------------------------------------------------------------------- */

enum { PATH_SHOWN = 64, HASH_TEXT = 65, PATH_TEXT = PATH_SHOWN + 4 };

static void print_hash(const struct trie_hash *hash, char text[HASH_TEXT])
{
    for (size_t i = 0; i < sizeof hash->bytes; i++) snprintf(text + 2 * i, 3, "%02x", hash->bytes[i]);
}

/* A nibble as a digit; of long paths the first ones. */
static void print_path(struct path path, char text[PATH_TEXT])
{
    size_t n = 0;
    for (; n < path.count && n < PATH_SHOWN; n++) {
        const uint8_t b = path.packed ? path.data[n / 2] >> (n & 1 ? 0 : 4) & 0xf : path.data[n] & 0xf;
        text[n] = "0123456789abcdef"[b];
    }
    strcpy(text + n, n < path.count ? "..." : "");
}

static enum status missing(const struct trie *t, const struct trie_hash *hash, bool value, struct path path,
                           struct error *e)
{
    char hash_text[HASH_TEXT], path_text[PATH_TEXT];
    if (t->missing) *t->missing = (struct trie_missing){*hash, value};
    print_hash(hash, hash_text);
    print_path(path, path_text);
    return error_set(e, STATUS_INVALID, value ? TRIE_MISSING_VALUE : TRIE_MISSING_NODE, ERROR_NO_OFFSET,
                     "the %s %s is missing%s%s", value ? "value" : "node", hash_text,
                     path.count ? ", at the end of the path " : "", path_text);
}

enum status read_error_at(struct error *e, const struct trie_hash *hash, struct path path)
{
    struct error inner;
    char hash_text[HASH_TEXT], path_text[PATH_TEXT];
    if (!e) return STATUS_INVALID;
    inner = *e;
    inner.message[60] = 0; /* what the path leaves */
    print_hash(hash, hash_text);
    print_path(path, path_text);
    return error_set(e, inner.status, inner.code, inner.offset, "node %s at %s: %s", hash_text,
                     path.count ? path_text : "the root", inner.message);
}

enum status check_key_size(struct bytes key, struct error *e)
{
    if (key.size <= TRIE_KEY_MAX) return STATUS_OK;
    return error_set(e, STATUS_LIMIT, TRIE_LONG_KEY, ERROR_NO_OFFSET, "a key of %zu bytes; at most %d are allowed",
                     key.size, TRIE_KEY_MAX);
}

enum status check_value_size(struct bytes value, struct error *e)
{
    if (value.size <= TRIE_VALUE_MAX) return STATUS_OK;
    return error_set(e, STATUS_LIMIT, TRIE_LONG_VALUE, ERROR_NO_OFFSET, "a value of %zu bytes; at most %d are kept",
                     value.size, TRIE_VALUE_MAX);
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

static enum status note(const struct trie *t, struct row *r, struct trie_touched *touched, struct error *e)
{
    enum status status = touched ? touched_add(touched, &r->hash, e) : STATUS_OK;
    if (status != STATUS_OK || !t->recorder) return status;
    if (!t->recorder->mark) return recorder_add(t->recorder, &r->hash, row_bytes(r), e);
    recorder_mark(t->recorder, r);
    return STATUS_OK;
}

enum status read_node_row(const struct trie *t, const struct trie_hash *hash, struct trie_touched *touched,
                          struct path path, struct row **row, struct node *out, struct error *e)
{
    struct row *r = *row = store_find(t->store, hash);
    if (!r) return missing(t, hash, false, path, e);
    enum status status = node_decode(row_bytes(r), out, e);
    if (status != STATUS_OK) {
        read_error_at(e, hash, path);
        return status;
    }
    if (t->recorder) t->recorder->nodes_read++;
    return note(t, r, touched, e);
}

enum status read_node(const struct trie *t, const struct trie_hash *hash, struct trie_touched *touched,
                      struct path path, struct node *out, struct error *e)
{
    struct row *row;
    return read_node_row(t, hash, touched, path, &row, out, e);
}

enum status read_child(const struct trie *t, const struct node *parent, const struct trie_hash *hash,
                       struct trie_touched *touched, struct path path, struct node *out, struct error *e)
{
    enum status status = read_node(t, hash, touched, path, out, e);
    if (status != STATUS_OK) return status;
    status = node_check_child(parent, out, e);
    if (status != STATUS_OK) read_error_at(e, hash, path);
    return status;
}

enum status read_value(const struct trie *t, const struct trie_value *v, struct trie_touched *touched,
                       struct path path, struct bytes *out, struct error *e)
{
    struct row *r = store_find(t->store, &v->hash);
    *out = (struct bytes){0};
    if (!r) return missing(t, &v->hash, true, path, e);
    if (r->size != v->length)
        return error_set(e, STATUS_INVALID, TRIE_BAD_LENGTH, ERROR_NO_OFFSET,
                         "a value of %u bytes, where its node says %u", r->size, v->length);
    if (t->recorder) t->recorder->values_read++;
    enum status status = note(t, r, touched, e);
    if (status == STATUS_OK) *out = row_bytes(r);
    return status;
}

enum status trie_read_value(const struct trie *t, const struct trie_value *v, struct trie_touched *touched,
                            struct bytes *out, struct error *e)
{
    return read_value(t, v, touched, (struct path){0}, out, e);
}

/* ---- lookup ----------------------------------------------------------------------------------------------------- */

static uint8_t key_nibble(struct bytes key, size_t i)
{
    return i & 1 ? key.data[i / 2] & 0xf : key.data[i / 2] >> 4;
}

/* Whether the key goes on, after `at` nibbles, with those of the node. */
static bool goes_on_with(struct bytes key, size_t at, const struct node *n)
{
    const size_t count = node_nibble_count(n);
    if (count > 2 * key.size - at) return false;
    for (size_t i = 0; i < count; i++) {
        if (key_nibble(key, at + i) != node_nibble(n, i)) return false;
    }
    return true;
}

/* From a node that stands after *at nibbles of the key: the hash of the child to go to, *at being behind it then; null
 * if the way ends here, with or without the value. */
static const struct trie_hash *step(struct bytes key, size_t *at, const struct node *n, bool *found)
{
    const size_t left = 2 * key.size - *at;
    *found = false;
    switch (n->kind) {
    case NODE_LEAF: *found = left == node_nibble_count(n) && goes_on_with(key, *at, n); return NULL;
    case NODE_EXTENSION:
        if (!goes_on_with(key, *at, n)) return NULL;
        *at += node_nibble_count(n);
        return n->children;
    case NODE_BRANCH: break;
    }
    if (left == 0) {
        *found = n->has_value;
        return NULL;
    }
    return node_child(n, key_nibble(key, (*at)++));
}

enum status trie_find(const struct trie *t, struct bytes key, struct trie_touched *touched, bool *found,
                      struct trie_value *out, struct error *e)
{
    struct node n, parent;
    size_t at = 0;
    *found = false;
    enum status status = check_key_size(key, e);
    if (status != STATUS_OK || trie_hash_is_empty(&t->root)) return status;
    status = read_node(t, &t->root, touched, (struct path){0}, &n, e);
    for (const struct trie_hash *next; status == STATUS_OK && (next = step(key, &at, &n, found));) {
        parent = n;
        status = read_child(t, &parent, next, touched, (struct path){key.data, at, true}, &n, e);
    }
    if (status == STATUS_OK && *found) *out = n.value;
    else *found = false;
    return status;
}

enum status trie_get(const struct trie *t, struct bytes key, struct trie_touched *touched, bool *found,
                     struct bytes *out, struct error *e)
{
    struct trie_value v;
    *out = (struct bytes){0};
    enum status status = trie_find(t, key, touched, found, &v, e);
    const struct path path = {key.data, 2 * key.size, true};
    if (status == STATUS_OK && *found) status = read_value(t, &v, touched, path, out, e);
    if (status != STATUS_OK) *found = false;
    return status;
}

enum status trie_memory_usage(const struct trie *t, uint64_t *out, struct error *e)
{
    struct node n;
    *out = 0;
    if (trie_hash_is_empty(&t->root)) return STATUS_OK;
    enum status status = read_node(t, &t->root, NULL, (struct path){0}, &n, e);
    if (status == STATUS_OK) *out = n.memory_usage;
    return status;
}
