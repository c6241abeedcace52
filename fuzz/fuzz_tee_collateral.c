/* Collateral of SGX and TDX. The input is read as a file of it, as each of its documents and as the extension of a PCK
 * certificate; and it says which bytes of good collateral are changed. Changed collateral that is accepted has the same
 * documents and revocation lists. */
#include "fuzz/tee_dcap_sample.h"
#include "tee/der_write.h"
#include "tee/pck.h"
#include "tee/signed_json.h"

static void refused_well(enum status status, const struct error *e)
{
    check(status == STATUS_OK || (status == STATUS_INVALID && e->code > 0 && e->code < (int)TEE_REFUSAL_COUNT));
}

static void try_documents(struct bytes text)
{
    struct arena a = {0};
    struct tcb_info info;
    struct qe_identity id;
    struct signed_json s;
    struct error e = {0};
    enum status status = tcb_info_read(text, &a, &info, &e);
    refused_well(status, &e);
    for (uint32_t i = 1; status == STATUS_OK && i < info.count; i++)
        check(memcmp(info.levels[i - 1].sgx, info.levels[i].sgx, TCB_COMPONENTS) >= 0);
    status = qe_identity_read(text, &a, &id, &e);
    refused_well(status, &e);
    for (uint32_t i = 1; status == STATUS_OK && i < id.levels.count; i++)
        check(id.levels.levels[i - 1].isv_svn >= id.levels.levels[i].isv_svn);
    if (signed_json_split(text, &s, &e) == STATUS_OK) {
        check(s.value.size >= 2 && s.value.data[0] == '{');
        check(s.value.data >= text.data && s.value.data + s.value.size <= text.data + text.size);
    } else {
        check(e.status == STATUS_MALFORMED && e.offset <= text.size);
    }
    arena_free(&a);
}

/* The input as what a PCK certificate says of its platform. */
static void try_extension(struct bytes contents)
{
    struct buffer b = {0};
    struct pck_extension p;
    struct error e = {0};
    const size_t at = der_open(&b, DER_SEQUENCE);
    der_write_oid(&b, OID_SGX_EXTENSION);
    der_write(&b, DER_OCTET_STRING, contents);
    der_close(&b, at);
    if (!b.failed) {
        const struct certificate leaf = {.extensions = bytes_of(b.data, b.size)};
        const enum status status = pck_extension_read(&leaf, &p, &e);
        refused_well(status, &e);
        if (status == STATUS_OK) check(memcmp(p.cpu_svn, p.tcb.components, sizeof p.cpu_svn) == 0);
    }
    buffer_free(&b);
}

static void try_files(struct bytes data)
{
    const struct tee_file files[2] = {{"a", data}, {"b", data}};
    struct dcap_collateral c;
    struct error e = {0};
    enum status status = dcap_collateral_read(files, 1, &c, &e);
    refused_well(status, &e);
    dcap_collateral_free(&c);
    if (status != STATUS_OK) return;
    refused_well(dcap_collateral_read(files, 2, &c, &e), &e);
    dcap_collateral_free(&c);
}

static bool same_document(const struct signed_document *a, const struct signed_document *b)
{
    return bytes_equal(a->text, b->text) && memcmp(a->signature, b->signature, sizeof a->signature) == 0;
}

static void try_changed(const struct dcap_sample *s, const uint8_t *data, size_t size)
{
    struct choices choices = choices_of(data, size);
    struct buffer b = {0};
    dcap_sample_mutate(s->collateral, &choices, &b);
    if (!b.failed && dcap_sample_verify(s, s->quote, bytes_of(b.data, b.size))) {
        const struct tee_file good_file = {"good", s->collateral}, file = {"changed", bytes_of(b.data, b.size)};
        struct dcap_collateral good, c;
        struct error e = {0};
        check(dcap_collateral_read(&good_file, 1, &good, &e) == STATUS_OK);
        check(dcap_collateral_read(&file, 1, &c, &e) == STATUS_OK);
        check(same_document(&good.tcb_info_document, &c.tcb_info_document));
        check(same_document(&good.qe_identity_document, &c.qe_identity_document));
        /* A list may be left out, as the sample's policy allows; it may not be another one. */
        check(!c.has_root_crl || bytes_equal(good.root_crl.der, c.root_crl.der));
        check(c.pck_crl_count == 0 || bytes_equal(good.pck_crls[0].der, c.pck_crls[0].der));
        dcap_collateral_free(&good);
        dcap_collateral_free(&c);
    }
    buffer_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *own = malloc(size ? size : 1);
    if (!own) return 0;
    if (size) memcpy(own, data, size);
    try_files(bytes_of(own, size));
    try_documents(bytes_of(own, size));
    try_extension(bytes_of(own, size));
    free(own);
    try_changed(dcap_sample(), data, size);
    return 0;
}
