/* nvm exec --suspend-to: runs of modules that stop, and go on in nvm resume. docs/suspended-runs.md has the format. */
#include "base/borsh.h"
#include "cli/exec.h"
#include "vm/suspend.h"

int exec_suspend_begin(struct exec *x, int argc, char **given)
{
    struct run_suspension *s = x->suspension;
    const struct exec_options *o = &x->options;
    if (!s->resuming) {
        s->options = (struct suspend_options){.at_gas = o->suspend_at, .to = o->suspend_to, .seal_key = o->seal_key,
                                              .provider = o->provider};
        const int begun = suspension_begin(s, RUN_MODULE, argc, given);
        if (begun >= 0) return begun;
    }
    const char *none = NULL;
    int code = output_take("proof", &none, s->outputs.proof);
    if (code < 0) code = output_take("save-state", &none, s->outputs.save_state);
    if (code >= 0) return code;
    if (s->options.at_call) {
        say_error("--suspend-at-call: only for runs of `nvm run`");
        return EXIT_INPUT;
    }
    if ((!s->resuming && !s->options.to) || o->fuel != UINT64_MAX) return -1;
    say_error("a module that is not metered cannot be suspended");
    say_hint("--fuel N gives it N instructions");
    return EXIT_INPUT;
}

void exec_plan_stop(struct exec *x)
{
    const uint64_t at = x->suspension->at_gas, fuel = x->options.fuel;
    store_suspend_at(x->store, at < fuel ? fuel - at : 0);
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static enum status write_state(struct exec *x, struct buffer *out, struct error *e)
{
    struct buffer events = {0}, code = {0};
    enum status status = exec_tee_events(x->tee, &events, e);
    if (status == STATUS_OK) status = instance_checkpoint(x->instance, &code, e);
    if (status == STATUS_OK) {
        borsh_write_bool(out, x->in_entry);
        borsh_write_bytes(out, bytes_of(events.data, events.size));
        borsh_write_bytes(out, bytes_of(code.data, code.size));
        if (events.failed || code.failed || out->failed) status = error_no_memory(e);
    }
    buffer_free(&events);
    buffer_free(&code);
    return status;
}

int exec_suspend(struct exec *x)
{
    struct run_suspension *s = x->suspension;
    struct error e = {0};
    enum status status = write_state(x, &s->state, &e);
    s->stopped_gas = x->options.fuel - store_gas_left(x->store);
    if (status == STATUS_OK) status = STATUS_SUSPENDED;
    return suspension_end(s, status, &e, module_bytes(x->source.module), x->options.json);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static enum status invalid(struct error *e, const char *why)
{
    return error_set(e, STATUS_INVALID, VM_ERROR_STATE_INVALID, ERROR_NO_OFFSET, "suspended module: %s", why);
}

/* The outermost function is the one that was called, or the module's start function. */
static enum status check_place(const struct exec *x, struct error *e)
{
    uint32_t expected = x->entry.index;
    const bool known = x->in_entry || module_start(x->source.module, &expected);
    if (!known || store_suspended_function(x->store) != expected)
        return invalid(e, "it stands in another function than the one that was called");
    if (store_gas_left(x->store) > x->options.fuel) return invalid(e, "it has more fuel than it was given");
    return STATUS_OK;
}

static enum status restore_registers(struct exec *x, struct bytes events, struct error *e)
{
    struct error why = {0};
    const enum status status = exec_tee_restore(x->tee, events, &why);
    if (status == STATUS_NO_MEMORY) *e = why;
    return status == STATUS_OK || status == STATUS_NO_MEMORY ? status : invalid(e, why.message);
}

static enum status read_state(struct exec *x, struct error *e)
{
    struct run_suspension *s = x->suspension;
    struct borsh_reader r = borsh_reader_of(bytes_of(s->bundle.state.data, s->bundle.state.size));
    x->in_entry = borsh_read_bool(&r);
    const struct bytes events = borsh_read_bytes(&r), code = borsh_read_bytes(&r);
    if (!r.failed && r.p != r.end) borsh_reject(&r, "bytes behind its end");
    if (r.failed) return invalid(e, r.problem);
    enum status status = restore_registers(x, events, e);
    if (status == STATUS_OK)
        status = instance_restore(x->store, x->source.module, x->imports, module_import_count(x->source.module), code,
                                  &x->instance, e);
    return status == STATUS_OK ? check_place(x, e) : status;
}

enum status exec_restore(struct exec *x, struct error *e)
{
    enum status status = read_state(x, e);
    suspension_note_refusal(x->suspension, status, e);
    return status == STATUS_OK ? suspension_resumed(x->suspension, e) : status;
}
