/* base/: bytes, UTF-8, arenas, LEB128, text encodings, 128-bit numbers, Borsh. */
#include "base/base.h"
#include "tests/test.h"

#include <stdlib.h>

static const char *text_of(struct buffer *b)
{
    buffer_append_byte(b, 0);
    b->size--;
    return (const char *)b->data;
}

/* ---- bytes, UTF-8, arenas ---------------------------------------------------------------------------------------- */

static void test_buffer(void)
{
    test_begin("buffer");
    struct buffer b = {0};
    for (int i = 0; i < 1000; i++) buffer_append_byte(&b, (uint8_t)i);
    buffer_printf(&b, "%d %s", 42, "words");
    CHECK_EQUAL(b.size, 1008);
    CHECK(b.data[999] == (uint8_t)999);
    CHECK_TEXT(text_of(&b) + 1000, "42 words");
    CHECK(!buffer_reserve(&b, SIZE_MAX));
    CHECK(b.failed);
    size_t size = b.size;
    buffer_append(&b, "x", 1);
    CHECK_EQUAL(b.size, size);
    buffer_free(&b);
    CHECK(bytes_equal(bytes_of_string("abc"), bytes_of("abc", 3)));
    CHECK(!bytes_equal(bytes_of_string("abc"), bytes_of("abd", 3)));
    CHECK(bytes_equal((struct bytes){0}, bytes_of("", 0)));
}

