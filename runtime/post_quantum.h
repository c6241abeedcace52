/* Post-quantum keys and signatures (ML-DSA-65), which versions before 85 do not know. */
#ifndef RUNTIME_POST_QUANTUM_H
#define RUNTIME_POST_QUANTUM_H

#include "near/action.h"

/* Any of them in the actions, also in delegate actions and universal state inits. STATUS_NO_MEMORY. */
enum status actions_are_post_quantum(const struct action *actions, uint32_t count, bool *out, struct error *e);

#endif
