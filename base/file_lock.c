#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HOLDER_SIZE = 80 };

char *file_name_beside(const char *path, const char *suffix)
{
    char *real = realpath(path, NULL); /* null: there is no such file yet */
    const char *base = real ? real : path;
    const size_t length = strlen(base), more = strlen(suffix) + 1;
    char *name = malloc(length + more);
    if (name) {
        memcpy(name, base, length);
        memcpy(name + length, suffix, more);
    }
    free(real);
    return name;
}

/* ---- who holds it ------------------------------------------------------------------------------------------------ */

/* Adds a word without what could command a terminal. */
static void add_word(char out[static HOLDER_SIZE], const char *word)
{
    enum { WORD_MAX = 24 };
    size_t n = strlen(out);
    for (int i = 0; word[i] && i < WORD_MAX && n + 2 < HOLDER_SIZE; i++)
        out[n++] = word[i] > ' ' && word[i] < 0x7f ? word[i] : '?';
    out[n] = 0;
}

/* "123 (nvm call)": the process and the first two words of its command line. */
static void describe_self(char out[static HOLDER_SIZE])
{
    char line[256] = {0};
    const int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    const ssize_t size = fd < 0 ? 0 : read(fd, line, sizeof line - 2);
    const char *slash = strrchr(line, '/'), *second = line + strlen(line) + 1;
    if (fd >= 0) close(fd);
    snprintf(out, HOLDER_SIZE, "%ld", (long)getpid());
    if (size <= 0) return;
    strcat(out, " (");
    add_word(out, slash ? slash + 1 : line);
    if (*second && *second != '-') {
        strcat(out, " ");
        add_word(out, second);
    }
    strcat(out, ")");
}

static enum status busy(const char *name, const char *what, const char *path, struct error *e)
{
    char holder[HOLDER_SIZE] = {0};
    const int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    const ssize_t size = fd < 0 ? 0 : pread(fd, holder, sizeof holder - 1, 0);
    if (fd >= 0) close(fd);
    bool plain = size > 0 && holder[0] >= '0' && holder[0] <= '9';
    for (ssize_t i = 0; i < size; i++) plain &= holder[i] >= ' ' && holder[i] < 0x7f;
    return error_set(e, STATUS_IO, EBUSY, ERROR_NO_OFFSET, "cannot %s '%.100s': process %s uses it (waited %d s)",
                     what, path, plain ? holder : "(unknown)", FILE_LOCK_WAIT);
}

/* ---- names that belong to a living process ----------------------------------------------------------------------- */

static bool is_still(int fd, const char *name)
{
    struct stat here, there;
    return fstat(fd, &here) == 0 && lstat(name, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

/* What became of an attempt. */
enum attempt { CLAIMED, TAKEN, AGAIN, FAILED };

static enum attempt make(const char *name, unsigned mode, int *fd)
{
    *fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (*fd < 0) return errno == EEXIST ? TAKEN : errno == EINTR ? AGAIN : FAILED;
    /* whoever looks for what the dead have left may be quicker, and removes it */
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0 && is_still(*fd, name)) return CLAIMED;
    const int problem = errno;
    const bool lost = problem == EWOULDBLOCK || problem == EINTR || !is_still(*fd, name);
    if (!lost) unlink(name);
    close(*fd);
    errno = problem;
    return lost ? AGAIN : FAILED;
}

/* Removes it if its process is dead. */
static enum attempt remove_stale(const char *name)
{
    struct stat about;
    int fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && (errno == EACCES || errno == EROFS)) fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return errno == ENOENT || errno == EINTR ? AGAIN : FAILED;
    enum attempt result = AGAIN;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        errno = EEXIST;
        result = FAILED;
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        result = errno == EWOULDBLOCK ? TAKEN : errno == EINTR ? AGAIN : FAILED;
    } else if (is_still(fd, name) && unlink(name) != 0) {
        result = FAILED;
    }
    const int problem = errno;
    close(fd);
    errno = problem;
    return result;
}

static int64_t milliseconds(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum status file_claim(const char *name, unsigned mode, const char *what, const char *path, int *fd, struct error *e)
{
    const struct timespec pause = {0, 10000000};
    const int64_t end = milliseconds() + FILE_LOCK_WAIT * 1000;
    do {
        enum attempt result = make(name, mode, fd);
        if (result == TAKEN) result = remove_stale(name);
        if (result == CLAIMED) return STATUS_OK;
        if (result == FAILED) return file_error(e, what, path);
        if (result == TAKEN) nanosleep(&pause, NULL);
    } while (milliseconds() < end);
    return busy(name, what, path, e);
}

/* ---- locks ------------------------------------------------------------------------------------------------------- */

/* Nobody waits for what a dead process was writing; the next write would remove it, too. */
static void clean(const char *path)
{
    char *temporary = file_name_beside(path, ".nvm-tmp");
    if (temporary && access(temporary, F_OK) == 0) (void)remove_stale(temporary);
    free(temporary);
}

enum status file_lock(struct file_lock *l, const char *path, struct error *e)
{
    struct stat about;
    char holder[HOLDER_SIZE];
    *l = (struct file_lock){.fd = -1};
    if (strcmp(path, "-") == 0 || (stat(path, &about) == 0 && !S_ISREG(about.st_mode))) return STATUS_OK;
    if (!(l->name = file_name_beside(path, ".nvm-lock"))) return error_no_memory(e);
    enum status status = file_claim(l->name, 0666, "write", path, &l->fd, e);
    if (status != STATUS_OK) {
        free(l->name);
        l->name = NULL;
        return status;
    }
    /* who holds it is only for messages: a failure to write it does not matter */
    describe_self(holder);
    const ssize_t written = pwrite(l->fd, holder, strlen(holder), 0);
    (void)written;
    clean(path);
    return STATUS_OK;
}

void file_unlock(struct file_lock *l)
{
    if (!l->name) return;
    unlink(l->name);
    close(l->fd);
    free(l->name);
    *l = (struct file_lock){.fd = -1};
}
