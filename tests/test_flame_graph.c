/* cli/flame_graph.h: folded stacks and SVG of the same tree. */
#include "cli/flame_graph.c"
#include "cli/flame_svg.c"
#include "cli/xml_text.c"
#include "cli/gas_text.c"

#include "tests/test.h"

#include <time.h>
#include <unistd.h>

static struct bytes text(const char *s)
{
    return bytes_of_string(s);
}

/* The buffer as a C string. */
static const char *string(struct buffer *b)
{
    buffer_append_byte(b, 0);
    if (b->failed) return "";
    b->size--;
    return (const char *)b->data;
}

static struct buffer folded(const struct flame_graph *graph)
{
    struct buffer out = {0};
    struct error e;
    CHECK_EQUAL(flame_write_folded(graph, &out, &e), STATUS_OK);
    return out;
}

static struct buffer svg(const struct flame_graph *graph, struct flame_svg_options options)
{
    struct buffer out = {0};
    struct error e;
    CHECK_EQUAL(flame_write_svg(graph, &options, &out, &e), STATUS_OK);
    return out;
}

/* Adds up the numbers that follow the last blank of each line. */
static uint64_t folded_sum(struct buffer *b)
{
    uint64_t sum = 0;
    for (const char *line = string(b), *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        if (!end) return UINT64_MAX;
        const char *blank = end;
        while (blank > line && *blank != ' ') blank--;
        sum += strtoull(blank + 1, NULL, 10);
    }
    return sum;
}

/* A call with a host function, its costs, and a function that is called from two places. */
static void example(struct flame_graph *g)
{
    uint32_t root = flame_add(g, 0, text("receipt"), FLAME_ACTION, 5);
    flame_add(g, root, text("contract_loading_bytes"), FLAME_LOADING, 1000);
    uint32_t method = flame_add(g, root, text("transfer"), FLAME_WASM, 300);
    uint32_t inner = flame_add(g, method, text("bank::Account<T>::deposit"), FLAME_WASM, 0);
    uint32_t host = flame_add(g, inner, text("storage_write"), FLAME_HOST, 0);
    flame_add(g, host, text("touching_trie_node"), FLAME_COST, 2000);
    flame_add(g, host, text("storage_write_base"), FLAME_COST, 4000);
    flame_add(g, method, text("idle"), FLAME_WASM, 0);
}

/* ---- folded ------------------------------------------------------------------------------------------------------ */

static void test_folded(void)
{
    test_begin("folded stacks");
    struct flame_graph g = {0};
    example(&g);
    struct buffer out = folded(&g);
    CHECK_TEXT(string(&out), "receipt 5\n"
                             "receipt;contract_loading_bytes 1000\n"
                             "receipt;transfer 300\n"
                             "receipt;transfer;bank::Account<T>::deposit;storage_write;touching_trie_node 2000\n"
                             "receipt;transfer;bank::Account<T>::deposit;storage_write;storage_write_base 4000\n");
    CHECK_EQUAL(folded_sum(&out), 7305);
    uint64_t total;
    CHECK(flame_total(&g, &total, NULL) == STATUS_OK && total == 7305);
    buffer_free(&out);
    flame_free(&g);

    uint32_t root = flame_add(&g, 99, text("a;b"), FLAME_WASM, 1);
    CHECK_EQUAL(root, FLAME_ROOT);
    flame_add(&g, root, text("two\nlines\r\x7f"), FLAME_WASM, 2);
    flame_add(&g, root, text("λ <x y>"), FLAME_WASM, 3);
    flame_add(&g, root, text("\xff\xfe"), FLAME_WASM, 4);
    flame_add(&g, root, (struct bytes){0}, FLAME_WASM, 5);
    CHECK_EQUAL(flame_add(&g, 99, text("orphan"), FLAME_WASM, 5), FLAME_NONE);
    out = folded(&g);
    CHECK_TEXT(string(&out), "a_b 1\na_b;two_lines__ 2\na_b;λ <x y> 3\na_b;__ 4\na_b;_ 5\n");
    buffer_free(&out);
    flame_free(&g);

    out = folded(&g);
    CHECK_EQUAL(out.size, 0);
    buffer_free(&out);
}

