/* Base58 with Bitcoin's alphabet and without a checksum, as NEAR writes keys and hashes. Time grows with the square
 * of the size: meant for short things, and refused beyond BASE58_MAX. */
#ifndef BASE_BASE58_H
#define BASE_BASE58_H

#include "base/bytes.h"

enum {
    BASE58_MAX = 3309,                        /* bytes: the largest signatures there are (ML-DSA-65) */
    BASE58_MAX_TEXT = BASE58_MAX * 138 / 100 + 1,
};

/* The value of a digit, -1 if it is none. */
int base58_digit(char c);

/* Appends the text for at most BASE58_MAX bytes. False, and nothing appended: more bytes, or no memory. */
bool base58_encode(struct bytes in, struct buffer *out);

/* Appends the bytes. False, and nothing appended: a character outside the alphabet, more than BASE58_MAX bytes, or
 * no memory (out->failed). Leading '1's are leading zero bytes. */
bool base58_decode(struct bytes text, struct buffer *out);

#endif
