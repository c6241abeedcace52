/* Suspended runs of random modules: moved from store to store and from dispatcher to dispatcher, they end as if they had
 * never stopped. Then what is refused. */
#include "tests/test.h"

#include <stdlib.h>
#include <time.h>

#include "base/bytes.h"
#include "fuzz/generate.h"
#include "fuzz/record.h"
#include "vm/suspend.h"
#include "wat/wat.h"

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
        struct hops h = {.seed = n, .most = (priced ? 2000u : 1u) * (n % 5 == 0 ? 20u : 300u), .limit = 12};
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

/* ---- hostile states ---------------------------------------------------------------------------------------------- */

/* A module with a call between two functions, operands and locals of all types, a memory, a table and a global. */
static const char text[] =
    "(module (memory 1 3) (table 2 5 funcref) (elem (i32.const 0) $outer $inner)\n"
    "  (data $kept \"abc\") (data (i32.const 8) \"gone\")\n"
    "  (global $g (mut i32) (i32.const 5)) (global i64 (i64.const 7)) (global $f (mut f64) (f64.const 1))\n"
    "  (func $inner (param i32 i64) (result i64) (local f32 f64)\n"
    "    (local.set 2 (f32.const 1.5))\n"
    "    (i32.store (i32.const 100) (local.get 0))\n"
    "    (i64.const 3)\n"
    "    (loop $again (local.set 0 (i32.sub (local.get 0) (i32.const 1)))\n"
    "      (i64.store (i32.const 200) (local.get 1))\n"
    "      (local.set 1 (i64.add (local.get 1) (i64.load (i32.const 200))))\n"
    "      (br_if $again (local.get 0)))\n"
    "    (i64.add (local.get 1)))\n"
    "  (func $outer (param i32) (result i64)\n"
    "    (i64.const 4) (i32.mul (local.get 0) (local.get 0)) (i64.const 11) (call $inner) (i64.add))\n"
    "  (func (export \"run\") (result i64) (i64.const 1) (i64.add (call $start (i32.const 9))))\n"
    "  (func $start (param i32) (result i64)\n"
    "    (i64.const 2) (i64.add (call_indirect (param i32 i64) (result i64) (local.get 0) (i64.const 1) (i32.const 1)))))\n";

static enum status assemble(const char *source, struct buffer *out)
{
    struct error e = {.line = 0};
    struct wat_options options;
    wat_options_default(&options);
    enum status status = wat_to_wasm(source, strlen(source), &options, out, &e);
    if (status != STATUS_OK) printf("line %u: %s\n", e.line, e.message);
    return status;
}

struct sample {
    struct buffer module, state;
    struct fee_schedule fees;
    struct module *m;
    uint64_t result;               /* of the run in one piece */
};

static struct store *new_store(void)
{
    struct store_config limits;
    struct store *s = NULL;
    store_config_default(&limits);
    limits.stack_slots = 4096;
    limits.gas = 1000000;
    limits.memory_pages = 3;
    CHECK(store_new(&limits, &s, NULL) == STATUS_OK);
    return s;
}

static bool sample_load(struct sample *x, const struct fee_schedule *fees, struct module **out)
{
    struct vm_config c;
    struct error e;
    vm_config_default(&c);
    c.schedule = fees;
    return module_load(&c, x->module.data, x->module.size, out, &e) == STATUS_OK;
}

static bool sample_run(struct sample *x, uint64_t stop_at)
{
    struct instance *i;
    struct external run;
    struct error e;
    slot value = 0;
    struct store *s = new_store();
    bool ok = CHECK(instance_new(s, x->m, NULL, 0, &i, NULL, &e) == STATUS_OK) &&
              CHECK(instance_export(i, bytes_of_string("run"), &run));
    store_suspend_at(s, stop_at);
    enum trap trap = ok ? func_call(s, run.func, &value, NULL) : TRAP_NONE;
    x->result = value;
    if (stop_at)
        ok = ok && CHECK(trap == TRAP_SUSPENDED) && CHECK(instance_checkpoint(i, &x->state, &e) == STATUS_OK);
    store_free(s);
    return ok;
}

static bool sample_make(struct sample *x)
{
    *x = (struct sample){.m = NULL};
    fee_schedule_fuel(&x->fees);
    if (!CHECK(assemble(text, &x->module) == STATUS_OK)) return false;
    return CHECK(sample_load(x, &x->fees, &x->m)) && sample_run(x, 1000000 - 45) && sample_run(x, 0);
}

static void sample_free(struct sample *x)
{
    module_free(x->m);
    buffer_free(&x->module);
    buffer_free(&x->state);
}

