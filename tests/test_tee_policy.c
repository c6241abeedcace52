/* tee/policy.h: what a policy file may say, and what it then accepts. */
#include <stdlib.h>

#include "base/rfc3339.h"
#include "tee/evidence.h"
#include "tests/test.h"

#define H32 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define H48 H32 "202122232425262728292a2b2c2d2e2f"
#define TDX \
    "\"mr_td\":\"" H48 "\",\"rtmr0\":\"" H48 "\",\"rtmr1\":\"" H48 "\",\"rtmr2\":\"" H48 "\",\"rtmr3\":\"" H48 "\""
#define TDX_POLICY(more) "{\"platform\":\"tdx\",\"identities\":[{" TDX "}]" more "}"
#define SNP_ALONE(more) "{\"platform\":\"snp\",\"identities\":[{\"measurement\":\"" H48 "\"}]" more "}"
#define SNP_POLICY(more) SNP_ALONE(",\"min_tcb\":\"0200000000001844\"" more)
#define NITRO_POLICY(more) \
    "{\"platform\":\"nitro\",\"identities\":[{\"pcr0\":\"" H48 "\",\"pcr1\":\"" H48 "\",\"pcr2\":\"" H48 "\"}]" more "}"

static enum status read_text(const char *text, struct tee_policy *p, struct error *e)
{
    /* An allocation of exactly that size, so that reading beyond it is noticed; freed before the policy is used. */
    const size_t size = strlen(text);
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, text, size);
    *e = (struct error){0};
    const enum status status = tee_policy_read(bytes_of(copy, size), p, e);
    free(copy);
    return status;
}

static void refused(const char *text, enum tee_refusal code, const char *message)
{
    struct tee_policy p;
    struct error e;
    static const struct tee_policy nothing;
    bool ok = CHECK(read_text(text, &p, &e) != STATUS_OK);
    if (!ok) tee_policy_free(&p);
    ok &= CHECK_TEXT(tee_refusal_code((enum tee_refusal)e.code), tee_refusal_code(code));
    ok &= CHECK(strstr(e.message, message) != NULL);
    ok &= CHECK(p.platform == nothing.platform && !p.identities && !p.arena.head);
    if (!ok) printf("  %s\n  %s\n", text, e.message);
}

