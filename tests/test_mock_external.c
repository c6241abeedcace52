/* host/mock_external.h, and the map under it compared with a plain one. */
#include "host/mock_external.h"

#include <stdlib.h>

#include "base/hex.h"
#include "host/action_copy.h"
#include "tests/test.h"

static struct bytes text(const char *s)
{
    return bytes_of_string(s);
}

static bool buffer_is(const struct buffer *b, const char *s)
{
    return bytes_equal(bytes_of(b->data, b->size), text(s));
}

/* ---- the map ---------------------------------------------------------------------------------------------------- */

static void changes_are(const struct state_map *m, const char *wanted)
{
    struct arena arena = {0};
    struct state_change *list = NULL;
    size_t count = 0;
    struct buffer got = {0};
    CHECK_EQUAL(state_map_changes(m, &arena, &list, &count, NULL), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        buffer_append(&got, list[i].key.data, list[i].key.size);
        buffer_append_byte(&got, list[i].removed ? '-' : '=');
        if (!list[i].removed) buffer_append(&got, list[i].value.data, list[i].value.size);
        buffer_append_byte(&got, ' ');
    }
    buffer_append_byte(&got, 0);
    CHECK_TEXT((const char *)got.data, wanted);
    buffer_free(&got);
    arena_free(&arena);
}

static void map_small(void)
{
    struct state_map m = {0};
    struct buffer old = {0};
    struct bytes value;
    bool found = true;

    test_begin("a map and its changes");
    CHECK(!state_map_get(&m, text("a"), &value));
    CHECK_EQUAL(state_map_remove(&m, text("a"), &found, &old, NULL), STATUS_OK);
    CHECK(!found);
    changes_are(&m, "");
    state_map_put(&m, text("b"), text("1"), NULL);
    state_map_put(&m, text("a"), text("0"), NULL);
    state_map_put(&m, text("b"), text("2"), NULL);
    state_map_put(&m, text(""), text(""), NULL);
    changes_are(&m, "");
    CHECK(state_map_get(&m, text(""), &value) && value.size == 0);
    CHECK(state_map_get(&m, text("b"), &value) && bytes_equal(value, text("2")));

    CHECK_EQUAL(state_map_set(&m, text("b"), text("3"), &found, &old, NULL), STATUS_OK);
    CHECK(found && buffer_is(&old, "2"));
    CHECK_EQUAL(state_map_set(&m, text("c"), text("4"), &found, &old, NULL), STATUS_OK);
    CHECK(!found && old.size == 0);
    CHECK_EQUAL(state_map_remove(&m, text("a"), &found, &old, NULL), STATUS_OK);
    CHECK(found && buffer_is(&old, "0"));
    CHECK(!state_map_get(&m, text("a"), &value));
    changes_are(&m, "a- b=3 c=4 ");

    CHECK_EQUAL(state_map_set(&m, text("a"), text("0"), &found, &old, NULL), STATUS_OK);
    CHECK(!found);
    state_map_set(&m, text("b"), text("2"), &found, &old, NULL);
    state_map_remove(&m, text("c"), &found, &old, NULL);
    CHECK(found && buffer_is(&old, "4"));
    changes_are(&m, "");
    state_map_remove(&m, text(""), &found, &old, NULL);
    CHECK(found && old.size == 0);
    state_map_set(&m, text("aa"), text(""), &found, &old, NULL);
    changes_are(&m, "- aa= ");
    state_map_set(&m, text("aa"), text("x"), NULL, NULL, NULL);
    changes_are(&m, "- aa=x ");

    struct arena arena = {0};
    struct state_entry *entries = NULL;
    size_t count = 0;
    CHECK_EQUAL(state_map_entries(&m, &arena, &entries, &count, NULL), STATUS_OK);
    CHECK_EQUAL(count, 3);
    CHECK(bytes_equal(entries[0].key, text("a")) && bytes_equal(entries[1].key, text("aa")) &&
          bytes_equal(entries[2].key, text("b")));
    CHECK(bytes_equal(entries[1].value, text("x")));
    arena_free(&arena);
    state_map_free(&m);
    buffer_free(&old);
}

