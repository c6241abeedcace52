#include "tee/evidence.h"

static enum status judge(const struct tee_input *in, struct tee_verdict *v, struct error *e)
{
    switch (in->policy->platform) {
    case TEE_NITRO: return nitro_verify(in, v, e);
    case TEE_SGX:
    case TEE_TDX: return dcap_verify(in, v, e);
    case TEE_SNP: return snp_verify(in, v, e);
    case TEE_NO_PLATFORM:
    case TEE_PLATFORM_COUNT: break;
    }
    return tee_verdict_refused(v, e, TEE_POLICY, "policy", "no platform", "nitro, sgx, tdx or snp");
}

enum status tee_evidence_verify(const struct tee_input *in, struct tee_verdict *v, struct error *e)
{
    const enum tee_platform wanted = in->policy->platform, found = tee_evidence_platform(in->evidence);
    tee_verdict_begin(v, wanted, in->at, in->simulated);
    /* What is of no platform's form is left to the policy's platform, which says what is wrong with it. */
    if (found != TEE_NO_PLATFORM && found != wanted)
        return tee_verdict_refused(v, e, TEE_PLATFORM, "platform", tee_platform_name(found), tee_platform_name(wanted));
    if (in->simulated && !in->policy->allow_simulator)
        return tee_verdict_refused(v, e, TEE_SIMULATOR_NOT_ALLOWED, "simulator", "roots that are not the vendor's",
                                   "allow_simulator in the policy");
    if (in->simulated) tee_verdict_allowed(v, "simulator", "roots that are not the vendor's", "allow_simulator");
    const enum status status = judge(in, v, e);
    return v->no_memory ? error_no_memory(e) : status;
}
