/* Calls from C, and what handlers leave to C: host functions, gas that runs short, translation at the first call. */
#include <stdlib.h>

#include "base/array.h"
#include "vm/gas_groups.h"
#include "vm/runtime.h"
#include "vm/translate.h"

bool foreign_push(struct store *s, struct instance *i, const union word *pc, slot *fp)
{
    if (!array_grow(&s->foreign, s->foreign_count, &s->foreign_capacity, sizeof *s->foreign)) return false;
    s->foreign[s->foreign_count++] = (struct foreign_frame){i, pc, fp};
    return true;
}

/* Publishes code that any thread may have made; the first one wins, and what the others made is the same. */
static const union word *publish(_Atomic(const union word *) *to, const union word *expected, const union word *code)
{
    if (atomic_compare_exchange_strong(to, &expected, code)) return code;
    free((void *)(uintptr_t)code);
    return expected;
}

void execute_observe(struct store *s, uint32_t function, bool enter)
{
    const struct call_observer *o = &s->observer;
    if (enter && o->enter) o->enter(o->user, function, store_gas_left(s));
    else if (!enter && o->leave) o->leave(o->user, store_gas_left(s));
}

static bool stop_translation(void *store, uint64_t bytes)
{
    return !store_work(store, bytes * WORK_PER_BYTE);
}

const union word *execute_translate(struct instance *i, struct body *b, bool may_stop)
{
    struct translator *t = translator_new(i->module);
    const union word *code;
    uint32_t words;
    if (t && may_stop) translator_set_stop(t, stop_translation, i->store);
    const bool ok = t && translate_body(t, b, false, NULL, &code, &words);
    const bool stopped = t && translator_stopped(t);
    translator_free(t);
    if (!ok) {
        i->store->trap = stopped ? TRAP_INTERRUPTED : TRAP_NO_MEMORY;
        return NULL;
    }
    atomic_store(&b->words, words);
    return publish(&b->code, b->stub, code);
}

/* ---- host functions ------------------------------------------------------------------------------------------------ */

static void narrow_values(const uint8_t *types, uint32_t n, slot *values)
{
    for (uint32_t k = 0; k < n; k++)
        if (types[k] == TYPE_I32 || types[k] == TYPE_F32) values[k] = (uint32_t)values[k];
}

enum trap execute_host(struct store *s, struct instance *i, struct func *f, slot *values)
{
    const struct functype *t = f->type;
    if (f->has_f32) narrow_values(t->types, t->params, values);
    slot *sp = s->sp;
    /* code calls with its own stack; the embedder with an array, and the stack is free from where it was */
    if (i) s->sp = values + (t->params > t->results ? t->params : t->results);
    struct host_call call = {.store = s, .caller = i, .user = f->user};
    if (i) float_environment_leave(&s->floats);
    enum trap trap = f->host(&call, values);
    if (i) float_environment_enter(&s->floats);
    s->sp = sp;
    /* what it has left out, too: calls that it made were interrupted with this one */
    if (i && s->metered && trap != TRAP_SUSPENDED && store_look(s)) {
        trap = TRAP_INTERRUPTED;
        call.message = NULL;
    }
    s->trap_message = trap == TRAP_NONE ? NULL : call.message;
    narrow_values(t->types + t->params, t->results, values);
    return trap;
}

/* ---- gas ------------------------------------------------------------------------------------------------------------- */

static bool inside(const union word *pc, const union word *code, uint32_t words)
{
    return (uintptr_t)pc >= (uintptr_t)code && (uintptr_t)pc < (uintptr_t)(code + words);
}

/* The function whose code holds pc; `code` gets its start. */
static struct body *find_body(const struct module *m, const union word *pc, const union word **code, bool *exact)
{
    for (uint32_t k = 0; k < m->body_count; k++) {
        struct body *b = &m->bodies[k];
        *exact = false;
        *code = atomic_load(&b->code);
        if (*code != b->stub && inside(pc, *code, atomic_load(&b->words))) return b;
        *exact = true;
        *code = atomic_load(&b->exact);
        if (*code && inside(pc, *code, atomic_load(&b->exact_words))) return b;
    }
    return NULL;
}

static const union word *exact_code(struct translator *t, struct body *b)
{
    const union word *code = atomic_load(&b->exact);
    uint32_t words;
    if (code) return code;
    if (!translate_body(t, b, true, NULL, &code, &words)) return NULL;
    atomic_store(&b->exact_words, words);
    return publish(&b->exact, NULL, code);
}

