/* Applying chunks: what the vectors of version 84 don't have. Other versions, states that are damaged or incomplete,
 * contracts that are kept, gas that is divided. */
#include "runtime/call_receipts.h"
#include "runtime/contract_cache.h"
#include "tests/runtime_chain.h"

/* ---- small parts ------------------------------------------------------------------------------------------------ */

struct share_case {
    uint64_t gas, weight, expected;
};

/* Weights get what division gives; the last one the rest. */
static void check_shares(const struct share_case *cases, uint32_t count, uint64_t gas)
{
    struct arena arena = {0};
    struct call_receipts made = {.arena = &arena};
    const struct account_id to = account_id_of("rick.test");
    uint64_t index, distributed, sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct action call = call_of("m");
        call.function_call.gas = cases[i].gas;
        call.function_call.gas_weight = cases[i].weight;
        CHECK(call_receipts_add(&made, &to, NULL, 0, &index) && call_receipt_add_action(&made, index, &call, NULL));
    }
    CHECK(call_receipts_distribute_gas(&made, gas, &distributed, NULL) == STATUS_OK);
    for (uint32_t i = 0; i < count; i++) {
        CHECK_EQUAL(made.receipts[i].actions[0].function_call.gas, cases[i].expected);
        CHECK_EQUAL(made.receipts[i].actions[0].function_call.gas_weight, 0);
        sum += made.receipts[i].actions[0].function_call.gas - cases[i].gas;
    }
    CHECK_EQUAL(sum, distributed);
    arena_free(&arena);
}

static void test_gas_weights(void)
{
    const uint64_t all = 10000000000;
    test_begin("gas weights");
    check_shares((struct share_case[]){{0, 1, all}}, 1, all);
    check_shares((struct share_case[]){{888, 1, all}}, 1, all - 888);
    check_shares((struct share_case[]){{0, 3, 6000000000}, {0, 2, 4000000000}}, 2, all);
    check_shares((struct share_case[]){{0, UINT64_MAX, all - 1}, {0, 1000, 1}}, 2, all);
    check_shares((struct share_case[]){{0, all, 4999999999}, {0, 1, 0}, {0, all, 5000000001}}, 3, all);
    check_shares((struct share_case[]){{0, 0, 0}, {0, 1, all}}, 2, all);
    check_shares((struct share_case[]){{7, 0, 7}, {8, 0, 8}}, 2, all);
    check_shares((struct share_case[]){{7, 3, 7}}, 1, 0);
    check_shares((struct share_case[]){{0, UINT64_MAX, 3}, {0, UINT64_MAX, 3}, {0, UINT64_MAX, 5}}, 3, 11);
}

static void test_gas_overflow(void)
{
    struct arena arena = {0};
    struct call_receipts made = {.arena = &arena};
    const struct account_id to = account_id_of("rick.test");
    struct action call = call_of("m");
    uint64_t index, distributed;
    test_begin("gas weights: overflow");
    call.function_call.gas = UINT64_MAX;
    call.function_call.gas_weight = 1;
    CHECK(call_receipts_add(&made, &to, NULL, 0, &index) && call_receipt_add_action(&made, index, &call, NULL));
    CHECK(call_receipts_distribute_gas(&made, 1, &distributed, NULL) == STATUS_INVALID);
    arena_free(&arena);
}

static void test_contract_cache(void)
{
    struct contract_cache *cache = contract_cache_new();
    const struct protocol_parameters *p = parameters_of(84), *q = parameters_of(87);
    struct crypto_hash hashes[40];
    test_begin("contracts are kept");
    for (unsigned i = 0; i < 40; i++) {
        char text[64];
        snprintf(text, sizeof text, "(module (func (export \"m%u\")))", i);
        struct buffer code = binary_of(text);
        hashes[i] = crypto_hash_of(bytes_of(code.data, code.size));
        CHECK(!contract_cache_get(cache, p, &hashes[i]));
        CHECK(contract_cache_add(cache, p, bytes_of(code.data, code.size), NULL) == STATUS_OK);
        const struct contract *first = contract_cache_get(cache, p, &hashes[i]);
        CHECK(first && contract_cache_add(cache, p, bytes_of(code.data, code.size), NULL) == STATUS_OK);
        CHECK(contract_cache_get(cache, p, &hashes[i]) == first);
        CHECK(!contract_cache_get(cache, q, &hashes[i]));
        buffer_free(&code);
    }
    for (unsigned i = 0; i < 40; i++) CHECK(contract_cache_get(cache, p, &hashes[i]));
    contract_cache_free(cache);
    contract_cache_free(NULL);
}

