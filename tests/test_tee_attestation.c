/* Attestations: as bytes, of all platforms (by the simulator, whose evidence the verifiers check as any other), and
 * with each thing in them changed. */
#include <errno.h>
#include <stdlib.h>

#include "tee/attest.h"
#include "tee/attestation_verify.h"
#include "tee/event_log.h"
#include "tee/run_events.h"
#include "tee/signing_key.h"
#include "tee/simulator.h"
#include "tests/test.h"
#include "tests/test_proof_sample.h"

static const int64_t at = 1781658304; /* 2026-06-17T01:05:04Z */

/* ---- a provider of each platform, at that time ------------------------------------------------------------------- */

static enum status generate(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                            struct error *e)
{
    struct tee_simulator simulator;
    struct tee_simulated made;
    tee_simulator_init(&simulator, *(const enum tee_platform *)s->self);
    const enum status status = tee_simulate(&simulator, at, q, NULL, 0, &made, e);
    if (status != STATUS_OK) return status;
    *out = (struct tee_generated){.platform = simulator.platform, .simulated = true};
    buffer_append(&out->evidence, made.evidence.data, made.evidence.size);
    if (made.file_count) buffer_append(&out->auxiliary, made.files[0].data.data, made.files[0].data.size);
    tee_simulated_free(&made);
    return STATUS_OK;
}

static const struct tee_provider provider = {.name = "test", .generate = generate};

static bool random_bytes(void *self, void *data, size_t size)
{
    (void)self;
    for (size_t i = 0; i < size; i++) ((uint8_t *)data)[i] = (uint8_t)(i * 7 + 1);
    return true;
}

/* What every test starts from. */
struct fixture {
    struct sample sample;
    struct buffer proof_bytes;
    struct execution_proof proof;
    struct crypto_hash statement;
    enum tee_platform platform;
    struct tee_system system;
    struct tee_policy policy;
    struct tee_trust trust;
    struct tee_subject about;
    struct tee_registers *registers;
};

static void measure(struct fixture *f, uint32_t protocol_version, bool run)
{
    const struct tee_engine engine = {bytes_of_string("0.0"), {1}, protocol_version, EXECUTION_PROOF_VERSION};
    struct error e = {0};
    tee_registers_free(f->registers);
    CHECK_EQUAL(tee_registers_new(6, 0, &f->registers, &e), STATUS_OK);
    CHECK_EQUAL(tee_measure_engine(f->registers, &engine, &e), STATUS_OK);
    if (run) CHECK_EQUAL(tee_measure_run(f->registers, &f->proof, &e), STATUS_OK);
    const struct bytes own = bytes_of_string("the guest's");
    CHECK_EQUAL(tee_registers_extend(f->registers, 5, EVENT_USER, own, NULL, NULL, &e), STATUS_OK);
}

static void begin(struct fixture *f, enum tee_platform platform)
{
    struct tee_simulator simulator;
    struct tee_simulated made;
    struct tee_request request = {.report_data = {0}};
    struct error e = {0};
    *f = (struct fixture){.platform = platform};
    CHECK_EQUAL(sample_begin(&f->sample, &e), STATUS_OK);
    CHECK_EQUAL(sample_prove(&f->sample, &f->proof_bytes, &e), STATUS_OK);
    CHECK_EQUAL(execution_proof_decode(bytes_of(f->proof_bytes.data, f->proof_bytes.size), &f->proof, &e), STATUS_OK);
    CHECK_EQUAL(execution_proof_statement(&f->proof, &f->statement, &e), STATUS_OK);
    f->system = (struct tee_system){.random = random_bytes, .self = &f->platform};
    tee_simulator_init(&simulator, platform);
    CHECK_EQUAL(tee_simulate(&simulator, at, &request, NULL, 0, &made, &e), STATUS_OK);
    CHECK_EQUAL(tee_policy_read(made.policy, &f->policy, &e), STATUS_OK);
    tee_simulated_free(&made);
    f->policy.root_count = 0; /* the simulator's roots come from elsewhere */
    f->policy.require_crl = platform == TEE_TDX || platform == TEE_SGX;
    f->trust = (struct tee_trust){.policy = &f->policy, .at = at + 1};
    f->trust.simulator_root_count = tee_simulator_roots(platform, &f->trust.simulator_roots);
    f->about = (struct tee_subject){.proof = &f->proof, .has_statement = true};
    memcpy(f->about.statement, f->statement.bytes, sizeof f->about.statement);
    measure(f, f->proof.protocol_version, true);
}

static void end(struct fixture *f)
{
    tee_registers_free(f->registers);
    tee_policy_free(&f->policy);
    execution_proof_free(&f->proof);
    buffer_free(&f->proof_bytes);
    sample_free(&f->sample);
}

static struct tee_attest wanted(struct fixture *f)
{
    struct tee_attest a = {.provider = &provider, .system = &f->system, .registers = f->registers, .kind = STATEMENT_RUN,
                           .origin = ORIGIN_EXECUTED, .nonce = bytes_of("challenge", 9)};
    memcpy(a.statement, f->statement.bytes, sizeof a.statement);
    return a;
}

