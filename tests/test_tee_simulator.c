/* The simulator and the test hierarchies: the production verifiers accept them under their own roots and nowhere else,
 * the same comes out each time, and other tools agree about certificates. */
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tee/evidence.h"
#include "tee/issue_intel.h"
#include "tee/issue_nitro.h"
#include "tee/roots.h"
#include "tee/seal.h"
#include "tee/simulator.h"
#include "tee/test_pki.h"
#include "tests/test.h"

enum { AT = 1790000000 };
static const enum tee_platform platforms[] = {TEE_TDX, TEE_SGX, TEE_NITRO, TEE_SNP};
enum { PLATFORMS = sizeof platforms / sizeof platforms[0] };

static struct tee_request some_request(void)
{
    struct tee_request q = {.nonce = bytes_of_string("a nonce"), .public_key = bytes_of_string("a key")};
    for (int k = 0; k < 64; k++) q.report_data[k] = (uint8_t)(k + 1);
    return q;
}

static bool simulate(enum tee_platform platform, int64_t at, const struct tee_request *q, struct tee_simulated *out)
{
    struct tee_simulator s;
    struct error e = {0};
    tee_simulator_init(&s, platform);
    const bool done = CHECK_EQUAL(tee_simulate(&s, at, q, NULL, 0, out, &e), STATUS_OK);
    if (!done) printf("  %s: %s\n", tee_platform_name(platform), e.message);
    return done;
}

/* What the evidence must be about for the request. */
static struct tee_expected expected_of(enum tee_platform platform, const struct tee_request *q)
{
    struct tee_expected x = {.has_digest = true, .has_nonce = true};
    memcpy(x.digest, q->report_data, 32);
    x.nonce = platform == TEE_NITRO ? q->nonce : bytes_of(q->report_data + 32, 32);
    x.has_public_key = platform == TEE_NITRO;
    x.public_key = q->public_key;
    return x;
}

/* The verdict on it by its own policy; `vendor`: under the vendor's roots. */
static enum tee_refusal judge(const struct tee_simulated *s, enum tee_platform platform, const struct tee_request *q,
                              int64_t at, bool vendor)
{
    struct tee_policy policy;
    struct error e = {0};
    if (!CHECK_EQUAL(tee_policy_read(s->policy, &policy, &e), STATUS_OK)) {
        printf("  %s\n", e.message);
        return TEE_POLICY;
    }
    const struct tee_expected expected = expected_of(platform, q);
    struct tee_input in = {.evidence = s->evidence, .files = s->files, .file_count = s->file_count, .policy = &policy,
                           .expected = &expected, .at = at, .simulated = !vendor};
    in.root_count = vendor ? tee_roots(platform, &in.roots) : tee_simulator_roots(platform, &in.roots);
    struct tee_verdict v = {0};
    const enum status status = tee_evidence_verify(&in, &v, &e);
    const enum tee_refusal refusal = v.refusal;
    CHECK((status == STATUS_OK) == (refusal == TEE_OK));
    CHECK(v.simulated == !vendor);
    tee_verdict_free(&v);
    tee_policy_free(&policy);
    return refusal;
}

static void test_accepted(void)
{
    test_begin("the verifiers accept the simulator under its roots, at any time");
    static const int64_t times[] = {1600000000, AT, 2400000000};
    const struct tee_request q = some_request();
    for (int k = 0; k < PLATFORMS; k++)
        for (size_t t = 0; t < sizeof times / sizeof times[0]; t++) {
            struct tee_simulated s;
            if (!simulate(platforms[k], times[t], &q, &s)) continue;
            CHECK_TEXT(tee_refusal_code(judge(&s, platforms[k], &q, times[t], false)), "ok");
            tee_simulated_free(&s);
        }
}

static void test_refused(void)
{
    test_begin("and refuse it under the vendors' roots, for another request, and later");
    const struct tee_request q = some_request();
    struct tee_request other = q;
    other.report_data[3] ^= 1;
    for (int k = 0; k < PLATFORMS; k++) {
        struct tee_simulated s;
        if (!simulate(platforms[k], AT, &q, &s)) continue;
        CHECK(judge(&s, platforms[k], &q, AT, true) != TEE_OK);
        CHECK(judge(&s, platforms[k], &other, AT, false) != TEE_OK);
        if (platforms[k] != TEE_NITRO) CHECK(judge(&s, platforms[k], &q, AT + 40 * ISSUE_DAY, false) != TEE_OK);
        tee_simulated_free(&s);
    }
}

