#include "documents/lake_block.h"
#include "documents/lake_reader.h"

static const struct crypto_hash *read_hashes(struct lake_reader *r, const struct json_place *object, const char *name,
                                             uint32_t *count)
{
    struct json_place list;
    *count = lake_array(r, object, name, &list);
    struct crypto_hash *hashes = lake_alloc(r, *count, sizeof *hashes);
    if (!hashes) *count = 0;
    for (uint32_t i = 0; i < *count && r->status == STATUS_OK; i++) {
        struct json_place p = json_element(&list, i);
        hashes[i] = lake_hash_at(r, &p);
    }
    return hashes;
}

static const struct data_receiver *read_receivers(struct lake_reader *r, const struct json_place *object,
                                                  uint32_t *count)
{
    struct json_place list;
    *count = lake_array(r, object, "output_data_receivers", &list);
    struct data_receiver *receivers = lake_alloc(r, *count, sizeof *receivers);
    if (!receivers) *count = 0;
    for (uint32_t i = 0; i < *count && r->status == STATUS_OK; i++) {
        struct json_place p = json_element(&list, i);
        receivers[i].data_id = lake_hash(r, &p, "data_id");
        receivers[i].receiver_id = lake_account(r, &p, "receiver_id");
    }
    return receivers;
}

/* A flag that older nodes do not write. */
static bool option_flag(struct lake_reader *r, const struct json_place *p, const char *name)
{
    struct json_place flag;
    return r->status == STATUS_OK && json_member(p, name, &flag) && lake_bool(r, p, name);
}

static void read_action_receipt(struct lake_reader *r, const struct json_place *p, struct lake_receipt *out)
{
    static const char *const names[] = {"signer_id", "signer_public_key", "gas_price", "output_data_receivers",
                                        "input_data_ids", "actions", "is_promise_yield", "refund_to"};
    struct action_receipt *a = &out->receipt.action;
    LAKE_KNOWN(r, p, "action receipt", names);
    a->signer_id = lake_account(r, p, "signer_id");
    a->signer_public_key = lake_key(r, p, "signer_public_key");
    a->gas_price = lake_u128(r, p, "gas_price");
    a->output_data_receivers = read_receivers(r, p, &a->output_data_receiver_count);
    a->input_data_ids = read_hashes(r, p, "input_data_ids", &a->input_data_id_count);
    lake_read_actions(r, p, &out->actions);
    a->actions = out->actions.items;
    a->action_count = out->actions.count;
    a->has_refund_to = lake_option_account(r, p, "refund_to", &a->refund_to);
    if (option_flag(r, p, "is_promise_yield"))
        out->receipt.kind = a->has_refund_to ? RECEIPT_promise_yield_v2 : RECEIPT_promise_yield;
    else out->receipt.kind = a->has_refund_to ? RECEIPT_action_v2 : RECEIPT_action;
}

static void read_data_receipt(struct lake_reader *r, const struct json_place *p, struct lake_receipt *out)
{
    static const char *const names[] = {"data_id", "data", "is_promise_resume"};
    struct data_receipt *d = &out->receipt.data;
    struct json_place data;
    LAKE_KNOWN(r, p, "data receipt", names);
    d->data_id = lake_hash(r, p, "data_id");
    d->has_data = r->status == STATUS_OK && json_member(p, "data", &data);
    if (d->has_data) d->data = lake_base64_at(r, &data);
    out->receipt.kind = option_flag(r, p, "is_promise_resume") ? RECEIPT_promise_resume : RECEIPT_data;
}

