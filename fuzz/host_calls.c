#include "fuzz/host_calls.h"

#include <stdlib.h>

/* ---- memory ----------------------------------------------------------------------------------------------------- */

struct writer {
    struct guest_memory *m;
    uint32_t next;
};

static void place(struct writer *w, enum thing kind, const void *data, size_t size)
{
    struct guest_memory *m = w->m;
    if (size > m->size - w->next || m->count == PLACED_THINGS_MAX) return;
    if (size) memcpy(m->data + w->next, data, size);
    m->things[m->count++] = (struct placed_thing){kind, w->next, (uint32_t)size};
    w->next += (uint32_t)size;
}

static void place_names(struct writer *w)
{
    static const char *const accounts[] = {
        "alice.near", "bob.near", "x", "No", "carol.near", "system", "a..b",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "0x0123456789abcdef0123456789abcdef01234567", "0s0123456789abcdef0123456789abcdef01234567"};
    static const char *const methods[] = {"call", "", "a,b,c", "a,,b", "m"};
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++)
        place(w, THING_ACCOUNT, accounts[i], strlen(accounts[i]));
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        place(w, THING_METHOD, methods[i], strlen(methods[i]));
    place(w, THING_BYTES, "gr\xc3\xbc\xc3\x9f", 7); /* with its NUL */
}

/* A string of 16-bit units behind its length, as `abort` wants it, and before a NUL. */
static void place_wide_text(struct writer *w)
{
    static const uint16_t units[] = {'n', 'o', 0x20ac, 0xd83c, 0xdf0d, 0};
    uint8_t bytes[4 + sizeof units];
    store_le32(bytes, sizeof units - 2);
    for (size_t i = 0; i < sizeof units / 2; i++) store_le16(bytes + 4 + 2 * i, units[i]);
    uint32_t before = w->m->count;
    place(w, THING_WIDE_TEXT, bytes, sizeof bytes);
    if (w->m->count == before) return;
    w->m->things[before].ptr += 4;
    w->m->things[before].size -= 4 + 2;
}

static void place_numbers(struct writer *w)
{
    uint8_t bytes[256] = {0};
    static const struct u128 amounts[] = {{0, 0}, {1, 0}, {1000, 0}, {UINT64_MAX, 0}, {UINT64_MAX, UINT64_MAX}};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        u128_store(bytes, amounts[i]);
        place(w, THING_AMOUNT, bytes, 16);
    }
    for (size_t i = 0; i < 8; i++) store_le64(bytes + 8 * i, i);
    place(w, THING_INDICES, bytes, 64);
    memset(bytes, 7, sizeof bytes);
    place(w, THING_HASH, bytes, 32);
    bytes[0] = 8;
    place(w, THING_HASH, bytes, 32);
}

static void place_keys(struct writer *w)
{
    static const uint8_t key[1 + PUBLIC_KEY_ML_DSA_65_SIZE] = {KEY_ML_DSA_65};
    uint8_t small[65] = {KEY_ED25519, 1};
    place(w, THING_KEY, small, 33);
    small[0] = KEY_SECP256K1;
    place(w, THING_KEY, small, 65);
    place(w, THING_KEY, key, sizeof key);
    place(w, THING_BYTES, key, 640); /* zeros: points at infinity of some curves, false signatures */
}

bool guest_memory_make(struct guest_memory *m, struct choices *c)
{
    static const uint32_t sizes[] = {65536, 65536, 65536, 4096, 300, 17, 0};
    *m = (struct guest_memory){.size = sizes[choose(c, sizeof sizes / sizeof *sizes)]};
    if (m->size && !(m->data = malloc(m->size))) return false;
    for (uint32_t i = 0; i < m->size; i++) m->data[i] = (uint8_t)(choose_bits(c) >> 40);
    struct writer w = {m, 0};
    place_names(&w);
    place_wide_text(&w);
    place_numbers(&w);
    place_keys(&w);
    return true;
}

/* ---- arguments -------------------------------------------------------------------------------------------------- */

static const char *const parameter_names[] = {
#define X(name, gate, result, type, count, parameters) parameters,
#include "host/imports.def"
#undef X
};

static uint64_t choose_odd(struct choices *c, const struct guest_memory *m)
{
    switch (choose(c, 6)) {
    case 0: return UINT64_MAX;
    case 1: return UINT64_MAX - choose(c, 20);
    case 2: return m->size - choose(c, 20);
    case 3: return (uint64_t)1 << choose(c, 64);
    case 4: return choose(c, 4096);
    default: return choose_bits(c);
    }
}

