/* Keys and certificates of SEV-SNP. */
#include "tee/issue_snp.h"

#include "crypto/wipe.h"
#include "tee/der_write.h"
#include "tee/issue_values.h"

static const struct {
    const char *name, *full_name, *ark, *ask, *asvk;
    uint8_t family, model, stepping;
    uint8_t tcb[8];                /* in the report's order */
    size_t hwid_size;
} products[SNP_PRODUCTS] = {
    [SNP_MILAN] = {"Milan", "Milan-B0", "ARK-Milan", "SEV-Milan", "SEV-VLEK-Milan", 0x19, 0x01, 1,
                   {4, 0, 0, 0, 0, 0, 24, 219}, 64},
    [SNP_GENOA] = {"Genoa", "Genoa-B0", "ARK-Genoa", "SEV-Genoa", "SEV-VLEK-Genoa", 0x19, 0x11, 1,
                   {10, 0, 0, 0, 0, 0, 23, 84}, 64},
    [SNP_TURIN] = {"Turin", "Turin-B0", "ARK-Turin", "SEV-Turin", "SEV-VLEK-Turin", 0x1a, 0x02, 1,
                   {1, 1, 1, 4, 0, 0, 0, 72}, 8},
};

void issue_snp_keys(struct issue *i, uint32_t bits, const uint8_t seed[32], struct issue_snp_keys *out)
{
    issue_key_rsa(i, bits, seed, "snp ark", &out->ark);
    issue_key_rsa(i, bits, seed, "snp ask", &out->ask);
    issue_key_rsa(i, bits, seed, "snp asvk", &out->asvk);
}

void issue_snp_keys_wipe(struct issue_snp_keys *keys)
{
    wipe(keys, sizeof *keys);
}

/* ---- authorities ---------------------------------------------------------------------------------------------------- */

static struct issue_name amd_name(const char *common_name)
{
    return (struct issue_name){.parts = {{"OU", "Engineering"}, {"O", ISSUE_ORGANISATION}, {"CN", common_name}}};
}

static void make_authority(struct issue *i, const struct issue_snp *s, const struct issue_key *key, const char *subject,
                           struct issue_certificate *out)
{
    const bool root = key == &s->keys->ark;
    issue_certificate_defaults(i, key, &s->keys->ark, out);
    out->issuer = amd_name(products[s->product].ark);
    out->subject = amd_name(subject);
    out->algorithm.pss_trailer_explicit = true;
    issue_subject_key_id(i, &out->extensions, key);
    if (!root) issue_authority_key_id(i, &out->extensions, &s->keys->ark);
    issue_basic_constraints(i, &out->extensions, true, true, root ? -1 : 0);
    issue_key_usage(i, &out->extensions, true, root ? KEY_USAGE_CERT_SIGN | KEY_USAGE_CRL_SIGN : KEY_USAGE_CERT_SIGN);
    issue_distribution_point(i, &out->extensions, "https://simulator.invalid/crl");
}

/* ---- the keys that sign reports ------------------------------------------------------------------------------------- */

static void add_integer(struct issue *i, struct issue_extensions *x, const char *oid, uint64_t value)
{
    struct buffer b = {0};
    der_write_small(&b, value);
    issue_extension_add(i, x, oid, false, issue_take(i, &b));
}

static void add_text(struct issue *i, struct issue_extensions *x, const char *oid, const char *text)
{
    struct buffer b = {0};
    der_write(&b, DER_IA5_STRING, bytes_of_string(text));
    issue_extension_add(i, x, oid, false, issue_take(i, &b));
}

/* The parts of the TCB, in the order in which AMD's certificates have them. */
static void add_tcb(struct issue *i, struct issue_extensions *x, enum issue_snp_product product, const uint8_t tcb[8])
{
    const bool turin = product == SNP_TURIN;
    add_integer(i, x, OID_SNP_BOOTLOADER, tcb[turin ? 1 : 0]);
    add_integer(i, x, OID_SNP_TEE, tcb[turin ? 2 : 1]);
    add_integer(i, x, OID_SNP ".3.4", turin ? 0 : tcb[2]);
    add_integer(i, x, OID_SNP ".3.5", tcb[turin ? 4 : 3]);
    add_integer(i, x, OID_SNP ".3.6", tcb[turin ? 5 : 4]);
    add_integer(i, x, OID_SNP ".3.7", tcb[turin ? 6 : 5]);
    add_integer(i, x, OID_SNP_SNP, tcb[turin ? 3 : 6]);
    add_integer(i, x, OID_SNP_MICROCODE, tcb[7]);
    if (turin) add_integer(i, x, OID_SNP_FMC, tcb[0]);
}

