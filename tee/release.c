#include "tee/release.h"

#include "crypto/aes_gcm.h"
#include "crypto/ecdh.h"
#include "crypto/hmac.h"
#include "crypto/wipe.h"
#include "tee/sealed_key.h"
#include "tee/secret_memory.h"

#define MESSAGE_MAGIC "NVMROOT" /* with its NUL: 8 bytes */
#define KEY_TAG "nvm-release-key-v1"

enum {
    MESSAGE_VERSION = 1,
    MESSAGE_SUITE = 1, /* ECDH on P-256, HKDF-SHA-256, AES-256-GCM */
    AT_VERSION = 8, AT_SUITE = 10, AT_SENDER = 12, AT_NONCE = AT_SENDER + ECDH_POINT_SIZE,
    AT_CIPHER = AT_NONCE + AES_GCM_NONCE_SIZE, AT_TAG = AT_CIPHER + 32, MESSAGE_SIZE = AT_TAG + AES_GCM_TAG_SIZE,
    SECRET_TRIES = 16, /* one random number in 2^32 is no secret of the curve */
};
_Static_assert((int)MESSAGE_SIZE == (int)TEE_RELEASE_MESSAGE_SIZE, "the header says so");

struct tee_release_key {
    uint8_t secret[ECDH_SECRET_SIZE];
    uint8_t point[ECDH_POINT_SIZE];
};

static enum status random_secret(const struct tee_system *system, uint8_t secret[ECDH_SECRET_SIZE], struct error *e)
{
    for (int i = 0; i < SECRET_TRIES; i++) {
        const enum status status = tee_random(system, secret, ECDH_SECRET_SIZE, e);
        if (status != STATUS_OK || ecdh_secret_valid(secret)) return status;
    }
    wipe(secret, ECDH_SECRET_SIZE);
    return error_set(e, STATUS_IO, TEE_DEVICE, ERROR_NO_OFFSET, "the system's random numbers are not random");
}

enum status tee_release_key_new(const struct tee_system *system, struct tee_release_key **out, struct error *e)
{
    *out = NULL;
    struct tee_release_key *key = secret_memory_new(sizeof *key);
    if (!key) return error_no_memory(e);
    const enum status status = random_secret(system, key->secret, e);
    if (status == STATUS_OK) {
        ecdh_public(key->secret, key->point);
        *out = key;
    } else {
        tee_release_key_free(key);
    }
    return status;
}

void tee_release_key_free(struct tee_release_key *key)
{
    secret_memory_free(key, sizeof *key);
}

const uint8_t *tee_release_key_public(const struct tee_release_key *key)
{
    return key->point;
}

/* Info: label of the protocol, sender's key, receiver's key, digest, length and bytes of the label: nothing can be shifted.
 * Wipes what both share. */
static void derive_key(uint8_t shared[ECDH_SHARED_SIZE], const uint8_t *sender, const uint8_t *receiver,
                       const struct tee_release_context *context, uint8_t key[AES_GCM_KEY_SIZE])
{
    static const char protocol[] = "nvm-root-release-v1"; /* with its NUL */
    uint8_t info[sizeof protocol + 2 * ECDH_POINT_SIZE + 32 + 4 + TEE_RELEASE_LABEL_MAX], *p = info;
    memcpy(p, protocol, sizeof protocol), p += sizeof protocol;
    memcpy(p, sender, ECDH_POINT_SIZE), p += ECDH_POINT_SIZE;
    memcpy(p, receiver, ECDH_POINT_SIZE), p += ECDH_POINT_SIZE;
    memcpy(p, context->digest, 32), p += 32;
    store_le32(p, (uint32_t)context->label.size), p += 4;
    if (context->label.size) memcpy(p, context->label.data, context->label.size), p += context->label.size;
    hkdf(HASH_SHA256, bytes_of(NULL, 0), bytes_of(shared, ECDH_SHARED_SIZE), bytes_of(info, (size_t)(p - info)), key,
         AES_GCM_KEY_SIZE, NULL);
    wipe(shared, ECDH_SHARED_SIZE);
}

static enum status check_label(const struct tee_release_context *context, struct error *e)
{
    if (context->label.size <= TEE_RELEASE_LABEL_MAX) return STATUS_OK;
    return tee_refuse(e, TEE_LIMIT, "a label has at most %d bytes, not %zu", TEE_RELEASE_LABEL_MAX, context->label.size);
}

/* The message with everything but ciphertext and tag; the key that both will have. */
static enum status begin_message(const struct tee_system *system, struct bytes receiver,
                                 const struct tee_release_context *context, uint8_t message[MESSAGE_SIZE],
                                 uint8_t key[AES_GCM_KEY_SIZE], struct error *e)
{
    uint8_t secret[ECDH_SECRET_SIZE], shared[ECDH_SHARED_SIZE];
    memcpy(message, MESSAGE_MAGIC, 8);
    store_le16(message + AT_VERSION, MESSAGE_VERSION);
    store_le16(message + AT_SUITE, MESSAGE_SUITE);
    enum status status = tee_random(system, message + AT_NONCE, AES_GCM_NONCE_SIZE, e);
    if (status == STATUS_OK) status = random_secret(system, secret, e);
    if (status != STATUS_OK) return status;
    ecdh_public(secret, message + AT_SENDER);
    if (ecdh_shared(secret, receiver.data, shared))
        derive_key(shared, message + AT_SENDER, receiver.data, context, key);
    else
        status = tee_refuse(e, TEE_KEY, "the receiver's key is not a point of P-256");
    wipe(secret, sizeof secret);
    return status;
}

