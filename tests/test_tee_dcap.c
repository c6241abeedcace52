/* Quotes of real SGX and TDX machines with the collateral that Intel gave for them: accepted and refused when they must
 * be, and never accepted with anything changed. */
#include "base/hex.h"
#include "json/json_read.h"
#include "tee/issue_intel.h"
#include "tee/signed_json.h"
#include "tests/dcap_fixture.h"

/* ---- every sample ----------------------------------------------------------------------------------------------- */

#define LATER "2025-07-01T00:00:00Z"

static const struct row {
    const char *quote, *collateral, *from, *until;
    enum tee_refusal refusal;
    enum tee_tcb_status status;
    const char *says;
} rows[] = {
    {"sgx_v3.quote", "sgx_v3.collateral.json", "2025-06-19T10:56:11Z", "2025-07-19T10:01:18Z", TEE_TCB_STATUS,
     TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED,
     "ConfigurationAndSWHardeningNeeded, 2024-03-13T00:00:00Z, INTEL-SA-00289, INTEL-SA-00615"},
    {"tdx_v4.quote", "tdx_v4.collateral.json", "2025-06-19T10:32:27Z", "2025-07-19T10:00:35Z", TEE_OK, TCB_UP_TO_DATE,
     "70 zeros behind it"},
    {"tdx_v4.quote", "tdx_b0c06f_2026.collateral.json", "2026-08-10T00:38:14Z", "2026-09-08T23:45:02Z", TEE_OK,
     TCB_UP_TO_DATE, "evaluation number|19"},
    {"tdx_v4_oldtcb_a.quote", "tdx_v4.collateral.json", "2025-06-19T10:32:27Z", "2025-07-19T10:00:35Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "below all levels"},
    {"tdx_v4_oldtcb_b.quote", "tdx_v4.collateral.json", "2025-06-19T10:32:27Z", "2025-07-19T10:00:35Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "below all levels"},
    {"tdx_v4_oldtcb_a.quote", "tdx_b0c06f_2026.collateral.json", "2026-08-10T00:38:14Z", "2026-09-08T23:45:02Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "OutOfDate, 2024-03-13T00:00:00Z, INTEL-SA-01036, INTEL-SA-01099"},
    {"tdx_v4_oldtcb_b.quote", "tdx_b0c06f_2026.collateral.json", "2026-08-10T00:38:14Z", "2026-09-08T23:45:02Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "OutOfDate, 2024-03-13T00:00:00Z, INTEL-SA-01036, INTEL-SA-01099"},
    {"tdx_v4_20a06f.quote", "tdx_v4_20a06f.collateral.json", "2025-09-02T07:41:59Z", "2025-10-02T07:03:51Z", TEE_OK,
     TCB_UP_TO_DATE, "FMSPC|20a06f000000"},
    {"tdx_v4_20a06f.quote", "tdx_20a06f_2026.collateral.json", "2026-06-07T06:11:19Z", "2026-07-07T05:22:16Z", TEE_OK,
     TCB_UP_TO_DATE, "FMSPC|20a06f000000"},
    {"tdx_v5_outdated.quote", "tdx_v5_90c06f.collateral.json", "2026-02-18T10:58:51Z", "2026-03-20T10:41:15Z",
     TEE_TCB_NOT_SUPPORTED, TCB_NONE, "version 5 of tdx"},
    {"tdx_v5_ok.quote", "tdx_v5_90c06f.collateral.json", "2026-02-18T10:58:51Z", "2026-03-20T10:41:15Z", TEE_OK,
     TCB_UP_TO_DATE, "version 5 of tdx"},
    {"tdx_v4_dstack.quote", "tdx_v5_90c06f.collateral.json", "2026-02-18T10:58:51Z", "2026-03-20T10:41:15Z", TEE_OK,
     TCB_UP_TO_DATE, "version 4 of tdx"},
};
enum { ROWS = sizeof rows / sizeof *rows };

static bool is_expiry(enum tee_refusal r)
{
    return r == TEE_EXPIRED_TCB_INFO || r == TEE_EXPIRED_QE_ID || r == TEE_EXPIRED_ROOT_CRL || r == TEE_EXPIRED_PCK_CRL;
}

/* At both ends of the window, and a second outside of it. */
static void try_row(struct arena *a, const struct row *row)
{
    struct fixture f;
    const int64_t from = fixture_time(row->from), until = fixture_time(row->until);
    fixture_begin(&f, tee_sample(a, row->quote), from);
    fixture_file(&f, row->collateral, tee_sample(a, row->collateral));
    for (int i = 0; i < 2; i++) {
        f.at = i ? until : from;
        fixture_expect(&f, row->refusal, row->quote);
        CHECK_EQUAL(f.tcb_status, row->status);
        if (!CHECK(fixture_says(&f, row->says))) printf("%s", f.lines);
        if (f.status == STATUS_OK) CHECK_EQUAL(f.valid_until, until);
        f.at = i ? until + 1 : from - 1;
        CHECK(is_expiry(fixture_verify(&f)));
        if (!is_expiry(f.refusal)) printf("%s: %s\n", row->quote, f.error.message);
    }
}

static void test_rows(struct arena *a)
{
    test_begin("every quote with its collateral, when it holds and when not");
    for (size_t i = 0; i < ROWS; i++) try_row(a, &rows[i]);
}

/* ---- collateral in pieces --------------------------------------------------------------------------------------- */

static const char *const part_names[COLLATERAL_PARTS] = {
    "pck_crl_issuer_chain", "root_ca_crl", "pck_crl", "tcb_info_issuer_chain", "tcb_info", "tcb_info_signature",
    "qe_identity_issuer_chain", "qe_identity", "qe_identity_signature", "pck_certificate_chain",
};

/* The strings of a collateral file, in the arena. */
static struct issue_collateral take_apart(struct arena *a, const char *name)
{
    struct issue_collateral c = {0};
    struct json *document = NULL;
    struct error e = {0};
    CHECK(json_read_document(tee_sample(a, name), &document, &e) == STATUS_OK);
    const struct json_place root = json_root(document);
    for (size_t i = 0; i < COLLATERAL_PARTS; i++) {
        struct json_place place;
        struct bytes text;
        if (!json_member(&root, part_names[i], &place) || json_read_text(&place, &text, &e) != STATUS_OK) continue;
        uint8_t *own = arena_alloc(a, text.size);
        memcpy(own, text.data, text.size);
        c.part[i] = bytes_of(own, text.size);
    }
    json_free(document);
    return c;
}

struct parts {
    struct issue issue;
    struct issue_collateral c;
};

static void set_collateral(struct fixture *f, struct parts *p)
{
    f->file_count = 0;
    fixture_file(f, "collateral.json", issue_collateral_json(&p->issue, &p->c));
}

static struct bytes join(struct arena *a, const char *before, struct bytes middle, const char *after)
{
    struct buffer b = {0};
    buffer_append_string(&b, before);
    buffer_append(&b, middle.data, middle.size);
    buffer_append_string(&b, after);
    uint8_t *own = arena_alloc(a, b.size);
    memcpy(own, b.data, b.size);
    const struct bytes joined = bytes_of(own, b.size);
    buffer_free(&b);
    return joined;
}

static struct bytes from_hex(struct arena *a, struct bytes text)
{
    struct buffer b = {0};
    CHECK(hex_decode(text, &b));
    uint8_t *own = arena_alloc(a, b.size);
    memcpy(own, b.data, b.size);
    const struct bytes decoded = bytes_of(own, b.size);
    buffer_free(&b);
    return decoded;
}

static struct bytes raw_shape(struct arena *a, const char *before, struct bytes value, struct bytes signature)
{
    const struct bytes first = join(a, before, value, ",\"signature\":\""), second = join(a, "", signature, "\"}\n");
    uint8_t *own = arena_alloc(a, first.size + second.size);
    memcpy(own, first.data, first.size);
    memcpy(own + first.size, second.data, second.size);
    return bytes_of(own, first.size + second.size);
}

/* ---- the same collateral in every shape ------------------------------------------------------------------------- */

enum { CRL_HEX, CRL_DER, CRL_PEM };

static struct bytes crl_as(struct arena *a, struct issue *i, struct bytes hex, int form)
{
    const struct bytes der = from_hex(a, hex);
    return form == CRL_HEX ? join(a, " ", hex, "\n") : form == CRL_DER ? der : issue_pem(i, "X509 CRL", &der, 1);
}

static void test_shapes(struct arena *a)
{
    struct parts p = {.c = take_apart(a, "tdx_v4.collateral.json")};
    const struct bytes *c = p.c.part;
    struct fixture f;
    test_begin("collateral in pieces: Intel's answers, PEM, DER, hexadecimal");
    for (int form = CRL_HEX; form <= CRL_PEM; form++) {
        fixture_begin(&f, tee_sample(a, "tdx_v4.quote"), fixture_time(LATER));
        fixture_file(&f, "pck.crl", crl_as(a, &p.issue, c[COLLATERAL_PCK_CRL], form));
        fixture_file(&f, "chain.pem", c[COLLATERAL_TCB_INFO_ISSUER_CHAIN]);
        fixture_file(&f, "qe", raw_shape(a, "{\"enclaveIdentity\":", c[COLLATERAL_QE_IDENTITY],
                                         c[COLLATERAL_QE_IDENTITY_SIGNATURE]));
        fixture_file(&f, "tcb", raw_shape(a, " {\"tcbInfo\" :\n", c[COLLATERAL_TCB_INFO],
                                          c[COLLATERAL_TCB_INFO_SIGNATURE]));
        fixture_file(&f, "root.crl", crl_as(a, &p.issue, c[COLLATERAL_ROOT_CA_CRL], form));
        fixture_expect(&f, TEE_OK, "pieces");
        const uint32_t count = f.file_count;
        fixture_file(&f, "ca.pem", c[COLLATERAL_PCK_CRL_ISSUER_CHAIN]);
        fixture_expect(&f, TEE_OK, "one more piece");
        f.file_count = count;
        fixture_file(&f, "again", c[COLLATERAL_TCB_INFO_ISSUER_CHAIN]);
        fixture_expect(&f, TEE_OK, "the same twice");
        f.file_count = 4;
        fixture_expect(&f, TEE_CRL_MISSING, "no root CRL");
        f.policy.require_crl = false;
        fixture_expect(&f, TEE_OK, "no root CRL needed");
        CHECK(fixture_says(&f, "allowed|root CRL"));
        f.policy.require_crl = true;
        f.file_count = 3;
        fixture_file(&f, "root.crl", crl_as(a, &p.issue, c[COLLATERAL_ROOT_CA_CRL], form));
        fixture_expect(&f, TEE_COLLATERAL_MISSING, "no TCB info");
    }
    fixture_begin(&f, tee_sample(a, "tdx_v4.quote"), fixture_time(LATER));
    fixture_file(&f, "text", bytes_of_string("Hello"));
    fixture_expect(&f, TEE_COLLATERAL, "something else");
    f.file_count = 0;
    fixture_file(&f, "empty", bytes_of(NULL, 0));
    fixture_expect(&f, TEE_COLLATERAL, "nothing");
    issue_free(&p.issue);
}

/* D8 in Intel's shape: nothing may stand beside the two members, and the bytes are as they were. */
static void test_raw_shape(struct arena *a)
{
    struct parts p = {.c = take_apart(a, "tdx_v4.collateral.json")};
    const struct bytes text = p.c.part[COLLATERAL_TCB_INFO], signature = p.c.part[COLLATERAL_TCB_INFO_SIGNATURE];
    struct fixture f;
    test_begin("D8: Intel's answer with something added");
    p.c.part[COLLATERAL_TCB_INFO] = p.c.part[COLLATERAL_TCB_INFO_SIGNATURE] = (struct bytes){0};
    fixture_begin(&f, tee_sample(a, "tdx_v4.quote"), fixture_time(LATER));
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_COLLATERAL_MISSING, "no TCB info");
    const struct bytes good = raw_shape(a, "{\"tcbInfo\":", text, signature);
    fixture_file(&f, "tcb", good);
    fixture_expect(&f, TEE_OK, "with TCB info");
    f.files[1].data = join(a, "", bytes_of(good.data, good.size - 2), ",\"x\":1}");
    fixture_expect(&f, TEE_TCB_FORMAT, "another member behind");
    f.files[1].data = join(a, "", good, "}");
    fixture_expect(&f, TEE_TCB_FORMAT, "another brace behind");
    f.files[1].data = raw_shape(a, "{\"tcbInfo\":{ ", bytes_of(text.data + 1, text.size - 1), signature);
    fixture_expect(&f, TEE_TCB_SIGNATURE, "a space in the text");
    f.files[1].data = raw_shape(a, "{\"tcbInfo\":", text, bytes_of(signature.data, signature.size - 1));
    fixture_expect(&f, TEE_TCB_FORMAT, "half a byte of signature");
    f.files[1].data = raw_shape(a, "{\"enclaveIdentity\":", text, signature);
    fixture_expect(&f, TEE_COLLATERAL, "a second QE identity");
    issue_free(&p.issue);
}

/* ---- evidence without collateral -------------------------------------------------------------------------------- */

static void test_alone(struct arena *a)
{
    static const char *const names[] = {"tdx_v4_padded8000.quote", "tdx_v4.quote", "tdx_v5_ok.quote", "sgx_v3.quote"};
    struct fixture f;
    test_begin("without collateral the signatures alone are checked");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fixture_begin(&f, tee_sample(a, names[i]), fixture_time("2024-08-01T00:00:00Z"));
        if (i > 0) f.at = fixture_time(i == 2 ? "2026-03-01T00:00:00Z" : LATER);
        fixture_expect(&f, TEE_COLLATERAL_MISSING, names[i]);
        CHECK(fixture_says(&f, "passed|quote|signed by the attestation key"));
    }
    fixture_begin(&f, tee_sample(a, "tdx_v4_padded8000.quote"), fixture_time("2024-08-01T00:00:00Z"));
    f.policy.allow_trailing = false;
    fixture_expect(&f, TEE_TRAILING, "zeros that the policy does not allow");
}

/* Its tail is text; behind it are an old TCB and SEPT_VE_DISABLE off. The certificate that signed its collateral is not
 * here, but its successor with the same key. */
static void test_spr(struct arena *a)
{
    enum { WITHOUT_TAIL = 4935 };
    struct parts p = {.c = take_apart(a, "tdx_v4.collateral.json")};
    struct signed_json tcb = {0};
    struct tcb_info info;
    struct quote q;
    struct error e = {0};
    struct fixture f;
    test_begin("D4: a quote with text behind it");
    fixture_begin(&f, tee_sample(a, "tdx_v4_spr_e4.quote"), fixture_time("2023-06-20T00:00:00Z"));
    const struct bytes raw = tee_sample(a, "tdx_50806f.tcbinfo.raw.json");
    fixture_file(&f, "tcb", raw);
    fixture_file(&f, "qe", tee_sample(a, "tdx_2023.qeidentity.raw.json"));
    fixture_file(&f, "pck", tee_sample(a, "tdx_2023.pckcrl.der"));
    fixture_file(&f, "root", tee_sample(a, "tdx_2023.rootcrl.der"));
    fixture_expect(&f, TEE_TRAILING, "text behind the quote");
    f.quote.size = WITHOUT_TAIL;
    fixture_expect(&f, TEE_COLLATERAL_MISSING, "no chain of the signer");
    fixture_file(&f, "chain", p.c.part[COLLATERAL_TCB_INFO_ISSUER_CHAIN]);
    fixture_expect(&f, TEE_NOT_YET_VALID, "a signer of 2025");
    f.file_count = 0;
    fixture_expect(&f, TEE_COLLATERAL_MISSING, "no collateral");
    CHECK(fixture_says(&f, "passed|quote|signed by the attestation key"));
    CHECK(quote_read(f.quote, false, &q, &e) == STATUS_OK && !(q.td.td_attributes & TD_SEPT_VE_DISABLE));
    CHECK(signed_json_split(raw, &tcb, &e) == STATUS_OK && tcb_info_read(tcb.value, a, &info, &e) == STATUS_OK);
    CHECK(info.platform == TEE_TDX && info.count == 2 && info.module_count == 0 && info.has_module);
    issue_free(&p.issue);
}

/* ---- what the policy and the caller expect ---------------------------------------------------------------------- */

static void begin_good(struct fixture *f, struct arena *a)
{
    fixture_begin(f, tee_sample(a, "tdx_v4.quote"), fixture_time(LATER));
    fixture_file(f, "collateral.json", tee_sample(a, "tdx_v4.collateral.json"));
}

static void test_expectations(struct arena *a)
{
    struct fixture f;
    struct quote q;
    struct error e = {0};
    uint8_t wrong[48] = {1};
    test_begin("C2, C3, D16: what the policy and the caller expect");
    begin_good(&f, a);
    fixture_expect(&f, TEE_OK, "as it is");
    CHECK(quote_read(f.quote, true, &q, &e) == STATUS_OK);
    memcpy(f.expected.digest, quote_report_data(&q), 32);
    f.expected.has_digest = f.expected.has_nonce = true;
    f.expected.nonce = bytes_of(quote_report_data(&q) + 32, 32);
    fixture_expect(&f, TEE_OK, "its own report data");
    f.expected.nonce = bytes_of(wrong, 32);
    fixture_expect(&f, TEE_NONCE, "another nonce");
    f.expected.digest[0] ^= 1;
    fixture_expect(&f, TEE_REPORT_DATA, "another statement");
    begin_good(&f, a);
    f.value.value = bytes_of(wrong, sizeof wrong);
    fixture_expect(&f, TEE_MEASUREMENT, "another measurement");
    begin_good(&f, a);
    f.policy.platform = TEE_SGX;
    fixture_expect(&f, TEE_PLATFORM, "TDX for SGX");
    begin_good(&f, a);
    f.policy.min_tcb_eval = 17;
    fixture_expect(&f, TEE_OK, "evaluation number 17");
    f.policy.min_tcb_eval = 18;
    fixture_expect(&f, TEE_TCB_EVAL, "evaluation number 18");
    begin_good(&f, a);
    f.policy.accept_tcb = 1u << TCB_OUT_OF_DATE;
    fixture_expect(&f, TEE_TCB_STATUS, "another status");
    f.root_count = 0;
    fixture_expect(&f, TEE_ROOT_MISMATCH, "no root");
    const struct bytes *nitro;
    f.root_count = tee_roots(TEE_NITRO, &nitro);
    f.roots = nitro;
    fixture_expect(&f, TEE_ROOT_MISMATCH, "another vendor's root");
}

static void test_sgx_policy(struct arena *a)
{
    const struct bytes denied = bytes_of_string("INTEL-SA-00289"), other = bytes_of_string("INTEL-SA-0028");
    struct fixture f;
    test_begin("D16: statuses and advisories that a policy accepts");
    fixture_begin(&f, tee_sample(a, "sgx_v3.quote"), fixture_time(LATER));
    fixture_file(&f, "collateral.json", tee_sample(a, "sgx_v3.collateral.json"));
    f.policy.accept_tcb |= 1u << TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED;
    fixture_expect(&f, TEE_OK, "accepted status");
    CHECK(fixture_says(&f, "allowed|TCB status|ConfigurationAndSWHardeningNeeded"));
    f.policy.deny_advisories = &other;
    f.policy.deny_advisory_count = 1;
    fixture_expect(&f, TEE_OK, "an advisory that it has not");
    f.policy.deny_advisories = &denied;
    fixture_expect(&f, TEE_ADVISORY, "an advisory that it has");
}

/* ---- mixed collateral ------------------------------------------------------------------------------------------- */

/* D7: parts of another platform's collateral that is valid at the same time. */
static void test_other_platforms(struct arena *a)
{
    struct parts tdx = {.c = take_apart(a, "tdx_v4.collateral.json")}, p = tdx;
    const struct issue_collateral sgx = take_apart(a, "sgx_v3.collateral.json");
    struct fixture f;
    test_begin("D7, D8, D10: parts of other collateral");
    begin_good(&f, a);
    p.c.part[COLLATERAL_TCB_INFO] = sgx.part[COLLATERAL_TCB_INFO];
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_TCB_SIGNATURE, "another document under its signature");
    p.c.part[COLLATERAL_TCB_INFO_SIGNATURE] = sgx.part[COLLATERAL_TCB_INFO_SIGNATURE];
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_TCB_ID, "TCB info for SGX");
    p.c = tdx.c;
    p.c.part[COLLATERAL_QE_IDENTITY] = sgx.part[COLLATERAL_QE_IDENTITY];
    p.c.part[COLLATERAL_QE_IDENTITY_SIGNATURE] = sgx.part[COLLATERAL_QE_IDENTITY_SIGNATURE];
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_QE_ID, "the QE of SGX");
    p.c = tdx.c;
    p.c.part[COLLATERAL_QE_IDENTITY_SIGNATURE] = tdx.c.part[COLLATERAL_TCB_INFO_SIGNATURE];
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_QE_ID_SIGNATURE, "TCB info's signature on the QE identity");
    p.c = tdx.c;
    p.c.part[COLLATERAL_PCK_CRL] = sgx.part[COLLATERAL_PCK_CRL];
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_CRL_ISSUER, "the Processor CA's list for a platform of the Platform CA");
    p.c = tdx.c;
    p.c.part[COLLATERAL_PCK_CRL_ISSUER_CHAIN] = sgx.part[COLLATERAL_PCK_CRL_ISSUER_CHAIN];
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_CRL_ISSUER, "the Processor CA's chain");
    p.c = tdx.c;
    p.c.part[COLLATERAL_ROOT_CA_CRL] = tdx.c.part[COLLATERAL_PCK_CRL];
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_CRL_ISSUER, "the PCK CA's list for the root's");
    p.c = tdx.c;
    p.c.part[COLLATERAL_TCB_INFO_ISSUER_CHAIN] = sgx.part[COLLATERAL_PCK_CRL_ISSUER_CHAIN];
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_NOT_END_ENTITY, "a CA's certificate as the signer's");
    fixture_begin(&f, tee_sample(a, "tdx_v4.quote"), fixture_time("2025-09-15T00:00:00Z"));
    fixture_file(&f, "collateral.json", tee_sample(a, "tdx_v4_20a06f.collateral.json"));
    fixture_expect(&f, TEE_FMSPC, "TCB info of another family");
    issue_free(&p.issue);
}

