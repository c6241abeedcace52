#include "tee/test_pki.h"

#include "tee/issue_intel.h"
#include "tee/issue_nitro.h"
#include "tee/simulator.h"

const char *const test_pki_folders[] = {"intel", "tdx", "sgx", "nitro", "snp", NULL};

void test_pki_free(struct test_pki *p)
{
    issue_free(&p->issue);
    *p = (struct test_pki){0};
}

static struct test_pki_file *add(struct test_pki *p, const char *folder, const char *name, struct bytes data)
{
    if (p->count < TEST_PKI_FILES) {
        p->files[p->count] = (struct test_pki_file){.folder = folder, .name = name, .data = data};
        return &p->files[p->count++];
    }
    if (p->issue.status == STATUS_OK)
        p->issue.status = error_set(&p->issue.error, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "more than %d files",
                                    TEST_PKI_FILES);
    return &p->files[0];
}

/* A certificate in PEM with its private key beside it. */
static void add_pair(struct test_pki *p, const char *folder, const char *name, struct bytes certificate,
                     const char *key_name, const struct issue_key *key)
{
    add(p, folder, name, issue_pem(&p->issue, "CERTIFICATE", &certificate, 1));
    add(p, folder, key_name, issue_key_pem(&p->issue, key))->private_key = true;
}

static void add_intel(struct test_pki *p, const uint8_t seed[32], int64_t at)
{
    struct issue *i = &p->issue;
    struct issue_intel intel;
    struct issue_intel_certificates c;
    issue_intel_defaults(i, seed, TEE_TDX, at, &intel);
    issue_intel_certificates(i, &intel, &c);
    add_pair(p, "intel", "root.pem", c.root, "root.key", &intel.root);
    add(p, "intel", "root.der", c.root);
    add_pair(p, "intel", "platform-ca.pem", c.platform_ca, "platform-ca.key", &intel.platform_ca);
    add_pair(p, "intel", "processor-ca.pem", c.processor_ca, "processor-ca.key", &intel.processor_ca);
    add_pair(p, "intel", "tcb-signing.pem", c.tcb_signing, "tcb-signing.key", &intel.tcb_signing);
    add_pair(p, "intel", "pck.pem", c.pck, "pck.key", &intel.pck);
    add(p, "intel", "attestation.key", issue_key_pem(i, &intel.attestation))->private_key = true;
    add(p, "intel", "root.crl", issue_crl(i, &intel.root_crl, intel.root_crl_signer));
    add(p, "intel", "platform-ca.crl", issue_crl(i, &intel.pck_crl, intel.pck_crl_signer));
    issue_intel_use_processor(i, &intel);
    issue_intel_certificates(i, &intel, &c);
    add(p, "intel", "processor-ca.crl", issue_crl(i, &intel.pck_crl, intel.pck_crl_signer));
    add(p, "intel", "pck-processor.pem", issue_pem(i, "CERTIFICATE", &c.pck, 1));
    issue_intel_wipe(&intel);
}

/* Intel's own shape of the signed parts, and quotes of the other versions. */
static void add_quotes(struct test_pki *p, const char *folder, const uint8_t seed[32], enum tee_platform platform,
                       int64_t at)
{
    struct issue *i = &p->issue;
    struct issue_intel intel;
    struct issue_collateral c;
    struct issue_quote q;
    issue_intel_defaults(i, seed, platform, at, &intel);
    issue_intel_collateral(i, &intel, &c);
    add(p, folder, "tcb-info.json",
        issue_raw_shape(i, "tcbInfo", c.part[COLLATERAL_TCB_INFO], c.part[COLLATERAL_TCB_INFO_SIGNATURE]));
    add(p, folder, "qe-identity.json",
        issue_raw_shape(i, "enclaveIdentity", c.part[COLLATERAL_QE_IDENTITY], c.part[COLLATERAL_QE_IDENTITY_SIGNATURE]));
    add(p, folder, "tcb-signing-chain.pem", c.part[COLLATERAL_TCB_INFO_ISSUER_CHAIN]);
    issue_quote_defaults(i, &intel, 4, &q);
    if (platform == TEE_SGX) add(p, folder, "quote-v4.bin", issue_quote(i, &intel, &q));
    issue_quote_defaults(i, &intel, 5, &q);
    add(p, folder, "quote-v5.bin", issue_quote(i, &intel, &q));
    issue_intel_wipe(&intel);
}

static void add_nitro(struct test_pki *p, const uint8_t seed[32], int64_t at)
{
    static const char *const names[NITRO_LEVELS][2] = {{"root.pem", "root.key"}, {"regional.pem", "regional.key"},
                                                       {"zonal.pem", "zonal.key"}, {"instance.pem", "instance.key"},
                                                       {"leaf.pem", "leaf.key"}};
    static const char *const crls[NITRO_LEAF] = {"root.crl", "regional.crl", "zonal.crl", "instance.crl"};
    struct issue_nitro n;
    struct issue_crl crl;
    issue_nitro_defaults(&p->issue, seed, &n);
    for (int k = 0; k < NITRO_LEVELS; k++) {
        const struct bytes der = issue_nitro_certificate(&p->issue, &n, (enum issue_nitro_level)k);
        add_pair(p, "nitro", names[k][0], der, names[k][1], &n.keys[k]);
        if (k == NITRO_ROOT) add(p, "nitro", "root.der", der);
        if (k == NITRO_LEAF) continue;
        issue_nitro_crl_defaults(&p->issue, &n, (enum issue_nitro_level)k, at, &crl);
        add(p, "nitro", crls[k], issue_crl(&p->issue, &crl, &n.keys[k]));
    }
    issue_nitro_wipe(&n);
}

