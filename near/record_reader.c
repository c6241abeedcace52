#include "near/record_reader.h"

struct record_reader record_reader_of(struct bytes input, struct arena *arena)
{
    return (struct record_reader){.borsh = borsh_reader_of(input), .arena = arena};
}

enum status record_finish(const struct record_reader *r, const char *what, struct error *e)
{
    return r->no_memory ? error_no_memory(e) : borsh_finish(&r->borsh, what, e);
}

void record_reject(struct record_reader *r, size_t size, const char *problem)
{
    if (r->borsh.failed) return;
    r->borsh.p -= size;
    borsh_reject(&r->borsh, problem);
}

void *record_array(struct record_reader *r, size_t count, size_t size)
{
    if (r->borsh.failed || count == 0) return NULL;
    void *p = r->arena ? arena_array(r->arena, count, size) : NULL;
    if (!p) {
        r->no_memory = true;
        borsh_reject(&r->borsh, "out of memory");
    }
    return p;
}

struct crypto_hash record_hash(struct record_reader *r)
{
    struct crypto_hash h = {0};
    const struct bytes b = borsh_read_fixed(&r->borsh, sizeof h.bytes);
    if (b.data) memcpy(h.bytes, b.data, sizeof h.bytes);
    return h;
}

struct account_id record_account_id(struct record_reader *r)
{
    struct account_id id = {0};
    const struct bytes text = borsh_read_bytes(&r->borsh);
    if (!r->borsh.failed && !account_id_parse(text, &id, NULL)) record_reject(r, text.size, "no account id");
    return id;
}

bool record_option_account_id(struct record_reader *r, struct account_id *out)
{
    *out = (struct account_id){0};
    if (!borsh_read_bool(&r->borsh)) return false;
    *out = record_account_id(r);
    return !r->borsh.failed;
}

const struct public_key *record_public_key(struct record_reader *r)
{
    static const struct public_key none;
    const uint8_t type = borsh_read_u8(&r->borsh);
    if (type >= KEY_TYPE_COUNT) record_reject(r, 1, "no type of a public key: neither 0, 1 nor 2");
    const struct bytes data = borsh_read_fixed(&r->borsh, key_type_size(type));
    struct public_key *key = record_array(r, 1, sizeof *key);
    if (!key) return &none;
    key->type = type;
    memcpy(key->data, data.data, data.size);
    return key;
}

struct public_key_handle record_key_handle(struct record_reader *r)
{
    struct public_key_handle handle = {0};
    const uint8_t tag = borsh_read_u8(&r->borsh);
    const size_t size = key_handle_size(tag);
    if (size == 0) record_reject(r, 1, "no tag of a key's handle: neither 0, 1 nor 3");
    const struct bytes data = borsh_read_fixed(&r->borsh, size);
    if (r->borsh.failed) return handle;
    handle.tag = tag;
    memcpy(handle.data, data.data, data.size);
    return handle;
}

const struct crypto_hash *record_hashes(struct record_reader *r, uint32_t *count)
{
    *count = borsh_read_count(&r->borsh, CRYPTO_HASH_SIZE);
    struct crypto_hash *hashes = record_array(r, *count, sizeof *hashes);
    if (!hashes) *count = 0;
    for (uint32_t i = 0; i < *count; i++) hashes[i] = record_hash(r);
    return hashes;
}

const uint64_t *record_u64s(struct record_reader *r, uint32_t *count)
{
    *count = borsh_read_count(&r->borsh, sizeof(uint64_t));
    uint64_t *numbers = record_array(r, *count, sizeof *numbers);
    if (!numbers) *count = 0;
    for (uint32_t i = 0; i < *count; i++) numbers[i] = borsh_read_u64(&r->borsh);
    return numbers;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

void record_write_hash(const struct crypto_hash *h, struct buffer *out)
{
    buffer_append(out, h->bytes, sizeof h->bytes);
}

void record_write_account_id(const struct account_id *id, struct buffer *out)
{
    borsh_write_bytes(out, account_id_bytes(id));
}

void record_write_option_account_id(bool present, const struct account_id *id, struct buffer *out)
{
    borsh_write_bool(out, present);
    if (present) record_write_account_id(id, out);
}

void record_write_hashes(const struct crypto_hash *hashes, uint32_t count, struct buffer *out)
{
    borsh_write_u32(out, count);
    for (uint32_t i = 0; i < count; i++) record_write_hash(&hashes[i], out);
}

void record_write_u64s(const uint64_t *numbers, uint32_t count, struct buffer *out)
{
    borsh_write_u32(out, count);
    for (uint32_t i = 0; i < count; i++) borsh_write_u64(out, numbers[i]);
}
