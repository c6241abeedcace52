/* What a verifier demands of evidence: one JSON file for one platform. docs/tee-policy.md describes the file.
 * Everything is strict unless the file says otherwise, and the verdict repeats each allowance that was used. */
#ifndef TEE_POLICY_H
#define TEE_POLICY_H

#include "tee/origin.h"
#include "tee/verdict.h"

/* One accepted set of measurements; any one of the policy's suffices. Names are those of the platform:
 * nitro: pcr0 … pcr31; sgx: mrenclave, mrsigner, isv_prod_id, isv_svn_min; tdx: mr_td, rtmr0 … rtmr3, mr_config_id,
 * mr_owner, mr_owner_config; snp: measurement, host_data, id_key_digest, author_key_digest. */
struct tee_identity_value {
    const char *name;
    struct bytes value;            /* numbers (isv_prod_id, isv_svn_min): `number` */
    uint64_t number;
};
struct tee_identity {
    const char *label;             /* "" if it has none */
    int64_t expires;               /* Unix seconds; INT64_MAX: never */
    const struct tee_identity_value *values;
    uint32_t count;
};

struct tee_policy {
    enum tee_platform platform;
    const struct tee_identity *identities;
    uint32_t identity_count;
    uint32_t accept_origin;        /* bits tee_origin_bit; default ORIGIN_EXECUTED alone */
    uint32_t accept_tcb;           /* bits 1 << enum tee_tcb_status; default UpToDate alone */
    const struct bytes *deny_advisories;
    uint32_t deny_advisory_count;
    uint64_t min_tcb_eval;
    bool allow_debug, allow_service_td, allow_sept_ve, allow_trailing /* zeros after a quote: default true */;
    bool allow_simulator;
    bool require_crl;              /* default true; nitro: false */
    uint64_t max_age, skew;        /* seconds; nitro documents: 3600, 300 by default */
    uint64_t max_key_age;          /* seconds between key and statement; default: a day */
    bool has_purpose;              /* of keys; else only TEE_PURPOSE_SIGN (statement.h) is accepted */
    struct bytes purpose;
    bool has_nonce;
    struct bytes nonce;
    bool has_report_data;
    uint8_t report_data[64];       /* for evidence that is not about a statement */
    /* snp */
    uint8_t min_tcb[8];            /* in the report's order of bytes; there is no default */
    uint8_t vmpl;
    bool allow_migration, allow_smt, allow_cxl, require_alias_check, allow_masked_chip;
    bool strict_tcb;               /* committed = current */
    uint64_t min_build;            /* major << 16 | minor << 8 | build */
    /* DER of further roots: only together with allow_simulator, and the verdict says so */
    const struct bytes *roots;
    uint32_t root_count;
    struct arena arena;            /* owns everything above */
};

/* Reads a policy. Release with tee_policy_free; on failure *out is zero. Refusals: policy-empty, policy-key, policy,
 * json-duplicate, json. */
enum status tee_policy_read(struct bytes json, struct tee_policy *out, struct error *e);
void tee_policy_free(struct tee_policy *p);

/* Judges what was measured: `values` are all that the evidence has, by the names above. Adds a line to the verdict for
 * each value of the identity that fits best. */
enum status tee_policy_identity(const struct tee_policy *p, const struct tee_identity_value *values, uint32_t count,
                                struct tee_verdict *v, struct error *e);
/* Judges report data (64 bytes; the expected digest in the first half, the nonce or zeros in the second) against what
 * is expected; see evidence.h. */
struct tee_expected;
enum status tee_policy_report_data(const struct tee_policy *p, const struct tee_expected *expected,
                                   const uint8_t measured[64], struct tee_verdict *v, struct error *e);

#endif
