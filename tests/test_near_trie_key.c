/* Keys of the state: bytes, text, and what is no key. */
#include "base/hex.h"
#include "near/ids.h"
#include "near/trie_key.h"
#include "tests/test.h"

static struct buffer out, text, bytes;

static void check(struct trie_key key, const char *hex, const char *line)
{
    struct trie_key again;
    out.size = text.size = 0;
    trie_key_write(&key, &out);
    hex_encode(bytes_of(out.data, out.size), &text);
    buffer_append_byte(&text, 0);
    CHECK_TEXT((const char *)text.data, hex);
    text.size = 0;
    trie_key_print(&key, &text);
    buffer_append_byte(&text, 0);
    CHECK_TEXT((const char *)text.data, line);
    if (!CHECK_EQUAL(trie_key_parse(bytes_of(out.data, out.size), &again, NULL), STATUS_OK)) return;
    CHECK_EQUAL(again.kind, key.kind);
    bytes.size = 0;
    trie_key_write(&again, &bytes);
    CHECK(!bytes.failed && bytes_equal(bytes_of(bytes.data, bytes.size), bytes_of(out.data, out.size)));
}

#define ID "616c6963652e6e656172"
#define HASH "0101010101010101010101010101010101010101010101010101010101010101"
#define HASH_TEXT "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define ONES "11111111111111111111111111111111"

static void test_kinds(void)
{
    test_begin("every kind");
    const struct account_id alice = account_id_of("alice.near");
    const struct public_key key = {.type = KEY_ED25519};
    struct crypto_hash hash;
    memset(hash.bytes, 1, sizeof hash.bytes);
    const struct global_contract_id by_hash = {.mode = GLOBAL_BY_CODE_HASH};
    const struct global_contract_id by_account = {.mode = GLOBAL_BY_ACCOUNT_ID, .account_id = alice};
    check(trie_key_of_account(TRIE_KEY_ACCOUNT, &alice), "00" ID, "account alice.near");
    check(trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &alice), "01" ID, "code alice.near");
    check(trie_key_of_access_key(&alice, &key), "02" ID "0200" ZERO, "access_key alice.near ed25519:" ONES);
    check(trie_key_of_gas_key_nonce(&alice, &key, 0x102), "02" ID "0200" ZERO "0201",
          "gas_key_nonce alice.near ed25519:" ONES " 258");
    static const struct {
        enum trie_key_kind kind;
        const char *hex, *line;
    } with_hash[] = {
        {TRIE_KEY_RECEIVED_DATA, "03" ID "2c" HASH, "received_data alice.near " HASH_TEXT},
        {TRIE_KEY_POSTPONED_RECEIPT_ID, "04" ID "2c" HASH, "postponed_receipt_id alice.near " HASH_TEXT},
        {TRIE_KEY_PENDING_DATA_COUNT, "05" ID "2c" HASH, "pending_data_count alice.near " HASH_TEXT},
        {TRIE_KEY_POSTPONED_RECEIPT, "06" ID "2c" HASH, "postponed_receipt alice.near " HASH_TEXT},
        {TRIE_KEY_YIELD_RECEIPT, "0c" ID "2c" HASH, "promise_yield_receipt alice.near " HASH_TEXT},
        {TRIE_KEY_YIELD_STATUS, "14" ID "2c" HASH, "promise_yield_status alice.near " HASH_TEXT},
        {TRIE_KEY_YIELD_ID_TO_DATA_ID, "16" ID "2c" HASH, "yield_id_to_data_id alice.near " HASH_TEXT},
        {TRIE_KEY_DATA_ID_TO_YIELD_ID, "17" ID "2c" HASH, "data_id_to_yield_id alice.near " HASH_TEXT},
    };
    for (size_t i = 0; i < sizeof with_hash / sizeof *with_hash; i++)
        check(trie_key_of_hash(with_hash[i].kind, &alice, &hash), with_hash[i].hex, with_hash[i].line);
    static const struct {
        enum trie_key_kind kind;
        const char *hex, *line;
    } queues[] = {
        {TRIE_KEY_DELAYED_RECEIPT_INDICES, "07", "delayed_receipt_indices"},
        {TRIE_KEY_DELAYED_RECEIPT, "070500000000000000", "delayed_receipt 5"},
        {TRIE_KEY_YIELD_INDICES, "0a", "promise_yield_indices"},
        {TRIE_KEY_YIELD_TIMEOUT, "0b0500000000000000", "promise_yield_timeout 5"},
        {TRIE_KEY_BUFFERED_RECEIPT_INDICES, "0d", "buffered_receipt_indices"},
        {TRIE_KEY_BUFFERED_RECEIPT, "0e03000500000000000000", "buffered_receipt 3 5"},
        {TRIE_KEY_BANDWIDTH_SCHEDULER_STATE, "0f", "bandwidth_scheduler_state"},
        {TRIE_KEY_RECEIPT_GROUPS_QUEUE, "100300000000000000", "receipt_groups_queue 3"},
        {TRIE_KEY_RECEIPT_GROUP, "1103000000000000000500000000000000", "receipt_group 3 5"},
    };
    for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
        check(trie_key_of_queue(queues[i].kind, 3, 5), queues[i].hex, queues[i].line);
    check(trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_CODE, &by_hash), "1200" ZERO, "global_contract_code " ONES);
    check(trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_NONCE, &by_account), "13010a000000" ID,
          "global_contract_nonce alice.near");
}

