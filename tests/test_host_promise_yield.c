/* host/promise_yield.c, promise_state_init.c: calls that wait to be resumed; accounts that come with their state. */
#include "tests/promise_fixture.h"

static struct fixture f;

/* ---- yield ------------------------------------------------------------------------------------------------------ */

/* The receipt of a yield: it waits for one data receipt that the account sends to itself. */
static struct action_charge yield_receipt(void)
{
    struct action_charge charge = action_charge(&f, ACTION_new_action_receipt, true, 1);
    struct action_charge data = action_charge(&f, ACTION_new_data_receipt_base, true, 1);
    charge.burnt += data.burnt + data.promised;
    return charge;
}

static void test_yield_create(void)
{
    test_begin("promise_yield_create");
    fixture_init(&f, 88);
    fixture_start(&f);
    uint64_t method = put_text(&f, "callback"), args = put_text(&f, "args");
    CHECK_EQUAL(VALUE_OF(&f, promise_yield_create, 8, method, 4, args, 500, 3, 11), 0);
    expect_costs(&f,
                 EXT({EXT_base, 1}, {EXT_yield_create_base, 1}, {EXT_yield_create_byte, 12},
                     {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 12}, {EXT_write_register_base, 1},
                     {EXT_write_register_byte, 32}),
                 ACTIONS(yield_receipt(), action_charge(&f, ACTION_function_call_base, true, 1),
                         action_charge(&f, ACTION_function_call_byte, true, 12)),
                 500);
    const struct mock_entry *yield = logged(&f, 2);
    CHECK(yield->kind == MOCK_YIELD_CREATE && !yield->yield_create.has_yield_id);
    CHECK(is_account(&yield->yield_create.receiver, "alice.near"));
    const struct action *call = logged_action(&f, ACTION_KIND_function_call, 0);
    CHECK(is_text(call->function_call.method_name, "callback") && call->function_call.gas == 500);
    CHECK(call->function_call.gas_weight == 3 && u128_equal(call->function_call.deposit, u128_of(0)));
    struct bytes id;
    CHECK(registers_find(&f.host.registers, 11, &id) && id.size == 32 &&
          memcmp(id.data, yield->yield_create.data_id, 32) == 0);

    CALL_FAILS(&f, EmptyMethodName, promise_yield_create, 0, method, 1, NOWHERE, 0, 0, 0);
    CALL_FAILS(&f, MemoryAccessViolation, promise_yield_create, 1, method, 1, NOWHERE, 0, 0, 0);
    CHECK_EQUAL(f.mock.log_count, 2);
    /* gas for the callback is promised before the receipt is made */
    CALL_FAILS(&f, GasExceeded, promise_yield_create, 1, method, 0, 0, f.context.prepaid_gas, 0, 0);
    CHECK_EQUAL(f.mock.log_count, 2);
    fixture_end(&f);

    /* a register that can't be written is noticed last: the call is there */
    fixture_init(&f, 88);
    f.parameters.limits.max_register_size = 31;
    fixture_start(&f);
    CALL_FAILS(&f, MemoryAccessViolation, promise_yield_create, 1, 0, 0, 0, 0, 0, 0);
    CHECK_EQUAL(f.mock.log_count, 2);
    CHECK_EQUAL(f.host.promise_count, 1);
    fixture_end(&f);

    /* a promise too many is noticed between the receipt and its action */
    fixture_init(&f, 88);
    f.parameters.limits.max_promises_per_function_call_action = 0;
    fixture_start(&f);
    CALL_FAILS(&f, NumberPromisesExceeded, promise_yield_create, 1, 0, 0, 0, 0, 0, 0);
    expect_costs(&f,
                 EXT({EXT_base, 1}, {EXT_yield_create_base, 1}, {EXT_yield_create_byte, 1}, {EXT_read_memory_base, 2},
                     {EXT_read_memory_byte, 1}),
                 ACTIONS(yield_receipt()), 0);
    CHECK_EQUAL(f.mock.log_count, 1);
    fixture_end(&f);
}

