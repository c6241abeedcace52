/* The binary module, put together from its sections (WebAssembly 2.0, 5.5; the name section: appendix). */
#include "wat/parser.h"

static void write_section(const struct section *s, enum section_id id, struct buffer *scratch, struct buffer *out)
{
    if (!s->count) return;
    scratch->size = 0;
    if (id != SECTION_START) leb_write_u64(scratch, s->count);
    buffer_append_byte(out, (uint8_t)id);
    leb_write_u64(out, scratch->size + s->bytes.size);
    buffer_append(out, scratch->data, scratch->size);
    buffer_append(out, s->bytes.data, s->bytes.size);
    out->failed |= s->bytes.failed;
}

static void write_data_count(const struct parser *p, struct buffer *scratch, struct buffer *out)
{
    if (!p->needs_data_count) return;
    scratch->size = 0;
    leb_write_u64(scratch, p->sections[SECTION_DATA].count);
    buffer_append_byte(out, SECTION_DATA_COUNT);
    leb_write_u64(out, scratch->size);
    buffer_append(out, scratch->data, scratch->size);
}

/* One part of the name section. `count` is what its contents begin with; UINT32_MAX: there is none. */
static void write_names(uint8_t id, uint32_t count, const struct buffer *names, struct buffer *out)
{
    struct buffer head = {0};
    if (count != UINT32_MAX) leb_write_u64(&head, count);
    buffer_append_byte(out, id);
    leb_write_u64(out, head.size + names->size);
    buffer_append(out, head.data, head.size);
    buffer_append(out, names->data, names->size);
    out->failed |= head.failed || names->failed;
    buffer_free(&head);
}

static void write_name_section(const struct parser *p, struct buffer *out)
{
    struct buffer contents = {0};
    leb_write_u64(&contents, 4);
    buffer_append(&contents, "name", 4);
    size_t empty = contents.size;
    if (p->module_name.size) write_names(0, UINT32_MAX, &p->module_name, &contents);
    if (p->function_name_count) write_names(1, p->function_name_count, &p->function_names, &contents);
    if (p->local_name_count) write_names(2, p->local_name_count, &p->local_names, &contents);
    if (contents.size > empty) {
        buffer_append_byte(out, SECTION_CUSTOM);
        leb_write_u64(out, contents.size);
        buffer_append(out, contents.data, contents.size);
    }
    out->failed |= contents.failed;
    buffer_free(&contents);
}

enum status encode_module(struct parser *p, struct buffer *out)
{
    static const uint8_t header[] = {0x00, 'a', 's', 'm', 0x01, 0x00, 0x00, 0x00};
    struct buffer scratch = {0};
    size_t start = out->size;
    buffer_append(out, header, sizeof header);
    for (enum section_id id = SECTION_TYPE; id <= SECTION_ELEMENT; id++)
        write_section(&p->sections[id], id, &scratch, out);
    write_data_count(p, &scratch, out);
    write_section(&p->sections[SECTION_CODE], SECTION_CODE, &scratch, out);
    write_section(&p->sections[SECTION_DATA], SECTION_DATA, &scratch, out);
    if (p->names) write_name_section(p, out);
    out->failed |= scratch.failed;
    buffer_free(&scratch);
    if (!out->failed) return STATUS_OK;
    out->size = start;
    return error_no_memory(p->e);
}
