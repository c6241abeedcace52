/* Keys and certificates of the hierarchy behind SGX and TDX quotes. */
#include "tee/issue_intel.h"

#include <inttypes.h>
#include <stdio.h>

#include "crypto/wipe.h"
#include "tee/der_write.h"
#include "tee/issue_values.h"

static struct issue_name intel_name(const char *common_name)
{
    return (struct issue_name){.parts = {{"CN", common_name}, {"O", ISSUE_ORGANISATION}}};
}

static void make_keys(const uint8_t seed[32], struct issue_intel *p)
{
    issue_key_ec(KEY_P256, seed, "intel root", &p->root);
    issue_key_ec(KEY_P256, seed, "intel platform ca", &p->platform_ca);
    issue_key_ec(KEY_P256, seed, "intel processor ca", &p->processor_ca);
    issue_key_ec(KEY_P256, seed, "intel tcb signing", &p->tcb_signing);
    issue_key_ec(KEY_P256, seed, "intel pck", &p->pck);
    issue_key_ec(KEY_P256, seed, "intel attestation", &p->attestation);
}

/* The extensions that all of them have, in the order of Intel's. `path_length` -2: an end entity. */
static void add_extensions(struct issue *i, struct issue_certificate *c, const struct issue_key *signer, int path_length)
{
    const bool ca = path_length != -2;
    issue_authority_key_id(i, &c->extensions, signer);
    issue_distribution_point(i, &c->extensions, "https://simulator.invalid/crl.der");
    issue_subject_key_id(i, &c->extensions, c->key);
    issue_key_usage(i, &c->extensions, true,
                    ca ? KEY_USAGE_CERT_SIGN | KEY_USAGE_CRL_SIGN
                       : KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_NON_REPUDIATION);
    issue_basic_constraints(i, &c->extensions, true, ca, ca ? path_length : -1);
}

static void make_certificate(struct issue *i, const struct issue_key *key, const struct issue_key *signer,
                             const char *subject, const char *issuer, int path_length, struct issue_certificate *out)
{
    issue_certificate_defaults(i, key, signer, out);
    out->subject = intel_name(subject);
    out->issuer = intel_name(issuer);
    add_extensions(i, out, signer, path_length);
}

static void make_certificates(struct issue *i, struct issue_intel *p)
{
    static const char root[] = "Intel SGX Root CA", platform[] = "Intel SGX PCK Platform CA";
    make_certificate(i, &p->root, &p->root, root, root, 1, &p->root_certificate);
    make_certificate(i, &p->platform_ca, &p->root, platform, root, 0, &p->platform_certificate);
    make_certificate(i, &p->processor_ca, &p->root, "Intel SGX PCK Processor CA", root, 0, &p->processor_certificate);
    make_certificate(i, &p->tcb_signing, &p->root, "Intel SGX TCB Signing", root, -2, &p->tcb_signing_certificate);
    make_certificate(i, &p->pck, &p->platform_ca, "Intel SGX PCK Certificate", platform, -2, &p->pck_certificate);
    p->root_signer = p->ca_signer = p->tcb_signing_signer = &p->root;
    p->pck_signer = &p->platform_ca;
}

static const uint32_t platform_components[16] = {3, 3, 2, 2, 3, 1, 0, 5};
static const uint32_t tdx_components[16] = {5, 0, 3};
enum { PLATFORM_PCESVN = 13 };

static void make_sgx_extension(struct issue *i, struct issue_intel *p)
{
    p->sgx = (struct issue_sgx_extension){
        .ppid = issue_value(i, "ppid", 16),
        .pceid = bytes_of("\0\0", 2),
        .fmspc = bytes_of("\x4e\x56\x4d\0\0\1", 6),
        .component_count = 16,
        .pcesvn = PLATFORM_PCESVN,
        .sgx_type = 1,
        .platform_instance_id = issue_value(i, "platform instance", 16),
        .has_configuration = true,
        .dynamic_platform = true,
        .cached_keys = true,
        .smt = true,
        .copies = 1,
    };
    memcpy(p->sgx.component, platform_components, sizeof platform_components);
}

