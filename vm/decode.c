/* Decoding: the header, the order of sections, and the code section, whose bodies are validated as they come. */
#include "vm/decode.h"
#include "vm/validate.h"

enum section_id {
    SECTION_CUSTOM, SECTION_TYPE, SECTION_IMPORT, SECTION_FUNCTION, SECTION_TABLE, SECTION_MEMORY, SECTION_GLOBAL,
    SECTION_EXPORT, SECTION_START, SECTION_ELEMENT, SECTION_CODE, SECTION_DATA, SECTION_DATA_COUNT, SECTION_COUNT
};

static const struct {
    const char *name;
    int place;                     /* sections come in ascending order of this */
    void (*decode)(struct decoder *);
} section_table[SECTION_COUNT] = {
    [SECTION_TYPE] = {"type", 1, decode_types},
    [SECTION_IMPORT] = {"import", 2, decode_imports},
    [SECTION_FUNCTION] = {"function", 3, decode_functions},
    [SECTION_TABLE] = {"table", 4, decode_tables},
    [SECTION_MEMORY] = {"memory", 5, decode_memories},
    [SECTION_GLOBAL] = {"global", 6, decode_globals},
    [SECTION_EXPORT] = {"export", 7, decode_exports},
    [SECTION_START] = {"start", 8, decode_start},
    [SECTION_ELEMENT] = {"element", 9, decode_elements},
    [SECTION_DATA_COUNT] = {"data count", 10, decode_data_count},
    [SECTION_CODE] = {"code", 11, decode_code},
    [SECTION_DATA] = {"data", 12, decode_data},
};

void *decoder_array(struct decoder *d, size_t count, size_t size)
{
    void *p = arena_array(&d->m->arena, count, size);
    if (!p && !d->r.failed) {
        d->r.failed = true;
        error_no_memory(d->r.e);
    }
    return p;
}

struct bytes decode_name(struct decoder *d)
{
    const uint8_t *at = d->r.p;
    struct bytes name = read_name(&d->r);
    if (name.size > d->m->config.limits.name_bytes)
        reader_fail(&d->r, VM_ERROR_LIMIT, at, "a name of %zu bytes, at most %u are allowed", name.size,
                    d->m->config.limits.name_bytes);
    return name;
}

bool decoder_event(struct decoder *d, enum load_event event, uint64_t n)
{
    const struct load_observer *o = d->m->config.observer;
    if (d->r.failed) return false;
    /* a section that has been read is judged only if nothing is left over */
    bool behind = event == LOAD_IMPORTS || event == LOAD_TABLES || event == LOAD_GLOBALS || event == LOAD_EXPORTS;
    if (!o || (behind && d->r.p != d->r.end) || o->event(o->user, d->m, event, n)) return true;
    static const char *const what[] = {"types", "imports", "tables", "globals", "exports", "functions",
                                       "a function's size", "locals"};
    return reader_fail(&d->r, VM_ERROR_REFUSED, d->r.p, "%s", what[event]);
}

/* Tells the observer how many types or bodies the section at the reader announces. */
static bool announce(struct decoder *d, uint8_t id)
{
    if (!d->m->config.observer || (id != SECTION_TYPE && id != SECTION_CODE)) return true;
    const uint8_t *at = d->r.p;
    uint32_t n = read_u32(&d->r);
    if (!decoder_event(d, id == SECTION_TYPE ? LOAD_TYPES : LOAD_BODIES, n)) return false;
    d->r.p = at;
    return true;
}

bool decoder_look(struct decoder *d, uint64_t n)
{
    if (d->r.failed) return false;
    return !module_is_stopped(d->m, n) || reader_fail(&d->r, VM_ERROR_INTERRUPTED, d->r.p, NULL);
}

void decode_code(struct decoder *d)
{
    struct module *m = d->m;
    struct reader *r = &d->r;
    uint32_t count = read_count(r, UINT32_MAX, "function bodies");
    if (r->failed) return;
    d->bodies = count;
    if (count != m->function_count - m->imported_functions) {
        /* reported at the end of the module: what comes behind may be worse */
        r->p = r->end;
        return;
    }
    m->bodies = decoder_array(d, count, sizeof *m->bodies);
    if (!m->bodies) return;
    m->body_count = count;
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        struct body *b = &m->bodies[i];
        uint32_t size = read_u32(r);
        const uint8_t *at = r->p;
        struct bytes bytes = read_bytes(r, size);
        if (!decoder_event(d, LOAD_BODY, size)) return;
        if (size > m->config.limits.function_bytes) {
            reader_fail(r, VM_ERROR_LIMIT, at, "a function of %u bytes, at most %u are allowed", size,
                        m->config.limits.function_bytes);
            return;
        }
        b->index = m->imported_functions + i;
        b->type = m->function_types[b->index];
        b->offset = (uint32_t)(at - r->base);
        b->size = (uint32_t)bytes.size;
        validate_body(d->validator, b, r);
        decoder_look(d, (size & 0xfff) + 16);
    }
}

