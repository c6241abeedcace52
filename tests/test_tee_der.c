/* DER, times and PEM: what is read, and what is refused. */
#include "base/base64.h"
#include "tee/x509.h"
#include "tests/test.h"

#define BYTES(...) bytes_of((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* Whether the input is one element of that tag and nothing else. */
static bool is_element(struct bytes input, uint8_t tag)
{
    struct der_reader r = der_reader_of(input);
    struct error e = {0};
    der_read(&r, tag);
    const enum status status = der_finish(&r, "test", &e);
    if (status != STATUS_OK) CHECK(e.code == TEE_DER && e.message[0] && e.offset <= input.size);
    return status == STATUS_OK;
}

static void test_lengths(void)
{
    static uint8_t long_one[70000];
    test_begin("DER: lengths and tags");
    CHECK(is_element(BYTES(0x04, 0x00), DER_OCTET_STRING));
    CHECK(is_element(BYTES(0x04, 0x01, 0xaa), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0x01, 0xaa), DER_BIT_STRING));
    CHECK(!is_element(BYTES(0x04), DER_OCTET_STRING));
    CHECK(!is_element(bytes_of(NULL, 0), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0x02, 0xaa), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0x01, 0xaa, 0x00), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0x80, 0x00, 0x00), DER_OCTET_STRING));          /* indefinite */
    CHECK(!is_element(BYTES(0x30, 0x80, 0x00, 0x00), DER_SEQUENCE));
    CHECK(!is_element(BYTES(0x04, 0x81, 0x01, 0xaa), DER_OCTET_STRING));          /* long form of a short one */
    CHECK(!is_element(BYTES(0x04, 0x82, 0x00, 0x01, 0xaa), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0x81), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0x82, 0x01), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0x84, 0xff, 0xff, 0xff, 0xff), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0x85, 0x01, 0x00, 0x00, 0x00, 0x00), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x04, 0xff), DER_OCTET_STRING));
    CHECK(!is_element(BYTES(0x1f, 0x81, 0x01, 0x00), 0x1f));                      /* a tag of several bytes */
    long_one[0] = DER_OCTET_STRING;
    memcpy(long_one + 1, (const uint8_t[]){0x81, 0x80}, 2);
    CHECK(is_element(bytes_of(long_one, 3 + 0x80), DER_OCTET_STRING));
    memcpy(long_one + 1, (const uint8_t[]){0x81, 0xff}, 2);
    CHECK(is_element(bytes_of(long_one, 3 + 0xff), DER_OCTET_STRING));
    memcpy(long_one + 1, (const uint8_t[]){0x82, 0x00, 0xff}, 3);
    CHECK(!is_element(bytes_of(long_one, 4 + 0xff), DER_OCTET_STRING));
    memcpy(long_one + 1, (const uint8_t[]){0x82, 0x01, 0x00}, 3);
    CHECK(is_element(bytes_of(long_one, 4 + 0x100), DER_OCTET_STRING));
    memcpy(long_one + 1, (const uint8_t[]){0x83, 0x01, 0x00, 0x00}, 4);
    CHECK(is_element(bytes_of(long_one, 5 + 0x10000), DER_OCTET_STRING));
    memcpy(long_one + 1, (const uint8_t[]){0x83, 0x00, 0x80, 0x00}, 4);
    CHECK(!is_element(bytes_of(long_one, 5 + 0x8000), DER_OCTET_STRING));
}

/* -1: refused */
static int64_t number(struct bytes input, uint64_t max)
{
    struct der_reader r = der_reader_of(input);
    const uint64_t value = der_read_small(&r, max);
    return der_finish(&r, "test", NULL) == STATUS_OK ? (int64_t)value : -1;
}

