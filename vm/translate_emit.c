/* Code, labels and charges. */
#include "base/array.h"
#include "vm/translator.h"

bool grow(struct translator *t, void *array, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity || array_grow(array, count, capacity, size)) return true;
    t->failed = true;
    return false;
}

uint32_t emit(struct translator *t, enum operation op, uint32_t variant, uint32_t words)
{
    while (t->size + words > t->capacity)
        if (!grow(t, &t->code, t->capacity, &t->capacity, sizeof *t->code)) return 0;
    uint32_t position = t->size;
    memset(&t->code[position], 0, words * sizeof *t->code);
    t->code[position].p = t->handlers[t->first[op] + variant];
    t->size += words;
    if (op != OPERATION_CHARGE && op != OPERATION_CHARGE_EXACT) t->last = position;
    return position;
}

uint32_t new_label(struct translator *t)
{
    if (!grow(t, &t->labels, t->label_count, &t->label_capacity, sizeof *t->labels)) return 0;
    t->labels[t->label_count] = (struct label){NO_POSITION, 0};
    return t->label_count++;
}

void branch_to(struct translator *t, uint32_t operation, uint32_t where, uint32_t charge, uint32_t label, uint8_t kind)
{
    if (!grow(t, &t->fixups, t->fixup_count, &t->fixup_capacity, sizeof *t->fixups)) return;
    t->fixups[t->fixup_count++] = (struct fixup){operation, where, charge, label, kind};
}

static void charge_at(struct translator *t, uint32_t where, enum charge_kind kind)
{
    if (!grow(t, &t->charges, t->charge_count, &t->charge_capacity, sizeof *t->charges)) return;
    t->charges[t->charge_count++] = (struct charge){where, t->stretch_count - 1, (uint8_t)kind};
}

/* Where a run may be stopped, everything must be where the simulated stack says: what was emitted before is not
 * patched any more. */
static void settle(struct translator *t)
{
    t->last = NO_POSITION;
    for (unsigned i = 0; i < t->ints; i++) t->temporary[INTS][i].position = NO_POSITION;
    for (unsigned i = 0; i < t->floats; i++) t->temporary[FLOATS][i].position = NO_POSITION;
}

static void exact_charge(struct translator *t)
{
    settle(t);
    if (t->exact_position != NO_POSITION) t->code[t->exact_position].u = t->exact_cost;
    t->exact_cost = 0;
    t->exact_position = emit(t, OPERATION_CHARGE_EXACT, 0, 2) + 1;
}

void exact_border(struct translator *t)
{
    if (t->exact && t->exact_cost) exact_charge(t);
}

/* Begins stretch number stretch_count at the current position. */
static void open_stretch(struct translator *t)
{
    if (t->stretch_count) t->stretches[t->stretch_count - 1].total = t->cost;
    t->cost = 0;
    settle(t);
    if (!grow(t, &t->stretches, t->stretch_count, &t->stretch_capacity, sizeof *t->stretches)) return;
    t->stretches[t->stretch_count++] = (struct stretch){0, t->size};
    if (t->exact) exact_charge(t);
}

void next_stretch(struct translator *t, uint32_t where, enum charge_kind kind)
{
    if (!t->metered) return;
    if (where == NO_POSITION && !t->exact) where = emit(t, OPERATION_CHARGE, 0, 2) + 1;
    open_stretch(t);
    if (!t->exact && !t->failed) charge_at(t, where, kind);
}

/* Behind blocks that begin or end here and cost nothing: dispatchers may differ in what they emit for these. */
static const uint8_t *skip_free(const struct translator *t, const uint8_t *p)
{
    const uint64_t *cost = t->m->schedule.op;
    for (uint32_t depth = t->depth;;) {
        const uint8_t opcode = *p;
        int64_t type;
        if (cost[opcode]) return p;
        if (opcode == OPCODE_NOP) {
            p++;
        } else if (opcode == OPCODE_BLOCK) {
            p++;
            leb_read_s33(&p, t->r.end, &type);
            depth++;
        } else if (opcode == OPCODE_END && depth > 1) {
            p++;
            depth--;
        } else {
            return p;
        }
    }
}

void watch_charge(struct translator *t, const uint8_t *at)
{
    if (!t->watch || !t->exact || t->failed || t->dead || t->exact_position == NO_POSITION) return;
    if (t->exact_position + 1 != t->size || t->exact_cost) return;
    const struct translate_point p = {.kind = POINT_CHARGE, .position = t->exact_position - 1,
                                      .offset = (size_t)(skip_free(t, at) - t->r.base)};
    t->watch->point(t->watch->user, t, &p);
}

void watch_call(struct translator *t, struct translate_point p)
{
    if (!t->watch || t->failed) return;
    p.next = (size_t)(skip_free(t, t->r.p) - t->r.base);
    t->watch->point(t->watch->user, t, &p);
}

void place_label(struct translator *t, uint32_t label)
{
    if (t->failed) return;
    if (t->metered) {
        uint32_t start = t->stretches[t->stretch_count - 1].position + (t->exact ? 2 : 0);
        bool empty = t->cost == 0 && t->size == start;
        if (!empty || t->dead) {
            if (t->dead) open_stretch(t);
            else next_stretch(t, NO_POSITION, CHARGE_WORD);
        }
        if (t->failed) return;
        t->labels[label] = (struct label){t->exact ? t->stretches[t->stretch_count - 1].position : t->size,
                                          t->stretch_count - 1};
    } else {
        t->labels[label].position = t->size;
    }
}

void resolve(struct translator *t)
{
    if (t->stretch_count) t->stretches[t->stretch_count - 1].total = t->cost;
    if (t->exact && t->exact_position != NO_POSITION) t->code[t->exact_position].u = t->exact_cost;
    for (uint32_t i = 0; i < t->charge_count; i++) {
        const struct charge *c = &t->charges[i];
        uint64_t total = t->stretches[c->stretch].total;
        union word *w = &t->code[c->where];
        if (c->kind == CHARGE_WORD) w->u = total;
        else if (c->kind == CHARGE_FALL) w->fall = (uint32_t)total;
        else w->after = (uint32_t)total;
    }
    for (uint32_t i = 0; i < t->fixup_count; i++) {
        const struct fixup *f = &t->fixups[i];
        const struct label *l = &t->labels[f->label];
        int32_t distance = (int32_t)l->position - (int32_t)f->operation;
        if (f->kind == FIXUP_BRANCH) t->code[f->where].target = distance;
        else t->code[f->where].jump = distance;
        if (f->charge == NO_POSITION || !t->metered || t->exact) continue;
        uint32_t total = (uint32_t)t->stretches[l->stretch].total;
        if (f->kind == FIXUP_BRANCH) t->code[f->charge].taken = total;
        else t->code[f->charge].charge = total;
    }
}
