/* BLS12-381: the nine host functions that NEAR has for it, from raw input bytes to raw output bytes.
 *
 * Encodings (those of Zcash and IETF; big-endian): a number of Fp is 48 bytes, one of Fp2 is c1 ‖ c0. A point is x ‖ y
 * (96 or 192 bytes), its compressed form x alone. The three highest bits of the first byte are flags: 0x80 compressed,
 * 0x40 infinity (everything else zero), 0x20 (compressed only) y is the greater of the two roots. A scalar is 32 bytes,
 * little-endian, and need not be below the order of the group.
 *
 * Each function takes the whole input, a multiple of its element size (also zero elements), and reports through *ret
 * what the host function returns: 0 done; 1 an element breaks a rule, out is untouched; 2 (pairing_check) the product
 * is not one. The output is appended to *out, which the caller owns.
 *
 * The result is an error only if the length is wrong (STATUS_MALFORMED; error.message is then production's `msg` of
 * HostError::BLS12381InvalidInput, what follows "BLS12-381 invalid input: ") or memory is short (STATUS_NO_MEMORY).
 *
 * `not_in_group_fix` is the protocol's flag of that name (vm.bls12381_not_in_group_fix; false up to version 88): with
 * it, sums and decompression accept the points with x = 0 (NEP-488), which they refuse without.
 *
 * Time depends on the input: nothing here is for secrets. No global state; safe for concurrent use. Takes at most
 * 64 KiB of stack.
 *
 * Sources: NEP-488 (the functions), draft-irtf-cfrg-pairing-friendly-curves-11 (curves, encodings), RFC 9380 (maps). */
#ifndef CRYPTO_BLS12381_H
#define CRYPTO_BLS12381_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/error.h"

#define BLS12381_FP_SIZE 48
#define BLS12381_FP2_SIZE 96
#define BLS12381_G1_SIZE 96
#define BLS12381_G2_SIZE 192
#define BLS12381_SCALAR_SIZE 32

/* Bytes of one element of each function's input. */
#define BLS12381_P1_SUM_ELEMENT_SIZE (1 + BLS12381_G1_SIZE)
#define BLS12381_P2_SUM_ELEMENT_SIZE (1 + BLS12381_G2_SIZE)
#define BLS12381_G1_MULTIEXP_ELEMENT_SIZE (BLS12381_G1_SIZE + BLS12381_SCALAR_SIZE)
#define BLS12381_G2_MULTIEXP_ELEMENT_SIZE (BLS12381_G2_SIZE + BLS12381_SCALAR_SIZE)
#define BLS12381_MAP_FP_TO_G1_ELEMENT_SIZE BLS12381_FP_SIZE
#define BLS12381_MAP_FP2_TO_G2_ELEMENT_SIZE BLS12381_FP2_SIZE
#define BLS12381_P1_DECOMPRESS_ELEMENT_SIZE 48
#define BLS12381_P2_DECOMPRESS_ELEMENT_SIZE 96
#define BLS12381_PAIRING_CHECK_ELEMENT_SIZE (BLS12381_G1_SIZE + BLS12381_G2_SIZE)

enum bls12381_error {
    BLS12381_BAD_LENGTH = 1, /* the input is not a whole number of elements */
};

enum bls12381_return {
    BLS12381_DONE = 0,
    BLS12381_BAD_INPUT = 1,
    BLS12381_NOT_ONE = 2,
};

/* Sum of the elements (sign byte ‖ point): a sign byte of 1 subtracts the point, 0 adds it, others are bad input.
 * Points must be on the curve, but need not be in the subgroup. One point goes to *out. */
enum status bls12381_p1_sum(struct bytes input, bool not_in_group_fix, uint64_t *ret, struct buffer *out,
                            struct error *e);
enum status bls12381_p2_sum(struct bytes input, bool not_in_group_fix, uint64_t *ret, struct buffer *out,
                            struct error *e);

/* Sum of scalar · point over the elements (point ‖ scalar). Points must be in the subgroup. One point goes to *out. */
enum status bls12381_g1_multiexp(struct bytes input, bool not_in_group_fix, uint64_t *ret, struct buffer *out,
                                 struct error *e);
enum status bls12381_g2_multiexp(struct bytes input, bool not_in_group_fix, uint64_t *ret, struct buffer *out,
                                 struct error *e);

/* map_to_curve followed by clear_cofactor (RFC 9380, BLS12381G1_XMD:SHA-256_SSWU_ and BLS12381G2_…) of each number;
 * a number that is not below the modulus is bad input. One point for each element goes to *out. */
enum status bls12381_map_fp_to_g1(struct bytes input, bool not_in_group_fix, uint64_t *ret, struct buffer *out,
                                  struct error *e);
enum status bls12381_map_fp2_to_g2(struct bytes input, bool not_in_group_fix, uint64_t *ret, struct buffer *out,
                                   struct error *e);

/* The uncompressed form of each compressed point, which must be on the curve, but need not be in the subgroup. One
 * point for each element goes to *out. */
enum status bls12381_p1_decompress(struct bytes input, bool not_in_group_fix, uint64_t *ret, struct buffer *out,
                                   struct error *e);
enum status bls12381_p2_decompress(struct bytes input, bool not_in_group_fix, uint64_t *ret, struct buffer *out,
                                   struct error *e);

/* Whether the product of the pairings of the elements (point of G1 ‖ point of G2) is one: *ret is 0 if so, 2 if not.
 * Points must be in their subgroups, whatever the flag. */
enum status bls12381_pairing_check(struct bytes input, uint64_t *ret, struct error *e);

#endif
