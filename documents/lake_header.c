#include "documents/lake_block.h"
#include "documents/lake_reader.h"

/* Members that have been empty for years, and those that only repeat others, are known but not read. */

static const struct lake_stake *read_stakes(struct lake_reader *r, const struct json_place *object, uint32_t *count)
{
    struct json_place list;
    *count = lake_array(r, object, "validator_proposals", &list);
    struct lake_stake *stakes = lake_alloc(r, *count, sizeof *stakes);
    if (!stakes) *count = 0;
    for (uint32_t i = 0; i < *count && r->status == STATUS_OK; i++) {
        struct json_place p = json_element(&list, i);
        stakes[i].account_id = lake_account(r, &p, "account_id");
        stakes[i].public_key = lake_key(r, &p, "public_key");
        stakes[i].stake = lake_u128(r, &p, "stake");
    }
    return stakes;
}

static void read_mask(struct lake_reader *r, const struct json_place *p, struct lake_header *out)
{
    struct json_place list;
    out->chunk_mask_count = lake_array(r, p, "chunk_mask", &list);
    bool *mask = lake_alloc(r, out->chunk_mask_count, sizeof *mask);
    if (!mask) out->chunk_mask_count = 0;
    for (uint32_t i = 0; i < out->chunk_mask_count && r->status == STATUS_OK; i++) {
        struct json_place bit = json_element(&list, i);
        r->status = json_read_bool(&bit, &mask[i], r->error);
    }
    out->chunk_mask = mask;
}

static void read_approvals(struct lake_reader *r, const struct json_place *p, struct lake_header *out)
{
    struct json_place list;
    out->approval_count = lake_array(r, p, "approvals", &list);
    struct signature *approvals = lake_alloc(r, out->approval_count, sizeof *approvals);
    if (!approvals) out->approval_count = 0;
    for (uint32_t i = 0; i < out->approval_count && r->status == STATUS_OK; i++) {
        struct json_place approval = json_element(&list, i);
        if (approval.json) approvals[i] = lake_signature_at(r, &approval);
    }
    out->approvals = approvals;
}

static void read_challenges(struct lake_reader *r, const struct json_place *p, struct lake_header *out)
{
    struct json_place list;
    out->challenge_count = lake_array(r, p, "challenges_result", &list);
    struct lake_slashed *slashed = lake_alloc(r, out->challenge_count, sizeof *slashed);
    if (!slashed) out->challenge_count = 0;
    for (uint32_t i = 0; i < out->challenge_count && r->status == STATUS_OK; i++) {
        struct json_place one = json_element(&list, i);
        slashed[i].account_id = lake_account(r, &one, "account_id");
        slashed[i].is_double_sign = lake_bool(r, &one, "is_double_sign");
    }
    out->challenges_result = slashed;
}

/* An array of bytes, as JSON numbers. */
static struct bytes read_byte_array(struct lake_reader *r, const struct json_place *list)
{
    size_t length = 0;
    if (r->status == STATUS_OK) r->status = json_check_array(list, &length, r->error);
    uint8_t *bytes = lake_alloc(r, length, 1);
    if (!bytes) return (struct bytes){0};
    for (size_t i = 0; i < length && r->status == STATUS_OK; i++) {
        struct json_place p = json_element(list, i);
        bytes[i] = (uint8_t)lake_u64_at(r, &p, UINT8_MAX);
    }
    return bytes_of(bytes, length);
}

static void read_endorsements(struct lake_reader *r, const struct json_place *p, struct lake_header *out)
{
    struct json_place list;
    if (r->status != STATUS_OK || !json_member(p, "chunk_endorsements", &list)) return;
    out->has_endorsements = true;
    out->endorsement_count = lake_array(r, p, "chunk_endorsements", &list);
    struct bytes *bitmaps = lake_alloc(r, out->endorsement_count, sizeof *bitmaps);
    if (!bitmaps) out->endorsement_count = 0;
    for (uint32_t i = 0; i < out->endorsement_count && r->status == STATUS_OK; i++) {
        struct json_place one = json_element(&list, i);
        bitmaps[i] = read_byte_array(r, &one);
    }
    out->endorsements = bitmaps;
}

