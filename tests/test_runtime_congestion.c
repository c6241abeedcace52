/* Congestion control and what waits between shards: levels and limits, buffers that are forwarded or not, receipts of
 * every stored form, requests, congestion info that has to be found out, states that contradict themselves. */
#include <stdlib.h>

#include "runtime/congestion.h"
#include "runtime/runtime.h"
#include "near/trie_key.h"
#include "tests/test.h"

enum { VERSION = 84, MAX_CHANGES = 32, OWN = 3, OTHER = 5 };

/* ---- the numbers ------------------------------------------------------------------------------------------------- */

static void test_levels(void)
{
    const struct protocol_parameters *p = parameters_of(VERSION);
    const struct runtime_parameters *r = &p->runtime;
    struct congestion_info info = {.allowed_shard = OWN};
    test_begin("levels and limits");
    CHECK(congestion_level(p, &info, 0) <= 0.0);
    CHECK(congestion_level(p, &info, 1) <= 0.0); /* one missed chunk is none */
    CHECK_EQUAL(congestion_outgoing_gas_limit(p, &info, 0, OTHER), r->max_outgoing_gas);
    info.delayed_receipts_gas = u128_of(r->congestion_max_incoming_gas / 2);
    info.buffered_receipts_gas = u128_of(r->congestion_max_outgoing_gas / 4);
    CHECK(congestion_level(p, &info, 0) >= 0.5 && congestion_level(p, &info, 0) <= 0.5);
    CHECK_EQUAL(congestion_outgoing_gas_limit(p, &info, 0, OTHER), (r->max_outgoing_gas + r->min_outgoing_gas) / 2);
    info.receipt_bytes = r->congestion_max_memory_consumption - 1;
    CHECK(!congestion_is_full(congestion_level(p, &info, 0)));
    CHECK(congestion_is_full(congestion_level(p, &info, r->congestion_max_missed_chunks)));
    CHECK(congestion_is_full(congestion_level(p, &info, UINT64_MAX)));
    info.receipt_bytes++;
    CHECK(congestion_is_full(congestion_level(p, &info, 0)));
    CHECK_EQUAL(congestion_outgoing_gas_limit(p, &info, 0, OTHER), 0);
    CHECK_EQUAL(congestion_outgoing_gas_limit(p, &info, 0, OWN), r->congestion_allowed_shard_outgoing_gas);
    info = (struct congestion_info){.buffered_receipts_gas = {0, 1}}; /* 2^64 */
    CHECK(congestion_is_full(congestion_level(p, &info, 0)));
    const uint64_t ids[] = {7, 9, 8};
    for (uint64_t seed = 0; seed < 6; seed++) CHECK_EQUAL(congestion_allowed_shard(ids, 3, seed), ids[seed % 3]);
}

static void test_counts(void)
{
    struct congestion_info info = {0};
    struct error e = {0};
    const struct u128 most = {UINT64_MAX, UINT64_MAX};
    test_begin("keeping count");
    CHECK(congestion_add_delayed(&info, u128_of(5), 10, &e) == STATUS_OK);
    CHECK(congestion_add_buffered(&info, 7, 20, &e) == STATUS_OK);
    CHECK_EQUAL(info.receipt_bytes, 30);
    CHECK(congestion_remove_delayed(&info, u128_of(6), 1, &e) == STATUS_INVALID);
    CHECK(congestion_remove_buffered(&info, 1, 31, &e) == STATUS_INVALID);
    CHECK(congestion_add_delayed(&info, most, 1, &e) == STATUS_INVALID);
    CHECK(congestion_add_buffered(&info, 1, UINT64_MAX, &e) == STATUS_INVALID);
    CHECK(info.receipt_bytes == 30 && info.delayed_receipts_gas.low == 5 && info.buffered_receipts_gas.low == 7);
    CHECK(congestion_remove_delayed(&info, u128_of(5), 10, &e) == STATUS_OK);
    CHECK(congestion_remove_buffered(&info, 7, 20, &e) == STATUS_OK);
    CHECK(info.receipt_bytes == 0 && u128_equal(info.buffered_receipts_gas, u128_of(0)));
}

/* ---- a state with buffers ---------------------------------------------------------------------------------------- */

