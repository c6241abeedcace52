/* nvm tee show: what evidence says, without judging it. */
#include "cli/tee.h"

#include "base/hex.h"
#include "base/rfc3339.h"
#include "tee/event_log.h"
#include "tee/nitro_document.h"
#include "tee/quote.h"
#include "tee/run_events.h"
#include "tee/snp_report.h"

#include <inttypes.h>

static const struct usage usage = {
    .command = "tee show",
    .operands = "FILE",
    .text = "Prints what evidence says: an attestation that nvm has made, the one in an execution proof, or a raw\n"
            "quote, document or report. No signature is checked, so nothing of it need be true. The measurements are printed\n"
            "in the form that policies have (docs/tee-policy.md).\n",
    .examples = "  nvm tee show out.proof\n"
                "  nvm tee show quote.bin --json\n"
                "  nvm tee show out.att --evidence quote.bin --policy-out policy.json\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "the file is no evidence",
};

/* ---- values: a name, and bytes, a number or a text --------------------------------------------------------------- */

enum { VALUES_MAX = 64 };

struct value {
    const char *name;
    bool identity;     /* belongs into a policy */
    bool is_number;
    struct bytes bytes;
    uint64_t number;
};

struct values {
    struct value list[VALUES_MAX];
    size_t count;
};

static void add(struct values *v, const char *name, bool identity, const void *data, size_t size)
{
    if (data && v->count < VALUES_MAX)
        v->list[v->count++] = (struct value){.name = name, .identity = identity, .bytes = bytes_of(data, size)};
}

static void add_number(struct values *v, const char *name, bool identity, uint64_t number)
{
    if (v->count < VALUES_MAX)
        v->list[v->count++] = (struct value){.name = name, .identity = identity, .is_number = true, .number = number};
}

static enum status read_quote(struct bytes evidence, struct values *v, struct error *e)
{
    static const char *const rtmr[] = {"rtmr0", "rtmr1", "rtmr2", "rtmr3"};
    struct quote q;
    const enum status status = quote_read(evidence, true, &q, e);
    if (status != STATUS_OK) return status;
    add_number(v, "version", false, q.version);
    if (q.platform == TEE_SGX) {
        add(v, "mrenclave", true, q.enclave.mrenclave, 32);
        add(v, "mrsigner", true, q.enclave.mrsigner, 32);
        add_number(v, "isv_prod_id", true, q.enclave.isv_prod_id);
        add_number(v, "isv_svn_min", true, q.enclave.isv_svn);
        add(v, "attributes", false, q.enclave.attributes, 16);
    } else {
        add(v, "mr_td", true, q.td.mr_td, 48);
        for (int i = 0; i < 4; i++) add(v, rtmr[i], true, q.td.rtmr[i], 48);
        add(v, "mr_config_id", true, q.td.mr_config_id, 48);
        add(v, "mr_owner", true, q.td.mr_owner, 48);
        add(v, "mr_owner_config", true, q.td.mr_owner_config, 48);
        add(v, "tee_tcb_svn", false, q.td.tee_tcb_svn, 16);
        add_number(v, "td_attributes", false, q.td.td_attributes);
    }
    add(v, "report_data", false, quote_report_data(&q), 64);
    return STATUS_OK;
}

static enum status read_document(struct bytes evidence, struct values *v, struct error *e)
{
    struct nitro_document d;
    const enum status status = nitro_document_read(evidence, &d, e);
    if (status != STATUS_OK) return status;
    add_number(v, "timestamp_ms", false, d.timestamp_ms);
    for (unsigned i = 0; i < NITRO_PCRS; i++)
        if (d.pcr_mask >> i & 1) add(v, nitro_pcr_name(i), true, d.pcr[i].data, d.pcr[i].size);
    if (d.has_user_data) add(v, "user_data", false, d.user_data.data, d.user_data.size);
    if (d.has_nonce) add(v, "nonce", false, d.nonce.data, d.nonce.size);
    if (d.has_public_key) add(v, "public_key", false, d.public_key.data, d.public_key.size);
    return STATUS_OK;
}

