/* A bounded reader over a module's bytes that reports errors with their offset. After the first failure, `failed`
 * is set, the error is filled, and everything reads as zero. Internal to vm/. */
#ifndef VM_READER_H
#define VM_READER_H

#include "base/leb128.h"
#include "vm/vm.h"

struct reader {
    const uint8_t *p, *end;
    const uint8_t *base;           /* offsets are counted from here */
    struct error *e;
    bool failed;
};

/* Reports an error of vm/errors.def at `at`; `detail` (printf) follows the table's text after ": ", or is null. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5), cold))
#endif
bool reader_fail(struct reader *r, enum vm_error code, const uint8_t *at, const char *detail, ...);

bool reader_leb_fail(struct reader *r, enum leb_result result);

static inline size_t reader_offset(const struct reader *r)
{
    return (size_t)(r->p - r->base);
}

static inline uint8_t read_byte(struct reader *r)
{
    if (r->p >= r->end) {
        reader_fail(r, VM_ERROR_UNEXPECTED_END, r->p, NULL);
        return 0;
    }
    return *r->p++;
}

static inline uint32_t read_u32(struct reader *r)
{
    uint32_t v;
    if (r->p < r->end && *r->p < 0x80) return *r->p++;
    enum leb_result result = leb_read_u32(&r->p, r->end, &v);
    if (result == LEB_OK) return v;
    reader_leb_fail(r, result);
    return 0;
}

static inline int32_t read_s32(struct reader *r)
{
    int32_t v;
    enum leb_result result = leb_read_s32(&r->p, r->end, &v);
    if (result == LEB_OK) return v;
    reader_leb_fail(r, result);
    return 0;
}

static inline int64_t read_s64(struct reader *r)
{
    int64_t v;
    enum leb_result result = leb_read_s64(&r->p, r->end, &v);
    if (result == LEB_OK) return v;
    reader_leb_fail(r, result);
    return 0;
}

/* The next `size` bytes, or an empty view and a failure. */
struct bytes read_bytes(struct reader *r, size_t size);

/* A vector's length; every element takes at least one byte, so that more than the rest is refused at once. `what`
 * and `limit` name the limit of the implementation or configuration. */
uint32_t read_count(struct reader *r, uint32_t limit, const char *what);

/* A name: length and UTF-8. */
struct bytes read_name(struct reader *r);

#endif
