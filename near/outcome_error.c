#include "near/outcome_error.h"

#include "near/json_values.h"

/* ---- fields, by type --------------------------------------------------------------------------------------------- */

static void put_account(struct json_writer *w, struct account_id id)
{
    json_write_account_id(w, &id);
}

static void put_text(struct json_writer *w, struct bytes text)
{
    json_write_string(w, text);
}

static void put_balance(struct json_writer *w, struct u128 balance)
{
    json_write_u128(w, balance);
}

static void put_u64(struct json_writer *w, uint64_t number)
{
    json_write_u64(w, number);
}

static void put_u32(struct json_writer *w, uint32_t number)
{
    json_write_u64(w, number);
}

static void put_u16(struct json_writer *w, uint16_t number)
{
    json_write_u64(w, number);
}

static void put_option_u16(struct json_writer *w, struct option_u16 number)
{
    if (number.present) json_write_u64(w, number.value);
    else json_write_null(w);
}

static void put_float(struct json_writer *w, double number)
{
    json_write_double(w, number);
}

static void put_key(struct json_writer *w, const struct public_key *key)
{
    json_write_public_key(w, key);
}

static void put_option_key(struct json_writer *w, const struct public_key *key)
{
    if (key) json_write_public_key(w, key);
    else json_write_null(w);
}

static void put_contract(struct json_writer *w, struct global_contract_id id)
{
    struct crypto_hash hash;
    json_write_open(w, '{');
    if (id.mode == GLOBAL_BY_ACCOUNT_ID) {
        json_write_name(w, "AccountId");
        json_write_account_id(w, &id.account_id);
    } else {
        memcpy(hash.bytes, id.code_hash, sizeof hash.bytes);
        json_write_name(w, "CodeHash");
        json_write_hash(w, &hash);
    }
    json_write_close(w, '}');
}

static void put_deposit_reason(struct json_writer *w, enum deposit_reason reason)
{
    json_write_text(w, reason == DEPOSIT_NOT_ENOUGH_BALANCE ? "NotEnoughBalance" : "LackBalanceForState");
}

/* ---- JSON, from the tables --------------------------------------------------------------------------------------- */

#define UNIT(name, index) \
    case ENUM_ERROR(name): json_write_text(w, #name); break;
#define FIELD(type, name)       \
    json_write_name(w, #name); \
    put_##type(w, v->name);
#define VARIANT(name, index, fields)                       \
    case ENUM_ERROR(name): {                               \
        const struct ENUM_ERROR(name) *const v = &e->name; \
        json_write_open(w, '{');                           \
        json_write_name(w, #name);                         \
        json_write_open(w, '{');                           \
        fields                                             \
        json_write_close(w, '}');                          \
        json_write_close(w, '}');                          \
        break;                                             \
    }
#define NESTED(name, index, type)        \
    case ENUM_ERROR(name):               \
        json_write_open(w, '{');         \
        json_write_name(w, #name);       \
        put_##type##_error(w, &e->name); \
        json_write_close(w, '}');        \
        break;
#define VALUE(name, index, type)   \
    case ENUM_ERROR(name):         \
        json_write_open(w, '{');   \
        json_write_name(w, #name); \
        put_##type(w, e->name);   \
        json_write_close(w, '}');  \
        break;

#define ENUM_ERROR(name) prepare_error_##name
static void put_prepare_error(struct json_writer *w, const struct prepare_error *e)
{
    switch (e->kind) {
#include "near/outcome_errors_prepare.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) method_error_##name
static void put_method_error(struct json_writer *w, const struct method_error *e)
{
    switch (e->kind) {
#include "near/outcome_errors_method.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) compilation_error_##name
static void put_compilation_error(struct json_writer *w, const struct compilation_error *e)
{
    switch (e->kind) {
#include "near/outcome_errors_compilation.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) function_call_error_##name
static void put_function_call_error(struct json_writer *w, const struct function_call_error *e)
{
    switch (e->kind) {
#include "near/outcome_errors_function_call.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) validation_error_##name
static void put_validation_error(struct json_writer *w, const struct validation_error *e)
{
    switch (e->kind) {
#include "near/outcome_errors_validation.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) receipt_error_##name
static void put_receipt_error(struct json_writer *w, const struct receipt_error *e)
{
    switch (e->kind) {
#include "near/outcome_errors_receipt.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) access_key_error_##name
static void put_access_key_error(struct json_writer *w, const struct access_key_error *e)
{
    switch (e->kind) {
#include "near/outcome_errors_access_key.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) action_error_##name
static void put_action_error(struct json_writer *w, const struct action_error *e)
{
    switch (e->kind) {
#include "near/outcome_errors_action.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) invalid_tx_error_##name
static void put_invalid_tx_error(struct json_writer *w, const struct invalid_tx_error *e)
{
    switch (e->kind) {
#include "near/outcome_errors_invalid_tx.def"
    }
}
#undef ENUM_ERROR
#undef UNIT
#undef FIELD
#undef VARIANT
#undef NESTED
#undef VALUE

void execution_error_json(const struct execution_error *e, struct buffer *out)
{
    struct json_writer w = json_writer_of(out);
    json_write_open(&w, '{');
    if (e->kind == EXECUTION_ERROR_INVALID_TX) {
        json_write_name(&w, "InvalidTxError");
        put_invalid_tx_error(&w, &e->invalid_tx);
    } else {
        json_write_name(&w, "ActionError");
        json_write_open(&w, '{');
        json_write_name(&w, "index");
        if (e->has_index) json_write_u64(&w, e->index);
        else json_write_null(&w);
        json_write_name(&w, "kind");
        put_action_error(&w, &e->action);
        json_write_close(&w, '}');
    }
    json_write_close(&w, '}');
}
