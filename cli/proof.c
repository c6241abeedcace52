#include "cli/proof.h"

static const struct command parts[] = {
#define X(name, summary) {#name, summary, proof_##name},
#include "cli/proof_parts.def"
#undef X
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static void help(FILE *out)
{
    fprintf(out, "usage: nvm proof PART FILE [OPTION...]\n\n"
                 "Looks into execution proofs. `nvm run --proof` makes them, `nvm verify` checks them.\n\nparts:\n");
    for (int i = 0; i < PARTS; i++) fprintf(out, "  %-10s %s\n", parts[i].name, parts[i].summary);
    fprintf(out, "\n`nvm proof PART --help` explains a part.\n\n"
                 "examples:\n"
                 "  nvm proof show out.proof\n"
                 "  nvm proof show out.proof --svg out.svg\n\n"
                 "exit codes: 0 success; 1 the proof is refused; 2 wrong usage or input\n");
}

int command_proof(int argc, char **argv)
{
    if (argc == 0) {
        say_error("proof: which part?");
        say_hint("`nvm proof show FILE` prints a proof; `nvm proof --help` lists the parts");
        return EXIT_INPUT;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        help(stdout);
        return EXIT_OK;
    }
    for (int i = 0; i < PARTS; i++)
        if (strcmp(argv[0], parts[i].name) == 0) return parts[i].run(argc - 1, argv + 1);
    say_error("proof: there is no part '%s'", argv[0]);
    say_hint("`nvm proof --help` lists the parts");
    return EXIT_INPUT;
}
