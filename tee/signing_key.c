#include "tee/signing_key.h"

#include "crypto/ed25519.h"
#include "crypto/edwards25519.h"
#include "tee/sealed_key.h"
#include "tee/secret_memory.h"

#define KEY_TAG "nvm-signing-key-v1"

/* With their NULs, and of one length. */
static const char statement_tag[] = "nvm-tee-statement-v2";
static const char unchecked_tag[] = "nvm-tee-unchecked-v1";
_Static_assert(sizeof statement_tag == sizeof unchecked_tag, "one layout for both");

enum { MESSAGE_MAX = sizeof statement_tag + 1 + 32 + TEE_SIGNING_PURPOSE_MAX + 8 };

struct tee_signing_key {
    uint8_t seed[ED25519_SEED_SIZE];
    struct ed25519_key key;
};

enum status tee_signing_key_new(const struct tee_system *system, struct tee_signing_key **out, struct error *e)
{
    *out = NULL;
    struct tee_signing_key *key = secret_memory_new(sizeof *key);
    if (!key) return error_no_memory(e);
    const enum status status = tee_random(system, key->seed, sizeof key->seed, e);
    if (status == STATUS_OK) {
        ed25519_key_from_seed(&key->key, key->seed);
        *out = key;
    } else {
        tee_signing_key_free(key);
    }
    return status;
}

void tee_signing_key_free(struct tee_signing_key *key)
{
    secret_memory_free(key, sizeof *key);
}

const uint8_t *tee_signing_key_public(const struct tee_signing_key *key)
{
    return key->key.public_key;
}

static enum status message_of(const struct tee_signed *x, uint8_t out[MESSAGE_MAX], size_t *size, struct error *e)
{
    uint8_t *p = out + sizeof statement_tag;
    if (x->purpose.size > TEE_SIGNING_PURPOSE_MAX)
        return tee_refuse(e, TEE_LIMIT, "a purpose has at most %d bytes, not %zu", TEE_SIGNING_PURPOSE_MAX,
                          x->purpose.size);
    memcpy(out, x->origin == ORIGIN_NONE ? unchecked_tag : statement_tag, sizeof statement_tag);
    *p++ = (uint8_t)x->origin;
    memcpy(p, x->statement, 32), p += 32;
    if (x->purpose.size) memcpy(p, x->purpose.data, x->purpose.size), p += x->purpose.size;
    store_le64(p, x->time);
    *size = (size_t)(p + 8 - out);
    return STATUS_OK;
}

enum status tee_signing_key_sign(const struct tee_signing_key *key, const struct tee_signed *what,
                                 uint8_t signature[TEE_SIGNING_SIGNATURE_SIZE], struct error *e)
{
    uint8_t message[MESSAGE_MAX];
    size_t size = 0;
    const enum status status = message_of(what, message, &size, e);
    if (status == STATUS_OK) ed25519_sign(&key->key, bytes_of(message, size), signature);
    return status;
}

/* A point whose eightfold is the neutral element. Without the check, s = 0 and R of small order are a signature of one
 * statement in eight. */
static bool small_order(const uint8_t public_key[ED25519_PUBLIC_KEY_SIZE])
{
    static const uint8_t zero[32] = {0}, eight[32] = {8}, neutral[32] = {1};
    struct edwards25519 point, multiple;
    uint8_t encoded[32];
    if (!edwards25519_from_bytes(&point, public_key)) return true;
    edwards25519_double_multiply(&multiple, zero, eight, &point);
    edwards25519_to_bytes(encoded, &multiple);
    return memcmp(encoded, neutral, sizeof encoded) == 0;
}

enum status tee_statement_verify(struct bytes public_key, const struct tee_signed *what,
                                 const uint8_t signature[TEE_SIGNING_SIGNATURE_SIZE], struct error *e)
{
    uint8_t message[MESSAGE_MAX];
    size_t size = 0;
    if (public_key.size != ED25519_PUBLIC_KEY_SIZE)
        return tee_refuse(e, TEE_KEY, "the key has %zu bytes, expected %d (ed25519)", public_key.size,
                          ED25519_PUBLIC_KEY_SIZE);
    if (small_order(public_key.data))
        return tee_refuse(e, TEE_KEY, "the key is not a point of ed25519, or one of small order");
    const enum status status = message_of(what, message, &size, e);
    if (status != STATUS_OK) return status;
    if (ed25519_verify(public_key.data, bytes_of(message, size), signature)) return STATUS_OK;
    return tee_refuse(e, TEE_STATEMENT_SIGNATURE,
                      "the signature over origin, statement, purpose and time is not that of the key");
}

enum status tee_signing_key_seal(const struct tee_signing_key *key, const struct tee_root *root,
                                 const struct tee_system *system, const struct tee_seal_policy *policy,
                                 const struct tee_snapshot *registers, struct buffer *out, struct error *e)
{
    return sealed_key_write(KEY_TAG, key->seed, root, system, policy, registers, out, e);
}

enum status tee_signing_key_unseal(const struct tee_root *root, struct bytes blob, const struct tee_snapshot *registers,
                                   const uint8_t *code_hash, struct tee_signing_key **out, struct error *e)
{
    *out = NULL;
    struct tee_signing_key *key = secret_memory_new(sizeof *key);
    if (!key) return error_no_memory(e);
    const enum status status = sealed_key_read(KEY_TAG, root, blob, registers, code_hash, key->seed, e);
    if (status == STATUS_OK) {
        ed25519_key_from_seed(&key->key, key->seed);
        *out = key;
    } else {
        tee_signing_key_free(key);
    }
    return status;
}
