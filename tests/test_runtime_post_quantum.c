/* Which actions have post-quantum keys or signatures in them: each place where one can be. */
#include "tests/failing_alloc.h"

#include "near/action_delegate.h"
#include "runtime/post_quantum.h"
#include "tests/test.h"

static const struct public_key ed25519 = {.type = KEY_ED25519}, ml_dsa = {.type = KEY_ML_DSA_65};

static bool found(const struct action *actions, uint32_t count)
{
    bool out = true; /* it is set in either case */
    struct error e;
    CHECK_EQUAL(actions_are_post_quantum(actions, count, &out, &e), STATUS_OK);
    return out;
}

static bool found_in(struct action a)
{
    const struct action three[3] = {{.kind = ACTION_KIND_transfer}, a, {.kind = ACTION_KIND_transfer}};
    const bool all = found(three, 3), first = found(&three[1], 2), last = found(three, 2);
    CHECK(all == first && all == last);
    CHECK(!found(three, 1));
    return all;
}

static void test_keys(void)
{
    test_begin("keys of actions");
    CHECK(!found(NULL, 0));
    for (int pq = 0; pq < 2; pq++) {
        const struct public_key *key = pq ? &ml_dsa : &ed25519;
        CHECK_EQUAL(found_in((struct action){.kind = ACTION_KIND_stake, .stake.public_key = key}), pq);
        CHECK_EQUAL(found_in((struct action){.kind = ACTION_KIND_add_key, .add_key.public_key = key}), pq);
        CHECK_EQUAL(found_in((struct action){.kind = ACTION_KIND_delete_key, .delete_key.public_key = key}), pq);
        CHECK_EQUAL(found_in((struct action){.kind = ACTION_KIND_transfer_to_gas_key,
                                             .transfer_to_gas_key.public_key = key}), pq);
        CHECK_EQUAL(found_in((struct action){.kind = ACTION_KIND_withdraw_from_gas_key,
                                             .withdraw_from_gas_key.public_key = key}), pq);
    }
}

static void test_delegates(enum action_kind kind)
{
    test_begin("delegate actions");
    const struct action inner[2] = {{.kind = ACTION_KIND_transfer},
                                    {.kind = ACTION_KIND_delete_key, .delete_key.public_key = &ml_dsa}};
    struct delegate_action d = {.actions = inner, .public_key = &ed25519, .signature.type = KEY_ED25519};
    const struct action a = {.kind = kind, .delegate.parsed = &d};
    CHECK(!found_in(a));
    d.action_count = 1;
    CHECK(!found_in(a));
    d.action_count = 2;
    CHECK(found_in(a));
    d.action_count = 0;
    d.public_key = &ml_dsa;
    CHECK(found_in(a));
    d.public_key = &ed25519;
    d.signature.type = KEY_ML_DSA_65;
    CHECK(found_in(a));
}

/* Version 0, no code, no entries, then the keys: a tag and 32 bytes. */
static bool found_in_state_init(uint32_t count, uint8_t first, uint8_t last, size_t cut)
{
    uint8_t bytes[10 + 2 * 33] = {0};
    bytes[6] = (uint8_t)count;
    bytes[10] = first;
    bytes[10 + 33] = last;
    bytes[10 + 33 + 1] = 1; /* another key than the first */
    const struct bytes init = bytes_of(bytes, 10 + 33 * (size_t)count - cut);
    const struct action a = {.kind = ACTION_KIND_universal_state_init, .universal_state_init = {init, {0, 0}}};
    return found_in(a);
}

static void test_state_inits(void)
{
    enum { OTHER = KEY_HANDLE_ED25519, PQ = KEY_HANDLE_ML_DSA_65_HASH };
    test_begin("universal state inits");
    CHECK(!found_in_state_init(0, 0, 0, 0));
    CHECK(!found_in_state_init(1, OTHER, 0, 0));
    CHECK(found_in_state_init(1, PQ, 0, 0));
    CHECK(!found_in_state_init(2, OTHER, OTHER, 0));
    CHECK(found_in_state_init(2, OTHER, PQ, 0));
    CHECK(found_in_state_init(2, PQ, OTHER, 0)); /* not in rising order */
    CHECK(found_in_state_init(2, PQ, PQ, 0));
    CHECK(!found_in_state_init(2, PQ, PQ, 1)); /* cannot be read: no keys, and no error */
    /* bytes that would read as such, of another action */
    uint8_t bytes[10 + 33] = {0};
    bytes[6] = 1;
    bytes[10] = PQ;
    CHECK(!found_in((struct action){.kind = ACTION_KIND_deploy_contract,
                                    .deploy_contract.code = bytes_of(bytes, sizeof bytes)}));
}

/* Without memory there is no answer, and *out stays as it was. */
static void test_memory(void)
{
    uint8_t bytes[10 + 33] = {0};
    bool out = true;
    struct error e;
    test_begin("memory runs out");
    bytes[6] = 1;
    const struct action a = {.kind = ACTION_KIND_universal_state_init,
                             .universal_state_init = {bytes_of(bytes, sizeof bytes), {0, 0}}};
    const struct action two[2] = {a, {.kind = ACTION_KIND_transfer}};
    failed = false;
    countdown = 0;
    const enum status status = actions_are_post_quantum(two, 2, &out, &e);
    countdown = -1;
    CHECK(failed && status == STATUS_NO_MEMORY && out);
}

int main(void)
{
    test_memory();
    test_keys();
    test_delegates(ACTION_KIND_delegate);
    test_delegates(ACTION_KIND_delegate_v2);
    test_state_inits();
    return test_end();
}
