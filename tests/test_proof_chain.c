/* Blocks of a proof beside each other. Every attack here is made as its maker would: the runtime itself applies the
 * altered blocks, and the proof is built of what comes of them, so that only the rules of the chain can tell. */
#include "tests/runtime_chain.h"

#include "proof/build.h"
#include "proof/chain.h"
#include "proof/execute.h"

enum { BLOCKS_LEAST = 4, BLOCKS_MAX = 12 };

/* Blocks under way. */
struct making {
    struct chain chain;
    struct trie_hash old_root;
    struct trie_recorder recorder;
    struct chunk chunks[BLOCKS_MAX];
    struct chunk_result results[BLOCKS_MAX];
    struct shard_congestion congestion[BLOCKS_MAX];
    uint32_t count;
    struct error e;
    struct buffer bytes;
};

/* Alters the chunk of a block before it is applied. */
typedef void alteration(struct making *m, struct chunk *k, uint32_t block);

static void *some(struct making *m, size_t count, size_t size)
{
    void *p = arena_array(&m->chain.arena, count ? count : 1, size);
    if (!p) abort();
    return p;
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

static bool run_block(struct making *m, const struct signed_transaction *t, uint32_t count, alteration *alter)
{
    struct chain *c = &m->chain;
    struct chunk *k = &m->chunks[m->count];
    struct chunk_result *r = &m->results[m->count];
    const struct trie state = {.store = &c->store, .root = c->root, .recorder = &m->recorder};
    m->congestion[m->count] = c->congestion; /* the chain changes its own */
    *k = chain_chunk(c);
    k->congestion = &m->congestion[m->count];
    k->transactions = t;
    k->transaction_count = count;
    struct receipt *incoming = some(m, k->incoming_count + 2, sizeof *incoming); /* with room for more */
    if (k->incoming_count) memcpy(incoming, k->incoming, k->incoming_count * sizeof *incoming);
    k->incoming = incoming;
    if (alter) alter(m, k, m->count);
    if (!CHECK_EQUAL(apply_chunk(k, &state, c->contracts, r, &m->e), STATUS_OK)) {
        printf("%s\n", m->e.message);
        return false;
    }
    m->count++;
    const struct chain before = *c;
    CHECK_EQUAL(trie_retain(&c->store, &c->root, NULL), STATUS_OK); /* chain_advance lets go of it */
    chain_advance(c, r);
    if (!k->is_new_chunk) { /* what waits goes on waiting */
        c->incoming = before.incoming;
        c->incoming_count = before.incoming_count;
        c->congestion = before.congestion;
    }
    return true;
}

static void build(struct making *m)
{
    struct proof_step steps[BLOCKS_MAX];
    for (uint32_t i = 0; i < m->count; i++) steps[i] = (struct proof_step){&m->chunks[i], &m->results[i]};
    const struct trie old = {.store = &m->chain.store, .root = m->old_root};
    const struct bytes code = bytes_of(m->chain.code.data, m->chain.code.size);
    const struct crypto_hash hash = crypto_hash_of(code);
    const struct proof_code codes = {code, false};
    const bool ran = contract_cache_used(m->chain.contracts, parameters_of(m->chain.version), &hash);
    const struct proof_parts parts = {.old = &old, .steps = steps, .step_count = m->count, .recorder = &m->recorder,
                                      .codes = &codes, .code_count = ran};
    struct execution_proof proof;
    if (!CHECK_EQUAL(proof_build(&parts, &proof, &m->e), STATUS_OK)) {
        printf("%s\n", m->e.message);
        return;
    }
    execution_proof_encode(&proof, &m->bytes);
    CHECK(!m->bytes.failed);
    execution_proof_free(&proof);
}

static uint32_t version = PROTOCOL_VERSION_CURRENT; /* of what is made */

static void begin(struct making *m)
{
    *m = (struct making){0};
    chain_init(&m->chain, version);
    m->old_root = m->chain.root;
    CHECK_EQUAL(trie_retain(&m->chain.store, &m->old_root, NULL), STATUS_OK);
}

static void end(struct making *m)
{
    while (m->count > 0) chunk_result_free(&m->results[--m->count]);
    trie_recorder_free(&m->recorder);
    buffer_free(&m->bytes);
    chain_free(&m->chain);
}

/* Alice signs a call of bob's contract; then blocks follow as long as receipts do, but no more than `most`. */
static bool make(struct making *m, const char *method, uint32_t most, alteration *alter)
{
    begin(m);
    const struct action actions[] = {call_of(method), transfer_of(near_tokens(1))};
    const struct signed_transaction t = transaction_of(&m->chain, 0, &m->chain.ids[1], actions, 2, 1);
    bool ok = run_block(m, &t, 1, alter);
    while (ok && m->count < most && (m->count < BLOCKS_LEAST || m->chain.incoming_count ||
                                     m->results[m->count - 1].delayed_receipt_count))
        ok = run_block(m, NULL, 0, alter);
    if (ok) build(m);
    return ok && m->bytes.size;
}

/* ---- verifying --------------------------------------------------------------------------------------------------- */

static enum status verify(const struct execution_proof *p, struct full_report *report, struct error *e)
{
    struct runtime_executor x;
    *report = (struct full_report){0};
    enum status status = runtime_executor_init(&x, p->protocol_version, e);
    const struct full_options options = {.executor = &x.executor};
    if (status == STATUS_OK) status = proof_verify_full(p, &options, report, e);
    runtime_executor_free(&x);
    return status;
}

static void check_code(const char *name, enum status status, const struct refusal *r, enum proof_error code,
                       const struct error *e)
{
    const bool ok = CHECK_EQUAL(status, code ? STATUS_INVALID : STATUS_OK) && CHECK_EQUAL(r->code, code) &&
                    CHECK(!code || r->place[0]);
    if (!ok) printf("%s: %s (%s)\n", name, status == STATUS_OK ? "accepted" : e->message, proof_error_name(code));
}

/* `light`, `full`: why each level refuses; PROOF_NO_ERROR: it does not. */
static void check(const char *name, const struct making *m, enum proof_error light, enum proof_error full)
{
    struct execution_proof proof;
    struct full_report report = {0};
    struct error e = {0};
    if (!CHECK_EQUAL(execution_proof_decode(bytes_of(m->bytes.data, m->bytes.size), &proof, &e), STATUS_OK)) {
        printf("%s: %s\n", name, e.message);
        return;
    }
    enum status status = proof_verify_light(&proof, NULL, &report.light, &e);
    check_code(name, status, &report.light.refusal, light, &e);
    status = verify(&proof, &report, &e);
    check_code(name, status, &report.light.refusal, full, &e);
    execution_proof_free(&proof);
}

/* ---- alterations: delivery --------------------------------------------------------------------------------------- */

/* Block 1 gets the call, block 2 what bob has sent himself and the refund to alice. */
static struct receipt *incoming(struct chunk *k)
{
    return (struct receipt *)(uintptr_t)k->incoming;
}

static struct action *action_copy(struct making *m, struct receipt *r)
{
    struct action *actions = some(m, r->action.action_count, sizeof *actions);
    memcpy(actions, r->action.actions, r->action.action_count * sizeof *actions);
    r->action.actions = actions;
    return actions;
}

static struct receipt *refund_in(struct chunk *k)
{
    for (uint32_t i = 0; i < k->incoming_count; i++)
        if (account_id_is_system(&k->incoming[i].predecessor_id)) return &incoming(k)[i];
    return NULL;
}

static void forge(struct making *m, struct chunk *k, uint32_t block)
{
    if (block == 1) action_copy(m, &incoming(k)[0])[0].function_call.method_name = bytes_of_string("write");
}
static void mint(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt *refund = block == 2 ? refund_in(k) : NULL;
    if (block == 2 && CHECK(refund)) action_copy(m, refund)[0].transfer.deposit = near_tokens(1000000000);
}
static void swap(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block != 2 || !CHECK(k->incoming_count > 1)) return;
    const struct receipt first = incoming(k)[0];
    incoming(k)[0] = incoming(k)[1];
    incoming(k)[1] = first;
}
static void drop_first(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->incoming++, k->incoming_count--;
}
static void drop_last(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->incoming_count--;
}
static void drop_all(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->incoming_count = 0;
}
static void deliver_twice(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) incoming(k)[k->incoming_count] = k->incoming[0], k->incoming_count++;
}
static void split(struct making *m, struct chunk *k, uint32_t block)
{
    if (block != 2) return;
    memmove(&incoming(k)[2], &incoming(k)[1], (k->incoming_count - 1) * sizeof *k->incoming);
    incoming(k)[1] = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    k->incoming_count++;
}
static void add_given(struct making *m, struct chunk *k, uint32_t block, const struct receipt *r)
{
    (void)m;
    (void)block;
    incoming(k)[k->incoming_count++] = *r;
}
static void give_late(struct making *m, struct chunk *k, uint32_t block)
{
    const struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    if (block == 2) add_given(m, k, block, &r);
}
static void give_at_once(struct making *m, struct chunk *k, uint32_t block)
{
    const struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    if (block == 0) add_given(m, k, block, &r);
}

