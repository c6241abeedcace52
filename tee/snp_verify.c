/* Checking a report of SEV-SNP: its form, who signed it, the chain to AMD's root, revocation, the chip and TCB for which
 * the certificate was made, and then the policy. */
#include "tee/evidence.h"

#include "crypto/ecdsa.h"
#include "crypto/sha2.h"
#include "tee/snp_cert.h"
#include "tee/snp_chain.h"
#include "tee/snp_judge.h"

struct snp {
    const struct tee_input *in;
    struct tee_verdict *v;
    struct snp_report report;
    struct snp_files files;
    struct snp_chain chain;
    struct snp_cert cert;
};

/* Ends a step: a line in the verdict for what a lower function refused. */
static enum status step(struct snp *s, enum status status, const char *name, struct error *found, struct error *e)
{
    if (status == STATUS_OK) return STATUS_OK;
    if (e) *e = *found;
    return tee_verdict_error(s->v, name, found);
}

static enum status read_report(struct snp *s, struct error *e)
{
    struct error found = {0};
    const enum status status = snp_report_read(s->in->evidence, &s->report, &found);
    if (status != STATUS_OK) return step(s, status, "report", &found, e);
    const struct snp_report *r = &s->report;
    tee_verdict_passed(s->v, "report", tee_verdict_text(s->v, "version %u", (unsigned)r->version), "2 to 5");
    if (r->signer != SNP_VCEK && r->signer != SNP_VLEK)
        return tee_verdict_refused(s->v, e, TEE_SIGNER, "signer",
                                   r->signer == SNP_NO_SIGNER ? "none" : "reserved number", "a VCEK or a VLEK");
    tee_verdict_noted(s->v, "signer", r->signer == SNP_VCEK ? "VCEK" : "VLEK");
    if (r->has_processor && snp_report_product(r) == SNP_PRODUCT_NONE)
        return tee_verdict_refused(s->v, e, TEE_PRODUCT, "processor",
                                   tee_verdict_text(s->v, "family 0x%x, model 0x%x", r->family, r->model),
                                   "Milan, Genoa or Turin");
    return STATUS_OK;
}

static enum status check_product(struct snp *s, struct error *e)
{
    const enum snp_product processor = snp_report_product(&s->report);
    const char *name = snp_product_name(s->chain.product);
    if (processor != SNP_PRODUCT_NONE && processor != s->chain.product)
        return tee_verdict_refused(s->v, e, TEE_PRODUCT, "product", snp_product_name(processor), name);
    tee_verdict_passed(s->v, "product", name, "");
    return STATUS_OK;
}

static void note_expiry(struct snp *s, const struct crl *list)
{
    tee_verdict_expires(s->v, s->chain.leaf->not_after);
    tee_verdict_expires(s->v, s->chain.ask->not_after);
    tee_verdict_expires(s->v, s->chain.ark.not_after);
    if (list) tee_verdict_expires(s->v, list->next_update);
}

static enum status check_chain(struct snp *s, struct error *e)
{
    struct error found = {0};
    const struct crl *list;
    const char *kind = s->report.signer == SNP_VCEK ? "VCEK" : "VLEK";
    enum status status = snp_files_read(s->in->files, s->in->file_count, &s->files, &found);
    if (status != STATUS_OK) return step(s, status, "certificates", &found, e);
    status = snp_chain_find(&s->files, (enum snp_signer)s->report.signer, s->in, &s->chain, &found);
    if (status != STATUS_OK) return step(s, status, "certificates", &found, e);
    status = check_product(s, e);
    if (status != STATUS_OK) return status;
    status = snp_chain_verify(&s->chain, s->in, &found);
    if (status != STATUS_OK) return step(s, status, "certificate chain", &found, e);
    tee_verdict_passed(s->v, "certificate chain",
                       tee_verdict_text(s->v, "%s of %s, until %s", kind, snp_product_name(s->chain.product),
                                        tee_verdict_time(s->v, s->chain.leaf->not_after)),
                       s->in->simulated ? "the root that was given" : "AMD's root");
    status = snp_chain_revocation(&s->chain, &s->files, s->in, &list, &found);
    if (status != STATUS_OK) return step(s, status, "revocation", &found, e);
    note_expiry(s, list);
    if (list) tee_verdict_passed(s->v, "revocation", "not revoked", "");
    else tee_verdict_allowed(s->v, "revocation", "no revocation list", "require_crl: false");
    return STATUS_OK;
}

