/* Sealed blobs, released roots, event logs and foreign mappings of registers. The first byte says which; each input is
 * tried as it is, and it says what is changed in a good one. */
#include <stdlib.h>

#include "fuzz/choices.h"
#include "tee/event_log.h"
#include "tee/registers_set.h"
#include "tee/release.h"
#include "tee/seal_header.h"

static void check(bool ok)
{
    if (!ok) abort();
}

static bool fill_random(void *self, void *data, size_t size)
{
    uint32_t *state = self;
    for (size_t i = 0; i < size; i++) {
        *state = *state * 1664525u + 1013904223u;
        ((uint8_t *)data)[i] = (uint8_t)(*state >> 24);
    }
    return true;
}

static void check_refused(enum status status, const struct error *e)
{
    check(status == STATUS_INVALID || status == STATUS_MALFORMED || status == STATUS_NO_MEMORY);
    check(status == STATUS_NO_MEMORY || (e->code > 0 && e->code < TEE_REFUSAL_COUNT && e->message[0]));
}

/* Changes some bytes, or the length; whether anything is different. */
static bool mutate(struct buffer *b, struct choices *c)
{
    bool changed = false;
    for (uint32_t i = 0, count = 1 + choose(c, 4); i < count && b->size; i++) {
        const uint32_t at = choose(c, (uint32_t)b->size), kind = choose(c, 8);
        if (kind < 6) {
            b->data[at] = (uint8_t)choose(c, 256);
        } else if (kind == 6) {
            b->size = at;
            changed = true;
        } else {
            buffer_append_byte(b, (uint8_t)choose(c, 256));
            changed = true;
        }
    }
    return changed;
}

static bool same(const struct buffer *a, const struct buffer *b)
{
    return bytes_equal(bytes_of(a->data, a->size), bytes_of(b->data, b->size));
}

/* ---- blobs ------------------------------------------------------------------------------------------------------------ */

static struct tee_snapshot some_registers(struct choices *c)
{
    struct tee_snapshot s = {.count = choose(c, TEE_REGISTERS + 1)};
    for (uint32_t i = 0; i < s.count; i++) s.value[i][choose(c, TEE_REGISTER_SIZE)] = (uint8_t)choose(c, 2);
    return s;
}

/* What unsealing must say, from the description of the policy alone. */
static enum tee_refusal expected(const struct tee_seal_policy *p, const struct tee_snapshot *then,
                                 const struct tee_snapshot *now, const uint8_t *code, uint64_t min_counter)
{
    if (p->min_format > SEAL_FORMAT) return TEE_POLICY_MISMATCH;
    if (p->has_code_hash && (!code || memcmp(code, p->code_hash, 32) != 0)) return TEE_POLICY_MISMATCH;
    for (uint32_t i = 0; i < TEE_REGISTERS; i++)
        if ((p->register_mask & 1u << i) && (i >= now->count || memcmp(then->value[i], now->value[i], 48) != 0))
            return TEE_POLICY_MISMATCH;
    return p->counter < min_counter ? TEE_COUNTER : TEE_OK;
}

static void try_blob(const struct tee_root *root, const struct buffer *blob, bool good, enum tee_refusal refusal,
                     const struct tee_snapshot *now, const uint8_t *code, uint64_t min_counter)
{
    struct buffer out = {0};
    struct tee_sealed header;
    struct error e = {0};
    const enum status read = tee_sealed_header(bytes_of(blob->data, blob->size), &header, &e);
    if (read != STATUS_OK) check_refused(read, &e);
    const enum status status =
        tee_unseal(root, SEAL_RUN, bytes_of(blob->data, blob->size), now, code, min_counter, &out, &e);
    if (status != STATUS_OK) check_refused(status, &e);
    if (status != STATUS_OK) check(out.size == 0);
    if (good) check(read == STATUS_OK && (status == STATUS_OK ? refusal == TEE_OK : e.code == (int)refusal));
    if (!good) check(status != STATUS_OK);
    buffer_free(&out);
}

