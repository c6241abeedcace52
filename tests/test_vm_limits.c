/* What bounds execution: stack, fuel, interruption, memory; and what a trap reports. Everything with every dispatcher,
 * eager and lazy. */
#include "tests/modules.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static struct fee_schedule fuel;

struct way {
    enum dispatcher dispatcher;
    bool lazy;
};
static struct way way; /* the tests run once in each */

static struct vm_config config_of(bool metered, bool interruptible)
{
    struct vm_config c;
    vm_config_default(&c);
    c.dispatcher = way.dispatcher;
    c.lazy = way.lazy;
    c.interruptible = interruptible;
    if (metered) c.schedule = &fuel;
    return c;
}

static struct store_config gas(uint64_t amount)
{
    struct store_config c;
    store_config_default(&c);
    c.gas = amount;
    return c;
}

/* ---- stack ------------------------------------------------------------------------------------------------------- */

static void test_recursion(void)
{
    test_begin("infinite recursion");
    static const char text[] =
        "(module $m (func $deep (export \"f\") (param i32) (result i32)"
        "   (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))"
        " (table funcref (elem $through)) (func $through (export \"g\") (call_indirect (i32.const 0)))"
        " (func (export \"ok\") (result i32) (i32.const 42)))";
    struct vm_config config = config_of(false, false);
    struct running r = start_with(&config, NULL, text);
    slot v[2] = {0};
    for (int i = 0; i < 3; i++) {
        v[0] = 0;
        CHECK_EQUAL(call(&r, "f", v), TRAP_CALL_STACK_EXHAUSTED);
        CHECK(r.trap.depth > 1000 && r.trap.frames == BACKTRACE_FRAMES);
        CHECK_EQUAL(call(&r, "g", v), TRAP_CALL_STACK_EXHAUSTED);
        CHECK(call(&r, "ok", v) == TRAP_NONE && v[0] == 42);
    }
    stop(&r);
    struct store_config limits;
    store_config_default(&limits);
    limits.stack_slots = 1000;
    r = start_with(&config, &limits, text);
    CHECK_EQUAL(call(&r, "f", v), TRAP_CALL_STACK_EXHAUSTED);
    CHECK(r.trap.depth < 1000);
    stop(&r);
}

/* ---- fuel -------------------------------------------------------------------------------------------------------- */

static const char counting[] =
    "(module (func (export \"loop\") (param i32) (result i32) (local i32)"
    "   (loop (local.set 1 (i32.add (local.get 1) (i32.const 1)))"
    "         (br_if 0 (i32.lt_u (local.get 1) (local.get 0))))"
    "   (local.get 1))"
    " (func (export \"endless\") (loop (br 0)))"
    " (func (export \"divide\") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))"
    " (func (export \"straight\") (result i32)"
    "   (i32.add (i32.mul (i32.const 2) (i32.const 3)) (i32.const 4))))";

static void test_fuel_count(void)
{
    test_begin("fuel is counted exactly");
    struct vm_config config = config_of(true, false);
    struct store_config limits = gas(1000000);
    struct running r = start_with(&config, &limits, counting);
    slot v[2] = {10};
    CHECK(call(&r, "loop", v) == TRAP_NONE && v[0] == 10);
    /* ten turns of: loop, local.get, i32.const, i32.add, local.set, local.get, local.get, i32.lt_u, br_if; local.get */
    CHECK_EQUAL(1000000 - store_gas_left(r.store), 91);
    store_set_gas(r.store, 5);
    CHECK(call(&r, "straight", v) == TRAP_NONE && v[0] == 10);
    CHECK_EQUAL(store_gas_left(r.store), 0);
    store_set_gas(r.store, 4);
    CHECK_EQUAL(call(&r, "straight", v), TRAP_OUT_OF_GAS);
    store_set_gas(r.store, 100);
    v[0] = 0;
    CHECK_EQUAL(call(&r, "divide", v), TRAP_INTEGER_DIVIDE_BY_ZERO);
    CHECK_EQUAL(store_gas_left(r.store), 97);
    stop(&r);
}

static void test_fuel_end(void)
{
    test_begin("infinite loops end without fuel");
    struct vm_config config = config_of(true, false);
    struct store_config limits = gas(100000);
    struct running r = start_with(&config, &limits, counting);
    slot v[2] = {0};
    CHECK_EQUAL(call(&r, "endless", v), TRAP_OUT_OF_GAS);
    CHECK_TEXT(r.trap.message, "out of gas");
    CHECK(store_gas_left(r.store) <= 2);
    v[0] = 0;
    CHECK_EQUAL(call(&r, "loop", v), TRAP_OUT_OF_GAS);
    store_set_gas(r.store, 1000);
    v[0] = 3;
    CHECK(call(&r, "loop", v) == TRAP_NONE && v[0] == 3);
    stop(&r);
}

