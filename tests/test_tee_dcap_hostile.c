/* Evidence and collateral that are wrong in one signed field, and signed again: each reaches the check that is for it.
 * All of it is issued under a root of the test's own. */
#include "crypto/sha2.h"
#include "tee/der.h"
#include "tee/der_write.h"
#include "tee/issue_intel.h"
#include "tests/dcap_fixture.h"

#define AT 1767225600 /* 2026-01-01 */
#define DAY 86400

static const uint8_t seed[32] = {7}, other_seed[32] = {8};
static const uint8_t zeros[64], ones[64] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

struct hostile {
    struct issue i;
    struct issue_intel p;
    struct issue_quote q;
    struct issue_collateral c;
    struct bytes roots[2];
    struct fixture f;
};

/* The root as it is planned now is the one that is trusted. */
static void trust_root(struct hostile *h)
{
    struct issue_intel_certificates certificates;
    issue_intel_certificates(&h->i, &h->p, &certificates);
    h->roots[0] = certificates.root;
}

static void begin(struct hostile *h, enum tee_platform platform, uint16_t version)
{
    memset(h, 0, sizeof *h);
    issue_intel_defaults(&h->i, seed, platform, AT, &h->p);
    issue_quote_defaults(&h->i, &h->p, version, &h->q);
    fixture_begin(&h->f, bytes_of(NULL, 0), AT);
    trust_root(h);
    h->f.roots = h->roots;
    h->f.root_count = 1;
}

static void issue_all(struct hostile *h)
{
    h->f.quote = issue_quote(&h->i, &h->p, &h->q);
    fixture_identify(&h->f);
    issue_intel_collateral(&h->i, &h->p, &h->c);
}

static void expect(struct hostile *h, enum tee_refusal refusal, const char *what)
{
    h->f.file_count = 0;
    fixture_file(&h->f, "collateral.json", issue_collateral_json(&h->i, &h->c));
    CHECK(h->i.status == STATUS_OK);
    fixture_expect(&h->f, refusal, what);
}

static void end(struct hostile *h)
{
    issue_intel_wipe(&h->p);
    issue_free(&h->i);
}

/* ---- one field changed ------------------------------------------------------------------------------------------ */

/* Replaces an extension by what `added` has. */
static void replace(struct issue_certificate *c, const char *oid, const struct issue_extensions *added)
{
    issue_extension_remove(&c->extensions, oid);
    c->extensions.items[c->extensions.count++] = added->items[0];
}

static void set_usage(struct hostile *h, struct issue_certificate *c, uint32_t usage)
{
    struct issue_extensions x = {0};
    issue_key_usage(&h->i, &x, true, usage);
    replace(c, OID_KEY_USAGE, &x);
}

static void set_constraints(struct hostile *h, struct issue_certificate *c, bool ca, int path_length)
{
    struct issue_extensions x = {0};
    issue_basic_constraints(&h->i, &x, true, ca, path_length);
    replace(c, OID_BASIC_CONSTRAINTS, &x);
}

static void extend_crl(struct hostile *h, struct issue_crl *l, const char *oid, bool critical)
{
    issue_extension_add(&h->i, &l->extensions, oid, critical, bytes_of("\x02\x01\x01", 3));
}

static void only_level(struct hostile *h, const char *status)
{
    h->p.tcb_info.level_count = 1;
    h->p.tcb_info.levels[0].status = status;
}

static void old_module(struct hostile *h)
{
    h->q.td.tee_tcb_svn[0] = 2;
}

static void old_qe(struct hostile *h)
{
    h->q.qe.isv_svn = 1;
}

static void accept_status(struct hostile *h, enum tee_tcb_status status)
{
    h->f.policy.accept_tcb = 1u << status;
}

static const struct bytes advisory = {(const uint8_t *)"INTEL-SA-00615", 14};

static void deny(struct hostile *h)
{
    h->f.policy.deny_advisories = &advisory;
    h->f.policy.deny_advisory_count = 1;
}

/* The quoting enclave's report data with something behind the hash. */
static void long_report_data(struct hostile *h)
{
    struct sha256 hash;
    sha256_init(&hash);
    sha256_update(&hash, ecdsa_sign_point(&h->q.attestation_key->ec));
    sha256_update(&hash, h->q.authentication);
    sha256_finish(&hash, h->q.qe.report_data);
    h->q.qe.report_data[63] = 1;
    h->q.qe_report_data_as_is = true;
}

/* A byte of the enclave's report that has no field of its own here. */
static void set_byte(struct hostile *h, size_t at)
{
    const struct bytes report = issue_enclave_report(&h->i, &h->q.sgx);
    uint8_t *changed = arena_alloc(&h->i.arena, report.size);
    memcpy(changed, report.data, report.size);
    changed[at] = 1;
    h->q.body = bytes_of(changed, report.size);
}

static uint8_t order_signature[64] = {
    0xff, 0xff, 0xff, 0xff, 0,    0,    0,    0,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51, [63] = 1};
static uint8_t s_is_zero[64] = {[31] = 1}, r_is_zero[64] = {[63] = 1};

#define SGX_ARCS "\x2a\x86\x48\x86\xf8\x4d\x01\x0d\x01" /* 1.2.840.113741.1.13.1 */

/* The SGX extension with one more entry behind the others: DER of fewer than 128 bytes. */
#define extension_plus(h, entry) extension_plus_bytes(h, bytes_of(entry, sizeof entry - 1))
static void extension_plus_bytes(struct hostile *h, struct bytes entry)
{
    struct der_reader outer = der_reader_of(issue_sgx_extension_value(&h->i, &h->p.sgx));
    const struct bytes entries = der_read(&outer, DER_SEQUENCE);
    struct buffer b = {0};
    const size_t at = der_open(&b, DER_SEQUENCE);
    der_write_raw(&b, entries);
    der_write_raw(&b, entry);
    der_close(&b, at);
    h->p.sgx.contents = issue_take(&h->i, &b);
}

#define OID_UNKNOWN "1.3.6.1.4.1.55555.1"

