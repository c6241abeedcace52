#include "tee/nsm.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "tee/cbor.h"
#include "tee/device.h"

/* Linux' struct nsm_raw. */
struct nsm_vector {
    uint64_t address, size;
};
struct nsm_raw {
    struct nsm_vector request, response;
};
_Static_assert(sizeof(struct nsm_raw) == 32, "as the kernel has it");
#define NSM_RAW _IOWR(0x0a, 0, struct nsm_raw)

/* ---- one question ------------------------------------------------------------------------------------------------ */

/* The answer is in *response, which has room for all that the kernel may give: it would cut silently. */
static enum status exchange(const struct tee_system *s, const struct buffer *request, struct buffer *response,
                            struct error *e)
{
    if (request->failed || !buffer_reserve(response, NSM_RESPONSE_MAX)) return error_no_memory(e);
    if (request->size > NSM_REQUEST_MAX)
        return tee_refuse(e, TEE_LIMIT, "a request of %zu bytes, expected at most %d", request->size, NSM_REQUEST_MAX);
    struct nsm_raw raw = {.request = {(uint64_t)(uintptr_t)request->data, request->size},
                          .response = {(uint64_t)(uintptr_t)response->data, NSM_RESPONSE_MAX}};
    struct error ignored;
    int fd;
    enum status status = device_open(s, NSM_DEVICE, O_RDWR, &fd, e);
    if (status != STATUS_OK) return status;
    status = device_ioctl(s, fd, NSM_DEVICE, NSM_RAW, &raw, e);
    device_close(s, fd, NSM_DEVICE, &ignored);
    if (status != STATUS_OK) return status;
    if (raw.response.size > NSM_RESPONSE_MAX)
        return tee_refuse(e, TEE_FORMAT, "%s says that it gave %llu bytes, of at most %d", NSM_DEVICE,
                          (unsigned long long)raw.response.size, NSM_RESPONSE_MAX);
    if (raw.response.size == 0) return tee_refuse(e, TEE_EMPTY, "%s gave nothing", NSM_DEVICE);
    response->size = (size_t)raw.response.size;
    return STATUS_OK;
}

/* The module's names for what went wrong; others are refused as a format that is not known. */
static enum status refuse_error(struct bytes name, struct error *e)
{
    static const struct {
        const char *name;
        enum tee_refusal refusal;
    } errors[] = {
        {"InvalidArgument", TEE_DEVICE}, {"InvalidIndex", TEE_INDEX},      {"InvalidResponse", TEE_DEVICE},
        {"ReadOnlyIndex", TEE_DEVICE},   {"InvalidOperation", TEE_DEVICE}, {"BufferTooSmall", TEE_LIMIT},
        {"InputTooLarge", TEE_LIMIT},    {"InternalError", TEE_DEVICE},
    };
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (bytes_equal(name, bytes_of_string(errors[i].name)))
            return tee_refuse(e, errors[i].refusal, "%s answers %s", NSM_DEVICE, errors[i].name);
    return tee_refuse(e, TEE_FORMAT, "%s answers with an error that is not known", NSM_DEVICE);
}

/* {name: answer}: leaves the reader before the answer, which must be a map; or {"Error": text}. */
static enum status open_answer(const struct buffer *response, const char *name, struct cbor_reader *r, struct error *e)
{
    *r = cbor_reader_of(bytes_of(response->data, response->size));
    r->any_form = true;
    struct cbor_container map = cbor_enter_map(r);
    const struct bytes key = cbor_more(r, &map) ? cbor_read_text(r) : (struct bytes){0};
    if (bytes_equal(key, bytes_of_string("Error"))) {
        const struct bytes error = cbor_read_text(r);
        if (!r->failed) return refuse_error(error, e);
    } else if (!bytes_equal(key, bytes_of_string(name))) {
        cbor_fail(r, "the answer to another question");
    }
    if (map.indefinite || map.left) cbor_fail(r, "more than one answer");
    return r->failed ? cbor_finish(r, NSM_DEVICE, TEE_FORMAT, e) : STATUS_OK;
}

/* A member of the answer's map: reads its value if it knows the name, and says so. */
typedef bool read_member(struct cbor_reader *r, struct bytes name, void *out);

static enum status ask(const struct tee_system *s, const struct buffer *request, struct buffer *response,
                       const char *name, read_member *member, void *out, struct error *e)
{
    struct cbor_reader r;
    enum status status = exchange(s, request, response, e);
    if (status == STATUS_OK) status = open_answer(response, name, &r, e);
    if (status != STATUS_OK) return status;
    struct cbor_container map = cbor_enter_map(&r);
    while (cbor_more(&r, &map)) {
        const struct bytes key = cbor_read_text(&r);
        if (!r.failed && !member(&r, key, out)) cbor_skip(&r);
    }
    return cbor_finish(&r, NSM_DEVICE, TEE_FORMAT, e);
}