static void test_missing_parts(struct arena *a)
{
    struct parts whole = {.c = take_apart(a, "tdx_v4.collateral.json")}, p = whole;
    struct fixture f;
    test_begin("a part of the collateral is missing");
    begin_good(&f, a);
    for (size_t i = 0; i < COLLATERAL_PARTS; i++) {
        const bool is_crl = i == COLLATERAL_ROOT_CA_CRL || i == COLLATERAL_PCK_CRL;
        /* One signer's chain does for both documents; the PCK CA's certificate is in the quote. */
        const bool needless = i == COLLATERAL_PCK_CRL_ISSUER_CHAIN || i == COLLATERAL_TCB_INFO_ISSUER_CHAIN ||
                              i == COLLATERAL_QE_IDENTITY_ISSUER_CHAIN || i == COLLATERAL_PCK_CERTIFICATE_CHAIN;
        p.c = whole.c;
        p.c.part[i] = (struct bytes){0};
        set_collateral(&f, &p);
        fixture_expect(&f, needless ? TEE_OK : is_crl ? TEE_CRL_MISSING : TEE_COLLATERAL_MISSING, part_names[i]);
    }
    issue_free(&p.issue);
}

/* D9: one part of another time, all others in force. */
static void test_times(struct arena *a)
{
    struct parts old = {.c = take_apart(a, "tdx_v4.collateral.json")};
    const struct issue_collateral late = take_apart(a, "tdx_b0c06f_2026.collateral.json");
    static const struct {
        enum issue_collateral_part part, signature;
        enum tee_refusal refusal;
    } parts[] = {
        {COLLATERAL_TCB_INFO, COLLATERAL_TCB_INFO_SIGNATURE, TEE_EXPIRED_TCB_INFO},
        {COLLATERAL_QE_IDENTITY, COLLATERAL_QE_IDENTITY_SIGNATURE, TEE_EXPIRED_QE_ID},
        {COLLATERAL_ROOT_CA_CRL, COLLATERAL_ROOT_CA_CRL, TEE_EXPIRED_ROOT_CRL},
        {COLLATERAL_PCK_CRL, COLLATERAL_PCK_CRL, TEE_EXPIRED_PCK_CRL},
    };
    struct fixture f;
    test_begin("D9: collateral that has expired or is not yet in force, one part at a time");
    begin_good(&f, a);
    for (int future = 0; future < 2; future++) {
        f.at = fixture_time(future ? LATER : "2026-08-20T00:00:00Z");
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            struct parts p = {.c = future ? old.c : late};
            const struct issue_collateral *other = future ? &late : &old.c;
            set_collateral(&f, &p);
            fixture_expect(&f, TEE_OK, "all parts in force");
            p.c.part[parts[i].part] = other->part[parts[i].part];
            p.c.part[parts[i].signature] = other->part[parts[i].signature];
            set_collateral(&f, &p);
            fixture_expect(&f, parts[i].refusal, part_names[parts[i].part]);
            issue_free(&p.issue);
        }
    }
}

