/* Writing DER (X.690), the counterpart of tee/der.h. Everything is appended to a buffer; what fails for lack of memory
 * shows in its `failed`. What is correct comes out by itself; der_write_raw takes anything else, so that malformed
 * encodings can be made. */
#ifndef TEE_DER_WRITE_H
#define TEE_DER_WRITE_H

#include "base/bytes.h"
#include "tee/der.h"

/* An element around what is appended between the two calls: const size_t at = der_open(b, DER_SEQUENCE); …; der_close(b,
 * at). Nesting is allowed. */
size_t der_open(struct buffer *b, uint8_t tag);
void der_close(struct buffer *b, size_t at);
/* The same with a length in the long form of that many bytes (1 … 8), which is wrong where fewer would do. */
void der_close_long(struct buffer *b, size_t at, unsigned length_bytes);

void der_write(struct buffer *b, uint8_t tag, struct bytes contents);
void der_write_raw(struct buffer *b, struct bytes anything);
void der_write_length(struct buffer *b, size_t length);

void der_write_bool(struct buffer *b, bool value);
void der_write_null(struct buffer *b);
/* A non-negative INTEGER from big-endian bytes, in its shortest form. */
void der_write_integer(struct buffer *b, struct bytes big_endian);
void der_write_small(struct buffer *b, uint64_t value);
/* "1.2.840.10045.2.1"; arcs below 2^64. Text that is no such list makes an element that no reader accepts (empty). */
void der_write_oid(struct buffer *b, const char *dotted);
/* Only the contents, as certificate_extension of tee/x509.h wants them. */
void der_write_oid_contents(struct buffer *b, const char *dotted);
void der_write_bits(struct buffer *b, struct bytes bits, unsigned unused);
/* BIT STRING of named flags (bit 0 first) in its shortest form: keyUsage. */
void der_write_flags(struct buffer *b, uint32_t flags);
/* UTCTime from 1950 to 2049, else GeneralizedTime (RFC 5280, 4.1.2.5, which has no form for years before 1950). Unix
 * seconds, years 0 to 9999. */
void der_write_time(struct buffer *b, int64_t at);

#endif
