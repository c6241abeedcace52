/* Light-client outcome proofs out of JSON. */
#include "near/json_values.h"
#include "cli/verify_outcome.h"

static enum status read_hash(const struct json_place *p, struct crypto_hash *out, struct error *e)
{
    struct bytes text;
    enum status status = json_read_text(p, &text, e);
    if (status != STATUS_OK) return status;
    return crypto_hash_parse(text, out) ? STATUS_OK : json_expected(p, "the base58 of 32 bytes", e);
}

static enum status hash_member(const struct json_place *object, const char *name, struct crypto_hash *out,
                               struct error *e)
{
    struct json_place p;
    enum status status = json_required(object, name, &p, e);
    return status == STATUS_OK ? read_hash(&p, out, e) : status;
}

static enum status u64_member(const struct json_place *object, const char *name, uint64_t *out, struct error *e)
{
    struct json_place p;
    enum status status = json_required(object, name, &p, e);
    return status == STATUS_OK ? json_read_u64(&p, UINT64_MAX, out, e) : status;
}

/* ---- paths ------------------------------------------------------------------------------------------------------- */

static enum status read_path_item(const struct json_place *p, struct merkle_path_item *out, struct error *e)
{
    struct json_place direction;
    struct bytes text;
    enum status status = hash_member(p, "hash", &out->hash, e);
    if (status == STATUS_OK) status = json_required(p, "direction", &direction, e);
    if (status == STATUS_OK) status = json_read_text(&direction, &text, e);
    if (status != STATUS_OK) return status;
    if (bytes_equal(text, bytes_of_string("Left"))) out->direction = MERKLE_LEFT;
    else if (bytes_equal(text, bytes_of_string("Right"))) out->direction = MERKLE_RIGHT;
    else return json_expected(&direction, "\"Left\" or \"Right\"", e);
    return STATUS_OK;
}

static enum status path_member(const struct json_place *object, const char *name, struct merkle_path *out,
                               struct error *e)
{
    struct json_place list;
    size_t length = 0;
    enum status status = json_required(object, name, &list, e);
    if (status == STATUS_OK) status = json_check_array(&list, &length, e);
    if (status != STATUS_OK) return status;
    if (length > MERKLE_PATH_MAX)
        return json_refuse(&list, e, "expected at most %d items, found %zu", MERKLE_PATH_MAX, length);
    out->length = (uint32_t)length;
    for (size_t i = 0; i < length && status == STATUS_OK; i++) {
        const struct json_place item = json_element(&list, i);
        status = read_path_item(&item, &out->items[i], e);
    }
    return status;
}

/* ---- the outcome ------------------------------------------------------------------------------------------------- */

/* Texts are copied, as the document does not stay. */
static enum status copy(struct arena *arena, struct bytes text, struct bytes *out, struct error *e)
{
    uint8_t *to = arena_alloc(arena, text.size);
    if (!to) return error_no_memory(e);
    if (text.size) memcpy(to, text.data, text.size);
    *out = bytes_of(to, text.size);
    return STATUS_OK;
}

static enum status read_logs(const struct json_place *outcome, struct arena *arena, struct execution_outcome *out,
                             struct error *e)
{
    struct json_place list;
    size_t length = 0;
    enum status status = json_required(outcome, "logs", &list, e);
    if (status == STATUS_OK) status = json_check_array(&list, &length, e);
    if (status != STATUS_OK) return status;
    struct bytes *logs = arena_array(arena, length, sizeof *logs);
    if (!logs) return error_no_memory(e);
    for (size_t i = 0; i < length && status == STATUS_OK; i++) {
        const struct json_place log = json_element(&list, i);
        struct bytes text;
        status = json_read_text(&log, &text, e);
        if (status == STATUS_OK) status = copy(arena, text, &logs[i], e);
    }
    out->logs = logs;
    out->log_count = (uint32_t)length;
    return status;
}

static enum status read_receipt_ids(const struct json_place *outcome, struct arena *arena,
                                    struct execution_outcome *out, struct error *e)
{
    struct json_place list;
    size_t length = 0;
    enum status status = json_required(outcome, "receipt_ids", &list, e);
    if (status == STATUS_OK) status = json_check_array(&list, &length, e);
    if (status != STATUS_OK) return status;
    struct crypto_hash *ids = arena_array(arena, length, sizeof *ids);
    if (!ids) return error_no_memory(e);
    for (size_t i = 0; i < length && status == STATUS_OK; i++) {
        const struct json_place id = json_element(&list, i);
        status = read_hash(&id, &ids[i], e);
    }
    out->receipt_ids = ids;
    out->receipt_id_count = (uint32_t)length;
    return status;
}

