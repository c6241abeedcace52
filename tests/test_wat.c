/* The text format: numbers, every kind of error with its place, abbreviations, nesting, names, scripts. */
#include <stdlib.h>

#include "base/base.h"
#include "base/float_text.h"
#include "tests/test.h"
#include "wat/number.h"
#include "wat/wat.h"

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

/* A literal and its bits, or the result if it is none. */
struct float_case {
    const char *text;
    uint64_t bits;
    enum float_result result;
};

static const struct float_case f32_cases[] = {
    {"0", 0, FLOAT_OK}, {"-0", 0x80000000, FLOAT_OK}, {"+1.5", 0x3fc00000, FLOAT_OK}, {"1_0.2_5", 0x41240000, FLOAT_OK},
    {"0x1.8p1", 0x40400000, FLOAT_OK}, {"0x1.", 0x3f800000, FLOAT_OK}, {"0xA_b.cP-4", 0x412bc000, FLOAT_OK},
    {"0x1.000001p0", 0x3f800000, FLOAT_OK},               /* halfway, to even: down */
    {"0x1.000003p0", 0x3f800002, FLOAT_OK},               /* halfway, to even: up */
    {"0x1.00000100000000000000000001p0", 0x3f800001, FLOAT_OK}, /* beyond 64 bits, just above halfway */
    {"1.00000005960464477539062500", 0x3f800000, FLOAT_OK},     /* the same in decimal: 1 + 2^-24 */
    {"1.00000005960464477539062501", 0x3f800001, FLOAT_OK},
    /* rounded to f64 first, this would become a tie and end at 0x3f800000 */
    {"1.00000005960464477539062500000000000000000000000000000001", 0x3f800001, FLOAT_OK},
    {"0x1p-149", 1, FLOAT_OK}, {"0x1p-150", 0, FLOAT_OK}, {"0x1.000002p-150", 1, FLOAT_OK}, {"0x1p-151", 0, FLOAT_OK},
    {"1e-45", 1, FLOAT_OK}, {"7e-46", 0, FLOAT_OK}, {"0x1.fffffep-127", 0x00800000, FLOAT_OK}, /* up to the first normal */
    {"0x1.fffffep127", 0x7f7fffff, FLOAT_OK}, {"0x1.fffffeffffffp127", 0x7f7fffff, FLOAT_OK},
    {"0x1.ffffffp127", 0, FLOAT_RANGE}, {"0x1p128", 0, FLOAT_RANGE}, {"3.4028235e38", 0x7f7fffff, FLOAT_OK},
    {"340282356779733661637539395458142568447", 0x7f7fffff, FLOAT_OK},
    {"340282356779733661637539395458142568448", 0, FLOAT_RANGE}, {"1e39", 0, FLOAT_RANGE},
    {"1e999999999999999999999", 0, FLOAT_RANGE}, {"1e-999999999999999999999", 0, FLOAT_OK},
    {"0e999999999999999999999", 0, FLOAT_OK}, {"0x0p999999999999999999999", 0, FLOAT_OK},
    {"inf", 0x7f800000, FLOAT_OK}, {"-inf", 0xff800000, FLOAT_OK}, {"nan", 0x7fc00000, FLOAT_OK},
    {"-nan", 0xffc00000, FLOAT_OK}, {"nan:0x1", 0x7f800001, FLOAT_OK}, {"-nan:0x7f_ffff", 0xffffffff, FLOAT_OK},
    {"nan:0x0", 0, FLOAT_RANGE}, {"nan:0x80_0000", 0, FLOAT_RANGE}, {"nan:1", 0, FLOAT_SYNTAX},
    {"nan:0x", 0, FLOAT_SYNTAX}, {"nan:", 0, FLOAT_SYNTAX}, {"infinity", 0, FLOAT_SYNTAX}, {"", 0, FLOAT_SYNTAX},
    {"-", 0, FLOAT_SYNTAX}, {".5", 0, FLOAT_SYNTAX}, {"1e", 0, FLOAT_SYNTAX}, {"1e+", 0, FLOAT_SYNTAX},
    {"0x", 0, FLOAT_SYNTAX}, {"0x.1", 0, FLOAT_SYNTAX}, {"0x1p", 0, FLOAT_SYNTAX}, {"1__0", 0, FLOAT_SYNTAX},
    {"_1", 0, FLOAT_SYNTAX}, {"1_", 0, FLOAT_SYNTAX}, {"1_.0", 0, FLOAT_SYNTAX}, {"1._0", 0, FLOAT_SYNTAX},
    {"1.0x", 0, FLOAT_SYNTAX}, {"1,5", 0, FLOAT_SYNTAX}, {" 1", 0, FLOAT_SYNTAX}, {"0X1", 0, FLOAT_SYNTAX},
};

