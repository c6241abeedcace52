/* Values of issued things that mean nothing: made from their names, so that they can be recognised. */
#ifndef TEE_ISSUE_VALUES_H
#define TEE_ISSUE_VALUES_H

#include "tee/issue.h"

/* Who all issued certificates say that they are from. */
#define ISSUE_ORGANISATION "nvm simulator"

/* The first `size` (at most 64) bytes of SHA-512("nvm simulator: " ‖ name). */
void issue_value_fill(const char *name, uint8_t *out, size_t size);
struct bytes issue_value(struct issue *i, const char *name, size_t size);

#endif
