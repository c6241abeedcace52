#include "tee/roots.h"

#include "tee/roots_ark_genoa.inc"
#include "tee/roots_ark_milan.inc"
#include "tee/roots_ark_turin.inc"
#include "tee/roots_intel.inc"
#include "tee/roots_nitro.inc"

static const struct bytes nitro[] = {{root_nitro, sizeof root_nitro}};
static const struct bytes intel[] = {{root_intel, sizeof root_intel}};
static const struct bytes amd[] = {
    {ark_milan, sizeof ark_milan}, {ark_genoa, sizeof ark_genoa}, {ark_turin, sizeof ark_turin}};

uint32_t tee_roots(enum tee_platform platform, const struct bytes **roots)
{
    switch (platform) {
    case TEE_NITRO: *roots = nitro; return sizeof nitro / sizeof *nitro;
    case TEE_SGX:
    case TEE_TDX: *roots = intel; return sizeof intel / sizeof *intel;
    case TEE_SNP: *roots = amd; return sizeof amd / sizeof *amd;
    case TEE_NO_PLATFORM:
    case TEE_PLATFORM_COUNT: break;
    }
    *roots = NULL;
    return 0;
}
