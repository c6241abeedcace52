/* Memory that runs out: the k-th allocation fails, for every k, while a module is read from text, loaded, instantiated
 * and called. Nothing may crash or leak, and the failure must be reported. Linked with --wrap (see the Makefile). */
#include "tests/failing_alloc.h"
#include "tests/modules.h"

static const char text[] =
    "(module $m (type $t (func (param i32 i64) (result i64 f64)))"
    " (import \"host\" \"f\" (func $host (param i32) (result i32)))"
    " (memory (export \"memory\") 1 4) (table $table 3 funcref) (table 2 externref)"
    " (global $g (mut i64) (i64.const 5)) (elem (table $table) (i32.const 0) func $a $b) (data (i32.const 4) \"hello\")"
    " (data \"passive\") (elem func $a)"
    " (func $a (type $t) (local f64) (block (loop (br_if 1 (local.get 0)) (br_table 0 1 (local.get 0))))"
    "   (local.get 1) (f64.const 2))"
    " (func $b (param i32) (result i32) (call $host (local.get 0)))"
    " (func $main (export \"main\") (result i64)"
    "   (drop (memory.grow (i32.const 1)))"
    "   (drop (table.grow $table (ref.null func) (i32.const 2)))"
    "   (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 3))"
    "   (drop (call_indirect $table (param i32) (result i32) (i32.const 3) (i32.const 1)))"
    "   (i32.const 1) (i64.const 7) (call $a) (drop)))";

static enum trap host(struct host_call *c, slot *values)
{
    (void)c;
    values[0]++;
    return TRAP_NONE;
}

/* The whole way once. True: the call gave its result. */
static bool attempt(const struct vm_config *config, enum status *last)
{
    static const uint8_t i32s[] = {TYPE_I32, TYPE_I32};
    const struct functype type = {1, 1, i32s};
    struct buffer binary = {0};
    struct module *m = NULL;
    struct store *store = NULL;
    struct instance *instance = NULL;
    struct external import = {.kind = EXTERN_FUNC}, x;
    struct trap_info trap = {0};
    struct store_config limits;
    struct error e = {0};
    slot values[4] = {0};
    store_config_default(&limits);
    limits.stack_slots = 4096;
    *last = wat_to_wasm(text, sizeof text - 1, NULL, &binary, &e);
    if (!*last) *last = module_load(config, binary.data, binary.size, &m, &e);
    if (!*last) *last = store_new(&limits, &store, &e);
    if (!*last) *last = func_new_host(store, &type, host, NULL, &import.func, &e);
    if (!*last) *last = instance_new(store, m, &import, 1, &instance, &trap, &e);
    bool ok = false;
    if (!*last && instance_export(instance, bytes_of_string("main"), &x)) {
        ok = func_call(store, x.func, values, &trap) == TRAP_NONE;
        if (!ok) *last = STATUS_TRAP;
        if (ok) CHECK_EQUAL(values[0], 7);
    }
    store_free(store);
    module_free(m);
    buffer_free(&binary);
    return ok;
}

static void every_failure(const struct vm_config *config, const char *name)
{
    test_begin(name);
    enum status status;
    CHECK(attempt(config, &status));
    long k = 0;
    for (int tolerated = 0; k < 100000; k++) {
        countdown = k;
        failed = false;
        bool ok = attempt(config, &status);
        countdown = -1;
        if (!failed) break;
        /* memory.grow and table.grow may give -1 instead, and a slower way may be taken; nothing else is let pass */
        tolerated += ok;
        if (!ok && !CHECK(status == STATUS_NO_MEMORY || status == STATUS_TRAP))
            printf("  allocation %ld: %s\n", k, status_name(status));
        CHECK(tolerated <= 20);
    }
    printf("  %ld allocations\n", k);
    CHECK(k > 10 && k < 100000);
}

int main(void)
{
    struct vm_config config;
    vm_config_default(&config);
    for (int i = 0; i < 2; i++) {
        sticky = i == 1;
        config.lazy = false;
        every_failure(&config, sticky ? "eager, all further allocations fail" : "eager, one allocation fails");
        config.lazy = true;
        every_failure(&config, sticky ? "lazy, all further allocations fail" : "lazy, one allocation fails");
    }
    return test_end();
}
