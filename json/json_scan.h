/* json/: JSON documents, read strictly. This header: what json-c lets pass although JSON (RFC 8259) does not: wrong numbers
 * and strings, numbers that it would round, and names that are there twice in an object. Structure is json-c's to check. */
#ifndef JSON_JSON_SCAN_H
#define JSON_JSON_SCAN_H

#include "base/bytes.h"
#include "base/error.h"

/* Checks every string, number and word of the text, and counts the names of members. STATUS_MALFORMED with line and
 * column: what the grammar does not allow, whole numbers outside -2^63 to 2^64 - 1, escapes that are half of a
 * surrogate pair, a NUL in a name. */
enum status json_scan(struct bytes text, size_t *names, struct error *e);

enum { JSON_NAME_TWICE = 1 }; /* error.code; all other errors of JSON have none */

/* For a text that json_scan and json-c have accepted, in which some object has a name twice: fills *e with the place of
 * the first such name and returns STATUS_MALFORMED with JSON_NAME_TWICE (or STATUS_NO_MEMORY). */
enum status json_scan_duplicate(struct bytes text, struct error *e);

/* Fills *e with STATUS_MALFORMED, the message, and line and column of the byte at `offset`. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
enum status json_error_at(struct bytes text, size_t offset, struct error *e, const char *format, ...);

#endif
