/* nvm tee key: a signing key that is made in the enclave, and what it signs. */
#include "cli/codes.h"
#include "cli/limits.h"
#include "cli/parts.h"
#include "cli/tee.h"
#include "cli/verify_child.h"
#include "proof/build.h"
#include "tee/signing_key.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* ---- what both parts need ---------------------------------------------------------------------------------------- */

struct keeping {
    const char *provider, *root, *key, *attestation, *purpose, *challenge, *statement, *out;
    struct machine machine;
    struct tee_registers *registers;
    struct tee_snapshot snapshot;
    struct tee_root *secret;
    struct tee_signing_key *signing_key;
    struct buffer nonce, made, whole_purpose;
};

/* The key can be used only by the engine that made it. */
static const struct tee_seal_policy bound_to_engine = {.register_mask = 1 << REGISTER_ENGINE};

static void keeping_free(struct keeping *k)
{
    tee_signing_key_free(k->signing_key);
    tee_root_free(k->secret);
    tee_registers_free(k->registers);
    buffer_free(&k->nonce);
    buffer_free(&k->made);
    buffer_free(&k->whole_purpose);
}

static int fail(const char *what, const struct error *e)
{
    say_tee_error(what, e);
    return e->status == STATUS_NO_MEMORY || e->status == STATUS_IO ? EXIT_INPUT : EXIT_TRAPPED;
}

/* Registers as they are when nothing was run, and the root that the key lies under. */
static int begin(struct keeping *k, const struct tee_provider *provider)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    enum status status = registers_begin(0, &k->registers, &e);
    if (status == STATUS_OK) status = tee_registers_snapshot(k->registers, &k->snapshot, NULL, &e);
    if (status != STATUS_OK) return fail("tee key", &e);
    k->secret = secret_root_new(&e);
    if (!k->secret) return fail("tee key", &e);
    status = k->root ? tee_root_file(k->root, k->secret, &e)
                     : tee_root_provider(provider, &k->machine.system, k->secret, &e);
    if (status == STATUS_OK) return -1;
    const int code = fail("tee key", &e);
    if (!k->root && e.code == TEE_NO_DEVICE) say_hint("--root FILE keeps the key under a root of your own");
    return code;
}

static int missing(const char *option, const char *hint)
{
    say_error("tee key: --%s is missing", option);
    say_hint("%s", hint);
    return EXIT_INPUT;
}

/* ---- make -------------------------------------------------------------------------------------------------------- */

static const struct usage make_usage = {
    .command = "tee key make",
    .operands = "--key FILE --out FILE",
    .text =
        "Makes an ed25519 key, has the hardware attest its public half, and keeps the secret half sealed: under\n"
        "--root, or under the root of the provider's hardware, if it has one. Only this engine, unchanged, can open it.\n",
    .examples = "  nvm tee key make --provider tdx --root root.key --key key.sealed --out key.att\n"
                "  nvm tee key make --provider simulator --purpose runs --key key.sealed --out key.att\n",
    .min_operands = 0,
    .max_operands = 0,
    .failure = "no key was made",
};

static int read_purpose(struct keeping *k, struct bytes *out)
{
    struct buffer *b = &k->whole_purpose;
    buffer_append_string(b, TEE_PURPOSE_SIGN);
    if (k->purpose) buffer_append_string(b, ":");
    if (k->purpose) buffer_append_string(b, k->purpose);
    if (b->failed || b->size > TEE_PURPOSE_MAX || !utf8_valid(b->data, b->size)) {
        say_error("--purpose: expected UTF-8 of at most %zu bytes", TEE_PURPOSE_MAX - sizeof TEE_PURPOSE_SIGN);
        return EXIT_INPUT;
    }
    *out = bytes_of(b->data, b->size);
    return -1;
}

