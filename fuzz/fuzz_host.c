/* Host functions of a contract call: the input becomes a sequence of them over the mock external, whose storage touches
 * trie nodes here. Nothing may crash or leak; what is burnt, promised, stored, kept in registers and logged must add
 * up after every call; and the same sequence must give the same result twice. */
#include <stdlib.h>

#include "base/hash.h"
#include "fuzz/host_calls.h"
#include "host/mock_external.h"

static uint64_t fixed_hash(struct bytes b)
{
    const struct hash_key key = {0};
    return hash_bytes(b, &key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CALLS_MAX = 120, NODES = 3 };

struct session {
    struct mock_external mock; /* first: what the external's functions get is both */
    struct external_functions functions, mocks;
    struct protocol_parameters parameters;
    struct call_context context;
    struct promise_result results[3];
    struct account_id receivers[2];
    struct guest_memory memory;
    struct arena arena;
    struct host host;
    uint64_t outside_profile; /* gas burnt by the import `gas` */
    uint64_t proof;
    uint64_t stored;          /* what the records in the state count for at the beginning */
    uint32_t logged;          /* entries of the mock's log then */
};

static void require(bool condition)
{
    if (!condition) abort();
}

/* ---- the outside ------------------------------------------------------------------------------------------------ */

static enum host_error touch(struct session *s, struct access_tracker *t)
{
    s->proof += 10000;
    return !t || (t->trie_node_touched(t, NODES) && t->cached_trie_node_access(t, NODES)) ? HOST_OK : HOST_STOPPED;
}

static enum host_error storage_set(void *self, struct access_tracker *t, struct bytes key, struct bytes value,
                                   bool *found, struct buffer *old)
{
    struct session *s = self;
    enum host_error e = touch(s, t);
    return e ? e : s->mocks.storage_set(self, t, key, value, found, old);
}

static enum host_error storage_get(void *self, struct access_tracker *t, struct bytes key, struct stored_value *out)
{
    struct session *s = self;
    enum host_error e = touch(s, t);
    return e ? e : s->mocks.storage_get(self, t, key, out);
}

static enum host_error storage_has_key(void *self, struct access_tracker *t, struct bytes key, bool *found)
{
    struct session *s = self;
    enum host_error e = touch(s, t);
    return e ? e : s->mocks.storage_has_key(self, t, key, found);
}

static uint64_t recorded_storage_size(void *self)
{
    return ((struct session *)self)->proof;
}

static void make_outside(struct session *s)
{
    struct account_id bob = account_id_of("bob.near");
    mock_external_init(&s->mock);
    s->functions = s->mocks = *s->mock.external.functions;
    s->functions.storage_set = storage_set;
    s->functions.storage_get = storage_get;
    s->functions.storage_has_key = storage_has_key;
    s->functions.recorded_storage_size = recorded_storage_size;
    s->mock.external.functions = &s->functions;
    require(mock_external_set_validator(&s->mock, &bob, u128_of(5), NULL) == STATUS_OK);
    require(state_map_put(&s->mock.state, bytes_of_string("call"), bytes_of_string("stored"), NULL) == STATUS_OK);
}

/* ---- the call --------------------------------------------------------------------------------------------------- */

static void make_context(struct session *s, struct choices *c)
{
    static const uint64_t gas[] = {0, 1000000, 10000000000, 1000000000000, 300000000000000, 1000000000000000};
    static const struct u128 balances[] = {{0, 0}, {1, 0}, {5000, 0}, {UINT64_MAX, 0}, {0, UINT64_MAX}};
    enum { GAS = sizeof gas / sizeof *gas, BALANCES = sizeof balances / sizeof *balances };
    s->parameters = *parameters_of(PROTOCOL_VERSION_CURRENT - choose(c, 5));
    if (chance(c, 20)) s->parameters.limits.max_number_registers = choose(c, 4);
    if (chance(c, 20)) s->parameters.limits.per_receipt_storage_proof_size_limit = 10000 * choose(c, 8);
    if (chance(c, 20)) s->parameters.limits.max_promises_per_function_call_action = choose(c, 4);
    call_context_default(&s->context);
    s->context.is_view = chance(c, 10);
    s->context.prepaid_gas = gas[GAS - 1 - choose(c, chance(c, 70) ? 2 : GAS)];
    s->context.view_max_gas = gas[GAS - 1 - choose(c, GAS)];
    s->context.account_balance = balances[choose(c, BALANCES)];
    s->context.attached_deposit = u128_of(choose(c, 3));
    s->context.storage_usage = chance(c, 90) ? 1000000 : choose(c, 200);
    s->context.input = bytes_of_string("the input");
    s->results[0] = (struct promise_result){PROMISE_SUCCESSFUL, bytes_of_string("result")};
    s->results[1] = (struct promise_result){.kind = PROMISE_FAILED};
    s->context.promise_results = s->results;
    s->context.promise_result_count = choose(c, 4);
    s->receivers[0] = account_id_of("alice.near");
    s->receivers[1] = account_id_of("bob.near");
    s->context.output_data_receivers = s->receivers;
    s->context.output_data_receiver_count = choose(c, 3);
    s->context.contract_kind = (enum account_contract_kind)choose(c, 4);
    s->context.contract_account = account_id_of("code.near");
}

static uint64_t records_usage(struct session *s)
{
    struct state_entry *entries;
    size_t count;
    uint64_t sum = 0;
    require(state_map_entries(&s->mock.state, &s->arena, &entries, &count, NULL) == STATUS_OK);
    for (size_t i = 0; i < count; i++)
        sum += entries[i].key.size + entries[i].value.size + s->parameters.runtime.num_extra_bytes_record;
    return sum;
}

/* ---- what must hold --------------------------------------------------------------------------------------------- */

static void check_gas(const struct session *s)
{
    const struct gas_counter *g = &s->host.gas;
    uint64_t sum = s->outside_profile;
    for (size_t i = 0; i < ACTION_COST_COUNT; i++) sum += g->profile.action[i];
    for (size_t i = 0; i < EXT_COST_COUNT; i++) sum += g->profile.ext[i];
    require(sum == g->burnt);
    require(g->burnt <= g->max_burnt && g->burnt <= g->prepaid);
    require(gas_used(g) <= g->prepaid && g->promised <= UINT64_MAX - g->burnt);
    require(!g->is_view || g->promised == 0);
}

static void check_registers(const struct session *s)
{
    const struct registers *r = &s->host.registers;
    uint64_t usage = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        usage += r->entries[i].data.size + 8;
        require(r->entries[i].data.size <= s->parameters.limits.max_register_size);
        for (uint32_t j = 0; j < i; j++) require(r->entries[i].id != r->entries[j].id);
    }
    require(usage == r->memory_usage && usage <= s->parameters.limits.registers_memory_limit);
    require(r->count <= s->parameters.limits.max_number_registers);
}

