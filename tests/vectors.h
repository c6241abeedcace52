/* Test vectors in files of records: "key = value" lines, a blank line after each record, comments after #. Values are
 * hex, numbers or words; a key may come several times. See vectors/crypto/README.md. */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include <stdlib.h>

#include "tests/read_file.h"
#include "tests/test.h"

struct vectors {
    struct buffer text; /* NUL-terminated lines once a record was read */
    size_t at;
    size_t record, record_end; /* where the present record lies */
    struct buffer hex[8];      /* decoded values, one for each slot */
};

/* False, after a failed check, if the file cannot be read. */
static inline bool vectors_open(struct vectors *v, const char *path)
{
    *v = (struct vectors){0};
    bool ok = read_file(path, &v->text);
    buffer_append_byte(&v->text, '\n');
    return CHECK(ok && !v->text.failed);
}

static inline void vectors_close(struct vectors *v)
{
    buffer_free(&v->text);
    for (size_t i = 0; i < sizeof v->hex / sizeof *v->hex; i++) buffer_free(&v->hex[i]);
}

/* Goes to the next record; false at the end. */
static inline bool vectors_next(struct vectors *v)
{
    bool any = false;
    v->record = v->at;
    while (v->at < v->text.size) {
        char *line = (char *)v->text.data + v->at;
        char *end = memchr(line, '\n', v->text.size - v->at);
        *end = 0;
        v->at += (size_t)(end - line) + 1;
        if (*line == '#') continue;
        if (*line) any = true;
        else if (any) break;
    }
    v->record_end = v->at;
    return any;
}

/* The value of the key's n-th line in this record, or null. */
static inline const char *vectors_text_at(const struct vectors *v, const char *key, unsigned n)
{
    const size_t length = strlen(key);
    for (size_t at = v->record; at < v->record_end;) {
        const char *line = (const char *)v->text.data + at;
        if (strncmp(line, key, length) == 0 && strncmp(line + length, " =", 2) == 0 && n-- == 0)
            return line + length + (line[length + 2] ? 3 : 2);
        at += strlen(line) + 1;
    }
    return NULL;
}

static inline const char *vectors_text(const struct vectors *v, const char *key)
{
    const char *text = vectors_text_at(v, key, 0);
    return text ? text : "";
}

static inline unsigned long vectors_number(const struct vectors *v, const char *key)
{
    return strtoul(vectors_text(v, key), NULL, 10);
}

/* The value as bytes, kept in one of eight slots until that is used again; no bytes if the key is missing. */
static inline struct bytes vectors_hex(struct vectors *v, const char *key, unsigned slot)
{
    struct buffer *b = &v->hex[slot];
    const char *p = vectors_text(v, key);
    b->size = 0;
    for (unsigned byte; p[0] && sscanf(p, "%2x", &byte) == 1; p += 2) buffer_append_byte(b, (uint8_t)byte);
    CHECK(*p == 0 && !b->failed);
    return bytes_of(b->data, b->size);
}

/* Whether the record's result is "valid"; anything but that and "invalid" fails a check. */
static inline bool vectors_valid(const struct vectors *v)
{
    const char *result = vectors_text(v, "result");
    CHECK(strcmp(result, "valid") == 0 || strcmp(result, "invalid") == 0);
    return strcmp(result, "valid") == 0;
}

#endif
