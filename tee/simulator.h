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
};
/* The product's: its seed is SHA-256("nvm simulator seed v1"), secret to nobody. */
void tee_simulator_init(struct tee_simulator *s, enum tee_platform platform);

enum { TEE_SIMULATED_FILES = 4 };
/* Evidence, what one would fetch to verify it, and a policy text that accepts it. Release with tee_simulated_free. */
struct tee_simulated {
    struct issue issue;            /* owns everything below */
    struct bytes evidence;
    struct tee_file files[TEE_SIMULATED_FILES]; /* SGX, TDX: collateral JSON; SNP: certificate table, CRL */
    uint32_t file_count;
    struct bytes root;             /* DER */
    struct bytes policy;           /* JSON: the identity, allow_simulator */
};
/* Evidence made at that time (Unix seconds) for the request. `measurements` replace those of the same name (names as in
 * policy.h: mr_td, rtmr0 …; pcr0 …; mrenclave …; measurement …) and may be null; STATUS_USAGE: a name or size that the
 * platform does not have, or no such platform. With another seed than the product's SNP takes seconds. */
enum status tee_simulate(const struct tee_simulator *s, int64_t at, const struct tee_request *request,
                         const struct tee_identity_value *measurements, uint32_t measurement_count,
                         struct tee_simulated *out, struct error *e);
void tee_simulated_free(struct tee_simulated *s);

/* DER of the root of the product's simulator for a platform: what tee_input.roots takes. Appended to *out. STATUS_USAGE:
 * no such platform. */
enum status tee_simulator_root(enum tee_platform platform, struct buffer *out, struct error *e);

/* The RSA keys of the product's simulator. */
const struct issue_snp_keys *tee_simulator_snp_keys(void);

#endif
