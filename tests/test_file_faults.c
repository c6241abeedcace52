/* What becomes of files when the system fails, or the process is killed, at each single call and at any moment: the old
 * file is there or the new one, whole; what was reported as saved is there; a failure is said; and the next run, with
 * nothing wrong, does what this one should have done and takes away what it has left.
 *
 *     test_file_faults [KILLS]        how many processes are killed at random moments */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/test.h"

enum { KILLS = 210 };

enum { ARGUMENTS_MAX = 16, FILES_MAX = 3, PATH_SIZE = 512 };

/* Commands are run in a folder of their own; $C is the contract. `files` are what they change. */
struct scenario {
    const char *name;
    const char *setup[4][ARGUMENTS_MAX];    /* commands that make what is there before */
    const char *command[ARGUMENTS_MAX];
    const char *files[FILES_MAX];
    bool once;                              /* a run that is resumed: it can be done again only if it was not done */
};

static const char key[] =
    "{\"account_id\":\"alice.near\",\"public_key\":\"ed25519:FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z\","
    "\"private_key\":\"ed25519:49W385L4rePHy6PAaQUovbD2aacgN4HsKXSMeUzRg4fmwXszN91JuMFrQRj3vMDpZuRF3ZknQBuRBoWQJEfX"
    "stMw\"}";
static const char records[] =
    "[{\"Account\":{\"account_id\":\"carol.near\",\"account\":{\"amount\":\"5\",\"locked\":\"0\",\"code_hash\":"
    "\"11111111111111111111111111111111\",\"storage_usage\":100,\"version\":\"V1\"}}}]";

static const struct scenario scenarios[] = {
    {"state create", {{0}}, {"state", "create", "s", "--account", "alice.near=10N"}, {"s"}, false},
    {"state set",
     {{"state", "create", "s", "--account", "alice.near=10N"}},
     {"state", "set", "s", "alice.near", "k", "v"}, {"s"}, false},
    {"state import",
     {{"state", "create", "s", "--account", "alice.near=10N"}},
     {"state", "import", "s", "--records", "records.json"}, {"s"}, false},
    {"call",
     {{"state", "create", "s", "--account", "alice.near=10N", "--account", "bob.near=1N"},
      {"state", "set", "s", "alice.near", "--add-key", "ed25519:FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z"}},
     {"call", "s", "alice.near", "bob.near", "--transfer", "1N", "--key", "key.json"}, {"s"}, false},
    {"run --save-state",
     {{"run", "$C", "increment", "--save-state=s.json"}},
     {"run", "$C", "increment", "--state", "s.json", "--save-state"}, {"s.json"}, false},
    {"run --proof", {{0}}, {"run", "$C", "increment", "--proof", "proof"}, {"proof"}, false},
    {"resume",
     {{"run", "$C", "increment", "--proof", "proof", "--suspend-at", "100Ggas", "--suspend-to", "sealed", "--seal-key",
       "seal.key"}},
     {"resume", "sealed", "--seal-key", "seal.key", "--proof", "proof"}, {"proof", "seal.key.counter"}, true},
};
enum { SCENARIOS = sizeof scenarios / sizeof *scenarios };

struct world {
    char base[64], programs[PATH_SIZE], contract[PATH_SIZE];
    struct buffer old[FILES_MAX], new[FILES_MAX]; /* empty: not there */
};

/* ---- files and processes ----------------------------------------------------------------------------------------- */

static void put(const char *name, const void *data, size_t size)
{
    const int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    close(fd);
}

static void get(const char *name, struct buffer *out)
{
    *out = (struct buffer){0};
    if (access(name, F_OK) == 0) CHECK(file_read(name, 1 << 24, out, NULL) == STATUS_OK);
}

static bool equal(const struct buffer *a, const struct buffer *b)
{
    return a->size == b->size && (!a->size || memcmp(a->data, b->data, a->size) == 0);
}

static bool is_ours(const char *name)
{
    return strstr(name, ".nvm-") != NULL;
}

/* Removes what is in the working folder and matches; returns how many there were. */
static unsigned remove_all(bool ours_only)
{
    unsigned count = 0;
    DIR *folder = opendir(".");
    for (struct dirent *d; folder && (d = readdir(folder));) {
        if (d->d_name[0] == '.' && !is_ours(d->d_name)) continue;
        if (ours_only && !is_ours(d->d_name)) continue;
        count++;
        remove(d->d_name);
    }
    if (folder) closedir(folder);
    return count;
}

