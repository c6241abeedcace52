/* Issuing revocation lists: any, also wrong ones. */
#ifndef TEE_ISSUE_CRL_H
#define TEE_ISSUE_CRL_H

#include "tee/issue.h"

enum { ISSUE_CRL_ENTRIES = 8 };

struct issue_crl_entry {
    struct bytes serial;           /* non-negative, big-endian */
    int64_t at;
    int reason;                    /* CRLReason; -1: left out */
    struct issue_extensions extensions;
};

struct issue_crl {
    uint32_t version;              /* 1: v2; 0: left out */
    struct issue_name issuer;
    int64_t this_update, next_update;
    bool no_next_update;
    struct issue_crl_entry entries[ISSUE_CRL_ENTRIES];
    uint32_t entry_count;
    struct issue_extensions extensions;
    struct issue_algorithm algorithm;
    struct bytes inner_algorithm;  /* as in struct issue_certificate */
    struct bytes tbs;
    struct bytes signature;
    struct bytes tail;
};

/* An empty list of that issuer, valid from a day before `at` until 30 days after, with CRL number and key identifier. */
void issue_crl_defaults(struct issue *i, const struct issue_name *issuer, const struct issue_key *signer, int64_t at,
                        struct issue_crl *out);
/* More than there is room for: STATUS_USAGE. */
void issue_crl_revoke(struct issue *i, struct issue_crl *l, struct bytes serial);
struct bytes issue_crl_tbs(struct issue *i, const struct issue_crl *l);
struct bytes issue_crl(struct issue *i, const struct issue_crl *l, const struct issue_key *signer);

#endif
