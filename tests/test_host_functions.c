/* Host functions one by one: what they do, in which order they pay, and how they end. (How they agree with production
 * over many cases is the conformance runner's matter.) */
#include "crypto/sha2.h"
#include "tests/host_guest.h"

static void fresh(struct guest *g)
{
    guest_begin(g);
    guest_start(g);
}

static void fresh_view(struct guest *g)
{
    guest_begin(g);
    g->context.is_view = true;
    guest_start(g);
}

/* Gas for some costs and `more`. */
static void fresh_with_gas(struct guest *g, const struct expected_cost *costs, uint64_t more)
{
    guest_begin(g);
    g->context.prepaid_gas = more;
    for (; costs->cost != EXT_COST_COUNT; costs++)
        g->context.prepaid_gas += costs->units * g->parameters.ext[costs->cost].gas;
    guest_start(g);
}

/* ---- registers, context ----------------------------------------------------------------------------------------- */

static void test_registers(struct guest *g)
{
    test_begin("read_register, write_register, register_len");
    fresh(g);
    guest_put(g, 16, "hello");
    CHECK(CALL(g, "write_register", 3, 5, 16) == HOST_OK);
    CHECK_TEXT(guest_register(g, 3), "hello");
    CHECK(RESULT(g, "register_len", 3) == 5 && RESULT(g, "register_len", 4) == UINT64_MAX);
    CHECK(CALL(g, "read_register", 3, 100) == HOST_OK && memcmp(g->memory + 100, "hello", 6) == 0);
    CHECK(guest_burnt(g, COSTS({EXT_base, 4}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 5},
                               {EXT_write_register_base, 1}, {EXT_write_register_byte, 5}, {EXT_read_register_base, 1},
                               {EXT_read_register_byte, 5}, {EXT_write_memory_base, 1}, {EXT_write_memory_byte, 5})));
    CHECK(CALL(g, "read_register", 3, GUEST_MEMORY - 4) == HOST_MemoryAccessViolation);
    CHECK(g->memory[GUEST_MEMORY - 4] == 0); /* nothing half-written */
    guest_end(g);
    fresh(g);
    CHECK(CALL(g, "read_register", 9, 0) == HOST_InvalidRegisterId && guest_burnt(g, COSTS({EXT_base, 1})));
    CHECK_TEXT(guest_message(g), "Accessed invalid register id: 9");
    guest_end(g);
    fresh(g); /* no register stands for UINT64_MAX here */
    CHECK(CALL(g, "write_register", 3, UINT64_MAX, 0) == HOST_IntegerOverflow);
    guest_end(g);
}

static void test_context(struct guest *g)
{
    test_begin("context");
    fresh(g);
    CHECK(CALL(g, "current_account_id", 0) == HOST_OK && CALL(g, "signer_account_id", 1) == HOST_OK);
    CHECK(CALL(g, "predecessor_account_id", 2) == HOST_OK && CALL(g, "refund_to_account_id", 3) == HOST_OK);
    CHECK(CALL(g, "chain_id", 4) == HOST_OK && CALL(g, "input", 5) == HOST_OK);
    CHECK_TEXT(guest_register(g, 0), "alice.near");
    CHECK_TEXT(guest_register(g, 1), "bob.near");
    CHECK_TEXT(guest_register(g, 2), "carol.near");
    CHECK_TEXT(guest_register(g, 3), "dave.near");
    CHECK_TEXT(guest_register(g, 4), "test");
    CHECK_TEXT(guest_register(g, 5), "input");
    /* The input is not charged by byte. */
    CHECK(guest_burnt(g, COSTS({EXT_base, 6}, {EXT_write_register_base, 6},
                               {EXT_write_register_byte, 10 + 8 + 10 + 9 + 4})));
    CHECK(CALL(g, "signer_account_pk", 6) == HOST_OK && RESULT(g, "register_len", 6) == 33);
    CHECK(CALL(g, "random_seed", 7) == HOST_OK && RESULT(g, "register_len", 7) == 32);
    CHECK_EQUAL(RESULT0(g, "block_index"), 100);
    CHECK_EQUAL(RESULT0(g, "block_timestamp"), INT64_C(1700000000000000000));
    CHECK_EQUAL(RESULT0(g, "epoch_height"), 3);
    CHECK_EQUAL(RESULT0(g, "storage_usage"), 1000);
    CHECK_EQUAL(RESULT0(g, "prepaid_gas"), INT64_C(300000000000000));
    uint64_t before = g->host.gas.burnt;
    CHECK_EQUAL(RESULT0(g, "used_gas"), before + g->parameters.ext[EXT_base].gas); /* its own charge included */
    CHECK(gas_prepay(&g->host.gas, 5) == HOST_OK);
    CHECK_EQUAL(RESULT0(g, "used_gas"), before + 2 * g->parameters.ext[EXT_base].gas + 5);
    CHECK(CALL(g, "account_balance", 0) == HOST_OK && load_le64(g->memory) == 1007);
    CHECK(CALL(g, "account_locked_balance", 0) == HOST_OK && load_le64(g->memory) == 50);
    CHECK(CALL(g, "attached_deposit", 0) == HOST_OK && load_le64(g->memory) == 7);
    CHECK(CALL(g, "account_balance", GUEST_MEMORY - 15) == HOST_MemoryAccessViolation);
    guest_end(g);
}

