/* The simulator: evidence in the real formats, under roots that say "nvm simulator", for machines without a device. The
 * verifiers have no branch for it: they check it as they check any, and accept it only if they are given its roots. Its
 * seed is a public constant, so whoever wants can sign whatever he wants: it proves nothing. docs/tee-simulator.md. */
#ifndef TEE_SIMULATOR_H
#define TEE_SIMULATOR_H

#include "tee/evidence.h"
#include "tee/issue_snp.h"
#include "tee/provider.h"

struct tee_simulator {
    enum tee_platform platform;    /* TDX: quote version 4; SGX: 3; SNP: Milan, report version 3; Nitro */
    uint8_t seed[32];
    /* SNP: what takes long to make. Null or empty: made from the seed each time, which takes many seconds. */
    const struct issue_snp_keys *snp_keys;
    struct bytes snp_ark, snp_ask, snp_vcek;
};
/* The product's: its seed is SHA-256("nvm simulator seed v1"), secret to nobody. */
void tee_simulator_init(struct tee_simulator *s, enum tee_platform platform);

enum { TEE_SIMULATED_FILES = 2 };
/* Evidence, what one would fetch to verify it, and a policy that accepts it. Zero-initialise; release with
 * tee_simulated_free. */
struct tee_simulated {
    struct issue issue;            /* owns everything below */
    struct bytes evidence;
    struct tee_file files[TEE_SIMULATED_FILES]; /* SGX, TDX: collateral JSON; SNP: certificate table with CRL */
    uint32_t file_count;
    struct bytes root;             /* DER */
    struct bytes policy;           /* JSON: what was measured, allow_simulator and the root */
};
/* Evidence made at that time (Unix seconds) for the request. `measurements` replace those of the same name (names as in
 * policy.h: mr_td, rtmr0 …; pcr0 …; mrenclave …; measurement …) and may be null. STATUS_USAGE: a name or size that the
 * platform does not have, a request that it has no room for, or no such platform; STATUS_NO_MEMORY. *out is then empty. */
enum status tee_simulate(const struct tee_simulator *s, int64_t at, const struct tee_request *request,
                         const struct tee_identity_value *measurements, uint32_t measurement_count,
                         struct tee_simulated *out, struct error *e);
void tee_simulated_free(struct tee_simulated *s);

/* DER of the roots of the product's simulator for a platform, in the shape of tee_roots (roots.h): returns how many; 0
 * for no platform. They live as long as the program. */
uint32_t tee_simulator_roots(enum tee_platform platform, const struct bytes **roots);

/* The RSA keys of the product's simulator, ready made. */
const struct issue_snp_keys *tee_simulator_snp_keys(void);

#endif
