/* Accounts that come with their contract and state: deterministic ones (0s..., NEP-616), whose entries are added one
 * by one, and universal ones (0u...), whose state init is handed over as a whole. */
#include "host/promise.h"

#include "near/fees.h"

/* ---- deterministic ---------------------------------------------------------------------------------------------- */

static enum host_error state_init(struct host *h, const uint64_t *args, enum global_contract_mode mode,
                                  const char *function, uint64_t *action_index)
{
    struct promise_receipt receipt;
    struct action action = {.kind = ACTION_KIND_deterministic_state_init};
    TRY(promise_begin(h, function));
    TRY(promise_read_contract_id(h, mode, args[1], args[2], &action.deterministic_state_init.state_init.code));
    TRY(memory_read_u128(h, args[3], &action.deterministic_state_init.deposit));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_deterministic_state_init_base, 1, receipt.sir));
    TRY(host_deduct_balance(h, action.deterministic_state_init.deposit));
    return promise_append(h, receipt.index, &action, action_index);
}

enum host_error import_promise_batch_action_state_init(struct host *h, const uint64_t *args, uint64_t *result)
{
    return state_init(h, args, GLOBAL_BY_CODE_HASH, "promise_batch_action_state_init", result);
}

enum host_error import_promise_batch_action_state_init_by_account_id(struct host *h, const uint64_t *args,
                                                                     uint64_t *result)
{
    return state_init(h, args, GLOBAL_BY_ACCOUNT_ID, "promise_batch_action_state_init_by_account_id", result);
}

enum host_error import_set_state_init_data_entry(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    const struct external_state *external = h->external;
    struct promise_receipt receipt;
    struct bytes key, value;
    uint64_t action_index = args[1];
    TRY(promise_begin(h, "set_state_init_data_entry"));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(memory_or_register(h, args[2], args[3], &key));
    TRY(memory_or_register(h, args[4], args[5], &value));
    TRY(promise_pay_action(h, ACTION_deterministic_state_init_entry, 1, receipt.sir));
    TRY(promise_pay_action(h, ACTION_deterministic_state_init_byte, (uint64_t)key.size + value.size, receipt.sir));
    enum host_error r = external->functions->set_state_init_data_entry(external->self, receipt.index, action_index,
                                                                       key, value);
    if (r == HOST_InvalidActionIndex) return host_fail_numbers(h, r, receipt.index, action_index);
    return host_check(h, r);
}

/* ---- universal -------------------------------------------------------------------------------------------------- */

enum host_error import_universal_state_init_to_account_id(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct external_state *external = h->external;
    struct bytes init;
    TRY(gas_pay(&h->gas, EXT_universal_state_init_to_account_id_base));
    TRY(memory_or_register(h, args[0], args[1], &init));
    TRY(gas_pay_per(&h->gas, EXT_universal_state_init_to_account_id_byte, init.size));
    *result = STATE_INIT_VALID;
    if (h->parameters->flags.canonical_universal_state_init) {
        *result = external->functions->check_state_init(external->self, init);
        if (*result != STATE_INIT_VALID) return HOST_OK; /* the register stays as it is */
    }
    struct account_id account = account_id_universal(init);
    TRY(registers_write(&h->registers, &h->gas, args[2], account_id_bytes(&account)));
    return HOST_OK;
}

static enum host_error pay_terms(struct host *h, const struct fee_term terms[static 2], bool sir)
{
    for (size_t i = 0; i < 2; i++) TRY(promise_pay_action(h, terms[i].cost, terms[i].units, sir));
    return HOST_OK;
}

enum host_error import_promise_batch_action_universal_state_init(struct host *h, const uint64_t *args,
                                                                 uint64_t *result)
{
    (void)result;
    const struct external_state *external = h->external;
    struct promise_receipt receipt;
    struct bytes init;
    struct u128 amount;
    struct fee_term terms[2];
    TRY(promise_begin(h, "promise_batch_action_universal_state_init"));
    TRY(memory_or_register(h, args[1], args[2], &init));
    TRY(memory_read_u128(h, args[3], &amount));
    TRY(promise_receipt_of(h, args[0], &receipt));
    /* The bytes are paid before anybody looks into them. */
    universal_state_init_size_terms(init.size, terms);
    TRY(pay_terms(h, terms, receipt.sir));
    struct state_init_counts counts = external->functions->state_init_send_counts(
        external->self, init, h->parameters->flags.canonical_universal_state_init);
    universal_state_init_content_terms((struct universal_state_init_counts){init.size, counts.entries, counts.keys},
                                       terms);
    TRY(pay_terms(h, terms, receipt.sir));
    TRY(host_deduct_balance(h, amount));
    struct action action = {.kind = ACTION_KIND_universal_state_init, .universal_state_init = {init, amount}};
    return promise_append(h, receipt.index, &action, NULL);
}
