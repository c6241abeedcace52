#include "cli/cli.h"

#include "base/shown.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

const char *colour(FILE *stream, const char *code)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if ((no_color && *no_color) || !isatty(fileno(stream)) || (term && strcmp(term, "dumb") == 0)) return "";
    return code;
}

/* Messages quote input: names of files, words, what a document says. */
static void say(const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    const int size = vsnprintf(NULL, 0, format, args);
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (text) {
        vsnprintf(text, (size_t)size + 1, format, again);
        print_shown(stderr, bytes_of(text, (size_t)size));
    }
    free(text);
    va_end(again);
    fputc('\n', stderr);
}

void say_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fflush(stdout);
    fprintf(stderr, "nvm: %serror:%s ", colour(stderr, RED), colour(stderr, PLAIN));
    say(format, args);
    va_end(args);
}

void say_hint(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "  %shint:%s ", colour(stderr, BOLD), colour(stderr, PLAIN));
    say(format, args);
    va_end(args);
}

int say_file_error(const char *path, const struct error *e)
{
    if (e->line) say_error("%s:%u:%u: %s", path, e->line, e->column, e->message);
    else if (e->offset != ERROR_NO_OFFSET)
        say_error("%s: %s module: %s (at byte 0x%llx)", path, status_name(e->status), e->message,
                  (unsigned long long)e->offset);
    else if (e->status == STATUS_IO) say_error("%s", e->message);
    else say_error("%s: %s", path, e->message);
    return EXIT_INPUT;
}

/* ---- text from outside ------------------------------------------------------------------------------------------- */

void print_shown(FILE *stream, struct bytes text)
{
    char shown[SHOWN_SIZE];
    for (size_t at = 0; at < text.size;) {
        at += shown_at(text, at, shown);
        fputs(shown, stream);
    }
}

void print_quoted(FILE *stream, struct bytes text, size_t limit)
{
    struct buffer shown = {0};
    shown_append_quoted(&shown, text, limit);
    if (shown.failed) fputs("\"...\"", stream);
    else fwrite(shown.data, 1, shown.size, stream);
    buffer_free(&shown);
}

/* Letters, digits and signs of ASCII but quotes and backslash: nothing that could be taken for two words, or for a
 * name in quotes. */
static bool is_one_word(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~' || text.data[i] == '"' || text.data[i] == '\\') return false;
    return text.size > 0;
}

void print_name(FILE *stream, struct bytes name)
{
    if (name.size <= NAME_SHOWN && is_one_word(name)) fwrite(name.data, 1, name.size, stream);
    else print_quoted(stream, name, NAME_SHOWN);
}

void print_path(FILE *stream, const char *path)
{
    const struct bytes text = bytes_of_string(path);
    if (is_one_word(text)) fputs(path, stream);
    else print_quoted(stream, text, SIZE_MAX);
}

bool put_json(struct bytes json)
{
    struct buffer shown = {0};
    shown_append_json(&shown, json);
    const bool ok = !shown.failed && fwrite(shown.data, 1, shown.size, stdout) == shown.size;
    buffer_free(&shown);
    return ok;
}

void readable_size(char text[static 24], uint64_t bytes)
{
    if (bytes < 10000) snprintf(text, 24, "%llu bytes", (unsigned long long)bytes);
    else if (bytes < 1000000) snprintf(text, 24, "%.1f kB", (double)bytes / 1e3);
    else if (bytes < 1000000000) snprintf(text, 24, "%.1f MB", (double)bytes / 1e6);
    else snprintf(text, 24, "%.2f GB", (double)bytes / 1e9);
}
