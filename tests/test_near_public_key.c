/* Public keys: wire form, text form, handles; what is not a key is refused with a reason. */
#include "base/base58.h"
#include "base/hex.h"
#include "crypto/sha2.h"
#include "near/public_key.h"
#include "tests/test.h"

static const char ed25519_text[] = "ed25519:DcA2MzgpJbrUATQLLceocVckhhAqrkingax4oJ9kZ847";
static const char secp256k1_text[] =
    "secp256k1:5ftgm7wYK5gtVqq1kxMGy7gSudkrfYCbpsjL6sH1nwx2oj5NR2JktohjzB6fbEhhRERQpiwJcpwnQjxtoX3GS3cQ";

static struct public_key ml_dsa_key(void)
{
    struct public_key key = {.type = KEY_ML_DSA_65};
    for (unsigned i = 0; i < PUBLIC_KEY_ML_DSA_65_SIZE; i++) key.data[i] = (uint8_t)(i * 7);
    return key;
}

static const char *text_of(struct buffer *b)
{
    buffer_append_byte(b, 0);
    b->size--;
    return b->failed ? "" : (const char *)b->data;
}

static void check_round_trip(const struct public_key *key, size_t wire, size_t trie)
{
    struct buffer borsh = {0}, text = {0};
    struct public_key back;
    public_key_write(key, &borsh);
    CHECK_EQUAL(borsh.size, wire);
    CHECK_EQUAL(public_key_wire_size(key), wire);
    CHECK_EQUAL(public_key_trie_id_size(key), trie);
    CHECK_EQUAL(borsh.data[0], key->type);
    memset(&back, 0xaa, sizeof back);
    CHECK_EQUAL(public_key_from_borsh(bytes_of(borsh.data, borsh.size), &back, NULL), STATUS_OK);
    CHECK(memcmp(&back, key, sizeof back) == 0);
    CHECK(public_key_print(key, &text));
    memset(&back, 0xaa, sizeof back);
    CHECK_EQUAL(public_key_parse(bytes_of(text.data, text.size), &back, NULL), STATUS_OK);
    CHECK(memcmp(&back, key, sizeof back) == 0);
    CHECK(public_key_equal(&back, key));
    buffer_free(&borsh);
    buffer_free(&text);
}

static void check_text(const char *text, unsigned type, const char *hex)
{
    struct public_key key;
    struct buffer b = {0}, printed = {0};
    if (!CHECK_EQUAL(public_key_parse(bytes_of_string(text), &key, NULL), STATUS_OK)) return;
    CHECK_EQUAL(key.type, type);
    hex_encode(public_key_data(&key), &b);
    CHECK_TEXT(text_of(&b), hex);
    CHECK(public_key_print(&key, &printed));
    CHECK_TEXT(text_of(&printed), text);
    buffer_free(&b);
    buffer_free(&printed);
}

/* The keys that near-crypto makes of the seed "test". */
static void test_known(void)
{
    test_begin("known keys");
    check_text(ed25519_text, KEY_ED25519, "bb4dc639b212e075a751685b26bdcea5920a504181ff2910e8549742127092a0");
    check_text(secp256k1_text, KEY_SECP256K1,
               "e99b31bbb5ea943918cfc2929af511c5eba21080988f15ac0c0e9d6b01f6250b"
               "409c9d771512f6f12aade33731b3f939c56d531e75d1cee91139f70f08efd6e5");
    check_text("ed25519:11111111111111111111111111111111", KEY_ED25519,
               "0000000000000000000000000000000000000000000000000000000000000000");
    struct public_key a, b;
    CHECK(public_key_parse(bytes_of_string(ed25519_text), &a, NULL) == STATUS_OK);
    CHECK(public_key_parse(bytes_of_string(ed25519_text + 8), &b, NULL) == STATUS_OK); /* without a type */
    CHECK(public_key_equal(&a, &b));
    static const char upper[] = "ED25519:DcA2MzgpJbrUATQLLceocVckhhAqrkingax4oJ9kZ847";
    CHECK(public_key_parse(bytes_of_string(upper), &b, NULL) == STATUS_OK);
    CHECK(public_key_equal(&a, &b));
    b.data[31] ^= 1;
    CHECK(!public_key_equal(&a, &b));
    check_round_trip(&a, 33, 33);
    CHECK(public_key_parse(bytes_of_string(secp256k1_text), &b, NULL) == STATUS_OK);
    CHECK(!public_key_equal(&a, &b));
    check_round_trip(&b, 65, 65);
}

