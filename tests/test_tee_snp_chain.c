/* SEV-SNP: chains, revocation lists and certificate tables with one thing wrong. */
#include "tee/snp_cert_table.h"
#include "tests/snp_fixture.h"

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
    test_pss();
    test_keys();
    test_products_differ();
    test_chain();
    test_revocation();
    test_table();
    arena_free(&kept.arena);
    return test_end();
}
