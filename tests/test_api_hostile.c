/* What hostile modules do to a program that embeds the engine: instances that fail, start functions that lead elsewhere,
 * host functions that lead back. Objects are used while they are half made. With every dispatcher. */
#include "tests/api_fixture.h"

#include <stdlib.h>

static char *text_of_many_functions(int n, const char *head, const char *tail)
{
    char *text = malloc((size_t)n * 6 + strlen(head) + strlen(tail) + 1);
    if (!text) return NULL;
    char *p = text + sprintf(text, "%s", head);
    for (int i = 0; i < n; i++) p += sprintf(p, "(func)");
    sprintf(p, "%s", tail);
    return text;
}

/* ---- who was it ---------------------------------------------------------------------------------------------------- */

/* Module A puts a function into the embedder's table, and B's start function calls it. */
struct pair {
    nvm_store *store;
    nvm_module *a, *b;
    nvm_table *table;
    nvm_imports *imports;
    nvm_instance *instance_a;      /* null if A fails */
};

/* What the host function `w` saw, and does. */
struct seen {
    struct pair *pair;
    nvm_instance *caller[8];
    uint64_t memory[8];
    int count;
    bool instantiates;             /* B, at the first call */
    nvm_status status;
    nvm_trap trap;
};

static nvm_status who(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    struct seen *seen = user;
    nvm_instance *b;
    (void)args, (void)results;
    if (seen->count < 8) {
        seen->caller[seen->count] = nvm_host_caller(call);
        seen->memory[seen->count++] = nvm_memory_size(nvm_host_memory(call));
    }
    if (!seen->instantiates) return NVM_OK;
    seen->instantiates = false;
    seen->status = nvm_instance_new(seen->pair->store, seen->pair->b, seen->pair->imports, &b, &seen->trap, NULL);
    return NVM_OK;
}

static void open_pair(struct pair *p, const char *a, const char *b, struct seen *seen)
{
    *p = (struct pair){.store = api_store(), .a = api_load(a), .b = api_load(b)};
    *seen = (struct seen){.pair = p};
    CHECK(nvm_table_new(p->store, NVM_FUNCREF, 1, 1, &p->table, NULL) == NVM_OK);
    p->imports = api_imports(p->store);
    CHECK(nvm_imports_table(p->imports, "h", "t", p->table, NULL) == NVM_OK);
    CHECK(nvm_imports_host(p->imports, "h", "w", "", who, seen, NULL) == NVM_OK);
}

static void close_pair(struct pair *p)
{
    nvm_store_free(p->store);
    nvm_module_free(p->a);
    nvm_module_free(p->b);
}

static const char calls_the_table[] =
    "(module (import \"h\" \"t\" (table 1 funcref)) (memory 1)"
    " (func $s (export \"f\") (call_indirect (i32.const 0))) (start $s))";

/* The function's index is far outside of B. */
static void test_frame_of_failed(void)
{
    test_begin("a frame of an instance that failed to start");
    char *a = text_of_many_functions(100000, "(module (import \"h\" \"t\" (table 1 funcref)) (memory 1)",
                                     "(func $culprit unreachable) (elem (i32.const 0) $culprit)"
                                     " (data (i32.const 65536) \"x\"))");
    struct pair p;
    struct seen seen;
    nvm_instance *i;
    nvm_trap trap;
    char text[400];
    open_pair(&p, a, calls_the_table, &seen);
    CHECK_EQUAL(nvm_instance_new(p.store, p.a, p.imports, &i, &trap, NULL), NVM_TRAP);
    CHECK(trap.code == NVM_TRAP_MEMORY_BOUNDS && i == NULL);
    CHECK_EQUAL(nvm_instance_new(p.store, p.b, p.imports, &i, &trap, NULL), NVM_TRAP);
    CHECK(trap.code == NVM_TRAP_UNREACHABLE && trap.frames == 2 && i == NULL);
    CHECK(trap.frame[0].module == p.a && trap.frame[0].function == 100000);
    CHECK_TEXT(trap.frame[0].name, "culprit");
    CHECK(trap.frame[1].module == p.b);
    CHECK_TEXT(trap.frame[1].name, "s");
    /* asked for when everything else is gone */
    close_pair(&p);
    CHECK(nvm_trap_text(&trap, text, sizeof text) > 0 && strstr(text, "0: culprit (function 100000) at 0x") != NULL);
    free(a);
}