static const struct float_case f64_cases[] = {
    {"0.1", 0x3fb999999999999a, FLOAT_OK}, {"1e23", 0x44b52d02c7e14af6, FLOAT_OK},
    {"9007199254740993", 0x4340000000000000, FLOAT_OK},   /* 2^53 + 1: halfway, to even */
    {"9007199254740993.00000000000000000000000000000000000000000001", 0x4340000000000001, FLOAT_OK},
    {"9007199254740995", 0x4340000000000002, FLOAT_OK},
    {"0x1.00000000000008p0", 0x3ff0000000000000, FLOAT_OK}, {"0x1.000000000000080001p0", 0x3ff0000000000001, FLOAT_OK},
    {"2.2250738585072011e-308", 0x000fffffffffffff, FLOAT_OK}, {"2.2250738585072014e-308", 0x0010000000000000, FLOAT_OK},
    {"4.9406564584124654e-324", 1, FLOAT_OK}, {"2.4703282292062327e-324", 0, FLOAT_OK},
    {"2.4703282292062328e-324", 1, FLOAT_OK}, {"0x1p-1074", 1, FLOAT_OK}, {"0x1p-1075", 0, FLOAT_OK},
    {"0x1.0000000000001p-1075", 1, FLOAT_OK},
    {"0x145857c1d6266.88p-1074", 0x000145857c1d6267, FLOAT_OK}, /* some C libraries get this wrong */
    {"1.7976931348623157e308", 0x7fefffffffffffff, FLOAT_OK}, {"1.7976931348623158e308", 0x7fefffffffffffff, FLOAT_OK},
    {"1.7976931348623159e308", 0, FLOAT_RANGE}, {"0x1.fffffffffffff8p1023", 0, FLOAT_RANGE},
    {"0x1.fffffffffffff7p1023", 0x7fefffffffffffff, FLOAT_OK}, {"nan", 0x7ff8000000000000, FLOAT_OK},
    {"nan:0xfffffffffffff", 0x7fffffffffffffff, FLOAT_OK}, {"nan:0x10000000000000", 0, FLOAT_RANGE},
    {"nan:0xfffffffffffffffffffffffff", 0, FLOAT_RANGE}, {"-inf", 0xfff0000000000000, FLOAT_OK},
};

static void check_float(const struct float_case *c, unsigned width)
{
    uint64_t bits = 0;
    uint32_t narrow = 0;
    enum float_result r = width == 32 ? float_read_f32(c->text, strlen(c->text), &narrow)
                                      : float_read_f64(c->text, strlen(c->text), &bits);
    if (width == 32) bits = narrow;
    if (!CHECK(r == c->result && (r != FLOAT_OK || bits == c->bits)))
        printf("  f%u %s: result %d, bits %" PRIx64 "\n", width, c->text, (int)r, bits);
}

static void test_float_reading(void)
{
    test_begin("floating-point literals");
    for (size_t i = 0; i < sizeof f32_cases / sizeof *f32_cases; i++) check_float(&f32_cases[i], 32);
    for (size_t i = 0; i < sizeof f64_cases / sizeof *f64_cases; i++) check_float(&f64_cases[i], 64);
}

/* Digits after the 800th decide only by not being 0, and zeros may be taken away by the exponent. */
static void test_long_literals(void)
{
    test_begin("long literals");
    static char text[2000];
    uint64_t bits = 0;
    /* 1 + 2^-53, exactly halfway, and then 1500 digits later a 1 */
    int n = snprintf(text, sizeof text, "1.00000000000000011102230246251565404236316680908203125");
    CHECK(float_read_f64(text, (size_t)n, &bits) == FLOAT_OK && bits == 0x3ff0000000000000);
    memset(text + n, '0', 1500);
    CHECK(float_read_f64(text, (size_t)n + 1500, &bits) == FLOAT_OK && bits == 0x3ff0000000000000);
    text[n + 1500] = '1';
    CHECK(float_read_f64(text, (size_t)n + 1501, &bits) == FLOAT_OK && bits == 0x3ff0000000000001);
    /* 1500 zeros that the exponent takes away again */
    memset(text, '0', sizeof text);
    text[1] = '.';
    memcpy(text + 1502, "25e1501", 7);
    CHECK(float_read_f64(text, 1509, &bits) == FLOAT_OK && bits == 0x4004000000000000);
    text[0] = '1';
    memset(text + 1, '0', 1500);
    memcpy(text + 1501, "e-1500", 6);
    CHECK(float_read_f64(text, 1507, &bits) == FLOAT_OK && bits == 0x3ff0000000000000);
}