/* ---- alterations: order ------------------------------------------------------------------------------------------ */

static void same_height(struct making *m, struct chunk *k, uint32_t block)
{
    if (block == 2) k->block_height = m->chunks[1].block_height;
}
static void lower_height(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->block_height = 0;
}
static void height_left_out(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    k->block_height += block * 2;
}
/* A yield that was made in block 1 expires in block 3. */
static void heights_rise_fast(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    k->block_height += block * 120;
}
static void same_time(struct making *m, struct chunk *k, uint32_t block)
{
    if (block == 2) k->block_timestamp = m->chunks[1].block_timestamp;
}
static void last_time(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 1) k->block_timestamp = UINT64_MAX;
}
static void epoch_falls(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->epoch_height--;
}
static void epoch_jumps(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->epoch_height += 2;
}
static void epoch_rises(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block >= 2) k->epoch_height++;
}
static void same_block_before(struct making *m, struct chunk *k, uint32_t block)
{
    if (block == 2) k->prev_block_hash = m->chunks[0].prev_block_hash;
}
static void same_seed(struct making *m, struct chunk *k, uint32_t block)
{
    if (block == 2) k->random_seed = m->chunks[0].random_seed;
}
static void price_falls(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->gas_price = u128_of(99499999);
}
static void price_rises(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->gas_price = u128_of(101500001);
}
static void price_moves(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    k->gas_price = u128_of(block % 2 ? 100000000 : 100500000);
}
static void other_gas_limit(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->gas_limit++;
}
static void other_congestion(struct making *m, struct chunk *k, uint32_t block)
{
    (void)k;
    if (block == 2) m->congestion[2].info.receipt_bytes++;
}
static void no_congestion(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->congestion_count = 0;
}
static void chunks_missed(struct making *m, struct chunk *k, uint32_t block)
{
    (void)k;
    if (block == 2) m->congestion[2].missed_chunks = 3;
}
static void other_bandwidth(struct making *m, struct chunk *k, uint32_t block)
{
    struct bandwidth_request *request = some(m, 1, sizeof *request);
    struct shard_bandwidth_requests *own = some(m, 1, sizeof *own);
    request->bitmap[0] = 1;
    *own = (struct shard_bandwidth_requests){0, {request, 1}};
    if (block == 2) k->bandwidth_requests = own, k->bandwidth_request_count = 1;
}

/* ---- alterations: lists ------------------------------------------------------------------------------------------ */

