#include "fuzz/record.h"

#include "base/hash.h"
#include "vm/suspend.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t fixed_hash(struct bytes b)
{
    const struct hash_key key = {0};
    return hash_bytes(b, &key);
}

enum { MAX_IMPORTS = 1000, MAX_PAGES = 64, MAX_ELEMENTS = 100, WIDEST = 1100 };

struct host_function_state {
    struct run *run;
    uint32_t import;
    struct functype type;
};

struct run {
    const struct run_config *config;
    struct record *out;
    struct module *module;
    struct store *store;
    struct instance *instance;
    struct external imports[MAX_IMPORTS];
    struct host_function_state host[MAX_IMPORTS];
    struct host_state state;
    const uint8_t *bytes;
    size_t size;
    uint32_t depth;                    /* of calls from host functions */
    bool starting;                     /* hosts see no instance before it has started */
    uint64_t allowance;                /* hops: gas until the next */
    uint64_t last_left;
    bool by_host;                      /* it was a host function that suspended the run */
};

/* ---- the host ----------------------------------------------------------------------------------------------------- */

static struct memory *first_memory(struct run *r)
{
    return r->instance && !r->starting ? instance_memory(r->instance, 0) : NULL;
}

static uint8_t *host_memory(void *context, size_t *size)
{
    struct memory *m = first_memory(context);
    if (!m) return NULL;
    *size = (size_t)memory_size(m);
    return memory_data(m);
}

static void host_grow(void *context)
{
    struct memory *m = first_memory(context);
    if (m) memory_grow(m, 1);
}

static enum trap host_reenter(void *context, uint64_t *values)
{
    struct run *r = context;
    for (size_t i = 0; r->instance && !r->starting && i < module_export_count(r->module); i++) {
        struct export_info e = module_export(r->module, i);
        if (e.type.kind != EXTERN_FUNC) continue;
        struct external x;
        if (e.type.func.params || e.type.func.results > RECORD_RESULTS) return TRAP_NONE;
        if (!instance_export(r->instance, e.name, &x)) return TRAP_NONE;
        r->depth++;
        enum trap trap = func_call(r->store, x.func, values, NULL);
        r->depth--;
        return trap;
    }
    return TRAP_NONE;
}

static enum trap host(struct host_call *call, slot *values)
{
    struct host_function_state *h = call->user;
    const struct host_actions actions = {host_memory, host_grow, host_reenter, h->run};
    call->message = "as it happens";
    enum trap trap = host_effect(&h->run->state, h->import, &h->type, values, &actions);
    const struct hops *hops = h->run->config->hops;
    if (trap != TRAP_NONE || !hops || h->run->depth || !call->caller || hops->count >= hops->limit) return trap;
    if ((hops->seed + h->run->state.calls) % 3) return trap;
    h->run->by_host = true;
    return TRAP_SUSPENDED;
}

/* ---- setting up --------------------------------------------------------------------------------------------------- */

static enum status make_import(struct run *r, uint32_t i, struct error *e)
{
    struct import_info import = module_import(r->module, i);
    struct external *x = &r->imports[i];
    x->kind = import.type.kind;
    switch (import.type.kind) {
    case EXTERN_FUNC:
        r->host[i] = (struct host_function_state){r, i, import.type.func};
        return func_new_host(r->store, &import.type.func, host, &r->host[i], &x->func, e);
    case EXTERN_TABLE: return table_new(r->store, import.type.type, import.type.range, 0, &x->table, e);
    case EXTERN_MEMORY: return memory_new(r->store, import.type.range, &x->memory, e);
    case EXTERN_GLOBAL:
        return global_new(r->store, import.type.type, import.type.is_mutable, 0, &x->global, e);
    }
    return STATUS_OK;
}

/* Fees that are all different, nothing for blocks, and enough for stretches to be split. */
static void price(struct fee_schedule *s, struct store_config *limits)
{
    for (unsigned i = 0; i < 256; i++)
        if (s->op[i]) s->op[i] = 100 + i % 7 + (i % 16 ? 0 : UINT64_C(150000000));
    for (unsigned i = 0; i < 32; i++) s->op_fc[i] = 200 + i;
    s->linear_base = 17;
    s->linear_unit = 3;
    s->frame_unit = 11;
    s->frame_bytes = 16;
    s->bytes32 = 4;
    s->bytes64 = 8;
    limits->stack_bytes = 1 << 16;
}

static enum status set_up(struct run *r, enum dispatcher dispatcher, struct error *e)
{
    struct vm_config config;
    struct fee_schedule fuel;
    struct store_config limits;
    fee_schedule_fuel(&fuel);
    vm_config_default(&config);
    config.dispatcher = dispatcher;
    config.lazy = r->config->lazy;
    config.interruptible = r->config->interruptible;
    if (r->config->metered) config.schedule = &fuel;
    store_config_default(&limits);
    if (r->config->priced) price(&fuel, &limits);
    enum status status = module_load(&config, r->bytes, r->size, &r->module, e);
    limits.stack_slots = STORE_SLOTS;
    limits.memory_pages = MAX_PAGES;
    limits.table_elements = MAX_ELEMENTS;
    limits.gas = r->config->fuel;
    if (status == STATUS_OK) status = store_new(&limits, &r->store, e);
    size_t imports = status == STATUS_OK ? module_import_count(r->module) : 0;
    if (imports > MAX_IMPORTS)
        return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "more imports than this comparison makes");
    for (uint32_t i = 0; status == STATUS_OK && i < imports; i++) status = make_import(r, i, e);
    return status;
}