/* SHA-256 of the text as computed independently. */
static void test_ml_dsa(void)
{
    test_begin("ML-DSA-65");
    struct public_key key = ml_dsa_key();
    check_round_trip(&key, 1953, 33);
    struct buffer text = {0}, hex = {0};
    uint8_t digest[32];
    CHECK(public_key_print(&key, &text));
    CHECK_EQUAL(text.size, 10 + 2665);
    CHECK(memcmp(text_of(&text), "ml-dsa-65:195w8jCXzWnXzewiR4b5gQNbyJVCzY", 40) == 0);
    sha256(bytes_of(text.data + 10, text.size - 10), digest);
    hex_encode(bytes_of(digest, 32), &hex);
    CHECK_TEXT(text_of(&hex), "b498416a1b5cf351c4a674aeee30a112cd4af778d73151244d26a2172654ff63");
    struct public_key_handle handle = public_key_handle_of(&key);
    CHECK_EQUAL(handle.tag, KEY_HANDLE_ML_DSA_65_HASH);
    hex.size = text.size = 0;
    hex_encode(bytes_of(handle.data, key_handle_size(handle.tag)), &hex);
    CHECK_TEXT(text_of(&hex), "317e8037cb6afc46493cd93ea64e5293930cc6b435108413fddd72cda4149463");
    CHECK(public_key_handle_print(&handle, &text));
    CHECK_TEXT(text_of(&text), "ml-dsa-65-hash:4LCrbqmEd3WHmKGX7iRJNcWs8CAhLPqaLbqYpS3FhoWz");
    text.size = 0;
    public_key_handle_write(&handle, &text);
    CHECK(text.size == 33 && text.data[0] == 3);
    buffer_free(&text);
    buffer_free(&hex);
}

static void test_handles(void)
{
    test_begin("handles of classical keys");
    struct public_key key;
    struct buffer wire = {0}, handle_wire = {0}, text = {0};
    const char *const texts[] = {ed25519_text, secp256k1_text};
    for (unsigned i = 0; i < 2; i++) {
        wire.size = handle_wire.size = text.size = 0;
        CHECK(public_key_parse(bytes_of_string(texts[i]), &key, NULL) == STATUS_OK);
        struct public_key_handle handle = public_key_handle_of(&key);
        public_key_write(&key, &wire);
        public_key_handle_write(&handle, &handle_wire);
        CHECK(bytes_equal(bytes_of(wire.data, wire.size), bytes_of(handle_wire.data, handle_wire.size)));
        CHECK(public_key_handle_print(&handle, &text));
        CHECK_TEXT(text_of(&text), texts[i]);
    }
    CHECK_EQUAL(key_handle_size(2), 0);
    CHECK_EQUAL(key_handle_size(4), 0);
    buffer_free(&wire);
    buffer_free(&handle_wire);
    buffer_free(&text);
}

static void refuses_borsh(const uint8_t *data, size_t size, uint64_t at, const char *says)
{
    struct public_key key = ml_dsa_key(), before = key;
    struct error e = {0};
    CHECK_EQUAL(public_key_from_borsh(bytes_of(data, size), &key, &e), STATUS_MALFORMED);
    CHECK(e.offset == at);
    if (!CHECK(strstr(e.message, says) != NULL)) printf("%s\n", e.message);
    CHECK(memcmp(&key, &before, sizeof key) == 0);
}

