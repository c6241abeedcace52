/* Issuing when memory runs out: each allocation fails once, and from some point on all do. */
#include "tee/simulator.h"
#include "tests/failing_alloc.h"
#include "tests/test.h"

/* One run whose k-th allocation fails. False: it had no such allocation, and succeeded. */
static bool run(const struct tee_simulator *s, long k, bool all_after)
{
    static const struct tee_request request;
    struct tee_simulated out;
    struct error e = {0};
    countdown = k;
    sticky = all_after;
    failed = false;
    const enum status status = tee_simulate(s, 1790000000, &request, NULL, 0, &out, &e);
    countdown = -1;
    const bool hit = failed;
    CHECK_EQUAL(status, hit ? STATUS_NO_MEMORY : STATUS_OK);
    if (status != STATUS_OK) {
        CHECK_EQUAL(e.status, STATUS_NO_MEMORY);
        CHECK(!out.evidence.data && !out.policy.data && !out.issue.arena.head);
    }
    tee_simulated_free(&out);
    return hit;
}

static void test_platform(enum tee_platform platform, long step)
{
    struct tee_simulator s;
    long k = 0;
    test_begin(tee_platform_name(platform));
    tee_simulator_init(&s, platform);
    while (run(&s, k, k & 1)) k += step;
    printf("  %ld allocations\n", k);
    CHECK(k > 10 * step);
}

int main(void)
{
    test_platform(TEE_TDX, 1);
    test_platform(TEE_SGX, 5);
    test_platform(TEE_NITRO, 5);
    test_platform(TEE_SNP, 5);
    return test_end();
}
