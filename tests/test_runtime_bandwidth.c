/* Bandwidth between shards: the generator that breaks ties, parameters, requests, what is left over, and the scheduler:
 * known small cases, and what must hold for any input. */
#include "crypto/chacha20.h"
#include "runtime/bandwidth.h"
#include "tests/test.h"

enum { MAX_SHARDS = 12 };

/* ---- pseudo-random numbers --------------------------------------------------------------------------------------- */

/* What rand 0.8 and rand_chacha 0.3 print for the seed 3, 10, 17, ... */
static void test_generator(void)
{
    static const uint32_t words[] = {0x9cc0547a, 0x1ab1271d, 0x07eb3b19};
    static const struct { uint32_t bound, number; } below[] = {
        {2, 0}, {3, 0}, {5, 3}, {10, 2}, {1000, 159}, {2147483648, 1742878936}, {2147483649, 1826515584},
        {4294967295, 212640605}};
    static const uint32_t shuffled[] = {19, 12, 11, 23, 20, 0,  4, 22, 28, 10, 24, 16, 14, 5,  2,
                                        26, 3,  8,  21, 7,  17, 6, 25, 1,  9,  13, 15, 27, 18, 29};
    uint8_t seed[CHACHA20_SEED_SIZE];
    struct chacha20 random;
    test_begin("chacha20");
    for (unsigned i = 0; i < sizeof seed; i++) seed[i] = (uint8_t)(7 * i + 3);
    chacha20_init(&random, seed);
    for (unsigned i = 0; i < 3; i++) CHECK_EQUAL(chacha20_next(&random), words[i]);
    for (unsigned i = 0; i < sizeof below / sizeof *below; i++)
        CHECK_EQUAL(chacha20_below(&random, below[i].bound), below[i].number);
    for (uint32_t i = 2; i > 1; i--) CHECK(chacha20_below(&random, i) < i); /* lists of 2 and 5, shuffled there */
    for (uint32_t i = 5; i > 1; i--) CHECK(chacha20_below(&random, i) < i);
    uint32_t list[30];
    for (uint32_t i = 0; i < 30; i++) list[i] = i;
    for (uint32_t i = 30; i-- > 1;) {
        const uint32_t j = chacha20_below(&random, i + 1), old = list[i];
        list[i] = list[j];
        list[j] = old;
    }
    CHECK(memcmp(list, shuffled, sizeof list) == 0);
    CHECK_EQUAL(chacha20_next(&random), 0xa367226c);
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static void test_parameters(void)
{
    const struct protocol_parameters *p = parameters_of(84);
    test_begin("parameters");
    const struct bandwidth_parameters one = bandwidth_parameters_of(p, 1), six = bandwidth_parameters_of(p, 6);
    CHECK_EQUAL(one.max_shard_bandwidth, 4500000);
    CHECK_EQUAL(one.max_single_grant, 4194304);
    CHECK_EQUAL(one.base_bandwidth, 100000);
    CHECK_EQUAL(six.base_bandwidth, (4500000 - 4194304) / 5);
    uint64_t values[BANDWIDTH_REQUEST_VALUES];
    bandwidth_values(&six, values);
    CHECK_EQUAL(values[BANDWIDTH_REQUEST_VALUES - 1], six.max_single_grant);
    CHECK_EQUAL(values[0], six.base_bandwidth + (six.max_single_grant - six.base_bandwidth) / 40);
}

static unsigned bits(const struct bandwidth_asker *a)
{
    unsigned count = 0;
    for (unsigned i = 0; i < BANDWIDTH_REQUEST_VALUES; i++) count += a->request.bitmap[i / 8] >> i % 8 & 1;
    return count;
}

static void test_requests(void)
{
    const struct bandwidth_parameters b = bandwidth_parameters_of(parameters_of(84), 6);
    struct bandwidth_asker a;
    test_begin("requests");
    bandwidth_asker_init(&a, &b);
    bandwidth_asker_add(&a, b.base_bandwidth);
    CHECK(!bandwidth_asker_needs(&a));
    bandwidth_asker_add(&a, 1);
    CHECK(bandwidth_asker_needs(&a));
    CHECK_EQUAL(a.request.bitmap[0], 1);
    bandwidth_asker_add(&a, 1); /* covered by the same value */
    CHECK_EQUAL(bits(&a), 1);
    bandwidth_asker_add(&a, b.max_single_grant - b.base_bandwidth - 2);
    CHECK_EQUAL(bits(&a), 2);
    CHECK_EQUAL(a.request.bitmap[4], 0x80);
    bandwidth_asker_add(&a, 1); /* more than can be asked for */
    CHECK(a.full && bits(&a) == 2);
    bandwidth_asker_add(&a, UINT64_MAX);
    CHECK_EQUAL(bits(&a), 2);
}

/* ---- the rest of the budgets ------------------------------------------------------------------------------------- */

static void test_distribute(void)
{
    struct arena arena = {0};
    uint64_t grants[9] = {0};
    test_begin("what is left over");
    const uint64_t even[3] = {90, 90, 90};
    const bool all[9] = {true, true, true, true, true, true, true, true, true};
    CHECK(bandwidth_distribute(even, even, all, 3, &arena, grants, NULL) == STATUS_OK);
    for (unsigned i = 0; i < 9; i++) CHECK_EQUAL(grants[i], 30);
    /* Shard 1 can take little: what others cannot send there goes to 0 and 2. */
    const uint64_t receivers[3] = {90, 9, 90};
    memset(grants, 0, sizeof grants);
    CHECK(bandwidth_distribute(even, receivers, all, 3, &arena, grants, NULL) == STATUS_OK);
    for (unsigned i = 0; i < 3; i++) {
        CHECK_EQUAL(grants[3 * i + 1], 3);
        CHECK(grants[3 * i] >= 28 && grants[3 * i + 2] >= 28);
    }
    /* Only 0 → 1 is open. */
    const bool single[9] = {[1] = true};
    memset(grants, 0, sizeof grants);
    CHECK(bandwidth_distribute(even, receivers, single, 3, &arena, grants, NULL) == STATUS_OK);
    for (unsigned i = 0; i < 9; i++) CHECK_EQUAL(grants[i], i == 1 ? 9 : 0);
    arena_free(&arena);
}

/* ---- the scheduler ----------------------------------------------------------------------------------------------- */

struct network {
    uint64_t ids[MAX_SHARDS];
    struct shard_layout layout;
    struct shard_status statuses[MAX_SHARDS];
    struct bandwidth_request requests[MAX_SHARDS][MAX_SHARDS];
    struct shard_bandwidth_requests senders[MAX_SHARDS];
    uint8_t seed[32];
    struct bandwidth_parameters b;
    struct bandwidth_input in;
};

static void network_of(struct network *n, uint32_t shards)
{
    *n = (struct network){0};
    n->layout = (struct shard_layout){.shard_ids = n->ids, .shard_count = shards};
    for (uint32_t i = 0; i < shards; i++) {
        n->ids[i] = 100 + i;
        n->statuses[i].known = true;
        n->senders[i] = (struct shard_bandwidth_requests){100 + i, {n->requests[i], 0}};
    }
    n->b = bandwidth_parameters_of(parameters_of(84), shards);
    n->in = (struct bandwidth_input){&n->layout, n->statuses, n->senders, shards, n->seed};
}

static void ask(struct network *n, uint32_t from, uint32_t to, unsigned value)
{
    struct bandwidth_requests *r = &n->senders[from].requests;
    struct bandwidth_request *request = NULL;
    for (uint32_t i = 0; i < r->count; i++)
        if (r->requests[i].to_shard == 100 + to) request = &r->requests[i];
    if (!request) {
        request = &r->requests[r->count++];
        *request = (struct bandwidth_request){.to_shard = (uint16_t)(100 + to)};
    }
    request->bitmap[value / 8] |= (uint8_t)(1u << value % 8);
}

static void test_single_requests(void)
{
    struct arena arena = {0};
    struct network n;
    const uint64_t *grants = NULL;
    test_begin("single requests");
    network_of(&n, 3);
    ask(&n, 0, 1, BANDWIDTH_REQUEST_VALUES - 1);
    struct bandwidth_scheduler_state state = {0};
    CHECK(bandwidth_schedule(&n.b, &n.in, &state, &arena, &grants, NULL) == STATUS_OK);
    CHECK(grants[1] < n.b.max_single_grant + n.b.max_shard_bandwidth - 3 * n.b.base_bandwidth);
    CHECK(grants[1] >= n.b.max_single_grant); /* nobody else wants it */
    CHECK_EQUAL(state.count, 9);
    CHECK_EQUAL(state.links[1].allowance, 0); /* used up: 1.5 MB saved, 4 MB granted */
    CHECK_EQUAL(state.links[0].allowance, n.b.max_shard_bandwidth / 3 - n.b.base_bandwidth);
    /* Nothing goes to shards that are unknown, missed a chunk or are full, but from the allowed one. */
    n.statuses[0].known = false;
    n.statuses[1].last_chunk_missing = true;
    n.statuses[2] = (struct shard_status){
        .known = true, .fully_congested = true, .has_allowed_sender = true, .allowed_sender = 0};
    CHECK(bandwidth_schedule(&n.b, &n.in, &state, &arena, &grants, NULL) == STATUS_OK);
    for (unsigned i = 0; i < 9; i++) CHECK(i == 2 ? grants[i] >= n.b.base_bandwidth : grants[i] == 0);
    arena_free(&arena);
}

static void random_network(struct network *n, struct chacha20 *random)
{
    network_of(n, 1 + chacha20_below(random, MAX_SHARDS));
    for (uint32_t i = 0; i < n->layout.shard_count; i++) {
        n->statuses[i].last_chunk_missing = chacha20_below(random, 10) == 0;
        n->statuses[i].fully_congested = chacha20_below(random, 5) == 0;
        n->statuses[i].has_allowed_sender = chacha20_below(random, 5) != 0;
        n->statuses[i].allowed_sender = chacha20_below(random, n->layout.shard_count);
        for (uint32_t j = 0; j < n->layout.shard_count; j++)
            for (uint32_t k = chacha20_below(random, 6); k; k--)
                ask(n, i, j, chacha20_below(random, BANDWIDTH_REQUEST_VALUES));
    }
    for (unsigned i = 0; i < sizeof n->seed; i++) n->seed[i] = (uint8_t)chacha20_below(random, 256);
}

static bool is_closed(const struct network *n, uint32_t from, uint32_t to)
{
    const struct shard_status *s = &n->statuses[to];
    if (s->last_chunk_missing || n->statuses[from].last_chunk_missing) return true;
    return s->fully_congested && !(s->has_allowed_sender && s->allowed_sender == from);
}

/* Budgets hold, closed links get nothing, open ones their base; the same input gives the same result. */
static void check_grants(const struct network *n, const uint64_t *grants, const struct bandwidth_scheduler_state *s)
{
    const uint32_t count = n->layout.shard_count;
    bool budgets = true, closed = true, base = true, allowances = true;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t sent = 0, received = 0;
        for (uint32_t j = 0; j < count; j++) {
            sent += grants[i * count + j];
            received += grants[j * count + i];
            if (is_closed(n, i, j)) closed &= grants[i * count + j] == 0;
            else base &= grants[i * count + j] >= n->b.base_bandwidth;
            allowances &= s->links[i * count + j].allowance <= n->b.max_allowance;
        }
        budgets &= sent <= n->b.max_shard_bandwidth && received <= n->b.max_shard_bandwidth;
    }
    CHECK(budgets && closed && base && allowances);
}

