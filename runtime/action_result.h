/* What the files that run receipts do with results, beyond what actions do (runtime/internal.h). */
#ifndef RUNTIME_ACTION_RESULT_H
#define RUNTIME_ACTION_RESULT_H

#include "runtime/internal.h"

/* Copies the text. STATUS_NO_MEMORY. */
enum status action_result_add_log(struct apply_state *s, struct action_result *r, struct bytes text, struct error *e);

/* The receipt fails: what it would have made is forgotten, gas and logs stay. */
void action_result_set_error(struct action_result *r, const struct action_error *error);

/* Adds the result of the next action to that of its receipt. STATUS_NO_MEMORY, STATUS_INVALID (overflow). */
enum status action_result_merge(struct apply_state *s, struct action_result *r, const struct action_result *next,
                                struct error *e);

#endif
