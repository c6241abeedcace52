/* A thread that interrupts a store after some time. */
#ifndef CLI_WATCHDOG_H
#define CLI_WATCHDOG_H

#include "vm/vm.h"

#include <pthread.h>

struct watchdog {
    struct store *store;
    double seconds;
    bool started, done;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

/* Starts it; false: the system gives no thread. Pairs with watchdog_stop, which must come before the store goes. */
bool watchdog_start(struct watchdog *w, struct store *store, double seconds);
void watchdog_stop(struct watchdog *w); /* nothing happens if it was not started */

#endif