static pid_t start(const struct world *w, const char *program, const char *const *arguments, const char *fault)
{
    char path[PATH_SIZE + 32];
    char *argv[ARGUMENTS_MAX + 2] = {path};
    snprintf(path, sizeof path, "%s/%s", w->programs, program);
    for (int i = 0; arguments[i]; i++)
        argv[i + 1] = (char *)(uintptr_t)(strcmp(arguments[i], "$C") == 0 ? w->contract : arguments[i]);
    const pid_t child = fork();
    if (child != 0) return child;
    const int out = open("../out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int err = open("../err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    if (fault) setenv("NVM_FAULT", fault, 1);
    setenv("NVM_FAULT_REPORT", "../report", 1);
    execv(path, argv);
    _exit(98);
}

/* The exit code, or 128 and the signal. */
static int end(pid_t child)
{
    int state = 0;
    if (waitpid(child, &state, 0) != child) return 97;
    return WIFSIGNALED(state) ? 128 + WTERMSIG(state) : WEXITSTATUS(state);
}

static int run(const struct world *w, const char *program, const char *const *arguments, const char *fault)
{
    return end(start(w, program, arguments, fault));
}

/* ---- before and after -------------------------------------------------------------------------------------------- */

/* All files as they were before the command, kept in ../before. */
static void restore(const struct scenario *s, const struct world *w)
{
    static const char *const others[] = {"sealed", "seal.key", "key.json", "records.json"};
    char path[64];
    remove_all(false);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct buffer text;
        snprintf(path, sizeof path, "../before/%s", others[i]);
        get(path, &text);
        if (text.size) put(others[i], text.data, text.size);
        buffer_free(&text);
    }
    for (int i = 0; i < FILES_MAX && s->files[i]; i++)
        if (w->old[i].size) put(s->files[i], w->old[i].data, w->old[i].size);
}

static void prepare(const struct scenario *s, struct world *w)
{
    uint8_t secret[32] = {7};
    CHECK(chdir(w->base) == 0 && chdir("before") == 0);
    remove_all(false);
    put("key.json", key, sizeof key - 1);
    put("records.json", records, sizeof records - 1);
    put("seal.key", secret, sizeof secret);
    for (int i = 0; i < 4 && s->setup[i][0]; i++) CHECK_EQUAL(run(w, "nvm", s->setup[i], NULL), 0);
    for (int i = 0; i < FILES_MAX && s->files[i]; i++) get(s->files[i], &w->old[i]);
    CHECK(chdir("../work") == 0);
    restore(s, w);
    CHECK_EQUAL(run(w, "nvm", s->command, NULL), 0);
    for (int i = 0; i < FILES_MAX && s->files[i]; i++) {
        get(s->files[i], &w->new[i]);
        CHECK(w->new[i].size && !equal(&w->old[i], &w->new[i]));
    }
    CHECK(remove_all(true) == 0);
}

static void release(struct world *w)
{
    for (int i = 0; i < FILES_MAX; i++) {
        buffer_free(&w->old[i]);
        buffer_free(&w->new[i]);
    }
}

/* ---- what must hold ---------------------------------------------------------------------------------------------- */

struct found {
    bool all_old, all_new, whole; /* whole: each file is the old one or the new one */
};

static struct found look(const struct scenario *s, const struct world *w)
{
    struct found f = {true, true, true};
    for (int i = 0; i < FILES_MAX && s->files[i]; i++) {
        struct buffer now;
        get(s->files[i], &now);
        /* a counter that is held is rewritten only when it is closed: it is never anything else */
        const bool old = equal(&now, &w->old[i]), new = equal(&now, &w->new[i]);
        f.all_old = f.all_old && old;
        f.all_new = f.all_new && new;
        f.whole = f.whole && (old || new);
        buffer_free(&now);
    }
    return f;
}

static bool says(const char *path, const char *words)
{
    struct buffer text;
    get(path, &text);
    buffer_append_byte(&text, 0);
    const bool found = !text.failed && strstr((const char *)text.data, words);
    buffer_free(&text);
    return found;
}

/* A run in which nothing fails does what the one before should have done, or finds it done. */
static bool recovers(const struct scenario *s, const struct world *w, bool was_new)
{
    const bool done = look(s, w).all_new;
    const int code = run(w, "nvm", s->command, NULL);
    const bool left = remove_all(true) != 0;
    if (left) return false;
    if (s->once && done) return code == 2 && says("../err", "(counter)");
    if (was_new && strcmp(s->name, "state create") == 0) return code == 2 && says("../err", "is there already");
    if (was_new && strcmp(s->name, "state import") == 0) return code == 2 && says("../err", "is there already");
    return code == 0 && (was_new || look(s, w).all_new);
}

/* Data that did not reach the disk, or a file that did not get its name, were not saved. */
static bool must_fail(void)
{
    return says("../report", "fsync") || says("../report", "rename") || says("../report", " write");
}

/* Returns whether all of it held. */
static bool judge(const struct scenario *s, const struct world *w, int code, bool forgiving, const char *fault)
{
    const struct found f = look(s, w);
    const bool killed = code > 128, doubtful = code == 2 && says("../err", "be sure of");
    bool ok = f.whole && (killed || code == 0 || code == 2);
    if (code == 0) ok = ok && f.all_new && (forgiving || !must_fail());
    if (code == 2) ok = ok && says("../err", "nvm: error: ") && (s->once || f.all_old || doubtful);
    if (!ok)
        printf("%s, %s: exit code %d; %s%s%s\n", s->name, fault, code, f.whole ? "" : "half a file; ",
               f.all_old ? "old " : "", f.all_new ? "new" : "");
    return ok;
}

