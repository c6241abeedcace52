/* A proof beside what execution gave: what differs, at each place of its list, is found under its own code. */
#include "proof/full.h"
#include "tests/test.h"

enum { MEMBERS = 3 };

static struct bytes text(const char *s)
{
    return bytes_of(s, strlen(s));
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

struct sample {
    struct bytes logs[MEMBERS], outgoing[MEMBERS];
    struct crypto_hash ids[MEMBERS];
    struct gas_profile profile;
    struct proof_outcome outcomes[MEMBERS];
    struct proof_block block;
};

static void sample_init(struct sample *s, enum execution_status status)
{
    *s = (struct sample){.block = {.outcomes = s->outcomes, .outcome_count = MEMBERS, .outgoing = s->outgoing,
                                   .outgoing_count = MEMBERS}};
    for (unsigned i = 0; i < MEMBERS; i++) {
        s->logs[i] = text("log");
        s->outgoing[i] = text("receipt");
        s->outcomes[i].error = text("error");
        s->outcomes[i].outcome = (struct execution_outcome){.executor_id = account_id_of("alice.near"),
            .status = status, .value = text("value"), .logs = s->logs, .log_count = MEMBERS, .receipt_ids = s->ids,
            .receipt_id_count = MEMBERS, .profile = &s->profile};
    }
}

static void differs(const struct sample *a, const struct sample *b, enum proof_error code, const char *place)
{
    struct refusal r = {0};
    CHECK(proof_compare_block(&a->block, &b->block, 0, &r) == STATUS_INVALID);
    CHECK_EQUAL(r.code, code);
    if (!CHECK(strstr(r.place, place) != NULL)) printf("  %s, not %s\n", r.place, place);
    CHECK(strcmp(r.claimed, r.found) != 0);
}

/* Changes a member of *b, compares, and changes it back. */
#define DIFFERS(member, value, code, place)                                                                            \
    do {                                                                                                               \
        b.member = value;                                                                                              \
        differs(&a, &b, code, place);                                                                                  \
        sample_init(&b, status);                                                                                       \
    } while (0)

static void test_outcome(enum execution_status status, unsigned i)
{
    struct sample a, b;
    const struct crypto_hash other = {{1}};
    struct refusal r = {0};
    sample_init(&a, status);
    sample_init(&b, status);
    CHECK(proof_compare_block(&a.block, &b.block, 0, &r) == STATUS_OK);
    DIFFERS(outcomes[i].outcome.id, other, PROOF_OUTCOME_ID, ": id");
    DIFFERS(outcomes[i].outcome.executor_id, account_id_of("bob.near"), PROOF_EXECUTOR, ": executor");
    DIFFERS(outcomes[i].outcome.status, EXECUTION_UNKNOWN, PROOF_STATUS, ": status");
    if (status == EXECUTION_FAILURE) DIFFERS(outcomes[i].error, text("Error"), PROOF_FAILURE, ": status");
    if (status == EXECUTION_SUCCESS_VALUE) DIFFERS(outcomes[i].outcome.value, text("Value"), PROOF_VALUE, ": status");
    if (status == EXECUTION_SUCCESS_RECEIPT_ID)
        DIFFERS(outcomes[i].outcome.receipt_id, other, PROOF_SUCCESS_RECEIPT, ": status");
    DIFFERS(outcomes[i].outcome.log_count, 2, PROOF_LOG, "number of logs");
    DIFFERS(outcomes[i].outcome.receipt_id_count, 2, PROOF_RECEIPT_IDS, "number of receipt ids");
    DIFFERS(outcomes[i].outcome.gas_burnt, 1, PROOF_GAS, ": gas burnt");
    DIFFERS(outcomes[i].outcome.compute_usage, 1, PROOF_COMPUTE, ": compute usage");
    DIFFERS(outcomes[i].outcome.tokens_burnt.low, 1, PROOF_TOKENS, ": tokens burnt");
    DIFFERS(outcomes[i].outcome.tokens_burnt.high, 1, PROOF_TOKENS, ": tokens burnt");
    DIFFERS(outcomes[i].outcome.profile, NULL, PROOF_PROFILE, ": gas profile");
}

static void test_lists(void)
{
    const enum execution_status status = EXECUTION_SUCCESS_VALUE;
    struct sample a, b;
    char place[64];
    sample_init(&a, status);
    sample_init(&b, status);
    for (unsigned i = 0; i < MEMBERS; i++) {
        snprintf(place, sizeof place, ": log %u", i);
        DIFFERS(logs[i], text("Log"), PROOF_LOG, place);
        snprintf(place, sizeof place, ": receipt id %u", i);
        DIFFERS(ids[i].bytes[31], 1, PROOF_RECEIPT_IDS, place);
        snprintf(place, sizeof place, ": outgoing receipt %u", i);
        DIFFERS(outgoing[i], text("Receipt"), PROOF_OUTGOING, place);
    }
    DIFFERS(block.outcome_count, 2, PROOF_OUTCOME_COUNT, ": number of outcomes");
    DIFFERS(block.outgoing_count, 2, PROOF_OUTGOING, ": number of outgoing receipts");
    DIFFERS(block.state_root.bytes[31], 1, PROOF_STATE_ROOT, ": state root");
    for (unsigned i = 0; i < ACTION_COST_COUNT; i++)
        DIFFERS(profile.action[i], 1, PROOF_PROFILE, action_cost_name((enum action_cost)i));
    for (unsigned i = 0; i < EXT_COST_COUNT; i++)
        DIFFERS(profile.ext[i], 1, PROOF_PROFILE, ext_cost_name((enum ext_cost)i));
    DIFFERS(profile.wasm, 1, PROOF_PROFILE, ": gas profile: instructions");
}

/* One more than is claimed: the first that is beyond. */
static void test_beyond(void)
{
    struct sample a;
    struct refusal r = {0};
    sample_init(&a, EXECUTION_SUCCESS_VALUE);
    const struct crypto_hash id = {{0}};
    CHECK(proof_compare_id(&a.block, 0, MEMBERS - 1, &id, &r) == STATUS_OK);
    CHECK(proof_compare_id(&a.block, 0, MEMBERS, &id, &r) == STATUS_INVALID && r.code == PROOF_OUTCOME_COUNT);
    CHECK_TEXT(r.claimed, "3");
    CHECK_TEXT(r.found, "4 or more");
    CHECK(proof_compare_outgoing(&a.block, 0, MEMBERS - 1, text("receipt"), &r) == STATUS_OK);
    CHECK(proof_compare_outgoing(&a.block, 0, MEMBERS, text("receipt"), &r) == STATUS_INVALID);
    CHECK_EQUAL(r.code, PROOF_OUTGOING);
    CHECK_TEXT(r.found, "4 or more");
}

/* ---- what follows from all blocks -------------------------------------------------------------------------------- */

static void changes_differ(const struct proof_change *found, enum proof_error code)
{
    const struct proof_change claimed[MEMBERS] = {{text("a"), true, true, {{{1}}, 1}, {{{2}}, 1}},
                                                  {text("b"), false, true, {{{0}}, 0}, {{{2}}, 1}},
                                                  {text("c"), true, false, {{{1}}, 1}, {{{0}}, 0}}};
    struct execution_proof a = {.changes = claimed, .change_count = MEMBERS}, b = a;
    struct refusal r = {0};
    CHECK(proof_compare_totals(&a, &b, &r) == STATUS_OK);
    for (unsigned i = 0; i < MEMBERS; i++) {
        struct proof_change list[MEMBERS];
        memcpy(list, claimed, sizeof list);
        list[i] = *found;
        if (code != PROOF_CHANGES) list[i].key = claimed[i].key;
        b.changes = list;
        CHECK(proof_compare_totals(&a, &b, &r) == STATUS_INVALID);
        CHECK_EQUAL(r.code, code);
    }
}

static void test_changes(void)
{
    const struct proof_change new_value = {text(""), true, true, {{{1}}, 1}, {{{3}}, 1}};
    const struct proof_change other_key = {text("d"), true, true, {{{1}}, 1}, {{{2}}, 1}};
    changes_differ(&new_value, PROOF_NEW_VALUE);
    changes_differ(&other_key, PROOF_CHANGES);
    const struct proof_change one = {text("a"), true, true, {{{1}}, 1}, {{{2}}, 1}};
    struct proof_change other = one;
    struct execution_proof a = {.changes = &one, .change_count = 1}, b = {.changes = &other, .change_count = 1};
    struct refusal r = {0};
    other.old_value.length = 2;
    CHECK(proof_compare_totals(&a, &b, &r) == STATUS_INVALID && r.code == PROOF_OLD_VALUE);
    other = one;
    other.was = false;
    CHECK(proof_compare_totals(&a, &b, &r) == STATUS_INVALID && r.code == PROOF_OLD_VALUE);
    other = one;
    b.change_count = 0;
    CHECK(proof_compare_totals(&a, &b, &r) == STATUS_INVALID && r.code == PROOF_CHANGES);
    CHECK(proof_compare_totals(&b, &a, &r) == STATUS_INVALID && r.code == PROOF_CHANGES);
}

static void test_counters(void)
{
    const struct execution_proof a = {0};
    for (unsigned i = 0; i < 6; i++) {
        struct execution_proof b = {0};
        struct refusal r = {0};
        uint64_t *const members[] = {&b.counters.nodes_read, &b.counters.values_read, &b.counters.bytes_read,
                                     &b.counters.keys_set, &b.counters.keys_removed, &b.counters.bytes_set};
        *members[i] = 1;
        CHECK(proof_compare_totals(&a, &b, &r) == STATUS_INVALID && r.code == PROOF_COUNTER);
    }
}

int main(void)
{
    test_begin("outcomes");
    for (unsigned i = 0; i < MEMBERS; i++) {
        test_outcome(EXECUTION_FAILURE, i);
        test_outcome(EXECUTION_SUCCESS_VALUE, i);
        test_outcome(EXECUTION_SUCCESS_RECEIPT_ID, i);
    }
    test_begin("lists");
    test_lists();
    test_beyond();
    test_begin("changes");
    test_changes();
    test_begin("counters");
    test_counters();
    return test_end();
}
