#include "crypto/ecdsa_sign.h"

#include <bearssl.h>

#include "crypto/sha2.h"
#include "crypto/wipe.h"

static int curve_id(enum ecdsa_sign_curve curve)
{
    return curve == ECDSA_SIGN_P384 ? BR_EC_secp384r1 : BR_EC_secp256r1;
}

static const br_hash_class *hash_class(enum hash hash)
{
    switch (hash) {
    case HASH_SHA224: return &br_sha224_vtable;
    case HASH_SHA256: return &br_sha256_vtable;
    case HASH_SHA384: return &br_sha384_vtable;
    case HASH_SHA512: break;
    }
    return &br_sha512_vtable;
}

static br_ec_private_key private_key(const struct ecdsa_sign_key *key, uint8_t copy[ECDSA_SIGN_MAX_COORDINATE])
{
    memcpy(copy, key->secret, key->curve);
    return (br_ec_private_key){.curve = curve_id(key->curve), .x = copy, .xlen = key->curve};
}

/* Fills in the point from the secret. */
static void compute_point(struct ecdsa_sign_key *key)
{
    uint8_t secret[ECDSA_SIGN_MAX_COORDINATE], encoded[BR_EC_KBUF_PUB_MAX_SIZE];
    const br_ec_private_key private = private_key(key, secret);
    br_ec_public_key public;
    br_ec_compute_pub(br_ec_get_default(), &public, encoded, &private);
    memcpy(key->point, encoded + 1, 2 * (size_t)key->curve); /* 04 ‖ x ‖ y */
    wipe(secret, sizeof secret);
}

void ecdsa_sign_key_derive(enum ecdsa_sign_curve curve, const uint8_t seed[ECDSA_SIGN_SEED_SIZE], const char *label,
                           struct ecdsa_sign_key *out)
{
    static const char domain[] = "nvm-issue-ecdsa-v1";
    br_hmac_drbg_context random;
    br_hmac_drbg_init(&random, &br_sha256_vtable, seed, ECDSA_SIGN_SEED_SIZE);
    br_hmac_drbg_update(&random, domain, sizeof domain);
    br_hmac_drbg_update(&random, label, strlen(label));

    uint8_t secret[BR_EC_KBUF_PRIV_MAX_SIZE];
    br_ec_private_key private;
    br_ec_keygen(&random.vtable, br_ec_get_default(), &private, secret, curve_id(curve));
    *out = (struct ecdsa_sign_key){.curve = curve};
    memcpy(out->secret, private.x, curve);
    compute_point(out);
    wipe(secret, sizeof secret);
    wipe(&random, sizeof random);
}

bool ecdsa_sign_key_from_secret(enum ecdsa_sign_curve curve, const uint8_t *secret, struct ecdsa_sign_key *out)
{
    size_t size;
    const uint8_t *order = br_ec_get_default()->order(curve_id(curve), &size);
    unsigned any = 0, borrow = 0;
    for (size_t i = size; i-- > 0;) {
        any |= secret[i];
        borrow = ((unsigned)secret[i] - order[i] - borrow) >> 8 & 1;
    }
    *out = (struct ecdsa_sign_key){0};
    if (any == 0 || borrow == 0) return false;
    out->curve = curve;
    memcpy(out->secret, secret, curve);
    compute_point(out);
    return true;
}

void ecdsa_sign_key_wipe(struct ecdsa_sign_key *key)
{
    wipe(key, sizeof *key);
}

struct bytes ecdsa_sign_point(const struct ecdsa_sign_key *key)
{
    return bytes_of(key->point, 2 * (size_t)key->curve);
}

void ecdsa_sign_digest(const struct ecdsa_sign_key *key, enum hash hash, const uint8_t *digest, uint8_t *signature)
{
    uint8_t secret[ECDSA_SIGN_MAX_COORDINATE];
    const br_ec_private_key private = private_key(key, secret);
    br_ecdsa_sign_raw_get_default()(br_ec_get_default(), hash_class(hash), digest, &private, signature);
    wipe(secret, sizeof secret);
}

void ecdsa_sign_message(const struct ecdsa_sign_key *key, enum hash hash, struct bytes message, uint8_t *signature)
{
    uint8_t digest[HASH_MAX_SIZE];
    br_hash_compat_context context;
    const br_hash_class *class = hash_class(hash);
    class->init(&context.vtable);
    class->update(&context.vtable, message.size ? (const void *)message.data : "", message.size);
    class->out(&context.vtable, digest);
    ecdsa_sign_digest(key, hash, digest, signature);
}
