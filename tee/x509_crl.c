/* Revocation lists: RFC 5280, 5. Only complete lists of a CA's own certificates: a list that is a part, or somebody
 * else's, could hide a revocation. */
#include "tee/x509_parts.h"

#define OID_CRL_NUMBER OID(0x55, 0x1d, 0x14)
#define OID_REASON_CODE OID(0x55, 0x1d, 0x15)
#define OID_INVALIDITY_DATE OID(0x55, 0x1d, 0x18)
#define OID_AUTHORITY_KEY_ID OID(0x55, 0x1d, 0x23)
#define OID_DELTA_CRL OID(0x55, 0x1d, 0x1b)
#define OID_ISSUING_DISTRIBUTION_POINT OID(0x55, 0x1d, 0x1c)
#define OID_CERTIFICATE_ISSUER OID(0x55, 0x1d, 0x1d)

struct entry {
    struct bytes serial, extensions;
};

static struct entry entry_read(struct der_reader *r)
{
    struct entry x = {0};
    struct der_reader inside = der_inside(r, der_read(r, DER_SEQUENCE));
    x.serial = der_read_integer(&inside);
    (void)der_read_time(&inside);
    if (der_more(&inside)) x.extensions = der_read(&inside, DER_SEQUENCE);
    if (!inside.failed && !der_more(&inside)) return x;
    if (!r->failed) der_fail(r, inside.failed ? inside.problem : "more than an entry has");
    return (struct entry){0};
}

static void read_tbs(struct der_reader *t, struct crl *l, struct bytes *algorithm, struct bytes *extensions)
{
    if (der_read_small(t, 1) != 1) der_fail(t, "a version other than 2");
    *algorithm = der_read_whole(t, DER_SEQUENCE);
    l->issuer = name_read(t);
    l->this_update = der_read_time(t);
    if (der_peek(t) != DER_UTC_TIME && der_peek(t) != DER_GENERALIZED_TIME) der_fail(t, "no time of the next update");
    l->next_update = der_read_time(t);
    if (der_peek(t) == DER_SEQUENCE) l->revoked = der_read(t, DER_SEQUENCE);
    if (!der_more(t)) return;
    struct der_reader inside = der_inside(t, der_read(t, DER_CONTEXT_CONSTRUCTED + 0));
    *extensions = der_read(&inside, DER_SEQUENCE);
    if (inside.failed || der_more(&inside)) der_fail(t, "extensions that are not a sequence");
}

/* Whether the list is read at all is the form's question: what is wrong with it keeps its message, not its code. */
static enum status as_format(enum status status, struct error *e)
{
    if (status == STATUS_INVALID && e) e->code = TEE_CRL_FORMAT;
    return status;
}

static enum status check_entries(const struct crl *l, struct error *e)
{
    const struct bytes known[] = {OID_REASON_CODE, OID_INVALIDITY_DATE};
    struct bytes ignored;
    struct der_reader r = der_reader_of(l->revoked);
    while (der_more(&r)) {
        const struct entry x = entry_read(&r);
        if (r.failed) break;
        enum status status = extensions_check(x.extensions, known, 2, "revocation list's entry", e);
        if (status != STATUS_OK) return as_format(status, e);
        if (extension_find(x.extensions, OID_CERTIFICATE_ISSUER, &ignored))
            return tee_refuse(e, TEE_CRL_FORMAT, "an indirect revocation list");
    }
    return der_finish(&r, "revocation list's entries", e);
}

static enum status check_extensions(struct bytes list, struct error *e)
{
    const struct bytes known[] = {OID_CRL_NUMBER, OID_AUTHORITY_KEY_ID};
    struct bytes ignored;
    if (extension_find(list, OID_DELTA_CRL, &ignored))
        return tee_refuse(e, TEE_CRL_FORMAT, "a delta revocation list; a complete one is needed");
    if (extension_find(list, OID_ISSUING_DISTRIBUTION_POINT, &ignored))
        return tee_refuse(e, TEE_CRL_FORMAT, "a revocation list for some certificates only, or an indirect one");
    return as_format(extensions_check(list, known, 2, "revocation list", e), e);
}

static enum status read_parts(struct bytes der, struct crl *l, struct error *e)
{
    struct der_reader outer = der_reader_of(der);
    struct der_reader r = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    struct bytes inner_algorithm = {0}, extensions = {0};
    unsigned unused;
    l->der = der;
    l->tbs = der_read_whole(&r, DER_SEQUENCE);
    const struct bytes algorithm = der_read_whole(&r, DER_SEQUENCE);
    l->signature = der_read_bits(&r, &unused);
    if (unused) der_fail(&r, "a signature that is not of whole bytes");
    if (der_finish(&outer, "revocation list", e) != STATUS_OK || der_finish(&r, "revocation list", e) != STATUS_OK)
        return STATUS_INVALID;
    struct der_reader whole = der_inside(&outer, l->tbs);
    struct der_reader t = der_inside(&whole, der_read(&whole, DER_SEQUENCE));
    read_tbs(&t, l, &inner_algorithm, &extensions);
    if (der_finish(&t, "revocation list", e) != STATUS_OK) return as_format(STATUS_INVALID, e);
    if (!bytes_equal(inner_algorithm, algorithm))
        return tee_refuse(e, TEE_ALG, "revocation list: it names two different signature algorithms");
    enum status status = signature_algorithm_read(algorithm, &l->signature_kind, e);
    if (status == STATUS_OK) status = check_extensions(extensions, e);
    if (status == STATUS_OK) status = check_entries(l, e);
    return status;
}

enum status crl_read(struct bytes der, struct crl *out, struct error *e)
{
    struct crl l = {0};
    const enum status status = read_parts(der, &l, e);
    *out = status == STATUS_OK ? l : (struct crl){0};
    return status;
}

enum status crl_verify(const struct crl *l, const struct certificate *issuer, int64_t at, enum tee_refusal expired,
                       struct error *e)
{
    if (!bytes_equal(l->issuer, issuer->subject))
        return tee_refuse(e, TEE_CRL_ISSUER, "the revocation list is not this certificate authority's");
    if (issuer->has_key_usage && !(issuer->key_usage & KEY_USAGE_CRL_SIGN))
        return tee_refuse(e, TEE_CRL_ISSUER, "the revocation list's issuer may not sign such lists");
    const enum status status = signature_check(l->tbs, l->signature_kind, l->signature, &issuer->key,
                                               TEE_CRL_SIGNATURE, "revocation list", e);
    if (status != STATUS_OK) return status;
    if (at < l->this_update)
        return tee_refuse(e, expired, "the revocation list is of a later time than that of checking");
    if (at > l->next_update) return tee_refuse(e, expired, "the revocation list's next update has passed");
    return STATUS_OK;
}

bool crl_lists(const struct crl *l, struct bytes serial)
{
    struct der_reader r = der_reader_of(l->revoked);
    while (der_more(&r)) {
        const struct entry x = entry_read(&r);
        if (!r.failed && bytes_equal(x.serial, serial)) return true;
    }
    return false;
}
