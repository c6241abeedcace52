/* What is below the seal of a suspended run: written and read, cut and altered. */
#include "cli/run_suspend.h"
#include "tee/provider.h"
#include "tests/read_file.h"
#include "tests/test.h"

#include <stdlib.h>

static void fill(struct run_bundle *b, const char **argv, struct finished_call *finished)
{
    *b = (struct run_bundle){.argv = argv, .argc = 3, .finished = finished, .finished_count = 2};
    b->counted = true;
    for (int i = 0; i < COUNT_NAME_SIZE; i++) b->count_name[i] = (uint8_t)(i + 1);
    b->has_input[INPUT_CODE] = b->has_input[INPUT_STATE] = true;
    buffer_append_string(&b->input[INPUT_CODE], "module");
    buffer_append_string(&b->input[INPUT_STATE], "{}");
    buffer_append_string(&finished[0].journal, "notes");
    buffer_append_string(&finished[1].outcome, "outcome");
    finished[1].calls = 77;
    buffer_append_string(&b->state, "state");
}

static bool is(const struct buffer *b, const char *text)
{
    return bytes_equal(bytes_of(b->data, b->size), bytes_of_string(text));
}

/* A module's run has its module and no calls, or it is none. */
static void of_a_module(void)
{
    test_begin("runs of modules");
    const char *argv[] = {"run.wasm", "main"};
    struct run_bundle b = {.command = RUN_MODULE, .argv = argv, .argc = 2}, got;
    struct buffer bytes = {0};
    struct error e = {.code = 0};
    buffer_append_string(&b.input[INPUT_CODE], "module");
    buffer_append_string(&b.state, "state");
    for (int without = 0; without < 4; without++) {
        struct finished_call finished = {.calls = 1};
        b.has_input[INPUT_CODE] = without != 1;
        b.has_input[INPUT_CONTEXT] = without == 2;
        b.finished = &finished;
        b.finished_count = without == 3;
        bytes.size = 0;
        run_bundle_write(&b, &bytes);
        const enum status status = run_bundle_read(bytes_of(bytes.data, bytes.size), &got, &e);
        CHECK_EQUAL(status, without ? STATUS_INVALID : STATUS_OK);
        if (status == STATUS_OK) {
            CHECK(got.command == RUN_MODULE && is(&got.input[INPUT_CODE], "module") && is(&got.state, "state"));
            run_bundle_free(&got);
        } else {
            CHECK_EQUAL(e.code, TEE_STATE_INVALID);
        }
    }
    b.finished = NULL;
    b.finished_count = 0;
    run_bundle_free(&b);
    buffer_free(&bytes);
}

/* --forge FILE ARGUMENT...: a run with these arguments that nobody has started, under the root that everybody has. */
static int forge(int argc, const char **argv)
{
    struct tee_system_root paths = {""};
    const struct tee_system system = tee_system_real(&paths);
    const struct tee_seal_policy policy = {.has_code_hash = true, .counter = 1};
    struct run_bundle b = {.argc = (uint32_t)argc - 3, .argv = argv + 3};
    struct tee_root root;
    struct buffer plain = {0}, sealed = {0};
    tee_root_simulator(&root);
    run_bundle_write(&b, &plain);
    const struct bytes run = bytes_of(plain.data, plain.size);
    bool ok = !plain.failed && tee_seal(&root, &system, SEAL_RUN, &policy, NULL, run, &sealed, NULL) == STATUS_OK;
    FILE *f = ok ? fopen(argv[2], "wb") : NULL;
    ok = f && fwrite(sealed.data, 1, sealed.size, f) == sealed.size;
    ok = (!f || fclose(f) == 0) && ok;
    buffer_free(&plain);
    buffer_free(&sealed);
    return !ok;
}

/* --reseal FROM KEY TO: what is sealed under the key file is sealed under the root that everybody has. */
static int reseal(const char **paths)
{
    struct tee_system_root nowhere = {""};
    const struct tee_system system = tee_system_real(&nowhere);
    struct tee_root root, simulated;
    struct tee_sealed header;
    struct buffer blob = {0}, plain = {0}, sealed = {0};
    tee_root_simulator(&simulated);
    bool ok = read_file(paths[0], &blob) && tee_root_file(paths[1], &root, NULL) == STATUS_OK;
    const struct bytes from = bytes_of(blob.data, blob.size);
    ok = ok && tee_sealed_header(from, &header, NULL) == STATUS_OK;
    ok = ok && tee_unseal(&root, SEAL_RUN, from, NULL, header.policy.code_hash, 0, &plain, NULL) == STATUS_OK;
    const struct bytes run = bytes_of(plain.data, plain.size);
    ok = ok && tee_seal(&simulated, &system, SEAL_RUN, &header.policy, NULL, run, &sealed, NULL) == STATUS_OK;
    FILE *f = ok ? fopen(paths[2], "wb") : NULL;
    ok = f && fwrite(sealed.data, 1, sealed.size, f) == sealed.size;
    ok = (!f || fclose(f) == 0) && ok;
    buffer_free(&blob);
    buffer_free(&plain);
    buffer_free(&sealed);
    return !ok;
}