static void test_overflow(void)
{
    test_begin("gas of 2^64");
    struct flame_graph g = {0};
    struct buffer out = {0};
    struct error e;
    flame_add(&g, 0, text("root"), FLAME_WASM, UINT64_MAX);
    uint32_t child = flame_add(&g, 0, text("child"), FLAME_WASM, 0);
    uint64_t total;
    CHECK(flame_total(&g, &total, &e) == STATUS_OK && total == UINT64_MAX);
    out = svg(&g, (struct flame_svg_options){0});
    CHECK(strstr(string(&out), "18,446,744,073,709,551,615 gas (18446744.074 Tgas, 100.00 %)") != NULL);
    out.size = 0;
    g.frames[child].own_gas = 1;
    CHECK_EQUAL(flame_total(&g, &total, &e), STATUS_LIMIT);
    CHECK_EQUAL(flame_write_folded(&g, &out, &e), STATUS_LIMIT);
    CHECK_EQUAL(flame_write_svg(&g, &(struct flame_svg_options){0}, &out, &e), STATUS_LIMIT);
    CHECK_EQUAL(out.size, 0);
    flame_free(&g);
    CHECK_EQUAL(flame_write_svg(&g, &(struct flame_svg_options){0}, &out, &e), STATUS_USAGE);
    CHECK_EQUAL(out.size, 0);
    buffer_free(&out);
}

/* ---- SVG --------------------------------------------------------------------------------------------------------- */

/* The picture is XML, its root spans everything, each frame lies within one of the level above, neighbours do not
 * overlap, and there are `argv[2]` frames and `argv[3]` gas. */
static const char checker[] =
    "import sys\n"
    "import xml.etree.ElementTree as T\n"
    "n = '{http://www.w3.org/2000/svg}'\n"
    "tree = T.parse(sys.argv[1]).getroot()\n"
    "levels = {}\n"
    "count = 0\n"
    "for g in tree.find(n + \"g[@id='frames']\"):\n"
    "    s, w, l = (int(g.get('data-' + k)) for k in ('start', 'gas', 'level'))\n"
    "    r = g.find(n + 'rect')\n"
    "    x, px = float(r.get('x')), float(r.get('width'))\n"
    "    assert x >= 9.999 and x + px <= float(tree.get('width')) - 9.999, (x, px)\n"
    "    assert float(r.get('y')) + 18 < float(tree.get('height'))\n"
    "    assert g.find(n + 'title').text\n"
    "    levels.setdefault(l, []).append((s, s + w))\n"
    "    count += 1\n"
    "assert levels[0] == [(0, int(sys.argv[3]))], levels[0]\n"
    "for l in sorted(levels):\n"
    "    levels[l].sort()\n"
    "    for a, b in zip(levels[l], levels[l][1:]): assert a[1] <= b[0], (a, b)\n"
    "    if not l: continue\n"
    "    above = iter(levels[l - 1])\n"
    "    p = next(above)\n"
    "    for s, e in levels[l]:\n"
    "        while p[1] < e: p = next(above)\n"
    "        assert p[0] <= s and e <= p[1], (l, s, e)\n"
    "assert count == int(sys.argv[2]), count\n";

static void check_xml(struct buffer *document, unsigned frames, uint64_t gas)
{
    char path[] = "/tmp/flame-XXXXXX", script[] = "/tmp/flame-check-XXXXXX", command[256];
    if (system("python3 -c 'import xml.etree.ElementTree' 2>/dev/null") != 0) {
        test_skip("the XML of a flame graph", "python3 is missing");
        return;
    }
    int file = mkstemp(path), check = mkstemp(script);
    if (CHECK(file >= 0 && check >= 0)) {
        CHECK(write(file, document->data, document->size) == (ssize_t)document->size);
        CHECK(write(check, checker, sizeof checker - 1) == (ssize_t)(sizeof checker - 1));
        snprintf(command, sizeof command, "python3 %s %s %u %llu", script, path, frames, (unsigned long long)gas);
        fflush(stdout);
        CHECK_EQUAL(system(command), 0);
    }
    if (file >= 0) close(file), unlink(path);
    if (check >= 0) close(check), unlink(script);
}

static void test_svg(void)
{
    test_begin("SVG");
    struct flame_graph g = {0};
    example(&g);
    struct flame_svg_options options = {.title = text("transfer & <more>"), .width = 1000};
    struct buffer out = svg(&g, options), again = svg(&g, options);
    CHECK(out.size == again.size && memcmp(out.data, again.data, out.size) == 0);
    const char *s = string(&out);
    CHECK(strstr(s, ">transfer &amp; &lt;more&gt;</text>") != NULL);
    CHECK(strstr(s, "<title>receipt\n7,305 gas (0.000000 Tgas, 100.00 %)\nown: 5 gas") != NULL);
    CHECK(strstr(s, "<title>bank::Account&lt;T&gt;::deposit\n6,000 gas (0.000000 Tgas, 82.14 %)") != NULL);
    CHECK(strstr(s, "data-start=\"1000\" data-gas=\"6300\" data-level=\"1\"><title>transfer\n") != NULL);
    CHECK(strstr(s, "idle") == NULL); /* no gas */
    CHECK(strstr(s, "<g class=\"HOST ") != NULL && strstr(s, "<g class=\"LOADING ") != NULL);
    CHECK(strstr(s, "http") == strstr(s, "http://www.w3.org/2000/svg")); /* nothing is fetched */
    check_xml(&out, 7, 7305);
    buffer_free(&out);
    buffer_free(&again);
    flame_free(&g);
}