const union word *execute_exact(struct instance *i, struct body *b)
{
    struct translator *t = translator_new(i->module);
    const union word *code = t ? exact_code(t, b) : NULL;
    translator_free(t);
    return code;
}

/* The stretch that starts at pc costs more than is left: go on in code that charges in smaller pieces. */
static const union word *to_exact_code(struct store *s, struct instance *i, const union word *pc)
{
    bool exact;
    const union word *code;
    struct body *b = find_body(i->module, pc, &code, &exact);
    struct translator *t = b ? translator_new(i->module) : NULL;
    struct location at;
    uint32_t position;
    const union word *to = NULL;
    if (t && translate_locate(t, b, exact, (uint32_t)(pc - code), &at)) {
        to = exact_code(t, b);
        if (to && !translate_stretch_position(t, b, true, at.stretch, &position, NULL)) to = NULL;
    }
    translator_free(t);
    if (to) return to + position;
    s->trap = TRAP_NO_MEMORY;
    return NULL;
}

/* Where the other code goes on if the charge before pc, in exact code, is the first of a stretch; *total is what that
 * costs. Null: it isn't. */
static const union word *plain_code(struct instance *i, const union word *pc, uint64_t *total)
{
    bool exact;
    const union word *code, *to = NULL;
    struct body *b = find_body(i->module, pc - 2, &code, &exact);
    struct translator *t = b && exact ? translator_new(i->module) : NULL;
    struct location at;
    uint32_t position;
    bool starts = t && translate_locate(t, b, true, (uint32_t)(pc - 2 - code), &at) && at.stretch != UINT32_MAX &&
                  translate_stretch_position(t, b, false, at.stretch, &position, total);
    translator_free(t);
    if (!starts) return NULL;
    to = atomic_load(&b->code);
    if (to == b->stub) to = execute_translate(i, b, false);
    return to ? to + position : NULL;
}

/* Whether the run is to stop when the threshold is reached; with C on its stack it goes on. */
static bool is_suspendable(const struct store *s)
{
    return s->suspend_floor && s->host_depth == 1 && s->foreign_count == 0;
}

/* Gives the register what a slice has, and takes the charge from that. */
static void hand_out(struct store *s, uint64_t left, uint64_t most, uint64_t charge)
{
    uint64_t slice = s->gas_slice + charge < most ? s->gas_slice + charge : most;
    s->gas = (int64_t)(slice - charge);
    s->gas_reserve = left - slice;
}

/* Exact code has more gas than it needs: a run was continued in it, or a slice ended there. Out of it at the next
 * stretch, for which every charge is looked at; but not for long. */
static const union word *leave_exact_code(struct store *s, struct instance *i, const union word *pc, uint64_t left,
                                          uint64_t most, uint64_t charge)
{
    enum { LOOKS = 64 };
    uint64_t total;
    const union word *to = s->starved < LOOKS ? plain_code(i, pc, &total) : NULL;
    if (to && total <= most) {
        s->starved = 0;
        hand_out(s, left, most, total);
        return to;
    }
    if (to || s->starved++ >= LOOKS) {
        s->starved = 0;
        hand_out(s, left, most, charge);
        return pc;
    }
    s->gas = 0;
    s->gas_reserve = left - charge;
    return pc;
}

const union word *execute_gas(struct store *s, struct instance *i, const union word *pc, bool exact)
{
    uint64_t charge = s->pending;
    s->gas += (int64_t)charge;
    if (store_look(s)) {
        s->trap = TRAP_INTERRUPTED;
        return NULL;
    }
    if (!s->scheduled) {
        s->gas = (int64_t)s->gas_slice;
        return pc;
    }
    const uint64_t left = (uint64_t)s->gas + s->gas_reserve;
    const bool stops = is_suspendable(s);
    const uint64_t most = !stops ? left : left > s->suspend_floor ? left - s->suspend_floor : 0;
    if (charge <= most) {
        if (exact) return leave_exact_code(s, i, pc, left, most, charge);
        hand_out(s, left, most, charge);
        return pc;
    }
    s->gas = (int64_t)most;
    s->gas_reserve = left - most;
    if (!exact) return to_exact_code(s, i, pc);
    if (stops) {
        s->suspended.pc = pc - 1;
        return &s->stub[STUB_SUSPEND];
    }
    s->short_of = left;
    s->short_at_once = false;
    s->gas = 0;
    s->trap = TRAP_OUT_OF_GAS;
    return NULL;
}

