/* States whose nodes are shared: a few rows under which a queue, or an account's keys, has no end. What walks over them
 * must come to the limit of memory, which counts each step, and not to the system's. */
#include <stdlib.h>

#include "base/compare.h"
#include "near/access_key.h"
#include "near/account.h"
#include "near/receipt_queue.h"
#include "tests/proof_chain.h"
#include "trie/node.h"

enum { ROWS_MAX = 80, LEVELS = 12 /* of sharing: sizes of whole subtries have 64 bits */ };

struct state {
    struct arena arena;
    struct bytes rows[ROWS_MAX];
    uint32_t count;
};

struct part {
    struct trie_hash hash;
    uint64_t usage;
};

static struct trie_hash add_row(struct state *s, struct buffer *b)
{
    const struct crypto_hash hash = crypto_hash_of(bytes_of(b->data, b->size));
    uint8_t *copy = arena_alloc(&s->arena, b->size);
    if (CHECK(!b->failed && copy && s->count < ROWS_MAX)) {
        memcpy(copy, b->data, b->size);
        s->rows[s->count++] = bytes_of(copy, b->size);
    }
    buffer_free(b);
    return trie_hash_of_crypto(&hash);
}

/* Of a key's bytes, without the first `from`. */
static struct nibbles nibbles_of(struct state *s, struct bytes key, size_t from)
{
    uint8_t *n = arena_alloc(&s->arena, 2 * key.size + 1);
    size_t count = 0;
    for (size_t i = from; i < 2 * key.size; i++)
        n[count++] = i % 2 ? key.data[i / 2] & 15 : key.data[i / 2] >> 4;
    return (struct nibbles){n, count};
}

static struct trie_value value_of(struct state *s, struct buffer *b)
{
    const uint32_t size = (uint32_t)b->size;
    const struct trie_hash hash = add_row(s, b);
    return (struct trie_value){hash, size};
}

static struct part leaf(struct state *s, struct nibbles key, struct trie_value v)
{
    const uint64_t usage = node_usage_of_key(key.count) + NODE_USAGE_OF_VALUE + v.length;
    struct buffer b = {0};
    node_write_leaf(&b, key, &v, usage);
    return (struct part){add_row(s, &b), usage};
}

static struct part extension(struct state *s, struct nibbles key, struct part child)
{
    const uint64_t usage = node_usage_of_key(key.count) + child.usage;
    struct buffer b = {0};
    node_write_extension(&b, key, &child.hash, usage);
    return (struct part){add_row(s, &b), usage};
}

/* `value` may be null. */
static struct part branch(struct state *s, const struct trie_value *value, struct part *const children[static 16])
{
    const struct trie_hash *hashes[16];
    uint64_t usage = NODE_USAGE_OF_BRANCH + (value ? NODE_USAGE_OF_VALUE + value->length : 0);
    struct buffer b = {0};
    for (unsigned i = 0; i < 16; i++) {
        hashes[i] = children[i] ? &children[i]->hash : NULL;
        usage += children[i] ? children[i]->usage : 0;
    }
    node_write_branch(&b, value, hashes, usage);
    return (struct part){add_row(s, &b), usage};
}

/* All keys of so many nibbles: 16 to that power. */
static struct part endless(struct state *s, struct part end, unsigned levels)
{
    for (unsigned i = 0; i < levels; i++) {
        struct part *all[16];
        for (unsigned k = 0; k < 16; k++) all[k] = &end;
        const struct part next = branch(s, NULL, all);
        end = next;
    }
    return end;
}

/* A leaf with so many bytes of zeros as key, and the value in the buffer. */
static struct part leaf_of(struct state *s, size_t zeros, struct buffer *b)
{
    static const uint8_t bytes[64];
    return leaf(s, nibbles_of(s, bytes_of(bytes, zeros), 0), value_of(s, b));
}

static struct part queue_of(struct state *s, uint64_t first, uint64_t next)
{
    const struct queue_indices indices = {first, next};
    struct buffer b = {0};
    queue_indices_write(&indices, &b);
    return leaf_of(s, 0, &b);
}

static struct part branch_of_two(struct state *s, unsigned a, struct part first, unsigned b, struct part second)
{
    struct part *children[16] = {[0] = NULL};
    children[a] = &first;
    children[b] = &second;
    return branch(s, NULL, children);
}

