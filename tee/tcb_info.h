/* Intel's TCB info: which security versions of a family of platforms are how good. Version 2 (SGX) and 3 (SGX, TDX) of
 * "Intel SGX and Intel TDX services", Get TCB Info. Members that are not known are ignored: what is read is signed. */
#ifndef TEE_TCB_INFO_H
#define TEE_TCB_INFO_H

#include "tee/tcb_json.h"

enum { TCB_COMPONENTS = 16 };

struct tcb_level {
    uint8_t sgx[TCB_COMPONENTS];
    uint16_t pce_svn;
    uint8_t tdx[TCB_COMPONENTS];   /* TDX alone */
    int64_t date;
    enum tee_tcb_status status;
    struct tcb_advisories advisories;
};

struct tdx_module {
    uint8_t version;               /* of an identity TDX_01: 1 */
    uint8_t mrsigner[48];
    uint8_t attributes[8], attributes_mask[8];
    struct svn_levels levels;      /* none for the base module */
};

struct tcb_info {
    enum tee_platform platform;
    unsigned version;
    int64_t issue_date, next_update;
    uint8_t fmspc[6], pce_id[2];
    uint32_t evaluation;           /* tcbEvaluationDataNumber */
    struct tcb_level *levels;      /* in the order in which they are tried */
    uint32_t count;
    bool has_module;
    struct tdx_module module;      /* modules of version 0 */
    struct tdx_module *modules;
    uint32_t module_count;
};

/* Reads the text that was signed; call this only after the signature was checked. What was read is in the arena.
 * Refusals: tcb-format, tcb-version, tcb-type, tcb-id, tcb-unknown. STATUS_NO_MEMORY. */
enum status tcb_info_read(struct bytes text, struct arena *a, struct tcb_info *out, struct error *e);

/* Puts levels into the order in which they are tried: SGX components, then PCE SVN, then TDX components, the highest
 * first; of two alike the worse, so that the order in the document never matters. */
void tcb_levels_sort(struct tcb_level *levels, uint32_t count);

#endif
