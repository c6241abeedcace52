/* nvm tee release: a root secret for an enclave whose evidence the policy accepts. */
#include "cli/tee.h"
#include "tee/release.h"

#include <stdlib.h>

static const struct usage usage = {
    .command = "tee release",
    .operands = "--evidence FILE --policy POLICY --root FILE --out FILE",
    .text =
        "Judges the evidence that `nvm tee receive` has made, and if the policy accepts it, wraps a root secret to\n"
        "the key in it: only that enclave can unwrap the message. The challenge should be one that was made for this\n"
        "and is used once; without it old evidence could come again.\n",
    .examples = "  nvm tee release --evidence receiver.att --policy policy.json --challenge 00112233aabbccdd \\\n"
                "    --root root.key --out root.msg\n",
    .min_operands = 0,
    .max_operands = 0,
    .failure = "the evidence was refused",
};

struct releasing {
    struct trust trust;
    struct evidence_file file;
    struct tee_verdict verdict;
    struct tee_root *root;
    struct buffer message;
    const char *evidence, *root_path, *out, *label;
};

static int check_options(const struct releasing *r, const struct trust_options *o)
{
    const char *missing = NULL;
    if (!r->out) missing = "out";
    if (!r->root_path) missing = "root";
    if (!o->policy) missing = "policy";
    if (!r->evidence) missing = "evidence";
    if (!missing) return -1;
    say_error("tee release: --%s is missing", missing);
    say_hint("usage: nvm tee release %s", usage.operands);
    return EXIT_INPUT;
}

static int judge(struct releasing *r)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    const struct tee_subject about = {
        .has_nonce = r->trust.has_challenge,
        .nonce = bytes_of(r->trust.challenge.data, r->trust.challenge.size),
        .has_purpose = true,
        .purpose = bytes_of_string(TEE_PURPOSE_RELEASE),
    };
    if (r->file.raw) {
        say_error("%s: raw evidence; an attestation that `nvm tee receive` has made is needed", r->evidence);
        return EXIT_INPUT;
    }
    const enum status status = tee_attestation_verify(&r->file.attestation, &r->trust.tee, &about, &r->verdict, &e);
    if (status != STATUS_OK && status != STATUS_INVALID) return say_tee_error(r->evidence, &e);
    verdict_print(stdout, &r->verdict);
    return status == STATUS_OK ? -1 : EXIT_TRAPPED;
}

static int wrap(struct releasing *r)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct machine machine;
    struct tee_release_context context = {.label = bytes_of_string(r->label ? r->label : "")};
    uint8_t id[TEE_ROOT_ID_SIZE];
    machine_init(&machine);
    enum status status = tee_attestation_digest(&r->file.attestation, context.digest, &e);
    if (status == STATUS_OK) {
        r->root = secret_root_new(&e);
        status = r->root ? tee_root_file(r->root_path, r->root, &e) : STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK)
        status = tee_release_wrap(r->root, &machine.system, r->file.attestation.public_key, &context, &r->message, &e);
    if (status != STATUS_OK) return say_tee_error("tee release", &e);
    tee_release_root_id(r->root, id);
    if (file_write(r->out, r->message.data, r->message.size, &e) != STATUS_OK) return say_file_error(r->out, &e);
    printf("  root released: id ");
    for (size_t i = 0; i < sizeof id; i++) printf("%02x", id[i]);
    putchar('\n');
    return EXIT_OK;
}

int tee_release(int argc, char **argv)
{
    struct releasing r = {0};
    struct trust_options o = {0};
    const struct option options[] = {
        {"evidence", 0, OPTION_TEXT, &r.evidence, "FILE", "what the receiver has made", 0},
        {"policy", 0, OPTION_TEXT, &o.policy, "FILE", "which receivers are accepted (JSON)", 0},
        {"collateral", 0, OPTION_LIST, &o.collateral, "FILE", "collateral, certificates, CRLs; repeatable", 0},
        {"at", 0, OPTION_TEXT, &o.at, "TIME", "time of checking: RFC 3339 or Unix seconds [now]", 0},
        {"challenge", 0, OPTION_TEXT, &o.challenge, "HEX", "the nonce that the evidence must answer", 0},
        {"root", 0, OPTION_TEXT, &r.root_path, "FILE", "the secret: 32 bytes or 64 hexadecimal digits, mode 0600", 0},
        {"label", 0, OPTION_TEXT, &r.label, "TEXT", "what it is for; the receiver must say the same", 0},
        {"out", 'o', OPTION_TEXT, &r.out, "FILE", "where the message is written", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = check_options(&r, &o);
    if (code < 0) code = trust_read(&r.trust, &o);
    if (code < 0) code = evidence_open(&r.file, r.evidence);
    if (code < 0) code = judge(&r);
    if (code < 0) code = wrap(&r);
    tee_root_free(r.root);
    buffer_free(&r.message);
    tee_verdict_free(&r.verdict);
    evidence_close(&r.file);
    trust_free(&r.trust);
    free(o.collateral.items);
    return code;
}