/* Random operations, beside an array indexed by key. */
static void map_random(void)
{
    enum { KEYS = 500, STEPS = 40000 };
    static int beginning[KEYS], now[KEYS]; /* value + 1; 0: absent */
    struct state_map m = {0};
    struct buffer old = {0};
    uint64_t random = 88172645463325252u;
    unsigned wrong = 0;
    test_begin("a map beside a plain one");
    for (int step = 0; step < STEPS; step++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        const int k = (int)(random % KEYS), v = (int)(random >> 32 & 3);
        const uint32_t key = (uint32_t)k * 2654435761u, value = (uint32_t)v;
        const struct bytes kb = bytes_of(&key, 4), vb = bytes_of(&value, (size_t)v);
        struct bytes got = {0};
        bool found = false;
        if (step < KEYS) {
            state_map_put(&m, kb, vb, NULL);
            beginning[k] = now[k] = v + 1;
            continue;
        }
        const bool there = state_map_get(&m, kb, &got);
        wrong += there != (now[k] != 0) || (there && got.size != (size_t)now[k] - 1);
        if (random >> 40 & 1) {
            state_map_set(&m, kb, vb, &found, &old, NULL);
        } else {
            state_map_remove(&m, kb, &found, &old, NULL);
        }
        wrong += found != (now[k] != 0) || (found && old.size != (size_t)now[k] - 1);
        now[k] = random >> 40 & 1 ? v + 1 : 0;
    }
    CHECK_EQUAL(wrong, 0);

    struct arena arena = {0};
    struct state_change *list = NULL;
    size_t count = 0, differing = 0, misordered = 0;
    CHECK_EQUAL(state_map_changes(&m, &arena, &list, &count, NULL), STATUS_OK);
    for (int k = 0; k < KEYS; k++) differing += beginning[k] != now[k];
    for (size_t i = 1; i < count; i++) misordered += memcmp(list[i - 1].key.data, list[i].key.data, 4) >= 0;
    CHECK_EQUAL(count, differing);
    CHECK_EQUAL(misordered, 0);
    CHECK(count > KEYS / 4);
    arena_free(&arena);
    state_map_free(&m);
    buffer_free(&old);
}

/* ---- the external ----------------------------------------------------------------------------------------------- */

static void storage(void)
{
    struct mock_external m;
    mock_external_init(&m);
    const struct external_functions *f = m.external.functions;
    void *self = m.external.self;
    struct buffer old = {0};
    struct stored_value v;
    struct bytes value;
    bool found;

    test_begin("storage");
    buffer_append_string(&old, "what was there before");
    CHECK_EQUAL(f->storage_set(self, NULL, text("k"), text("one"), &found, &old), HOST_OK);
    CHECK(!found && old.size == 0);
    CHECK_EQUAL(f->storage_get(self, NULL, text("k"), &v), HOST_OK);
    CHECK(v.found);
    CHECK_EQUAL(v.length, 3);
    CHECK_EQUAL(f->storage_deref(self, NULL, &v, &value), HOST_OK);
    CHECK(bytes_equal(value, text("one")));
    CHECK_EQUAL(f->storage_get(self, NULL, text("no"), &v), HOST_OK);
    CHECK(!v.found);
    CHECK_EQUAL(f->storage_has_key(self, NULL, text("k"), &found), HOST_OK);
    CHECK(found);
    CHECK_EQUAL(f->storage_remove(self, NULL, text("k"), &found, &old), HOST_OK);
    CHECK(found && buffer_is(&old, "one"));
    CHECK_EQUAL(f->storage_has_key(self, NULL, text("k"), &found), HOST_OK);
    CHECK(!found);
    CHECK_EQUAL(f->storage_remove(self, NULL, text("k"), &found, &old), HOST_OK);
    CHECK(!found && old.size == 0);
    CHECK_EQUAL(f->recorded_storage_size(self), 0);
    CHECK_EQUAL(f->storage_proof_size_before_receipt(self), 0);
    buffer_free(&old);
    mock_external_free(&m);
}

static void validators(void)
{
    struct mock_external m;
    mock_external_init(&m);
    const struct account_id a = account_id_of("a.near"), b = account_id_of("b.near");
    struct u128 stake = {0};
    struct error e = {0};
    bool found = true;

    test_begin("validators and chain");
    CHECK_EQUAL(m.external.functions->validator_stake(&m, &a, &found, &stake), HOST_OK);
    CHECK(!found);
    CHECK_EQUAL(mock_external_set_validator(&m, &a, u128_of(5), &e), STATUS_OK);
    CHECK_EQUAL(mock_external_set_validator(&m, &b, (struct u128){7, 1}, &e), STATUS_OK);
    CHECK_EQUAL(mock_external_set_validator(&m, &a, u128_of(3), &e), STATUS_OK);
    CHECK_EQUAL(m.external.functions->validator_stake(&m, &a, &found, &stake), HOST_OK);
    CHECK(found && u128_equal(stake, u128_of(3)));
    CHECK_EQUAL(m.external.functions->validator_total_stake(&m, &stake), HOST_OK);
    CHECK(u128_equal(stake, (struct u128){10, 1}));
    CHECK_EQUAL(mock_external_set_validator(&m, &a, (struct u128){UINT64_MAX, UINT64_MAX}, &e), STATUS_INVALID);
    CHECK_TEXT(e.message, "the stakes of all validators exceed 2^128 - 1");
    CHECK_EQUAL(m.external.functions->validator_total_stake(&m, &stake), HOST_OK);
    CHECK(u128_equal(stake, (struct u128){10, 1}));
    CHECK(bytes_equal(m.external.functions->chain_id(&m), text("test")));
    CHECK_EQUAL(mock_external_set_chain_id(&m, text("mainnet"), &e), STATUS_OK);
    CHECK(bytes_equal(m.external.functions->chain_id(&m), text("mainnet")));
    CHECK(m.external.functions->post_quantum_keys_enabled(&m));
    mock_external_free(&m);
}

