#include "cli/watchdog.h"

#include <errno.h>
#include <time.h>

static void *watch(void *arg)
{
    struct watchdog *w = arg;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)w->seconds;
    until.tv_nsec += (long)((w->seconds - (double)(time_t)w->seconds) * 1e9);
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&w->mutex);
    int result = 0;
    while (!w->done && result != ETIMEDOUT) result = pthread_cond_timedwait(&w->condition, &w->mutex, &until);
    w->late = !w->done;
    if (w->late && w->store) store_interrupt(w->store);
    pthread_mutex_unlock(&w->mutex);
    return NULL;
}

bool watchdog_start(struct watchdog *w, double seconds)
{
    *w = (struct watchdog){.seconds = seconds};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
    w->started = pthread_create(&w->thread, NULL, watch, w) == 0;
    return w->started;
}

void watchdog_attach(struct watchdog *w, struct store *store)
{
    if (!w->started) return;
    pthread_mutex_lock(&w->mutex);
    w->store = store;
    if (w->late) store_interrupt(store);
    pthread_mutex_unlock(&w->mutex);
}

bool watchdog_is_late(void *user)
{
    struct watchdog *w = user;
    pthread_mutex_lock(&w->mutex);
    const bool late = w->late;
    pthread_mutex_unlock(&w->mutex);
    return late;
}

void watchdog_stop(struct watchdog *w)
{
    if (!w->started) return;
    pthread_mutex_lock(&w->mutex);
    w->done = true;
    pthread_cond_signal(&w->condition);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->condition);
    pthread_mutex_destroy(&w->mutex);
    w->started = false;
}