/* Nobody has failed: A is still starting when B's start function calls it. */
static void test_frame_of_starting(void)
{
    test_begin("a frame of an instance that is starting");
    char *a = text_of_many_functions(3000, "(module (import \"h\" \"t\" (table 1 funcref)) (import \"h\" \"w\" (func $w))",
                                     "(func $culprit unreachable) (func $s (call $w)) (elem (i32.const 0) $culprit)"
                                     " (start $s))");
    struct pair p;
    struct seen seen;
    open_pair(&p, a, calls_the_table, &seen);
    seen.instantiates = true;
    CHECK_EQUAL(nvm_instance_new(p.store, p.a, p.imports, &p.instance_a, NULL, NULL), NVM_OK);
    CHECK_EQUAL(seen.status, NVM_TRAP);
    CHECK(seen.trap.frames == 2 && seen.trap.frame[0].module == p.a && seen.trap.frame[1].module == p.b);
    CHECK_TEXT(seen.trap.frame[0].name, "culprit");
    CHECK(seen.caller[0] == p.instance_a && nvm_instance_module(seen.caller[0]) == p.a);
    close_pair(&p);
    free(a);
}

static void test_caller(bool fails)
{
    test_begin(fails ? "the caller is an instance that failed" : "the caller is an instance that is starting");
    static const char *const a[] = {
        "(module (import \"h\" \"t\" (table 1 funcref)) (import \"h\" \"w\" (func $w)) (memory 3)"
        " (func $f (call $w)) (elem (i32.const 0) $f) (start $f))",
        "(module (import \"h\" \"t\" (table 1 funcref)) (import \"h\" \"w\" (func $w)) (memory 3)"
        " (func $f (call $w)) (elem (i32.const 0) $f) (data (i32.const 196608) \"x\"))"};
    struct pair p;
    struct seen seen;
    nvm_instance *b = NULL;
    nvm_value f;
    open_pair(&p, a[fails], calls_the_table, &seen);
    seen.instantiates = !fails;
    CHECK_EQUAL(nvm_instance_new(p.store, p.a, p.imports, &p.instance_a, NULL, NULL), fails ? NVM_TRAP : NVM_OK);
    CHECK(nvm_table_get(p.table, 0, &f) && f.of.funcref != NULL);
    CHECK(nvm_call(p.store, f.of.funcref, NULL, 0, NULL, 0, NULL, NULL) == NVM_OK);
    CHECK(nvm_instance_new(p.store, p.b, p.imports, &b, NULL, NULL) == NVM_OK);
    CHECK(nvm_call(p.store, nvm_instance_func(b, "f"), NULL, 0, NULL, 0, NULL, NULL) == NVM_OK);
    CHECK_EQUAL(seen.count, fails ? 3 : 5);
    for (int i = 0; i < seen.count; i++) {
        CHECK(seen.caller[i] != NULL && nvm_instance_module(seen.caller[i]) == p.a && seen.memory[i] == 3 * 65536);
        CHECK(seen.caller[i] == seen.caller[0] && seen.caller[i] != b);
    }
    if (!fails) CHECK(seen.caller[0] == p.instance_a);
    close_pair(&p);
}

/* ---- ways back ----------------------------------------------------------------------------------------------------- */

struct back {
    nvm_module *module;
    nvm_imports *imports;
    nvm_table *table;
    int depth, deepest;
    nvm_trap_code code;            /* of the innermost call */
};

static void enter(struct back *b)
{
    if (++b->depth > b->deepest) b->deepest = b->depth;
}

