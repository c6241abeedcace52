/* The sandbox of cli/sandbox.h, from inside: what was asked for works, everything else is refused or ends the process.
 * Each attempt is made by a child, which enters the sandbox first. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/sandbox.h"
#include "tests/test.h"

/* In every child: a folder with `in` (may be read), `secret` (may not), `out/` (may be written to). */
static char folder[] = "/tmp/nvm-sandbox-XXXXXX";

static const char *in_folder(char out[static 64], const char *name)
{
    snprintf(out, 64, "%s/%s", folder, name);
    return out;
}

/* How an attempt ended: 0 it could be made, an error number, or KILLED. */
enum { KILLED = 1000, BROKEN = 1001 };

static int opens(const char *name, int flags)
{
    char path[64];
    const int fd = open(in_folder(path, name), flags | O_CLOEXEC, 0600);
    return fd >= 0 ? 0 : errno;
}

static int result(long n)
{
    return n >= 0 ? 0 : errno;
}

static int read_given(void)
{
    struct buffer text = {0};
    char path[64];
    return file_read(in_folder(path, "in"), 100, &text, NULL) == STATUS_OK && text.size == 5 ? 0 : EIO;
}

static int write_given(void)
{
    char path[64];
    return file_write(in_folder(path, "out/file"), "whole", 5, NULL) == STATUS_OK ? 0 : EIO;
}

static int lock_given(void)
{
    struct file_lock lock;
    char path[64];
    if (file_lock(&lock, in_folder(path, "out/file"), NULL) != STATUS_OK) return EIO;
    file_unlock(&lock);
    return 0;
}

static void *open_secret(void *out)
{
    *(int *)out = opens("secret", O_RDONLY);
    return NULL;
}

/* Threads can be made, and are in the sandbox, too. */
static int thread_reads_secret(void)
{
    pthread_t thread;
    int ended = 0;
    if (pthread_create(&thread, NULL, open_secret, &ended) != 0) return BROKEN;
    pthread_join(thread, NULL);
    return ended;
}

static int use_memory(void)
{
    char *large = malloc(64 << 20);
    if (!large) return ENOMEM;
    memset(large, 1, 64 << 20);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && mprotect(page, 4096, PROT_READ) == 0 && madvise(page, 4096, MADV_DONTNEED) == 0 ? 0
                                                                                                                : errno;
}