static bool decode_header(struct decoder *d)
{
    static const uint8_t magic[4] = {0, 'a', 's', 'm'}, version[4] = {1, 0, 0, 0};
    struct reader *r = &d->r;
    size_t size = (size_t)(r->end - r->p);
    if (size < 4 || memcmp(r->p, magic, 4) != 0) return reader_fail(r, VM_ERROR_MAGIC, r->p, NULL);
    r->p += 4;
    if (size < 8 || memcmp(r->p, version, 4) != 0)
        return reader_fail(r, VM_ERROR_VERSION, r->p, "this reads version 1");
    r->p += 4;
    return true;
}

/* Remembers the section for module_section; the array grows by doubling inside the arena. */
static struct section_info *note_section(struct decoder *d, uint8_t id, size_t size)
{
    struct module *m = d->m;
    if ((m->section_count & (m->section_count - 1)) == 0) {
        struct section_info *s = decoder_array(d, m->section_count ? (size_t)m->section_count * 2 : 1, sizeof *s);
        if (!s) return NULL;
        if (m->section_count) memcpy(s, m->sections, m->section_count * sizeof *s);
        m->sections = s;
    }
    struct section_info *s = &m->sections[m->section_count++];
    *s = (struct section_info){.id = id, .offset = reader_offset(&d->r), .size = size};
    return s;
}

static void decode_custom(struct decoder *d, struct section_info *info)
{
    struct reader *r = &d->r;
    info->name = decode_name(d);
    if (r->failed) return;
    info->offset = reader_offset(r);
    info->size = (size_t)(r->end - r->p);
    if (bytes_equal(info->name, bytes_of_string("name")))
        module_read_names(d->m, bytes_of(r->p, info->size));
    r->p = r->end;
}

static bool decode_section(struct decoder *d, int *place)
{
    struct reader *r = &d->r;
    const uint8_t *at = r->p;
    uint8_t id = read_byte(r);
    if (id >= SECTION_COUNT) return reader_fail(r, VM_ERROR_SECTION_ID, at, "%u", id);
    if (id == SECTION_DATA_COUNT && !(d->m->config.features & FEATURE_BULK_MEMORY))
        return reader_fail(r, VM_ERROR_FEATURE, at, "data count section needs bulk memory");
    uint32_t size = read_u32(r);
    if (r->failed) return false;
    const uint8_t *end = r->end;
    size_t left = (size_t)(end - r->p);
    if (size <= left) r->end = r->p + size;
    /* an observer hears of types and bodies before their order is judged, and of bodies even if some are missing */
    if ((size <= left || id == SECTION_CODE) && !announce(d, id)) return false;
    if (size > left)
        return reader_fail(r, VM_ERROR_LENGTH, r->p, "section of %u bytes, %zu are left", size, left);
    if (id != SECTION_CUSTOM) {
        if (section_table[id].place <= *place)
            return reader_fail(r, VM_ERROR_SECTION_ORDER, at, "%s section", section_table[id].name);
        *place = section_table[id].place;
    }
    struct section_info *info = note_section(d, id, size);
    if (!info || !decoder_look(d, 16)) return false;
    if (id == SECTION_CUSTOM) decode_custom(d, info);
    else section_table[id].decode(d);
    if (!r->failed && r->p != r->end)
        return reader_fail(r, VM_ERROR_SECTION_SIZE, r->p, "%zu bytes are left over", (size_t)(r->end - r->p));
    r->end = end;
    return !r->failed;
}

enum status module_decode(struct module *m, struct error *e)
{
    struct error unused;
    struct decoder d = {.m = m};
    d.r = (struct reader){.p = m->bytes.data, .end = m->bytes.data + m->bytes.size, .base = m->bytes.data,
                          .e = e ? e : &unused};
    struct reader *r = &d.r;
    d.validator = validator_new(m);
    if (!d.validator) return error_no_memory(e);
    int place = 0;
    if (m->bytes.size > m->config.limits.module_bytes) {
        reader_fail(r, VM_ERROR_LIMIT, r->p, "a module of %zu bytes, at most %u are allowed", m->bytes.size,
                    m->config.limits.module_bytes);
    } else if (decode_header(&d)) {
        while (!r->failed && r->p < r->end) decode_section(&d, &place);
    }
    if (!r->failed && d.bodies != m->function_count - m->imported_functions)
        reader_fail(r, VM_ERROR_FUNCTION_COUNT, r->p, "%u functions declared, %u bodies",
                    m->function_count - m->imported_functions, d.bodies);
    if (!r->failed && m->has_data_count && m->data_segments != m->data_count)
        reader_fail(r, VM_ERROR_DATA_COUNT, r->p, "%u announced, %u there", m->data_count, m->data_segments);
    validator_free(d.validator);
    return r->failed ? r->e->status : STATUS_OK;
}
