#include "near/transaction.h"

#include "near/action_delegate.h"

enum { TAG_V1 = 1, NONCE_PLAIN = 0, NONCE_OF_GAS_KEY = 1 };

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* V0 begins with the length of an account id, at most 64, so that its second byte is zero; V1 with its tag and then
 * such a length, which is never zero. */
static enum transaction_version read_version(struct record_reader *r)
{
    const uint8_t *p = r->borsh.p;
    if (r->borsh.end - p < 2 || p[1] == 0) return TRANSACTION_V0;
    if (borsh_read_u8(&r->borsh) != TAG_V1) record_reject(r, 1, "no version of a transaction");
    return TRANSACTION_V1;
}

static void read_nonce(struct record_reader *r, struct transaction *t)
{
    const uint8_t form = t->version == TRANSACTION_V1 ? borsh_read_u8(&r->borsh) : NONCE_PLAIN;
    if (form > NONCE_OF_GAS_KEY) record_reject(r, 1, "no form of a nonce: neither 0 nor 1");
    t->nonce = borsh_read_u64(&r->borsh);
    t->has_nonce_index = form == NONCE_OF_GAS_KEY;
    if (t->has_nonce_index) t->nonce_index = borsh_read_u16(&r->borsh);
}

static enum nonce_mode read_nonce_mode(struct record_reader *r)
{
    const uint8_t mode = borsh_read_u8(&r->borsh);
    if (mode > NONCE_STRICT) record_reject(r, 1, "no mode of a nonce: neither 0 nor 1");
    return mode == NONCE_STRICT ? NONCE_STRICT : NONCE_MONOTONIC;
}

static struct transaction read_transaction(struct record_reader *r)
{
    struct transaction t = {.version = read_version(r)};
    t.signer_id = record_account_id(r);
    t.public_key = record_public_key(r);
    read_nonce(r, &t);
    t.receiver_id = record_account_id(r);
    t.block_hash = record_hash(r);
    t.actions = actions_read(r, &t.action_count);
    if (t.version == TRANSACTION_V1) t.nonce_mode = read_nonce_mode(r);
    return t;
}

enum status transaction_from_borsh(struct bytes input, struct arena *arena, struct transaction *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    const struct transaction t = read_transaction(&r);
    enum status status = record_finish(&r, "transaction", e);
    if (status == STATUS_OK) *out = t;
    return status;
}

enum status signed_transaction_from_borsh(struct bytes input, struct arena *arena, struct signed_transaction *out,
                                          struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    struct signed_transaction t = {.transaction = read_transaction(&r)};
    t.unsigned_size = (size_t)(r.borsh.p - r.borsh.start);
    t.signature = signature_read(&r);
    enum status status = record_finish(&r, "signed transaction", e);
    if (status != STATUS_OK) return status;
    /* there is one encoding of a transaction, so these bytes are what would be written */
    t.hash = crypto_hash_of(bytes_of(input.data, t.unsigned_size));
    t.size = input.size;
    *out = t;
    return STATUS_OK;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

void transaction_write(const struct transaction *t, struct buffer *out)
{
    const bool is_v1 = t->version == TRANSACTION_V1;
    if (is_v1) borsh_write_u8(out, TAG_V1);
    record_write_account_id(&t->signer_id, out);
    public_key_write(t->public_key, out);
    if (is_v1) borsh_write_u8(out, t->has_nonce_index ? NONCE_OF_GAS_KEY : NONCE_PLAIN);
    borsh_write_u64(out, t->nonce);
    if (is_v1 && t->has_nonce_index) borsh_write_u16(out, t->nonce_index);
    record_write_account_id(&t->receiver_id, out);
    record_write_hash(&t->block_hash, out);
    actions_write(t->actions, t->action_count, out);
    if (is_v1) borsh_write_u8(out, (uint8_t)t->nonce_mode);
}

void signed_transaction_write(const struct signed_transaction *t, struct buffer *out)
{
    transaction_write(&t->transaction, out);
    signature_write(&t->signature, out);
}

enum status transaction_hash(const struct transaction *t, struct crypto_hash *out, struct error *e)
{
    struct buffer b = {0};
    transaction_write(t, &b);
    const bool ok = !b.failed;
    if (ok) *out = crypto_hash_of(bytes_of(b.data, b.size));
    buffer_free(&b);
    return ok ? STATUS_OK : error_no_memory(e);
}

/* ---- signatures -------------------------------------------------------------------------------------------------- */

bool signed_transaction_verify(const struct signed_transaction *t)
{
    return signature_verify(&t->signature, t->transaction.public_key, &t->hash);
}

static bool is_post_quantum(const struct public_key *key)
{
    return key->type == KEY_ML_DSA_65;
}

static bool action_is_post_quantum(const struct action *a)
{
    switch (a->kind) {
    case ACTION_KIND_stake: return is_post_quantum(a->stake.public_key);
    case ACTION_KIND_add_key: return is_post_quantum(a->add_key.public_key);
    case ACTION_KIND_delete_key: return is_post_quantum(a->delete_key.public_key);
    case ACTION_KIND_transfer_to_gas_key: return is_post_quantum(a->transfer_to_gas_key.public_key);
    case ACTION_KIND_withdraw_from_gas_key: return is_post_quantum(a->withdraw_from_gas_key.public_key);
    default: return false;
    }
}

static bool delegate_is_post_quantum(const struct delegate_action *d)
{
    if (is_post_quantum(d->public_key) || d->signature.type == KEY_ML_DSA_65) return true;
    for (uint32_t i = 0; i < d->action_count; i++)
        if (action_is_post_quantum(&d->actions[i])) return true;
    return false;
}

bool signed_transaction_is_post_quantum(const struct signed_transaction *t)
{
    if (is_post_quantum(t->transaction.public_key) || t->signature.type == KEY_ML_DSA_65) return true;
    for (uint32_t i = 0; i < t->transaction.action_count; i++) {
        const struct action *a = &t->transaction.actions[i];
        const bool is_delegate = a->kind == ACTION_KIND_delegate || a->kind == ACTION_KIND_delegate_v2;
        if (is_delegate && a->delegate.parsed ? delegate_is_post_quantum(a->delegate.parsed)
                                              : action_is_post_quantum(a))
            return true;
    }
    return false;
}
