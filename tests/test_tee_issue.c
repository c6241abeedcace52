/* Issuing: signatures, DER, certificates, lists, collateral and evidence, each read back by what verifies them. */
#include <stdlib.h>

#include "base/hex.h"
#include "crypto/ecdsa.h"
#include "crypto/rsa_pss.h"
#include "crypto/sha2.h"
#include "tee/der_write.h"
#include "tee/evidence.h"
#include "tee/issue_intel.h"
#include "tee/issue_nitro.h"
#include "tee/simulator.h"
#include "tests/test.h"

enum { AT = 1790000000 }; /* 2026-09-21 */
static const uint8_t seed[32] = {1}, other_seed[32] = {2};

static size_t from_hex(const char *text, uint8_t *out)
{
    struct buffer b = {0};
    CHECK(hex_decode(bytes_of_string(text), &b));
    const size_t size = b.size;
    memcpy(out, b.data, size);
    buffer_free(&b);
    return size;
}

static bool is_hex(struct bytes b, const char *expected)
{
    struct buffer text = {0};
    hex_encode(b, &text);
    const bool same = bytes_equal(bytes_of(text.data, text.size), bytes_of_string(expected));
    if (!same) printf("  got      %.*s\n  expected %s\n", (int)text.size, (const char *)text.data, expected);
    buffer_free(&text);
    return same;
}

/* ---- signatures ----------------------------------------------------------------------------------------------------- */

/* RFC 6979, A.2.5 and A.2.6: message "sample". */
static void test_rfc6979(enum ecdsa_sign_curve curve, enum hash hash, const char *secret, const char *point,
                         const char *signature)
{
    struct ecdsa_sign_key key;
    uint8_t number[48], made[96];
    from_hex(secret, number);
    CHECK(ecdsa_sign_key_from_secret(curve, number, &key));
    CHECK(is_hex(ecdsa_sign_point(&key), point));
    ecdsa_sign_message(&key, hash, bytes_of_string("sample"), made);
    CHECK(is_hex(bytes_of(made, 2 * (size_t)curve), signature));
    ecdsa_sign_key_wipe(&key);
    CHECK(key.secret[0] == 0 && memcmp(key.secret, key.secret + 1, sizeof key.secret - 1) == 0);
}

