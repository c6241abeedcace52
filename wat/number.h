/* Integer literals of the text format (WebAssembly 2.0, 6.3.1): decimal or 0x hexadecimal, single underscores between
 * digits. */
#ifndef WAT_NUMBER_H
#define WAT_NUMBER_H

#include "wat/lexer.h"

enum number_result { NUMBER_OK, NUMBER_SYNTAX, NUMBER_RANGE };

/* Without sign, at most `max`. */
enum number_result read_unsigned(const char *text, size_t size, uint64_t max, uint64_t *out);

/* With or without sign: from -2^(bits-1) to 2^bits - 1, as a bit pattern. `bits` is 32 or 64. */
enum number_result read_integer(const char *text, size_t size, unsigned bits, uint64_t *out);

/* Whether the token is any number of the language, integer or floating-point. */
bool is_number(const struct token *t);

#endif
