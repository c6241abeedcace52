/* Accounts, access keys, queues and other records of the state, and what receipts are: forms that no scenario has. */
#include "base/hex.h"
#include "tests/near_samples.h"
#include "tests/state_value.h"
#include "tests/test.h"

static struct arena arena;
static struct buffer input, output;

static struct bytes from_hex(const char *hex)
{
    input.size = 0;
    CHECK(hex_decode(bytes_of_string(hex), &input));
    return bytes_of(input.data, input.size);
}

/* Read and written again; every shorter and longer input is refused. */
static void check_value(enum trie_key_kind kind, const char *hex)
{
    struct bytes value = from_hex(hex);
    output.size = 0;
    struct error e;
    if (!CHECK_EQUAL(state_value_again(kind, value, &arena, &output, &e), STATUS_OK)) printf("%s\n", e.message);
    CHECK(bytes_equal(value, bytes_of(output.data, output.size)));
    for (size_t size = 0; size < value.size; size++)
        CHECK_EQUAL(state_value_again(kind, bytes_of(value.data, size), &arena, &output, &e), STATUS_MALFORMED);
    buffer_append_byte(&input, 0);
    CHECK_EQUAL(state_value_again(kind, bytes_of(input.data, input.size), &arena, &output, &e), STATUS_MALFORMED);
    arena_free(&arena);
}

static void refused(enum trie_key_kind kind, const char *hex, uint64_t offset)
{
    struct error e;
    output.size = 0;
    CHECK_EQUAL(state_value_again(kind, from_hex(hex), &arena, &output, &e), STATUS_MALFORMED);
    if (!CHECK_EQUAL(e.offset, offset)) printf("%s\n", e.message);
    CHECK_EQUAL(output.size, 0);
    arena_free(&arena);
}

#define U128(digit) "0" digit "000000000000000000000000000000"
#define U64(digit) "0" digit "00000000000000"
#define MARK "ffffffffffffffffffffffffffffffff"
#define HASH "0101010101010101010101010101010101010101010101010101010101010101"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"

static void test_accounts(void)
{
    test_begin("accounts");
    check_value(TRIE_KEY_ACCOUNT, U128("1") U128("2") HASH U64("3"));
    check_value(TRIE_KEY_ACCOUNT, U128("1") U128("2") ZERO U64("3"));
    check_value(TRIE_KEY_ACCOUNT, MARK "00" U128("1") U128("2") U64("3") "00");
    check_value(TRIE_KEY_ACCOUNT, MARK "00" U128("1") U128("2") U64("3") "01" HASH);
    check_value(TRIE_KEY_ACCOUNT, MARK "00" U128("1") U128("2") U64("3") "01" ZERO);
    check_value(TRIE_KEY_ACCOUNT, MARK "00" U128("1") U128("2") U64("3") "02" HASH);
    check_value(TRIE_KEY_ACCOUNT, MARK "00" U128("1") U128("2") U64("3") "0306000000622e6e656172");
    check_value(TRIE_KEY_ACCOUNT, MARK "01" U128("1") U64("2") U64("3"));
    refused(TRIE_KEY_ACCOUNT, MARK "02" U128("1") U64("2") U64("3"), 16);
    refused(TRIE_KEY_ACCOUNT, MARK "00" U128("1") U128("2") U64("3") "04", 57);
    refused(TRIE_KEY_ACCOUNT, MARK "00" U128("1") U128("2") U64("3") "0306000000422e6e656172", 62);
    struct account a;
    CHECK_EQUAL(account_from_borsh(from_hex(MARK "01" U128("1") U64("2") U64("3")), &a, NULL), STATUS_OK);
    CHECK_EQUAL(a.form, ACCOUNT_UNINITIALIZED);
    CHECK(a.amount.low == 1 && a.storage_usage == 2 && a.bootstrap_nonce == 3 && a.locked.low == 0);
    CHECK_EQUAL(account_from_borsh(from_hex(U128("1") U128("2") HASH U64("3")), &a, NULL), STATUS_OK);
    CHECK(a.form == ACCOUNT_V1 && a.code == ACCOUNT_CODE_LOCAL && a.code_hash.bytes[31] == 1);
    CHECK(a.amount.low == 1 && a.locked.low == 2 && a.storage_usage == 3);
}

