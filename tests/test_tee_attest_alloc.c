/* Making and checking evidence when there is no memory: the k-th allocation fails, for every k; once alone and once with
 * all after it. What is refused for that is refused as that, and nothing is left behind. */
#include "tests/failing_alloc.h"
#include "tests/fake_machine.h"
#include "tests/test.h"

#include "tee/cbor.h"
#include "tee/evidence.h"
#include "tee/issue_nitro.h"
#include "tee/nitro_document.h"
#include "tee/x509.h"

enum { AT = 1800000000 };

struct world {
    struct fake_machine machine;
    struct issue issue;
    struct issue_nitro nitro;
    struct bytes document, response, root, list;
    struct tee_request request;
};

/* ---- the machine ------------------------------------------------------------------------------------------------- */

static size_t make_tdx(struct fake_machine *m, const uint8_t report_data[64], uint8_t *out)
{
    (void)m;
    store_le16(out, 4);
    store_le32(out + 4, 0x81);
    memcpy(out + 568, report_data, 64);
    return 5006;
}

static size_t make_sgx(struct fake_machine *m, const uint8_t report_data[64], uint8_t *out)
{
    (void)m;
    store_le16(out, 3);
    memcpy(out + 368, report_data, 64);
    return 4600;
}

static size_t make_snp(struct fake_machine *m, const uint8_t report_data[64], uint8_t *out)
{
    (void)m;
    memcpy(out + 0x50, report_data, 64);
    return 1184;
}

static bool answer(struct fake_machine *m, struct bytes request, struct buffer *response)
{
    const struct world *w = m->nsm_self;
    const long saved = countdown;
    (void)request;
    countdown = -1; /* the device has its own memory */
    buffer_append(response, w->response.data, w->response.size);
    countdown = saved;
    return true;
}

static void world_begin(struct world *w)
{
    static const uint8_t seed[32] = "memory";
    struct issue_nitro_document d;
    struct issue_crl list;
    struct buffer b = {0};
    issue_nitro_defaults(&w->issue, seed, &w->nitro);
    issue_nitro_document_defaults(&w->issue, &w->nitro, AT, &d);
    d.user_data = (struct issue_nitro_value){ISSUE_BYTES, bytes_of(w->request.report_data, 32)};
    w->document = issue_nitro_document(&w->issue, &d);
    w->root = d.bundle[0];
    issue_nitro_crl_defaults(&w->issue, &w->nitro, NITRO_ROOT, AT, &list);
    const struct bytes der = issue_crl(&w->issue, &list, &w->nitro.keys[NITRO_ROOT]);
    w->list = issue_pem(&w->issue, "X509 CRL", &der, 1);
    cbor_write_map(&b, 1);
    cbor_write_text(&b, "Attestation");
    cbor_write_map(&b, 1);
    cbor_write_text(&b, "document");
    cbor_write_bytes(&b, w->document);
    w->response = issue_take(&w->issue, &b);
    CHECK(w->issue.status == STATUS_OK && w->response.size > 0);
}

static void machine_begin(struct world *w, const char *provider)
{
    static const uint8_t key[16] = {1};
    memset(&w->machine, 0, sizeof w->machine);
    w->machine = (struct fake_machine){.has_configfs = provider != NULL, .provider = provider, .has_sev = true,
                                       .has_nsm = true, .has_gramine = true, .attestation_type = "dcap",
                                       .privilege_floor = "1\n", .auxiliary = bytes_of("table", 5),
                                       .report_size = 1184, .sealing_key = bytes_of(key, 16), .nsm = answer,
                                       .nsm_self = w};
}

/* ---- what is done ------------------------------------------------------------------------------------------------ */

static enum status generate(struct world *w, const struct tee_provider *p, struct error *e)
{
    const struct tee_system s = fake_system(&w->machine);
    struct tee_generated g = {0};
    const enum status status = p->generate(&s, &w->request, &g, e);
    CHECK(fake_open_files(&w->machine) == 0 && w->machine.folders_made == w->machine.folders_removed);
    CHECK((status == STATUS_OK) == (g.evidence.size > 0));
    tee_generated_free(&g);
    return status;
}

