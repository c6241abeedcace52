#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum status file_error(struct error *e, const char *what, const char *path)
{
    const int problem = errno;
    return error_set(e, STATUS_IO, problem, ERROR_NO_OFFSET, "cannot %s '%.140s': %s", what, path, strerror(problem));
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static enum status read_all(int fd, const char *path, size_t limit, struct buffer *out, struct error *e)
{
    for (;;) {
        if (!buffer_reserve(out, out->size == out->capacity ? 65536 : 1)) return error_no_memory(e);
        size_t room = out->capacity - out->size;
        ssize_t n = read(fd, out->data + out->size, room);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error(e, "read", path);
        if (n == 0) return STATUS_OK;
        out->size += (size_t)n;
        if (out->size > limit)
            return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "cannot read '%s': more than %zu bytes", path, limit);
    }
}

static int open_for_reading(const char *path)
{
    int fd;
    do fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (fd < 0 && errno == EINTR);
    return fd;
}

enum status file_read(const char *path, size_t limit, struct buffer *out, struct error *e)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open_for_reading(path);
    if (fd < 0) return file_error(e, "read", path);
    struct stat info;
    enum status status = STATUS_OK;
    if (fstat(fd, &info) != 0) status = file_error(e, "read", path);
    else if (S_ISDIR(info.st_mode))
        status = error_set(e, STATUS_IO, EISDIR, ERROR_NO_OFFSET, "cannot read '%s': it is a directory", path);
    else if (S_ISREG(info.st_mode) && info.st_size > 0 && (uint64_t)info.st_size <= limit &&
             !buffer_reserve(out, (size_t)info.st_size + 1))
        status = error_no_memory(e);
    if (status == STATUS_OK) status = read_all(fd, path, limit, out, e);
    if (!standard) close(fd);
    return status;
}

enum status file_open_stream(const char *path, FILE **out, uint64_t *size, struct error *e)
{
    struct stat info;
    const int fd = open_for_reading(path);
    *out = NULL;
    if (fd < 0) return file_error(e, "read", path);
    enum status status = fstat(fd, &info) == 0 ? STATUS_OK : file_error(e, "read", path);
    if (status == STATUS_OK && S_ISDIR(info.st_mode))
        status = error_set(e, STATUS_IO, EISDIR, ERROR_NO_OFFSET, "cannot read '%.140s': it is a directory", path);
    if (status == STATUS_OK && !(*out = file_stream(fd, "r"))) status = error_no_memory(e);
    if (status != STATUS_OK) close(fd);
    else if (size) *size = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
    return status;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static enum status write_all(int fd, const char *path, const void *data, size_t size, struct error *e)
{
    const uint8_t *p = data;
    while (size) {
        ssize_t n = write(fd, p, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error(e, "write", path);
        p += n;
        size -= (size_t)n;
    }
    return STATUS_OK;
}

/* A pipe or device is written to directly; a file is replaced. */
static bool is_special(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

static enum status write_directly(const char *path, const void *data, size_t size, struct error *e)
{
    int fd;
    do fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) return file_error(e, "write", path);
    enum status status = write_all(fd, path, data, size, e);
    if (close(fd) != 0 && errno != EINTR && status == STATUS_OK) status = file_error(e, "write", path);
    return status;
}

static enum status write_beside(const char *path, enum file_replace_kind kind, const void *data, size_t size,
                                struct error *e)
{
    struct file_replacement r;
    enum status status = file_replace_begin(&r, path, kind, e);
    if (status != STATUS_OK) return status;
    return file_replace_end(&r, write_all(r.fd, path, data, size, e), e);
}

enum status file_write(const char *path, const void *data, size_t size, struct error *e)
{
    if (strcmp(path, "-") == 0) return write_all(STDOUT_FILENO, "standard output", data, size, e);
    if (is_special(path)) return write_directly(path, data, size, e);
    return write_beside(path, FILE_REPLACE, data, size, e);
}

enum status file_write_secret(const char *path, struct bytes secret, struct error *e)
{
    return write_beside(path, FILE_MAKE_SECRET, secret.data, secret.size, e);
}