/* X(name, platform, version of the quote, refusal, what is changed) */
#define CASES                                                                                                          \
    /* nothing, and what must be accepted */                                                                           \
    X(sgx_v3, SGX, 3, OK, ;)                                                                                           \
    X(sgx_v4, SGX, 4, OK, ;)                                                                                           \
    X(sgx_v5, SGX, 5, OK, ;)                                                                                           \
    X(tdx_v4, TDX, 4, OK, ;)                                                                                           \
    X(tdx_v5, TDX, 5, OK, ;)                                                                                           \
    X(tdx_v5_of_1_0, TDX, 5, OK, h->q.body_kind = ISSUE_BODY_TD10; h->q.body_type = 2)                                 \
    X(processor_ca, SGX, 3, OK, issue_intel_use_processor(&h->i, &h->p))                                               \
    X(tcb_info_of_version_2, SGX, 3, OK, h->p.tcb_info.version = 2; h->p.tcb_info.old_components = true)               \
    X(base_module, TDX, 4, OK, h->q.td.tee_tcb_svn[1] = 0)                                                             \
    X(module_in_lower_case, TDX, 4, OK, h->q.td.tee_tcb_svn[1] = 10; h->p.tcb_info.identities[0].id = "TDX_0a")        \
    X(module_in_upper_case, TDX, 4, OK, h->q.td.tee_tcb_svn[1] = 10; h->p.tcb_info.identities[0].id = "TDX_0A")        \
    X(unknown_members, TDX, 4, OK, h->p.tcb_info.extra = "\"x\":{}"; h->p.qe_identity.extra = "\"y\":[1]")             \
    X(zeros_behind, TDX, 4, OK, h->q.tail = bytes_of(zeros, 64))                                                       \
    X(enclave_with_kss, SGX, 3, OK, h->q.sgx.attributes[0] |= ENCLAVE_KSS)                                             \
    /* D4, D5 */                                                                                                       \
    X(text_behind, TDX, 4, TRAILING, h->q.tail = bytes_of(ones, 64))                                                   \
    X(zeros_not_allowed, TDX, 4, TRAILING, h->q.tail = bytes_of(zeros, 64); h->f.policy.allow_trailing = false)        \
    X(report_data_too_long, TDX, 4, QE_HASH, long_report_data(h))                                                      \
    X(report_data_other, TDX, 4, QE_HASH, h->q.qe_report_data_as_is = true)                                            \
    X(point_off_curve, TDX, 4, KEY, h->q.attestation_point = bytes_of(ones, 64))                                       \
    X(point_of_zeros, TDX, 4, KEY, h->q.attestation_point = bytes_of(zeros, 64))                                       \
    X(signature_r_0, TDX, 4, QUOTE_SIGNATURE, h->q.signature = bytes_of(r_is_zero, 64))                                \
    X(signature_s_0, TDX, 4, QUOTE_SIGNATURE, h->q.signature = bytes_of(s_is_zero, 64))                                \
    X(signature_r_n, TDX, 4, QUOTE_SIGNATURE, h->q.signature = bytes_of(order_signature, 64))                          \
    X(signed_by_pck, TDX, 4, QUOTE_SIGNATURE, h->q.attestation_point = ecdsa_sign_point(&h->p.pck.ec))                 \
    X(qe_signed_by_ca, TDX, 4, QE_SIGNATURE, h->q.qe_signer = &h->p.platform_ca)                                       \
    X(qe_signature_r_0, SGX, 3, QE_SIGNATURE, h->q.qe_signature = bytes_of(r_is_zero, 64))                             \
    /* D7 */                                                                                                           \
    X(fmspc, TDX, 4, FMSPC, h->p.tcb_info.fmspc = bytes_of(ones, 6))                                                   \
    X(pceid, TDX, 4, PCEID, h->p.tcb_info.pceid = bytes_of("\0\1", 2))                                                 \
    X(tcb_info_for_sgx, TDX, 4, TCB_ID, h->p.tcb_info.id = "SGX")                                                      \
    X(tcb_info_for_tdx, SGX, 3, TCB_FORMAT, h->p.tcb_info.id = "TDX") /* without its components */                     \
    X(tcb_info_for_others, SGX, 3, TCB_ID, h->p.tcb_info.id = "XYZ")                                                   \
    X(tcb_type, TDX, 4, TCB_TYPE, h->p.tcb_info.tcb_type = 1)                                                          \
    X(tcb_version_2, TDX, 4, TCB_VERSION, h->p.tcb_info.version = 2)                                                   \
    X(tcb_version_4, SGX, 3, TCB_VERSION, h->p.tcb_info.version = 4)                                                   \
    X(qe_of_sgx, TDX, 4, QE_ID, h->p.qe_identity.id = "QE")                                                            \
    X(qe_of_tdx, SGX, 3, QE_ID, h->p.qe_identity.id = "TD_QE")                                                         \
    X(qve, SGX, 3, QE_ID, h->p.qe_identity.id = "QVE")                                                                 \
    /* D8 */                                                                                                           \
    X(tcb_info_signer, TDX, 4, TCB_SIGNATURE, h->p.tcb_info_signer = &h->p.root)                                       \
    X(qe_identity_signer, TDX, 4, QE_ID_SIGNATURE, h->p.qe_identity_signer = &h->p.pck)                                \
    X(duplicate_member, TDX, 4, TCB_FORMAT, h->p.tcb_info.extra = "\"version\":3")                                     \
    /* D9 and C4 */                                                                                                    \
    X(tcb_info_expired, TDX, 4, EXPIRED_TCB_INFO, h->p.tcb_info.next_update = AT - 1)                                  \
    X(tcb_info_last_second, TDX, 4, OK, h->p.tcb_info.next_update = AT)                                                \
    X(tcb_info_future, TDX, 4, EXPIRED_TCB_INFO, h->p.tcb_info.issue_date = AT + 1)                                    \
    X(tcb_info_first_second, TDX, 4, OK, h->p.tcb_info.issue_date = AT)                                                \
    X(qe_identity_expired, TDX, 4, EXPIRED_QE_ID, h->p.qe_identity.next_update = AT - 1)                               \
    X(qe_identity_future, TDX, 4, EXPIRED_QE_ID, h->p.qe_identity.issue_date = AT + 1)                                 \
    X(root_crl_expired, TDX, 4, EXPIRED_ROOT_CRL, h->p.root_crl.next_update = AT - 1)                                  \
    X(root_crl_future, TDX, 4, EXPIRED_ROOT_CRL, h->p.root_crl.this_update = AT + 1)                                   \
    X(pck_crl_expired, TDX, 4, EXPIRED_PCK_CRL, h->p.pck_crl.next_update = AT - 1)                                     \
    X(pck_crl_future, TDX, 4, EXPIRED_PCK_CRL, h->p.pck_crl.this_update = AT + 1)                                      \
    X(pck_crl_bounds, TDX, 4, OK, h->p.pck_crl.this_update = h->p.pck_crl.next_update = AT)                            \
    X(leaf_expired, TDX, 4, EXPIRED, h->p.pck_certificate.not_after = AT - 1)                                          \
    X(leaf_future, TDX, 4, NOT_YET_VALID, h->p.pck_certificate.not_before = AT + 1)                                    \
    X(leaf_bounds, TDX, 4, OK, h->p.pck_certificate.not_before = h->p.pck_certificate.not_after = AT)                  \
    X(leaf_until_2060, TDX, 4, OK, h->p.pck_certificate.not_after = INT64_C(2840140800))                               \
    X(leaf_from_2060, TDX, 4, NOT_YET_VALID, h->p.pck_certificate.not_before = INT64_C(2840140800);                    \
      h->p.pck_certificate.not_after = INT64_C(2871763200))                                                            \
    X(ca_future, TDX, 4, NOT_YET_VALID, h->p.platform_certificate.not_before = AT + 1)                                 \
    X(ca_bounds, TDX, 4, OK, h->p.platform_certificate.not_before = h->p.platform_certificate.not_after = AT)          \
    X(root_expired, TDX, 4, EXPIRED, h->p.root_certificate.not_after = AT - 1; trust_root(h))                          \
    X(root_future, SGX, 3, NOT_YET_VALID, h->p.root_certificate.not_before = AT + 1; trust_root(h))                    \
    X(root_bounds, SGX, 3, OK, h->p.root_certificate.not_before = h->p.root_certificate.not_after = AT; trust_root(h)) \
    X(tcb_signer_future, TDX, 4, NOT_YET_VALID, h->p.tcb_signing_certificate.not_before = AT + 1)                      \
    X(tcb_signer_bounds, TDX, 4, OK,                                                                                   \
      h->p.tcb_signing_certificate.not_before = h->p.tcb_signing_certificate.not_after = AT)                           \
    X(qe_identity_bounds, SGX, 3, OK, h->p.qe_identity.issue_date = h->p.qe_identity.next_update = AT)                 \
    X(root_crl_bounds, SGX, 3, OK, h->p.root_crl.this_update = h->p.root_crl.next_update = AT)                         \
    X(ca_expired, TDX, 4, EXPIRED, h->p.platform_certificate.not_after = AT - 1)                                       \
    X(tcb_signer_expired, TDX, 4, EXPIRED, h->p.tcb_signing_certificate.not_after = AT - 1)                            \
    /* D10 */                                                                                                          \
    X(crl_other_issuer, TDX, 4, CRL_ISSUER, h->p.pck_crl.issuer = h->p.processor_certificate.subject)                  \
    X(crl_signed_by_leaf, TDX, 4, CRL_SIGNATURE, h->p.pck_crl_signer = &h->p.pck)                                      \
    X(root_crl_signed_by_ca, TDX, 4, CRL_SIGNATURE, h->p.root_crl_signer = &h->p.platform_ca)                          \
    X(leaf_revoked, TDX, 4, REVOKED, issue_crl_revoke(&h->i, &h->p.pck_crl, h->p.pck_certificate.serial))              \
    X(ca_revoked, TDX, 4, REVOKED, issue_crl_revoke(&h->i, &h->p.root_crl, h->p.platform_certificate.serial))          \
    X(signer_revoked, TDX, 4, REVOKED, issue_crl_revoke(&h->i, &h->p.root_crl, h->p.tcb_signing_certificate.serial))   \
    X(other_revoked, TDX, 4, OK, issue_crl_revoke(&h->i, &h->p.pck_crl, bytes_of(ones, 20)))                           \
    X(crl_unknown_critical, TDX, 4, CRL_FORMAT, extend_crl(h, &h->p.pck_crl, OID_UNKNOWN, true))                       \
    X(crl_unknown, TDX, 4, OK, extend_crl(h, &h->p.pck_crl, OID_UNKNOWN, false))                                       \
    X(crl_delta, TDX, 4, CRL_FORMAT, extend_crl(h, &h->p.root_crl, OID_DELTA_CRL, true))                               \
    X(root_revoked, TDX, 4, REVOKED, issue_crl_revoke(&h->i, &h->p.root_crl, h->p.root_certificate.serial))            \
    X(root_revoked_sgx, SGX, 3, REVOKED, issue_crl_revoke(&h->i, &h->p.root_crl, h->p.root_certificate.serial))        \
    X(leaf_revoked_sgx, SGX, 3, REVOKED, issue_crl_revoke(&h->i, &h->p.pck_crl, h->p.pck_certificate.serial))          \
    X(root_crl_unknown_critical, TDX, 4, CRL_FORMAT, extend_crl(h, &h->p.root_crl, OID_UNKNOWN, true))                 \
    X(pck_crl_delta, TDX, 4, CRL_FORMAT, extend_crl(h, &h->p.pck_crl, OID_DELTA_CRL, true))                            \
    X(pck_crl_delta_uncritical, TDX, 4, CRL_FORMAT, extend_crl(h, &h->p.pck_crl, OID_DELTA_CRL, false))                \
    X(root_crl_other_issuer, TDX, 4, CRL_ISSUER, h->p.root_crl.issuer = h->p.platform_certificate.subject)             \
    X(crl_without_end, TDX, 4, CRL_FORMAT, h->p.pck_crl.no_next_update = true)                                         \
    /* D11 */                                                                                                          \
    X(components_15, TDX, 4, TCB_FORMAT, h->p.tcb_info.levels[1].sgx_count = 15)                                       \
    X(components_17, TDX, 4, TCB_FORMAT, h->p.tcb_info.levels[0].sgx_count = 17)                                       \
    X(tdx_components_15, TDX, 4, TCB_FORMAT, h->p.tcb_info.levels[0].tdx_count = 15)                                   \
    X(tdx_components_17, TDX, 4, TCB_FORMAT, h->p.tcb_info.levels[1].tdx_count = 17)                                   \
    X(svn_256, TDX, 4, TCB_FORMAT, h->p.tcb_info.levels[0].sgx[0] = 256)                                               \
    X(pcesvn_65536, SGX, 3, TCB_FORMAT, h->p.tcb_info.levels[0].pcesvn = 65536)                                        \
    X(shuffled, TDX, 4, OK, struct issue_tcb_level l = h->p.tcb_info.levels[0];                                        \
      h->p.tcb_info.levels[0] = h->p.tcb_info.levels[1]; h->p.tcb_info.levels[1] = l)                                  \
    X(status_unknown, TDX, 4, TCB_UNKNOWN, h->p.tcb_info.levels[0].status = "Fine")                                    \
    X(module_status_unknown, TDX, 4, TCB_UNKNOWN, h->p.tcb_info.identities[0].levels[0].status = "Fine")               \
    X(qe_status_unknown, TDX, 4, TCB_UNKNOWN, h->p.qe_identity.levels[0].status = "Fine")                              \
    X(level_revoked, TDX, 4, TCB_REVOKED, only_level(h, "Revoked"); h->f.policy.accept_tcb = FIXTURE_ACCEPT_ALL)       \
    X(module_revoked, TDX, 4, TCB_REVOKED, h->p.tcb_info.identities[0].levels[0].status = "Revoked";                   \
      h->f.policy.accept_tcb = FIXTURE_ACCEPT_ALL)                                                                     \
    X(qe_revoked, SGX, 3, TCB_REVOKED, h->p.qe_identity.levels[0].status = "Revoked";                                  \
      h->f.policy.accept_tcb = FIXTURE_ACCEPT_ALL)                                                                     \
    X(no_level, SGX, 3, TCB_NOT_SUPPORTED, h->p.sgx.component[3] = 1)                                                  \
    X(no_level_pce, SGX, 3, TCB_NOT_SUPPORTED, h->p.sgx.pcesvn = 4)                                                    \
    X(no_level_tdx, TDX, 4, TCB_NOT_SUPPORTED, h->q.td.tee_tcb_svn[2] = 2)                                             \
    X(no_levels, TDX, 4, TCB_NOT_SUPPORTED, h->p.tcb_info.level_count = 0)                                             \
    X(no_level_qe, SGX, 3, TCB_NOT_SUPPORTED, h->q.qe.isv_svn = 0)                                                     \
    /* the header's and the report's own versions mean nothing */                                                      \
    X(report_cpusvn, SGX, 3, OK, memset(h->q.sgx.cpusvn, 0, 16); h->q.pce_svn = 0)                                     \
    X(report_cpusvn_high, SGX, 3, TCB_STATUS, memset(h->q.sgx.cpusvn, 255, 16); h->q.pce_svn = 0xffff;                 \
      h->p.sgx.component[0] = 2)                                                                                       \
    /* D12 */                                                                                                          \
    X(module_missing, TDX, 4, MODULE, h->q.td.tee_tcb_svn[1] = 2)                                                      \
    X(modules_missing, TDX, 4, MODULE, h->p.tcb_info.identity_count = 0)                                               \
    X(base_module_missing, TDX, 4, MODULE, h->q.td.tee_tcb_svn[1] = 0; h->p.tcb_info.has_module = false)               \
    X(module_below, TDX, 4, MODULE, h->q.td.tee_tcb_svn[0] = 1)                                                        \
    X(module_old, TDX, 4, TCB_STATUS, old_module(h))                                                                   \
    X(module_in_force_missing, TDX, 5, MODULE, old_module(h); h->q.td.tee_tcb_svn2[1] = 2)                             \
    /* D13 */                                                                                                          \
    X(module_signer, TDX, 4, MODULE_SIGNER, h->q.td.mr_signer_seam[47] = 1)                                            \
    X(base_module_signer, TDX, 4, MODULE_SIGNER, h->q.td.mr_signer_seam[0] = 1; h->q.td.tee_tcb_svn[1] = 0)            \
    X(module_signer_other, TDX, 4, MODULE_SIGNER, h->p.tcb_info.identities[0].mrsigner = bytes_of(ones, 48))           \
    X(seam_attributes, TDX, 4, SEAM_ATTRIBUTES, h->q.td.seam_attributes[7] = 0x80)                                     \
    X(seam_attributes_unmasked, TDX, 4, SEAM_ATTRIBUTES, h->q.td.seam_attributes[0] = 1;                               \
      h->p.tcb_info.identities[0].attributes_mask = bytes_of(zeros, 8))                                                \
    X(seam_attributes_missing, TDX, 4, SEAM_ATTRIBUTES, h->p.tcb_info.identities[0].attributes = bytes_of(ones, 8))    \
    /* D14 */                                                                                                          \
    X(sgx_debug, SGX, 3, DEBUG, h->q.sgx.attributes[0] |= ENCLAVE_DEBUG)                                               \
    X(sgx_debug_allowed, SGX, 3, OK, h->q.sgx.attributes[0] |= ENCLAVE_DEBUG; h->f.policy.allow_debug = true)          \
    X(tdx_debug, TDX, 4, DEBUG, h->q.td.td_attributes[0] = 1)                                                          \
    X(tdx_debug_allowed, TDX, 4, OK, h->q.td.td_attributes[0] = 1; h->f.policy.allow_debug = true)                     \
    X(qe_debug, SGX, 3, QE_DEBUG, h->q.qe.attributes[0] |= ENCLAVE_DEBUG)                                              \
    X(qe_debug_never, TDX, 4, QE_DEBUG, h->q.qe.attributes[0] |= ENCLAVE_DEBUG; h->f.policy.allow_debug = true)        \
    X(not_initialised, SGX, 3, ATTRIBUTES, h->q.sgx.attributes[0] &= (uint8_t)~ENCLAVE_INIT)                           \
    X(sgx_reserved_flag, SGX, 3, ATTRIBUTES, h->q.sgx.attributes[0] |= 8)                                              \
    X(sgx_high_flag, SGX, 3, ATTRIBUTES, h->q.sgx.attributes[7] = 0x80)                                                \
    X(sgx_reserved_20, SGX, 3, RESERVED, set_byte(h, 20))                                                              \
    X(sgx_reserved_127, SGX, 3, RESERVED, set_byte(h, 127))                                                            \
    X(sgx_reserved_160, SGX, 3, RESERVED, set_byte(h, 160))                                                            \
    X(sgx_reserved_303, SGX, 3, RESERVED, set_byte(h, 303))                                                            \
    X(sgx_extended_product, SGX, 3, OK, set_byte(h, 47))                                                               \
    X(sgx_config_id, SGX, 3, OK, set_byte(h, 192))                                                                     \
    X(sgx_family, SGX, 3, OK, set_byte(h, 304))                                                                        \
    X(td_reserved_1, TDX, 4, ATTRIBUTES, h->q.td.td_attributes[0] = 2)                                                 \
    X(td_reserved_7, TDX, 4, ATTRIBUTES, h->q.td.td_attributes[0] = 0x80)                                              \
    X(td_reserved_29, TDX, 4, ATTRIBUTES, h->q.td.td_attributes[3] |= 0x20)                                            \
    X(td_reserved_62, TDX, 4, ATTRIBUTES, h->q.td.td_attributes[7] = 0x40)                                             \
    X(td_known, TDX, 4, OK, h->q.td.td_attributes[3] |= 0xc0; h->q.td.td_attributes[7] = 0x80)                         \
    X(sept_ve, TDX, 4, SEPT_VE, h->q.td.td_attributes[3] = 0)                                                          \
    X(sept_ve_allowed, TDX, 4, OK, h->q.td.td_attributes[3] = 0; h->f.policy.allow_sept_ve = true)                     \
    X(service_td, TDX, 5, SERVICE_TD, h->q.td.mr_service_td[47] = 1)                                                   \
    X(service_td_allowed, TDX, 5, OK, h->q.td.mr_service_td[47] = 1; h->f.policy.allow_service_td = true)              \
    X(xfam_20, TDX, 4, XFAM, h->q.td.xfam[2] |= 0x10)                                                                  \
    X(xfam_63, TDX, 4, XFAM, h->q.td.xfam[7] = 0x80)                                                                   \
    X(xfam_without_sse, TDX, 4, XFAM, h->q.td.xfam[0] &= 0xfd)                                                         \
    X(qe_signer, SGX, 3, QE_IDENTITY, h->q.qe.mrsigner[31] ^= 1)                                                       \
    X(qe_product, SGX, 3, QE_IDENTITY, h->q.qe.isv_prod_id = 3)                                                        \
    X(qe_misc, SGX, 3, QE_IDENTITY, h->q.qe.miscselect = 0x80000000)                                                   \
    X(qe_misc_unmasked, SGX, 3, OK, h->q.qe.miscselect = 1; h->p.qe_identity.miscselect_mask = bytes_of(zeros, 4))     \
    X(qe_attributes, TDX, 4, QE_IDENTITY, h->q.qe.attributes[0] |= ENCLAVE_EINITTOKEN_KEY)                             \
    X(qe_attributes_last, TDX, 4, QE_IDENTITY, h->q.qe.attributes[7] = 1)                                              \
    X(qe_xfrm, TDX, 4, OK, h->q.qe.attributes[8] = 3) /* not under the mask */                                         \
    /* D15 */                                                                                                          \
    X(extension_absent, SGX, 3, PCK_EXTENSION, h->p.sgx.copies = 0)                                                    \
    X(extension_twice, SGX, 3, DUPLICATE_EXTENSION, h->p.sgx.copies = 2)                                               \
    X(extension_fmspc_5, SGX, 3, PCK_EXTENSION, h->p.sgx.fmspc.size = 5)                                               \
    X(extension_ppid_17, SGX, 3, PCK_EXTENSION, h->p.sgx.ppid = bytes_of(ones, 17))                                    \
    X(extension_pceid_3, SGX, 3, PCK_EXTENSION, h->p.sgx.pceid = bytes_of(zeros, 3))                                   \
    X(extension_cpusvn, SGX, 3, PCK_EXTENSION, h->p.sgx.cpusvn = bytes_of(ones, 16))                                   \
    X(extension_pcesvn, SGX, 3, PCK_EXTENSION, h->p.sgx.pcesvn = 0x10000)                                              \
    X(extension_component_256, SGX, 3, PCK_EXTENSION, h->p.sgx.component[2] = 256)                                     \
    X(extension_15_components, SGX, 3, PCK_EXTENSION, h->p.sgx.component_count = 15)                                   \
    X(extension_17_components, SGX, 3, PCK_EXTENSION, h->p.sgx.component_count = 17)                                   \
    X(extension_short, SGX, 3, OK, h->p.sgx.platform_instance_id.size = 0; h->p.sgx.has_configuration = false)         \
    X(extension_fmspc_twice, SGX, 3, PCK_EXTENSION,                                                                    \
      extension_plus(h, "\x30\x14\x06\x0a" SGX_ARCS "\x04" "\x04\6abcdef"))                                            \
    X(extension_pceid_twice, TDX, 4, PCK_EXTENSION, extension_plus(h, "\x30\x10\x06\x0a" SGX_ARCS "\x03" "\x04\2\0\0")) \
    X(extension_entry_unknown, SGX, 3, PCK_EXTENSION, extension_plus(h, "\x30\x0f\x06\x0a" SGX_ARCS "\x63" "\x04\1\0")) \
    X(extension_pcesvn_3_bytes, SGX, 3, PCK_EXTENSION, h->p.sgx.pcesvn = 0xabcdef)                                     \
    X(extension_empty, SGX, 3, PCK_EXTENSION, h->p.sgx.contents = bytes_of("\x30\0", 2))                               \
    X(extension_number, SGX, 3, PCK_EXTENSION, h->p.sgx.contents = bytes_of("\x02\1\1", 3))                            \
    /* D16 */                                                                                                          \
    X(hardening, SGX, 3, TCB_STATUS, only_level(h, "SWHardeningNeeded"))                                               \
    X(configuration, TDX, 5, TCB_STATUS, only_level(h, "ConfigurationNeeded"))                                         \
    X(out_of_date, SGX, 3, TCB_STATUS, h->p.sgx.component[0] = 2)                                                      \
    X(denied, SGX, 3, ADVISORY, deny(h); h->p.tcb_info.levels[0].advisories[0] = "INTEL-SA-00615")                     \
    X(denied_module, TDX, 4, ADVISORY, deny(h); h->p.tcb_info.identities[0].levels[0].advisories[0] = "INTEL-SA-00615")\
    X(denied_qe, SGX, 3, ADVISORY, deny(h); h->p.qe_identity.levels[0].advisories[0] = "INTEL-SA-00615")               \
    X(denied_elsewhere, SGX, 3, OK, deny(h))                                                                           \
    X(evaluation, SGX, 3, TCB_EVAL, h->f.policy.min_tcb_eval = 18)                                                     \
    X(evaluation_of_qe, SGX, 3, TCB_EVAL, h->f.policy.min_tcb_eval = 17; h->p.qe_identity.evaluation = 16)             \
    X(evaluation_enough, SGX, 3, OK, h->f.policy.min_tcb_eval = 17)                                                    \
    /* C5 and what certificates may be for */                                                                          \
    X(leaf_is_ca, TDX, 4, NOT_END_ENTITY, set_constraints(h, &h->p.pck_certificate, true, -1))                         \
    X(leaf_name, TDX, 4, CHAIN, h->p.pck_certificate.subject = h->p.tcb_signing_certificate.subject)                   \
    X(ca_name, TDX, 4, CHAIN, h->p.platform_certificate.subject.parts[0].value = "Intel SGX PCK CA";                   \
      h->p.pck_certificate.issuer = h->p.pck_crl.issuer = h->p.platform_certificate.subject)                           \
    X(ca_is_none, TDX, 4, CHAIN, set_constraints(h, &h->p.platform_certificate, false, -1))                            \
    X(ca_path_length, TDX, 4, PATH_LENGTH, set_constraints(h, &h->p.platform_certificate, true, 1))                    \
    X(ca_usage, TDX, 4, KEY_USAGE, set_usage(h, &h->p.platform_certificate, KEY_USAGE_CRL_SIGN))                       \
    X(leaf_usage, TDX, 4, KEY_USAGE, set_usage(h, &h->p.pck_certificate, KEY_USAGE_DIGITAL_SIGNATURE))                 \
    X(signer_usage, TDX, 4, KEY_USAGE, set_usage(h, &h->p.tcb_signing_certificate, KEY_USAGE_NON_REPUDIATION))         \
    X(signer_is_ca, TDX, 4, NOT_END_ENTITY, set_constraints(h, &h->p.tcb_signing_certificate, true, 0))                \
    X(signer_name, TDX, 4, CHAIN, h->p.tcb_signing_certificate.subject = h->p.pck_certificate.subject)                 \
    X(leaf_signed_by_root, TDX, 4, CERT_SIGNATURE, h->p.pck_signer = &h->p.root)                                       \
    X(signer_signed_by_ca, TDX, 4, CERT_SIGNATURE, h->p.tcb_signing_signer = &h->p.platform_ca)

