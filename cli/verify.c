#include "cli/verify.h"

#include "cli/codes.h"
#include "cli/sandbox.h"
#include "cli/tee.h"
#include "cli/verify_demands.h"

#include <stdlib.h>

static const struct usage usage = {
    .command = "verify",
    .operands = "FILE...",
    .text =
        "Checks execution proofs: the receipts and transactions are applied again to the part of the state that the\n"
        "proof brings along, and everything that it says must come out, to the last byte. With --light nothing is\n"
        "executed: hashes, Merkle paths and roots are checked, and that the changes lead from the old root to the\n"
        "new one; whether the outcomes are those of execution is then left to an attestation.\n"
        "With --attestation each proof must have one, and the policy must accept it (docs/TEE.md).\n"
        "\n"
        "Code of contracts can run for long, as far as its gas goes: with --timeout files that are not done in time\n"
        "are \"not checked\", which is exit code 2 unless a proof was refused. So are files that exceed a limit; each\n"
        "limit can be raised (docs/limits.md).\n"
        "\n"
        "A proof is about what was given: for each file, in the order in which they were given, it is printed which\n"
        "statement holds, what was given and what follows, and through which doors tokens enter and leave; or the\n"
        "first thing that is wrong. A true proof may be one of something else: --statement, --old-root, --new-root,\n"
        "--code-hash, --chain-id, --first-height and --last-height demand values. Given receipts are claims about a\n"
        "chain: --receipt-proof shows that they were on it (light-client proofs of outcomes, and --head-root).\n",
    .examples = "  nvm verify out.proof\n"
                "  nvm verify --light *.proof\n"
                "  nvm verify out.proof --code contract.wasm\n"
                "  nvm verify out.proof --chain-id mainnet --old-root 5aXzx... --code-hash 36WCc...\n"
                "  nvm verify out.proof --attestation policy.json --collateral collateral.json\n",
    .min_operands = 1,
    .max_operands = -1,
    .failure = "a proof was refused",
};

/* What belongs to --attestation is nothing without it. */
static int check_trust(const struct trust_options *t)
{
    if (t->policy) return -1;
    const char *option = t->collateral.count ? "collateral" : t->at ? "at" : t->challenge ? "challenge" : NULL;
    if (!option) return -1;
    say_error("--%s: only with --attestation POLICY", option);
    return EXIT_INPUT;
}

/* From here on the command has the files that it was given, and no others. */
static void enter_sandbox(const struct verify_options *o, const struct trust_options *t,
                          const struct demand_options *demanded, const struct text_list *codes, char *const *files,
                          int count)
{
    struct sandbox s;
    sandbox_begin(&s, o->no_sandbox);
    for (int i = 0; i < count; i++) sandbox_may_read(&s, files[i]);
    for (uint32_t i = 0; i < codes->count; i++) sandbox_may_read(&s, codes->items[i]);
    for (uint32_t i = 0; i < t->collateral.count; i++) sandbox_may_read(&s, t->collateral.items[i]);
    for (uint32_t i = 0; i < demanded->receipt_proofs.count; i++)
        sandbox_may_read(&s, demanded->receipt_proofs.items[i]);
    sandbox_may_read(&s, t->policy);
    sandbox_enter(&s);
}

/* The files' names are in `argv`. */
static int verify(struct verify_options *o, const struct trust_options *t, const struct demand_options *demanded,
                  const struct text_list *paths, char **argv, int count)
{
    struct demands demands = {0};
    struct codes codes = {0};
    struct trust trust = {0};
    int code = check_trust(t);
    if (code < 0) enter_sandbox(o, t, demanded, paths, argv, count);
    if (code < 0) code = demands_read(&demands, demanded, o);
    if (code < 0) code = codes_read(&codes, paths);
    if (code < 0 && t->policy) code = trust_read(&trust, t);
    o->codes = codes.bytes;
    o->code_count = codes.count;
    o->trust = t->policy ? &trust.tee : NULL;
    o->has_challenge = trust.has_challenge;
    o->challenge = bytes_of(trust.challenge.data, trust.challenge.size);
    if (code < 0) code = verify_files(argv, count, o);
    demands_free(&demands);
    trust_free(&trust);
    codes_free(&codes);
    return code;
}

int command_verify(int argc, char **argv)
{
    struct verify_options o = {.limits = limits_standard()};
    struct trust_options trust = {0};
    struct demand_options d = {0};
    struct text_list paths = {0};
    const struct option options[] = {
        {"light", 0, OPTION_FLAG, &o.light, NULL, "execute nothing", 0},
        {"code", 0, OPTION_LIST, &paths, "FILE", "a contract that a proof leaves out (.wasm, .wat); repeatable", 0},
        {"attestation", 0, OPTION_TEXT, &trust.policy, "POLICY", "demand an attestation that this file accepts", 0},
        {"collateral", 0, OPTION_LIST, &trust.collateral, "FILE", "collateral, certificates, CRLs; repeatable", 0},
        {"at", 0, OPTION_TEXT, &trust.at, "TIME", "time of checking it: RFC 3339 or Unix seconds [now]", 0},
        {"challenge", 0, OPTION_TEXT, &trust.challenge, "HEX", "the nonce that it must answer", 0},
        {"statement", 0, OPTION_TEXT, &d.statement, "HASH", "demand this statement", 0},
        {"old-root", 0, OPTION_TEXT, &d.old_root, "HASH", "demand this state root before", 0},
        {"new-root", 0, OPTION_TEXT, &d.new_root, "HASH", "demand this state root after", 0},
        {"code-hash", 0, OPTION_LIST, &d.code_hashes, "HASH", "demand that this code ran, and no other; repeatable", 0},
        {"chain-id", 0, OPTION_TEXT, &d.chain_id, "TEXT", "demand this chain", 0},
        {"first-height", 0, OPTION_TEXT, &d.first_height, "N", "demand this height of the first block", 0},
        {"last-height", 0, OPTION_TEXT, &d.last_height, "N", "demand this height of the last block", 0},
        {"receipt-proof", 0, OPTION_LIST, &d.receipt_proofs, "FILE", "proof of an outcome on the chain; repeatable", 0},
        {"head-root", 0, OPTION_TEXT, &d.head_root, "HASH", "block Merkle root of a head that is trusted", 0},
        {"jobs", 'j', OPTION_NUMBER, &o.jobs, "N", "files at once (default: one for each processor)", 256},
        {"timeout", 0, OPTION_SECONDS, &o.timeout, "SECONDS", "give up what is not done by then, as --limit-time", 0},
#define X(name, standard, unit, text) LIMIT_OPTION(&o.limits, name, standard, unit, text)
#include "base/limits.def"
#undef X
        {"json", 0, OPTION_FLAG, &o.json, NULL, "as JSON: an array with an object for each file", 0},
        SANDBOX_OPTION(&o.no_sandbox),
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    o.timeout_given = o.timeout > 0;
    if (!o.timeout_given) o.timeout = (double)o.limits.time;
    if (code < 0) code = verify(&o, &trust, &d, &paths, argv, count);
    free(paths.items);
    free(d.code_hashes.items);
    free(d.receipt_proofs.items);
    free(trust.collateral.items);
    return code;
}
