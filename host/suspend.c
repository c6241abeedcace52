/* The state of a suspended call: written, and read again with everything checked. docs/suspended-runs.md has the
 * format. */
#include <stdlib.h>

#include "base/array.h"
#include "base/borsh.h"
#include "host/call.h"
#include "host/call_identity.h"
#include "near/outcome.h"
#include "vm/suspend.h"

#define CALL_MAGIC "nvm-call"
enum { CALL_MAGIC_SIZE = 8, CALL_VERSION = 1, PHASE_START = 0, PHASE_METHOD = 1 };

/* ---- when -------------------------------------------------------------------------------------------------------- */

/* Burnt so far, with what the code has burnt since the host last looked. */
static uint64_t burnt_so_far(const struct call *c)
{
    const uint64_t had = gas_remaining(&c->host.gas), left = store_gas_left(c->store);
    return c->host.gas.burnt + (had > left ? had - left : 0);
}

void call_plan_stop(struct call *c)
{
    if (!c->suspend || c->suspend->at_gas == UINT64_MAX) return;
    const uint64_t left = store_gas_left(c->store), burnt = burnt_so_far(c);
    const uint64_t allowed = c->suspend->at_gas > burnt ? c->suspend->at_gas - burnt : 0;
    store_suspend_at(c->store, left > allowed ? left - allowed : 0);
}

