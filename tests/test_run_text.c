/* json/json_text.h and cli/run_text.h: which texts are JSON, how JSON is laid out, how bytes are shown. */
#include "json/json_text.h"
#include "cli/run_text.h"
#include "tests/test.h"

#include <stdlib.h>

static struct bytes copy_of(struct bytes b)
{
    uint8_t *data = malloc(b.size ? b.size : 1); /* of that size, so that reading beyond it is noticed */
    if (b.size) memcpy(data, b.data, b.size);
    return bytes_of(data, b.size);
}

static enum status check(struct bytes text, struct error *e)
{
    struct bytes copy = copy_of(text);
    *e = (struct error){0};
    enum status status = json_text_check(copy, e);
    free((void *)(uintptr_t)copy.data);
    return status;
}

/* ---- what is JSON ------------------------------------------------------------------------------------------------ */

static void test_accepted(void)
{
    static const char *const texts[] = {
        "0", "-0", "1.5e+10", "-1E-2", "340282366920938463463374607431768211455", "true", "false", "null", "\"\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", "\"\xc3\xa9\"", "[]", "{}", " [ 1 , [ ] , { } ] ", "\t\r\n1\n",
        "{\"a\":1,\"a\":2}", "[[[[[[[[[[]]]]]]]]]]", "{\"a\":{\"b\":[{\"c\":null}]}}", "\"\\ud83d\\ude00\"",
    };
    struct error e;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!CHECK_EQUAL(check(bytes_of_string(texts[i]), &e), STATUS_OK)) printf("  %s: %s\n", texts[i], e.message);
}

static void test_refused(void)
{
    static const struct {
        const char *text;
        unsigned line, column;
    } cases[] = {
        {"", 1, 1},          {" ", 1, 2},           {"[", 1, 2},         {"[1", 1, 3},       {"[1,", 1, 4},
        {"[1,]", 1, 4},      {"[,1]", 1, 2},        {"]", 1, 1},         {"[}", 1, 2},       {"{]", 1, 2},
        {"{\"a\"}", 1, 5},   {"{\"a\":}", 1, 6},    {"{\"a\":1,}", 1, 8}, {"{1:2}", 1, 2},   {"{\"a\" 1}", 1, 6},
        {"1 2", 1, 3},       {"[1 2]", 1, 4},       {"\"a", 1, 3},       {"\"\\x\"", 1, 3},  {"\"\\u12g4\"", 1, 6},
        {"\"\n\"", 1, 2},    {"\"\x1f\"", 1, 2},    {"\"\xff\"", 1, 3},  {"\"\xc3\"", 1, 3}, {"01", 1, 2},
        {"-", 1, 2},         {"+1", 1, 1},          {".5", 1, 1},        {"1.", 1, 3},       {"1e", 1, 3},
        {"1e+", 1, 4},       {"0x10", 1, 2},        {"tru", 1, 1},       {"nulll", 1, 5},    {"NaN", 1, 1},
        {"{\n \"a\":\n x}", 3, 2},                  {"'a'", 1, 1},       {"[1]]", 1, 4},     {"\xef\xbb\xbf""1", 1, 1},
    };
    struct error e;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool ok = CHECK_EQUAL(check(bytes_of_string(cases[i].text), &e), STATUS_MALFORMED);
        ok &= CHECK_EQUAL(e.line, cases[i].line);
        ok &= CHECK_EQUAL(e.column, cases[i].column);
        if (!ok) printf("  %s: %u:%u: %s\n", cases[i].text, e.line, e.column, e.message);
    }
    CHECK_EQUAL(check(bytes_of("1\0", 2), &e), STATUS_MALFORMED);
    CHECK_EQUAL(check(bytes_of("\"\0\"", 3), &e), STATUS_MALFORMED);
}

static void test_nesting(void)
{
    char text[2 * JSON_TEXT_DEPTH + 3] = {0};
    struct error e;
    memset(text, '[', JSON_TEXT_DEPTH);
    memset(text + JSON_TEXT_DEPTH, ']', JSON_TEXT_DEPTH);
    CHECK_EQUAL(check(bytes_of_string(text), &e), STATUS_OK);
    memset(text, '[', JSON_TEXT_DEPTH + 1);
    memset(text + JSON_TEXT_DEPTH + 1, ']', JSON_TEXT_DEPTH + 1);
    CHECK_EQUAL(check(bytes_of_string(text), &e), STATUS_LIMIT);
}

