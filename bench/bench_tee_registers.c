/* What an extension of a measurement register costs, alone and with two threads, in private and in shared memory. */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "tee/registers.h"

enum { ROUNDS = 200000 };

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *extend(void *argument)
{
    uint8_t payload[32] = {0};
    for (uint32_t i = 0; i < ROUNDS; i++) {
        store_le32(payload, i);
        if (tee_registers_extend(argument, 3, EVENT_EFFECT, bytes_of(payload, sizeof payload), NULL, NULL, NULL) != STATUS_OK)
            return argument;
    }
    return NULL;
}

static int measure(bool shared, int threads)
{
    struct tee_registers *r = NULL;
    pthread_t thread[2];
    void *failed = NULL;
    const size_t log = (size_t)256 << 20;
    struct error e;
    if ((shared ? tee_registers_new_shared(4, log, &r, &e) : tee_registers_new(4, log, &r, &e)) != STATUS_OK) {
        fprintf(stderr, "bench_tee_registers: %s\n", e.message);
        return 1;
    }
    const double begun = seconds();
    for (int i = 1; i < threads; i++)
        if (pthread_create(&thread[i], NULL, extend, r) != 0) return 1;
    if (extend(r)) failed = r;
    for (int i = 1; i < threads; i++) {
        void *result = NULL;
        pthread_join(thread[i], &result);
        if (result) failed = result;
    }
    printf("extend %s, %d thread%s: %.0f ns\n", shared ? "shared" : "private", threads, threads > 1 ? "s" : "",
           (seconds() - begun) * 1e9 / (ROUNDS * threads));
    tee_registers_free(r);
    return failed != NULL;
}

int main(void)
{
    return measure(false, 1) | measure(false, 2) | measure(true, 1) | measure(true, 2);
}
