#include "cli/tee.h"
#include "cli/parts.h"

static const struct command parts[] = {
#define X(name, summary) {#name, summary, tee_##name},
#include "cli/tee_parts.def"
#undef X
};
enum { PARTS = sizeof parts / sizeof parts[0] };

int command_tee(int argc, char **argv)
{
    static const struct command_parts tee = {
        .command = "tee",
        .text = "Evidence of trusted hardware: AWS Nitro, Intel SGX and TDX, AMD SEV-SNP, and a simulator.\n"
                "`nvm run --attest` and `nvm attest` make it, `nvm verify --attestation` and `nvm tee verify` judge it\n"
                "(docs/TEE.md).\n",
        .examples = "  nvm tee info\n"
                    "  nvm tee show out.proof\n"
                    "  nvm tee verify quote.bin --policy policy.json --collateral collateral.json\n",
        .exit_codes = "0 accepted, or done; 1 refused; 2 wrong usage, or a file that cannot be read",
        .missing = "`nvm tee info` shows what is here; `nvm tee --help` lists the parts",
        .parts = parts,
        .count = PARTS,
    };
    return run_part(&tee, argc, argv);
}
