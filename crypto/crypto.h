/* crypto/: hashes, signatures and pairing curves, one header for each family, which says sizes, encodings, errors,
 * ownership, and whether it runs in constant time. BearSSL and libsecp256k1 stand behind some of them. Nothing here
 * knows WebAssembly or gas; host_functions.h has the functions in the form in which NEAR's contracts see them.
 *
 * This header includes all of them; a file that needs one thing may include that thing's header alone. */
#ifndef CRYPTO_CRYPTO_H
#define CRYPTO_CRYPTO_H

#include "crypto/aes_gcm.h"
#include "crypto/bls12381.h"
#include "crypto/bn254.h"
#include "crypto/ecdh.h"
#include "crypto/ed25519.h"
#include "crypto/hmac.h"
#include "crypto/host_functions.h"
#include "crypto/keccak.h"
#include "crypto/ml_dsa.h"
#include "crypto/p256.h"
#include "crypto/ripemd160.h"
#include "crypto/secp256k1.h"
#include "crypto/sha2.h"

#endif