static void validators(struct making *m, struct chunk *k, uint32_t count)
{
    struct account_balance *list = some(m, 2, sizeof *list);
    list[0] = list[1] = (struct account_balance){m->chain.ids[0], u128_of(5)};
    k->validators = list;
    k->validator_count = count;
}
static void validator_twice(struct making *m, struct chunk *k, uint32_t block)
{
    (void)block;
    validators(m, k, 2);
}
static void other_validators(struct making *m, struct chunk *k, uint32_t block)
{
    if (block == 2) validators(m, k, 1);
}
static void other_stake(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 2) k->minimum_stake = u128_of(3);
}
static struct validator_accounts_update *update_of(struct making *m, struct chunk *k)
{
    struct validator_accounts_update *u = some(m, 1, sizeof *u);
    k->validator_update = u;
    return u;
}
static void update_in_epoch(struct making *m, struct chunk *k, uint32_t block)
{
    if (block == 2) update_of(m, k);
}
static struct account_balance *balances(struct making *m, struct u128 amount)
{
    struct account_balance *list = some(m, 2, sizeof *list);
    list[0] = list[1] = (struct account_balance){m->chain.ids[0], amount};
    return list;
}
static void reward_twice(struct making *m, struct chunk *k, uint32_t block)
{
    if (block > 0) return;
    struct validator_accounts_update *u = update_of(m, k);
    u->rewards = balances(m, u128_of(7));
    u->reward_count = 2;
}
static void reward_for_nobody(struct making *m, struct chunk *k, uint32_t block)
{
    if (block > 0) return;
    struct validator_accounts_update *u = update_of(m, k);
    u->rewards = balances(m, u128_of(7));
    u->reward_count = 1;
}
static void reward(struct making *m, struct chunk *k, uint32_t block)
{
    if (block > 0) return;
    reward_for_nobody(m, k, block);
    struct validator_accounts_update *u = (struct validator_accounts_update *)(uintptr_t)k->validator_update;
    u->stake_info = balances(m, u128_of(0));
    u->stake_info_count = 1;
}
static void shard_twice(struct making *m, struct chunk *k, uint32_t block)
{
    struct shard_congestion *list = some(m, 2, sizeof *list);
    list[0] = list[1] = m->congestion[block];
    k->congestion = list;
    k->congestion_count = 2;
}
static void unknown_shard(struct making *m, struct chunk *k, uint32_t block)
{
    shard_twice(m, k, block);
    ((struct shard_congestion *)(uintptr_t)k->congestion)[1].shard_id = 9;
}
static void request_twice(struct making *m, struct chunk *k, uint32_t block)
{
    struct bandwidth_request *request = some(m, 2, sizeof *request);
    struct shard_bandwidth_requests *own = some(m, 1, sizeof *own);
    *own = (struct shard_bandwidth_requests){0, {request, 2}};
    if (block == 0) k->bandwidth_requests = own, k->bandwidth_request_count = 1;
}

/* ---- alterations: who sends -------------------------------------------------------------------------------------- */

static void transaction_twice(struct making *m, struct chunk *k, uint32_t block)
{
    if (block > 0) return;
    struct signed_transaction *list = some(m, 2, sizeof *list);
    list[0] = list[1] = k->transactions[0];
    k->transactions = list;
    k->transaction_count = 2;
}
/* The transaction's hash as a receipt's id. */
static void id_of_transaction(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    if (block > 0) return;
    r.receipt_id = k->transactions[0].hash;
    add_given(m, k, block, &r);
}
/* The id of the receipt that the transaction becomes. */
static void id_of_made(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    if (block > 0) return;
    r.receipt_id = receipt_id_of_transaction(&k->transactions[0].hash, k->block_height);
    add_given(m, k, block, &r);
}
static void given_twice(struct making *m, struct chunk *k, uint32_t block)
{
    give_at_once(m, k, block);
    give_at_once(m, k, block);
}
static struct receipt refund_of(struct making *m, struct u128 amount)
{
    struct receipt r = {0};
    CHECK_EQUAL(receipt_balance_refund(&m->chain.ids[0], amount, &m->chain.arena, &r, NULL), STATUS_OK);
    r.receipt_id.bytes[0] = 9;
    return r;
}
static void refund(struct making *m, struct chunk *k, uint32_t block)
{
    const struct receipt r = refund_of(m, u128_of(5));
    if (block == 0) add_given(m, k, block, &r);
}
static void refund_of_nothing(struct making *m, struct chunk *k, uint32_t block)
{
    const struct receipt r = refund_of(m, u128_of(0));
    if (block == 0) add_given(m, k, block, &r);
}
static void call_by_system(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = refund_of(m, u128_of(5));
    if (block > 0) return;
    r.receiver_id = m->chain.ids[1];
    *action_copy(m, &r) = call_of("write");
    add_given(m, k, block, &r);
}
static void refund_with_price(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = refund_of(m, u128_of(5));
    r.action.gas_price = u128_of(1);
    if (block == 0) add_given(m, k, block, &r);
}
static void refund_with_key(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = refund_of(m, u128_of(5));
    r.action.signer_public_key = &m->chain.public_keys[0];
    if (block == 0) add_given(m, k, block, &r);
}
static void refund_signed_by_other(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = refund_of(m, u128_of(5));
    r.action.signer_id = m->chain.ids[2];
    if (block == 0) add_given(m, k, block, &r);
}
static void data_by_system(struct making *m, struct chunk *k, uint32_t block)
{
    const struct account_id system = account_id_of("system");
    struct receipt r = receipt_data(&system, &m->chain.ids[1], &k->random_seed, false, (struct bytes){0});
    r.receipt_id.bytes[0] = 9;
    if (block == 0) add_given(m, k, block, &r);
}
static void signed_by_system(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    r.action.signer_id = account_id_of("system");
    if (block == 0) add_given(m, k, block, &r);
}
static void transaction_of_system(struct making *m, struct chunk *k, uint32_t block)
{
    struct signed_transaction *t = some(m, 1, sizeof *t);
    if (block > 0) return;
    *t = k->transactions[0];
    t->transaction.signer_id = account_id_of("system");
    k->transactions = t;
}
static void yield_comes_in(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = receipt_of(&m->chain, &m->chain.ids[1], NULL, 0, 77);
    r.kind = RECEIPT_promise_yield;
    r.action.input_data_ids = &k->random_seed;
    r.action.input_data_id_count = 1;
    if (block == 0) add_given(m, k, block, &r);
}
static void resumed_by_other(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = receipt_data(&m->chain.ids[0], &m->chain.ids[1], &k->random_seed, false, (struct bytes){0});
    r.kind = RECEIPT_promise_resume;
    r.receipt_id.bytes[0] = 9;
    if (block == 0) add_given(m, k, block, &r);
}

