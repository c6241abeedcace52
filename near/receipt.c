#include "near/receipt.h"

const char *receipt_kind_name(enum receipt_kind kind)
{
    static const char *const names[RECEIPT_KIND_COUNT] = {
#define X(name, title, index) [RECEIPT_##name] = title,
#include "near/receipt_kinds.def"
#undef X
    };
    return (size_t)kind < RECEIPT_KIND_COUNT ? names[kind] : "unknown";
}

bool receipt_is_instant(const struct receipt *r)
{
    if (receipt_is_yield(r)) return true;
    return receipt_is_action(r) && r->action.action_count == 1 && r->action.input_data_id_count == 0 &&
           r->action.actions[0].kind == ACTION_KIND_delete_account;
}

const struct account_id *receipt_balance_refund_receiver(const struct receipt *r)
{
    return receipt_has_actions(r) && r->action.has_refund_to ? &r->action.refund_to : &r->predecessor_id;
}

bool receipt_prepaid_gas(const struct receipt *r, uint64_t *out)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; receipt_has_actions(r) && i < r->action.action_count; i++) {
        const uint64_t gas = action_prepaid_gas(&r->action.actions[i]);
        if (gas > UINT64_MAX - sum) return false;
        sum += gas;
    }
    *out = sum;
    return true;
}

/* ---- making receipts --------------------------------------------------------------------------------------------- */

/* A transfer that makes no refunds itself: it comes from "system" and its gas costs nothing. */
static enum status refund(const struct account_id *receiver, const struct account_id *signer, struct u128 amount,
                          const struct public_key *key, struct arena *arena, struct receipt *out, struct error *e)
{
    struct action *transfer = arena_alloc(arena, sizeof *transfer);
    if (!transfer) return error_no_memory(e);
    *transfer = (struct action){.kind = ACTION_KIND_transfer, .transfer.deposit = amount};
    *out = (struct receipt){
        .predecessor_id = account_id_of("system"),
        .receiver_id = *receiver,
        .kind = RECEIPT_action,
        .action = {.signer_id = *signer, .signer_public_key = key, .actions = transfer, .action_count = 1},
    };
    return STATUS_OK;
}

enum status receipt_balance_refund(const struct account_id *receiver, struct u128 amount, struct arena *arena,
                                   struct receipt *out, struct error *e)
{
    static const struct public_key nobody = {.type = KEY_ED25519};
    const struct account_id system = account_id_of("system");
    return refund(receiver, &system, amount, &nobody, arena, out, e);
}

enum status receipt_gas_refund(const struct account_id *receiver, struct u128 amount, const struct public_key *key,
                               struct arena *arena, struct receipt *out, struct error *e)
{
    return refund(receiver, receiver, amount, key, arena, out, e);
}

struct receipt receipt_data(const struct account_id *predecessor, const struct account_id *receiver,
                            const struct crypto_hash *data_id, bool has_data, struct bytes data)
{
    return (struct receipt){
        .predecessor_id = *predecessor,
        .receiver_id = *receiver,
        .kind = RECEIPT_data,
        .data = {.data_id = *data_id, .has_data = has_data, .data = data},
    };
}
