/* Instructions and blocks: a random walk over the operand stack. Each step takes operands from it if they fit, or
 * makes them; so values stay on the stack across blocks, calls and assignments. */
#include "fuzz/generator.h"

enum { DEEPEST = 400, SMALL = 6 };

void budget_check(struct generator *g)
{
    static const uint8_t code[] = {
        0x23, 0, 0x45, 0x04, 0x40, 0x00, 0x0b, /* global.get 0, i32.eqz, if, unreachable, end */
        0x23, 0, 0x41, 1, 0x6b, 0x24, 0,       /* global.get 0, i32.const 1, i32.sub, global.set 0 */
    };
    buffer_append(g->b, code, sizeof code);
}

static void body(struct generator *g, int instructions);

/* ---- conditions and labels --------------------------------------------------------------------------------------- */

static void push_condition(struct generator *g)
{
    static const struct {
        uint8_t first, count, type;
    } compares[] = {{0x46, 10, I32}, {0x51, 10, I64}, {0x5b, 6, F32}, {0x61, 6, F64}, {0x46, 10, I32}};
    uint32_t choice = choose(&g->c, 10);
    if (choice < 6) {
        uint32_t i = choose(&g->c, 5);
        push_value(g, compares[i].type, 1);
        push_value(g, compares[i].type, choice < 3 ? 0 : 1);
        g->height -= 2;
        put(g, (uint8_t)(compares[i].first + choose(&g->c, compares[i].count)));
        push_type(g, I32);
    } else {
        push_value(g, I32, 1);
    }
    if (chance(&g->c, 25)) put(g, 0x45); /* i32.eqz */
}

/* A depth that code here may branch to. */
static uint32_t choose_label(struct generator *g)
{
    uint32_t depth = choose(&g->c, chance(&g->c, 60) && g->labels > 3 ? 3 : (uint32_t)g->labels);
    while (g->label[g->labels - 1 - (int)depth].no_branch) depth++;
    return depth;
}

static const struct label *label_at(const struct generator *g, uint32_t depth)
{
    return &g->label[g->labels - 1 - (int)depth];
}

static void push_all(struct generator *g, const uint8_t *types, int n)
{
    for (int i = 0; i < n; i++) push_type(g, types[i]);
}

