/* SEV-SNP: the real reports, and issued ones with one thing wrong. */
#include "crypto/sha2.h"
#include "tee/issue_snp.h"
#include "tee/roots.h"
#include "tee/simulator.h"
#include "tee/snp_cert_table.h"
#include "tee/snp_report.h"
#include "tee/x509.h"
#include "tests/tee_samples.h"

/* 2026-01-01 */
enum { NOW = 1767225600 };

#define CHECK_REFUSAL(got, expected) CHECK_TEXT(tee_refusal_code(got), tee_refusal_code(expected))

static enum tee_refusal refusal_of(enum status status, const struct error *e)
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

static void add_file(struct question *q, const char *name, struct bytes data)
{
    if (CHECK(q->file_count < sizeof q->files / sizeof *q->files))
        q->files[q->file_count++] = (struct tee_file){name, data};
}

static enum tee_refusal ask(struct question *q)
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

static void expect_measurement(struct question *q, const uint8_t *measurement)
{
    q->values[0] = (struct tee_identity_value){.name = "measurement", .value = {measurement, 48}};
    q->identity = (struct tee_identity){.expires = INT64_MAX, .count = 1};
}

/* ---- real reports ------------------------------------------------------------------------------------------------ */

static struct question real(struct arena *arena, const char *report, const char *vcek, int64_t at)
{
    struct question q = {.at = at, .policy = {.platform = TEE_SNP, .allow_smt = true}};
    q.evidence = tee_sample(arena, report);
    q.root_count = tee_roots(TEE_SNP, &q.roots);
    add_file(&q, vcek, tee_sample(arena, vcek));
    add_file(&q, "amd_milan.pem", tee_sample(arena, "amd_milan.pem"));
    expect_measurement(&q, q.evidence.data + 0x90);
    return q;
}

/* 2023-11-14, 2026-09-21 */
enum { AT_V2 = 1700000000, AT_V3 = 1790000000 };
static const int64_t v3_from = 1781658304, v3_to = 1781658304 + INT64_C(2557) * 86400; /* seven years */

static struct question real_v3(struct arena *arena)
{
    return real(arena, "snp_v3.report", "snp_v3_vcek.pem", AT_V3);
}

static void test_real(struct arena *arena)
{
    test_begin("real reports");
    struct question q = real(arena, "snp_v2_debug.report", "snp_v2_vcek.der", AT_V2);
    CHECK_REFUSAL(ask(&q), TEE_DEBUG);
    q.policy.allow_debug = true;
    CHECK_REFUSAL(ask(&q), TEE_OK);
    q = real_v3(arena);
    CHECK_REFUSAL(ask(&q), TEE_OK);
    CHECK(q.valid_until == v3_to);
    q.policy.strict_tcb = true; /* reported < current is allowed, committed = current */
    CHECK_REFUSAL(ask(&q), TEE_OK);
    q.policy.require_alias_check = true;
    CHECK_REFUSAL(ask(&q), TEE_OK);
    static const char text[] = "attest-test-fixture-2026";
    q.policy.has_report_data = true;
    memcpy(q.policy.report_data, text, sizeof text - 1);
    CHECK_REFUSAL(ask(&q), TEE_OK);
    q.policy.report_data[63] = 1;
    CHECK_REFUSAL(ask(&q), TEE_REPORT_DATA);
    q = real_v3(arena);
    q.policy.allow_smt = false;
    CHECK_REFUSAL(ask(&q), TEE_POLICY_BITS);
    q = real_v3(arena);
    q.policy.require_crl = true;
    CHECK_REFUSAL(ask(&q), TEE_CRL_MISSING);
    q = real_v3(arena);
    q.at = v3_from;
    CHECK_REFUSAL(ask(&q), TEE_OK);
    q.at = v3_from - 1;
    CHECK_REFUSAL(ask(&q), TEE_NOT_YET_VALID);
    q.at = v3_to;
    CHECK_REFUSAL(ask(&q), TEE_OK);
    q.at = v3_to + 1;
    CHECK_REFUSAL(ask(&q), TEE_EXPIRED);
}

static void test_real_files(struct arena *arena)
{
    test_begin("real reports: files");
    struct question q = real_v3(arena);
    q.files[1].data = tee_sample(arena, "amd_genoa.pem");
    CHECK_REFUSAL(ask(&q), TEE_PRODUCT);
    q.files[1].data = tee_sample(arena, "amd_milan_vlek.pem");
    CHECK_REFUSAL(ask(&q), TEE_SIGNER);
    add_file(&q, "ask", tee_sample(arena, "amd_milan.pem")); /* more than needed is no harm */
    CHECK_REFUSAL(ask(&q), TEE_OK);
    q = real_v3(arena);
    q.files[0].data = tee_sample(arena, "snp_v2_vcek.der"); /* another chip's */
    CHECK_REFUSAL(ask(&q), TEE_SIGNATURE);
    q = real_v3(arena);
    add_file(&q, "vcek", tee_sample(arena, "snp_v2_vcek.der")); /* two of them */
    CHECK_REFUSAL(ask(&q), TEE_CHAIN);
    q = real_v3(arena);
    add_file(&q, "again", q.files[0].data);
    CHECK_REFUSAL(ask(&q), TEE_OK);
    q.files[2].data = bytes_of(NULL, 0);
    CHECK_REFUSAL(ask(&q), TEE_OK);
    q.file_count = 1;
    CHECK_REFUSAL(ask(&q), TEE_COLLATERAL_MISSING);
    q.file_count = 0;
    CHECK_REFUSAL(ask(&q), TEE_COLLATERAL_MISSING);
    q = real_v3(arena);
    q.files[0].data = tee_sample(arena, "root_intel.der");
    CHECK_REFUSAL(ask(&q), TEE_COLLATERAL_MISSING);
    q = real_v3(arena);
    q.roots++; /* Genoa's and Turin's alone */
    q.root_count = 2;
    CHECK_REFUSAL(ask(&q), TEE_ROOT_MISMATCH);
    q = real_v3(arena);
    q.files[1].data.size--; /* the line's end is not needed */
    CHECK_REFUSAL(ask(&q), TEE_OK);
    q.files[1].data.size--;
    CHECK_REFUSAL(ask(&q), TEE_PEM);
    q = real_v3(arena);
    add_file(&q, "json", bytes_of_string("{}"));
    CHECK_REFUSAL(ask(&q), TEE_CERT_TABLE);
}

