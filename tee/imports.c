#include "tee/imports.h"

#include "tee/attest.h"
#include "tee/imports_call.h"
#include "tee/seal_header.h"
#include "vm/suspend.h"

void tee_import_costs_default(struct tee_import_costs *costs)
{
    *costs = (struct tee_import_costs){
        .extend = {2000, 10},
        .read = {200, 1},
        .quote = {1000000, 1},
        .seal = {10000, 2},
        .unseal = {10000, 2},
        .suspend = {10000, 0},
    };
}

/* ---- what calls share ------------------------------------------------------------------------------------------------ */

enum trap tee_import_trap(struct host_call *call, const char *message)
{
    call->message = message;
    return TRAP_HOST;
}

enum trap tee_import_pay(struct host_call *call, struct tee_import_cost cost, uint64_t bytes)
{
    if (!store_is_scheduled(call->store)) return TRAP_NONE;
    uint64_t gas = UINT64_MAX;
    if (cost.byte == 0 || bytes <= (UINT64_MAX - cost.base) / cost.byte) gas = cost.base + cost.byte * bytes;
    return store_burn(call->store, gas) ? TRAP_NONE : TRAP_OUT_OF_GAS;
}

enum trap tee_import_short_of_gas(struct host_call *call, uint64_t charge)
{
    store_set_gas(call->store, 0);
    store_burn(call->store, charge ? charge : 1);
    return TRAP_OUT_OF_GAS;
}

enum trap tee_import_memory(struct host_call *call, slot at, slot size, uint8_t **out)
{
    const uint64_t first = (uint32_t)at, count = (uint32_t)size;
    struct memory *m = call->caller ? instance_memory(call->caller, 0) : NULL;
    *out = NULL;
    if (!m) return tee_import_trap(call, "nvm_tee: the caller has no memory");
    if (first + count > memory_size(m)) return tee_import_trap(call, "nvm_tee: outside of the guest's memory");
    *out = memory_data(m) + first;
    return TRAP_NONE;
}

enum tee_import_error tee_import_error_of(const struct error *e)
{
    static const struct {
        enum tee_refusal refusal;
        enum tee_import_error error;
    } map[] = {
        {TEE_INDEX, TEE_IMPORT_UNKNOWN_REGISTER},
        {TEE_LIMIT, TEE_IMPORT_TOO_LARGE},
        {TEE_EVIDENCE, TEE_IMPORT_TOO_LARGE},
        {TEE_BUSY, TEE_IMPORT_BUSY},
        {TEE_RACE, TEE_IMPORT_BUSY},
        {TEE_TIMEOUT, TEE_IMPORT_BUSY},
        {TEE_POLICY_MISMATCH, TEE_IMPORT_POLICY_MISMATCH},
        {TEE_ROOT_KIND, TEE_IMPORT_POLICY_MISMATCH},
        {TEE_COUNTER, TEE_IMPORT_POLICY_MISMATCH},
        {TEE_SEAL_CORRUPT, TEE_IMPORT_CORRUPT},
        {TEE_VERSION, TEE_IMPORT_CORRUPT},
        {TEE_SUITE, TEE_IMPORT_CORRUPT},
        {TEE_EVENT_LOG, TEE_IMPORT_CORRUPT},
        {TEE_POISONED, TEE_IMPORT_CORRUPT},
    };
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (e->code == (int)map[i].refusal) return map[i].error;
    return TEE_IMPORT_NO_DEVICE;
}

size_t tee_import_blob_max(void)
{
    return SEAL_HEADER_SIZE + TEE_IMPORT_DATA_MAX + SEAL_TAG_SIZE;
}

/* ---- the functions on bytes ------------------------------------------------------------------------------------------ */

/* Report data have room for 32 bytes of a nonce; a longer one is in the statement alone, with all its bytes. */
static void ask(const struct tee_imports *t, struct bytes nonce, struct tee_attest *a)
{
    *a = (struct tee_attest){
        .provider = t->provider,
        .system = t->system,
        .registers = t->registers,
        .kind = STATEMENT_CHALLENGE,
        .origin = t->resumed ? tee_origin_resumed(t->resumed) : ORIGIN_EXECUTED,
        .nonce = bytes_of(nonce.data, nonce.size <= TEE_NONCE_MAX ? nonce.size : 0),
        .public_key = t->public_key,
    };
    tee_challenge_statement(nonce, a->statement);
}

static enum status raw_quote(const struct tee_attest *a, struct buffer *out, struct error *e)
{
    struct tee_snapshot registers;
    struct tee_generated generated = {0};
    struct tee_request request;
    uint8_t digest[32];
    enum status status = tee_registers_snapshot(a->registers, &registers, NULL, e);
    if (status == STATUS_OK) {
        const struct tee_binding binding = {.kind = a->kind, .origin = a->origin, .statement = a->statement,
                                            .registers = &registers, .public_key = a->public_key, .nonce = a->nonce};
        tee_statement_digest(&binding, digest);
        status = tee_statement_request(digest, a->nonce, a->public_key, &request, e);
    }
    if (status == STATUS_OK) status = a->provider->generate(a->system, &request, &generated, e);
    if (status == STATUS_OK) buffer_append(out, generated.evidence.data, generated.evidence.size);
    if (status == STATUS_OK && (generated.evidence.failed || out->failed)) status = error_no_memory(e);
    tee_generated_free(&generated);
    return status;
}

