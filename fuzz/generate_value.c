/* Values: constants, operands made or found on the stack, and ways to use them up. */
#include "fuzz/generator.h"

bool is_reference(uint8_t type)
{
    return type == FUNCREF || type == EXTERNREF;
}

uint8_t choose_type(struct generator *g)
{
    static const uint8_t types[] = {I32, I64, I32, F64, I32, F32, I64, I32, FUNCREF, EXTERNREF};
    return types[choose(&g->c, chance(&g->c, 90) ? 8 : g->o.near ? 9 : 10)];
}

void put(struct generator *g, uint8_t byte)
{
    buffer_append_byte(g->b, byte);
}

void put_u(struct generator *g, uint64_t v)
{
    leb_write_u64(g->b, v);
}

void put_s(struct generator *g, int64_t v)
{
    leb_write_s64(g->b, v);
}

void put_i32(struct generator *g, int32_t v)
{
    put(g, 0x41);
    put_s(g, v);
}

/* ---- constants --------------------------------------------------------------------------------------------------- */

static const int64_t integers[] = {
    0, 1, -1, 2, 3, 5, 7, 8, 10, 16, 31, 32, 33, 63, 64, 65, 100, 127, 128, 255, 256, -128, 1000, 0x7fff, 0x8000, -0x8000,
    0xffff, 0x10000, 0x7fffffff, -0x80000000LL, 0xffffffffLL, 0x100000000LL, INT64_MAX, INT64_MIN, 0x123456789abcdefLL,
};
static const uint64_t doubles[] = {
    0, 0x8000000000000000u, 0x3ff0000000000000u, 0xbff0000000000000u, 0x3fe0000000000000u, 0x3fdfffffffffffffu,
    0x4004000000000000u, 0x40e0000000000000u, 0x41dfffffffc00000u, 0xc1e0000000000000u, 0x43e0000000000000u,
    0xc3e0000000000000u, 0x41efffffffe00000u, 0x7ff0000000000000u, 0xfff0000000000000u, 0x7ff8000000000000u,
    0x0000000000000001u, 0x0010000000000000u, 0x7fefffffffffffffu, 0x3ff3333333333333u, 0x4330000000000000u,
    0xfff8000000000000u, 0x7ff8000000000123u,
};
static const uint32_t floats[] = {
    0, 0x80000000u, 0x3f800000u, 0xbf800000u, 0x3f000000u, 0x40200000u, 0x4f000000u, 0xcf000000u, 0x5f000000u,
    0xdf000000u, 0x7f800000u, 0xff800000u, 0x7fc00000u, 0x00000001u, 0x00800000u, 0x7f7fffffu, 0x3f99999au, 0x4b000000u,
    0xffc00000u, 0x7fc12345u,
};
enum {
    INTEGERS = sizeof integers / sizeof integers[0],
    DOUBLES = sizeof doubles / sizeof doubles[0],
    FLOATS = sizeof floats / sizeof floats[0],
    ODD_NANS = 2, /* at the end of doubles and floats: NaNs that are not canonical */
};

static int64_t choose_integer(struct generator *g)
{
    if (chance(&g->c, 70)) return integers[choose(&g->c, INTEGERS)];
    if (chance(&g->c, 50)) return (int64_t)choose(&g->c, 256) - 64;
    return (int64_t)choose_bits(&g->c);
}

