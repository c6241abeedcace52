/* What NEAR's cryptographic host functions give back for given inputs: value, register, error. No gas, no memory, no
 * registers: whoever calls has read the inputs and paid for them.
 *
 * Production reads, and charges for, one input after the other and may be done before it has read them all. The
 * host_check_* functions are what it looks at in between; call each as soon as its input was read and before the next
 * one is. The others repeat those checks, so that they are right without them, too. */
#ifndef CRYPTO_HOST_FUNCTIONS_H
#define CRYPTO_HOST_FUNCTIONS_H

#include "base/bytes.h"
#include "base/error.h"

enum host_crypto_error {
    HOST_CRYPTO_NO_ERROR,
#define X(code, name, message) HOST_CRYPTO_##code,
#include "crypto/host_errors.def"
#undef X
};

/* Zero-initialise before each call, release with host_crypto_result_free. */
struct host_crypto_result {
    enum host_crypto_error error; /* HOST_CRYPTO_NO_ERROR: the function returned */
    struct buffer message;        /* production's `msg` of the error, without what host_crypto_error_prefix gives */
    uint64_t ret;                 /* what it returned, if it returns anything */
    bool writes_register;         /* `out` goes into the register, also if it is empty */
    struct buffer out;
};

void host_crypto_result_free(struct host_crypto_result *r);

/* The name of the variant of HostError ("ECRecoverError"), and the beginning of the message. Null for no error. */
const char *host_crypto_error_name(enum host_crypto_error error);
const char *host_crypto_error_prefix(enum host_crypto_error error);

/* True: go on. False: the call is over, and *r says how. */
bool host_check_ed25519_signature(struct bytes signature, struct host_crypto_result *r);
bool host_check_p256_signature(struct bytes signature, struct host_crypto_result *r);
bool host_check_ml_dsa_signature(struct bytes signature, struct host_crypto_result *r);
bool host_check_ecrecover_signature(struct bytes signature, uint64_t v, struct host_crypto_result *r);

/* The functions, in the host's order of parameters. The status is STATUS_OK, whether the contract's call succeeded or
 * not, or STATUS_NO_MEMORY. */
enum status host_sha256(struct bytes value, struct host_crypto_result *r, struct error *e);
enum status host_keccak256(struct bytes value, struct host_crypto_result *r, struct error *e);
enum status host_keccak512(struct bytes value, struct host_crypto_result *r, struct error *e);
enum status host_sha3_256(struct bytes value, struct host_crypto_result *r, struct error *e);
enum status host_sha3_384(struct bytes value, struct host_crypto_result *r, struct error *e);
enum status host_sha3_512(struct bytes value, struct host_crypto_result *r, struct error *e);
enum status host_ripemd160(struct bytes value, struct host_crypto_result *r, struct error *e);

enum status host_ecrecover(struct bytes hash, struct bytes signature, uint64_t v, uint64_t malleability_flag,
                           struct host_crypto_result *r, struct error *e);
enum status host_ed25519_verify(struct bytes signature, struct bytes message, struct bytes public_key,
                                struct host_crypto_result *r, struct error *e);
enum status host_p256_verify(struct bytes signature, struct bytes message, struct bytes public_key,
                             struct host_crypto_result *r, struct error *e);
enum status host_ml_dsa_verify(struct bytes signature, struct bytes message, struct bytes public_key,
                               struct host_crypto_result *r, struct error *e);

enum status host_alt_bn128_g1_multiexp(struct bytes value, struct host_crypto_result *r, struct error *e);
enum status host_alt_bn128_g1_sum(struct bytes value, struct host_crypto_result *r, struct error *e);
enum status host_alt_bn128_pairing_check(struct bytes value, struct host_crypto_result *r, struct error *e);

/* `not_in_group_fix` is the protocol's flag bls12381_not_in_group_fix (bls12381.h). */
enum status host_bls12381_p1_sum(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r,
                                 struct error *e);
enum status host_bls12381_p2_sum(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r,
                                 struct error *e);
enum status host_bls12381_g1_multiexp(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r,
                                      struct error *e);
enum status host_bls12381_g2_multiexp(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r,
                                      struct error *e);
enum status host_bls12381_map_fp_to_g1(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r,
                                       struct error *e);
enum status host_bls12381_map_fp2_to_g2(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r,
                                        struct error *e);
enum status host_bls12381_p1_decompress(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r,
                                        struct error *e);
enum status host_bls12381_p2_decompress(struct bytes value, bool not_in_group_fix, struct host_crypto_result *r,
                                        struct error *e);
enum status host_bls12381_pairing_check(struct bytes value, struct host_crypto_result *r, struct error *e);

#endif
