#include "documents/records_stream.h"

#include <string.h>

#include "base/file.h"
#include "json/json_read.h"

enum status records_stream_open(struct records_stream *s, const char *path, struct error *e)
{
    *s = (struct records_stream){.line = 1, .column = 1};
    if (strcmp(path, "-") != 0) return file_open_stream(path, &s->file, &s->total, e);
    s->file = stdin;
    return STATUS_OK;
}

void records_stream_close(struct records_stream *s)
{
    if (s->file && s->file != stdin) fclose(s->file);
    buffer_free(&s->around);
    buffer_free(&s->record);
    *s = (struct records_stream){0};
}

/* ---- characters ------------------------------------------------------------------------------------------------- */

static int next(struct records_stream *s)
{
    const int c = getc_unlocked(s->file);
    if (c == EOF) return EOF;
    s->offset++;
    s->column++;
    if (c == '\n') {
        s->line++;
        s->column = 1;
    }
    return c;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int next_visible(struct records_stream *s)
{
    int c = next(s);
    while (is_space(c)) c = next(s);
    return c;
}

/* About the character that was read last, or the end of the file. */
static enum status unexpected(const struct records_stream *s, int c, const char *expected, struct error *e)
{
    if (c == EOF && ferror(s->file)) return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "cannot read the records");
    if (c == EOF) error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "the file ends where %s was expected", expected);
    else if (c > ' ' && c < 0x7f)
        error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "expected %s, found '%c'", expected, c);
    else error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "expected %s, found byte 0x%02x", expected, (unsigned)c);
    if (e) {
        e->line = s->line;
        e->column = c == EOF || s->column == 1 ? s->column : s->column - 1;
    }
    return STATUS_MALFORMED;
}

static enum status append(struct buffer *b, int c, struct error *e)
{
    if (b->size >= RECORD_MAX)
        return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "more than %d bytes in one record, or around them",
                         RECORD_MAX);
    buffer_append_byte(b, (uint8_t)c);
    return b->failed ? error_no_memory(e) : STATUS_OK;
}

/* ---- what stands around the records ----------------------------------------------------------------------------- */

/* Reads a string behind its first quotation mark into `around`; `is_records`: that is what it says. */
static enum status skip_string(struct records_stream *s, bool *is_records, struct error *e)
{
    const size_t start = s->around.size;
    for (int c = next(s);; c = next(s)) {
        if (c == EOF) return unexpected(s, c, "the end of a string", e);
        enum status status = append(&s->around, c, e);
        if (status != STATUS_OK) return status;
        if (c == '"') break;
        if (c != '\\') continue;
        c = next(s);
        if (c == EOF) return unexpected(s, c, "the end of a string", e);
        status = append(&s->around, c, e);
        if (status != STATUS_OK) return status;
    }
    *is_records = bytes_equal(bytes_of(s->around.data + start, s->around.size - start), bytes_of_string("records\""));
    return STATUS_OK;
}

/* Goes on through the object, whose outer level is 1, to the array of records (*found) or to the end. */
static enum status skip_to_records(struct records_stream *s, unsigned depth, bool *found, struct error *e)
{
    bool name_is_records = false, array_is_next = false;
    *found = false;
    while (depth) {
        const int c = next_visible(s);
        if (c == EOF) return unexpected(s, c, "more of the object", e);
        enum status status = append(&s->around, c, e);
        if (status != STATUS_OK) return status;
        if (array_is_next && c == '[') {
            *found = true;
            return STATUS_OK;
        }
        array_is_next = c == ':' && depth == 1 && name_is_records;
        name_is_records = false;
        if (c == '"') status = skip_string(s, &name_is_records, e);
        if (c == '{' || c == '[') depth++;
        if (c == '}' || c == ']') depth--;
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static enum status start(struct records_stream *s, struct error *e)
{
    const int c = next_visible(s);
    s->started = true;
    if (c == '[') return STATUS_OK;
    if (c != '{') return unexpected(s, c, "an array of records", e);
    bool found = false;
    s->in_object = true;
    enum status status = append(&s->around, c, e);
    if (status == STATUS_OK) status = skip_to_records(s, 1, &found, e);
    if (status == STATUS_OK && !found)
        return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "the object has no array named \"records\"");
    return status;
}

/* Behind the records: nothing but the rest of the object. */
static enum status finish(struct records_stream *s, struct error *e)
{
    struct json *document = NULL;
    bool found = false;
    enum status status = STATUS_OK;
    s->ended = true;
    if (s->in_object) {
        status = append(&s->around, ']', e);
        if (status == STATUS_OK) status = skip_to_records(s, 1, &found, e);
        if (status == STATUS_OK && found)
            return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "the object has two arrays named \"records\"");
        if (status == STATUS_OK)
            status = json_read_document(bytes_of(s->around.data, s->around.size), &document, e);
        json_free(document);
        if (status == STATUS_MALFORMED && e) e->line = e->column = 0; /* they were those of `around` */
    }
    if (status != STATUS_OK) return status;
    const int c = next_visible(s);
    return c == EOF && !ferror(s->file) ? STATUS_OK : unexpected(s, c, "the end of the file", e);
}

/* ---- records ---------------------------------------------------------------------------------------------------- */

/* Reads the record whose first character is `c`, and the comma or bracket behind it. */
static enum status read_record(struct records_stream *s, int c, struct error *e)
{
    unsigned depth = 0;
    bool quoted = false;
    s->record.size = 0;
    for (;; c = next(s)) {
        if (c == EOF) return unexpected(s, c, "more of a record", e);
        if (!quoted && !depth && (c == ',' || c == ']')) break;
        if (!quoted && !depth && c == '}') return unexpected(s, c, "',' or ']' behind a record", e);
        enum status status = append(&s->record, c, e);
        if (status == STATUS_OK && quoted && c == '\\') {
            c = next(s);
            if (c == EOF) return unexpected(s, c, "more of a record", e);
            status = append(&s->record, c, e);
        } else if (c == '"') {
            quoted = !quoted;
        }
        if (status != STATUS_OK) return status;
        if (!quoted && (c == '{' || c == '[')) depth++;
        if (!quoted && (c == '}' || c == ']')) depth--;
    }
    s->end = c;
    return STATUS_OK;
}

enum status records_stream_next(struct records_stream *s, bool *found, struct bytes *text, struct error *e)
{
    *found = false;
    if (s->ended) return STATUS_OK;
    enum status status = s->started ? STATUS_OK : start(s, e);
    if (status != STATUS_OK) return status;
    if (s->end == ']') return finish(s, e);
    const int c = next_visible(s);
    if (c == ']' && !s->number) return finish(s, e);
    if (c == ']' || c == ',' || c == '}' || c == EOF) return unexpected(s, c, "a record", e);
    s->number++;
    s->record_line = s->line;
    s->record_column = s->column - 1;
    status = read_record(s, c, e);
    *found = status == STATUS_OK;
    *text = bytes_of(s->record.data, s->record.size);
    return status;
}

void records_stream_locate(const struct records_stream *s, struct error *e)
{
    struct error why = *e;
    if (why.status != STATUS_MALFORMED && why.status != STATUS_LIMIT && why.status != STATUS_INVALID) return;
    error_set(e, why.status, why.code, ERROR_NO_OFFSET, "record %llu: %.200s", (unsigned long long)s->number,
              why.message);
    e->line = why.line > 1 ? s->record_line + why.line - 1 : s->record_line;
    e->column = why.line > 1 ? why.column : s->record_column + (why.line ? why.column - 1 : 0);
}