static void try(const struct scenario *s, const struct world *w, const char *kind, unsigned long at)
{
    char fault[64];
    snprintf(fault, sizeof fault, "%s:%lu", kind, at);
    restore(s, w);
    const int code = run(w, "tests/nvm-faults", s->command, fault);
    const bool forgiving = strcmp(kind, "short") == 0 || strcmp(kind, "eintr") == 0;
    if (forgiving && !CHECK(code == 0)) printf("%s, %s: exit code %d\n", s->name, fault, code);
    const bool was_new = look(s, w).all_new;
    if (strncmp(kind, "kill", 4) == 0 || strcmp(kind, "dead") == 0) {
        const struct found f = look(s, w);
        const bool recovered = f.whole && recovers(s, w, was_new);
        if (!CHECK(recovered)) printf("%s, %s: the next run does not go well\n", s->name, fault);
        if (code > 128) return;
        restore(s, w); /* once more, to be judged */
        CHECK_EQUAL(run(w, "tests/nvm-faults", s->command, fault), code);
    }
    CHECK(judge(s, w, code, forgiving, fault));
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

static unsigned long count_calls(const struct scenario *s, const struct world *w)
{
    unsigned long calls = 0;
    struct buffer text;
    restore(s, w);
    CHECK_EQUAL(run(w, "tests/nvm-faults", s->command, NULL), 0);
    get("../report", &text);
    buffer_append_byte(&text, 0);
    if (!text.failed) calls = strtoul((const char *)text.data, NULL, 10);
    buffer_free(&text);
    CHECK(calls > 10);
    return calls;
}

static void test_faults(const struct scenario *s, const struct world *w)
{
    static const char *const kinds[] = {"short", "eintr", "enospc", "eio", "dead", "kill"};
    const unsigned long calls = count_calls(s, w);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (unsigned long at = 1; at <= calls; at++) try(s, w, kinds[k], at);
    printf("  %lu calls\n", calls);
}

static long microseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)(t.tv_sec * 1000000 + t.tv_nsec / 1000);
}

/* Killed at any moment of its life; moments after its end don't count. */
static void test_kills(const struct scenario *s, const struct world *w, unsigned wanted, uint64_t *seed)
{
    unsigned killed = 0, tries = 0;
    restore(s, w);
    const long begin = microseconds();
    run(w, "nvm", s->command, NULL);
    const long length = microseconds() - begin + 1;
    for (; killed < wanted && tries < 4 * wanted; tries++) {
        *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const long pause = (long)((*seed >> 33) % (uint64_t)length);
        const struct timespec t = {pause / 1000000, pause % 1000000 * 1000};
        restore(s, w);
        unlink("../out"); /* it may be killed before it has emptied what the last one has said */
        const pid_t child = start(w, "nvm", s->command, NULL);
        nanosleep(&t, NULL);
        kill(child, SIGKILL);
        const int code = end(child);
        if (code == 128 + SIGKILL) killed++;
        const struct found f = look(s, w);
        const bool saved = says("../out", "saved") && !says("../out", "not saved");
        if (!CHECK(f.whole)) printf("%s: half a file after %ld us\n", s->name, pause);
        if (saved) CHECK(f.all_new);
        if (tries % 10 == 0) CHECK(f.whole && recovers(s, w, f.all_new));
    }
    CHECK_EQUAL(killed, wanted);
}

int main(int argc, char **argv)
{
    struct world w = {.base = "/tmp/nvm-faults-XXXXXX"};
    char *self = realpath(argv[0], NULL), *contract = realpath("examples/contracts/counter.wasm", NULL);
    const unsigned kills = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : KILLS;
    uint64_t seed = (uint64_t)getpid();
    if (!CHECK(self && contract && mkdtemp(w.base) && chdir(w.base) == 0)) return test_end();
    CHECK(mkdir("before", 0700) == 0 && mkdir("work", 0700) == 0);
    snprintf(w.programs, sizeof w.programs, "%s", dirname(dirname(self)));
    snprintf(w.contract, sizeof w.contract, "%s", contract);
    for (int i = 0; i < SCENARIOS; i++) {
        test_begin(scenarios[i].name);
        prepare(&scenarios[i], &w);
        test_faults(&scenarios[i], &w);
        test_kills(&scenarios[i], &w, (kills + SCENARIOS - 1) / SCENARIOS, &seed);
        release(&w);
    }
    CHECK(chdir(w.base) == 0);
    free(self);
    free(contract);
    static const char *const folders[] = {"before", "work", "."};
    for (int i = 0; i < 3; i++)
        if (chdir(w.base) == 0 && chdir(folders[i]) == 0) remove_all(false);
    CHECK(chdir("/") == 0);
    char path[PATH_SIZE];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", w.base, folders[i]);
        rmdir(path);
    }
    CHECK(rmdir(w.base) == 0);
    return test_end();
}