static void receipts(void)
{
    struct mock_external m;
    mock_external_init(&m);
    const struct external_functions *f = m.external.functions;
    const struct account_id a = account_id_of("a.near"), b = account_id_of("b.near");
    uint64_t receipt = 99, second = 99, index = 99, dependencies[2] = {0, 2};

    test_begin("receipts and actions");
    CHECK_EQUAL(f->create_action_receipt(&m, NULL, 0, &a, &receipt), HOST_OK);
    CHECK_EQUAL(receipt, 0);
    const struct account_id *receiver = f->receipt_receiver(&m, receipt);
    char name[] = "method";
    const struct bytes names[1] = {text(name)};
    struct public_key key = {.type = KEY_ED25519, .data = {1, 2, 3}};
    struct action action = {.kind = ACTION_KIND_add_key};
    action.add_key.public_key = &key;
    action.add_key.access_key.permission = PERMISSION_FUNCTION_CALL;
    action.add_key.access_key.receiver_id = text(name);
    action.add_key.access_key.method_names = names;
    action.add_key.access_key.method_count = 1;
    CHECK_EQUAL(f->append_action(&m, receipt, &action, &index), HOST_OK);
    CHECK_EQUAL(index, 1);
    CHECK_EQUAL(f->create_action_receipt(&m, dependencies, 2, &b, &second), HOST_OK);
    CHECK_EQUAL(second, 2);
    CHECK_EQUAL(f->set_refund_to(&m, second, &a), HOST_OK);
    CHECK(account_id_equal(f->receipt_receiver(&m, second), &b));
    CHECK(f->receipt_receiver(&m, 1) == NULL);
    CHECK(f->receipt_receiver(&m, 3) == NULL);
    CHECK(f->receipt_receiver(&m, UINT64_MAX) == NULL);

    /* What was handed in may go. */
    memset(name, 'x', sizeof name - 1);
    key.data[0] = 9;
    dependencies[1] = 7;
    const struct action *kept = &m.log[1]->action.action;
    CHECK_EQUAL(kept->add_key.public_key->data[0], 1);
    CHECK(bytes_equal(kept->add_key.access_key.receiver_id, text("method")));
    CHECK(bytes_equal(kept->add_key.access_key.method_names[0], text("method")));
    CHECK_EQUAL(m.log[2]->create_receipt.dependencies[1], 2);
    CHECK_EQUAL(m.log[3]->kind, MOCK_SET_REFUND_TO);

    action = (struct action){.kind = ACTION_KIND_create_account};
    for (int i = 0; i < 1000; i++) f->append_action(&m, 0, &action, NULL);
    CHECK(receiver == f->receipt_receiver(&m, 0)); /* entries do not move */
    CHECK_EQUAL(m.log_count, 1004);
    mock_external_free(&m);
}

static void yields(void)
{
    struct mock_external m;
    mock_external_init(&m);
    const struct external_functions *f = m.external.functions;
    const struct account_id a = account_id_of("a.near");
    const uint8_t yield_id[32] = {1}, other_id[32] = {2};
    uint8_t first[32], second[32], third[32] = {0};
    uint64_t receipt = 99;
    bool created = true, accepted = true;
    struct buffer hex = {0};

    test_begin("yields");
    CHECK_EQUAL(f->create_promise_yield_receipt(&m, &a, &receipt, first), HOST_OK);
    CHECK_EQUAL(receipt, 0);
    hex_encode(bytes_of(first, 32), &hex);
    buffer_append_byte(&hex, 0);
    /* SHA-256 of eight zero bytes */
    CHECK_TEXT((const char *)hex.data, "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc");
    CHECK_EQUAL(f->create_promise_yield_receipt_with_id(&m, &a, yield_id, &created, &receipt, second), HOST_OK);
    CHECK(created && receipt == 1 && memcmp(first, second, 32) != 0);
    CHECK_EQUAL(f->create_promise_yield_receipt_with_id(&m, &a, yield_id, &created, &receipt, third), HOST_OK);
    CHECK(!created);
    CHECK_EQUAL(m.log_count, 2);

    CHECK_EQUAL(f->submit_promise_resume_data(&m, first, text("data"), &accepted), HOST_OK);
    CHECK(accepted);
    CHECK_EQUAL(f->submit_promise_resume_data(&m, other_id, text(""), &accepted), HOST_OK);
    CHECK(!accepted);
    CHECK_EQUAL(m.log_count, 4); /* both are logged */
    CHECK_EQUAL(f->submit_promise_resume_data_with_yield_id(&m, other_id, text("x"), &accepted), HOST_OK);
    CHECK(!accepted);
    CHECK_EQUAL(m.log_count, 4); /* this is not */
    CHECK_EQUAL(f->submit_promise_resume_data_with_yield_id(&m, yield_id, text("x"), &accepted), HOST_OK);
    CHECK(accepted);
    CHECK_EQUAL(m.log_count, 5);
    CHECK(memcmp(m.log[4]->yield_resume.data_id, second, 32) == 0);
    CHECK(bytes_equal(m.log[2]->yield_resume.data, text("data")));
    CHECK(account_id_equal(f->receipt_receiver(&m, 1), &a));
    buffer_free(&hex);
    mock_external_free(&m);
}

