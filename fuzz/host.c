/* The host functions: results depend on the arguments and on the number of calls alone; they read, write and grow
 * memory, call back in, and fail now and then. */
#include "fuzz/record.h"

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static uint64_t result(uint64_t h, uint8_t type)
{
    switch (type) {
    case TYPE_I32:
    case TYPE_F32: return h >> 32;
    case TYPE_EXTERNREF: return h >> 61;
    case TYPE_FUNCREF: return 0;
    default: return h;
    }
}

enum trap host_effect(struct host_state *state, uint32_t import, const struct functype *type, uint64_t *values,
                      const struct host_actions *a)
{
    uint64_t h = mix(import + 1, ++state->calls);
    for (uint32_t i = 0; i < type->params; i++) {
        bool reference = type->types[i] == TYPE_FUNCREF;
        h = mix(h, reference ? values[i] != 0 : values[i]);
    }
    if (state->calls % 7 == 3) a->grow(a->context);
    size_t size = 0;
    uint8_t *memory = a->memory(a->context, &size);
    if (memory && size) {
        h = mix(h, memory[h % size]);
        memory[(h >> 8) % size] ^= (uint8_t)h;
    }
    if (state->calls % 5 == 2 && state->reentries < 2) {
        uint64_t ignored[RECORD_RESULTS] = {0};
        state->reentries++;
        enum trap trap = a->reenter(a->context, ignored);
        h = mix(h, (uint64_t)trap);
    }
    if (state->calls % 23 == 22) return TRAP_HOST;
    for (uint32_t i = 0; i < type->results; i++) {
        h = mix(h, i);
        values[i] = result(h, type->types[type->params + i]);
    }
    return TRAP_NONE;
}
