/* Execution proofs into bytes; docs/proof.md. */
#include "near/record_reader.h"
#include "proof/execution_proof.h"

static void write_byte_strings(const struct bytes *strings, uint32_t count, struct buffer *out)
{
    borsh_write_u32(out, count);
    for (uint32_t i = 0; i < count; i++) borsh_write_bytes(out, strings[i]);
}

/* ---- a block's context ------------------------------------------------------------------------------------------- */

static void write_balances(const struct account_balance *balances, uint32_t count, struct buffer *out)
{
    borsh_write_u32(out, count);
    for (uint32_t i = 0; i < count; i++) {
        record_write_account_id(&balances[i].account_id, out);
        borsh_write_u128(out, balances[i].amount);
    }
}

static void write_validator_update(const struct validator_accounts_update *u, struct buffer *out)
{
    borsh_write_bool(out, u != NULL);
    if (!u) return;
    write_balances(u->stake_info, u->stake_info_count, out);
    write_balances(u->rewards, u->reward_count, out);
    write_balances(u->last_proposals, u->last_proposal_count, out);
    record_write_option_account_id(u->has_treasury, &u->treasury, out);
}

static void write_bandwidth_requests(const struct bandwidth_requests *requests, struct buffer *out)
{
    struct buffer bytes = {0};
    bandwidth_requests_write(requests, &bytes);
    if (bytes.failed) out->failed = true;
    borsh_write_bytes(out, bytes_of(bytes.data, bytes.size));
    buffer_free(&bytes);
}

static void write_context(const struct chunk *c, struct buffer *out)
{
    borsh_write_u64(out, c->block_height);
    borsh_write_u64(out, c->block_timestamp);
    borsh_write_u64(out, c->epoch_height);
    record_write_hash(&c->prev_block_hash, out);
    record_write_hash(&c->random_seed, out);
    borsh_write_u128(out, c->gas_price);
    borsh_write_u64(out, c->gas_limit);
    borsh_write_bool(out, c->is_new_chunk);
    borsh_write_u32(out, c->congestion_count);
    for (uint32_t i = 0; i < c->congestion_count; i++) {
        borsh_write_u64(out, c->congestion[i].shard_id);
        congestion_info_write(&c->congestion[i].info, out);
        borsh_write_u64(out, c->congestion[i].missed_chunks);
    }
    borsh_write_u32(out, c->bandwidth_request_count);
    for (uint32_t i = 0; i < c->bandwidth_request_count; i++) {
        borsh_write_u64(out, c->bandwidth_requests[i].shard_id);
        write_bandwidth_requests(&c->bandwidth_requests[i].requests, out);
    }
    write_balances(c->validators, c->validator_count, out);
    borsh_write_u128(out, c->minimum_stake);
    write_validator_update(c->validator_update, out);
}

/* ---- what was applied, and what came of it ----------------------------------------------------------------------- */

/* As many costs as the proof's maker knew. */
static void write_profile(const struct execution_proof *p, const struct gas_profile *profile, struct buffer *out)
{
    record_write_u64s(profile->action, p->action_cost_count, out);
    record_write_u64s(profile->ext, p->host_cost_count, out);
    borsh_write_u64(out, profile->wasm);
}

static void write_outcome(const struct execution_proof *proof, const struct proof_outcome *p, struct buffer *out)
{
    const struct execution_outcome *o = &p->outcome;
    record_write_hash(&o->id, out);
    record_write_account_id(&o->executor_id, out);
    borsh_write_u8(out, (uint8_t)o->status);
    if (o->status == EXECUTION_FAILURE) borsh_write_bytes(out, p->error);
    else if (o->status == EXECUTION_SUCCESS_VALUE) borsh_write_bytes(out, o->value);
    else if (o->status == EXECUTION_SUCCESS_RECEIPT_ID) record_write_hash(&o->receipt_id, out);
    write_byte_strings(o->logs, o->log_count, out);
    record_write_hashes(o->receipt_ids, o->receipt_id_count, out);
    borsh_write_u64(out, o->gas_burnt);
    borsh_write_u64(out, o->compute_usage);
    borsh_write_u128(out, o->tokens_burnt);
    borsh_write_bool(out, o->profile != NULL);
    if (o->profile) write_profile(proof, o->profile, out);
    buffer_append(out, p->path.data, p->path.size);
}

