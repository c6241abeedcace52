#include "fuzz/near_case.h"

#include <inttypes.h>

#include "base/base64.h"
#include "fuzz/generate.h"
#include "fuzz/near_plan.h"
#include "fuzz/near_program.h"

static const char *const kind_names[] = {
#define X(name, what) #name,
    NEAR_CASE_KINDS
#undef X
};

bool near_case_kind(const char *name, enum near_case_kind *out)
{
    for (int i = 0; i < NEAR_CASE_KIND_COUNT; i++) {
        if (strcmp(kind_names[i], name) != 0) continue;
        *out = (enum near_case_kind)i;
        return true;
    }
    return false;
}

enum near_case_kind near_case_kind_of(const uint8_t *seed, size_t size)
{
    return size ? (enum near_case_kind)(seed[0] % NEAR_CASE_KIND_COUNT) : NEAR_CASE_border;
}

const char *near_case_kind_name(enum near_case_kind kind)
{
    return kind_names[kind];
}

/* ---- modules ----------------------------------------------------------------------------------------------------- */

static void border(struct choices *c, struct buffer *out)
{
    struct near_plan p;
    near_plan_choose(&p, c);
    near_plan_write(&p, out);
}

/* The rest of the choices is the generator's seed. */
static void code(struct choices *c, struct buffer *out)
{
    static const struct generate_options options = {.near = true};
    uint8_t seed[8];
    if (c->end - c->p > 8) {
        generate_module(c->p, (size_t)(c->end - c->p), &options, out);
        return;
    }
    store_le64(seed, choose_bits(c));
    generate_module(seed, sizeof seed, &options, out);
}

static void insert(struct buffer *b, size_t at, uint8_t value)
{
    buffer_append_byte(b, 0);
    if (b->failed) return;
    memmove(b->data + at + 1, b->data + at, b->size - 1 - at);
    b->data[at] = value;
}

static void mutate_once(struct choices *c, struct buffer *b)
{
    static const uint8_t odd[] = {0,    1,    0x0b, 0x10, 0x20, 0x41, 0x40, 0x60,
                                  0x6f, 0x70, 0x7b, 0x7e, 0x7f, 0x80, 0xfc, 0xff};
    size_t at = choose(c, (uint32_t)b->size);
    switch (choose(c, 6)) {
    case 0: b->data[at] ^= (uint8_t)(1 << choose(c, 8)); return;
    case 1: b->data[at] = (uint8_t)choose(c, 256); return;
    case 2: b->data[at] = odd[choose(c, sizeof odd)]; return;
    case 3: insert(b, at, odd[choose(c, sizeof odd)]); return;
    case 4:
        memmove(b->data + at, b->data + at + 1, b->size - at - 1);
        b->size--;
        return;
    default: /* one byte of a number becomes two */
        b->data[at] |= 0x80;
        insert(b, at + 1, 0);
    }
}

static void mutate(struct choices *c, struct buffer *b)
{
    for (uint32_t n = 1 + choose(c, chance(c, 70) ? 2 : 6); n > 0 && b->size > 1 && !b->failed; n--) mutate_once(c, b);
}

static bool make_module(enum near_case_kind kind, uint32_t version, struct choices *c, struct buffer *out)
{
    bool small = chance(c, 60);
    switch (kind) {
    case NEAR_CASE_border: border(c, out); break;
    case NEAR_CASE_code: code(c, out); break;
    case NEAR_CASE_mutated:
        if (small) border(c, out);
        else code(c, out);
        mutate(c, out);
        break;
    case NEAR_CASE_host: case NEAR_CASE_hostgas: return near_program_write(version, c, out);
    case NEAR_CASE_KIND_COUNT: break;
    }
    return !out->failed;
}

static uint32_t choose_version(struct choices *c)
{
    return chance(c, 60) ? 88 : 84 + choose(c, 4);
}

bool near_case_module(enum near_case_kind kind, const uint8_t *seed, size_t size, struct buffer *out)
{
    struct choices c = choices_of(seed, size);
    return make_module(kind, choose_version(&c), &c, out);
}

/* ---- the case around them ---------------------------------------------------------------------------------------- */

static void head(const char *name, struct bytes module, const char *method, uint32_t version, struct buffer *out)
{
    buffer_printf(out, "{\"name\":\"%s\",\"protocol_version\":%u,\"method\":\"%s\",\"wasm\":\"", name, version, method);
    base64_encode(module, out);
    buffer_append_byte(out, '"');
}

