/* Whether the collateral is Intel's, in force and of the right kind. */
#include "crypto/ecdsa.h"
#include "crypto/sha2.h"
#include "tee/dcap_steps.h"

enum { LEAF, INTERMEDIATE, ROOT };

/* ---- revocation ---------------------------------------------------------------------------------------------------- */

static enum status crl_absent(struct dcap_run *r, const char *name)
{
    if (r->in->policy->require_crl) return dcap_refuse(r, TEE_CRL_MISSING, name, "none", "a revocation list");
    tee_verdict_allowed(r->v, name, "none", "require_crl is off");
    return STATUS_OK;
}

static void crl_passed(struct dcap_run *r, const char *name, const struct crl *l)
{
    tee_verdict_expires(r->v, l->next_update);
    tee_verdict_passed(r->v, name, tee_verdict_text(r->v, "until %s", tee_verdict_time(r->v, l->next_update)), "");
}

enum status dcap_root_crl(struct dcap_run *r)
{
    static const char name[] = "root CRL";
    const struct crl *l = &r->collateral->root_crl;
    struct error e = {0};
    if (!r->collateral->has_root_crl) return crl_absent(r, name);
    if (crl_verify(l, &r->root, r->in->at, TEE_EXPIRED_ROOT_CRL, &e) != STATUS_OK) return dcap_fail(r, name, &e);
    if (crl_lists(l, r->root.serial)) return dcap_refuse(r, TEE_REVOKED, name, "it lists the root", "");
    if (crl_lists(l, r->pck.certificates[INTERMEDIATE].serial))
        return dcap_refuse(r, TEE_REVOKED, name, "it lists the platform's CA", "");
    crl_passed(r, name, l);
    return STATUS_OK;
}

/* The chain that came with the list: the CA that signed the platform's certificate, under the same root. */
static enum status check_crl_chain(struct dcap_run *r, struct error *e)
{
    const struct certificate_list *chain = &r->collateral->pck_crl_chain;
    const struct certificate *ca = &r->pck.certificates[INTERMEDIATE];
    if (chain->count == 0) return STATUS_OK;
    const struct certificate *first = &chain->certificates[0], *last = &chain->certificates[chain->count - 1];
    if (chain->count > 2 || (chain->count == 2 && !bytes_equal(last->der, r->root.der)))
        return tee_refuse(e, TEE_ROOT_MISMATCH, "the CRL's chain does not end at the pinned root");
    if (!bytes_equal(first->subject, ca->subject) || !bytes_equal(first->key_der, ca->key_der))
        return tee_refuse(e, TEE_CRL_ISSUER, "the CRL's chain is of another CA than the platform's");
    /* Another certificate of the same CA is not needed, but it must not be a made-up one. */
    return bytes_equal(first->der, ca->der) ? STATUS_OK : certificate_signed_by(first, &r->root, e);
}

enum status dcap_pck_crl(struct dcap_run *r)
{
    static const char name[] = "PCK CRL";
    const struct dcap_collateral *c = r->collateral;
    const struct certificate *ca = &r->pck.certificates[INTERMEDIATE];
    const struct crl *l = c->pck_crls;
    struct error e = {0};
    if (c->pck_crl_count == 0) return crl_absent(r, name);
    for (uint32_t i = 0; i < c->pck_crl_count; i++)
        if (bytes_equal(c->pck_crls[i].issuer, ca->subject)) l = &c->pck_crls[i];
    enum status status = check_crl_chain(r, &e);
    if (status == STATUS_OK) status = crl_verify(l, ca, r->in->at, TEE_EXPIRED_PCK_CRL, &e);
    if (status != STATUS_OK) return dcap_fail(r, name, &e);
    if (crl_lists(l, r->pck.certificates[LEAF].serial))
        return dcap_refuse(r, TEE_REVOKED, name, "it lists the platform's certificate", "");
    crl_passed(r, name, l);
    return STATUS_OK;
}

/* ---- signed documents ---------------------------------------------------------------------------------------------- */

struct document {
    const char *name;
    struct signed_document *document;
    const struct certificate_list *chain;
    enum tee_refusal bad_signature;
};

static enum status check_signer(struct dcap_run *r, const struct document *d, struct error *e)
{
    const enum status status = dcap_check_chain(r, "TCB signing chain", d->chain, "Intel SGX TCB Signing", false, e);
    if (status != STATUS_OK) return status;
    if (r->collateral->has_root_crl && crl_lists(&r->collateral->root_crl, d->chain->certificates[0].serial))
        return tee_refuse(e, TEE_REVOKED, "the root's CRL lists the TCB signing certificate");
    return STATUS_OK;
}

