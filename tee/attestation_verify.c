#include "tee/attestation_verify.h"

#include "tee/roots.h"
#include "tee/run_events.h"
#include "tee/signing_key.h"

#include <inttypes.h>

/* ---- evidence under the right roots ------------------------------------------------------------------------------ */

/* The policy's own roots and the simulator's, in the verdict's arena. */
static bool simulated_roots(const struct tee_trust *t, struct tee_verdict *v, struct tee_input *in)
{
    const uint32_t own = t->policy->root_count;
    struct bytes *roots = arena_array(&v->arena, (size_t)own + t->simulator_root_count, sizeof *roots);
    if (!roots) return false;
    for (uint32_t i = 0; i < own; i++) roots[i] = t->policy->roots[i];
    for (uint32_t i = 0; i < t->simulator_root_count; i++) roots[own + i] = t->simulator_roots[i];
    in->roots = roots;
    in->root_count = own + t->simulator_root_count;
    in->simulated = true;
    return true;
}

static enum status verify_simulated(struct tee_input *in, const struct tee_trust *t, struct tee_verdict *v,
                                    struct error *e)
{
    return simulated_roots(t, v, in) ? tee_evidence_verify(in, v, e) : error_no_memory(e);
}

static bool is_about_roots(enum tee_refusal r)
{
    return r == TEE_ROOT_MISMATCH || r == TEE_CHAIN || r == TEE_CERT_SIGNATURE || r == TEE_PRODUCT;
}

/* Evidence that no vendor's root has signed may still be a test hierarchy's. */
static enum status verify_either(struct tee_input *in, const struct tee_trust *t, struct tee_verdict *v,
                                 struct error *e)
{
    const uint32_t lines = v->count;
    const enum status status = tee_evidence_verify(in, v, e);
    if (status != STATUS_INVALID || !t->policy->allow_simulator || !is_about_roots(v->refusal)) return status;
    v->count = lines;
    v->refusal = TEE_OK;
    return verify_simulated(in, t, v, e);
}

static struct tee_input input_of(struct bytes evidence, const struct tee_trust *t, const struct tee_expected *expected)
{
    struct tee_input in = {.evidence = evidence, .files = t->files, .file_count = t->file_count, .policy = t->policy,
                           .expected = expected, .at = t->at, .cache = t->cache};
    in.root_count = tee_roots(t->policy->platform, &in.roots);
    return in;
}

enum status tee_raw_verify(struct bytes evidence, const struct tee_trust *t, const struct tee_expected *expected,
                           struct tee_verdict *v, struct error *e)
{
    struct tee_input in = input_of(evidence, t, expected);
    return verify_either(&in, t, v, e);
}

/* ---- what an attestation says beside its evidence ---------------------------------------------------------------- */

struct checking {
    const struct tee_attestation *a;
    const struct tee_trust *t;
    const struct tee_subject *about;
    struct tee_snapshot registers; /* as the event log gives them */
    struct tee_verdict *v;
    struct error *e;
};

static enum status refused(struct checking *c, enum tee_refusal r, const char *name, const char *measured,
                           const char *expected)
{
    return tee_verdict_refused(c->v, c->e, r, name, measured, expected);
}

static const char *hex(struct checking *c, const void *data, size_t size)
{
    return tee_verdict_hex(c->v, bytes_of(data, size));
}

/* Older ones leave open how their result came about, and how long the challenge was. */
static enum status check_version(struct checking *c)
{
    if (c->a->version == TEE_ATTESTATION_VERSION) return STATUS_OK;
    return refused(c, TEE_VERSION, "version of the attestation",
                   tee_verdict_text(c->v, "%u, which does not say whether its result was executed", c->a->version),
                   tee_verdict_text(c->v, "%d: make it anew", (int)TEE_ATTESTATION_VERSION));
}

