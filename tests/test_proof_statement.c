/* What a proof is about: origins of receipts, doors of tokens, what a reader demands, claims beside the chain. The
 * proofs are made of blocks alone: nothing is executed. */
#include "proof/proof.h"
#include "tests/test.h"

enum { BLOCKS = 3, MOST = 6 };

struct fixture {
    struct arena arena;
    struct execution_proof proof;
    struct proof_block blocks[BLOCKS];
    struct bytes incoming[BLOCKS][MOST], outgoing[BLOCKS][MOST];
    struct proof_outcome outcomes[BLOCKS][MOST];
};

static struct crypto_hash hash_of(const char *text)
{
    return crypto_hash_of(bytes_of_string(text));
}

/* A transfer, at a gas price of 10. */
static struct receipt transfer(struct fixture *f, const char *id, const char *from, const char *to, uint64_t amount)
{
    static const struct public_key key;
    struct action *action = arena_alloc(&f->arena, sizeof *action);
    *action = (struct action){.kind = ACTION_KIND_transfer, .transfer = {u128_of(amount)}};
    return (struct receipt){
        .predecessor_id = account_id_of(from), .receiver_id = account_id_of(to), .receipt_id = hash_of(id),
        .kind = RECEIPT_action,
        .action = {.signer_id = account_id_of(from), .signer_public_key = &key, .gas_price = u128_of(10),
                   .actions = action, .action_count = 1}};
}

static struct bytes written(struct fixture *f, const struct receipt *r)
{
    struct buffer b = {0};
    receipt_write(r, &b);
    uint8_t *copy = arena_alloc(&f->arena, b.size);
    memcpy(copy, b.data, b.size);
    const struct bytes out = {copy, b.size};
    buffer_free(&b);
    return out;
}

static void takes(struct fixture *f, uint32_t block, struct receipt r)
{
    f->incoming[block][f->blocks[block].incoming_count++] = written(f, &r);
}

static void sends(struct fixture *f, uint32_t block, struct receipt r)
{
    f->outgoing[block][f->blocks[block].outgoing_count++] = written(f, &r);
}

static struct execution_outcome outcome_of(const char *id, const char *executor, uint64_t burnt)
{
    return (struct execution_outcome){.id = hash_of(id), .executor_id = account_id_of(executor), .gas_burnt = 1000,
                                      .tokens_burnt = u128_of(burnt), .status = EXECUTION_SUCCESS_VALUE,
                                      .value = bytes_of_string("ok")};
}

static void has_outcome(struct fixture *f, uint32_t block, struct execution_outcome o)
{
    f->outcomes[block][f->blocks[block].outcome_count++].outcome = o;
}

static void begin(struct fixture *f)
{
    static const uint64_t shard_ids[] = {0};
    memset(f, 0, sizeof *f);
    for (uint32_t i = 0; i < BLOCKS; i++) {
        f->blocks[i] = (struct proof_block){.incoming = f->incoming[i], .outgoing = f->outgoing[i],
                                            .outcomes = f->outcomes[i]};
        f->blocks[i].context.block_height = 100 + i;
        f->blocks[i].context.gas_price = u128_of(10);
    }
    f->proof = (struct execution_proof){.protocol_version = 84, .chain_id = bytes_of_string("testnet"),
                                        .shards = {.shard_ids = shard_ids, .shard_count = 1}, .blocks = f->blocks,
                                        .block_count = BLOCKS, .old_root = hash_of("old"), .new_root = hash_of("new")};
}

/* ---- origins ----------------------------------------------------------------------------------------------------- */

static void test_origins(void)
{
    test_begin("origins");
    struct fixture f;
    struct proof_origins o;
    begin(&f);
    takes(&f, 0, transfer(&f, "a", "alice.near", "bob.near", 1));
    sends(&f, 0, transfer(&f, "b", "bob.near", "carol.near", 2));
    sends(&f, 0, transfer(&f, "c", "bob.near", "carol.near", 3));
    takes(&f, 1, transfer(&f, "c", "bob.near", "carol.near", 3));
    takes(&f, 1, transfer(&f, "b", "bob.near", "carol.near", 9)); /* other contents */
    takes(&f, 2, transfer(&f, "c", "bob.near", "carol.near", 3)); /* once more */
    takes(&f, 2, transfer(&f, "d", "bob.near", "carol.near", 3)); /* sent in the same block, not before */
    sends(&f, 2, transfer(&f, "d", "bob.near", "carol.near", 3));
    takes(&f, 2, transfer(&f, "b", "bob.near", "carol.near", 2));
    CHECK_EQUAL(proof_origins_of(&f.proof, &f.arena, &o, NULL), STATUS_OK);
    CHECK(o.incoming[0][0].given);
    CHECK(!o.incoming[1][0].given && o.incoming[1][0].block == 0 && o.incoming[1][0].index == 1);
    CHECK(o.incoming[1][1].given && o.incoming[2][0].given && o.incoming[2][1].given);
    CHECK(!o.incoming[2][2].given && o.incoming[2][2].block == 0 && o.incoming[2][2].index == 0);
    CHECK(o.delivered[0][0] && o.delivered[0][1] && !o.delivered[2][0]);
    CHECK_EQUAL(o.given, 4);
    CHECK_EQUAL(o.derived, 2);
    CHECK_EQUAL(o.transactions, 0);
    arena_free(&f.arena);
}

