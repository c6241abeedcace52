#include "documents/case_read.h"

#include "near/json_values.h"
#include "near/public_key.h"

/* ---- context ---------------------------------------------------------------------------------------------------- */

/* Readers of one value each, of a common form. */
static enum status read_account_id(const struct json_place *p, struct arena *a, struct account_id *out, struct error *e)
{
    (void)a;
    return json_read_account_id(p, out, e);
}

static enum status read_base64(const struct json_place *p, struct arena *a, struct bytes *out, struct error *e)
{
    return json_read_base64(p, a, out, e);
}

static enum status read_u64(const struct json_place *p, struct arena *a, uint64_t *out, struct error *e)
{
    (void)a;
    return json_read_u64(p, UINT64_MAX, out, e);
}

static enum status read_u128(const struct json_place *p, struct arena *a, struct u128 *out, struct error *e)
{
    (void)a;
    return json_read_u128(p, out, e);
}

/* "ed25519:..." as people write keys; its Borsh bytes. */
static enum status read_key_text(const struct json_place *p, struct bytes text, struct arena *a, struct bytes *out,
                                 struct error *e)
{
    struct public_key key;
    struct error why = {0};
    struct buffer borsh = {0};
    if (public_key_parse(text, &key, &why) != STATUS_OK) return json_refuse(p, e, "%s", why.message);
    public_key_write(&key, &borsh);
    uint8_t *copy = borsh.failed ? NULL : arena_alloc(a, borsh.size);
    if (copy) {
        memcpy(copy, borsh.data, borsh.size);
        *out = bytes_of(copy, borsh.size);
    }
    buffer_free(&borsh);
    return copy ? STATUS_OK : error_no_memory(e);
}

/* Base64 has no colon. Bytes that are no key are let through: contracts see them as they are. */
static enum status read_public_key(const struct json_place *p, struct arena *a, struct bytes *out, struct error *e)
{
    struct bytes text = {0};
    enum status status = json_read_text(p, &text, e);
    if (status != STATUS_OK) return status;
    if (text.size && memchr(text.data, ':', text.size)) return read_key_text(p, text, a, out, e);
    return json_read_base64(p, a, out, e);
}

static const char *const context_names[] = {
#define X(kind, name, field) name,
#include "documents/case_context.def"
#undef X
    "view_max_gas", "output_data_receivers",
};

static enum status read_receivers(const struct json_place *context, struct arena *a, struct call_context *out,
                                  struct error *e)
{
    struct json_place list;
    size_t count = 0;
    if (!json_member(context, "output_data_receivers", &list)) return STATUS_OK;
    enum status status = json_check_array(&list, &count, e);
    if (status != STATUS_OK) return status;
    struct account_id *receivers = arena_array(a, count, sizeof *receivers);
    if (!receivers) return error_no_memory(e);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct json_place place = json_element(&list, i);
        status = json_read_account_id(&place, &receivers[i], e);
    }
    out->output_data_receivers = receivers;
    out->output_data_receiver_count = count;
    return status;
}

static enum status read_context(const struct json_place *root, struct arena *a, struct call_context *out,
                                struct error *e)
{
    struct json_place context, value;
    call_context_default(out);
    if (!json_member(root, "context", &context)) return STATUS_OK;
    enum status status = json_check_object(&context, context_names, sizeof context_names / sizeof *context_names, e);
#define X(kind, name, field)                                                                                          \
    if (status == STATUS_OK && json_member(&context, name, &value)) status = read_##kind(&value, a, &out->field, e);
#include "documents/case_context.def"
#undef X
    if (status == STATUS_OK && json_member(&context, "view_max_gas", &value)) {
        out->is_view = true;
        status = read_u64(&value, a, &out->view_max_gas, e);
    }
    return status == STATUS_OK ? read_receivers(&context, a, out, e) : status;
}

/* ---- promise results, state, validators ------------------------------------------------------------------------- */