static void test_float_printing(void)
{
    test_begin("printing numbers");
    static const struct {
        uint64_t bits;
        const char *text;
    } f64[] = {
        {0, "0"}, {UINT64_C(1) << 63, "-0"}, {0x3fb999999999999a, "0.1"}, {0x54b249ad2594c37d, "1e+100"},
        {0x3ff8000000000000, "1.5"}, {1, "5e-324"}, {0x4340000000000000, "9007199254740992"},
        {0x3f50624dd2f1a9fc, "0.001"}, {0x3ee4f8b588e368f1, "0.00001"}, {0x3eb0c6f7a0b5ed8d, "1e-06"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"}, {0xfff0000000000000, "-inf"}, {0x7ff8000000000000, "nan"},
        {0xfff8000000000000, "-nan"}, {0x7ff0000000000001, "nan:0x1"}, {0x7fffffffffffffff, "nan:0xfffffffffffff"},
    };
    char text[FLOAT_TEXT_SIZE];
    for (size_t i = 0; i < sizeof f64 / sizeof *f64; i++) {
        CHECK_EQUAL(float_print_f64(f64[i].bits, text), strlen(f64[i].text));
        CHECK_TEXT(text, f64[i].text);
    }
    float_print_f32(0x3dcccccd, text);
    CHECK_TEXT(text, "0.1");
    float_print_f32(0x7fa00000, text);
    CHECK_TEXT(text, "nan:0x200000");
    uint64_t state = 1, wrong = 0;
    for (int i = 0; i < 20000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        uint64_t bits = state ^ state >> 29, back = 0;
        uint32_t narrow = (uint32_t)(bits >> 16), narrow_back = 0;
        size_t n = float_print_f64(bits, text);
        wrong += float_read_f64(text, n, &back) != FLOAT_OK || back != bits;
        n = float_print_f32(narrow, text);
        wrong += float_read_f32(text, n, &narrow_back) != FLOAT_OK || narrow_back != narrow;
    }
    CHECK_EQUAL(wrong, 0);
}

static void test_integers(void)
{
    test_begin("integer literals");
    static const struct {
        const char *text;
        unsigned bits;
        enum number_result result;
        uint64_t value;
    } cases[] = {
        {"0", 32, NUMBER_OK, 0}, {"-1", 32, NUMBER_OK, 0xffffffff}, {"4294967295", 32, NUMBER_OK, 0xffffffff},
        {"4294967296", 32, NUMBER_RANGE, 0}, {"-2147483648", 32, NUMBER_OK, 0x80000000},
        {"-2147483649", 32, NUMBER_RANGE, 0}, {"0xFfff_ffff", 32, NUMBER_OK, 0xffffffff},
        {"+0x1_0000_0000", 32, NUMBER_RANGE, 0}, {"-0x8000_0000", 32, NUMBER_OK, 0x80000000},
        {"18446744073709551615", 64, NUMBER_OK, UINT64_MAX}, {"18446744073709551616", 64, NUMBER_RANGE, 0},
        {"-9223372036854775808", 64, NUMBER_OK, UINT64_C(1) << 63}, {"-9223372036854775809", 64, NUMBER_RANGE, 0},
        {"99999999999999999999999999", 64, NUMBER_RANGE, 0}, {"0x", 32, NUMBER_SYNTAX, 0}, {"", 32, NUMBER_SYNTAX, 0},
        {"-", 32, NUMBER_SYNTAX, 0}, {"1_", 32, NUMBER_SYNTAX, 0}, {"1__1", 32, NUMBER_SYNTAX, 0},
        {"0x_1", 32, NUMBER_SYNTAX, 0}, {"12a", 32, NUMBER_SYNTAX, 0}, {"--1", 32, NUMBER_SYNTAX, 0},
        {"99999999999999999999999999x", 64, NUMBER_SYNTAX, 0}, {"000_0001", 32, NUMBER_OK, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 0;
        enum number_result r = read_integer(cases[i].text, strlen(cases[i].text), cases[i].bits, &value);
        if (!CHECK(r == cases[i].result && (r != NUMBER_OK || value == cases[i].value))) printf("  %s\n", cases[i].text);
    }
}

/* ---- modules ---------------------------------------------------------------------------------------------------- */

static enum status translate(const char *text, struct buffer *out, struct error *e)
{
    struct wat_options options = {.names = false};
    out->size = 0;
    *e = (struct error){0};
    return wat_to_wasm(text, strlen(text), &options, out, e);
}

/* The module behind its header, in hexadecimal; sections separated as `hex` writes them. */
static void check_module(const char *text, const char *hex)
{
    struct buffer out = {0}, shown = {0};
    struct error e;
    enum status status = translate(text, &out, &e);
    if (!status)
        for (size_t i = 8; i < out.size; i++) buffer_printf(&shown, "%02x", out.data[i]);
    buffer_append_byte(&shown, 0);
    struct buffer wanted = {0};
    for (; *hex; hex++)
        if (*hex != ' ') buffer_append_byte(&wanted, (uint8_t)*hex);
    buffer_append_byte(&wanted, 0);
    if (status || strcmp((char *)shown.data, (char *)wanted.data) != 0) printf("  %s: %s\n", text, e.message);
    CHECK_EQUAL(status, STATUS_OK);
    CHECK_TEXT((char *)shown.data, (char *)wanted.data);
    buffer_free(&out);
    buffer_free(&shown);
    buffer_free(&wanted);
}

/* Two texts that must give the same module. */
static void check_same(const char *a, const char *b)
{
    struct buffer one = {0}, two = {0};
    struct error e;
    enum status status = translate(a, &one, &e);
    if (status) printf("  %s: %s\n", a, e.message);
    if (!status) status = translate(b, &two, &e);
    bool same = bytes_equal(bytes_of(one.data, one.size), bytes_of(two.data, two.size));
    if (!CHECK(!status && one.size && same)) printf("  %s\n  %s\n  %s\n", a, b, e.message);
    buffer_free(&one);
    buffer_free(&two);
}

static void test_sections(void)
{
    test_begin("modules");
    check_module("", "");
    check_module("(module)", "");
    check_module("(module $m (type (func)))", "010401600000");
    check_module("(func)", "010401600000 03020100 0a040102000b");
    check_module("(func (param i32 i64) (result f32 f64) (local i32 i32 f64) unreachable)",
                 "01080160027f7e027d7c 03020100 0a09010702027f017c000b");
    check_module("(import \"a\" \"b\" (memory 1 2)) (export \"m\" (memory 0))", "0209010161016202010102 07050 1016d0200");
    check_module("(global (mut i64) (i64.const -1))", "06060 17e01427f0b");
    check_module("(start 0) (func)", "010401600000 03020100 080100 0a040102000b");
    check_module("(memory 1) (data \"\\00a\\t\\u{20ac}\") (func data.drop 0)",
                 "010401600000 03020100 0503010001 0c0101 0a070105 00fc09000b 0b090101 060061 09e282ac");
    check_module("(func (result i32) i32.const 0x8000_0000)", "01050160 00017f 03020100 0a0a01080041808080 80780b");
    check_module("(func f32.const nan:0x1 drop)", "010401600000 03020100 0a0a010800430100807f1a0b");
    check_module("(memory 0) (func (drop (i64.load16_u offset=300 align=1 (i32.const 0))))",
                 "010401600000 03020100 05030100 00 0a0b010900410033 00ac021a0b");
    check_module("(func (br_table 0 0 0 (i32.const 1)))", "010401600000 03020100 0a0b01090041010e020000000b");
}

/* All eight forms of element segments, and three of data segments. */
static void test_segments(void)
{
    test_begin("segments");
#define WITH_TABLE "(func $f) (table 1 funcref) (table $u 1 funcref) (table $x 1 externref) "
    static const char sections[] = "010401600000 03020100 040a03 700001700001 6f0001";
    static const struct {
        const char *text, *hex;
    } elements[] = {
        {"(elem (i32.const 0) $f 0)", "09080100 41000b 020000"},
        {"(elem (offset i32.const 0) func $f)", "09070100 41000b 0100"},
        {"(elem func $f)", "0905010100 0100"},
        {"(elem (table $u) (i32.const 0) func $f)", "090901020141000b00 0100"},
        {"(elem declare func $f)", "0905010300 0100"},
        {"(elem (i32.const 0) funcref (ref.func $f))", "0909010441000b 01d2000b"},
        {"(elem (table 0) (i32.const 0) funcref (item ref.null func))", "0909010441000b 01d0700b"},
        {"(elem $e funcref (item (ref.func $f)) (ref.null func))", "090a010570 02d2000bd0700b"},
        {"(elem (table 1) (offset (i32.const 0)) funcref (ref.func 0))", "090b0106 0141000b70 01d2000b"},
        {"(elem (table $x) (i32.const 0) externref (ref.null extern))", "090b0106 0241000b6f 01d06f0b"},
        {"(elem declare funcref (ref.func 0))", "0907010770 01d2000b"},
    };
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        struct buffer text = {0}, hex = {0};
        buffer_printf(&text, WITH_TABLE "%s%c", elements[i].text, 0);
        buffer_printf(&hex, "%s%s0a040102000b%c", sections, elements[i].hex, 0);
        check_module((char *)text.data, (char *)hex.data);
        buffer_free(&text);
        buffer_free(&hex);
    }
    check_module("(memory 1) (data (i32.const 0) \"a\" \"b\")", "0503010001 0b080100 41000b 026162");
    check_module("(data \"a\")", "0b04010101 61");
    check_module("(data (memory 1) (offset i32.const 0) \"\")", "0b07010201 41000b 00");
}

static void test_abbreviations(void)
{
    test_begin("abbreviations");
    static const char *const pairs[][2] = {
        {"(func (export \"a\") (export \"b\"))", "(func) (export \"a\" (func 0)) (export \"b\" (func 0))"},
        {"(func $f (import \"a\" \"b\") (param i32))", "(import \"a\" \"b\" (func (param i32)))"},
        {"(func (export \"x\") (import \"a\" \"b\"))", "(import \"a\" \"b\" (func)) (export \"x\" (func 0))"},
        {"(table (import \"a\" \"b\") 1 2 funcref)", "(import \"a\" \"b\" (table 1 2 funcref))"},
        {"(memory (export \"m\") (import \"a\" \"b\") 1)", "(import \"a\" \"b\" (memory 1)) (export \"m\" (memory 0))"},
        {"(global (import \"a\" \"b\") (mut i32))", "(import \"a\" \"b\" (global (mut i32)))"},
        {"(memory (data \"abc\"))", "(memory 1 1) (data (i32.const 0) \"abc\")"},
        {"(memory (data))", "(memory 0 0) (data (i32.const 0))"},
        {"(func $f) (table funcref (elem $f $f))", "(func) (table 2 2 funcref) (elem (i32.const 0) 0 0)"},
        {"(func $f) (table funcref (elem (ref.func $f)))",
         "(func) (table 1 1 funcref) (elem (i32.const 0) funcref (ref.func 0))"},
        {"(table externref (elem (ref.null extern)))",
         "(table 1 1 externref) (elem (table 0) (i32.const 0) externref (item ref.null extern))"},
        /* segments that are inline have numbers, too */
        {"(table funcref (elem)) (elem $e func) (func elem.drop $e)", "(table funcref (elem)) (elem func) (func elem.drop 1)"},
        {"(memory (data)) (data $d \"\") (func data.drop $d)", "(memory (data)) (data \"\") (func data.drop 1)"},
        /* type uses: the first equal type, explicit ones before implicit ones */
        {"(func (param i32)) (type (func)) (type $t (func (param i32)))",
         "(type (func)) (type (func (param i32))) (func (type 1))"},
        {"(func (param i32)) (func (result i32) unreachable) (func (param i32))",
         "(type (func (param i32))) (type (func (result i32))) (func (type 0)) (func (type 1) unreachable) (func (type 0))"},
        {"(type $t (func (param i32) (result i32))) (func (type $t) (param $x i32) (result i32) local.get $x)",
         "(type (func (param i32) (result i32))) (func (type 0) local.get 0)"},
        {"(type $t (func (param i32 i32))) (func (type $t) (local $x i64) (drop (local.get $x)))",
         "(type (func (param i32 i32))) (func (type 0) (local i64) local.get 2 drop)"},
        {"(func (block (result i32) i32.const 1) drop)", "(func block (result i32) i32.const 1 end drop)"},
        {"(func (block (param i32) (result i32 i32) unreachable) unreachable)",
         "(type (func)) (type (func (param i32) (result i32 i32))) (func block (type 1) unreachable end unreachable)"},
        /* folding */
        {"(func (drop (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3)))))",
         "(func i32.const 1 i32.const 2 i32.const 3 i32.mul i32.add drop)"},
        {"(func (if (i32.const 1) (then nop) (else unreachable)))", "(func i32.const 1 if nop else unreachable end)"},
        {"(func (if (result i32) (i32.const 1) (then (i32.const 2)) (else (i32.const 3))) drop)",
         "(func i32.const 1 if (result i32) i32.const 2 else i32.const 3 end drop)"},
        {"(func (if (i32.eqz (if (result i32) (i32.const 1) (then (i32.const 2)) (else (i32.const 3)))) (then)))",
         "(func i32.const 1 if (result i32) i32.const 2 else i32.const 3 end i32.eqz if end)"},
        {"(func (loop $l (br_if $l (block $b (result i32) (br $b (i32.const 0))))))",
         "(func loop block (result i32) i32.const 0 br 0 end br_if 0 end)"},
        /* labels: names shadow, and come back */
        {"(func block $a block $b block $a br $a br $b end br $a end br $a end)",
         "(func block block block br 0 br 1 end br 1 end br 0 end)"},
        {"(func (if $l (i32.const 0) (then (br $l)) (else (br $l))))", "(func i32.const 0 if br 0 else br 0 end)"},
        {"(func block $a end $a i32.const 0 if $b else $b end $b)", "(func block end i32.const 0 if else end)"},
        /* indices that may be left out */
        {"(table 1 funcref) (func (drop (table.get (i32.const 0))) (call_indirect (i32.const 0)))",
         "(table 1 funcref) (func i32.const 0 table.get 0 drop i32.const 0 call_indirect 0 (type 0))"},
        {"(table 1 funcref) (elem $e func) (func table.init $e table.copy table.size table.grow table.fill)",
         "(table 1 funcref) (elem func) (func table.init 0 0 table.copy 0 0 table.size 0 table.grow 0 table.fill 0)"},
        {"(func select (result i32) (result i64))", "(func select (result i32 i64))"},
        {"(memory 1) (func (i32.store (i32.const 0) (i32.const 0)))",
         "(memory 1) (func i32.const 0 i32.const 0 i32.store offset=0 align=4)"},
        /* tokens, comments, annotations */
        {"(;a(;b;);)(func(;;)(nop);;x\nnop(@a (x \")\") ;;)\n ))", "(func nop nop)"},
        {"(func (export \"\\u{0}\\n\\41\\\"\\\\\\'\\r\"))", "(func (export \"\\00\\0aA\\22\\5c'\\0d\"))"},
        {"(func $a (call $b)) (func $b (call $a))", "(func call 1) (func call 0)"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) check_same(pairs[i][0], pairs[i][1]);
}

/* ---- errors ----------------------------------------------------------------------------------------------------- */

static bool error_seen[WAT_ERROR_COUNT];

static void check_error(const char *text, enum wat_error code, uint32_t line, uint32_t column)
{
    struct buffer out = {0};
    struct error e;
    enum status status = translate(text, &out, &e);
    const char *text_of = wat_error_text((int)code);
    bool starts = strncmp(e.message, text_of, strlen(text_of)) == 0;
    error_seen[(size_t)code] = true;
    if (!CHECK(status == STATUS_MALFORMED && e.code == (int)code && e.line == line && e.column == column && starts))
        printf("  %s\n  %u:%u: %s\n", text, e.line, e.column, e.message);
    CHECK(out.size == 0);
    buffer_free(&out);
}

static const struct {
    const char *text;
    enum wat_error code;
    uint32_t line, column;
} error_cases[] = {
    {"(func foo)", WAT_ERROR_UNKNOWN_OPERATOR, 1, 7},
    {"(func\n  (v128.const i32x4 0 0 0 0))", WAT_ERROR_UNKNOWN_OPERATOR, 2, 4},
    {"(func (param v128))", WAT_ERROR_UNKNOWN_OPERATOR, 1, 14},
    {"(func i32.const 1x)", WAT_ERROR_UNKNOWN_OPERATOR, 1, 17},
    {"(func (i32.const0))", WAT_ERROR_UNKNOWN_OPERATOR, 1, 8},
    {"(data \"a\"\"b\")", WAT_ERROR_UNKNOWN_OPERATOR, 1, 7},
    {"(foo)", WAT_ERROR_UNKNOWN_OPERATOR, 1, 2},
    {"(module\n (func)\n module)", WAT_ERROR_UNEXPECTED_TOKEN, 3, 2},
    {"(module", WAT_ERROR_UNEXPECTED_TOKEN, 1, 8},
    {"(module))", WAT_ERROR_UNEXPECTED_TOKEN, 1, 9},
    {"(func", WAT_ERROR_UNEXPECTED_TOKEN, 1, 6},
    {"(func block)", WAT_ERROR_UNEXPECTED_TOKEN, 1, 12},
    {"(func end)", WAT_ERROR_UNEXPECTED_TOKEN, 1, 7},
    {"(func else)", WAT_ERROR_UNEXPECTED_TOKEN, 1, 7},
    {"(func (block end))", WAT_ERROR_UNEXPECTED_TOKEN, 1, 14},
    {"(func (if (i32.const 0)))", WAT_ERROR_UNEXPECTED_TOKEN, 1, 24},
    {"(func (if (i32.const 0) (then) nop))", WAT_ERROR_UNEXPECTED_TOKEN, 1, 32},
    {"(func (drop nop))", WAT_ERROR_UNEXPECTED_TOKEN, 1, 13},
    {"(func i32.const)", WAT_ERROR_UNEXPECTED_TOKEN, 1, 16},
    {"(func i32.const 1.5)", WAT_ERROR_UNEXPECTED_TOKEN, 1, 17},
    {"(func br)", WAT_ERROR_UNEXPECTED_TOKEN, 1, 9},
    {"(func (result i32) (param i32))", WAT_ERROR_UNEXPECTED_TOKEN, 1, 21},
    {"(func (local i32) (param i32))", WAT_ERROR_UNEXPECTED_TOKEN, 1, 20},
    {"(memory i64 1)", WAT_ERROR_UNEXPECTED_TOKEN, 1, 9},
    {"(func block (param $x i32) end)", WAT_ERROR_UNEXPECTED_TOKEN, 1, 20},
    {"(func ,)", WAT_ERROR_ILLEGAL_CHARACTER, 1, 7},
    {"(func \xc3\xa9)", WAT_ERROR_ILLEGAL_CHARACTER, 1, 7},
    {"(data \"abc", WAT_ERROR_UNCLOSED_STRING, 1, 7},
    {"(func (; (; ;)", WAT_ERROR_UNCLOSED_COMMENT, 1, 6},
    {"(func $ nop)", WAT_ERROR_EMPTY_ID, 1, 7},
    {"(@)", WAT_ERROR_EMPTY_ANNOTATION_ID, 1, 1},
    {"(func) (@a (b)", WAT_ERROR_UNCLOSED_ANNOTATION, 1, 8},
    {"(data \"a\x01\")", WAT_ERROR_CONTROL_CHARACTER, 1, 7},
    {"(data \"abc\\x\")", WAT_ERROR_ESCAPE, 1, 11},
    {"(data \"\\u{d800}\")", WAT_ERROR_ESCAPE, 1, 8},
    {"(data \"\\u{110000}\")", WAT_ERROR_ESCAPE, 1, 8},
    {"(data \"\\u{}\")", WAT_ERROR_ESCAPE, 1, 8},
    {"(data \"\\4\")", WAT_ERROR_ESCAPE, 1, 8},
    {"(func (export \"\\ff\"))", WAT_ERROR_UTF8, 1, 15},
    {"(data \"\xff\")", WAT_ERROR_UTF8, 1, 7},
    {"(func) ;; \xc0\x80", WAT_ERROR_UTF8, 1, 7},
    {"(func \x80)", WAT_ERROR_UTF8, 1, 7},
    {"(func i32.const 0x1_0000_0000)", WAT_ERROR_CONSTANT_RANGE, 1, 17},
    {"(func f32.const 1e39)", WAT_ERROR_CONSTANT_RANGE, 1, 17},
    {"(func f64.const nan:0x0)", WAT_ERROR_CONSTANT_RANGE, 1, 17},
    {"(memory 0x1_0000_0000)", WAT_ERROR_I32_RANGE, 1, 9},
    {"(func i32.load offset=4294967296)", WAT_ERROR_I32_RANGE, 1, 16},
    {"(func i32.load align=0)", WAT_ERROR_ALIGNMENT, 1, 16},
    {"(func i32.load offset=1 align=7)", WAT_ERROR_ALIGNMENT, 1, 25},
    {"(type $a (func))\n(type $a (func))", WAT_ERROR_DUPLICATE_TYPE, 2, 7},
    {"(func $a)\n(import \"\" \"\" (func $a))", WAT_ERROR_DUPLICATE_FUNC, 2, 21},
    {"(table $a 0 funcref) (table $a 0 funcref)", WAT_ERROR_DUPLICATE_TABLE, 1, 29},
    {"(memory $a 0) (memory $a 0)", WAT_ERROR_DUPLICATE_MEMORY, 1, 23},
    {"(global $a i32 (i32.const 0)) (global $a i32 (i32.const 0))", WAT_ERROR_DUPLICATE_GLOBAL, 1, 39},
    {"(elem $a func) (elem $a func)", WAT_ERROR_DUPLICATE_ELEM, 1, 22},
    {"(data $a) (data $a)", WAT_ERROR_DUPLICATE_DATA, 1, 17},
    {"(func (param $a i32) (local $a i32))", WAT_ERROR_DUPLICATE_LOCAL, 1, 29},
    {"(func) (start 0) (start 0)", WAT_ERROR_DUPLICATE_START, 1, 19},
    {"(func (type $t))", WAT_ERROR_UNKNOWN_TYPE, 1, 13},
    {"(func (type 3) (param i32))", WAT_ERROR_UNKNOWN_TYPE, 1, 7},
    {"(func (type 3) (local $x i32))", WAT_ERROR_UNKNOWN_TYPE, 1, 16},
    {"(func call $f)", WAT_ERROR_UNKNOWN_FUNC, 1, 12},
    {"(func table.get $f)", WAT_ERROR_UNKNOWN_TABLE, 1, 17},
    {"(data (memory $m) (i32.const 0))", WAT_ERROR_UNKNOWN_MEMORY, 1, 15},
    {"(func global.get $f)", WAT_ERROR_UNKNOWN_GLOBAL, 1, 18},
    {"(func elem.drop $f)", WAT_ERROR_UNKNOWN_ELEM, 1, 17},
    {"(func data.drop $f)", WAT_ERROR_UNKNOWN_DATA, 1, 17},
    {"(func (param $x i32)) (func local.get $x)", WAT_ERROR_UNKNOWN_LOCAL, 1, 39},
    {"(func block $a end br $a)", WAT_ERROR_UNKNOWN_LABEL, 1, 23},
    {"(func block $a end $b)", WAT_ERROR_LABEL_MISMATCH, 1, 20},
    {"(func block end $b)", WAT_ERROR_LABEL_MISMATCH, 1, 17},
    {"(type (func)) (func (type 0) (param i32))", WAT_ERROR_INLINE_TYPE, 1, 21},
    {"(func) (import \"\" \"\" (memory 0))", WAT_ERROR_IMPORT_AFTER_FUNC, 1, 9},
    {"(table 0 funcref) (import \"\" \"\" (func))", WAT_ERROR_IMPORT_AFTER_TABLE, 1, 20},
    {"(memory 0) (func (import \"\" \"\"))", WAT_ERROR_IMPORT_AFTER_MEMORY, 1, 19},
    {"(global i32 (i32.const 0)) (import \"\" \"\" (func))", WAT_ERROR_IMPORT_AFTER_GLOBAL, 1, 29},
};

static void test_errors(void)
{
    test_begin("errors");
    for (size_t i = 0; i < sizeof error_cases / sizeof *error_cases; i++)
        check_error(error_cases[i].text, error_cases[i].code, error_cases[i].line, error_cases[i].column);
    /* Every kind of error must have come up, but for the two that take gigabytes of text. */
    for (int code = 1; code < WAT_ERROR_COUNT; code++)
        if (!CHECK(error_seen[code] || code == WAT_ERROR_TEXT_SIZE || code == WAT_ERROR_DATA_SIZE))
            printf("  no case for: %s\n", wat_error_text(code));
    struct buffer out = {0};
    struct error e;
    translate("(func\n  block $x\n  foo)", &out, &e);
    CHECK_TEXT(e.message, "unknown operator foo: expected an instruction or \")\"");
    translate("(memory module)", &out, &e);
    CHECK_TEXT(e.message, "unexpected token \"module\": expected the minimum size");
    CHECK_EQUAL(e.offset, 8);
    CHECK_EQUAL(wat_to_wasm("(func", 5, NULL, &out, NULL), STATUS_MALFORMED); /* nobody wants to know why */
    CHECK_EQUAL(wat_to_wasm(NULL, 0, NULL, &out, &e), STATUS_OK);
    CHECK_EQUAL(wat_to_wasm("", (size_t)WAT_MAX_TEXT + 1, NULL, &out, &e), STATUS_LIMIT);
    buffer_free(&out);
}

/* ---- size ------------------------------------------------------------------------------------------------------- */

/* `count` times `open`, then `middle`, then `count` times `close`, between `before` and `after`. */
static void check_repeated(const char *before, const char *open, const char *middle, const char *close,
                           const char *after, size_t count, enum status wanted)
{
    struct buffer text = {0}, out = {0};
    struct error e = {0};
    buffer_append_string(&text, before);
    for (size_t i = 0; i < count; i++) buffer_append_string(&text, open);
    buffer_append_string(&text, middle);
    for (size_t i = 0; i < count; i++) buffer_append_string(&text, close);
    buffer_append_string(&text, after);
    enum status status = wat_to_wasm((const char *)text.data, text.size, NULL, &out, &e);
    if (!CHECK(status == wanted)) printf("  %s... %s: %s\n", open, status_name(status), e.message);
    buffer_free(&text);
    buffer_free(&out);
}

static void test_nesting(void)
{
    test_begin("deep nesting");
    enum { DEEP = 300000 };
    check_repeated("(func ", "(drop ", "", ")", ")", DEEP, STATUS_OK);
    check_repeated("(func ", "(block ", "", ")", ")", DEEP, STATUS_OK);
    check_repeated("(func ", "(block $l ", "br $l", ")", ")", DEEP, STATUS_OK);
    check_repeated("(func ", "block $l ", "", "br $l end ", ")", DEEP, STATUS_OK);
    check_repeated("(func ", "(if (i32.const 0) (then ", "", "))", ")", DEEP, STATUS_OK);
    check_repeated("(func ", "(if ", "(i32.const 0)", "(then))", ")", DEEP, STATUS_OK);
    check_repeated("", "(;", "", ";)", "", DEEP, STATUS_OK);
    check_repeated("(@a ", "(", "", ")", ")", DEEP, STATUS_OK);
    check_repeated("(func ", "(block ", "", "", "", DEEP, STATUS_MALFORMED);
    check_repeated("", "(", "", "", "", DEEP, STATUS_MALFORMED);
    check_repeated("", "(module ", "", "", "", DEEP, STATUS_MALFORMED);
    check_repeated("(func) ", "(export \"\" (func 0))", "", "", "", DEEP, STATUS_OK);
}

/* Would take minutes if an identifier or a type were searched for among the others one by one. */
static void test_many(void)
{
    test_begin("many of everything");
    struct buffer text = {0}, out = {0};
    struct error e = {0};
    enum { MANY = 60000 };
    for (unsigned i = 0; i < MANY; i++) {
        buffer_printf(&text, "(func $f%u (param", i);
        for (unsigned bit = 0; bit < 16; bit++) buffer_append_string(&text, i >> bit & 1 ? " i32" : " i64");
        buffer_printf(&text, ") (call $f%u))\n", MANY - 1 - i);
    }
    buffer_append_string(&text, "(func ");
    for (unsigned i = 0; i < MANY; i++) buffer_printf(&text, "(local $l%u i32)", i);
    for (unsigned i = 0; i < MANY; i++) buffer_printf(&text, "block $b%u local.get $l%u drop br $b%u ", i, i, i / 2);
    for (unsigned i = 0; i < MANY; i++) buffer_append_string(&text, "end ");
    buffer_append_string(&text, ")");
    CHECK_EQUAL(wat_to_wasm((const char *)text.data, text.size, NULL, &out, &e), STATUS_OK);
    buffer_free(&text);
    buffer_free(&out);
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

static void test_names(void)
{
    test_begin("name section");
    static const char bad[] = "(module $m (func $f (param i32 $x)))";
    static const char good[] = "(module $m (func $f (param $x i32) (local i32) (local $y i64)) (func))";
    static const uint8_t names[] = {0, 26, 4, 'n', 'a', 'm', 'e', 0, 2, 1, 'm',   /* module */
                                    1, 4, 1, 0, 1, 'f',                           /* functions */
                                    2, 9, 1, 0, 2, 0, 1, 'x', 2, 1, 'y'};         /* locals of function 0 */
    struct buffer with = {0}, without = {0};
    struct error e = {0};
    CHECK_EQUAL(wat_to_wasm(bad, sizeof bad - 1, NULL, &with, &e), STATUS_MALFORMED);
    CHECK_EQUAL(wat_to_wasm(good, sizeof good - 1, NULL, &with, &e), STATUS_OK);
    CHECK_EQUAL(translate(good, &without, &e), STATUS_OK);
    size_t size = with.size - without.size;
    CHECK(with.size > without.size && memcmp(with.data, without.data, without.size) == 0);
    CHECK(size == sizeof names && memcmp(with.data + without.size, names, size) == 0);
    with.size = 0;
    CHECK_EQUAL(wat_to_wasm("(func)", 6, NULL, &with, &e), STATUS_OK);
    CHECK_EQUAL(translate("(func)", &without, &e), STATUS_OK);
    CHECK_EQUAL(with.size, without.size); /* nothing has a name: no section */
    buffer_free(&with);
    buffer_free(&without);
}

/* ---- scripts ---------------------------------------------------------------------------------------------------- */

static bool text_is(struct bytes b, const char *s)
{
    return bytes_equal(b, bytes_of_string(s));
}

static void test_script_commands(void)
{
    test_begin("scripts");
    static const char text[] =
        ";; first\n(module $m (func))\n(module binary \"\\00asm\" \"\\01\\00\\00\\00\")\n"
        "(register \"r\" $m)\n"
        "  (assert_return (invoke $m \"f\" (i32.const -1) (ref.extern 7)) (f32.const nan:canonical) (ref.func) (ref.null func))\n"
        "(assert_trap (invoke \"g\") \"unreachable\")\n"
        "(assert_trap (module (func)) \"out\")\n"
        "(assert_malformed (module quote \"(func\" \" foo)\") \"unknown operator\")\n"
        "(frobnicate (x) \"y\")\n"
        "(assert_invalid\n  (module (func\n foo)) \"type mismatch\")\n"
        "(get \"g\")";
    struct wat_script *s = NULL;
    struct wat_command c;
    struct error e = {0};
    struct buffer out = {0};
    CHECK_EQUAL(wat_script_open(text, sizeof text - 1, &s, &e), STATUS_OK);
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_MODULE && c.line == 2 && c.column == 1);
    CHECK(text_is(c.module.id, "$m") && c.module.form == WAT_TEXT && text_is(c.module.source, "(module $m (func))"));
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.module.form == WAT_BINARY && c.module.source.size == 8);
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_REGISTER && text_is(c.action.name, "r"));
    CHECK(text_is(c.action.instance, "$m"));
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_ASSERT_RETURN && c.line == 5 && c.column == 3);
    if (CHECK(c.action.arg_count == 2 && c.result_count == 3)) {
        CHECK(c.action.args[0].bits == 0xffffffff && c.action.args[1].kind == WAT_REF_EXTERN);
        CHECK(c.results[0].kind == WAT_NAN_CANONICAL && c.results[1].kind == WAT_REF_ANY);
        CHECK(c.results[2].kind == WAT_REF_NULL && c.results[2].type == 0x70);
    }
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_ASSERT_TRAP && text_is(c.text, "unreachable"));
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_ASSERT_TRAP_MODULE && text_is(c.text, "out"));
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_ASSERT_MALFORMED && c.module.form == WAT_QUOTE);
    CHECK(text_is(c.module.source, "(func foo)"));
    CHECK_EQUAL(wat_module_to_wasm(&c.module, NULL, &out, &e), STATUS_MALFORMED);
    CHECK_EQUAL(wat_script_next(s, &c, &e), STATUS_MALFORMED); /* and goes on behind it */
    CHECK(e.line == 9 && e.column == 2 && e.code == WAT_ERROR_UNKNOWN_OPERATOR && c.line == 9);
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_ASSERT_INVALID);
    CHECK_EQUAL(wat_module_to_wasm(&c.module, NULL, &out, &e), STATUS_MALFORMED);
    CHECK(e.line == 12 && e.column == 2); /* counted in the script */
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_ACTION && c.action.get);
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_END);
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_END);
    wat_script_close(s);
    buffer_free(&out);
}