static void test_contract_code(struct guest *g)
{
    test_begin("current_contract_code");
    fresh(g);
    memset(g->context.contract_hash, 'h', 32);
    g->context.contract_account = account_id_of("code.near");
    CHECK(RESULT(g, "current_contract_code", 0) == 0 && guest_burnt(g, COSTS({EXT_base, 1})));
    CHECK_TEXT(guest_register(g, 0), "(none)");
    g->context.contract_kind = CONTRACT_LOCAL;
    CHECK(RESULT(g, "current_contract_code", 0) == 1 && strlen(guest_register(g, 0)) == 32);
    g->context.contract_kind = CONTRACT_GLOBAL_HASH;
    CHECK(RESULT(g, "current_contract_code", 1) == 2 && strlen(guest_register(g, 1)) == 32);
    g->context.contract_kind = CONTRACT_GLOBAL_ACCOUNT;
    CHECK_EQUAL(RESULT(g, "current_contract_code", 2), 3);
    CHECK_TEXT(guest_register(g, 2), "code.near");
    guest_end(g);
}

static void test_validators(struct guest *g)
{
    test_begin("validators");
    fresh(g);
    struct account_id bob = account_id_of("bob.near"), carol = account_id_of("carol.near");
    CHECK(mock_external_set_validator(&g->mock, &bob, (struct u128){5, 1}, NULL) == STATUS_OK);
    CHECK(mock_external_set_validator(&g->mock, &carol, u128_of(6), NULL) == STATUS_OK);
    guest_put(g, 32, "bob.near");
    CHECK(CALL(g, "validator_stake", 8, 32, 0) == HOST_OK && load_le64(g->memory) == 5 && g->memory[8] == 1);
    CHECK(guest_burnt(g, COSTS({EXT_base, 1}, {EXT_validator_stake_base, 1}, {EXT_read_memory_base, 1},
                               {EXT_read_memory_byte, 8}, {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 8},
                               {EXT_write_memory_base, 1}, {EXT_write_memory_byte, 16})));
    guest_put(g, 32, "none");
    CHECK(CALL(g, "validator_stake", 4, 32, 0) == HOST_OK && load_le64(g->memory) == 0 && g->memory[8] == 0);
    CHECK(CALL(g, "validator_total_stake", 0) == HOST_OK && load_le64(g->memory) == 11 && g->memory[8] == 1);
    CHECK(CALL(g, "validator_stake", 1, 33, 0) == HOST_InvalidAccountId);
    guest_end(g);
}

static void test_view(struct guest *g)
{
    test_begin("view calls");
    static const char *const forbidden[] = {"signer_account_id", "signer_account_pk", "predecessor_account_id",
                                            "refund_to_account_id"};
    char message[80];
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        fresh_view(g);
        CHECK(CALL(g, forbidden[i], 0) == HOST_ProhibitedInView && guest_burnt(g, COSTS({EXT_base, 1})));
        snprintf(message, sizeof message, "%s is not allowed in view calls", forbidden[i]);
        CHECK_TEXT(guest_message(g), message);
        guest_end(g);
    }
    fresh_view(g);
    CHECK(CALL0(g, "prepaid_gas") == HOST_ProhibitedInView && CALL0(g, "used_gas") == HOST_ProhibitedInView);
    guest_restart(g);
    CHECK(CALL(g, "storage_write", 1, 0, 1, 0, 0) == HOST_ProhibitedInView && guest_burnt(g, COSTS({EXT_base, 1})));
    guest_restart(g);
    CHECK(CALL(g, "storage_remove", 1, 0, 0) == HOST_ProhibitedInView);
    guest_restart(g);
    CHECK(CALL(g, "storage_read", 1, 0, 0) == HOST_OK && CALL(g, "current_account_id", 0) == HOST_OK);
    CHECK(CALL(g, "input", 0) == HOST_OK && CALL(g, "value_return", 1, 0) == HOST_OK);
    guest_end(g);
    /* The budget is that of views. */
    guest_begin(g);
    g->context.is_view = true;
    g->context.view_max_gas = g->parameters.ext[EXT_base].gas;
    guest_start(g);
    CHECK(CALL0(g, "block_index") == HOST_OK && CALL0(g, "block_index") == HOST_GasLimitExceeded);
    guest_end(g);
}

/* ---- return value, panics, logs --------------------------------------------------------------------------------- */

