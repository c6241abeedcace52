/* Policies, attestations and verdicts when there is no memory: the k-th allocation fails, for every k; once alone and
 * once with all after it. What is refused for that is refused as that, nothing is accepted for it, and nothing is left
 * behind. */
#include "tests/failing_alloc.h"
#include "tests/test.h"
#include "tests/test_proof_sample.h"

#include "tee/attest.h"
#include "tee/attestation_verify.h"
#include "tee/run_events.h"
#include "tee/simulator.h"

static const int64_t at = 1781658304; /* 2026-06-17T01:05:04Z */

struct world {
    struct sample sample;
    struct buffer proof_bytes, attestation;
    struct execution_proof proof;
    struct tee_simulated simulated;
    struct tee_policy policy;
    struct tee_registers *registers;
    struct tee_system system;
};

/* The device has its own memory. */
static enum status generate(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                            struct error *e)
{
    struct tee_simulator simulator;
    struct tee_simulated made;
    const long saved = countdown;
    (void)s;
    countdown = -1;
    tee_simulator_init(&simulator, TEE_TDX);
    const enum status status = tee_simulate(&simulator, at, q, NULL, 0, &made, e);
    *out = (struct tee_generated){.platform = TEE_TDX, .simulated = true};
    if (status == STATUS_OK) {
        buffer_append(&out->evidence, made.evidence.data, made.evidence.size);
        buffer_append(&out->auxiliary, made.files[0].data.data, made.files[0].data.size);
        tee_simulated_free(&made);
    }
    countdown = saved;
    return status;
}

static const struct tee_provider provider = {.name = "test", .generate = generate};

static enum status attest(struct world *w, struct buffer *out, struct error *e)
{
    struct crypto_hash statement;
    struct tee_attest a = {.provider = &provider, .system = &w->system, .registers = w->registers, .kind = STATEMENT_RUN,
                           .origin = ORIGIN_EXECUTED, .nonce = bytes_of("challenge", 9)};
    const enum status status = execution_proof_statement(&w->proof, &statement, e);
    memcpy(a.statement, statement.bytes, sizeof a.statement);
    return status == STATUS_OK ? tee_attest(&a, out, e) : status;
}

static enum status verify(struct world *w, struct error *e)
{
    struct crypto_hash statement;
    struct tee_attestation a;
    struct tee_verdict v = {0};
    struct tee_subject about = {.proof = &w->proof, .has_statement = true};
    struct tee_trust trust = {.policy = &w->policy, .at = at + 1};
    enum status status = execution_proof_statement(&w->proof, &statement, e);
    if (status != STATUS_OK) return status;
    memcpy(about.statement, statement.bytes, sizeof about.statement);
    trust.simulator_root_count = tee_simulator_roots(TEE_TDX, &trust.simulator_roots);
    status = tee_attestation_decode(bytes_of(w->attestation.data, w->attestation.size), &a, e);
    if (status == STATUS_OK) status = tee_attestation_verify(&a, &trust, &about, &v, e);
    if (status == STATUS_OK) CHECK(v.refusal == TEE_OK && !v.no_memory);
    tee_verdict_free(&v);
    return status;
}

/* ---- what is done with little memory ----------------------------------------------------------------------------- */

static enum status read_policy(struct world *w, struct error *e)
{
    struct tee_policy p;
    const enum status status = tee_policy_read(w->simulated.policy, &p, e);
    if (status != STATUS_OK) CHECK(!p.arena.head && p.identity_count == 0);
    tee_policy_free(&p);
    return status;
}

static enum status make_attestation(struct world *w, struct error *e)
{
    struct buffer out = {0};
    const enum status status = attest(w, &out, e);
    if (status != STATUS_OK) CHECK_EQUAL(out.size, 0);
    buffer_free(&out);
    return status;
}