/* ---- versions --------------------------------------------------------------------------------------------------- */

static struct u128 plus(struct u128 a, struct u128 b)
{
    CHECK(u128_add(a, b, &a));
    return a;
}

static struct u128 balance_of(struct chain *c, size_t i)
{
    return chain_account(c, &c->ids[i]).amount;
}

static struct u128 total_of(struct chain *c)
{
    return plus(plus(balance_of(c, 0), balance_of(c, 1)), balance_of(c, 2));
}

static struct u128 price_of(uint64_t gas, uint64_t price)
{
    struct u128 out = {0, 0};
    CHECK(u128_multiply(u128_of(gas), u128_of(price), &out));
    return out;
}

#define CHECK_AMOUNT(a, b) CHECK(u128_equal(a, b))

/* Blocks until nothing is on its way; adds what was burnt. */
static void drain(struct chain *c, struct u128 *burnt)
{
    for (int i = 0; i < 10 && (i == 0 || c->incoming_count); i++) {
        struct chunk_result r;
        const struct chunk chunk = chain_chunk(c);
        chain_apply(c, &chunk, &r);
        *burnt = plus(plus(*burnt, r.stats.tx_burnt_amount), r.stats.other_burnt_amount);
        chunk_result_free(&r);
    }
}

/* A transaction and all that comes of it: no token is lost, none is made. */
static void check_conservation(uint32_t version, const char *method, struct u128 deposit)
{
    struct chain c;
    struct chunk_result r;
    chain_init(&c, version);
    struct u128 burnt = u128_of(0), before = total_of(&c);
    struct action call = call_of(method);
    call.function_call.deposit = deposit;
    const struct signed_transaction t = transaction_of(&c, 0, &c.ids[1], &call, 1, 5);
    struct chunk chunk = chain_chunk(&c);
    chunk.transactions = &t;
    chunk.transaction_count = 1;
    chain_apply(&c, &chunk, &r);
    CHECK(r.outcome_count == 1 && r.outcomes[0].status == EXECUTION_SUCCESS_RECEIPT_ID);
    burnt = r.stats.tx_burnt_amount;
    chunk_result_free(&r);
    c.gas_price = u128_of(70000000); /* cheaper meanwhile */
    drain(&c, &burnt);
    c.height += 300; /* a yield that nobody has resumed expires */
    drain(&c, &burnt);
    CHECK_AMOUNT(plus(total_of(&c), burnt), before);
    chain_free(&c);
}

static void test_conservation(void)
{
    static const char *const methods[] = {"write", "remove", "fail", "call", "yield", "resume", "absent"};
    test_begin("tokens: none lost, none made");
    for (uint32_t version = 83; version <= 88; version++)
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
            check_conservation(version, methods[i], u128_of(0));
            check_conservation(version, methods[i], near_tokens(3));
        }
}

/* The price of gas has fallen since the receipt was paid: the difference is burnt, since version 85 it goes back. */
static void check_price(uint32_t version)
{
    struct chain c;
    struct chunk_result r;
    chain_init(&c, version);
    const struct action transfer = transfer_of(near_tokens(1));
    struct receipt in = receipt_of(&c, &c.ids[2], &transfer, 1, 1);
    in.action.gas_price = u128_of(300000000);
    c.incoming = &in;
    c.incoming_count = 1;
    const struct chunk chunk = chain_chunk(&c);
    chain_apply(&c, &chunk, &r);
    CHECK_EQUAL(r.outcome_count, 1);
    const uint64_t gas = r.outcomes[0].gas_burnt;
    CHECK_AMOUNT(r.outcomes[0].tokens_burnt, price_of(gas, version < 85 ? 300000000 : 100000000));
    CHECK_EQUAL(r.outgoing_count, version < 85 ? 0 : 1);
    if (r.outgoing_count == 1)
        CHECK_AMOUNT(r.outgoing[0]->action.actions[0].transfer.deposit, price_of(gas, 200000000));
    chunk_result_free(&r);
    chain_free(&c);
}

