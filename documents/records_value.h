/* The values that genesis records are made of, as nearcore's own JSON has them: hashes, keys, accounts, access keys,
 * actions, receipts (near-primitives 0.38.0: serde of the structures, not the RPC's views).
 *
 * Readers refuse what is not exactly that, with its place (json_read.h); STATUS_NO_MEMORY. What they give refers to the
 * document and the arena. Writers return null if there is no memory. */
#ifndef DOCUMENTS_RECORDS_VALUE_H
#define DOCUMENTS_RECORDS_VALUE_H

#include "near/account.h"
#include "near/json_values.h"
#include "near/receipt.h"

/* ---- reading ---------------------------------------------------------------------------------------------------- */

enum status json_read_hash(const struct json_place *p, struct crypto_hash *out, struct error *e);
enum status json_read_public_key(const struct json_place *p, struct arena *a, const struct public_key **out,
                                 struct error *e);
enum status json_read_key_handle(const struct json_place *p, struct public_key_handle *out, struct error *e);
enum status json_read_account(const struct json_place *p, struct account *out, struct error *e);
enum status json_read_access_key(const struct json_place *p, struct arena *a, struct access_key *out,
                                 struct error *e);
/* {"Name": VALUE}, as serde writes an enum: sets *name and *value. */
enum status json_read_variant(const struct json_place *p, const char **name, struct json_place *value,
                              struct error *e);
/* Not delegate actions and state inits: these are refused by name. */
enum status json_read_action(const struct json_place *p, struct arena *a, struct action *out, struct error *e);
/* Not distributions of global contracts. */
enum status json_read_receipt(const struct json_place *p, struct arena *a, struct receipt *out, struct error *e);

/* Shorter: the member `name` is there, then read. */
enum status json_member_hash(const struct json_place *p, const char *name, struct crypto_hash *out, struct error *e);
enum status json_member_u128(const struct json_place *p, const char *name, struct u128 *out, struct error *e);
enum status json_member_u64(const struct json_place *p, const char *name, uint64_t *out, struct error *e);
enum status json_member_account_id(const struct json_place *p, const char *name, struct account_id *out,
                                   struct error *e);
enum status json_member_base64(const struct json_place *p, const char *name, struct arena *a, struct bytes *out,
                               struct error *e);
enum status json_member_public_key(const struct json_place *p, const char *name, struct arena *a,
                                   const struct public_key **out, struct error *e);

#define JSON_CHECK_OBJECT(place, names, e) json_check_object(place, names, sizeof(names) / sizeof *(names), e)

/* ---- writing ---------------------------------------------------------------------------------------------------- */

struct json *json_hash(const struct crypto_hash *h);
struct json *json_key_handle(const struct public_key_handle *key);
struct json *json_account(const struct account *a);
struct json *json_access_key(const struct access_key *k);
/* {"Name": value}; takes the value over. */
struct json *json_variant(const char *name, struct json *value);
/* Null, too, for what the readers refuse: ask first. */
struct json *json_action(const struct action *a);
struct json *json_receipt(const struct receipt *r);

/* Null if the receipt can be written, otherwise what there is in it that cannot: "a Delegate action". */
const char *json_receipt_unsupported(const struct receipt *r);

#endif
