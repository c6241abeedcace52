/* Account ids: 2 to 64 characters; parts of a-z and 0-9, divided by single '.', '-' or '_'. Some forms stand for
 * accounts that nobody named: the hexadecimal form of a key, or of a hash of an initial state.
 * Source: near-account-id 3.0.0; NEP-448 (implicit), NEP-518 (Ethereum), NEP-616 (deterministic). */
#ifndef NEAR_ACCOUNT_ID_H
#define NEAR_ACCOUNT_ID_H

#include "base/bytes.h"
#include "base/error.h"

enum {
    ACCOUNT_ID_MIN = 2,
    ACCOUNT_ID_MAX = 64,
    ACCOUNT_ID_TEXT_SIZE = ACCOUNT_ID_MAX + 1, /* with a NUL */
};

/* A value: copy it freely. `text` is not NUL-terminated, and zero after `length`. length 0: no account id. */
struct account_id {
    uint8_t length;
    char text[ACCOUNT_ID_MAX];
};

/* error.code of account_id_parse. */
enum account_id_error {
    ACCOUNT_ID_TOO_SHORT = 1,
    ACCOUNT_ID_TOO_LONG,
    ACCOUNT_ID_REDUNDANT_SEPARATOR, /* at the start, at the end, or after another separator */
    ACCOUNT_ID_INVALID_CHARACTER,
};

/* True: *out is the account id. False: *e (which may be null) says what is wrong, with the offset of the character;
 * lengths are looked at first, then the first wrong character counts. *out is then unchanged. */
bool account_id_parse(struct bytes text, struct account_id *out, struct error *e);
bool account_id_valid(struct bytes text);

/* For account ids known at compile time and valid: asserts nothing, gives length 0 if the text is not an account id. */
struct account_id account_id_of(const char *text);

static inline struct bytes account_id_bytes(const struct account_id *id)
{
    return (struct bytes){(const uint8_t *)id->text, id->length};
}
bool account_id_equal(const struct account_id *a, const struct account_id *b);
/* As strings are ordered, byte by byte: negative, 0 or positive. */
int account_id_compare(const struct account_id *a, const struct account_id *b);

/* With a NUL behind it. Returns out. */
const char *account_id_text(const struct account_id *id, char out[static ACCOUNT_ID_TEXT_SIZE]);

/* ---- kinds ------------------------------------------------------------------------------------------------------ */

enum account_kind {
    ACCOUNT_NAMED,
    ACCOUNT_NEAR_IMPLICIT,      /* 64 hexadecimal digits: an ED25519 key */
    ACCOUNT_ETH_IMPLICIT,       /* 0x and 40 hexadecimal digits: an Ethereum address */
    ACCOUNT_NEAR_DETERMINISTIC, /* 0s and 40 hexadecimal digits: hash of code and state */
    ACCOUNT_UNIVERSAL,          /* 0u and 52 base32 digits: hash of code, state and keys */
};

/* By its form alone, for every protocol version: whether the version knows the kind is said by its flags. */
enum account_kind account_id_kind(const struct account_id *id);
const char *account_kind_name(enum account_kind kind); /* "named", "NEAR-implicit", ... */

/* Everything but ACCOUNT_NAMED. */
bool account_kind_is_implicit(enum account_kind kind);

/* "system", the account that refunds and other receipts of the protocol come from. */
bool account_id_is_system(const struct account_id *id);
/* Without a '.', and not "system". */
bool account_id_is_top_level(const struct account_id *id);
/* `id` is NAME.parent where NAME has no '.': only the parent may create such an account. */
bool account_id_is_sub_account_of(const struct account_id *id, const struct account_id *parent);

/* ---- ids that follow from keys and states ----------------------------------------------------------------------- */

/* 64 hexadecimal digits of an ED25519 key. */
struct account_id account_id_near_implicit(const uint8_t public_key[static 32]);
/* 0x and the last 20 bytes of Keccak-256 of a SECP256K1 key (x and y, big-endian). */
struct account_id account_id_eth_implicit(const uint8_t public_key[static 64]);
/* 0s and the last 20 bytes of Keccak-256 of the Borsh bytes of a DeterministicAccountStateInit. */
struct account_id account_id_deterministic(struct bytes state_init);
/* 0u and the 32 bytes in base32 (Crockford's alphabet, most significant bit first, 4 bits of zero at the end). */
struct account_id account_id_universal_of_hash(const uint8_t hash[static 32]);
/* The same for the SHA3-256 of the Borsh bytes of a UniversalStateInit, taken as they are. */
struct account_id account_id_universal(struct bytes state_init);

#endif