static alteration all_here;

/* ---- alterations: data ------------------------------------------------------------------------------------------- */

static void give_data(struct making *m, struct chunk *k, const struct crypto_hash *data_id, const char *predecessor)
{
    const struct account_id from = account_id_of(predecessor);
    struct receipt r = receipt_data(&from, &m->chain.ids[1], data_id, true, bytes_of_string("evil"));
    r.receipt_id = crypto_hash_of(account_id_bytes(&from));
    incoming(k)[k->incoming_count++] = r;
}
/* The data id that bob's callback waits for, which block 1 makes: it is the same in a run before. */
static struct crypto_hash expected_data(void)
{
    static struct crypto_hash id;
    static bool known;
    struct making m;
    if (!known && make(&m, "call", 3, NULL)) {
        for (uint32_t i = 0; i < m.chunks[2].incoming_count; i++) {
            const struct receipt *r = &m.chunks[2].incoming[i];
            if (receipt_is_action(r) && r->action.input_data_id_count) id = r->action.input_data_ids[0], known = true;
        }
        CHECK(known);
        end(&m);
    }
    return id;
}
/* Before the promise is made: the callback would run with them as soon as it is there. */
static void data_ahead(struct making *m, struct chunk *k, uint32_t block)
{
    const struct crypto_hash id = expected_data();
    if (block == 0) give_data(m, k, &id, "zoe.near");
}
/* Of a promise that is made here, in the name of another shard. */
static void data_from_abroad(struct making *m, struct chunk *k, uint32_t block)
{
    const struct crypto_hash id = expected_data();
    all_here(m, k, block);
    if (block == 2) give_data(m, k, &id, "zoe.near");
}
static void data_twice(struct making *m, struct chunk *k, uint32_t block)
{
    const struct crypto_hash id = {{5}};
    if (block > 0) return;
    give_data(m, k, &id, "zoe.near");
    give_data(m, k, &id, "yan.near");
}
static void data_for_nobody(struct making *m, struct chunk *k, uint32_t block)
{
    const struct crypto_hash id = {{5}};
    if (block == 0) give_data(m, k, &id, "zoe.near");
}
/* Two receipts that make the same data. */
static void makes_twice(struct making *m, struct chunk *k, uint32_t block)
{
    static struct data_receiver receiver = {.data_id = {{5}}};
    static const struct action action = {.kind = ACTION_KIND_transfer, .transfer = {{1, 0}}};
    struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], &action, 1, 77);
    receiver.receiver_id = m->chain.ids[0];
    r.action.output_data_receivers = &receiver;
    r.action.output_data_receiver_count = 1;
    if (block == 0) add_given(m, k, block, &r);
    r.receipt_id.bytes[0]++;
    if (block == 0) add_given(m, k, block, &r);
}
static void waits_twice(struct making *m, struct chunk *k, uint32_t block)
{
    static const struct crypto_hash ids[] = {{{5}}, {{5}}};
    struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    r.action.input_data_ids = ids;
    r.action.input_data_id_count = 2;
    if (block == 0) add_given(m, k, block, &r);
}

/* ---- alterations: global contracts ------------------------------------------------------------------------------- */

static struct receipt distribution(struct making *m)
{
    const struct bytes code = bytes_of(m->chain.code.data, m->chain.code.size);
    const struct crypto_hash hash = crypto_hash_of(code);
    struct receipt r = {.predecessor_id = m->chain.ids[0], .receiver_id = account_id_of("system"),
                        .receipt_id = {{9}}, .kind = RECEIPT_global_contract_distribution};
    r.global_contract_distribution = (struct global_contract_distribution){
        .version = 2, .id = {.mode = GLOBAL_BY_CODE_HASH}, .code = code, .nonce = 1};
    memcpy(r.global_contract_distribution.id.code_hash, hash.bytes, sizeof hash.bytes);
    return r;
}
static void distribute(struct making *m, struct chunk *k, uint32_t block)
{
    const struct receipt r = distribution(m);
    if (block == 0) add_given(m, k, block, &r);
}
static void distribute_other_code(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = distribution(m);
    r.global_contract_distribution.code = bytes_of("\0asm\1\0\0\0", 8);
    if (block == 0) add_given(m, k, block, &r);
}
static void distribute_for_other(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = distribution(m);
    r.global_contract_distribution.id = (struct global_contract_id){.mode = GLOBAL_BY_ACCOUNT_ID,
                                                                    .account_id = m->chain.ids[2]};
    if (block == 0) add_given(m, k, block, &r);
}
static void distribute_by_system(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = distribution(m);
    r.predecessor_id = account_id_of("system");
    if (block == 0) add_given(m, k, block, &r);
}
static void distribute_to_account(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = distribution(m);
    r.receiver_id = m->chain.ids[2];
    if (block == 0) add_given(m, k, block, &r);
}
static void distribute_twice(struct making *m, struct chunk *k, uint32_t block)
{
    static const uint64_t shards[] = {7, 7};
    struct receipt r = distribution(m);
    r.global_contract_distribution.already_delivered_shards = shards;
    r.global_contract_distribution.already_delivered_shard_count = 2;
    if (block == 0) add_given(m, k, block, &r);
}
static void distribute_again(struct making *m, struct chunk *k, uint32_t block)
{
    static const uint64_t own[] = {0};
    struct receipt r = distribution(m);
    r.global_contract_distribution.already_delivered_shards = own;
    r.global_contract_distribution.already_delivered_shard_count = 1;
    if (block == 0) add_given(m, k, block, &r);
}

/* ---- alterations: two shards ------------------------------------------------------------------------------------- */

