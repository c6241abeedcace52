/* The module around the code: types, imports, tables, memory, globals, exports, segments. */
#include "fuzz/generator.h"

#include <stdio.h>
#include <stdlib.h>

enum { BUDGET = 150, WRAPPERS = 2 /* for each function */ };

/* A section's contents are made first, then appended behind their length. */
static void section(struct buffer *out, uint8_t id, struct buffer *contents)
{
    buffer_append_byte(out, id);
    leb_write_u64(out, contents->size);
    buffer_append(out, contents->data, contents->size);
    contents->size = 0;
}

static void name(struct buffer *b, const char *prefix, uint32_t number)
{
    char text[32];
    int length = snprintf(text, sizeof text, number == UINT32_MAX ? "%s" : "%s%u", prefix, number);
    leb_write_u64(b, (uint64_t)length);
    buffer_append(b, text, (size_t)length);
}

/* ---- what there is ----------------------------------------------------------------------------------------------- */

static void choose_signatures(struct generator *g)
{
    g->signatures = 4 + choose(&g->c, 9);
    for (uint32_t i = 0; i < g->signatures; i++) {
        struct signature *s = &g->signature[i];
        bool wide = chance(&g->c, 10);
        s->params = (uint8_t)choose(&g->c, wide ? MAX_ARITY : 5);
        s->results = (uint8_t)choose(&g->c, g->o.near ? 2 : wide ? MAX_ARITY : 4);
        for (int k = 0; k < s->params + s->results; k++) s->type[k] = choose_type(g);
    }
}

/* Functions that the code may call, wrappers excluded. A contract's first is value_return, which only main calls. */
static void choose_functions(struct generator *g)
{
    g->imports = g->o.no_imports ? 0 : g->o.near ? 1 : choose(&g->c, 4);
    g->functions = g->imports + 1 + choose(&g->c, 7);
    for (uint32_t i = 0; i < g->functions; i++) g->function[i] = choose(&g->c, g->signatures);
    uint32_t first = g->o.near ? g->imports : 0;
    for (uint32_t i = 0; i < TABLE_ELEMENTS; i++) g->element[i] = first + choose(&g->c, g->functions - first);
    if (!g->o.near) return;
    g->signature[0] = (struct signature){.params = 2, .type = {I64, I64}};
    g->function[0] = 0;
}

static void choose_globals(struct generator *g)
{
    g->global[0].type = I32; /* the budget */
    g->global[0].is_mutable = true;
    g->globals = 1 + choose(&g->c, 10);
    for (uint32_t i = 1; i < g->globals; i++) {
        g->global[i].type = choose_type(g);
        g->global[i].is_mutable = chance(&g->c, 80);
    }
}

/* ---- sections ---------------------------------------------------------------------------------------------------- */

static bool in_state(const struct generator *g, uint32_t i)
{
    return !is_reference(g->global[i].type);
}

/* The wrappers' and state's types come after the others: those of all functions without their parameters. */
static void types(struct generator *g, struct buffer *b)
{
    leb_write_u64(b, g->signatures * 2 + 1);
    for (uint32_t i = 0; i < g->signatures * 2; i++) {
        const struct signature *s = &g->signature[i % g->signatures];
        uint8_t params = i < g->signatures ? s->params : 0;
        buffer_append_byte(b, 0x60);
        leb_write_u64(b, params);
        buffer_append(b, s->type, params);
        uint8_t count = 0;
        uint8_t results[2 * MAX_ARITY];
        for (int k = s->params; k < s->params + s->results; k++) /* wrappers return no references */
            if (i < g->signatures || !is_reference(s->type[k])) results[count++] = s->type[k];
        if (i >= g->signatures && count != s->results) count = 0;
        leb_write_u64(b, count);
        buffer_append(b, results, count);
    }
    uint32_t count = 2;
    for (uint32_t i = 0; i < g->globals; i++) count += in_state(g, i);
    buffer_append_byte(b, 0x60);
    leb_write_u64(b, 0);
    if (g->o.near) {
        leb_write_u64(b, 0);
        return;
    }
    leb_write_u64(b, count);
    buffer_append_byte(b, I64);
    buffer_append_byte(b, I32);
    for (uint32_t i = 0; i < g->globals; i++)
        if (in_state(g, i)) buffer_append_byte(b, g->global[i].type);
}

