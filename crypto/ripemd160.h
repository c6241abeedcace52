/* RIPEMD-160 (Dobbertin, Bosselaers, Preneel, "RIPEMD-160: a strengthened version of RIPEMD", 1996). */
#ifndef CRYPTO_RIPEMD160_H
#define CRYPTO_RIPEMD160_H

#include "base/bytes.h"

#define RIPEMD160_SIZE 20

/* Nothing is allocated, nothing fails; time depends on the length alone. */
void ripemd160(struct bytes input, uint8_t out[RIPEMD160_SIZE]);

#endif
