#include "cli/file_xz.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

bool file_is_xz(const char *path)
{
    const size_t length = strlen(path);
    return length > 3 && strcmp(path + length - 3, ".xz") == 0;
}

static enum status fail(const char *path, const char *why, struct error *e)
{
    return error_set(e, STATUS_IO, errno, ERROR_NO_OFFSET, "cannot read '%.150s': %s", path, why);
}

/* Reads from `fd` to its end. */
static enum status read_all(int fd, const char *path, size_t limit, struct buffer *out, struct error *e)
{
    enum { PIECE = 1 << 16 };
    for (;;) {
        if (!buffer_reserve(out, PIECE)) return error_no_memory(e);
        const ssize_t n = read(fd, out->data + out->size, PIECE);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(path, strerror(errno), e);
        if (n == 0) return STATUS_OK;
        out->size += (size_t)n;
        if (out->size > limit)
            return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "'%.150s' is too large when it is uncompressed", path);
    }
}

/* xz reads `from` and writes to `to`. Returns 0 or an errno. */
static int start(int from, int to, pid_t *child)
{
    char *arguments[] = {(char[]){"xz"}, (char[]){"-dc"}, NULL};
    posix_spawn_file_actions_t actions;
    int problem = posix_spawn_file_actions_init(&actions);
    if (problem) return problem;
    problem = posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
    if (!problem) problem = posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
    if (!problem) problem = posix_spawnp(child, "xz", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

/* Waits for xz; if not all of its output was wanted, it is told to stop. */
static bool finished_well(pid_t child, bool all_read)
{
    int state = 0;
    if (!all_read) (void)kill(child, SIGTERM);
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR) return false;
    return WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

static enum status run(int from, const char *path, size_t limit, struct buffer *out, struct error *e)
{
    int ends[2];
    pid_t child;
    if (pipe2(ends, O_CLOEXEC) != 0) return fail(path, strerror(errno), e);
    const int problem = start(from, ends[1], &child);
    close(ends[1]);
    enum status status = STATUS_OK;
    if (problem) {
        status = error_set(e, STATUS_IO, problem, ERROR_NO_OFFSET, "cannot start xz, which uncompresses '%.150s': %s",
                           path, strerror(problem));
    } else {
        status = read_all(ends[0], path, limit, out, e);
        errno = 0;
        if (!finished_well(child, status == STATUS_OK) && status == STATUS_OK)
            status = fail(path, "xz cannot uncompress it", e);
    }
    close(ends[0]);
    return status;
}

enum status file_read_xz(const char *path, size_t limit, struct buffer *out, struct error *e)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return fail(path, strerror(errno), e);
    const enum status status = run(fd, path, limit, out, e);
    close(fd);
    return status;
}
