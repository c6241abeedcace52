#include "tee/snp_chain.h"

enum { MODULUS = 512 /* RSA-4096 */ };

/* What a common name says of a certificate: who it is, by exact names alone. */
enum role { NOBODY, VCEK, VLEK, ASK, ASVK, ARK };

static enum role role_of(struct bytes name, enum snp_product *product)
{
    static const struct {
        const char *prefix;
        enum role role;
    } prefixes[] = {{"ARK-", ARK}, {"SEV-VLEK-", ASVK}, {"SEV-", ASK}};
    struct bytes cn;
    *product = SNP_PRODUCT_NONE;
    if (!name_common_name(name, &cn)) return NOBODY;
    if (bytes_equal(cn, bytes_of_string("SEV-VCEK"))) return VCEK;
    if (bytes_equal(cn, bytes_of_string("SEV-VLEK"))) return VLEK;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const size_t size = strlen(prefixes[i].prefix);
        if (cn.size < size || memcmp(cn.data, prefixes[i].prefix, size) != 0) continue;
        *product = snp_product_named(bytes_of(cn.data + size, cn.size - size));
        if (*product != SNP_PRODUCT_NONE) return prefixes[i].role;
    }
    return NOBODY;
}

static enum role role_of_kind(enum snp_signer kind)
{
    return kind == SNP_VCEK ? VCEK : VLEK;
}

static enum status find_leaf(const struct snp_files *files, struct snp_chain *out, struct error *e)
{
    const enum role wanted = role_of_kind(out->kind);
    const char *name = wanted == VCEK ? "VCEK" : "VLEK";
    bool other = false;
    enum snp_product ignored;
    for (uint32_t i = 0; i < files->certificate_count; i++) {
        const struct certificate *c = &files->certificates[i];
        const enum role role = role_of(c->subject, &ignored);
        other = other || role == VCEK || role == VLEK;
        if (role != wanted) continue;
        if (out->leaf) return tee_refuse(e, TEE_CHAIN, "there are two certificates of a %s", name);
        out->leaf = c;
    }
    if (out->leaf) return STATUS_OK;
    if (other) return tee_refuse(e, TEE_SIGNER, "the report is signed by a %s, the certificate is of the other kind", name);
    return tee_refuse(e, TEE_COLLATERAL_MISSING, "there is no certificate of a %s", name);
}

/* The issuer's name says the product, and must be that of the leaf's kind. */
static enum status check_issuer(struct snp_chain *out, struct error *e)
{
    const enum role role = role_of(out->leaf->issuer, &out->product), wanted = out->kind == SNP_VCEK ? ASK : ASVK;
    if (role == wanted) return STATUS_OK;
    if (role == ASK || role == ASVK)
        return tee_refuse(e, TEE_SIGNER, "a %s issued by the authority for the other kind",
                          wanted == ASK ? "VCEK" : "VLEK");
    return tee_refuse(e, TEE_CHAIN, "the certificate was not issued by one of AMD's authorities for such");
}

/* The ASK (or ASVK) that issued the leaf; a chain for another product, if that is what there is. */
static enum status find_ask(const struct snp_files *files, struct snp_chain *out, struct error *e)
{
    const enum role wanted = out->kind == SNP_VCEK ? ASK : ASVK;
    enum snp_product product, found = SNP_PRODUCT_NONE;
    bool other = false;
    for (uint32_t i = 0; i < files->certificate_count; i++) {
        const struct certificate *c = &files->certificates[i];
        const enum role role = role_of(c->subject, &product);
        other = other || role == ASK || role == ASVK;
        if (role == wanted) found = product;
        if (!bytes_equal(c->subject, out->leaf->issuer)) continue;
        if (out->ask) return tee_refuse(e, TEE_CHAIN, "there are two certificates of the leaf's issuer");
        out->ask = c;
    }
    if (out->ask) return STATUS_OK;
    if (found != SNP_PRODUCT_NONE && found != out->product)
        return tee_refuse(e, TEE_PRODUCT, "a leaf of %s, an authority of %s", snp_product_name(out->product),
                          snp_product_name(found));
    if (other) return tee_refuse(e, TEE_SIGNER, "the authority is one for the other kind of key");
    return tee_refuse(e, TEE_COLLATERAL_MISSING, "the certificate of %s's authority (ASK or ASVK) is not there",
                      snp_product_name(out->product));
}

static bool is_trusted(const struct tee_input *in, struct bytes der)
{
    for (uint32_t i = 0; i < in->root_count; i++)
        if (bytes_equal(in->roots[i], der)) return true;
    return false;
}

