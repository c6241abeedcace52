/* Reports of SEV-SNP in a test: a question (evidence, files, a policy that accepts it) and a machine whose report and
 * certificates are issued as planned, so that any one thing in them can be wrong and is signed again. */
#ifndef TESTS_SNP_FIXTURE_H
#define TESTS_SNP_FIXTURE_H

#include "crypto/sha2.h"
#include "tee/issue_snp.h"
#include "tee/roots.h"
#include "tee/simulator.h"
#include "tee/snp_report.h"
#include "tee/x509.h"
#include "tests/tee_samples.h"

/* 2026-01-01 */
enum { NOW = 1767225600 };

#define CHECK_REFUSAL(got, expected) CHECK_TEXT(tee_refusal_code(got), tee_refusal_code(expected))

static inline enum tee_refusal refusal_of(enum status status, const struct error *e)
{
    if (status == STATUS_OK) return TEE_OK;
    CHECK(status == STATUS_INVALID && e->message[0]);
    return (enum tee_refusal)e->code;
}

/* What is checked: evidence with its files, and a policy that accepts it. */
struct question {
    struct bytes evidence;
    struct tee_file files[6];
    uint32_t file_count;
    struct tee_identity_value values[4];
    struct tee_identity identity;
    struct tee_policy policy;
    struct tee_expected expected;
    bool has_expected, simulated;
    const struct bytes *roots;
    uint32_t root_count;
    int64_t at;
    struct chain_cache *cache;
    uint32_t lines;                /* of the last verdict */
    int64_t valid_until;
};

static inline void add_file(struct question *q, const char *name, struct bytes data)
{
    if (CHECK(q->file_count < sizeof q->files / sizeof *q->files))
        q->files[q->file_count++] = (struct tee_file){name, data};
}

static inline enum tee_refusal ask(struct question *q)
{
    struct tee_verdict v = {0};
    struct error e = {0};
    q->identity.values = q->values;
    q->identity.label = "";
    q->policy.identities = &q->identity;
    q->policy.identity_count = 1;
    const struct tee_input in = {
        .evidence = q->evidence, .files = q->files, .file_count = q->file_count, .policy = &q->policy,
        .expected = q->has_expected ? &q->expected : NULL, .at = q->at, .roots = q->roots,
        .root_count = q->root_count, .simulated = q->simulated, .cache = q->cache};
    tee_verdict_begin(&v, TEE_SNP, q->at, q->simulated);
    const enum tee_refusal r = refusal_of(snp_verify(&in, &v, &e), &e);
    CHECK(v.refusal == r); /* the first that the verdict has is the result */
    for (uint32_t i = 0; i < v.count; i++)
        CHECK((v.checks[i].result == CHECK_REFUSED) == (v.checks[i].refusal != TEE_OK));
    q->lines = v.count;
    q->valid_until = v.valid_until;
    tee_verdict_free(&v);
    return r;
}

static inline void expect_measurement(struct question *q, const uint8_t *measurement)
{
    q->values[0] = (struct tee_identity_value){.name = "measurement", .value = {measurement, 48}};
    q->identity = (struct tee_identity){.expires = INT64_MAX, .count = 1};
}

/* ---- issued reports ---------------------------------------------------------------------------------------------- */

struct machine {
    struct issue issue;
    struct issue_snp snp;
    struct issue_snp_report report;
    bool vlek, separate;           /* separate: ASK and leaf as PEM in place of a table */
    bool no_crl;
    struct bytes root;
    struct question question;
};

static inline void machine_begin(struct machine *m, enum issue_snp_product product, uint32_t version, bool vlek)
{
    const uint8_t seed[32] = {5};
    *m = (struct machine){.vlek = vlek};
    issue_snp_defaults(&m->issue, seed, tee_simulator_snp_keys(), product, NOW, &m->snp);
    issue_snp_report_defaults(&m->issue, &m->snp, version, vlek, &m->report);
    m->question = (struct question){.at = NOW, .simulated = true,
                                    .policy = {.platform = TEE_SNP, .allow_simulator = true, .require_crl = true}};
}

static inline void machine_end(struct machine *m)
{
    CHECK(m->issue.status == STATUS_OK);
    if (m->issue.status != STATUS_OK) printf("%s\n", m->issue.error.message);
    issue_free(&m->issue);
}

