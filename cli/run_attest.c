/* nvm run --attest: evidence of the machine's hardware for the statement of the run's proof. */
#include "cli/run.h"
#include "tee/run_events.h"

/* Everybody has the simulator's root, and can seal under it a state that no run was ever in. Hardware that vouched for
 * what comes of it would vouch for anything. */
static int check_origin(const struct run *run)
{
    const struct run_suspension *s = run->suspension;
    const char *provider = run->attester.provider->name;
    if (!s->resuming || s->options.seal_key || strcmp(provider, "simulator") == 0) return -1;
    say_error("what was sealed under the simulator's root cannot be attested by %s: anybody could have made it",
              provider);
    say_hint("nvm run --suspend-to FILE --seal-key KEY");
    return EXIT_INPUT;
}

int run_choose_attester(struct run *run)
{
    const struct run_options *o = &run->options;
    const char *name = o->provider ? o->provider : o->attest;
    if (!o->attest) {
        if (!o->provider && !o->nonce) return -1;
        if (o->suspend.to && !o->suspend.seal_key && !o->nonce) return -1; /* it seals */
        say_error("--%s: only with --attest", o->provider ? "provider" : "nonce");
        return EXIT_INPUT;
    }
    if (!o->proof) {
        say_error("--attest: what is attested is the statement of a proof");
        say_hint("--proof FILE --attest");
        return EXIT_INPUT;
    }
    if (o->provider && *o->attest && strcmp(o->provider, o->attest) != 0) {
        say_error("--attest=%s and --provider %s exclude each other", o->attest, o->provider);
        return EXIT_INPUT;
    }
    int code = o->nonce ? hex_option("nonce", o->nonce, 1, TEE_NONCE_MAX, &run->attester.nonce) : -1;
    if (code >= 0) return code;
    machine_init(&run->attester.machine);
    if (provider_choose(&run->attester.machine, name, &run->attester.provider) >= 0) return EXIT_INPUT;
    return check_origin(run);
}

/* What went on from a file is worth no more than the root of its seal. */
static enum tee_origin origin_of(const struct run *run)
{
    const struct run_suspension *s = run->suspension;
    if (!s->resuming) return ORIGIN_EXECUTED;
    return tee_origin_resumed(s->options.seal_key ? ROOT_FILE : ROOT_SIMULATOR);
}

enum status run_attest(const struct run *run, const struct execution_proof *p, struct buffer *out, struct error *e)
{
    const struct buffer *nonce = &run->attester.nonce;
    struct crypto_hash statement;
    struct tee_attest a = {.provider = run->attester.provider, .system = &run->attester.machine.system,
                           .kind = STATEMENT_RUN, .origin = origin_of(run),
                           .nonce = bytes_of(nonce->data, nonce->size)};
    enum status status = execution_proof_statement(p, &statement, e);
    if (status == STATUS_OK) status = registers_begin(p->protocol_version, &a.registers, e);
    if (status == STATUS_OK) status = tee_measure_run(a.registers, p, e);
    if (status == STATUS_OK) {
        memcpy(a.statement, statement.bytes, sizeof a.statement);
        status = tee_attest(&a, out, e);
    }
    tee_registers_free(a.registers);
    return status;
}