bool call_stops_here(struct call *c)
{
    call_plan_stop(c);
    return c->calls == c->suspend->at_call;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void write_gas(const struct gas_counter *g, struct buffer *out)
{
    borsh_write_u64(out, g->burnt);
    borsh_write_u64(out, g->promised);
    borsh_write_u64(out, g->max_burnt);
    borsh_write_u64(out, g->send_compute);
    borsh_write_u32(out, ACTION_COST_COUNT);
    for (size_t i = 0; i < ACTION_COST_COUNT; i++) borsh_write_u64(out, g->profile.action[i]);
    borsh_write_u32(out, EXT_COST_COUNT);
    for (size_t i = 0; i < EXT_COST_COUNT; i++) borsh_write_u64(out, g->profile.ext[i]);
}

static void write_promises(const struct host *h, struct buffer *out)
{
    borsh_write_u32(out, h->promise_count);
    for (uint32_t i = 0; i < h->promise_count; i++) {
        const struct promise *p = &h->promises[i];
        borsh_write_bool(out, p->joint);
        if (!p->joint) {
            borsh_write_u64(out, p->receipt);
            continue;
        }
        borsh_write_u32(out, p->receipt_count);
        for (uint32_t k = 0; k < p->receipt_count; k++) borsh_write_u64(out, p->receipts[k]);
    }
}

static void write_host(const struct host *h, struct buffer *out)
{
    write_gas(&h->gas, out);
    borsh_write_u128(out, h->balance);
    borsh_write_u128(out, h->locked_balance);
    borsh_write_u128(out, h->subsidized_amount);
    borsh_write_u64(out, h->storage_usage);
    borsh_write_u32(out, h->registers.count);
    for (uint32_t i = 0; i < h->registers.count; i++) {
        borsh_write_u64(out, h->registers.entries[i].id);
        borsh_write_bytes(out, h->registers.entries[i].data);
    }
    write_promises(h, out);
    borsh_write_u64(out, h->total_log_length);
    borsh_write_u32(out, h->log_count);
    for (uint32_t i = 0; i < h->log_count; i++) borsh_write_bytes(out, h->logs[i]);
    borsh_write_u8(out, (uint8_t)h->return_kind);
    if (h->return_kind == RETURN_VALUE) borsh_write_bytes(out, h->return_value);
    if (h->return_kind == RETURN_RECEIPT) borsh_write_u64(out, h->return_receipt);
}

enum status call_write_state(struct call *c, uint32_t method)
{
    struct call_suspend *to = c->suspend;
    struct buffer *const out = to->state;
    struct buffer code = {0};
    uint8_t hash[CALL_HASH_SIZE];
    const size_t before = out->size;
    if (c->journal.unreadable)
        return error_set(c->e, STATUS_USAGE, 0, ERROR_NO_OFFSET,
                         "the call cannot be suspended: it has made an action with a name that is not UTF-8");
    enum status status = instance_checkpoint(c->instance, &code, c->e);
    if (status == STATUS_OK) {
        to->burnt_gas = burnt_so_far(c);
        to->calls = c->calls;
        buffer_append(out, CALL_MAGIC, CALL_MAGIC_SIZE);
        borsh_write_u16(out, CALL_VERSION);
        if (!call_parameters_hash(c->host.parameters, hash)) out->failed = true;
        else buffer_append(out, hash, sizeof hash);
        if (!call_context_hash(c->host.context, c->method, hash)) out->failed = true;
        else buffer_append(out, hash, sizeof hash);
        borsh_write_u64(out, to->burnt_gas);
        borsh_write_u64(out, to->calls);
        /* a method can be the start function, too; then it was called where that had returned */
        const bool in_method = c->in_method && store_suspended_function(c->store) == method;
        borsh_write_u8(out, in_method ? PHASE_METHOD : PHASE_START);
        borsh_write_bytes(out, to->events);
        /* before the host's part, which refers to the receipts that it makes */
        borsh_write_bytes(out, bytes_of(c->journal.notes.data, c->journal.notes.size));
        write_host(&c->host, out);
        borsh_write_bytes(out, bytes_of(code.data, code.size));
        status = out->failed || c->journal.notes.failed ? error_no_memory(c->e) : STATUS_SUSPENDED;
    }
    if (status != STATUS_SUSPENDED && !out->failed) out->size = before;
    buffer_free(&code);
    return status;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

struct call_reader {
    struct call *c;
    struct borsh_reader r;
};

static enum status invalid(struct call_reader *x, const char *why)
{
    return error_set(x->c->e, STATUS_INVALID, VM_ERROR_STATE_INVALID, (uint64_t)(x->r.p - x->r.start),
                     "suspended call: %s", why);
}

static enum status check_reader(struct call_reader *x)
{
    if (!x->r.failed) return STATUS_OK;
    return error_set(x->c->e, STATUS_INVALID, VM_ERROR_STATE_INVALID, x->r.failed_at, "suspended call: %s", x->r.problem);
}

/* What was paid for by name is part of what was burnt. */
static bool profile_fits(const struct gas_counter *g)
{
    uint64_t left = g->burnt;
    for (size_t i = 0; i < ACTION_COST_COUNT; i++) {
        if (g->profile.action[i] > left) return false;
        left -= g->profile.action[i];
    }
    for (size_t i = 0; i < EXT_COST_COUNT; i++) {
        if (g->profile.ext[i] > left) return false;
        left -= g->profile.ext[i];
    }
    return true;
}

static enum status read_gas(struct call_reader *x)
{
    struct gas_counter *g = &x->c->host.gas;
    g->burnt = borsh_read_u64(&x->r);
    g->promised = borsh_read_u64(&x->r);
    const uint64_t max_burnt = borsh_read_u64(&x->r);
    g->send_compute = borsh_read_u64(&x->r);
    gas_costs_read(&x->r, g->profile.action, ACTION_COST_COUNT);
    gas_costs_read(&x->r, g->profile.ext, EXT_COST_COUNT);
    if (x->r.failed) return check_reader(x);
    if (!profile_fits(g)) return invalid(x, "more gas in its profile than was burnt");
    if (max_burnt != g->max_burnt) return invalid(x, "another limit of the gas to be burnt");
    if (g->promised > g->prepaid || (g->is_view && g->promised)) return invalid(x, "more gas promised than there is");
    const uint64_t left = g->prepaid - g->promised;
    g->limit = left < g->max_burnt ? left : g->max_burnt;
    return g->burnt > g->limit ? invalid(x, "more gas burnt than there was") : STATUS_OK;
}

/* Balances only fall, but for what the protocol gives. */
static enum status read_balances(struct call_reader *x)
{
    struct host *h = &x->c->host;
    const struct u128 most = h->balance;
    struct u128 gift_free;
    h->balance = borsh_read_u128(&x->r);
    const struct u128 locked = borsh_read_u128(&x->r);
    h->subsidized_amount = borsh_read_u128(&x->r);
    h->storage_usage = borsh_read_u64(&x->r);
    if (x->r.failed) return check_reader(x);
    if (u128_less(most, h->balance)) return invalid(x, "more balance than the account has");
    if (u128_less(locked, h->locked_balance) || u128_less(h->locked_balance, locked))
        return invalid(x, "another locked balance than the account has");
    if (!u128_add(h->balance, h->subsidized_amount, &gift_free)) return invalid(x, "a gift beyond all balances");
    return STATUS_OK;
}

static enum status read_registers(struct call_reader *x)
{
    struct host *h = &x->c->host;
    const uint32_t count = borsh_read_count(&x->r, 12);
    for (uint32_t i = 0; i < count; i++) {
        bool no_memory = false;
        const uint64_t id = borsh_read_u64(&x->r);
        const struct bytes data = borsh_read_bytes(&x->r);
        if (x->r.failed) break;
        if (registers_restore(&h->registers, &h->parameters->limits, id, data, &no_memory)) continue;
        return no_memory ? error_no_memory(x->c->e) : invalid(x, "a register that is there twice or beyond the limits");
    }
    return check_reader(x);
}

static bool is_receipt(const struct host *h, uint64_t receipt)
{
    return h->external->functions->receipt_receiver(h->external->self, receipt) != NULL;
}

static enum status read_joint(struct call_reader *x, struct promise *p)
{
    struct host *h = &x->c->host;
    p->receipt_count = borsh_read_count(&x->r, 8);
    p->receipts = arena_array(h->arena, p->receipt_count, sizeof *p->receipts);
    if (!p->receipts) return error_no_memory(x->c->e);
    for (uint32_t i = 0; i < p->receipt_count; i++) {
        p->receipts[i] = borsh_read_u64(&x->r);
        if (!x->r.failed && !is_receipt(h, p->receipts[i])) return invalid(x, "a promise of a receipt that was not made");
    }
    return check_reader(x);
}

static enum status read_promises(struct call_reader *x)
{
    struct host *h = &x->c->host;
    const uint32_t count = borsh_read_count(&x->r, 5);
    for (uint32_t i = 0; i < count && !x->r.failed; i++) {
        struct promise p = {.joint = borsh_read_bool(&x->r)};
        enum status status = STATUS_OK;
        if (p.joint) status = read_joint(x, &p);
        else p.receipt = borsh_read_u64(&x->r);
        if (status == STATUS_OK) status = check_reader(x);
        if (status != STATUS_OK) return status;
        if (!p.joint && !is_receipt(h, p.receipt)) return invalid(x, "a promise of a receipt that was not made");
        if (!array_grow(&h->promises, h->promise_count, &h->promise_capacity, sizeof *h->promises))
            return error_no_memory(x->c->e);
        h->promises[h->promise_count++] = p;
    }
    if (h->promise_count > h->parameters->limits.max_promises_per_function_call_action)
        return invalid(x, "more promises than a call may make");
    return check_reader(x);
}

static enum status read_logs(struct call_reader *x)
{
    struct host *h = &x->c->host;
    const struct protocol_limits *l = &h->parameters->limits;
    h->total_log_length = borsh_read_u64(&x->r);
    const uint32_t count = borsh_read_count(&x->r, 4);
    if (x->r.failed) return check_reader(x);
    if (h->total_log_length > l->max_total_log_length || count > l->max_number_logs)
        return invalid(x, "more logs than a call may write");
    h->logs = arena_array(h->arena, count, sizeof *h->logs);
    if (!h->logs) return error_no_memory(x->c->e);
    h->log_capacity = count;
    uint64_t length = 0;
    for (; h->log_count < count && !x->r.failed; h->log_count++) {
        h->logs[h->log_count] = host_copy(h, borsh_read_string(&x->r));
        length += h->logs[h->log_count].size;
    }
    if (h->no_memory) return error_no_memory(x->c->e);
    if (!x->r.failed && length != h->total_log_length) return invalid(x, "its logs have another length than they say");
    return check_reader(x);
}

static enum status read_return(struct call_reader *x)
{
    struct host *h = &x->c->host;
    const uint8_t kind = borsh_read_u8(&x->r);
    if (kind > RETURN_RECEIPT) return invalid(x, "an unknown kind of result");
    h->return_kind = (enum return_kind)kind;
    if (kind == RETURN_VALUE) {
        const struct bytes value = borsh_read_bytes(&x->r);
        if (value.size > h->parameters->limits.max_length_returned_data) return invalid(x, "a result that is too long");
        h->return_value = host_copy(h, value);
    }
    if (kind == RETURN_RECEIPT) {
        h->return_receipt = borsh_read_u64(&x->r);
        if (!x->r.failed && !is_receipt(h, h->return_receipt)) return invalid(x, "it returns a receipt that was not made");
    }
    return h->no_memory ? error_no_memory(x->c->e) : check_reader(x);
}

static enum status check_hash(struct call_reader *x, const uint8_t expected[CALL_HASH_SIZE], int code, const char *what)
{
    const struct bytes found = borsh_read_fixed(&x->r, CALL_HASH_SIZE);
    if (x->r.failed) return check_reader(x);
    if (memcmp(found.data, expected, CALL_HASH_SIZE) == 0) return STATUS_OK;
    return error_set(x->c->e, STATUS_INVALID, code, (uint64_t)(found.data - x->r.start), "suspended call: %s", what);
}

static enum status read_header(struct call_reader *x)
{
    uint8_t hash[CALL_HASH_SIZE];
    const struct bytes magic = borsh_read_fixed(&x->r, CALL_MAGIC_SIZE);
    const uint16_t version = borsh_read_u16(&x->r);
    if (x->r.failed) return check_reader(x);
    if (memcmp(magic.data, CALL_MAGIC, CALL_MAGIC_SIZE) != 0) return invalid(x, "this is none");
    if (version != CALL_VERSION)
        return error_set(x->c->e, STATUS_INVALID, VM_ERROR_STATE_ENGINE, CALL_MAGIC_SIZE,
                         "suspended call: version %u of the format, this is version %u", version, CALL_VERSION);
    if (!call_parameters_hash(x->c->host.parameters, hash)) return error_no_memory(x->c->e);
    enum status status = check_hash(x, hash, VM_ERROR_STATE_ENGINE, "suspended under another version of the protocol");
    if (status != STATUS_OK) return status;
    if (!call_context_hash(x->c->host.context, x->c->method, hash)) return error_no_memory(x->c->e);
    return check_hash(x, hash, VM_ERROR_STATE_INVALID, "it is of another call");
}

typedef enum status (*part_reader)(struct call_reader *x);
static const part_reader host_parts[] = {read_gas, read_balances, read_registers, read_promises, read_logs, read_return};

static enum status read_host(struct call_reader *x)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof host_parts / sizeof *host_parts && status == STATUS_OK; i++) status = host_parts[i](x);
    return status;
}