static void test_random_networks(void)
{
    static const uint8_t seed[32] = {1};
    struct chacha20 random;
    struct network n;
    test_begin("random networks");
    chacha20_init(&random, seed);
    for (unsigned round = 0; round < 300; round++) {
        struct arena arena = {0};
        struct bandwidth_scheduler_state state = {0}, again = {0};
        const uint64_t *grants = NULL, *same = NULL;
        random_network(&n, &random);
        for (unsigned block = 0; block < 4; block++) {
            again = state;
            if (!CHECK(bandwidth_schedule(&n.b, &n.in, &state, &arena, &grants, NULL) == STATUS_OK)) break;
            CHECK(bandwidth_schedule(&n.b, &n.in, &again, &arena, &same, NULL) == STATUS_OK);
            const size_t links = (size_t)n.layout.shard_count * n.layout.shard_count;
            CHECK(memcmp(grants, same, links * sizeof *grants) == 0);
            CHECK(crypto_hash_equal(&state.sanity_check_hash, &again.sanity_check_hash));
            check_grants(&n, grants, &state);
        }
        arena_free(&arena);
    }
}

/* All links of three shards ask for all that there is: a shard can give it to one other, and chance says to whom. The
 * receivers for seeds 0, 1, ... are known from rand's own shuffle. */
