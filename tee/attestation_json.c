/* Attestations as JSON. */
#include "base/hex.h"
#include "near/json_values.h"
#include "tee/attestation.h"
#include "tee/event_log.h"
#include "tee/run_events.h"

static void write_hex(struct json_writer *w, const char *name, struct bytes b)
{
    struct buffer text = {0};
    hex_encode(b, &text);
    if (text.failed) w->out->failed = true;
    json_write_name(w, name);
    json_write_string(w, bytes_of(text.data, text.size));
    buffer_free(&text);
}

static bool readable(struct bytes log)
{
    struct tee_event_reader r = tee_event_reader_of(log);
    struct tee_event event;
    while (tee_event_next(&r, &event)) continue;
    return tee_event_finish(&r, NULL) == STATUS_OK;
}

static void write_event(struct json_writer *w, const struct tee_event *event)
{
    struct tee_engine engine;
    json_write_open(w, '{');
    json_name_u64(w, "register", event->index);
    json_name_u64(w, "type", event->type);
    write_hex(w, "digest", bytes_of(event->digest, TEE_REGISTER_SIZE));
    write_hex(w, "payload", event->payload);
    if (event->type == EVENT_ENGINE && tee_engine_read(event->payload, &engine, NULL) == STATUS_OK) {
        json_name_string(w, "engine", engine.version);
        write_hex(w, "program", bytes_of(engine.program, sizeof engine.program));
        json_name_u64(w, "protocol_version", engine.protocol_version);
    }
    json_write_close(w, '}');
}

static void write_log(struct json_writer *w, struct bytes log)
{
    struct tee_event_reader r = tee_event_reader_of(log);
    struct tee_event event;
    if (!readable(log)) {
        json_name_base64(w, "event_log", log);
        return;
    }
    json_write_name(w, "event_log");
    json_write_open(w, '[');
    while (tee_event_next(&r, &event)) write_event(w, &event);
    json_write_close(w, ']');
}

static void write_key(struct json_writer *w, const struct tee_attestation *a)
{
    json_name_string(w, "purpose", a->purpose);
    json_name_u64(w, "created", a->created);
    if (!a->is_signed) return;
    json_write_name(w, "signed");
    json_write_open(w, '{');
    json_write_name(w, "origin");
    json_write_text(w, tee_origin_name(a->signed_origin));
    write_hex(w, "statement", bytes_of(a->signed_statement, sizeof a->signed_statement));
    json_name_u64(w, "time", a->signed_at);
    write_hex(w, "signature", bytes_of(a->signature, sizeof a->signature));
    json_write_close(w, '}');
}

void tee_attestation_json(const struct tee_attestation *a, struct buffer *out)
{
    struct json_writer writer = json_writer_of(out), *w = &writer;
    json_write_open(w, '{');
    json_name_u64(w, "version", a->version);
    json_write_name(w, "platform");
    json_write_text(w, tee_platform_name(a->platform));
    json_write_name(w, "simulated");
    json_write_bool(w, a->simulated);
    json_name_string(w, "provider", a->provider);
    json_write_name(w, "kind");
    json_write_text(w, tee_statement_kind_name(a->kind));
    json_write_name(w, "origin");
    if (a->origin == ORIGIN_NONE) json_write_null(w);
    else json_write_text(w, tee_origin_name(a->origin));
    write_hex(w, "statement", bytes_of(a->statement, sizeof a->statement));
    if (a->kind == STATEMENT_KEY) write_key(w, a);
    write_hex(w, "nonce", a->nonce);
    write_hex(w, "public_key", a->public_key);
    json_write_name(w, "registers");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < a->register_count; i++) {
        struct buffer text = {0};
        hex_encode(bytes_of(a->registers.data + i * TEE_REGISTER_SIZE, TEE_REGISTER_SIZE), &text);
        if (text.failed) w->out->failed = true;
        json_write_string(w, bytes_of(text.data, text.size));
        buffer_free(&text);
    }
    json_write_close(w, ']');
    write_log(w, a->event_log);
    json_name_base64(w, "evidence", a->evidence);
    json_name_base64(w, "auxiliary", a->auxiliary);
    json_write_close(w, '}');
}
