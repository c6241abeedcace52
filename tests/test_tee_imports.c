/* The module nvm_tee as guests see it: results, errors, traps, gas; and that contracts of NEAR do not get it. */
#include <stdlib.h>

#include "host/context.h"
#include "near/parameters.h"
#include "tee/attestation.h"
#include "tee/event_log.h"
#include "tee/imports.h"
#include "tee/seal_header.h"
#include "tests/modules.h"
#include "vm/suspend.h"

static struct error e;

/* ---- a machine of our own --------------------------------------------------------------------------------------------- */

struct machine {
    uint8_t next;
    enum tee_refusal refusal;      /* what the device says; TEE_OK: gives evidence */
    size_t size;                   /* of its evidence */
    unsigned asked;
    struct tee_request last;
};

static bool fill_random(void *self, void *data, size_t size)
{
    struct machine *m = self;
    for (size_t i = 0; i < size; i++) ((uint8_t *)data)[i] = (uint8_t)(m->next * 31 + i * 7 + 1);
    m->next++;
    return true;
}

/* Evidence is the report data and then as many bytes as it takes. */
static enum status generate(const struct tee_system *s, const struct tee_request *q, struct tee_generated *out,
                            struct error *error)
{
    struct machine *m = s->self;
    m->asked++;
    m->last = *q;
    if (m->refusal) return tee_refuse(error, m->refusal, "as the test wants it");
    out->platform = TEE_SNP;
    buffer_append(&out->evidence, q->report_data, 64);
    for (size_t i = 64; i < m->size; i++) buffer_append_byte(&out->evidence, (uint8_t)i);
    return out->evidence.failed ? error_no_memory(error) : STATUS_OK;
}

static const struct tee_provider device = {.name = "snp", .generate = generate};

/* ---- a guest ---------------------------------------------------------------------------------------------------------- */

static const char guest_text[] =
    "(module"
    "  (import \"nvm_tee\" \"tee_extend_pcr\" (func $extend (param i32 i32 i32) (result i32)))"
    "  (import \"nvm_tee\" \"tee_read_pcr\" (func $read (param i32 i32 i32) (result i32)))"
    "  (import \"nvm_tee\" \"tee_generate_quote\" (func $quote (param i32 i32 i32 i32) (result i32)))"
    "  (import \"nvm_tee\" \"tee_seal_blob\" (func $seal (param i32 i32 i32 i32) (result i32)))"
    "  (import \"nvm_tee\" \"tee_unseal_blob\" (func $unseal (param i32 i32 i32 i32) (result i32)))"
    "  (import \"nvm_tee\" \"extend-measurement\" (func $extend_wit (param i32 i32 i32 i32)))"
    "  (import \"nvm_tee\" \"generate-quote\" (func $quote_wit (param i32 i32 i32)))"
    "  (import \"nvm_tee\" \"seal-to-pcr\" (func $seal_wit (param i32 i32 i32 i32)))"
    "  (import \"nvm_tee\" \"unseal\" (func $unseal_wit (param i32 i32 i32)))"
    "  (import \"nvm_tee\" \"tee_suspend\" (func $suspend (result i32)))"
    "  (import \"nvm_tee\" \"suspend\" (func $suspend_wit (param i32)))"
    "  (memory (export \"memory\") 2 64)"
    "  (global $top (export \"top\") (mut i32) (i32.const 65536))"
    "  (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)"
    "    (drop (memory.grow (i32.const 1)))" /* so that memory moves while a host function runs */
    "    (global.get $top)"
    "    (global.set $top (i32.add (global.get $top) (local.get 3))))"
    "  (func (export \"extend\") (param i32 i32 i32) (result i32)"
    "    (call $extend (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"read\") (param i32 i32 i32) (result i32)"
    "    (call $read (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"quote\") (param i32 i32 i32 i32) (result i32)"
    "    (call $quote (local.get 0) (local.get 1) (local.get 2) (local.get 3)))"
    "  (func (export \"seal\") (param i32 i32 i32 i32) (result i32)"
    "    (call $seal (local.get 0) (local.get 1) (local.get 2) (local.get 3)))"
    "  (func (export \"unseal\") (param i32 i32 i32 i32) (result i32)"
    "    (call $unseal (local.get 0) (local.get 1) (local.get 2) (local.get 3)))"
    "  (func (export \"extend_wit\") (param i32 i32 i32 i32)"
    "    (call $extend_wit (local.get 0) (local.get 1) (local.get 2) (local.get 3)))"
    "  (func (export \"quote_wit\") (param i32 i32 i32)"
    "    (call $quote_wit (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"seal_wit\") (param i32 i32 i32 i32)"
    "    (call $seal_wit (local.get 0) (local.get 1) (local.get 2) (local.get 3)))"
    "  (func (export \"unseal_wit\") (param i32 i32 i32)"
    "    (call $unseal_wit (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"suspend\") (result i32)"
    "    (call $suspend))"
    "  (func (export \"suspend_wit\") (param i32)"
    "    (call $suspend_wit (local.get 0))))";

