/* nvm resume: opens a sealed run and lets it go on. */
#include "cli/exec.h"
#include "cli/run.h"

#include "crypto/sha2.h"
#include "crypto/wipe.h"

#include <stdlib.h>

static const struct usage usage = {
    .command = "resume",
    .operands = "FILE",
    .text = "Goes on with a run that `nvm run` or `nvm exec` with --suspend-to FILE has stopped, here or on another\n"
            "machine, and ends as it would have ended: the same output, files, gas and proof. Where its files are\n"
            "written is said here (--proof, --save-state), never by the sealed file. A file is resumed once to its\n"
            "end: KEY.counter beside the key knows which ones are still to be; what is killed before its end can be\n"
            "resumed again. Under the simulator's root nobody counts. It can be suspended again.\n",
    .examples = "  nvm run contract.wasm work --suspend-at 10T --suspend-to run.sealed --seal-key key --proof p\n"
                "  nvm resume run.sealed --seal-key key --proof p\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "the contract failed, or the module trapped",
};

/* The SHA-256 of the module that the run brings along, if it does by itself. */
static enum status check_code(const struct run_bundle *b, const struct tee_sealed *header, struct error *e)
{
    uint8_t hash[SHA256_SIZE];
    if (!b->has_input[INPUT_CODE]) return STATUS_OK;
    sha256(bytes_of(b->input[INPUT_CODE].data, b->input[INPUT_CODE].size), hash);
    if (memcmp(hash, header->policy.code_hash, sizeof hash) == 0) return STATUS_OK;
    return tee_refuse(e, TEE_POLICY_MISMATCH, "the module in it is not the one that it was sealed for");
}

static enum status open_sealed(struct run_suspension *s, struct bytes blob, struct error *e)
{
    struct tee_sealed header;
    struct tee_root *root = NULL;
    struct buffer plain = {0};
    enum status status = tee_sealed_header(blob, &header, e);
    if (status == STATUS_OK) status = suspension_root(s, &root, e);
    if (status == STATUS_OK)
        status = tee_unseal(root, SEAL_RUN, blob, NULL, header.policy.has_code_hash ? header.policy.code_hash : NULL,
                            s->options.min_counter, &plain, e);
    tee_root_free(root);
    if (status == STATUS_OK && !header.policy.has_code_hash)
        status = tee_refuse(e, TEE_STATE_INVALID, "it was sealed for no module");
    if (status == STATUS_OK) status = run_bundle_read(bytes_of(plain.data, plain.size), &s->bundle, e);
    if (status == STATUS_OK) status = check_code(&s->bundle, &header, e);
    if (status == STATUS_OK && s->bundle.counted != (s->options.seal_key != NULL))
        status = tee_refuse(e, TEE_STATE_INVALID, "%s", s->bundle.counted
                                ? "it has a number, but nobody counts under this root"
                                : "it is of no count (or of an earlier nvm's): it could go on again and again");
    s->counter = header.policy.counter;
    s->finished_before = s->bundle.finished_count;
    if (plain.data) wipe(plain.data, plain.capacity);
    buffer_free(&plain);
    return status;
}

/* The command line of the run, in memory that may be rearranged. */
static int run_again(struct run_suspension *s)
{
    char **argv = calloc((size_t)s->bundle.argc + 1, sizeof *argv);
    if (!argv) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (uint32_t i = 0; i < s->bundle.argc; i++) argv[i] = (char *)(uintptr_t)s->bundle.argv[i];
    int code = s->bundle.command == RUN_MODULE ? exec_command((int)s->bundle.argc, argv, s)
                                               : run_command((int)s->bundle.argc, argv, s);
    free(argv);
    return code;
}

int command_resume(int argc, char **argv)
{
    struct run_suspension s = {.resuming = true};
    struct suspend_options *o = &s.options;
    const struct option options[] = {
        {"seal-key", 0, OPTION_TEXT, &o->seal_key, "FILE", "the root that it was sealed under", 0},
        {"provider", 0, OPTION_TEXT, &o->provider, "NAME", "simulator: the root that is secret to nobody", 0},
        {"min-counter", 0, OPTION_NUMBER, &o->min_counter, "N", "refuse a state with a lower number", 0},
        {"proof", 0, OPTION_TEXT, &s.outputs.proof, "FILE", "where the proof goes, if the run makes one", 0},
        {"save-state", 0, OPTION_TEXT, &s.outputs.save_state, "FILE", "where the state goes, if the run saves it", 0},
        {"suspend-at", 0, OPTION_TEXT, &o->at_gas, "GAS", "stop again at so much gas (or fuel) in all", 0},
        {"suspend-at-call", 0, OPTION_NUMBER, &o->at_call, "N", "or behind the run's Nth call of a host function", 0},
        {"suspend-to", 0, OPTION_TEXT, &o->to, "FILE", "where the sealed state goes then", 0},
        {0},
    };
    int count = 0;
    struct buffer blob = {0};
    struct error e = {0};
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code >= 0) return code;
    code = suspension_begin(&s, RUN_CONTRACT, argc, argv);
    if (code < 0 && file_read(argv[0], FILE_LIMIT, &blob, &e) != STATUS_OK) code = say_file_error(argv[0], &e);
    if (code < 0 && open_sealed(&s, bytes_of(blob.data, blob.size), &e) != STATUS_OK)
        code = say_tee_error("resume", &e);
    buffer_free(&blob);
    if (code < 0) code = suspension_finish(&s, run_again(&s));
    suspension_free(&s);
    return code;
}
