/* Interruption within bounded work, whatever code does. What is bounded is counted, not timed: a test knows how much work
 * a program does, and how often it must at least be looked whether somebody wants it to end. Timed is only that programs
 * which would run for minutes end in time. Everything with every dispatcher, eager and lazy, with and without fuel. */
#include "tests/modules.h"
#include "vm/runtime.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static struct fee_schedule fuel;

struct way {
    enum dispatcher dispatcher;
    bool lazy, metered;
};
static struct way way; /* the tests run once in each */

static struct vm_config config_of(void)
{
    struct vm_config c;
    vm_config_default(&c);
    c.dispatcher = way.dispatcher;
    c.lazy = way.lazy;
    c.interruptible = true;
    if (way.metered) c.schedule = &fuel;
    return c;
}

static struct running begin(const char *text)
{
    struct vm_config c = config_of();
    return start_with(&c, NULL, text);
}

/* Looks during a call that must end well. */
static uint64_t looks_of(struct running *r, const char *name, slot argument)
{
    slot v[4] = {argument};
    const uint64_t before = r->store->looks;
    CHECK_EQUAL(call(r, name, v), TRAP_NONE);
    return r->store->looks - before;
}

/* ---- work that operands say -------------------------------------------------------------------------------------------- */

static const char bulk[] =
    "(module (memory 64) (table $t 1000000 funcref) (table $u 1 3000000 funcref) (data $d \"%s\")"
    " (elem $e func $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f) (func $f)"
    " (func (export \"fill\") (param i32) (memory.fill (i32.const 0) (i32.const 7) (local.get 0)))"
    " (func (export \"up\") (param i32) (memory.copy (i32.const 1) (i32.const 0) (local.get 0)))"
    " (func (export \"down\") (param i32) (memory.copy (i32.const 0) (i32.const 1) (local.get 0)))"
    " (func (export \"load\") (param i32) (result i32) (i32.load8_u (local.get 0)))"
    " (func (export \"tables\") (param i32) (table.fill $t (i32.const 0) (ref.func $f) (local.get 0)))"
    " (func (export \"tablec\") (param i32) (table.copy $t $t (i32.const 1) (i32.const 0) (local.get 0)))"
    " (func (export \"tableg\") (param i32) (drop (table.grow $u (ref.null func) (local.get 0))))"
    " (func (export \"init\") (param i32) (loop (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1024))"
    "   (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))"
    " (func (export \"tablei\") (param i32) (loop (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 16))"
    "   (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))"
    " (func (export \"small\") (param i32) (loop (memory.fill (i32.const 0) (i32.const 0) (i32.const 1000))"
    "   (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))";

static char *bulk_text(void)
{
    static char text[sizeof bulk + 1024];
    char data[1025];
    memset(data, 'd', 1024);
    data[1024] = '\0';
    snprintf(text, sizeof text, bulk, data);
    return text;
}

static void test_operands(void)
{
    test_begin("operations count what their operands say");
    struct running r = begin(bulk_text());
    static const struct {
        const char *name;
        uint32_t argument;
        uint64_t work; /* bytes at least */
    } cases[] = {
        {"fill", 4000000, 4000000}, {"fill", 1 << 20, 1 << 20}, {"up", 4000000, 4000000}, {"down", 4000000, 4000000},
        {"init", 8192, 8192 * 1024}, {"small", 10000, 10000000}, {"tables", 1000000, 8000000},
        {"tablec", 999999, 7999992}, {"tableg", 2000000, 16000000}, {"tablei", 65536, 65536 * 16 * 8},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        r.store->work = 0;
        const uint64_t looks = looks_of(&r, cases[k].name, cases[k].argument);
        /* table.grow is one piece */
        const uint64_t wanted = strcmp(cases[k].name, "tableg") == 0 ? 1 : cases[k].work / WORK_PER_LOOK;
        if (!CHECK(looks >= wanted)) printf("  %s: %llu looks, expected %llu\n", cases[k].name,
                                            (unsigned long long)looks, (unsigned long long)wanted);
    }
    stop(&r);
}