/* Two shards, of which this one (index 0) has something in its queues. */
struct world {
    struct trie_change changes[MAX_CHANGES];
    size_t count;
    struct arena arena;
    struct trie_store store;
    uint64_t shard_ids[2];
    struct account_id boundary;
    struct shard_congestion congestion[2];
    uint32_t congestion_count;
    struct chunk chunk;
    struct chunk_result result;
    struct error error;
};

static void world_init(struct world *w)
{
    *w = (struct world){.shard_ids = {OWN, OTHER}, .boundary = account_id_of("mm"), .congestion_count = 2};
    w->congestion[0].shard_id = OWN;
    w->congestion[1].shard_id = OTHER;
    w->chunk = (struct chunk){
        .parameters = parameters_of(VERSION),
        .protocol_version = VERSION,
        .chain_id = bytes_of_string("localnet"),
        .shards = {.shard_ids = w->shard_ids, .boundary_accounts = &w->boundary, .shard_count = 2},
        .block_height = 10,
        .gas_price = u128_of(100000000),
        .is_new_chunk = true,
        .gas_limit = 0, /* whatever waits to be executed goes on waiting */
        .congestion = w->congestion,
    };
}

static void world_free(struct world *w)
{
    chunk_result_free(&w->result);
    trie_store_free(&w->store);
    arena_free(&w->arena);
}

static struct bytes keep(struct world *w, struct buffer *b)
{
    uint8_t *copy = arena_alloc(&w->arena, b->size);
    CHECK(copy && !b->failed);
    memcpy(copy, b->data, b->size);
    const struct bytes bytes = bytes_of(copy, b->size);
    buffer_free(b);
    return bytes;
}

/* The value's buffer is given away. A later value of a key counts. */
static void put(struct world *w, enum trie_key_kind kind, uint64_t shard, uint64_t index, struct buffer value)
{
    const struct trie_key key = trie_key_of_queue(kind, shard, index);
    struct buffer text = {0};
    trie_key_write(&key, &text);
    const struct bytes bytes = keep(w, &text);
    w->changes[w->count++] = (struct trie_change){.key = bytes, .value = keep(w, &value)};
}

static struct buffer text_value(const char *text)
{
    struct buffer b = {0};
    buffer_append_string(&b, text);
    return b;
}

static struct receipt refund_to(struct world *w, const char *account, uint8_t number)
{
    const struct account_id id = account_id_of(account);
    struct receipt r;
    CHECK(receipt_balance_refund(&id, u128_of(number), &w->arena, &r, NULL) == STATUS_OK);
    r.receipt_id.bytes[0] = number;
    return r;
}

static uint64_t size_of(const struct receipt *r)
{
    struct buffer b = {0};
    receipt_write(r, &b);
    const uint64_t size = b.size;
    buffer_free(&b);
    return size;
}

static void put_stored(struct world *w, enum trie_key_kind kind, uint64_t index, enum stored_receipt_form form,
                       const struct receipt *r, uint64_t gas, uint64_t size)
{
    const struct stored_receipt s = {.form = form, .receipt = *r, .congestion_gas = gas, .congestion_size = size};
    struct buffer b = {0};
    stored_receipt_write(&s, &b);
    put(w, kind, OTHER, index, b);
}

static void put_buffer_indices(struct world *w, uint64_t shard, uint64_t first, uint64_t next)
{
    struct shard_buffer buffer = {.shard_id = shard, .indices = {first, next}};
    const struct buffered_indices indices = {&buffer, 1};
    struct buffer b = {0};
    buffered_indices_write(&indices, &b);
    put(w, TRIE_KEY_BUFFERED_RECEIPT_INDICES, 0, 0, b);
}

static void put_groups(struct world *w, uint64_t count, const uint64_t *sizes, uint64_t receipts)
{
    struct receipt_groups_queue queue = {.indices = {4, 4 + count}, .receipt_count = receipts};
    struct buffer b = {0};
    for (uint64_t i = 0; i < count; i++) {
        const struct receipt_group g = {.size = sizes[i], .gas = u128_of(100)};
        struct buffer group = {0};
        receipt_group_write(&g, &group);
        put(w, TRIE_KEY_RECEIPT_GROUP, OTHER, 4 + i, group);
        queue.total_size += sizes[i];
        queue.total_gas.low += 100;
    }
    receipt_groups_queue_write(&queue, &b);
    put(w, TRIE_KEY_RECEIPT_GROUPS_QUEUE, OTHER, 0, b);
}