/* Restores `state` and runs it with little gas; *result is set if it ends. */
static enum status try_state(struct module *m, struct bytes state, struct error *e, enum trap *trap, slot *result)
{
    struct instance *i;
    struct store *s = new_store();
    *trap = TRAP_NONE;
    enum status status = instance_restore(s, m, NULL, 0, state, &i, e);
    if (status == STATUS_OK) {
        if (store_gas_left(s) > 5000) store_set_gas(s, 5000);
        *trap = store_continue(s, result, NULL);
    }
    store_free(s);
    return status;
}

static void expect(struct sample *x, size_t at, uint8_t value, int code)
{
    struct error e = {.code = 0};
    enum trap trap;
    slot result;
    uint8_t old = x->state.data[at];
    x->state.data[at] = value;
    CHECK(try_state(x->m, bytes_of(x->state.data, x->state.size), &e, &trap, &result) == STATUS_INVALID);
    if (!CHECK_EQUAL(e.code, code)) printf("%s\n", e.message);
    x->state.data[at] = old;
}

/* Where the parts of the sample's state are: the format of docs/suspended-runs.md. */
enum { AT_VERSION = 8, AT_ENGINE = 10, AT_MODULE = 42, AT_GAS = 74, AT_MEMORIES = 82, AT_PAGES = 86, AT_CHUNKS = 90 };

static void test_tampered(void)
{
    struct sample x;
    struct error e = {.code = 0};
    enum trap trap;
    slot result = 0;
    test_begin("tampered states");
    if (!sample_make(&x)) return;
    struct bytes whole = bytes_of(x.state.data, x.state.size);
    CHECK(try_state(x.m, whole, &e, &trap, &result) == STATUS_OK);
    CHECK(trap == TRAP_NONE);
    CHECK(result == x.result);
    expect(&x, 0, 'N', VM_ERROR_STATE_INVALID);
    expect(&x, AT_VERSION, 2, VM_ERROR_STATE_ENGINE);
    expect(&x, AT_ENGINE, x.state.data[AT_ENGINE] ^ 1, VM_ERROR_STATE_ENGINE);
    expect(&x, AT_MODULE, x.state.data[AT_MODULE] ^ 1, VM_ERROR_STATE_ENGINE);
    expect(&x, AT_MEMORIES, 2, VM_ERROR_STATE_INVALID);
    expect(&x, AT_PAGES, 0, VM_ERROR_STATE_INVALID);       /* smaller than it began */
    expect(&x, AT_PAGES, 4, VM_ERROR_STATE_INVALID);       /* larger than it may become */
    CHECK_EQUAL(load_le32(x.state.data + AT_CHUNKS), 1);
    expect(&x, AT_CHUNKS + 4, 16, VM_ERROR_STATE_INVALID); /* behind the end */
    const size_t table = AT_CHUNKS + 8 + 4096;
    CHECK_EQUAL(load_le32(x.state.data + table), 1);
    CHECK_EQUAL(load_le32(x.state.data + table + 4), 2);
    expect(&x, table + 4, 6, VM_ERROR_STATE_INVALID);
    expect(&x, table + 8, 5, VM_ERROR_STATE_INVALID);      /* there are four functions */
    const size_t globals = table + 16;
    CHECK_EQUAL(load_le32(x.state.data + globals), 2);
    expect(&x, globals + 8, 1, VM_ERROR_STATE_INVALID);    /* an i32 of 33 bits */
    const size_t segments = globals + 20;
    CHECK_EQUAL(load_le32(x.state.data + segments), 2);
    expect(&x, segments + 5, 0, VM_ERROR_STATE_INVALID);   /* the active one is there again */
    const size_t frames = segments + 6 + 4 + 1;
    CHECK_EQUAL(load_le32(x.state.data + frames), 3);
    expect(&x, frames, 2, VM_ERROR_STATE_INVALID);
    expect(&x, frames, 4, VM_ERROR_STATE_INVALID);
    const size_t run = frames + 4;
    CHECK_EQUAL(load_le32(x.state.data + run), 2);
    expect(&x, run, 4, VM_ERROR_STATE_INVALID);            /* no such function */
    expect(&x, run, 1, VM_ERROR_STATE_INVALID);            /* another one */
    for (unsigned place = 0; place < 256; place++)         /* it calls in one place only */
        if (place != x.state.data[run + 4]) expect(&x, run + 4, (uint8_t)place, VM_ERROR_STATE_INVALID);
    expect(&x, run + 8, 1, VM_ERROR_STATE_INVALID);        /* a local that it has not */
    expect(&x, run + 12, 0, VM_ERROR_STATE_INVALID);       /* an operand less */
    expect(&x, run + 16, 3, VM_ERROR_STATE_INVALID);       /* another constant than the code has */
    const size_t start = run + 24;
    CHECK_EQUAL(load_le32(x.state.data + start), 3);
    expect(&x, start, 0, VM_ERROR_STATE_INVALID);          /* not the callee */
    expect(&x, start + 16, 1, VM_ERROR_STATE_INVALID);     /* the local: an i32 of more bits */
    const size_t inner = start + 32;
    CHECK_EQUAL(load_le32(x.state.data + inner), 0);
    CHECK_EQUAL(load_le32(x.state.data + inner + 8), 4);
    expect(&x, inner + 8, 3, VM_ERROR_STATE_INVALID);
    expect(&x, inner + 12 + 2 * 8 + 4, 1, VM_ERROR_STATE_INVALID); /* an f32 of more bits */

    /* other fees, another module */
    struct module *other = NULL;
    x.fees.op[0x6a]++;
    if (CHECK(sample_load(&x, &x.fees, &other))) {
        CHECK(try_state(other, whole, &e, &trap, &result) == STATUS_INVALID);
        CHECK_EQUAL(e.code, VM_ERROR_STATE_ENGINE);
    }
    module_free(other);
    sample_free(&x);
}

