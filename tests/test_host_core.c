/* What all host functions stand on: the gas counter, registers, the guest's memory, faults, the import table. */
#include "tests/host_guest.h"

/* ---- gas -------------------------------------------------------------------------------------------------------- */

static struct gas_counter counter(uint64_t max_burnt, uint64_t prepaid)
{
    struct gas_counter g;
    gas_counter_init(&g, parameters_of(PROTOCOL_VERSION_CURRENT), max_burnt, prepaid, false);
    return g;
}

static void test_limits(void)
{
    test_begin("gas: the limits");
    struct gas_counter g = counter(100, 200);
    CHECK(gas_burn(&g, 100) == HOST_OK && g.burnt == 100);
    CHECK(gas_burn(&g, 1) == HOST_GasLimitExceeded);
    CHECK_EQUAL(g.burnt, 100);
    CHECK_EQUAL(gas_used(&g), 101);

    g = counter(200, 100);
    CHECK(gas_burn(&g, 101) == HOST_GasExceeded);
    CHECK(g.burnt == 100 && gas_used(&g) == 100);

    g = counter(100, 100);
    CHECK(gas_burn(&g, 101) == HOST_GasLimitExceeded);

    g = counter(200, 100);
    CHECK(gas_prepay(&g, 60) == HOST_OK);
    CHECK(g.burnt == 0 && gas_used(&g) == 60 && gas_remaining(&g) == 40);
    CHECK(gas_burn(&g, 40) == HOST_OK && gas_remaining(&g) == 0);
    /* What was promised is not given back, but the failing charge is burnt from it. */
    CHECK(gas_burn(&g, 10) == HOST_GasExceeded);
    CHECK(g.burnt == 50 && g.promised == 50 && gas_used(&g) == 100);

    g = counter(50, 100);
    CHECK(gas_prepay(&g, 100) == HOST_OK);
    CHECK(gas_prepay(&g, 1) == HOST_GasExceeded);
    CHECK(g.burnt == 0 && gas_used(&g) == 100);
}

static void test_overflow(void)
{
    test_begin("gas: overflow");
    struct gas_counter g = counter(UINT64_MAX, UINT64_MAX);
    CHECK(gas_burn(&g, 5) == HOST_OK);
    CHECK(gas_burn(&g, UINT64_MAX) == HOST_IntegerOverflow);
    CHECK(g.burnt == 5);
    CHECK(gas_pay_per(&g, EXT_read_memory_byte, UINT64_MAX) == HOST_IntegerOverflow);
    CHECK(gas_pay_per(&g, EXT_base, UINT64_MAX / g.parameters->ext[EXT_base].gas + 1) == HOST_IntegerOverflow);
    CHECK(g.burnt == 5 && g.profile.ext[EXT_base] == 0);
    CHECK(gas_pay_action(&g, (struct cost){10, 10}, 9, ACTION_transfer) == HOST_IntegerOverflow);
    CHECK(gas_pay_action(&g, (struct cost){10, UINT64_MAX}, 10, ACTION_transfer) == HOST_OK);
    CHECK(gas_pay_action(&g, (struct cost){10, 1}, 10, ACTION_transfer) == HOST_IntegerOverflow);
    /* Used gas that wraps around throws the promised gas away, as in production. */
    g = counter(UINT64_MAX, UINT64_MAX);
    CHECK(gas_burn(&g, 5) == HOST_OK && gas_prepay(&g, UINT64_MAX - 10) == HOST_OK);
    CHECK(gas_burn(&g, UINT64_MAX - 100) == HOST_GasExceeded);
    CHECK(g.burnt == UINT64_MAX - 95 && g.promised == 0);
}