static void test_same_twice(void)
{
    test_begin("equal receipts, each delivered once");
    struct fixture f;
    struct proof_origins o;
    begin(&f);
    for (uint32_t block = 0; block < 2; block++) sends(&f, block, transfer(&f, "a", "alice.near", "bob.near", 1));
    for (uint32_t i = 0; i < 2; i++) takes(&f, 1, transfer(&f, "a", "alice.near", "bob.near", 1));
    for (uint32_t i = 0; i < 2; i++) takes(&f, 2, transfer(&f, "a", "alice.near", "bob.near", 1));
    CHECK_EQUAL(proof_origins_of(&f.proof, &f.arena, &o, NULL), STATUS_OK);
    CHECK(!o.incoming[1][0].given && o.incoming[1][0].block == 0);
    CHECK(o.incoming[1][1].given);
    CHECK(!o.incoming[2][0].given && o.incoming[2][0].block == 1);
    CHECK(o.incoming[2][1].given);
    arena_free(&f.arena);
}

/* ---- doors ------------------------------------------------------------------------------------------------------- */

static bool passes(const struct proof_doors *d, enum proof_door door, struct u128 amount, bool unusual)
{
    return u128_equal(d->amounts[door], amount) && d->unusual[door] == unusual;
}

static struct u128 gas_price_of(struct fixture *f, struct bytes borsh)
{
    struct receipt r;
    CHECK_EQUAL(receipt_from_borsh(borsh, &f->arena, &r, NULL), STATUS_OK);
    const struct receipt_tokens t = receipt_tokens_of(parameters_of(84), &r);
    CHECK(t.gas > 100000000000 && t.gas < 1000000000000); /* a transfer and a receipt: fees alone */
    return t.gas_value;
}

static void doors_of(struct fixture *f, struct proof_doors *d)
{
    struct proof_origins o;
    CHECK_EQUAL(proof_origins_of(&f->proof, &f->arena, &o, NULL), STATUS_OK);
    CHECK_EQUAL(proof_doors_of(&f->proof, &o, d, NULL), STATUS_OK);
}

static void test_doors(void)
{
    test_begin("doors");
    static const struct account_balance rewards[] = {{.amount = {40, 0}}, {.amount = {2, 0}}};
    static const struct validator_accounts_update update = {.rewards = rewards, .reward_count = 2};
    struct fixture f;
    struct proof_doors d;
    begin(&f);
    takes(&f, 0, transfer(&f, "a", "alice.near", "bob.near", 7));
    takes(&f, 0, transfer(&f, "r", "system", "bob.near", 11));
    sends(&f, 0, transfer(&f, "b", "bob.near", "carol.near", 3));
    sends(&f, 0, transfer(&f, "c", "bob.near", "carol.near", 5));
    sends(&f, 1, transfer(&f, "s", "system", "carol.near", 13));
    takes(&f, 1, transfer(&f, "b", "bob.near", "carol.near", 3));
    f.blocks[2].context.validator_update = &update;
    has_outcome(&f, 0, outcome_of("a", "bob.near", 100));
    has_outcome(&f, 1, outcome_of("b", "carol.near", 23));
    doors_of(&f, &d);
    const struct u128 gas = gas_price_of(&f, f.incoming[0][0]);
    CHECK(passes(&d, DOOR_GIVEN_DEPOSITS, u128_of(7), true));
    CHECK(passes(&d, DOOR_GIVEN_GAS, gas, false));
    CHECK(passes(&d, DOOR_GIVEN_REFUNDS, u128_of(11), true));
    CHECK(passes(&d, DOOR_REWARDS, u128_of(42), true));
    CHECK(passes(&d, DOOR_BURNT, u128_of(123), false));
    CHECK(passes(&d, DOOR_SENT_DEPOSITS, u128_of(5), false));
    CHECK(passes(&d, DOOR_SENT_GAS, gas, false));
    CHECK(passes(&d, DOOR_SENT_REFUNDS, u128_of(13), false));
    f.blocks[0].context.gas_price = u128_of(9); /* what was paid is above the block's price */
    doors_of(&f, &d);
    CHECK(passes(&d, DOOR_GIVEN_GAS, gas, true));
    for (unsigned i = 0; i < DOOR_COUNT; i++)
        CHECK(proof_door_enters((enum proof_door)i) == (i < DOOR_BURNT) && *proof_door_text((enum proof_door)i) &&
              *proof_door_name((enum proof_door)i));
    arena_free(&f.arena);
}

