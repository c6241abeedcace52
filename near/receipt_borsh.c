/* Receipts in Borsh. */
#include "near/receipt.h"

static bool is_second_version(enum receipt_kind kind)
{
    return kind == RECEIPT_action_v2 || kind == RECEIPT_promise_yield_v2;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void write_actions(const struct action_receipt *a, bool with_refund_to, struct buffer *out)
{
    record_write_account_id(&a->signer_id, out);
    if (with_refund_to) record_write_option_account_id(a->has_refund_to, &a->refund_to, out);
    public_key_write(a->signer_public_key, out);
    borsh_write_u128(out, a->gas_price);
    borsh_write_u32(out, a->output_data_receiver_count);
    for (uint32_t i = 0; i < a->output_data_receiver_count; i++) {
        record_write_hash(&a->output_data_receivers[i].data_id, out);
        record_write_account_id(&a->output_data_receivers[i].receiver_id, out);
    }
    record_write_hashes(a->input_data_ids, a->input_data_id_count, out);
    actions_write(a->actions, a->action_count, out);
}

static void write_data(const struct data_receipt *d, struct buffer *out)
{
    record_write_hash(&d->data_id, out);
    borsh_write_bool(out, d->has_data);
    if (d->has_data) borsh_write_bytes(out, d->data);
}

static void write_distribution(const struct global_contract_distribution *g, struct buffer *out)
{
    borsh_write_u8(out, (uint8_t)(g->version - 1));
    global_contract_id_write(&g->id, out);
    borsh_write_u64(out, g->target_shard);
    record_write_u64s(g->already_delivered_shards, g->already_delivered_shard_count, out);
    borsh_write_bytes(out, g->code);
    if (g->version == 2) borsh_write_u64(out, g->nonce);
}

void receipt_write(const struct receipt *r, struct buffer *out)
{
    record_write_account_id(&r->predecessor_id, out);
    record_write_account_id(&r->receiver_id, out);
    record_write_hash(&r->receipt_id, out);
    borsh_write_u8(out, (uint8_t)r->kind);
    if (receipt_has_actions(r)) write_actions(&r->action, is_second_version(r->kind), out);
    else if (receipt_has_data(r)) write_data(&r->data, out);
    else write_distribution(&r->global_contract_distribution, out);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void read_data_receivers(struct record_reader *r, struct action_receipt *a)
{
    const uint32_t count = borsh_read_count(&r->borsh, CRYPTO_HASH_SIZE + 4 + ACCOUNT_ID_MIN);
    struct data_receiver *receivers = record_array(r, count, sizeof *receivers);
    if (!receivers) return;
    for (uint32_t i = 0; i < count && !r->borsh.failed; i++) {
        receivers[i].data_id = record_hash(r);
        receivers[i].receiver_id = record_account_id(r);
    }
    a->output_data_receivers = receivers;
    a->output_data_receiver_count = count;
}

static struct action_receipt read_actions(struct record_reader *r, bool with_refund_to)
{
    struct action_receipt a = {.signer_id = record_account_id(r)};
    if (with_refund_to) a.has_refund_to = record_option_account_id(r, &a.refund_to);
    a.signer_public_key = record_public_key(r);
    a.gas_price = borsh_read_u128(&r->borsh);
    read_data_receivers(r, &a);
    a.input_data_ids = record_hashes(r, &a.input_data_id_count);
    a.actions = actions_read(r, &a.action_count);
    return a;
}

static struct data_receipt read_data(struct record_reader *r)
{
    struct data_receipt d = {.data_id = record_hash(r)};
    d.has_data = borsh_read_bool(&r->borsh);
    if (d.has_data) d.data = borsh_read_bytes(&r->borsh);
    return d;
}

static struct global_contract_distribution read_distribution(struct record_reader *r)
{
    struct global_contract_distribution g = {0};
    const uint8_t version = borsh_read_u8(&r->borsh);
    if (version > 1) record_reject(r, 1, "no version of a global contract's distribution: neither 0 nor 1");
    g.version = version == 0 ? 1 : 2;
    g.id = global_contract_id_read(r);
    g.target_shard = borsh_read_u64(&r->borsh);
    g.already_delivered_shards = record_u64s(r, &g.already_delivered_shard_count);
    g.code = borsh_read_bytes(&r->borsh);
    if (g.version == 2) g.nonce = borsh_read_u64(&r->borsh);
    return g;
}

struct receipt receipt_read(struct record_reader *r)
{
    struct receipt receipt = {.predecessor_id = record_account_id(r)};
    receipt.receiver_id = record_account_id(r);
    receipt.receipt_id = record_hash(r);
    const uint8_t kind = borsh_read_u8(&r->borsh);
    if (kind >= RECEIPT_KIND_COUNT) record_reject(r, 1, "no kind of a receipt: 0 to 6");
    if (r->borsh.failed) return (struct receipt){0};
    receipt.kind = (enum receipt_kind)kind;
    if (receipt_has_actions(&receipt)) receipt.action = read_actions(r, is_second_version(receipt.kind));
    else if (receipt_has_data(&receipt)) receipt.data = read_data(r);
    else receipt.global_contract_distribution = read_distribution(r);
    return receipt;
}

enum status receipt_from_borsh(struct bytes input, struct arena *arena, struct receipt *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    const struct receipt receipt = receipt_read(&r);
    enum status status = record_finish(&r, "receipt", e);
    if (status == STATUS_OK) *out = receipt;
    return status;
}
