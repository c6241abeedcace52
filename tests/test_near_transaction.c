/* Transactions, delegate actions and receipts with every kind of action, also of kinds that no scenario has; their
 * signatures; what is refused, and where. */
#include <secp256k1_recovery.h>

#include "near/receipt_json.h"
#include "tests/near_samples.h"
#include "tests/test.h"

static struct arena arena;
static struct buffer written, again;

static bool same(void)
{
    return CHECK(!written.failed && !again.failed) &&
           CHECK(bytes_equal(bytes_of(written.data, written.size), bytes_of(again.data, again.size)));
}

/* ---- actions and what they are in -------------------------------------------------------------------------------- */

static struct action actions[SAMPLE_ACTIONS + 2];
static struct buffer delegates[2];
static struct delegate_action delegate_actions[2];
static uint8_t signatures[2][64];

/* All kinds, the delegate actions with all others in them. */
static uint32_t all_actions(void)
{
    static struct action inner[SAMPLE_ACTIONS];
    const uint32_t count = sample_actions(inner);
    memcpy(actions, inner, sizeof inner);
    for (unsigned v = 0; v < 2; v++) {
        delegate_actions[v] = sample_delegate(v == 1, inner, count, signatures[v]);
        delegates[v].size = 0;
        delegate_action_write(&delegate_actions[v], &delegates[v]);
        actions[count + v] = (struct action){
            .kind = v ? ACTION_KIND_delegate_v2 : ACTION_KIND_delegate,
            .delegate = {bytes_of(delegates[v].data, delegates[v].size), &delegate_actions[v]}};
    }
    return count + 2;
}

static void check_parts(struct bytes input, enum status (*read)(struct bytes))
{
    CHECK_EQUAL(read(input), STATUS_OK);
    for (size_t cut = 0; cut < input.size; cut++) CHECK_EQUAL(read(bytes_of(input.data, cut)), STATUS_MALFORMED);
}

static enum status read_signed(struct bytes input)
{
    struct signed_transaction t;
    enum status status = signed_transaction_from_borsh(input, &arena, &t, NULL);
    again.size = 0;
    if (status == STATUS_OK) signed_transaction_write(&t, &again);
    arena_free(&arena);
    return status;
}

static enum status read_receipt(struct bytes input)
{
    struct receipt r;
    enum status status = receipt_from_borsh(input, &arena, &r, NULL);
    again.size = 0;
    if (status == STATUS_OK) receipt_write(&r, &again);
    arena_free(&arena);
    return status;
}

static void test_round_trips(void)
{
    test_begin("every kind of action in transactions and receipts of every kind");
    const uint32_t count = all_actions();
    struct signed_transaction t = {.signature = {KEY_ED25519, {signatures[0], 64}}};
    for (int version = 0; version < 2; version++) {
        t.transaction = sample_transaction((enum transaction_version)version, actions, count);
        written.size = 0;
        signed_transaction_write(&t, &written);
        check_parts(bytes_of(written.data, written.size), read_signed);
        read_signed(bytes_of(written.data, written.size));
        same();
    }
    const struct data_receiver receiver = {{{6}}, account_id_of("erin.near")};
    for (unsigned kind = 0; kind < RECEIPT_KIND_COUNT; kind++) {
        const struct receipt r = sample_receipt((enum receipt_kind)kind, actions, count, &receiver, 1);
        written.size = 0;
        receipt_write(&r, &written);
        check_parts(bytes_of(written.data, written.size), read_receipt);
        read_receipt(bytes_of(written.data, written.size));
        same();
    }
}

static void test_parsed_delegate(void)
{
    test_begin("what a delegate action is read as");
    all_actions();
    for (unsigned v = 0; v < 2; v++) {
        struct record_reader r = record_reader_of(bytes_of(delegates[v].data, delegates[v].size), &arena);
        const struct delegate_action d = delegate_action_read(&r, v == 1);
        CHECK_EQUAL(record_finish(&r, "delegate", NULL), STATUS_OK);
        CHECK(account_id_equal(&d.sender_id, &delegate_actions[v].sender_id));
        CHECK(account_id_equal(&d.receiver_id, &delegate_actions[v].receiver_id));
        CHECK_EQUAL(d.action_count, delegate_actions[v].action_count);
        CHECK_EQUAL(d.nonce, 3);
        CHECK_EQUAL(d.has_nonce_index, v == 1);
        CHECK_EQUAL(d.nonce_index, v == 1 ? 2 : 0);
        CHECK_EQUAL(d.max_block_height, 100);
        bool valid = false;
        CHECK_EQUAL(delegate_action_verify(&d, &valid, NULL), STATUS_OK);
        CHECK(valid);
        struct delegate_action other = d;
        other.nonce++;
        CHECK_EQUAL(delegate_action_verify(&other, &valid, NULL), STATUS_OK);
        CHECK(!valid);
        /* the same content in the other version's form is another message */
        other = d;
        other.is_v2 = !d.is_v2;
        CHECK_EQUAL(delegate_action_verify(&other, &valid, NULL), STATUS_OK);
        CHECK(!valid);
        arena_free(&arena);
    }
}

