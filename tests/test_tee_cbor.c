/* The CBOR reader and writer, by the examples of RFC 8949 (appendix A) and by what must be refused; and COSE_Sign1. */
#include "tee/cbor.h"
#include "tests/test.h"

#include <stdlib.h>

#include "base/hex.h"

/* The bytes of hex digits, in a block of exactly their size, so that reading past the end shows. */
static uint8_t *from_hex(const char *hex, size_t *size)
{
    *size = strlen(hex) / 2;
    uint8_t *out = malloc(*size ? *size : 1);
    for (size_t i = 0; i < *size; i++)
        out[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
    return out;
}

/* Writes what was read again, with every container's kind kept: what comes out is what went in. */
static void copy_item(struct cbor_reader *r, struct buffer *out, unsigned depth)
{
    struct cbor_container c;
    switch (depth > 20 ? CBOR_NONE : cbor_peek(r)) {
    case CBOR_UINT: cbor_write_uint(out, cbor_read_uint(r, UINT64_MAX)); break;
    case CBOR_NEGATIVE: cbor_write_int(out, cbor_read_int(r)); break;
    case CBOR_BYTES: cbor_write_bytes(out, cbor_read_bytes(r)); break;
    case CBOR_TEXT: {
        char text[64] = {0};
        const struct bytes t = cbor_read_text(r);
        if (t.size < sizeof text && t.size) memcpy(text, t.data, t.size);
        cbor_write_text(out, text);
        break;
    }
    case CBOR_ARRAY:
        c = cbor_enter_array(r);
        if (c.indefinite) buffer_append_byte(out, 0x9f);
        else cbor_write_array(out, c.left);
        while (cbor_more(r, &c)) copy_item(r, out, depth + 1);
        if (c.indefinite) cbor_write_break(out);
        break;
    case CBOR_MAP:
        c = cbor_enter_map(r);
        if (c.indefinite) cbor_write_indefinite_map(out);
        else cbor_write_map(out, c.left);
        while (cbor_more(r, &c)) {
            copy_item(r, out, depth + 1);
            copy_item(r, out, depth + 1);
        }
        if (c.indefinite) cbor_write_break(out);
        break;
    case CBOR_TAG:
        cbor_write_tag(out, cbor_read_tag(r));
        copy_item(r, out, depth + 1);
        break;
    case CBOR_BOOL: cbor_write_bool(out, cbor_read_bool(r)); break;
    case CBOR_NULL:
        cbor_skip_null(r);
        cbor_write_null(out);
        break;
    default: cbor_fail(r, "nothing that can be read"); break;
    }
}

static void test_good(void)
{
    static const char *const good[] = {
        "00", "01", "0a", "17", "1818", "1819", "1864", "18ff", "190100", "1903e8", "19ffff", "1a00010000",
        "1a000f4240", "1affffffff", "1b0000000100000000", "1b000000e8d4a51000", "1bffffffffffffffff", "20", "29",
        "3822", "3863", "3903e7", "3b7fffffffffffffff", "40", "4401020304", "60", "6161", "6449455446", "62225c",
        "62c3bc", "63e6b0b4", "64f0908591", "80", "83010203", "8301820203820405",
        "98190102030405060708090a0b0c0d0e0f101112131415161718181819", "a0", "a201020304", "a26161016162820203",
        "826161a161626163", "f4", "f5", "f6", "c11a514b67b0", "d818456449455446",
        "9fff", "9f018202039f0405ffff", "9f01820203820405ff", "83018202039f0405ff", "bf61610161629f0203ffff",
        "bf6346756ef563416d7421ff", "d28443a10126a0f640", "9f9f9f9f9fffffffffff",
    };
    test_begin("read and written again");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t size;
        uint8_t *data = from_hex(good[i], &size);
        struct buffer copy = {0};
        struct error e = {0};
        struct cbor_reader r = cbor_reader_of(bytes_of(data, size));
        copy_item(&r, &copy, 0);
        if (!CHECK(cbor_finish(&r, "x", TEE_CBOR, &e) == STATUS_OK)) printf("  %s: %s\n", good[i], e.message);
        CHECK(bytes_equal(bytes_of(data, size), bytes_of(copy.data, copy.size)));
        struct cbor_reader s = cbor_reader_of(bytes_of(data, size));
        cbor_skip(&s);
        CHECK(cbor_finish(&s, "x", TEE_CBOR, &e) == STATUS_OK);
        /* No beginning of an item is an item. */
        for (size_t n = 0; n < size; n++) {
            uint8_t *part = malloc(n ? n : 1);
            if (n) memcpy(part, data, n);
            struct cbor_reader t = cbor_reader_of(bytes_of(part, n));
            cbor_skip(&t);
            CHECK(cbor_finish(&t, "x", TEE_CBOR, &e) == STATUS_INVALID && e.code == TEE_CBOR && e.offset <= n);
            free(part);
        }
        buffer_free(&copy);
        free(data);
    }
}

