#include "vm/gas_groups.h"

#include <stdlib.h>

#include "base/array.h"
#include "vm/opcodes.h"
#include "vm/reader.h"
#include "vm/validate.h"

/* A block while its instructions are read. */
struct gas_frame {
    bool dead;                     /* behind an unconditional branch, in it or around it */
    bool loop;
    bool targeted;                 /* of a block, if or function: its end is a border */
    uint32_t before, after;        /* of a loop: its marks, borders once it is branched to */
};

/* A cost noted at an offset; up to three at one. */
struct gas_mark {
    uint32_t offset;
    uint8_t kind;
    uint64_t cost;
};

struct gas_analysis {
    const struct module *m;
    struct reader r;
    struct error ignored;          /* the body is valid: reading cannot fail */
    struct gas_mark *marks;
    uint32_t count, capacity;
    struct gas_frame *frames;
    uint32_t depth, frame_capacity;
    bool scheduled;                /* a mark that goes to the next instruction's offset */
    struct gas_mark next;
    uint32_t offset;
    bool failed;
};

static struct gas_frame *top_frame(struct gas_analysis *g)
{
    return &g->frames[g->depth - 1];
}

static void mark(struct gas_analysis *g, enum gas_kind kind, uint64_t cost)
{
    if (!array_grow(&g->marks, g->count, &g->capacity, sizeof *g->marks)) {
        g->failed = true;
        return;
    }
    g->marks[g->count++] = (struct gas_mark){g->offset, (uint8_t)kind, cost};
}

static void mark_before(struct gas_analysis *g, enum gas_kind kind, uint64_t cost)
{
    mark(g, top_frame(g)->dead ? GAS_UNREACHABLE : kind, cost);
}

static void mark_after(struct gas_analysis *g, enum gas_kind kind, uint64_t cost)
{
    g->scheduled = true;
    g->next = (struct gas_mark){0, (uint8_t)kind, cost};
}

static void side_effect(struct gas_analysis *g, uint64_t cost)
{
    mark_before(g, GAS_BEFORE_BORDER, cost);
    mark_after(g, GAS_AFTER_BORDER, 0);
}

static void open_frame(struct gas_analysis *g, struct gas_frame f)
{
    if (!array_grow(&g->frames, g->depth, &g->frame_capacity, sizeof *g->frames)) {
        g->failed = true;
        return;
    }
    f.dead = g->depth > 0 && top_frame(g)->dead;
    g->frames[g->depth++] = f;
}

/* Branches in unreachable code count, too. */
static void target(struct gas_analysis *g, uint32_t label)
{
    struct gas_frame *f = &g->frames[g->depth - 1 - label];
    if (!f->loop) {
        f->targeted = true;
        return;
    }
    g->marks[f->before].kind = GAS_BEFORE_BORDER;
    if (f->after < g->count) g->marks[f->after].kind = GAS_AFTER_BORDER;
}

static void read_loop(struct gas_analysis *g, uint64_t cost)
{
    struct gas_frame f = {.loop = true, .before = g->count};
    mark_before(g, GAS_PURE, 0);
    f.after = g->count;
    mark_after(g, GAS_PURE, cost);
    open_frame(g, f);
}

static void read_end(struct gas_analysis *g, uint64_t cost)
{
    const struct gas_frame *f = top_frame(g);
    if (!f->loop && f->targeted) side_effect(g, cost);
    else mark_before(g, GAS_PURE, cost);
    g->depth--;
}

static void read_br_table(struct gas_analysis *g, uint64_t cost)
{
    side_effect(g, cost);
    for (uint32_t n = read_u32(&g->r) + 1; n > 0; n--) target(g, read_u32(&g->r));
    top_frame(g)->dead = true;
}

/* What is neither a block nor a branch. */
static void read_plain(struct gas_analysis *g, const struct opcode_info *info, uint64_t cost)
{
    opcode_skip_immediate(&g->r, info);
    if (info->effect == EFFECT_BULK) {
        mark_before(g, GAS_BULK, cost);
        mark_after(g, GAS_AFTER_BORDER, 0);
    } else if (info->effect == EFFECT_TRAP) {
        side_effect(g, cost);
    } else {
        mark_before(g, GAS_PURE, cost);
    }
}

static void read_control(struct gas_analysis *g, uint32_t opcode, const struct opcode_info *info, uint64_t cost)
{
    if (opcode != OPCODE_BR && opcode != OPCODE_BR_IF && opcode != OPCODE_BR_TABLE) opcode_skip_immediate(&g->r, info);
    switch (opcode) {
    case OPCODE_UNREACHABLE:
        mark_before(g, GAS_BEFORE_BORDER, cost);
        mark_after(g, GAS_UNREACHABLE, 0);
        top_frame(g)->dead = true;
        break;
    case OPCODE_BLOCK:
        mark_before(g, GAS_PURE, cost);
        open_frame(g, (struct gas_frame){0});
        break;
    case OPCODE_LOOP: read_loop(g, cost); break;
    case OPCODE_IF:
        side_effect(g, cost);
        open_frame(g, (struct gas_frame){.targeted = true});
        break;
    case OPCODE_ELSE:
        g->depth--;
        open_frame(g, (struct gas_frame){.targeted = true});
        side_effect(g, cost);
        break;
    case OPCODE_END: read_end(g, cost); break;
    case OPCODE_BR_TABLE: read_br_table(g, cost); break;
    default: /* br, br_if, return */
        side_effect(g, cost);
        target(g, opcode == OPCODE_RETURN ? g->depth - 1 : read_u32(&g->r));
        if (opcode != OPCODE_BR_IF) top_frame(g)->dead = true;
    }
}

