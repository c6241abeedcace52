#include "host/call_identity.h"

#include "base/borsh.h"
#include "crypto/sha2.h"
#include "near/record_reader.h"

/* How many costs there were when identities were first written. */
enum { FIRST_ACTION_COSTS = 29, FIRST_EXT_COSTS = 98 };

static bool finish(struct buffer *b, uint8_t out[CALL_HASH_SIZE])
{
    const bool ok = !b->failed;
    if (ok) sha256(bytes_of(b->data, b->size), out);
    buffer_free(b);
    return ok;
}

/* ---- parameters: one writer for each kind in runtime_parameters.def ---------------------------------------------- */

static void write_balance(struct buffer *b, struct u128 v) { borsh_write_u128(b, v); }
static void write_u64(struct buffer *b, uint64_t v) { borsh_write_u64(b, v); }
static void write_boolean(struct buffer *b, bool v) { borsh_write_bool(b, v); }
static void write_text(struct buffer *b, const char *v) { borsh_write_bytes(b, bytes_of_string(v ? v : "")); }
static void write_fee(struct buffer *b, struct gas_fee v)
{
    borsh_write_u64(b, v.send_sir);
    borsh_write_u64(b, v.send_not_sir);
    borsh_write_u64(b, v.execution);
}
static void write_ratio(struct buffer *b, struct ratio v)
{
    borsh_write_u32(b, v.numerator);
    borsh_write_u32(b, v.denominator);
}
static void write_decimal(struct buffer *b, struct ratio v) { write_ratio(b, v); }

static void write_cost(struct buffer *b, struct cost v)
{
    borsh_write_u64(b, v.gas);
    borsh_write_u64(b, v.compute);
}

static bool costs_nothing(const struct cost *c)
{
    return c->gas == 0 && c->compute == 0;
}

/* Costs that were appended later and that these parameters do not have are left out: the parameters of a version are
 * the same to programs that know more costs. */
static uint32_t listed_ext(const struct protocol_parameters *p)
{
    uint32_t count = EXT_COST_COUNT;
    while (count > FIRST_EXT_COSTS && costs_nothing(&p->ext[count - 1])) count--;
    return count;
}

static uint32_t listed_actions(const struct protocol_parameters *p)
{
    uint32_t count = ACTION_COST_COUNT;
    for (; count > FIRST_ACTION_COSTS; count--) {
        const struct action_fee *fee = &p->action[count - 1];
        if (!costs_nothing(&fee->send_sir) || !costs_nothing(&fee->send_not_sir) || !costs_nothing(&fee->execution))
            break;
    }
    return count;
}

static void write_lists(const struct protocol_parameters *p, struct buffer *b)
{
    const uint32_t ext = listed_ext(p), actions = listed_actions(p);
    borsh_write_u32(b, ext);
    for (size_t i = 0; i < ext; i++) write_cost(b, p->ext[i]);
    borsh_write_u32(b, actions);
    for (size_t i = 0; i < actions; i++) {
        write_cost(b, p->action[i].send_sir);
        write_cost(b, p->action[i].send_not_sir);
        write_cost(b, p->action[i].execution);
    }
#define X(name) borsh_write_u64(b, p->limits.name);
#include "near/limits.def"
#undef X
#define X(name) borsh_write_bool(b, p->flags.name);
#include "near/flags.def"
#undef X
}

bool call_parameters_hash(const struct protocol_parameters *p, uint8_t out[CALL_HASH_SIZE])
{
    struct buffer b = {0};
    borsh_write_bytes(&b, bytes_of_string("nvm suspended call: parameters"));
    borsh_write_u32(&b, p->version);
    borsh_write_u32(&b, p->regular_op_cost);
    borsh_write_u64(&b, p->linear_op_base_cost);
    borsh_write_u64(&b, p->linear_op_unit_cost);
    write_lists(p, &b);
    borsh_write_u32(&b, p->flags.grow_mem_cost);
    borsh_write_u8(&b, (uint8_t)p->flags.vm_kind);
    borsh_write_u8(&b, (uint8_t)p->flags.storage_get_mode);
#define X(kind, name, path) write_##kind(&b, p->runtime.name);
#include "near/runtime_parameters.def"
#undef X
    return finish(&b, out);
}

/* ---- the context ------------------------------------------------------------------------------------------------- */

static void write_amounts(const struct call_context *c, struct buffer *b)
{
    borsh_write_u64(b, c->block_height);
    borsh_write_u64(b, c->block_timestamp);
    borsh_write_u64(b, c->epoch_height);
    borsh_write_u128(b, c->account_balance);
    borsh_write_u128(b, c->account_locked_balance);
    borsh_write_u128(b, c->attached_deposit);
    borsh_write_u64(b, c->storage_usage);
    borsh_write_u64(b, c->prepaid_gas);
    borsh_write_bool(b, c->is_view);
    borsh_write_u64(b, c->is_view ? c->view_max_gas : 0);
}

bool call_context_hash(const struct call_context *c, struct bytes method, uint8_t out[CALL_HASH_SIZE])
{
    struct buffer b = {0};
    borsh_write_bytes(&b, bytes_of_string("nvm suspended call: context"));
    borsh_write_bytes(&b, method);
    record_write_account_id(&c->current_account, &b);
    record_write_account_id(&c->signer_account, &b);
    record_write_account_id(&c->predecessor_account, &b);
    record_write_account_id(&c->refund_to_account, &b);
    borsh_write_bytes(&b, c->signer_public_key);
    borsh_write_bytes(&b, c->input);
    borsh_write_u64(&b, c->promise_result_count);
    for (size_t i = 0; i < c->promise_result_count; i++) {
        const struct promise_result *r = &c->promise_results[i];
        borsh_write_u8(&b, (uint8_t)r->kind);
        if (r->kind == PROMISE_SUCCESSFUL) borsh_write_bytes(&b, r->data);
    }
    write_amounts(c, &b);
    borsh_write_u8(&b, (uint8_t)c->contract_kind);
    if (c->contract_kind == CONTRACT_LOCAL || c->contract_kind == CONTRACT_GLOBAL_HASH)
        buffer_append(&b, c->contract_hash, sizeof c->contract_hash);
    if (c->contract_kind == CONTRACT_GLOBAL_ACCOUNT) record_write_account_id(&c->contract_account, &b);
    borsh_write_bytes(&b, c->random_seed);
    borsh_write_u64(&b, c->output_data_receiver_count);
    for (size_t i = 0; i < c->output_data_receiver_count; i++)
        record_write_account_id(&c->output_data_receivers[i], &b);
    return finish(&b, out);
}
