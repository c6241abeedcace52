/* Keys of the state: which bytes stand for which account, key, datum or queue. Source: near-primitives 0.38.0,
 * trie_key.rs. */
#ifndef NEAR_TRIE_KEY_H
#define NEAR_TRIE_KEY_H

#include "near/action.h"

enum trie_key_kind {
#define X(name, text, column, shape) TRIE_KEY_##name,
#include "near/trie_keys.def"
#undef X
    TRIE_KEY_KIND_COUNT,
};

const char *trie_key_kind_name(enum trie_key_kind kind); /* "account", ...; "unknown" */

/* Which fields are in use follows from the kind: near/trie_keys.def. `data` belongs to somebody else. */
struct trie_key {
    enum trie_key_kind kind;
    struct account_id account_id;
    union {
        struct { struct public_key_handle handle; uint16_t nonce_index; } key;
        struct crypto_hash hash;            /* a data id, or the receipt's */
        struct bytes data;                  /* what the contract calls its key */
        struct { uint64_t shard_id, index; } queue;
        struct global_contract_id contract;
    };
};

/* Appends the bytes. A shard id above 16 bits in TRIE_KEY_BUFFERED_RECEIPT sets out->failed. */
void trie_key_write(const struct trie_key *key, struct buffer *out);

/* Reads the bytes of a key, all of them; `data` of *out points into them. STATUS_MALFORMED, with the offset, if no key
 * has these bytes; *out is then unchanged. */
enum status trie_key_parse(struct bytes bytes, struct trie_key *out, struct error *e);

/* Appends one line for people, without a newline: "account alice.near", "data alice.near STATE",
 * "access_key alice.near ed25519:…". A contract's key that is not made of printable ASCII
 * without spaces, or begins with 0x, is hexadecimal, with 0x in front. Hashes are base58. */
void trie_key_print(const struct trie_key *key, struct buffer *out);

/* ---- the usual ones ---------------------------------------------------------------------------------------------- */

/* TRIE_KEY_ACCOUNT and TRIE_KEY_CONTRACT_CODE. */
struct trie_key trie_key_of_account(enum trie_key_kind kind, const struct account_id *id);
struct trie_key trie_key_of_access_key(const struct account_id *id, const struct public_key *key);
struct trie_key trie_key_of_gas_key_nonce(const struct account_id *id, const struct public_key *key, uint16_t index);
/* Kinds of the shape "hash". */
struct trie_key trie_key_of_hash(enum trie_key_kind kind, const struct account_id *id, const struct crypto_hash *hash);
struct trie_key trie_key_of_data(const struct account_id *id, struct bytes data);
/* Kinds of the shapes none, index, buffer, shard, group; what the shape lacks is ignored. */
struct trie_key trie_key_of_queue(enum trie_key_kind kind, uint64_t shard_id, uint64_t index);
struct trie_key trie_key_of_contract(enum trie_key_kind kind, const struct global_contract_id *id);

/* ---- prefixes, to walk over all keys of an account --------------------------------------------------------------- */

/* What all access keys (and nonces of gas keys) of an account begin with. */
void trie_key_write_access_key_prefix(const struct account_id *id, struct buffer *out);
/* What all data of a contract begin with; `prefix` is what the contract's own keys begin with. */
void trie_key_write_data_prefix(const struct account_id *id, struct bytes prefix, struct buffer *out);

#endif
