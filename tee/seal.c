#include "tee/seal.h"

#include "crypto/aes_gcm.h"
#include "crypto/hmac.h"
#include "crypto/sha2.h"
#include "crypto/wipe.h"
#include "tee/seal_header.h"

/* HKDF-SHA-256(root, salt, "nvm-seal-v1" ‖ 0x00 ‖ purpose ‖ SHA-256 of the header's policy). */
static void derive_key(const struct tee_root *root, const uint8_t header[SEAL_HEADER_SIZE], uint8_t key[AES_GCM_KEY_SIZE])
{
    static const char label[] = "nvm-seal-v1"; /* with its NUL */
    uint8_t info[sizeof label + 1 + SHA256_SIZE];
    memcpy(info, label, sizeof label);
    info[sizeof label] = header[SEAL_AT_PURPOSE];
    sha256(bytes_of(header + SEAL_AT_POLICY, SEAL_POLICY_END - SEAL_AT_POLICY), info + sizeof label + 1);
    hkdf(HASH_SHA256, bytes_of(header + SEAL_AT_SALT, SEAL_SALT_SIZE), bytes_of(root->secret, sizeof root->secret),
         bytes_of(info, sizeof info), key, AES_GCM_KEY_SIZE, NULL);
}

static void key_id(const struct tee_root *root, uint8_t out[SEAL_KEY_ID_SIZE])
{
    uint8_t id[TEE_ROOT_ID_SIZE];
    tee_root_id(root, id);
    memcpy(out, id, SEAL_KEY_ID_SIZE);
}

static enum status fill_header(const struct tee_root *root, const struct tee_system *system, enum tee_seal_purpose purpose,
                               const struct tee_seal_policy *policy, const struct tee_snapshot *registers,
                               struct seal_header *h, struct error *e)
{
    *h = (struct seal_header){.sealed = {.version = SEAL_VERSION, .suite = SEAL_SUITE, .purpose = purpose,
                                         .root_kind = root->kind, .policy = *policy}};
    if (!seal_composite(policy->register_mask, registers, h->sealed.composite))
        return tee_refuse(e, TEE_INDEX, "the policy names registers (mask %#x), of which there are only %u",
                          policy->register_mask, registers ? registers->count : 0);
    key_id(root, h->key_id);
    const enum status status = tee_random(system, h->salt, sizeof h->salt, e);
    return status == STATUS_OK ? tee_random(system, h->nonce, sizeof h->nonce, e) : status;
}

static enum status check_arguments(const struct tee_root *root, enum tee_seal_purpose purpose, struct error *e)
{
    if (root->kind < ROOT_SIMULATOR || root->kind > ROOT_RELEASED)
        return error_set(e, STATUS_USAGE, TEE_ROOT_KIND, ERROR_NO_OFFSET, "there is no kind %d of roots", (int)root->kind);
    if (purpose < SEAL_DATA || purpose > SEAL_GUEST)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "there is no purpose %d of sealing", (int)purpose);
    return STATUS_OK;
}

enum status tee_seal(const struct tee_root *root, const struct tee_system *system, enum tee_seal_purpose purpose,
                     const struct tee_seal_policy *policy, const struct tee_snapshot *registers, struct bytes data,
                     struct buffer *out, struct error *e)
{
    struct seal_header h;
    uint8_t key[AES_GCM_KEY_SIZE];
    enum status status = check_arguments(root, purpose, e);
    if (status != STATUS_OK) return status;
    if (data.size > AES_GCM_MAX_SIZE || data.size > SIZE_MAX - SEAL_HEADER_SIZE - SEAL_TAG_SIZE)
        return tee_refuse(e, TEE_LIMIT, "%zu bytes are more than can be sealed at once", data.size);
    status = fill_header(root, system, purpose, policy, registers, &h, e);
    if (status != STATUS_OK) return status;
    h.length = data.size;
    if (!buffer_reserve(out, SEAL_HEADER_SIZE + data.size + SEAL_TAG_SIZE)) return error_no_memory(e);
    uint8_t *p = out->data + out->size, *sealed = p + SEAL_HEADER_SIZE;
    seal_header_write(&h, p);
    derive_key(root, p, key);
    aes_gcm_encrypt(AES_GCM_FASTEST, key, h.nonce, bytes_of(p, SEAL_HEADER_SIZE), data, sealed, sealed + data.size);
    wipe(key, sizeof key);
    out->size += SEAL_HEADER_SIZE + data.size + SEAL_TAG_SIZE;
    return STATUS_OK;
}

