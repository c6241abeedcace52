/* The name section (specification, appendix 7.4.1). It is advice for people: whatever cannot be read is left out. */
#include "vm/module.h"
#include "vm/reader.h"

enum { NAMES_MODULE = 0, NAMES_FUNCTIONS = 1 };

static void read_function_names(struct module *m, struct reader *r)
{
    uint32_t count = read_count(r, UINT32_MAX, "names");
    if (r->failed || m->names) return;
    m->names = arena_array(&m->arena, count, sizeof *m->names);
    if (!m->names) return;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = read_u32(r);
        struct bytes name = read_name(r);
        if (r->failed) return;
        if (m->name_count && m->names[m->name_count - 1].index >= index) return;
        m->names[m->name_count++] = (struct function_name){index, name};
    }
}

void module_read_names(struct module *m, struct bytes section)
{
    struct error ignored;
    struct reader r = {.p = section.data, .end = section.data + section.size, .base = section.data, .e = &ignored};
    while (!r.failed && r.p < r.end) {
        uint8_t id = read_byte(&r);
        uint32_t size = read_u32(&r);
        struct bytes part = read_bytes(&r, size);
        if (r.failed) return;
        struct reader sub = {.p = part.data, .end = part.data + part.size, .base = section.data, .e = &ignored};
        if (id == NAMES_MODULE) m->name = read_name(&sub);
        if (id == NAMES_FUNCTIONS) read_function_names(m, &sub);
    }
}

struct bytes module_function_name(const struct module *m, uint32_t index)
{
    uint32_t low = 0, high = m->name_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (m->names[middle].index < index) low = middle + 1;
        else high = middle;
    }
    if (low < m->name_count && m->names[low].index == index) return m->names[low].name;
    if (!m->function_exports || !m->function_exports[index]) return (struct bytes){0};
    return m->exports[m->function_exports[index] - 1].name;
}
