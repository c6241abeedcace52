/* Speed of the state trie: a million random keys of 32 bytes in batches of a thousand, each with its root; reading;
 * what share of inserting is hashing (the limit: every new node and value must be hashed once). */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "crypto/sha2.h"
#include "trie/trie.h"

enum { KEY_SIZE = 32, VALUE_SIZE = 32, BATCH = 1000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double resident_bytes(void)
{
    unsigned long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%lu %lu", &pages, &resident) != 2) resident = 0;
    if (f) fclose(f);
    return (double)resident * 4096;
}

static _Noreturn void fail(const struct error *e)
{
    fprintf(stderr, "bench_trie: %s\n", e->message);
    exit(2);
}

/* Keys and values are hashes of counters: the same in every run. */
static void make_key(uint64_t n, uint8_t out[KEY_SIZE])
{
    uint8_t number[8];
    store_le64(number, n);
    sha256(bytes_of(number, sizeof number), out);
}

static void make_batch(uint64_t first, uint8_t (*keys)[KEY_SIZE], struct trie_change *changes)
{
    for (uint64_t i = 0; i < BATCH; i++) {
        make_key(first + i, keys[i]);
        changes[i] = (struct trie_change){.key = {keys[i], KEY_SIZE}, .value = {keys[i], VALUE_SIZE}};
    }
}

/* Seconds of inserting; the trie is left in *t. With `counted`, what was written is counted there (slower). */
static double insert(struct trie *t, uint64_t count, struct trie_recorder *counted)
{
    static uint8_t keys[BATCH][KEY_SIZE];
    static struct trie_change changes[BATCH];
    struct error e = {0};
    double seconds = 0;
    for (uint64_t n = 0; n < count; n += BATCH) {
        make_batch(n, keys, changes);
        struct trie_hash root;
        double start = now();
        t->recorder = counted;
        if (trie_apply(t, changes, BATCH, &root, NULL, &e) != STATUS_OK) fail(&e);
        trie_release(t->store, &t->root);
        seconds += now() - start;
        t->root = root;
        if (counted) {
            struct trie_recorder sums = {.nodes_written = counted->nodes_written,
                                         .values_written = counted->values_written,
                                         .bytes_written = counted->bytes_written};
            trie_recorder_free(counted);
            *counted = sums;
        }
    }
    t->recorder = NULL;
    return seconds;
}

static double read_keys(const struct trie *t, uint64_t count, uint64_t reads)
{
    struct error e = {0};
    uint8_t key[KEY_SIZE];
    double seconds = 0;
    for (uint64_t i = 0; i < reads; i++) {
        struct bytes value;
        bool found;
        make_key(i * 7919 % count, key);
        double start = now();
        if (trie_get(t, bytes_of(key, KEY_SIZE), NULL, &found, &value, &e) != STATUS_OK) fail(&e);
        seconds += now() - start;
        if (!found || memcmp(value.data, key, VALUE_SIZE) != 0) {
            fprintf(stderr, "bench_trie: a key is missing\n");
            exit(2);
        }
    }
    return seconds;
}

/* Seconds for hashing so many rows of so many bytes together. */
static double hash_rows(uint64_t rows, uint64_t bytes)
{
    size_t size = rows ? (size_t)(bytes / rows) : 0;
    uint8_t *row = calloc(size + 32, 1);
    if (!row) exit(2);
    double start = now();
    for (uint64_t i = 0; i < rows; i++) sha256(bytes_of(row, size), row);
    double seconds = now() - start;
    free(row);
    return seconds;
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) / BATCH * BATCH : 1000000;
    if (!count) return 2;
    struct trie_store store = {0};
    struct trie t = {.store = &store};
    double before = resident_bytes(), seconds = insert(&t, count, NULL), memory = resident_bytes() - before;
    printf("%llu keys in batches of %d: %.2f s, %.0f keys/s, %.0f bytes of memory a key\n", (unsigned long long)count,
           BATCH,
           seconds, (double)count / seconds, memory / (double)count);
    uint64_t reads = count < 500000 ? count : 500000;
    double reading = read_keys(&t, count, reads);
    printf("reading: %.2f us a key\n", reading * 1e6 / (double)reads);
    struct trie_store second = {0};
    struct trie counted = {.store = &second};
    struct trie_recorder r = {0};
    insert(&counted, count, &r);
    uint64_t rows = r.nodes_written + r.values_written;
    double hashing = hash_rows(rows, r.bytes_written);
    printf("%llu rows of %.0f bytes were hashed: %.2f s, %.0f %% of inserting\n", (unsigned long long)rows,
           rows ? (double)r.bytes_written / (double)rows : 0, hashing, 100 * hashing / seconds);
    trie_store_free(&store);
    trie_store_free(&second);
    return 0;
}
