/* Which levels a platform reaches. Everything is looked at, so that the verdict says all of it. */
#include <inttypes.h>

#include "tee/dcap_steps.h"

static const char *hex(struct dcap_run *r, const uint8_t *p, size_t size)
{
    return tee_verdict_hex(r->v, bytes_of(p, size));
}

static enum status compare(struct dcap_run *r, enum tee_refusal refusal, const char *name, const uint8_t *measured,
                           const uint8_t *expected, size_t size)
{
    if (memcmp(measured, expected, size) != 0)
        return dcap_refuse(r, refusal, name, hex(r, measured, size), hex(r, expected, size));
    tee_verdict_passed(r->v, name, hex(r, measured, size), hex(r, expected, size));
    return STATUS_OK;
}

/* "OutOfDate, 2024-03-13T00:00:00Z, INTEL-SA-01036, INTEL-SA-01099" */
static const char *describe(struct dcap_run *r, enum tee_tcb_status status, int64_t date,
                            const struct tcb_advisories *advisories)
{
    const char *text = tee_verdict_text(r->v, "%s, %s", tee_tcb_status_name(status), tee_verdict_time(r->v, date));
    for (uint32_t i = 0; i < advisories->count; i++) {
        const struct bytes id = advisories->ids[i];
        text = tee_verdict_text(r->v, "%s, %.*s", text, id.size < 100 ? (int)id.size : 100, (const char *)id.data);
    }
    return text;
}

static const char *describe_svn(struct dcap_run *r, unsigned svn, const struct svn_level *level)
{
    return tee_verdict_text(r->v, "version %u: %s", svn, describe(r, level->status, level->date, &level->advisories));
}

/* ---- quoting enclave, platform ------------------------------------------------------------------------------------- */

enum status dcap_qe_report(struct dcap_run *r)
{
    struct error e = {0};
    const enum status status = qe_identity_check(&r->collateral->qe_identity, &r->quote.qe, &e);
    if (status != STATUS_OK) return dcap_fail(r, "quoting enclave", &e);
    tee_verdict_passed(r->v, "quoting enclave", hex(r, r->quote.qe.mrsigner, 32), "");
    return STATUS_OK;
}

static enum status match_qe(struct dcap_run *r, enum tee_tcb_status *out, struct dcap_status *found)
{
    static const char name[] = "quoting enclave's TCB level";
    const unsigned svn = r->quote.qe.isv_svn;
    const struct svn_level *level = svn_level_match(&r->collateral->qe_identity.levels, svn);
    if (!level)
        return dcap_refuse(r, TEE_TCB_NOT_SUPPORTED, name, tee_verdict_text(r->v, "version %u, below all levels", svn), "");
    tee_verdict_noted(r->v, name, describe_svn(r, svn, level));
    found->advisories[2] = &level->advisories;
    *out = level->status;
    return STATUS_OK;
}

static enum status match_platform(struct dcap_run *r, struct tcb_match *out, struct dcap_status *found)
{
    static const char name[] = "platform's TCB level";
    const struct platform_tcb *p = &r->platform.tcb;
    const bool tdx = r->quote.platform == TEE_TDX;
    *out = tcb_level_match(&r->collateral->tcb_info, p, tdx ? r->quote.td.tee_tcb_svn : NULL);
    const char *measured = tee_verdict_text(r->v, "CPU %s, PCE %u%s%s", hex(r, p->components, TCB_COMPONENTS), p->pce_svn,
                                            tdx ? ", TDX " : "",
                                            tdx ? hex(r, r->quote.td.tee_tcb_svn, TCB_COMPONENTS) : "");
    if (!out->level)
        return dcap_refuse(r, TEE_TCB_NOT_SUPPORTED, name, tee_verdict_text(r->v, "%s: below all levels", measured), "");
    tee_verdict_noted(r->v, name,
                      tee_verdict_text(r->v, "%s: %s", measured,
                                       describe(r, out->level->status, out->level->date, &out->level->advisories)));
    found->advisories[0] = &out->level->advisories;
    return STATUS_OK;
}

/* ---- TDX module ---------------------------------------------------------------------------------------------------- */

