/* The module that a plan describes, section by section. */
#include "base/leb128.h"
#include "fuzz/near_plan.h"

enum { TYPE_NONE, TYPE_MAIN, TYPE_LOG, TYPE_ODD, TYPE_PARAMS, TYPE_WIDE, TYPES };
enum { WIDE_PARAMS = 64, OTHER_LOCALS = 49998, OTHER_BLOCKS = 5000, OTHER_CHARGES = 40000 };

struct writer {
    const struct near_plan *p;
    struct buffer *out;
    struct buffer s;               /* the section */
    struct buffer body;
};

static void number(const struct writer *w, struct buffer *b, uint64_t v)
{
    leb_write_u64(b, v);
    struct choices *c = w->p->padding;
    if (!c || b->failed || !chance(c, 5)) return;
    size_t bytes = 1, most = chance(c, 3) ? 6 : 5;
    for (uint64_t rest = v; rest >>= 7;) bytes++;
    for (uint32_t more = 1 + choose(c, chance(c, 90) ? 3 : 6); more > 0 && bytes < most; more--, bytes++) {
        b->data[b->size - 1] |= 0x80;
        buffer_append_byte(b, 0);
    }
}

static void u(struct writer *w, uint64_t v)
{
    number(w, &w->s, v);
}

static void byte(struct writer *w, uint8_t v)
{
    buffer_append_byte(&w->s, v);
}

static void name(struct writer *w, const char *text)
{
    u(w, strlen(text));
    buffer_append_string(&w->s, text);
}

static void fill(struct buffer *b, uint8_t value, size_t n)
{
    if (!buffer_reserve(b, n)) return;
    memset(b->data + b->size, value, n);
    b->size += n;
}

static void long_name(struct writer *w, uint8_t letter, uint32_t bytes)
{
    u(w, bytes);
    fill(&w->s, letter, bytes);
}

static void section(struct writer *w, uint8_t id)
{
    buffer_append_byte(w->out, id);
    number(w, w->out, w->s.size);
    buffer_append(w->out, w->s.data, w->s.size);
    w->s.size = 0;
}

static void i32_const(struct buffer *b, int32_t v)
{
    buffer_append_byte(b, 0x41);
    leb_write_s64(b, v);
}

/* ---- types, imports ---- */

static const uint8_t odd_types[] = {0x7f, 0x7b, 0x6f, 0x70, 0x60};

static void function_type(struct writer *w, uint32_t params, uint8_t type, uint32_t results)
{
    byte(w, 0x60);
    u(w, params);
    fill(&w->s, type, params);
    u(w, results);
    fill(&w->s, 0x7f, results);
}

static void write_types(struct writer *w)
{
    const struct near_plan *p = w->p;
    u(w, TYPES + (uint64_t)p->types);
    function_type(w, 0, 0x7f, 0);
    function_type(w, p->method_params, 0x7f, p->method_results);
    function_type(w, 2, 0x7e, 0);
    if (p->type_form) byte(w, p->type_form == 1 ? 0xe0 : 0x5f);
    if (p->type_form == 1) byte(w, 0x00);
    else function_type(w, p->type_params, odd_types[p->type_value % 5], p->type_results);
    function_type(w, p->function_params, 0x7f, 0);
    function_type(w, WIDE_PARAMS, 0x7f, 0);
    for (uint32_t i = 0; i < p->types; i++) function_type(w, i % 3, 0x7e, 0);
    if (p->section_size == 1) byte(w, 0);
    section(w, 1);
    if (p->section_swapped != 2) return;
    u(w, TYPES + (uint64_t)p->types);
    section(w, 1);
}

static uint32_t import_functions(const struct near_plan *p)
{
    return p->imports + (p->import_name_bytes ? 1 : 0);
}

static bool has_imports(const struct near_plan *p)
{
    return import_functions(p) || p->import_kind || p->import_count || p->import_empty;
}

static void import_log(struct writer *w, uint32_t i)
{
    const struct near_plan *p = w->p;
    bool unknown = (p->import_unknown == 1 && i == 0) || (p->import_unknown == 2 && i + 1 == p->imports);
    name(w, p->import_module && i == 0 ? "other" : "env");
    name(w, unknown ? "log_utf9" : "log_utf8");
    byte(w, 0);
    bool odd = p->import_mistyped == 3 || (p->import_mistyped && i == 0);
    u(w, !odd ? TYPE_LOG : p->import_mistyped == 1 ? TYPE_NONE : TYPE_ODD);
}

