#include "tee/device.h"

#include <errno.h>
#include <fcntl.h>

#include "crypto/hmac.h"

/* ---- errors ------------------------------------------------------------------------------------------------------ */

static const struct {
    int error;
    enum tee_refusal refusal;
    const char *name, *text;
} errors[] = {
#define X(error, refusal, text) {error, TEE_##refusal, #error, text},
#include "tee/device_errors.def"
#undef X
};

static enum status refuse(struct error *e, int error, const char *what, const char *path)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].error == error)
            return tee_refuse(e, errors[i].refusal, "cannot %s %s: %s (%s)", what, path, errors[i].text,
                              errors[i].name);
    return tee_refuse(e, TEE_DEVICE, "cannot %s %s: error %d", what, path, error);
}

/* Calls that are interrupted are made again; but not for ever. */
enum { INTERRUPTIONS = 64 };

static bool interrupted(int64_t result, int error, unsigned *times)
{
    return result < 0 && error == EINTR && ++*times < INTERRUPTIONS;
}

/* ---- single calls ------------------------------------------------------------------------------------------------ */

enum status device_open(const struct tee_system *s, const char *path, int flags, int *fd, struct error *e)
{
    int error = 0;
    unsigned times = 0;
    do *fd = s->open(s->self, path, flags, &error);
    while (interrupted(*fd, error, &times));
    return *fd < 0 ? refuse(e, error, "open", path) : STATUS_OK;
}

/* A descriptor is gone after close, whatever it says. */
enum status device_close(const struct tee_system *s, int fd, const char *path, struct error *e)
{
    int error = 0;
    if (s->close(s->self, fd, &error) == 0 || error == EINTR) return STATUS_OK;
    return refuse(e, error, "close", path);
}

enum status device_ioctl(const struct tee_system *s, int fd, const char *path, unsigned long request, void *argument,
                         struct error *e)
{
    int error = 0, result;
    unsigned times = 0;
    do result = s->ioctl(s->self, fd, request, argument, &error);
    while (interrupted(result, error, &times));
    return result < 0 ? refuse(e, error, "ask", path) : STATUS_OK;
}

enum status device_mkdir(const struct tee_system *s, const char *path, bool *exists, struct error *e)
{
    int error = 0;
    *exists = false;
    if (s->mkdir(s->self, path, &error) == 0) return STATUS_OK;
    *exists = error == EEXIST;
    return refuse(e, error, "make", path);
}

/* ---- whole files ------------------------------------------------------------------------------------------------- */

static enum status read_all(const struct tee_system *s, int fd, const char *path, size_t max,
                            enum tee_refusal too_large, struct buffer *out, struct error *e)
{
    enum { PIECE = 4096 };
    const size_t start = out->size;
    for (unsigned times = 0;;) {
        int error = 0;
        if (!buffer_reserve(out, PIECE)) return error_no_memory(e);
        const int64_t got = s->read(s->self, fd, out->data + out->size, PIECE, &error);
        if (interrupted(got, error, &times)) continue;
        if (got < 0) return refuse(e, error, "read", path);
        if (got == 0) return STATUS_OK;
        if (got > PIECE) return tee_refuse(e, TEE_DEVICE, "%s gave more bytes than were asked for", path);
        out->size += (size_t)got;
        if (out->size - start > max)
            return tee_refuse(e, too_large, "%s gave more than %zu bytes", path, max);
    }
}

enum status device_read_file(const struct tee_system *s, const char *path, size_t max, enum tee_refusal too_large,
                             struct buffer *out, struct error *e)
{
    const size_t start = out->size;
    struct error ignored;
    int fd;
    enum status status = device_open(s, path, O_RDONLY, &fd, e);
    if (status != STATUS_OK) return status;
    status = read_all(s, fd, path, max, too_large, out, e);
    device_close(s, fd, path, &ignored); /* nothing depends on how reading ends */
    if (status != STATUS_OK) out->size = start;
    return status;
}

/* Up to `size` bytes; *got is how many there were. */
static enum status read_into(const struct tee_system *s, int fd, const char *path, uint8_t *out, size_t size,
                             size_t *got, struct error *e)
{
    *got = 0;
    for (unsigned times = 0; *got < size;) {
        int error = 0;
        const int64_t n = s->read(s->self, fd, out + *got, size - *got, &error);
        if (interrupted(n, error, &times)) continue;
        if (n < 0) return refuse(e, error, "read", path);
        if (n == 0) break;
        if ((uint64_t)n > size - *got)
            return tee_refuse(e, TEE_DEVICE, "%s gave more bytes than were asked for", path);
        *got += (size_t)n;
    }
    return STATUS_OK;
}

