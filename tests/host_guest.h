/* For tests of host functions: a contract call without a contract, over the mock external. The mock's storage costs
 * nothing; here its accesses can be made to touch trie nodes, to fill the storage proof, and to fail. */
#ifndef TESTS_HOST_GUEST_H
#define TESTS_HOST_GUEST_H

#include "host/context.h"
#include "host/mock_external.h"
#include "tests/test.h"

enum { GUEST_MEMORY = 65536 };

struct guest {
    struct mock_external mock;           /* first: what the external's functions get is both */
    struct external_functions functions; /* the mock's, but for storage */
    struct external_functions mocks;
    uint64_t nodes, cached, evicted, removed; /* what an access to storage costs */
    uint64_t proof, proof_growth;             /* recorded so far; by each access */
    bool failing;
    struct protocol_parameters parameters;
    struct call_context context;
    struct arena arena;
    struct host host;
    uint8_t memory[GUEST_MEMORY];
};

static inline enum host_error guest_access(struct guest *g, struct access_tracker *t)
{
    if (g->failing) {
        error_set(&g->mock.external.error, STATUS_IO, 0, ERROR_NO_OFFSET, "the disk is gone");
        return HOST_EXTERNAL_FAILURE;
    }
    g->proof += g->proof_growth;
    if (t && g->nodes && !t->trie_node_touched(t, g->nodes)) return HOST_STOPPED;
    if (t && g->cached && !t->cached_trie_node_access(t, g->cached)) return HOST_STOPPED;
    return HOST_OK;
}

static inline enum host_error guest_set(void *self, struct access_tracker *t, struct bytes key, struct bytes value,
                                        bool *found, struct buffer *old)
{
    struct guest *g = self;
    enum host_error e = guest_access(g, t);
    if (!e) e = g->mocks.storage_set(self, t, key, value, found, old);
    return !e && g->evicted && !t->write_evicted_bytes(t, g->evicted) ? HOST_STOPPED : e;
}

static inline enum host_error guest_get(void *self, struct access_tracker *t, struct bytes key,
                                        struct stored_value *out)
{
    enum host_error e = guest_access(self, t);
    return e ? e : ((struct guest *)self)->mocks.storage_get(self, t, key, out);
}

static inline enum host_error guest_remove(void *self, struct access_tracker *t, struct bytes key, bool *found,
                                           struct buffer *old)
{
    struct guest *g = self;
    enum host_error e = guest_access(g, t);
    if (!e && g->removed && !t->removed_value_bytes(t, g->removed)) e = HOST_STOPPED;
    return e ? e : g->mocks.storage_remove(self, t, key, found, old);
}

static inline enum host_error guest_has_key(void *self, struct access_tracker *t, struct bytes key, bool *found)
{
    enum host_error e = guest_access(self, t);
    return e ? e : ((struct guest *)self)->mocks.storage_has_key(self, t, key, found);
}

static inline uint64_t guest_proof(void *self)
{
    return ((struct guest *)self)->proof;
}

/* A guest at the current version, with everything zero that guest_begin's caller may change before guest_start. */
static inline void guest_begin(struct guest *g)
{
    static const uint8_t seed[32] = {42}, key[33] = {0, 7};
    memset(g, 0, sizeof *g);
    mock_external_init(&g->mock);
    g->functions = g->mocks = *g->mock.external.functions;
    g->functions.storage_set = guest_set;
    g->functions.storage_get = guest_get;
    g->functions.storage_remove = guest_remove;
    g->functions.storage_has_key = guest_has_key;
    g->functions.recorded_storage_size = guest_proof;
    g->functions.storage_proof_size_before_receipt = guest_proof;
    g->mock.external.functions = &g->functions;
    g->parameters = *parameters_of(PROTOCOL_VERSION_CURRENT);
    g->context = (struct call_context){
        .current_account = account_id_of("alice.near"),
        .signer_account = account_id_of("bob.near"),
        .predecessor_account = account_id_of("carol.near"),
        .refund_to_account = account_id_of("dave.near"),
        .signer_public_key = bytes_of(key, sizeof key),
        .input = bytes_of_string("input"),
        .block_height = 100,
        .block_timestamp = UINT64_C(1700000000000000000),
        .epoch_height = 3,
        .account_balance = u128_of(1000),
        .account_locked_balance = u128_of(50),
        .attached_deposit = u128_of(7),
        .storage_usage = 1000,
        .prepaid_gas = UINT64_C(300000000000000),
        .view_max_gas = UINT64_C(300000000000000),
        .random_seed = bytes_of(seed, sizeof seed),
    };
}

