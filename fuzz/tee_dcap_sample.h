/* Evidence of an issued platform for fuzz targets: a quote of TDX with its collateral, made once for each process, and
 * its verification. */
#ifndef FUZZ_TEE_DCAP_SAMPLE_H
#define FUZZ_TEE_DCAP_SAMPLE_H

#include <stdlib.h>

#include "fuzz/choices.h"
#include "tee/dcap.h"
#include "tee/issue_intel.h"

#define DCAP_SAMPLE_TIME 1767225600

struct dcap_sample {
    struct issue issue;
    struct bytes quote, collateral, root;
};

static void check(bool ok)
{
    if (!ok) abort();
}

static const struct dcap_sample *dcap_sample(void)
{
    static struct dcap_sample s;
    static struct issue_intel p;
    static struct issue_quote q;
    static const uint8_t seed[32] = {3};
    struct issue_intel_certificates certificates;
    struct issue_collateral c;
    if (s.quote.data) return &s;
    issue_intel_defaults(&s.issue, seed, TEE_TDX, DCAP_SAMPLE_TIME, &p);
    issue_quote_defaults(&s.issue, &p, 5, &q);
    issue_intel_certificates(&s.issue, &p, &certificates);
    issue_intel_collateral(&s.issue, &p, &c);
    s.quote = issue_quote(&s.issue, &p, &q);
    s.collateral = issue_collateral_json(&s.issue, &c);
    s.root = certificates.root;
    check(s.issue.status == STATUS_OK);
    return &s;
}

/* Whether it is accepted by a policy that asks for the sample's measurement and accepts everything that can be. */
static bool dcap_sample_verify(const struct dcap_sample *s, struct bytes quote, struct bytes collateral)
{
    const struct tee_identity_value value = {"mr_td", bytes_of(s->quote.data + 54 + 136, 48), 0};
    const struct tee_identity identity = {"", INT64_MAX, &value, 1};
    const struct tee_policy policy = {.platform = TEE_TDX, .identities = &identity, .identity_count = 1,
                                      .accept_tcb = UINT32_MAX, .allow_trailing = true, .allow_debug = true};
    const struct tee_file file = {"collateral", collateral};
    const struct tee_input in = {.evidence = quote, .files = &file, .file_count = 1, .policy = &policy,
                                 .at = DCAP_SAMPLE_TIME, .roots = &s->root, .root_count = 1, .simulated = true};
    struct tee_verdict v = {0};
    struct error e = {0};
    /* The sample's own collateral is read once. */
    static struct dcap_collateral known;
    const bool own = bytes_equal(collateral, s->collateral);
    if (own && !known.has_root_crl) check(dcap_collateral_read(&file, 1, &known, &e) == STATUS_OK);
    const enum status status = own ? dcap_verify_with(&in, &known, &v, &e) : dcap_verify(&in, &v, &e);
    check(status == STATUS_OK || status == STATUS_INVALID);
    check((status == STATUS_OK) == (v.refusal == TEE_OK) && !v.no_memory);
    if (status == STATUS_INVALID) check(e.code == (int)v.refusal && e.message[0]);
    for (uint32_t i = 0; i < v.count; i++) check(v.checks[i].name[0] && v.checks[i].measured && v.checks[i].expected);
    tee_verdict_free(&v);
    return status == STATUS_OK;
}

/* A copy with a few bytes changed, removed or repeated. */
static void dcap_sample_mutate(struct bytes good, struct choices *c, struct buffer *out)
{
    buffer_append(out, good.data, good.size);
    for (uint32_t i = 0, count = 1 + choose(c, 4); i < count && out->size > 64 && !out->failed; i++) {
        const uint32_t at = choose(c, (uint32_t)out->size), kind = choose(c, 8), length = 1 + choose(c, 40);
        const size_t rest = out->size - at, piece = length < rest ? length : rest;
        if (kind < 5) {
            out->data[at] = (uint8_t)choose(c, 256);
        } else if (kind < 6) {
            memmove(out->data + at, out->data + at + piece, rest - piece);
            out->size -= piece;
        } else if (kind < 7 && buffer_reserve(out, piece)) {
            memmove(out->data + at + piece, out->data + at, rest);
            out->size += piece;
        } else {
            const uint32_t from = choose(c, (uint32_t)out->size);
            const size_t most = out->size - (at > from ? at : from);
            memmove(out->data + at, out->data + from, piece < most ? piece : most);
        }
    }
}

#endif
