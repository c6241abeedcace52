/* Issuing what SGX and TDX evidence needs: the PCK and TCB signing chains, revocation lists, TCB info and QE identity
 * (API version 4 of Intel's provisioning certification service), and quotes of versions 3, 4 and 5.
 *
 *     struct issue i = {0};
 *     struct issue_intel p;
 *     struct issue_quote q;
 *     struct issue_collateral c;
 *     issue_intel_defaults(&i, seed, TEE_TDX, at, &p);
 *     p.tcb_info.levels[0].status = "Revoked";
 *     issue_quote_defaults(&i, &p, 4, &q);
 *     memset(q.td.rtmr[3], 7, 48);
 *     struct bytes quote = issue_quote(&i, &p, &q);
 *     issue_intel_collateral(&i, &p, &c);
 *     struct bytes json = issue_collateral_json(&i, &c);
 */
#ifndef TEE_ISSUE_INTEL_H
#define TEE_ISSUE_INTEL_H

#include "tee/issue_certificate.h"
#include "tee/issue_crl.h"
#include "tee/verdict.h"

enum { ISSUE_COMPONENTS = 20, ISSUE_LEVELS = 8, ISSUE_ADVISORIES = 8, ISSUE_MODULES = 6 };

/* ---- TCB info and QE identity ------------------------------------------------------------------------------------- */

struct issue_tcb_level {
    uint32_t sgx[ISSUE_COMPONENTS], sgx_count;
    uint32_t tdx[ISSUE_COMPONENTS], tdx_count; /* written only in TDX's */
    uint32_t pcesvn;
    int64_t date;
    const char *status;
    const char *advisories[ISSUE_ADVISORIES];  /* up to the first null */
};

struct issue_isvsvn_level {
    uint32_t isvsvn;
    int64_t date;
    const char *status;
    const char *advisories[ISSUE_ADVISORIES];
};

struct issue_tdx_module {
    const char *id;                /* "TDX_01"; null: the one without id and levels, tdxModule */
    struct bytes mrsigner, attributes, attributes_mask;
    struct issue_isvsvn_level levels[ISSUE_LEVELS];
    uint32_t level_count;
};

struct issue_tcb_info {
    const char *id;                /* "SGX", "TDX" */
    uint32_t version;
    bool old_components;           /* levels in the form of version 2 (sgxtcbcomp01svn …) */
    int64_t issue_date, next_update;
    struct bytes fmspc, pceid;
    uint32_t tcb_type, evaluation;
    bool has_module;
    struct issue_tdx_module module;
    struct issue_tdx_module identities[ISSUE_MODULES];
    uint32_t identity_count;       /* 0: left out */
    struct issue_tcb_level levels[ISSUE_LEVELS];
    uint32_t level_count;
    const char *extra;             /* further members as JSON text ("\"x\":1"), or null */
    struct bytes text;             /* the whole text in place of all of the above */
};

struct issue_qe_identity {
    const char *id;                /* "QE", "TD_QE" */
    uint32_t version;
    int64_t issue_date, next_update;
    uint32_t evaluation;
    struct bytes miscselect, miscselect_mask; /* 4 bytes each, little-endian as in the report */
    struct bytes attributes, attributes_mask; /* 16 */
    struct bytes mrsigner;         /* 32 */
    uint32_t isv_prod_id;
    struct issue_isvsvn_level levels[ISSUE_LEVELS];
    uint32_t level_count;
    const char *extra;
    struct bytes text;
};

struct bytes issue_tcb_info_text(struct issue *i, const struct issue_tcb_info *t);
struct bytes issue_qe_identity_text(struct issue *i, const struct issue_qe_identity *q);
/* {"tcbInfo":…,"signature":"…"} and {"enclaveIdentity":…}: what Intel's service answers. `member` is the first name. */
struct bytes issue_raw_shape(struct issue *i, const char *member, struct bytes text, struct bytes signature_hex);

/* ---- certificates --------------------------------------------------------------------------------------------------- */

/* The extension 1.2.840.113741.1.13.1 of a PCK certificate. */
struct issue_sgx_extension {
    struct bytes ppid, pceid, fmspc;
    uint32_t component[ISSUE_COMPONENTS], component_count;
    uint64_t pcesvn;
    struct bytes cpusvn;           /* empty: the components, as 16 bytes */
    uint32_t sgx_type;
    struct bytes platform_instance_id; /* empty: left out */
    bool has_configuration, dynamic_platform, cached_keys, smt;
    uint32_t copies;               /* how often the certificate has it: 1 */
    struct bytes contents;         /* in place of all of the above */
};
#define OID_SGX_EXTENSION "1.2.840.113741.1.13.1"
struct bytes issue_sgx_extension_value(struct issue *i, const struct issue_sgx_extension *x);

