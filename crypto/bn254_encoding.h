/* Reading and writing BN254 points and scalars in the encodings of bn254.h. For the files of the curve. */
#ifndef CRYPTO_BN254_ENCODING_H
#define CRYPTO_BN254_ENCODING_H

#include "crypto/bn254_curve.h"

/* STATUS_MALFORMED with BN254_BAD_LENGTH unless the input is a whole number of elements. */
enum status bn254_check_length(struct bytes input, size_t element_size, struct error *e);

/* Each reads what stands at `offset` of the input, which must be long enough, and checks it by all the rules: range,
 * curve, and for G2 the order. Infinity comes out as (0, 0). */
enum status bn254_read_g1(struct g1_affine *p, struct bytes input, size_t offset, struct error *e);
enum status bn254_read_g2(struct g2_affine *p, struct bytes input, size_t offset, struct error *e);
enum status bn254_read_scalar(struct scalar *s, struct bytes input, size_t offset, struct error *e);
enum status bn254_read_bool(bool *value, struct bytes input, size_t offset, struct error *e);

void bn254_write_g1(uint8_t out[BN254_G1_SIZE], const struct g1 *p);

#endif