static void test_ties(void)
{
    static const uint32_t receivers[8][3] = {{0, 2, 1}, {1, 2, 0}, {2, 0, 1}, {1, 2, 0},
                                             {2, 1, 0}, {0, 1, 2}, {2, 0, 1}, {2, 0, 1}};
    test_begin("ties");
    for (unsigned seed = 0; seed < 8; seed++) {
        struct arena arena = {0};
        struct bandwidth_scheduler_state state = {0};
        struct network n;
        const uint64_t *grants = NULL;
        network_of(&n, 3);
        for (uint32_t i = 0; i < 9; i++) ask(&n, i / 3, i % 3, BANDWIDTH_REQUEST_VALUES - 1);
        n.seed[0] = (uint8_t)seed;
        CHECK(bandwidth_schedule(&n.b, &n.in, &state, &arena, &grants, NULL) == STATUS_OK);
        for (uint32_t i = 0; grants && i < 9; i++)
            CHECK_EQUAL(grants[i], i % 3 == receivers[seed][i / 3] ? 4229536 : 135232);
        arena_free(&arena);
    }
}

/* ---- the same, done plainly ------------------------------------------------------------------------------------- */

/* A request in a list that is searched from the start each time. */
struct plain_request {
    uint32_t from, to;
    const uint8_t *bitmap;
    uint64_t total, allowance;
    bool queued;
};

