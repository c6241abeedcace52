/* The life of a contract call's state, and how a call ends. */
#include "host/context.h"

#include <stdlib.h>

/* ---- the access tracker: what the external reads of the trie is paid for here ----------------------------------- */

static bool charge(struct access_tracker *t, enum ext_cost cost, uint64_t count)
{
    struct host *h = (struct host *)((char *)t - offsetof(struct host, tracker));
    return host_check(h, gas_pay_per(&h->gas, cost, count)) == HOST_OK;
}

static bool trie_node_touched(struct access_tracker *t, uint64_t count)
{
    return charge(t, EXT_touching_trie_node, count);
}

static bool cached_trie_node_access(struct access_tracker *t, uint64_t count)
{
    return charge(t, EXT_read_cached_trie_node, count);
}

static bool write_evicted_bytes(struct access_tracker *t, uint64_t bytes)
{
    return charge(t, EXT_storage_write_evicted_byte, bytes);
}

static bool removed_value_bytes(struct access_tracker *t, uint64_t bytes)
{
    return charge(t, EXT_storage_remove_ret_value_byte, bytes);
}

static const struct access_tracker tracker = {
    .trie_node_touched = trie_node_touched,
    .cached_trie_node_access = cached_trie_node_access,
    .write_evicted_bytes = write_evicted_bytes,
    .removed_value_bytes = removed_value_bytes,
};

/* ---- beginning and end ------------------------------------------------------------------------------------------ */

enum host_error host_init(struct host *h, const struct call_context *context,
                          const struct protocol_parameters *parameters, uint64_t max_gas_burnt,
                          struct external_state *external, struct arena *arena)
{
    *h = (struct host){
        .context = context,
        .parameters = parameters,
        .external = external,
        .locked_balance = context->account_locked_balance,
        .storage_usage = context->storage_usage,
        .tracker = tracker,
        .arena = arena,
    };
    if (!u128_add(context->account_balance, context->attached_deposit, &h->balance)) return HOST_IntegerOverflow;
    gas_counter_init(&h->gas, parameters, context->is_view ? context->view_max_gas : max_gas_burnt,
                     context->prepaid_gas, context->is_view);
    h->storage_proof_base = external->functions->storage_proof_size_before_receipt(external->self);
    return HOST_OK;
}

void host_release(struct host *h)
{
    registers_free(&h->registers);
    free(h->promises);
    buffer_free(&h->scratch);
    h->promises = NULL;
    h->promise_count = h->promise_capacity = 0;
}

struct bytes host_copy(struct host *h, struct bytes data)
{
    uint8_t *copy = arena_alloc(h->arena, data.size);
    if (!copy) {
        h->no_memory = true;
        return (struct bytes){0};
    }
    if (data.size) memcpy(copy, data.data, data.size);
    return bytes_of(copy, data.size);
}

enum host_error host_deduct_balance(struct host *h, struct u128 amount)
{
    return u128_subtract(h->balance, amount, &h->balance) ? HOST_OK : host_fail(h, HOST_BalanceExceeded);
}

/* ---- faults ----------------------------------------------------------------------------------------------------- */

enum host_error host_fail_numbers(struct host *h, enum host_error error, uint64_t a, uint64_t b)
{
    h->fault = (struct host_fault){.error = error, .a = a, .b = b};
    return error;
}

enum host_error host_fail(struct host *h, enum host_error error)
{
    return host_fail_numbers(h, error, 0, 0);
}

enum host_error host_fail_text(struct host *h, enum host_error error, struct bytes text)
{
    struct bytes copy = host_copy(h, text);
    if (!copy.data) return host_out_of_memory(h);
    h->fault = (struct host_fault){.error = error, .text = copy};
    return error;
}

enum host_error host_out_of_memory(struct host *h)
{
    h->no_memory = true;
    return host_fail(h, HOST_EXTERNAL_FAILURE);
}

enum host_error host_inconsistent(struct host *h, const char *what)
{
    error_set(&h->external->error, STATUS_INVALID, 0, ERROR_NO_OFFSET, "inconsistent state: %s", what);
    return host_fail(h, HOST_EXTERNAL_FAILURE);
}

enum host_error host_prohibited_in_view(struct host *h, const char *function)
{
    if (!h->context->is_view) return HOST_OK;
    h->fault = (struct host_fault){.error = HOST_ProhibitedInView, .text = bytes_of_string(function)};
    return HOST_ProhibitedInView;
}

enum host_error host_check(struct host *h, enum host_error r)
{
    if (r == HOST_OK) return HOST_OK;
    if (h->fault.error != HOST_OK) return h->fault.error;
    if (r == HOST_STOPPED) return host_inconsistent(h, "a storage access was stopped, but nobody had asked for it");
    /* Whatever fails without an explanation by the external failed for lack of memory. */
    const struct external_state *x = h->external;
    if (r == HOST_EXTERNAL_FAILURE && (x->error.status == STATUS_OK || x->error.status == STATUS_NO_MEMORY))
        return host_out_of_memory(h);
    return host_fail_numbers(h, r, x->fault_a, x->fault_b);
}
