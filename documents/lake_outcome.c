#include "documents/lake_block.h"
#include "documents/lake_reader.h"

enum { ERROR_NAME_MAX = 200 };

static void append(char text[static ERROR_NAME_MAX], const char *name)
{
    size_t used = strlen(text);
    for (; *name && used + 2 < ERROR_NAME_MAX; name++) {
        char c = *name;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
        text[used++] = plain ? c : '?';
    }
    text[used] = 0;
}

/* A member of serde's variants: they begin with a capital letter, fields do not. */
static bool is_variant(const char *name)
{
    return name && *name >= 'A' && *name <= 'Z';
}

/* {"ActionError":{"index":0,"kind":{"FunctionCallError":{"ExecutionError":"…"}}}}: the variants, joined by dots. What
 * is said behind them is text that depends on the node's version. */
static void read_failure(struct lake_reader *r, const struct json_place *p, struct lake_outcome *out)
{
    char name[ERROR_NAME_MAX] = "";
    struct json_place at = *p, kind, way[8];
    for (unsigned depth = 0; depth < sizeof way / sizeof *way; depth++) {
        size_t position = 0;
        way[depth] = at;
        if (json_is(at.json, JSON_STRING)) {
            const char *text = json_chars(at.json);
            if (is_variant(text) && strlen(text) < 60 && !strchr(text, ' ')) {
                append(name, ".");
                append(name, text);
            }
            break;
        }
        if (json_member(&way[depth], "kind", &kind)) {
            if (json_member(&way[depth], "index", &at)) {
                out->error_index = lake_u64_at(r, &at, UINT64_MAX);
                out->has_error_index = r->status == STATUS_OK;
            }
            at = kind;
            continue;
        }
        if (!json_next(&way[depth], &position, &at) || !is_variant(at.name)) break;
        if (name[0]) append(name, ".");
        append(name, at.name);
    }
    if (!name[0]) {
        r->status = json_expected(p, "an error", r->error);
        return;
    }
    char *copy = lake_alloc(r, strlen(name) + 1, 1);
    if (copy) memcpy(copy, name, strlen(name) + 1);
    out->error = copy;
}

static void read_status(struct lake_reader *r, const struct json_place *object, struct lake_outcome *out)
{
    struct json_place p, content;
    struct execution_outcome *o = &out->outcome;
    if (!lake_member(r, object, "status", &p)) return;
    const char *name = lake_variant(r, &p, &content);
    if (!name) return;
    if (strcmp(name, "SuccessValue") == 0) {
        o->status = EXECUTION_SUCCESS_VALUE;
        o->value = lake_base64_at(r, &content);
    } else if (strcmp(name, "SuccessReceiptId") == 0) {
        o->status = EXECUTION_SUCCESS_RECEIPT_ID;
        o->receipt_id = lake_hash_at(r, &content);
    } else if (strcmp(name, "Failure") == 0) {
        o->status = EXECUTION_FAILURE;
        read_failure(r, &content, out);
    } else if (strcmp(name, "Unknown") == 0) {
        o->status = EXECUTION_UNKNOWN;
    } else {
        r->status = json_expected(&p, "SuccessValue, SuccessReceiptId, Failure or Unknown", r->error);
    }
}

static void read_metadata(struct lake_reader *r, const struct json_place *object, struct lake_outcome *out)
{
    static const char *const names[] = {"version", "gas_profile", "contracts"};
    struct json_place p, profile;
    out->metadata_version = 1;
    if (r->status != STATUS_OK || !json_member(object, "metadata", &p)) return;
    LAKE_KNOWN(r, &p, "metadata", names);
    out->metadata_version = (uint32_t)lake_u64(r, &p, "version");
    if (!json_member(&p, "gas_profile", &profile)) return;
    out->has_profile = true;
    uint32_t count = lake_array(r, &p, "gas_profile", &profile);
    for (uint32_t i = 0; i < count && r->status == STATUS_OK; i++) {
        struct json_place cost = json_element(&profile, i);
        /* fewer than 2^31 numbers of 64 bits: no overflow */
        (void)u128_add(out->profile_sum, u128_of(lake_u64(r, &cost, "gas_used")), &out->profile_sum);
    }
}

static void read_logs(struct lake_reader *r, const struct json_place *object, struct execution_outcome *o)
{
    struct json_place list;
    o->log_count = lake_array(r, object, "logs", &list);
    struct bytes *logs = lake_alloc(r, o->log_count, sizeof *logs);
    if (!logs) o->log_count = 0;
    for (uint32_t i = 0; i < o->log_count && r->status == STATUS_OK; i++) {
        struct json_place p = json_element(&list, i);
        enum status status = json_read_text(&p, &logs[i], r->error);
        if (status != STATUS_OK) r->status = status;
    }
    o->logs = logs;
}

static void read_receipt_ids(struct lake_reader *r, const struct json_place *object, struct execution_outcome *o)
{
    struct json_place list;
    o->receipt_id_count = lake_array(r, object, "receipt_ids", &list);
    struct crypto_hash *ids = lake_alloc(r, o->receipt_id_count, sizeof *ids);
    if (!ids) o->receipt_id_count = 0;
    for (uint32_t i = 0; i < o->receipt_id_count && r->status == STATUS_OK; i++) {
        struct json_place p = json_element(&list, i);
        ids[i] = lake_hash_at(r, &p);
    }
    o->receipt_ids = ids;
}

static void read_proof(struct lake_reader *r, const struct json_place *object, struct merkle_path *out)
{
    struct json_place list;
    uint32_t count = lake_array(r, object, "proof", &list);
    if (count > MERKLE_PATH_MAX) r->status = json_expected(&list, "a Merkle path of at most 64 hashes", r->error);
    if (r->status != STATUS_OK) return;
    for (uint32_t i = 0; i < count; i++) {
        struct json_place p = json_element(&list, i), direction;
        out->items[i].hash = lake_hash(r, &p, "hash");
        struct bytes text = lake_text(r, &p, "direction");
        bool right = bytes_equal(text, bytes_of_string("Right"));
        if (!right && r->status == STATUS_OK && !bytes_equal(text, bytes_of_string("Left"))) {
            (void)json_member(&p, "direction", &direction);
            r->status = json_expected(&direction, "\"Left\" or \"Right\"", r->error);
        }
        out->items[i].direction = right ? MERKLE_RIGHT : MERKLE_LEFT;
    }
    out->length = count;
}

void lake_read_outcome(struct lake_reader *r, const struct json_place *p, struct lake_outcome *out)
{
    static const char *const outer[] = {"proof", "block_hash", "id", "outcome"};
    static const char *const inner[] = {"logs", "receipt_ids", "gas_burnt", "tokens_burnt", "executor_id", "status",
                                        "metadata"};
    struct json_place outcome;
    *out = (struct lake_outcome){0};
    LAKE_KNOWN(r, p, "outcome with id", outer);
    read_proof(r, p, &out->proof);
    out->block_hash = lake_hash(r, p, "block_hash");
    out->outcome.id = lake_hash(r, p, "id");
    if (!lake_member(r, p, "outcome", &outcome)) return;
    LAKE_KNOWN(r, &outcome, "outcome", inner);
    read_logs(r, &outcome, &out->outcome);
    read_receipt_ids(r, &outcome, &out->outcome);
    out->outcome.gas_burnt = lake_u64(r, &outcome, "gas_burnt");
    out->outcome.tokens_burnt = lake_u128(r, &outcome, "tokens_burnt");
    out->outcome.executor_id = lake_account(r, &outcome, "executor_id");
    read_status(r, &outcome, out);
    read_metadata(r, &outcome, out);
}
