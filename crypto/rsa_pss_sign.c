#include "crypto/rsa_pss_sign.h"

#include <inttypes.h>

#include "crypto/wipe.h"

/* The 31-bit and the 62-bit code give the same keys from the same bytes; the 15-bit code would not. */
static br_rsa_keygen key_generator(void)
{
    const br_rsa_keygen fast = br_rsa_i62_keygen_get();
    return fast ? fast : br_rsa_i31_keygen;
}

static void copy_key(struct rsa_sign_key *out, uint32_t bits, const br_rsa_private_key *private,
                     const br_rsa_public_key *public)
{
    *out = (struct rsa_sign_key){.bits = bits};
    const size_t half = bits / 16;
    memcpy(out->p + half - private->plen, private->p, private->plen);
    memcpy(out->q + half - private->qlen, private->q, private->qlen);
    memcpy(out->dp + half - private->dplen, private->dp, private->dplen);
    memcpy(out->dq + half - private->dqlen, private->dq, private->dqlen);
    memcpy(out->iq + half - private->iqlen, private->iq, private->iqlen);
    memcpy(out->modulus + 2 * half - public->nlen, public->n, public->nlen);
}

enum status rsa_sign_key_derive(uint32_t bits, const uint8_t seed[32], const char *label, struct rsa_sign_key *out,
                                struct error *e)
{
    static const char domain[] = "nvm-issue-rsa-v1";
    if (bits < RSA_SIGN_MIN_BITS || bits > RSA_SIGN_MAX_BITS || bits % 256 != 0)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET,
                         "an RSA key has %d to %d bits, a multiple of 256, not %" PRIu32, RSA_SIGN_MIN_BITS,
                         RSA_SIGN_MAX_BITS, bits);
    br_hmac_drbg_context random;
    br_hmac_drbg_init(&random, &br_sha256_vtable, seed, 32);
    br_hmac_drbg_update(&random, domain, sizeof domain);
    br_hmac_drbg_update(&random, label, strlen(label));

    uint8_t private_buffer[BR_RSA_KBUF_PRIV_SIZE(RSA_SIGN_MAX_BITS)];
    uint8_t public_buffer[BR_RSA_KBUF_PUB_SIZE(RSA_SIGN_MAX_BITS)];
    br_rsa_private_key private;
    br_rsa_public_key public;
    const bool found = key_generator()(&random.vtable, &private, private_buffer, &public, public_buffer, bits, 65537);
    if (found) copy_key(out, bits, &private, &public);
    wipe(private_buffer, sizeof private_buffer);
    wipe(&random, sizeof random);
    return found ? STATUS_OK : error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "no RSA key of %" PRIu32 " bits", bits);
}

void rsa_sign_key_wipe(struct rsa_sign_key *key)
{
    wipe(key, sizeof *key);
}

struct bytes rsa_sign_modulus(const struct rsa_sign_key *key)
{
    return bytes_of(key->modulus, key->bits / 8);
}

/* A copy, since BearSSL's structure wants pointers that are not const. */
static br_rsa_private_key private_key(struct rsa_sign_key *copy)
{
    const size_t half = copy->bits / 16;
    return (br_rsa_private_key){
        .n_bitlen = copy->bits,
        .p = copy->p, .plen = half,
        .q = copy->q, .qlen = half,
        .dp = copy->dp, .dplen = half,
        .dq = copy->dq, .dqlen = half,
        .iq = copy->iq, .iqlen = half,
    };
}

bool rsa_sign_exponent(const struct rsa_sign_key *key, uint8_t *d)
{
    uint8_t raw[RSA_SIGN_MAX_SIZE];
    const size_t size = key->bits / 8;
    struct rsa_sign_key copy = *key;
    const br_rsa_private_key private = private_key(&copy);
    const size_t length = br_rsa_compute_privexp_get_default()(raw, &private, 65537);
    const bool done = length > 0 && length <= size;
    memset(d, 0, size);
    if (done) memcpy(d + size - length, raw, length);
    wipe(raw, sizeof raw);
    wipe(&copy, sizeof copy);
    return done;
}

static size_t hash_once(const br_hash_class *hash, struct bytes message, uint8_t *out)
{
    br_hash_compat_context context;
    hash->init(&context.vtable);
    hash->update(&context.vtable, message.size ? (const void *)message.data : "", message.size);
    hash->out(&context.vtable, out);
    return hash->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK;
}