static void test_ecdsa_vectors(void)
{
    test_begin("ECDSA as in RFC 6979");
    test_rfc6979(ECDSA_SIGN_P256, HASH_SHA256, "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
                 "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                 "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
                 "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                 "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    test_rfc6979(ECDSA_SIGN_P384, HASH_SHA384,
                 "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
                 "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13"
                 "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
                 "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
                 "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8");
}

static void test_ecdsa_secrets(void)
{
    test_begin("ECDSA secrets from 1 to n - 1");
    struct ecdsa_sign_key key;
    uint8_t number[48] = {0};
    CHECK(!ecdsa_sign_key_from_secret(ECDSA_SIGN_P256, number, &key));
    from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", number); /* n */
    CHECK(!ecdsa_sign_key_from_secret(ECDSA_SIGN_P256, number, &key));
    number[31]--;
    CHECK(ecdsa_sign_key_from_secret(ECDSA_SIGN_P256, number, &key));
    memset(number, 0xff, sizeof number);
    CHECK(!ecdsa_sign_key_from_secret(ECDSA_SIGN_P384, number, &key));
}

static void test_ecdsa_verifies(void)
{
    test_begin("ECDSA keys from seeds, checked by the verifier");
    for (int k = 0; k < 8; k++) {
        const bool large = k & 1;
        const enum ecdsa_curve curve = large ? ECDSA_P384 : ECDSA_P256;
        char label[16];
        struct ecdsa_sign_key key, again, other, elsewhere;
        uint8_t digest[48], signature[96];
        snprintf(label, sizeof label, "key %d", k);
        ecdsa_sign_key_derive(large ? ECDSA_SIGN_P384 : ECDSA_SIGN_P256, seed, label, &key);
        ecdsa_sign_key_derive(large ? ECDSA_SIGN_P384 : ECDSA_SIGN_P256, seed, label, &again);
        ecdsa_sign_key_derive(large ? ECDSA_SIGN_P384 : ECDSA_SIGN_P256, other_seed, label, &other);
        ecdsa_sign_key_derive(large ? ECDSA_SIGN_P384 : ECDSA_SIGN_P256, seed, "key", &elsewhere);
        CHECK(memcmp(&key, &again, sizeof key) == 0);
        CHECK(memcmp(key.point, other.point, sizeof key.point) != 0);
        CHECK(memcmp(key.point, elsewhere.point, sizeof key.point) != 0);
        if (large) sha384(bytes_of_string(label), digest);
        else sha256(bytes_of_string(label), digest);
        ecdsa_sign_digest(&key, large ? HASH_SHA384 : HASH_SHA256, digest, signature);
        const struct bytes made = bytes_of(signature, 2 * (size_t)key.curve);
        CHECK(ecdsa_verify(curve, ecdsa_sign_point(&key), digest, made));
        CHECK(!ecdsa_verify(curve, ecdsa_sign_point(&other), digest, made));
        digest[k] ^= 1;
        CHECK(!ecdsa_verify(curve, ecdsa_sign_point(&key), digest, made));
    }
}

static bool pss_good(const struct rsa_sign_key *key, const struct rsa_pss_sign *parameters, bool expected_to_fit)
{
    static const uint8_t exponent[3] = {1, 0, 1};
    uint8_t signature[RSA_SIGN_MAX_SIZE], hash[48];
    struct error e;
    const enum status status = rsa_pss_sign(key, parameters, bytes_of_string("message"), signature, &e);
    CHECK_EQUAL(status, expected_to_fit ? STATUS_OK : STATUS_USAGE);
    if (status != STATUS_OK) return false;
    sha384(bytes_of_string("message"), hash);
    return rsa_pss_sha384_verify(rsa_sign_modulus(key), bytes_of(exponent, 3), hash,
                                 bytes_of(signature, key->bits / 8));
}

static void test_rsa(void)
{
    test_begin("RSA-PSS, checked by the verifier");
    static struct rsa_sign_key key, again;
    struct error e;
    struct rsa_pss_sign p = RSA_PSS_SIGN_SHA384;
    CHECK_EQUAL(rsa_sign_key_derive(2048, seed, "k", &key, &e), STATUS_OK);
    CHECK_EQUAL(rsa_sign_key_derive(2048, seed, "k", &again, &e), STATUS_OK);
    CHECK(memcmp(&key, &again, sizeof key) == 0);
    CHECK(pss_good(&key, &p, true));
    p.salt_size = 32;
    CHECK(!pss_good(&key, &p, true));
    p.salt_size = 256 - 48 - 2;
    CHECK(!pss_good(&key, &p, true));
    p.salt_size++;
    CHECK(!pss_good(&key, &p, false));
    p = RSA_PSS_SIGN_SHA384;
    p.mgf_hash = &br_sha1_vtable;
    CHECK(!pss_good(&key, &p, true));
    p = RSA_PSS_SIGN_SHA384;
    p.hash = &br_sha256_vtable;
    CHECK(!pss_good(&key, &p, true));
    p = RSA_PSS_SIGN_SHA384;
    p.trailer = 0xcc;
    CHECK(!pss_good(&key, &p, true));
    CHECK_EQUAL(rsa_sign_key_derive(2049, seed, "k", &key, &e), STATUS_USAGE);
    CHECK_EQUAL(rsa_sign_key_derive(8192, seed, "k", &key, &e), STATUS_USAGE);
    p = RSA_PSS_SIGN_SHA384;
    CHECK(pss_good(&tee_simulator_snp_keys()->ask.rsa, &p, true));
}

/* ---- DER ------------------------------------------------------------------------------------------------------------ */

static bool der_is(struct buffer *b, const char *expected)
{
    const bool same = is_hex(bytes_of(b->data, b->size), expected);
    buffer_free(b);
    return same;
}

static void test_der_values(void)
{
    test_begin("DER of single values");
    struct buffer b = {0};
    der_write_small(&b, 0);
    der_write_small(&b, 127);
    der_write_small(&b, 128);
    der_write_small(&b, UINT64_MAX);
    CHECK(der_is(&b, "020100" "02017f" "02020080" "020900ffffffffffffffff"));
    der_write_integer(&b, bytes_of("\0\0\x05", 3));
    der_write_integer(&b, bytes_of(NULL, 0));
    CHECK(der_is(&b, "020105" "020100"));
    der_write_oid(&b, "1.2.840.113741.1.13.1");
    der_write_oid(&b, "2.5.29.15");
    der_write_oid(&b, "2.16.840.1.101.3.4.2.2");
    CHECK(der_is(&b, "06092a864886f84d010d01" "0603551d0f" "0609608648016503040202"));
    der_write_oid(&b, "1..2");
    der_write_oid(&b, "3.1");
    der_write_oid(&b, "1.2.x");
    der_write_oid(&b, "1.2.99999999999999999999");
    CHECK(der_is(&b, "0600060006000600"));
    der_write_flags(&b, 0);
    der_write_flags(&b, KEY_USAGE_CERT_SIGN | KEY_USAGE_CRL_SIGN);
    der_write_flags(&b, KEY_USAGE_DIGITAL_SIGNATURE);
    der_write_flags(&b, 1 << 8);
    CHECK(der_is(&b, "030100" "03020106" "03020780" "0303070080"));
    der_write_bool(&b, true);
    der_write_bool(&b, false);
    der_write_null(&b);
    CHECK(der_is(&b, "0101ff" "010100" "0500"));
}

static void test_der_times(void)
{
    test_begin("DER of times, read back");
    static const int64_t times[] = {-631152000, 0, 951782399, 951782400, 1709164800, 2524607999, 2524608000, 4102444800,
                                    253402300799};
    for (size_t k = 0; k < sizeof times / sizeof times[0]; k++) {
        struct buffer b = {0};
        der_write_time(&b, times[k]);
        struct der_reader r = der_reader_of(bytes_of(b.data, b.size));
        CHECK_EQUAL(der_read_time(&r), times[k]);
        CHECK(!r.failed);
        CHECK_EQUAL(b.data[0], times[k] < 2524608000 ? DER_UTC_TIME : DER_GENERALIZED_TIME);
        buffer_free(&b);
    }
}

static void test_der_lengths(void)
{
    test_begin("DER lengths and nesting");
    static const size_t sizes[] = {0, 1, 127, 128, 255, 256, 65535, 65536};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        struct buffer b = {0};
        const size_t outer = der_open(&b, DER_SEQUENCE), inner = der_open(&b, DER_OCTET_STRING);
        for (size_t n = 0; n < sizes[k]; n++) buffer_append_byte(&b, (uint8_t)n);
        der_close(&b, inner);
        der_close(&b, outer);
        struct der_reader r = der_reader_of(bytes_of(b.data, b.size));
        struct der_reader s = der_inside(&r, der_read(&r, DER_SEQUENCE));
        CHECK_EQUAL(der_read(&s, DER_OCTET_STRING).size, sizes[k]);
        CHECK(!der_more(&s) && !der_more(&r) && !s.failed && !r.failed);
        buffer_free(&b);
    }
    struct buffer b = {0};
    const size_t at = der_open(&b, DER_SEQUENCE);
    der_close_long(&b, at, 2);
    struct der_reader r = der_reader_of(bytes_of(b.data, b.size));
    der_read(&r, DER_SEQUENCE);
    CHECK(r.failed); /* not the shortest form */
    CHECK(der_is(&b, "30820000"));
}

