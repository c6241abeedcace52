#include "cli/state.h"
#include "cli/parts.h"

static const struct command parts[] = {
#define X(name, summary) {#name, summary, command_state_##name},
#include "cli/state_parts.def"
#undef X
};
enum { PARTS = sizeof parts / sizeof parts[0] };

int command_state(int argc, char **argv)
{
    static const struct command_parts state = {
        .command = "state",
        .text = "Makes, shows and changes a state of NEAR: accounts, keys, contracts and their data in one file, as\n"
                "the trie that the protocol keeps them in. Every change is written completely or not at all.\n",
        .examples = "  nvm state create dev.state --account alice.near=100N --account token.near=10N\n"
                    "  nvm state set dev.state token.near --code token.wasm\n"
                    "  nvm state view dev.state token.near\n"
                    "  nvm state root dev.state\n",
        .exit_codes = "0 success; 2 wrong usage or input",
        .missing = "create, accounts, view, set, import, export or root: `nvm state --help`",
        .parts = parts,
        .count = PARTS,
    };
    return run_part(&state, argc, argv);
}
