#include "near/public_key.h"

#include "base/base58.h"
#include "base/borsh.h"
#include "crypto/keccak.h"

static const struct {
    const char *name;
    size_t size;
} types[KEY_TYPE_COUNT] = {
    [KEY_ED25519] = {"ed25519", PUBLIC_KEY_ED25519_SIZE},
    [KEY_SECP256K1] = {"secp256k1", PUBLIC_KEY_SECP256K1_SIZE},
    [KEY_ML_DSA_65] = {"ml-dsa-65", PUBLIC_KEY_ML_DSA_65_SIZE},
};

size_t key_type_size(unsigned type)
{
    return type < KEY_TYPE_COUNT ? types[type].size : 0;
}

const char *key_type_name(unsigned type)
{
    return type < KEY_TYPE_COUNT ? types[type].name : "unknown";
}

static void set(struct public_key *key, unsigned type, const uint8_t *data)
{
    key->type = (uint8_t)type;
    memset(key->data, 0, sizeof key->data);
    memcpy(key->data, data, key_type_size(type));
}

/* ---- Borsh ------------------------------------------------------------------------------------------------------ */

enum status public_key_from_borsh(struct bytes input, struct public_key *out, struct error *e)
{
    if (input.size == 0) return error_set(e, STATUS_MALFORMED, 0, 0, "the public key is empty");
    unsigned type = input.data[0];
    if (type >= KEY_TYPE_COUNT)
        return error_set(e, STATUS_MALFORMED, 0, 0,
                         type == KEY_HANDLE_ML_DSA_65_HASH
                             ? "%u is the tag of the hash of an ML-DSA-65 key, which is no public key"
                             : "%u is no type of a public key: 0 is ed25519, 1 secp256k1, 2 ml-dsa-65",
                         type);
    size_t size = 1 + key_type_size(type);
    if (input.size != size)
        return error_set(e, STATUS_MALFORMED, 0, input.size < size ? input.size : size,
                         "a public key of type %s has %zu bytes, these are %zu", key_type_name(type), size, input.size);
    set(out, type, input.data + 1);
    return STATUS_OK;
}

void public_key_write(const struct public_key *key, struct buffer *out)
{
    borsh_write_u8(out, key->type);
    buffer_append(out, key->data, key_type_size(key->type));
}

size_t public_key_wire_size(const struct public_key *key)
{
    return 1 + key_type_size(key->type);
}

size_t public_key_trie_id_size(const struct public_key *key)
{
    return key->type == KEY_ML_DSA_65 ? 1 + 32 : public_key_wire_size(key);
}

bool public_key_equal(const struct public_key *a, const struct public_key *b)
{
    return a->type == b->type && bytes_equal(public_key_data(a), public_key_data(b));
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

static bool equals_in_lower_case(struct bytes text, const char *lower)
{
    if (text.size != strlen(lower)) return false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c >= 'A' && c <= 'Z') c = (uint8_t)(c - 'A' + 'a');
        if (c != (uint8_t)lower[i]) return false;
    }
    return true;
}

static enum status parse_type(struct bytes name, unsigned *type, struct error *e)
{
    for (unsigned i = 0; i < KEY_TYPE_COUNT; i++) {
        if (!equals_in_lower_case(name, types[i].name)) continue;
        *type = i;
        return STATUS_OK;
    }
    if (equals_in_lower_case(name, "ml-dsa-65-hash"))
        return error_set(e, STATUS_MALFORMED, 0, 0, "this is the hash of an ML-DSA-65 key, which is no public key");
    bool printable = name.size <= 24;
    for (size_t i = 0; i < name.size; i++) printable = printable && name.data[i] >= ' ' && name.data[i] < 0x7f;
    return error_set(e, STATUS_MALFORMED, 0, 0, "%s%.*s%s: known are ed25519, secp256k1 and ml-dsa-65",
                     printable ? "unknown key type '" : "unknown key type", printable ? (int)name.size : 0,
                     (const char *)name.data, printable ? "'" : "");
}

