/* Outcomes: hashes, leaves, roots and paths of every outcome in the scenarios; errors, profiles and statuses in JSON as
 * production prints them; partial outcomes read and written. */
#include "proof/merkle.h"
#include "tests/merkle_path.h"
#include "tests/runtime_vectors.h"

/* ---- errors out of JSON, by the same tables that print them ------------------------------------------------------ */

static struct arena arena;

static void get_account(struct json *json, struct account_id *out)
{
    CHECK(account_id_parse(string_bytes(json), out, NULL));
}
static void get_text(struct json *json, struct bytes *out)
{
    *out = string_bytes(json);
}
static void get_balance(struct json *json, struct u128 *out)
{
    CHECK(u128_parse(string_bytes(json), out));
}
static void get_u64(struct json *json, uint64_t *out)
{
    *out = number(json);
}
static void get_u32(struct json *json, uint32_t *out)
{
    *out = (uint32_t)number(json);
}
static void get_u16(struct json *json, uint16_t *out)
{
    *out = (uint16_t)number(json);
}
static void get_option_u16(struct json *json, struct option_u16 *out)
{
    *out = (struct option_u16){json != NULL, json ? (uint16_t)number(json) : (uint16_t)0};
}
static void get_float(struct json *json, double *out)
{
    *out = strtod(json_is(json, JSON_REAL) ? json->u.text : "0", NULL);
}
static void get_key(struct json *json, const struct public_key **out)
{
    struct public_key *key = arena_alloc(&arena, sizeof *key);
    CHECK(public_key_parse(string_bytes(json), key, NULL) == STATUS_OK);
    *out = key;
}
static void get_option_key(struct json *json, const struct public_key **out)
{
    *out = NULL;
    if (json) get_key(json, out);
}
static void get_contract(struct json *json, struct global_contract_id *out)
{
    if (member(json, "AccountId")) {
        *out = (struct global_contract_id){.mode = GLOBAL_BY_ACCOUNT_ID};
        get_account(member(json, "AccountId"), &out->account_id);
    } else {
        const struct crypto_hash h = hash_of_json(member(json, "CodeHash"));
        *out = (struct global_contract_id){.mode = GLOBAL_BY_CODE_HASH};
        memcpy(out->code_hash, h.bytes, sizeof h.bytes);
    }
}
static void get_deposit_reason(struct json *json, enum deposit_reason *out)
{
    *out = strcmp(json_chars(json), "NotEnoughBalance") == 0 ? DEPOSIT_NOT_ENOUGH_BALANCE
                                                                         : DEPOSIT_LACK_BALANCE_FOR_STATE;
}

static bool is_text(struct json *json, const char *text)
{
    return json_is(json, JSON_STRING) && strcmp(json_chars(json), text) == 0;
}