static void write_imports(struct writer *w)
{
    static const uint8_t kinds[][4] = {{1, 0x70, 0, 1}, {2, 0, 1}, {3, 0x7f, 0}, {4, 0, 0}, {5, 0, 0}};
    static const uint8_t sizes[] = {4, 3, 3, 3, 3};
    const struct near_plan *p = w->p;
    if (!has_imports(p)) return;
    u(w, (uint64_t)import_functions(p) + (p->import_kind ? 1u : 0u) + p->import_count);
    for (uint32_t i = 0; i < p->imports; i++) import_log(w, i);
    if (p->import_name_bytes) {
        name(w, "env");
        long_name(w, 'n', p->import_name_bytes);
        byte(w, 0);
        u(w, TYPE_LOG);
    }
    if (p->import_kind) {
        name(w, "env");
        name(w, "thing");
        buffer_append(&w->s, kinds[(p->import_kind - 1) % 5], sizes[(p->import_kind - 1) % 5]);
    }
    section(w, 2);
}

/* ---- functions, tables, memories, globals ---- */

static uint32_t others(uint32_t sum, uint32_t each)
{
    return (uint32_t)(((uint64_t)sum + each - 1) / each);
}

/* main comes first, then `functions`, then those with many locals, blocks or charges, then the exported wide one. */
static uint32_t all_functions(const struct near_plan *p)
{
    if (p->code_none) return 0;
    return 1 + p->functions + others(p->all_locals, OTHER_LOCALS) + others(p->all_blocks, OTHER_BLOCKS) +
           others(p->all_charges, OTHER_CHARGES) + (p->export_wide ? 1 : 0);
}

static void write_functions(struct writer *w)
{
    const struct near_plan *p = w->p;
    uint32_t count = all_functions(p), wide = p->export_wide ? 1 : 0;
    if (!count) return;
    u(w, count);
    u(w, TYPE_MAIN);
    for (uint32_t i = 1; i < count; i++) {
        bool odd = p->function_type && i + 1 == count;
        u(w, odd ? 99999u : i <= p->functions ? TYPE_PARAMS : i + wide == count && wide ? TYPE_WIDE : TYPE_NONE);
    }
    section(w, 3);
}

static void write_tables(struct writer *w)
{
    const struct near_plan *p = w->p;
    uint32_t tables = p->tables ? p->tables : p->elements || p->table_min || p->call_wide ? 1 : 0;
    if (!tables) return;
    u(w, tables);
    for (uint32_t i = 0; i < tables; i++) {
        bool last = i + 1 == tables;
        byte(w, last && p->table_type ? 0x6f : 0x70);
        byte(w, last && p->table_max);
        u(w, last ? p->table_min : 1);
        if (last && p->table_max) u(w, p->table_max);
    }
    section(w, 4);
}

static void write_memories(struct writer *w)
{
    const struct near_plan *p = w->p;
    if (p->memory_none) return;
    u(w, 1 + (uint64_t)p->memories);
    for (uint32_t i = 0; i <= p->memories; i++) {
        byte(w, p->memory_max != 0);
        u(w, 1 + (uint64_t)p->memory_min);
        if (p->memory_max) u(w, p->memory_max);
    }
    section(w, 5);
}

static void write_globals(struct writer *w)
{
    static const uint8_t wanted[] = {0x7f, 1, 0x41, 0, 0x0b};
    static const uint8_t wrong[][7] = {
        {0x7f, 1, 0x42, 0, 0x0b}, {0x7f, 1, 0x23, 99, 0x0b}, {0x7f, 1, 0x41, 0, 0x41, 0, 0x0b}, {0x7f, 1, 0x0b}};
    static const uint8_t sizes[] = {5, 5, 7, 3};
    const struct near_plan *p = w->p;
    if (!p->globals && !p->global_empty) return;
    u(w, p->globals);
    for (uint32_t i = 0; i < p->globals; i++) {
        uint32_t odd = i + 1 == p->globals && p->global_value ? 1 + (p->global_value - 1) % 4 : 0;
        if (odd) buffer_append(&w->s, wrong[odd - 1], sizes[odd - 1]);
        else buffer_append(&w->s, wanted, sizeof wanted);
    }
    section(w, 6);
}