static void test_bad(void)
{
    static const struct {
        const char *hex, *problem;
    } bad[] = {
        {"", "the input ends"},
        {"1817", "shortest form"}, {"1900ff", "shortest form"}, {"1a0000ffff", "shortest form"},
        {"1b00000000ffffffff", "shortest form"}, {"3817", "shortest form"}, {"580101", "shortest form"},
        {"7900016161", "shortest form"}, {"980101", "shortest form"}, {"b8010101", "shortest form"},
        {"d812f6", "shortest form"},
        {"1c", "reserved"}, {"3d", "reserved"}, {"5e", "reserved"}, {"9c", "reserved"}, {"bd", "reserved"},
        {"1f", "not stated"}, {"df", "not stated"},
        {"5f4101ff", "not stated"}, {"7f6161ff", "not stated"},
        {"5bffffffffffffffff", "longer than the input"}, {"5b8000000000000000", "longer than the input"},
        {"7b7fffffffffffffff61", "longer than the input"}, {"4201", "longer than the input"},
        {"9bffffffffffffffff00", "more items"}, {"9b800000000000000000", "more items"}, {"8200", "more items"},
        {"bb8000000000000000", "more items"}, {"bb7fffffffffffffff0000", "more items"}, {"a100", "more items"},
        {"61ff", "UTF-8"}, {"62c080", "UTF-8"}, {"63eda080", "UTF-8"},
        {"f7", "not allowed"}, {"f0", "not allowed"}, {"f820", "not allowed"}, {"f93c00", "not allowed"},
        {"fa47c35000", "not allowed"}, {"fb3ff199999999999a", "not allowed"}, {"ff", "not allowed"},
        {"81ff", "not allowed"}, {"c1ff", "not allowed"}, {"bf00ff", "not allowed"}, {"a1ff00", "not allowed"},
        {"9f", "ends in an array"}, {"bf0000", "ends in an array"},
        {"0000", "behind the end"}, {"80ff", "behind the end"},
        {"81818181818181818181818181818181818100", "nesting"}, {"c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c100", "nesting"},
        {"9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9fffffffffffffffffffffffffffffffffff", "nesting"},
    };
    test_begin("what is refused");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t size;
        uint8_t *data = from_hex(bad[i].hex, &size);
        struct error e = {0};
        struct cbor_reader r = cbor_reader_of(bytes_of(data, size));
        cbor_skip(&r);
        const enum status status = cbor_finish(&r, "x", TEE_CBOR, &e);
        if (!CHECK(status == STATUS_INVALID && e.code == TEE_CBOR && strstr(e.message, bad[i].problem)))
            printf("  %s: \"%s\", expected \"%s\"\n", bad[i].hex, e.message, bad[i].problem);
        free(data);
    }
}

/* Levels that would overflow a recursive reader's stack. */
static void test_bomb(void)
{
    enum { SIZE = 1 << 20 };
    static const uint8_t openers[] = {0x81, 0x9f, 0xbf, 0xc1, 0xa1};
    test_begin("a bomb of levels");
    uint8_t *data = malloc(SIZE);
    for (size_t i = 0; i < sizeof openers; i++) {
        struct error e = {0};
        memset(data, openers[i], SIZE);
        struct cbor_reader r = cbor_reader_of(bytes_of(data, SIZE));
        cbor_skip(&r);
        CHECK(cbor_finish(&r, "x", TEE_CBOR, &e) == STATUS_INVALID && e.code == TEE_CBOR);
        CHECK(e.offset <= CBOR_DEPTH + 1);
    }
    free(data);
}

