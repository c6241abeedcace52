/* Time of verifying a TDX quote: milliseconds of the thread for one verification, cold (collateral read from its file,
 * no certificate known) and warm (collateral read before, certificates in the cache). Signatures of quote, quoting
 * enclave and revocation lists are checked in both.
 *
 *     bench_tee_dcap [QUOTE COLLATERAL TIME]     a real quote, e.g. at 2025-07-01T00:00:00Z; else an issued one
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rfc3339.h"
#include "tee/dcap.h"
#include "tee/issue_intel.h"
#include "tee/roots.h"
#include "tests/read_file.h"

enum { REPEATS = 400 };

struct bench {
    struct bytes quote, collateral, own_root;
    const struct bytes *roots;
    uint32_t root_count;
    int64_t at;
    struct issue issue;            /* owns what is issued */
    struct buffer files[2];
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool load(struct bench *b, char **arguments)
{
    b->root_count = tee_roots(TEE_TDX, &b->roots);
    for (int i = 0; i < 2; i++)
        if (!read_file(arguments[i], &b->files[i])) return false;
    b->quote = bytes_of(b->files[0].data, b->files[0].size);
    b->collateral = bytes_of(b->files[1].data, b->files[1].size);
    return rfc3339_read(bytes_of_string(arguments[2]), &b->at);
}

static bool make(struct bench *b)
{
    static const uint8_t seed[32] = {1};
    static struct issue_intel p;
    static struct issue_quote q;
    struct issue_intel_certificates certificates;
    struct issue_collateral c;
    b->at = 1767225600;
    issue_intel_defaults(&b->issue, seed, TEE_TDX, b->at, &p);
    issue_quote_defaults(&b->issue, &p, 4, &q);
    issue_intel_certificates(&b->issue, &p, &certificates);
    issue_intel_collateral(&b->issue, &p, &c);
    b->quote = issue_quote(&b->issue, &p, &q);
    b->collateral = issue_collateral_json(&b->issue, &c);
    b->own_root = certificates.root;
    b->roots = &b->own_root;
    b->root_count = 1;
    return b->issue.status == STATUS_OK;
}

/* Milliseconds of one verification; below zero: it was refused, as printed. */
static double measure(struct bench *b, struct dcap_collateral *collateral, struct chain_cache *cache)
{
    const uint8_t *mr_td = b->quote.data + (b->quote.data[0] == 5 ? 190 : 184);
    const struct tee_identity_value value = {"mr_td", bytes_of(mr_td, 48), 0};
    const struct tee_identity identity = {"", INT64_MAX, &value, 1};
    const struct tee_policy policy = {.platform = TEE_TDX, .identities = &identity, .identity_count = 1,
                                      .accept_tcb = 1u << TCB_UP_TO_DATE, .allow_trailing = true, .require_crl = true};
    const struct tee_file file = {"collateral", b->collateral};
    const struct tee_input in = {.evidence = b->quote, .files = &file, .file_count = 1, .policy = &policy, .at = b->at,
                                 .roots = b->roots, .root_count = b->root_count, .cache = cache};
    struct tee_verdict v = {0};
    struct error e = {0};
    const double start = now();
    const enum status status = collateral ? dcap_verify_with(&in, collateral, &v, &e) : dcap_verify(&in, &v, &e);
    const double time = now() - start;
    tee_verdict_free(&v);
    if (status == STATUS_OK) return time;
    printf("refused: %s\n", e.message);
    return -1;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The median, printed. */
static double run(struct bench *b, const char *name, struct dcap_collateral *collateral, struct chain_cache *cache)
{
    static double times[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        times[i] = measure(b, collateral, cache);
        if (times[i] < 0) return -1;
    }
    qsort(times, REPEATS, sizeof *times, compare);
    printf("%-5s %6.3f ms (median of %d; fastest %.3f)\n", name, times[REPEATS / 2], REPEATS, times[0]);
    return times[REPEATS / 2];
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    struct dcap_collateral collateral = {0};
    struct chain_cache cache = {0};
    struct error e = {0};
    if (argc != 1 && argc != 4) {
        fprintf(stderr, "usage: %s [QUOTE COLLATERAL TIME]\n", argv[0]);
        return 2;
    }
    bool ok = argc == 4 ? load(&b, argv + 1) : make(&b);
    const struct tee_file file = {"collateral", b.collateral};
    ok = ok && dcap_collateral_read(&file, 1, &collateral, &e) == STATUS_OK;
    if (ok) {
        ok = run(&b, "cold", NULL, NULL) >= 0 && measure(&b, &collateral, &cache) >= 0;
        const double warm = ok ? run(&b, "warm", &collateral, &cache) : -1;
        ok = warm >= 0;
    }
    dcap_collateral_free(&collateral);
    chain_cache_free(&cache);
    issue_free(&b.issue);
    for (int i = 0; i < 2; i++) buffer_free(&b.files[i]);
    return ok ? 0 : 1;
}