void near_case_write_module(const char *name, struct bytes module, const char *method, uint32_t version, uint64_t gas,
                            struct buffer *out)
{
    head(name, module, method, version, out);
    buffer_printf(out, ",\"context\":{\"prepaid_gas\":%" PRIu64 "}}\n", gas);
}

/* Up to 10^(low + 1) .. 10^(high + 1), evenly by length. */
static uint64_t choose_gas(struct choices *c, uint32_t low, uint32_t high)
{
    uint64_t gas = 1;
    for (uint32_t n = low + choose(c, high - low + 1); n > 0; n--) gas *= 10;
    return gas + choose_bits(c) % (gas * 9);
}

static void write_state(struct choices *c, struct buffer *out)
{
    if (chance(c, 50))
        buffer_append_string(out, ",\"state\":[[\"Y2FsbA==\",\"c3RvcmVk\"],[\"bQ==\",\"\"],[\"\",\"AAE=\"]]");
    if (chance(c, 30))
        buffer_append_string(out, ",\"promise_results\":[{\"ok\":\"cmVzdWx0\"},\"failed\",\"not_ready\"]");
    if (chance(c, 30))
        buffer_append_string(out, ",\"validators\":{\"bob.near\":\"5\","
                                  "\"alice.near\":\"340282366920938463463374607431768211450\"}");
    /* few different ones: the reference runner keeps an engine for each */
    static const uint64_t burnt[] = {400000000, 30000000000, 2000000000000};
    if (chance(c, 5)) buffer_printf(out, ",\"limits\":{\"max_gas_burnt\":%" PRIu64 "}", burnt[choose(c, 3)]);
}

static void write_host_context(struct choices *c, bool any_gas, struct buffer *out)
{
    static const char *const balances[] = {"0", "1", "5000", "10000000000000000000000000", "18446744073709551616"};
    uint64_t gas = any_gas ? choose_gas(c, 7, 14) : 300000000000000;
    buffer_printf(out, ",\"context\":{\"prepaid_gas\":%" PRIu64, gas);
    if (chance(c, 8)) buffer_printf(out, ",\"view_max_gas\":%" PRIu64, gas);
    if (chance(c, 30)) buffer_printf(out, ",\"account_balance\":\"%s\"", balances[choose(c, 5)]);
    if (chance(c, 20)) buffer_printf(out, ",\"account_locked_balance\":\"%s\"", balances[choose(c, 5)]);
    if (chance(c, 30)) buffer_printf(out, ",\"attached_deposit\":\"%s\"", balances[choose(c, 4)]);
    if (chance(c, 40)) buffer_append_string(out, ",\"input\":\"dGhlIGlucHV0\"");
    if (chance(c, 20)) buffer_printf(out, ",\"storage_usage\":%u", choose(c, 1000));
    if (chance(c, 15)) buffer_append_string(out, ",\"output_data_receivers\":[\"alice.near\",\"bob.near\"]");
    if (chance(c, 5)) buffer_append_string(out, ",\"current_account_id\":\"0123456789abcdef0123456789abcdef01234567\"");
    buffer_append_byte(out, '}');
    write_state(c, out);
}

bool near_case_write(enum near_case_kind kind, const uint8_t *seed, size_t size, const char *name, struct buffer *out)
{
    static const char *const methods[] = {"main2", "e0000", "none", ""};
    struct choices c = choices_of(seed, size);
    struct buffer module = {0};
    uint32_t version = choose_version(&c);
    bool ok = make_module(kind, version, &c, &module), host = kind == NEAR_CASE_host || kind == NEAR_CASE_hostgas;
    const char *method = host || kind == NEAR_CASE_code || chance(&c, 94) ? "main" : methods[choose(&c, 4)];
    if (ok) head(name, bytes_of(module.data, module.size), method, version, out);
    if (ok && host) write_host_context(&c, kind == NEAR_CASE_hostgas, out);
    else if (ok) {
        uint64_t gas = kind == NEAR_CASE_code && chance(&c, 40) ? choose_gas(&c, 7, 11) : 100000000000000;
        buffer_printf(out, ",\"context\":{\"prepaid_gas\":%" PRIu64 "}", gas);
    }
    if (ok) buffer_append_string(out, "}\n");
    buffer_free(&module);
    return ok && !out->failed;
}
