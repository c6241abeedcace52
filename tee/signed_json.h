/* Intel's documents as its service answers them: {"tcbInfo":{…},"signature":"…"}, where the signature is over the bytes
 * of the object exactly as they stand. Found by scanning, so that nothing is interpreted before the signature is checked,
 * and nothing is written anew. */
#ifndef TEE_SIGNED_JSON_H
#define TEE_SIGNED_JSON_H

#include "base/bytes.h"
#include "base/error.h"

struct signed_json {
    struct bytes name;             /* tcbInfo */
    struct bytes value;            /* from its first brace to its last */
    struct bytes signature;        /* what is between the quotation marks */
};

/* Whether the text is an object whose first member is named "signature" or has one of the names. */
bool signed_json_is(struct bytes text, const char *const *names, size_t count);

/* Exactly two members: `signature`, a string without escapes, and one that is an object; in either order, with white space
 * as JSON has it. Brackets are counted, and what stands in strings is not; whether the object is JSON is for its reader to
 * see. The error (STATUS_MALFORMED) has the offset. */
enum status signed_json_split(struct bytes text, struct signed_json *out, struct error *e);

#endif