struct guest {
    struct machine machine;
    struct tee_system system;
    struct tee_root root;
    struct tee_imports tee;
    struct fee_schedule fuel;
    struct running run;
};

enum { MOST_IMPORTS = 16 };

/* What the module imports, in this store; returns how many there are. */
static size_t make_imports(struct guest *g, struct store *s, const char *text, struct external externals[MOST_IMPORTS])
{
    const size_t count = module_import_count(g->run.module);
    CHECK(count <= MOST_IMPORTS);
    for (size_t i = 0; i < count; i++) {
        const struct import_info import = module_import(g->run.module, i);
        if (tee_import_new(&g->tee, s, &import, &externals[i], &e) != STATUS_OK) test_check(false, text, 0, e.message);
    }
    return count;
}

static void link_guest(struct guest *g, const char *text)
{
    struct external externals[MOST_IMPORTS];
    const size_t count = make_imports(g, g->run.store, text, externals);
    CHECK(instance_new(g->run.store, g->run.module, externals, count, &g->run.instance, &g->run.trap, &e) == STATUS_OK);
}

/* `gas`: UINT64_MAX: no schedule. */
static void begin_with(struct guest *g, const char *text, uint64_t gas)
{
    struct vm_config config;
    struct store_config limits;
    *g = (struct guest){.machine = {.size = 200}, .root = {.kind = ROOT_FILE, .secret = {4, 5, 6}}};
    g->system = (struct tee_system){.random = fill_random, .self = &g->machine};
    g->tee = (struct tee_imports){.system = &g->system, .provider = &device, .root = &g->root, .has_code_hash = true,
                                  .code_hash = {0xc0}};
    tee_import_costs_default(&g->tee.costs);
    CHECK(tee_registers_new(8, 1 << 20, &g->tee.registers, &e) == STATUS_OK);
    vm_config_default(&config);
    store_config_default(&limits);
    fee_schedule_fuel(&g->fuel);
    if (gas != UINT64_MAX) config.schedule = &g->fuel;
    limits.gas = gas;
    g->run.module = load_with(&config, text);
    CHECK(store_new(&limits, &g->run.store, &e) == STATUS_OK);
    link_guest(g, text);
}

static void begin(struct guest *g)
{
    begin_with(g, guest_text, UINT64_MAX);
}

static void end(struct guest *g)
{
    stop(&g->run);
    tee_registers_free(g->tee.registers);
}

static uint8_t *memory_of(struct guest *g)
{
    return memory_data(instance_memory(g->run.instance, 0));
}

/* The function's result; a trap is reported. */
static int32_t result_of(struct guest *g, const char *name, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    slot v[4] = {a, b, c, d};
    const enum trap trap = call(&g->run, name, v);
    if (trap != TRAP_NONE) test_check(false, name, 0, g->run.trap.message);
    return (int32_t)v[0];
}

static bool traps(struct guest *g, const char *name, uint32_t a, uint32_t b, uint32_t c, uint32_t d, const char *message)
{
    slot v[4] = {a, b, c, d};
    const enum trap trap = call(&g->run, name, v);
    if (trap != TRAP_HOST || !strstr(g->run.trap.message, message))
        printf("%s: trap %d: %s\n", name, (int)trap, g->run.trap.message ? g->run.trap.message : "");
    return trap == TRAP_HOST && strstr(g->run.trap.message, message) && g->run.trap.frames > 0;
}

#define ERROR_IS(name) (-1 - (int32_t)TEE_IMPORT_##name)

/* ---- the first form --------------------------------------------------------------------------------------------------- */

static void extend_and_read(void)
{
    test_begin("extending and reading");
    struct guest g;
    uint8_t value[48];
    struct tee_snapshot s, replayed;
    struct buffer log = {0};
    struct tee_event event;
    begin(&g);
    memcpy(memory_of(&g) + 100, "a measurement", 13);
    CHECK(result_of(&g, "extend", 4, 100, 13, 0) == 0);
    CHECK(tee_registers_read(g.tee.registers, 4, value, NULL, &e) == STATUS_OK);
    CHECK(result_of(&g, "read", 4, 200, 48, 0) == 48 && memcmp(memory_of(&g) + 200, value, 48) == 0);
    memset(memory_of(&g) + 300, 0xee, 60);
    CHECK(result_of(&g, "read", 4, 300, 60, 0) == 48 && memory_of(&g)[348] == 0xee);
    memset(memory_of(&g) + 300, 0xee, 60);
    CHECK(result_of(&g, "read", 4, 300, 47, 0) == ERROR_IS(BUFFER) && memory_of(&g)[300] == 0xee);
    CHECK(result_of(&g, "extend", 7, 0, 0, 0) == 0); /* nothing is something, too */
    CHECK(result_of(&g, "extend", 7, 131072, 0, 0) == 0);
    CHECK(tee_registers_snapshot(g.tee.registers, &s, &log, &e) == STATUS_OK && s.generation[7] == 2);
    CHECK(tee_event_log_replay(bytes_of(log.data, log.size), 8, &replayed, &e) == STATUS_OK);
    struct tee_event_reader r = tee_event_reader_of(bytes_of(log.data, log.size));
    CHECK(tee_event_next(&r, &event) && event.index == 4 && event.type == EVENT_USER);
    CHECK(bytes_equal(event.payload, bytes_of_string("a measurement")));
    buffer_free(&log);
    end(&g);
}

