/* The parameters of the protocol by version: costs, fees, limits, flags, economics. The numbers are those of the
 * production node (near-parameters 0.38.0); docs/parameters.md says how the tables are made.
 *
 * Everything is constant: nothing to free, safe to share among threads. */
#ifndef NEAR_PARAMETERS_H
#define NEAR_PARAMETERS_H

#include "base/bytes.h"
#include "base/u128.h"

enum {
    PROTOCOL_VERSION_FIRST = 53,   /* the oldest one there is a table for */
    PROTOCOL_VERSION_CURRENT = 88,
};

/* ---- the lists -------------------------------------------------------------------------------------------------- */

enum ext_cost {
#define X(name, index) EXT_##name = index,
#include "near/ext_costs.def"
#undef X
    EXT_COST_COUNT,
};

enum action_cost {
#define X(name, index) ACTION_##name = index,
#include "near/action_costs.def"
#undef X
    ACTION_COST_COUNT,
};

/* "storage_write_base", "new_action_receipt", ...; "unknown" for a number that is no cost. */
const char *ext_cost_name(enum ext_cost cost);
const char *action_cost_name(enum action_cost cost);

/* ---- the values ------------------------------------------------------------------------------------------------- */

struct cost {
    uint64_t gas;
    uint64_t compute; /* what the chunk's compute limit counts; most often the same as gas */
};

/* Sending is paid by who makes the action: `send_sir` if sender and receiver are the same account ("sender is
 * receiver"). Executing is paid where it is applied. */
struct action_fee {
    struct cost send_sir, send_not_sir, execution;
};

/* The same in gas alone. */
struct gas_fee {
    uint64_t send_sir, send_not_sir, execution;
};

struct ratio {
    uint32_t numerator, denominator;
};

/* How account ids are checked (limits.account_id_validity_rules_version). */
enum account_id_rules {
    ACCOUNT_ID_UNCHECKED = 0,
    ACCOUNT_ID_CHECKED_IN_KEYS = 1, /* the receiver of a function call key is checked, no other */
    ACCOUNT_ID_CHECKED = 2,         /* wherever an account id is read from text: versions 83 and later */
};

#define LIMIT_ABSENT UINT64_MAX

/* In the units that the name says: bytes, elements, gas, blocks, pages of 64 KiB. A limit that a version does not know
 * is LIMIT_ABSENT; that holds for `min_contract_size_per_local`, too, where it means "no minimum". */
struct protocol_limits {
#define X(name) uint64_t name;
#include "near/limits.def"
#undef X
};

/* In the protocol's order. */
enum vm_kind { VM_WASMER0, VM_WASMTIME, VM_WASMER2, VM_NEAR_VM };
enum storage_get_mode { STORAGE_FLAT, STORAGE_TRIE };

struct protocol_flags {
#define X(name) bool name;
#include "near/flags.def"
#undef X
    uint32_t grow_mem_cost; /* gas for each page of memory.grow; unused where linear_op_* are in force */
    enum vm_kind vm_kind;
    enum storage_get_mode storage_get_mode;
};

struct runtime_parameters {
#define KIND_balance struct u128
#define KIND_u64 uint64_t
#define KIND_boolean bool
#define KIND_text const char *
#define KIND_ratio struct ratio
#define KIND_decimal struct ratio
#define KIND_fee struct gas_fee
#define X(kind, name, path) KIND_##kind name;
#include "near/runtime_parameters.def"
#undef X
#undef KIND_balance
#undef KIND_u64
#undef KIND_boolean
#undef KIND_text
#undef KIND_ratio
#undef KIND_decimal
#undef KIND_fee
};

struct protocol_parameters {
    uint32_t version;               /* the version that brought these values */
    uint32_t regular_op_cost;       /* gas of an instruction */
    uint64_t linear_op_base_cost;   /* gas of memory and table.init/copy/fill/grow: base + count × unit */
    uint64_t linear_op_unit_cost;
    struct cost ext[EXT_COST_COUNT];
    struct action_fee action[ACTION_COST_COUNT];
    struct protocol_limits limits;
    struct protocol_flags flags;
    struct runtime_parameters runtime;
};

/* The parameters in force at a version: the last entry that is not above it (versions after the last entry use that
 * one). Null below PROTOCOL_VERSION_FIRST. */
const struct protocol_parameters *parameters_of(uint32_t version);

/* All entries, in rising order; `index` from 0. Null past the last one. */
const struct protocol_parameters *parameters_entry(size_t index);

#endif