static bool is(struct bytes name, const char *expected)
{
    return bytes_equal(name, bytes_of_string(expected));
}

/* ---- documents --------------------------------------------------------------------------------------------------- */

static void write_optional(struct buffer *out, const char *name, struct bytes value)
{
    cbor_write_text(out, name);
    if (value.data) cbor_write_bytes(out, value);
    else cbor_write_null(out);
}

static bool document_member(struct cbor_reader *r, struct bytes name, void *out)
{
    struct bytes *document = out;
    if (!is(name, "document")) return false;
    *document = cbor_read_bytes(r);
    return true;
}

enum status nsm_attest(const struct tee_system *s, const struct nsm_attestation *q, struct buffer *document,
                       struct error *e)
{
    struct buffer request = {0}, response = {0};
    struct bytes found = {0};
    cbor_write_map(&request, 1);
    cbor_write_text(&request, "Attestation");
    cbor_write_map(&request, 3);
    write_optional(&request, "user_data", q->user_data);
    write_optional(&request, "nonce", q->nonce);
    write_optional(&request, "public_key", q->public_key);
    enum status status = ask(s, &request, &response, "Attestation", document_member, &found, e);
    if (status == STATUS_OK && found.size == 0) status = tee_refuse(e, TEE_EMPTY, "%s gave no document", NSM_DEVICE);
    if (status == STATUS_OK) {
        buffer_append(document, found.data, found.size);
        if (document->failed) status = error_no_memory(e);
    }
    buffer_free(&request);
    buffer_free(&response);
    return status;
}

/* ---- what it says about itself ----------------------------------------------------------------------------------- */

/* Text that fits, of printable ASCII; else nothing. */
static void copy_text(struct bytes text, char *out, size_t room)
{
    out[0] = 0;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x20 || text.data[i] > 0x7e) return;
    if (text.size == 0 || text.size >= room) return;
    memcpy(out, text.data, text.size);
    out[text.size] = 0;
}

static void read_locked(struct cbor_reader *r, uint64_t *out)
{
    struct cbor_container array = cbor_enter_array(r);
    while (cbor_more(r, &array)) {
        const uint64_t index = cbor_read_uint(r, UINT16_MAX);
        if (!r->failed && index < 64) *out |= (uint64_t)1 << index;
    }
}

static bool description_member(struct cbor_reader *r, struct bytes name, void *out)
{
    static const char *const versions[] = {"version_major", "version_minor", "version_patch"};
    struct nsm_description *d = out;
    for (size_t i = 0; i < 3; i++) {
        if (!is(name, versions[i])) continue;
        d->version[i] = cbor_read_uint(r, UINT16_MAX);
        return true;
    }
    if (is(name, "module_id")) copy_text(cbor_read_text(r), d->module_id, sizeof d->module_id);
    else if (is(name, "digest")) copy_text(cbor_read_text(r), d->digest, sizeof d->digest);
    else if (is(name, "max_pcrs")) d->max_pcrs = cbor_read_uint(r, UINT16_MAX);
    else if (is(name, "locked_pcrs")) read_locked(r, &d->locked_pcrs);
    else return false;
    return true;
}

enum status nsm_describe(const struct tee_system *s, struct nsm_description *out, struct error *e)
{
    struct buffer request = {0}, response = {0};
    *out = (struct nsm_description){0};
    cbor_write_text(&request, "DescribeNSM");
    const enum status status = ask(s, &request, &response, "DescribeNSM", description_member, out, e);
    buffer_free(&request);
    buffer_free(&response);
    return status;
}

struct pcr_answer {
    struct bytes value;
    bool locked;
};

static bool pcr_member(struct cbor_reader *r, struct bytes name, void *out)
{
    struct pcr_answer *a = out;
    if (is(name, "data")) a->value = cbor_read_bytes(r);
    else if (is(name, "lock")) a->locked = cbor_read_bool(r);
    else return false;
    return true;
}

enum status nsm_describe_pcr(const struct tee_system *s, unsigned index, uint8_t value[48], bool *locked,
                             struct error *e)
{
    struct buffer request = {0}, response = {0};
    struct pcr_answer answer = {0};
    cbor_write_map(&request, 1);
    cbor_write_text(&request, "DescribePCR");
    cbor_write_map(&request, 1);
    cbor_write_text(&request, "index");
    cbor_write_uint(&request, index);
    enum status status = ask(s, &request, &response, "DescribePCR", pcr_member, &answer, e);
    if (status == STATUS_OK && answer.value.size != 48)
        status = tee_refuse(e, TEE_FORMAT, "register %u has %zu bytes, expected 48", index, answer.value.size);
    if (status == STATUS_OK) {
        memcpy(value, answer.value.data, 48);
        if (locked) *locked = answer.locked;
    }
    buffer_free(&request);
    buffer_free(&response);
    return status;
}
