#include "tee/dcap_steps.h"

enum status dcap_refuse(struct dcap_run *r, enum tee_refusal refusal, const char *name, const char *measured,
                        const char *expected)
{
    struct error e = {0};
    const enum status status = tee_verdict_refused(r->v, &e, refusal, name, measured, expected);
    if (r->first.status == STATUS_OK) r->first = e;
    return status;
}

enum status dcap_fail(struct dcap_run *r, const char *name, const struct error *e)
{
    const enum status status = tee_verdict_error(r->v, name, e);
    if (r->first.status == STATUS_OK) r->first = *e;
    return status;
}

static enum status read_quote(struct dcap_run *r)
{
    struct quote *q = &r->quote;
    struct error e = {0};
    const enum status status = quote_read(r->in->evidence, r->in->policy->allow_trailing, q, &e);
    if (status != STATUS_OK) return dcap_fail(r, "quote's form", &e);
    r->v->platform = q->platform;
    if (q->platform != r->in->policy->platform)
        return dcap_refuse(r, TEE_PLATFORM, "platform", tee_platform_name(q->platform),
                           tee_platform_name(r->in->policy->platform));
    tee_verdict_passed(r->v, "quote's form",
                       tee_verdict_text(r->v, "version %u of %s, %zu bytes, %zu zeros behind it", q->version,
                                        tee_platform_name(q->platform), r->in->evidence.size - q->trailing, q->trailing),
                       "");
    return STATUS_OK;
}

/* What the quote shows by itself. Without any collateral that is all that can be checked. */
static enum status check_alone(struct dcap_run *r)
{
    const enum status status = dcap_signatures(r);
    if (status != STATUS_OK) return status;
    return dcap_refuse(r, TEE_COLLATERAL_MISSING, "collateral", "none",
                       "TCB info, QE identity, their signers' chain and revocation lists");
}

static enum status verify(struct dcap_run *r)
{
    struct dcap_status found = {0};
    enum status status = read_quote(r);
    if (status == STATUS_OK) status = dcap_pck_chain(r);
    if (status == STATUS_OK && r->collateral->empty) return check_alone(r);
    if (status == STATUS_OK) status = dcap_root_crl(r);
    if (status == STATUS_OK) status = dcap_tcb_info(r);
    if (status == STATUS_OK) status = dcap_qe_identity(r);
    if (status == STATUS_OK) status = dcap_pck_crl(r);
    if (status == STATUS_OK) status = dcap_signatures(r);
    if (status == STATUS_OK) status = dcap_qe_report(r);
    if (status == STATUS_OK) status = dcap_levels(r, &found);
    if (status != STATUS_OK) return status;
    /* From here on all is genuine: what the policy says of it is said in full. */
    status = dcap_body(r);
    return status == STATUS_OK ? dcap_policy(r, &found) : status;
}

enum status dcap_verify_with(const struct tee_input *in, struct dcap_collateral *collateral, struct tee_verdict *v,
                             struct error *e)
{
    struct dcap_run r = {.in = in, .collateral = collateral, .v = v};
    tee_verdict_begin(v, in->policy->platform, in->at, in->simulated);
    const enum status status = verify(&r);
    arena_free(&r.arena);
    if (v->no_memory || status == STATUS_NO_MEMORY) return error_no_memory(e);
    if (r.first.status == STATUS_OK && status == STATUS_OK) {
        tee_verdict_noted(v, "valid until", tee_verdict_time(v, v->valid_until));
        return v->no_memory ? error_no_memory(e) : STATUS_OK;
    }
    if (e) *e = r.first;
    return STATUS_INVALID;
}

enum status dcap_verify(const struct tee_input *in, struct tee_verdict *v, struct error *e)
{
    struct dcap_collateral collateral = {0};
    struct error found = {0};
    enum status status = dcap_collateral_read(in->files, in->file_count, &collateral, &found);
    if (status == STATUS_OK) {
        status = dcap_verify_with(in, &collateral, v, e);
        dcap_collateral_free(&collateral);
        return status;
    }
    tee_verdict_begin(v, in->policy->platform, in->at, in->simulated);
    status = tee_verdict_error(v, "collateral", &found);
    if (e) *e = found;
    return v->no_memory ? error_no_memory(e) : status;
}
