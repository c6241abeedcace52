#include "runtime/call_receipts.h"

#include "host/action_copy.h"

/* Room for one more element of `size` bytes in an array of the arena; `array` is the address of the pointer. */
static bool grow(struct arena *arena, void *array, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity) return true;
    if (count > UINT32_MAX / 2) return false;
    const uint32_t wanted = count < 4 ? 4 : 2 * count;
    void *old, *larger = arena_array(arena, wanted, size);
    if (!larger) return false;
    memcpy(&old, array, sizeof old);
    if (count) memcpy(larger, old, count * size);
    memcpy(array, &larger, sizeof larger);
    *capacity = wanted;
    return true;
}

struct call_receipt *call_receipts_add(struct call_receipts *c, const struct account_id *receiver,
                                       struct crypto_hash *inputs, uint32_t input_count, uint64_t *index)
{
    if (!grow(c->arena, &c->receipts, c->receipt_count, &c->receipt_capacity, sizeof *c->receipts)) return NULL;
    struct call_receipt *r = &c->receipts[c->receipt_count];
    *r = (struct call_receipt){.receiver = *receiver, .inputs = inputs, .input_count = input_count};
    *index = c->receipt_count++;
    return r;
}

struct call_receipt *call_receipts_at(struct call_receipts *c, uint64_t index)
{
    return index < c->receipt_count ? &c->receipts[index] : NULL;
}

bool call_receipt_add_output(struct call_receipts *c, struct call_receipt *r, const struct data_receiver *to)
{
    if (!grow(c->arena, &r->outputs, r->output_count, &r->output_capacity, sizeof *r->outputs)) return false;
    r->outputs[r->output_count++] = *to;
    return true;
}

static bool add_weight(struct call_receipts *c, struct gas_weight weight)
{
    if (!grow(c->arena, &c->weights, c->weight_count, &c->weight_capacity, sizeof *c->weights)) return false;
    c->weights[c->weight_count++] = weight;
    return true;
}

bool call_receipt_add_action(struct call_receipts *c, uint64_t index, const struct action *a, uint64_t *action_index)
{
    struct call_receipt *r = &c->receipts[index];
    struct action copy;
    if (!action_copy(c->arena, a, &copy) ||
        !grow(c->arena, &r->actions, r->action_count, &r->action_capacity, sizeof *r->actions))
        return false;
    if (a->kind == ACTION_KIND_function_call) {
        const uint64_t weight = a->function_call.gas_weight;
        copy.function_call.gas_weight = 0;
        if (weight && !add_weight(c, (struct gas_weight){index, r->action_count, weight})) return false;
    }
    if (action_index) *action_index = r->action_count;
    r->actions[r->action_count++] = copy;
    return true;
}

bool call_receipts_add_resume(struct call_receipts *c, const struct crypto_hash *data_id, struct bytes data)
{
    const struct bytes copy = bytes_copy(c->arena, data);
    if (!copy.data || !grow(c->arena, &c->resumes, c->resume_count, &c->resume_capacity, sizeof *c->resumes))
        return false;
    c->resumes[c->resume_count++] = (struct call_resume){*data_id, copy};
    return true;
}

/* gas × weight / sum; less than gas, since no weight is above the sum. */
static uint64_t share(uint64_t gas, uint64_t weight, struct u128 sum)
{
    struct u128 product, quotient = u128_of(0), rest;
    u128_multiply(u128_of(gas), u128_of(weight), &product); /* of two numbers of 64 bits: fits */
    u128_divide(product, sum, &quotient, &rest);
    return quotient.low;
}

enum status call_receipts_distribute_gas(struct call_receipts *c, uint64_t gas, uint64_t *distributed,
                                         struct error *e)
{
    struct u128 sum = u128_of(0);
    uint64_t left = gas;
    *distributed = 0;
    for (uint32_t i = 0; i < c->weight_count; i++) u128_add(sum, u128_of(c->weights[i].weight), &sum);
    if (!c->weight_count || !gas) return STATUS_OK;
    for (uint32_t i = 0; i < c->weight_count; i++) {
        const struct gas_weight *w = &c->weights[i];
        struct action *call = &c->receipts[w->receipt].actions[w->action];
        const bool last = i + 1 == c->weight_count;
        const uint64_t assigned = last ? left : share(gas, w->weight, sum);
        if (assigned > UINT64_MAX - call->function_call.gas) return integer_overflow(e, "the gas of a promise");
        call->function_call.gas += assigned;
        left -= assigned;
    }
    *distributed = gas;
    return STATUS_OK;
}
