/* Valid modules, made from the input by the generator: every way to run one must agree with the reference interpreter,
 * in results, traps, memory, globals and fuel; with too little fuel the dispatchers must agree with each other. */
#include "fuzz/generate.h"
#include "fuzz/record.h"

#include <stdio.h>
#include <stdlib.h>

static const struct run_config configs[] = {
    {"portable, eager", DISPATCH_PORTABLE, false, false, false, UINT64_MAX, false, NULL},
    {"portable, fuel, lazy", DISPATCH_PORTABLE, true, true, false, UINT64_MAX / 2, false, NULL},
    {"tail, eager", DISPATCH_TAIL, false, false, false, UINT64_MAX, false, NULL},
    {"tail, fuel, eager", DISPATCH_TAIL, true, false, false, UINT64_MAX / 2, false, NULL},
    {"tail, lazy, interruptible", DISPATCH_TAIL, false, true, true, UINT64_MAX, false, NULL},
    {"portable, fuel, interruptible", DISPATCH_PORTABLE, true, false, true, UINT64_MAX / 2, false, NULL},
};
enum { CONFIGS = sizeof configs / sizeof configs[0] };

/* Leaves the module in the file that NVM_FUZZ_DUMP names, and ends. */
static _Noreturn void fail(struct buffer module)
{
    const char *path = getenv("NVM_FUZZ_DUMP");
    FILE *f = path ? fopen(path, "wb") : NULL;
    if (f) {
        fwrite(module.data, 1, module.size, f);
        fclose(f);
        fprintf(stderr, "the module is in %s\n", path);
    } else {
        fprintf(stderr, "NVM_FUZZ_DUMP=file.wasm keeps the module\n");
    }
    abort();
}

static bool reference(struct buffer module, struct record *out)
{
    struct vm_config config;
    struct module *m = NULL;
    struct error e;
    vm_config_default(&config);
    config.lazy = true;
    if (module_load(&config, module.data, module.size, &m, &e) != STATUS_OK) {
        fprintf(stderr, "the generated module is refused: %s at 0x%llx\n", e.message, (unsigned long long)e.offset);
        return false;
    }
    bool ok = record_reference(m, out);
    module_free(m);
    return ok;
}

/* With less fuel than a run takes, it must not end well; with as much, it must go as before. */
static bool limited(struct buffer module, const struct record *expected, struct record *a, struct record *b)
{
    if (expected->calls == 0) return true;
    uint64_t total = expected->call[expected->calls - 1].fuel;
    uint64_t hash = 0;
    for (size_t i = 0; i < module.size; i++) hash = hash * 31 + module.data[i];
    struct run_config c = {.name = "portable, little fuel", .dispatcher = DISPATCH_PORTABLE, .metered = true,
                           .fuel = hash % (total + 1)};
    record_run(module.data, module.size, &c, a);
    for (uint32_t i = 0; i < a->calls; i++) {
        if (a->call[i].fuel <= c.fuel) continue;
        fprintf(stderr, "more fuel used than there was\n");
        return false;
    }
    c.dispatcher = DISPATCH_TAIL;
    c.name = "tail, little fuel";
    if (!dispatcher_available(DISPATCH_TAIL)) return true;
    record_run(module.data, module.size, &c, b);
    return record_same(a, b, c.name, SAME_FUEL | SAME_PLACE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct generate_options options = {0};
    struct buffer module = {0};
    struct record *r = calloc(3, sizeof *r); /* expected, a run, the first run */
    generate_module(data, size, &options, &module);
    if (r && module.size && !module.failed) {
        if (!reference(module, &r[0])) fail(module);
        for (int i = 0; i < CONFIGS; i++) {
            const struct run_config *c = &configs[i];
            if (!dispatcher_available(c->dispatcher)) continue;
            struct record *got = i == 0 ? &r[2] : &r[1];
            record_run(module.data, module.size, c, got);
            if (!record_same(&r[0], got, c->name, c->metered ? SAME_FUEL : 0)) fail(module);
            if (i && !record_same(&r[2], got, c->name, SAME_PLACE)) fail(module);
        }
        if (!limited(module, &r[0], &r[1], &r[2])) fail(module);
    }
    free(r);
    buffer_free(&module);
    return 0;
}