/* ---- traps ----------------------------------------------------------------------------------------------------------- */

static uint32_t stub_number(const struct store *s, const union word *pc)
{
    return pc >= s->stub && pc < s->stub + sizeof s->stub / sizeof s->stub[0] ? (uint32_t)(pc - s->stub) : UINT32_MAX;
}

/* Finds instruction and unspent gas of one frame. */
static bool locate(struct instance *i, const union word *pc, struct trap_frame *frame, uint64_t *unspent)
{
    bool exact;
    const union word *code;
    struct body *b = find_body(i->module, pc, &code, &exact);
    *frame = (struct trap_frame){.instance = i};
    *unspent = 0;
    if (!b) return false;
    frame->function = b->index;
    frame->offset = b->offset;
    struct translator *t = translator_new(i->module);
    struct location at = {0};
    bool ok = t && translate_locate(t, b, exact, (uint32_t)(pc - code), &at);
    translator_free(t);
    if (!ok) return false;
    frame->offset = at.offset;
    *unspent = at.unspent;
    return true;
}

/* The header of the function that pc is in: only the innermost frame needs a search. */
static uint32_t header_of(const struct instance *i, const union word *pc)
{
    bool exact;
    const union word *code;
    const struct body *b = find_body(i->module, pc, &code, &exact);
    return b ? b->locals : UINT32_MAX;
}

/* Walks from the stopped frame to where C called, recording frames. */
static void backtrace(struct store *s, uint32_t foreign_floor, struct trap_info *trap)
{
    struct instance *i = s->instance;
    const union word *pc = s->pc;
    slot *fp = s->fp;
    uint32_t foreign = s->foreign_count;
    uint64_t unspent;
    uint32_t stub = stub_number(s, pc);
    uint32_t header = stub == UINT32_MAX ? header_of(i, pc) : 0;
    for (;;) {
        if (stub == UINT32_MAX) {
            if (header == UINT32_MAX) return;
            if (trap->frames < BACKTRACE_FRAMES) locate(i, pc, &trap->frame[trap->frames++], &unspent);
            trap->depth++;
            const union word *to = (const union word *)(uintptr_t)fp[header];
            stub = stub_number(s, to);
            pc = to - 1;
            fp -= pc->delta;
            header = pc->header;
        }
        if (stub == UINT32_MAX) continue;
        if (stub < STUB_FOREIGN - 1 || foreign == foreign_floor) return;
        const struct foreign_frame *f = &s->foreign[--foreign];
        i = f->instance;
        fp = f->fp;
        pc = f->pc - 1;
        header = pc->header;
        stub = UINT32_MAX;
    }
}

/* Gas that the stopped stretch was charged for instructions that were not reached. */
static void give_back_unspent(struct store *s)
{
    /* a charge that did not fit was not taken; and a run is suspended where nothing is charged ahead */
    if (!s->scheduled || s->trap == TRAP_OUT_OF_GAS || s->trap == TRAP_SUSPENDED) return;
    if (s->trap == TRAP_INTERRUPTED && !s->inside_stretch) return;
    if (stub_number(s, s->pc) != UINT32_MAX) return;
    struct trap_frame frame;
    uint64_t unspent;
    /* without the memory to look, what was burnt would be wrong */
    if (locate(s->instance, s->pc, &frame, &unspent)) s->gas_reserve += unspent;
    else s->trap = TRAP_NO_MEMORY;
}

/* What failed to be paid. The stopped code charges at every border of the analysis, but also at others. */
static void describe_shortage(struct store *s, struct trap_info *trap)
{
    trap->gas_charge = s->pending;
    trap->gas_left = s->short_of;
    if (s->short_at_once || stub_number(s, s->pc) != UINT32_MAX) return;
    bool exact;
    const union word *code;
    struct module *m = s->instance->module;
    const struct body *b = find_body(m, s->pc, &code, &exact);
    struct translator *t = b ? translator_new(m) : NULL;
    struct location at;
    if (!t || !translate_locate(t, b, exact, (uint32_t)(s->pc - code), &at)) {
        s->trap = TRAP_NO_MEMORY;
    } else if (!at.frame_charge) {
        uint64_t left = s->short_of, charge = gas_failing_charge(m, b, at.offset, &left);
        if (charge == UINT64_MAX) s->trap = TRAP_NO_MEMORY;
        trap->gas_charge = charge;
        trap->gas_left = left;
    }
    translator_free(t);
}

