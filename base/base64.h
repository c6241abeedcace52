/* Base64 with the standard alphabet and padding (RFC 4648, section 4). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/bytes.h"

void base64_encode(struct bytes in, struct buffer *out);

/* Appends the bytes. Accepts what base64_encode writes and nothing else: padding must be there and complete, the
 * bits that it leaves over zero, no white space. False, and nothing appended, otherwise; false with out->failed set
 * if there is no memory. */
bool base64_decode(struct bytes text, struct buffer *out);

#endif
