#include "base/array.h"
#include "base/borsh.h"
#include "cli/run_suspend.h"

#include <stdlib.h>

static const char magics[RUN_COMMANDS][9] = {[RUN_CONTRACT] = "nvm-run\n", [RUN_MODULE] = "nvm-exec"};
/* Version 1 has neither counts of costs nor the name of the count that its number is from. */
enum { BUNDLE_MAGIC_SIZE = 8, BUNDLE_VERSION = 2, BUNDLE_VERSION_WITHOUT_COUNTS = 1 };

static struct bytes view(const struct buffer *b)
{
    return bytes_of(b->data, b->size);
}

void run_bundle_write(const struct run_bundle *b, struct buffer *out)
{
    buffer_append(out, magics[b->command], BUNDLE_MAGIC_SIZE);
    borsh_write_u16(out, BUNDLE_VERSION);
    borsh_write_bool(out, b->counted);
    if (b->counted) buffer_append(out, b->count_name, sizeof b->count_name);
    borsh_write_u32(out, b->argc);
    for (uint32_t i = 0; i < b->argc; i++) borsh_write_bytes(out, bytes_of_string(b->argv[i]));
    for (int i = 0; i < INPUT_COUNT; i++) {
        borsh_write_bool(out, b->has_input[i]);
        if (b->has_input[i]) borsh_write_bytes(out, view(&b->input[i]));
        out->failed |= b->input[i].failed;
    }
    borsh_write_u32(out, b->finished_count);
    for (uint32_t i = 0; i < b->finished_count; i++) {
        borsh_write_u64(out, b->finished[i].calls);
        borsh_write_bytes(out, view(&b->finished[i].journal));
        borsh_write_bytes(out, view(&b->finished[i].outcome));
    }
    borsh_write_bytes(out, view(&b->state));
}

static void read_buffer(struct borsh_reader *r, struct buffer *out)
{
    const struct bytes b = borsh_read_bytes(r);
    buffer_append(out, b.data, b.size);
    if (out->failed) borsh_reject(r, "out of memory");
}

/* Arguments are texts for C: without zeros inside. */
static void read_arguments(struct borsh_reader *r, struct run_bundle *b)
{
    b->argc = borsh_read_count(r, 4);
    b->argv = arena_array(&b->arena, b->argc + 1, sizeof *b->argv);
    for (uint32_t i = 0; i < b->argc && !r->failed; i++) {
        const struct bytes text = borsh_read_bytes(r);
        char *copy = b->argv ? arena_alloc(&b->arena, text.size + 1) : NULL;
        if (!copy || (text.size && memchr(text.data, 0, text.size))) {
            borsh_reject(r, copy ? "an argument with a zero in it" : "out of memory");
            return;
        }
        if (text.size) memcpy(copy, text.data, text.size);
        b->argv[i] = copy;
    }
}

/* Outcomes of version 1 are without counts: into the form of today. */
static void renew_outcome(struct borsh_reader *r, struct buffer *bytes)
{
    struct call_outcome outcome;
    struct error e = {0};
    if (r->failed) return;
    if (call_outcome_read_v1(view(bytes), &outcome, &e) != STATUS_OK) {
        borsh_reject(r, e.status == STATUS_NO_MEMORY ? "out of memory" : "not the outcome of a call");
        return;
    }
    bytes->size = 0;
    call_outcome_write(&outcome, bytes);
    call_outcome_free(&outcome);
    if (bytes->failed) borsh_reject(r, "out of memory");
}

static void read_finished(struct borsh_reader *r, uint16_t version, struct run_bundle *b)
{
    const uint32_t count = borsh_read_count(r, 16);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        if (!array_grow(&b->finished, b->finished_count, &b->finished_capacity, sizeof *b->finished)) {
            borsh_reject(r, "out of memory");
            return;
        }
        struct finished_call *f = &b->finished[b->finished_count++];
        *f = (struct finished_call){.calls = borsh_read_u64(r)};
        read_buffer(r, &f->journal);
        read_buffer(r, &f->outcome);
        if (version == BUNDLE_VERSION_WITHOUT_COUNTS) renew_outcome(r, &f->outcome);
    }
}

static void read_command(struct borsh_reader *r, struct run_bundle *b)
{
    const struct bytes magic = borsh_read_fixed(r, BUNDLE_MAGIC_SIZE);
    for (int i = 0; i < RUN_COMMANDS && !r->failed; i++) {
        b->command = (enum run_command)i;
        if (memcmp(magic.data, magics[i], BUNDLE_MAGIC_SIZE) == 0) return;
    }
    if (!r->failed) borsh_reject(r, "not a suspended run");
}

/* Files of version 1 have none: nobody can tell which count their number is from. */
static void read_count(struct borsh_reader *r, struct run_bundle *b)
{
    b->counted = borsh_read_bool(r);
    if (!b->counted) return;
    const struct bytes name = borsh_read_fixed(r, sizeof b->count_name);
    if (name.size == sizeof b->count_name) memcpy(b->count_name, name.data, name.size);
}

/* A module's run reads nothing but its module, which never comes from anywhere else than the file. */
static void check_inputs(struct borsh_reader *r, const struct run_bundle *b)
{
    if (r->failed || b->command != RUN_MODULE) return;
    for (int i = 0; i < INPUT_COUNT; i++)
        if (b->has_input[i] != (i == INPUT_CODE)) borsh_reject(r, "other inputs than a module");
    if (b->finished_count) borsh_reject(r, "contract calls of a module that is none");
}

enum status run_bundle_read(struct bytes bytes, struct run_bundle *out, struct error *e)
{
    struct borsh_reader r = borsh_reader_of(bytes);
    *out = (struct run_bundle){0};
    read_command(&r, out);
    const uint16_t version = borsh_read_u16(&r);
    if (!r.failed && version != BUNDLE_VERSION && version != BUNDLE_VERSION_WITHOUT_COUNTS)
        return tee_refuse(e, TEE_ENGINE, "version %u of the format of suspended runs, this is version %u", version,
                          BUNDLE_VERSION);
    if (version != BUNDLE_VERSION_WITHOUT_COUNTS) read_count(&r, out);
    read_arguments(&r, out);
    for (int i = 0; i < INPUT_COUNT; i++) {
        out->has_input[i] = borsh_read_bool(&r);
        if (out->has_input[i]) read_buffer(&r, &out->input[i]);
    }
    read_finished(&r, version, out);
    read_buffer(&r, &out->state);
    check_inputs(&r, out);
    if (!r.failed && r.p != r.end) borsh_reject(&r, "bytes behind the end");
    if (!r.failed) return STATUS_OK;
    run_bundle_free(out);
    return tee_refuse(e, TEE_STATE_INVALID, "%s at %zu of the suspended run", r.problem, r.failed_at);
}

void run_bundle_free(struct run_bundle *b)
{
    for (int i = 0; i < INPUT_COUNT; i++) buffer_free(&b->input[i]);
    for (uint32_t i = 0; i < b->finished_count; i++) {
        buffer_free(&b->finished[i].journal);
        buffer_free(&b->finished[i].outcome);
    }
    free(b->finished);
    buffer_free(&b->state);
    arena_free(&b->arena);
    *b = (struct run_bundle){0};
}
