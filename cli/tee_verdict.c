/* Verdicts, for people and as JSON. */
#include "cli/tee.h"

#include "base/rfc3339.h"

#include <inttypes.h>

enum { DAY = 86400 };

static const char *const results[] = {
    [CHECK_PASSED] = "ok", [CHECK_REFUSED] = "refused", [CHECK_ALLOWED] = "allowed", [CHECK_NOTED] = "noted",
};

const char *verdict_who(const struct tee_verdict *v, char text[static 32])
{
    snprintf(text, 32, v->simulated ? "simulator (%s)" : "%s", tee_platform_name(v->platform));
    return text;
}

/* Whole days from the checking to the first thing that expires. */
static int64_t days_left(const struct tee_verdict *v)
{
    return (v->valid_until - v->at) / DAY;
}

static bool expires(const struct tee_verdict *v)
{
    return v->refusal == TEE_OK && v->valid_until != INT64_MAX;
}

static void print_summary(FILE *out, const struct tee_verdict *v)
{
    char who[32], at[RFC3339_TEXT_SIZE], until[RFC3339_TEXT_SIZE];
    fprintf(out, "  attestation %s: %s", v->refusal == TEE_OK ? "accepted" : "refused", verdict_who(v, who));
    if (v->refusal != TEE_OK) fprintf(out, ": %s (%s)", tee_refusal_code(v->refusal), tee_refusal_text(v->refusal));
    if (v->origin) fprintf(out, "; %s", v->origin_text);
    fprintf(out, "; checked at %s", rfc3339_text(v->at, at));
    if (v->tcb_status != TCB_NONE) fprintf(out, "; TCB %s", tee_tcb_status_name(v->tcb_status));
    if (expires(v))
        fprintf(out, "; valid until %s (%" PRId64 " days left)", rfc3339_text(v->valid_until, until), days_left(v));
    fputc('\n', out);
    if (v->simulated) fputs("  the simulator's keys are public: this proves nothing\n", out);
}

static void print_check(FILE *out, const struct tee_check *c)
{
    fprintf(out, "    %-8s", results[c->result]);
    print_shown(out, bytes_of_string(c->name));
    if (c->result == CHECK_REFUSED) fprintf(out, " (%s)", tee_refusal_code(c->refusal));
    if (*c->measured) {
        fputs(": ", out);
        print_shown(out, bytes_of_string(c->measured));
    }
    /* What is equal need not be said twice. */
    if (*c->expected && strcmp(c->measured, c->expected) != 0) {
        fputs(c->result == CHECK_ALLOWED ? ", because of " : *c->measured ? ", expected " : ": expected ", out);
        print_shown(out, bytes_of_string(c->expected));
    }
    fputc('\n', out);
}

static const char *hint_of(enum tee_refusal r)
{
    static const struct {
        enum tee_refusal refusal;
        const char *hint;
    } hints[] = {
#define X(name, hint) {TEE_##name, hint},
#include "cli/tee_hints.def"
#undef X
    };
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
        if (hints[i].refusal == r) return hints[i].hint;
    return NULL;
}

void verdict_print(FILE *out, const struct tee_verdict *v)
{
    const char *hint = hint_of(v->refusal);
    print_summary(out, v);
    for (uint32_t i = 0; i < v->count; i++) print_check(out, &v->checks[i]);
    if (hint) fprintf(out, "  hint: %s\n", hint);
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static void name_text(struct json_writer *w, const char *name, const char *text)
{
    json_write_name(w, name);
    if (utf8_valid((const uint8_t *)text, strlen(text))) json_write_text(w, text);
    else json_write_null(w);
}

static void name_time(struct json_writer *w, const char *name, bool there, int64_t at)
{
    char text[RFC3339_TEXT_SIZE];
    json_write_name(w, name);
    if (there) json_write_text(w, rfc3339_text(at, text));
    else json_write_null(w);
}

static void write_check(struct json_writer *w, const struct tee_check *c)
{
    json_write_open(w, '{');
    name_text(w, "name", c->name);
    name_text(w, "result", results[c->result]);
    if (c->result == CHECK_REFUSED) name_text(w, "code", tee_refusal_code(c->refusal));
    if (*c->measured) name_text(w, "measured", c->measured);
    if (*c->expected) name_text(w, "expected", c->expected);
    json_write_close(w, '}');
}

void verdict_json(struct json_writer *w, const struct tee_verdict *v)
{
    json_write_open(w, '{');
    json_write_name(w, "accepted");
    json_write_bool(w, v->refusal == TEE_OK);
    name_text(w, "code", tee_refusal_code(v->refusal));
    name_text(w, "platform", tee_platform_name(v->platform));
    json_write_name(w, "simulated");
    json_write_bool(w, v->simulated);
    json_write_name(w, "origin");
    if (v->origin) json_write_text(w, v->origin);
    else json_write_null(w);
    name_time(w, "checked_at", true, v->at);
    json_write_name(w, "tcb_status");
    if (v->tcb_status != TCB_NONE) json_write_text(w, tee_tcb_status_name(v->tcb_status));
    else json_write_null(w);
    name_time(w, "valid_until", expires(v), v->valid_until);
    json_write_name(w, "days_left");
    if (expires(v) && v->valid_until >= v->at) json_write_u64(w, (uint64_t)days_left(v));
    else json_write_null(w);
    json_write_name(w, "checks");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < v->count; i++) write_check(w, &v->checks[i]);
    json_write_close(w, ']');
    json_write_close(w, '}');
}
