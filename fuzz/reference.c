/* Execution, one instruction at a time. */
#include "fuzz/reference.h"

#include "base/leb128.h"
#include "fuzz/reference_state.h"

#include <stdlib.h>

struct control {
    const uint8_t *start;      /* of a loop's body; null: not a loop */
    const uint8_t *end;        /* behind the block */
    size_t height;             /* of the stack below its values */
    uint32_t branch_arity;
};

struct frame {
    struct reference_function *f;
    uint64_t *local;
    const uint8_t *p;
    struct control control[80];
    uint32_t controls;
};

static uint32_t read_u(struct frame *x)
{
    uint32_t v = 0;
    leb_read_u32(&x->p, x->f->end, &v);
    return v;
}

static int64_t read_s(struct frame *x)
{
    int64_t v = 0;
    leb_read_s64(&x->p, x->f->end, &v);
    return v;
}

/* ---- control ----------------------------------------------------------------------------------------------------- */

static void move_down(struct reference *r, size_t height, uint32_t n)
{
    memmove(r->stack + height, r->stack + r->height - n, n * sizeof *r->stack);
    r->height = height + n;
}

static void branch(struct reference *r, struct frame *x, uint32_t depth)
{
    x->controls -= depth;
    struct control *c = &x->control[x->controls - 1];
    move_down(r, c->height, c->branch_arity);
    if (c->start) {
        x->p = c->start;
        r->fuel++; /* the loop instruction again */
    } else {
        x->p = c->end;
        x->controls--;
    }
}

static void enter(struct reference *r, struct frame *x, uint8_t opcode, const uint8_t *at)
{
    int64_t type = 0;
    leb_read_s33(&x->p, x->f->end, &type);
    uint32_t params = 0, results = type == -64 ? 0 : 1;
    if (type >= 0) {
        params = r->type[type].params;
        results = r->type[type].results;
    }
    bool taken = opcode != 0x04 || (uint32_t)ref_pop(r) != 0;
    size_t offset = (size_t)(at - x->f->code);
    struct control *c = &x->control[x->controls++];
    c->start = opcode == 0x03 ? x->p : NULL;
    c->end = x->f->code + x->f->match[offset] + 1;
    c->height = r->height - params;
    c->branch_arity = opcode == 0x03 ? params : results;
    if (taken) return;
    if (x->f->match_else[offset]) x->p = x->f->code + x->f->match_else[offset] + 1;
    else x->p = c->end - 1;
}

static void br_table(struct reference *r, struct frame *x)
{
    uint32_t i = (uint32_t)ref_pop(r), n = read_u(x), depth = 0;
    for (uint32_t k = 0; k <= n; k++) {
        uint32_t d = read_u(x);
        if (k == i || k == n) {
            depth = d;
            break;
        }
    }
    branch(r, x, depth);
}

static bool invoke(struct reference *r, uint32_t function)
{
    const struct functype *t = &r->function[function].type;
    r->height -= t->params;
    uint64_t values[64];
    memcpy(values, r->stack + r->height, t->params * sizeof *values);
    enum trap trap = reference_call(r, function, values);
    if (trap != TRAP_NONE) return ref_trap(r, trap);
    memcpy(r->stack + r->height, values, t->results * sizeof *values);
    r->height += t->results;
    return true;
}

static bool call_indirect(struct reference *r, struct frame *x)
{
    uint32_t type = read_u(x), table = read_u(x), i = (uint32_t)ref_pop(r);
    if (i >= r->table[table].size) return ref_trap(r, TRAP_UNDEFINED_ELEMENT);
    uint64_t f = r->table[table].element[i];
    if (f == 0) return ref_trap(r, TRAP_UNINITIALIZED_ELEMENT);
    if (!functype_equal(&r->function[f - 1].type, &r->type[type])) return ref_trap(r, TRAP_INDIRECT_CALL_TYPE);
    return invoke(r, (uint32_t)f - 1);
}

/* ---- memory and tables ------------------------------------------------------------------------------------------- */

static const struct access {
    uint8_t bytes;
    bool is_signed, is64;
} accesses[] = { /* 0x28 to 0x3e */
    {4, 0, 0}, {8, 0, 1}, {4, 0, 0}, {8, 0, 1}, {1, 1, 0}, {1, 0, 0}, {2, 1, 0}, {2, 0, 0}, {1, 1, 1}, {1, 0, 1},
    {2, 1, 1}, {2, 0, 1}, {4, 1, 1}, {4, 0, 1}, {4, 0, 0}, {8, 0, 1}, {4, 0, 0}, {8, 0, 1}, {1, 0, 0}, {2, 0, 0},
    {1, 0, 1}, {2, 0, 1}, {4, 0, 1},
};

