/* Public keys of accounts and validators. Source: near-crypto 0.38.0. */
#ifndef NEAR_PUBLIC_KEY_H
#define NEAR_PUBLIC_KEY_H

#include "base/bytes.h"
#include "base/error.h"

enum key_type { KEY_ED25519 = 0, KEY_SECP256K1 = 1, KEY_ML_DSA_65 = 2, KEY_TYPE_COUNT };

enum {
    PUBLIC_KEY_ED25519_SIZE = 32,
    PUBLIC_KEY_SECP256K1_SIZE = 64, /* x and y, big-endian, without the 0x04 in front */
    PUBLIC_KEY_ML_DSA_65_SIZE = 1952,
    PUBLIC_KEY_MAX = PUBLIC_KEY_ML_DSA_65_SIZE,
};

/* `data` is used up to public_key_data_size, and zero after that. Whether the bytes are a point of the curve is not
 * said: any bytes of the right size are a key. */
struct public_key {
    uint8_t type; /* enum key_type */
    uint8_t data[PUBLIC_KEY_MAX];
};

/* Bytes of a key of that type, without the type byte; 0 for a number that is no type. */
size_t key_type_size(unsigned type);
const char *key_type_name(unsigned type); /* "ed25519", "secp256k1", "ml-dsa-65"; "unknown" */

static inline struct bytes public_key_data(const struct public_key *key)
{
    return (struct bytes){key->data, key_type_size(key->type)};
}

/* The key in Borsh: type byte, then the data: 33, 65 or 1953 bytes. The reader takes the whole input or nothing:
 * STATUS_MALFORMED for an unknown type, missing or surplus bytes; *out is then unchanged. */
enum status public_key_from_borsh(struct bytes input, struct public_key *out, struct error *e);
void public_key_write(const struct public_key *key, struct buffer *out);
size_t public_key_wire_size(const struct public_key *key);

/* How many bytes of the key stand in a trie key: those of the wire, but an ML-DSA-65 key is there as a type byte and a
 * hash of 32 bytes. */
size_t public_key_trie_id_size(const struct public_key *key);

/* "ed25519:" and base58 of the data; the reader also takes the types in upper case, and text without a type as
 * ED25519. STATUS_MALFORMED: unknown type, characters that are not base58, wrong length; *out is then unchanged.
 * Printing appends. False, and nothing appended: no memory (out->failed). */
enum status public_key_parse(struct bytes text, struct public_key *out, struct error *e);
bool public_key_print(const struct public_key *key, struct buffer *out);

bool public_key_equal(const struct public_key *a, const struct public_key *b);

/* ---- handles: keys as they stand in the state ------------------------------------------------------------------- */

/* An ED25519 or SECP256K1 key, or the hash of an ML-DSA-65 key. Its wire form is a tag (0, 1, or 3 for the hash) and
 * the data; its text form that of the key, or "ml-dsa-65-hash:" and base58 of the hash. */
enum key_handle_tag { KEY_HANDLE_ED25519 = 0, KEY_HANDLE_SECP256K1 = 1, KEY_HANDLE_ML_DSA_65_HASH = 3 };
enum { PUBLIC_KEY_HANDLE_MAX = 64 };

struct public_key_handle {
    uint8_t tag; /* enum key_handle_tag */
    uint8_t data[PUBLIC_KEY_HANDLE_MAX];
};

struct public_key_handle public_key_handle_of(const struct public_key *key);
/* Bytes behind the tag; 0 for a number that is no tag of a handle. */
size_t key_handle_size(unsigned tag);
void public_key_handle_write(const struct public_key_handle *handle, struct buffer *out);
bool public_key_handle_print(const struct public_key_handle *handle, struct buffer *out);

#endif
