#include "cli/gas_bars.h"

#include "base/shown.h"
#include "cli/cli.h"
#include "cli/gas_text.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/ioctl.h>

enum { COLUMNS = 80, SHORTEST_BAR = 4, LONGEST_BAR = 60, LONGEST_NAME = 48 };

/* A line that is printed. */
struct line {
    struct bytes name;
    uint64_t gas;
    size_t order; /* as given */
};

struct table {
    FILE *stream;
    const struct gas_bars_options *options;
    uint64_t total;
    unsigned name_width, digits_width, tera_width, bar_width;
};

/* ---- the terminal ------------------------------------------------------------------------------------------------ */

/* The first of these variables that is set decides, as for setlocale. */
static bool locale_is_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (!value || !*value) continue;
        const char *charset = strchr(value, '.');
        return charset && (strncasecmp(charset, ".utf-8", 6) == 0 || strncasecmp(charset, ".utf8", 5) == 0);
    }
    return false;
}

struct gas_bars_options gas_bars_options_of(FILE *stream)
{
    struct gas_bars_options options = {
        .width = COLUMNS,
        .unicode = locale_is_utf8(),
        .colour = *colour(stream, BOLD) != 0,
    };
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    unsigned long wanted = columns ? strtoul(columns, NULL, 10) : 0;
    if (wanted >= 20 && wanted <= 1000) options.width = (unsigned)wanted;
    else if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) options.width = size.ws_col;
    return options;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* The columns that print_shown needs, where each character is one column wide. */
static unsigned name_columns(struct bytes name)
{
    unsigned columns = 0;
    char shown[SHOWN_SIZE];
    for (size_t i = 0; i < name.size;) {
        i += shown_at(name, i, shown);
        columns += (uint8_t)shown[0] < 0x80 ? (unsigned)strlen(shown) : 1;
    }
    return columns;
}

/* The longest beginning of a name that needs at most `columns`; never part of a character. */
static struct bytes cut_name(struct bytes name, unsigned columns)
{
    while (name_columns(name) > columns) {
        bool valid = utf8_valid(name.data, name.size);
        do name.size--;
        while (valid && name.size && (name.data[name.size] & 0xc0) == 0x80);
    }
    return name;
}

/* A name that has no room ends in "..": most names differ at the end as well, but a line that wraps is worse. */
static void print_cell(const struct table *t, struct bytes name)
{
    unsigned columns = name_columns(name);
    bool fits = columns <= t->name_width;
    if (!fits) {
        if (name.size > 4096) name.size = 4096; /* cut_name is quadratic */
        name = cut_name(name, t->name_width - 2);
        columns = name_columns(name) + 2;
    }
    print_shown(t->stream, name);
    if (!fits) fputs("..", t->stream);
    for (; columns < t->name_width; columns++) fputc(' ', t->stream);
}

/* ---- bars -------------------------------------------------------------------------------------------------------- */

static void print_bar(const struct table *t, uint64_t gas)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    uint64_t length = gas_share(gas, t->total, (uint64_t)t->bar_width * 8);
    unsigned used = 0;
    if (length == 0 && gas) length = 1;
    if (t->options->colour) fputs("\033[36m", t->stream);
    if (t->options->unicode) {
        for (; used < length / 8; used++) fputs("█", t->stream);
        fputs(eighths[length % 8], t->stream);
        if (length % 8) used++;
    } else {
        for (; used < (length + 4) / 8; used++) fputc('#', t->stream);
    }
    if (t->options->colour) fputs(PLAIN, t->stream);
    for (; used < t->bar_width; used++) fputc(' ', t->stream);
}

static void print_line(const struct table *t, const struct line *line, bool with_bar)
{
    char digits[GAS_TEXT], tera[GAS_TEXT], percent[GAS_TEXT];
    gas_grouped(digits, line->gas);
    gas_tera(tera, line->gas);
    gas_percent(percent, line->gas, t->total);
    print_cell(t, line->name);
    fputs("  ", t->stream);
    if (with_bar) print_bar(t, line->gas);
    else fprintf(t->stream, "%*s", (int)t->bar_width, "");
    fprintf(t->stream, "  %*s  %*s  %8s\n", (int)t->digits_width, digits, (int)t->tera_width, tera, percent);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static int by_gas(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    if (x->gas != y->gas) return x->gas > y->gas ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Columns: as wide as their widest text, the bar takes the rest. */
static void measure(struct table *t, const struct line *lines, size_t count, uint64_t largest)
{
    char text[GAS_TEXT];
    gas_grouped(text, largest);
    t->digits_width = (unsigned)strlen(text);
    gas_tera(text, largest);
    t->tera_width = (unsigned)strlen(text);
    if (t->tera_width < sizeof "0.000000 Tgas" - 1) t->tera_width = sizeof "0.000000 Tgas" - 1;
    t->name_width = (unsigned)strlen("total");
    for (size_t i = 0; i < count; i++) {
        unsigned columns = name_columns(lines[i].name);
        if (columns > t->name_width) t->name_width = columns;
    }
    unsigned width = t->options->width ? t->options->width : COLUMNS;
    unsigned numbers = 2 + 2 + t->digits_width + 2 + t->tera_width + 2 + 8;
    unsigned room = width > numbers + SHORTEST_BAR ? width - numbers - SHORTEST_BAR : 0; /* for names */
    unsigned longest = room > LONGEST_NAME ? LONGEST_NAME : room < 8 ? 8 : room;
    if (t->name_width > longest) t->name_width = longest;
    unsigned used = numbers + t->name_width;
    t->bar_width = width > used + SHORTEST_BAR ? width - used : SHORTEST_BAR;
    if (t->bar_width > LONGEST_BAR) t->bar_width = LONGEST_BAR;
}

/* Sums up the lines from `shown` on in the one at `shown`; returns how many lines there are now. */
static size_t sum_up(struct line *lines, size_t count, size_t shown, char name[static GAS_TEXT + 8])
{
    if (shown == 0 || count <= shown + 1) return count; /* one more line takes no more room than its sum */
    char digits[GAS_TEXT];
    gas_grouped(digits, count - shown);
    snprintf(name, GAS_TEXT + 8, "%s more", digits);
    lines[shown].name = bytes_of_string(name);
    for (size_t i = shown + 1; i < count; i++) lines[shown].gas += lines[i].gas;
    return shown + 1;
}

enum status gas_bars_print(FILE *stream, const struct gas_row *rows, size_t count,
                           const struct gas_bars_options *options, struct error *e)
{
    uint64_t sum = 0;
    size_t used = 0;
    char more[GAS_TEXT + 8];
    struct line *lines = calloc(count + 1, sizeof *lines);
    if (!lines) return error_no_memory(e);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].gas > UINT64_MAX - sum) {
            free(lines);
            return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "the gas of all rows is 2^64 or more");
        }
        sum += rows[i].gas;
        if (rows[i].gas) lines[used++] = (struct line){rows[i].name, rows[i].gas, i};
    }
    qsort(lines, used, sizeof *lines, by_gas);
    used = sum_up(lines, used, options->rows, more);
    struct table t = {.stream = stream, .options = options, .total = options->total ? options->total : sum};
    measure(&t, lines, used, t.total > sum ? t.total : sum);
    for (size_t i = 0; i < used; i++) print_line(&t, &lines[i], true);
    if (options->colour) fputs(BOLD, stream);
    print_line(&t, &(struct line){.name = bytes_of_string("total"), .gas = t.total}, false);
    if (options->colour) fputs(PLAIN, stream);
    free(lines);
    return STATUS_OK;
}
