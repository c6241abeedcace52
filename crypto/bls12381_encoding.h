/* Reading and writing BLS12-381 numbers and points in the encodings of bls12381.h. For the files of the curve.
 *
 * The readers take as many bytes as the encoding has and answer whether they are a valid encoding: flags, range and
 * curve, but not the subgroup. Infinity comes out as (0, 0). Points with x = 0 are refused in G1 unless
 * `not_in_group_fix`; the twist has none. */
#ifndef CRYPTO_BLS12381_ENCODING_H
#define CRYPTO_BLS12381_ENCODING_H

#include "crypto/bls12381_curve.h"

/* STATUS_MALFORMED, with production's message, unless the input is a whole number of elements of the function. */
enum status bls12381_check_length(struct bytes input, size_t element_size, const char *function, struct error *e);

bool bls12381_read_fp(struct fp *r, const uint8_t *bytes);
bool bls12381_read_fp2(struct fp2 *r, const uint8_t *bytes);
bool bls12381_read_g1(struct g1_affine *p, const uint8_t *bytes, bool not_in_group_fix);
bool bls12381_read_g2(struct g2_affine *p, const uint8_t *bytes, bool not_in_group_fix);
bool bls12381_read_compressed_g1(struct g1_affine *p, const uint8_t *bytes, bool not_in_group_fix);
bool bls12381_read_compressed_g2(struct g2_affine *p, const uint8_t *bytes, bool not_in_group_fix);

void bls12381_write_g1(struct buffer *out, const struct g1_affine *p);
void bls12381_write_g2(struct buffer *out, const struct g2_affine *p);

#endif
