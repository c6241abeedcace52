/* Load speed: decodes, validates and translates a whole module.
 *
 *     bench/load MODULE [RUNS [metered | lazy]]
 *
 * Prints the median in MB/s and the peak of memory in use beyond the module's own bytes, as a multiple of its size. */
#include "vm/vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long peak_kilobytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        if (f) fclose(f);
        return NULL;
    }
    long length = ftell(f);
    *size = length > 0 ? (size_t)length : 0;
    uint8_t *data = malloc(*size + 1);
    rewind(f);
    if (data && fread(data, 1, *size, f) != *size) {
        free(data);
        data = NULL;
    }
    fclose(f);
    return data;
}

int main(int argc, char **argv)
{
    enum { MOST = 100 };
    double seconds[MOST];
    size_t size = 0;
    int runs = argc > 2 ? atoi(argv[2]) : 5;
    uint8_t *bytes = argc > 1 ? read_file(argv[1], &size) : NULL;
    if (!bytes || runs < 1 || runs > MOST) {
        fprintf(stderr, "usage: load MODULE [RUNS [metered | lazy]]\n");
        free(bytes);
        return 2;
    }
    struct vm_config config;
    vm_config_default(&config);
    config.borrow_bytes = true;
    struct fee_schedule fuel;
    fee_schedule_fuel(&fuel);
    const char *mode = argc > 3 ? argv[3] : "";
    config.lazy = strcmp(mode, "lazy") == 0;
    if (strcmp(mode, "metered") == 0) config.schedule = &fuel;
    long before = peak_kilobytes();
    size_t code = 0;
    for (int i = 0; i < runs; i++) {
        struct module *m = NULL;
        struct error e;
        double start = now();
        if (module_load(&config, bytes, size, &m, &e) != STATUS_OK) {
            fprintf(stderr, "load: %s at byte %llu\n", e.message, (unsigned long long)e.offset);
            free(bytes);
            return 1;
        }
        seconds[i] = now() - start;
        code = module_code_bytes(m);
        module_free(m);
    }
    qsort(seconds, (size_t)runs, sizeof seconds[0], by_value);
    double megabytes = (double)size / 1e6, median = seconds[runs / 2];
    double peak = (double)(peak_kilobytes() - before) * 1024 / (double)size;
    printf("{\"size\": %zu, \"seconds\": %.4f, \"mb_per_second\": %.1f, \"peak_multiple\": %.2f, \"code_bytes\": %zu}\n",
           size, median, megabytes / median, peak, code);
    free(bytes);
    return 0;
}
