/* Math API: hashes, signatures, curves. What they compute is in crypto/; here is what is read, paid and written, in
 * which order. None of them charges `base`. */
#include "crypto/bn254.h"
#include "crypto/host_functions.h"
#include "crypto/keccak.h"
#include "crypto/ripemd160.h"
#include "crypto/sha2.h"
#include "host/context.h"

/* ---- hashes ----------------------------------------------------------------------------------------------------- */

#define HASH(name, digest_size)                                                                                       \
    enum host_error import_##name(struct host *h, const uint64_t *args, uint64_t *result)                             \
    {                                                                                                                 \
        (void)result;                                                                                                 \
        struct bytes value;                                                                                           \
        uint8_t digest[digest_size];                                                                                  \
        TRY(gas_pay(&h->gas, EXT_##name##_base));                                                                     \
        TRY(memory_or_register(h, args[0], args[1], &value));                                                         \
        TRY(gas_pay_per(&h->gas, EXT_##name##_byte, value.size));                                                     \
        name(value, digest);                                                                                          \
        return register_write(h, args[2], bytes_of(digest, sizeof digest));                                           \
    }
HASH(sha256, 32)
HASH(keccak256, 32)
HASH(keccak512, 64)
HASH(sha3_256, 32)
HASH(sha3_384, 48)
HASH(sha3_512, 64)
#undef HASH

/* Paid by blocks of 64 bytes, with those of the padding. */
enum host_error import_ripemd160(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct bytes value;
    uint8_t digest[RIPEMD160_SIZE];
    TRY(gas_pay(&h->gas, EXT_ripemd160_base));
    TRY(memory_or_register(h, args[0], args[1], &value));
    if (value.size > SIZE_MAX - 8) return host_fail(h, HOST_IntegerOverflow);
    TRY(gas_pay_per(&h->gas, EXT_ripemd160_block, (value.size + 8) / 64 + 1));
    ripemd160(value, digest);
    return register_write(h, args[2], bytes_of(digest, sizeof digest));
}

/* ---- results of crypto/ ----------------------------------------------------------------------------------------- */

static enum host_error fault_of(enum host_crypto_error error)
{
    switch (error) {
    case HOST_CRYPTO_NO_ERROR: break;
    case HOST_CRYPTO_ED25519_VERIFY: return HOST_Ed25519VerifyInvalidInput;
    case HOST_CRYPTO_P256_VERIFY: return HOST_P256VerifyInvalidInput;
    case HOST_CRYPTO_ML_DSA_VERIFY: return HOST_MlDsaVerifyInvalidInput;
    case HOST_CRYPTO_ECRECOVER: return HOST_ECRecoverError;
    case HOST_CRYPTO_ALT_BN128: return HOST_AltBn128InvalidInput;
    case HOST_CRYPTO_BLS12381: return HOST_BLS12381InvalidInput;
    }
    return HOST_OK;
}

/* Takes over what crypto/ found, and frees it: a fault, or register and result. `result` is null for functions without
 * one. */
static enum host_error finish(struct host *h, enum status status, struct host_crypto_result *r, uint64_t register_id,
                              uint64_t *result)
{
    enum host_error fault = fault_of(r->error), e = HOST_OK;
    if (status != STATUS_OK || r->message.failed || r->out.failed) e = host_out_of_memory(h);
    else if (fault) e = host_fail_text(h, fault, bytes_of(r->message.data, r->message.size));
    else if (r->writes_register) e = register_write(h, register_id, bytes_of(r->out.data, r->out.size));
    if (e == HOST_OK && result) *result = r->ret;
    host_crypto_result_free(r);
    return e;
}

/* ---- signatures ------------------------------------------------------------------------------------------------- */

enum host_error import_ecrecover(struct host *h, const uint64_t *args, uint64_t *result)
{
    uint64_t v = args[4], malleability_flag = args[5], register_id = args[6];
    struct host_crypto_result r = {0};
    struct bytes hash, signature;
    TRY(gas_pay(&h->gas, EXT_ecrecover_base));
    TRY(memory_or_register(h, args[2], args[3], &signature));
    if (!host_check_ecrecover_signature(signature, v, &r)) return finish(h, STATUS_OK, &r, register_id, result);
    TRY(memory_or_register(h, args[0], args[1], &hash));
    enum status status = host_ecrecover(hash, signature, v, malleability_flag, &r, NULL);
    return finish(h, status, &r, register_id, result);
}

/* A signature that is refused is refused before the message is read and paid for. */
struct signature_scheme {
    enum ext_cost base, byte;
    bool (*check)(struct bytes signature, struct host_crypto_result *r);
    enum status (*verify)(struct bytes signature, struct bytes message, struct bytes public_key,
                          struct host_crypto_result *r, struct error *e);
};

static enum host_error verify(struct host *h, const struct signature_scheme *s, const uint64_t *args, uint64_t *result)
{
    struct host_crypto_result r = {0};
    struct bytes signature, message, key;
    TRY(gas_pay(&h->gas, s->base));
    TRY(memory_or_register(h, args[0], args[1], &signature));
    if (!s->check(signature, &r)) return finish(h, STATUS_OK, &r, 0, result);
    TRY(memory_or_register(h, args[2], args[3], &message));
    TRY(gas_pay_per(&h->gas, s->byte, message.size));
    TRY(memory_or_register(h, args[4], args[5], &key));
    return finish(h, s->verify(signature, message, key, &r, NULL), &r, 0, result);
}

#define SIGNATURE(name)                                                                                               \
    enum host_error import_##name##_verify(struct host *h, const uint64_t *args, uint64_t *result)                    \
    {                                                                                                                 \
        static const struct signature_scheme scheme = {                                                               \
            EXT_##name##_verify_base,                                                                                 \
            EXT_##name##_verify_byte,                                                                                 \
            host_check_##name##_signature,                                                                            \
            host_##name##_verify,                                                                                     \
        };                                                                                                            \
        return verify(h, &scheme, args, result);                                                                      \
    }
SIGNATURE(ed25519)
SIGNATURE(p256)
SIGNATURE(ml_dsa)
#undef SIGNATURE

/* ---- BN254 ------------------------------------------------------------------------------------------------------ */

struct bn254_function {
    enum ext_cost base, element;
    size_t element_size;
    enum status (*run)(struct bytes value, struct host_crypto_result *r, struct error *e);
};

static enum host_error run_bn254(struct host *h, const struct bn254_function *f, const uint64_t *args,
                                 uint64_t register_id, uint64_t *result)
{
    struct host_crypto_result r = {0};
    struct bytes value;
    TRY(gas_pay(&h->gas, f->base));
    TRY(memory_or_register(h, args[0], args[1], &value));
    /* A value that is no sequence of elements is refused before they are paid for. */
    if (value.size % f->element_size == 0) TRY(gas_pay_per(&h->gas, f->element, value.size / f->element_size));
    return finish(h, f->run(value, &r, NULL), &r, register_id, result);
}

enum host_error import_alt_bn128_g1_multiexp(struct host *h, const uint64_t *args, uint64_t *result)
{
    static const struct bn254_function f = {EXT_alt_bn128_g1_multiexp_base, EXT_alt_bn128_g1_multiexp_element,
                                            BN254_G1_MULTIEXP_ELEMENT_SIZE, host_alt_bn128_g1_multiexp};
    (void)result;
    return run_bn254(h, &f, args, args[2], NULL);
}

enum host_error import_alt_bn128_g1_sum(struct host *h, const uint64_t *args, uint64_t *result)
{
    static const struct bn254_function f = {EXT_alt_bn128_g1_sum_base, EXT_alt_bn128_g1_sum_element,
                                            BN254_G1_SUM_ELEMENT_SIZE, host_alt_bn128_g1_sum};
    (void)result;
    return run_bn254(h, &f, args, args[2], NULL);
}

enum host_error import_alt_bn128_pairing_check(struct host *h, const uint64_t *args, uint64_t *result)
{
    static const struct bn254_function f = {EXT_alt_bn128_pairing_check_base, EXT_alt_bn128_pairing_check_element,
                                            BN254_PAIRING_CHECK_ELEMENT_SIZE, host_alt_bn128_pairing_check};
    return run_bn254(h, &f, args, 0, result);
}

/* ---- BLS12-381 -------------------------------------------------------------------------------------------------- */

struct bls12381_function {
    enum ext_cost base, element;
    size_t element_size;
    enum status (*run)(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r, struct error *e);
};

/* Elements are counted by the length that the contract gave, also where that means a register: then the charge
 * overflows. */
static enum host_error run_bls12381(struct host *h, const struct bls12381_function *f, const uint64_t *args,
                                    uint64_t *result)
{
    struct host_crypto_result r = {0};
    struct bytes value;
    TRY(gas_pay(&h->gas, f->base));
    TRY(gas_pay_per(&h->gas, f->element, args[0] / f->element_size));
    TRY(memory_or_register(h, args[0], args[1], &value));
    enum status status = f->run(value, h->parameters->flags.bls12381_not_in_group_fix, &r, NULL);
    return finish(h, status, &r, args[2], result);
}

#define BLS12381(name, element_size)                                                                                  \
    enum host_error import_bls12381_##name(struct host *h, const uint64_t *args, uint64_t *result)                    \
    {                                                                                                                 \
        static const struct bls12381_function f = {EXT_bls12381_##name##_base, EXT_bls12381_##name##_element,         \
                                                   element_size, host_bls12381_##name};                               \
        return run_bls12381(h, &f, args, result);                                                                     \
    }
BLS12381(p1_sum, 1 + 96)
BLS12381(p2_sum, 1 + 192)
BLS12381(g1_multiexp, 96 + 32)
BLS12381(g2_multiexp, 192 + 32)
BLS12381(map_fp_to_g1, 48)
BLS12381(map_fp2_to_g2, 96)
BLS12381(p1_decompress, 48)
BLS12381(p2_decompress, 96)
#undef BLS12381

enum host_error import_bls12381_pairing_check(struct host *h, const uint64_t *args, uint64_t *result)
{
    enum { ELEMENT_SIZE = 96 + 192 };
    struct host_crypto_result r = {0};
    struct bytes value;
    TRY(gas_pay(&h->gas, EXT_bls12381_pairing_base));
    TRY(memory_or_register(h, args[0], args[1], &value));
    TRY(gas_pay_per(&h->gas, EXT_bls12381_pairing_element, value.size / ELEMENT_SIZE));
    return finish(h, host_bls12381_pairing_check(value, &r, NULL), &r, 0, result);
}
