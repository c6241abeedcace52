/* One call: loading is paid, the method is looked for, the module is instantiated and executed, and what happened is
 * told. Source: near-vm-runner, wasmtime_runner/mod.rs (prepare, run), logic/logic.rs (VMOutcome). */
#include <stdlib.h>

#include "host/call.h"
#include "host/trace.h"
#include "vm/suspend.h"

/* What an import needs when it is called. */
struct binding {
    struct call *call;
    const struct import_definition *definition;
};

/* ---- the host's entry ------------------------------------------------------------------------------------------------ */

/* Books what the code has burnt since the host last looked. `left` is what the code has left of it. False: that was
 * more than max_gas_burnt, and the call is over. */
static bool book_burnt(struct call *c, uint64_t left)
{
    struct host *h = &c->host;
    uint64_t had = gas_remaining(&h->gas);
    if (had <= left) return true;
    c->crossed = host_check(h, gas_burn(&h->gas, had - left)) != HOST_OK;
    return !c->crossed;
}

static enum trap stopped(struct host_call *call)
{
    call->message = "";
    return TRAP_HOST;
}

static void on_enter(void *user, uint32_t function, uint64_t gas_left)
{
    trace_spend(user, gas_left);
    trace_enter(user, TRACE_FUNCTION, function);
}

static void on_leave(void *user, uint64_t gas_left)
{
    trace_spend(user, gas_left);
    trace_leave(user);
}

/* The host function, with what it pays for noted in the trace, if there is one. */
static enum host_error call_import(const struct binding *b, const slot *values, uint64_t *result)
{
    struct host *h = &b->call->host;
    struct call_trace *t = b->call->trace;
    if (!t) return b->definition->function(h, values, result);
    const struct gas_profile before = h->gas.profile;
    const uint64_t burnt = h->gas.burnt;
    trace_enter(t, TRACE_HOST, (uint32_t)(b->definition - import_at(0)));
    enum host_error r = b->definition->function(h, values, result);
    trace_costs(t, h->gas.burnt - burnt, &before, &h->gas.profile);
    if (r == HOST_OK) trace_leave(t);
    t->gas_left = gas_remaining(&h->gas);
    return r;
}

static enum trap enter_host(struct host_call *vm, slot *values)
{
    const struct binding *b = vm->user;
    struct host *h = &b->call->host;
    if (b->call->trace) trace_spend(b->call->trace, store_gas_left(vm->store));
    if (!book_burnt(b->call, store_gas_left(vm->store))) return stopped(vm);
    struct memory *memory = b->call->own_memory;
    if (!memory && vm->caller) memory = instance_memory(vm->caller, 0);
    h->memory = memory ? memory_data(memory) : NULL;
    h->memory_size = memory ? memory_size(memory) : 0;
    uint64_t result = 0;
    if (call_import(b, values, &result) != HOST_OK) return stopped(vm);
    if (b->definition->result) values[0] = result;
    store_set_gas(vm->store, gas_remaining(&h->gas));
    b->call->calls++;
    return b->call->suspend && call_stops_here(b->call) ? TRAP_SUSPENDED : TRAP_NONE;
}

/* ---- errors -------------------------------------------------------------------------------------------------------------- */

static void fail(struct call *c, const char *kind, const char *message)
{
    c->out->error_kind = kind;
    c->out->error_message = bytes_of_string(message);
}

static const char *const wasm_traps[TRAP_COUNT][2] = {
    [TRAP_UNREACHABLE] = {"WasmTrap.Unreachable", "WebAssembly trap: An `unreachable` opcode was executed."},
    [TRAP_INTEGER_DIVIDE_BY_ZERO] = {"WasmTrap.IllegalArithmetic",
                                     "WebAssembly trap: An arithmetic exception, e.g. divided by zero."},
    [TRAP_INTEGER_OVERFLOW] = {"WasmTrap.IllegalArithmetic",
                               "WebAssembly trap: An arithmetic exception, e.g. divided by zero."},
    [TRAP_INVALID_CONVERSION] = {"WasmTrap.IllegalArithmetic",
                                 "WebAssembly trap: An arithmetic exception, e.g. divided by zero."},
    [TRAP_MEMORY_BOUNDS] = {"WasmTrap.MemoryOutOfBounds", "WebAssembly trap: Memory out of bounds trap."},
    [TRAP_TABLE_BOUNDS] = {"WasmTrap.MemoryOutOfBounds", "WebAssembly trap: Memory out of bounds trap."},
    [TRAP_UNDEFINED_ELEMENT] = {"WasmTrap.MemoryOutOfBounds", "WebAssembly trap: Memory out of bounds trap."},
    [TRAP_UNINITIALIZED_ELEMENT] = {"WasmTrap.IndirectCallToNull", "WebAssembly trap: Indirect call to null."},
    [TRAP_INDIRECT_CALL_TYPE] = {"WasmTrap.IncorrectCallIndirectSignature",
                                 "WebAssembly trap: Call indirect incorrect signature trap."},
};