static void read_newer(struct lake_reader *r, const struct json_place *p, struct lake_header *out)
{
    struct json_place split, part;
    size_t length = 0;
    if (r->status != STATUS_OK) return;
    out->is_spice = json_member(p, "prev_last_certified_block_epoch_id", &part);
    out->has_shard_split = json_member(p, "shard_split", &split);
    if (!out->has_shard_split) return;
    r->status = json_check_array(&split, &length, r->error);
    if (r->status == STATUS_OK && length != 2) r->status = json_expected(&split, "a shard and an account", r->error);
    if (r->status != STATUS_OK) return;
    part = json_element(&split, 0);
    out->split_shard = lake_u64_at(r, &part, UINT64_MAX);
    part = json_element(&split, 1);
    out->split_account = lake_account_at(r, &part);
}

void lake_read_header(struct lake_reader *r, const struct json_place *p, struct lake_header *out)
{
    static const char *const names[] = {
        "height", "prev_height", "epoch_id", "next_epoch_id", "hash", "prev_hash", "prev_state_root", "block_body_hash",
        "chunk_receipts_root", "chunk_headers_root", "chunk_tx_root", "outcome_root", "chunks_included",
        "challenges_root", "timestamp", "timestamp_nanosec", "random_value", "validator_proposals", "chunk_mask",
        "gas_price", "block_ordinal", "rent_paid", "validator_reward", "total_supply", "challenges_result",
        "last_final_block", "last_ds_final_block", "next_bp_hash", "block_merkle_root", "epoch_sync_data_hash",
        "approvals", "signature", "latest_protocol_version", "chunk_endorsements", "shard_split",
        "prev_last_certified_block_epoch_id", "spice_chunk_endorsement_stats", "chunk_execution_root"};
    struct json_place version;
    *out = (struct lake_header){0};
    LAKE_KNOWN(r, p, "block header", names);
    out->height = lake_u64(r, p, "height");
    out->has_prev_height = lake_option_u64(r, p, "prev_height", &out->prev_height);
    out->timestamp = lake_u64(r, p, "timestamp_nanosec");
    (void)lake_option_u64(r, p, "block_ordinal", &out->block_ordinal);
    out->chunks_included = lake_u64(r, p, "chunks_included");
#define HASH(name) out->name = lake_hash(r, p, #name)
    HASH(epoch_id); HASH(next_epoch_id); HASH(hash); HASH(prev_hash); HASH(prev_state_root); HASH(chunk_receipts_root);
    HASH(chunk_headers_root); HASH(chunk_tx_root); HASH(outcome_root); HASH(challenges_root); HASH(random_value);
    HASH(last_final_block); HASH(last_ds_final_block); HASH(next_bp_hash); HASH(block_merkle_root);
#undef HASH
    out->has_body_hash = lake_option_hash(r, p, "block_body_hash", &out->body_hash);
    out->has_epoch_sync_data_hash = lake_option_hash(r, p, "epoch_sync_data_hash", &out->epoch_sync_data_hash);
    out->proposals = read_stakes(r, p, &out->proposal_count);
    read_mask(r, p, out);
    read_approvals(r, p, out);
    read_challenges(r, p, out);
    read_endorsements(r, p, out);
    read_newer(r, p, out);
    out->gas_price = lake_u128(r, p, "gas_price");
    out->total_supply = lake_u128(r, p, "total_supply");
    if (lake_member(r, p, "latest_protocol_version", &version))
        out->latest_protocol_version = (uint32_t)lake_u64_at(r, &version, UINT32_MAX);
}

/* ---- chunks ------------------------------------------------------------------------------------------------------ */

static void read_congestion(struct lake_reader *r, const struct json_place *object, struct lake_chunk_header *out)
{
    struct json_place p, shard;
    if (r->status != STATUS_OK || !json_member(object, "congestion_info", &p)) return;
    out->has_congestion = true;
    out->congestion.delayed_receipts_gas = lake_u128(r, &p, "delayed_receipts_gas");
    out->congestion.buffered_receipts_gas = lake_u128(r, &p, "buffered_receipts_gas");
    out->congestion.receipt_bytes = lake_u64(r, &p, "receipt_bytes");
    if (lake_member(r, &p, "allowed_shard", &shard))
        out->congestion.allowed_shard = (uint16_t)lake_u64_at(r, &shard, UINT16_MAX);
}

