#include "near/access_key.h"

static void read_gas_key(struct record_reader *r, struct access_key *k)
{
    k->gas_key_balance = borsh_read_u128(&r->borsh);
    k->num_nonces = borsh_read_u16(&r->borsh);
}

static void read_function_call(struct record_reader *r, struct access_key *k)
{
    k->has_allowance = borsh_read_bool(&r->borsh);
    if (k->has_allowance) k->allowance = borsh_read_u128(&r->borsh);
    k->receiver_id = borsh_read_string(&r->borsh);
    k->method_count = borsh_read_count(&r->borsh, 4);
    struct bytes *names = record_array(r, k->method_count, sizeof *names);
    if (!names) k->method_count = 0;
    for (uint32_t i = 0; i < k->method_count; i++) names[i] = borsh_read_string(&r->borsh);
    k->method_names = names;
}

struct access_key access_key_read(struct record_reader *r)
{
    struct access_key k = {.nonce = borsh_read_u64(&r->borsh)};
    const uint8_t permission = borsh_read_u8(&r->borsh);
    if (permission > PERMISSION_GAS_KEY_FULL_ACCESS) {
        record_reject(r, 1, "no permission of an access key: 0 to 3");
        return (struct access_key){0};
    }
    k.permission = (enum access_key_permission)permission;
    if (access_key_is_gas_key(&k)) read_gas_key(r, &k);
    if (access_key_is_function_call(&k)) read_function_call(r, &k);
    return k;
}

enum status access_key_from_borsh(struct bytes input, struct arena *arena, struct access_key *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    const struct access_key k = access_key_read(&r);
    enum status status = record_finish(&r, "access key", e);
    if (status == STATUS_OK) *out = k;
    return status;
}

void access_key_write(const struct access_key *k, struct buffer *out)
{
    borsh_write_u64(out, k->nonce);
    borsh_write_u8(out, (uint8_t)k->permission);
    if (access_key_is_gas_key(k)) {
        borsh_write_u128(out, k->gas_key_balance);
        borsh_write_u16(out, k->num_nonces);
    }
    if (!access_key_is_function_call(k)) return;
    borsh_write_bool(out, k->has_allowance);
    if (k->has_allowance) borsh_write_u128(out, k->allowance);
    borsh_write_bytes(out, k->receiver_id);
    borsh_write_u32(out, k->method_count);
    for (uint32_t i = 0; i < k->method_count; i++) borsh_write_bytes(out, k->method_names[i]);
}

size_t access_key_size(const struct access_key *k)
{
    size_t size = NONCE_SIZE + 1;
    if (access_key_is_gas_key(k)) size += GAS_KEY_INFO_SIZE;
    if (!access_key_is_function_call(k)) return size;
    size += 1 + (k->has_allowance ? 16u : 0u) + 4 + k->receiver_id.size + 4;
    for (uint32_t i = 0; i < k->method_count; i++) size += 4 + k->method_names[i].size;
    return size;
}