#define X(name, kind, version, refusal, ...)                                                                           \
    static void change_##name(struct hostile *h)                                                                       \
    {                                                                                                                  \
        (void)h;                                                                                                       \
        __VA_ARGS__;                                                                                                   \
    }
CASES
#undef X

static const struct row {
    const char *name;
    enum tee_platform platform;
    uint16_t version;
    enum tee_refusal refusal;
    void (*change)(struct hostile *h);
} rows[] = {
#define X(name, kind, version, refusal, ...) {#name, TEE_##kind, version, TEE_##refusal, change_##name},
    CASES
#undef X
};

static void test_rows(void)
{
    static struct hostile h;
    test_begin("D4 to D16, C4, C5: one signed field changed, everything signed again");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(&h, rows[i].platform, rows[i].version);
        rows[i].change(&h);
        issue_all(&h);
        expect(&h, rows[i].refusal, rows[i].name);
        end(&h);
    }
    printf("%zu cases\n", sizeof rows / sizeof *rows);
}

/* C2: what the report data must say. */
static void test_report_data(void)
{
    static const struct {
        enum tee_platform platform;
        uint16_t version;
    } kinds[] = {{TEE_SGX, 3}, {TEE_TDX, 4}, {TEE_TDX, 5}};
    static const uint8_t digest[32] = {0xab, 1}, nonce[20] = {7, 8}, other[20] = {7, 9};
    static struct hostile h;
    test_begin("C2: report data");
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        begin(&h, kinds[k].platform, kinds[k].version);
        uint8_t *data = kinds[k].platform == TEE_SGX ? h.q.sgx.report_data : h.q.td.report_data;
        struct tee_expected *x = &h.f.expected;
        x->has_digest = x->has_nonce = true;
        memcpy(x->digest, digest, sizeof digest);
        x->nonce = bytes_of(nonce, sizeof nonce);
        memset(data, 0, 64);
        memcpy(data, digest, sizeof digest);
        issue_all(&h);
        expect(&h, TEE_NONCE, "asked for, and zeros");
        memcpy(data + 32, other, sizeof other);
        issue_all(&h);
        expect(&h, TEE_NONCE, "another nonce");
        memcpy(data + 32, nonce, sizeof nonce);
        issue_all(&h);
        expect(&h, TEE_OK, "right");
        x->has_nonce = false;
        expect(&h, TEE_NONCE, "not asked for, and there");
        h.f.policy.has_nonce = true;
        h.f.policy.nonce = bytes_of(other, sizeof other);
        expect(&h, TEE_NONCE, "the policy's nonce");
        h.f.policy.has_nonce = false;
        memset(data + 32, 0, 32);
        data[31] = 1;
        issue_all(&h);
        expect(&h, TEE_REPORT_DATA, "another statement");
        memset(data, 0, 32);
        memcpy(data + 32, digest, sizeof digest);
        issue_all(&h);
        expect(&h, TEE_REPORT_DATA, "the digest in the upper half");
        end(&h);
    }
}