/* Each reader returns whether it knows the variant. */
#define UNIT(name, index)               \
    if (is_text(json, #name)) {         \
        e->kind = ENUM_ERROR(name);     \
        return true;                    \
    }
#define FIELD(type, name) get_##type(member(fields_of, #name), &v->name);
#define VARIANT(name, index, fields)                     \
    if (member(json, #name)) {                           \
        struct json *fields_of = member(json, #name); \
        struct ENUM_ERROR(name) *v = &e->name;           \
        e->kind = ENUM_ERROR(name);                      \
        fields                                           \
        return true;                                     \
    }
#define NESTED(name, index, type)                                  \
    if (member(json, #name)) {                                     \
        e->kind = ENUM_ERROR(name);                                \
        return read_##type##_error(member(json, #name), &e->name); \
    }
#define VALUE(name, index, type)                   \
    if (member(json, #name)) {                     \
        e->kind = ENUM_ERROR(name);                \
        get_##type(member(json, #name), &e->name); \
        return true;                               \
    }

#define ENUM_ERROR(name) prepare_error_##name
static bool read_prepare_error(struct json *json, struct prepare_error *e)
{
#include "near/outcome_errors_prepare.def"
    return false;
}
#undef ENUM_ERROR
#define ENUM_ERROR(name) method_error_##name
static bool read_method_error(struct json *json, struct method_error *e)
{
#include "near/outcome_errors_method.def"
    return false;
}
#undef ENUM_ERROR
#define ENUM_ERROR(name) compilation_error_##name
static bool read_compilation_error(struct json *json, struct compilation_error *e)
{
#include "near/outcome_errors_compilation.def"
    return false;
}
#undef ENUM_ERROR
#define ENUM_ERROR(name) function_call_error_##name
static bool read_function_call_error(struct json *json, struct function_call_error *e)
{
#include "near/outcome_errors_function_call.def"
    return false;
}
#undef ENUM_ERROR
#define ENUM_ERROR(name) validation_error_##name
static bool read_validation_error(struct json *json, struct validation_error *e)
{
#include "near/outcome_errors_validation.def"
    return false;
}
#undef ENUM_ERROR
#define ENUM_ERROR(name) receipt_error_##name
static bool read_receipt_error(struct json *json, struct receipt_error *e)
{
#include "near/outcome_errors_receipt.def"
    return false;
}
#undef ENUM_ERROR
#define ENUM_ERROR(name) access_key_error_##name
static bool read_access_key_error(struct json *json, struct access_key_error *e)
{
#include "near/outcome_errors_access_key.def"
    return false;
}
#undef ENUM_ERROR
#define ENUM_ERROR(name) action_error_##name
static bool read_action_error(struct json *json, struct action_error *e)
{
#include "near/outcome_errors_action.def"
    return false;
}
#undef ENUM_ERROR
#define ENUM_ERROR(name) invalid_tx_error_##name
static bool read_invalid_tx_error(struct json *json, struct invalid_tx_error *e)
{
#include "near/outcome_errors_invalid_tx.def"
    return false;
}
#undef ENUM_ERROR

static bool read_error(struct json *json, struct execution_error *e)
{
    struct json *action = member(json, "ActionError"), *index = action ? member(action, "index") : NULL;
    if (!action) {
        e->kind = EXECUTION_ERROR_INVALID_TX;
        return read_invalid_tx_error(member(json, "InvalidTxError"), &e->invalid_tx);
    }
    e->kind = EXECUTION_ERROR_ACTION;
    e->has_index = index != NULL;
    e->index = index ? number(index) : 0;
    return read_action_error(member(action, "kind"), &e->action);
}

/* ---- outcomes out of JSON ---------------------------------------------------------------------------------------- */

static unsigned cost_named(const char *name, unsigned count, const char *(*name_of)(unsigned))
{
    for (unsigned i = 0; i < count; i++)
        if (strcasecmp(name_of(i), name) == 0) return i;
    return count;
}
static const char *action_name(unsigned i)
{
    return action_cost_name((enum action_cost)i);
}
static const char *ext_name(unsigned i)
{
    return ext_cost_name((enum ext_cost)i);
}

static struct gas_profile *read_profile(struct json *list)
{
    struct gas_profile *p = arena_alloc(&arena, sizeof *p);
    for (size_t i = 0; i < elements(list); i++) {
        const char *cost = json_chars(member(element(list, i), "cost"));
        const uint64_t gas = strtoull(json_chars(member(element(list, i), "gas_used")), NULL, 10);
        const unsigned action = cost_named(cost, ACTION_COST_COUNT, action_name);
        const unsigned ext = cost_named(cost, EXT_COST_COUNT, ext_name);
        const bool is_action = is_text(member(element(list, i), "cost_category"), "ACTION_COST");
        if (is_action && CHECK(action < ACTION_COST_COUNT)) p->action[action] = gas;
        else if (!is_action && ext < EXT_COST_COUNT) p->ext[ext] = gas;
        else if (CHECK_TEXT(cost, "WASM_INSTRUCTION")) p->wasm = gas;
    }
    return p;
}

static void read_status(struct json *status, struct execution_outcome *o)
{
    if (member(status, "Failure")) {
        struct execution_error *error = arena_alloc(&arena, sizeof *error);
        o->status = EXECUTION_FAILURE;
        if (!CHECK(read_error(member(status, "Failure"), error)))
            show_json("", status);
        o->error = error;
    } else if (member(status, "SuccessValue")) {
        struct buffer value = {0};
        o->status = EXECUTION_SUCCESS_VALUE;
        from_base64(member(status, "SuccessValue"), &value);
        uint8_t *copy = arena_alloc(&arena, value.size);
        if (value.size) memcpy(copy, value.data, value.size);
        o->value = bytes_of(copy, value.size);
        buffer_free(&value);
    } else {
        o->status = EXECUTION_SUCCESS_RECEIPT_ID;
        o->receipt_id = hash_of_json(member(status, "SuccessReceiptId"));
    }
}

static struct execution_outcome read_outcome(struct json *json)
{
    struct execution_outcome o = {.id = hash_of_json(member(json, "id"))};
    struct json *logs = member(json, "logs"), *receipts = member(json, "receipt_ids");
    struct bytes *texts = arena_array(&arena, elements(logs), sizeof *texts);
    struct crypto_hash *ids = arena_array(&arena, elements(receipts), sizeof *ids);
    get_account(member(json, "executor_id"), &o.executor_id);
    for (size_t i = 0; i < elements(logs); i++) texts[i] = string_bytes(element(logs, i));
    for (size_t i = 0; i < elements(receipts); i++) ids[i] = hash_of_json(element(receipts, i));
    o.logs = texts;
    o.log_count = (uint32_t)elements(logs);
    o.receipt_ids = ids;
    o.receipt_id_count = (uint32_t)elements(receipts);
    o.gas_burnt = number(member(json, "gas_burnt"));
    get_balance(member(json, "tokens_burnt"), &o.tokens_burnt);
    if (number(member(json, "metadata_version")) == 3) o.profile = read_profile(member(json, "gas_profile"));
    read_status(member(json, "status"), &o);
    return o;
}

/* ---- the scenarios ----------------------------------------------------------------------------------------------- */

static struct {
    unsigned outcomes, logs, failures, profiles, roots, paths;
} seen;

static struct buffer text, hex;

static struct json *parsed(struct buffer *b)
{
    return b->failed ? NULL : json_of(bytes_of(b->data, b->size));
}

static void check_json(const struct execution_outcome *o, struct json *json)
{
    text.size = 0;
    outcome_status_json(o, &text);
    struct json *printed = parsed(&text);
    if (!CHECK(json_equal(printed, member(json, "status"))))
        show_json("expected", member(json, "status"));
    json_free(printed);
    text.size = 0;
    outcome_profile_json(o->profile, &text);
    printed = parsed(&text);
    if (o->profile) CHECK(json_equal(printed, member(json, "gas_profile")));
    else CHECK(json_is(printed, JSON_NULL));
    json_free(printed);
    text.size = 0;
    outcome_json(o, &text);
    printed = parsed(&text);
    CHECK(json_equal(member(printed, "status"), member(json, "status")));
    CHECK(json_equal(member(printed, "logs"), member(json, "logs")));
    CHECK(json_equal(member(printed, "receipt_ids"), member(json, "receipt_ids")));
    CHECK(json_equal(member(printed, "tokens_burnt"), member(json, "tokens_burnt")));
    CHECK_EQUAL(number(member(printed, "gas_burnt")), number(member(json, "gas_burnt")));
    CHECK_EQUAL(number(member(member(printed, "metadata"), "version")), number(member(json, "metadata_version")));
    json_free(printed);
    seen.failures += o->status == EXECUTION_FAILURE;
    seen.profiles += o->profile != NULL;
}

static void check_partial(const struct execution_outcome *o)
{
    struct execution_outcome again;
    struct bytes written;
    text.size = 0;
    outcome_partial_write(o, &text);
    written = bytes_of(text.data, text.size);
    if (!CHECK_EQUAL(outcome_partial_from_borsh(written, &arena, &again, NULL), STATUS_OK)) return;
    hex.size = 0;
    outcome_partial_write(&again, &hex);
    CHECK(bytes_equal(written, bytes_of(hex.data, hex.size)));
    for (size_t cut = 0; cut < written.size; cut++)
        CHECK_EQUAL(outcome_partial_from_borsh(bytes_of(text.data, cut), &arena, &again, NULL), STATUS_MALFORMED);
}

static void check_hashes(const struct execution_outcome *o, struct json *expected, struct crypto_hash *leaf)
{
    const size_t count = 2 + (size_t)o->log_count;
    struct crypto_hash *hashes = arena_array(&arena, count, sizeof *hashes);
    if (!CHECK_EQUAL(elements(expected), count)) return;
    CHECK_EQUAL(outcome_hashes(o, hashes, NULL), STATUS_OK);
    CHECK_EQUAL(outcome_leaf(o, leaf, NULL), STATUS_OK);
    for (size_t i = 0; i < count; i++)
        CHECK(bytes_equal(from_hex(element(expected, i), &hex), crypto_hash_bytes(&hashes[i])));
    const struct crypto_hash again = outcome_leaf_of_hashes(hashes, count);
    CHECK(crypto_hash_equal(&again, leaf));
    seen.logs += o->log_count;
    seen.outcomes++;
}

static void visit_result(struct json *result, void *context)
{
    (void)context;
    struct json *list = member(result, "outcomes");
    const size_t count = elements(list);
    struct crypto_hash *leaves = arena_array(&arena, count, sizeof *leaves);
    for (size_t i = 0; i < count; i++) {
        const struct execution_outcome o = read_outcome(element(list, i));
        check_hashes(&o, member(element(list, i), "leaf_hashes_hex"), &leaves[i]);
        check_json(&o, element(list, i));
        if (i % 16 == 0) check_partial(&o);
    }
    const struct crypto_hash root = merkle_root(leaves, count);
    char base58[CRYPTO_HASH_TEXT_SIZE];
    CHECK_TEXT(crypto_hash_text(&root, base58), json_chars(member(result, "outcome_root")));
    seen.roots++;
    for (size_t i = 0; i < count; i++) {
        struct merkle_path path;
        CHECK(merkle_path_of(leaves, count, i, &path));
        const struct crypto_hash from_path = merkle_path_root(&path, &leaves[i]);
        CHECK(crypto_hash_equal(&from_path, &root));
        CHECK(merkle_path_is_of(&path, i, count));
        seen.paths++;
    }
    arena_free(&arena);
}

static void visit_scenario(struct json *scenario, void *context)
{
    struct json *results = member(scenario, "results");
    for (size_t b = 0; b < elements(results); b++) each_shard(element(results, b), visit_result, context);
}

static void test_scenarios(void)
{
    test_begin("outcomes of the scenarios: hashes, leaves, roots, paths, JSON");
    each_scenario_of_both(visit_scenario, NULL);
    printf("  %u outcomes (%u failures, %u profiles, %u logs), %u roots, %u paths\n", seen.outcomes, seen.failures,
           seen.profiles, seen.logs, seen.roots, seen.paths);
    if (seen.roots) CHECK(seen.outcomes > 6000 && seen.failures > 1000 && seen.profiles > 3000 && seen.roots > 2000);
}

/* ---- what the scenarios don't have ------------------------------------------------------------------------------- */

static void check_error(const struct execution_error *e, const char *json, const char *name)
{
    text.size = 0;
    execution_error_json(e, &text);
    buffer_append_byte(&text, 0);
    CHECK_TEXT((const char *)text.data, json);
    struct json *object = json_of(bytes_of_string((const char *)text.data));
    struct execution_error again = {0};
    CHECK(read_error(object, &again));
    json_free(object);
    text.size = 0;
    execution_error_name(e, &text);
    buffer_append_byte(&text, 0);
    CHECK_TEXT((const char *)text.data, name);
    arena_free(&arena);
}

static void test_errors(void)
{
    test_begin("errors");
    const struct public_key key = {.type = KEY_ED25519};
    struct execution_error e = {.kind = EXECUTION_ERROR_INVALID_TX,
                                .invalid_tx = {.kind = invalid_tx_error_ShardCongested,
                                               .ShardCongested = {.shard_id = 7, .congestion_level = 0.25}}};
    check_error(&e, "{\"InvalidTxError\":{\"ShardCongested\":{\"shard_id\":7,\"congestion_level\":0.25}}}",
                "InvalidTxError.ShardCongested");
    e.invalid_tx.ShardCongested.congestion_level = 1;
    check_error(&e, "{\"InvalidTxError\":{\"ShardCongested\":{\"shard_id\":7,\"congestion_level\":1.0}}}",
                "InvalidTxError.ShardCongested");
    e.invalid_tx = (struct invalid_tx_error){.kind = invalid_tx_error_InvalidNonceIndex,
                                             .InvalidNonceIndex = {{false, 0}, 3}};
    check_error(&e, "{\"InvalidTxError\":{\"InvalidNonceIndex\":{\"tx_nonce_index\":null,\"num_nonces\":3}}}",
                "InvalidTxError.InvalidNonceIndex");
    e.invalid_tx.InvalidNonceIndex.tx_nonce_index = (struct option_u16){true, 9};
    check_error(&e, "{\"InvalidTxError\":{\"InvalidNonceIndex\":{\"tx_nonce_index\":9,\"num_nonces\":3}}}",
                "InvalidTxError.InvalidNonceIndex");
    e = (struct execution_error){.kind = EXECUTION_ERROR_ACTION,
                                 .action = {.kind = action_error_GasKeyBalanceTooHigh,
                                            .GasKeyBalanceTooHigh = {account_id_of("a.near"), NULL, u128_of(5)}}};
    check_error(&e,
                "{\"ActionError\":{\"index\":null,\"kind\":{\"GasKeyBalanceTooHigh\":{\"account_id\":\"a.near\","
                "\"public_key\":null,\"balance\":\"5\"}}}}",
                "ActionError.GasKeyBalanceTooHigh");
    e.has_index = true;
    e.index = 2;
    e.action.GasKeyBalanceTooHigh.public_key = &key;
    check_error(&e,
                "{\"ActionError\":{\"index\":2,\"kind\":{\"GasKeyBalanceTooHigh\":{\"account_id\":\"a.near\","
                "\"public_key\":\"ed25519:11111111111111111111111111111111\",\"balance\":\"5\"}}}}",
                "ActionError.GasKeyBalanceTooHigh");
    e.action = (struct action_error){
        .kind = action_error_NewReceiptValidationError,
        .NewReceiptValidationError = {.kind = receipt_error_ActionsValidation,
                                      .ActionsValidation = {.kind = validation_error_InvalidAccountId,
                                                            .InvalidAccountId = {bytes_of_string("\x01\"\n")}}}};
    check_error(&e,
                "{\"ActionError\":{\"index\":2,\"kind\":{\"NewReceiptValidationError\":{\"ActionsValidation\":"
                "{\"InvalidAccountId\":{\"account_id\":\"\\u0001\\\"\\n\"}}}}}}",
                "ActionError.NewReceiptValidationError.ActionsValidation.InvalidAccountId");
}

static void check_call_error(const char *kind, const char *message, const char *json)
{
    struct execution_error e = {.kind = EXECUTION_ERROR_ACTION, .action.kind = action_error_FunctionCallError};
    const struct account_id account = account_id_of("c.near");
    if (!CHECK_EQUAL(function_call_error_of(kind, bytes_of_string(message), &account, &arena,
                                            &e.action.FunctionCallError, NULL), STATUS_OK))
        return;
    text.size = 0;
    execution_error_json(&e, &text);
    buffer_append_byte(&text, 0);
    char expected[300];
    snprintf(expected, sizeof expected, "{\"ActionError\":{\"index\":null,\"kind\":{\"FunctionCallError\":%s}}}", json);
    CHECK_TEXT((const char *)text.data, expected);
}

static void test_call_errors(void)
{
    test_begin("errors of function calls");
    check_call_error("HostError.GuestPanic", "Smart contract panicked: x",
                     "{\"ExecutionError\":\"Smart contract panicked: x\"}");
    check_call_error("LinkError", "unknown or invalid import",
                     "{\"ExecutionError\":\"Link Error: unknown or invalid import\"}");
    check_call_error("WasmTrap.Unreachable", "WebAssembly trap: u", "{\"ExecutionError\":\"WebAssembly trap: u\"}");
    check_call_error("LoadingError", "Loading error: l", "{\"ExecutionError\":\"Loading error: l\"}");
    check_call_error("MethodResolveError.MethodNotFound", "MethodNotFound",
                     "{\"MethodResolveError\":\"MethodNotFound\"}");
    check_call_error("CompilationError.PrepareError.TooManyLocals", "",
                     "{\"CompilationError\":{\"PrepareError\":\"TooManyLocals\"}}");
    check_call_error("CompilationError.CodeDoesNotExist", "",
                     "{\"CompilationError\":{\"CodeDoesNotExist\":{\"account_id\":\"c.near\"}}}");
    struct function_call_error e;
    struct error error;
    static const char *const unknown[] = {"", "HostErrors", "LinkError.X", "CompilationError.PrepareError.Nothing",
                                          "CompilationError.X", "MethodResolveError."};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        CHECK_EQUAL(function_call_error_of(unknown[i], (struct bytes){0}, NULL, &arena, &e, &error), STATUS_USAGE);
    arena_free(&arena);
}

static void test_profiles(void)
{
    test_begin("profiles in Borsh");
    struct gas_profile p, again;
    for (unsigned i = 0; i < ACTION_COST_COUNT; i++) p.action[i] = 1000 + i;
    for (unsigned i = 0; i < EXT_COST_COUNT; i++) p.ext[i] = i;
    p.wasm = UINT64_MAX;
    text.size = 0;
    outcome_profile_write(&p, &text);
    CHECK_EQUAL(text.size, 8 + 8 * (ACTION_COST_COUNT + (size_t)EXT_COST_COUNT) + 8);
    memset(&again, 0xaa, sizeof again);
    CHECK_EQUAL(outcome_profile_from_borsh(bytes_of(text.data, text.size), &again, NULL), STATUS_OK);
    CHECK(memcmp(&p, &again, sizeof p) == 0);
    for (size_t cut = 0; cut < text.size; cut++)
        CHECK_EQUAL(outcome_profile_from_borsh(bytes_of(text.data, cut), &again, NULL), STATUS_MALFORMED);
    /* lists of older and newer nodes: one action cost; surplus host costs */
    text.size = 0;
    borsh_write_u32(&text, 1);
    borsh_write_u64(&text, 5);
    borsh_write_u32(&text, EXT_COST_COUNT + 2);
    for (unsigned i = 0; i < EXT_COST_COUNT + 2; i++) borsh_write_u64(&text, i + 1);
    borsh_write_u64(&text, 3);
    CHECK_EQUAL(outcome_profile_from_borsh(bytes_of(text.data, text.size), &again, NULL), STATUS_OK);
    CHECK(again.action[0] == 5 && again.action[1] == 0 && again.ext[EXT_COST_COUNT - 1] == EXT_COST_COUNT);
    CHECK_EQUAL(again.wasm, 3);
}

int main(void)
{
    test_scenarios();
    test_errors();
    test_call_errors();
    test_profiles();
    buffer_free(&text);
    buffer_free(&hex);
    return test_end();
}
