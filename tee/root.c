#include "tee/root.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "crypto/hmac.h"
#include "crypto/sha2.h"
#include "crypto/wipe.h"
#include "tee/secret_memory.h"

const char *tee_root_kind_name(enum tee_root_kind kind)
{
    static const char *const names[] = {"unknown", "simulator", "file", "snp", "sgx", "released"};
    return kind >= ROOT_SIMULATOR && kind <= ROOT_RELEASED ? names[kind] : names[0];
}

struct tee_root *tee_root_new(void)
{
    return secret_memory_new(sizeof(struct tee_root));
}

void tee_root_free(struct tee_root *root)
{
    secret_memory_free(root, sizeof *root);
}

void tee_root_wipe(struct tee_root *root)
{
    wipe(root, sizeof *root);
}

void tee_root_simulator(struct tee_root *out)
{
    out->kind = ROOT_SIMULATOR;
    sha256(bytes_of_string("nvm-tee: the simulator's root, a secret to nobody"), out->secret);
}

static enum status cannot(struct error *e, const char *path, const char *what, int number)
{
    return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "%s: %s: %s", path, what, strerror(number));
}

/* 32 raw bytes, or 64 digits with or without an end of line. */
static bool read_secret(const uint8_t *text, size_t size, uint8_t secret[32])
{
    if (size == 32) {
        memcpy(secret, text, 32);
        return true;
    }
    if (size > 64 && text[size - 1] == '\n') size--;
    if (size > 64 && text[size - 1] == '\r') size--;
    if (size != 64) return false;
    for (int i = 0; i < 32; i++) {
        const int high = hex_digit((char)text[2 * i]), low = hex_digit((char)text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        secret[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* At most `size` bytes; -1: an error, in *number. */
static ssize_t read_all(int fd, uint8_t *out, size_t size, int *number)
{
    size_t got = 0;
    while (got < size) {
        const ssize_t n = read(fd, out + got, size - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) *number = errno;
        if (n < 0) return -1;
        if (n == 0) break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

/* Owner and mode are looked at on the open file, so that it cannot be exchanged in between. */
static enum status check_file(int fd, const char *path, struct error *e)
{
    struct stat s;
    if (fstat(fd, &s) < 0) return cannot(e, path, "stat", errno);
    if (!S_ISREG(s.st_mode))
        return error_set(e, STATUS_IO, TEE_KEY_FILE_MODE, ERROR_NO_OFFSET, "%s: not a regular file", path);
    if (s.st_uid != geteuid() && s.st_uid != 0)
        return tee_refuse(e, TEE_KEY_FILE_OWNER, "%s: it belongs to user %lu, who knows what is in it; this is user "
                          "%lu", path, (unsigned long)s.st_uid, (unsigned long)geteuid());
    if (s.st_mode & 077)
        return tee_refuse(e, TEE_KEY_FILE_MODE, "%s: its mode is %04o, but nobody except its owner may read or write it "
                          "(chmod 600)", path, (unsigned)s.st_mode & 07777u);
    return STATUS_OK;
}

static enum status read_root(int fd, const char *path, struct tee_root *out, struct error *e)
{
    static const uint8_t zeros[32] = {0};
    enum { TEXT = 68 }; /* one byte more than is allowed */
    uint8_t *text = secret_memory_new(TEXT);
    if (!text) return error_no_memory(e);
    int number = 0;
    const ssize_t size = read_all(fd, text, TEXT, &number);
    enum status status = STATUS_OK;
    if (size < 0)
        status = cannot(e, path, "read", number);
    else if (!read_secret(text, (size_t)size, out->secret))
        status = error_set(e, STATUS_MALFORMED, TEE_LENGTH, ERROR_NO_OFFSET,
                           "%s: a key file holds 32 bytes or 64 hexadecimal digits", path);
    else if (memcmp(out->secret, zeros, sizeof zeros) == 0)
        status = error_set(e, STATUS_MALFORMED, TEE_KEY, ERROR_NO_OFFSET, "%s: the key is all zeros", path);
    secret_memory_free(text, TEXT);
    return status;
}

enum status tee_root_file(const char *path, struct tee_root *out, struct error *e)
{
    *out = (struct tee_root){.kind = ROOT_FILE};
    int fd;
    do fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    while (fd < 0 && errno == EINTR);
    if (fd < 0 && errno == ELOOP)
        return error_set(e, STATUS_IO, TEE_KEY_FILE_MODE, ERROR_NO_OFFSET,
                         "%s: a symbolic link; name the key file itself", path);
    if (fd < 0) return cannot(e, path, "open", errno);
    enum status status = check_file(fd, path, e);
    if (status == STATUS_OK) status = read_root(fd, path, out, e);
    close(fd);
    if (status != STATUS_OK) tee_root_wipe(out);
    return status;
}

enum status tee_root_provider(const struct tee_provider *provider, const struct tee_system *system, struct tee_root *out,
                              struct error *e)
{
    static const struct {
        const char *name;
        enum tee_root_kind kind;
    } kinds[] = {{"snp", ROOT_SNP}, {"sgx", ROOT_SGX}};
    *out = (struct tee_root){0};
    if (strcmp(provider->name, "simulator") == 0) {
        tee_root_simulator(out);
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!provider->derive_root || strcmp(provider->name, kinds[i].name) != 0) continue;
        const enum status status = provider->derive_root(system, out->secret, e);
        out->kind = kinds[i].kind;
        if (status != STATUS_OK) tee_root_wipe(out);
        return status;
    }
    return tee_refuse(e, TEE_NO_DEVICE, "%s has no secret for sealing: use a key file or a root that is released after "
                      "attestation", provider->name);
}

void tee_root_id(const struct tee_root *root, uint8_t id[TEE_ROOT_ID_SIZE])
{
    tee_root_id_as(root, root->kind, id);
}

void tee_root_id_as(const struct tee_root *root, enum tee_root_kind kind, uint8_t id[TEE_ROOT_ID_SIZE])
{
    static const char label[] = "nvm-root-id-v1"; /* with its NUL */
    uint8_t info[sizeof label + 1];
    memcpy(info, label, sizeof label);
    info[sizeof label] = (uint8_t)kind;
    hkdf(HASH_SHA256, bytes_of(NULL, 0), bytes_of(root->secret, sizeof root->secret), bytes_of(info, sizeof info), id,
         TEE_ROOT_ID_SIZE, NULL);
}

enum status tee_random(const struct tee_system *system, void *out, size_t size, struct error *e)
{
    if (system && system->random && system->random(system->self, out, size)) return STATUS_OK;
    memset(out, 0, size);
    return error_set(e, STATUS_IO, TEE_DEVICE, ERROR_NO_OFFSET, "the system gives no random numbers");
}
