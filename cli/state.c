#include "cli/state.h"

static const struct command parts[] = {
#define X(name, summary) {#name, summary, command_state_##name},
#include "cli/state_parts.def"
#undef X
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static void help(FILE *out)
{
    fprintf(out, "usage: nvm state PART FILE [OPTION...]\n\n"
                 "Makes, shows and changes a state of NEAR: accounts, keys, contracts and their data in one file, as\n"
                 "the trie that the protocol keeps them in. Every change is written completely or not at all.\n\nparts:\n");
    for (int i = 0; i < PARTS; i++) fprintf(out, "  %-10s %s\n", parts[i].name, parts[i].summary);
    fprintf(out, "\n`nvm state PART --help` explains a part.\n\n"
                 "examples:\n"
                 "  nvm state create dev.state --account alice.near=100N --account token.near=10N\n"
                 "  nvm state set dev.state token.near --code token.wasm\n"
                 "  nvm state view dev.state token.near\n"
                 "  nvm state root dev.state\n\n"
                 "exit codes: 0 success; 2 wrong usage or input\n");
}

int command_state(int argc, char **argv)
{
    if (argc == 0) {
        say_error("state: which part?");
        say_hint("create, accounts, view, set, import, export or root: `nvm state --help`");
        return EXIT_INPUT;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        help(stdout);
        return EXIT_OK;
    }
    for (int i = 0; i < PARTS; i++)
        if (strcmp(argv[0], parts[i].name) == 0) return parts[i].run(argc - 1, argv + 1);
    say_error("state: there is no part '%s'", argv[0]);
    for (int i = 0; i < PARTS; i++) {
        if (!similar(bytes_of_string(argv[0]), bytes_of_string(parts[i].name))) continue;
        say_hint("did you mean `nvm state %s`?", parts[i].name);
        return EXIT_INPUT;
    }
    say_hint("`nvm state --help` lists the parts");
    return EXIT_INPUT;
}