static enum status run(struct world *w)
{
    const struct trie empty = {.store = &w->store};
    struct trie trie = {.store = &w->store};
    struct contract_cache *contracts = contract_cache_new();
    w->chunk.congestion_count = w->congestion_count;
    enum status status = trie_apply(&empty, w->changes, w->count, &trie.root, NULL, &w->error);
    CHECK(status == STATUS_OK);
    if (status == STATUS_OK) status = apply_chunk(&w->chunk, &trie, contracts, &w->result, &w->error);
    contract_cache_free(contracts);
    return status;
}

/* The last value that the chunk wrote under a key; size 0 if it was removed; data null if it did neither. */
static struct bytes written(const struct world *w, enum trie_key_kind kind, uint64_t shard, uint64_t index)
{
    const struct trie_key key = trie_key_of_queue(kind, shard, index);
    struct buffer text = {0};
    struct bytes value = {0};
    trie_key_write(&key, &text);
    for (size_t i = 0; i < w->result.change_count; i++)
        if (bytes_equal(w->result.changes[i].key, bytes_of(text.data, text.size)))
            value = w->result.changes[i].remove ? bytes_of("", 0) : w->result.changes[i].value;
    buffer_free(&text);
    return value;
}

/* ---- forwarding -------------------------------------------------------------------------------------------------- */

/* Three receipts, as different versions have stored them; only the last one is in a group. */
static void three_forms(struct world *w)
{
    world_init(w);
    const struct receipt a = refund_to(w, "zoe.near", 1), b = refund_to(w, "zoe.near", 2), c = refund_to(w, "zoe", 3);
    const uint64_t size = size_of(&c);
    put_buffer_indices(w, OTHER, 20, 23);
    put_stored(w, TRIE_KEY_BUFFERED_RECEIPT, 20, STORED_RECEIPT_PLAIN, &a, 0, 0);
    put_stored(w, TRIE_KEY_BUFFERED_RECEIPT, 21, STORED_RECEIPT_V0, &b, 1000, 2000);
    put_stored(w, TRIE_KEY_BUFFERED_RECEIPT, 22, STORED_RECEIPT_V1, &c, 100, size);
    put_groups(w, 1, &size, 1);
}

static void test_forms(void)
{
    struct world w = {0};
    struct buffered_indices indices;
    struct receipt_groups_queue groups;
    test_begin("buffered receipts of every form");
    three_forms(&w);
    w.congestion[0] = w.congestion[1]; /* nothing is known of this shard: what waits is counted */
    w.congestion_count = 1;
    w.congestion[0].missed_chunks = 1; /* and nothing may go to the other one */
    if (CHECK(run(&w) == STATUS_OK)) {
        const struct congestion_info *info = &w.result.congestion_info;
        CHECK_EQUAL(w.result.outgoing_count, 0);
        CHECK(info->buffered_receipts_gas.low > 1100); /* that of the plain receipt is computed */
        CHECK(info->receipt_bytes > 2000);
        CHECK_EQUAL(info->allowed_shard, OWN); /* height 10, index 0, two shards */
        CHECK_EQUAL(w.result.bandwidth_requests.count, 1); /* for as much as can be: the groups are incomplete */
        CHECK_EQUAL(w.result.bandwidth_requests.requests[0].to_shard, OTHER);
        CHECK_EQUAL(w.result.bandwidth_requests.requests[0].bitmap[4], 0x80);
        CHECK(!written(&w, TRIE_KEY_BUFFERED_RECEIPT_INDICES, 0, 0).data);
    }
    const struct congestion_info info = w.result.congestion_info;
    world_free(&w);
    w = (struct world){0};
    three_forms(&w);
    w.congestion[0].info = info;
    if (CHECK(run(&w) == STATUS_OK) && CHECK_EQUAL(w.result.outgoing_count, 3)) {
        for (uint8_t i = 0; i < 3; i++) CHECK_EQUAL(w.result.outgoing[i]->receipt_id.bytes[0], i + 1);
        CHECK(u128_equal(w.result.congestion_info.buffered_receipts_gas, u128_of(0)));
        CHECK_EQUAL(w.result.congestion_info.receipt_bytes, 0);
        CHECK_EQUAL(w.result.bandwidth_requests.count, 0);
        for (uint64_t i = 20; i < 23; i++) {
            const struct bytes gone = written(&w, TRIE_KEY_BUFFERED_RECEIPT, OTHER, i);
            CHECK(gone.data && gone.size == 0);
        }
        CHECK(buffered_indices_from_borsh(written(&w, TRIE_KEY_BUFFERED_RECEIPT_INDICES, 0, 0), &w.arena, &indices,
                                          NULL) == STATUS_OK);
        CHECK(indices.count == 1 && indices.buffers[0].indices.first == 23 && indices.buffers[0].indices.next == 23);
        CHECK(receipt_groups_queue_from_borsh(written(&w, TRIE_KEY_RECEIPT_GROUPS_QUEUE, OTHER, 0), &groups, NULL) ==
              STATUS_OK);
        CHECK(groups.receipt_count == 0 && groups.total_size == 0 && queue_length(&groups.indices) == 0);
        CHECK(written(&w, TRIE_KEY_RECEIPT_GROUP, OTHER, 4).data);
    }
    world_free(&w);
}