static void test_too_much(void)
{
    test_begin("sums beyond 128 bits");
    struct fixture f;
    struct proof_doors d;
    begin(&f);
    struct receipt r = transfer(&f, "a", "alice.near", "bob.near", 1);
    struct action action = r.action.actions[0];
    action.transfer.deposit = (struct u128){UINT64_MAX, UINT64_MAX};
    r.action.actions = &action;
    r.action.gas_price = action.transfer.deposit;
    takes(&f, 0, r);
    takes(&f, 0, transfer(&f, "b", "alice.near", "bob.near", 1));
    doors_of(&f, &d);
    CHECK(passes(&d, DOOR_GIVEN_DEPOSITS, action.transfer.deposit, true));
    CHECK(passes(&d, DOOR_GIVEN_GAS, action.transfer.deposit, true));
    arena_free(&f.arena);
}

/* ---- demands ----------------------------------------------------------------------------------------------------- */

static enum proof_error demand(const struct fixture *f, struct proof_demands d)
{
    const struct crypto_hash statement = hash_of("statement");
    struct refusal r = {0};
    struct error e = {0};
    const enum status status = proof_check_demands(&f->proof, &statement, &d, &r, &e);
    CHECK(status == (r.code ? STATUS_INVALID : STATUS_OK));
    if (r.code) CHECK(e.code == (int)r.code && r.place[0] && (strstr(e.message, "demanded")));
    return r.code;
}

static void test_demands(void)
{
    test_begin("demands");
    struct fixture f;
    begin(&f);
    const struct proof_contract contracts[] = {{.hash = hash_of("one")}, {.hash = hash_of("two")}};
    f.proof.contracts = contracts;
    f.proof.contract_count = 2;
    const struct crypto_hash statement = hash_of("statement"), old = hash_of("old"), new = hash_of("new");
    const struct crypto_hash codes[] = {hash_of("two"), hash_of("one"), hash_of("three")};
    const struct bytes chain = bytes_of_string("testnet"), other_chain = bytes_of_string("mainnet");
    const uint64_t first = 100, last = 102;
    CHECK_EQUAL(demand(&f, (struct proof_demands){0}), PROOF_NO_ERROR);
    CHECK_EQUAL(demand(&f, (struct proof_demands){.statement = &statement, .old_root = &old, .new_root = &new,
                                                  .code_hashes = codes, .code_hash_count = 2, .chain_id = &chain,
                                                  .first_height = &first, .last_height = &last}), PROOF_NO_ERROR);
    CHECK_EQUAL(demand(&f, (struct proof_demands){.statement = &old}), PROOF_OTHER_STATEMENT);
    CHECK_EQUAL(demand(&f, (struct proof_demands){.old_root = &new}), PROOF_OTHER_OLD_ROOT);
    CHECK_EQUAL(demand(&f, (struct proof_demands){.new_root = &old}), PROOF_OTHER_NEW_ROOT);
    CHECK_EQUAL(demand(&f, (struct proof_demands){.chain_id = &other_chain}), PROOF_OTHER_CHAIN);
    CHECK_EQUAL(demand(&f, (struct proof_demands){.first_height = &last}), PROOF_OTHER_HEIGHT);
    CHECK_EQUAL(demand(&f, (struct proof_demands){.last_height = &first}), PROOF_OTHER_HEIGHT);
    CHECK_EQUAL(demand(&f, (struct proof_demands){.code_hashes = codes, .code_hash_count = 1}), PROOF_OTHER_CODE);
    CHECK_EQUAL(demand(&f, (struct proof_demands){.code_hashes = codes, .code_hash_count = 3}), PROOF_OTHER_CODE);
    arena_free(&f.arena);
}

/* ---- claims ------------------------------------------------------------------------------------------------------ */

/* What the chain shows of the proof: the claims of its first three receipts, or why it is refused. */
static enum proof_error claims_of(struct fixture *f, struct execution_outcome outcome, uint64_t height,
                                  struct proof_claims *c)
{
    const struct outcome_proof chain = {.outcome = outcome, .header = {.height = height}};
    struct proof_origins o;
    struct refusal r;
    struct error e = {0};
    CHECK_EQUAL(proof_origins_of(&f->proof, &f->arena, &o, NULL), STATUS_OK);
    const enum status status = proof_claims_of(&f->proof, &o, &chain, 1, &f->arena, c, &r, &e);
    CHECK(status == (r.code ? STATUS_INVALID : STATUS_OK) && e.code == (int)r.code);
    return r.code;
}