static enum status check_module(struct dcap_run *r, const struct tdx_module *m)
{
    const struct td_report *td = &r->quote.td;
    bool same = true;
    enum status status = compare(r, TEE_MODULE_SIGNER, "TDX module's signer", td->mr_signer_seam, m->mrsigner,
                                 sizeof m->mrsigner);
    if (status != STATUS_OK) return status;
    /* Outside of the mask everything must be zero. */
    for (size_t i = 0; i < sizeof m->attributes; i++)
        same = same && td->seam_attributes[i] == (m->attributes[i] & m->attributes_mask[i]);
    const char *found = hex(r, td->seam_attributes, sizeof m->attributes);
    const char *wanted = tee_verdict_text(r->v, "%s under the mask %s, zero elsewhere",
                                          hex(r, m->attributes, sizeof m->attributes),
                                          hex(r, m->attributes_mask, sizeof m->attributes_mask));
    if (!same) return dcap_refuse(r, TEE_SEAM_ATTRIBUTES, "TDX module's attributes", found, wanted);
    tee_verdict_passed(r->v, "TDX module's attributes", found, wanted);
    return STATUS_OK;
}

/* The module's status; modules of version 0 have no levels but the platform's. */
static enum status match_module(struct dcap_run *r, enum tee_tcb_status *out, struct dcap_status *found)
{
    static const char name[] = "TDX module";
    const unsigned version = r->quote.td.tee_tcb_svn[1], svn = r->quote.td.tee_tcb_svn[0];
    const struct tdx_module *m = tdx_module_find(&r->collateral->tcb_info, version);
    if (!m)
        return dcap_refuse(r, TEE_MODULE, name, tee_verdict_text(r->v, "TDX_%02X", version), "one that the TCB info has");
    const enum status status = check_module(r, m);
    *out = TCB_UP_TO_DATE;
    if (status != STATUS_OK || version == 0) return status;
    const struct svn_level *level = svn_level_match(&m->levels, svn);
    if (!level)
        return dcap_refuse(r, TEE_MODULE, name,
                           tee_verdict_text(r->v, "TDX_%02X version %u, below all levels", version, svn), "");
    tee_verdict_noted(r->v, name, tee_verdict_text(r->v, "TDX_%02X %s", version, describe_svn(r, svn, level)));
    found->advisories[1] = &level->advisories;
    *out = level->status;
    return STATUS_OK;
}

/* ---- together ------------------------------------------------------------------------------------------------------ */

static enum status worst(enum status a, enum status b)
{
    return a != STATUS_OK ? a : b;
}

static enum status merge(struct dcap_run *r, const struct tcb_match *platform, enum tee_tcb_status module,
                         enum tee_tcb_status qe, struct dcap_status *found)
{
    enum tee_tcb_status merged = tcb_status_merge(platform->level->status, module);
    if (platform->sgx->status == TCB_REVOKED) merged = TCB_REVOKED;
    if (r->quote.body == QUOTE_TD_1_5) {
        const struct tcb_relaunch relaunch = {&r->collateral->tcb_info, r->quote.td.tee_tcb_svn2, platform->sgx->status,
                                              merged, module, qe};
        if (!tcb_relaunch_status(&relaunch, &merged))
            return dcap_refuse(r, TEE_MODULE, "TDX module in force",
                               tee_verdict_text(r->v, "TDX_%02X", r->quote.td.tee_tcb_svn2[1]),
                               "one that the TCB info has");
    }
    found->status = tcb_status_merge(merged, qe);
    r->v->tcb_status = found->status;
    return STATUS_OK;
}

enum status dcap_levels(struct dcap_run *r, struct dcap_status *out)
{
    const struct tcb_info *info = &r->collateral->tcb_info;
    enum tee_tcb_status module = TCB_UP_TO_DATE, qe = TCB_UP_TO_DATE;
    struct tcb_match platform;
    enum status status = compare(r, TEE_FMSPC, "TCB info's FMSPC", r->platform.fmspc, info->fmspc, sizeof info->fmspc);
    if (status == STATUS_OK)
        status = compare(r, TEE_PCEID, "TCB info's PCEID", r->platform.pce_id, info->pce_id, sizeof info->pce_id);
    if (status != STATUS_OK) return status;
    status = match_platform(r, &platform, out);
    if (r->quote.platform == TEE_TDX) status = worst(status, match_module(r, &module, out));
    status = worst(status, match_qe(r, &qe, out));
    return status == STATUS_OK ? merge(r, &platform, module, qe, out) : status;
}
