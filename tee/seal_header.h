/* The header of sealed blobs as bytes; docs/sealing.md has the table. All of it is authenticated. */
#ifndef TEE_SEAL_HEADER_H
#define TEE_SEAL_HEADER_H

#include "tee/root.h"

enum {
    SEAL_VERSION = 1,
    SEAL_SUITE = 1,                /* HKDF-SHA-256, AES-256-GCM */
    SEAL_FORMAT = 1,               /* what this implementation opens: compared with the policy's min_format */
    SEAL_KEY_ID_SIZE = 8, SEAL_SALT_SIZE = 32, SEAL_NONCE_SIZE = 12, SEAL_TAG_SIZE = 16, SEAL_COMPOSITE_SIZE = 48,
    /* offsets */
    SEAL_AT_VERSION = 8, SEAL_AT_SUITE = 10, SEAL_AT_PURPOSE = 12, SEAL_AT_ROOT_KIND = 13, SEAL_AT_KEY_ID = 14,
    SEAL_AT_POLICY = 22, SEAL_AT_MASK = 22, SEAL_AT_HAS_CODE = 26, SEAL_AT_CODE = 27, SEAL_AT_MIN_FORMAT = 59,
    SEAL_AT_COUNTER = 61, SEAL_AT_COMPOSITE = 69, SEAL_POLICY_END = 117,
    SEAL_AT_SALT = 117, SEAL_AT_NONCE = 149, SEAL_AT_LENGTH = 161, SEAL_HEADER_SIZE = 169,
};
#define SEAL_MAGIC "NVMSEAL" /* with its NUL: 8 bytes */

struct seal_header {
    struct tee_sealed sealed;
    uint8_t key_id[SEAL_KEY_ID_SIZE], salt[SEAL_SALT_SIZE], nonce[SEAL_NONCE_SIZE];
    uint64_t length;               /* of the data */
};

void seal_header_write(const struct seal_header *h, uint8_t out[SEAL_HEADER_SIZE]);
/* Refusals: seal-corrupt, version, suite. That `length` fits the blob is checked. */
enum status seal_header_read(struct bytes blob, struct seal_header *out, struct error *e);

/* SHA-384("nvm-seal-registers-v1" ‖ 0x00 ‖ le32 mask ‖ (index u8 ‖ value) of each). False: the set has not all of them;
 * null: a set of none. */
bool seal_composite(uint32_t mask, const struct tee_snapshot *registers, uint8_t out[SEAL_COMPOSITE_SIZE]);

#endif