static void state_inits(void)
{
    enum { ENTRIES = 300 };
    struct mock_external m;
    mock_external_init(&m);
    const struct external_functions *f = m.external.functions;
    const struct account_id a = account_id_of("a.near");
    uint64_t receipt = 0, index = 0;
    struct action action = {.kind = ACTION_KIND_deterministic_state_init};
    const struct state_entry first = {text("m"), text("0")};

    test_begin("state inits");
    action.deterministic_state_init.state_init.code = (struct global_contract_id){.mode = GLOBAL_BY_ACCOUNT_ID,
                                                                                  .account_id = a};
    action.deterministic_state_init.state_init.entries = &first;
    action.deterministic_state_init.state_init.entry_count = 1;
    f->create_action_receipt(&m, NULL, 0, &a, &receipt);
    CHECK_EQUAL(f->append_action(&m, receipt, &action, &index), HOST_OK);
    for (int i = 0; i < ENTRIES; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i * 7919 % ENTRIES);
        CHECK_EQUAL(f->set_state_init_data_entry(&m, receipt, index, text(key), text("v")), HOST_OK);
    }
    const struct deterministic_state_init *init = &m.log[index]->action.action.deterministic_state_init.state_init;
    CHECK_EQUAL(init->entry_count, ENTRIES + 1);
    unsigned misordered = 0;
    for (size_t i = 1; i < init->entry_count; i++) {
        const struct bytes x = init->entries[i - 1].key, y = init->entries[i].key;
        const int order = memcmp(x.data, y.data, x.size < y.size ? x.size : y.size);
        misordered += order > 0 || (order == 0 && x.size >= y.size);
    }
    CHECK_EQUAL(misordered, 0);
    CHECK(bytes_equal(init->entries[ENTRIES].key, text("m")) && bytes_equal(init->entries[ENTRIES].value, text("0")));

    CHECK_EQUAL(f->set_state_init_data_entry(&m, receipt, index, text("k7"), text("new")), HOST_DataEntryAlreadyExists);
    CHECK_EQUAL(init->entry_count, ENTRIES + 1);
    bool replaced = false;
    for (size_t i = 0; i < init->entry_count; i++)
        replaced |= bytes_equal(init->entries[i].key, text("k7")) && bytes_equal(init->entries[i].value, text("new"));
    CHECK(replaced);

    CHECK_EQUAL(f->set_state_init_data_entry(&m, 7, index, text("x"), text("")), HOST_InvalidActionIndex);
    CHECK_EQUAL(m.external.fault_a, 7);
    CHECK_EQUAL(m.external.fault_b, index);
    CHECK_EQUAL(f->set_state_init_data_entry(&m, receipt, 0, text("x"), text("")), HOST_InvalidActionIndex);
    CHECK_EQUAL(f->set_state_init_data_entry(&m, receipt, UINT64_MAX, text("x"), text("")), HOST_InvalidActionIndex);
    CHECK(m.external.fault_b == UINT64_MAX);

    CHECK_EQUAL(f->check_state_init(&m, text("anything")), STATE_INIT_VALID);
    const struct state_init_counts counts = f->state_init_send_counts(&m, text("12345"), true);
    CHECK_EQUAL(counts.bytes, 5);
    CHECK_EQUAL(counts.entries, 0);
    CHECK_EQUAL(counts.keys, 0);
    mock_external_free(&m);
}

int main(void)
{
    map_small();
    map_random();
    storage();
    validators();
    receipts();
    yields();
    state_inits();
    return test_end();
}