static struct buffer make(const struct tee_attest *a)
{
    struct buffer out = {0};
    struct error e = {0};
    if (!CHECK_EQUAL(tee_attest(a, &out, &e), STATUS_OK)) printf("  %s\n", e.message);
    return out;
}

static struct tee_attestation decoded(const struct buffer *b)
{
    struct tee_attestation a;
    struct error e = {0};
    if (!CHECK_EQUAL(tee_attestation_decode(bytes_of(b->data, b->size), &a, &e), STATUS_OK)) printf("  %s\n", e.message);
    return a;
}

static enum tee_refusal judged(const struct tee_attestation *a, const struct fixture *f)
{
    struct tee_verdict v = {0};
    struct error e = {0};
    const enum status status = tee_attestation_verify(a, &f->trust, &f->about, &v, &e);
    const enum tee_refusal r = v.refusal;
    CHECK(status == STATUS_OK || status == STATUS_INVALID);
    CHECK((status == STATUS_OK) == (r == TEE_OK));
    if (status != STATUS_OK) CHECK(e.message[0] && e.code == (int)r);
    CHECK(v.count > 0 && v.at == f->trust.at);
    if (status == STATUS_OK) CHECK(v.simulated && v.platform == f->platform);
    tee_verdict_free(&v);
    return r;
}

#define JUDGED(a, f, code) CHECK_TEXT(tee_refusal_code(judged(a, f)), code)

/* ---- bytes ------------------------------------------------------------------------------------------------------- */

static void test_bytes(void)
{
    struct fixture f;
    test_begin("as bytes");
    begin(&f, TEE_TDX);
    struct tee_attest want = wanted(&f);
    struct buffer made = make(&want), again = {0}, json = {0};
    struct tee_attestation a = decoded(&made), none;
    struct error e = {0};
    CHECK(a.platform == TEE_TDX && a.simulated && a.kind == STATEMENT_RUN && a.register_count == 6 && !a.is_signed);
    CHECK(bytes_equal(a.provider, bytes_of_string("test")) && bytes_equal(a.nonce, bytes_of_string("challenge")));
    tee_attestation_encode(&a, &again);
    CHECK(bytes_equal(bytes_of(made.data, made.size), bytes_of(again.data, again.size)));
    tee_attestation_json(&a, &json);
    CHECK(!json.failed && utf8_valid(json.data, json.size) && json.size > made.size);
    unsigned cut_read = 0;
    for (size_t size = 0; size < made.size; size++) {
        uint8_t *copy = malloc(size ? size : 1); /* of exactly that size, so that reading beyond it is noticed */
        memcpy(copy, made.data, size);
        cut_read += tee_attestation_decode(bytes_of(copy, size), &none, &e) == STATUS_OK;
        free(copy);
    }
    CHECK_EQUAL(cut_read, 0);
    CHECK_EQUAL(e.code, TEE_EVIDENCE);
    buffer_append_byte(&again, 0);
    CHECK_EQUAL(tee_attestation_decode(bytes_of(again.data, again.size), &none, &e), STATUS_MALFORMED);
    again.size--;
    again.data[6] = 3;
    CHECK_EQUAL(tee_attestation_decode(bytes_of(again.data, again.size), &none, &e), STATUS_MALFORMED);
    CHECK_EQUAL(e.code, TEE_VERSION);
    CHECK(none.evidence.size == 0);
    buffer_free(&made);
    buffer_free(&again);
    buffer_free(&json);
    end(&f);
}

/* Whether one whose fields break a rule can be read. */
static bool readable(const struct tee_attestation *a)
{
    struct buffer b = {0};
    struct tee_attestation out;
    struct error e = {0};
    tee_attestation_encode(a, &b);
    const bool ok = tee_attestation_decode(bytes_of(b.data, b.size), &out, &e) == STATUS_OK;
    if (!ok) CHECK(e.code == TEE_EVIDENCE && e.message[0]);
    buffer_free(&b);
    return ok;
}