static bool memory_access(struct reference *r, struct frame *x, uint8_t opcode)
{
    struct access a = accesses[opcode - 0x28];
    bool is_store = opcode >= 0x36;
    read_u(x);
    uint64_t offset = read_u(x);
    uint64_t value = is_store ? ref_pop(r) : 0;
    uint64_t address = (uint32_t)ref_pop(r) + offset;
    if (address + a.bytes > (uint64_t)r->pages * 65536) return ref_trap(r, TRAP_MEMORY_BOUNDS);
    if (is_store) {
        for (unsigned i = 0; i < a.bytes; i++) r->memory[address + i] = (uint8_t)(value >> 8 * i);
        return true;
    }
    for (unsigned i = 0; i < a.bytes; i++) value |= (uint64_t)r->memory[address + i] << 8 * i;
    unsigned bits = a.bytes * 8;
    if (a.is_signed && (value >> (bits - 1) & 1)) value |= UINT64_MAX << bits;
    ref_push(r, a.is64 ? value : (uint32_t)value);
    return true;
}

bool reference_grow(struct reference *r, uint32_t pages)
{
    if (pages > r->max_pages - r->pages) return false;
    r->pages += pages;
    return true;
}

static bool bulk_memory(struct reference *r, struct frame *x, uint32_t number)
{
    struct reference_segment *s = NULL;
    if (number == 8 || number == 9) s = &r->data[read_u(x)];
    if (number == 9) {
        s->count = 0;
        return true;
    }
    read_u(x);
    if (number == 10) read_u(x);
    uint64_t n = (uint32_t)ref_pop(r), from = (uint32_t)ref_pop(r), to = (uint32_t)ref_pop(r);
    uint64_t size = (uint64_t)r->pages * 65536;
    if (to + n > size || (number == 10 && from + n > size) || (number == 8 && from + n > s->count))
        return ref_trap(r, TRAP_MEMORY_BOUNDS);
    if (number == 11) memset(r->memory + to, (int)(from & 0xff), n);
    else memmove(r->memory + to, (number == 8 ? s->data : r->memory) + from, n);
    return true;
}

static bool bulk_table(struct reference *r, struct frame *x, uint32_t number)
{
    uint32_t first = read_u(x);
    if (number == 13) {
        r->element[first].count = 0;
        return true;
    }
    uint32_t second = number == 12 || number == 14 ? read_u(x) : 0;
    if (number == 16) {
        ref_push(r, r->table[first].size);
        return true;
    }
    if (number == 15) { /* table.grow */
        uint32_t n = (uint32_t)ref_pop(r), old = r->table[first].size;
        uint64_t value = ref_pop(r);
        bool fits = n <= r->table[first].max - old;
        for (uint32_t i = 0; fits && i < n; i++) r->table[first].element[old + i] = value;
        if (fits) r->table[first].size += n;
        ref_push(r, fits ? old : UINT32_MAX);
        return true;
    }
    uint64_t n = (uint32_t)ref_pop(r);
    if (number == 17) { /* table.fill */
        uint64_t value = ref_pop(r), to = (uint32_t)ref_pop(r);
        if (to + n > r->table[first].size) return ref_trap(r, TRAP_TABLE_BOUNDS);
        for (uint64_t i = 0; i < n; i++) r->table[first].element[to + i] = value;
        return true;
    }
    uint64_t from = (uint32_t)ref_pop(r), to = (uint32_t)ref_pop(r);
    /* table.init: segment, table; table.copy: to, from */
    uint32_t table = number == 12 ? second : first;
    uint64_t there = number == 12 ? r->element[first].count : r->table[second].size;
    const uint64_t *source = number == 12 ? r->element[first].refs : r->table[second].element;
    if (from + n > there || to + n > r->table[table].size) return ref_trap(r, TRAP_TABLE_BOUNDS);
    memmove(r->table[table].element + to, source + from, n * sizeof *source);
    return true;
}

static bool table_access(struct reference *r, struct frame *x, bool set)
{
    uint32_t table = read_u(x);
    uint64_t value = set ? ref_pop(r) : 0;
    uint32_t i = (uint32_t)ref_pop(r);
    if (i >= r->table[table].size) return ref_trap(r, TRAP_TABLE_BOUNDS);
    if (set) r->table[table].element[i] = value;
    else ref_push(r, r->table[table].element[i]);
    return true;
}

static bool prefixed(struct reference *r, struct frame *x)
{
    uint32_t number = read_u(x);
    if (number < 8) return reference_saturating(r, number);
    return number < 12 ? bulk_memory(r, x, number) : bulk_table(r, x, number);
}

/* ---- instructions ------------------------------------------------------------------------------------------------ */