/* D8, C1: a name twice in a signed text. Its signature is checked first; if it is good, the form is wrong. */
static void test_duplicate_names(void)
{
    static struct hostile h;
    test_begin("C1, D8: names twice in collateral");
    begin(&h, TEE_TDX, 4);
    issue_all(&h);
    const struct issue_collateral good = h.c;
    h.p.tcb_info.extra = h.p.qe_identity.extra = "\"version\":3";
    issue_all(&h);
    const struct issue_collateral twice = h.c;
    h.c = good;
    h.c.part[COLLATERAL_TCB_INFO] = twice.part[COLLATERAL_TCB_INFO];
    expect(&h, TEE_TCB_SIGNATURE, "in the TCB info, with the signature of the good one");
    h.c.part[COLLATERAL_TCB_INFO_SIGNATURE] = twice.part[COLLATERAL_TCB_INFO_SIGNATURE];
    expect(&h, TEE_TCB_FORMAT, "in the TCB info, signed");
    h.c = good;
    h.c.part[COLLATERAL_QE_IDENTITY] = twice.part[COLLATERAL_QE_IDENTITY];
    expect(&h, TEE_QE_ID_SIGNATURE, "in the QE identity, with the signature of the good one");
    h.c.part[COLLATERAL_QE_IDENTITY_SIGNATURE] = twice.part[COLLATERAL_QE_IDENTITY_SIGNATURE];
    expect(&h, TEE_QE_ID_FORMAT, "in the QE identity, signed");
    h.f.file_count = 0; /* and in the file around them */
    fixture_file(&h.f, "collateral.json", bytes_of_string("{\"pck_crl\":\"\",\"tcb_info\":\"{}\",\"pck_crl\":\"\"}"));
    fixture_expect(&h.f, TEE_JSON_DUPLICATE, "in the file");
    end(&h);
}