static uint64_t put_id(uint8_t byte)
{
    uint8_t id[32];
    memset(id, byte, sizeof id);
    return put(&f, id, sizeof id);
}

static void test_yield_with_id(void)
{
    test_begin("promise_yield_create_with_id");
    fixture_init(&f, 88);
    fixture_start(&f);
    uint64_t method = put_text(&f, "callback"), id = put_id(1), other = put_id(2), amount = put_amount(&f, 25);
    const struct ext_charge *ext =
        EXT({EXT_base, 1}, {EXT_yield_create_with_id_base, 1}, {EXT_yield_create_byte, 8}, {EXT_read_memory_base, 4},
            {EXT_read_memory_byte, 8 + 16 + 32});
    CHECK_EQUAL(VALUE_OF(&f, promise_yield_create_with_id, 8, method, 0, 0, amount, 500, 3, 32, id), 0);
    expect_costs(&f, ext,
                 ACTIONS(yield_receipt(), action_charge(&f, ACTION_function_call_base, true, 1),
                         action_charge(&f, ACTION_function_call_byte, true, 8)),
                 500);
    CHECK(logged(&f, 2)->yield_create.has_yield_id && logged(&f, 2)->yield_create.yield_id[31] == 1);
    const struct action *call = logged_action(&f, ACTION_KIND_function_call, 0);
    CHECK(u128_equal(call->function_call.deposit, u128_of(25)) && call->function_call.gas_weight == 3);
    CHECK(u128_equal(f.host.balance, u128_of(85)));

    /* an id that is in use: no promise, and nothing paid beyond reading the arguments */
    CHECK(VALUE_OF(&f, promise_yield_create_with_id, 8, method, 0, 0, amount, 500, 3, 32, id) == UINT64_MAX);
    expect_costs(&f, ext, NO_ACTIONS, 0);
    CHECK_EQUAL(f.mock.log_count, 2);
    CHECK_EQUAL(f.host.promise_count, 1);

    CALL_FAILS(&f, YieldIdMalformed, promise_yield_create_with_id, 8, method, 0, 0, amount, 0, 0, 31, other);
    CALL_FAILS(&f, YieldIdMalformed, promise_yield_create_with_id, 8, method, 0, 0, amount, 0, 0, 33, id);
    CALL_FAILS(&f, EmptyMethodName, promise_yield_create_with_id, 0, method, 0, NOWHERE, amount, 0, 0, 31, id);
    CHECK_EQUAL(f.mock.log_count, 2);
    /* too little balance is noticed when the receipt is there; too little gas as well */
    uint64_t too_much = put_amount(&f, 86);
    CALL_FAILS(&f, BalanceExceeded, promise_yield_create_with_id, 8, method, 0, 0, too_much, 0, 0, 32, other);
    CHECK_EQUAL(f.mock.log_count, 3);
    CHECK(logged(&f, 1)->kind == MOCK_YIELD_CREATE);
    CALL_FAILS(&f, GasExceeded, promise_yield_create_with_id, 8, method, 0, 0, amount, f.context.prepaid_gas, 0, 32,
               put_id(3));
    CHECK_EQUAL(f.mock.log_count, 4);
    CHECK_EQUAL(f.host.promise_count, 2);
    fixture_end(&f);

    /* one yoctoNEAR from an account that has nothing */
    for (unsigned flag = 0; flag < 2; flag++) {
        fixture_init(&f, 88);
        f.parameters.flags.one_yocto_on_promise = flag;
        f.context.account_balance = f.context.attached_deposit = u128_of(0);
        fixture_start(&f);
        uint64_t one = put_amount(&f, 1);
        id = put_id(1);
        CHECK_EQUAL(CALL(&f, promise_yield_create_with_id, 1, id, 0, 0, one, 0, 0, 32, id),
                    flag ? HOST_OK : HOST_BalanceExceeded);
        CHECK(u128_equal(f.host.subsidized_amount, u128_of(flag)));
        fixture_end(&f);
    }
}

/* ---- resume ----------------------------------------------------------------------------------------------------- */