static void test_code(void)
{
    test_begin("an account's code");
    struct account a = {.form = ACCOUNT_V1};
    struct global_contract_id id, out;
    const struct crypto_hash hash = {{7}}, zero = {{0}};
    account_set_local_code(&a, &zero);
    CHECK_EQUAL(a.code, ACCOUNT_CODE_NONE);
    account_set_local_code(&a, &hash);
    CHECK(a.code == ACCOUNT_CODE_LOCAL && crypto_hash_equal(&a.code_hash, &hash) && a.form == ACCOUNT_V1);
    CHECK(!account_global_contract(&a, &out));
    id = (struct global_contract_id){.mode = GLOBAL_BY_ACCOUNT_ID, .account_id = account_id_of("g.near")};
    account_set_global_contract(&a, &id);
    CHECK(a.form == ACCOUNT_V2 && a.code == ACCOUNT_CODE_GLOBAL_BY_ACCOUNT && crypto_hash_is_zero(&a.code_hash));
    CHECK(account_global_contract(&a, &out) && global_contract_id_equal(&id, &out));
    id = (struct global_contract_id){.mode = GLOBAL_BY_CODE_HASH, .code_hash = {7}};
    account_set_global_contract(&a, &id);
    CHECK(a.code == ACCOUNT_CODE_GLOBAL && a.code_account.length == 0);
    CHECK(account_global_contract(&a, &out) && global_contract_id_equal(&id, &out));
    account_set_local_code(&a, &hash);
    CHECK(a.form == ACCOUNT_V2 && a.code == ACCOUNT_CODE_LOCAL); /* V2 for ever */
    account_remove_code(&a);
    CHECK(a.form == ACCOUNT_V2 && a.code == ACCOUNT_CODE_NONE && crypto_hash_is_zero(&a.code_hash));
    CHECK(!account_global_contract(&a, &out));
}

static void test_access_keys(void)
{
    test_begin("access keys");
    check_value(TRIE_KEY_ACCESS_KEY, U64("5") "01");
    check_value(TRIE_KEY_ACCESS_KEY, U64("5") "00" "00" "0100000061" "00000000");
    check_value(TRIE_KEY_ACCESS_KEY, U64("5") "00" "01" U128("6") "0100000061" "02000000" "0100000062" "00000000");
    check_value(TRIE_KEY_ACCESS_KEY, U64("5") "02" U128("6") "0300" "00" "0100000061" "00000000");
    check_value(TRIE_KEY_ACCESS_KEY, U64("5") "03" U128("6") "0300");
    refused(TRIE_KEY_ACCESS_KEY, U64("5") "04", 8);
    refused(TRIE_KEY_ACCESS_KEY, U64("5") "00" "02", 9);
    refused(TRIE_KEY_ACCESS_KEY, U64("5") "00" "00" "01000000ff" "00000000", 14);
    struct action actions[SAMPLE_ACTIONS];
    const uint32_t count = sample_actions(actions);
    unsigned seen = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (actions[i].kind != ACTION_KIND_add_key) continue;
        output.size = 0;
        access_key_write(&actions[i].add_key.access_key, &output);
        CHECK_EQUAL(access_key_size(&actions[i].add_key.access_key), output.size);
        seen++;
    }
    CHECK_EQUAL(seen, 3);
    const struct access_key full = {.permission = PERMISSION_FULL_ACCESS};
    CHECK_EQUAL(access_key_size(&full), 9);
}