static void outside(void)
{
    test_begin("R4: memory, indices, lengths");
    static const char *const names[] = {"quote", "seal", "unseal"};
    static const uint32_t bad[][2] = {{131072, 1}, {131071, 2}, {UINT32_MAX, 1}, {UINT32_MAX, 2}, {1, UINT32_MAX},
                                      {131073, 0}, {0x80000000, 0x80000000}};
    const char *const memory = "nvm_tee: outside of the guest's memory";
    struct guest g;
    begin(&g);
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        const uint32_t at = bad[i][0], size = bad[i][1];
        CHECK(size > TEE_EVENT_MAX || traps(&g, "extend", 0, at, size, 0, memory));
        CHECK(traps(&g, "read", 0, at, size, 0, memory));
        for (int k = 0; k < 3; k++) {
            CHECK(traps(&g, names[k], 0, 0, at, size, memory)); /* the output */
            CHECK(size > 64 || traps(&g, names[k], at, size, 0, 64, memory));
        }
    }
    CHECK(traps(&g, "extend", 8, 0, 1, 0, "no such register"));
    CHECK(traps(&g, "extend", UINT32_MAX, 0, 1, 0, "no such register"));
    CHECK(traps(&g, "read", 8, 0, 48, 0, "no such register"));
    CHECK(traps(&g, "extend", 0, 0, TEE_EVENT_MAX + 1, 0, "at most 65536 bytes"));
    CHECK(traps(&g, "extend", 0, UINT32_MAX, UINT32_MAX, 0, "at most 65536 bytes"));
    CHECK(traps(&g, "quote", 0, 65, 0, 64, "at most 64 bytes"));
    CHECK(traps(&g, "seal", 0, TEE_IMPORT_DATA_MAX + 1, 0, 64, "at most 1 MiB"));
    CHECK(traps(&g, "unseal", 0, TEE_IMPORT_DATA_MAX + 200, 0, 64, "longer than any"));
    CHECK(g.machine.asked == 0);
    struct tee_snapshot s;
    CHECK(tee_registers_snapshot(g.tee.registers, &s, NULL, &e) == STATUS_OK);
    for (int i = 0; i < 8; i++) CHECK(s.generation[i] == 0);
    end(&g);
}

static void quotes(void)
{
    test_begin("quotes");
    struct guest g;
    struct tee_attestation a;
    struct tee_snapshot s;
    uint8_t statement[32], digest[32];
    begin(&g);
    const struct bytes nonce = bytes_of_string("a challenge of 26 bytes...");
    memcpy(memory_of(&g), nonce.data, nonce.size);
    CHECK(result_of(&g, "extend", 5, 0, 9, 0) == 0);
    const int32_t size = result_of(&g, "quote", 0, (uint32_t)nonce.size, 1000, 5000);
    CHECK(size > 200 && g.machine.asked == 1);
    /* an attestation that holds together: statement, registers and nonce are those of the report data */
    CHECK(tee_attestation_decode(bytes_of(memory_of(&g) + 1000, (size_t)size), &a, &e) == STATUS_OK);
    tee_challenge_statement(nonce, statement);
    CHECK(tee_registers_snapshot(g.tee.registers, &s, NULL, &e) == STATUS_OK);
    const struct tee_binding binding = {.kind = STATEMENT_CHALLENGE, .origin = ORIGIN_EXECUTED, .statement = statement,
                                        .registers = &s, .nonce = nonce};
    tee_statement_digest(&binding, digest);
    CHECK(memcmp(a.evidence.data, digest, 32) == 0 && memcmp(a.evidence.data + 32, nonce.data, nonce.size) == 0);
    CHECK(bytes_equal(a.nonce, nonce) && memcmp(a.statement, statement, 32) == 0);
    CHECK_EQUAL(a.origin, ORIGIN_EXECUTED);
    g.tee.resumed = ROOT_FILE; /* the registers are then those that were in the file */
    CHECK(result_of(&g, "quote", 0, (uint32_t)nonce.size, 1000, 5000) == size);
    CHECK(tee_attestation_decode(bytes_of(memory_of(&g) + 1000, (size_t)size), &a, &e) == STATUS_OK);
    CHECK(a.origin == ORIGIN_RESUMED_FILE && memcmp(a.evidence.data, digest, 32) != 0);
    g.tee.resumed = 0;
    CHECK(result_of(&g, "quote", 0, 4, 1000, (uint32_t)size - 23) == ERROR_IS(BUFFER)); /* its nonce is shorter */
    CHECK(result_of(&g, "quote", 0, 64, 1000, 5000) > 200);
    g.tee.raw_quotes = true;
    CHECK(result_of(&g, "quote", 0, 64, 1000, 200) == 200);
    CHECK(memcmp(memory_of(&g) + 1000, &g.machine.last.report_data, 64) == 0);
    CHECK(result_of(&g, "quote", 0, 64, 1000, 199) == ERROR_IS(BUFFER));
    g.machine.size = TEE_IMPORT_QUOTE_MAX + 1;
    CHECK(result_of(&g, "quote", 0, 0, 1000, 5000) == ERROR_IS(TOO_LARGE));
    static const struct {
        enum tee_refusal refusal;
        int32_t result;
    } cases[] = {{TEE_BUSY, ERROR_IS(BUSY)}, {TEE_NO_DEVICE, ERROR_IS(NO_DEVICE)}, {TEE_DEVICE, ERROR_IS(NO_DEVICE)},
                 {TEE_RACE, ERROR_IS(BUSY)}, {TEE_PROVIDER, ERROR_IS(NO_DEVICE)}};
    for (int i = 0; i < 5; i++) {
        g.machine.refusal = cases[i].refusal;
        CHECK(result_of(&g, "quote", 0, 0, 1000, 5000) == cases[i].result);
    }
    g.tee.provider = NULL;
    CHECK(result_of(&g, "quote", 0, 0, 1000, 5000) == ERROR_IS(NO_DEVICE));
    end(&g);
}

