/* The input's first half makes a module, and its second half alters the state of a run of it that was suspended: states
 * are refused, or can be run. Unaltered, the run must end as it does in one piece. */
#include "fuzz/generate.h"
#include "fuzz/record.h"
#include "vm/suspend.h"

#include <stdio.h>
#include <stdlib.h>

struct alteration {
    struct bytes input;
    uint32_t states;
};

/* Changes as the input says: places are near the end, where the frames are, or anywhere. */
static void alter(struct bytes input, struct buffer *state)
{
    for (size_t i = 0; i + 4 <= input.size && i < 64 && state->size; i += 4) {
        const uint8_t *p = input.data + i;
        size_t place = (size_t)p[0] | (size_t)p[1] << 8;
        if (p[2] & 1) place = state->size - 1 - place % state->size;
        if ((p[2] & 6) == 2) state->data[place % state->size] = p[3];
        else if ((p[2] & 6) == 4) state->data[place % state->size] = (uint8_t)(state->data[place % state->size] + 1);
        else if ((p[2] & 0xfe) == 0xfe) state->size -= p[3] < state->size ? p[3] : state->size;
        else state->data[place % state->size] ^= (uint8_t)(1 << p[3] % 8);
    }
}

static enum trap host(struct host_call *call, slot *values)
{
    (void)call;
    (void)values;
    return TRAP_HOST;
}

static void try_state(struct module *m, struct bytes state)
{
    enum { IMPORTS = 64 };
    struct external imports[IMPORTS];
    struct store_config limits;
    struct store *s = NULL;
    struct instance *i;
    struct error e;
    static slot values[2000];
    store_config_default(&limits);
    limits.stack_slots = 1 << 18;
    limits.memory_pages = 64;
    limits.table_elements = 100;
    limits.gas = 0;
    if (module_import_count(m) > IMPORTS || store_new(&limits, &s, &e) != STATUS_OK) return;
    bool ok = true;
    for (uint32_t k = 0; ok && k < module_import_count(m); k++) {
        struct import_info x = module_import(m, k);
        imports[k].kind = x.type.kind;
        switch (x.type.kind) {
        case EXTERN_FUNC: ok = func_new_host(s, &x.type.func, host, NULL, &imports[k].func, &e) == STATUS_OK; break;
        case EXTERN_TABLE: ok = table_new(s, x.type.type, x.type.range, 0, &imports[k].table, &e) == STATUS_OK; break;
        case EXTERN_MEMORY: ok = memory_new(s, x.type.range, &imports[k].memory, &e) == STATUS_OK; break;
        case EXTERN_GLOBAL:
            ok = global_new(s, x.type.type, x.type.is_mutable, 0, &imports[k].global, &e) == STATUS_OK;
        }
    }
    if (ok && instance_restore(s, m, imports, module_import_count(m), state, &i, &e) == STATUS_OK) {
        if (store_gas_left(s) > 3000) store_set_gas(s, 3000);
        store_continue(s, values, NULL);
    }
    store_free(s);
}

static void on_state(void *user, const struct module *m, struct bytes state)
{
    struct alteration *a = user;
    struct buffer copy = {0};
    if (a->states++ > 2) return;
    buffer_append(&copy, state.data, state.size);
    alter(a->input, &copy);
    /* translated code is made for being shared */
    if (!copy.failed) try_state((struct module *)(uintptr_t)m, bytes_of(copy.data, copy.size));
    buffer_free(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct generate_options options = {0};
    struct buffer module = {0};
    struct alteration a = {bytes_of(data + size / 2, size - size / 2), 0};
    uint64_t hash = 5381;
    for (size_t i = 0; i < size; i++) hash = hash * 33 + data[i];
    struct hops hops = {.seed = hash, .most = 1 + hash % 400, .limit = 6, .state = on_state, .user = &a};
    struct run_config c = {.name = "in one piece", .dispatcher = DISPATCH_PORTABLE, .metered = true, .lazy = true,
                           .fuel = UINT64_MAX / 2, .priced = hash % 4 == 0};
    if (c.priced) hops.most *= 1000;
    struct record *r = calloc(2, sizeof *r);
    generate_module(data, size / 2, &options, &module);
    if (r && module.size && !module.failed) {
        record_run(module.data, module.size, &c, &r[0]);
        c.name = "moved";
        c.dispatcher = DISPATCH_DEFAULT;
        c.hops = &hops;
        record_run(module.data, module.size, &c, &r[1]);
        if (hops.failed || !record_same(&r[0], &r[1], c.name, SAME_FUEL | SAME_PLACE)) abort();
    }
    free(r);
    buffer_free(&module);
    return 0;
}