static void test_texts(struct arena *a)
{
    struct parts whole = {.c = take_apart(a, "tdx_v4.collateral.json")}, p = whole;
    struct fixture f;
    test_begin("D8: texts and signatures changed");
    begin_good(&f, a);
    const struct bytes text = whole.c.part[COLLATERAL_TCB_INFO], sign = whole.c.part[COLLATERAL_TCB_INFO_SIGNATURE];
    p.c.part[COLLATERAL_TCB_INFO] = join(a, "{ ", bytes_of(text.data + 1, text.size - 1), "");
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_TCB_SIGNATURE, "a space");
    p.c.part[COLLATERAL_TCB_INFO] = join(a, "", text, "\n");
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_TCB_SIGNATURE, "a line feed behind");
    p.c = whole.c;
    p.c.part[COLLATERAL_TCB_INFO_SIGNATURE] = bytes_of(sign.data, sign.size - 1);
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_TCB_FORMAT, "an odd number of digits");
    p.c.part[COLLATERAL_TCB_INFO_SIGNATURE] = join(a, "", sign, "00");
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_TCB_FORMAT, "a byte more");
    p.c = whole.c;
    p.c.part[COLLATERAL_PCK_CRL].size--;
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_CRL_FORMAT, "half a byte less of a list");
    p.c = whole.c;
    p.c.part[COLLATERAL_QE_IDENTITY_ISSUER_CHAIN] = join(a, "", whole.c.part[COLLATERAL_QE_IDENTITY_ISSUER_CHAIN], "x");
    set_collateral(&f, &p);
    fixture_expect(&f, TEE_PEM, "a letter behind a chain");
    f.files[0].data = join(a, "{\"x\":\"\",", bytes_of(f.files[0].data.data + 1, f.files[0].data.size - 1), "");
    fixture_expect(&f, TEE_JSON, "an unknown member");
    f.files[0].data = bytes_of_string("{\"tcb_info\":\"{}\",\"tcb_info\":\"{}\"}");
    fixture_expect(&f, TEE_JSON_DUPLICATE, "C1: a member twice");
    f.files[0].data = bytes_of_string("{\"tcb_info\":1}");
    fixture_expect(&f, TEE_JSON, "a number for a text");
    issue_free(&p.issue);
}