static bool same(const struct tee_simulated *a, const struct tee_simulated *b)
{
    bool equal = bytes_equal(a->evidence, b->evidence) && bytes_equal(a->root, b->root) &&
                 bytes_equal(a->policy, b->policy) && a->file_count == b->file_count;
    for (uint32_t k = 0; equal && k < a->file_count; k++) equal = bytes_equal(a->files[k].data, b->files[k].data);
    return equal;
}

static void test_deterministic(void)
{
    test_begin("the same seed, time and request give the same bytes; others do not");
    const struct tee_request q = some_request();
    for (int k = 0; k < PLATFORMS; k++) {
        struct tee_simulator simulator;
        struct tee_simulated a, b, c;
        struct error e;
        tee_simulator_init(&simulator, platforms[k]);
        CHECK_EQUAL(tee_simulate(&simulator, AT, &q, NULL, 0, &a, &e), STATUS_OK);
        CHECK_EQUAL(tee_simulate(&simulator, AT, &q, NULL, 0, &b, &e), STATUS_OK);
        simulator.seed[0] ^= 1;
        simulator.snp_vcek = bytes_of(NULL, 0); /* with the keys of the authorities as they are */
        CHECK_EQUAL(tee_simulate(&simulator, AT, &q, NULL, 0, &c, &e), STATUS_OK);
        CHECK(same(&a, &b));
        CHECK(!bytes_equal(a.evidence, c.evidence));
        if (platforms[k] == TEE_SNP) CHECK(!bytes_equal(a.files[0].data, c.files[0].data));
        else CHECK(!bytes_equal(a.root, c.root));
        tee_simulated_free(&a);
        tee_simulated_free(&b);
        tee_simulated_free(&c);
    }
}

static void test_measurements(void)
{
    test_begin("measurements that were asked for are in the evidence");
    static const char *const names[PLATFORMS][2] = {{"mr_td", "rtmr3"}, {"mrenclave", "mrsigner"}, {"pcr0", "pcr31"},
                                                    {"measurement", "host_data"}};
    static const size_t sizes[PLATFORMS][2] = {{48, 48}, {32, 32}, {48, 48}, {48, 32}};
    static const uint8_t value[48] = {7, 7, 7};
    const struct tee_request q = some_request();
    for (int k = 0; k < PLATFORMS; k++) {
        struct tee_simulator simulator;
        struct tee_simulated s;
        struct error e;
        struct tee_identity_value wanted[2] = {{names[k][0], bytes_of(value, sizes[k][0]), 0},
                                               {names[k][1], bytes_of(value, sizes[k][1]), 0}};
        tee_simulator_init(&simulator, platforms[k]);
        CHECK_EQUAL(tee_simulate(&simulator, AT, &q, wanted, 2, &s, &e), STATUS_OK);
        CHECK_TEXT(tee_refusal_code(judge(&s, platforms[k], &q, AT, false)), "ok");
        CHECK(memmem(s.evidence.data, s.evidence.size, value, sizes[k][0]) != NULL);
        tee_simulated_free(&s);
        wanted[1].value.size--;
        CHECK_EQUAL(tee_simulate(&simulator, AT, &q, wanted, 2, &s, &e), STATUS_USAGE);
        CHECK(s.evidence.data == NULL && s.issue.arena.head == NULL);
        wanted[1] = (struct tee_identity_value){"nothing", bytes_of(value, 48), 0};
        CHECK_EQUAL(tee_simulate(&simulator, AT, &q, wanted, 2, &s, &e), STATUS_USAGE);
    }
}

