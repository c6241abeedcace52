/* Copies of actions that last. */
#ifndef HOST_ACTION_COPY_H
#define HOST_ACTION_COPY_H

#include "base/arena.h"
#include "near/action.h"

/* A copy of the action and of everything it points to, in `a`. False: no memory, *out is unchanged. */
bool action_copy(struct arena *a, const struct action *action, struct action *out);

/* A copy of the bytes in `a`; data is null only if there is no memory. */
struct bytes bytes_copy(struct arena *a, struct bytes bytes);

#endif