/* The fault of the host, as the outcome's error; a failure of the outside or of memory has no outcome. */
static enum status fail_by_host(struct call *c)
{
    struct host *h = &c->host;
    if (h->no_memory) return error_no_memory(c->e);
    if (c->crossed) {
        /* production's engine does not know this error and takes it for one of linking */
        fail(c, "LinkError", "HostError(GasLimitExceeded)");
        return STATUS_OK;
    }
    if (h->fault.error == HOST_EXTERNAL_FAILURE) {
        if (c->e) *c->e = h->external->error;
        return STATUS_IO;
    }
    struct buffer text = {0};
    host_fault_message(&h->fault, &text);
    bool failed = text.failed;
    c->out->error_kind = host_error_kind(h->fault.error);
    c->out->error_message = host_copy(h, bytes_of(text.data, text.size));
    buffer_free(&text);
    return failed || h->no_memory ? error_no_memory(c->e) : STATUS_OK;
}

/* Code has stopped: the gas it burnt is booked, and that may be a reason of its own to fail. */
static enum status fail_by_trap(struct call *c, const struct trap_info *trap)
{
    struct host *h = &c->host;
    c->out->trap = *trap;
    for (uint32_t i = 0; i < trap->frames; i++) c->out->trap.frame[i].instance = NULL; /* gone with the store */
    if (trap->trap == TRAP_HOST) return fail_by_host(c);
    bool short_of_gas = trap->trap == TRAP_OUT_OF_GAS;
    if (!book_burnt(c, short_of_gas ? trap->gas_left : store_gas_left(c->store))) return fail_by_host(c);
    enum host_error r = HOST_OK;
    if (short_of_gas) r = gas_burn(&h->gas, trap->gas_charge);
    if (trap->trap == TRAP_CALL_STACK_EXHAUSTED) r = HOST_MemoryAccessViolation;
    if (r != HOST_OK) {
        host_check(h, r);
        return fail_by_host(c);
    }
    if (!wasm_traps[trap->trap][0])
        return trap->trap == TRAP_NO_MEMORY ? error_no_memory(c->e)
                                            : error_set(c->e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "%s", trap->message);
    fail(c, wasm_traps[trap->trap][0], wasm_traps[trap->trap][1]);
    return STATUS_OK;
}

/* ---- execution ------------------------------------------------------------------------------------------------------------ */

static enum status make_store(struct call *c)
{
    const struct protocol_limits *l = &c->contract->parameters->limits;
    struct store_config config;
    store_config_default(&config);
    /* a frame takes at most two slots for each eight bytes that it is charged, and a few more */
    config.stack_slots = (uint32_t)l->max_stack_height * 4;
    config.stack_bytes = l->max_stack_height;
    config.gas = gas_remaining(&c->host.gas);
    config.memory_pages = (uint32_t)l->max_memory_pages;
    if (l->max_elements_per_contract_table < config.table_elements)
        config.table_elements = (uint32_t)l->max_elements_per_contract_table;
    enum status status = store_new(&config, &c->store, c->e);
    if (status != STATUS_OK || module_memory_count(c->contract->module) > 0) return status;
    const struct range range = {(uint32_t)l->initial_memory_pages, (uint32_t)l->max_memory_pages, true};
    return memory_new(c->store, range, &c->own_memory, c->e);
}

