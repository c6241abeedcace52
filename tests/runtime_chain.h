/* For tests of the runtime: a chain of one shard in memory. Three accounts with a key each, one of them with a contract
 * that writes, removes, promises, yields and resumes; blocks are applied one after another, and what leaves the shard
 * comes in with the next block. */
#ifndef TESTS_RUNTIME_CHAIN_H
#define TESTS_RUNTIME_CHAIN_H

#include <stdlib.h>

#include "crypto/ed25519.h"
#include "crypto/sha2.h"
#include "near/account.h"
#include "near/ids.h"
#include "near/trie_key.h"
#include "runtime/runtime.h"
#include "tests/modules.h"

enum { CHAIN_ACCOUNTS = 3, CHAIN_RECEIPTS = 64 };

/* Its methods are its exports: call has bob call himself and wait for that, abroad has him call zoe.near and wait,
 * yield keeps the data id of its yield under "write", resume resumes a yield that it has just made. */
static const char chain_contract[] =
    "(module"
    "  (import \"env\" \"storage_write\" (func $write (param i64 i64 i64 i64 i64) (result i64)))"
    "  (import \"env\" \"storage_remove\" (func $remove (param i64 i64 i64) (result i64)))"
    "  (import \"env\" \"log_utf8\" (func $log (param i64 i64)))"
    "  (import \"env\" \"value_return\" (func $return (param i64 i64)))"
    "  (import \"env\" \"read_register\" (func $read (param i64 i64)))"
    "  (import \"env\" \"promise_create\" (func $create (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))"
    "  (import \"env\" \"promise_then\" (func $then (param i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))"
    "  (import \"env\" \"promise_return\" (func $promise_return (param i64)))"
    "  (import \"env\" \"promise_yield_create\" (func $yield (param i64 i64 i64 i64 i64 i64 i64) (result i64)))"
    "  (import \"env\" \"promise_yield_resume\" (func $resume (param i64 i64 i64 i64) (result i32)))"
    "  (import \"env\" \"promise_results_count\" (func $results (result i64)))"
    "  (memory 1)"
    "  (data (i32.const 0) \"key\") (data (i32.const 8) \"value\") (data (i32.const 16) \"bob.near\")"
    "  (data (i32.const 32) \"write\") (data (i32.const 40) \"done\") (data (i32.const 48) \"zoe.near\")"
    "  (func (export \"write\")"
    "    (drop (call $write (i64.const 3) (i64.const 0) (i64.const 5) (i64.const 8) (i64.const 0)))"
    "    (call $log (i64.const 5) (i64.const 8)) (call $return (i64.const 5) (i64.const 8)))"
    "  (func (export \"remove\") (drop (call $remove (i64.const 3) (i64.const 0) (i64.const 0))))"
    "  (func (export \"fail\")"
    "    (drop (call $write (i64.const 3) (i64.const 0) (i64.const 3) (i64.const 8) (i64.const 0)))"
    "    unreachable)"
    "  (func (export \"done\") (if (i64.ne (call $results) (i64.const 1)) (then unreachable)))"
    "  (func (export \"call\")"
    "    (call $promise_return (call $then"
    "      (call $create (i64.const 8) (i64.const 16) (i64.const 5) (i64.const 32) (i64.const 0) (i64.const 0)"
    "                    (i64.const 64) (i64.const 10000000000000))"
    "      (i64.const 8) (i64.const 16) (i64.const 4) (i64.const 40) (i64.const 0) (i64.const 0) (i64.const 64)"
    "      (i64.const 10000000000000))))"
    "  (func (export \"abroad\")"
    "    (call $promise_return (call $then"
    "      (call $create (i64.const 8) (i64.const 48) (i64.const 5) (i64.const 32) (i64.const 0) (i64.const 0)"
    "                    (i64.const 64) (i64.const 10000000000000))"
    "      (i64.const 8) (i64.const 16) (i64.const 4) (i64.const 40) (i64.const 0) (i64.const 0) (i64.const 64)"
    "      (i64.const 10000000000000))))"
    "  (func (export \"yield\")"
    "    (drop (call $yield (i64.const 4) (i64.const 40) (i64.const 0) (i64.const 0) (i64.const 10000000000000)"
    "                       (i64.const 0) (i64.const 1)))"
    "    (call $read (i64.const 1) (i64.const 128))"
    "    (drop (call $write (i64.const 5) (i64.const 32) (i64.const 32) (i64.const 128) (i64.const 0))))"
    "  (func (export \"resume\")"
    "    (drop (call $yield (i64.const 4) (i64.const 40) (i64.const 0) (i64.const 0) (i64.const 10000000000000)"
    "                       (i64.const 0) (i64.const 1)))"
    "    (call $read (i64.const 1) (i64.const 128))"
    "    (if (i32.eqz (call $resume (i64.const 32) (i64.const 128) (i64.const 5) (i64.const 8))) (then unreachable))))";