static struct tee_policy accepted(const char *text)
{
    struct tee_policy p;
    struct error e;
    if (!CHECK_EQUAL(read_text(text, &p, &e), STATUS_OK)) printf("  %s\n  %s\n", text, e.message);
    return p;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void test_refusals(void)
{
    test_begin("what is no policy");
    refused("", TEE_JSON, "");
    refused("{", TEE_JSON, "");
    refused("{} {}", TEE_JSON, "");
    refused("[]", TEE_POLICY, "expected an object");
    refused("null", TEE_POLICY, "expected an object");
    refused("{}", TEE_POLICY_EMPTY, "would accept everything");
    refused("{\"platform\":\"tdx\"}", TEE_POLICY_EMPTY, "identities");
    refused("{\"platform\":\"tdx\",\"identities\":[]}", TEE_POLICY_EMPTY, "identities");
    refused("{\"platform\":\"tdx\",\"identities\":null}", TEE_POLICY, "null");
    refused(TDX_POLICY(",\"nonce\":null"), TEE_POLICY, "nonce: null");
    refused(TDX_POLICY(",\"allow_debug\":null"), TEE_POLICY, "allow_debug: null");
    refused("{\"platform\":\"tdx\",\"identities\":[{" TDX ",\"mr_config_id\":null}]}", TEE_POLICY,
            "mr_config_id: null");
    refused("{\"platform\":\"tdx\",\"identities\":[{" TDX ",\"expires\":null}]}", TEE_POLICY, "expires: null");
    refused("{\"platform\":\"tdx\",\"identities\":[{}]}", TEE_POLICY_EMPTY, "identities[0]");
    refused("{\"platform\":\"tdx\",\"identities\":[{\"label\":\"x\"}]}", TEE_POLICY_EMPTY, "fit everything");
    refused("{\"platform\":\"tdx\",\"identities\":[{\"mr_td\":null}]}", TEE_POLICY, "null");
    refused("{\"identities\":[{" TDX "}]}", TEE_POLICY, "'platform' is missing");
    refused("{\"platform\":\"sev\",\"identities\":[]}", TEE_POLICY, "platform: expected nitro, sgx, tdx or snp");
    refused("{\"platform\":[\"tdx\",\"sgx\"]}", TEE_POLICY, "one platform");
    refused(TDX_POLICY(",\"platform\":\"sgx\""), TEE_JSON_DUPLICATE, "platform");
    refused("{\"platform\":\"tdx\",\"identities\":[{" TDX ",\"mr_td\":\"" H48 "\"}]}", TEE_JSON_DUPLICATE, "mr_td");
    refused(TDX_POLICY(",\"alow_debug\":true"), TEE_POLICY_KEY, "did you mean 'allow_debug'?");
    refused(TDX_POLICY(",\"comment\":\"\""), TEE_POLICY_KEY, "comment");
    refused("{\"platform\":\"tdx\",\"identities\":[{" TDX ",\"rtmr4\":\"" H48 "\"}]}", TEE_POLICY_KEY, "rtmr4");
    refused(TDX_POLICY(",\"vmpl\":0"), TEE_POLICY, "vmpl: tdx has nothing of the kind");
    refused(TDX_POLICY(",\"max_age_s\":0"), TEE_POLICY, "max_age_s");
    refused(NITRO_POLICY(",\"accept_tcb\":[\"UpToDate\"]"), TEE_POLICY, "accept_tcb");
    refused(NITRO_POLICY(",\"report_data\":\"00\""), TEE_POLICY, "report_data");
}

static void test_identities_refused(void)
{
    test_begin("identities that do not say enough");
    refused("{\"platform\":\"tdx\",\"identities\":[{\"rtmr3\":\"" H48 "\"}]}", TEE_POLICY, "needs mr_td and rtmr0 to");
    refused("{\"platform\":\"sgx\",\"identities\":[{\"mrsigner\":\"" H32 "\",\"isv_prod_id\":1}]}", TEE_POLICY,
            "needs mrenclave, or mrsigner");
    refused("{\"platform\":\"nitro\",\"identities\":[{\"pcr0\":\"" H48 "\",\"pcr1\":\"" H48 "\"}]}", TEE_POLICY,
            "needs pcr0, pcr1 and pcr2, or pcr8");
    refused("{\"platform\":\"snp\",\"identities\":[{\"host_data\":\"" H32 "\"}]}", TEE_POLICY, "needs measurement");
    refused("{\"platform\":\"tdx\",\"identities\":[{" TDX ",\"mrenclave\":\"" H32 "\"}]}", TEE_POLICY,
            "'mrenclave' is of sgx");
    refused("{\"platform\":\"snp\",\"identities\":[{\"measurement\":\"" H32 "\"}]}", TEE_POLICY,
            "identities[0].measurement: expected 96 hexadecimal digits, found 64");
    refused("{\"platform\":\"snp\",\"identities\":[{\"measurement\":\"" H48 "0\"}]}", TEE_POLICY, "found 97");
    refused("{\"platform\":\"sgx\",\"identities\":[{\"mrenclave\":\"" H32 "\"},{\"mrenclave\":\"0g" H32 "\"}]}",
            TEE_POLICY, "identities[1].mrenclave");
    refused("{\"platform\":\"sgx\",\"identities\":[{\"mrenclave\":5}]}", TEE_POLICY, "expected a string");
    refused("{\"platform\":\"sgx\",\"identities\":[{\"mrsigner\":\"" H32 "\",\"isv_prod_id\":65536,\"isv_svn_min\":1}]}",
            TEE_POLICY, "from 0 to 65535");
    refused("{\"platform\":\"nitro\",\"identities\":[{\"pcr32\":\"" H48 "\"}]}", TEE_POLICY_KEY, "pcr32");
    refused("{\"platform\":\"nitro\",\"identities\":[{\"pcr08\":\"" H48 "\"}]}", TEE_POLICY_KEY, "pcr08");
    refused("{\"platform\":\"snp\",\"identities\":[{\"measurement\":\"" H48 "\",\"expires\":\"2027-02-29\"}]}", TEE_POLICY,
            "expires");
    refused("{\"platform\":\"snp\",\"identities\":[{\"measurement\":\"" H48 "\",\"label\":\"a\\n\"}]}", TEE_POLICY,
            "control");
}

static void test_values_refused(void)
{
    test_begin("values that are no such values");
    refused(TDX_POLICY(",\"allow_debug\":1"), TEE_POLICY, "allow_debug: expected true or false");
    refused(TDX_POLICY(",\"accept_tcb\":[]"), TEE_POLICY, "accept_tcb: expected 1 to");
    refused(TDX_POLICY(",\"accept_tcb\":[\"uptodate\"]"), TEE_POLICY, "accept_tcb[0]");
    refused(TDX_POLICY(",\"accept_tcb\":[\"Revoked\"]"), TEE_POLICY, "cannot be accepted");
    refused(TDX_POLICY(",\"accept_tcb\":[\"none\"]"), TEE_POLICY, "accept_tcb[0]");
    refused(TDX_POLICY(",\"deny_advisories\":[\"\"]"), TEE_POLICY, "deny_advisories[0]");
    refused(TDX_POLICY(",\"min_tcb_eval\":-1"), TEE_POLICY, "min_tcb_eval");
    refused(TDX_POLICY(",\"min_tcb_eval\":\"17\""), TEE_POLICY, "min_tcb_eval: expected a whole number, not in");
    refused(SNP_POLICY(",\"vmpl\":\"1\""), TEE_POLICY, "vmpl: expected a whole number, not in");
    refused(TDX_POLICY(",\"nonce\":\"\""), TEE_POLICY, "expected 2 to 64 hexadecimal digits, found 0");
    refused(TDX_POLICY(",\"nonce\":\"" H32 "00\""), TEE_POLICY, "found 66");
    refused(TDX_POLICY(",\"report_data\":\"" H32 "\""), TEE_POLICY, "expected 128 hexadecimal digits");
    refused(TDX_POLICY(",\"roots\":[\"AAAA\"]"), TEE_POLICY, "roots[0]");
    refused(SNP_POLICY(",\"vmpl\":4"), TEE_POLICY, "vmpl");
    refused(SNP_ALONE(",\"min_tcb\":\"00\""), TEE_POLICY, "min_tcb");
    refused(SNP_ALONE(""), TEE_POLICY, "'min_tcb' is missing");
    refused(SNP_ALONE(",\"min_tcb\":null"), TEE_POLICY, "min_tcb: null");
    refused(TDX_POLICY(",\"accept_origin\":[]"), TEE_POLICY, "accept_origin");
    refused(TDX_POLICY(",\"accept_origin\":\"executed\""), TEE_POLICY, "accept_origin");
    refused(TDX_POLICY(",\"accept_origin\":[\"unchecked\"]"), TEE_POLICY, "how a result may come about");
    refused(TDX_POLICY(",\"accept_origin\":[\"resumed\"]"), TEE_POLICY, "how a result may come about");
    refused(TDX_POLICY(",\"purpose\":\"\""), TEE_POLICY, "1 to 64 bytes");
    refused(TDX_POLICY(",\"purpose\":1"), TEE_POLICY, "purpose");
    refused(SNP_POLICY(",\"min_build\":\"1.55\""), TEE_POLICY, "min_build");
    refused(SNP_POLICY(",\"min_build\":\"1.55.\""), TEE_POLICY, "min_build");
    refused(SNP_POLICY(",\"min_build\":\"1.256.1\""), TEE_POLICY, "min_build");
    refused(SNP_POLICY(",\"min_build\":\"1.55.8.1\""), TEE_POLICY, "min_build");
}

static void test_roots(void)
{
    test_begin("roots are for tests");
    char root[256] = {0}, text[1024];
    memset(root, 'A', 128);
    snprintf(text, sizeof text, TDX_POLICY(",\"roots\":[\"%s\"]"), root);
    refused(text, TEE_POLICY, "allow_simulator");
    snprintf(text, sizeof text, TDX_POLICY(",\"roots\":[\"%s\"],\"allow_simulator\":true"), root);
    struct tee_policy p = accepted(text);
    CHECK_EQUAL(p.root_count, 1);
    CHECK_EQUAL(p.roots[0].size, 96);
    CHECK(p.allow_simulator);
    tee_policy_free(&p);
}

static void test_defaults(void)
{
    test_begin("defaults are strict");
    struct tee_policy p = accepted(TDX_POLICY(""));
    CHECK_EQUAL(p.platform, TEE_TDX);
    CHECK_EQUAL(p.accept_tcb, 1 << TCB_UP_TO_DATE);
    CHECK_EQUAL(p.accept_origin, 1 << ORIGIN_EXECUTED);
    CHECK(!p.has_purpose && p.max_key_age == 86400);
    CHECK(!p.allow_debug && !p.allow_service_td && !p.allow_sept_ve && !p.allow_simulator && p.allow_trailing);
    CHECK(p.require_crl && !p.has_nonce && !p.has_report_data);
    CHECK_EQUAL(p.identity_count, 1);
    CHECK_EQUAL(p.identities[0].count, 5);
    CHECK_TEXT(p.identities[0].label, "");
    CHECK(p.identities[0].expires == INT64_MAX);
    tee_policy_free(&p);
    p = accepted(NITRO_POLICY(""));
    CHECK(!p.require_crl);
    CHECK_EQUAL(p.max_age, 3600);
    CHECK_EQUAL(p.skew, 300);
    tee_policy_free(&p);
    p = accepted(SNP_POLICY(""));
    CHECK(!p.allow_migration && !p.allow_smt && !p.allow_cxl && !p.allow_masked_chip && p.vmpl == 0 && p.require_crl);
    tee_policy_free(&p);
}

static void test_everything(void)
{
    test_begin("everything that can be said");
    struct tee_policy p = accepted(
        TDX_POLICY(",\"accept_tcb\":[\"SWHardeningNeeded\",\"UpToDate\"],\"deny_advisories\":[\"INTEL-SA-00615\"],"
                   "\"min_tcb_eval\":17,\"allow_debug\":true,\"allow_service_td\":true,\"allow_sept_ve\":true,"
                   "\"allow_trailing\":false,\"allow_simulator\":true,\"require_crl\":false,\"max_key_age_s\":60,"
                   "\"accept_origin\":[\"verified\",\"resumed-file\"],\"purpose\":\"nvm-sign-v1:staging\","
                   "\"nonce\":\"0AfF\",\"report_data\":\"" H32 H32 "\""));
    CHECK_EQUAL(p.accept_tcb, 1 << TCB_UP_TO_DATE | 1 << TCB_SW_HARDENING_NEEDED);
    CHECK_EQUAL(p.deny_advisory_count, 1);
    CHECK(bytes_equal(p.deny_advisories[0], bytes_of_string("INTEL-SA-00615")));
    CHECK_EQUAL(p.min_tcb_eval, 17);
    CHECK(p.allow_debug && p.allow_service_td && p.allow_sept_ve && !p.allow_trailing && p.allow_simulator);
    CHECK(!p.require_crl && p.has_nonce && p.has_report_data);
    CHECK_EQUAL(p.max_key_age, 60);
    CHECK_EQUAL(p.accept_origin, 1 << ORIGIN_VERIFIED | 1 << ORIGIN_RESUMED_FILE);
    CHECK(p.has_purpose && bytes_equal(p.purpose, bytes_of_string("nvm-sign-v1:staging")));
    CHECK(bytes_equal(p.nonce, bytes_of("\x0a\xff", 2)));
    CHECK(p.report_data[33] == 1 && p.report_data[63] == 31);
    tee_policy_free(&p);
    p = accepted(SNP_POLICY(",\"vmpl\":3,\"allow_migration\":true,\"allow_smt\":true,"
                            "\"allow_cxl\":true,\"require_alias_check\":true,\"allow_masked_chip\":true,"
                            "\"strict_tcb\":true,\"min_build\":\"1.55.8\""));
    CHECK(p.min_tcb[0] == 2 && p.min_tcb[6] == 0x18 && p.min_tcb[7] == 0x44);
    CHECK(p.vmpl == 3 && p.allow_migration && p.allow_smt && p.allow_cxl && p.require_alias_check);
    CHECK(p.allow_masked_chip && p.strict_tcb);
    CHECK_EQUAL(p.min_build, 1 << 16 | 55 << 8 | 8);
    tee_policy_free(&p);
    p = accepted("{\"platform\":\"sgx\",\"identities\":[{\"label\":\"old\",\"expires\":\"2027-01-31\",\"mrsigner\":\"" H32
                 "\",\"isv_prod_id\":7,\"isv_svn_min\":3},{\"mrenclave\":\"" H32 "\",\"expires\":\"2027-01-31T12:00:00Z\"}]}");
    CHECK_EQUAL(p.identity_count, 2);
    CHECK_TEXT(p.identities[0].label, "old");
    CHECK_EQUAL(p.identities[0].expires, 1801439999);
    CHECK_EQUAL(p.identities[1].expires, 1801396800);
    CHECK_EQUAL(p.identities[0].values[1].number, 7);
    CHECK_TEXT(p.identities[0].values[2].name, "isv_svn_min");
    tee_policy_free(&p);
    p = accepted(NITRO_POLICY(",\"max_age_s\":10,\"skew_s\":0,\"require_crl\":true"));
    CHECK(p.max_age == 10 && p.skew == 0 && p.require_crl);
    tee_policy_free(&p);
}

/* ---- judging ----------------------------------------------------------------------------------------------------- */

static const uint8_t measured32[32] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
                                       23, 24, 25, 26, 27, 28, 29, 30, 31};

