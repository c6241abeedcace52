/* The state of one contract call that the host functions share, and the few helpers that all of them use. Internal to
 * host/. */
#ifndef HOST_CONTEXT_H
#define HOST_CONTEXT_H

#include "base/arena.h"
#include "host/host.h"
#include "host/registers.h"

/* A promise is one receipt, or several joined by promise_and. */
struct promise {
    bool joint;
    uint64_t receipt;              /* not joint */
    uint64_t *receipts;            /* joint: in the host's arena */
    uint32_t receipt_count;
};

/* How the call ends: the variant, and what its message needs. */
struct host_fault {
    enum host_error error;
    uint64_t a, b;
    struct bytes text;             /* in the host's arena or static */
};

struct host {
    const struct call_context *context;
    const struct protocol_parameters *parameters;
    struct external_state *external;
    struct gas_counter gas;
    struct registers registers;
    struct promise *promises;      /* host_release frees the array */
    uint32_t promise_count, promise_capacity;

    struct u128 balance;           /* of the account: falls when promises take some along */
    struct u128 locked_balance;
    struct u128 subsidized_amount;
    uint64_t storage_usage;

    struct bytes *logs;            /* texts in the arena */
    uint32_t log_count, log_capacity;
    uint64_t total_log_length;
    enum return_kind return_kind;
    struct bytes return_value;     /* in the arena */
    uint8_t *return_memory;        /* where it is, with room for the next one */
    size_t return_capacity;
    uint64_t return_receipt;
    uint64_t storage_proof_base;   /* recorded before this receipt */

    struct buffer scratch;         /* former values from the external; host_release frees it */
    struct access_tracker tracker; /* charges trie accesses to `gas`, records a fault */
    struct host_fault fault;
    struct arena *arena;           /* lives as long as the outcome */
    bool no_memory;                /* the system's: the run has no outcome */

    uint8_t *memory;               /* the guest's, refreshed at each host call */
    uint64_t memory_size;
};

/* A host function: arguments as 64-bit numbers in the order of imports.def (an i32 zero-extended). The result, if it
 * has one, goes to *result. Anything but HOST_OK ends the call; h->fault says how (host_fail and the helpers below
 * fill it). */
typedef enum host_error (*host_import)(struct host *h, const uint64_t *args, uint64_t *result);

/* The implementations: import_NAME for every line of imports.def. */
#define X(name, ...) enum host_error import_##name(struct host *h, const uint64_t *args, uint64_t *result);
#include "host/imports.def"
#undef X

/* Record how the call ends and return the error. */
enum host_error host_fail(struct host *h, enum host_error error);
enum host_error host_fail_numbers(struct host *h, enum host_error error, uint64_t a, uint64_t b);
enum host_error host_fail_text(struct host *h, enum host_error error, struct bytes text); /* copied */
enum host_error host_out_of_memory(struct host *h);   /* sets no_memory, returns HOST_EXTERNAL_FAILURE */
/* A state that contradicts itself, as `what` says: the run has no outcome. HOST_EXTERNAL_FAILURE, and the external's
 * error is set. */
enum host_error host_inconsistent(struct host *h, const char *what);
enum host_error host_prohibited_in_view(struct host *h, const char *function); /* HOST_OK unless in a view call */

/* `r` as it comes from gas_*, registers_* or an external function: HOST_OK passes through; an error is recorded (with
 * the external's numbers) unless one was before, and what is recorded is returned. */
enum host_error host_check(struct host *h, enum host_error r);

/* Every step of a host function that can end the call; `h` is the host. */
#define TRY(expression)                                                                                               \
    do {                                                                                                              \
        enum host_error try_result_ = (expression);                                                                   \
        if (try_result_ != HOST_OK) return host_check(h, try_result_);                                                \
    } while (0)

/* ---- memory (host/guest_memory.c) ----------------------------------------------------------------------------- */

enum host_error memory_view(struct host *h, uint64_t ptr, uint64_t len, struct bytes *out);        /* free of charge */
enum host_error memory_read(struct host *h, uint64_t ptr, uint64_t len, struct bytes *out);        /* pays; a view */
enum host_error memory_write(struct host *h, uint64_t ptr, struct bytes data);                     /* pays */
/* len == UINT64_MAX: the register numbered ptr. The view is valid until the register or the memory changes. */
enum host_error memory_or_register(struct host *h, uint64_t len, uint64_t ptr, struct bytes *out);
enum host_error memory_read_u128(struct host *h, uint64_t ptr, struct u128 *out);
enum host_error memory_write_u128(struct host *h, uint64_t ptr, struct u128 value);
/* read_and_parse_account_id */
enum host_error memory_read_account_id(struct host *h, uint64_t len, uint64_t ptr, struct account_id *out);
enum host_error register_read(struct host *h, uint64_t id, struct bytes *out);  /* registers_read; records the fault */
enum host_error register_write(struct host *h, uint64_t id, struct bytes data); /* registers_write, likewise */
/* Strings as production reads them for logs and panics: utf8/utf16, NUL-terminated if len is UINT64_MAX. In the arena,
 * as UTF-8. */
enum host_error memory_read_utf8(struct host *h, uint64_t len, uint64_t ptr, struct bytes *out);
enum host_error memory_read_utf16(struct host *h, uint64_t len, uint64_t ptr, struct bytes *out);
/* TotalLogLengthExceeded, had `length` more bytes become a log. */
enum host_error host_log_length_exceeded(struct host *h, uint64_t length);

/* ---- shared by several files ------------------------------------------------------------------------------------ */

struct bytes host_copy(struct host *h, struct bytes data); /* into the arena; data null and no_memory set on failure */
enum host_error host_deduct_balance(struct host *h, struct u128 amount);

/* Life of a host: host_init fills it from its arguments, all of which outlive it; host_release frees what is not in
 * the arena. A view call may burn what its context says, another one `max_gas_burnt`. HOST_IntegerOverflow: balance
 * and attached deposit are too much together; nothing to release then. */
enum host_error host_init(struct host *h, const struct call_context *context,
                          const struct protocol_parameters *parameters, uint64_t max_gas_burnt,
                          struct external_state *external, struct arena *arena);
void host_release(struct host *h);

/* The text of a fault, appended to `out`; and "HostError.Name". */
void host_fault_message(const struct host_fault *f, struct buffer *out);
const char *host_error_kind(enum host_error error);

/* ---- imports ---------------------------------------------------------------------------------------------------- */

struct import_definition {
    const char *name;
    uint8_t param_count;
    uint8_t params[16];            /* enum valtype */
    uint8_t result;                /* enum valtype, 0: none */
    host_import function;
    bool (*available)(const struct protocol_parameters *p);
};

/* Null: no import of that name at these parameters. */
const struct import_definition *import_find(const struct protocol_parameters *p, struct bytes name);
size_t import_count(void);
const struct import_definition *import_at(size_t i);

#endif
