#include "cli/run.h"

#include "base/base64.h"
#include "base/hex.h"
#include "json/json_read.h"
#include "json/json_text.h"
#include "json/json_write.h"
#include "host/action_copy.h"
#include "near/amount.h"
#include "near/public_key.h"

#include <stdlib.h>

/* ---- errors ------------------------------------------------------------------------------------------------------ */

static int bad_option(const char *option, const struct error *e)
{
    if (e->line) say_error("--%s, line %u, column %u: %s", option, e->line, e->column, e->message);
    else say_error("--%s: %s", option, e->message);
    return EXIT_INPUT;
}

static int out_of_memory(void)
{
    say_error("out of memory");
    return EXIT_INPUT;
}

/* ---- single values: one reader for each kind in run_context.def -------------------------------------------------- */

static int read_account(const char *option, const char *text, struct account_id *out)
{
    struct error e;
    if (account_id_parse(bytes_of_string(text), out, &e)) return -1;
    say_error("--%s: '%s' is no account id: %s", option, text, e.message);
    return EXIT_INPUT;
}

static int read_balance(const char *option, const char *text, struct u128 *out)
{
    struct error e;
    return balance_parse(bytes_of_string(text), out, &e) == STATUS_OK ? -1 : bad_option(option, &e);
}

static int read_gas(const char *option, const char *text, uint64_t *out)
{
    struct error e;
    return gas_parse(bytes_of_string(text), out, &e) == STATUS_OK ? -1 : bad_option(option, &e);
}

static int read_number(const char *option, const char *text, uint64_t *out)
{
    struct u128 n;
    if (u128_parse(bytes_of_string(text), &n) && n.high == 0) {
        *out = n.low;
        return -1;
    }
    say_error("--%s: '%s' is no whole number from 0 to 18446744073709551615", option, text);
    return EXIT_INPUT;
}

/* ---- the arguments ----------------------------------------------------------------------------------------------- */

static int read_args_file(struct run *run, const char *path)
{
    struct error e;
    struct buffer file = {0};
    int code = -1;
    if (suspension_input(run->suspension, INPUT_ARGUMENTS, path, &file, &e) != STATUS_OK)
        code = bad_option("args-file", &e);
    else run->call.context.input = bytes_copy(&run->arena, bytes_of(file.data, file.size));
    buffer_free(&file);
    return code < 0 && !run->call.context.input.data ? out_of_memory() : code;
}

static int read_base64(struct run *run, const char *option, struct bytes text, struct bytes *out)
{
    struct buffer bytes = {0};
    bool decoded = base64_decode(text, &bytes);
    bool failed = bytes.failed;
    if (decoded) *out = bytes_copy(&run->arena, bytes_of(bytes.data, bytes.size));
    buffer_free(&bytes);
    if (failed || (decoded && !out->data)) return out_of_memory();
    if (decoded) return -1;
    say_error("--%s: the text is not base64 (RFC 4648, with padding)", option);
    return EXIT_INPUT;
}

static int read_args(struct run *run)
{
    const struct run_options *o = &run->options;
    if ((o->args != NULL) + (o->args_base64 != NULL) + (o->args_file != NULL) > 1) {
        say_error("--args, --args-base64 and --args-file exclude each other");
        return EXIT_INPUT;
    }
    if (o->args_file) return read_args_file(run, o->args_file);
    if (o->args_base64)
        return read_base64(run, "args-base64", bytes_of_string(o->args_base64), &run->call.context.input);
    if (!o->args) return -1;
    struct error e;
    if (json_text_check(bytes_of_string(o->args), &e) != STATUS_OK) {
        bad_option("args", &e);
        say_hint("arguments that are not JSON: --args-base64 or --args-file");
        return EXIT_INPUT;
    }
    run->call.context.input = bytes_of_string(o->args);
    return -1;
}

/* ---- other values ------------------------------------------------------------------------------------------------ */

static int check_version(const char *where, uint64_t version)
{
    if (version >= PROTOCOL_VERSION_FIRST && version <= PROTOCOL_VERSION_CURRENT) return -1;
    say_error("%s: version %llu is not known; known are %d to %d", where, (unsigned long long)version,
              PROTOCOL_VERSION_FIRST, PROTOCOL_VERSION_CURRENT);
    return EXIT_INPUT;
}