/* ---- certificates and lists ----------------------------------------------------------------------------------------- */

static struct certificate read_certificate(struct bytes der)
{
    struct certificate c = {0};
    struct error e = {0};
    if (!CHECK_EQUAL(certificate_read(der, NULL, 0, &c, &e), STATUS_OK)) printf("  %s\n", e.message);
    return c;
}

static void test_certificates(void)
{
    test_begin("certificates and lists are read as they were issued");
    struct issue i = {0};
    static struct issue_intel p;
    struct issue_intel_certificates ders;
    struct error e = {0};
    struct crl list;
    issue_intel_defaults(&i, seed, TEE_TDX, AT, &p);
    issue_crl_revoke(&i, &p.root_crl, p.platform_certificate.serial);
    issue_intel_certificates(&i, &p, &ders);
    const struct certificate root = read_certificate(ders.root), ca = read_certificate(ders.platform_ca),
                             pck = read_certificate(ders.pck);
    CHECK(root.is_ca && root.path_length == 1 && ca.is_ca && ca.path_length == 0 && !pck.is_ca);
    CHECK(root.key_usage == (KEY_USAGE_CERT_SIGN | KEY_USAGE_CRL_SIGN));
    CHECK(pck.key_usage == (KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_NON_REPUDIATION));
    CHECK_EQUAL(root.not_before, ISSUE_NOT_BEFORE);
    CHECK_EQUAL(root.not_after, ISSUE_NOT_AFTER);
    CHECK(name_common_name_is(pck.subject, "Intel SGX PCK Certificate"));
    CHECK(bytes_equal(pck.key.point, ecdsa_sign_point(&p.pck.ec)));
    CHECK(certificate_signed_by(&pck, &ca, &e) == STATUS_OK && certificate_signed_by(&ca, &root, &e) == STATUS_OK);
    CHECK(certificate_signed_by(&pck, &root, &e) != STATUS_OK);

    CHECK_EQUAL(crl_read(issue_crl(&i, &p.root_crl, p.root_crl_signer), &list, &e), STATUS_OK);
    CHECK_EQUAL(crl_verify(&list, &root, AT, TEE_EXPIRED_ROOT_CRL, &e), STATUS_OK);
    CHECK(crl_lists(&list, ca.serial) && !crl_lists(&list, pck.serial));
    CHECK_EQUAL(i.status, STATUS_OK);
    issue_free(&i);
}

