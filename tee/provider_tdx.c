/* Intel TDX: quotes by configfs-tsm. /dev/tdx_guest gives only a report for this machine (TDREPORT), which tells what a
 * quote would say but proves nothing elsewhere. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "tee/device.h"
#include "tee/tsm.h"

#define TDX_DEVICE "/dev/tdx_guest"
#define TDX_REGISTERS "/sys/devices/virtual/misc/tdx_guest/measurements"

static const char tsm_name[] = "tdx_guest";

/* Linux' struct tdx_report_req (uapi/linux/tdx-guest.h). */
struct tdx_report_request {
    uint8_t report_data[64];
    uint8_t report[1024];
};
_Static_assert(sizeof(struct tdx_report_request) == 1088, "as the kernel has it");
#define TDX_GET_REPORT _IOWR('T', 1, struct tdx_report_request)

/* ---- quotes ------------------------------------------------------------------------------------------------------ */

/* Report data in a quote of version 4, or of version 5 with one of the bodies for TDX. */
static bool quote_report_data(struct bytes quote, struct bytes *out)
{
    enum { HEADER = 48, BODY_HEAD = 6, IN_BODY = 520, SIZE = 64, TD_10 = 2, TD_15 = 3, TEE_TYPE = 0x81 };
    if (quote.size < HEADER + BODY_HEAD || load_le32(quote.data + 4) != TEE_TYPE) return false;
    const unsigned version = load_le16(quote.data), type = load_le16(quote.data + HEADER);
    if (version != 4 && (version != 5 || (type != TD_10 && type != TD_15))) return false;
    const size_t at = HEADER + (version == 5 ? BODY_HEAD : 0) + IN_BODY;
    if (quote.size < at + SIZE) return false;
    *out = bytes_of(quote.data + at, SIZE);
    return true;
}

static enum status tdx_generate(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                                struct error *e)
{
    enum { QUOTE_MAX = 8192 };
    const struct bytes asked = bytes_of(q->report_data, sizeof q->report_data);
    const struct tsm_request request = {.provider = tsm_name, .report_data = asked, .max = QUOTE_MAX};
    struct tee_generated made = {.platform = TEE_TDX};
    struct bytes found;
    enum status status = tsm_report(s, &request, &made.evidence, NULL, NULL, e);
    if (status == STATUS_OK && !quote_report_data(bytes_of(made.evidence.data, made.evidence.size), &found))
        status = tee_refuse(e, TEE_FORMAT, "what the device made (%zu bytes) is no TDX quote of version 4 or 5",
                            made.evidence.size);
    if (status == STATUS_OK) status = device_check_report_data("quote", found, asked, e);
    if (status == STATUS_OK) *out = made;
    else tee_generated_free(&made);
    return status;
}

static bool tdx_probe(const struct tee_system *s, struct buffer *detail)
{
    char name[DEVICE_LINE];
    struct error e;
    if (tsm_provider(s, name, NULL, &e) != STATUS_OK) {
        buffer_append_string(detail, e.message);
        return false;
    }
    buffer_printf(detail, "%s: %s", TSM_REPORTS, name);
    return strcmp(name, tsm_name) == 0;
}

/* ---- what is known about the guest ------------------------------------------------------------------------------- */

static void print_hex(struct buffer *out, const char *name, const uint8_t *data, size_t size)
{
    buffer_printf(out, "%s: ", name);
    for (size_t i = 0; i < size; i++) buffer_printf(out, "%02x", data[i]);
    buffer_append_byte(out, '\n');
}

/* Fields of TDINFO in a TDREPORT (Intel TDX module, ABI specification). */
static const struct {
    const char *name;
    uint16_t offset, size;
} report_fields[] = {
    {"td_attributes", 512, 8},   {"xfam", 520, 8},  {"mr_td", 528, 48}, {"mr_config_id", 576, 48},
    {"mr_owner", 624, 48},       {"mr_owner_config", 672, 48},          {"rtmr0", 720, 48},
    {"rtmr1", 768, 48},          {"rtmr2", 816, 48},                    {"rtmr3", 864, 48},
};

static enum status describe_report(const struct tee_system *s, struct buffer *out, struct error *e)
{
    struct tdx_report_request *request = calloc(1, sizeof *request);
    if (!request) return error_no_memory(e);
    int fd;
    enum status status = device_open(s, TDX_DEVICE, O_RDWR, &fd, e);
    if (status == STATUS_OK) {
        struct error ignored;
        status = device_ioctl(s, fd, TDX_DEVICE, TDX_GET_REPORT, request, e);
        device_close(s, fd, TDX_DEVICE, &ignored);
    }
    for (size_t i = 0; i < sizeof report_fields / sizeof *report_fields && status == STATUS_OK; i++)
        print_hex(out, report_fields[i].name, request->report + report_fields[i].offset, report_fields[i].size);
    free(request);
    return status;
}

/* Newer kernels show the registers as files. */
static void describe_registers(const struct tee_system *s, struct buffer *out)
{
    for (unsigned i = 0; i < 4; i++) {
        char path[128], name[32];
        struct buffer value = {0};
        struct error e;
        snprintf(path, sizeof path, "%s/rtmr%u:sha384", TDX_REGISTERS, i);
        snprintf(name, sizeof name, "rtmr%u:sha384", i);
        if (device_read_file(s, path, 48, TEE_FORMAT, &value, &e) == STATUS_OK && value.size == 48)
            print_hex(out, name, value.data, value.size);
        buffer_free(&value);
    }
}

static enum status tdx_describe(const struct tee_system *s, struct buffer *out, struct error *e)
{
    const enum status status = describe_report(s, out, e);
    if (status != STATUS_OK) return status;
    buffer_append_string(out, "local report: " TDX_DEVICE " (for this machine only, no quote)\n");
    describe_registers(s, out);
    buffer_append_string(out, "quotes: ");
    tdx_probe(s, out);
    buffer_append_byte(out, '\n');
    return out->failed ? error_no_memory(e) : STATUS_OK;
}

const struct tee_provider tee_provider_tdx = {
    .name = "tdx",
    .summary = "Intel TDX guest, by configfs-tsm",
    .probe = tdx_probe,
    .describe = tdx_describe,
    .generate = tdx_generate,
};
