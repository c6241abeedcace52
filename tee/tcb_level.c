#include "tee/tcb_level.h"

enum { FIRST_AFTER_MODULE = 2 }; /* components 0 and 1 are the module's version */

static bool reaches(const uint8_t *have, const uint8_t *wanted, size_t from)
{
    for (size_t i = from; i < TCB_COMPONENTS; i++)
        if (have[i] < wanted[i]) return false;
    return true;
}

struct tcb_match tcb_level_match(const struct tcb_info *info, const struct platform_tcb *platform,
                                 const uint8_t *tee_tcb_svn)
{
    struct tcb_match m = {0};
    const size_t from = tee_tcb_svn && tee_tcb_svn[1] > 0 ? FIRST_AFTER_MODULE : 0;
    for (uint32_t i = 0; i < info->count && !m.level; i++) {
        const struct tcb_level *level = &info->levels[i];
        if (!reaches(platform->components, level->sgx, 0) || platform->pce_svn < level->pce_svn) continue;
        if (!m.sgx) m.sgx = level;
        if (!tee_tcb_svn || reaches(tee_tcb_svn, level->tdx, from)) m.level = level;
    }
    return m;
}

const struct svn_level *svn_level_match(const struct svn_levels *levels, unsigned isv_svn)
{
    for (uint32_t i = 0; i < levels->count; i++)
        if (isv_svn >= levels->levels[i].isv_svn) return &levels->levels[i];
    return NULL;
}

const struct tdx_module *tdx_module_find(const struct tcb_info *info, unsigned version)
{
    if (version == 0) return info->has_module ? &info->module : NULL;
    for (uint32_t i = 0; i < info->module_count; i++)
        if (info->modules[i].version == version) return &info->modules[i];
    return NULL;
}

enum tee_tcb_status tcb_status_merge(enum tee_tcb_status status, enum tee_tcb_status part)
{
    if (status == TCB_REVOKED || part == TCB_REVOKED) return TCB_REVOKED;
    if (part != TCB_OUT_OF_DATE) return status;
    switch (status) {
    case TCB_UP_TO_DATE:
    case TCB_SW_HARDENING_NEEDED: return TCB_OUT_OF_DATE;
    case TCB_CONFIGURATION_NEEDED:
    case TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED: return TCB_OUT_OF_DATE_CONFIGURATION_NEEDED;
    default: return status;
    }
}

/* ---- started under an old module ----------------------------------------------------------------------------------- */

static bool is_current(enum tee_tcb_status s)
{
    return s == TCB_UP_TO_DATE || s == TCB_SW_HARDENING_NEEDED || s == TCB_CONFIGURATION_NEEDED ||
           s == TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED;
}

static bool needs_configuration(enum tee_tcb_status s)
{
    return s == TCB_CONFIGURATION_NEEDED || s == TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED ||
           s == TCB_OUT_OF_DATE_CONFIGURATION_NEEDED;
}

bool tcb_relaunch_status(const struct tcb_relaunch *r, enum tee_tcb_status *out)
{
    const uint8_t *svn = r->tee_tcb_svn2;
    *out = r->merged;
    const bool old_module = r->qe == TCB_UP_TO_DATE && is_current(r->sgx) && r->module == TCB_OUT_OF_DATE &&
                            (r->merged == TCB_OUT_OF_DATE || r->merged == TCB_OUT_OF_DATE_CONFIGURATION_NEEDED);
    if (!old_module || r->info->count == 0) return true;
    const struct tcb_level *newest = &r->info->levels[0];
    unsigned newest_module = newest->tdx[0];
    if (svn[1] > 0) {
        const struct tdx_module *module = tdx_module_find(r->info, svn[1]);
        if (!module || module->levels.count == 0) return false;
        newest_module = module->levels.levels[0].isv_svn;
    }
    if (svn[0] < newest_module || svn[2] < newest->tdx[2]) return true;
    *out = needs_configuration(r->sgx) || needs_configuration(r->merged) ? TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED
                                                                          : TCB_TD_RELAUNCH_ADVISED;
    return true;
}
