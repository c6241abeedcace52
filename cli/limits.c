#include "cli/limits.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

/* Nobody waits for it: it ends with the process. */
static void *wait_until_late(void *argument)
{
    const struct limits l = {.time = (uint64_t)(uintptr_t)argument};
    struct timespec left = {.tv_sec = (time_t)l.time};
    struct error e;
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
    limit_exceeded(&l, LIMIT_time, &e);
    say_error("%s", e.message);
    _exit(EXIT_INPUT);
}

void limits_start_clock(const struct limits *l)
{
    enum { LONGEST = 1000000000 };
    pthread_t thread;
    if (!l->time || l->time > LONGEST) return;
    if (pthread_create(&thread, NULL, wait_until_late, (void *)(uintptr_t)l->time) == 0) pthread_detach(thread);
}