static int make_executable(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return result(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int map_executable(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

static int read_secret(void) { return opens("secret", O_RDONLY); }
static int read_folder(void) { return opens("", O_RDONLY | O_DIRECTORY); }
static int write_in(void) { return opens("in", O_WRONLY); }
static int make_beside(void) { return opens("new", O_WRONLY | O_CREAT); }
static int remove_in(void) { char path[64]; return result(unlink(in_folder(path, "in"))); }
static int open_passwords(void) { return result(open("/etc/passwd", O_RDONLY)); }
static int open_memory(void) { return result(open("/proc/self/mem", O_RDWR)); }
static int run_program(void) { return result(execl("/bin/true", "true", (char *)NULL)); }
static int make_process(void) { return result(fork()); }
static int open_socket(void) { return result(socket(AF_INET, SOCK_STREAM, 0)); }
static int open_local_socket(void) { return result(socket(AF_UNIX, SOCK_STREAM, 0)); }
static int trace(void) { return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL)); }
static int signal_parent(void) { return result(kill(getppid(), 0)); }
static int unshare_all(void) { return result(syscall(SYS_unshare, 0x10000000)); }
static int load_filter(void) { return result(syscall(SYS_bpf, 0, NULL, 0)); }
static int make_folder(void) { char path[64]; return result(mkdir(in_folder(path, "out/folder"), 0700)); }
static int own_limits(void) { return result(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }
static int rings(void) { return result(syscall(SYS_io_uring_setup, 1, NULL)); }

static const struct {
    const char *name;
    int (*attempt)(void);
    int with_both, with_seccomp; /* how it ends with landlock and seccomp, with seccomp alone */
} attempts[] = {
    {"reading what was given", read_given, 0, 0},
    {"writing what was given", write_given, 0, 0},
    {"locking it", lock_given, 0, 0},
    {"memory", use_memory, 0, 0},
    {"a thread that reads another file", thread_reads_secret, EACCES, 0},
    {"another file", read_secret, EACCES, 0},
    {"the folder", read_folder, EACCES, 0},
    {"writing to what may be read", write_in, EACCES, 0},
    {"a new file elsewhere", make_beside, EACCES, 0},
    {"removing a file elsewhere", remove_in, EACCES, 0},
    {"/etc/passwd", open_passwords, EACCES, 0},
    {"its own memory as a file", open_memory, EACCES, 0},
    {"memory made executable", make_executable, EPERM, EPERM},
    {"executable memory", map_executable, EPERM, EPERM},
    {"a new folder", make_folder, EPERM, EPERM},
    {"its own rules", own_limits, EPERM, EPERM},
    {"a process", make_process, EPERM, EPERM},
    {"a program", run_program, KILLED, KILLED},
    {"a socket", open_socket, KILLED, KILLED},
    {"a local socket", open_local_socket, KILLED, KILLED},
    {"ptrace", trace, KILLED, KILLED},
    {"a signal to another process", signal_parent, KILLED, KILLED},
    {"namespaces", unshare_all, KILLED, KILLED},
    {"bpf", load_filter, KILLED, KILLED},
    {"io_uring", rings, KILLED, KILLED},
};

static void enter(bool off)
{
    struct sandbox s;
    char path[64];
    sandbox_begin(&s, off);
    sandbox_may_read(&s, in_folder(path, "in"));
    sandbox_may_read(&s, in_folder(path, "none"));
    sandbox_may_write(&s, in_folder(path, "out/file"));
    sandbox_enter(&s);
}

/* The child says through a pipe how it ended, so that no exit code is mistaken for it. */
static int try(int (*attempt)(void), bool off)
{
    int ends[2], ended = BROKEN, state = 0;
    if (pipe(ends) != 0) return BROKEN;
    const pid_t child = fork();
    if (child == 0) {
        enter(off);
        ended = attempt();
        _exit(write(ends[1], &ended, sizeof ended) == sizeof ended ? 0 : 1);
    }
    close(ends[1]);
    if (read(ends[0], &ended, sizeof ended) != sizeof ended) ended = BROKEN;
    close(ends[0]);
    if (waitpid(child, &state, 0) != child) return BROKEN;
    return WIFSIGNALED(state) && WTERMSIG(state) == SIGSYS ? KILLED : ended;
}

static void test_attempts(bool landlock)
{
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        const int ended = try(attempts[i].attempt, false);
        const int wanted = landlock ? attempts[i].with_both : attempts[i].with_seccomp;
        test_begin(attempts[i].name);
        CHECK_EQUAL(ended, wanted);
    }
}

/* Without the sandbox they can be made: that it is the sandbox which refuses them, not the machine. */
static void test_outside(void)
{
    CHECK(try(read_secret, true) == 0);
    CHECK(try(make_beside, true) == 0);
    CHECK(try(open_passwords, true) == 0);
    CHECK(try(open_local_socket, true) == 0);
    CHECK(try(signal_parent, true) == 0);
    CHECK(try(make_executable, true) == 0);
    CHECK(try(trace, true) == 0);
}

static void remove_all(void)
{
    static const char *const names[] = {"in", "secret", "new", "out/file", "out", ""};
    char path[64];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) (void)remove(in_folder(path, names[i]));
}

int main(void)
{
    char text[SANDBOX_TEXT], path[64];
    if (!CHECK(mkdtemp(folder) != NULL)) return test_end();
    CHECK(mkdir(in_folder(path, "out"), 0700) == 0);
    CHECK(file_write(in_folder(path, "in"), "given", 5, NULL) == STATUS_OK);
    CHECK(file_write(in_folder(path, "secret"), "kept", 4, NULL) == STATUS_OK);
    sandbox_describe(text);
    test_outside();
    if (strstr(text, "seccomp")) test_attempts(strstr(text, "landlock") != NULL);
    else test_skip("the sandbox", "this build or system has none");
    remove_all();
    return test_end();
}
