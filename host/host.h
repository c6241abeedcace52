/* host/: running one contract call exactly as production does: preparation by the protocol's rules, gas, registers,
 * promises, storage, and every import of `env`. State is reached through struct external_state alone (external.h).
 *
 * The facts come from near-vm-runner 0.38 (the production VM); sources are named where they matter. */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/u128.h"
#include "host/external.h"
#include "host/gas_counter.h"
#include "near/account_id.h"
#include "near/parameters.h"
#include "vm/vm.h"

/* ---- what goes in -------------------------------------------------------------------------------------------- */

enum promise_result_kind { PROMISE_NOT_READY = 0, PROMISE_SUCCESSFUL = 1, PROMISE_FAILED = 2 };

struct promise_result {
    enum promise_result_kind kind;
    struct bytes data;             /* PROMISE_SUCCESSFUL */
};

enum account_contract_kind { CONTRACT_NONE, CONTRACT_LOCAL, CONTRACT_GLOBAL_HASH, CONTRACT_GLOBAL_ACCOUNT };

/* What production calls VMContext. Everything it points to belongs to the caller and outlives the call. */
struct call_context {
    struct account_id current_account, signer_account, predecessor_account, refund_to_account;
    struct bytes signer_public_key;    /* Borsh */
    struct bytes input;
    const struct promise_result *promise_results;
    size_t promise_result_count;
    uint64_t block_height, block_timestamp /* nanoseconds */, epoch_height;
    struct u128 account_balance;       /* yoctoNEAR, without the attached deposit; their sum must fit */
    struct u128 account_locked_balance, attached_deposit;
    uint64_t storage_usage;            /* bytes */
    enum account_contract_kind contract_kind;
    uint8_t contract_hash[32];         /* CONTRACT_LOCAL, CONTRACT_GLOBAL_HASH */
    struct account_id contract_account; /* CONTRACT_GLOBAL_ACCOUNT */
    uint64_t prepaid_gas;
    struct bytes random_seed;
    bool is_view;
    uint64_t view_max_gas;             /* gas a view call may burn */
    const struct account_id *output_data_receivers;
    size_t output_data_receiver_count;
};

/* The defaults of ../tests/vectors: alice.near called by carol.near for bob.near, 300 Tgas, 10 NEAR, block 100. */
void call_context_default(struct call_context *c);

/* ---- what comes out ------------------------------------------------------------------------------------------- */

enum return_kind { RETURN_NONE, RETURN_VALUE, RETURN_RECEIPT };

struct call_outcome {
    struct u128 balance, subsidized_amount; /* yoctoNEAR */
    uint64_t storage_usage, burnt_gas, used_gas, compute_usage;
    struct gas_profile profile;
    enum return_kind return_kind;
    struct bytes return_value;
    uint64_t return_receipt;
    const struct bytes *logs;
    size_t log_count;
    /* The error's variants, outermost first, joined by dots ("HostError.GuestPanic"), and production's text; null and
     * empty if the call succeeded. */
    const char *error_kind;
    struct bytes error_message;
    struct trap_info trap;                  /* trap.trap != TRAP_NONE: where execution stopped, as module offsets */
    struct arena *arena;                    /* owns everything above */
};

void call_outcome_free(struct call_outcome *o);

/* ---- contracts ------------------------------------------------------------------------------------------------ */

/* A contract that was prepared for one set of parameters: immutable, may be shared by threads. */
struct contract;

struct contract_options {
    bool borrow_bytes;                      /* the caller's bytes outlive the contract */
    bool eager;                             /* translate everything now */
    enum dispatcher dispatcher;
    bool unmetered;                         /* for measurements only */
    bool traced;                            /* for struct call_trace (trace.h): slower */
};

/* Prepares `code`. STATUS_OK also if production refuses it: then every call ends in that error. Fails only for lack of
 * memory. `parameters` must outlive the contract. `options` may be null. */
