/* Intel SGX inside Gramine, whose pseudo-files stand for the enclave's instructions and the quoting enclave. Linux' own
 * configfs-tsm knows no SGX: a quote can only be made from inside. */
#include "tee/device.h"

#define SGX_FILES "/dev/attestation"
#define SGX_TYPE SGX_FILES "/attestation_type"
#define SGX_REPORT_DATA SGX_FILES "/user_report_data"
#define SGX_QUOTE SGX_FILES "/quote"
#define SGX_SEALING_KEY SGX_FILES "/keys/_sgx_mrenclave"

enum { QUOTE_MAX = 1 << 16, KEY_SIZE = 16 };
enum { AT_BODY = 48, AT_REPORT_DATA = AT_BODY + 320, REPORT_DATA_SIZE = 64 };

static enum status check_type(const struct tee_system *s, struct error *e)
{
    char type[DEVICE_LINE];
    const enum status status = device_read_line(s, SGX_TYPE, type, e);
    if (status != STATUS_OK || strcmp(type, "dcap") == 0) return status;
    return tee_refuse(e, strcmp(type, "none") == 0 ? TEE_NO_DEVICE : TEE_PROVIDER, "%s is \"%s\", expected \"dcap\"",
                      SGX_TYPE, type);
}

static enum status check_quote(struct bytes quote, struct bytes asked, struct error *e)
{
    if (quote.size == 0) return tee_refuse(e, TEE_EMPTY, "%s is empty", SGX_QUOTE);
    if (quote.size < AT_REPORT_DATA + REPORT_DATA_SIZE || load_le16(quote.data) != 3 || load_le32(quote.data + 4) != 0)
        return tee_refuse(e, TEE_FORMAT, "what the device made (%zu bytes) is no SGX quote of version 3", quote.size);
    return device_check_report_data("quote", bytes_of(quote.data + AT_REPORT_DATA, REPORT_DATA_SIZE), asked, e);
}

static enum status sgx_generate(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                                struct error *e)
{
    const struct bytes asked = bytes_of(q->report_data, sizeof q->report_data);
    struct tee_generated made = {.platform = TEE_SGX};
    enum status status = check_type(s, e);
    if (status == STATUS_OK) status = device_write_file(s, SGX_REPORT_DATA, asked, e);
    if (status == STATUS_OK) status = device_read_file(s, SGX_QUOTE, QUOTE_MAX, TEE_FORMAT, &made.evidence, e);
    if (status == STATUS_OK) status = check_quote(bytes_of(made.evidence.data, made.evidence.size), asked, e);
    if (status == STATUS_OK) *out = made;
    else tee_generated_free(&made);
    return status;
}

static bool sgx_probe(const struct tee_system *s, struct buffer *detail)
{
    struct error e;
    const bool there = check_type(s, &e) == STATUS_OK;
    buffer_append_string(detail, there ? SGX_TYPE ": dcap" : e.message);
    return there;
}

static const struct {
    const char *name;
    uint16_t offset, size;
} report_fields[] = {
    {"cpu_svn", 0, 16},       {"misc_select", 16, 4},  {"attributes", 48, 16}, {"mrenclave", 64, 32},
    {"mrsigner", 128, 32},    {"isv_prod_id", 256, 2}, {"isv_svn", 258, 2},
};

static enum status sgx_describe(const struct tee_system *s, struct buffer *out, struct error *e)
{
    static const struct tee_request nothing;
    struct tee_generated made = {0};
    const enum status status = sgx_generate(s, &nothing, &made, e);
    if (status != STATUS_OK) return status;
    for (size_t i = 0; i < sizeof report_fields / sizeof *report_fields; i++) {
        buffer_printf(out, "%s: ", report_fields[i].name);
        for (size_t j = 0; j < report_fields[i].size; j++)
            buffer_printf(out, "%02x", made.evidence.data[AT_BODY + report_fields[i].offset + j]);
        buffer_append_byte(out, '\n');
    }
    tee_generated_free(&made);
    return out->failed ? error_no_memory(e) : STATUS_OK;
}

/* The key of this enclave on this processor. */
static enum status sgx_root(const struct tee_system *s, uint8_t out[32], struct error *e)
{
    uint8_t key[KEY_SIZE];
    enum status status = device_read_secret(s, SGX_SEALING_KEY, key, sizeof key, e);
    if (status == STATUS_OK) status = device_root(bytes_of(key, sizeof key), "sgx mrenclave", out, e);
    explicit_bzero(key, sizeof key);
    return status;
}

const struct tee_provider tee_provider_sgx = {
    .name = "sgx",
    .summary = "Intel SGX enclave, inside Gramine",
    .probe = sgx_probe,
    .describe = sgx_describe,
    .generate = sgx_generate,
    .derive_root = sgx_root,
};
