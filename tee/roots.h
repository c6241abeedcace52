/* The vendors' root certificates, compiled in: what certificates of real machines are checked against. */
#ifndef TEE_ROOTS_H
#define TEE_ROOTS_H

#include "tee/verdict.h"

/* The DER of a platform's roots: one for SGX and TDX (the same) and for Nitro; for SNP one for each product line (Milan,
 * Genoa, Turin). Returns how many; 0 for no platform. They live as long as the program. */
uint32_t tee_roots(enum tee_platform platform, const struct bytes **roots);

#endif