static void test_utf8(void)
{
    test_begin("utf8");
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        {"", true}, {"plain", true}, {"\xc3\xa4", true}, {"\xe2\x82\xac", true}, {"\xf0\x9f\x98\x80", true},
        {"\xf4\x8f\xbf\xbf", true}, {"\xed\x9f\xbf", true}, {"\xee\x80\x80", true}, {"\xc2\x80", true},
        {"\x80", false}, {"\xc3", false}, {"\xc0\x80", false}, {"\xc1\xbf", false}, {"\xe0\x80\x80", false},
        {"\xe0\x9f\xbf", false}, {"\xed\xa0\x80", false}, {"\xed\xbf\xbf", false}, {"\xf0\x8f\xbf\xbf", false},
        {"\xf4\x90\x80\x80", false}, {"\xf5\x80\x80\x80", false}, {"\xff", false}, {"\xe2\x82", false},
        {"\xe2\x28\xa1", false}, {"a\xc3", false}, {"\xf0\x9f\x98", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_EQUAL(utf8_valid((const uint8_t *)cases[i].text, strlen(cases[i].text)), cases[i].valid);
}

static void test_arena(void)
{
    test_begin("arena");
    struct arena a = {0};
    uint8_t *all[300];
    bool zeroed = true, aligned = true;
    for (size_t i = 0; i < 300; i++) {
        size_t size = i * i % 5000;
        all[i] = arena_alloc(&a, size);
        if (!CHECK(all[i] != NULL)) return;
        aligned = aligned && (uintptr_t)all[i] % _Alignof(max_align_t) == 0;
        for (size_t k = 0; k < size; k++) {
            zeroed = zeroed && all[i][k] == 0;
            all[i][k] = (uint8_t)i;
        }
    }
    CHECK(zeroed);
    CHECK(aligned);
    bool kept = true;
    for (size_t i = 0; i < 300; i++)
        for (size_t k = 0; k < i * i % 5000; k++) kept = kept && all[i][k] == (uint8_t)i;
    CHECK(kept);
    CHECK(arena_array(&a, SIZE_MAX / 2, 3) == NULL);
    CHECK(arena_alloc(&a, SIZE_MAX) == NULL);
    CHECK(arena_alloc(&a, 3 << 20) != NULL);
    CHECK(a.total >= 3 << 20);
    arena_free(&a);
    CHECK(a.total == 0 && a.head == NULL);
}

/* ---- LEB128 ------------------------------------------------------------------------------------------------------ */

struct leb_case {
    const char *bytes;
    size_t size;
    enum leb_result result;
    int64_t value;
};

static void test_leb_u32(void)
{
    test_begin("leb u32");
    static const struct leb_case cases[] = {
        {"\x00", 1, LEB_OK, 0}, {"\x7f", 1, LEB_OK, 127}, {"\x80\x01", 2, LEB_OK, 128}, {"\x80\x00", 2, LEB_OK, 0},
        {"\xff\xff\xff\xff\x0f", 5, LEB_OK, 0xffffffff}, {"\x80\x80\x80\x80\x00", 5, LEB_OK, 0},
        {"", 0, LEB_END, 0}, {"\x80", 1, LEB_END, 0}, {"\xff\xff\xff\xff", 4, LEB_END, 0},
        {"\x80\x80\x80\x80\x80\x00", 6, LEB_TOO_LONG, 0}, {"\xff\xff\xff\xff\x1f", 5, LEB_TOO_LARGE, 0},
        {"\x80\x80\x80\x80\x70", 5, LEB_TOO_LARGE, 0}, {"\x80\x80\x80\x80\x80", 5, LEB_TOO_LONG, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint8_t *start = (const uint8_t *)cases[i].bytes, *p = start;
        uint32_t v = 0;
        if (!CHECK_EQUAL(leb_read_u32(&p, start + cases[i].size, &v), cases[i].result)) continue;
        if (cases[i].result == LEB_OK) {
            CHECK_EQUAL(v, cases[i].value);
            CHECK(p == start + cases[i].size);
        } else {
            CHECK(p == start);
        }
    }
}

static void test_leb_s32(void)
{
    test_begin("leb s32");
    static const struct leb_case cases[] = {
        {"\x00", 1, LEB_OK, 0}, {"\x7f", 1, LEB_OK, -1}, {"\x40", 1, LEB_OK, -64}, {"\x3f", 1, LEB_OK, 63},
        {"\xff\xff\xff\xff\x07", 5, LEB_OK, INT32_MAX}, {"\x80\x80\x80\x80\x78", 5, LEB_OK, INT32_MIN},
        {"\xff\xff\xff\xff\x7f", 5, LEB_OK, -1}, {"\xff\xff\xff\xff\x0f", 5, LEB_TOO_LARGE, 0},
        {"\x80\x80\x80\x80\x08", 5, LEB_TOO_LARGE, 0}, {"\xff\xff\xff\xff\x6f", 5, LEB_TOO_LARGE, 0},
        {"\xff\xff\xff\xff\xff\x7f", 6, LEB_TOO_LONG, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint8_t *start = (const uint8_t *)cases[i].bytes, *p = start;
        int32_t v = 0;
        CHECK_EQUAL(leb_read_s32(&p, start + cases[i].size, &v), cases[i].result);
        if (cases[i].result == LEB_OK) CHECK_EQUAL(v, cases[i].value);
    }
    const uint8_t *p = (const uint8_t *)"\x80\x80\x80\x80\x70";
    int64_t wide = 0;
    CHECK_EQUAL(leb_read_s33(&p, p + 5, &wide), LEB_OK);
    CHECK_EQUAL(wide, -(INT64_C(1) << 32));
}

static void test_leb_round_trip(void)
{
    test_begin("leb round trip");
    struct buffer b = {0};
    for (int shift = 0; shift < 64; shift++) {
        for (int add = -1; add <= 1; add++) {
            uint64_t u = (UINT64_C(1) << shift) + (uint64_t)(int64_t)add, got = 0;
            int64_t s = 0;
            b.size = 0;
            leb_write_u64(&b, u);
            const uint8_t *p = b.data;
            CHECK(leb_read_u64(&p, b.data + b.size, &got) == LEB_OK && got == u && p == b.data + b.size);
            b.size = 0;
            leb_write_s64(&b, (int64_t)u);
            p = b.data;
            CHECK(leb_read_s64(&p, b.data + b.size, &s) == LEB_OK && s == (int64_t)u && p == b.data + b.size);
        }
    }
    buffer_free(&b);
}

/* ---- text encodings ---------------------------------------------------------------------------------------------- */

typedef bool (*decoder)(struct bytes, struct buffer *);

static bool decodes(decoder decode, const char *text, const char *expected, size_t size)
{
    struct buffer b = {0};
    bool ok = decode(bytes_of_string(text), &b);
    ok = ok && bytes_equal(bytes_of(b.data, b.size), bytes_of(expected, size));
    buffer_free(&b);
    return ok;
}

static bool refuses(decoder decode, const char *text)
{
    struct buffer b = {0};
    buffer_append_string(&b, "before");
    bool ok = !decode(bytes_of_string(text), &b) && b.size == 6;
    buffer_free(&b);
    return ok;
}

static void test_hex(void)
{
    test_begin("hex");
    struct buffer b = {0};
    hex_encode(bytes_of("\x00\x9f\xff", 3), &b);
    CHECK_TEXT(text_of(&b), "009fff");
    buffer_free(&b);
    CHECK(decodes(hex_decode, "009fFF", "\x00\x9f\xff", 3));
    CHECK(decodes(hex_decode, "", "", 0));
    CHECK(refuses(hex_decode, "0"));
    CHECK(refuses(hex_decode, "0g"));
    CHECK(refuses(hex_decode, "0x00"));
}

static void check_base58(const char *bytes, size_t size, const char *text)
{
    struct buffer b = {0};
    CHECK(base58_encode(bytes_of(bytes, size), &b));
    CHECK_TEXT(text_of(&b), text);
    CHECK(decodes(base58_decode, text, bytes, size));
    buffer_free(&b);
}

/* Source of the vectors: Bitcoin Core, src/test/data/base58_encode_decode.json. */
static void test_base58(void)
{
    test_begin("base58");
    check_base58("", 0, "");
    check_base58("a", 1, "2g");
    check_base58("bbb", 3, "a3gV");
    check_base58("simply a long string", 20, "2cFupjhnEsSn59qHXstmK2ffpLv2");
    check_base58("\x51\x6b\x6f\xcd\x0f", 5, "ABnLTmg");
    check_base58("\x57\x2e\x47\x94", 4, "3EFU7m");
    check_base58("\0\0\0\0\0\0\0\0\0\0", 10, "1111111111");
    CHECK(refuses(base58_decode, "0"));
    CHECK(refuses(base58_decode, "aIb"));
    CHECK(refuses(base58_decode, "a b"));
    uint8_t most[BASE58_MAX + 1];
    memset(most, 0xff, sizeof most);
    struct buffer text = {0}, back = {0};
    CHECK(!base58_encode(bytes_of(most, sizeof most), &text));
    CHECK(base58_encode(bytes_of(most, BASE58_MAX), &text));
    CHECK(base58_decode(bytes_of(text.data, text.size), &back));
    CHECK(bytes_equal(bytes_of(back.data, back.size), bytes_of(most, BASE58_MAX)));
    buffer_append_byte(&text, 'z');
    CHECK(refuses(base58_decode, text_of(&text)));
    buffer_free(&text);
    buffer_free(&back);
}

static void check_base64(const char *plain, const char *text)
{
    struct buffer b = {0};
    base64_encode(bytes_of_string(plain), &b);
    CHECK_TEXT(text_of(&b), text);
    CHECK(decodes(base64_decode, text, plain, strlen(plain)));
    buffer_free(&b);
}

/* Source of the vectors: RFC 4648, section 10. */
static void test_base64(void)
{
    test_begin("base64");
    check_base64("", "");
    check_base64("f", "Zg==");
    check_base64("fo", "Zm8=");
    check_base64("foo", "Zm9v");
    check_base64("foob", "Zm9vYg==");
    check_base64("fooba", "Zm9vYmE=");
    check_base64("foobar", "Zm9vYmFy");
    CHECK(decodes(base64_decode, "+/+/", "\xfb\xff\xbf", 3));
    static const char *const bad[] = {"Zg=", "Zg", "Z===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Zm9v\n", "Zm-_", "=Zg="};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) CHECK(refuses(base64_decode, bad[i]));
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static struct u128 number(const char *text)
{
    struct u128 v = {1, 2};
    CHECK(u128_parse(bytes_of_string(text), &v));
    return v;
}

static void check_print(const char *text)
{
    char out[U128_TEXT_SIZE];
    CHECK_EQUAL(u128_print(number(text), out), strlen(text));
    CHECK_TEXT(out, text);
}

static const char largest[] = "340282366920938463463374607431768211455";

static void test_u128_text(void)
{
    test_begin("u128 text");
    static const char *const numbers[] = {
        "0", "1", "9", "10", "999999999", "1000000000", "1000000001", "18446744073709551615", "18446744073709551616",
        "1000000000000000000000000", "100000000000000000000000000000000000000", largest,
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) check_print(numbers[i]);
    struct u128 v = {1, 2};
    CHECK(!u128_parse(bytes_of_string(""), &v));
    CHECK(!u128_parse(bytes_of_string("-1"), &v));
    CHECK(!u128_parse(bytes_of_string("1 "), &v));
    CHECK(!u128_parse(bytes_of_string("340282366920938463463374607431768211456"), &v));
    CHECK(!u128_parse(bytes_of_string("3402823669209384634633746074317682114550"), &v));
    CHECK(v.low == 1 && v.high == 2);
}

static void test_u128_arithmetic(void)
{
    test_begin("u128 arithmetic");
    struct u128 max = number(largest), v = {0, 0}, r = {0, 0};
    CHECK(!u128_add(max, u128_of(1), &v));
    CHECK(!u128_add((struct u128){0, UINT64_MAX}, (struct u128){0, 1}, &v));
    CHECK(u128_add(u128_of(UINT64_MAX), u128_of(1), &v) && v.low == 0 && v.high == 1);
    CHECK(u128_subtract(v, u128_of(1), &v) && v.low == UINT64_MAX && v.high == 0);
    CHECK(!u128_subtract(u128_of(1), u128_of(2), &v));
    CHECK(u128_multiply(u128_of(UINT64_MAX), u128_of(UINT64_MAX), &v));
    CHECK(u128_equal(v, number("340282366920938463426481119284349108225")));
    CHECK(u128_multiply(number("12345678901234567890123"), u128_of(1000000007), &v));
    CHECK(u128_equal(v, number("12345678987654320198764975230861")));
    CHECK(!u128_multiply(max, u128_of(2), &v));
    CHECK(!u128_multiply((struct u128){0, 1}, (struct u128){0, 1}, &v));
    CHECK(u128_divide(max, number("98765432109876543210"), &v, &r));
    CHECK(u128_equal(v, number("3445358964686899059")) && u128_equal(r, number("3465190854646372065")));
    CHECK(u128_divide(max, max, &v, &r) && u128_equal(v, u128_of(1)) && u128_equal(r, u128_of(0)));
    CHECK(u128_divide(max, (struct u128){0, UINT64_C(1) << 63}, &v, &r) && u128_equal(v, u128_of(1)));
    CHECK(!u128_divide(max, u128_of(0), &v, &r));
    CHECK(u128_less(u128_of(5), (struct u128){0, 1}) && !u128_less(max, max));
    uint8_t bytes[16];
    u128_store(bytes, number("1339673755198158349044581307228491775"));
    CHECK(u128_equal(u128_load(bytes), number("1339673755198158349044581307228491775")));
    CHECK(bytes[0] == 0xff && bytes[14] == 0x02 && bytes[15] == 0x01);
}

/* ---- Borsh ------------------------------------------------------------------------------------------------------- */

static void test_borsh_round_trip(void)
{
    test_begin("borsh round trip");
    struct buffer b = {0};
    struct error e;
    borsh_write_u8(&b, 7);
    borsh_write_u16(&b, 0x1234);
    borsh_write_u32(&b, 0xdeadbeef);
    borsh_write_u64(&b, 0x0123456789abcdef);
    borsh_write_u128(&b, (struct u128){1, 2});
    borsh_write_bool(&b, true);
    borsh_write_bytes(&b, bytes_of_string("near"));
    CHECK_EQUAL(b.size, 1 + 2 + 4 + 8 + 16 + 1 + 8);
    CHECK(memcmp(b.data, "\x07\x34\x12\xef\xbe\xad\xde", 7) == 0);
    struct borsh_reader r = borsh_reader_of(bytes_of(b.data, b.size));
    CHECK_EQUAL(borsh_read_u8(&r), 7);
    CHECK_EQUAL(borsh_read_u16(&r), 0x1234);
    CHECK_EQUAL(borsh_read_u32(&r), 0xdeadbeef);
    CHECK_EQUAL(borsh_read_u64(&r), 0x0123456789abcdef);
    CHECK(u128_equal(borsh_read_u128(&r), (struct u128){1, 2}));
    CHECK(borsh_read_bool(&r));
    CHECK(bytes_equal(borsh_read_string(&r), bytes_of_string("near")));
    CHECK_EQUAL(borsh_finish(&r, "test", &e), STATUS_OK);
    buffer_free(&b);
}

static void check_bad_borsh(struct borsh_reader r, uint64_t offset, const char *message)
{
    struct error e;
    CHECK_EQUAL(borsh_finish(&r, "test", &e), STATUS_MALFORMED);
    CHECK_EQUAL(e.offset, offset);
    CHECK_TEXT(e.message, message);
}

static void test_borsh_errors(void)
{
    test_begin("borsh errors");
    struct borsh_reader r = borsh_reader_of(bytes_of("\1\2\3", 3));
    CHECK_EQUAL(borsh_read_u16(&r), 0x0201);
    CHECK_EQUAL(borsh_read_u32(&r), 0);
    CHECK_EQUAL(borsh_read_u8(&r), 0); /* failure stays */
    check_bad_borsh(r, 2, "test: unexpected end");
    r = borsh_reader_of(bytes_of("\0\2", 2));
    borsh_read_bool(&r);
    CHECK(!borsh_read_bool(&r));
    check_bad_borsh(r, 1, "test: neither 0 nor 1");
    r = borsh_reader_of(bytes_of("\xff\xff\xff\xff\0\0", 6));
    CHECK_EQUAL(borsh_read_count(&r, 8), 0);
    check_bad_borsh(r, 0, "test: a count of more than the input holds");
    r = borsh_reader_of(bytes_of("\3\0\0\0ab", 6));
    CHECK_EQUAL(borsh_read_bytes(&r).size, 0);
    check_bad_borsh(r, 0, "test: a count of more than the input holds");
    r = borsh_reader_of(bytes_of("\2\0\0\0\xff\xff", 6));
    CHECK_EQUAL(borsh_read_string(&r).size, 0);
    check_bad_borsh(r, 4, "test: no valid UTF-8");
    r = borsh_reader_of(bytes_of("\1\2\3", 3));
    borsh_read_u8(&r);
    check_bad_borsh(r, 1, "test: 2 bytes too many");
    r = borsh_reader_of((struct bytes){0});
    struct error e;
    CHECK_EQUAL(borsh_finish(&r, "test", &e), STATUS_OK);
}

static void test_error(void)
{
    test_begin("error");
    struct error e;
    char long_text[1000];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    CHECK_EQUAL(error_set(&e, STATUS_LIMIT, 3, 99, "%s", long_text), STATUS_LIMIT);
    CHECK_EQUAL(strlen(e.message), sizeof e.message - 1);
    CHECK(e.code == 3 && e.offset == 99 && e.line == 0);
    CHECK_EQUAL(error_set(NULL, STATUS_USAGE, 0, 0, "nobody listens"), STATUS_USAGE);
    CHECK_EQUAL(error_no_memory(&e), STATUS_NO_MEMORY);
    CHECK_TEXT(status_name(STATUS_TRAP), "trap");
}

/* ---- sorting ----------------------------------------------------------------------------------------------------- */

static unsigned comparisons;

static bool number_before(const void *context, uint32_t a, uint32_t b)
{
    const uint32_t *numbers = context;
    comparisons++;
    return numbers[a] < numbers[b];
}

/* All sizes up to 70, and a large one: sorted, stable, in at most n log n comparisons. */
static void test_sort(void)
{
    enum { MOST = 5000 };
    static uint32_t numbers[MOST], order[MOST], spare[MOST];
    uint32_t seed = 12345;
    test_begin("sorting");
    for (uint32_t count = 0; count <= MOST; count = count < 70 ? count + 1 : count == 70 ? MOST : MOST + 1) {
        unsigned levels = 0, wrong = 0;
        while ((UINT32_C(1) << levels) < count) levels++;
        for (uint32_t i = 0; i < count; i++) {
            seed = seed * 1664525 + 1013904223;
            numbers[i] = seed >> 16 & 63;
            order[i] = i;
        }
        comparisons = 0;
        sort_order(order, spare, count, number_before, numbers);
        for (uint32_t i = 1; i < count; i++) {
            const uint32_t a = order[i - 1], b = order[i];
            wrong += numbers[a] > numbers[b] || (numbers[a] == numbers[b] && a >= b);
        }
        CHECK_EQUAL(wrong, 0);
        CHECK(comparisons <= count * levels);
    }
}

int main(void)
{
    test_sort();
    test_buffer();
    test_utf8();
    test_arena();
    test_leb_u32();
    test_leb_s32();
    test_leb_round_trip();
    test_hex();
    test_base58();
    test_base64();
    test_u128_text();
    test_u128_arithmetic();
    test_borsh_round_trip();
    test_borsh_errors();
    test_error();
    return test_end();
}
