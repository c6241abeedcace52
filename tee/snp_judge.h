/* What the policy says about a report that is known to be genuine. */
#ifndef TEE_SNP_JUDGE_H
#define TEE_SNP_JUDGE_H

#include "tee/evidence.h"
#include "tee/snp_report.h"

/* Judges everything, with a line for each thing, and returns the first refusal. Refusals: tcb-order, tcb-min, debug,
 * migration, vmpl, policy-bits, attributes (no alias check), and those of tee_policy_identity and
 * tee_policy_report_data. */
enum status snp_judge(const struct tee_input *in, const struct snp_report *r, struct tee_verdict *v, struct error *e);

#endif
