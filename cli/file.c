#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status fail(struct error *e, const char *what, const char *path)
{
    return error_set(e, STATUS_IO, errno, ERROR_NO_OFFSET, "cannot %s '%s': %s", what, path, strerror(errno));
}

static enum status read_all(int fd, const char *path, size_t limit, struct buffer *out, struct error *e)
{
    for (;;) {
        if (!buffer_reserve(out, out->size == out->capacity ? 65536 : 1)) return error_no_memory(e);
        size_t room = out->capacity - out->size;
        ssize_t n = read(fd, out->data + out->size, room);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(e, "read", path);
        if (n == 0) return STATUS_OK;
        out->size += (size_t)n;
        if (out->size > limit)
            return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "cannot read '%s': more than %zu bytes", path, limit);
    }
}

enum status file_read(const char *path, size_t limit, struct buffer *out, struct error *e)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return fail(e, "read", path);
    struct stat info;
    enum status status = STATUS_OK;
    if (fstat(fd, &info) != 0) status = fail(e, "read", path);
    else if (S_ISDIR(info.st_mode))
        status = error_set(e, STATUS_IO, EISDIR, ERROR_NO_OFFSET, "cannot read '%s': it is a directory", path);
    else if (S_ISREG(info.st_mode) && info.st_size > 0 && (uint64_t)info.st_size <= limit &&
             !buffer_reserve(out, (size_t)info.st_size + 1))
        status = error_no_memory(e);
    if (status == STATUS_OK) status = read_all(fd, path, limit, out, e);
    if (!standard) close(fd);
    return status;
}

static enum status write_all(int fd, const char *path, const uint8_t *p, size_t size, struct error *e)
{
    while (size) {
        ssize_t n = write(fd, p, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(e, "write", path);
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
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return fail(e, "write", path);
    enum status status = write_all(fd, path, data, size, e);
    if (close(fd) != 0 && status == STATUS_OK) status = fail(e, "write", path);
    return status;
}

enum status file_write(const char *path, const void *data, size_t size, struct error *e)
{
    if (strcmp(path, "-") == 0) return write_all(STDOUT_FILENO, "standard output", data, size, e);
    if (is_special(path)) return write_directly(path, data, size, e);
    struct buffer temporary = {0};
    buffer_printf(&temporary, "%s.%ld.tmp", path, (long)getpid());
    buffer_append_byte(&temporary, 0);
    if (temporary.failed) {
        buffer_free(&temporary);
        return error_no_memory(e);
    }
    const char *name = (const char *)temporary.data;
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    enum status status = fd < 0 ? fail(e, "write", path) : write_all(fd, path, data, size, e);
    if (fd >= 0 && close(fd) != 0 && status == STATUS_OK) status = fail(e, "write", path);
    if (status == STATUS_OK && rename(name, path) != 0) status = fail(e, "write", path);
    if (fd >= 0 && status != STATUS_OK) unlink(name);
    buffer_free(&temporary);
    return status;
}
