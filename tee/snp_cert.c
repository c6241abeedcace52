#include "tee/snp_cert.h"

enum { HWID_SIZE = 64, HWID_SIZE_TURIN = 8, NOT_IN_TCB = SNP_TCB_SIZE };

/* 1.3.6.1.4.1.3704.1.`arc`, and one more for TCB parts */
#define AMD 0x2b, 0x06, 0x01, 0x04, 0x01, 0x9c, 0x78, 0x01
static const uint8_t oid_structure[] = {AMD, 1}, oid_product[] = {AMD, 2}, oid_hwid[] = {AMD, 4}, oid_csp[] = {AMD, 5};
static const uint8_t oid_part[] = {AMD, 3}; /* .1 to .9 */

static bool find(const struct certificate *c, const uint8_t *oid, size_t size, struct bytes *value)
{
    return certificate_extension(c, bytes_of(oid, size), value);
}

/* Where a part of the TCB version stands in a report's eight bytes: Milan and Genoa, Turin. */
static const struct {
    const char *name;
    uint8_t arc, place[2];
} parts[] = {
    {"boot loader", 1, {0, 1}}, {"tee", 2, {1, 2}},
    {"snp", 3, {6, 3}},         {"spl4", 4, {2, NOT_IN_TCB}},
    {"spl5", 5, {3, 4}},        {"spl6", 6, {4, 5}},
    {"spl7", 7, {5, 6}},        {"microcode", 8, {7, 7}},
    {"fmc", 9, {NOT_IN_TCB, 0}},
};
enum { PARTS = sizeof parts / sizeof *parts };

/* An INTEGER from 0 to `max` that is all of the extension. */
static enum status read_number(const struct certificate *c, struct bytes oid, const char *name, uint64_t max,
                               uint64_t *out, struct error *e)
{
    struct bytes value;
    if (!certificate_extension(c, oid, &value))
        return tee_refuse(e, TEE_EXTENSION, "certificate: the extension of %s is missing", name);
    struct der_reader r = der_reader_of(value);
    *out = der_read_small(&r, max);
    if (der_finish(&r, name, e) == STATUS_OK) return STATUS_OK;
    return tee_refuse(e, TEE_EXTENSION, "certificate: the extension of %s is not a number from 0 to %llu", name,
                      (unsigned long long)max);
}

static enum status read_tcb(const struct certificate *c, bool turin, uint8_t tcb[SNP_TCB_SIZE], struct error *e)
{
    memset(tcb, 0, SNP_TCB_SIZE);
    for (size_t i = 0; i < PARTS; i++) {
        uint8_t oid[sizeof oid_part + 1];
        uint64_t number = 0;
        struct bytes ignored;
        const unsigned at = parts[i].place[turin];
        memcpy(oid, oid_part, sizeof oid_part);
        oid[sizeof oid_part] = parts[i].arc;
        /* A part that this product's reports do not have may be left out, or be 0. */
        if (at == NOT_IN_TCB && !find(c, oid, sizeof oid, &ignored)) continue;
        const enum status status = read_number(c, bytes_of(oid, sizeof oid), parts[i].name, at == NOT_IN_TCB ? 0 : 255,
                                               &number, e);
        if (status != STATUS_OK) return status;
        if (at != NOT_IN_TCB) tcb[at] = (uint8_t)number;
    }
    return STATUS_OK;
}

/* Processors of the Genoa line are also called Bergamo and Siena. */
static enum snp_product line_of(struct bytes name)
{
    const uint8_t *dash = name.size ? memchr(name.data, '-', name.size) : NULL;
    const struct bytes word = bytes_of(name.data, dash ? (size_t)(dash - name.data) : name.size);
    if (bytes_equal(word, bytes_of_string("Siena")) || bytes_equal(word, bytes_of_string("Bergamo")))
        return SNP_PRODUCT_GENOA;
    return snp_product_named(word);
}

/* An IA5String that is all of the extension, without control characters. Empty: it is not. */
static struct bytes read_text(struct bytes value)
{
    struct der_reader r = der_reader_of(value);
    const struct bytes text = der_read(&r, DER_IA5_STRING);
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~') return (struct bytes){0};
    return r.failed || der_more(&r) ? (struct bytes){0} : text;
}

static enum status read_product(const struct certificate *c, enum snp_product product, struct snp_cert *out,
                                struct error *e)
{
    struct bytes value;
    uint64_t structure = 0;
    const enum status status = read_number(c, bytes_of(oid_structure, sizeof oid_structure), "structure version", 255,
                                           &structure, e);
    if (status != STATUS_OK) return status;
    if (!find(c, oid_product, sizeof oid_product, &value))
        return tee_refuse(e, TEE_EXTENSION, "certificate: the extension of product name is missing");
    out->product_name = read_text(value);
    if (out->product_name.size == 0)
        return tee_refuse(e, TEE_EXTENSION, "certificate: the extension of product name is not a text");
    if (line_of(out->product_name) != product)
        return tee_refuse(e, TEE_PRODUCT, "certificate: it is for %.*s, its chain for %s",
                          (int)(out->product_name.size < 32 ? out->product_name.size : 32),
                          (const char *)out->product_name.data, snp_product_name(product));
    if (structure != (product == SNP_PRODUCT_TURIN))
        return tee_refuse(e, TEE_EXTENSION, "certificate: structure version %llu, which is not that of %s",
                          (unsigned long long)structure, snp_product_name(product));
    return STATUS_OK;
}

/* The HWID is raw: the octets of the extension themselves, without a tag. */
static enum status read_owner(const struct certificate *c, enum snp_signer kind, enum snp_product product,
                              struct snp_cert *out, struct error *e)
{
    struct bytes csp;
    const bool has_hwid = find(c, oid_hwid, sizeof oid_hwid, &out->hwid);
    const bool has_csp = find(c, oid_csp, sizeof oid_csp, &csp);
    const size_t size = product == SNP_PRODUCT_TURIN ? HWID_SIZE_TURIN : HWID_SIZE;
    if (kind == SNP_VLEK) {
        if (has_hwid) return tee_refuse(e, TEE_HWID, "certificate: a VLEK's that is for one chip");
        out->csp_id = has_csp ? read_text(csp) : (struct bytes){0};
        if (out->csp_id.size == 0)
            return tee_refuse(e, TEE_EXTENSION, "certificate: a VLEK's without its provider's name");
        return STATUS_OK;
    }
    if (has_csp) return tee_refuse(e, TEE_EXTENSION, "certificate: a VCEK's with a provider's name");
    if (!has_hwid) return tee_refuse(e, TEE_HWID, "certificate: it names no chip");
    if (out->hwid.size != size)
        return tee_refuse(e, TEE_HWID, "certificate: a chip's name of %zu bytes, expected %zu", out->hwid.size, size);
    return STATUS_OK;
}

enum status snp_cert_read(const struct certificate *c, enum snp_signer kind, enum snp_product product,
                          struct snp_cert *out, struct error *e)
{
    struct snp_cert found = {0};
    enum status status = read_product(c, product, &found, e);
    if (status == STATUS_OK) status = read_tcb(c, product == SNP_PRODUCT_TURIN, found.tcb, e);
    if (status == STATUS_OK) status = read_owner(c, kind, product, &found, e);
    *out = status == STATUS_OK ? found : (struct snp_cert){0};
    return status;
}