/* Keys and what is to be signed by them. It refers to itself: it must stay where it is. The signers may be changed. */
struct issue_intel {
    enum tee_platform platform;    /* TEE_SGX, TEE_TDX */
    struct issue_key root, platform_ca, processor_ca, tcb_signing, pck, attestation;
    struct issue_certificate root_certificate, platform_certificate, processor_certificate, tcb_signing_certificate,
        pck_certificate;
    const struct issue_key *root_signer, *ca_signer, *tcb_signing_signer, *pck_signer;
    bool processor;                /* the PCK certificate is the Processor CA's: see issue_intel_use_processor */
    struct issue_sgx_extension sgx;
    struct issue_crl root_crl, pck_crl;
    const struct issue_key *root_crl_signer, *pck_crl_signer;
    struct issue_tcb_info tcb_info;
    struct issue_qe_identity qe_identity;
    const struct issue_key *tcb_info_signer, *qe_identity_signer;
};
/* Everything valid at that time and UpToDate. */
void issue_intel_defaults(struct issue *i, const uint8_t seed[32], enum tee_platform platform, int64_t at,
                          struct issue_intel *out);
/* Puts the PCK certificate and its revocation list under the Processor CA in place of the Platform CA. */
void issue_intel_use_processor(struct issue *i, struct issue_intel *p);
void issue_intel_wipe(struct issue_intel *p);

/* DER. `ca` is the one that the PCK certificate is under. */
struct issue_intel_certificates {
    struct bytes root, platform_ca, processor_ca, ca, tcb_signing, pck;
};
void issue_intel_certificates(struct issue *i, const struct issue_intel *p, struct issue_intel_certificates *out);
/* PEM: PCK ‖ CA ‖ root, as in a quote without the NUL at its end. */
struct bytes issue_pck_chain(struct issue *i, const struct issue_intel *p);

/* ---- collateral ----------------------------------------------------------------------------------------------------- */

enum issue_collateral_part {
    COLLATERAL_PCK_CRL_ISSUER_CHAIN, COLLATERAL_ROOT_CA_CRL, COLLATERAL_PCK_CRL, COLLATERAL_TCB_INFO_ISSUER_CHAIN,
    COLLATERAL_TCB_INFO, COLLATERAL_TCB_INFO_SIGNATURE, COLLATERAL_QE_IDENTITY_ISSUER_CHAIN, COLLATERAL_QE_IDENTITY,
    COLLATERAL_QE_IDENTITY_SIGNATURE, COLLATERAL_PCK_CERTIFICATE_CHAIN, COLLATERAL_PARTS
};
/* The strings of the JSON file, unescaped: PEM, hexadecimal DER, text, hexadecimal r ‖ s. A part without `data` is left
 * out; issue_intel_collateral leaves out the last one. */
struct issue_collateral {
    struct bytes part[COLLATERAL_PARTS];
};
void issue_intel_collateral(struct issue *i, const struct issue_intel *p, struct issue_collateral *out);
struct bytes issue_collateral_json(struct issue *i, const struct issue_collateral *c);

/* ---- quotes --------------------------------------------------------------------------------------------------------- */

struct issue_enclave_report {      /* 384 bytes; what is not here is zero */
    uint8_t cpusvn[16];
    uint32_t miscselect;
    uint8_t attributes[16];
    uint8_t mrenclave[32], mrsigner[32];
    uint16_t isv_prod_id, isv_svn;
    uint8_t report_data[64];
};
struct issue_td_report {           /* 584 bytes, or 648 with the last two */
    uint8_t tee_tcb_svn[16];
    uint8_t mr_seam[48], mr_signer_seam[48], seam_attributes[8], td_attributes[8], xfam[8];
    uint8_t mr_td[48], mr_config_id[48], mr_owner[48], mr_owner_config[48], rtmr[4][48];
    uint8_t report_data[64];
    uint8_t tee_tcb_svn2[16], mr_service_td[48];
};
struct bytes issue_enclave_report(struct issue *i, const struct issue_enclave_report *r);
struct bytes issue_td_report(struct issue *i, const struct issue_td_report *r, bool with_td15);

enum issue_body { ISSUE_BODY_SGX = 1, ISSUE_BODY_TD10 = 2, ISSUE_BODY_TD15 = 3 };
#define ISSUE_RIGHT_SIZE (-1)

struct issue_quote {
    uint16_t version, key_type;
    uint32_t tee_type;
    uint16_t qe_svn, pce_svn;
    uint8_t vendor[16], user_data[20];
    enum issue_body body_kind;     /* which of the two reports is the body */
    struct issue_enclave_report sgx;
    struct issue_td_report td;
    struct bytes body;             /* in place of it, if it has data */
    uint16_t body_type;            /* version 5 */
    struct issue_enclave_report qe;
    bool qe_report_data_as_is;     /* else it is made from key and authentication data */
    struct bytes authentication;
    uint16_t outer_type, inner_type;
    struct bytes certification;    /* in place of the PCK chain and a NUL, if it has data */
    /* in place of the right ones, if they have data */
    struct bytes signature, attestation_point, qe_report, qe_signature;
    const struct issue_key *attestation_key, *qe_signer;
    /* as written; ISSUE_RIGHT_SIZE: the right ones */
    int64_t body_size, signature_size, outer_size, authentication_size, inner_size;
    struct bytes tail;             /* behind the end */
};
/* A quote of that version of what the platform runs by default (version 5: TD 1.5, or the SGX body), with zeros as report
 * data. */
void issue_quote_defaults(struct issue *i, const struct issue_intel *p, uint16_t version, struct issue_quote *out);
struct bytes issue_quote(struct issue *i, const struct issue_intel *p, const struct issue_quote *q);

#endif