static void add_snp(struct test_pki *p, const uint8_t seed[32], const struct issue_snp_keys *keys, int64_t at)
{
    struct issue *i = &p->issue;
    struct issue_snp s;
    struct issue_snp_certificates c;
    struct issue_snp_report r;
    issue_snp_defaults(i, seed, keys, SNP_MILAN, at, &s);
    issue_snp_certificates(i, &s, &c);
    add_pair(p, "snp", "ark.pem", c.ark, "ark.key", &keys->ark);
    add_pair(p, "snp", "ask.pem", c.ask, "ask.key", &keys->ask);
    add_pair(p, "snp", "asvk.pem", c.asvk, "asvk.key", &keys->asvk);
    add_pair(p, "snp", "vcek.pem", c.vcek, "vcek.key", &s.vcek);
    add_pair(p, "snp", "vlek.pem", c.vlek, "vlek.key", &s.vlek);
    add(p, "snp", "ark.der", c.ark);
    add(p, "snp", "ask.der", c.ask);
    add(p, "snp", "vcek.der", c.vcek);
    add(p, "snp", "ark.crl", issue_snp_crl(i, &s));
    issue_snp_report_defaults(i, &s, 5, false, &r);
    add(p, "snp", "report-v5.bin", issue_snp_report(i, &r));
    issue_snp_report_defaults(i, &s, 3, true, &r);
    add(p, "snp", "report-vlek.bin", issue_snp_report(i, &r));
    add(p, "snp", "certificates-vlek.bin", issue_snp_table_for(i, &s, true));
    issue_snp_wipe(&s);
}

/* Evidence as the simulator makes it, with collateral and a policy that accepts it. */
static void add_simulated(struct test_pki *p, const char *folder, const char *name, const struct tee_simulator *simulator,
                          int64_t at)
{
    static const struct tee_request request;
    struct tee_simulated s;
    struct issue *i = &p->issue;
    if (i->status != STATUS_OK) return;
    i->status = tee_simulate(simulator, at, &request, NULL, 0, &s, &i->error);
    if (i->status != STATUS_OK) return;
    add(p, folder, name, issue_copy(i, s.evidence));
    for (uint32_t k = 0; k < s.file_count; k++) add(p, folder, s.files[k].name, issue_copy(i, s.files[k].data));
    add(p, folder, "policy.json", issue_copy(i, s.policy));
    tee_simulated_free(&s);
}

static void add_snp_all(struct test_pki *p, const uint8_t seed[32], const struct issue_snp_keys *ready, int64_t at)
{
    struct tee_simulator simulator = {.platform = TEE_SNP};
    struct issue_snp_keys keys = {0};
    memcpy(simulator.seed, seed, sizeof simulator.seed);
    if (!ready) issue_snp_keys(&p->issue, RSA_SIGN_MAX_BITS, seed, &keys);
    if (p->issue.status == STATUS_OK) {
        simulator.snp_keys = ready ? ready : &keys;
        add_snp(p, seed, simulator.snp_keys, at);
        add_simulated(p, "snp", "report.bin", &simulator, at);
    }
    issue_snp_keys_wipe(&keys);
}

enum status test_pki_make(const uint8_t seed[32], const struct issue_snp_keys *keys, int64_t at,
                          struct test_pki *out, struct error *e)
{
    static const struct {
        enum tee_platform platform;
        const char *folder, *name;
    } evidence[] = {{TEE_TDX, "tdx", "quote-v4.bin"}, {TEE_SGX, "sgx", "quote-v3.bin"},
                    {TEE_NITRO, "nitro", "document.cbor"}};
    *out = (struct test_pki){0};
    if (at < ISSUE_FIRST_TIME || at > ISSUE_LAST_TIME)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "the time is not between 1970 and 9990");
    add_intel(out, seed, at);
    add_quotes(out, "tdx", seed, TEE_TDX, at);
    add_quotes(out, "sgx", seed, TEE_SGX, at);
    add_nitro(out, seed, at);
    for (size_t k = 0; k < sizeof evidence / sizeof evidence[0]; k++) {
        struct tee_simulator simulator = {.platform = evidence[k].platform};
        memcpy(simulator.seed, seed, sizeof simulator.seed);
        add_simulated(out, evidence[k].folder, evidence[k].name, &simulator, at);
    }
    add_snp_all(out, seed, keys, at);
    const enum status status = out->issue.status;
    if (status == STATUS_OK) return STATUS_OK;
    if (e) *e = out->issue.error;
    test_pki_free(out);
    return status;
}