static void test_limits(void)
{
    static uint8_t zeros[TEE_AUXILIARY_MAX + 1];
    test_begin("what no attestation holds");
    const struct tee_attestation good = {.platform = TEE_SNP, .kind = STATEMENT_KEY, .register_count = 1,
                                         .registers = {zeros, TEE_REGISTER_SIZE}};
    CHECK(readable(&good));
#define CHANGED(field, value) (a = good, a.field = (value), readable(&a))
    struct tee_attestation a;
    CHECK(!CHANGED(platform, TEE_NO_PLATFORM));
    CHECK(!CHANGED(platform, TEE_PLATFORM_COUNT));
    CHECK(CHANGED(provider, bytes_of(zeros, 32)));
    CHECK(!CHANGED(provider, bytes_of(zeros, 33)));
    CHECK(!CHANGED(provider, bytes_of("\xff", 1)));
    CHECK(!CHANGED(kind, (enum tee_statement_kind)0));
    CHECK(CHANGED(kind, STATEMENT_UNCHECKED));
    CHECK(!CHANGED(kind, (enum tee_statement_kind)5));
    CHECK(!CHANGED(origin, ORIGIN_EXECUTED)); /* a key is not a result */
    CHECK(CHANGED(purpose, bytes_of(zeros, 64)));
    CHECK(!CHANGED(purpose, bytes_of(zeros, 65)));
    CHECK(CHANGED(evidence, bytes_of(zeros, TEE_EVIDENCE_MAX)));
    CHECK(!CHANGED(evidence, bytes_of(zeros, TEE_EVIDENCE_MAX + 1)));
    CHECK(CHANGED(auxiliary, bytes_of(zeros, TEE_AUXILIARY_MAX)));
    CHECK(!CHANGED(auxiliary, bytes_of(zeros, TEE_AUXILIARY_MAX + 1)));
    CHECK(CHANGED(nonce, bytes_of(zeros, 32)));
    CHECK(!CHANGED(nonce, bytes_of(zeros, 33)));
    CHECK(CHANGED(public_key, bytes_of(zeros, 1024)));
    CHECK(!CHANGED(public_key, bytes_of(zeros, 1025)));
    CHECK(CHANGED(is_signed, true));
    a = good;
    a.is_signed = true;
    for (int origin = 0; origin < 256; origin++) {
        a.signed_origin = (enum tee_origin)origin;
        CHECK(readable(&a) == (origin == 0 || tee_origin_known((uint8_t)origin)));
    }
    a = good;
    a.kind = STATEMENT_RUN;
    CHECK(!readable(&a)); /* of unknown origin */
    a.origin = ORIGIN_VERIFIED;
    CHECK(readable(&a));
    a.is_signed = true;
    CHECK(!readable(&a));
    a = good;
    a.kind = STATEMENT_RUN;
    a.origin = ORIGIN_EXECUTED;
    a.created = 1;
    CHECK(!readable(&a));
    a = good;
    a.register_count = 0;
    a.registers.size = 0;
    CHECK(!readable(&a));
    a.register_count = TEE_REGISTERS + 1;
    a.registers.size = (TEE_REGISTERS + 1) * TEE_REGISTER_SIZE;
    CHECK(!readable(&a));
#undef CHANGED
}

/* ---- of a run ---------------------------------------------------------------------------------------------------- */

static void test_accepted(void)
{
    static const enum tee_platform platforms[] = {TEE_NITRO, TEE_SGX, TEE_TDX, TEE_SNP};
    test_begin("accepted on all platforms");
    for (size_t i = 0; i < sizeof platforms / sizeof platforms[0]; i++) {
        struct fixture f;
        begin(&f, platforms[i]);
        struct tee_attest want = wanted(&f);
        struct buffer made = make(&want);
        struct tee_attestation a = decoded(&made);
        JUDGED(&a, &f, "ok");
        f.about.has_nonce = true;
        f.about.nonce = bytes_of("challenge", 9);
        JUDGED(&a, &f, "ok");
        f.about.nonce.size = 8;
        JUDGED(&a, &f, "nonce");
        f.about.has_nonce = false;
        f.about.statement[31] ^= 1;
        JUDGED(&a, &f, "report-data");
        f.about.statement[31] ^= 1;
        a.nonce.size = 8;
        JUDGED(&a, &f, f.platform == TEE_NITRO ? "user-data" : "report-data");
        a.nonce.size = 9;
        a.statement[0] ^= 1;
        f.about.statement[0] ^= 1; /* both say so, the evidence does not */
        JUDGED(&a, &f, f.platform == TEE_NITRO ? "user-data" : "report-data");
        buffer_free(&made);
        want.nonce.size = 0;
        memcpy(f.about.statement, f.statement.bytes, sizeof f.about.statement);
        made = make(&want);
        a = decoded(&made);
        JUDGED(&a, &f, "ok");
        f.about.has_nonce = true;
        f.about.nonce = bytes_of("\0", 1); /* asked for, and none was given */
        JUDGED(&a, &f, "nonce");
        buffer_free(&made);
        end(&f);
    }
}

/* Challenges of which the file says another length than the evidence has: zeros at the end do not belong to one; one
 * of zeros is not none. */
static void test_nonces(void)
{
    static const uint8_t with_zeros[TEE_NONCE_MAX] = {0xaa, 0xbb}, zeros[TEE_NONCE_MAX];
    static const enum tee_platform platforms[] = {TEE_NITRO, TEE_SGX, TEE_TDX, TEE_SNP};
    test_begin("nonces have a length");
    for (size_t i = 0; i < sizeof platforms / sizeof platforms[0]; i++) {
        struct fixture f;
        begin(&f, platforms[i]);
        const char *code = f.platform == TEE_NITRO ? "user-data" : "report-data";
        struct tee_attest want = wanted(&f);
        for (size_t made_of = 0; made_of <= 4; made_of += 2) {
            want.nonce = bytes_of(with_zeros, made_of);
            struct buffer made = make(&want);
            struct tee_attestation a = decoded(&made);
            f.about.has_nonce = true;
            for (size_t size = 0; size <= TEE_NONCE_MAX; size += 2) {
                a.nonce = f.about.nonce = bytes_of(made_of ? with_zeros : zeros, size);
                JUDGED(&a, &f, size == made_of ? "ok" : code);
            }
            buffer_free(&made);
        }
        end(&f);
    }
}

