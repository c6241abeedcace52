/* R3: a suspended run from somebody who has the key, and who has changed what is below the seal. The seal says nothing
 * against it; everything else must. `nvm` itself suspends and resumes. */
#include "base/borsh.h"
#include "cli/run_suspend.h"
#include "tests/read_file.h"
#include "tests/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char text[] =
    "(module (memory 1 3) (global $turns (mut i32) (i32.const 0))\n"
    "  (func $burn (param i32) (result i64)\n"
    "    (loop $l\n"
    "      (i32.store (i32.const 100) (i32.add (i32.load (i32.const 100)) (local.get 0)))\n"
    "      (global.set $turns (i32.add (global.get $turns) (i32.const 1)))\n"
    "      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))\n"
    "    (i64.const 5))\n"
    "  (func (export \"work\") (i64.const 7) (call $burn (i32.const 20000)) (i64.add) (drop)))\n";

/* The folder in which everything is, and the command. */
static char folder[] = "/tmp/nvm-resealed-XXXXXX", nvm[512];

static bool put(const char *name, struct bytes data, mode_t mode)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    bool ok = f && fwrite(data.data, 1, data.size, f) == data.size;
    if (f) ok = fclose(f) == 0 && ok;
    return CHECK(ok && chmod(path, mode) == 0);
}

static bool get(const char *name, struct buffer *out)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    out->size = 0;
    return CHECK(read_file(path, out));
}

