#include "tee/simulator.h"

#include "crypto/sha2.h"
#include "tee/simulator_certificates.inc"
#include "tee/simulator_rsa.inc"

const struct issue_snp_keys *tee_simulator_snp_keys(void)
{
    return &simulator_snp_keys;
}

void tee_simulator_init(struct tee_simulator *s, enum tee_platform platform)
{
    *s = (struct tee_simulator){
        .platform = platform,
        .snp_keys = &simulator_snp_keys,
        .snp_ark = {simulator_ark, sizeof simulator_ark},
        .snp_ask = {simulator_ask, sizeof simulator_ask},
        .snp_vcek = {simulator_vcek, sizeof simulator_vcek},
    };
    sha256(bytes_of_string("nvm simulator seed v1"), s->seed);
}

uint32_t tee_simulator_roots(enum tee_platform platform, const struct bytes **roots)
{
    static const struct bytes intel[] = {{simulator_intel, sizeof simulator_intel}};
    static const struct bytes nitro[] = {{simulator_nitro, sizeof simulator_nitro}};
    static const struct bytes amd[] = {{simulator_ark, sizeof simulator_ark}};
    switch (platform) {
    case TEE_SGX:
    case TEE_TDX: *roots = intel; return 1;
    case TEE_NITRO: *roots = nitro; return 1;
    case TEE_SNP: *roots = amd; return 1;
    case TEE_NO_PLATFORM:
    case TEE_PLATFORM_COUNT: break;
    }
    *roots = NULL;
    return 0;
}
