/* json/json_read.h: what is refused, with which words; that nothing is rounded or cut. */
#include <stdlib.h>

#include "near/json_values.h"
#include "tests/test.h"

/* ---- documents -------------------------------------------------------------------------------------------------- */

static enum status read_bytes(struct bytes text, struct error *e)
{
    struct json *document = NULL;
    /* An allocation of exactly that size, so that reading beyond it is noticed. */
    uint8_t *copy = malloc(text.size ? text.size : 1);
    if (text.size) memcpy(copy, text.data, text.size);
    *e = (struct error){0};
    const enum status status = json_read_document(bytes_of(copy, text.size), &document, e);
    json_free(document);
    free(copy);
    return status;
}

static void accepted(const char *text)
{
    struct error e;
    if (!CHECK_EQUAL(read_bytes(bytes_of_string(text), &e), STATUS_OK)) printf("  %s: %s\n", text, e.message);
}

static void refused_bytes(struct bytes text, unsigned line, unsigned column, const char *message)
{
    struct error e;
    bool ok = CHECK_EQUAL(read_bytes(text, &e), STATUS_MALFORMED);
    ok &= CHECK_EQUAL(e.line, line);
    ok &= CHECK_EQUAL(e.column, column);
    ok &= CHECK(strstr(e.message, message) != NULL);
    if (!ok) printf("  %.*s: %u:%u: %s\n", (int)text.size, (const char *)text.data, e.line, e.column, e.message);
}

static void refused(const char *text, unsigned line, unsigned column, const char *message)
{
    refused_bytes(bytes_of_string(text), line, column, message);
}

static void documents(void)
{
    test_begin("documents that are JSON");
    static const char *const good[] = {
        "{}", "[]", " \t\r\n1 \n", "0", "-0", "-1", "1.5e+10", "1E5", "0.0", "true", "null", "\"\"", "\"\\u0000\"",
        "\"\\ud83d\\ude00\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "18446744073709551615", "-9223372036854775808",
        "{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"b\":{\"a\":1}}", "[[],{},\"{\\\"a\\\":1\"]", "\"\x7f\xc2\x80\xf4\x8f\xbf\xbf\"",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) accepted(good[i]);

    test_begin("syntax");
    static const char *const bad[] = {
        "", " ", "{", "[", "[1", "[1,", "{\"a\"", "{\"a\":", "{\"a\":1", "\"", "\"a", "]", "}", ",", ":", "[1,]", "{,}",
        "{\"a\":1,}", "[1 2]", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{a:1}", "{1:2}", "{null:1}", "'a'", "1 2", "{} {}", "nullx",
        "nul", "True", "NULL", "NaN", "-NaN", "Infinity", "-Infinity", "/* */1", "1//", "#", "[1]x", "[[1]", "{\"a\":[}",
        "01", "-01", "00", "1.", ".5", "+1", "-", "--1", "1e", "1e+", "0x10", "1_0", "1.e5", "\"\\q\"", "\"\\u12\"",
        "\"\\u12g4\"", "\"\\ud800\"", "\"\\ude00\"", "\"\\ud800\\u0041\"", "\"\\ud800\\n\"", "\"\\", "\"\\u", "\"\t\"", "\"\n\"",
        "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\xef\xbb\xbf{}", "\f1", "\v", "{\"a\\u0000b\":1}",
        "{\"a\\u0000b\":1,\"a\\u0000c\":1}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error e;
        if (!CHECK_EQUAL(read_bytes(bytes_of_string(bad[i]), &e), STATUS_MALFORMED)) printf("  %s\n", bad[i]);
        CHECK(e.line >= 1 && e.column >= 1 && e.message[0]);
    }
    refused_bytes(bytes_of("1\0", 2), 1, 2, "nothing more after the value, found the byte 00");
    refused_bytes(bytes_of("\"a\0b\"", 5), 1, 3, "control character");
    refused_bytes(bytes_of("[1\0]", 4), 1, 3, "found the byte 00");

    test_begin("places");
    refused("{\n  \"a\": 1,\n  \"b\": 01\n}", 3, 9, "must not begin with 0");
    refused("[\"\xc3\xa4\xe2\x82\xac\", x]", 1, 8, "expected a value");
    refused("{\"a\": 18446744073709551616}", 1, 7, "more than 64 bits");
    refused("[-9223372036854775809]", 1, 2, "more than 64 bits");
    refused("[123456789012345678901234567890]", 1, 2, "write it as a string");
    refused("[1,\n2", 2, 2, "found the end");

    test_begin("names that are there twice");
    refused("{\"a\":1,\"a\":2}", 1, 8, "\"a\" is there twice");
    refused("{\"a\":1,\n \"\\u0061\":2}", 2, 2, "\"a\" is there twice");
    refused("{\"x\":{\"a\":1},\"y\":[{\"b\":1},{\"b\":1,\"c\":[],\"b\":1}]}", 1, 41, "\"b\" is there twice");
    refused("{\"\":1,\"\":2}", 1, 7, "\"\" is there twice");
    accepted("{\"a\":[\"a\",\"a\"],\"b\":\"a\"}");
}