/* ---- quotes changed --------------------------------------------------------------------------------------------- */

static struct bytes copy_of(struct arena *a, struct bytes b)
{
    uint8_t *own = arena_alloc(a, b.size);
    memcpy(own, b.data, b.size);
    return bytes_of(own, b.size);
}

/* Every beginning of every quote, in memory of its own. What is cut off of the zeros behind it changes nothing. */
static void cut_quote(struct arena *a, const char *name)
{
    struct fixture f;
    struct quote q;
    struct error e = {0};
    const struct bytes whole = tee_sample(a, name);
    unsigned wrong = 0;
    const bool read = quote_read(whole, true, &q, &e) == STATUS_OK; /* one has text behind it */
    const size_t end = read ? whole.size - q.trailing : (size_t)(load_le32(whole.data + 632) + 636);
    CHECK(end > 4000 && end <= whole.size && (read || e.code == TEE_TRAILING));
    fixture_begin(&f, whole, fixture_time(LATER));
    for (size_t size = 0; size < end; size++) {
        uint8_t *part = malloc(size ? size : 1);
        if (!CHECK(part)) return;
        if (size) memcpy(part, whole.data, size);
        f.quote = bytes_of(part, size);
        const enum tee_refusal r = fixture_verify(&f);
        if (r != TEE_LENGTH && wrong++ == 0) printf("%s: %zu bytes: %s\n", name, size, tee_refusal_code(r));
        free(part);
    }
    CHECK_EQUAL(wrong, 0);
}

