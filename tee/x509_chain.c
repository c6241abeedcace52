/* Chains of certificates: RFC 5280, 6, for chains without policies and name constraints (a certificate that has any,
 * marked critical, is not read at all). */
#include "tee/x509.h"

#include "base/rfc3339.h"
#include "tee/chain_cache.h"

struct chain {
    const char *what;
    const struct certificate *const *below; /* leaf first */
    size_t count;                           /* without the root */
    const struct certificate *root;
    const struct chain_rules *rules;
};

static const struct certificate *issuer_of(const struct chain *c, size_t i)
{
    return i + 1 < c->count ? c->below[i + 1] : c->root;
}

static bool names_itself(const struct certificate *c)
{
    return bytes_equal(c->subject, c->issuer);
}

/* Who stands where, by what each certificate says it is. */
static enum status check_kinds(const char *what, const struct certificate *const *chain, size_t count,
                               const struct chain_rules *rules, struct error *e)
{
    if (count == 0) return tee_refuse(e, TEE_CHAIN, "%s: no certificate", what);
    for (size_t i = 1; i < count && !rules->ignore_ca_extensions; i++)
        if (!chain[i]->is_ca)
            return tee_refuse(e, TEE_CHAIN, "%s: certificate %zu of %zu is no certificate authority", what, i + 1,
                              count);
    if (chain[0]->is_ca)
        return tee_refuse(e, TEE_NOT_END_ENTITY, "%s: the first certificate is a certificate authority's", what);
    return STATUS_OK;
}

/* Whether the last certificate, which is not the root's bytes, pretends to be the root. */
static bool imitates(const struct certificate *last, const struct certificate *root)
{
    return names_itself(last) || bytes_equal(last->subject, root->subject) || bytes_equal(last->key_der, root->key_der);
}

static enum status check_root(const struct chain *c, size_t count, struct error *e)
{
    const struct certificate *last = c->below[count - 1];
    if (c->count < count) return STATUS_OK;
    if (imitates(last, c->root))
        return tee_refuse(e, TEE_ROOT_MISMATCH, "%s: its root is not the pinned one", c->what);
    if (c->rules->root_in_chain) return tee_refuse(e, TEE_CHAIN, "%s: the root is not in it", c->what);
    return STATUS_OK;
}

static enum status check_links(const struct chain *c, struct error *e)
{
    for (size_t i = 0; i < c->count; i++) {
        if (names_itself(c->below[i]))
            return tee_refuse(e, TEE_CHAIN, "%s: certificate %zu issued itself", c->what, i + 1);
        if (!bytes_equal(c->below[i]->issuer, issuer_of(c, i)->subject))
            return tee_refuse(e, TEE_CHAIN, "%s: certificate %zu was not issued by the next one", c->what, i + 1);
    }
    return STATUS_OK;
}

static enum status check_usage(const struct chain *c, const struct certificate *x, size_t depth, struct error *e)
{
    const struct chain_rules *rules = c->rules;
    if (depth == 0) {
        if (rules->ignore_leaf_usage || !rules->leaf_digital_signature) return STATUS_OK;
        if (x->has_key_usage && (x->key_usage & KEY_USAGE_DIGITAL_SIGNATURE) && !(x->key_usage & KEY_USAGE_CERT_SIGN))
            return STATUS_OK;
        return tee_refuse(e, TEE_KEY_USAGE, "%s: the first certificate is not for digital signatures alone", c->what);
    }
    if (rules->ignore_ca_extensions) return STATUS_OK;
    if (!x->has_key_usage || !(x->key_usage & KEY_USAGE_CERT_SIGN))
        return tee_refuse(e, TEE_KEY_USAGE, "%s: certificate %zu may not sign certificates", c->what, depth + 1);
    /* depth - 1 authorities are below it. */
    if (x->path_length >= 0 && depth - 1 > (size_t)x->path_length)
        return tee_refuse(e, TEE_PATH_LENGTH, "%s: certificate %zu allows %d authorities below it, there are %zu",
                          c->what, depth + 1, x->path_length, depth - 1);
    return STATUS_OK;
}

static enum status check_time(const struct chain *c, const struct certificate *x, size_t depth, struct error *e)
{
    const int64_t at = c->rules->at;
    char bound[RFC3339_TEXT_SIZE], now[RFC3339_TEXT_SIZE];
    if (at < x->not_before)
        return tee_refuse(e, TEE_NOT_YET_VALID, "%s: certificate %zu is valid from %s on, checked at %s", c->what,
                          depth + 1, rfc3339_text(x->not_before, bound), rfc3339_text(at, now));
    if (at > x->not_after)
        return tee_refuse(e, TEE_EXPIRED, "%s: certificate %zu has expired at %s, checked at %s", c->what, depth + 1,
                          rfc3339_text(x->not_after, bound), rfc3339_text(at, now));
    return STATUS_OK;
}

static enum status check_signature(const struct chain *c, size_t i, struct error *e)
{
    const struct certificate *x = c->below[i], *issuer = issuer_of(c, i);
    if (chain_cache_has(c->rules->cache, x, issuer)) return STATUS_OK;
    struct error found = {0};
    const enum status status = certificate_signed_by(x, issuer, &found);
    if (status == STATUS_OK) {
        chain_cache_add(c->rules->cache, x, issuer);
        return status;
    }
    return tee_refuse(e, (enum tee_refusal)found.code, "%s: certificate %zu: %s", c->what, i + 1, found.message);
}

static enum status check_certificates(const struct chain *c, struct error *e)
{
    for (size_t i = c->count + 1; i-- > 0;) {
        const struct certificate *x = i < c->count ? c->below[i] : c->root;
        if (i < c->count && !(c->rules->ca_signatures >> x->signature_kind & 1))
            return tee_refuse(e, TEE_ALG, "%s: certificate %zu is signed by another algorithm than the platform's",
                              c->what, i + 1);
        enum status status = check_usage(c, x, i, e);
        if (status == STATUS_OK) status = check_time(c, x, i, e);
        if (status == STATUS_OK && i < c->count) status = check_signature(c, i, e);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

enum status chain_verify(const char *what, const struct certificate *const *chain, size_t count,
                         const struct chain_rules *rules, struct error *e)
{
    struct certificate root;
    enum status status = certificate_read(rules->root, NULL, 0, &root, e);
    if (status == STATUS_OK) status = check_kinds(what, chain, count, rules, e);
    if (status != STATUS_OK) return status;
    const bool has_root = bytes_equal(chain[count - 1]->der, rules->root);
    const struct chain c = {what, chain, has_root ? count - 1 : count, &root, rules};
    if (c.count == 0) return tee_refuse(e, TEE_NOT_END_ENTITY, "%s: it is the root alone", what);
    status = check_root(&c, count, e);
    if (status == STATUS_OK) status = check_links(&c, e);
    if (status == STATUS_OK) status = check_certificates(&c, e);
    return status;
}
