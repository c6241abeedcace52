/* Blocks of a proof beside each other. Every attack here is made as its maker would: the runtime itself applies the
 * altered blocks, and the proof is built of what comes of them, so that only the rules of the chain can tell. */
#include "tests/proof_chain.h"

/* ---- alterations: delivery --------------------------------------------------------------------------------------- */

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
static void give_late(struct making *m, struct chunk *k, uint32_t block)
{
    const struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    if (block == 2) add_given(m, k, block, &r);
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
static void validators_change(struct making *m, struct chunk *k, struct account_balance other)
{
    struct account_balance *list = some(m, 1, sizeof *list);
    *list = other;
    k->validators = list;
}
static void same_validators(struct making *m, struct chunk *k, uint32_t block)
{
    (void)block;
    validators(m, k, 1);
}
static void validator_with_more(struct making *m, struct chunk *k, uint32_t block)
{
    validators(m, k, 1);
    if (block == 2) validators_change(m, k, (struct account_balance){m->chain.ids[0], u128_of(6)});
}
static void other_validator(struct making *m, struct chunk *k, uint32_t block)
{
    validators(m, k, 1);
    if (block == 2) validators_change(m, k, (struct account_balance){m->chain.ids[1], u128_of(5)});
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

/* ---- alterations: code ------------------------------------------------------------------------------------------- */

/* Carol deploys other code and calls it at once; the proof lists bob's alone. */
static void deploy_and_call(struct making *m, struct chunk *k, uint32_t block)
{
    struct action *actions = some(m, 2, sizeof *actions);
    struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], actions, 2, 77);
    r.predecessor_id = m->chain.ids[2];
    actions[0] = (struct action){.kind = ACTION_KIND_deploy_contract,
                                 .deploy_contract = {bytes_of("\0asm\1\0\0\0", 8)}};
    actions[1] = call_of("write");
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
    {"the same validators in an epoch", same_validators, BOTH(NO_ERROR)},
    {"a validator with more at stake in an epoch", validator_with_more, BOTH(EPOCH)},
    {"another validator in an epoch", other_validator, BOTH(EPOCH)},
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
    {"code that is not listed", deploy_and_call, PROOF_NO_ERROR, PROOF_UNLISTED_CODE},
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

int main(void)
{
    test_attacks();
    return test_end();
}