static enum status check_maker(struct checking *c)
{
    const struct tee_attestation *a = c->a;
    const enum tee_platform wanted = c->t->policy->platform;
    if (a->platform != wanted)
        return refused(c, TEE_PLATFORM, "platform", tee_platform_name(a->platform), tee_platform_name(wanted));
    if (a->simulated && !c->t->policy->allow_simulator)
        return refused(c, TEE_SIMULATOR_NOT_ALLOWED, "simulator", "evidence of the simulator, which proves nothing",
                       "allow_simulator in the policy");
    return STATUS_OK;
}

static enum status check_registers(struct checking *c)
{
    const struct tee_attestation *a = c->a;
    const enum status status = tee_event_log_replay(a->event_log, a->register_count, &c->registers, c->e);
    if (status == STATUS_NO_MEMORY) return status;
    if (status != STATUS_OK)
        return refused(c, TEE_EVENT_LOG, "event log", tee_verdict_text(c->v, "%s", c->e->message), "");
    for (uint32_t i = 0; i < a->register_count; i++) {
        const uint8_t *said = a->registers.data + (size_t)i * TEE_REGISTER_SIZE, *found = c->registers.value[i];
        const char *name = tee_verdict_text(c->v, "register %" PRIu32, i);
        if (memcmp(said, found, TEE_REGISTER_SIZE) != 0)
            return refused(c, TEE_EVENT_LOG, name, hex(c, said, TEE_REGISTER_SIZE),
                           tee_verdict_text(c->v, "%s from the event log", hex(c, found, TEE_REGISTER_SIZE)));
    }
    return STATUS_OK;
}

static bool printable(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~') return false;
    return true;
}

static const char *quoted(struct checking *c, struct bytes text)
{
    if (!printable(text)) return hex(c, text.data, text.size);
    return tee_verdict_text(c->v, "\"%.*s\"", (int)text.size, (const char *)text.data);
}

/* ---- how the result came about ----------------------------------------------------------------------------------- */

