/* Finds the subcommand and runs it. */
#include "cli/cli.h"

#include <fenv.h>
#include <locale.h>

static const struct command commands[] = {
#define X(name, summary) {#name, summary, command_##name},
#include "cli/commands.def"
#undef X
};
enum { COMMANDS = sizeof commands / sizeof commands[0], NAME_SIZE = 32 };

/* The name as users type it: '-' where the table, of identifiers, has '_'. */
static const char *name_of(const struct command *c, char out[static NAME_SIZE])
{
    size_t i = 0;
    for (; c->name[i] && i + 1 < NAME_SIZE; i++) out[i] = c->name[i] == '_' ? '-' : c->name[i];
    out[i] = 0;
    return out;
}

static void help(FILE *out)
{
    char name[NAME_SIZE];
    fprintf(out, "%snvm%s: a WebAssembly interpreter and NEAR virtual machine\n\n", colour(out, BOLD),
            colour(out, PLAIN));
    fprintf(out, "usage: nvm COMMAND [OPTION...] [OPERAND...]\n\ncommands:\n");
    for (int i = 0; i < COMMANDS; i++) fprintf(out, "  %-15s %s\n", name_of(&commands[i], name), commands[i].summary);
    fprintf(out, "\nModules are given in the binary or the text format (.wasm, .wat); \"-\" is standard input.\n"
                 "`nvm COMMAND --help` explains a command.\n\n"
                 "examples:\n"
                 "  nvm run contract.wasm method --args '{}'\n"
                 "  nvm exec examples/fib.wat fib 30\n"
                 "  nvm inspect module.wasm\n"
                 "  nvm wat2wasm module.wat -o module.wasm\n\n"
                 "exit codes: 0 success; 1 the call trapped; 2 wrong usage or input\n");
}

static int unknown(const char *name)
{
    char known[NAME_SIZE];
    say_error("there is no command '%s'", name);
    for (int i = 0; i < COMMANDS; i++) {
        if (!similar(bytes_of_string(name), bytes_of_string(name_of(&commands[i], known)))) continue;
        say_hint("did you mean `nvm %s`?", known);
        return EXIT_INPUT;
    }
    say_hint("`nvm --help` lists the commands");
    return EXIT_INPUT;
}

/* What a command has printed and not written yet can still be lost: on a full disk, to a closed descriptor. */
static int printed(int code)
{
    if (code == EXIT_INPUT || (fflush(stdout) == 0 && !ferror(stdout))) return code;
    say_error("standard output cannot be written");
    return EXIT_INPUT;
}

/* Whatever a preloaded library or the system has set up: numbers are read, computed and printed in one way. */
static void set_defaults(void)
{
    fesetenv(FE_DFL_ENV);
    setlocale(LC_ALL, "C");
}

int main(int argc, char **argv)
{
    set_defaults();
    if (argc < 2) {
        help(stderr);
        return EXIT_INPUT;
    }
    const char *name = argv[1];
    char *only_help[] = {NULL, (char[]){"--help"}, NULL};
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        if (argc == 2) {
            help(stdout);
            return printed(EXIT_OK);
        }
        name = argv[2];
        argv = only_help;
        argc = 2;
    } else {
        argv++;
        argc--;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) name = "version";
    char known[NAME_SIZE];
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(name, name_of(&commands[i], known)) == 0) return printed(commands[i].run(argc - 1, argv + 1));
    return unknown(name);
}