/* Wrong on purpose: reading or the chain must refuse, with that code. */
static void certificate_refused(struct issue *i, const struct issue_certificate *c, const struct issue_key *signer,
                                enum tee_refusal expected)
{
    struct certificate read;
    struct error e = {0};
    CHECK(certificate_read(issue_certificate(i, c, signer), NULL, 0, &read, &e) != STATUS_OK);
    CHECK_TEXT(tee_refusal_code((enum tee_refusal)e.code), tee_refusal_code(expected));
    CHECK_EQUAL(i->status, STATUS_OK);
}

static void test_wrong_certificates(void)
{
    test_begin("certificates that are wrong on purpose");
    struct issue i = {0};
    static struct issue_intel p;
    issue_intel_defaults(&i, seed, TEE_TDX, AT, &p);
    struct issue_certificate c = p.pck_certificate;
    c.tail = bytes_of("\0", 1);
    certificate_refused(&i, &c, &p.platform_ca, TEE_DER);
    c = p.pck_certificate;
    c.serial_contents = bytes_of("\0\1", 2); /* a zero too many */
    certificate_refused(&i, &c, &p.platform_ca, TEE_DER);
    c = p.pck_certificate;
    issue_extension_add(&i, &c.extensions, "1.2.3.4", true, bytes_of("\5\0", 2));
    certificate_refused(&i, &c, &p.platform_ca, TEE_CRITICAL_EXTENSION);
    c = p.pck_certificate;
    issue_key_usage(&i, &c.extensions, true, KEY_USAGE_DIGITAL_SIGNATURE);
    certificate_refused(&i, &c, &p.platform_ca, TEE_DUPLICATE_EXTENSION);
    c = p.pck_certificate;
    c.algorithm.hash = HASH_SHA512;
    certificate_refused(&i, &c, &p.platform_ca, TEE_ALG);

    c = p.pck_certificate;
    CHECK(issue_extension_remove(&c.extensions, OID_KEY_USAGE) && !issue_extension_remove(&c.extensions, OID_KEY_USAGE));
    CHECK(!read_certificate(issue_certificate(&i, &c, &p.platform_ca)).has_key_usage);
    c.tbs = bytes_of("\x30\0", 2);
    certificate_refused(&i, &c, &p.platform_ca, TEE_DER);
    issue_free(&i);
}

