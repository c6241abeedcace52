/* SHA-2, by BearSSL. */
#include "crypto/sha2.h"

void sha224(struct bytes input, uint8_t out[SHA224_SIZE])
{
    br_sha224_context context;
    br_sha224_init(&context);
    if (input.size) br_sha224_update(&context, input.data, input.size);
    br_sha224_out(&context, out);
}

void sha256(struct bytes input, uint8_t out[SHA256_SIZE])
{
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, input);
    sha256_finish(&h, out);
}

void sha384(struct bytes input, uint8_t out[SHA384_SIZE])
{
    br_sha384_context context;
    br_sha384_init(&context);
    if (input.size) br_sha384_update(&context, input.data, input.size);
    br_sha384_out(&context, out);
}

void sha512(struct bytes input, uint8_t out[SHA512_SIZE])
{
    struct sha512 h;
    sha512_init(&h);
    sha512_update(&h, input);
    sha512_finish(&h, out);
}

void sha256_init(struct sha256 *h)
{
    br_sha256_init(&h->context);
}

void sha256_update(struct sha256 *h, struct bytes input)
{
    if (input.size) br_sha256_update(&h->context, input.data, input.size);
}

void sha256_finish(const struct sha256 *h, uint8_t out[SHA256_SIZE])
{
    br_sha256_out(&h->context, out);
}

void sha512_init(struct sha512 *h)
{
    br_sha512_init(&h->context);
}

void sha512_update(struct sha512 *h, struct bytes input)
{
    if (input.size) br_sha512_update(&h->context, input.data, input.size);
}

void sha512_finish(const struct sha512 *h, uint8_t out[SHA512_SIZE])
{
    br_sha512_out(&h->context, out);
}
