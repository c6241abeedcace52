/* Attestations as bytes. */
#include "tee/attestation.h"

#include "base/borsh.h"

static const uint8_t magic[] = {'n', 'v', 'm', 't', 'e', 'e'};

/* ---- writing ----------------------------------------------------------------------------------------------------- */

void tee_attestation_encode(const struct tee_attestation *a, struct buffer *out)
{
    buffer_append(out, magic, sizeof magic);
    borsh_write_u8(out, TEE_ATTESTATION_VERSION);
    borsh_write_u8(out, (uint8_t)a->platform);
    borsh_write_bool(out, a->simulated);
    borsh_write_bytes(out, a->provider);
    borsh_write_u8(out, (uint8_t)a->kind);
    borsh_write_u8(out, (uint8_t)a->origin);
    buffer_append(out, a->statement, sizeof a->statement);
    borsh_write_bytes(out, a->purpose);
    borsh_write_u64(out, a->created);
    borsh_write_bytes(out, a->evidence);
    borsh_write_bytes(out, a->auxiliary);
    borsh_write_u8(out, (uint8_t)a->register_count);
    buffer_append(out, a->registers.data, a->registers.size);
    borsh_write_bytes(out, a->event_log);
    borsh_write_bytes(out, a->nonce);
    borsh_write_bytes(out, a->public_key);
    borsh_write_bool(out, a->is_signed);
    if (!a->is_signed) return;
    borsh_write_u8(out, (uint8_t)a->signed_origin);
    buffer_append(out, a->signed_statement, sizeof a->signed_statement);
    borsh_write_u64(out, a->signed_at);
    buffer_append(out, a->signature, sizeof a->signature);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

bool tee_attestation_is(struct bytes input)
{
    return input.size > sizeof magic && memcmp(input.data, magic, sizeof magic) == 0;
}

static struct bytes read_at_most(struct borsh_reader *r, size_t max, const char *problem)
{
    const struct bytes b = borsh_read_bytes(r);
    if (b.size <= max) return b;
    borsh_reject(r, problem);
    return (struct bytes){0};
}

static void read_fixed(struct borsh_reader *r, uint8_t *out, size_t size)
{
    const struct bytes b = borsh_read_fixed(r, size);
    if (b.size == size) memcpy(out, b.data, size);
}

static void read_origin(struct borsh_reader *r, struct tee_attestation *a)
{
    const uint8_t platform = borsh_read_u8(r);
    if (platform <= TEE_NO_PLATFORM || platform >= TEE_PLATFORM_COUNT) borsh_reject(r, "no platform has this number");
    else a->platform = (enum tee_platform)platform;
    a->simulated = borsh_read_bool(r);
    a->provider = borsh_read_string(r);
    if (a->provider.size > TEE_PROVIDER_NAME_MAX) borsh_reject(r, "a provider's name of more than 32 bytes");
}

/* Version 1 has none. */
static enum tee_origin read_origin_byte(struct borsh_reader *r, const struct tee_attestation *a)
{
    const uint8_t byte = a->version == 1 ? ORIGIN_NONE : borsh_read_u8(r);
    if (byte == ORIGIN_NONE || tee_origin_known(byte)) return (enum tee_origin)byte;
    borsh_reject(r, "no result comes about like that");
    return ORIGIN_NONE;
}

static void read_statement(struct borsh_reader *r, struct tee_attestation *a)
{
    const uint8_t kind = borsh_read_u8(r), last = a->version == 1 ? STATEMENT_CHALLENGE : STATEMENT_UNCHECKED;
    if (kind < STATEMENT_RUN || kind > last) borsh_reject(r, "no statement is of this kind");
    else a->kind = (enum tee_statement_kind)kind;
    a->origin = read_origin_byte(r, a);
    if (a->version != 1 && !tee_origin_fits(a->kind, a->origin))
        borsh_reject(r, "what is attested does not come about like that");
    read_fixed(r, a->statement, sizeof a->statement);
    a->purpose = borsh_read_string(r);
    if (a->purpose.size > TEE_PURPOSE_MAX) borsh_reject(r, "a purpose of more than 64 bytes");
    a->created = borsh_read_u64(r);
    if (a->kind != STATEMENT_KEY && (a->purpose.size > 0 || a->created != 0))
        borsh_reject(r, "purpose and time belong to keys");
}

static void read_registers(struct borsh_reader *r, struct tee_attestation *a)
{
    a->register_count = borsh_read_u8(r);
    if (a->register_count < 1 || a->register_count > TEE_REGISTERS) {
        borsh_reject(r, "expected 1 to 16 registers");
        return;
    }
    a->registers = borsh_read_fixed(r, (size_t)a->register_count * TEE_REGISTER_SIZE);
    a->event_log = read_at_most(r, TEE_EVENT_LOG_MAX, "an event log of more than 16 MiB");
}

static void read_signature(struct borsh_reader *r, struct tee_attestation *a)
{
    a->is_signed = borsh_read_bool(r);
    if (!a->is_signed) return;
    if (a->kind != STATEMENT_KEY) borsh_reject(r, "a signature without an attested key");
    a->signed_origin = read_origin_byte(r, a);
    read_fixed(r, a->signed_statement, sizeof a->signed_statement);
    a->signed_at = borsh_read_u64(r);
    read_fixed(r, a->signature, sizeof a->signature);
}

static enum status fail(struct error *e, enum tee_refusal r, size_t offset, const char *message)
{
    return error_set(e, STATUS_MALFORMED, (int)r, offset, "%s", message);
}

enum status tee_attestation_decode(struct bytes input, struct tee_attestation *out, struct error *e)
{
    struct borsh_reader r = borsh_reader_of(input);
    struct tee_attestation a = {0};
    *out = a;
    if (input.size > TEE_ATTESTATION_MAX) return fail(e, TEE_LIMIT, 0, "more than an attestation can have");
    if (!tee_attestation_is(input)) return fail(e, TEE_EVIDENCE, 0, "not an attestation of nvm");
    borsh_read_fixed(&r, sizeof magic);
    a.version = borsh_read_u8(&r);
    if (a.version < 1 || a.version > TEE_ATTESTATION_VERSION)
        return fail(e, TEE_VERSION, sizeof magic, "another version of attestations than 1 and 2");
    read_origin(&r, &a);
    read_statement(&r, &a);
    a.evidence = read_at_most(&r, TEE_EVIDENCE_MAX, "evidence of more than 64 KiB");
    a.auxiliary = read_at_most(&r, TEE_AUXILIARY_MAX, "auxiliary data of more than 1 MiB");
    read_registers(&r, &a);
    a.nonce = read_at_most(&r, TEE_NONCE_MAX, "a nonce of more than 32 bytes");
    a.public_key = read_at_most(&r, TEE_PUBLIC_KEY_MAX, "a public key of more than 1024 bytes");
    read_signature(&r, &a);
    const enum status status = borsh_finish(&r, "the attestation", e);
    if (status != STATUS_OK) {
        if (e) e->code = TEE_EVIDENCE;
        return status;
    }
    *out = a;
    return STATUS_OK;
}

enum status tee_attestation_digest(const struct tee_attestation *a, uint8_t out[32], struct error *e)
{
    struct tee_snapshot registers;
    const enum status status = tee_event_log_replay(a->event_log, a->register_count, &registers, e);
    const struct tee_binding binding = {.kind = a->kind, .origin = a->origin, .statement = a->statement,
                                        .registers = &registers, .public_key = a->public_key, .nonce = a->nonce};
    if (status == STATUS_OK) tee_statement_digest(&binding, out);
    return status;
}
