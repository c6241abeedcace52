/* Test hierarchies of all platforms as files: what `nvm tee pki` writes. */
#ifndef TEE_TEST_PKI_H
#define TEE_TEST_PKI_H

#include "tee/issue.h"

enum { TEST_PKI_FILES = 80 };

struct test_pki_file {
    const char *folder, *name;     /* "tdx", "quote-v4.bin" */
    struct bytes data;
    bool private_key;
};
/* Zero-initialise; release with test_pki_free. */
struct test_pki {
    struct issue issue;            /* owns the data */
    struct test_pki_file files[TEST_PKI_FILES];
    uint32_t count;
};

/* Everything that docs/tee-simulator.md lists, from a seed, with collateral and evidence of that time (Unix seconds).
 * `keys`: the RSA keys of AMD's hierarchy, if they are ready. Null: they are made of the seed, which takes ten seconds or
 * more: three of 4096 bits. */
struct issue_snp_keys;
enum status test_pki_make(const uint8_t seed[32], const struct issue_snp_keys *keys, int64_t at,
                          struct test_pki *out, struct error *e);
void test_pki_free(struct test_pki *p);

/* The folders, in the order in which files name them first; null ends them. */
extern const char *const test_pki_folders[];

#endif
