/* Issuing: what makes certificates, revocation lists, collateral and evidence in the formats of the four platforms, under
 * roots of one's own. All of it is deterministic: the same seed and the same fields give the same bytes. It serves the
 * simulator, `nvm tee pki`, and tests: everything is a plain structure that a function fills with what is valid and that
 * another one signs and encodes, so that any single field can be changed and is signed again. docs/tee-simulator.md.
 *
 * This header has what all of it shares: where results live, keys, algorithms, names. */
#ifndef TEE_ISSUE_H
#define TEE_ISSUE_H

#include "base/arena.h"
#include "crypto/ecdsa_sign.h"
#include "crypto/rsa_pss_sign.h"
#include "tee/x509.h"

/* Where results live: all bytes that functions here return are in its arena. Once something has failed, everything that
 * is made is empty, so that one look at `status` at the end is enough. Zero-initialise; release with issue_free. */
struct issue {
    struct arena arena;
    enum status status;
    struct error error;
};
void issue_free(struct issue *i);

struct bytes issue_copy(struct issue *i, struct bytes b);
/* Moves what the buffer holds to the arena and frees the buffer. */
struct bytes issue_take(struct issue *i, struct buffer *b);
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
struct bytes issue_text(struct issue *i, const char *format, ...);
struct bytes issue_hex(struct issue *i, struct bytes b);
/* One block of RFC 7468 for each, in lines of 64. */
struct bytes issue_pem(struct issue *i, const char *label, const struct bytes *ders, uint32_t count);

/* 2020-01-01T00:00:00Z and 2049-12-31T23:59:59Z: what issued certificates are valid for unless told otherwise. */
#define ISSUE_NOT_BEFORE 1577836800
#define ISSUE_NOT_AFTER 2524607999
#define ISSUE_DAY 86400

/* ---- keys ----------------------------------------------------------------------------------------------------------- */

struct issue_key {
    enum key_kind kind;
    union {
        struct ecdsa_sign_key ec;
        struct rsa_sign_key rsa;
    };
};
/* The key for the label: see ecdsa_sign_key_derive, rsa_sign_key_derive (seconds for 4096 bits). */
void issue_key_ec(enum key_kind kind, const uint8_t seed[32], const char *label, struct issue_key *out);
void issue_key_rsa(struct issue *i, uint32_t bits, const uint8_t seed[32], const char *label, struct issue_key *out);
void issue_key_wipe(struct issue_key *key);

/* DER of the SubjectPublicKeyInfo. */
struct bytes issue_key_info(struct issue *i, const struct issue_key *key);
/* A key identifier by RFC 7093, 2 (1): the first 20 bytes of SHA-256 of the key's bits. */
struct bytes issue_key_id(struct issue *i, const struct issue_key *key);
/* The private key as PEM: "RSA PRIVATE KEY" (RFC 8017, A.1.2) or "EC PRIVATE KEY" (RFC 5915). */
struct bytes issue_key_pem(struct issue *i, const struct issue_key *key);

/* ---- algorithms ----------------------------------------------------------------------------------------------------- */

enum issue_scheme { ISSUE_ECDSA, ISSUE_RSA_PSS, ISSUE_RSA_PKCS1 };

struct issue_algorithm {
    enum issue_scheme scheme;
    enum hash hash;                /* ISSUE_ECDSA, ISSUE_RSA_PKCS1 */
    struct rsa_pss_sign pss;       /* ISSUE_RSA_PSS */
    uint32_t pss_trailer_field;    /* 1; what the identifier says (pss.trailer is what is done) */
    bool pss_trailer_explicit;     /* the default is written, as in the certificates of AMD's newer roots */
    struct bytes identifier;       /* DER of an AlgorithmIdentifier to be written in place of the right one */
};
struct issue_algorithm issue_algorithm_of(enum signature_kind kind);
/* What the platforms use with a key of that kind. */
struct issue_algorithm issue_algorithm_for(const struct issue_key *signer);
struct bytes issue_algorithm_identifier(struct issue *i, const struct issue_algorithm *a);

/* What a certificate or a CRL has for a signature: ECDSA in DER. The key must be of the scheme's kind (STATUS_USAGE). */
struct bytes issue_sign(struct issue *i, const struct issue_key *key, const struct issue_algorithm *a,
                        struct bytes message);
/* r ‖ s by a key on a curve. */
struct bytes issue_sign_raw(struct issue *i, const struct issue_key *key, enum hash hash, struct bytes message);
/* ECDSA-Sig-Value of r ‖ s. */
struct bytes issue_signature_der(struct issue *i, struct bytes raw);

/* SEQUENCE { tbs, algorithm, BIT STRING signature } with the signature of `tbs`, or `signature` if that is not null. */
struct bytes issue_signed(struct issue *i, struct bytes tbs, const struct issue_algorithm *a, const struct issue_key *key,
                          struct bytes signature);

/* ---- names ---------------------------------------------------------------------------------------------------------- */

struct issue_name_part {
    const char *type;              /* "CN", "O", "OU", "L", "ST", "C"; null: the end */
    const char *value;
};
enum { ISSUE_NAME_PARTS = 8, ISSUE_EXTENSIONS = 32 };
struct issue_name {
    struct issue_name_part parts[ISSUE_NAME_PARTS]; /* in the order in which they are written */
    struct bytes der;              /* the whole name in place of the parts */
};
struct bytes issue_name_der(struct issue *i, const struct issue_name *name);

struct issue_extension {
    const char *oid;               /* dotted */
    bool critical;
    struct bytes value;            /* contents of the OCTET STRING */
};
struct issue_extensions {
    struct issue_extension items[ISSUE_EXTENSIONS];
    uint32_t count;
};
/* More than there is room for: STATUS_USAGE. */
void issue_extension_add(struct issue *i, struct issue_extensions *x, const char *oid, bool critical, struct bytes value);
/* The first one of that OID; null: none. */
struct issue_extension *issue_extension_find(struct issue_extensions *x, const char *oid);
/* Takes the first one of that OID away. False: there is none. */
bool issue_extension_remove(struct issue_extensions *x, const char *oid);
/* Appends the SEQUENCE OF Extension. */
void issue_extensions_write(struct buffer *b, const struct issue_extensions *x);

#define OID_SUBJECT_KEY_ID "2.5.29.14"
#define OID_KEY_USAGE "2.5.29.15"
#define OID_BASIC_CONSTRAINTS "2.5.29.19"
#define OID_CRL_NUMBER "2.5.29.20"
#define OID_CRL_REASON "2.5.29.21"
#define OID_DELTA_CRL "2.5.29.27"
#define OID_ISSUING_DISTRIBUTION_POINT "2.5.29.28"
#define OID_CRL_DISTRIBUTION_POINTS "2.5.29.31"
#define OID_AUTHORITY_KEY_ID "2.5.29.35"

#endif