static void test_actions_and_views(void)
{
    test_begin("gas: actions, views");
    struct gas_counter g = counter(1000, 1000);
    CHECK(gas_pay_action(&g, (struct cost){10, 30}, 25, ACTION_transfer) == HOST_OK);
    CHECK(g.burnt == 10 && g.promised == 15 && g.send_compute == 30 && g.profile.action[ACTION_transfer] == 10);
    CHECK_EQUAL(g.limit, 985);
    CHECK(gas_pay_action(&g, (struct cost){980, 3000}, 980, ACTION_stake) == HOST_GasExceeded);
    CHECK(g.burnt == 990 && gas_used(&g) == 1000);
    CHECK_EQUAL(g.profile.action[ACTION_stake], 980);
    CHECK_EQUAL(g.send_compute, 30 + 980); /* a charge that fails counts its gas */

    gas_counter_init(&g, parameters_of(PROTOCOL_VERSION_CURRENT), 70, 1000, true);
    CHECK(g.prepaid == 70 && g.limit == 70);
    CHECK(gas_burn(&g, 71) == HOST_GasLimitExceeded && g.burnt == 70);
}

static void test_profile(void)
{
    test_begin("gas: profile and compute");
    const struct protocol_parameters *p = parameters_of(PROTOCOL_VERSION_CURRENT);
    struct gas_counter g = counter(UINT64_MAX, UINT64_MAX);
    uint64_t gas = 1234, compute = 1234 + 77;
    CHECK(gas_burn(&g, 1234) == HOST_OK);
    CHECK(gas_pay_action(&g, (struct cost){5, 77}, 5, ACTION_add_full_access_key) == HOST_OK);
    bool differs = false;
    for (size_t i = 0; i < EXT_COST_COUNT; i++) {
        CHECK(gas_pay_per(&g, (enum ext_cost)i, i) == HOST_OK);
        gas += i * p->ext[i].gas;
        compute += i * p->ext[i].compute;
        differs = differs || p->ext[i].gas != p->ext[i].compute;
    }
    CHECK(differs); /* or the sum above says nothing */
    CHECK_EQUAL(gas_counter_finish(&g), compute);
    CHECK_EQUAL(g.profile.wasm, 1234);
    CHECK_EQUAL(g.burnt, gas + 5);
    /* A charge that fails half-way is in the profile with what it could burn. */
    g = counter(UINT64_MAX, p->ext[EXT_base].gas + 3);
    CHECK(gas_pay_per(&g, EXT_base, 2) == HOST_GasExceeded);
    CHECK_EQUAL(g.profile.ext[EXT_base], p->ext[EXT_base].gas + 3);
    gas_counter_finish(&g);
    CHECK_EQUAL(g.profile.wasm, 0);
}

/* ---- registers -------------------------------------------------------------------------------------------------- */

static bool holds(const struct registers *r, uint64_t id, const char *text)
{
    struct bytes data;
    return registers_find(r, id, &data) ? bytes_equal(data, bytes_of_string(text)) : text == NULL;
}

static void test_registers(void)
{
    test_begin("registers");
    struct gas_counter g = counter(UINT64_MAX, UINT64_MAX);
    struct registers r = {0};
    struct bytes data;
    const struct cost *costs = g.parameters->ext;
    CHECK(registers_read(&r, &g, 42, &data) == HOST_InvalidRegisterId && g.burnt == 0);
    CHECK(registers_write(&r, &g, 42, bytes_of_string("foo")) == HOST_OK);
    CHECK_EQUAL(g.burnt, costs[EXT_write_register_base].gas + 3 * costs[EXT_write_register_byte].gas);
    CHECK(holds(&r, 42, "foo") && !registers_find(&r, 24, &data));
    g.burnt = 0;
    CHECK(registers_read(&r, &g, 42, &data) == HOST_OK && data.size == 3);
    CHECK_EQUAL(g.burnt, costs[EXT_read_register_base].gas + 3 * costs[EXT_read_register_byte].gas);
    /* Values of changing length in the same register, from itself, too. */
    CHECK(registers_write(&r, &g, 42, bytes_of_string("a longer text than that")) == HOST_OK);
    CHECK(registers_find(&r, 42, &data) && registers_write(&r, &g, 42, bytes_of(data.data + 2, 6)) == HOST_OK);
    CHECK(holds(&r, 42, "longer"));
    CHECK_EQUAL(r.memory_usage, 6 + 8);
    CHECK(registers_write(&r, &g, UINT64_MAX, bytes_of(NULL, 0)) == HOST_OK && holds(&r, UINT64_MAX, ""));
    /* Shared: no charge by byte, no copy; then the register becomes one of its own again. */
    static const char shared[] = "somebody else's";
    g.burnt = 0;
    CHECK(registers_write_shared(&r, &g, 42, bytes_of_string(shared)) == HOST_OK);
    CHECK_EQUAL(g.burnt, costs[EXT_write_register_base].gas);
    CHECK(registers_find(&r, 42, &data) && (const char *)data.data == shared);
    CHECK(registers_write(&r, &g, 42, bytes_of_string("mine")) == HOST_OK && holds(&r, 42, "mine"));
    CHECK_TEXT(shared, "somebody else's");
    CHECK_EQUAL(r.memory_usage, 4 + 8 + 0 + 8);
    registers_free(&r);
    CHECK(r.count == 0 && r.entries == NULL);
}