/* Pieces don't change what is copied. */
static void test_overlap(void)
{
    test_begin("copies that overlap, in pieces");
    struct running r = begin(bulk_text());
    uint8_t *data = memory_data(instance_memory(r.instance, 0));
    const size_t n = 4000000;
    uint8_t *expected = malloc(n + 1);
    for (int down = 0; down < 2 && expected; down++) {
        for (size_t i = 0; i <= n; i++) data[i] = (uint8_t)(i * 2654435761u >> 24);
        memcpy(expected, data, n + 1);
        memmove(expected + !down, expected + down, n);
        looks_of(&r, down ? "down" : "up", n);
        CHECK(memcmp(data, expected, n + 1) == 0);
    }
    free(expected);
    stop(&r);
}

/* Interrupted before it begins, a long operation ends after its first piece, and only what was executed is paid. */
static void test_inside(void)
{
    test_begin("the end inside a long operation");
    struct running r = begin(bulk_text());
    const uint8_t *data = memory_data(instance_memory(r.instance, 0));
    static const char *const names[] = {"fill", "tables", "init"};
    static const slot arguments[] = {4000000, 1000000, 100000};
    for (int k = 0; k < 3; k++) {
        slot v[4] = {arguments[k]};
        r.store->work = 0;
        store_set_gas(r.store, 1000000);
        store_interrupt(r.store);
        CHECK(store_is_interrupted(r.store));
        CHECK_EQUAL(call(&r, names[k], v), TRAP_INTERRUPTED);
        CHECK(r.trap.frames == 1 && r.trap.depth == 1 && !store_is_interrupted(r.store));
        /* without fuel it is looked at the first charge */
        if (k == 0 && way.metered)
            CHECK(data[0] == 7 && data[WORK_PER_LOOK - 1] == 7 && data[WORK_PER_LOOK] == 0);
        if (way.metered && k < 2) CHECK_EQUAL(1000000 - store_gas_left(r.store), 4);
        if (way.metered && k == 2) CHECK_EQUAL((1000000 - store_gas_left(r.store)) % 10, 5);
        v[0] = 0;
        CHECK_EQUAL(call(&r, "load", v), TRAP_NONE);
    }
    stop(&r);
}

/* ---- instructions -------------------------------------------------------------------------------------------------------- */

static const char instructions[] =
    "(module (func $fib (export \"fib\") (param i64) (result i64)"
    "  (if (result i64) (i64.lt_u (local.get 0) (i64.const 2)) (then (local.get 0))"
    "   (else (i64.add (call $fib (i64.sub (local.get 0) (i64.const 1))) (call $fib (i64.sub (local.get 0) (i64.const 2)))))))"
    " (func (export \"loop\") (param i64) (loop (br_if 0 (i64.ne (local.tee 0 (i64.sub (local.get 0) (i64.const 1)))"
    "   (i64.const 0)))))"
    " (func (export \"long\") (param i64) (loop %s (br_if 0 (i64.ne (local.tee 0 (i64.sub (local.get 0) (i64.const 1)))"
    "   (i64.const 0))))))";

/* Executed instructions, by the same program with fuel. */
static uint64_t executed(const char *text, const char *name, slot argument)
{
    const struct way kept = way;
    way.metered = true;
    struct running r = begin(text);
    slot v[4] = {argument};
    CHECK_EQUAL(call(&r, name, v), TRAP_NONE);
    const uint64_t used = UINT64_MAX - store_gas_left(r.store);
    stop(&r);
    way = kept;
    return used;
}

