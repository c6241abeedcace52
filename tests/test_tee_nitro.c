/* Attestation documents of AWS Nitro Enclaves: real ones at their times, and changed. */
#include <stdlib.h>
#include <time.h>

#include "tee/evidence.h"
#include "tee/nitro_document.h"
#include "tee/roots.h"
#include "tee/x509.h"
#include "tests/tee_samples.h"

/* ---- one verification -------------------------------------------------------------------------------------------- */

/* What a document is checked against: the registers that it has, strictly, at the time that it says. */
struct setup {
    struct tee_identity_value values[NITRO_PCRS];
    struct tee_identity identity;
    struct tee_policy policy;
    struct tee_expected expected;
    struct tee_input in;
    struct nitro_document document;
    struct chain_cache cache;
};

static void setup_begin(struct setup *s, struct bytes evidence)
{
    struct error e;
    *s = (struct setup){0};
    CHECK(nitro_document_read(evidence, &s->document, &e) == STATUS_OK);
    uint32_t count = 0;
    for (unsigned i = 0; i < NITRO_PCRS; i++)
        if (s->document.pcr_mask >> i & 1)
            s->values[count++] = (struct tee_identity_value){.name = nitro_pcr_name(i), .value = s->document.pcr[i]};
    s->identity = (struct tee_identity){.label = "its own", .expires = INT64_MAX, .values = s->values, .count = count};
    s->policy = (struct tee_policy){.platform = TEE_NITRO, .identities = &s->identity, .identity_count = 1,
                                    .max_age = 3600, .skew = 300};
    s->in = (struct tee_input){.evidence = evidence, .policy = &s->policy, .expected = &s->expected,
                               .at = (int64_t)(s->document.timestamp_ms / 1000), .cache = &s->cache};
    s->in.root_count = tee_roots(TEE_NITRO, &s->in.roots);
}

/* The refusal; TEE_OK: accepted. What error and verdict say must agree. */
static enum tee_refusal verify(struct setup *s)
{
    struct tee_verdict v = {0};
    struct error e = {0};
    const enum status status = nitro_verify(&s->in, &v, &e);
    const enum tee_refusal refusal = v.refusal;
    CHECK(status == STATUS_OK || status == STATUS_INVALID);
    CHECK((status == STATUS_OK) == (refusal == TEE_OK));
    if (status != STATUS_OK) CHECK(e.code == (int)refusal && e.message[0]);
    CHECK(v.count > 0 && v.platform == TEE_NITRO && v.at == s->in.at);
    tee_verdict_free(&v);
    return refusal;
}

static bool refused(struct setup *s, enum tee_refusal expected, int line)
{
    const enum tee_refusal got = verify(s);
    if (got != expected)
        printf("  line %d: %s, expected %s\n", line, tee_refusal_code(got), tee_refusal_code(expected));
    return got == expected;
}
#define CHECK_REFUSED(s, refusal) CHECK(refused(s, refusal, __LINE__))
#define CHECK_ACCEPTED(s) CHECK(refused(s, TEE_OK, __LINE__))

/* ---- real documents at their times ------------------------------------------------------------------------------- */

static int64_t utc(int year, int month, int day, int hour, int minute, int second)
{
    struct tm t = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute,
                   .tm_sec = second};
    return timegm(&t);
}

