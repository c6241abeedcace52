/* Hostile documents of AWS Nitro Enclaves under roots of one's own: each is wrong in one way and signed anew, so that it
 * reaches the check that is for it. */
#include <stdlib.h>

#include "tee/cbor.h"
#include "tee/evidence.h"
#include "tee/issue_nitro.h"
#include "tee/nitro_document.h"
#include "tests/test.h"

enum { AT = 1800000000, HOUR = 3600 };

/* What is good; tests change copies of its document, or a certificate and back. */
struct world {
    struct issue issue;
    struct issue_nitro nitro, other; /* the other has other keys and the same names */
    struct issue_nitro_document good;
    struct bytes root;
    struct tee_identity_value values[4];
    struct tee_identity identity;
    struct tee_policy policy;
    struct tee_expected expected;
    struct tee_input in;
    struct chain_cache cache;
};

static void world_begin(struct world *w)
{
    static const uint8_t seed[32] = "nitro", other_seed[32] = "another nitro";
    *w = (struct world){0};
    issue_nitro_defaults(&w->issue, seed, &w->nitro);
    issue_nitro_defaults(&w->issue, other_seed, &w->other);
    for (int k = 0; k < NITRO_LEVELS; k++) {
        w->nitro.certificates[k].not_before = w->other.certificates[k].not_before = AT - 10 * HOUR;
        w->nitro.certificates[k].not_after = w->other.certificates[k].not_after = AT + 10 * HOUR;
    }
    issue_nitro_document_defaults(&w->issue, &w->nitro, AT, &w->good);
    w->root = w->good.bundle[0];
    for (uint32_t i = 0; i < 3; i++)
        w->values[i] = (struct tee_identity_value){.name = nitro_pcr_name(i), .value = w->good.pcrs[i].value};
    w->identity = (struct tee_identity){.label = "image", .expires = INT64_MAX, .values = w->values, .count = 3};
    w->policy = (struct tee_policy){.platform = TEE_NITRO, .identities = &w->identity, .identity_count = 1,
                                    .max_age = HOUR, .skew = 300};
    w->in = (struct tee_input){.policy = &w->policy, .expected = &w->expected, .at = AT, .roots = &w->root,
                               .root_count = 1};
    CHECK(w->issue.status == STATUS_OK);
}

static void world_end(struct world *w)
{
    CHECK(w->issue.status == STATUS_OK);
    issue_nitro_wipe(&w->nitro);
    issue_nitro_wipe(&w->other);
    issue_free(&w->issue);
    chain_cache_free(&w->cache);
}

/* ---- one verification -------------------------------------------------------------------------------------------- */

static enum tee_refusal verify(struct world *w, struct chain_cache *cache)
{
    struct tee_verdict v = {0};
    struct error e = {0};
    w->in.cache = cache;
    const enum status status = nitro_verify(&w->in, &v, &e);
    const enum tee_refusal refusal = v.refusal;
    CHECK((status == STATUS_OK) == (refusal == TEE_OK));
    CHECK(status == STATUS_OK || (status == STATUS_INVALID && e.code == (int)refusal && e.message[0]));
    CHECK(status != STATUS_OK || (v.valid_until >= w->in.at && v.valid_until < INT64_MAX));
    tee_verdict_free(&v);
    return refusal;
}

/* The answer must not depend on what was verified before. */
static bool answers(struct world *w, struct bytes evidence, enum tee_refusal expected, int line)
{
    w->in.evidence = evidence;
    const enum tee_refusal cold = verify(w, NULL), warm = verify(w, &w->cache);
    if (cold != expected || warm != expected)
        printf("  line %d: %s (warm: %s), expected %s\n", line, tee_refusal_code(cold), tee_refusal_code(warm),
               tee_refusal_code(expected));
    return cold == expected && warm == expected;
}
#define CHECK_BYTES(w, evidence, refusal) CHECK(answers(w, evidence, refusal, __LINE__))
#define CHECK_DOCUMENT(w, d, refusal) CHECK(answers(w, issue_nitro_document(&(w)->issue, d), refusal, __LINE__))

/* ---- N1: the envelope -------------------------------------------------------------------------------------------- */