/* Every amount of fuel from none to enough: it either runs out or gives the same result. */
static void test_every_amount(void)
{
    test_begin("every amount of fuel");
    struct vm_config config = config_of(true, false);
    struct store_config limits = gas(0);
    struct running r = start_with(&config, &limits, counting);
    for (uint64_t amount = 0; amount <= 100; amount++) {
        slot v[2] = {10};
        store_set_gas(r.store, amount);
        enum trap trap = call(&r, "loop", v);
        CHECK_EQUAL(trap, amount < 91 ? TRAP_OUT_OF_GAS : TRAP_NONE);
        CHECK(store_gas_left(r.store) <= amount);
        if (trap == TRAP_NONE) CHECK_EQUAL(store_gas_left(r.store), amount - 91);
    }
    stop(&r);
}

static void test_schedule(void)
{
    test_begin("a schedule of fees");
    struct fee_schedule s = {.linear_base = 100, .linear_unit = 3};
    struct vm_config config = config_of(false, false);
    s.op[0x6a] = 1000;    /* i32.add */
    s.op_fc[11] = 50;     /* memory.fill */
    config.schedule = &s;
    struct store_config limits = gas(1000000);
    struct running r = start_with(&config, &limits,
        "(module (memory 1) (func (export \"add\") (result i32) (i32.add (i32.const 1) (i32.const 2)))"
        " (func (export \"fill\") (param i32) (memory.fill (i32.const 0) (i32.const 7) (local.get 0))))");
    slot v[2] = {0};
    CHECK_EQUAL(call(&r, "add", v), TRAP_NONE);
    CHECK_EQUAL(1000000 - store_gas_left(r.store), 1000);
    store_set_gas(r.store, 1000000);
    v[0] = 20;
    CHECK_EQUAL(call(&r, "fill", v), TRAP_NONE);
    CHECK_EQUAL(1000000 - store_gas_left(r.store), 50 + 100 + 3 * 20);
    store_set_gas(r.store, 50 + 100 + 3 * 20 - 1);
    v[0] = 20;
    CHECK_EQUAL(call(&r, "fill", v), TRAP_OUT_OF_GAS);
    stop(&r);
}

/* ---- interruption ------------------------------------------------------------------------------------------------ */

static void *interrupt_soon(void *store)
{
    usleep(20000);
    store_interrupt(store);
    return NULL;
}

static void test_interruption(bool metered)
{
    test_begin(metered ? "interruption of a metered loop" : "interruption of a loop");
    struct vm_config config = config_of(metered, true);
    struct store_config limits = gas(UINT64_MAX);
    struct running r = start_with(&config, &limits,
        "(module (func $loop (export \"loop\") (loop (br 0)))"
        " (func (export \"ok\") (result i32) (i32.const 1)))");
    slot v[2] = {0};
    for (int i = 0; i < 2; i++) {
        pthread_t thread;
        if (!CHECK(pthread_create(&thread, NULL, interrupt_soon, r.store) == 0)) return;
        CHECK_EQUAL(call(&r, "loop", v), TRAP_INTERRUPTED);
        pthread_join(thread, NULL);
        CHECK(call(&r, "ok", v) == TRAP_NONE && v[0] == 1);
    }
    store_interrupt(r.store); /* before the call: it ends the next one */
    CHECK_EQUAL(call(&r, "loop", v), TRAP_INTERRUPTED);
    stop(&r);
}

/* ---- memory ------------------------------------------------------------------------------------------------------ */

static void test_memory_limit(void)
{
    test_begin("memory.grow stops at the store's limit");
    struct vm_config config = config_of(false, false);
    struct store_config limits = gas(0);
    limits.memory_pages = 5;
    struct running r = start_with(&config, &limits,
        "(module (memory 2) (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))"
        " (func (export \"load\") (param i32) (result i32) (i32.load8_u (local.get 0)))"
        " (func (export \"far\") (param i32) (result i64) (i64.load offset=0xffffffff (local.get 0))))");
    slot v[2] = {3};
    CHECK(call(&r, "grow", v) == TRAP_NONE && v[0] == 2);
    v[0] = 1;
    CHECK(call(&r, "grow", v) == TRAP_NONE && (uint32_t)v[0] == UINT32_MAX);
    v[0] = UINT32_MAX;
    CHECK(call(&r, "grow", v) == TRAP_NONE && (uint32_t)v[0] == UINT32_MAX);
    v[0] = 5 * 65536 - 1;
    CHECK(call(&r, "load", v) == TRAP_NONE && v[0] == 0);
    v[0] = 5 * 65536;
    CHECK_EQUAL(call(&r, "load", v), TRAP_MEMORY_BOUNDS);
    v[0] = UINT32_MAX;
    CHECK_EQUAL(call(&r, "load", v), TRAP_MEMORY_BOUNDS);
    v[0] = UINT32_MAX;
    CHECK_EQUAL(call(&r, "far", v), TRAP_MEMORY_BOUNDS);
    v[0] = 1;
    CHECK_EQUAL(call(&r, "far", v), TRAP_MEMORY_BOUNDS);
    stop(&r);
}

/* ---- traps ------------------------------------------------------------------------------------------------------- */

