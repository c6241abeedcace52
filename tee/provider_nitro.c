/* AWS Nitro Enclaves: documents by /dev/nsm. They hold those registers that are locked. */
#include <fcntl.h>

#include "tee/device.h"
#include "tee/nitro_document.h"
#include "tee/nsm.h"

enum { USER_DATA_SIZE = 32 }; /* the half of the report data that is not for a challenge */

static enum status check_request(const struct tee_request *q, struct error *e)
{
    if (q->nonce.size > NITRO_NONCE_MAX)
        return tee_refuse(e, TEE_LIMIT, "a nonce of %zu bytes, expected at most %d", q->nonce.size, NITRO_NONCE_MAX);
    if (q->public_key.size > NITRO_PUBLIC_KEY_MAX)
        return tee_refuse(e, TEE_LIMIT, "a public key of %zu bytes, expected at most %d", q->public_key.size,
                          NITRO_PUBLIC_KEY_MAX);
    return STATUS_OK;
}

static enum status check_field(bool there, struct bytes found, struct bytes asked, struct error *e)
{
    return device_check_report_data("document", there ? found : (struct bytes){0}, asked, e);
}

static enum status check_document(struct bytes evidence, const struct nsm_attestation *q, struct error *e)
{
    struct nitro_document d;
    struct error found;
    enum status status = nitro_document_read(evidence, &d, &found);
    if (status != STATUS_OK) return tee_refuse(e, TEE_FORMAT, "%s: %.180s", NSM_DEVICE, found.message);
    status = check_field(d.has_user_data, d.user_data, q->user_data, e);
    if (status == STATUS_OK) status = check_field(d.has_nonce, d.nonce, q->nonce, e);
    if (status == STATUS_OK) status = check_field(d.has_public_key, d.public_key, q->public_key, e);
    return status;
}

static struct bytes or_null(struct bytes b)
{
    return b.size ? b : (struct bytes){0};
}

static enum status nitro_generate(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                                  struct error *e)
{
    const struct nsm_attestation asked = {.user_data = bytes_of(q->report_data, USER_DATA_SIZE),
                                          .nonce = or_null(q->nonce), .public_key = or_null(q->public_key)};
    struct tee_generated made = {.platform = TEE_NITRO};
    enum status status = check_request(q, e);
    if (status == STATUS_OK) status = nsm_attest(s, &asked, &made.evidence, e);
    if (status == STATUS_OK) status = check_document(bytes_of(made.evidence.data, made.evidence.size), &asked, e);
    if (status == STATUS_OK) *out = made;
    else tee_generated_free(&made);
    return status;
}

static bool nitro_probe(const struct tee_system *s, struct buffer *detail)
{
    struct error e, ignored;
    int fd;
    if (device_open(s, NSM_DEVICE, O_RDWR, &fd, &e) != STATUS_OK) {
        buffer_append_string(detail, e.message);
        return false;
    }
    device_close(s, fd, NSM_DEVICE, &ignored);
    buffer_append_string(detail, NSM_DEVICE);
    return true;
}

static enum status describe_pcrs(const struct tee_system *s, uint64_t count, struct buffer *out, struct error *e)
{
    for (unsigned i = 0; i < count && i < NITRO_PCRS; i++) {
        uint8_t value[NITRO_PCR_SIZE];
        bool locked = false;
        const enum status status = nsm_describe_pcr(s, i, value, &locked, e);
        if (status != STATUS_OK) return status;
        buffer_printf(out, "%s: ", nitro_pcr_name(i));
        for (size_t j = 0; j < sizeof value; j++) buffer_printf(out, "%02x", value[j]);
        buffer_append_string(out, locked ? " (locked)\n" : "\n");
    }
    return STATUS_OK;
}

static enum status nitro_describe(const struct tee_system *s, struct buffer *out, struct error *e)
{
    struct nsm_description d;
    enum status status = nsm_describe(s, &d, e);
    if (status != STATUS_OK) return status;
    buffer_printf(out, "module_id: %s\nversion: %llu.%llu.%llu\ndigest: %s\nmax_pcrs: %llu\n", d.module_id,
                  (unsigned long long)d.version[0], (unsigned long long)d.version[1], (unsigned long long)d.version[2],
                  d.digest, (unsigned long long)d.max_pcrs);
    status = describe_pcrs(s, d.max_pcrs, out, e);
    return status == STATUS_OK && out->failed ? error_no_memory(e) : status;
}

const struct tee_provider tee_provider_nitro = {
    .name = "nitro",
    .summary = "AWS Nitro Enclave, by /dev/nsm",
    .probe = nitro_probe,
    .describe = nitro_describe,
    .generate = nitro_generate,
};