/* MGF1 (RFC 8017, B.2.1), added to what is there by exclusive or. */
static void mgf1_add(const br_hash_class *hash, const uint8_t *seed, size_t seed_size, uint8_t *target, size_t size)
{
    const size_t step = hash->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK;
    for (uint32_t counter = 0; counter * step < size; counter++) {
        const uint8_t big_endian[4] = {(uint8_t)(counter >> 24), (uint8_t)(counter >> 16), (uint8_t)(counter >> 8),
                                       (uint8_t)counter};
        uint8_t block[64];
        br_hash_compat_context context;
        hash->init(&context.vtable);
        hash->update(&context.vtable, seed, seed_size);
        hash->update(&context.vtable, big_endian, sizeof big_endian);
        hash->out(&context.vtable, block);
        for (size_t i = 0; i < step && counter * step + i < size; i++) target[counter * step + i] ^= block[i];
    }
}

/* The salt is a function of key and message, so that the same signature comes out each time, and of nothing else that
 * one could learn. */
static void make_salt(const struct rsa_sign_key *key, const uint8_t *digest, size_t digest_size, uint8_t *salt,
                      size_t size)
{
    static const char domain[] = "nvm-issue-pss-salt-v1";
    br_hmac_drbg_context random;
    br_hmac_drbg_init(&random, &br_sha256_vtable, key->p, key->bits / 16);
    br_hmac_drbg_update(&random, domain, sizeof domain);
    br_hmac_drbg_update(&random, digest, digest_size);
    br_hmac_drbg_generate(&random, salt, size);
    wipe(&random, sizeof random);
}

/* EMSA-PSS-ENCODE (RFC 8017, 9.1.1) into `size` bytes of which the first bit is not used. */
static void encode(const struct rsa_sign_key *key, const struct rsa_pss_sign *p, struct bytes message, uint8_t *out,
                   size_t size)
{
    uint8_t digest[64], salt[RSA_SIGN_MAX_SIZE], *h;
    const size_t hash_size = hash_once(p->hash, message, digest), masked = size - hash_size - 1;
    static const uint8_t zeros[8] = {0};
    make_salt(key, digest, hash_size, salt, p->salt_size);

    h = out + masked;
    br_hash_compat_context context;
    p->hash->init(&context.vtable);
    p->hash->update(&context.vtable, zeros, sizeof zeros);
    p->hash->update(&context.vtable, digest, hash_size);
    p->hash->update(&context.vtable, salt, p->salt_size);
    p->hash->out(&context.vtable, h);

    memset(out, 0, masked);
    out[masked - p->salt_size - 1] = 1;
    memcpy(out + masked - p->salt_size, salt, p->salt_size);
    mgf1_add(p->mgf_hash, h, hash_size, out, masked);
    out[0] &= 0x7f;
    out[size - 1] = p->trailer;
}

enum status rsa_pss_sign(const struct rsa_sign_key *key, const struct rsa_pss_sign *parameters, struct bytes message,
                         uint8_t *signature, struct error *e)
{
    const size_t size = key->bits / 8;
    const size_t hash_size = parameters->hash->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK;
    if (parameters->salt_size > size || parameters->salt_size + hash_size + 2 > size)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a salt of %zu bytes does not fit a key of %" PRIu32 " bits",
                         parameters->salt_size, key->bits);
    encode(key, parameters, message, signature, size);

    const br_rsa_private fast = br_rsa_i62_private_get();
    struct rsa_sign_key copy = *key;
    const br_rsa_private_key private = private_key(&copy);
    const bool done = (fast ? fast : br_rsa_i31_private)(signature, &private);
    wipe(&copy, sizeof copy);
    return done ? STATUS_OK : error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "not an RSA key");
}

enum status rsa_pkcs1_sign(const struct rsa_sign_key *key, const br_hash_class *hash, struct bytes message,
                           uint8_t *signature, struct error *e)
{
    uint8_t digest[64];
    const size_t size = hash_once(hash, message, digest);
    const uint8_t *oid = hash == &br_sha256_vtable ? BR_HASH_OID_SHA256
                         : hash == &br_sha384_vtable ? BR_HASH_OID_SHA384 : BR_HASH_OID_SHA512;
    struct rsa_sign_key copy = *key;
    const br_rsa_private_key private = private_key(&copy);
    const bool done = br_rsa_pkcs1_sign_get_default()(oid, digest, size, &private, signature);
    wipe(&copy, sizeof copy);
    return done ? STATUS_OK : error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "not an RSA key");
}
