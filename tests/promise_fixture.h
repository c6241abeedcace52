/* A contract call without a contract: a host over the mock external, whose functions are called one by one. For the
 * tests of promises. */
#ifndef TESTS_PROMISE_FIXTURE_H
#define TESTS_PROMISE_FIXTURE_H

#include "host/context.h"
#include "host/mock_external.h"
#include "near/fees.h"
#include "tests/test.h"

enum { FIXTURE_MEMORY = 1 << 16, NOWHERE = 1 << 20 /* past the memory */ };

struct fixture {
    struct mock_external mock;
    struct external_functions functions; /* the mock's, to exchange some */
    struct protocol_parameters parameters;
    struct call_context context;
    struct arena arena;
    struct host host;
    uint64_t result;
    uint8_t memory[FIXTURE_MEMORY];
    size_t used;                         /* of the memory */
    /* before the last call, for expect_costs */
    struct gas_profile profile;
    uint64_t burnt, promised, compute;
};

/* Change f->parameters, f->context and f->functions between fixture_init and fixture_start. alice.near has 100
 * yoctoNEAR and gets 10; she may use 100 Tgas. */
static inline void fixture_init(struct fixture *f, uint32_t version)
{
    memset(f, 0, sizeof *f);
    mock_external_init(&f->mock);
    f->functions = *f->mock.external.functions;
    f->parameters = *parameters_of(version);
    /* Many fees are the same whoever the receiver is: here all can be told apart. */
    for (unsigned i = 0; i < ACTION_COST_COUNT; i++) f->parameters.action[i].send_sir.gas += 101 + i;
    f->context = (struct call_context){
        .current_account = account_id_of("alice.near"),
        .signer_account = account_id_of("bob.near"),
        .predecessor_account = account_id_of("carol.near"),
        .refund_to_account = account_id_of("david.near"),
        .account_balance = u128_of(100),
        .attached_deposit = u128_of(10),
        .prepaid_gas = 100000000000000,
    };
}

static inline void fixture_start(struct fixture *f)
{
    f->mock.external.functions = &f->functions;
    CHECK_EQUAL(host_init(&f->host, &f->context, &f->parameters, f->parameters.limits.max_gas_burnt,
                          &f->mock.external, &f->arena),
                HOST_OK);
    f->host.memory = f->memory;
    f->host.memory_size = FIXTURE_MEMORY;
}

static inline void fixture_end(struct fixture *f)
{
    host_release(&f->host);
    arena_free(&f->arena);
    mock_external_free(&f->mock);
}

/* Puts data into the guest's memory and returns where. */
static inline uint64_t put(struct fixture *f, const void *data, size_t size)
{
    if (!CHECK(size <= FIXTURE_MEMORY - f->used)) return NOWHERE;
    uint64_t at = f->used;
    memcpy(f->memory + at, data, size);
    f->used += size;
    return at;
}

static inline uint64_t put_text(struct fixture *f, const char *text)
{
    return put(f, text, strlen(text));
}

static inline uint64_t put_amount(struct fixture *f, uint64_t amount)
{
    uint8_t data[16];
    u128_store(data, u128_of(amount));
    return put(f, data, sizeof data);
}

static inline uint64_t put_index(struct fixture *f, uint64_t index)
{
    uint8_t data[8];
    store_le64(data, index);
    return put(f, data, sizeof data);
}

/* Calls a host function; its result is in f->result. What went wrong before is forgotten. */
static inline enum host_error fixture_call(struct fixture *f, host_import function, const uint64_t *args)
{
    f->host.fault = (struct host_fault){0};
    f->profile = f->host.gas.profile;
    f->burnt = f->host.gas.burnt;
    f->promised = f->host.gas.promised;
    f->compute = f->host.gas.send_compute;
    f->result = 0xdeadbeef;
    enum host_error e = function(&f->host, args, &f->result);
    CHECK_EQUAL(f->host.fault.error, e);
    return e;
}
#define CALL(f, name, ...) fixture_call((f), import_##name, (const uint64_t[]){__VA_ARGS__, 0})
#define CALL_OK(f, name, ...) CHECK_EQUAL(CALL(f, name, __VA_ARGS__), HOST_OK)
#define CALL_FAILS(f, error, name, ...) CHECK_EQUAL(CALL(f, name, __VA_ARGS__), HOST_##error)
/* The result of a function that must succeed. */
#define VALUE_OF(f, name, ...) (CALL_OK(f, name, __VA_ARGS__), (f)->result)