static void test_resume(void)
{
    test_begin("promise_yield_resume, promise_yield_resume_with_yield_id");
    fixture_init(&f, 88);
    fixture_start(&f);
    uint64_t id = put_id(5), unknown = put_id(6), payload = put_text(&f, "payload"), amount = put_amount(&f, 0);
    CALL_OK(&f, promise_yield_create_with_id, 1, payload, 0, 0, amount, 0, 0, 32, id);
    uint64_t data_id = put(&f, logged(&f, 2)->yield_create.data_id, 32);

    const struct ext_charge *ext = EXT({EXT_base, 1}, {EXT_yield_resume_base, 1}, {EXT_yield_resume_byte, 7},
                                       {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 39});
    CHECK_EQUAL(VALUE_OF(&f, promise_yield_resume, 32, data_id, 7, payload), 1);
    expect_costs(&f, ext, NO_ACTIONS, 0);
    CHECK(logged(&f, 1)->kind == MOCK_YIELD_RESUME && is_text(logged(&f, 1)->yield_resume.data, "payload"));
    CHECK_EQUAL(VALUE_OF(&f, promise_yield_resume, 32, unknown, 7, payload), 0);
    CHECK_EQUAL(VALUE_OF(&f, promise_yield_resume_with_yield_id, 32, id, 7, payload), 1);
    expect_costs(&f, ext, NO_ACTIONS, 0);
    CHECK(memcmp(logged(&f, 1)->yield_resume.data_id, f.memory + data_id, 32) == 0);
    CHECK_EQUAL(VALUE_OF(&f, promise_yield_resume_with_yield_id, 32, unknown, 7, payload), 0);

    CALL_FAILS(&f, DataIdMalformed, promise_yield_resume, 31, id, 7, payload);
    expect_costs(&f,
                 EXT({EXT_base, 1}, {EXT_yield_resume_base, 1}, {EXT_yield_resume_byte, 7}, {EXT_read_memory_base, 2},
                     {EXT_read_memory_byte, 38}),
                 NO_ACTIONS, 0);
    CALL_FAILS(&f, YieldIdMalformed, promise_yield_resume_with_yield_id, 33, id, 7, payload);
    /* "the register" is a length that is paid for as it stands */
    CALL_FAILS(&f, IntegerOverflow, promise_yield_resume, 32, id, UINT64_MAX, 0);
    CALL_FAILS(&f, IntegerOverflow, promise_yield_resume_with_yield_id, 32, id, UINT64_MAX, 0);

    /* the payload's length is looked at before the id */
    uint64_t limit = f.parameters.limits.max_yield_payload_size;
    CALL_OK(&f, promise_yield_resume, 32, unknown, limit, 0);
    CALL_FAILS(&f, YieldPayloadLength, promise_yield_resume, 31, id, limit + 1, 0);
    CHECK(f.host.fault.a == limit + 1 && f.host.fault.b == limit);
    CALL_FAILS(&f, YieldPayloadLength, promise_yield_resume_with_yield_id, 31, id, limit + 1, 0);
    fixture_end(&f);
}

/* ---- deterministic accounts ------------------------------------------------------------------------------------- */