static void sealing(void)
{
    test_begin("sealing");
    struct guest g;
    begin(&g);
    memcpy(memory_of(&g) + 10, "the guest's secret", 18);
    const int32_t size = result_of(&g, "seal", 10, 18, 1000, 500);
    CHECK(size == SEAL_HEADER_SIZE + 18 + SEAL_TAG_SIZE);
    const uint32_t n = (uint32_t)size;
    CHECK(result_of(&g, "unseal", 1000, n, 3000, 18) == 18 && memcmp(memory_of(&g) + 3000, "the guest's secret", 18) == 0);
    memset(memory_of(&g) + 3000, 0, 18);
    CHECK(result_of(&g, "unseal", 1000, n, 3000, 17) == ERROR_IS(BUFFER) && memory_of(&g)[3000] == 0);
    CHECK(result_of(&g, "seal", 10, 18, 2000, n - 1) == ERROR_IS(BUFFER));
    memory_of(&g)[1000 + 100] ^= 1;
    CHECK(result_of(&g, "unseal", 1000, n, 3000, 18) == ERROR_IS(CORRUPT));
    memory_of(&g)[1000 + 100] ^= 1;
    CHECK(result_of(&g, "unseal", 1000, n - 1, 3000, 18) == ERROR_IS(CORRUPT));
    g.tee.code_hash[5] ^= 1; /* another guest */
    CHECK(result_of(&g, "unseal", 1000, n, 3000, 18) == ERROR_IS(POLICY_MISMATCH));
    g.tee.code_hash[5] ^= 1;
    /* what the embedder seals for itself under the same root is not the guest's */
    const struct tee_seal_policy open_to_all = {0};
    struct buffer blob = {0};
    for (int purpose = SEAL_DATA; purpose <= SEAL_KEY; purpose++) {
        blob.size = 0;
        CHECK(tee_seal(&g.root, &g.system, (enum tee_seal_purpose)purpose, &open_to_all, NULL, bytes_of("key", 3), &blob,
                       &e) == STATUS_OK);
        memcpy(memory_of(&g) + 5000, blob.data, blob.size);
        CHECK(result_of(&g, "unseal", 5000, (uint32_t)blob.size, 3000, 18) == ERROR_IS(POLICY_MISMATCH));
    }
    buffer_free(&blob);
    g.root.secret[0] ^= 1;
    CHECK(result_of(&g, "unseal", 1000, n, 3000, 18) == ERROR_IS(CORRUPT));
    g.tee.root = NULL;
    CHECK(result_of(&g, "unseal", 1000, n, 3000, 18) == ERROR_IS(NO_DEVICE));
    CHECK(result_of(&g, "seal", 10, 18, 1000, 500) == ERROR_IS(NO_DEVICE));
    end(&g);
}

/* ---- the second form -------------------------------------------------------------------------------------------------- */

static void wit_extend(void)
{
    test_begin("extend-measurement");
    struct guest g;
    uint8_t value[48];
    uint64_t generation = 0;
    begin(&g);
    memory_of(&g)[77] = memory_of(&g)[78] = 9;
    result_of(&g, "extend_wit", 2, 0, 5, 77);
    CHECK(memory_of(&g)[77] == 0 && tee_registers_read(g.tee.registers, 2, value, &generation, &e) == STATUS_OK);
    CHECK(generation == 1);
    result_of(&g, "extend_wit", 8, 0, 5, 77);
    CHECK(memory_of(&g)[77] == 1 && memory_of(&g)[78] == TEE_IMPORT_UNKNOWN_REGISTER);
    result_of(&g, "extend_wit", 2, 0, TEE_EVENT_MAX + 1, 77);
    CHECK(memory_of(&g)[77] == 1 && memory_of(&g)[78] == TEE_IMPORT_TOO_LARGE);
    CHECK(traps(&g, "extend_wit", 2, 131071, 2, 77, "outside of the guest's memory"));
    CHECK(traps(&g, "extend_wit", 2, 0, 2, 131071, "outside of the guest's memory"));
    CHECK(tee_registers_read(g.tee.registers, 2, value, &generation, &e) == STATUS_OK && generation == 1);
    end(&g);
}