static int make(struct keeping *k)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct buffer sealed = {0};
    struct tee_attest a = {.system = &k->machine.system, .created = (uint64_t)time(NULL)};
    if (!k->key) return missing("key", "--key FILE: where the sealed key is written");
    if (!k->out) return missing("out", "--out FILE: where the attestation is written");
    int code = k->challenge ? hex_option("challenge", k->challenge, 1, TEE_NONCE_MAX, &k->nonce) : -1;
    if (code < 0) code = read_purpose(k, &a.purpose);
    if (code < 0) code = provider_choose(&k->machine, k->provider, &a.provider);
    if (code < 0) code = begin(k, a.provider);
    if (code >= 0) return code;
    enum status status = tee_signing_key_new(&k->machine.system, &k->signing_key, &e);
    if (status == STATUS_OK) {
        a.registers = k->registers;
        a.nonce = bytes_of(k->nonce.data, k->nonce.size);
        a.public_key = bytes_of(tee_signing_key_public(k->signing_key), TEE_SIGNING_PUBLIC_SIZE);
        status = tee_attest_key(&a, &k->made, &e);
    }
    if (status == STATUS_OK)
        status = tee_signing_key_seal(k->signing_key, k->secret, &k->machine.system, &bound_to_engine, &k->snapshot,
                                      &sealed, &e);
    if (status != STATUS_OK) code = fail("tee key make", &e);
    else code = secret_write(k->key, bytes_of(sealed.data, sealed.size));
    buffer_free(&sealed);
    if (code >= 0) return code;
    if (file_write(k->out, k->made.data, k->made.size, &e) == STATUS_OK) return EXIT_OK;
    unlink(k->key); /* of a key without its attestation nobody has any use, and the next try would find it there */
    return say_file_error(k->out, &e);
}

static int key_make(int argc, char **argv)
{
    struct keeping k = {0};
    const struct option options[] = {
        {"provider", 0, OPTION_TEXT, &k.provider, "NAME", "who attests [the device that is here]", 0},
        {"purpose", 0, OPTION_TEXT, &k.purpose, "TEXT", "what it is for, besides signing; part of all signatures", 0},
        {"challenge", 0, OPTION_TEXT, &k.challenge, "HEX", "a verifier's nonce: at most 32 bytes", 0},
        {"root", 0, OPTION_TEXT, &k.root, "FILE", "32 secret bytes to seal it under [the provider's own]", 0},
        {"key", 0, OPTION_TEXT, &k.key, "FILE", "where the sealed key is written", 0},
        {"out", 'o', OPTION_TEXT, &k.out, "FILE", "where its attestation is written", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&make_usage, options, argc, argv, &count);
    machine_init(&k.machine);
    if (code < 0) code = make(&k);
    keeping_free(&k);
    return code;
}

/* ---- sign -------------------------------------------------------------------------------------------------------- */

static const struct usage sign_usage = {
    .command = "tee key sign",
    .operands = "[PROOF] --key FILE --attestation FILE --out FILE",
    .text =
        "Executes a proof in full, in a child of this process, and if everything comes out as it says, signs its\n"
        "statement with an attested key as verified here, and writes the proof with the key's attestation and the\n"
        "signature in it. Or signs a bare hash as unchecked, which no verifier takes for a result, and writes the\n"
        "attestation alone.\n",
    .examples = "  nvm tee key sign out.proof --key key.sealed --attestation key.att --out signed.proof\n"
                "  nvm tee key sign --statement 9f86d0…08 --key key.sealed --attestation key.att --out signed.att\n",
    .min_operands = 0,
    .max_operands = 1,
    .failure = "nothing was signed",
};

struct signing {
    struct keeping k;
    struct text_list code_paths;
    struct codes codes;
    struct verify_limits limits;
    struct evidence_file file;     /* the key's attestation */
    struct buffer bytes;           /* of the proof */
    struct execution_proof proof;
    bool has_proof;
};

/* A key of the enclave vouches for what it signs: the proof is executed here, in full, before the key is opened. */
static int verify_proof(struct signing *s, const char *path, const struct crypto_hash *claimed)
{
    struct crypto_hash verified;
    int code = codes_read(&s->codes, &s->code_paths);
    if (code < 0)
        code = verify_in_child(path, bytes_of(s->bytes.data, s->bytes.size), s->codes.bytes, s->codes.count, &s->limits,
                               &verified);
    if (code >= 0 || memcmp(verified.bytes, claimed->bytes, sizeof verified.bytes) == 0) return code;
    say_error("%s: another statement was verified than the one to be signed", path);
    return EXIT_TRAPPED;
}

static int read_statement(struct signing *s, const char *path, uint8_t statement[STATEMENT_SIZE])
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct crypto_hash hash;
    if (!path == !s->k.statement) {
        say_error("tee key sign: a proof, or --statement HASH");
        return EXIT_INPUT;
    }
    if (!path) return statement_option(s->k.statement, statement);
    if (file_read(path, EXECUTION_PROOF_MAX, &s->bytes, &e) != STATUS_OK) return say_file_error(path, &e);
    if (execution_proof_decode(bytes_of(s->bytes.data, s->bytes.size), &s->proof, &e) != STATUS_OK ||
        execution_proof_statement(&s->proof, &hash, &e) != STATUS_OK) {
        say_error("%s: %s", path, e.message);
        return EXIT_INPUT;
    }
    s->has_proof = true;
    memcpy(statement, hash.bytes, STATEMENT_SIZE);
    return verify_proof(s, path, &hash);
}

