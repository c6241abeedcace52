#include "proof/doors.h"

#include "json/json_writer.h"
#include "proof/tokens.h"
#include "runtime/cost.h"

static const struct {
    const char *name, *text;
    bool enters;
} doors[] = {
#define X(name, enters, json, text) [DOOR_##name] = {json, text, enters},
#include "proof/doors.def"
#undef X
};

bool proof_door_enters(enum proof_door door)
{
    return doors[door].enters;
}

const char *proof_door_name(enum proof_door door)
{
    return doors[door].name;
}

const char *proof_door_text(enum proof_door door)
{
    return doors[door].text;
}

/* ---- one receipt ------------------------------------------------------------------------------------------------- */

static const struct u128 most = {UINT64_MAX, UINT64_MAX};

/* Of a protocol version that is not known, without the fees of execution. */
static uint64_t gas_of(const struct protocol_parameters *p, const struct receipt *r)
{
    uint64_t gas = 0;
    if (p) return gas_of_receipt(p, r, &gas, NULL) == STATUS_OK ? gas : UINT64_MAX;
    return cost_prepaid_gas(r->action.actions, r->action.action_count, &gas) ? gas : UINT64_MAX;
}

struct receipt_tokens receipt_tokens_of(const struct protocol_parameters *p, const struct receipt *r)
{
    struct receipt_tokens out = {0};
    if (!receipt_has_actions(r)) return out;
    if (!cost_deposit(r->action.actions, r->action.action_count, &out.deposit)) out.deposit = most;
    if (account_id_is_system(&r->predecessor_id)) return out;
    out.gas = gas_of(p, r);
    if (!cost_gas_to_balance(out.gas, r->action.gas_price, &out.gas_value)) out.gas_value = most;
    return out;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

static void pass(struct proof_doors *d, enum proof_door door, struct u128 amount)
{
    if (!u128_add(d->amounts[door], amount, &d->amounts[door])) d->amounts[door] = most;
    d->unusual[door] |= doors[door].enters && !u128_equal(amount, u128_of(0)) && door != DOOR_GIVEN_GAS;
}

static enum status pass_receipt(struct proof_doors *d, const struct execution_proof *p, const struct proof_block *b,
                                struct bytes borsh, bool enters, struct error *e)
{
    struct arena arena = {0};
    struct receipt r;
    enum status status = receipt_from_borsh(borsh, &arena, &r, e);
    if (status == STATUS_OK) {
        const struct receipt_tokens t = receipt_tokens_of(parameters_of(p->protocol_version), &r);
        const bool system = account_id_is_system(&r.predecessor_id);
        if (system) pass(d, enters ? DOOR_GIVEN_REFUNDS : DOOR_SENT_REFUNDS, t.deposit);
        else pass(d, enters ? DOOR_GIVEN_DEPOSITS : DOOR_SENT_DEPOSITS, t.deposit);
        pass(d, enters ? DOOR_GIVEN_GAS : DOOR_SENT_GAS, t.gas_value);
        if (enters && t.gas && u128_less(b->context.gas_price, r.action.gas_price)) d->unusual[DOOR_GIVEN_GAS] = true;
    }
    arena_free(&arena);
    return status;
}

static enum status pass_block(struct proof_doors *d, const struct execution_proof *p, const struct proof_origins *o,
                              uint32_t index, struct error *e)
{
    const struct proof_block *b = &p->blocks[index];
    const struct validator_accounts_update *u = b->context.validator_update;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < b->incoming_count && status == STATUS_OK; i++)
        if (o->incoming[index][i].given) status = pass_receipt(d, p, b, b->incoming[i], true, e);
    for (uint32_t i = 0; i < b->outgoing_count && status == STATUS_OK; i++)
        if (!o->delivered[index][i]) status = pass_receipt(d, p, b, b->outgoing[i], false, e);
    for (uint32_t i = 0; u && i < u->reward_count; i++) pass(d, DOOR_REWARDS, u->rewards[i].amount);
    for (uint32_t i = 0; i < b->outcome_count; i++) pass(d, DOOR_BURNT, b->outcomes[i].outcome.tokens_burnt);
    return status;
}

enum status proof_doors_of(const struct execution_proof *p, const struct proof_origins *origins,
                           struct proof_doors *out, struct error *e)
{
    enum status status = STATUS_OK;
    *out = (struct proof_doors){0};
    for (uint32_t i = 0; i < p->block_count && status == STATUS_OK; i++) status = pass_block(out, p, origins, i, e);
    return status;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static void write_direction(struct json_writer *w, const struct proof_doors *d, const char *name, bool enters)
{
    json_write_name(w, name);
    json_write_open(w, '{');
    for (unsigned i = 0; i < DOOR_COUNT; i++) {
        if (doors[i].enters != enters) continue;
        json_write_name(w, doors[i].name);
        json_write_u128(w, d->amounts[i]);
    }
    json_write_close(w, '}');
}

void proof_doors_json(struct json_writer *w, const struct proof_doors *d)
{
    write_direction(w, d, "enters", true);
    write_direction(w, d, "leaves", false);
}