static void wit_lists(void)
{
    test_begin("generate-quote, seal-to-pcr, unseal");
    struct guest g;
    begin(&g);
    memcpy(memory_of(&g) + 10, "the guest's secret", 18);
    result_of(&g, "seal_wit", 3, 10, 18, 400);
    CHECK(memory_of(&g)[400] == 0);
    const uint32_t at = load_le32(memory_of(&g) + 404), size = load_le32(memory_of(&g) + 408);
    CHECK(at == 65536 && size == SEAL_HEADER_SIZE + 18 + SEAL_TAG_SIZE);
    result_of(&g, "unseal_wit", at, size, 400, 0);
    CHECK(memory_of(&g)[400] == 0 && load_le32(memory_of(&g) + 408) == 18);
    CHECK(memcmp(memory_of(&g) + load_le32(memory_of(&g) + 404), "the guest's secret", 18) == 0);
    CHECK(memory_size(instance_memory(g.run.instance, 0)) == 4 * 65536); /* it has grown in between */
    CHECK(result_of(&g, "extend", 2, 0, 0, 0) == 0);
    result_of(&g, "unseal_wit", at, size, 400, 0);
    CHECK(memory_of(&g)[400] == 0); /* that register does not matter */
    CHECK(result_of(&g, "extend", 3, 0, 0, 0) == 0);
    result_of(&g, "unseal_wit", at, size, 400, 0);
    CHECK(memory_of(&g)[400] == 1 && memory_of(&g)[404] == TEE_IMPORT_POLICY_MISMATCH);
    memory_of(&g)[at + 30] ^= 1;
    result_of(&g, "unseal_wit", at, size, 400, 0);
    CHECK(memory_of(&g)[400] == 1 && memory_of(&g)[404] == TEE_IMPORT_CORRUPT);
    static const uint32_t unknown[] = {8, 15, 16, 32, UINT32_MAX};
    for (int i = 0; i < 5; i++) {
        memory_of(&g)[404] = 0xee;
        result_of(&g, "seal_wit", unknown[i], 10, 18, 400);
        CHECK(memory_of(&g)[400] == 1 && memory_of(&g)[404] == TEE_IMPORT_UNKNOWN_REGISTER);
    }
    result_of(&g, "quote_wit", 10, 18, 400, 0);
    CHECK(memory_of(&g)[400] == 0 && load_le32(memory_of(&g) + 408) > 200 && g.machine.asked == 1);
    result_of(&g, "quote_wit", 10, 65, 400, 0);
    CHECK(memory_of(&g)[400] == 1 && memory_of(&g)[404] == TEE_IMPORT_TOO_LARGE);
    g.machine.refusal = TEE_BUSY;
    result_of(&g, "quote_wit", 10, 18, 400, 0);
    CHECK(memory_of(&g)[400] == 1 && memory_of(&g)[404] == TEE_IMPORT_BUSY);
    g.tee.provider = NULL;
    result_of(&g, "quote_wit", 10, 18, 400, 0);
    CHECK(memory_of(&g)[400] == 1 && memory_of(&g)[404] == TEE_IMPORT_NO_DEVICE);
    CHECK(traps(&g, "quote_wit", 10, 18, 402, 0, "not a multiple of 4"));
    CHECK(traps(&g, "quote_wit", 10, 18, UINT32_MAX - 11, 0, "outside of the guest's memory"));
    CHECK(traps(&g, "unseal_wit", UINT32_MAX, 2, 400, 0, "outside of the guest's memory"));
    end(&g);
}

/* Allocators that are not there, have another type, lie, trap, or never end. */
static void bad_allocators(void)
{
    test_begin("cabi_realloc that misbehaves");
    static const struct {
        const char *text, *message;
        enum trap trap;
    } cases[] = {
        {"", "does not export cabi_realloc", TRAP_HOST},
        {"(func (export \"cabi_realloc\") (param i32 i32 i32) (result i32) (i32.const 0))", "does not export", TRAP_HOST},
        {"(global (export \"cabi_realloc\") i32 (i32.const 0))", "does not export", TRAP_HOST},
        {"(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 65535))", "outside", TRAP_HOST},
        {"(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (i32.const -1))", "outside", TRAP_HOST},
        {"(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) unreachable)", "unreachable",
         TRAP_UNREACHABLE},
        {"(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (loop (br 0)) (i32.const 0))", "gas",
         TRAP_OUT_OF_GAS},
        {"(func $f (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)"
         " (call $seal (i32.const 0) (i32.const 0) (i32.const 9) (i32.const 0)) (i32.const 0))",
         "", TRAP_CALL_STACK_EXHAUSTED},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct guest g;
        char text[1000];
        slot v[4] = {0};
        snprintf(text, sizeof text,
                 "(module (import \"nvm_tee\" \"seal-to-pcr\" (func $seal (param i32 i32 i32 i32))) (memory 1) %s"
                 " (func (export \"run\") (call $seal (i32.const 0) (i32.const 0) (i32.const 9) (i32.const 0))))",
                 cases[i].text);
        begin_with(&g, text, 100000000);
        const enum trap trap = call(&g.run, "run", v);
        CHECK_EQUAL(trap, cases[i].trap);
        CHECK(g.run.trap.message && strstr(g.run.trap.message, cases[i].message));
        if (trap == TRAP_OUT_OF_GAS) CHECK(store_gas_left(g.run.store) == 0);
        CHECK(memory_of(&g)[0] == 0);
        end(&g);
    }
}

