#include "cli/verify_child.h"

#include "proof/execute.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum answer { ANSWER_NONE, ANSWER_VERIFIED, ANSWER_REFUSED, ANSWER_NO_MEMORY };

/* What goes through the pipe: one of these, in one write (less than PIPE_BUF). */
struct verdict_message {
    uint8_t answer;
    struct crypto_hash statement;
    char text[sizeof((struct error *)0)->message];
};

void verify_limits_default(struct verify_limits *limits)
{
    *limits = (struct verify_limits){.seconds = 60, .memory = (uint64_t)1 << 31, .counted = limits_standard()};
}

/* ---- the child --------------------------------------------------------------------------------------------------- */

/* Bytes of memory that this process can write to, as the kernel counts them for RLIMIT_DATA. */
static uint64_t data_size(void)
{
    unsigned long long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    const long page = sysconf(_SC_PAGESIZE);
    const int got = f ? fscanf(f, "%*u %*u %*u %*u %*u %llu", &pages) : 0;
    if (f) fclose(f);
    return got == 1 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
}

/* Lowers a limit (infinity is above all numbers); one that is lower already stays. */
static const struct rlimit *lower(struct rlimit *r, uint64_t value)
{
    if (r->rlim_max > value) r->rlim_max = (rlim_t)value;
    if (r->rlim_cur > r->rlim_max) r->rlim_cur = r->rlim_max;
    return r;
}

static bool set_limits(const struct verify_limits *limits)
{
    const uint64_t own = data_size(), seconds = (uint64_t)limits->seconds + 2;
    const uint64_t memory = limits->memory > UINT64_MAX - own ? UINT64_MAX : own + limits->memory;
    struct rlimit r;
    return getrlimit(RLIMIT_DATA, &r) == 0 && setrlimit(RLIMIT_DATA, lower(&r, memory)) == 0 &&
           getrlimit(RLIMIT_CPU, &r) == 0 && setrlimit(RLIMIT_CPU, lower(&r, seconds)) == 0 &&
           getrlimit(RLIMIT_CORE, &r) == 0 && setrlimit(RLIMIT_CORE, lower(&r, 0)) == 0;
}

static enum status verify(struct bytes bytes, const struct bytes *codes, size_t code_count,
                          const struct limits *limits, struct crypto_hash *statement, struct error *e)
{
    struct execution_proof proof;
    struct runtime_executor x;
    struct full_report report = {0};
    struct full_options o = {.codes = codes, .code_count = code_count, .limits = limits};
    enum status status = execution_proof_decode(bytes, &proof, e);
    if (status != STATUS_OK) return status;
    /* Of a version that nobody knows proof_verify_full says so before it executes anything. */
    const uint32_t version = parameters_of(proof.protocol_version) ? proof.protocol_version : PROTOCOL_VERSION_CURRENT;
    status = runtime_executor_init(&x, version, e);
    o.executor = &x.executor;
    if (status == STATUS_OK) status = proof_verify_full(&proof, &o, &report, e);
    *statement = report.light.statement;
    runtime_executor_free(&x);
    execution_proof_free(&proof);
    return status;
}

/* Never returns. Nothing of the parent is cleaned up or flushed here. */
static void run_child(int fd, struct bytes proof, const struct bytes *codes, size_t code_count,
                      const struct verify_limits *limits)
{
    struct verdict_message m = {.answer = ANSWER_NO_MEMORY};
    struct error e = {.offset = ERROR_NO_OFFSET};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!set_limits(limits)) _exit(1);
    const enum status status = verify(proof, codes, code_count, &limits->counted, &m.statement, &e);
    if (status == STATUS_OK) m.answer = ANSWER_VERIFIED;
    else if (status != STATUS_NO_MEMORY) m.answer = ANSWER_REFUSED;
    memcpy(m.text, e.message, sizeof m.text);
    _exit(write(fd, &m, sizeof m) == (ssize_t)sizeof m ? 0 : 1);
}

/* ---- the parent -------------------------------------------------------------------------------------------------- */

static double now(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Waits for the message, or until the time is up. */
static bool receive(int fd, double seconds, struct verdict_message *m, bool *late)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    const double end = now() + seconds;
    for (;;) {
        const double left = end - now();
        *late = left <= 0;
        if (*late) return false;
        const int ready = poll(&p, 1, left > 1000 ? 1000000 : (int)(left * 1000) + 1);
        if (ready < 0 && errno != EINTR) return false;
        *late = now() > end;
        if (ready > 0) return !*late && read(fd, m, sizeof *m) == (ssize_t)sizeof *m;
    }
}

static void end_child(pid_t child)
{
    (void)kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
}

static int say_why(const char *path, struct verdict_message *m, bool late, const struct verify_limits *limits)
{
    if (late) {
        say_error("%s: not verified within %g seconds", path, limits->seconds);
        say_hint("--timeout SECONDS allows more");
    } else if (m->answer != ANSWER_REFUSED) {
        say_error("%s: not verified: no memory, or verification ended on the way", path);
        say_hint("--max-memory BYTES allows more than %llu", (unsigned long long)limits->memory);
    } else {
        m->text[sizeof m->text - 1] = 0;
        for (char *p = m->text; *p; p++) /* there may be names in it that the proof's maker chose */
            if (*p < ' ' || *p > '~') *p = '?';
        say_error("%s: it does not verify, so nothing is signed: %s", path, m->text);
    }
    return EXIT_TRAPPED;
}

static int failed(const char *what)
{
    say_error("%s: %s", what, strerror(errno));
    return EXIT_INPUT;
}

int verify_in_child(const char *path, struct bytes proof, const struct bytes *codes, size_t code_count,
                    const struct verify_limits *limits, struct crypto_hash *statement)
{
    struct verdict_message m = {.answer = ANSWER_NONE};
    int ends[2];
    bool late = false;
    if (pipe(ends) != 0) return failed("pipe");
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        run_child(ends[1], proof, codes, code_count, limits);
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return failed("fork");
    }
    const bool there = receive(ends[0], limits->seconds, &m, &late);
    end_child(child);
    close(ends[0]);
    if (!there || m.answer != ANSWER_VERIFIED) return say_why(path, &m, late, limits);
    *statement = m.statement;
    return -1;
}