static void test_envelope(struct world *w)
{
    static const struct {
        const char *protected_header, *unprotected_header;
        size_t protected_size, unprotected_size;
        enum tee_refusal refusal;
    } headers[] = {
#define HEADERS(a, b, refusal) {a, b, sizeof a - 1, sizeof b - 1, refusal}
        HEADERS("\xa1\x01\x38\x22", "\xa0", TEE_OK),
        HEADERS("\xa1\x01\x26", "\xa0", TEE_ALG),                          /* -7 */
        HEADERS("\xa1\x01\x38\x23", "\xa0", TEE_ALG),                      /* -36 */
        HEADERS("\xa1\x01\x18\x22", "\xa0", TEE_ALG),                      /* 34 */
        HEADERS("", "\xa1\x01\x38\x22", TEE_ALG),                          /* in the unprotected header only */
        HEADERS("\xa0", "\xa1\x01\x38\x22", TEE_ALG),
        HEADERS("\xa0", "\xa0", TEE_ALG),
        HEADERS("\xa1\x01\x38\x22", "\xa1\x01\x38\x22", TEE_COSE),
        HEADERS("\xa2\x01\x38\x22\x02\x81\x01", "\xa0", TEE_CRIT),
        HEADERS("\xa2\x02\x81\x01\x01\x38\x22", "\xa0", TEE_CRIT),
        HEADERS("\xa1\x01\x38\x22", "\xa1\x02\x81\x01", TEE_CRIT),
        HEADERS("\xa2\x01\x38\x22\x04\x41\x00", "\xa0", TEE_COSE),         /* a key identifier */
        HEADERS("\xa2\x01\x38\x22\x01\x38\x22", "\xa0", TEE_COSE),         /* twice */
        HEADERS("\xa1\x01\x63" "ES3", "\xa0", TEE_COSE),
        HEADERS("\xa1\x01\x38\x22\x00", "\xa0", TEE_COSE),                 /* a byte more */
        HEADERS("\xa1\x01\x38", "\xa0", TEE_COSE),
        HEADERS("\x81\x01", "\xa0", TEE_COSE),
        HEADERS("\xa1\x01\x38\x22", "\x80", TEE_COSE),
        HEADERS("\xa1\x01\x38\x22", "\xf6", TEE_COSE),
        HEADERS("\xa1\x01\x38\x22", "\xbf\xff", TEE_COSE),
        HEADERS("\xa1\x01\x38\x22", "\xb8\x00", TEE_COSE),
    };
    test_begin("N1: the envelope");
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct issue_nitro_document d = w->good;
        d.protected_header = bytes_of(headers[i].protected_header, headers[i].protected_size);
        d.unprotected_header = bytes_of(headers[i].unprotected_header, headers[i].unprotected_size);
        if (!CHECK_DOCUMENT(w, &d, headers[i].refusal)) printf("  headers %zu\n", i);
    }
    struct issue_nitro_document d = w->good;
    d.items = 3;
    CHECK_DOCUMENT(w, &d, TEE_COSE);
    d.items = 5;
    CHECK_DOCUMENT(w, &d, TEE_COSE);
    d.further_items = bytes_of("\xf6", 1);
    CHECK_DOCUMENT(w, &d, TEE_COSE);
    d = w->good;
    d.tagged = true;
    CHECK_DOCUMENT(w, &d, TEE_OK);
    d.tag = 17;
    CHECK_DOCUMENT(w, &d, TEE_COSE);
    d = w->good;
    d.tail = bytes_of("", 1);
    CHECK_DOCUMENT(w, &d, TEE_COSE);
    /* The header written in another way than it was signed. */
    struct nitro_document read;
    struct error e;
    d = w->good;
    CHECK(nitro_document_read(issue_nitro_document(&w->issue, &d), &read, &e) == STATUS_OK);
    d.signature = read.message.signature;
    CHECK_DOCUMENT(w, &d, TEE_OK);
    d.protected_header = bytes_of("\xa1\x01\x39\x00\x22", 5);
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
}

/* ---- N2: the payload --------------------------------------------------------------------------------------------- */

/* Whether the pair at `from` has that key. */
static bool key_is(const struct cbor_reader *from, const char *name)
{
    struct cbor_reader r = *from;
    return bytes_equal(cbor_read_text(&r), bytes_of_string(name));
}

/* The payload with the value of one member replaced, or with the member left out if there is no value; its pairs in the
 * opposite order, and its length stated. */
static struct bytes payload_with(struct world *w, const char *name, struct bytes value)
{
    enum { PAIRS = 9 };
    struct bytes pairs[PAIRS];
    uint32_t count = 0;
    struct buffer out = {0};
    struct cbor_reader r = cbor_reader_of(issue_nitro_payload(&w->issue, &w->good));
    struct cbor_container map = cbor_enter_map(&r);
    while (cbor_more(&r, &map) && count < PAIRS) {
        const uint8_t *start = r.p;
        struct buffer pair = {0};
        const bool chosen = key_is(&r, name);
        cbor_skip(&r);
        if (chosen) buffer_append(&pair, start, (size_t)(r.p - start));
        if (chosen) buffer_append(&pair, value.data, value.size);
        cbor_skip(&r);
        if (!chosen) buffer_append(&pair, start, (size_t)(r.p - start));
        if (!chosen || value.size > 0) pairs[count++] = issue_take(&w->issue, &pair);
        buffer_free(&pair);
    }
    cbor_write_map(&out, count);
    while (count > 0) {
        count--;
        buffer_append(&out, pairs[count].data, pairs[count].size);
    }
    return issue_take(&w->issue, &out);
}

static void check_payload(struct world *w, struct bytes payload, enum tee_refusal refusal, int line)
{
    struct issue_nitro_document d = w->good;
    d.payload = payload;
    CHECK(answers(w, issue_nitro_document(&w->issue, &d), refusal, line));
}
#define CHECK_PAYLOAD(w, payload, refusal) check_payload(w, payload, refusal, __LINE__)

static void test_members(struct world *w)
{
    static const char *const needed[] = {"module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle"};
    static const char *const optional[] = {"public_key", "user_data", "nonce"};
    test_begin("N2: members missing, null, of another kind");
    CHECK_PAYLOAD(w, payload_with(w, "", (struct bytes){0}), TEE_OK); /* in another order */
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        CHECK_PAYLOAD(w, payload_with(w, needed[i], (struct bytes){0}), TEE_CBOR);
        CHECK_PAYLOAD(w, payload_with(w, needed[i], bytes_of("\xf6", 1)), TEE_CBOR);
        CHECK_PAYLOAD(w, payload_with(w, needed[i], bytes_of("\x20", 1)), TEE_CBOR);
        CHECK_PAYLOAD(w, payload_with(w, needed[i], bytes_of("\xf7", 1)), TEE_CBOR);
    }
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        CHECK_PAYLOAD(w, payload_with(w, optional[i], (struct bytes){0}), TEE_OK);
        CHECK_PAYLOAD(w, payload_with(w, optional[i], bytes_of("\x41\x00", 2)), TEE_OK);
        CHECK_PAYLOAD(w, payload_with(w, optional[i], bytes_of("\x40", 1)), i == 0 ? TEE_LIMIT : TEE_OK); /* no key */
        CHECK_PAYLOAD(w, payload_with(w, optional[i], bytes_of("\x00", 1)), TEE_CBOR);
        CHECK_PAYLOAD(w, payload_with(w, optional[i], bytes_of("\x60", 1)), TEE_CBOR);
        CHECK_PAYLOAD(w, payload_with(w, optional[i], bytes_of("\x5f\x41\x00\xff", 4)), TEE_CBOR); /* in pieces */
        CHECK_PAYLOAD(w, payload_with(w, optional[i], bytes_of("\x58\x01\x00", 3)), TEE_CBOR);     /* not shortest */
        CHECK_PAYLOAD(w, payload_with(w, optional[i], bytes_of("\x5b\x80\0\0\0\0\0\0\0", 9)), TEE_CBOR);
    }
    CHECK_PAYLOAD(w, payload_with(w, "module_id", bytes_of("\x60", 1)), TEE_CBOR);
    CHECK_PAYLOAD(w, payload_with(w, "module_id", bytes_of("\x61\xff", 2)), TEE_CBOR);
    CHECK_PAYLOAD(w, payload_with(w, "module_id", bytes_of("\x61\x1b", 2)), TEE_OK);
    CHECK_PAYLOAD(w, payload_with(w, "timestamp", bytes_of("\x00", 1)), TEE_CBOR);
    CHECK_PAYLOAD(w, payload_with(w, "digest", bytes_of("\x66SHA256", 7)), TEE_ALG);
    CHECK_PAYLOAD(w, payload_with(w, "digest", bytes_of("\x66sha384", 7)), TEE_ALG);
}

