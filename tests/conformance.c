/* conformance [-j N] [--only TEXT] [--list-failures N] FILE...: runs the cases of .jsonl and .jsonl.xz files. Prints
 * every difference, or how many there are of each sort with N examples; the last line is "N passed, N failed". Exit
 * code: 0 if all passed, 1 if some failed, 2 if a file could not be read or the usage was wrong. */
#include "tests/conformance.h"

#include <getopt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "json/json_read.h"
#include "tests/conformance_list.h"
#include "tests/read_file.h"

static const struct conformance_kind *const kinds[] = {
#define X(kind) &conformance_##kind,
#include "tests/conformance_kinds.def"
#undef X
};

struct options {
    unsigned threads;
    const char *only;              /* null: all cases */
    struct conformance_list *list; /* null: every difference is printed */
};

/* The cases of one file, and how far its threads have come. */
struct run {
    const char *file;
    const struct options *options;
    struct bytes *lines;
    size_t count;
    atomic_size_t next;
    pthread_mutex_t lock; /* over what follows, the list and standard output */
    size_t passed, failed, free_texts, equal_free_texts;
};

/* ---- running ---------------------------------------------------------------------------------------------------- */

static const char *case_name(struct json *json)
{
    const char *name = conformance_member_text(json, "name");
    return *name ? name : conformance_member_text(json, "fn");
}

/* Null, and the difference is recorded, if the line is not a JSON object. */
static struct json *parse_line(struct conformance_case *c, struct bytes line)
{
    struct error e = {0};
    struct json *json = NULL;
    if (json_read_document(line, &json, &e) != STATUS_OK) {
        conformance_difference(c, "case", "column %u: %s", e.column, e.message);
        return NULL;
    }
    if (json_is(json, JSON_OBJECT)) return json;
    conformance_difference(c, "case", "not an object");
    json_free(json);
    return NULL;
}

static void run_case(struct conformance_case *c)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!kinds[i]->recognises(c->json)) continue;
        kinds[i]->run(c);
        return;
    }
    conformance_difference(c, "case", "no kind of case that this program knows");
}

static void report(const struct run *run, const struct conformance_case *c)
{
    const char *p = (const char *)c->report.data;
    if (!p || c->report.failed) return;
    for (const char *const end = p + c->report.size; p < end;) {
        const char *field = p, *text = p + strlen(p) + 1;
        p = text + strlen(text) + 1;
        struct conformance_list *list = run->options->list;
        if (list) conformance_list_add(list, field, c->group, c->json ? case_name(c->json) : "", text);
        else printf("%s:%zu: %s: %s: %s\n", c->file, c->line, c->json ? case_name(c->json) : "", field, text);
    }
}

static void record(struct run *run, struct conformance_case *c)
{
    pthread_mutex_lock(&run->lock);
    if (c->differences) run->failed++;
    else run->passed++;
    run->free_texts += c->free_texts;
    run->equal_free_texts += c->equal_free_texts;
    report(run, c);
    pthread_mutex_unlock(&run->lock);
}

static void *work(void *argument)
{
    struct run *run = argument;
    const char *only = run->options->only;
    for (size_t i; (i = atomic_fetch_add(&run->next, 1)) < run->count;) {
        struct conformance_case c = {.file = run->file, .line = i + 1};
        c.json = parse_line(&c, run->lines[i]);
        const bool skip = c.json && only && !strstr(case_name(c.json), only);
        if (c.json && !skip) run_case(&c);
        if (!skip) record(run, &c);
        json_free(c.json);
        buffer_free(&c.report);
    }
    return NULL;
}

static bool split_lines(struct run *run, struct bytes text)
{
    size_t capacity = 0;
    for (size_t at = 0; at < text.size;) {
        const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
        const size_t size = end ? (size_t)(end - text.data) - at : text.size - at;
        if (run->count == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            struct bytes *lines = realloc(run->lines, capacity * sizeof *lines);
            if (!lines) return false;
            run->lines = lines;
        }
        run->lines[run->count++] = bytes_of(text.data + at, size);
        at += size + 1;
    }
    return true;
}

static void run_threads(struct run *run, unsigned threads)
{
    pthread_t started[64];
    unsigned count = 0;
    while (count + 1 < threads && pthread_create(&started[count], NULL, work, run) == 0) count++;
    work(run);
    for (unsigned i = 0; i < count; i++) pthread_join(started[i], NULL);
}

static void print_summary(const struct run *run)
{
    printf("%s: %zu of %zu", run->file, run->passed, run->passed + run->failed);
    if (run->free_texts)
        printf(" (%zu of %zu messages that need not agree do)", run->equal_free_texts, run->free_texts);
    printf("\n");
    fflush(stdout);
}

static bool run_file(const char *path, const struct options *options, size_t *passed, size_t *failed)
{
    struct buffer text = {0};
    struct run run = {.file = path, .options = options, .lock = PTHREAD_MUTEX_INITIALIZER};
    bool ok = read_file(path, &text) && split_lines(&run, bytes_of(text.data, text.size));
    if (ok) {
        run_threads(&run, options->threads);
        print_summary(&run);
        *passed += run.passed;
        *failed += run.failed;
    }
    free(run.lines);
    buffer_free(&text);
    return ok;
}

static int usage(void)
{
    fprintf(stderr, "usage: conformance [-j THREADS] [--only TEXT] [--list-failures N] FILE...\n"
                    "  -j               threads, 1 to 64 (default: as many as there are processors)\n"
                    "  --only           only cases whose name contains TEXT\n"
                    "  --list-failures  differences by field, with N examples of each sort\n");
    return 2;
}

static bool read_number(const char *text, unsigned least, unsigned most, unsigned *out)
{
    char *end = NULL;
    const unsigned long number = strtoul(text, &end, 10);
    if (!*text || *end || number < least || number > most) return false;
    *out = (unsigned)number;
    return true;
}

/* False: wrong usage. */
static bool read_options(int argc, char **argv, struct options *options, struct conformance_list *list)
{
    static const struct option names[] = {
        {"only", required_argument, NULL, 'o'}, {"list-failures", required_argument, NULL, 'l'}, {0}};
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    bool ok = true;
    options->threads = processors < 1 ? 1 : processors > 64 ? 64 : (unsigned)processors;
    for (int option; ok && (option = getopt_long(argc, argv, "j:o:l:", names, NULL)) != -1;) {
        if (option == 'j') ok = read_number(optarg, 1, 64, &options->threads);
        else if (option == 'o') options->only = optarg;
        else if (option == 'l') ok = read_number(optarg, 0, 1000, &list->examples);
        else ok = false;
        if (option == 'l') options->list = list;
    }
    return ok && optind < argc;
}

int main(int argc, char **argv)
{
    struct conformance_list list = {0};
    struct options options = {0};
    size_t passed = 0, failed = 0;
    bool all_read = true;
    if (!read_options(argc, argv, &options, &list)) return usage();
    for (int i = optind; i < argc; i++) all_read &= run_file(argv[i], &options, &passed, &failed);
    if (options.list) conformance_list_print(&list);
    conformance_list_free(&list);
    printf("%zu passed, %zu failed\n", passed, failed);
    return !all_read ? 2 : failed || !passed ? 1 : 0;
}