static void import_section(struct generator *g, struct buffer *b)
{
    leb_write_u64(b, g->imports);
    for (uint32_t i = 0; i < g->imports; i++) {
        name(b, g->o.near ? "env" : "host", UINT32_MAX);
        name(b, g->o.near ? "value_return" : "h", g->o.near ? UINT32_MAX : i);
        buffer_append_byte(b, 0);
        leb_write_u64(b, g->function[i]);
    }
}

static uint32_t wrappers(const struct generator *g)
{
    return (g->functions - g->imports) * WRAPPERS;
}

static void function_section(struct generator *g, struct buffer *b)
{
    leb_write_u64(b, g->functions - g->imports + wrappers(g) + 1);
    for (uint32_t i = g->imports; i < g->functions; i++) leb_write_u64(b, g->function[i]);
    for (uint32_t i = g->imports; i < g->functions; i++)
        for (int k = 0; k < WRAPPERS; k++) leb_write_u64(b, g->signatures + g->function[i]);
    leb_write_u64(b, g->signatures * 2); /* state */
}

static void table_section(struct generator *g, struct buffer *b)
{
    const uint8_t tables[] = {FUNCREF, 0, TABLE_ELEMENTS, FUNCREF, 1, TABLE_ELEMENTS, 40, EXTERNREF, 0, TABLE_ELEMENTS};
    leb_write_u64(b, g->o.near ? 1 : 3);
    buffer_append(b, tables, g->o.near ? 3 : sizeof tables);
}

static void memory_section(struct generator *g, struct buffer *b)
{
    leb_write_u64(b, 1);
    bool bounded = chance(&g->c, 50);
    buffer_append_byte(b, bounded);
    leb_write_u64(b, 1);
    if (bounded) leb_write_u64(b, 1 + choose(&g->c, 4));
}

static void global_section(struct generator *g, struct buffer *b)
{
    g->b = b;
    leb_write_u64(b, g->globals);
    for (uint32_t i = 0; i < g->globals; i++) {
        buffer_append_byte(b, g->global[i].type);
        buffer_append_byte(b, g->global[i].is_mutable);
        if (i == 0) put_i32(g, BUDGET);
        else put_const(g, g->global[i].type);
        buffer_append_byte(b, 0x0b);
    }
}

static void export(struct buffer *b, const char *prefix, uint32_t number, uint8_t kind, uint32_t index)
{
    name(b, prefix, number);
    buffer_append_byte(b, kind);
    leb_write_u64(b, index);
}

static void export_section(struct generator *g, struct buffer *b)
{
    uint32_t n = wrappers(g);
    leb_write_u64(b, n + 2 + g->globals);
    for (uint32_t i = 0; i < n; i++) export(b, "run", i, 0, g->functions + i);
    export(b, g->o.near ? "main" : "state", UINT32_MAX, 0, g->functions + n);
    export(b, "memory", UINT32_MAX, 2, 0);
    for (uint32_t i = 0; i < g->globals; i++) export(b, "g", i, 3, i);
}

/* 0: active in table 0; 1: passive, with null references; 2: declares every function for ref.func. */
static void element_section(struct generator *g, struct buffer *b)
{
    leb_write_u64(b, 3);
    buffer_append(b, (uint8_t[]){0, 0x41, 0, 0x0b}, 4);
    leb_write_u64(b, TABLE_ELEMENTS);
    for (uint32_t i = 0; i < TABLE_ELEMENTS; i++) leb_write_u64(b, g->element[i]);
    buffer_append(b, (uint8_t[]){5, FUNCREF, 4}, 3);
    for (uint32_t i = 0; i < 4; i++) {
        if (i % 2) buffer_append(b, (uint8_t[]){0xd0, FUNCREF}, 2);
        else {
            buffer_append_byte(b, 0xd2);
            leb_write_u64(b, choose(&g->c, g->functions));
        }
        buffer_append_byte(b, 0x0b);
    }
    buffer_append(b, (uint8_t[]){3, 0}, 2);
    leb_write_u64(b, g->functions);
    for (uint32_t i = 0; i < g->functions; i++) leb_write_u64(b, i);
}

