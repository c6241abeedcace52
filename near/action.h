/* Actions: what receipts and transactions ask of an account. Source: near-primitives 0.38.0, action/mod.rs.
 *
 * Ownership: an action owns nothing. Every `struct bytes`, pointer and array in it belongs to somebody else (usually
 * the arena of the receipt or transaction it is in) and must stay as long as the action is used. */
#ifndef NEAR_ACTION_H
#define NEAR_ACTION_H

#include "base/u128.h"
#include "near/access_key.h"
#include "near/account_id.h"
#include "near/public_key.h"
#include "near/record_reader.h"

struct delegate_action;

enum action_kind {
#define X(name, title, index) ACTION_KIND_##name = index,
#include "near/action_kinds.def"
#undef X
    ACTION_KIND_COUNT,
};

const char *action_kind_name(enum action_kind kind); /* "CreateAccount", ...; "unknown" */

enum global_contract_mode { GLOBAL_BY_CODE_HASH = 0, GLOBAL_BY_ACCOUNT_ID = 1 };

/* What names a global contract. */
struct global_contract_id {
    enum global_contract_mode mode;
    union {
        uint8_t code_hash[32];
        struct account_id account_id;
    };
};

/* The length that fees are charged for: 32, or that of the account id. */
size_t global_contract_id_size(const struct global_contract_id *id);
bool global_contract_id_equal(const struct global_contract_id *a, const struct global_contract_id *b);
/* Borsh: a byte for the mode, then the hash or the account id as a string. */
void global_contract_id_write(const struct global_contract_id *id, struct buffer *out);
struct global_contract_id global_contract_id_read(struct record_reader *r);

struct state_entry {
    struct bytes key, value;
};

/* DeterministicAccountStateInit, version 1. The entries are sorted by key, byte by byte, and no key is there twice. */
struct deterministic_state_init {
    struct global_contract_id code;
    const struct state_entry *entries;
    size_t entry_count;
};

/* Borsh, to be hashed by account_id_deterministic. The reader refuses entries that are not in rising order: nothing
 * that a node wrote has them. */
void deterministic_state_init_write(const struct deterministic_state_init *init, struct buffer *out);
struct deterministic_state_init deterministic_state_init_read(struct record_reader *r);

struct action {
    enum action_kind kind;
    union {
        struct { struct bytes code; } deploy_contract;
        struct {
            struct bytes method_name;
            struct bytes arguments;
            uint64_t gas;
            uint64_t gas_weight; /* share of the gas left over at the end of a call; 0 once receipts are final */
            struct u128 deposit;
        } function_call;
        struct { struct u128 deposit; } transfer;
        struct { struct u128 stake; const struct public_key *public_key; } stake;
        struct { const struct public_key *public_key; struct access_key access_key; } add_key; /* gas keys, too */
        struct { const struct public_key *public_key; } delete_key;
        struct { struct account_id beneficiary_id; } delete_account;
        struct {
            struct bytes borsh; /* SignedDelegateAction or VersionedSignedDelegateAction */
            const struct delegate_action *parsed; /* the same; null if nobody has read it (near/action_delegate.h) */
        } delegate;
        struct { struct bytes code; enum global_contract_mode mode; } deploy_global_contract;
        struct { struct global_contract_id contract; } use_global_contract;
        struct { struct deterministic_state_init state_init; struct u128 deposit; } deterministic_state_init;
        struct { struct bytes state_init; struct u128 deposit; } universal_state_init; /* Borsh, as it was handed in */
        struct { const struct public_key *public_key; struct u128 deposit; } transfer_to_gas_key;
        struct { const struct public_key *public_key; struct u128 amount; } withdraw_from_gas_key;
    };
};

/* ---- Borsh: the index of the kind, then its fields --------------------------------------------------------------- */

/* The weight of a function call's gas is no part of it. A delegate action is written from `delegate.borsh`. */
void action_write(const struct action *action, struct buffer *out);
/* Reads delegate actions with what is in them, also into `parsed`; refuses one inside of another. */
struct action action_read(struct record_reader *r);

/* With a count in front. */
void actions_write(const struct action *actions, uint32_t count, struct buffer *out);
const struct action *actions_read(struct record_reader *r, uint32_t *count);
/* The same without delegate actions among them: what a delegate action may hold. */
const struct action *actions_read_in_delegate(struct record_reader *r, uint32_t *count);

/* ---- what actions bring along ------------------------------------------------------------------------------------ */

/* Gas that the action brings along (function calls), and the balance that goes to the receiver with it. */
uint64_t action_prepaid_gas(const struct action *action);
struct u128 action_deposit(const struct action *action);

#endif