static enum status generate_tdx(struct world *w, struct error *e)
{
    machine_begin(w, "tdx_guest\n");
    w->machine.make_evidence = make_tdx;
    return generate(w, &tee_provider_tdx, e);
}

static enum status generate_snp(struct world *w, struct error *e)
{
    machine_begin(w, "sev_guest\n");
    w->machine.make_evidence = make_snp;
    return generate(w, &tee_provider_snp, e);
}

static enum status generate_sev(struct world *w, struct error *e)
{
    machine_begin(w, NULL);
    w->machine.make_evidence = make_snp;
    return generate(w, &tee_provider_snp, e);
}

static enum status generate_sgx(struct world *w, struct error *e)
{
    machine_begin(w, NULL);
    w->machine.make_evidence = make_sgx;
    return generate(w, &tee_provider_sgx, e);
}

static enum status generate_nitro(struct world *w, struct error *e)
{
    machine_begin(w, NULL);
    return generate(w, &tee_provider_nitro, e);
}

static enum status roots(struct world *w, struct error *e)
{
    uint8_t root[32];
    machine_begin(w, NULL);
    w->machine.key[0] = 1;
    const struct tee_system s = fake_system(&w->machine);
    const enum status status = tee_provider_snp.derive_root(&s, root, e);
    return status == STATUS_OK ? tee_provider_sgx.derive_root(&s, root, e) : status;
}

static enum status describe(struct world *w, struct error *e)
{
    struct buffer out = {0};
    machine_begin(w, NULL);
    w->machine.make_evidence = make_snp;
    const struct tee_system s = fake_system(&w->machine);
    const enum status status = tee_provider_snp.describe(&s, &out, e);
    buffer_free(&out);
    return status;
}

static enum status verify(struct world *w, struct error *e)
{
    struct nitro_document d;
    struct chain_cache cache = {0};
    struct tee_verdict v = {0};
    if (nitro_document_read(w->document, &d, e) != STATUS_OK) return STATUS_INVALID;
    const struct tee_identity_value value = {.name = "pcr0", .value = d.pcr[0]};
    const struct tee_identity identity = {.label = "image", .expires = INT64_MAX, .values = &value, .count = 1};
    const struct tee_policy policy = {.platform = TEE_NITRO, .identities = &identity, .identity_count = 1,
                                      .max_age = 60, .skew = 60};
    const struct tee_file files[] = {{"root.crl", w->list}, {"readme", bytes_of_string("nothing")}};
    const struct tee_input in = {.evidence = w->document, .files = files, .file_count = 2, .policy = &policy,
                                 .at = AT, .roots = &w->root, .root_count = 1, .cache = &cache};
    const enum status status = nitro_verify(&in, &v, e);
    CHECK(v.refusal == TEE_OK);
    tee_verdict_free(&v);
    chain_cache_free(&cache);
    return status;
}

/* ---- every allocation -------------------------------------------------------------------------------------------- */

static void run(struct world *w, const char *name, enum status (*do_it)(struct world *, struct error *))
{
    test_begin(name);
    for (int mode = 0; mode < 2; mode++) {
        for (long k = 0; k < 10000; k++) {
            struct error e = {0};
            failed = false;
            sticky = mode == 1;
            countdown = k;
            const enum status status = do_it(w, &e);
            countdown = -1;
            CHECK(status == STATUS_OK || (status == STATUS_NO_MEMORY && e.status == STATUS_NO_MEMORY));
            CHECK(failed || status == STATUS_OK);
            if (!failed) break;
        }
    }
}

int main(void)
{
    struct world *w = calloc(1, sizeof *w);
    if (!w) return 1;
    world_begin(w);
    run(w, "TDX", generate_tdx);
    run(w, "SEV-SNP by configfs-tsm", generate_snp);
    run(w, "SEV-SNP by its device", generate_sev);
    run(w, "SGX", generate_sgx);
    run(w, "Nitro", generate_nitro);
    run(w, "roots for sealing", roots);
    run(w, "describing", describe);
    run(w, "verifying", verify);
    issue_nitro_wipe(&w->nitro);
    issue_free(&w->issue);
    free(w);
    return test_end();
}
