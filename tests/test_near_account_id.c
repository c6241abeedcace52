/* Account ids: every rule and its error, the kinds, families, and the ids that follow from keys and states. */
#include "base/base58.h"
#include "base/hex.h"
#include "near/action.h"
#include "tests/test.h"

static const char *const valid[] = {
    "aa", "a-a", "a-aa", "100", "0o", "com", "near", "bowen", "b-o_w_e-n", "b.owen", "bro.wen", "a.ha", "a.b-a.ra",
    "system", "over.9000", "google.com", "illia.cheapaccounts.near", "0o0ooo00oo00o", "alex-skidanov", "10-4.8-2",
    "no_lols", "0123456789012345678901234567890123456789012345678901234567890123", "near.a", "z9",
};

struct wrong {
    const char *text;
    enum account_id_error code;
    uint64_t at;
    const char *says;
};

#define NOWHERE ERROR_NO_OFFSET
static const struct wrong invalid[] = {
    {"", ACCOUNT_ID_TOO_SHORT, NOWHERE, "0 bytes, fewer than 2"},
    {"a", ACCOUNT_ID_TOO_SHORT, NOWHERE, "1 byte, fewer than 2"},
    {"A", ACCOUNT_ID_TOO_SHORT, NOWHERE, "fewer than 2"}, /* lengths come first */
    {"Abc", ACCOUNT_ID_INVALID_CHARACTER, 0, "capital letter 'A' at index 0"},
    {"-near", ACCOUNT_ID_REDUNDANT_SEPARATOR, 0, "'-' at index 0 begins"},
    {"near-", ACCOUNT_ID_REDUNDANT_SEPARATOR, 4, "'-' at index 4 ends"},
    {"-near-", ACCOUNT_ID_REDUNDANT_SEPARATOR, 0, "begins"},
    {"near.", ACCOUNT_ID_REDUNDANT_SEPARATOR, 4, "'.' at index 4 ends"},
    {".near", ACCOUNT_ID_REDUNDANT_SEPARATOR, 0, "'.' at index 0"},
    {"near@", ACCOUNT_ID_INVALID_CHARACTER, 4, "character '@' at index 4"},
    {"@near", ACCOUNT_ID_INVALID_CHARACTER, 0, "'@'"},
    {"\xd0\xbd\xd0\xb5\xd0\xb0\xd1\x80", ACCOUNT_ID_INVALID_CHARACTER, 0, "outside ASCII at index 0 (byte 0xd0)"},
    {"0__0", ACCOUNT_ID_REDUNDANT_SEPARATOR, 2, "'_' at index 2 follows another"},
    {"0_-_0", ACCOUNT_ID_REDUNDANT_SEPARATOR, 2, "'-' at index 2"},
    {"..", ACCOUNT_ID_REDUNDANT_SEPARATOR, 0, "begins"},
    {"a..near", ACCOUNT_ID_REDUNDANT_SEPARATOR, 2, "follows another"},
    {"nEar", ACCOUNT_ID_INVALID_CHARACTER, 1, "'E'"},
    {"_bowen", ACCOUNT_ID_REDUNDANT_SEPARATOR, 0, "'_'"},
    {"hello world", ACCOUNT_ID_INVALID_CHARACTER, 5, "space at index 5"},
    {"bell\a.near", ACCOUNT_ID_INVALID_CHARACTER, 4, "control character at index 4 (byte 0x07)"},
    {"del\x7f", ACCOUNT_ID_INVALID_CHARACTER, 3, "control character"},
    {"a_-B", ACCOUNT_ID_REDUNDANT_SEPARATOR, 2, "'-'"}, /* the first wrong character counts */
    {"aB_-", ACCOUNT_ID_INVALID_CHARACTER, 1, "'B'"},
    {"abcdefghijklmnopqrstuvwxyz.abcdefghijklmnopqrstuvwxyz.abcdefghijklmnopqrstuvwxyz", ACCOUNT_ID_TOO_LONG, NOWHERE,
     "80 bytes, more than 64"},
    {"01234567890123456789012345678901234567890123456789012345678901234", ACCOUNT_ID_TOO_LONG, NOWHERE, "65 bytes"},
    {"some-complex-address@gmail.com", ACCOUNT_ID_INVALID_CHARACTER, 20, "'@'"},
};