static void test_cut(struct arena *a)
{
    static const char *const names[] = {
        "sgx_v3.quote", "tdx_v4.quote", "tdx_v4_oldtcb_a.quote", "tdx_v4_oldtcb_b.quote", "tdx_v4_20a06f.quote",
        "tdx_v5_outdated.quote", "tdx_v5_ok.quote", "tdx_v4_dstack.quote", "tdx_v4_spr_e4.quote",
        "tdx_v4_padded8000.quote"};
    enum { STEP = 11 };
    struct fixture f;
    unsigned accepted = 0;
    test_begin("every truncation of every quote, and truncations of collateral");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) cut_quote(a, names[i]);
    begin_good(&f, a);
    const struct bytes whole = f.files[0].data;
    size_t end = whole.size;
    while (end > 0 && whole.data[end - 1] != '}') end--;
    for (size_t size = end - 1; size > STEP; size -= STEP) {
        uint8_t *part = malloc(size);
        if (!CHECK(part)) return;
        memcpy(part, whole.data, size);
        f.files[0].data = bytes_of(part, size);
        accepted += fixture_verify(&f) == TEE_OK;
        free(part);
    }
    CHECK_EQUAL(accepted, 0);
}

/* D6: the header and body of one quote, everything else of another. */
static void test_splice(struct arena *a)
{
    enum { SIGNED = 632 };
    struct fixture f;
    test_begin("D6: the body of one quote with the signatures of another");
    begin_good(&f, a);
    uint8_t *spliced = arena_alloc(a, f.quote.size);
    memcpy(spliced, f.quote.data, f.quote.size);
    memcpy(spliced, tee_sample(a, "tdx_v4_oldtcb_a.quote").data, SIGNED);
    f.quote.data = spliced;
    fixture_identify(&f);
    fixture_expect(&f, TEE_QUOTE_SIGNATURE, "spliced");
}