struct plain {
    const struct network *n;
    uint64_t allowances[MAX_SHARDS][MAX_SHARDS], grants[MAX_SHARDS][MAX_SHARDS], sent[MAX_SHARDS], received[MAX_SHARDS];
    struct plain_request list[20000]; /* whoever asks again stands behind all others */
    size_t count;
    struct chacha20 random;
};

static bool plain_grant(struct plain *p, uint32_t from, uint32_t to, uint64_t bytes)
{
    const uint64_t max = p->n->b.max_shard_bandwidth;
    if (is_closed(p->n, from, to) || p->sent[from] + bytes > max || p->received[to] + bytes > max) return false;
    p->sent[from] += bytes;
    p->received[to] += bytes;
    p->grants[from][to] += bytes;
    p->allowances[from][to] = p->allowances[from][to] > bytes ? p->allowances[from][to] - bytes : 0;
    return true;
}

/* The smallest value above `total` that is asked for; 0: none. */
static uint64_t plain_next(const struct plain *p, const struct plain_request *r)
{
    uint64_t values[BANDWIDTH_REQUEST_VALUES];
    bandwidth_values(&p->n->b, values);
    for (unsigned i = 0; i < BANDWIDTH_REQUEST_VALUES; i++)
        if (r->bitmap[i / 8] >> i % 8 & 1 && values[i] > r->total) return values[i];
    return 0;
}

