/* Reading a certificate: RFC 5280, 4.1 and 4.2. */
#include "tee/x509_parts.h"

enum { MAX_CERTIFICATE = 16384, MAX_SERIAL = 21 /* 20 bytes and the sign */, MAX_KNOWN = 16, MAX_PATH_LENGTH = 255 };

struct parts {
    struct bytes inner_algorithm, algorithm;
};

static void read_tbs(struct der_reader *t, struct certificate *c, struct parts *p)
{
    struct der_reader version = der_inside(t, der_read(t, DER_CONTEXT_CONSTRUCTED + 0));
    if (der_read_small(&version, 2) != 2 || der_more(&version)) der_fail(t, "a version other than 3");
    c->serial = der_read_integer(t);
    p->inner_algorithm = der_read_whole(t, DER_SEQUENCE);
    c->issuer = name_read(t);
    struct der_reader validity = der_inside(t, der_read(t, DER_SEQUENCE));
    c->not_before = der_read_time(&validity);
    c->not_after = der_read_time(&validity);
    if (validity.failed || der_more(&validity)) der_fail(t, "a validity that is not two times");
    c->subject = name_read(t);
    c->key_der = der_read_whole(t, DER_SEQUENCE);
    if (!der_more(t)) return;
    struct der_reader extensions = der_inside(t, der_read(t, DER_CONTEXT_CONSTRUCTED + 3));
    c->extensions = der_read(&extensions, DER_SEQUENCE);
    if (extensions.failed || der_more(&extensions) || c->extensions.size == 0)
        der_fail(t, "extensions that are not a sequence of some");
}

static enum status read_outer(struct bytes der, struct certificate *c, struct parts *p, struct error *e)
{
    struct der_reader outer = der_reader_of(der);
    struct der_reader r = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    unsigned unused;
    c->der = der;
    c->tbs = der_read_whole(&r, DER_SEQUENCE);
    p->algorithm = der_read_whole(&r, DER_SEQUENCE);
    c->signature = der_read_bits(&r, &unused);
    if (unused) der_fail(&r, "a signature that is not of whole bytes");
    if (der_finish(&outer, "certificate", e) != STATUS_OK || der_finish(&r, "certificate", e) != STATUS_OK)
        return STATUS_INVALID;
    struct der_reader whole = der_inside(&outer, c->tbs);
    struct der_reader t = der_inside(&whole, der_read(&whole, DER_SEQUENCE));
    read_tbs(&t, c, p);
    return der_finish(&t, "certificate", e);
}

static enum status read_key_usage(struct certificate *c, struct bytes value, struct error *e)
{
    struct der_reader r = der_reader_of(value);
    unsigned unused;
    const struct bytes bits = der_read_bits(&r, &unused);
    /* They should end with the last that is set, but AMD's go on to the end of the byte. */
    if (!r.failed && (bits.size < 1 || bits.size > 2)) der_fail(&r, "not bits of key usages");
    if (der_finish(&r, "key usage", e) != STATUS_OK) return STATUS_INVALID;
    for (unsigned i = 0; i < 8 * bits.size; i++)
        if (bits.data[i / 8] >> (7 - i % 8) & 1) c->key_usage |= (uint16_t)(1u << i);
    c->has_key_usage = true;
    return STATUS_OK;
}

static enum status read_basic_constraints(struct certificate *c, struct bytes value, struct error *e)
{
    struct der_reader outer = der_reader_of(value);
    struct der_reader r = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    if (der_more(&r)) {
        c->is_ca = der_read_bool(&r);
        if (!r.failed && !c->is_ca) der_fail(&r, "a default value that is written out");
    }
    if (der_more(&r)) c->path_length = (int)der_read_small(&r, MAX_PATH_LENGTH);
    if (der_finish(&outer, "basic constraints", e) != STATUS_OK) return STATUS_INVALID;
    return der_finish(&r, "basic constraints", e);
}

static enum status read_extensions(struct certificate *c, const struct bytes *known, size_t known_count,
                                   struct error *e)
{
    struct bytes all[MAX_KNOWN] = {OID_BASIC_CONSTRAINTS, OID_KEY_USAGE}, value;
    if (known_count > MAX_KNOWN - 2)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "more known extensions than %d", MAX_KNOWN - 2);
    for (size_t i = 0; i < known_count; i++) all[2 + i] = known[i];
    enum status status = extensions_check(c->extensions, all, 2 + known_count, "certificate", e);
    if (status == STATUS_OK && certificate_extension(c, OID_KEY_USAGE, &value)) status = read_key_usage(c, value, e);
    if (status == STATUS_OK && certificate_extension(c, OID_BASIC_CONSTRAINTS, &value))
        status = read_basic_constraints(c, value, e);
    return status;
}

static enum status read_parts(struct bytes der, const struct bytes *known, size_t known_count, struct certificate *c,
                              struct error *e)
{
    struct parts p;
    if (der.size > MAX_CERTIFICATE)
        return tee_refuse(e, TEE_LIMIT, "a certificate of %zu bytes; at most %d", der.size, MAX_CERTIFICATE);
    enum status status = read_outer(der, c, &p, e);
    if (status != STATUS_OK) return status;
    if (c->serial.size > MAX_SERIAL)
        return tee_refuse(e, TEE_LIMIT, "certificate: a serial number of %zu bytes", c->serial.size);
    if (!bytes_equal(p.inner_algorithm, p.algorithm))
        return tee_refuse(e, TEE_ALG, "certificate: it names two different signature algorithms");
    status = signature_algorithm_read(p.algorithm, &c->signature_kind, e);
    if (status == STATUS_OK) status = public_key_read(c->key_der, &c->key, e);
    if (status == STATUS_OK) status = read_extensions(c, known, known_count, e);
    return status;
}

enum status certificate_read(struct bytes der, const struct bytes *known, size_t known_count, struct certificate *out,
                             struct error *e)
{
    struct certificate c = {.path_length = -1};
    const enum status status = read_parts(der, known, known_count, &c, e);
    *out = status == STATUS_OK ? c : (struct certificate){0};
    return status;
}

bool certificate_extension(const struct certificate *c, struct bytes oid, struct bytes *value)
{
    return extension_find(c->extensions, oid, value);
}

enum status certificate_signed_by(const struct certificate *c, const struct certificate *issuer, struct error *e)
{
    return signature_check(c->tbs, c->signature_kind, c->signature, &issuer->key, TEE_CERT_SIGNATURE, "certificate", e);
}
