/* Algorithms and signatures of issued certificates and lists. */
#include "tee/der_write.h"
#include "tee/issue.h"

struct issue_algorithm issue_algorithm_of(enum signature_kind kind)
{
    struct issue_algorithm a = {.scheme = ISSUE_ECDSA, .hash = HASH_SHA384, .pss = RSA_PSS_SIGN_SHA384,
                                .pss_trailer_field = 1};
    if (kind == SIGNED_ECDSA_SHA256) a.hash = HASH_SHA256;
    if (kind == SIGNED_RSA_PSS_SHA384) a.scheme = ISSUE_RSA_PSS;
    return a;
}

struct issue_algorithm issue_algorithm_for(const struct issue_key *signer)
{
    switch (signer->kind) {
    case KEY_P256: return issue_algorithm_of(SIGNED_ECDSA_SHA256);
    case KEY_P384: return issue_algorithm_of(SIGNED_ECDSA_SHA384);
    case KEY_RSA: break;
    }
    return issue_algorithm_of(SIGNED_RSA_PSS_SHA384);
}

/* The hashes by the numbers that BearSSL gives them, with their object identifiers. */
static const struct {
    const char *hash, *ecdsa, *pkcs1;
} hash_oids[] = {
    [br_sha1_ID] = {"1.3.14.3.2.26", "1.2.840.10045.4.1", "1.2.840.113549.1.1.5"},
    [br_sha224_ID] = {"2.16.840.1.101.3.4.2.4", "1.2.840.10045.4.3.1", "1.2.840.113549.1.1.14"},
    [br_sha256_ID] = {"2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2", "1.2.840.113549.1.1.11"},
    [br_sha384_ID] = {"2.16.840.1.101.3.4.2.2", "1.2.840.10045.4.3.3", "1.2.840.113549.1.1.12"},
    [br_sha512_ID] = {"2.16.840.1.101.3.4.2.3", "1.2.840.10045.4.3.4", "1.2.840.113549.1.1.13"},
};

static const br_hash_class *hash_class(enum hash hash)
{
    switch (hash) {
    case HASH_SHA224: return &br_sha224_vtable;
    case HASH_SHA256: return &br_sha256_vtable;
    case HASH_SHA384: return &br_sha384_vtable;
    case HASH_SHA512: break;
    }
    return &br_sha512_vtable;
}

static unsigned hash_number(const br_hash_class *hash)
{
    const unsigned number = hash->desc >> BR_HASHDESC_ID_OFF & BR_HASHDESC_ID_MASK;
    return number >= br_sha1_ID && number <= br_sha512_ID ? number : br_sha512_ID;
}

static void write_hash(struct buffer *b, const br_hash_class *hash)
{
    const size_t at = der_open(b, DER_SEQUENCE);
    der_write_oid(b, hash_oids[hash_number(hash)].hash);
    der_write_null(b);
    der_close(b, at);
}

/* RSASSA-PSS-params (RFC 8017, A.2.3): what is a default is left out, as DER has it. */
static void write_pss_parameters(struct buffer *b, const struct issue_algorithm *a)
{
    const size_t all = der_open(b, DER_SEQUENCE);
    if (hash_number(a->pss.hash) != br_sha1_ID) {
        const size_t hash = der_open(b, DER_CONTEXT_CONSTRUCTED + 0);
        write_hash(b, a->pss.hash);
        der_close(b, hash);
    }
    if (hash_number(a->pss.mgf_hash) != br_sha1_ID) {
        const size_t mask = der_open(b, DER_CONTEXT_CONSTRUCTED + 1), function = der_open(b, DER_SEQUENCE);
        der_write_oid(b, "1.2.840.113549.1.1.8");
        write_hash(b, a->pss.mgf_hash);
        der_close(b, function);
        der_close(b, mask);
    }
    if (a->pss.salt_size != 20) {
        const size_t salt = der_open(b, DER_CONTEXT_CONSTRUCTED + 2);
        der_write_small(b, a->pss.salt_size);
        der_close(b, salt);
    }
    if (a->pss_trailer_field != 1 || a->pss_trailer_explicit) {
        const size_t trailer = der_open(b, DER_CONTEXT_CONSTRUCTED + 3);
        der_write_small(b, a->pss_trailer_field);
        der_close(b, trailer);
    }
    der_close(b, all);
}

struct bytes issue_algorithm_identifier(struct issue *i, const struct issue_algorithm *a)
{
    struct buffer b = {0};
    if (a->identifier.size) return a->identifier;
    const size_t all = der_open(&b, DER_SEQUENCE);
    switch (a->scheme) {
    case ISSUE_ECDSA:
        der_write_oid(&b, hash_oids[hash_number(hash_class(a->hash))].ecdsa);
        break;
    case ISSUE_RSA_PKCS1:
        der_write_oid(&b, hash_oids[hash_number(hash_class(a->hash))].pkcs1);
        der_write_null(&b);
        break;
    case ISSUE_RSA_PSS:
        der_write_oid(&b, "1.2.840.113549.1.1.10");
        write_pss_parameters(&b, a);
        break;
    }
    der_close(&b, all);
    return issue_take(i, &b);
}

static bool check_key(struct issue *i, bool fits)
{
    if (!fits && i->status == STATUS_OK)
        i->status = error_set(&i->error, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a signature by a key of another kind");
    return i->status == STATUS_OK;
}

struct bytes issue_sign_raw(struct issue *i, const struct issue_key *key, enum hash hash, struct bytes message)
{
    uint8_t signature[2 * ECDSA_SIGN_MAX_COORDINATE];
    if (!check_key(i, key->kind != KEY_RSA)) return bytes_of(NULL, 0);
    ecdsa_sign_message(&key->ec, hash, message, signature);
    return issue_copy(i, bytes_of(signature, 2 * (size_t)key->ec.curve));
}

struct bytes issue_signature_der(struct issue *i, struct bytes raw)
{
    struct buffer b = {0};
    const size_t at = der_open(&b, DER_SEQUENCE);
    der_write_integer(&b, bytes_of(raw.data, raw.size / 2));
    der_write_integer(&b, bytes_of(raw.size ? raw.data + raw.size / 2 : NULL, raw.size / 2));
    der_close(&b, at);
    return issue_take(i, &b);
}

struct bytes issue_sign(struct issue *i, const struct issue_key *key, const struct issue_algorithm *a,
                        struct bytes message)
{
    uint8_t signature[RSA_SIGN_MAX_SIZE];
    if (a->scheme == ISSUE_ECDSA) return issue_signature_der(i, issue_sign_raw(i, key, a->hash, message));
    if (!check_key(i, key->kind == KEY_RSA)) return bytes_of(NULL, 0);
    i->status = a->scheme == ISSUE_RSA_PSS
                    ? rsa_pss_sign(&key->rsa, &a->pss, message, signature, &i->error)
                    : rsa_pkcs1_sign(&key->rsa, hash_class(a->hash), message, signature, &i->error);
    return issue_copy(i, bytes_of(signature, key->rsa.bits / 8));
}

struct bytes issue_signed(struct issue *i, struct bytes tbs, const struct issue_algorithm *a, const struct issue_key *key,
                          struct bytes signature)
{
    struct buffer b = {0};
    const size_t at = der_open(&b, DER_SEQUENCE);
    der_write_raw(&b, tbs);
    der_write_raw(&b, issue_algorithm_identifier(i, a));
    der_write_bits(&b, signature.data ? signature : issue_sign(i, key, a, tbs), 0);
    der_close(&b, at);
    return issue_take(i, &b);
}