static int open_key(struct signing *s)
{
    struct keeping *k = &s->k;
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct buffer sealed = {0};
    const struct tee_provider *provider = NULL;
    int code = evidence_open(&s->file, k->attestation);
    if (code >= 0) return code;
    const struct tee_attestation *a = &s->file.attestation;
    if (s->file.raw || a->kind != STATEMENT_KEY) {
        say_error("%s: not the attestation of a key", k->attestation);
        say_hint("`nvm tee key make` makes one");
        return EXIT_TRAPPED;
    }
    if (a->version != TEE_ATTESTATION_VERSION) {
        say_error("%s: an attestation of version %u, which no verifier accepts any more (version)", k->attestation,
                  a->version);
        say_hint("`nvm tee key make` makes one of version %d", (int)TEE_ATTESTATION_VERSION);
        return EXIT_TRAPPED;
    }
    if (!k->root) {
        provider = tee_provider_named(a->provider);
        if (!provider) return missing("root", "the attestation's provider is not known here: --root FILE");
    }
    code = begin(k, provider);
    if (code >= 0) return code;
    enum status status = file_read(k->key, 1 << 16, &sealed, &e);
    if (status != STATUS_OK) code = say_file_error(k->key, &e);
    else if (tee_signing_key_unseal(k->secret, bytes_of(sealed.data, sealed.size), &k->snapshot, NULL, &k->signing_key,
                                    &e) != STATUS_OK) code = fail(k->key, &e);
    buffer_free(&sealed);
    if (code >= 0) return code;
    const struct bytes own = bytes_of(tee_signing_key_public(k->signing_key), TEE_SIGNING_PUBLIC_SIZE);
    if (bytes_equal(a->public_key, own)) return -1;
    say_error("%s: the attestation of another key than %s (key-binding)", k->attestation, k->key);
    return EXIT_TRAPPED;
}

static int write_signed(struct signing *s, struct error *e)
{
    struct buffer encoded = {0};
    const struct bytes made = bytes_of(s->k.made.data, s->k.made.size);
    struct bytes out = made;
    int code = EXIT_OK;
    if (s->has_proof) {
        if (proof_attest(&s->proof, bytes_of_string(TEE_SCHEME), made, e) != STATUS_OK)
            return say_file_error(s->k.out, e);
        execution_proof_encode(&s->proof, &encoded);
        out = bytes_of(encoded.data, encoded.size);
    }
    if (encoded.failed || s->k.made.failed) {
        say_error("out of memory");
        code = EXIT_INPUT;
    } else if (file_write(s->k.out, out.data, out.size, e) != STATUS_OK) {
        code = say_file_error(s->k.out, e);
    }
    buffer_free(&encoded);
    return code;
}

