/* Context API, economics API, validator API: what a contract can ask about its call. */
#include "host/context.h"

/* ---- into a register -------------------------------------------------------------------------------------------- */

static enum host_error account_to_register(struct host *h, uint64_t id, const struct account_id *account)
{
    return register_write(h, id, account_id_bytes(account));
}

enum host_error import_current_account_id(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    return account_to_register(h, args[0], &h->context->current_account);
}

enum host_error import_chain_id(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    return register_write(h, args[0], h->external->functions->chain_id(h->external->self));
}

enum host_error import_signer_account_id(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(host_prohibited_in_view(h, "signer_account_id"));
    return account_to_register(h, args[0], &h->context->signer_account);
}

enum host_error import_signer_account_pk(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(host_prohibited_in_view(h, "signer_account_pk"));
    return register_write(h, args[0], h->context->signer_public_key);
}

enum host_error import_predecessor_account_id(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(host_prohibited_in_view(h, "predecessor_account_id"));
    return account_to_register(h, args[0], &h->context->predecessor_account);
}

enum host_error import_refund_to_account_id(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(host_prohibited_in_view(h, "refund_to_account_id"));
    return account_to_register(h, args[0], &h->context->refund_to_account);
}

enum host_error import_input(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    return host_check(h, registers_write_shared(&h->registers, &h->gas, args[0], h->context->input));
}

enum host_error import_random_seed(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    return register_write(h, args[0], h->context->random_seed);
}

/* The result says of which kind the contract is; for no contract, the register stays as it was. */
enum host_error import_current_contract_code(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct call_context *c = h->context;
    TRY(gas_pay(&h->gas, EXT_base));
    switch (c->contract_kind) {
    case CONTRACT_NONE:
        *result = 0;
        return HOST_OK;
    case CONTRACT_LOCAL:
    case CONTRACT_GLOBAL_HASH:
        TRY(register_write(h, args[0], bytes_of(c->contract_hash, sizeof c->contract_hash)));
        *result = c->contract_kind == CONTRACT_LOCAL ? 1 : 2;
        return HOST_OK;
    case CONTRACT_GLOBAL_ACCOUNT:
        TRY(account_to_register(h, args[0], &c->contract_account));
        *result = 3;
        return HOST_OK;
    }
    return host_inconsistent(h, "the call's context has a contract of no known kind");
}

/* ---- as the result ---------------------------------------------------------------------------------------------- */

enum host_error import_block_index(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args;
    TRY(gas_pay(&h->gas, EXT_base));
    *result = h->context->block_height;
    return HOST_OK;
}

enum host_error import_block_timestamp(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args;
    TRY(gas_pay(&h->gas, EXT_base));
    *result = h->context->block_timestamp;
    return HOST_OK;
}

enum host_error import_epoch_height(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args;
    TRY(gas_pay(&h->gas, EXT_base));
    *result = h->context->epoch_height;
    return HOST_OK;
}

enum host_error import_storage_usage(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args;
    TRY(gas_pay(&h->gas, EXT_base));
    *result = h->storage_usage;
    return HOST_OK;
}

enum host_error import_prepaid_gas(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(host_prohibited_in_view(h, "prepaid_gas"));
    *result = h->context->prepaid_gas;
    return HOST_OK;
}

enum host_error import_used_gas(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(host_prohibited_in_view(h, "used_gas"));
    *result = gas_used(&h->gas);
    return HOST_OK;
}

/* ---- into memory, as 16 bytes ----------------------------------------------------------------------------------- */

enum host_error import_account_balance(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    return memory_write_u128(h, args[0], h->balance);
}

enum host_error import_account_locked_balance(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    return memory_write_u128(h, args[0], h->locked_balance);
}

enum host_error import_attached_deposit(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    return memory_write_u128(h, args[0], h->context->attached_deposit);
}

enum host_error import_validator_stake(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct account_id account;
    struct u128 stake = {0};
    bool found = false;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(memory_read_account_id(h, args[0], args[1], &account));
    TRY(gas_pay(&h->gas, EXT_validator_stake_base));
    TRY(h->external->functions->validator_stake(h->external->self, &account, &found, &stake));
    return memory_write_u128(h, args[2], found ? stake : u128_of(0));
}

enum host_error import_validator_total_stake(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct u128 stake = {0};
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(gas_pay(&h->gas, EXT_validator_total_stake_base));
    TRY(h->external->functions->validator_total_stake(h->external->self, &stake));
    return memory_write_u128(h, args[0], stake);
}
