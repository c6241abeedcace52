#include "proof/net_changes.h"

#include <stdlib.h>

#include "base/compare.h"

struct ordered_change {
    struct trie_change change;
    size_t order; /* in time */
};

static int compare_changes(const void *a, const void *b)
{
    const struct ordered_change *x = a, *y = b;
    const int order = bytes_compare(x->change.key, y->change.key);
    return order ? order : x->order < y->order ? -1 : x->order > y->order;
}

/* All changes of all steps by key, each key in the order of time. */
static enum status order_changes(const struct proof_step *steps, uint32_t step_count, struct ordered_change **out,
                                 size_t *count, struct error *e)
{
    size_t total = 0, at = 0;
    for (uint32_t i = 0; i < step_count; i++) total += steps[i].result->change_count;
    struct ordered_change *all = calloc(total ? total : 1, sizeof *all);
    if (!all) return error_no_memory(e);
    for (uint32_t i = 0; i < step_count; i++) {
        const struct chunk_result *r = steps[i].result;
        for (size_t j = 0; j < r->change_count; j++, at++) all[at] = (struct ordered_change){r->changes[j], at};
    }
    qsort(all, total, sizeof *all, compare_changes);
    *out = all;
    *count = total;
    return STATUS_OK;
}

/* What has to be found out about keys in ascending order. */
struct search {
    const struct trie *old;
    const struct proof_change *known, *known_end;
};

static enum status find_old(struct search *s, struct proof_change *c, struct error *e)
{
    while (s->known < s->known_end && bytes_compare(s->known->key, c->key) < 0) s->known++;
    if (s->known < s->known_end && bytes_equal(s->known->key, c->key)) {
        c->was = s->known->was;
        c->old_value = s->known->old_value;
        return STATUS_OK;
    }
    return trie_find(s->old, c->key, NULL, &c->was, &c->old_value, e);
}

/* What the last change of a key makes of it; *differs: whether that is another value than before. */
static enum status net_change(struct search *s, const struct trie_change *c, struct proof_change *out, bool *differs,
                              struct error *e)
{
    *out = (struct proof_change){.key = c->key, .is = !c->remove};
    enum status status = find_old(s, out, e);
    if (status != STATUS_OK) return status;
    if (!out->was) out->old_value = (struct trie_value){0};
    if (out->is) {
        const struct crypto_hash hash = crypto_hash_of(c->value);
        out->new_value = (struct trie_value){trie_hash_of_crypto(&hash), (uint32_t)c->value.size};
    }
    *differs = out->was != out->is || (out->was && !trie_value_equal(&out->old_value, &out->new_value));
    return STATUS_OK;
}

static enum status keep_last(struct search *s, const struct ordered_change *all, size_t total, struct arena *arena,
                             struct net_changes *out, struct error *e)
{
    out->changes = arena_array(arena, total, sizeof *out->changes);
    out->values = arena_array(arena, total, sizeof *out->values);
    if (!out->changes || !out->values || total > UINT32_MAX) return error_no_memory(e);
    for (size_t i = 0; i < total; i++) {
        bool differs;
        if (i + 1 < total && bytes_equal(all[i].change.key, all[i + 1].change.key)) continue;
        enum status status = net_change(s, &all[i].change, &out->changes[out->count], &differs, e);
        if (status != STATUS_OK) return status;
        if (differs) out->values[out->count++] = all[i].change;
    }
    return STATUS_OK;
}

enum status net_changes_of(const struct proof_step *steps, uint32_t step_count, const struct trie *old,
                           const struct proof_change *known, uint32_t known_count, struct arena *arena,
                           struct net_changes *out, struct error *e)
{
    struct search search = {old, known, known_count ? known + known_count : known};
    struct ordered_change *all = NULL;
    size_t total = 0;
    *out = (struct net_changes){0};
    enum status status = order_changes(steps, step_count, &all, &total, e);
    if (status != STATUS_OK) return status;
    status = keep_last(&search, all, total, arena, out, e);
    free(all);
    return status;
}
