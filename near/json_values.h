/* NEAR's values in JSON: reading them from documents, building them, writing them. */
#ifndef NEAR_JSON_VALUES_H
#define NEAR_JSON_VALUES_H

#include "json/json_read.h"
#include "json/json_write.h"
#include "json/json_writer.h"
#include "near/account_id.h"
#include "near/crypto_hash.h"
#include "near/public_key.h"

enum status json_read_account_id(const struct json_place *p, struct account_id *out, struct error *e);

struct json *json_account_id(const struct account_id *id); /* null: no memory */
struct json *json_public_key(const struct public_key *key);

void json_write_hash(struct json_writer *w, const struct crypto_hash *hash); /* base58 */
void json_write_account_id(struct json_writer *w, const struct account_id *id);
void json_write_public_key(struct json_writer *w, const struct public_key *key);

/* A name, then the value. */
void json_name_hash(struct json_writer *w, const char *name, const struct crypto_hash *hash);
void json_name_account_id(struct json_writer *w, const char *name, const struct account_id *id);
void json_name_public_key(struct json_writer *w, const char *name, const struct public_key *key);

#endif
