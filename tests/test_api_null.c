/* Every function of include/nvm.h is given null pointers and objects of another store, and answers as the header says. The
 * table below names them all: the header is read to see that none is missing. Run in the project's folder. */
#include "include/nvm.h"
#include "tests/test.h"

#include <stdlib.h>

/* One store's objects. */
struct objects {
    nvm_store *store;
    nvm_imports *imports;
    nvm_memory *memory;
    nvm_table *table;
    nvm_global *global, *funcref;
    nvm_func *func, *taker;        /* the second takes and returns a funcref */
    nvm_instance *instance;
};

static nvm_module *module;         /* exports f, m, t, g */
static struct objects own, other;
static nvm_error error;
static nvm_trap trap;
static nvm_value one, stranger, result; /* stranger: a function of the other store */
static char space[16];

static bool refused(nvm_status status)
{
    return status == NVM_USAGE && error.status == NVM_USAGE && error.message[0] != '\0' && error.offset == NVM_NO_OFFSET;
}

static nvm_status nothing(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    (void)call, (void)user, (void)args, (void)results;
    return NVM_OK;
}

static nvm_status gives_stranger(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    (void)call, (void)user, (void)args;
    results[0] = stranger;
    return NVM_OK;
}

static void open_objects(struct objects *o)
{
    nvm_value null = nvm_funcref(NULL);
    CHECK(nvm_store_new(NULL, &o->store, NULL) == NVM_OK && nvm_imports_new(o->store, &o->imports, NULL) == NVM_OK);
    CHECK(nvm_memory_new(o->store, 1, 2, &o->memory, NULL) == NVM_OK);
    CHECK(nvm_table_new(o->store, NVM_FUNCREF, 1, 9, &o->table, NULL) == NVM_OK);
    CHECK(nvm_global_new(o->store, &one, true, &o->global, NULL) == NVM_OK);
    CHECK(nvm_global_new(o->store, &null, true, &o->funcref, NULL) == NVM_OK);
    CHECK(nvm_func_new(o->store, "", nothing, NULL, &o->func, NULL) == NVM_OK);
    CHECK(nvm_func_new(o->store, "funcref -> funcref", gives_stranger, NULL, &o->taker, NULL) == NVM_OK);
    CHECK(nvm_instance_new(o->store, module, NULL, &o->instance, NULL, NULL) == NVM_OK);
}

/* ---- what each function must answer ------------------------------------------------------------------------------ */

#define TRY(name) static void try_##name(void)
#define REFUSED(call) (memset(&error, 0, sizeof error), CHECK(refused(call)))

