#include "near/receipt_json.h"

#include "near/action_json.h"

void action_json(const struct action *action, struct buffer *out)
{
    struct json_writer w = json_writer_of(out);
    action_write_json(&w, action, false);
}

static void put_actions(struct json_writer *w, const struct action *actions, uint32_t count)
{
    json_write_name(w, "actions");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < count; i++) action_write_json(w, &actions[i], false);
    json_write_close(w, ']');
}

static void put_data_ids(struct json_writer *w, const struct action_receipt *a)
{
    json_write_name(w, "output_data_receivers");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < a->output_data_receiver_count; i++) {
        json_write_open(w, '{');
        json_name_hash(w, "data_id", &a->output_data_receivers[i].data_id);
        json_name_account_id(w, "receiver_id", &a->output_data_receivers[i].receiver_id);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
    json_write_name(w, "input_data_ids");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < a->input_data_id_count; i++) json_write_hash(w, &a->input_data_ids[i]);
    json_write_close(w, ']');
}

static void write_actions(struct json_writer *w, const struct receipt *r)
{
    const struct action_receipt *a = &r->action;
    json_write_name(w, "Action");
    json_write_open(w, '{');
    json_name_account_id(w, "signer_id", &a->signer_id);
    json_write_name(w, "signer_public_key");
    json_write_public_key(w, a->signer_public_key);
    json_write_name(w, "gas_price");
    json_write_u128(w, a->gas_price);
    put_data_ids(w, a);
    put_actions(w, a->actions, a->action_count);
    json_name_bool(w, "is_promise_yield", receipt_is_yield(r));
    if (a->has_refund_to) json_name_account_id(w, "refund_to", &a->refund_to);
    json_write_close(w, '}');
}

static void write_data(struct json_writer *w, const struct receipt *r)
{
    json_write_name(w, "Data");
    json_write_open(w, '{');
    json_name_hash(w, "data_id", &r->data.data_id);
    json_write_name(w, "data");
    if (r->data.has_data) json_write_base64(w, r->data.data);
    else json_write_null(w);
    json_name_bool(w, "is_promise_resume", r->kind == RECEIPT_promise_resume);
    json_write_close(w, '}');
}

static void write_distribution(struct json_writer *w, const struct global_contract_distribution *g)
{
    const struct crypto_hash code = crypto_hash_of(g->code);
    json_write_name(w, "GlobalContractDistribution");
    json_write_open(w, '{');
    json_write_name(w, "id");
    global_contract_id_write_json(w, &g->id, false);
    json_write_name(w, "target_shard");
    json_write_u64(w, g->target_shard);
    json_write_name(w, "already_delivered_shards");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < g->already_delivered_shard_count; i++) json_write_u64(w, g->already_delivered_shards[i]);
    json_write_close(w, ']');
    json_write_name(w, "code");
    json_write_base64(w, crypto_hash_bytes(&code));
    if (g->version == 2) {
        json_write_name(w, "nonce");
        json_write_u64(w, g->nonce);
    }
    json_write_close(w, '}');
}

void receipt_json(const struct receipt *receipt, struct buffer *out)
{
    struct json_writer w = json_writer_of(out);
    json_write_open(&w, '{');
    json_name_account_id(&w, "predecessor_id", &receipt->predecessor_id);
    json_name_account_id(&w, "receiver_id", &receipt->receiver_id);
    json_name_hash(&w, "receipt_id", &receipt->receipt_id);
    json_write_name(&w, "receipt");
    json_write_open(&w, '{');
    if (receipt_has_actions(receipt)) write_actions(&w, receipt);
    else if (receipt_has_data(receipt)) write_data(&w, receipt);
    else write_distribution(&w, &receipt->global_contract_distribution);
    json_write_close(&w, '}');
    json_write_name(&w, "priority");
    json_write_u64(&w, 0);
    json_write_close(&w, '}');
}

void signed_transaction_json(const struct signed_transaction *t, struct buffer *out)
{
    struct json_writer w = json_writer_of(out);
    json_write_open(&w, '{');
    json_name_account_id(&w, "signer_id", &t->transaction.signer_id);
    json_write_name(&w, "public_key");
    json_write_public_key(&w, t->transaction.public_key);
    json_write_name(&w, "nonce");
    json_write_u64(&w, t->transaction.nonce);
    json_name_account_id(&w, "receiver_id", &t->transaction.receiver_id);
    put_actions(&w, t->transaction.actions, t->transaction.action_count);
    json_write_name(&w, "priority_fee");
    json_write_u64(&w, 0);
    json_write_name(&w, "signature");
    signature_write_json(&w, &t->signature);
    json_name_hash(&w, "hash", &t->hash);
    if (t->transaction.has_nonce_index) {
        json_write_name(&w, "nonce_index");
        json_write_u64(&w, t->transaction.nonce_index);
    }
    json_write_close(&w, '}');
}
