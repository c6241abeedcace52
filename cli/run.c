#include "cli/run_chain.h"

#include "cli/sandbox.h"
#include "cli/source.h"

#include <stdlib.h>

static const struct usage usage = {
    .command = "run",
    .operands = "CONTRACT [METHOD]",
    .text = "Calls a method of a NEAR contract as the chain would, and shows what comes of it: result, logs,\n"
            "receipts, changes of the state, gas to the last unit, or the error with its cause. Without METHOD:\n"
            "the methods.\n"
            "\n"
            "Amounts: 1.5N, 10mN, 1 (yoctoNEAR); gas: 30T, 500G. What is not given has the default in brackets.\n"
            "A promise result is ok:TEXT, base64:TEXT, failed or not_ready.\n",
    .examples = "  nvm run contract.wasm\n"
                "  nvm run contract.wasm new --args '{\"owner_id\":\"bob.near\"}' --save-state=state.json\n"
                "  nvm run contract.wasm buy --args '{\"id\":7}' --deposit 1.5N --state state.json --save-state\n"
                "  nvm run contract.wasm get --args '{\"id\":7}' --state state.json --view\n"
                "  nvm run contract.wasm buy --args '{\"id\":7}' --proof out.proof --attest --nonce 00112233aabbccdd\n"
                "  nvm run contract.wasm on_done --predecessor alice.near --promise-result 'ok:\"12\"' --json\n",
    .min_operands = 0,
    .max_operands = 2,
    .failure = "the contract failed",
};

static int say_not_a_module(const char *path)
{
    say_error("%s: this is no WebAssembly module", path);
    say_hint("a module begins with the bytes 00 61 73 6d (binary format) or with \"(module\" (text format)");
    return EXIT_INPUT;
}

static int say_incomplete(const char *what)
{
    say_error("resume: the suspended run has not brought %s along (%s)", what, tee_refusal_code(TEE_STATE_INVALID));
    return EXIT_INPUT;
}

/* The module to run: the first operand, or what the context brings along. */
static int read_code(struct run *run, const char *path)
{
    static const uint8_t magic[] = {0, 'a', 's', 'm'};
    run->path = path ? path : run->options.context;
    if (!path && !run->call.has_code) {
        say_error("run: which contract?");
        say_hint("usage: nvm run %s (more: nvm run --help)", usage.operands);
        return EXIT_INPUT;
    }
    if (path) {
        const bool kept = suspension_kept(run->suspension, INPUT_CODE, &run->code);
        if (!kept && run->suspension->resuming) return say_incomplete("the contract");
        int code = kept ? -1 : source_read(path, &run->code);
        if (code >= 0) return code;
        suspension_keep(run->suspension, INPUT_CODE, bytes_of(run->code.data, run->code.size));
        run->call.code = bytes_of(run->code.data, run->code.size);
    }
    struct bytes code = run->call.code;
    if (code.size < sizeof magic || memcmp(code.data, magic, sizeof magic) != 0) return say_not_a_module(run->path);
    return -1;
}

/* What can be said before anything is read. */
static int check_options(const struct run_options *o)
{
    if ((o->suspend.to || o->suspend.at_gas || o->suspend.at_call) && (o->flame || o->folded)) {
        say_error("a run with --flame or --folded cannot be suspended");
        return EXIT_INPUT;
    }
    if (!o->save_state || o->save_state[0] || o->state) return -1;
    say_error("--save-state: where to?");
    say_hint("--state FILE --save-state writes back to FILE; --save-state=FILE writes there");
    return EXIT_INPUT;
}

static int prepare(struct run *run)
{
    const struct contract_options options = {.borrow_bytes = true, .traced = run->options.flame || run->options.folded};
    struct error e;
    if (contract_prepare(run->call.parameters, run->call.code, &options, &run->contract, &e) == STATUS_OK) return -1;
    return say_file_error(run->path, &e);
}

