/* cli/gas_bars.h: what a terminal shows of a gas profile. */
#include "cli/gas_bars.c"
#include "cli/gas_text.c"
#include "cli/message.c"

#include "tests/test.h"

#define ROW(name, gas) {{(const uint8_t *)(name), sizeof(name) - 1}, (gas)}

static char *printed(const struct gas_row *rows, size_t count, struct gas_bars_options options)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    struct error e;
    if (!CHECK(stream != NULL)) return NULL;
    CHECK_EQUAL(gas_bars_print(stream, rows, count, &options, &e), STATUS_OK);
    fclose(stream);
    return text;
}

static const struct gas_row profile[] = {
    ROW("base", 264768111),
    ROW("wasm_instruction", 1641028836),
    ROW("unused", 0),
    ROW("storage_write_base", 651967000),
    ROW("log_base", 0),
};

static void test_table(void)
{
    test_begin("table");
    char *text = printed(profile, 5, (struct gas_bars_options){.width = 79, .unicode = true});
    CHECK_TEXT(text, "wasm_instruction    ████████████▏        1,641,028,836  0.001641 Tgas   64.16 %\n"
                     "storage_write_base  ████▊                  651,967,000  0.000652 Tgas   25.49 %\n"
                     "base                █▉                     264,768,111  0.000265 Tgas   10.35 %\n"
                     "total                                    2,557,763,947  0.002558 Tgas  100.00 %\n");
    free(text);
    text = printed(profile, 5, (struct gas_bars_options){.width = 79, .total = 5000000000000});
    CHECK(text && strstr(text, "\ntotal ") != NULL && strstr(text, "5,000,000,000,000     5.000 Tgas  100.00 %\n") != NULL);
    free(text);
}

static void test_ascii(void)
{
    test_begin("ASCII");
    char *text = printed(profile, 5, (struct gas_bars_options){.width = 79});
    CHECK_TEXT(text, "wasm_instruction    ############         1,641,028,836  0.001641 Tgas   64.16 %\n"
                     "storage_write_base  #####                  651,967,000  0.000652 Tgas   25.49 %\n"
                     "base                ##                     264,768,111  0.000265 Tgas   10.35 %\n"
                     "total                                    2,557,763,947  0.002558 Tgas  100.00 %\n");
    free(text);
}

static void test_colour(void)
{
    test_begin("colour");
    static const struct gas_row rows[] = {ROW("a", 3), ROW("b", 1)};
    char *text = printed(rows, 2, (struct gas_bars_options){.width = 44, .colour = true});
    CHECK_TEXT(text, "a      \033[36m#######\033[0m    3  0.000000 Tgas   75.00 %\n"
                     "b      \033[36m##\033[0m         1  0.000000 Tgas   25.00 %\n"
                     "\033[1mtotal             4  0.000000 Tgas  100.00 %\n\033[0m");
    free(text);
    text = printed(rows, 2, (struct gas_bars_options){.width = 44});
    CHECK(text && strchr(text, '\033') == NULL);
    free(text);
    FILE *file = tmpfile(); /* not a terminal */
    if (CHECK(file != NULL)) {
        struct gas_bars_options options = gas_bars_options_of(file);
        CHECK(!options.colour);
        CHECK(options.width >= 20);
        fclose(file);
    }
}

static void set(const char *name, const char *value)
{
    if (value) setenv(name, value, 1);
    else unsetenv(name);
}

static void test_environment(void)
{
    test_begin("environment");
    static const struct {
        const char *all, *ctype, *lang;
        bool unicode;
    } locales[] = {
        {NULL, NULL, NULL, false},        {NULL, NULL, "en_US.UTF-8", true},  {NULL, NULL, "C", false},
        {"C", NULL, "en_US.UTF-8", false}, {"", "de_DE.utf8", "C", true},      {"C.UTF-8", "C", "C", true},
        {NULL, NULL, "de_DE.ISO-8859-1", false},
    };
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        set("LC_ALL", locales[i].all);
        set("LC_CTYPE", locales[i].ctype);
        set("LANG", locales[i].lang);
        CHECK_EQUAL(gas_bars_options_of(stdout).unicode, locales[i].unicode);
    }
    set("COLUMNS", "123");
    CHECK_EQUAL(gas_bars_options_of(stdout).width, 123);
    set("COLUMNS", "nonsense");
    CHECK(gas_bars_options_of(stdout).width >= 20);
    set("COLUMNS", NULL);
}