static void test_escaping(void)
{
    test_begin("names that are not XML");
    struct flame_graph g = {0};
    flame_add(&g, 0, text("]]></script><script>alert(\"1\")</script>"), FLAME_WASM, 10);
    flame_add(&g, 0, bytes_of("a\0b\nc\x1b[31m", 10), FLAME_HOST, 10);
    flame_add(&g, 0, text("\xff\xc3(\xed\xa0\x80\xef\xbf\xbe\xc2\x85\xf4\x90\x80\x80 cut \xe2\x82"), FLAME_COST, 10);
    flame_add(&g, 0, text("&amp; 'λ' 名前 &#0;"), (enum flame_kind)77, 10);
    flame_add(&g, 0, (struct bytes){0}, FLAME_WASM, 10);
    struct buffer out = svg(&g, (struct flame_svg_options){.title = text("\x01 \xfe <!-- ")});
    const char *s = string(&out);
    CHECK(strstr(s, "<title>]]&gt;&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\n") != NULL);
    CHECK(strstr(s, "<title>a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\xef\xbf\xbd[31m\n") != NULL);
    CHECK(strstr(s, "<title>&amp;amp; 'λ' 名前 &amp;#0;\n") != NULL);
    CHECK(utf8_valid(out.data, out.size));
    CHECK(memchr(out.data, 0, out.size) == NULL);
    check_xml(&out, 5, 50);
    buffer_free(&out);

    out = (struct buffer){0}; /* cut to the room there is, between characters */
    xml_append(&out, text("λλλλλ"), 5);
    xml_append(&out, text("|<<<<"), 4);
    xml_append(&out, text("|λλλλλ"), 4);
    CHECK_TEXT(string(&out), "λλλλλ|&lt;&lt;…|λλ…");
    buffer_free(&out);
    flame_free(&g);
}

static void test_narrow(void)
{
    test_begin("frames that are too narrow");
    struct flame_graph g = {0};
    flame_add(&g, 0, text("root"), FLAME_WASM, 0);
    for (int i = 0; i < 1000; i++) {
        uint32_t f = flame_add(&g, 0, text("tiny"), FLAME_HOST, 1);
        flame_add(&g, f, text("below"), FLAME_COST, 1);
        flame_add(&g, f, text("free"), FLAME_COST, 0);
    }
    flame_add(&g, 0, text("wide"), FLAME_WASM, 9998000);
    struct buffer out = svg(&g, (struct flame_svg_options){0});
    const char *s = string(&out);
    CHECK(strstr(s, "<title>2,000 more, 2,000 gas\n2,000 gas (0.000000 Tgas, 0.02 %)</title>") != NULL);
    CHECK(strstr(s, "tiny") == NULL);
    CHECK(strstr(s, "<rect x=\"1209.760\" y=\"84\" width=\"0.240\"") != NULL); /* to be seen, but not beyond the edge */
    check_xml(&out, 3, 10000000);
    buffer_free(&out);
    out = svg(&g, (struct flame_svg_options){.minimum = 0.0001}); /* below the resolution: all are drawn */
    check_xml(&out, 2002, 10000000);
    buffer_free(&out);
    flame_free(&g);

    flame_add(&g, 0, text("root"), FLAME_WASM, 9999999);
    flame_add(&g, 0, text("lonely"), FLAME_WASM, 1); /* one frame keeps its name */
    out = svg(&g, (struct flame_svg_options){0});
    CHECK(strstr(string(&out), "<title>lonely\n1 gas") != NULL);
    check_xml(&out, 2, 10000000);
    buffer_free(&out);
    flame_free(&g);

    flame_add(&g, 0, text("nothing"), FLAME_WASM, 0); /* no gas at all */
    out = svg(&g, (struct flame_svg_options){.width = 1, .minimum = 1e300, .depth = 1});
    check_xml(&out, 1, 0);
    buffer_free(&out);
    flame_free(&g);
}

