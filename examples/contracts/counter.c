/* A counter that anyone may change: the smallest contract with state.
 *
 *     increment {"by": 5}    adds 1, or `by`; returns the new value
 *     decrement {"by": 5}    subtracts
 *     reset                  back to zero
 *     get                    the value (view) */
#include "contract/json.h"

static const struct text KEY = {"counter", 7};

static int64_t load(void)
{
    int64_t value = 0;
    state_load(KEY, &value, sizeof value);
    return value;
}

static void return_value(int64_t value)
{
    struct writer out = {0};
    write_integer(&out, value);
    return_text(written(&out));
}

static void store(int64_t value)
{
    state_store(KEY, &value, sizeof value);
    return_value(value);
}

static void log_change(const char *verb, size_t size, int64_t value)
{
    struct writer out = {0};
    write_text(&out, (struct text){verb, size});
    write_integer(&out, value);
    log_text(written(&out));
}

#define LOG_CHANGE(verb, value) log_change(verb, sizeof(verb) - 1, value)

/* How far the caller wants to go: `by`, or 1. */
static int64_t step(void)
{
    uint64_t by = 1;
    optional_u64(arguments(), TEXT("by"), &by);
    require(by <= INT64_MAX, TEXT("by is too large"));
    return (int64_t)by;
}

EXPORT(increment)
{
    int64_t value;
    require_no_deposit();
    require(!__builtin_add_overflow(load(), step(), &value), TEXT("The counter would overflow"));
    LOG_CHANGE("Increased to ", value);
    store(value);
}

EXPORT(decrement)
{
    int64_t value;
    require_no_deposit();
    require(!__builtin_sub_overflow(load(), step(), &value), TEXT("The counter would overflow"));
    LOG_CHANGE("Decreased to ", value);
    store(value);
}

EXPORT(reset)
{
    require_no_deposit();
    log_text(TEXT("Reset to zero"));
    store(0);
}

EXPORT(get)
{
    return_value(load());
}