static void test_register_limits(void)
{
    test_begin("registers: limits");
    struct protocol_parameters p = *parameters_of(PROTOCOL_VERSION_CURRENT);
    struct gas_counter g;
    struct registers r = {0};
    p.limits.max_number_registers = 2;
    p.limits.max_register_size = 3;
    p.limits.registers_memory_limit = 20;
    gas_counter_init(&g, &p, UINT64_MAX, UINT64_MAX, false);
    CHECK(registers_write(&r, &g, 1, bytes_of_string("four")) == HOST_MemoryAccessViolation);
    CHECK(r.count == 0 && r.memory_usage == 0);
    CHECK_EQUAL(g.burnt, p.ext[EXT_write_register_base].gas + 4 * p.ext[EXT_write_register_byte].gas);
    CHECK(registers_write(&r, &g, 1, bytes_of_string("abc")) == HOST_OK);
    CHECK(registers_write(&r, &g, 1, bytes_of_string("ab")) == HOST_OK);
    CHECK(registers_write(&r, &g, 2, bytes_of_string("abc")) == HOST_MemoryAccessViolation); /* 10 + 11 > 20 */
    CHECK(registers_write(&r, &g, 2, bytes_of_string("ab")) == HOST_OK);
    /* With as many registers as there may be, none can be replaced any more. */
    CHECK(registers_write(&r, &g, 3, bytes_of_string("")) == HOST_MemoryAccessViolation);
    CHECK(registers_write(&r, &g, 1, bytes_of_string("")) == HOST_MemoryAccessViolation);
    CHECK(registers_write_shared(&r, &g, 1, bytes_of_string("")) == HOST_MemoryAccessViolation);
    CHECK(holds(&r, 1, "ab") && holds(&r, 2, "ab"));
    registers_free(&r);
    /* No gas, no register. */
    gas_counter_init(&g, &p, UINT64_MAX, p.ext[EXT_write_register_base].gas, false);
    CHECK(registers_write(&r, &g, 1, bytes_of_string("a")) == HOST_GasExceeded && r.count == 0);
    registers_free(&r);
}

/* ---- memory ----------------------------------------------------------------------------------------------------- */

