#include "fuzz/near_program.h"

#include <stdlib.h>

#include "base/leb128.h"
#include "fuzz/host_calls.h"

enum {
    CALLS_MAX = 24,
    PREPARED_MAX = 4,
    CONTRACT_MEMORY = 1024 * 65536, /* what every contract begins with */
    RESULTS = 0x20000,              /* where results are put, eight bytes each */
};

struct program {
    struct guest_memory memory;
    struct host_function_call calls[CALLS_MAX + PREPARED_MAX];
    uint32_t count;
};

static void section(struct buffer *out, uint8_t id, struct buffer *contents)
{
    buffer_append_byte(out, id);
    leb_write_u64(out, contents->size);
    buffer_append(out, contents->data, contents->size);
    contents->size = 0;
}

static void name(struct buffer *b, const char *text)
{
    leb_write_u64(b, strlen(text));
    buffer_append_string(b, text);
}

static bool makes_promise(const struct import_definition *d)
{
    static const char *const makers[] = {"promise_create", "promise_then", "promise_and", "promise_batch_create",
                                         "promise_batch_then", "promise_yield_create"};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (strcmp(d->name, makers[i]) == 0) return true;
    return false;
}

static bool needs_promise(const struct import_definition *d)
{
    return strncmp(d->name, "promise_batch_action", 20) == 0 || strcmp(d->name, "promise_then") == 0 ||
           strcmp(d->name, "promise_batch_then") == 0 || strcmp(d->name, "promise_return") == 0 ||
           strcmp(d->name, "promise_set_refund_to") == 0;
}

/* Whatever its arguments are. */
static bool ends_program(const struct import_definition *d)
{
    return strncmp(d->name, "panic", 5) == 0 || strcmp(d->name, "abort") == 0 ||
           strncmp(d->name, "storage_iter", 12) == 0; /* deprecated */
}

static bool is_useful(const struct import_definition *d, const struct protocol_parameters *parameters,
                      uint32_t promises)
{
    return d->available(parameters) && !ends_program(d) && (promises || !needs_promise(d));
}

static void add_call(struct program *p, const struct protocol_parameters *parameters, const char *import,
                     uint64_t first, uint64_t second)
{
    struct host_function_call *call = &p->calls[p->count++];
    call->import = import_find(parameters, bytes_of_string(import));
    call->args[0] = first;
    call->args[1] = second;
}

/* So that most of what follows finds something in registers, and a promise. */
static void prepare(struct program *p, const struct protocol_parameters *parameters, struct choices *c)
{
    if (chance(c, 60)) {
        add_call(p, parameters, "input", 0, 0);
        add_call(p, parameters, "current_account_id", 1, 0);
        add_call(p, parameters, "random_seed", 2, 0);
    }
    const struct placed_thing *account = &p->memory.things[0];
    if (chance(c, 60)) add_call(p, parameters, "promise_batch_create", account->size, account->ptr);
}

static void choose_calls(struct program *p, uint32_t version, struct choices *c)
{
    const struct protocol_parameters *parameters = parameters_of(version);
    uint32_t promises = 0;
    p->memory.size = CONTRACT_MEMORY;
    prepare(p, parameters, c);
    for (uint32_t i = 0; i < p->count; i++) promises += makes_promise(p->calls[i].import);
    for (uint32_t n = 1 + choose(c, chance(c, 60) ? 6 : CALLS_MAX); n > 0; n--) {
        struct host_function_call *call = &p->calls[p->count++];
        do *call = choose_call(c, &p->memory, promises);
        while (!is_useful(call->import, parameters, promises) && !chance(c, 2));
        promises += makes_promise(call->import);
    }
}

/* Up to the last thing in it. */
static uint32_t used_memory(const struct guest_memory *m)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < m->count; i++)
        if (m->things[i].ptr + m->things[i].size > end) end = m->things[i].ptr + m->things[i].size;
    return end;
}

