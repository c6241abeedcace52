/* All cryptographic host functions with any input: the first byte chooses the function, two more the lengths of the
 * first arguments. A result is an error or a value, never both, and the early checks agree with the function. */
#include <stdlib.h>

#include "crypto/host_functions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum status one_input(struct bytes value, struct host_crypto_result *r, struct error *e);
typedef enum status one_input_with_fix(struct bytes value, bool fix, struct host_crypto_result *r, struct error *e);
typedef enum status three_inputs(struct bytes a, struct bytes b, struct bytes c, struct host_crypto_result *r,
                                 struct error *e);
typedef bool signature_check(struct bytes signature, struct host_crypto_result *r);

static one_input *const with_one[] = {
    host_sha256,    host_keccak256,           host_keccak512,        host_sha3_256,
    host_sha3_384,  host_sha3_512,            host_ripemd160,        host_alt_bn128_g1_multiexp,
    host_alt_bn128_g1_sum, host_alt_bn128_pairing_check, host_bls12381_pairing_check,
};
static one_input_with_fix *const with_fix[] = {
    host_bls12381_p1_sum,      host_bls12381_p2_sum,       host_bls12381_g1_multiexp,  host_bls12381_g2_multiexp,
    host_bls12381_map_fp_to_g1, host_bls12381_map_fp2_to_g2, host_bls12381_p1_decompress, host_bls12381_p2_decompress,
};
static const struct {
    three_inputs *function;
    signature_check *check;
} with_three[] = {
    {host_ed25519_verify, host_check_ed25519_signature},
    {host_p256_verify, host_check_p256_signature},
    {host_ml_dsa_verify, host_check_ml_dsa_signature},
};

static struct bytes take(struct bytes *rest, size_t size)
{
    struct bytes piece = bytes_of(rest->data, size < rest->size ? size : rest->size);
    *rest = bytes_of(rest->data + piece.size, rest->size - piece.size);
    return piece;
}

static void run_with_three(unsigned which, struct bytes a, struct bytes b, struct bytes c, struct host_crypto_result *r)
{
    struct host_crypto_result early = {0};
    struct error e = {0};
    bool go_on = with_three[which].check(a, &early);
    if (with_three[which].function(a, b, c, r, &e) != STATUS_OK) abort();
    if (!go_on && (early.error != r->error || early.ret != r->ret)) abort();
    host_crypto_result_free(&early);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t lengths[] = {0, 31, 32, 33, 63, 64, 65, 1952, 3309};
    enum { ONE = sizeof with_one / sizeof *with_one, FIX = sizeof with_fix / sizeof *with_fix, THREE = 3 };
    if (size < 3) return 0;
    struct host_crypto_result r = {0};
    struct error e = {0};
    struct bytes rest = bytes_of(data + 3, size - 3);
    const unsigned which = data[0] % (ONE + FIX + THREE + 1);
    enum status status = STATUS_OK;
    if (which < ONE) {
        status = with_one[which](rest, &r, &e);
    } else if (which < ONE + FIX) {
        status = with_fix[which - ONE](rest, data[1] & 1, &r, &e);
    } else {
        struct bytes a = take(&rest, lengths[data[1] % 9]), b = take(&rest, lengths[data[2] % 9]);
        if (which < ONE + FIX + THREE) run_with_three(which - ONE - FIX, a, rest, b, &r);
        else status = host_ecrecover(a, b, data[1] >> 4, data[2] >> 4, &r, &e);
    }
    if (status != STATUS_OK) abort();
    if (r.error != HOST_CRYPTO_NO_ERROR && (r.writes_register || r.message.size == 0)) abort();
    if (r.error == HOST_CRYPTO_NO_ERROR && r.message.size != 0) abort();
    host_crypto_result_free(&r);
    return 0;
}