static void test_payload(struct world *w)
{
    struct issue_nitro_document d = w->good;
    const struct bytes payload = issue_nitro_payload(&w->issue, &d);
    test_begin("N2: the payload");
    for (int definite = 0; definite < 2; definite++) {
        d = w->good;
        d.definite = definite;
        CHECK_DOCUMENT(w, &d, TEE_OK);
        d.extra_pairs = 1;
        d.extra = bytes_of("\x64pcrs\xa1\x00\x41\x00", 9);
        CHECK_DOCUMENT(w, &d, TEE_CBOR);
        d.extra = bytes_of("\x65nonce\xf6", 7);
        CHECK_DOCUMENT(w, &d, TEE_CBOR);
        d.extra = bytes_of("\x65Nonce\xf6", 7);
        CHECK_DOCUMENT(w, &d, TEE_CBOR);
        d.extra = bytes_of("\x00\xf6", 2);
        CHECK_DOCUMENT(w, &d, TEE_CBOR);
        d.extra = bytes_of("\xf6", 1); /* a key without a value */
        CHECK_DOCUMENT(w, &d, TEE_CBOR);
    }
    CHECK_PAYLOAD(w, bytes_of(payload.data, payload.size - 1), TEE_CBOR); /* without its end */
    uint8_t *more = malloc(payload.size + 1);
    memcpy(more, payload.data, payload.size);
    more[payload.size] = 0;
    CHECK_PAYLOAD(w, bytes_of(more, payload.size + 1), TEE_CBOR);
    free(more);
    CHECK_PAYLOAD(w, bytes_of("", 0), TEE_CBOR);
    CHECK_PAYLOAD(w, bytes_of("\xbf\xff", 2), TEE_CBOR);
    CHECK_PAYLOAD(w, bytes_of("\xbb\x80\0\0\0\0\0\0\0", 9), TEE_CBOR);
    CHECK_PAYLOAD(w, bytes_of("\x9f\xff", 2), TEE_CBOR);
}

/* As deep and as long as there is room. */
static void test_bombs(struct world *w)
{
    static const uint8_t openers[] = {0x81, 0x9f, 0xa1, 0xbf, 0xc1, 0xd2};
    test_begin("N2: bombs");
    uint8_t *bomb = malloc(1 << 15);
    for (size_t i = 0; i < sizeof openers; i++) {
        memset(bomb, openers[i], 1 << 15);
        CHECK_PAYLOAD(w, bytes_of(bomb, NITRO_PAYLOAD_MAX), TEE_CBOR);
        CHECK_PAYLOAD(w, bytes_of(bomb, NITRO_PAYLOAD_MAX + 1), TEE_LIMIT);
        CHECK_BYTES(w, bytes_of(bomb, 1 << 14), TEE_COSE);
        CHECK_BYTES(w, bytes_of(bomb, 1 << 15), TEE_LIMIT);
        CHECK_PAYLOAD(w, payload_with(w, "user_data", bytes_of(bomb, 1 << 12)), TEE_CBOR);
        CHECK_PAYLOAD(w, payload_with(w, "cabundle", bytes_of(bomb, 1 << 12)), TEE_CBOR);
    }
    free(bomb);
}

/* ---- N3, N4: registers ------------------------------------------------------------------------------------------- */

