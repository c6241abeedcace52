#include "near/action_delegate.h"

enum { PAYLOAD_V2 = 0, NONCE_PLAIN = 0, NONCE_OF_GAS_KEY = 1 };

/* What goes in front of signed messages that are no transactions: 2^30 and the number of the NEP that made them. */
#define DISCRIMINANT_DELEGATE ((UINT32_C(1) << 30) + 366)
#define DISCRIMINANT_DELEGATE_V2 ((UINT32_C(1) << 30) + 611)

static void read_nonce(struct record_reader *r, struct delegate_action *d)
{
    const uint8_t form = d->is_v2 ? borsh_read_u8(&r->borsh) : NONCE_PLAIN;
    if (form > NONCE_OF_GAS_KEY) record_reject(r, 1, "no form of a nonce: neither 0 nor 1");
    d->nonce = borsh_read_u64(&r->borsh);
    d->has_nonce_index = form == NONCE_OF_GAS_KEY;
    if (d->has_nonce_index) d->nonce_index = borsh_read_u16(&r->borsh);
}

struct delegate_action delegate_action_read(struct record_reader *r, bool is_v2)
{
    struct delegate_action d = {.is_v2 = is_v2};
    const uint8_t payload = is_v2 ? borsh_read_u8(&r->borsh) : PAYLOAD_V2;
    if (payload != PAYLOAD_V2) record_reject(r, 1, "no version of a delegate action: 0");
    d.sender_id = record_account_id(r);
    d.receiver_id = record_account_id(r);
    d.actions = actions_read_in_delegate(r, &d.action_count);
    read_nonce(r, &d);
    d.max_block_height = borsh_read_u64(&r->borsh);
    d.public_key = record_public_key(r);
    d.signature = signature_read(r);
    return d;
}

static void write_unsigned(const struct delegate_action *d, struct buffer *out)
{
    if (d->is_v2) borsh_write_u8(out, PAYLOAD_V2);
    record_write_account_id(&d->sender_id, out);
    record_write_account_id(&d->receiver_id, out);
    actions_write(d->actions, d->action_count, out);
    if (d->is_v2) borsh_write_u8(out, d->has_nonce_index ? NONCE_OF_GAS_KEY : NONCE_PLAIN);
    borsh_write_u64(out, d->nonce);
    if (d->is_v2 && d->has_nonce_index) borsh_write_u16(out, d->nonce_index);
    borsh_write_u64(out, d->max_block_height);
    public_key_write(d->public_key, out);
}

void delegate_action_write(const struct delegate_action *d, struct buffer *out)
{
    write_unsigned(d, out);
    signature_write(&d->signature, out);
}

enum status delegate_action_hash(const struct delegate_action *d, struct crypto_hash *out, struct error *e)
{
    struct buffer message = {0};
    borsh_write_u32(&message, d->is_v2 ? DISCRIMINANT_DELEGATE_V2 : DISCRIMINANT_DELEGATE);
    write_unsigned(d, &message);
    const bool ok = !message.failed;
    if (ok) *out = crypto_hash_of(bytes_of(message.data, message.size));
    buffer_free(&message);
    return ok ? STATUS_OK : error_no_memory(e);
}

enum status delegate_action_verify(const struct delegate_action *d, bool *valid, struct error *e)
{
    struct crypto_hash hash;
    enum status status = delegate_action_hash(d, &hash, e);
    if (status == STATUS_OK) *valid = signature_verify(&d->signature, d->public_key, &hash);
    return status;
}
