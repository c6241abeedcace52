/* Receipts under rules that the vectors of version 84 don't reach: limits on the storage proof, yields with ids of the
 * contract's own, code that is deployed and called at once, validators and the treasury, transactions out of their
 * period. */
#include "tests/runtime_chain.h"

/* Applies one receipt to an account, with parameters of the test's; the chain goes on from there. */
static void apply_receipt(struct chain *c, const struct protocol_parameters *p, const struct receipt *r,
                          struct chunk_result *out)
{
    c->incoming = r;
    c->incoming_count = 1;
    struct chunk chunk = chain_chunk(c);
    if (p) chunk.parameters = p;
    chain_apply(c, &chunk, out);
    if (chunk.parameters == p) CHECK(out->outcome_count == 1);
}

static void apply_actions(struct chain *c, const struct protocol_parameters *p, const struct account_id *to,
                          const struct action *actions, uint32_t count, struct chunk_result *out)
{
    struct receipt r = receipt_of(c, to, actions, count, (uint8_t)c->height);
    r.predecessor_id = *to; /* may do everything */
    apply_receipt(c, p, &r, out);
}

static bool failed_with(const struct chunk_result *r, uint32_t i, enum action_error_kind kind)
{
    return i < r->outcome_count && r->outcomes[i].status == EXECUTION_FAILURE &&
           r->outcomes[i].error->kind == EXECUTION_ERROR_ACTION && r->outcomes[i].error->action.kind == kind;
}

/* ---- limits on the proof ----------------------------------------------------------------------------------------- */

static void test_proof_of_all_actions(void)
{
    test_begin("storage proof: all actions");
    for (uint32_t version = 86; version <= 87; version++) {
        struct chain c;
        struct chunk_result r;
        chain_init(&c, version);
        struct protocol_parameters p = *parameters_of(version);
        p.limits.per_receipt_storage_proof_size_limit = 1;
        const struct public_key key = {.type = KEY_ED25519, .data = {77}};
        const struct action actions[2] = {
            transfer_of(u128_of(1)),
            {.kind = ACTION_KIND_add_key, .add_key = {&key, {.permission = PERMISSION_FULL_ACCESS}}},
        };
        apply_actions(&c, &p, &c.ids[2], actions, 2, &r);
        CHECK(failed_with(&r, 0, action_error_ReceiptStorageProofSizeExceeded) == (version == 87));
        if (version == 87 && r.outcomes[0].error) {
            CHECK(r.outcomes[0].error->has_index);
            CHECK_EQUAL(r.outcomes[0].error->index, 1); /* the account was read before it counts */
            CHECK_EQUAL(r.outcomes[0].error->action.ReceiptStorageProofSizeExceeded.limit, 1);
        }
        chunk_result_free(&r);
        chain_free(&c);
    }
}

/* With this limit, do the actions of bob's succeed? */
static bool fits(uint32_t version, const struct action *actions, uint32_t count, uint64_t limit)
{
    struct chain c;
    struct chunk_result r;
    const struct action write = call_of("write");
    chain_init(&c, version);
    apply_actions(&c, NULL, &c.ids[1], &write, 1, &r); /* so that there is something to find */
    chunk_result_free(&r);
    struct protocol_parameters p = *parameters_of(version);
    p.limits.per_receipt_storage_proof_size_limit = limit;
    apply_actions(&c, &p, &c.ids[1], actions, count, &r);
    const bool success = r.outcomes[0].status == EXECUTION_SUCCESS_VALUE;
    if (!success) CHECK(failed_with(&r, 0, action_error_FunctionCallError));
    chunk_result_free(&r);
    chain_free(&c);
    return success;
}

/* The smallest limit with which they do. */
static uint64_t least_limit(uint32_t version, const struct action *actions, uint32_t count)
{
    uint64_t low = 0, high = 1 << 16;
    CHECK(fits(version, actions, count, high));
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (fits(version, actions, count, middle)) high = middle;
        else low = middle + 1;
    }
    return low;
}