static nvm_status apply(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    struct back *b = user;
    nvm_value f;
    nvm_trap trap;
    (void)results;
    if (b->depth >= 10000 || !nvm_table_get(b->table, (uint32_t)args[0].of.i32, &f)) return nvm_host_fail(call, "lost");
    enter(b);
    const nvm_status status = nvm_call(nvm_host_store(call), f.of.funcref, args, 1, NULL, 0, &trap, NULL);
    if (status != NVM_OK && b->depth == b->deepest) b->code = trap.code;
    b->depth--;
    return status == NVM_OK ? NVM_OK : nvm_host_fail(call, "failed");
}

static nvm_status again(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    struct back *b = user;
    nvm_instance *i;
    nvm_trap trap;
    (void)args, (void)results;
    if (b->depth >= 10000) return nvm_host_fail(call, "lost");
    enter(b);
    const nvm_status status = nvm_instance_new(nvm_host_store(call), b->module, b->imports, &i, &trap, NULL);
    if (status != NVM_OK && b->depth == b->deepest) b->code = trap.code;
    b->depth--;
    return status == NVM_OK ? NVM_OK : nvm_host_fail(call, "failed");
}

/* By way of the table, from code and from the embedder. */
static void test_depth_of_calls(void)
{
    test_begin("a host function that calls itself through a table");
    struct back b = {.module = api_load(
        "(module (import \"h\" \"apply\" (func $p (param i32))) (table (export \"t\") funcref (elem $p $f))"
        " (func $f (export \"f\") (param i32) (call $p (local.get 0))))")};
    nvm_store *s = api_store();
    nvm_instance *i = NULL;
    nvm_value f;
    b.imports = api_imports(s);
    CHECK(nvm_imports_host(b.imports, "h", "apply", "i32", apply, &b, NULL) == NVM_OK);
    CHECK(nvm_instance_new(s, b.module, b.imports, &i, NULL, NULL) == NVM_OK);
    b.table = nvm_instance_table(i, "t");
    int deepest[4];
    for (int k = 0; k < 4; k++) {
        nvm_value arg = nvm_i32(k & 1);
        b.deepest = b.depth = 0;
        f = nvm_funcref(nvm_instance_func(i, "f"));
        if (k & 2) CHECK(nvm_table_get(b.table, 0, &f));
        CHECK_EQUAL(nvm_call(s, f.of.funcref, &arg, 1, NULL, 0, NULL, NULL), NVM_TRAP);
        CHECK(b.code == NVM_TRAP_CALL_STACK_EXHAUSTED && b.deepest >= 50 && b.deepest <= 100);
        deepest[k] = b.deepest;
    }
    /* whatever way leads back, the depth is the same */
    CHECK(deepest[0] == deepest[1] && deepest[1] == deepest[2] && deepest[2] == deepest[3]);
    nvm_store_free(s);
    nvm_module_free(b.module);
}

static void test_depth_of_starts(bool through_code)
{
    test_begin(through_code ? "a start function whose import instantiates again"
                            : "a host function as start function that instantiates again");
    struct back b = {.module = api_load(
        through_code ? "(module (import \"h\" \"again\" (func $a)) (memory 1) (func $s (call $a)) (start $s))"
                     : "(module (import \"h\" \"again\" (func $a)) (memory 1) (start $a))")};
    nvm_store *s = api_store();
    nvm_instance *i = NULL;
    nvm_trap trap;
    b.imports = api_imports(s);
    CHECK(nvm_imports_host(b.imports, "h", "again", "", again, &b, NULL) == NVM_OK);
    CHECK_EQUAL(nvm_instance_new(s, b.module, b.imports, &i, &trap, NULL), NVM_TRAP);
    CHECK(i == NULL && trap.code == NVM_TRAP_HOST && trap.frames == (through_code ? 1 : 0));
    CHECK(b.code == NVM_TRAP_CALL_STACK_EXHAUSTED && b.deepest >= 50 && b.deepest <= 100);
    nvm_store_free(s);
    nvm_module_free(b.module);
}

