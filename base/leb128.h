/* LEB128 as WebAssembly uses it: at most ceil(bits/7) bytes, unused bits zero (or the sign). */
#ifndef BASE_LEB128_H
#define BASE_LEB128_H

#include "base/bytes.h"

enum leb_result {
    LEB_OK,
    LEB_END,       /* the input ended inside the number */
    LEB_TOO_LONG,  /* more bytes than the width allows */
    LEB_TOO_LARGE, /* bits beyond the width are set */
};

/* Reads a number at *p, not beyond `end`; on success *p is behind it. On failure *p is unchanged. */
enum leb_result leb_read_u32(const uint8_t **p, const uint8_t *end, uint32_t *value);
enum leb_result leb_read_u64(const uint8_t **p, const uint8_t *end, uint64_t *value);
enum leb_result leb_read_s32(const uint8_t **p, const uint8_t *end, int32_t *value);
enum leb_result leb_read_s33(const uint8_t **p, const uint8_t *end, int64_t *value);
enum leb_result leb_read_s64(const uint8_t **p, const uint8_t *end, int64_t *value);

/* Appends the shortest form. */
void leb_write_u64(struct buffer *b, uint64_t value);
void leb_write_s64(struct buffer *b, int64_t value);

#endif