static void test_executed(void)
{
    test_begin("the chain has executed it");
    struct fixture f;
    struct proof_claims c;
    begin(&f);
    takes(&f, 0, transfer(&f, "a", "alice.near", "bob.near", 1));
    takes(&f, 0, transfer(&f, "w", "alice.near", "bob.near", 1)); /* waits: no outcome */
    has_outcome(&f, 0, outcome_of("a", "bob.near", 5));
    const struct crypto_hash made[] = {hash_of("x")};
    struct execution_outcome o = outcome_of("a", "bob.near", 5);
    CHECK_EQUAL(claims_of(&f, o, 101, &c), PROOF_NO_ERROR);
    CHECK(c.incoming[0][0] == CLAIM_EXECUTED && c.incoming[0][1] == CLAIM_UNSHOWN && c.shown == 1 && c.unused == 0);
    CHECK_EQUAL(claims_of(&f, o, 100, &c), PROOF_CHAIN_OUTCOME); /* its root is in a later block */
    o.gas_burnt++;
    CHECK_EQUAL(claims_of(&f, o, 101, &c), PROOF_CHAIN_OUTCOME);
    o = outcome_of("a", "carol.near", 5);
    CHECK_EQUAL(claims_of(&f, o, 101, &c), PROOF_CHAIN_OUTCOME);
    o = outcome_of("a", "bob.near", 6);
    CHECK_EQUAL(claims_of(&f, o, 101, &c), PROOF_CHAIN_OUTCOME);
    o = outcome_of("a", "bob.near", 5);
    o.value = bytes_of_string("no");
    CHECK_EQUAL(claims_of(&f, o, 101, &c), PROOF_CHAIN_OUTCOME);
    o = outcome_of("a", "bob.near", 5);
    o.receipt_ids = made;
    o.receipt_id_count = 1;
    CHECK_EQUAL(claims_of(&f, o, 101, &c), PROOF_CHAIN_OUTCOME);
    o = outcome_of("a", "bob.near", 5);
    o.logs = &f.incoming[0][0];
    o.log_count = 1;
    CHECK_EQUAL(claims_of(&f, o, 101, &c), PROOF_CHAIN_OUTCOME);
    CHECK_EQUAL(claims_of(&f, outcome_of("w", "bob.near", 5), 101, &c), PROOF_NO_ERROR);
    CHECK(c.incoming[0][0] == CLAIM_UNSHOWN && c.incoming[0][1] == CLAIM_MADE && c.shown == 1);
    CHECK_EQUAL(claims_of(&f, outcome_of("z", "bob.near", 5), 101, &c), PROOF_NO_ERROR);
    CHECK(c.shown == 0 && c.unused == 1);
    arena_free(&f.arena);
}

static void test_made(void)
{
    test_begin("the chain has made it");
    struct fixture f;
    struct proof_claims c;
    begin(&f);
    takes(&f, 0, transfer(&f, "a", "alice.near", "bob.near", 1));
    takes(&f, 0, transfer(&f, "r", "system", "bob.near", 1));
    sends(&f, 0, transfer(&f, "d", "bob.near", "alice.near", 1));
    takes(&f, 1, transfer(&f, "d", "bob.near", "alice.near", 1));
    const struct crypto_hash ids[] = {hash_of("r"), hash_of("a"), hash_of("d")};
    struct execution_outcome o = outcome_of("before", "alice.near", 1);
    o.receipt_ids = ids;
    o.receipt_id_count = 2;
    CHECK_EQUAL(claims_of(&f, o, 99, &c), PROOF_NO_ERROR);
    CHECK(c.incoming[0][0] == CLAIM_MADE && c.incoming[0][1] == CLAIM_MADE && c.shown == 2 && c.unused == 0);
    o.executor_id = account_id_of("mallory.near"); /* nobody makes receipts in another's name */
    CHECK_EQUAL(claims_of(&f, o, 99, &c), PROOF_CHAIN_OUTCOME);
    o.executor_id = account_id_of("bob.near");
    o.receipt_ids = ids + 2;
    o.receipt_id_count = 1;
    CHECK_EQUAL(claims_of(&f, o, 101, &c), PROOF_NO_ERROR);
    CHECK(c.shown == 0 && c.unused == 0); /* a derived one is not a claim */
    CHECK_TEXT(proof_claim_name(CLAIM_MADE), "made");
    CHECK_TEXT(proof_claim_text(CLAIM_UNSHOWN), "claimed");
    arena_free(&f.arena);
}

int main(void)
{
    test_origins();
    test_same_twice();
    test_doors();
    test_too_much();
    test_demands();
    test_executed();
    test_made();
    return test_end();
}