/* The first shard ends before the boundary account. */
static void two_shards(struct making *m, struct chunk *k, const char *boundary, uint32_t index)
{
    static const uint64_t ids[] = {0, 1};
    struct account_id *account = some(m, 1, sizeof *account);
    *account = account_id_of(boundary);
    k->shards = (struct shard_layout){ids, account, 2};
    k->shard_index = index;
}
/* All accounts are in shard 0, and the proof's shard is that one. */
static void all_here(struct making *m, struct chunk *k, uint32_t block)
{
    (void)block;
    two_shards(m, k, "xx", 0);
}
static void same_shard_twice(struct making *m, struct chunk *k, uint32_t block)
{
    static const uint64_t ids[] = {0, 0};
    all_here(m, k, block);
    k->shards.shard_ids = ids;
}
static void signer_elsewhere(struct making *m, struct chunk *k, uint32_t block)
{
    two_shards(m, k, "bb", 1);
    ((struct shard_congestion *)(uintptr_t)k->congestion)->shard_id = 1;
    (void)block;
}
static void receiver_elsewhere(struct making *m, struct chunk *k, uint32_t block)
{
    two_shards(m, k, "bb", 0);
    const struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    if (block == 0) add_given(m, k, block, &r);
}
static void given_by_other_shard(struct making *m, struct chunk *k, uint32_t block)
{
    all_here(m, k, block);
    struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    r.predecessor_id = account_id_of("zoe.near");
    if (block == 2) add_given(m, k, block, &r);
}
static void given_by_own_shard(struct making *m, struct chunk *k, uint32_t block)
{
    all_here(m, k, block);
    give_late(m, k, block);
}
static void stake_elsewhere(struct making *m, struct chunk *k, uint32_t block)
{
    all_here(m, k, block);
    if (block > 0) return;
    struct validator_accounts_update *u = update_of(m, k);
    struct account_balance *list = balances(m, u128_of(0));
    list->account_id = account_id_of("zoe.near");
    u->stake_info = list;
    u->stake_info_count = 1;
}
static void distribute_elsewhere(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = distribution(m);
    all_here(m, k, block);
    r.global_contract_distribution.target_shard = 1;
    if (block == 0) add_given(m, k, block, &r);
}

/* ---- alterations: missing chunks --------------------------------------------------------------------------------- */

static void chunk_missing(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block != 2) return;
    k->is_new_chunk = false;
    k->incoming_count = 0;
    m->congestion[2].info = m->congestion[1].info; /* the header is that of block 1 */
    m->congestion[2].missed_chunks = 1;
}
static void all_at_old_chunk(struct making *m, struct chunk *k, uint32_t block)
{
    chunk_missing(m, k, block);
    if (block == 2) k->incoming_count = m->chain.incoming_count;
}
static void transaction_at_old_chunk(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block == 0) k->is_new_chunk = false;
}
static void other_while_missing(struct making *m, struct chunk *k, uint32_t block)
{
    chunk_missing(m, k, block);
    if (block == 2) m->congestion[2].info.receipt_bytes++;
}
static void other_requests_while_missing(struct making *m, struct chunk *k, uint32_t block)
{
    chunk_missing(m, k, block);
    other_bandwidth(m, k, block);
}
static void missed_at_first(struct making *m, struct chunk *k, uint32_t block)
{
    (void)k;
    if (block == 0) m->congestion[0].missed_chunks = 1;
}
static void not_missed(struct making *m, struct chunk *k, uint32_t block)
{
    chunk_missing(m, k, block);
    if (block == 2) m->congestion[2].missed_chunks = 0;
}

