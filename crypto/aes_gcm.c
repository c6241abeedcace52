#include "crypto/aes_gcm.h"

#include <bearssl.h>

#include "crypto/wipe.h"

struct gcm {
    br_aes_gen_ctr_keys keys;
    br_gcm_context context;
};

/* Key schedule, nonce and associated data. */
static void begin(struct gcm *g, enum aes_gcm_engine engine, const uint8_t *key, const uint8_t *nonce,
                  struct bytes associated)
{
    const br_block_ctr_class *aes = NULL;
    br_ghash ghash = NULL;
    if (engine == AES_GCM_FASTEST) {
        aes = br_aes_x86ni_ctr_get_vtable();
        if (!aes) aes = br_aes_pwr8_ctr_get_vtable();
        ghash = br_ghash_pclmul_get();
        if (!ghash) ghash = br_ghash_pwr8_get();
    }
    if (!aes) aes = &br_aes_ct64_ctr_vtable;
    if (!ghash) ghash = br_ghash_ctmul64;
    aes->init(&g->keys.vtable, key, AES_GCM_KEY_SIZE);
    br_gcm_init(&g->context, &g->keys.vtable, ghash);
    br_gcm_reset(&g->context, nonce, AES_GCM_NONCE_SIZE);
    if (associated.size) br_gcm_aad_inject(&g->context, associated.data, associated.size);
    br_gcm_flip(&g->context);
}

void aes_gcm_encrypt(enum aes_gcm_engine engine, const uint8_t key[AES_GCM_KEY_SIZE],
                     const uint8_t nonce[AES_GCM_NONCE_SIZE], struct bytes associated, struct bytes plain, uint8_t *out,
                     uint8_t tag[AES_GCM_TAG_SIZE])
{
    struct gcm g;
    begin(&g, engine, key, nonce, associated);
    if (plain.size) {
        if (out != plain.data) memcpy(out, plain.data, plain.size);
        br_gcm_run(&g.context, 1, out, plain.size);
    }
    br_gcm_get_tag(&g.context, tag);
    wipe(&g, sizeof g);
}

bool aes_gcm_decrypt(enum aes_gcm_engine engine, const uint8_t key[AES_GCM_KEY_SIZE],
                     const uint8_t nonce[AES_GCM_NONCE_SIZE], struct bytes associated, struct bytes cipher,
                     const uint8_t tag[AES_GCM_TAG_SIZE], uint8_t *out)
{
    struct gcm g;
    begin(&g, engine, key, nonce, associated);
    if (cipher.size) {
        if (out != cipher.data) memcpy(out, cipher.data, cipher.size);
        br_gcm_run(&g.context, 0, out, cipher.size);
    }
    const bool right = br_gcm_check_tag(&g.context, tag) == 1;
    wipe(&g, sizeof g);
    if (!right) wipe(out, cipher.size);
    return right;
}
