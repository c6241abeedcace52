#include "tee/snp_report.h"

enum { VERSION_MIN = 2, VERSION_MAX = 5, HAS_PROCESSOR = 3, HAS_MITIGATIONS = 5, COMPONENT = 72, NUMBER = 48 };

static const char *const products[] = {"unknown", "Milan", "Genoa", "Turin"};
enum { PRODUCTS = sizeof products / sizeof *products };

const char *snp_product_name(enum snp_product p)
{
    return products[(unsigned)p < PRODUCTS ? p : SNP_PRODUCT_NONE];
}

enum snp_product snp_product_named(struct bytes name)
{
    for (unsigned p = SNP_PRODUCT_MILAN; p < PRODUCTS; p++)
        if (bytes_equal(name, bytes_of_string(products[p]))) return (enum snp_product)p;
    return SNP_PRODUCT_NONE;
}

enum snp_product snp_report_product(const struct snp_report *r)
{
    if (!r->has_processor) return SNP_PRODUCT_NONE;
    if (r->family == 0x19 && r->model <= 0x0f) return SNP_PRODUCT_MILAN;
    if (r->family == 0x19 && r->model >= 0x10 && r->model <= 0x1f) return SNP_PRODUCT_GENOA;
    if (r->family == 0x19 && r->model >= 0xa0 && r->model <= 0xaf) return SNP_PRODUCT_GENOA;
    if (r->family == 0x1a && r->model <= 0x11) return SNP_PRODUCT_TURIN;
    return SNP_PRODUCT_NONE;
}

/* What must be zero: [from, to) in reports of the versions min to max. */
static const struct {
    uint16_t from, to;
    uint8_t min, max;
} zeros[] = {
    {0x4c, 0x50, VERSION_MIN, VERSION_MAX},
    {0x188, 0x1a0, VERSION_MIN, HAS_PROCESSOR - 1},
    {0x18b, 0x1a0, HAS_PROCESSOR, VERSION_MAX},
    {0x1eb, 0x1ec, VERSION_MIN, VERSION_MAX},
    {0x1ef, 0x1f0, VERSION_MIN, VERSION_MAX},
    {0x1f8, 0x2a0, VERSION_MIN, HAS_MITIGATIONS - 1},
    {0x208, 0x2a0, HAS_MITIGATIONS, VERSION_MAX},
    {SNP_SIGNED_SIZE + 2 * COMPONENT, SNP_REPORT_SIZE, VERSION_MIN, VERSION_MAX},
};

static enum status check_zeros(const uint8_t *p, uint32_t version, struct error *e)
{
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        if (version < zeros[i].min || version > zeros[i].max) continue;
        for (size_t at = zeros[i].from; at < zeros[i].to; at++)
            if (p[at] != 0) {
                tee_refuse(e, TEE_RESERVED, "report: the byte at 0x%zx must be zero, it is 0x%02x", at, p[at]);
                if (e) e->offset = at;
                return STATUS_INVALID;
            }
    }
    return STATUS_OK;
}

static enum status check_form(struct bytes report, struct error *e)
{
    enum { ECDSA_P384_SHA384 = 1 };
    if (report.size != SNP_REPORT_SIZE)
        return tee_refuse(e, TEE_LENGTH, "report: %zu bytes, expected %d", report.size, SNP_REPORT_SIZE);
    const uint8_t *p = report.data;
    const uint32_t version = load_le32(p), algorithm = load_le32(p + 0x34), signer_info = load_le32(p + 0x48);
    const uint64_t policy = load_le64(p + 8);
    if (version < VERSION_MIN || version > VERSION_MAX)
        return tee_refuse(e, TEE_VERSION, "report: version %u, expected %d to %d", (unsigned)version, VERSION_MIN,
                          VERSION_MAX);
    if (algorithm != ECDSA_P384_SHA384)
        return tee_refuse(e, TEE_ALG, "report: signature algorithm %u, expected %d (ECDSA P-384 with SHA-384)",
                          (unsigned)algorithm, ECDSA_P384_SHA384);
    if (!(policy & SNP_POLICY_ONE))
        return tee_refuse(e, TEE_POLICY_BITS, "report: bit 17 of the guest policy must be set, the policy is 0x%llx",
                          (unsigned long long)policy);
    if (policy & SNP_POLICY_RESERVED)
        return tee_refuse(e, TEE_RESERVED, "report: reserved bits of the guest policy are set, it is 0x%llx",
                          (unsigned long long)policy);
    if (signer_info >> 5)
        return tee_refuse(e, TEE_RESERVED, "report: reserved bits of the signer's description are set, it is 0x%x",
                          (unsigned)signer_info);
    return check_zeros(p, version, e);
}

