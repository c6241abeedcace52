/* Any bytes as a module: loading must agree eager and lazy and with both dispatchers; a module that loads is
 * instantiated with host functions and every export is run with fuel, and all ways to run it must agree. */
#include "fuzz/record.h"

#include <stdlib.h>

enum { FUEL = 100000 };

static const struct run_config configs[] = {
    {"portable, eager", DISPATCH_PORTABLE, true, false, false, FUEL, false, NULL},
    {"portable, lazy", DISPATCH_PORTABLE, true, true, false, FUEL, false, NULL},
    {"tail, eager", DISPATCH_TAIL, true, false, false, FUEL, false, NULL},
    {"tail, lazy, interruptible", DISPATCH_TAIL, true, true, true, FUEL, false, NULL},
};
enum { CONFIGS = sizeof configs / sizeof configs[0] };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record *r = calloc(2, sizeof *r);
    if (!r) return 0;
    record_run(data, size, &configs[0], &r[0]);
    for (int i = 1; i < CONFIGS; i++) {
        if (!dispatcher_available(configs[i].dispatcher)) continue;
        record_run(data, size, &configs[i], &r[1]);
        if (!record_same(&r[0], &r[1], configs[i].name, SAME_FUEL | SAME_PLACE)) abort();
    }
    free(r);
    return 0;
}