static void judge(const char *policy, uint64_t svn, const uint8_t signer[32], int64_t at, enum tee_refusal code)
{
    struct tee_policy p = accepted(policy);
    struct tee_verdict v = {0};
    struct error e = {0};
    const struct tee_identity_value values[] = {
        {"mrenclave", {signer, 32}, 0}, {"mrsigner", {signer, 32}, 0}, {"isv_prod_id", {0}, 7}, {"isv_svn_min", {0}, svn}};
    tee_verdict_begin(&v, TEE_SGX, at, false);
    const enum status status = tee_policy_identity(&p, values, 4, &v, &e);
    CHECK((status == STATUS_OK) == (code == TEE_OK));
    CHECK_TEXT(tee_refusal_code(v.refusal), tee_refusal_code(code));
    CHECK_EQUAL(e.code, code);
    CHECK(v.count > 0);
    tee_verdict_free(&v);
    tee_policy_free(&p);
}

static void test_identity(void)
{
    static const char signer[] = "{\"platform\":\"sgx\",\"identities\":[{\"expires\":\"2026-01-01T00:00:00Z\",\"mrsigner\":\""
                                 H32 "\",\"isv_prod_id\":7,\"isv_svn_min\":3}]}";
    static const char two[] = "{\"platform\":\"sgx\",\"identities\":[{\"expires\":\"2026-01-01T00:00:00Z\",\"mrenclave\":\""
                              H32 "\"},{\"mrenclave\":\"" H32 "\",\"label\":\"new\"}]}";
    static const int64_t day = 1767225600; /* 2026-01-01 */
    uint8_t other[32];
    memcpy(other, measured32, 32);
    other[31] ^= 1;
    test_begin("which measurements fit");
    judge(signer, 3, measured32, day, TEE_OK);
    judge(signer, 4, measured32, day, TEE_OK);
    judge(signer, 2, measured32, day, TEE_MEASUREMENT);
    judge(signer, 3, other, day, TEE_MEASUREMENT);
    judge(signer, 3, measured32, day + 1, TEE_IDENTITY_EXPIRED);
    judge(signer, 3, other, day + 1, TEE_MEASUREMENT);
    judge(two, 0, measured32, day + 1, TEE_OK);
    judge(two, 0, other, day, TEE_MEASUREMENT);
}