/* D10: no list, or another CA's. */
static void test_no_lists(void)
{
    static struct hostile h;
    test_begin("D10: revocation lists that are not there");
    for (int k = 0; k < 2; k++) {
        begin(&h, k ? TEE_SGX : TEE_TDX, k ? 3 : 4);
        issue_all(&h);
        const struct issue_collateral good = h.c;
        h.c.part[COLLATERAL_PCK_CRL] = (struct bytes){0};
        expect(&h, TEE_CRL_MISSING, "no PCK CRL");
        h.c = good;
        h.c.part[COLLATERAL_ROOT_CA_CRL] = (struct bytes){0};
        expect(&h, TEE_CRL_MISSING, "no root CRL");
        end(&h);
    }
}

/* ---- statuses that come of several parts ------------------------------------------------------------------------ */

/* D12. `change` may be any of those above. */
static void expect_status(uint16_t version, const char *platform, void (*change)(struct hostile *),
                          void (*also)(struct hostile *), enum tee_tcb_status status)
{
    static struct hostile h;
    begin(&h, TEE_TDX, version);
    only_level(&h, platform);
    if (change) change(&h);
    if (also) also(&h);
    accept_status(&h, status);
    issue_all(&h);
    expect(&h, status == TCB_REVOKED ? TEE_TCB_REVOKED : TEE_OK, tee_tcb_status_name(status));
    CHECK_EQUAL(h.f.tcb_status, status);
    /* By default nothing but UpToDate is accepted. */
    accept_status(&h, TCB_UP_TO_DATE);
    expect(&h, status == TCB_UP_TO_DATE ? TEE_OK : status == TCB_REVOKED ? TEE_TCB_REVOKED : TEE_TCB_STATUS, "default");
    end(&h);
}