static enum status read_report(struct bytes evidence, struct values *v, struct error *e)
{
    struct snp_report r;
    const enum status status = snp_report_read(evidence, &r, e);
    if (status != STATUS_OK) return status;
    add_number(v, "version", false, r.version);
    add(v, "measurement", true, r.measurement, 48);
    add(v, "host_data", true, r.host_data, 32);
    add(v, "id_key_digest", true, r.id_key_digest, 48);
    if (r.has_author_key) add(v, "author_key_digest", true, r.author_key_digest, 48);
    add_number(v, "vmpl", false, r.vmpl);
    add_number(v, "policy", false, r.policy);
    add(v, "reported_tcb", false, r.reported_tcb, 8);
    add(v, "chip_id", false, r.chip_id, SNP_CHIP_ID_SIZE);
    add(v, "report_data", false, r.report_data, 64);
    return STATUS_OK;
}

static enum status read_values(struct bytes evidence, enum tee_platform *platform, struct values *v, struct error *e)
{
    *platform = tee_evidence_platform(evidence);
    switch (*platform) {
    case TEE_NITRO: return read_document(evidence, v, e);
    case TEE_SGX:
    case TEE_TDX: return read_quote(evidence, v, e);
    case TEE_SNP: return read_report(evidence, v, e);
    case TEE_NO_PLATFORM:
    case TEE_PLATFORM_COUNT: break;
    }
    return tee_refuse(e, TEE_EVIDENCE, "neither an attestation of nvm nor a quote, document or report");
}

/* ---- for people -------------------------------------------------------------------------------------------------- */

static void print_label(const char *name)
{
    printf("%-18s ", name);
}

static void print_hex(const char *name, struct bytes b)
{
    print_label(name);
    for (size_t i = 0; i < b.size; i++) printf("%02x", b.data[i]);
    puts(b.size ? "" : "none");
}

/* Words of ours. */
static void print_words(const char *name, const char *words)
{
    print_label(name);
    puts(words);
}

/* What the evidence's maker has chosen. */
static void print_text(const char *name, struct bytes text)
{
    print_label(name);
    print_name(stdout, text);
    putchar('\n');
}

static void print_time(const char *name, uint64_t at)
{
    char text[RFC3339_TEXT_SIZE];
    print_label(name);
    puts(rfc3339_text(at > INT64_MAX ? INT64_MAX : (int64_t)at, text));
}

static void print_event(const struct tee_event *event)
{
    struct tee_engine engine;
    char name[32];
    snprintf(name, sizeof name, "event, register %u", event->index);
    print_label(name);
    printf("type %" PRIu32 ": ", event->type);
    if (event->type == EVENT_ENGINE && tee_engine_read(event->payload, &engine, NULL) == STATUS_OK) {
        fputs("nvm ", stdout);
        print_name(stdout, engine.version);
        printf(", protocol version %" PRIu32 "\n", engine.protocol_version);
        return;
    }
    for (size_t i = 0; i < event->payload.size && i < 160; i++) printf("%02x", event->payload.data[i]);
    puts(event->payload.size > 160 ? "…" : "");
}

static void print_attestation(const struct tee_attestation *a)
{
    struct tee_event_reader r = tee_event_reader_of(a->event_log);
    struct tee_event event;
    char name[32];
    print_words("platform", tee_platform_name(a->platform));
    print_text("provider", a->provider);
    if (a->simulated) print_words("simulated", "yes: it proves nothing");
    print_words("about", tee_statement_kind_name(a->kind));
    if (a->origin != ORIGIN_NONE) print_words("origin", tee_origin_text(a->origin));
    print_hex("statement", bytes_of(a->statement, sizeof a->statement));
    print_hex("nonce", a->nonce);
    print_hex("public key", a->public_key);
    if (a->kind == STATEMENT_KEY) {
        print_text("purpose", a->purpose);
        print_time("created", a->created);
    }
    if (a->is_signed) {
        print_words("signed as", tee_origin_text(a->signed_origin));
        print_hex("signed statement", bytes_of(a->signed_statement, sizeof a->signed_statement));
        print_time("signed", a->signed_at);
    }
    for (uint32_t i = 0; i < a->register_count; i++) {
        snprintf(name, sizeof name, "register %" PRIu32, i);
        print_hex(name, bytes_of(a->registers.data + (size_t)i * TEE_REGISTER_SIZE, TEE_REGISTER_SIZE));
    }
    while (tee_event_next(&r, &event)) print_event(&event);
    if (tee_event_finish(&r, NULL) != STATUS_OK) print_words("event log", "cannot be read");
    print_label("evidence");
    printf("%zu bytes, %zu bytes of auxiliary data\n", a->evidence.size, a->auxiliary.size);
}

