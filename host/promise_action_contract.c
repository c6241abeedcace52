/* Actions that deploy contracts, of the account's own and global ones. */
#include "host/promise.h"

enum host_error promise_read_contract_id(struct host *h, enum global_contract_mode mode, uint64_t len, uint64_t ptr,
                                         struct global_contract_id *out)
{
    out->mode = mode;
    if (mode == GLOBAL_BY_ACCOUNT_ID) return memory_read_account_id(h, len, ptr, &out->account_id);
    struct bytes hash;
    TRY(memory_or_register(h, len, ptr, &hash));
    if (hash.size != sizeof out->code_hash) return host_fail(h, HOST_ContractCodeHashMalformed);
    memcpy(out->code_hash, hash.data, sizeof out->code_hash);
    return HOST_OK;
}

/* Code in memory or in a register, no longer than a contract may be. */
static enum host_error read_code(struct host *h, uint64_t len, uint64_t ptr, struct bytes *out)
{
    uint64_t limit = h->parameters->limits.max_contract_size;
    TRY(memory_or_register(h, len, ptr, out));
    if (out->size > limit) return host_fail_numbers(h, HOST_ContractSizeExceeded, out->size, limit);
    return HOST_OK;
}

enum host_error import_promise_batch_action_deploy_contract(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct bytes code;
    TRY(promise_begin(h, "promise_batch_action_deploy_contract"));
    TRY(read_code(h, args[1], args[2], &code));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_deploy_contract_base, 1, receipt.sir));
    TRY(promise_pay_action(h, ACTION_deploy_contract_byte, code.size, receipt.sir));
    struct action action = {.kind = ACTION_KIND_deploy_contract, .deploy_contract = {code}};
    return promise_append(h, receipt.index, &action, NULL);
}

static enum host_error deploy_global(struct host *h, const uint64_t *args, enum global_contract_mode mode,
                                     const char *function)
{
    struct promise_receipt receipt;
    struct bytes code;
    TRY(promise_begin(h, function));
    TRY(read_code(h, args[1], args[2], &code));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_deploy_global_contract_base, 1, receipt.sir));
    TRY(promise_pay_action(h, ACTION_deploy_global_contract_byte, code.size, receipt.sir));
    struct action action = {.kind = ACTION_KIND_deploy_global_contract, .deploy_global_contract = {code, mode}};
    return promise_append(h, receipt.index, &action, NULL);
}

enum host_error import_promise_batch_action_deploy_global_contract(struct host *h, const uint64_t *args,
                                                                   uint64_t *result)
{
    (void)result;
    return deploy_global(h, args, GLOBAL_BY_CODE_HASH, "promise_batch_action_deploy_global_contract");
}

enum host_error import_promise_batch_action_deploy_global_contract_by_account_id(struct host *h,
                                                                                 const uint64_t *args,
                                                                                 uint64_t *result)
{
    (void)result;
    return deploy_global(h, args, GLOBAL_BY_ACCOUNT_ID, "promise_batch_action_deploy_global_contract_by_account_id");
}

static enum host_error use_global(struct host *h, const uint64_t *args, enum global_contract_mode mode,
                                  const char *function)
{
    struct promise_receipt receipt;
    struct action action = {.kind = ACTION_KIND_use_global_contract};
    struct global_contract_id *contract = &action.use_global_contract.contract;
    TRY(promise_begin(h, function));
    TRY(promise_read_contract_id(h, mode, args[1], args[2], contract));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_use_global_contract_base, 1, receipt.sir));
    TRY(promise_pay_action(h, ACTION_use_global_contract_byte, global_contract_id_size(contract), receipt.sir));
    return promise_append(h, receipt.index, &action, NULL);
}

enum host_error import_promise_batch_action_use_global_contract(struct host *h, const uint64_t *args,
                                                                uint64_t *result)
{
    (void)result;
    return use_global(h, args, GLOBAL_BY_CODE_HASH, "promise_batch_action_use_global_contract");
}

enum host_error import_promise_batch_action_use_global_contract_by_account_id(struct host *h, const uint64_t *args,
                                                                              uint64_t *result)
{
    (void)result;
    return use_global(h, args, GLOBAL_BY_ACCOUNT_ID, "promise_batch_action_use_global_contract_by_account_id");
}
