/* What was measured: attributes that nobody may have, and what the policy says. */
#include "tee/dcap_steps.h"

#include <inttypes.h>

#define TD_KNOWN_ATTRIBUTES (TD_DEBUG | TD_SEPT_VE_DISABLE | TD_PKS | TD_KEY_LOCKER | TD_PERFMON)
#define XFAM_REQUIRED UINT64_C(0x3)     /* x87 and SSE */
#define XFAM_KNOWN UINT64_C(0x6dbe7)
#define ENCLAVE_KNOWN_FLAGS                                                                                           \
    (ENCLAVE_INIT | ENCLAVE_DEBUG | ENCLAVE_MODE64 | ENCLAVE_PROVISION_KEY | ENCLAVE_EINITTOKEN_KEY | ENCLAVE_CET |    \
     ENCLAVE_KSS | ENCLAVE_AEX_NOTIFY)

static bool is_zero(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (p[i]) return false;
    return true;
}

/* Something that must not be, unless the policy allows it. */
static void forbid(struct dcap_run *r, bool is, bool allowed, enum tee_refusal refusal, const char *name,
                   const char *measured, const char *expected, const char *allowance)
{
    if (!is) tee_verdict_passed(r->v, name, measured, expected);
    else if (allowed) tee_verdict_allowed(r->v, name, measured, allowance);
    else dcap_refuse(r, refusal, name, measured, expected);
}

/* ---- SGX ----------------------------------------------------------------------------------------------------------- */

/* Bytes of a report that have no meaning in any generation; others were given one (KSS). */
static const struct {
    uint16_t at, size;
} reserved[] = {{20, 12}, {96, 32}, {160, 32}, {262, 42}};

static bool reserved_are_zero(const struct enclave_report *report)
{
    bool zero = true;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        zero = zero && is_zero(report->raw.data + reserved[i].at, reserved[i].size);
    return zero;
}

static void check_enclave(struct dcap_run *r)
{
    const struct tee_policy *p = r->in->policy;
    const struct enclave_report *report = &r->quote.enclave;
    const uint64_t flags = load_le64(report->attributes);
    const char *text = tee_verdict_text(r->v, "flags 0x%" PRIx64, flags);
    forbid(r, flags & ENCLAVE_DEBUG, p->allow_debug, TEE_DEBUG, "debug", text, "bit 1 is 0", "allow_debug");
    forbid(r, !(flags & ENCLAVE_INIT), false, TEE_ATTRIBUTES, "initialised", text, "bit 0 is 1", "");
    forbid(r, flags & ~(uint64_t)ENCLAVE_KNOWN_FLAGS, false, TEE_ATTRIBUTES, "reserved flags", text, "all are 0", "");
    forbid(r, !reserved_are_zero(report), false, TEE_RESERVED, "reserved bytes", reserved_are_zero(report) ? "zero" : "not zero",
           "zero", "");
    const struct tee_identity_value values[] = {
        {"mrenclave", bytes_of(report->mrenclave, 32), 0},
        {"mrsigner", bytes_of(report->mrsigner, 32), 0},
        {"isv_prod_id", bytes_of(NULL, 0), report->isv_prod_id},
        {"isv_svn_min", bytes_of(NULL, 0), report->isv_svn},
    };
    struct error e = {0};
    if (tee_policy_identity(p, values, sizeof values / sizeof *values, r->v, &e) != STATUS_OK &&
        r->first.status == STATUS_OK)
        r->first = e;
}

/* ---- TDX ----------------------------------------------------------------------------------------------------------- */

static void check_attributes(struct dcap_run *r)
{
    const struct tee_policy *p = r->in->policy;
    const struct td_report *td = &r->quote.td;
    const char *text = tee_verdict_text(r->v, "attributes 0x%" PRIx64, td->td_attributes);
    const char *xfam = tee_verdict_text(r->v, "XFAM 0x%" PRIx64, td->xfam);
    forbid(r, td->td_attributes & TD_DEBUG, p->allow_debug, TEE_DEBUG, "debug", text, "bit 0 is 0", "allow_debug");
    forbid(r, td->td_attributes & ~TD_KNOWN_ATTRIBUTES, false, TEE_ATTRIBUTES, "reserved attributes", text, "all are 0",
           "");
    forbid(r, !(td->td_attributes & TD_SEPT_VE_DISABLE), p->allow_sept_ve, TEE_SEPT_VE, "SEPT_VE_DISABLE", text,
           "bit 28 is 1", "allow_sept_ve");
    forbid(r, (td->xfam & XFAM_REQUIRED) != XFAM_REQUIRED || (td->xfam & ~XFAM_KNOWN), false, TEE_XFAM, "XFAM", xfam,
           "bits 0 and 1, and none outside of 0x6dbe7", "");
    if (td->mr_service_td)
        forbid(r, !is_zero(td->mr_service_td, 48), p->allow_service_td, TEE_SERVICE_TD, "service TD",
               tee_verdict_hex(r->v, bytes_of(td->mr_service_td, 48)), "none (zero)", "allow_service_td");
}

