/* documents/case_read.h and documents/case_write.h; and that the conformance runner notices every changed field of an outcome. */
#include <stdlib.h>

#include "documents/case_read.h"
#include "documents/case_write.h"
#include "tests/conformance.h"
#include "tests/json.h"
#include "tests/read_file.h"
#include "tests/test.h"

static const char *const full =
    "{\"name\":\"a\\u0000b\",\"protocol_version\":84,\"method\":\"go\",\"wasm\":\"AGFzbQEAAAA=\","
    "\"context\":{\"current_account_id\":\"one.near\",\"signer_account_id\":\"two.near\",\"predecessor_account_id\":\"three.near\","
    "\"refund_to_account_id\":\"four.near\",\"signer_account_pk\":\"AQID\",\"input\":\"aW5wdXQ=\",\"random_seed\":\"\","
    "\"block_height\":18446744073709551615,\"block_timestamp\":\"18446744073709551614\",\"epoch_height\":0,"
    "\"storage_usage\":9007199254740993,\"prepaid_gas\":1,\"account_balance\":\"340282366920938463463374607431768211455\","
    "\"account_locked_balance\":2,\"attached_deposit\":\"3\",\"view_max_gas\":0,"
    "\"output_data_receivers\":[\"five.near\",\"six.near\"]},\"limits\":{\"max_gas_burnt\":7},"
    "\"state\":[[\"YQ==\",\"MQ==\"],[\"\",\"\"],[\"YQ==\",\"Mg==\"]],"
    "\"promise_results\":[{\"ok\":\"AA==\"},\"failed\",\"not_ready\"],\"validators\":{\"v.near\":\"5\",\"w.near\":6},"
    "\"expect\":{\"burnt_gas\":1}}";

static bool is(struct bytes b, const char *text, size_t size)
{
    return bytes_equal(b, bytes_of(text, size));
}

static bool is_account(const struct account_id *id, const char *text)
{
    return bytes_equal(account_id_bytes(id), bytes_of_string(text));
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static void defaults(void)
{
    struct call_case c;
    struct error e = {0};
    struct call_context d;
    test_begin("an empty case has the defaults");
    call_context_default(&d);
    static const char *const empty[] = {
        "{}",
        "{\"context\":{},\"limits\":{},\"state\":[],\"promise_results\":[],\"validators\":{}}",
        "{\"context\":null,\"wasm\":null,\"expect\":null}",
    };
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        CHECK_EQUAL(call_case_parse(bytes_of_string(empty[i]), &c, &e), STATUS_OK);
        CHECK(c.name.size == 0 && !c.has_method && !c.has_code && is(c.method, "main", 4) && !c.expect);
        CHECK_EQUAL(c.protocol_version, PROTOCOL_VERSION_CURRENT);
        CHECK(c.parameters == parameters_of(PROTOCOL_VERSION_CURRENT));
        CHECK(c.max_gas_burnt == UINT64_MAX);
        CHECK(c.state_count == 0 && c.validator_count == 0);
        CHECK(is_account(&c.context.current_account, "alice.near") && is_account(&c.context.signer_account, "bob.near") &&
              is_account(&c.context.predecessor_account, "carol.near") &&
              is_account(&c.context.refund_to_account, "carol.near"));
        CHECK_EQUAL(c.context.block_timestamp, 1700000000000000000);
        CHECK_EQUAL(c.context.prepaid_gas, 300000000000000);
        CHECK_EQUAL(c.context.signer_public_key.size, 33);
        CHECK(!c.context.is_view && c.context.promise_result_count == 0 && c.context.output_data_receiver_count == 0);
        CHECK(u128_equal(c.context.account_balance, d.account_balance));
        call_case_free(&c);
    }
}