static bool simple(struct reference *r, struct frame *x, uint8_t opcode)
{
    uint64_t a, b, c;
    switch (opcode) {
    case 0x1a: r->height--; return true;
    case 0x1c: x->p += 2; /* fall through */
    case 0x1b:
        c = ref_pop(r), b = ref_pop(r), a = ref_pop(r);
        ref_push(r, (uint32_t)c ? a : b);
        return true;
    case 0x20: ref_push(r, x->local[read_u(x)]); return true;
    case 0x21: x->local[read_u(x)] = ref_pop(r); return true;
    case 0x22: x->local[read_u(x)] = r->stack[r->height - 1]; return true;
    case 0x23: ref_push(r, r->global[read_u(x)]); return true;
    case 0x24: r->global[read_u(x)] = ref_pop(r); return true;
    case 0x25: return table_access(r, x, false);
    case 0x26: return table_access(r, x, true);
    case 0x3f:
        x->p++;
        ref_push(r, r->pages);
        return true;
    case 0x40:
        x->p++;
        a = r->pages;
        b = reference_grow(r, (uint32_t)ref_pop(r));
        ref_push(r, b ? a : UINT32_MAX);
        return true;
    case 0x41: ref_push(r, (uint32_t)(uint64_t)read_s(x)); return true;
    case 0x42: ref_push(r, (uint64_t)read_s(x)); return true;
    case 0x43:
        ref_push(r, load_le32(x->p));
        x->p += 4;
        return true;
    case 0x44:
        ref_push(r, load_le64(x->p));
        x->p += 8;
        return true;
    case 0xd0:
        x->p++;
        ref_push(r, 0);
        return true;
    case 0xd1: ref_push(r, ref_pop(r) == 0); return true;
    case 0xd2: ref_push(r, read_u(x) + UINT64_C(1)); return true;
    case 0xfc: return prefixed(r, x);
    default: break;
    }
    return opcode >= 0x28 && opcode <= 0x3e ? memory_access(r, x, opcode) : reference_numeric(r, opcode);
}

/* Runs until the function's end; its results are on top of the stack. */
static bool run(struct reference *r, struct frame *x)
{
    for (;;) {
        const uint8_t *at = x->p;
        uint8_t opcode = *x->p++;
        uint32_t depth;
        bool ok = true;
        r->fuel += opcode != 0x02 && opcode != 0x05 && opcode != 0x0b;
        switch (opcode) {
        case 0x00: return ref_trap(r, TRAP_UNREACHABLE);
        case 0x01: break;
        case 0x02: case 0x03: case 0x04: enter(r, x, opcode, at); break;
        case 0x05: /* the end of the first part of an if: goes on behind the block */
            x->p = x->control[--x->controls].end;
            break;
        case 0x0b: x->controls--; break;
        case 0x0c: branch(r, x, read_u(x)); break;
        case 0x0d:
            depth = read_u(x);
            if ((uint32_t)ref_pop(r)) branch(r, x, depth);
            break;
        case 0x0e: br_table(r, x); break;
        case 0x0f: branch(r, x, x->controls - 1); break;
        case 0x10: ok = invoke(r, read_u(x)); break;
        case 0x11: ok = call_indirect(r, x); break;
        default: ok = simple(r, x, opcode); break;
        }
        if (!ok) return false;
        if (x->controls == 0) return true;
    }
}

enum trap reference_call(struct reference *r, uint32_t function, uint64_t *values)
{
    struct reference_function *f = &r->function[function];
    if (function < r->imports) return r->host(r, r->user, function, &f->type, values);
    if (r->depth >= REFERENCE_MAX_DEPTH) return TRAP_CALL_STACK_EXHAUSTED;
    struct frame *x = malloc(sizeof *x);
    uint64_t *local = calloc(f->locals + 1u, sizeof *local);
    enum trap trap = TRAP_NO_MEMORY;
    if (x && local) {
        memcpy(local, values, f->type.params * sizeof *values);
        *x = (struct frame){.f = f, .local = local, .p = f->code, .controls = 1};
        x->control[0] = (struct control){.end = f->end, .height = r->height, .branch_arity = f->type.results};
        size_t height = r->height;
        r->depth++;
        trap = run(r, x) ? TRAP_NONE : r->trap;
        r->depth--;
        r->height = height;
        if (trap == TRAP_NONE) memcpy(values, r->stack + height, f->type.results * sizeof *values);
    }
    free(local);
    free(x);
    return trap;
}

uint64_t reference_fuel_used(const struct reference *r)
{
    return r->fuel;
}

uint8_t *reference_memory(struct reference *r, size_t *size)
{
    *size = (size_t)r->pages * 65536;
    return r->memory;
}

uint64_t reference_global(const struct reference *r, uint32_t i)
{
    return r->global[i];
}

uint32_t reference_table_size(const struct reference *r, uint32_t i)
{
    return r->table[i].size;
}
