/* nvm tee verify: evidence judged by a policy, without a proof. */
#include "cli/limits.h"
#include "cli/sandbox.h"
#include "cli/tee.h"

#include <stdlib.h>

static const struct usage usage = {
    .command = "tee verify",
    .operands = "FILE",
    .text =
        "Judges evidence by a policy (docs/tee-policy.md): an attestation that nvm has made, the one in an execution\n"
        "proof, or a raw quote, document or report. Prints a line for each check, with what was measured and what was\n"
        "expected. Of a proof the attestation is checked, and that it is for this proof's statement; the rest is left\n"
        "to `nvm verify --attestation`.\n",
    .examples = "  nvm tee verify out.att --policy policy.json\n"
                "  nvm tee verify quote.bin --policy policy.json --collateral collateral.json --at 1781658304\n"
                "  nvm tee verify out.att --policy policy.json --challenge 00112233445566778899aabbccddeeff --json\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "the evidence was refused",
};

struct verify {
    struct trust trust;
    struct evidence_file file;
    struct tee_subject about;
    struct tee_verdict verdict;
    bool json, no_sandbox;
};

static enum status judge(struct verify *v, struct error *e)
{
    const struct tee_subject *x = &v->about;
    if (!v->file.raw) return tee_attestation_verify(&v->file.attestation, &v->trust.tee, x, &v->verdict, e);
    const struct tee_expected expected = {.has_nonce = x->has_nonce, .nonce = x->nonce};
    return tee_raw_verify(bytes_of(v->file.bytes.data, v->file.bytes.size), &v->trust.tee, &expected, &v->verdict, e);
}

/* The statement that was given, or that of the proof around the attestation. */
static enum status set_statement(struct verify *v, bool given, struct error *e)
{
    struct crypto_hash hash;
    v->about.has_statement = given || v->file.has_proof;
    if (v->file.has_proof) v->about.proof = &v->file.proof;
    if (given || !v->file.has_proof) return STATUS_OK;
    const enum status status = execution_proof_statement(&v->file.proof, &hash, e);
    if (status == STATUS_OK) memcpy(v->about.statement, hash.bytes, sizeof v->about.statement);
    return status;
}

/* Accepted is what the judge has accepted; a verdict without a refusal is not enough. */
static int report(struct verify *v, const char *path, enum status judged)
{
    struct buffer out = {0};
    struct json_writer w = json_writer_of(&out);
    if (!v->json) {
        print_path(stdout, path);
        puts(":");
        verdict_print(stdout, &v->verdict);
    } else {
        verdict_json(&w, &v->verdict);
        buffer_append_byte(&out, '\n');
        if (!out.failed) put_json(bytes_of(out.data, out.size));
    }
    const bool failed = out.failed;
    buffer_free(&out);
    if (failed) say_error("out of memory");
    return failed ? EXIT_INPUT : judged == STATUS_OK ? EXIT_OK : EXIT_TRAPPED;
}

/* From here on the command has the files that it was given, and no others. */
static void enter_sandbox(const struct verify *v, const char *path, const struct trust_options *o)
{
    struct sandbox s;
    sandbox_begin(&s, v->no_sandbox);
    sandbox_may_read(&s, path);
    sandbox_may_read(&s, o->policy);
    for (uint32_t i = 0; i < o->collateral.count; i++) sandbox_may_read(&s, o->collateral.items[i]);
    sandbox_enter(&s);
}

static int verify(struct verify *v, const char *path, const struct trust_options *o, const char *statement)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    int code = -1;
    if (!o->policy) {
        say_error("tee verify: by which policy?");
        say_hint("--policy FILE; `nvm tee show FILE` prints measurements in the form of a policy");
        return EXIT_INPUT;
    }
    if (statement) code = statement_option(statement, v->about.statement);
    if (code < 0) enter_sandbox(v, path, o);
    if (code < 0) code = trust_read(&v->trust, o);
    if (code < 0) code = evidence_open(&v->file, path);
    if (code >= 0) return code;
    if (statement && v->file.raw) {
        say_error("--statement: raw evidence says nothing about a statement of nvm");
        say_hint("\"report_data\" in the policy demands certain bytes");
        return EXIT_INPUT;
    }
    v->about.has_nonce = v->trust.has_challenge;
    v->about.nonce = bytes_of(v->trust.challenge.data, v->trust.challenge.size);
    if (set_statement(v, statement != NULL, &e) != STATUS_OK) return say_tee_error(path, &e);
    const enum status status = judge(v, &e);
    const bool judged = status == STATUS_OK || (status == STATUS_INVALID && v->verdict.refusal != TEE_OK);
    return judged ? report(v, path, status) : say_tee_error(path, &e);
}

int tee_verify(int argc, char **argv)
{
    struct verify v = {0};
    struct trust_options o = {0};
    const char *statement = NULL, *unchecked = NULL;
    struct limits limits = limits_standard();
    const struct option options[] = {
        {"policy", 0, OPTION_TEXT, &o.policy, "FILE", "what is accepted (JSON)", 0},
        {"collateral", 0, OPTION_LIST, &o.collateral, "FILE", "collateral, certificates, CRLs; repeatable", 0},
        {"at", 0, OPTION_TEXT, &o.at, "TIME", "time of checking: RFC 3339 or Unix seconds [now]", 0},
        {"challenge", 0, OPTION_TEXT, &o.challenge, "HEX", "the nonce that the evidence must answer", 0},
        {"statement", 0, OPTION_TEXT, &statement, "HASH", "what it must be about: hexadecimal or base58", 0},
        {"unchecked", 0, OPTION_TEXT, &unchecked, "HASH", "the bare hash (not a result) that it must be about", 0},
        {"json", 0, OPTION_FLAG, &v.json, NULL, "as JSON", 0},
#define X(name, standard, unit, text) LIMIT_OPTION(&limits, name, standard, unit, text)
#include "base/limits.def"
#undef X
        SANDBOX_OPTION(&v.no_sandbox),
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) limits_start_clock(&limits);
    if (code < 0 && statement && unchecked) {
        say_error("--statement and --unchecked exclude each other");
        code = EXIT_INPUT;
    }
    v.about.unchecked = unchecked != NULL;
    if (code < 0) code = verify(&v, argv[0], &o, unchecked ? unchecked : statement);
    tee_verdict_free(&v.verdict);
    evidence_close(&v.file);
    trust_free(&v.trust);
    free(o.collateral.items);
    return code;
}
