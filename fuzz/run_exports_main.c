/* Runs every exported function without parameters, in order, in one instance, and prints results as wabt's
 * `wasm-interp --run-all-exports` does, for fuzz/compare.sh:
 *
 *     run-exports MODULE [tail|portable]
 */
#include "cli/cli.h"
#include "vm/vm.h"

#include <inttypes.h>
#include <math.h>

static void print_value(uint8_t type, slot v)
{
    uint32_t low = (uint32_t)v;
    float f32;
    double f64;
    memcpy(&f32, &low, sizeof f32);
    memcpy(&f64, &v, sizeof f64);
    switch (type) {
    case TYPE_I32: printf("i32:%" PRIu32, low); break;
    case TYPE_I64: printf("i64:%" PRIu64, v); break;
    case TYPE_F32: isnan(f32) ? printf("f32:nan") : printf("f32:%f", (double)f32); break;
    case TYPE_F64: isnan(f64) ? printf("f64:nan") : printf("f64:%f", f64); break;
    default: printf("ref"); break;
    }
}

static void run(struct store *store, struct instance *instance, const struct export_info *e)
{
    struct external x;
    struct trap_info trap;
    slot values[1000] = {0};
    if (!instance_export(instance, e->name, &x)) return;
    printf("%.*s() =>", (int)e->name.size, (const char *)e->name.data);
    if (func_call(store, x.func, values, &trap) != TRAP_NONE) printf(" error: %s", trap.message);
    else
        for (uint32_t i = 0; i < e->type.func.results; i++) {
            printf(i ? ", " : " ");
            print_value(e->type.func.types[i], values[i]);
        }
    printf("\n");
}

int main(int argc, char **argv)
{
    struct buffer file = {0};
    struct error e = {.message = "usage: run-exports MODULE [tail|portable]"};
    struct vm_config config;
    struct store_config limits;
    struct module *m = NULL;
    struct store *store = NULL;
    struct instance *instance = NULL;
    struct trap_info trap;
    vm_config_default(&config);
    store_config_default(&limits);
    if (argc > 2) config.dispatcher = strcmp(argv[2], "portable") == 0 ? DISPATCH_PORTABLE : DISPATCH_TAIL;
    bool ok = argc > 1 && file_read(argv[1], FILE_LIMIT, &file, &e) == STATUS_OK &&
              module_load(&config, file.data, file.size, &m, &e) == STATUS_OK &&
              store_new(&limits, &store, &e) == STATUS_OK &&
              instance_new(store, m, NULL, 0, &instance, &trap, &e) == STATUS_OK;
    if (!ok) fprintf(stderr, "run-exports: %s\n", e.message);
    for (size_t i = 0; ok && i < module_export_count(m); i++) {
        struct export_info export = module_export(m, i);
        if (export.type.kind == EXTERN_FUNC && export.type.func.params == 0) run(store, instance, &export);
    }
    store_free(store);
    module_free(m);
    buffer_free(&file);
    return ok ? 0 : 1;
}
