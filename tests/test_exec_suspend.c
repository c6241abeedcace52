/* What is below the seal of a suspended module, altered by somebody who holds the root: refused, or a run that ends. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/borsh.h"
#include "cli/cli.h"
#include "cli/run_suspend.h"
#include "tests/test.h"

static char path[] = "/tmp/nvm-test-XXXXXX";
static struct error e;

/* What the file is about, and its parts. */
struct opened {
    struct tee_sealed header;
    struct run_bundle bundle;
    bool in_function;
    struct bytes events, code;
};

/* A command, with what it prints left aside. */
static int quietly(int (*command)(int argc, char **argv), int argc, char **argv)
{
    fflush(stdout);
    const int kept = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY);
    CHECK(kept >= 0 && nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0);
    const int result = command(argc, argv);
    fflush(stdout);
    CHECK(dup2(kept, STDOUT_FILENO) >= 0);
    close(kept);
    close(nowhere);
    return result;
}

static int resume(void)
{
    char provider[] = "--provider=simulator", *argv[] = {path, provider};
    return quietly(command_resume, 2, argv);
}

static int suspend(void)
{
    char to[64], fuel[] = "--fuel=1000000", provider[] = "--provider=simulator";
    char module[] = "examples/suspended.wat", function[] = "run", seven[] = "7";
    snprintf(to, sizeof to, "--suspend-to=%s", path);
    char *argv[] = {fuel, to, provider, module, function, seven};
    return quietly(command_exec, 6, argv);
}

static bool open_file(struct opened *o)
{
    struct buffer blob = {0}, plain = {0};
    struct tee_root root;
    tee_root_simulator(&root);
    bool ok = CHECK(file_read(path, 1 << 20, &blob, &e) == STATUS_OK);
    const struct bytes b = bytes_of(blob.data, blob.size);
    ok = ok && CHECK(tee_sealed_header(b, &o->header, &e) == STATUS_OK);
    ok = ok && CHECK(tee_unseal(&root, SEAL_RUN, b, NULL, o->header.policy.code_hash, 0, &plain, &e) == STATUS_OK);
    ok = ok && CHECK(run_bundle_read(bytes_of(plain.data, plain.size), &o->bundle, &e) == STATUS_OK);
    struct borsh_reader r = borsh_reader_of(bytes_of(o->bundle.state.data, o->bundle.state.size));
    o->in_function = borsh_read_bool(&r);
    o->events = borsh_read_bytes(&r);
    o->code = borsh_read_bytes(&r);
    buffer_free(&blob);
    buffer_free(&plain);
    return ok && CHECK(!r.failed && r.p == r.end);
}

/* Seals a bundle with another state, and resumes it. */
static int resume_as(const struct opened *o, struct bytes state)
{
    struct tee_system_root paths = {""};
    const struct tee_system system = tee_system_real(&paths);
    struct buffer plain = {0}, blob = {0};
    struct run_bundle b = o->bundle;
    struct tee_root root;
    tee_root_simulator(&root);
    b.state = (struct buffer){0};
    buffer_append(&b.state, state.data, state.size);
    run_bundle_write(&b, &plain);
    CHECK(tee_seal(&root, &system, SEAL_RUN, &o->header.policy, NULL, bytes_of(plain.data, plain.size), &blob, &e) ==
          STATUS_OK);
    CHECK(file_write(path, blob.data, blob.size, &e) == STATUS_OK);
    buffer_free(&b.state);
    buffer_free(&plain);
    buffer_free(&blob);
    return resume();
}

static int resume_parts(const struct opened *o, bool in_function, struct bytes events, struct bytes code)
{
    struct buffer state = {0};
    borsh_write_bool(&state, in_function);
    borsh_write_bytes(&state, events);
    borsh_write_bytes(&state, code);
    const int result = resume_as(o, bytes_of(state.data, state.size));
    buffer_free(&state);
    return result;
}

static void parts(const struct opened *o)
{
    test_begin("another place, other events, no code");
    const struct bytes none = {0};
    CHECK_EQUAL(resume_parts(o, true, o->events, o->code), EXIT_OK);
    CHECK_EQUAL(resume_parts(o, false, o->events, o->code), EXIT_INPUT); /* the module has no start function */
    CHECK_EQUAL(resume_parts(o, true, none, o->code), EXIT_INPUT);
    CHECK_EQUAL(resume_parts(o, true, bytes_of("\0\0\0\0", 4), o->code), EXIT_INPUT); /* not even the module's code */
    CHECK_EQUAL(resume_parts(o, true, o->events, none), EXIT_INPUT);
    CHECK_EQUAL(resume_parts(o, true, bytes_of(o->events.data, o->events.size - 1), o->code), EXIT_INPUT);
}

/* Digests cover type and payload: that an event is another register's makes another log that is one. The first, of the
 * code, must be what it was. */
static bool is_a_log(const struct opened *o, const uint8_t *events)
{
    enum { FIRST = 4 + 1 + 4 + TEE_REGISTER_SIZE + 4 + 32 };
    struct tee_snapshot ends;
    return memcmp(o->events.data, events, FIRST) == 0 &&
           tee_event_log_replay(bytes_of(events, o->events.size), TEE_REGISTERS, &ends, &e) == STATUS_OK;
}

static void every_byte(const struct opened *o)
{
    test_begin("every length, and every byte");
    const struct buffer *s = &o->bundle.state;
    uint8_t *altered = malloc(s->size + 1);
    if (!CHECK(altered)) return;
    memcpy(altered, s->data, s->size);
    altered[s->size] = 0;
    CHECK_EQUAL(resume_as(o, bytes_of(altered, s->size + 1)), EXIT_INPUT);
    for (size_t n = 0; n < s->size; n += n < 400 ? 7 : 61)
        CHECK_EQUAL(resume_as(o, bytes_of(altered, n)), EXIT_INPUT);
    const size_t in_front = 1 + 4 + o->events.size + 4; /* of the code's state */
    uint32_t refused = 0, tried = 0;
    for (size_t i = 0; i < s->size; i += i < in_front + 120 || i + 200 > s->size ? 1 : 37, tried++) {
        altered[i] ^= (uint8_t)(1 << i % 8);
        const int result = resume_as(o, bytes_of(altered, s->size));
        const bool other_log = i > 5 && i + 4 < in_front && is_a_log(o, altered + 5);
        altered[i] ^= (uint8_t)(1 << i % 8);
        refused += result == EXIT_INPUT;
        if (i < in_front && !other_log) CHECK_EQUAL(result, EXIT_INPUT);
    }
    printf("  %u of %u altered states refused\n", refused, tried);
    CHECK(refused > 9 * in_front / 10 && refused < tried);
    free(altered);
}

int main(void)
{
    struct opened o = {.in_function = false};
    const int file = mkstemp(path);
    if (!CHECK(file >= 0)) return test_end();
    close(file);
    if (!freopen("/dev/null", "w", stderr)) return 1;
    test_begin("a file as it is");
    CHECK_EQUAL(suspend(), EXIT_OK);
    if (open_file(&o) && CHECK(o.in_function)) {
        CHECK_EQUAL(resume(), EXIT_OK);
        parts(&o);
        every_byte(&o);
    }
    run_bundle_free(&o.bundle);
    unlink(path);
    return test_end();
}