static void check_logs(const struct session *s)
{
    uint64_t length = 0;
    for (uint32_t i = 0; i < s->host.log_count; i++) {
        require(utf8_valid(s->host.logs[i].data, s->host.logs[i].size));
        length += s->host.logs[i].size;
    }
    require(length <= s->parameters.limits.max_total_log_length);
    require(s->host.log_count <= s->parameters.limits.max_number_logs);
    require(s->host.return_value.size <= s->parameters.limits.max_length_returned_data);
}

/* As long as nothing failed, what has left the account is in the actions, but for what the protocol has given. */
static void check_balance(const struct session *s)
{
    struct u128 sum = s->host.balance, initial;
    for (uint32_t i = s->logged; i < s->mock.log_count; i++)
        if (s->mock.log[i]->kind == MOCK_ACTION)
            require(u128_add(sum, action_deposit(&s->mock.log[i]->action.action), &sum));
    require(u128_add(s->context.account_balance, s->context.attached_deposit, &initial));
    require(u128_add(initial, s->host.subsidized_amount, &initial));
    require(u128_equal(sum, initial));
}

static void check_fault(struct session *s, enum host_error e)
{
    struct buffer message = {0};
    require(s->host.fault.error == e && !s->host.no_memory);
    host_fault_message(&s->host.fault, &message);
    if (e == HOST_EXTERNAL_FAILURE) {
        require(s->mock.external.error.status == STATUS_INVALID && message.size == 0); /* inconsistent storage usage */
    } else {
        require(e > HOST_OK && e < HOST_ERROR_COUNT && message.size > 0 && host_error_kind(e));
        require(utf8_valid(message.data, message.size));
    }
    buffer_free(&message);
}

