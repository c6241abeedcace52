/* Measurement, evidence and sealing as imports of WebAssembly modules, for embedders: the module `nvm_tee`. NEAR's
 * contracts never get it: preparation refuses them like those with any other unknown import.
 *
 * docs/sealing.md describes the functions. They come in two forms:
 *
 *   tee_extend_pcr(index, ptr, len) → i32              tee_seal_blob(ptr, len, out, cap) → i32
 *   tee_read_pcr(index, out, cap) → i32                tee_unseal_blob(ptr, len, out, cap) → i32
 *   tee_generate_quote(nonce, nonce_len, out, cap) → i32       tee_suspend() → i32
 *       0 or the length of the output, or -1 - enum tee_import_error. A register that does not exist, a nonce or data
 *       longer than allowed, and memory that is not the guest's, are traps.
 *
 *   extend-measurement, generate-quote, seal-to-pcr, unseal, suspend
 *       as the component model lowers functions with result<_, error> (the last parameter points to the result, lists
 *       are put where the guest's export cabi_realloc says): errors are values, in the order of enum tee_import_error.
 *
 * tee_suspend stops the run behind its call, with 0 as its result for when the run goes on (vm/suspend.h). The embedder
 * that finds a call ended by TRAP_SUSPENDED keeps instance_checkpoint and the event log of the registers; who goes on
 * with it restores both. Where that is not offered (may_suspend), or not metered, nothing stops and the result is
 * no-device; where C or another instance is on the stack (from cabi_realloc, for one), busy.
 *
 * Gas is charged before anything is done, by the lengths that the guest names. */
#ifndef TEE_IMPORTS_H
#define TEE_IMPORTS_H

#include "tee/provider.h"
#include "tee/seal.h"
#include "vm/vm.h"

#define TEE_IMPORT_MODULE "nvm_tee"

enum tee_import_error {
    TEE_IMPORT_UNKNOWN_REGISTER, TEE_IMPORT_TOO_LARGE, TEE_IMPORT_NO_DEVICE, TEE_IMPORT_BUSY, TEE_IMPORT_POLICY_MISMATCH,
    TEE_IMPORT_CORRUPT,
    TEE_IMPORT_BUFFER,             /* of the first form alone: the output is longer than `cap` */
};

enum {
    TEE_IMPORT_NONCE_MAX = 64,
    TEE_IMPORT_DATA_MAX = 1 << 20, /* bytes to be sealed */
    TEE_IMPORT_QUOTE_MAX = 1 << 20,
};

/* What a call costs in gas: base + byte · (bytes of the input + bytes of the output that the guest has room for). */
struct tee_import_cost {
    uint64_t base, byte;
};
struct tee_import_costs {
    struct tee_import_cost extend, read, quote, seal, unseal, suspend;
};
/* In instructions, about as long as they take. */
void tee_import_costs_default(struct tee_import_costs *costs);

/* Filled in by the embedder; must outlive the store. Belongs to one thread, but for `registers`. */
struct tee_imports {
    struct tee_registers *registers;     /* required */
    const struct tee_system *system;     /* required */
    const struct tee_provider *provider; /* null: quotes are refused (no-device) */
    const struct tee_root *root;         /* null: sealing is refused (no-device) */
    struct tee_import_costs costs;       /* charged if the store's modules have a schedule */
    bool raw_quotes;                     /* evidence as the provider gives it, instead of an attestation file (attest.h) */
    struct bytes public_key;             /* that quotes bind; may be empty */
    enum tee_root_kind resumed;          /* the run goes on from a file that was sealed under such a root; 0: it began
                                          * here. Quotes say so: registers of a resumed run are as its file has them */
    bool may_suspend;                    /* the embedder keeps runs that ask to be suspended */
    bool has_code_hash;                  /* whether seals are for this code alone */
    uint8_t code_hash[32];
    uint32_t seal_mask;                  /* registers that seals depend on, beside those that the guest names */
    struct error error;                  /* of the last function that failed */
};

/* Makes the function that a module imports. STATUS_UNLINKABLE if nvm_tee has none of that name and type, or if it is
 * another module's: *e says which; STATUS_NO_MEMORY. */
enum status tee_import_new(struct tee_imports *t, struct store *s, const struct import_info *import,
                           struct external *out, struct error *e);

size_t tee_import_count(void);
const char *tee_import_name(size_t i);
struct functype tee_import_type(size_t i);

#endif
