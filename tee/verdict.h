/* What a verifier found, line by line: one line for each check, with what was measured and what was expected. A
 * refusal has a code (refusal.h); the first one is the verdict's. */
#ifndef TEE_VERDICT_H
#define TEE_VERDICT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "tee/refusal.h"

enum tee_platform { TEE_NO_PLATFORM, TEE_NITRO, TEE_SGX, TEE_TDX, TEE_SNP, TEE_PLATFORM_COUNT };
const char *tee_platform_name(enum tee_platform p);          /* "nitro", "sgx", "tdx", "snp"; "none" */
enum tee_platform tee_platform_named(struct bytes name);     /* TEE_NO_PLATFORM: none of that name */

/* Intel's, in Intel's words ("UpToDate"). */
enum tee_tcb_status {
    TCB_NONE,                      /* the platform has no such judgement (Nitro, SNP) */
    TCB_UP_TO_DATE,
    TCB_SW_HARDENING_NEEDED,
    TCB_CONFIGURATION_NEEDED,
    TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED,
    TCB_OUT_OF_DATE,
    TCB_OUT_OF_DATE_CONFIGURATION_NEEDED,
    TCB_TD_RELAUNCH_ADVISED,
    TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
    TCB_REVOKED,
    TCB_STATUS_COUNT
};
const char *tee_tcb_status_name(enum tee_tcb_status s);
bool tee_tcb_status_named(struct bytes name, enum tee_tcb_status *out);

enum tee_check_result { CHECK_PASSED, CHECK_REFUSED, CHECK_ALLOWED /* only because the policy says so */, CHECK_NOTED };

struct tee_check {
    enum tee_check_result result;
    enum tee_refusal refusal;      /* CHECK_REFUSED */
    const char *name;              /* "quote signature", "mr_td" */
    const char *measured;          /* may be empty */
    const char *expected;          /* may be empty */
};

/* Zero-initialise; release with tee_verdict_free. */
struct tee_verdict {
    struct tee_check *checks;
    uint32_t count, capacity;
    enum tee_refusal refusal;      /* the first; TEE_OK: none */
    enum tee_platform platform;
    bool simulated;
    enum tee_tcb_status tcb_status;
    const char *origin, *origin_text; /* how the attested result came about (origin.h); null: it is about no result */
    int64_t at;                    /* the time of checking, Unix seconds */
    int64_t valid_until;           /* what expires first: collateral, certificates; INT64_MAX: nothing does */
    bool no_memory;
    struct arena arena;            /* owns all texts */
};
void tee_verdict_free(struct tee_verdict *v);
/* What is being checked; nothing is known to expire yet. tee_evidence_verify has done it for the verifier that it
 * calls. */
void tee_verdict_begin(struct tee_verdict *v, enum tee_platform platform, int64_t at, bool simulated);
void tee_verdict_expires(struct tee_verdict *v, int64_t at); /* lowers valid_until */

/* Add a line. Texts are copied. tee_verdict_refused makes *e, too (which may be null), and returns STATUS_INVALID, so
 * that a verifier that cannot go on does `return tee_verdict_refused(...)`. */
void tee_verdict_passed(struct tee_verdict *v, const char *name, const char *measured, const char *expected);
void tee_verdict_noted(struct tee_verdict *v, const char *name, const char *measured);
void tee_verdict_allowed(struct tee_verdict *v, const char *name, const char *measured, const char *allowance);
enum status tee_verdict_refused(struct tee_verdict *v, struct error *e, enum tee_refusal r, const char *name,
                                const char *measured, const char *expected);
/* The same for an error that a lower function has made (its code is the refusal). STATUS_NO_MEMORY is no refusal. */
enum status tee_verdict_error(struct tee_verdict *v, const char *name, const struct error *e);

/* Text in the verdict's arena. Never null: "" when there is no memory (v->no_memory). */
const char *tee_verdict_hex(struct tee_verdict *v, struct bytes b);
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
const char *tee_verdict_text(struct tee_verdict *v, const char *format, ...);
const char *tee_verdict_time(struct tee_verdict *v, int64_t at); /* "2026-06-17T01:05:04Z" */

#endif