enum status device_read_secret(const struct tee_system *s, const char *path, uint8_t *out, size_t size,
                               struct error *e)
{
    struct error ignored;
    uint8_t more = 0;
    size_t got = 0, behind = 0;
    int fd;
    enum status status = device_open(s, path, O_RDONLY, &fd, e);
    if (status != STATUS_OK) return status;
    status = read_into(s, fd, path, out, size, &got, e);
    if (status == STATUS_OK) status = read_into(s, fd, path, &more, 1, &behind, e);
    device_close(s, fd, path, &ignored);
    explicit_bzero(&more, sizeof more);
    if (status == STATUS_OK && (got != size || behind != 0))
        status = tee_refuse(e, TEE_FORMAT, "%s gave %s than the %zu bytes expected", path,
                            got < size ? "less" : "more", size);
    if (status != STATUS_OK) explicit_bzero(out, size);
    return status;
}

static enum status write_all(const struct tee_system *s, int fd, const char *path, struct bytes data, struct error *e)
{
    for (unsigned times = 0; data.size > 0;) {
        int error = 0;
        const int64_t put = s->write(s->self, fd, data.data, data.size, &error);
        if (interrupted(put, error, &times)) continue;
        if (put < 0) return refuse(e, error, "write", path);
        if (put == 0 || (uint64_t)put > data.size)
            return tee_refuse(e, TEE_DEVICE, "%s took %lld of %zu bytes", path, (long long)put, data.size);
        data = bytes_of(data.data + put, data.size - (size_t)put);
    }
    return STATUS_OK;
}

enum status device_write_file(const struct tee_system *s, const char *path, struct bytes data, struct error *e)
{
    struct error ignored;
    int fd;
    enum status status = device_open(s, path, O_WRONLY, &fd, e);
    if (status != STATUS_OK) return status;
    status = write_all(s, fd, path, data, e);
    /* Closing is what applies it. */
    const enum status closed = device_close(s, fd, path, status == STATUS_OK ? e : &ignored);
    return status == STATUS_OK ? closed : status;
}

enum status device_read_line(const struct tee_system *s, const char *path, char out[DEVICE_LINE], struct error *e)
{
    struct buffer text = {0};
    const enum status status = device_read_file(s, path, DEVICE_LINE - 1, TEE_FORMAT, &text, e);
    size_t size = status == STATUS_OK ? text.size : 0;
    bool plain = true;
    if (size > 0 && text.data[size - 1] == '\n') size--;
    for (size_t i = 0; i < size; i++) plain = plain && text.data[i] >= 0x20 && text.data[i] <= 0x7e;
    if (size > 0 && plain) memcpy(out, text.data, size);
    out[plain ? size : 0] = 0;
    buffer_free(&text);
    if (status != STATUS_OK) return status;
    if (!plain) return tee_refuse(e, TEE_FORMAT, "%s is not a line of text", path);
    return STATUS_OK;
}

enum status device_read_number(const struct tee_system *s, const char *path, uint64_t *out, struct error *e)
{
    char line[DEVICE_LINE];
    const enum status status = device_read_line(s, path, line, e);
    if (status != STATUS_OK) return status;
    uint64_t value = 0;
    const char *p = line;
    for (; *p >= '0' && *p <= '9' && p - line < 19; p++) value = 10 * value + (uint64_t)(*p - '0');
    if (p == line || *p) return tee_refuse(e, TEE_FORMAT, "%s is \"%s\", expected a number", path, line);
    *out = value;
    return STATUS_OK;
}

/* ---- what providers share ---------------------------------------------------------------------------------------- */

bool device_try_again(const struct tee_system *s, unsigned tries)
{
    const unsigned first_wait_ms = 100;
    if (tries >= DEVICE_TRIES) return false;
    s->sleep_ms(s->self, first_wait_ms << (tries - 1));
    return true;
}

enum status device_check_report_data(const char *what, struct bytes found, struct bytes asked, struct error *e)
{
    if (bytes_equal(found, asked)) return STATUS_OK;
    return tee_refuse(e, TEE_REPORT_DATA, "the %s that the device made is about other report data than was asked for",
                      what);
}

enum status device_root(struct bytes key, const char *use, uint8_t out[32], struct error *e)
{
    static const char tag[] = "nvm-root-v1"; /* its NUL is part of it */
    static const uint8_t none[64];
    struct buffer info = {0};
    if (key.size == 0 || key.size > sizeof none || memcmp(key.data, none, key.size) == 0)
        return tee_refuse(e, TEE_DEVICE, "the device gave a key of zeros: it has none, or does not let it out");
    buffer_append(&info, tag, sizeof tag);
    buffer_append_string(&info, use);
    const enum status status = info.failed ? error_no_memory(e)
                                           : hkdf(HASH_SHA256, (struct bytes){0}, key, bytes_of(info.data, info.size),
                                                  out, 32, e);
    buffer_free(&info);
    return status;
}
