#include "cli/run_suspend.h"

#include "base/array.h"
#include "cli/gas_text.h"
#include "cli/tee.h"
#include "crypto/sha2.h"
#include "crypto/wipe.h"
#include "near/amount.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- options ----------------------------------------------------------------------------------------------------- */

static bool has_root(const struct suspend_options *o)
{
    return o->seal_key || (o->provider && strcmp(o->provider, "simulator") == 0);
}

static int no_target(const char *path, int problem)
{
    say_error("--suspend-to: cannot write '%s': %s", path, strerror(problem));
    return EXIT_INPUT;
}

/* Whether the file can be made there. Asked before anything runs, so that nobody waits for nothing. */
static int check_target(const char *path)
{
    struct stat info;
    char *real = realpath(path, NULL); /* null: there is no such file yet */
    const bool there = stat(path, &info) == 0, special = there && !S_ISREG(info.st_mode);
    char *copy = strdup(real ? real : path);
    free(real);
    if (!copy) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    const char *asked = special ? copy : dirname(copy);
    const bool writable = access(asked, special ? W_OK : W_OK | X_OK) == 0;
    const int problem = special && S_ISDIR(info.st_mode) ? EISDIR : writable ? 0 : errno;
    free(copy);
    return problem ? no_target(path, problem) : -1;
}

static int check_options(const struct suspend_options *o, bool resuming)
{
    if (resuming && o->seal_key && o->provider) {
        say_error("--seal-key and --provider exclude each other: a run is sealed under one root");
        return EXIT_INPUT;
    }
    if ((o->at_gas || o->at_call) && !o->to) {
        say_error("--suspend-at: where to?");
        say_hint("--suspend-to FILE is where the sealed state goes");
        return EXIT_INPUT;
    }
    if (!o->to && !resuming) return -1;
    if (has_root(o)) return o->to ? check_target(o->to) : -1;
    say_error("a suspended run is always sealed: under which root?");
    say_hint("--seal-key FILE: 32 bytes that only you can read; --provider simulator: to try, secret to nobody");
    return EXIT_INPUT;
}

int suspension_begin(struct run_suspension *s, enum run_command command, int argc, char **argv)
{
    struct error e = {0};
    const struct suspend_options *o = &s->options;
    int code = check_options(o, s->resuming);
    if (code >= 0) return code;
    s->at_gas = UINT64_MAX;
    if (o->at_gas && gas_parse(bytes_of_string(o->at_gas), &s->at_gas, &e) != STATUS_OK) {
        say_error("--suspend-at: %s", e.message);
        return EXIT_INPUT;
    }
    if (s->resuming) return -1;
    s->bundle.argv = arena_array(&s->bundle.arena, (size_t)argc + 1, sizeof *s->bundle.argv);
    if (!s->bundle.argv) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    s->bundle.command = command;
    s->bundle.argc = (uint32_t)argc;
    for (int i = 0; i < argc; i++) s->bundle.argv[i] = argv[i];
    return -1;
}

void suspension_free(struct run_suspension *s)
{
    run_bundle_free(&s->bundle);
    buffer_free(&s->state);
    file_unlock(&s->held);
}

/* ---- inputs ------------------------------------------------------------------------------------------------------ */

void suspension_keep(struct run_suspension *s, enum run_input which, struct bytes bytes)
{
    if (s->resuming || !s->options.to) return;
    s->bundle.has_input[which] = true;
    s->bundle.input[which].size = 0;
    buffer_append(&s->bundle.input[which], bytes.data, bytes.size);
}

bool suspension_kept(const struct run_suspension *s, enum run_input which, struct buffer *out)
{
    if (!s->resuming || !s->bundle.has_input[which]) return false;
    buffer_append(out, s->bundle.input[which].data, s->bundle.input[which].size);
    return true;
}

enum status suspension_input(struct run_suspension *s, enum run_input which, const char *path, struct buffer *out,
                             struct error *e)
{
    if (suspension_kept(s, which, out)) return out->failed ? error_no_memory(e) : STATUS_OK;
    if (s->resuming)
        return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "the suspended run has not brought '%s' along", path);
    enum status status = file_read(path, FILE_LIMIT, out, e);
    if (status == STATUS_OK) suspension_keep(s, which, bytes_of(out->data, out->size));
    return status;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

