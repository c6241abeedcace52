/* Evidence in files. */
#include "cli/tee.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static bool is_proof(struct evidence_file *f, struct error *e)
{
    return execution_proof_decode(bytes_of(f->bytes.data, f->bytes.size), &f->proof, e) == STATUS_OK;
}

static int read_attestation(struct evidence_file *f, const char *path, struct bytes bytes)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    if (tee_attestation_decode(bytes, &f->attestation, &e) == STATUS_OK) return -1;
    say_tee_error(path, &e);
    return EXIT_TRAPPED;
}

static int read_proof(struct evidence_file *f, const char *path)
{
    f->has_proof = true;
    if (!f->proof.has_attestation) {
        say_error("%s: an execution proof without an attestation", path);
        say_hint("nvm run --proof FILE --attest makes one with it");
        return EXIT_TRAPPED;
    }
    if (!bytes_equal(f->proof.scheme, bytes_of_string(TEE_SCHEME))) {
        say_error("%s: the attestation is of another scheme than %s", path, TEE_SCHEME);
        return EXIT_TRAPPED;
    }
    return read_attestation(f, path, f->proof.evidence);
}

int evidence_open(struct evidence_file *f, const char *path)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    if (file_read(path, EXECUTION_PROOF_MAX, &f->bytes, &e) != STATUS_OK) return say_file_error(path, &e);
    const struct bytes bytes = bytes_of(f->bytes.data, f->bytes.size);
    if (tee_attestation_is(bytes)) return read_attestation(f, path, bytes);
    if (tee_evidence_platform(bytes) == TEE_NO_PLATFORM && is_proof(f, &e)) return read_proof(f, path);
    f->raw = true; /* whatever it is: its platform's verifier says what is wrong */
    return -1;
}

void evidence_close(struct evidence_file *f)
{
    if (f->has_proof) execution_proof_free(&f->proof);
    buffer_free(&f->bytes);
    *f = (struct evidence_file){0};
}

/* ---- secrets ----------------------------------------------------------------------------------------------------- */

struct tee_root *secret_root_new(struct error *e)
{
    const struct rlimit none = {0, 0};
    struct tee_root *root = tee_root_new();
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0);
    if (!root) error_no_memory(e);
    return root;
}

int secret_write(const char *path, struct bytes secret)
{
    struct error e;
    if (file_write_secret(path, secret, &e) == STATUS_OK) return -1;
    say_error("%s", e.message);
    if (e.code == EEXIST) say_hint("a secret is not written over a file that is there; name another one");
    return EXIT_INPUT;
}
