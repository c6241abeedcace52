/* The import table of `env`. */
#include "host/context.h"

/* ---- gates ------------------------------------------------------------------------------------------------------ */

static bool available_always(const struct protocol_parameters *p)
{
    (void)p;
    return true;
}

#define GATE(flag)                                                                                                    \
    static bool available_##flag(const struct protocol_parameters *p)                                                 \
    {                                                                                                                 \
        return p->flags.flag;                                                                                         \
    }
GATE(chain_id_host_fn)
GATE(gas_key_host_fns)
GATE(global_contract_host_fns)
GATE(ml_dsa_verify_host_fn)
GATE(p256_verify_host_fn)
GATE(sha3_host_fns)
GATE(universal_accounts)
GATE(yield_with_id_host_fns)
#undef GATE

/* ---- the table -------------------------------------------------------------------------------------------------- */

#define NONE 0
#define I32 TYPE_I32
#define I64 TYPE_I64

/* `count` parameters of one type: TIMES_0(t), TIMES_1(t), ... */
#define TIMES_0(t) 0
#define TIMES_1(t) t
#define TIMES_2(t) TIMES_1(t), t
#define TIMES_3(t) TIMES_2(t), t
#define TIMES_4(t) TIMES_3(t), t
#define TIMES_5(t) TIMES_4(t), t
#define TIMES_6(t) TIMES_5(t), t
#define TIMES_7(t) TIMES_6(t), t
#define TIMES_8(t) TIMES_7(t), t
#define TIMES_9(t) TIMES_8(t), t

static const struct import_definition imports[] = {
#define X(name, gate, result, type, count, parameters)                                                                \
    {#name, count, {TIMES_##count(type)}, result, import_##name, available_##gate},
#include "host/imports.def"
#undef X
};

size_t import_count(void)
{
    return sizeof imports / sizeof *imports;
}

const struct import_definition *import_at(size_t i)
{
    return i < import_count() ? &imports[i] : NULL;
}

const struct import_definition *import_find(const struct protocol_parameters *p, struct bytes name)
{
    for (size_t i = 0; i < import_count(); i++) {
        const struct import_definition *d = &imports[i];
        if (bytes_equal(bytes_of_string(d->name), name)) return d->available(p) ? d : NULL;
    }
    return NULL;
}