struct span {
    uint64_t len, ptr;
};

static struct span choose_span(struct choices *c, const struct guest_memory *m, enum thing kind)
{
    if (chance(c, 6)) return (struct span){choose_odd(c, m), choose_odd(c, m)};
    if (chance(c, 12)) return (struct span){UINT64_MAX, choose(c, 5)}; /* a register */
    if (kind == THING_BYTES && chance(c, 40)) {
        static const uint32_t lengths[] = {0,  1,   4,   32,  33,  48,  64,  65,   96,
                                           97, 128, 192, 193, 224, 288, 640, 3309, 5000};
        uint32_t len = lengths[choose(c, sizeof lengths / sizeof *lengths)];
        return (struct span){len, choose(c, m->size + 1)};
    }
    for (int tries = 0; m->count && tries < 40; tries++) {
        const struct placed_thing *t = &m->things[choose(c, m->count)];
        if (t->kind == kind || kind == THING_BYTES) return (struct span){t->size, t->ptr};
    }
    return (struct span){choose(c, 64), choose(c, m->size + 1)};
}

static enum thing thing_named(const char *name, size_t size)
{
    static const struct {
        const char *prefix;
        enum thing kind;
    } things[] = {
        {"account_id", THING_ACCOUNT},  {"receiver_id", THING_ACCOUNT}, {"beneficiary_id", THING_ACCOUNT},
        {"public_key", THING_KEY},      {"code_hash", THING_HASH},      {"data_id", THING_HASH},
        {"yield_id", THING_HASH},       {"method_name", THING_METHOD},  {"amount", THING_AMOUNT},
        {"balance", THING_AMOUNT},      {"stake", THING_AMOUNT},        {"allowance", THING_AMOUNT},
        {"promise_idx_", THING_INDICES}, {"msg_", THING_WIDE_TEXT},     {"filename_", THING_WIDE_TEXT},
    };
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        size_t n = strlen(things[i].prefix);
        if (size >= n && memcmp(name, things[i].prefix, n) == 0) return things[i].kind;
    }
    return THING_BYTES;
}

static bool ends(const char *name, size_t size, const char *suffix)
{
    size_t n = strlen(suffix);
    return size >= n && memcmp(name + size - n, suffix, n) == 0;
}

static bool contains(const char *name, size_t size, const char *part)
{
    const char *found = strstr(name, part);
    return found && found < name + size;
}

static uint64_t choose_number(struct choices *c, const struct guest_memory *m, const char *name, size_t size,
                              uint32_t promises)
{
    static const uint64_t gas[] = {0, 1, 1000000000, 5000000000000, 30000000000000, UINT64_MAX};
    if (chance(c, 5)) return choose_odd(c, m);
    if (contains(name, size, "register_id")) return choose(c, chance(c, 90) ? 5 : 150);
    if (contains(name, size, "promise_i")) return choose(c, promises + (chance(c, 10) ? 2 : 0));
    if (contains(name, size, "gas")) return gas[choose(c, sizeof gas / sizeof *gas)];
    if (contains(name, size, "result_idx")) return choose(c, 4);
    return choose(c, 6);
}

struct host_function_call choose_call(struct choices *c, const struct guest_memory *m, uint32_t promises)
{
    struct host_function_call call = {0};
    uint32_t which = choose(c, (uint32_t)import_count());
    call.import = import_at(which);
    const char *name = parameter_names[which];
    uint64_t pending_ptr = 0;
    bool pending = false;
    for (unsigned i = 0; i < call.import->param_count; i++) {
        size_t size = strcspn(name, ",");
        if (ends(name, size, "_len")) {
            struct span span = choose_span(c, m, thing_named(name, size));
            call.args[i] = span.len;
            pending_ptr = span.ptr;
            pending = true;
        } else if (ends(name, size, "_ptr")) {
            call.args[i] = pending ? pending_ptr : choose_span(c, m, thing_named(name, size)).ptr;
            pending = false;
        } else {
            call.args[i] = choose_number(c, m, name, size, promises);
        }
        if (call.import->params[i] == TYPE_I32) call.args[i] = (uint32_t)call.args[i];
        name += size + strspn(name + size, ", ");
    }
    return call;
}
