/* The scheduler. Every link saves up an allowance; requests on links that have saved most come first, and what is
 * granted is taken from the allowance, so that over time all links get the same. */
#include "runtime/bandwidth.h"

#include "base/borsh.h"
#include "crypto/chacha20.h"

/* A request by increases over what its link was granted before. */
struct pending {
    uint32_t sender, receiver;
    const uint8_t *bitmap;
    unsigned next;       /* value from which on the bitmap has not been looked at */
    uint64_t total;      /* asked for so far, the base included */
    uint64_t allowance;  /* of the link when it was queued */
    uint64_t turn;       /* counts what is queued */
};

struct scheduler {
    const struct bandwidth_parameters *b;
    const struct bandwidth_input *in;
    uint32_t shards;
    uint64_t values[BANDWIDTH_REQUEST_VALUES];
    bool *open;                             /* by link */
    uint64_t *allowances, *grants;          /* by link */
    uint64_t *sender_budgets, *receiver_budgets; /* by shard */
    struct pending *queue;                  /* a heap: first what is to be granted first */
    size_t queued;
    struct pending *tied;                   /* as large as the queue: those of equal allowance */
    uint64_t turns;
    struct chacha20 random;
};

/* ---- links ------------------------------------------------------------------------------------------------------- */

static size_t link_of(const struct scheduler *s, uint32_t sender, uint32_t receiver)
{
    return (size_t)sender * s->shards + receiver;
}

static bool is_open(const struct bandwidth_input *in, uint32_t sender, uint32_t receiver)
{
    const struct shard_status *to = &in->statuses[receiver], *from = &in->statuses[sender];
    if (!to->known || to->last_chunk_missing) return false;
    if (from->known && from->last_chunk_missing) return false;
    return !to->fully_congested || (to->has_allowed_sender && to->allowed_sender == sender);
}

static void load_allowances(struct scheduler *s, const struct bandwidth_scheduler_state *state)
{
    for (uint32_t i = 0; i < state->count; i++) {
        uint32_t sender, receiver; /* shards that are gone are left out */
        if (shard_index_of_id(s->in->layout, state->links[i].sender, &sender) &&
            shard_index_of_id(s->in->layout, state->links[i].receiver, &receiver))
            s->allowances[link_of(s, sender, receiver)] = state->links[i].allowance;
    }
}

static void increase_allowances(struct scheduler *s)
{
    const uint64_t fair = s->b->max_shard_bandwidth / s->shards, max = s->b->max_allowance;
    for (size_t i = 0; i < (size_t)s->shards * s->shards; i++) {
        const uint64_t allowance = s->allowances[i];
        s->allowances[i] = allowance >= max || max - allowance < fair ? max : allowance + fair;
    }
}

static bool try_grant(struct scheduler *s, uint32_t sender, uint32_t receiver, uint64_t bytes)
{
    const size_t link = link_of(s, sender, receiver);
    if (!s->open[link] || s->sender_budgets[sender] < bytes || s->receiver_budgets[receiver] < bytes) return false;
    s->sender_budgets[sender] -= bytes;
    s->receiver_budgets[receiver] -= bytes;
    s->allowances[link] -= s->allowances[link] < bytes ? s->allowances[link] : bytes;
    s->grants[link] += bytes;
    return true;
}

/* ---- the queue of requests --------------------------------------------------------------------------------------- */

static bool comes_before(const struct pending *a, const struct pending *b)
{
    return a->allowance != b->allowance ? a->allowance > b->allowance : a->turn < b->turn;
}

static void swap(struct pending *a, struct pending *b)
{
    const struct pending old = *a;
    *a = *b;
    *b = old;
}

/* Leaves p->next at the next value that is an increase; false: there is none. */
static bool asks_for_more(const struct scheduler *s, struct pending *p)
{
    for (; p->next < BANDWIDTH_REQUEST_VALUES; p->next++)
        if (p->bitmap[p->next / 8] >> p->next % 8 & 1 && s->values[p->next] > p->total) return true;
    return false;
}

