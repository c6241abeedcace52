/* A chain of one shard for tests: a state with some accounts, transactions that are really signed, blocks. */
#ifndef TESTS_RUNTIME_FIXTURE_H
#define TESTS_RUNTIME_FIXTURE_H

#include "crypto/ed25519.h"
#include "near/action_delegate.h"
#include "runtime/internal.h"
#include "tests/modules.h"
#include "tests/test.h"

enum { FIXTURE_HEIGHT = 100, FIXTURE_GAS_PRICE = 100000000 };

static inline struct u128 near_tokens(uint64_t near)
{
    struct u128 amount = {0, 0};
    u128_multiply(u128_of(1000000000000), u128_of(1000000000000), &amount);
    u128_multiply(amount, u128_of(near), &amount);
    return amount;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

struct test_key {
    struct ed25519_key secret;
    struct public_key public;
};

static inline struct test_key test_key_of(const char *seed)
{
    struct test_key k = {.public = {.type = KEY_ED25519}};
    struct crypto_hash hash = crypto_hash_of(bytes_of_string(seed));
    ed25519_key_from_seed(&k.secret, hash.bytes);
    memcpy(k.public.data, k.secret.public_key, sizeof k.secret.public_key);
    return k;
}

/* ---- the chain --------------------------------------------------------------------------------------------------- */

struct fixture {
    struct arena arena;
    struct trie_store store;
    struct trie_hash root;
    struct chunk chunk;
    uint64_t shard_id;
    struct shard_congestion congestion; /* as the last block left it */
    struct contract_cache *contracts;
    struct chunk_result result; /* of the last block */
    const struct receipt *incoming; /* what it sent: to be received in the next one */
    uint32_t incoming_count;
    struct u128 burnt;              /* by all blocks */
};

static inline void fixture_begin(struct fixture *f, uint32_t version)
{
    *f = (struct fixture){.contracts = contract_cache_new()};
    f->chunk = (struct chunk){
        .parameters = parameters_of(version),
        .protocol_version = version,
        .chain_id = bytes_of_string("localnet"),
        .shards = {.shard_count = 1},
        .block_height = FIXTURE_HEIGHT,
        .gas_price = u128_of(FIXTURE_GAS_PRICE),
        .gas_limit = UINT64_C(1000000000000000),
        .is_new_chunk = true,
        .minimum_stake = near_tokens(10),
    };
}

static inline void fixture_end(struct fixture *f)
{
    chunk_result_free(&f->result);
    trie_store_free(&f->store);
    contract_cache_free(f->contracts);
    arena_free(&f->arena);
}

/* Writes one value to the state. */
static inline void fixture_set(struct fixture *f, const struct trie_key *key, const struct buffer *value)
{
    struct trie trie = {.store = &f->store, .root = f->root};
    struct buffer bytes = {0};
    struct error e;
    trie_key_write(key, &bytes);
    struct trie_change change = {bytes_of(bytes.data, bytes.size), bytes_of(value->data, value->size), false};
    CHECK(trie_apply(&trie, &change, 1, &f->root, NULL, &e) == STATUS_OK);
    buffer_free(&bytes);
}

/* Reads one value; it lies in the store. */
static inline bool fixture_get(struct fixture *f, const struct trie_key *key, struct bytes *value)
{
    struct trie trie = {.store = &f->store, .root = f->root};
    struct buffer bytes = {0};
    struct error e;
    bool found = false;
    trie_key_write(key, &bytes);
    CHECK(trie_get(&trie, bytes_of(bytes.data, bytes.size), NULL, &found, value, &e) == STATUS_OK);
    buffer_free(&bytes);
    return found;
}

static inline bool fixture_account(struct fixture *f, const char *name, struct account *out)
{
    struct account_id id = account_id_of(name);
    struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, &id);
    struct bytes value;
    struct error e;
    return fixture_get(f, &key, &value) && CHECK(account_from_borsh(value, out, &e) == STATUS_OK);
}

