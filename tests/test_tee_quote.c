/* Reading quotes: hand-made ones of every version, every truncation of them, and every length that does not fit. */
#include "tee/quote.h"
#include "tests/test.h"

#include <stdlib.h>

enum { MAX = 17 * 1024, AUTH = 32, CERTS = 100 };

/* A quote whose bytes are told apart: parts are filled with different numbers. */
struct made {
    uint8_t data[MAX];
    size_t size;
    size_t body, signature_size, outer, report, auth_size, inner; /* offsets */
};

static void put(struct made *m, uint8_t value, size_t size)
{
    memset(m->data + m->size, value, size);
    m->size += size;
}

static size_t put_u16(struct made *m, uint16_t value)
{
    const size_t at = m->size;
    store_le16(m->data + at, value);
    m->size += 2;
    return at;
}

static size_t put_u32(struct made *m, uint32_t value)
{
    const size_t at = m->size;
    store_le32(m->data + at, value);
    m->size += 4;
    return at;
}

static void make_header(struct made *m, uint16_t version, uint32_t tee_type)
{
    static const uint8_t vendor[16] = {0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
                                       0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07};
    put_u16(m, version);
    put_u16(m, 2);
    put_u32(m, tee_type);
    put(m, 0, 4);
    memcpy(m->data + m->size, vendor, sizeof vendor);
    m->size += sizeof vendor;
    put(m, 0x11, 20);
}

static size_t size_of(enum quote_body body)
{
    return body == QUOTE_ENCLAVE ? ENCLAVE_REPORT_SIZE : body == QUOTE_TD_1_0 ? TD_REPORT_1_0_SIZE : TD_REPORT_1_5_SIZE;
}

static void make_signature_data(struct made *m, uint16_t version)
{
    const uint32_t inner = ENCLAVE_REPORT_SIZE + 64 + 2 + AUTH + 6 + CERTS;
    m->signature_size = put_u32(m, 128 + inner + (version == 3 ? 0 : 6));
    put(m, 0x21, 64);
    put(m, 0x22, 64);
    m->outer = m->size;
    if (version != 3) {
        put_u16(m, QUOTE_CERT_QE_REPORT);
        put_u32(m, inner);
    }
    m->report = m->size;
    put(m, 0x31, ENCLAVE_REPORT_SIZE);
    put(m, 0x32, 64);
    m->auth_size = put_u16(m, AUTH);
    put(m, 0x33, AUTH);
    m->inner = put_u16(m, QUOTE_CERT_PCK_CHAIN);
    put_u32(m, CERTS);
    put(m, 0x41, CERTS);
}

static void make(struct made *m, uint16_t version, enum quote_body body)
{
    memset(m, 0, sizeof *m);
    make_header(m, version, body == QUOTE_ENCLAVE ? 0 : 0x81);
    if (version == 5) {
        put_u16(m, (uint16_t)body);
        put_u32(m, (uint32_t)size_of(body));
    }
    m->body = m->size;
    for (size_t i = 0; i < size_of(body); i++) put(m, (uint8_t)(i / 4), 1);
    make_signature_data(m, version);
}

static enum tee_refusal read_as(const struct made *m, size_t size, bool allow_trailing, struct quote *q)
{
    /* In memory of its own, so that reading behind its end is noticed. */
    uint8_t *own = malloc(size ? size : 1);
    struct error e = {0};
    if (size) memcpy(own, m->data, size);
    const enum status status = quote_read(bytes_of(own, size), allow_trailing, q, &e);
    free(own);
    if (status != STATUS_OK) CHECK(status == STATUS_INVALID && e.code != 0 && e.message[0]);
    return status == STATUS_OK ? TEE_OK : (enum tee_refusal)e.code;
}

static enum tee_refusal read_made(const struct made *m)
{
    struct quote q;
    return read_as(m, m->size, true, &q);
}

static const struct kind {
    uint16_t version;
    enum quote_body body;
} kinds[] = {{3, QUOTE_ENCLAVE}, {4, QUOTE_ENCLAVE}, {4, QUOTE_TD_1_0},
             {5, QUOTE_ENCLAVE}, {5, QUOTE_TD_1_0},  {5, QUOTE_TD_1_5}};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* ---- what is read ----------------------------------------------------------------------------------------------- */

static void check_domain(const struct made *m, const struct quote *q)
{
    const uint8_t *b = m->data + m->body;
    CHECK(q->platform == TEE_TDX && q->td.tee_tcb_svn == b && q->td.mr_seam == b + 16);
    CHECK(q->td.mr_signer_seam == b + 64 && q->td.seam_attributes == b + 112);
    CHECK(q->td.td_attributes == load_le64(b + 120) && q->td.xfam == load_le64(b + 128));
    CHECK(q->td.mr_td == b + 136 && q->td.mr_config_id == b + 184 && q->td.mr_owner == b + 232);
    CHECK(q->td.mr_owner_config == b + 280);
    for (int i = 0; i < 4; i++) CHECK(q->td.rtmr[i] == b + 328 + 48 * i);
    CHECK(q->td.report_data == b + 520 && quote_report_data(q) == b + 520);
    if (q->body == QUOTE_TD_1_5) CHECK(q->td.tee_tcb_svn2 == b + 584 && q->td.mr_service_td == b + 600);
    else CHECK(!q->td.tee_tcb_svn2 && !q->td.mr_service_td);
}

