/* The real operating system, below a root folder. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tee/provider.h"

static bool full_path(const void *self, const char *path, char out[PATH_MAX], int *error)
{
    const struct tee_system_root *root = self;
    const int length = snprintf(out, PATH_MAX, "%s%s", root->root ? root->root : "", path);
    if (length >= 0 && length < PATH_MAX) return true;
    *error = ENAMETOOLONG;
    return false;
}

/* -1 and the error, or the result. */
static int64_t result(int64_t value, int *error)
{
    if (value < 0) *error = errno;
    return value < 0 ? -1 : value;
}

static int system_open(void *self, const char *path, int flags, int *error)
{
    char full[PATH_MAX];
    return full_path(self, path, full, error) ? (int)result(open(full, flags | O_CLOEXEC), error) : -1;
}

static int64_t system_read(void *self, int fd, void *data, size_t size, int *error)
{
    (void)self;
    return result(read(fd, data, size), error);
}

static int64_t system_write(void *self, int fd, const void *data, size_t size, int *error)
{
    (void)self;
    return result(write(fd, data, size), error);
}

static int system_close(void *self, int fd, int *error)
{
    (void)self;
    return (int)result(close(fd), error);
}

static int system_ioctl(void *self, int fd, unsigned long request, void *argument, int *error)
{
    (void)self;
    return (int)result(ioctl(fd, request, argument), error);
}

static int system_mkdir(void *self, const char *path, int *error)
{
    char full[PATH_MAX];
    return full_path(self, path, full, error) ? (int)result(mkdir(full, 0700), error) : -1;
}

static int system_rmdir(void *self, const char *path, int *error)
{
    char full[PATH_MAX];
    return full_path(self, path, full, error) ? (int)result(rmdir(full), error) : -1;
}

static void system_sleep(void *self, unsigned ms)
{
    (void)self;
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
}

static bool system_random(void *self, void *data, size_t size)
{
    (void)self;
    uint8_t *p = data;
    while (size > 0) {
        const ssize_t got = getrandom(p, size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        p += got;
        size -= (size_t)got;
    }
    return true;
}

struct tee_system tee_system_real(struct tee_system_root *root)
{
    return (struct tee_system){
        .open = system_open, .read = system_read, .write = system_write, .close = system_close, .ioctl = system_ioctl,
        .mkdir = system_mkdir, .rmdir = system_rmdir, .sleep_ms = system_sleep, .random = system_random, .self = root,
    };
}
