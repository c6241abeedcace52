/* Verifying a quote when there is no memory: the k-th allocation fails, for every k; once alone and once with all after
 * it. It is said as that, never as a refusal and never as acceptance, and nothing is left behind. */
#include "tee/dcap.h"
#include "tee/issue_intel.h"
#include "tests/failing_alloc.h"
#include "tests/test.h"

#define AT 1767225600

struct world {
    struct issue issue;
    struct bytes quote, root;
    struct tee_file file;
};

static void world_begin(struct world *w)
{
    static const uint8_t seed[32] = {5};
    static struct issue_intel p;
    static struct issue_quote q;
    struct issue_intel_certificates certificates;
    struct issue_collateral c;
    issue_intel_defaults(&w->issue, seed, TEE_TDX, AT, &p);
    issue_quote_defaults(&w->issue, &p, 4, &q);
    issue_intel_certificates(&w->issue, &p, &certificates);
    issue_intel_collateral(&w->issue, &p, &c);
    w->quote = issue_quote(&w->issue, &p, &q);
    w->root = certificates.root;
    w->file = (struct tee_file){"collateral.json", issue_collateral_json(&w->issue, &c)};
    CHECK(w->issue.status == STATUS_OK);
}

static enum status verify(struct world *w, struct error *e)
{
    const struct tee_identity_value value = {"mr_td", bytes_of(w->quote.data + 48 + 136, 48), 0};
    const struct tee_identity identity = {"", INT64_MAX, &value, 1};
    const struct tee_policy policy = {.platform = TEE_TDX, .identities = &identity, .identity_count = 1,
                                      .accept_tcb = 1u << TCB_UP_TO_DATE, .require_crl = true};
    const struct tee_input in = {.evidence = w->quote, .files = &w->file, .file_count = 1, .policy = &policy, .at = AT,
                                 .roots = &w->root, .root_count = 1};
    struct tee_verdict v = {0};
    const enum status status = dcap_verify(&in, &v, e);
    CHECK(status != STATUS_OK || (v.refusal == TEE_OK && !v.no_memory));
    tee_verdict_free(&v);
    return status;
}

static void run(struct world *w, bool all_after)
{
    unsigned wrong = 0;
    long k = 0;
    test_begin(all_after ? "the k-th allocation and all after it fail" : "the k-th allocation fails");
    for (;; k++) {
        struct error e = {0};
        countdown = k;
        sticky = all_after;
        failed = false;
        const enum status status = verify(w, &e);
        countdown = -1;
        if (!failed) {
            CHECK_EQUAL(status, STATUS_OK);
            break;
        }
        if (status == STATUS_NO_MEMORY && e.status == STATUS_NO_MEMORY) continue;
        if (wrong++ < 5) printf("allocation %ld: %s: %s\n", k, status_name(status), e.message);
    }
    CHECK_EQUAL(wrong, 0);
    CHECK(k > 50);
    printf("%ld allocations\n", k);
}

int main(void)
{
    static struct world w;
    world_begin(&w);
    run(&w, false);
    run(&w, true);
    issue_free(&w.issue);
    return test_end();
}
