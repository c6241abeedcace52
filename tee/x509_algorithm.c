/* Algorithms and keys: RFC 3279, RFC 4055, RFC 5480, RFC 5758. */
#include "tee/x509_parts.h"

#include "crypto/ecdsa.h"
#include "crypto/rsa_pss.h"
#include "crypto/sha2.h"

#define OID_RSA OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01)
#define OID_RSA_PSS OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a)
#define OID_EC_KEY OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01)
#define OID_P256 OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07)
#define OID_P384 OID(0x2b, 0x81, 0x04, 0x00, 0x22)
#define OID_ECDSA_SHA256 OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)
#define OID_ECDSA_SHA384 OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03)

/* RSASSA-PSS-params with SHA-384, MGF1 with SHA-384, a salt of 48 bytes, and trailer field 1. AMD writes the trailer
 * field out in some certificates, although it is the default value, and leaves it away in others. */
static bool pss_parameters_known(struct bytes p)
{
    static const uint8_t common[] = {
        0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00,
        0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, 0x30, 0x0d,
        0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0xa2, 0x03, 0x02, 0x01, 0x30,
    };
    static const uint8_t trailer[] = {0xa3, 0x03, 0x02, 0x01, 0x01};
    if (p.size < sizeof common || memcmp(p.data, common, sizeof common) != 0) return false;
    const struct bytes rest = bytes_of(p.data + sizeof common, p.size - sizeof common);
    return rest.size == 0 || bytes_equal(rest, bytes_of(trailer, sizeof trailer));
}

/* 1.2.840.113549.1.1.*: RSA, in whatever way. */
static bool is_rsa(struct bytes oid)
{
    const struct bytes rsa = OID_RSA;
    return oid.size == rsa.size && memcmp(oid.data, rsa.data, rsa.size - 1) == 0;
}

enum status signature_algorithm_read(struct bytes algorithm, enum signature_kind *out, struct error *e)
{
    struct der_reader outer = der_reader_of(algorithm);
    struct der_reader r = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    const struct bytes oid = der_read(&r, DER_OID);
    if (!r.failed && is_rsa(oid)) {
        const struct bytes parameters = der_more(&r) ? der_read(&r, DER_SEQUENCE) : (struct bytes){0};
        *out = SIGNED_RSA_PSS_SHA384;
        if (!bytes_equal(oid, OID_RSA_PSS) || r.failed || !pss_parameters_known(parameters))
            return tee_refuse(e, TEE_PSS_PARAMS, "RSA, but not RSA-PSS with SHA-384, MGF1 with SHA-384, salt of 48 "
                                                 "bytes and trailer field 1");
    } else if (bytes_equal(oid, OID_ECDSA_SHA256)) {
        *out = SIGNED_ECDSA_SHA256;
    } else if (bytes_equal(oid, OID_ECDSA_SHA384)) {
        *out = SIGNED_ECDSA_SHA384;
    } else if (!r.failed) {
        return tee_refuse(e, TEE_ALG, "a signature algorithm that is none of ECDSA with SHA-256, ECDSA with SHA-384, "
                                      "RSA-PSS with SHA-384");
    }
    return der_finish(&r, "signature algorithm", e);
}

static enum status point_read(struct bytes bits, size_t size, struct public_key_info *out, struct error *e)
{
    if (bits.size != 1 + 2 * size || bits.data[0] != 4)
        return tee_refuse(e, TEE_KEY, "a public key of %zu bytes; an uncompressed point of this curve has %zu",
                          bits.size, 1 + 2 * size);
    out->point = bytes_of(bits.data + 1, 2 * size);
    return STATUS_OK;
}

static struct bytes without_sign(struct bytes integer)
{
    if (integer.size < 2 || integer.data[0] != 0) return integer;
    return bytes_of(integer.data + 1, integer.size - 1);
}

static enum status rsa_read(struct bytes bits, struct public_key_info *out, struct error *e)
{
    struct der_reader outer = der_reader_of(bits);
    struct der_reader r = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    out->modulus = without_sign(der_read_integer(&r));
    out->exponent = without_sign(der_read_integer(&r));
    if (der_finish(&outer, "RSA key", e) != STATUS_OK || der_finish(&r, "RSA key", e) != STATUS_OK)
        return STATUS_INVALID;
    if (!rsa_public_key_valid(out->modulus, out->exponent))
        return tee_refuse(e, TEE_KEY, "an RSA key with a modulus of %zu bytes and an exponent of %zu: not one of 2048 to "
                                      "4096 bits with an odd exponent of at most 32", out->modulus.size,
                          out->exponent.size);
    return STATUS_OK;
}

enum status public_key_read(struct bytes info, struct public_key_info *out, struct error *e)
{
    struct der_reader outer = der_reader_of(info);
    struct der_reader r = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    struct der_reader algorithm = der_inside(&r, der_read(&r, DER_SEQUENCE));
    unsigned unused;
    const struct bytes bits = der_read_bits(&r, &unused);
    const struct bytes oid = der_read(&algorithm, DER_OID);
    *out = (struct public_key_info){0};
    if (der_finish(&r, "public key", e) != STATUS_OK) return STATUS_INVALID;
    if (unused) return tee_refuse(e, TEE_DER, "public key: not of whole bytes");
    if (bytes_equal(oid, OID_RSA)) {
        out->kind = KEY_RSA;
        if (der_read(&algorithm, DER_NULL).size) der_fail(&algorithm, "a null that is something");
        if (der_finish(&algorithm, "public key", e) != STATUS_OK) return STATUS_INVALID;
        return rsa_read(bits, out, e);
    }
    if (!bytes_equal(oid, OID_EC_KEY) && !algorithm.failed)
        return tee_refuse(e, TEE_ALG, "a public key of an algorithm that is neither RSA nor an elliptic curve's");
    const struct bytes curve = der_read(&algorithm, DER_OID);
    if (der_finish(&algorithm, "public key", e) != STATUS_OK) return STATUS_INVALID;
    const bool p256 = bytes_equal(curve, OID_P256);
    if (!p256 && !bytes_equal(curve, OID_P384))
        return tee_refuse(e, TEE_ALG, "a public key on a curve that is neither P-256 nor P-384");
    out->kind = p256 ? KEY_P256 : KEY_P384;
    return point_read(bits, p256 ? 32 : 48, out, e);
}

static bool verify(struct bytes message, enum signature_kind kind, struct bytes signature,
                   const struct public_key_info *key)
{
    uint8_t hash[SHA384_SIZE];
    if (kind == SIGNED_ECDSA_SHA256) {
        sha256(message, hash);
        return ecdsa_verify_der(ECDSA_P256, key->point, hash, signature);
    }
    sha384(message, hash);
    if (kind == SIGNED_ECDSA_SHA384) return ecdsa_verify_der(ECDSA_P384, key->point, hash, signature);
    return rsa_pss_sha384_verify(key->modulus, key->exponent, hash, signature);
}

enum status signature_check(struct bytes message, enum signature_kind kind, struct bytes signature,
                            const struct public_key_info *key, enum tee_refusal wrong, const char *what,
                            struct error *e)
{
    static const enum key_kind keys[] = {
        [SIGNED_ECDSA_SHA256] = KEY_P256, [SIGNED_ECDSA_SHA384] = KEY_P384, [SIGNED_RSA_PSS_SHA384] = KEY_RSA};
    if (keys[kind] != key->kind)
        return tee_refuse(e, TEE_ALG, "%s: signed by an algorithm that its issuer's key is not for", what);
    if (!verify(message, kind, signature, key)) return tee_refuse(e, wrong, "%s: the signature is wrong", what);
    return STATUS_OK;
}
