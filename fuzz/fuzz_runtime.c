/* Chunks: some blocks on a small chain, with transactions and receipts of every kind put together with more or less
 * care, under every version that the runtime knows. A chunk may be refused, with a message; otherwise it gives the same
 * twice, the second time on nothing but what was recorded, and its state can be walked through. */
#include "fuzz/choices.h"
#include "runtime/internal.h"
#include "tests/runtime_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECEIPTS = 5, TRANSACTIONS = 3, ACTIONS = 4, ACCOUNTS = 9, BLOCKS = 4 };

static void require(bool condition)
{
    if (!condition) abort();
}

/* What a block is made of; all of it stays until the chain is gone. */
struct maker {
    struct choices choices;
    struct chain *chain;
    struct account_id accounts[ACCOUNTS];
};

static void *keep(struct maker *m, const void *data, size_t size)
{
    void *copy = arena_alloc(&m->chain->arena, size);
    require(copy != NULL);
    if (size) memcpy(copy, data, size);
    return copy;
}

static const struct account_id *some_account(struct maker *m)
{
    return &m->accounts[choose(&m->choices, ACCOUNTS)];
}

/* Mostly the one with the contract. */
static const struct account_id *some_receiver(struct maker *m)
{
    return chance(&m->choices, 50) ? &m->accounts[1] : some_account(m);
}

static const struct public_key *some_key(struct maker *m)
{
    return &m->chain->public_keys[choose(&m->choices, CHAIN_ACCOUNTS)];
}

static struct u128 some_amount(struct maker *m)
{
    switch (choose(&m->choices, 6)) {
    case 0: return u128_of(0);
    case 1: return u128_of(1);
    case 2: return near_tokens(1 + choose(&m->choices, 3));
    case 3: return near_tokens(900 + choose(&m->choices, 200));
    case 4: return (struct u128){UINT64_MAX, UINT64_MAX >> choose(&m->choices, 64)};
    default: return u128_of(choose_bits(&m->choices));
    }
}

static struct bytes some_bytes(struct maker *m, uint32_t most)
{
    uint8_t bytes[64];
    const uint32_t size = choose(&m->choices, most < sizeof bytes ? most : sizeof bytes);
    for (uint32_t i = 0; i < size; i++) bytes[i] = (uint8_t)choose(&m->choices, 256);
    return bytes_of(keep(m, bytes, size), size);
}

/* Few of them, so that receipts and data meet. */
static struct crypto_hash some_data_id(struct maker *m)
{
    return (struct crypto_hash){{(uint8_t)choose(&m->choices, 4)}};
}

static struct bytes some_code(struct maker *m)
{
    if (chance(&m->choices, 70)) return bytes_of(m->chain->code.data, m->chain->code.size);
    return some_bytes(m, 32);
}

static struct global_contract_id some_contract(struct maker *m)
{
    struct global_contract_id id = {.mode = GLOBAL_BY_ACCOUNT_ID};
    if (chance(&m->choices, 50)) {
        id.account_id = *some_account(m);
    } else {
        id.mode = GLOBAL_BY_CODE_HASH;
        const struct crypto_hash hash = crypto_hash_of(bytes_of(m->chain->code.data, m->chain->code.size));
        memcpy(id.code_hash, hash.bytes, sizeof id.code_hash);
    }
    return id;
}

static struct access_key some_access_key(struct maker *m)
{
    struct access_key k = {.permission = (enum access_key_permission)choose(&m->choices, 4)};
    if (access_key_is_gas_key(&k)) k.num_nonces = (uint16_t)choose(&m->choices, 4);
    if (!access_key_is_function_call(&k)) return k;
    k.has_allowance = !access_key_is_gas_key(&k) && chance(&m->choices, 50);
    if (k.has_allowance) k.allowance = some_amount(m);
    k.receiver_id = account_id_bytes(some_account(m));
    return k;
}

/* ---- actions ---------------------------------------------------------------------------------------------------- */

static struct action some_call(struct maker *m)
{
    static const char *const methods[] = {"write", "remove", "fail", "call", "yield", "resume", "done", "absent", ""};
    struct action a = call_of(methods[choose(&m->choices, sizeof methods / sizeof *methods)]);
    a.function_call.deposit = chance(&m->choices, 70) ? u128_of(0) : some_amount(m);
    if (chance(&m->choices, 20)) a.function_call.gas = choose_bits(&m->choices) >> choose(&m->choices, 64);
    a.function_call.arguments = some_bytes(m, 16);
    return a;
}