/* ---- how a result came about ------------------------------------------------------------------------------------- */

/* Each origin under the policies that accept one of them; and each said in place of another. */
static void test_origins(void)
{
    static const enum tee_origin all[] = {
#define X(NAME, byte, name, text) ORIGIN_##NAME,
#include "tee/origins.def"
#undef X
    };
    enum { ALL = sizeof all / sizeof all[0] };
    struct fixture f;
    test_begin("how a result came about");
    begin(&f, TEE_TDX);
    CHECK_EQUAL(f.policy.accept_origin, tee_origin_bit(ORIGIN_EXECUTED));
    for (size_t i = 0; i < ALL; i++) {
        struct tee_attest want = wanted(&f);
        want.origin = all[i];
        struct buffer made = make(&want);
        const struct tee_attestation good = decoded(&made);
        for (size_t k = 0; k < ALL; k++) {
            f.policy.accept_origin = tee_origin_bit(all[k]);
            JUDGED(&good, &f, i == k ? "ok" : "origin");
            struct tee_attestation a = good;
            a.origin = all[k];
            JUDGED(&a, &f, i == k ? "ok" : "report-data");
        }
        buffer_free(&made);
    }
    /* An answer to a challenge with registers that a resumed run has filled, of which the file may say anything. */
    f.policy.accept_origin = tee_origin_bit(ORIGIN_EXECUTED);
    f.about.has_statement = false;
    struct tee_attest want = wanted(&f);
    want.kind = STATEMENT_CHALLENGE;
    tee_challenge_statement(want.nonce, want.statement);
    for (size_t i = 0; i <= ALL; i++) {
        want.origin = i < ALL ? all[i] : ORIGIN_NONE;
        struct buffer answer = make(&want);
        const struct tee_attestation answered = decoded(&answer);
        JUDGED(&answered, &f, i == ALL || all[i] == ORIGIN_EXECUTED ? "ok" : "origin");
        buffer_free(&answer);
    }
    f.about.has_statement = true;
    f.policy.accept_origin = UINT32_MAX;
    want = wanted(&f);
    struct buffer made = {0};
    struct error e = {0};
    want.origin = ORIGIN_NONE;
    CHECK_EQUAL(tee_attest(&want, &made, &e), STATUS_USAGE);
    want.kind = STATEMENT_UNCHECKED;
    CHECK_EQUAL(tee_attest(&want, &made, &e), STATUS_OK);
    struct tee_attestation a = decoded(&made);
    JUDGED(&a, &f, "unchecked");
    f.about.proof = NULL;
    f.about.unchecked = true;
    JUDGED(&a, &f, "ok");
    a.kind = STATEMENT_RUN; /* said to be a result */
    a.origin = ORIGIN_EXECUTED;
    JUDGED(&a, &f, "report-data");
    f.about.unchecked = false;
    JUDGED(&a, &f, "report-data");
    buffer_free(&made);
    end(&f);
}

/* What earlier versions wrote is read, and refused. */
static void test_version_1(void)
{
    struct fixture f;
    test_begin("attestations of version 1");
    begin(&f, TEE_TDX);
    struct tee_attest want = wanted(&f);
    struct buffer made = make(&want), old = {0};
    const size_t origin = 6 + 1 + 1 + 1 + 4 + strlen("test") + 1; /* magic to kind */
    CHECK_EQUAL(made.data[origin], ORIGIN_EXECUTED);
    buffer_append(&old, made.data, origin);
    buffer_append(&old, made.data + origin + 1, made.size - origin - 1);
    old.data[6] = 1;
    const struct tee_attestation a = decoded(&old);
    CHECK(a.version == 1 && a.kind == STATEMENT_RUN && bytes_equal(a.nonce, bytes_of_string("challenge")));
    JUDGED(&a, &f, "version");
    buffer_free(&made);
    buffer_free(&old);
    end(&f);
}

/* A copy of a view that may be changed. */
static struct bytes copied(struct arena *arena, struct bytes b)
{
    uint8_t *copy = arena_alloc(arena, b.size);
    if (b.size) memcpy(copy, b.data, b.size);
    return bytes_of(copy, b.size);
}

static void flip(struct bytes b, size_t byte)
{
    ((uint8_t *)(uintptr_t)b.data)[byte] ^= 1;
}