static void test_value_return(struct guest *g)
{
    test_begin("value_return");
    fresh(g);
    guest_put(g, 0, "first and a second");
    CHECK(CALL(g, "value_return", 5, 0) == HOST_OK && g->host.return_kind == RETURN_VALUE);
    CHECK(CALL(g, "write_register", 1, 6, 12) == HOST_OK && CALL(g, "value_return", UINT64_MAX, 1) == HOST_OK);
    CHECK(bytes_equal(g->host.return_value, bytes_of_string("second")));
    CHECK(CALL(g, "value_return", 0, 0) == HOST_OK && g->host.return_value.size == 0);
    /* Many values don't need much memory. */
    size_t before = g->arena.total;
    CHECK(CALL(g, "write_register", 1, 60000, 0) == HOST_OK);
    for (int i = 0; i < 100; i++) CHECK(CALL(g, "value_return", UINT64_MAX, 1) == HOST_OK);
    CHECK(g->arena.total - before < 4 * 60000);
    guest_end(g);

    /* Receivers of the value pay for it: a charge of `sir` for the account itself. */
    guest_begin(g);
    struct account_id receivers[] = {account_id_of("alice.near"), account_id_of("bob.near"), account_id_of("bob.near")};
    g->context.output_data_receivers = receivers;
    g->context.output_data_receiver_count = 3;
    guest_start(g);
    CHECK(CALL(g, "value_return", 10, 0) == HOST_OK);
    const struct action_fee *fee = &g->parameters.action[ACTION_new_data_receipt_byte];
    uint64_t gas = 10 * (fee->send_sir.gas + 2 * fee->send_not_sir.gas + 3 * fee->execution.gas);
    CHECK(gas != 0);
    CHECK_EQUAL(g->host.gas.profile.action[ACTION_new_data_receipt_byte], gas);
    CHECK(g->host.gas.promised == 0);
    guest_end(g);

    guest_begin(g);
    g->parameters.limits.max_length_returned_data = 4;
    guest_start(g);
    CHECK(CALL(g, "value_return", 4, 0) == HOST_OK);
    CHECK(CALL(g, "value_return", 5, 0) == HOST_ReturnedValueLengthExceeded);
    CHECK_TEXT(guest_message(g), "The length of a returned value 5 exceeds the limit 4");
    guest_end(g);
}

static void test_panics(struct guest *g)
{
    test_begin("panic, panic_utf8");
    fresh(g);
    CHECK(CALL0(g, "panic") == HOST_GuestPanic && guest_burnt(g, COSTS({EXT_base, 1})));
    CHECK_TEXT(guest_message(g), "Smart contract panicked: explicit guest panic");
    guest_restart(g);
    guest_put(g, 0, "oh \xe2\x98\xa0");
    CHECK(CALL(g, "panic_utf8", 6, 0) == HOST_GuestPanic);
    CHECK_TEXT(guest_message(g), "Smart contract panicked: oh \xe2\x98\xa0");
    CHECK(guest_burnt(g, COSTS({EXT_base, 1}, {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 6},
                               {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 6})));
    guest_restart(g);
    CHECK(CALL(g, "panic_utf8", 5, 0) == HOST_BadUTF8);
    guest_restart(g);
    CHECK(CALL(g, "panic_utf8", UINT64_MAX, 0) == HOST_GuestPanic);
    CHECK_TEXT(guest_message(g), "Smart contract panicked: oh \xe2\x98\xa0");
    guest_end(g);
}

static void test_logs(struct guest *g)
{
    test_begin("log_utf8, log_utf16");
    fresh(g);
    guest_put(g, 0, "a log");
    CHECK(CALL(g, "log_utf8", 5, 0) == HOST_OK && g->host.log_count == 1);
    CHECK(bytes_equal(g->host.logs[0], bytes_of_string("a log")));
    CHECK(guest_burnt(g, COSTS({EXT_base, 1}, {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 5},
                               {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 5}, {EXT_log_base, 1},
                               {EXT_log_byte, 5})));
    guest_end(g);

    fresh(g); /* UTF-16 is paid as UTF-8 once it is a log: two bytes become three */
    store_le16(g->memory, 0x20ac);
    CHECK(CALL(g, "log_utf16", 2, 0) == HOST_OK);
    CHECK(bytes_equal(g->host.logs[0], bytes_of_string("\xe2\x82\xac")));
    CHECK(guest_burnt(g, COSTS({EXT_base, 1}, {EXT_utf16_decoding_base, 1}, {EXT_utf16_decoding_byte, 2},
                               {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 2}, {EXT_log_base, 1},
                               {EXT_log_byte, 3})));
    CHECK_EQUAL(g->host.total_log_length, 3);
    guest_end(g);

    fresh(g);
    uint64_t limit = g->parameters.limits.max_number_logs;
    for (uint64_t i = 0; i < limit; i++) {
        g->memory[0] = (uint8_t)('a' + i % 26);
        CHECK(CALL(g, "log_utf8", 1, 0) == HOST_OK);
    }
    CHECK(g->host.log_count == limit && g->host.logs[27].data[0] == 'b' && g->host.logs[0].data[0] == 'a');
    CHECK(CALL(g, "log_utf8", 1, 0) == HOST_NumberOfLogsExceeded);
    CHECK_TEXT(guest_message(g), "The number of logs will exceed the limit 100");
    guest_end(g);

    fresh(g); /* a log that fits as UTF-16, but not as UTF-8: its length counts twice in the message */
    limit = g->parameters.limits.max_total_log_length;
    for (uint64_t i = 0; i < limit; i += 2) store_le16(g->memory + i, 0x20ac);
    CHECK(CALL(g, "log_utf16", limit, 0) == HOST_TotalLogLengthExceeded && g->host.log_count == 0);
    CHECK(g->host.fault.a == 2 * (limit / 2 * 3) && g->host.fault.b == limit);
    guest_end(g);
}