static void test_memory(struct guest *g)
{
    test_begin("memory");
    guest_begin(g);
    guest_start(g);
    struct host *h = &g->host;
    struct bytes data;
    struct u128 number;
    CHECK(memory_view(h, GUEST_MEMORY, 0, &data) == HOST_OK && data.size == 0);
    CHECK(memory_view(h, GUEST_MEMORY - 1, 1, &data) == HOST_OK);
    CHECK(h->gas.burnt == 0);
    CHECK(memory_write(h, 8, bytes_of_string("sixteen bytes...")) == HOST_OK);
    CHECK(memory_read(h, 10, 5, &data) == HOST_OK && bytes_equal(data, bytes_of_string("xteen")));
    CHECK(guest_burnt(g, COSTS({EXT_write_memory_base, 1}, {EXT_write_memory_byte, 16}, {EXT_read_memory_base, 1},
                               {EXT_read_memory_byte, 5})));
    CHECK(memory_write_u128(h, 1, (struct u128){0x0102, 3}) == HOST_OK);
    CHECK(g->memory[1] == 2 && g->memory[2] == 1 && g->memory[9] == 3 && g->memory[0] == 0);
    CHECK(memory_read_u128(h, 1, &number) == HOST_OK && number.low == 0x0102 && number.high == 3);
    CHECK(h->fault.error == HOST_OK);
    static const uint64_t outside[][2] = {
        {GUEST_MEMORY, 1}, {GUEST_MEMORY + 1, 0}, {0, GUEST_MEMORY + 1}, {UINT64_MAX, 1}, {UINT64_MAX, UINT64_MAX},
        {1, UINT64_MAX}, {GUEST_MEMORY - 15, 16}, {UINT64_C(1) << 32, 0},
    };
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        CHECK(memory_view(h, outside[i][0], outside[i][1], &data) == HOST_MemoryAccessViolation);
    guest_restart(g);
    CHECK(memory_read_u128(h, GUEST_MEMORY - 15, &number) == HOST_MemoryAccessViolation); /* paid for all the same */
    CHECK(guest_burnt(g, COSTS({EXT_read_memory_base, 1}, {EXT_read_memory_byte, 16})));
    guest_restart(g);
    CHECK(memory_write_u128(h, GUEST_MEMORY - 15, number) == HOST_MemoryAccessViolation);
    guest_restart(g);
    CHECK(memory_read(h, 0, UINT64_MAX, &data) == HOST_IntegerOverflow);
    guest_restart(g);
    CHECK(memory_or_register(h, UINT64_MAX, 5, &data) == HOST_InvalidRegisterId);
    CHECK_TEXT(guest_message(g), "Accessed invalid register id: 5");
    guest_restart(g);
    h->memory = NULL;
    h->memory_size = 0;
    CHECK(memory_read(h, 0, 0, &data) == HOST_OK && data.size == 0);
    CHECK(memory_read(h, 0, 1, &data) == HOST_MemoryAccessViolation);
    guest_end(g);
}

static enum host_error read_account(struct guest *g, const char *text, struct account_id *out)
{
    guest_restart(g);
    guest_put(g, 0, text);
    return memory_read_account_id(&g->host, strlen(text), 0, out);
}