static void everything(void)
{
    struct call_case c;
    struct error e = {0};
    test_begin("every field");
    if (!CHECK_EQUAL(call_case_parse(bytes_of_string(full), &c, &e), STATUS_OK)) {
        printf("  %s\n", e.message);
        return;
    }
    const struct call_context *x = &c.context;
    CHECK(is(c.name, "a\0b", 3) && is(c.method, "go", 2) && c.has_method && c.has_code);
    CHECK(is(c.code, "\0asm\1\0\0\0", 8));
    CHECK_EQUAL(c.protocol_version, 84);
    CHECK(is_account(&x->current_account, "one.near") && is_account(&x->signer_account, "two.near") &&
          is_account(&x->predecessor_account, "three.near") && is_account(&x->refund_to_account, "four.near"));
    CHECK(is(x->signer_public_key, "\1\2\3", 3) && is(x->input, "input", 5) && x->random_seed.size == 0);
    CHECK(x->block_height == UINT64_MAX && x->block_timestamp == UINT64_MAX - 1 && x->epoch_height == 0);
    CHECK(x->storage_usage == UINT64_C(9007199254740993) && x->prepaid_gas == 1);
    CHECK(u128_equal(x->account_balance, (struct u128){UINT64_MAX, UINT64_MAX}) &&
          u128_equal(x->account_locked_balance, u128_of(2)) && u128_equal(x->attached_deposit, u128_of(3)));
    CHECK(x->is_view && x->view_max_gas == 0 && c.max_gas_burnt == 7);
    CHECK_EQUAL(x->output_data_receiver_count, 2);
    CHECK(is_account(&x->output_data_receivers[1], "six.near"));
    CHECK_EQUAL(x->promise_result_count, 3);
    CHECK(x->promise_results[0].kind == PROMISE_SUCCESSFUL && is(x->promise_results[0].data, "\0", 1));
    CHECK(x->promise_results[1].kind == PROMISE_FAILED && x->promise_results[2].kind == PROMISE_NOT_READY);
    CHECK_EQUAL(c.state_count, 3);
    CHECK_EQUAL(c.validator_count, 2);
    CHECK(c.expect != NULL);

    struct mock_external m;
    struct bytes value;
    mock_external_init(&m);
    CHECK_EQUAL(call_case_fill(&c, &m, &e), STATUS_OK);
    CHECK(state_map_get(&m.state, bytes_of_string("a"), &value) && is(value, "2", 1));
    CHECK(state_map_get(&m.state, bytes_of_string(""), &value) && value.size == 0);
    CHECK(u128_equal(m.total_stake, u128_of(11)));
    mock_external_free(&m);
    call_case_free(&c);

    CHECK_EQUAL(call_case_parse(bytes_of_string("{\"context\":{\"signer_account_pk\":"
                                                "\"ed25519:11111111111111111111111111111111\"}}"), &c, &e), STATUS_OK);
    CHECK_EQUAL(c.context.signer_public_key.size, 33);
    CHECK(c.context.signer_public_key.data[0] == 0 && c.context.signer_public_key.data[32] == 0);
    call_case_free(&c);
}

