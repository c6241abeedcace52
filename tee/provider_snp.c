/* AMD SEV-SNP: reports by configfs-tsm or, where the kernel has none, by /dev/sev-guest; the same hardware answers. */
#include "tee/device.h"
#include "tee/sev_guest.h"
#include "tee/tsm.h"

static const char tsm_name[] = "sev_guest";

static enum status make_report(const struct tee_system *s, struct bytes asked, struct tee_generated *made,
                               struct error *e)
{
    const struct tsm_request request = {.provider = tsm_name, .privilege_level = true, .report_data = asked,
                                        .max = SNP_REPORT_SIZE, .auxiliary = true};
    struct error by_tsm, by_device;
    bool absent;
    enum status status = tsm_report(s, &request, &made->evidence, &made->auxiliary, &absent, &by_tsm);
    if (!absent) {
        if (status != STATUS_OK && e) *e = by_tsm;
        return status;
    }
    status = sev_guest_report(s, asked.data, &made->evidence, &made->auxiliary, &by_device);
    if (status == STATUS_INVALID && by_device.code == TEE_NO_DEVICE)
        return tee_refuse(e, TEE_NO_DEVICE, "%.110s; %.110s", by_tsm.message, by_device.message);
    if (status != STATUS_OK && e) *e = by_device;
    return status;
}

static enum status check_report(struct bytes report, struct bytes asked, struct error *e)
{
    if (report.size != SNP_REPORT_SIZE)
        return tee_refuse(e, TEE_FORMAT, "the report has %zu bytes, expected %d", report.size, SNP_REPORT_SIZE);
    return device_check_report_data("report", bytes_of(report.data + SNP_REPORT_DATA_AT, SNP_REPORT_DATA_SIZE), asked,
                                    e);
}

static enum status snp_generate(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                                struct error *e)
{
    const struct bytes asked = bytes_of(q->report_data, sizeof q->report_data);
    struct tee_generated made = {.platform = TEE_SNP};
    enum status status = make_report(s, asked, &made, e);
    if (status == STATUS_OK) status = check_report(bytes_of(made.evidence.data, made.evidence.size), asked, e);
    if (status == STATUS_OK) *out = made;
    else tee_generated_free(&made);
    return status;
}

static bool has_device(const struct tee_system *s, struct buffer *detail)
{
    struct error e, ignored;
    int fd;
    if (device_open(s, SEV_GUEST_DEVICE, 0, &fd, &e) != STATUS_OK) {
        buffer_append_string(detail, e.message);
        return false;
    }
    device_close(s, fd, SEV_GUEST_DEVICE, &ignored);
    buffer_append_string(detail, SEV_GUEST_DEVICE);
    return true;
}

static bool snp_probe(const struct tee_system *s, struct buffer *detail)
{
    char name[DEVICE_LINE];
    struct error e;
    bool absent;
    const enum status status = tsm_provider(s, name, &absent, &e);
    if (status == STATUS_OK) {
        buffer_printf(detail, "%s: %s", TSM_REPORTS, name);
        return strcmp(name, tsm_name) == 0;
    }
    if (absent) return has_device(s, detail);
    buffer_append_string(detail, e.message);
    return false;
}

/* ---- what is known about the guest ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    uint16_t offset, size;
} report_fields[] = {
    {"version", 0x00, 4},         {"guest_svn", 0x04, 4},        {"policy", 0x08, 8},
    {"family_id", 0x10, 16},      {"image_id", 0x20, 16},        {"vmpl", 0x30, 4},
    {"current_tcb", 0x38, 8},     {"platform_info", 0x40, 8},    {"measurement", 0x90, 48},
    {"host_data", 0xc0, 32},      {"id_key_digest", 0xe0, 48},   {"author_key_digest", 0x110, 48},
    {"reported_tcb", 0x180, 8},   {"chip_id", 0x1a0, 64},        {"committed_tcb", 0x1e0, 8},
};

/* The bytes are shown in the report's order. */
static enum status snp_describe(const struct tee_system *s, struct buffer *out, struct error *e)
{
    static const struct tee_request nothing;
    struct tee_generated made = {0};
    const enum status status = snp_generate(s, &nothing, &made, e);
    if (status != STATUS_OK) return status;
    for (size_t i = 0; i < sizeof report_fields / sizeof *report_fields; i++) {
        buffer_printf(out, "%s: ", report_fields[i].name);
        for (size_t j = 0; j < report_fields[i].size; j++)
            buffer_printf(out, "%02x", made.evidence.data[report_fields[i].offset + j]);
        buffer_append_byte(out, '\n');
    }
    buffer_printf(out, "certificate table: %zu bytes\n", made.auxiliary.size);
    tee_generated_free(&made);
    return out->failed ? error_no_memory(e) : STATUS_OK;
}

static enum status snp_root(const struct tee_system *s, uint8_t out[32], struct error *e)
{
    uint8_t key[32];
    enum status status = sev_guest_key(s, key, e);
    if (status == STATUS_OK) status = device_root(bytes_of(key, sizeof key), "snp", out, e);
    explicit_bzero(key, sizeof key);
    return status;
}

const struct tee_provider tee_provider_snp = {
    .name = "snp",
    .summary = "AMD SEV-SNP guest, by configfs-tsm or /dev/sev-guest",
    .probe = snp_probe,
    .describe = snp_describe,
    .generate = snp_generate,
    .derive_root = snp_root,
};