static void describe_trap(struct store *s, uint32_t foreign_floor, struct trap_info *trap)
{
    give_back_unspent(s);
    if (!trap) return;
    if (s->trap == TRAP_OUT_OF_GAS && s->scheduled) describe_shortage(s, trap);
    trap->trap = s->trap;
    trap->message = s->trap_message ? s->trap_message : trap_text(s->trap);
    backtrace(s, foreign_floor, trap);
}

/* ---- calls ----------------------------------------------------------------------------------------------------------- */

static enum trap fail_call(struct trap_info *trap, enum trap which)
{
    if (trap) {
        trap->trap = which;
        trap->message = trap_text(which);
    }
    return which;
}

static enum trap call_host_directly(struct store *s, struct func *f, slot *values, struct trap_info *trap)
{
    s->host_depth++; /* it may call itself, through a table */
    enum trap result = execute_host(s, NULL, f, values);
    s->host_depth--;
    store_settle(s);
    if (result == TRAP_NONE) return result;
    fail_call(trap, result);
    if (trap && s->trap_message) trap->message = s->trap_message;
    return result;
}

/* What a nested call must leave as it was. */
struct saved_call {
    struct instance *instance;
    const union word *pc;
    slot *fp, *sp;
    uint32_t foreign_count;
    uint64_t stack_left;
    struct float_environment floats;
};

/* The stack keeps a run that was stopped until something else is called. One with C on its stack is not kept. */
static void note_suspension(struct store *s, slot *base, uint32_t function)
{
    if (s->host_depth || s->foreign_count) {
        s->trap = TRAP_INTERRUPTED;
        return;
    }
    s->suspended.stopped = true;
    s->suspended.in_registers = s->suspended.pc != NULL;
    s->suspended.pc = s->pc;
    s->suspended.fp = s->fp;
    s->suspended.base = base;
    s->suspended.instance = s->instance;
    s->suspended.function = function;
}

enum trap execute_run(struct store *s, struct instance *i, const union word *code, slot *base, slot *fp,
                      uint32_t function, struct trap_info *trap)
{
    const struct saved_call saved = {s->instance, s->pc, s->fp, s->sp, s->foreign_count, s->stack_left,
                                     s->floats};
    s->instance = i;
    s->host_depth++;
    s->suspended.stopped = s->suspended.restored = false;
    s->suspended.pc = NULL;
    s->inside_stretch = false;
    if (!s->metered) s->gas = INT64_MAX;
    float_environment_enter(&s->floats);
    s->dispatch->run(s, code, fp);
    float_environment_leave(&s->floats);
    s->host_depth--;
    if (s->trap == TRAP_SUSPENDED) note_suspension(s, base, function);
    if (s->trap != TRAP_NONE) describe_trap(s, saved.foreign_count, trap);
    s->instance = saved.instance;
    s->pc = saved.pc;
    s->fp = saved.fp;
    s->sp = saved.sp;
    s->foreign_count = saved.foreign_count;
    s->stack_left = saved.stack_left;
    s->floats = saved.floats;
    store_settle(s);
    /* where C is the caller, the threshold was not looked at */
    if (s->suspend_floor && s->scheduled && s->host_depth == 1) store_set_gas(s, store_gas_left(s));
    return s->trap; /* describing it may have failed */
}

enum trap func_call(struct store *s, struct func *f, slot *values, struct trap_info *trap)
{
    const struct functype *t = f->type;
    if (trap) *trap = (struct trap_info){0};
    s->trap_message = NULL;
    if (s->host_depth >= LIMIT_HOST_DEPTH) return fail_call(trap, TRAP_CALL_STACK_EXHAUSTED);
    narrow_values(t->types, t->params, values);
    if (!f->body) return call_host_directly(s, f, values, trap);
    uint32_t room = t->params > t->results ? t->params : t->results;
    if ((size_t)(s->stack_end - s->sp) < room) return fail_call(trap, TRAP_CALL_STACK_EXHAUSTED);
    slot *fp = s->sp;
    if (t->params) memcpy(fp, values, t->params * sizeof *fp);
    const union word *code = atomic_load_explicit(&f->body->code, memory_order_acquire);
    enum trap result = execute_run(s, f->instance, code, fp, fp, f->index, trap);
    if (result != TRAP_NONE) return result;
    if (t->results) memcpy(values, fp, t->results * sizeof *fp);
    narrow_values(t->types + t->params, t->results, values);
    return result;
}
