/* Why a transaction or a receipt failed: the protocol's own errors, with its names.
 * Source: near-primitives 0.38.0, errors.rs.
 *
 * Each of its enums is a table near/outcome_errors_NAME.def, of which this header makes
 *
 *     struct NAME_error { enum NAME_error_kind kind; union { ... }; }
 *
 * with one member of the union for each variant that has something to say, named like the variant:
 *
 *     UNIT(Expired, 11)                       nothing but the kind, NAME_error_Expired = 11
 *     VARIANT(Foo, 3, FIELD(u64, bar))        .Foo.bar
 *     NESTED(Foo, 3, prepare)                 .Foo is a struct prepare_error
 *     VALUE(Foo, 3, text)                     .Foo is one field
 *
 * so that `struct action_error e = {.kind = action_error_ReceiptStorageProofSizeExceeded,
 * .ReceiptStorageProofSizeExceeded.limit = 4000000}`.
 *
 * Fields refer to texts and keys that belong to somebody else and must stay. */
#ifndef NEAR_OUTCOME_ERROR_H
#define NEAR_OUTCOME_ERROR_H

#include "near/action.h"

struct option_u16 {
    bool present;
    uint16_t value;
};

enum deposit_reason { DEPOSIT_NOT_ENOUGH_BALANCE = 0, DEPOSIT_LACK_BALANCE_FOR_STATE = 1 };

#define TYPE_account struct account_id
#define TYPE_text struct bytes /* UTF-8 */
#define TYPE_balance struct u128
#define TYPE_u64 uint64_t
#define TYPE_u32 uint32_t
#define TYPE_u16 uint16_t
#define TYPE_option_u16 struct option_u16
#define TYPE_float double
#define TYPE_key const struct public_key *
#define TYPE_option_key const struct public_key * /* null: none */
#define TYPE_contract struct global_contract_id
#define TYPE_deposit_reason enum deposit_reason

/* The kinds. */
#define VARIANT(name, index, fields) ENUM_ERROR(name) = index,
#define NESTED(name, index, type) ENUM_ERROR(name) = index,
#define VALUE(name, index, type) ENUM_ERROR(name) = index,
#define UNIT(name, index) ENUM_ERROR(name) = index,
#define ENUM_ERROR(name) prepare_error_##name
enum prepare_error_kind {
#include "near/outcome_errors_prepare.def"
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) method_error_##name
enum method_error_kind {
#include "near/outcome_errors_method.def"
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) compilation_error_##name
enum compilation_error_kind {
#include "near/outcome_errors_compilation.def"
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) function_call_error_##name
enum function_call_error_kind {
#include "near/outcome_errors_function_call.def"
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) validation_error_##name
enum validation_error_kind {
#include "near/outcome_errors_validation.def"
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) receipt_error_##name
enum receipt_error_kind {
#include "near/outcome_errors_receipt.def"
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) access_key_error_##name
enum access_key_error_kind {
#include "near/outcome_errors_access_key.def"
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) action_error_##name
enum action_error_kind {
#include "near/outcome_errors_action.def"
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) invalid_tx_error_##name
enum invalid_tx_error_kind {
#include "near/outcome_errors_invalid_tx.def"
};
#undef ENUM_ERROR
#undef VARIANT
#undef NESTED
#undef VALUE
#undef UNIT

/* What they say. */
#define FIELD(type, name) TYPE_##type name;
#define VARIANT(name, index, fields) struct ENUM_ERROR(name) { fields } name;
#define NESTED(name, index, type) struct type##_error name;
#define VALUE(name, index, type) TYPE_##type name;
#define UNIT(name, index)
struct prepare_error {
    enum prepare_error_kind kind;
};
struct method_error {
    enum method_error_kind kind;
};
#define ENUM_ERROR(name) compilation_error_##name
struct compilation_error {
    enum compilation_error_kind kind;
    union {
#include "near/outcome_errors_compilation.def"
    };
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) function_call_error_##name
struct function_call_error {
    enum function_call_error_kind kind;
    union {
#include "near/outcome_errors_function_call.def"
    };
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) validation_error_##name
struct validation_error {
    enum validation_error_kind kind;
    union {
#include "near/outcome_errors_validation.def"
    };
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) receipt_error_##name
struct receipt_error {
    enum receipt_error_kind kind;
    union {
#include "near/outcome_errors_receipt.def"
    };
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) access_key_error_##name
struct access_key_error {
    enum access_key_error_kind kind;
    union {
#include "near/outcome_errors_access_key.def"
    };
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) action_error_##name
struct action_error {
    enum action_error_kind kind;
    union {
#include "near/outcome_errors_action.def"
    };
};
#undef ENUM_ERROR
#define ENUM_ERROR(name) invalid_tx_error_##name
struct invalid_tx_error {
    enum invalid_tx_error_kind kind;
    union {
#include "near/outcome_errors_invalid_tx.def"
    };
};
#undef ENUM_ERROR
#undef FIELD
#undef TYPE_account
#undef TYPE_text
#undef TYPE_balance
#undef TYPE_u64
#undef TYPE_u32
#undef TYPE_u16
#undef TYPE_option_u16
#undef TYPE_float
#undef TYPE_key
#undef TYPE_option_key
#undef TYPE_contract
#undef TYPE_deposit_reason
#undef VARIANT
#undef NESTED
#undef VALUE
#undef UNIT

enum execution_error_kind { EXECUTION_ERROR_ACTION = 0, EXECUTION_ERROR_INVALID_TX = 1 };

/* TxExecutionError: why the whole thing failed. */
struct execution_error {
    enum execution_error_kind kind;
    bool has_index;     /* EXECUTION_ERROR_ACTION: false if no action of the receipt is to blame */
    uint64_t index;     /* of the action that failed */
    union {
        struct action_error action;
        struct invalid_tx_error invalid_tx;
    };
};

/* Appends the error as RPC nodes print it: {"ActionError":{"index":0,"kind":{...}}}. */
void execution_error_json(const struct execution_error *e, struct buffer *out);

/* Appends the variants' names, outermost first, joined by dots: "ActionError.FunctionCallError.ExecutionError". */
void execution_error_name(const struct execution_error *e, struct buffer *out);

/* What a failed function call becomes in an outcome, from the error's variants ("HostError.GuestPanic") and text as a
 * contract call's outcome has them. `account` is who has no code. The message must stay; the arena holds what is made
 * of it. STATUS_USAGE: there is no error of that name; STATUS_NO_MEMORY. *out is then unchanged. */
enum status function_call_error_of(const char *kind, struct bytes message, const struct account_id *account,
                                   struct arena *arena, struct function_call_error *out, struct error *e);

#endif
