/* Who makes evidence on this machine. Every path and ioctl goes through a table of functions (struct tee_system), so that
 * a fake machine can stand in for tests. There is no fallback: a provider that was asked for and is not there is an
 * error (no-device). */
#ifndef TEE_PROVIDER_H
#define TEE_PROVIDER_H

#include "tee/verdict.h"

/* The operating system, as far as providers see it. Functions return -1 and set *error to an errno on failure. */
struct tee_system {
    int (*open)(void *self, const char *path, int flags, int *error);
    int64_t (*read)(void *self, int fd, void *data, size_t size, int *error);
    int64_t (*write)(void *self, int fd, const void *data, size_t size, int *error);
    int (*close)(void *self, int fd, int *error);
    int (*ioctl)(void *self, int fd, unsigned long request, void *argument, int *error);
    int (*mkdir)(void *self, const char *path, int *error);
    int (*rmdir)(void *self, const char *path, int *error);
    void (*sleep_ms)(void *self, unsigned ms);
    bool (*random)(void *self, void *data, size_t size);
    void *self;
};
/* The real one; below `root` ("" for all paths as they are). */
struct tee_system_root { const char *root; };
struct tee_system tee_system_real(struct tee_system_root *root);

/* What evidence is wanted for. */
struct tee_request {
    uint8_t report_data[64];       /* SGX, TDX, SNP: all of it; Nitro: the first half is user_data */
    struct bytes nonce;            /* Nitro's nonce field; may be empty */
    struct bytes public_key;       /* Nitro's public_key; may be empty */
};

struct tee_generated {
    enum tee_platform platform;
    bool simulated;
    struct buffer evidence;        /* raw */
    struct buffer auxiliary;       /* SNP certificate table, simulator's collateral; may be empty */
};
void tee_generated_free(struct tee_generated *g);

struct tee_provider {
    const char *name;              /* "simulator", "tdx", "snp", "nitro", "sgx" */
    const char *summary;
    /* Whether it is there. *detail: one line on what was found or is missing (static or in the buffer). */
    bool (*probe)(const struct tee_system *s, struct buffer *detail);
    /* Everything that it can say about itself, as lines "name: value". */
    enum status (*describe)(const struct tee_system *s, struct buffer *out, struct error *e);
    enum status (*generate)(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                            struct error *e);
    /* 32 secret bytes for sealing; null: the hardware has none (TDX, Nitro). */
    enum status (*derive_root)(const struct tee_system *s, uint8_t out[32], struct error *e);
};

const struct tee_provider *tee_provider_named(struct bytes name); /* null: none */
size_t tee_provider_count(void);
const struct tee_provider *tee_provider_at(size_t i);

extern const struct tee_provider tee_provider_simulator, tee_provider_tdx, tee_provider_snp, tee_provider_nitro,
    tee_provider_sgx;

#endif
