/* BN254 (alt_bn128): the three host functions that NEAR has for it, from raw input bytes to raw output bytes.
 *
 * Encodings: every number is 32 bytes, little-endian. A point of G1 is x ‖ y (64 bytes), a point of G2 is
 * x.c0 ‖ x.c1 ‖ y.c0 ‖ y.c1 (128 bytes, c1 the coefficient of u, u² = −1); the point at infinity is all zeros.
 * A coordinate must be below the field's modulus and the point on its curve; a point of G2 must also have the right
 * order. (G1 has no others: its cofactor is 1.) A scalar must be below the order of the group.
 *
 * Errors: STATUS_MALFORMED if the length is not a multiple of the element's size, STATUS_INVALID if an element breaks a
 * rule; error.code is one of enum bn254_error, error.offset the place of the offending bytes in the input. The first
 * offence counts, in the order of the input's bytes, except that a point is judged after both its coordinates.
 * STATUS_NO_MEMORY is possible where memory grows with the input. On failure the output is untouched.
 *
 * Time depends on the input: nothing here is for secrets. No global state; safe for concurrent use. Takes at most
 * 64 KiB of stack.
 *
 * Source: EIP-196, EIP-197 (curves, pairing), NEAR's alt_bn128_* host functions (encodings, order of the checks). */
#ifndef CRYPTO_BN254_H
#define CRYPTO_BN254_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/error.h"

#define BN254_G1_SIZE 64
#define BN254_G2_SIZE 128
#define BN254_SCALAR_SIZE 32

/* Bytes of one element of each function's input. */
#define BN254_G1_SUM_ELEMENT_SIZE (1 + BN254_G1_SIZE)
#define BN254_G1_MULTIEXP_ELEMENT_SIZE (BN254_G1_SIZE + BN254_SCALAR_SIZE)
#define BN254_PAIRING_CHECK_ELEMENT_SIZE (BN254_G1_SIZE + BN254_G2_SIZE)

enum bn254_error {
    BN254_BAD_LENGTH = 1, /* the input is not a whole number of elements */
    BN254_BAD_BOOL,       /* a sign byte is neither 0 nor 1 */
    BN254_BAD_FQ,         /* a coordinate is not below the modulus */
    BN254_BAD_FR,         /* a scalar is not below the order of the group */
    BN254_BAD_G1,         /* not on the curve */
    BN254_BAD_G2,         /* not on the curve, or of another order */
};

/* Sum of the elements (sign byte ‖ point): a sign byte of 1 subtracts the point, 0 adds it. */
enum status bn254_g1_sum(struct bytes input, uint8_t out[BN254_G1_SIZE], struct error *e);

/* Sum of scalar · point over the elements (point ‖ scalar). */
enum status bn254_g1_multiexp(struct bytes input, uint8_t out[BN254_G1_SIZE], struct error *e);

/* Whether the product of the pairings of the elements (point of G1 ‖ point of G2) is one. */
enum status bn254_pairing_check(struct bytes input, bool *is_one, struct error *e);

/* Appends production's own words for an error that one of the three functions reported about `input`: the `msg` of
 * HostError::AltBn128InvalidInput (what follows "AltBn128 invalid input: "). `element_size` is that function's. */
void bn254_error_message(const struct error *e, struct bytes input, size_t element_size, struct buffer *message);

#endif
