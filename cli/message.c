#include "cli/cli.h"

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

void say_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fflush(stdout);
    fprintf(stderr, "nvm: %serror:%s ", colour(stderr, RED), colour(stderr, PLAIN));
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

void say_hint(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "  %shint:%s ", colour(stderr, BOLD), colour(stderr, PLAIN));
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
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

void print_name(FILE *stream, struct bytes name)
{
    bool valid = utf8_valid(name.data, name.size);
    for (size_t i = 0; i < name.size; i++) {
        uint8_t c = name.data[i];
        /* C1 control characters, which terminals obey, are C2 80 to C2 9F in UTF-8 */
        bool c1 = c == 0xc2 && i + 1 < name.size && name.data[i + 1] < 0xa0;
        bool after_c1 = i > 0 && name.data[i - 1] == 0xc2 && c >= 0x80 && c < 0xa0;
        if (c < 0x20 || c == 0x7f || c == '\\' || (c >= 0x80 && !valid) || c1 || after_c1)
            fprintf(stream, "\\%02x", c);
        else fputc(c, stream);
    }
}

void readable_size(char text[static 24], uint64_t bytes)
{
    if (bytes < 10000) snprintf(text, 24, "%llu bytes", (unsigned long long)bytes);
    else if (bytes < 1000000) snprintf(text, 24, "%.1f kB", (double)bytes / 1e3);
    else if (bytes < 1000000000) snprintf(text, 24, "%.1f MB", (double)bytes / 1e6);
    else snprintf(text, 24, "%.2f GB", (double)bytes / 1e9);
}
