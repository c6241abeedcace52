/* What must be the same where a suspended call goes on, as hashes. Internal to host/. */
#ifndef HOST_CALL_IDENTITY_H
#define HOST_CALL_IDENTITY_H

#include "host/host.h"

enum { CALL_HASH_SIZE = 32 };

/* False: no memory. */

/* Everything that a call can see of its parameters. */
bool call_parameters_hash(const struct protocol_parameters *p, uint8_t out[CALL_HASH_SIZE]);
/* The method and everything of its context. */
bool call_context_hash(const struct call_context *c, struct bytes method, uint8_t out[CALL_HASH_SIZE]);

#endif
