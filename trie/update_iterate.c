#include "base/compare.h"
#include "trie/pending.h"

enum status trie_update_iterator_init(struct trie_update_iterator *it, const struct trie_update *u,
                                      struct bytes prefix, struct error *e)
{
    *it = (struct trie_update_iterator){.update = u};
    buffer_append(&it->prefix, prefix.data, prefix.size);
    if (it->prefix.failed) return error_no_memory(e);
    enum status status = trie_iterator_prefix(&it->in_trie, &u->trie, prefix, e);
    if (status != STATUS_OK) return status;
    return trie_iterator_next(&it->in_trie, &it->has_next, &it->next_key, &it->next_value, e);
}

void trie_update_iterator_free(struct trie_update_iterator *it)
{
    trie_iterator_free(&it->in_trie);
    buffer_free(&it->prefix);
    buffer_free(&it->key);
    *it = (struct trie_update_iterator){0};
}

/* The next changed key behind where the walk stands; null: none with the prefix. Looked for anew each time, because
 * changes may have been made. */
static const struct pending_entry *next_pending(const struct trie_update_iterator *it)
{
    const struct bytes prefix = bytes_of(it->prefix.data, it->prefix.size);
    const struct bytes last = it->started ? bytes_of(it->key.data, it->key.size) : prefix;
    struct pending_place place = pending_seek(it->update, last);
    const struct pending_entry *p = pending_at(it->update, &place);
    if (p && it->started && bytes_equal(pending_key(p), last)) {
        place.index++;
        p = pending_at(it->update, &place);
    }
    if (!p || p->key_size < prefix.size || !bytes_equal(bytes_of(p->key, prefix.size), prefix)) return NULL;
    return p;
}

/* Moves to the next key of trie or changes. *found: it is there, not removed by a change. *more: false at the end. */
static enum status step(struct trie_update_iterator *it, bool *more, bool *found, struct bytes *value, struct error *e)
{
    const struct pending_entry *p = next_pending(it);
    *more = p || it->has_next;
    *found = false;
    if (!*more) return STATUS_OK;
    const int order = !p ? -1 : !it->has_next ? 1 : bytes_compare(it->next_key, pending_key(p));
    const struct bytes key = order <= 0 ? it->next_key : pending_key(p);
    it->key.size = 0;
    buffer_append(&it->key, key.data, key.size);
    if (it->key.failed) return error_no_memory(e);
    it->started = true;
    *value = order < 0 ? it->next_value : pending_now(p)->value;
    *found = order < 0 || pending_now(p)->state == PENDING_SET;
    if (order > 0) return STATUS_OK;
    return trie_iterator_next(&it->in_trie, &it->has_next, &it->next_key, &it->next_value, e);
}

enum status trie_update_iterator_next(struct trie_update_iterator *it, bool *found, struct bytes *key,
                                      struct bytes *value, struct error *e)
{
    enum status status = STATUS_OK;
    *found = false;
    for (bool more = true; status == STATUS_OK && more && !*found;) status = step(it, &more, found, value, e);
    if (status != STATUS_OK) *found = false;
    *key = bytes_of(it->key.data, it->key.size);
    return status;
}
