/* X.509 certificates and revocation lists (RFC 5280) as far as the four platforms use them, read strictly. Nothing is
 * copied: what was read refers to the input. Times are Unix seconds. Refusals by tee/refusal.h. */
#ifndef TEE_X509_H
#define TEE_X509_H

#include "base/arena.h"
#include "tee/der.h"

enum key_kind { KEY_P256, KEY_P384, KEY_RSA };
enum signature_kind { SIGNED_ECDSA_SHA256, SIGNED_ECDSA_SHA384, SIGNED_RSA_PSS_SHA384 };

struct public_key_info {
    enum key_kind kind;
    struct bytes point;            /* x ‖ y */
    struct bytes modulus, exponent; /* big-endian, without leading zeros */
};

enum { KEY_USAGE_DIGITAL_SIGNATURE = 1 << 0, KEY_USAGE_NON_REPUDIATION = 1 << 1, KEY_USAGE_CERT_SIGN = 1 << 5,
       KEY_USAGE_CRL_SIGN = 1 << 6 }; /* bits as RFC 5280 numbers them */

struct certificate {
    struct bytes der, tbs;
    struct bytes serial;           /* contents of the INTEGER */
    struct bytes issuer, subject;  /* DER of the names */
    int64_t not_before, not_after;
    struct public_key_info key;
    struct bytes key_der;          /* the whole SubjectPublicKeyInfo */
    enum signature_kind signature_kind;
    struct bytes signature;
    bool is_ca;
    int path_length;               /* -1: no limit */
    bool has_key_usage;
    uint16_t key_usage;
    struct bytes extensions;       /* contents of the SEQUENCE OF Extension; may be empty */
};

/* Reads one certificate, to the last byte. `known` are OIDs (contents of the OBJECT IDENTIFIER) of extensions that may
 * be critical besides basicConstraints and keyUsage. Refusals: der, alg, pss-params, key, critical-extension,
 * duplicate-extension, limit. */
enum status certificate_read(struct bytes der, const struct bytes *known, size_t known_count, struct certificate *out,
                             struct error *e);
/* The contents of an extension's OCTET STRING. False: there is none. */
bool certificate_extension(const struct certificate *c, struct bytes oid, struct bytes *value);
/* Whether the name has exactly one common name, and it is `text`. */
bool name_common_name_is(struct bytes name, const char *text);
bool name_common_name(struct bytes name, struct bytes *out);

/* Certificates whose signature under a certain issuer was checked before, so that the next evidence of the same machine
 * costs less. Belongs to one thread. Zero-initialise; chain_cache_free. Times are never cached. */
struct chain_cache {
    struct chain_cache_entry *entries;
    uint32_t count, next;
};
void chain_cache_free(struct chain_cache *c);

struct chain_rules {
    int64_t at;
    struct bytes root;             /* DER of the pinned root */
    uint32_t ca_signatures;        /* accepted for certificates: bits 1 << enum signature_kind */
    bool leaf_digital_signature;   /* the leaf must have keyUsage digitalSignature */
    bool root_in_chain;            /* the last certificate must be the root's bytes; else it must be absent or equal */
    bool ignore_leaf_usage;        /* the leaf has no extensions of that kind (SNP's VCEK) */
    bool ignore_ca_extensions;     /* likewise for CAs, where the platform's have none */
    struct chain_cache *cache;     /* may be null */
};
/* Checks leaf ← chain[1] ← … ← root: names, signatures, times, CA flags, path lengths, key usages. `what` names the
 * chain in messages. Refusals: chain, root-mismatch, not-end-entity, not-yet-valid, expired, alg, key-usage,
 * path-length, cert-signature. */
enum status chain_verify(const char *what, const struct certificate *const *chain, size_t count,
                         const struct chain_rules *rules, struct error *e);
/* One signature. Refusals: cert-signature (or crl-signature), alg. */
enum status certificate_signed_by(const struct certificate *c, const struct certificate *issuer, struct error *e);

struct crl {
    struct bytes der, tbs, issuer, signature;
    enum signature_kind signature_kind;
    int64_t this_update, next_update;
    struct bytes revoked;          /* contents of the SEQUENCE of entries; may be empty */
};
/* Refusals: der, crl-format (delta, indirect or partial lists, unknown critical extensions, no nextUpdate), alg. */
enum status crl_read(struct bytes der, struct crl *out, struct error *e);
/* That the list is `issuer`'s and valid at that time. `expired` is the refusal for a list that is too old (or not yet
 * valid). Refusals: crl-issuer, crl-signature, `expired`. */
enum status crl_verify(const struct crl *l, const struct certificate *issuer, int64_t at, enum tee_refusal expired,
                       struct error *e);
bool crl_lists(const struct crl *l, struct bytes serial);

/* PEM (RFC 7468, strict): the next block of that label. *rest is moved behind it. Base64 lines of 64 (the last one
 * shorter), LF or CRLF; nothing but white space between blocks. False: there is none; *e is set if what is left is not
 * white space. `der` is in the arena. */
bool pem_next(struct bytes *rest, const char *label, struct arena *arena, struct bytes *der, struct error *e);

#endif