static void read_distribution(struct lake_reader *r, const struct json_place *p, struct lake_receipt *out)
{
    static const char *const names[] = {"id", "target_shard", "already_delivered_shards", "code", "nonce"};
    struct global_contract_distribution *g = &out->receipt.global_contract_distribution;
    struct json_place id, list;
    LAKE_KNOWN(r, p, "global contract distribution", names);
    out->receipt.kind = RECEIPT_global_contract_distribution;
    if (lake_member(r, p, "id", &id)) g->id = lake_global_contract_at(r, &id);
    g->target_shard = lake_u64(r, p, "target_shard");
    g->already_delivered_shard_count = lake_array(r, p, "already_delivered_shards", &list);
    uint64_t *shards = lake_alloc(r, g->already_delivered_shard_count, sizeof *shards);
    if (!shards) g->already_delivered_shard_count = 0;
    for (uint32_t i = 0; i < g->already_delivered_shard_count; i++) {
        struct json_place shard = json_element(&list, i);
        shards[i] = lake_u64_at(r, &shard, UINT64_MAX);
    }
    g->already_delivered_shards = shards;
    g->code = lake_base64(r, p, "code");
    g->version = lake_option_u64(r, p, "nonce", &g->nonce) ? 2 : 1;
    out->actions.code_unknown = true; /* a view has the hash */
}

void lake_read_receipt(struct lake_reader *r, const struct json_place *p, struct lake_receipt *out)
{
    static const char *const names[] = {"predecessor_id", "receiver_id", "receipt_id", "receipt", "priority"};
    struct json_place receipt, content;
    *out = (struct lake_receipt){0};
    LAKE_KNOWN(r, p, "receipt", names);
    out->receipt.predecessor_id = lake_account(r, p, "predecessor_id");
    out->receipt.receiver_id = lake_account(r, p, "receiver_id");
    out->receipt.receipt_id = lake_hash(r, p, "receipt_id");
    if (!lake_member(r, p, "receipt", &receipt)) return;
    const char *name = lake_variant(r, &receipt, &content);
    if (!name) return;
    if (strcmp(name, "Action") == 0) read_action_receipt(r, &content, out);
    else if (strcmp(name, "Data") == 0) read_data_receipt(r, &content, out);
    else if (strcmp(name, "GlobalContractDistribution") == 0) read_distribution(r, &content, out);
    else r->status = json_expected(&receipt, "Action, Data or GlobalContractDistribution", r->error);
}

/* {"transaction":{…},"outcome":{"execution_outcome":{…},"receipt":…}} */
void lake_read_transaction(struct lake_reader *r, const struct json_place *p, struct lake_transaction *out)
{
    static const char *const names[] = {"signer_id", "public_key", "nonce", "receiver_id", "actions", "signature", "hash",
                                        "priority_fee", "nonce_index", "nonce_mode"};
    struct transaction *t = &out->signed_transaction.transaction;
    struct json_place view, outcome, execution;
    uint64_t index = 0;
    *out = (struct lake_transaction){0};
    if (!lake_member(r, p, "transaction", &view) || !lake_member(r, p, "outcome", &outcome) ||
        !lake_member(r, &outcome, "execution_outcome", &execution))
        return;
    LAKE_KNOWN(r, &view, "transaction", names);
    t->signer_id = lake_account(r, &view, "signer_id");
    t->receiver_id = lake_account(r, &view, "receiver_id");
    t->public_key = lake_key(r, &view, "public_key");
    t->nonce = lake_u64(r, &view, "nonce");
    t->has_nonce_index = lake_option_u64(r, &view, "nonce_index", &index);
    t->nonce_index = (uint16_t)index;
    struct json_place mode;
    if (r->status == STATUS_OK && json_member(&view, "nonce_mode", &mode)) {
        struct bytes text = lake_text(r, &view, "nonce_mode");
        if (bytes_equal(text, bytes_of_string("strict"))) t->nonce_mode = NONCE_STRICT;
        else if (!bytes_equal(text, bytes_of_string("monotonic")))
            r->status = json_expected(&mode, "\"monotonic\" or \"strict\"", r->error);
    }
    t->version = t->has_nonce_index || t->nonce_mode == NONCE_STRICT ? TRANSACTION_V1 : TRANSACTION_V0;
    lake_read_actions(r, &view, &out->actions);
    t->actions = out->actions.items;
    t->action_count = out->actions.count;
    out->signed_transaction.signature = lake_signature(r, &view, "signature");
    out->signed_transaction.hash = lake_hash(r, &view, "hash");
    lake_read_outcome(r, &execution, &out->outcome);
}