/* With a cache, so that the chain is checked once: the report is what changes. */
static void test_real_bits(struct arena *arena)
{
    struct chain_cache cache = {0};
    test_begin("real reports: every truncation, every bit that is signed");
    struct question q = real_v3(arena);
    const struct bytes good = q.evidence;
    uint8_t *copy = arena_alloc(arena, good.size + 1);
    q.cache = &cache;
    CHECK_REFUSAL(ask(&q), TEE_OK);
    for (size_t size = 0; size < good.size; size++) {
        uint8_t *cut = malloc(size ? size : 1); /* of exactly that size, for the sanitizer */
        if (size) memcpy(cut, good.data, size);
        q.evidence = bytes_of(cut, size);
        CHECK_REFUSAL(ask(&q), TEE_LENGTH);
        free(cut);
    }
    memcpy(copy, good.data, good.size);
    copy[good.size] = 0;
    q.evidence = bytes_of(copy, good.size + 1);
    CHECK_REFUSAL(ask(&q), TEE_LENGTH);
    q.evidence = bytes_of(copy, good.size);
    for (size_t bit = 0; bit < 8 * good.size; bit++) {
        /* The signature's own bits: some of them, as each costs a verification. */
        if (bit >= 8 * SNP_SIGNED_SIZE && bit < 8 * (SNP_SIGNED_SIZE + 144) && bit % 17) continue;
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        const enum tee_refusal r = ask(&q);
        CHECK(r != TEE_OK && r != TEE_MEASUREMENT && r != TEE_REPORT_DATA);
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    CHECK_REFUSAL(ask(&q), TEE_OK);
    chain_cache_free(&cache);
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

static void machine_begin(struct machine *m, enum issue_snp_product product, uint32_t version, bool vlek)
{
    const uint8_t seed[32] = {5};
    *m = (struct machine){.vlek = vlek};
    issue_snp_defaults(&m->issue, seed, tee_simulator_snp_keys(), product, NOW, &m->snp);
    issue_snp_report_defaults(&m->issue, &m->snp, version, vlek, &m->report);
    m->question = (struct question){.at = NOW, .simulated = true,
                                    .policy = {.platform = TEE_SNP, .allow_simulator = true, .require_crl = true}};
}

static void machine_end(struct machine *m)
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

static struct bytes keep(struct bytes b)
{
    uint8_t *copy = arena_alloc(&kept.arena, b.size);
    if (copy) memcpy(copy, b.data, b.size);
    return bytes_of(copy, copy ? b.size : 0);
}

static bool is_usual(const struct issue_algorithm *a)
{
    const struct rsa_pss_sign usual = RSA_PSS_SIGN_SHA384;
    return a->scheme == ISSUE_RSA_PSS && a->pss.hash == usual.hash && a->pss.mgf_hash == usual.mgf_hash &&
           a->pss.salt_size == usual.salt_size && a->pss.trailer == usual.trailer;
}

static struct bytes signed_once(struct machine *m, struct bytes tbs, const struct issue_algorithm *a,
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

static struct bytes certificate_of(struct machine *m, const struct issue_certificate *c, const struct issue_key *signer)
{
    if (c->tail.size || c->signature.data || !is_usual(&c->algorithm)) return issue_certificate(&m->issue, c, signer);
    return signed_once(m, issue_certificate_tbs(&m->issue, c), &c->algorithm, signer);
}

/* Issues everything as it is planned now, and asks. */
static enum tee_refusal machine_ask(struct machine *m)
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

static void test_products(void)
{
    struct machine m;
    test_begin("issued reports: products, versions, signers");
    for (int product = SNP_MILAN; product <= SNP_TURIN; product++)
        for (uint32_t version = 2; version <= 5; version++)
            for (int vlek = 0; vlek < 2; vlek++)
                WITH_MACHINE(m, (enum issue_snp_product)product, version, vlek)
                {
                    m.separate = version % 2;
                    CHECK_REFUSAL(machine_ask(&m), TEE_OK);
                }
}

/* S1 */
static void test_form(void)
{
    static const struct {
        size_t at;
        uint8_t flip;
        enum tee_refusal expected;
    } bits[] = {
        {0x34, 1, TEE_ALG},      {0x34, 3, TEE_ALG},         {0x0a, 2, TEE_POLICY_BITS}, {0x0b, 4, TEE_RESERVED},
        {0x0f, 128, TEE_RESERVED}, {0x4c, 1, TEE_RESERVED},  {0x4f, 128, TEE_RESERVED},  {0x18b, 1, TEE_RESERVED},
        {0x19f, 1, TEE_RESERVED}, {0x1eb, 1, TEE_RESERVED},  {0x1ef, 1, TEE_RESERVED},   {0x1f8, 1, TEE_RESERVED},
        {0x29f, 1, TEE_RESERVED}, {0x330, 1, TEE_RESERVED},  {0x49f, 1, TEE_RESERVED},   {0x48, 32, TEE_RESERVED},
        {0x4b, 128, TEE_RESERVED},
    };
    struct machine m;
    test_begin("issued reports: form (S1)");
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        const struct bytes good = m.question.evidence;
        uint8_t copy[SNP_REPORT_SIZE];
        for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
            memcpy(copy, good.data, sizeof copy);
            copy[bits[i].at] ^= bits[i].flip;
            m.question.evidence = bytes_of(copy, sizeof copy);
            CHECK_REFUSAL(ask(&m.question), bits[i].expected);
        }
    }
    for (uint32_t version = 0; version < 8; version++)
        WITH_MACHINE(m, SNP_MILAN, 3, false)
        {
            m.report.version = version;
            CHECK_REFUSAL(machine_ask(&m), version < 2 || version > 5 ? TEE_VERSION : TEE_OK);
        }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.report.tail = bytes_of("\0", 1);
        CHECK_REFUSAL(machine_ask(&m), TEE_LENGTH);
    }
    WITH_MACHINE(m, SNP_MILAN, 5, false) /* of version 5 only */
    {
        m.report.launch_mitigation = m.report.current_mitigation = UINT64_MAX;
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
    }
}