static void test_queues(void)
{
    test_begin("queues, yields and data");
    check_value(TRIE_KEY_DELAYED_RECEIPT_INDICES, U64("2") U64("2"));
    refused(TRIE_KEY_DELAYED_RECEIPT_INDICES, U64("3") U64("2"), 0);
    check_value(TRIE_KEY_BUFFERED_RECEIPT_INDICES, "00000000");
    check_value(TRIE_KEY_BUFFERED_RECEIPT_INDICES, "02000000" U64("1") U64("2") U64("3") U64("4") U64("0") U64("0"));
    refused(TRIE_KEY_BUFFERED_RECEIPT_INDICES, "02000000" U64("4") U64("2") U64("3") U64("4") U64("0") U64("0"), 28);
    refused(TRIE_KEY_BUFFERED_RECEIPT_INDICES, "01000000" U64("4") U64("4") U64("3"), 12);
    check_value(TRIE_KEY_RECEIPT_GROUPS_QUEUE, "00" U64("1") U64("2") U64("3") U128("4") U64("5"));
    refused(TRIE_KEY_RECEIPT_GROUPS_QUEUE, "01" U64("1") U64("2") U64("3") U128("4") U64("5"), 0);
    check_value(TRIE_KEY_RECEIPT_GROUP, "00" U64("3") U128("4"));
    refused(TRIE_KEY_RECEIPT_GROUP, "07" U64("3") U128("4"), 0);
    check_value(TRIE_KEY_YIELD_TIMEOUT, "06000000622e6e656172" HASH U64("9"));
    check_value(TRIE_KEY_YIELD_STATUS, "00");
    check_value(TRIE_KEY_YIELD_STATUS, "01");
    refused(TRIE_KEY_YIELD_STATUS, "02", 0);
    check_value(TRIE_KEY_RECEIVED_DATA, "00");
    check_value(TRIE_KEY_RECEIVED_DATA, "010100000061");
    refused(TRIE_KEY_RECEIVED_DATA, "02", 0);
    check_value(TRIE_KEY_PENDING_DATA_COUNT, "01020304");
    check_value(TRIE_KEY_GLOBAL_CONTRACT_NONCE, U64("9"));
    check_value(TRIE_KEY_POSTPONED_RECEIPT_ID, HASH);
    check_value(TRIE_KEY_BANDWIDTH_SCHEDULER_STATE, "0001000000" U64("1") U64("2") U64("3") HASH);
    refused(TRIE_KEY_BANDWIDTH_SCHEDULER_STATE, "0100000000" HASH, 0);
}

static void test_stored_receipts(void)
{
    test_begin("stored receipts");
    struct action actions[SAMPLE_ACTIONS];
    const uint32_t count = sample_actions(actions);
    for (unsigned form = STORED_RECEIPT_PLAIN; form <= STORED_RECEIPT_V1; form++) {
        struct stored_receipt s = {.form = (enum stored_receipt_form)form,
                                   .receipt = sample_receipt(RECEIPT_action_v2, actions, count, NULL, 0)};
        if (form != STORED_RECEIPT_PLAIN) {
            s.congestion_gas = 5;
            s.congestion_size = 6;
        }
        struct buffer hex = {0};
        output.size = 0;
        stored_receipt_write(&s, &output);
        hex_encode(bytes_of(output.data, output.size), &hex);
        buffer_append_byte(&hex, 0);
        check_value(TRIE_KEY_DELAYED_RECEIPT, (const char *)hex.data);
        struct stored_receipt read;
        CHECK_EQUAL(stored_receipt_from_borsh(from_hex((const char *)hex.data), &arena, &read, NULL), STATUS_OK);
        CHECK(read.form == s.form && read.congestion_gas == s.congestion_gas);
        CHECK_EQUAL(read.congestion_size, s.congestion_size);
        if (form == STORED_RECEIPT_V1) {
            memcpy(hex.data, "ffff02", 6);
            refused(TRIE_KEY_DELAYED_RECEIPT, (const char *)hex.data, 2);
        }
        arena_free(&arena);
        buffer_free(&hex);
    }
}

static void test_congestion(void)
{
    test_begin("congestion info and bandwidth requests");
    struct congestion_info c = {{1, 2}, {3, 4}, 5, 6}, again;
    output.size = 0;
    congestion_info_write(&c, &output);
    CHECK_EQUAL(output.size, 1 + 16 + 16 + 8 + 2);
    CHECK_EQUAL(congestion_info_from_borsh(bytes_of(output.data, output.size), &again, NULL), STATUS_OK);
    CHECK(u128_equal(again.delayed_receipts_gas, c.delayed_receipts_gas));
    CHECK(u128_equal(again.buffered_receipts_gas, c.buffered_receipts_gas));
    CHECK(again.receipt_bytes == 5 && again.allowed_shard == 6);
    for (size_t size = 0; size < output.size; size++)
        CHECK_EQUAL(congestion_info_from_borsh(bytes_of(output.data, size), &again, NULL), STATUS_MALFORMED);
    output.data[0] = 1;
    CHECK_EQUAL(congestion_info_from_borsh(bytes_of(output.data, output.size), &again, NULL), STATUS_MALFORMED);
    struct bandwidth_request two[2] = {{3, {1, 2, 3, 4, 5}}, {UINT16_MAX, {0xff}}};
    const struct bandwidth_requests requests = {two, 2};
    struct bandwidth_requests read;
    output.size = 0;
    bandwidth_requests_write(&requests, &output);
    CHECK_EQUAL(output.size, 1 + 4 + 2 * 7);
    CHECK_EQUAL(bandwidth_requests_from_borsh(bytes_of(output.data, output.size), &arena, &read, NULL), STATUS_OK);
    CHECK(read.count == 2 && memcmp(read.requests, two, sizeof two) == 0);
    arena_free(&arena);
}