static void test_data(void)
{
    test_begin("contracts' own keys");
    const struct account_id alice = account_id_of("alice.near");
    check(trie_key_of_data(&alice, bytes_of_string("STATE")), "09" ID "2c5354415445", "data alice.near STATE");
    check(trie_key_of_data(&alice, bytes_of_string("")), "09" ID "2c", "data alice.near 0x");
    check(trie_key_of_data(&alice, bytes_of_string(",")), "09" ID "2c2c", "data alice.near ,");
    check(trie_key_of_data(&alice, bytes_of_string("a b")), "09" ID "2c612062", "data alice.near 0x612062");
    check(trie_key_of_data(&alice, bytes_of_string("0x61")), "09" ID "2c30783631", "data alice.near 0x30783631");
    check(trie_key_of_data(&alice, bytes_of("\0\xff", 2)), "09" ID "2c00ff", "data alice.near 0x00ff");
}

static void test_prefixes(void)
{
    test_begin("prefixes");
    const struct account_id alice = account_id_of("alice.near");
    out.size = 0;
    trie_key_write_access_key_prefix(&alice, &out);
    CHECK(bytes_equal(bytes_of(out.data, out.size), bytes_of_string("\x02" "alice.near\x02")));
    out.size = 0;
    trie_key_write_data_prefix(&alice, bytes_of_string("k"), &out);
    CHECK(bytes_equal(bytes_of(out.data, out.size), bytes_of_string("\x09" "alice.near,k")));
}

static void refused(const char *hex, uint64_t offset)
{
    struct trie_key key = {.kind = TRIE_KEY_YIELD_STATUS};
    struct error e;
    bytes.size = 0;
    CHECK(hex_decode(bytes_of_string(hex), &bytes));
    if (!CHECK_EQUAL(trie_key_parse(bytes_of(bytes.data, bytes.size), &key, &e), STATUS_MALFORMED)) printf("%s\n", hex);
    if (!CHECK_EQUAL(e.offset, offset)) printf("%s: %s\n", hex, e.message);
    CHECK_EQUAL(key.kind, TRIE_KEY_YIELD_STATUS);
}