/* An ARK among the files is not needed; but if there is one, it must be one that is trusted, for this product. */
static enum status check_arks(const struct snp_files *files, const struct tee_input *in, enum snp_product product,
                              struct error *e)
{
    enum snp_product found;
    bool other = false, any = false;
    for (uint32_t i = 0; i < files->certificate_count; i++) {
        const struct certificate *c = &files->certificates[i];
        if (role_of(c->subject, &found) != ARK) continue;
        if (found == product && !is_trusted(in, c->der))
            return tee_refuse(e, TEE_ROOT_MISMATCH, "the root of %s is not the pinned one", snp_product_name(product));
        any = any || found == product;
        other = other || found != product;
    }
    if (other && !any)
        return tee_refuse(e, TEE_PRODUCT, "certificates of %s with a root of another product", snp_product_name(product));
    return STATUS_OK;
}

static enum status find_ark(const struct tee_input *in, struct snp_chain *out, struct error *e)
{
    enum snp_product product;
    for (uint32_t i = 0; i < in->root_count; i++) {
        struct certificate root;
        const enum status status = certificate_read(in->roots[i], NULL, 0, &root, e);
        if (status != STATUS_OK) return status;
        if (role_of(root.subject, &product) != ARK || product != out->product) continue;
        /* Of several roots for one product that one is taken which signed. */
        if (!out->ark.der.size || certificate_signed_by(out->ask, &out->ark, NULL) != STATUS_OK) out->ark = root;
    }
    if (out->ark.der.size) return STATUS_OK;
    return tee_refuse(e, TEE_ROOT_MISMATCH, "no trusted root is for %s", snp_product_name(out->product));
}

static enum status check_keys(const struct snp_chain *c, struct error *e)
{
    if (c->leaf->key.kind != KEY_P384) return tee_refuse(e, TEE_ALG, "the leaf's key is not one on P-384");
    if (c->ask->key.kind != KEY_RSA || c->ark.key.kind != KEY_RSA)
        return tee_refuse(e, TEE_ALG, "an authority's key that is not an RSA key");
    const size_t size = c->ask->key.modulus.size != MODULUS ? c->ask->key.modulus.size : c->ark.key.modulus.size;
    if (size != MODULUS)
        return tee_refuse(e, TEE_KEY_SIZE, "an authority's RSA key of %zu bits, expected %d", 8 * size, 8 * MODULUS);
    return STATUS_OK;
}

enum status snp_chain_find(const struct snp_files *files, enum snp_signer kind, const struct tee_input *in,
                           struct snp_chain *out, struct error *e)
{
    struct snp_chain c = {.kind = kind};
    *out = c;
    enum status status = find_leaf(files, &c, e);
    if (status == STATUS_OK) status = check_issuer(&c, e);
    if (status == STATUS_OK) status = find_ask(files, &c, e);
    if (status == STATUS_OK) status = check_arks(files, in, c.product, e);
    if (status == STATUS_OK) status = find_ark(in, &c, e);
    if (status == STATUS_OK) status = check_keys(&c, e);
    if (status == STATUS_OK) *out = c;
    return status;
}

enum status snp_chain_verify(const struct snp_chain *c, const struct tee_input *in, struct error *e)
{
    const struct certificate *chain[] = {c->leaf, c->ask};
    const struct chain_rules rules = {
        .at = in->at,
        .root = c->ark.der,
        .ca_signatures = 1u << SIGNED_RSA_PSS_SHA384,
        .ignore_leaf_usage = true,
        .cache = in->cache,
    };
    return chain_verify(c->kind == SNP_VCEK ? "chain of the VCEK" : "chain of the VLEK", chain, 2, &rules, e);
}

enum status snp_chain_revocation(const struct snp_chain *c, const struct snp_files *files, const struct tee_input *in,
                                 const struct crl **list, struct error *e)
{
    *list = NULL;
    for (uint32_t i = 0; i < files->crl_count; i++) {
        const struct crl *l = &files->crls[i];
        if (!bytes_equal(l->issuer, c->ark.subject)) continue;
        const enum status status = crl_verify(l, &c->ark, in->at, TEE_EXPIRED_CRL, e);
        if (status != STATUS_OK) return status;
        if (crl_lists(l, c->ask->serial)) return tee_refuse(e, TEE_REVOKED, "the authority's certificate is revoked");
        if (!*list || l->next_update < (*list)->next_update) *list = l;
    }
    if (*list) return STATUS_OK;
    if (files->crl_count > 0)
        return tee_refuse(e, TEE_CRL_ISSUER, "no revocation list is of the root of %s", snp_product_name(c->product));
    if (in->policy->require_crl)
        return tee_refuse(e, TEE_CRL_MISSING, "there is no revocation list of the root of %s",
                          snp_product_name(c->product));
    return STATUS_OK;
}
