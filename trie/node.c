#include "trie/node.h"

#include "base/borsh.h"

enum tag { TAG_LEAF = 0, TAG_BRANCH = 1, TAG_BRANCH_WITH_VALUE = 2, TAG_EXTENSION = 3 };

/* The first nibble of an encoded key: this bit says leaf, the lowest one that the number of nibbles is odd. */
enum { PREFIX_LEAF = 2, PREFIX_ODD = 1 };

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static struct trie_value read_value(struct borsh_reader *r)
{
    struct trie_value v = {.length = borsh_read_u32(r)};
    const struct bytes hash = borsh_read_fixed(r, sizeof v.hash.bytes);
    if (!r->failed) memcpy(v.hash.bytes, hash.data, sizeof v.hash.bytes);
    return v;
}

static void read_key(struct borsh_reader *r, struct node *n)
{
    n->key = borsh_read_bytes(r);
    if (r->failed) return;
    const uint8_t first = n->key.size ? n->key.data[0] : 0xff, prefix = first >> 4;
    if (prefix > (PREFIX_LEAF | PREFIX_ODD) || ((prefix & PREFIX_LEAF) != 0) != (n->kind == NODE_LEAF))
        borsh_reject(r, "the prefix of the nibbles is wrong");
    else if (!(prefix & PREFIX_ODD) && (first & 0xf)) borsh_reject(r, "the padding of the nibbles is not zero");
    else if (n->kind == NODE_EXTENSION && first == 0 && n->key.size == 1) borsh_reject(r, "an extension by no nibbles");
}

static void read_children(struct borsh_reader *r, struct node *n, unsigned count)
{
    /* a struct trie_hash is bytes alone, so that it may begin anywhere */
    n->children = (const struct trie_hash *)borsh_read_fixed(r, count * sizeof *n->children).data;
}

static void read_branch(struct borsh_reader *r, struct node *n)
{
    n->bitmap = borsh_read_u16(r);
    const unsigned count = node_child_count(n);
    if (!r->failed && count + n->has_value < 2) borsh_reject(r, "a branch with fewer than two ways on");
    read_children(r, n, count);
}

static enum status check_usage(const struct node *n, size_t size, struct error *e)
{
    const uint64_t own = node_own_usage(n);
    if (n->kind == NODE_LEAF ? n->memory_usage == own : n->memory_usage > own) return STATUS_OK;
    return error_set(e, STATUS_INVALID, TRIE_BAD_MEMORY_USAGE, size - 8,
                     "memory usage %llu, where the node itself has %llu", (unsigned long long)n->memory_usage,
                     (unsigned long long)own);
}

enum status node_decode(struct bytes row, struct node *out, struct error *e)
{
    struct borsh_reader r = borsh_reader_of(row);
    *out = (struct node){0};
    const uint8_t tag = borsh_read_u8(&r);
    switch (tag) {
    case TAG_LEAF:
        out->kind = NODE_LEAF;
        read_key(&r, out);
        out->has_value = true;
        out->value = read_value(&r);
        break;
    case TAG_EXTENSION:
        out->kind = NODE_EXTENSION;
        read_key(&r, out);
        read_children(&r, out, 1);
        break;
    case TAG_BRANCH:
    case TAG_BRANCH_WITH_VALUE:
        out->kind = NODE_BRANCH;
        out->has_value = tag == TAG_BRANCH_WITH_VALUE;
        if (out->has_value) out->value = read_value(&r);
        read_branch(&r, out);
        break;
    default: borsh_reject(&r, "no kind of node");
    }
    out->memory_usage = borsh_read_u64(&r);
    if (borsh_finish(&r, "trie node", e) == STATUS_OK) return check_usage(out, row.size, e);
    if (e) {
        e->status = STATUS_INVALID;
        e->code = TRIE_BAD_NODE;
    }
    return STATUS_INVALID;
}

/* Where the nibbles begin, counted in nibbles. */
static size_t first_nibble(const struct node *n)
{
    return n->key.data[0] >> 4 & PREFIX_ODD ? 1 : 2;
}