static int read_version(struct run *run)
{
    uint64_t version = 0;
    if (!run->options.protocol_version) return check_version("protocol_version", run->call.protocol_version);
    int code = read_number("protocol-version", run->options.protocol_version, &version);
    if (code < 0) code = check_version("--protocol-version", version);
    if (code >= 0) return code;
    run->call.protocol_version = (uint32_t)version;
    run->call.parameters = parameters_of((uint32_t)version);
    return -1;
}

/* 64 hexadecimal digits or base64 of 32 bytes. */
static int read_seed(struct run *run)
{
    const char *text = run->options.seed;
    if (!text) return -1;
    struct buffer bytes = {0};
    bool decoded = strlen(text) == 64 ? hex_decode(bytes_of_string(text), &bytes)
                                      : base64_decode(bytes_of_string(text), &bytes);
    bool right = decoded && bytes.size == 32, failed = bytes.failed;
    struct bytes seed = {0};
    if (right) seed = bytes_copy(&run->arena, bytes_of(bytes.data, bytes.size));
    buffer_free(&bytes);
    if (failed || (right && !seed.data)) return out_of_memory();
    if (right) run->call.context.random_seed = seed;
    else say_error("--seed: expected 32 bytes as 64 hexadecimal digits or in base64, found '%s'", text);
    return right ? -1 : EXIT_INPUT;
}

