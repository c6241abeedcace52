/* docs/preparation.md against the vectors that it names: every case is there, every case is named, and each ends in its
 * row's error or does not, as its column says. And tests/differential/preparation.txt: it describes their modules. */
#include <stdlib.h>

#include "base/base64.h"
#include "fuzz/near_plan.h"
#include "json/json_read.h"
#include "tests/read_file.h"
#include "tests/test.h"

enum { MOST_CASES = 1000, COLUMNS = 4 };

struct known {
    char *name, *kind, *module; /* kind: "" for none; module: base64 */
    bool named, described;
};

static struct known known[MOST_CASES];
static size_t known_count;

static char *text_at(const struct json_place *p)
{
    struct bytes text = {0};
    CHECK_EQUAL(json_read_text(p, &text, NULL), STATUS_OK);
    return strndup((const char *)text.data, text.size);
}

static void note(struct json *json)
{
    const struct json_place root = json_root(json);
    struct json_place name, module, expect, error, kind;
    bool complete = json_member(&root, "name", &name) && json_member(&root, "wasm", &module) &&
                    json_member(&root, "expect", &expect);
    CHECK(complete && known_count < MOST_CASES);
    if (!complete || known_count == MOST_CASES) return;
    bool failed = json_member(&expect, "error", &error) && json_member(&error, "kind", &kind);
    known[known_count].name = text_at(&name);
    known[known_count].module = text_at(&module);
    known[known_count++].kind = failed ? text_at(&kind) : strdup("");
}

static void note_line(char *line)
{
    struct json *json = NULL;
    CHECK_EQUAL(json_read_document(bytes_of_string(line), &json, NULL), STATUS_OK);
    if (json) note(json);
    json_free(json);
}

static void each_line(const char *path, void (*use)(char *line))
{
    struct buffer text = {0};
    CHECK(read_file(path, &text));
    buffer_append_byte(&text, 0);
    if (text.failed) return;
    for (char *p = (char *)text.data, *end; *p; p = end) {
        end = p + strcspn(p, "\n");
        if (*end) *end++ = 0;
        use(p);
    }
    buffer_free(&text);
}

static struct known *find(const char *name)
{
    for (size_t i = 0; i < known_count; i++)
        if (strcmp(known[i].name, name) == 0) return &known[i];
    return NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* The names in backquotes of one column. */
static void check_column(char *column, const char *error, bool refused)
{
    for (char *p = strchr(column, '`'); p; p = strchr(p, '`')) {
        char *name = p + 1, *end = strchr(name, '`');
        CHECK(end != NULL);
        if (!end) return;
        *end = 0;
        p = end + 1;
        struct known *k = find(name);
        if (!k) fprintf(stderr, "docs/preparation.md: there is no case %s\n", name);
        CHECK(k != NULL);
        if (!k) continue;
        k->named = true;
        bool agrees = ends_with(k->kind, error) == refused;
        if (!agrees) fprintf(stderr, "docs/preparation.md: %s ends in %s, and stands under %s\n", name,
                             *k->kind ? k->kind : "success", error);
        CHECK(agrees);
    }
}

/* | rule | error | within | refused | */
static void check_row(char *line)
{
    char *columns[COLUMNS] = {0};
    for (int i = 0; i < COLUMNS; i++) {
        char *bar = strchr(line, '|');
        if (!bar) return;
        *bar = 0;
        columns[i] = line;
        line = bar + 1;
    }
    char *error = columns[1] + strspn(columns[1], " ");
    error[strcspn(error, " ")] = 0;
    if (strcmp(error, "error") == 0 || strncmp(error, "---", 3) == 0) return;
    check_column(columns[2], error, false);
    check_column(columns[3], error, true);
}

/* ---- the modules -------------------------------------------------------------------------------------------------- */

/* FIELD=NUMBER, separated by spaces */
static bool read_plan(char *text, struct near_plan *plan)
{
    for (char *rest, *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(word, '=');
        if (!value) return false;
        *value++ = 0;
        if (!near_plan_set(plan, word, (uint32_t)strtoul(value, NULL, 10))) return false;
    }
    return true;
}

/* NAME[@METHOD[@VERSION]] [FIELD=NUMBER...] */
static void check_description(char *line)
{
    struct near_plan plan = {0};
    struct buffer module = {0}, text = {0};
    if (*line == '#') return;
    char *numbers = line + strcspn(line, " ");
    if (*numbers) *numbers++ = 0;
    line[strcspn(line, "@")] = 0;
    struct known *k = find(line);
    if (!k) fprintf(stderr, "tests/differential/preparation.txt: there is no case %s\n", line);
    CHECK(k != NULL);
    if (!k) return;
    CHECK(!k->described && read_plan(numbers, &plan));
    k->described = true;
    near_plan_write(&plan, &module);
    base64_encode(bytes_of(module.data, module.size), &text);
    bool same = bytes_equal(bytes_of(text.data, text.size), bytes_of_string(k->module));
    if (!same) fprintf(stderr, "tests/differential/preparation.txt: %s is another module\n", line);
    CHECK(same);
    buffer_free(&module);
    buffer_free(&text);
}

static void check_line(char *line)
{
    if (*line == '|') check_row(line + 1);
}

int main(void)
{
    test_begin("preparation");
    each_line("tests/vectors/preparation-rules.jsonl.xz", note_line);
    CHECK(known_count > 0);
    each_line("docs/preparation.md", check_line);
    each_line("tests/differential/preparation.txt", check_description);
    for (size_t i = 0; i < known_count; i++) {
        if (!known[i].named) fprintf(stderr, "docs/preparation.md does not name %s\n", known[i].name);
        CHECK(known[i].named);
        CHECK(known[i].described);
        free(known[i].name);
        free(known[i].kind);
        free(known[i].module);
    }
    return test_end();
}