static uint64_t put_abort_string(struct guest *g, uint64_t ptr, const char *text)
{
    store_le32(g->memory + ptr, (uint32_t)(2 * strlen(text)));
    for (size_t i = 0; text[i]; i++) store_le16(g->memory + ptr + 4 + 2 * i, (uint16_t)text[i]);
    return ptr + 4;
}

static void test_abort(struct guest *g)
{
    test_begin("abort");
    fresh(g);
    uint64_t message = put_abort_string(g, 0, "no"), file = put_abort_string(g, 100, "m.ts");
    CHECK(CALL(g, "abort", message, file, 12, 4000000000) == HOST_GuestPanic);
    CHECK_TEXT(guest_message(g), "Smart contract panicked: no, filename: \"m.ts\" line: 12 col: 4000000000");
    CHECK(g->host.log_count == 1 &&
          bytes_equal(g->host.logs[0], bytes_of_string("ABORT: no, filename: \"m.ts\" line: 12 col: 4000000000")));
    CHECK(guest_burnt(g, COSTS({EXT_base, 1}, {EXT_read_memory_base, 4}, {EXT_read_memory_byte, 4 + 4 + 4 + 8},
                               {EXT_utf16_decoding_base, 2}, {EXT_utf16_decoding_byte, 4 + 8}, {EXT_log_base, 1},
                               {EXT_log_byte, 45})));
    guest_restart(g);
    CHECK(CALL(g, "abort", 3, file, 0, 0) == HOST_BadUTF16 && guest_burnt(g, COSTS({EXT_base, 1})));
    guest_restart(g);
    CHECK(CALL(g, "abort", message, 3, 0, 0) == HOST_BadUTF16);
    guest_restart(g);
    CHECK(CALL(g, "abort", message, GUEST_MEMORY + 4, 0, 0) == HOST_MemoryAccessViolation && g->host.log_count == 0);
    guest_end(g);
}

/* ---- storage ---------------------------------------------------------------------------------------------------- */

static void test_storage(struct guest *g)
{
    test_begin("storage");
    fresh(g);
    g->parameters.runtime.num_extra_bytes_record = 41;
    guest_put(g, 0, "key");
    guest_put(g, 16, "value");
    guest_put(g, 32, "another value");
    CHECK_EQUAL(RESULT(g, "storage_write", 3, 0, 5, 16, 0), 0);
    CHECK(guest_burnt(g, COSTS({EXT_base, 1}, {EXT_storage_write_base, 1}, {EXT_storage_write_key_byte, 3},
                               {EXT_storage_write_value_byte, 5}, {EXT_read_memory_base, 2},
                               {EXT_read_memory_byte, 8})));
    CHECK_EQUAL(g->host.storage_usage, 1000 + 3 + 5 + 41);
    CHECK_TEXT(guest_register(g, 0), "(none)");
    CHECK_EQUAL(RESULT(g, "storage_write", 3, 0, 13, 32, 0), 1);
    CHECK_TEXT(guest_register(g, 0), "value");
    CHECK_EQUAL(g->host.storage_usage, 1000 + 3 + 13 + 41);
    CHECK(RESULT(g, "storage_has_key", 3, 0) == 1 && RESULT(g, "storage_has_key", 2, 0) == 0);
    guest_restart(g);
    CHECK_EQUAL(RESULT(g, "storage_read", 3, 0, 7), 1);
    CHECK(guest_burnt(g, COSTS({EXT_base, 1}, {EXT_storage_read_base, 1}, {EXT_storage_read_key_byte, 3},
                               {EXT_storage_read_value_byte, 13}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 3},
                               {EXT_write_register_base, 1}, {EXT_write_register_byte, 13})));
    CHECK_TEXT(guest_register(g, 7), "another value");
    CHECK_EQUAL(RESULT(g, "storage_read", 2, 0, 8), 0);
    CHECK_TEXT(guest_register(g, 8), "(none)");
    CHECK_EQUAL(RESULT(g, "storage_remove", 2, 0, 8), 0);
    CHECK_EQUAL(RESULT(g, "storage_remove", 3, 0, 8), 1);
    CHECK_TEXT(guest_register(g, 8), "another value");
    CHECK_EQUAL(g->host.storage_usage, 1000 - 3 - 13 - 41);
    CHECK(RESULT(g, "storage_has_key", 3, 0) == 0);
    /* From registers, the former value into the register that the value comes from. */
    CHECK(CALL(g, "write_register", 1, 5, 16) == HOST_OK && CALL(g, "storage_write", 3, 0, 13, 32, 0) == HOST_OK);
    CHECK_EQUAL(RESULT(g, "storage_write", 3, 0, UINT64_MAX, 1, 1), 1);
    CHECK_TEXT(guest_register(g, 1), "another value");
    CHECK_EQUAL(RESULT(g, "storage_read", 3, 0, 1), 1);
    CHECK_TEXT(guest_register(g, 1), "value");
    guest_end(g);
}

