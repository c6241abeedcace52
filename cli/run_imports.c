/* Imports that a contract is not offered. */
#include "cli/run.h"
#include "cli/source.h"
#include "vm/vm.h"

enum { SHOWN = 8, NONE = 0, I32 = TYPE_I32, I64 = TYPE_I64 };

struct offered {
    const char *name;
    bool available;
    uint8_t result, type; /* of all parameters */
    uint32_t count;
};

/* What `env` has under that name at these parameters; null: nothing. */
static bool find(const struct protocol_parameters *p, struct bytes name, struct offered *out)
{
    const bool always = true;
    const struct protocol_flags *flags = &p->flags;
#define GATE_always always
#define X(import, gate, result, type, count, parameters)                                                              \
    if (bytes_equal(name, bytes_of_string(#import))) {                                                                \
        *out = (struct offered){#import, GATE_##gate, result, type, count};                                           \
        return true;                                                                                                  \
    }
#define GATE_chain_id_host_fn flags->chain_id_host_fn
#define GATE_sha3_host_fns flags->sha3_host_fns
#define GATE_p256_verify_host_fn flags->p256_verify_host_fn
#define GATE_ml_dsa_verify_host_fn flags->ml_dsa_verify_host_fn
#define GATE_universal_accounts flags->universal_accounts
#define GATE_global_contract_host_fns flags->global_contract_host_fns
#define GATE_gas_key_host_fns flags->gas_key_host_fns
#define GATE_yield_with_id_host_fns flags->yield_with_id_host_fns
#include "host/imports.def"
#undef X
    return false;
}

/* Why the import is not possible; null: it is. */
static const char *reason(const struct protocol_parameters *p, const struct import_info *i)
{
    struct offered o;
    if (!bytes_equal(i->module, bytes_of_string("env"))) return "is not from `env`: contracts import from nowhere else";
    if (i->type.kind != EXTERN_FUNC) return "is no function: contracts import nothing else";
    if (!find(p, i->name, &o)) return "is no function that contracts are offered";
    if (!o.available) return "is not offered by this protocol version";
    const struct functype *t = &i->type.func;
    bool same = t->params == o.count && t->results == (o.result != NONE);
    for (uint32_t n = 0; same && n < t->params; n++) same = t->types[n] == o.type;
    if (same && t->results) same = t->types[t->params] == o.result;
    return same ? NULL : "has another type";
}

void run_print_imports(const struct run *run, FILE *out)
{
    const struct module *m = contract_module(run->contract);
    size_t found = 0;
    for (size_t i = 0; m && i < module_import_count(m); i++) {
        struct import_info import = module_import(m, i);
        const char *why = reason(run->call.parameters, &import);
        if (!why || found++ >= SHOWN) continue;
        run_label(out, found == 1 ? "found" : "");
        print_name(out, import.module);
        fputc('.', out);
        print_name(out, import.name);
        struct buffer type = {0};
        if (import.type.kind == EXTERN_FUNC) functype_text(&type, &import.type.func);
        if (!type.failed && type.size) fwrite(type.data, 1, type.size, out);
        fprintf(out, " %s\n", why);
        buffer_free(&type);
    }
    if (found > SHOWN) {
        run_label(out, "");
        fprintf(out, "... and %zu more\n", found - SHOWN);
    }
}