static void module_updated(struct hostile *h)
{
    old_module(h); /* tee_tcb_svn2 stays */
}

static void never_updated(struct hostile *h)
{
    old_module(h);
    h->q.td.tee_tcb_svn2[0] = 2;
}

static void test_statuses(void)
{
    test_begin("D12: platform, module and quoting enclave together");
    expect_status(4, "UpToDate", NULL, NULL, TCB_UP_TO_DATE);
    /* A good module does not make up for a bad platform. */
    expect_status(4, "OutOfDate", NULL, NULL, TCB_OUT_OF_DATE);
    expect_status(5, "OutOfDate", NULL, NULL, TCB_OUT_OF_DATE);
    expect_status(4, "OutOfDateConfigurationNeeded", NULL, NULL, TCB_OUT_OF_DATE_CONFIGURATION_NEEDED);
    expect_status(4, "Revoked", old_module, NULL, TCB_REVOKED);
    expect_status(4, "UpToDate", old_module, NULL, TCB_OUT_OF_DATE);
    expect_status(4, "SWHardeningNeeded", old_module, NULL, TCB_OUT_OF_DATE);
    expect_status(4, "ConfigurationNeeded", old_module, NULL, TCB_OUT_OF_DATE_CONFIGURATION_NEEDED);
    expect_status(4, "ConfigurationAndSWHardeningNeeded", old_module, NULL, TCB_OUT_OF_DATE_CONFIGURATION_NEEDED);
    expect_status(4, "ConfigurationNeeded", old_qe, NULL, TCB_OUT_OF_DATE_CONFIGURATION_NEEDED);
    expect_status(4, "UpToDate", old_qe, NULL, TCB_OUT_OF_DATE);
    expect_status(4, "UpToDate", old_qe, old_module, TCB_OUT_OF_DATE);
    test_begin("relaunching a domain of TD 1.5");
    expect_status(5, "UpToDate", module_updated, NULL, TCB_TD_RELAUNCH_ADVISED);
    expect_status(5, "ConfigurationNeeded", module_updated, NULL, TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED);
    expect_status(5, "UpToDate", never_updated, NULL, TCB_OUT_OF_DATE);
    expect_status(5, "UpToDate", module_updated, old_qe, TCB_OUT_OF_DATE);
    expect_status(5, "OutOfDate", module_updated, NULL, TCB_OUT_OF_DATE);
}

