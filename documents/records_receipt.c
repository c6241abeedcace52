#include "documents/records_value.h"

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static enum status read_receiver(const struct json_place *p, struct data_receiver *out, struct error *e)
{
    static const char *const names[] = {"data_id", "receiver_id"};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_hash(p, "data_id", &out->data_id, e);
    return status == STATUS_OK ? json_member_account_id(p, "receiver_id", &out->receiver_id, e) : status;
}

/* Makes room for the elements of a member that is an array: `list` is that place, *items its elements. */
static enum status begin_list(const struct json_place *p, const char *name, struct json_place *list, struct arena *a,
                              size_t element_size, void **items, uint32_t *count, struct error *e)
{
    size_t length = 0;
    enum status status = json_required(p, name, list, e);
    if (status == STATUS_OK) status = json_check_array(list, &length, e);
    if (status != STATUS_OK) return status;
    *items = length > UINT32_MAX ? NULL : arena_array(a, length, element_size);
    if (!*items) return error_no_memory(e);
    *count = (uint32_t)length;
    return STATUS_OK;
}

static enum status read_lists(const struct json_place *p, struct arena *a, struct action_receipt *out, struct error *e)
{
    struct json_place list;
    void *items = NULL;
    enum status status = begin_list(p, "output_data_receivers", &list, a, sizeof(struct data_receiver), &items,
                                    &out->output_data_receiver_count, e);
    struct data_receiver *receivers = items;
    for (uint32_t i = 0; status == STATUS_OK && i < out->output_data_receiver_count; i++) {
        const struct json_place element = json_element(&list, i);
        status = read_receiver(&element, &receivers[i], e);
    }
    if (status == STATUS_OK)
        status = begin_list(p, "input_data_ids", &list, a, sizeof(struct crypto_hash), &items,
                            &out->input_data_id_count, e);
    struct crypto_hash *ids = items;
    for (uint32_t i = 0; status == STATUS_OK && i < out->input_data_id_count; i++) {
        const struct json_place element = json_element(&list, i);
        status = json_read_hash(&element, &ids[i], e);
    }
    if (status == STATUS_OK)
        status = begin_list(p, "actions", &list, a, sizeof(struct action), &items, &out->action_count, e);
    struct action *actions = items;
    for (uint32_t i = 0; status == STATUS_OK && i < out->action_count; i++) {
        const struct json_place element = json_element(&list, i);
        status = json_read_action(&element, a, &actions[i], e);
    }
    out->output_data_receivers = receivers;
    out->input_data_ids = ids;
    out->actions = actions;
    return status;
}

static enum status read_action_receipt(const struct json_place *p, bool second_version, struct arena *a,
                                       struct action_receipt *out, struct error *e)
{
    static const char *const names[] = {"signer_id", "signer_public_key", "gas_price", "output_data_receivers",
                                        "input_data_ids", "actions", "refund_to"};
    struct json_place refund_to;
    enum status status = json_check_object(p, names, sizeof names / sizeof *names - !second_version, e);
    if (status == STATUS_OK) status = json_member_account_id(p, "signer_id", &out->signer_id, e);
    if (status == STATUS_OK) status = json_member_public_key(p, "signer_public_key", a, &out->signer_public_key, e);
    if (status == STATUS_OK) status = json_member_u128(p, "gas_price", &out->gas_price, e);
    out->has_refund_to = json_member(p, "refund_to", &refund_to);
    if (status == STATUS_OK && out->has_refund_to) status = json_read_account_id(&refund_to, &out->refund_to, e);
    return status == STATUS_OK ? read_lists(p, a, out, e) : status;
}

static enum status read_data_receipt(const struct json_place *p, struct arena *a, struct data_receipt *out,
                                     struct error *e)
{
    static const char *const names[] = {"data_id", "data"};
    struct json_place data;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_hash(p, "data_id", &out->data_id, e);
    out->has_data = json_member(p, "data", &data);
    return status == STATUS_OK && out->has_data ? json_read_base64(&data, a, &out->data, e) : status;
}

