/* tee_extend_pcr and its siblings: results are numbers, what a careful guest cannot do by accident is a trap. */
#include "crypto/wipe.h"
#include "tee/imports_call.h"

/* Ends a call: *out goes to the guest's `room`, of which it has `cap` bytes. */
static enum trap answer(struct host_call *call, slot *values, enum status status, struct buffer *out, uint8_t *room,
                        slot cap)
{
    const struct tee_imports *t = call->user;
    enum trap trap = TRAP_NONE;
    int64_t result = out ? (int64_t)out->size : 0;
    if (status == STATUS_NO_MEMORY)
        trap = TRAP_NO_MEMORY;
    else if (status != STATUS_OK && t->error.code == TEE_INDEX)
        trap = tee_import_trap(call, "nvm_tee: there is no such register");
    else if (status != STATUS_OK)
        result = -1 - (int64_t)tee_import_error_of(&t->error);
    else if (out && out->size > (uint32_t)cap)
        result = -1 - (int64_t)TEE_IMPORT_BUFFER;
    else if (out && out->size)
        memcpy(room, out->data, out->size);
    values[0] = (uint32_t)result;
    if (out && out->data) wipe(out->data, out->capacity);
    if (out) buffer_free(out);
    return trap;
}

static enum trap extend(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    uint8_t *data = NULL;
    enum trap trap = tee_import_pay(call, t->costs.extend, (uint32_t)v[2]);
    if (trap == TRAP_NONE && (uint32_t)v[2] > TEE_EVENT_MAX)
        trap = tee_import_trap(call, "nvm_tee: an event has at most 65536 bytes");
    if (trap == TRAP_NONE) trap = tee_import_memory(call, v[1], v[2], &data);
    if (trap != TRAP_NONE) return trap;
    const enum status status = tee_registers_extend(t->registers, (uint32_t)v[0], EVENT_USER,
                                                    bytes_of(data, (uint32_t)v[2]), NULL, NULL, &t->error);
    return answer(call, v, status, NULL, NULL, 0);
}

static enum trap read_register(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    struct buffer out = {0};
    uint8_t *room = NULL, value[TEE_REGISTER_SIZE];
    const slot cap = v[2];
    enum trap trap = tee_import_pay(call, t->costs.read, (uint32_t)cap);
    if (trap == TRAP_NONE) trap = tee_import_memory(call, v[1], cap, &room);
    if (trap != TRAP_NONE) return trap;
    enum status status = tee_registers_read(t->registers, (uint32_t)v[0], value, NULL, &t->error);
    if (status == STATUS_OK) buffer_append(&out, value, sizeof value);
    if (out.failed) status = STATUS_NO_MEMORY;
    return answer(call, v, status, &out, room, cap);
}

/* What (ptr, len, out, cap) of three functions have in common. */
struct transfer {
    struct bytes in;
    uint8_t *room;
    slot cap;
    struct buffer out;
};

static enum trap begin(struct host_call *call, const slot *v, struct tee_import_cost cost, size_t limit,
                       const char *too_long, struct transfer *x)
{
    const uint64_t length = (uint32_t)v[1];
    uint8_t *in = NULL;
    *x = (struct transfer){.cap = v[3]};
    enum trap trap = tee_import_pay(call, cost, length + (uint32_t)v[3]);
    if (trap == TRAP_NONE && length > limit) trap = tee_import_trap(call, too_long);
    if (trap == TRAP_NONE) trap = tee_import_memory(call, v[0], v[1], &in);
    if (trap == TRAP_NONE) trap = tee_import_memory(call, v[2], v[3], &x->room);
    x->in = bytes_of(in, (size_t)length);
    return trap;
}

static enum trap quote(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    struct transfer x;
    const enum trap trap =
        begin(call, v, t->costs.quote, TEE_IMPORT_NONCE_MAX, "nvm_tee: a nonce has at most 64 bytes", &x);
    if (trap != TRAP_NONE) return trap;
    const enum status status = tee_import_quote(t, x.in, &x.out);
    return answer(call, v, status, &x.out, x.room, x.cap);
}

static enum trap seal(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    struct transfer x;
    const enum trap trap =
        begin(call, v, t->costs.seal, TEE_IMPORT_DATA_MAX, "nvm_tee: at most 1 MiB is sealed at once", &x);
    if (trap != TRAP_NONE) return trap;
    const enum status status = tee_import_seal(t, 0, x.in, &x.out);
    return answer(call, v, status, &x.out, x.room, x.cap);
}

static enum trap unseal(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    struct transfer x;
    const enum trap trap = begin(call, v, t->costs.unseal, tee_import_blob_max(),
                                 "nvm_tee: a sealed blob is longer than any that was sealed here", &x);
    if (trap != TRAP_NONE) return trap;
    const enum status status = tee_import_unseal(t, x.in, &x.out);
    return answer(call, v, status, &x.out, x.room, x.cap);
}

static enum trap suspend(struct host_call *call, slot *v)
{
    struct tee_imports *t = call->user;
    const enum trap trap = tee_import_pay(call, t->costs.suspend, 0);
    if (trap != TRAP_NONE) return trap;
    const enum status status = tee_import_suspend(t, call);
    const enum trap answered = answer(call, v, status, NULL, NULL, 0);
    return status == STATUS_OK ? TRAP_SUSPENDED : answered;
}

const struct tee_import tee_imports_core[TEE_IMPORTS_CORE] = {
    {"tee_extend_pcr", 3, 1, extend},
    {"tee_read_pcr", 3, 1, read_register},
    {"tee_generate_quote", 4, 1, quote},
    {"tee_seal_blob", 4, 1, seal},
    {"tee_unseal_blob", 4, 1, unseal},
    {"tee_suspend", 0, 1, suspend},
};
