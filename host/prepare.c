/* Preparation: which modules the protocol accepts, and which error wins when several things are wrong.
 * Source: near-vm-runner, prepare/prepare_v3.rs and instrument_v3.rs; features.rs. */
#include <stdio.h>
#include <stdlib.h>

#include "host/contract.h"
#include "vm/preparation.h"

enum { MOST_NAME_BYTES = 100000 }; /* wasmparser's limit */

enum prepare_error {
    PREPARE_OK,
    PREPARE_NO_MEMORY,             /* not an error of the contract */
#define X(name, text) PREPARE_##name,
#include "host/prepare_errors.def"
#undef X
};

static const struct {
    const char *kind, *message;
} prepare_errors[] = {
#define X(name, text) [PREPARE_##name] = {"CompilationError.PrepareError." #name, "PrepareError: " text},
#include "host/prepare_errors.def"
#undef X
};

void prepare_schedule(const struct protocol_parameters *p, struct fee_schedule *s)
{
    *s = (struct fee_schedule){
        .linear_base = p->linear_op_base_cost,
        .linear_unit = p->linear_op_unit_cost,
        .frame_unit = p->regular_op_cost,
        .frame_bytes = 64,
        .bytes32 = 4,
        .bytes64 = 8,
    };
    for (int i = 0; i < 256; i++) s->op[i] = p->regular_op_cost;
    for (int i = 0; i < 32; i++) s->op_fc[i] = p->regular_op_cost;
    static const uint8_t free_of_charge[] = {OPCODE_BLOCK, OPCODE_ELSE, OPCODE_END};
    for (size_t i = 0; i < sizeof free_of_charge; i++) s->op[free_of_charge[i]] = 0;
    /* what works on ranges pays the linear base in place of a regular instruction */
    for (uint32_t i = 0; i < 256; i++)
        if (opcode_table[i].effect == EFFECT_BULK) s->op[i] = 0;
    for (uint32_t i = 0; i < 32; i++)
        if (opcode_table_fc[i].effect == EFFECT_BULK) s->op_fc[i] = 0;
}

/* ---- limits that are met while the bytes are read ---------------------------------------------------------------- */

struct preparation {
    const struct protocol_limits *limits;
    uint64_t functions, locals, tables, types, globals; /* how many more there may be */
    uint64_t type_size;            /* of imports and exports together; how much more there may be */
    enum prepare_error refused;
};

static bool refuse(struct preparation *p, enum prepare_error error)
{
    p->refused = error;
    return false;
}

static bool take(struct preparation *p, uint64_t *left, uint64_t n, enum prepare_error error)
{
    if (n > *left) return refuse(p, error);
    *left -= n;
    return true;
}

/* Functions of `env`, and nothing else. The parser's own limit comes first. */
static bool check_imports(struct preparation *p, const struct module *m)
{
    for (size_t i = 0; i < module_import_count(m); i++) {
        struct import_info import = module_import(m, i);
        if (!take(p, &p->type_size, effective_type_size(&import.type), PREPARE_Deserialization)) return false;
    }
    for (size_t i = 0; i < module_import_count(m); i++) {
        struct import_info import = module_import(m, i);
        if (!bytes_equal(import.module, bytes_of_string("env"))) return refuse(p, PREPARE_Instantiate);
        if (import.type.kind == EXTERN_MEMORY) return refuse(p, PREPARE_Memory);
        if (import.type.kind != EXTERN_FUNC) return refuse(p, PREPARE_Instantiate);
        if (!take(p, &p->functions, 1, PREPARE_TooManyFunctions)) return false;
    }
    return true;
}

static bool check_tables(struct preparation *p, const struct module *m, uint64_t n)
{
    if (!take(p, &p->tables, n, PREPARE_TooManyTables)) return false;
    for (size_t i = 0; i < module_table_count(m); i++)
        if (module_table(m, i).range.min > p->limits->max_elements_per_contract_table)
            return refuse(p, PREPARE_TooManyTableElements);
    return true;
}

