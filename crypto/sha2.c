/* SHA-2, by BearSSL; SHA-256 by the processor's own instructions where it has them, in BearSSL's context. */
#include "crypto/sha2.h"

#include "crypto/sha256_ni.h"

void sha224(struct bytes input, uint8_t out[SHA224_SIZE])
{
    br_sha224_context context;
    br_sha224_init(&context);
    if (input.size) br_sha224_update(&context, input.data, input.size);
    br_sha224_out(&context, out);
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

#ifdef SHA256_NI
static void update_ni(br_sha256_context *c, struct bytes input)
{
    const uint8_t *p = input.data;
    size_t left = input.size, held = c->count % 64;
    c->count += left;
    if (held) {
        const size_t fits = 64 - held < left ? 64 - held : left;
        memcpy(c->buf + held, p, fits);
        p += fits;
        left -= fits;
        if (held + fits < 64) return;
        sha256_ni_compress(c->val, c->buf, 1);
    }
    sha256_ni_compress(c->val, p, left / 64);
    memcpy(c->buf, p + left / 64 * 64, left % 64);
}

/* The last, incomplete block of `count` bytes, padded; `state` is that of the blocks before. */
static void finish_blocks(uint32_t state[8], const uint8_t *rest, uint64_t count, uint8_t out[SHA256_SIZE])
{
    const size_t held = count % 64, padded = held + 1 + 8 <= 64 ? 64 : 128;
    uint8_t last[128] = {0};
    if (held) memcpy(last, rest, held);
    last[held] = 0x80;
    for (unsigned i = 0; i < 8; i++) last[padded - 1 - i] = (uint8_t)(count * 8 >> 8 * i);
    sha256_ni_compress(state, last, padded / 64);
    for (unsigned i = 0; i < SHA256_SIZE; i++) out[i] = (uint8_t)(state[i / 4] >> (24 - i % 4 * 8));
}

static void finish_ni(const br_sha256_context *c, uint8_t out[SHA256_SIZE])
{
    uint32_t state[8];
    memcpy(state, c->val, sizeof state);
    finish_blocks(state, c->buf, c->count, out);
}

/* In one go, and so without a copy of anything but the last block. */
static void hash_ni(struct bytes input, uint8_t out[SHA256_SIZE])
{
    br_sha256_context start;
    br_sha256_init(&start);
    if (input.size >= 64) sha256_ni_compress(start.val, input.data, input.size / 64);
    finish_blocks(start.val, input.size % 64 ? input.data + input.size / 64 * 64 : NULL, input.size, out);
}
#endif

void sha256_update(struct sha256 *h, struct bytes input)
{
    if (input.size == 0) return;
#ifdef SHA256_NI
    if (sha256_ni_supported()) {
        update_ni(&h->context, input);
        return;
    }
#endif
    br_sha256_update(&h->context, input.data, input.size);
}

void sha256_finish(const struct sha256 *h, uint8_t out[SHA256_SIZE])
{
#ifdef SHA256_NI
    if (sha256_ni_supported()) {
        finish_ni(&h->context, out);
        return;
    }
#endif
    br_sha256_out(&h->context, out);
}

void sha256(struct bytes input, uint8_t out[SHA256_SIZE])
{
#ifdef SHA256_NI
    if (sha256_ni_supported()) {
        hash_ni(input, out);
        return;
    }
#endif
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, input);
    sha256_finish(&h, out);
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