static void blobs(const uint8_t *data, size_t size)
{
    struct choices c = choices_of(data, size);
    uint32_t state = 1;
    const struct tee_system system = {.random = fill_random, .self = &state};
    const struct tee_root root = {.kind = ROOT_FILE, .secret = {1}};
    const struct tee_snapshot then = some_registers(&c), now = choose(&c, 2) ? then : some_registers(&c);
    struct tee_seal_policy policy = {.register_mask = choose(&c, 1 << 16), .has_code_hash = choose(&c, 2) != 0,
                                     .min_format = (uint16_t)choose(&c, 3), .counter = choose(&c, 5)};
    const uint8_t code[32] = {(uint8_t)choose(&c, 2)};
    const uint64_t min_counter = choose(&c, 5);
    struct buffer blob = {0}, raw = {0}, changed = {0};
    struct error e = {0};
    if (then.count < TEE_REGISTERS) policy.register_mask &= (1u << then.count) - 1;
    buffer_append(&raw, data, size);
    try_blob(&root, &raw, false, TEE_OK, &now, code, min_counter);
    if (tee_seal(&root, &system, SEAL_RUN, &policy, &then, bytes_of(data, size), &blob, &e) == STATUS_OK) {
        try_blob(&root, &blob, true, expected(&policy, &then, &now, code, min_counter), &now, code, min_counter);
        buffer_append(&changed, blob.data, blob.size);
        mutate(&changed, &c);
        if (!same(&blob, &changed)) try_blob(&root, &changed, false, TEE_OK, &now, code, min_counter);
    }
    buffer_free(&blob);
    buffer_free(&raw);
    buffer_free(&changed);
}

/* ---- released roots --------------------------------------------------------------------------------------------------- */

static void messages(const uint8_t *data, size_t size)
{
    struct choices c = choices_of(data, size);
    uint32_t state = 1;
    const struct tee_system system = {.random = fill_random, .self = &state};
    const struct tee_root root = {.kind = ROOT_FILE, .secret = {1}};
    const struct tee_release_context context = {.digest = {2}, .label = bytes_of(data, size < 255 ? size : 255)};
    struct tee_release_key *key = NULL;
    struct tee_root got;
    struct buffer message = {0}, good = {0};
    struct error e = {0};
    if (tee_release_key_new(&system, &key, &e) != STATUS_OK) return;
    uint8_t id[TEE_ROOT_ID_SIZE];
    tee_release_root_id(&root, id);
    enum status status = tee_release_unwrap(key, bytes_of(data, size), &context, id, &got, &e);
    check(status != STATUS_OK);
    check_refused(status, &e);
    status = tee_release_wrap(&root, &system, bytes_of(data, size < 65 ? size : 65), &context, &message, &e);
    if (status != STATUS_OK) check_refused(status, &e);
    message.size = 0;
    if (tee_release_wrap(&root, &system, bytes_of(tee_release_key_public(key), 65), &context, &good, &e) == STATUS_OK) {
        buffer_append(&message, good.data, good.size);
        mutate(&message, &c);
        status = tee_release_unwrap(key, bytes_of(message.data, message.size), &context, id, &got, &e);
        check((status == STATUS_OK) == same(&message, &good));
        if (status != STATUS_OK) check_refused(status, &e);
        if (status == STATUS_OK) check(memcmp(got.secret, root.secret, 32) == 0);
    }
    buffer_free(&message);
    buffer_free(&good);
    tee_release_key_free(key);
}

/* ---- event logs ---------------------------------------------------------------------------------------------------- */

/* What replays also restores, to the same values and the same bytes. */
static void try_log(struct bytes log, uint32_t count, bool must)
{
    struct tee_snapshot replayed, restored;
    struct tee_registers *r = NULL;
    struct buffer again = {0};
    struct error e = {0};
    const enum status status = tee_event_log_replay(log, count, &replayed, &e);
    if (status != STATUS_OK) {
        check_refused(status, &e);
        check(!must && e.code == TEE_EVENT_LOG && replayed.count == 0);
        return;
    }
    if (tee_registers_new(count, 1 << 20, &r, &e) != STATUS_OK) return;
    check(tee_registers_restore(r, log, &e) == STATUS_OK);
    if (tee_registers_snapshot(r, &restored, &again, &e) == STATUS_OK) {
        check(memcmp(&replayed, &restored, sizeof replayed) == 0);
        check(bytes_equal(log, bytes_of(again.data, again.size)));
    }
    buffer_free(&again);
    tee_registers_free(r);
}