/* What is below the first nibble, which is 0 in all keys. */
static struct part root_of(struct state *s, unsigned a, struct part first, unsigned b, struct part second)
{
    const uint8_t zero[] = {0};
    return extension(s, nibbles_of(s, bytes_of(zero, 1), 1), branch_of_two(s, a, first, b, second));
}

enum { INDEX_REST = 8 - LEVELS / 2 }; /* the last bytes of a queue's index */

/* ---- states ------------------------------------------------------------------------------------------------------ */

/* Yields that have expired, of which none is there. */
static struct part yields(struct state *s, const struct making *m)
{
    const struct yield_timeout t = {m->chain.ids[1], {{7}}, 1};
    struct buffer b = {0};
    yield_timeout_write(&t, &b);
    const struct part end = leaf_of(s, INDEX_REST, &b);
    return root_of(s, 10, queue_of(s, 0, UINT64_C(1) << 4 * LEVELS), 11, endless(s, end, LEVELS));
}

static struct part account_of(struct state *s, const struct account_id *id)
{
    const struct account a = {.form = ACCOUNT_V1, .amount = near_tokens(1000), .storage_usage = 182};
    struct buffer b = {0};
    account_write(&a, &b);
    return leaf(s, nibbles_of(s, account_id_bytes(id), 0), value_of(s, &b));
}

/* An account with more access keys than can be counted. */
static struct part access_keys(struct state *s, const struct making *m)
{
    const struct access_key key = {.permission = PERMISSION_FULL_ACCESS};
    const uint8_t type = 0;
    struct buffer b = {0}, prefix = {0};
    access_key_write(&key, &b);
    const struct part end = leaf_of(s, ED25519_PUBLIC_KEY_SIZE - LEVELS / 2, &b);
    trie_key_write_access_key_prefix(&m->chain.ids[1], &prefix);
    buffer_append(&prefix, &type, 1);
    const struct part keys = extension(s, nibbles_of(s, bytes_of(prefix.data, prefix.size), 2),
                                       endless(s, end, LEVELS));
    buffer_free(&prefix);
    return root_of(s, 0, account_of(s, &m->chain.ids[1]), 2, keys);
}

/* A contract with such data. */
static struct part data(struct state *s, const struct making *m)
{
    struct buffer b = {0}, prefix = {0};
    buffer_append(&b, "value", 5);
    const struct part end = leaf_of(s, 0, &b);
    trie_key_write_data_prefix(&m->chain.ids[1], (struct bytes){0}, &prefix);
    const struct part keys = extension(s, nibbles_of(s, bytes_of(prefix.data, prefix.size), 2),
                                       endless(s, end, LEVELS));
    buffer_free(&prefix);
    return root_of(s, 0, account_of(s, &m->chain.ids[1]), 9, keys);
}

/* Data that have come in and wait to be received. */
static struct part delayed(struct state *s, const struct making *m)
{
    static const struct crypto_hash id = {{7}};
    struct stored_receipt stored = {.form = STORED_RECEIPT_V1};
    struct queue_indices indices = {0, UINT64_C(1) << 4 * LEVELS};
    struct part *children[16];
    struct buffer b = {0}, queue = {0};
    const uint8_t column[] = {7};
    stored.receipt = receipt_data(&m->chain.ids[0], &m->chain.ids[1], &id, true, bytes_of_string("value"));
    stored.receipt.receipt_id.bytes[0] = 9;
    stored_receipt_write(&stored, &b);
    queue_indices_write(&indices, &queue);
    const struct part end = leaf_of(s, INDEX_REST, &b);
    struct part below = endless(s, end, LEVELS - 1);
    const struct trie_value value = value_of(s, &queue);
    for (unsigned i = 0; i < 16; i++) children[i] = &below;
    return extension(s, nibbles_of(s, bytes_of(column, 1), 0), branch(s, &value, children));
}

