/* Well-known implementations to compare with, if they are on this machine: libsodium, OpenSSL 3, blst (libblst.so, for
 * instance made from the static library that the Rust crate blst builds). They are loaded at run time, so that neither
 * the build nor the program needs them. Each peer_* does one operation on the same input; false: not there. */
#ifndef BENCH_CRYPTO_PEERS_H
#define BENCH_CRYPTO_PEERS_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static void *peer_sodium, *peer_openssl, *peer_blst;

static inline void peers_load(void)
{
    peer_sodium = dlopen("libsodium.so.23", RTLD_NOW);
    peer_openssl = dlopen("libcrypto.so.3", RTLD_NOW);
    peer_blst = dlopen("libblst.so", RTLD_NOW);
}

/* A function of a library under a type; C has no cast for it. */
#define PEER(library, type, name)                                      \
    type name = NULL;                                                  \
    if (library) {                                                     \
        void *symbol = dlsym(library, #name);                          \
        memcpy(&name, &symbol, sizeof name);                           \
    }                                                                  \
    if (!name) return false

static inline bool peer_ed25519(const uint8_t key[32], const uint8_t *message, size_t size, const uint8_t sig[64])
{
    typedef int verify(const unsigned char *, const unsigned char *, unsigned long long, const unsigned char *);
    PEER(peer_sodium, verify *, crypto_sign_ed25519_verify_detached);
    return crypto_sign_ed25519_verify_detached(sig, message, size, key) == 0;
}

static inline bool peer_digest(const char *name, const uint8_t *input, size_t size)
{
    typedef void *fetch(void *, const char *, const char *);
    typedef int digest(const void *, size_t, unsigned char *, unsigned *, const void *, void *);
    static const void *fetched[8];
    static const char *names[8];
    unsigned char out[64];
    PEER(peer_openssl, fetch *, EVP_MD_fetch);
    PEER(peer_openssl, digest *, EVP_Digest);
    unsigned i = 0;
    while (i < 7 && names[i] && names[i] != name) i++;
    if (!names[i]) {
        names[i] = name;
        fetched[i] = EVP_MD_fetch(NULL, name, NULL);
    }
    return fetched[i] && EVP_Digest(input, size, out, NULL, fetched[i], NULL) == 1;
}

/* point: x ‖ y; the signature is DER. */
static inline bool peer_p256(const uint8_t point[64], const uint8_t hash[32], const uint8_t *der, size_t der_size)
{
    typedef void *d2i(void **, const unsigned char **, long);
    typedef void *new_context(void *, void *);
    typedef int init(void *);
    typedef int verify(void *, const unsigned char *, size_t, const unsigned char *, size_t);
    static const uint8_t head[27] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
                                     0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
    static void *context; /* parsing the key is left out */
    PEER(peer_openssl, d2i *, d2i_PUBKEY);
    PEER(peer_openssl, new_context *, EVP_PKEY_CTX_new);
    PEER(peer_openssl, init *, EVP_PKEY_verify_init);
    PEER(peer_openssl, verify *, EVP_PKEY_verify);
    if (!context) {
        uint8_t info[91];
        const unsigned char *p = info;
        memcpy(info, head, sizeof head);
        memcpy(info + sizeof head, point, 64);
        void *key = d2i_PUBKEY(NULL, &p, sizeof info);
        if (key) context = EVP_PKEY_CTX_new(key, NULL);
    }
    return context && EVP_PKEY_verify_init(context) == 1 && EVP_PKEY_verify(context, der, der_size, hash, 32) == 1;
}

/* ---- blst: the calls that production makes for one element ------------------------------------------------------ */

typedef struct {
    uint64_t limbs[72]; /* the largest of its types, an element of Fp12, and any smaller one */
} peer_blst_any;

typedef int blst_decode(peer_blst_any *, const uint8_t *);
typedef void blst_unary(peer_blst_any *, const peer_blst_any *);
typedef bool blst_test(const peer_blst_any *);
typedef void blst_multiply(peer_blst_any *, const peer_blst_any *, const uint8_t *, size_t);
typedef void blst_binary(peer_blst_any *, const peer_blst_any *, const peer_blst_any *);
typedef void blst_from_bytes(void *, const uint8_t *);
typedef void blst_to_bytes(uint8_t *, const peer_blst_any *);

#define PEER_BLST_GROUP(n, size)                                                                               \
    static inline bool peer_g##n##_multiply(const uint8_t *element)                                            \
    {                                                                                                          \
        peer_blst_any affine, p, product;                                                                      \
        PEER(peer_blst, blst_decode *, blst_p##n##_deserialize);                                               \
        PEER(peer_blst, blst_unary *, blst_p##n##_from_affine);                                                \
        PEER(peer_blst, blst_test *, blst_p##n##_in_g##n);                                                     \
        PEER(peer_blst, blst_multiply *, blst_p##n##_mult);                                                    \
        if (blst_p##n##_deserialize(&affine, element) != 0) return false;                                      \
        blst_p##n##_from_affine(&p, &affine);                                                                  \
        if (!blst_p##n##_in_g##n(&p)) return false;                                                            \
        blst_p##n##_mult(&product, &p, element + (size), 256);                                                 \
        return true;                                                                                           \
    }                                                                                                          \
    static inline bool peer_g##n##_add(const uint8_t *element)                                                 \
    {                                                                                                          \
        peer_blst_any affine, p, sum;                                                                          \
        PEER(peer_blst, blst_decode *, blst_p##n##_deserialize);                                               \
        PEER(peer_blst, blst_unary *, blst_p##n##_from_affine);                                                \
        PEER(peer_blst, blst_binary *, blst_p##n##_add_or_double);                                             \
        if (blst_p##n##_deserialize(&affine, element + 1) != 0) return false;                                  \
        blst_p##n##_from_affine(&p, &affine);                                                                  \
        blst_p##n##_add_or_double(&sum, &p, &p);                                                               \
        return true;                                                                                           \
    }                                                                                                          \
    static inline bool peer_g##n##_uncompress(const uint8_t *element)                                          \
    {                                                                                                          \
        peer_blst_any affine;                                                                                  \
        PEER(peer_blst, blst_decode *, blst_p##n##_uncompress);                                                \
        return blst_p##n##_uncompress(&affine, element) == 0;                                                  \
    }
PEER_BLST_GROUP(1, 96)
PEER_BLST_GROUP(2, 192)

static inline bool peer_map_to_g1(const uint8_t *element)
{
    peer_blst_any u, p;
    uint8_t out[96];
    PEER(peer_blst, blst_from_bytes *, blst_fp_from_bendian);
    PEER(peer_blst, blst_binary *, blst_map_to_g1);
    PEER(peer_blst, blst_to_bytes *, blst_p1_serialize);
    blst_fp_from_bendian(&u, element);
    blst_map_to_g1(&p, &u, NULL);
    blst_p1_serialize(out, &p);
    return true;
}

static inline bool peer_map_to_g2(const uint8_t *element)
{
    peer_blst_any u, p;
    uint8_t out[192];
    PEER(peer_blst, blst_from_bytes *, blst_fp_from_bendian);
    PEER(peer_blst, blst_binary *, blst_map_to_g2);
    PEER(peer_blst, blst_to_bytes *, blst_p2_serialize);
    blst_fp_from_bendian((uint8_t *)&u + 48, element); /* c1 comes first */
    blst_fp_from_bendian(&u, element + 48);
    blst_map_to_g2(&p, &u, NULL);
    blst_p2_serialize(out, &p);
    return true;
}

/* One pair of points, checked and paired. */
static inline bool peer_pairing(const uint8_t *element)
{
    peer_blst_any p, q, f;
    PEER(peer_blst, blst_decode *, blst_p1_deserialize);
    PEER(peer_blst, blst_decode *, blst_p2_deserialize);
    PEER(peer_blst, blst_test *, blst_p1_affine_in_g1);
    PEER(peer_blst, blst_test *, blst_p2_affine_in_g2);
    PEER(peer_blst, blst_binary *, blst_miller_loop);
    PEER(peer_blst, blst_unary *, blst_final_exp);
    if (blst_p1_deserialize(&p, element) != 0 || blst_p2_deserialize(&q, element + 96) != 0) return false;
    if (!blst_p1_affine_in_g1(&p) || !blst_p2_affine_in_g2(&q)) return false;
    blst_miller_loop(&f, &q, &p);
    blst_final_exp(&f, &f);
    return true;
}

#endif