static int sign(struct signing *s, const char *path)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    uint8_t statement[STATEMENT_SIZE];
    if (!s->k.key) return missing("key", "--key FILE: the sealed key");
    if (!s->k.attestation) return missing("attestation", "--attestation FILE: what `nvm tee key make` has written");
    if (!s->k.out) return missing("out", "--out FILE");
    int code = read_statement(s, path, statement);
    if (code < 0) code = open_key(s);
    if (code >= 0) return code;
    struct tee_attestation a = s->file.attestation;
    a.is_signed = true;
    a.signed_at = (uint64_t)time(NULL);
    a.signed_origin = s->has_proof ? ORIGIN_VERIFIED : ORIGIN_NONE;
    memcpy(a.signed_statement, statement, sizeof a.signed_statement);
    const struct tee_signed what = {statement, a.signed_origin, a.purpose, a.signed_at};
    if (tee_signing_key_sign(s->k.signing_key, &what, a.signature, &e) != STATUS_OK) return fail("tee key sign", &e);
    tee_attestation_encode(&a, &s->k.made);
    return write_signed(s, &e);
}

static int key_sign(int argc, char **argv)
{
    struct signing s = {0};
    struct keeping *k = &s.k;
    const struct option options[] = {
        {"statement", 0, OPTION_TEXT, &k->statement, "HASH", "sign a bare hash as unchecked, not as a result", 0},
        {"code", 0, OPTION_LIST, &s.code_paths, "FILE", "a contract that the proof leaves out; repeatable", 0},
        {"timeout", 0, OPTION_SECONDS, &s.limits.seconds, "SECONDS", "how long verification may take [60]", 0},
        {"max-memory", 0, OPTION_NUMBER, &s.limits.memory, "BYTES", "how much memory it may take [2147483648]", 0},
#define X(name, standard, unit, text) LIMIT_OPTION(&s.limits.counted, name, standard, unit, text)
#include "base/limits.def"
#undef X
        {"root", 0, OPTION_TEXT, &k->root, "FILE", "what the key is sealed under [the provider's own]", 0},
        {"key", 0, OPTION_TEXT, &k->key, "FILE", "the sealed key", 0},
        {"attestation", 0, OPTION_TEXT, &k->attestation, "FILE", "its attestation", 0},
        {"out", 'o', OPTION_TEXT, &k->out, "FILE", "where the signed proof or attestation is written", 0},
        {0},
    };
    int count = 0;
    verify_limits_default(&s.limits);
    int code = options_parse(&sign_usage, options, argc, argv, &count);
    machine_init(&k->machine);
    if (code < 0) code = sign(&s, count ? argv[0] : NULL);
    evidence_close(&s.file);
    if (s.has_proof) execution_proof_free(&s.proof);
    buffer_free(&s.bytes);
    codes_free(&s.codes);
    free(s.code_paths.items);
    keeping_free(k);
    return code;
}

int tee_key(int argc, char **argv)
{
    static const struct command parts[] = {
        {"make", "make a key and its attestation", key_make},
        {"sign", "sign a proof's statement", key_sign},
    };
    static const struct command_parts key = {
        .command = "tee key",
        .text = "Signing keys that are made in an enclave and attested once (docs/TEE.md).\n",
        .examples = "  nvm tee key make --provider tdx --root root.key --key key.sealed --out key.att\n"
                    "  nvm tee key sign out.proof --key key.sealed --attestation key.att --out signed.proof\n",
        .exit_codes = "0 done; 1 no key was made, or nothing was signed; 2 wrong usage or input",
        .missing = "`nvm tee key make` or `nvm tee key sign`",
        .parts = parts,
        .count = sizeof parts / sizeof parts[0],
    };
    return run_part(&key, argc, argv);
}
