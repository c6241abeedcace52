/* Memory that runs out while a trie is changed, read, recorded, written or loaded: the k-th allocation fails, for every
 * k. Each time the answer is STATUS_NO_MEMORY, the store is as it was, nothing leaks. Needs to be linked with --wrap
 * for malloc, calloc and realloc. */
#include "tests/failing_alloc.h"

#include "tests/trie_model.h"
#include "trie/snapshot.h"

struct session {
    struct trie_store store;
    struct trie_hash root;
    struct model before, after;
    struct trie_change changes[64];
    size_t change_count;
    char *snapshot;
    size_t snapshot_size;
};

/* The check's own allocations do not fail. */
static void check_after(struct session *s, struct trie_hash root)
{
    const long left = countdown;
    countdown = -1;
    CHECK(model_equals_trie(&s->after, &s->store, root));
    countdown = left;
}

/* A job makes everything it needs, checks what it gets, and gives everything back. */
typedef enum status job(struct session *s, struct error *e);

static enum status apply_recorded(struct session *s, struct error *e)
{
    struct trie_recorder r = {0};
    struct trie_hash root;
    const struct trie t = {.store = &s->store, .root = s->root, .recorder = &r};
    enum status status = trie_apply(&t, s->changes, s->change_count, &root, NULL, e);
    if (status == STATUS_OK) {
        check_after(s, root);
        trie_release(&s->store, &root);
    }
    trie_recorder_free(&r);
    return status;
}

static enum status read_all(struct session *s, struct error *e)
{
    struct trie_recorder r = {0};
    struct trie_touched touched = {0};
    const struct trie t = {.store = &s->store, .root = s->root, .recorder = &r};
    struct bytes value, *rows = NULL;
    bool found;
    size_t count;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < s->before.count; i++) {
        status = trie_get(&t, view(&s->before.entries[i].key), &touched, &found, &value, e);
        if (status == STATUS_OK) CHECK(found && bytes_equal(value, view(&s->before.entries[i].value)));
    }
    if (status == STATUS_OK) status = trie_recorder_rows(&r, &rows, &count, e);
    free(rows);
    trie_touched_free(&touched);
    trie_recorder_free(&r);
    return status;
}

static enum status seek_and_walk(struct session *s, struct error *e)
{
    const struct trie t = {.store = &s->store, .root = s->root};
    struct trie_iterator it;
    struct bytes key, value;
    size_t i = s->before.count / 3;
    bool found = true;
    enum status status = trie_iterator_seek(&it, &t, view(&s->before.entries[i].key), e);
    while (status == STATUS_OK && found) {
        status = trie_iterator_next(&it, &found, &key, &value, e);
        if (status == STATUS_OK && found) CHECK(bytes_equal(key, view(&s->before.entries[i++].key)));
    }
    trie_iterator_free(&it);
    return status;
}

static enum status walk_update(const struct trie_update *u, const struct model *m, struct error *e)
{
    struct trie_update_iterator it;
    struct bytes key, value;
    bool found = true;
    size_t i = 0;
    enum status status = trie_update_iterator_init(&it, u, (struct bytes){0}, e);
    while (status == STATUS_OK && found) {
        status = trie_update_iterator_next(&it, &found, &key, &value, e);
        if (status == STATUS_OK && found) CHECK(bytes_equal(key, view(&m->entries[i++].key)));
    }
    trie_update_iterator_free(&it);
    return status;
}

static enum status pending(struct session *s, struct error *e)
{
    const struct trie t = {.store = &s->store, .root = s->root};
    struct trie_update u;
    struct trie_hash root;
    enum status status = STATUS_OK;
    trie_update_init(&u, &t);
    for (size_t i = 0; status == STATUS_OK && i < s->change_count; i++) {
        const struct trie_change *c = &s->changes[i];
        status = c->remove ? trie_update_remove(&u, c->key, e) : trie_update_set(&u, c->key, c->value, e);
        if (i % 3 == 0) trie_update_commit(&u);
    }
    trie_update_commit(&u);
    if (status == STATUS_OK) status = trie_update_set(&u, bytes_of_string("rolled back"), bytes_of_string("x"), e);
    if (status == STATUS_OK) trie_update_rollback(&u);
    if (status == STATUS_OK) status = walk_update(&u, &s->after, e);
    if (status == STATUS_OK && (status = trie_update_apply(&u, &root, NULL, e)) == STATUS_OK) {
        check_after(s, root);
        trie_release(&s->store, &root);
    }
    trie_update_free(&u);
    return status;
}