static void make_tcb_info(struct issue_intel *p, int64_t at)
{
    static const uint8_t zeros[48], mask[8] = {255, 255, 255, 255, 255, 255, 255, 255};
    const bool tdx = p->platform == TEE_TDX;
    struct issue_tcb_level level = {.sgx_count = 16, .tdx_count = tdx ? 16 : 0, .pcesvn = PLATFORM_PCESVN,
                                    .date = ISSUE_NOT_BEFORE, .status = "UpToDate"};
    const struct issue_tdx_module module = {
        .mrsigner = bytes_of(zeros, 48), .attributes = bytes_of(zeros, 8), .attributes_mask = bytes_of(mask, 8),
        .levels = {{.isvsvn = 5, .date = ISSUE_NOT_BEFORE, .status = "UpToDate"},
                   {.isvsvn = 2, .date = ISSUE_NOT_BEFORE - 365 * ISSUE_DAY, .status = "OutOfDate"}},
        .level_count = 2};
    p->tcb_info = (struct issue_tcb_info){
        .id = tdx ? "TDX" : "SGX", .version = 3, .issue_date = at - ISSUE_DAY, .next_update = at + 29 * ISSUE_DAY,
        .fmspc = p->sgx.fmspc, .pceid = p->sgx.pceid, .evaluation = 17, .has_module = tdx, .module = module,
        .identities = {module}, .identity_count = tdx ? 1 : 0, .level_count = 2};
    p->tcb_info.identities[0].id = "TDX_01";

    memcpy(level.sgx, platform_components, sizeof platform_components);
    memcpy(level.tdx, tdx_components, sizeof tdx_components);
    p->tcb_info.levels[0] = level;
    level.sgx[0] = level.sgx[1] = 2;
    level.pcesvn = 5;
    level.date -= 365 * ISSUE_DAY;
    level.status = "OutOfDate";
    level.advisories[0] = "INTEL-SA-00615";
    p->tcb_info.levels[1] = level;
}

static void make_qe_identity(struct issue *i, struct issue_intel *p, int64_t at)
{
    static const uint8_t zeros[4], ones[4] = {255, 255, 255, 255}, attributes[16] = {0x11},
                         mask[16] = {0xfb, 255, 255, 255, 255, 255, 255, 255};
    const bool tdx = p->platform == TEE_TDX;
    p->qe_identity = (struct issue_qe_identity){
        .id = tdx ? "TD_QE" : "QE", .version = 2, .issue_date = at - ISSUE_DAY, .next_update = at + 29 * ISSUE_DAY,
        .evaluation = 17, .miscselect = bytes_of(zeros, 4), .miscselect_mask = bytes_of(ones, 4),
        .attributes = bytes_of(attributes, 16), .attributes_mask = bytes_of(mask, 16),
        .mrsigner = issue_value(i, "quoting enclave signer", 32), .isv_prod_id = tdx ? 2 : 1,
        .levels = {{.isvsvn = tdx ? 4 : 8, .date = ISSUE_NOT_BEFORE, .status = "UpToDate"},
                   {.isvsvn = 1, .date = ISSUE_NOT_BEFORE - 365 * ISSUE_DAY, .status = "OutOfDate"}},
        .level_count = 2};
}

void issue_intel_defaults(struct issue *i, const uint8_t seed[32], enum tee_platform platform, int64_t at,
                          struct issue_intel *out)
{
    *out = (struct issue_intel){.platform = platform};
    make_keys(seed, out);
    make_certificates(i, out);
    make_sgx_extension(i, out);
    make_tcb_info(out, at);
    make_qe_identity(i, out, at);
    issue_crl_defaults(i, &out->root_certificate.subject, &out->root, at, &out->root_crl);
    issue_crl_defaults(i, &out->platform_certificate.subject, &out->platform_ca, at, &out->pck_crl);
    out->root_crl_signer = &out->root;
    out->pck_crl_signer = &out->platform_ca;
    out->tcb_info_signer = out->qe_identity_signer = &out->tcb_signing;
}

void issue_intel_use_processor(struct issue *i, struct issue_intel *p)
{
    struct issue_extensions *x[] = {&p->pck_certificate.extensions, &p->pck_crl.extensions};
    p->processor = true;
    p->pck_certificate.issuer = p->pck_crl.issuer = p->processor_certificate.subject;
    p->pck_signer = p->pck_crl_signer = &p->processor_ca;
    for (int k = 0; k < 2; k++) {
        struct issue_extensions one = {0};
        struct issue_extension *old = issue_extension_find(x[k], OID_AUTHORITY_KEY_ID);
        issue_authority_key_id(i, &one, &p->processor_ca);
        if (old) *old = one.items[0];
    }
}

void issue_intel_wipe(struct issue_intel *p)
{
    wipe(p, sizeof *p);
}

