/* Execution proofs as JSON; docs/proof.md. */
#include "near/json_values.h"
#include "near/receipt_json.h"
#include "proof/doors.h"

/* ---- a block's context ------------------------------------------------------------------------------------------- */

static void write_balances(struct json_writer *w, const char *name, const struct account_balance *balances,
                           uint32_t count)
{
    json_name_open(w, name, '[');
    for (uint32_t i = 0; i < count; i++) {
        json_write_open(w, '{');
        json_write_name(w, "account_id");
        json_write_account_id(w, &balances[i].account_id);
        json_name_u128(w, "amount", balances[i].amount);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void write_congestion(struct json_writer *w, const struct chunk *c)
{
    json_name_open(w, "congestion", '[');
    for (uint32_t i = 0; i < c->congestion_count; i++) {
        const struct shard_congestion *s = &c->congestion[i];
        json_write_open(w, '{');
        json_name_u64(w, "shard_id", s->shard_id);
        json_name_u128(w, "delayed_receipts_gas", s->info.delayed_receipts_gas);
        json_name_u128(w, "buffered_receipts_gas", s->info.buffered_receipts_gas);
        json_name_u64(w, "receipt_bytes", s->info.receipt_bytes);
        json_name_u64(w, "allowed_shard", s->info.allowed_shard);
        json_name_u64(w, "missed_chunks", s->missed_chunks);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void write_bandwidth(struct json_writer *w, const struct chunk *c)
{
    json_name_open(w, "bandwidth_requests", '[');
    for (uint32_t i = 0; i < c->bandwidth_request_count; i++) {
        const struct shard_bandwidth_requests *s = &c->bandwidth_requests[i];
        json_write_open(w, '{');
        json_name_u64(w, "shard_id", s->shard_id);
        json_name_open(w, "requests", '[');
        for (uint32_t j = 0; j < s->requests.count; j++) {
            json_write_open(w, '{');
            json_name_u64(w, "to_shard", s->requests.requests[j].to_shard);
            json_name_base64(w, "bitmap", bytes_of(s->requests.requests[j].bitmap, BANDWIDTH_BITMAP_SIZE));
            json_write_close(w, '}');
        }
        json_write_close(w, ']');
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void write_validator_update(struct json_writer *w, const struct validator_accounts_update *u)
{
    json_write_name(w, "validator_accounts_update");
    if (!u) {
        json_write_null(w);
        return;
    }
    json_write_open(w, '{');
    write_balances(w, "stake_info", u->stake_info, u->stake_info_count);
    write_balances(w, "validator_rewards", u->rewards, u->reward_count);
    write_balances(w, "last_proposals", u->last_proposals, u->last_proposal_count);
    json_write_name(w, "protocol_treasury_account_id");
    if (u->has_treasury) json_write_account_id(w, &u->treasury);
    else json_write_null(w);
    json_write_close(w, '}');
}

static void write_context(struct json_writer *w, const struct chunk *c)
{
    json_name_u64(w, "height", c->block_height);
    json_write_name(w, "timestamp");
    json_write_u64_text(w, c->block_timestamp);
    json_name_u64(w, "epoch_height", c->epoch_height);
    json_name_hash(w, "prev_block_hash", &c->prev_block_hash);
    json_name_hash(w, "random_seed", &c->random_seed);
    json_name_u128(w, "gas_price", c->gas_price);
    json_name_u64(w, "gas_limit", c->gas_limit);
    json_name_bool(w, "is_new_chunk", c->is_new_chunk);
    write_congestion(w, c);
    write_bandwidth(w, c);
    write_balances(w, "validators", c->validators, c->validator_count);
    json_name_u128(w, "minimum_stake", c->minimum_stake);
    write_validator_update(w, c->validator_update);
}

/* ---- what was applied, and what came of it ----------------------------------------------------------------------- */

/* Where an incoming receipt comes from. */
static void write_origin(struct json_writer *w, const struct proof_origin *origin)
{
    json_write_name(w, "origin");
    if (origin->given) {
        json_write_text(w, "given");
        return;
    }
    json_write_open(w, '{');
    json_name_u64(w, "block", origin->block);
    json_name_u64(w, "index", origin->index);
    json_write_close(w, '}');
}

/* `origins`: of incoming ones, of which all fields are written; null: of those that are sent. */
static void write_receipts(struct json_writer *w, const char *name, const struct bytes *receipts, uint32_t count,
                           const struct proof_origin *origins)
{
    json_name_open(w, name, '[');
    for (uint32_t i = 0; i < count; i++) {
        struct arena arena = {0};
        struct receipt r;
        json_write_open(w, '{');
        if (receipt_from_borsh(receipts[i], &arena, &r, NULL) == STATUS_OK) {
            json_name_hash(w, "receipt_id", &r.receipt_id);
            json_write_name(w, "predecessor_id");
            json_write_account_id(w, &r.predecessor_id);
            json_write_name(w, "receiver_id");
            json_write_account_id(w, &r.receiver_id);
            json_write_name(w, "kind");
            json_write_text(w, receipt_kind_name(r.kind));
            if (origins) {
                write_origin(w, &origins[i]);
                json_write_name(w, "fields");
                receipt_json(&r, w->out);
                w->comma = true;
            }
        } else {
            w->out->failed = true; /* they were read before: there is no memory */
        }
        arena_free(&arena);
        json_name_base64(w, "borsh", receipts[i]);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void write_transactions(struct json_writer *w, const struct proof_block *b)
{
    json_name_open(w, "transactions", '[');
    for (uint32_t i = 0; i < b->transaction_count; i++) {
        struct arena arena = {0};
        struct signed_transaction t;
        json_write_open(w, '{');
        if (signed_transaction_from_borsh(b->transactions[i], &arena, &t, NULL) == STATUS_OK) {
            json_name_hash(w, "hash", &t.hash);
            json_write_name(w, "signer_id");
            json_write_account_id(w, &t.transaction.signer_id);
            json_write_name(w, "receiver_id");
            json_write_account_id(w, &t.transaction.receiver_id);
            json_write_name(w, "fields");
            signed_transaction_json(&t, w->out);
            w->comma = true;
        } else {
            w->out->failed = true;
        }
        arena_free(&arena);
        json_name_bool(w, "in_period", b->transaction_in_period[i]);
        json_name_base64(w, "borsh", b->transactions[i]);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

/* The error is a text here: whoever made the proof chose it, and nobody has checked that it is JSON. */
static void write_status(struct json_writer *w, const struct proof_outcome *p)
{
    json_write_name(w, "status");
    if (p->outcome.status == EXECUTION_FAILURE) {
        json_write_open(w, '{');
        json_write_name(w, "Failure");
        json_write_string(w, p->error);
        json_write_close(w, '}');
        return;
    }
    outcome_status_json(&p->outcome, w->out);
    w->comma = true;
}

static void write_path(struct json_writer *w, const struct proof_outcome *p)
{
    const struct merkle_path path = proof_outcome_path(p);
    json_name_open(w, "proof", '[');
    for (uint32_t i = 0; i < path.length; i++) {
        json_write_open(w, '{');
        json_name_hash(w, "hash", &path.items[i].hash);
        json_write_name(w, "direction");
        json_write_text(w, path.items[i].direction == MERKLE_LEFT ? "Left" : "Right");
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void write_outcome(struct json_writer *w, const struct proof_outcome *p)
{
    const struct execution_outcome *o = &p->outcome;
    json_write_open(w, '{');
    json_name_hash(w, "id", &o->id);
    json_write_name(w, "executor_id");
    json_write_account_id(w, &o->executor_id);
    write_status(w, p);
    json_name_open(w, "logs", '[');
    for (uint32_t i = 0; i < o->log_count; i++) json_write_string(w, o->logs[i]);
    json_write_close(w, ']');
    json_name_open(w, "receipt_ids", '[');
    for (uint32_t i = 0; i < o->receipt_id_count; i++) json_write_hash(w, &o->receipt_ids[i]);
    json_write_close(w, ']');
    json_name_u64(w, "gas_burnt", o->gas_burnt);
    json_name_u64(w, "compute_usage", o->compute_usage);
    json_name_u128(w, "tokens_burnt", o->tokens_burnt);
    json_write_name(w, "gas_profile");
    outcome_profile_json(o->profile, w->out);
    w->comma = true;
    write_path(w, p);
    json_write_close(w, '}');
}

static void write_block(struct json_writer *w, const struct proof_block *b, const struct proof_origin *origins)
{
    json_write_open(w, '{');
    write_context(w, &b->context);
    write_transactions(w, b);
    write_receipts(w, "incoming_receipts", b->incoming, b->incoming_count, origins);
    json_name_open(w, "outcomes", '[');
    for (uint32_t i = 0; i < b->outcome_count; i++) write_outcome(w, &b->outcomes[i]);
    json_write_close(w, ']');
    json_name_hash(w, "outcome_root", &b->outcome_root);
    write_receipts(w, "outgoing_receipts", b->outgoing, b->outgoing_count, NULL);
    json_name_hash(w, "state_root", &b->state_root);
    json_write_close(w, '}');
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void write_value(struct json_writer *w, const char *name, bool present, const struct trie_value *v)
{
    const struct crypto_hash hash = crypto_hash_of_trie(&v->hash);
    json_write_name(w, name);
    if (!present) {
        json_write_null(w);
        return;
    }
    json_write_open(w, '{');
    json_name_u64(w, "length", v->length);
    json_name_hash(w, "hash", &hash);
    json_write_close(w, '}');
}

static void write_changes(struct json_writer *w, const struct execution_proof *p)
{
    json_name_open(w, "changes", '[');
    for (uint32_t i = 0; i < p->change_count; i++) {
        json_write_open(w, '{');
        json_name_base64(w, "key", p->changes[i].key);
        write_value(w, "old", p->changes[i].was, &p->changes[i].old_value);
        write_value(w, "new", p->changes[i].is, &p->changes[i].new_value);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void write_shards(struct json_writer *w, const struct execution_proof *p)
{
    json_name_open(w, "shards", '{');
    json_name_open(w, "shard_ids", '[');
    for (uint32_t i = 0; i < p->shards.shard_count; i++) json_write_u64(w, p->shards.shard_ids[i]);
    json_write_close(w, ']');
    json_name_open(w, "boundary_accounts", '[');
    for (uint32_t i = 0; i + 1 < p->shards.shard_count; i++) json_write_account_id(w, &p->shards.boundary_accounts[i]);
    json_write_close(w, ']');
    json_write_close(w, '}');
    json_name_u64(w, "shard_id", p->shards.shard_ids[p->shard_index]);
}

static void write_counters(struct json_writer *w, const struct proof_counters *c)
{
    json_name_open(w, "storage", '{');
    json_name_u64(w, "nodes_read", c->nodes_read);
    json_name_u64(w, "values_read", c->values_read);
    json_name_u64(w, "bytes_read", c->bytes_read);
    json_name_u64(w, "keys_set", c->keys_set);
    json_name_u64(w, "keys_removed", c->keys_removed);
    json_name_u64(w, "bytes_set", c->bytes_set);
    json_write_close(w, '}');
}

static void write_contracts(struct json_writer *w, const struct execution_proof *p, bool witness)
{
    json_name_open(w, "contracts", '[');
    for (uint32_t i = 0; i < p->contract_count; i++) {
        const struct proof_contract *c = &p->contracts[i];
        json_write_open(w, '{');
        json_name_hash(w, "hash", &c->hash);
        json_write_name(w, "code_size");
        if (c->has_code) json_write_u64(w, c->code.size);
        else json_write_null(w);
        if (c->has_code && witness) json_name_base64(w, "code", c->code);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void write_rows(struct json_writer *w, const struct execution_proof *p, bool witness)
{
    uint64_t size = 0;
    for (uint32_t i = 0; i < p->row_count; i++) size += p->rows[i].size;
    json_name_open(w, "partial_state", '{');
    json_name_u64(w, "row_count", p->row_count);
    json_name_u64(w, "size", size);
    if (witness) {
        json_name_open(w, "rows", '[');
        for (uint32_t i = 0; i < p->row_count; i++) json_write_base64(w, p->rows[i]);
        json_write_close(w, ']');
    }
    json_write_close(w, '}');
}

static void write_attestation(struct json_writer *w, const struct execution_proof *p)
{
    json_write_name(w, "attestation");
    if (!p->has_attestation) {
        json_write_null(w);
        return;
    }
    json_write_open(w, '{');
    json_write_name(w, "scheme");
    json_write_string(w, p->scheme);
    json_name_base64(w, "evidence", p->evidence);
    json_write_close(w, '}');
}

enum status execution_proof_json(const struct execution_proof *p, bool witness, struct buffer *out, struct error *e)
{
    struct json_writer writer = json_writer_of(out), *w = &writer;
    struct crypto_hash statement;
    struct arena arena = {0};
    struct proof_origins origins;
    struct proof_doors doors;
    enum status status = execution_proof_statement(p, &statement, e);
    if (status == STATUS_OK) status = proof_origins_of(p, &arena, &origins, e);
    if (status == STATUS_OK) status = proof_doors_of(p, &origins, &doors, e);
    if (status != STATUS_OK) {
        arena_free(&arena);
        return status;
    }
    json_write_open(w, '{');
    json_name_u64(w, "version", p->version);
    json_name_hash(w, "statement", &statement);
    json_name_u64(w, "protocol_version", p->protocol_version);
    json_name_u64(w, "action_cost_count", p->action_cost_count);
    json_name_u64(w, "host_cost_count", p->host_cost_count);
    json_write_name(w, "chain_id");
    json_write_string(w, p->chain_id);
    write_shards(w, p);
    json_name_hash(w, "old_state_root", &p->old_root);
    json_name_hash(w, "new_state_root", &p->new_root);
    proof_doors_json(w, &doors);
    json_name_open(w, "blocks", '[');
    for (uint32_t i = 0; i < p->block_count; i++) write_block(w, &p->blocks[i], origins.incoming[i]);
    json_write_close(w, ']');
    write_changes(w, p);
    write_counters(w, &p->counters);
    write_contracts(w, p, witness);
    write_rows(w, p, witness);
    write_attestation(w, p);
    json_write_close(w, '}');
    arena_free(&arena);
    return out->failed ? error_no_memory(e) : STATUS_OK;
}