static void test_identity_missing(void)
{
    test_begin("a measurement that the evidence does not have");
    struct tee_policy p = accepted(NITRO_POLICY(""));
    struct tee_verdict v = {0};
    struct error e = {0};
    uint8_t pcr[48];
    for (int i = 0; i < 48; i++) pcr[i] = (uint8_t)i;
    const struct tee_identity_value values[] = {{"pcr0", {pcr, 48}, 0}, {"pcr1", {pcr, 48}, 0}};
    tee_verdict_begin(&v, TEE_NITRO, 0, false);
    CHECK_EQUAL(tee_policy_identity(&p, values, 2, &v, &e), STATUS_INVALID);
    CHECK_EQUAL(e.code, TEE_PCR_MISSING);
    CHECK_EQUAL(v.count, 3);
    tee_verdict_free(&v);
    /* A policy that names nothing accepts nothing, however it came to be. */
    const struct tee_identity empty = {.label = "", .expires = INT64_MAX};
    const struct tee_policy none = {.platform = TEE_NITRO};
    const struct tee_policy hollow = {.platform = TEE_NITRO, .identities = &empty, .identity_count = 1};
    CHECK_EQUAL(tee_policy_identity(&none, values, 2, &v, &e), STATUS_INVALID);
    CHECK_EQUAL(e.code, TEE_POLICY_EMPTY);
    CHECK_EQUAL(tee_policy_identity(&hollow, values, 2, &v, &e), STATUS_INVALID);
    CHECK_EQUAL(e.code, TEE_POLICY_EMPTY);
    tee_verdict_free(&v);
    tee_policy_free(&p);
}