static void test_storage_limits(struct guest *g)
{
    test_begin("storage: limits");
    guest_begin(g);
    g->parameters.limits.max_length_storage_key = 3;
    g->parameters.limits.max_length_storage_value = 4;
    guest_start(g);
    CHECK(CALL(g, "storage_write", 3, 0, 4, 0, 0) == HOST_OK);
    CHECK(CALL(g, "storage_write", 4, 0, 9, 0, 0) == HOST_KeyLengthExceeded);
    CHECK_TEXT(guest_message(g), "The length of a storage key 4 exceeds the limit 3");
    guest_restart(g);
    CHECK(CALL(g, "storage_write", 3, 0, 5, 0, 0) == HOST_ValueLengthExceeded);
    CHECK_TEXT(guest_message(g), "The length of a storage value 5 exceeds the limit 4");
    CHECK(g->host.gas.profile.ext[EXT_storage_write_key_byte] == 0);
    guest_restart(g);
    CHECK(CALL(g, "storage_read", 4, 0, 0) == HOST_KeyLengthExceeded);
    guest_restart(g);
    CHECK(CALL(g, "storage_remove", 4, 0, 0) == HOST_KeyLengthExceeded);
    guest_restart(g);
    CHECK(CALL(g, "storage_has_key", 4, 0) == HOST_KeyLengthExceeded);
    guest_end(g);
    fresh(g);
    CHECK(CALL(g, "storage_iter_prefix", 0, 0) == HOST_Deprecated && g->host.gas.burnt == 0);
    CHECK_TEXT(guest_message(g), "Attempted to call deprecated host function storage_iter_prefix");
    guest_restart(g);
    CHECK(CALL(g, "storage_iter_range", 0, 0, 0, 0) == HOST_Deprecated);
    CHECK(CALL(g, "storage_iter_next", 0, 0, 0) == HOST_Deprecated && g->host.gas.burnt == 0);
    guest_end(g);
}

/* A write is done, and then paid for: what it does to a register may be too much. */
static void test_storage_order(struct guest *g)
{
    test_begin("storage: what happens before gas runs out");
    const struct expected_cost *costs =
        COSTS({EXT_base, 1}, {EXT_storage_write_base, 1}, {EXT_storage_write_key_byte, 3},
              {EXT_storage_write_value_byte, 5}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 8},
              {EXT_touching_trie_node, 2}, {EXT_read_cached_trie_node, 3}, {EXT_storage_write_evicted_byte, 4});
    fresh_with_gas(g, costs, 10);
    CHECK(state_map_put(&g->mock.state, bytes_of("\0\0\0", 3), bytes_of_string("old!"), NULL) == STATUS_OK);
    g->nodes = 2, g->cached = 3, g->evicted = 4;
    CHECK(CALL(g, "storage_write", 3, 0, 5, 16, 0) == HOST_GasExceeded);
    struct bytes value;
    CHECK(state_map_get(&g->mock.state, bytes_of("\0\0\0", 3), &value) && value.size == 5);
    CHECK_EQUAL(g->host.storage_usage, 1001);
    CHECK_EQUAL(g->host.gas.profile.ext[EXT_write_register_base], 10);
    CHECK_EQUAL(g->host.gas.profile.ext[EXT_storage_write_evicted_byte],
                4 * g->parameters.ext[EXT_storage_write_evicted_byte].gas);
    guest_end(g);

    fresh_with_gas(g, COSTS({EXT_base, 1}, {EXT_storage_write_base, 1}, {EXT_read_memory_base, 2}), 10);
    g->nodes = 2;
    CHECK(CALL(g, "storage_write", 0, 0, 0, 16, 0) == HOST_GasExceeded);
    CHECK(!state_map_get(&g->mock.state, bytes_of(NULL, 0), &value) && g->host.storage_usage == 1000);
    CHECK_EQUAL(g->host.gas.profile.ext[EXT_touching_trie_node], 10);
    guest_end(g);

    fresh(g); /* a value that is not in the node */
    uint8_t large[4001] = {0};
    CHECK(state_map_put(&g->mock.state, bytes_of("\0", 1), bytes_of(large, 4001), NULL) == STATUS_OK);
    CHECK(state_map_put(&g->mock.state, bytes_of("\0\0", 2), bytes_of(large, 4000), NULL) == STATUS_OK);
    CHECK(CALL(g, "storage_read", 2, 0, 0) == HOST_OK);
    CHECK(g->host.gas.profile.ext[EXT_storage_large_read_overhead_base] == 0);
    CHECK(CALL(g, "storage_read", 1, 0, 0) == HOST_OK);
    CHECK_EQUAL(g->host.gas.profile.ext[EXT_storage_large_read_overhead_base],
                g->parameters.ext[EXT_storage_large_read_overhead_base].gas);
    CHECK_EQUAL(g->host.gas.profile.ext[EXT_storage_large_read_overhead_byte],
                4001 * g->parameters.ext[EXT_storage_large_read_overhead_byte].gas);
    guest_end(g);
}

