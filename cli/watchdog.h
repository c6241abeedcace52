/* A thread that ends what takes longer than it may: loading, then what runs in a store. */
#ifndef CLI_WATCHDOG_H
#define CLI_WATCHDOG_H

#include "vm/vm.h"

#include <pthread.h>

struct watchdog {
    struct store *store;           /* null: none yet */
    double seconds;
    bool started, done, late;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

/* Starts it; false: the system gives no thread. Pairs with watchdog_stop, which must come before the store goes. */
bool watchdog_start(struct watchdog *w, double seconds);
/* What it interrupts from now on; at once if the time is up. */
void watchdog_attach(struct watchdog *w, struct store *store);
/* Whether the time is up: `user` is the watchdog, as struct load_stop has it. */
bool watchdog_is_late(void *user);
void watchdog_stop(struct watchdog *w); /* nothing happens if it was not started */

#endif