static void test_wrong_pss(void)
{
    test_begin("RSA-PSS parameters that are wrong on purpose");
    struct issue i = {0};
    static struct issue_snp s;
    const struct issue_snp_keys *keys = tee_simulator_snp_keys();
    issue_snp_defaults(&i, seed, keys, SNP_MILAN, AT, &s);
    struct issue_certificate c = s.vcek_certificate;
    c.algorithm.pss.salt_size = 32;
    certificate_refused(&i, &c, &keys->ask, TEE_PSS_PARAMS);
    c = s.vcek_certificate;
    c.algorithm.pss.mgf_hash = &br_sha1_vtable;
    certificate_refused(&i, &c, &keys->ask, TEE_PSS_PARAMS);
    c = s.vcek_certificate;
    c.algorithm.pss_trailer_field = 2;
    certificate_refused(&i, &c, &keys->ask, TEE_PSS_PARAMS);
    c = s.vcek_certificate;
    c.algorithm.scheme = ISSUE_RSA_PKCS1;
    certificate_refused(&i, &c, &keys->ask, TEE_PSS_PARAMS);
    c = s.vcek_certificate;
    c.algorithm.scheme = ISSUE_ECDSA; /* the key is RSA's: a mistake of the caller */
    CHECK(issue_certificate(&i, &c, &keys->ask).size == 0);
    CHECK_EQUAL(i.status, STATUS_USAGE);
    CHECK(issue_certificate(&i, &s.vcek_certificate, &keys->ask).size == 0); /* and stays one */
    issue_free(&i);
}

/* ---- evidence ------------------------------------------------------------------------------------------------------- */

/* What the platform's verifier says about it. */
static enum tee_refusal judge(struct issue *i, enum tee_platform platform, struct bytes evidence,
                              const struct tee_file *files, uint32_t file_count, struct bytes root,
                              const struct tee_identity_value *value)
{
    const struct tee_identity identity = {.label = "", .expires = INT64_MAX, .values = value, .count = 1};
    const struct tee_policy policy = {.platform = platform, .identities = &identity, .identity_count = 1,
                                      .accept_tcb = 1 << TCB_UP_TO_DATE, .allow_trailing = true, .allow_simulator = true,
                                      .require_crl = platform != TEE_NITRO, .max_age = 3600, .skew = 300};
    const struct tee_input in = {.evidence = evidence, .files = files, .file_count = file_count, .policy = &policy,
                                 .at = AT, .roots = &root, .root_count = 1, .simulated = true};
    struct tee_verdict v = {0};
    struct error e = {0};
    const enum status status = tee_evidence_verify(&in, &v, &e);
    const enum tee_refusal refusal = v.refusal;
    CHECK_EQUAL(i->status, STATUS_OK);
    CHECK((status == STATUS_OK) == (refusal == TEE_OK));
    tee_verdict_free(&v);
    return refusal;
}

struct intel_case {
    struct issue issue;
    struct issue_intel p;
    struct issue_quote q;
};

static void intel_begin(struct intel_case *c, enum tee_platform platform, uint16_t version)
{
    memset(c, 0, sizeof *c);
    issue_intel_defaults(&c->issue, seed, platform, AT, &c->p);
    issue_quote_defaults(&c->issue, &c->p, version, &c->q);
}

/* Issues what the case holds by now, and releases it. */
static const char *intel_end(struct intel_case *c)
{
    struct issue *i = &c->issue;
    struct issue_collateral collateral;
    const bool tdx = c->p.platform == TEE_TDX;
    const struct tee_identity_value value = {.name = tdx ? "mr_td" : "mrenclave",
                                             .value = bytes_of(tdx ? c->q.td.mr_td : c->q.sgx.mrenclave, tdx ? 48 : 32)};
    issue_intel_collateral(i, &c->p, &collateral);
    const struct tee_file file = {"collateral.json", issue_collateral_json(i, &collateral)};
    const struct bytes quote = issue_quote(i, &c->p, &c->q), root = issue_certificate(i, &c->p.root_certificate,
                                                                                      c->p.root_signer);
    const enum tee_refusal refusal = judge(i, c->p.platform, quote, &file, 1, root, &value);
    issue_free(i);
    return tee_refusal_code(refusal);
}