static int call(struct run *run)
{
    const bool traced = run->options.flame || run->options.folded;
    const struct call_options options = {.max_gas_burnt = run->call.max_gas_burnt,
                                         .trace = traced ? &run->trace : NULL};
    struct error e = {0};
    enum status status;
    if (suspension_active(run->suspension))
        status = suspension_call(run->suspension, run->contract, run->call.method, &run->call.context,
                                 &run->mock.external, run->call.max_gas_burnt, &run->outcome, &e);
    else
        status = contract_call(run->contract, run->call.method, &run->call.context, &run->mock.external, &options,
                               &run->outcome, &e);
    if (status != STATUS_OK)
        return suspension_end(run->suspension, status, &e, run->call.code, run->options.json);
    int saved = -1;
    if (run->options.save_state && !run->outcome.error_kind) saved = run_save_state(run);
    int traced_code = run_write_trace(run);
    int reported = run_report(run);
    return saved >= 0 ? saved : traced_code >= 0 ? traced_code : reported;
}

/* From here on the run has the files that its options name, and no others. */
static void enter_sandbox(const struct run *run, const char *contract)
{
    const struct run_options *o = &run->options;
    const struct suspend_options *suspend = &run->suspension->options;
    const char *const read[] = {contract, o->args_file, o->context, o->state, suspend->seal_key};
    const char *const written[] = {o->save_state && !o->save_state[0] ? o->state : o->save_state, o->flame, o->folded,
                                   o->proof, suspend->to};
    struct sandbox s;
    sandbox_begin(&s, o->no_sandbox);
    s.devices = o->attest != NULL;
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) sandbox_may_read(&s, read[i]);
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) sandbox_may_write(&s, written[i]);
    if (suspension_active(run->suspension)) sandbox_may_write(&s, suspend->seal_key); /* its folder has the counters */
    sandbox_enter(&s);
}

static int run_all(struct run *run, char **operands, int count)
{
    int code = check_options(&run->options);
    if (code < 0) code = run_choose_attester(run);
    if (code < 0) enter_sandbox(run, count ? operands[0] : NULL);
    if (code < 0) code = run_read_call(run);
    if (code < 0) code = read_code(run, count ? operands[0] : NULL);
    if (code >= 0) return code;
    if (count > 1) run->call.method = bytes_of_string(operands[1]);
    bool list = count < 2 && !run->call.has_method;
    code = run_read_state(run);
    if (code < 0) code = prepare(run);
    if (code < 0 && list) return run_list_methods(run);
    if (code < 0) code = run_chain_wanted(&run->options) ? run_chain(run) : call(run);
    return code;
}

/* A run that goes on writes where this command's user says. Traced calls cannot have been suspended. */
static int take_outputs(struct run *run)
{
    const struct run_suspension *s = run->suspension;
    struct run_options *o = &run->options;
    if (!s->resuming) return -1;
    if (o->flame || o->folded) {
        say_error("resume: a run with --flame or --folded cannot have been suspended (%s)",
                  tee_refusal_code(TEE_STATE_INVALID));
        return EXIT_INPUT;
    }
    const int code = output_take("proof", &o->proof, s->outputs.proof);
    return code < 0 ? output_take("save-state", &o->save_state, s->outputs.save_state) : code;
}

/* The arguments as they were given, before options_parse rearranges them. */
static int begin_suspension(struct run *run, int argc, char **given)
{
    struct run_suspension *s = run->suspension;
    if (s->resuming) return -1;
    s->options = run->options.suspend;
    s->options.provider = run->options.provider;
    return suspension_begin(s, RUN_CONTRACT, argc, given);
}