enum status tee_release_wrap(const struct tee_root *root, const struct tee_system *system, struct bytes receiver,
                             const struct tee_release_context *context, struct buffer *out, struct error *e)
{
    uint8_t message[MESSAGE_SIZE], key[AES_GCM_KEY_SIZE];
    enum status status = check_label(context, e);
    if (status != STATUS_OK) return status;
    if (receiver.size != ECDH_POINT_SIZE)
        return tee_refuse(e, TEE_KEY, "the receiver's key has %zu bytes, expected %d: a point of P-256, not compressed",
                          receiver.size, ECDH_POINT_SIZE);
    if (!buffer_reserve(out, MESSAGE_SIZE)) return error_no_memory(e);
    status = begin_message(system, receiver, context, message, key, e);
    if (status != STATUS_OK) return status;
    aes_gcm_encrypt(AES_GCM_FASTEST, key, message + AT_NONCE, bytes_of(message, AT_CIPHER),
                    bytes_of(root->secret, sizeof root->secret), message + AT_CIPHER, message + AT_TAG);
    wipe(key, sizeof key);
    buffer_append(out, message, sizeof message);
    return STATUS_OK;
}

static enum status check_message(struct bytes message, struct error *e)
{
    const uint8_t *p = message.data;
    if (message.size != MESSAGE_SIZE)
        return tee_refuse(e, TEE_LENGTH, "a released root has %d bytes, this message %zu", MESSAGE_SIZE, message.size);
    if (memcmp(p, MESSAGE_MAGIC, 8) != 0)
        return tee_refuse(e, TEE_FORMAT, "not a released root: the message does not begin like one");
    if (load_le16(p + AT_VERSION) != MESSAGE_VERSION)
        return tee_refuse(e, TEE_VERSION, "released in version %u of the format, expected %d", load_le16(p + AT_VERSION),
                          MESSAGE_VERSION);
    if (load_le16(p + AT_SUITE) != MESSAGE_SUITE)
        return tee_refuse(e, TEE_SUITE, "released with suite %u, expected %d (P-256, HKDF-SHA-256, AES-256-GCM)",
                          load_le16(p + AT_SUITE), MESSAGE_SUITE);
    return STATUS_OK;
}

static enum status check_id(const struct tee_root *root, const uint8_t *expected, struct error *e)
{
    uint8_t id[TEE_ROOT_ID_SIZE];
    tee_root_id(root, id);
    if (memcmp(id, expected, sizeof id) == 0) return STATUS_OK;
    return tee_refuse(e, TEE_SEAL_CORRUPT, "the released root is %02x%02x%02x%02x…, expected %02x%02x%02x%02x…", id[0],
                      id[1], id[2], id[3], expected[0], expected[1], expected[2], expected[3]);
}

static enum status unwrap(const struct tee_release_key *key, const uint8_t *message,
                          const struct tee_release_context *context, struct tee_root *out, struct error *e)
{
    uint8_t shared[ECDH_SHARED_SIZE], wrapping[AES_GCM_KEY_SIZE];
    if (!ecdh_shared(key->secret, message + AT_SENDER, shared))
        return tee_refuse(e, TEE_KEY, "the sender's key is not a point of P-256");
    derive_key(shared, message + AT_SENDER, key->point, context, wrapping);
    const bool right = aes_gcm_decrypt(AES_GCM_FASTEST, wrapping, message + AT_NONCE, bytes_of(message, AT_CIPHER),
                                       bytes_of(message + AT_CIPHER, sizeof out->secret), message + AT_TAG, out->secret);
    wipe(wrapping, sizeof wrapping);
    if (right) return STATUS_OK;
    return tee_refuse(e, TEE_SEAL_CORRUPT, "the released root was changed, or wrapped for another key, digest or label");
}

enum status tee_release_unwrap(const struct tee_release_key *key, struct bytes message,
                               const struct tee_release_context *context, const uint8_t expected_id[32],
                               struct tee_root *out, struct error *e)
{
    *out = (struct tee_root){0};
    enum status status = check_label(context, e);
    if (status == STATUS_OK) status = check_message(message, e);
    if (status != STATUS_OK) return status;
    out->kind = ROOT_RELEASED;
    status = unwrap(key, message.data, context, out, e);
    if (status == STATUS_OK) status = check_id(out, expected_id, e);
    if (status != STATUS_OK) tee_root_wipe(out);
    return status;
}

void tee_release_root_id(const struct tee_root *root, uint8_t id[TEE_ROOT_ID_SIZE])
{
    tee_root_id_as(root, ROOT_RELEASED, id);
}

enum status tee_release_key_seal(const struct tee_release_key *key, const struct tee_root *root,
                                 const struct tee_system *system, const struct tee_seal_policy *policy,
                                 const struct tee_snapshot *registers, struct buffer *out, struct error *e)
{
    return sealed_key_write(KEY_TAG, key->secret, root, system, policy, registers, out, e);
}

enum status tee_release_key_unseal(const struct tee_root *root, struct bytes blob, const struct tee_snapshot *registers,
                                   const uint8_t *code_hash, struct tee_release_key **out, struct error *e)
{
    *out = NULL;
    struct tee_release_key *key = secret_memory_new(sizeof *key);
    if (!key) return error_no_memory(e);
    enum status status = sealed_key_read(KEY_TAG, root, blob, registers, code_hash, key->secret, e);
    if (status == STATUS_OK && !ecdh_secret_valid(key->secret))
        status = tee_refuse(e, TEE_KEY, "what is sealed is not a secret of P-256");
    if (status == STATUS_OK) {
        ecdh_public(key->secret, key->point);
        *out = key;
    } else {
        tee_release_key_free(key);
    }
    return status;
}