static void test_usage(void)
{
    test_begin("what cannot be simulated");
    struct tee_request q = some_request();
    struct tee_simulator s;
    struct tee_simulated out;
    struct error e;
    static const uint8_t large[1025];
    tee_simulator_init(&s, TEE_NITRO);
    CHECK_EQUAL(tee_simulate(&s, INT64_MAX, &q, NULL, 0, &out, &e), STATUS_USAGE);
    CHECK_EQUAL(tee_simulate(&s, INT64_MIN, &q, NULL, 0, &out, &e), STATUS_USAGE);
    q.nonce = bytes_of(large, 513);
    CHECK_EQUAL(tee_simulate(&s, AT, &q, NULL, 0, &out, &e), STATUS_USAGE);
    q.nonce = bytes_of(large, 512);
    q.public_key = bytes_of(large, 1025);
    CHECK_EQUAL(tee_simulate(&s, AT, &q, NULL, 0, &out, &e), STATUS_USAGE);
    q.public_key = bytes_of(large, 1024);
    CHECK_EQUAL(tee_simulate(&s, AT, &q, NULL, 0, &out, &e), STATUS_OK);
    tee_simulated_free(&out);
    s.platform = TEE_NO_PLATFORM;
    CHECK_EQUAL(tee_simulate(&s, AT, &q, NULL, 0, &out, &e), STATUS_USAGE);
    CHECK(out.issue.arena.head == NULL);
}

