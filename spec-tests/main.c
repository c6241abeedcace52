/* spec-tests: runs scripts of the official WebAssembly test suite.
 *
 *     spec-tests [options] FILE.wast|FOLDER...
 *
 * One line for each file, a total at the end, exit code 1 if anything failed. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "spec-tests/runner.h"

static const char usage[] =
    "usage: spec-tests [--dispatcher tail|portable] [--lazy] [-v] [--fail-ok] [--swap CODE,CODE] FILE|FOLDER...\n"
    "  --fail-ok   report, but let the exit code be 0\n"
    "  --swap      exchange two rows of messages.def, to see that the run fails\n";

struct arguments {
    struct options options;
    bool fail_ok;
};

static bool parse_dispatcher(const char *name, enum dispatcher *out)
{
    if (strcmp(name, "tail") == 0) *out = DISPATCH_TAIL;
    else if (strcmp(name, "portable") == 0) *out = DISPATCH_PORTABLE;
    else return false;
    return true;
}

/* Reads the options; returns the number of the first argument that is none, or -1. */
static int parse_arguments(int argc, char **argv, struct arguments *out)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--lazy") == 0) out->options.lazy = true;
        else if (strcmp(argv[i], "-v") == 0) out->options.verbose = true;
        else if (strcmp(argv[i], "--fail-ok") == 0) out->fail_ok = true;
        else if (strcmp(argv[i], "--dispatcher") == 0 && parse_dispatcher(next, &out->options.dispatcher)) i++;
        else if (strcmp(argv[i], "--swap") == 0 && message_swap_parse(next, &out->options.swap)) i++;
        else return -1;
    }
    return i < argc ? i : -1;
}

static void add(struct tally *total, struct tally t)
{
    total->passed += t.passed;
    total->failed += t.failed;
}

static int is_script(const struct dirent *d)
{
    size_t size = strlen(d->d_name);
    return size > 5 && strcmp(d->d_name + size - 5, ".wast") == 0;
}

static struct tally run_path(const char *path, const struct options *options)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) return run_file(path, options);
    struct tally total = {0};
    struct dirent **list = NULL;
    int count = scandir(path, &list, is_script, alphasort);
    for (int i = 0; i < count; i++) {
        struct buffer file = {0};
        buffer_printf(&file, "%s/%s", path, list[i]->d_name);
        buffer_append_byte(&file, 0);
        if (!file.failed) add(&total, run_file((const char *)file.data, options));
        buffer_free(&file);
        free(list[i]);
    }
    free(list);
    if (count <= 0) {
        printf("%s: no .wast files there\n", path);
        total.failed++;
    }
    return total;
}

int main(int argc, char **argv)
{
    struct arguments a = {0};
    struct tally total = {0};
    int first = parse_arguments(argc, argv, &a);
    if (first < 0) {
        fputs(usage, stderr);
        return 2;
    }
    if (!dispatcher_available(a.options.dispatcher)) {
        fprintf(stderr, "spec-tests: the dispatcher \"%s\" is not built in\n", dispatcher_name(a.options.dispatcher));
        return 2;
    }
    for (int i = first; i < argc; i++) add(&total, run_path(argv[i], &a.options));
    printf("%u passed, %u failed\n", total.passed, total.failed);
    return total.failed && !a.fail_ok;
}
