#include "cli/verify.h"

#include "cli/tee.h"
#include "cli/verify_statement.h"
#include "near/json_values.h"
#include "proof/execute.h"

#include <inttypes.h>
#include <stdlib.h>

/* A file under way. */
struct checking {
    const char *path;
    const struct verify_options *options;
    struct buffer bytes;
    struct execution_proof proof;
    bool decoded;
    struct full_report report;
    struct error error;
    enum status status;
    bool read;               /* the file's bytes are there */
    struct verify_statement statement;
    struct tee_verdict judged; /* of the attestation; without lines if it was not looked at */
};

/* ---- checking ---------------------------------------------------------------------------------------------------- */

/* For the table of verifiers: attestations of nvm. */
static enum status judge(void *context, const struct crypto_hash *statement, struct bytes evidence, struct error *e)
{
    struct checking *c = context;
    struct tee_subject about = {.proof = &c->proof, .has_statement = true, .has_nonce = c->options->has_challenge,
                                .nonce = c->options->challenge};
    struct tee_attestation a;
    memcpy(about.statement, statement->bytes, sizeof about.statement);
    tee_verdict_begin(&c->judged, c->options->trust->policy->platform, c->options->trust->at, false);
    const enum status status = tee_attestation_decode(evidence, &a, e);
    if (status == STATUS_OK) return tee_attestation_verify(&a, c->options->trust, &about, &c->judged, e);
    return tee_verdict_error(&c->judged, "attestation", e);
}

static enum status execute(struct checking *c, const struct attestation_verifiers *verifiers)
{
    struct runtime_executor x;
    struct full_options o = {.verifiers = verifiers, .codes = c->options->codes, .code_count = c->options->code_count,
                             .limits = &c->options->limits};
    uint32_t version = c->proof.protocol_version;
    /* Of a version that nobody knows proof_verify_full says so before it executes anything. */
    if (!parameters_of(version)) version = PROTOCOL_VERSION_CURRENT;
    enum status status = runtime_executor_init(&x, version, &c->error);
    o.executor = &x.executor;
    if (status == STATUS_OK) status = proof_verify_full(&c->proof, &o, &c->report, &c->error);
    runtime_executor_free(&x);
    return status;
}

static enum status read_proof(struct checking *c)
{
    enum status status = file_read(c->path, EXECUTION_PROOF_MAX, &c->bytes, &c->error);
    if (status != STATUS_OK) return status;
    c->read = true;
    status = execution_proof_decode(bytes_of(c->bytes.data, c->bytes.size), &c->proof, &c->error);
    c->decoded = status == STATUS_OK;
    c->statement.proof = &c->proof;
    c->statement.light = c->options->light;
    if (status == STATUS_OK) status = execution_proof_statement(&c->proof, &c->statement.hash, &c->error);
    return status;
}

/* What is demanded comes first: it costs the least. */
static enum status check(struct checking *c)
{
    const struct attestation_verifier judges[] = {{TEE_SCHEME, judge, c}};
    const struct attestation_verifiers table = {judges, sizeof judges / sizeof judges[0], .required = true};
    const struct attestation_verifiers *verifiers = c->options->trust ? &table : NULL;
    struct refusal *refusal = &c->report.light.refusal;
    enum status status = read_proof(c);
    if (status == STATUS_OK) status = proof_check_limits(&c->proof, &c->options->limits, &c->error);
    if (status != STATUS_OK) return status;
    status = proof_check_demands(&c->proof, &c->statement.hash, &c->options->demands, refusal, &c->error);
    if (status != STATUS_OK) return status;
    if (c->options->light) status = proof_verify_light(&c->proof, verifiers, &c->report.light, &c->error);
    else status = execute(c, verifiers);
    if (status != STATUS_OK) return status;
    c->statement.attested = c->report.light.attested;
    return verify_statement_of(&c->statement, c->options->chain, c->options->chain_count, refusal, &c->error);
}

static enum verdict verdict_of(const struct checking *c)
{
    if (c->status == STATUS_OK) return VERDICT_VERIFIED;
    const bool judged = c->read && c->status != STATUS_NO_MEMORY && c->status != STATUS_LIMIT;
    return judged ? VERDICT_REFUSED : VERDICT_UNREADABLE;
}

/* ---- for people -------------------------------------------------------------------------------------------------- */

static void print_refusal(FILE *out, const struct checking *c)
{
    const struct refusal *r = &c->report.light.refusal;
    fprintf(out, "refused (%s): ", proof_error_name((enum proof_error)c->error.code));
    if (!r->code) { /* it could not even be read */
        print_shown(out, bytes_of_string(c->error.message));
        if (c->error.offset != ERROR_NO_OFFSET) fprintf(out, " (at byte %" PRIu64 ")", c->error.offset);
        return;
    }
    print_shown(out, bytes_of_string(r->place));
    fprintf(out, ": %s", proof_error_text(r->code));
    if (r->claimed[0]) fputs(": the proof says ", out);
    print_shown(out, bytes_of_string(r->claimed));
    if (r->found[0] && r->claimed[0]) fprintf(out, ", %s ", refusal_word(r->code));
    else if (r->found[0]) fputs(": ", out);
    print_shown(out, bytes_of_string(r->found));
}