/* One bit of each byte, also of what no signature covers: with collateral that is read once. */
static void flip_everywhere(struct arena *a, const struct row *row)
{
    struct fixture f;
    struct dcap_collateral c = {0};
    struct chain_cache cache = {0};
    struct error e = {0};
    struct quote q;
    fixture_begin(&f, copy_of(a, tee_sample(a, row->quote)), fixture_time(row->until));
    f.policy.accept_tcb = FIXTURE_ACCEPT_ALL;
    const struct tee_file file = {row->collateral, tee_sample(a, row->collateral)};
    CHECK(quote_read(f.quote, true, &q, &e) == STATUS_OK && dcap_collateral_read(&file, 1, &c, &e) == STATUS_OK);
    uint8_t *bytes = arena_alloc(a, f.quote.size);
    memcpy(bytes, f.quote.data, f.quote.size);
    const size_t end = f.quote.size;
    f.quote.data = bytes;
    unsigned accepted = 0;
    struct tee_input in = fixture_input(&f);
    in.cache = &cache;
    for (size_t i = 0; i <= end; i++) {
        struct tee_verdict v = {0};
        if (i < end) bytes[i] ^= (uint8_t)(1u << i % 8);
        const bool ok = dcap_verify_with(&in, &c, &v, &e) == STATUS_OK;
        if (i == end) CHECK(ok); /* nothing is changed */
        else if (ok) printf("%s: byte %zu\n", row->quote, i);
        accepted += i < end && ok;
        if (!ok) CHECK(e.code != 0 && v.refusal == (enum tee_refusal)e.code);
        tee_verdict_free(&v);
        if (i < end) bytes[i] ^= (uint8_t)(1u << i % 8);
    }
    CHECK_EQUAL(accepted, 0);
    chain_cache_free(&cache);
    dcap_collateral_free(&c);
}

