#include "tee/snp_judge.h"

/* The judgement goes on after a refusal; the first one is the result. */
struct judge {
    const struct tee_policy *policy;
    const struct snp_report *report;
    struct tee_verdict *v;
    struct error first;
};

static void note(struct judge *j, const struct error *found)
{
    if (j->first.status == STATUS_OK) j->first = *found;
}

static void line(struct judge *j, bool ok, enum tee_refusal r, const char *name, const char *measured,
                 const char *expected)
{
    struct error found;
    if (ok) {
        tee_verdict_passed(j->v, name, measured, expected);
    } else {
        tee_verdict_refused(j->v, &found, r, name, measured, expected);
        note(j, &found);
    }
}

static const char *hex(struct judge *j, const uint8_t *p, size_t size)
{
    return tee_verdict_hex(j->v, bytes_of(p, size));
}

/* ---- TCB ------------------------------------------------------------------------------------------------------------ */

/* Whether no part is above the other's. Never compared as one number: a high part would hide a low one. */
static bool tcb_at_most(const uint8_t *a, const uint8_t *b)
{
    for (int i = 0; i < SNP_TCB_SIZE; i++)
        if (a[i] > b[i]) return false;
    return true;
}

static uint32_t build_of(struct snp_firmware f)
{
    return (uint32_t)f.major << 16 | (uint32_t)f.minor << 8 | f.build;
}

static const char *firmware_text(struct judge *j, uint32_t build)
{
    return tee_verdict_text(j->v, "%u.%u.%u", (unsigned)(build >> 16), (unsigned)(build >> 8 & 255), (unsigned)(build & 255));
}

static void judge_tcb(struct judge *j)
{
    const struct snp_report *r = j->report;
    const uint32_t current = build_of(r->current), committed = build_of(r->committed);
    const char *current_text = hex(j, r->current_tcb, SNP_TCB_SIZE);
    line(j, tcb_at_most(r->reported_tcb, r->current_tcb), TEE_TCB_ORDER, "reported TCB",
         hex(j, r->reported_tcb, SNP_TCB_SIZE), tee_verdict_text(j->v, "at most %s (current)", current_text));
    line(j, tcb_at_most(r->committed_tcb, r->current_tcb), TEE_TCB_ORDER, "committed TCB",
         hex(j, r->committed_tcb, SNP_TCB_SIZE), tee_verdict_text(j->v, "at most %s (current)", current_text));
    if (j->policy->strict_tcb) {
        line(j, memcmp(r->committed_tcb, r->current_tcb, SNP_TCB_SIZE) == 0, TEE_TCB_ORDER, "committed TCB (strict)",
             hex(j, r->committed_tcb, SNP_TCB_SIZE), current_text);
        line(j, committed == current, TEE_TCB_ORDER, "committed firmware (strict)", firmware_text(j, committed),
             firmware_text(j, current));
    }
    line(j, tcb_at_most(j->policy->min_tcb, r->reported_tcb), TEE_TCB_MIN, "minimal TCB",
         hex(j, r->reported_tcb, SNP_TCB_SIZE),
         tee_verdict_text(j->v, "at least %s", hex(j, j->policy->min_tcb, SNP_TCB_SIZE)));
    line(j, current >= j->policy->min_build, TEE_TCB_MIN, "firmware", firmware_text(j, current),
         j->policy->min_build > UINT32_MAX ? "at least a version that cannot be"
                                           : tee_verdict_text(j->v, "at least %s",
                                                              firmware_text(j, (uint32_t)j->policy->min_build)));
}

/* ---- guest policy --------------------------------------------------------------------------------------------------- */

static void judge_bit(struct judge *j, uint64_t bit, bool allowed, enum tee_refusal r, const char *name,
                      const char *allowance)
{
    const bool on = j->report->policy & bit;
    if (on && allowed) tee_verdict_allowed(j->v, name, "on", allowance);
    else line(j, !on, r, name, on ? "on" : "off", "off");
}

static void judge_guest_policy(struct judge *j)
{
    const struct tee_policy *p = j->policy;
    judge_bit(j, SNP_POLICY_DEBUG, p->allow_debug, TEE_DEBUG, "debugging", "allow_debug");
    judge_bit(j, SNP_POLICY_MIGRATE_MA, p->allow_migration, TEE_MIGRATION, "migration agent", "allow_migration");
    judge_bit(j, SNP_POLICY_SMT, p->allow_smt, TEE_POLICY_BITS, "simultaneous multithreading", "allow_smt");
    judge_bit(j, SNP_POLICY_CXL, p->allow_cxl, TEE_POLICY_BITS, "CXL memory", "allow_cxl");
    line(j, j->report->vmpl == p->vmpl, TEE_VMPL, "privilege level",
         tee_verdict_text(j->v, "%u", (unsigned)j->report->vmpl), tee_verdict_text(j->v, "%u", (unsigned)p->vmpl));
    if (p->require_alias_check) {
        const bool done = j->report->platform_info & SNP_PLATFORM_ALIAS_CHECK;
        line(j, done, TEE_ATTRIBUTES, "memory aliases checked", done ? "yes" : "no", "yes");
    }
}

/* ---- who it is ------------------------------------------------------------------------------------------------------ */

static void judge_identity(struct judge *j)
{
    const struct snp_report *r = j->report;
    struct tee_identity_value values[] = {
        {.name = "measurement", .value = {r->measurement, 48}},
        {.name = "host_data", .value = {r->host_data, 32}},
        {.name = "id_key_digest", .value = {r->id_key_digest, 48}},
        {.name = "author_key_digest", .value = {r->author_key_digest, 48}},
    };
    /* Without an author key the digest of one says nothing. */
    const uint32_t count = sizeof values / sizeof *values - !r->has_author_key;
    struct error found = {0};
    if (tee_policy_identity(j->policy, values, count, j->v, &found) != STATUS_OK) note(j, &found);
}

static void judge_report_data(struct judge *j, const struct tee_expected *expected)
{
    struct error found = {0};
    if (tee_policy_report_data(j->policy, expected, j->report->report_data, j->v, &found) != STATUS_OK)
        note(j, &found);
}

enum status snp_judge(const struct tee_input *in, const struct snp_report *r, struct tee_verdict *v, struct error *e)
{
    struct judge j = {.policy = in->policy, .report = r, .v = v};
    judge_tcb(&j);
    judge_guest_policy(&j);
    judge_identity(&j);
    judge_report_data(&j, in->expected);
    if (j.first.status != STATUS_OK && e) *e = j.first;
    return j.first.status;
}
