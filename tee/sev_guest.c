#include "tee/sev_guest.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "tee/device.h"

/* ---- the kernel's structures ------------------------------------------------------------------------------------- */

struct snp_request {
    uint8_t message_version;       /* 1 */
    uint64_t request, response;    /* addresses */
    uint64_t exit_info;            /* firmware's error in the lower half, the host's in the upper */
};
struct snp_report_request {
    uint8_t user_data[64];
    uint32_t vmpl;
    uint8_t reserved[28];
};
struct snp_extended_request {
    struct snp_report_request report;
    uint64_t certificates;         /* address */
    uint32_t certificates_size;
    uint32_t padding;
};
struct snp_key_request {
    uint32_t root_key_select, reserved;
    uint64_t field_select;
    uint32_t vmpl, guest_svn;
    uint64_t tcb_version;
};
_Static_assert(sizeof(struct snp_request) == 32 && sizeof(struct snp_report_request) == 96 &&
                   sizeof(struct snp_extended_request) == 112 && sizeof(struct snp_key_request) == 32,
               "as the kernel has them");

#define SNP_GET_KEY _IOWR('S', 1, struct snp_request)
#define SNP_GET_EXTENDED_REPORT _IOWR('S', 2, struct snp_request)

enum { HOST_ERROR_INVALID_LENGTH = 1, HOST_ERROR_BUSY = 2 };
enum { RESPONSE_SIZE = 4000, KEY_RESPONSE_SIZE = 64, RESPONSE_BODY = 32, STATUS_BAD_PARAMETER = 0x16 };
enum { PAGE = 4096, CERTIFICATES_FIRST = 4 * PAGE, CERTIFICATES_MAX = 16 * PAGE };

/* From sev_guest_key: which of the guest's properties the key depends on. */
enum { FIELD_POLICY = 1 << 0, FIELD_MEASUREMENT = 1 << 3 };

/* ---- one request ------------------------------------------------------------------------------------------------- */

static uint32_t host_error(const struct snp_request *r)
{
    return (uint32_t)(r->exit_info >> 32);
}

/* A busy host is asked again with the same request: another one would be encrypted under the same sequence number, and
 * kernels then lock the guest's key. */
static enum status request_busy(const struct tee_system *s, int fd, unsigned long number, struct snp_request *r,
                                struct error *e)
{
    struct error found;
    for (unsigned tries = 1;; tries++) {
        r->exit_info = 0;
        const enum status status = device_ioctl(s, fd, SEV_GUEST_DEVICE, number, r, &found);
        if (status == STATUS_OK) return status;
        const bool busy = found.code == TEE_BUSY || host_error(r) == HOST_ERROR_BUSY;
        if (busy && device_try_again(s, tries)) continue;
        if (busy) return tee_refuse(e, TEE_BUSY, "%s stayed busy for %u tries", SEV_GUEST_DEVICE, tries);
        if (host_error(r) == 0 && r->exit_info == 0) {
            if (e) *e = found;
            return status;
        }
        return tee_refuse(e, (enum tee_refusal)found.code, "%s, firmware error 0x%x, host error 0x%x", found.message,
                          (unsigned)(uint32_t)r->exit_info, (unsigned)host_error(r));
    }
}

static enum status check_response(const uint8_t *response, const char *what, struct error *e)
{
    const uint32_t status = load_le32(response);
    if (status == 0) return STATUS_OK;
    return tee_refuse(e, TEE_DEVICE, "the firmware refused the %s with status 0x%x%s", what, (unsigned)status,
                      status == STATUS_BAD_PARAMETER ? " (a parameter that is not allowed)" : "");
}

/* ---- reports ----------------------------------------------------------------------------------------------------- */

struct report_space {
    uint8_t response[RESPONSE_SIZE];
    uint8_t certificates[CERTIFICATES_MAX];
};