static void write_block(const struct execution_proof *p, const struct proof_block *b, struct buffer *out)
{
    write_context(&b->context, out);
    borsh_write_u32(out, b->transaction_count);
    for (uint32_t i = 0; i < b->transaction_count; i++) {
        borsh_write_bytes(out, b->transactions[i]);
        borsh_write_bool(out, !b->transaction_in_period || b->transaction_in_period[i]);
    }
    write_byte_strings(b->incoming, b->incoming_count, out);
    borsh_write_u32(out, b->outcome_count);
    for (uint32_t i = 0; i < b->outcome_count; i++) write_outcome(p, &b->outcomes[i], out);
    record_write_hash(&b->outcome_root, out);
    write_byte_strings(b->outgoing, b->outgoing_count, out);
    record_write_hash(&b->state_root, out);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void write_value(bool present, const struct trie_value *v, struct buffer *out)
{
    borsh_write_bool(out, present);
    if (!present) return;
    borsh_write_u32(out, v->length);
    buffer_append(out, v->hash.bytes, sizeof v->hash.bytes);
}

static void write_shards(const struct execution_proof *p, struct buffer *out)
{
    const struct shard_layout *s = &p->shards;
    record_write_u64s(s->shard_ids, s->shard_count, out);
    borsh_write_u32(out, s->shard_count - 1);
    for (uint32_t i = 0; i + 1 < s->shard_count; i++) record_write_account_id(&s->boundary_accounts[i], out);
    borsh_write_u32(out, p->shard_index);
}

static void write_statement(const struct execution_proof *p, struct buffer *out)
{
    borsh_write_u8(out, p->version);
    borsh_write_u32(out, p->protocol_version);
    borsh_write_bytes(out, p->chain_id);
    write_shards(p, out);
    record_write_hash(&p->old_root, out);
    record_write_hash(&p->new_root, out);
    borsh_write_u32(out, p->block_count);
    for (uint32_t i = 0; i < p->block_count; i++) write_block(p, &p->blocks[i], out);
    borsh_write_u32(out, p->change_count);
    for (uint32_t i = 0; i < p->change_count; i++) {
        borsh_write_bytes(out, p->changes[i].key);
        write_value(p->changes[i].was, &p->changes[i].old_value, out);
        write_value(p->changes[i].is, &p->changes[i].new_value, out);
    }
    const struct proof_counters *c = &p->counters;
    const uint64_t counters[] = {c->nodes_read, c->values_read,  c->bytes_read,
                                 c->keys_set,   c->keys_removed, c->bytes_set};
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) borsh_write_u64(out, counters[i]);
    borsh_write_u32(out, p->contract_count);
    for (uint32_t i = 0; i < p->contract_count; i++) record_write_hash(&p->contracts[i].hash, out);
}

static void write_witness(const struct execution_proof *p, struct buffer *out)
{
    borsh_write_u32(out, p->contract_count);
    for (uint32_t i = 0; i < p->contract_count; i++) {
        borsh_write_bool(out, p->contracts[i].has_code);
        if (p->contracts[i].has_code) borsh_write_bytes(out, p->contracts[i].code);
    }
    write_byte_strings(p->rows, p->row_count, out);
}

void execution_proof_encode(const struct execution_proof *p, struct buffer *out)
{
    const size_t start = out->size;
    write_statement(p, out);
    write_witness(p, out);
    borsh_write_bool(out, p->has_attestation);
    if (p->has_attestation) {
        borsh_write_bytes(out, p->scheme);
        borsh_write_bytes(out, p->evidence);
    }
    if (out->failed) return;
    const struct crypto_hash digest = crypto_hash_of(bytes_of(out->data + start, out->size - start));
    record_write_hash(&digest, out);
}

enum status execution_proof_statement(const struct execution_proof *p, struct crypto_hash *out, struct error *e)
{
    struct buffer statement = {0};
    write_statement(p, &statement);
    const bool failed = statement.failed;
    if (!failed) *out = crypto_hash_of(bytes_of(statement.data, statement.size));
    buffer_free(&statement);
    return failed ? error_no_memory(e) : STATUS_OK;
}