static void test_register_form(struct world *w)
{
    static const uint8_t bytes[64] = {1};
    struct issue_nitro_document d = w->good;
    test_begin("N3: registers");
    d.pcrs[5].value = bytes_of(bytes, 32);
    CHECK_DOCUMENT(w, &d, TEE_PCR_FORMAT);
    d.pcrs[5].value = bytes_of(bytes, 64);
    CHECK_DOCUMENT(w, &d, TEE_PCR_FORMAT);
    d.pcrs[5].value = bytes_of(bytes, 0);
    CHECK_DOCUMENT(w, &d, TEE_PCR_FORMAT);
    d = w->good;
    d.pcrs[5].index = 31;
    CHECK_DOCUMENT(w, &d, TEE_OK);
    d.pcrs[5].index = 32;
    CHECK_DOCUMENT(w, &d, TEE_PCR_FORMAT);
    d.pcrs[5].index = UINT64_MAX;
    CHECK_DOCUMENT(w, &d, TEE_PCR_FORMAT);
    d.pcrs[5].index = 4; /* twice */
    CHECK_DOCUMENT(w, &d, TEE_CBOR);
    d = w->good;
    d.pcr_count = 0;
    CHECK_DOCUMENT(w, &d, TEE_PCR_FORMAT);
    d.pcr_count = NITRO_PCRS;
    for (uint32_t i = 0; i < ISSUE_NITRO_PCRS; i++) {
        d.pcrs[i].index = i;
        if (i >= w->good.pcr_count) d.pcrs[i].value = bytes_of(bytes, 48);
    }
    CHECK_DOCUMENT(w, &d, TEE_OK);
    d.pcr_count = NITRO_PCRS + 1;
    CHECK_DOCUMENT(w, &d, TEE_PCR_FORMAT);
    CHECK_PAYLOAD(w, payload_with(w, "pcrs", bytes_of("\xa1\x61\x30\x41\x00", 5)), TEE_PCR_FORMAT); /* a key of text */
    CHECK_PAYLOAD(w, payload_with(w, "pcrs", bytes_of("\xa1\x20\x41\x00", 4)), TEE_PCR_FORMAT);
    CHECK_PAYLOAD(w, payload_with(w, "pcrs", bytes_of("\xa1\x00\x60", 3)), TEE_CBOR);
    CHECK_PAYLOAD(w, payload_with(w, "pcrs", bytes_of("\xbf\xff", 2)), TEE_PCR_FORMAT);
}

static void test_register_values(struct world *w)
{
    static const uint8_t zeros[48], other[48] = {1};
    struct issue_nitro_document d = w->good;
    test_begin("N4: debug mode, and registers against the policy");
    for (uint32_t i = 0; i < 3; i++) {
        d = w->good;
        d.pcrs[i].value = bytes_of(zeros, 48);
        CHECK_DOCUMENT(w, &d, TEE_DEBUG);
        w->policy.allow_debug = true; /* and still not what is wanted */
        CHECK_DOCUMENT(w, &d, TEE_MEASUREMENT);
        w->values[i].value = bytes_of(zeros, 48);
        CHECK_DOCUMENT(w, &d, TEE_OK);
        w->policy.allow_debug = false;
        CHECK_DOCUMENT(w, &d, TEE_DEBUG);
        d.pcrs[i].index = 20; /* left out, as some do with zeros */
        CHECK_DOCUMENT(w, &d, TEE_DEBUG);
        w->values[i].value = w->good.pcrs[i].value;
        d = w->good;
        d.pcrs[i].value = bytes_of(other, 48);
        CHECK_DOCUMENT(w, &d, TEE_MEASUREMENT);
    }
    w->values[3] = (struct tee_identity_value){.name = "pcr16", .value = bytes_of(other, 48)};
    w->identity.count = 4;
    d = w->good;
    CHECK_DOCUMENT(w, &d, TEE_PCR_MISSING);
    d.pcrs[15].index = 16;
    CHECK_DOCUMENT(w, &d, TEE_MEASUREMENT);
    d.pcrs[15].value = bytes_of(other, 48);
    CHECK_DOCUMENT(w, &d, TEE_OK);
    w->identity.count = 3;
}

/* ---- N5: times --------------------------------------------------------------------------------------------------- */

static void check_timestamp(struct world *w, int64_t seconds, enum tee_refusal refusal, int line)
{
    struct issue_nitro_document d = w->good;
    d.certificate = issue_nitro_certificate(&w->issue, &w->nitro, NITRO_LEAF);
    d.timestamp = (uint64_t)seconds * 1000 + 999;
    CHECK(answers(w, issue_nitro_document(&w->issue, &d), refusal, line));
}
#define CHECK_TIMESTAMP(w, seconds, refusal) check_timestamp(w, seconds, refusal, __LINE__)

static void test_times(struct world *w)
{
    struct issue_certificate *leaf = &w->nitro.certificates[NITRO_LEAF], saved = *leaf;
    test_begin("N5: times");
    CHECK_TIMESTAMP(w, AT - HOUR, TEE_OK);
    CHECK_TIMESTAMP(w, AT - HOUR - 1, TEE_STALE);
    CHECK_TIMESTAMP(w, AT + 300, TEE_OK);
    CHECK_TIMESTAMP(w, AT + 301, TEE_FUTURE);
    leaf->not_before = AT - 100;
    leaf->not_after = AT + 100;
    CHECK_TIMESTAMP(w, AT - 100, TEE_OK);
    CHECK_TIMESTAMP(w, AT - 101, TEE_TIME);
    CHECK_TIMESTAMP(w, AT + 100, TEE_OK);
    CHECK_TIMESTAMP(w, AT + 101, TEE_TIME);
    *leaf = saved;
    struct issue_nitro_document d = w->good;
    d.timestamp = UINT64_MAX;
    CHECK_DOCUMENT(w, &d, TEE_TIME);
    d.timestamp = 1;
    CHECK_DOCUMENT(w, &d, TEE_TIME);
    w->policy.max_age = w->policy.skew = UINT64_MAX; /* no sum that overflows */
    CHECK_TIMESTAMP(w, AT - 5 * HOUR, TEE_OK);
    CHECK_TIMESTAMP(w, AT + 5 * HOUR, TEE_OK);
    w->policy.max_age = w->policy.skew = 0;
    CHECK_TIMESTAMP(w, AT, TEE_OK);
    CHECK_TIMESTAMP(w, AT - 1, TEE_STALE);
    CHECK_TIMESTAMP(w, AT + 1, TEE_FUTURE);
    w->policy.max_age = HOUR;
    w->policy.skew = 300;
    w->in.at = INT64_MAX;
    CHECK_DOCUMENT(w, &w->good, TEE_EXPIRED);
    w->in.at = INT64_MIN;
    CHECK_DOCUMENT(w, &w->good, TEE_NOT_YET_VALID);
    w->in.at = AT;
}