/* Making an account costs what the parameters say, if the receipt was paid well enough. */
static void check_account_charge(uint32_t version)
{
    struct chain c;
    struct chunk_result r;
    chain_init(&c, version);
    const struct account_id id = account_id_near_implicit(c.keys[2].public_key + 0);
    const struct action transfer = transfer_of(near_tokens(1));
    struct receipt in = receipt_of(&c, &id, &transfer, 1, 1);
    in.action.gas_price = u128_of(1000000000000);
    c.incoming = &in;
    c.incoming_count = 1;
    const struct chunk chunk = chain_chunk(&c);
    chain_apply(&c, &chunk, &r);
    CHECK(r.outcome_count == 1 && r.outcomes[0].status == EXECUTION_SUCCESS_VALUE);
    CHECK_AMOUNT(chain_account(&c, &id).amount, near_tokens(1));
    if (version >= 85) {
        const uint64_t create = parameters_of(version)->action[ACTION_create_account].execution.gas;
        struct u128 expected = parameters_of(version)->runtime.account_creation_charge;
        CHECK(u128_subtract(expected, price_of(create, 100000000), &expected));
        expected = plus(expected, price_of(r.outcomes[0].gas_burnt, 100000000));
        CHECK_AMOUNT(r.outcomes[0].tokens_burnt, expected);
    } else {
        CHECK_AMOUNT(r.outcomes[0].tokens_burnt, price_of(r.outcomes[0].gas_burnt, 1000000000000));
    }
    chunk_result_free(&r);
    chain_free(&c);
}

static void test_prices(void)
{
    test_begin("gas prices and new accounts");
    for (uint32_t version = 83; version <= 88; version++) {
        check_price(version);
        check_account_charge(version);
    }
}

/* The same transaction twice in a chunk: an invalid one, since version 85 none at all. */
static void test_duplicates(void)
{
    test_begin("a transaction twice in a chunk");
    for (uint32_t version = 84; version <= 85; version++) {
        struct chain c;
        struct chunk_result r;
        chain_init(&c, version);
        const struct action transfer = transfer_of(near_tokens(1));
        struct signed_transaction t[3];
        t[0] = t[2] = transaction_of(&c, 0, &c.ids[2], &transfer, 1, 7);
        t[1] = transaction_of(&c, 0, &c.ids[2], &transfer, 1, 8);
        struct chunk chunk = chain_chunk(&c);
        chunk.transactions = t;
        chunk.transaction_count = 3;
        chain_apply(&c, &chunk, &r);
        CHECK_EQUAL(r.outcome_count, version == 84 ? 3 : 2);
        CHECK_EQUAL(r.outgoing_count, 2);
        CHECK_EQUAL(r.stats.transaction_count, 3);
        if (version == 84) {
            CHECK(r.outcomes[2].status == EXECUTION_FAILURE);
            CHECK(r.outcomes[2].error->kind == EXECUTION_ERROR_INVALID_TX);
            CHECK(r.outcomes[2].error->invalid_tx.kind == invalid_tx_error_InvalidNonce);
        }
        chunk_result_free(&r);
        chain_free(&c);
    }
}

/* ---- chunks ----------------------------------------------------------------------------------------------------- */

/* A block with everything: transactions, local and incoming receipts, promises, yields, failures. */
struct busy_block {
    struct action calls[6], transfer;
    struct receipt receipts[7];
    struct signed_transaction transactions[2];
    struct chunk chunk;
};

static void make_busy(struct chain *c, struct busy_block *b)
{
    static const char *const methods[] = {"write", "call", "yield", "resume", "fail", "remove"};
    b->transfer = transfer_of(near_tokens(2));
    for (uint8_t i = 0; i < 6; i++) {
        b->calls[i] = call_of(methods[i]);
        b->receipts[i] = receipt_of(c, &c->ids[1], &b->calls[i], 1, (uint8_t)(i + 1));
    }
    b->receipts[6] = receipt_of(c, &c->ids[2], &b->transfer, 1, 99);
    b->transactions[0] = transaction_of(c, 0, &c->ids[2], &b->transfer, 1, 3);
    b->transactions[1] = transaction_of(c, 1, &c->ids[1], b->calls, 1, 4);
    b->chunk = chain_chunk(c);
    b->chunk.incoming = b->receipts;
    b->chunk.incoming_count = 7;
    b->chunk.transactions = b->transactions;
    b->chunk.transaction_count = 2;
}

static void test_missing_chunk(void)
{
    struct chain c;
    struct busy_block b;
    struct chunk_result r;
    test_begin("a missing chunk");
    chain_init(&c, 84);
    make_busy(&c, &b);
    b.chunk.is_new_chunk = false;
    c.congestion.info.receipt_bytes = 17;
    chain_apply(&c, &b.chunk, &r);
    CHECK(r.outcome_count == 0 && r.outgoing_count == 0 && r.processed_count == 0);
    CHECK(r.change_count == 1 && r.changes[0].key.data[0] == 0x0f);
    CHECK(r.has_congestion_info);
    CHECK_EQUAL(r.congestion_info.receipt_bytes, 17);
    chunk_result_free(&r);
    chain_free(&c);
}

