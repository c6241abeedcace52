/* conformance [-j N] [-o TEXT] FILE...: runs the cases of .jsonl and .jsonl.xz files. Prints every difference; the last
 * line is "N passed, N failed". -o: only cases whose name contains TEXT. Exit code: 0 if all passed, 1 if some failed,
 * 2 if a file could not be read or the usage was wrong. */
#include "tests/conformance.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/read_file.h"

#define MAX_SHOWN 1000 /* characters of a value that differs */

static const struct conformance_kind *const kinds[] = {
#define X(kind) &conformance_##kind,
#include "tests/conformance_kinds.def"
#undef X
};

/* The cases of one file, and how far its threads have come. */
struct run {
    const char *file;
    const char *only;
    struct bytes *lines;
    size_t count;
    atomic_size_t next;
    pthread_mutex_t lock; /* over what follows, and standard output */
    size_t passed, failed;
};

/* ---- differences ------------------------------------------------------------------------------------------------ */

static const char *case_name(struct json_object *json)
{
    const char *name = conformance_member_text(json, "name");
    return *name ? name : conformance_member_text(json, "fn");
}

void conformance_difference(struct conformance_case *c, const char *field, const char *format, ...)
{
    char text[2 * MAX_SHOWN + 200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    buffer_printf(&c->report, "%s:%zu: %s: %s: %s\n", c->file, c->line, case_name(c->json), field, text);
    c->differences++;
}

void conformance_text(struct conformance_case *c, const char *field, const char *wanted, const char *got)
{
    if (strcmp(wanted, got) == 0) return;
    size_t same = 0;
    while (wanted[same] == got[same]) same++;
    const size_t start = same > MAX_SHOWN / 2 ? same - MAX_SHOWN / 2 : 0;
    if (start) {
        conformance_difference(c, field, "from character %zu on: wanted %.*s, got %.*s", start, MAX_SHOWN,
                               wanted + start, MAX_SHOWN, got + start);
    } else {
        conformance_difference(c, field, "wanted %.*s, got %.*s", MAX_SHOWN, wanted, MAX_SHOWN, got);
    }
}

void conformance_u64(struct conformance_case *c, const char *field, uint64_t wanted, uint64_t got)
{
    if (wanted != got)
        conformance_difference(c, field, "wanted %llu, got %llu", (unsigned long long)wanted, (unsigned long long)got);
}

void conformance_null(struct conformance_case *c, const char *field, bool wanted_null, bool got_null)
{
    if (wanted_null != got_null)
        conformance_difference(c, field, "wanted %s, got %s", wanted_null ? "null" : "a value",
                               got_null ? "null" : "a value");
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

struct json_object *conformance_member(struct json_object *json, const char *name)
{
    struct json_object *member = NULL;
    return json_object_object_get_ex(json, name, &member) ? member : NULL;
}

const char *conformance_member_text(struct json_object *json, const char *name)
{
    struct json_object *member = conformance_member(json, name);
    return member ? json_object_get_string(member) : "";
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool conformance_decode_hex(struct buffer *out, const char *hex)
{
    out->size = 0;
    for (; *hex; hex += 2) {
        const int high = hex_value(hex[0]), low = high < 0 ? -1 : hex_value(hex[1]);
        if (low < 0) return false;
        buffer_append_byte(out, (uint8_t)(high << 4 | low));
    }
    return !out->failed;
}

const char *conformance_encode_hex(struct buffer *out, struct bytes data)
{
    const size_t start = out->size;
    for (size_t i = 0; i < data.size; i++) buffer_printf(out, "%02x", data.data[i]);
    buffer_append_byte(out, 0);
    return out->failed ? NULL : (const char *)out->data + start;
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

static struct json_object *parse_line(struct json_tokener *tokener, struct bytes line)
{
    json_tokener_reset(tokener);
    struct json_object *json = json_tokener_parse_ex(tokener, (const char *)line.data, (int)line.size);
    if (json && json_object_is_type(json, json_type_object)) return json;
    json_object_put(json);
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

static void record(struct run *run, struct conformance_case *c)
{
    pthread_mutex_lock(&run->lock);
    if (c->differences) run->failed++;
    else run->passed++;
    if (c->report.size) fwrite(c->report.data, 1, c->report.size, stdout);
    pthread_mutex_unlock(&run->lock);
}

static void *work(void *argument)
{
    struct run *run = argument;
    struct json_tokener *tokener = json_tokener_new_ex(256);
    for (size_t i; tokener && (i = atomic_fetch_add(&run->next, 1)) < run->count;) {
        struct conformance_case c = {.file = run->file, .line = i + 1, .json = parse_line(tokener, run->lines[i])};
        if (!c.json) conformance_difference(&c, "case", "not a JSON object");
        else if (run->only && !strstr(case_name(c.json), run->only)) goto next;
        else run_case(&c);
        record(run, &c);
    next:
        json_object_put(c.json);
        buffer_free(&c.report);
    }
    json_tokener_free(tokener);
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

static bool run_file(const char *path, const char *only, unsigned threads, size_t *passed, size_t *failed)
{
    struct buffer text = {0};
    struct run run = {.file = path, .only = only, .lock = PTHREAD_MUTEX_INITIALIZER};
    bool ok = read_file(path, &text) && split_lines(&run, bytes_of(text.data, text.size));
    if (ok) {
        run_threads(&run, threads);
        printf("%s: %zu of %zu\n", path, run.passed, run.passed + run.failed);
        fflush(stdout);
        *passed += run.passed;
        *failed += run.failed;
    }
    free(run.lines);
    buffer_free(&text);
    return ok;
}

static int usage(void)
{
    fprintf(stderr, "usage: conformance [-j THREADS] [-o TEXT] FILE...\n"
                    "  -j  threads, 1 to 64 (default: 1)\n"
                    "  -o  only cases whose name contains TEXT\n");
    return 2;
}

int main(int argc, char **argv)
{
    unsigned long threads = 1;
    const char *only = NULL;
    for (int option; (option = getopt(argc, argv, "j:o:")) != -1;) {
        char *end = NULL;
        if (option == 'j') threads = strtoul(optarg, &end, 10);
        else if (option == 'o') only = optarg;
        else return usage();
        if (end && (*end || threads < 1 || threads > 64)) return usage();
    }
    if (optind == argc) return usage();

    size_t passed = 0, failed = 0;
    bool all_read = true;
    for (int i = optind; i < argc; i++) all_read &= run_file(argv[i], only, (unsigned)threads, &passed, &failed);
    printf("%zu passed, %zu failed\n", passed, failed);
    return !all_read ? 2 : failed || !passed ? 1 : 0;
}
