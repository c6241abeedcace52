#include "cli/run.h"
#include "cli/run_text.h"
#include "near/amount.h"

/* ---- what stands in braces --------------------------------------------------------------------------------------- */

static void add_gas(struct buffer *out, uint64_t gas)
{
    char text[AMOUNT_TEXT_SIZE];
    buffer_append_string(out, gas_text(gas, text));
}

/* Twice what was attached, in whole Tgas, as far as the protocol allows. */
static void add_more_gas(const struct run *run, struct buffer *out)
{
    const uint64_t tgas = 1000000000000, max = run->call.parameters->limits.max_gas_burnt;
    uint64_t prepaid = run->call.context.prepaid_gas;
    uint64_t more = prepaid < max / 2 ? 2 * prepaid : max;
    buffer_printf(out, "%lluT", (unsigned long long)((more + tgas - 1) / tgas));
}

static void add_balance(const struct run *run, struct buffer *out)
{
    struct u128 sum = run->call.context.account_balance;
    char text[AMOUNT_TEXT_SIZE];
    u128_add(sum, run->call.context.attached_deposit, &sum);
    buffer_append_string(out, balance_text(sum, text));
}

static uint64_t gas_limit(const struct run *run)
{
    if (run->call.context.is_view) return run->call.context.view_max_gas;
    if (run->call.max_gas_burnt != UINT64_MAX) return run->call.max_gas_burnt;
    return run->call.parameters->limits.max_gas_burnt;
}

/* The text for the name of a number or text of the call; false: there is no such name. */
static bool add_of_call(const struct run *run, struct bytes name, struct buffer *out)
{
    const struct call_outcome *o = &run->outcome;
    struct bytes account = account_id_bytes(&run->call.context.current_account);
#define NAMED(text) bytes_equal(name, bytes_of_string(text))
    if (NAMED("method")) buffer_append(out, run->call.method.data, run->call.method.size);
    else if (NAMED("account")) buffer_append(out, account.data, account.size);
    else if (NAMED("version")) buffer_printf(out, "%u", run->call.protocol_version);
    else if (NAMED("burnt")) add_gas(out, o->burnt_gas);
    else if (NAMED("promised")) add_gas(out, o->used_gas - o->burnt_gas);
    else if (NAMED("prepaid")) add_gas(out, run->call.context.prepaid_gas);
    else if (NAMED("gas_limit")) add_gas(out, gas_limit(run));
    else if (NAMED("max_gas_burnt_text")) add_gas(out, run->call.parameters->limits.max_gas_burnt);
    else if (NAMED("more_gas")) add_more_gas(run, out);
    else if (NAMED("balance")) add_balance(run, out);
    else if (NAMED("promise_results")) buffer_printf(out, "%zu", run->call.context.promise_result_count);
    else return false;
#undef NAMED
    return true;
}

static bool add_limit(const struct run *run, struct bytes name, struct buffer *out)
{
    char text[AMOUNT_TEXT_SIZE];
#define X(limit)                                                                                                      \
    if (bytes_equal(name, bytes_of_string(#limit))) {                                                                 \
        buffer_append_string(out, gas_digits(run->call.parameters->limits.limit, text));                              \
        return true;                                                                                                  \
    }
#include "near/limits.def"
#undef X
    return false;
}

static void expand(const struct run *run, const char *text, struct buffer *out)
{
    for (; *text; text++) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        struct bytes name = end ? bytes_of(text + 1, (size_t)(end - text - 1)) : bytes_of(NULL, 0);
        if (end && (add_of_call(run, name, out) || add_limit(run, name, out))) text = end;
        else buffer_append_byte(out, (uint8_t)*text);
    }
}

/* ---- the tables -------------------------------------------------------------------------------------------------- */

struct explanation {
    const char *kind, *meaning, *fix;
};

static const struct explanation *find_explanation(const char *kind)
{
    static const struct explanation all[] = {
#define X(kind, meaning, fix) {kind, meaning, fix},
#include "cli/run_explain.def"
#undef X
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].kind, kind) == 0) return &all[i];
    return NULL;
}

static const char *find_panic(struct bytes message)
{
    static const struct {
        const char *part, *fix;
    } all[] = {
#define X(part, fix) {part, fix},
#include "cli/run_panics.def"
#undef X
    };
    for (size_t i = 0; message.size && i < sizeof all / sizeof *all; i++)
        if (memmem(message.data, message.size, all[i].part, strlen(all[i].part))) return all[i].fix;
    return NULL;
}

/* ---- printing ---------------------------------------------------------------------------------------------------- */

enum { WIDTH = 100 };

/* The text, broken between words. */
static void print_wrapped(FILE *out, struct bytes text)
{
    size_t column = RUN_INDENT;
    for (size_t at = 0, end = 0; at < text.size; at = end + 1) {
        for (end = at; end < text.size && text.data[end] != ' ';) end++;
        bool fits = column + 1 + (end - at) <= WIDTH;
        if (at && fits) fputc(' ', out);
        else if (at) fprintf(out, "\n%*s", RUN_INDENT, "");
        print_text(out, bytes_of(text.data + at, end - at), RUN_INDENT);
        column = (fits ? column + 1 : RUN_INDENT) + (end - at);
    }
    fputc('\n', out);
}

static void print_section(const struct run *run, FILE *out, const char *label, const char *text)
{
    struct buffer expanded = {0};
    if (!text || !*text) return;
    expand(run, text, &expanded);
    run_label(out, label);
    if (!expanded.failed) print_wrapped(out, bytes_of(expanded.data, expanded.size));
    buffer_free(&expanded);
}

/* What was found in a module that production refuses, and where. */
static void print_refusal(const struct run *run, FILE *out)
{
    const struct error *why = NULL;
    if (!contract_refusal(run->contract, &why) || !why || !why->message[0]) return;
    run_label(out, "found");
    print_text(out, bytes_of_string(why->message), RUN_INDENT);
    if (why->offset != ERROR_NO_OFFSET) fprintf(out, " (at byte 0x%llx)", (unsigned long long)why->offset);
    fputc('\n', out);
}

void run_print_error(const struct run *run, FILE *out)
{
    const struct call_outcome *o = &run->outcome;
    const struct explanation *found = find_explanation(o->error_kind);
    bool panicked = strcmp(o->error_kind, "HostError.GuestPanic") == 0;
    const char *fix = panicked ? find_panic(o->error_message) : NULL;
    run_label(out, "error");
    fprintf(out, "%s", colour(out, RED));
    print_text(out, o->error_message, RUN_INDENT);
    fprintf(out, "%s\n", colour(out, PLAIN));
    run_label(out, "");
    fprintf(out, "%s%s%s\n", colour(out, DIM), o->error_kind, colour(out, PLAIN));
    if (found) print_section(run, out, "cause", found->meaning);
    print_refusal(run, out);
    if (strcmp(o->error_kind, "LinkError") == 0) run_print_imports(run, out);
    print_section(run, out, "fix", fix ? fix : found ? found->fix : NULL);
    if (strcmp(o->error_kind, "MethodResolveError.MethodNotFound") == 0) run_suggest_methods(run, out);
}