static void test_flips(struct arena *a)
{
    test_begin("a bit of every byte of a quote");
    flip_everywhere(a, &rows[0]);
    flip_everywhere(a, &rows[1]);
    flip_everywhere(a, &rows[10]);
}

/* D5: which signature notices what. */
static void test_which_signature(struct arena *a)
{
    struct fixture f;
    struct quote q;
    struct error e = {0};
    test_begin("D5: who notices a changed bit");
    begin_good(&f, a);
    f.quote = copy_of(a, f.quote);
    CHECK(quote_read(f.quote, true, &q, &e) == STATUS_OK);
    const struct {
        const uint8_t *at;
        enum tee_refusal refusal;
    } places[] = {
        {q.signed_part.data + 30, TEE_QUOTE_SIGNATURE}, {q.td.rtmr[3], TEE_QUOTE_SIGNATURE},
        {q.td.report_data, TEE_QUOTE_SIGNATURE},        {q.signature, TEE_QUOTE_SIGNATURE},
        {q.key, TEE_QE_HASH},                           {q.key + 63, TEE_QE_HASH},
        {q.qe_auth.data, TEE_QE_HASH},                  {q.qe.raw.data, TEE_QE_SIGNATURE},
        {q.qe.report_data, TEE_QE_SIGNATURE},           {q.qe.report_data + 63, TEE_QE_SIGNATURE},
        {q.qe_signature + 63, TEE_QE_SIGNATURE},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        uint8_t *at = (uint8_t *)(uintptr_t)places[i].at;
        *at ^= 1;
        fixture_expect(&f, places[i].refusal, "a bit");
        *at ^= 1;
    }
    fixture_expect(&f, TEE_OK, "nothing");
}

