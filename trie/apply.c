#include <stdlib.h>

#include "base/compare.h"
#include "trie/batch.h"

static enum status check(const struct trie_change *c, struct error *e)
{
    enum status status = check_key_size(c->key, e);
    return status == STATUS_OK && !c->remove ? check_value_size(c->value, e) : status;
}

/* By key, and among equal ones in the order in which they were given: all are in one array. */
static int compare_changes(const void *a, const void *b)
{
    const struct trie_change *x = *(const struct trie_change *const *)a, *y = *(const struct trie_change *const *)b;
    const int order = bytes_compare(x->key, y->key);
    return order ? order : x < y ? -1 : x > y;
}

static bool in_order(const struct trie_change *const *changes, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (bytes_compare(changes[i - 1]->key, changes[i]->key) > 0) return false;
    }
    return true;
}

/* `old` (may be null): what was under each of the keys, if no key is there twice. */
static enum status make_changes(struct batch *b, const struct trie_change *const *changes, size_t count,
                                struct trie_old *old)
{
    enum status status = batch_load(b, &b->root, NULL, (struct nibbles){0});
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const struct trie_change *c = changes[i];
        if (i + 1 < count && bytes_equal(c->key, changes[i + 1]->key)) continue; /* the last one counts */
        const struct nibbles key = batch_nibbles(b, c->key);
        if (!key.data) return error_no_memory(b->error);
        b->old = (struct trie_old){0};
        status = c->remove ? batch_remove(b, key) : batch_set(b, key, c->value);
        if (old) old[i] = b->old;
    }
    return status;
}

/* What is to be changed is checked, sorted, changed and hashed; the rows, if there are to be any, are the batch's. */
static enum status run(struct batch *b, const struct trie_change *changes, size_t count, struct trie_hash *root,
                       uint64_t *usage, struct trie_old *old)
{
    struct error *e = b->error;
    enum status status = STATUS_OK;
    if (!trie_hash_is_empty(&b->trie->root)) b->root.hash = &b->trie->root;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) status = check(&changes[i], e);
    if (status != STATUS_OK) return status;
    if (count > SIZE_MAX / sizeof(void *)) return error_no_memory(e);
    const struct trie_change **sorted = malloc(count ? count * sizeof *sorted : 1);
    if (!sorted) return error_no_memory(e);
    for (size_t i = 0; i < count; i++) sorted[i] = &changes[i];
    if (!in_order(sorted, count)) qsort(sorted, count, sizeof *sorted, compare_changes);
    status = make_changes(b, sorted, count, old);
    if (status == STATUS_OK) status = batch_encode(b, root, usage);
    free(sorted);
    return status;
}

enum status trie_apply(const struct trie *t, const struct trie_change *changes, size_t count,
                       struct trie_hash *new_root, uint64_t *memory_usage, struct error *e)
{
    struct batch b = {.trie = t, .error = e};
    struct trie_hash root;
    uint64_t usage;
    enum status status = run(&b, changes, count, &root, &usage, NULL);
    if (status == STATUS_OK) status = batch_install(&b, &root);
    batch_free(&b);
    if (status != STATUS_OK) return status;
    *new_root = root;
    if (memory_usage) *memory_usage = usage;
    return STATUS_OK;
}

enum status trie_root_after(const struct trie *t, const struct trie_change *changes, size_t count,
                            struct trie_hash *new_root, struct trie_old *old, struct error *e)
{
    struct batch b = {.trie = t, .root_only = true, .error = e};
    struct trie_hash root;
    uint64_t usage;
    enum status status = run(&b, changes, count, &root, &usage, old);
    batch_free(&b);
    if (status == STATUS_OK) *new_root = root;
    return status;
}
