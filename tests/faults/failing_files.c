/* Files that fail on demand: linked into the command with --wrap (Makefile: tests/nvm-faults), for test_file_faults.c.
 *
 * NVM_FAULT=KIND:N says what happens at the N-th call of those below, counted from 1; NVM_FAULT_REPORT names a file
 * that gets the number of calls and the name of the first one that failed at the end. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { NONE, SHORT, INTERRUPTED, NO_SPACE, BROKEN, DEAD_DISK, KILLED };
static const char *const names[] = {"none", "short", "eintr", "enospc", "eio", "dead", "kill"};

/* What a call does, as far as it matters which faults it can have. */
enum use { READS, WRITES, OPENS, CLOSES, CHANGES }; /* CHANGES: names, permissions, the disk */

static enum kind kind;
static unsigned long at, calls;
static const char *first = "none"; /* that failed */
static int report = -1;

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("NVM_FAULT"), *path = getenv("NVM_FAULT_REPORT");
    const char *colon = text ? strchr(text, ':') : NULL;
    if (path) report = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    calls = 0; /* that was ours */
    if (!colon) return;
    at = strtoul(colon + 1, NULL, 10);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(text, names[i], (size_t)(colon - text)) == 0 && !names[i][colon - text]) kind = (enum kind)i;
}

ssize_t __real_write(int fd, const void *data, size_t size);

__attribute__((destructor)) static void end(void)
{
    char text[64];
    const int length = snprintf(text, sizeof text, "%lu %s\n", calls, first);
    if (report >= 0 && __real_write(report, text, (size_t)length) < 0) _exit(99);
}

/* The error of this call, 0: none. */
static int fault(enum use use, const char *name)
{
    const unsigned long number = ++calls;
    if (kind == NONE || number < at) return 0;
    if (number == at && kind == KILLED) raise(SIGKILL);
    if (number > at && kind != DEAD_DISK && kind != SHORT) return 0;
    int error = 0;
    switch (kind) {
    case INTERRUPTED: error = use == CHANGES ? 0 : EINTR; break;
    case NO_SPACE: error = use == WRITES || use == CHANGES ? ENOSPC : 0; break;
    case BROKEN:
    case DEAD_DISK: error = EIO; break;
    default: break;
    }
    if (error && strcmp(first, "none") == 0) first = name;
    return error;
}

static size_t shortened(size_t size)
{
    if (kind != SHORT || calls < at || size < 2) return size;
    return size > 100 ? size / 2 : 1;
}

#define FAIL_IF(use, name)                                                                                            \
    do {                                                                                                              \
        const int error = fault(use, name);                                                                           \
        if (error) {                                                                                                  \
            errno = error;                                                                                            \
            return -1;                                                                                                \
        }                                                                                                             \
    } while (0)

/* X(result, name, use, parameters, arguments) */
#define WRAP(result, name, use, parameters, arguments)                                                                \
    result __real_##name parameters;                                                                                  \
    result __wrap_##name parameters;                                                                                  \
    result __wrap_##name parameters                                                                                   \
    {                                                                                                                 \
        FAIL_IF(use, #name);                                                                                          \
        return __real_##name arguments;                                                                               \
    }
WRAP(ssize_t, read, READS, (int fd, void *data, size_t size), (fd, data, shortened(size)))
WRAP(ssize_t, pwrite, WRITES, (int fd, const void *data, size_t size, off_t to), (fd, data, size, to))
WRAP(int, fsync, CHANGES, (int fd), (fd))
WRAP(int, rename, CHANGES, (const char *from, const char *to), (from, to))
WRAP(int, link, CHANGES, (const char *from, const char *to), (from, to))
WRAP(int, unlink, CHANGES, (const char *path), (path))
WRAP(int, fchmod, CHANGES, (int fd, mode_t mode), (fd, mode))
WRAP(int, flock, READS, (int fd, int operation), (fd, operation))

ssize_t __wrap_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    FAIL_IF(WRITES, "write");
    return __real_write(fd, data, shortened(size));
}

/* As the system does it: the descriptor is closed whatever is said. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    const int error = fault(CLOSES, "close"), r = __real_close(fd);
    if (error) errno = error;
    return error ? -1 : r;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = flags & O_CREAT ? (mode_t)va_arg(more, int) : 0;
    va_end(more);
    const int error = fault(flags & O_CREAT ? CHANGES : OPENS, "open");
    if (error) {
        errno = error;
        return -1;
    }
    return __real_open(path, flags, mode);
}