static void make_extensions(struct issue *i, const struct issue_snp *s, bool vlek, struct issue_extensions *out)
{
    *out = (struct issue_extensions){0};
    add_integer(i, out, OID_SNP ".1", s->product == SNP_TURIN ? 1 : 0);
    add_text(i, out, OID_SNP_PRODUCT, vlek ? products[s->product].name : products[s->product].full_name);
    add_tcb(i, out, s->product, s->tcb);
    if (vlek) add_text(i, out, OID_SNP_CSP, ISSUE_ORGANISATION);
    else issue_extension_add(i, out, OID_SNP_HWID, false, /* without a tag of its own */
                             issue_copy(i, bytes_of(s->chip_id, products[s->product].hwid_size)));
}

void issue_snp_set_tcb(struct issue *i, struct issue_snp *s, const uint8_t tcb[8])
{
    memcpy(s->tcb, tcb, sizeof s->tcb);
    make_extensions(i, s, false, &s->vcek_certificate.extensions);
    make_extensions(i, s, true, &s->vlek_certificate.extensions);
}

static void make_leaf(struct issue *i, const struct issue_key *key, const struct issue_key *signer, const char *subject,
                      const char *issuer, struct issue_certificate *out)
{
    issue_certificate_defaults(i, key, signer, out);
    out->serial = bytes_of("", 0); /* 0, as in AMD's */
    out->issuer = amd_name(issuer);
    out->subject = amd_name(subject);
}

void issue_snp_defaults(struct issue *i, const uint8_t seed[32], const struct issue_snp_keys *keys,
                        enum issue_snp_product product, int64_t at, struct issue_snp *out)
{
    *out = (struct issue_snp){.product = product, .keys = keys};
    issue_key_ec(KEY_P384, seed, "snp vcek", &out->vcek);
    issue_key_ec(KEY_P384, seed, "snp vlek", &out->vlek);
    issue_value_fill("chip", out->chip_id, products[product].hwid_size);

    make_authority(i, out, &keys->ark, products[product].ark, &out->ark_certificate);
    make_authority(i, out, &keys->ask, products[product].ask, &out->ask_certificate);
    make_authority(i, out, &keys->asvk, products[product].asvk, &out->asvk_certificate);
    make_leaf(i, &out->vcek, &keys->ask, "SEV-VCEK", products[product].ask, &out->vcek_certificate);
    make_leaf(i, &out->vlek, &keys->asvk, "SEV-VLEK", products[product].asvk, &out->vlek_certificate);
    issue_snp_set_tcb(i, out, products[product].tcb);
    issue_crl_defaults(i, &out->ark_certificate.subject, &keys->ark, at, &out->crl);
    out->ark_signer = out->ask_signer = out->asvk_signer = out->crl_signer = &keys->ark;
    out->vcek_signer = &keys->ask;
    out->vlek_signer = &keys->asvk;
}

void issue_snp_wipe(struct issue_snp *s)
{
    wipe(s, sizeof *s);
}

void issue_snp_certificates(struct issue *i, const struct issue_snp *s, struct issue_snp_certificates *out)
{
    out->ark = issue_certificate(i, &s->ark_certificate, s->ark_signer);
    out->ask = issue_certificate(i, &s->ask_certificate, s->ask_signer);
    out->asvk = issue_certificate(i, &s->asvk_certificate, s->asvk_signer);
    out->vcek = issue_certificate(i, &s->vcek_certificate, s->vcek_signer);
    out->vlek = issue_certificate(i, &s->vlek_certificate, s->vlek_signer);
}

struct bytes issue_snp_crl(struct issue *i, const struct issue_snp *s)
{
    return issue_crl(i, &s->crl, s->crl_signer);
}

/* ---- reports -------------------------------------------------------------------------------------------------------- */

enum { SNP_SIGNED_SIZE = 0x2a0, SNP_NUMBER_SIZE = 72, SNP_SIGNATURE_SIZE = 512 };