static void read_request(struct lake_reader *r, const struct json_place *p, struct bandwidth_request *out)
{
    struct json_place shard, bitmap, data;
    if (!lake_member(r, p, "to_shard", &shard) || !lake_member(r, p, "requested_values_bitmap", &bitmap) ||
        !lake_member(r, &bitmap, "data", &data))
        return;
    out->to_shard = (uint16_t)lake_u64_at(r, &shard, UINT16_MAX);
    struct bytes bits = read_byte_array(r, &data);
    if (r->status != STATUS_OK) return;
    if (bits.size != BANDWIDTH_BITMAP_SIZE) r->status = json_expected(&data, "5 bytes", r->error);
    else memcpy(out->bitmap, bits.data, BANDWIDTH_BITMAP_SIZE);
}

static void read_bandwidth(struct lake_reader *r, const struct json_place *object, struct lake_chunk_header *out)
{
    struct json_place p, content, list;
    if (r->status != STATUS_OK || !json_member(object, "bandwidth_requests", &p)) return;
    const char *version = lake_variant(r, &p, &content);
    if (version && strcmp(version, "V1") != 0) r->status = json_expected(&p, "version V1", r->error);
    out->has_bandwidth = true;
    out->bandwidth.count = lake_array(r, &content, "requests", &list);
    out->bandwidth.requests = lake_alloc(r, out->bandwidth.count, sizeof *out->bandwidth.requests);
    if (!out->bandwidth.requests) out->bandwidth.count = 0;
    for (uint32_t i = 0; i < out->bandwidth.count && r->status == STATUS_OK; i++) {
        struct json_place request = json_element(&list, i);
        read_request(r, &request, &out->bandwidth.requests[i]);
    }
}

/* Here a null is not the same as no member: the field is in the header, but empty. */
static void read_split(struct lake_reader *r, const struct json_place *object, struct lake_chunk_header *out)
{
    struct json_place split;
    if (r->status != STATUS_OK) return;
    out->has_split_field = json_find(object->json, "proposed_split", NULL);
    out->has_split = json_member(object, "proposed_split", &split);
    if (!out->has_split) return;
    out->split_account = lake_account(r, &split, "boundary_account");
    out->split_left = lake_u64(r, &split, "left_memory");
    out->split_right = lake_u64(r, &split, "right_memory");
}

void lake_read_chunk_header(struct lake_reader *r, const struct json_place *p, struct lake_chunk_header *out)
{
    static const char *const names[] = {
        "chunk_hash", "prev_block_hash", "outcome_root", "prev_state_root", "encoded_merkle_root", "encoded_length",
        "height_created", "height_included", "shard_id", "gas_used", "gas_limit", "rent_paid", "validator_reward",
        "balance_burnt", "outgoing_receipts_root", "tx_root", "validator_proposals", "congestion_info",
        "bandwidth_requests", "proposed_split", "signature"};
    *out = (struct lake_chunk_header){0};
    LAKE_KNOWN(r, p, "chunk header", names);
#define HASH(name) out->name = lake_hash(r, p, #name)
    HASH(chunk_hash); HASH(prev_block_hash); HASH(outcome_root); HASH(prev_state_root); HASH(encoded_merkle_root);
    HASH(outgoing_receipts_root); HASH(tx_root);
#undef HASH
    out->encoded_length = lake_u64(r, p, "encoded_length");
    out->height_created = lake_u64(r, p, "height_created");
    out->height_included = lake_u64(r, p, "height_included");
    out->shard_id = lake_u64(r, p, "shard_id");
    out->gas_used = lake_u64(r, p, "gas_used");
    out->gas_limit = lake_u64(r, p, "gas_limit");
    out->balance_burnt = lake_u128(r, p, "balance_burnt");
    out->proposals = read_stakes(r, p, &out->proposal_count);
    read_congestion(r, p, out);
    read_bandwidth(r, p, out);
    read_split(r, p, out);
}
