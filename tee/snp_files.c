#include "tee/snp_files.h"

#include "tee/snp_cert_table.h"

static enum status add_certificate(struct snp_files *f, struct bytes der, struct error *e)
{
    for (uint32_t i = 0; i < f->certificate_count; i++)
        if (bytes_equal(f->certificates[i].der, der)) return STATUS_OK;
    if (f->certificate_count == SNP_MAX_CERTIFICATES)
        return tee_refuse(e, TEE_LIMIT, "more than %d certificates", SNP_MAX_CERTIFICATES);
    const enum status status = certificate_read(der, NULL, 0, &f->certificates[f->certificate_count], e);
    if (status == STATUS_OK) f->certificate_count++;
    return status;
}

static enum status add_crl(struct snp_files *f, struct bytes der, struct error *e)
{
    if (f->crl_count == SNP_MAX_CRLS) return tee_refuse(e, TEE_LIMIT, "more than %d revocation lists", SNP_MAX_CRLS);
    const enum status status = crl_read(der, &f->crls[f->crl_count], e);
    if (status == STATUS_OK) f->crl_count++;
    return status;
}

/* A certificate's signed part begins with its version in [0], a revocation list's with an INTEGER. */
static enum status add_der(struct snp_files *f, struct bytes der, struct error *e)
{
    struct der_reader outer = der_reader_of(der);
    struct der_reader whole = der_inside(&outer, der_read(&outer, DER_SEQUENCE));
    const struct der_reader signed_part = der_inside(&whole, der_read(&whole, DER_SEQUENCE));
    return der_peek(&signed_part) == DER_INTEGER ? add_crl(f, der, e) : add_certificate(f, der, e);
}

static struct bytes trim(struct bytes b)
{
    while (b.size && (*b.data == ' ' || *b.data == '\t' || *b.data == '\r' || *b.data == '\n')) {
        b.data++;
        b.size--;
    }
    return b;
}

static bool begins_with(struct bytes b, const char *text)
{
    const size_t size = strlen(text);
    return b.size >= size && memcmp(b.data, text, size) == 0;
}

static enum status add_pem(struct snp_files *f, struct bytes pem, struct error *e)
{
    struct error found = {0};
    struct bytes der;
    for (;;) {
        const bool crl = begins_with(trim(pem), "-----BEGIN X509 CRL-----");
        if (!pem_next(&pem, crl ? "X509 CRL" : "CERTIFICATE", &f->arena, &der, &found)) break;
        const enum status status = crl ? add_crl(f, der, e) : add_certificate(f, der, e);
        if (status != STATUS_OK) return status;
    }
    if (found.status != STATUS_OK && e) *e = found;
    return found.status;
}

static enum status add_any(struct snp_files *f, struct bytes data, struct error *e)
{
    if (begins_with(trim(data), "-----BEGIN ")) return add_pem(f, data, e);
    return add_der(f, data, e);
}

/* A member of a table; `other` is the common name of what must not be there. */
static enum status add_member(struct snp_files *f, struct bytes data, const char *other, struct error *e)
{
    const uint32_t before = f->certificate_count;
    if (data.size == 0) return STATUS_OK;
    const enum status status = add_any(f, data, e);
    for (uint32_t i = before; i < f->certificate_count && status == STATUS_OK && other; i++)
        if (name_common_name_is(f->certificates[i].subject, other))
            return tee_refuse(e, TEE_SIGNER, "certificate table: a certificate of %s in another one's place", other);
    return status;
}

static enum status add_table(struct snp_files *f, struct bytes data, struct error *e)
{
    struct snp_cert_table table;
    enum status status = snp_cert_table_read(data, &table, e);
    if (status == STATUS_OK) status = add_member(f, table.vcek, "SEV-VLEK", e);
    if (status == STATUS_OK) status = add_member(f, table.vlek, "SEV-VCEK", e);
    if (status == STATUS_OK) status = add_member(f, table.ask, NULL, e);
    if (status == STATUS_OK) status = add_member(f, table.ark, NULL, e);
    if (status == STATUS_OK) status = add_member(f, table.crl, NULL, e);
    return status;
}

static enum status add_file(struct snp_files *f, const struct tee_file *file, struct error *e)
{
    struct error found = {0};
    const struct bytes text = trim(file->data);
    const bool table = !begins_with(text, "-----BEGIN ") && (file->data.size == 0 || file->data.data[0] != DER_SEQUENCE);
    const enum status status = table ? add_table(f, file->data, &found) : add_any(f, file->data, &found);
    if (status == STATUS_INVALID)
        return tee_refuse(e, (enum tee_refusal)found.code, "%s: %s", file->name ? file->name : "file", found.message);
    if (status != STATUS_OK && e) *e = found;
    return status;
}

enum status snp_files_read(const struct tee_file *files, uint32_t count, struct snp_files *out, struct error *e)
{
    enum status status = STATUS_OK;
    *out = (struct snp_files){0};
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) status = add_file(out, &files[i], e);
    if (status != STATUS_OK) snp_files_free(out);
    return status;
}

void snp_files_free(struct snp_files *f)
{
    arena_free(&f->arena);
    *f = (struct snp_files){0};
}
