/* Private keys of test hierarchies as files, for other tools. */
#include "crypto/wipe.h"
#include "tee/der_write.h"
#include "tee/issue.h"

static void write_rsa(struct issue *i, struct buffer *b, const struct rsa_sign_key *key)
{
    uint8_t d[RSA_SIGN_MAX_SIZE];
    const size_t half = key->bits / 16;
    if (!rsa_sign_exponent(key, d) && i->status == STATUS_OK)
        i->status = error_set(&i->error, STATUS_USAGE, 0, ERROR_NO_OFFSET, "not an RSA key");
    const size_t at = der_open(b, DER_SEQUENCE);
    der_write_small(b, 0);
    der_write_integer(b, rsa_sign_modulus(key));
    der_write_small(b, 65537);
    der_write_integer(b, bytes_of(d, 2 * half));
    der_write_integer(b, bytes_of(key->p, half));
    der_write_integer(b, bytes_of(key->q, half));
    der_write_integer(b, bytes_of(key->dp, half));
    der_write_integer(b, bytes_of(key->dq, half));
    der_write_integer(b, bytes_of(key->iq, half));
    der_close(b, at);
    wipe(d, sizeof d);
}

static void write_ec(struct buffer *b, const struct ecdsa_sign_key *key)
{
    uint8_t point[1 + 2 * ECDSA_SIGN_MAX_COORDINATE] = {4};
    memcpy(point + 1, key->point, 2 * (size_t)key->curve);
    const size_t at = der_open(b, DER_SEQUENCE);
    der_write_small(b, 1);
    der_write(b, DER_OCTET_STRING, bytes_of(key->secret, key->curve));
    const size_t curve = der_open(b, DER_CONTEXT_CONSTRUCTED + 0);
    der_write_oid(b, key->curve == ECDSA_SIGN_P384 ? "1.3.132.0.34" : "1.2.840.10045.3.1.7");
    der_close(b, curve);
    const size_t public = der_open(b, DER_CONTEXT_CONSTRUCTED + 1);
    der_write_bits(b, bytes_of(point, 1 + 2 * (size_t)key->curve), 0);
    der_close(b, public);
    der_close(b, at);
}

struct bytes issue_key_pem(struct issue *i, const struct issue_key *key)
{
    struct buffer b = {0};
    if (key->kind == KEY_RSA) write_rsa(i, &b, &key->rsa);
    else write_ec(&b, &key->ec);
    const struct bytes der = issue_take(i, &b);
    return issue_pem(i, key->kind == KEY_RSA ? "RSA PRIVATE KEY" : "EC PRIVATE KEY", &der, 1);
}
