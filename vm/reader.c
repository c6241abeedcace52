#include "vm/reader.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    enum status status;
    const char *text;
} vm_errors[VM_ERROR_COUNT] = {
#define X(name, status, text) [VM_ERROR_##name] = {STATUS_##status, text},
#include "vm/errors.def"
#undef X
};

bool reader_fail(struct reader *r, enum vm_error code, const uint8_t *at, const char *detail, ...)
{
    if (r->failed) return false;
    r->failed = true;
    char text[160] = "";
    if (detail) {
        va_list args;
        va_start(args, detail);
        vsnprintf(text, sizeof text, detail, args);
        va_end(args);
    }
    error_set(r->e, vm_errors[code].status, (int)code, (uint64_t)(at - r->base), "%s%s%s", vm_errors[code].text,
              detail ? ": " : "", text);
    return false;
}

bool reader_leb_fail(struct reader *r, enum leb_result result)
{
    enum vm_error code = result == LEB_END        ? VM_ERROR_NUMBER_END
                         : result == LEB_TOO_LONG ? VM_ERROR_LEB_TOO_LONG
                                                  : VM_ERROR_LEB_TOO_LARGE;
    return reader_fail(r, code, r->p, NULL);
}

struct bytes read_bytes(struct reader *r, size_t size)
{
    if (size > (size_t)(r->end - r->p)) {
        reader_fail(r, VM_ERROR_LENGTH, r->p, "%zu bytes wanted, %zu are left", size, (size_t)(r->end - r->p));
        return (struct bytes){0};
    }
    struct bytes b = bytes_of(r->p, size);
    r->p += size;
    return b;
}

uint32_t read_count(struct reader *r, uint32_t limit, const char *what)
{
    const uint8_t *at = r->p;
    uint32_t n = read_u32(r);
    if (n > (size_t)(r->end - r->p)) {
        reader_fail(r, VM_ERROR_LENGTH, at, "%u %s declared, but only %zu bytes are left", n, what,
                    (size_t)(r->end - r->p));
        return 0;
    }
    if (n > limit) {
        reader_fail(r, VM_ERROR_LIMIT, at, "%u %s, at most %u are allowed", n, what, limit);
        return 0;
    }
    return n;
}

struct bytes read_name(struct reader *r)
{
    uint32_t n = read_u32(r);
    const uint8_t *at = r->p;
    struct bytes b = read_bytes(r, n);
    if (!r->failed && !utf8_valid(b.data, b.size)) {
        reader_fail(r, VM_ERROR_UTF8, at, NULL);
        b.size = 0;
    }
    return b;
}