static void read_instruction(struct gas_analysis *g)
{
    g->offset = (uint32_t)reader_offset(&g->r);
    if (g->scheduled) mark(g, g->next.kind, g->next.cost);
    g->scheduled = false;
    uint32_t opcode = read_byte(&g->r);
    if (opcode == 0xfc) opcode = 0xfc00 + read_u32(&g->r);
    const struct opcode_info *info = opcode_find(opcode);
    if (!info || g->failed) {
        g->failed = true;
        return;
    }
    uint64_t cost = opcode < 256 ? g->m->schedule.op[opcode] : g->m->schedule.op_fc[opcode & 31];
    if (info->effect == EFFECT_BULK) cost += g->m->schedule.linear_base;
    if (info->effect == EFFECT_CONTROL || info->effect == EFFECT_RETURN) read_control(g, opcode, info, cost);
    else read_plain(g, info, cost);
}

static enum gas_kind merge_at_one_place(enum gas_kind a, enum gas_kind b)
{
    if (a == GAS_UNREACHABLE || b == GAS_UNREACHABLE) return GAS_UNREACHABLE;
    if (a == GAS_PURE || b == GAS_BULK) return b;
    if (b == GAS_PURE || a == b) return a;
    return GAS_BETWEEN;
}

/* The kind of a group that goes on with `b`; false: a new one begins. */
static bool merge_across(enum gas_kind a, enum gas_kind b, enum gas_kind *merged)
{
    *merged = b;
    if (a == GAS_PURE) return b == GAS_PURE || b == GAS_BEFORE_BORDER;
    if (a == GAS_UNREACHABLE) return b == GAS_UNREACHABLE;
    if (a != GAS_AFTER_BORDER || (b != GAS_PURE && b != GAS_BEFORE_BORDER)) return false;
    *merged = b == GAS_PURE ? GAS_AFTER_BORDER : GAS_BETWEEN;
    return true;
}

static bool collect(const struct gas_analysis *g, struct gas_point **out, uint32_t *count)
{
    struct gas_point *points = malloc((g->count + 1) * sizeof *points);
    if (!points) return false;
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        const struct gas_mark *k = &g->marks[i];
        if (n && points[n - 1].offset == k->offset) {
            points[n - 1].kind = (uint8_t)merge_at_one_place(points[n - 1].kind, k->kind);
            points[n - 1].cost += k->cost;
        } else {
            points[n++] = (struct gas_point){.offset = k->offset, .kind = k->kind, .cost = k->cost};
        }
    }
    uint32_t group = 0;
    for (uint32_t i = 0; i < n; i++) {
        enum gas_kind merged;
        points[i].first = i == 0 || !merge_across(points[group].kind, points[i].kind, &merged);
        if (points[i].first) group = i;
        else points[group].kind = (uint8_t)merged;
    }
    *out = points;
    *count = n;
    return true;
}

bool gas_points(const struct module *m, const struct body *b, struct gas_point **points, uint32_t *count)
{
    struct gas_analysis g = {.m = m};
    uint8_t *types = malloc((size_t)m->most_locals + 1);
    const uint8_t *start = m->bytes.data + b->offset;
    g.r = (struct reader){.p = start, .end = start + b->size, .base = m->bytes.data, .e = &g.ignored};
    if (types) read_locals(&g.r, m, &m->types[b->type], types);
    open_frame(&g, (struct gas_frame){0});
    g.failed |= !types;
    free(types);
    while (g.depth > 0 && !g.failed) read_instruction(&g);
    bool ok = !g.failed && collect(&g, points, count);
    free(g.marks);
    free(g.frames);
    return ok;
}

uint64_t gas_failing_charge(const struct module *m, const struct body *b, size_t offset, uint64_t *gas)
{
    struct gas_point *points;
    uint32_t count, i = 0;
    if (!gas_points(m, b, &points, &count)) return UINT64_MAX;
    while (i < count && points[i].offset < offset) i++;
    /* what stands before it in its group has been charged already, but is part of the charge that fails */
    while (i > 0 && i < count && !points[i].first) *gas += points[--i].cost;
    uint64_t charge = 0;
    for (; i < count; i++) {
        charge += points[i].cost;
        if (i + 1 < count && !points[i + 1].first) continue;
        if (charge > *gas) break;
        *gas -= charge;
        charge = 0;
    }
    free(points);
    return charge;
}
