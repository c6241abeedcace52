/* Suspending a run and resuming it: 64 MiB of memory of which 1 MiB was touched (incompressible or not: nothing is
 * compressed). State written and sealed; opened, checked and restored: milliseconds, and bytes on disk.
 *
 *     bench_suspend
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tee/seal.h"
#include "vm/suspend.h"
#include "wat/wat.h"

enum { REPEATS = 101, GAS = 1000000, LEFT = GAS - 230000 };

static const char source[] =
    "(module (memory 1024) (func (export \"run\") (result i64) (local i32)\n"
    "  (loop $l (i32.store (i32.add (local.get 0) (i32.const 16777216)) (i32.const -1))\n"
    "    (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 64))) (i32.const 1048576))))\n"
    "  (loop $m (local.set 0 (i32.sub (local.get 0) (i32.const 64)))\n"
    "    (br_if $m (i32.load (i32.add (local.get 0) (i32.const 16777152))))) (i64.const 77)))\n";

struct bench {
    struct buffer wasm, state, blob, opened;
    struct fee_schedule fees;
    struct module *m;
    struct store *s;
    struct instance *i;
    struct tee_root root;
    struct tee_system_root paths;
    struct tee_system system;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool start(struct bench *b)
{
    struct wat_options options;
    struct vm_config config;
    struct store_config limits;
    struct external run;
    struct error e = {0};
    slot value = 0;
    wat_options_default(&options);
    vm_config_default(&config);
    store_config_default(&limits);
    fee_schedule_fuel(&b->fees);
    config.schedule = &b->fees;
    limits.gas = GAS;
    b->paths = (struct tee_system_root){""};
    b->system = tee_system_real(&b->paths);
    tee_root_simulator(&b->root);
    if (wat_to_wasm(source, strlen(source), &options, &b->wasm, &e) != STATUS_OK ||
        module_load(&config, b->wasm.data, b->wasm.size, &b->m, &e) != STATUS_OK ||
        store_new(&limits, &b->s, &e) != STATUS_OK ||
        instance_new(b->s, b->m, NULL, 0, &b->i, NULL, &e) != STATUS_OK ||
        !instance_export(b->i, bytes_of_string("run"), &run))
        return printf("%s\n", e.message), false;
    store_suspend_at(b->s, LEFT);
    return func_call(b->s, run.func, &value, NULL) == TRAP_SUSPENDED;
}

static bool suspend(struct bench *b, double *time)
{
    const struct tee_seal_policy policy = {.min_format = 1};
    const double from = now();
    b->state.size = b->blob.size = 0;
    const bool ok = instance_checkpoint(b->i, &b->state, NULL) == STATUS_OK &&
                    tee_seal(&b->root, &b->system, SEAL_RUN, &policy, NULL, bytes_of(b->state.data, b->state.size),
                             &b->blob, NULL) == STATUS_OK;
    *time = now() - from;
    return ok;
}

static bool resume(struct bench *b, double *time)
{
    struct store_config limits;
    struct store *t = NULL;
    struct instance *j = NULL;
    slot value = 0;
    store_config_default(&limits);
    limits.gas = GAS;
    const double from = now();
    b->opened.size = 0;
    bool ok = tee_unseal(&b->root, SEAL_RUN, bytes_of(b->blob.data, b->blob.size), NULL, NULL, 0, &b->opened, NULL) ==
                  STATUS_OK &&
              store_new(&limits, &t, NULL) == STATUS_OK &&
              instance_restore(t, b->m, NULL, 0, bytes_of(b->opened.data, b->opened.size), &j, NULL) == STATUS_OK;
    *time = now() - from;
    ok = ok && store_continue(t, &value, NULL) == TRAP_NONE && value == 77;
    store_free(t);
    return ok;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(void)
{
    struct bench b = {.m = NULL};
    double out[REPEATS] = {0}, in[REPEATS] = {0};
    bool ok = start(&b);
    for (int k = 0; ok && k < REPEATS; k++) ok = suspend(&b, &out[k]) && resume(&b, &in[k]);
    if (ok) {
        qsort(out, REPEATS, sizeof *out, compare);
        qsort(in, REPEATS, sizeof *in, compare);
        printf("64 MiB, 1 MiB touched: suspended and sealed %.2f ms, opened and restored %.2f ms, %zu bytes\n",
               out[REPEATS / 2], in[REPEATS / 2], b.blob.size);
    } else {
        printf("failed\n");
    }
    store_free(b.s);
    module_free(b.m);
    buffer_free(&b.wasm);
    buffer_free(&b.state);
    buffer_free(&b.blob);
    buffer_free(&b.opened);
    return ok ? 0 : 1;
}