TRY(nvm_version) { CHECK_TEXT(nvm_version(), NVM_VERSION); }
TRY(nvm_status_name) { CHECK_TEXT(nvm_status_name((nvm_status)99), "unknown"); }
TRY(nvm_type_name) { CHECK_TEXT(nvm_type_name(0), "?"); }
TRY(nvm_trap_text)
{
    strcpy(space, "before");
    CHECK(nvm_trap_text(NULL, space, sizeof space) == 0 && space[0] == '\0' && nvm_trap_text(NULL, NULL, 0) == 0);
    CHECK(nvm_trap_text(&trap, NULL, 10) == strlen("trap: "));
}
TRY(nvm_config_new) { nvm_config_free(nvm_config_new()); }
TRY(nvm_config_free) { nvm_config_free(NULL); }
TRY(nvm_config_set_features) { nvm_config_set_features(NULL, 0); }
TRY(nvm_config_set_lazy) { nvm_config_set_lazy(NULL, true); }
TRY(nvm_config_set_interruptible) { nvm_config_set_interruptible(NULL, true); }
TRY(nvm_config_set_stop) { nvm_config_set_stop(NULL, NULL, NULL); }
TRY(nvm_schedule_fuel) { nvm_schedule_fuel(NULL); }
TRY(nvm_config_set_schedule)
{
    nvm_schedule fuel;
    nvm_schedule_fuel(&fuel);
    nvm_config_set_schedule(NULL, &fuel);
    nvm_config_set_schedule(NULL, NULL);
}
TRY(nvm_module_new)
{
    nvm_module *m = module;
    REFUSED(nvm_module_new(NULL, NULL, 1, &m, &error));
    CHECK(m == NULL);
    REFUSED(nvm_module_new(NULL, "", 0, NULL, &error));
    CHECK(nvm_module_new(NULL, NULL, 0, &m, NULL) == NVM_MALFORMED && m == NULL);
}
TRY(nvm_module_new_text)
{
    nvm_module *m = module;
    REFUSED(nvm_module_new_text(NULL, NULL, 1, &m, &error));
    CHECK(m == NULL);
    REFUSED(nvm_module_new_text(NULL, "(module)", 8, NULL, &error));
    CHECK(nvm_module_new_text(NULL, NULL, 0, &m, NULL) == NVM_OK);
    nvm_module_free(m);
}
TRY(nvm_module_free) { nvm_module_free(NULL); }
TRY(nvm_module_imports) { CHECK(nvm_module_imports(NULL) == 0); }
TRY(nvm_module_import)
{
    nvm_import import;
    CHECK(!nvm_module_import(NULL, 0, &import) && !nvm_module_import(module, 0, NULL));
}
TRY(nvm_module_exports) { CHECK(nvm_module_exports(NULL) == 0); }
TRY(nvm_module_export)
{
    nvm_export export;
    CHECK(!nvm_module_export(NULL, 0, &export) && !nvm_module_export(module, 0, NULL));
}
TRY(nvm_module_custom_section)
{
    const void *data;
    size_t size;
    CHECK(!nvm_module_custom_section(NULL, "x", 0, &data, &size) && !nvm_module_custom_section(module, NULL, 0, &data, &size));
    CHECK(!nvm_module_custom_section(module, "x", 0, NULL, &size) && !nvm_module_custom_section(module, "x", 0, &data, NULL));
}
TRY(nvm_limits_default) { nvm_limits_default(NULL); }
TRY(nvm_store_new) { REFUSED(nvm_store_new(NULL, NULL, &error)); }
TRY(nvm_store_free) { nvm_store_free(NULL); }
TRY(nvm_store_set_fuel) { nvm_store_set_fuel(NULL, 1); }
TRY(nvm_store_fuel) { CHECK(nvm_store_fuel(NULL) == 0); }
TRY(nvm_store_interrupt) { nvm_store_interrupt(NULL); }
TRY(nvm_memory_new)
{
    nvm_memory *m = own.memory;
    REFUSED(nvm_memory_new(NULL, 1, 1, &m, &error));
    CHECK(m == NULL);
    REFUSED(nvm_memory_new(own.store, 1, 1, NULL, &error));
}
TRY(nvm_memory_size) { CHECK(nvm_memory_size(NULL) == 0); }
TRY(nvm_memory_read)
{
    CHECK(!nvm_memory_read(NULL, 0, space, 1) && !nvm_memory_read(NULL, 0, NULL, 0));
    CHECK(!nvm_memory_read(own.memory, 0, NULL, 1) && nvm_memory_read(own.memory, 0, NULL, 0));
}
TRY(nvm_memory_write)
{
    CHECK(!nvm_memory_write(NULL, 0, space, 1) && !nvm_memory_write(NULL, 0, NULL, 0));
    CHECK(!nvm_memory_write(own.memory, 0, NULL, 1) && nvm_memory_write(own.memory, 0, NULL, 0));
}
TRY(nvm_memory_data) { CHECK(nvm_memory_data(NULL) == NULL); }
TRY(nvm_memory_grow) { CHECK(!nvm_memory_grow(NULL, 0)); }
TRY(nvm_table_new)
{
    nvm_table *t = own.table;
    REFUSED(nvm_table_new(NULL, NVM_FUNCREF, 1, 1, &t, &error));
    CHECK(t == NULL);
    REFUSED(nvm_table_new(own.store, NVM_FUNCREF, 1, 1, NULL, &error));
}
TRY(nvm_table_size) { CHECK(nvm_table_size(NULL) == 0); }
TRY(nvm_table_get) { CHECK(!nvm_table_get(NULL, 0, &result) && !nvm_table_get(own.table, 0, NULL)); }
TRY(nvm_table_set)
{
    nvm_value mine = nvm_funcref(own.func);
    CHECK(!nvm_table_set(NULL, 0, &mine) && !nvm_table_set(own.table, 0, NULL) && !nvm_table_set(own.table, 0, &stranger));
    CHECK(nvm_table_get(own.table, 0, &result) && result.of.funcref == NULL && nvm_table_set(own.table, 0, &mine));
}
TRY(nvm_table_grow)
{
    CHECK(!nvm_table_grow(NULL, 1, &stranger) && !nvm_table_grow(own.table, 1, NULL));
    CHECK(!nvm_table_grow(own.table, 1, &stranger) && nvm_table_size(own.table) == 1);
}
TRY(nvm_global_new)
{
    nvm_global *g = own.global;
    REFUSED(nvm_global_new(NULL, &one, false, &g, &error));
    CHECK(g == NULL);
    REFUSED(nvm_global_new(own.store, NULL, false, &g, &error));
    REFUSED(nvm_global_new(own.store, &one, false, NULL, &error));
    REFUSED(nvm_global_new(own.store, &stranger, false, &g, &error));
}
TRY(nvm_global_get) { CHECK(nvm_global_get(NULL).type == 0); }
TRY(nvm_global_set)
{
    nvm_value null = nvm_funcref(NULL);
    CHECK(!nvm_global_set(NULL, &one) && !nvm_global_set(own.global, NULL));
    CHECK(!nvm_global_set(own.funcref, &stranger) && nvm_global_get(own.funcref).of.funcref == NULL);
    CHECK(nvm_global_set(own.funcref, &null) && nvm_global_set(other.funcref, &stranger));
}
TRY(nvm_host_store) { CHECK(nvm_host_store(NULL) == NULL); }
TRY(nvm_host_caller) { CHECK(nvm_host_caller(NULL) == NULL); }
TRY(nvm_host_memory) { CHECK(nvm_host_memory(NULL) == NULL); }
TRY(nvm_host_interrupted) { CHECK(!nvm_host_interrupted(NULL)); }
TRY(nvm_host_fail) { CHECK(nvm_host_fail(NULL, "no %s", "call") == NVM_TRAP); }
TRY(nvm_func_new)
{
    nvm_func *f = own.func;
    REFUSED(nvm_func_new(NULL, "", nothing, NULL, &f, &error));
    CHECK(f == NULL);
    REFUSED(nvm_func_new(own.store, NULL, nothing, NULL, &f, &error));
    REFUSED(nvm_func_new(own.store, "", NULL, NULL, &f, &error));
    REFUSED(nvm_func_new(own.store, "", nothing, NULL, NULL, &error));
}
TRY(nvm_func_type) { CHECK(nvm_func_type(NULL).params == 0 && nvm_func_type(NULL).types == NULL); }
TRY(nvm_imports_new)
{
    nvm_imports *i = own.imports;
    REFUSED(nvm_imports_new(NULL, &i, &error));
    CHECK(i == NULL);
    REFUSED(nvm_imports_new(own.store, NULL, &error));
}
TRY(nvm_imports_host)
{
    REFUSED(nvm_imports_host(NULL, "m", "n", "", nothing, NULL, &error));
    REFUSED(nvm_imports_host(own.imports, NULL, "n", "", nothing, NULL, &error));
    REFUSED(nvm_imports_host(own.imports, "m", NULL, "", nothing, NULL, &error));
    REFUSED(nvm_imports_host(own.imports, "m", "n", NULL, nothing, NULL, &error));
    REFUSED(nvm_imports_host(own.imports, "m", "n", "", NULL, NULL, &error));
}
#define TRY_IMPORT(what)                                                       \
    TRY(nvm_imports_##what)                                                    \
    {                                                                          \
        REFUSED(nvm_imports_##what(NULL, "m", "n", own.what, &error));         \
        REFUSED(nvm_imports_##what(own.imports, NULL, "n", own.what, &error)); \
        REFUSED(nvm_imports_##what(own.imports, "m", NULL, own.what, &error)); \
        REFUSED(nvm_imports_##what(own.imports, "m", "n", NULL, &error));      \
        REFUSED(nvm_imports_##what(own.imports, "m", "n", other.what, &error)); \
        CHECK(strstr(error.message, "another store") != NULL);                 \
        CHECK(nvm_imports_##what(own.imports, "m", "n", own.what, NULL) == NVM_OK); \
    }
TRY_IMPORT(func)
TRY_IMPORT(memory)
TRY_IMPORT(table)
TRY_IMPORT(global)
TRY(nvm_imports_instance)
{
    REFUSED(nvm_imports_instance(NULL, "m", own.instance, &error));
    REFUSED(nvm_imports_instance(own.imports, NULL, own.instance, &error));
    REFUSED(nvm_imports_instance(own.imports, "m", NULL, &error));
    REFUSED(nvm_imports_instance(own.imports, "m", other.instance, &error));
}
TRY(nvm_instance_new)
{
    nvm_instance *i = own.instance;
    REFUSED(nvm_instance_new(NULL, module, NULL, &i, &trap, &error));
    CHECK(i == NULL);
    REFUSED(nvm_instance_new(own.store, NULL, NULL, &i, &trap, &error));
    REFUSED(nvm_instance_new(own.store, module, NULL, NULL, &trap, &error));
    REFUSED(nvm_instance_new(own.store, module, other.imports, &i, &trap, &error));
}
TRY(nvm_instance_new_externs)
{
    nvm_instance *i = own.instance;
    nvm_module *importing = NULL;
    static const char text[] = "(module (import \"\" \"\" (func)))";
    nvm_extern x = {.kind = NVM_FUNC, .of.func = NULL};
    CHECK(nvm_module_new_text(NULL, text, strlen(text), &importing, NULL) == NVM_OK);
    REFUSED(nvm_instance_new_externs(NULL, module, NULL, 0, &i, &trap, &error));
    CHECK(i == NULL);
    REFUSED(nvm_instance_new_externs(own.store, NULL, NULL, 0, &i, &trap, &error));
    REFUSED(nvm_instance_new_externs(own.store, module, NULL, 0, NULL, &trap, &error));
    REFUSED(nvm_instance_new_externs(own.store, importing, NULL, 1, &i, &trap, &error));
    REFUSED(nvm_instance_new_externs(own.store, importing, &x, 1, &i, &trap, &error));
    x.of.func = other.func;
    REFUSED(nvm_instance_new_externs(own.store, importing, &x, 1, &i, &trap, &error));
    x = (nvm_extern){.kind = (nvm_kind)9, .of.func = own.func};
    REFUSED(nvm_instance_new_externs(own.store, importing, &x, 1, &i, &trap, &error));
    nvm_module_free(importing);
}
TRY(nvm_instance_module) { CHECK(nvm_instance_module(NULL) == NULL); }
#define TRY_EXPORT(what, name)                                                                       \
    TRY(nvm_instance_##what)                                                                         \
    {                                                                                                \
        CHECK(nvm_instance_##what(NULL, name) == NULL && nvm_instance_##what(own.instance, NULL) == NULL); \
        CHECK(nvm_instance_##what(own.instance, name) != NULL);                                      \
    }
TRY_EXPORT(func, "f")
TRY_EXPORT(memory, "m")
TRY_EXPORT(table, "t")
TRY_EXPORT(global, "g")
TRY(nvm_instance_export)
{
    nvm_extern x;
    CHECK(!nvm_instance_export(NULL, 0, &x) && !nvm_instance_export(own.instance, 0, NULL));
}
TRY(nvm_call)
{
    REFUSED(nvm_call(NULL, own.func, NULL, 0, NULL, 0, &trap, &error));
    REFUSED(nvm_call(own.store, NULL, NULL, 0, NULL, 0, &trap, &error));
    REFUSED(nvm_call(own.store, other.func, NULL, 0, NULL, 0, &trap, &error));
    REFUSED(nvm_call(own.store, nvm_instance_func(other.instance, "f"), NULL, 0, NULL, 0, &trap, &error));
    REFUSED(nvm_call(own.store, own.taker, NULL, 1, &result, 1, &trap, &error));
    nvm_value mine = nvm_funcref(own.func);
    REFUSED(nvm_call(own.store, own.taker, &mine, 1, NULL, 1, &trap, &error));
    REFUSED(nvm_call(own.store, own.taker, &stranger, 1, &result, 1, &trap, &error));
    /* and what a host function of this store gives back */
    CHECK(nvm_call(own.store, own.taker, &mine, 1, &result, 1, &trap, &error) == NVM_TRAP);
    CHECK(trap.code == NVM_TRAP_HOST && strstr(trap.message, "another store") != NULL);
    CHECK(nvm_call(other.store, other.taker, &stranger, 1, &result, 1, NULL, NULL) == NVM_OK);
}

/* ---- the table ----------------------------------------------------------------------------------------------------- */

#define EACH_FUNCTION(X)                                                                                           \
    X(nvm_version) X(nvm_status_name) X(nvm_trap_text) X(nvm_type_name) X(nvm_config_new) X(nvm_config_free)        \
    X(nvm_config_set_features) X(nvm_config_set_lazy) X(nvm_config_set_interruptible) X(nvm_schedule_fuel)          \
    X(nvm_config_set_stop) X(nvm_host_interrupted)                                                                  \
    X(nvm_config_set_schedule) X(nvm_module_new) X(nvm_module_new_text) X(nvm_module_free) X(nvm_module_imports)    \
    X(nvm_module_import) X(nvm_module_exports) X(nvm_module_export) X(nvm_module_custom_section)                    \
    X(nvm_limits_default) X(nvm_store_new) X(nvm_store_free) X(nvm_store_set_fuel) X(nvm_store_fuel)                \
    X(nvm_store_interrupt) X(nvm_memory_new) X(nvm_memory_size) X(nvm_memory_read) X(nvm_memory_write)              \
    X(nvm_memory_data) X(nvm_memory_grow) X(nvm_table_new) X(nvm_table_size) X(nvm_table_get) X(nvm_table_set)      \
    X(nvm_table_grow) X(nvm_global_new) X(nvm_global_get) X(nvm_global_set) X(nvm_host_store) X(nvm_host_caller)    \
    X(nvm_host_memory) X(nvm_host_fail) X(nvm_func_new) X(nvm_func_type) X(nvm_imports_new) X(nvm_imports_host)     \
    X(nvm_imports_func) X(nvm_imports_memory) X(nvm_imports_table) X(nvm_imports_global) X(nvm_imports_instance)    \
    X(nvm_instance_new) X(nvm_instance_new_externs) X(nvm_instance_module) X(nvm_instance_func)                     \
    X(nvm_instance_memory) X(nvm_instance_table) X(nvm_instance_global) X(nvm_instance_export) X(nvm_call)

static const struct {
    const char *name;
    void (*run)(void);
} functions[] = {
#define ROW(name) {#name, try_##name},
    EACH_FUNCTION(ROW)
#undef ROW
};

/* Whether the header's function of that name is in the table. */
static bool is_tried(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strlen(functions[i].name) == size && memcmp(functions[i].name, name, size) == 0) return true;
    printf("not tried: %.*s\n", (int)size, name);
    return false;
}

/* NVM_API type nvm_name( */
static void test_complete(void)
{
    test_begin("the table has every function of the header");
    char line[512];
    size_t count = 0;
    FILE *f = fopen("include/nvm.h", "r");
    if (!CHECK(f != NULL)) return;
    while (fgets(line, sizeof line, f)) {
        if (strncmp(line, "NVM_API ", 8) != 0) continue;
        const char *name = strstr(line, "nvm_"), *end = strchr(line, '(');
        for (const char *next = name; next && end && next < end; next = strstr(next + 1, "nvm_")) name = next;
        if (CHECK(name != NULL && end != NULL && name < end)) CHECK(is_tried(name, (size_t)(end - name)));
        count++;
    }
    fclose(f);
    CHECK_EQUAL(count, sizeof functions / sizeof functions[0]);
}

int main(void)
{
    static const char text[] = "(module (func (export \"f\")) (memory (export \"m\") 1) (table (export \"t\") 1 funcref)"
                               " (global (export \"g\") i32 (i32.const 1)))";
    one = nvm_i32(1);
    CHECK(nvm_module_new_text(NULL, text, strlen(text), &module, NULL) == NVM_OK);
    open_objects(&own);
    open_objects(&other);
    stranger = nvm_funcref(other.func);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        test_begin(functions[i].name);
        functions[i].run();
    }
    test_complete();
    nvm_store_free(own.store);
    nvm_store_free(other.store);
    nvm_module_free(module);
    return test_end();
}
