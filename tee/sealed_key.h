/* 32 secret bytes as sealed data: a tag that says of what kind the key is, and the bytes. */
#ifndef TEE_SEALED_KEY_H
#define TEE_SEALED_KEY_H

#include "tee/seal.h"

enum { SEALED_KEY_SIZE = 32, SEALED_KEY_TAG_MAX = 32 };

/* `tag` is a string constant shorter than SEALED_KEY_TAG_MAX. */
enum status sealed_key_write(const char *tag, const uint8_t key[SEALED_KEY_SIZE], const struct tee_root *root,
                             const struct tee_system *system, const struct tee_seal_policy *policy,
                             const struct tee_snapshot *registers, struct buffer *out, struct error *e);
/* Refusals of tee_unseal; format if it was sealed with another tag. */
enum status sealed_key_read(const char *tag, const struct tee_root *root, struct bytes blob,
                            const struct tee_snapshot *registers, const uint8_t *code_hash, uint8_t key[SEALED_KEY_SIZE],
                            struct error *e);

#endif