/* Runs the command in the folder; its exit code. What it says is in the file `said`. */
static int run(const char *arguments)
{
    char line[1024];
    snprintf(line, sizeof line, "cd %s && %s %s >said 2>&1 </dev/null", folder, nvm, arguments);
    const int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool says(const char *words)
{
    struct buffer said = {0};
    bool found = get("said", &said);
    buffer_append_byte(&said, 0);
    found = found && strstr((const char *)said.data, words) != NULL;
    if (!found) printf("  no '%s': %s\n", words, (const char *)said.data);
    buffer_free(&said);
    return found;
}

/* What was suspended, opened with the key. */
struct opened {
    struct tee_root root;
    struct tee_sealed header;
    struct buffer plain;
    struct run_bundle bundle;
};

static bool open_sealed(struct opened *x)
{
    struct buffer blob = {0};
    struct error e = {0};
    char key[128];
    *x = (struct opened){.plain = {0}};
    snprintf(key, sizeof key, "%s/key", folder);
    const bool ok = get("sealed", &blob) && CHECK(tee_root_file(key, &x->root, &e) == STATUS_OK) &&
                    CHECK(tee_sealed_header(bytes_of(blob.data, blob.size), &x->header, &e) == STATUS_OK) &&
                    CHECK(tee_unseal(&x->root, SEAL_RUN, bytes_of(blob.data, blob.size), NULL,
                                     x->header.policy.code_hash, 0, &x->plain, &e) == STATUS_OK) &&
                    CHECK(run_bundle_read(bytes_of(x->plain.data, x->plain.size), &x->bundle, &e) == STATUS_OK);
    buffer_free(&blob);
    return ok;
}

/* Seals it again as it is now, and resumes: the exit code. */
static int resume(const struct opened *x)
{
    struct tee_system_root paths = {""};
    const struct tee_system system = tee_system_real(&paths);
    struct buffer plain = {0}, blob = {0};
    struct error e = {0};
    run_bundle_write(&x->bundle, &plain);
    CHECK(tee_seal(&x->root, &system, SEAL_RUN, &x->header.policy, NULL, bytes_of(plain.data, plain.size), &blob, &e) ==
          STATUS_OK);
    put("resealed", bytes_of(blob.data, blob.size), 0600);
    buffer_free(&plain);
    buffer_free(&blob);
    return run("resume resealed --seal-key key");
}

static void refused(const struct opened *x, const char *code, const char *what)
{
    char words[64];
    snprintf(words, sizeof words, "(%s)", code);
    const int found = resume(x);
    if (!CHECK_EQUAL(found, 2) || !CHECK(says(words))) printf("  %s\n", what);
}

/* ---- where things are: docs/suspended-runs.md -------------------------------------------------------------------- */

enum { CALL_VERSION = 8, CALL_PARAMETERS = 10, CALL_CONTEXT = 42, CALL_BURNT = 74,
       CODE_VERSION = 8, CODE_FEES = 10, CODE_MODULE = 42, CODE_GAS = 74, CODE_MEMORIES = 82, PIECE = 4 + 4096 };

struct places {
    size_t code, pages, frames, inner;
};

static void skip_flags(struct borsh_reader *r)
{
    borsh_read_fixed(r, borsh_read_u32(r));
}

static bool find(struct bytes state, struct places *p)
{
    const uint8_t *code = memmem(state.data, state.size, "nvmstate", 8);
    if (!CHECK(code)) return false;
    p->code = (size_t)(code - state.data);
    struct borsh_reader r = borsh_reader_of(bytes_of(code, state.size - p->code));
    borsh_read_fixed(&r, CODE_MEMORIES);
    CHECK_EQUAL(borsh_read_u32(&r), 1);
    p->pages = p->code + (size_t)(r.p - r.start);
    CHECK(borsh_read_u32(&r) >= 1);
    borsh_read_fixed(&r, (size_t)borsh_read_u32(&r) * PIECE);
    CHECK_EQUAL(borsh_read_u32(&r), 0);                       /* no tables */
    borsh_read_fixed(&r, (size_t)borsh_read_u32(&r) * 8);     /* globals */
    skip_flags(&r);
    skip_flags(&r);
    p->frames = p->code + (size_t)(r.p - r.start);
    CHECK_EQUAL(borsh_read_u32(&r), 2);
    borsh_read_fixed(&r, 8);                                  /* of "work": function, offset, locals, operands */
    borsh_read_fixed(&r, (size_t)borsh_read_u32(&r) * 8);
    borsh_read_fixed(&r, (size_t)borsh_read_u32(&r) * 8);
    p->inner = p->code + (size_t)(r.p - r.start);
    return CHECK(!r.failed);
}

static void with_u32(struct opened *x, size_t at, uint32_t value, const char *code, const char *what)
{
    uint8_t *p = x->bundle.state.data + at;
    const uint32_t before = load_le32(p);
    store_le32(p, value);
    refused(x, code, what);
    store_le32(p, before);
}

static void with_bit(struct opened *x, size_t at, const char *code, const char *what)
{
    x->bundle.state.data[at] ^= 1;
    refused(x, code, what);
    x->bundle.state.data[at] ^= 1;
}

static void test_code(struct opened *x, const struct places *p)
{
    test_begin("R3: the state of the code");
    const uint32_t offset = load_le32(x->bundle.state.data + p->inner + 4);
    with_u32(x, p->inner + 4, offset + 1, "state-invalid", "an offset inside of an instruction");
    with_u32(x, p->inner + 4, UINT32_MAX, "state-invalid", "an offset behind the code");
    with_u32(x, p->inner, 77, "state-invalid", "a function that is not there");
    with_u32(x, p->frames, 1, "state-invalid", "a frame less");
    with_u32(x, p->frames, 3, "state-invalid", "a frame more");
    with_u32(x, p->frames, UINT32_MAX, "state-invalid", "more frames than bytes");
    const uint32_t locals = load_le32(x->bundle.state.data + p->inner + 8);
    CHECK_EQUAL(locals, 1);
    with_u32(x, p->inner + 8, 0, "state-invalid", "a local less");
    with_u32(x, p->inner + 12 + 4, 1, "state-invalid", "an i32 of 33 bits");
    const size_t operands = p->inner + 12 + 8 * locals;
    with_u32(x, operands, load_le32(x->bundle.state.data + operands) + 1, "state-invalid", "an operand more");
    with_u32(x, p->pages, 0, "state-invalid", "less memory than the module begins with");
    with_u32(x, p->pages, 4, "state-invalid", "more memory than the module may have");
    with_u32(x, p->pages, UINT32_MAX, "state-invalid", "more memory than there can be");
    with_bit(x, p->code, "state-invalid", "not a state");
    with_bit(x, p->code + CODE_GAS, "state-invalid", "a unit of gas");
    with_bit(x, p->code + CODE_VERSION, "engine", "another version of the format");
    with_bit(x, p->code + CODE_FEES, "engine", "other fees of instructions");
    with_bit(x, p->code + CODE_MODULE, "engine", "another module");
}

static void test_call(struct opened *x)
{
    test_begin("R3: the state of the call, and what is around it");
    with_bit(x, CALL_VERSION, "engine", "another version of the call's format");
    with_bit(x, CALL_PARAMETERS, "engine", "another table of gas");
    with_bit(x, CALL_CONTEXT, "state-invalid", "another context");
    with_bit(x, CALL_BURNT, "state-invalid", "other gas burnt");
    x->bundle.state.size--;
    refused(x, "state-invalid", "a byte less");
    x->bundle.state.size++;
    buffer_append_byte(&x->bundle.state, 0);
    refused(x, "state-invalid", "a byte more");
    x->bundle.state.size--;
    buffer_append_byte(&x->bundle.input[INPUT_CODE], 0);
    refused(x, "policy-mismatch", "another module than it was sealed for");
    x->bundle.input[INPUT_CODE].size--;
    x->header.policy.has_code_hash = false;
    refused(x, "state-invalid", "sealed for no module");
    x->header.policy.has_code_hash = true;
    x->header.policy.counter++;
    refused(x, "counter", "a number that was never given out");
    x->header.policy.counter--;
}

/* Options that the run never had: files of whoever resumes it are none of the maker's business. */
static void test_options(struct opened *x)
{
    static const char *const options[] = {"--flame=theirs", "--folded=theirs", "--proof=theirs", "--save-state=theirs"};
    char path[128];
    const char **own = x->bundle.argv, *more[16];
    const uint32_t count = x->bundle.argc;
    test_begin("R3: other options");
    snprintf(path, sizeof path, "%s/theirs", folder);
    if (!CHECK(count + 1 <= sizeof more / sizeof more[0])) return;
    memcpy(more, own, count * sizeof *own);
    x->bundle.argv = more;
    x->bundle.argc = count + 1;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        more[count] = options[i];
        CHECK_EQUAL(resume(x), 2);
        CHECK(says("nvm: error: resume: ") && access(path, F_OK) != 0);
    }
    x->bundle.argv = own;
    x->bundle.argc = count;
}