static void test_kinds(void)
{
    static const uint8_t input[] = {0x18, 0x64, 0x38, 0x22, 0x61, 'a', 0x41, 7, 0xf5, 0xf6};
    struct error e = {0};
    test_begin("values and wrong kinds");
    struct cbor_reader r = cbor_reader_of(bytes_of(input, sizeof input));
    CHECK(cbor_peek(&r) == CBOR_UINT && cbor_read_uint(&r, 100) == 100);
    CHECK(cbor_offset(&r) == 2 && cbor_read_int(&r) == -35);
    CHECK(!cbor_skip_null(&r));
    CHECK(bytes_equal(cbor_read_text(&r), bytes_of_string("a")));
    CHECK(bytes_equal(cbor_read_bytes(&r), bytes_of("\7", 1)));
    CHECK(cbor_read_bool(&r) && cbor_skip_null(&r));
    CHECK(cbor_finish(&r, "x", TEE_CBOR, &e) == STATUS_OK);

    r = cbor_reader_of(bytes_of(input, sizeof input));
    CHECK(cbor_read_uint(&r, 99) == 0 && r.failed);
    CHECK(cbor_finish(&r, "the number", TEE_COSE, &e) == STATUS_INVALID && e.code == TEE_COSE && e.offset == 0);
    CHECK_TEXT(e.message, "the number: a number that is too large at byte 0 of 10");
    CHECK(cbor_read_int(&r) == 0 && cbor_read_bytes(&r).size == 0 && cbor_peek(&r) == CBOR_NONE);
    cbor_skip(&r); /* of what failed: nothing */
    CHECK(cbor_offset(&r) == 0);

    r = cbor_reader_of(bytes_of(input, sizeof input));
    CHECK(cbor_read_bytes(&r).size == 0 && r.failed && strstr(r.problem, "byte string"));
    r = cbor_reader_of(bytes_of(input, sizeof input));
    CHECK(cbor_enter_map(&r).left == 0 && r.failed && strstr(r.problem, "map"));
    r = cbor_reader_of(bytes_of("\xbf\xff", 2));
    CHECK(cbor_enter_array(&r).left == 0 && r.failed);
    r = cbor_reader_of(bytes_of("\x3b\x80\0\0\0\0\0\0\0", 9));
    CHECK(cbor_read_int(&r) == 0 && r.failed && strstr(r.problem, "too large"));
    r = cbor_reader_of(bytes_of("\x1b\x80\0\0\0\0\0\0\0", 9));
    CHECK(cbor_read_int(&r) == 0 && r.failed);
    r = cbor_reader_of(bytes_of("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", 9));
    CHECK(cbor_read_int(&r) == INT64_MIN && !r.failed);

    r = cbor_reader_of(bytes_of("\x39\x00\x22", 3));
    r.any_form = true;
    CHECK(cbor_read_int(&r) == -35 && cbor_finish(&r, "x", TEE_CBOR, &e) == STATUS_OK);
    r = cbor_reader_of((struct bytes){0});
    CHECK(cbor_finish(&r, "x", TEE_CBOR, &e) == STATUS_OK);
    CHECK(cbor_peek(&r) == CBOR_NONE);
}

static void test_heads(void)
{
    test_begin("heads of every size");
    for (unsigned bits = 0; bits <= 64; bits++) {
        for (int add = -2; add <= 2; add++) {
            const uint64_t v = (bits < 64 ? (uint64_t)1 << bits : 0) + (uint64_t)(int64_t)add;
            struct buffer b = {0};
            struct error e = {0};
            cbor_write_uint(&b, v);
            CHECK(b.size == (v < 24 ? 1 : v < 256 ? 2 : v < 65536 ? 3 : v <= UINT32_MAX ? 5 : 9));
            struct cbor_reader r = cbor_reader_of(bytes_of(b.data, b.size));
            CHECK(cbor_read_uint(&r, UINT64_MAX) == v);
            CHECK(cbor_finish(&r, "x", TEE_CBOR, &e) == STATUS_OK);
            buffer_free(&b);
        }
    }
}

int main(void)
{
    test_good();
    test_bad();
    test_bomb();
    test_kinds();
    test_heads();
    return test_end();
}