/* ---- gas -------------------------------------------------------------------------------------------------------------- */

struct priced {
    const char *name;
    slot arguments[4];
    struct tee_import_cost cost;
    uint64_t bytes, instructions;
};

static void gas(void)
{
    test_begin("R4: gas is charged before the work");
    struct tee_import_costs c;
    tee_import_costs_default(&c);
    const struct priced calls[] = {
        {"extend", {4, 0, 1000}, c.extend, 1000, 4},
        {"read", {4, 0, 100}, c.read, 100, 4},
        {"quote", {0, 10, 1000, 5000}, c.quote, 5010, 5},
        {"seal", {0, 10, 1000, 300}, c.seal, 310, 5},
        {"unseal", {0, 10, 1000, 300}, c.unseal, 310, 5},
        {"extend_wit", {4, 0, 1000, 2000}, c.extend, 1000, 5},
        {"quote_wit", {0, 65, 2000}, c.quote, 65 + TEE_IMPORT_QUOTE_MAX, 4}, /* an error as a value: nothing is allocated */
        {"seal_wit", {99, 0, 10, 2000}, c.seal, 20 + SEAL_HEADER_SIZE + SEAL_TAG_SIZE, 5},
        {"unseal_wit", {0, 10, 2000}, c.unseal, 20, 4},
        {"suspend", {0}, c.suspend, 0, 1}, /* refused: nothing stops */
        {"suspend_wit", {2000}, c.suspend, 0, 2},
    };
    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
        const struct priced *p = &calls[i];
        const uint64_t price = p->cost.base + p->cost.byte * p->bytes;
        struct guest g;
        slot v[4];
        begin_with(&g, guest_text, 10000000);
        memcpy(v, p->arguments, sizeof v);
        CHECK(call(&g.run, p->name, v) == TRAP_NONE);
        CHECK_EQUAL(10000000 - store_gas_left(g.run.store), price + p->instructions);
        /* one less than it takes: nothing is done, no device is asked */
        struct tee_snapshot before, after;
        const unsigned asked = g.machine.asked;
        CHECK(tee_registers_snapshot(g.tee.registers, &before, NULL, &e) == STATUS_OK);
        store_set_gas(g.run.store, price + p->instructions - 1);
        memcpy(v, p->arguments, sizeof v);
        CHECK(call(&g.run, p->name, v) == TRAP_OUT_OF_GAS);
        CHECK(tee_registers_snapshot(g.tee.registers, &after, NULL, &e) == STATUS_OK);
        CHECK(g.machine.asked == asked && memcmp(&before, &after, sizeof before) == 0);
        CHECK_EQUAL(g.run.trap.gas_charge, price);
        CHECK(store_gas_left(g.run.store) == 0);
        end(&g);
    }
}

static void large_prices(void)
{
    test_begin("prices that do not fit");
    struct guest g;
    slot v[4] = {0, 0, 2, 0};
    begin_with(&g, guest_text, UINT64_MAX / 2);
    g.tee.costs.extend = (struct tee_import_cost){UINT64_MAX - 3, 2};
    CHECK(call(&g.run, "extend", v) == TRAP_OUT_OF_GAS);
    store_set_gas(g.run.store, UINT64_MAX / 2);
    g.tee.costs.extend = (struct tee_import_cost){5, UINT64_MAX};
    v[0] = 0, v[1] = 0, v[2] = 2;
    CHECK(call(&g.run, "extend", v) == TRAP_OUT_OF_GAS);
    end(&g);
    begin(&g); /* without a schedule nothing costs anything */
    g.tee.costs.extend = (struct tee_import_cost){UINT64_MAX, UINT64_MAX};
    CHECK(result_of(&g, "extend", 0, 0, 2, 0) == 0);
    end(&g);
}

/* ---- suspension ------------------------------------------------------------------------------------------------------- */

