/* What came of a chunk, in the form of scenarios. */
#include <stdlib.h>

#include "base/hex.h"
#include "documents/scenario.h"
#include "near/json_values.h"
#include "near/receipt_json.h"
#include "proof/merkle.h"

/* ---- values ------------------------------------------------------------------------------------------------------ */

static struct json *hash_json(const struct crypto_hash *h)
{
    return json_base58(crypto_hash_bytes(h));
}

static struct json *trie_hash_json(const struct trie_hash *h)
{
    return json_base58(bytes_of(h->bytes, sizeof h->bytes));
}

static struct json *hex_json(struct bytes bytes)
{
    struct buffer text = {0};
    hex_encode(bytes, &text);
    struct json *json = text.failed ? NULL : json_text(bytes_of(text.data, text.size));
    buffer_free(&text);
    return json;
}

/* A number of any size, as JSON numbers may be. */
static struct json *big_number_json(struct u128 number)
{
    char text[U128_TEXT_SIZE];
    if (!number.high) return json_u64(number.low);
    u128_print(number, text);
    return json_real(text);
}

/* What somebody wrote as text. */
static struct json *parsed(struct buffer *text)
{
    struct json *json = NULL;
    struct error e = {0};
    if (text->failed || json_read_document(bytes_of(text->data, text->size), &json, &e) != STATUS_OK)
        json = text->failed ? NULL : json_text(bytes_of(text->data, text->size));
    buffer_free(text);
    return json;
}

/* ---- outcomes ---------------------------------------------------------------------------------------------------- */

static struct json *leaf_hashes_json(const struct execution_outcome *o)
{
    struct json_builder list = json_array_begin();
    const size_t count = 2 + (size_t)o->log_count;
    struct crypto_hash *hashes = malloc(count * sizeof *hashes);
    if (!hashes || outcome_hashes(o, hashes, NULL) != STATUS_OK) list.failed = true;
    for (size_t i = 0; !list.failed && i < count; i++) json_append(&list, hex_json(crypto_hash_bytes(&hashes[i])));
    free(hashes);
    return json_finish(&list);
}

static struct json *receipt_ids_json(const struct execution_outcome *o)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < o->receipt_id_count; i++) json_append(&list, hash_json(&o->receipt_ids[i]));
    return json_finish(&list);
}

static struct json *logs_json(const struct execution_outcome *o)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < o->log_count; i++) json_append(&list, json_text(o->logs[i]));
    return json_finish(&list);
}

static struct json *outcome_object(const struct execution_outcome *o)
{
    struct json_builder b = json_object_begin();
    struct buffer status = {0}, profile = {0};
    outcome_status_json(o, &status);
    outcome_profile_json(o->profile, &profile);
    json_put(&b, "id", hash_json(&o->id));
    json_put(&b, "executor_id", json_account_id(&o->executor_id));
    json_put(&b, "status", parsed(&status));
    json_put(&b, "gas_burnt", json_u64(o->gas_burnt));
    json_put(&b, "compute_usage", json_u64(o->compute_usage));
    json_put(&b, "tokens_burnt", json_u128(o->tokens_burnt));
    json_put(&b, "logs", logs_json(o));
    json_put(&b, "receipt_ids", receipt_ids_json(o));
    if (o->profile) json_put(&b, "gas_profile", parsed(&profile));
    else json_put_null(&b, "gas_profile");
    json_put(&b, "metadata_version", json_u64(o->profile ? 3 : 1));
    json_put(&b, "leaf_hashes_hex", leaf_hashes_json(o));
    buffer_free(&profile);
    return json_finish(&b);
}

static struct json *outcomes_json(const struct chunk_result *r)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < r->outcome_count; i++) json_append(&list, outcome_object(&r->outcomes[i]));
    return json_finish(&list);
}

static struct json *outcome_root_json(const struct chunk_result *r)
{
    struct merkle_tree tree = {0};
    for (uint32_t i = 0; i < r->outcome_count; i++) {
        struct crypto_hash leaf;
        if (outcome_leaf(&r->outcomes[i], &leaf, NULL) != STATUS_OK) return NULL;
        merkle_tree_add(&tree, &leaf);
    }
    const struct crypto_hash root = merkle_tree_root(&tree);
    return hash_json(&root);
}