static void test_speed(void)
{
    test_begin("speed");
    const struct tee_request q = some_request();
    for (int k = 0; k < PLATFORMS; k++) {
        struct timespec from, to;
        const int runs = 3;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        for (int n = 0; n < runs; n++) {
            struct tee_simulated s;
            if (simulate(platforms[k], AT, &q, &s)) tee_simulated_free(&s);
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        printf("  %s: %.1f ms\n", tee_platform_name(platforms[k]),
               ((double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6) / runs);
    }
}

static void test_provider(void)
{
    test_begin("the provider");
    const struct tee_provider *p = &tee_provider_simulator;
    struct tee_request q = some_request();
    struct tee_generated g = {0};
    struct buffer text = {0};
    struct error e = {0};
    uint8_t root[32];
    struct tee_root simulated;
    CHECK(p->probe(NULL, &text) && text.size > 0);
    CHECK_EQUAL(p->describe(NULL, &text, &e), STATUS_OK);
    CHECK(memmem(text.data, text.size, "nvm simulator", 13) != NULL);
    buffer_free(&text);
    CHECK_EQUAL(p->derive_root(NULL, root, &e), STATUS_OK);
    tee_root_simulator(&simulated);
    CHECK(memcmp(root, simulated.secret, sizeof root) == 0);

    CHECK_EQUAL(p->generate(NULL, &q, &g, &e), STATUS_OK);
    CHECK(g.simulated && g.platform == TEE_TDX);
    struct tee_simulated s;
    if (simulate(TEE_TDX, AT, &q, &s)) {
        s.evidence = bytes_of(g.evidence.data, g.evidence.size);
        s.files[0].data = bytes_of(g.auxiliary.data, g.auxiliary.size);
        CHECK_TEXT(tee_refusal_code(judge(&s, TEE_TDX, &q, (int64_t)time(NULL), false)), "ok");
        tee_simulated_free(&s);
    }
    tee_generated_free(&g);
    CHECK(tee_provider_named(bytes_of_string("simulator")) == p);
}

/* ---- the tool's files ------------------------------------------------------------------------------------------------- */

static struct bytes file_of(const struct test_pki *p, const char *folder, const char *name)
{
    for (uint32_t k = 0; k < p->count; k++)
        if (strcmp(p->files[k].folder, folder) == 0 && strcmp(p->files[k].name, name) == 0) return p->files[k].data;
    printf("  no file %s/%s\n", folder, name);
    return bytes_of(NULL, 0);
}

static struct bytes root_of(enum tee_platform platform)
{
    const struct bytes *roots;
    return CHECK_EQUAL(tee_simulator_roots(platform, &roots), 1) ? roots[0] : bytes_of(NULL, 0);
}

/* What the simulator has ready made is what the tool makes from its seed. All three RSA keys come from tee/simulator.py
 * at once, so one of them, which takes some seconds to make, speaks for the others; and openssl checks them all. */
static void test_constants(const struct test_pki *p)
{
    test_begin("the simulator's ready-made keys and certificates are those of its seed");
    static struct issue_key made;
    const struct issue_snp_keys *keys = tee_simulator_snp_keys();
    struct tee_simulator snp;
    struct issue i = {0};
    tee_simulator_init(&snp, TEE_SNP);
    issue_key_rsa(&i, RSA_SIGN_MAX_BITS, snp.seed, "snp ask", &made);
    CHECK(bytes_equal(issue_key_pem(&i, &made), issue_key_pem(&i, &keys->ask)));
    issue_key_wipe(&made);
    CHECK(bytes_equal(file_of(p, "snp", "ark.key"), issue_key_pem(&i, &keys->ark)));
    CHECK(bytes_equal(file_of(p, "snp", "ask.key"), issue_key_pem(&i, &keys->ask)));
    CHECK(bytes_equal(file_of(p, "snp", "asvk.key"), issue_key_pem(&i, &keys->asvk)));
    CHECK(bytes_equal(file_of(p, "snp", "ark.der"), snp.snp_ark));
    CHECK(bytes_equal(file_of(p, "snp", "ask.der"), snp.snp_ask));
    CHECK(bytes_equal(file_of(p, "snp", "vcek.der"), snp.snp_vcek));
    CHECK(bytes_equal(file_of(p, "intel", "root.der"), root_of(TEE_TDX)));
    CHECK(bytes_equal(file_of(p, "intel", "root.der"), root_of(TEE_SGX)));
    CHECK(bytes_equal(file_of(p, "nitro", "root.der"), root_of(TEE_NITRO)));
    CHECK(bytes_equal(file_of(p, "snp", "ark.der"), root_of(TEE_SNP)));
    CHECK_EQUAL(i.status, STATUS_OK);
    issue_free(&i);
    const struct bytes *roots;
    CHECK_EQUAL(tee_simulator_roots(TEE_NO_PLATFORM, &roots), 0);
}

/* Sample evidence by the policy beside it, whose roots are the hierarchy's. */
static void test_samples(const struct test_pki *p)
{
    test_begin("each sample is accepted by the policy beside it");
    static const char *const samples[][3] = {
        {"tdx", "quote-v4.bin", "collateral.json"}, {"tdx", "quote-v5.bin", "collateral.json"},
        {"sgx", "quote-v3.bin", "collateral.json"}, {"sgx", "quote-v4.bin", "collateral.json"},
        {"sgx", "quote-v5.bin", "collateral.json"}, {"nitro", "document.cbor", "root.crl"},
        {"snp", "report.bin", "certificates.bin"},  {"snp", "report-v5.bin", "certificates.bin"}};
    for (size_t k = 0; k < sizeof samples / sizeof samples[0]; k++) {
        struct tee_policy policy;
        struct tee_verdict v = {0};
        struct error e = {0};
        const struct tee_file file = {samples[k][2], file_of(p, samples[k][0], samples[k][2])};
        if (!CHECK_EQUAL(tee_policy_read(file_of(p, samples[k][0], "policy.json"), &policy, &e), STATUS_OK)) continue;
        const struct tee_input in = {.evidence = file_of(p, samples[k][0], samples[k][1]), .files = &file, .file_count = 1,
                                     .policy = &policy, .at = AT, .roots = policy.roots,
                                     .root_count = policy.root_count, .simulated = true};
        if (!CHECK_EQUAL(tee_evidence_verify(&in, &v, &e), STATUS_OK))
            printf("  %s/%s: %s\n", samples[k][0], samples[k][1], e.message);
        tee_verdict_free(&v);
        tee_policy_free(&policy);
    }
}

/* ---- other tools ------------------------------------------------------------------------------------------------------ */

static bool write_all(const char *root, const struct test_pki *p)
{
    char path[256];
    bool good = true;
    for (int k = 0; test_pki_folders[k]; k++) {
        snprintf(path, sizeof path, "%s/%s", root, test_pki_folders[k]);
        good &= mkdir(path, 0700) == 0;
    }
    for (uint32_t k = 0; k < p->count && good; k++) {
        snprintf(path, sizeof path, "%s/%s/%s", root, p->files[k].folder, p->files[k].name);
        FILE *f = fopen(path, "wb");
        good = f && fwrite(p->files[k].data.data, 1, p->files[k].data.size, f) == p->files[k].data.size;
        if (f) good &= fclose(f) == 0;
    }
    return good;
}

static bool shell(const char *root, const char *command)
{
    char line[1024];
    snprintf(line, sizeof line, "cd %s && { %s; } >log 2>&1", root, command);
    const bool good = system(line) == 0;
    if (!good) {
        printf("  %s\n", command);
        snprintf(line, sizeof line, "sed 's/^/  /' %s/log", root);
        if (system(line) != 0) printf("  (no log)\n");
    }
    return good;
}

#define VERIFY "openssl verify -attime 1790000000 "
#define LIST(name) "openssl crl -inform DER -in " name ".crl -out " name ".crl.pem && "

static void test_openssl(const struct test_pki *p)
{
    test_begin("openssl agrees");
    static const char *const commands[] = {
        LIST("intel/root") LIST("intel/platform-ca") "cat intel/root.crl.pem intel/platform-ca.crl.pem >intel/crls && "
        VERIFY "-crl_check_all -CRLfile intel/crls -CAfile intel/root.pem -untrusted intel/platform-ca.pem intel/pck.pem",
        LIST("intel/processor-ca") "cat intel/root.crl.pem intel/processor-ca.crl.pem >intel/crls && "
        VERIFY "-crl_check_all -CRLfile intel/crls -CAfile intel/root.pem -untrusted intel/processor-ca.pem "
        "intel/pck-processor.pem",
        VERIFY "-CAfile intel/root.pem intel/tcb-signing.pem",
        "! " VERIFY "-CAfile intel/root.pem -untrusted intel/processor-ca.pem intel/pck.pem",
        "cat nitro/regional.pem nitro/zonal.pem nitro/instance.pem >nitro/cas && " VERIFY
        "-CAfile nitro/root.pem -untrusted nitro/cas nitro/leaf.pem",
        LIST("nitro/root") VERIFY "-crl_check -CRLfile nitro/root.crl.pem -CAfile nitro/root.pem nitro/regional.pem",
        LIST("snp/ark") VERIFY "-crl_check -CRLfile snp/ark.crl.pem -CAfile snp/ark.pem snp/ask.pem",
        VERIFY "-CAfile snp/ark.pem -untrusted snp/ask.pem snp/vcek.pem",
        VERIFY "-CAfile snp/ark.pem -untrusted snp/asvk.pem snp/vlek.pem",
        "! " VERIFY "-CAfile snp/ark.pem -untrusted snp/asvk.pem snp/vcek.pem",
        "for k in intel/*.key nitro/*.key snp/vcek.key snp/vlek.key; do openssl ec -in $k -check -noout || exit 1; done",
        "for k in ark ask asvk; do openssl rsa -in snp/$k.key -check -noout || exit 1; done",
        ("for f in intel/*.key nitro/*.key snp/*.key; do c=${f%.key}.pem; test -e $c || continue; "
         "test \"$(openssl pkey -in $f -pubout)\" = \"$(openssl x509 -in $c -noout -pubkey)\" || exit 1; done"),
    };
    char root[] = "/tmp/nvm-test-pki-XXXXXX";
    if (system("openssl version >/dev/null 2>&1") != 0) {
        test_skip("what openssl says about certificates", "there is no openssl");
        return;
    }
    if (!CHECK(mkdtemp(root) != NULL)) return;
    if (CHECK(write_all(root, p)))
        for (size_t k = 0; k < sizeof commands / sizeof commands[0]; k++) CHECK(shell(root, commands[k]));
    char remove[64];
    snprintf(remove, sizeof remove, "rm -rf %s", root);
    CHECK(system(remove) == 0);
}

int main(void)
{
    test_accepted();
    test_refused();
    test_deterministic();
    test_measurements();
    test_usage();
    test_speed();
    test_provider();

    static struct test_pki p;
    struct tee_simulator s;
    struct error e = {0};
    tee_simulator_init(&s, TEE_SNP);
    test_begin("test hierarchies");
    if (CHECK_EQUAL(test_pki_make(s.seed, tee_simulator_snp_keys(), AT, &p, &e), STATUS_OK)) {
        test_constants(&p);
        test_samples(&p);
        test_openssl(&p);
        test_pki_free(&p);
    } else {
        printf("  %s\n", e.message);
    }
    return test_end();
}
