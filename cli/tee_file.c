/* Evidence in files. */
#include "cli/tee.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

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

static bool write_whole(int fd, struct bytes b)
{
    while (b.size > 0) {
        const ssize_t n = write(fd, b.data, b.size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        b.data += n;
        b.size -= (size_t)n;
    }
    return true;
}

int secret_write(const char *path, struct bytes secret)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        say_error("%s: %s", path, strerror(errno));
        if (errno == EEXIST) say_hint("a secret is not written over a file that is there; remove it, or name another one");
        return EXIT_INPUT;
    }
    const bool written = write_whole(fd, secret) && fsync(fd) == 0;
    const int problem = errno;
    if (close(fd) == 0 && written) return -1;
    unlink(path);
    say_error("%s: %s", path, strerror(problem));
    return EXIT_INPUT;
}
