/* Issuing X.509 certificates: any, also wrong ones. */
#ifndef TEE_ISSUE_CERTIFICATE_H
#define TEE_ISSUE_CERTIFICATE_H

#include "tee/issue.h"

/* Everything is written as it stands here; see issue_certificate_defaults. */
struct issue_certificate {
    uint32_t version;              /* 2: v3; the field is left out when it is 0 */
    struct bytes serial;           /* non-negative, big-endian */
    struct bytes serial_contents;  /* contents of the INTEGER in place of that */
    struct issue_name issuer, subject;
    int64_t not_before, not_after;
    const struct issue_key *key;   /* the subject's */
    struct bytes key_info;         /* DER of a SubjectPublicKeyInfo in place of the key's */
    struct issue_algorithm algorithm;
    struct bytes inner_algorithm;  /* DER in the signed part, in place of the algorithm's identifier */
    struct issue_extensions extensions; /* left out if there are none */
    struct bytes tbs;              /* the whole signed part in place of all of the above */
    struct bytes signature;        /* in place of the right one */
    struct bytes tail;             /* bytes behind the certificate */
};

/* A certificate of that key, signed by a key of `signer`'s kind in the way usual for it, valid from 2020 to 2049, with the
 * key's identifier as serial number and no extensions. The keys must live as long as the structure. */
void issue_certificate_defaults(struct issue *i, const struct issue_key *key, const struct issue_key *signer,
                                struct issue_certificate *out);

/* Add extensions. `path_length` -1: none. Key usages by KEY_USAGE_* of x509.h. */
void issue_basic_constraints(struct issue *i, struct issue_extensions *x, bool critical, bool ca, int path_length);
void issue_key_usage(struct issue *i, struct issue_extensions *x, bool critical, uint32_t usage);
void issue_subject_key_id(struct issue *i, struct issue_extensions *x, const struct issue_key *key);
void issue_authority_key_id(struct issue *i, struct issue_extensions *x, const struct issue_key *key);
void issue_distribution_point(struct issue *i, struct issue_extensions *x, const char *uri);

/* What is signed, and the whole certificate. */
struct bytes issue_certificate_tbs(struct issue *i, const struct issue_certificate *c);
struct bytes issue_certificate(struct issue *i, const struct issue_certificate *c, const struct issue_key *signer);

#endif
