#include "tee/seal_header.h"

#include "crypto/sha2.h"

void seal_header_write(const struct seal_header *h, uint8_t out[SEAL_HEADER_SIZE])
{
    const struct tee_sealed *s = &h->sealed;
    memcpy(out, SEAL_MAGIC, 8);
    store_le16(out + SEAL_AT_VERSION, s->version);
    store_le16(out + SEAL_AT_SUITE, s->suite);
    out[SEAL_AT_PURPOSE] = (uint8_t)s->purpose;
    out[SEAL_AT_ROOT_KIND] = (uint8_t)s->root_kind;
    memcpy(out + SEAL_AT_KEY_ID, h->key_id, SEAL_KEY_ID_SIZE);
    store_le32(out + SEAL_AT_MASK, s->policy.register_mask);
    out[SEAL_AT_HAS_CODE] = s->policy.has_code_hash;
    memset(out + SEAL_AT_CODE, 0, 32);
    if (s->policy.has_code_hash) memcpy(out + SEAL_AT_CODE, s->policy.code_hash, 32);
    store_le16(out + SEAL_AT_MIN_FORMAT, s->policy.min_format);
    store_le64(out + SEAL_AT_COUNTER, s->policy.counter);
    memcpy(out + SEAL_AT_COMPOSITE, s->composite, SEAL_COMPOSITE_SIZE);
    memcpy(out + SEAL_AT_SALT, h->salt, SEAL_SALT_SIZE);
    memcpy(out + SEAL_AT_NONCE, h->nonce, SEAL_NONCE_SIZE);
    store_le64(out + SEAL_AT_LENGTH, h->length);
}

/* Whether the fixed fields hold what a writer puts there. */
static bool plausible(const uint8_t *p)
{
    static const uint8_t no_code[32] = {0};
    if (p[SEAL_AT_PURPOSE] < SEAL_DATA || p[SEAL_AT_PURPOSE] > SEAL_GUEST) return false;
    if (p[SEAL_AT_ROOT_KIND] < ROOT_SIMULATOR || p[SEAL_AT_ROOT_KIND] > ROOT_RELEASED) return false;
    if (p[SEAL_AT_HAS_CODE] > 1 || load_le32(p + SEAL_AT_MASK) >> TEE_REGISTERS) return false;
    return p[SEAL_AT_HAS_CODE] || memcmp(p + SEAL_AT_CODE, no_code, sizeof no_code) == 0;
}

static void read_fields(const uint8_t *p, struct seal_header *h)
{
    struct tee_sealed *s = &h->sealed;
    s->version = load_le16(p + SEAL_AT_VERSION);
    s->suite = load_le16(p + SEAL_AT_SUITE);
    s->purpose = p[SEAL_AT_PURPOSE];
    s->root_kind = p[SEAL_AT_ROOT_KIND];
    s->policy.register_mask = load_le32(p + SEAL_AT_MASK);
    s->policy.has_code_hash = p[SEAL_AT_HAS_CODE] == 1;
    memcpy(s->policy.code_hash, p + SEAL_AT_CODE, 32);
    s->policy.min_format = load_le16(p + SEAL_AT_MIN_FORMAT);
    s->policy.counter = load_le64(p + SEAL_AT_COUNTER);
    memcpy(s->composite, p + SEAL_AT_COMPOSITE, SEAL_COMPOSITE_SIZE);
    memcpy(h->key_id, p + SEAL_AT_KEY_ID, SEAL_KEY_ID_SIZE);
    memcpy(h->salt, p + SEAL_AT_SALT, SEAL_SALT_SIZE);
    memcpy(h->nonce, p + SEAL_AT_NONCE, SEAL_NONCE_SIZE);
    h->length = load_le64(p + SEAL_AT_LENGTH);
}

enum status seal_header_read(struct bytes blob, struct seal_header *out, struct error *e)
{
    const uint8_t *p = blob.data;
    *out = (struct seal_header){0};
    if (blob.size < SEAL_HEADER_SIZE + SEAL_TAG_SIZE)
        return tee_refuse(e, TEE_SEAL_CORRUPT, "a sealed blob has at least %d bytes, this one %zu",
                          SEAL_HEADER_SIZE + SEAL_TAG_SIZE, blob.size);
    if (memcmp(p, SEAL_MAGIC, 8) != 0) return tee_refuse(e, TEE_SEAL_CORRUPT, "not a sealed blob: it does not begin like one");
    if (load_le16(p + SEAL_AT_VERSION) != SEAL_VERSION)
        return tee_refuse(e, TEE_VERSION, "sealed in version %u of the format, expected %d", load_le16(p + SEAL_AT_VERSION),
                          SEAL_VERSION);
    if (load_le16(p + SEAL_AT_SUITE) != SEAL_SUITE)
        return tee_refuse(e, TEE_SUITE, "sealed with suite %u, expected %d (HKDF-SHA-256, AES-256-GCM)",
                          load_le16(p + SEAL_AT_SUITE), SEAL_SUITE);
    if (!plausible(p)) return tee_refuse(e, TEE_SEAL_CORRUPT, "the header of the sealed blob contradicts itself");
    if (load_le64(p + SEAL_AT_LENGTH) != blob.size - SEAL_HEADER_SIZE - SEAL_TAG_SIZE)
        return tee_refuse(e, TEE_SEAL_CORRUPT, "the header says that %llu bytes are sealed, but there are %zu",
                          (unsigned long long)load_le64(p + SEAL_AT_LENGTH), blob.size - SEAL_HEADER_SIZE - SEAL_TAG_SIZE);
    read_fields(p, out);
    return STATUS_OK;
}

enum status tee_sealed_header(struct bytes blob, struct tee_sealed *out, struct error *e)
{
    struct seal_header h;
    const enum status status = seal_header_read(blob, &h, e);
    *out = h.sealed;
    return status;
}

bool seal_composite(uint32_t mask, const struct tee_snapshot *registers, uint8_t out[SEAL_COMPOSITE_SIZE])
{
    static const char tag[] = "nvm-seal-registers-v1"; /* with its NUL */
    uint8_t input[sizeof tag + 4 + TEE_REGISTERS * (1 + TEE_REGISTER_SIZE)];
    const uint32_t count = !registers ? 0 : registers->count < TEE_REGISTERS ? registers->count : TEE_REGISTERS;
    size_t size = sizeof tag + 4;
    if ((uint64_t)mask >> count) return false;
    memcpy(input, tag, sizeof tag);
    store_le32(input + sizeof tag, mask);
    for (uint32_t i = 0; i < count; i++) {
        if (!(mask & 1u << i)) continue;
        input[size] = (uint8_t)i;
        memcpy(input + size + 1, registers->value[i], TEE_REGISTER_SIZE);
        size += 1 + TEE_REGISTER_SIZE;
    }
    sha384(bytes_of(input, size), out);
    return true;
}