static inline bool fixture_access_key(struct fixture *f, const char *name, const struct test_key *k,
                                      struct access_key *out)
{
    struct account_id id = account_id_of(name);
    struct trie_key key = trie_key_of_access_key(&id, &k->public);
    struct bytes value;
    struct error e;
    return fixture_get(f, &key, &value) && CHECK(access_key_from_borsh(value, &f->arena, out, &e) == STATUS_OK);
}

/* The nonce of a gas key; 0 if there is none. */
static inline uint64_t fixture_nonce(struct fixture *f, const char *name, const struct test_key *k, uint16_t index)
{
    struct account_id id = account_id_of(name);
    struct trie_key key = trie_key_of_gas_key_nonce(&id, &k->public, index);
    struct bytes value;
    return fixture_get(f, &key, &value) && CHECK_EQUAL(value.size, 8) ? load_le64(value.data) : 0;
}

static inline void fixture_add_key(struct fixture *f, const char *name, const struct test_key *k,
                                   const struct access_key *key)
{
    struct account_id id = account_id_of(name);
    struct trie_key trie_key = trie_key_of_access_key(&id, &k->public);
    struct buffer value = {0};
    access_key_write(key, &value);
    fixture_set(f, &trie_key, &value);
    buffer_free(&value);
}

static inline void fixture_set_account(struct fixture *f, const char *name, const struct account *a)
{
    struct account_id id = account_id_of(name);
    struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, &id);
    struct buffer value = {0};
    account_write(a, &value);
    fixture_set(f, &key, &value);
    buffer_free(&value);
}

/* An account with so many NEAR and the full access key of its own name. */
static inline void fixture_add_account(struct fixture *f, const char *name, uint64_t near)
{
    struct test_key k = test_key_of(name);
    const struct account a = {.form = ACCOUNT_V1, .amount = near_tokens(near), .storage_usage = 182};
    const struct access_key full = {.permission = PERMISSION_FULL_ACCESS};
    fixture_set_account(f, name, &a);
    fixture_add_key(f, name, &k, &full);
}

/* ---- transactions ------------------------------------------------------------------------------------------------ */

static inline struct transaction fixture_transaction(const char *signer, const char *receiver,
                                                     const struct test_key *k, uint64_t nonce,
                                                     const struct action *actions, uint32_t count)
{
    return (struct transaction){
        .signer_id = account_id_of(signer), .receiver_id = account_id_of(receiver), .public_key = &k->public,
        .nonce = nonce, .actions = actions, .action_count = count,
    };
}

static inline struct bytes fixture_keep(struct fixture *f, const void *data, size_t size)
{
    uint8_t *copy = arena_alloc(&f->arena, size);
    if (copy && size) memcpy(copy, data, size);
    return bytes_of(copy, size);
}

static inline struct signature fixture_signature(struct fixture *f, const struct test_key *k,
                                                 const struct crypto_hash *hash)
{
    uint8_t bytes[ED25519_SIGNATURE_SIZE];
    ed25519_sign(&k->secret, crypto_hash_bytes(hash), bytes);
    return (struct signature){KEY_ED25519, fixture_keep(f, bytes, sizeof bytes)};
}

static inline struct signed_transaction fixture_sign(struct fixture *f, const struct transaction *t,
                                                     const struct test_key *k)
{
    struct signed_transaction s = {.transaction = *t};
    struct buffer borsh = {0};
    transaction_write(t, &borsh);
    CHECK(!borsh.failed);
    s.hash = crypto_hash_of(bytes_of(borsh.data, borsh.size));
    s.signature = fixture_signature(f, k, &s.hash);
    s.unsigned_size = borsh.size;
    s.size = borsh.size + signature_wire_size(&s.signature);
    buffer_free(&borsh);
    return s;
}

