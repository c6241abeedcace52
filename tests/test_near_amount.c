/* Balances and gas as people write them. */
#include "near/amount.h"
#include "tests/test.h"

static void check_balance(const char *text, const char *expected)
{
    struct u128 v = {1, 2};
    char printed[U128_TEXT_SIZE];
    struct error e = {0};
    if (!CHECK_EQUAL(balance_parse(bytes_of_string(text), &v, &e), STATUS_OK)) printf("'%s': %s\n", text, e.message);
    u128_print(v, printed);
    CHECK_TEXT(printed, expected);
}

static void refuses_balance(const char *text, enum status status, const char *says)
{
    struct u128 v = {7, 9};
    struct error e = {0};
    if (!CHECK_EQUAL(balance_parse(bytes_of_string(text), &v, &e), status)) printf("'%s'\n", text);
    if (!CHECK(strstr(e.message, says) != NULL)) printf("'%s': %s\n", text, e.message);
    CHECK(v.low == 7 && v.high == 9);
    CHECK(balance_parse(bytes_of_string(text), &v, NULL) == status);
}

static void test_balances(void)
{
    test_begin("balances");
    check_balance("0", "0");
    check_balance("100", "100");
    check_balance("1y", "1");
    check_balance("1 yN", "1");
    check_balance("5 yocto", "5");
    check_balance("5yoctoNEAR", "5");
    check_balance("1N", "1000000000000000000000000");
    check_balance("1 NEAR", "1000000000000000000000000");
    check_balance("  1\tnear ", "1000000000000000000000000");
    check_balance("1.5 NEAR", "1500000000000000000000000");
    check_balance("1.5N", "1500000000000000000000000");
    check_balance("0.000000000000000000000001 NEAR", "1");
    check_balance("10mN", "10000000000000000000000");
    check_balance("1.25 mNEAR", "1250000000000000000000");
    check_balance("3uNEAR", "3000000000000000000");
    check_balance("0.5 uN", "500000000000000000");
    check_balance("1_000_000", "1000000");
    check_balance("1,234,567.5 NEAR", "1234567500000000000000000000000");
    check_balance("340282366920938463463374607431768211455", "340282366920938463463374607431768211455");
    check_balance("340,282,366,920,938.463463374607431768211455 NEAR", "340282366920938463463374607431768211455");
    check_balance("000000000000000000000000000000000000000000000000000000000001", "1");
}

static void test_wrong_balances(void)
{
    test_begin("what is no balance");
    refuses_balance("", STATUS_MALFORMED, "empty");
    refuses_balance("   ", STATUS_MALFORMED, "empty");
    refuses_balance("NEAR", STATUS_MALFORMED, "'NEAR' is no balance");
    refuses_balance("-1", STATUS_MALFORMED, "negative");
    refuses_balance("-0.5 NEAR", STATUS_MALFORMED, "negative");
    refuses_balance("+1", STATUS_MALFORMED, "is no balance");
    refuses_balance(".5 NEAR", STATUS_MALFORMED, "is no balance");
    refuses_balance("1. NEAR", STATUS_MALFORMED, "is no balance");
    refuses_balance("1.5.5 NEAR", STATUS_MALFORMED, "is no balance");
    refuses_balance("1e24", STATUS_MALFORMED, "'e24' is no unit of balances");
    refuses_balance("0x10", STATUS_MALFORMED, "'x10' is no unit");
    refuses_balance("1 MNEAR", STATUS_MALFORMED, "'MNEAR' is no unit"); /* a million or a thousandth? */
    refuses_balance("1 Tgas", STATUS_MALFORMED, "'Tgas' is no unit of balances: known are NEAR");
    refuses_balance("1 NEAR 2", STATUS_MALFORMED, "'NEAR 2' is no unit");
    refuses_balance("1 2", STATUS_MALFORMED, "is no balance");
    refuses_balance("1,5 NEAR", STATUS_MALFORMED, "is no balance"); /* not 15 */
    refuses_balance("1,2345", STATUS_MALFORMED, "is no balance");
    refuses_balance("1234,567", STATUS_MALFORMED, "is no balance");
    refuses_balance("1,234,56", STATUS_MALFORMED, "is no balance");
    refuses_balance("1,", STATUS_MALFORMED, "is no balance");
    refuses_balance("1_", STATUS_MALFORMED, "is no balance");
    refuses_balance("_1", STATUS_MALFORMED, "is no balance");
    refuses_balance("1__0", STATUS_MALFORMED, "is no balance");
    refuses_balance("1_.5 N", STATUS_MALFORMED, "is no balance");
    refuses_balance("1.5", STATUS_INVALID, "did you mean 1.5 NEAR?");
    refuses_balance("1.5 yocto", STATUS_INVALID, "yoctoNEAR cannot be divided");
    refuses_balance("0.0000000000000000000000001 NEAR", STATUS_INVALID, "has 25 decimals: NEAR has at most 24");
    refuses_balance("0.0000000000000000001 uN", STATUS_INVALID, "has 19 decimals: uN has at most 18");
    refuses_balance("340282366920938463463374607431768211456", STATUS_LIMIT, "more than the largest balance");
    refuses_balance("340282366920938.463463374607431768211456 NEAR", STATUS_LIMIT, "more than the largest");
    refuses_balance("340282366920939 NEAR", STATUS_LIMIT, "more than the largest");
    refuses_balance("1000000000000000000000000000000000000000000000000000000000000", STATUS_LIMIT, "...'");
    refuses_balance("\033[31m1", STATUS_MALFORMED, "'?[31m1'"); /* nothing reaches a terminal */
    struct u128 v;
    CHECK(balance_parse(bytes_of("1\0N", 3), &v, NULL) == STATUS_MALFORMED);
    CHECK(balance_parse(bytes_of(NULL, 0), &v, NULL) == STATUS_MALFORMED);
}