/* ---- N6: certificates -------------------------------------------------------------------------------------------- */

/* The document with all certificates made anew. */
static struct issue_nitro_document reissued(struct world *w)
{
    struct issue_nitro_document d;
    issue_nitro_document_defaults(&w->issue, &w->nitro, AT, &d);
    return d;
}

static void check_reissued(struct world *w, enum tee_refusal refusal, int line)
{
    const struct issue_nitro_document d = reissued(w);
    CHECK(answers(w, issue_nitro_document(&w->issue, &d), refusal, line));
}
#define CHECK_REISSUED(w, refusal) check_reissued(w, refusal, __LINE__)

static void test_bundle(struct world *w)
{
    const struct issue_nitro_document good = w->good;
    struct issue_nitro_document d = good;
    test_begin("N6: the CA bundle");
    d.bundle_count = 0;
    CHECK_DOCUMENT(w, &d, TEE_CHAIN);
    d = good; /* without its root */
    for (uint32_t i = 0; i + 1 < d.bundle_count; i++) d.bundle[i] = good.bundle[i + 1];
    d.bundle_count--;
    CHECK_DOCUMENT(w, &d, TEE_CHAIN);
    d = good; /* the root twice */
    for (uint32_t i = 0; i < good.bundle_count; i++) d.bundle[i + 1] = good.bundle[i];
    d.bundle_count++;
    CHECK_DOCUMENT(w, &d, TEE_CHAIN);
    d.bundle[0] = good.certificate; /* something before the root */
    CHECK_DOCUMENT(w, &d, TEE_CHAIN);
    d = good;
    d.bundle[2] = good.bundle[1]; /* an intermediate twice, another missing */
    CHECK_DOCUMENT(w, &d, TEE_CHAIN);
    d = good; /* in the opposite order */
    for (uint32_t i = 0; i < d.bundle_count; i++) d.bundle[i] = good.bundle[d.bundle_count - 1 - i];
    CHECK_DOCUMENT(w, &d, TEE_CHAIN);
    d = good; /* the order of the intermediates */
    d.bundle[1] = good.bundle[2];
    d.bundle[2] = good.bundle[1];
    CHECK_DOCUMENT(w, &d, TEE_CHAIN);
    d = good;
    d.bundle[4] = good.bundle[3]; /* one more */
    d.bundle_count = 5;
    CHECK_DOCUMENT(w, &d, TEE_CHAIN);
    d = good; /* its CA in place of the leaf */
    d.certificate = good.bundle[3];
    d.bundle_count = 3;
    CHECK_DOCUMENT(w, &d, TEE_NOT_END_ENTITY);
    d = good;
    d.certificate = bytes_of("", 0);
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
    d.certificate = bytes_of("x", 1);
    CHECK_DOCUMENT(w, &d, TEE_DER);
    d = good;
    d.bundle[2] = bytes_of("", 0);
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
}

/* Roots and intermediates of somebody else with the same names. */
static void test_impostors(struct world *w)
{
    struct issue_nitro_document d;
    test_begin("N6: other roots and zones");
    issue_nitro_document_defaults(&w->issue, &w->other, AT, &d);
    CHECK_DOCUMENT(w, &d, TEE_ROOT_MISMATCH);
    d.bundle[0] = w->root; /* what it is not the issuer of */
    CHECK_DOCUMENT(w, &d, TEE_CERT_SIGNATURE);
    d = w->good;
    d.bundle[2] = issue_nitro_certificate(&w->issue, &w->other, NITRO_ZONAL);
    CHECK_DOCUMENT(w, &d, TEE_CERT_SIGNATURE);
    d = w->good;
    d.signer = &w->other.keys[NITRO_LEAF];
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
    /* A zone of another name. */
    struct issue_certificate *zonal = &w->nitro.certificates[NITRO_ZONAL], saved = *zonal;
    zonal->subject.parts[2].value = "another.zonal.region.aws.nitro-enclaves";
    d = w->good;
    d.bundle[2] = issue_nitro_certificate(&w->issue, &w->nitro, NITRO_ZONAL);
    CHECK_DOCUMENT(w, &d, TEE_CHAIN);
    *zonal = saved;
    /* Each bit of the root. */
    uint8_t *root = malloc(w->root.size);
    memcpy(root, w->root.data, w->root.size);
    for (size_t i = 0; i < w->root.size; i += 7) {
        d = w->good;
        root[i] ^= (uint8_t)(1 << i % 8);
        d.bundle[0] = bytes_of(root, w->root.size);
        CHECK_DOCUMENT(w, &d, TEE_ROOT_MISMATCH);
        root[i] ^= (uint8_t)(1 << i % 8);
    }
    free(root);
}

static void set_usage(struct world *w, struct issue_certificate *c, uint32_t usage)
{
    issue_extension_remove(&c->extensions, OID_KEY_USAGE);
    if (usage) issue_key_usage(&w->issue, &c->extensions, true, usage);
}

static void set_constraints(struct world *w, struct issue_certificate *c, bool ca, int path_length)
{
    issue_extension_remove(&c->extensions, OID_BASIC_CONSTRAINTS);
    issue_basic_constraints(&w->issue, &c->extensions, true, ca, path_length);
}