/* RSA signatures are slow: what was signed before in the usual way is kept. */
static struct {
    struct arena arena;
    struct {
        struct bytes tbs, der;
        const struct issue_key *signer;
    } entries[128];
    uint32_t count;
} kept;

static inline struct bytes keep(struct bytes b)
{
    uint8_t *copy = arena_alloc(&kept.arena, b.size);
    if (copy) memcpy(copy, b.data, b.size);
    return bytes_of(copy, copy ? b.size : 0);
}

static inline bool is_usual(const struct issue_algorithm *a)
{
    const struct rsa_pss_sign usual = RSA_PSS_SIGN_SHA384;
    return a->scheme == ISSUE_RSA_PSS && a->pss.hash == usual.hash && a->pss.mgf_hash == usual.mgf_hash &&
           a->pss.salt_size == usual.salt_size && a->pss.trailer == usual.trailer;
}

static inline struct bytes signed_once(struct machine *m, struct bytes tbs, const struct issue_algorithm *a,
                                       const struct issue_key *signer)
{
    for (uint32_t i = 0; i < kept.count; i++)
        if (kept.entries[i].signer == signer && bytes_equal(kept.entries[i].tbs, tbs)) return kept.entries[i].der;
    const struct bytes der = issue_signed(&m->issue, tbs, a, signer, (struct bytes){0});
    if (kept.count == sizeof kept.entries / sizeof *kept.entries || m->issue.status != STATUS_OK) return der;
    kept.entries[kept.count].tbs = keep(tbs);
    kept.entries[kept.count].signer = signer;
    return kept.entries[kept.count++].der = keep(der);
}

static inline struct bytes certificate_of(struct machine *m, const struct issue_certificate *c,
                                          const struct issue_key *signer)
{
    if (c->tail.size || c->signature.data || !is_usual(&c->algorithm)) return issue_certificate(&m->issue, c, signer);
    return signed_once(m, issue_certificate_tbs(&m->issue, c), &c->algorithm, signer);
}

/* Issues everything as it is planned now, and asks. */
static inline enum tee_refusal machine_ask(struct machine *m)
{
    struct issue_snp *snp = &m->snp;
    struct question *q = &m->question;
    struct issue_snp_table t = {0};
    const struct bytes chain[] = {
        m->vlek ? certificate_of(m, &snp->vlek_certificate, snp->vlek_signer)
                : certificate_of(m, &snp->vcek_certificate, snp->vcek_signer),
        m->vlek ? certificate_of(m, &snp->asvk_certificate, snp->asvk_signer)
                : certificate_of(m, &snp->ask_certificate, snp->ask_signer),
    };
    m->root = certificate_of(m, &snp->ark_certificate, snp->ark_signer);
    q->evidence = issue_snp_report(&m->issue, &m->report);
    q->file_count = 0;
    if (m->separate) {
        add_file(q, "chain.pem", issue_pem(&m->issue, "CERTIFICATE", chain, 2));
    } else {
        issue_snp_table_add(&m->issue, &t, SNP_GUID_ARK, m->root);
        issue_snp_table_add(&m->issue, &t, SNP_GUID_ASK, chain[1]);
        issue_snp_table_add(&m->issue, &t, m->vlek ? SNP_GUID_VLEK : SNP_GUID_VCEK, chain[0]);
        add_file(q, "table", issue_snp_table(&m->issue, &t));
    }
    if (!m->no_crl)
        add_file(q, "crl", signed_once(m, issue_crl_tbs(&m->issue, &snp->crl), &snp->crl.algorithm, snp->crl_signer));
    q->roots = &m->root;
    q->root_count = 1;
    expect_measurement(q, m->report.measurement);
    return ask(q);
}

#define WITH_MACHINE(m, product, version, vlek)                                             \
    for (bool go = (machine_begin(&(m), product, version, vlek), true); go; machine_end(&(m)), go = false)

static inline void change_extension(struct machine *m, bool vlek, const char *oid, struct bytes value)
{
    struct issue_extensions *x = vlek ? &m->snp.vlek_certificate.extensions : &m->snp.vcek_certificate.extensions;
    struct issue_extension *found = issue_extension_find(x, oid);
    if (CHECK(found != NULL)) found->value = value;
}

#endif