static void test_hostile_borsh(void)
{
    static uint8_t data[2000];
    test_begin("what is no key: bytes");
    refuses_borsh(NULL, 0, 0, "empty");
    refuses_borsh(data, 1, 1, "ed25519 has 33 bytes, these are 1");
    refuses_borsh(data, 32, 32, "33 bytes, these are 32");
    refuses_borsh(data, 34, 33, "33 bytes, these are 34");
    data[0] = 1;
    refuses_borsh(data, 33, 33, "secp256k1 has 65 bytes, these are 33");
    data[0] = 2;
    refuses_borsh(data, 1952, 1952, "1953 bytes, these are 1952");
    refuses_borsh(data, 1954, 1953, "1953 bytes, these are 1954");
    data[0] = 3;
    refuses_borsh(data, 33, 0, "hash of an ML-DSA-65 key");
    for (unsigned tag = 4; tag < 256; tag++) {
        data[0] = (uint8_t)tag;
        refuses_borsh(data, 33, 0, "is no type of a public key");
    }
    CHECK_EQUAL(key_type_size(3), 0);
    CHECK_EQUAL(key_type_size(UINT32_MAX), 0);
    CHECK_TEXT(key_type_name(3), "unknown");
}

static void refuses_text(struct bytes text, const char *says)
{
    struct public_key key = ml_dsa_key(), before = key;
    struct error e = {0};
    CHECK_EQUAL(public_key_parse(text, &key, &e), STATUS_MALFORMED);
    if (!CHECK(strstr(e.message, says) != NULL)) printf("%s\n", e.message);
    CHECK(memcmp(&key, &before, sizeof key) == 0);
}

static void test_hostile_text(void)
{
    test_begin("what is no key: text");
    refuses_text(bytes_of(NULL, 0), "32 bytes, these are 0");
    refuses_text(bytes_of_string("ed25519:"), "32 bytes, these are 0");
    refuses_text(bytes_of_string(":"), "unknown key type ''");
    refuses_text(bytes_of_string("rsa:2xVqteU8PWhadHTv99TGh3bSf"), "unknown key type 'rsa'");
    refuses_text(bytes_of_string("a\033[31m:x"), "unknown key type: known are");
    refuses_text(bytes_of_string("secp256k1:2xVqteU8PWhadHTv99TGh3bSf"), "64 bytes, these are 18");
    refuses_text(bytes_of_string("ed25519:DcA2MzgpJbrUATQLLceocVckhhAqrkingax4oJ9k"), "32 bytes, these are 30");
    refuses_text(bytes_of_string("ed25519:DcA2MzgpJbrUATQLLceocVckhhAqrkingax4oJ9kZ8477"), "32 bytes, these are 33");
    refuses_text(bytes_of_string("ed25519:0cA2MzgpJbrUATQLLceocVckhhAqrkingax4oJ9kZ847"), "'0' is no digit of base58");
    refuses_text(bytes_of_string("ed25519: DcA2MzgpJbrUATQLLceocVckhhAqrkingax4oJ9kZ847"), "byte 0x20");
    refuses_text(bytes_of("ed25519:\0", 9), "byte 0x00");
    refuses_text(bytes_of_string("ed25519:secp256k1:11"), "':' is no digit");
    refuses_text(bytes_of_string("ml-dsa-65-hash:4LCrbqmEd3WHmKGX7iRJNcWs8CAhLPqaLbqYpS3FhoWz"), "hash of an ML-DSA-65");
    static char endless[100000];
    memset(endless, 'z', sizeof endless);
    refuses_text(bytes_of(endless, sizeof endless), "more than 3309");
    memset(endless, '1', sizeof endless);
    refuses_text(bytes_of(endless, sizeof endless), "more than 3309");
}

int main(void)
{
    test_known();
    test_ml_dsa();
    test_handles();
    test_hostile_borsh();
    test_hostile_text();
    return test_end();
}