static void test_leaf(struct world *w)
{
    struct issue_certificate *leaf = &w->nitro.certificates[NITRO_LEAF];
    const struct issue_certificate saved = *leaf;
    test_begin("N6: the leaf");
    CHECK_REISSUED(w, TEE_OK);
    set_usage(w, leaf, KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_CERT_SIGN);
    CHECK_REISSUED(w, TEE_KEY_USAGE);
    set_usage(w, leaf, KEY_USAGE_NON_REPUDIATION);
    CHECK_REISSUED(w, TEE_KEY_USAGE);
    set_usage(w, leaf, 0);
    CHECK_REISSUED(w, TEE_KEY_USAGE);
    *leaf = saved;
    set_constraints(w, leaf, true, -1);
    CHECK_REISSUED(w, TEE_NOT_END_ENTITY);
    *leaf = saved;
    leaf->not_after = AT - 1;
    CHECK_REISSUED(w, TEE_EXPIRED);
    leaf->not_after = AT;
    CHECK_REISSUED(w, TEE_OK);
    *leaf = saved;
    leaf->not_before = AT + 1;
    CHECK_REISSUED(w, TEE_NOT_YET_VALID);
    leaf->not_before = AT;
    CHECK_REISSUED(w, TEE_OK);
    *leaf = saved;
    issue_extension_add(&w->issue, &leaf->extensions, "1.2.3.4", true, bytes_of("\x05\x00", 2));
    CHECK_REISSUED(w, TEE_CRITICAL_EXTENSION);
    *leaf = saved;
    issue_extension_add(&w->issue, &leaf->extensions, "1.2.3.4", false, bytes_of("\x05\x00", 2));
    CHECK_REISSUED(w, TEE_OK);
    issue_extension_add(&w->issue, &leaf->extensions, "1.2.3.4", false, bytes_of("\x05\x00", 2));
    CHECK_REISSUED(w, TEE_DUPLICATE_EXTENSION);
    *leaf = saved;
    leaf->tail = bytes_of("", 1);
    CHECK_REISSUED(w, TEE_DER);
    *leaf = saved;
}

static void test_authorities(struct world *w)
{
    test_begin("N6: the authorities");
    for (int k = NITRO_REGIONAL; k <= NITRO_INSTANCE; k++) {
        struct issue_certificate *c = &w->nitro.certificates[k];
        const struct issue_certificate saved = *c;
        set_constraints(w, c, false, -1);
        CHECK_REISSUED(w, TEE_CHAIN);
        *c = saved;
        set_usage(w, c, KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_CRL_SIGN);
        CHECK_REISSUED(w, TEE_KEY_USAGE);
        *c = saved;
        set_constraints(w, c, true, NITRO_INSTANCE - k - 1 >= 0 ? NITRO_INSTANCE - k - 1 : 0);
        CHECK_REISSUED(w, k == NITRO_INSTANCE ? TEE_OK : TEE_PATH_LENGTH);
        *c = saved;
        c->not_after = AT - 1;
        CHECK_REISSUED(w, TEE_EXPIRED);
        *c = saved;
        c->not_before = AT + 1;
        CHECK_REISSUED(w, TEE_NOT_YET_VALID);
        c->not_before = c->not_after = AT;
        CHECK_REISSUED(w, TEE_OK);
        c->not_before = INT64_C(2840140800); /* 2060, as GeneralizedTime */
        c->not_after = INT64_C(2871763200);
        CHECK_REISSUED(w, TEE_NOT_YET_VALID);
        *c = saved;
        w->nitro.signers[k] = &w->other.keys[k - 1];
        CHECK_REISSUED(w, TEE_CERT_SIGNATURE);
        w->nitro.signers[k] = &w->nitro.keys[k - 1];
    }
}

/* RSA with 2048 bits; what the modulus is does not matter. */
static struct bytes rsa_key_info(struct world *w)
{
    static const uint8_t before[] = {0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                                     0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a,
                                     0x02, 0x82, 0x01, 0x01, 0x00};
    static const uint8_t after[] = {0x02, 0x03, 0x01, 0x00, 0x01};
    struct buffer b = {0};
    buffer_append(&b, before, sizeof before);
    for (int i = 0; i < 256; i++) buffer_append_byte(&b, 0xa5);
    buffer_append(&b, after, sizeof after);
    return issue_take(&w->issue, &b);
}

static void test_algorithms(struct world *w)
{
    static const uint8_t seed[32] = "p256";
    struct issue_key narrow, rsa;
    test_begin("N6: other algorithms");
    issue_key_ec(KEY_P256, seed, "nitro", &narrow);
    struct issue_certificate *leaf = &w->nitro.certificates[NITRO_LEAF], saved = *leaf;
    leaf->key = &narrow;
    CHECK_REISSUED(w, TEE_ALG);
    *leaf = saved;
    leaf->algorithm = issue_algorithm_of(SIGNED_ECDSA_SHA256);
    CHECK_REISSUED(w, TEE_ALG);
    *leaf = saved;
    leaf->key_info = rsa_key_info(w);
    CHECK_REISSUED(w, TEE_ALG);
    *leaf = saved;
    /* Signed by RSA, in every way that there is: it is never a question of its parameters. */
    const struct issue_key *const signer = w->nitro.signers[NITRO_LEAF];
    issue_key_rsa(&w->issue, 2048, seed, "nitro", &rsa);
    w->nitro.signers[NITRO_LEAF] = &rsa;
    for (int way = 0; way < 3; way++) {
        leaf->algorithm = issue_algorithm_of(SIGNED_RSA_PSS_SHA384);
        if (way == 1) leaf->algorithm.pss.salt_size = 32;
        if (way == 2) leaf->algorithm.scheme = ISSUE_RSA_PKCS1, leaf->algorithm.hash = HASH_SHA384;
        CHECK_REISSUED(w, TEE_ALG);
    }
    w->nitro.signers[NITRO_LEAF] = signer;
    *leaf = saved;
    struct issue_certificate *zonal = &w->nitro.certificates[NITRO_ZONAL];
    saved = *zonal;
    zonal->key = &narrow;
    CHECK_REISSUED(w, TEE_ALG);
    *zonal = saved;
    issue_key_wipe(&narrow);
    issue_key_wipe(&rsa);
}

/* ---- N7: signatures ---------------------------------------------------------------------------------------------- */