/* Up to version 85 a call pays for what it adds to the proof itself; since then, for all actions before it, too. */
static void test_proof_of_calls(void)
{
    const struct public_key key = {.type = KEY_ED25519, .data = {77}};
    const struct action actions[2] = {
        {.kind = ACTION_KIND_add_key, .add_key = {&key, {.permission = PERMISSION_FULL_ACCESS}}},
        call_of("write"),
    };
    test_begin("storage proof: calls");
    const uint64_t call = least_limit(85, actions + 1, 1), both = least_limit(85, actions, 2);
    CHECK(call > 0);
    CHECK(both > 0);
    CHECK(both <= call);
    CHECK_EQUAL(least_limit(84, actions, 2), both);
    CHECK_EQUAL(least_limit(86, actions + 1, 1), call);
    CHECK(least_limit(86, actions, 2) > both);
}

/* ---- yields with ids --------------------------------------------------------------------------------------------- */

static const char yield_contract[] =
    "(module"
    "  (import \"env\" \"promise_yield_create_with_id\""
    "    (func $yield (param i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))"
    "  (import \"env\" \"promise_yield_resume_with_yield_id\" (func $resume (param i64 i64 i64 i64) (result i32)))"
    "  (import \"env\" \"promise_results_count\" (func $results (result i64)))"
    "  (memory 1) (data (i32.const 0) \"done\") (data (i32.const 8) \"payload\")"
    "  (func $create (result i64)"
    "    (call $yield (i64.const 4) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 128) (i64.const 10000000000000)"
    "                 (i64.const 0) (i64.const 32) (i64.const 64)))"
    "  (func (export \"create\") (if (i64.eq (call $create) (i64.const -1)) (then unreachable)))"
    "  (func (export \"taken\") (if (i64.ne (call $create) (i64.const -1)) (then unreachable)))"
    "  (func (export \"resume\")"
    "    (if (i32.eqz (call $resume (i64.const 32) (i64.const 64) (i64.const 7) (i64.const 8))) (then unreachable)))"
    "  (func (export \"done\") (if (i64.ne (call $results) (i64.const 1)) (then unreachable))))";

static uint32_t count_keys(struct chain *c, uint8_t column)
{
    const struct trie t = {.store = &c->store, .root = c->root};
    struct trie_iterator it;
    struct bytes key, value;
    uint32_t count = 0;
    bool found = true;
    CHECK(trie_iterator_prefix(&it, &t, bytes_of(&column, 1), NULL) == STATUS_OK);
    while (trie_iterator_next(&it, &found, &key, &value, NULL) == STATUS_OK && found) count++;
    trie_iterator_free(&it);
    return count;
}

static void call_once(struct chain *c, const char *method, bool success)
{
    struct chunk_result r;
    const struct action call = call_of(method);
    apply_actions(c, NULL, &c->ids[1], &call, 1, &r);
    CHECK(r.outcome_count >= 1 && (r.outcomes[0].status == EXECUTION_SUCCESS_VALUE) == success);
    chunk_result_free(&r);
}

/* Blocks without anything new; the outcomes of the first. */
static uint32_t go_on(struct chain *c)
{
    struct chunk_result r;
    const struct chunk chunk = chain_chunk(c);
    chain_apply(c, &chunk, &r);
    const uint32_t count = r.outcome_count;
    for (uint32_t i = 0; i < count; i++) CHECK(r.outcomes[i].status == EXECUTION_SUCCESS_VALUE);
    chunk_result_free(&r);
    return count;
}

enum { COLUMN_YIELD_TO_DATA = 22, COLUMN_DATA_TO_YIELD = 23, COLUMN_YIELD_RECEIPT = 12, COLUMN_YIELD_STATUS = 20 };

static uint32_t yield_keys(struct chain *c)
{
    return count_keys(c, COLUMN_YIELD_TO_DATA) + count_keys(c, COLUMN_DATA_TO_YIELD) +
           count_keys(c, COLUMN_YIELD_RECEIPT) + count_keys(c, COLUMN_YIELD_STATUS);
}