/* ---- exports, start, elements ---- */

static void export(struct writer *w, const char *text, uint8_t kind, uint32_t index)
{
    name(w, text);
    byte(w, kind);
    u(w, index);
}

/* Short names that are all different. */
static void numbered(struct writer *w, uint8_t first, uint32_t i, uint8_t kind, uint32_t index)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    char text[7] = {(char)first, digits[i & 63], digits[i >> 6 & 63], digits[i >> 12 & 63], digits[i >> 18 & 63]};
    export(w, text, kind, index);
}

static void write_exports(struct writer *w)
{
    const struct near_plan *p = w->p;
    uint32_t first = import_functions(p);
    bool again = p->export_import && p->imports;
    uint32_t mains = p->code_none ? 0 : 1;
    u(w, mains + (uint64_t)p->exports + p->export_memory + (p->export_name_bytes ? 1 : 0) + (p->export_twice ? 1 : 0) +
             p->export_wide + (again ? 1 : 0));
    if (mains) export(w, "main", 0, first);
    for (uint32_t i = 0; i < p->exports; i++) numbered(w, 'e', i, 0, first);
    for (uint32_t i = 0; i < p->export_memory; i++) numbered(w, 'm', i, 2, 0);
    for (uint32_t i = 0; i < p->export_wide; i++) numbered(w, 'w', i, 0, first + all_functions(p) - 1);
    if (again) export(w, "main2", 0, 0);
    if (p->export_name_bytes) {
        static const uint8_t kinds[] = {0, 2, 3, 1, 5, 0};
        uint32_t kind = p->export_kind % 6;
        long_name(w, 'x', p->export_name_bytes);
        byte(w, kinds[kind]);
        u(w, kind == 0 ? first : kind == 5 ? 999999 : 0);
    }
    if (p->export_twice) export(w, "main", 0, first);
    section(w, 7);
}

static void write_start(struct writer *w)
{
    const struct near_plan *p = w->p;
    if (!p->start) return;
    uint32_t first = import_functions(p);
    u(w, p->start == 1 ? first : p->start == 2 ? first + 1 : p->start == 3 ? 999999 : 0);
    section(w, 8);
}

static void element_segment(struct writer *w, bool last)
{
    const struct near_plan *p = w->p;
    uint32_t flags = last ? p->element_flags : 1, count = last ? p->element_items : 0;
    u(w, flags);
    if (!(flags & 1)) {
        if (flags & 2) u(w, 0);
        i32_const(&w->s, last ? (int32_t)p->element_offset : 0);
        byte(w, 0x0b);
    }
    if (flags & 3) byte(w, flags & 4 ? 0x70 : 0);
    u(w, count);
    for (uint32_t i = 0; i < count; i++) {
        if (flags & 4) byte(w, 0xd2);
        u(w, import_functions(p));
        if (flags & 4) byte(w, 0x0b);
    }
}

static void write_elements(struct writer *w)
{
    const struct near_plan *p = w->p;
    if (!p->elements) return;
    u(w, p->elements);
    for (uint32_t i = 0; i < p->elements; i++) element_segment(w, i + 1 == p->elements);
    section(w, 9);
}

static void write_data_count(struct writer *w)
{
    const struct near_plan *p = w->p;
    if (p->data_count == 1 || (!p->data && !p->data_count && p->memory_index != 3)) return;
    u(w, (uint64_t)p->data + (p->data_count == 2 ? 1 : 0));
    section(w, 12);
}

/* ---- code ---- */

static void code_bytes(struct writer *w, const void *code, size_t size)
{
    buffer_append(&w->body, code, size);
}
#define CODE(...) code_bytes(w, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void memory_index(struct writer *w)
{
    const struct near_plan *p = w->p;
    uint32_t bytes = p->memory_index_bytes ? p->memory_index_bytes : 2;
    for (uint32_t i = 0; i + 1 < bytes; i++) CODE(i == 0 && p->memory_index_value ? 0x81 : 0x80);
    CODE(bytes == 1 && p->memory_index_value ? 1 : 0);
}