/* Little gas: one receipt is applied, the others wait, and come one by one. */
static void test_delayed(void)
{
    struct chain c;
    struct busy_block b;
    struct chunk_result r;
    uint32_t waiting = 7;
    test_begin("delayed receipts");
    chain_init(&c, 84);
    make_busy(&c, &b);
    b.chunk.transaction_count = 0;
    b.chunk.gas_limit = 1;
    chain_apply(&c, &b.chunk, &r);
    CHECK_EQUAL(r.outcome_count, 1);
    CHECK_EQUAL(r.delayed_receipt_count, --waiting);
    CHECK(r.congestion_info.receipt_bytes > 0);
    chunk_result_free(&r);
    while (waiting) {
        struct chunk chunk = chain_chunk(&c);
        chunk.incoming_count = 0;
        chunk.gas_limit = 1;
        chain_apply(&c, &chunk, &r);
        CHECK_EQUAL(r.delayed_receipt_count, --waiting);
        CHECK(r.processed_count >= 1 && r.processed[r.processed_count - 1].source == RECEIPT_SOURCE_DELAYED);
        if (!waiting) CHECK_EQUAL(r.congestion_info.receipt_bytes, 0);
        chunk_result_free(&r);
    }
    chain_free(&c);
}

static void test_bad_calls(void)
{
    struct chain c;
    struct chunk_result r;
    test_begin("chunks that are none");
    chain_init(&c, 84);
    const struct trie t = {.store = &c.store, .root = c.root};
    struct chunk chunk = chain_chunk(&c);
    chunk.shard_index = 1;
    CHECK(apply_chunk(&chunk, &t, c.contracts, &r, NULL) == STATUS_USAGE);
    chunk = chain_chunk(&c);
    chunk.parameters = NULL;
    CHECK(apply_chunk(&chunk, &t, c.contracts, &r, NULL) == STATUS_USAGE);
    chunk = chain_chunk(&c);
    chunk.protocol_version = RUNTIME_VERSION_FIRST - 1;
    CHECK(apply_chunk(&chunk, &t, c.contracts, &r, NULL) == STATUS_USAGE);
    struct action nothing[1] = {transfer_of(u128_of(1))};
    struct receipt in = receipt_of(&c, &c.ids[1], nothing, 1, 1);
    struct crypto_hash many[200] = {{{0}}};
    in.action.input_data_ids = many;
    in.action.input_data_id_count = 200;
    chunk = chain_chunk(&c);
    chunk.incoming = &in;
    chunk.incoming_count = 1;
    CHECK(apply_chunk(&chunk, &t, c.contracts, &r, NULL) == STATUS_INVALID);
    CHECK(!r.arena);
    chain_free(&c);
}

/* ---- states that lack something, and damaged ones --------------------------------------------------------------- */

/* A partial store of the rows, without one of them. */
static void fill_partial(struct trie_store *s, const struct bytes *rows, size_t count, size_t without)
{
    trie_store_init_partial(s);
    for (size_t i = 0; i < count; i++)
        if (i != without) CHECK(trie_partial_add(s, rows[i], NULL, NULL) == STATUS_OK);
}

/* Everything that was recorded is needed: without any of it, the error names it. With all of it, the result is the
 * same. */
static void test_partial_states(void)
{
    struct chain c;
    struct busy_block b;
    struct chunk_result r, again;
    struct trie_recorder recorder = {0};
    struct bytes *rows;
    size_t count;
    test_begin("states that lack something");
    chain_init(&c, 84);
    make_busy(&c, &b);
    const struct trie t = {.store = &c.store, .root = c.root, .recorder = &recorder};
    CHECK(apply_chunk(&b.chunk, &t, c.contracts, &r, NULL) == STATUS_OK);
    CHECK(trie_recorder_rows(&recorder, &rows, &count, NULL) == STATUS_OK && count > 5);
    for (size_t i = 0; i <= count; i++) {
        struct trie_store partial = {0};
        struct trie_missing missing = {0};
        struct error e = {0};
        fill_partial(&partial, rows, count, i);
        const struct trie p = {.store = &partial, .root = c.root, .missing = &missing};
        enum status status = apply_chunk(&b.chunk, &p, c.contracts, &again, &e);
        if (i == count) {
            CHECK(status == STATUS_OK && trie_hash_equal(&again.state_root, &r.state_root));
            CHECK_EQUAL(again.outcome_count, r.outcome_count);
            chunk_result_free(&again);
        } else {
            const struct crypto_hash hash = crypto_hash_of(rows[i]);
            CHECK(status == STATUS_INVALID && (e.code == TRIE_MISSING_NODE || e.code == TRIE_MISSING_VALUE));
            CHECK(memcmp(missing.hash.bytes, hash.bytes, sizeof hash.bytes) == 0);
        }
        trie_store_free(&partial);
    }
    free(rows);
    trie_recorder_free(&recorder);
    chunk_result_free(&r);
    chain_free(&c);
}

