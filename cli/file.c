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

/* After a rename the directory, too, must reach the disk. Some file systems cannot do that: no error. */
static void sync_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

/* `path`: what messages name; `target`: the file itself, `temporary`: where it is written first. */
static enum status replace(const char *path, const char *target, const char *temporary, const void *data, size_t size,
                           struct error *e)
{
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return fail(e, "write", path);
    struct stat old;
    if (stat(target, &old) == 0) (void)fchmod(fd, old.st_mode & 07777);
    enum status status = write_all(fd, path, data, size, e);
    if (status == STATUS_OK && fsync(fd) != 0) status = fail(e, "write", path);
    if (close(fd) != 0 && status == STATUS_OK) status = fail(e, "write", path);
    if (status == STATUS_OK && rename(temporary, target) != 0) status = fail(e, "write", path);
    if (status == STATUS_OK) sync_directory(target);
    else unlink(temporary);
    return status;
}

enum status file_write(const char *path, const void *data, size_t size, struct error *e)
{
    if (strcmp(path, "-") == 0) return write_all(STDOUT_FILENO, "standard output", data, size, e);
    if (is_special(path)) return write_directly(path, data, size, e);
    char *real = realpath(path, NULL); /* null: there is no such file yet */
    struct buffer temporary = {0};
    buffer_printf(&temporary, "%s.%ld.tmp", real ? real : path, (long)getpid());
    buffer_append_byte(&temporary, 0);
    enum status status = temporary.failed
                             ? error_no_memory(e)
                             : replace(path, real ? real : path, (const char *)temporary.data, data, size, e);
    buffer_free(&temporary);
    free(real);
    return status;
}