/* The function `run` suspends itself in the middle of what it computes, and again in `restless`. */
static const char suspending[] =
    "(module"
    "  (import \"nvm_tee\" \"tee_extend_pcr\" (func $extend (param i32 i32 i32) (result i32)))"
    "  (import \"nvm_tee\" \"tee_suspend\" (func $core (result i32)))"
    "  (import \"nvm_tee\" \"suspend\" (func $wit (param i32)))"
    "  (import \"nvm_tee\" \"generate-quote\" (func $quote (param i32 i32 i32)))"
    "  (memory (export \"memory\") 1)"
    "  (func $suspend (param i32) (result i32)"
    "    (if (result i32) (local.get 0) (then (call $wit (i32.const 40)) (i32.load16_u (i32.const 40)))"
    "      (else (call $core))))"
    "  (func (export \"run\") (param i32) (result i32)"
    "    (i32.store (i32.const 40) (i32.const -1))"
    "    (drop (call $extend (i32.const 4) (i32.const 0) (i32.const 3)))"
    "    (i32.const 1000)"
    "    (i32.add (i32.mul (i32.const 10) (call $suspend (local.get 0))))"
    "    (drop (call $extend (i32.const 4) (i32.const 8) (i32.const 5)))"
    "    (i32.add (local.get 0)))"
    "  (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)"
    "    (i32.store (i32.const 60) (call $core))"
    "    (i32.const 1024))"
    "  (func (export \"below\") (param i32) (result i32)"
    "    (call $quote (i32.const 0) (i32.const 0) (i32.const 80))"
    "    (i32.load (i32.const 60))))";

static void suspend_refused(void)
{
    test_begin("tee_suspend where nobody keeps the run");
    struct guest g;
    begin_with(&g, guest_text, 10000000);
    CHECK(result_of(&g, "suspend", 0, 0, 0, 0) == ERROR_IS(NO_DEVICE));
    result_of(&g, "suspend_wit", 300, 0, 0, 0);
    CHECK(memory_of(&g)[300] == 1 && memory_of(&g)[301] == TEE_IMPORT_NO_DEVICE);
    CHECK(!store_is_suspended(g.run.store));
    CHECK(traps(&g, "suspend_wit", 131071, 0, 0, 0, "outside of the guest's memory"));
    end(&g);
    begin(&g); /* a run that is not metered cannot stop, whatever the embedder says */
    g.tee.may_suspend = true;
    CHECK(result_of(&g, "suspend", 0, 0, 0, 0) == ERROR_IS(NO_DEVICE));
    CHECK(!store_is_suspended(g.run.store));
    end(&g);
}

/* Where C calls an import, and where guest code has C on its stack, there is nothing that could be kept. */
static void suspend_below_c(void)
{
    test_begin("tee_suspend with C on the stack");
    struct guest g;
    struct external externals[MOST_IMPORTS];
    slot v[1] = {77};
    begin_with(&g, suspending, 100000000);
    g.tee.may_suspend = true;
    CHECK(result_of(&g, "below", 0, 0, 0, 0) == ERROR_IS(BUSY));
    CHECK(memory_of(&g)[80] == 0 && g.machine.asked == 1); /* the quote was made all the same */
    if (CHECK(make_imports(&g, g.run.store, "imports", externals) == 4)) {
        CHECK(func_call(g.run.store, externals[1].func, v, &g.run.trap) == TRAP_NONE);
        CHECK_EQUAL((int32_t)v[0], ERROR_IS(BUSY));
    }
    CHECK(!store_is_suspended(g.run.store));
    end(&g);
}

/* Another store and another set of registers take over. */
static void move(struct guest *g, const char *text)
{
    struct external externals[MOST_IMPORTS];
    struct buffer state = {0}, log = {0};
    struct tee_registers *registers = NULL;
    struct tee_snapshot ignored;
    struct store_config limits;
    struct store *store = NULL;
    store_config_default(&limits);
    limits.gas = 0;
    CHECK(tee_registers_snapshot(g->tee.registers, &ignored, &log, &e) == STATUS_OK);
    CHECK(instance_checkpoint(g->run.instance, &state, &e) == STATUS_OK);
    CHECK(tee_registers_new(8, 1 << 20, &registers, &e) == STATUS_OK);
    CHECK(tee_registers_restore(registers, bytes_of(log.data, log.size), &e) == STATUS_OK);
    tee_registers_free(g->tee.registers);
    g->tee.registers = registers;
    CHECK(store_new(&limits, &store, &e) == STATUS_OK);
    store_free(g->run.store);
    g->run.store = store;
    const size_t count = make_imports(g, store, text, externals);
    CHECK(instance_restore(store, g->run.module, externals, count, bytes_of(state.data, state.size), &g->run.instance,
                           &e) == STATUS_OK);
    buffer_free(&state);
    buffer_free(&log);
}

/* A quote of the set that goes on is about the events in front of the stop and behind it. */
static void quote_after(struct guest *g, const uint8_t expected[48])
{
    static const uint32_t lengths[] = {3, 5};
    struct tee_attestation a;
    struct tee_snapshot s;
    struct tee_event event;
    uint8_t digest[32];
    store_set_gas(g->run.store, 10000000);
    result_of(g, "below", 0, 0, 0, 0);
    const uint32_t at = load_le32(memory_of(g) + 84), size = load_le32(memory_of(g) + 88);
    if (!CHECK(memory_of(g)[80] == 0 && at == 1024 && size < 60000)) return;
    if (!CHECK(tee_attestation_decode(bytes_of(memory_of(g) + at, size), &a, &e) == STATUS_OK)) return;
    CHECK(tee_attestation_digest(&a, digest, &e) == STATUS_OK && memcmp(a.evidence.data, digest, 32) == 0);
    CHECK(tee_event_log_replay(a.event_log, 8, &s, &e) == STATUS_OK && memcmp(s.value[4], expected, 48) == 0);
    struct tee_event_reader r = tee_event_reader_of(a.event_log);
    for (int i = 0; i < 2; i++) CHECK(tee_event_next(&r, &event) && event.payload.size == lengths[i]);
    CHECK(!tee_event_next(&r, &event));
}

