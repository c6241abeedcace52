/* Loading: decode, validate, translate. */
#include "vm/module.h"

#include <stdlib.h>

#include "base/hash.h"
#include "vm/opcodes.h"
#include "vm/translate.h"

void vm_config_default(struct vm_config *c)
{
    *c = (struct vm_config){
        .features = FEATURES_ALL,
        .limits = {.module_bytes = LIMIT_MODULE_BYTES, .types = LIMIT_TYPES, .functions = LIMIT_FUNCTIONS,
                   .imports = LIMIT_IMPORTS, .exports = LIMIT_EXPORTS, .globals = LIMIT_GLOBALS,
                   .tables = LIMIT_TABLES, .data_segments = LIMIT_DATA_SEGMENTS,
                   .element_segments = LIMIT_ELEMENT_SEGMENTS, .function_bytes = LIMIT_FUNCTION_BYTES,
                   .params = LIMIT_PARAMS, .results = LIMIT_RESULTS, .locals = LIMIT_LOCALS,
                   .nesting = LIMIT_NESTING, .name_bytes = LIMIT_NAME_BYTES, .br_table = LIMIT_BR_TABLE},
    };
}

static const struct dispatch *find_dispatch(enum dispatcher d)
{
    switch (d) {
    case DISPATCH_TAIL: return dispatch_tail();
    case DISPATCH_PORTABLE: return dispatch_portable();
    case DISPATCH_DEFAULT: break;
    }
    return dispatch_tail() ? dispatch_tail() : dispatch_portable();
}

bool dispatcher_available(enum dispatcher d)
{
    return find_dispatch(d) != NULL;
}

const char *dispatcher_name(enum dispatcher d)
{
    const struct dispatch *found = find_dispatch(d);
    return found ? found->name : "not built in";
}

void fee_schedule_fuel(struct fee_schedule *s)
{
    *s = (struct fee_schedule){0};
    for (int i = 0; i < 256; i++) s->op[i] = 1;
    for (int i = 0; i < 32; i++) s->op_fc[i] = 1;
    s->op[OPCODE_BLOCK] = s->op[OPCODE_ELSE] = s->op[OPCODE_END] = 0;
}

/* Costs of one instruction are kept small enough for sums over a stretch to stay in 32 bits. */
static enum status check_schedule(const struct fee_schedule *s, struct error *e)
{
    for (int i = 0; i < 256 + 32; i++) {
        uint64_t cost = i < 256 ? s->op[i] : s->op_fc[i - 256];
        if (cost >= 1u << 30)
            return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET,
                             "fee schedule: an instruction costs %llu, at most %u is allowed",
                             (unsigned long long)cost, (1u << 30) - 1);
    }
    return STATUS_OK;
}

/* A configuration can lower limits, not raise them. */
static void clamp_limits(struct module_limits *l)
{
    struct vm_config c;
    vm_config_default(&c);
    uint32_t *mine = (uint32_t *)l;
    const uint32_t *most = (const uint32_t *)&c.limits;
    for (size_t i = 0; i < sizeof *l / sizeof *mine; i++)
        if (mine[i] > most[i]) mine[i] = most[i];
}

static enum status take_bytes(struct module *m, const uint8_t *bytes, size_t size, struct error *e)
{
    static const uint8_t nothing[1] = {0};
    m->bytes = bytes_of(size ? bytes : nothing, size); /* never null: pointers into it are made */
    if (m->config.borrow_bytes || size == 0) return STATUS_OK;
    m->owned_bytes = malloc(size);
    if (!m->owned_bytes) return error_no_memory(e);
    memcpy(m->owned_bytes, bytes, size);
    m->bytes.data = m->owned_bytes;
    return STATUS_OK;
}