/* One type for each call, value_return's, and main's. */
static void write_types(const struct program *p, struct buffer *b)
{
    leb_write_u64(b, p->count + 2u);
    for (uint32_t i = 0; i < p->count; i++) {
        const struct import_definition *d = p->calls[i].import;
        buffer_append_byte(b, 0x60);
        leb_write_u64(b, d->param_count);
        buffer_append(b, d->params, d->param_count);
        buffer_append_byte(b, d->result != 0);
        if (d->result) buffer_append_byte(b, d->result);
    }
    buffer_append(b, (const uint8_t[]){0x60, 2, 0x7e, 0x7e, 0, 0x60, 0, 0}, 8);
}

static void write_imports(const struct program *p, struct buffer *b)
{
    leb_write_u64(b, p->count + 1u);
    for (uint32_t i = 0; i <= p->count; i++) {
        name(b, "env");
        name(b, i < p->count ? p->calls[i].import->name : "value_return");
        buffer_append_byte(b, 0);
        leb_write_u64(b, i);
    }
}

static void constant(struct buffer *b, bool wide, uint64_t v)
{
    buffer_append_byte(b, wide ? 0x42 : 0x41);
    leb_write_s64(b, wide ? (int64_t)v : (int32_t)(uint32_t)v);
}

static void write_call(const struct host_function_call *call, uint32_t i, struct buffer *b)
{
    const struct import_definition *d = call->import;
    if (d->result) constant(b, false, RESULTS + 8 * (uint64_t)i);
    for (uint32_t k = 0; k < d->param_count; k++) constant(b, d->params[k] == TYPE_I64, call->args[k]);
    buffer_append_byte(b, 0x10);
    leb_write_u64(b, i);
    if (!d->result) return;
    if (d->result == TYPE_I32) buffer_append_byte(b, 0xad); /* i64.extend_i32_u */
    buffer_append(b, (const uint8_t[]){0x37, 3, 0}, 3);     /* i64.store */
}

static void write_code(const struct program *p, struct choices *c, struct buffer *b)
{
    struct buffer body = {0};
    buffer_append_byte(&body, 0);
    for (uint32_t i = 0; i < p->count; i++) write_call(&p->calls[i], i, &body);
    if (chance(c, 80)) {
        constant(&body, true, 8 * (uint64_t)p->count);
        constant(&body, true, RESULTS);
        buffer_append_byte(&body, 0x10);
        leb_write_u64(&body, p->count);
    }
    buffer_append_byte(&body, 0x0b);
    buffer_append_byte(b, 1);
    leb_write_u64(b, body.size);
    buffer_append(b, body.data, body.size);
    if (body.failed) b->failed = true;
    buffer_free(&body);
}

static void write_data(const struct program *p, struct buffer *b)
{
    uint32_t size = used_memory(&p->memory);
    buffer_append(b, (const uint8_t[]){1, 0, 0x41, 0, 0x0b}, 5);
    leb_write_u64(b, size);
    buffer_append(b, p->memory.data, size);
}

static void write_module(const struct program *p, struct choices *c, struct buffer *out)
{
    struct buffer b = {0};
    buffer_append(out, "\0asm\1\0\0\0", 8);
    write_types(p, &b);
    section(out, 1, &b);
    write_imports(p, &b);
    section(out, 2, &b);
    buffer_append_byte(&b, 1);
    leb_write_u64(&b, p->count + 1u);
    section(out, 3, &b);
    buffer_append(&b, (const uint8_t[]){1, 0, 1}, 3);
    section(out, 5, &b);
    buffer_append_byte(&b, 1);
    name(&b, "main");
    buffer_append_byte(&b, 0);
    leb_write_u64(&b, p->count + 1u);
    section(out, 7, &b);
    write_code(p, c, &b);
    section(out, 10, &b);
    write_data(p, &b);
    section(out, 11, &b);
    if (b.failed) out->failed = true;
    buffer_free(&b);
}

bool near_program_write(uint32_t version, struct choices *c, struct buffer *out)
{
    struct program p = {0};
    if (!guest_memory_make(&p.memory, c)) return false;
    choose_calls(&p, version, c);
    write_module(&p, c, out);
    free(p.memory.data);
    return !out->failed;
}
