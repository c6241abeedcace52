/* The same functions under their WIT names, as the component model's canonical ABI lowers them:
 *
 *     enum error { unknown-register, too-large, no-device, busy, policy-mismatch, corrupt }
 *     extend-measurement: func(pcr-index: u32, data: list<u8>) -> result<_, error>
 *     generate-quote: func(nonce: list<u8>) -> result<list<u8>, error>
 *     seal-to-pcr: func(pcr-index: u32, data: list<u8>) -> result<list<u8>, error>
 *     unseal: func(blob: list<u8>) -> result<list<u8>, error>
 *     suspend: func() -> result<_, error>
 *
 * result<_, error> is two bytes: 0 or 1, and the error. result<list<u8>, error> is 12 bytes at an address that is a
 * multiple of 4: 0 or 1 in the first, then at 4 the list's address and length, or the error. */
#include "crypto/wipe.h"
#include "tee/imports_call.h"

enum { RESULT_SIZE = 2, LIST_RESULT_SIZE = 12, LIST_RESULT_ALIGN = 4 };

static enum trap put_error(struct host_call *call, slot result, uint32_t at, enum tee_import_error error)
{
    uint8_t *p = NULL;
    const enum trap trap = tee_import_memory(call, result, at + 1, &p);
    if (trap != TRAP_NONE) return trap;
    p[0] = 1;
    p[at] = (uint8_t)error;
    return TRAP_NONE;
}

/* Memory of the guest's for `size` bytes, by its own allocator; guest code runs, so addresses of before are void. */
static enum trap allocate(struct host_call *call, size_t size, slot *at)
{
    struct external allocator;
    slot values[4] = {0, 0, 1, (uint32_t)size};
    static const uint8_t types[] = {TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32};
    const struct functype expected = {.params = 4, .results = 1, .types = types};
    if (!call->caller || !instance_export(call->caller, bytes_of_string("cabi_realloc"), &allocator) ||
        allocator.kind != EXTERN_FUNC || !functype_equal(func_type(allocator.func), &expected))
        return tee_import_trap(call, "nvm_tee: the guest does not export cabi_realloc(i32, i32, i32, i32) -> i32");
    struct trap_info inner;
    const enum trap trap = func_call(call->store, allocator.func, values, &inner);
    *at = values[0];
    return trap == TRAP_OUT_OF_GAS ? tee_import_short_of_gas(call, inner.gas_charge) : trap;
}

static enum trap put_list(struct host_call *call, slot result, const struct buffer *out)
{
    slot at = 0;
    uint8_t *p = NULL, *list = NULL;
    enum trap trap = allocate(call, out->size, &at);
    if (trap == TRAP_NONE) trap = tee_import_memory(call, at, out->size, &list);
    if (trap == TRAP_NONE) trap = tee_import_memory(call, result, LIST_RESULT_SIZE, &p);
    if (trap != TRAP_NONE) return trap;
    if (out->size) memcpy(list, out->data, out->size);
    p[0] = 0;
    store_le32(p + 4, (uint32_t)at);
    store_le32(p + 8, (uint32_t)out->size);
    return TRAP_NONE;
}

/* Before the work: gas, and that input and result are the guest's. */
static enum trap begin(struct host_call *call, struct tee_import_cost cost, uint64_t bytes, const slot *in, slot result,
                       uint32_t result_size, struct bytes *data)
{
    uint8_t *p = NULL, *ignored = NULL;
    enum trap trap = tee_import_pay(call, cost, bytes);
    if (trap == TRAP_NONE) trap = tee_import_memory(call, in[0], in[1], &p);
    if (trap == TRAP_NONE) trap = tee_import_memory(call, result, result_size, &ignored);
    if (trap == TRAP_NONE && result_size == LIST_RESULT_SIZE && (uint32_t)result % LIST_RESULT_ALIGN != 0)
        trap = tee_import_trap(call, "nvm_tee: the result's address is not a multiple of 4");
    *data = bytes_of(p, (uint32_t)in[1]);
    return trap;
}