/* A receipt larger than receipts may be counts as one that is not; other versions made some. */
static void test_oversized(void)
{
    struct world w = {0};
    test_begin("oversized receipts");
    world_init(&w);
    const struct receipt r = refund_to(&w, "zoe.near", 1);
    put_buffer_indices(&w, OTHER, 0, 1);
    put_stored(&w, TRIE_KEY_BUFFERED_RECEIPT, 0, STORED_RECEIPT_V0, &r, 5, 10000000);
    w.congestion[0].info = (struct congestion_info){.buffered_receipts_gas = u128_of(5), .receipt_bytes = 10000000};
    struct bandwidth_request request = {.to_shard = OTHER, .bitmap = {0, 0, 0, 0, 0x80}};
    const struct shard_bandwidth_requests asked = {OWN, {&request, 1}};
    w.chunk.bandwidth_requests = &asked;
    w.chunk.bandwidth_request_count = 1;
    if (CHECK(run(&w) == STATUS_OK)) CHECK_EQUAL(w.result.outgoing_count, 1);
    world_free(&w);
}

/* A full shard takes receipts from the allowed one alone; sizes of groups make the request. */
static void test_full_receiver(void)
{
    const struct runtime_parameters *p = &parameters_of(VERSION)->runtime;
    const uint64_t sizes[] = {90000, 2000000};
    test_begin("a full receiver");
    for (unsigned allowed = 0; allowed < 2; allowed++) {
        struct world w = {0};
        world_init(&w);
        const struct receipt r = refund_to(&w, "zoe.near", 1);
        put_buffer_indices(&w, OTHER, 0, 2);
        put_stored(&w, TRIE_KEY_BUFFERED_RECEIPT, 0, STORED_RECEIPT_V1, &r, 100, sizes[0]);
        put_stored(&w, TRIE_KEY_BUFFERED_RECEIPT, 1, STORED_RECEIPT_V1, &r, 100, sizes[1]);
        put_groups(&w, 2, sizes, 2);
        w.congestion[0].info = (struct congestion_info){.buffered_receipts_gas = u128_of(200),
                                                        .receipt_bytes = sizes[0] + sizes[1]};
        w.congestion[1].info = (struct congestion_info){.receipt_bytes = p->congestion_max_memory_consumption,
                                                        .allowed_shard = allowed ? OWN : OTHER};
        if (CHECK(run(&w) == STATUS_OK)) {
            CHECK_EQUAL(w.result.outgoing_count, allowed ? 2 : 0);
            CHECK_EQUAL(w.result.bandwidth_requests.count, allowed ? 0 : 1);
        }
        world_free(&w);
    }
}

/* ---- states that contradict themselves --------------------------------------------------------------------------- */

static void no_receipt(struct world *w)
{
    put_buffer_indices(w, OTHER, 20, 24); /* the fourth one is not there */
}
static void bad_receipt(struct world *w)
{
    put(w, TRIE_KEY_BUFFERED_RECEIPT, OTHER, 21, text_value("what?"));
}
static void bad_indices(struct world *w)
{
    put(w, TRIE_KEY_BUFFERED_RECEIPT_INDICES, 0, 0, text_value("indices"));
}
static void bad_groups(struct world *w)
{
    put(w, TRIE_KEY_RECEIPT_GROUPS_QUEUE, OTHER, 0, text_value("groups"));
}
static void bad_group(struct world *w)
{
    put(w, TRIE_KEY_RECEIPT_GROUP, OTHER, 4, text_value("group"));
}
static void no_groups_left(struct world *w)
{
    put_groups(w, 0, NULL, 0);
}
static void small_group(struct world *w)
{
    put_groups(w, 1, &(uint64_t){3}, 1);
}
static void too_little_counted(struct world *w)
{
    w->congestion[0].info.receipt_bytes = 1000;
}
static void gas_without_receipts(struct world *w)
{
    put_buffer_indices(w, OTHER, 23, 23);
}
static void bad_scheduler(struct world *w)
{
    put(w, TRIE_KEY_BANDWIDTH_SCHEDULER_STATE, 0, 0, text_value("scheduler"));
}