static void suspend_and_go_on(bool wit)
{
    test_begin(wit ? "suspend, and going on" : "tee_suspend, and going on");
    struct guest whole, g;
    slot v[1] = {wit};
    uint8_t expected[48], value[48];
    const int32_t refused = wit ? 1 + 256 * TEE_IMPORT_NO_DEVICE : ERROR_IS(NO_DEVICE);
    begin_with(&whole, suspending, 10000000);
    CHECK_EQUAL(result_of(&whole, "run", wit, 0, 0, 0), 1000 + 10 * refused + wit);
    CHECK(tee_registers_read(whole.tee.registers, 4, expected, NULL, &e) == STATUS_OK);
    begin_with(&g, suspending, 10000000);
    g.tee.may_suspend = true;
    CHECK_EQUAL(call(&g.run, "run", v), TRAP_SUSPENDED);
    CHECK(store_is_suspended(g.run.store));
    CHECK(tee_registers_read(g.tee.registers, 4, value, NULL, &e) == STATUS_OK && memcmp(value, expected, 48) != 0);
    move(&g, suspending);
    CHECK_EQUAL(store_continue(g.run.store, v, &g.run.trap), TRAP_NONE);
    CHECK_EQUAL((int32_t)v[0], 1000 + wit);
    CHECK(tee_registers_read(g.tee.registers, 4, value, NULL, &e) == STATUS_OK && memcmp(value, expected, 48) == 0);
    CHECK_EQUAL(store_gas_left(g.run.store), store_gas_left(whole.run.store));
    quote_after(&g, expected);
    end(&whole);
    end(&g);
}

/* ---- linking ---------------------------------------------------------------------------------------------------------- */

static void linking(void)
{
    test_begin("linking");
    struct guest g;
    struct external out;
    begin(&g);
    CHECK(tee_import_count() == 11);
    const struct functype type = tee_import_type(0);
    struct import_info import = {bytes_of_string("nvm_tee"), bytes_of_string(tee_import_name(0)),
                                 {.kind = EXTERN_FUNC, .func = type}};
    CHECK(tee_import_new(&g.tee, g.run.store, &import, &out, &e) == STATUS_OK && out.kind == EXTERN_FUNC);
    import.type.kind = EXTERN_GLOBAL;
    CHECK(tee_import_new(&g.tee, g.run.store, &import, &out, &e) == STATUS_UNLINKABLE && strstr(e.message, "another type"));
    import.type.kind = EXTERN_FUNC;
    import.type.func.results = 0;
    CHECK(tee_import_new(&g.tee, g.run.store, &import, &out, &e) == STATUS_UNLINKABLE);
    import.type.func = type;
    import.name = bytes_of("tee_extend_pcr\0", 15);
    CHECK(tee_import_new(&g.tee, g.run.store, &import, &out, &e) == STATUS_UNLINKABLE && strstr(e.message, "has no"));
    import.name = bytes_of_string(tee_import_name(0));
    import.module = bytes_of_string("env");
    CHECK(tee_import_new(&g.tee, g.run.store, &import, &out, &e) == STATUS_UNLINKABLE && strstr(e.message, "env"));
    end(&g);
}

/* A contract is refused for it as for any other module, and in `env` it is as unknown as any other name. */
static void near_profile(void)
{
    test_begin("R4: contracts of NEAR");
    static const char *const texts[] = {
        "(module (import \"nvm_tee\" \"tee_read_pcr\" (func (param i32 i32 i32) (result i32))) (func (export \"f\")))",
        "(module (import \"another\" \"tee_read_pcr\" (func (param i32 i32 i32) (result i32))) (func (export \"f\")))",
    };
    const char *refusals[2] = {0};
    for (int i = 0; i < 2; i++) {
        struct buffer code = binary_of(texts[i]);
        struct contract *contract = NULL;
        CHECK(contract_prepare(parameters_of(PROTOCOL_VERSION_CURRENT), bytes_of(code.data, code.size), NULL, &contract,
                               &e) == STATUS_OK);
        refusals[i] = contract ? contract_refusal(contract, NULL) : NULL;
        CHECK(refusals[i] && strstr(refusals[i], "PrepareError"));
        contract_free(contract);
        buffer_free(&code);
    }
    CHECK_TEXT(refusals[0], refusals[1]);
    for (size_t i = 0; i < tee_import_count(); i++)
        CHECK(import_find(parameters_of(PROTOCOL_VERSION_CURRENT), bytes_of_string(tee_import_name(i))) == NULL);
}

int main(void)
{
    extend_and_read();
    outside();
    quotes();
    sealing();
    wit_extend();
    wit_lists();
    bad_allocators();
    gas();
    large_prices();
    linking();
    suspend_refused();
    suspend_and_go_on(false);
    suspend_and_go_on(true);
    suspend_below_c();
    near_profile();
    return test_end();
}