static void test_state_init(void)
{
    test_begin("promise_batch_action_state_init, ..._by_account_id, set_state_init_data_entry");
    fixture_init(&f, 88);
    fixture_start(&f);
    uint64_t promise = make_promise(&f, "bob.near"), joint = join_promise(&f, promise);
    uint64_t global = put_text(&f, "global.near"), hash = put_id(4), amount = put_amount(&f, 110);
    uint64_t key = put_text(&f, "key"), value = put_text(&f, "value");

    uint64_t first = VALUE_OF(&f, promise_batch_action_state_init_by_account_id, promise, 11, global, amount);
    expect_costs(&f,
                 EXT({EXT_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 27},
                     {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 11}),
                 ACTIONS(action_charge(&f, ACTION_deterministic_state_init_base, false, 1)), 0);
    const struct action *action = logged_action(&f, ACTION_KIND_deterministic_state_init, 0);
    CHECK(u128_equal(action->deterministic_state_init.deposit, u128_of(110)));
    CHECK(is_account(&action->deterministic_state_init.state_init.code.account_id, "global.near"));
    CHECK(u128_equal(f.host.balance, u128_of(0)));

    CALL_FAILS(&f, BalanceExceeded, promise_batch_action_state_init, promise, 32, hash, amount);
    uint64_t zero = put_amount(&f, 0);
    CALL_FAILS(&f, ContractCodeHashMalformed, promise_batch_action_state_init, promise, 31, hash, NOWHERE);
    CALL_FAILS(&f, CannotAppendActionToJointPromise, promise_batch_action_state_init, joint, 32, hash, zero);
    uint64_t second = VALUE_OF(&f, promise_batch_action_state_init, promise, 32, hash, zero);
    CHECK(second != first);

    CALL_OK(&f, set_state_init_data_entry, promise, first, 3, key, 5, value);
    const struct ext_charge *ext = EXT({EXT_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 8});
    const struct action_charge *paid =
        ACTIONS(action_charge(&f, ACTION_deterministic_state_init_entry, false, 1),
                action_charge(&f, ACTION_deterministic_state_init_byte, false, 8));
    expect_costs(&f, ext, paid, 0);
    CALL_OK(&f, set_state_init_data_entry, promise, first, 2, key, 0, value);
    const struct deterministic_state_init *init = &logged(&f, 2)->action.action.deterministic_state_init.state_init;
    if (CHECK_EQUAL(init->entry_count, 2)) { /* by key */
        CHECK(is_text(init->entries[0].key, "ke") && init->entries[0].value.size == 0);
        CHECK(is_text(init->entries[1].key, "key") && is_text(init->entries[1].value, "value"));
    }
    CALL_FAILS(&f, DataEntryAlreadyExists, set_state_init_data_entry, promise, first, 3, key, 5, value);
    expect_costs(&f, ext, paid, 0);
    CALL_OK(&f, set_state_init_data_entry, promise, second, 3, key, 5, value);

    CALL_FAILS(&f, InvalidActionIndex, set_state_init_data_entry, promise, 77, 3, key, 5, value);
    CHECK(f.host.fault.a == 0 && f.host.fault.b == 77);
    expect_costs(&f, ext, paid, 0);
    uint64_t elsewhere = make_promise(&f, "bob.near");
    CALL_FAILS(&f, InvalidActionIndex, set_state_init_data_entry, elsewhere, first, 3, key, 5, value);
    /* the promise is looked up before anything is read */
    CALL_FAILS(&f, InvalidPromiseIndex, set_state_init_data_entry, 99, first, 3, NOWHERE, 5, NOWHERE);
    expect_costs(&f, EXT({EXT_base, 1}), NO_ACTIONS, 0);
    fixture_end(&f);
}

/* ---- universal accounts ----------------------------------------------------------------------------------------- */

static struct {
    unsigned checked, counted;
    bool canonical;
    enum state_init_check answer;
} asked;

static enum state_init_check check_state_init(void *self, struct bytes state_init)
{
    (void)self;
    (void)state_init;
    asked.checked++;
    return asked.answer;
}

static struct state_init_counts count_state_init(void *self, struct bytes state_init, bool canonical)
{
    (void)self;
    asked.counted++;
    asked.canonical = canonical;
    return (struct state_init_counts){.bytes = state_init.size, .entries = 2, .keys = 1};
}