static struct action some_action(struct maker *m)
{
    struct action a = {.kind = (enum action_kind)choose(&m->choices, ACTION_KIND_COUNT)};
    switch (a.kind) {
    case ACTION_KIND_deploy_contract: a.deploy_contract.code = some_code(m); break;
    case ACTION_KIND_transfer: a.transfer.deposit = some_amount(m); break;
    case ACTION_KIND_stake:
        a.stake.stake = some_amount(m);
        a.stake.public_key = some_key(m);
        break;
    case ACTION_KIND_add_key:
        a.add_key.public_key = some_key(m);
        a.add_key.access_key = some_access_key(m);
        break;
    case ACTION_KIND_delete_key: a.delete_key.public_key = some_key(m); break;
    case ACTION_KIND_delete_account: a.delete_account.beneficiary_id = *some_account(m); break;
    case ACTION_KIND_deploy_global_contract:
        a.deploy_global_contract.code = some_code(m);
        a.deploy_global_contract.mode = (enum global_contract_mode)choose(&m->choices, 2);
        break;
    case ACTION_KIND_use_global_contract: a.use_global_contract.contract = some_contract(m); break;
    case ACTION_KIND_deterministic_state_init:
        a.deterministic_state_init.state_init.code = some_contract(m);
        a.deterministic_state_init.deposit = some_amount(m);
        break;
    case ACTION_KIND_universal_state_init:
        a.universal_state_init.state_init = some_bytes(m, 40);
        a.universal_state_init.deposit = some_amount(m);
        break;
    case ACTION_KIND_transfer_to_gas_key:
        a.transfer_to_gas_key.public_key = some_key(m);
        a.transfer_to_gas_key.deposit = some_amount(m);
        break;
    case ACTION_KIND_withdraw_from_gas_key:
        a.withdraw_from_gas_key.public_key = some_key(m);
        a.withdraw_from_gas_key.amount = some_amount(m);
        break;
    case ACTION_KIND_create_account: break;
    default: return some_call(m);
    }
    return a;
}

static const struct action *some_actions(struct maker *m, uint32_t *count)
{
    struct action list[ACTIONS];
    *count = choose(&m->choices, ACTIONS + 1);
    for (uint32_t i = 0; i < *count; i++) list[i] = chance(&m->choices, 50) ? some_call(m) : some_action(m);
    return keep(m, list, *count * sizeof *list);
}

/* ---- receipts and transactions ---------------------------------------------------------------------------------- */

static void fill_data_flow(struct maker *m, struct action_receipt *a)
{
    struct crypto_hash inputs[3];
    struct data_receiver outputs[3];
    a->input_data_id_count = chance(&m->choices, 70) ? 0 : choose(&m->choices, 3);
    a->output_data_receiver_count = chance(&m->choices, 70) ? 0 : choose(&m->choices, 3);
    for (uint32_t i = 0; i < 3; i++) {
        inputs[i] = some_data_id(m);
        outputs[i] = (struct data_receiver){some_data_id(m), *some_account(m)};
    }
    a->input_data_ids = keep(m, inputs, sizeof inputs);
    a->output_data_receivers = keep(m, outputs, sizeof outputs);
}

static struct receipt some_receipt(struct maker *m)
{
    struct receipt r = {.predecessor_id = *some_account(m), .receiver_id = *some_receiver(m)};
    for (size_t i = 0; i < 4; i++) r.receipt_id.bytes[i] = (uint8_t)choose_bits(&m->choices);
    r.kind = chance(&m->choices, 60) ? RECEIPT_action : (enum receipt_kind)choose(&m->choices, RECEIPT_KIND_COUNT);
    if (r.kind == RECEIPT_global_contract_distribution) r.kind = RECEIPT_action_v2;
    if (receipt_has_data(&r)) {
        r.data.data_id = some_data_id(m);
        r.data.has_data = chance(&m->choices, 70);
        r.data.data = some_bytes(m, 20);
        return r;
    }
    r.action.signer_id = *some_account(m);
    r.action.signer_public_key = some_key(m);
    r.action.gas_price = u128_of(choose(&m->choices, 1000000000));
    r.action.actions = some_actions(m, &r.action.action_count);
    if (account_id_is_system(&r.predecessor_id)) { /* all that the protocol itself sends */
        const struct action refund = transfer_of(some_amount(m));
        r.kind = RECEIPT_action;
        r.action.actions = keep(m, &refund, sizeof refund);
        r.action.action_count = 1;
        return r;
    }
    fill_data_flow(m, &r.action);
    if (receipt_is_yield(&r)) r.action.input_data_id_count = 1;
    if (r.kind == RECEIPT_action_v2 && (r.action.has_refund_to = chance(&m->choices, 50)))
        r.action.refund_to = *some_account(m);
    return r;
}

static struct signed_transaction some_transaction(struct maker *m)
{
    uint32_t count;
    const struct action *actions = some_actions(m, &count);
    const size_t signer = choose(&m->choices, CHAIN_ACCOUNTS);
    return transaction_of(m->chain, signer, some_receiver(m), actions, count, 1 + choose(&m->choices, 6));
}

/* A chunk with one invalid receipt is refused: there are few of them. */
static bool is_welcome(struct maker *m, const struct chunk *c, const struct receipt *r)
{
    const struct apply_state s = {.chunk = c, .parameters = c->parameters};
    struct receipt_error why;
    bool valid = false;
    require(validate_receipt(&s, r, RECEIPT_EXISTING, &valid, &why, NULL) == STATUS_OK);
    return valid || chance(&m->choices, 2);
}

