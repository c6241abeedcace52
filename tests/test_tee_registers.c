/* Measurement registers: values and logs, threads, processes, waiting, locks, dead holders, hostile mappings. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crypto/sha2.h"
#include "tee/event_log.h"
#include "tee/registers_set.h"
#include "tests/failing_alloc.h"
#include "tests/test.h"

enum { SOON_MS = 20000 /* more than anything here takes, however busy the machine */ };

static struct error e;

static struct tee_registers *new_set(uint32_t count, size_t log_bytes)
{
    struct tee_registers *r = NULL;
    CHECK(tee_registers_new(count, log_bytes, &r, &e) == STATUS_OK);
    return r;
}

static struct tee_registers *new_shared(uint32_t count, size_t log_bytes)
{
    struct tee_registers *r = NULL;
    CHECK(tee_registers_new_shared(count, log_bytes, &r, &e) == STATUS_OK);
    return r;
}

static struct bytes text(const char *s)
{
    return bytes_of_string(s);
}

static bool refused(enum status status, enum tee_refusal r)
{
    const bool ok = status == STATUS_INVALID && e.code == (int)r && e.message[0];
    if (!ok) printf("status %s, code %s: %s\n", status_name(status), tee_refusal_code((enum tee_refusal)e.code), e.message);
    return ok;
}

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* The formula of the header, written down a second time. */
static void by_hand(uint8_t value[48], uint32_t type, struct bytes payload)
{
    uint8_t input[256], both[96];
    memcpy(input, "nvm-tee-event-v1", 17);
    for (int i = 0; i < 4; i++) {
        input[17 + i] = (uint8_t)(type >> 8 * i);
        input[21 + i] = (uint8_t)(payload.size >> 8 * i);
    }
    if (payload.size) memcpy(input + 25, payload.data, payload.size);
    memcpy(both, value, 48);
    sha384(bytes_of(input, 25 + payload.size), both + 48);
    sha384(bytes_of(both, 96), value);
}

static void check_replays(struct tee_registers *r, uint32_t count)
{
    struct tee_snapshot s, replayed;
    struct buffer log = {0};
    CHECK(tee_registers_snapshot(r, &s, &log, &e) == STATUS_OK);
    CHECK(tee_event_log_replay(bytes_of(log.data, log.size), count, &replayed, &e) == STATUS_OK);
    CHECK(memcmp(&s, &replayed, sizeof s) == 0);
    buffer_free(&log);
}

static void values(void)
{
    test_begin("values, generations, the log");
    struct tee_registers *r = new_set(TEE_REGISTERS, 0);
    uint8_t value[48], expected[48] = {0}, other[48] = {0};
    uint64_t generation = 77;
    CHECK(tee_registers_fd(r) == -1);
    CHECK(tee_registers_read(r, 3, value, &generation, &e) == STATUS_OK && generation == 0);
    CHECK(memcmp(value, expected, 48) == 0);
    CHECK(tee_registers_extend(r, 3, EVENT_EFFECT, text("effect"), value, &generation, &e) == STATUS_OK);
    by_hand(expected, EVENT_EFFECT, text("effect"));
    CHECK(memcmp(value, expected, 48) == 0 && generation == 1);
    CHECK(tee_registers_extend(r, 3, EVENT_USER, text(""), value, &generation, &e) == STATUS_OK);
    by_hand(expected, EVENT_USER, text(""));
    CHECK(memcmp(value, expected, 48) == 0 && generation == 2);
    CHECK(tee_registers_extend(r, 3, 0xfedcba98, bytes_of(NULL, 0), NULL, NULL, &e) == STATUS_OK);
    by_hand(expected, 0xfedcba98, text(""));
    CHECK(tee_registers_read(r, 3, value, NULL, &e) == STATUS_OK && memcmp(value, expected, 48) == 0);
    CHECK(tee_registers_read(r, 15, value, &generation, &e) == STATUS_OK && generation == 0);
    CHECK(memcmp(value, other, 48) == 0);
    check_replays(r, TEE_REGISTERS);
    tee_registers_free(r);
    tee_registers_free(NULL);
}