static void data_section(struct generator *g, struct buffer *b)
{
    leb_write_u64(b, DATA_SEGMENTS);
    for (uint32_t i = 0; i < DATA_SEGMENTS; i++) {
        if (i == 0) buffer_append(b, (uint8_t[]){0, 0x41, 16, 0x0b}, 4);
        else buffer_append_byte(b, 1);
        uint32_t size = 12 + choose(&g->c, 40);
        leb_write_u64(b, size);
        for (uint32_t k = 0; k < size; k++) buffer_append_byte(b, (uint8_t)choose_bits(&g->c));
    }
}

/* ---- code -------------------------------------------------------------------------------------------------------- */

/* Locals as in the binary format: runs of equal types. */
static void declare_locals(struct generator *g, struct buffer *b, uint32_t params)
{
    uint32_t all = g->locals + COUNTERS, runs = 0;
    for (uint32_t i = params; i < all; i++) runs += i == params || g->local[i] != g->local[i - 1];
    leb_write_u64(b, runs);
    for (uint32_t i = params; i < all;) {
        uint32_t from = i;
        while (i < all && g->local[i] == g->local[from]) i++;
        leb_write_u64(b, i - from);
        buffer_append_byte(b, g->local[from]);
    }
}

static void choose_locals(struct generator *g, const struct signature *s)
{
    uint32_t more = choose(&g->c, chance(&g->c, 20) ? 60 : 8);
    if (!g->o.portable && chance(&g->c, 2)) more = choose(&g->c, 400);
    g->locals = s->params + more;
    memcpy(g->local, s->type, s->params);
    uint8_t type = I32;
    for (uint32_t i = s->params; i < g->locals; i++) {
        if (more < 100 || i % 1000 == 0) type = choose_type(g);
        g->local[i] = type;
    }
    memset(g->local + g->locals, I32, COUNTERS);
    for (int i = 0; i < 4; i++) g->hot[i] = choose(&g->c, g->locals + COUNTERS);
}

static void function_body(struct generator *g, struct buffer *out, const struct signature *s)
{
    struct buffer code = {0};
    choose_locals(g, s);
    declare_locals(g, &code, s->params);
    g->b = &code;
    generate_body(g, s, (int)choose(&g->c, chance(&g->c, 20) ? 400 : 80));
    leb_write_u64(out, code.size);
    buffer_append(out, code.data, code.size);
    buffer_free(&code);
}

static void wrapper(struct generator *g, struct buffer *out, uint32_t function)
{
    struct buffer code = {0};
    const struct signature *s = &g->signature[g->function[function]];
    bool references = false;
    g->b = &code;
    leb_write_u64(&code, 0);
    put_i32(g, BUDGET);
    buffer_append(&code, (uint8_t[]){0x24, 0}, 2);
    for (int i = 0; i < s->params; i++) put_const(g, s->type[i]);
    put(g, 0x10);
    put_u(g, function);
    for (int i = 0; i < s->results; i++) references |= is_reference(s->type[s->params + i]);
    for (int i = 0; references && i < s->results; i++) put(g, 0x1a);
    put(g, 0x0b);
    leb_write_u64(out, code.size);
    buffer_append(out, code.data, code.size);
    buffer_free(&code);
}

/* h = rotl(h, 7) * odd ^ the next eight bytes, over the first page. (Where the memory is compared anyway, and in
 * contracts, over its first KiB: the loop would take most of the time.) Local 0 is h, local 1 the address. */
static void checksum(const struct generator *g, struct buffer *b)
{
    const uint8_t pages = g->o.portable ? 0x80 : 0x88, more = g->o.portable ? 4 : 0; /* of 65536, of 1024 in LEB128 */
    const uint8_t loop[] = {
        0x03, 0x40,                                /* loop */
        0x20, 0, 0x42, 7, 0x89,                    /* rotl(h, 7) */
        0x42, 0xb1, 0xe3, 0xad, 0x8b, 0x09, 0x7e,  /* times an odd constant */
        0x20, 1, 0x29, 3, 0, 0x85, 0x21, 0,        /* xor the bytes: h */
        0x20, 1, 0x41, 8, 0x6a, 0x22, 1,           /* address += 8 */
        0x41, 0x80, pages, more, 0x49, 0x0d, 0,    /* < the end: again */
        0x0b,
    };
    buffer_append(b, loop, sizeof loop);
}