static void memory_instruction(struct writer *w)
{
    static const uint8_t bulk[] = {0, 11, 10, 8}; /* memory.fill, .copy, .init */
    switch (w->p->memory_index) {
    case 1: case 2: case 3:
        CODE(0x41, 0, 0x41, 0, 0x41, 0, 0xfc, bulk[w->p->memory_index]);
        if (w->p->memory_index == 3) CODE(0);
        if (w->p->memory_index == 2) memory_index(w);
        memory_index(w);
        return;
    case 4:
        CODE(0x3f);
        memory_index(w);
        CODE(0x1a);
        return;
    case 5:
        CODE(0x41, 0, 0x40);
        memory_index(w);
        CODE(0x1a);
        return;
    }
}

static void write_operands(struct writer *w, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) CODE(0x41, 0);
    fill(&w->body, 0x1a, n);
}

static void write_br_table(struct writer *w, uint32_t n)
{
    CODE(0x02, 0x40, 0x41, 0, 0x0e);
    number(w, &w->body, n);
    fill(&w->body, 0, n + 1u);
    CODE(0x0b);
}

static void write_main_code(struct writer *w)
{
    const struct near_plan *p = w->p;
    for (uint32_t i = 0; i < p->blocks; i++) CODE(0x02, 0x40, 0x0b);
    for (uint32_t i = 0; i < p->nesting; i++) CODE(0x02, 0x40);
    fill(&w->body, 0x0b, p->nesting);
    write_operands(w, p->operands);
    for (uint32_t i = 0; i < p->charges; i++) CODE(0x41, 0, 0x0d, 0);
    if (p->br_table) write_br_table(w, p->br_table - 1);
    memory_instruction(w);
    if (p->align) CODE(0x41, 0, 0x28, (uint8_t)(2 + p->align), 0, 0x1a);
    if (p->code == 1) CODE(0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a);
    if (p->code == 2) CODE(0x42, 0, 0x45, 0x1a);
    if (p->code == 3) CODE(0x20, 0xff, 0xff, 0x0f, 0x1a);
    if (p->call_wide) {
        for (uint32_t i = 0; i < p->type_params; i++) CODE(0x41, 0);
        CODE(0x41, 0, 0x11, TYPE_ODD, 0);
        fill(&w->body, 0x1a, p->type_results);
    }
    if (p->dead_operands) {
        CODE(0x41, 0, 0x04, 0x40, 0x00);
        for (uint32_t i = 0; i < p->dead_operands; i++) CODE(0x41, 0);
        CODE(0x00, 0x0b);
    }
    for (uint32_t i = 0; i < p->method_results; i++) CODE(0x41, 0);
}

static void write_locals(struct writer *w)
{
    static const uint8_t types[] = {0x7f, 0x7b, 0x6f, 0x40, 0x7e};
    const struct near_plan *p = w->p;
    number(w, &w->body, (p->locals ? 1u : 0u) + (uint64_t)p->local_groups + (p->local_type ? 1 : 0));
    for (uint32_t i = 0; i < p->local_groups; i++) CODE(0, 0x7e);
    if (p->locals) {
        number(w, &w->body, p->locals);
        CODE(0x7f);
    }
    if (p->local_type) CODE(1, types[p->local_type % 5]);
}

static void end_body(struct writer *w, bool cut)
{
    if (!cut) CODE(0x0b);
    u(w, w->body.size);
    buffer_append(&w->s, w->body.data, w->body.size);
    w->body.size = 0;
}

static void write_main(struct writer *w)
{
    const struct near_plan *p = w->p;
    write_locals(w);
    write_main_code(w);
    if (p->body_bytes > w->body.size + 1) fill(&w->body, 0x01, p->body_bytes - 1 - w->body.size);
    if (p->body_cut == 2) CODE(0x0b);
    end_body(w, p->body_cut == 1);
}

