/* The host module `spectest`, as the reference interpreter's README describes it. Its functions print nothing: what
 * they are called with is not part of any assertion. */
#include "spec-tests/runner.h"

static enum trap print(struct host_call *call, slot *values)
{
    (void)call;
    (void)values;
    return TRAP_NONE;
}

static struct external *add(struct spectest *t, size_t *count, const char *name, enum extern_kind kind)
{
    t->names[*count] = name;
    t->externals[*count].kind = kind;
    return &t->externals[(*count)++];
}

enum status spectest_new(struct store *s, struct spectest *out, struct error *e)
{
    static const struct {
        const char *name;
        uint8_t params, types[2];
    } functions[] = {
        {"print", 0, {0}},
        {"print_i32", 1, {TYPE_I32}},
        {"print_i64", 1, {TYPE_I64}},
        {"print_f32", 1, {TYPE_F32}},
        {"print_f64", 1, {TYPE_F64}},
        {"print_i32_f32", 2, {TYPE_I32, TYPE_F32}},
        {"print_f64_f64", 2, {TYPE_F64, TYPE_F64}},
    };
    static const struct {
        const char *name;
        uint8_t type;
        slot value;
    } globals[] = {
        {"global_i32", TYPE_I32, 666},
        {"global_i64", TYPE_I64, 666},
        {"global_f32", TYPE_F32, 0x4426a666},            /* 666.6 */
        {"global_f64", TYPE_F64, 0x4084d4cccccccccd},
    };
    size_t n = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof functions / sizeof *functions && !status; i++) {
        struct functype type = {functions[i].params, 0, functions[i].types};
        status = func_new_host(s, &type, print, NULL, &add(out, &n, functions[i].name, EXTERN_FUNC)->func, e);
    }
    for (size_t i = 0; i < sizeof globals / sizeof *globals && !status; i++)
        status = global_new(s, globals[i].type, false, globals[i].value,
                            &add(out, &n, globals[i].name, EXTERN_GLOBAL)->global, e);
    struct range table = {10, 20, true}, memory = {1, 2, true};
    if (!status) status = table_new(s, TYPE_FUNCREF, table, 0, &add(out, &n, "table", EXTERN_TABLE)->table, e);
    if (!status) status = memory_new(s, memory, &add(out, &n, "memory", EXTERN_MEMORY)->memory, e);
    return status;
}

bool spectest_export(const struct spectest *t, struct bytes name, struct external *out)
{
    for (size_t i = 0; i < SPECTEST_EXPORTS; i++) {
        if (!bytes_equal(bytes_of_string(t->names[i]), name)) continue;
        *out = t->externals[i];
        return true;
    }
    return false;
}