/* ---- moving ------------------------------------------------------------------------------------------------------ */

static void hop_failed(struct run *r, const char *what, const struct error *e)
{
    fprintf(stderr, "%s: hop %u: %s%s%s\n", r->config->name, r->config->hops->count, what, e ? ": " : "",
            e ? e->message : "");
    r->config->hops->failed = true;
}

/* Where to stop next. What made no way gets a little more the next time. */
static void plan_stop(struct run *r)
{
    struct hops *h = r->config->hops;
    if (!h) return;
    uint64_t left = store_gas_left(r->store);
    h->seed = h->seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    if (h->most) r->allowance = 1 + (h->seed >> 33) % h->most;
    else r->allowance = left == r->last_left ? r->allowance + 1 + r->allowance / 8 : 1;
    r->last_left = left;
    store_suspend_at(r->store, h->count < h->limit && left > r->allowance ? left - r->allowance : 0);
}

/* What was restored, stopped at once, is the same state. */
static bool same_again(struct run *r, const struct buffer *state)
{
    struct buffer again = {0};
    struct error e = {.offset = 0};
    slot values[WIDEST];
    store_suspend_at(r->store, store_gas_left(r->store));
    bool same = store_continue(r->store, values, NULL) == TRAP_SUSPENDED &&
                instance_checkpoint(r->instance, &again, &e) == STATUS_OK &&
                bytes_equal(bytes_of(again.data, again.size), bytes_of(state->data, state->size));
    buffer_free(&again);
    return same;
}

/* To a new store, from the state alone. */
static bool move(struct run *r, const struct buffer *state, enum dispatcher to)
{
    struct error e = {.offset = 0};
    store_free(r->store);
    module_free(r->module);
    r->store = NULL;
    r->module = NULL;
    enum status status = set_up(r, to, &e);
    if (status == STATUS_OK)
        status = instance_restore(r->store, r->module, r->imports, module_import_count(r->module),
                                  bytes_of(state->data, state->size), &r->instance, &e);
    if (status == STATUS_OK) return true;
    hop_failed(r, "restoring", &e);
    return false;
}

static bool hop(struct run *r)
{
    struct hops *h = r->config->hops;
    struct buffer state = {0};
    struct error e = {.offset = 0};
    bool by_host = r->by_host;
    enum dispatcher to = h->count % 2 || !dispatcher_available(DISPATCH_TAIL) ? DISPATCH_PORTABLE : DISPATCH_TAIL;
    h->count++;
    h->host_count += by_host;
    r->by_host = false;
    bool ok = instance_checkpoint(r->instance, &state, &e) == STATUS_OK;
    if (!ok) hop_failed(r, "writing", &e);
    if (ok && h->state) h->state(h->user, r->module, bytes_of(state.data, state.size));
    if (ok) ok = move(r, &state, to);
    if (ok && !by_host && store_gas_left(r->store) > 0) {
        ok = same_again(r, &state) && move(r, &state, to);
        if (!ok) hop_failed(r, "another state", NULL);
    }
    buffer_free(&state);
    return ok;
}

/* Goes on until the call is over. */
static enum trap follow(struct run *r, enum trap trap, slot *values, struct trap_info *info)
{
    while (trap == TRAP_SUSPENDED && r->config->hops) {
        if (!hop(r)) return trap;
        plan_stop(r);
        trap = store_continue(r->store, values, info);
    }
    return trap;
}

/* ---- calls -------------------------------------------------------------------------------------------------------- */

static void record_call(struct run *r, struct func *f, const struct functype *type)
{
    struct call_record *c = &r->out->call[r->out->calls++];
    struct trap_info trap = {0};
    static const slot zero[WIDEST];
    slot *values = malloc(sizeof zero);
    if (!values) return;
    memcpy(values, zero, sizeof zero);
    /* a run that moves takes its module along */
    const uint32_t results = type->results < RECORD_RESULTS ? type->results : RECORD_RESULTS;
    uint8_t types[RECORD_RESULTS];
    if (results) memcpy(types, type->types + type->params, results);
    plan_stop(r);
    c->trap = follow(r, func_call(r->store, f, values, &trap), values, &trap);
    if (c->trap == TRAP_NONE) {
        c->results = results;
        for (uint32_t i = 0; i < results; i++) c->result[i] = types[i] == TYPE_FUNCREF ? values[i] != 0 : values[i];
    } else if (trap.frames) {
        c->function = trap.frame[0].function;
        c->offset = trap.frame[0].offset;
    }
    if (r->config->metered) c->fuel = r->config->fuel - store_gas_left(r->store);
    free(values);
}