static void test_universal_account_id(void)
{
    test_begin("universal_state_init_to_account_id");
    for (unsigned canonical = 0; canonical < 2; canonical++) {
        fixture_init(&f, 88);
        memset(&asked, 0, sizeof asked);
        f.functions.check_state_init = check_state_init;
        f.parameters.flags.canonical_universal_state_init = canonical;
        f.context.is_view = true; /* no promise: allowed there */
        f.context.view_max_gas = f.context.prepaid_gas;
        fixture_start(&f);
        uint64_t init = put(&f, (uint8_t[10]){0}, 10);
        const struct ext_charge *read = EXT({EXT_universal_state_init_to_account_id_base, 1},
                                            {EXT_universal_state_init_to_account_id_byte, 10},
                                            {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 10});
        CHECK_EQUAL(VALUE_OF(&f, universal_state_init_to_account_id, 10, init, 4), 0);
        expect_costs(&f,
                     EXT(read[0], read[1], read[2], read[3], {EXT_write_register_base, 1},
                         {EXT_write_register_byte, 54}),
                     NO_ACTIONS, 0);
        CHECK_EQUAL(asked.checked, canonical);
        struct bytes id = {0};
        CHECK(registers_find(&f.host.registers, 4, &id) && id.size == 54 && memcmp(id.data, "0u", 2) == 0);
        CHECK(account_id_valid(id));

        for (uint64_t answer = 1; answer < 3 && canonical; answer++) {
            asked.answer = answer == 1 ? STATE_INIT_MALFORMED : STATE_INIT_NOT_CANONICAL;
            CHECK_EQUAL(VALUE_OF(&f, universal_state_init_to_account_id, 10, init, 5), answer);
            expect_costs(&f, read, NO_ACTIONS, 0);
            CHECK(!registers_find(&f.host.registers, 5, &id));
        }
        fixture_end(&f);
    }
}

static void test_universal_state_init(void)
{
    test_begin("promise_batch_action_universal_state_init");
    for (unsigned canonical = 0; canonical < 2; canonical++) {
        fixture_init(&f, 88);
        memset(&asked, 0, sizeof asked);
        f.functions.state_init_send_counts = count_state_init;
        f.parameters.flags.canonical_universal_state_init = canonical;
        fixture_start(&f);
        uint64_t promise = make_promise(&f, "bob.near"), joint = join_promise(&f, promise);
        uint64_t init = put(&f, (uint8_t[10]){0}, 10), amount = put_amount(&f, 100);
        CALL_FAILS(&f, InvalidPromiseIndex, promise_batch_action_universal_state_init, 99, 10, init, amount);
        CALL_FAILS(&f, CannotAppendActionToJointPromise, promise_batch_action_universal_state_init, joint, 10, init,
                   amount);
        CALL_OK(&f, promise_batch_action_universal_state_init, promise, 10, init, amount);
        const struct ext_charge *ext = EXT({EXT_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 26});
        const struct action_charge *paid = ACTIONS(action_charge(&f, ACTION_universal_state_init_base, false, 1),
                                                   action_charge(&f, ACTION_universal_state_init_byte, false, 10),
                                                   action_charge(&f, ACTION_universal_state_init_entry, false, 2),
                                                   action_charge(&f, ACTION_add_full_access_key, false, 1));
        expect_costs(&f, ext, paid, 0);
        CHECK(asked.counted == 1 && asked.canonical == canonical);
        const struct action *action = logged_action(&f, ACTION_KIND_universal_state_init, 0);
        CHECK_EQUAL(action->universal_state_init.state_init.size, 10);
        CHECK(u128_equal(action->universal_state_init.deposit, u128_of(100)));
        CALL_FAILS(&f, BalanceExceeded, promise_batch_action_universal_state_init, promise, 10, init, amount);
        expect_costs(&f, ext, paid, 0);
        fixture_end(&f);
    }

    /* nobody looks into bytes that are not paid for */
    fixture_init(&f, 88);
    memset(&asked, 0, sizeof asked);
    f.functions.state_init_send_counts = count_state_init;
    f.parameters.action[ACTION_universal_state_init_byte].send_not_sir.gas = f.context.prepaid_gas / 10 + 1;
    fixture_start(&f);
    uint64_t promise = make_promise(&f, "bob.near");
    uint64_t init = put(&f, (uint8_t[10]){0}, 10), amount = put_amount(&f, 0);
    CALL_FAILS(&f, GasExceeded, promise_batch_action_universal_state_init, promise, 10, init, amount);
    CHECK_EQUAL(asked.counted, 0);
    CHECK_EQUAL(f.mock.log_count, 1);
    fixture_end(&f);
}

int main(void)
{
    test_yield_create();
    test_yield_with_id();
    test_resume();
    test_state_init();
    test_universal_account_id();
    test_universal_state_init();
    return test_end();
}
