/* The validator's operand stack. */
#include <stdlib.h>

#include "vm/validator.h"

/* A type list of one, for block types that are a single value type. */
const uint8_t one_type[128] = {
    [TYPE_I32] = TYPE_I32, [TYPE_I64] = TYPE_I64, [TYPE_F32] = TYPE_F32, [TYPE_F64] = TYPE_F64,
    [TYPE_FUNCREF] = TYPE_FUNCREF, [TYPE_EXTERNREF] = TYPE_EXTERNREF,
};

bool no_memory(struct validator *v)
{
    v->r.failed = true;
    error_no_memory(v->r.e);
    return false;
}

/* A function with too many operands is refused when it has them, not at its end: code that is never reached can put
 * thousands of them on the stack with each few bytes. It needs no room in the frame, so more is allowed than fits there:
 * all that a contract's function has room for, one for two of its bytes. */
bool grow_stack(struct validator *v)
{
    enum { MOST_OPERANDS = 1 << 17 };
    if (v->capacity >= MOST_OPERANDS) return FAIL(LIMIT, "more than %u operands", MOST_OPERANDS);
    uint8_t *stack = realloc(v->stack, (size_t)v->capacity * 2);
    if (!stack) return no_memory(v);
    v->stack = stack;
    v->capacity *= 2;
    return true;
}

bool pop_failed(struct validator *v, uint8_t expected, bool empty)
{
    const char *wanted = expected == ANY ? "a value" : valtype_name(expected);
    const char *found = empty ? "nothing" : valtype_name(v->stack[v->height - 1]);
    return FAIL(TYPE_MISMATCH, "%s expected on the stack, found %s", wanted, found);
}

bool pop_list(struct validator *v, const uint8_t *types, uint32_t n)
{
    const struct control *c = top(v);
    if (v->height - c->height >= n && (n == 0 || memcmp(v->stack + v->height - n, types, n) == 0)) {
        v->height -= n;
        return true;
    }
    while (n > 0) {
        if (v->height == c->height && c->unreachable) return true; /* below, there is whatever is wanted */
        if (!pop(v, types[--n])) return false;
    }
    return true;
}

bool push_list(struct validator *v, const uint8_t *types, uint32_t n)
{
    while (v->capacity - v->height < n)
        if (!grow_stack(v)) return false;
    if (n) memcpy(v->stack + v->height, types, n);
    v->height += n;
    note_height(v);
    return true;
}

void set_unreachable(struct validator *v)
{
    struct control *c = top(v);
    v->height = c->height;
    c->unreachable = true;
}
