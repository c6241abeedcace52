/* Quotes of Intel SGX (version 3, 4 and 5) and Intel TDX (version 4 and 5), read to the byte. The layouts are those of
 * Intel's "DCAP ECDSA Quoting Library API" (A.4, quote formats 3 to 5). Only the range that `signed_part` names is under the
 * quote's signature: lengths and kinds outside of it have to fit each other exactly, without a byte left over. */
#ifndef TEE_QUOTE_H
#define TEE_QUOTE_H

#include "base/bytes.h"
#include "tee/verdict.h"

enum {
    QUOTE_HEADER_SIZE = 48,
    QUOTE_MAX_SIZE = 16 * 1024,    /* with the zeros behind it */
    ENCLAVE_REPORT_SIZE = 384,
    TD_REPORT_1_0_SIZE = 584,
    TD_REPORT_1_5_SIZE = 648,
    QUOTE_SIGNATURE_SIZE = 64,     /* r ‖ s on P-256 */
    QUOTE_KEY_SIZE = 64,           /* x ‖ y */
};

enum quote_body { QUOTE_ENCLAVE = 1, QUOTE_TD_1_0 = 2, QUOTE_TD_1_5 = 3 }; /* numbered as in version 5 */

/* Kinds of certification data. */
enum {
    QUOTE_CERT_PCK_LEAF = 4,       /* 1 to 4 name the platform, and its certificates come from elsewhere */
    QUOTE_CERT_PCK_CHAIN = 5,      /* PEM: leaf, intermediate, root */
    QUOTE_CERT_QE_REPORT = 6,
};

/* The report of an enclave: the body of an SGX quote, and the quoting enclave's own. Pointers go into the quote. */
struct enclave_report {
    struct bytes raw;              /* ENCLAVE_REPORT_SIZE */
    const uint8_t *cpu_svn;        /* 16 */
    const uint8_t *misc_select;    /* 4, little-endian */
    const uint8_t *attributes;     /* 16: flags, XFRM */
    const uint8_t *mrenclave;      /* 32 */
    const uint8_t *mrsigner;       /* 32 */
    uint16_t isv_prod_id, isv_svn;
    const uint8_t *report_data;    /* 64 */
};

enum { /* bits of the flags */
    ENCLAVE_INIT = 1 << 0,
    ENCLAVE_DEBUG = 1 << 1,
    ENCLAVE_MODE64 = 1 << 2,
    ENCLAVE_PROVISION_KEY = 1 << 4,
    ENCLAVE_EINITTOKEN_KEY = 1 << 5,
    ENCLAVE_CET = 1 << 6,
    ENCLAVE_KSS = 1 << 7,
    ENCLAVE_AEX_NOTIFY = 1 << 10,
};

struct td_report {
    const uint8_t *tee_tcb_svn;    /* 16 */
    const uint8_t *mr_seam, *mr_signer_seam; /* 48 each */
    const uint8_t *seam_attributes; /* 8 */
    uint64_t td_attributes, xfam;
    const uint8_t *mr_td, *mr_config_id, *mr_owner, *mr_owner_config; /* 48 each */
    const uint8_t *rtmr[4];        /* 48 each */
    const uint8_t *report_data;    /* 64 */
    const uint8_t *tee_tcb_svn2;   /* 16; null in version 1.0 */
    const uint8_t *mr_service_td;  /* 48; null in version 1.0 */
};

#define TD_DEBUG (UINT64_C(1) << 0)
#define TD_SEPT_VE_DISABLE (UINT64_C(1) << 28)
#define TD_PKS (UINT64_C(1) << 30)
#define TD_KEY_LOCKER (UINT64_C(1) << 31)
#define TD_PERFMON (UINT64_C(1) << 63)

struct quote {
    uint16_t version;
    enum tee_platform platform;    /* TEE_SGX or TEE_TDX */
    enum quote_body body;
    struct enclave_report enclave; /* QUOTE_ENCLAVE */
    struct td_report td;           /* the others */
    struct bytes signed_part;
    const uint8_t *signature;      /* QUOTE_SIGNATURE_SIZE */
    const uint8_t *key;            /* the attestation key, QUOTE_KEY_SIZE */
    struct enclave_report qe;      /* the quoting enclave's report */
    const uint8_t *qe_signature;   /* over qe.raw, by the PCK key */
    struct bytes qe_auth;
    uint16_t cert_type;            /* 1 to 5 */
    struct bytes cert_data;
    size_t trailing;               /* zeros behind the quote */
};

/* Reads a quote; what was read refers to `data`. Checks the form alone, no signature. Zeros behind the quote are allowed
 * up to QUOTE_MAX_SIZE in all, if at all. Refusals: length, version, tee-type, key-type, vendor, body, cert-type,
 * trailing. */
enum status quote_read(struct bytes data, bool allow_trailing, struct quote *out, struct error *e);

/* 64 bytes, whatever the body. */
const uint8_t *quote_report_data(const struct quote *q);

#endif