static void test_yield_with_id(void)
{
    struct chain c;
    struct chunk_result r;
    test_begin("yields with ids");
    chain_init(&c, 85);
    struct buffer code = binary_of(yield_contract);
    const struct action deploy = {.kind = ACTION_KIND_deploy_contract,
                                  .deploy_contract = {bytes_of(code.data, code.size)}};
    apply_actions(&c, NULL, &c.ids[1], &deploy, 1, &r);
    chunk_result_free(&r);
    call_once(&c, "resume", false); /* there is none yet */
    call_once(&c, "create", true);
    CHECK_EQUAL(yield_keys(&c), 4);
    call_once(&c, "taken", true);
    call_once(&c, "create", false);
    CHECK_EQUAL(yield_keys(&c), 4);
    call_once(&c, "resume", true);
    CHECK(go_on(&c) >= 1);
    CHECK_EQUAL(yield_keys(&c), 0);
    call_once(&c, "resume", false);
    call_once(&c, "create", true); /* the id is free again */
    c.height += 300;
    go_on(&c);              /* expires, */
    CHECK(go_on(&c) >= 1);  /* and is called with nothing */
    CHECK_EQUAL(yield_keys(&c), 0);
    buffer_free(&code);
    chain_free(&c);
}

/* ---- code -------------------------------------------------------------------------------------------------------- */

/* Deployed and called in one receipt; a deployment that is rolled back is gone. */
static void test_deploy_and_call(void)
{
    struct chain c;
    struct chunk_result r;
    test_begin("code that is deployed and called at once");
    chain_init(&c, 84);
    struct buffer code = binary_of("(module (func (export \"good\")) (func (export \"bad\") unreachable))");
    const struct action actions[] = {
        {.kind = ACTION_KIND_deploy_contract, .deploy_contract = {bytes_of(code.data, code.size)}},
        call_of("bad"),
        call_of("good"),
    };
    apply_actions(&c, NULL, &c.ids[2], actions, 2, &r);
    CHECK(failed_with(&r, 0, action_error_FunctionCallError));
    chunk_result_free(&r);
    CHECK(chain_account(&c, &c.ids[2]).code == ACCOUNT_CODE_NONE);
    apply_actions(&c, NULL, &c.ids[2], actions + 2, 1, &r);
    CHECK(failed_with(&r, 0, action_error_FunctionCallError));
    if (r.outcomes[0].error) {
        const struct function_call_error *e = &r.outcomes[0].error->action.FunctionCallError;
        CHECK(e->kind == function_call_error_CompilationError);
        CHECK(e->CompilationError.kind == compilation_error_CodeDoesNotExist);
    }
    chunk_result_free(&r);
    const struct action both[] = {actions[0], actions[2]};
    apply_actions(&c, NULL, &c.ids[2], both, 2, &r);
    CHECK(r.outcomes[0].status == EXECUTION_SUCCESS_VALUE);
    chunk_result_free(&r);
    CHECK(chain_account(&c, &c.ids[2]).code == ACCOUNT_CODE_LOCAL);
    buffer_free(&code);
    chain_free(&c);
}

/* ---- validators -------------------------------------------------------------------------------------------------- */

static enum status update_validators(struct chain *c, const struct validator_accounts_update *u)
{
    struct chunk_result r;
    struct error e = {0};
    struct chunk chunk = chain_chunk(c);
    chunk.validator_update = u;
    const struct trie t = {.store = &c->store, .root = c->root};
    enum status status = apply_chunk(&chunk, &t, c->contracts, &r, &e);
    if (status != STATUS_OK) {
        CHECK(status == STATUS_INVALID && e.message[0]);
        return status;
    }
    chain_advance(c, &r);
    chunk_result_free(&r);
    return status;
}