static void depth(void)
{
    test_begin("nesting");
    char text[4 * JSON_MAX_DEPTH + 1];
    for (int levels = JSON_MAX_DEPTH - 2; levels <= JSON_MAX_DEPTH + 2; levels++) {
        struct error e;
        memset(text, '[', (size_t)levels);
        memset(text + levels, ']', (size_t)levels);
        const enum status status = read_bytes(bytes_of(text, 2 * (size_t)levels), &e);
        if (levels < JSON_MAX_DEPTH) CHECK_EQUAL(status, STATUS_OK);
        if (levels > JSON_MAX_DEPTH) CHECK_EQUAL(status, STATUS_LIMIT);
    }
    struct buffer many = {0};
    struct error e;
    for (int i = 0; i < 1000000; i++) buffer_append_string(&many, "{\"\":");
    CHECK(read_bytes(bytes_of(many.data, many.size), &e) != STATUS_OK);
    buffer_free(&many);
}

/* An object of many members: found by name, seen when one is there twice, walked through in the text's order. */
static void many_names(void)
{
    enum { MANY = 5000 };
    struct buffer text = {0};
    struct json *document = NULL;
    struct error e = {0};
    char name[16];
    test_begin("an object of many members");
    for (unsigned i = 0; i < MANY; i++) buffer_printf(&text, "%s\"%u\":%u", i ? "," : "{", i * 7919 % MANY, i);
    buffer_append_byte(&text, '}');
    if (CHECK_EQUAL(json_read_document(bytes_of(text.data, text.size), &document, &e), STATUS_OK)) {
        CHECK_EQUAL(json_length(document), MANY);
        unsigned wrong = 0;
        for (unsigned i = 0; i < MANY; i++) {
            snprintf(name, sizeof name, "%u", i * 7919 % MANY);
            wrong += strcmp(json_name_at(document, i), name) != 0 || json_number(json_at(document, i)) != i;
            wrong += json_number(json_get(document, name)) != i;
        }
        CHECK_EQUAL(wrong, 0);
        CHECK(!json_find(document, "5000", NULL) && !json_find(document, "", NULL));
        struct json *copy = json_copy(document);
        CHECK(json_equal(copy, document) && json_equal(document, copy));
        json_free(copy);
    }
    json_free(document);
    document = NULL;
    text.size--;
    buffer_append_string(&text, ",\n\"0\":0,\"1\":0}");
    CHECK_EQUAL(json_read_document(bytes_of(text.data, text.size), &document, &e), STATUS_MALFORMED);
    CHECK_EQUAL(e.code, JSON_NAME_TWICE);
    CHECK_EQUAL(e.line, 2);
    CHECK_EQUAL(e.column, 1);
    CHECK_TEXT(e.message, "\"0\" is there twice");
    buffer_free(&text);
}

