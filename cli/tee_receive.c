/* nvm tee receive: a key and evidence for it, and the root secret that comes back. The key never leaves this
 * process. */
#include "cli/tee.h"
#include "tee/release.h"

#include <time.h>
#include <unistd.h>

static const struct usage usage = {
    .command = "tee receive",
    .operands = "--root-id HEX --evidence FILE --message FILE --out FILE",
    .text =
        "Makes a key in memory, writes evidence for it, waits until `nvm tee release` has written its message, and\n"
        "writes the root secret that is in it: raw, 32 bytes, mode 0600. The key is gone afterwards, and with it all\n"
        "use of the message. Only the root with --root-id is taken: whoever can write messages could choose another,\n"
        "and would read all that is sealed under it. `nvm tee root KEY` prints the id where the root is.\n",
    .examples = "  nvm tee receive --provider tdx --challenge 00112233aabbccdd --root-id 6d1f…e0 \\\n"
                "    --evidence receiver.att --message root.msg --out root.key --timeout 60\n",
    .min_operands = 0,
    .max_operands = 0,
    .failure = "no root was received",
};

enum { MESSAGE_FILE_MAX = 1 << 12, POLL_MS = 50 };

struct receiving {
    const char *provider, *challenge, *evidence, *message, *out, *label, *root_id;
    double timeout;
    struct machine machine;
    struct tee_registers *registers;
    struct tee_release_key *key;
    struct tee_root *root;
    struct buffer nonce, id, made, received;
};

static int check_options(const struct receiving *r)
{
    const char *missing = !r->evidence ? "evidence" : !r->message ? "message" : !r->out ? "out" : NULL;
    if (!r->root_id) {
        say_error("tee receive: which root? anybody could send one: --root-id is missing");
        say_hint("`nvm tee root KEY` prints the id of the root that is in KEY");
        return EXIT_INPUT;
    }
    if (missing) {
        say_error("tee receive: --%s is missing", missing);
        say_hint("usage: nvm tee receive %s", usage.operands);
        return EXIT_INPUT;
    }
    if (access(r->message, F_OK) == 0) {
        say_error("%s: is there already; it cannot be for a key that is yet to be made", r->message);
        say_hint("remove it, or name another file");
        return EXIT_INPUT;
    }
    if (access(r->out, F_OK) != 0) return -1;
    say_error("%s: is there already", r->out);
    say_hint("a secret is not written over a file that is there");
    return EXIT_INPUT;
}

static int make_evidence(struct receiving *r)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct tee_attest a = {.system = &r->machine.system, .purpose = bytes_of_string(TEE_PURPOSE_RELEASE),
                           .created = (uint64_t)time(NULL)};
    int code = r->challenge ? hex_option("challenge", r->challenge, 1, TEE_NONCE_MAX, &r->nonce) : -1;
    if (code < 0) code = hex_option("root-id", r->root_id, TEE_ROOT_ID_SIZE, TEE_ROOT_ID_SIZE, &r->id);
    if (code < 0) code = provider_choose(&r->machine, r->provider, &a.provider);
    if (code >= 0) return code;
    enum status status = tee_release_key_new(&r->machine.system, &r->key, &e);
    if (status == STATUS_OK) status = registers_begin(0, &r->registers, &e);
    if (status == STATUS_OK) {
        a.registers = r->registers;
        a.nonce = bytes_of(r->nonce.data, r->nonce.size);
        a.public_key = bytes_of(tee_release_key_public(r->key), TEE_RELEASE_PUBLIC_SIZE);
        status = tee_attest_key(&a, &r->made, &e);
    }
    if (status != STATUS_OK) {
        say_tee_error("tee receive", &e);
        return EXIT_TRAPPED;
    }
    return file_write(r->evidence, r->made.data, r->made.size, &e) == STATUS_OK ? -1 : say_file_error(r->evidence, &e);
}

static double seconds_now(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Messages are written in one piece (file_write), so one that is there is complete. */
static int wait_for_message(struct receiving *r)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    const double end = seconds_now() + (r->timeout > 0 ? r->timeout : 60);
    while (access(r->message, F_OK) != 0) {
        if (seconds_now() >= end) {
            say_error("%s: did not come in time (timeout)", r->message);
            say_hint("--timeout SECONDS waits longer");
            return EXIT_TRAPPED;
        }
        r->machine.system.sleep_ms(r->machine.system.self, POLL_MS);
    }
    return file_read(r->message, MESSAGE_FILE_MAX, &r->received, &e) == STATUS_OK ? -1 : say_file_error(r->message, &e);
}

static int unwrap(struct receiving *r)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct tee_attestation a;
    struct tee_release_context context = {.label = bytes_of_string(r->label ? r->label : "")};
    r->root = secret_root_new(&e);
    if (!r->root) return say_tee_error("tee receive", &e);
    enum status status = tee_attestation_decode(bytes_of(r->made.data, r->made.size), &a, &e);
    if (status == STATUS_OK) status = tee_attestation_digest(&a, context.digest, &e);
    if (status == STATUS_OK)
        status = tee_release_unwrap(r->key, bytes_of(r->received.data, r->received.size), &context,
                                    r->id.data, r->root, &e);
    if (status != STATUS_OK) {
        say_tee_error(r->message, &e);
        return EXIT_TRAPPED;
    }
    const int code = secret_write(r->out, bytes_of(r->root->secret, sizeof r->root->secret));
    return code < 0 ? EXIT_OK : code;
}

int tee_receive(int argc, char **argv)
{
    struct receiving r = {0};
    const struct option options[] = {
        {"provider", 0, OPTION_TEXT, &r.provider, "NAME", "who attests [the device that is here]", 0},
        {"challenge", 0, OPTION_TEXT, &r.challenge, "HEX", "the sender's nonce: at most 32 bytes", 0},
        {"evidence", 0, OPTION_TEXT, &r.evidence, "FILE", "where the evidence for the sender is written", 0},
        {"message", 0, OPTION_TEXT, &r.message, "FILE", "where the sender's message will be", 0},
        {"label", 0, OPTION_TEXT, &r.label, "TEXT", "what the root is for, as the sender says it", 0},
        {"root-id", 0, OPTION_TEXT, &r.root_id, "HEX", "which root it must be: `nvm tee root` prints it", 0},
        {"timeout", 0, OPTION_SECONDS, &r.timeout, "SECONDS", "how long to wait for the message [60]", 0},
        {"out", 'o', OPTION_TEXT, &r.out, "FILE", "where the root secret is written", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    machine_init(&r.machine);
    if (code < 0) code = check_options(&r);
    if (code < 0) code = make_evidence(&r);
    if (code < 0) code = wait_for_message(&r);
    if (code < 0) code = unwrap(&r);
    tee_release_key_free(r.key);
    tee_root_free(r.root);
    tee_registers_free(r.registers);
    buffer_free(&r.nonce);
    buffer_free(&r.id);
    buffer_free(&r.made);
    buffer_free(&r.received);
    return code;
}
