#include "tee/issue_certificate.h"

#include "tee/der_write.h"

void issue_certificate_defaults(struct issue *i, const struct issue_key *key, const struct issue_key *signer,
                                struct issue_certificate *out)
{
    *out = (struct issue_certificate){
        .version = 2,
        .serial = issue_key_id(i, key),
        .not_before = ISSUE_NOT_BEFORE,
        .not_after = ISSUE_NOT_AFTER,
        .key = key,
        .algorithm = issue_algorithm_for(signer),
    };
}

void issue_basic_constraints(struct issue *i, struct issue_extensions *x, bool critical, bool ca, int path_length)
{
    struct buffer b = {0};
    const size_t at = der_open(&b, DER_SEQUENCE);
    if (ca) der_write_bool(&b, true);
    if (path_length >= 0) der_write_small(&b, (uint64_t)path_length);
    der_close(&b, at);
    issue_extension_add(i, x, OID_BASIC_CONSTRAINTS, critical, issue_take(i, &b));
}

void issue_key_usage(struct issue *i, struct issue_extensions *x, bool critical, uint32_t usage)
{
    struct buffer b = {0};
    der_write_flags(&b, usage);
    issue_extension_add(i, x, OID_KEY_USAGE, critical, issue_take(i, &b));
}

void issue_subject_key_id(struct issue *i, struct issue_extensions *x, const struct issue_key *key)
{
    struct buffer b = {0};
    der_write(&b, DER_OCTET_STRING, issue_key_id(i, key));
    issue_extension_add(i, x, OID_SUBJECT_KEY_ID, false, issue_take(i, &b));
}

void issue_authority_key_id(struct issue *i, struct issue_extensions *x, const struct issue_key *key)
{
    struct buffer b = {0};
    const size_t at = der_open(&b, DER_SEQUENCE);
    der_write(&b, DER_CONTEXT + 0, issue_key_id(i, key));
    der_close(&b, at);
    issue_extension_add(i, x, OID_AUTHORITY_KEY_ID, false, issue_take(i, &b));
}

/* CRLDistributionPoints with one point, whose full name is one URI (RFC 5280, 4.2.1.13). */
void issue_distribution_point(struct issue *i, struct issue_extensions *x, const char *uri)
{
    struct buffer b = {0};
    const size_t points = der_open(&b, DER_SEQUENCE), point = der_open(&b, DER_SEQUENCE);
    const size_t name = der_open(&b, DER_CONTEXT_CONSTRUCTED + 0), full = der_open(&b, DER_CONTEXT_CONSTRUCTED + 0);
    der_write(&b, DER_CONTEXT + 6, bytes_of_string(uri));
    der_close(&b, full);
    der_close(&b, name);
    der_close(&b, point);
    der_close(&b, points);
    issue_extension_add(i, x, OID_CRL_DISTRIBUTION_POINTS, false, issue_take(i, &b));
}

static void write_validity(struct buffer *b, const struct issue_certificate *c)
{
    const size_t at = der_open(b, DER_SEQUENCE);
    der_write_time(b, c->not_before);
    der_write_time(b, c->not_after);
    der_close(b, at);
}

struct bytes issue_certificate_tbs(struct issue *i, const struct issue_certificate *c)
{
    struct buffer b = {0};
    if (c->tbs.size) return c->tbs;
    const size_t tbs = der_open(&b, DER_SEQUENCE);
    if (c->version > 0) {
        const size_t version = der_open(&b, DER_CONTEXT_CONSTRUCTED + 0);
        der_write_small(&b, c->version);
        der_close(&b, version);
    }
    if (c->serial_contents.data) der_write(&b, DER_INTEGER, c->serial_contents);
    else der_write_integer(&b, c->serial);
    der_write_raw(&b, c->inner_algorithm.size ? c->inner_algorithm : issue_algorithm_identifier(i, &c->algorithm));
    der_write_raw(&b, issue_name_der(i, &c->issuer));
    write_validity(&b, c);
    der_write_raw(&b, issue_name_der(i, &c->subject));
    der_write_raw(&b, c->key_info.size ? c->key_info : issue_key_info(i, c->key));
    if (c->extensions.count > 0) {
        const size_t extensions = der_open(&b, DER_CONTEXT_CONSTRUCTED + 3);
        issue_extensions_write(&b, &c->extensions);
        der_close(&b, extensions);
    }
    der_close(&b, tbs);
    return issue_take(i, &b);
}

struct bytes issue_certificate(struct issue *i, const struct issue_certificate *c, const struct issue_key *signer)
{
    struct buffer b = {0};
    const struct bytes signed_ = issue_signed(i, issue_certificate_tbs(i, c), &c->algorithm, signer, c->signature);
    if (c->tail.size == 0) return signed_;
    der_write_raw(&b, signed_);
    der_write_raw(&b, c->tail);
    return issue_take(i, &b);
}