static void limits(void)
{
    static const char text[] = "[1,{\"a\":[\"b\",null]}]"; /* six values, one name */
    struct json *document = NULL;
    struct error e = {0};
    test_begin("limits");
    for (uint64_t values = 1; values < 8; values++) {
        const struct limits most = {.values = values};
        const enum status status = json_read_limited(bytes_of_string(text), &most, &document, &e);
        CHECK_EQUAL(status, values < 6 ? STATUS_LIMIT : STATUS_OK);
        if (values == 5) CHECK_TEXT(e.message, "more than 5 values: --limit-values N allows more");
        if (status == STATUS_OK) json_free(document);
    }
    struct buffer many = {0}; /* 16 bytes each: 65536 are a MiB, with the array one more */
    buffer_append_byte(&many, '[');
    for (int i = 0; i < 65536; i++) buffer_append_string(&many, i ? ",1" : "1");
    buffer_append_byte(&many, ']');
    for (uint64_t memory = 0; memory <= 2; memory++) {
        const struct limits most = {.memory = memory};
        const enum status status = json_read_limited(bytes_of(many.data, many.size), &most, &document, &e);
        CHECK_EQUAL(status, memory == 1 ? STATUS_LIMIT : STATUS_OK);
        if (status == STATUS_OK) json_free(document);
        else CHECK_TEXT(e.message, "more than 1 MiB: --limit-memory N allows more");
    }
    buffer_free(&many);
}

/* Values are built, changed, printed, and read again. */
static void built(void)
{
    struct json_builder o = json_object_begin(), list = json_array_begin();
    struct buffer text = {0};
    struct json *again = NULL;
    test_begin("values that are built");
    for (int64_t i = -3; i < 20; i++) json_append(&list, json_i64(i * 1000));
    json_append_null(&list);
    json_append(&list, json_bool(true));
    json_append(&list, json_real("1.50e3"));
    json_append(&list, json_double(0.1));
    json_put(&o, "list", json_finish(&list));
    json_put(&o, "text", json_text(bytes_of("\0\"\n\xc3\xa9", 5)));
    json_put(&o, "big", json_u128((struct u128){.low = 0, .high = 1}));
    json_put_null(&o, "none");
    struct json *json = json_finish(&o);
    CHECK(json_add(json, "big", json_u64(UINT64_MAX)) && json_add(json, "more", json_bool(false)));
    CHECK(!json_add(json, "nothing", NULL) && !json_find(json, "nothing", NULL));
    json_remove(json, "none");
    json_remove(json, "never");
    json_print(json, &text);
    CHECK_EQUAL(json_read_document(bytes_of(text.data, text.size), &again, NULL), STATUS_OK);
    CHECK(json_equal(json, again) && json_equal(again, json));
    buffer_append_byte(&text, 0);
    CHECK_TEXT((const char *)text.data,
               "{\"list\":[-3000,-2000,-1000,0,1000,2000,3000,4000,5000,6000,7000,8000,9000,10000,11000,12000,13000,"
               "14000,15000,16000,17000,18000,19000,null,true,1.50e3,0.1],\"text\":\"\\u0000\\\"\\n\xc3\xa9\","
               "\"big\":18446744073709551615,\"more\":false}");
    struct json_builder outer = json_array_begin(); /* a document becomes part of what is built */
    json_append(&outer, again);
    json_append(&outer, json);
    json = json_finish(&outer);
    CHECK(json_equal(json_at(json, 0), json_at(json, 1)));
    json_free(json);
    buffer_free(&text);
}

