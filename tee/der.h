/* Reading DER (X.690): definite lengths in their shortest form, no recursion, nothing copied. */
#ifndef TEE_DER_H
#define TEE_DER_H

#include <stdbool.h>

#include "base/bytes.h"
#include "tee/refusal.h"

enum {
    DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_BIT_STRING = 0x03, DER_OCTET_STRING = 0x04, DER_NULL = 0x05,
    DER_OID = 0x06, DER_ENUMERATED = 0x0a, DER_UTF8_STRING = 0x0c, DER_PRINTABLE_STRING = 0x13, DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17, DER_GENERALIZED_TIME = 0x18, DER_SEQUENCE = 0x30, DER_SET = 0x31,
    DER_CONTEXT = 0x80, DER_CONTEXT_CONSTRUCTED = 0xa0, /* + number */
};

/* A position in DER. Once something is wrong everything read is empty, so one look at `failed` at the end is enough; but
 * see der_more. */
struct der_reader {
    const uint8_t *start, *p, *end; /* `start`: of the outermost input, for offsets */
    bool failed;
    size_t failed_at;
    const char *problem;
};
struct der_reader der_reader_of(struct bytes input);
struct der_reader der_inside(const struct der_reader *outer, struct bytes contents);

bool der_more(const struct der_reader *r);              /* false also after a failure */
uint8_t der_peek(const struct der_reader *r);           /* the next tag; 0: none */
struct bytes der_read(struct der_reader *r, uint8_t tag);   /* the contents of an element that must have this tag */
struct bytes der_read_whole(struct der_reader *r, uint8_t tag); /* with tag and length */
struct bytes der_read_any(struct der_reader *r, uint8_t *tag);
bool der_read_bool(struct der_reader *r);
struct bytes der_read_integer(struct der_reader *r);     /* not negative, shortest form; a sign byte (00) stays */
uint64_t der_read_small(struct der_reader *r, uint64_t max); /* a non-negative INTEGER */
struct bytes der_read_bits(struct der_reader *r, unsigned *unused); /* BIT STRING */
int64_t der_read_time(struct der_reader *r);             /* UTCTime or GeneralizedTime as RFC 5280 has them */
void der_fail(struct der_reader *r, const char *problem);
/* STATUS_OK if nothing failed and everything was read; else *e (refusal der) says what and where. */
enum status der_finish(const struct der_reader *r, const char *what, struct error *e);

#endif
