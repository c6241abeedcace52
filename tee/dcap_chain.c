/* Certificates of SGX and TDX: the platform's own, and any chain up to Intel's root. */
#include "tee/dcap_steps.h"

enum { LEAF, INTERMEDIATE, ROOT, PCK_CHAIN_LENGTH };

static enum status check_leaf(const char *what, const struct certificate *leaf, const char *common_name,
                              struct error *e)
{
    const uint16_t usage = KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_NON_REPUDIATION;
    if (!name_common_name_is(leaf->subject, common_name))
        return tee_refuse(e, TEE_CHAIN, "%s: the first certificate is not named \"%s\"", what, common_name);
    if (leaf->key.kind != KEY_P256) return tee_refuse(e, TEE_ALG, "%s: the first certificate's key is not on P-256", what);
    if (!leaf->has_key_usage || (leaf->key_usage & usage) != usage)
        return tee_refuse(e, TEE_KEY_USAGE, "%s: the first certificate is not for digital signatures and non-repudiation",
                          what);
    return STATUS_OK;
}

enum status dcap_check_chain(struct dcap_run *r, const char *what, const struct certificate_list *chain,
                             const char *common_name, bool with_root, struct error *e)
{
    const struct certificate *certificates[CERTIFICATE_LIST_MAX];
    const struct chain_rules rules = {
        .at = r->in->at,
        .root = r->root.der,
        .ca_signatures = 1u << SIGNED_ECDSA_SHA256,
        .leaf_digital_signature = true,
        .root_in_chain = with_root,
        .cache = r->in->cache,
    };
    for (uint32_t i = 0; i < chain->count; i++) certificates[i] = &chain->certificates[i];
    enum status status = chain_verify(what, certificates, chain->count, &rules, e);
    if (status == STATUS_OK) status = check_leaf(what, certificates[0], common_name, e);
    for (uint32_t i = 0; status == STATUS_OK && i < chain->count; i++)
        tee_verdict_expires(r->v, certificates[i]->not_after);
    if (status == STATUS_OK) tee_verdict_expires(r->v, r->root.not_after);
    return status;
}

/* ---- the platform's ------------------------------------------------------------------------------------------------ */

/* PEM that ends in line feeds, NULs or nothing. */
static struct bytes without_end(struct bytes pem)
{
    while (pem.size && pem.data[pem.size - 1] == 0) pem.size--;
    while (pem.size && (pem.data[pem.size - 1] == '\n' || pem.data[pem.size - 1] == '\r')) pem.size--;
    return pem;
}

static enum status read_quoted_chain(struct dcap_run *r, struct error *e)
{
    const struct bytes pem = without_end(r->quote.cert_data);
    if (pem.size && pem.data[pem.size - 1] != '-')
        return tee_refuse(e, TEE_CHAIN_FORMAT, "something else than line feeds and NULs behind the certificates");
    const enum status status = certificate_list_read(pem, &r->arena, &r->pck, e);
    if (status == STATUS_OK && r->pck.count == PCK_CHAIN_LENGTH) return STATUS_OK;
    if (status == STATUS_OK)
        return tee_refuse(e, TEE_CHAIN_FORMAT, "%u certificates in the quote, expected 3", (unsigned)r->pck.count);
    if (status == STATUS_INVALID && (e->code == TEE_PEM || (e->code == TEE_CHAIN && r->pck.count == 0)))
        e->code = TEE_CHAIN_FORMAT;
    return status;
}

/* A quote without certificates names its platform only: they come with the collateral. If it has the leaf, it is that. */
static enum status take_given_chain(struct dcap_run *r, struct error *e)
{
    const struct quote *q = &r->quote;
    struct certificate_list leaf = {0};
    if (r->collateral->pck_chain.count == 0)
        return tee_refuse(e, TEE_COLLATERAL_MISSING,
                          "certification data of type %u: the platform's certificates must come with the collateral",
                          q->cert_type);
    r->pck = r->collateral->pck_chain;
    if (r->pck.count != PCK_CHAIN_LENGTH)
        return tee_refuse(e, TEE_CHAIN_FORMAT, "%u certificates of the platform, expected 3", (unsigned)r->pck.count);
    if (q->cert_type != QUOTE_CERT_PCK_LEAF) return STATUS_OK;
    const enum status status = certificate_list_read(without_end(q->cert_data), &r->arena, &leaf, e);
    if (status != STATUS_OK) return status;
    if (leaf.count != 1 || !bytes_equal(leaf.certificates[0].der, r->pck.certificates[LEAF].der))
        return tee_refuse(e, TEE_CHAIN_FORMAT, "the quote's certificate is another one than the collateral's");
    return STATUS_OK;
}

/* The trusted root that the chain claims to end at; if none fits, any, so that the chain's own check says what is wrong. */
static enum status choose_root(struct dcap_run *r, struct error *e)
{
    const struct certificate *last = &r->pck.certificates[ROOT];
    enum status status = tee_refuse(e, TEE_ROOT_MISMATCH, "no root to trust was given");
    for (uint32_t i = 0; i < r->in->root_count; i++) {
        if (i > 0 && !bytes_equal(r->in->roots[i], last->der)) continue;
        status = certificate_read(r->in->roots[i], NULL, 0, &r->root, e);
        if (status != STATUS_OK) return status;
    }
    return status;
}

static enum status check_intermediate(const struct certificate *c, struct error *e)
{
    if (!name_common_name_is(c->subject, "Intel SGX PCK Platform CA") &&
        !name_common_name_is(c->subject, "Intel SGX PCK Processor CA"))
        return tee_refuse(e, TEE_CHAIN, "the intermediate certificate is neither a PCK Platform CA's nor a PCK Processor "
                          "CA's");
    if (c->path_length != 0)
        return tee_refuse(e, TEE_PATH_LENGTH, "the intermediate certificate's path length is %d, expected 0",
                          c->path_length);
    return STATUS_OK;
}

enum status dcap_pck_chain(struct dcap_run *r)
{
    struct error e = {0};
    enum status status = r->quote.cert_type == QUOTE_CERT_PCK_CHAIN ? read_quoted_chain(r, &e) : take_given_chain(r, &e);
    if (status == STATUS_OK) status = choose_root(r, &e);
    if (status == STATUS_OK)
        status = dcap_check_chain(r, "PCK chain", &r->pck, "Intel SGX PCK Certificate", true, &e);
    if (status == STATUS_OK) status = check_intermediate(&r->pck.certificates[INTERMEDIATE], &e);
    if (status != STATUS_OK) return dcap_fail(r, "PCK chain", &e);
    tee_verdict_passed(r->v, "PCK chain", "3 certificates up to the pinned root", "");
    status = pck_extension_read(&r->pck.certificates[LEAF], &r->platform, &e);
    if (status != STATUS_OK) return dcap_fail(r, "SGX extension", &e);
    tee_verdict_noted(r->v, "FMSPC", tee_verdict_hex(r->v, bytes_of(r->platform.fmspc, sizeof r->platform.fmspc)));
    return STATUS_OK;
}