static void test_account_ids(struct guest *g)
{
    test_begin("account ids in memory");
    guest_begin(g);
    guest_start(g);
    struct account_id id;
    CHECK(read_account(g, "bob.near", &id) == HOST_OK);
    CHECK(guest_burnt(g, COSTS({EXT_read_memory_base, 1}, {EXT_read_memory_byte, 8}, {EXT_utf8_decoding_base, 1},
                               {EXT_utf8_decoding_byte, 8})));
    struct account_id bob = account_id_of("bob.near");
    CHECK(account_id_equal(&id, &bob));
    CHECK(read_account(g, "Bob", &id) == HOST_InvalidAccountId);
    CHECK(read_account(g, "", &id) == HOST_InvalidAccountId);
    CHECK(read_account(g, "b\xff", &id) == HOST_BadUTF8);
    g->parameters.limits.account_id_validity_rules_version = ACCOUNT_ID_CHECKED_IN_KEYS;
    CHECK(read_account(g, "Bob", &id) == HOST_OK && id.length == 3);
    CHECK(read_account(g, "b\xff", &id) == HOST_BadUTF8);
    char longer[ACCOUNT_ID_MAX + 2] = {0};
    memset(longer, 'a', ACCOUNT_ID_MAX + 1);
    CHECK(read_account(g, longer, &id) == HOST_InvalidAccountId);
    guest_end(g);
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

static const char *utf8_at(struct guest *g, uint64_t len, uint64_t ptr)
{
    struct bytes text = {0};
    if (memory_read_utf8(&g->host, len, ptr, &text) != HOST_OK) return host_error_kind(g->host.fault.error);
    char *copy = arena_alloc(&g->arena, text.size + 1);
    memcpy(copy, text.data, text.size);
    return copy;
}

static void test_utf8(struct guest *g)
{
    test_begin("UTF-8");
    guest_begin(g);
    guest_start(g);
    guest_put(g, 100, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x8c\x8d");
    CHECK_TEXT(utf8_at(g, 11, 100), "gr\xc3\xbc\xc3\x9f \xf0\x9f\x8c\x8d");
    CHECK(guest_burnt(g, COSTS({EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 11}, {EXT_read_memory_base, 1},
                               {EXT_read_memory_byte, 11})));
    guest_restart(g);
    CHECK_TEXT(utf8_at(g, UINT64_MAX, 100), "gr\xc3\xbc\xc3\x9f \xf0\x9f\x8c\x8d");
    CHECK(guest_burnt(g, COSTS({EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 11}, {EXT_read_memory_base, 12},
                               {EXT_read_memory_byte, 12})));
    guest_restart(g);
    CHECK_TEXT(utf8_at(g, 10, 100), "HostError.BadUTF8"); /* cut in a character */
    guest_restart(g);
    CHECK_TEXT(utf8_at(g, 2, GUEST_MEMORY - 1), "HostError.MemoryAccessViolation");
    guest_restart(g);
    g->memory[GUEST_MEMORY - 1] = 'x';
    CHECK_TEXT(utf8_at(g, UINT64_MAX, GUEST_MEMORY - 1), "HostError.MemoryAccessViolation");
    CHECK(guest_burnt(g, COSTS({EXT_utf8_decoding_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 2})));
    guest_restart(g);
    CHECK_TEXT(utf8_at(g, UINT64_MAX, UINT64_MAX), "HostError.MemoryAccessViolation");

    uint64_t limit = g->parameters.limits.max_total_log_length;
    guest_restart(g);
    CHECK_TEXT(utf8_at(g, limit + 1, 0), "HostError.TotalLogLengthExceeded"); /* nothing was read */
    CHECK(guest_burnt(g, COSTS({EXT_utf8_decoding_base, 1})));
    CHECK(g->host.fault.a == limit + 1 && g->host.fault.b == limit);
    guest_restart(g);
    memset(g->memory, 'x', GUEST_MEMORY);
    g->host.total_log_length = limit - 3;
    g->memory[3] = 0;
    CHECK_TEXT(utf8_at(g, UINT64_MAX, 0), "xxx");
    CHECK_TEXT(utf8_at(g, 3, 0), "xxx");
    guest_restart(g);
    g->host.total_log_length = limit - 3;
    g->memory[3] = 'x';
    CHECK_TEXT(utf8_at(g, UINT64_MAX, 0), "HostError.TotalLogLengthExceeded");
    CHECK_EQUAL(g->host.fault.a, limit + 1);
    CHECK(guest_burnt(g, COSTS({EXT_utf8_decoding_base, 1}, {EXT_read_memory_base, 4}, {EXT_read_memory_byte, 4})));
    guest_restart(g);
    g->host.total_log_length = 10;
    CHECK_TEXT(utf8_at(g, UINT64_MAX - 1, 0), "HostError.TotalLogLengthExceeded");
    CHECK_EQUAL(g->host.fault.a, UINT64_MAX); /* not wrapped around */
    guest_end(g);
}

static const char *utf16_at(struct guest *g, uint64_t len, uint64_t ptr)
{
    struct bytes text = {0};
    if (memory_read_utf16(&g->host, len, ptr, &text) != HOST_OK) return host_error_kind(g->host.fault.error);
    char *copy = arena_alloc(&g->arena, text.size + 1);
    memcpy(copy, text.data, text.size);
    return copy;
}

static void put16(struct guest *g, uint64_t ptr, const uint16_t *units, size_t count)
{
    for (size_t i = 0; i < count; i++) store_le16(g->memory + ptr + 2 * i, units[i]);
}

static void test_utf16(struct guest *g)
{
    test_begin("UTF-16");
    guest_begin(g);
    guest_start(g);
    static const uint16_t text[] = {'a', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0xd800, 0xdc00, 0xdbff,
                                    0xdfff, 0};
    static const char utf8[] = "a\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"
                               "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
    put16(g, 101, text, 13); /* at any alignment */
    CHECK_TEXT(utf16_at(g, 24, 101), utf8);
    CHECK(guest_burnt(g, COSTS({EXT_utf16_decoding_base, 1}, {EXT_utf16_decoding_byte, 24}, {EXT_read_memory_base, 1},
                               {EXT_read_memory_byte, 24})));
    guest_restart(g);
    CHECK_TEXT(utf16_at(g, UINT64_MAX, 101), utf8);
    CHECK(guest_burnt(g, COSTS({EXT_utf16_decoding_base, 1}, {EXT_utf16_decoding_byte, 24},
                               {EXT_read_memory_base, 13}, {EXT_read_memory_byte, 26})));
    static const uint16_t bad[][3] = {
        {0xd800, 'a', 'b'}, {0xdc00, 0xd800, 'b'}, {'a', 'b', 0xd800}, {0xd800, 0xd800, 0xdc00},
        {0xd800, 0xe000, 'b'}, {0xd800, 0xdbff, 'b'}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        guest_restart(g);
        put16(g, 0, bad[i], 3);
        CHECK_TEXT(utf16_at(g, 6, 0), "HostError.BadUTF16");
    }
    static const uint16_t cut[] = {0xd800, 0xdc00};
    guest_restart(g);
    put16(g, 0, cut, 2);
    CHECK_TEXT(utf16_at(g, 2, 0), "HostError.BadUTF16"); /* the other half is there, but not in the text */
    guest_restart(g);
    CHECK_TEXT(utf16_at(g, 5, 0), "HostError.BadUTF16"); /* an odd length, before the bytes are paid for */
    CHECK(guest_burnt(g, COSTS({EXT_utf16_decoding_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 5})));
    uint64_t limit = g->parameters.limits.max_total_log_length;
    guest_restart(g);
    CHECK_TEXT(utf16_at(g, limit + 2, 0), "HostError.TotalLogLengthExceeded"); /* but after they were read */
    CHECK(g->host.fault.a == limit + 2 && g->host.gas.profile.ext[EXT_read_memory_byte] != 0);
    guest_restart(g);
    memset(g->memory, 'x', GUEST_MEMORY);
    g->host.total_log_length = limit - 4;
    CHECK_TEXT(utf16_at(g, UINT64_MAX, 0), "HostError.TotalLogLengthExceeded");
    CHECK_EQUAL(g->host.fault.a, limit + 2);
    CHECK(guest_burnt(g, COSTS({EXT_utf16_decoding_base, 1}, {EXT_read_memory_base, 3}, {EXT_read_memory_byte, 6})));
    guest_end(g);
}

/* ---- faults and imports ----------------------------------------------------------------------------------------- */

static void test_faults(struct guest *g)
{
    test_begin("faults");
    guest_begin(g);
    guest_start(g);
    struct host *h = &g->host;
    CHECK(host_check(h, HOST_OK) == HOST_OK && h->fault.error == HOST_OK);
    CHECK(host_fail_numbers(h, HOST_KeyLengthExceeded, 2049, 2048) == HOST_KeyLengthExceeded);
    CHECK_TEXT(guest_message(g), "The length of a storage key 2049 exceeds the limit 2048");
    CHECK_TEXT(host_error_kind(h->fault.error), "HostError.KeyLengthExceeded");
    CHECK(host_check(h, HOST_GasExceeded) == HOST_KeyLengthExceeded); /* the first one stays */
    CHECK(host_fail_text(h, HOST_GuestPanic, bytes_of_string("100 %s %a")) == HOST_GuestPanic);
    CHECK_TEXT(guest_message(g), "Smart contract panicked: 100 %s %a");
    host_fail_numbers(h, HOST_InvalidActionIndex, 1, 2);
    CHECK_TEXT(guest_message(g), "Action 2 in receipt 1 does not exist or has the wrong type of action.");
    CHECK(host_error_kind(HOST_OK) == NULL && host_error_kind(HOST_STOPPED) == NULL);
    /* Errors of the external, with its numbers and without. */
    guest_restart(g);
    g->mock.external.fault_a = 77;
    CHECK(host_check(h, HOST_InvalidReceiptIndex) == HOST_InvalidReceiptIndex);
    CHECK_TEXT(guest_message(g), "VM Logic returned an invalid receipt index: 77");
    guest_restart(g);
    CHECK(host_check(h, HOST_EXTERNAL_FAILURE) == HOST_EXTERNAL_FAILURE && h->no_memory);
    CHECK_TEXT(guest_message(g), "");
    guest_restart(g);
    error_set(&g->mock.external.error, STATUS_IO, 0, ERROR_NO_OFFSET, "no disk");
    CHECK(host_check(h, HOST_EXTERNAL_FAILURE) == HOST_EXTERNAL_FAILURE && !h->no_memory);
    guest_restart(g);
    CHECK(host_check(h, HOST_STOPPED) == HOST_EXTERNAL_FAILURE);
    CHECK(strstr(g->mock.external.error.message, "stopped") != NULL);
    guest_end(g);

    guest_begin(g);
    g->context.account_balance = (struct u128){UINT64_MAX, UINT64_MAX};
    CHECK(host_init(h, &g->context, &g->parameters, 1, &g->mock.external, &g->arena) == HOST_IntegerOverflow);
    guest_end(g);
}

static void test_imports(void)
{
    test_begin("imports");
    const struct protocol_parameters *new = parameters_of(PROTOCOL_VERSION_CURRENT), *old = parameters_of(84);
    for (size_t i = 0; i < import_count(); i++) {
        const struct import_definition *d = import_at(i);
        CHECK(import_find(new, bytes_of_string(d->name)) == d || !d->available(new));
        for (size_t j = 0; j < 16; j++)
            CHECK((d->params[j] != 0) == (j < d->param_count) && (!j || !d->params[j] || d->params[j] == d->params[0]));
    }
    CHECK(import_at(import_count()) == NULL);
    const struct import_definition *d = import_find(new, bytes_of_string("storage_write"));
    CHECK(d && d->param_count == 5 && d->params[4] == TYPE_I64 && d->result == TYPE_I64);
    d = import_find(new, bytes_of_string("abort"));
    CHECK(d && d->param_count == 4 && d->params[0] == TYPE_I32 && d->result == 0);
    d = import_find(new, bytes_of_string("block_index"));
    CHECK(d && d->param_count == 0);
    static const char *const none[] = {"", "pani", "panics", "finite_wasm_gas", "burn_gas", "storage_write "};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) CHECK(!import_find(new, bytes_of_string(none[i])));
    CHECK(!import_find(new, bytes_of("panic\0utf8", 10)));
    CHECK(!import_find(new, bytes_of(NULL, 0)));
    /* A gate: known from the version on that has its flag. */
    CHECK(new->flags.sha3_host_fns && import_find(new, bytes_of_string("sha3_256")));
    CHECK(old->flags.sha3_host_fns == (import_find(old, bytes_of_string("sha3_256")) != NULL));
    CHECK(!import_find(parameters_of(53), bytes_of_string("p256_verify")));
}

int main(void)
{
    struct guest guest;
    test_limits();
    test_overflow();
    test_actions_and_views();
    test_profile();
    test_registers();
    test_register_limits();
    test_memory(&guest);
    test_account_ids(&guest);
    test_utf8(&guest);
    test_utf16(&guest);
    test_faults(&guest);
    test_imports();
    return test_end();
}