static void test_storage_proof(struct guest *g)
{
    test_begin("storage: the proof");
    guest_begin(g);
    g->proof = 7000000; /* of earlier receipts: does not count */
    g->proof_growth = 1000000;
    guest_start(g);
    for (int i = 0; i < 4; i++) CHECK(CALL(g, "storage_read", 1, 0, 0) == HOST_OK);
    CHECK(CALL(g, "storage_write", 1, 0, 1, 0, 0) == HOST_RecordedStorageExceeded);
    CHECK_TEXT(guest_message(g), "Size of the recorded trie storage proof has exceeded the allowed limit (4.0 MB)");
    CHECK(g->host.storage_usage == 1000);
    guest_end(g);

    static const struct {
        uint64_t limit;
        const char *text;
    } sizes[] = {{0, "(0 B)"}, {999, "(999 B)"}, {1000, "(1.0 KB)"}, {1049, "(1.0 KB)"}, {1999, "(2.0 KB)"},
                 {1000000, "(1000.0 KB)"}, {1048576, "(1048.6 KB)"}, {1048577, "(1.0 MB)"}, {4294967295, "(4.3 GB)"},
                 {UINT64_MAX - 10, "(18.4 EB)"}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        guest_begin(g);
        g->parameters.limits.per_receipt_storage_proof_size_limit = sizes[i].limit;
        g->proof_growth = sizes[i].limit + 1;
        guest_start(g);
        CHECK(CALL(g, "storage_has_key", 1, 0) == HOST_RecordedStorageExceeded);
        CHECK(strstr(guest_message(g), sizes[i].text) != NULL);
        guest_end(g);
    }

    /* Both too large and out of gas: storage_has_key alone tells of the proof. */
    const struct expected_cost *costs = COSTS({EXT_base, 1}, {EXT_storage_has_key_base, 1}, {EXT_read_memory_base, 1});
    fresh_with_gas(g, costs, 10);
    g->nodes = 1;
    CHECK(CALL(g, "storage_has_key", 0, 0) == HOST_GasExceeded);
    guest_end(g);
    fresh_with_gas(g, costs, 10);
    g->nodes = 1;
    g->proof_growth = 5000000;
    CHECK(CALL(g, "storage_has_key", 0, 0) == HOST_RecordedStorageExceeded);
    CHECK_EQUAL(g->host.gas.burnt, g->context.prepaid_gas);
    guest_end(g);
    costs = COSTS({EXT_base, 1}, {EXT_storage_read_base, 1}, {EXT_read_memory_base, 1});
    fresh_with_gas(g, costs, 10);
    g->nodes = 1;
    g->proof_growth = 5000000;
    CHECK(CALL(g, "storage_read", 0, 0, 0) == HOST_GasExceeded);
    guest_end(g);
}

/* Nothing of this is the contract's fault: there is no outcome. */
static void test_storage_failures(struct guest *g)
{
    test_begin("storage: failures of the outside");
    fresh(g);
    g->failing = true;
    CHECK(CALL(g, "storage_write", 1, 0, 1, 0, 0) == HOST_EXTERNAL_FAILURE && !g->host.no_memory);
    CHECK_TEXT(g->mock.external.error.message, "the disk is gone");
    guest_restart(g);
    CHECK(CALL(g, "storage_read", 1, 0, 0) == HOST_EXTERNAL_FAILURE);
    CHECK(CALL(g, "storage_remove", 1, 0, 0) == HOST_EXTERNAL_FAILURE);
    CHECK(CALL(g, "storage_has_key", 1, 0) == HOST_EXTERNAL_FAILURE);
    guest_end(g);
    guest_begin(g);
    g->context.storage_usage = 41; /* a record counts for 42 at least */
    guest_start(g);
    CHECK(state_map_put(&g->mock.state, bytes_of("\0", 1), bytes_of_string("1"), NULL) == STATUS_OK);
    CHECK(CALL(g, "storage_remove", 1, 0, 0) == HOST_EXTERNAL_FAILURE && !g->host.no_memory);
    CHECK(strstr(g->mock.external.error.message, "storage usage") != NULL);
    guest_end(g);
    guest_begin(g);
    g->context.storage_usage = UINT64_MAX;
    guest_start(g);
    CHECK(CALL(g, "storage_write", 1, 0, 1, 0, 0) == HOST_EXTERNAL_FAILURE);
    guest_end(g);
}

/* ---- crypto: values are crypto/'s tests; here it is who pays what ----------------------------------------------- */