static void test_changed(void)
{
    struct fixture f;
    struct arena arena = {0};
    test_begin("each field changed");
    begin(&f, TEE_TDX);
    struct tee_attest want = wanted(&f);
    struct buffer made = make(&want);
    const struct tee_attestation good = decoded(&made);
    struct tee_attestation a = good;
    JUDGED(&a, &f, "ok");
    a.platform = TEE_SGX;
    JUDGED(&a, &f, "platform");
    a = good;
    a.simulated = false; /* the roots tell, not the label */
    JUDGED(&a, &f, "ok");
    f.policy.allow_simulator = false;
    JUDGED(&a, &f, "root-mismatch");
    JUDGED(&good, &f, "simulator-not-allowed");
    f.policy.allow_simulator = true;
    a = good;
    a.kind = STATEMENT_CHALLENGE;
    a.origin = ORIGIN_NONE;
    JUDGED(&a, &f, "report-data");
    tee_challenge_statement(a.nonce, a.statement);
    JUDGED(&a, &f, "report-data"); /* well, but about nothing */
    a = good;
    a.kind = STATEMENT_KEY;
    JUDGED(&a, &f, "purpose");
    a.purpose = bytes_of_string(TEE_PURPOSE_SIGN);
    JUDGED(&a, &f, "key-binding");
    a = good;
    a.statement[5] ^= 1;
    JUDGED(&a, &f, "report-data");
    a = good;
    a.auxiliary.size = 0;
    JUDGED(&a, &f, "collateral-missing");
    a = good;
    a.public_key = bytes_of("key", 3);
    JUDGED(&a, &f, "report-data");
    for (uint32_t i = 0; i < good.register_count; i++) {
        a.registers = copied(&arena, good.registers);
        flip(a.registers, i * TEE_REGISTER_SIZE + i);
        a.public_key = good.public_key;
        JUDGED(&a, &f, "event-log");
    }
    a = good;
    a.register_count--; /* there are events for the last one */
    JUDGED(&a, &f, "event-log");
    for (size_t i = 0; i < good.event_log.size; i += 3) {
        a = good;
        a.event_log = copied(&arena, good.event_log);
        flip(a.event_log, i);
        CHECK_EQUAL(judged(&a, &f), TEE_EVENT_LOG);
    }
    for (size_t i = 0; i < good.evidence.size; i += 61) {
        a = good;
        a.evidence = copied(&arena, good.evidence);
        flip(a.evidence, i);
        CHECK(judged(&a, &f) != TEE_OK);
    }
    for (size_t i = 0; i < good.evidence.size; i += 97) {
        a = good;
        a.evidence.size = i;
        CHECK(judged(&a, &f) != TEE_OK);
    }
    arena_free(&arena);
    buffer_free(&made);
    end(&f);
}

/* ---- what registers say ------------------------------------------------------------------------------------------ */

static void attested_as(struct fixture *f, const char *code)
{
    struct tee_attest want = wanted(f);
    struct buffer made = make(&want);
    const struct tee_attestation a = decoded(&made);
    JUDGED(&a, f, code);
    buffer_free(&made);
}

static void extend(struct fixture *f, uint32_t index, uint32_t type, const char *payload)
{
    struct error e = {0};
    CHECK_EQUAL(tee_registers_extend(f->registers, index, type, bytes_of_string(payload), NULL, NULL, &e), STATUS_OK);
}

/* The right statement, truly attested, with registers that tell another story. */
static void test_events(void)
{
    struct fixture f;
    struct error e = {0};
    test_begin("registers tell the statement's story");
    begin(&f, TEE_TDX);
    attested_as(&f, "ok");
    extend(&f, 4, EVENT_USER, "more of the guest's");
    attested_as(&f, "ok");
    extend(&f, REGISTER_EFFECTS, EVENT_EFFECT, "one effect more");
    attested_as(&f, "event-log");
    measure(&f, f.proof.protocol_version, true);
    extend(&f, REGISTER_CODE, EVENT_CODE, "one contract more");
    attested_as(&f, "event-log");
    measure(&f, f.proof.protocol_version, true);
    extend(&f, REGISTER_ENGINE, EVENT_ENGINE, "another engine");
    attested_as(&f, "event-log");
    measure(&f, f.proof.protocol_version + 1, true);
    attested_as(&f, "event-log");
    measure(&f, f.proof.protocol_version, false); /* as by nvm attest --statement */
    attested_as(&f, "event-log");
    tee_registers_free(f.registers);
    CHECK_EQUAL(tee_registers_new(3, 0, &f.registers, &e), STATUS_OK);
    attested_as(&f, "event-log");
    /* Another run's story. */
    measure(&f, f.proof.protocol_version, false);
    struct execution_proof other = f.proof;
    other.old_root.bytes[0] ^= 1;
    CHECK_EQUAL(tee_measure_run(f.registers, &other, &e), STATUS_OK);
    attested_as(&f, "event-log");
    end(&f);
}