static const char *accepted_origins(struct checking *c)
{
    const char *all = "";
#define X(NAME, byte, name, text)                                                                                      \
    if (c->t->policy->accept_origin & tee_origin_bit(ORIGIN_##NAME))                                                   \
        all = tee_verdict_text(c->v, "%s%s%s", all, *all ? ", " : "", name);
#include "tee/origins.def"
#undef X
    return all;
}

/* Of a result, as hardware or key have signed it. A bare hash is none, unless the caller asks for that. */
static enum status check_origin(struct checking *c, enum tee_origin origin)
{
    const char *text = c->v->origin_text = tee_origin_text(origin);
    c->v->origin = tee_origin_name(origin);
    if (origin == ORIGIN_NONE && c->about->unchecked) {
        tee_verdict_allowed(c->v, "origin", text, "--unchecked");
        return STATUS_OK;
    }
    if (origin == ORIGIN_NONE) return refused(c, TEE_UNCHECKED, "origin", text, accepted_origins(c));
    if (c->about->unchecked) return refused(c, TEE_ORIGIN, "origin", text, "a bare hash");
    if (!(c->t->policy->accept_origin & tee_origin_bit(origin)))
        return refused(c, TEE_ORIGIN, "origin", text, accepted_origins(c));
    if (origin == ORIGIN_EXECUTED) tee_verdict_passed(c->v, "origin", text, "");
    else tee_verdict_allowed(c->v, "origin", text, "accept_origin");
    return STATUS_OK;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static const char *time_of(struct checking *c, uint64_t at)
{
    return at > INT64_MAX ? "a time beyond all clocks" : tee_verdict_time(c->v, (int64_t)at);
}

/* Whether a time of the enclave's clock has come. */
static enum status check_past(struct checking *c, const char *name, uint64_t time)
{
    const uint64_t skew = c->t->policy->skew;
    const uint64_t now = c->t->at < 0 ? 0 : (uint64_t)c->t->at;
    if (time <= INT64_MAX && time <= now + skew) return STATUS_OK;
    const char *latest = tee_verdict_time(c->v, c->t->at);
    return refused(c, TEE_FUTURE, name, time_of(c, time),
                   tee_verdict_text(c->v, "at most %s and %" PRIu64 " seconds", latest, skew));
}

static enum status check_age(struct checking *c)
{
    const struct tee_attestation *a = c->a;
    const uint64_t max = c->t->policy->max_key_age;
    const char *most = tee_verdict_text(c->v, "at most %" PRIu64 " s", max);
    if (a->signed_at < a->created)
        return refused(c, TEE_KEY_AGE, "age of the key", "signed before it was made", most);
    const char *age = tee_verdict_text(c->v, "%" PRIu64 " s", a->signed_at - a->created);
    if (a->signed_at - a->created > max) return refused(c, TEE_KEY_AGE, "age of the key", age, most);
    tee_verdict_passed(c->v, "age of the key", age, most);
    return STATUS_OK;
}

static enum status check_signature(struct checking *c)
{
    const struct tee_attestation *a = c->a;
    const struct tee_signed what = {c->about->statement, a->signed_origin, a->purpose, a->signed_at};
    if (!tee_purpose_is(a->purpose, TEE_PURPOSE_SIGN)) /* whatever the policy says: others sign what they like */
        return refused(c, TEE_PURPOSE, "purpose of the key", quoted(c, a->purpose), "\"" TEE_PURPOSE_SIGN "\"");
    if (!a->is_signed)
        return refused(c, TEE_STATEMENT_SIGNATURE, "signature", "an attested key that has signed nothing",
                       "a signature of the statement");
    if (memcmp(a->signed_statement, c->about->statement, STATEMENT_SIZE) != 0)
        return refused(c, TEE_STATEMENT_SIGNATURE, "signed statement", hex(c, a->signed_statement, STATEMENT_SIZE),
                       hex(c, c->about->statement, STATEMENT_SIZE));
    if (tee_statement_verify(a->public_key, &what, a->signature, c->e) != STATUS_OK)
        return tee_verdict_error(c->v, "signature", c->e);
    const char *by = tee_verdict_text(c->v, "by the attested key, %s", time_of(c, a->signed_at));
    tee_verdict_passed(c->v, "signature", by, "");
    if (check_origin(c, a->signed_origin) != STATUS_OK) return STATUS_INVALID;
    if (check_past(c, "time of the signature", a->signed_at) != STATUS_OK) return STATUS_INVALID;
    return check_age(c);
}

static enum status check_key(struct checking *c)
{
    const struct tee_attestation *a = c->a;
    uint8_t statement[STATEMENT_SIZE];
    tee_key_statement(a->purpose, a->created, statement);
    if (a->public_key.size == 0) return refused(c, TEE_KEY_BINDING, "public key", "none", "the key that is attested");
    if (memcmp(a->statement, statement, sizeof statement) != 0)
        return refused(c, TEE_KEY_BINDING, "purpose and time of the key", hex(c, statement, sizeof statement),
                       hex(c, a->statement, sizeof statement));
    tee_verdict_noted(c->v, "attested key", tee_verdict_text(c->v, "%s, made %s", hex(c, a->public_key.data,
                      a->public_key.size), time_of(c, a->created)));
    if (check_past(c, "time of the key", a->created) != STATUS_OK) return STATUS_INVALID;
    if (c->about->has_statement) return check_signature(c);
    if (a->is_signed) tee_verdict_noted(c->v, "signature", "not looked at: nobody said which statement it must be of");
    return STATUS_OK;
}

/* ---- what it is about -------------------------------------------------------------------------------------------- */

static enum status check_statement(struct checking *c)
{
    const struct tee_attestation *a = c->a;
    const struct tee_subject *x = c->about;
    const enum tee_statement_kind wanted = x->unchecked ? STATEMENT_UNCHECKED : STATEMENT_RUN;
    uint8_t challenge[STATEMENT_SIZE];
    switch (a->kind) {
    case STATEMENT_KEY: return check_key(c);
    case STATEMENT_CHALLENGE:
        tee_challenge_statement(a->nonce, challenge);
        if (memcmp(a->statement, challenge, sizeof challenge) != 0)
            return refused(c, TEE_REPORT_DATA, "statement", hex(c, a->statement, sizeof challenge),
                           hex(c, challenge, sizeof challenge));
        break;
    case STATEMENT_RUN:
    case STATEMENT_UNCHECKED: break;
    }
    if (x->has_statement && !x->unchecked && a->kind == STATEMENT_UNCHECKED) return check_origin(c, ORIGIN_NONE);
    if (x->has_statement && (a->kind != wanted || memcmp(a->statement, x->statement, STATEMENT_SIZE) != 0))
        return refused(c, TEE_REPORT_DATA, "statement",
                       tee_verdict_text(c->v, "%s (%s)", hex(c, a->statement, STATEMENT_SIZE),
                                        tee_statement_kind_name(a->kind)),
                       hex(c, x->statement, STATEMENT_SIZE));
    if (x->has_statement) tee_verdict_passed(c->v, "statement", hex(c, a->statement, STATEMENT_SIZE), "");
    else tee_verdict_noted(c->v, tee_verdict_text(c->v, "statement (%s)", tee_statement_kind_name(a->kind)),
                           hex(c, a->statement, STATEMENT_SIZE));
    /* An answer to a challenge is about no result; what filled its registers may have been one that was resumed. */
    if (a->kind == STATEMENT_CHALLENGE && a->origin == ORIGIN_NONE) return STATUS_OK;
    if (a->kind == STATEMENT_UNCHECKED && !x->has_statement) {
        c->v->origin = tee_origin_name(ORIGIN_NONE);
        c->v->origin_text = tee_origin_text(ORIGIN_NONE);
        tee_verdict_noted(c->v, "origin", c->v->origin_text);
        return STATUS_OK;
    }
    return check_origin(c, a->origin);
}

/* The nonces that were asked for, by their exact length; the evidence itself is compared by its verifier. */
static enum status check_nonce(struct checking *c)
{
    const struct tee_policy *p = c->t->policy;
    const struct bytes found = c->a->nonce;
    const struct bytes *wanted = c->about->has_nonce ? &c->about->nonce : p->has_nonce ? &p->nonce : NULL;
    if (c->about->has_nonce && p->has_nonce && !bytes_equal(p->nonce, c->about->nonce))
        return refused(c, TEE_NONCE, "challenge", tee_verdict_hex(c->v, c->about->nonce),
                       tee_verdict_text(c->v, "%s by the policy", tee_verdict_hex(c->v, p->nonce)));
    if (wanted && !bytes_equal(found, *wanted))
        return refused(c, TEE_NONCE, "nonce", found.size > 0 ? tee_verdict_hex(c->v, found) : "none",
                       tee_verdict_hex(c->v, *wanted));
    if (!wanted && found.size > 0)
        tee_verdict_noted(c->v, "challenge (nobody asked for one)", tee_verdict_hex(c->v, found));
    return STATUS_OK;
}

/* What the caller names, what the policy names, and if nobody names anything, signing: to the byte. */
static enum status check_purpose(struct checking *c)
{
    const struct tee_policy *p = c->t->policy;
    const struct tee_subject *x = c->about;
    const struct bytes own = bytes_of_string(TEE_PURPOSE_SIGN), found = c->a->purpose;
    const struct bytes wanted = x->has_purpose ? x->purpose : p->has_purpose ? p->purpose : own;
    if (!bytes_equal(found, wanted))
        return refused(c, TEE_PURPOSE, "purpose of the key", quoted(c, found), quoted(c, wanted));
    if (p->has_purpose && !bytes_equal(p->purpose, wanted))
        return refused(c, TEE_PURPOSE, "purpose of the key", quoted(c, found), quoted(c, p->purpose));
    tee_verdict_passed(c->v, "purpose of the key", quoted(c, found), "");
    return STATUS_OK;
}

static enum status check_subject(struct checking *c)
{
    const struct tee_attestation *a = c->a;
    const struct tee_subject *x = c->about;
    if (x->has_public_key && !bytes_equal(x->public_key, a->public_key))
        return refused(c, TEE_KEY_BINDING, "public key", tee_verdict_hex(c->v, a->public_key),
                       tee_verdict_hex(c->v, x->public_key));
    if (x->has_purpose && a->kind != STATEMENT_KEY)
        return refused(c, TEE_PURPOSE, "purpose of the key", "not a key", quoted(c, x->purpose));
    if (a->kind == STATEMENT_KEY && check_purpose(c) != STATUS_OK) return STATUS_INVALID;
    if (check_nonce(c) != STATUS_OK) return STATUS_INVALID;
    return check_statement(c);
}

/* The story of the log against that of the statement. A signing key's log was taken when the key was made: it says
 * nothing about the run. */
static enum status check_events(struct checking *c)
{
    if (!c->about->proof || c->a->kind != STATEMENT_RUN) return STATUS_OK;
    if (c->a->register_count <= REGISTER_EFFECTS)
        return refused(c, TEE_EVENT_LOG, "registers", tee_verdict_text(c->v, "%" PRIu32, c->a->register_count), "4");
    const enum status status = tee_run_events_check(c->a->event_log, c->about->proof, c->e);
    if (status == STATUS_NO_MEMORY) return status;
    if (status != STATUS_OK)
        return refused(c, TEE_EVENT_LOG, "event log", tee_verdict_text(c->v, "%s", c->e->message),
                       "the events of the proof's statement");
    tee_verdict_passed(c->v, "event log", "code, entry and effects are those of the statement", "");
    return STATUS_OK;
}

static enum status check_evidence(struct checking *c)
{
    const struct tee_attestation *a = c->a;
    struct tee_expected expected = {.has_digest = true, .has_nonce = a->nonce.size > 0, .nonce = a->nonce,
                                    .has_public_key = a->public_key.size > 0, .public_key = a->public_key};
    struct tee_file *files = arena_array(&c->v->arena, (size_t)c->t->file_count + 1, sizeof *files);
    if (!files) return error_no_memory(c->e);
    const struct tee_binding binding = {.kind = a->kind, .origin = a->origin, .statement = a->statement,
                                        .registers = &c->registers, .public_key = a->public_key, .nonce = a->nonce};
    tee_statement_digest(&binding, expected.digest);
    struct tee_input in = input_of(a->evidence, c->t, &expected);
    for (uint32_t i = 0; i < c->t->file_count; i++) files[i] = c->t->files[i];
    files[c->t->file_count] = (struct tee_file){"the attestation's auxiliary data", a->auxiliary};
    in.files = files;
    in.file_count = c->t->file_count + (a->auxiliary.size > 0);
    return a->simulated ? verify_simulated(&in, c->t, c->v, c->e) : verify_either(&in, c->t, c->v, c->e);
}

static void note_registers(struct checking *c)
{
    static const char *const names[] = {"register 0 (engine)", "register 1 (code)", "register 2 (entry)",
                                        "register 3 (effects)"};
    for (uint32_t i = 0; i < c->registers.count; i++) {
        const char *name = i <= REGISTER_EFFECTS ? names[i] : tee_verdict_text(c->v, "register %" PRIu32, i);
        if (c->registers.generation[i] == 0) continue;
        tee_verdict_noted(c->v, name, hex(c, c->registers.value[i], TEE_REGISTER_SIZE));
    }
}

enum status tee_attestation_verify(const struct tee_attestation *a, const struct tee_trust *t,
                                   const struct tee_subject *about, struct tee_verdict *v, struct error *e)
{
    struct error own = {0};
    struct checking c = {.a = a, .t = t, .about = about, .v = v, .e = e ? e : &own};
    static enum status (*const steps[])(struct checking *) = {
        check_version, check_maker, check_registers, check_subject, check_events, check_evidence,
    };
    tee_verdict_begin(v, t->policy->platform, t->at, a->simulated);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const enum status status = steps[i](&c);
        if (v->no_memory) return error_no_memory(c.e);
        if (status != STATUS_OK) return status;
    }
    note_registers(&c);
    return v->no_memory ? error_no_memory(c.e) : STATUS_OK;
}