/* ---- signatures -------------------------------------------------------------------------------------------------- */

static void test_ed25519(void)
{
    test_begin("ed25519 signatures of transactions");
    const struct ed25519_key key = sample_key();
    uint8_t signature[64];
    for (int version = 0; version < 2; version++) {
        struct signed_transaction t = {
            .transaction = sample_transaction((enum transaction_version)version, NULL, 0)};
        CHECK_EQUAL(transaction_hash(&t.transaction, &t.hash, NULL), STATUS_OK);
        ed25519_sign(&key, crypto_hash_bytes(&t.hash), signature);
        t.signature = (struct signature){KEY_ED25519, bytes_of(signature, 64)};
        CHECK(signed_transaction_verify(&t));
        written.size = 0;
        signed_transaction_write(&t, &written);
        struct signed_transaction read;
        CHECK_EQUAL(signed_transaction_from_borsh(bytes_of(written.data, written.size), &arena, &read, NULL),
                    STATUS_OK);
        CHECK(signed_transaction_verify(&read));
        CHECK(crypto_hash_equal(&read.hash, &t.hash));
        CHECK_EQUAL(read.size, written.size);
        CHECK_EQUAL(read.unsigned_size, written.size - 65);
        signature[5] ^= 1;
        CHECK(!signed_transaction_verify(&t));
        arena_free(&arena);
    }
}

static void test_secp256k1(void)
{
    test_begin("secp256k1 signatures of transactions");
    secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN);
    const uint8_t secret[32] = {1, 2, 3};
    struct public_key key = {.type = KEY_SECP256K1};
    secp256k1_pubkey point;
    uint8_t serialized[65], signature[65];
    size_t size = sizeof serialized;
    CHECK(secp256k1_ec_pubkey_create(context, &point, secret));
    secp256k1_ec_pubkey_serialize(context, serialized, &size, &point, SECP256K1_EC_UNCOMPRESSED);
    memcpy(key.data, serialized + 1, 64);
    struct signed_transaction t = {.transaction = sample_transaction(TRANSACTION_V0, NULL, 0)};
    t.transaction.public_key = &key;
    CHECK_EQUAL(transaction_hash(&t.transaction, &t.hash, NULL), STATUS_OK);
    secp256k1_ecdsa_recoverable_signature recoverable;
    int id = 0;
    CHECK(secp256k1_ecdsa_sign_recoverable(context, &recoverable, t.hash.bytes, secret, NULL, NULL));
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context, signature, &id, &recoverable);
    signature[64] = (uint8_t)id;
    t.signature = (struct signature){KEY_SECP256K1, bytes_of(signature, 65)};
    CHECK(signed_transaction_verify(&t));
    t.hash.bytes[0] ^= 1;
    CHECK(!signed_transaction_verify(&t));
    t.hash.bytes[0] ^= 1;
    t.transaction.public_key = &sample_ed25519; /* another type than the signature's */
    CHECK(!signed_transaction_verify(&t));
    secp256k1_context_destroy(context);
}

static void test_post_quantum(void)
{
    test_begin("post-quantum keys and signatures");
    static uint8_t signature[SIGNATURE_ML_DSA_65_SIZE];
    struct action some[SAMPLE_ACTIONS];
    const uint32_t count = sample_actions(some);
    struct signed_transaction t = {.transaction = sample_transaction(TRANSACTION_V0, some, 2),
                                   .signature = {KEY_ED25519, {signatures[0], 64}}};
    CHECK(!signed_transaction_is_post_quantum(&t));
    t.transaction.action_count = count; /* one of them has an ML-DSA-65 key */
    CHECK(signed_transaction_is_post_quantum(&t));
    const uint32_t with_delegates = all_actions();
    t.transaction.actions = &actions[with_delegates - 1];
    t.transaction.action_count = 1;
    CHECK(signed_transaction_is_post_quantum(&t));
    t.transaction.action_count = 0;
    CHECK(!signed_transaction_is_post_quantum(&t));
    t.signature = (struct signature){KEY_ML_DSA_65, bytes_of(signature, sizeof signature)};
    CHECK(signed_transaction_is_post_quantum(&t));
    t.transaction.public_key = &sample_ml_dsa;
    CHECK(!signed_transaction_verify(&t));
    written.size = 0;
    signed_transaction_write(&t, &written);
    CHECK_EQUAL(read_signed(bytes_of(written.data, written.size)), STATUS_OK);
    same();
    again.size = 0;
    CHECK(signature_print(&t.signature, &again)); /* zeros: a digit for each byte */
    CHECK_EQUAL(again.size, strlen("ml-dsa-65:") + sizeof signature);
    CHECK(again.size > 10 && memcmp(again.data, "ml-dsa-65:1", 11) == 0 && again.data[again.size - 1] == '1');
    static uint8_t longer[sizeof signature + 1];
    t.signature.data = bytes_of(longer, sizeof longer);
    again.size = 0;
    CHECK(!signature_print(&t.signature, &again));
    CHECK_EQUAL(again.size, 0);
}