static void digest_of_snapshot(void)
{
    test_begin("the digest of a snapshot");
    struct tee_registers *r = new_set(2, 0);
    struct tee_snapshot s;
    uint8_t input[21 + 4 + 96] = "nvm-tee-registers-v1", expected[48], digest[48], three[48];
    CHECK(tee_registers_extend(r, 1, 1, text("x"), input + 25 + 48, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_snapshot(r, &s, NULL, &e) == STATUS_OK && s.count == 2 && s.generation[1] == 1);
    input[21] = 2;
    sha384(bytes_of(input, sizeof input), expected);
    tee_snapshot_digest(&s, digest);
    CHECK(memcmp(digest, expected, 48) == 0);
    s.count = 3; /* one more register of zeros is another state */
    tee_snapshot_digest(&s, three);
    CHECK(memcmp(digest, three, 48) != 0);
    tee_registers_free(r);
}

static void distinct(void)
{
    test_begin("neither boundaries nor types can be shifted");
    static const struct {
        uint32_t type;
        const char *first, *second;
    } cases[] = {{1, "ab", "c"}, {1, "a", "bc"}, {1, "abc", ""}, {1, "", "abc"}, {2, "ab", "c"}, {1, "abc", NULL}};
    uint8_t value[6][48];
    for (int i = 0; i < 6; i++) {
        struct tee_registers *r = new_set(1, 0);
        CHECK(tee_registers_extend(r, 0, cases[i].type, text(cases[i].first), value[i], NULL, &e) == STATUS_OK);
        if (cases[i].second)
            CHECK(tee_registers_extend(r, 0, cases[i].type, text(cases[i].second), value[i], NULL, &e) == STATUS_OK);
        for (int k = 0; k < i; k++) CHECK(memcmp(value[i], value[k], 48) != 0);
        tee_registers_free(r);
    }
}

static void limits(void)
{
    test_begin("limits");
    struct tee_registers *r = NULL;
    struct tee_snapshot before, after;
    uint8_t value[48];
    CHECK(tee_registers_new(0, 0, &r, &e) == STATUS_USAGE && !r);
    CHECK(tee_registers_new(17, 0, &r, &e) == STATUS_USAGE && !r);
    CHECK(tee_registers_new(1, SIZE_MAX, &r, &e) == STATUS_USAGE && !r);
    CHECK(tee_registers_new_shared(17, 0, &r, &e) == STATUS_USAGE && !r);
    r = new_set(4, 3 * LOG_ENTRY_SIZE + 10);
    CHECK(refused(tee_registers_extend(r, 4, 1, text(""), NULL, NULL, &e), TEE_INDEX));
    CHECK(refused(tee_registers_extend(r, UINT32_MAX, 1, text(""), NULL, NULL, &e), TEE_INDEX));
    CHECK(refused(tee_registers_read(r, 4, value, NULL, &e), TEE_INDEX));
    CHECK(refused(tee_registers_wait(r, 4, value, 0, &e), TEE_INDEX));
    uint8_t *large = calloc(1, TEE_EVENT_MAX + 1);
    CHECK(refused(tee_registers_extend(r, 0, 1, bytes_of(large, TEE_EVENT_MAX + 1), NULL, NULL, &e), TEE_LIMIT));
    CHECK(tee_registers_extend(r, 0, 1, text("12345"), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_extend(r, 0, 1, text("1"), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_snapshot(r, &before, NULL, &e) == STATUS_OK);
    CHECK(refused(tee_registers_extend(r, 0, 1, text("12345"), NULL, NULL, &e), TEE_LIMIT));
    CHECK(tee_registers_snapshot(r, &after, NULL, &e) == STATUS_OK && memcmp(&before, &after, sizeof before) == 0);
    CHECK(tee_registers_extend(r, 0, 1, text("1234"), NULL, NULL, &e) == STATUS_OK);
    CHECK(refused(tee_registers_extend(r, 0, 1, text(""), NULL, NULL, &e), TEE_LIMIT));
    check_replays(r, 4);
    tee_registers_free(r);
    r = new_set(1, 0);
    CHECK(tee_registers_extend(r, 0, 1, bytes_of(large, TEE_EVENT_MAX), NULL, NULL, &e) == STATUS_OK);
    check_replays(r, 1);
    tee_registers_free(r);
    free(large);
}

/* ---- logs --------------------------------------------------------------------------------------------------------- */

static void sample_log(struct buffer *log, struct tee_snapshot *s)
{
    struct tee_registers *r = new_set(4, 0);
    CHECK(tee_registers_extend(r, 0, EVENT_ENGINE, text("engine"), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_extend(r, 3, EVENT_EFFECT, text(""), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_extend(r, 3, EVENT_EFFECT, text("effect"), NULL, NULL, &e) == STATUS_OK);
    buffer_append_string(log, "kept");
    CHECK(tee_registers_snapshot(r, s, log, &e) == STATUS_OK && memcmp(log->data, "kept", 4) == 0);
    memmove(log->data, log->data + 4, log->size -= 4);
    tee_registers_free(r);
}

static void broken_logs(void)
{
    test_begin("broken logs");
    struct buffer log = {0};
    struct tee_snapshot s, replayed, zero = {0};
    sample_log(&log, &s);
    CHECK(log.size == 4 + 3 * 57 + 12);
    CHECK(tee_event_log_replay(bytes_of(log.data, log.size), 4, &replayed, &e) == STATUS_OK);
    CHECK(memcmp(&s, &replayed, sizeof s) == 0);
    for (size_t size = 0; size < log.size; size++) {
        const enum status status = tee_event_log_replay(bytes_of(log.data, size), 4, &replayed, &e);
        CHECK(status == STATUS_MALFORMED && e.code == TEE_EVENT_LOG && memcmp(&replayed, &zero, sizeof zero) == 0);
    }
    /* Every bit is refused, but for the index, which no digest covers: it leads to other values. */
    for (size_t i = 0; i < log.size; i++)
        for (int bit = 0; bit < 8; bit++) {
            log.data[i] ^= (uint8_t)(1 << bit);
            const enum status status = tee_event_log_replay(bytes_of(log.data, log.size), 4, &replayed, &e);
            if (status == STATUS_OK)
                CHECK(memcmp(&s, &replayed, sizeof s) != 0);
            else
                CHECK(e.code == TEE_EVENT_LOG && e.message[0]);
            log.data[i] ^= (uint8_t)(1 << bit);
        }
    CHECK(refused(tee_event_log_replay(bytes_of(log.data, log.size), 3, &replayed, &e), TEE_EVENT_LOG));
    CHECK(tee_event_log_replay(bytes_of(log.data, log.size), 0, &replayed, &e) == STATUS_USAGE);
    CHECK(tee_event_log_replay(bytes_of(log.data, log.size), 17, &replayed, &e) == STATUS_USAGE);
    buffer_append_byte(&log, 0);
    CHECK(tee_event_log_replay(bytes_of(log.data, log.size), 4, &replayed, &e) == STATUS_MALFORMED);
    buffer_free(&log);
}

static void restoring(void)
{
    test_begin("restoring");
    struct buffer log = {0}, again = {0};
    struct tee_snapshot s, restored;
    uint8_t value[48];
    sample_log(&log, &s);
    struct tee_registers *r = new_set(4, 0);
    CHECK(tee_registers_restore(r, bytes_of(log.data, log.size), &e) == STATUS_OK);
    CHECK(tee_registers_snapshot(r, &restored, &again, &e) == STATUS_OK && memcmp(&s, &restored, sizeof s) == 0);
    CHECK(bytes_equal(bytes_of(log.data, log.size), bytes_of(again.data, again.size)));
    memset(value, 0, 48);
    by_hand(value, EVENT_EFFECT, text("")); /* a value from before */
    CHECK(tee_registers_wait(r, 3, value, 0, &e) == STATUS_OK);
    CHECK(tee_registers_restore(r, bytes_of(log.data, log.size), &e) == STATUS_USAGE);
    CHECK(tee_registers_extend(r, 3, 1, text("more"), NULL, NULL, &e) == STATUS_OK);
    check_replays(r, 4);
    tee_registers_free(r);
    r = new_set(4, log.size); /* the mapping's log is larger than its Borsh */
    CHECK(refused(tee_registers_restore(r, bytes_of(log.data, log.size), &e), TEE_LIMIT));
    log.data[9] ^= 1;
    CHECK(refused(tee_registers_restore(r, bytes_of(log.data, log.size), &e), TEE_EVENT_LOG));
    CHECK(tee_registers_read(r, 0, value, NULL, &e) == STATUS_OK && value[0] == 0 && value[47] == 0);
    tee_registers_free(r);
    buffer_free(&log);
    buffer_free(&again);
}

/* ---- threads ------------------------------------------------------------------------------------------------------ */

enum { MANY = 100000 };

struct worker {
    struct tee_registers *r;
    uint32_t number;
    unsigned failures;
};

static void *extend_many(void *argument)
{
    struct worker *w = argument;
    struct error mine;
    for (uint32_t i = 0; i < MANY; i++) {
        uint8_t payload[8];
        store_le32(payload, w->number);
        store_le32(payload + 4, i);
        w->failures += tee_registers_extend(w->r, i % 3 ? 0 : 1, EVENT_USER, bytes_of(payload, 8), NULL, NULL, &mine) !=
                       STATUS_OK;
    }
    return NULL;
}

static void threads(void)
{
    test_begin("two threads extend at once");
    struct tee_registers *r = new_set(2, 0);
    struct worker w[2] = {{r, 0, 0}, {r, 1, 0}};
    struct tee_snapshot s, replayed;
    struct buffer log = {0};
    struct tee_event event;
    uint32_t next[2] = {0}, turns = 0, last = 2;
    pthread_t thread[2];
    for (int i = 0; i < 2; i++) CHECK(pthread_create(&thread[i], NULL, extend_many, &w[i]) == 0);
    for (int i = 0; i < 2; i++) CHECK(pthread_join(thread[i], NULL) == 0 && w[i].failures == 0);
    CHECK(tee_registers_snapshot(r, &s, &log, &e) == STATUS_OK);
    CHECK(s.generation[0] + s.generation[1] == 2 * MANY);
    CHECK(tee_event_log_replay(bytes_of(log.data, log.size), 2, &replayed, &e) == STATUS_OK);
    CHECK(memcmp(&s, &replayed, sizeof s) == 0);
    struct tee_event_reader reader = tee_event_reader_of(bytes_of(log.data, log.size));
    bool ordered = true;
    while (tee_event_next(&reader, &event)) { /* nothing lost, nothing twice, each thread's in its order */
        const uint32_t number = load_le32(event.payload.data), i = load_le32(event.payload.data + 4);
        if (number > 1 || i != next[number]++) ordered = false;
        turns += number != last;
        last = number;
    }
    CHECK(ordered && next[0] == MANY && next[1] == MANY);
    printf("  %u turns\n", turns);
    buffer_free(&log);
    tee_registers_free(r);
}

struct waiter {
    struct tee_registers *r;
    uint32_t index;
    uint8_t value[48];
    uint64_t deadline_ms, took_ms;
    enum status status;
    struct error error;
};

static void *wait_for(void *argument)
{
    struct waiter *w = argument;
    const uint64_t begun = now_ms();
    w->status = tee_registers_wait(w->r, w->index, w->value, w->deadline_ms, &w->error);
    w->took_ms = now_ms() - begun;
    return NULL;
}

static void waiting(void)
{
    test_begin("waiting");
    struct tee_registers *r = new_set(2, 0);
    uint8_t first[48] = {0}, second[48], third[48];
    CHECK(tee_registers_wait(r, 1, first, 0, &e) == STATUS_OK); /* zeros: what it began with */
    by_hand(first, 1, text("one"));
    memcpy(second, first, 48);
    by_hand(second, 1, text("two"));
    memcpy(third, second, 48);
    by_hand(third, 1, text("three"));
    const uint64_t begun = now_ms();
    CHECK(refused(tee_registers_wait(r, 1, first, 0, &e), TEE_TIMEOUT));
    CHECK(refused(tee_registers_wait(r, 1, first, 30, &e), TEE_TIMEOUT));
    CHECK(now_ms() - begun >= 29);
    CHECK(tee_registers_extend(r, 1, 1, text("one"), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_extend(r, 1, 1, text("two"), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_wait(r, 1, first, 0, &e) == STATUS_OK);  /* passed */
    CHECK(tee_registers_wait(r, 1, second, UINT64_MAX, &e) == STATUS_OK); /* is there */
    CHECK(refused(tee_registers_wait(r, 0, first, 0, &e), TEE_TIMEOUT)); /* another register's */
    /* all who wait are woken; a value that comes and goes at once is seen; each waiter waits on its own register */
    struct waiter w[8];
    pthread_t thread[8];
    uint8_t of_zero[48] = {0};
    by_hand(of_zero, 1, text("zero"));
    for (int i = 0; i < 8; i++) {
        w[i] = (struct waiter){.r = r, .index = (uint32_t)i % 2, .deadline_ms = SOON_MS};
        memcpy(w[i].value, i % 2 ? third : of_zero, 48);
        CHECK(pthread_create(&thread[i], NULL, wait_for, &w[i]) == 0);
    }
    sleep_ms(50);
    CHECK(tee_registers_extend(r, 1, 1, text("three"), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_extend(r, 1, 1, text("four"), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_extend(r, 0, 1, text("zero"), NULL, NULL, &e) == STATUS_OK);
    for (int i = 0; i < 8; i++) CHECK(pthread_join(thread[i], NULL) == 0 && w[i].status == STATUS_OK);
    tee_registers_free(r);
}

/* Two threads answer each other; with a wake-up lost, each round would take a whole slice of the sleep. */
static void *answer(void *argument)
{
    struct worker *w = argument;
    uint8_t expected[48] = {0};
    struct error mine;
    for (uint32_t i = 0; i < 2000 && w->failures == 0; i++) {
        by_hand(expected, 1, text("ball"));
        if (w->number == 0)
            w->failures += tee_registers_extend(w->r, 0, 1, text("ball"), NULL, NULL, &mine) != STATUS_OK;
        w->failures += tee_registers_wait(w->r, w->number ? 0 : 1, expected, SOON_MS, &mine) != STATUS_OK;
        if (w->number == 1)
            w->failures += tee_registers_extend(w->r, 1, 1, text("ball"), NULL, NULL, &mine) != STATUS_OK;
    }
    return NULL;
}

static void no_lost_wake_up(void)
{
    test_begin("no wake-up is lost");
    struct tee_registers *r = new_shared(2, 0);
    struct worker w[2] = {{r, 0, 0}, {r, 1, 0}};
    pthread_t thread[2];
    const uint64_t begun = now_ms();
    for (int i = 0; i < 2; i++) CHECK(pthread_create(&thread[i], NULL, answer, &w[i]) == 0);
    for (int i = 0; i < 2; i++) CHECK(pthread_join(thread[i], NULL) == 0 && w[i].failures == 0);
    const uint64_t took = now_ms() - begun;
    printf("  4000 turns in %" PRIu64 " ms\n", took);
    CHECK(took < SOON_MS); /* 500 ms for each lost one */
    check_replays(r, 2);
    tee_registers_free(r);
}

static void cancellation(void)
{
    test_begin("cancellation");
    struct tee_registers *r = new_set(1, 0);
    struct waiter w = {.r = r, .deadline_ms = UINT64_MAX, .value = {1}};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, wait_for, &w) == 0);
    while (atomic_load(&r->shared->waiting) == 0) sleep_ms(1);
    sleep_ms(20);
    const uint64_t begun = now_ms();
    tee_registers_cancel(r);
    CHECK(pthread_join(thread, NULL) == 0 && now_ms() - begun < SOON_MS);
    CHECK(w.status == STATUS_INVALID && w.error.code == TEE_TIMEOUT);
    /* those that begin later are not cancelled */
    uint8_t value[48];
    CHECK(tee_registers_extend(r, 0, 1, text("x"), value, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_wait(r, 0, value, 10, &e) == STATUS_OK);
    tee_registers_free(r);
}

/* ---- locks -------------------------------------------------------------------------------------------------------- */

struct blocked {
    struct tee_registers *r;
    uint32_t index;
    _Atomic bool done;
    enum status status;
};

static void *extend_one(void *argument)
{
    struct blocked *b = argument;
    struct error mine;
    b->status = tee_registers_extend(b->r, b->index, 1, text("other"), NULL, NULL, &mine);
    atomic_store(&b->done, true);
    return NULL;
}

static void *lock_one(void *argument)
{
    struct blocked *b = argument;
    struct error mine;
    b->status = tee_lock(b->r, b->index, SOON_MS, &mine);
    if (b->status == STATUS_OK) b->status = tee_unlock(b->r, b->index, &mine);
    atomic_store(&b->done, true);
    return NULL;
}

static void locks(void)
{
    test_begin("locks");
    struct tee_registers *r = new_set(8, 0);
    struct tee_snapshot one, two;
    CHECK(refused(tee_lock(r, LOCK_COUNT, 0, &e), TEE_INDEX) && refused(tee_unlock(r, LOCK_COUNT, &e), TEE_INDEX));
    CHECK(tee_unlock(r, 0, &e) == STATUS_USAGE);
    CHECK(tee_lock(r, LOCK_ATTESTATION, 0, &e) == STATUS_OK);
    CHECK(tee_lock(r, LOCK_ATTESTATION, 0, &e) == STATUS_USAGE); /* not recursive */
    CHECK(tee_registers_extend(r, 7, 1, text("mine"), NULL, NULL, &e) == STATUS_OK); /* its holder may */
    struct blocked extending = {.r = r, .index = 7}, locking = {.r = r, .index = LOCK_ATTESTATION};
    pthread_t a, b;
    CHECK(pthread_create(&a, NULL, extend_one, &extending) == 0 && pthread_create(&b, NULL, lock_one, &locking) == 0);
    CHECK(tee_registers_snapshot(r, &one, NULL, &e) == STATUS_OK);
    sleep_ms(120);
    CHECK(!atomic_load(&extending.done) && !atomic_load(&locking.done));
    CHECK(tee_registers_snapshot(r, &two, NULL, &e) == STATUS_OK && memcmp(&one, &two, sizeof one) == 0);
    CHECK(tee_unlock(r, LOCK_ATTESTATION, &e) == STATUS_OK);
    CHECK(pthread_join(a, NULL) == 0 && pthread_join(b, NULL) == 0);
    CHECK(extending.status == STATUS_OK && locking.status == STATUS_OK);
    /* a register's own lock holds back others' extensions of it alone */
    CHECK(tee_lock(r, 2, 0, &e) == STATUS_OK);
    struct blocked same = {.r = r, .index = 2}, other = {.r = r, .index = 3};
    CHECK(pthread_create(&a, NULL, extend_one, &same) == 0 && pthread_create(&b, NULL, extend_one, &other) == 0);
    CHECK(pthread_join(b, NULL) == 0 && other.status == STATUS_OK);
    sleep_ms(20);
    CHECK(!atomic_load(&same.done));
    tee_registers_cancel(r);
    CHECK(pthread_join(a, NULL) == 0 && same.status == STATUS_INVALID);
    CHECK(tee_unlock(r, 2, &e) == STATUS_OK);
    check_replays(r, 8);
    tee_registers_free(r);
}

static void *try_lock(void *argument)
{
    struct blocked *b = argument;
    struct error mine;
    b->status = tee_lock(b->r, b->index, 60, &mine);
    if (b->status == STATUS_INVALID && mine.code != TEE_TIMEOUT) b->status = STATUS_TRAP;
    return NULL;
}

static void lock_in_vain(void)
{
    test_begin("a lock that is not released in time");
    struct tee_registers *r = new_set(1, 0);
    struct blocked b = {.r = r, .index = 1};
    pthread_t thread;
    CHECK(tee_lock(r, 1, 0, &e) == STATUS_OK);
    CHECK(pthread_create(&thread, NULL, try_lock, &b) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(b.status == STATUS_INVALID);
    CHECK(tee_unlock(r, 1, &e) == STATUS_OK && tee_lock(r, 1, 0, &e) == STATUS_OK && tee_unlock(r, 1, &e) == STATUS_OK);
    tee_registers_free(r);
}

/* ---- processes ---------------------------------------------------------------------------------------------------- */

/* Runs in a child, with its own mapping; exit code 0: all went well. */
static pid_t in_child(struct tee_registers *r, int (*work)(struct tee_registers *))
{
    fflush(stdout);
    const pid_t child = fork();
    if (child != 0) return child;
    struct tee_registers *own = NULL;
    struct error mine;
    if (tee_registers_attach(tee_registers_fd(r), &own, &mine) != STATUS_OK) _exit(3);
    const int code = work(own);
    tee_registers_free(own);
    _exit(code);
}

static int reap(pid_t child)
{
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    return status;
}

static int child_extends(struct tee_registers *r)
{
    struct worker w = {r, 1, 0};
    extend_many(&w);
    return w.failures != 0;
}

static int child_waits(struct tee_registers *r)
{
    uint8_t value[48] = {0};
    struct error mine;
    by_hand(value, 1, text("from the parent"));
    return tee_registers_wait(r, 3, value, SOON_MS, &mine) != STATUS_OK;
}

static void processes(void)
{
    test_begin("two processes");
    struct tee_registers *r = new_shared(4, 0);
    struct worker w = {r, 0, 0};
    struct tee_snapshot s;
    CHECK(tee_registers_fd(r) >= 0);
    pid_t child = in_child(r, child_extends);
    extend_many(&w);
    CHECK(reap(child) == 0 && w.failures == 0);
    CHECK(tee_registers_snapshot(r, &s, NULL, &e) == STATUS_OK && s.generation[0] + s.generation[1] == 2 * MANY);
    check_replays(r, 4);
    child = in_child(r, child_waits);
    sleep_ms(30);
    CHECK(tee_registers_extend(r, 3, 1, text("from the parent"), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_extend(r, 3, 1, text("and on"), NULL, NULL, &e) == STATUS_OK);
    CHECK(reap(child) == 0);
    tee_registers_free(r);
}

static int child_dies_with_lock(struct tee_registers *r)
{
    struct error mine;
    if (tee_lock(r, LOCK_ATTESTATION, 0, &mine) != STATUS_OK) return 4;
    return kill(getpid(), SIGKILL);
}

static int child_dies_inside(struct tee_registers *r)
{
    atomic_store(&r->shared->guard, (uint32_t)getpid()); /* as in the middle of an extension */
    return kill(getpid(), SIGKILL);
}

static void check_poisoned(struct tee_registers *r)
{
    uint8_t value[48] = {1};
    struct tee_snapshot s;
    CHECK(refused(tee_registers_extend(r, 0, 1, text("x"), NULL, NULL, &e), TEE_POISONED));
    CHECK(refused(tee_registers_read(r, 0, value, NULL, &e), TEE_POISONED));
    CHECK(refused(tee_registers_snapshot(r, &s, NULL, &e), TEE_POISONED) && s.count == 0);
    CHECK(refused(tee_registers_wait(r, 0, value, 0, &e), TEE_POISONED));
    CHECK(refused(tee_lock(r, 0, 0, &e), TEE_POISONED));
}

/* `reaped`: whether the dead child is gone for good before others look, or still a zombie. */
static void death(int (*work)(struct tee_registers *), bool reaped)
{
    struct tee_registers *r = new_shared(1, 0);
    const pid_t child = in_child(r, work);
    siginfo_t info;
    if (reaped)
        CHECK(WIFSIGNALED(reap(child)));
    else
        CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
    check_poisoned(r);
    if (!reaped) CHECK(WIFSIGNALED(reap(child)));
    tee_registers_free(r);
}

static int child_dies_later(struct tee_registers *r)
{
    atomic_store(&r->shared->guard, (uint32_t)getpid());
    sleep_ms(100);
    return kill(getpid(), SIGKILL);
}

static void deaths(void)
{
    test_begin("death of a holder");
    death(child_dies_with_lock, true);
    death(child_dies_with_lock, false);
    death(child_dies_inside, true);
    death(child_dies_inside, false);
    /* somebody who waits without a limit notices */
    struct tee_registers *r = new_shared(1, 0);
    struct waiter w = {.r = r, .deadline_ms = UINT64_MAX, .value = {1}};
    const pid_t child = in_child(r, child_dies_later);
    wait_for(&w);
    CHECK(w.status == STATUS_INVALID && w.error.code == TEE_POISONED);
    CHECK(WIFSIGNALED(reap(child)));
    tee_registers_free(r);
}

static void *lock_and_end(void *argument)
{
    struct blocked *b = argument;
    struct error mine;
    b->status = tee_lock(b->r, b->index, 0, &mine);
    return NULL;
}

static void death_of_thread(void)
{
    test_begin("death of a thread that holds a lock");
    struct tee_registers *r = new_set(1, 0);
    struct blocked b = {.r = r, .index = LOCK_ATTESTATION};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, lock_and_end, &b) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(b.status == STATUS_OK);
    check_poisoned(r);
    tee_registers_free(r);
}

/* ---- foreign mappings --------------------------------------------------------------------------------------------- */

static void attach_refused(struct tee_registers *r, enum tee_refusal why)
{
    struct tee_registers *other = NULL;
    CHECK(refused(tee_registers_attach(tee_registers_fd(r), &other, &e), why) && !other);
}

static void hostile_headers(void)
{
    test_begin("hostile mappings: headers");
    struct tee_registers *r = new_shared(4, 4096), *other = NULL;
    struct register_mapping *m = r->shared;
    static const uint32_t counts[] = {0, 17, 0x80000000, UINT32_MAX};
    static const uint64_t capacities[] = {0, 4095, 4097, UINT64_MAX, (uint64_t)1 << 63};
    for (int i = 0; i < 4; i++) {
        m->count = counts[i];
        attach_refused(r, TEE_LENGTH);
    }
    m->count = 4;
    for (int i = 0; i < 5; i++) {
        m->log_capacity = capacities[i];
        attach_refused(r, TEE_LENGTH);
    }
    m->log_capacity = 4096;
    m->version = 2;
    attach_refused(r, TEE_VERSION);
    m->version = 1;
    m->magic[7] = 1;
    attach_refused(r, TEE_FORMAT);
    m->magic[7] = 0;
    CHECK(ftruncate(tee_registers_fd(r), 100) < 0); /* nobody can take pages away */
    CHECK(tee_registers_attach(tee_registers_fd(r), &other, &e) == STATUS_OK);
    m->count = 16; /* too late */
    CHECK(refused(tee_registers_read(other, 5, NULL, NULL, &e), TEE_INDEX));
    tee_registers_free(other);
    tee_registers_free(r);
    CHECK(tee_registers_attach(-1, &other, &e) == STATUS_IO && !other);
    const int pipe_or_file[] = {open("/dev/null", O_RDWR), memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    for (int i = 0; i < 2; i++) {
        CHECK(refused(tee_registers_attach(pipe_or_file[i], &other, &e), TEE_FORMAT));
        close(pipe_or_file[i]);
    }
    const int small = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    CHECK(fcntl(small, F_ADD_SEALS, F_SEAL_SHRINK) == 0);
    CHECK(refused(tee_registers_attach(small, &other, &e), TEE_LENGTH));
    close(small);
}

static void hostile_logs(void)
{
    test_begin("hostile mappings: logs");
    struct tee_registers *r = new_shared(4, 4096);
    struct tee_snapshot s;
    struct buffer log = {0};
    uint8_t value[48] = {1};
    CHECK(tee_registers_extend(r, 0, 1, text("one"), NULL, NULL, &e) == STATUS_OK);
    CHECK(tee_registers_extend(r, 0, 1, text("two"), NULL, NULL, &e) == STATUS_OK);
    const uint64_t size = r->shared->log_size;
    static const uint64_t sizes[] = {4097, UINT64_MAX, (uint64_t)1 << 63, 1, LOG_ENTRY_SIZE, LOG_ENTRY_SIZE + 2};
    for (int i = 0; i < 6; i++) {
        r->shared->log_size = sizes[i];
        CHECK(refused(tee_registers_snapshot(r, &s, &log, &e), TEE_EVENT_LOG) && s.count == 0 && log.size == 0);
        CHECK(refused(tee_registers_wait(r, 0, value, 0, &e), TEE_EVENT_LOG));
        if (i < 3) CHECK(refused(tee_registers_extend(r, 0, 1, text("x"), NULL, NULL, &e), TEE_EVENT_LOG));
    }
    r->shared->log_size = size;
    static const uint32_t lengths[] = {4, 2, UINT32_MAX, TEE_EVENT_MAX, TEE_EVENT_MAX + 1};
    for (int i = 0; i < 5; i++) {
        store_le32(r->shared->log + 5, lengths[i]);
        CHECK(refused(tee_registers_snapshot(r, &s, &log, &e), TEE_EVENT_LOG) && log.size == 0);
        CHECK(refused(tee_registers_wait(r, 0, value, 0, &e), TEE_EVENT_LOG));
    }
    store_le32(r->shared->log + 5, 3);
    r->shared->log[LOG_ENTRY_SIZE] ^= 1; /* a log that somebody rewrites does not replay */
    CHECK(tee_registers_snapshot(r, &s, &log, &e) == STATUS_OK);
    CHECK(refused(tee_event_log_replay(bytes_of(log.data, log.size), 4, &s, &e), TEE_EVENT_LOG));
    buffer_free(&log);
    tee_registers_free(r);
}

/* A holder that does not exist poisons; a mark without a holder, too. */
static void hostile_locks(void)
{
    test_begin("hostile mappings: locks");
    static const uint32_t words[] = {0x80000000, 0x3fffffff, 0xbfffffff, 0x7fffffff, UINT32_MAX};
    for (int i = 0; i < 5; i++) {
        struct tee_registers *r = new_shared(1, 0);
        const uint64_t begun = now_ms();
        atomic_store(i % 2 ? &r->shared->guard : &r->shared->locks[LOCK_ATTESTATION], words[i]);
        CHECK(refused(tee_registers_extend(r, 0, 1, text("x"), NULL, NULL, &e), TEE_POISONED));
        CHECK(now_ms() - begun < SOON_MS);
        tee_registers_free(r);
    }
}

static void *scribble(void *argument)
{
    struct blocked *b = argument;
    uint64_t state = 1;
    while (!atomic_load(&b->done)) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const uint32_t at = (uint32_t)(state >> 33) % 3000;
        struct register_mapping *m = b->r->shared;
        switch (state >> 30 & 3) {
        case 0: atomic_store(&m->log_size, state >> 40 & 0x1fff); break;
        case 1: atomic_store(&m->sequence, (uint32_t)(state >> 32)); break;
        case 2: ((volatile uint8_t *)m->log)[at] = (uint8_t)(state >> 24); break;
        default: atomic_store(&m->waiting, (uint32_t)(state >> 20)); break;
        }
    }
    return NULL;
}

#if defined(__SANITIZE_THREAD__)
#define RACES_ARE_REPORTED 1
#endif

static void hostile_writer(void)
{
    test_begin("hostile mappings: changed all the time");
#ifdef RACES_ARE_REPORTED
    test_skip("hostile writer", "it races on purpose");
    return;
#endif
    struct tee_registers *r = new_shared(4, 4096), *other = NULL;
    struct tee_snapshot s;
    struct buffer log = {0};
    uint8_t value[48] = {7};
    CHECK(tee_registers_attach(tee_registers_fd(r), &other, &e) == STATUS_OK);
    struct blocked b = {.r = other};
    pthread_t thread;
    unsigned odd = 0;
    CHECK(pthread_create(&thread, NULL, scribble, &b) == 0);
    for (int i = 0; i < 20000; i++) {
        log.size = 0;
        enum status status = tee_registers_snapshot(r, &s, &log, &e);
        if (status == STATUS_OK && log.size < 4) odd++;
        if (status != STATUS_OK && (status != STATUS_INVALID || log.size != 0)) odd++;
        status = tee_registers_extend(r, 1, 2, bytes_of(value, (size_t)i % 40), NULL, NULL, &e);
        if (status != STATUS_OK && status != STATUS_INVALID) odd++;
        if (i % 50 == 0 && tee_registers_wait(r, 1, value, 1, &e) != STATUS_INVALID) odd++;
    }
    atomic_store(&b.done, true);
    CHECK(pthread_join(thread, NULL) == 0 && odd == 0);
    buffer_free(&log);
    tee_registers_free(other);
    tee_registers_free(r);
}

/* ---- memory ------------------------------------------------------------------------------------------------------- */

static enum status all_allocations(int fd)
{
    struct tee_registers *r = NULL, *shared = NULL, *attached = NULL;
    struct tee_snapshot s;
    struct buffer log = {0};
    enum status status = tee_registers_new(4, 0, &r, &e);
    if (status == STATUS_OK) status = tee_registers_new_shared(4, 4096, &shared, &e);
    if (status == STATUS_OK) status = tee_registers_attach(fd, &attached, &e);
    if (status == STATUS_OK) status = tee_registers_extend(r, 1, 1, text("a payload"), NULL, NULL, &e);
    if (status == STATUS_OK) status = tee_registers_snapshot(r, &s, &log, &e);
    if (status != STATUS_OK && log.size != 0) status = STATUS_TRAP;
    buffer_free(&log);
    tee_registers_free(r);
    tee_registers_free(shared);
    tee_registers_free(attached);
    return status;
}

static void memory(void)
{
    test_begin("allocations that fail");
    struct tee_registers *r = new_shared(1, 4096);
    enum status status = STATUS_NO_MEMORY;
    for (long k = 0; k < 100 && status != STATUS_OK; k++) {
        countdown = k;
        failed = false;
        status = all_allocations(tee_registers_fd(r));
        countdown = -1;
        if (failed) CHECK(status == STATUS_NO_MEMORY);
    }
    CHECK(status == STATUS_OK && !failed);
    tee_registers_free(r);
}

int main(void)
{
    values();
    digest_of_snapshot();
    distinct();
    limits();
    broken_logs();
    restoring();
    threads();
    waiting();
    no_lost_wake_up();
    cancellation();
    locks();
    lock_in_vain();
    processes();
    deaths();
    death_of_thread();
    hostile_headers();
    hostile_logs();
    hostile_locks();
    hostile_writer();
    memory();
    return test_end();
}
