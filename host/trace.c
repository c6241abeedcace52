#include "host/trace.h"

#include <stdlib.h>

#include "base/array.h"
#include "host/context.h"

void trace_free(struct call_trace *t)
{
    free(t->nodes);
    *t = (struct call_trace){0};
}

struct bytes trace_name(const struct trace_node *n)
{
    switch ((enum trace_kind)n->kind) {
    case TRACE_HOST: return bytes_of_string(import_at(n->index)->name);
    case TRACE_EXT_COST: return bytes_of_string(ext_cost_name(n->index));
    case TRACE_ACTION_COST: return bytes_of_string(action_cost_name(n->index));
    case TRACE_ROOT: case TRACE_LOADING: case TRACE_FUNCTION: break;
    }
    return (struct bytes){0};
}

static uint32_t add_node(struct call_trace *t, enum trace_kind kind, uint32_t index, uint32_t parent)
{
    if (t->count == TRACE_MOST_NODES) return TRACE_NONE;
    if (!array_grow(&t->nodes, t->count, &t->capacity, sizeof *t->nodes)) {
        t->failed = true;
        return TRACE_NONE;
    }
    t->nodes[t->count] = (struct trace_node){.kind = (uint8_t)kind, .index = index, .parent = parent,
                                             .first_child = TRACE_NONE, .next_sibling = TRACE_NONE};
    return t->count++;
}

/* The child of the current node, made if it is new. What was found comes first next time. */
static uint32_t child(struct call_trace *t, enum trace_kind kind, uint32_t index)
{
    uint32_t *link = &t->nodes[t->current].first_child;
    while (*link != TRACE_NONE) {
        struct trace_node *n = &t->nodes[*link];
        if (n->kind == kind && n->index == index) {
            uint32_t found = *link, *first = &t->nodes[t->current].first_child;
            *link = n->next_sibling;
            n->next_sibling = *first;
            *first = found;
            return found;
        }
        link = &n->next_sibling;
    }
    uint32_t added = add_node(t, kind, index, t->current);
    if (added == TRACE_NONE) return added;
    t->nodes[added].next_sibling = t->nodes[t->current].first_child;
    t->nodes[t->current].first_child = added;
    return added;
}

void trace_begin(struct call_trace *t)
{
    t->count = t->current = t->lost_depth = 0;
    t->gas_left = 0;
    t->failed = false;
    add_node(t, TRACE_ROOT, 0, TRACE_NONE);
}

void trace_enter(struct call_trace *t, enum trace_kind kind, uint32_t index)
{
    if (t->count == 0) return;
    uint32_t to = t->lost_depth ? TRACE_NONE : child(t, kind, index);
    if (to == TRACE_NONE) {
        t->lost_depth++;
        return;
    }
    t->nodes[to].calls++;
    t->current = to;
}

void trace_leave(struct call_trace *t)
{
    if (t->lost_depth) t->lost_depth--;
    else if (t->count && t->nodes[t->current].parent != TRACE_NONE) t->current = t->nodes[t->current].parent;
}

void trace_spend(struct call_trace *t, uint64_t gas_left)
{
    if (t->count && t->gas_left > gas_left) t->nodes[t->current].own_gas += t->gas_left - gas_left;
    t->gas_left = gas_left;
}

/* Returns what was spent. */
static uint64_t spend_on(struct call_trace *t, enum trace_kind kind, uint32_t index, uint64_t before, uint64_t after)
{
    if (after <= before) return 0;
    uint32_t n = child(t, kind, index);
    if (n == TRACE_NONE) n = t->current;
    else t->nodes[n].calls++;
    t->nodes[n].own_gas += after - before;
    return after - before;
}

void trace_costs(struct call_trace *t, uint64_t burnt, const struct gas_profile *before,
                 const struct gas_profile *after)
{
    if (t->count == 0) return;
    uint64_t known = 0;
    for (uint32_t i = 0; i < EXT_COST_COUNT; i++)
        known += spend_on(t, TRACE_EXT_COST, i, before->ext[i], after->ext[i]);
    for (uint32_t i = 0; i < ACTION_COST_COUNT; i++)
        known += spend_on(t, TRACE_ACTION_COST, i, before->action[i], after->action[i]);
    if (burnt > known) t->nodes[t->current].own_gas += burnt - known;
}

void trace_end(struct call_trace *t, uint64_t burnt)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < t->count; i++) sum += t->nodes[i].own_gas;
    if (t->count && burnt > sum) t->nodes[t->current].own_gas += burnt - sum;
    for (uint32_t i = t->count; i > 0 && sum > burnt; i--) {
        uint64_t *own = &t->nodes[i == t->count ? t->current : i].own_gas;
        uint64_t less = sum - burnt < *own ? sum - burnt : *own;
        *own -= less;
        sum -= less;
    }
}