/* Why it failed is not part of what is hashed, and not looked at. */
static enum status read_status(const struct json_place *outcome, struct arena *arena, struct execution_outcome *out,
                               struct error *e)
{
    struct json_place p, value;
    enum status status = json_required(outcome, "status", &p, e);
    if (status != STATUS_OK) return status;
    const bool is_object = json_is(p.json, JSON_OBJECT);
    if (is_object && json_length(p.json) != 1) return json_expected(&p, "an object with one member", e);
    if (is_object && json_member(&p, "SuccessValue", &value)) {
        out->status = EXECUTION_SUCCESS_VALUE;
        return json_read_base64(&value, arena, &out->value, e);
    }
    if (is_object && json_member(&p, "SuccessReceiptId", &value)) {
        out->status = EXECUTION_SUCCESS_RECEIPT_ID;
        return read_hash(&value, &out->receipt_id, e);
    }
    if (is_object && json_find(p.json, "Failure", NULL)) {
        out->status = EXECUTION_FAILURE;
        return STATUS_OK;
    }
    return json_expected(&p, "an object with SuccessValue, SuccessReceiptId or Failure", e);
}

static enum status read_outcome(const struct json_place *with_id, struct arena *arena, struct execution_outcome *out,
                                struct error *e)
{
    struct json_place p, value;
    enum status status = hash_member(with_id, "id", &out->id, e);
    if (status == STATUS_OK) status = json_required(with_id, "outcome", &p, e);
    if (status == STATUS_OK) status = read_logs(&p, arena, out, e);
    if (status == STATUS_OK) status = read_receipt_ids(&p, arena, out, e);
    if (status == STATUS_OK) status = u64_member(&p, "gas_burnt", &out->gas_burnt, e);
    if (status == STATUS_OK) status = json_required(&p, "tokens_burnt", &value, e);
    if (status == STATUS_OK) status = json_read_u128(&value, &out->tokens_burnt, e);
    if (status == STATUS_OK) status = json_required(&p, "executor_id", &value, e);
    if (status == STATUS_OK) status = json_read_account_id(&value, &out->executor_id, e);
    return status == STATUS_OK ? read_status(&p, arena, out, e) : status;
}

/* ---- the header -------------------------------------------------------------------------------------------------- */

/* `timestamp` is a number beyond 2^53, which many programs round on its way; nodes send the same as a text, too. */
static enum status read_timestamp(const struct json_place *lite, uint64_t *out, struct error *e)
{
    struct json_place text;
    if (json_member(lite, "timestamp_nanosec", &text)) return json_read_u64(&text, UINT64_MAX, out, e);
    return u64_member(lite, "timestamp", out, e);
}

static enum status read_header(const struct json_place *p, struct block_header_lite *out, struct error *e)
{
    struct json_place lite;
    enum status status = hash_member(p, "prev_block_hash", &out->prev_block_hash, e);
    if (status == STATUS_OK) status = hash_member(p, "inner_rest_hash", &out->inner_rest_hash, e);
    if (status == STATUS_OK) status = json_required(p, "inner_lite", &lite, e);
    if (status == STATUS_OK) status = u64_member(&lite, "height", &out->height, e);
    if (status == STATUS_OK) status = hash_member(&lite, "epoch_id", &out->epoch_id, e);
    if (status == STATUS_OK) status = hash_member(&lite, "next_epoch_id", &out->next_epoch_id, e);
    if (status == STATUS_OK) status = hash_member(&lite, "prev_state_root", &out->prev_state_root, e);
    if (status == STATUS_OK) status = hash_member(&lite, "outcome_root", &out->outcome_root, e);
    if (status == STATUS_OK) status = hash_member(&lite, "next_bp_hash", &out->next_bp_hash, e);
    if (status == STATUS_OK) status = hash_member(&lite, "block_merkle_root", &out->block_merkle_root, e);
    return status == STATUS_OK ? read_timestamp(&lite, &out->timestamp, e) : status;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static enum status read_proof(const struct json_place *p, struct arena *arena, struct outcome_proof *out,
                              struct error *e)
{
    struct json_place part;
    enum status status = json_required(p, "outcome_proof", &part, e);
    if (status == STATUS_OK) status = read_outcome(&part, arena, &out->outcome, e);
    if (status == STATUS_OK) status = hash_member(&part, "block_hash", &out->block_hash, e);
    if (status == STATUS_OK) status = path_member(&part, "proof", &out->path, e);
    if (status == STATUS_OK) status = path_member(p, "outcome_root_proof", &out->root_path, e);
    if (status == STATUS_OK) status = json_required(p, "block_header_lite", &part, e);
    if (status == STATUS_OK) status = read_header(&part, &out->header, e);
    return status == STATUS_OK ? path_member(p, "block_proof", &out->block_path, e) : status;
}

enum status outcome_proof_read(struct bytes text, const struct limits *limits, struct arena *arena,
                               struct outcome_proof *out, struct error *e)
{
    struct json *document = NULL;
    enum status status = limits ? json_read_limited(text, limits, &document, e)
                                : json_read_document(text, &document, e);
    if (status != STATUS_OK) return status;
    const struct json_place root = json_root(document);
    struct json_place result;
    *out = (struct outcome_proof){0};
    if (!json_is(document, JSON_OBJECT)) status = json_expected(&root, "an object", e);
    else if (json_member(&root, "error", &result) && !json_member(&root, "outcome_proof", &result))
        status = json_refuse(&root, e, "the node has answered with an error, not with a proof");
    else if (json_member(&root, "result", &result)) status = read_proof(&result, arena, out, e);
    else status = read_proof(&root, arena, out, e);
    json_free(document);
    return status;
}