void put_const(struct generator *g, uint8_t type)
{
    uint8_t bytes[8];
    uint32_t odd = g->o.portable ? ODD_NANS : 0;
    switch (type) {
    case I32: put_i32(g, (int32_t)(uint32_t)(uint64_t)choose_integer(g)); break;
    case I64:
        put(g, 0x42);
        put_s(g, choose_integer(g));
        break;
    case F32:
        put(g, 0x43);
        store_le32(bytes, floats[choose(&g->c, FLOATS - odd)]);
        buffer_append(g->b, bytes, 4);
        break;
    case F64:
        put(g, 0x44);
        store_le64(bytes, doubles[choose(&g->c, DOUBLES - odd)]);
        buffer_append(g->b, bytes, 8);
        break;
    default:
        put(g, 0xd0); /* ref.null */
        put(g, type);
        break;
    }
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

bool find_local(struct generator *g, uint8_t type, bool settable, uint32_t *index)
{
    uint32_t all = g->locals + (settable ? 0 : COUNTERS);
    for (int i = 0; i < 2; i++) {
        *index = g->hot[choose(&g->c, 4)];
        if (*index < all && g->local[*index] == type) return true;
    }
    if (all == 0) return false;
    uint32_t start = choose(&g->c, all);
    for (uint32_t i = 0; i < all && i < 64; i++) {
        *index = (start + i) % all;
        if (g->local[*index] == type) return true;
    }
    return false;
}

bool find_global(struct generator *g, uint8_t type, bool settable, uint32_t *index)
{
    uint32_t start = choose(&g->c, g->globals);
    for (uint32_t i = 0; i < g->globals; i++) {
        *index = (start + i) % g->globals;
        if (*index < FIRST_FREE_GLOBAL || g->global[*index].type != type) continue;
        if (g->global[*index].is_mutable || !settable) return true;
    }
    return false;
}

/* ---- operands ---------------------------------------------------------------------------------------------------- */

void push_type(struct generator *g, uint8_t type)
{
    if (g->height < MAX_STACK + 60) g->stack[g->height++] = type;
}

static void load(struct generator *g, uint8_t type)
{
    static const struct {
        uint8_t opcode, type, align;
    } loads[] = {
        {0x28, I32, 2}, {0x29, I64, 3}, {0x2a, F32, 2}, {0x2b, F64, 3}, {0x2c, I32, 0}, {0x2d, I32, 0}, {0x2e, I32, 1},
        {0x2f, I32, 1}, {0x30, I64, 0}, {0x31, I64, 0}, {0x32, I64, 1}, {0x33, I64, 1}, {0x34, I64, 2}, {0x35, I64, 2},
    };
    uint32_t i = choose(&g->c, 14);
    while (loads[i].type != type) i = (i + 1) % 14;
    push_address(g);
    g->height--;
    put(g, loads[i].opcode);
    put_u(g, choose(&g->c, loads[i].align + 1u));
    put_u(g, chance(&g->c, 97) ? choose(&g->c, 300) : integers[choose(&g->c, INTEGERS)] & 0xffffffff);
    push_type(g, type);
    /* memory may hold any bits that integers wrote */
    if (g->o.portable && (type == F32 || type == F64)) canonicalise(g, type);
}

static void push_reference(struct generator *g, uint8_t type)
{
    uint32_t choice = choose(&g->c, 3);
    if (type == FUNCREF && choice == 0) {
        put(g, 0xd2); /* ref.func */
        put_u(g, choose(&g->c, g->functions));
    } else if (choice == 1) {
        put_i32(g, (int32_t)choose(&g->c, TABLE_ELEMENTS));
        put(g, 0x25); /* table.get */
        put_u(g, g->o.near ? 0 : type == FUNCREF ? choose(&g->c, 2) : 2);
    } else {
        put_const(g, type);
    }
    push_type(g, type);
}

void push_value(struct generator *g, uint8_t type, int depth)
{
    uint32_t index;
    uint32_t choice = choose(&g->c, 100);
    g->left--;
    if (choice < 45 && find_local(g, type, false, &index)) {
        put(g, 0x20);
        put_u(g, index);
    } else if (choice < 52 && find_global(g, type, false, &index)) {
        put(g, 0x23);
        put_u(g, index);
    } else if (is_reference(type)) {
        push_reference(g, type);
        return;
    } else if (choice < 60 && depth > 0) {
        load(g, type);
        return;
    } else if (choice < 80 && depth > 0) {
        numeric(g, type, depth - 1);
        return;
    } else {
        put_const(g, type);
    }
    push_type(g, type);
}

void push_address(struct generator *g)
{
    uint32_t choice = choose(&g->c, 100);
    if (choice < 40) {
        put_i32(g, (int32_t)choose(&g->c, 0x4000));
        push_type(g, I32);
        return;
    }
    if (choice < 43) {
        put_i32(g, (int32_t)(0x10000 - choose(&g->c, 12)));
        push_type(g, I32);
        return;
    }
    push_value(g, I32, 1);
    put_i32(g, choice < 90 ? 0x3fff : 0xffff);
    put(g, 0x71); /* i32.and */
}

/* How many of the wanted operands are on the stack already: the longest beginning of `types` that ends the stack. */
static int operands_there(const struct generator *g, const uint8_t *types, int n)
{
    int base = g->label[g->labels - 1].base;
    for (int k = n; k > 0; k--)
        if (g->height - base >= k && memcmp(g->stack + g->height - k, types, (size_t)k) == 0) return k;
    return 0;
}

void need(struct generator *g, const uint8_t *types, int n)
{
    struct label *l = innermost(g);
    int there = operands_there(g, types, n);
    if (there < n && chance(&g->c, 10)) there = 0;
    if (l->dead && g->height == l->base && chance(&g->c, 50)) return; /* the polymorphic stack has them */
    if (there > 0) {
        for (int i = there; i < n; i++) push_value(g, types[i], 1);
        g->height -= n;
        return;
    }
    for (int i = 0; i < n; i++) push_value(g, types[i], 1);
    g->height -= n;
}

/* ---- ends -------------------------------------------------------------------------------------------------------- */

void discard(struct generator *g)
{
    uint8_t type = g->stack[--g->height];
    uint32_t index;
    uint32_t choice = choose(&g->c, 100);
    g->left--;
    if (choice < 60 && find_local(g, type, true, &index)) {
        put(g, 0x21);
        put_u(g, index);
    } else if (choice < 75 && find_global(g, type, true, &index)) {
        put(g, 0x24);
        put_u(g, index);
    } else {
        put(g, 0x1a);
    }
}

void settle(struct generator *g, const uint8_t *types, int n)
{
    struct label *l = innermost(g);
    int kept = 0;
    while (kept < n && l->base + kept < g->height && g->stack[l->base + kept] == types[kept]) kept++;
    while (g->height > l->base + kept) discard(g);
    int from = kept;
    if (l->dead && kept == 0 && chance(&g->c, 60)) from = (int)choose(&g->c, (uint32_t)n + 1);
    for (int i = from; i < n; i++) push_value(g, types[i], 1);
    g->height = l->base;
}

void canonicalise(struct generator *g, uint8_t type)
{
    static const uint8_t nan32[] = {0x43, 0, 0, 0xc0, 0x7f};
    static const uint8_t nan64[] = {0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f};
    uint32_t scratch;
    for (scratch = 0; scratch < g->locals && g->local[scratch] != type; scratch++) {}
    if (scratch == g->locals) { /* no room to look at it twice: a constant instead */
        put(g, 0x1a);
        buffer_append(g->b, type == F32 ? nan32 : nan64, type == F32 ? 5 : 9);
        return;
    }
    put(g, 0x22); /* local.tee */
    put_u(g, scratch);
    buffer_append(g->b, type == F32 ? nan32 : nan64, type == F32 ? 5 : 9);
    for (int i = 0; i < 2; i++) {
        put(g, 0x20);
        put_u(g, scratch);
    }
    put(g, type == F32 ? 0x5b : 0x61); /* x == x ? x : nan */
    put(g, 0x1b);
}