static void test_instructions(void)
{
    test_begin("instructions between two looks");
    enum { LONG = 2000 };
    static const char one[] = "(local.set 0 (i64.add (local.get 0) (i64.const 0)))";
    char *body = malloc(LONG * sizeof one), *text = malloc(LONG * sizeof one + sizeof instructions);
    if (!CHECK(body && text)) return;
    body[0] = '\0';
    for (size_t i = 0, n = 0; i < LONG; i++, n += sizeof one - 1) memcpy(body + n, one, sizeof one);
    sprintf(text, instructions, body);
    static const struct {
        const char *name;
        slot argument;
    } cases[] = {{"loop", 2000000}, {"fib", 27}, {"long", 1000}};
    struct running r = begin(text);
    for (int k = 0; k < 3; k++) {
        const uint64_t looks = looks_of(&r, cases[k].name, cases[k].argument);
        const uint64_t n = executed(text, cases[k].name, cases[k].argument);
        if (!CHECK(looks + 1 >= n / SLICE_INSTRUCTIONS && looks > 3))
            printf("  %s: %llu looks at %llu instructions\n", cases[k].name, (unsigned long long)looks,
                   (unsigned long long)n);
    }
    stop(&r);
    free(text);
    free(body);
}

/* Each call zeroes 400 KB. */
static void test_locals(void)
{
    test_begin("functions with many locals");
    char *text = malloc(600000), *p = text;
    if (!CHECK(text != NULL)) return;
    p += sprintf(p, "(module (func $f (local");
    for (int i = 0; i < 50000; i++) p += sprintf(p, " i64");
    sprintf(p, ")) (func (export \"f\") (param i32)"
               " (loop (call $f) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))");
    struct running r = begin(text);
    CHECK(looks_of(&r, "f", 1000) >= 1000 * 400000 / WORK_PER_LOOK / 2);
    slot v[4] = {1000};
    store_set_gas(r.store, 1000000);
    store_interrupt(r.store);
    CHECK_EQUAL(call(&r, "f", v), TRAP_INTERRUPTED);
    if (way.metered) CHECK((1000000 - store_gas_left(r.store)) < 100);
    stop(&r);
    free(text);
}

/* ---- translation, loading, instantiation ----------------------------------------------------------------------------------- */

enum { BODY = 1 << 20 };

/* A module with one function of a megabyte, in the binary format. */
static struct buffer large_module(void)
{
    static const uint8_t head[] = "\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\7\5\1\1f\0\0\x0a";
    struct buffer b = {0};
    const uint32_t size = 1 + 3 * BODY + 1;
    buffer_append(&b, head, sizeof head - 1);
    leb_write_u64(&b, size + 1 + 4);
    buffer_append(&b, "\1", 1);
    leb_write_u64(&b, size);
    buffer_append(&b, "\0", 1);
    for (int i = 0; i < BODY; i++) buffer_append(&b, "\x41\1\x1a", 3); /* i32.const 1, drop */
    buffer_append(&b, "\x0b", 1);
    return b;
}

struct count {
    uint64_t asked, most;
};

static bool ask(void *user)
{
    struct count *c = user;
    return ++c->asked > c->most;
}

static void test_loading(void)
{
    test_begin("loading asks whether it is to end");
    struct buffer b = large_module();
    struct count all = {.most = UINT64_MAX};
    struct load_stop load_stop = {ask, &all};
    struct vm_config c = config_of();
    struct module *m = NULL;
    struct error e = {0};
    c.stop = &load_stop;
    CHECK_EQUAL(module_load(&c, b.data, b.size, &m, &e), STATUS_OK);
    module_free(m);
    const uint64_t passes = way.lazy ? 1 : 2;
    CHECK(all.asked >= passes * (b.size * WORK_PER_BYTE / WORK_PER_LOOK) - 2);
    for (uint64_t most = 0; most < all.asked; most += 1 + most / 2) {
        struct count some = {.most = most};
        load_stop.user = &some;
        m = NULL;
        CHECK_EQUAL(module_load(&c, b.data, b.size, &m, &e), STATUS_LIMIT);
        CHECK(m == NULL && e.code == VM_ERROR_INTERRUPTED && some.asked == most + 1);
    }
    buffer_free(&b);
}