static enum trap finish(struct host_call *call, enum status status, slot result, struct buffer *out)
{
    const struct tee_imports *t = call->user;
    enum trap trap = TRAP_NO_MEMORY;
    if (status == STATUS_OK)
        trap = put_list(call, result, out);
    else if (status != STATUS_NO_MEMORY)
        trap = put_error(call, result, 4, tee_import_error_of(&t->error));
    if (out->data) wipe(out->data, out->capacity);
    buffer_free(out);
    return trap;
}

static enum trap extend(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    const slot result = v[3];
    struct bytes data;
    uint8_t *p = NULL;
    enum trap trap = begin(call, t->costs.extend, (uint32_t)v[2], v + 1, result, RESULT_SIZE, &data);
    if (trap != TRAP_NONE) return trap;
    const enum status status =
        tee_registers_extend(t->registers, (uint32_t)v[0], EVENT_USER, data, NULL, NULL, &t->error);
    if (status == STATUS_NO_MEMORY) return TRAP_NO_MEMORY;
    if (status != STATUS_OK) return put_error(call, result, 1, tee_import_error_of(&t->error));
    trap = tee_import_memory(call, result, RESULT_SIZE, &p);
    if (trap == TRAP_NONE) p[0] = p[1] = 0;
    return trap;
}

static enum trap quote(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    const slot result = v[2];
    struct bytes nonce;
    struct buffer out = {0};
    const uint64_t bytes = (uint64_t)(uint32_t)v[1] + TEE_IMPORT_QUOTE_MAX;
    const enum trap trap = begin(call, t->costs.quote, bytes, v, result, LIST_RESULT_SIZE, &nonce);
    if (trap != TRAP_NONE) return trap;
    if (nonce.size > TEE_IMPORT_NONCE_MAX) return put_error(call, result, 4, TEE_IMPORT_TOO_LARGE);
    const enum status status = tee_import_quote(t, nonce, &out);
    return finish(call, status, result, &out);
}

static enum trap seal(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    const slot result = v[3];
    struct bytes data;
    struct buffer out = {0};
    const uint64_t bytes = 2 * (uint64_t)(uint32_t)v[2] + (tee_import_blob_max() - TEE_IMPORT_DATA_MAX);
    const enum trap trap = begin(call, t->costs.seal, bytes, v + 1, result, LIST_RESULT_SIZE, &data);
    if (trap != TRAP_NONE) return trap;
    if (data.size > TEE_IMPORT_DATA_MAX) return put_error(call, result, 4, TEE_IMPORT_TOO_LARGE);
    if ((uint32_t)v[0] >= TEE_REGISTERS) return put_error(call, result, 4, TEE_IMPORT_UNKNOWN_REGISTER);
    const enum status status = tee_import_seal(t, 1u << (uint32_t)v[0], data, &out);
    return finish(call, status, result, &out);
}

static enum trap unseal(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    const slot result = v[2];
    struct bytes blob;
    struct buffer out = {0};
    const uint64_t bytes = 2 * (uint64_t)(uint32_t)v[1];
    const enum trap trap = begin(call, t->costs.unseal, bytes, v, result, LIST_RESULT_SIZE, &blob);
    if (trap != TRAP_NONE) return trap;
    if (blob.size > tee_import_blob_max()) return put_error(call, result, 4, TEE_IMPORT_TOO_LARGE);
    const enum status status = tee_import_unseal(t, blob, &out);
    return finish(call, status, result, &out);
}

static enum trap suspend(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    uint8_t *p = NULL;
    enum trap trap = tee_import_pay(call, t->costs.suspend, 0);
    if (trap == TRAP_NONE) trap = tee_import_memory(call, v[0], RESULT_SIZE, &p);
    if (trap != TRAP_NONE) return trap;
    if (tee_import_suspend(t, call) != STATUS_OK) return put_error(call, v[0], 1, tee_import_error_of(&t->error));
    p[0] = p[1] = 0;
    return TRAP_SUSPENDED;
}

const struct tee_import tee_imports_wit[TEE_IMPORTS_WIT] = {
    {"extend-measurement", 4, 0, extend},
    {"generate-quote", 3, 0, quote},
    {"seal-to-pcr", 4, 0, seal},
    {"unseal", 3, 0, unseal},
    {"suspend", 1, 0, suspend},
};
