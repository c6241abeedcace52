/* BLS12-381: the host functions of G2. */
#include "crypto/bls12381_encoding.h"
#include "crypto/bls12381_map.h"
#include "crypto/bls12381_subgroup.h"

#define POINT g2
#define COORDINATE fp2
#define SUM bls12381_p2_sum
#define MULTIEXP bls12381_g2_multiexp
#define DECOMPRESS bls12381_p2_decompress
#define MAP bls12381_map_fp2_to_g2
#define LABEL "bls12381_p2"
#define MAP_LABEL "bls12381_map_fp2_to_g2"
#define POINT_SIZE BLS12381_G2_SIZE
#define COMPRESSED_SIZE BLS12381_P2_DECOMPRESS_ELEMENT_SIZE
#define COORDINATE_SIZE BLS12381_FP2_SIZE

#include "crypto/multiexp.inc"

#include "crypto/bls12381_group.inc"