static enum status read_promise_result(const struct json_place *p, struct arena *a, struct promise_result *out,
                                       struct error *e)
{
    static const char *const names[] = {"ok"};
    static const char expected[] = "\"failed\", \"not_ready\" or {\"ok\": base64}";
    struct json_place value;
    if (json_is(p->json, JSON_STRING)) {
        const char *text = json_chars(p->json);
        if (strcmp(text, "failed") == 0) out->kind = PROMISE_FAILED;
        else if (strcmp(text, "not_ready") == 0) out->kind = PROMISE_NOT_READY;
        else return json_expected(p, expected, e);
        return STATUS_OK;
    }
    if (!json_is(p->json, JSON_OBJECT)) return json_expected(p, expected, e);
    enum status status = json_check_object(p, names, 1, e);
    if (status == STATUS_OK) status = json_required(p, "ok", &value, e);
    if (status == STATUS_OK) status = json_read_base64(&value, a, &out->data, e);
    out->kind = PROMISE_SUCCESSFUL;
    return status;
}

static enum status read_promise_results(const struct json_place *root, struct arena *a, struct call_context *out,
                                        struct error *e)
{
    struct json_place list;
    size_t count = 0;
    if (!json_member(root, "promise_results", &list)) return STATUS_OK;
    enum status status = json_check_array(&list, &count, e);
    if (status != STATUS_OK) return status;
    struct promise_result *results = arena_array(a, count, sizeof *results);
    if (!results) return error_no_memory(e);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct json_place place = json_element(&list, i);
        status = read_promise_result(&place, a, &results[i], e);
    }
    out->promise_results = results;
    out->promise_result_count = count;
    return status;
}

static enum status read_pair(const struct json_place *p, struct arena *a, struct state_entry *out, struct error *e)
{
    size_t length = 0;
    if (json_check_array(p, &length, e) != STATUS_OK || length != 2)
        return json_expected(p, "an array of a key and a value", e);
    const struct json_place key = json_element(p, 0), value = json_element(p, 1);
    enum status status = json_read_base64(&key, a, &out->key, e);
    return status == STATUS_OK ? json_read_base64(&value, a, &out->value, e) : status;
}

static enum status read_state(const struct json_place *root, struct call_case *c, struct error *e)
{
    struct json_place list;
    size_t count = 0;
    if (!json_member(root, "state", &list)) return STATUS_OK;
    enum status status = json_check_array(&list, &count, e);
    if (status != STATUS_OK) return status;
    struct state_entry *state = arena_array(&c->arena, count, sizeof *state);
    if (!state) return error_no_memory(e);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct json_place place = json_element(&list, i);
        status = read_pair(&place, &c->arena, &state[i], e);
    }
    c->state = state;
    c->state_count = count;
    return status;
}

static enum status read_validators(const struct json_place *root, struct call_case *c, struct error *e)
{
    struct json_place object, stake;
    size_t position = 0;
    if (!json_member(root, "validators", &object)) return STATUS_OK;
    if (!json_is(object.json, JSON_OBJECT)) return json_expected(&object, "an object", e);
    const size_t count = (size_t)json_length(object.json);
    struct validator *validators = arena_array(&c->arena, count, sizeof *validators);
    if (!validators) return error_no_memory(e);
    for (struct validator *v = validators; json_next(&object, &position, &stake); v++) {
        struct error why = {0};
        if (!account_id_parse(bytes_of_string(stake.name), &v->account, &why))
            return json_refuse(&stake, e, "not an account id: %s", why.message);
        enum status status = json_read_u128(&stake, &v->stake, e);
        if (status != STATUS_OK) return status;
    }
    c->validators = validators;
    c->validator_count = count;
    return STATUS_OK;
}

/* ---- the case --------------------------------------------------------------------------------------------------- */

