/* nvm attest: evidence for a statement, a challenge or a key, without running anything. */
#include "cli/tee.h"

#include <time.h>

static const struct usage usage = {
    .command = "attest",
    .operands = "--out FILE",
    .text =
        "Makes evidence that the hardware of this machine vouches for: for a hash (--statement), for a public key\n"
        "that was made here (--key), or only as the answer to a challenge. Of a hash nothing is executed or checked\n"
        "here, and the evidence says so: nobody takes it for that of a result. Without --provider the one\n"
        "device that is here is used; there is no fallback: the simulator, whose evidence proves nothing, has to be\n"
        "named.\n",
    .examples = "  nvm attest --challenge 00112233445566778899aabbccddeeff --out out.att\n"
                "  nvm attest --statement 9f86d0…08 --provider tdx --out out.att --evidence quote.bin\n"
                "  nvm attest --key tls.spki --purpose tls --provider simulator --out key.att\n",
    .min_operands = 0,
    .max_operands = 0,
    .failure = "no evidence was made",
};

struct making {
    const char *statement, *challenge, *key, *purpose, *provider, *out, *evidence, *auxiliary;
    struct buffer nonce, key_bytes, made;
    struct tee_registers *registers;
    struct machine machine;
};

static int check_options(const struct making *m)
{
    if (m->statement && m->key) {
        say_error("attest: --statement and --key exclude each other");
        return EXIT_INPUT;
    }
    if (!m->statement && !m->key && !m->challenge) {
        say_error("attest: about what?");
        say_hint("--statement HEX, --key FILE or --challenge HEX");
        return EXIT_INPUT;
    }
    if (m->purpose && !m->key) {
        say_error("--purpose: only of a key (--key FILE)");
        return EXIT_INPUT;
    }
    if (m->purpose && strncmp(m->purpose, TEE_PURPOSE_OWN, strlen(TEE_PURPOSE_OWN)) == 0) {
        say_error("--purpose: what begins with " TEE_PURPOSE_OWN " is for keys that nvm has made inside");
        say_hint("`nvm tee key make` makes one that signs");
        return EXIT_INPUT;
    }
    if (m->out) return -1;
    say_error("attest: where to?");
    say_hint("--out FILE");
    return EXIT_INPUT;
}

static int read_input(struct making *m, struct tee_attest *a)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    int code = -1;
    if (m->challenge) code = hex_option("challenge", m->challenge, 1, TEE_NONCE_MAX, &m->nonce);
    if (code < 0 && m->statement) code = statement_option(m->statement, a->statement);
    if (code >= 0) return code;
    if (m->key && file_read(m->key, TEE_PUBLIC_KEY_MAX, &m->key_bytes, &e) != STATUS_OK)
        return say_file_error(m->key, &e);
    a->nonce = bytes_of(m->nonce.data, m->nonce.size);
    a->public_key = bytes_of(m->key_bytes.data, m->key_bytes.size);
    a->kind = m->statement ? STATEMENT_UNCHECKED : m->key ? STATEMENT_KEY : STATEMENT_CHALLENGE;
    if (!m->statement) tee_challenge_statement(a->nonce, a->statement);
    a->purpose = m->key ? bytes_of_string(m->purpose ? m->purpose : "key") : (struct bytes){0};
    a->created = m->key ? (uint64_t)time(NULL) : 0;
    return -1;
}

/* The parts for tools that know nothing of attestations of nvm. */
static int write_parts(const struct making *m, struct error *e)
{
    struct tee_attestation a;
    if (!m->evidence && !m->auxiliary) return EXIT_OK;
    if (tee_attestation_decode(bytes_of(m->made.data, m->made.size), &a, e) != STATUS_OK)
        return say_tee_error(m->out, e);
    if (m->evidence && file_write(m->evidence, a.evidence.data, a.evidence.size, e) != STATUS_OK)
        return say_file_error(m->evidence, e);
    if (m->auxiliary && file_write(m->auxiliary, a.auxiliary.data, a.auxiliary.size, e) != STATUS_OK)
        return say_file_error(m->auxiliary, e);
    return EXIT_OK;
}

static int make(struct making *m)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct tee_attest a = {.system = &m->machine.system};
    machine_init(&m->machine);
    int code = check_options(m);
    if (code < 0) code = read_input(m, &a);
    if (code < 0) code = provider_choose(&m->machine, m->provider, &a.provider);
    if (code >= 0) return code;
    enum status status = registers_begin(0, &m->registers, &e);
    a.registers = m->registers;
    if (status == STATUS_OK && a.kind == STATEMENT_KEY) status = tee_attest_key(&a, &m->made, &e);
    else if (status == STATUS_OK) status = tee_attest(&a, &m->made, &e);
    if (status != STATUS_OK) {
        say_tee_error("attest", &e);
        return status == STATUS_NO_MEMORY ? EXIT_INPUT : EXIT_TRAPPED;
    }
    if (file_write(m->out, m->made.data, m->made.size, &e) != STATUS_OK) return say_file_error(m->out, &e);
    return write_parts(m, &e);
}

int command_attest(int argc, char **argv)
{
    struct making m = {0};
    const struct option options[] = {
        {"statement", 0, OPTION_TEXT, &m.statement, "HASH", "a bare hash, unchecked: hexadecimal or base58", 0},
        {"challenge", 0, OPTION_TEXT, &m.challenge, "HEX", "a verifier's nonce: at most 32 bytes", 0},
        {"nonce", 0, OPTION_TEXT, &m.challenge, "HEX", "the same", 0},
        {"key", 0, OPTION_TEXT, &m.key, "FILE", "a public key, in whatever form: at most 1024 bytes", 0},
        {"purpose", 0, OPTION_TEXT, &m.purpose, "TEXT", "what the key is for [key]", 0},
        {"provider", 0, OPTION_TEXT, &m.provider, "NAME", "tdx, snp, nitro, sgx, simulator [what is here]", 0},
        {"out", 'o', OPTION_TEXT, &m.out, "FILE", "where the attestation is written", 0},
        {"evidence", 0, OPTION_TEXT, &m.evidence, "FILE", "write the raw evidence there, too", 0},
        {"collateral-out", 0, OPTION_TEXT, &m.auxiliary, "FILE", "write what the provider gave along with it there", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = make(&m);
    tee_registers_free(m.registers);
    buffer_free(&m.nonce);
    buffer_free(&m.key_bytes);
    buffer_free(&m.made);
    return code;
}
