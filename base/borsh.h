/* Borsh, the canonical binary encoding of NEAR: little-endian numbers, a 32-bit count before sequences, one byte
 * before options and enums. Source: borsh.io, specification. */
#ifndef BASE_BORSH_H
#define BASE_BORSH_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/u128.h"

/* ---- writing: into a buffer, whose `failed` says at the end whether there was memory ----------------------------- */

void borsh_write_u8(struct buffer *b, uint8_t v);
void borsh_write_u16(struct buffer *b, uint16_t v);
void borsh_write_u32(struct buffer *b, uint32_t v);
void borsh_write_u64(struct buffer *b, uint64_t v);
void borsh_write_u128(struct buffer *b, struct u128 v);
void borsh_write_bool(struct buffer *b, bool v);
/* A count and the bytes. More than 2^32 - 1 bytes set b->failed. */
void borsh_write_bytes(struct buffer *b, struct bytes v);

/* ---- reading: from bytes that somebody else owns and that must stay ---------------------------------------------- */

/* Once something is wrong, everything read is zero or empty, so that one check at the end is enough; but a count must
 * be used with care: see borsh_read_count. */
struct borsh_reader {
    const uint8_t *start, *p, *end;
    bool failed;
    size_t failed_at;       /* offset of what could not be read */
    const char *problem;    /* what was wrong with it */
};

struct borsh_reader borsh_reader_of(struct bytes input);

uint8_t borsh_read_u8(struct borsh_reader *r);
uint16_t borsh_read_u16(struct borsh_reader *r);
uint32_t borsh_read_u32(struct borsh_reader *r);
uint64_t borsh_read_u64(struct borsh_reader *r);
struct u128 borsh_read_u128(struct borsh_reader *r);
bool borsh_read_bool(struct borsh_reader *r);               /* 0 or 1; anything else is an error */
struct bytes borsh_read_fixed(struct borsh_reader *r, size_t size); /* that many bytes, without a count */
struct bytes borsh_read_bytes(struct borsh_reader *r);      /* a count and the bytes */
struct bytes borsh_read_string(struct borsh_reader *r);     /* the same; must be UTF-8 */

/* The count of a sequence whose elements take at least `element_size` bytes each (more than 0): 0 and failed if the
 * input cannot hold that many, so that memory can be reserved by it. */
uint32_t borsh_read_count(struct borsh_reader *r, size_t element_size);

/* Marks the input as wrong at what was read last, for rules of the caller's; `problem` is a string constant. */
void borsh_reject(struct borsh_reader *r, const char *problem);

/* STATUS_OK if nothing failed and everything was read; otherwise STATUS_MALFORMED with the offset. `what` names the
 * input in the message. */
enum status borsh_finish(const struct borsh_reader *r, const char *what, struct error *e);

#endif
