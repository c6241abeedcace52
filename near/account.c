#include "near/account.h"

/* Where V1 has its amount, every other form has this: more than there can be. */
static const struct u128 sentinel = {UINT64_MAX, UINT64_MAX};

enum { TAG_V2 = 0, TAG_UNINITIALIZED = 1 };

static void read_v2_code(struct record_reader *r, struct account *a)
{
    const uint8_t code = borsh_read_u8(&r->borsh);
    if (code > ACCOUNT_CODE_GLOBAL_BY_ACCOUNT) {
        record_reject(r, 1, "no kind of an account's contract: 0 to 3");
        return;
    }
    a->code = (enum account_code)code;
    if (a->code == ACCOUNT_CODE_LOCAL || a->code == ACCOUNT_CODE_GLOBAL) a->code_hash = record_hash(r);
    else if (a->code == ACCOUNT_CODE_GLOBAL_BY_ACCOUNT) a->code_account = record_account_id(r);
}

static struct account read_marked(struct record_reader *r)
{
    struct account a = {0};
    const uint8_t tag = borsh_read_u8(&r->borsh);
    if (tag == TAG_V2) {
        a.form = ACCOUNT_V2;
        a.amount = borsh_read_u128(&r->borsh);
        a.locked = borsh_read_u128(&r->borsh);
        a.storage_usage = borsh_read_u64(&r->borsh);
        read_v2_code(r, &a);
    } else if (tag == TAG_UNINITIALIZED) {
        a.form = ACCOUNT_UNINITIALIZED;
        a.amount = borsh_read_u128(&r->borsh);
        a.storage_usage = borsh_read_u64(&r->borsh);
        a.bootstrap_nonce = borsh_read_u64(&r->borsh);
    } else {
        record_reject(r, 1, "no form of an account: neither 0 nor 1");
    }
    return a;
}

static struct account read_account(struct record_reader *r)
{
    struct account a = {.form = ACCOUNT_V1, .amount = borsh_read_u128(&r->borsh)};
    if (!r->borsh.failed && u128_equal(a.amount, sentinel)) return read_marked(r);
    a.locked = borsh_read_u128(&r->borsh);
    const struct crypto_hash hash = record_hash(r);
    account_set_local_code(&a, &hash);
    a.storage_usage = borsh_read_u64(&r->borsh);
    return a;
}

enum status account_from_borsh(struct bytes input, struct account *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    const struct account a = read_account(&r);
    enum status status = record_finish(&r, "account", e);
    if (status == STATUS_OK) *out = a;
    return status;
}

void account_write(const struct account *a, struct buffer *out)
{
    if (a->form == ACCOUNT_V1) {
        borsh_write_u128(out, a->amount);
        borsh_write_u128(out, a->locked);
        record_write_hash(&a->code_hash, out);
        borsh_write_u64(out, a->storage_usage);
        return;
    }
    borsh_write_u128(out, sentinel);
    borsh_write_u8(out, a->form == ACCOUNT_V2 ? TAG_V2 : TAG_UNINITIALIZED);
    borsh_write_u128(out, a->amount);
    if (a->form == ACCOUNT_V2) borsh_write_u128(out, a->locked);
    borsh_write_u64(out, a->storage_usage);
    if (a->form == ACCOUNT_UNINITIALIZED) {
        borsh_write_u64(out, a->bootstrap_nonce);
        return;
    }
    borsh_write_u8(out, (uint8_t)a->code);
    if (a->code == ACCOUNT_CODE_LOCAL || a->code == ACCOUNT_CODE_GLOBAL) record_write_hash(&a->code_hash, out);
    else if (a->code == ACCOUNT_CODE_GLOBAL_BY_ACCOUNT) record_write_account_id(&a->code_account, out);
}

/* ---- code -------------------------------------------------------------------------------------------------------- */

void account_remove_code(struct account *a)
{
    a->code = ACCOUNT_CODE_NONE;
    a->code_hash = (struct crypto_hash){0};
    a->code_account = (struct account_id){0};
}

void account_set_local_code(struct account *a, const struct crypto_hash *hash)
{
    account_remove_code(a);
    if (a->form == ACCOUNT_V1 && crypto_hash_is_zero(hash)) return;
    a->code = ACCOUNT_CODE_LOCAL;
    a->code_hash = *hash;
}

void account_set_global_contract(struct account *a, const struct global_contract_id *id)
{
    account_remove_code(a);
    if (a->form == ACCOUNT_V1) a->form = ACCOUNT_V2;
    if (id->mode == GLOBAL_BY_CODE_HASH) {
        a->code = ACCOUNT_CODE_GLOBAL;
        memcpy(a->code_hash.bytes, id->code_hash, sizeof id->code_hash);
    } else {
        a->code = ACCOUNT_CODE_GLOBAL_BY_ACCOUNT;
        a->code_account = id->account_id;
    }
}

bool account_global_contract(const struct account *a, struct global_contract_id *out)
{
    if (a->code == ACCOUNT_CODE_GLOBAL) {
        *out = (struct global_contract_id){.mode = GLOBAL_BY_CODE_HASH};
        memcpy(out->code_hash, a->code_hash.bytes, sizeof out->code_hash);
        return true;
    }
    if (a->code != ACCOUNT_CODE_GLOBAL_BY_ACCOUNT) return false;
    *out = (struct global_contract_id){.mode = GLOBAL_BY_ACCOUNT_ID, .account_id = a->code_account};
    return true;
}
