#include "tee/simulate.h"

#include <inttypes.h>

#include "base/base64.h"

void tee_simulated_free(struct tee_simulated *s)
{
    issue_free(&s->issue);
    *s = (struct tee_simulated){0};
}

void simulate_refuse(struct simulation *s, const char *format, const char *detail)
{
    struct issue *i = s->issue;
    if (i->status == STATUS_OK)
        i->status = error_set(&i->error, STATUS_USAGE, 0, ERROR_NO_OFFSET, "simulator: %s '%.40s'", format, detail);
}

/* ---- measurements --------------------------------------------------------------------------------------------------- */

static void put_value(struct simulation *s, const struct simulated_value *v, const struct tee_identity_value *given)
{
    if (v->size == 0 && given->number <= UINT16_MAX) {
        const uint16_t number = (uint16_t)given->number;
        memcpy(v->value, &number, sizeof number);
    } else if (v->size > 0 && given->value.size == v->size) {
        memcpy(v->value, given->value.data, v->size);
    } else {
        simulate_refuse(s, "the measurement has another size:", given->name);
    }
}

void simulate_measurements(struct simulation *s, const struct simulated_value *values, size_t count)
{
    for (uint32_t k = 0; k < s->measurement_count; k++) {
        size_t at = 0;
        while (at < count && strcmp(values[at].name, s->measurements[k].name) != 0) at++;
        if (at < count) put_value(s, &values[at], &s->measurements[k]);
        else simulate_refuse(s, "no such measurement:", s->measurements[k].name);
    }
}

static void append_value(struct buffer *b, const struct simulated_value *v)
{
    const uint8_t *bytes = v->value;
    uint16_t number;
    buffer_printf(b, ",\n      \"%s\": ", v->name);
    if (v->size == 0) {
        memcpy(&number, v->value, sizeof number);
        buffer_printf(b, "%" PRIu16, number);
        return;
    }
    buffer_append_byte(b, '"');
    for (size_t k = 0; k < v->size; k++) buffer_printf(b, "%02x", bytes[k]);
    buffer_append_byte(b, '"');
}

void simulate_policy(struct simulation *s, const struct simulated_value *values, size_t count, const uint8_t *min_tcb)
{
    struct buffer b = {0};
    const enum tee_platform platform = s->simulator->platform;
    buffer_printf(&b, "{\n  \"platform\": \"%s\",\n  \"identities\": [\n    {\n      \"label\": \"simulator\"",
                  tee_platform_name(platform));
    for (size_t k = 0; k < count; k++)
        if (values[k].identity) append_value(&b, &values[k]);
    buffer_append_string(&b, "\n    }\n  ],\n");
    if (platform == TEE_NITRO) buffer_printf(&b, "  \"max_age_s\": %" PRIu32 ",\n", UINT32_MAX);
    for (size_t k = 0; min_tcb && k < 8; k++)
        buffer_printf(&b, "%s%02x%s", k ? "" : "  \"min_tcb\": \"", min_tcb[k], k == 7 ? "\",\n" : "");
    buffer_append_string(&b, "  \"allow_simulator\": true,\n  \"roots\": [\"");
    base64_encode(s->out->root, &b);
    buffer_append_string(&b, "\"]\n}\n");
    s->out->policy = issue_take(s->issue, &b);
}

/* ---- the whole ------------------------------------------------------------------------------------------------------ */

static void run(struct simulation *s)
{
    switch (s->simulator->platform) {
    case TEE_SGX:
    case TEE_TDX: simulate_intel(s); return;
    case TEE_NITRO: simulate_nitro(s); return;
    case TEE_SNP: simulate_snp(s); return;
    case TEE_NO_PLATFORM:
    case TEE_PLATFORM_COUNT: break;
    }
    simulate_refuse(s, "no such platform:", tee_platform_name(s->simulator->platform));
}

enum status tee_simulate(const struct tee_simulator *s, int64_t at, const struct tee_request *request,
                         const struct tee_identity_value *measurements, uint32_t measurement_count,
                         struct tee_simulated *out, struct error *e)
{
    *out = (struct tee_simulated){0};
    struct simulation simulation = {.simulator = s, .at = at, .request = request, .measurements = measurements,
                                    .measurement_count = measurement_count, .issue = &out->issue, .out = out};
    if (at < ISSUE_FIRST_TIME || at > ISSUE_LAST_TIME) simulate_refuse(&simulation, "the time is out of range", "");
    else run(&simulation);
    const enum status status = out->issue.status;
    if (status == STATUS_OK) return STATUS_OK;
    if (e) *e = out->issue.error;
    tee_simulated_free(out);
    return status;
}