/* ---- what is refused --------------------------------------------------------------------------------------------- */

/* Reads `written` with one byte replaced. */
static void refused_at(size_t at, uint8_t byte, uint64_t offset)
{
    struct signed_transaction t;
    struct error e;
    const uint8_t before = written.data[at];
    written.data[at] = byte;
    CHECK_EQUAL(signed_transaction_from_borsh(bytes_of(written.data, written.size), &arena, &t, &e), STATUS_MALFORMED);
    if (!CHECK_EQUAL(e.offset, offset)) printf("%zu: %s\n", at, e.message);
    written.data[at] = before;
    arena_free(&arena);
}

static void test_refused(void)
{
    test_begin("what is refused, and where");
    struct action some[2] = {{.kind = ACTION_KIND_create_account}, {.kind = ACTION_KIND_create_account}};
    sample_key();
    struct signed_transaction t = {.transaction = sample_transaction(TRANSACTION_V1, some, 2),
                                   .signature = {KEY_ED25519, {signatures[0], 64}}};
    all_actions();
    written.size = 0;
    signed_transaction_write(&t, &written);
    /* 0 tag; 1 signer; 15 key; 48 nonce's form; 57 index; 59 receiver; 71 block; 103 count; 107, 108 actions; 109 mode;
     * 110 signature */
    CHECK_EQUAL(written.size, 175);
    refused_at(0, 2, 0);
    refused_at(1, 1, 5);      /* an account id of one character */
    refused_at(5, 'A', 5);
    refused_at(15, 3, 15);
    refused_at(48, 2, 48);
    refused_at(104, 1, 103);  /* more actions than there are bytes */
    refused_at(107, 16, 107);
    refused_at(109, 2, 109);
    refused_at(110, 3, 110);
    refused_at(174, 0xff, 174);
    buffer_append_byte(&written, 0);
    refused_at(175, 0, 175);
}

static void test_nesting(void)
{
    test_begin("no delegate action in a delegate action");
    for (unsigned outer = 0; outer < 2; outer++) {
        for (unsigned inner = 0; inner < 2; inner++) {
            all_actions();
            uint8_t signature[64];
            const struct action nested = {.kind = inner ? ACTION_KIND_delegate_v2 : ACTION_KIND_delegate,
                                          .delegate.borsh = bytes_of(delegates[inner].data, delegates[inner].size)};
            const struct delegate_action d = sample_delegate(outer == 1, &nested, 1, signature);
            struct error e;
            written.size = 0;
            borsh_write_u8(&written, outer ? ACTION_KIND_delegate_v2 : ACTION_KIND_delegate);
            delegate_action_write(&d, &written);
            struct record_reader r = record_reader_of(bytes_of(written.data, written.size), &arena);
            action_read(&r);
            CHECK_EQUAL(record_finish(&r, "action", &e), STATUS_MALFORMED);
            CHECK_EQUAL(e.offset, 1 + outer + 14 + 12 + 4);
            arena_free(&arena);
        }
    }
}

static void test_state_init(void)
{
    test_begin("a state init's keys rise");
    struct state_entry entries[2] = {{bytes_of_string("b"), {0}}, {bytes_of_string("a"), {0}}};
    const struct deterministic_state_init init = {
        .code = {.mode = GLOBAL_BY_CODE_HASH}, .entries = entries, .entry_count = 2};
    for (unsigned i = 0; i < 3; i++) {
        if (i == 1) entries[1].key = entries[0].key;
        if (i == 2) entries[1].key = bytes_of_string("ba");
        struct error e;
        written.size = 0;
        deterministic_state_init_write(&init, &written);
        struct record_reader r = record_reader_of(bytes_of(written.data, written.size), &arena);
        const struct deterministic_state_init read = deterministic_state_init_read(&r);
        CHECK_EQUAL(record_finish(&r, "state init", &e), i == 2 ? STATUS_OK : STATUS_MALFORMED);
        if (i == 2) CHECK_EQUAL(read.entry_count, 2);
        else CHECK_EQUAL(e.offset, 1 + 33 + 4 + 9 + 4);
        arena_free(&arena);
    }
}

