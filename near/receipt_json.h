/* Actions, receipts and transactions in JSON, as RPC nodes print them (near-primitives 0.38.0, views.rs): code as the
 * base64 of its SHA-256, second versions of receipts under the names of the first. */
#ifndef NEAR_RECEIPT_JSON_H
#define NEAR_RECEIPT_JSON_H

#include "near/receipt.h"
#include "near/transaction.h"

/* Appends one value. Delegate actions that nobody has read are null. */
void action_json(const struct action *action, struct buffer *out);
void receipt_json(const struct receipt *receipt, struct buffer *out);
/* Fee fields that older clients expect are there, too. An ML-DSA-65 signature is printed as null. */
void signed_transaction_json(const struct signed_transaction *t, struct buffer *out);

#endif