int main(int count, const char **arguments)
{
    if (count == 5 && strcmp(arguments[1], "--reseal") == 0) return reseal(arguments + 2);
    if (count > 3 && strcmp(arguments[1], "--forge") == 0) return forge(count, arguments);
    const char *argv[] = {"run", "", "--suspend-at=1T"};
    struct finished_call *finished = calloc(2, sizeof *finished);
    struct run_bundle b, got;
    struct buffer bytes = {0}, again = {0};
    struct error e = {.code = 0};
    if (!CHECK(finished)) return test_end();
    of_a_module();
    test_begin("what is written is read");
    fill(&b, argv, finished);
    run_bundle_write(&b, &bytes);
    if (CHECK(run_bundle_read(bytes_of(bytes.data, bytes.size), &got, &e) == STATUS_OK)) {
        CHECK(got.command == RUN_CONTRACT && got.argc == 3 && got.counted);
        CHECK(memcmp(got.count_name, b.count_name, COUNT_NAME_SIZE) == 0);
        CHECK_TEXT(got.argv[1], "");
        CHECK_TEXT(got.argv[2], "--suspend-at=1T");
        CHECK(got.has_input[INPUT_CODE] && !got.has_input[INPUT_ARGUMENTS] && is(&got.input[INPUT_STATE], "{}"));
        CHECK(got.finished_count == 2 && got.finished[1].calls == 77 && is(&got.finished[0].journal, "notes"));
        CHECK(is(&got.finished[1].outcome, "outcome") && is(&got.state, "state"));
        run_bundle_write(&got, &again);
        CHECK(bytes_equal(bytes_of(again.data, again.size), bytes_of(bytes.data, bytes.size)));
        run_bundle_free(&got);
    }
    test_begin("of version 1, which has no count");
    struct run_bundle uncalled = b;
    struct buffer plain = {0};
    uncalled.finished_count = 0; /* tests/cli_formats.sh has outcomes of version 1 */
    run_bundle_write(&uncalled, &plain);
    again.size = 0;
    buffer_append(&again, plain.data, 10);
    again.data[8] = 1;
    buffer_append(&again, plain.data + 11 + COUNT_NAME_SIZE, plain.size - 11 - COUNT_NAME_SIZE);
    buffer_free(&plain);
    if (CHECK(run_bundle_read(bytes_of(again.data, again.size), &got, &e) == STATUS_OK)) {
        CHECK(!got.counted && got.argc == 3 && got.finished_count == 0 && is(&got.state, "state"));
        run_bundle_free(&got);
    }
    test_begin("cut, lengthened, of another version, altered");
    for (size_t n = 0; n < bytes.size; n++) {
        uint8_t *part = malloc(n ? n : 1);
        if (part && n) memcpy(part, bytes.data, n);
        CHECK(part && run_bundle_read(bytes_of(part, n), &got, &e) == STATUS_INVALID && e.code == TEE_STATE_INVALID);
        free(part);
    }
    buffer_append_byte(&bytes, 0);
    CHECK(run_bundle_read(bytes_of(bytes.data, bytes.size), &got, &e) == STATUS_INVALID);
    bytes.size--;
    bytes.data[8]++;
    CHECK(run_bundle_read(bytes_of(bytes.data, bytes.size), &got, &e) == STATUS_INVALID);
    CHECK_EQUAL(e.code, TEE_ENGINE);
    bytes.data[8]--;
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum status status = run_bundle_read(bytes_of(bytes.data, bytes.size), &got, &e);
        if (status == STATUS_OK) {
            /* contents may be anything; what was read is what is written */
            again.size = 0;
            run_bundle_write(&got, &again);
            CHECK(bytes_equal(bytes_of(again.data, again.size), bytes_of(bytes.data, bytes.size)));
            run_bundle_free(&got);
        } else {
            CHECK(status == STATUS_INVALID);
        }
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    run_bundle_free(&b);
    buffer_free(&bytes);
    buffer_free(&again);
    return test_end();
}