static bool check_exports(struct preparation *p, const struct module *m)
{
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info export = module_export(m, i);
        if (!take(p, &p->type_size, effective_type_size(&export.type), PREPARE_Deserialization)) return false;
    }
    return true;
}

static bool observe(void *user, const struct module *m, enum load_event event, uint64_t n)
{
    struct preparation *p = user;
    switch (event) {
    case LOAD_TYPES: return take(p, &p->types, n, PREPARE_TooManyTypes);
    case LOAD_IMPORTS: return check_imports(p, m);
    case LOAD_TABLES: return check_tables(p, m, n);
    case LOAD_GLOBALS: return take(p, &p->globals, n, PREPARE_TooManyGlobals);
    case LOAD_EXPORTS: return check_exports(p, m);
    case LOAD_BODIES: return take(p, &p->functions, n, PREPARE_TooManyFunctions);
    case LOAD_BODY: return n <= p->limits->max_function_body_size || refuse(p, PREPARE_FunctionBodyTooLarge);
    case LOAD_LOCALS: return take(p, &p->locals, n, PREPARE_TooManyLocals);
    }
    return true;
}

static uint64_t most_locals(const struct protocol_limits *l, size_t code_size)
{
    uint64_t most = l->max_locals_per_contract, per_local = l->min_contract_size_per_local;
    if (per_local == UINT64_MAX || per_local == 0) return most;
    return code_size / per_local < most ? code_size / per_local : most;
}

/* ---- limits that are met when the module is rewritten, function by function -------------------------------------- */

static enum prepare_error check_body(const struct module *m, const struct body *b, const struct protocol_limits *l,
                                     uint64_t *params, uint64_t *blocks)
{
    uint32_t n = m->types[b->type].params;
    if (n > l->max_params_per_function) return PREPARE_TooManyParamsPerFunction;
    if (n > *params) return PREPARE_TooManyParamsPerContract;
    *params -= n;
    uint64_t operands = stack_bytes_at_most(m, b), most = l->max_operand_stack_bytes_per_function;
    if (operands > most && !stack_bytes(m, b, NULL, &operands)) return PREPARE_NO_MEMORY;
    if (operands > most) return PREPARE_OperandStackTooLarge;
    if (b->blocks > l->max_blocks_per_function) return PREPARE_TooManyBlocksPerFunction;
    if (b->blocks > *blocks) return PREPARE_TooManyBlocksPerContract;
    *blocks -= b->blocks;
    return PREPARE_OK;
}

/* The rewriting puts a byte in front of every exported name but the memory's, and reads what it wrote. */
static enum prepare_error check_export_names(const struct module *m)
{
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info export = module_export(m, i);
        if (export.type.kind != EXTERN_MEMORY && export.name.size >= MOST_NAME_BYTES) return PREPARE_Serialization;
    }
    return PREPARE_OK;
}

static enum prepare_error check_functions(const struct module *m, const struct protocol_limits *l)
{
    uint64_t params = l->max_params_per_contract, blocks = l->max_blocks_per_contract;
    for (uint32_t i = 0; i < m->body_count; i++) {
        enum prepare_error r = check_body(m, &m->bodies[i], l, &params, &blocks);
        if (r != PREPARE_OK) return r;
    }
    return PREPARE_OK;
}