size_t node_nibble_count(const struct node *n)
{
    return n->key.size ? 2 * n->key.size - first_nibble(n) : 0;
}

uint8_t node_nibble(const struct node *n, size_t i)
{
    const size_t at = i + first_nibble(n);
    return at & 1 ? n->key.data[at / 2] & 0xf : n->key.data[at / 2] >> 4;
}

static unsigned bits(unsigned v)
{
    return (unsigned)__builtin_popcount(v);
}

unsigned node_child_count(const struct node *n)
{
    return n->kind == NODE_EXTENSION ? 1 : bits(n->bitmap);
}

const struct trie_hash *node_child(const struct node *n, unsigned nibble)
{
    return n->bitmap >> nibble & 1 ? &n->children[bits(n->bitmap & ((1u << nibble) - 1))] : NULL;
}

uint64_t node_own_usage(const struct node *n)
{
    const uint64_t value = n->has_value ? NODE_USAGE_OF_VALUE + (uint64_t)n->value.length : 0;
    if (n->kind == NODE_BRANCH) return NODE_USAGE_OF_BRANCH + value;
    return node_usage_of_key(node_nibble_count(n)) + value;
}

enum status node_check_child(const struct node *parent, const struct node *child, struct error *e)
{
    const uint64_t below = parent->memory_usage - node_own_usage(parent);
    if (parent->kind == NODE_LEAF || (parent->kind == NODE_EXTENSION && child->kind != NODE_BRANCH))
        return error_set(e, STATUS_INVALID, TRIE_BAD_SHAPE, ERROR_NO_OFFSET,
                         "an extension leads to a node that is no branch");
    const bool alone = node_child_count(parent) == 1;
    if (alone ? child->memory_usage == below : child->memory_usage < below) return STATUS_OK;
    return error_set(e, STATUS_INVALID, TRIE_BAD_MEMORY_USAGE, ERROR_NO_OFFSET,
                     "a node's memory usage is %llu, but the one above it has %llu for all below",
                     (unsigned long long)child->memory_usage, (unsigned long long)below);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static void write_key(struct buffer *b, struct nibbles key, unsigned prefix)
{
    const size_t odd = key.count & 1;
    borsh_write_u32(b, (uint32_t)node_key_size(key.count));
    buffer_append_byte(b, odd ? (uint8_t)((prefix | PREFIX_ODD) << 4 | key.data[0]) : (uint8_t)(prefix << 4));
    for (size_t i = odd; i < key.count; i += 2) buffer_append_byte(b, (uint8_t)(key.data[i] << 4 | key.data[i + 1]));
}

static void write_hash(struct buffer *b, const struct trie_hash *h)
{
    buffer_append(b, h->bytes, sizeof h->bytes);
}

static void write_value(struct buffer *b, const struct trie_value *v)
{
    borsh_write_u32(b, v->length);
    write_hash(b, &v->hash);
}

void node_write_leaf(struct buffer *b, struct nibbles key, const struct trie_value *value, uint64_t memory_usage)
{
    borsh_write_u8(b, TAG_LEAF);
    write_key(b, key, PREFIX_LEAF);
    write_value(b, value);
    borsh_write_u64(b, memory_usage);
}

void node_write_extension(struct buffer *b, struct nibbles key, const struct trie_hash *child, uint64_t memory_usage)
{
    borsh_write_u8(b, TAG_EXTENSION);
    write_key(b, key, 0);
    write_hash(b, child);
    borsh_write_u64(b, memory_usage);
}

void node_write_branch(struct buffer *b, const struct trie_value *value,
                       const struct trie_hash *const children[static 16], uint64_t memory_usage)
{
    unsigned bitmap = 0;
    borsh_write_u8(b, value ? TAG_BRANCH_WITH_VALUE : TAG_BRANCH);
    if (value) write_value(b, value);
    for (unsigned i = 0; i < 16; i++) bitmap |= children[i] ? 1u << i : 0;
    borsh_write_u16(b, (uint16_t)bitmap);
    for (unsigned i = 0; i < 16; i++) {
        if (children[i]) write_hash(b, children[i]);
    }
    borsh_write_u64(b, memory_usage);
}
