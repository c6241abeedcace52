#include <stdlib.h>

#include "trie/pending.h"
#include "trie/read.h"

void trie_update_init(struct trie_update *u, const struct trie *t)
{
    *u = (struct trie_update){.trie = *t};
}

void trie_update_free(struct trie_update *u)
{
    pending_free(u);
    *u = (struct trie_update){0};
}

/* ---- changing --------------------------------------------------------------------------------------------------- */

static void free_value(struct pending_value *v)
{
    free((void *)(uintptr_t)v->value.data);
    *v = (struct pending_value){0};
}

/* The change takes over v's memory, or frees it. */
static enum status change(struct trie_update *u, struct bytes key, struct pending_value v, struct error *e)
{
    struct pending_entry *p = NULL;
    enum status status = check_key_size(key, e);
    if (status == STATUS_OK && !(p = pending_make(u, key))) status = error_no_memory(e);
    if (!p) {
        free_value(&v);
        return status;
    }
    if (!p->uncommitted.state) {
        p->next = u->uncommitted;
        u->uncommitted = p;
    }
    free_value(&p->uncommitted);
    p->uncommitted = v;
    return STATUS_OK;
}

enum status trie_update_set(struct trie_update *u, struct bytes key, struct bytes value, struct error *e)
{
    enum status status = check_value_size(value, e);
    if (status != STATUS_OK) return status;
    uint8_t *copy = malloc(value.size ? value.size : 1);
    if (!copy) return error_no_memory(e);
    if (value.size) memcpy(copy, value.data, value.size);
    return change(u, key, (struct pending_value){PENDING_SET, bytes_of(copy, value.size)}, e);
}

enum status trie_update_remove(struct trie_update *u, struct bytes key, struct error *e)
{
    return change(u, key, (struct pending_value){.state = PENDING_REMOVED}, e);
}

void trie_update_commit(struct trie_update *u)
{
    for (struct pending_entry *p; (p = u->uncommitted);) {
        u->uncommitted = p->next;
        free_value(&p->committed);
        p->committed = p->uncommitted;
        p->uncommitted = (struct pending_value){0};
    }
}

void trie_update_rollback(struct trie_update *u)
{
    for (struct pending_entry *p; (p = u->uncommitted);) {
        u->uncommitted = p->next;
        free_value(&p->uncommitted);
        if (!p->committed.state) pending_remove(u, p);
    }
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

enum status trie_update_find(const struct trie_update *u, struct bytes key, struct trie_touched *touched,
                             struct trie_found *out, struct error *e)
{
    const struct pending_entry *p = pending_find(u, key);
    const struct pending_value *now = p ? pending_now(p) : NULL;
    *out = (struct trie_found){0};
    if (now && now->state) {
        out->pending = true;
        out->found = now->state == PENDING_SET;
        out->value = now->value;
        out->length = (uint32_t)now->value.size;
        return STATUS_OK;
    }
    enum status status = trie_find(&u->trie, key, touched, &out->found, &out->in_trie, e);
    if (status == STATUS_OK && out->found) out->length = out->in_trie.length;
    return status;
}

enum status trie_update_get(const struct trie_update *u, struct bytes key, struct trie_touched *touched, bool *found,
                            struct bytes *value, struct error *e)
{
    struct trie_found f;
    enum status status = trie_update_find(u, key, touched, &f, e);
    *value = (struct bytes){0};
    *found = false;
    if (status != STATUS_OK || !f.found) return status;
    if (f.pending) *value = f.value;
    else status = trie_read_value(&u->trie, &f.in_trie, touched, value, e);
    *found = status == STATUS_OK;
    return status;
}

/* ---- the result ------------------------------------------------------------------------------------------------- */

static size_t count_committed(const struct trie_update *u)
{
    struct pending_place place = {0};
    size_t count = 0;
    for (const struct pending_entry *p; (p = pending_at(u, &place)); place.index++) count += p->committed.state != 0;
    return count;
}

enum status trie_update_changes(const struct trie_update *u, struct trie_change **changes, size_t *count,
                                struct error *e)
{
    const size_t n = count_committed(u);
    struct pending_place place = {0};
    size_t i = 0;
    *changes = NULL;
    *count = 0;
    if (!n) return STATUS_OK;
    struct trie_change *all = malloc(n * sizeof *all);
    if (!all) return error_no_memory(e);
    for (const struct pending_entry *p; (p = pending_at(u, &place)); place.index++) {
        if (!p->committed.state) continue;
        all[i++] = (struct trie_change){pending_key(p), p->committed.value, p->committed.state == PENDING_REMOVED};
    }
    *changes = all;
    *count = n;
    return STATUS_OK;
}

enum status trie_update_apply(const struct trie_update *u, struct trie_hash *new_root, uint64_t *memory_usage,
                              struct error *e)
{
    struct trie_change *changes;
    size_t count;
    if (u->uncommitted)
        return error_set(e, STATUS_USAGE, TRIE_UNCOMMITTED, ERROR_NO_OFFSET, "there are uncommitted changes");
    enum status status = trie_update_changes(u, &changes, &count, e);
    if (status == STATUS_OK) status = trie_apply(&u->trie, changes, count, new_root, memory_usage, e);
    free(changes);
    return status;
}
