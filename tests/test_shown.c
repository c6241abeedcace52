/* Text from outside made fit to be shown (base/shown.h). */
#include "base/shown.h"
#include "tests/test.h"

static const char *shown(const char *text, size_t size)
{
    static char out[256];
    struct buffer b = {0};
    shown_append(&b, bytes_of(text, size));
    snprintf(out, sizeof out, "%.*s", (int)b.size, b.data ? (const char *)b.data : "");
    buffer_free(&b);
    return out;
}
#define SHOWN(text) shown(text, sizeof(text) - 1)

static const char *quoted(const char *text, size_t size, size_t limit)
{
    static char out[256];
    struct buffer b = {0};
    shown_append_quoted(&b, bytes_of(text, size), limit);
    snprintf(out, sizeof out, "%.*s", (int)b.size, (const char *)b.data);
    buffer_free(&b);
    return out;
}
#define QUOTED(text, limit) quoted(text, sizeof(text) - 1, limit)

static const char *in_json(const char *json)
{
    static char out[256];
    struct buffer b = {0};
    shown_append_json(&b, bytes_of_string(json));
    snprintf(out, sizeof out, "%.*s", (int)b.size, b.data ? (const char *)b.data : "");
    buffer_free(&b);
    return out;
}

static void test_plain(void)
{
    test_begin("text");
    CHECK_TEXT(SHOWN(""), "");
    CHECK_TEXT(SHOWN("plain \\ \"text\" ~"), "plain \\ \"text\" ~");
    CHECK_TEXT(SHOWN("größe 中 😀"), "größe 中 😀");
    CHECK_TEXT(SHOWN("a\nb\0\x1b[31m\x7f"), "a\\0ab\\00\\1b[31m\\7f");
    CHECK_TEXT(SHOWN("\xc2\x9b" "31m\xc2\xad"), "\\u{9b}31m\\u{ad}");
    CHECK_TEXT(SHOWN("\xe2\x80\xae\xe2\x80\x8b\xe2\x81\xa6\xe2\x80\xa8"), "\\u{202e}\\u{200b}\\u{2066}\\u{2028}");
    CHECK_TEXT(SHOWN("\xef\xb8\x8f\xef\xbb\xbf\xef\xbf\xbe\xf3\xa0\x81\xa1"), "\\u{fe0f}\\u{feff}\\u{fffe}\\u{e0061}");
    CHECK_TEXT(SHOWN("\xff\xc0\x80\xed\xa0\x80\xe2\x80"), "\\ff\\c0\\80\\ed\\a0\\80\\e2\\80"); /* no UTF-8 */
    CHECK_TEXT(SHOWN("\xf4\x90\x80\x80\xc3"), "\\f4\\90\\80\\80\\c3");
}

static void test_quoted(void)
{
    test_begin("in quotes, cut");
    CHECK_TEXT(QUOTED("", 10), "\"\"");
    CHECK_TEXT(QUOTED("say \"ok\"\\\n", 100), "\"say \\\"ok\\\"\\\\\\0a\"");
    CHECK_TEXT(QUOTED("12345", 5), "\"12345\"");
    CHECK_TEXT(QUOTED("123456", 5), "\"12345\"... (6 bytes)");
    CHECK_TEXT(QUOTED("äöüäöü", 5), "\"äöüäö\"... (12 bytes)");
    CHECK_TEXT(QUOTED("12\x1b", 4), "\"12\"... (3 bytes)"); /* an escape is not cut in two */
    CHECK_TEXT(QUOTED("12\x1b", 5), "\"12\\1b\"");
    CHECK_TEXT(QUOTED("1\"\"", 4), "\"1\\\"\"... (3 bytes)");
}

static void test_json(void)
{
    test_begin("JSON");
    CHECK_TEXT(in_json("{\n\"a\\u009b\": \"größe 😀\"}"), "{\n\"a\\u009b\": \"größe 😀\"}");
    CHECK_TEXT(in_json("[\"\xc2\x9b\x7f\xe2\x80\xae\"]"), "[\"\\u009b\\u007f\\u202e\"]");
    CHECK_TEXT(in_json("\"\xf3\xa0\x81\xa1\xf0\x9f\xbf\xbe\""), "\"\\udb40\\udc61\\ud83f\\udffe\"");
    CHECK_TEXT(in_json("\"\xef\xbf\xbd\xff\""), "\"\xef\xbf\xbd\\ufffd\"");
}

static void check_range(uint32_t first, uint32_t last, uint32_t before, uint32_t number)
{
    CHECK(first <= last && (number == 0 || first > before + 1));
    CHECK(character_is_hidden(first) && character_is_hidden(last) && !character_is_hidden(last + 1));
}

/* The ranges are in order, and none of them has a letter. */
static void test_ranges(void)
{
    test_begin("ranges");
    uint32_t before = 0, ranges = 0;
#define X(first, last)                                                                                                \
    check_range(first, last, before, ranges++);                                                                       \
    before = (last);
#include "base/shown_ranges.def"
#undef X
    CHECK(ranges > 20);
    unsigned hidden = 0;
    for (uint32_t c = ' '; c < 0x10000; c++) hidden += character_is_hidden(c);
    CHECK(hidden > 100 && hidden < 200);
    for (uint32_t c = ' '; c <= '~'; c++) CHECK(!character_is_hidden(c));
    CHECK(!character_is_hidden(0xa0) && !character_is_hidden(0x3042) && !character_is_hidden(0x1f600));
    CHECK(character_is_hidden(0x9b) && character_is_hidden(0x200f) && character_is_hidden(0x10ffff));
}

int main(void)
{
    test_plain();
    test_quoted();
    test_json();
    test_ranges();
    return test_end();
}