/* Queues a request, unless nothing is left of it. There is always room. */
static void push(struct scheduler *s, struct pending p)
{
    if (!asks_for_more(s, &p)) return;
    p.allowance = s->allowances[link_of(s, p.sender, p.receiver)];
    p.turn = s->turns++;
    size_t at = s->queued++;
    s->queue[at] = p;
    for (; at && comes_before(&s->queue[at], &s->queue[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&s->queue[at], &s->queue[(at - 1) / 2]);
}

static struct pending pop(struct scheduler *s)
{
    const struct pending first = s->queue[0];
    s->queue[0] = s->queue[--s->queued];
    for (size_t at = 0;;) {
        size_t best = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < s->queued; child++)
            if (comes_before(&s->queue[child], &s->queue[best])) best = child;
        if (best == at) return first;
        swap(&s->queue[at], &s->queue[best]);
        at = best;
    }
}

/* Durstenfeld's shuffle, from the end, as rand 0.8 does it. */
static void shuffle(struct scheduler *s, size_t count)
{
    for (size_t i = count; i-- > 1;) swap(&s->tied[i], &s->tied[chacha20_below(&s->random, (uint32_t)i + 1)]);
}

static void grant_requests(struct scheduler *s)
{
    while (s->queued) {
        const uint64_t allowance = s->queue[0].allowance;
        size_t tied = 0;
        while (s->queued && s->queue[0].allowance == allowance) s->tied[tied++] = pop(s);
        shuffle(s, tied);
        for (size_t i = 0; i < tied; i++) {
            struct pending p = s->tied[i];
            const uint64_t value = s->values[p.next];
            if (!try_grant(s, p.sender, p.receiver, value - p.total)) continue;
            p.total = value;
            p.next++;
            push(s, p);
        }
    }
}

static enum status queue_requests(struct scheduler *s, struct arena *arena, struct error *e)
{
    const struct bandwidth_input *in = s->in;
    size_t count = 0;
    for (uint32_t i = 0; i < in->request_count; i++) count += in->requests[i].requests.count;
    if (count >= UINT32_MAX) return error_no_memory(e);
    s->queue = arena_array(arena, count, sizeof *s->queue);
    s->tied = arena_array(arena, count, sizeof *s->tied);
    if (!s->queue || !s->tied) return error_no_memory(e);
    for (uint32_t i = 0; i < in->request_count; i++) {
        struct pending p = {.total = s->b->base_bandwidth};
        if (!shard_index_of_id(in->layout, in->requests[i].shard_id, &p.sender)) continue;
        for (uint32_t j = 0; j < in->requests[i].requests.count; j++) {
            const struct bandwidth_request *r = &in->requests[i].requests.requests[j];
            p.bitmap = r->bitmap;
            if (shard_index_of_id(in->layout, r->to_shard, &p.receiver)) push(s, p);
        }
    }
    return STATUS_OK;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static enum status begin(struct scheduler *s, struct arena *arena, struct error *e)
{
    const uint32_t n = s->shards;
    s->open = arena_array(arena, n, n * sizeof *s->open);
    s->allowances = arena_array(arena, n, n * sizeof *s->allowances);
    s->grants = arena_array(arena, n, n * sizeof *s->grants);
    s->sender_budgets = arena_array(arena, n, sizeof *s->sender_budgets);
    s->receiver_budgets = arena_array(arena, n, sizeof *s->receiver_budgets);
    if (!s->open || !s->allowances || !s->grants || !s->sender_budgets || !s->receiver_budgets)
        return error_no_memory(e);
    for (uint32_t i = 0; i < n; i++) {
        s->sender_budgets[i] = s->receiver_budgets[i] = s->b->max_shard_bandwidth;
        for (uint32_t j = 0; j < n; j++) s->open[link_of(s, i, j)] = is_open(s->in, i, j);
    }
    bandwidth_values(s->b, s->values);
    chacha20_init(&s->random, s->in->seed);
    return STATUS_OK;
}

static enum status distribute(struct scheduler *s, struct arena *arena, struct error *e)
{
    uint64_t *more = arena_array(arena, s->shards, s->shards * sizeof *more);
    if (!more) return error_no_memory(e);
    const enum status status =
        bandwidth_distribute(s->sender_budgets, s->receiver_budgets, s->open, s->shards, arena, more, e);
    for (size_t i = 0; i < (size_t)s->shards * s->shards; i++) s->grants[i] += more[i];
    return status;
}

/* SHA-256 of the former one and of what the shards are: shards that disagree find out. */
static enum status update_sanity_check(const struct shard_layout *layout, struct crypto_hash *hash, struct error *e)
{
    struct buffer text = {0};
    borsh_write_u32(&text, layout->shard_count);
    for (uint32_t i = 0; i < layout->shard_count; i++) borsh_write_u64(&text, layout->shard_ids[i]);
    const bool ok = !text.failed;
    if (ok) {
        const struct crypto_hash shards = crypto_hash_of(bytes_of(text.data, text.size));
        uint8_t both[2 * CRYPTO_HASH_SIZE];
        memcpy(both, hash->bytes, CRYPTO_HASH_SIZE);
        memcpy(both + CRYPTO_HASH_SIZE, shards.bytes, CRYPTO_HASH_SIZE);
        *hash = crypto_hash_of(bytes_of(both, sizeof both));
    }
    buffer_free(&text);
    return ok ? STATUS_OK : error_no_memory(e);
}

static enum status save(const struct scheduler *s, struct bandwidth_scheduler_state *state, struct arena *arena,
                        struct error *e)
{
    const uint32_t n = s->shards;
    struct link_allowance *links = arena_array(arena, n, n * sizeof *links);
    if (!links) return error_no_memory(e);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            links[link_of(s, i, j)] = (struct link_allowance){
                s->in->layout->shard_ids[i], s->in->layout->shard_ids[j], s->allowances[link_of(s, i, j)]};
    state->links = links;
    state->count = n * n;
    return update_sanity_check(s->in->layout, &state->sanity_check_hash, e);
}

enum status bandwidth_schedule(const struct bandwidth_parameters *b, const struct bandwidth_input *in,
                               struct bandwidth_scheduler_state *state, struct arena *arena, const uint64_t **grants,
                               struct error *e)
{
    struct scheduler s = {.b = b, .in = in, .shards = in->layout->shard_count};
    if (s.shards > UINT16_MAX)
        return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "more than %d shards", UINT16_MAX);
    enum status status = begin(&s, arena, e);
    if (status != STATUS_OK) return status;
    load_allowances(&s, state);
    increase_allowances(&s);
    for (uint32_t i = 0; i < s.shards; i++)
        for (uint32_t j = 0; j < s.shards; j++) (void)try_grant(&s, i, j, b->base_bandwidth);
    status = queue_requests(&s, arena, e);
    if (status != STATUS_OK) return status;
    grant_requests(&s);
    status = distribute(&s, arena, e);
    if (status == STATUS_OK) status = save(&s, state, arena, e);
    *grants = s.grants;
    return status;
}
