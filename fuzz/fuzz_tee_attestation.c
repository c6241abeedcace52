/* Attestations. The input is tried as one, and it says what a well-formed one holds. Whatever is read is the one
 * encoding of what was read, is shown as JSON, and, as nobody has signed it, is refused by every policy. */
#include <stdlib.h>

#include "fuzz/choices.h"
#include "tee/attestation_verify.h"
#include "tee/event_log.h"
#include "tee/run_events.h"

static void check(bool ok)
{
    if (!ok) abort();
}

static void judge(const struct tee_attestation *a)
{
    static const uint8_t zeros[48];
    const struct tee_identity_value values[] = {{"mr_td", {zeros, 48}, 0}};
    const struct tee_identity identity = {"any", INT64_MAX, values, 1};
    const struct tee_policy policy = {.platform = a->platform, .identities = &identity, .identity_count = 1,
                                      .allow_simulator = true, .allow_trailing = true, .skew = 300};
    const struct tee_trust trust = {.policy = &policy, .at = 1800000000};
    struct tee_subject about = {.has_statement = a->is_signed};
    struct tee_verdict v = {0};
    struct error e = {0};
    memcpy(about.statement, a->signed_statement, sizeof about.statement);
    check(tee_attestation_verify(a, &trust, &about, &v, &e) == STATUS_INVALID);
    check(v.refusal != TEE_OK && v.count > 0 && e.message[0]);
    tee_verdict_free(&v);
}

static void show(const struct tee_attestation *a)
{
    struct buffer json = {0};
    struct tee_event_reader r = tee_event_reader_of(a->event_log);
    struct tee_event event;
    struct tee_engine engine;
    tee_attestation_json(a, &json);
    check(!json.failed && utf8_valid(json.data, json.size));
    buffer_free(&json);
    while (tee_event_next(&r, &event)) (void)tee_engine_read(event.payload, &engine, NULL);
    (void)tee_event_finish(&r, NULL);
}

static void try_attestation(struct bytes input)
{
    struct tee_attestation a;
    struct buffer again = {0};
    struct error e = {0};
    const enum status status = tee_attestation_decode(input, &a, &e);
    if (status != STATUS_OK) {
        check(status == STATUS_MALFORMED && e.code > 0 && e.code < TEE_REFUSAL_COUNT && e.offset <= input.size);
        check(a.evidence.size == 0 && a.register_count == 0);
        return;
    }
    tee_attestation_encode(&a, &again);
    check(!again.failed && bytes_equal(input, bytes_of(again.data, again.size)));
    buffer_free(&again);
    show(&a);
    judge(&a);
}

/* One that can be read, with contents that the input decides on. */
static void make(const uint8_t *data, size_t size, struct choices *c, struct buffer *out)
{
    uint8_t registers[TEE_REGISTERS * TEE_REGISTER_SIZE] = {0};
    struct tee_snapshot s;
    struct tee_attestation a = {
        .platform = (enum tee_platform)(1 + choose(c, TEE_PLATFORM_COUNT - 1)),
        .simulated = chance(c, 50),
        .provider = bytes_of_string("tdx"),
        .kind = (enum tee_statement_kind)(1 + choose(c, 4)),
        .evidence = bytes_of(data, size),
        .register_count = 1 + choose(c, TEE_REGISTERS),
        .event_log = chance(c, 50) ? bytes_of(data, size) : bytes_of("\0\0\0\0", 4),
        .nonce = bytes_of(data, size < 32 ? size : 32),
        .public_key = bytes_of(data, size < 32 ? size : 32),
    };
    if (a.kind == STATEMENT_KEY) {
        a.purpose = bytes_of_string("run");
        a.created = choose(c, 1 << 20);
        a.is_signed = chance(c, 50);
        tee_key_statement(a.purpose, a.created, a.statement);
    }
    if (a.kind == STATEMENT_RUN) a.origin = chance(c, 50) ? ORIGIN_EXECUTED : ORIGIN_RESUMED_FILE;
    if (a.is_signed) a.signed_origin = chance(c, 50) ? ORIGIN_VERIFIED : ORIGIN_NONE;
    if (a.kind == STATEMENT_CHALLENGE) tee_challenge_statement(a.nonce, a.statement);
    if (tee_event_log_replay(a.event_log, a.register_count, &s, NULL) == STATUS_OK)
        memcpy(registers, s.value, sizeof registers);
    a.registers = bytes_of(registers, (size_t)a.register_count * TEE_REGISTER_SIZE);
    tee_attestation_encode(&a, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct choices c = choices_of(data, size);
    struct buffer made = {0};
    if (size > TEE_EVIDENCE_MAX) return 0;
    try_attestation(bytes_of(data, size));
    make(data, size, &c, &made);
    if (!made.failed) {
        try_attestation(bytes_of(made.data, made.size));
        made.data[choose(&c, (uint32_t)made.size)] ^= (uint8_t)(1 << choose(&c, 8));
        try_attestation(bytes_of(made.data, made.size));
    }
    buffer_free(&made);
    return 0;
}
