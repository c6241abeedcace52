#include <stdlib.h>

#include "base/array.h"
#include "trie/read.h"

/* What comes next at a node: its own value, then its children in order (0 to 15 are 1 to 16 here; an extension's only
 * child is 1), then nothing. */
enum { NEXT_VALUE = 0, NEXT_CHILD = 1, NEXT_NOTHING = 17 };

struct iterator_frame {
    struct node node;
    uint32_t depth; /* nibbles of the path to it */
    uint32_t next;
};

void trie_iterator_free(struct trie_iterator *it)
{
    free(it->frames);
    buffer_free(&it->nibbles);
    buffer_free(&it->key);
    *it = (struct trie_iterator){0};
}

/* ---- the path --------------------------------------------------------------------------------------------------- */

/* Room for so many nibbles more. The path is never longer than twice TRIE_KEY_MAX. */
static enum status reserve_nibbles(struct trie_iterator *it, size_t count, struct error *e)
{
    if (count > 2 * (size_t)TRIE_KEY_MAX - it->nibbles.size)
        return error_set(e, STATUS_INVALID, TRIE_BAD_SHAPE, ERROR_NO_OFFSET, "a key of more than %d bytes in the trie",
                         TRIE_KEY_MAX);
    return buffer_reserve(&it->nibbles, count) ? STATUS_OK : error_no_memory(e);
}

static enum status append_nibbles(struct trie_iterator *it, const struct node *n, struct error *e)
{
    const size_t count = node_nibble_count(n);
    enum status status = reserve_nibbles(it, count, e);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) buffer_append_byte(&it->nibbles, node_nibble(n, i));
    return status;
}

static enum status append_nibble(struct trie_iterator *it, unsigned nibble, struct error *e)
{
    enum status status = reserve_nibbles(it, 1, e);
    if (status == STATUS_OK) buffer_append_byte(&it->nibbles, (uint8_t)nibble);
    return status;
}

static enum status push(struct trie_iterator *it, const struct node *n, uint32_t next, struct error *e)
{
    if (!array_grow(&it->frames, it->count, &it->capacity, sizeof *it->frames)) return error_no_memory(e);
    it->frames[it->count++] = (struct iterator_frame){*n, (uint32_t)it->nibbles.size, next};
    return STATUS_OK;
}

static struct path path_of(const struct trie_iterator *it)
{
    return (struct path){it->nibbles.data, it->nibbles.size, false};
}

/* ---- finding the start ------------------------------------------------------------------------------------------ */

/* The rest of a key, as nibbles. */
struct rest {
    struct bytes key;
    size_t at;
};

static size_t rest_count(const struct rest *r)
{
    return 2 * r->key.size - r->at;
}

static uint8_t rest_nibble(const struct rest *r, size_t i)
{
    const size_t at = r->at + i;
    return at & 1 ? r->key.data[at / 2] & 0xf : r->key.data[at / 2] >> 4;
}

/* How the node's nibbles and the rest of the key compare: how many are common, and the sign of their order. */
static int compare_nibbles(const struct node *n, const struct rest *r, size_t *common)
{
    const size_t count = node_nibble_count(n), left = rest_count(r);
    size_t i = 0;
    while (i < count && i < left && node_nibble(n, i) == rest_nibble(r, i)) i++;
    *common = i;
    if (i < count && i < left) return node_nibble(n, i) < rest_nibble(r, i) ? -1 : 1;
    return count < left ? -1 : count > left;
}

/* One node on the way to the start: pushes it if the walk is to come back to it. The child to go to, or null. */
static enum status descend(struct trie_iterator *it, const struct node *n, struct rest *r, bool prefix,
                           const struct trie_hash **child, struct error *e)
{
    size_t common = 0;
    *child = NULL;
    if (rest_count(r) == 0) return push(it, n, NEXT_VALUE, e);
    if (n->kind == NODE_BRANCH) {
        const unsigned nibble = rest_nibble(r, 0);
        enum status status = prefix ? STATUS_OK : push(it, n, NEXT_CHILD + nibble + 1, e);
        if (status != STATUS_OK || !(*child = node_child(n, nibble))) return status;
        r->at++;
        return append_nibble(it, nibble, e);
    }
    const int order = compare_nibbles(n, r, &common);
    const size_t count = node_nibble_count(n);
    if (n->kind == NODE_EXTENSION && common == count && common < rest_count(r)) {
        *child = n->children;
        enum status status = prefix ? STATUS_OK : push(it, n, NEXT_NOTHING, e);
        r->at += count;
        return status == STATUS_OK ? append_nibbles(it, n, e) : status;
    }
    if (prefix ? common == rest_count(r) : order >= 0) return push(it, n, NEXT_VALUE, e);
    return STATUS_OK;
}