static void test_rules(void)
{
    char text[ACCOUNT_ID_TEXT_SIZE];
    test_begin("rules");
    for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++) {
        struct account_id id;
        memset(&id, 0xff, sizeof id);
        CHECK(account_id_parse(bytes_of_string(valid[i]), &id, NULL));
        CHECK_TEXT(account_id_text(&id, text), valid[i]);
        for (size_t k = id.length; k < sizeof id.text; k++) CHECK(id.text[k] == 0);
    }
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        const struct wrong *w = &invalid[i];
        struct account_id id = account_id_of("untouched");
        struct error e = {0};
        CHECK(!account_id_parse(bytes_of_string(w->text), &id, &e));
        CHECK(!account_id_valid(bytes_of_string(w->text)));
        CHECK_EQUAL(e.code, w->code);
        CHECK_EQUAL(e.status, STATUS_INVALID);
        CHECK(e.offset == w->at);
        if (!CHECK(strstr(e.message, w->says) != NULL)) printf("'%s': %s\n", w->text, e.message);
        CHECK_TEXT(account_id_text(&id, text), "untouched");
    }
    CHECK_EQUAL(account_id_of("Not One").length, 0);
    CHECK(!account_id_valid(bytes_of(NULL, 0)));
}

/* Each byte in each place: only the alphabet is let through, and separators only between others. */
static void test_every_byte(void)
{
    test_begin("every byte");
    for (unsigned c = 0; c < 256; c++) {
        uint8_t text[3] = {'a', (uint8_t)c, 'b'};
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool separator = c == '.' || c == '-' || c == '_';
        CHECK(account_id_valid(bytes_of(text, 3)) == (plain || separator));
        CHECK(account_id_valid(bytes_of(text, 2)) == plain);
        CHECK(account_id_valid(bytes_of(text + 1, 2)) == plain);
    }
    CHECK(!account_id_valid(bytes_of("a\0b", 3)));
}

/* The rule as a grammar, beside the rule as it is implemented: parts of letters and digits, divided by one
 * separator. */
static bool by_grammar(struct bytes text)
{
    size_t i = 0;
    if (text.size < 2 || text.size > 64) return false;
    for (;;) {
        size_t start = i;
        while (i < text.size && text.data[i] && strchr("abcdefghijklmnopqrstuvwxyz0123456789", text.data[i])) i++;
        if (i == start) return false;
        if (i == text.size) return true;
        if (!text.data[i] || !strchr(".-_", text.data[i])) return false;
        i++;
    }
}

static void test_random(void)
{
    test_begin("random text");
    static const char alphabet[] = "abz019.-_A\0";
    uint64_t state = 88;
    unsigned wrong = 0, good = 0;
    for (unsigned i = 0; i < 100000; i++) {
        uint8_t text[70];
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t size = (state >> 40) % (i % 4 ? 6 : sizeof text);
        for (size_t k = 0; k < size; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            text[k] = (uint8_t)alphabet[(state >> 40) % (i % 2 ? 6 : sizeof alphabet)];
        }
        bool expected = by_grammar(bytes_of(text, size));
        wrong += account_id_valid(bytes_of(text, size)) != expected;
        good += expected;
    }
    CHECK_EQUAL(wrong, 0);
    CHECK(good > 1000 && good < 99000);
}

static enum account_kind kind(const char *text)
{
    struct account_id id = account_id_of(text);
    CHECK(id.length != 0);
    return account_id_kind(&id);
}

