#include "tee/statement.h"

#include "crypto/sha2.h"

const char *tee_statement_kind_name(enum tee_statement_kind kind)
{
    switch (kind) {
    case STATEMENT_RUN: return "run";
    case STATEMENT_KEY: return "key";
    case STATEMENT_CHALLENGE: return "challenge";
    case STATEMENT_UNCHECKED: return "unchecked";
    }
    return "unknown";
}

bool tee_purpose_is(struct bytes purpose, const char *own)
{
    const size_t size = strlen(own);
    if (purpose.size < size || memcmp(purpose.data, own, size) != 0) return false;
    return purpose.size == size || purpose.data[size] == ':';
}

bool tee_origin_fits(enum tee_statement_kind kind, enum tee_origin origin)
{
    switch (kind) {
    case STATEMENT_RUN: return origin != ORIGIN_NONE;
    case STATEMENT_CHALLENGE: return true;
    case STATEMENT_KEY:
    case STATEMENT_UNCHECKED: break;
    }
    return origin == ORIGIN_NONE;
}

/* The label with its NUL: no label is the beginning of another one. */
static void begin(struct sha256 *h, const char *label)
{
    sha256_init(h);
    sha256_update(h, bytes_of(label, strlen(label) + 1));
}

static void add_sized(struct sha256 *h, struct bytes b)
{
    uint8_t size[4];
    store_le32(size, (uint32_t)b.size);
    sha256_update(h, bytes_of(size, sizeof size));
    sha256_update(h, b);
}

void tee_key_statement(struct bytes purpose, uint64_t created, uint8_t out[STATEMENT_SIZE])
{
    struct sha256 h;
    uint8_t time[8];
    begin(&h, "nvm-tee-key-v1");
    add_sized(&h, purpose);
    store_le64(time, created);
    sha256_update(&h, bytes_of(time, sizeof time));
    sha256_finish(&h, out);
}

void tee_challenge_statement(struct bytes challenge, uint8_t out[STATEMENT_SIZE])
{
    struct sha256 h;
    begin(&h, "nvm-tee-challenge-v1");
    add_sized(&h, challenge);
    sha256_finish(&h, out);
}

void tee_statement_digest(const struct tee_binding *b, uint8_t out[32])
{
    struct sha256 h;
    const uint8_t kinds[2] = {(uint8_t)b->kind, (uint8_t)b->origin};
    uint8_t registers_digest[SHA384_SIZE], key_digest[SHA256_SIZE];
    tee_snapshot_digest(b->registers, registers_digest);
    sha256(b->public_key, key_digest);
    begin(&h, "nvm-tee-v2");
    sha256_update(&h, bytes_of(kinds, sizeof kinds));
    sha256_update(&h, bytes_of(b->statement, STATEMENT_SIZE));
    sha256_update(&h, bytes_of(registers_digest, sizeof registers_digest));
    sha256_update(&h, bytes_of(key_digest, sizeof key_digest));
    add_sized(&h, b->nonce);
    sha256_finish(&h, out);
}

enum status tee_statement_request(const uint8_t digest[32], struct bytes nonce, struct bytes public_key,
                                  struct tee_request *out, struct error *e)
{
    if (nonce.size > TEE_NONCE_MAX)
        return tee_refuse(e, TEE_NONCE, "a nonce of %zu bytes; report data have room for %d", nonce.size,
                          (int)TEE_NONCE_MAX);
    if (public_key.size > TEE_PUBLIC_KEY_MAX)
        return tee_refuse(e, TEE_LIMIT, "a public key of %zu bytes; at most %d are attested", public_key.size,
                          (int)TEE_PUBLIC_KEY_MAX);
    *out = (struct tee_request){.nonce = nonce, .public_key = public_key};
    memcpy(out->report_data, digest, 32);
    if (nonce.size > 0) memcpy(out->report_data + 32, nonce.data, nonce.size);
    return STATUS_OK;
}