static void check_domain(struct dcap_run *r)
{
    const struct td_report *td = &r->quote.td;
    check_attributes(r);
    const struct tee_identity_value values[] = {
        {"mr_td", bytes_of(td->mr_td, 48), 0},
        {"rtmr0", bytes_of(td->rtmr[0], 48), 0},
        {"rtmr1", bytes_of(td->rtmr[1], 48), 0},
        {"rtmr2", bytes_of(td->rtmr[2], 48), 0},
        {"rtmr3", bytes_of(td->rtmr[3], 48), 0},
        {"mr_config_id", bytes_of(td->mr_config_id, 48), 0},
        {"mr_owner", bytes_of(td->mr_owner, 48), 0},
        {"mr_owner_config", bytes_of(td->mr_owner_config, 48), 0},
    };
    struct error e = {0};
    if (tee_policy_identity(r->in->policy, values, sizeof values / sizeof *values, r->v, &e) != STATUS_OK &&
        r->first.status == STATUS_OK)
        r->first = e;
}

enum status dcap_body(struct dcap_run *r)
{
    struct error e = {0};
    if (r->quote.platform == TEE_SGX) check_enclave(r);
    else check_domain(r);
    if (tee_policy_report_data(r->in->policy, r->in->expected, quote_report_data(&r->quote), r->v, &e) != STATUS_OK &&
        r->first.status == STATUS_OK)
        r->first = e;
    return STATUS_OK;
}

/* ---- policy -------------------------------------------------------------------------------------------------------- */

static void check_status(struct dcap_run *r, enum tee_tcb_status status)
{
    static const char name[] = "TCB status";
    const char *text = tee_tcb_status_name(status);
    const uint32_t accepted = r->in->policy->accept_tcb;
    if (status == TCB_REVOKED) {
        dcap_refuse(r, TEE_TCB_REVOKED, name, text, "");
        return;
    }
    const bool accepts = accepted >> status & 1;
    if (!accepts) dcap_refuse(r, TEE_TCB_STATUS, name, text, "a status that the policy accepts");
    else if (status == TCB_UP_TO_DATE) tee_verdict_passed(r->v, name, text, "");
    else tee_verdict_allowed(r->v, name, text, "accept_tcb");
}

/* Whether any of the parts has the advisory. */
static bool has_advisory(const struct dcap_status *found, struct bytes id)
{
    for (size_t i = 0; i < sizeof found->advisories / sizeof *found->advisories; i++)
        for (uint32_t k = 0; found->advisories[i] && k < found->advisories[i]->count; k++)
            if (bytes_equal(found->advisories[i]->ids[k], id)) return true;
    return false;
}

static void check_advisories(struct dcap_run *r, const struct dcap_status *found)
{
    const struct tee_policy *p = r->in->policy;
    for (uint32_t i = 0; i < p->deny_advisory_count; i++) {
        const struct bytes id = p->deny_advisories[i];
        if (!has_advisory(found, id)) continue;
        dcap_refuse(r, TEE_ADVISORY, "advisory",
                    tee_verdict_text(r->v, "%.*s", id.size < 100 ? (int)id.size : 100, (const char *)id.data),
                    "none that the policy denies");
    }
}

static void check_evaluation(struct dcap_run *r, const char *name, uint32_t number)
{
    const uint64_t least = r->in->policy->min_tcb_eval;
    const char *text = tee_verdict_text(r->v, "%" PRIu32, number);
    if (number < least) dcap_refuse(r, TEE_TCB_EVAL, name, text, tee_verdict_text(r->v, "at least %" PRIu64, least));
    else tee_verdict_passed(r->v, name, text, least ? tee_verdict_text(r->v, "at least %" PRIu64, least) : "");
}

enum status dcap_policy(struct dcap_run *r, const struct dcap_status *found)
{
    check_status(r, found->status);
    check_advisories(r, found);
    check_evaluation(r, "TCB info's evaluation number", r->collateral->tcb_info.evaluation);
    check_evaluation(r, "QE identity's evaluation number", r->collateral->qe_identity.evaluation);
    return STATUS_OK;
}
