/* Verifying quotes of Intel SGX and TDX (DCAP). `dcap_verify` (evidence.h) reads the collateral from files for one quote;
 * whoever has many quotes reads it once. */
#ifndef TEE_DCAP_H
#define TEE_DCAP_H

#include "tee/collateral.h"

/* The same as dcap_verify with collateral that was read before; in->files is not looked at. What is found out about
 * signatures stays in `collateral`. */
enum status dcap_verify_with(const struct tee_input *in, struct dcap_collateral *collateral, struct tee_verdict *v,
                             struct error *e);

#endif