static void kill(struct generator *g)
{
    g->height = innermost(g)->base;
    innermost(g)->dead = true;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

struct block {
    uint8_t params, results;
    uint8_t type[2 * MAX_ARITY];
    uint64_t encoded; /* the block type as it stands in the code */
};

static struct block choose_block(struct generator *g)
{
    struct block b = {.encoded = 0x40};
    uint32_t choice = choose(&g->c, 10);
    if (choice < 3) return b;
    if (choice < 6 || g->o.near) {
        b.results = 1;
        b.type[0] = choose_type(g);
        b.encoded = b.type[0];
        return b;
    }
    uint32_t i = choose(&g->c, g->signatures);
    const struct signature *s = &g->signature[i];
    b.params = s->params;
    b.results = s->results;
    memcpy(b.type, s->type, sizeof b.type);
    b.encoded = i;
    return b;
}

static void open(struct generator *g, uint8_t opcode, const struct block *b)
{
    struct label *l = &g->label[g->labels++];
    *l = (struct label){.base = g->height};
    bool loop = opcode == 0x03;
    l->count = loop ? b->params : b->results;
    memcpy(l->type, loop ? b->type : b->type + b->params, l->count);
    put(g, opcode);
    put_u(g, b->encoded);
    push_all(g, b->type, b->params);
}

static void end(struct generator *g, const struct block *b)
{
    settle(g, b->type + b->params, b->results);
    put(g, 0x0b);
    g->labels--;
    push_all(g, b->type + b->params, b->results);
}

static int share(struct generator *g)
{
    return 1 + (int)choose(&g->c, 20) + g->left / 4;
}

static void block(struct generator *g)
{
    struct block b = choose_block(g);
    need(g, b.type, b.params);
    open(g, 0x02, &b);
    body(g, share(g));
    end(g, &b);
}

static void if_else(struct generator *g)
{
    struct block b = choose_block(g);
    need(g, b.type, b.params);
    /* the operands stay below the condition */
    push_all(g, b.type, b.params);
    push_condition(g);
    g->height -= 1 + b.params;
    bool same = b.params == b.results && memcmp(b.type, b.type + b.params, b.params) == 0;
    open(g, 0x04, &b);
    body(g, share(g));
    if (!same || chance(&g->c, 60)) {
        settle(g, b.type + b.params, b.results);
        put(g, 0x05);
        innermost(g)->dead = false;
        push_all(g, b.type, b.params);
        body(g, share(g));
    }
    end(g, &b);
}

/* A loop that anything may branch to: bounded by the budget. */
static void free_loop(struct generator *g)
{
    struct block b = choose_block(g);
    need(g, b.type, b.params);
    open(g, 0x03, &b);
    int loops = g->loops;
    g->loops = 0;
    budget_check(g);
    body(g, share(g));
    if (chance(&g->c, 50)) {
        settle(g, b.type, b.params);
        push_all(g, b.type, b.params);
        push_condition(g);
        g->height--;
        put(g, 0x0d);
        put_u(g, 0);
    }
    g->loops = loops;
    end(g, &b);
}

/* The last instructions of a counted loop, in the shapes that compilers make: pushes whether to go on. */
static void count_turn(struct generator *g, uint32_t counter, int32_t turns, bool down)
{
    put(g, 0x20);
    put_u(g, counter);
    put_i32(g, 1);
    put(g, down ? 0x6b : 0x6a);
    bool tee = chance(&g->c, 70);
    put(g, tee ? 0x22 : 0x21);
    put_u(g, counter);
    if (!tee) {
        put(g, 0x20);
        put_u(g, counter);
    }
    if (down) {
        if (chance(&g->c, 50)) {
            put_i32(g, 0);
            put(g, chance(&g->c, 50) ? 0x4a : 0x47); /* > signed, != */
        }
    } else {
        static const uint8_t compares[] = {0x48, 0x49, 0x47}; /* < signed, < unsigned, != */
        put_i32(g, turns);
        put(g, compares[choose(&g->c, 3)]);
    }
}

/* A loop of a fixed number of turns that only its own end repeats: no check inside. */
static void counted_loop(struct generator *g)
{
    struct block b = choose_block(g);
    uint32_t counter = g->locals + (uint32_t)g->counters;
    int32_t turns = 1 + (int32_t)choose(&g->c, 5);
    bool down = chance(&g->c, 50);
    put_i32(g, down ? turns : 0);
    put(g, 0x21);
    put_u(g, counter);
    need(g, b.type, b.params);
    open(g, 0x03, &b);
    innermost(g)->no_branch = true;
    g->loops++;
    g->counters++;
    body(g, share(g));
    settle(g, b.type, b.params);
    push_all(g, b.type, b.params);
    count_turn(g, counter, turns, down);
    put(g, 0x0d);
    put_u(g, 0);
    g->loops--;
    g->counters--;
    end(g, &b);
}

static void loop(struct generator *g)
{
    if (g->loops < MAX_LOOPS && g->counters < COUNTERS && chance(&g->c, 60)) counted_loop(g);
    else free_loop(g);
}

/* ---- branches and calls ------------------------------------------------------------------------------------------ */

static void br(struct generator *g)
{
    uint32_t depth = choose_label(g);
    const struct label *l = label_at(g, depth);
    need(g, l->type, l->count);
    put(g, 0x0c);
    put_u(g, depth);
    kill(g);
}

static void br_if(struct generator *g)
{
    uint32_t depth = choose_label(g);
    const struct label *l = label_at(g, depth);
    need(g, l->type, l->count);
    push_all(g, l->type, l->count);
    push_condition(g);
    g->height--;
    put(g, 0x0d);
    put_u(g, depth);
}

static void br_table(struct generator *g)
{
    uint32_t targets[MAX_LABELS];
    uint32_t n = 0;
    uint32_t last = choose_label(g);
    const struct label *l = label_at(g, last);
    for (uint32_t d = 0; d < (uint32_t)g->labels; d++) {
        const struct label *other = label_at(g, d);
        if (!other->no_branch && other->count == l->count && memcmp(other->type, l->type, l->count) == 0)
            targets[n++] = d;
    }
    uint32_t count = choose(&g->c, chance(&g->c, 5) ? 200 : 7);
    need(g, l->type, l->count);
    push_all(g, l->type, l->count);
    push_value(g, I32, 1);
    if (chance(&g->c, 70)) {
        put_i32(g, 7);
        put(g, 0x71); /* i32.and */
    }
    put(g, 0x0e);
    put_u(g, count);
    for (uint32_t i = 0; i < count; i++) put_u(g, targets[choose(&g->c, n)]);
    put_u(g, last);
    kill(g);
}

static void return_(struct generator *g)
{
    need(g, g->label[0].type, g->label[0].count);
    put(g, 0x0f);
    kill(g);
}

static void call(struct generator *g)
{
    uint32_t first = g->o.near ? g->imports : 0, f = first + choose(&g->c, g->functions - first);
    const struct signature *s = &g->signature[g->function[f]];
    need(g, s->type, s->params);
    put(g, 0x10);
    put_u(g, f);
    push_all(g, s->type + s->params, s->results);
}

static void call_indirect(struct generator *g)
{
    uint32_t element = choose(&g->c, TABLE_ELEMENTS);
    uint32_t type = g->function[g->element[element]];
    if (chance(&g->c, 4)) type = choose(&g->c, g->signatures);
    const struct signature *s = &g->signature[type];
    need(g, s->type, s->params);
    if (chance(&g->c, 3)) element += TABLE_ELEMENTS;
    put_i32(g, (int32_t)element);
    put(g, 0x11);
    put_u(g, type);
    put_u(g, 0);
    push_all(g, s->type + s->params, s->results);
}

/* ---- variables and memory ---------------------------------------------------------------------------------------- */

static void set_local(struct generator *g)
{
    uint32_t index;
    uint8_t type = choose_type(g);
    if (g->height > innermost(g)->base && chance(&g->c, 60)) type = g->stack[g->height - 1];
    if (!find_local(g, type, true, &index)) return;
    bool tee = chance(&g->c, 40);
    /* read it first, so that its old value is still on the stack when it changes */
    if (chance(&g->c, 30)) {
        put(g, 0x20);
        put_u(g, index);
        push_type(g, type);
        if (chance(&g->c, 80)) push_value(g, type, 1);
    }
    need(g, &type, 1);
    put(g, tee ? 0x22 : 0x21);
    put_u(g, index);
    if (tee) push_type(g, type);
}

static void set_global(struct generator *g)
{
    uint32_t index;
    uint8_t type = choose_type(g);
    if (!find_global(g, type, true, &index)) return;
    need(g, &type, 1);
    put(g, 0x24);
    put_u(g, index);
}

static void store(struct generator *g)
{
    static const struct {
        uint8_t opcode, type, align;
    } stores[] = {{0x36, I32, 2}, {0x37, I64, 3}, {0x38, F32, 2}, {0x39, F64, 3}, {0x3a, I32, 0},
                  {0x3b, I32, 1}, {0x3c, I64, 0}, {0x3d, I64, 1}, {0x3e, I64, 2}};
    uint32_t i = choose(&g->c, 9);
    push_address(g);
    push_value(g, stores[i].type, 2);
    g->height -= 2;
    if (g->o.portable && (stores[i].type == F32 || stores[i].type == F64)) canonicalise(g, stores[i].type);
    put(g, stores[i].opcode);
    put_u(g, choose(&g->c, stores[i].align + 1u));
    put_u(g, chance(&g->c, 98) ? choose(&g->c, 300) : choose_bits(&g->c) & 0xffffffff);
}

/* Three i32 operands for a bulk operation: to, from, how many; mostly in bounds. */
static void push_range(struct generator *g, uint32_t limit)
{
    for (int i = 0; i < 3; i++) {
        if (chance(&g->c, 95)) put_i32(g, (int32_t)choose(&g->c, limit));
        else {
            push_value(g, I32, 1);
            g->height--;
        }
    }
}

static void memory_operation(struct generator *g)
{
    switch (choose(&g->c, 7)) {
    case 0: /* memory.size */
        put(g, 0x3f);
        put(g, 0);
        push_type(g, I32);
        break;
    case 1: /* memory.grow */
        put_i32(g, chance(&g->c, 90) ? (int32_t)choose(&g->c, 2) : 70000);
        put(g, 0x40);
        put(g, 0);
        push_type(g, I32);
        break;
    case 2:
    case 3: /* memory.copy */
        push_range(g, 8000);
        buffer_append(g->b, (uint8_t[]){0xfc, 10, 0, 0}, 4);
        break;
    case 4: /* memory.fill */
        push_range(g, 8000);
        buffer_append(g->b, (uint8_t[]){0xfc, 11, 0}, 3);
        break;
    case 5: /* memory.init */
        push_range(g, 12);
        put(g, 0xfc);
        put(g, 8);
        put_u(g, choose(&g->c, DATA_SEGMENTS));
        put(g, 0);
        break;
    default: /* data.drop */
        if (!chance(&g->c, 20)) break;
        put(g, 0xfc);
        put(g, 9);
        put_u(g, choose(&g->c, DATA_SEGMENTS));
        break;
    }
}

static void table_operation(struct generator *g)
{
    /* table 0 stays as it is, for call_indirect, unless there is no other */
    uint32_t table = g->o.near ? 0 : 1 + choose(&g->c, 2);
    uint8_t type = table < 2 ? FUNCREF : EXTERNREF;
    switch (choose(&g->c, 8)) {
    case 0: /* table.set */
        put_i32(g, (int32_t)choose(&g->c, TABLE_ELEMENTS + 1));
        push_type(g, I32);
        push_value(g, type, 1);
        g->height -= 2;
        put(g, 0x26);
        put_u(g, table);
        break;
    case 1: /* table.size */
        put(g, 0xfc);
        put(g, 16);
        put_u(g, table);
        push_type(g, I32);
        break;
    case 2: /* table.grow */
        push_value(g, type, 1);
        g->height--;
        put_i32(g, (int32_t)choose(&g->c, 3));
        put(g, 0xfc);
        put(g, 15);
        put_u(g, table);
        push_type(g, I32);
        break;
    case 3: /* table.fill */
        put_i32(g, (int32_t)choose(&g->c, 10));
        push_type(g, I32);
        push_value(g, type, 1);
        g->height -= 2;
        put_i32(g, (int32_t)choose(&g->c, 8));
        put(g, 0xfc);
        put(g, 17);
        put_u(g, table);
        break;
    case 4: /* table.copy */
        push_range(g, 8);
        put(g, 0xfc);
        put(g, 14);
        put_u(g, table);
        put_u(g, g->o.near ? 0 : table == 1 ? choose(&g->c, 2) : 2);
        break;
    case 5: /* table.init */
        push_range(g, 4);
        put(g, 0xfc);
        put(g, 12);
        put_u(g, 1);
        put_u(g, g->o.near ? 0 : 1);
        break;
    case 6: /* elem.drop */
        if (!chance(&g->c, 20)) break;
        put(g, 0xfc);
        put(g, 13);
        put_u(g, 1);
        break;
    default: /* ref.is_null */
        push_value(g, type, 1);
        g->height--;
        put(g, 0xd1);
        push_type(g, I32);
        break;
    }
}

static void select(struct generator *g)
{
    uint8_t type = choose_type(g);
    if (g->height > innermost(g)->base && chance(&g->c, 50)) type = g->stack[g->height - 1];
    const uint8_t types[2] = {type, type};
    need(g, types, 2);
    push_all(g, types, 2);
    push_condition(g);
    g->height -= 3;
    if (is_reference(type) || chance(&g->c, 20)) {
        put(g, 0x1c);
        put(g, 1);
        put(g, type);
    } else {
        put(g, 0x1b);
    }
    push_type(g, type);
}

/* ---- the walk ---------------------------------------------------------------------------------------------------- */

/* Many values at once, so that the stack gets deep. */
static void burst(struct generator *g)
{
    int n = 10 + (int)choose(&g->c, 60);
    uint8_t type = choose_type(g);
    bool same = chance(&g->c, 50);
    for (int i = 0; i < n; i++) push_value(g, same ? type : choose_type(g), i % 5 == 0);
}

static void nest(struct generator *g)
{
    uint32_t n = choose(&g->c, 40);
    struct block b = {.encoded = 0x40};
    uint32_t opened = 0;
    for (; opened < n && g->labels < MAX_LABELS - 4; opened++) open(g, 0x02, &b);
    body(g, share(g));
    for (; opened; opened--) end(g, &b);
}

static void step(struct generator *g)
{
    bool shallow = g->labels < MAX_LABELS - 8 && g->left > 0;
    g->left--;
    if (g->height > DEEPEST) {
        discard(g);
        return;
    }
    if (chance(&g->c, (uint32_t)g->appetite)) {
        push_value(g, choose_type(g), 2);
        return;
    }
    uint32_t choice = choose(&g->c, 100);
    if (choice < 26) numeric(g, 0, 1);
    else if (choice < 42) set_local(g);
    else if (choice < 45) set_global(g);
    else if (choice < 53) store(g);
    else if (choice < 63) shallow ? block(g) : set_local(g);
    else if (choice < 69) shallow ? if_else(g) : set_local(g);
    else if (choice < 74) shallow ? loop(g) : set_local(g);
    else if (choice < 80) br_if(g);
    else if (choice < 82) br_table(g);
    else if (choice < 83) br(g);
    else if (choice < 84) chance(&g->c, 30) ? return_(g) : br_if(g);
    else if (choice < 88) call(g);
    else if (choice < 90) call_indirect(g);
    else if (choice < 94) select(g);
    else if (choice < 96) memory_operation(g);
    else if (choice < 97) table_operation(g);
    else if (choice < 98) chance(&g->c, 20) && shallow ? nest(g) : burst(g);
    else if (choice < 99 && g->height > innermost(g)->base) discard(g);
    else if (chance(&g->c, 3)) {
        put(g, 0x00);
        kill(g);
    } else {
        put(g, 0x01);
    }
}

static void body(struct generator *g, int instructions)
{
    int stop = g->left - instructions;
    if (stop < 0) stop = 0;
    while (g->left > stop) {
        if (innermost(g)->dead && chance(&g->c, 60)) break;
        step(g);
    }
}

void generate_body(struct generator *g, const struct signature *s, int instructions)
{
    g->height = 0;
    g->labels = 1;
    g->loops = 0;
    g->counters = 0;
    g->left = instructions;
    g->appetite = (int)choose(&g->c, 50);
    g->label[0] = (struct label){.count = s->results};
    memcpy(g->label[0].type, s->type + s->params, s->results);
    budget_check(g);
    body(g, instructions);
    settle(g, s->type + s->params, s->results);
    put(g, 0x0b);
}