/* ---- growth inside a call ------------------------------------------------------------------------------------------ */

struct grower {
    nvm_memory *memory;
    nvm_table *table;
    bool grown;
};

/* Grows so far that both move. */
static nvm_status grow(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    struct grower *g = user;
    nvm_value none = nvm_funcref(NULL);
    nvm_memory *m = g->memory ? g->memory : nvm_host_memory(call);
    (void)args, (void)results;
    g->grown = nvm_memory_grow(m, 1000) && nvm_memory_write(m, 1000 * 65536, "moved", 5) &&
               (!g->table || nvm_table_grow(g->table, 100000, &none));
    return NVM_OK;
}

/* The caller has its memory and table in registers when the host function moves them; likewise through a second
 * instance that shares them. */
static void test_growth(void)
{
    test_begin("memory and table move inside a host function");
    nvm_module *m = api_load(
        "(module (import \"h\" \"grow\" (func $grow)) (memory (export \"m\") 1) (table (export \"t\") 2 funcref)"
        " (func $seven (result i32) (i32.const 7)) (elem (i32.const 1) $seven)"
        " (func $f (export \"f\") (param i32) (result i32) (local i32)"
        "  (i32.store (i32.const 8) (i32.const 5)) (local.set 1 (i32.load (i32.const 8)))"
        "  (if (local.get 0) (then (call $grow)))"
        "  (i32.store (i32.const 12) (i32.const 30))"
        "  (i32.add (i32.add (local.get 1) (i32.load (i32.const 12)))"
        "           (i32.add (call_indirect (result i32) (i32.const 1)) (i32.load8_u (i32.const 65536000))))))");
    nvm_module *sharing = api_load(
        "(module (import \"a\" \"m\" (memory 1)) (import \"a\" \"f\" (func $f (param i32) (result i32)))"
        " (func (export \"g\") (result i32) (i32.store (i32.const 8) (i32.const 9))"
        "  (i32.add (call $f (i32.const 0)) (i32.load8_u (i32.const 65536000)))))");
    nvm_store *s = api_store();
    nvm_instance *i = NULL, *j = NULL;
    nvm_imports *imports = api_imports(s);
    struct grower g = {0};
    nvm_value arg = nvm_i32(1), result;
    CHECK(nvm_imports_host(imports, "h", "grow", "", grow, &g, NULL) == NVM_OK);
    CHECK(nvm_instance_new(s, m, imports, &i, NULL, NULL) == NVM_OK);
    CHECK(nvm_imports_instance(imports, "a", i, NULL) == NVM_OK);
    CHECK(nvm_instance_new(s, sharing, imports, &j, NULL, NULL) == NVM_OK);
    g.table = nvm_instance_table(i, "t");
    CHECK(nvm_call(s, nvm_instance_func(i, "f"), &arg, 1, &result, 1, NULL, NULL) == NVM_OK && g.grown);
    CHECK_EQUAL(result.of.i32, 5 + 30 + 7 + 'm');
    CHECK(nvm_call(s, nvm_instance_func(j, "g"), NULL, 0, &result, 1, NULL, NULL) == NVM_OK);
    CHECK_EQUAL(result.of.i32, 5 + 30 + 7 + 'm' + 'm');
    CHECK_EQUAL(nvm_table_size(g.table), 100002);
    nvm_store_free(s);
    nvm_module_free(sharing);
    nvm_module_free(m);
}

/* The start function's host function grows the memory of the instance that is not there yet. */
static void test_growth_at_start(void)
{
    test_begin("memory moves inside a start function");
    nvm_module *m = api_load(
        "(module (import \"h\" \"grow\" (func $grow)) (memory (export \"m\") 1)"
        " (func $s (i32.store (i32.const 0) (i32.const 1)) (call $grow) (i32.store (i32.const 65536000) (i32.const 2)))"
        " (start $s))");
    nvm_store *s = api_store();
    nvm_instance *i = NULL;
    nvm_imports *imports = api_imports(s);
    struct grower g = {0};
    uint8_t byte = 0;
    CHECK(nvm_imports_host(imports, "h", "grow", "", grow, &g, NULL) == NVM_OK);
    CHECK(nvm_instance_new(s, m, imports, &i, NULL, NULL) == NVM_OK && g.grown);
    CHECK(nvm_memory_read(nvm_instance_memory(i, "m"), 65536000, &byte, 1) && byte == 2);
    nvm_store_free(s);
    nvm_module_free(m);
}

