/* BearSSL's implementation of a hash. */
#ifndef CRYPTO_HASH_CLASS_H
#define CRYPTO_HASH_CLASS_H

#include <bearssl.h>

#include "crypto/hmac.h"

static inline const br_hash_class *hash_class(enum hash hash)
{
    switch (hash) {
    case HASH_SHA224: return &br_sha224_vtable;
    case HASH_SHA256: return &br_sha256_vtable;
    case HASH_SHA384: return &br_sha384_vtable;
    case HASH_SHA512: break;
    }
    return &br_sha512_vtable;
}

#endif