static void check_gas(const char *text, uint64_t expected)
{
    uint64_t v = 1;
    struct error e = {0};
    if (!CHECK_EQUAL(gas_parse(bytes_of_string(text), &v, &e), STATUS_OK)) printf("'%s': %s\n", text, e.message);
    CHECK_EQUAL(v, expected);
}

static void refuses_gas(const char *text, enum status status, const char *says)
{
    uint64_t v = 7;
    struct error e = {0};
    if (!CHECK_EQUAL(gas_parse(bytes_of_string(text), &v, &e), status)) printf("'%s'\n", text);
    if (!CHECK(strstr(e.message, says) != NULL)) printf("'%s': %s\n", text, e.message);
    CHECK_EQUAL(v, 7);
}

static void test_gas(void)
{
    test_begin("gas");
    check_gas("0", 0);
    check_gas("100T", 100000000000000);
    check_gas("30Tgas", 30000000000000);
    check_gas("30 TGas", 30000000000000);
    check_gas("5 Ggas", 5000000000);
    check_gas("2.5 G", 2500000000);
    check_gas("1 Pgas", 1000000000000000);
    check_gas("7m", 7000000);
    check_gas("1.001 kgas", 1001);
    check_gas("2,427,999,257", 2427999257);
    check_gas("2,427,999,257 gas", 2427999257);
    check_gas("18446744073709551615", UINT64_MAX);
    check_gas("18,446,744.073709551615 Tgas", UINT64_MAX);
    refuses_gas("", STATUS_MALFORMED, "empty: write for example 1.5 Tgas");
    refuses_gas("-1", STATUS_MALFORMED, "negative");
    refuses_gas("1.5", STATUS_INVALID, "did you mean 1.5 Tgas?");
    refuses_gas("1.5 gas", STATUS_INVALID, "gas cannot be divided");
    refuses_gas("0.0001 kgas", STATUS_INVALID, "has 4 decimals: Kgas has at most 3");
    refuses_gas("1 NEAR", STATUS_MALFORMED, "'NEAR' is no unit of gas");
    refuses_gas("18446744073709551616", STATUS_LIMIT, "more than the largest amount of gas");
    refuses_gas("18446745T", STATUS_LIMIT, "more than the largest");
    refuses_gas("340282366920938463463374607431768211456", STATUS_LIMIT, "more than the largest");
    refuses_gas("340282366920938463463374607431768211455T", STATUS_LIMIT, "more than the largest");
}

static void check_balance_text(const char *yocto, const char *expected)
{
    struct u128 v, back;
    char text[AMOUNT_TEXT_SIZE];
    CHECK(u128_parse(bytes_of_string(yocto), &v));
    CHECK_TEXT(balance_text(v, text), expected);
    CHECK(strlen(text) < sizeof text);
    CHECK_EQUAL(balance_parse(bytes_of_string(text), &back, NULL), STATUS_OK);
    CHECK(u128_equal(v, back));
}

static void check_gas_text(uint64_t gas, const char *expected)
{
    char text[AMOUNT_TEXT_SIZE];
    CHECK_TEXT(gas_text(gas, text), expected);
}

static void check_digits(uint64_t gas, const char *expected)
{
    char text[AMOUNT_TEXT_SIZE];
    CHECK_TEXT(gas_digits(gas, text), expected);
}