static void test_what_receipts_are(void)
{
    test_begin("what receipts are");
    struct action actions[2] = {{.kind = ACTION_KIND_delete_account}, {.kind = ACTION_KIND_transfer}};
    struct receipt r = sample_receipt(RECEIPT_action_v2, actions, 1, NULL, 0);
    CHECK(!receipt_is_instant(&r)); /* waits for data */
    r.action.input_data_id_count = 0;
    CHECK(receipt_is_instant(&r));
    r.action.action_count = 2;
    CHECK(!receipt_is_instant(&r));
    CHECK(account_id_equal(receipt_balance_refund_receiver(&r), &r.action.refund_to));
    r.action.has_refund_to = false;
    CHECK(account_id_equal(receipt_balance_refund_receiver(&r), &r.predecessor_id));
    r = sample_receipt(RECEIPT_promise_yield_v2, actions, 0, NULL, 0);
    CHECK(receipt_is_instant(&r) && !receipt_is_action(&r) && receipt_has_actions(&r));
    r = sample_receipt(RECEIPT_promise_resume, NULL, 0, NULL, 0);
    CHECK(!receipt_is_instant(&r) && receipt_has_data(&r));
    CHECK(account_id_equal(receipt_balance_refund_receiver(&r), &r.predecessor_id));
    struct action calls[2] = {{.kind = ACTION_KIND_function_call, .function_call.gas = UINT64_MAX - 1},
                              {.kind = ACTION_KIND_function_call, .function_call.gas = 1}};
    uint64_t gas = 7;
    CHECK(receipt_prepaid_gas(&r, &gas) && gas == 0);
    r = sample_receipt(RECEIPT_action, calls, 2, NULL, 0);
    CHECK(receipt_prepaid_gas(&r, &gas) && gas == UINT64_MAX);
    calls[1].function_call.gas = 2;
    CHECK(!receipt_prepaid_gas(&r, &gas) && gas == UINT64_MAX);
    CHECK_TEXT(receipt_kind_name(RECEIPT_promise_yield_v2), "PromiseYieldV2");
    CHECK_TEXT(receipt_kind_name(RECEIPT_KIND_COUNT), "unknown");
}

static void test_refunds(void)
{
    test_begin("refunds and data");
    const struct account_id bob = account_id_of("bob.near");
    struct receipt r;
    CHECK_EQUAL(receipt_balance_refund(&bob, u128_of(5), &arena, &r, NULL), STATUS_OK);
    CHECK(account_id_is_system(&r.predecessor_id) && account_id_is_system(&r.action.signer_id));
    CHECK(r.kind == RECEIPT_action && r.action.action_count == 1 && r.action.gas_price.low == 0);
    CHECK(r.action.actions[0].kind == ACTION_KIND_transfer && r.action.actions[0].transfer.deposit.low == 5);
    CHECK(r.action.signer_public_key->type == KEY_ED25519 && r.action.signer_public_key->data[0] == 0);
    CHECK_EQUAL(receipt_gas_refund(&bob, u128_of(6), &sample_secp256k1, &arena, &r, NULL), STATUS_OK);
    CHECK(account_id_is_system(&r.predecessor_id) && account_id_equal(&r.action.signer_id, &bob));
    CHECK(r.action.signer_public_key == &sample_secp256k1);
    const struct crypto_hash id = {{4}};
    r = receipt_data(&bob, &bob, &id, false, (struct bytes){0});
    CHECK(r.kind == RECEIPT_data && !r.data.has_data && crypto_hash_equal(&r.data.data_id, &id));
    arena_free(&arena);
}

int main(void)
{
    test_accounts();
    test_code();
    test_access_keys();
    test_queues();
    test_stored_receipts();
    test_congestion();
    test_what_receipts_are();
    test_refunds();
    buffer_free(&input);
    buffer_free(&output);
    return test_end();
}