static void write_others(struct writer *w)
{
    const struct near_plan *p = w->p;
    for (uint32_t i = 0; i < p->functions; i++) {
        CODE(0);
        end_body(w, false);
    }
    for (uint32_t left = p->all_locals; left > 0;) {
        uint32_t n = left < OTHER_LOCALS ? left : OTHER_LOCALS;
        CODE(1);
        number(w, &w->body, n);
        CODE(0x7f);
        end_body(w, false);
        left -= n;
    }
    for (uint32_t left = p->all_blocks; left > 0;) {
        uint32_t n = left < OTHER_BLOCKS ? left : OTHER_BLOCKS;
        CODE(0);
        for (uint32_t i = 0; i < n; i++) CODE(0x02, 0x40, 0x0b);
        end_body(w, false);
        left -= n;
    }
    for (uint32_t left = p->all_charges; left > 0;) {
        uint32_t n = left < OTHER_CHARGES ? left : OTHER_CHARGES;
        CODE(0);
        for (uint32_t i = 0; i < n; i++) CODE(0x41, 0, 0x0d, 0);
        end_body(w, false);
        left -= n;
    }
    if (!p->export_wide) return;
    CODE(0);
    end_body(w, false);
}

static void write_code(struct writer *w)
{
    const struct near_plan *p = w->p;
    if (p->code_none) return;
    u(w, (uint64_t)all_functions(p) + (p->bodies == 2 ? 1 : 0) - (p->bodies == 1 ? 1 : 0));
    if (p->bodies != 1) write_main(w);
    write_others(w);
    if (p->bodies == 2) {
        CODE(0);
        end_body(w, false);
    }
    if (p->body_cut == 3) byte(w, 99);
    section(w, 10);
    if (p->section_swapped != 5) return;
    u(w, all_functions(p));
    section(w, 10);
}

static void write_data(struct writer *w)
{
    const struct near_plan *p = w->p;
    if (!p->data) return;
    u(w, p->data);
    for (uint32_t i = 0; i < p->data; i++) {
        bool last = i + 1 == p->data;
        byte(w, last ? 0 : 1);
        if (last) i32_const(&w->s, (int32_t)p->data_offset);
        if (last) byte(w, 0x0b);
        u(w, last ? p->data_bytes : 0);
        if (last) fill(&w->s, 'd', p->data_bytes);
    }
    section(w, 11);
}

/* ---- all of it ---- */

static void write_custom(struct writer *w)
{
    const struct near_plan *p = w->p;
    if (!p->custom_bytes && !p->custom_name_bytes && !p->custom_utf8) return;
    long_name(w, p->custom_utf8 ? 0xff : 'c', 1 + p->custom_name_bytes);
    fill(&w->s, 0, p->custom_bytes);
    section(w, 0);
}

static bool write_header(struct writer *w)
{
    static const uint8_t headers[][8] = {{0, 'a', 's', 'm', 1, 0, 0, 0}, {0, 'a', 's', 'n', 1, 0, 0, 0},
                                         {0, 'a', 's', 'm', 2, 0, 0, 0}, {0, 'a', 's', 'm', 13, 0, 1, 0}};
    uint32_t header = w->p->header;
    if (header == 5) return false;
    buffer_append(w->out, headers[header < 4 ? header : 0], 8);
    return header != 4;
}

static void write_odd_section(struct writer *w)
{
    const struct near_plan *p = w->p;
    if (p->section_swapped == 3 || p->section_swapped == 4) {
        u(w, 0);
        section(w, (uint8_t)(10 + p->section_swapped));
    }
}

void near_plan_write(const struct near_plan *p, struct buffer *out)
{
    struct writer w = {.p = p, .out = out};
    if (!write_header(&w)) return;
    write_custom(&w);
    write_types(&w);
    if (p->section_swapped == 1) write_functions(&w);
    write_imports(&w);
    if (p->section_swapped != 1) write_functions(&w);
    write_tables(&w);
    write_memories(&w);
    write_odd_section(&w);
    write_globals(&w);
    write_exports(&w);
    write_start(&w);
    write_elements(&w);
    write_data_count(&w);
    write_code(&w);
    if (p->section_size == 3) out->size--;
    else write_data(&w);
    if (p->section_size == 2) buffer_append(out, (const uint8_t[]){0, 99, 1, 'c'}, 4);
    fill(out, 0, p->trailing);
    buffer_free(&w.s);
    buffer_free(&w.body);
}