static void test_refused(void)
{
    test_begin("what is no key");
    refused("", 0);
    refused("08", 0);
    refused("0800000000000000", 0);
    refused("15" ID, 0);
    refused("18", 0);
    refused("ff", 0);
    refused("00", 1);                             /* no account id */
    refused("0041", 1);
    refused("00" ID "2c", 1);
    refused("02" ID, 1);                          /* no separator */
    refused("02" ID "02", 12);
    refused("02" ID "0202" ZERO, 12);             /* the tag of a whole ML-DSA-65 key */
    refused("02" ID "0200" ZERO "00", 45);        /* half a nonce's index */
    refused("02" ID "0200" ZERO "000000", 47);
    refused("03" ID "2c", 12);
    refused("03" ID "2c" HASH "00", 44);
    refused("0700", 1);
    refused("07050000000000000000", 9);
    refused("0a00", 1);
    refused("0f00", 1);
    refused("0e0300", 3);
    refused("1202" ZERO, 1);
    refused("13010a000000414c6963652e6e656172", 6);
    refused("09", 1);
    out.size = 0;
    const struct trie_key shard = trie_key_of_queue(TRIE_KEY_BUFFERED_RECEIPT, 65536, 0);
    trie_key_write(&shard, &out);
    CHECK(out.failed);
    buffer_free(&out);
    CHECK_TEXT(trie_key_kind_name(TRIE_KEY_KIND_COUNT), "unknown");
}

static void test_ids(void)
{
    test_begin("ids");
    struct crypto_hash base, seed, id;
    char base58[CRYPTO_HASH_TEXT_SIZE];
    for (unsigned i = 0; i < 32; i++) base.bytes[i] = (uint8_t)i;
    memset(seed.bytes, 5, sizeof seed.bytes);
    id = receipt_id_of_receipt(&base, 7, 9);
    CHECK_TEXT(crypto_hash_text(&id, base58), "Bm8g7s3cYBweTWXsc3sLBHhxRLq63XnYH8XvrGXeby8u");
    id = data_id_of(&base, 7, 9);
    CHECK_TEXT(crypto_hash_text(&id, base58), "Bm8g7s3cYBweTWXsc3sLBHhxRLq63XnYH8XvrGXeby8u");
    id = receipt_id_of_timeout(&base, 7, 9);
    CHECK_TEXT(crypto_hash_text(&id, base58), "Bm8g7s3cYBweTWXsc3sLBHhxRLq63XnYH8XvrGXeby8u");
    id = action_hash_of(&base, 7, 3);
    CHECK_TEXT(crypto_hash_text(&id, base58), "8LqAAdBMq7ACLVtDd2k3nmSzUMyqr31vvFisjwfC2UnE");
    id = random_seed_of(&base, &seed);
    CHECK_TEXT(crypto_hash_text(&id, base58), "HtN6sijhdcJor3EwLYBkwE3KWnBdb8KcoXofeynnAQBp");
    const struct crypto_hash a = receipt_id_of_transaction(&base, 8), b = id_of(&base, 8, 0);
    CHECK(crypto_hash_equal(&a, &b));
}

static void test_hash_text(void)
{
    test_begin("hashes as text");
    static const char *const bad[] = {"", "1", "111111111111111111111111111111111", "0", "l",
                                      "1111111111111111111111111111111",
                                      "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
                                      "1JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFG"};
    struct crypto_hash h, again;
    char base58[CRYPTO_HASH_TEXT_SIZE];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!crypto_hash_parse(bytes_of_string(bad[i]), &h));
    for (unsigned i = 0; i < 400; i++) {
        memset(h.bytes, (int)(i * 37), sizeof h.bytes);
        memset(h.bytes, 0, i % 34 < 32 ? i % 34 : 32);
        if (i % 3 == 0) h.bytes[31 - i % 32] ^= (uint8_t)i;
        CHECK(crypto_hash_parse(bytes_of_string(crypto_hash_text(&h, base58)), &again));
        CHECK(crypto_hash_equal(&h, &again));
    }
    memset(h.bytes, 0xff, sizeof h.bytes);
    CHECK_TEXT(crypto_hash_text(&h, base58), "JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFG");
    CHECK(!crypto_hash_is_zero(&h));
    memset(h.bytes, 0, sizeof h.bytes);
    CHECK_TEXT(crypto_hash_text(&h, base58), ONES);
    CHECK(crypto_hash_is_zero(&h));
}

int main(void)
{
    test_kinds();
    test_data();
    test_prefixes();
    test_refused();
    test_ids();
    test_hash_text();
    buffer_free(&out);
    buffer_free(&text);
    buffer_free(&bytes);
    return test_end();
}
