/* SEV-SNP: issued reports with one thing wrong in them, or in what certifies their chip and TCB. */
#include "tests/snp_fixture.h"

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

/* C2: what the report data must say. */
static void test_report_data(void)
{
    static const uint8_t digest[32] = {0xab, 1}, nonce[20] = {7, 8}, other[20] = {7, 9};
    struct machine m;
    test_begin("C2: report data");
    WITH_MACHINE(m, SNP_MILAN, 3, false)
    {
        struct question *q = &m.question;
        q->has_expected = q->expected.has_digest = q->expected.has_nonce = true;
        memcpy(q->expected.digest, digest, sizeof digest);
        q->expected.nonce = bytes_of(nonce, sizeof nonce);
        memcpy(m.report.report_data, digest, sizeof digest);
        CHECK_REFUSAL(machine_ask(&m), TEE_NONCE); /* asked for, and zeros */
        memcpy(m.report.report_data + 32, other, sizeof other);
        CHECK_REFUSAL(machine_ask(&m), TEE_NONCE);
        memcpy(m.report.report_data + 32, nonce, sizeof nonce);
        CHECK_REFUSAL(machine_ask(&m), TEE_OK);
        q->expected.has_nonce = false;
        CHECK_REFUSAL(machine_ask(&m), TEE_NONCE); /* not asked for, and there */
        q->policy.has_nonce = true;
        q->policy.nonce = bytes_of(other, sizeof other);
        CHECK_REFUSAL(machine_ask(&m), TEE_NONCE);
        q->policy.has_nonce = false;
        m.report.report_data[31] ^= 1;
        memset(m.report.report_data + 32, 0, 32);
        CHECK_REFUSAL(machine_ask(&m), TEE_REPORT_DATA); /* of another statement */
        memset(m.report.report_data, 0, 32);
        memcpy(m.report.report_data + 32, digest, sizeof digest); /* the digest in the upper half */
        CHECK_REFUSAL(machine_ask(&m), TEE_REPORT_DATA);
    }
}

int main(void)
{
    test_products();
    test_form();
    test_signature();
    test_signer();
    test_chip();
    test_certified();
    test_order();
    test_guest_policy();
    test_identity();
    test_report_data();
    arena_free(&kept.arena);
    return test_end();
}