static void test_intel(void)
{
    test_begin("SGX and TDX evidence, and single fields changed");
    static struct intel_case c;
    static const struct {
        enum tee_platform platform;
        uint16_t version;
    } good[] = {{TEE_SGX, 3}, {TEE_SGX, 4}, {TEE_SGX, 5}, {TEE_TDX, 4}, {TEE_TDX, 5}};
    for (size_t k = 0; k < sizeof good / sizeof good[0]; k++) {
        intel_begin(&c, good[k].platform, good[k].version);
        CHECK_TEXT(intel_end(&c), "ok");
        intel_begin(&c, good[k].platform, good[k].version);
        issue_intel_use_processor(&c.issue, &c.p);
        CHECK_TEXT(intel_end(&c), "ok");
        intel_begin(&c, good[k].platform, good[k].version);
        issue_crl_revoke(&c.issue, &c.p.pck_crl, c.p.pck_certificate.serial);
        CHECK_TEXT(intel_end(&c), "revoked");
        intel_begin(&c, good[k].platform, good[k].version);
        c.p.tcb_info.levels[0].status = "OutOfDate";
        CHECK_TEXT(intel_end(&c), "tcb-status");
        intel_begin(&c, good[k].platform, good[k].version);
        c.q.qe.attributes[0] |= 2;
        CHECK_TEXT(intel_end(&c), "qe-debug");
    }
}

static void test_intel_fields(void)
{
    test_begin("collateral with one field changed");
    static struct intel_case c;
    intel_begin(&c, TEE_TDX, 4);
    c.p.tcb_info.fmspc = bytes_of("\1\2\3\4\5\6", 6);
    CHECK_TEXT(intel_end(&c), "fmspc");
    intel_begin(&c, TEE_TDX, 4);
    c.p.tcb_info.next_update = AT - 1;
    CHECK_TEXT(intel_end(&c), "expired-tcb-info");
    intel_begin(&c, TEE_TDX, 4);
    c.p.qe_identity.next_update = AT - 1;
    CHECK_TEXT(intel_end(&c), "expired-qe-identity");
    intel_begin(&c, TEE_TDX, 4);
    c.p.root_crl.next_update = AT - 1;
    CHECK_TEXT(intel_end(&c), "expired-root-crl");
    intel_begin(&c, TEE_TDX, 4);
    c.p.tcb_info_signer = &c.p.pck;
    CHECK_TEXT(intel_end(&c), "tcb-signature");
    intel_begin(&c, TEE_TDX, 4);
    c.p.sgx.copies = 0;
    CHECK_TEXT(intel_end(&c), "pck-extension");
    intel_begin(&c, TEE_TDX, 4);
    c.p.tcb_info.levels[0].sgx_count = 15;
    CHECK_TEXT(intel_end(&c), "tcb-format");
    intel_begin(&c, TEE_TDX, 4);
    c.q.td.td_attributes[0] |= 1;
    CHECK_TEXT(intel_end(&c), "debug");
    intel_begin(&c, TEE_TDX, 4);
    c.q.inner_size = 17;
    CHECK_TEXT(intel_end(&c), "length");
    intel_begin(&c, TEE_TDX, 4);
    c.q.attestation_key = &c.p.pck;
    c.q.attestation_point = ecdsa_sign_point(&c.p.attestation.ec);
    CHECK_TEXT(intel_end(&c), "quote-signature");
}

struct nitro_case {
    struct issue issue;
    struct issue_nitro n;
    struct issue_nitro_document d;
};

static struct issue_nitro_document *nitro_begin(struct nitro_case *c)
{
    memset(c, 0, sizeof *c);
    issue_nitro_defaults(&c->issue, seed, &c->n);
    issue_nitro_document_defaults(&c->issue, &c->n, AT, &c->d);
    return &c->d;
}

static const char *nitro_end(struct nitro_case *c)
{
    struct issue *i = &c->issue;
    const struct tee_identity_value value = {.name = "pcr8", .value = issue_copy(i, c->d.pcrs[8].value)};
    const enum tee_refusal refusal =
        judge(i, TEE_NITRO, issue_nitro_document(i, &c->d), NULL, 0,
              issue_nitro_certificate(i, &c->n, NITRO_ROOT), &value);
    issue_free(i);
    return tee_refusal_code(refusal);
}

