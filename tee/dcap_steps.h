/* The steps of verifying a quote: inner interface of dcap.h. Each returns STATUS_OK if the next makes sense. */
#ifndef TEE_DCAP_STEPS_H
#define TEE_DCAP_STEPS_H

#include "tee/dcap.h"
#include "tee/pck.h"

struct dcap_run {
    const struct tee_input *in;
    struct dcap_collateral *collateral;
    struct tee_verdict *v;
    struct error first;            /* the first refusal */
    struct quote quote;
    struct certificate_list pck;   /* leaf, intermediate, root */
    struct certificate root;       /* the pinned one at which everything must end */
    struct pck_extension platform;
    struct arena arena;
};

/* What the levels say. */
struct dcap_status {
    enum tee_tcb_status status;    /* merged */
    const struct tcb_advisories *advisories[3]; /* of platform, module, quoting enclave; null: none */
};

/* Lines of the verdict that keep the first refusal's error. */
enum status dcap_refuse(struct dcap_run *r, enum tee_refusal refusal, const char *name, const char *measured,
                        const char *expected);
enum status dcap_fail(struct dcap_run *r, const char *name, const struct error *e);

enum status dcap_pck_chain(struct dcap_run *r);      /* the platform's certificates and what they say of it */
enum status dcap_signatures(struct dcap_run *r);     /* quoting enclave's report and quote */
enum status dcap_root_crl(struct dcap_run *r);
enum status dcap_tcb_info(struct dcap_run *r);
enum status dcap_qe_identity(struct dcap_run *r);
enum status dcap_pck_crl(struct dcap_run *r);
enum status dcap_qe_report(struct dcap_run *r);      /* by the identity */
enum status dcap_levels(struct dcap_run *r, struct dcap_status *out);
enum status dcap_body(struct dcap_run *r);           /* attributes of what was measured */
enum status dcap_policy(struct dcap_run *r, const struct dcap_status *found);

/* Checks a chain of certificates up to r->root at the time of checking, and that its leaf is an end entity with that
 * common name, a key on P-256 and the usages that Intel's have. */
enum status dcap_check_chain(struct dcap_run *r, const char *what, const struct certificate_list *chain,
                             const char *common_name, bool with_root, struct error *e);

#endif
