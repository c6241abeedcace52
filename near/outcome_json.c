/* Outcomes in JSON. */
#include "near/json_values.h"
#include "near/outcome.h"

/* ---- profiles ---------------------------------------------------------------------------------------------------- */

static const char *cost_name(unsigned i)
{
    if (i < EXT_COST_COUNT) return ext_cost_name((enum ext_cost)i);
    return "wasm_instruction"; /* among the host's for historical reasons */
}

static uint8_t upper_case(char c)
{
    return (uint8_t)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* The order of the names in upper case, where '_' stands behind the letters. */
static int compare_names(const char *a, const char *b)
{
    while (*a && *a == *b) a++, b++;
    return upper_case(*a) - upper_case(*b);
}

static void write_cost(struct json_writer *w, const char *category, const char *name, uint64_t gas)
{
    uint8_t upper[64];
    size_t size = 0;
    for (; name[size] && size < sizeof upper; size++)
        upper[size] = upper_case(name[size]);
    json_write_open(w, '{');
    json_write_name(w, "cost_category");
    json_write_text(w, category);
    json_write_name(w, "cost");
    json_write_string(w, bytes_of(upper, size));
    json_write_name(w, "gas_used");
    json_write_u64_text(w, gas);
    json_write_close(w, '}');
}

/* Selects the names in rising order: there are few costs in a profile, and fewer that are not zero. */
static void write_costs(struct json_writer *w, const char *category, unsigned count, const char *(*name_of)(unsigned),
                        const uint64_t *gas)
{
    const char *last = "";
    for (;;) {
        unsigned next = count;
        for (unsigned i = 0; i < count; i++) {
            const char *name = name_of(i);
            if (gas[i] == 0 || compare_names(name, last) <= 0) continue;
            if (next == count || compare_names(name, name_of(next)) < 0) next = i;
        }
        if (next == count) return;
        last = name_of(next);
        write_cost(w, category, last, gas[next]);
    }
}

static const char *action_name(unsigned i)
{
    return action_cost_name((enum action_cost)i);
}

static void write_profile(struct json_writer *w, const struct gas_profile *p)
{
    uint64_t host[EXT_COST_COUNT + 1];
    if (!p) {
        json_write_null(w);
        return;
    }
    memcpy(host, p->ext, sizeof p->ext);
    host[EXT_COST_COUNT] = p->wasm;
    json_write_open(w, '[');
    write_costs(w, "ACTION_COST", ACTION_COST_COUNT, action_name, p->action);
    write_costs(w, "WASM_HOST_COST", EXT_COST_COUNT + 1, cost_name, host);
    json_write_close(w, ']');
}

void outcome_profile_json(const struct gas_profile *p, struct buffer *out)
{
    struct json_writer w = json_writer_of(out);
    write_profile(&w, p);
}

/* ---- outcomes ---------------------------------------------------------------------------------------------------- */

static void write_failure(struct json_writer *w, const struct execution_error *error)
{
    json_write_name(w, "Failure");
    if (error) execution_error_json(error, w->out);
    else json_write_null(w);
    w->comma = true;
}

static void write_status(struct json_writer *w, const struct execution_outcome *o)
{
    if (o->status == EXECUTION_UNKNOWN) {
        json_write_text(w, "Unknown");
        return;
    }
    json_write_open(w, '{');
    if (o->status == EXECUTION_FAILURE) {
        write_failure(w, o->error);
    } else if (o->status == EXECUTION_SUCCESS_VALUE) {
        json_write_name(w, "SuccessValue");
        json_write_base64(w, o->value);
    } else {
        json_write_name(w, "SuccessReceiptId");
        json_write_hash(w, &o->receipt_id);
    }
    json_write_close(w, '}');
}

void outcome_status_json(const struct execution_outcome *o, struct buffer *out)
{
    struct json_writer w = json_writer_of(out);
    write_status(&w, o);
}

static void write_contract(struct json_writer *w, const struct outcome_contract *c)
{
    if (c->code == ACCOUNT_CODE_NONE) {
        json_write_null(w);
        return;
    }
    json_write_open(w, '{');
    if (c->code == ACCOUNT_CODE_GLOBAL_BY_ACCOUNT) {
        json_write_name(w, "global_account_id");
        json_write_account_id(w, &c->account_id);
    } else {
        json_write_name(w, c->code == ACCOUNT_CODE_LOCAL ? "local" : "global_hash");
        json_write_hash(w, &c->hash);
    }
    json_write_close(w, '}');
}

static void write_metadata(struct json_writer *w, const struct execution_outcome *o)
{
    json_write_open(w, '{');
    json_write_name(w, "version");
    json_write_u64(w, o->contracts ? 4 : o->profile ? 3 : 1);
    json_write_name(w, "gas_profile");
    write_profile(w, o->profile);
    if (o->contracts) {
        json_write_name(w, "contracts");
        json_write_open(w, '[');
        for (uint32_t i = 0; i < o->contract_count; i++) write_contract(w, &o->contracts[i]);
        json_write_close(w, ']');
    }
    json_write_close(w, '}');
}

void outcome_json(const struct execution_outcome *o, struct buffer *out)
{
    struct json_writer w = json_writer_of(out);
    json_write_open(&w, '{');
    json_write_name(&w, "logs");
    json_write_open(&w, '[');
    for (uint32_t i = 0; i < o->log_count; i++) json_write_string(&w, o->logs[i]);
    json_write_close(&w, ']');
    json_write_name(&w, "receipt_ids");
    json_write_open(&w, '[');
    for (uint32_t i = 0; i < o->receipt_id_count; i++) json_write_hash(&w, &o->receipt_ids[i]);
    json_write_close(&w, ']');
    json_write_name(&w, "gas_burnt");
    json_write_u64(&w, o->gas_burnt);
    json_write_name(&w, "tokens_burnt");
    json_write_u128(&w, o->tokens_burnt);
    json_write_name(&w, "executor_id");
    json_write_account_id(&w, &o->executor_id);
    json_write_name(&w, "status");
    write_status(&w, o);
    json_write_name(&w, "metadata");
    write_metadata(&w, o);
    json_write_close(&w, '}');
}