struct sample {
    const char *name;
    bool debug;
    size_t size;
    int begins[6], ends[6];        /* the leaf's validity */
    uint64_t timestamp_ms;         /* 0: not known otherwise */
};
static const struct sample samples[] = {
    {"nitro_2022_ok.cose", false, 4654, {2022, 10, 13, 8, 57, 59}, {2022, 10, 13, 11, 58, 2}, 1665651482136},
    {"nitro_2025_ok.cose", false, 4527, {2025, 12, 25, 13, 15, 34}, {2025, 12, 25, 16, 15, 37}, 1766668537578},
    {"nitro_2025_b.cose", false, 4526, {2025, 12, 25, 16, 4, 16}, {2025, 12, 25, 19, 4, 19}, 1766678659346},
    {"nitro_2022_debug.cose", true, 4426, {2022, 10, 12, 13, 49, 51}, {2022, 10, 12, 16, 49, 54}, 0},
    {"nitro_2023_debug_b64.cose", true, 4748, {2023, 9, 18, 14, 37, 9}, {2023, 9, 18, 17, 37, 12}, 0},
    {"nitro_2025_debug.cose", true, 4529, {2025, 12, 25, 8, 20, 43}, {2025, 12, 25, 11, 20, 46}, 0},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static int64_t utc_of(const int t[6])
{
    return utc(t[0], t[1], t[2], t[3], t[4], t[5]);
}

static void check_times(struct setup *s, const struct sample *k, enum tee_refusal good)
{
    const int64_t made = s->in.at, begins = utc_of(k->begins), ends = utc_of(k->ends);
    s->policy.max_age = s->policy.skew = 1 << 20;
    s->in.at = begins - 1;
    CHECK_REFUSED(s, TEE_NOT_YET_VALID);
    s->in.at = begins;
    CHECK_REFUSED(s, good);
    s->in.at = ends;
    CHECK_REFUSED(s, good);
    s->in.at = ends + 1;
    CHECK_REFUSED(s, TEE_EXPIRED);
    s->policy.max_age = 600;
    s->in.at = made + 600;
    CHECK_REFUSED(s, good);
    s->in.at = made + 601;
    CHECK_REFUSED(s, TEE_STALE);
    s->policy.skew = 2;
    s->in.at = made - 2;
    CHECK_REFUSED(s, good);
    s->policy.skew = 1;
    CHECK_REFUSED(s, TEE_FUTURE);
    s->policy.max_age = 3600;
    s->policy.skew = 300;
    s->in.at = utc(2026, 11, 1, 0, 0, 0);
    CHECK_REFUSED(s, TEE_EXPIRED);
    s->in.at = made;
}

/* Without the outcome of the debug check in the way. */
static void check_registers(struct setup *s)
{
    uint8_t other[NITRO_PCR_SIZE];
    s->policy.allow_debug = true;
    CHECK_ACCEPTED(s);
    memcpy(other, s->values[3].value.data, sizeof other);
    other[47] ^= 1;
    const struct bytes value = s->values[3].value;
    s->values[3].value = bytes_of(other, sizeof other);
    CHECK_REFUSED(s, TEE_MEASUREMENT);
    s->values[3].value = bytes_of(value.data, 47);
    CHECK_REFUSED(s, TEE_MEASUREMENT);
    s->values[3].value = value;
    s->values[3].name = "pcr30";
    CHECK_REFUSED(s, TEE_PCR_MISSING);
    s->values[3].name = nitro_pcr_name(3);
    s->identity.expires = s->in.at - 1;
    CHECK_REFUSED(s, TEE_IDENTITY_EXPIRED);
    s->identity.expires = INT64_MAX;
    s->policy.identity_count = 0;
    CHECK_REFUSED(s, TEE_POLICY_EMPTY);
    s->policy.identity_count = 1;
}

static void check_roots(struct setup *s)
{
    const struct bytes *right = s->in.roots, *wrong;
    const uint32_t count = s->in.root_count;
    s->in.root_count = tee_roots(TEE_TDX, &wrong);
    s->in.roots = wrong;
    CHECK_REFUSED(s, TEE_ROOT_MISMATCH);
    const struct bytes both[] = {wrong[0], right[0]};
    s->in.roots = both;
    s->in.root_count = 2;
    CHECK_ACCEPTED(s);
    s->in.root_count = 0;
    CHECK_REFUSED(s, TEE_ROOT_MISMATCH);
    s->in.roots = right;
    s->in.root_count = count;
    s->policy.require_crl = true;
    CHECK_REFUSED(s, TEE_CRL_MISSING);
    s->policy.require_crl = false;
}

static void check_sample(const struct sample *k, struct arena *arena)
{
    struct setup s;
    test_begin(k->name);
    const struct bytes evidence = tee_sample(arena, k->name);
    const enum tee_refusal good = k->debug ? TEE_DEBUG : TEE_OK;
    setup_begin(&s, evidence);
    CHECK_EQUAL(evidence.size, k->size);
    if (k->timestamp_ms) CHECK_EQUAL(s.document.timestamp_ms, k->timestamp_ms);
    CHECK_REFUSED(&s, good);
    check_times(&s, k, good);
    check_registers(&s);
    check_roots(&s);
    chain_cache_free(&s.cache);
}

/* ---- what is asked for ------------------------------------------------------------------------------------------- */

static void test_expected(struct arena *arena)
{
    struct setup s;
    test_begin("nonce, user data and key");
    setup_begin(&s, tee_sample(arena, "nitro_2022_ok.cose"));
    CHECK(s.document.has_nonce && s.document.nonce.size == 256 && !s.document.has_user_data);
    s.expected.has_nonce = true;
    s.expected.nonce = s.document.nonce;
    CHECK_ACCEPTED(&s);
    s.expected.nonce.size = 255; /* a beginning is not enough */
    CHECK_REFUSED(&s, TEE_NONCE);
    s.expected.nonce.size = 0;
    CHECK_REFUSED(&s, TEE_NONCE);
    s.expected.has_nonce = false;
    s.policy.has_nonce = true;
    s.policy.nonce = bytes_of("challenge", 9);
    CHECK_REFUSED(&s, TEE_NONCE);
    s.policy.nonce = s.document.nonce;
    CHECK_ACCEPTED(&s);
    s.expected.has_digest = true; /* and the document has null */
    CHECK_REFUSED(&s, TEE_USER_DATA);
    s.expected.has_digest = false;
    s.expected.has_public_key = true;
    s.expected.public_key = bytes_of("key", 3);
    CHECK_REFUSED(&s, TEE_USER_DATA);
    chain_cache_free(&s.cache);

    setup_begin(&s, tee_sample(arena, "nitro_2025_ok.cose"));
    CHECK(s.document.has_user_data && s.document.user_data.size == 64 && !s.document.has_nonce);
    s.expected.has_digest = true; /* 32 bytes against 64 that begin with them */
    memcpy(s.expected.digest, s.document.user_data.data, 32);
    CHECK_REFUSED(&s, TEE_USER_DATA);
    s.expected.has_digest = false;
    s.policy.has_report_data = true;
    memcpy(s.policy.report_data, s.document.user_data.data, 64);
    CHECK_ACCEPTED(&s);
    s.policy.report_data[63] ^= 1;
    CHECK_REFUSED(&s, TEE_USER_DATA);
    s.policy.has_report_data = false;
    s.expected.has_nonce = true; /* and the document has null */
    CHECK_REFUSED(&s, TEE_NONCE);
    chain_cache_free(&s.cache);
}

/* ---- changed documents ------------------------------------------------------------------------------------------- */

static void test_cut(struct arena *arena)
{
    struct setup s;
    test_begin("every truncation");
    for (unsigned k = 0; k < SAMPLES; k++) {
        const struct bytes whole = tee_sample(arena, samples[k].name);
        setup_begin(&s, whole);
        bool all = true;
        for (size_t n = 0; n < whole.size; n++) {
            uint8_t *part = malloc(n ? n : 1);
            if (n) memcpy(part, whole.data, n);
            s.in.evidence = bytes_of(part, n);
            struct tee_verdict v = {0};
            struct error e;
            all = all && nitro_verify(&s.in, &v, &e) == STATUS_INVALID && e.code == TEE_COSE;
            tee_verdict_free(&v);
            free(part);
        }
        CHECK(all);
        chain_cache_free(&s.cache);
    }
}

/* A changed bit makes the document unreadable, or changes the hash that is signed. */
static bool bit_is_signed(const uint8_t *data, size_t size, const uint8_t hash[COSE_HASH_SIZE])
{
    struct nitro_document d;
    struct error e;
    uint8_t other[COSE_HASH_SIZE];
    if (nitro_document_read(bytes_of(data, size), &d, &e) != STATUS_OK) return true;
    cose_sign1_hash(d.message.protected_header, d.message.payload, other);
    return memcmp(hash, other, sizeof other) != 0;
}

static bool is_in(struct bytes part, const uint8_t *p)
{
    return p >= part.data && p < part.data + part.size;
}

static bool in_certificate(const struct nitro_document *d, const uint8_t *p)
{
    bool found = is_in(d->certificate, p);
    for (uint32_t i = 0; i < d->cabundle_count; i++) found = found || is_in(d->cabundle[i], p);
    return found;
}

/* Everything but the framing of the signature is signed; a signature of r ‖ s has no bit to spare either. */
static void test_flipped(struct arena *arena)
{
    struct setup s;
    test_begin("flipped bits");
    for (unsigned k = 0; k < SAMPLES; k++) {
        const struct bytes whole = tee_sample(arena, samples[k].name);
        uint8_t hash[COSE_HASH_SIZE], *data = arena_alloc(arena, whole.size);
        memcpy(data, whole.data, whole.size);
        setup_begin(&s, whole);
        s.policy.allow_debug = true;
        CHECK_ACCEPTED(&s);
        s.in.evidence = bytes_of(data, whole.size);
        cose_sign1_hash(s.document.message.protected_header, s.document.message.payload, hash);
        bool all = true;
        for (size_t i = 0; i < 8 * (whole.size - COSE_SIGNATURE_SIZE); i++) {
            data[i / 8] ^= (uint8_t)(1 << i % 8);
            all = all && bit_is_signed(data, whole.size, hash);
            data[i / 8] ^= (uint8_t)(1 << i % 8);
        }
        CHECK(all);
        /* The whole verification, for some bytes of each document; for the first one, for every byte that is not in a
         * certificate, which take several signatures each. */
        for (size_t i = 0; i < whole.size; i++) {
            const bool in_signature = i + COSE_SIGNATURE_SIZE >= whole.size;
            const bool all_of_it = k == 0 && !in_signature && !in_certificate(&s.document, whole.data + i);
            if (!all_of_it && (i + k) % (in_signature ? 4 : 67)) continue;
            data[i] ^= (uint8_t)(1 << i % 8);
            all = all && verify(&s) != TEE_OK;
            data[i] ^= (uint8_t)(1 << i % 8);
        }
        CHECK(all);
        CHECK_ACCEPTED(&s);
        chain_cache_free(&s.cache);
    }
}

static void test_tagged(struct arena *arena)
{
    struct setup s;
    const struct bytes whole = tee_sample(arena, "nitro_2025_ok.cose");
    uint8_t *data = arena_alloc(arena, whole.size + 2);
    test_begin("the tag");
    memcpy(data + 1, whole.data, whole.size);
    data[0] = 0xd2; /* 18 */
    setup_begin(&s, whole);
    s.in.evidence = bytes_of(data, whole.size + 1);
    CHECK_ACCEPTED(&s);
    data[0] = 0xd1;
    CHECK_REFUSED(&s, TEE_COSE);
    memmove(data, data + 1, whole.size);
    data[whole.size] = 0;
    CHECK_REFUSED(&s, TEE_COSE); /* one byte more */
    chain_cache_free(&s.cache);
}

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The same machine's next document has the same chain: only its own signature is left to check. */
static void test_warm(struct arena *arena)
{
    struct setup s;
    test_begin("warm and cold");
    setup_begin(&s, tee_sample(arena, "nitro_2025_ok.cose"));
    double cold = milliseconds(), warm = 1e9;
    CHECK_ACCEPTED(&s);
    cold = milliseconds() - cold;
    for (int i = 0; i < 10; i++) {
        const double start = milliseconds();
        CHECK_ACCEPTED(&s);
        const double took = milliseconds() - start;
        if (took < warm) warm = took;
    }
    printf("  cold %.1f ms, warm %.1f ms\n", cold, warm);
    CHECK(warm < cold / 2);
    chain_cache_free(&s.cache);
}

int main(void)
{
    struct arena arena = {0};
    if (tee_samples_there("real documents")) {
        for (unsigned k = 0; k < SAMPLES; k++) check_sample(&samples[k], &arena);
        test_expected(&arena);
        test_cut(&arena);
        test_flipped(&arena);
        test_tagged(&arena);
        test_warm(&arena);
    }
    arena_free(&arena);
    return test_end();
}
