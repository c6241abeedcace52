/* Byte strings: a borrowed view (`struct bytes`) and a growing buffer (`struct buffer`). */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A view of bytes owned by somebody else. `data` may be null if `size` is 0. */
struct bytes {
    const uint8_t *data;
    size_t size;
};

static inline struct bytes bytes_of(const void *data, size_t size)
{
    return (struct bytes){data, size};
}

static inline struct bytes bytes_of_string(const char *s)
{
    return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* A growing byte buffer; zero-initialise it, release it with buffer_free. Once an append has failed for lack of
 * memory, `failed` stays set and later appends do nothing, so that one check at the end is enough. */
struct buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed;
};

void buffer_free(struct buffer *b);
bool buffer_reserve(struct buffer *b, size_t extra);           /* room for `extra` more bytes; false: no memory */
void buffer_append(struct buffer *b, const void *data, size_t size);
void buffer_append_byte(struct buffer *b, uint8_t byte);
void buffer_append_string(struct buffer *b, const char *s);    /* without the NUL */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void buffer_printf(struct buffer *b, const char *format, ...); /* the NUL is not part of size */

/* Little-endian reads and writes at any alignment, on hosts of any byte order. */
static inline uint16_t load_le16(const void *p)
{
    const uint8_t *b = p;
    return (uint16_t)(b[0] | b[1] << 8);
}
static inline uint32_t load_le32(const void *p)
{
    const uint8_t *b = p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}
static inline uint64_t load_le64(const void *p)
{
    const uint8_t *b = p;
    return load_le32(b) | (uint64_t)load_le32(b + 4) << 32;
}
static inline void store_le16(void *p, uint16_t v)
{
    uint8_t *b = p;
    b[0] = (uint8_t)v;
    b[1] = (uint8_t)(v >> 8);
}
static inline void store_le32(void *p, uint32_t v)
{
    uint8_t *b = p;
    for (int i = 0; i < 4; i++) b[i] = (uint8_t)(v >> 8 * i);
}
static inline void store_le64(void *p, uint64_t v)
{
    uint8_t *b = p;
    for (int i = 0; i < 8; i++) b[i] = (uint8_t)(v >> 8 * i);
}

/* Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no over-long forms, at most U+10FFFF). */
bool utf8_valid(const uint8_t *data, size_t size);

#endif
