/* The embedder's floating-point environment is not the code's, and the other way round: whatever rounding mode, flushing of
 * tiny numbers or unmasked exceptions a program runs in, the same bits come out, and afterwards it finds its environment
 * as it was. With every dispatcher. */
#include "tests/api_fixture.h"

#include <fenv.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* ---- environments -------------------------------------------------------------------------------------------------- */

#if defined(__x86_64__)
/* Flush to zero, denormals are zero, rounding modes, every exception unmasked, and all of it. */
static const uint64_t environments[] = {0x1f80, 0x9fc0, 0x3f80, 0x5f80, 0x7f80, 0x0000, 0xe040};
static void set(uint64_t e) { _mm_setcsr((unsigned)e); }
static uint64_t get(void) { return _mm_getcsr(); }
#elif defined(__aarch64__)
/* FZ, FZ16 and DN, rounding modes, all together. Traps are not there on every processor. */
static const uint64_t environments[] = {0, 1u << 24, 3u << 24, 1u << 22, 2u << 22, 3u << 22, 3u << 24 | 3u << 22};
static void set(uint64_t e) { __asm__ volatile("msr fpcr, %0" : : "r"(e)); }
static uint64_t get(void)
{
    uint64_t e;
    __asm__ volatile("mrs %0, fpcr" : "=r"(e));
    return e;
}
#else
static const uint64_t environments[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
static void set(uint64_t e) { fesetround((int)e); }
static uint64_t get(void) { return (uint64_t)fegetround(); }
#endif
enum { ENVIRONMENTS = sizeof environments / sizeof environments[0] };

/* ---- computations ---------------------------------------------------------------------------------------------------- */

/* Each stores its bits; `all` runs them, once with and once without a call of the host in between. */
static const char program[] =
    "(module (import \"h\" \"host\" (func $host (param f32 f64) (result f64))) (memory (export \"m\") 1)\n"
    " (func $tiny (export \"tiny\") (result f64) (f64.mul (f64.const 0x1p-1022) (f64.const 0.5)))\n"
    " (func $a (param f64 f64 f32 f32)\n"
    "  (f64.store (i32.const 0) (f64.mul (local.get 0) (f64.const 0.5)))\n"
    "  (f64.store (i32.const 8) (f64.div (f64.const 1) (f64.const 3)))\n"
    "  (f64.store (i32.const 16) (f64.div (local.get 1) (f64.const -3)))\n"
    "  (f64.store (i32.const 24) (f64.sqrt (f64.const 2)))\n"
    "  (f64.store (i32.const 32) (f64.div (local.get 1) (f64.const 0)))\n"
    "  (f64.store (i32.const 40) (f64.sqrt (f64.neg (local.get 1))))\n"
    "  (f32.store (i32.const 48) (f32.demote_f64 (f64.const 0.1)))\n"
    "  (f32.store (i32.const 52) (f32.demote_f64 (f64.const -1e-40)))\n"
    "  (f32.store (i32.const 56) (f32.convert_i64_s (i64.const -9007199791611905)))\n"
    "  (f64.store (i32.const 64) (f64.convert_i64_u (i64.const 0xfffffffffffff401)))\n"
    "  (f64.store (i32.const 72) (f64.nearest (f64.const 2.5)))\n"
    "  (f64.store (i32.const 80) (f64.nearest (f64.neg (f64.const 3.5))))\n"
    "  (f32.store (i32.const 88) (f32.add (local.get 2) (local.get 3)))\n"
    "  (f32.store (i32.const 92) (f32.mul (local.get 2) (f32.const 0x1p-130)))\n"
    "  (f64.store (i32.const 96) (f64.promote_f32 (f32.const 0x1p-149)))\n"
    "  (f64.store (i32.const 104) (f64.mul (f64.const 1e308) (f64.const 10)))\n"
    "  (i64.store (i32.const 112) (i64.trunc_sat_f64_s (f64.const -2.7)))\n"
    "  (f64.store (i32.const 120) (f64.floor (f64.const -0.3)))\n"
    "  (f64.store (i32.const 128) (f64.ceil (f64.const 0x1p-1074))))\n"
    " (func (export \"all\") (result f64) (local $x f64)\n"
    "  (call $a (f64.const 0x1p-1022) (f64.const 1) (f32.const 16777216) (f32.const 1))\n"
    "  (memory.copy (i32.const 200) (i32.const 0) (i32.const 136))\n"
    "  (memory.fill (i32.const 0) (i32.const 0) (i32.const 136))\n"
    "  (local.set $x (call $host (f32.div (f32.const 1) (f32.const 3)) (f64.div (f64.const 1) (f64.const 3))))\n"
    "  (call $a (f64.const 0x1p-1022) (f64.const 1) (f32.const 16777216) (f32.const 1))\n"
    "  (f64.mul (local.get $x) (f64.div (f64.const 1) (f64.const 3)))))\n";
enum { BYTES = 136 };

struct host {
    uint64_t expected, next;       /* the environment that the host function must find, and the one that it leaves */
    float single;
    double twice;
    nvm_func *again;               /* called from inside */
    uint64_t inner;
    int calls;
};

static nvm_status host(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    struct host *h = user;
    nvm_value tiny;
    const uint64_t now = get();
    h->calls++;
    CHECK_EQUAL(now, h->expected);
    memcpy(&h->single, &args[0].of.f32, sizeof h->single);
    memcpy(&h->twice, &args[1].of.f64, sizeof h->twice);
    CHECK(nvm_call(nvm_host_store(call), h->again, NULL, 0, &tiny, 1, NULL, NULL) == NVM_OK);
    memcpy(&h->inner, &tiny.of.f64, sizeof h->inner);
    CHECK_EQUAL(get(), h->expected);
    results[0] = nvm_f64(7);
    set(h->next);
    return NVM_OK;
}

/* What comes out, with everything done in that environment: loading, instantiation, calls. */
struct outcome {
    uint8_t before[BYTES], after[BYTES];
    double product;
    struct host host;
};

static void run(uint64_t environment, uint64_t left, struct outcome *out)
{
    struct outcome r = {.host = {.expected = environment, .next = left}};
    nvm_instance *i = NULL;
    nvm_value result = {0};
    set(environment);
    nvm_store *s = api_store();
    nvm_module *m = api_load(program);
    nvm_imports *imports = api_imports(s);
    CHECK(nvm_imports_host(imports, "h", "host", "f32 f64 -> f64", host, &r.host, NULL) == NVM_OK);
    CHECK(nvm_instance_new(s, m, imports, &i, NULL, NULL) == NVM_OK);
    r.host.again = nvm_instance_func(i, "tiny");
    CHECK(nvm_call(s, nvm_instance_func(i, "all"), NULL, 0, &result, 1, NULL, NULL) == NVM_OK);
    CHECK_EQUAL(get(), left);
    set(environments[0]);
    memcpy(&r.product, &result.of.f64, sizeof r.product);
    CHECK(nvm_memory_read(nvm_instance_memory(i, "m"), 200, r.before, BYTES));
    CHECK(nvm_memory_read(nvm_instance_memory(i, "m"), 0, r.after, BYTES));
    CHECK_EQUAL(r.host.calls, 1);
    nvm_store_free(s);
    nvm_module_free(m);
    *out = r;
}

static uint64_t bits_at(const uint8_t *p)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++) v |= (uint64_t)p[i] << 8 * i;
    return v;
}