struct chain {
    struct arena arena;
    struct trie_store store;
    struct trie_hash root;
    struct contract_cache *contracts;
    struct buffer code;
    struct account_id ids[CHAIN_ACCOUNTS];     /* alice.near, bob.near (the contract), carol.near */
    struct ed25519_key keys[CHAIN_ACCOUNTS];
    struct public_key public_keys[CHAIN_ACCOUNTS];
    uint32_t version;
    uint64_t height, nonce;
    struct u128 gas_price;
    const struct receipt *incoming;            /* of the next block, in the arena */
    uint32_t incoming_count;
    struct shard_congestion congestion;
    uint64_t shard_ids[1];
};

static inline struct u128 near_tokens(uint64_t count)
{
    struct u128 yocto = {0, 0};
    CHECK(u128_parse(bytes_of_string("1000000000000000000000000"), &yocto));
    CHECK(u128_multiply(yocto, u128_of(count), &yocto));
    return yocto;
}

/* One more key and value on top of the chain's state. */
static inline bool chain_set(struct chain *c, const struct trie_key *key, struct bytes value)
{
    struct buffer k = {0};
    struct trie_hash root;
    const struct trie t = {.store = &c->store, .root = c->root};
    trie_key_write(key, &k);
    const struct trie_change change = {bytes_of(k.data, k.size), value, false};
    const bool ok = !k.failed && trie_apply(&t, &change, 1, &root, NULL, NULL) == STATUS_OK;
    buffer_free(&k);
    if (!ok) return false;
    trie_release(&c->store, &c->root);
    c->root = root;
    return true;
}

/* The bytes of a key's value; data is null if there is none. Valid until the state changes. */
static inline struct bytes chain_value(struct chain *c, const struct trie_key *key)
{
    struct buffer k = {0};
    struct bytes value = {0};
    bool found = false;
    const struct trie t = {.store = &c->store, .root = c->root};
    trie_key_write(key, &k);
    CHECK(trie_get(&t, bytes_of(k.data, k.size), NULL, &found, &value, NULL) == STATUS_OK);
    buffer_free(&k);
    return found ? value : (struct bytes){0};
}

static inline struct account chain_account(struct chain *c, const struct account_id *id)
{
    struct account a = {0};
    const struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, id);
    const struct bytes value = chain_value(c, &key);
    if (value.data) CHECK(account_from_borsh(value, &a, NULL) == STATUS_OK);
    return a;
}

static inline void chain_add_account(struct chain *c, size_t i, bool with_code)
{
    struct account a = {.form = ACCOUNT_V1, .amount = near_tokens(1000), .storage_usage = 182};
    struct buffer value = {0}, access = {0};
    const struct access_key key = {.permission = PERMISSION_FULL_ACCESS};
    if (with_code) {
        const struct crypto_hash hash = crypto_hash_of(bytes_of(c->code.data, c->code.size));
        account_set_local_code(&a, &hash);
        a.storage_usage += c->code.size;
    }
    account_write(&a, &value);
    access_key_write(&key, &access);
    const struct trie_key account = trie_key_of_account(TRIE_KEY_ACCOUNT, &c->ids[i]);
    const struct trie_key code = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &c->ids[i]);
    const struct trie_key access_key = trie_key_of_access_key(&c->ids[i], &c->public_keys[i]);
    CHECK(chain_set(c, &account, bytes_of(value.data, value.size)));
    CHECK(chain_set(c, &access_key, bytes_of(access.data, access.size)));
    if (with_code) CHECK(chain_set(c, &code, bytes_of(c->code.data, c->code.size)));
    buffer_free(&value);
    buffer_free(&access);
}

static inline void chain_init(struct chain *c, uint32_t version)
{
    static const char *const names[CHAIN_ACCOUNTS] = {"alice.near", "bob.near", "carol.near"};
    *c = (struct chain){.version = version, .height = 100, .nonce = 1, .gas_price = u128_of(100000000)};
    c->contracts = contract_cache_new();
    c->code = binary_of(chain_contract);
    for (size_t i = 0; i < CHAIN_ACCOUNTS; i++) {
        uint8_t seed[ED25519_SEED_SIZE] = {(uint8_t)(i + 1)};
        ed25519_key_from_seed(&c->keys[i], seed);
        c->ids[i] = account_id_of(names[i]);
        c->public_keys[i].type = KEY_ED25519;
        memcpy(c->public_keys[i].data, c->keys[i].public_key, ED25519_PUBLIC_KEY_SIZE);
        chain_add_account(c, i, i == 1);
    }
}

static inline void chain_free(struct chain *c)
{
    trie_store_free(&c->store);
    contract_cache_free(c->contracts);
    buffer_free(&c->code);
    arena_free(&c->arena);
}

