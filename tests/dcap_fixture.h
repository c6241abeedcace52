/* Verifying one quote in a test: a policy that asks for nothing but the quote's own measurement, and what was found. */
#ifndef TESTS_DCAP_FIXTURE_H
#define TESTS_DCAP_FIXTURE_H

#include "base/rfc3339.h"
#include "tee/dcap.h"
#include "tee/roots.h"
#include "tests/tee_samples.h"

enum { FIXTURE_FILES = 8, FIXTURE_ACCEPT_ALL = (1 << TCB_STATUS_COUNT) - 1 };

/* Everything that a verification needs. The policy is strict; its identity is what the quote says itself (taken from
 * where the format has it), so that other checks are seen. */
struct fixture {
    struct bytes quote;
    struct tee_file files[FIXTURE_FILES];
    uint32_t file_count;
    int64_t at;
    struct tee_policy policy;
    struct tee_identity identity;
    struct tee_identity_value value;
    struct tee_expected expected;
    const struct bytes *roots;
    uint32_t root_count;
    /* found */
    enum status status;
    enum tee_refusal refusal;
    enum tee_tcb_status tcb_status;
    int64_t valid_until;
    char lines[24000];             /* the verdict: "refused|name|measured|expected" each */
    struct error error;
};

static inline int64_t fixture_time(const char *text)
{
    int64_t at = 0;
    CHECK(rfc3339_read(bytes_of_string(text), &at));
    return at;
}

static inline void fixture_identify(struct fixture *f)
{
    static const uint8_t nothing[48];
    const struct bytes q = f->quote;
    const bool tdx = q.size > 8 && q.data[4] == 0x81;
    const size_t body = q.size > 1 && q.data[0] == 5 ? 54 : 48, at = tdx ? body + 136 : body + 64, size = tdx ? 48 : 32;
    f->policy.platform = tdx ? TEE_TDX : TEE_SGX;
    f->value = (struct tee_identity_value){tdx ? "mr_td" : "mrenclave",
                                           bytes_of(q.size >= at + size ? q.data + at : nothing, size), 0};
}

static inline void fixture_begin(struct fixture *f, struct bytes quote, int64_t at)
{
    *f = (struct fixture){.quote = quote, .at = at};
    f->policy = (struct tee_policy){
        .accept_tcb = 1u << TCB_UP_TO_DATE,
        .allow_trailing = true,
        .require_crl = true,
        .identity_count = 1,
    };
    f->root_count = tee_roots(TEE_TDX, &f->roots);
    fixture_identify(f);
}

static inline void fixture_file(struct fixture *f, const char *name, struct bytes data)
{
    f->files[f->file_count++] = (struct tee_file){name, data};
}

static inline struct tee_input fixture_input(struct fixture *f)
{
    f->identity = (struct tee_identity){"", INT64_MAX, &f->value, 1};
    f->policy.identities = &f->identity;
    return (struct tee_input){
        .evidence = f->quote,
        .files = f->files,
        .file_count = f->file_count,
        .policy = &f->policy,
        .expected = &f->expected,
        .at = f->at,
        .roots = f->roots,
        .root_count = f->root_count,
    };
}

static inline void fixture_keep(struct fixture *f, struct tee_verdict *v)
{
    static const char *const results[] = {"passed", "refused", "allowed", "noted"};
    size_t used = 0;
    f->lines[0] = 0;
    for (uint32_t i = 0; i < v->count && used < sizeof f->lines; i++) {
        const struct tee_check *c = &v->checks[i];
        const int n = snprintf(f->lines + used, sizeof f->lines - used, "%s|%s|%s|%s\n", results[c->result], c->name,
                               c->measured, c->expected);
        used += n > 0 ? (size_t)n : 0;
    }
    f->refusal = v->refusal;
    f->tcb_status = v->tcb_status;
    f->valid_until = v->valid_until;
    /* Status, error and verdict say the same. */
    CHECK((f->status == STATUS_OK) == (v->refusal == TEE_OK));
    if (f->status != STATUS_OK) CHECK_EQUAL(f->error.code, v->refusal);
}

static inline enum tee_refusal fixture_verify(struct fixture *f)
{
    const struct tee_input in = fixture_input(f);
    struct tee_verdict v = {0};
    f->error = (struct error){0};
    f->status = dcap_verify(&in, &v, &f->error);
    fixture_keep(f, &v);
    tee_verdict_free(&v);
    return f->refusal;
}

static inline bool fixture_says(const struct fixture *f, const char *text)
{
    return strstr(f->lines, text) != NULL;
}

/* Verifies, and checks that it is refused for that reason (TEE_OK: accepted). */
static inline bool fixture_expect(struct fixture *f, enum tee_refusal refusal, const char *what)
{
    const enum tee_refusal found = fixture_verify(f);
    if (found != refusal)
        printf("%s: %s (%s), expected %s\n", what, tee_refusal_code(found), f->error.message, tee_refusal_code(refusal));
    return CHECK(found == refusal);
}

#endif
