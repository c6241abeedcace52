/* One function for each mangling scheme, used by demangle.c alone.
 *
 * Each appends the name to *out and sets *used to how many bytes of the symbol it has read, prefix included; what
 * follows is for the caller to judge. False: not such a symbol; then *out may hold the beginning of a name. */
#ifndef BASE_DEMANGLE_SCHEMES_H
#define BASE_DEMANGLE_SCHEMES_H

#include "base/bytes.h"

enum { DEMANGLE_OUTPUT_LIMIT = 64 * 1024 }; /* bytes of one readable name */

bool demangle_legacy(struct bytes symbol, struct buffer *out, size_t *used);
bool demangle_v0(struct bytes symbol, struct buffer *out, size_t *used);
bool demangle_itanium(struct bytes symbol, struct buffer *out, size_t *used);

/* Whether a symbol begins with `prefix`. */
bool symbol_begins(struct bytes symbol, const char *prefix);

/* Whether `c` is a Unicode scalar value: a character that UTF-8 can encode. */
bool is_scalar_value(uint64_t c);

/* Appends a scalar value as UTF-8. */
void append_utf8(struct buffer *out, uint32_t c);

#endif