/* ---- what goes in ----------------------------------------------------------------------------------------------- */

static inline struct action call_of(const char *method)
{
    return (struct action){.kind = ACTION_KIND_function_call,
                           .function_call = {.method_name = bytes_of_string(method), .gas = UINT64_C(100000000000000)}};
}

static inline struct action transfer_of(struct u128 amount)
{
    return (struct action){.kind = ACTION_KIND_transfer, .transfer = {amount}};
}

/* From alice, to the account. The actions stay the caller's. */
static inline struct receipt receipt_of(const struct chain *c, const struct account_id *to,
                                        const struct action *actions, uint32_t count, uint8_t id)
{
    struct receipt r = {.predecessor_id = c->ids[0], .receiver_id = *to, .kind = RECEIPT_action};
    r.receipt_id.bytes[0] = id;
    r.action = (struct action_receipt){.signer_id = c->ids[0], .signer_public_key = &c->public_keys[0],
                                       .gas_price = c->gas_price, .actions = actions, .action_count = count};
    return r;
}

/* Signed by the account's key, with the nonce; as it comes out of its own Borsh bytes. */
static inline struct signed_transaction transaction_of(struct chain *c, size_t signer, const struct account_id *to,
                                                       const struct action *actions, uint32_t count, uint64_t nonce)
{
    struct signed_transaction t = {0}, read = {0};
    uint8_t signature[ED25519_SIGNATURE_SIZE];
    struct buffer b = {0};
    t.transaction = (struct transaction){.version = TRANSACTION_V0, .signer_id = c->ids[signer], .receiver_id = *to,
                                         .public_key = &c->public_keys[signer], .nonce = nonce, .actions = actions,
                                         .action_count = count};
    CHECK(transaction_hash(&t.transaction, &t.hash, NULL) == STATUS_OK);
    ed25519_sign(&c->keys[signer], crypto_hash_bytes(&t.hash), signature);
    t.signature = (struct signature){KEY_ED25519, bytes_of(signature, sizeof signature)};
    signed_transaction_write(&t, &b);
    uint8_t *copy = arena_alloc(&c->arena, b.size);
    memcpy(copy, b.data, b.size);
    CHECK(signed_transaction_from_borsh(bytes_of(copy, b.size), &c->arena, &read, NULL) == STATUS_OK);
    buffer_free(&b);
    return read;
}

/* ---- blocks ----------------------------------------------------------------------------------------------------- */

/* A chunk of the next block, without transactions, with the receipts that are on their way. */
static inline struct chunk chain_chunk(struct chain *c)
{
    static const struct crypto_hash zero;
    return (struct chunk){
        .parameters = parameters_of(c->version), .protocol_version = c->version, .chain_id = bytes_of_string("test"),
        .shards = {.shard_ids = c->shard_ids, .shard_count = 1}, .block_height = c->height,
        .block_timestamp = c->height * 1000000000, .epoch_height = 1, .prev_block_hash = id_of(&zero, c->height, 0),
        .random_seed = id_of(&zero, c->height, 1), .gas_price = c->gas_price,
        .gas_limit = UINT64_C(1000000000000000), .is_new_chunk = true, .congestion = &c->congestion,
        .congestion_count = 1, .incoming = c->incoming, .incoming_count = c->incoming_count,
    };
}

/* Takes the result over: state, receipts, congestion. */
static inline void chain_advance(struct chain *c, const struct chunk_result *r)
{
    struct receipt *incoming = arena_array(&c->arena, r->outgoing_count, sizeof *incoming);
    c->incoming_count = 0;
    for (uint32_t i = 0; i < r->outgoing_count; i++) {
        struct buffer b = {0};
        receipt_write(r->outgoing[i], &b);
        uint8_t *copy = arena_alloc(&c->arena, b.size);
        memcpy(copy, b.data, b.size);
        CHECK(receipt_from_borsh(bytes_of(copy, b.size), &c->arena, &incoming[i], NULL) == STATUS_OK);
        c->incoming_count++;
        buffer_free(&b);
    }
    c->incoming = incoming;
    c->congestion.info = r->congestion_info;
    trie_release(&c->store, &c->root);
    c->root = r->state_root;
    c->height++;
}

/* Applies the chunk and goes on from there. Release *out with chunk_result_free. */
static inline void chain_apply(struct chain *c, const struct chunk *chunk, struct chunk_result *out)
{
    struct trie_recorder recorder = {0};
    struct error e = {0};
    const struct trie t = {.store = &c->store, .root = c->root, .recorder = &recorder};
    if (apply_chunk(chunk, &t, c->contracts, out, &e) != STATUS_OK) test_check(false, "apply_chunk", 0, e.message);
    else chain_advance(c, out);
    trie_recorder_free(&recorder);
}

#endif