/* A number that nobody counts, so that the run could go on again and again; one of another count. */
static void test_count(struct opened *x)
{
    test_begin("R3: without a number, or with another's");
    x->bundle.counted = false;
    refused(x, "state-invalid", "nobody counts");
    x->bundle.counted = true;
    x->bundle.count_name[COUNT_NAME_SIZE - 1] ^= 1;
    refused(x, "counter", "of another count");
    x->bundle.count_name[COUNT_NAME_SIZE - 1] ^= 1;
}

int main(int argc, char **argv)
{
    struct opened x = {.plain = {0}};
    struct places p;
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    const uint8_t key[32] = {3, 1, 4};
    char beside[400];
    test_begin("a run is suspended");
    snprintf(beside, sizeof beside, "%.*s/../nvm", slash ? (int)(slash - argv[0]) : 1, slash ? argv[0] : ".");
    char *real = realpath(beside, NULL);
    if (!CHECK(real && mkdtemp(folder))) return test_end();
    snprintf(nvm, sizeof nvm, "%s", real);
    free(real);
    put("key", bytes_of(key, sizeof key), 0600);
    put("work.wat", bytes_of_string(text), 0600);
    CHECK_EQUAL(run("run work.wat work --suspend-at 100G --suspend-to sealed --seal-key key"), 0);
    if (CHECK(says("suspended")) && open_sealed(&x) &&
        find(bytes_of(x.bundle.state.data, x.bundle.state.size), &p)) {
        test_code(&x, &p);
        test_call(&x);
        test_options(&x);
        test_count(&x);
        test_begin("R3: as it was, and once only");
        CHECK_EQUAL(resume(&x), 0);
        refused(&x, "counter", "resumed twice");
    }
    run_bundle_free(&x.bundle);
    buffer_free(&x.plain);
    char remove[64];
    snprintf(remove, sizeof remove, "rm -rf %s", folder);
    CHECK(system(remove) == 0);
    return test_end();
}