static void test_printing(void)
{
    test_begin("printing");
    check_balance_text("0", "0 NEAR");
    check_balance_text("1", "1 yoctoNEAR");
    check_balance_text("1500", "1,500 yoctoNEAR");
    check_balance_text("999999999999999999", "999,999,999,999,999,999 yoctoNEAR");
    check_balance_text("1000000000000000000", "0.000001 NEAR");
    check_balance_text("1000000000000000001", "0.000001000000000000000001 NEAR");
    check_balance_text("1500000000000000000000000", "1.5 NEAR");
    check_balance_text("10000000000000000000000000", "10 NEAR");
    check_balance_text("1234567500000000000000000000000", "1,234,567.5 NEAR");
    check_balance_text("340282366920938463463374607431768211455", "340,282,366,920,938.463463374607431768211455 NEAR");
    check_digits(0, "0");
    check_digits(999, "999");
    check_digits(1000, "1,000");
    check_digits(2427999257, "2,427,999,257");
    check_digits(UINT64_MAX, "18,446,744,073,709,551,615");
    check_gas_text(0, "0 gas");
    check_gas_text(822756, "822,756 gas");
    check_gas_text(999999, "999,999 gas");
    check_gas_text(1000000, "1 Mgas");
    check_gas_text(1234567, "1.235 Mgas");
    check_gas_text(2427999257, "2.428 Ggas");
    check_gas_text(2427999257000, "2.428 Tgas");
    check_gas_text(2427500000000, "2.428 Tgas"); /* half up */
    check_gas_text(2427499999999, "2.427 Tgas");
    check_gas_text(12345000000, "12.35 Ggas");
    check_gas_text(123450000000, "123.5 Ggas");
    check_gas_text(999949999999, "999.9 Ggas");
    check_gas_text(999950000000, "1 Tgas"); /* rounding reaches the next unit */
    check_gas_text(999999999, "1 Ggas");
    check_gas_text(9999600000000, "10 Tgas");
    check_gas_text(300000000000000, "300 Tgas");
    check_gas_text(1000499999999999, "1,000 Tgas");
    check_gas_text(UINT64_MAX, "18,446,744 Tgas");
}

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* What is printed is read back as the same balance, whatever its size; gas keeps four digits. */
static void test_round_trips(void)
{
    test_begin("random balances and gas");
    uint64_t state = 88;
    unsigned wrong = 0;
    for (unsigned i = 0; i < 20000; i++) {
        struct u128 v = {next(&state), next(&state)}, back;
        unsigned shift = i % 128;
        if (shift >= 64) v = (struct u128){v.high >> (shift - 64), 0};
        else v.high >>= shift;
        char text[AMOUNT_TEXT_SIZE];
        wrong += balance_parse(bytes_of_string(balance_text(v, text)), &back, NULL) != STATUS_OK || !u128_equal(v, back);
        uint64_t gas = v.low, read = 0;
        wrong += gas_parse(bytes_of_string(gas_digits(gas, text)), &read, NULL) != STATUS_OK || read != gas;
        wrong += gas_parse(bytes_of_string(gas_text(gas, text)), &read, NULL) != STATUS_OK;
        uint64_t off = read > gas ? read - gas : gas - read;
        wrong += off > gas / 2000 + 1; /* half a unit of the fourth digit */
    }
    CHECK_EQUAL(wrong, 0);
}

/* Random text from the characters that mean something: refused or read, and if refused, with a reason. */
static void test_random_text(void)
{
    static const char alphabet[] = "0123456789.,_ -NEARyoctmuTgasGMK\n\xff";
    test_begin("random text");
    uint64_t state = 7;
    unsigned wrong = 0, read = 0;
    for (unsigned i = 0; i < 50000; i++) {
        uint8_t text[24];
        size_t size = next(&state) % sizeof text;
        for (size_t k = 0; k < size; k++) text[k] = (uint8_t)alphabet[next(&state) % (sizeof alphabet - 1)];
        struct u128 v = {1, 1};
        uint64_t gas = 1;
        struct error e = {0}, f = {0};
        bool ok = balance_parse(bytes_of(text, size), &v, &e) == STATUS_OK;
        bool gas_ok = gas_parse(bytes_of(text, size), &gas, &f) == STATUS_OK;
        wrong += ok == (e.message[0] != 0) || gas_ok == (f.message[0] != 0);
        wrong += !ok && (v.low != 1 || v.high != 1);
        wrong += !gas_ok && gas != 1;
        read += ok;
    }
    CHECK_EQUAL(wrong, 0);
    CHECK(read > 100);
}

int main(void)
{
    test_round_trips();
    test_random_text();
    test_balances();
    test_wrong_balances();
    test_gas();
    test_printing();
    return test_end();
}
