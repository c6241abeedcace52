/* Parameters as JSON, in the form in which a node shows its configuration. */
#include "cli/params.h"

#include <json-c/json.h>

typedef struct json_object json;

static void add(json *o, const char *key, json *value)
{
    json_object_object_add(o, key, value);
}

/* The object in `o` under that key, made if need be. */
static json *child(json *o, const char *key, size_t length)
{
    char name[64];
    json *found = NULL;
    snprintf(name, sizeof name, "%.*s", (int)length, key);
    if (json_object_object_get_ex(o, name, &found)) return found;
    found = json_object_new_object();
    add(o, name, found);
    return found;
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
    return json_object_new_uint64(n);
}

static json *of_cost(struct cost c)
{
    json *o = json_object_new_object();
    add(o, "gas", of_u64(c.gas));
    add(o, "compute", of_u64(c.compute));
    return o;
}

static json *of_action_fee(const struct action_fee *f)
{
    json *o = json_object_new_object();
    add(o, "send_sir", of_cost(f->send_sir));
    add(o, "send_not_sir", of_cost(f->send_not_sir));
    add(o, "execution", of_cost(f->execution));
    return o;
}

static json *of_balance(struct u128 v)
{
    char text[U128_TEXT_SIZE];
    u128_print(v, text);
    return json_object_new_string(text);
}

static json *of_boolean(bool b)
{
    return json_object_new_boolean(b);
}

static json *of_text(const char *s)
{
    return json_object_new_string(s);
}

static json *of_ratio(struct ratio r)
{
    json *list = json_object_new_array();
    json_object_array_add(list, of_u64(r.numerator));
    json_object_array_add(list, of_u64(r.denominator));
    return list;
}

static json *of_decimal(struct ratio r)
{
    char text[32];
    double d = (double)r.numerator / (double)r.denominator;
    snprintf(text, sizeof text, "%g", d);
    if (!strpbrk(text, ".e")) strcat(text, ".0");
    return json_object_new_double_s(d, text);
}

static json *of_fee(struct gas_fee f)
{
    json *o = json_object_new_object();
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
    json *o = json_object_new_object();
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
    json *root = json_object_new_object(), *ext = json_object_new_object(), *actions = json_object_new_object();
    json *limits = json_object_new_object(), *runtime = json_object_new_object(), *wasm = json_object_new_object();
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
    int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
    const char *text = json_object_to_json_string_ext(root, flags);
    bool ok = text && printf("%s\n", text) > 0 && fflush(stdout) == 0;
    json_object_put(root);
    return ok;
}

bool params_json(struct version_parameters v)
{
    return print(entry(v.parameters));
}

/* ---- differences ------------------------------------------------------------------------------------------------ */

static void add_change(json *out, const char *path, json *old, json *new)
{
    json *change = json_object_new_object();
    add(change, "old", json_object_get(old));
    add(change, "new", json_object_get(new));
    add_at(out, path, change);
}

/* What differs, as a tree of the same form whose leaves are {"old", "new"}; null where there is nothing. The depth is
 * that of the configuration. */
static void compare(json *out, json *old, json *new)
{
    json_object_object_foreach(old, key, a)
    {
        json *b = NULL;
        json_object_object_get_ex(new, key, &b);
        if (json_object_equal(a, b)) continue;
        if (json_object_is_type(a, json_type_object) && json_object_is_type(b, json_type_object))
            compare(child(out, key, strlen(key)), a, b);
        else add_change(out, key, a, b);
    }
    json_object_object_foreach(new, other, value)
    {
        if (!json_object_object_get_ex(old, other, NULL)) add_change(out, other, NULL, value);
    }
}

bool params_diff_json(struct version_parameters old, struct version_parameters new)
{
    json *root = json_object_new_object(), *changes = json_object_new_object();
    json *a = entry(old.parameters), *b = entry(new.parameters);
    add(root, "old_version", of_u64(old.version));
    add(root, "new_version", of_u64(new.version));
    compare(changes, a, b);
    add(root, "changes", changes);
    json_object_put(a);
    json_object_put(b);
    return print(root);
}
