#include "documents/lake_block.h"
#include "documents/lake_reader.h"

void lake_read_block(struct lake_reader *r, const struct json_place *p, struct lake_block *out)
{
    static const char *const names[] = {"author", "header", "chunks"};
    struct json_place header, chunks;
    LAKE_KNOWN(r, p, "block", names);
    if (!lake_member(r, p, "header", &header)) return;
    lake_read_header(r, &header, &out->header);
    out->chunk_count = lake_array(r, p, "chunks", &chunks);
    out->chunks = lake_alloc(r, out->chunk_count, sizeof *out->chunks);
    if (!out->chunks) out->chunk_count = 0;
    for (uint32_t i = 0; i < out->chunk_count && r->status == STATUS_OK; i++) {
        struct json_place chunk = json_element(&chunks, i);
        lake_read_chunk_header(r, &chunk, &out->chunks[i]);
    }
}

static void read_chunk(struct lake_reader *r, const struct json_place *p, struct lake_shard *out)
{
    static const char *const names[] = {"author", "header", "transactions", "receipts", "local_receipts"};
    struct json_place header, list;
    LAKE_KNOWN(r, p, "chunk", names);
    if (!lake_member(r, p, "header", &header)) return;
    out->has_chunk = true;
    lake_read_chunk_header(r, &header, &out->header);
    out->transaction_count = lake_array(r, p, "transactions", &list);
    out->transactions = lake_alloc(r, out->transaction_count, sizeof *out->transactions);
    if (!out->transactions) out->transaction_count = 0;
    for (uint32_t i = 0; i < out->transaction_count && r->status == STATUS_OK; i++) {
        struct json_place one = json_element(&list, i);
        lake_read_transaction(r, &one, &out->transactions[i]);
    }
    out->receipt_count = lake_array(r, p, "receipts", &list);
    out->receipts = lake_alloc(r, out->receipt_count, sizeof *out->receipts);
    if (!out->receipts) out->receipt_count = 0;
    for (uint32_t i = 0; i < out->receipt_count && r->status == STATUS_OK; i++) {
        struct json_place one = json_element(&list, i);
        lake_read_receipt(r, &one, &out->receipts[i]);
    }
}

static void read_executed(struct lake_reader *r, const struct json_place *p, struct lake_shard *out)
{
    struct json_place list;
    out->executed_count = lake_array(r, p, "receipt_execution_outcomes", &list);
    out->executed = lake_alloc(r, out->executed_count, sizeof *out->executed);
    if (!out->executed) out->executed_count = 0;
    for (uint32_t i = 0; i < out->executed_count && r->status == STATUS_OK; i++) {
        struct json_place one = json_element(&list, i), outcome, receipt;
        if (!lake_member(r, &one, "execution_outcome", &outcome) || !lake_member(r, &one, "receipt", &receipt)) return;
        lake_read_outcome(r, &outcome, &out->executed[i].outcome);
        lake_read_receipt(r, &receipt, &out->executed[i].receipt);
    }
}

void lake_read_shard(struct lake_reader *r, const struct json_place *p, struct lake_shard *out)
{
    static const char *const names[] = {"shard_id", "chunk", "receipt_execution_outcomes", "state_changes"};
    struct json_place chunk, list;
    LAKE_KNOWN(r, p, "shard", names);
    out->shard_id = lake_u64(r, p, "shard_id");
    if (r->status == STATUS_OK && json_member(p, "chunk", &chunk)) read_chunk(r, &chunk, out);
    read_executed(r, p, out);
    out->change_count = lake_array(r, p, "state_changes", &list);
    out->changes = lake_alloc(r, out->change_count, sizeof *out->changes);
    if (!out->changes) out->change_count = 0;
    for (uint32_t i = 0; i < out->change_count && r->status == STATUS_OK; i++) {
        struct json_place one = json_element(&list, i);
        lake_read_change(r, &one, &out->changes[i]);
    }
}
