#include "near/trie_key.h"

#include "base/base58.h"
#include "base/hex.h"

enum shape {
    SHAPE_none,
    SHAPE_account,
    SHAPE_key,
    SHAPE_nonce,
    SHAPE_hash,
    SHAPE_data,
    SHAPE_index,
    SHAPE_buffer,
    SHAPE_shard,
    SHAPE_group,
    SHAPE_contract,
};

static const struct {
    const char *text;
    uint8_t column;
    enum shape shape;
} kinds[TRIE_KEY_KIND_COUNT] = {
#define X(name, text, column, shape) [TRIE_KEY_##name] = {text, column, SHAPE_##shape},
#include "near/trie_keys.def"
#undef X
};

enum { KEY_SEPARATOR = 2, DATA_SEPARATOR = ',' };

const char *trie_key_kind_name(enum trie_key_kind kind)
{
    return (size_t)kind < TRIE_KEY_KIND_COUNT ? kinds[kind].text : "unknown";
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void write_account(uint8_t column, const struct account_id *id, struct buffer *out)
{
    buffer_append_byte(out, column);
    buffer_append(out, id->text, id->length);
}

static void write_queue(const struct trie_key *key, enum shape shape, struct buffer *out)
{
    if (shape == SHAPE_buffer) {
        if (key->queue.shard_id > UINT16_MAX) out->failed = true;
        borsh_write_u16(out, (uint16_t)key->queue.shard_id);
    } else if (shape != SHAPE_index) {
        borsh_write_u64(out, key->queue.shard_id);
    }
    if (shape != SHAPE_shard) borsh_write_u64(out, key->queue.index);
}

void trie_key_write(const struct trie_key *key, struct buffer *out)
{
    const uint8_t column = kinds[key->kind].column;
    const enum shape shape = kinds[key->kind].shape;
    switch (shape) {
    case SHAPE_none: buffer_append_byte(out, column); break;
    case SHAPE_account: write_account(column, &key->account_id, out); break;
    case SHAPE_key:
    case SHAPE_nonce:
        trie_key_write_access_key_prefix(&key->account_id, out);
        public_key_handle_write(&key->key.handle, out);
        if (shape == SHAPE_nonce) borsh_write_u16(out, key->key.nonce_index);
        break;
    case SHAPE_hash:
        write_account(column, &key->account_id, out);
        buffer_append_byte(out, DATA_SEPARATOR);
        record_write_hash(&key->hash, out);
        break;
    case SHAPE_data: trie_key_write_data_prefix(&key->account_id, key->data, out); break;
    case SHAPE_index:
    case SHAPE_buffer:
    case SHAPE_shard:
    case SHAPE_group:
        buffer_append_byte(out, column);
        write_queue(key, shape, out);
        break;
    case SHAPE_contract:
        buffer_append_byte(out, column);
        global_contract_id_write(&key->contract, out);
        break;
    }
}

void trie_key_write_access_key_prefix(const struct account_id *id, struct buffer *out)
{
    write_account(kinds[TRIE_KEY_ACCESS_KEY].column, id, out);
    buffer_append_byte(out, KEY_SEPARATOR);
}

void trie_key_write_data_prefix(const struct account_id *id, struct bytes prefix, struct buffer *out)
{
    write_account(kinds[TRIE_KEY_CONTRACT_DATA].column, id, out);
    buffer_append_byte(out, DATA_SEPARATOR);
    buffer_append(out, prefix.data, prefix.size);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* An account id up to the separator, which is no character of one and is skipped; with -1, up to the end. */
static struct account_id read_account(struct record_reader *r, int separator)
{
    struct account_id id = {0};
    const size_t left = (size_t)(r->borsh.end - r->borsh.p);
    size_t size = left;
    if (separator >= 0) {
        const uint8_t *found = left ? memchr(r->borsh.p, separator, left) : NULL;
        if (!found) {
            borsh_reject(&r->borsh, separator == KEY_SEPARATOR ? "no 02 behind the account id"
                                                               : "no ',' behind the account id");
            return id;
        }
        size = (size_t)(found - r->borsh.p);
    }
    const struct bytes text = borsh_read_fixed(&r->borsh, size);
    if (!r->borsh.failed && !account_id_parse(text, &id, NULL)) record_reject(r, size, "no account id");
    if (separator >= 0) borsh_read_u8(&r->borsh);
    return id;
}

static bool at_end(const struct record_reader *r)
{
    return r->borsh.failed || r->borsh.p == r->borsh.end;
}

static void read_queue(struct record_reader *r, struct trie_key *key)
{
    const enum shape shape = kinds[key->kind].shape;
    if (shape == SHAPE_buffer) key->queue.shard_id = borsh_read_u16(&r->borsh);
    else if (shape != SHAPE_index) key->queue.shard_id = borsh_read_u64(&r->borsh);
    if (shape != SHAPE_shard) key->queue.index = borsh_read_u64(&r->borsh);
}

static void read_shape(struct record_reader *r, struct trie_key *key)
{
    switch (kinds[key->kind].shape) {
    case SHAPE_none: break;
    case SHAPE_account: key->account_id = read_account(r, -1); break;
    case SHAPE_key:
    case SHAPE_nonce:
        key->account_id = read_account(r, KEY_SEPARATOR);
        key->key.handle = record_key_handle(r);
        if (at_end(r)) break;
        key->kind = TRIE_KEY_GAS_KEY_NONCE;
        key->key.nonce_index = borsh_read_u16(&r->borsh);
        break;
    case SHAPE_hash:
        key->account_id = read_account(r, DATA_SEPARATOR);
        key->hash = record_hash(r);
        break;
    case SHAPE_data:
        key->account_id = read_account(r, DATA_SEPARATOR);
        key->data = borsh_read_fixed(&r->borsh, (size_t)(r->borsh.end - r->borsh.p));
        break;
    case SHAPE_index:
    case SHAPE_buffer:
    case SHAPE_shard:
    case SHAPE_group: read_queue(r, key); break;
    case SHAPE_contract: key->contract = global_contract_id_read(r); break;
    }
}

/* The first kind of the column; those that share one differ in what follows. */
static bool kind_of_column(uint8_t column, bool nothing_follows, enum trie_key_kind *out)
{
    for (unsigned i = 0; i < TRIE_KEY_KIND_COUNT; i++) {
        if (kinds[i].column != column || (kinds[i].shape == SHAPE_none && !nothing_follows)) continue;
        *out = (enum trie_key_kind)i;
        return true;
    }
    return false;
}

enum status trie_key_parse(struct bytes bytes, struct trie_key *out, struct error *e)
{
    struct record_reader r = record_reader_of(bytes, NULL);
    struct trie_key key = {.kind = TRIE_KEY_ACCOUNT};
    const uint8_t column = borsh_read_u8(&r.borsh);
    if (!kind_of_column(column, at_end(&r), &key.kind) && !kind_of_column(column, true, &key.kind))
        record_reject(&r, 1, "no column of the state: the first byte is 0 to 7, 9 to 20, 22 or 23");
    if (!r.borsh.failed) read_shape(&r, &key);
    enum status status = record_finish(&r, "key of the state", e);
    if (status == STATUS_OK) *out = key;
    return status;
}

/* ---- printing ---------------------------------------------------------------------------------------------------- */

static void print_data(struct bytes data, struct buffer *out)
{
    bool printable = data.size > 0 && !(data.size >= 2 && data.data[0] == '0' && data.data[1] == 'x');
    for (size_t i = 0; i < data.size && printable; i++) printable = data.data[i] > ' ' && data.data[i] < 0x7f;
    if (printable) {
        buffer_append(out, data.data, data.size);
    } else {
        buffer_append_string(out, "0x");
        hex_encode(data, out);
    }
}

static void print_hash(const struct crypto_hash *h, struct buffer *out)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    buffer_append_string(out, crypto_hash_text(h, text));
}

static void print_contract(const struct global_contract_id *id, struct buffer *out)
{
    struct crypto_hash hash;
    if (id->mode == GLOBAL_BY_ACCOUNT_ID) {
        buffer_append(out, id->account_id.text, id->account_id.length);
        return;
    }
    memcpy(hash.bytes, id->code_hash, sizeof hash.bytes);
    print_hash(&hash, out);
}

static void print_fields(const struct trie_key *key, struct buffer *out)
{
    const enum shape shape = kinds[key->kind].shape;
    switch (shape) {
    case SHAPE_none:
    case SHAPE_account: break;
    case SHAPE_key: public_key_handle_print(&key->key.handle, out); break;
    case SHAPE_nonce:
        public_key_handle_print(&key->key.handle, out);
        buffer_printf(out, " %u", key->key.nonce_index);
        break;
    case SHAPE_hash: print_hash(&key->hash, out); break;
    case SHAPE_data: print_data(key->data, out); break;
    case SHAPE_index: buffer_printf(out, "%llu", (unsigned long long)key->queue.index); break;
    case SHAPE_shard: buffer_printf(out, "%llu", (unsigned long long)key->queue.shard_id); break;
    case SHAPE_buffer:
    case SHAPE_group:
        buffer_printf(out, "%llu %llu", (unsigned long long)key->queue.shard_id, (unsigned long long)key->queue.index);
        break;
    case SHAPE_contract: print_contract(&key->contract, out); break;
    }
}

void trie_key_print(const struct trie_key *key, struct buffer *out)
{
    const enum shape shape = kinds[key->kind].shape;
    buffer_append_string(out, kinds[key->kind].text);
    if (shape >= SHAPE_account && shape <= SHAPE_data) {
        buffer_append_byte(out, ' ');
        buffer_append(out, key->account_id.text, key->account_id.length);
    }
    if (shape == SHAPE_none || shape == SHAPE_account) return;
    buffer_append_byte(out, ' ');
    print_fields(key, out);
}

/* ---- the usual ones ---------------------------------------------------------------------------------------------- */

struct trie_key trie_key_of_account(enum trie_key_kind kind, const struct account_id *id)
{
    return (struct trie_key){.kind = kind, .account_id = *id};
}

struct trie_key trie_key_of_access_key(const struct account_id *id, const struct public_key *key)
{
    return (struct trie_key){
        .kind = TRIE_KEY_ACCESS_KEY, .account_id = *id, .key.handle = public_key_handle_of(key)};
}

struct trie_key trie_key_of_gas_key_nonce(const struct account_id *id, const struct public_key *key, uint16_t index)
{
    struct trie_key k = trie_key_of_access_key(id, key);
    k.kind = TRIE_KEY_GAS_KEY_NONCE;
    k.key.nonce_index = index;
    return k;
}

struct trie_key trie_key_of_hash(enum trie_key_kind kind, const struct account_id *id, const struct crypto_hash *hash)
{
    return (struct trie_key){.kind = kind, .account_id = *id, .hash = *hash};
}

struct trie_key trie_key_of_data(const struct account_id *id, struct bytes data)
{
    return (struct trie_key){.kind = TRIE_KEY_CONTRACT_DATA, .account_id = *id, .data = data};
}

struct trie_key trie_key_of_queue(enum trie_key_kind kind, uint64_t shard_id, uint64_t index)
{
    return (struct trie_key){.kind = kind, .queue = {shard_id, index}};
}

struct trie_key trie_key_of_contract(enum trie_key_kind kind, const struct global_contract_id *id)
{
    return (struct trie_key){.kind = kind, .contract = *id};
}
