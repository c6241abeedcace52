#include "documents/case_write.h"

#include <stdio.h>

#include "json/json_write.h"

static struct json *return_data(const struct call_outcome *o)
{
    struct json_builder b = json_object_begin();
    if (o->return_kind == RETURN_VALUE) json_put(&b, "value", json_base64(o->return_value));
    else json_put(&b, "receipt", json_u64(o->return_receipt));
    return json_finish(&b);
}

static struct json *logs(const struct call_outcome *o)
{
    struct json_builder b = json_array_begin();
    for (size_t i = 0; i < o->log_count; i++) json_append(&b, json_text(o->logs[i]));
    return json_finish(&b);
}

static struct json *failure(const struct call_outcome *o)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "kind", json_text(bytes_of_string(o->error_kind)));
    json_put(&b, "message", json_text(o->error_message));
    return json_finish(&b);
}

static void put_cost(struct json_builder *b, const char *name, uint64_t gas)
{
    if (gas) json_put(b, name, json_u64(gas));
}

struct json *case_write_profile(const struct gas_profile *profile)
{
    struct json_builder b = json_object_begin();
    put_cost(&b, "wasm_instruction", profile->wasm);
    for (unsigned i = 0; i < EXT_COST_COUNT; i++) put_cost(&b, ext_cost_name((enum ext_cost)i), profile->ext[i]);
    for (unsigned i = 0; i < ACTION_COST_COUNT; i++) {
        char name[96];
        snprintf(name, sizeof name, "action:%s", action_cost_name((enum action_cost)i));
        put_cost(&b, name, profile->action[i]);
    }
    return json_finish(&b);
}

static struct json *actions(const struct mock_external *m)
{
    struct json_builder b = json_array_begin();
    for (uint32_t i = 0; i < m->log_count; i++) json_append(&b, case_write_entry(m->log[i]));
    return json_finish(&b);
}

static struct json *change(const struct state_change *c)
{
    struct json_builder b = json_array_begin();
    json_append(&b, json_base64(c->key));
    if (c->removed) json_append_null(&b);
    else json_append(&b, json_base64(c->value));
    return json_finish(&b);
}

static struct json *state_changes(const struct mock_external *m)
{
    struct arena arena = {0};
    struct state_change *changes = NULL;
    size_t count = 0;
    struct json_builder b = json_array_begin();
    if (state_map_changes(&m->state, &arena, &changes, &count, NULL) != STATUS_OK) b.failed = true;
    for (size_t i = 0; i < count; i++) json_append(&b, change(&changes[i]));
    arena_free(&arena);
    return json_finish(&b);
}

enum status case_write_expect(const struct call_outcome *o, const struct mock_external *m, struct json **out,
                              struct error *e)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "burnt_gas", json_u64(o->burnt_gas));
    json_put(&b, "used_gas", json_u64(o->used_gas));
    json_put(&b, "compute_usage", json_u64(o->compute_usage));
    json_put(&b, "balance", json_u128(o->balance));
    json_put(&b, "subsidized_amount", json_u128(o->subsidized_amount));
    json_put(&b, "storage_usage", json_u64(o->storage_usage));
    if (o->return_kind == RETURN_NONE) json_put_null(&b, "return");
    else json_put(&b, "return", return_data(o));
    json_put(&b, "logs", logs(o));
    if (o->error_kind) json_put(&b, "error", failure(o));
    else json_put_null(&b, "error");
    json_put(&b, "profile", case_write_profile(&o->profile));
    json_put(&b, "actions", actions(m));
    json_put(&b, "state_changes", state_changes(m));
    struct json *json = json_finish(&b);
    if (!json) return error_no_memory(e);
    *out = json;
    return STATUS_OK;
}