static enum status make_imports(struct call *c, struct external **out)
{
    const struct contract *k = c->contract;
    struct binding *bindings = arena_array(c->arena, k->import_count, sizeof *bindings);
    *out = arena_array(c->arena, k->import_count, sizeof **out);
    if (!bindings || !*out) return error_no_memory(c->e);
    for (uint32_t i = 0; i < k->import_count; i++) {
        bindings[i] = (struct binding){c, k->imports[i]};
        struct import_info import = module_import(k->module, i);
        (*out)[i].kind = EXTERN_FUNC;
        enum status status = func_new_host(c->store, &import.type.func, enter_host, &bindings[i], &(*out)[i].func, c->e);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

/* Code has come to a standstill. */
static enum status stand(struct call *c, const struct trap_info *trap, uint32_t method)
{
    return trap->trap == TRAP_SUSPENDED ? call_write_state(c, method) : fail_by_trap(c, trap);
}

/* Up to where the method is called, or back in it. *in_method: it was called already, and has returned. */
static enum status begin(struct call *c, const struct export_info *method, bool *in_method)
{
    struct external *imports;
    struct trap_info trap = {0};
    slot none[1] = {0};
    *in_method = false;
    enum status status = make_imports(c, &imports);
    if (status != STATUS_OK) return status;
    if (c->resume.size) {
        status = call_read_state(c, imports, method->index, in_method);
        if (status == STATUS_OK && c->options->restored)
            status = c->options->restored(c->options->restored_user, c->e);
        if (status != STATUS_OK) return status;
        call_plan_stop(c);
        return store_continue(c->store, none, &trap) == TRAP_NONE ? STATUS_OK : stand(c, &trap, method->index);
    }
    call_plan_stop(c);
    /* the module is shared, and what execution changes in it (translated code) is made for that */
    struct module *m = (struct module *)(uintptr_t)c->contract->module;
    status = instance_new(c->store, m, imports, c->contract->import_count, &c->instance, &trap, c->e);
    return status == STATUS_TRAP ? stand(c, &trap, method->index) : status;
}

static enum status execute(struct call *c, const struct export_info *method)
{
    struct external entry;
    struct trap_info trap = {0};
    bool in_method;
    enum status status = make_store(c);
    if (status == STATUS_OK && c->trace) {
        store_set_observer(c->store, &(struct call_observer){on_enter, on_leave, c->trace});
        c->trace->gas_left = store_gas_left(c->store);
    }
    if (status == STATUS_OK) status = begin(c, method, &in_method);
    if (status != STATUS_OK || c->out->error_kind) return status;
    if (!book_burnt(c, store_gas_left(c->store))) return fail_by_host(c);
    if (in_method) return STATUS_OK;
    instance_export(c->instance, method->name, &entry);
    slot none[1] = {0};
    c->in_method = true;
    call_plan_stop(c);
    if (func_call(c->store, entry.func, none, &trap) != TRAP_NONE) return stand(c, &trap, method->index);
    return book_burnt(c, store_gas_left(c->store)) ? STATUS_OK : fail_by_host(c);
}

/* ---- before execution ------------------------------------------------------------------------------------------------------ */

/* Every shortage is GasExceeded here, whichever limit was crossed. */
static bool pay_for_loading(struct call *c)
{
    struct gas_counter *g = &c->host.gas;
    bool paid = gas_pay_per(g, EXT_contract_loading_bytes, c->contract->code_size) == HOST_OK &&
                gas_pay(g, EXT_contract_loading_base) == HOST_OK;
    if (c->trace) {
        static const struct gas_profile nothing = {0};
        trace_enter(c->trace, TRACE_LOADING, 0);
        trace_costs(c->trace, g->burnt, &nothing, &g->profile);
        trace_leave(c->trace);
    }
    if (paid) return true;
    fail(c, "HostError.GasExceeded", "Exceeded the prepaid gas.");
    return false;
}

static const struct export_info *find_method(struct call *c, struct bytes name, struct export_info *method)
{
    const struct module *m = c->contract->module;
    for (size_t i = 0; i < module_export_count(m); i++) {
        *method = module_export(m, i);
        if (!bytes_equal(method->name, name) || method->type.kind != EXTERN_FUNC) continue;
        if (method->type.func.params == 0 && method->type.func.results == 0) return method;
        fail(c, "MethodResolveError.MethodInvalidSignature", "MethodInvalidSignature");
        return NULL;
    }
    fail(c, "MethodResolveError.MethodNotFound", "MethodNotFound");
    return NULL;
}

/* Runs the call as far as it goes. *nothing: the outcome is empty but for the error. */
static enum status run(struct call *c, struct bytes name, bool *nothing)
{
    const struct contract *k = c->contract;
    bool fixed = k->parameters->flags.fix_contract_loading_cost;
    struct export_info method;
    if (name.size == 0) {
        fail(c, "MethodResolveError.MethodEmptyName", "MethodEmptyName");
        return STATUS_OK;
    }
    if (fixed && !pay_for_loading(c)) return STATUS_OK;
    if (k->refusal) {
        fail(c, k->refusal, k->refusal_message);
        return STATUS_OK;
    }
    if (!fixed && !pay_for_loading(c)) return STATUS_OK;
    if (k->load_error) {
        if (!k->parameters->flags.fix_contract_loading_error && strcmp(k->load_error, "LoadingError") == 0)
            return error_set(c->e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "%s", k->load_message);
        fail(c, k->load_error, k->load_message);
        return STATUS_OK;
    }
    if (!find_method(c, name, &method)) {
        *nothing = !fixed;
        return STATUS_OK;
    }
    return execute(c, &method);
}

static void fill_outcome(struct call *c)
{
    struct host *h = &c->host;
    struct call_outcome *o = c->out;
    o->compute_usage = gas_counter_finish(&h->gas);
    o->burnt_gas = h->gas.burnt;
    o->used_gas = gas_used(&h->gas);
    o->profile = h->gas.profile;
    o->balance = h->balance;
    o->subsidized_amount = h->subsidized_amount;
    o->storage_usage = h->storage_usage;
    o->return_kind = h->return_kind;
    o->return_value = h->return_value;
    o->return_receipt = h->return_receipt;
    o->logs = h->logs;
    o->log_count = h->log_count;
}

enum status contract_call(const struct contract *contract, struct bytes method, const struct call_context *context,
                          struct external_state *external, const struct call_options *options,
                          struct call_outcome *out, struct error *e)
{
    *out = (struct call_outcome){0};
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena) return error_no_memory(e);
    uint64_t most = contract->parameters->limits.max_gas_burnt;
    if (options && options->max_gas_burnt != UINT64_MAX) most = options->max_gas_burnt;
    struct call c = {.contract = contract, .method = method, .arena = arena, .out = out, .e = e};
    c.options = options;
    if (options) c.suspend = options->suspend;
    if (options) c.resume = options->resume;
    if (call_is_noted(&c)) {
        journal_init(&c.journal, external);
        external = &c.journal.external;
    }
    if (options && options->trace) {
        c.trace = options->trace;
        trace_begin(c.trace);
    }
    bool nothing = false;
    enum status status;
    if (call_is_noted(&c) && c.trace)
        status = error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a call that is traced cannot be suspended or resumed");
    else if (host_init(&c.host, context, contract->parameters, most, external, arena) != HOST_OK)
        status = error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "balance and attached deposit together exceed 128 bits");
    else
        status = run(&c, method, &nothing);
    if (status == STATUS_OK && !nothing) fill_outcome(&c);
    if (c.trace && nothing) trace_begin(c.trace);
    if (c.trace) trace_end(c.trace, out->burnt_gas);
    store_free(c.store);
    host_release(&c.host);
    if (status == STATUS_OK && c.suspend) {
        c.suspend->calls = c.calls;
        c.suspend->burnt_gas = out->burnt_gas;
    }
    if (status == STATUS_OK && c.suspend && c.suspend->journal) {
        buffer_append(c.suspend->journal, c.journal.notes.data, c.journal.notes.size);
        if (c.journal.notes.failed || c.suspend->journal->failed) status = error_no_memory(e);
    }
    journal_free(&c.journal);
    out->arena = arena;
    if (status != STATUS_OK) call_outcome_free(out);
    return status;
}

void call_outcome_free(struct call_outcome *o)
{
    if (o->arena) arena_free(o->arena);
    free(o->arena);
    *o = (struct call_outcome){0};
}
