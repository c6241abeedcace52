/* Speed of contract calls: what metering by NEAR's schedule costs on the kernels, and what a warm call of a small
 * method takes. Ratios are of runs that alternate; every figure is a median. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <math.h>

#include "host/host.h"
#include "host/mock_external.h"

enum { RUNS = 7, WARM_CALLS = 20000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_value);
    return v[n / 2];
}

static struct contract *prepare(struct bytes code, bool unmetered)
{
    const struct contract_options o = {.borrow_bytes = true, .unmetered = unmetered};
    struct contract *c;
    struct error e = {0};
    if (contract_prepare(parameters_of(PROTOCOL_VERSION_CURRENT), code, &o, &c, &e) == STATUS_OK && contract_module(c))
        return c;
    fprintf(stderr, "bench_near: %s\n", e.message);
    exit(2);
}

/* Seconds of one call. */
static double call(const struct contract *c, const char *method, uint64_t *burnt)
{
    struct mock_external m;
    struct call_context context;
    struct call_outcome o;
    struct error e = {0};
    mock_external_init(&m);
    call_context_default(&context);
    context.prepaid_gas = UINT64_C(1000000000000000);
    double start = now();
    if (contract_call(c, bytes_of_string(method), &context, &m.external, NULL, &o, &e) != STATUS_OK || o.error_kind) {
        fprintf(stderr, "bench_near: %s: %s\n", method, o.error_kind ? o.error_kind : e.message);
        exit(2);
    }
    double seconds = now() - start;
    *burnt = o.burnt_gas;
    call_outcome_free(&o);
    mock_external_free(&m);
    return seconds;
}

static double kernel(struct contract *metered, struct contract *unmetered, const char *method)
{
    double with[RUNS], without[RUNS];
    uint64_t burnt, ignored;
    for (int i = 0; i < RUNS; i++) {
        without[i] = call(unmetered, method, &ignored);
        with[i] = call(metered, method, &burnt);
    }
    double a = median(with, RUNS), b = median(without, RUNS);
    printf("%-16s %9.1f ms %9.1f ms %6.3f %10.1f Tgas %8.2f ns per Mgas\n", method, b * 1e3, a * 1e3, a / b,
           (double)burnt * 1e-12, a * 1e9 / ((double)burnt * 1e-6));
    return a / b;
}

static void kernels(const char *path)
{
    FILE *f = fopen(path, "rb");
    static uint8_t bytes[1 << 20];
    size_t size = f ? fread(bytes, 1, sizeof bytes, f) : 0;
    if (f) fclose(f);
    if (!size) {
        fprintf(stderr, "bench_near: %s: cannot be read\n", path);
        exit(2);
    }
    struct contract *metered = prepare(bytes_of(bytes, size), false), *unmetered = prepare(bytes_of(bytes, size), true);
    double sum = 0;
    int n = 0;
    printf("%-16s %12s %12s %6s\n", "kernel", "unmetered", "metered", "ratio");
    for (size_t i = 0; i < module_export_count(contract_module(metered)); i++) {
        struct export_info x = module_export(contract_module(metered), i);
        char name[64];
        if (x.type.kind != EXTERN_FUNC || x.type.func.params || x.name.size >= sizeof name) continue;
        memcpy(name, x.name.data, x.name.size);
        name[x.name.size] = 0;
        sum += log(kernel(metered, unmetered, name));
        n++;
    }
    printf("%-16s %34.3f\n", "geometric mean", exp(sum / n));
    contract_free(metered);
    contract_free(unmetered);
}

/* main() { input(0); } in one page of code: what a call costs besides its own work. */
static void warm(void)
{
    static const uint8_t code[] = {
        0, 'a', 's', 'm', 1, 0, 0, 0, 1, 8, 2, 0x60, 0, 0, 0x60, 1, 0x7e, 0, 2, 13, 1, 3, 'e', 'n', 'v', 5, 'i', 'n', 'p',
        'u', 't', 0, 1, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 8, 1, 4, 'm', 'a', 'i', 'n', 0, 1, 10, 8, 1, 6, 0, 0x42, 0, 0x10, 0,
        0x0b};
    struct contract *c = prepare(bytes_of(code, sizeof code), false);
    static double v[WARM_CALLS];
    uint64_t burnt;
    for (int i = 0; i < WARM_CALLS; i++) v[i] = call(c, "main", &burnt);
    printf("warm call of a small method: %.1f us\n", median(v, WARM_CALLS) * 1e6);
    contract_free(c);
}

int main(int argc, char **argv)
{
    kernels(argc > 1 ? argv[1] : "bench/kernels/kernels.wasm");
    warm();
    return 0;
}