/* A partial state has no code: it must come from the cache. */
static void test_code_of_partial_states(void)
{
    struct chain c;
    struct busy_block b;
    struct chunk_result r;
    struct trie_recorder recorder = {0};
    struct trie_store partial = {0};
    struct bytes *rows;
    struct error e = {0};
    size_t count;
    test_begin("code of partial states");
    chain_init(&c, 84);
    make_busy(&c, &b);
    const struct trie t = {.store = &c.store, .root = c.root, .recorder = &recorder};
    CHECK(apply_chunk(&b.chunk, &t, c.contracts, &r, NULL) == STATUS_OK);
    chunk_result_free(&r);
    CHECK(trie_recorder_rows(&recorder, &rows, &count, NULL) == STATUS_OK);
    fill_partial(&partial, rows, count, count);
    struct contract_cache *empty = contract_cache_new();
    const struct trie p = {.store = &partial, .root = c.root};
    CHECK(apply_chunk(&b.chunk, &p, empty, &r, &e) == STATUS_INVALID && e.code == TRIE_MISSING_VALUE);
    CHECK(strstr(e.message, "code") != NULL);
    CHECK(contract_cache_add(empty, b.chunk.parameters, bytes_of(c.code.data, c.code.size), NULL) == STATUS_OK);
    CHECK(apply_chunk(&b.chunk, &p, empty, &r, &e) == STATUS_OK);
    chunk_result_free(&r);
    contract_cache_free(empty);
    free(rows);
    trie_store_free(&partial);
    trie_recorder_free(&recorder);
    chain_free(&c);
}

/* Values that no node wrote, under every key that the block reads: an error or an outcome, nothing else. */
static void check_damaged(struct chain *c, const struct chunk *chunk, struct bytes key, struct bytes value)
{
    struct chunk_result r;
    struct trie_hash root;
    struct error e = {0};
    const struct trie whole = {.store = &c->store, .root = c->root};
    const struct trie_change change = {key, value, false};
    CHECK(trie_apply(&whole, &change, 1, &root, NULL, NULL) == STATUS_OK);
    const struct trie damaged = {.store = &c->store, .root = root};
    enum status status = apply_chunk(chunk, &damaged, c->contracts, &r, &e);
    CHECK(status == STATUS_OK || status == STATUS_INVALID);
    if (status == STATUS_INVALID) CHECK(e.message[0]);
    if (status == STATUS_OK) {
        trie_release(&c->store, &r.state_root);
        chunk_result_free(&r);
    }
    trie_release(&c->store, &root);
}

static void test_damaged_states(void)
{
    struct chain c;
    struct busy_block b;
    struct chunk_result r;
    test_begin("damaged states");
    chain_init(&c, 85);
    make_busy(&c, &b);
    b.chunk.gas_limit = 60000000000000; /* some are delayed */
    chain_apply(&c, &b.chunk, &r);
    struct chunk chunk = chain_chunk(&c);
    chunk.block_height += 300; /* yields expire */
    chunk.transactions = b.transactions;
    chunk.transaction_count = 2;
    for (size_t i = 0; i < r.change_count; i++) {
        if (r.changes[i].remove) continue;
        const struct bytes value = r.changes[i].value;
        uint8_t altered[4096];
        const size_t step = value.size > 200 ? 7 : 1;
        for (size_t n = 0; n < value.size && n < sizeof altered; n += step) {
            check_damaged(&c, &chunk, r.changes[i].key, bytes_of(value.data, n));
            memcpy(altered, value.data, value.size < sizeof altered ? value.size : sizeof altered);
            altered[n] ^= 0xff;
            if (value.size <= sizeof altered)
                check_damaged(&c, &chunk, r.changes[i].key, bytes_of(altered, value.size));
        }
    }
    chunk_result_free(&r);
    chain_free(&c);
}

int main(void)
{
    test_gas_weights();
    test_gas_overflow();
    test_contract_cache();
    test_conservation();
    test_prices();
    test_duplicates();
    test_missing_chunk();
    test_delayed();
    test_bad_calls();
    test_partial_states();
    test_code_of_partial_states();
    test_damaged_states();
    return test_end();
}