static void all(void)
{
    struct outcome plain, other;
    test_begin("the default environment");
    run(environments[0], environments[0], &plain);
    CHECK(memcmp(plain.before, plain.after, BYTES) == 0);
    /* denormals, rounding to nearest even, infinities, the canonical NaN */
    static const struct {
        size_t at;
        uint64_t bits;
    } known[] = {{0, 0x0008000000000000}, {8, 0x3fd5555555555555}, {24, 0x3ff6a09e667f3bcd}, {32, 0x7ff0000000000000},
                 {40, 0x7ff8000000000000}, {48, 0x800116c23dcccccd}, {72, 0x4000000000000000}, {80, 0xc010000000000000},
                 {112, UINT64_MAX - 1}, {128, 0x3ff0000000000000}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
        if (!CHECK_EQUAL(bits_at(plain.before + known[k].at), known[k].bits))
            printf("  at %zu: %016llx\n", known[k].at, (unsigned long long)bits_at(plain.before + known[k].at));
    CHECK_EQUAL(plain.host.inner, 0x0008000000000000);
    for (int k = 0; k < ENVIRONMENTS; k++)
        for (int n = 0; n < ENVIRONMENTS; n++) {
            char name[80];
            snprintf(name, sizeof name, "environment %llx, and the host leaves %llx", (unsigned long long)environments[k],
                     (unsigned long long)environments[n]);
            test_begin(name);
            run(environments[k], environments[n], &other);
            CHECK(memcmp(other.before, plain.before, BYTES) == 0 && memcmp(other.after, plain.before, BYTES) == 0);
            CHECK(memcmp(&other.product, &plain.product, 8) == 0 && other.host.inner == plain.host.inner);
            CHECK(memcmp(&other.host.single, &plain.host.single, 4) == 0);
            CHECK(memcmp(&other.host.twice, &plain.host.twice, 8) == 0);
        }
}

int main(void)
{
    api_each_dispatcher(all);
    return test_end();
}