int run_command(int argc, char **argv, struct run_suspension *suspension)
{
    struct run run = {.suspension = suspension};
    struct run_options *o = &run.options;
    const struct option options[] = {
        {"args", 'a', OPTION_TEXT, &o->args, "JSON", "arguments of the method", 0},
        {"args-base64", 0, OPTION_TEXT, &o->args_base64, "TEXT", "arguments that are not JSON", 0},
        {"args-file", 0, OPTION_TEXT, &o->args_file, "FILE", "arguments as the file has them", 0},
#define X(kind, option, name, field, value, help) {option, 0, OPTION_TEXT, &o->name, value, help, 0},
#include "cli/run_context.def"
#undef X
        {"view", 0, OPTION_FLAG, &o->view, NULL, "a view call: reads only", 0},
        {"seed", 0, OPTION_TEXT, &o->seed, "BYTES", "random seed: 32 bytes, hexadecimal or base64", 0},
        {"signer-key", 0, OPTION_TEXT, &o->signer_key, "KEY", "ed25519:... or secp256k1:...", 0},
        {"promise-result", 0, OPTION_LIST, &o->promise_results, "RESULT", "for a callback: one for each promise", 0},
        {"receivers", 0, OPTION_TEXT, &o->receivers, "IDS", "who waits for the result: a.near,b.near", 0},
        {"validator", 0, OPTION_LIST, &o->validators, "ID=STAKE", "a validator; may be repeated", 0},
        {"protocol-version", 0, OPTION_TEXT, &o->protocol_version, "N", "84 to 88; older ones for old fees [88]", 0},
        {"context", 0, OPTION_TEXT, &o->context, "FILE", "all of this as JSON (docs/run.md)", 0},
        {"state", 0, OPTION_TEXT, &o->state, "FILE", "state before the call, as view_state gives it", 0},
        {"save-state", 0, OPTION_MAYBE, &o->save_state, "FILE.json", "write the state after it there, or back", 0},
        {"all-costs", 0, OPTION_FLAG, &o->all_costs, NULL, "a bar for every cost, not only for the twelve largest", 0},
        {"flame", 0, OPTION_TEXT, &o->flame, "FILE", "where the gas went: a flame graph (SVG)", 0},
        {"folded", 0, OPTION_TEXT, &o->folded, "FILE", "the same as folded stacks", 0},
        {"trie", 0, OPTION_FLAG, &o->trie, NULL, "as a receipt on a real state, with what its trie costs", 0},
        {"follow", 0, OPTION_FLAG, &o->follow, NULL, "the same, and the receipts that come of it, block by block", 0},
        {"proof", 0, OPTION_TEXT, &o->proof, "FILE", "the same, and a proof of it", 0},
        {"attest", 0, OPTION_MAYBE, &o->attest, "PROVIDER", "with --proof: attested by the hardware that is here", 0},
        {"provider", 0, OPTION_TEXT, &o->provider, "NAME", "who attests; simulator proves nothing", 0},
        {"nonce", 0, OPTION_TEXT, &o->nonce, "HEX", "the verifier's challenge for it: at most 32 bytes", 0},
        {"suspend-at", 0, OPTION_TEXT, &o->suspend.at_gas, "GAS", "stop when the run has burnt so much", 0},
        {"suspend-at-call", 0, OPTION_NUMBER, &o->suspend.at_call, "N", "or behind the Nth call of a host function", 0},
        {"suspend-to", 0, OPTION_TEXT, &o->suspend.to, "FILE", "where the sealed state goes: nvm resume", 0},
        {"seal-key", 0, OPTION_TEXT, &o->suspend.seal_key, "FILE", "the root that seals it: 32 secret bytes", 0},
        {"json", 0, OPTION_FLAG, &o->json, NULL, "print the whole outcome as JSON", 0},
        SANDBOX_OPTION(&o->no_sandbox),
        {0},
    };
    int count = 0;
    char **given = calloc((size_t)argc + 1, sizeof *given);
    if (!given) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (int i = 0; i < argc; i++) given[i] = argv[i];
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = begin_suspension(&run, argc, given);
    if (code < 0) code = take_outputs(&run);
    mock_external_init(&run.mock);
    if (code < 0) code = run_all(&run, argv, count);
    if (run.outcome.arena) call_outcome_free(&run.outcome);
    trace_free(&run.trace);
    contract_free(run.contract);
    mock_external_free(&run.mock);
    call_case_free(&run.call);
    buffer_free(&run.code);
    buffer_free(&run.attester.nonce);
    file_unlock(&run.lock);
    arena_free(&run.arena);
    free(o->promise_results.items);
    free(o->validators.items);
    free(given);
    return code;
}

int command_run(int argc, char **argv)
{
    struct run_suspension suspension = {0};
    int code = run_command(argc, argv, &suspension);
    suspension_free(&suspension);
    return code;
}