static void check_frame(const struct running *r, uint32_t i, const char *name, size_t opcode_offset)
{
    if (!CHECK(r->trap.frames > i)) return;
    const struct trap_frame *f = &r->trap.frame[i];
    struct function_info info = module_function(instance_module(f->instance), f->function);
    CHECK(bytes_equal(info.name, bytes_of_string(name)));
    CHECK_EQUAL(f->offset, opcode_offset);
}

/* The offset of the nth byte `opcode` in the body of function `index`. */
static size_t find_opcode(const struct module *m, size_t index, uint8_t opcode)
{
    struct function_info info = module_function(m, index);
    struct bytes all = module_bytes(m);
    for (size_t i = info.offset; i < info.offset + info.size; i++)
        if (all.data[i] == opcode) return i;
    return 0;
}

static void test_backtrace(void)
{
    test_begin("backtrace");
    struct vm_config config = config_of(false, false);
    struct running r = start_with(&config, NULL,
        "(module (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))"
        " (func $middle (param i32) (result i32) (i32.add (i32.const 1) (call $divide (i32.const 8) (local.get 0))))"
        " (func $top (export \"f\") (param i32) (result i32) (call $middle (local.get 0))))");
    slot v[2] = {2};
    CHECK(call(&r, "f", v) == TRAP_NONE && v[0] == 5);
    v[0] = 0;
    CHECK_EQUAL(call(&r, "f", v), TRAP_INTEGER_DIVIDE_BY_ZERO);
    CHECK_TEXT(r.trap.message, "integer divide by zero");
    CHECK_EQUAL(r.trap.depth, 3);
    CHECK_EQUAL(r.trap.frames, 3);
    check_frame(&r, 0, "divide", find_opcode(r.module, 0, 0x6d));
    check_frame(&r, 1, "middle", find_opcode(r.module, 1, 0x10));
    check_frame(&r, 2, "top", find_opcode(r.module, 2, 0x10));
    stop(&r);
}

/* ---- features and limits of modules ------------------------------------------------------------------------------ */

static void test_features(void)
{
    test_begin("features");
    static const struct {
        uint32_t feature;
        const char *text;
    } cases[] = {
        {FEATURE_SIGN_EXTENSION, "(module (func (param i32) (drop (i32.extend8_s (local.get 0)))))"},
        {FEATURE_SATURATING_TRUNCATION, "(module (func (param f32) (drop (i32.trunc_sat_f32_s (local.get 0)))))"},
        {FEATURE_MULTI_VALUE, "(module (func (result i32 i32) (i32.const 1) (i32.const 2)))"},
        {FEATURE_REFERENCE_TYPES, "(module (table 1 funcref) (table 1 funcref))"},
        {FEATURE_EXTERNREF, "(module (table 1 externref))"},
        {FEATURE_BULK_MEMORY, "(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))"},
        {FEATURE_MUTABLE_GLOBALS, "(module (global (export \"g\") (mut i32) (i32.const 0)))"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer b = binary_of(cases[i].text);
        struct vm_config config = config_of(false, false);
        struct module *m = NULL;
        struct error e;
        CHECK_EQUAL(module_load(&config, b.data, b.size, &m, &e), STATUS_OK);
        module_free(m);
        config.features &= ~cases[i].feature;
        m = NULL;
        if (!CHECK(module_load(&config, b.data, b.size, &m, &e) != STATUS_OK)) printf("  case %zu\n", i);
        CHECK(m == NULL);
        buffer_free(&b);
    }
}

static void test_module_limits(void)
{
    test_begin("limits of modules");
    struct vm_config config = config_of(false, false);
    struct buffer b = binary_of("(module (func) (func) (func (param i32 i32)))");
    struct module *m = NULL;
    struct error e;
    config.limits.functions = 3;
    CHECK_EQUAL(module_load(&config, b.data, b.size, &m, &e), STATUS_OK);
    module_free(m);
    config.limits.functions = 2;
    CHECK_EQUAL(module_load(&config, b.data, b.size, &m, &e), STATUS_LIMIT);
    CHECK(strstr(e.message, "functions") != NULL);
    config = config_of(false, false);
    config.limits.params = 1;
    CHECK_EQUAL(module_load(&config, b.data, b.size, &m, &e), STATUS_LIMIT);
    CHECK(strstr(e.message, "param") != NULL);
    buffer_free(&b);
}

int main(void)
{
    fee_schedule_fuel(&fuel);
    static const struct way ways[] = {{DISPATCH_PORTABLE, false}, {DISPATCH_PORTABLE, true}, {DISPATCH_TAIL, false},
                                      {DISPATCH_TAIL, true}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        way = ways[i];
        if (!dispatcher_available(way.dispatcher)) {
            test_skip("dispatcher tail", "not built with this compiler");
            continue;
        }
        printf("%s, %s\n", dispatcher_name(way.dispatcher), way.lazy ? "lazy" : "eager");
        test_recursion();
        test_fuel_count();
        test_fuel_end();
        test_every_amount();
        test_schedule();
        test_interruption(false);
        test_interruption(true);
        test_memory_limit();
        test_backtrace();
        test_features();
        test_module_limits();
    }
    return test_end();
}