static enum status check_digits(struct bytes digits, size_t offset, struct error *e)
{
    for (size_t i = 0; i < digits.size; i++) {
        uint8_t c = digits.data[i];
        if (base58_digit((char)c) >= 0) continue;
        if (c > ' ' && c < 0x7f)
            return error_set(e, STATUS_MALFORMED, 0, offset + i, "character '%c' is no digit of base58", c);
        return error_set(e, STATUS_MALFORMED, 0, offset + i, "byte 0x%02x is no digit of base58", c);
    }
    return STATUS_OK;
}

enum status public_key_parse(struct bytes text, struct public_key *out, struct error *e)
{
    unsigned type = KEY_ED25519;
    const uint8_t *colon = text.size ? memchr(text.data, ':', text.size) : NULL;
    struct bytes digits = text;
    if (colon) {
        size_t name = (size_t)(colon - text.data);
        enum status status = parse_type(bytes_of(text.data, name), &type, e);
        if (status) return status;
        digits = bytes_of(colon + 1, text.size - name - 1);
    }
    enum status status = check_digits(digits, text.size - digits.size, e);
    if (status) return status;
    struct buffer data = {0};
    bool decoded = base58_decode(digits, &data);
    if (data.failed) {
        status = error_no_memory(e);
    } else if (!decoded) {
        status = error_set(e, STATUS_MALFORMED, 0, text.size - digits.size,
                           "a public key of type %s has %zu bytes, these are more than %d", key_type_name(type),
                           key_type_size(type), BASE58_MAX);
    } else if (data.size != key_type_size(type)) {
        status = error_set(e, STATUS_MALFORMED, 0, text.size - digits.size,
                           "a public key of type %s has %zu bytes, these are %zu", key_type_name(type),
                           key_type_size(type), data.size);
    } else {
        set(out, type, data.data);
    }
    buffer_free(&data);
    return status;
}

static bool print(const char *prefix, struct bytes data, struct buffer *out)
{
    size_t before = out->size;
    buffer_append_string(out, prefix);
    buffer_append_byte(out, ':');
    if (!out->failed && base58_encode(data, out)) return true;
    out->size = before;
    return false;
}

bool public_key_print(const struct public_key *key, struct buffer *out)
{
    return print(key_type_name(key->type), public_key_data(key), out);
}

/* ---- handles ---------------------------------------------------------------------------------------------------- */

struct public_key_handle public_key_handle_of(const struct public_key *key)
{
    /* the hash cannot be mistaken for another one of the protocol: this text goes before the key */
    static const char domain[] = "near:ml-dsa-65-pubkey-hash:v1";
    struct public_key_handle handle = {.tag = key->type};
    if (key->type != KEY_ML_DSA_65) {
        memcpy(handle.data, key->data, key_handle_size(handle.tag));
        return handle;
    }
    handle.tag = KEY_HANDLE_ML_DSA_65_HASH;
    struct keccak k;
    keccak_init(&k, 136);
    keccak_absorb(&k, bytes_of_string(domain));
    keccak_absorb(&k, public_key_data(key));
    keccak_finish(&k, SHA3_PADDING);
    keccak_squeeze(&k, handle.data, 32);
    return handle;
}

size_t key_handle_size(unsigned tag)
{
    switch (tag) {
    case KEY_HANDLE_ED25519: return PUBLIC_KEY_ED25519_SIZE;
    case KEY_HANDLE_SECP256K1: return PUBLIC_KEY_SECP256K1_SIZE;
    case KEY_HANDLE_ML_DSA_65_HASH: return 32;
    default: return 0;
    }
}

void public_key_handle_write(const struct public_key_handle *handle, struct buffer *out)
{
    borsh_write_u8(out, handle->tag);
    buffer_append(out, handle->data, key_handle_size(handle->tag));
}

bool public_key_handle_print(const struct public_key_handle *handle, struct buffer *out)
{
    const char *prefix = handle->tag == KEY_HANDLE_ML_DSA_65_HASH ? "ml-dsa-65-hash" : key_type_name(handle->tag);
    return print(prefix, bytes_of(handle->data, key_handle_size(handle->tag)), out);
}