static enum prepare_error check_rewriting(const struct module *m, const struct protocol_limits *l)
{
    enum prepare_error r = check_export_names(m);
    if (r == PREPARE_OK) r = check_functions(m, l);
    if (r != PREPARE_OK) return r;
    uint64_t size = rewritten_size(m, l->max_stack_height, l->max_instrumented_code_size);
    if (size == UINT64_MAX) return PREPARE_NO_MEMORY;
    return size > l->max_instrumented_code_size ? PREPARE_InstrumentedCodeTooLarge : PREPARE_OK;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static void set_refusal(struct contract *c, enum prepare_error error)
{
    c->refusal = prepare_errors[error].kind;
    c->refusal_message = prepare_errors[error].message;
    if (c->why.status == STATUS_OK)
        error_set(&c->why, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "%s",
                  prepare_errors[error].message + strlen("PrepareError: "));
    module_free(c->module);
    c->module = NULL;
}

static void set_compile_error(struct contract *c, const char *why)
{
    snprintf(c->refusal_text, sizeof c->refusal_text, "Wasmtime compilation error: %s", why);
    c->refusal = "CompilationError.WasmtimeCompileError";
    c->refusal_message = c->refusal_text;
    error_set(&c->why, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "production's compiler refuses the metered module: %s", why);
    module_free(c->module);
    c->module = NULL;
}

static void configure(const struct contract *c, const struct contract_options *o, struct vm_config *config)
{
    vm_config_default(config);
    config->features = FEATURE_MUTABLE_GLOBALS | FEATURE_SIGN_EXTENSION | FEATURE_SATURATING_TRUNCATION;
    if (c->parameters->flags.reftypes_bulk_memory) config->features |= FEATURE_REFERENCE_TYPES | FEATURE_BULK_MEMORY;
    if (!o->unmetered) config->schedule = &c->schedule;
    config->lazy = !o->eager;
    config->traced = o->traced;
    config->borrow_bytes = o->borrow_bytes;
    config->dispatcher = o->dispatcher;
    config->padded_memory_index = true; /* wasmparser is prepared for several memories */
    /* what wasmparser itself refuses */
    config->limits.data_segments = config->limits.element_segments = 100000;
    config->limits.name_bytes = MOST_NAME_BYTES;
    config->limits.br_table = 128 * 1024;
}

/* Sets c->module or c->refusal. */
static enum status load(struct contract *c, struct bytes code, const struct contract_options *o, struct error *e)
{
    const struct protocol_limits *l = &c->parameters->limits;
    struct preparation p = {
        .limits = l,
        .functions = l->max_functions_number_per_contract,
        .locals = most_locals(l, code.size),
        .tables = l->max_tables_per_contract,
        .types = l->max_types_per_contract,
        .globals = UINT64_MAX, /* no version that runs here limits them */
        .type_size = MOST_EFFECTIVE_TYPE_SIZE - EFFECTIVE_TYPE_SIZE_OF_NOTHING,
    };
    const struct range memory = {(uint32_t)l->initial_memory_pages, (uint32_t)l->max_memory_pages, true};
    const struct load_observer observer = {observe, &p};
    struct vm_config config;
    char why[64];
    configure(c, o, &config);
    config.observer = &observer;
    config.memory = &memory;
    enum status status = module_load(&config, code.data, code.size, &c->module, &c->why);
    if (status == STATUS_NO_MEMORY || status == STATUS_USAGE) {
        if (e) *e = c->why;
        return status;
    }
    if (status != STATUS_OK) {
        set_refusal(c, p.refused != PREPARE_OK ? p.refused : PREPARE_Deserialization);
        return STATUS_OK;
    }
    enum prepare_error r = check_rewriting(c->module, l);
    if (r == PREPARE_NO_MEMORY) return error_no_memory(e);
    if (r != PREPARE_OK) set_refusal(c, r);
    else if (second_parse_refuses(c->module, why, sizeof why)) set_compile_error(c, why);
    return STATUS_OK;
}

enum status contract_prepare(const struct protocol_parameters *parameters, struct bytes code,
                             const struct contract_options *options, struct contract **out, struct error *e)
{
    static const struct contract_options defaults = {0};
    *out = NULL;
    struct contract *c = calloc(1, sizeof *c);
    if (!c) return error_no_memory(e);
    c->parameters = parameters;
    c->code_size = code.size;
    prepare_schedule(parameters, &c->schedule);
    enum status status = load(c, code, options ? options : &defaults, e);
    if (status == STATUS_OK && c->module) status = contract_link(c, e);
    if (status == STATUS_OK) *out = c;
    else contract_free(c);
    return status;
}

void contract_free(struct contract *c)
{
    if (!c) return;
    module_free(c->module);
    free(c->imports);
    free(c);
}

const char *contract_refusal(const struct contract *c, const struct error **why)
{
    if (why) *why = &c->why;
    return c->refusal;
}

const struct module *contract_module(const struct contract *c)
{
    return c->module;
}