static void plain_queue(struct plain *p, struct plain_request r)
{
    r.queued = plain_next(p, &r) != 0;
    r.allowance = p->allowances[r.from][r.to];
    if (r.queued && p->count < sizeof p->list / sizeof *p->list) p->list[p->count++] = r;
}

static void plain_requests(struct plain *p)
{
    for (;;) {
        struct plain_request tied[MAX_SHARDS * MAX_SHARDS];
        uint64_t best = 0;
        uint32_t count = 0;
        for (size_t i = 0; i < p->count; i++)
            if (p->list[i].queued && p->list[i].allowance > best) best = p->list[i].allowance;
        for (size_t i = 0; i < p->count; i++) {
            if (!p->list[i].queued || p->list[i].allowance != best) continue;
            p->list[i].queued = false;
            tied[count++] = p->list[i];
        }
        if (!count) return;
        for (uint32_t i = count; i-- > 1;) {
            const uint32_t j = chacha20_below(&p->random, i + 1);
            const struct plain_request r = tied[i];
            tied[i] = tied[j];
            tied[j] = r;
        }
        for (uint32_t i = 0; i < count; i++) {
            const uint64_t value = plain_next(p, &tied[i]);
            if (!plain_grant(p, tied[i].from, tied[i].to, value - tied[i].total)) continue;
            tied[i].total = value;
            plain_queue(p, tied[i]);
        }
    }
}

static void plain_run(struct plain *p, const struct network *n, const struct bandwidth_scheduler_state *state)
{
    const uint32_t count = n->layout.shard_count;
    *p = (struct plain){.n = n};
    chacha20_init(&p->random, n->seed);
    for (uint32_t i = 0; i < state->count; i++)
        p->allowances[state->links[i].sender - 100][state->links[i].receiver - 100] = state->links[i].allowance;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < count; j++) {
            p->allowances[i][j] += n->b.max_shard_bandwidth / count;
            if (p->allowances[i][j] > n->b.max_allowance) p->allowances[i][j] = n->b.max_allowance;
        }
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < count; j++) (void)plain_grant(p, i, j, n->b.base_bandwidth);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < n->senders[i].requests.count; j++) {
            const struct bandwidth_request *r = &n->requests[i][j];
            plain_queue(p, (struct plain_request){
                               .from = i, .to = r->to_shard - 100u, .bitmap = r->bitmap, .total = n->b.base_bandwidth});
        }
    plain_requests(p);
}

/* Shards by what they have left for each open link, least first, equal ones by number: how many come before. */
static uint32_t plain_place(const struct plain *p, const uint64_t *used, uint32_t shard, bool receiver)
{
    const uint32_t count = p->n->layout.shard_count;
    uint64_t shares[MAX_SHARDS];
    uint32_t place = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t links = 0;
        for (uint32_t j = 0; j < count; j++) links += receiver ? !is_closed(p->n, j, i) : !is_closed(p->n, i, j);
        shares[i] = links ? (p->n->b.max_shard_bandwidth - used[i]) / links : 0;
    }
    for (uint32_t i = 0; i < count; i++)
        place += shares[i] < shares[shard] || (shares[i] == shares[shard] && i < shard);
    return place;
}

static void plain_distribute(struct plain *p)
{
    const uint32_t count = p->n->layout.shard_count;
    const uint64_t max = p->n->b.max_shard_bandwidth;
    uint32_t from[MAX_SHARDS], to[MAX_SHARDS];
    for (uint32_t i = 0; i < count; i++) {
        from[plain_place(p, p->sent, i, false)] = i;
        to[plain_place(p, p->received, i, true)] = i;
    }
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < count; j++) {
            uint64_t outgoing = 0, incoming = 0; /* links that have not had their share yet */
            if (is_closed(p->n, from[i], to[j])) continue;
            for (uint32_t k = j; k < count; k++) outgoing += !is_closed(p->n, from[i], to[k]);
            for (uint32_t k = i; k < count; k++) incoming += !is_closed(p->n, from[k], to[j]);
            const uint64_t a = (max - p->sent[from[i]]) / outgoing, b = (max - p->received[to[j]]) / incoming;
            const uint64_t bytes = a < b ? a : b;
            p->sent[from[i]] += bytes;
            p->received[to[j]] += bytes;
            p->grants[from[i]][to[j]] += bytes;
        }
}

