/* Sealing: bytes that only the same root can open, and only where registers, code and format are what the seal says.
 * AES-256-GCM; the key is HKDF-SHA-256(root, salt, "nvm-seal-v1" ‖ 0x00 ‖ purpose ‖ SHA-256 of the header's policy);
 * the whole header is authenticated. docs/sealing.md has the layout. */
#ifndef TEE_SEAL_H
#define TEE_SEAL_H

#include "tee/provider.h"
#include "tee/registers.h"

enum tee_root_kind { ROOT_SIMULATOR = 1, ROOT_FILE, ROOT_SNP, ROOT_SGX, ROOT_RELEASED };

struct tee_root {
    enum tee_root_kind kind;
    uint8_t secret[32];
};
/* Where a root is to be kept: pages of its own that are locked, left out of dumps, and wiped (secret_memory.h). Zeros;
 * null: no memory. */
struct tee_root *tee_root_new(void);
void tee_root_free(struct tee_root *root);         /* null is allowed */
/* Reads 32 bytes (raw or 64 hex digits) from a regular file of this user or of the superuser, that nobody but its owner
 * may read or write; a link is not followed. Refusals: key-file-owner, key-file-mode. */
enum status tee_root_file(const char *path, struct tee_root *out, struct error *e);
void tee_root_simulator(struct tee_root *out);     /* the same everywhere: secret to nobody */
void tee_root_wipe(struct tee_root *root);

enum tee_seal_purpose {
    SEAL_DATA = 1,
    SEAL_RUN = 2,                  /* suspended runs */
    SEAL_KEY = 3,                  /* keys that were made here: signing_key.h, release.h */
    SEAL_GUEST = 4,                /* what a module seals by itself: imports.h */
};

struct tee_seal_policy {
    uint32_t register_mask;        /* which registers must have the values that they have now */
    bool has_code_hash;
    uint8_t code_hash[32];
    uint16_t min_format;           /* of what opens it */
    uint64_t counter;              /* of suspended runs */
};

/* Appends the blob. `registers` may be null if the mask is 0. */
enum status tee_seal(const struct tee_root *root, const struct tee_system *system, enum tee_seal_purpose purpose,
                     const struct tee_seal_policy *policy, const struct tee_snapshot *registers, struct bytes data,
                     struct buffer *out, struct error *e);

/* What a header says, unauthenticated; for messages and for finding the state to restore before opening. */
struct tee_sealed {
    uint16_t version, suite;
    enum tee_seal_purpose purpose;
    enum tee_root_kind root_kind;
    struct tee_seal_policy policy;
    uint8_t composite[48];
};
enum status tee_sealed_header(struct bytes blob, struct tee_sealed *out, struct error *e);

/* Appends the data, or nothing. `code_hash` and `registers` are what is there now (may be null if the policy does not
 * name them). Refusals: seal-corrupt, policy-mismatch, version, suite, root-kind, counter (below min_counter). */
enum status tee_unseal(const struct tee_root *root, enum tee_seal_purpose purpose, struct bytes blob,
                       const struct tee_snapshot *registers, const uint8_t code_hash[32], uint64_t min_counter,
                       struct buffer *out, struct error *e);

#endif
