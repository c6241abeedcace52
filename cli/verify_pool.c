#include "cli/verify.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/progress.h"

enum { JOBS_MAX = 256 };

/* Files that are taken by threads one after another. */
struct pool {
    char *const *paths;
    const struct verify_options *options;
    struct verify_result *results;
    int count, next, done; /* under the lock, as are the verdicts */
    pthread_mutex_t lock;
    pthread_cond_t finished;
};

static void *work(void *argument)
{
    struct pool *p = argument;
    pthread_mutex_lock(&p->lock);
    while (p->next < p->count) {
        const int i = p->next++;
        struct verify_result result;
        pthread_mutex_unlock(&p->lock);
        verify_file(p->paths[i], p->options, &result);
        pthread_mutex_lock(&p->lock);
        p->results[i] = result;
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
    else fwrite(r->json.data, 1, r->json.size, stdout);
    if (i + 1 == p->count) fputs("]\n", stdout);
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
        pthread_cond_wait(&p->finished, &p->lock);
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

static void run(struct pool *p)
{
    pthread_t threads[JOBS_MAX];
    long started = 0;
    const long wanted = threads_wanted(p->options, p->count);
    while (started < wanted && pthread_create(&threads[started], NULL, work, p) == 0) started++;
    if (started == 0) work(p); /* the system gives no thread */
    report(p);
    while (started > 0) pthread_join(threads[--started], NULL);
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

int verify_files(char *const *paths, int count, const struct verify_options *options)
{
    struct pool p = {.paths = paths, .options = options, .count = count};
    p.results = calloc((size_t)count, sizeof *p.results);
    if (!p.results) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    pthread_mutex_init(&p.lock, NULL);
    pthread_cond_init(&p.finished, NULL);
    run(&p);
    pthread_cond_destroy(&p.finished);
    pthread_mutex_destroy(&p.lock);
    int code = exit_code(&p);
    for (int i = 0; i < count; i++) verify_result_free(&p.results[i]);
    free(p.results);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say_error("standard output cannot be written");
        return EXIT_INPUT;
    }
    return code;
}
