/* The receipt sink from inside: what receipts count for, groups of receipts, limits to the last unit of gas and byte,
 * where receipts go, buffers in order, requests. */
#include <stdlib.h>

#include "runtime/congestion.h"
#include "runtime/cost.h"
#include "runtime/receipt_sink.h"
#include "tests/test.h"

enum { VERSION = 84, OWN = 7, OTHER = 5 };

/* A chunk that is being applied to an empty state, in the first of two shards. */
struct session {
    struct trie_store store;
    struct arena arena;
    uint64_t shard_ids[2];
    struct account_id boundary;
    struct shard_congestion congestion[2];
    struct chunk chunk;
    struct apply_state state;
    struct error error;
};

static void session_init(struct session *s)
{
    *s = (struct session){.shard_ids = {OWN, OTHER}, .boundary = account_id_of("mm")};
    const struct trie trie = {.store = &s->store};
    s->congestion[0].shard_id = OWN;
    s->congestion[1].shard_id = OTHER;
    s->chunk = (struct chunk){
        .parameters = parameters_of(VERSION),
        .protocol_version = VERSION,
        .shards = {.shard_ids = s->shard_ids, .boundary_accounts = &s->boundary, .shard_count = 2},
        .block_height = 10,
        .is_new_chunk = true,
        .congestion = s->congestion,
        .congestion_count = 2,
    };
    s->state = (struct apply_state){.chunk = &s->chunk, .parameters = s->chunk.parameters, .arena = &s->arena};
    trie_update_init(&s->state.update, &trie);
}

static void session_free(struct session *s)
{
    receipt_sink_free(&s->state);
    trie_update_free(&s->state.update);
    free(s->state.outgoing.items);
    trie_store_free(&s->store);
    arena_free(&s->arena);
}

/* Ready to send. */
static void session_begin(struct session *s)
{
    CHECK(bandwidth_scheduler_run(&s->state, &s->error) == STATUS_OK);
    CHECK(receipt_sink_begin(&s->state, &s->error) == STATUS_OK);
}

static const struct public_key *zero_key(struct session *s)
{
    struct public_key *key = arena_alloc(&s->arena, sizeof *key); /* ed25519 is type 0 */
    CHECK(key != NULL);
    return key;
}

/* A receipt with a function call, so that its gas can be chosen. */
static struct receipt call_of(struct session *s, const char *receiver, uint64_t gas)
{
    struct action *action = arena_alloc(&s->arena, sizeof *action);
    CHECK(action != NULL);
    *action = (struct action){.kind = ACTION_KIND_function_call,
                              .function_call = {.method_name = bytes_of_string("m"), .gas = gas}};
    return (struct receipt){
        .predecessor_id = account_id_of("abe"),
        .receiver_id = account_id_of(receiver),
        .kind = RECEIPT_action,
        .action = {.signer_id = account_id_of("abe"),
                   .signer_public_key = zero_key(s),
                   .actions = action,
                   .action_count = 1},
    };
}

static uint64_t gas_of(struct session *s, const struct receipt *r)
{
    uint64_t gas = 0;
    CHECK(receipt_congestion_gas(s->chunk.parameters, r, &gas, &s->error) == STATUS_OK);
    return gas;
}

static uint64_t size_of(struct session *s, const struct receipt *r)
{
    uint64_t size = 0;
    CHECK(receipt_congestion_size(r, &size, &s->error) == STATUS_OK);
    return size;
}

/* How many receipts have left so far. */
static uint32_t send(struct session *s, const struct receipt *r)
{
    CHECK(receipt_sink_forward_or_buffer(&s->state, r, &s->error) == STATUS_OK);
    return s->state.outgoing.count;
}

/* ---- what receipts count for ------------------------------------------------------------------------------------- */