void suspension_note_refusal(struct run_suspension *s, enum status status, const struct error *e)
{
    if (status != STATUS_INVALID || !e || s->refusal != TEE_OK) return;
    if (e->code == VM_ERROR_STATE_ENGINE) s->refusal = TEE_ENGINE;
    if (e->code == VM_ERROR_STATE_INVALID) s->refusal = TEE_STATE_INVALID;
}

/* A call that had ended when the run was suspended: nothing of it is executed. */
static enum status answer(struct run_suspension *s, const struct finished_call *f, struct external_state *external,
                          struct call_outcome *out, struct error *e)
{
    enum status status = call_repeat(external, bytes_of(f->journal.data, f->journal.size), e);
    if (status == STATUS_OK) status = call_outcome_read(bytes_of(f->outcome.data, f->outcome.size), out, e);
    suspension_note_refusal(s, status, e);
    if (status != STATUS_OK) return status;
    s->gas += out->burnt_gas;
    s->calls += f->calls;
    return STATUS_OK;
}

enum status suspension_resumed(struct run_suspension *s, struct error *e)
{
    if (!s->options.seal_key) return STATUS_OK;
    enum status status = counter_hold(s->options.seal_key, s->counter, s->bundle.count_name, &s->held, e);
    if (status == STATUS_INVALID) s->refusal = TEE_COUNTER;
    return status;
}

int suspension_finish(struct run_suspension *s, int code)
{
    struct error e = {0};
    if (!s->held.name || code == EXIT_INPUT) return code;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say_error("standard output cannot be written; the run can be resumed again");
        return EXIT_INPUT;
    }
    const enum status status = counter_close(s->options.seal_key, s->counter, 0, &e);
    if (status == STATUS_OK) return code;
    say_error("the run has ended, but it still counts as open: %s", e.message);
    return EXIT_INPUT;
}

static enum status restored(void *user, struct error *e)
{
    return suspension_resumed(user, e);
}

static enum status keep_finished(struct run_suspension *s, const struct buffer *journal, const struct call_outcome *out,
                                 uint64_t calls, struct error *e)
{
    struct run_bundle *b = &s->bundle;
    if (!array_grow(&b->finished, b->finished_count, &b->finished_capacity, sizeof *b->finished))
        return error_no_memory(e);
    struct finished_call *f = &b->finished[b->finished_count++];
    *f = (struct finished_call){.journal = *journal, .calls = calls};
    call_outcome_write(out, &f->outcome);
    return f->outcome.failed ? error_no_memory(e) : STATUS_OK;
}

/* What is left until the run is to stop. */
static struct call_suspend plan(struct run_suspension *s, struct buffer *journal)
{
    struct call_suspend x = {.at_gas = UINT64_MAX, .state = &s->state, .journal = journal};
    if (s->at_gas != UINT64_MAX) x.at_gas = s->at_gas > s->gas ? s->at_gas - s->gas : 0;
    if (s->options.at_call > s->calls) x.at_call = s->options.at_call - s->calls;
    return x;
}