static void bound(const struct tee_policy *p, const struct tee_expected *x, const uint8_t data[64],
                  enum tee_refusal code)
{
    struct tee_verdict v = {0};
    struct error e = {0};
    const enum status status = tee_policy_report_data(p, x, data, &v, &e);
    CHECK((status == STATUS_OK) == (code == TEE_OK));
    CHECK_TEXT(tee_refusal_code(v.refusal), tee_refusal_code(code));
    CHECK_EQUAL(e.code, code);
    CHECK(v.count > 0);
    tee_verdict_free(&v);
}

static void test_report_data(void)
{
    test_begin("report data are compared to the last byte");
    struct tee_expected x = {.has_digest = true};
    struct tee_policy p = {.platform = TEE_TDX}, fixed = p, asking = p;
    uint8_t data[64] = {0}, nonce[33] = {9, 8, 7};
    memcpy(x.digest, measured32, 32);
    memcpy(data, measured32, 32);
    bound(&p, &x, data, TEE_OK);
    bound(&p, NULL, data, TEE_OK); /* said to be about nothing: noted */
    x.has_nonce = true;
    x.nonce = bytes_of(nonce, 3);
    bound(&p, &x, data, TEE_NONCE); /* asked for, and zeros */
    memcpy(data + 32, nonce, 3);
    bound(&p, &x, data, TEE_OK);
    x.nonce.size = 2;
    bound(&p, &x, data, TEE_NONCE);
    x.nonce.size = 33;
    bound(&p, &x, data, TEE_NONCE);
    x.has_nonce = false;
    bound(&p, &x, data, TEE_NONCE); /* not asked for, and there */
    asking.has_nonce = true;
    asking.nonce = bytes_of(nonce, 3);
    bound(&asking, &x, data, TEE_OK);
    bound(&asking, NULL, data, TEE_NONCE); /* raw evidence: it may have been two bytes, or four */
    x.has_nonce = true;
    x.nonce = bytes_of(nonce, 2);
    bound(&asking, &x, data, TEE_NONCE); /* both must hold */
    x.has_nonce = false;
    for (int bit = 0; bit < 512; bit++) {
        data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        bound(&asking, &x, data, bit < 256 ? TEE_REPORT_DATA : TEE_NONCE);
        data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    fixed.has_report_data = true;
    memcpy(fixed.report_data, data, 64);
    bound(&fixed, NULL, data, TEE_OK);
    bound(&fixed, &x, data, TEE_OK);
    data[63] ^= 1;
    bound(&fixed, NULL, data, TEE_REPORT_DATA);
    memmove(data + 32, data, 32); /* the digest in the wrong half */
    memset(data, 0, 32);
    bound(&p, &x, data, TEE_REPORT_DATA);
}

/* Evidence of which nothing else is known: a challenge must fill its place, and zeros are none. */
static void test_raw_nonces(void)
{
    test_begin("nonces of raw evidence");
    struct tee_policy p = {.platform = TEE_TDX, .has_nonce = true};
    struct tee_expected x = {.has_nonce = true};
    const struct tee_policy silent = {.platform = TEE_TDX};
    uint8_t data[64] = {0};
    for (size_t size = 0; size <= 33; size++) {
        p.nonce = x.nonce = bytes_of(data + 31, size < 33 ? size : 0);
        bound(&p, NULL, data, TEE_NONCE);
        bound(&silent, &x, data, TEE_NONCE);
    }
    data[63] = 1;
    p.nonce = x.nonce = bytes_of(data + 32, 32);
    bound(&p, NULL, data, TEE_OK);
    bound(&silent, &x, data, TEE_OK);
    uint8_t other[32] = {1};
    p.nonce = x.nonce = bytes_of(other, 32);
    bound(&p, NULL, data, TEE_NONCE);
    bound(&silent, &x, data, TEE_NONCE);
}

/* ---- which platform; times --------------------------------------------------------------------------------------- */

static enum tee_platform platform_of(const char *bytes, size_t size)
{
    uint8_t evidence[64] = {0};
    memcpy(evidence, bytes, size);
    return tee_evidence_platform(bytes_of(evidence, sizeof evidence));
}

static void test_times(void)
{
    char text[RFC3339_TEXT_SIZE];
    int64_t at = 0;
    test_begin("times");
    CHECK(rfc3339_read(bytes_of_string("2026-06-17T01:05:04Z"), &at) && at == 1781658304);
    CHECK_TEXT(rfc3339_text(at, text), "2026-06-17T01:05:04Z");
    CHECK(rfc3339_read(bytes_of_string("2026-06-17t03:05:04.123+02:00"), &at) && at == 1781658304);
    CHECK(rfc3339_read(bytes_of_string("1969-12-31 23:59:59Z"), &at) && at == -1);
    CHECK(rfc3339_read(bytes_of_string("2000-02-29T00:00:00Z"), &at) && at == 951782400);
    static const char *const bad[] = {"", "2026", "2026-06-17", "2026-06-17T01:05:04", "2026-13-17T01:05:04Z",
        "2026-02-29T01:05:04Z", "1900-02-29T01:05:04Z", "2026-06-00T01:05:04Z", "2026-06-17T24:00:00Z",
        "2026-06-17T01:60:04Z", "2026-06-17T01:05:60Z", "2026-06-17T01:05:04Zx", "2026-06-17T01:05:04.Z",
        "2026-06-17T01:05:04+2:00", "2026-6-17T01:05:04Z", "+026-06-17T01:05:04Z", "2026-06-17T01:05:04+24:00"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) CHECK(!rfc3339_read(bytes_of_string(bad[i]), &at));
    CHECK_TEXT(rfc3339_text(INT64_MAX, text), "9999-12-31T23:59:59Z");
    CHECK_TEXT(rfc3339_text(INT64_MIN, text), "0000-01-01T00:00:00Z");
}

static void test_platforms(void)
{
    test_begin("platforms by form");
    CHECK_EQUAL(platform_of("\x03\0\x02\0\0\0\0\0", 8), TEE_SGX);
    CHECK_EQUAL(platform_of("\x04\0\x02\0\x81\0\0\0", 8), TEE_TDX);
    CHECK_EQUAL(platform_of("\x84\x44\xa1\x01\x38\x22", 6), TEE_NITRO);
    CHECK_EQUAL(platform_of("\xd2\x84\x44\xa1\x01\x38\x22", 7), TEE_NITRO);
    char report[0x38] = {2};
    report[0x34] = 1;
    CHECK_EQUAL(platform_of(report, sizeof report), TEE_SNP);
    CHECK_EQUAL(platform_of("garbage", 7), TEE_NO_PLATFORM);
    CHECK_EQUAL(tee_evidence_platform(bytes_of(NULL, 0)), TEE_NO_PLATFORM);
    for (int p = TEE_NO_PLATFORM + 1; p < TEE_PLATFORM_COUNT; p++)
        CHECK_EQUAL(tee_platform_named(bytes_of_string(tee_platform_name((enum tee_platform)p))), p);
    CHECK_EQUAL(tee_platform_named(bytes_of_string("none")), TEE_NO_PLATFORM);
}

int main(void)
{
    test_refusals();
    test_identities_refused();
    test_values_refused();
    test_roots();
    test_defaults();
    test_everything();
    test_identity();
    test_identity_missing();
    test_report_data();
    test_raw_nonces();
    test_times();
    test_platforms();
    return test_end();
}
