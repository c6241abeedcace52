/* BLS12-381: the host functions of G1. */
#include "crypto/bls12381_encoding.h"
#include "crypto/bls12381_map.h"
#include "crypto/bls12381_subgroup.h"

#define POINT g1
#define COORDINATE fp
#define SUM bls12381_p1_sum
#define MULTIEXP bls12381_g1_multiexp
#define DECOMPRESS bls12381_p1_decompress
#define MAP bls12381_map_fp_to_g1
#define LABEL "bls12381_p1"
#define MAP_LABEL "bls12381_map_fp_to_g1"
#define POINT_SIZE BLS12381_G1_SIZE
#define COMPRESSED_SIZE BLS12381_P1_DECOMPRESS_ELEMENT_SIZE
#define COORDINATE_SIZE BLS12381_FP_SIZE

#include "crypto/multiexp.inc"

#include "crypto/bls12381_group.inc"
