#include "cli/cli.h"

#include "base/array.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

static const struct option help_option = {"help", 'h', OPTION_FLAG, NULL, NULL, "show this help", 0};

static void print_option(const struct option *o)
{
    char left[64];
    char letter[8] = "    ";
    if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    const char *open = o->kind == OPTION_MAYBE ? "[=" : o->value ? " " : "";
    const char *close = o->kind == OPTION_MAYBE ? "]" : "";
    snprintf(left, sizeof left, "%s--%s%s%s%s", letter, o->name, open, o->value ? o->value : "", close);
    printf("  %-28s %s\n", left, o->help);
}

static void print_help(const struct usage *u, const struct option *options)
{
    printf("usage: nvm %s %s%s\n\n%s", u->command, u->operands[0] ? "[OPTION...] " : "", u->operands, u->text);
    printf("\noptions:\n");
    for (const struct option *o = options; o && o->name; o++) print_option(o);
    print_option(&help_option);
    printf("\nexamples:\n%s\nexit codes: 0 success; 1 %s; 2 wrong usage or input\n", u->examples,
           u->failure ? u->failure : "the call trapped");
}

/* "-5", "-.5", "-inf", "-nan:0x..." are operands though they begin with a dash, and so is "-". */
static bool is_operand(const char *arg)
{
    if (arg[0] != '-' || arg[1] == '\0') return true;
    return isdigit((unsigned char)arg[1]) || arg[1] == '.' || strncmp(arg, "-inf", 4) == 0 ||
           strncmp(arg, "-nan", 4) == 0;
}

static const struct option *find(const struct option *options, const char *arg, size_t length)
{
    for (const struct option *o = options;; o++) {
        if (!o || !o->name) o = &help_option;
        bool by_letter = o->letter && length == 2 && arg[0] == '-' && arg[1] == o->letter;
        bool by_name = length > 2 && arg[0] == '-' && arg[1] == '-' && strlen(o->name) == length - 2 &&
                       memcmp(o->name, arg + 2, length - 2) == 0;
        if (by_letter || by_name) return o;
        if (o == &help_option) return NULL;
    }
}

static int unknown(const struct usage *u, const struct option *options, const char *arg, size_t length)
{
    say_error("%s: there is no option '%.*s'", u->command, (int)length, arg);
    struct bytes given = bytes_of(arg, length);
    while (given.size && given.data[0] == '-') given = bytes_of(given.data + 1, given.size - 1);
    for (const struct option *o = options; o && o->name; o++) {
        if (!similar(given, bytes_of_string(o->name))) continue;
        say_hint("did you mean --%s?", o->name);
        return EXIT_INPUT;
    }
    say_hint("`nvm %s --help` lists the options", u->command);
    return EXIT_INPUT;
}

static int set_number(const struct usage *u, const struct option *o, const char *value)
{
    bool hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
    bool digits = isdigit((unsigned char)value[0]) && (!hex || isxdigit((unsigned char)value[2]));
    char *end = NULL;
    errno = 0;
    unsigned long long n = digits ? strtoull(value, &end, hex ? 16 : 10) : 0;
    uint64_t max = o->max ? o->max : UINT64_MAX;
    if (!digits || *end || errno || n > max) {
        say_error("%s: --%s: '%s' is no number from 0 to %llu", u->command, o->name, value, (unsigned long long)max);
        return EXIT_INPUT;
    }
    *(uint64_t *)o->target = n;
    return -1;
}

static int set_seconds(const struct usage *u, const struct option *o, const char *value)
{
    char *end = NULL;
    double seconds = isdigit((unsigned char)value[0]) || value[0] == '.' ? strtod(value, &end) : 0;
    if (!end || *end || !(seconds > 0) || seconds > 1e9) {
        say_error("%s: --%s: '%s' is no number of seconds more than 0", u->command, o->name, value);
        return EXIT_INPUT;
    }
    *(double *)o->target = seconds;
    return -1;
}

static int add_to_list(struct text_list *list, const char *value)
{
    if (array_grow(&list->items, list->count, &list->capacity, sizeof *list->items)) {
        list->items[list->count++] = value;
        return -1;
    }
    say_error("out of memory");
    return EXIT_INPUT;
}

static int set(const struct usage *u, const struct option *o, const char *value)
{
    switch (o->kind) {
    case OPTION_FLAG:
        if (value) {
            say_error("%s: --%s takes no value", u->command, o->name);
            return EXIT_INPUT;
        }
        *(bool *)o->target = true;
        return -1;
    case OPTION_NUMBER: return set_number(u, o, value);
    case OPTION_SECONDS: return set_seconds(u, o, value);
    case OPTION_TEXT: *(const char **)o->target = value; return -1;
    case OPTION_MAYBE: *(const char **)o->target = value ? value : ""; return -1;
    case OPTION_LIST: return add_to_list(o->target, value);
    }
    return -1;
}

static bool ends_in(const char *text, const char *suffix)
{
    size_t length = strlen(text), tail = strlen(suffix);
    return length > tail && strcmp(text + length - tail, suffix) == 0;
}

/* Whether the option `o`, given without '=', takes the argument after it as its value. */
static bool takes_next(const struct option *o, const char *next)
{
    const char *suffix = o->kind == OPTION_MAYBE ? strchr(o->value, '.') : NULL;
    if (o->kind == OPTION_MAYBE) return suffix && next && next[0] != '-' && ends_in(next, suffix);
    return o->kind != OPTION_FLAG;
}

static int check_operands(const struct usage *u, int count)
{
    if (count >= u->min_operands && (u->max_operands < 0 || count <= u->max_operands)) return -1;
    say_error("%s: %s", u->command, count < u->min_operands ? "something is missing" : "too many operands");
    say_hint("usage: nvm %s %s (more: nvm %s --help)", u->command, u->operands, u->command);
    return EXIT_INPUT;
}

int options_parse(const struct usage *u, const struct option *options, int argc, char **argv, int *count)
{
    *count = 0;
    bool only_operands = false;
    for (int i = 0; i < argc; i++) {
        char *arg = argv[i];
        if (only_operands || is_operand(arg)) {
            argv[(*count)++] = arg;
            continue;
        }
        if (strcmp(arg, "--") == 0) {
            only_operands = true;
            continue;
        }
        const char *equals = strncmp(arg, "--", 2) == 0 ? strchr(arg, '=') : NULL;
        size_t length = equals ? (size_t)(equals - arg) : strlen(arg);
        const struct option *o = find(options, arg, length);
        if (!o) return unknown(u, options, arg, length);
        if (o == &help_option) {
            print_help(u, options);
            return EXIT_OK;
        }
        const char *value = equals ? equals + 1 : NULL;
        if (!value && takes_next(o, i + 1 < argc ? argv[i + 1] : NULL)) {
            if (i + 1 == argc) {
                say_error("%s: --%s needs a value: --%s %s", u->command, o->name, o->name, o->value);
                return EXIT_INPUT;
            }
            value = argv[++i];
        }
        int code = set(u, o, value);
        if (code >= 0) return code;
    }
    return check_operands(u, *count);
}
