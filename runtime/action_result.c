/* Results of actions: errors, lists, and how those of one action join those of its receipt. */
#include <stdlib.h>

#include "runtime/action_result.h"

struct action_error *action_fail(struct action_result *r, enum action_error_kind kind)
{
    r->failed = true;
    r->error = (struct action_error){.kind = kind};
    r->has_error_index = false;
    return &r->error;
}

/* Room for `extra` more elements of `size` bytes behind `count` in an array of the arena. */
static enum status grow(struct apply_state *s, void **array, uint32_t count, uint32_t *capacity, uint32_t extra,
                        size_t size, struct error *e)
{
    if (extra <= *capacity - count) return STATUS_OK;
    if (extra > UINT32_MAX / 2 - count) return error_no_memory(e);
    const uint32_t wanted = count + extra < 4 ? 4 : 2 * (count + extra);
    void *larger = arena_array(s->arena, wanted, size);
    if (!larger) return error_no_memory(e);
    if (count) memcpy(larger, *array, count * size);
    *array = larger;
    *capacity = wanted;
    return STATUS_OK;
}

static enum status add_all(struct apply_state *s, void *array, uint32_t *count, uint32_t *capacity, const void *items,
                           uint32_t item_count, size_t size, struct error *e)
{
    void *p;
    memcpy(&p, array, sizeof p);
    enum status status = grow(s, &p, *count, capacity, item_count, size, e);
    if (status != STATUS_OK) return status;
    memcpy(array, &p, sizeof p);
    if (item_count) memcpy((char *)p + *count * size, items, item_count * size);
    *count += item_count;
    return STATUS_OK;
}

enum status action_result_add_receipt(struct apply_state *s, struct action_result *r, const struct receipt *receipt,
                                      struct error *e)
{
    return add_all(s, &r->new_receipts, &r->new_receipt_count, &r->new_receipt_capacity, receipt, 1, sizeof *receipt,
                   e);
}

enum status action_result_add_proposal(struct apply_state *s, struct action_result *r,
                                       const struct validator_proposal *p, struct error *e)
{
    return add_all(s, &r->proposals, &r->proposal_count, &r->proposal_capacity, p, 1, sizeof *p, e);
}

enum status action_result_add_log(struct apply_state *s, struct action_result *r, struct bytes text, struct error *e)
{
    uint8_t *copy = arena_alloc(s->arena, text.size);
    if (!copy) return error_no_memory(e);
    if (text.size) memcpy(copy, text.data, text.size);
    const struct bytes log = bytes_of(copy, text.size);
    return add_all(s, &r->logs, &r->log_count, &r->log_capacity, &log, 1, sizeof log, e);
}

void action_result_set_error(struct action_result *r, const struct action_error *error)
{
    r->failed = true;
    r->error = *error;
    r->has_error_index = false;
    r->new_receipt_count = 0;
    r->proposal_count = 0;
    r->tokens_burnt = r->subsidized_amount = u128_of(0);
}

static bool add(uint64_t *sum, uint64_t more)
{
    if (more > UINT64_MAX - *sum) return false;
    *sum += more;
    return true;
}

enum status action_result_merge(struct apply_state *s, struct action_result *r, const struct action_result *next,
                                struct error *e)
{
    if (!add(&r->gas_burnt, next->gas_burnt) || !add(&r->gas_used, next->gas_used) ||
        !add(&r->gas_burnt_for_function_call, next->gas_burnt_for_function_call) ||
        !add(&r->compute_usage, next->compute_usage))
        return integer_overflow(e, "the gas of a receipt");
    gas_profile_add(&r->profile, &next->profile); /* each part is at most the gas burnt, whose sum was checked */
    enum status status = add_all(s, &r->logs, &r->log_count, &r->log_capacity, next->logs, next->log_count,
                                 sizeof *r->logs, e);
    if (status != STATUS_OK) return status;
    if (next->failed) {
        action_result_set_error(r, &next->error);
        return STATUS_OK;
    }
    r->return_kind = next->return_kind;
    r->return_value = next->return_value;
    r->return_receipt = next->return_receipt + r->new_receipt_count;
    if (!u128_add(r->tokens_burnt, next->tokens_burnt, &r->tokens_burnt) ||
        !u128_add(r->subsidized_amount, next->subsidized_amount, &r->subsidized_amount))
        return integer_overflow(e, "the tokens that a receipt burnt");
    status = add_all(s, &r->new_receipts, &r->new_receipt_count, &r->new_receipt_capacity, next->new_receipts,
                     next->new_receipt_count, sizeof *r->new_receipts, e);
    if (status != STATUS_OK) return status;
    return add_all(s, &r->proposals, &r->proposal_count, &r->proposal_capacity, next->proposals, next->proposal_count,
                   sizeof *r->proposals, e);
}