/* ---- a start that others look at ------------------------------------------------------------------------------------- */

struct peek {
    nvm_module *other;             /* imports everything of the instance that is starting */
    nvm_status status;
    int32_t result;
};

static nvm_status look(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    struct peek *p = user;
    nvm_store *s = nvm_host_store(call);
    nvm_instance *i;
    nvm_imports *imports = api_imports(s);
    nvm_value value;
    (void)args, (void)results;
    CHECK(nvm_imports_instance(imports, "a", nvm_host_caller(call), NULL) == NVM_OK);
    p->status = nvm_instance_new(s, p->other, imports, &i, NULL, NULL);
    if (p->status == NVM_OK && nvm_call(s, nvm_instance_func(i, "g"), NULL, 0, &value, 1, NULL, NULL) == NVM_OK)
        p->result = value.of.i32;
    return NVM_OK;
}

static void test_use_while_starting(bool fails)
{
    test_begin(fails ? "exports of an instance whose start fails later" : "exports of an instance that is starting");
    static const char *const text[] = {
        "(module (import \"h\" \"look\" (func $look)) (memory (export \"m\") 1) (global (export \"k\") i32 (i32.const 40))"
        " (func (export \"f\") (result i32) (i32.load (i32.const 0)))"
        " (func $s (i32.store (i32.const 0) (i32.const 2)) (call $look)) (start $s))",
        "(module (import \"h\" \"look\" (func $look)) (memory (export \"m\") 1) (global (export \"k\") i32 (i32.const 40))"
        " (func (export \"f\") (result i32) (i32.load (i32.const 0)))"
        " (func $s (i32.store (i32.const 0) (i32.const 2)) (call $look) unreachable) (start $s))"};
    nvm_module *m = api_load(text[fails]);
    struct peek p = {.other = api_load(
        "(module (import \"a\" \"f\" (func $f (result i32))) (import \"a\" \"k\" (global $k i32))"
        " (func (export \"g\") (result i32) (i32.add (call $f) (global.get $k))))")};
    nvm_store *s = api_store();
    nvm_imports *imports = api_imports(s);
    nvm_instance *i = NULL;
    nvm_trap trap;
    CHECK(nvm_imports_host(imports, "h", "look", "", look, &p, NULL) == NVM_OK);
    CHECK_EQUAL(nvm_instance_new(s, m, imports, &i, &trap, NULL), fails ? NVM_TRAP : NVM_OK);
    CHECK(p.status == NVM_OK && p.result == 42);
    if (fails) CHECK(trap.code == NVM_TRAP_UNREACHABLE && trap.frame[0].module == m && i == NULL);
    nvm_store_free(s);
    nvm_module_free(m);
    nvm_module_free(p.other);
}

/* ---- stores that end inside a call ----------------------------------------------------------------------------------- */

static nvm_status free_it(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    nvm_store *s = nvm_host_store(call);
    int *calls = user;
    nvm_error error;
    nvm_store *other = NULL;
    (void)args, (void)results;
    ++*calls;
    nvm_store_free(s);
    nvm_store_free(s);
    nvm_func *f = nvm_instance_func(nvm_host_caller(call), "f");
    if (f) CHECK_EQUAL(nvm_call(s, f, NULL, 0, NULL, 0, NULL, &error), NVM_USAGE);
    CHECK(nvm_store_new(NULL, &other, NULL) == NVM_OK);
    nvm_store_free(other);
    return NVM_OK;
}