enum status contract_prepare(const struct protocol_parameters *parameters, struct bytes code,
                             const struct contract_options *options, struct contract **out, struct error *e);
void contract_free(struct contract *c);     /* null is allowed */

/* Null, or the error of preparation ("CompilationError.PrepareError.Deserialization") with, in *why, what this
 * implementation found and where, in words of its own (for people; not part of the outcome). */
const char *contract_refusal(const struct contract *c, const struct error **why);
const struct module *contract_module(const struct contract *c); /* null if refused */

struct call_trace;

/* Stops a call and keeps its state. It stops at the first of what is asked for: at a threshold of gas, in front of the
 * instructions with which the code would have burnt more than this (what host functions burn may pass it: the call then
 * stops behind); behind a host function that was called and returned. docs/suspended-runs.md. */
struct call_suspend {
    uint64_t at_gas;                        /* burnt; UINT64_MAX: never */
    uint64_t at_call;                       /* the number of a call of a host function, from 1; 0: never */
    struct bytes events;                    /* kept with the state: the log of measurement registers, or nothing */
    struct buffer *state;                   /* gets the state */
    struct buffer *journal;                 /* null, or gets the journal of a call that ended: call_repeat */
    uint64_t burnt_gas, calls;              /* set when it stopped or ended: up to there */
};

/* What a state says, for messages and for restoring what goes with it; nothing of it has been checked but its form. */
struct call_state_info {
    uint64_t burnt_gas, calls;
    struct bytes events;
    size_t notes;                           /* bytes of its journal */
};
enum status call_state_inspect(struct bytes state, struct call_state_info *out, struct error *e);

/* Runs a method. STATUS_OK with the outcome in *out, whether the contract succeeded or failed. Otherwise there is no
 * outcome: STATUS_NO_MEMORY, STATUS_IO (the external failed), STATUS_USAGE (balances that overflow together; a call that
 * cannot be suspended: traced or unmetered), STATUS_SUSPENDED (options->suspend).
 *
 * With `resume`, a call goes on from the state of an earlier one: contract, method, context and limit of gas must be
 * the same; `external` is as it was before that call, and what the call had asked it for is asked again. STATUS_INVALID:
 * VM_ERROR_STATE_ENGINE: another engine, contract or version of the protocol; VM_ERROR_STATE_INVALID: not a state that
 * this call can be in. `options` may be null. */
struct call_options {
    uint64_t max_gas_burnt;                 /* UINT64_MAX: as the parameters have it; 0 is a limit of zero */
    struct call_trace *trace;               /* may be null */
    struct call_suspend *suspend;           /* null: it is never stopped */
    struct bytes resume;                    /* a state; empty: from the beginning */
    /* Called when a state was restored and found to be right, before anything goes on: may refuse. Null: nobody is. */
    enum status (*restored)(void *user, struct error *e);
    void *restored_user;
};
enum status contract_call(const struct contract *c, struct bytes method, const struct call_context *context,
                          struct external_state *external, const struct call_options *options,
                          struct call_outcome *out, struct error *e);

/* Asks `external` again what a call asked that ended with this journal, so that it comes to the same state without the
 * call being executed. STATUS_INVALID (VM_ERROR_STATE_INVALID), STATUS_IO, STATUS_NO_MEMORY. */
enum status call_repeat(struct external_state *external, struct bytes journal, struct error *e);

/* Outcomes as bytes (Borsh), but for `trap`. The reader takes those of a program that knew fewer costs: they are zero.
 * Reading: STATUS_INVALID (VM_ERROR_STATE_INVALID). */
void call_outcome_write(const struct call_outcome *o, struct buffer *out);
enum status call_outcome_read(struct bytes bytes, struct call_outcome *out, struct error *e);
/* The first form, which had a fixed number of costs. */
enum status call_outcome_read_v1(struct bytes bytes, struct call_outcome *out, struct error *e);

#endif