static void check_enclave(const struct made *m, const struct quote *q)
{
    const uint8_t *b = m->data + m->body;
    CHECK(q->platform == TEE_SGX && q->enclave.raw.data == b && q->enclave.raw.size == ENCLAVE_REPORT_SIZE);
    CHECK(q->enclave.misc_select == b + 16 && q->enclave.attributes == b + 48);
    CHECK(q->enclave.mrenclave == b + 64 && q->enclave.mrsigner == b + 128);
    CHECK(q->enclave.isv_prod_id == load_le16(b + 256) && q->enclave.isv_svn == load_le16(b + 258));
    CHECK(quote_report_data(q) == b + 320);
}

static void test_reading(void)
{
    static struct made m;
    struct quote q;
    struct error e = {0};
    test_begin("every version and body, field by field");
    for (size_t i = 0; i < KINDS; i++) {
        make(&m, kinds[i].version, kinds[i].body);
        if (!CHECK(quote_read(bytes_of(m.data, m.size), false, &q, &e) == STATUS_OK)) continue;
        CHECK_EQUAL(q.version, kinds[i].version);
        CHECK_EQUAL(q.body, kinds[i].body);
        if (kinds[i].body == QUOTE_ENCLAVE) check_enclave(&m, &q);
        else check_domain(&m, &q);
        CHECK(q.signed_part.data == m.data && q.signed_part.size == m.signature_size);
        CHECK(q.signature == m.data + m.signature_size + 4 && q.key == q.signature + 64);
        CHECK(q.qe.raw.data == m.data + m.report && q.qe_signature == m.data + m.report + ENCLAVE_REPORT_SIZE);
        CHECK(q.qe_auth.size == AUTH && q.qe_auth.data == m.data + m.auth_size + 2);
        CHECK(q.cert_type == QUOTE_CERT_PCK_CHAIN && q.cert_data.size == CERTS);
        CHECK(q.cert_data.data == m.data + m.inner + 6 && q.trailing == 0);
    }
}

static void test_truncation(void)
{
    static struct made m;
    struct quote q;
    test_begin("every truncation");
    for (size_t i = 0; i < KINDS; i++) {
        unsigned accepted = 0;
        make(&m, kinds[i].version, kinds[i].body);
        for (size_t size = 0; size < m.size; size++) accepted += read_as(&m, size, true, &q) == TEE_OK;
        CHECK_EQUAL(accepted, 0);
    }
}

/* ---- headers and bodies ----------------------------------------------------------------------------------------- */

static enum tee_refusal with_u16(struct made *m, size_t at, uint16_t value)
{
    const uint16_t before = load_le16(m->data + at);
    store_le16(m->data + at, value);
    const enum tee_refusal r = read_made(m);
    store_le16(m->data + at, before);
    return r;
}

static enum tee_refusal with_u32(struct made *m, size_t at, uint32_t value)
{
    const uint32_t before = load_le32(m->data + at);
    store_le32(m->data + at, value);
    const enum tee_refusal r = read_made(m);
    store_le32(m->data + at, before);
    return r;
}

