/* The part of a policy that says which measurements are accepted. For tee/policy_read.c. */
#ifndef TEE_POLICY_IDENTITY_H
#define TEE_POLICY_IDENTITY_H

#include "json/json_read.h"
#include "tee/policy.h"

/* Reads "identities" for p->platform into p's arena. Refusals: policy-empty, policy-key, policy. */
enum status policy_read_identities(struct tee_policy *p, const struct json_place *array, struct error *e);

/* A string of hexadecimal digits for `min` to `max` bytes, as bytes in the arena. Refusals: policy. */
enum status policy_read_hex(struct arena *a, const struct json_place *place, size_t min, size_t max, struct bytes *out,
                            struct error *e);

/* A whole number up to `max`, as a number. Refusals: policy. */
enum status policy_read_number(const struct json_place *place, uint64_t max, uint64_t *out, struct error *e);

/* Gives an error of json/ a code of tee/: json-duplicate, or the one given. Returns its status. */
enum status policy_error(struct error *e, enum tee_refusal code);
enum status policy_refuse_null(const struct json_place *place, struct error *e);

#endif
