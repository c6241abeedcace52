/* Refusal codes (refusals.def). Functions of tee/ that refuse something return STATUS_INVALID (or STATUS_MALFORMED if it
 * cannot be read) with error.code = the enum tee_refusal and a message that names both values. */
#ifndef TEE_REFUSAL_H
#define TEE_REFUSAL_H

#include "base/error.h"

enum tee_refusal {
    TEE_OK = 0,
#define X(name, code, text) TEE_##name,
#include "tee/refusals.def"
#undef X
    TEE_REFUSAL_COUNT
};

const char *tee_refusal_code(enum tee_refusal r); /* "seal-corrupt"; "ok"; "unknown" */
const char *tee_refusal_text(enum tee_refusal r); /* a sentence's part, in lower case */

/* Fills *e (which may be null) with STATUS_INVALID and the code, and returns STATUS_INVALID. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
enum status tee_refuse(struct error *e, enum tee_refusal r, const char *format, ...);

#endif
