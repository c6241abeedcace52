/* The pass over a body. */
#include <stdlib.h>

#include "vm/validator.h"

struct validator *validator_new(struct module *m)
{
    struct validator *v = calloc(1, sizeof *v);
    if (!v) return NULL;
    v->m = m;
    v->locals = malloc(m->config.limits.locals + 1);
    v->uses = calloc(m->config.limits.locals + 1u, sizeof *v->uses);
    v->used = malloc((m->config.limits.locals + 1u) * sizeof *v->used);
    v->capacity = 256;
    v->stack = malloc(v->capacity);
    v->control_capacity = 16;
    v->control = malloc(v->control_capacity * sizeof *v->control);
    if (v->locals && v->uses && v->used && v->stack && v->control) return v;
    validator_free(v);
    return NULL;
}

void validator_free(struct validator *v)
{
    if (!v) return;
    free(v->locals);
    free(v->uses);
    free(v->used);
    free(v->stack);
    free(v->control);
    free(v);
}

uint32_t read_locals(struct reader *r, const struct module *m, const struct functype *type, uint8_t *types)
{
    uint64_t count = type->params;
    if (type->params) memcpy(types, type->types, type->params);
    uint32_t groups = read_count(r, UINT32_MAX, "groups of locals");
    for (uint32_t i = 0; i < groups && !r->failed; i++) {
        const uint8_t *at = r->p;
        uint32_t n = read_u32(r);
        const uint8_t *type_at = r->p;
        uint8_t t = read_byte(r);
        if (r->failed) return 0;
        if (count + n > UINT32_MAX) {
            reader_fail(r, VM_ERROR_TOO_MANY_LOCALS, at, "more than 2^32");
            return 0;
        }
        uint32_t feature = t == TYPE_FUNCREF ? FEATURE_REFERENCE_TYPES : t == TYPE_EXTERNREF ? FEATURE_EXTERNREF : 0;
        if (t == 0x7b || (m->config.features & feature) != feature)
            reader_fail(r, VM_ERROR_FEATURE, type_at, "locals of type %s", t == 0x7b ? "v128 (SIMD)" : valtype_name(t));
        else if (t >= 128 || !one_type[t]) reader_fail(r, VM_ERROR_VALUE_TYPE, type_at, "0x%02x", t);
        if (r->failed) return 0;
        if (count + n <= m->config.limits.locals) memset(types + count, t, n);
        count += n;
    }
    if (count > m->config.limits.locals)
        reader_fail(r, VM_ERROR_LIMIT, r->p, "%llu locals, at most %u are allowed", (unsigned long long)count,
                    m->config.limits.locals);
    return r->failed ? 0 : (uint32_t)count;
}

/* The hottest locals of each class, best first; a local used once gains nothing from a register. */
static void choose_pinned(struct validator *v, struct body *b)
{
    uint32_t best_int[MAX_PINNED_INT] = {0}, best_float[MAX_PINNED_FLOAT] = {0};
    for (uint32_t n = 0; n < v->used_count; n++) {
        uint32_t i = v->used[n], uses = v->uses[i];
        v->uses[i] = 0;
        if (uses < 2) continue;
        bool is_float = type_is_float(v->locals[i]);
        uint32_t *best = is_float ? best_float : best_int;
        uint16_t *pinned = is_float ? b->pinned_float : b->pinned_int;
        uint8_t *count = is_float ? &b->pinned_floats : &b->pinned_ints;
        uint32_t room = is_float ? MAX_PINNED_FLOAT : MAX_PINNED_INT, place = *count;
        while (place > 0 && best[place - 1] < uses) place--;
        if (place == room) continue;
        if (*count < room) (*count)++;
        for (uint32_t k = *count - 1u; k > place; k--) {
            best[k] = best[k - 1];
            pinned[k] = pinned[k - 1];
        }
        best[place] = uses;
        pinned[place] = (uint16_t)i;
    }
}

/* Reads a value type of whatever proposal: whether it is switched on is looked at later. False: it is none.
 * The forms are wasmparser's, which takes a type index where a value type stands, too. */
