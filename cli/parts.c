#include "cli/parts.h"

static void help(const struct command_parts *c, FILE *out)
{
    fprintf(out, "usage: nvm %s PART FILE [OPTION...]\n\n%s\nparts:\n", c->command, c->text);
    for (int i = 0; i < c->count; i++) fprintf(out, "  %-10s %s\n", c->parts[i].name, c->parts[i].summary);
    fprintf(out, "\n`nvm %s PART --help` explains a part.\n\nexamples:\n%s\nexit codes: %s\n", c->command, c->examples,
            c->exit_codes);
}

static void suggest(const struct command_parts *c, const char *name)
{
    for (int i = 0; i < c->count; i++) {
        if (!similar(bytes_of_string(name), bytes_of_string(c->parts[i].name))) continue;
        say_hint("did you mean `nvm %s %s`?", c->command, c->parts[i].name);
        return;
    }
    say_hint("`nvm %s --help` lists the parts", c->command);
}

int run_part(const struct command_parts *c, int argc, char **argv)
{
    if (argc == 0) {
        say_error("%s: which part?", c->command);
        say_hint("%s", c->missing);
        return EXIT_INPUT;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        help(c, stdout);
        return EXIT_OK;
    }
    for (int i = 0; i < c->count; i++)
        if (strcmp(argv[0], c->parts[i].name) == 0) return c->parts[i].run(argc - 1, argv + 1);
    say_error("%s: there is no part '%s'", c->command, argv[0]);
    suggest(c, argv[0]);
    return EXIT_INPUT;
}