/* Until a function is translated, calls to it run a word of its own that translates it. */
static void set_stubs(struct module *m)
{
    operation_first_variants(m->dispatch->ints, m->dispatch->floats, m->first);
    family_strides(m->dispatch->ints, m->dispatch->floats, m->stride);
    const void *handler = m->dispatch->handlers()[m->first[OPERATION_TRANSLATE]];
    for (uint32_t i = 0; i < m->body_count; i++) {
        m->bodies[i].stub[0].p = handler;
        atomic_init(&m->bodies[i].code, m->bodies[i].stub);
    }
}

bool module_is_stopped(struct module *m, uint64_t n)
{
    const struct load_stop *stop = m->config.stop;
    if (!stop) return false;
    m->work += n * WORK_PER_BYTE;
    if (m->work < WORK_PER_LOOK) return false;
    m->work = 0;
    return stop->wanted(stop->user);
}

static bool stop_translation(void *module, uint64_t n)
{
    return module_is_stopped(module, n);
}

static enum status translate_all(struct module *m, struct error *e)
{
    struct translator *t = translator_new(m);
    bool ok = t != NULL, stopped = false;
    if (ok && m->config.stop) translator_set_stop(t, stop_translation, m);
    for (uint32_t i = 0; i < m->body_count && ok; i++) {
        const union word *code;
        uint32_t words;
        ok = translate_body(t, &m->bodies[i], false, &m->code, &code, &words);
        stopped = translator_stopped(t);
        if (!ok) break;
        m->bodies[i].words = words;
        m->bodies[i].code = code;
    }
    translator_free(t);
    if (stopped) return error_set(e, STATUS_LIMIT, VM_ERROR_INTERRUPTED, ERROR_NO_OFFSET, "interrupted");
    return ok ? STATUS_OK : error_no_memory(e);
}

enum status module_load(const struct vm_config *config, const uint8_t *bytes, size_t size, struct module **out,
                        struct error *e)
{
    *out = NULL;
    struct module *m = calloc(1, sizeof *m);
    if (m) m->table_key = hash_key_new();
    if (!m) return error_no_memory(e);
    m->config = *config;
    clamp_limits(&m->config.limits);
    m->dispatch = find_dispatch(config->dispatcher);
    enum status status = STATUS_OK;
    if (!m->dispatch)
        status = error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "this dispatcher is not built in (it needs clang 19)");
    if (status == STATUS_OK && config->schedule) {
        m->schedule = *config->schedule;
        m->config.schedule = &m->schedule;
        status = check_schedule(config->schedule, e);
    }
    /* nobody sees these prices: they only say how far apart looks for an interruption are */
    if (status == STATUS_OK && !config->schedule && config->interruptible) fee_schedule_fuel(&m->schedule);
    if (status == STATUS_OK) status = take_bytes(m, bytes, size, e);
    if (status == STATUS_OK) status = module_decode(m, e);
    m->config.observer = NULL;
    for (uint32_t i = m->imported_memories; i < m->memory_count && config->memory; i++)
        m->memories[i] = *config->memory;
    m->config.memory = NULL;
    if (status == STATUS_OK) {
        set_stubs(m);
        if (!config->lazy) status = translate_all(m, e);
    }
    m->config.stop = NULL;
    if (status == STATUS_OK) *out = m;
    else module_free(m);
    return status;
}

void module_free(struct module *m)
{
    if (!m) return;
    for (uint32_t i = 0; i < m->body_count; i++) {
        if (m->config.lazy && m->bodies[i].words) free((void *)(uintptr_t)m->bodies[i].code);
        free((void *)(uintptr_t)m->bodies[i].exact);
    }
    code_arena_free(&m->code);
    arena_free(&m->arena);
    free(m->owned_bytes);
    free(m);
}

const struct export_info *module_find_export(const struct module *m, struct bytes name)
{
    if (!m->export_count) return NULL;
    for (uint32_t h = (uint32_t)hash_bytes(name, &m->table_key) & m->export_mask; m->export_slots[h]; h = (h + 1) & m->export_mask) {
        const struct export_info *x = &m->exports[m->export_slots[h] - 1];
        if (bytes_equal(x->name, name)) return x;
    }
    return NULL;
}
