#include "cli/replay.h"
#include "cli/sandbox.h"

static const struct usage usage = {
    .command = "replay",
    .operands = "FILE...",
    .text = "Checks blocks of NEAR's indexer streams (near-lake): block.json and shard_N.json, or folders with them.\n"
            "Hashes, ids, signatures, outcome proofs, roots, the gas and tokens of everything but contract code,\n"
            "refunds, balances and nonces are computed anew and compared; what could not be checked is listed.\n"
            "Scenarios (.jsonl, .jsonl.xz: a state, blocks, what came out) are applied, and all of it is compared.\n",
    .examples = "  nvm replay 000000879765/block.json 000000879765/shard_0.json\n"
                "  nvm replay 000000879765 000000879766\n"
                "  nvm replay --json 000000879765\n"
                "  nvm replay runtime.jsonl.xz\n",
    .min_operands = 1,
    .max_operands = INT16_MAX,
    .failure = "something differs",
};

static void replay_block(struct replay *r, struct lake_block *block, const struct lake_block *previous)
{
    const struct replay_context c = replay_context_of(r, block, previous);
    replay_check_headers(&c);
    for (struct lake_shard *s = block->shards; s; s = s->next) {
        for (uint32_t i = 0; i < s->transaction_count; i++) replay_check_transaction(&c, s, &s->transactions[i]);
        for (uint32_t i = 0; i < s->executed_count; i++) replay_check_receipt(&c, s, &s->executed[i]);
        replay_check_chunk(&c, s);
        replay_check_outcomes(&c, s);
        replay_check_changes(&c, s);
    }
}

static int report(const struct replay *r, bool json, bool verbose)
{
    bool ok = true;
    if (r->no_memory) {
        say_error("replay: no memory");
        return EXIT_INPUT;
    }
    if (json) ok = replay_print_json(r);
    else replay_print(r, verbose);
    if (!ok || fflush(stdout) != 0) {
        say_error("cannot write to standard output");
        return EXIT_INPUT;
    }
    return r->differences ? EXIT_TRAPPED : EXIT_OK;
}

/* From here on the command has the files that it was given, and no others. */
static void enter_sandbox(bool off, char *const *paths, int count)
{
    struct sandbox s;
    sandbox_begin(&s, off);
    for (int i = 0; i < count; i++) sandbox_may_read(&s, paths[i]);
    sandbox_enter(&s);
}

int command_replay(int argc, char **argv)
{
    bool json = false, verbose = false, no_sandbox = false;
    struct replay r = {.limits = limits_standard()};
    const struct option options[] = {
        {"json", 0, OPTION_FLAG, &json, NULL, "print the report as JSON", 0},
        {"verbose", 'v', OPTION_FLAG, &verbose, NULL, "also name the members that are not known", 0},
        {"protocol-version", 0, OPTION_NUMBER, &r.version_option, "VERSION",
         "the version of the blocks' epoch, if it is not the one in their headers", PROTOCOL_VERSION_CURRENT},
#define X(name, standard, unit, text) LIMIT_OPTION(&r.limits, name, standard, unit, text)
#include "base/limits.def"
#undef X
        SANDBOX_OPTION(&no_sandbox),
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code >= 0) return code;
    limits_start_clock(&r.limits);
    code = replay_unpack(&r, argv, count);
    if (code < 0) enter_sandbox(no_sandbox, argv, count);
    if (code < 0) code = replay_load(&r, argv, count);
    if (code < 0) {
        const struct lake_block *previous = NULL;
        for (struct lake_block *b = r.blocks; b; previous = b, b = b->next) replay_block(&r, b, previous);
        code = report(&r, json, verbose);
    }
    replay_free(&r);
    return code;
}