static enum status check_signature(struct snp *s, struct error *e)
{
    uint8_t hash[SHA384_SIZE];
    const struct bytes signature = bytes_of(s->report.signature, sizeof s->report.signature);
    sha384(s->report.signed_part, hash);
    if (!ecdsa_verify(ECDSA_P384, s->chain.leaf->key.point, hash, signature))
        return tee_verdict_refused(s->v, e, TEE_SIGNATURE, "report signature", "", "");
    tee_verdict_passed(s->v, "report signature", "ECDSA P-384", "");
    return STATUS_OK;
}

static bool is_zero(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (p[i] != 0) return false;
    return true;
}

/* A VCEK is of one chip. Turin's name has 8 bytes; the rest of the report's field is zero. */
static enum status check_chip(struct snp *s, struct error *e)
{
    const struct snp_report *r = &s->report;
    const struct bytes hwid = s->cert.hwid;
    if (s->chain.kind == SNP_VLEK) {
        tee_verdict_noted(s->v, "chip", "not told: signed by its provider's key");
        return STATUS_OK;
    }
    if (is_zero(r->chip_id, SNP_CHIP_ID_SIZE)) {
        if (r->mask_chip_key && s->in->policy->allow_masked_chip) {
            tee_verdict_allowed(s->v, "chip", "masked", "allow_masked_chip");
            return STATUS_OK;
        }
        return tee_verdict_refused(s->v, e, TEE_HWID, "chip", r->mask_chip_key ? "masked" : "zeros, and not masked",
                                   tee_verdict_hex(s->v, hwid));
    }
    const bool same = memcmp(r->chip_id, hwid.data, hwid.size) == 0 &&
                      is_zero(r->chip_id + hwid.size, SNP_CHIP_ID_SIZE - hwid.size);
    const char *measured = tee_verdict_hex(s->v, bytes_of(r->chip_id, SNP_CHIP_ID_SIZE));
    if (!same) return tee_verdict_refused(s->v, e, TEE_HWID, "chip", measured, tee_verdict_hex(s->v, hwid));
    tee_verdict_passed(s->v, "chip", measured, tee_verdict_hex(s->v, hwid));
    return STATUS_OK;
}

static enum status check_certified(struct snp *s, struct error *e)
{
    struct error found = {0};
    enum status status = snp_cert_read(s->chain.leaf, s->chain.kind, s->chain.product, &s->cert, &found);
    if (status != STATUS_OK) return step(s, status, "certificate", &found, e);
    const char *measured = tee_verdict_hex(s->v, bytes_of(s->report.reported_tcb, SNP_TCB_SIZE));
    const char *certified = tee_verdict_hex(s->v, bytes_of(s->cert.tcb, SNP_TCB_SIZE));
    if (memcmp(s->report.reported_tcb, s->cert.tcb, SNP_TCB_SIZE) != 0)
        return tee_verdict_refused(s->v, e, TEE_TCB_CERT, "certified TCB", measured, certified);
    tee_verdict_passed(s->v, "certified TCB", measured, certified);
    status = check_chip(s, e);
    if (status == STATUS_OK && s->cert.csp_id.size)
        tee_verdict_noted(s->v, "provider",
                          tee_verdict_text(s->v, "%.*s", (int)(s->cert.csp_id.size < 128 ? s->cert.csp_id.size : 128),
                                           (const char *)s->cert.csp_id.data));
    return status;
}

/* What nobody judges, for the reader. */
static void note_rest(struct snp *s)
{
    const struct snp_report *r = &s->report;
    tee_verdict_noted(s->v, "guest policy", tee_verdict_text(s->v, "0x%llx", (unsigned long long)r->policy));
    tee_verdict_noted(s->v, "guest SVN", tee_verdict_text(s->v, "%u", (unsigned)r->guest_svn));
    tee_verdict_noted(s->v, "platform", tee_verdict_text(s->v, "0x%llx", (unsigned long long)r->platform_info));
    tee_verdict_noted(s->v, "TCB at launch", tee_verdict_hex(s->v, bytes_of(r->launch_tcb, SNP_TCB_SIZE)));
    tee_verdict_noted(s->v, "report id", tee_verdict_hex(s->v, bytes_of(r->report_id, 32)));
}

static enum status verify(struct snp *s, struct error *e)
{
    enum status status = read_report(s, e);
    if (status == STATUS_OK) status = check_chain(s, e);
    if (status == STATUS_OK) status = check_signature(s, e);
    if (status == STATUS_OK) status = check_certified(s, e);
    if (status != STATUS_OK) return status;
    note_rest(s);
    return snp_judge(s->in, &s->report, s->v, e);
}

enum status snp_verify(const struct tee_input *in, struct tee_verdict *v, struct error *e)
{
    struct snp s = {.in = in, .v = v};
    const enum status status = verify(&s, e);
    snp_files_free(&s.files);
    return v->no_memory ? error_no_memory(e) : status;
}