static void test_validators(void)
{
    struct chain c;
    test_begin("validators and the treasury");
    chain_init(&c, 84);
    const struct account_balance stakes[] = {{c.ids[0], u128_of(0)}};
    const struct account_balance rewards[] = {{c.ids[0], near_tokens(5)}, {c.ids[2], near_tokens(7)}};
    const struct account_balance proposals[] = {{c.ids[0], near_tokens(2)}};
    struct validator_accounts_update u = {.stake_info = stakes, .stake_info_count = 1, .rewards = rewards,
                                          .reward_count = 2, .has_treasury = true, .treasury = c.ids[2],
                                          .last_proposals = proposals, .last_proposal_count = 1};
    CHECK(update_validators(&c, &u) == STATUS_OK);
    CHECK(u128_equal(chain_account(&c, &c.ids[0]).locked, near_tokens(2)));
    CHECK(u128_equal(chain_account(&c, &c.ids[0]).amount, near_tokens(1003)));
    CHECK(u128_equal(chain_account(&c, &c.ids[2]).amount, near_tokens(1007)));
    u.treasury = c.ids[0]; /* a validator itself: rewarded as such, once */
    CHECK(update_validators(&c, &u) == STATUS_OK);
    CHECK(u128_equal(chain_account(&c, &c.ids[0]).amount, near_tokens(1008)));
    const struct account_balance too_much[] = {{c.ids[0], near_tokens(100)}};
    u.stake_info = too_much;
    CHECK(update_validators(&c, &u) == STATUS_INVALID);
    const struct account_balance nobody[] = {{account_id_of("nobody.near"), near_tokens(1)}};
    u.stake_info = nobody;
    CHECK(update_validators(&c, &u) == STATUS_INVALID);
    const struct account_balance nothing[] = {{account_id_of("nobody.near"), u128_of(0)}};
    u.stake_info = nothing;
    u.has_treasury = false;
    CHECK(update_validators(&c, &u) == STATUS_OK);
    u.has_treasury = true;
    u.treasury = c.ids[1]; /* for which there is no reward */
    CHECK(update_validators(&c, &u) == STATUS_INVALID);
    u.treasury = account_id_of("other.near");
    CHECK(update_validators(&c, &u) == STATUS_INVALID);
    chain_free(&c);
}

/* ---- transactions ------------------------------------------------------------------------------------------------ */

static size_t recorded_for(struct chain *c, const struct signed_transaction *t, bool in_period)
{
    struct trie_recorder recorder = {0};
    struct chunk_result r;
    struct chunk chunk = chain_chunk(c);
    const struct trie trie = {.store = &c->store, .root = c->root, .recorder = &recorder};
    chunk.transactions = t;
    chunk.transaction_count = 1;
    chunk.transaction_in_period = &in_period;
    CHECK(apply_chunk(&chunk, &trie, c->contracts, &r, NULL) == STATUS_OK);
    CHECK(r.outcome_count == 1 && r.outcomes[0].status == EXECUTION_FAILURE);
    CHECK(r.outcomes[0].gas_burnt == 0 && !r.outcomes[0].profile);
    if (!in_period) CHECK(r.outcomes[0].error->invalid_tx.kind == invalid_tx_error_Expired);
    trie_release(&c->store, &r.state_root);
    chunk_result_free(&r);
    const size_t rows = recorder.rows.count;
    trie_recorder_free(&recorder);
    return rows;
}

/* Both are invalid; only of the one in its period the signer is read. */
static void test_expired(void)
{
    struct chain c;
    test_begin("transactions out of their period");
    chain_init(&c, 84);
    const struct action transfer = transfer_of(near_tokens(1000000));
    const struct signed_transaction t = transaction_of(&c, 0, &c.ids[2], &transfer, 1, 9);
    CHECK(recorded_for(&c, &t, false) + 2 <= recorded_for(&c, &t, true));
    chain_free(&c);
}

int main(void)
{
    test_proof_of_all_actions();
    test_proof_of_calls();
    test_yield_with_id();
    test_deploy_and_call();
    test_validators();
    test_expired();
    return test_end();
}
