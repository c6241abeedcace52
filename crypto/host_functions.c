#include "crypto/host_functions.h"

#include "crypto/bls12381.h"
#include "crypto/bn254.h"
#include "crypto/ed25519.h"
#include "crypto/keccak.h"
#include "crypto/ml_dsa.h"
#include "crypto/p256.h"
#include "crypto/ripemd160.h"
#include "crypto/secp256k1.h"
#include "crypto/sha2.h"

void host_crypto_result_free(struct host_crypto_result *r)
{
    buffer_free(&r->message);
    buffer_free(&r->out);
    *r = (struct host_crypto_result){0};
}

const char *host_crypto_error_name(enum host_crypto_error error)
{
    switch (error) {
#define X(code, name, message) \
    case HOST_CRYPTO_##code: return name;
#include "crypto/host_errors.def"
#undef X
    case HOST_CRYPTO_NO_ERROR: break;
    }
    return NULL;
}

const char *host_crypto_error_prefix(enum host_crypto_error error)
{
    switch (error) {
#define X(code, name, message) \
    case HOST_CRYPTO_##code: return message;
#include "crypto/host_errors.def"
#undef X
    case HOST_CRYPTO_NO_ERROR: break;
    }
    return NULL;
}

/* ---- ways to end ------------------------------------------------------------------------------------------------ */

static bool settle(struct host_crypto_result *r, uint64_t ret)
{
    r->ret = ret;
    return false;
}

static bool fail(struct host_crypto_result *r, enum host_crypto_error error, const char *message)
{
    r->error = error;
    buffer_append_string(&r->message, message);
    return false;
}

/* What every function returns: all that can go wrong by then is a buffer without memory. */
static enum status finish(const struct host_crypto_result *r, struct error *e)
{
    return r->message.failed || r->out.failed ? error_no_memory(e) : STATUS_OK;
}

static enum status finish_with(struct host_crypto_result *r, uint64_t ret, struct error *e)
{
    r->ret = ret;
    return finish(r, e);
}

static enum status write_register(struct host_crypto_result *r, const void *data, size_t size, struct error *e)
{
    r->writes_register = true;
    buffer_append(&r->out, data, size);
    return finish(r, e);
}

/* ---- hashes ----------------------------------------------------------------------------------------------------- */

#define HASH(name, size)                                                                                 \
    enum status host_##name(struct bytes value, struct host_crypto_result *r, struct error *e)           \
    {                                                                                                    \
        uint8_t digest[size];                                                                            \
        name(value, digest);                                                                             \
        return write_register(r, digest, sizeof digest, e);                                              \
    }
HASH(sha256, 32)
HASH(keccak256, 32)
HASH(keccak512, 64)
HASH(sha3_256, 32)
HASH(sha3_384, 48)
HASH(sha3_512, 64)
HASH(ripemd160, 20)

/* ---- signatures ------------------------------------------------------------------------------------------------- */

bool host_check_ecrecover_signature(struct bytes signature, uint64_t v, struct host_crypto_result *r)
{
    if (signature.size != 64) {
        buffer_printf(&r->message, "The length of the signature: %zu, exceeds the limit of 64 bytes", signature.size);
        return fail(r, HOST_CRYPTO_ECRECOVER, "");
    }
    if (v >= 4) {
        buffer_printf(&r->message, "V recovery byte 0 through 3 are valid but was provided %llu",
                      (unsigned long long)v);
        return fail(r, HOST_CRYPTO_ECRECOVER, "");
    }
    return true;
}

static bool check_ecrecover_rest(struct bytes hash, uint64_t malleability_flag, struct host_crypto_result *r)
{
    if (hash.size != SECP256K1_HASH_SIZE) {
        buffer_printf(&r->message, "The length of the hash: %zu, exceeds the limit of 32 bytes", hash.size);
        return fail(r, HOST_CRYPTO_ECRECOVER, "");
    }
    if (malleability_flag > 1) {
        buffer_printf(&r->message, "Malleability flag needs to be 0 or 1, but is instead %llu",
                      (unsigned long long)malleability_flag);
        return fail(r, HOST_CRYPTO_ECRECOVER, "");
    }
    return true;
}

enum status host_ecrecover(struct bytes hash, struct bytes signature, uint64_t v, uint64_t malleability_flag,
                           struct host_crypto_result *r, struct error *e)
{
    if (!host_check_ecrecover_signature(signature, v, r) || !check_ecrecover_rest(hash, malleability_flag, r))
        return finish(r, e);
    uint8_t with_id[SECP256K1_SIGNATURE_SIZE], key[SECP256K1_PUBLIC_KEY_SIZE];
    memcpy(with_id, signature.data, 64);
    with_id[64] = (uint8_t)v;
    if (!secp256k1_signature_values_valid(with_id, malleability_flag == 1) ||
        !secp256k1_recover_key(hash.data, with_id, key))
        return finish_with(r, 0, e);
    r->ret = 1;
    return write_register(r, key, sizeof key, e);
}

/* The top three bits of s look like a needless check, but they decide whether the message is paid for. */
bool host_check_ed25519_signature(struct bytes signature, struct host_crypto_result *r)
{
    if (signature.size != ED25519_SIGNATURE_SIZE)
        return fail(r, HOST_CRYPTO_ED25519_VERIFY, "invalid signature length");
    return signature.data[63] & 0xe0 ? settle(r, 0) : true;
}

enum status host_ed25519_verify(struct bytes signature, struct bytes message, struct bytes public_key,
                                struct host_crypto_result *r, struct error *e)
{
    if (!host_check_ed25519_signature(signature, r)) return finish(r, e);
    if (public_key.size != ED25519_PUBLIC_KEY_SIZE) {
        fail(r, HOST_CRYPTO_ED25519_VERIFY, "invalid public key length");
        return finish(r, e);
    }
    return finish_with(r, ed25519_verify(public_key.data, message, signature.data), e);
}