static void test_free_inside(void)
{
    test_begin("a store that is freed inside a host function");
    static const char *const texts[] = {
        "(module (import \"h\" \"free\" (func $x)) (memory 1) (func (export \"f\") (loop (call $x) (br 0))))",
        "(module (import \"h\" \"free\" (func $x)) (memory 1) (func $s (loop (call $x) (br 0))) (start $s))",
        "(module (import \"h\" \"free\" (func $x)) (memory 1) (start $x))"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        nvm_module *m = api_load(texts[k]);
        nvm_store *s = api_store();
        nvm_imports *imports = api_imports(s);
        nvm_instance *i = NULL;
        nvm_trap trap;
        int calls = 0;
        CHECK(nvm_imports_host(imports, "h", "free", "", free_it, &calls, NULL) == NVM_OK);
        nvm_status status = nvm_instance_new(s, m, imports, &i, &trap, NULL);
        if (k == 0) {
            CHECK(status == NVM_OK);
            status = nvm_call(s, nvm_instance_func(i, "f"), NULL, 0, NULL, 0, &trap, NULL);
        }
        CHECK(status == NVM_TRAP && trap.code == NVM_TRAP_HOST && calls == 1);
        CHECK_TEXT(trap.message, "a host function freed the store");
        if (k < 2) CHECK(trap.frame[0].module == m);
        nvm_module_free(m);
    }
}

/* Two levels down. */
static nvm_status nest(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    (void)user, (void)args, (void)results;
    nvm_func *f = nvm_instance_func(nvm_host_caller(call), "f");
    CHECK_EQUAL(nvm_call(nvm_host_store(call), f, NULL, 0, NULL, 0, NULL, NULL), NVM_TRAP);
    CHECK(nvm_memory_size(nvm_host_memory(call)) == 65536); /* it is still there */
    return NVM_OK;
}

static void test_free_nested(void)
{
    test_begin("a store that is freed inside a call inside a call");
    nvm_module *m = api_load(
        "(module (import \"h\" \"free\" (func $x)) (import \"h\" \"nest\" (func $n)) (memory 1)"
        " (func (export \"f\") (loop (call $x) (br 0))) (func (export \"g\") (loop (call $n) (br 0))))");
    nvm_store *s = api_store();
    nvm_imports *imports = api_imports(s);
    nvm_instance *i = NULL;
    nvm_trap trap;
    int calls = 0;
    CHECK(nvm_imports_host(imports, "h", "free", "", free_it, &calls, NULL) == NVM_OK);
    CHECK(nvm_imports_host(imports, "h", "nest", "", nest, NULL, NULL) == NVM_OK);
    CHECK(nvm_instance_new(s, m, imports, &i, NULL, NULL) == NVM_OK);
    CHECK_EQUAL(nvm_call(s, nvm_instance_func(i, "g"), NULL, 0, NULL, 0, &trap, NULL), NVM_TRAP);
    CHECK(trap.code == NVM_TRAP_HOST && calls == 1);
    nvm_module_free(m);
}

/* ---- linking what has no name of its own ------------------------------------------------------------------------------ */

static nvm_status forty(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    (void)call, (void)user, (void)args;
    results[0].of.i32 = 40;
    return NVM_OK;
}

static nvm_status two(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    (void)call, (void)user;
    results[0].of.i64 = args[0].of.i64 * 2;
    return NVM_OK;
}

