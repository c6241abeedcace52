/* The size of the instance that production's engine allocates. A module with one function, which is exported, takes 496
 * bytes: with 65,505 globals of 16 bytes more it just fits into a mebibyte (loading/globals-65505, of
 * docs/preparation.md). Each case shows what something more takes. */
#include "host/contract.h"
#include "tests/modules.h"

#define MAIN "(memory 1) (func $main (export \"main\")) "
#define IMPORT "(import \"env\" \"f\" (func $f)) "
#define IMPORT_UNNAMED "(import \"env\" \"f\" (func)) "
#define TWO "(func $a) (func $b) "

enum { IMPORTED = 32, REFERENCE = 32, TABLE = 16, GLOBAL = 16 };

static const struct {
    const char *text;
    int more;
} cases[] = {
    {MAIN, 0},
    {"(memory 1) (func)", -REFERENCE},
    {"(memory 1)", 160 + 80 - 496}, /* nothing is added */
    {IMPORT MAIN, IMPORTED + REFERENCE},
    {IMPORT "(import \"env\" \"g\" (func)) " MAIN, 2 * (IMPORTED + REFERENCE)},
    {IMPORT MAIN "(export \"f\" (func $f))", IMPORTED + REFERENCE},
    {MAIN "(table 1 funcref)", TABLE},
    {MAIN "(table 1 funcref) (table 2 funcref)", 2 * TABLE},
    {MAIN "(global i32 (i32.const 0))", GLOBAL},
    {MAIN "(global i32 (i32.const 1)) (global i64 (i64.const 1))", 2 * GLOBAL},
    {MAIN "(export \"again\" (func $main))", 0},
    {MAIN TWO, 0},
    {MAIN TWO "(export \"a\" (func $a))", REFERENCE},
    {MAIN TWO "(export \"a\" (func $a)) (export \"b\" (func $b))", 2 * REFERENCE},
    {MAIN TWO "(export \"m\" (memory 0))", 0},
    {MAIN "(table 4 funcref) " TWO "(elem (i32.const 0) func $a)", TABLE + REFERENCE},
    {MAIN "(table 4 funcref) " TWO "(elem (i32.const 0) func $b $a $b $main)", TABLE + 2 * REFERENCE},
    {MAIN TWO "(elem func $a) (elem declare func $b)", 2 * REFERENCE},
    {MAIN TWO "(elem funcref (ref.null func) (ref.func $b))", REFERENCE},
    {MAIN TWO "(global funcref (ref.func $b))", GLOBAL + REFERENCE},
    {MAIN TWO "(global funcref (ref.null func)) (global i32 (i32.const 1))", 2 * GLOBAL},
    {MAIN TWO "(start $b)", REFERENCE},
    {MAIN "(start $main)", 0},
};

static uint64_t size_of_text(const char *text)
{
    struct module *m = load(text);
    const uint64_t size = m ? engine_instance_size(m) : 0;
    module_free(m);
    return size;
}

static void test_terms(void)
{
    test_begin("what takes how much");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!CHECK_EQUAL(size_of_text(cases[i].text), 496 + cases[i].more)) printf("%s\n", cases[i].text);
}

/* Functions of which every third is exported: each counts once. */
static void test_many(void)
{
    struct buffer text = {0};
    test_begin("many functions");
    buffer_append_string(&text, "(memory 1)");
    for (int i = 0; i < 40; i++) {
        char line[60];
        snprintf(line, sizeof line, i % 3 ? "(func)" : "(func (export \"%d\") (export \"%d again\"))", i, i);
        buffer_append_string(&text, line);
    }
    buffer_append_byte(&text, 0);
    CHECK_EQUAL(size_of_text((const char *)text.data), 496 + 13 * REFERENCE);
    buffer_free(&text);
}

/* Enough of them that the rounding to 16 bytes hides nothing. */
static void test_sums(void)
{
    struct buffer imports = {0}, tables = {0};
    test_begin("many imports and tables");
    for (int i = 0; i < 20; i++) {
        buffer_append_string(&imports, IMPORT_UNNAMED);
        buffer_append_string(&tables, "(table 1 funcref) ");
    }
    buffer_append_string(&imports, MAIN);
    buffer_append_string(&tables, MAIN);
    buffer_append_byte(&imports, 0);
    buffer_append_byte(&tables, 0);
    CHECK_EQUAL(size_of_text((const char *)imports.data), 496 + 20 * (IMPORTED + REFERENCE));
    CHECK_EQUAL(size_of_text((const char *)tables.data), 496 + 20 * TABLE);
    buffer_free(&imports);
    buffer_free(&tables);
}

int main(void)
{
    test_terms();
    test_many();
    test_sums();
    return test_end();
}