/* ---- large trees ------------------------------------------------------------------------------------------------- */

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_deep(void)
{
    test_begin("a chain of 10,000 frames");
    struct flame_graph g = {0};
    double start = seconds();
    uint32_t at = flame_add(&g, 0, text("f"), FLAME_WASM, 3);
    for (int i = 1; i < 10000; i++) at = flame_add(&g, at, text("f"), FLAME_WASM, 3);
    struct buffer out = folded(&g);
    CHECK_EQUAL(folded_sum(&out), 30000);
    const char *s = string(&out), *last = strstr(s, "(deeper frames)");
    CHECK(last != NULL && strcmp(last, "(deeper frames) 26928\n") == 0);
    buffer_free(&out);
    out = svg(&g, (struct flame_svg_options){0});
    CHECK(strstr(string(&out), "<title>9,745 more, 29,235 gas\n") != NULL);
    check_xml(&out, 256, 30000);
    buffer_free(&out);
    out = svg(&g, (struct flame_svg_options){.depth = 20000});
    CHECK(out.size > 9000 * 100);
    check_xml(&out, 10000, 30000);
    CHECK(seconds() - start < 30);
    buffer_free(&out);
    flame_free(&g);
}

static void test_large(void)
{
    test_begin("a tree of a million frames");
    struct flame_graph g = {0};
    double start = seconds();
    uint64_t random = 88172645463325252u, sum = 0;
    flame_add(&g, 0, text("root"), FLAME_ACTION, 0);
    for (uint32_t i = 1; i < 1000000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        uint64_t gas = random % 1000000;
        sum += gas;
        uint32_t parent = i < 100 ? i / 2 : i - 1 - (uint32_t)((random >> 32) % 100);
        if (flame_add(&g, parent, text("some::function"), (enum flame_kind)(i % FLAME_KINDS), gas) != i) break;
    }
    CHECK_EQUAL(g.count, 1000000);
    uint64_t total;
    CHECK(flame_total(&g, &total, NULL) == STATUS_OK && total == sum);
    struct buffer out = svg(&g, (struct flame_svg_options){0}), again = svg(&g, (struct flame_svg_options){0});
    CHECK(out.size == again.size && memcmp(out.data, again.data, out.size) == 0);
    printf("    %zu bytes of SVG\n", out.size);
    buffer_free(&again);
    buffer_free(&out);
    flame_free(&g);
    for (uint32_t i = 0; i < 1000000; i++) flame_add(&g, 0, text("leaf"), FLAME_WASM, i);
    out = svg(&g, (struct flame_svg_options){0});
    check_xml(&out, 2, 499999500000);
    buffer_free(&out);
    out = folded(&g);
    CHECK_EQUAL(folded_sum(&out), 499999500000);
    buffer_free(&out);
    CHECK(seconds() - start < 60);
    flame_free(&g);
}

static void test_amounts(void)
{
    test_begin("amounts of gas");
    char t[GAS_TEXT];
    static const struct {
        uint64_t gas;
        const char *digits, *tera;
    } amounts[] = {
        {0, "0", "0.000000 Tgas"},
        {999, "999", "0.000000 Tgas"},
        {1000, "1,000", "0.000000 Tgas"},
        {499999, "499,999", "0.000000 Tgas"},
        {500000, "500,000", "0.000001 Tgas"},
        {2428135649, "2,428,135,649", "0.002428 Tgas"},
        {999999999999, "999,999,999,999", "1.000000 Tgas"},
        {1000000000000, "1,000,000,000,000", "1.000 Tgas"},
        {300000000000000, "300,000,000,000,000", "300.000 Tgas"},
        {UINT64_MAX, "18,446,744,073,709,551,615", "18446744.074 Tgas"},
    };
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        gas_grouped(t, amounts[i].gas);
        CHECK_TEXT(t, amounts[i].digits);
        gas_tera(t, amounts[i].gas);
        CHECK_TEXT(t, amounts[i].tera);
    }
    gas_percent(t, 1, 3);
    CHECK_TEXT(t, "33.33 %");
    gas_percent(t, 2, 3);
    CHECK_TEXT(t, "66.67 %");
    gas_percent(t, UINT64_MAX, UINT64_MAX);
    CHECK_TEXT(t, "100.00 %");
    gas_percent(t, 0, 0);
    CHECK_TEXT(t, "0.00 %");
    CHECK_EQUAL(gas_share(UINT64_MAX / 2, UINT64_MAX, 10000000), 4999999);
    CHECK_EQUAL(gas_share(1, 3, 9), 3);
}

int main(void)
{
    test_amounts();
    test_folded();
    test_overflow();
    test_svg();
    test_escaping();
    test_narrow();
    test_deep();
    test_large();
    return test_end();
}
