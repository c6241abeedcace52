/* How what is attested came about. Whoever has the root of a sealed file can seal any state as that of any run, and who
 * can call a program can hand it any hash; so evidence says what its maker did before it asked the hardware, and a
 * policy says what is enough. */
#ifndef TEE_ORIGIN_H
#define TEE_ORIGIN_H

#include "base/bytes.h"
#include "tee/seal.h"

enum tee_origin {
    ORIGIN_NONE,                   /* no result: a key, a challenge, a bare hash */
#define X(NAME, byte, name, text) ORIGIN_##NAME = byte,
#include "tee/origins.def"
#undef X
};

bool tee_origin_known(uint8_t byte);                             /* not ORIGIN_NONE */
const char *tee_origin_name(enum tee_origin origin);             /* "executed"; "unchecked" for ORIGIN_NONE */
const char *tee_origin_text(enum tee_origin origin);             /* "executed here" */
enum tee_origin tee_origin_named(struct bytes name);             /* ORIGIN_NONE: none of that name */
enum tee_origin tee_origin_resumed(enum tee_root_kind root);     /* of a run that was sealed under such a root */
static inline uint32_t tee_origin_bit(enum tee_origin origin) { return (uint32_t)1 << origin; }

#endif
