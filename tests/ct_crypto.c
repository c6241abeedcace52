/* Constant time: secrets are marked undefined, and valgrind's memcheck reports every branch and every address that
 * depends on one. Run by tests/ct.sh; without valgrind this only does the operations. */
#include <stdio.h>
#include <valgrind/memcheck.h>

#include "crypto/aes_gcm.h"
#include "crypto/ecdh.h"
#include "crypto/ed25519.h"
#include "crypto/hmac.h"

static void secret(void *data, size_t size)
{
    VALGRIND_MAKE_MEM_UNDEFINED(data, size);
}

/* What may be looked at again, for it goes out. */
static void publish(void *data, size_t size)
{
    VALGRIND_MAKE_MEM_DEFINED(data, size);
}

static unsigned long errors(void)
{
    return VALGRIND_COUNT_ERRORS;
}

/* Key derivation and signing, the whole way; only public key and signature are public. */
static void derive_and_sign(void)
{
    struct ed25519_key key;
    uint8_t seed[32], signature[64];
    static const char message[] = "a transaction";
    for (unsigned i = 0; i < sizeof seed; i++) seed[i] = (uint8_t)(i * 37 + 1);
    secret(seed, sizeof seed);
    ed25519_key_from_seed(&key, seed);
    ed25519_sign(&key, bytes_of(message, sizeof message), signature);
    publish(key.public_key, sizeof key.public_key);
    publish(signature, sizeof signature);
    printf("ed25519 signature %s\n",
           ed25519_verify(key.public_key, bytes_of(message, sizeof message), signature) ? "verifies" : "is WRONG");
    ed25519_key_wipe(&key);
}

static void authenticate(enum hash hash)
{
    uint8_t key[100], tag[HASH_MAX_SIZE], okm[100];
    static const char message[] = "a message";
    struct error e;
    for (unsigned i = 0; i < sizeof key; i++) key[i] = (uint8_t)(i * 11 + 3);
    secret(key, sizeof key);
    hmac(hash, bytes_of(key, sizeof key / 3), bytes_of(message, sizeof message), tag);
    hmac(hash, bytes_of(key, 65), bytes_of(message, sizeof message), tag);
    hmac(hash, bytes_of(key, sizeof key), bytes_of(key, 50), tag);
    if (hkdf(hash, bytes_of(key, 20), bytes_of(key, 32), bytes_of(message, 5), okm, sizeof okm, &e) != STATUS_OK)
        printf("hkdf: WRONG\n");
}

/* Keys and messages are secret. Decryption does the same, and then tells whether the tag was right. */
static void encrypt(enum aes_gcm_engine engine)
{
    uint8_t key[AES_GCM_KEY_SIZE] = {5}, plain[100] = {6}, out[100], tag[AES_GCM_TAG_SIZE];
    static const uint8_t nonce[AES_GCM_NONCE_SIZE] = {7};
    secret(key, sizeof key);
    secret(plain, sizeof plain);
    aes_gcm_encrypt(engine, key, nonce, bytes_of(nonce, 5), bytes_of(plain, sizeof plain), out, tag);
    aes_gcm_encrypt(engine, key, nonce, bytes_of(NULL, 0), bytes_of(NULL, 0), out, tag);
}

/* The secret's range and the point that comes out are public. */
static void agree(void)
{
    uint8_t own[ECDH_SECRET_SIZE] = {8}, shared[ECDH_SHARED_SIZE], point[ECDH_POINT_SIZE];
    secret(own, sizeof own);
    bool valid = ecdh_secret_valid(own);
    publish(&valid, sizeof valid);
    if (!valid) printf("ECDH secret: WRONG\n");
    ecdh_public(own, point);
    publish(point, sizeof point);
    ecdh_shared(own, point, shared);
}

/* That the tool sees anything: a branch on a secret must be reported. */
static void look_at_a_secret(void)
{
    volatile uint8_t byte = 1;
    uint8_t copy = byte;
    secret(&copy, 1);
    if (copy == 1) printf("a branch on a secret\n");
}

int main(void)
{
    derive_and_sign();
    for (int hash = HASH_SHA224; hash <= HASH_SHA512; hash++) authenticate((enum hash)hash);
    encrypt(AES_GCM_FASTEST);
    encrypt(AES_GCM_PORTABLE);
    agree();
    const unsigned long found = errors();
    if (!RUNNING_ON_VALGRIND) {
        printf("not under valgrind: nothing was checked\n");
        return 2;
    }
    look_at_a_secret();
    const bool alert = errors() > found;
    printf("secrets looked at: %lu; the check itself works: %s\n", found, alert ? "yes" : "no");
    printf("%d passed, %d failed\n", (found == 0) + alert, (found != 0) + !alert);
    return found != 0 || !alert;
}