static enum status write_snapshot(struct session *s, struct error *e)
{
    static uint8_t room[1 << 20];
    FILE *out = fmemopen(room, sizeof room, "wb");
    if (!CHECK(out != NULL)) return STATUS_IO;
    enum status status = snapshot_write_stream(&s->store, &s->root, 1, out, e);
    fclose(out);
    if (status == STATUS_OK) CHECK(memcmp(room, s->snapshot, s->snapshot_size) == 0);
    return status;
}

static enum status load_snapshot(struct session *s, struct error *e)
{
    struct trie_store copy;
    struct trie_hash *roots;
    size_t count;
    FILE *in = fmemopen(s->snapshot, s->snapshot_size, "rb");
    if (!CHECK(in != NULL)) return STATUS_IO;
    enum status status = snapshot_read_stream(&copy, in, &roots, &count, e);
    fclose(in);
    if (status == STATUS_OK) CHECK(trie_store_count(&copy) == trie_store_count(&s->store));
    else CHECK(!roots && !copy.rows.capacity);
    free(roots);
    trie_store_free(&copy);
    return status;
}

static enum status write_file(struct session *s, struct error *e)
{
    char folder[] = "/tmp/trie-test-XXXXXX", path[64];
    if (!CHECK(mkdtemp(folder) != NULL)) return STATUS_IO;
    snprintf(path, sizeof path, "%s/state", folder);
    enum status status = trie_snapshot_write(&s->store, &s->root, 1, path, e);
    if (status == STATUS_OK) CHECK(remove(path) == 0);
    CHECK(remove(folder) == 0); /* nothing is left in it */
    return status;
}

static enum status fill_partial(struct session *s, struct error *e)
{
    struct trie_store partial;
    enum status status = STATUS_OK;
    trie_store_init_partial(&partial);
    for (size_t i = 0; status == STATUS_OK && i < s->before.count; i++)
        status = trie_partial_add(&partial, view(&s->before.entries[i].value), NULL, e);
    trie_store_free(&partial);
    return status;
}

static const struct {
    const char *name;
    job *run;
} jobs[] = {
    {"updates", apply_recorded}, {"lookups", read_all},      {"walks", seek_and_walk},  {"pending changes", pending},
    {"snapshots, written", write_snapshot}, {"snapshots, read", load_snapshot}, {"snapshots, as files", write_file},
    {"partial stores", fill_partial},
};

static void run_job(struct session *s, job *run)
{
    struct error e;
    const size_t rows = trie_store_count(&s->store);
    const uint64_t bytes = s->store.bytes;
    bool ok = true;
    for (long k = 0;; k++) {
        e = (struct error){0};
        failed = false;
        countdown = k;
        enum status status = run(s, &e);
        const bool ran_out = failed;
        countdown = -1;
        failed = false;
        ok = ok && status == (ran_out ? STATUS_NO_MEMORY : STATUS_OK) && (!ran_out || e.status == STATUS_NO_MEMORY);
        ok = ok && trie_store_count(&s->store) == rows && s->store.bytes == bytes;
        if (!ran_out || !ok) {
            CHECK(ok);
            CHECK(k > 1); /* else nothing was tested */
            break;
        }
    }
    CHECK(model_equals_trie(&s->before, &s->store, s->root));
}

static void setup(struct session *s)
{
    static uint8_t keys[64][2100], values[64][600];
    uint64_t random = 3, usage;
    uint8_t key[2100], value[600];
    struct error e;
    for (int i = 0; i < 50; i++) model_set(&s->before, random_key(&random, key), random_value(&random, value));
    model_copy(&s->after, &s->before);
    for (size_t i = 0; i < 40; i++) {
        struct bytes k = random_key(&random, keys[i]);
        if (i % 2) k = view(&s->before.entries[i % s->before.count].key);
        s->changes[i] = (struct trie_change){k, random_value(&random, values[i]), i % 2};
        if (i % 2) model_remove(&s->after, k);
        else model_set(&s->after, k, s->changes[i].value);
    }
    s->change_count = 40;
    model_build(&s->before, &s->store, &s->root, &usage);
    FILE *out = open_memstream(&s->snapshot, &s->snapshot_size);
    if (!CHECK(out != NULL)) return;
    CHECK(snapshot_write_stream(&s->store, &s->root, 1, out, &e) == STATUS_OK);
    fclose(out);
}

int main(void)
{
    static struct session s;
    setup(&s);
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        test_begin(jobs[i].name);
        sticky = false;
        run_job(&s, jobs[i].run);
        sticky = true;
        run_job(&s, jobs[i].run);
    }
    free(s.snapshot);
    model_free(&s.before);
    model_free(&s.after);
    trie_release(&s.store, &s.root);
    CHECK_EQUAL(trie_store_count(&s.store), 0);
    trie_store_free(&s.store);
    return test_end();
}