/* Few receipts fit: the others are delayed. */
static void small_chunks(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    (void)block;
    k->gas_limit = 1;
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static const struct attack {
    const char *name;
    alteration *alter;
    enum proof_error light, full;
} attacks[] = {
#define BOTH(code) PROOF_##code, PROOF_##code
    {"nothing", NULL, BOTH(NO_ERROR)},
    {"other contents under the id of a receipt that was sent", forge, BOTH(FORGED)},
    {"a refund of more than was sent", mint, BOTH(FORGED)},
    {"another order", swap, BOTH(DELIVERY)},
    {"the first receipt is left out", drop_first, BOTH(DELIVERY)},
    {"the last receipt is left out", drop_last, BOTH(DELIVERY)},
    {"nothing arrives", drop_all, BOTH(DELIVERY)},
    {"a receipt arrives twice", deliver_twice, BOTH(NO_ORIGIN)},
    {"another receipt in between", split, BOTH(DELIVERY)},
    {"a receipt that nobody has sent", give_late, BOTH(NO_ORIGIN)},
    {"a given receipt in the first block", give_at_once, BOTH(NO_ERROR)},
    {"the same height", same_height, BOTH(HEIGHT)},
    {"a lower height", lower_height, BOTH(HEIGHT)},
    {"heights left out", height_left_out, BOTH(NO_ERROR)},
    {"the same time", same_time, BOTH(TIMESTAMP)},
    {"after the end of time", last_time, BOTH(TIMESTAMP)},
    {"an epoch that falls", epoch_falls, BOTH(EPOCH)},
    {"an epoch left out", epoch_jumps, BOTH(EPOCH)},
    {"another epoch", epoch_rises, BOTH(NO_ERROR)},
    {"the same block before", same_block_before, BOTH(SAME_BLOCK)},
    {"the same seed", same_seed, BOTH(SAME_BLOCK)},
    {"a price that falls", price_falls, BOTH(GAS_PRICE)},
    {"a price that rises", price_rises, BOTH(GAS_PRICE)},
    {"a price that moves", price_moves, BOTH(NO_ERROR)},
    {"another gas limit", other_gas_limit, BOTH(GAS_LIMIT)},
    {"other congestion", other_congestion, PROOF_NO_ERROR, PROOF_CONGESTION},
    {"no congestion", no_congestion, BOTH(CONGESTION)},
    {"missed chunks", chunks_missed, BOTH(CONGESTION)},
    {"other bandwidth requests", other_bandwidth, PROOF_NO_ERROR, PROOF_BANDWIDTH},
    {"a validator twice", validator_twice, BOTH(TWICE)},
    {"other validators in an epoch", other_validators, BOTH(EPOCH)},
    {"another minimum stake in an epoch", other_stake, BOTH(EPOCH)},
    {"rewards in an epoch", update_in_epoch, BOTH(EPOCH)},
    {"a reward twice", reward_twice, BOTH(TWICE)},
    {"a reward for nobody", reward_for_nobody, PROOF_NO_ERROR, PROOF_BALANCE},
    {"a reward", reward, BOTH(NO_ERROR)},
    {"congestion of a shard twice", shard_twice, BOTH(TWICE)},
    {"congestion of a shard that there is not", unknown_shard, BOTH(NO_SHARD)},
    {"bandwidth requests to a shard twice", request_twice, BOTH(TWICE)},
    {"a transaction twice", transaction_twice, BOTH(SAME_ID)},
    {"a receipt with a transaction's hash", id_of_transaction, BOTH(SAME_ID)},
    {"a given receipt with the id of one that is made", id_of_made, BOTH(SAME_ID)},
    {"a given receipt twice", given_twice, BOTH(SAME_ID)},
    {"a refund", refund, BOTH(NO_ERROR)},
    {"a refund of nothing", refund_of_nothing, BOTH(SYSTEM)},
    {"a call by system", call_by_system, BOTH(SYSTEM)},
    {"a refund with a gas price", refund_with_price, BOTH(SYSTEM)},
    {"a refund with a key", refund_with_key, BOTH(SYSTEM)},
    {"a refund that another signs", refund_signed_by_other, BOTH(SYSTEM)},
    {"data by system", data_by_system, BOTH(SYSTEM)},
    {"a receipt signed by system", signed_by_system, BOTH(SYSTEM)},
    {"a transaction of system", transaction_of_system, BOTH(SYSTEM)},
    {"a yield that comes in", yield_comes_in, BOTH(RECEIPT)},
    {"a resumption by another account", resumed_by_other, BOTH(RECEIPT)},
    {"data of a promise that is yet to be made", data_ahead, BOTH(DATA)},
    {"data of a promise of this shard from another one", data_from_abroad, BOTH(DATA)},
    {"the same data twice", data_twice, BOTH(SAME_ID)},
    {"data that nobody waits for", data_for_nobody, BOTH(NO_ERROR)},
    {"the same data made twice", makes_twice, BOTH(SAME_ID)},
    {"a receipt that waits for the same data twice", waits_twice, BOTH(TWICE)},
    {"a global contract", distribute, BOTH(NO_ERROR)},
    {"a global contract with other code", distribute_other_code, BOTH(CODE_HASH)},
    {"a global contract of another account", distribute_for_other, BOTH(RECEIPT)},
    {"a global contract by system", distribute_by_system, BOTH(SYSTEM)},
    {"a global contract for an account", distribute_to_account, BOTH(RECEIPT)},
    {"a global contract that was twice in a shard", distribute_twice, BOTH(TWICE)},
    {"a global contract that was here", distribute_again, BOTH(RECEIPT)},
    {"a global contract for another shard", distribute_elsewhere, BOTH(WRONG_SHARD)},
    {"two shards", all_here, BOTH(NO_ERROR)},
    {"a shard twice", same_shard_twice, BOTH(TWICE)},
    {"a signer of another shard", signer_elsewhere, BOTH(WRONG_SHARD)},
    {"a receiver of another shard", receiver_elsewhere, BOTH(WRONG_SHARD)},
    {"a receipt from another shard", given_by_other_shard, BOTH(NO_ERROR)},
    {"a receipt that the own shard has not sent", given_by_own_shard, BOTH(NO_ORIGIN)},
    {"a validator of another shard", stake_elsewhere, BOTH(WRONG_SHARD)},
    {"a missing chunk", chunk_missing, BOTH(NO_ERROR)},
    {"receipts at a missing chunk", all_at_old_chunk, BOTH(OLD_CHUNK)},
    {"a transaction at a missing chunk", transaction_at_old_chunk, BOTH(OLD_CHUNK)},
    {"other congestion while the chunk is missing", other_while_missing, BOTH(CONGESTION)},
    {"other requests while the chunk is missing", other_requests_while_missing, BOTH(BANDWIDTH)},
    {"missed chunks in the first block", missed_at_first, BOTH(CONGESTION)},
    {"a missing chunk that is not counted", not_missed, BOTH(CONGESTION)},
    {"small chunks", small_chunks, BOTH(NO_ERROR)},
#undef BOTH
};

static void test_attacks(void)
{
    test_begin("proofs of blocks that do not belong together");
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        const struct attack *a = &attacks[i];
        struct making m;
        if (make(&m, "call", BLOCKS_MAX, a->alter)) check(a->name, &m, a->light, a->full);
        else printf("%s\n", a->name);
        end(&m);
    }
}

/* ---- honest chains ----------------------------------------------------------------------------------------------- */

/* What has occurred. */
struct seen {
    unsigned refunds, data, resumed, timed_out, delayed, missing, failures;
};

static void look(const struct making *m, struct seen *s)
{
    for (uint32_t b = 0; b < m->count; b++) {
        s->delayed += m->results[b].delayed_receipt_count > 0;
        s->missing += !m->chunks[b].is_new_chunk;
        for (uint32_t i = 0; i < m->results[b].outcome_count; i++)
            s->failures += m->results[b].outcomes[i].status == EXECUTION_FAILURE;
        for (uint32_t i = 0; i < m->chunks[b].incoming_count; i++) {
            const struct receipt *r = &m->chunks[b].incoming[i];
            s->refunds += account_id_is_system(&r->predecessor_id);
            s->data += r->kind == RECEIPT_data;
            s->resumed += r->kind == RECEIPT_promise_resume && r->data.has_data;
            s->timed_out += r->kind == RECEIPT_promise_resume && !r->data.has_data;
        }
    }
}