/* A buffered receipt to the own shard that is too large to leave, and groups without an end. */
static struct part groups(struct state *s, const struct making *m)
{
    static const uint8_t zeros[8];
    struct shard_buffer buffer = {.indices = {0, 1}};
    const struct buffered_indices indices = {&buffer, 1};
    const struct receipt_groups_queue queue = {.indices = {0, UINT64_C(1) << 4 * LEVELS}, .receipt_count = 1};
    const struct receipt_group group = {.size = 0};
    struct stored_receipt stored = {.form = STORED_RECEIPT_V1, .congestion_size = UINT32_MAX};
    struct buffer a = {0}, b = {0}, c = {0}, d = {0};
    stored.receipt = receipt_of(&m->chain, &m->chain.ids[1], NULL, 0, 77);
    buffered_indices_write(&indices, &a);
    stored_receipt_write(&stored, &b);
    receipt_groups_queue_write(&queue, &c);
    receipt_group_write(&group, &d);
    const struct part list = endless(s, leaf_of(s, INDEX_REST, &d), LEVELS);
    const struct part below = extension(s, nibbles_of(s, bytes_of(zeros, sizeof zeros), 0), list);
    return branch_of_two(s, 0, branch_of_two(s, 13, leaf_of(s, 0, &a), 14, leaf_of(s, 10, &b)), 1,
                         branch_of_two(s, 0, leaf_of(s, 8, &c), 1, below));
}

/* ---- proofs ------------------------------------------------------------------------------------------------------ */

static int compare_rows(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* Bob asks for the end of his account. */
static void delete_bob(struct making *m, struct chunk *k, uint32_t block)
{
    struct action *a = some(m, 1, sizeof *a);
    *a = (struct action){.kind = ACTION_KIND_delete_account, .delete_account = {m->chain.ids[0]}};
    struct receipt r = receipt_of(&m->chain, &m->chain.ids[1], a, 1, 77);
    r.predecessor_id = m->chain.ids[1];
    if (block == 0) add_given(m, k, block, &r);
}

/* Nothing leaves. */
static void congest(struct making *m, struct chunk *k, uint32_t block)
{
    (void)k;
    m->congestion[block].info.receipt_bytes = UINT64_C(1) << 50;
    m->congestion[block].info.allowed_shard = 9;
}

static void check_limit(const char *name, const struct execution_proof *p)
{
    struct limits limits = limits_standard();
    struct runtime_executor x;
    struct full_report report;
    struct error e = {0};
    limits.memory = 16; /* MiB */
    if (!CHECK_EQUAL(runtime_executor_init(&x, p->protocol_version, &e), STATUS_OK)) return;
    const struct full_options options = {.executor = &x.executor, .limits = &limits};
    const enum status status = proof_verify_full(p, &options, &report, &e);
    if (!CHECK_EQUAL(status, STATUS_LIMIT)) printf("%s: %s\n", name, e.message);
    runtime_executor_free(&x);
}

/* The proof of an honest block, beside another state that does not change. */
static void test_state(const char *name, struct part (*make_state)(struct state *, const struct making *),
                       alteration *alter)
{
    struct state s = {0};
    struct making m;
    struct execution_proof p;
    begin(&m);
    if (run_block(&m, NULL, 0, alter)) build(&m);
    if (CHECK_EQUAL(execution_proof_decode(bytes_of(m.bytes.data, m.bytes.size), &p, &m.e), STATUS_OK)) {
        const struct part root = make_state(&s, &m);
        const struct crypto_hash hash = crypto_hash_of_trie(&root.hash);
        qsort(s.rows, s.count, sizeof *s.rows, compare_rows);
        p.rows = s.rows;
        p.row_count = s.count;
        p.old_root = p.new_root = hash;
        ((struct proof_block *)(uintptr_t)p.blocks)[0].state_root = hash;
        ((struct proof_block *)(uintptr_t)p.blocks)[0].outgoing_count = 0;
        p.change_count = 0;
        p.counters = (struct proof_counters){0};
        check_limit(name, &p);
        execution_proof_free(&p);
    }
    arena_free(&s.arena);
    end(&m);
}

int main(void)
{
    test_begin("states of a few rows without an end");
    test_state("yields", yields, NULL);
    test_state("access keys", access_keys, delete_bob);
    test_state("data", data, delete_bob);
    test_state("delayed receipts", delayed, NULL);
    test_state("groups of receipts", groups, congest);
    return test_end();
}
