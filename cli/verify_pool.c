#include "cli/verify.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/progress.h"

enum { JOBS_MAX = 256 };

/* Files that are taken by threads one after another. */
struct pool {
    char *const *paths;
    const struct verify_options *options;
    struct verify_result *results;
    int count, next, done; /* under the lock, as are the verdicts */
    int running;           /* threads that are at work on a file */
    bool late;             /* the time is up: results that come now are too late */
    struct timespec until; /* when it is, if there is a limit */
    pthread_mutex_t lock;
    pthread_cond_t finished;
};

static void *work(void *argument)
{
    struct pool *p = argument;
    pthread_mutex_lock(&p->lock);
    while (p->next < p->count && !p->late) {
        const int i = p->next++;
        struct verify_result result;
        p->running++;
        pthread_mutex_unlock(&p->lock);
        verify_file(p->paths[i], p->options, &result);
        pthread_mutex_lock(&p->lock);
        p->running--;
        if (p->late) verify_result_free(&result);
        else p->results[i] = result;
        p->done++;
        pthread_cond_signal(&p->finished);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* ---- what is printed --------------------------------------------------------------------------------------------- */

/* "verified" and "refused" stand out on terminals. */
static void print_text(const struct verify_result *r)
{
    const char *code = r->verdict == VERDICT_VERIFIED ? "" : colour(stdout, RED);
    fputs(code, stdout);
    if (r->text) fwrite(r->text, 1, r->text_size, stdout);
    else fputs("out of memory", stdout);
    fputs(*code ? PLAIN : "", stdout);
    fputc('\n', stdout);
}

static void print_result(const struct pool *p, int i)
{
    const struct verify_result *r = &p->results[i];
    if (!p->options->json) {
        print_text(r);
        return;
    }
    fputs(i ? ",\n" : "[", stdout);
    if (r->json.failed) fputs("{\"verdict\":\"unreadable\",\"error\":{\"code\":\"no memory\"}}", stdout);
    else put_json(bytes_of(r->json.data, r->json.size));
    if (i + 1 == p->count) fputs("]\n", stdout);
}

/* Waits until another file is done, or the time is up: then all that are not done get their result here. */
static void wait_for_more(struct pool *p)
{
    if (!(p->options->timeout > 0)) {
        pthread_cond_wait(&p->finished, &p->lock);
        return;
    }
    if (pthread_cond_timedwait(&p->finished, &p->lock, &p->until) != ETIMEDOUT) return;
    p->late = true;
    for (int i = 0; i < p->count; i++)
        if (p->results[i].verdict == VERDICT_PENDING) verify_file_late(p->paths[i], p->options, &p->results[i]);
}

/* Prints each result as soon as it and all before it are there. */
static void report(struct pool *p)
{
    const bool bar = progress_wanted(p->count);
    pthread_mutex_lock(&p->lock);
    for (int i = 0; i < p->count;) {
        const bool ready = p->results[i].verdict != VERDICT_PENDING;
        const int done = p->done;
        if (ready) {
            pthread_mutex_unlock(&p->lock);
            if (bar) progress_clear();
            print_result(p, i++);
            fflush(stdout);
            if (bar && i < p->count) progress_draw(done, p->count);
            pthread_mutex_lock(&p->lock);
            continue;
        }
        if (bar) progress_draw(done, p->count);
        wait_for_more(p);
    }
    pthread_mutex_unlock(&p->lock);
}

/* ---- all files --------------------------------------------------------------------------------------------------- */

static long threads_wanted(const struct verify_options *o, int count)
{
    long jobs = o->jobs ? (long)o->jobs : sysconf(_SC_NPROCESSORS_ONLN);
    if (jobs < 1) jobs = 1;
    if (jobs > JOBS_MAX) jobs = JOBS_MAX;
    return jobs < count ? jobs : count;
}

static int exit_code(const struct pool *p)
{
    int code = EXIT_OK;
    for (int i = 0; i < p->count; i++) {
        if (p->results[i].verdict == VERDICT_REFUSED) return EXIT_TRAPPED;
        if (p->results[i].verdict == VERDICT_UNREADABLE) code = EXIT_INPUT;
    }
    return code;
}

/* Threads that still execute cannot be ended, and nobody waits for them: the process goes. */
static void leave_if_late(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    const bool stuck = p->late && p->running > 0;
    const int code = exit_code(p);
    pthread_mutex_unlock(&p->lock);
    if (!stuck) return;
    const bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (!written) say_error("standard output cannot be written");
    _exit(written ? code : EXIT_INPUT);
}

/* False: there is a limit of time, but no thread that could be left behind. */
static bool run(struct pool *p)
{
    pthread_t threads[JOBS_MAX];
    long started = 0;
    const long wanted = threads_wanted(p->options, p->count);
    while (started < wanted && pthread_create(&threads[started], NULL, work, p) == 0) started++;
    if (started == 0 && p->options->timeout_given) return false;
    if (started == 0) work(p); /* the system gives no thread */
    report(p);
    leave_if_late(p);
    while (started > 0) pthread_join(threads[--started], NULL);
    return true;
}

/* `seconds` from now; a limit of more than some years is none that could be told from that. */
static struct timespec time_after(double seconds)
{
    const double longest = 1e9;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    if (seconds > longest) seconds = longest;
    t.tv_sec += (time_t)seconds;
    t.tv_nsec += (long)((seconds - (double)(time_t)seconds) * 1e9);
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    return t;
}

static void init_condition(pthread_cond_t *c)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(c, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

int verify_files(char *const *paths, int count, const struct verify_options *options)
{
    struct pool p = {.paths = paths, .options = options, .count = count};
    p.results = calloc((size_t)count, sizeof *p.results);
    if (!p.results) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    pthread_mutex_init(&p.lock, NULL);
    init_condition(&p.finished);
    p.until = time_after(options->timeout);
    const bool done = run(&p);
    pthread_cond_destroy(&p.finished);
    pthread_mutex_destroy(&p.lock);
    int code = done ? exit_code(&p) : EXIT_INPUT;
    if (!done) say_error("the system gives no thread, and --timeout needs one");
    for (int i = 0; i < count; i++) verify_result_free(&p.results[i]);
    free(p.results);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say_error("standard output cannot be written");
        return EXIT_INPUT;
    }
    return code;
}
