#include "base/file.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

/* The descriptor is the cookie. */
static int descriptor(void *cookie)
{
    return (int)(intptr_t)cookie;
}

static ssize_t stream_read(void *cookie, char *out, size_t size)
{
    ssize_t n;
    do n = read(descriptor(cookie), out, size);
    while (n < 0 && errno == EINTR);
    return n;
}

/* As stdio wants it: 0 means that it failed. */
static ssize_t stream_write(void *cookie, const char *data, size_t size)
{
    size_t done = 0;
    while (done < size) {
        const ssize_t n = write(descriptor(cookie), data + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return 0;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

static int stream_close(void *cookie)
{
    return close(descriptor(cookie)) != 0 && errno != EINTR ? EOF : 0;
}

FILE *file_stream(int fd, const char *mode)
{
    const cookie_io_functions_t functions = {.read = stream_read, .write = stream_write, .close = stream_close};
    return fopencookie((void *)(intptr_t)fd, mode, functions);
}