static int read_signer_key(struct run *run)
{
    struct error e;
    struct public_key key;
    if (!run->options.signer_key) return -1;
    if (public_key_parse(bytes_of_string(run->options.signer_key), &key, &e) != STATUS_OK)
        return bad_option("signer-key", &e);
    struct buffer borsh = {0};
    public_key_write(&key, &borsh);
    struct bytes copy = {0};
    if (!borsh.failed) copy = bytes_copy(&run->arena, bytes_of(borsh.data, borsh.size));
    buffer_free(&borsh);
    if (!copy.data) return out_of_memory();
    run->call.context.signer_public_key = copy;
    return -1;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

/* "failed", "not_ready", "ok:TEXT", "base64:TEXT". */
static int read_promise_result(struct run *run, const char *text, struct promise_result *out)
{
    *out = (struct promise_result){.kind = PROMISE_SUCCESSFUL};
    if (strcmp(text, "failed") == 0) out->kind = PROMISE_FAILED;
    else if (strcmp(text, "not_ready") == 0 || strcmp(text, "not-ready") == 0) out->kind = PROMISE_NOT_READY;
    else if (strncmp(text, "ok:", 3) == 0) out->data = bytes_of_string(text + 3);
    else if (strncmp(text, "base64:", 7) == 0)
        return read_base64(run, "promise-result", bytes_of_string(text + 7), &out->data);
    else {
        say_error("--promise-result: expected ok:TEXT, base64:TEXT, failed or not_ready, found '%s'", text);
        return EXIT_INPUT;
    }
    return -1;
}

static int read_promise_results(struct run *run)
{
    const struct text_list *list = &run->options.promise_results;
    if (!list->count) return -1;
    struct promise_result *results = arena_array(&run->arena, list->count, sizeof *results);
    if (!results) return out_of_memory();
    for (uint32_t i = 0; i < list->count; i++) {
        int code = read_promise_result(run, list->items[i], &results[i]);
        if (code >= 0) return code;
    }
    run->call.context.promise_results = results;
    run->call.context.promise_result_count = list->count;
    return -1;
}

/* "ACCOUNT=STAKE" */
static int read_validator(const char *text, struct validator *out)
{
    const char *equals = strchr(text, '=');
    struct error e;
    if (!equals) {
        say_error("--validator: expected ACCOUNT=STAKE, found '%s'", text);
        return EXIT_INPUT;
    }
    if (!account_id_parse(bytes_of(text, (size_t)(equals - text)), &out->account, &e)) {
        say_error("--validator: '%.*s' is no account id: %s", (int)(equals - text), text, e.message);
        return EXIT_INPUT;
    }
    return read_balance("validator", equals + 1, &out->stake);
}

static int read_validators(struct run *run)
{
    const struct text_list *list = &run->options.validators;
    if (!list->count) return -1;
    struct validator *validators = arena_array(&run->arena, list->count, sizeof *validators);
    if (!validators) return out_of_memory();
    for (uint32_t i = 0; i < list->count; i++) {
        int code = read_validator(list->items[i], &validators[i]);
        if (code >= 0) return code;
    }
    run->call.validators = validators;
    run->call.validator_count = list->count;
    return -1;
}

/* "a.near,b.near"; the empty text is nobody. */
static int read_receivers(struct run *run)
{
    const char *text = run->options.receivers;
    if (!text) return -1;
    size_t count = *text != '\0';
    for (const char *p = text; *p; p++) count += *p == ',';
    struct account_id *receivers = arena_array(&run->arena, count, sizeof *receivers);
    if (!receivers) return out_of_memory();
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(text, ",");
        struct error e;
        if (!account_id_parse(bytes_of(text, length), &receivers[i], &e)) {
            say_error("--receivers: '%.*s' is no account id: %s", (int)length, text, e.message);
            return EXIT_INPUT;
        }
        text += length + 1;
    }
    run->call.context.output_data_receivers = receivers;
    run->call.context.output_data_receiver_count = count;
    return -1;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static int read_single_values(struct run *run)
{
    int code = -1;
#define X(kind, option, name, field, value, help)                                                                     \
    if (code < 0 && run->options.name) code = read_##kind(option, run->options.name, &run->call.context.field);
#include "cli/run_context.def"
#undef X
    return code;
}

/* A view burns at most what --gas says, else what the context says, else what any call may. */
static int read_view(struct run *run)
{
    struct call_context *c = &run->call.context;
    if (run->options.view && !c->is_view) {
        c->is_view = true;
        c->view_max_gas = run->call.parameters->limits.max_gas_burnt;
    }
    if (c->is_view && run->options.gas) c->view_max_gas = c->prepaid_gas;
    return -1;
}

/* The members of a case's `context`. A file that has one of them at the top is such an object alone. */
static bool is_context_alone(struct json *document)
{
    static const char *const names[] = {
#define X(kind, name, field) name,
#include "documents/case_context.def"
#undef X
        "view_max_gas", "output_data_receivers"};
    if (!json_is(document, JSON_OBJECT)) return false;
    if (json_find(document, "context", NULL)) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (json_find(document, names[i], NULL)) return true;
    return false;
}

/* Takes `document`. */
static enum status read_document(struct json *document, struct call_case *out, struct error *e)
{
    if (is_context_alone(document)) {
        struct json_builder whole = json_object_begin();
        json_put(&whole, "context", document);
        document = json_finish(&whole);
        if (!document) return error_no_memory(e);
    }
    enum status status = call_case_read(document, out, e);
    if (status == STATUS_OK) out->document = document; /* released with the case */
    else json_free(document);
    return status;
}

static int read_context(struct run *run)
{
    const char *path = run->options.context;
    struct error e;
    struct buffer text = {0};
    struct json *document = NULL;
    enum status status = STATUS_OK;
    if (path) status = suspension_input(run->suspension, INPUT_CONTEXT, path, &text, &e);
    else buffer_append_string(&text, "{}"); /* all defaults */
    if (text.failed) status = error_no_memory(&e);
    if (status == STATUS_OK) status = json_read_document(bytes_of(text.data, text.size), &document, &e);
    if (status == STATUS_OK) status = read_document(document, &run->call, &e);
    buffer_free(&text);
    return status == STATUS_OK ? -1 : say_file_error(path ? path : "the default context", &e);
}

int run_read_call(struct run *run)
{
    static int (*const readers[])(struct run *) = {
        read_context, read_version,         read_single_values, read_args,      read_view,
        read_seed,    read_promise_results, read_validators,    read_receivers, read_signer_key,
    };
    int code = -1;
    for (size_t i = 0; code < 0 && i < sizeof readers / sizeof *readers; i++) code = readers[i](run);
    return code;
}
