/* The public interface: every function of include/nvm.h at least once, and what it refuses. */
#include "include/nvm.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdlib.h>

static nvm_module *load(const nvm_config *config, const char *text)
{
    nvm_module *m = NULL;
    nvm_error error = {.message = ""};
    if (nvm_module_new_text(config, text, strlen(text), &m, &error) != NVM_OK) printf("%s\n", error.message);
    CHECK(m != NULL);
    return m;
}

static nvm_store *new_store(void)
{
    nvm_store *s = NULL;
    CHECK(nvm_store_new(NULL, &s, NULL) == NVM_OK && s != NULL);
    return s;
}

static bool same_name(nvm_name name, const char *text)
{
    return name.size == strlen(text) && memcmp(name.data, text, name.size) == 0;
}

/* ---- modules ----------------------------------------------------------------------------------------------------- */

static void test_errors(void)
{
    test_begin("errors");
    nvm_module *m = (nvm_module *)&m;
    nvm_error error;
    CHECK_EQUAL(nvm_module_new(NULL, "\0asm\2\0\0\0", 8, &m, &error), NVM_MALFORMED);
    CHECK(m == NULL && error.status == NVM_MALFORMED && error.offset == 4);
    CHECK(strstr(error.message, "version") != NULL);
    CHECK_EQUAL(nvm_module_new_text(NULL, "(module\n (func (i32.foo)))", 25, &m, &error), NVM_MALFORMED);
    CHECK(strncmp(error.message, "2:", 2) == 0);
    CHECK_EQUAL(nvm_module_new_text(NULL, "(module (func (result i32)))", 28, &m, &error), NVM_INVALID);
    CHECK(nvm_module_new(NULL, "", 0, &m, NULL) != NVM_OK); /* nobody wants the error */
    CHECK_TEXT(nvm_status_name(NVM_UNLINKABLE), "unlinkable");
    CHECK_TEXT(nvm_type_name(NVM_FUNCREF), "funcref");
    CHECK_TEXT(nvm_type_name(3), "?");
    CHECK_TEXT(nvm_version(), NVM_VERSION);
    nvm_module_free(NULL);
    nvm_store_free(NULL);
    nvm_config_free(NULL);
}

static void test_module(void)
{
    test_begin("module");
    static const char text[] =
        "(module (import \"env\" \"log\" (func (param i32 i64) (result f32)))"
        " (import \"env\" \"memory\" (memory 1 5)) (import \"env\" \"g\" (global (mut i64)))"
        " (table (export \"t\") 2 funcref) (func (export \"f\") (result i32 f64) (i32.const 1) (f64.const 2)))";
    nvm_module *m = load(NULL, text);
    nvm_import import;
    nvm_export export;
    CHECK_EQUAL(nvm_module_imports(m), 3);
    CHECK(nvm_module_import(m, 0, &import) && same_name(import.module, "env") && same_name(import.name, "log"));
    CHECK(import.type.kind == NVM_FUNC && import.type.func.params == 2 && import.type.func.results == 1);
    CHECK(import.type.func.types[0] == NVM_I32 && import.type.func.types[1] == NVM_I64 &&
          import.type.func.types[2] == NVM_F32);
    CHECK(nvm_module_import(m, 1, &import) && import.type.kind == NVM_MEMORY && import.type.min == 1 &&
          import.type.has_max && import.type.max == 5);
    CHECK(nvm_module_import(m, 2, &import) && import.type.kind == NVM_GLOBAL && import.type.is_mutable &&
          import.type.type == NVM_I64);
    CHECK(!nvm_module_import(m, 3, &import));
    CHECK_EQUAL(nvm_module_exports(m), 2);
    CHECK(nvm_module_export(m, 0, &export) && same_name(export.name, "t") && export.type.kind == NVM_TABLE &&
          export.type.min == 2 && !export.type.has_max && export.type.type == NVM_FUNCREF);
    CHECK(nvm_module_export(m, 1, &export) && export.type.func.results == 2);
    CHECK(!nvm_module_export(m, 2, &export));
    nvm_module_free(m);
    static const char custom[] = "\0asm\1\0\0\0\0\5\3abcX\0\4\1zYZ\0\4\3abc";
    const void *data = NULL;
    size_t size = 9;
    CHECK(nvm_module_new(NULL, custom, sizeof custom - 1, &m, NULL) == NVM_OK);
    CHECK(nvm_module_custom_section(m, "abc", 0, &data, &size) && size == 1 && memcmp(data, "X", 1) == 0);
    CHECK(nvm_module_custom_section(m, "abc", 1, &data, &size) && size == 0);
    CHECK(!nvm_module_custom_section(m, "abc", 2, &data, &size));
    CHECK(nvm_module_custom_section(m, "z", 0, &data, &size) && size == 2);
    CHECK(!nvm_module_custom_section(m, "none", 0, &data, &size));
    nvm_module_free(m);
}