static struct chunk some_chunk(struct maker *m)
{
    struct receipt receipts[RECEIPTS];
    struct signed_transaction transactions[TRANSACTIONS];
    struct chunk c = chain_chunk(m->chain);
    c.transaction_count = choose(&m->choices, TRANSACTIONS + 1);
    const uint32_t wanted = choose(&m->choices, RECEIPTS + 1);
    uint32_t added = 0;
    for (uint32_t i = 0; i < c.transaction_count; i++) transactions[i] = some_transaction(m);
    for (uint32_t i = 0; i < wanted; i++) {
        receipts[added] = some_receipt(m);
        added += is_welcome(m, &c, &receipts[added]);
    }
    struct receipt *all = arena_array(&m->chain->arena, c.incoming_count + added, sizeof *all);
    require(all != NULL);
    if (c.incoming_count) memcpy(all, c.incoming, c.incoming_count * sizeof *all);
    if (added) memcpy(all + c.incoming_count, receipts, added * sizeof *all);
    c.incoming = all;
    c.incoming_count += added;
    c.transactions = keep(m, transactions, c.transaction_count * sizeof *transactions);
    c.gas_price = u128_of(choose(&m->choices, 1000000000));
    if (chance(&m->choices, 30)) c.gas_limit = UINT64_C(1) << choose(&m->choices, 50);
    c.is_new_chunk = !chance(&m->choices, 5);
    if (chance(&m->choices, 20)) m->chain->height += 200;
    c.block_height = m->chain->height;
    return c;
}

/* ---- checks ----------------------------------------------------------------------------------------------------- */

/* On what was recorded alone. Only code is not in there. */
static void replay(struct chain *c, const struct chunk *chunk, const struct trie_recorder *recorder,
                   const struct chunk_result *first)
{
    struct trie_store store = {0};
    struct chunk_result r;
    struct error e = {0};
    struct bytes *rows;
    size_t count;
    require(trie_recorder_rows(recorder, &rows, &count, NULL) == STATUS_OK);
    trie_store_init_partial(&store);
    for (size_t i = 0; i < count; i++) require(trie_partial_add(&store, rows[i], NULL, NULL) == STATUS_OK);
    const struct trie t = {.store = &store, .root = c->root};
    enum status status = apply_chunk(chunk, &t, c->contracts, &r, &e);
    if (status == STATUS_OK) {
        require(trie_hash_equal(&r.state_root, &first->state_root) && r.memory_usage == first->memory_usage);
        require(r.outcome_count == first->outcome_count && r.outgoing_count == first->outgoing_count);
        for (uint32_t i = 0; i < r.outcome_count; i++) {
            struct crypto_hash a, b;
            require(outcome_leaf(&r.outcomes[i], &a, NULL) == STATUS_OK);
            require(outcome_leaf(&first->outcomes[i], &b, NULL) == STATUS_OK && crypto_hash_equal(&a, &b));
        }
        chunk_result_free(&r);
    } else {
        require(e.code == TRIE_MISSING_VALUE && strstr(e.message, "code"));
    }
    free(rows);
    trie_store_free(&store);
}

/* False: the chunk was refused. */
static bool run_chunk(struct chain *c, const struct chunk *chunk)
{
    struct trie_recorder recorder = {0};
    struct chunk_result r;
    struct error e = {0};
    const struct trie t = {.store = &c->store, .root = c->root, .recorder = &recorder};
    const size_t rows = trie_store_count(&c->store);
    enum status status = apply_chunk(chunk, &t, c->contracts, &r, &e);
    if (status == STATUS_OK) {
        /* a limit on the proof that the replay does not have */
        if (recorder.upper_bound < chunk->parameters->runtime.main_storage_proof_size_soft_limit)
            replay(c, chunk, &recorder, &r);
        chain_advance(c, &r);
        chunk_result_free(&r);
    } else {
        require(status == STATUS_INVALID && e.message[0] && trie_store_count(&c->store) == rows);
    }
    trie_recorder_free(&recorder);
    return status == STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"alice.near", "bob.near", "carol.near", "system", "new.alice.near",
                                        "nobody.near", "0x0123456789012345678901234567890123456789",
                                        "0s0123456789012345678901234567890123456789"};
    struct maker m = {.choices = choices_of(data, size)};
    struct chain c;
    chain_init(&c, RUNTIME_VERSION_FIRST + choose(&m.choices, PROTOCOL_VERSION_CURRENT - RUNTIME_VERSION_FIRST + 1));
    m.chain = &c;
    for (size_t i = 0; i < ACCOUNTS - 1; i++) m.accounts[i] = account_id_of(names[i]);
    m.accounts[ACCOUNTS - 1] = account_id_near_implicit(c.keys[2].public_key);
    bool going_on = true;
    for (uint32_t n = 1 + choose(&m.choices, BLOCKS); n > 0 && going_on; n--) {
        const struct chunk chunk = some_chunk(&m);
        going_on = run_chunk(&c, &chunk);
    }
    require(!test.failed);
    chain_free(&c);
    return 0;
}