static void test_translation(void)
{
    test_begin("translation at the first call");
    struct buffer b = large_module();
    struct vm_config c = config_of();
    struct running r = {0};
    struct error e;
    slot v[1] = {0};
    struct store_config limits;
    store_config_default(&limits);
    CHECK_EQUAL(module_load(&c, b.data, b.size, &r.module, &e), STATUS_OK);
    CHECK_EQUAL(store_new(&limits, &r.store, &e), STATUS_OK);
    CHECK_EQUAL(instance_new(r.store, r.module, NULL, 0, &r.instance, NULL, &e), STATUS_OK);
    store_interrupt(r.store);
    CHECK_EQUAL(call(&r, "f", v), TRAP_INTERRUPTED);
    if (way.lazy) CHECK(module_code_bytes(r.module) == 0); /* it ended while it was translated */
    CHECK_EQUAL(call(&r, "f", v), TRAP_NONE);
    CHECK(module_code_bytes(r.module) > 0 && r.store->looks >= (way.lazy ? b.size * WORK_PER_BYTE / WORK_PER_LOOK : 1));
    stop(&r);
    buffer_free(&b);
}

static void test_instantiation(void)
{
    test_begin("instantiation");
    enum { SIZE = 8 << 20, ITEMS = 1000000 };
    char *text = malloc(SIZE + 3 * ITEMS + 500), *p = text;
    if (!CHECK(text != NULL)) return;
    p += sprintf(p, "(module (memory 129) (table 1000000 funcref) (func $f (export \"f\")) (elem (i32.const 0)");
    for (int i = 0; i < ITEMS; i++) p += sprintf(p, " 0");
    p += sprintf(p, ") (data (i32.const 0) \"");
    memset(p, 'x', SIZE);
    strcpy(p + SIZE, "\"))");
    struct vm_config c = config_of();
    struct running r = start_with(&c, NULL, text);
    CHECK(r.instance != NULL && r.store->looks >= SIZE / WORK_PER_LOOK + 8 * ITEMS / WORK_PER_LOOK);
    struct error e = {0};
    struct instance *i = r.instance;
    struct trap_info trap;
    store_interrupt(r.store);
    CHECK_EQUAL(instance_new(r.store, r.module, NULL, 0, &i, &trap, &e), STATUS_TRAP);
    CHECK(trap.trap == TRAP_INTERRUPTED && i == NULL && !store_is_interrupted(r.store));
    CHECK_EQUAL(instance_new(r.store, r.module, NULL, 0, &i, NULL, &e), STATUS_OK);
    stop(&r);
    free(text);
}

/* ---- host functions -------------------------------------------------------------------------------------------------------- */

struct host {
    int calls, inner;
    struct store *store;
    struct func *again;            /* called from inside, and what comes of it is ignored */
};

static enum trap count_calls(struct host_call *call, slot *values)
{
    struct host *h = call->user;
    struct trap_info trap;
    slot none[1] = {0};
    (void)values;
    if (++h->calls == 3) store_interrupt(call->store);
    if (h->again && func_call(call->store, h->again, none, &trap) == TRAP_INTERRUPTED) h->inner++;
    return TRAP_NONE;
}

/* Nothing follows the host function during which it was asked for. One that calls back and does not care is not gone on
 * with, either; the call after that runs. */