static void test_numbers(void)
{
    test_begin("DER: numbers, truth values, bits");
    CHECK_EQUAL(number(BYTES(0x02, 0x01, 0x00), 255), 0);
    CHECK_EQUAL(number(BYTES(0x02, 0x01, 0x7f), 255), 127);
    CHECK_EQUAL(number(BYTES(0x02, 0x02, 0x00, 0xd5), 255), 213);
    CHECK_EQUAL(number(BYTES(0x02, 0x02, 0x01, 0x00), 255), -1);
    CHECK_EQUAL(number(BYTES(0x02, 0x02, 0x01, 0x00), 256), 256);
    CHECK_EQUAL(number(BYTES(0x02, 0x01, 0xd5), 255), -1);       /* negative */
    CHECK_EQUAL(number(BYTES(0x02, 0x02, 0x00, 0x44), 255), -1); /* a zero too many */
    CHECK_EQUAL(number(BYTES(0x02, 0x02, 0xff, 0x80), 255), -1);
    CHECK_EQUAL(number(BYTES(0x02, 0x00), 255), -1);
    CHECK_EQUAL(number(BYTES(0x02, 0x08, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), UINT64_MAX), INT64_MAX);
    CHECK_EQUAL(number(BYTES(0x02, 0x09, 0x01, 0, 0, 0, 0, 0, 0, 0, 0), UINT64_MAX), -1);
    CHECK_EQUAL(number(BYTES(0x02, 0x0a, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0), UINT64_MAX), -1);

    struct der_reader r = der_reader_of(BYTES(0x01, 0x01, 0xff, 0x01, 0x01, 0x00, 0x01, 0x01, 0x01));
    CHECK(der_read_bool(&r) && !der_read_bool(&r) && !r.failed);
    CHECK(!der_read_bool(&r) && r.failed && r.failed_at == 6);

    unsigned unused;
    r = der_reader_of(BYTES(0x03, 0x02, 0x05, 0xa0));
    CHECK(der_read_bits(&r, &unused).size == 1 && unused == 5 && !r.failed);
    r = der_reader_of(BYTES(0x03, 0x01, 0x00));
    CHECK(der_read_bits(&r, &unused).size == 0 && unused == 0 && !r.failed);
    const struct bytes bad[] = {BYTES(0x03, 0x00), BYTES(0x03, 0x01, 0x01), BYTES(0x03, 0x02, 0x08, 0x00),
                                BYTES(0x03, 0x02, 0x05, 0xb0)};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        r = der_reader_of(bad[i]);
        CHECK(der_read_bits(&r, &unused).size == 0 && unused == 0 && r.failed);
    }
}

static void test_nesting(void)
{
    /* SEQUENCE { SEQUENCE { INTEGER 5 }, SEQUENCE {} , OCTET STRING } */
    const struct bytes input = BYTES(0x30, 0x0a, 0x30, 0x03, 0x02, 0x01, 0x05, 0x30, 0x00, 0x04, 0x01, 0x09);
    test_begin("DER: readers inside of readers");
    struct der_reader outer = der_reader_of(input), r = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    struct der_reader first = der_inside(&r, der_read(&r, DER_SEQUENCE));
    CHECK(der_peek(&first) == DER_INTEGER && der_read_small(&first, 9) == 5 && !der_more(&first));
    struct der_reader second = der_inside(&r, der_read(&r, DER_SEQUENCE));
    CHECK(!der_more(&second) && der_peek(&second) == 0);
    CHECK(der_finish(&second, "second", NULL) == STATUS_OK);
    const struct der_reader before = r;
    CHECK(der_read_whole(&r, DER_OCTET_STRING).size == 3 && der_finish(&r, "all", NULL) == STATUS_OK);
    r = before;
    struct error e = {0};
    der_read(&r, DER_INTEGER);
    CHECK(r.failed && !der_more(&r) && der_peek(&r) == 0 && der_read(&r, DER_OCTET_STRING).size == 0);
    CHECK(der_finish(&r, "all", &e) == STATUS_INVALID && e.code == TEE_DER && e.offset == 9);
    const struct der_reader below = der_inside(&r, bytes_of(NULL, 0)); /* a failure is inherited */
    CHECK(der_finish(&below, "below", &e) == STATUS_INVALID && e.offset == 9);
    struct der_reader short_one = der_reader_of(BYTES(0x30, 0x04, 0x04, 0x05, 0x01, 0x02, 0x03, 0x04, 0x05));
    struct der_reader inner = der_inside(&short_one, der_read(&short_one, DER_SEQUENCE));
    der_read(&inner, DER_OCTET_STRING); /* must not read past its surroundings */
    CHECK(inner.failed);
}

/* INT64_MIN: refused */
static int64_t time_of(uint8_t tag, const char *text)
{
    uint8_t der[40] = {tag, (uint8_t)strlen(text)};
    memcpy(der + 2, text, strlen(text));
    struct der_reader r = der_reader_of(bytes_of(der, 2 + strlen(text)));
    const int64_t at = der_read_time(&r);
    return der_finish(&r, "time", NULL) == STATUS_OK ? at : INT64_MIN;
}