static void test_engine(void)
{
    struct tee_engine engine;
    struct error e = {0};
    struct tee_registers *r = NULL;
    struct tee_snapshot s;
    struct buffer log = {0};
    struct tee_event event;
    const struct tee_engine written = {bytes_of_string("1.2.3"), {9, 8, 7}, 88, 1};
    test_begin("the engine's event");
    CHECK_EQUAL(tee_registers_new(4, 0, &r, &e), STATUS_OK);
    CHECK_EQUAL(tee_measure_engine(r, &written, &e), STATUS_OK);
    CHECK_EQUAL(tee_registers_snapshot(r, &s, &log, &e), STATUS_OK);
    struct tee_event_reader reader = tee_event_reader_of(bytes_of(log.data, log.size));
    CHECK(tee_event_next(&reader, &event) && event.index == REGISTER_ENGINE && event.type == EVENT_ENGINE);
    CHECK_EQUAL(tee_engine_read(event.payload, &engine, &e), STATUS_OK);
    CHECK(bytes_equal(engine.version, written.version) && memcmp(engine.program, written.program, 32) == 0);
    CHECK(engine.protocol_version == 88 && engine.proof_format == 1);
    for (size_t size = 0; size < event.payload.size; size++)
        CHECK_EQUAL(tee_engine_read(bytes_of(event.payload.data, size), &engine, &e), STATUS_MALFORMED);
    CHECK_EQUAL(e.code, TEE_EVENT_LOG);
    buffer_free(&log);
    tee_registers_free(r);
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

enum { KEY_AGE = 100 };

static void sign_as(struct tee_attestation *a, const struct tee_signing_key *key, enum tee_origin origin,
                    const uint8_t statement[32], uint64_t time)
{
    struct error e = {0};
    const struct tee_signed what = {statement, origin, a->purpose, time};
    a->signed_origin = origin;
    a->is_signed = true;
    a->signed_at = time;
    memcpy(a->signed_statement, statement, 32);
    CHECK_EQUAL(tee_signing_key_sign(key, &what, a->signature, &e), STATUS_OK);
}

static void sign(struct tee_attestation *a, const struct tee_signing_key *key, const uint8_t statement[32],
                 uint64_t time)
{
    sign_as(a, key, ORIGIN_EXECUTED, statement, time);
}

static void test_keys(void)
{
    struct fixture f;
    struct error e = {0};
    struct tee_signing_key *key = NULL;
    struct buffer made = {0};
    const uint64_t now = (uint64_t)at;
    test_begin("keys that were made inside");
    begin(&f, TEE_TDX);
    measure(&f, 0, false);
    CHECK_EQUAL(tee_signing_key_new(&f.system, &key, &e), STATUS_OK);
    struct tee_attest want = wanted(&f);
    want.purpose = bytes_of_string(TEE_PURPOSE_SIGN ":test");
    want.created = now - KEY_AGE;
    want.public_key = bytes_of(tee_signing_key_public(key), TEE_SIGNING_PUBLIC_SIZE);
    CHECK_EQUAL(tee_attest_key(&want, &made, &e), STATUS_OK);
    struct tee_attestation good = decoded(&made), a = good;
    JUDGED(&a, &f, "purpose"); /* nobody has named it */
    f.policy.has_purpose = true;
    f.policy.purpose = want.purpose;
    JUDGED(&a, &f, "statement-signature"); /* nothing was signed */
    sign(&good, key, f.statement.bytes, now);
    a = good;
    JUDGED(&a, &f, "ok");
    a.signature[40] ^= 1;
    JUDGED(&a, &f, "statement-signature");
    a = good;
    a.signed_at++;
    JUDGED(&a, &f, "statement-signature");
    a = good;
    a.signed_statement[0] ^= 1;
    JUDGED(&a, &f, "statement-signature");
    sign(&a, key, a.signed_statement, now); /* truly another statement */
    JUDGED(&a, &f, "statement-signature");
    a = good;
    a.created++;
    JUDGED(&a, &f, "key-binding");
    tee_key_statement(a.purpose, a.created, a.statement);
    JUDGED(&a, &f, "report-data");
    a = good;
    a.purpose = bytes_of_string(TEE_PURPOSE_SIGN);
    JUDGED(&a, &f, "purpose");
    f.policy.purpose = a.purpose;
    JUDGED(&a, &f, "key-binding");
    JUDGED(&good, &f, "purpose"); /* ":test" is another one */
    f.policy.purpose = want.purpose;
    a = good;
    a.public_key.size = 0;
    JUDGED(&a, &f, "key-binding");
    f.policy.max_key_age = KEY_AGE;
    JUDGED(&good, &f, "ok");
    f.policy.max_key_age = KEY_AGE - 1;
    JUDGED(&good, &f, "key-age");
    f.policy.max_key_age = KEY_AGE + 1000;
    a = good;
    sign(&a, key, f.statement.bytes, want.created - 1);
    JUDGED(&a, &f, "key-age"); /* before it was made */
    sign(&a, key, f.statement.bytes, now + 1 + f.policy.skew);
    JUDGED(&a, &f, "ok");
    sign(&a, key, f.statement.bytes, now + 2 + f.policy.skew);
    JUDGED(&a, &f, "future");
    sign(&a, key, f.statement.bytes, UINT64_MAX);
    JUDGED(&a, &f, "future");
    f.about.has_purpose = true;
    f.about.purpose = bytes_of_string(TEE_PURPOSE_RELEASE);
    JUDGED(&good, &f, "purpose");
    f.about.purpose = want.purpose;
    f.policy.purpose = bytes_of_string(TEE_PURPOSE_SIGN);
    JUDGED(&good, &f, "purpose"); /* caller and policy name two */
    f.policy.purpose = want.purpose;
    f.about.has_purpose = false;
    f.about.has_public_key = true;
    f.about.public_key = bytes_of("other", 5);
    JUDGED(&good, &f, "key-binding");
    tee_signing_key_free(key);
    buffer_free(&made);
    end(&f);
}

/* A key that signs hashes of which it knows nothing; and what it has signed said to be more than it is. */
static void test_signed_origins(void)
{
    static const enum tee_origin origins[] = {ORIGIN_NONE, ORIGIN_EXECUTED, ORIGIN_VERIFIED, ORIGIN_RESUMED_FILE};
    enum { ALL = sizeof origins / sizeof origins[0] };
    struct fixture f;
    struct error e = {0};
    struct tee_signing_key *key = NULL;
    struct buffer made = {0};
    test_begin("what a key says of what it signs");
    begin(&f, TEE_TDX);
    CHECK_EQUAL(tee_signing_key_new(&f.system, &key, &e), STATUS_OK);
    struct tee_attest want = wanted(&f);
    want.purpose = bytes_of_string(TEE_PURPOSE_SIGN);
    want.created = (uint64_t)at;
    want.public_key = bytes_of(tee_signing_key_public(key), TEE_SIGNING_PUBLIC_SIZE);
    CHECK_EQUAL(tee_attest_key(&want, &made, &e), STATUS_OK);
    for (size_t i = 0; i < ALL; i++) {
        struct tee_attestation good = decoded(&made);
        sign_as(&good, key, origins[i], f.statement.bytes, (uint64_t)at);
        for (size_t k = 0; k < ALL; k++) {
            struct tee_attestation a = good;
            a.signed_origin = origins[k];
            f.policy.accept_origin = tee_origin_bit(origins[k]);
            f.about.unchecked = false;
            if (i != k) JUDGED(&a, &f, "statement-signature");
            else JUDGED(&a, &f, origins[k] == ORIGIN_NONE ? "unchecked" : "ok");
            f.about.unchecked = true;
            if (i == k) JUDGED(&a, &f, origins[k] == ORIGIN_NONE ? "ok" : "origin");
        }
    }
    tee_signing_key_free(key);
    buffer_free(&made);
    end(&f);
}

/* Attested, but for something else than signing. */
static void test_purposes(void)
{
    static const char *const others[] = {"key", "nvm-sign", "nvm-sign-v10", TEE_PURPOSE_RELEASE, "", "xnvm-sign-v1"};
    struct fixture f;
    struct error e = {0};
    struct tee_signing_key *key = NULL;
    test_begin("a key is for what it is attested for");
    begin(&f, TEE_TDX);
    CHECK_EQUAL(tee_signing_key_new(&f.system, &key, &e), STATUS_OK);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct buffer made = {0};
        struct tee_attest want = wanted(&f);
        want.purpose = bytes_of_string(others[i]);
        want.created = (uint64_t)at;
        want.public_key = bytes_of(tee_signing_key_public(key), TEE_SIGNING_PUBLIC_SIZE);
        CHECK_EQUAL(tee_attest_key(&want, &made, &e), STATUS_OK);
        struct tee_attestation a = decoded(&made);
        sign(&a, key, f.statement.bytes, (uint64_t)at);
        JUDGED(&a, &f, "purpose");
        f.policy.has_purpose = true;
        f.policy.purpose = want.purpose;
        JUDGED(&a, &f, "purpose"); /* even if the policy has it: such keys sign what they like */
        f.about.has_statement = false; /* the key alone is all right */
        JUDGED(&a, &f, "ok");
        f.about.has_statement = true;
        f.policy.has_purpose = false;
        buffer_free(&made);
    }
    tee_signing_key_free(key);
    end(&f);
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

static enum status generate_nothing(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                                    struct error *e)
{
    (void)s;
    (void)q;
    (void)e;
    *out = (struct tee_generated){.platform = TEE_TDX};
    return STATUS_OK;
}

static enum status generate_much(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                                 struct error *e)
{
    static const uint8_t zeros[TEE_EVIDENCE_MAX + 1];
    generate_nothing(s, q, out, e);
    buffer_append(&out->evidence, zeros, sizeof zeros);
    return STATUS_OK;
}

static enum status generate_error(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                                  struct error *e)
{
    generate_nothing(s, q, out, e);
    return tee_refuse(e, TEE_BUSY, "busy");
}

static void refused(struct tee_attest *a, enum tee_refusal code)
{
    struct buffer out = {0};
    struct error e = {0};
    buffer_append_string(&out, "before");
    CHECK_EQUAL(tee_attest(a, &out, &e), STATUS_INVALID);
    CHECK_TEXT(tee_refusal_code((enum tee_refusal)e.code), tee_refusal_code(code));
    CHECK_EQUAL(out.size, 6);
    buffer_free(&out);
}

/* A machine with nothing on it. */
static int no_open(void *self, const char *path, int flags, int *error)
{
    (void)self;
    (void)path;
    (void)flags;
    *error = ENOENT;
    return -1;
}

static int no_mkdir(void *self, const char *path, int *error)
{
    (void)self;
    (void)path;
    *error = ENOENT;
    return -1;
}

static void test_making(void)
{
    static const struct tee_provider nothing = {.name = "nothing", .generate = generate_nothing};
    static const struct tee_provider much = {.name = "much", .generate = generate_much};
    static const struct tee_provider busy = {.name = "busy", .generate = generate_error};
    struct fixture f;
    struct buffer out = {0};
    struct error e = {0};
    uint8_t nonce[33] = {0};
    test_begin("what is not made");
    begin(&f, TEE_TDX);
    struct tee_attest a = wanted(&f);
    a.nonce = bytes_of(nonce, sizeof nonce);
    refused(&a, TEE_NONCE);
    a = wanted(&f);
    a.provider = &nothing;
    refused(&a, TEE_EMPTY);
    a.provider = &much;
    refused(&a, TEE_EVIDENCE);
    a.provider = &busy;
    refused(&a, TEE_BUSY);
    a = wanted(&f);
    a.purpose = bytes_of_string("a purpose of more than 64 bytes, which no attestation of a key holds");
    CHECK_EQUAL(tee_attest_key(&a, &out, &e), STATUS_INVALID);
    CHECK_EQUAL(e.code, TEE_LIMIT);
    const struct tee_system bare = {.open = no_open, .mkdir = no_mkdir, .random = random_bytes};
    const struct tee_provider *found = NULL;
    CHECK_EQUAL(tee_provider_present(&bare, &found, &e), STATUS_INVALID);
    CHECK_EQUAL(e.code, TEE_NO_DEVICE);
    CHECK(!found); /* and never the simulator */
    end(&f);
}

static bool differs(const uint8_t first[32], const struct tee_binding *b)
{
    uint8_t other[32];
    tee_statement_digest(b, other);
    return memcmp(first, other, sizeof other) != 0;
}

static void test_digest(void)
{
    static const uint8_t zeros[TEE_NONCE_MAX];
    struct tee_snapshot s = {.count = 4};
    uint8_t statement[32] = {0}, first[32], other[32];
    const struct tee_binding good = {.kind = STATEMENT_RUN, .origin = ORIGIN_EXECUTED, .statement = statement,
                                     .registers = &s, .public_key = bytes_of("k", 1), .nonce = bytes_of("n", 1)};
    struct tee_binding b = good;
    test_begin("everything is in the digest");
    tee_statement_digest(&good, first);
    CHECK(!differs(first, &b));
#define CHANGED(field, value) (b = good, b.field = (value), differs(first, &b))
    for (int kind = STATEMENT_KEY; kind <= STATEMENT_UNCHECKED; kind++)
        CHECK(CHANGED(kind, (enum tee_statement_kind)kind));
    for (int origin = 0; origin < 256; origin++)
        if (origin != ORIGIN_EXECUTED) CHECK(CHANGED(origin, (enum tee_origin)origin));
    CHECK(CHANGED(public_key, bytes_of("l", 1)));
    CHECK(CHANGED(nonce, bytes_of("o", 1)));
    CHECK(CHANGED(nonce, bytes_of("n\0", 2)));
    CHECK(CHANGED(nonce, bytes_of(zeros, 0)));
#undef CHANGED
    statement[31] = 1;
    CHECK(differs(first, &good));
    statement[31] = 0;
    s.value[3][47] = 1;
    CHECK(differs(first, &good));
    s.value[3][47] = 0;
    s.count = 5; /* zeros after the others are registers, too */
    CHECK(differs(first, &good));
    s.count = 4;
    b = good;
    b.nonce.size = 0;
    tee_statement_digest(&b, first);
    for (size_t size = 1; size <= sizeof zeros; size++) {
        b.nonce = bytes_of(zeros, size); /* none is not one of zeros */
        CHECK(differs(first, &b));
    }
    tee_key_statement(bytes_of_string("ab"), 1, first);
    tee_key_statement(bytes_of_string("a"), 1, other);
    CHECK(memcmp(first, other, 32) != 0);
}

int main(void)
{
    test_digest();
    test_bytes();
    test_limits();
    test_accepted();
    test_nonces();
    test_origins();
    test_version_1();
    test_changed();
    test_events();
    test_engine();
    test_keys();
    test_signed_origins();
    test_purposes();
    test_making();
    return test_end();
}