/* ---- chains that are put together wrongly ----------------------------------------------------------------------- */

static void with_chain(struct hostile *h, const struct bytes *ders, uint32_t count, enum tee_refusal refusal,
                       const char *what)
{
    struct buffer b = {0};
    const struct bytes pem = issue_pem(&h->i, "CERTIFICATE", ders, count);
    buffer_append(&b, pem.data, pem.size);
    buffer_append_byte(&b, 0);
    h->q.certification = issue_take(&h->i, &b);
    issue_all(h);
    expect(h, refusal, what);
}

static void test_chains(void)
{
    static struct hostile h, o;
    struct issue_intel_certificates x, y;
    test_begin("C5, D4: chains in the quote");
    begin(&h, TEE_TDX, 4);
    begin(&o, TEE_TDX, 4);
    issue_intel_defaults(&o.i, other_seed, TEE_TDX, AT, &o.p);
    issue_intel_certificates(&h.i, &h.p, &x);
    issue_intel_certificates(&o.i, &o.p, &y);
    uint8_t *changed = arena_alloc(&h.i.arena, x.root.size);
    memcpy(changed, x.root.data, x.root.size);
    changed[x.root.size - 1] ^= 1;
    const struct bytes bad_root = bytes_of(changed, x.root.size);
    with_chain(&h, (struct bytes[]){x.pck, x.ca, x.root}, 3, TEE_OK, "as it is");
    with_chain(&h, (struct bytes[]){x.ca, x.ca, x.root}, 3, TEE_NOT_END_ENTITY, "the CA in the leaf's place");
    with_chain(&h, (struct bytes[]){x.root, x.ca, x.pck}, 3, TEE_CHAIN, "reversed");
    with_chain(&h, (struct bytes[]){x.pck, x.processor_ca, x.root}, 3, TEE_CHAIN, "the other CA");
    with_chain(&h, (struct bytes[]){x.pck, x.ca, x.ca}, 3, TEE_CHAIN, "no root");
    with_chain(&h, (struct bytes[]){x.pck, x.ca, bad_root}, 3, TEE_ROOT_MISMATCH, "a bit of the root");
    with_chain(&h, (struct bytes[]){y.pck, y.ca, y.root}, 3, TEE_ROOT_MISMATCH, "another root of the same name");
    with_chain(&h, (struct bytes[]){y.pck, y.ca, x.root}, 3, TEE_CERT_SIGNATURE, "another CA of the same name");
    with_chain(&h, (struct bytes[]){x.pck, x.ca}, 2, TEE_CHAIN_FORMAT, "two certificates");
    with_chain(&h, (struct bytes[]){x.pck, x.ca, x.root, x.root}, 4, TEE_CHAIN_FORMAT, "four certificates");
    with_chain(&h, (struct bytes[]){x.pck, x.ca, x.processor_ca, x.root, x.root}, 5, TEE_CHAIN_FORMAT, "five");
    h.roots[1] = h.roots[0];
    h.roots[0] = y.root;
    h.f.root_count = 2;
    with_chain(&h, (struct bytes[]){x.pck, x.ca, x.root}, 3, TEE_OK, "the second of two roots");
    h.f.root_count = 1;
    with_chain(&h, (struct bytes[]){x.pck, x.ca, x.root}, 3, TEE_ROOT_MISMATCH, "not that root");
    end(&h);
    end(&o);
}

/* Collateral of somebody else's making beside a good quote. */
static void test_foreign_collateral(void)
{
    static const enum issue_collateral_part chains[] = {
        COLLATERAL_TCB_INFO_ISSUER_CHAIN, COLLATERAL_QE_IDENTITY_ISSUER_CHAIN, COLLATERAL_PCK_CRL_ISSUER_CHAIN};
    static struct hostile h, o;
    test_begin("C5, D10: collateral under another root of the same name");
    begin(&h, TEE_TDX, 4);
    begin(&o, TEE_TDX, 4);
    issue_intel_defaults(&o.i, other_seed, TEE_TDX, AT, &o.p);
    issue_all(&h);
    issue_all(&o);
    const struct issue_collateral good = h.c;
    expect(&h, TEE_OK, "as it is");
    h.c = o.c;
    expect(&h, TEE_CRL_SIGNATURE, "all of it");
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        h.c = good;
        h.c.part[chains[i]] = o.c.part[chains[i]];
        expect(&h, TEE_ROOT_MISMATCH, "a chain");
    }
    h.c = good;
    h.c.part[COLLATERAL_PCK_CRL] = o.c.part[COLLATERAL_PCK_CRL];
    expect(&h, TEE_CRL_SIGNATURE, "the PCK CRL");
    h.c = good;
    h.c.part[COLLATERAL_TCB_INFO] = o.c.part[COLLATERAL_TCB_INFO];
    h.c.part[COLLATERAL_TCB_INFO_SIGNATURE] = o.c.part[COLLATERAL_TCB_INFO_SIGNATURE];
    expect(&h, TEE_TCB_SIGNATURE, "the TCB info");
    end(&h);
    end(&o);
}

