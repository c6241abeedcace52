/* Parameters as JSON, in the form in which a node shows its configuration. */
#include "cli/params.h"

#include "json/json_write.h"

typedef struct json json;

/* Objects grow here while they are part of others; one that could not grow prints as nothing (`print`). */
static json *object(void)
{
    struct json_builder b = json_object_begin();
    return json_finish(&b);
}

static void add(json *o, const char *key, json *value)
{
    if (o && !json_add(o, key, value)) json_clear(o);
}

/* The object in `o` under that key, made if need be. */
static json *child(json *o, const char *key, size_t length)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)length, key);
    if (!json_find(o, name, NULL)) add(o, name, object());
    return json_get(o, name);
}

/* Puts a value at the end of a path, whose parts are divided by '.'. */
static void add_at(json *o, const char *path, json *value)
{
    for (const char *dot; (dot = strchr(path, '.')); path = dot + 1) o = child(o, path, (size_t)(dot - path));
    add(o, path, value);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static json *of_u64(uint64_t n)
{
    return json_u64(n);
}

static json *of_cost(struct cost c)
{
    json *o = object();
    add(o, "gas", of_u64(c.gas));
    add(o, "compute", of_u64(c.compute));
    return o;
}

static json *of_action_fee(const struct action_fee *f)
{
    json *o = object();
    add(o, "send_sir", of_cost(f->send_sir));
    add(o, "send_not_sir", of_cost(f->send_not_sir));
    add(o, "execution", of_cost(f->execution));
    return o;
}

static json *of_balance(struct u128 v)
{
    return json_u128(v);
}

static json *of_boolean(bool b)
{
    return json_bool(b);
}

static json *of_text(const char *s)
{
    return json_text(bytes_of_string(s));
}

static json *of_ratio(struct ratio r)
{
    struct json_builder list = json_array_begin();
    json_append(&list, of_u64(r.numerator));
    json_append(&list, of_u64(r.denominator));
    return json_finish(&list);
}

static json *of_decimal(struct ratio r)
{
    char text[32];
    double d = (double)r.numerator / (double)r.denominator;
    snprintf(text, sizeof text, "%g", d);
    if (!strpbrk(text, ".e")) strcat(text, ".0");
    return json_real(text);
}

static json *of_fee(struct gas_fee f)
{
    json *o = object();
    add(o, "send_sir", of_u64(f.send_sir));
    add(o, "send_not_sir", of_u64(f.send_not_sir));
    add(o, "execution", of_u64(f.execution));
    return o;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static void add_wasm(json *o, const struct protocol_parameters *p)
{
    add(o, "regular_op_cost", of_u64(p->regular_op_cost));
    add(o, "linear_op_base_cost", of_u64(p->linear_op_base_cost));
    add(o, "linear_op_unit_cost", of_u64(p->linear_op_unit_cost));
}

static json *vm(const struct protocol_parameters *p)
{
    json *o = object();
#define X(name) add(o, #name, of_boolean(p->flags.name));
#include "near/flags.def"
#undef X
    add(o, "grow_mem_cost", of_u64(p->flags.grow_mem_cost));
    add(o, "vm_kind", of_text(vm_kind_name(p->flags.vm_kind)));
    add(o, "storage_get_mode", of_text(storage_get_mode_name(p->flags.storage_get_mode)));
    add_wasm(o, p);
    return o;
}

static json *entry(const struct protocol_parameters *p)
{
    json *root = object(), *ext = object(), *actions = object();
    json *limits = object(), *runtime = object(), *wasm = object();
    for (enum ext_cost i = 0; i < EXT_COST_COUNT; i++) add(ext, ext_cost_name(i), of_cost(p->ext[i]));
    for (enum action_cost i = 0; i < ACTION_COST_COUNT; i++)
        add(actions, action_cost_name(i), of_action_fee(&p->action[i]));
#define X(name) if (p->limits.name != LIMIT_ABSENT) add(limits, #name, of_u64(p->limits.name));
#include "near/limits.def"
#undef X
#define X(kind, name, path) add_at(runtime, path, of_##kind(p->runtime.name));
#include "near/runtime_parameters.def"
#undef X
    add_wasm(wasm, p);
    add(root, "action_costs", actions);
    add(root, "ext_costs", ext);
    add(root, "limits", limits);
    add(root, "runtime", runtime);
    add(root, "vm", vm(p));
    add(root, "wasm", wasm);
    return root;
}

static bool print(json *root)
{
    const bool ok = json_is(root, JSON_OBJECT) && json_print_file(root, stdout);
    json_free(root);
    return ok;
}

bool params_json(struct version_parameters v)
{
    return print(entry(v.parameters));
}

/* ---- differences ------------------------------------------------------------------------------------------------ */

static void add_change(json *out, const char *path, json *old, json *new)
{
    struct json_builder change = json_object_begin();
    if (old) json_put(&change, "old", json_copy(old));
    else json_put_null(&change, "old");
    if (new) json_put(&change, "new", json_copy(new));
    else json_put_null(&change, "new");
    add_at(out, path, json_finish(&change));
}

/* What differs, as a tree of the same form whose leaves are {"old", "new"}; null where there is nothing. The depth is
 * that of the configuration. */
static void compare(json *out, json *old, json *new)
{
    for (size_t i = 0; i < json_length(old); i++) {
        const char *key = json_name_at(old, i);
        json *a = json_at(old, i), *b = json_get(new, key);
        if (json_equal(a, b)) continue;
        if (json_is(a, JSON_OBJECT) && json_is(b, JSON_OBJECT)) compare(child(out, key, strlen(key)), a, b);
        else add_change(out, key, a, b);
    }
    for (size_t i = 0; i < json_length(new); i++) {
        const char *other = json_name_at(new, i);
        if (!json_find(old, other, NULL)) add_change(out, other, NULL, json_at(new, i));
    }
}

bool params_diff_json(struct version_parameters old, struct version_parameters new)
{
    json *root = object(), *changes = object();
    json *a = entry(old.parameters), *b = entry(new.parameters);
    add(root, "old_version", of_u64(old.version));
    add(root, "new_version", of_u64(new.version));
    compare(changes, a, b);
    add(root, "changes", changes);
    json_free(a);
    json_free(b);
    return print(root);
}