/* Every beginning of a document that is more than white space is refused. */
static void test_cut(void)
{
    static const char whole[] = "{\"name\": [1.5e3, \"\\u00e9\\n\", true, null], \"x\": {\"y\": -0}}";
    struct error e;
    for (size_t n = 0; n + 1 < sizeof whole - 1; n++) CHECK_EQUAL(check(bytes_of(whole, n), &e), STATUS_MALFORMED);
    CHECK_EQUAL(check(bytes_of(whole, sizeof whole - 1), &e), STATUS_OK);
}

/* ---- how it is shown --------------------------------------------------------------------------------------------- */

typedef void (*printer)(FILE *out, struct bytes b, size_t limit, unsigned indent);

static void print_json(FILE *out, struct bytes b, size_t limit, unsigned indent)
{
    json_text_print(out, b, limit, indent);
}
static void print_only_bytes(FILE *out, struct bytes b, size_t limit, unsigned indent)
{
    (void)indent;
    print_bytes(out, b, limit);
}
static void print_only_value(FILE *out, struct bytes b, size_t limit, unsigned indent)
{
    (void)indent;
    print_value(out, b, limit);
}
static void print_only_returned(FILE *out, struct bytes b, size_t limit, unsigned indent)
{
    (void)indent;
    print_returned(out, b, limit);
}
static void print_only_text(FILE *out, struct bytes b, size_t limit, unsigned indent)
{
    (void)limit;
    print_text(out, b, indent);
}

static void shows(printer print, struct bytes b, size_t limit, unsigned indent, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    struct bytes copy = copy_of(b);
    FILE *out = open_memstream(&text, &size);
    print(out, copy, limit, indent);
    fclose(out);
    CHECK_TEXT(text, expected);
    free(text);
    free((void *)(uintptr_t)copy.data);
}

static void test_layout(void)
{
    const struct bytes small = bytes_of_string(" {\"a\" : [1,2 , {}],\n\"b\":\"x, y: {z}\"} ");
    shows(print_json, small, 100, 0, "{\"a\": [1, 2, {}], \"b\": \"x, y: {z}\"}");
    shows(print_json, small, 35, 0, "{\"a\": [1, 2, {}], \"b\": \"x, y: {z}\"}");
    shows(print_json, small, 34, 0, "{\n  \"a\": [1, 2, {}],\n  \"b\": \"x, y: {z}\"\n}");
    shows(print_json, small, 34, 4, "{\n      \"a\": [1, 2, {}],\n      \"b\": \"x, y: {z}\"\n    }");
    shows(print_json, small, 10, 0,
          "{\n  \"a\": [\n    1,\n    2,\n    {}\n  ],\n  \"b\": \"x, y: {z}\"\n}");
    shows(print_json, bytes_of_string("[ ]"), 0, 0, "[]");
    shows(print_json, bytes_of_string("340282366920938463463374607431768211456.10"), 80, 0,
          "340282366920938463463374607431768211456.10");
    shows(print_json, bytes_of_string("\"\\\"\x7f\xc2\x9b\xc3\xa9\\\\\""), 80, 0, "\"\\\"\\u007f\\u009b\xc3\xa9\\\\\"");
}

#define BYTES(literal) bytes_of(literal, sizeof literal - 1)