static inline void guest_start(struct guest *g)
{
    CHECK(host_init(&g->host, &g->context, &g->parameters, g->parameters.limits.max_gas_burnt, &g->mock.external,
                    &g->arena) == HOST_OK);
    g->host.memory = g->memory;
    g->host.memory_size = GUEST_MEMORY;
}

static inline void guest_end(struct guest *g)
{
    host_release(&g->host);
    mock_external_free(&g->mock);
    arena_free(&g->arena);
}

/* The same guest for another call, with its storage. */
static inline void guest_restart(struct guest *g)
{
    host_release(&g->host);
    guest_start(g);
}

static inline enum host_error guest_call(struct guest *g, const char *name, uint64_t *result, const uint64_t *args,
                                         size_t count)
{
    const struct import_definition *d = import_find(&g->parameters, bytes_of_string(name));
    if (!CHECK(d != NULL) || !CHECK(d->param_count == count)) return HOST_EXTERNAL_FAILURE;
    return d->function(&g->host, args, result);
}

/* CALL(g, "sha256", 3, 0, 1): the error. The macro without arguments is CALL0. RESULT: what was returned, or
 * UINT64_MAX - 1 if the call ended. */
#define GUEST_ARGS(...) ((const uint64_t[]){__VA_ARGS__}), sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t)
#define CALL(g, name, ...) guest_call((g), (name), &(uint64_t){0}, GUEST_ARGS(__VA_ARGS__))
#define CALL0(g, name) guest_call((g), (name), &(uint64_t){0}, NULL, 0)
#define RESULT(g, name, ...) guest_result((g), (name), GUEST_ARGS(__VA_ARGS__))
#define RESULT0(g, name) guest_result((g), (name), NULL, 0)
static inline uint64_t guest_result(struct guest *g, const char *name, const uint64_t *args, size_t count)
{
    uint64_t result = UINT64_MAX - 1;
    return guest_call(g, name, &result, args, count) == HOST_OK ? result : UINT64_MAX - 1;
}

static inline void guest_put(struct guest *g, uint64_t ptr, const char *text)
{
    memcpy(g->memory + ptr, text, strlen(text));
}

/* A register as a string; "(none)" if there is none. Valid until the next call. */
static inline const char *guest_register(struct guest *g, uint64_t id)
{
    struct bytes data;
    if (!registers_find(&g->host.registers, id, &data)) return "(none)";
    char *text = arena_alloc(&g->arena, data.size + 1);
    if (text && data.size) memcpy(text, data.data, data.size);
    return text;
}

static inline const char *guest_message(struct guest *g)
{
    struct buffer b = {0};
    host_fault_message(&g->host.fault, &b);
    char *text = arena_alloc(&g->arena, b.size + 1);
    if (text && b.size) memcpy(text, b.data, b.size);
    buffer_free(&b);
    return text;
}

/* Whether exactly these costs were burnt, as the profile has it, and nothing else. */
struct expected_cost {
    enum ext_cost cost;
    uint64_t units;
};
#define COSTS(...) (const struct expected_cost[]){__VA_ARGS__, {EXT_COST_COUNT, 0}}
static inline bool guest_burnt(const struct guest *g, const struct expected_cost *expected)
{
    uint64_t want[EXT_COST_COUNT] = {0}, total = 0;
    bool ok = true;
    for (; expected->cost != EXT_COST_COUNT; expected++)
        want[expected->cost] += expected->units * g->parameters.ext[expected->cost].gas;
    for (size_t i = 0; i < EXT_COST_COUNT; i++) {
        total += want[i];
        if (want[i] == g->host.gas.profile.ext[i]) continue;
        printf("  %s: %" PRIu64 " burnt, expected %" PRIu64 "\n", ext_cost_name((enum ext_cost)i),
               g->host.gas.profile.ext[i], want[i]);
        ok = false;
    }
    if (g->host.gas.burnt != total)
        printf("  total: %" PRIu64 " burnt, expected %" PRIu64 "\n", g->host.gas.burnt, total);
    return ok && g->host.gas.burnt == total;
}

#endif