static void test_hashes(struct guest *g)
{
    test_begin("hashes");
    static const struct {
        const char *name;
        enum ext_cost base, byte;
        uint64_t units; /* for 60 bytes */
        uint64_t size;
    } hashes[] = {
        {"sha256", EXT_sha256_base, EXT_sha256_byte, 60, 32},
        {"keccak256", EXT_keccak256_base, EXT_keccak256_byte, 60, 32},
        {"keccak512", EXT_keccak512_base, EXT_keccak512_byte, 60, 64},
        {"sha3_256", EXT_sha3_256_base, EXT_sha3_256_byte, 60, 32},
        {"sha3_384", EXT_sha3_384_base, EXT_sha3_384_byte, 60, 48},
        {"sha3_512", EXT_sha3_512_base, EXT_sha3_512_byte, 60, 64},
        {"ripemd160", EXT_ripemd160_base, EXT_ripemd160_block, 2, 20},
    };
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        fresh(g);
        CHECK(CALL(g, hashes[i].name, 60, 0, 5) == HOST_OK);
        CHECK(guest_burnt(g, COSTS({hashes[i].base, 1}, {hashes[i].byte, hashes[i].units}, {EXT_read_memory_base, 1},
                                   {EXT_read_memory_byte, 60}, {EXT_write_register_base, 1},
                                   {EXT_write_register_byte, hashes[i].size})));
        CHECK_EQUAL(RESULT(g, "register_len", 5), hashes[i].size);
        /* Of a register, into the same one. */
        CHECK(CALL(g, hashes[i].name, UINT64_MAX, 5, 5) == HOST_OK);
        CHECK_EQUAL(RESULT(g, "register_len", 5), hashes[i].size);
        guest_end(g);
    }
    fresh(g);
    uint8_t once[32], twice[32];
    struct bytes data;
    sha256(bytes_of(g->memory, 60), once);
    sha256(bytes_of(once, 32), twice);
    CHECK(CALL(g, "sha256", 60, 0, 5) == HOST_OK && CALL(g, "sha256", UINT64_MAX, 5, 5) == HOST_OK);
    CHECK(registers_find(&g->host.registers, 5, &data) && bytes_equal(data, bytes_of(twice, 32)));
    CHECK(CALL(g, "ripemd160", 55, 0, 1) == HOST_OK);
    CHECK_EQUAL(g->host.gas.profile.ext[EXT_ripemd160_block], g->parameters.ext[EXT_ripemd160_block].gas);
    CHECK(CALL(g, "sha256", UINT64_MAX, 6, 6) == HOST_InvalidRegisterId);
    guest_end(g);
}

static void test_signatures(struct guest *g)
{
    test_begin("signatures");
    fresh(g);
    g->memory[0] = 1; /* the neutral element as key and as R, s = 0: fits every message, and small orders are allowed */
    CHECK_EQUAL(RESULT(g, "ed25519_verify", 64, 0, 10, 0, 32, 0), 1);
    CHECK(guest_burnt(g, COSTS({EXT_ed25519_verify_base, 1}, {EXT_ed25519_verify_byte, 10}, {EXT_read_memory_base, 3},
                               {EXT_read_memory_byte, 64 + 10 + 32})));
    guest_restart(g);
    g->memory[63] = 0xe0; /* false before message and key are read: they may be anywhere */
    CHECK_EQUAL(RESULT(g, "ed25519_verify", 64, 0, 10, UINT64_MAX, 32, UINT64_MAX), 0);
    CHECK(guest_burnt(g, COSTS({EXT_ed25519_verify_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 64})));
    guest_restart(g);
    memset(g->memory, 0, 64);
    CHECK(CALL(g, "ed25519_verify", 63, 0, 10, 0, 32, 0) == HOST_Ed25519VerifyInvalidInput);
    CHECK_TEXT(guest_message(g), "ED25519 signature verification error: invalid signature length");
    guest_restart(g);
    CHECK(CALL(g, "ed25519_verify", 64, 0, 10, 0, 33, 0) == HOST_Ed25519VerifyInvalidInput);
    CHECK_TEXT(guest_message(g), "ED25519 signature verification error: invalid public key length");
    CHECK(g->host.gas.profile.ext[EXT_ed25519_verify_byte] != 0);
    guest_restart(g);
    CHECK_EQUAL(RESULT(g, "p256_verify", 64, 0, 32, UINT64_MAX, 33, 0), 0); /* r = 0 is no signature */
    CHECK(CALL(g, "p256_verify", 65, 0, 32, 0, 33, 0) == HOST_P256VerifyInvalidInput);
    guest_restart(g);
    CHECK_EQUAL(RESULT(g, "ml_dsa_verify", 3309, 0, 10, 0, 1952, 0), 0);
    CHECK(g->host.gas.profile.ext[EXT_ml_dsa_verify_byte] == 10 * g->parameters.ext[EXT_ml_dsa_verify_byte].gas);
    CHECK(CALL(g, "ml_dsa_verify", 3308, 0, 10, 0, 1952, 0) == HOST_MlDsaVerifyInvalidInput);
    guest_restart(g);
    CHECK_EQUAL(RESULT(g, "ecrecover", 32, 0, 64, 0, 0, 0, 5), 0); /* r = 0 */
    CHECK(guest_burnt(g, COSTS({EXT_ecrecover_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 96})));
    CHECK(CALL(g, "ecrecover", 32, UINT64_MAX, 64, 0, 4, 0, 5) == HOST_ECRecoverError); /* before the hash is read */
    CHECK_TEXT(guest_message(g), "ECDSA recover error: V recovery byte 0 through 3 are valid but was provided 4");
    guest_restart(g);
    CHECK(CALL(g, "ecrecover", 31, 0, 64, 0, 0, 2, 5) == HOST_ECRecoverError);
    CHECK_TEXT(guest_message(g), "ECDSA recover error: The length of the hash: 31, exceeds the limit of 32 bytes");
    guest_restart(g);
    CHECK(CALL(g, "ecrecover", 32, 0, 64, 0, 0, 2, 5) == HOST_ECRecoverError);
    CHECK_TEXT(guest_message(g), "ECDSA recover error: Malleability flag needs to be 0 or 1, but is instead 2");
    guest_end(g);
}