enum status suspension_call(struct run_suspension *s, const struct contract *contract, struct bytes method,
                            const struct call_context *context, struct external_state *external,
                            uint64_t max_gas_burnt, struct call_outcome *out, struct error *e)
{
    const uint32_t number = s->next_call++;
    if (s->resuming && number < s->finished_before) return answer(s, &s->bundle.finished[number], external, out, e);
    struct buffer journal = {0};
    struct call_suspend suspend = plan(s, &journal);
    struct call_options options = {.max_gas_burnt = max_gas_burnt, .suspend = &suspend};
    if (s->resuming && number == s->finished_before) {
        options.resume = bytes_of(s->bundle.state.data, s->bundle.state.size);
        options.restored = restored;
        options.restored_user = s;
    }
    enum status status = contract_call(contract, method, context, external, &options, out, e);
    if (options.resume.size) suspension_note_refusal(s, status, e);
    s->stopped_gas = s->gas + suspend.burnt_gas;
    s->stopped_calls = s->calls + suspend.calls;
    if (status != STATUS_OK) {
        buffer_free(&journal);
        return status;
    }
    s->gas += out->burnt_gas;
    s->calls += suspend.calls;
    return keep_finished(s, &journal, out, suspend.calls, e);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

enum status suspension_root(const struct run_suspension *s, struct tee_root **out, struct error *e)
{
    *out = secret_root_new(e);
    if (!*out) return STATUS_NO_MEMORY;
    if (s->options.seal_key) return tee_root_file(s->options.seal_key, *out, e);
    tee_root_simulator(*out);
    return STATUS_OK;
}

static enum status seal(struct run_suspension *s, const struct tee_root *root, struct bytes code, uint64_t counter,
                        struct buffer *out, struct error *e)
{
    struct tee_system_root paths = {""};
    const struct tee_system system = tee_system_real(&paths);
    struct tee_seal_policy policy = {.has_code_hash = true, .counter = counter};
    struct buffer plain = {0};
    sha256(code, policy.code_hash);
    run_bundle_write(&s->bundle, &plain);
    enum status status = plain.failed ? error_no_memory(e)
                                      : tee_seal(root, &system, SEAL_RUN, &policy, NULL,
                                                 bytes_of(plain.data, plain.size), out, e);
    if (plain.data) wipe(plain.data, plain.capacity);
    buffer_free(&plain);
    return status;
}

/* The file, and its number, which is closed again if the file cannot be written. */
static enum status write_file(struct run_suspension *s, struct bytes code, uint64_t *counter, size_t *size,
                              struct error *e)
{
    struct tee_root *root = NULL;
    struct buffer blob = {0};
    enum status status = suspension_root(s, &root, e);
    *counter = s->counter + 1;
    const uint64_t from = s->held.name ? s->counter : 0;
    if (status == STATUS_OK && s->options.seal_key)
        status = counter_issue(s->options.seal_key, from, counter, s->bundle.count_name, e);
    s->bundle.counted = s->options.seal_key != NULL;
    const bool issued = status == STATUS_OK && s->options.seal_key;
    /* the call's state takes the place of the one that was resumed */
    buffer_free(&s->bundle.state);
    s->bundle.state = s->state;
    s->state = (struct buffer){0};
    if (status == STATUS_OK) status = seal(s, root, code, *counter, &blob, e);
    if (status == STATUS_OK) status = file_write(s->options.to, blob.data, blob.size, e);
    if (status != STATUS_OK && issued) (void)counter_close(s->options.seal_key, *counter, 0, NULL);
    if (status == STATUS_OK && s->held.name) {
        /* that the old number cannot be closed is not a failure: the new one closes it when it goes on */
        (void)counter_close(s->options.seal_key, s->counter, *counter, NULL);
        file_unlock(&s->held);
    }
    *size = blob.size;
    buffer_free(&blob);
    tee_root_free(root);
    return status;
}

static void report(const struct run_suspension *s, uint64_t counter, size_t size, bool json)
{
    const bool module = s->bundle.command == RUN_MODULE;
    char text[24], gas[GAS_TEXT], tera[GAS_TEXT], calls[GAS_TEXT];
    readable_size(text, size);
    gas_grouped(gas, s->stopped_gas);
    gas_tera(tera, s->stopped_gas);
    gas_grouped(calls, s->stopped_calls);
    if (json && module)
        printf("{\"status\":\"suspended\",\"fuel_used\":%" PRIu64 ",\"counter\":%" PRIu64 ",\"bytes\":%zu}\n",
               s->stopped_gas, counter, size);
    else if (json)
        printf("{\"status\":\"suspended\",\"burnt_gas\":%" PRIu64 ",\"host_calls\":%" PRIu64 ",\"counter\":%" PRIu64
               ",\"bytes\":%zu}\n", s->stopped_gas, s->stopped_calls, counter, size);
    else if (module)
        printf("suspended after %s fuel: number %" PRIu64 ", %s in %s\n", gas, counter, text, s->options.to);
    else
        printf("suspended after %s gas (%s) and %s host calls: number %" PRIu64 ", %s in %s\n", gas, tera, calls,
               counter, text, s->options.to);
}

int suspension_end(struct run_suspension *s, enum status status, const struct error *e, struct bytes code, bool json)
{
    struct error why = {0};
    uint64_t counter;
    size_t size;
    if (status != STATUS_SUSPENDED) {
        if (s->refusal != TEE_OK) say_error("resume: %s (%s)", e->message, tee_refusal_code(s->refusal));
        else say_error("%s", e->message);
        return EXIT_INPUT;
    }
    if (write_file(s, code, &counter, &size, &why) != STATUS_OK) {
        if (why.status == STATUS_INVALID) say_error("%s: %s (%s)", s->options.to, why.message,
                                                    tee_refusal_code((enum tee_refusal)why.code));
        else say_error("%s", why.message);
        return EXIT_INPUT;
    }
    report(s, counter, size, json);
    return EXIT_OK;
}