/* The columns of a line, where each character is one wide. */
static unsigned line_columns(const char *line)
{
    unsigned columns = 0;
    for (; *line && *line != '\n'; line++) columns += ((uint8_t)*line & 0xc0) != 0x80;
    return columns;
}

static void test_names(void)
{
    test_begin("names");
    static const struct gas_row rows[] = {
        ROW("\x1b[31mred\x1b[0m\n", 50), ROW("\xff\xfe", 40), ROW("λ 名前", 30), ROW("", 20), ROW("\xc2\x85", 10),
        ROW("alloc::collections::btree::map::BTreeMap<K,V,A>::insert_with_a_name_that_does_not_end", 5),
        ROW("λλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλ", 5),
    };
    char *text = printed(rows, 7, (struct gas_bars_options){.width = 100, .unicode = true});
    if (!text) return;
    CHECK(strchr(text, '\033') == NULL);
    CHECK(strstr(text, "\\1b[31mred\\1b[0m\\0a ") == text);
    CHECK(strstr(text, "\n\\ff\\fe ") != NULL && strstr(text, "\nλ 名前 ") != NULL && strstr(text, "\n\\u{85} ") != NULL);
    CHECK(strstr(text, "\nalloc::collections::btree::map::BTreeMap<K,V,A..  ") != NULL);
    CHECK(utf8_valid((const uint8_t *)text, strlen(text)));
    unsigned lines = 0, first = line_columns(text);
    for (const char *line = text; *line; line = strchr(line, '\n') + 1, lines++) CHECK_EQUAL(line_columns(line), first);
    CHECK_EQUAL(lines, 8);
    free(text);
    for (unsigned width = 0; width < 200; width++) { /* no line is longer than the terminal, if it has room at all */
        text = printed(rows, 7, (struct gas_bars_options){.width = width, .unicode = width % 2});
        if (text && width >= 50) CHECK(line_columns(text) <= width);
        free(text);
    }
}

static void test_rows(void)
{
    test_begin("order and number of rows");
    static const struct gas_row rows[] = {
        ROW("d", 10), ROW("b", 20), ROW("c", 20), ROW("a", UINT64_C(1) << 60), ROW("e", 5), ROW("f", 4), ROW("g", 0),
    };
    char *text = printed(rows, 7, (struct gas_bars_options){.width = 90, .rows = 3});
    CHECK(text && text[0] == 'a' && strstr(text, "\nb ") < strstr(text, "\nc ") && strstr(text, "\nd ") == NULL);
    CHECK(text && strstr(text, "\n3 more ") != NULL && strstr(text, " 19     0.000000 Tgas    0.00 %\ntotal ") != NULL);
    free(text);
    text = printed(rows, 7, (struct gas_bars_options){.width = 90, .rows = 5}); /* "1 more" would be no shorter */
    CHECK(text && strstr(text, "more") == NULL && strstr(text, "\nf ") != NULL && strstr(text, "\ng ") == NULL);
    free(text);
    text = printed(NULL, 0, (struct gas_bars_options){.width = 40});
    CHECK_TEXT(text, "total         0  0.000000 Tgas    0.00 %\n");
    free(text);

    static const struct gas_row many[] = {ROW("a", UINT64_MAX), ROW("b", 1)};
    char *nothing = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&nothing, &size);
    if (!CHECK(stream != NULL)) return;
    struct error e;
    CHECK_EQUAL(gas_bars_print(stream, many, 2, &(struct gas_bars_options){0}, &e), STATUS_LIMIT);
    fclose(stream);
    CHECK_EQUAL(size, 0);
    free(nothing);
}

int main(void)
{
    test_table();
    test_ascii();
    test_colour();
    test_environment();
    test_names();
    test_rows();
    return test_end();
}