/* S2 */
static void test_signature(void)
{
    struct machine m;
    test_begin("issued reports: signature (S2)");
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.report.big_endian = true;
        CHECK_REFUSAL(machine_ask(&m), TEE_SIGNATURE);
    }
    static const struct {
        size_t at, size;
        uint8_t value;
    } changes[] = {{48, 1, 1}, {71, 1, 1}, {120, 1, 1}, {143, 1, 128}, {0, 48, 0}, {72, 48, 0}, {0, 48, 0xff}, {0, 1, 77}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        WITH_MACHINE(m, SNP_MILAN, 3, false)
        {
            uint8_t signature[512];
            CHECK_REFUSAL(machine_ask(&m), TEE_OK);
            memcpy(signature, m.question.evidence.data + SNP_SIGNED_SIZE, sizeof signature);
            memset(signature + changes[i].at, changes[i].value, changes[i].size);
            m.report.signature = bytes_of(signature, sizeof signature);
            CHECK_REFUSAL(machine_ask(&m), TEE_SIGNATURE);
        }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* by somebody else */
    {
        m.report.signer = &m.snp.vlek;
        CHECK_REFUSAL(machine_ask(&m), TEE_SIGNATURE);
    }
}

/* S3 */
static void test_signer(void)
{
    static const struct {
        uint32_t signer_info;
        bool vlek;
        enum tee_refusal expected;
    } rows[] = {
        {0 << 2, false, TEE_OK},     {1 << 2, true, TEE_OK},      {1 << 2, false, TEE_SIGNER}, {0 << 2, true, TEE_SIGNER},
        {7 << 2, false, TEE_SIGNER}, {3 << 2, false, TEE_SIGNER}, {2 << 2, false, TEE_SIGNER}, {6 << 2, true, TEE_SIGNER},
        {1, false, TEE_OK},          {2, false, TEE_OK},
    };
    struct machine m;
    test_begin("issued reports: signer (S3)");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        WITH_MACHINE(m, SNP_MILAN, 3, rows[i].vlek)
        {
            m.report.signer_info = rows[i].signer_info;
            CHECK_REFUSAL(machine_ask(&m), rows[i].expected);
        }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* a VCEK under the VLEK's authority */
    {
        m.separate = true;
        m.snp.vcek_certificate.issuer = m.snp.asvk_certificate.subject;
        m.snp.vcek_signer = &m.snp.keys->asvk;
        CHECK_REFUSAL(machine_ask(&m), TEE_SIGNER);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* the VLEK's certificates in the VCEK's place of the table */
    {
        struct issue_snp_certificates c;
        struct issue_snp_table t = {0};
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        issue_snp_certificates(&m.issue, &m.snp, &c);
        issue_snp_table_add(&m.issue, &t, SNP_GUID_VCEK, c.vlek);
        issue_snp_table_add(&m.issue, &t, SNP_GUID_ASK, c.asvk);
        m.question.files[0].data = issue_snp_table(&m.issue, &t);
        CHECK_REFUSAL(ask(&m.question), TEE_SIGNER);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* names that only look like AMD's */
    {
        m.snp.vcek_certificate.subject.parts[2].value = "SEV-VCEK2";
        CHECK_REFUSAL(machine_ask(&m), TEE_COLLATERAL_MISSING);
    }
}

static void change_extension(struct machine *m, bool vlek, const char *oid, struct bytes value)
{
    struct issue_extensions *x = vlek ? &m->snp.vlek_certificate.extensions : &m->snp.vcek_certificate.extensions;
    struct issue_extension *found = issue_extension_find(x, oid);
    if (CHECK(found != NULL)) found->value = value;
}

/* S4 */
static void test_chip(void)
{
    struct machine m;
    uint8_t id[66] = {0x04, 64};
    test_begin("issued reports: the chip (S4)");
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        CHECK(issue_extension_remove(&m.snp.vcek_certificate.extensions, OID_SNP_HWID));
        CHECK_REFUSAL(machine_ask(&m), TEE_HWID);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.report.chip_id[63] ^= 1;
        CHECK_REFUSAL(machine_ask(&m), TEE_HWID);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* with a tag of its own */
    {
        memcpy(id + 2, m.snp.chip_id, 64);
        change_extension(&m, false, OID_SNP_HWID, bytes_of(id, sizeof id));
        CHECK_REFUSAL(machine_ask(&m), TEE_HWID);
        change_extension(&m, false, OID_SNP_HWID, bytes_of(id + 2, 63));
        CHECK_REFUSAL(machine_ask(&m), TEE_HWID);
        change_extension(&m, false, OID_SNP_HWID, bytes_of(id + 2, 64));
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
    }
    for (int mask = 0; mask < 2; mask++)
        for (int allowed = 0; allowed < 2; allowed++)
            WITH_MACHINE(m, SNP_MILAN, 3, false)
            {
                memset(m.report.chip_id, 0, sizeof m.report.chip_id);
                m.report.signer_info |= mask ? 2 : 0;
                m.question.policy.allow_masked_chip = allowed;
                CHECK_REFUSAL(machine_ask(&m), mask && allowed ? TEE_OK : TEE_HWID);
            }
    WITH_MACHINE(m, SNP_TURIN, 3, false)
    {
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        m.report.chip_id[8] = 1;
        CHECK_REFUSAL(machine_ask(&m), TEE_HWID);
        m.report.chip_id[8] = 0;
        change_extension(&m, false, OID_SNP_HWID, bytes_of(m.report.chip_id, 64));
        CHECK_REFUSAL(machine_ask(&m), TEE_HWID);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, true)
    {
        issue_extension_add(&m.issue, &m.snp.vlek_certificate.extensions, OID_SNP_HWID, false,
                            bytes_of(m.snp.chip_id, 64));
        CHECK_REFUSAL(machine_ask(&m), TEE_HWID);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, true)
    {
        CHECK(issue_extension_remove(&m.snp.vlek_certificate.extensions, OID_SNP_CSP));
        CHECK_REFUSAL(machine_ask(&m), TEE_EXTENSION);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        issue_extension_add(&m.issue, &m.snp.vcek_certificate.extensions, OID_SNP_CSP, false,
                            bytes_of("\x16\x01x", 3));
        CHECK_REFUSAL(machine_ask(&m), TEE_EXTENSION);
    }
}

/* S5 */
static void test_certified(void)
{
    static const char *const parts[] = {OID_SNP_BOOTLOADER, OID_SNP_TEE, OID_SNP_SNP, OID_SNP_MICROCODE, OID_SNP ".3.4",
                                        OID_SNP ".3.7", OID_SNP ".1", OID_SNP_PRODUCT};
    struct machine m;
    test_begin("issued reports: what is certified (S5)");
    for (size_t i = 0; i < 8; i++)
        WITH_MACHINE(m, SNP_MILAN, 3, false) /* each byte of the reported TCB */
        {
            m.report.reported_tcb[i] ^= 1;
            m.report.current_tcb[i] |= 1;
            CHECK_REFUSAL(machine_ask(&m), TEE_TCB_CERT);
        }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        WITH_MACHINE(m, SNP_MILAN, 3, false)
        {
            CHECK(issue_extension_remove(&m.snp.vcek_certificate.extensions, parts[i]));
            CHECK_REFUSAL(machine_ask(&m), TEE_EXTENSION);
        }
    static const struct {
        const char *value;
        size_t size;
    } numbers[] = {{"\x02\x01\xd5", 3},     {"\x02\x02\x01\x00", 4}, {"\x02\x01\x05\x00", 4}, {"\x04\x01\x05", 3},
                   {"\x02\x02\x00\x05", 4}, {"\x05", 1},             {"", 0}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        WITH_MACHINE(m, SNP_MILAN, 3, false)
        {
            change_extension(&m, false, OID_SNP_MICROCODE, bytes_of(numbers[i].value, numbers[i].size));
            CHECK_REFUSAL(machine_ask(&m), TEE_EXTENSION);
        }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        issue_extension_add(&m.issue, &m.snp.vcek_certificate.extensions, OID_SNP_MICROCODE, false,
                            bytes_of("\x02\x01\x05", 3));
        CHECK_REFUSAL(machine_ask(&m), TEE_DUPLICATE_EXTENSION);
    }
    WITH_MACHINE(m, SNP_TURIN, 3, false)
    {
        CHECK(issue_extension_remove(&m.snp.vcek_certificate.extensions, OID_SNP_FMC));
        CHECK_REFUSAL(machine_ask(&m), TEE_EXTENSION);
    }
    WITH_MACHINE(m, SNP_TURIN, 3, false) /* the parts in Milan's order */
    {
        const uint8_t tcb[8] = {1, 2, 0, 0, 0, 0, 4, 72}, milan[8] = {9, 1, 2, 4, 0, 0, 0, 72};
        issue_snp_set_tcb(&m.issue, &m.snp, milan);
        memcpy(m.report.reported_tcb, tcb, 8);
        memcpy(m.report.current_tcb, tcb, 8);
        memcpy(m.report.committed_tcb, tcb, 8);
        CHECK_REFUSAL(machine_ask(&m), TEE_TCB_CERT);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* Turin's structure version */
    {
        change_extension(&m, false, OID_SNP ".1", bytes_of("\x02\x01\x01", 3));
        CHECK_REFUSAL(machine_ask(&m), TEE_EXTENSION);
    }
}

/* S6 */
static void test_order(void)
{
    struct machine m;
    test_begin("issued reports: order of TCBs (S6)");
    for (size_t i = 0; i < 8; i++) {
        WITH_MACHINE(m, SNP_GENOA, 4, false)
        {
            uint8_t tcb[8] = {9, 9, 0, 0, 0, 0, 9, 9};
            for (size_t k = 0; k < 8; k++) tcb[k] = 9;
            issue_snp_set_tcb(&m.issue, &m.snp, tcb);
            memcpy(m.report.reported_tcb, tcb, 8);
            memcpy(m.report.current_tcb, tcb, 8);
            memcpy(m.report.committed_tcb, tcb, 8);
            CHECK_REFUSAL(machine_ask(&m), TEE_OK);
            memset(m.report.current_tcb, 200, 8);
            memset(m.question.policy.min_tcb, 1, 8);
            CHECK_REFUSAL(machine_ask(&m), TEE_OK);
            m.question.policy.strict_tcb = true;
            CHECK_REFUSAL(machine_ask(&m), TEE_TCB_ORDER); /* committed is not current */
            m.question.policy.strict_tcb = false;
            m.report.current_tcb[i] = 8; /* one part; the others are far above */
            CHECK_REFUSAL(machine_ask(&m), TEE_TCB_ORDER);
            m.report.current_tcb[i] = 9;
            m.report.committed_tcb[i] = 10;
            CHECK_REFUSAL(machine_ask(&m), TEE_TCB_ORDER);
            m.report.committed_tcb[i] = 9;
            m.question.policy.min_tcb[i] = 9;
            CHECK_REFUSAL(machine_ask(&m), TEE_OK);
            m.question.policy.min_tcb[i] = 10;
            CHECK_REFUSAL(machine_ask(&m), TEE_TCB_MIN);
        }
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.report.current = (struct issue_snp_version){.major = 1, .minor = 55, .build = 8};
        m.question.policy.min_build = 1 << 16 | 55 << 8 | 8;
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        m.question.policy.min_build++;
        CHECK_REFUSAL(machine_ask(&m), TEE_TCB_MIN);
        m.question.policy.min_build = 2 << 16;
        CHECK_REFUSAL(machine_ask(&m), TEE_TCB_MIN);
        m.question.policy.min_build = UINT64_MAX;
        CHECK_REFUSAL(machine_ask(&m), TEE_TCB_MIN);
        m.question.policy.min_build = 0;
        m.question.policy.strict_tcb = true;
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        m.report.committed.build--;
        CHECK_REFUSAL(machine_ask(&m), TEE_TCB_ORDER);
    }
}

/* S7 */
static void test_guest_policy(void)
{
    static const struct {
        uint64_t bit;
        size_t allowance;
        enum tee_refusal expected;
    } rows[] = {
        {SNP_POLICY_DEBUG, offsetof(struct tee_policy, allow_debug), TEE_DEBUG},
        {SNP_POLICY_MIGRATE_MA, offsetof(struct tee_policy, allow_migration), TEE_MIGRATION},
        {SNP_POLICY_SMT, offsetof(struct tee_policy, allow_smt), TEE_POLICY_BITS},
        {SNP_POLICY_CXL, offsetof(struct tee_policy, allow_cxl), TEE_POLICY_BITS},
    };
    struct machine m;
    test_begin("issued reports: guest policy (S7)");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        WITH_MACHINE(m, SNP_MILAN, 3, false)
        {
            m.report.policy |= rows[i].bit;
            CHECK_REFUSAL(machine_ask(&m), rows[i].expected);
            const bool yes = true;
            memcpy((char *)&m.question.policy + rows[i].allowance, &yes, sizeof yes);
            CHECK_REFUSAL(machine_ask(&m), TEE_OK);
            m.report.policy &= ~rows[i].bit; /* allowed is not demanded */
            CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.report.vmpl = 1;
        CHECK_REFUSAL(machine_ask(&m), TEE_VMPL);
        m.question.policy.vmpl = 1;
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        m.report.vmpl = 257;
        CHECK_REFUSAL(machine_ask(&m), TEE_VMPL);
        m.report.vmpl = UINT32_MAX;
        CHECK_REFUSAL(machine_ask(&m), TEE_VMPL);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.question.policy.require_alias_check = true;
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        m.report.platform_info &= ~SNP_PLATFORM_ALIAS_CHECK;
        CHECK_REFUSAL(machine_ask(&m), TEE_ATTRIBUTES);
        m.question.policy.require_alias_check = false;
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        m.report.platform_info = UINT64_MAX; /* newer firmware says more */
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
    }
}

static void test_identity(void)
{
    struct machine m;
    uint8_t other[64] = {0};
    test_begin("issued reports: identity and report data");
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        struct question *q = &m.question;
        memset(m.report.report_data, 0xab, 32);
        memset(m.report.id_key_digest, 0xcd, 48);
        memset(m.report.author_key_digest, 0xce, 48);
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        const struct {
            const char *name;
            struct bytes value;
        } values[] = {{"host_data", {m.report.host_data, 32}}, {"id_key_digest", {m.report.id_key_digest, 48}},
                      {"author_key_digest", {m.report.author_key_digest, 48}}};
        q->identity.count = 2;
        for (size_t i = 0; i < 3; i++) {
            q->values[1] = (struct tee_identity_value){.name = values[i].name, .value = values[i].value};
            CHECK_REFUSAL(ask(q), i < 2 ? TEE_OK : TEE_MEASUREMENT); /* there is no author key */
            q->values[1].value.data = other;
            CHECK_REFUSAL(ask(q), TEE_MEASUREMENT);
        }
        q->identity.count = 1;
        q->values[0].value.data = other;
        CHECK_REFUSAL(ask(q), TEE_MEASUREMENT);
        expect_measurement(q, m.report.measurement);

        q->has_expected = q->expected.has_digest = true;
        memset(q->expected.digest, 0xab, 32);
        CHECK_REFUSAL(ask(q), TEE_OK);
        q->expected.has_nonce = true;
        q->expected.nonce = bytes_of("nonce", 5);
        CHECK_REFUSAL(ask(q), TEE_NONCE);
        q->expected.digest[31] ^= 1;
        CHECK_REFUSAL(ask(q), TEE_REPORT_DATA);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        memset(m.report.author_key_digest, 0xce, 48);
        m.report.signer_info |= 1;
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        m.question.values[1] = (struct tee_identity_value){.name = "author_key_digest",
                                                           .value = {m.report.author_key_digest, 48}};
        m.question.identity.count = 2;
        CHECK_REFUSAL(ask(&m.question), TEE_OK);
    }
}

/* ---- the chain (S8) ---------------------------------------------------------------------------------------------- */

static void test_pss(void)
{
    struct machine m;
    test_begin("issued reports: parameters of RSA-PSS (S8)");
    for (int level = 0; level < 2; level++)
        for (int kind = 0; kind < 7; kind++)
            WITH_MACHINE(m, SNP_MILAN, 3, false)
            {
                struct issue_algorithm *a = level ? &m.snp.ask_certificate.algorithm : &m.snp.vcek_certificate.algorithm;
                switch (kind) {
                case 0: a->pss.salt_size = 32; break;
                case 1: a->pss.hash = &br_sha256_vtable; break;
                case 2: a->pss.mgf_hash = &br_sha256_vtable; break;
                case 3: a->pss.mgf_hash = &br_sha1_vtable; break;
                case 4: a->pss_trailer_field = 2; break;
                case 5:
                    a->scheme = ISSUE_RSA_PKCS1;
                    a->hash = HASH_SHA384;
                    break;
                default: a->pss_trailer_explicit = !a->pss_trailer_explicit; break; /* AMD has both */
                }
                CHECK_REFUSAL(machine_ask(&m), kind < 6 ? TEE_PSS_PARAMS : TEE_OK);
            }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* the identifier is right, the signature is made otherwise */
    {
        const struct issue_algorithm good = m.snp.vcek_certificate.algorithm;
        m.snp.vcek_certificate.algorithm.identifier = issue_algorithm_identifier(&m.issue, &good);
        m.snp.vcek_certificate.algorithm.pss.salt_size = 32;
        CHECK_REFUSAL(machine_ask(&m), TEE_CERT_SIGNATURE);
        m.snp.vcek_certificate.algorithm.scheme = ISSUE_RSA_PKCS1;
        m.snp.vcek_certificate.algorithm.hash = HASH_SHA384;
        CHECK_REFUSAL(machine_ask(&m), TEE_CERT_SIGNATURE);
    }
}

static void test_keys(void)
{
    static struct issue_key small;
    const uint8_t seed[32] = {6};
    struct machine m;
    test_begin("issued reports: keys (S8)");
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        issue_key_rsa(&m.issue, 2048, seed, "small", &small);
        m.snp.ask_certificate.key = &small;
        m.snp.vcek_signer = &small;
        CHECK_REFUSAL(machine_ask(&m), TEE_KEY_SIZE);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.snp.ark_certificate.key = m.snp.ark_signer = m.snp.ask_signer = m.snp.crl_signer = &small;
        CHECK_REFUSAL(machine_ask(&m), TEE_KEY_SIZE);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        struct issue_key p256;
        issue_key_ec(KEY_P256, seed, "leaf", &p256);
        m.snp.vcek_certificate.key = &p256;
        CHECK_REFUSAL(machine_ask(&m), TEE_ALG);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* an authority on a curve */
    {
        struct issue_key p384;
        issue_key_ec(KEY_P384, seed, "authority", &p384);
        m.snp.ask_certificate.key = m.snp.vcek_signer = &p384;
        m.snp.vcek_certificate.algorithm = issue_algorithm_for(&p384);
        CHECK_REFUSAL(machine_ask(&m), TEE_ALG);
    }
}

static void test_products_differ(void)
{
    struct machine m;
    test_begin("issued reports: one product throughout (S8)");
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* a processor of Genoa's */
    {
        m.report.model = 0x11;
        CHECK_REFUSAL(machine_ask(&m), TEE_PRODUCT);
        m.report.model = 0xa0;
        CHECK_REFUSAL(machine_ask(&m), TEE_PRODUCT);
        m.report.model = 0x20; /* nobody's */
        CHECK_REFUSAL(machine_ask(&m), TEE_PRODUCT);
        m.report.family = 0x1a;
        m.report.model = 0x11;
        CHECK_REFUSAL(machine_ask(&m), TEE_PRODUCT);
        m.report.family = 0x17;
        CHECK_REFUSAL(machine_ask(&m), TEE_PRODUCT);
    }
    static const struct {
        const char *name;
        enum tee_refusal expected;
    } names[] = {{"\x16\x08Genoa-B0", TEE_PRODUCT}, {"\x16\x05Milan", TEE_OK},        {"\x16\x08Milan-XY", TEE_OK},
                 {"\x16\x06Milano", TEE_PRODUCT},   {"\x0c\x05Milan", TEE_EXTENSION}, {"\x16\x01-", TEE_PRODUCT},
                 {"\x16\x06Milan\n", TEE_EXTENSION}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        WITH_MACHINE(m, SNP_MILAN, 3, false)
        {
            change_extension(&m, false, OID_SNP_PRODUCT, bytes_of_string(names[i].name));
            CHECK_REFUSAL(machine_ask(&m), names[i].expected);
        }
    WITH_MACHINE(m, SNP_GENOA, 3, false)
    {
        change_extension(&m, false, OID_SNP_PRODUCT, bytes_of_string("\x16\x08Siena-B0"));
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
    }
    WITH_MACHINE(m, SNP_MILAN, 2, false) /* a root of Genoa's for Milan's certificates */
    {
        m.snp.ark_certificate.subject.parts[2].value = "ARK-Genoa";
        CHECK_REFUSAL(machine_ask(&m), TEE_PRODUCT);
        m.separate = true;
        CHECK_REFUSAL(machine_ask(&m), TEE_ROOT_MISMATCH);
    }
    WITH_MACHINE(m, SNP_MILAN, 2, false) /* an authority of Genoa's */
    {
        m.snp.ask_certificate.subject.parts[2].value = "SEV-Genoa";
        CHECK_REFUSAL(machine_ask(&m), TEE_PRODUCT);
    }
}

static void test_chain(void)
{
    struct machine m;
    test_begin("issued reports: the chain");
    struct issue_certificate *const certificates[] = {&m.snp.vcek_certificate, &m.snp.ask_certificate,
                                                      &m.snp.ark_certificate};
    for (size_t i = 0; i < 3; i++)
        WITH_MACHINE(m, SNP_MILAN, 3, false)
        {
            certificates[i]->not_before = NOW - 50;
            certificates[i]->not_after = NOW + 50;
            CHECK_REFUSAL(machine_ask(&m), TEE_OK);
            CHECK(m.question.valid_until == NOW + 50);
            const int64_t times[] = {NOW - 51, NOW - 50, NOW + 50, NOW + 51};
            const enum tee_refusal expected[] = {TEE_NOT_YET_VALID, TEE_OK, TEE_OK, TEE_EXPIRED};
            for (size_t t = 0; t < 4; t++) {
                m.question.at = times[t];
                CHECK_REFUSAL(ask(&m.question), expected[t]);
            }
        }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* a root of one's own with AMD's name */
    {
        static struct issue_key own;
        const uint8_t seed[32] = {6};
        issue_key_rsa(&m.issue, 2048, seed, "small", &own);
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        const struct bytes root = m.root;
        m.snp.ark_certificate.key = m.snp.ark_signer = m.snp.ask_signer = m.snp.crl_signer = &own;
        machine_ask(&m);
        m.question.roots = &root;
        CHECK_REFUSAL(ask(&m.question), TEE_ROOT_MISMATCH);
        m.separate = true; /* without the root it is the signature that tells */
        machine_ask(&m);
        m.question.roots = &root;
        CHECK_REFUSAL(ask(&m.question), TEE_CERT_SIGNATURE);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false) /* the leaf as an authority */
    {
        issue_basic_constraints(&m.issue, &m.snp.vcek_certificate.extensions, true, true, -1);
        CHECK_REFUSAL(machine_ask(&m), TEE_NOT_END_ENTITY);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        issue_extension_remove(&m.snp.ask_certificate.extensions, OID_BASIC_CONSTRAINTS);
        CHECK_REFUSAL(machine_ask(&m), TEE_CHAIN);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        issue_extension_remove(&m.snp.ask_certificate.extensions, OID_KEY_USAGE);
        CHECK_REFUSAL(machine_ask(&m), TEE_KEY_USAGE);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.snp.vcek_certificate.tail = bytes_of("\0", 1);
        CHECK_REFUSAL(machine_ask(&m), TEE_DER);
    }
}

static void test_revocation(void)
{
    struct machine m;
    test_begin("issued reports: revocation");
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.no_crl = true;
        CHECK_REFUSAL(machine_ask(&m), TEE_CRL_MISSING);
        m.question.policy.require_crl = false;
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        struct issue_snp_certificates c;
        struct certificate authority;
        struct error e = {0};
        issue_snp_certificates(&m.issue, &m.snp, &c);
        CHECK(certificate_read(c.ask, NULL, 0, &authority, &e) == STATUS_OK);
        issue_crl_revoke(&m.issue, &m.snp.crl, authority.serial);
        CHECK_REFUSAL(machine_ask(&m), TEE_REVOKED);
        m.question.policy.require_crl = false; /* one that is there counts */
        CHECK_REFUSAL(machine_ask(&m), TEE_REVOKED);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.snp.crl.next_update = NOW + 10;
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        CHECK(m.question.valid_until == NOW + 10);
        m.question.at = NOW + 11;
        CHECK_REFUSAL(ask(&m.question), TEE_EXPIRED_CRL);
        m.question.at = m.snp.crl.this_update - 1;
        CHECK_REFUSAL(ask(&m.question), TEE_EXPIRED_CRL);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        m.snp.crl_signer = &m.snp.keys->ask;
        CHECK_REFUSAL(machine_ask(&m), TEE_CRL_SIGNATURE);
        m.snp.crl.issuer = m.snp.ask_certificate.subject;
        CHECK_REFUSAL(machine_ask(&m), TEE_CRL_ISSUER);
    }
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        issue_extension_add(&m.issue, &m.snp.crl.extensions, OID_DELTA_CRL, true, bytes_of("\x02\x01\x01", 3));
        CHECK_REFUSAL(machine_ask(&m), TEE_CRL_FORMAT);
    }
}

/* ---- the certificate table (S9) ---------------------------------------------------------------------------------- */

static enum tee_refusal read_table(struct issue *i, const struct issue_snp_table *t, struct snp_cert_table *out)
{
    struct error e = {0};
    const enum status status = snp_cert_table_read(issue_snp_table(i, t), out, &e);
    if (status != STATUS_OK) CHECK(!out->vcek.data && !out->ask.data);
    return refusal_of(status, &e);
}

static void test_table(void)
{
    struct issue issue = {0};
    struct snp_cert_table table;
    struct issue_snp_table good = {0}, t;
    test_begin("certificate tables (S9)");
    issue_snp_table_add(&issue, &good, SNP_GUID_VCEK, bytes_of("vcek", 4));
    issue_snp_table_add(&issue, &good, SNP_GUID_ASK, bytes_of("ask", 3));
    issue_snp_table_add(&issue, &good, SNP_GUID_ARK, bytes_of("a root", 6));
    issue_snp_table_add(&issue, &good, "00112233-4455-6677-8899-aabbccddeeff", bytes_of("?", 1));
    CHECK_REFUSAL(read_table(&issue, &good, &table), TEE_OK);
    CHECK(bytes_equal(table.vcek, bytes_of("vcek", 4)) && bytes_equal(table.ask, bytes_of("ask", 3)));
    CHECK(bytes_equal(table.ark, bytes_of("a root", 6)) && table.vlek.size == 0 && table.crl.size == 0);
    const uint32_t first = 5 * 24;
    static const struct {
        int64_t offset, length;
    } bad[] = {{4096, -1}, {-1, 4096}, {-1, 0}, {0, -1}, {24, -1}, {119, -1}, {UINT32_MAX, -1}, {-1, UINT32_MAX},
               {UINT32_MAX, UINT32_MAX}, {0, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (uint32_t entry = 0; entry < good.count; entry++) {
            t = good;
            t.entries[entry].offset = bad[i].offset;
            t.entries[entry].length = bad[i].length;
            CHECK_REFUSAL(read_table(&issue, &t, &table), TEE_CERT_TABLE);
        }
    t = good;
    t.entries[1].offset = first + 3; /* into the one before */
    CHECK_REFUSAL(read_table(&issue, &t, &table), TEE_CERT_TABLE);
    t = good;
    t.entries[1].offset = first;
    CHECK_REFUSAL(read_table(&issue, &t, &table), TEE_CERT_TABLE);
    t = good;
    t.no_end = true;
    CHECK_REFUSAL(read_table(&issue, &t, &table), TEE_CERT_TABLE);
    t = good;
    issue_snp_table_add(&issue, &t, SNP_GUID_VCEK, bytes_of("vcek", 4));
    CHECK_REFUSAL(read_table(&issue, &t, &table), TEE_CERT_TABLE);
    const struct bytes whole = issue_snp_table(&issue, &good);
    for (size_t size = 0; size < first + 14; size++) {
        struct error e = {0};
        uint8_t *cut = malloc(size ? size : 1);
        if (size) memcpy(cut, whole.data, size);
        CHECK_REFUSAL(refusal_of(snp_cert_table_read(bytes_of(cut, size), &table, &e), &e), TEE_CERT_TABLE);
        free(cut);
    }
    struct error e = {0};
    uint8_t page[4096] = {0}; /* no entry at all */
    CHECK(snp_cert_table_read(bytes_of(page, sizeof page), &table, &e) == STATUS_OK && table.vcek.size == 0);
    memset(page, 1, sizeof page); /* more entries than anybody has */
    CHECK_REFUSAL(refusal_of(snp_cert_table_read(bytes_of(page, sizeof page), &table, &e), &e), TEE_CERT_TABLE);
    CHECK(issue.status == STATUS_OK);
    issue_free(&issue);
}

int main(void)
{
    test_begin("real reports");
    if (tee_samples_there("real reports of SEV-SNP")) {
        struct arena arena = {0};
        test_real(&arena);
        test_real_files(&arena);
        test_real_bits(&arena);
        arena_free(&arena);
    }
    test_products();
    test_form();
    test_signature();
    test_signer();
    test_chip();
    test_certified();
    test_order();
    test_guest_policy();
    test_identity();
    test_pss();
    test_keys();
    test_products_differ();
    test_chain();
    test_revocation();
    test_table();
    arena_free(&kept.arena);
    return test_end();
}