/* Every beginning, and every bit: refused, or a state that can be run. */
static void test_altered(void)
{
    struct sample x;
    struct error e;
    enum trap trap;
    slot result;
    uint32_t refused = 0, run = 0;
    test_begin("every truncation, every bit");
    if (!sample_make(&x)) return;
    for (size_t n = 0; n < x.state.size; n++) {
        uint8_t *part = malloc(n ? n : 1);
        if (n && part) memcpy(part, x.state.data, n);
        if (part) CHECK(try_state(x.m, bytes_of(part, n), &e, &trap, &result) == STATUS_INVALID);
        free(part);
    }
    buffer_append_byte(&x.state, 0);
    CHECK(try_state(x.m, bytes_of(x.state.data, x.state.size), &e, &trap, &result) == STATUS_INVALID);
    x.state.size--;
    for (size_t bit = 0; bit < 8 * x.state.size; bit++) {
        if (bit / 8 > AT_CHUNKS + 8 + 256 && bit / 8 < AT_CHUNKS + 8 + 4096) continue; /* zeros of the memory */
        x.state.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum status status = try_state(x.m, bytes_of(x.state.data, x.state.size), &e, &trap, &result);
        x.state.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (status == STATUS_OK) run++;
        else if (CHECK(status == STATUS_INVALID)) refused++;
    }
    printf("  %u states refused, %u run\n", refused, run);
    CHECK(refused > 1000 && run > 1000);
    sample_free(&x);
}

/* ---- size and speed ---------------------------------------------------------------------------------------------- */

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* 64 MiB of memory, of which 1 MiB was touched. */
static void test_large(void)
{
    static const char large[] =
        "(module (memory 1024) (func (export \"run\") (result i64) (local i32)\n"
        "  (loop $l (i32.store (i32.add (local.get 0) (i32.const 16777216)) (i32.const -1))\n"
        "    (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 64))) (i32.const 1048576))))\n"
        "  (loop $m (local.set 0 (i32.sub (local.get 0) (i32.const 64)))\n"
        "    (br_if $m (i32.load (i32.add (local.get 0) (i32.const 16777152))))) (i64.const 77)))\n";
    struct sample x = {.m = NULL};
    struct instance *i = NULL, *j = NULL;
    struct external run;
    struct error e;
    slot value = 0;
    test_begin("64 MiB of memory, 1 MiB touched");
    fee_schedule_fuel(&x.fees);
    if (!CHECK(assemble(large, &x.module) == STATUS_OK) ||
        !CHECK(sample_load(&x, &x.fees, &x.m)))
        return;
    struct store_config limits;
    struct store *s = NULL, *t = NULL;
    store_config_default(&limits);
    limits.gas = 1000000;
    CHECK(store_new(&limits, &s, NULL) == STATUS_OK && store_new(&limits, &t, NULL) == STATUS_OK);
    CHECK(instance_new(s, x.m, NULL, 0, &i, NULL, &e) == STATUS_OK);
    CHECK(instance_export(i, bytes_of_string("run"), &run));
    store_suspend_at(s, 1000000 - 230000);
    CHECK(func_call(s, run.func, &value, NULL) == TRAP_SUSPENDED);
    double from = milliseconds();
    CHECK(instance_checkpoint(i, &x.state, &e) == STATUS_OK);
    double between = milliseconds();
    CHECK(instance_restore(t, x.m, NULL, 0, bytes_of(x.state.data, x.state.size), &j, &e) == STATUS_OK);
    double to = milliseconds();
    printf("  %zu bytes; written in %.2f ms, restored in %.2f ms\n", x.state.size, between - from, to - between);
    CHECK(x.state.size <= 2 << 20);
    CHECK(j && store_continue(t, &value, NULL) == TRAP_NONE);
    CHECK_EQUAL(value, 77);
    CHECK(j && memory_size(instance_memory(j, 0)) == 64 << 20);
    store_free(s);
    store_free(t);
    sample_free(&x);
}

