#include "near/signature.h"

#include "base/base58.h"
#include "crypto/ed25519.h"
#include "crypto/ml_dsa.h"
#include "crypto/secp256k1.h"

size_t signature_type_size(unsigned type)
{
    switch (type) {
    case KEY_ED25519: return SIGNATURE_ED25519_SIZE;
    case KEY_SECP256K1: return SIGNATURE_SECP256K1_SIZE;
    case KEY_ML_DSA_65: return SIGNATURE_ML_DSA_65_SIZE;
    default: return 0;
    }
}

struct signature signature_read(struct record_reader *r)
{
    const uint8_t type = borsh_read_u8(&r->borsh);
    const size_t size = signature_type_size(type);
    if (size == 0) record_reject(r, 1, "no type of a signature: neither 0, 1 nor 2");
    const struct bytes data = borsh_read_fixed(&r->borsh, size);
    if (!r->borsh.failed && type == KEY_ED25519 && data.data[size - 1] & 0xe0)
        record_reject(r, 1, "no ed25519 signature: the three highest bits are not zero");
    return r->borsh.failed ? (struct signature){0} : (struct signature){type, data};
}

void signature_write(const struct signature *s, struct buffer *out)
{
    borsh_write_u8(out, s->type);
    buffer_append(out, s->data.data, s->data.size);
}

bool signature_verify(const struct signature *s, const struct public_key *key, const struct crypto_hash *hash)
{
    if (s->type != key->type || s->data.size != signature_type_size(s->type)) return false;
    switch (s->type) {
    case KEY_ED25519: return ed25519_verify(key->data, crypto_hash_bytes(hash), s->data.data);
    case KEY_SECP256K1: return secp256k1_verify(key->data, hash->bytes, s->data.data);
    case KEY_ML_DSA_65: return ml_dsa_65_verify(key->data, crypto_hash_bytes(hash), s->data.data);
    default: return false;
    }
}

bool signature_print(const struct signature *s, struct buffer *out)
{
    const size_t before = out->size;
    if (s->data.size > BASE58_MAX) return false;
    buffer_append_string(out, key_type_name(s->type));
    buffer_append_byte(out, ':');
    if (!out->failed && base58_encode(s->data, out)) return true;
    out->size = before;
    return false;
}