/* ECDSA is malleable: (r, n - s) is as good a signature. A quote's bytes are therefore no name for it. */
static void test_malleable(struct arena *a)
{
    static const uint8_t n[32] = {0xff, 0xff, 0xff, 0xff, 0,    0,    0,    0,    0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                  0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
    struct fixture f;
    struct quote q;
    struct error e = {0};
    test_begin("the other form of the same signature");
    begin_good(&f, a);
    f.quote = copy_of(a, f.quote);
    CHECK(quote_read(f.quote, true, &q, &e) == STATUS_OK);
    uint8_t *s = (uint8_t *)(uintptr_t)q.signature + 32;
    int borrow = 0;
    for (size_t i = 32; i-- > 0;) {
        const int digit = n[i] - s[i] - borrow;
        borrow = digit < 0;
        s[i] = (uint8_t)(digit + 256 * borrow);
    }
    CHECK(!borrow);
    fixture_expect(&f, TEE_OK, "n - s");
    s[31] ^= 1;
    fixture_expect(&f, TEE_QUOTE_SIGNATURE, "n - s and a bit");
}

/* D4, C5: the chain in the quote. Its length may not change, so that all that is tried is the PEM itself. */
static void test_quoted_chain(struct arena *a)
{
    struct fixture f;
    struct quote q;
    struct error e = {0};
    test_begin("D4: what stands between and behind the certificates in the quote");
    begin_good(&f, a);
    f.quote = copy_of(a, f.quote);
    CHECK(quote_read(f.quote, true, &q, &e) == STATUS_OK);
    uint8_t *pem = (uint8_t *)(uintptr_t)q.cert_data.data;
    const char *second = strstr((const char *)pem + 1, "-----BEGIN");
    pem[q.cert_data.size - 1] = '\n';
    fixture_expect(&f, TEE_OK, "a line feed in place of the NUL");
    pem[q.cert_data.size - 1] = 'x';
    fixture_expect(&f, TEE_CHAIN_FORMAT, "a letter in place of the NUL");
    pem[q.cert_data.size - 1] = 0;
    pem[q.cert_data.size - 2] = 0;
    fixture_expect(&f, TEE_OK, "two NULs");
    pem[q.cert_data.size - 1] = '\n';
    fixture_expect(&f, TEE_CHAIN_FORMAT, "a line feed behind a NUL");
    pem[q.cert_data.size - 2] = '\n';
    pem[second - (const char *)pem - 1] = 'x';
    fixture_expect(&f, TEE_CHAIN_FORMAT, "a letter between two certificates");
}

/* ---- collateral changed ----------------------------------------------------------------------------------------- */

static bool same_chain(const struct certificate_list *a, const struct certificate_list *b)
{
    bool same = a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++) same = bytes_equal(a->certificates[i].der, b->certificates[i].der);
    return same;
}

static bool same_document(const struct signed_document *a, const struct signed_document *b)
{
    return bytes_equal(a->text, b->text) && memcmp(a->signature, b->signature, sizeof a->signature) == 0;
}

static bool says_the_same(const struct dcap_collateral *a, const struct dcap_collateral *b)
{
    return same_document(&a->tcb_info_document, &b->tcb_info_document) &&
           same_document(&a->qe_identity_document, &b->qe_identity_document) &&
           same_chain(&a->tcb_chain, &b->tcb_chain) && same_chain(&a->qe_chain, &b->qe_chain) &&
           same_chain(&a->pck_crl_chain, &b->pck_crl_chain) &&
           bytes_equal(a->root_crl.der, b->root_crl.der) && a->pck_crl_count == b->pck_crl_count &&
           bytes_equal(a->pck_crls[0].der, b->pck_crls[0].der);
}

/* A bit of the file: refused, or of no meaning (the case of a hexadecimal digit). */
static void test_collateral_flips(struct arena *a)
{
    enum { STEP = 5 };
    struct fixture f;
    struct dcap_collateral good = {0};
    struct error e = {0};
    unsigned refused = 0, meaningless = 0, wrong = 0;
    test_begin("bits of collateral");
    begin_good(&f, a);
    CHECK(dcap_collateral_read(f.files, 1, &good, &e) == STATUS_OK);
    const struct bytes file = f.files[0].data;
    uint8_t *bytes = arena_alloc(a, file.size);
    memcpy(bytes, file.data, file.size);
    f.files[0].data = bytes_of(bytes, file.size);
    for (size_t i = 0; i < file.size; i += STEP) {
        struct dcap_collateral changed = {0};
        const uint8_t before = bytes[i];
        bytes[i] ^= (uint8_t)(1u << i / STEP % 8);
        if (fixture_verify(&f) != TEE_OK) {
            refused++;
        } else {
            const bool read = dcap_collateral_read(f.files, 1, &changed, &e) == STATUS_OK;
            if (read && says_the_same(&good, &changed)) meaningless++;
            else wrong++, printf("byte %zu\n", i);
        }
        dcap_collateral_free(&changed);
        bytes[i] = before;
    }
    CHECK_EQUAL(wrong, 0);
    CHECK(refused > file.size / STEP * 8 / 10);
    printf("%u refused, %u without a meaning\n", refused, meaningless);
    dcap_collateral_free(&good);
}

int main(void)
{
    struct arena a = {0};
    if (tee_samples_there("quotes of real machines")) {
        test_rows(&a);
        test_shapes(&a);
        test_raw_shape(&a);
        test_alone(&a);
        test_spr(&a);
        test_expectations(&a);
        test_sgx_policy(&a);
        test_other_platforms(&a);
        test_missing_parts(&a);
        test_times(&a);
        test_texts(&a);
        test_cut(&a);
        test_splice(&a);
        test_which_signature(&a);
        test_malleable(&a);
        test_quoted_chain(&a);
        test_flips(&a);
        test_collateral_flips(&a);
    }
    arena_free(&a);
    return test_end();
}
