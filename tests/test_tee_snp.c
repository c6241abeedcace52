/* SEV-SNP: the real reports. */
#include "tests/snp_fixture.h"

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

/* With a cache, so that the chain is checked once: the report is what changes. Each verification costs a millisecond or
 * two, so one bit of each byte goes all the way, another one in each report; of all others it is shown that they change
 * what the signature is over. */
static void try_bits(struct question *q, struct arena *arena, unsigned phase)
{
    const struct bytes good = q->evidence;
    uint8_t *copy = arena_alloc(arena, good.size), hash[SHA384_SIZE], other[SHA384_SIZE];
    unsigned unnoticed = 0;
    memcpy(copy, good.data, good.size);
    q->evidence = bytes_of(copy, good.size);
    sha384(bytes_of(copy, SNP_SIGNED_SIZE), hash);
    for (size_t bit = 0; bit < 8 * good.size; bit++) {
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (bit % 8 == (bit / 8 + phase) % 8) {
            const enum tee_refusal r = ask(q);
            CHECK(r != TEE_OK && r != TEE_MEASUREMENT && r != TEE_REPORT_DATA);
        } else if (bit < 8 * SNP_SIGNED_SIZE) {
            struct snp_report report;
            sha384(bytes_of(copy, SNP_SIGNED_SIZE), other);
            unnoticed += snp_report_read(q->evidence, &report, NULL) == STATUS_OK &&
                         (report.signed_part.data != copy || report.signed_part.size != SNP_SIGNED_SIZE ||
                          memcmp(hash, other, sizeof hash) == 0);
        }
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    CHECK_EQUAL(unnoticed, 0);
    CHECK_REFUSAL(ask(q), TEE_OK);
    q->evidence = good;
}

static void try_lengths(struct question *q, struct arena *arena)
{
    const struct bytes good = q->evidence;
    uint8_t *copy = arena_alloc(arena, good.size + 1);
    for (size_t size = 0; size < good.size; size++) {
        uint8_t *cut = malloc(size ? size : 1); /* of exactly that size, for the sanitizer */
        if (size) memcpy(cut, good.data, size);
        q->evidence = bytes_of(cut, size);
        CHECK_REFUSAL(ask(q), TEE_LENGTH);
        free(cut);
    }
    memcpy(copy, good.data, good.size);
    copy[good.size] = 0;
    q->evidence = bytes_of(copy, good.size + 1);
    CHECK_REFUSAL(ask(q), TEE_LENGTH);
    q->evidence = good;
}

static void test_real_bits(struct arena *arena)
{
    test_begin("real reports: every truncation, every bit that is signed");
    for (unsigned k = 0; k < 2; k++) {
        struct chain_cache cache = {0};
        struct question q = k ? real_v3(arena) : real(arena, "snp_v2_debug.report", "snp_v2_vcek.der", AT_V2);
        q.policy.allow_debug = k == 0; /* so that something else must refuse it */
        q.cache = &cache;
        CHECK_REFUSAL(ask(&q), TEE_OK);
        try_lengths(&q, arena);
        try_bits(&q, arena, 4 * k);
        chain_cache_free(&cache);
    }
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
    return test_end();
}
