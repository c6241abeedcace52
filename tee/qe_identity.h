/* Intel's identity of a quoting enclave: "QE" signs quotes of SGX, "TD_QE" those of TDX. Version 2, or 3 for TD_QE, of
 * "Intel SGX and Intel TDX services", Get QE Identity. */
#ifndef TEE_QE_IDENTITY_H
#define TEE_QE_IDENTITY_H

#include "tee/quote.h"
#include "tee/tcb_json.h"

struct qe_identity {
    enum tee_platform platform;    /* of the quotes */
    unsigned version;
    int64_t issue_date, next_update;
    uint32_t evaluation;
    uint8_t misc_select[4], misc_select_mask[4]; /* bytes as they are in the report */
    uint8_t attributes[16], attributes_mask[16];
    uint8_t mrsigner[32];
    uint16_t isv_prod_id;
    struct svn_levels levels;
};

/* Reads the text that was signed; call this only after the signature was checked. What was read is in the arena.
 * Refusals: qe-id-format, qe-id, tcb-unknown. STATUS_NO_MEMORY. */
enum status qe_identity_read(struct bytes text, struct arena *a, struct qe_identity *out, struct error *e);

/* Whether the report is of that enclave. Refusals: qe-debug (whatever the identity says), qe-identity. */
enum status qe_identity_check(const struct qe_identity *id, const struct enclave_report *report, struct error *e);

#endif