static void test_signatures(struct world *w)
{
    static const uint8_t order[48] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
        0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73};
    uint8_t right[COSE_SIGNATURE_SIZE], wrong[COSE_SIGNATURE_SIZE + 1];
    struct issue_nitro_document d = w->good;
    struct nitro_document read;
    struct error e;
    test_begin("N7: signatures");
    CHECK(nitro_document_read(issue_nitro_document(&w->issue, &d), &read, &e) == STATUS_OK);
    CHECK(read.message.signature.size == sizeof right);
    memcpy(right, read.message.signature.data, sizeof right);
    memcpy(wrong, right, sizeof right);
    wrong[sizeof right] = 0;
    d.signature = bytes_of(wrong, sizeof right);
    CHECK_DOCUMENT(w, &d, TEE_OK);
    d.signature.size = sizeof right - 1;
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
    d.signature.size = sizeof right + 1;
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
    d.signature.size = 0;
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
    d.signature = issue_signature_der(&w->issue, bytes_of(right, sizeof right));
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
    d.signature = bytes_of(wrong, sizeof right);
    for (size_t half = 0; half < 2; half++) {
        uint8_t *at = wrong + 48 * half;
        memset(at, 0, 48);
        CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
        memcpy(at, order, 48);
        CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
        memset(at, 0xff, 48);
        CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
        memcpy(at, right + 48 * half, 48);
        at[47] ^= 1;
        CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
        at[47] ^= 1;
    }
    memset(wrong, 0, sizeof wrong);
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
    d.signature = (struct bytes){0};
    d.hash = HASH_SHA256;
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
    /* Signed right, changed afterwards: a register, then a byte of the user data. */
    d = w->good;
    d.signature = bytes_of(right, sizeof right);
    d.pcrs[7].value = bytes_of(order, 48);
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
    d = w->good;
    d.signature = bytes_of(right, sizeof right);
    d.user_data = (struct issue_nitro_value){ISSUE_BYTES, bytes_of(order, 32)};
    CHECK_DOCUMENT(w, &d, TEE_SIGNATURE);
}

/* ---- N8: what is asked for --------------------------------------------------------------------------------------- */

static void test_expected(struct world *w)
{
    uint8_t data[1025] = {5};
    struct issue_nitro_document d = w->good;
    test_begin("N8: user data, nonce and key");
    w->expected.has_digest = true;
    memcpy(w->expected.digest, data, 32);
    for (int form = ISSUE_ABSENT; form <= ISSUE_NULL; form++) {
        d.user_data = d.nonce = d.public_key = (struct issue_nitro_value){.form = (enum issue_nitro_form)form};
        CHECK_DOCUMENT(w, &d, TEE_USER_DATA);
    }
    d.user_data = (struct issue_nitro_value){ISSUE_BYTES, bytes_of(data, 32)};
    CHECK_DOCUMENT(w, &d, TEE_OK);
    d.user_data.bytes.size = 33;
    CHECK_DOCUMENT(w, &d, TEE_USER_DATA);
    d.user_data.bytes.size = 31;
    CHECK_DOCUMENT(w, &d, TEE_USER_DATA);
    d.user_data.bytes = bytes_of(data + 1, 32);
    CHECK_DOCUMENT(w, &d, TEE_USER_DATA);
    memcpy(data + 600, data, 32); /* C2: the digest in the upper half of 64 bytes */
    d.user_data.bytes = bytes_of(data + 568, 64);
    CHECK_DOCUMENT(w, &d, TEE_USER_DATA);
    d.user_data.bytes = bytes_of(data, 32);
    w->expected.has_nonce = w->expected.has_public_key = true;
    w->expected.nonce = bytes_of(data, 16);
    w->expected.public_key = bytes_of(data, 91);
    CHECK_DOCUMENT(w, &d, TEE_NONCE);
    d.nonce = (struct issue_nitro_value){ISSUE_BYTES, bytes_of(data, 17)};
    CHECK_DOCUMENT(w, &d, TEE_NONCE);
    d.nonce.bytes.size = 16;
    CHECK_DOCUMENT(w, &d, TEE_USER_DATA);
    d.public_key = (struct issue_nitro_value){ISSUE_BYTES, bytes_of(data, 90)};
    CHECK_DOCUMENT(w, &d, TEE_USER_DATA);
    d.public_key.bytes.size = 91;
    CHECK_DOCUMENT(w, &d, TEE_OK);
    w->expected.has_nonce = false; /* not asked for, and there */
    CHECK_DOCUMENT(w, &d, TEE_NONCE);
    d.nonce.bytes.size = 0;
    CHECK_DOCUMENT(w, &d, TEE_OK);
    w->expected.has_public_key = false;
    CHECK_DOCUMENT(w, &d, TEE_USER_DATA);
    w->expected = (struct tee_expected){0};
    CHECK_DOCUMENT(w, &d, TEE_OK);
    d.user_data.bytes.size = 0;
    d.public_key.bytes.size = 1;
    CHECK_DOCUMENT(w, &d, TEE_OK);
    d.public_key.bytes.size = 0; /* there, and none: AWS has 1 to 1024 bytes */
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
    d.user_data.bytes.size = 512;
    d.nonce.bytes.size = 512;
    d.nonce.bytes.size = 512;
    d.public_key.bytes.size = 1024;
    CHECK_DOCUMENT(w, &d, TEE_OK);
    d.user_data.bytes.size = 513;
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
    d.user_data.bytes.size = 512;
    d.nonce.bytes.size = 513;
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
    d.nonce.bytes.size = 512;
    d.public_key.bytes.size = 1025;
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
    d = w->good;
    d.certificate = bytes_of(data, 1025);
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
    d.certificate.size = 0;
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
    d = w->good;
    d.bundle[1] = bytes_of(data, 1025);
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
    d.bundle[1].size = 0;
    CHECK_DOCUMENT(w, &d, TEE_LIMIT);
}