static void test_gas(void)
{
    struct session s;
    test_begin("what receipts count for");
    session_init(&s);
    const struct protocol_parameters *p = s.chunk.parameters;
    struct receipt r = call_of(&s, "abe", 1000);
    CHECK_EQUAL(gas_of(&s, &r), gas_of(&s, &(struct receipt){.kind = RECEIPT_action}) + 1000 +
                                    action_exec_fee(p, ACTION_function_call_base).gas +
                                    action_exec_fee(p, ACTION_function_call_byte).gas);
    r.kind = RECEIPT_action_v2;
    CHECK(gas_of(&s, &r) > 1000);
    r.kind = RECEIPT_promise_yield_v2;
    CHECK_EQUAL(gas_of(&s, &r), 0);
    const struct receipt data = {.kind = RECEIPT_data};
    CHECK_EQUAL(gas_of(&s, &data), 0);
    /* Delegate actions pay for sending what is in them, too. */
    const struct action transfer = {.kind = ACTION_KIND_transfer};
    const struct delegate_action inner = {.sender_id = account_id_of("abe"),
                                          .receiver_id = account_id_of("zoe"),
                                          .actions = &transfer,
                                          .action_count = 1,
                                          .public_key = zero_key(&s)};
    const struct action delegate = {.kind = ACTION_KIND_delegate, .delegate.parsed = &inner};
    struct cost execution, sending;
    CHECK(cost_of_receipt(p, &delegate, 1, &r.receiver_id, &execution, NULL) == STATUS_OK);
    CHECK(cost_prepaid_send_fees(p, &delegate, 1, &sending, NULL) == STATUS_OK);
    CHECK(sending.gas > 0);
    r = (struct receipt){.receiver_id = account_id_of("abe"), .kind = RECEIPT_action};
    r.action.actions = &delegate;
    r.action.action_count = 1;
    CHECK_EQUAL(gas_of(&s, &r), execution.gas + sending.gas);
    /* More than 64 bits. */
    uint64_t gas;
    r = call_of(&s, "abe", UINT64_MAX);
    CHECK(receipt_congestion_gas(p, &r, &gas, &s.error) == STATUS_INVALID);
    session_free(&s);
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */

static void check_groups(struct session *s, const struct receipt_groups *g, uint64_t groups, uint64_t receipts,
                         uint64_t size)
{
    struct receipt_groups stored;
    CHECK(receipt_groups_load(&s->state, OTHER, &stored, &s->error) == STATUS_OK);
    CHECK(stored.exists && g->exists);
    CHECK_EQUAL(queue_length(&stored.queue.indices), groups);
    CHECK_EQUAL(stored.queue.receipt_count, receipts);
    CHECK_EQUAL(stored.queue.total_size, size);
    CHECK(stored.queue.indices.first == g->queue.indices.first && stored.queue.indices.next == g->queue.indices.next);
}

static void test_groups(void)
{
    struct session s;
    struct receipt_groups g;
    struct receipt_group first;
    test_begin("groups");
    session_init(&s);
    CHECK(receipt_groups_load(&s.state, OTHER, &g, &s.error) == STATUS_OK && !g.exists);
    CHECK(receipt_groups_pop(&s.state, &g, 1, 1, &s.error) == STATUS_INVALID);
    CHECK(receipt_groups_push(&s.state, &g, 60000, 10, &s.error) == STATUS_OK);
    CHECK(receipt_groups_push(&s.state, &g, 40000, UINT64_MAX - 10, &s.error) == STATUS_OK); /* just fits */
    check_groups(&s, &g, 1, 2, 100000);
    CHECK(receipt_groups_read(&s.state, &g, g.queue.indices.first, &first, &s.error) == STATUS_OK);
    CHECK(first.size == 100000 && first.gas.low == UINT64_MAX && first.gas.high == 0);
    CHECK(receipt_groups_push(&s.state, &g, 1, 0, &s.error) == STATUS_OK); /* a byte too much */
    check_groups(&s, &g, 2, 3, 100001);
    CHECK(receipt_groups_push(&s.state, &g, 2, UINT64_MAX, &s.error) == STATUS_OK);
    check_groups(&s, &g, 2, 4, 100003);
    CHECK(receipt_groups_push(&s.state, &g, 3, 1, &s.error) == STATUS_OK); /* too much gas */
    CHECK(receipt_groups_push(&s.state, &g, 5000000, 1, &s.error) == STATUS_OK);
    check_groups(&s, &g, 4, 6, 5100006);
    CHECK(receipt_groups_pop(&s.state, &g, 100001, 1, &s.error) == STATUS_INVALID); /* more than the first holds */
    CHECK(receipt_groups_load(&s.state, OTHER, &g, &s.error) == STATUS_OK);
    CHECK(receipt_groups_pop(&s.state, &g, 60000, 10, &s.error) == STATUS_OK);
    check_groups(&s, &g, 4, 5, 5040006);
    CHECK(receipt_groups_pop(&s.state, &g, 40000, UINT64_MAX - 10, &s.error) == STATUS_OK);
    check_groups(&s, &g, 3, 4, 5000006);
    CHECK(receipt_groups_push(&s.state, &g, UINT64_MAX, 1, &s.error) == STATUS_INVALID);
    session_free(&s);
}

/* ---- limits ------------------------------------------------------------------------------------------------------ */

/* A full receiver whose allowed sender this is takes so much gas, and not a unit more. */
static void test_gas_limit(void)
{
    struct session s;
    test_begin("the limit of gas");
    session_init(&s);
    const struct runtime_parameters *p = &s.chunk.parameters->runtime;
    s.congestion[1].info = (struct congestion_info){.receipt_bytes = p->congestion_max_memory_consumption,
                                                    .allowed_shard = OWN};
    session_begin(&s);
    struct receipt r = call_of(&s, "zoe", 0);
    const uint64_t fees = gas_of(&s, &r), half = p->congestion_allowed_shard_outgoing_gas / 2;
    r = call_of(&s, "zoe", half - fees);
    CHECK_EQUAL(send(&s, &r), 1);
    const struct receipt more = call_of(&s, "zoe", half - fees + 1);
    CHECK_EQUAL(send(&s, &more), 1); /* is buffered */
    CHECK_EQUAL(send(&s, &r), 2);    /* what fits may overtake it */
    const struct receipt data = {.receiver_id = account_id_of("zoe"), .kind = RECEIPT_data};
    CHECK_EQUAL(send(&s, &data), 3); /* without gas */
    CHECK_EQUAL(s.state.congestion.buffered_receipts_gas.low, half + 1);
    CHECK_EQUAL(s.state.congestion.receipt_bytes, size_of(&s, &more));
    session_free(&s);
}

/* Receipts that stay in the shard have no limit of gas, but one of bytes. */
static void test_own_shard(void)
{
    struct session s;
    test_begin("receipts that stay");
    session_init(&s);
    const struct runtime_parameters *p = &s.chunk.parameters->runtime;
    s.congestion[0].info = (struct congestion_info){.receipt_bytes = p->congestion_max_memory_consumption,
                                                    .allowed_shard = OWN};
    session_begin(&s);
    const struct receipt r = call_of(&s, "abe", 5 * p->congestion_allowed_shard_outgoing_gas);
    CHECK_EQUAL(send(&s, &r), 1);
    s.state.sink->limits[0].size = size_of(&s, &r);
    CHECK_EQUAL(send(&s, &r), 2);
    CHECK_EQUAL(send(&s, &r), 2);
    s.state.sink->limits[0].size = size_of(&s, &r) - 1;
    CHECK_EQUAL(send(&s, &r), 2);
    session_free(&s);
}

/* ---- where receipts go ------------------------------------------------------------------------------------------- */

static void test_targets(void)
{
    struct session s;
    test_begin("where receipts go");
    session_init(&s);
    s.congestion[1].missed_chunks = 1; /* nothing leaves for the other shard */
    session_begin(&s);
    const struct receipt stays = call_of(&s, "mlzzz", 0), border = call_of(&s, "mm", 0), after = call_of(&s, "mm1", 0);
    CHECK_EQUAL(send(&s, &stays), 1);
    CHECK_EQUAL(send(&s, &border), 1);
    CHECK_EQUAL(send(&s, &after), 1);
    struct receipt code = {.predecessor_id = account_id_of("abe"),
                           .receiver_id = account_id_of("system"),
                           .kind = RECEIPT_global_contract_distribution,
                           .global_contract_distribution = {.version = 2, .target_shard = OWN}};
    CHECK_EQUAL(send(&s, &code), 2); /* goes by its target, whoever the receiver is */
    code.receiver_id = account_id_of("abe");
    code.global_contract_distribution.target_shard = OTHER;
    CHECK_EQUAL(send(&s, &code), 2);
    code.global_contract_distribution.target_shard = 99;
    CHECK(receipt_sink_forward_or_buffer(&s.state, &code, &s.error) == STATUS_INVALID);
    CHECK(s.state.sink->buffers.count == 1 && s.state.sink->buffers.buffers[0].shard_id == OTHER);
    CHECK_EQUAL(queue_length(&s.state.sink->buffers.buffers[0].indices), 3);
    session_free(&s);
}

/* Buffers stand in the order of shard ids, which is not that of the shards. */
static void test_buffers(void)
{
    struct session s;
    struct bandwidth_requests requests;
    test_begin("buffers and requests");
    session_init(&s);
    s.congestion[0].missed_chunks = s.congestion[1].missed_chunks = 1;
    session_begin(&s);
    const struct receipt own = call_of(&s, "abe", 0), other = call_of(&s, "zoe", 0);
    CHECK_EQUAL(send(&s, &own), 0);
    CHECK_EQUAL(send(&s, &other), 0);
    CHECK_EQUAL(send(&s, &own), 0);
    CHECK_EQUAL(s.state.sink->buffers.count, 2);
    CHECK_EQUAL(s.state.sink->buffers.buffers[0].shard_id, OTHER);
    CHECK_EQUAL(s.state.sink->buffers.buffers[1].shard_id, OWN);
    CHECK_EQUAL(queue_length(&s.state.sink->buffers.buffers[1].indices), 2);
    CHECK_EQUAL(s.state.sink->groups[0].queue.receipt_count, 1);
    CHECK_EQUAL(s.state.sink->groups[1].queue.receipt_count, 2);
    /* So little needs no request. A receipt of more bytes than receipts may have asks for as much as they may. */
    CHECK(receipt_sink_requests(&s.state, &requests, &s.error) == STATUS_OK);
    CHECK_EQUAL(requests.count, 0);
    struct shard_buffer *b = &s.state.sink->buffers.buffers[0];
    b->indices.next++;
    CHECK(receipt_groups_push(&s.state, &s.state.sink->groups[0], 5000000, 1, &s.error) == STATUS_OK);
    s.state.sink->groups[0].queue.indices.first++; /* the small group is another's business */
    CHECK(receipt_sink_requests(&s.state, &requests, &s.error) == STATUS_OK);
    CHECK_EQUAL(requests.count, 1);
    CHECK_EQUAL(requests.requests[0].to_shard, OTHER);
    CHECK_EQUAL(requests.requests[0].bitmap[4], 0x80);
    session_free(&s);
}

/* ---- the scheduler's input --------------------------------------------------------------------------------------- */

static struct crypto_hash scheduler_hash(const struct shard_bandwidth_requests *requests)
{
    struct session s;
    session_init(&s);
    s.chunk.bandwidth_requests = requests;
    s.chunk.bandwidth_request_count = 2;
    CHECK(bandwidth_scheduler_run(&s.state, &s.error) == STATUS_OK);
    const struct crypto_hash hash = s.state.sink->scheduler_hash;
    session_free(&s);
    return hash;
}

/* Requests count in the order of shard ids, however they are given. */
static void test_order(void)
{
    struct bandwidth_request request = {.to_shard = OWN, .bitmap = {0, 0, 0, 0, 0x80}};
    const struct shard_bandwidth_requests a = {OWN, {&request, 1}}, b = {OTHER, {&request, 1}};
    test_begin("the order of requests");
    const struct crypto_hash one = scheduler_hash((struct shard_bandwidth_requests[]){a, b});
    const struct crypto_hash two = scheduler_hash((struct shard_bandwidth_requests[]){b, a});
    CHECK(crypto_hash_equal(&one, &two));
}

int main(void)
{
    test_gas();
    test_groups();
    test_gas_limit();
    test_own_shard();
    test_targets();
    test_buffers();
    test_order();
    return test_end();
}