static void test_kinds(void)
{
    test_begin("kinds");
    CHECK_EQUAL(kind("alice.near"), ACCOUNT_NAMED);
    CHECK_EQUAL(kind("system"), ACCOUNT_NAMED);
    CHECK_EQUAL(kind("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"), ACCOUNT_NEAR_IMPLICIT);
    CHECK_EQUAL(kind("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg"), ACCOUNT_NAMED);
    CHECK_EQUAL(kind("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"), ACCOUNT_NAMED);
    CHECK_EQUAL(kind("0x96791e923f8cf697ad9c3290f2c9059f0231b24c"), ACCOUNT_ETH_IMPLICIT);
    CHECK_EQUAL(kind("0x96791e923f8cf697ad9c3290f2c9059f0231b24"), ACCOUNT_NAMED);
    CHECK_EQUAL(kind("0x96791e923f8cf697ad9c3290f2c9059f0231b24g"), ACCOUNT_NAMED);
    CHECK_EQUAL(kind("0y96791e923f8cf697ad9c3290f2c9059f0231b24c"), ACCOUNT_NAMED);
    CHECK_EQUAL(kind("0s96791e923f8cf697ad9c3290f2c9059f0231b24c"), ACCOUNT_NEAR_DETERMINISTIC);
    CHECK_EQUAL(kind("0s96791e923f8cf697ad9c3290f2c9059f0231b24c0"), ACCOUNT_NAMED);
    CHECK_EQUAL(kind("0s00000000000000000000000000000000000000000000000000000"), ACCOUNT_NAMED);
    CHECK_EQUAL(kind("0u000g40r40m30e209185gr38e1w8124gk2gahc5rr34d1p70x3rfg.near"), ACCOUNT_NAMED);
    /* each byte within a universal id, and each at its end: 4 bits there are padding */
    struct account_id id = account_id_of("0u000g40r40m30e209185gr38e1w8124gk2gahc5rr34d1p70x3rfg");
    CHECK_EQUAL(account_id_kind(&id), ACCOUNT_UNIVERSAL);
    for (unsigned c = 1; c < 256; c++) {
        struct account_id middle = id, end = id;
        middle.text[27] = (char)c;
        end.text[53] = (char)c;
        bool digit = strchr("0123456789abcdefghjkmnpqrstvwxyz", (int)c) != NULL;
        CHECK_EQUAL(account_id_kind(&middle), digit ? ACCOUNT_UNIVERSAL : ACCOUNT_NAMED);
        CHECK_EQUAL(account_id_kind(&end), c == '0' || c == 'g' ? ACCOUNT_UNIVERSAL : ACCOUNT_NAMED);
    }
    CHECK_TEXT(account_kind_name(ACCOUNT_UNIVERSAL), "universal");
    CHECK(account_kind_is_implicit(ACCOUNT_NEAR_DETERMINISTIC));
    CHECK(!account_kind_is_implicit(ACCOUNT_NAMED));
}

static bool is_sub(const char *text, const char *parent_text)
{
    struct account_id id = account_id_of(text), parent = account_id_of(parent_text);
    CHECK(id.length && parent.length);
    return account_id_is_sub_account_of(&id, &parent);
}

static void test_families(void)
{
    test_begin("families");
    CHECK(is_sub("a.test", "test"));
    CHECK(is_sub("abc_lol.gmail.com", "gmail.com"));
    CHECK(is_sub("0g.g0", "g0"));
    CHECK(is_sub("1g.1g", "1g"));
    CHECK(is_sub("4_2.5-3", "5-3"));
    CHECK(!is_sub("a.b.test", "test"));
    CHECK(!is_sub("test", "test"));
    CHECK(!is_sub("atest", "test"));
    CHECK(!is_sub("test.a", "test"));
    CHECK(!is_sub("a-test", "test"));
    CHECK(!is_sub("test", "a.test"));
    CHECK(!is_sub("near", "alice.near"));
    struct account_id near = account_id_of("near"), alice = account_id_of("alice.near");
    struct account_id system = account_id_of("system");
    CHECK(account_id_is_top_level(&near));
    CHECK(!account_id_is_top_level(&alice));
    CHECK(!account_id_is_top_level(&system));
    CHECK(account_id_is_system(&system));
    CHECK(!account_id_is_system(&near));
    CHECK(account_id_equal(&near, &near));
    CHECK(!account_id_equal(&near, &alice));
    struct account_id nea = account_id_of("nea"), neb = account_id_of("neb");
    CHECK(account_id_compare(&nea, &near) < 0);
    CHECK(account_id_compare(&neb, &near) > 0);
    CHECK(account_id_compare(&near, &near) == 0);
}

static void check_id(struct account_id id, const char *expected, enum account_kind expected_kind)
{
    char text[ACCOUNT_ID_TEXT_SIZE];
    CHECK_TEXT(account_id_text(&id, text), expected);
    CHECK(account_id_valid(account_id_bytes(&id)));
    CHECK_EQUAL(account_id_kind(&id), expected_kind);
    for (size_t k = id.length; k < sizeof id.text; k++) CHECK(id.text[k] == 0);
}