enum status tee_import_quote(struct tee_imports *t, struct bytes nonce, struct buffer *out)
{
    struct tee_attest a;
    if (!t->provider) return tee_refuse(&t->error, TEE_NO_DEVICE, "no provider of evidence was given");
    ask(t, nonce, &a);
    const enum status status = t->raw_quotes ? raw_quote(&a, out, &t->error) : tee_attest(&a, out, &t->error);
    if (status != STATUS_OK || out->size <= TEE_IMPORT_QUOTE_MAX) return status;
    return tee_refuse(&t->error, TEE_LIMIT, "the quote has %zu bytes, a guest gets at most %d", out->size,
                      TEE_IMPORT_QUOTE_MAX);
}

enum status tee_import_seal(struct tee_imports *t, uint32_t mask, struct bytes data, struct buffer *out)
{
    struct tee_snapshot registers;
    struct tee_seal_policy policy = {.register_mask = mask | t->seal_mask, .has_code_hash = t->has_code_hash,
                                     .min_format = SEAL_FORMAT};
    memcpy(policy.code_hash, t->code_hash, sizeof policy.code_hash);
    if (!t->root) return tee_refuse(&t->error, TEE_NO_DEVICE, "no root of sealing was given");
    const enum status status = tee_registers_snapshot(t->registers, &registers, NULL, &t->error);
    if (status != STATUS_OK) return status;
    return tee_seal(t->root, t->system, SEAL_GUEST, &policy, &registers, data, out, &t->error);
}

enum status tee_import_unseal(struct tee_imports *t, struct bytes blob, struct buffer *out)
{
    struct tee_snapshot registers;
    if (!t->root) return tee_refuse(&t->error, TEE_NO_DEVICE, "no root of sealing was given");
    const enum status status = tee_registers_snapshot(t->registers, &registers, NULL, &t->error);
    if (status != STATUS_OK) return status;
    return tee_unseal(t->root, SEAL_GUEST, blob, &registers, t->has_code_hash ? t->code_hash : NULL, 0, out, &t->error);
}

/* Whether the run may stop behind this call. */
enum status tee_import_suspend(struct tee_imports *t, const struct host_call *call)
{
    if (!t->may_suspend || !store_is_scheduled(call->store))
        return tee_refuse(&t->error, TEE_NO_DEVICE, "nobody keeps this run if it is suspended");
    if (call->caller && store_can_suspend(call->store)) return STATUS_OK;
    return tee_refuse(&t->error, TEE_BUSY,
                      "a run cannot be suspended in a function that the host or another instance has called");
}

/* ---- linking --------------------------------------------------------------------------------------------------------- */

size_t tee_import_count(void)
{
    return TEE_IMPORTS_CORE + TEE_IMPORTS_WIT;
}

static const struct tee_import *import_at(size_t i)
{
    return i < TEE_IMPORTS_CORE ? &tee_imports_core[i] : &tee_imports_wit[i - TEE_IMPORTS_CORE];
}

const char *tee_import_name(size_t i)
{
    return import_at(i)->name;
}

struct functype tee_import_type(size_t i)
{
    static const uint8_t types[] = {TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32};
    return (struct functype){.params = import_at(i)->params, .results = import_at(i)->results, .types = types};
}

static int shown(struct bytes name)
{
    return name.size < 60 ? (int)name.size : 60;
}

enum status tee_import_new(struct tee_imports *t, struct store *s, const struct import_info *import,
                           struct external *out, struct error *e)
{
    if (!bytes_equal(import->module, bytes_of_string(TEE_IMPORT_MODULE)))
        return error_set(e, STATUS_UNLINKABLE, 0, ERROR_NO_OFFSET, "\"%.*s\" is not the module " TEE_IMPORT_MODULE,
                         shown(import->module), (const char *)import->module.data);
    for (size_t i = 0; i < tee_import_count(); i++) {
        if (!bytes_equal(import->name, bytes_of_string(tee_import_name(i)))) continue;
        const struct functype type = tee_import_type(i);
        if (import->type.kind != EXTERN_FUNC || !functype_equal(&import->type.func, &type))
            return error_set(e, STATUS_UNLINKABLE, 0, ERROR_NO_OFFSET,
                             TEE_IMPORT_MODULE ".%s is imported with another type: it takes %u i32 and returns %u",
                             tee_import_name(i), type.params, type.results);
        out->kind = EXTERN_FUNC;
        return func_new_host(s, &type, import_at(i)->function, t, &out->func, e);
    }
    return error_set(e, STATUS_UNLINKABLE, 0, ERROR_NO_OFFSET, TEE_IMPORT_MODULE " has no \"%.*s\"", shown(import->name),
                     (const char *)import->name.data);
}