static enum status start(struct trie_iterator *it, const struct trie *reader, struct bytes key, bool prefix,
                         struct error *e)
{
    struct rest rest = {key, 0};
    struct node n, parent;
    const struct trie_hash *child;
    enum status status = check_key_size(key, e);
    if (status != STATUS_OK || trie_hash_is_empty(&reader->root)) return status;
    status = read_node(reader, &reader->root, NULL, path_of(it), &n, e);
    while (status == STATUS_OK && (status = descend(it, &n, &rest, prefix, &child, e)) == STATUS_OK && child) {
        parent = n;
        status = read_child(reader, &parent, child, NULL, path_of(it), &n, e);
    }
    return status;
}

enum status trie_iterator_prefix(struct trie_iterator *it, const struct trie *t, struct bytes prefix, struct error *e)
{
    *it = (struct trie_iterator){.trie = t};
    return start(it, t, prefix, true, e);
}

enum status trie_iterator_seek(struct trie_iterator *it, const struct trie *t, struct bytes key, struct error *e)
{
    struct trie reader = *t;
    reader.recorder = NULL;
    *it = (struct trie_iterator){.trie = t};
    return start(it, &reader, key, false, e);
}

/* ---- walking ---------------------------------------------------------------------------------------------------- */

static enum status enter_child(struct trie_iterator *it, const struct trie_hash *child, struct error *e)
{
    struct node n;
    enum status status = read_child(it->trie, &it->frames[it->count - 1].node, child, NULL, path_of(it), &n, e);
    return status == STATUS_OK ? push(it, &n, NEXT_VALUE, e) : status;
}

/* What is next at the last frame: enters a child, leaves the node, or comes to its value, to which the path leads
 * then. */
static enum status step(struct trie_iterator *it, bool *value, struct error *e)
{
    struct iterator_frame *f = &it->frames[it->count - 1];
    const struct node *n = &f->node;
    const uint32_t next = f->next++;
    *value = false;
    it->nibbles.size = f->depth;
    if (next >= NEXT_NOTHING) {
        it->count--;
        return STATUS_OK;
    }
    if (n->kind != NODE_BRANCH) {
        f->next = NEXT_NOTHING;
        *value = n->kind == NODE_LEAF;
        enum status status = append_nibbles(it, n, e);
        return status == STATUS_OK && !*value ? enter_child(it, n->children, e) : status;
    }
    if (next == NEXT_VALUE) {
        *value = n->has_value;
        return STATUS_OK;
    }
    const struct trie_hash *child = node_child(n, next - NEXT_CHILD);
    if (!child) return STATUS_OK;
    enum status status = append_nibble(it, next - NEXT_CHILD, e);
    return status == STATUS_OK ? enter_child(it, child, e) : status;
}

static enum status make_key(struct trie_iterator *it, struct error *e)
{
    const struct buffer *n = &it->nibbles;
    if (n->size & 1)
        return error_set(e, STATUS_INVALID, TRIE_BAD_SHAPE, ERROR_NO_OFFSET, "a key of %zu nibbles", n->size);
    it->key.size = 0;
    if (!buffer_reserve(&it->key, n->size / 2)) return error_no_memory(e);
    for (size_t i = 0; i < n->size; i += 2) buffer_append_byte(&it->key, (uint8_t)(n->data[i] << 4 | n->data[i + 1]));
    return STATUS_OK;
}

enum status trie_iterator_next(struct trie_iterator *it, bool *found, struct bytes *key, struct bytes *value,
                               struct error *e)
{
    enum status status = STATUS_OK;
    bool at_value = false;
    *found = false;
    *key = *value = (struct bytes){0};
    while (status == STATUS_OK && it->count && !at_value) status = step(it, &at_value, e);
    if (status != STATUS_OK || !at_value) return status;
    const struct trie_value v = it->frames[it->count - 1].node.value;
    status = make_key(it, e);
    if (status == STATUS_OK) status = read_value(it->trie, &v, NULL, path_of(it), value, e);
    if (status != STATUS_OK) return status;
    *found = true;
    *key = bytes_of(it->key.data, it->key.size);
    return STATUS_OK;
}
