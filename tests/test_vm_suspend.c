/* Suspended runs of random modules: moved from store to store and from dispatcher to dispatcher, they end as if they had
 * never stopped. Then what is refused. */
#include "tests/test.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "fuzz/generate.h"
#include "fuzz/record.h"
#include "vm/suspend.h"

enum { MODULES = 260, SMALL_MODULES = 40 };

static struct record *expected, *got;
static uint32_t runs, hops, host_hops;

/* Any bytes, the same for the same number. */
static size_t make_seed(uint64_t number, uint8_t seed[600])
{
    uint64_t x = number * UINT64_C(0x9e3779b97f4a7c15) + 1;
    const size_t size = 40 + number * 37 % 560;
    for (size_t i = 0; i < size; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        seed[i] = (uint8_t)(x >> 24);
    }
    return size;
}

static bool same_when_moved(struct buffer module, bool priced, uint64_t fuel, struct hops *h)
{
    struct run_config c = {.name = "in one piece", .dispatcher = DISPATCH_PORTABLE, .metered = true, .lazy = true,
                           .fuel = fuel, .priced = priced};
    record_run(module.data, module.size, &c, expected);
    c.name = "moved";
    c.dispatcher = DISPATCH_DEFAULT;
    c.lazy = h->seed % 2;
    c.hops = h;
    record_run(module.data, module.size, &c, got);
    runs += h->count > 0;
    hops += h->count;
    host_hops += h->host_count;
    return !h->failed && record_same(expected, got, c.name, SAME_FUEL | SAME_PLACE);
}

static void test_random(void)
{
    test_begin("random modules, suspended at random instructions");
    for (uint64_t n = 0; n < MODULES; n++) {
        uint8_t seed[600];
        struct buffer module = {0};
        const struct generate_options options = {0};
        generate_module(seed, make_seed(n, seed), &options, &module);
        bool priced = n % 3 == 1;
        struct hops h = {.seed = n, .most = (priced ? 2000 : 1) * (n % 5 == 0 ? 20 : 300), .limit = 12};
        bool ok = CHECK(same_when_moved(module, priced, UINT64_MAX / 2, &h));
        /* the same where gas runs out on the way */
        uint64_t total = expected->calls ? expected->call[expected->calls - 1].fuel : 0;
        struct hops short_of = {.seed = n + 1, .most = 1 + total / 8, .limit = 12};
        ok = CHECK(same_when_moved(module, priced, total - total / (2 + n % 7), &short_of)) && ok;
        if (!ok) printf("module %d\n", (int)n);
        buffer_free(&module);
    }
    printf("  %u runs were moved %u times, %u of these behind a host function\n", runs, hops, host_hops);
    CHECK(runs >= 400);
    CHECK(host_hops >= 20);
}

static void test_every_charge(void)
{
    test_begin("small modules, suspended at every charge");
    uint32_t before = hops;
    for (uint64_t n = 0; n < SMALL_MODULES; n++) {
        uint8_t seed[600];
        struct buffer module = {0};
        const struct generate_options options = {0};
        make_seed(1000 + n, seed);
        generate_module(seed, 60, &options, &module);
        struct hops h = {.seed = n, .most = 0, .limit = 400};
        if (!CHECK(same_when_moved(module, false, UINT64_MAX / 2, &h))) printf("small module %d\n", (int)n);
        buffer_free(&module);
    }
    printf("  moved %u times\n", hops - before);
}

int main(void)
{
    expected = malloc(sizeof *expected);
    got = malloc(sizeof *got);
    if (CHECK(expected && got)) {
        test_random();
        test_every_charge();
    }
    free(expected);
    free(got);
    return test_end();
}