static bool skip_any_type(struct reader *r)
{
    enum { TYPE_V128 = 0x7b, REF = 0x64, REF_NULL = 0x63, SHARED = 0x65, MOST_TYPES = 1 << 20 };
    uint8_t byte = r->p < r->end ? *r->p : 0;
    if (byte >= TYPE_V128 && byte <= TYPE_I32) {
        r->p++;
        return true;
    }
    if (byte == REF || byte == REF_NULL) r->p++;
    const uint8_t *heap = r->p;
    int64_t index;
    if (leb_read_s33(&r->p, r->end, &index) != LEB_OK) return false;
    if (index >= 0) return index < MOST_TYPES;
    r->p = heap;
    if (*r->p == SHARED) r->p++;
    byte = read_byte(r);
    return !r->failed && byte >= 0x68 && byte <= 0x75;
}

/* Shows the declarations of locals to the observer before any of their types is judged. What cannot be read is left to
 * read_locals. */
static bool observe_locals(struct validator *v)
{
    const struct load_observer *o = v->m->config.observer;
    struct error unused;
    struct reader r = v->r;
    r.e = &unused;
    for (uint32_t groups = read_u32(&r); groups > 0 && !r.failed; groups--) {
        uint32_t n = read_u32(&r);
        if (r.failed || !skip_any_type(&r)) return true;
        if (!o->event(o->user, v->m, LOAD_LOCALS, n)) return false;
    }
    return true;
}

static bool body_start(struct validator *v, struct body *b, const struct reader *outer)
{
    const struct functype *type = &v->m->types[b->type];
    v->r = (struct reader){.p = outer->base + b->offset, .end = outer->base + b->offset + b->size,
                           .base = outer->base, .e = outer->e};
    v->at = v->r.p;
    if (v->m->config.observer && !observe_locals(v)) return FAIL(REFUSED, "locals");
    v->local_count = read_locals(&v->r, v->m, type, v->locals);
    if (v->r.failed) return false;
    v->height = v->max_height = v->depth = v->used_count = v->br_tables = 0;
    v->blocks = v->charges = v->indirect_calls = 0;
    v->weight = 1;
    /* the function is a block without parameters: they are locals */
    v->control[v->depth++] = (struct control){.type = {0, type->results, type->types + type->params}, .weight = 1};
    return true;
}

static bool validate_code(struct validator *v)
{
    enum { LOOK_BYTES = 1 << 12 };
    for (const uint8_t *looked = v->r.p; v->depth > 0;) {
        v->at = v->r.p;
        if ((size_t)(v->at - looked) >= LOOK_BYTES) {
            if (module_is_stopped(v->m, (uint64_t)(v->at - looked))) return FAIL(INTERRUPTED, NULL);
            looked = v->at;
        }
        if (v->r.p >= v->r.end) return FAIL(FUNCTION_END, NULL);
        if (!do_instruction(v) || v->r.failed) return false;
    }
    if (v->r.p != v->r.end)
        return reader_fail(&v->r, VM_ERROR_END_EXPECTED, v->r.p, "%zu bytes behind the function's end",
                           (size_t)(v->r.end - v->r.p));
    return true;
}

bool validate_body(struct validator *v, struct body *b, struct reader *r)
{
    if (!body_start(v, b, r) || !validate_code(v)) {
        r->failed = true;
        return false;
    }
    uint32_t results = v->m->types[b->type].results;
    b->locals = v->local_count;
    if (b->locals > v->m->most_locals) v->m->most_locals = b->locals;
    b->max_stack = v->max_height > results ? v->max_height : results;
    b->indirect_calls = v->indirect_calls;
    b->blocks = v->blocks;
    b->charges = v->charges;
    choose_pinned(v, b);
    if ((uint64_t)b->locals + b->max_stack + FRAME_HEADER_SLOTS > LIMIT_FRAME_SLOTS) {
        reader_fail(r, VM_ERROR_LIMIT, r->base + b->offset, "a frame of %u locals and %u operands, at most %u together",
                    b->locals, b->max_stack, LIMIT_FRAME_SLOTS - FRAME_HEADER_SLOTS);
        return false;
    }
    return true;
}
