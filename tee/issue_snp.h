/* Issuing what SEV-SNP evidence needs: ARK, ASK, ASVK, VCEK and VLEK, the revocation list, attestation reports of
 * versions 2 to 5 and the certificate table.
 *
 *     struct issue i = {0};
 *     struct issue_snp s;
 *     struct issue_snp_report r;
 *     issue_snp_defaults(&i, seed, tee_simulator_snp_keys(), SNP_MILAN, at, &s);
 *     issue_snp_report_defaults(&i, &s, 3, false, &r);
 *     r.policy |= 1 << 19;
 *     struct bytes report = issue_snp_report(&i, &r);
 *     struct bytes table = issue_snp_table_for(&i, &s, false);
 */
#ifndef TEE_ISSUE_SNP_H
#define TEE_ISSUE_SNP_H

#include "tee/issue_certificate.h"
#include "tee/issue_crl.h"

enum issue_snp_product { SNP_MILAN, SNP_GENOA, SNP_TURIN, SNP_PRODUCTS };

#define OID_SNP "1.3.6.1.4.1.3704.1"
#define OID_SNP_PRODUCT OID_SNP ".2"
#define OID_SNP_BOOTLOADER OID_SNP ".3.1"
#define OID_SNP_TEE OID_SNP ".3.2"
#define OID_SNP_SNP OID_SNP ".3.3"
#define OID_SNP_MICROCODE OID_SNP ".3.8"
#define OID_SNP_FMC OID_SNP ".3.9"
#define OID_SNP_HWID OID_SNP ".4"
#define OID_SNP_CSP OID_SNP ".5"

/* The keys that are slow to make. */
struct issue_snp_keys {
    struct issue_key ark, ask, asvk;
};
/* The keys for that seed: with 4096 bits some ten seconds. For the simulator's see simulator.h, which has them ready. */
void issue_snp_keys(struct issue *i, uint32_t bits, const uint8_t seed[32], struct issue_snp_keys *out);
void issue_snp_keys_wipe(struct issue_snp_keys *keys);

/* It refers to itself and to the keys: both must stay where they are. */
struct issue_snp {
    enum issue_snp_product product;
    const struct issue_snp_keys *keys;
    struct issue_key vcek, vlek;
    struct issue_certificate ark_certificate, ask_certificate, asvk_certificate, vcek_certificate, vlek_certificate;
    const struct issue_key *ark_signer, *ask_signer, *asvk_signer, *vcek_signer, *vlek_signer;
    struct issue_crl crl;
    const struct issue_key *crl_signer;
    uint8_t tcb[8];                /* in the report's order of bytes; see issue_snp_set_tcb */
    uint8_t chip_id[64];
};
void issue_snp_defaults(struct issue *i, const uint8_t seed[32], const struct issue_snp_keys *keys,
                        enum issue_snp_product product, int64_t at, struct issue_snp *out);
/* Makes the extensions of VCEK and VLEK anew for that TCB. */
void issue_snp_set_tcb(struct issue *i, struct issue_snp *s, const uint8_t tcb[8]);
void issue_snp_wipe(struct issue_snp *s);

/* DER. */
struct issue_snp_certificates {
    struct bytes ark, ask, asvk, vcek, vlek;
};
void issue_snp_certificates(struct issue *i, const struct issue_snp *s, struct issue_snp_certificates *out);
struct bytes issue_snp_crl(struct issue *i, const struct issue_snp *s);

struct issue_snp_version {
    uint8_t build, minor, major;
};
struct issue_snp_report {
    uint32_t version, guest_svn;
    uint64_t policy;
    uint8_t family_id[16], image_id[16];
    uint32_t vmpl, sig_algo;
    uint8_t current_tcb[8];
    uint64_t platform_info;
    uint32_t signer_info, reserved_4c;
    uint8_t report_data[64], measurement[48], host_data[32], id_key_digest[48], author_key_digest[48], report_id[32],
        report_id_ma[32];
    uint8_t reported_tcb[8];
    uint8_t family, model, stepping; /* written from version 3 on */
    uint8_t chip_id[64], committed_tcb[8];
    struct issue_snp_version current, committed;
    uint8_t launch_tcb[8];
    uint64_t launch_mitigation, current_mitigation; /* written from version 5 on */
    struct bytes body;             /* the 672 signed bytes in place of all of the above */
    const struct issue_key *signer;
    enum hash hash;
    bool big_endian;               /* r and s as they must not be */
    struct bytes signature;        /* 512 bytes in place of the right ones */
    struct bytes tail;
};
/* A report with zeros as report data, by the VCEK or the VLEK. */
void issue_snp_report_defaults(struct issue *i, const struct issue_snp *s, uint32_t version, bool vlek,
                               struct issue_snp_report *out);
struct bytes issue_snp_report(struct issue *i, const struct issue_snp_report *r);

enum { ISSUE_SNP_ENTRIES = 8 };
struct issue_snp_entry {
    const char *guid;              /* "63da758d-e664-4564-adc5-f4b93be8accd" */
    struct bytes data;
    int64_t offset, length;        /* as written; -1: the right ones */
};
#define SNP_GUID_VCEK "63da758d-e664-4564-adc5-f4b93be8accd"
#define SNP_GUID_VLEK "a8074bc2-a25a-483e-aae6-39c045a0b8a1"
#define SNP_GUID_ASK "4ab7b379-bbac-4fe4-a02f-05aef327c782"
#define SNP_GUID_ARK "c0b406a4-a803-4952-9743-3fb6014cd0ae"
struct issue_snp_table {
    struct issue_snp_entry entries[ISSUE_SNP_ENTRIES];
    uint32_t count;
    bool no_end;                   /* without the entry of zeros */
};
void issue_snp_table_add(struct issue *i, struct issue_snp_table *t, const char *guid, struct bytes data);
struct bytes issue_snp_table(struct issue *i, const struct issue_snp_table *t);
/* What a machine has: ARK, ASK and VCEK, or ARK, ASVK (as ASK) and VLEK. */
struct bytes issue_snp_table_for(struct issue *i, const struct issue_snp *s, bool vlek);
#define SNP_GUID_CRL "92f81bc3-5811-4d3d-97ff-d19f88dc67ea"

#endif