/* What three_forms has waiting. */
static struct congestion_info waiting_there(void)
{
    struct world w = {0};
    three_forms(&w);
    w.congestion[0] = w.congestion[1];
    w.congestion_count = 1;
    w.congestion[0].missed_chunks = 1;
    CHECK(run(&w) == STATUS_OK);
    const struct congestion_info info = w.result.congestion_info;
    world_free(&w);
    return info;
}

static void test_contradictions(void)
{
    static const struct {
        void (*damage)(struct world *w);
        const char *message;
    } cases[] = {
        {no_receipt, "buffered_receipt 23 is missing"},
        {bad_receipt, "buffered_receipt 21 cannot be read"},
        {bad_indices, "indices of outgoing buffers cannot be read"},
        {bad_groups, "groups of receipts to shard 5 cannot be read"},
        {bad_group, "group 4 of receipts to shard 5 cannot be read"},
        {no_groups_left, "groups of receipts hold less than the buffer"},
        {small_group, "groups of receipts hold less than the buffer"},
        {too_little_counted, "the bytes of waiting receipts leave the range"},
        {gas_without_receipts, "the buffers are empty"},
        {bad_scheduler, "bandwidth scheduler's state cannot be read"},
    };
    test_begin("contradictions");
    const struct congestion_info info = waiting_there();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {0};
        three_forms(&w);
        w.congestion[0].info = info;
        cases[i].damage(&w);
        CHECK(run(&w) == STATUS_INVALID);
        if (!CHECK(strstr(w.error.message, cases[i].message))) printf("  %s\n", w.error.message);
        CHECK(!w.result.arena);
        world_free(&w);
    }
}

/* A buffer to a shard that the layout has not is left alone. */
static void test_foreign_buffer(void)
{
    struct world w = {0};
    test_begin("a foreign buffer");
    world_init(&w);
    put_buffer_indices(&w, 77, 0, 9);
    if (CHECK(run(&w) == STATUS_OK)) CHECK_EQUAL(w.result.outgoing_count, 0);
    world_free(&w);
}

/* ---- delayed receipts -------------------------------------------------------------------------------------------- */

/* Incoming receipts are put off while the chunk is full, and counted; without anything known, so is what waited. */
static void test_delayed(void)
{
    struct world w = {0};
    test_begin("delayed receipts");
    world_init(&w);
    const struct receipt waiting = refund_to(&w, "abe.near", 1), incoming = refund_to(&w, "abe.near", 2);
    const struct queue_indices q = {8, 9};
    struct buffer b = {0};
    queue_indices_write(&q, &b);
    put(&w, TRIE_KEY_DELAYED_RECEIPT_INDICES, 0, 0, b);
    put_stored(&w, TRIE_KEY_DELAYED_RECEIPT, 8, STORED_RECEIPT_V1, &waiting, 500, 600);
    w.congestion_count = 0;
    w.chunk.incoming = &incoming;
    w.chunk.incoming_count = 1;
    if (CHECK(run(&w) == STATUS_OK)) {
        CHECK_EQUAL(w.result.delayed_receipt_count, 2);
        CHECK_EQUAL(w.result.congestion_info.receipt_bytes, 600 + size_of(&incoming));
        CHECK(w.result.congestion_info.delayed_receipts_gas.low > 500);
        CHECK_EQUAL(w.result.outgoing_count, 0);
        CHECK(written(&w, TRIE_KEY_DELAYED_RECEIPT, 0, 9).size > 0);
    }
    world_free(&w);
}

int main(void)
{
    test_levels();
    test_counts();
    test_forms();
    test_oversized();
    test_full_receiver();
    test_contradictions();
    test_foreign_buffer();
    test_delayed();
    return test_end();
}