/* ---- quotes that hold no chain ---------------------------------------------------------------------------------- */

static void test_certification_types(void)
{
    static struct hostile h;
    struct issue_intel_certificates x;
    test_begin("certificates that come with the collateral");
    for (uint16_t type = 1; type <= 4; type++) {
        begin(&h, TEE_SGX, 3);
        issue_intel_certificates(&h.i, &h.p, &x);
        h.q.inner_type = type;
        h.q.certification = type == 4 ? issue_pem(&h.i, "CERTIFICATE", &x.pck, 1) : bytes_of(ones, 36);
        issue_all(&h);
        expect(&h, TEE_COLLATERAL_MISSING, "no chain");
        h.c.part[COLLATERAL_PCK_CERTIFICATE_CHAIN] = issue_pck_chain(&h.i, &h.p);
        expect(&h, TEE_OK, "with a chain");
        h.c.part[COLLATERAL_PCK_CERTIFICATE_CHAIN] = issue_pem(&h.i, "CERTIFICATE", (struct bytes[]){x.pck, x.ca}, 2);
        expect(&h, TEE_CHAIN_FORMAT, "without its root");
        end(&h);
    }
    begin(&h, TEE_SGX, 3);
    issue_intel_certificates(&h.i, &h.p, &x);
    h.q.inner_type = 4;
    h.q.certification = issue_pem(&h.i, "CERTIFICATE", &x.tcb_signing, 1);
    issue_all(&h);
    h.c.part[COLLATERAL_PCK_CERTIFICATE_CHAIN] = issue_pck_chain(&h.i, &h.p);
    expect(&h, TEE_CHAIN_FORMAT, "another leaf than the quote's");
    end(&h);
}

/* ---- measurements ----------------------------------------------------------------------------------------------- */

/* Every name alone: right, and with another value. */
static void try_identity(struct hostile *h, struct tee_identity_value value, struct tee_identity_value wrong)
{
    h->f.value = value;
    expect(h, TEE_OK, value.name);
    h->f.value = wrong;
    expect(h, TEE_MEASUREMENT, value.name);
}

static void test_identities(void)
{
    static struct hostile h;
    test_begin("every measurement by its name");
    begin(&h, TEE_TDX, 5);
    memset(h.q.td.mr_config_id, 0xc1, 48);
    memset(h.q.td.mr_owner, 0xc2, 48);
    memset(h.q.td.mr_owner_config, 0xc3, 48);
    issue_all(&h);
    const struct {
        const char *name;
        const uint8_t *value;
    } domain[] = {
        {"mr_td", h.q.td.mr_td},     {"rtmr0", h.q.td.rtmr[0]},   {"rtmr1", h.q.td.rtmr[1]},
        {"rtmr2", h.q.td.rtmr[2]},   {"rtmr3", h.q.td.rtmr[3]},   {"mr_config_id", h.q.td.mr_config_id},
        {"mr_owner", h.q.td.mr_owner}, {"mr_owner_config", h.q.td.mr_owner_config},
    };
    for (size_t i = 0; i < sizeof domain / sizeof *domain; i++)
        try_identity(&h, (struct tee_identity_value){domain[i].name, bytes_of(domain[i].value, 48), 0},
                     (struct tee_identity_value){domain[i].name, bytes_of(zeros, 48), 0});
    end(&h);
    begin(&h, TEE_SGX, 3);
    h.q.sgx.isv_prod_id = 300;
    h.q.sgx.isv_svn = 7;
    issue_all(&h);
    const struct bytes none = {0};
    try_identity(&h, (struct tee_identity_value){"mrenclave", bytes_of(h.q.sgx.mrenclave, 32), 0},
                 (struct tee_identity_value){"mrenclave", bytes_of(h.q.sgx.mrsigner, 32), 0});
    try_identity(&h, (struct tee_identity_value){"mrsigner", bytes_of(h.q.sgx.mrsigner, 32), 0},
                 (struct tee_identity_value){"mrsigner", bytes_of(h.q.sgx.mrenclave, 32), 0});
    try_identity(&h, (struct tee_identity_value){"isv_prod_id", none, 300},
                 (struct tee_identity_value){"isv_prod_id", none, 301});
    try_identity(&h, (struct tee_identity_value){"isv_svn_min", none, 7},
                 (struct tee_identity_value){"isv_svn_min", none, 8});
    end(&h);
}

/* ---- collateral that was read before ---------------------------------------------------------------------------- */

/* What is remembered of signatures must not outlive the conditions: time, root, quote. */
static void test_warm(void)
{
    static struct hostile h, o;
    struct dcap_collateral c = {0};
    struct chain_cache cache = {0};
    struct error e = {0};
    test_begin("collateral that is used again");
    begin(&h, TEE_TDX, 4);
    begin(&o, TEE_TDX, 4);
    issue_intel_defaults(&o.i, other_seed, TEE_TDX, AT, &o.p);
    issue_all(&h);
    issue_all(&o);
    const struct tee_file file = {"collateral.json", issue_collateral_json(&h.i, &h.c)};
    CHECK(dcap_collateral_read(&file, 1, &c, &e) == STATUS_OK);
    const struct {
        int64_t at;
        bool other;
        enum tee_refusal refusal;
    } uses[] = {
        {AT, false, TEE_OK},                                {AT, false, TEE_OK},
        {AT + 29 * DAY, false, TEE_OK},                     {AT + 29 * DAY + 1, false, TEE_EXPIRED_TCB_INFO},
        {AT - DAY - 1, false, TEE_EXPIRED_ROOT_CRL},        {AT, true, TEE_ROOT_MISMATCH},
        {INT64_C(2524608000) + DAY, false, TEE_EXPIRED},    {AT, false, TEE_OK},
    };
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        struct tee_verdict v = {0};
        h.f.at = uses[i].at;
        h.f.quote = uses[i].other ? o.f.quote : h.f.quote;
        struct fixture f = h.f;
        f.quote = uses[i].other ? o.f.quote : issue_quote(&h.i, &h.p, &h.q);
        fixture_identify(&f);
        struct tee_input in = fixture_input(&f);
        in.cache = &cache;
        const enum status status = dcap_verify_with(&in, &c, &v, &e);
        if (!CHECK_EQUAL(status == STATUS_OK ? 0 : e.code, uses[i].refusal)) printf("use %zu: %s\n", i, e.message);
        tee_verdict_free(&v);
    }
    chain_cache_free(&cache);
    dcap_collateral_free(&c);
    end(&h);
    end(&o);
}

int main(void)
{
    test_rows();
    test_report_data();
    test_duplicate_names();
    test_no_lists();
    test_statuses();
    test_chains();
    test_foreign_collateral();
    test_certification_types();
    test_identities();
    test_warm();
    return test_end();
}