/* Every beginning of a document, and every document with one byte changed, is read or refused, no more. */
static void hostile(void)
{
    static const char text[] = "{\"a\": [1, -2.5e3, \"\\u00e4\\ud83d\\ude00\xc3\xa4\"], \"b\": {\"c\": null, \"d\": true}, \"a2\": \"\"}";
    const size_t size = sizeof text - 1;
    struct error e;
    test_begin("cut and changed documents");
    accepted(text);
    for (size_t i = 0; i < size; i++) CHECK_EQUAL(read_bytes(bytes_of(text, i), &e), STATUS_MALFORMED);
    unsigned read = 0;
    for (size_t i = 0; i < size; i++) {
        char changed[sizeof text];
        memcpy(changed, text, sizeof text);
        for (unsigned byte = 0; byte < 256; byte++) {
            changed[i] = (char)byte;
            const enum status status = read_bytes(bytes_of(changed, size), &e);
            if (status == STATUS_OK) read++;
            else if (status != STATUS_MALFORMED || !e.message[0]) CHECK_TEXT(e.message, "a reason");
        }
    }
    CHECK(read > size && read < 256 * size);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The member "v" of an object. */
struct value {
    struct json *document;
    struct json_place root, place;
};

static void value_open(struct value *v, const char *json)
{
    struct buffer text = {0};
    struct error e = {0};
    buffer_printf(&text, "{\"v\":%s}", json);
    *v = (struct value){0};
    if (!CHECK_EQUAL(json_read_document(bytes_of(text.data, text.size), &v->document, &e), STATUS_OK))
        printf("  %s: %s\n", json, e.message);
    v->root = json_root(v->document);
    json_member(&v->root, "v", &v->place);
    buffer_free(&text);
}

static void read_u64(const char *json, uint64_t max, uint64_t wanted, const char *message)
{
    struct value v;
    struct error e = {0};
    uint64_t got = 12345;
    value_open(&v, json);
    const enum status status = json_read_u64(&v.place, max, &got, &e);
    CHECK_EQUAL(status, message ? STATUS_MALFORMED : STATUS_OK);
    CHECK(got == (message ? 12345 : wanted));
    if (message) CHECK_TEXT(e.message, message);
    json_free(v.document);
}

static void numbers(void)
{
    test_begin("whole numbers of 64 bits");
    read_u64("0", UINT64_MAX, 0, NULL);
    read_u64("9223372036854775808", UINT64_MAX, UINT64_C(9223372036854775808), NULL);
    read_u64("9007199254740993", UINT64_MAX, UINT64_C(9007199254740993), NULL);
    read_u64("18446744073709551615", UINT64_MAX, UINT64_MAX, NULL);
    read_u64("\"18446744073709551615\"", UINT64_MAX, UINT64_MAX, NULL);
    read_u64("\"007\"", 7, 7, NULL);
    read_u64("-3", UINT64_MAX, 0, "v: expected a whole number from 0 to 18446744073709551615, found -3");
    read_u64("\"18446744073709551616\"", UINT64_MAX, 0,
             "v: expected a whole number from 0 to 18446744073709551615, found \"18446744073709551616\"");
    read_u64("8", 7, 0, "v: expected a whole number from 0 to 7, found 8");
    read_u64("1.0", 7, 0, "v: expected a whole number from 0 to 7, found 1.0");
    read_u64("1e0", 7, 0, "v: expected a whole number from 0 to 7, found 1e0");
    read_u64("true", 7, 0, "v: expected a whole number from 0 to 7, found true");
    read_u64("null", 7, 0, "v: expected a whole number from 0 to 7, found null");
    read_u64("\"\"", 7, 0, "v: expected a whole number from 0 to 7, found \"\"");
    read_u64("\" 1\"", 7, 0, "v: expected a whole number from 0 to 7, found \" 1\"");
    read_u64("\"1\\u0000\"", 7, 0, "v: expected a whole number from 0 to 7, found \"1\\u0000\"");
    read_u64("[1]", 7, 0, "v: expected a whole number from 0 to 7, found an array");
    read_u64("{\"a\":1}", 7, 0, "v: expected a whole number from 0 to 7, found an object");
    read_u64("\"\x7f\xc2\x9b\"", 7, 0, "v: expected a whole number from 0 to 7, found \"??\"");

    test_begin("whole numbers of 128 bits");
    struct value v;
    struct u128 got;
    char text[U128_TEXT_SIZE];
    value_open(&v, "\"340282366920938463463374607431768211455\"");
    CHECK_EQUAL(json_read_u128(&v.place, &got, NULL), STATUS_OK);
    u128_print(got, text);
    CHECK_TEXT(text, "340282366920938463463374607431768211455");
    json_free(v.document);
    value_open(&v, "18446744073709551615");
    CHECK_EQUAL(json_read_u128(&v.place, &got, NULL), STATUS_OK);
    CHECK(u128_equal(got, u128_of(UINT64_MAX)));
    json_free(v.document);
    value_open(&v, "\"340282366920938463463374607431768211456\"");
    CHECK_EQUAL(json_read_u128(&v.place, &got, NULL), STATUS_MALFORMED);
    json_free(v.document);
    value_open(&v, "-1");
    CHECK_EQUAL(json_read_u128(&v.place, &got, NULL), STATUS_MALFORMED);
    json_free(v.document);
}

static void texts(void)
{
    struct value v;
    struct error e = {0};
    struct bytes text;
    struct arena arena = {0};
    struct account_id id;
    bool truth = false;

    test_begin("texts");
    value_open(&v, "\"a\\u0000b\"");
    CHECK_EQUAL(json_read_text(&v.place, &text, &e), STATUS_OK);
    CHECK(bytes_equal(text, bytes_of("a\0b", 3)));
    CHECK_EQUAL(json_read_bool(&v.place, &truth, &e), STATUS_MALFORMED);
    CHECK_TEXT(e.message, "v: expected true or false, found \"a\\u0000b\"");
    json_free(v.document);

    test_begin("base64");
    value_open(&v, "\"AAEC/w==\"");
    CHECK_EQUAL(json_read_base64(&v.place, &arena, &text, &e), STATUS_OK);
    CHECK(bytes_equal(text, bytes_of("\x00\x01\x02\xff", 4)));
    json_free(v.document);
    static const char *const bad[] = {"\"AAEC/w=\"", "\"AAEC_w==\"", "\"A\"", "\"AAEC/x==\"", "1", "\"AAE=\\u0000\""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        value_open(&v, bad[i]);
        CHECK_EQUAL(json_read_base64(&v.place, &arena, &text, &e), STATUS_MALFORMED);
        CHECK(strncmp(e.message, "v: expected a string in base64, found ", 38) == 0);
        json_free(v.document);
    }

    test_begin("account ids");
    value_open(&v, "\"alice.near\"");
    CHECK_EQUAL(json_read_account_id(&v.place, &id, &e), STATUS_OK);
    CHECK(bytes_equal(account_id_bytes(&id), bytes_of_string("alice.near")));
    json_free(v.document);
    value_open(&v, "\"Alice.near\"");
    CHECK_EQUAL(json_read_account_id(&v.place, &id, &e), STATUS_MALFORMED);
    CHECK(strstr(e.message, "v: 'Alice.near' is not an account id: capital letter 'A'") == e.message);
    json_free(v.document);
    value_open(&v, "\"alice\\u0000.near\"");
    CHECK_EQUAL(json_read_account_id(&v.place, &id, &e), STATUS_MALFORMED);
    json_free(v.document);
    arena_free(&arena);
}

static void structure(void)
{
    static const char *const names[] = {"prepaid_gas", "input", "method"};
    struct value v;
    struct error e = {0};
    struct json_place p, q;
    size_t length = 0;

    test_begin("members and elements");
    value_open(&v, "{\"prepaid_gas\":[1,{\"input\":-1}],\"method\":null}");
    CHECK_EQUAL(json_check_object(&v.place, names, 3, &e), STATUS_OK);
    CHECK(!json_member(&v.place, "method", &p) && !p.json);
    CHECK(!json_member(&v.place, "input", &p) && !p.json);
    CHECK_EQUAL(json_required(&v.place, "input", &p, &e), STATUS_MALFORMED);
    CHECK_TEXT(e.message, "v: 'input' is missing");
    CHECK(json_member(&v.place, "prepaid_gas", &p));
    CHECK_EQUAL(json_check_array(&p, &length, &e), STATUS_OK);
    CHECK_EQUAL(length, 2);
    q = json_element(&p, 1);
    struct json_place number;
    uint64_t got;
    CHECK(json_member(&q, "input", &number));
    CHECK_EQUAL(json_read_u64(&number, 9, &got, &e), STATUS_MALFORMED);
    CHECK_TEXT(e.message, "v.prepaid_gas[1].input: expected a whole number from 0 to 9, found -1");
    CHECK(!json_member(&p, "input", &q));
    CHECK_EQUAL(json_required(&p, "input", &q, &e), STATUS_MALFORMED);
    CHECK_TEXT(e.message, "v.prepaid_gas: expected an object, found an array");
    CHECK_EQUAL(json_check_array(&v.root, &length, &e), STATUS_MALFORMED);
    CHECK_TEXT(e.message, "the document: expected an array, found an object");
    q = json_element(&p, 2);
    CHECK(!q.json);
    json_free(v.document);

    test_begin("unknown members");
    static const char *const cases[][2] = {
        {"{\"prepaid_gsa\":1}", "v: there is no 'prepaid_gsa'; did you mean 'prepaid_gas'?"},
        {"{\"inputs\":1}", "v: there is no 'inputs'; did you mean 'input'?"},
        {"{\"xyz\":1}", "v: there is no 'xyz'"},
        {"{\"\\u001b[2J\":1}", "v: there is no '?[2J'"},
        {"[]", "v: expected an object, found an array"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        value_open(&v, cases[i][0]);
        CHECK_EQUAL(json_check_object(&v.place, names, 3, &e), STATUS_MALFORMED);
        CHECK_TEXT(e.message, cases[i][1]);
        json_free(v.document);
    }
}

/* Messages fit, whatever the document has for names and values. */
static void long_messages(void)
{
    test_begin("long names and values");
    struct buffer text = {0};
    struct error e = {0};
    struct json *document = NULL;
    struct json_place place[JSON_MAX_DEPTH];
    for (int i = 0; i < 40; i++) {
        buffer_append_string(&text, "{\"");
        for (int k = 0; k < 100; k++) buffer_append_string(&text, "\xe2\x82\xac");
        buffer_append_string(&text, "\":");
    }
    buffer_append_byte(&text, '"');
    for (int i = 0; i < 100000; i++) buffer_append_string(&text, "\xf0\x9f\x98\x80");
    buffer_append_byte(&text, '"');
    for (int i = 0; i < 40; i++) buffer_append_byte(&text, '}');
    CHECK_EQUAL(json_read_document(bytes_of(text.data, text.size), &document, &e), STATUS_OK);
    place[0] = json_root(document);
    size_t depth_reached = 0;
    for (size_t position = 0; json_next(&place[depth_reached], &position, &place[depth_reached + 1]);) {
        depth_reached++;
        position = 0;
    }
    CHECK_EQUAL(depth_reached, 40);
    uint64_t number;
    CHECK_EQUAL(json_read_u64(&place[40], 1, &number, &e), STATUS_MALFORMED);
    CHECK(strlen(e.message) < sizeof e.message);
    CHECK_EQUAL(json_check_object(&place[39], NULL, 0, &e), STATUS_MALFORMED);
    CHECK(strlen(e.message) < sizeof e.message);
    json_free(document);
    buffer_free(&text);
}

int main(void)
{
    documents();
    depth();
    many_names();
    limits();
    built();
    hostile();
    numbers();
    texts();
    structure();
    long_messages();
    return test_end();
}
