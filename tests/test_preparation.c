/* docs/preparation.md against the vectors that it names: every case is there, every case is named, and each ends in its
 * row's error or does not, as its column says. */
#include <json-c/json.h>
#include <stdlib.h>

#include "tests/read_file.h"
#include "tests/test.h"

enum { MOST_CASES = 1000, COLUMNS = 4 };

struct known {
    char *name, *kind; /* kind: "" for none */
    bool named;
};

static struct known known[MOST_CASES];
static size_t known_count;

static void note(struct json_object *json)
{
    struct json_object *name, *expect, *error, *kind;
    bool complete = json_object_object_get_ex(json, "name", &name) && json_object_object_get_ex(json, "expect", &expect);
    CHECK(complete && known_count < MOST_CASES);
    if (!complete || known_count == MOST_CASES) return;
    bool failed = json_object_object_get_ex(expect, "error", &error) && error &&
                  json_object_object_get_ex(error, "kind", &kind);
    known[known_count].name = strdup(json_object_get_string(name));
    known[known_count++].kind = strdup(failed ? json_object_get_string(kind) : "");
}

static void read_vectors(void)
{
    struct buffer text = {0};
    CHECK(read_file("tests/vectors/preparation-rules.jsonl.xz", &text));
    buffer_append_byte(&text, 0);
    if (text.failed) return;
    for (char *p = (char *)text.data, *end; *p; p = end) {
        end = p + strcspn(p, "\n");
        if (*end) *end++ = 0;
        struct json_object *json = json_tokener_parse(p);
        CHECK(json != NULL);
        if (json) note(json);
        json_object_put(json);
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

static void check_document(void)
{
    struct buffer text = {0};
    CHECK(read_file("docs/preparation.md", &text));
    buffer_append_byte(&text, 0);
    if (text.failed) return;
    for (char *p = (char *)text.data, *end; *p; p = end) {
        end = p + strcspn(p, "\n");
        if (*end) *end++ = 0;
        if (*p == '|') check_row(p + 1);
    }
    buffer_free(&text);
}

int main(void)
{
    test_begin("preparation");
    read_vectors();
    CHECK(known_count > 0);
    check_document();
    for (size_t i = 0; i < known_count; i++) {
        if (!known[i].named) fprintf(stderr, "docs/preparation.md does not name %s\n", known[i].name);
        CHECK(known[i].named);
        free(known[i].name);
        free(known[i].kind);
    }
    return test_end();
}