static void test_host(bool nested)
{
    test_begin(nested ? "a host function that hides an interruption" : "a host function that asks for an interruption");
    struct vm_config c = config_of();
    struct module *m = load_with(&c, "(module (import \"h\" \"f\" (func $h)) (global (export \"g\") (mut i32) (i32.const 0))"
                                     " (func (export \"f\") (loop (call $h) (global.set 0 (i32.add (global.get 0)"
                                     " (i32.const 1))) (br 0))) (func (export \"loop\") (loop (br 0)))"
                                     " (func (export \"ok\")))");
    struct host h = {0};
    struct running r = {.module = m};
    struct error e;
    struct store_config limits;
    struct external import = {.kind = EXTERN_FUNC}, inner, global;
    const struct functype type = {0, 0, NULL};
    slot v[1] = {0};
    store_config_default(&limits);
    CHECK_EQUAL(store_new(&limits, &r.store, &e), STATUS_OK);
    CHECK_EQUAL(func_new_host(r.store, &type, count_calls, &h, &import.func, &e), STATUS_OK);
    CHECK_EQUAL(instance_new(r.store, m, &import, 1, &r.instance, NULL, &e), STATUS_OK);
    CHECK(instance_export(r.instance, bytes_of_string("loop"), &inner));
    CHECK(instance_export(r.instance, bytes_of_string("g"), &global));
    if (nested) {
        h.calls = 2;
        h.again = inner.func;
    }
    CHECK_EQUAL(call(&r, "f", v), TRAP_INTERRUPTED);
    CHECK(h.calls == 3 && h.inner == nested && !store_is_interrupted(r.store));
    CHECK_EQUAL((uint32_t)global_get(global.global), nested ? 0 : 2);
    CHECK_EQUAL(call(&r, "ok", v), TRAP_NONE);
    stop(&r);
}

/* ---- in time ------------------------------------------------------------------------------------------------------------- */

static void *interrupt_soon(void *store)
{
    usleep(30000);
    store_interrupt(store);
    return NULL;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Each would run for minutes. */
static void test_time(void)
{
    test_begin("two seconds are enough for each");
    static const char *const programs[] = {
        "(module (memory 16) (func (export \"f\") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 1048576)) (br 0))))",
        "(module (memory 8192) (func (export \"f\") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 536870912)) (br 0))))",
        "(module (memory 8192) (func (export \"f\") (loop (memory.copy (i32.const 1) (i32.const 0) (i32.const 536870911)) (br 0))))",
        "(module (table 10000000 funcref) (func (export \"f\") (loop (table.fill (i32.const 0) (ref.null func) (i32.const 10000000))"
        " (br 0))))",
        "(module (table 10000000 funcref) (func (export \"f\") (loop (table.copy (i32.const 1) (i32.const 0) (i32.const 9999999))"
        " (br 0))))",
        "(module (func $f (param i32) (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))"
        " (call $f (i32.sub (local.get 0) (i32.const 1)))))) (func (export \"f\") (call $f (i32.const 60))))",
        "(module (memory 8192) (func (export \"f\") (local i32) (loop (drop (i64.load (i32.and (local.tee 0 (i32.add (i32.mul"
        " (local.get 0) (i32.const 1664525)) (i32.const 1013904223))) (i32.const 0x1ffffff8)))) (br 0))))",
        "(module (memory 1 65536) (func (export \"f\") (loop (drop (memory.grow (i32.const 1))) (br 0))))",
    };
    for (size_t k = 0; k < sizeof programs / sizeof programs[0]; k++) {
        struct running r = begin(programs[k]);
        pthread_t thread;
        slot v[1] = {0};
        if (!CHECK(pthread_create(&thread, NULL, interrupt_soon, r.store) == 0)) return;
        const double start = now();
        CHECK_EQUAL(call(&r, "f", v), TRAP_INTERRUPTED);
        if (!CHECK(now() - start < 2)) printf("  program %zu: %f s\n", k, now() - start);
        pthread_join(thread, NULL);
        stop(&r);
    }
}

int main(void)
{
    static const enum dispatcher dispatchers[] = {DISPATCH_PORTABLE, DISPATCH_TAIL};
    fee_schedule_fuel(&fuel);
    for (unsigned i = 0; i < 8; i++) {
        way = (struct way){dispatchers[i / 4], (i & 1) != 0, (i & 2) != 0};
        if (!dispatcher_available(way.dispatcher)) {
            test_skip("dispatcher tail", "not built with this compiler");
            continue;
        }
        printf("%s, %s, %s\n", dispatcher_name(way.dispatcher), way.lazy ? "lazy" : "eager", way.metered ? "fuel" : "no fuel");
        test_operands();
        test_overlap();
        test_inside();
        test_instructions();
        test_locals();
        test_loading();
        test_translation();
        test_instantiation();
        test_host(false);
        test_host(true);
        test_time();
    }
    return test_end();
}