static void test_counts(void)
{
    test_begin("large counts take no memory");
    const uint8_t many[] = {0xff, 0xff, 0xff, 0xff, 0, 0, 0};
    struct record_reader r = record_reader_of(bytes_of(many, sizeof many), &arena);
    uint32_t count;
    actions_read(&r, &count);
    CHECK_EQUAL(count, 0);
    CHECK_EQUAL(record_finish(&r, "actions", NULL), STATUS_MALFORMED);
    CHECK_EQUAL(arena.total, 0);
    struct access_key key;
    CHECK_EQUAL(access_key_from_borsh(bytes_of(many, sizeof many), &arena, &key, NULL), STATUS_MALFORMED);
    CHECK_EQUAL(arena.total, 0);
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static void check_json(const struct action *action, const char *expected)
{
    again.size = 0;
    action_json(action, &again);
    buffer_append_byte(&again, 0);
    CHECK_TEXT((const char *)again.data, expected);
}

#define KEY32 "11111111111111111111111111111111"

static void test_json(void)
{
    test_begin("JSON of what no scenario has");
    static const struct public_key key = {.type = KEY_ED25519};
    static const uint8_t signature[64] = {0};
    const struct access_key gas_key = {.nonce = 1, .permission = PERMISSION_GAS_KEY_FUNCTION_CALL, .num_nonces = 3,
                                       .gas_key_balance = u128_of(4), .receiver_id = bytes_of_string("b.near")};
    const struct global_contract_id by_hash = {.mode = GLOBAL_BY_CODE_HASH};
    const struct action inner[] = {
        {.kind = ACTION_KIND_create_account},
        {.kind = ACTION_KIND_add_key, .add_key = {&key, gas_key}},
        {.kind = ACTION_KIND_deploy_global_contract, .deploy_global_contract = {bytes_of_string("code"), 1}},
        {.kind = ACTION_KIND_use_global_contract, .use_global_contract.contract = by_hash},
        {.kind = ACTION_KIND_deterministic_state_init,
         .deterministic_state_init = {{by_hash, sample_entries, 2}, u128_of(1)}},
    };
    const struct delegate_action d = {
        .is_v2 = true, .sender_id = account_id_of("a.near"), .receiver_id = account_id_of("b.near"), .actions = inner,
        .action_count = 5, .nonce = 6, .has_nonce_index = true, .nonce_index = 7, .max_block_height = 8,
        .public_key = &key, .signature = {KEY_ED25519, {signature, 64}}};
    const struct action delegate = {.kind = ACTION_KIND_delegate_v2, .delegate.parsed = &d};
    check_json(&delegate,
               "{\"DelegateV2\":{\"delegate_action\":{\"V2\":{\"sender_id\":\"a.near\",\"receiver_id\":\"b.near\","
               "\"actions\":[{\"CreateAccount\":{}},"
               "{\"AddKey\":{\"public_key\":\"ed25519:" KEY32 "\",\"access_key\":{\"nonce\":1,\"permission\":"
               "{\"GasKeyFunctionCall\":[{\"balance\":\"4\",\"num_nonces\":3},"
               "{\"allowance\":null,\"receiver_id\":\"b.near\",\"method_names\":[]}]}}}},"
               "{\"DeployGlobalContract\":{\"code\":\"Y29kZQ==\",\"deploy_mode\":\"AccountId\"}},"
               "{\"UseGlobalContract\":{\"contract_identifier\":{\"hash\":\"" KEY32 "\"}}},"
               "{\"DeterministicStateInit\":{\"state_init\":{\"V1\":{\"code\":{\"hash\":\"" KEY32 "\"},"
               "\"data\":{\"YQ==\":\"\",\"YWI=\":\"dmFsdWU=\"}}},\"deposit\":\"1\"}}],"
               "\"nonce\":{\"GasKeyNonce\":{\"nonce\":6,\"nonce_index\":7}},\"max_block_height\":8,"
               "\"public_key\":\"ed25519:" KEY32 "\"}},\"signature\":\"ed25519:" KEY32 KEY32 "\"}}");
    check_json(&inner[1],
               "{\"AddKey\":{\"public_key\":\"ed25519:" KEY32 "\",\"access_key\":{\"nonce\":1,\"permission\":"
               "{\"GasKeyFunctionCall\":{\"balance\":\"4\",\"num_nonces\":3,"
               "\"allowance\":null,\"receiver_id\":\"b.near\",\"method_names\":[]}}}}}");
    const struct action unread = {.kind = ACTION_KIND_delegate};
    check_json(&unread, "{\"Delegate\":{\"delegate_action\":null}}");
}

int main(void)
{
    test_round_trips();
    test_parsed_delegate();
    test_ed25519();
    test_secp256k1();
    test_post_quantum();
    test_refused();
    test_nesting();
    test_state_init();
    test_counts();
    test_json();
    buffer_free(&written);
    buffer_free(&again);
    buffer_free(&delegates[0]);
    buffer_free(&delegates[1]);
    return test_end();
}
