/* Actions inside of larger JSON. */
#ifndef NEAR_ACTION_JSON_H
#define NEAR_ACTION_JSON_H

#include "near/action.h"
#include "near/json_values.h"
#include "near/signature.h"

/* As views have them; `plain`, as they stand in delegate actions: with code instead of its hash, and less flat. */
void action_write_json(struct json_writer *w, const struct action *action, bool plain);
void signature_write_json(struct json_writer *w, const struct signature *s);

/* {"CodeHash":…} or {"AccountId":…}, as receipts have it up to now; in_action: {"hash":…} or {"account_id":…}. */
void global_contract_id_write_json(struct json_writer *w, const struct global_contract_id *id, bool in_action);

#endif
