#include "tee/x509.h"

#include <stdio.h>

#include "base/base64.h"

enum { LINE = 64 };

static bool refuse(struct error *e, const char *problem, const char *label)
{
    tee_refuse(e, TEE_PEM, "PEM: %s (%s)", problem, label);
    return false;
}

static void skip_space(struct bytes *rest)
{
    while (rest->size && (*rest->data == ' ' || *rest->data == '\t' || *rest->data == '\r' || *rest->data == '\n')) {
        rest->data++;
        rest->size--;
    }
}

/* The next line without its end. False: none is left. */
static bool next_line(struct bytes *rest, struct bytes *line)
{
    if (rest->size == 0) return false;
    const uint8_t *end = memchr(rest->data, '\n', rest->size);
    const size_t size = end ? (size_t)(end - rest->data) : rest->size, taken = end ? size + 1 : size;
    *line = bytes_of(rest->data, size);
    if (end && size && line->data[size - 1] == '\r') line->size--;
    *rest = bytes_of(rest->data + taken, rest->size - taken);
    return true;
}

/* Whether the line is -----BEGIN label----- (or END). */
static bool is_boundary(struct bytes line, const char *word, const char *label)
{
    char expected[80];
    const int n = snprintf(expected, sizeof expected, "-----%s %s-----", word, label);
    return n > 0 && (size_t)n < sizeof expected && bytes_equal(line, bytes_of(expected, (size_t)n));
}

/* Decodes up to the line that ends the block. */
static bool read_body(struct bytes *rest, const char *label, struct buffer *out, struct error *e)
{
    struct bytes line;
    bool last = false;
    while (next_line(rest, &line)) {
        if (is_boundary(line, "END", label)) return out->size ? true : refuse(e, "an empty block", label);
        if (last || line.size == 0 || line.size > LINE)
            return refuse(e, "a line that is not of 64 characters before the last one", label);
        const size_t before = out->size;
        if (!base64_decode(line, out)) return refuse(e, "a line that is not base64", label);
        last = out->size - before < LINE / 4 * 3;
    }
    return refuse(e, "it does not end", label);
}

bool pem_next(struct bytes *rest, const char *label, struct arena *arena, struct bytes *der, struct error *e)
{
    struct bytes at = *rest, line;
    struct buffer body = {0};
    *der = (struct bytes){0};
    if (e) *e = (struct error){0};
    skip_space(&at);
    if (at.size == 0) {
        *rest = at;
        return false;
    }
    if (!next_line(&at, &line) || !is_boundary(line, "BEGIN", label))
        return refuse(e, "something else than the beginning of a block", label);
    bool ok = read_body(&at, label, &body, e);
    if (ok || body.failed) {
        uint8_t *copy = body.failed ? NULL : arena_alloc(arena, body.size);
        ok = copy != NULL;
        if (ok) memcpy(copy, body.data, body.size);
        else error_no_memory(e);
        if (ok) *der = bytes_of(copy, body.size);
    }
    if (ok) *rest = at;
    buffer_free(&body);
    return ok;
}