/* The keys that near-crypto makes of the seed "test", and their accounts as near-primitives derives them. */
static void test_of_keys(void)
{
    test_begin("ids of keys");
    struct public_key key;
    CHECK(public_key_parse(bytes_of_string("ed25519:DcA2MzgpJbrUATQLLceocVckhhAqrkingax4oJ9kZ847"), &key, NULL) == 0);
    check_id(account_id_near_implicit(key.data), "bb4dc639b212e075a751685b26bdcea5920a504181ff2910e8549742127092a0",
             ACCOUNT_NEAR_IMPLICIT);
    static const char secp256k1[] =
        "secp256k1:5ftgm7wYK5gtVqq1kxMGy7gSudkrfYCbpsjL6sH1nwx2oj5NR2JktohjzB6fbEhhRERQpiwJcpwnQjxtoX3GS3cQ";
    CHECK(public_key_parse(bytes_of_string(secp256k1), &key, NULL) == 0);
    check_id(account_id_eth_implicit(key.data), "0x96791e923f8cf697ad9c3290f2c9059f0231b24c", ACCOUNT_ETH_IMPLICIT);
}

static void check_universal(const uint8_t hash[static 32], const char *expected)
{
    check_id(account_id_universal_of_hash(hash), expected, ACCOUNT_UNIVERSAL);
}

static void test_universal(void)
{
    test_begin("universal ids");
    uint8_t hash[32];
    memset(hash, 0, sizeof hash);
    check_universal(hash, "0u0000000000000000000000000000000000000000000000000000");
    memset(hash, 0xff, sizeof hash);
    check_universal(hash, "0uzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzg");
    for (unsigned i = 0; i < 32; i++) hash[i] = (uint8_t)i;
    check_universal(hash, "0u000g40r40m30e209185gr38e1w8124gk2gahc5rr34d1p70x3rfg");
    for (unsigned i = 0; i < 32; i++) hash[i] = (uint8_t)(7 * i);
    check_universal(hash, "0u003gw58w4cn32e1z8s6n8pv2d5r7ezm5hj9sn8d8nyvbvh6btbcg");

    /* a key alone: no code, no entries, the hash of one ML-DSA-65 key */
    struct buffer b = {0};
    CHECK(hex_decode(bytes_of_string("0000000000000100000003"), &b));
    for (unsigned i = 0; i < 32; i++) buffer_append_byte(&b, 0x11);
    check_id(account_id_universal(bytes_of(b.data, b.size)), "0ux8te7g99f9kqzdtp9h4qnwt9aczpgayymmtbdc50w199rcw3at1g",
             ACCOUNT_UNIVERSAL);
    /* a contract by its hash, and one entry */
    b.size = 0;
    CHECK(hex_decode(bytes_of_string("000100"), &b));
    for (unsigned i = 0; i < 32; i++) buffer_append_byte(&b, 0x22);
    CHECK(hex_decode(bytes_of_string("01000000030000006b65790500000076616c756500000000"), &b));
    check_id(account_id_universal(bytes_of(b.data, b.size)), "0uzvdgbyea2rd8ywx0kw3cg4vc0ez1x5fc2gyks4fdz9ae0xxvzan0",
             ACCOUNT_UNIVERSAL);
    buffer_free(&b);
}

/* The receiver in the production runtime's own scenario `det_state_init`. */
static void test_deterministic(void)
{
    test_begin("deterministic ids");
    struct buffer hash = {0}, borsh = {0};
    CHECK(base58_decode(bytes_of_string("5EbNtYhrZis19GRSqVc9HDu8sU43aD82zNkHF4WULVV4"), &hash) && hash.size == 32);
    const struct state_entry entries[] = {{bytes_of_string("k1"), bytes_of_string("v1")},
                                          {bytes_of_string("k2"), bytes_of_string("")}};
    struct deterministic_state_init init = {
        .code.mode = GLOBAL_BY_CODE_HASH, .entries = entries, .entry_count = 2};
    if (hash.size == 32) memcpy(init.code.code_hash, hash.data, 32);
    deterministic_state_init_write(&init, &borsh);
    CHECK(!borsh.failed);
    CHECK_EQUAL(borsh.size, 1 + 33 + 4 + 12 + 10);
    check_id(account_id_deterministic(bytes_of(borsh.data, borsh.size)), "0s3e0121df8d749270109204e98035f0bdffab3c84",
             ACCOUNT_NEAR_DETERMINISTIC);
    buffer_free(&hash);
    buffer_free(&borsh);
}

int main(void)
{
    test_rules();
    test_every_byte();
    test_random();
    test_kinds();
    test_families();
    test_of_keys();
    test_universal();
    test_deterministic();
    return test_end();
}