static const uint8_t checksum_locals[] = {2, 1, I64, 1, I32};

static void finish_body(struct buffer *code, struct buffer *out)
{
    buffer_append_byte(code, 0x0b);
    leb_write_u64(out, code->size);
    buffer_append(out, code->data, code->size);
    buffer_free(code);
}

/* The checksum, the memory's size and the globals. */
static void state(struct generator *g, struct buffer *out)
{
    struct buffer code = {0};
    buffer_append(&code, checksum_locals, sizeof checksum_locals);
    checksum(g, &code);
    buffer_append(&code, (const uint8_t[]){0x20, 0, 0x3f, 0}, 4);
    for (uint32_t i = 0; i < g->globals; i++) {
        if (!in_state(g, i)) continue;
        buffer_append_byte(&code, 0x23);
        leb_write_u64(&code, i);
    }
    finish_body(&code, out);
}

static void store_at(struct generator *g, uint32_t address, const uint8_t *value, size_t size, uint8_t type)
{
    static const uint8_t stores[][2] = {{0x39, 3}, {0x38, 2}, {0x37, 3}, {0x36, 2}}; /* from f64 (0x7c) on */
    put_i32(g, (int32_t)address);
    buffer_append(g->b, value, size);
    buffer_append(g->b, stores[type - F64], 2);
    put(g, 0);
}

/* Some of the wrappers, then the same as `state`, as bytes. */
static void contract_main(struct generator *g, struct buffer *out)
{
    struct buffer code = {0};
    g->b = &code;
    buffer_append(&code, checksum_locals, sizeof checksum_locals);
    for (uint32_t n = 1 + choose(&g->c, 3); n > 0; n--) {
        uint32_t i = choose(&g->c, wrappers(g));
        const struct signature *s = &g->signature[g->function[g->imports + i / WRAPPERS]];
        put(g, 0x10);
        put_u(g, g->functions + i);
        if (s->results && !is_reference(s->type[s->params])) put(g, 0x1a);
    }
    checksum(g, &code);
    store_at(g, 0, (const uint8_t[]){0x20, 0}, 2, I64);
    store_at(g, 8, (const uint8_t[]){0x3f, 0}, 2, I32);
    for (uint32_t i = 0; i < g->globals; i++)
        if (in_state(g, i)) store_at(g, 16 + 8 * i, (const uint8_t[]){0x23, (uint8_t)i}, 2, g->global[i].type);
    put(g, 0x42);
    put_s(g, 16 + 8 * (int64_t)g->globals);
    buffer_append(&code, (const uint8_t[]){0x42, 0, 0x10, 0}, 4);
    finish_body(&code, out);
}

static void code_section(struct generator *g, struct buffer *b)
{
    leb_write_u64(b, g->functions - g->imports + wrappers(g) + 1);
    for (uint32_t i = g->imports; i < g->functions; i++) function_body(g, b, &g->signature[g->function[i]]);
    for (uint32_t i = g->imports; i < g->functions; i++)
        for (int k = 0; k < WRAPPERS; k++) wrapper(g, b, i);
    if (g->o.near) contract_main(g, b);
    else state(g, b);
}

void generate_module(const uint8_t *seed, size_t size, const struct generate_options *options, struct buffer *out)
{
    static const struct {
        uint8_t id;
        void (*make)(struct generator *g, struct buffer *b);
    } sections[] = {
        {1, types},          {2, import_section}, {3, function_section}, {4, table_section}, {5, memory_section},
        {6, global_section}, {7, export_section}, {9, element_section},  {10, code_section}, {11, data_section},
    };
    struct generator *g = calloc(1, sizeof *g);
    uint8_t *local = malloc(MAX_LOCALS + COUNTERS);
    struct buffer contents = {0};
    if (g && local) {
        g->c = choices_of(seed, size);
        g->o = *options;
        g->local = local;
        choose_signatures(g);
        choose_functions(g);
        choose_globals(g);
        buffer_append(out, "\0asm\1\0\0\0", 8);
        for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
            sections[i].make(g, &contents);
            section(out, sections[i].id, &contents);
            if (sections[i].id != 9) continue;
            leb_write_u64(&contents, DATA_SEGMENTS); /* data count */
            section(out, 12, &contents);
        }
    }
    buffer_free(&contents);
    free(local);
    free(g);
}