static enum status read_kind(const struct json_place *p, struct arena *a, struct receipt *out, struct error *e)
{
    struct json_place value;
    const char *name = NULL;
    enum status status = json_read_variant(p, &name, &value, e);
    if (status != STATUS_OK) return status;
    enum receipt_kind kind = 0;
    while (kind < RECEIPT_KIND_COUNT && strcmp(name, receipt_kind_name(kind)) != 0) kind++;
    if (kind == RECEIPT_KIND_COUNT) return json_refuse(&value, e, "there is no such kind of receipts");
    if (kind == RECEIPT_global_contract_distribution)
        return json_refuse(&value, e, "receipts of this kind cannot be read from JSON");
    out->kind = kind;
    if (receipt_has_data(out)) return read_data_receipt(&value, a, &out->data, e);
    const bool second_version = kind == RECEIPT_action_v2 || kind == RECEIPT_promise_yield_v2;
    return read_action_receipt(&value, second_version, a, &out->action, e);
}

enum status json_read_receipt(const struct json_place *p, struct arena *a, struct receipt *out, struct error *e)
{
    static const char *const names[] = {"predecessor_id", "receiver_id", "receipt_id", "receipt"};
    struct json_place body;
    struct receipt r = {0};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_account_id(p, "predecessor_id", &r.predecessor_id, e);
    if (status == STATUS_OK) status = json_member_account_id(p, "receiver_id", &r.receiver_id, e);
    if (status == STATUS_OK) status = json_member_hash(p, "receipt_id", &r.receipt_id, e);
    if (status == STATUS_OK) status = json_required(p, "receipt", &body, e);
    if (status == STATUS_OK) status = read_kind(&body, a, &r, e);
    if (status == STATUS_OK) *out = r;
    return status;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static struct json *receivers_json(const struct action_receipt *r)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < r->output_data_receiver_count; i++) {
        struct json_builder b = json_object_begin();
        json_put(&b, "data_id", json_hash(&r->output_data_receivers[i].data_id));
        json_put(&b, "receiver_id", json_account_id(&r->output_data_receivers[i].receiver_id));
        json_append(&list, json_finish(&b));
    }
    return json_finish(&list);
}

static struct json *action_receipt_json(const struct action_receipt *r, bool second_version)
{
    struct json_builder b = json_object_begin(), ids = json_array_begin(), actions = json_array_begin();
    for (uint32_t i = 0; i < r->input_data_id_count; i++) json_append(&ids, json_hash(&r->input_data_ids[i]));
    for (uint32_t i = 0; i < r->action_count; i++) json_append(&actions, json_action(&r->actions[i]));
    json_put(&b, "signer_id", json_account_id(&r->signer_id));
    if (second_version && r->has_refund_to) json_put(&b, "refund_to", json_account_id(&r->refund_to));
    else if (second_version) json_put_null(&b, "refund_to");
    json_put(&b, "signer_public_key", json_public_key(r->signer_public_key));
    json_put(&b, "gas_price", json_u128(r->gas_price));
    json_put(&b, "output_data_receivers", receivers_json(r));
    json_put(&b, "input_data_ids", json_finish(&ids));
    json_put(&b, "actions", json_finish(&actions));
    return json_finish(&b);
}

static struct json *data_receipt_json(const struct data_receipt *r)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "data_id", json_hash(&r->data_id));
    if (r->has_data) json_put(&b, "data", json_base64(r->data));
    else json_put_null(&b, "data");
    return json_finish(&b);
}

struct json *json_receipt(const struct receipt *r)
{
    struct json *body = NULL;
    if (receipt_has_data(r)) body = data_receipt_json(&r->data);
    else if (receipt_has_actions(r))
        body = action_receipt_json(&r->action, r->kind == RECEIPT_action_v2 || r->kind == RECEIPT_promise_yield_v2);
    struct json_builder b = json_object_begin();
    json_put(&b, "predecessor_id", json_account_id(&r->predecessor_id));
    json_put(&b, "receiver_id", json_account_id(&r->receiver_id));
    json_put(&b, "receipt_id", json_hash(&r->receipt_id));
    json_put(&b, "receipt", json_variant(receipt_kind_name(r->kind), body));
    return json_finish(&b);
}