static enum status restore_code(struct call_reader *x, struct bytes code, const struct external *imports)
{
    struct call *c = x->c;
    struct module *m = (struct module *)(uintptr_t)c->contract->module;
    enum status status = instance_restore(c->store, m, imports, c->contract->import_count, code, &c->instance, c->e);
    if (status != STATUS_OK) return status;
    if (store_gas_left(c->store) > gas_remaining(&c->host.gas)) return invalid(x, "the code has more gas than the call");
    return STATUS_OK;
}

/* The function that was called is the method, or the module's start function. */
static enum status check_phase(struct call_reader *x, uint8_t phase, uint32_t method)
{
    uint32_t start;
    const uint32_t function = store_suspended_function(x->c->store);
    if (phase == PHASE_METHOD && function == method) return STATUS_OK;
    if (phase == PHASE_START && module_start(x->c->contract->module, &start) && function == start) return STATUS_OK;
    return invalid(x, "it stands in another function than the one that was called");
}

enum status call_read_state(struct call *c, const struct external *imports, uint32_t method, bool *in_method)
{
    struct call_reader x = {c, borsh_reader_of(c->resume)};
    enum status status = read_header(&x);
    if (status != STATUS_OK) return status;
    const uint64_t burnt = borsh_read_u64(&x.r);
    c->calls = borsh_read_u64(&x.r);
    const uint8_t phase = borsh_read_u8(&x.r);
    borsh_read_bytes(&x.r); /* events: the caller's */
    const struct bytes journal = borsh_read_bytes(&x.r);
    status = check_reader(&x);
    if (status == STATUS_OK) status = journal_replay(&c->journal, journal, false, c->arena, c->e);
    if (status == STATUS_OK) status = read_host(&x);
    if (status != STATUS_OK) return status;
    const struct bytes code = borsh_read_bytes(&x.r);
    if (x.r.failed) return check_reader(&x);
    if (x.r.p != x.r.end) return invalid(&x, "bytes behind its end");
    status = restore_code(&x, code, imports);
    if (status == STATUS_OK) status = check_phase(&x, phase, method);
    if (status == STATUS_OK && burnt != burnt_so_far(c)) status = invalid(&x, "its sums of gas contradict each other");
    *in_method = c->in_method = phase == PHASE_METHOD;
    return status;
}

/* ---- looking at it ----------------------------------------------------------------------------------------------- */

enum status call_state_inspect(struct bytes state, struct call_state_info *out, struct error *e)
{
    struct borsh_reader r = borsh_reader_of(state);
    const struct bytes magic = borsh_read_fixed(&r, CALL_MAGIC_SIZE);
    *out = (struct call_state_info){0};
    if (!r.failed && memcmp(magic.data, CALL_MAGIC, CALL_MAGIC_SIZE) != 0) borsh_reject(&r, "not a suspended call");
    if (!r.failed && borsh_read_u16(&r) != CALL_VERSION) borsh_reject(&r, "an unknown version");
    borsh_read_fixed(&r, (size_t)2 * CALL_HASH_SIZE);
    const uint64_t burnt = borsh_read_u64(&r), calls = borsh_read_u64(&r);
    borsh_read_u8(&r);
    const struct bytes events = borsh_read_bytes(&r), journal = borsh_read_bytes(&r);
    if (!r.failed) {
        *out = (struct call_state_info){burnt, calls, events, journal.size};
        return STATUS_OK;
    }
    return error_set(e, STATUS_INVALID, VM_ERROR_STATE_INVALID, r.failed_at, "suspended call: %s", r.problem);
}