static void test_nitro(void)
{
    test_begin("Nitro documents, and single fields changed");
    static struct nitro_case c;
    nitro_begin(&c);
    CHECK_TEXT(nitro_end(&c), "ok");
    nitro_begin(&c)->definite = true;
    CHECK_TEXT(nitro_end(&c), "ok");
    nitro_begin(&c)->tagged = true;
    CHECK_TEXT(nitro_end(&c), "ok");
    nitro_begin(&c)->tag = 17;
    c.d.tagged = true;
    CHECK_TEXT(nitro_end(&c), "cose");
    nitro_begin(&c)->timestamp = (uint64_t)(AT - 3601) * 1000;
    CHECK_TEXT(nitro_end(&c), "stale");
    nitro_begin(&c)->digest = "SHA256";
    CHECK(strcmp(nitro_end(&c), "ok") != 0);
    nitro_begin(&c)->signer = &c.n.keys[NITRO_INSTANCE];
    CHECK_TEXT(nitro_end(&c), "signature");
    nitro_begin(&c)->bundle_count = 3;
    CHECK_TEXT(nitro_end(&c), "chain");
    nitro_begin(&c)->tail = bytes_of("\xf6", 1);
    CHECK(strcmp(nitro_end(&c), "ok") != 0);
}

struct snp_case {
    struct issue issue;
    struct issue_snp s;
    struct issue_snp_report r;
    bool vlek;
};

static struct issue_snp_report *snp_begin(struct snp_case *c, enum issue_snp_product product, uint32_t version, bool vlek)
{
    memset(c, 0, sizeof *c);
    c->vlek = vlek;
    issue_snp_defaults(&c->issue, seed, tee_simulator_snp_keys(), product, AT, &c->s);
    issue_snp_report_defaults(&c->issue, &c->s, version, vlek, &c->r);
    return &c->r;
}

static const char *snp_end(struct snp_case *c)
{
    struct issue *i = &c->issue;
    const struct tee_identity_value value = {.name = "measurement", .value = bytes_of(c->r.measurement, 48)};
    const struct tee_file files[] = {{"table", issue_snp_table_for(i, &c->s, c->vlek)}, {"crl", issue_snp_crl(i, &c->s)}};
    const enum tee_refusal refusal = judge(i, TEE_SNP, issue_snp_report(i, &c->r), files, 2,
                                           issue_certificate(i, &c->s.ark_certificate, c->s.ark_signer), &value);
    issue_free(i);
    return tee_refusal_code(refusal);
}

static void test_snp(void)
{
    test_begin("SNP reports, and single fields changed");
    static struct snp_case c;
    for (int product = 0; product < SNP_PRODUCTS; product++) {
        for (uint32_t version = product == SNP_MILAN ? 2 : 3; version <= 5; version++) {
            snp_begin(&c, (enum issue_snp_product)product, version, false);
            if (!CHECK_TEXT(snp_end(&c), "ok")) printf("  product %d, version %u\n", product, (unsigned)version);
        }
        snp_begin(&c, (enum issue_snp_product)product, 3, true);
        CHECK_TEXT(snp_end(&c), "ok");
    }
    snp_begin(&c, SNP_MILAN, 3, false)->policy |= 1 << 19;
    CHECK_TEXT(snp_end(&c), "debug");
    snp_begin(&c, SNP_MILAN, 3, false)->big_endian = true;
    CHECK_TEXT(snp_end(&c), "signature");
    snp_begin(&c, SNP_MILAN, 3, false)->signer_info = 1 << 2;
    CHECK_TEXT(snp_end(&c), "signer");
    snp_begin(&c, SNP_MILAN, 3, false)->chip_id[5] ^= 1;
    CHECK_TEXT(snp_end(&c), "hwid");
    snp_begin(&c, SNP_MILAN, 3, false);
    issue_crl_revoke(&c.issue, &c.s.crl, c.s.ask_certificate.serial);
    CHECK_TEXT(snp_end(&c), "revoked");
    snp_begin(&c, SNP_MILAN, 3, false);
    issue_extension_remove(&c.s.vcek_certificate.extensions, OID_SNP_HWID);
    CHECK(strcmp(snp_end(&c), "ok") != 0);
}

int main(void)
{
    test_ecdsa_vectors();
    test_ecdsa_secrets();
    test_ecdsa_verifies();
    test_rsa();
    test_der_values();
    test_der_times();
    test_der_lengths();
    test_certificates();
    test_wrong_certificates();
    test_wrong_pss();
    test_intel();
    test_intel_fields();
    test_nitro();
    test_snp();
    return test_end();
}