/* Everything is judged: the verdict names each thing that is wrong, and its first refusal is the error's. */
static void test_in_full(struct world *w)
{
    struct issue_nitro_document d = w->good;
    struct tee_verdict v = {0};
    struct error e = {0};
    uint8_t seen[TEE_REFUSAL_COUNT] = {0};
    test_begin("the judgement is made in full");
    d.timestamp = (uint64_t)(AT - 2 * HOUR) * 1000;
    d.pcrs[0].value = d.pcrs[5].value;
    w->expected.has_digest = w->expected.has_nonce = true;
    w->in.evidence = issue_nitro_document(&w->issue, &d);
    w->in.cache = NULL;
    CHECK(nitro_verify(&w->in, &v, &e) == STATUS_INVALID);
    CHECK(v.refusal == TEE_STALE && e.code == TEE_STALE);
    for (uint32_t i = 0; i < v.count; i++) seen[v.checks[i].refusal] |= v.checks[i].result == CHECK_REFUSED;
    CHECK(seen[TEE_STALE] && seen[TEE_DEBUG] && seen[TEE_MEASUREMENT] && seen[TEE_USER_DATA] && seen[TEE_NONCE]);
    tee_verdict_free(&v);
    /* Without an error to fill. */
    v = (struct tee_verdict){0};
    CHECK(nitro_verify(&w->in, &v, NULL) == STATUS_INVALID && v.refusal == TEE_STALE);
    tee_verdict_free(&v);
    w->expected = (struct tee_expected){0};
}

/* ---- revocation lists -------------------------------------------------------------------------------------------- */

enum { LISTS = 3 }; /* of the root, a region, a zone: instances may not sign lists */

static void make_lists(struct world *w, struct issue_crl lists[LISTS], struct tee_file files[LISTS])
{
    static const char *const names[LISTS] = {"root.crl", "region.crl", "zone.crl"};
    for (int k = 0; k < LISTS; k++) {
        issue_nitro_crl_defaults(&w->issue, &w->nitro, (enum issue_nitro_level)k, AT, &lists[k]);
        files[k] = (struct tee_file){names[k], issue_crl(&w->issue, &lists[k], &w->nitro.keys[k])};
    }
}

static struct bytes crl_of(struct world *w, const struct issue_crl *l, int level)
{
    return issue_crl(&w->issue, l, &w->nitro.keys[level]);
}

static void test_lists(struct world *w)
{
    struct issue_crl lists[LISTS], changed;
    struct tee_file files[LISTS + 1];
    test_begin("revocation lists");
    make_lists(w, lists, files);
    w->in.files = files;
    w->in.file_count = LISTS;
    CHECK_DOCUMENT(w, &w->good, TEE_OK);
    w->policy.require_crl = true;
    CHECK_DOCUMENT(w, &w->good, TEE_OK);
    for (uint32_t k = 0; k < LISTS; k++) {
        const struct tee_file saved = files[k];
        files[k] = (struct tee_file){"other.json", bytes_of_string("{}")};
        CHECK_DOCUMENT(w, &w->good, TEE_CRL_MISSING);
        files[k].data = bytes_of(saved.data.data, saved.data.size / 2);
        CHECK_DOCUMENT(w, &w->good, TEE_CRL_MISSING);
        files[k] = saved;
    }
    for (int required = 1; required >= 0; required--) {
        w->policy.require_crl = required;
        for (int k = 0; k < LISTS; k++) {
            const struct tee_file saved = files[k];
            changed = lists[k];
            issue_crl_revoke(&w->issue, &changed, w->nitro.certificates[k + 1].serial);
            files[k].data = crl_of(w, &changed, k);
            CHECK_DOCUMENT(w, &w->good, TEE_REVOKED);
            changed = lists[k];
            changed.this_update = AT - 2 * HOUR;
            changed.next_update = AT - 1;
            files[k].data = crl_of(w, &changed, k);
            CHECK_DOCUMENT(w, &w->good, TEE_EXPIRED_CRL);
            files[k].data = issue_crl(&w->issue, &lists[k], &w->other.keys[k]);
            CHECK_DOCUMENT(w, &w->good, TEE_CRL_SIGNATURE);
            changed = lists[k];
            issue_extension_add(&w->issue, &changed.extensions, OID_DELTA_CRL, true, bytes_of("\x02\x01\x01", 3));
            files[k].data = crl_of(w, &changed, k);
            CHECK_DOCUMENT(w, &w->good, TEE_CRL_FORMAT);
            files[k] = saved;
        }
    }
    w->policy.require_crl = true;
    const struct bytes ders[LISTS] = {files[0].data, files[1].data, files[2].data};
    files[0] = (struct tee_file){"all.pem", issue_pem(&w->issue, "X509 CRL", ders, LISTS)};
    w->in.file_count = 1;
    CHECK_DOCUMENT(w, &w->good, TEE_OK);
    files[0].data.size -= 5;
    CHECK_DOCUMENT(w, &w->good, TEE_PEM);
    w->policy.require_crl = false;
    w->in.file_count = 0;
}

int main(void)
{
    struct world *w = malloc(sizeof *w);
    if (!w) return 1;
    world_begin(w);
    test_begin("what is good");
    CHECK_DOCUMENT(w, &w->good, TEE_OK);
    test_envelope(w);
    test_members(w);
    test_payload(w);
    test_bombs(w);
    test_register_form(w);
    test_register_values(w);
    test_times(w);
    test_bundle(w);
    test_impostors(w);
    test_leaf(w);
    test_authorities(w);
    test_algorithms(w);
    test_signatures(w);
    test_expected(w);
    test_in_full(w);
    test_lists(w);
    world_end(w);
    free(w);
    return test_end();
}