static void refused(void)
{
    static const char *const cases[][2] = {
        {"[]", "the document: expected an object, found an array"},
        {"null", "the document: expected an object, found null"},
        {"{\"contxt\":{}}", "the document: there is no 'contxt'; did you mean 'context'?"},
        {"{\"context\":{\"prepaid_gas\":-3}}",
         "context.prepaid_gas: expected a whole number from 0 to 18446744073709551615, found -3"},
        {"{\"context\":{\"prepaid_gaz\":3}}", "context: there is no 'prepaid_gaz'; did you mean 'prepaid_gas'?"},
        {"{\"context\":[]}", "context: expected an object, found an array"},
        {"{\"context\":{\"input\":\"x\"}}", "context.input: expected a string in base64, found \"x\""},
        {"{\"context\":{\"account_balance\":1.5}}", "context.account_balance: expected a whole number from 0 to "
                                                    "2^128 - 1 (a string, if it is large), found 1.5"},
        {"{\"context\":{\"output_data_receivers\":[\"a.near\",7]}}",
         "context.output_data_receivers[1]: expected an account id, found 7"},
        {"{\"context\":{\"signer_account_pk\":7}}", "context.signer_account_pk: expected a string, found 7"},
        {"{\"protocol_version\":52}", "protocol_version: protocol version 52 is too old: the first one known is 53"},
        {"{\"protocol_version\":4294967296}",
         "protocol_version: expected a whole number from 0 to 4294967295, found 4294967296"},
        {"{\"limits\":{\"max_gas\":1}}", "limits: there is no 'max_gas'; did you mean 'max_gas_burnt'?"},
        {"{\"limits\":{\"max_gas_burnt\":18446744073709551615}}",
         "limits.max_gas_burnt: expected a whole number from 0 to 18446744073709551614, found 18446744073709551615"},
        {"{\"state\":{}}", "state: expected an array, found an object"},
        {"{\"state\":[[\"YQ==\",\"MQ==\"],[\"YQ==\"]]}", "state[1]: expected an array of a key and a value, found an array"},
        {"{\"state\":[[\"YQ==\",null]]}", "state[0][1]: expected a string in base64, found null"},
        {"{\"promise_results\":[\"Failed\"]}",
         "promise_results[0]: expected \"failed\", \"not_ready\" or {\"ok\": base64}, found \"Failed\""},
        {"{\"promise_results\":[{}]}", "promise_results[0]: 'ok' is missing"},
        {"{\"promise_results\":[{\"ok\":\"\",\"x\":1}]}", "promise_results[0]: there is no 'x'"},
        {"{\"validators\":[]}", "validators: expected an object, found an array"},
        {"{\"validators\":{\"a.near\":true}}", "validators.a.near: expected a whole number from 0 to 2^128 - 1 (a string, "
                                               "if it is large), found true"},
        {"{\"wasm\":1}", "wasm: expected a string in base64, found 1"},
        {"{\"method\":[\"a\"]}", "method: expected a string, found an array"},
    };
    test_begin("cases that are refused");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct call_case c;
        struct error e = {0};
        CHECK_EQUAL(call_case_parse(bytes_of_string(cases[i][0]), &c, &e), STATUS_MALFORMED);
        CHECK_TEXT(e.message, cases[i][1]);
    }
    struct call_case c;
    struct error e = {0};
    CHECK_EQUAL(call_case_parse(bytes_of_string("{\"validators\":{\"A\":1}}"), &c, &e), STATUS_MALFORMED);
    CHECK(strstr(e.message, "validators.A: not an account id: ") == e.message);
    CHECK_EQUAL(call_case_parse(bytes_of_string("{\"context\":{\"signer_account_pk\":\"ed25519:1\"}}"), &c, &e),
                STATUS_MALFORMED);
    CHECK(strstr(e.message, "context.signer_account_pk: ") == e.message);

    struct mock_external m;
    mock_external_init(&m);
    CHECK_EQUAL(call_case_parse(bytes_of_string("{\"validators\":{\"v.near\":\"340282366920938463463374607431768211455\","
                                                "\"w.near\":1}}"), &c, &e), STATUS_OK);
    CHECK_EQUAL(call_case_fill(&c, &m, &e), STATUS_INVALID);
    mock_external_free(&m);
    call_case_free(&c);
}

