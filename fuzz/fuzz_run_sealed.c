/* Suspended runs from somebody who has the key: a sealed file is opened, one part of it is changed (an argument, an
 * input, an ended call's journal or outcome, the state), and it is sealed again under the tests' key. Whatever opens is
 * the one form of what was read; outcomes and journals are refused or used. The seeds are the sealed files of
 * tests/formats. */
#include <stdlib.h>

#include "cli/run_suspend.h"
#include "crypto/sha2.h"
#include "fuzz/choices.h"
#include "fuzz/mutate.h"
#include "host/mock_external.h"

enum { KEY_BYTE = 7 }; /* of which tests/formats/seal.key consists */

static void check(bool ok)
{
    if (!ok) abort();
}

static struct tee_root test_root(void)
{
    struct tee_root root = {.kind = ROOT_FILE};
    memset(root.secret, KEY_BYTE, sizeof root.secret);
    return root;
}

static bool fill_random(void *self, void *data, size_t size)
{
    (void)self;
    memset(data, 1, size);
    return true;
}

/* False: it does not open. */
static bool open_sealed(struct bytes blob, struct buffer *plain)
{
    const struct tee_root root = test_root();
    struct tee_sealed header;
    struct error e = {0};
    if (tee_sealed_header(blob, &header, &e) != STATUS_OK) return false;
    const uint8_t *code = header.policy.has_code_hash ? header.policy.code_hash : NULL;
    const enum status status = tee_unseal(&root, SEAL_RUN, blob, NULL, code, 0, plain, &e);
    if (status != STATUS_OK) check(e.code > 0 && e.message[0]);
    return status == STATUS_OK;
}

/* ---- using it ---------------------------------------------------------------------------------------------------- */

static struct bytes view(const struct buffer *b)
{
    return bytes_of(b->data, b->size);
}

static void try_call(const struct finished_call *f)
{
    struct mock_external mock;
    struct call_outcome o;
    struct buffer again = {0}, twice = {0};
    struct error e = {0};
    mock_external_init(&mock);
    enum status status = call_repeat(&mock.external, view(&f->journal), &e);
    check(status == STATUS_OK || e.message[0]);
    mock_external_free(&mock);
    status = call_outcome_read(view(&f->outcome), &o, &e);
    if (status != STATUS_OK) {
        check(e.message[0]);
        return;
    }
    call_outcome_write(&o, &again);
    call_outcome_free(&o);
    check(call_outcome_read(view(&again), &o, &e) == STATUS_OK);
    call_outcome_write(&o, &twice);
    call_outcome_free(&o);
    check(bytes_equal(view(&again), view(&twice)));
    buffer_free(&again);
    buffer_free(&twice);
}

static void try_bundle(struct bytes plain)
{
    struct run_bundle b, c;
    struct buffer again = {0}, twice = {0};
    struct error e = {0};
    if (run_bundle_read(plain, &b, &e) != STATUS_OK) {
        check(e.code > 0 && e.message[0]);
        return;
    }
    for (uint32_t i = 0; i < b.finished_count; i++) try_call(&b.finished[i]);
    run_bundle_write(&b, &again);
    check(run_bundle_read(view(&again), &c, &e) == STATUS_OK);
    run_bundle_write(&c, &twice);
    check(bytes_equal(view(&again), view(&twice)));
    run_bundle_free(&b);
    run_bundle_free(&c);
    buffer_free(&again);
    buffer_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer plain = {0};
    if (open_sealed(bytes_of(data, size), &plain)) try_bundle(view(&plain));
    buffer_free(&plain);
    return 0;
}

/* ---- changing it ------------------------------------------------------------------------------------------------- */

static void change_bytes(struct buffer *b, struct choices *c)
{
    const uint32_t kind = choose(c, 8), at = choose(c, (uint32_t)b->size);
    if (b->size == 0 || kind == 0) buffer_append_byte(b, (uint8_t)choose(c, 256));
    else if (kind == 1) b->size = at;
    else if (kind == 2) b->data[at] = (uint8_t)(b->data[at] + 1);
    else if (kind == 3) b->data[at] = 0xff;
    else if (kind == 4) memset(b->data + at, 0, b->size - at < 8 ? b->size - at : 8);
    else b->data[at] ^= (uint8_t)(1u << choose(c, 8));
}

static void change_finished(struct run_bundle *b, struct choices *c)
{
    const uint32_t i = choose(c, b->finished_count);
    if (b->finished_count == 0) return;
    switch (choose(c, 4)) {
    case 0: b->finished[i].calls += choose(c, 3); break;
    case 1: change_bytes(&b->finished[i].outcome, c); break;
    default: change_bytes(&b->finished[i].journal, c); break;
    }
}

static void change_bundle(struct run_bundle *b, struct choices *c)
{
    const int input = (int)choose(c, INPUT_COUNT);
    switch (choose(c, 6)) {
    case 0:
        if (b->argc) b->argv[choose(c, b->argc)] = "--follow";
        break;
    case 1: b->has_input[input] = !b->has_input[input]; break;
    case 2: change_bytes(&b->input[input], c); break;
    case 3:
    case 4: change_finished(b, c); break;
    default: change_bytes(&b->state, c); break;
    }
}

/* Reads what is below the seal, changes a part or the bytes themselves, seals it again. */
static bool change(struct bytes blob, struct choices *c, struct buffer *out)
{
    const struct tee_system system = {.random = fill_random};
    const struct tee_root root = test_root();
    struct tee_seal_policy policy = {.has_code_hash = true, .counter = 1};
    struct buffer plain = {0};
    struct run_bundle b;
    struct error e = {0};
    bool ok = open_sealed(blob, &plain);
    if (ok && choose(c, 4) && run_bundle_read(view(&plain), &b, &e) == STATUS_OK) {
        for (uint32_t i = 0, count = 1 + choose(c, 3); i < count; i++) change_bundle(&b, c);
        sha256(view(&b.input[INPUT_CODE]), policy.code_hash);
        plain.size = 0;
        run_bundle_write(&b, &plain);
        run_bundle_free(&b);
    } else if (ok) {
        change_bytes(&plain, c);
    }
    ok = ok && !plain.failed && tee_seal(&root, &system, SEAL_RUN, &policy, NULL, view(&plain), out, &e) == STATUS_OK;
    buffer_free(&plain);
    return ok;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct choices c = {data, data, seed};
    struct buffer out = {0};
    const bool changed = choose(&c, 20) > 0 && change(bytes_of(data, size), &c, &out);
    return mutate_to(&out, changed, data, size, max_size);
}