static enum host_error run_call(struct session *s, const struct host_function_call *call)
{
    uint64_t result = 0, before = s->host.gas.burnt;
    enum host_error e = call->import->function(&s->host, call->args, &result);
    if (strcmp(call->import->name, "gas") == 0) s->outside_profile += s->host.gas.burnt - before;
    check_gas(s);
    check_registers(s);
    check_logs(s);
    require(s->host.gas.burnt >= before);
    if (e != HOST_OK) {
        check_fault(s, e);
        return e;
    }
    require(s->host.fault.error == HOST_OK);
    require(call->import->result != TYPE_I32 || result <= UINT32_MAX);
    require(s->host.storage_usage + s->stored == s->context.storage_usage + records_usage(s));
    check_balance(s);
    return e;
}

/* ---- one sequence ----------------------------------------------------------------------------------------------- */

static uint64_t digest(struct session *s, enum host_error end)
{
    const struct host *h = &s->host;
    uint64_t numbers[] = {end, h->gas.burnt, h->gas.promised, h->gas.send_compute, h->storage_usage, h->balance.low,
                          h->log_count, h->promise_count, h->registers.count, s->mock.log_count,
                          fixed_hash(h->return_value), fixed_hash(h->fault.text), h->fault.a, h->fault.b, 0};
    for (uint32_t i = 0; i < h->registers.count; i++) numbers[14] += fixed_hash(h->registers.entries[i].data) ^ i;
    return fixed_hash(bytes_of(numbers, sizeof numbers)) ^ fixed_hash(bytes_of(s->memory.data, s->memory.size));
}

static void begin_call(struct session *s)
{
    require(host_init(&s->host, &s->context, &s->parameters, s->parameters.limits.max_gas_burnt, &s->mock.external,
                      &s->arena) == HOST_OK);
    s->host.memory = s->memory.data;
    s->host.memory_size = s->memory.size;
    s->stored = records_usage(s);
    s->logged = s->mock.log_count;
    s->outside_profile = 0;
    s->mock.external.error = (struct error){0};
}

static uint64_t end_call(struct session *s, enum host_error end)
{
    gas_counter_finish(&s->host.gas);
    require(s->host.gas.profile.wasm == s->outside_profile);
    uint64_t result = digest(s, end);
    host_release(&s->host);
    return result;
}

/* A call that has failed is followed by another one, over the same state. */
static uint64_t run_calls(struct session *s, struct choices *c)
{
    uint64_t result = 0;
    enum host_error end = HOST_OK;
    begin_call(s);
    for (uint32_t left = choose(c, CALLS_MAX); left; left--) {
        struct host_function_call call = choose_call(c, &s->memory, s->host.promise_count);
        if (!call.import->available(&s->parameters)) continue;
        if (end != HOST_OK) begin_call(s);
        end = run_call(s, &call);
        if (end != HOST_OK) result = result * 31 + end_call(s, end);
    }
    return end == HOST_OK ? result * 31 + end_call(s, end) : result;
}

static uint64_t run_sequence(const uint8_t *data, size_t size)
{
    struct choices c = choices_of(data, size);
    struct session *s = calloc(1, sizeof *s);
    require(s != NULL);
    make_outside(s);
    make_context(s, &c);
    require(guest_memory_make(&s->memory, &c));
    uint64_t result = run_calls(s, &c);
    mock_external_free(&s->mock);
    arena_free(&s->arena);
    free(s->memory.data);
    free(s);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    require(run_sequence(data, size) == run_sequence(data, size));
    return 0;
}