static struct json *total_gas_json(const struct chunk_result *r)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < r->outcome_count; i++) total += r->outcomes[i].gas_burnt;
    return json_u64(total);
}

/* ---- transactions ------------------------------------------------------------------------------------------------ */

struct json *scenario_transactions_json(const struct chunk *chunk)
{
    struct json_builder b = json_object_begin(), list = json_array_begin();
    for (uint32_t i = 0; i < chunk->transaction_count; i++) {
        struct json_builder transaction = json_object_begin();
        struct buffer view = {0};
        signed_transaction_json(&chunk->transactions[i], &view);
        json_put(&transaction, "hash", hash_json(&chunk->transactions[i].hash));
        json_put(&transaction, "json", parsed(&view));
        json_append(&list, json_finish(&transaction));
    }
    json_put(&b, "height", json_u64(chunk->block_height));
    json_put(&b, "transactions", json_finish(&list));
    return json_finish(&b);
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

static struct json *incoming_json(const struct chunk *chunk)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < chunk->incoming_count; i++)
        json_append(&list, hash_json(&chunk->incoming[i].receipt_id));
    return json_finish(&list);
}

static struct json *receipt_object(const struct receipt *r)
{
    struct json_builder b = json_object_begin();
    struct buffer borsh = {0}, view = {0};
    receipt_write(r, &borsh);
    receipt_json(r, &view);
    json_put(&b, "borsh_base64", borsh.failed ? NULL : json_base64(bytes_of(borsh.data, borsh.size)));
    json_put(&b, "json", parsed(&view));
    buffer_free(&borsh);
    return json_finish(&b);
}

static struct json *outgoing_json(const struct chunk_result *r)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < r->outgoing_count; i++) json_append(&list, receipt_object(r->outgoing[i]));
    return json_finish(&list);
}

static struct json *processed_json(const struct chunk_result *r)
{
    static const char *const sources[] = {"Local", "Delayed", "Instant"};
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < r->processed_count; i++) {
        struct json_builder b = json_object_begin();
        json_put(&b, "receipt_id", hash_json(&r->processed[i].receipt->receipt_id));
        json_put(&b, "source", json_text(bytes_of_string(sources[r->processed[i].source])));
        json_append(&list, json_finish(&b));
    }
    return json_finish(&list);
}

static struct json *timeouts_json(const struct chunk_result *r)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < r->yield_timeout_count; i++) {
        const struct yield_timeout *t = &r->yield_timeouts[i];
        struct json_builder b = json_object_begin();
        json_put(&b, "account_id", json_account_id(&t->account_id));
        json_put(&b, "data_id", hash_json(&t->data_id));
        json_put(&b, "expires_at", json_u64(t->expires_at));
        json_append(&list, json_finish(&b));
    }
    return json_finish(&list);
}

static struct json *proposals_json(const struct chunk_result *r)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < r->proposal_count; i++) {
        struct json_builder b = json_object_begin();
        json_put(&b, "account_id", json_account_id(&r->proposals[i].account_id));
        json_put(&b, "public_key", json_public_key(r->proposals[i].public_key));
        json_put(&b, "stake", json_u128(r->proposals[i].stake));
        json_append(&list, json_finish(&b));
    }
    return json_finish(&list);
}