bool host_check_p256_signature(struct bytes signature, struct host_crypto_result *r)
{
    if (signature.size != P256_SIGNATURE_SIZE) return fail(r, HOST_CRYPTO_P256_VERIFY, "invalid signature length");
    return p256_signature_valid(signature.data) ? true : settle(r, 0);
}

enum status host_p256_verify(struct bytes signature, struct bytes message, struct bytes public_key,
                             struct host_crypto_result *r, struct error *e)
{
    if (!host_check_p256_signature(signature, r)) return finish(r, e);
    if (public_key.size != P256_PUBLIC_KEY_SIZE) {
        fail(r, HOST_CRYPTO_P256_VERIFY, "invalid public key length");
        return finish(r, e);
    }
    return finish_with(r, p256_verify(public_key.data, message, signature.data), e);
}

static bool check_ml_dsa_length(const char *what, struct bytes given, size_t wanted, struct host_crypto_result *r)
{
    if (given.size == wanted) return true;
    buffer_printf(&r->message, "invalid %s length: expected the input of %zu bytes, but %zu was given", what, wanted,
                  given.size);
    return fail(r, HOST_CRYPTO_ML_DSA_VERIFY, "");
}

bool host_check_ml_dsa_signature(struct bytes signature, struct host_crypto_result *r)
{
    return check_ml_dsa_length("signature", signature, ML_DSA_65_SIGNATURE_SIZE, r);
}

enum status host_ml_dsa_verify(struct bytes signature, struct bytes message, struct bytes public_key,
                               struct host_crypto_result *r, struct error *e)
{
    if (!host_check_ml_dsa_signature(signature, r) ||
        !check_ml_dsa_length("key", public_key, ML_DSA_65_PUBLIC_KEY_SIZE, r))
        return finish(r, e);
    return finish_with(r, ml_dsa_65_verify(public_key.data, message, signature.data), e);
}

/* ---- BN254 ------------------------------------------------------------------------------------------------------ */

/* Takes over what one of bn254.h's functions reported; false if there is nothing to add to the result. */
static bool alt_bn128_succeeded(enum status status, const struct error *inner, struct bytes value, size_t element_size,
                                struct host_crypto_result *r)
{
    if (status == STATUS_OK) return true;
    r->error = HOST_CRYPTO_ALT_BN128;
    bn254_error_message(inner, value, element_size, &r->message);
    return false;
}

typedef enum status alt_bn128_to_point(struct bytes input, uint8_t out[BN254_G1_SIZE], struct error *e);

static enum status run_alt_bn128(alt_bn128_to_point *function, struct bytes value, size_t element_size,
                                 struct host_crypto_result *r, struct error *e)
{
    struct error inner = {0};
    uint8_t point[BN254_G1_SIZE];
    enum status status = function(value, point, &inner);
    if (status == STATUS_NO_MEMORY) return error_no_memory(e);
    if (!alt_bn128_succeeded(status, &inner, value, element_size, r)) return finish(r, e);
    return write_register(r, point, sizeof point, e);
}

enum status host_alt_bn128_g1_multiexp(struct bytes value, struct host_crypto_result *r, struct error *e)
{
    return run_alt_bn128(bn254_g1_multiexp, value, BN254_G1_MULTIEXP_ELEMENT_SIZE, r, e);
}

enum status host_alt_bn128_g1_sum(struct bytes value, struct host_crypto_result *r, struct error *e)
{
    return run_alt_bn128(bn254_g1_sum, value, BN254_G1_SUM_ELEMENT_SIZE, r, e);
}

enum status host_alt_bn128_pairing_check(struct bytes value, struct host_crypto_result *r, struct error *e)
{
    struct error inner = {0};
    bool is_one = false;
    enum status status = bn254_pairing_check(value, &is_one, &inner);
    if (status == STATUS_NO_MEMORY) return error_no_memory(e);
    if (!alt_bn128_succeeded(status, &inner, value, BN254_PAIRING_CHECK_ELEMENT_SIZE, r)) return finish(r, e);
    return finish_with(r, is_one, e);
}

/* ---- BLS12-381 -------------------------------------------------------------------------------------------------- */

static enum status finish_bls12381(enum status status, const struct error *inner, struct host_crypto_result *r,
                                   struct error *e)
{
    if (status == STATUS_NO_MEMORY) return error_no_memory(e);
    if (status != STATUS_OK) fail(r, HOST_CRYPTO_BLS12381, inner->message);
    return finish(r, e);
}

#define BLS12381(name)                                                                                        \
    enum status host_bls12381_##name(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r, \
                                     struct error *e)                                                         \
    {                                                                                                         \
        struct error inner = {0};                                                                             \
        enum status status = bls12381_##name(value, not_in_group_fix, &r->ret, &r->out, &inner);              \
        r->writes_register = status == STATUS_OK && r->ret == BLS12381_DONE;                                  \
        return finish_bls12381(status, &inner, r, e);                                                         \
    }
BLS12381(p1_sum)
BLS12381(p2_sum)
BLS12381(g1_multiexp)
BLS12381(g2_multiexp)
BLS12381(map_fp_to_g1)
BLS12381(map_fp2_to_g2)
BLS12381(p1_decompress)
BLS12381(p2_decompress)

enum status host_bls12381_pairing_check(struct bytes value, struct host_crypto_result *r, struct error *e)
{
    struct error inner = {0};
    enum status status = bls12381_pairing_check(value, &r->ret, &inner);
    return finish_bls12381(status, &inner, r, e);
}