/* Asks with more room for certificates if the host says that it needs it. *size: what the host then had room for. */
static enum status ask_report(const struct tee_system *s, int fd, const uint8_t report_data[64],
                              struct report_space *space, uint32_t *size, struct error *e)
{
    struct snp_extended_request request = {.certificates = (uint64_t)(uintptr_t)space->certificates,
                                           .certificates_size = CERTIFICATES_FIRST};
    memcpy(request.report.user_data, report_data, sizeof request.report.user_data);
    for (;;) {
        const uint32_t room = request.certificates_size;
        struct snp_request r = {.message_version = 1, .request = (uint64_t)(uintptr_t)&request,
                                .response = (uint64_t)(uintptr_t)space->response};
        const enum status status = request_busy(s, fd, SNP_GET_EXTENDED_REPORT, &r, e);
        *size = room;
        if (status == STATUS_OK || host_error(&r) != HOST_ERROR_INVALID_LENGTH) return status;
        const uint64_t need = ((uint64_t)request.certificates_size + PAGE - 1) / PAGE * PAGE;
        if (need <= room) return status; /* asking again would not change anything */
        if (need > CERTIFICATES_MAX)
            return tee_refuse(e, TEE_LIMIT, "the host's certificate table has %llu bytes, expected at most %d",
                              (unsigned long long)need, CERTIFICATES_MAX);
        request.certificates_size = (uint32_t)need;
    }
}

/* The table ends where its pages do; a host without one leaves the zeros. What it holds is for its reader to check. */
static void append_table(const struct report_space *space, uint32_t size, struct buffer *out)
{
    while (size > 0 && space->certificates[size - 1] == 0) size--;
    if (size > 0) buffer_append(out, space->certificates, (size + PAGE - 1) / PAGE * PAGE);
}

static enum status take_report(const struct report_space *space, uint32_t size, struct buffer *report,
                               struct buffer *certificates, struct error *e)
{
    const enum status status = check_response(space->response, "report", e);
    if (status != STATUS_OK) return status;
    const uint32_t report_size = load_le32(space->response + 4);
    if (report_size != SNP_REPORT_SIZE)
        return tee_refuse(e, TEE_FORMAT, "the report has %u bytes, expected %d", (unsigned)report_size,
                          SNP_REPORT_SIZE);
    buffer_append(report, space->response + RESPONSE_BODY, report_size);
    append_table(space, size, certificates);
    return report->failed || certificates->failed ? error_no_memory(e) : STATUS_OK;
}

enum status sev_guest_report(const struct tee_system *s, const uint8_t report_data[64], struct buffer *report,
                             struct buffer *certificates, struct error *e)
{
    uint32_t size;
    int fd;
    struct error ignored;
    enum status status = device_open(s, SEV_GUEST_DEVICE, O_RDWR, &fd, e);
    if (status != STATUS_OK) return status;
    struct report_space *space = calloc(1, sizeof *space);
    if (space) status = ask_report(s, fd, report_data, space, &size, e);
    else status = error_no_memory(e);
    device_close(s, fd, SEV_GUEST_DEVICE, &ignored);
    if (status == STATUS_OK) status = take_report(space, size, report, certificates, e);
    free(space);
    return status;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

enum status sev_guest_key(const struct tee_system *s, uint8_t out[32], struct error *e)
{
    struct snp_key_request request = {.field_select = FIELD_POLICY | FIELD_MEASUREMENT};
    uint8_t response[KEY_RESPONSE_SIZE] = {0};
    struct snp_request r = {.message_version = 1, .request = (uint64_t)(uintptr_t)&request,
                            .response = (uint64_t)(uintptr_t)response};
    struct error ignored;
    int fd;
    enum status status = device_open(s, SEV_GUEST_DEVICE, O_RDWR, &fd, e);
    if (status != STATUS_OK) return status;
    status = request_busy(s, fd, SNP_GET_KEY, &r, e);
    device_close(s, fd, SEV_GUEST_DEVICE, &ignored);
    if (status == STATUS_OK) status = check_response(response, "key", e);
    if (status == STATUS_OK) memcpy(out, response + RESPONSE_BODY, 32);
    explicit_bzero(response, sizeof response);
    return status;
}
