#include "documents/lake_block.h"
#include "documents/lake_reader.h"

static void read_cause(struct lake_reader *r, const struct json_place *object, struct lake_change *out)
{
    struct json_place p;
    if (!lake_member(r, object, "cause", &p)) return;
    struct bytes type = lake_text(r, &p, "type");
    if (r->status != STATUS_OK) return;
    out->cause = LAKE_CAUSE_OTHER;
    if (bytes_equal(type, bytes_of_string("transaction_processing"))) {
        out->cause = LAKE_CAUSE_TRANSACTION;
        out->cause_hash = lake_hash(r, &p, "tx_hash");
    } else if (bytes_equal(type, bytes_of_string("receipt_processing"))) {
        out->cause = LAKE_CAUSE_RECEIPT;
        out->cause_hash = lake_hash(r, &p, "receipt_hash");
    } else if (bytes_equal(type, bytes_of_string("action_receipt_gas_reward"))) {
        out->cause = LAKE_CAUSE_GAS_REWARD;
        out->cause_hash = lake_hash(r, &p, "receipt_hash");
    }
}

static void read_account(struct lake_reader *r, const struct json_place *p, struct lake_change *out)
{
    static const char *const names[] = {"account_id", "amount", "locked", "code_hash", "storage_usage",
                                        "storage_paid_at", "global_contract_hash", "global_contract_account_id",
                                        "state", "bootstrap_nonce"};
    LAKE_KNOWN(r, p, "account", names);
    out->amount = lake_u128(r, p, "amount");
    out->locked = lake_u128(r, p, "locked");
    out->code_hash = lake_hash(r, p, "code_hash");
    out->storage_usage = lake_u64(r, p, "storage_usage");
}

static void read_content(struct lake_reader *r, const struct json_place *p, struct lake_change *out)
{
    struct json_place key;
    switch (out->kind) {
    case LAKE_ACCOUNT_UPDATE: read_account(r, p, out); break;
    case LAKE_KEY_UPDATE:
        out->public_key = lake_text(r, p, "public_key");
        if (lake_member(r, p, "access_key", &key)) out->nonce = lake_u64(r, &key, "nonce");
        break;
    case LAKE_KEY_DELETION: out->public_key = lake_text(r, p, "public_key"); break;
    case LAKE_GAS_KEY_NONCE_UPDATE:
        out->public_key = lake_text(r, p, "public_key");
        out->nonce_index = lake_u64(r, p, "index");
        out->nonce = lake_u64(r, p, "nonce");
        break;
    case LAKE_CODE_UPDATE:
        out->code = lake_base64(r, p, "code_base64");
        out->code_hash = crypto_hash_of(out->code);
        break;
    case LAKE_ACCOUNT_DELETION:
    case LAKE_DATA_UPDATE:
    case LAKE_DATA_DELETION:
    case LAKE_CODE_DELETION: break;
    }
}

void lake_read_change(struct lake_reader *r, const struct json_place *p, struct lake_change *out)
{
    static const char *const names[] = {"cause", "type", "change"};
    static const char *const kinds[] = {"account_update", "account_deletion", "access_key_update",
                                        "access_key_deletion", "gas_key_nonce_update", "data_update", "data_deletion",
                                        "contract_code_update", "contract_code_deletion"};
    struct json_place type, change;
    *out = (struct lake_change){0};
    LAKE_KNOWN(r, p, "state change", names);
    read_cause(r, p, out);
    struct bytes text = lake_text(r, p, "type");
    if (r->status != STATUS_OK || !lake_member(r, p, "change", &change)) return;
    size_t kind = 0;
    while (kind < sizeof kinds / sizeof *kinds && !bytes_equal(text, bytes_of_string(kinds[kind]))) kind++;
    if (kind == sizeof kinds / sizeof *kinds) {
        (void)json_member(p, "type", &type);
        r->status = json_expected(&type, "a kind of state change", r->error);
        return;
    }
    out->kind = (enum lake_change_kind)kind;
    out->account_id = lake_account(r, &change, "account_id");
    read_content(r, &change, out);
}