static void test_headers(void)
{
    static struct made m;
    test_begin("D1: versions, kinds of enclave and key, vendor");
    make(&m, 3, QUOTE_ENCLAVE);
    for (uint16_t version = 0; version < 10; version++)
        if (version < 3 || version > 5) CHECK_EQUAL(with_u16(&m, 0, version), TEE_VERSION);
    CHECK_EQUAL(with_u16(&m, 0, 0xffff), TEE_VERSION);
    CHECK_EQUAL(with_u16(&m, 2, 3), TEE_KEY_TYPE);
    CHECK_EQUAL(with_u16(&m, 2, 0), TEE_KEY_TYPE);
    CHECK_EQUAL(with_u32(&m, 4, 1), TEE_TEE_TYPE);
    CHECK_EQUAL(with_u32(&m, 4, 0x81), TEE_TEE_TYPE); /* version 3 is SGX's */
    for (size_t bit = 0; bit < 128; bit++) {
        m.data[12 + bit / 8] ^= (uint8_t)(1u << bit % 8);
        CHECK_EQUAL(read_made(&m), TEE_VENDOR);
        m.data[12 + bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    make(&m, 4, QUOTE_TD_1_0);
    CHECK_EQUAL(with_u32(&m, 4, 0x82), TEE_TEE_TYPE);
    CHECK_EQUAL(with_u32(&m, 4, 0x10081), TEE_TEE_TYPE);
    CHECK_EQUAL(with_u32(&m, 4, 0), TEE_LENGTH); /* a domain's body read as an enclave's */
    make(&m, 4, QUOTE_ENCLAVE);
    CHECK_EQUAL(with_u32(&m, 4, 0x81), TEE_LENGTH);
}

static void test_bodies(void)
{
    static struct made m;
    test_begin("D2: types and sizes of bodies");
    make(&m, 5, QUOTE_TD_1_5);
    const uint16_t types[] = {0, 1, 4, 0xffff};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) CHECK_EQUAL(with_u16(&m, 48, types[i]), TEE_BODY);
    CHECK_EQUAL(with_u16(&m, 48, 2), TEE_BODY); /* its size is 584 */
    const uint32_t sizes[] = {0, 384, 584, 647, 649, UINT32_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) CHECK_EQUAL(with_u32(&m, 50, sizes[i]), TEE_BODY);
    CHECK_EQUAL(with_u32(&m, 4, 0), TEE_BODY); /* SGX with a domain */
    make(&m, 5, QUOTE_ENCLAVE);
    CHECK_EQUAL(with_u32(&m, 4, 0x81), TEE_BODY);
}

/* ---- lengths that nobody signed --------------------------------------------------------------------------------- */

static bool is_refused_length(enum tee_refusal r)
{
    return r == TEE_LENGTH || r == TEE_CERT_TYPE;
}

/* Every value around the right one, and the extremes. */
static void try_u32(struct made *m, size_t at)
{
    const uint32_t right = load_le32(m->data + at);
    const uint32_t values[] = {0, 1, right - 2, right - 1, right + 1, right + 2, 0x7fffffff, 0x80000000, UINT32_MAX};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (values[i] != right) CHECK_EQUAL(with_u32(m, at, values[i]), TEE_LENGTH);
}

static void test_lengths(void)
{
    static struct made m;
    const uint16_t sizes[] = {0, 31, 33, 0xffff};
    for (size_t i = 0; i < KINDS; i++) {
        for (size_t tail = 0; tail < 2; tail++) {
            test_begin(tail ? "D3: lengths and kinds, zeros behind" : "D3: lengths and kinds");
            make(&m, kinds[i].version, kinds[i].body);
            put(&m, 0, tail * 70);
            try_u32(&m, m.signature_size);
            try_u32(&m, m.inner + 2);
            for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
                CHECK(is_refused_length(with_u16(&m, m.auth_size, sizes[k])));
            if (kinds[i].version != 3) {
                try_u32(&m, m.outer + 2);
                for (uint16_t type = 0; type < 9; type++)
                    if (type != 6) CHECK_EQUAL(with_u16(&m, m.outer, type), TEE_CERT_TYPE);
            }
            for (uint16_t type = 0; type < 9; type++)
                CHECK_EQUAL(with_u16(&m, m.inner, type), type < 1 || type > 5 ? TEE_CERT_TYPE : TEE_OK);
        }
    }
}

static void test_trailing(void)
{
    static struct made m;
    struct quote q;
    test_begin("D4: bytes behind the quote");
    make(&m, 4, QUOTE_TD_1_0);
    const size_t size = m.size;
    m.size = QUOTE_MAX_SIZE;
    CHECK_EQUAL(read_as(&m, m.size, true, &q), TEE_OK);
    CHECK_EQUAL(q.trailing, QUOTE_MAX_SIZE - size);
    CHECK_EQUAL(read_as(&m, m.size, false, &q), TEE_TRAILING);
    CHECK_EQUAL(read_as(&m, size, false, &q), TEE_OK);
    CHECK_EQUAL(read_as(&m, QUOTE_MAX_SIZE + 1, true, &q), TEE_TRAILING);
    const size_t places[] = {size, size + 1, size + 69, QUOTE_MAX_SIZE - 1};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        m.data[places[i]] = 1;
        CHECK_EQUAL(read_made(&m), TEE_TRAILING);
        m.data[places[i]] = 0;
    }
    uint8_t *large = calloc(1, 1 << 20);
    struct error e = {0};
    memcpy(large, m.data, size);
    CHECK(quote_read(bytes_of(large, 1 << 20), true, &q, &e) == STATUS_INVALID && e.code == TEE_TRAILING);
    /* One that fills it all. */
    store_le32(large + m.signature_size, (uint32_t)((1 << 20) - m.signature_size - 4));
    store_le32(large + m.outer + 2, (uint32_t)((1 << 20) - m.outer - 6));
    store_le32(large + m.inner + 2, (uint32_t)((1 << 20) - m.inner - 6));
    CHECK(quote_read(bytes_of(large, 1 << 20), true, &q, &e) == STATUS_INVALID && e.code == TEE_LIMIT);
    free(large);
}

int main(void)
{
    test_reading();
    test_truncation();
    test_headers();
    test_bodies();
    test_lengths();
    test_trailing();
    return test_end();
}