/* A recursion that fills the stack, its frames' sizes counted. */
static void test_deep(void)
{
    static const char deep[] =
        "(module (func $f (export \"run\") (result i64) (local i64 i64)\n"
        "  (local.set 0 (i64.const 3)) (local.set 1 (i64.add (local.get 0) (local.get 0)))\n"
        "  (i64.add (local.get 1) (i64.add (call $f) (local.get 0)))))\n";
    struct sample x = {.m = NULL};
    struct error e;
    uint64_t left[2] = {0, 1};
    uint32_t depth[2] = {0, 1};
    test_begin("a deep stack");
    fee_schedule_fuel(&x.fees);
    x.fees.frame_bytes = 16;
    x.fees.bytes64 = 8;
    if (!CHECK(assemble(deep, &x.module) == STATUS_OK) ||
        !CHECK(sample_load(&x, &x.fees, &x.m)))
        return;
    for (int moved = 0; moved < 2; moved++) {
        struct store_config limits;
        struct instance *i = NULL;
        struct external run;
        struct trap_info info;
        struct store *s = NULL;
        slot value;
        store_config_default(&limits);
        limits.gas = 1000000;
        limits.stack_bytes = 262144;
        CHECK(store_new(&limits, &s, NULL) == STATUS_OK);
        CHECK(instance_new(s, x.m, NULL, 0, &i, NULL, &e) == STATUS_OK);
        CHECK(instance_export(i, bytes_of_string("run"), &run));
        if (moved) store_suspend_at(s, 1000000 - 30000);
        enum trap trap = func_call(s, run.func, &value, &info);
        if (moved) {
            CHECK(trap == TRAP_SUSPENDED && info.depth > 3000);
            CHECK(instance_checkpoint(i, &x.state, &e) == STATUS_OK);
            store_free(s);
            CHECK(store_new(&limits, &s, NULL) == STATUS_OK);
            CHECK(instance_restore(s, x.m, NULL, 0, bytes_of(x.state.data, x.state.size), &i, &e) == STATUS_OK);
            trap = store_continue(s, &value, &info);
        }
        CHECK(trap == TRAP_CALL_STACK_EXHAUSTED);
        left[moved] = store_gas_left(s);
        depth[moved] = info.depth;
        store_free(s);
    }
    CHECK(left[0] == left[1] && depth[0] == depth[1]);
    sample_free(&x);
}

/* An instruction that begins a stretch because the one before has become too expensive, and traps: what stands behind it
 * was not executed and costs nothing. */
static void test_split(void)
{
    static const char split[] =
        "(module (memory 1) (func (export \"run\") (result i64)\n"
        "  (nop) (nop) (nop) (drop (i32.load (i32.const -1))) (nop) (nop) (i64.const 1)))\n";
    static const uint64_t fee = 300000000;
    struct sample x = {.m = NULL};
    struct error e;
    test_begin("a trap where a long stretch is split");
    for (unsigned i = 0; i < 256; i++) x.fees.op[i] = i == 0x0b ? 0 : fee;
    if (!CHECK(assemble(split, &x.module) == STATUS_OK) || !CHECK(sample_load(&x, &x.fees, &x.m))) return;
    struct store_config limits;
    struct instance *i = NULL;
    struct external run;
    struct store *s = NULL;
    slot value;
    store_config_default(&limits);
    limits.gas = 100 * fee;
    CHECK(store_new(&limits, &s, NULL) == STATUS_OK);
    CHECK(instance_new(s, x.m, NULL, 0, &i, NULL, &e) == STATUS_OK);
    CHECK(instance_export(i, bytes_of_string("run"), &run));
    CHECK(func_call(s, run.func, &value, NULL) == TRAP_MEMORY_BOUNDS);
    CHECK_EQUAL(100 * fee - store_gas_left(s), 5 * fee);
    store_free(s);
    sample_free(&x);
}

int main(void)
{
    expected = malloc(sizeof *expected);
    got = malloc(sizeof *got);
    if (CHECK(expected && got)) {
        test_random();
        test_every_charge();
        test_tampered();
        test_altered();
        test_large();
        test_deep();
        test_split();
    }
    free(expected);
    free(got);
    return test_end();
}