static void record_end(struct run *r)
{
    struct record *out = r->out;
    struct memory *m = first_memory(r);
    if (m) {
        out->memory_size = memory_size(m);
        out->memory_hash = fixed_hash(bytes_of(memory_data(m), (size_t)out->memory_size));
    }
    for (size_t i = 0; i < module_export_count(r->module); i++) {
        struct export_info e = module_export(r->module, i);
        struct external x;
        if (!instance_export(r->instance, e.name, &x)) continue;
        if (x.kind == EXTERN_GLOBAL && out->globals < RECORD_GLOBALS) {
            slot v = global_get(x.global);
            out->global[out->globals++] = global_type(x.global) == TYPE_FUNCREF ? v != 0 : v;
        }
        if (x.kind == EXTERN_TABLE && out->tables < RECORD_TABLES)
            out->table_size[out->tables++] = table_size(x.table);
    }
}

static void execute(struct run *r)
{
    for (size_t i = 0; i < module_export_count(r->module) && r->out->calls < RECORD_CALLS; i++) {
        struct export_info e = module_export(r->module, i);
        struct external x;
        if (e.type.kind == EXTERN_FUNC && instance_export(r->instance, e.name, &x))
            record_call(r, x.func, &e.type.func);
    }
    record_end(r);
}

void record_run(const uint8_t *bytes, size_t size, const struct run_config *config, struct record *out)
{
    struct error e = {.offset = 0};
    struct trap_info trap = {0};
    memset(out, 0, sizeof *out);
    struct run *r = calloc(1, sizeof *r);
    if (!r) return;
    r->config = config;
    r->out = out;
    r->bytes = bytes;
    r->size = size;
    out->status = set_up(r, config->dispatcher, &e);
    if (out->status == STATUS_OK) {
        slot none[1];
        plan_stop(r);
        r->starting = true;
        out->status = instance_new(r->store, r->module, r->imports, module_import_count(r->module), &r->instance,
                                   &trap, &e);
        if (trap.trap == TRAP_SUSPENDED) {
            trap.trap = follow(r, trap.trap, none, &trap);
            out->status = trap.trap == TRAP_NONE ? STATUS_OK : STATUS_TRAP;
        }
        r->starting = false;
    }
    out->start_trap = trap.trap;
    if (out->status == STATUS_OK) {
        execute(r);
    } else if (out->status != STATUS_TRAP) {
        out->error_offset = e.offset;
        memcpy(out->message, e.message, sizeof e.message);
    }
    store_free(r->store);
    module_free(r->module);
    free(r);
}

/* ---- comparison --------------------------------------------------------------------------------------------------- */

static bool differs(const char *name, const char *what, uint32_t call, uint64_t expected, uint64_t got)
{
    if (expected == got) return false;
    fprintf(stderr, "%s: call %u: %s: expected 0x%" PRIx64 " (%" PRId64 "), got 0x%" PRIx64 " (%" PRId64 ")\n", name,
            call, what, expected, (int64_t)expected, got, (int64_t)got);
    return true;
}

static bool same_call(const struct call_record *a, const struct call_record *b, uint32_t i, const char *name,
                      unsigned what)
{
    if (a->trap != b->trap) {
        fprintf(stderr, "%s: call %u: expected \"%s\", got \"%s\"\n", name, i, trap_text(a->trap), trap_text(b->trap));
        return false;
    }
    if (differs(name, "number of results", i, a->results, b->results)) return false;
    for (uint32_t k = 0; k < a->results; k++)
        if (differs(name, "result", i, a->result[k], b->result[k])) return false;
    if ((what & SAME_FUEL) && differs(name, "fuel used", i, a->fuel, b->fuel)) return false;
    if (!(what & SAME_PLACE)) return true;
    return !differs(name, "function of the trap", i, a->function, b->function) &&
           !differs(name, "offset of the trap", i, a->offset, b->offset);
}

bool record_same(const struct record *a, const struct record *b, const char *name, unsigned what)
{
    if (a->status != b->status || a->error_offset != b->error_offset || strcmp(a->message, b->message) != 0) {
        fprintf(stderr, "%s: expected %s \"%s\" at 0x%" PRIx64 ", got %s \"%s\" at 0x%" PRIx64 "\n", name,
                status_name(a->status), a->message, a->error_offset, status_name(b->status), b->message,
                b->error_offset);
        return false;
    }
    if (differs(name, "trap of the start", 0, a->start_trap, b->start_trap)) return false;
    if (differs(name, "number of calls", 0, a->calls, b->calls)) return false;
    for (uint32_t i = 0; i < a->calls; i++)
        if (!same_call(&a->call[i], &b->call[i], i, name, what)) return false;
    bool same = !differs(name, "memory size", a->calls, a->memory_size, b->memory_size) &&
                !differs(name, "memory hash", a->calls, a->memory_hash, b->memory_hash);
    for (uint32_t i = 0; same && i < a->globals; i++) same = !differs(name, "global", i, a->global[i], b->global[i]);
    for (uint32_t i = 0; same && i < a->tables; i++)
        same = !differs(name, "table size", i, a->table_size[i], b->table_size[i]);
    return same;
}
