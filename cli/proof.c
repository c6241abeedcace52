#include "cli/proof.h"
#include "cli/parts.h"

static const struct command parts[] = {
#define X(name, summary) {#name, summary, proof_##name},
#include "cli/proof_parts.def"
#undef X
};
enum { PARTS = sizeof parts / sizeof parts[0] };

int command_proof(int argc, char **argv)
{
    static const struct command_parts proof = {
        .command = "proof",
        .text = "Looks into execution proofs. `nvm run --proof` makes them, `nvm verify` checks them.\n",
        .examples = "  nvm proof show out.proof\n"
                    "  nvm proof show out.proof --svg out.svg\n",
        .exit_codes = "0 success; 1 the proof is refused; 2 wrong usage or input",
        .missing = "`nvm proof show FILE` prints a proof; `nvm proof --help` lists the parts",
        .parts = parts,
        .count = PARTS,
    };
    return run_part(&proof, argc, argv);
}
