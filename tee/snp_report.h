/* Attestation reports of AMD SEV-SNP, versions 2 to 5 ("SEV Secure Nested Paging Firmware ABI Specification", AMD 56860,
 * table of ATTESTATION_REPORT). */
#ifndef TEE_SNP_REPORT_H
#define TEE_SNP_REPORT_H

#include "base/bytes.h"
#include "tee/refusal.h"

enum {
    SNP_REPORT_SIZE = 0x4a0, SNP_SIGNED_SIZE = 0x2a0, SNP_TCB_SIZE = 8, SNP_CHIP_ID_SIZE = 64,
    SNP_REPORT_DATA_OFFSET = 0x50, SNP_REPORT_DATA_SIZE = 64
};

/* Bits of the guest policy. */
#define SNP_POLICY_SMT (UINT64_C(1) << 16)
#define SNP_POLICY_ONE (UINT64_C(1) << 17)
#define SNP_POLICY_MIGRATE_MA (UINT64_C(1) << 18)
#define SNP_POLICY_DEBUG (UINT64_C(1) << 19)
#define SNP_POLICY_SINGLE_SOCKET (UINT64_C(1) << 20)
#define SNP_POLICY_CXL (UINT64_C(1) << 21)
#define SNP_POLICY_RESERVED (~UINT64_C(0) << 26)

#define SNP_PLATFORM_ALIAS_CHECK (UINT64_C(1) << 5)

enum snp_signer { SNP_VCEK = 0, SNP_VLEK = 1, SNP_NO_SIGNER = 7 }; /* 2 to 6 are reserved */

/* Product lines: each has a root of its own, and a way to order the parts of a TCB version. */
enum snp_product { SNP_PRODUCT_NONE, SNP_PRODUCT_MILAN, SNP_PRODUCT_GENOA, SNP_PRODUCT_TURIN };
const char *snp_product_name(enum snp_product p);      /* "Milan", "Genoa", "Turin"; "unknown" */
enum snp_product snp_product_named(struct bytes name); /* SNP_PRODUCT_NONE: none of that name */

struct snp_firmware {
    uint8_t major, minor, build;
};

/* Fields of fixed size refer to the report. */
struct snp_report {
    struct bytes signed_part;      /* what the signature is over */
    uint32_t version, guest_svn, vmpl;
    uint64_t policy, platform_info;
    unsigned signer;               /* enum snp_signer, or a reserved number */
    bool has_author_key, mask_chip_key;
    const uint8_t *family_id, *image_id;                     /* 16 */
    const uint8_t *report_data;                              /* 64 */
    const uint8_t *measurement;                              /* 48 */
    const uint8_t *host_data;                                /* 32 */
    const uint8_t *id_key_digest, *author_key_digest;        /* 48 */
    const uint8_t *report_id, *report_id_ma;                 /* 32 */
    const uint8_t *chip_id;                                  /* 64 */
    const uint8_t *current_tcb, *reported_tcb, *committed_tcb, *launch_tcb; /* 8; the order is the product's */
    bool has_processor;            /* version 3 and later */
    uint8_t family, model, stepping;
    struct snp_firmware current, committed;
    uint64_t launch_mitigations, current_mitigations;        /* version 5; else 0 */
    uint8_t signature[96];         /* r ‖ s, big-endian */
};

/* Reads a report, strictly: what must be zero is. The signature is not checked. Refusals: length, version, alg,
 * policy-bits, reserved, signature. */
enum status snp_report_read(struct bytes report, struct snp_report *out, struct error *e);

/* By family and model; SNP_PRODUCT_NONE if they are not known or the report has none. */
enum snp_product snp_report_product(const struct snp_report *r);

#endif