static struct json *changes_json(const struct chunk_result *r)
{
    struct json_builder list = json_array_begin();
    for (size_t i = 0; i < r->change_count; i++) {
        struct json_builder b = json_object_begin();
        json_put(&b, "trie_key_hex", hex_json(r->changes[i].key));
        if (r->changes[i].remove) json_put_null(&b, "value_hex");
        else json_put(&b, "value_hex", hex_json(r->changes[i].value));
        json_append(&list, json_finish(&b));
    }
    return json_finish(&list);
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

static struct json *stats_json(const struct chunk_stats *s, const struct trie_recorder *recorder)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "tx_burnt_amount", json_u128(s->tx_burnt_amount));
    json_put(&b, "slashed_burnt_amount", json_u128(s->slashed_burnt_amount));
    json_put(&b, "other_burnt_amount", json_u128(s->other_burnt_amount));
    json_put(&b, "gas_deficit_amount", json_u128(s->gas_deficit_amount));
    json_put(&b, "subsidized_amount", json_u128(s->subsidized_amount));
    json_put(&b, "transactions_num", json_u64(s->transaction_count));
    json_put(&b, "incoming_receipts_num", json_u64(s->incoming_receipt_count));
    json_put(&b, "proof_nodes", json_u64(recorder->rows.count));
    json_put(&b, "proof_size", json_u64(recorder->size));
    return json_finish(&b);
}

static struct json *congestion_json(const struct congestion_info *c)
{
    struct json_builder b = json_object_begin(), v1 = json_object_begin();
    json_put(&v1, "delayed_receipts_gas", big_number_json(c->delayed_receipts_gas));
    json_put(&v1, "buffered_receipts_gas", big_number_json(c->buffered_receipts_gas));
    json_put(&v1, "receipt_bytes", json_u64(c->receipt_bytes));
    json_put(&v1, "allowed_shard", json_u64(c->allowed_shard));
    json_put(&b, "V1", json_finish(&v1));
    return json_finish(&b);
}

static struct json *requests_json(const struct bandwidth_requests *requests)
{
    struct buffer borsh = {0};
    bandwidth_requests_write(requests, &borsh);
    struct json *json = borsh.failed ? NULL : hex_json(bytes_of(borsh.data, borsh.size));
    buffer_free(&borsh);
    return json;
}

static struct json *proof_json(const struct trie_recorder *recorder)
{
    struct json_builder b = json_object_begin(), list = json_array_begin();
    struct bytes *rows = NULL;
    size_t count = 0;
    if (trie_recorder_rows(recorder, &rows, &count, NULL) != STATUS_OK) list.failed = true;
    for (size_t i = 0; i < count; i++) json_append(&list, json_base64(rows[i]));
    free(rows);
    json_put(&b, "nodes", json_finish(&list));
    return json_finish(&b);
}

struct json *scenario_result_json(const struct chunk *chunk, const struct trie_hash *before,
                                         const struct chunk_result *r, const struct trie_recorder *recorder)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "height", json_u64(chunk->block_height));
    json_put(&b, "state_root_before", trie_hash_json(before));
    json_put(&b, "state_root_after", trie_hash_json(&r->state_root));
    json_put(&b, "state_root_after_hex", hex_json(bytes_of(r->state_root.bytes, sizeof r->state_root.bytes)));
    json_put(&b, "memory_usage_after", json_u64(r->memory_usage));
    json_put(&b, "incoming_receipts", incoming_json(chunk));
    json_put(&b, "outcomes", outcomes_json(r));
    json_put(&b, "outcome_root", outcome_root_json(r));
    json_put(&b, "outgoing_receipts", outgoing_json(r));
    json_put(&b, "processed_receipts", processed_json(r));
    json_put(&b, "processed_yield_timeouts", timeouts_json(r));
    json_put(&b, "stats", stats_json(&r->stats, recorder));
    json_put(&b, "state_changes", changes_json(r));
    json_put(&b, "total_gas_burnt", total_gas_json(r));
    json_put(&b, "delayed_receipts_count", json_u64(r->delayed_receipt_count));
    json_put(&b, "validator_proposals", proposals_json(r));
    if (r->has_congestion_info) json_put(&b, "congestion_info", congestion_json(&r->congestion_info));
    else json_put_null(&b, "congestion_info");
    json_put(&b, "bandwidth_requests_borsh_hex", requests_json(&r->bandwidth_requests));
    json_put(&b, "bandwidth_scheduler_state_hash", hash_json(&r->bandwidth_scheduler_state_hash));
    json_put(&b, "proof", proof_json(recorder));
    return json_finish(&b);
}