static enum status measure(struct world *w, struct error *e)
{
    const struct tee_engine engine = {bytes_of_string("0.0"), {0}, w->proof.protocol_version, EXECUTION_PROOF_VERSION};
    struct tee_registers *r = NULL;
    enum status status = tee_registers_new(4, 0, &r, e);
    if (status == STATUS_OK) status = tee_measure_engine(r, &engine, e);
    if (status == STATUS_OK) status = tee_measure_run(r, &w->proof, e);
    tee_registers_free(r);
    return status;
}

static enum status show(struct world *w, struct error *e)
{
    struct tee_attestation a;
    struct buffer json = {0};
    enum status status = tee_attestation_decode(bytes_of(w->attestation.data, w->attestation.size), &a, e);
    if (status != STATUS_OK) return status;
    tee_attestation_json(&a, &json);
    if (json.failed) status = error_no_memory(e);
    buffer_free(&json);
    return status;
}

/* Returns how many allocations it takes. */
static long exhaust(struct world *w, enum status (*what)(struct world *, struct error *))
{
    for (long k = 0; k < 100000; k++) {
        struct error e = {0};
        countdown = k;
        failed = false;
        const enum status status = what(w, &e);
        countdown = -1;
        if (!failed) {
            CHECK_EQUAL(status, STATUS_OK);
            return k;
        }
        /* A failure need not matter (memory that is only reserved), but is never taken for anything else. */
        if (status != STATUS_OK && !CHECK_EQUAL(status, STATUS_NO_MEMORY)) {
            printf("  allocation %ld: %s\n", k, e.message);
            return k;
        }
    }
    CHECK(false);
    return 0;
}

static void begin(struct world *w)
{
    struct tee_simulator simulator;
    const struct tee_request request = {.report_data = {0}};
    struct tee_engine engine = {bytes_of_string("0.0"), {0}, 0, EXECUTION_PROOF_VERSION};
    struct error e = {0};
    *w = (struct world){0};
    CHECK_EQUAL(sample_begin(&w->sample, &e), STATUS_OK);
    CHECK_EQUAL(sample_prove(&w->sample, &w->proof_bytes, &e), STATUS_OK);
    CHECK_EQUAL(execution_proof_decode(bytes_of(w->proof_bytes.data, w->proof_bytes.size), &w->proof, &e), STATUS_OK);
    tee_simulator_init(&simulator, TEE_TDX);
    CHECK_EQUAL(tee_simulate(&simulator, at, &request, NULL, 0, &w->simulated, &e), STATUS_OK);
    CHECK_EQUAL(tee_policy_read(w->simulated.policy, &w->policy, &e), STATUS_OK);
    engine.protocol_version = w->proof.protocol_version;
    CHECK_EQUAL(tee_registers_new(4, 0, &w->registers, &e), STATUS_OK);
    CHECK_EQUAL(tee_measure_engine(w->registers, &engine, &e), STATUS_OK);
    CHECK_EQUAL(tee_measure_run(w->registers, &w->proof, &e), STATUS_OK);
    CHECK_EQUAL(attest(w, &w->attestation, &e), STATUS_OK);
}

int main(void)
{
    static enum status (*const all[])(struct world *, struct error *) = {
        read_policy, measure, make_attestation, show, verify,
    };
    static const char *const names[] = {"reading a policy", "measuring a run", "making an attestation", "showing it",
                                        "verifying it"};
    struct world w;
    begin(&w);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        test_begin(names[i]);
        sticky = false;
        const long alone = exhaust(&w, all[i]);
        sticky = true;
        CHECK_EQUAL(exhaust(&w, all[i]), alone);
        CHECK(alone > 0);
        printf("  %ld allocations\n", alone);
    }
    tee_registers_free(w.registers);
    tee_policy_free(&w.policy);
    tee_simulated_free(&w.simulated);
    execution_proof_free(&w.proof);
    buffer_free(&w.attestation);
    buffer_free(&w.proof_bytes);
    sample_free(&w.sample);
    return test_end();
}
