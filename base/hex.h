/* Hexadecimal text. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include "base/bytes.h"

/* The value of a digit of either case, -1 if it is none. */
int hex_digit(char c);

/* Appends two lower-case digits for each byte. */
void hex_encode(struct bytes in, struct buffer *out);

/* Appends the bytes that an even number of digits (either case, nothing between them) stand for. False, and nothing
 * appended, if the text is anything else; false with out->failed set if there is no memory. */
bool hex_decode(struct bytes text, struct buffer *out);

#endif