/* A delegate action that the key has signed. *d must stay. */
static inline struct action fixture_delegate(struct fixture *f, struct delegate_action *d, const struct test_key *k)
{
    struct crypto_hash hash = {0};
    struct buffer borsh = {0};
    struct error e;
    d->public_key = &k->public;
    CHECK(delegate_action_hash(d, &hash, &e) == STATUS_OK);
    d->signature = fixture_signature(f, k, &hash);
    delegate_action_write(d, &borsh);
    struct action a = {.kind = d->is_v2 ? ACTION_KIND_delegate_v2 : ACTION_KIND_delegate};
    a.delegate.borsh = fixture_keep(f, borsh.data, borsh.size);
    a.delegate.parsed = d;
    buffer_free(&borsh);
    return a;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

/* Copies of what was sent last, which outlive the block's result. */
static inline void fixture_keep_outgoing(struct fixture *f)
{
    struct receipt *kept = arena_array(&f->arena, f->result.outgoing_count, sizeof *kept);
    for (uint32_t i = 0; i < f->result.outgoing_count; i++) {
        struct buffer borsh = {0};
        struct error e;
        receipt_write(f->result.outgoing[i], &borsh);
        struct bytes bytes = fixture_keep(f, borsh.data, borsh.size);
        CHECK(receipt_from_borsh(bytes, &f->arena, &kept[i], &e) == STATUS_OK);
        buffer_free(&borsh);
    }
    f->incoming = kept;
    f->incoming_count = f->result.outgoing_count;
}

/* Applies a block with these transactions and with what the last one has sent. */
static inline void fixture_block(struct fixture *f, const struct signed_transaction *transactions, uint32_t count)
{
    struct trie trie = {.store = &f->store, .root = f->root};
    struct error e = {.message = ""};
    f->chunk.shards.shard_ids = &f->shard_id;
    f->chunk.congestion = &f->congestion;
    f->chunk.congestion_count = 1;
    f->chunk.transactions = transactions;
    f->chunk.transaction_count = count;
    f->chunk.incoming = f->incoming;
    f->chunk.incoming_count = f->incoming_count;
    chunk_result_free(&f->result);
    if (!CHECK(apply_chunk(&f->chunk, &trie, f->contracts, &f->result, &e) == STATUS_OK)) {
        printf("%s\n", e.message);
        f->incoming_count = 0;
        return;
    }
    f->root = f->result.state_root;
    u128_add(f->burnt, f->result.stats.tx_burnt_amount, &f->burnt);
    u128_add(f->burnt, f->result.stats.other_burnt_amount, &f->burnt);
    f->congestion.info = f->result.congestion_info;
    f->chunk.block_height++;
    fixture_keep_outgoing(f);
}

/* Why the i-th outcome of the last block failed: the variants of the error; "" if it did not. */
static inline const char *fixture_error(struct fixture *f, uint32_t i)
{
    struct buffer name = {0};
    if (!CHECK(i < f->result.outcome_count)) return "no such outcome";
    const struct execution_outcome *o = &f->result.outcomes[i];
    if (o->status != EXECUTION_FAILURE) return "";
    execution_error_name(o->error, &name);
    buffer_append_byte(&name, 0);
    struct bytes kept = fixture_keep(f, name.data, name.size);
    buffer_free(&name);
    return (const char *)kept.data;
}

/* A block with one transaction, then blocks until nothing is on its way. Returns why the first outcome failed, or the
 * first one of all; "" if none did. */
static inline const char *fixture_run(struct fixture *f, const struct transaction *t, const struct test_key *k)
{
    struct signed_transaction s = fixture_sign(f, t, k);
    const char *error = "";
    fixture_block(f, &s, 1);
    for (int blocks = 0; blocks < 10; blocks++) {
        for (uint32_t i = 0; i < f->result.outcome_count && !*error; i++) error = fixture_error(f, i);
        if (!f->incoming_count) break;
        fixture_block(f, NULL, 0);
    }
    return error;
}

/* An account of 100 NEAR with a contract of its own. */
static inline void fixture_add_contract(struct fixture *f, const char *name, const char *wat)
{
    struct buffer code = binary_of(wat);
    struct crypto_hash hash = crypto_hash_of(bytes_of(code.data, code.size));
    struct account_id id = account_id_of(name);
    struct trie_key key = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &id);
    struct account a = {0};
    fixture_add_account(f, name, 100);
    CHECK(fixture_account(f, name, &a));
    account_set_local_code(&a, &hash);
    a.storage_usage += code.size;
    fixture_set_account(f, name, &a);
    fixture_set(f, &key, &code);
    buffer_free(&code);
}

#endif