/* Every byte of a case changed in turn, and every beginning of it. */
static void hostile(void)
{
    const size_t size = strlen(full);
    char *copy = malloc(size);
    unsigned read = 0, unexplained = 0;
    test_begin("cut and changed cases");
    for (size_t i = 0; i < 5 * size; i++) {
        static const char bytes[] = "\"[}0-";
        struct call_case c;
        struct error e = {0};
        memcpy(copy, full, size);
        copy[i % size] = bytes[i / size];
        const enum status status = call_case_parse(bytes_of(copy, size), &c, &e);
        if (status == STATUS_OK) {
            call_case_free(&c);
            read++;
        } else if (!e.message[0]) {
            unexplained++;
        }
    }
    CHECK(read > 0 && read < 3 * size);
    CHECK_EQUAL(unexplained, 0);
    for (size_t i = 0; i < size; i++) {
        struct call_case c;
        struct error e = {0};
        if (call_case_parse(bytes_of(full, i), &c, &e) != STATUS_MALFORMED) CHECK_EQUAL(i, size);
    }
    free(copy);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static void check_json(struct json *got, const char *wanted)
{
    struct buffer text = {0};
    CHECK_TEXT(got ? json_as_text(got, &text) : NULL, wanted);
    buffer_free(&text);
    json_free(got);
}

static void check_action(struct action action, const char *wanted)
{
    const struct mock_entry entry = {.kind = MOCK_ACTION, .action = {.receipt = 3, .action = action}};
    check_json(case_write_entry(&entry), wanted);
}

static const struct public_key no_key = {.type = KEY_ED25519};
#define NO_KEY "\"ed25519:11111111111111111111111111111111\""

static void keys(void)
{
    const struct bytes names[] = {bytes_of_string("a"), bytes_of_string("bc")};
    struct action a = {.kind = ACTION_KIND_add_key};
    struct access_key *key = &a.add_key.access_key;
    a.add_key.public_key = &no_key;
    test_begin("keys in the log");
    *key = (struct access_key){.permission = PERMISSION_FULL_ACCESS, .nonce = UINT64_MAX};
    check_action(a, "{\"AddKeyWithFullAccess\":{\"receipt_index\":3,\"public_key\":" NO_KEY
                    ",\"nonce\":18446744073709551615}}");
    *key = (struct access_key){.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .num_nonces = 4};
    check_action(a, "{\"AddGasKeyWithFullAccess\":{\"receipt_index\":3,\"public_key\":" NO_KEY ",\"num_nonces\":4}}");
    *key = (struct access_key){.permission = PERMISSION_FUNCTION_CALL, .receiver_id = bytes_of_string("b.near"),
                               .has_allowance = true, .allowance = {0, 1}, .method_names = names, .method_count = 2};
    check_action(a, "{\"AddKeyWithFunctionCall\":{\"receipt_index\":3,\"public_key\":" NO_KEY ",\"nonce\":0,"
                    "\"allowance\":\"18446744073709551616\",\"receiver_id\":\"b.near\",\"method_names\":[\"YQ==\",\"YmM=\"]}}");
    *key = (struct access_key){.permission = PERMISSION_GAS_KEY_FUNCTION_CALL, .receiver_id = bytes_of_string("b.near")};
    check_action(a, "{\"AddGasKeyWithFunctionCall\":{\"receipt_index\":3,\"public_key\":" NO_KEY ",\"num_nonces\":0,"
                    "\"allowance\":null,\"receiver_id\":\"b.near\",\"method_names\":[]}}");
    a = (struct action){.kind = ACTION_KIND_delete_key, .delete_key = {&no_key}};
    check_action(a, "{\"DeleteKey\":{\"receipt_index\":3,\"public_key\":" NO_KEY "}}");
    a = (struct action){.kind = ACTION_KIND_stake, .stake = {u128_of(5), &no_key}};
    check_action(a, "{\"Stake\":{\"receipt_index\":3,\"stake\":\"5\",\"public_key\":" NO_KEY "}}");
    a = (struct action){.kind = ACTION_KIND_transfer_to_gas_key, .transfer_to_gas_key = {&no_key, u128_of(5)}};
    check_action(a, "{\"TransferToGasKey\":{\"receipt_index\":3,\"public_key\":" NO_KEY ",\"deposit\":\"5\"}}");
}

static void actions(void)
{
    struct action a = {.kind = ACTION_KIND_create_account};
    const struct bytes abc = bytes_of_string("abc");
    const struct global_contract_id by_hash = {.mode = GLOBAL_BY_CODE_HASH};
    const struct global_contract_id by_id = {.mode = GLOBAL_BY_ACCOUNT_ID, .account_id = account_id_of("g.near")};
    const struct state_entry entries[] = {{abc, bytes_of("", 0)}, {bytes_of("", 0), abc}};
    test_begin("actions in the log");
    check_action(a, "{\"CreateAccount\":{\"receipt_index\":3}}");
    a = (struct action){.kind = ACTION_KIND_deploy_contract, .deploy_contract = {abc}};
    check_action(a, "{\"DeployContract\":{\"receipt_index\":3,\"code\":\"YWJj\"}}");
    a = (struct action){.kind = ACTION_KIND_function_call,
                        .function_call = {abc, bytes_of("\0", 1), 7, UINT64_MAX, u128_of(1)}};
    check_action(a, "{\"FunctionCallWeight\":{\"receipt_index\":3,\"method_name\":\"YWJj\",\"args\":\"AA==\","
                    "\"attached_deposit\":\"1\",\"prepaid_gas\":7,\"gas_weight\":18446744073709551615}}");
    a = (struct action){.kind = ACTION_KIND_transfer, .transfer = {{UINT64_MAX, UINT64_MAX}}};
    check_action(a, "{\"Transfer\":{\"receipt_index\":3,\"deposit\":\"340282366920938463463374607431768211455\"}}");
    a = (struct action){.kind = ACTION_KIND_delete_account, .delete_account = {account_id_of("b.near")}};
    check_action(a, "{\"DeleteAccount\":{\"receipt_index\":3,\"beneficiary_id\":\"b.near\"}}");
    a = (struct action){.kind = ACTION_KIND_deploy_global_contract, .deploy_global_contract = {abc, GLOBAL_BY_CODE_HASH}};
    check_action(a, "{\"DeployGlobalContract\":{\"receipt_index\":3,\"code\":\"YWJj\",\"mode\":\"CodeHash\"}}");
    a.deploy_global_contract.mode = GLOBAL_BY_ACCOUNT_ID;
    check_action(a, "{\"DeployGlobalContract\":{\"receipt_index\":3,\"code\":\"YWJj\",\"mode\":\"AccountId\"}}");
    a = (struct action){.kind = ACTION_KIND_use_global_contract, .use_global_contract = {by_hash}};
    check_action(a, "{\"UseGlobalContract\":{\"receipt_index\":3,\"contract_id\":"
                    "{\"CodeHash\":\"11111111111111111111111111111111\"}}}");
    a.use_global_contract.contract = by_id;
    check_action(a, "{\"UseGlobalContract\":{\"receipt_index\":3,\"contract_id\":{\"AccountId\":\"g.near\"}}}");
    a = (struct action){.kind = ACTION_KIND_deterministic_state_init,
                        .deterministic_state_init = {{by_hash, entries, 2}, u128_of(9)}};
    check_action(a, "{\"DeterministicStateInit\":{\"receipt_index\":3,\"state_init\":{\"V1\":{\"code\":{\"hash\":"
                    "\"11111111111111111111111111111111\"},\"data\":{\"YWJj\":\"\",\"\":\"YWJj\"}}},\"amount\":\"9\"}}");
    a.deterministic_state_init.state_init = (struct deterministic_state_init){.code = by_id};
    check_action(a, "{\"DeterministicStateInit\":{\"receipt_index\":3,\"state_init\":{\"V1\":{\"code\":{\"account_id\":"
                    "\"g.near\"},\"data\":{}}},\"amount\":\"9\"}}");
    a = (struct action){.kind = ACTION_KIND_universal_state_init, .universal_state_init = {abc, u128_of(9)}};
    check_action(a, "{\"UniversalStateInit\":{\"receipt_index\":3,\"state_init\":\"YWJj\",\"amount\":\"9\"}}");
    a = (struct action){.kind = ACTION_KIND_delegate};
    const struct mock_entry delegate = {.kind = MOCK_ACTION, .action = {.action = a}};
    CHECK(case_write_entry(&delegate) == NULL); /* no contract can make one */
}

static void entries(void)
{
    const uint64_t dependencies[] = {0, UINT64_MAX};
    struct mock_entry entry = {.kind = MOCK_CREATE_RECEIPT};
    test_begin("receipts in the log");
    entry.create_receipt.dependencies = dependencies;
    entry.create_receipt.dependency_count = 2;
    entry.create_receipt.receiver = account_id_of("a.near");
    check_json(case_write_entry(&entry), "{\"CreateReceipt\":{\"receipt_indices\":[0,18446744073709551615],"
                                         "\"receiver_id\":\"a.near\"}}");
    entry = (struct mock_entry){.kind = MOCK_YIELD_CREATE, .yield_create = {.receiver = account_id_of("a.near")}};
    check_json(case_write_entry(&entry), "{\"YieldCreate\":{\"data_id\":\"11111111111111111111111111111111\","
                                         "\"receiver_id\":\"a.near\",\"yield_id\":null}}");
    entry.yield_create.has_yield_id = true;
    entry.yield_create.yield_id[31] = 1;
    check_json(case_write_entry(&entry), "{\"YieldCreate\":{\"data_id\":\"11111111111111111111111111111111\","
                                         "\"receiver_id\":\"a.near\",\"yield_id\":\"11111111111111111111111111111112\"}}");
    entry = (struct mock_entry){.kind = MOCK_YIELD_RESUME, .yield_resume = {.data = bytes_of_string("abc")}};
    check_json(case_write_entry(&entry), "{\"YieldResume\":{\"data_id\":\"11111111111111111111111111111111\","
                                         "\"data\":\"YWJj\"}}");
    entry = (struct mock_entry){.kind = MOCK_SET_REFUND_TO,
                                .set_refund_to = {.receipt = 1, .account = account_id_of("a.near")}};
    check_json(case_write_entry(&entry), "{\"SetRefundTo\":{\"receipt_index\":1,\"refund_to\":\"a.near\"}}");
}

static void outcomes(void)
{
    struct mock_external m;
    struct json *json = NULL;
    const struct bytes logs[] = {bytes_of_string("one"), bytes_of("\0\xc3\xa4", 3)};
    struct call_outcome o = {.balance = {0, 1}, .subsidized_amount = u128_of(2), .storage_usage = 3, .burnt_gas = 4,
                             .used_gas = UINT64_MAX, .compute_usage = 6};
    mock_external_init(&m);
    test_begin("outcomes");
    CHECK_EQUAL(case_write_expect(&o, &m, &json, NULL), STATUS_OK);
    check_json(json, "{\"burnt_gas\":4,\"used_gas\":18446744073709551615,\"compute_usage\":6,"
                     "\"balance\":\"18446744073709551616\",\"subsidized_amount\":\"2\",\"storage_usage\":3,\"return\":null,"
                     "\"logs\":[],\"error\":null,\"profile\":{},\"actions\":[],\"state_changes\":[]}");
    state_map_put(&m.state, bytes_of_string("b"), bytes_of_string(""), NULL);
    state_map_remove(&m.state, bytes_of_string("b"), NULL, NULL, NULL);
    state_map_set(&m.state, bytes_of_string("a"), bytes_of_string(""), NULL, NULL, NULL);
    o.return_kind = RETURN_VALUE;
    o.return_value = bytes_of("\xff", 1);
    o.logs = logs;
    o.log_count = 2;
    o.error_kind = "HostError.GuestPanic";
    o.error_message = bytes_of_string("Smart contract panicked: \"\n");
    o.profile.wasm = 1;
    o.profile.ext[EXT_base] = 2;
    o.profile.action[ACTION_transfer] = 3;
    CHECK_EQUAL(case_write_expect(&o, &m, &json, NULL), STATUS_OK);
    check_json(json, "{\"burnt_gas\":4,\"used_gas\":18446744073709551615,\"compute_usage\":6,"
                     "\"balance\":\"18446744073709551616\",\"subsidized_amount\":\"2\",\"storage_usage\":3,"
                     "\"return\":{\"value\":\"/w==\"},\"logs\":[\"one\",\"\\u0000\xc3\xa4\"],"
                     "\"error\":{\"kind\":\"HostError.GuestPanic\",\"message\":\"Smart contract panicked: \\\"\\n\"},"
                     "\"profile\":{\"wasm_instruction\":1,\"base\":2,\"action:transfer\":3},\"actions\":[],"
                     "\"state_changes\":[[\"YQ==\",\"\"],[\"Yg==\",null]]}");
    o.return_kind = RETURN_RECEIPT;
    o.return_receipt = UINT64_MAX;
    CHECK_EQUAL(case_write_expect(&o, &m, &json, NULL), STATUS_OK);
    check_json(json_copy(json_get(json, "return")), "{\"receipt\":18446744073709551615}");
    json_free(json);
    mock_external_free(&m);
}

/* ---- the conformance runner notices ----------------------------------------------------------------------------- */

static unsigned differences(struct json *json)
{
    struct conformance_case c = {.file = "test", .line = 1, .json = json};
    conformance_contract.run(&c);
    buffer_free(&c.report);
    return c.differences;
}

/* Something else of the same type, or of another, whose texts are constants. */
static struct json changed(const struct json *value)
{
    struct json other = *value;
    switch ((enum json_type)value->type) {
    case JSON_INTEGER: other.u.number ^= 1; break;
    case JSON_STRING:
        other.u.text = "something else";
        other.size = (uint32_t)strlen(other.u.text);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT: other = (struct json){.type = JSON_NULL}; break;
    case JSON_NULL:
    case JSON_BOOL:
    case JSON_REAL: other = (struct json){.type = JSON_STRING, .u.text = ""}; break;
    }
    return other;
}

struct tally {
    unsigned made, noticed;
};

static void try_changes(struct json *document, struct json *value, struct tally *t);

static void try_changed(struct json *document, struct json *value, struct tally *t)
{
    const struct json before = *value;
    *value = changed(value);
    t->made++;
    t->noticed += differences(document) > 0;
    *value = before;
    try_changes(document, value, t);
}

/* The whole document is one that was built, so that it can be changed. */
static void try_members(struct json *document, struct json *object, struct tally *t)
{
    for (uint32_t i = 0; i < object->size; i++) try_changed(document, &object->u.members[i].value, t);
    json_add(object, "surplus", json_u64(1));
    t->made++;
    t->noticed += differences(document) > 0;
    json_remove(object, "surplus");
}

static void try_elements(struct json *document, struct json *array, struct tally *t)
{
    for (uint32_t i = 0; i < array->size; i++) try_changed(document, &array->u.elements[i], t);
    struct json_builder b = {.json = array};
    json_append_null(&b);
    t->made++;
    t->noticed += differences(document) > 0;
    array->size--;
}

/* Changes every value of an outcome in turn, and adds a member or an element wherever there may be one. */
static void try_changes(struct json *document, struct json *value, struct tally *t)
{
    if (json_is(value, JSON_OBJECT)) try_members(document, value, t);
    if (json_is(value, JSON_ARRAY)) try_elements(document, value, t);
}

static void try_case(struct bytes line)
{
    struct error e = {0};
    struct call_case c;
    struct tally t = {0};
    if (!CHECK_EQUAL(call_case_parse(line, &c, &e), STATUS_OK)) return;
    struct json *document = json_copy(c.document); /* one that can be changed */
    CHECK(conformance_contract.recognises(document));
    CHECK_EQUAL(differences(document), 0);
    try_changes(document, json_get(document, "expect"), &t);
    CHECK(t.made > 30);
    CHECK_EQUAL(t.noticed, t.made);
    CHECK_EQUAL(differences(document), 0);
    json_free(document);
    call_case_free(&c);
}

static void noticed(void)
{
    static const char file[] = "tests/vectors/host.jsonl.xz";
    static const char *const names[] = {"\"name\":\"host-random/1-1472\"", "\"name\":\"host-random/1-1263\""};
    struct buffer text = {0};
    unsigned found = 0;
    test_begin("the runner notices every change");
    if (access(file, R_OK) != 0) {
        test_skip("the runner notices every change", "not started in the repository");
        return;
    }
    CHECK(read_file(file, &text));
    buffer_append_byte(&text, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names && !text.failed; i++) {
        char *at = strstr((char *)text.data, names[i]);
        if (!at) continue;
        while (at > (char *)text.data && at[-1] != '\n') at--;
        try_case(bytes_of(at, strcspn(at, "\n")));
        found++;
    }
    CHECK_EQUAL(found, 2);
    buffer_free(&text);
}

int main(void)
{
    defaults();
    everything();
    refused();
    hostile();
    keys();
    actions();
    entries();
    outcomes();
    noticed();
    return test_end();
}