void issue_snp_report_defaults(struct issue *i, const struct issue_snp *s, uint32_t version, bool vlek,
                               struct issue_snp_report *out)
{
    (void)i;
    *out = (struct issue_snp_report){
        .version = version, .guest_svn = 1, .policy = 1 << 17, .sig_algo = 1,
        .platform_info = 1 << 2 | 1 << 5, /* ECC, memory aliases checked */
        .signer_info = vlek ? 1 << 2 : 0, .family = products[s->product].family, .model = products[s->product].model,
        .stepping = products[s->product].stepping, .current = {8, 55, 1}, .committed = {8, 55, 1},
        .signer = vlek ? &s->vlek : &s->vcek, .hash = HASH_SHA384};
    uint8_t *const tcbs[] = {out->current_tcb, out->reported_tcb, out->committed_tcb, out->launch_tcb};
    for (int k = 0; k < 4; k++) memcpy(tcbs[k], s->tcb, sizeof s->tcb);
    memcpy(out->chip_id, s->chip_id, sizeof out->chip_id);
    issue_value_fill("measurement", out->measurement, sizeof out->measurement);
    issue_value_fill("host_data", out->host_data, sizeof out->host_data);
    issue_value_fill("report id", out->report_id, sizeof out->report_id);
    memset(out->report_id_ma, 0xff, sizeof out->report_id_ma); /* no migration agent */
}

static void put_version(uint8_t *out, const struct issue_snp_version *v)
{
    out[0] = v->build;
    out[1] = v->minor;
    out[2] = v->major;
}

static void put_identity(uint8_t *out, const struct issue_snp_report *r)
{
    memcpy(out + 0x50, r->report_data, 64);
    memcpy(out + 0x90, r->measurement, 48);
    memcpy(out + 0xc0, r->host_data, 32);
    memcpy(out + 0xe0, r->id_key_digest, 48);
    memcpy(out + 0x110, r->author_key_digest, 48);
    memcpy(out + 0x140, r->report_id, 32);
    memcpy(out + 0x160, r->report_id_ma, 32);
}

static void put_body(uint8_t out[SNP_SIGNED_SIZE], const struct issue_snp_report *r)
{
    memset(out, 0, SNP_SIGNED_SIZE);
    store_le32(out, r->version);
    store_le32(out + 0x04, r->guest_svn);
    store_le64(out + 0x08, r->policy);
    memcpy(out + 0x10, r->family_id, 16);
    memcpy(out + 0x20, r->image_id, 16);
    store_le32(out + 0x30, r->vmpl);
    store_le32(out + 0x34, r->sig_algo);
    memcpy(out + 0x38, r->current_tcb, 8);
    store_le64(out + 0x40, r->platform_info);
    store_le32(out + 0x48, r->signer_info);
    store_le32(out + 0x4c, r->reserved_4c);
    put_identity(out, r);
    memcpy(out + 0x180, r->reported_tcb, 8);
    if (r->version >= 3) {
        out[0x188] = r->family;
        out[0x189] = r->model;
        out[0x18a] = r->stepping;
    }
    memcpy(out + 0x1a0, r->chip_id, 64);
    memcpy(out + 0x1e0, r->committed_tcb, 8);
    put_version(out + 0x1e8, &r->current);
    put_version(out + 0x1ec, &r->committed);
    memcpy(out + 0x1f0, r->launch_tcb, 8);
    if (r->version >= 5) {
        store_le64(out + 0x1f8, r->launch_mitigation);
        store_le64(out + 0x200, r->current_mitigation);
    }
}

/* r and s in 72 bytes each, little-endian, and zeros. */
static void put_signature(uint8_t out[SNP_SIGNATURE_SIZE], struct bytes raw, bool big_endian)
{
    const size_t size = raw.size / 2;
    memset(out, 0, SNP_SIGNATURE_SIZE);
    for (size_t half = 0; half < 2; half++)
        for (size_t k = 0; k < size && k < SNP_NUMBER_SIZE; k++)
            out[half * SNP_NUMBER_SIZE + k] = raw.data[half * size + (big_endian ? k : size - 1 - k)];
}

struct bytes issue_snp_report(struct issue *i, const struct issue_snp_report *r)
{
    uint8_t body[SNP_SIGNED_SIZE], signature[SNP_SIGNATURE_SIZE];
    struct buffer b = {0};
    put_body(body, r);
    const struct bytes covered = r->body.data ? r->body : bytes_of(body, sizeof body);
    buffer_append(&b, covered.data, covered.size);
    if (r->signature.data) {
        buffer_append(&b, r->signature.data, r->signature.size);
    } else {
        put_signature(signature, issue_sign_raw(i, r->signer, r->hash, covered), r->big_endian);
        buffer_append(&b, signature, sizeof signature);
    }
    buffer_append(&b, r->tail.data, r->tail.size);
    return issue_take(i, &b);
}