static inline uint64_t make_promise(struct fixture *f, const char *receiver)
{
    size_t used = f->used;
    uint64_t ptr = put_text(f, receiver);
    CALL_OK(f, promise_batch_create, strlen(receiver), ptr);
    f->used = used;
    return f->result;
}

static inline uint64_t join_promise(struct fixture *f, uint64_t index)
{
    size_t used = f->used;
    CALL_OK(f, promise_and, put_index(f, index), 1);
    f->used = used;
    return f->result;
}

/* ---- what the last call did ------------------------------------------------------------------------------------- */

struct ext_charge {
    enum ext_cost cost;
    uint64_t count;
};

struct action_charge {
    enum action_cost cost;
    uint64_t burnt, promised; /* gas */
};

/* What sending and executing an action costs, `count` times. */
static inline struct action_charge action_charge(const struct fixture *f, enum action_cost cost, bool sir,
                                                 uint64_t count)
{
    return (struct action_charge){cost, action_send_fee(&f->parameters, cost, sir).gas * count,
                                  action_exec_fee(&f->parameters, cost).gas * count};
}

/* The last call was charged exactly this: the lists end with a count or gas of 0 for cost 0. `prepaid` is gas given to
 * function calls. */
static inline void expect_costs(const struct fixture *f, const struct ext_charge *ext,
                                const struct action_charge *actions, uint64_t prepaid)
{
    uint64_t ext_gas[EXT_COST_COUNT] = {0}, action_gas[ACTION_COST_COUNT] = {0}, burnt = 0, promised = prepaid;
    for (; ext->count; ext++) {
        ext_gas[ext->cost] += f->parameters.ext[ext->cost].gas * ext->count;
        burnt += f->parameters.ext[ext->cost].gas * ext->count;
    }
    for (; actions->burnt || actions->promised; actions++) {
        action_gas[actions->cost] += actions->burnt;
        burnt += actions->burnt;
        promised += actions->promised;
    }
    const struct gas_counter *g = &f->host.gas;
    for (unsigned i = 0; i < EXT_COST_COUNT; i++) {
        uint64_t charged = g->profile.ext[i] - f->profile.ext[i];
        if (charged != ext_gas[i] && !CHECK_EQUAL(charged, ext_gas[i])) printf("  %s\n", ext_cost_name(i));
    }
    for (unsigned i = 0; i < ACTION_COST_COUNT; i++) {
        uint64_t charged = g->profile.action[i] - f->profile.action[i];
        if (charged != action_gas[i] && !CHECK_EQUAL(charged, action_gas[i])) printf("  %s\n", action_cost_name(i));
    }
    CHECK_EQUAL(g->burnt - f->burnt, burnt);
    CHECK_EQUAL(g->promised - f->promised, promised);
}
#define EXT(...) ((const struct ext_charge[]){__VA_ARGS__, {0, 0}})
#define ACTIONS(...) ((const struct action_charge[]){__VA_ARGS__, {0, 0, 0}})
#define NO_ACTIONS ((const struct action_charge[]){{0, 0, 0}})

/* The n-th line from the end of the log: 1 is the last one. */
static inline const struct mock_entry *logged(const struct fixture *f, uint32_t n)
{
    static const struct mock_entry none = {.kind = MOCK_SET_REFUND_TO};
    if (!CHECK(n >= 1 && n <= f->mock.log_count)) return &none;
    return f->mock.log[f->mock.log_count - n];
}

/* The action that the last line is; it must be of that kind and receipt. */
static inline const struct action *logged_action(const struct fixture *f, enum action_kind kind, uint64_t receipt)
{
    static const struct action none;
    const struct mock_entry *entry = logged(f, 1);
    if (!CHECK(entry->kind == MOCK_ACTION && entry->action.action.kind == kind)) return &none;
    CHECK_EQUAL(entry->action.receipt, receipt);
    return &entry->action.action;
}

static inline bool is_text(struct bytes data, const char *text)
{
    return bytes_equal(data, bytes_of_string(text));
}

static inline bool is_account(const struct account_id *id, const char *text)
{
    return is_text(account_id_bytes(id), text);
}

#endif