static void test_bytes(void)
{
    shows(print_only_bytes, BYTES(""), 60, 0, "\"\"");
    shows(print_only_bytes, BYTES("STATE"), 60, 0, "\"STATE\"");
    shows(print_only_bytes, BYTES("gr\xc3\xbc\xc3\x9f"), 60, 0, "\"gr\xc3\xbc\xc3\x9f\"");
    shows(print_only_bytes, BYTES("t\x0a\0\0\0alice.near"), 60, 0, "\"t\" \"alice.near\"");
    shows(print_only_bytes, BYTES("\x07\x0a\0\0\0alice.near"), 60, 0, "0x07 \"alice.near\"");
    shows(print_only_bytes, BYTES("v\3\0\0\0"), 60, 0, "\"v\" [3]");
    shows(print_only_bytes, BYTES("v\3\1\0\0\0\0\0\0"), 60, 0, "\"v\" [259]");
    shows(print_only_bytes, BYTES("\0\xff\x80"), 60, 0, "0x00ff80");
    shows(print_only_bytes, BYTES("\1\2\3" "long enough"), 60, 0, "0x010203 \"long enough\"");
    shows(print_only_bytes, BYTES("\1\2\3\1" "ab" "\1"), 60, 0, "0x01020301616201");
    shows(print_only_bytes, BYTES("\x1b[31m"), 60, 0, "0x1b \"[31m\"");
    shows(print_only_bytes, BYTES("\xc2\x9b" "abcde"), 60, 0, "0xc29b \"abcde\"");
    shows(print_only_bytes, BYTES("abcdefghij"), 4, 0, "\"abcd\"... (10 bytes)");
    shows(print_only_bytes, BYTES("\1\2\3\4\5\6"), 4, 0, "0x01020304... (6 bytes)");
    shows(print_only_bytes, BYTES("\xff\xff\xff\xff" "a"), 60, 0, "0xffffffff61"); /* a length beyond the end */
    shows(print_only_value, BYTES("{\"a\":[1]}"), 60, 0, "{\"a\": [1]}");
    shows(print_only_value, BYTES("{\"a\":[1]}"), 8, 0, "\"{\\\"a\\\":[\"... (9 bytes)");
    shows(print_only_value, BYTES("{\"a\":[1}"), 60, 0, "\"{\\\"a\\\":[1}\"");
    shows(print_only_value, BYTES("\7\0\0\0\0\0\0\0"), 60, 0, "7 (u64)");
    shows(print_only_value, BYTES("\xff\xff\xff\xff"), 60, 0, "4294967295 (u32)");
    shows(print_only_value, BYTES("\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0"), 60, 0, "18446744073709551617 (u128)");
    shows(print_only_value, BYTES("text"), 60, 0, "\"text\"");
    shows(print_only_value, BYTES("\4\0\0\0four"), 60, 0, "\"four\""); /* not a u64 */
    shows(print_only_value, BYTES("\x0c\0\0\0twelve chars"), 60, 0, "\"twelve chars\"");
    shows(print_only_returned, BYTES("\"0\""), 60, 0, "\"0\"");
    shows(print_only_returned, BYTES("0"), 60, 0, "0");
    shows(print_only_returned, BYTES("[1,\"\xe2\x80\xae\"]"), 60, 0, "[1, \"\\u202e\"]");
    shows(print_only_returned, BYTES("no JSON"), 60, 0, "\"no JSON\"");
    shows(print_only_returned, BYTES("[1,2]"), 4, 0, "\"[1,2\"... (5 bytes)");
    shows(print_only_text, BYTES("a\nb\tc\x1b\xff\xc2\x9b\\\xc3\xa9"), 0, 3, "a\n   b    c\\1b\\ff\\u{9b}\\\xc3\xa9");
}

/* Whatever the bytes are: nothing is read beyond them, and no control character is printed. */
static void test_any_bytes(void)
{
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        uint8_t data[48];
        size_t size = seed % sizeof data;
        for (size_t i = 0; i < size; i++) {
            seed = seed * 1664525 + 1013904223;
            data[i] = (uint8_t)(seed >> 28 < 6 ? seed >> 20 & 15 : seed >> 20);
        }
        seed = seed * 1664525 + 1013904223;
        char *text = NULL;
        size_t length = 0;
        struct bytes copy = copy_of(bytes_of(data, size));
        FILE *out = open_memstream(&text, &length);
        print_value(out, copy, seed >> 24 & 63);
        print_text(out, copy, 0);
        fclose(out);
        bool clean = utf8_valid((const uint8_t *)text, length);
        for (size_t i = 0; i < length; i++) {
            uint8_t c = (uint8_t)text[i];
            clean &= (c >= 0x20 || c == '\n') && c != 0x7f && !(c == 0xc2 && (uint8_t)text[i + 1] < 0xa0);
        }
        if (!clean || round % 1000 == 0) CHECK(clean);
        free(text);
        free((void *)(uintptr_t)copy.data);
    }
}

int main(void)
{
    test_accepted();
    test_refused();
    test_nesting();
    test_cut();
    test_layout();
    test_bytes();
    test_any_bytes();
    return test_end();
}