static void print_identity(enum tee_platform platform, const struct values *v)
{
    bool first = true;
    printf("identity           {");
    for (size_t i = 0; i < v->count; i++) {
        const struct value *x = &v->list[i];
        if (!x->identity) continue;
        printf("%s\"%s\":", first ? "" : ",", x->name);
        first = false;
        if (x->is_number) {
            printf("%" PRIu64, x->number);
            continue;
        }
        putchar('"');
        for (size_t k = 0; k < x->bytes.size; k++) printf("%02x", x->bytes.data[k]);
        putchar('"');
    }
    printf("} (of %s)\n", tee_platform_name(platform));
}

static void print_values(enum tee_platform platform, const struct values *v)
{
    print_words("evidence of", tee_platform_name(platform));
    for (size_t i = 0; i < v->count; i++) {
        if (!v->list[i].is_number) {
            print_hex(v->list[i].name, v->list[i].bytes);
            continue;
        }
        print_label(v->list[i].name);
        printf("%" PRIu64 "\n", v->list[i].number);
    }
    print_identity(platform, v);
}

/* ---- for machines ------------------------------------------------------------------------------------------------ */

static void write_hex(struct json_writer *w, struct bytes b)
{
    struct buffer text = {0};
    hex_encode(b, &text);
    if (text.failed) w->out->failed = true;
    json_write_string(w, bytes_of(text.data, text.size));
    buffer_free(&text);
}

static void write_some(struct json_writer *w, const char *name, const struct values *v, bool identity)
{
    json_write_name(w, name);
    json_write_open(w, '{');
    for (size_t i = 0; i < v->count; i++) {
        const struct value *x = &v->list[i];
        if (x->identity != identity) continue;
        json_write_name(w, x->name);
        if (x->is_number) json_write_u64(w, x->number);
        else write_hex(w, x->bytes);
    }
    json_write_close(w, '}');
}