static void test_honest(void)
{
    static const char *const methods[] = {"write", "remove", "fail", "call", "yield", "resume", "nothing there"};
    static alteration *const ways[] = {NULL, chunk_missing, small_chunks, height_left_out, heights_rise_fast, all_here};
    enum { METHODS = sizeof methods / sizeof *methods, WAYS = sizeof ways / sizeof *ways };
    struct seen s = {0};
    test_begin("every version: callbacks, refunds, yields, failures; missing chunks, delayed receipts");
    for (version = RUNTIME_VERSION_FIRST; version <= PROTOCOL_VERSION_CURRENT; version++)
        for (size_t i = 0; parameters_of(version) && i < METHODS * WAYS; i++) {
            struct making m;
            if (make(&m, methods[i / WAYS], BLOCKS_MAX, ways[i % WAYS])) {
                look(&m, &s);
                check(methods[i / WAYS], &m, PROOF_NO_ERROR, PROOF_NO_ERROR);
            }
            end(&m);
        }
    version = PROTOCOL_VERSION_CURRENT;
    CHECK(s.refunds && s.data && s.resumed && s.timed_out && s.delayed && s.missing && s.failures);
    printf("  %u refunds, %u data, %u resumed and %u expired yields, %u blocks with delayed receipts, %u missing "
           "chunks, %u failures\n", s.refunds, s.data, s.resumed, s.timed_out, s.delayed, s.missing, s.failures);
}

/* ---- origins ----------------------------------------------------------------------------------------------------- */

/* Where everything comes from, and what is left when the proof ends early. */
static void check_origins(const struct proof_chain *c)
{
    CHECK_EQUAL(c->given_count, 1);
    CHECK(c->given[0].block == 0 && c->given[0].index == 0);
    CHECK(c->origins[0][0].given && !c->origins[1][0].given && !c->origins[2][0].given);
    CHECK(c->origins[1][0].sent.block == 0 && c->origins[1][0].sent.index == 0);
    CHECK(c->origins[2][1].sent.block == 1 && c->origins[2][1].sent.index == 1);
    CHECK_EQUAL(c->undelivered_count, c->proof->blocks[2].outgoing_count);
    CHECK(c->undelivered_count > 0 && c->undelivered[0].block == 2 && c->undelivered[0].index == 0);
}

static void test_origins(void)
{
    test_begin("where receipts come from, and which are left");
    struct making m;
    struct execution_proof proof;
    struct proof_chain c;
    struct refusal r = {0};
    struct error e = {0};
    if (make(&m, "call", 3, give_at_once) &&
        CHECK_EQUAL(execution_proof_decode(bytes_of(m.bytes.data, m.bytes.size), &proof, &e), STATUS_OK)) {
        if (CHECK_EQUAL(proof_chain_read(&proof, &c, &r, &e), STATUS_OK)) check_origins(&c);
        proof_chain_free(&c);
        execution_proof_free(&proof);
    }
    end(&m);
}

/* ---- what waits in the state ------------------------------------------------------------------------------------- */

/* A new proof begins with the state as it is. */
static void begin_again(struct making *m)
{
    while (m->count > 0) chunk_result_free(&m->results[--m->count]);
    trie_recorder_free(&m->recorder);
    buffer_free(&m->bytes);
    m->recorder = (struct trie_recorder){0};
    m->bytes = (struct buffer){0};
    m->old_root = m->chain.root;
    CHECK_EQUAL(trie_retain(&m->chain.store, &m->old_root, NULL), STATUS_OK);
}

static const struct receipt *waiting; /* bob's callback, which waits in the state for its data */

/* The callback once more, with another method: it takes the place of the one in the state. */
static void replace_waiting(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = *waiting;
    if (block > 0) return;
    action_copy(m, &r)[0].function_call.method_name = bytes_of_string("fail");
    memmove(&incoming(k)[1], &incoming(k)[0], k->incoming_count * sizeof *k->incoming);
    incoming(k)[0] = r;
    k->incoming_count++;
}

static void test_waiting(alteration *alter, enum proof_error code)
{
    struct making m;
    bool ok = make(&m, "call", 3, NULL);
    waiting = NULL;
    for (uint32_t i = 0; ok && i < m.chunks[2].incoming_count; i++)
        if (receipt_is_action(&m.chunks[2].incoming[i]) && m.chunks[2].incoming[i].action.input_data_id_count)
            waiting = &m.chunks[2].incoming[i];
    begin_again(&m);
    ok = ok && CHECK(waiting);
    while (ok && m.count < BLOCKS_MAX && m.chain.incoming_count) ok = run_block(&m, NULL, 0, alter);
    if (ok) build(&m);
    if (ok) check("a callback that waits", &m, code, code);
    waiting = NULL;
    end(&m);
}

/* ---- a yield that is resumed where it is made -------------------------------------------------------------------- */

static struct crypto_hash yielded;

static void resume_at_once(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = receipt_data(&m->chain.ids[1], &m->chain.ids[1], &yielded, true, bytes_of_string("evil"));
    r.kind = RECEIPT_promise_resume;
    r.receipt_id.bytes[0] = 9;
    if (block == 0) add_given(m, k, block, &r);
}

/* Bob calls himself, so that the yield is there before the block's incoming receipts. */
static bool yield_locally(struct making *m, alteration *alter)
{
    begin(m);
    const struct action action = call_of("yield");
    const struct signed_transaction t = transaction_of(&m->chain, 1, &m->chain.ids[1], &action, 1, 1);
    const bool ok = run_block(m, &t, 1, alter);
    if (ok) build(m);
    return ok;
}

static void test_yield(void)
{
    test_begin("a yield that a given receipt resumes where it is made");
    struct making m;
    if (yield_locally(&m, NULL)) {
        check("a yield", &m, PROOF_NO_ERROR, PROOF_NO_ERROR);
        for (uint32_t i = 0; i < m.results[0].processed_count; i++)
            if (receipt_is_yield(m.results[0].processed[i].receipt))
                yielded = m.results[0].processed[i].receipt->action.input_data_ids[0];
    }
    end(&m);
    if (yield_locally(&m, resume_at_once)) check("a resumption", &m, PROOF_NO_ERROR, PROOF_DATA);
    end(&m);
}

/* ---- runtimes that are wrong ------------------------------------------------------------------------------------- */

/* What a wrong runtime makes of the changes of a block. */
typedef void fault(struct chunk_result *r);

static struct bytes kept(struct chunk_result *r, const struct buffer *b)
{
    uint8_t *copy = arena_alloc(r->arena, b->size);
    if (!copy) abort();
    memcpy(copy, b->data, b->size);
    return bytes_of(copy, b->size);
}