/* What must be so beside the tag, with both values in the message. */
static enum status check_policy(const struct tee_sealed *s, enum tee_seal_purpose purpose,
                                const struct tee_snapshot *registers, const uint8_t *code_hash, uint64_t min_counter,
                                struct error *e)
{
    uint8_t composite[SEAL_COMPOSITE_SIZE];
    const uint8_t *sealed_code = s->policy.code_hash;
    if (s->purpose != purpose)
        return tee_refuse(e, TEE_POLICY_MISMATCH, "sealed for purpose %d, to be opened for %d", (int)s->purpose,
                          (int)purpose);
    if (s->policy.min_format > SEAL_FORMAT)
        return tee_refuse(e, TEE_POLICY_MISMATCH, "sealed for format %u or newer, this is format %d", s->policy.min_format,
                          SEAL_FORMAT);
    if (s->policy.has_code_hash && !code_hash)
        return tee_refuse(e, TEE_POLICY_MISMATCH, "sealed for the code %02x%02x%02x%02x…, but no code is given",
                          sealed_code[0], sealed_code[1], sealed_code[2], sealed_code[3]);
    if (s->policy.has_code_hash && memcmp(code_hash, sealed_code, 32) != 0)
        return tee_refuse(e, TEE_POLICY_MISMATCH, "sealed for the code %02x%02x%02x%02x…, the code is %02x%02x%02x%02x…",
                          sealed_code[0], sealed_code[1], sealed_code[2], sealed_code[3], code_hash[0], code_hash[1],
                          code_hash[2], code_hash[3]);
    if (!seal_composite(s->policy.register_mask, registers, composite))
        return tee_refuse(e, TEE_POLICY_MISMATCH, "sealed for values of registers (mask %#x), of which there are only %u",
                          s->policy.register_mask, registers ? registers->count : 0);
    if (memcmp(composite, s->composite, sizeof composite) != 0)
        return tee_refuse(e, TEE_POLICY_MISMATCH, "registers (mask %#x) have other values than when it was sealed: "
                          "%02x%02x%02x%02x…, expected %02x%02x%02x%02x…", s->policy.register_mask, composite[0],
                          composite[1], composite[2], composite[3], s->composite[0], s->composite[1], s->composite[2],
                          s->composite[3]);
    if (s->policy.counter < min_counter)
        return tee_refuse(e, TEE_COUNTER, "sealed with counter %llu, at least %llu is demanded",
                          (unsigned long long)s->policy.counter, (unsigned long long)min_counter);
    return STATUS_OK;
}

/* Authentication comes before any judgement about what the header says. */
static enum status authenticate(const struct tee_root *root, const struct seal_header *h, struct bytes blob, uint8_t *out,
                                struct error *e)
{
    uint8_t id[SEAL_KEY_ID_SIZE], key[AES_GCM_KEY_SIZE];
    const uint8_t *sealed = blob.data + SEAL_HEADER_SIZE;
    const size_t size = (size_t)h->length;
    derive_key(root, blob.data, key);
    const bool right = aes_gcm_decrypt(AES_GCM_FASTEST, key, h->nonce, bytes_of(blob.data, SEAL_HEADER_SIZE),
                                       bytes_of(sealed, size), sealed + size, out);
    wipe(key, sizeof key);
    if (right) return STATUS_OK;
    key_id(root, id);
    if (memcmp(id, h->key_id, sizeof id) != 0)
        return tee_refuse(e, TEE_SEAL_CORRUPT, "sealed under the root %02x%02x%02x%02x…, this one is %02x%02x%02x%02x… (or "
                          "the blob was changed)", h->key_id[0], h->key_id[1], h->key_id[2], h->key_id[3], id[0], id[1],
                          id[2], id[3]);
    return tee_refuse(e, TEE_SEAL_CORRUPT, "the tag is wrong: the sealed blob was changed");
}

enum status tee_unseal(const struct tee_root *root, enum tee_seal_purpose purpose, struct bytes blob,
                       const struct tee_snapshot *registers, const uint8_t code_hash[32], uint64_t min_counter,
                       struct buffer *out, struct error *e)
{
    struct seal_header h;
    enum status status = seal_header_read(blob, &h, e);
    if (status != STATUS_OK) return status;
    if (h.sealed.root_kind != root->kind)
        return tee_refuse(e, TEE_ROOT_KIND, "sealed under a root of kind %s, this one is of kind %s",
                          tee_root_kind_name(h.sealed.root_kind), tee_root_kind_name(root->kind));
    const size_t size = (size_t)h.length;
    if (!buffer_reserve(out, size ? size : 1)) return error_no_memory(e);
    uint8_t *plain = out->data + out->size;
    status = authenticate(root, &h, blob, plain, e);
    if (status != STATUS_OK) return status;
    status = check_policy(&h.sealed, purpose, registers, code_hash, min_counter, e);
    if (status == STATUS_OK)
        out->size += size;
    else
        wipe(plain, size);
    return status;
}