static void test_config(void)
{
    test_begin("configuration");
    nvm_config *config = nvm_config_new();
    nvm_module *m = NULL;
    static const char text[] = "(module (func (result i32 i32) (i32.const 1) (i32.const 2)))";
    nvm_config_set_features(config, NVM_FEATURES_ALL & ~NVM_FEATURE_MULTI_VALUE);
    CHECK_EQUAL(nvm_module_new_text(config, text, strlen(text), &m, NULL), NVM_INVALID);
    nvm_config_set_features(config, NVM_FEATURES_ALL);
    nvm_config_set_lazy(config, true);
    CHECK_EQUAL(nvm_module_new_text(config, text, strlen(text), &m, NULL), NVM_OK);
    nvm_module_free(m);
    nvm_config_free(config);
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

static void test_values(void)
{
    test_begin("values");
    nvm_module *m = load(NULL,
        "(module (func (export \"swap\") (param i32 i64 f32 f64 externref funcref)"
        " (result funcref externref f64 f32 i64 i32) (local.get 5) (local.get 4) (local.get 3) (local.get 2)"
        " (local.get 1) (local.get 0)))");
    nvm_store *s = new_store();
    nvm_instance *i = NULL;
    nvm_error error;
    CHECK(nvm_instance_new(s, m, NULL, &i, NULL, NULL) == NVM_OK && nvm_instance_module(i) == m);
    nvm_func *f = nvm_instance_func(i, "swap");
    int target;
    nvm_value a[] = {nvm_i32(-5), nvm_i64(INT64_MIN), nvm_f32(1.5f), nvm_f64(-0.0), nvm_externref(&target), nvm_funcref(f)};
    nvm_value r[6];
    CHECK_EQUAL(nvm_call(s, f, a, 6, r, 6, NULL, NULL), NVM_OK);
    CHECK(r[0].type == NVM_FUNCREF && r[0].of.funcref == f);
    CHECK(r[1].type == NVM_EXTERNREF && r[1].of.externref == &target);
    CHECK(r[2].type == NVM_F64 && r[2].of.f64 == 0 && 1 / r[2].of.f64 < 0);
    CHECK(r[3].type == NVM_F32 && r[3].of.f32 == 1.5f);
    CHECK(r[4].type == NVM_I64 && r[4].of.i64 == INT64_MIN);
    CHECK(r[5].type == NVM_I32 && r[5].of.i32 == -5);
    CHECK_EQUAL(nvm_func_type(f).params, 6);
    CHECK_EQUAL(nvm_call(s, f, a, 5, r, 6, NULL, &error), NVM_USAGE);
    CHECK_TEXT(error.message, "the function takes 6 arguments, not 5");
    CHECK_EQUAL(nvm_call(s, f, a, 6, r, 1, NULL, &error), NVM_USAGE);
    a[2] = nvm_i32(1);
    CHECK_EQUAL(nvm_call(s, f, a, 6, r, 6, NULL, &error), NVM_USAGE);
    CHECK_TEXT(error.message, "argument 2 is of type i32, expected f32");
    CHECK_EQUAL(nvm_call(s, NULL, a, 6, r, 6, NULL, &error), NVM_USAGE);
    CHECK(nvm_instance_func(i, "none") == NULL && nvm_instance_memory(i, "swap") == NULL);
    nvm_store_free(s);
    nvm_module_free(m);
}

/* ---- host functions and imports ---------------------------------------------------------------------------------- */

struct host_state {
    int calls;
    nvm_instance *caller;
    nvm_module *module; /* instantiated by a host function */
};

static nvm_status add(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    struct host_state *state = user;
    state->calls++;
    state->caller = nvm_host_caller(call);
    if (args[0].of.i32 == 99) return nvm_host_fail(call, "no %d today", args[0].of.i32);
    if (args[0].of.i32 == 98) return NVM_TRAP;
    if (args[0].of.i32 == 97) results[0].type = NVM_F32;
    results[0].of.i64 = args[0].of.i32 + args[1].of.i64;
    return NVM_OK;
}

static nvm_status reenter(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    (void)user;
    nvm_value next = nvm_i32(args[0].of.i32 - 1);
    if (args[0].of.i32 == 0) return NVM_OK;
    nvm_func *f = nvm_instance_func(nvm_host_caller(call), "down");
    return nvm_call(nvm_host_store(call), f, &next, 1, results, 1, NULL, NULL);
}

static const char importing[] =
    "(module (import \"a\" \"add\" (func $add (param i32 i64) (result i64)))"
    " (import \"a\" \"down\" (func $down (param i32) (result i32)))"
    " (func (export \"f\") (param i32) (result i64) (call $add (local.get 0) (i64.const 1000)))"
    " (func (export \"down\") (param i32) (result i32) (i32.add (i32.const 1) (call $down (local.get 0)))))";

static nvm_imports *host_imports(nvm_store *s, struct host_state *state)
{
    nvm_imports *imports = NULL;
    CHECK(nvm_imports_new(s, &imports, NULL) == NVM_OK);
    CHECK(nvm_imports_host(imports, "a", "add", "i32 i64 -> i64", add, state, NULL) == NVM_OK);
    CHECK(nvm_imports_host(imports, "a", "down", "i32->i32", reenter, NULL, NULL) == NVM_USAGE);
    CHECK(nvm_imports_host(imports, "a", "down", "i32 -> i32", reenter, NULL, NULL) == NVM_OK);
    return imports;
}

static void test_host(void)
{
    test_begin("host functions");
    struct host_state state = {0};
    nvm_module *m = load(NULL, importing);
    nvm_store *s = new_store();
    nvm_instance *i = NULL;
    nvm_trap trap;
    nvm_error error;
    nvm_value arg = nvm_i32(-1), result;
    CHECK(nvm_instance_new(s, m, host_imports(s, &state), &i, NULL, NULL) == NVM_OK);
    CHECK(nvm_call(s, nvm_instance_func(i, "f"), &arg, 1, &result, 1, NULL, NULL) == NVM_OK);
    CHECK(result.of.i64 == 999 && state.calls == 1 && state.caller == i);
    arg.of.i32 = 99;
    CHECK_EQUAL(nvm_call(s, nvm_instance_func(i, "f"), &arg, 1, &result, 1, &trap, &error), NVM_TRAP);
    CHECK(trap.code == NVM_TRAP_HOST);
    CHECK_TEXT(trap.message, "no 99 today");
    CHECK_TEXT(error.message, "no 99 today");
    arg.of.i32 = 98;
    nvm_call(s, nvm_instance_func(i, "f"), &arg, 1, &result, 1, &trap, NULL);
    CHECK_TEXT(trap.message, "host function failed");
    arg.of.i32 = 97;
    nvm_call(s, nvm_instance_func(i, "f"), &arg, 1, &result, 1, &trap, NULL);
    CHECK(strstr(trap.message, "wrong type") != NULL);
    arg.of.i32 = 20;
    CHECK(nvm_call(s, nvm_instance_func(i, "down"), &arg, 1, &result, 1, &trap, NULL) == NVM_OK);
    CHECK_EQUAL(result.of.i32, 21);
    arg.of.i32 = 1000000; /* nested calls of the host are bounded */
    CHECK_EQUAL(nvm_call(s, nvm_instance_func(i, "down"), &arg, 1, &result, 1, &trap, NULL), NVM_TRAP);
    nvm_store_free(s);
    nvm_module_free(m);
}

static void test_linking(void)
{
    test_begin("linking");
    nvm_module *library = load(NULL,
        "(module (memory (export \"m\") 1 2) (global (export \"g\") (mut i32) (i32.const 7))"
        " (table (export \"t\") 4 funcref) (func (export \"set\") (param i32) (i32.store (i32.const 0) (local.get 0))))");
    nvm_module *user = load(NULL,
        "(module (import \"lib\" \"m\" (memory 1)) (import \"lib\" \"g\" (global $g (mut i32)))"
        " (import \"lib\" \"t\" (table 1 funcref)) (import \"lib\" \"set\" (func $set (param i32)))"
        " (func (export \"f\") (result i32) (call $set (i32.const 30)) (global.set $g (i32.const 12))"
        "   (i32.add (i32.load (i32.const 0)) (global.get $g))))");
    nvm_store *s = new_store();
    nvm_instance *a = NULL, *b = NULL;
    nvm_imports *imports = NULL;
    nvm_error error;
    nvm_value result;
    uint32_t word = 0;
    CHECK(nvm_instance_new(s, library, NULL, &a, NULL, NULL) == NVM_OK);
    CHECK_EQUAL(nvm_instance_new(s, user, NULL, &b, NULL, &error), NVM_UNLINKABLE);
    CHECK(strstr(error.message, "lib.m") != NULL && b == NULL);
    CHECK(nvm_imports_new(s, &imports, NULL) == NVM_OK);
    CHECK(nvm_imports_instance(imports, "lib", a, NULL) == NVM_OK);
    CHECK(nvm_instance_new(s, user, imports, &b, NULL, NULL) == NVM_OK);
    CHECK(nvm_call(s, nvm_instance_func(b, "f"), NULL, 0, &result, 1, NULL, NULL) == NVM_OK && result.of.i32 == 42);
    CHECK(nvm_memory_read(nvm_instance_memory(a, "m"), 0, &word, 4) && word == 30);
    CHECK_EQUAL(nvm_global_get(nvm_instance_global(a, "g")).of.i32, 12);
    /* another type is refused */
    nvm_memory *small = NULL;
    CHECK(nvm_memory_new(s, 0, 1, &small, NULL) == NVM_OK);
    CHECK(nvm_imports_memory(imports, "lib", "m", small, NULL) == NVM_OK);
    CHECK_EQUAL(nvm_instance_new(s, user, imports, &b, NULL, &error), NVM_UNLINKABLE);
    CHECK(strncmp(error.message, "incompatible import type", 24) == 0);
    nvm_store_free(s);
    nvm_module_free(user);
    nvm_module_free(library);
}

static void test_types_as_text(void)
{
    test_begin("types as text");
    static const char *const good[] = {"", "i32", "i32 -> ", "-> i64", "i32, f64 -> externref funcref", " f32  "};
    static const char *const bad[] = {"i33", "i32 -> i64 -> f32", "int", "i32i32", "(i32)"};
    nvm_store *s = new_store();
    nvm_func *f = NULL;
    nvm_error error;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK_EQUAL(nvm_func_new(s, good[i], reenter, NULL, &f, NULL), NVM_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_EQUAL(nvm_func_new(s, bad[i], reenter, NULL, &f, &error), NVM_USAGE);
    CHECK(nvm_func_new(s, "i32, f64 -> externref", reenter, NULL, &f, NULL) == NVM_OK);
    nvm_functype t = nvm_func_type(f);
    CHECK(t.params == 2 && t.results == 1 && t.types[1] == NVM_F64 && t.types[2] == NVM_EXTERNREF);
    nvm_store_free(s);
}

/* ---- objects ----------------------------------------------------------------------------------------------------- */

static void test_objects(void)
{
    test_begin("memories, tables, globals");
    nvm_store *s = new_store();
    nvm_memory *m = NULL;
    nvm_table *t = NULL;
    nvm_global *g = NULL;
    char bytes[4] = "abc";
    CHECK(nvm_memory_new(s, 1, 3, &m, NULL) == NVM_OK && nvm_memory_size(m) == 65536);
    CHECK(nvm_memory_write(m, 65532, "wxyz", 4) && nvm_memory_read(m, 65533, bytes, 3));
    CHECK(memcmp(bytes, "xyz", 3) == 0 && nvm_memory_data(m)[65532] == 'w');
    CHECK(!nvm_memory_write(m, 65533, "wxyz", 4) && !nvm_memory_read(m, UINT64_MAX, bytes, 1));
    CHECK(!nvm_memory_read(m, 0, bytes, SIZE_MAX) && nvm_memory_read(m, 65536, bytes, 0));
    CHECK(nvm_memory_grow(m, 2) && nvm_memory_size(m) == 3 * 65536 && !nvm_memory_grow(m, 1));
    CHECK_EQUAL(nvm_memory_new(s, 3, 2, &m, NULL), NVM_USAGE);
    CHECK_EQUAL(nvm_memory_new(s, 3, 65537, &m, NULL), NVM_USAGE);
    int thing;
    nvm_value v = nvm_externref(&thing), got;
    CHECK(nvm_table_new(s, NVM_EXTERNREF, 2, 3, &t, NULL) == NVM_OK && nvm_table_size(t) == 2);
    CHECK(nvm_table_set(t, 1, &v) && nvm_table_get(t, 1, &got) && got.of.externref == &thing);
    CHECK(nvm_table_get(t, 0, &got) && got.type == NVM_EXTERNREF && got.of.externref == NULL);
    CHECK(!nvm_table_set(t, 2, &v) && !nvm_table_get(t, 2, &got));
    CHECK(nvm_table_grow(t, 1, &v) && !nvm_table_grow(t, 1, &v) && nvm_table_size(t) == 3);
    v = nvm_funcref(NULL);
    CHECK(!nvm_table_set(t, 0, &v));
    CHECK_EQUAL(nvm_table_new(s, NVM_I32, 1, 1, &t, NULL), NVM_USAGE);
    v = nvm_f64(2.5);
    CHECK(nvm_global_new(s, &v, true, &g, NULL) == NVM_OK && nvm_global_get(g).of.f64 == 2.5);
    v.of.f64 = 3;
    CHECK(nvm_global_set(g, &v) && nvm_global_get(g).of.f64 == 3);
    v = nvm_i32(1);
    CHECK(!nvm_global_set(g, &v));
    CHECK(nvm_global_new(s, &v, false, &g, NULL) == NVM_OK && !nvm_global_set(g, &v));
    v.type = 1;
    CHECK_EQUAL(nvm_global_new(s, &v, false, &g, NULL), NVM_USAGE);
    nvm_store_free(s);
}

/* ---- traps, fuel, starts ----------------------------------------------------------------------------------------- */

static void test_trap(void)
{
    test_begin("traps");
    nvm_module *m = load(NULL, "(module (func $inner unreachable) (func $outer (export \"f\") (call $inner)))");
    nvm_store *s = new_store();
    nvm_instance *i = NULL;
    nvm_trap trap;
    char text[300], small[10];
    CHECK(nvm_instance_new(s, m, NULL, &i, NULL, NULL) == NVM_OK);
    CHECK_EQUAL(nvm_call(s, nvm_instance_func(i, "f"), NULL, 0, NULL, 0, &trap, NULL), NVM_TRAP);
    CHECK(trap.code == NVM_TRAP_UNREACHABLE && trap.depth == 2 && trap.frames == 2);
    CHECK(trap.frame[0].module == m && trap.frame[0].function == 0);
    CHECK_TEXT(trap.frame[1].name, "outer");
    size_t length = nvm_trap_text(&trap, text, sizeof text);
    CHECK_EQUAL(length, strlen(text));
    CHECK(strncmp(text, "trap: unreachable\n  0: inner (function 0) at 0x", 47) == 0);
    CHECK_EQUAL(nvm_trap_text(&trap, small, sizeof small), length);
    CHECK_TEXT(small, "trap: unr");
    CHECK_EQUAL(nvm_trap_text(&trap, NULL, 0), length);
    nvm_store_free(s);
    nvm_module_free(m);
}

static nvm_status who_starts(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    (void)args, (void)results;
    struct host_state *state = user;
    state->calls++;
    state->caller = nvm_host_caller(call);
    CHECK(state->caller != NULL && nvm_instance_module(state->caller) == state->module);
    CHECK(nvm_host_memory(call) != NULL);
    return NVM_OK;
}

static void test_start(void)
{
    test_begin("start functions");
    struct host_state state = {0};
    nvm_module *m = load(NULL, "(module (import \"a\" \"f\" (func $f)) (memory 1) (func $s (call $f)) (start $s))");
    nvm_module *bad = load(NULL, "(module (func $boom unreachable) (start $boom))");
    nvm_store *s = new_store();
    nvm_imports *imports = NULL;
    nvm_instance *i = NULL;
    nvm_trap trap;
    state.module = m;
    CHECK(nvm_imports_new(s, &imports, NULL) == NVM_OK);
    CHECK(nvm_imports_host(imports, "a", "f", "", who_starts, &state, NULL) == NVM_OK);
    CHECK(nvm_instance_new(s, m, imports, &i, NULL, NULL) == NVM_OK && state.calls == 1 && state.caller == i);
    CHECK_EQUAL(nvm_instance_new(s, bad, NULL, &i, &trap, NULL), NVM_TRAP);
    CHECK(trap.code == NVM_TRAP_UNREACHABLE && trap.frame[0].module == bad && i == NULL);
    CHECK_TEXT(trap.frame[0].name, "boom");
    nvm_store_free(s);
    nvm_module_free(m);
    nvm_module_free(bad);
}

static void test_fuel(void)
{
    test_begin("fuel");
    nvm_schedule fuel;
    nvm_limits limits;
    nvm_config *config = nvm_config_new();
    nvm_store *s = NULL;
    nvm_instance *i = NULL;
    nvm_trap trap;
    nvm_value result;
    nvm_schedule_fuel(&fuel);
    CHECK(fuel.op[0x6a] == 1 && fuel.op[0x02] == 0);
    nvm_config_set_schedule(config, &fuel);
    nvm_module *m = load(config, "(module (func (export \"f\") (result i32) (i32.add (i32.const 1) (i32.const 2))))");
    nvm_config_free(config); /* the module keeps what it needs */
    memset(&fuel, 0xff, sizeof fuel);
    nvm_limits_default(&limits);
    limits.stack_slots = 1000;
    CHECK(nvm_store_new(&limits, &s, NULL) == NVM_OK && nvm_store_fuel(s) == UINT64_MAX);
    CHECK(nvm_instance_new(s, m, NULL, &i, NULL, NULL) == NVM_OK);
    nvm_store_set_fuel(s, 5);
    CHECK(nvm_call(s, nvm_instance_func(i, "f"), NULL, 0, &result, 1, &trap, NULL) == NVM_OK);
    CHECK(result.of.i32 == 3 && nvm_store_fuel(s) == 2);
    CHECK_EQUAL(nvm_call(s, nvm_instance_func(i, "f"), NULL, 0, &result, 1, &trap, NULL), NVM_TRAP);
    CHECK(trap.code == NVM_TRAP_OUT_OF_FUEL);
    CHECK_TEXT(trap.message, "out of fuel");
    nvm_store_free(s);
    nvm_module_free(m);
}

/* ---- threads ----------------------------------------------------------------------------------------------------- */

static void *run_in_store(void *module)
{
    uintptr_t good = 0;
    for (int k = 0; k < 20; k++) {
        nvm_store *s = NULL;
        nvm_instance *i = NULL;
        nvm_value arg = nvm_i32(15), result;
        if (nvm_store_new(NULL, &s, NULL) == NVM_OK && nvm_instance_new(s, module, NULL, &i, NULL, NULL) == NVM_OK &&
            nvm_call(s, nvm_instance_func(i, "fib"), &arg, 1, &result, 1, NULL, NULL) == NVM_OK)
            good += result.of.i32 == 610;
        nvm_store_free(s);
    }
    return (void *)good;
}

/* Two threads run instances of one module, lazily translated, at the same time. */
static void test_threads(void)
{
    test_begin("threads");
    enum { THREADS = 4 };
    nvm_config *config = nvm_config_new();
    nvm_config_set_lazy(config, true);
    nvm_module *m = load(config,
        "(module (func $fib (export \"fib\") (param i32) (result i32)"
        " (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0)) (else"
        "  (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))))");
    pthread_t thread[THREADS];
    for (int k = 0; k < THREADS; k++) CHECK(pthread_create(&thread[k], NULL, run_in_store, m) == 0);
    for (int k = 0; k < THREADS; k++) {
        void *good = NULL;
        pthread_join(thread[k], &good);
        CHECK_EQUAL((uintptr_t)good, 20);
    }
    nvm_module_free(m);
    nvm_config_free(config);
}

int main(void)
{
    test_errors();
    test_module();
    test_config();
    test_values();
    test_host();
    test_linking();
    test_types_as_text();
    test_objects();
    test_trap();
    test_start();
    test_fuel();
    test_threads();
    return test_end();
}
