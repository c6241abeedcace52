/* How good a platform is: levels matched and merged as Intel's Quote Verification Library does (TcbLevelCheck,
 * TdxModuleCheck, TDRelaunchCheck). */
#ifndef TEE_TCB_LEVEL_H
#define TEE_TCB_LEVEL_H

#include "tee/tcb_info.h"

/* The platform's security versions, from the PCK certificate. */
struct platform_tcb {
    uint8_t components[TCB_COMPONENTS];
    uint16_t pce_svn;
};

struct tcb_match {
    const struct tcb_level *sgx;   /* the first that the SGX part of the platform reaches; null: none */
    const struct tcb_level *level; /* the first that all of it reaches; null: none */
};

/* `tee_tcb_svn`: 16 bytes of the TD report; null for SGX. Its first two bytes are the module's and count only for modules
 * of version 0: others have identities of their own. */
struct tcb_match tcb_level_match(const struct tcb_info *info, const struct platform_tcb *platform,
                                 const uint8_t *tee_tcb_svn);

/* The first level that the version reaches. Null: none. */
const struct svn_level *svn_level_match(const struct svn_levels *levels, unsigned isv_svn);

/* The identity of modules of that version. Null: there is none. */
const struct tdx_module *tdx_module_find(const struct tcb_info *info, unsigned version);

/* What remains of a status beside the status of a module or quoting enclave. */
enum tee_tcb_status tcb_status_merge(enum tee_tcb_status status, enum tee_tcb_status part);

struct tcb_relaunch {
    const struct tcb_info *info;
    const uint8_t *tee_tcb_svn2;   /* 16 bytes: the versions that are in force now */
    enum tee_tcb_status sgx, merged, module, qe; /* `merged`: platform and module */
};
/* TD 1.5: a domain that was started under an old module on a platform that has been updated since need only be started
 * again. Returns `merged` or the advice. False: there is no module of the version in force (refusal module). */
bool tcb_relaunch_status(const struct tcb_relaunch *r, enum tee_tcb_status *out);

#endif