static void test_curves(struct guest *g)
{
    test_begin("curves");
    fresh(g); /* the point at infinity, once more */
    CHECK(CALL(g, "alt_bn128_g1_sum", 2 * 65, 0, 1) == HOST_OK && RESULT(g, "register_len", 1) == 64);
    CHECK_EQUAL(g->host.gas.profile.ext[EXT_alt_bn128_g1_sum_element],
                2 * g->parameters.ext[EXT_alt_bn128_g1_sum_element].gas);
    guest_restart(g);
    CHECK(CALL(g, "alt_bn128_g1_sum", 2 * 65 + 1, 0, 1) == HOST_AltBn128InvalidInput);
    CHECK(guest_burnt(g, COSTS({EXT_alt_bn128_g1_sum_base, 1}, {EXT_read_memory_base, 1},
                               {EXT_read_memory_byte, 131})));
    CHECK(strncmp(guest_message(g), "AltBn128 invalid input: ", 24) == 0);
    guest_restart(g);
    CHECK_EQUAL(RESULT(g, "alt_bn128_pairing_check", 192, 0), 1);
    CHECK(CALL(g, "alt_bn128_g1_multiexp", 96, 0, 1) == HOST_OK);
    memset(g->memory, 0xff, 96);
    CHECK(CALL(g, "alt_bn128_g1_multiexp", 96, 0, 1) == HOST_AltBn128InvalidInput);
    CHECK(g->host.gas.profile.ext[EXT_alt_bn128_g1_multiexp_element] ==
          2 * g->parameters.ext[EXT_alt_bn128_g1_multiexp_element].gas);
    guest_restart(g);
    memset(g->memory, 0, 96);
    g->memory[1] = 0x40; /* infinity, behind a sign */
    CHECK_EQUAL(RESULT(g, "bls12381_p1_sum", 97, 0, 1), 0);
    CHECK(guest_burnt(g, COSTS({EXT_bls12381_p1_sum_base, 1}, {EXT_bls12381_p1_sum_element, 1},
                               {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 97}, {EXT_write_register_base, 1},
                               {EXT_write_register_byte, 96})));
    guest_restart(g);
    CHECK_EQUAL(RESULT(g, "bls12381_p1_sum", 0, 0, 2), 0); /* no element: still a point */
    CHECK_EQUAL(RESULT(g, "register_len", 2), 96);
    g->memory[0] = 9;
    CHECK_EQUAL(RESULT(g, "bls12381_p1_sum", 97, 0, 3), 1);
    CHECK_TEXT(guest_register(g, 3), "(none)");
    CHECK(CALL(g, "bls12381_p1_sum", 98, 0, 1) == HOST_BLS12381InvalidInput);
    guest_restart(g); /* a register: but UINT64_MAX counts as a length first */
    CHECK(CALL(g, "bls12381_p1_sum", UINT64_MAX, 1, 1) == HOST_IntegerOverflow);
    CHECK(guest_burnt(g, COSTS({EXT_bls12381_p1_sum_base, 1})));
    guest_restart(g);
    CHECK(CALL(g, "bls12381_pairing_check", 287, 0) == HOST_BLS12381InvalidInput);
    CHECK(g->host.gas.profile.ext[EXT_bls12381_pairing_element] == 0);
    guest_restart(g);
    CHECK(CALL(g, "write_register", 1, 288, 0) == HOST_OK);
    CHECK_EQUAL(RESULT(g, "bls12381_pairing_check", UINT64_MAX, 1), 1); /* here a register is one */
    guest_end(g);
}

static void test_gas(struct guest *g)
{
    test_begin("gas");
    fresh(g);
    CHECK(CALL(g, "gas", 1000) == HOST_OK && g->host.gas.burnt == UINT64_C(1000) * g->parameters.regular_op_cost);
    CHECK(gas_counter_finish(&g->host.gas) == g->host.gas.burnt && g->host.gas.profile.wasm == g->host.gas.burnt);
    CHECK(CALL(g, "gas", UINT32_MAX) == HOST_GasLimitExceeded);
    guest_end(g);
}

int main(void)
{
    struct guest guest;
    test_registers(&guest);
    test_context(&guest);
    test_contract_code(&guest);
    test_validators(&guest);
    test_view(&guest);
    test_value_return(&guest);
    test_panics(&guest);
    test_logs(&guest);
    test_abort(&guest);
    test_storage(&guest);
    test_storage_limits(&guest);
    test_storage_order(&guest);
    test_storage_proof(&guest);
    test_storage_failures(&guest);
    test_hashes(&guest);
    test_signatures(&guest);
    test_curves(&guest);
    test_gas(&guest);
    return test_end();
}
