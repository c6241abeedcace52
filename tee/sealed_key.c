#include "tee/sealed_key.h"

#include "crypto/wipe.h"

enum status sealed_key_write(const char *tag, const uint8_t key[SEALED_KEY_SIZE], const struct tee_root *root,
                             const struct tee_system *system, const struct tee_seal_policy *policy,
                             const struct tee_snapshot *registers, struct buffer *out, struct error *e)
{
    uint8_t plain[SEALED_KEY_TAG_MAX + SEALED_KEY_SIZE] = {0};
    memcpy(plain, tag, strlen(tag));
    memcpy(plain + SEALED_KEY_TAG_MAX, key, SEALED_KEY_SIZE);
    const enum status status =
        tee_seal(root, system, SEAL_KEY, policy, registers, bytes_of(plain, sizeof plain), out, e);
    wipe(plain, sizeof plain);
    return status;
}

enum status sealed_key_read(const char *tag, const struct tee_root *root, struct bytes blob,
                            const struct tee_snapshot *registers, const uint8_t *code_hash, uint8_t key[SEALED_KEY_SIZE],
                            struct error *e)
{
    uint8_t expected[SEALED_KEY_TAG_MAX] = {0};
    struct buffer plain = {0};
    enum status status = tee_unseal(root, SEAL_KEY, blob, registers, code_hash, 0, &plain, e);
    memcpy(expected, tag, strlen(tag));
    if (status == STATUS_OK &&
        (plain.size != SEALED_KEY_TAG_MAX + SEALED_KEY_SIZE || memcmp(plain.data, expected, sizeof expected) != 0))
        status = tee_refuse(e, TEE_FORMAT, "what is sealed is not a key of the kind \"%s\"", tag);
    if (status == STATUS_OK) memcpy(key, plain.data + SEALED_KEY_TAG_MAX, SEALED_KEY_SIZE);
    if (plain.data) wipe(plain.data, plain.capacity);
    buffer_free(&plain);
    return status;
}