static void compare_with_plain(const struct network *n, struct plain *p, struct bandwidth_scheduler_state *state,
                               struct arena *arena)
{
    const uint32_t count = n->layout.shard_count;
    const uint64_t *grants = NULL;
    bool same = true;
    plain_run(p, n, state);
    plain_distribute(p);
    if (!CHECK(bandwidth_schedule(&n->b, &n->in, state, arena, &grants, NULL) == STATUS_OK)) return;
    for (uint32_t i = 0; i < count * count; i++) {
        same &= grants[i] == p->grants[i / count][i % count];
        same &= state->links[i].allowance == p->allowances[i / count][i % count];
    }
    CHECK(same);
}

static void test_plainly(void)
{
    static const uint8_t seed[32] = {2};
    static struct plain p;
    struct chacha20 random;
    struct network n;
    test_begin("as done plainly");
    chacha20_init(&random, seed);
    for (unsigned round = 0; round < 200; round++) {
        struct arena arena = {0};
        struct bandwidth_scheduler_state state = {0};
        random_network(&n, &random);
        for (unsigned block = 0; block < 3; block++) {
            n.seed[0]++;
            compare_with_plain(&n, &p, &state, &arena);
        }
        arena_free(&arena);
    }
}

/* Links that always want everything get the same in the long run. */
static void test_fairness(void)
{
    struct network n;
    uint64_t total[9] = {0};
    struct arena arena = {0};
    struct bandwidth_scheduler_state state = {0};
    test_begin("fairness");
    network_of(&n, 3);
    for (uint32_t i = 0; i < 9; i++) ask(&n, i / 3, i % 3, BANDWIDTH_REQUEST_VALUES - 1);
    for (unsigned block = 0; block < 300; block++) {
        const uint64_t *grants = NULL;
        n.seed[0] = (uint8_t)block;
        CHECK(bandwidth_schedule(&n.b, &n.in, &state, &arena, &grants, NULL) == STATUS_OK);
        for (unsigned i = 0; i < 9; i++) total[i] += grants[i];
    }
    uint64_t least = UINT64_MAX, most = 0;
    for (unsigned i = 0; i < 9; i++) {
        if (total[i] < least) least = total[i];
        if (total[i] > most) most = total[i];
    }
    CHECK(least > most / 10 * 9);
    arena_free(&arena);
}

/* Requests and allowances of shards that there are not are passed over. */
static void test_foreign_shards(void)
{
    struct network n;
    struct arena arena = {0};
    struct link_allowance links[] = {{100, 101, 77}, {5, 100, 1}, {100, 6, 1}};
    struct bandwidth_scheduler_state state = {.links = links, .count = 3};
    const uint64_t *grants = NULL;
    test_begin("foreign shards");
    network_of(&n, 2);
    n.statuses[1].last_chunk_missing = true; /* nothing is granted on 0 → 1 */
    n.senders[0].shard_id = 7;
    ask(&n, 0, 1, 3);
    n.senders[1].requests = (struct bandwidth_requests){n.requests[1], 1};
    n.requests[1][0] = (struct bandwidth_request){.to_shard = 9, .bitmap = {255}};
    CHECK(bandwidth_schedule(&n.b, &n.in, &state, &arena, &grants, NULL) == STATUS_OK);
    CHECK_EQUAL(state.count, 4);
    CHECK_EQUAL(state.links[1].allowance, 77 + n.b.max_shard_bandwidth / 2);
    arena_free(&arena);
}

int main(void)
{
    test_generator();
    test_parameters();
    test_requests();
    test_distribute();
    test_single_requests();
    test_random_networks();
    test_ties();
    test_plainly();
    test_fairness();
    test_foreign_shards();
    return test_end();
}
