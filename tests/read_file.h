/* Whole files, for tests; those whose name ends in .xz through `xz -dc`. */
#ifndef TESTS_READ_FILE_H
#define TESTS_READ_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"

extern char **environ;

static inline bool read_file_all(int descriptor, struct buffer *out)
{
    for (;;) {
        if (!buffer_reserve(out, 1 << 20)) {
            errno = ENOMEM;
            return false;
        }
        ssize_t n = read(descriptor, out->data + out->size, out->capacity - out->size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0;
        out->size += (size_t)n;
    }
}

static inline bool read_file_plain(const char *path, struct buffer *out)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    bool ok = read_file_all(descriptor, out);
    close(descriptor);
    return ok;
}

/* Starts xz with its output going to `descriptor`. */
static inline bool read_file_start_xz(const char *path, int descriptor, pid_t *child)
{
    char *arguments[] = {(char *)"xz", (char *)"-dc", (char *)"--", (char *)(uintptr_t)path, NULL};
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) return false;
    bool ok = posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO) == 0 &&
              posix_spawnp(child, "xz", &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return ok;
}

static inline bool read_file_compressed(const char *path, struct buffer *out)
{
    int ends[2], state = 0;
    pid_t child;
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    bool started = read_file_start_xz(path, ends[1], &child);
    close(ends[1]);
    bool ok = started && read_file_all(ends[0], out);
    close(ends[0]);
    if (started && (waitpid(child, &state, 0) < 0 || !WIFEXITED(state) || WEXITSTATUS(state) != 0)) ok = false;
    errno = 0; /* xz has said what is wrong */
    return ok;
}

/* Appends what is in the file. On failure says so on standard error. */
static inline bool read_file(const char *path, struct buffer *out)
{
    const size_t length = strlen(path);
    const bool compressed = length > 3 && strcmp(path + length - 3, ".xz") == 0;
    bool ok = compressed ? read_file_compressed(path, out) : read_file_plain(path, out);
    if (!ok) fprintf(stderr, "%s: cannot be read%s%s\n", path, errno ? ": " : "", errno ? strerror(errno) : "");
    return ok;
}

#endif