void issue_intel_certificates(struct issue *i, const struct issue_intel *p, struct issue_intel_certificates *out)
{
    struct issue_certificate pck = p->pck_certificate;
    for (uint32_t k = 0; k < p->sgx.copies; k++)
        issue_extension_add(i, &pck.extensions, OID_SGX_EXTENSION, false, issue_sgx_extension_value(i, &p->sgx));
    out->root = issue_certificate(i, &p->root_certificate, p->root_signer);
    out->platform_ca = issue_certificate(i, &p->platform_certificate, p->ca_signer);
    out->processor_ca = issue_certificate(i, &p->processor_certificate, p->ca_signer);
    out->ca = p->processor ? out->processor_ca : out->platform_ca;
    out->tcb_signing = issue_certificate(i, &p->tcb_signing_certificate, p->tcb_signing_signer);
    out->pck = issue_certificate(i, &pck, p->pck_signer);
}

struct bytes issue_pck_chain(struct issue *i, const struct issue_intel *p)
{
    struct issue_intel_certificates c;
    issue_intel_certificates(i, p, &c);
    return issue_pem(i, "CERTIFICATE", (const struct bytes[]){c.pck, c.ca, c.root}, 3);
}

/* ---- the SGX extension ---------------------------------------------------------------------------------------------- */

/* Opens SEQUENCE { OID 1.2.840.113741.1.13.1.`arcs`, what is appended next } */
static size_t open_item(struct buffer *b, const char *arcs)
{
    char oid[64];
    const size_t at = der_open(b, DER_SEQUENCE);
    snprintf(oid, sizeof oid, OID_SGX_EXTENSION ".%s", arcs);
    der_write_oid(b, oid);
    return at;
}

static void write_octets(struct buffer *b, const char *arcs, struct bytes octets)
{
    const size_t at = open_item(b, arcs);
    der_write(b, DER_OCTET_STRING, octets);
    der_close(b, at);
}

static void write_number(struct buffer *b, const char *arcs, uint64_t number)
{
    const size_t at = open_item(b, arcs);
    der_write_small(b, number);
    der_close(b, at);
}

static void write_tcb(struct buffer *b, const struct issue_sgx_extension *x)
{
    uint8_t cpusvn[16];
    char arcs[16];
    const size_t item = open_item(b, "2"), all = der_open(b, DER_SEQUENCE);
    for (uint32_t k = 0; k < x->component_count && k < ISSUE_COMPONENTS; k++) {
        /* the numbers 17 and 18 are taken */
        snprintf(arcs, sizeof arcs, "2.%" PRIu32, k < 16 ? k + 1 : k + 3);
        write_number(b, arcs, x->component[k]);
    }
    write_number(b, "2.17", x->pcesvn);
    for (int k = 0; k < 16; k++) cpusvn[k] = (uint8_t)x->component[k];
    write_octets(b, "2.18", x->cpusvn.data ? x->cpusvn : bytes_of(cpusvn, sizeof cpusvn));
    der_close(b, all);
    der_close(b, item);
}

static void write_configuration(struct buffer *b, const struct issue_sgx_extension *x)
{
    const char *const arcs[] = {"7.1", "7.2", "7.3"};
    const bool values[] = {x->dynamic_platform, x->cached_keys, x->smt};
    const size_t item = open_item(b, "7"), all = der_open(b, DER_SEQUENCE);
    for (int k = 0; k < 3; k++) {
        const size_t at = open_item(b, arcs[k]);
        der_write_bool(b, values[k]);
        der_close(b, at);
    }
    der_close(b, all);
    der_close(b, item);
}

struct bytes issue_sgx_extension_value(struct issue *i, const struct issue_sgx_extension *x)
{
    struct buffer b = {0};
    const uint8_t type = (uint8_t)x->sgx_type;
    if (x->contents.data) return x->contents;
    const size_t all = der_open(&b, DER_SEQUENCE);
    write_octets(&b, "1", x->ppid);
    write_tcb(&b, x);
    write_octets(&b, "3", x->pceid);
    write_octets(&b, "4", x->fmspc);
    const size_t item = open_item(&b, "5");
    der_write(&b, DER_ENUMERATED, bytes_of(&type, 1));
    der_close(&b, item);
    if (x->platform_instance_id.size) write_octets(&b, "6", x->platform_instance_id);
    if (x->has_configuration) write_configuration(&b, x);
    der_close(&b, all);
    return issue_take(i, &b);
}