static void print_attestation(FILE *out, const struct checking *c)
{
    char who[32];
    if (c->report.light.attested) {
        fprintf(out, "%s, attested by %s", c->options->light ? ", not executed" : "", verdict_who(&c->judged, who));
        if (c->judged.origin) fprintf(out, " as %s", c->judged.origin_text);
        return;
    }
    if (!c->proof.has_attestation) {
        if (c->options->light) fputs(", not executed and not attested", out);
        return;
    }
    fputs(c->options->light ? ", not executed, attestation (" : ", attestation (", out);
    print_name(out, c->proof.scheme);
    fputs(") not checked", out);
}

static void print_line(FILE *out, const struct checking *c)
{
    print_path(out, c->path);
    fputs(": ", out);
    switch (verdict_of(c)) {
    case VERDICT_VERIFIED:
        fprintf(out, "verified (%s", c->options->light ? "light" : "full");
        print_attestation(out, c);
        fputs("): ", out);
        verify_statement_print(out, &c->statement);
        break;
    case VERDICT_REFUSED: print_refusal(out, c); break;
    case VERDICT_PENDING:
    case VERDICT_UNREADABLE:
        fputs("not checked: ", out);
        print_shown(out, bytes_of_string(c->error.message));
    }
}

/* ---- for machines ------------------------------------------------------------------------------------------------ */

static void name_text(struct json_writer *w, const char *name, const char *text)
{
    json_write_name(w, name);
    verify_write_any(w, bytes_of_string(text));
}

static void write_judged(struct json_writer *w, const struct checking *c)
{
    json_write_name(w, "attestation_verdict");
    verdict_json(w, &c->judged);
}

static void write_statement(struct json_writer *w, const struct checking *c)
{
    verify_statement_json(w, &c->statement);
    json_write_name(w, "attestation");
    if (c->proof.has_attestation) verify_write_any(w, c->proof.scheme);
    else json_write_null(w);
    json_write_name(w, "attested");
    json_write_bool(w, c->report.light.attested);
    if (c->report.light.attested) write_judged(w, c);
}

static void write_problem(struct json_writer *w, const struct checking *c)
{
    const struct refusal *r = &c->report.light.refusal;
    const bool refused = verdict_of(c) == VERDICT_REFUSED;
    json_write_name(w, "error");
    json_write_open(w, '{');
    name_text(w, "code", refused ? proof_error_name((enum proof_error)c->error.code) : status_name(c->status));
    name_text(w, "message", c->error.message);
    if (c->error.offset != ERROR_NO_OFFSET) json_name_u64(w, "offset", c->error.offset);
    if (r->place[0]) name_text(w, "place", r->place);
    if (r->claimed[0]) name_text(w, "claimed", r->claimed);
    if (r->found[0]) name_text(w, "found", r->found);
    json_write_close(w, '}');
    if (c->judged.count > 0) write_judged(w, c);
}

static void write_json(struct buffer *out, const struct checking *c)
{
    static const char *const verdicts[] = {
        [VERDICT_VERIFIED] = "verified", [VERDICT_REFUSED] = "refused", [VERDICT_UNREADABLE] = "unreadable"};
    struct json_writer writer = json_writer_of(out), *w = &writer;
    json_write_open(w, '{');
    name_text(w, "file", c->path);
    name_text(w, "verdict", verdicts[verdict_of(c)]);
    name_text(w, "level", c->options->light ? "light" : "full");
    if (verdict_of(c) == VERDICT_VERIFIED) write_statement(w, c);
    else write_problem(w, c);
    json_write_close(w, '}');
}

/* ---- one file ---------------------------------------------------------------------------------------------------- */

/* The result in the form that was asked for. */
static void tell(const struct checking *c, struct verify_result *out)
{
    out->verdict = verdict_of(c);
    if (c->options->json) write_json(&out->json, c);
    FILE *text = c->options->json ? NULL : open_memstream(&out->text, &out->text_size);
    if (!text) return;
    print_line(text, c);
    if (c->judged.count > 0) {
        fputc('\n', text);
        verdict_print(text, &c->judged);
    }
    if (fclose(text) != 0) {
        free(out->text);
        out->text = NULL;
    } else if (c->judged.count > 0 && out->text_size > 0) {
        out->text_size--; /* the last line's end */
    }
}

void verify_file(const char *path, const struct verify_options *options, struct verify_result *out)
{
    struct checking c = {.path = path, .options = options, .error = {.offset = ERROR_NO_OFFSET}};
    *out = (struct verify_result){0};
    c.status = check(&c);
    tell(&c, out);
    tee_verdict_free(&c.judged);
    verify_statement_free(&c.statement);
    if (c.decoded) execution_proof_free(&c.proof);
    buffer_free(&c.bytes);
}

void verify_file_late(const char *path, const struct verify_options *options, struct verify_result *out)
{
    struct checking c = {.path = path, .options = options};
    *out = (struct verify_result){0};
    if (!options->timeout_given) c.status = limit_exceeded(&options->limits, LIMIT_time, &c.error);
    else c.status = error_set(&c.error, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "it was not done after %g seconds",
                              options->timeout);
    tell(&c, out);
}

void verify_result_free(struct verify_result *r)
{
    free(r->text);
    buffer_free(&r->json);
    *r = (struct verify_result){0};
}