/* One number of the signature: 72 bytes, little-endian, of which P-384 uses 48. */
static enum status read_component(const uint8_t *p, const char *name, uint8_t out[NUMBER], struct error *e)
{
    for (int i = NUMBER; i < COMPONENT; i++)
        if (p[i] != 0) return tee_refuse(e, TEE_SIGNATURE, "report: %s of the signature has more than 384 bits", name);
    for (int i = 0; i < NUMBER; i++) out[i] = p[NUMBER - 1 - i];
    return STATUS_OK;
}

static struct snp_firmware firmware_at(const uint8_t *p)
{
    return (struct snp_firmware){.build = p[0], .minor = p[1], .major = p[2]};
}

static void read_numbers(const uint8_t *p, struct snp_report *r)
{
    const uint32_t signer_info = load_le32(p + 0x48);
    r->version = load_le32(p);
    r->guest_svn = load_le32(p + 4);
    r->policy = load_le64(p + 8);
    r->vmpl = load_le32(p + 0x30);
    r->platform_info = load_le64(p + 0x40);
    r->has_author_key = signer_info & 1;
    r->mask_chip_key = signer_info >> 1 & 1;
    r->signer = signer_info >> 2 & 7;
    r->current = firmware_at(p + 0x1e8);
    r->committed = firmware_at(p + 0x1ec);
    r->has_processor = r->version >= HAS_PROCESSOR;
    if (r->has_processor) {
        r->family = p[0x188];
        r->model = p[0x189];
        r->stepping = p[0x18a];
    }
    if (r->version >= HAS_MITIGATIONS) {
        r->launch_mitigations = load_le64(p + 0x1f8);
        r->current_mitigations = load_le64(p + 0x200);
    }
}

static void read_fields(const uint8_t *p, struct snp_report *r)
{
    r->family_id = p + 0x10;
    r->image_id = p + 0x20;
    r->current_tcb = p + 0x38;
    r->report_data = p + SNP_REPORT_DATA_OFFSET;
    r->measurement = p + 0x90;
    r->host_data = p + 0xc0;
    r->id_key_digest = p + 0xe0;
    r->author_key_digest = p + 0x110;
    r->report_id = p + 0x140;
    r->report_id_ma = p + 0x160;
    r->reported_tcb = p + 0x180;
    r->chip_id = p + 0x1a0;
    r->committed_tcb = p + 0x1e0;
    r->launch_tcb = p + 0x1f0;
}

enum status snp_report_read(struct bytes report, struct snp_report *out, struct error *e)
{
    struct snp_report r = {0};
    *out = r;
    enum status status = check_form(report, e);
    if (status != STATUS_OK) return status;
    const uint8_t *signature = report.data + SNP_SIGNED_SIZE;
    status = read_component(signature, "r", r.signature, e);
    if (status == STATUS_OK) status = read_component(signature + COMPONENT, "s", r.signature + NUMBER, e);
    if (status != STATUS_OK) return status;
    r.signed_part = bytes_of(report.data, SNP_SIGNED_SIZE);
    read_numbers(report.data, &r);
    read_fields(report.data, &r);
    *out = r;
    return STATUS_OK;
}
