#include "tee/attest.h"

static enum status check_generated(const struct tee_generated *g, size_t log_size, struct error *e)
{
    if (g->evidence.failed || g->auxiliary.failed) return error_no_memory(e);
    if (g->evidence.size == 0) return tee_refuse(e, TEE_EMPTY, "the provider gave no evidence");
    if (g->evidence.size > TEE_EVIDENCE_MAX)
        return tee_refuse(e, TEE_EVIDENCE, "evidence of %zu bytes; an attestation holds %d", g->evidence.size,
                          (int)TEE_EVIDENCE_MAX);
    if (g->auxiliary.size > TEE_AUXILIARY_MAX)
        return tee_refuse(e, TEE_EVIDENCE, "auxiliary data of %zu bytes; an attestation holds %d", g->auxiliary.size,
                          (int)TEE_AUXILIARY_MAX);
    if (log_size > TEE_EVENT_LOG_MAX)
        return tee_refuse(e, TEE_LIMIT, "an event log of %zu bytes; an attestation holds %d", log_size,
                          (int)TEE_EVENT_LOG_MAX);
    return STATUS_OK;
}

static enum status write(const struct tee_attest *a, const struct tee_snapshot *s, const struct buffer *log,
                         const struct tee_generated *g, struct buffer *out, struct error *e)
{
    const enum status status = check_generated(g, log->size, e);
    if (status != STATUS_OK) return status;
    struct tee_attestation made = {
        .platform = g->platform,
        .simulated = g->simulated,
        .provider = bytes_of_string(a->provider->name),
        .version = TEE_ATTESTATION_VERSION,
        .kind = a->kind,
        .origin = a->origin,
        .purpose = a->purpose,
        .created = a->created,
        .evidence = bytes_of(g->evidence.data, g->evidence.size),
        .auxiliary = bytes_of(g->auxiliary.data, g->auxiliary.size),
        .register_count = s->count,
        .registers = bytes_of(s->value, (size_t)s->count * TEE_REGISTER_SIZE),
        .event_log = bytes_of(log->data, log->size),
        .nonce = a->nonce,
        .public_key = a->public_key,
    };
    memcpy(made.statement, a->statement, sizeof made.statement);
    struct buffer encoded = {0};
    tee_attestation_encode(&made, &encoded);
    if (!encoded.failed) buffer_append(out, encoded.data, encoded.size);
    const bool failed = encoded.failed || out->failed;
    buffer_free(&encoded);
    return failed ? error_no_memory(e) : STATUS_OK;
}

enum status tee_attest(const struct tee_attest *a, struct buffer *out, struct error *e)
{
    struct tee_snapshot registers;
    struct buffer log = {0};
    struct tee_generated generated = {0};
    struct tee_request request;
    uint8_t digest[32];
    if (!tee_origin_fits(a->kind, a->origin))
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "%s: what is attested does not come about like that",
                         tee_origin_name(a->origin));
    enum status status = tee_registers_snapshot(a->registers, &registers, &log, e);
    if (status == STATUS_OK) {
        const struct tee_binding binding = {.kind = a->kind, .origin = a->origin, .statement = a->statement,
                                            .registers = &registers, .public_key = a->public_key, .nonce = a->nonce};
        tee_statement_digest(&binding, digest);
        status = tee_statement_request(digest, a->nonce, a->public_key, &request, e);
    }
    if (status == STATUS_OK) status = a->provider->generate(a->system, &request, &generated, e);
    if (status == STATUS_OK) status = write(a, &registers, &log, &generated, out, e);
    tee_generated_free(&generated);
    buffer_free(&log);
    return status;
}

enum status tee_attest_key(struct tee_attest *a, struct buffer *out, struct error *e)
{
    if (a->purpose.size > TEE_PURPOSE_MAX)
        return tee_refuse(e, TEE_LIMIT, "a purpose of %zu bytes; at most %d are allowed", a->purpose.size,
                          (int)TEE_PURPOSE_MAX);
    a->kind = STATEMENT_KEY;
    a->origin = ORIGIN_NONE;
    tee_key_statement(a->purpose, a->created, a->statement);
    return tee_attest(a, out, e);
}

/* ---- which provider ---------------------------------------------------------------------------------------------- */

enum status tee_provider_present(const struct tee_system *s, const struct tee_provider **out, struct error *e)
{
    const struct tee_provider *found = NULL;
    for (size_t i = 0; i < tee_provider_count(); i++) {
        const struct tee_provider *p = tee_provider_at(i);
        struct buffer detail = {0};
        const bool there = p != &tee_provider_simulator && p->probe(s, &detail);
        buffer_free(&detail);
        if (!there) continue;
        if (found)
            return tee_refuse(e, TEE_PROVIDER, "both '%s' and '%s' are here: say which one", found->name, p->name);
        found = p;
    }
    if (!found) return tee_refuse(e, TEE_NO_DEVICE, "no trusted hardware on this machine");
    *out = found;
    return STATUS_OK;
}