/* The first account among the changes gets more. */
static void credit(struct chunk_result *r, struct u128 amount)
{
    struct account a;
    struct buffer value = {0};
    struct trie_change *c = r->changes; /* accounts come first */
    if (!CHECK(r->change_count && c->key.data[0] == 0)) return;
    CHECK_EQUAL(account_from_borsh(c->value, &a, NULL), STATUS_OK);
    CHECK(u128_add(a.amount, amount, &a.amount));
    account_write(&a, &value);
    c->value = kept(r, &value);
    buffer_free(&value);
}
static void credit_little(struct chunk_result *r) { credit(r, u128_of(1)); }
static void credit_much(struct chunk_result *r) { credit(r, near_tokens(1)); }

/* Some code under a key, which belongs behind those of accounts. */
static void add_code(struct chunk_result *r, const struct trie_key *key)
{
    struct trie_change *all = arena_array(r->arena, r->change_count + 1, sizeof *all);
    struct buffer bytes = {0};
    if (!all) abort();
    trie_key_write(key, &bytes);
    const struct trie_change added = {.key = kept(r, &bytes), .value = bytes_of("\0asm\1\0\0\0", 8)};
    buffer_free(&bytes);
    size_t at = 0;
    while (at < r->change_count && r->changes[at].key.data[0] <= added.key.data[0]) at++;
    memcpy(all, r->changes, at * sizeof *all);
    all[at] = added;
    memcpy(all + at + 1, r->changes + at, (r->change_count - at) * sizeof *all);
    r->changes = all;
    r->change_count++;
}
static void wrong_global_code(struct chunk_result *r)
{
    const struct global_contract_id id = {.mode = GLOBAL_BY_CODE_HASH, .code_hash = {1}};
    const struct trie_key key = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_CODE, &id);
    add_code(r, &key);
}
static void wrong_code(struct chunk_result *r)
{
    const struct account_id alice = account_id_of("alice.near"); /* she is charged, and has no code */
    const struct trie_key key = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &alice);
    add_code(r, &key);
}

static fault *fault_of_runtime;

static enum status apply_wrongly(void *context, const struct chunk *chunk, const struct trie *state,
                                 struct chunk_result *out, struct error *e)
{
    struct runtime_executor *x = context;
    enum status status = apply_chunk(chunk, state, x->contracts, out, e);
    if (status != STATUS_OK) return status;
    fault_of_runtime(out);
    return trie_apply(state, out->changes, out->change_count, &out->state_root, NULL, e);
}

/* One block, applied, proven and verified by the same runtime. */
static void check_fault(fault *f, enum proof_error light, enum proof_error full)
{
    struct making m;
    struct runtime_executor x;
    struct execution_proof proof;
    struct full_report report = {0};
    begin(&m);
    fault_of_runtime = f;
    CHECK_EQUAL(runtime_executor_init(&x, m.chain.version, &m.e), STATUS_OK);
    x.executor.apply = apply_wrongly;
    const struct full_options options = {.executor = &x.executor};
    const struct action action = transfer_of(near_tokens(1));
    const struct signed_transaction t = transaction_of(&m.chain, 0, &m.chain.ids[1], &action, 1, 1);
    m.chunks[0] = chain_chunk(&m.chain);
    m.chunks[0].transactions = &t;
    m.chunks[0].transaction_count = 1;
    const struct trie state = {.store = &m.chain.store, .root = m.old_root, .recorder = &m.recorder};
    CHECK_EQUAL(apply_wrongly(&x, &m.chunks[0], &state, &m.results[0], &m.e), STATUS_OK);
    m.count = 1;
    build(&m);
    CHECK_EQUAL(execution_proof_decode(bytes_of(m.bytes.data, m.bytes.size), &proof, &m.e), STATUS_OK);
    enum status status = proof_verify_light(&proof, NULL, &report.light, &m.e);
    check_code("light", status, &report.light.refusal, light, &m.e);
    status = proof_verify_full(&proof, &options, &report, &m.e);
    check_code("full", status, &report.light.refusal, full, &m.e);
    execution_proof_free(&proof);
    runtime_executor_free(&x);
    end(&m);
}

static void test_faults(void)
{
    test_begin("runtimes that make tokens, or keep code under another hash");
    check_fault(credit_little, PROOF_NO_ERROR, PROOF_BALANCE); /* less than was burnt: seen by executing alone */
    check_fault(credit_much, PROOF_BALANCE, PROOF_BALANCE);
    check_fault(wrong_global_code, PROOF_CODE_HASH, PROOF_CODE_HASH);
    check_fault(wrong_code, PROOF_CODE_HASH, PROOF_CODE_HASH);
}

/* Without the old value of an account its balance cannot be known. */
static void test_old_value_missing(void)
{
    test_begin("the old value of an account is missing");
    struct making m;
    struct execution_proof proof;
    struct light_report report = {0};
    struct error e = {0};
    if (make(&m, "write", BLOCKS_MAX, NULL) &&
        CHECK_EQUAL(execution_proof_decode(bytes_of(m.bytes.data, m.bytes.size), &proof, &e), STATUS_OK)) {
        const struct crypto_hash hash = crypto_hash_of_trie(&proof.changes[0].old_value.hash);
        struct bytes *rows = (struct bytes *)(uintptr_t)proof.rows;
        uint32_t kept_rows = 0;
        for (uint32_t i = 0; i < proof.row_count; i++) {
            const struct crypto_hash row = crypto_hash_of(rows[i]);
            if (!crypto_hash_equal(&row, &hash)) rows[kept_rows++] = rows[i];
        }
        CHECK_EQUAL(kept_rows + 1, proof.row_count);
        proof.row_count = kept_rows;
        const enum status status = proof_verify_light(&proof, NULL, &report, &e);
        check_code("light", status, &report.refusal, PROOF_MISSING_ROW, &e);
        execution_proof_free(&proof);
    }
    end(&m);
}

int main(void)
{
    test_attacks();
    test_honest();
    test_origins();
    test_begin("receipts that wait in the state");
    test_waiting(NULL, PROOF_NO_ERROR);
    test_waiting(replace_waiting, PROOF_SAME_ID);
    test_yield();
    test_faults();
    test_old_value_missing();
    return test_end();
}
