/* Time of verifying evidence of each platform: milliseconds of the thread for one verification, cold (nothing was seen
 * before) and warm (certificates in the cache; for SGX and TDX bench_tee_dcap also has the collateral read before). The
 * evidence is the simulator's, which has the sizes, chains and algorithms of the real one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tee/simulator.h"
#include "tee/x509.h"

enum { REPEATS = 101 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Milliseconds; below zero: it was refused, as printed. */
static double verify_once(const struct tee_input *in)
{
    struct tee_verdict v = {0};
    struct error e = {0};
    const double start = now();
    const enum status status = tee_evidence_verify(in, &v, &e);
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

static double median(struct tee_input *in, struct chain_cache *cache)
{
    double times[REPEATS];
    in->cache = cache;
    for (int i = 0; i < REPEATS; i++) {
        times[i] = verify_once(in);
        if (times[i] < 0) return -1;
    }
    qsort(times, REPEATS, sizeof *times, compare);
    return times[REPEATS / 2];
}

static bool measure(enum tee_platform platform)
{
    struct tee_simulator s;
    struct tee_simulated made = {0};
    struct tee_policy policy = {0};
    struct tee_request request = {.nonce = bytes_of_string("challenge")};
    struct chain_cache cache = {0};
    struct error e = {0};
    const int64_t at = 1790000000;
    tee_simulator_init(&s, platform);
    bool ok = tee_simulate(&s, at, &request, NULL, 0, &made, &e) == STATUS_OK &&
              tee_policy_read(made.policy, &policy, &e) == STATUS_OK;
    if (ok) {
        struct tee_input in = {.evidence = made.evidence, .files = made.files, .file_count = made.file_count,
                               .policy = &policy, .at = at, .roots = &made.root, .root_count = 1, .simulated = true};
        const double cold = median(&in, NULL), first = cold < 0 ? -1 : median(&in, &cache);
        ok = first >= 0;
        if (ok) printf("%-6s cold %7.2f ms   warm %7.2f ms\n", tee_platform_name(platform), cold, first);
    } else {
        printf("%s: %s\n", tee_platform_name(platform), e.message);
    }
    chain_cache_free(&cache);
    tee_policy_free(&policy);
    tee_simulated_free(&made);
    return ok;
}

int main(void)
{
    bool ok = true;
    for (int p = TEE_NITRO; p < TEE_PLATFORM_COUNT; p++) ok &= measure((enum tee_platform)p);
    return ok ? 0 : 1;
}
