/* Moments in UTC as text (RFC 3339, section 5.6), to the second: the proleptic Gregorian calendar without leap seconds,
 * as Unix time counts. */
#ifndef BASE_RFC3339_H
#define BASE_RFC3339_H

#include "base/bytes.h"

enum { RFC3339_TEXT_SIZE = 24 };

/* Unix seconds of a date and time of the years 0000 to 9999. False if it is none, or no such day. */
bool civil_to_unix(unsigned year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second,
                   int64_t *out);

/* Reads "2026-06-17T01:05:04Z", also with a fraction of the second, which is dropped, and with an offset (+02:00) in
 * place of Z; `T` and `Z` of either case, a space in place of T. False if it is anything else. */
bool rfc3339_read(struct bytes text, int64_t *out);

/* Writes "2026-06-17T01:05:04Z" with its NUL. Times outside of the years 0000 to 9999 are shown as the nearest one
 * inside. Returns `out`. */
const char *rfc3339_text(int64_t at, char out[static RFC3339_TEXT_SIZE]);

#endif