static enum status read_version(const struct json_place *root, struct call_case *c, struct error *e)
{
    struct json_place value;
    uint64_t version = PROTOCOL_VERSION_CURRENT;
    if (json_member(root, "protocol_version", &value)) {
        enum status status = json_read_u64(&value, UINT32_MAX, &version, e);
        if (status != STATUS_OK) return status;
    }
    c->protocol_version = (uint32_t)version;
    c->parameters = parameters_of(c->protocol_version);
    if (c->parameters) return STATUS_OK;
    return json_refuse(&value, e, "protocol version %u is too old: the first one known is %d", c->protocol_version,
                       PROTOCOL_VERSION_FIRST);
}

static enum status read_limits(const struct json_place *root, struct call_case *c, struct error *e)
{
    static const char *const names[] = {"max_gas_burnt"};
    struct json_place limits, value;
    c->max_gas_burnt = UINT64_MAX;
    if (!json_member(root, "limits", &limits)) return STATUS_OK;
    enum status status = json_check_object(&limits, names, 1, e);
    if (status == STATUS_OK && json_member(&limits, "max_gas_burnt", &value))
        status = json_read_u64(&value, UINT64_MAX - 1, &c->max_gas_burnt, e);
    return status;
}

static enum status read_texts(const struct json_place *root, struct call_case *c, struct error *e)
{
    struct json_place value;
    enum status status = STATUS_OK;
    c->method = bytes_of_string("main");
    if (json_member(root, "name", &value)) status = json_read_text(&value, &c->name, e);
    c->has_method = json_member(root, "method", &value);
    if (status == STATUS_OK && c->has_method) status = json_read_text(&value, &c->method, e);
    c->has_code = json_member(root, "wasm", &value);
    if (status == STATUS_OK && c->has_code) status = json_read_base64(&value, &c->arena, &c->code, e);
    if (json_member(root, "expect", &value)) c->expect = value.json;
    return status;
}

static enum status read_case(const struct json_place *root, struct call_case *c, struct error *e)
{
    static const char *const names[] = {"name", "protocol_version", "method", "wasm", "context", "limits", "state",
                                        "promise_results", "validators", "expect"};
    enum status status = json_check_object(root, names, sizeof names / sizeof *names, e);
    if (status == STATUS_OK) status = read_version(root, c, e);
    if (status == STATUS_OK) status = read_limits(root, c, e);
    if (status == STATUS_OK) status = read_texts(root, c, e);
    if (status == STATUS_OK) status = read_context(root, &c->arena, &c->context, e);
    if (status == STATUS_OK) status = read_promise_results(root, &c->arena, &c->context, e);
    if (status == STATUS_OK) status = read_state(root, c, e);
    if (status == STATUS_OK) status = read_validators(root, c, e);
    return status;
}

enum status call_case_read(struct json *document, struct call_case *out, struct error *e)
{
    const struct json_place root = json_root(document);
    *out = (struct call_case){0};
    enum status status = read_case(&root, out, e);
    if (status != STATUS_OK) call_case_free(out);
    return status;
}

enum status call_case_parse(struct bytes text, struct call_case *out, struct error *e)
{
    struct json *document = NULL;
    enum status status = json_read_document(text, &document, e);
    if (status != STATUS_OK) return status;
    status = call_case_read(document, out, e);
    if (status == STATUS_OK) out->document = document;
    else json_free(document);
    return status;
}

void call_case_free(struct call_case *c)
{
    arena_free(&c->arena);
    json_free(c->document);
    *c = (struct call_case){0};
}

enum status call_case_fill(const struct call_case *c, struct mock_external *m, struct error *e)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < c->state_count && status == STATUS_OK; i++)
        status = state_map_put(&m->state, c->state[i].key, c->state[i].value, e);
    for (size_t i = 0; i < c->validator_count && status == STATUS_OK; i++)
        status = mock_external_set_validator(m, &c->validators[i].account, c->validators[i].stake, e);
    return status;
}
