/* Outcomes of calls that ended, as bytes; and what such calls asked the outside, asked again. */
#include <stdlib.h>

#include "base/borsh.h"
#include "host/call.h"
#include "near/outcome.h"

/* Those that were known when outcomes were written without counts. */
enum { V1_ACTION_COSTS = 29, V1_EXT_COSTS = 98 };
_Static_assert(V1_ACTION_COSTS <= (int)ACTION_COST_COUNT && V1_EXT_COSTS <= (int)EXT_COST_COUNT,
               "costs are only appended");

enum status call_repeat(struct external_state *external, struct bytes journal, struct error *e)
{
    struct journal j;
    struct arena arena = {0};
    journal_init(&j, external);
    enum status status = journal_replay(&j, journal, true, &arena, e);
    journal_free(&j);
    arena_free(&arena);
    return status;
}

void call_outcome_write(const struct call_outcome *o, struct buffer *out)
{
    borsh_write_u128(out, o->balance);
    borsh_write_u128(out, o->subsidized_amount);
    borsh_write_u64(out, o->storage_usage);
    borsh_write_u64(out, o->burnt_gas);
    borsh_write_u64(out, o->used_gas);
    borsh_write_u64(out, o->compute_usage);
    outcome_profile_write(&o->profile, out);
    borsh_write_u8(out, (uint8_t)o->return_kind);
    borsh_write_bytes(out, o->return_kind == RETURN_VALUE ? o->return_value : (struct bytes){0});
    borsh_write_u64(out, o->return_kind == RETURN_RECEIPT ? o->return_receipt : 0);
    if (o->log_count > UINT32_MAX) out->failed = true;
    borsh_write_u32(out, (uint32_t)o->log_count);
    for (size_t i = 0; i < o->log_count; i++) borsh_write_bytes(out, o->logs[i]);
    borsh_write_bool(out, o->error_kind != NULL);
    if (!o->error_kind) return;
    borsh_write_bytes(out, bytes_of_string(o->error_kind));
    borsh_write_bytes(out, o->error_message);
}

static struct bytes copy(struct arena *a, struct bytes b, bool *no_memory)
{
    /* one more, so that a text is also one for C */
    uint8_t *p = arena_alloc(a, b.size + 1);
    if (!p) *no_memory = true;
    else if (b.size) memcpy(p, b.data, b.size);
    return bytes_of(p, p ? b.size : 0);
}

static void read_profile(struct borsh_reader *r, bool counted, struct gas_profile *p)
{
    if (counted) gas_costs_read(r, p->action, ACTION_COST_COUNT);
    for (size_t i = 0; i < V1_ACTION_COSTS && !counted; i++) p->action[i] = borsh_read_u64(r);
    if (counted) gas_costs_read(r, p->ext, EXT_COST_COUNT);
    for (size_t i = 0; i < V1_EXT_COSTS && !counted; i++) p->ext[i] = borsh_read_u64(r);
    p->wasm = borsh_read_u64(r);
}

static void read_numbers(struct borsh_reader *r, bool counted, struct call_outcome *o)
{
    o->balance = borsh_read_u128(r);
    o->subsidized_amount = borsh_read_u128(r);
    o->storage_usage = borsh_read_u64(r);
    o->burnt_gas = borsh_read_u64(r);
    o->used_gas = borsh_read_u64(r);
    o->compute_usage = borsh_read_u64(r);
    read_profile(r, counted, &o->profile);
}

static enum status read_outcome(struct bytes bytes, bool counted, struct call_outcome *out, struct error *e)
{
    struct borsh_reader r = borsh_reader_of(bytes);
    struct call_outcome o = {.arena = calloc(1, sizeof *o.arena)};
    bool no_memory = !o.arena;
    *out = (struct call_outcome){0};
    if (no_memory) return error_no_memory(e);
    read_numbers(&r, counted, &o);
    const uint8_t kind = borsh_read_u8(&r);
    if (kind > RETURN_RECEIPT) borsh_reject(&r, "an unknown kind of result");
    o.return_kind = (enum return_kind)kind;
    o.return_value = copy(o.arena, borsh_read_bytes(&r), &no_memory);
    o.return_receipt = borsh_read_u64(&r);
    const uint32_t count = borsh_read_count(&r, 4);
    struct bytes *logs = arena_array(o.arena, count, sizeof *logs);
    no_memory |= !logs;
    for (uint32_t i = 0; i < count && logs; i++) logs[i] = copy(o.arena, borsh_read_string(&r), &no_memory);
    o.logs = logs;
    o.log_count = count;
    if (borsh_read_bool(&r)) {
        o.error_kind = (const char *)copy(o.arena, borsh_read_string(&r), &no_memory).data;
        o.error_message = copy(o.arena, borsh_read_bytes(&r), &no_memory);
    }
    enum status status = no_memory ? error_no_memory(e) : STATUS_OK;
    if (status == STATUS_OK && borsh_finish(&r, "the outcome of a call", e) != STATUS_OK)
        status = error_set(e, STATUS_INVALID, VM_ERROR_STATE_INVALID, r.failed_at, "not the outcome of a call");
    if (status == STATUS_OK) *out = o;
    else call_outcome_free(&o);
    return status;
}

enum status call_outcome_read(struct bytes bytes, struct call_outcome *out, struct error *e)
{
    return read_outcome(bytes, true, out, e);
}

enum status call_outcome_read_v1(struct bytes bytes, struct call_outcome *out, struct error *e)
{
    return read_outcome(bytes, false, out, e);
}