/* Whether the document is signed. *read: whether it was already, under the same certificate. */
static enum status check_document(struct dcap_run *r, const struct document *d, bool *read, struct error *e)
{
    const struct certificate *signer = &d->chain->certificates[0];
    uint8_t hash[SHA256_SIZE];
    if (!d->document->has_text || !d->document->has_signature || d->chain->count == 0)
        return tee_refuse(e, TEE_COLLATERAL_MISSING, "%s: no %s in the collateral", d->name,
                          !d->document->has_text        ? "document"
                          : !d->document->has_signature ? "signature"
                                                        : "chain of its signer");
    const enum status status = check_signer(r, d, e);
    if (status != STATUS_OK) return status;
    *read = d->document->checked_under.size && bytes_equal(d->document->checked_under, signer->der);
    if (*read) return STATUS_OK;
    sha256(d->document->text, hash);
    if (!ecdsa_verify(ECDSA_P256, signer->key.point, hash,
                      bytes_of(d->document->signature, sizeof d->document->signature)))
        return tee_refuse(e, d->bad_signature, "not signed by the TCB signing certificate's key");
    return STATUS_OK;
}

static enum status check_dates(struct dcap_run *r, const char *name, int64_t issued, int64_t next_update,
                               enum tee_refusal expired)
{
    const char *from = tee_verdict_time(r->v, issued), *until = tee_verdict_time(r->v, next_update);
    const char *window = tee_verdict_text(r->v, "from %s until %s", from, until);
    if (r->in->at < issued || r->in->at > next_update)
        return dcap_refuse(r, expired, name, window,
                           tee_verdict_text(r->v, "in force at %s", tee_verdict_time(r->v, r->in->at)));
    tee_verdict_expires(r->v, next_update);
    tee_verdict_passed(r->v, name, window, "");
    return STATUS_OK;
}

static const struct certificate_list *either(const struct certificate_list *chain, const struct certificate_list *other)
{
    return chain->count ? chain : other;
}

enum status dcap_tcb_info(struct dcap_run *r)
{
    struct dcap_collateral *c = r->collateral;
    const struct document d = {"TCB info", &c->tcb_info_document, either(&c->tcb_chain, &c->qe_chain),
                               TEE_TCB_SIGNATURE};
    struct error e = {0};
    bool read = false;
    enum status status = check_document(r, &d, &read, &e);
    if (status == STATUS_OK && !read) {
        status = tcb_info_read(c->tcb_info_document.text, &c->arena, &c->tcb_info, &e);
        if (status == STATUS_OK) c->tcb_info_document.checked_under = d.chain->certificates[0].der;
    }
    if (status != STATUS_OK) return dcap_fail(r, d.name, &e);
    if (c->tcb_info.platform != r->quote.platform) {
        const bool tdx = r->quote.platform == TEE_TDX;
        return dcap_refuse(r, TEE_TCB_ID, d.name, tdx ? "for SGX" : "for TDX", tdx ? "for TDX" : "for SGX");
    }
    return check_dates(r, d.name, c->tcb_info.issue_date, c->tcb_info.next_update, TEE_EXPIRED_TCB_INFO);
}

enum status dcap_qe_identity(struct dcap_run *r)
{
    struct dcap_collateral *c = r->collateral;
    const struct document d = {"QE identity", &c->qe_identity_document, either(&c->qe_chain, &c->tcb_chain),
                               TEE_QE_ID_SIGNATURE};
    struct error e = {0};
    bool read = false;
    enum status status = check_document(r, &d, &read, &e);
    if (status == STATUS_OK && !read) {
        status = qe_identity_read(c->qe_identity_document.text, &c->arena, &c->qe_identity, &e);
        if (status == STATUS_OK) c->qe_identity_document.checked_under = d.chain->certificates[0].der;
    }
    if (status != STATUS_OK) return dcap_fail(r, d.name, &e);
    if (c->qe_identity.platform != r->quote.platform) {
        const bool tdx = r->quote.platform == TEE_TDX;
        return dcap_refuse(r, TEE_QE_ID, d.name, tdx ? "QE" : "TD_QE", tdx ? "TD_QE" : "QE");
    }
    return check_dates(r, d.name, c->qe_identity.issue_date, c->qe_identity.next_update, TEE_EXPIRED_QE_ID);
}
