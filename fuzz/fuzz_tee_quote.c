/* Quotes of SGX and TDX. The input is read as a quote; and it says which bytes of a good quote are changed, which is
 * then verified. What is read lies inside of the input and fills it; a changed quote that is accepted has the same
 * body, key and report of the quoting enclave. */
#include "fuzz/tee_dcap_sample.h"

static void check_inside(struct bytes all, const uint8_t *p, size_t size)
{
    check(p >= all.data && size <= all.size && (size_t)(p - all.data) <= all.size - size);
}

static void try_input(struct bytes data)
{
    struct quote q, again;
    struct error e = {0};
    const enum status status = quote_read(data, true, &q, &e);
    if (status != STATUS_OK) {
        check(status == STATUS_INVALID && e.code && e.message[0]);
        check(quote_read(data, false, &q, &e) != STATUS_OK);
        return;
    }
    check_inside(data, q.signed_part.data, q.signed_part.size);
    check_inside(data, q.signature, QUOTE_SIGNATURE_SIZE);
    check_inside(data, q.key, QUOTE_KEY_SIZE);
    check_inside(data, q.qe.raw.data, q.qe.raw.size);
    check_inside(data, q.qe_auth.data, q.qe_auth.size);
    check_inside(data, q.cert_data.data, q.cert_data.size);
    check_inside(data, quote_report_data(&q), 64);
    check(q.cert_data.data + q.cert_data.size + q.trailing == data.data + data.size);
    check(data.size <= QUOTE_MAX_SIZE);
    const struct bytes exact = bytes_of(data.data, data.size - q.trailing);
    check(quote_read(exact, false, &again, &e) == STATUS_OK && again.trailing == 0);
    check(quote_read(bytes_of(exact.data, exact.size - 1), true, &again, &e) == STATUS_INVALID);
}

static void try_changed(const struct dcap_sample *s, const uint8_t *data, size_t size)
{
    struct choices c = choices_of(data, size);
    struct buffer b = {0};
    struct quote good, q;
    struct error e = {0};
    dcap_sample_mutate(s->quote, &c, &b);
    if (!b.failed) {
        const struct bytes changed = bytes_of(b.data, b.size);
        try_input(changed);
        if (dcap_sample_verify(s, changed, s->collateral)) {
            check(quote_read(s->quote, false, &good, &e) == STATUS_OK);
            check(quote_read(changed, true, &q, &e) == STATUS_OK);
            check(bytes_equal(good.signed_part, q.signed_part) && bytes_equal(good.qe.raw, q.qe.raw));
            check(memcmp(good.key, q.key, QUOTE_KEY_SIZE) == 0);
        } else {
            check(!bytes_equal(changed, s->quote));
        }
    }
    buffer_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *own = malloc(size ? size : 1); /* so that reading behind the end is noticed */
    if (!own) return 0;
    if (size) memcpy(own, data, size);
    try_input(bytes_of(own, size));
    free(own);
    try_changed(dcap_sample(), data, size);
    return 0;
}
