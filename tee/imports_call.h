/* What the two forms of the imports share (imports_core.c, imports_wit.c). A helper that returns a trap has put the
 * reason into the call. */
#ifndef TEE_IMPORTS_CALL_H
#define TEE_IMPORTS_CALL_H

#include "tee/imports.h"

struct tee_import {
    const char *name;
    uint8_t params, results;       /* all i32 */
    host_function function;
};

enum { TEE_IMPORTS_CORE = 6, TEE_IMPORTS_WIT = 5 };
extern const struct tee_import tee_imports_core[TEE_IMPORTS_CORE], tee_imports_wit[TEE_IMPORTS_WIT];

/* Takes base + byte · bytes, if gas is counted. */
enum trap tee_import_pay(struct host_call *call, struct tee_import_cost cost, uint64_t bytes);
/* When guest code that was called from here ran out of gas: says so of this call, too. */
enum trap tee_import_short_of_gas(struct host_call *call, uint64_t charge);
/* The caller's memory from `at`, `size` bytes of it; both as the guest gave them. Valid until guest code runs. */
enum trap tee_import_memory(struct host_call *call, slot at, slot size, uint8_t **out);
enum trap tee_import_trap(struct host_call *call, const char *message);

/* The functions themselves, on bytes. Results are appended to *out. */
enum status tee_import_quote(struct tee_imports *t, struct bytes nonce, struct buffer *out);
enum status tee_import_seal(struct tee_imports *t, uint32_t mask, struct bytes data, struct buffer *out);
enum status tee_import_unseal(struct tee_imports *t, struct bytes blob, struct buffer *out);
enum status tee_import_suspend(struct tee_imports *t, const struct host_call *call);
/* What a refusal is for the guest. */
enum tee_import_error tee_import_error_of(const struct error *e);

/* The longest blob that can be unsealed. */
size_t tee_import_blob_max(void);

#endif
