/* Actions that add and delete access keys. */
#include "host/promise.h"

enum host_error promise_read_key(struct host *h, uint64_t len, uint64_t ptr, struct promise_key *out)
{
    struct bytes data;
    TRY(memory_or_register(h, len, ptr, &data));
    out->valid = public_key_from_borsh(data, &out->key, NULL) == STATUS_OK &&
                 (out->key.type != KEY_ML_DSA_65 ||
                  h->external->functions->post_quantum_keys_enabled(h->external->self));
    return HOST_OK;
}

enum host_error promise_key_check(struct host *h, const struct promise_key *key)
{
    return key->valid ? HOST_OK : host_fail(h, HOST_InvalidPublicKey);
}

/* ---- method names ----------------------------------------------------------------------------------------------- */

enum host_error promise_check_method_names(struct host *h, struct bytes names)
{
    if (names.size == 0) return HOST_OK;
    bool in_name = false;
    for (size_t i = 0; i < names.size; i++) {
        bool comma = names.data[i] == ',';
        if (comma && !in_name) return host_fail(h, HOST_EmptyMethodName);
        in_name = !comma;
    }
    return in_name ? HOST_OK : host_fail(h, HOST_EmptyMethodName);
}

uint64_t promise_method_names_size(struct bytes names)
{
    /* Every comma, and the end of the list, stand for the end of a name. */
    return names.size == 0 ? 0 : (uint64_t)names.size + 1;
}

enum host_error promise_split_method_names(struct host *h, struct bytes names, const struct bytes **out,
                                           uint32_t *count)
{
    *out = NULL;
    *count = 0;
    if (names.size == 0) return HOST_OK;
    size_t n = 1;
    for (size_t i = 0; i < names.size; i++) n += names.data[i] == ',';
    struct bytes *list = n <= UINT32_MAX ? arena_array(h->arena, n, sizeof *list) : NULL;
    if (!list) return host_out_of_memory(h);
    size_t start = 0, filled = 0;
    for (size_t i = 0; i <= names.size; i++) {
        if (i < names.size && names.data[i] != ',') continue;
        list[filled++] = bytes_of(names.data + start, i - start);
        start = i + 1;
    }
    *out = list;
    *count = (uint32_t)n;
    return HOST_OK;
}

/* ---- actions ---------------------------------------------------------------------------------------------------- */

enum host_error import_promise_batch_action_add_key_with_full_access(struct host *h, const uint64_t *args,
                                                                     uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct promise_key key;
    TRY(promise_begin(h, "promise_batch_action_add_key_with_full_access"));
    TRY(promise_read_key(h, args[1], args[2], &key));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_add_full_access_key, 1, receipt.sir));
    TRY(promise_key_check(h, &key));
    struct action action = {
        .kind = ACTION_KIND_add_key,
        .add_key = {&key.key, {.nonce = args[3], .permission = PERMISSION_FULL_ACCESS}},
    };
    return promise_append(h, receipt.index, &action, NULL);
}

enum host_error import_promise_batch_action_add_key_with_function_call(struct host *h, const uint64_t *args,
                                                                       uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct promise_key key;
    struct account_id receiver;
    struct bytes names;
    struct access_key access = {.nonce = args[3], .permission = PERMISSION_FUNCTION_CALL};
    TRY(promise_begin(h, "promise_batch_action_add_key_with_function_call"));
    TRY(promise_read_key(h, args[1], args[2], &key));
    TRY(memory_read_u128(h, args[4], &access.allowance));
    access.has_allowance = !u128_equal(access.allowance, u128_of(0)); /* 0 means unlimited */
    TRY(memory_read_account_id(h, args[5], args[6], &receiver));
    access.receiver_id = account_id_bytes(&receiver);
    TRY(memory_or_register(h, args[7], args[8], &names));
    TRY(promise_check_method_names(h, names));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_add_function_call_key_base, 1, receipt.sir));
    TRY(promise_pay_action(h, ACTION_add_function_call_key_byte, promise_method_names_size(names), receipt.sir));
    TRY(promise_key_check(h, &key));
    TRY(promise_split_method_names(h, names, &access.method_names, &access.method_count));
    struct action action = {.kind = ACTION_KIND_add_key, .add_key = {&key.key, access}};
    return promise_append(h, receipt.index, &action, NULL);
}

enum host_error import_promise_batch_action_delete_key(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct promise_key key;
    TRY(promise_begin(h, "promise_batch_action_delete_key"));
    TRY(promise_read_key(h, args[1], args[2], &key));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_delete_key, 1, receipt.sir));
    TRY(promise_key_check(h, &key));
    struct action action = {.kind = ACTION_KIND_delete_key, .delete_key = {&key.key}};
    return promise_append(h, receipt.index, &action, NULL);
}
