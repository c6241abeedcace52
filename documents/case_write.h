/* What came of a contract call as JSON: the `expect` object of a case (case_read.h), field by field. */
#ifndef DOCUMENTS_CASE_WRITE_H
#define DOCUMENTS_CASE_WRITE_H

#include "json/json.h"

#include "host/host.h"
#include "host/mock_external.h"

/* burnt_gas, used_gas, compute_usage, balance, subsidized_amount, storage_usage, return, logs, error, profile, actions
 * (the mock's log), state_changes (against the mock's beginning). The caller gives *out back with json_free.
 * STATUS_NO_MEMORY. */
enum status case_write_expect(const struct call_outcome *outcome, const struct mock_external *m,
                              struct json **out, struct error *e);

/* One line of the log as production's MockAction prints itself: {"Transfer": {"receipt_index": 0, "deposit": "1"}}.
 * Byte strings are base64, balances strings, keys and hashes base58. Null: no memory, or an action that no contract can
 * ask for (a delegate action). */
struct json *case_write_entry(const struct mock_entry *entry);

/* The parts that are useful alone; null (or false) without memory. A non-zero cost of the profile is a member. */
struct json *case_write_profile(const struct gas_profile *profile);

#endif