static void test_times(void)
{
    static const char *const bad_utc[] = {
        "260617010504", "2606170105Z", "260617010504+0000", "261317010504Z", "260017010504Z", "260632010504Z",
        "260600010504Z", "250229000000Z", "260617240504Z", "260617016004Z", "260617010560Z", "26061701050aZ",
        "-60617010504Z", "260617010504z", " 60617010504Z", "", "20260617010504Z"};
    static const char *const bad_generalized[] = {
        "20491231235959Z", "20260617010504Z", "20500101000000", "20500101000000.5Z", "205001010000Z",
        "21000229000000Z", "20501301000000Z", "500101000000Z"};
    test_begin("DER: times");
    CHECK_EQUAL(time_of(DER_UTC_TIME, "700101000000Z"), 0);
    CHECK_EQUAL(time_of(DER_UTC_TIME, "691231235959Z"), -1);
    CHECK_EQUAL(time_of(DER_UTC_TIME, "500101000000Z"), -631152000);
    CHECK_EQUAL(time_of(DER_UTC_TIME, "491231235959Z"), 2524607999);
    CHECK_EQUAL(time_of(DER_UTC_TIME, "260617010504Z"), 1781658304);
    CHECK_EQUAL(time_of(DER_UTC_TIME, "000229120000Z"), 951825600);
    CHECK_EQUAL(time_of(DER_UTC_TIME, "240229000000Z"), 1709164800);
    CHECK_EQUAL(time_of(DER_GENERALIZED_TIME, "20500101000000Z"), 2524608000);
    CHECK_EQUAL(time_of(DER_GENERALIZED_TIME, "21000228235959Z"), 4107542399);
    CHECK_EQUAL(time_of(DER_GENERALIZED_TIME, "99991231235959Z"), 253402300799);
    for (size_t i = 0; i < sizeof bad_utc / sizeof *bad_utc; i++)
        CHECK_EQUAL(time_of(DER_UTC_TIME, bad_utc[i]), INT64_MIN);
    for (size_t i = 0; i < sizeof bad_generalized / sizeof *bad_generalized; i++)
        CHECK_EQUAL(time_of(DER_GENERALIZED_TIME, bad_generalized[i]), INT64_MIN);
    CHECK_EQUAL(time_of(DER_OCTET_STRING, "260617010504Z"), INT64_MIN);
}

/* How many blocks there are; -1: refused. */
static int blocks(const char *text)
{
    struct arena arena = {0};
    struct bytes rest = bytes_of_string(text), der;
    struct error e = {0};
    int count = 0;
    while (pem_next(&rest, "CERTIFICATE", &arena, &der, &e)) {
        CHECK(der.size > 0);
        count++;
    }
    if (e.status != STATUS_OK) CHECK(e.code == TEE_PEM && e.message[0]);
    else CHECK(rest.size == 0);
    arena_free(&arena);
    return e.status == STATUS_OK ? count : -1;
}

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"
#define LINE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void test_pem(void)
{
    test_begin("PEM");
    CHECK_EQUAL(blocks(""), 0);
    CHECK_EQUAL(blocks(" \r\n\t\n"), 0);
    CHECK_EQUAL(blocks(BEGIN "AAAA\n" END), 1);
    CHECK_EQUAL(blocks("\n" BEGIN "AAAA\n" END "\n\n" BEGIN LINE "\nAAA=\n" END), 2);
    CHECK_EQUAL(blocks(BEGIN LINE "\n" LINE "\n" END), 1);
    CHECK_EQUAL(blocks("-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----\r\n"), 1);
    CHECK_EQUAL(blocks(BEGIN "AAAA\n-----END CERTIFICATE-----"), 1);
    CHECK_EQUAL(blocks(BEGIN END), -1);
    CHECK_EQUAL(blocks(BEGIN "AAAA\n"), -1);
    CHECK_EQUAL(blocks(BEGIN "AAAA\nAAAA\n" END), -1);           /* a short line that is not the last */
    CHECK_EQUAL(blocks(BEGIN LINE "AAAA\n" END), -1);            /* a line of 68 */
    CHECK_EQUAL(blocks(BEGIN "AAA\n" END), -1);
    CHECK_EQUAL(blocks(BEGIN "AA=A\n" END), -1);
    CHECK_EQUAL(blocks(BEGIN "AAB=\n" END), -1);                 /* bits that are left over */
    CHECK_EQUAL(blocks(BEGIN "AAAA \n" END), -1);
    CHECK_EQUAL(blocks(BEGIN "\nAAAA\n" END), -1);
    CHECK_EQUAL(blocks(BEGIN "Proc-Type: 4\n\nAAAA\n" END), -1); /* headers */
    CHECK_EQUAL(blocks("text\n" BEGIN "AAAA\n" END), -1);
    CHECK_EQUAL(blocks(BEGIN "AAAA\n" END "text"), -1);
    CHECK_EQUAL(blocks(BEGIN "AAAA\n-----END CERTIFICATE----- \n"), -1);
    CHECK_EQUAL(blocks("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"), -1);
    CHECK_EQUAL(blocks(BEGIN "AAAA\n-----END X509 CRL-----\n"), -1);
    CHECK_EQUAL(blocks(BEGIN BEGIN "AAAA\n" END END), -1);
    CHECK_EQUAL(blocks("-----BEGIN CERTIFICATE----- \nAAAA\n" END), -1);
}

int main(void)
{
    test_lengths();
    test_numbers();
    test_nesting();
    test_times();
    test_pem();
    return test_end();
}