static void test_script_edges(void)
{
    test_begin("scripts at their edges");
    struct wat_script *s = NULL;
    struct wat_command c;
    struct error e = {0};
    static const char fields[] = "(func) (memory 0)";
    CHECK_EQUAL(wat_script_open(fields, sizeof fields - 1, &s, &e), STATUS_OK);
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_MODULE && text_is(c.module.source, fields));
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_END);
    wat_script_close(s);
    static const char broken[] = ")) x (invoke \"a\" (i32.const 1) (module";
    CHECK_EQUAL(wat_script_open(broken, sizeof broken - 1, &s, &e), STATUS_OK);
    for (int i = 0; i < 4; i++) CHECK_EQUAL(wat_script_next(s, &c, &e), STATUS_MALFORMED);
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_END);
    wat_script_close(s);
    CHECK_EQUAL(wat_script_open(NULL, 0, &s, &e), STATUS_OK);
    CHECK(wat_script_next(s, &c, &e) == STATUS_OK && c.kind == WAT_END);
    wat_script_close(s);
    wat_script_close(NULL);
}

int main(void)
{
    test_float_reading();
    test_long_literals();
    test_float_printing();
    test_integers();
    test_sections();
    test_segments();
    test_abbreviations();
    test_errors();
    test_nesting();
    test_many();
    test_names();
    test_script_commands();
    test_script_edges();
    return test_end();
}