static void logs(const uint8_t *data, size_t size)
{
    struct choices c = choices_of(data, size);
    const uint32_t count = 1 + choose(&c, TEE_REGISTERS);
    struct buffer log = {0};
    try_log(bytes_of(data, size), count, false);
    /* its events with their true digests */
    struct tee_event_reader reader = tee_event_reader_of(bytes_of(data, size));
    struct tee_event event;
    uint32_t events = 0;
    borsh_write_u32(&log, 0);
    for (; tee_event_next(&reader, &event); events++) {
        uint8_t digest[TEE_REGISTER_SIZE];
        tee_event_digest(event.type, event.payload, digest);
        event.digest = digest;
        event.index = (uint8_t)(event.index % count);
        tee_event_write(&log, &event);
    }
    if (!log.failed) {
        store_le32(log.data, events);
        try_log(bytes_of(log.data, log.size), count, log.size < 1 << 19);
        mutate(&log, &c);
        try_log(bytes_of(log.data, log.size), count, false);
    }
    buffer_free(&log);
}

/* ---- foreign mappings ---------------------------------------------------------------------------------------------- */

enum { LOG_BYTES = 4096 };

/* The mapping is what somebody else wrote, but for the words that would make us wait. */
static void scribble(struct register_mapping *m, const uint8_t *data, size_t size, struct choices *c)
{
    const size_t whole = sizeof *m + LOG_BYTES;
    size_t at = choose(c, 2) ? offsetof(struct register_mapping, guard) : 0;
    if (choose(c, 4) == 0) at = sizeof *m;
    memcpy((uint8_t *)m + at, data, size < whole - at ? size : whole - at);
    if (choose(c, 2)) m->log_size = choose(c, LOG_BYTES + 2);
    m->guard = m->poisoned = 0;
    for (int i = 0; i < LOCK_COUNT; i++) m->locks[i] = 0;
}

static void use(struct tee_registers *r, const uint8_t *data, size_t size)
{
    struct tee_snapshot s;
    struct buffer log = {0};
    struct error e = {0};
    uint8_t value[TEE_REGISTER_SIZE] = {0};
    memcpy(value, data, size < sizeof value ? size : sizeof value);
    enum status status = tee_registers_snapshot(r, &s, &log, &e);
    if (status != STATUS_OK) check_refused(status, &e);
    check(status == STATUS_OK || log.size == 0);
    status = tee_registers_wait(r, 0, value, 0, &e);
    if (status != STATUS_OK) check_refused(status, &e);
    status = tee_registers_extend(r, 0, 1, bytes_of(data, size), value, NULL, &e);
    if (status != STATUS_OK) check_refused(status, &e);
    if (status == STATUS_OK) check(tee_registers_read(r, 0, value, NULL, &e) == STATUS_OK);
    buffer_free(&log);
}

static void mappings(const uint8_t *data, size_t size)
{
    struct choices c = choices_of(data, size);
    struct tee_registers *r = NULL, *other = NULL;
    struct error e = {0};
    if (tee_registers_new_shared(TEE_REGISTERS, LOG_BYTES, &r, &e) != STATUS_OK) return;
    for (uint32_t i = 0, count = choose(&c, 4); i < count; i++)
        tee_registers_extend(r, i, 1, bytes_of(data, size < 100 ? size : 100), NULL, NULL, &e);
    scribble(r->shared, data, size, &c);
    const enum status status = tee_registers_attach(tee_registers_fd(r), &other, &e);
    if (status != STATUS_OK) check_refused(status, &e);
    if (other) use(other, data, size);
    use(r, data, size);
    tee_registers_free(other);
    tee_registers_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const parts[])(const uint8_t *, size_t) = {blobs, messages, logs, mappings};
    if (size) parts[data[0] % 4](data + 1, size - 1);
    return 0;
}