/* One name with three types, and a name with NUL in it. */
static void test_linking_by_position(void)
{
    test_begin("linking by position");
    nvm_module *m = api_load(
        "(module (import \"h\" \"x\" (func $a (result i32))) (import \"h\" \"x\" (func $b (param i64) (result i64)))"
        " (import \"h\" \"x\" (memory 1)) (import \"h\\00h\" \"\\00\" (global $g i32)) (import \"\" \"\" (table 1 funcref))"
        " (func (export \"f\\00g\") (result i32)"
        "  (i32.add (i32.add (call $a) (i32.wrap_i64 (call $b (i64.const 1)))) (global.get $g))))");
    nvm_store *s = api_store();
    nvm_instance *i = NULL;
    nvm_value value = nvm_i32(100), result;
    nvm_extern x[5] = {{.kind = NVM_FUNC}, {.kind = NVM_FUNC}, {.kind = NVM_MEMORY}, {.kind = NVM_GLOBAL}, {.kind = NVM_TABLE}};
    nvm_extern f = {.kind = NVM_TABLE};
    nvm_error error;
    CHECK(nvm_func_new(s, "-> i32", forty, NULL, &x[0].of.func, NULL) == NVM_OK);
    CHECK(nvm_func_new(s, "i64 -> i64", two, NULL, &x[1].of.func, NULL) == NVM_OK);
    CHECK(nvm_memory_new(s, 1, 1, &x[2].of.memory, NULL) == NVM_OK);
    CHECK(nvm_global_new(s, &value, false, &x[3].of.global, NULL) == NVM_OK);
    CHECK(nvm_table_new(s, NVM_FUNCREF, 1, 1, &x[4].of.table, NULL) == NVM_OK);
    CHECK_EQUAL(nvm_instance_new_externs(s, m, x, 4, &i, NULL, &error), NVM_USAGE);
    CHECK(nvm_instance_new_externs(s, m, x, 5, &i, NULL, NULL) == NVM_OK);
    CHECK(!nvm_instance_export(i, 1, &f) && f.kind == NVM_TABLE);
    CHECK(nvm_instance_export(i, 0, &f) && f.kind == NVM_FUNC);
    CHECK(nvm_call(s, f.of.func, NULL, 0, &result, 1, NULL, NULL) == NVM_OK && result.of.i32 == 142);
    nvm_extern swapped[5] = {x[1], x[0], x[2], x[3], x[4]};
    CHECK_EQUAL(nvm_instance_new_externs(s, m, swapped, 5, &i, NULL, &error), NVM_UNLINKABLE);
    swapped[0] = (nvm_extern){.kind = NVM_FUNC};
    CHECK_EQUAL(nvm_instance_new_externs(s, m, swapped, 5, &i, NULL, &error), NVM_USAGE);
    nvm_store_free(s);
    nvm_module_free(m);
}

/* ---- modules that do not agree ----------------------------------------------------------------------------------------- */

static void test_agreement(void)
{
    test_begin("modules of a store must agree in metering");
    nvm_schedule fuel;
    nvm_config *metered = api_config(), *interruptible = api_config();
    nvm_schedule_fuel(&fuel);
    nvm_config_set_schedule(metered, &fuel);
    nvm_config_set_interruptible(interruptible, true);
    nvm_module *m[3] = {api_load("(module (func))"), api_load_with(interruptible, "(module (func))"),
                        api_load_with(metered, "(module (import \"h\" \"none\" (func)))")};
    nvm_store *s = api_store();
    nvm_instance *i = NULL;
    nvm_error error;
    /* what could not be linked decides nothing */
    CHECK_EQUAL(nvm_instance_new(s, m[2], NULL, &i, NULL, &error), NVM_UNLINKABLE);
    CHECK(nvm_instance_new(s, m[0], NULL, &i, NULL, NULL) == NVM_OK);
    CHECK_EQUAL(nvm_instance_new(s, m[1], NULL, &i, NULL, &error), NVM_USAGE);
    CHECK(strstr(error.message, "agree") != NULL && i == NULL);
    nvm_store_free(s);
    for (int k = 0; k < 3; k++) nvm_module_free(m[k]);
}

static void all(void)
{
    test_frame_of_failed();
    test_frame_of_starting();
    test_caller(true);
    test_caller(false);
    test_depth_of_calls();
    test_depth_of_starts(false);
    test_depth_of_starts(true);
    test_growth();
    test_growth_at_start();
    test_use_while_starting(false);
    test_use_while_starting(true);
    test_free_inside();
    test_free_nested();
    test_linking_by_position();
    test_agreement();
}

int main(void)
{
    api_each_dispatcher(all);
    return test_end();
}
