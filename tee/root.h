/* Roots of sealing beyond those of seal.h. docs/sealing.md says what each kind protects against. */
#ifndef TEE_ROOT_H
#define TEE_ROOT_H

#include "tee/seal.h"

enum { TEE_ROOT_ID_SIZE = 32 };

const char *tee_root_kind_name(enum tee_root_kind kind); /* "simulator", "file", "snp", "sgx", "released"; "unknown" */

/* The root that a provider's hardware derives; the simulator's is tee_root_simulator. Refusals: no-device (the
 * provider has no secret for sealing: TDX and Nitro), and those of the provider. */
enum status tee_root_provider(const struct tee_provider *provider, const struct tee_system *system, struct tee_root *out,
                              struct error *e);

/* A name for a root that gives nothing away about it: what blobs carry (its first bytes), and what a receiver of a
 * root can insist on (release.h). Covers the kind. */
void tee_root_id(const struct tee_root *root, uint8_t id[TEE_ROOT_ID_SIZE]);
void tee_root_id_as(const struct tee_root *root, enum tee_root_kind kind, uint8_t id[TEE_ROOT_ID_SIZE]);

/* Random bytes of the system's. STATUS_IO (code: refusal device). */
enum status tee_random(const struct tee_system *system, void *out, size_t size, struct error *e);

#endif
