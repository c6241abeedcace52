/* HMAC and HKDF, by BearSSL. */
#include "crypto/hmac.h"

#include "crypto/hash_class.h"
#include "crypto/wipe.h"

size_t hash_size(enum hash hash)
{
    return hash_class(hash)->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK;
}

void hmac(enum hash hash, struct bytes key, struct bytes message, uint8_t *out)
{
    br_hmac_key_context prepared;
    br_hmac_context context;
    br_hmac_key_init(&prepared, hash_class(hash), key.size ? (const void *)key.data : "", key.size);
    br_hmac_init(&context, &prepared, 0);
    if (message.size) br_hmac_update(&context, message.data, message.size);
    br_hmac_out(&context, out);
    wipe(&prepared, sizeof prepared);
    wipe(&context, sizeof context);
}

enum status hkdf(enum hash hash, struct bytes salt, struct bytes secret, struct bytes info, uint8_t *out, size_t size,
                 struct error *e)
{
    if (size > 255 * hash_size(hash))
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "HKDF gives at most %zu bytes, not %zu",
                         255 * hash_size(hash), size);
    static const uint8_t no_salt[HASH_MAX_SIZE] = {0};
    if (salt.size == 0) salt = bytes_of(no_salt, hash_size(hash));
    br_hkdf_context context;
    br_hkdf_init(&context, hash_class(hash), salt.data, salt.size);
    if (secret.size) br_hkdf_inject(&context, secret.data, secret.size);
    br_hkdf_flip(&context);
    br_hkdf_produce(&context, info.data, info.size, out, size);
    wipe(&context, sizeof context); /* its last block begins with the secret */
    wipe_stack();
    return STATUS_OK;
}
