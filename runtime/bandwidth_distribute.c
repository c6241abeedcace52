/* What is left after all requests, divided among the open links: shards with little for each link first, since those
 * that come later can make better use of what the others cannot. */
#include "runtime/bandwidth.h"

/* One side of links: a sender or a receiver. */
struct endpoint {
    uint64_t left;   /* bytes */
    uint64_t links;  /* that still share them */
};

static uint64_t share(const struct endpoint *p)
{
    return p->links ? p->left / p->links : 0;
}

/* The indices in ascending order of shares; equal ones keep their order. */
static uint32_t *order_by_share(const struct endpoint *points, uint32_t count, struct arena *arena)
{
    uint32_t *order = arena_array(arena, count, sizeof *order);
    if (!order) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        for (; at && share(&points[order[at - 1]]) > share(&points[i]); at--) order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

enum status bandwidth_distribute(const uint64_t *sender_budgets, const uint64_t *receiver_budgets, const bool *open,
                                 uint32_t shard_count, struct arena *arena, uint64_t *grants, struct error *e)
{
    struct endpoint *senders = arena_array(arena, shard_count, sizeof *senders);
    struct endpoint *receivers = arena_array(arena, shard_count, sizeof *receivers);
    if (!senders || !receivers) return error_no_memory(e);
    for (uint32_t i = 0; i < shard_count; i++) {
        senders[i].left = sender_budgets[i];
        receivers[i].left = receiver_budgets[i];
        for (uint32_t j = 0; j < shard_count; j++) {
            senders[i].links += open[(size_t)i * shard_count + j];
            receivers[i].links += open[(size_t)j * shard_count + i];
        }
    }
    const uint32_t *sender_order = order_by_share(senders, shard_count, arena);
    const uint32_t *receiver_order = order_by_share(receivers, shard_count, arena);
    if (!sender_order || !receiver_order) return error_no_memory(e);
    for (uint32_t i = 0; i < shard_count; i++) {
        for (uint32_t j = 0; j < shard_count; j++) {
            struct endpoint *sender = &senders[sender_order[i]], *receiver = &receivers[receiver_order[j]];
            const size_t link = (size_t)sender_order[i] * shard_count + receiver_order[j];
            if (!open[link]) continue;
            grants[link] = share(sender) < share(receiver) ? share(sender) : share(receiver);
            sender->left -= grants[link];
            receiver->left -= grants[link];
            sender->links--;
            receiver->links--;
        }
    }
    return STATUS_OK;
}