static int show_json(const struct evidence_file *f, enum tee_platform platform, const struct values *v)
{
    struct buffer out = {0};
    struct json_writer writer = json_writer_of(&out), *w = &writer;
    json_write_open(w, '{');
    if (!f->raw) {
        json_write_name(w, "attestation");
        tee_attestation_json(&f->attestation, &out);
        w->comma = true;
    }
    json_write_name(w, "platform");
    json_write_text(w, tee_platform_name(platform));
    write_some(w, "identity", v, true);
    write_some(w, "values", v, false);
    json_write_close(w, '}');
    buffer_append_byte(&out, '\n');
    const bool failed = out.failed;
    if (!failed) put_json(bytes_of(out.data, out.size));
    buffer_free(&out);
    if (failed) say_error("out of memory");
    return failed ? EXIT_INPUT : EXIT_OK;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

/* What a policy has to name beside measurements, where it is not the default. */
static void write_demands(struct json_writer *w, const struct tee_attestation *a)
{
    const enum tee_origin origin = a->is_signed ? a->signed_origin : a->origin;
    if (a->kind == STATEMENT_KEY && !bytes_equal(a->purpose, bytes_of_string(TEE_PURPOSE_SIGN))) {
        json_write_name(w, "purpose");
        json_write_string(w, a->purpose);
    }
    if (origin != ORIGIN_NONE && origin != ORIGIN_EXECUTED) {
        json_write_name(w, "accept_origin");
        json_write_open(w, '[');
        json_write_text(w, tee_origin_name(origin));
        json_write_close(w, ']');
    }
    if (!a->simulated) return;
    json_write_name(w, "allow_simulator");
    json_write_bool(w, true);
}

/* SNP: what the report says is what is demanded. */
static void write_min_tcb(struct json_writer *w, const struct values *v)
{
    for (size_t i = 0; i < v->count; i++) {
        if (strcmp(v->list[i].name, "reported_tcb") != 0) continue;
        json_write_name(w, "min_tcb");
        write_hex(w, v->list[i].bytes);
    }
}

/* A policy that accepts what was measured, and nothing else. `a`: null for raw evidence. */
static void write_policy(struct json_writer *w, enum tee_platform platform, const struct tee_attestation *a,
                         const struct values *v)
{
    json_write_open(w, '{');
    json_write_name(w, "platform");
    json_write_text(w, tee_platform_name(platform));
    json_write_name(w, "identities");
    json_write_open(w, '[');
    json_write_open(w, '{');
    for (size_t i = 0; i < v->count; i++) {
        if (!v->list[i].identity) continue;
        json_write_name(w, v->list[i].name);
        if (v->list[i].is_number) json_write_u64(w, v->list[i].number);
        else write_hex(w, v->list[i].bytes);
    }
    json_write_close(w, '}');
    json_write_close(w, ']');
    write_min_tcb(w, v);
    if (a) write_demands(w, a);
    json_write_close(w, '}');
    buffer_append_byte(w->out, '\n');
}

static int save_policy(const char *path, enum tee_platform platform, const struct tee_attestation *a,
                       const struct values *v)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct buffer out = {0};
    struct json_writer w = json_writer_of(&out);
    int code = -1;
    write_policy(&w, platform, a, v);
    if (out.failed) error_no_memory(&e);
    if (out.failed || file_write(path, out.data, out.size, &e) != STATUS_OK) code = say_file_error(path, &e);
    buffer_free(&out);
    return code;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

struct show {
    struct evidence_file file;
    const char *evidence, *auxiliary, *policy;
    bool json;
};

static int write_parts(const struct show *s, struct bytes evidence)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    const struct bytes auxiliary = s->file.raw ? (struct bytes){0} : s->file.attestation.auxiliary;
    if (s->evidence && file_write(s->evidence, evidence.data, evidence.size, &e) != STATUS_OK)
        return say_file_error(s->evidence, &e);
    if (s->auxiliary && file_write(s->auxiliary, auxiliary.data, auxiliary.size, &e) != STATUS_OK)
        return say_file_error(s->auxiliary, &e);
    return -1;
}

static int show(struct show *s, const char *path)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct values values = {0};
    enum tee_platform platform;
    int code = evidence_open(&s->file, path);
    if (code >= 0) return code;
    const struct bytes evidence = s->file.raw ? bytes_of(s->file.bytes.data, s->file.bytes.size)
                                              : s->file.attestation.evidence;
    if (read_values(evidence, &platform, &values, &e) != STATUS_OK) {
        say_tee_error(path, &e);
        return EXIT_TRAPPED;
    }
    code = write_parts(s, evidence);
    if (code < 0 && s->policy)
        code = save_policy(s->policy, platform, s->file.raw ? NULL : &s->file.attestation, &values);
    if (code >= 0) return code;
    if (s->json) return show_json(&s->file, platform, &values);
    if (!s->file.raw) print_attestation(&s->file.attestation);
    print_values(platform, &values);
    puts("nothing of this was checked: nvm tee verify does");
    return EXIT_OK;
}

int tee_show(int argc, char **argv)
{
    struct show s = {0};
    const struct option options[] = {
        {"evidence", 0, OPTION_TEXT, &s.evidence, "FILE", "write the raw evidence there", 0},
        {"collateral-out", 0, OPTION_TEXT, &s.auxiliary, "FILE", "write its auxiliary data there", 0},
        {"policy-out", 0, OPTION_TEXT, &s.policy, "FILE", "write a policy that accepts exactly this", 0},
        {"json", 0, OPTION_FLAG, &s.json, NULL, "as JSON", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = show(&s, argv[0]);
    evidence_close(&s.file);
    return code;
}
