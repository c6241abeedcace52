#include "host/state_map.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/compare.h"

struct owned_bytes {
    uint8_t *data; /* null: the key is not there */
    size_t size;
};

struct state_map_entry {
    uint64_t hash;
    struct bytes key;
    struct owned_bytes value;
    struct owned_bytes beginning; /* the same memory as `value` until that changes */
};

#define MAX_KEYS (UINT32_C(1) << 31)

/* ---- finding ---------------------------------------------------------------------------------------------------- */

/* The slot of the key, or the free one where it belongs. There is always a free slot. */
static uint32_t slot_of(const struct state_map *m, struct bytes key, uint64_t hash)
{
    uint32_t slot = (uint32_t)hash & m->slot_mask;
    while (m->slots[slot]) {
        const struct state_map_entry *entry = &m->entries[m->slots[slot] - 1];
        if (entry->hash == hash && bytes_equal(entry->key, key)) break;
        slot = (slot + 1) & m->slot_mask;
    }
    return slot;
}

static struct state_map_entry *find(const struct state_map *m, struct bytes key)
{
    if (!m->slots) return NULL;
    const uint32_t index = m->slots[slot_of(m, key, hash_bytes(key, &m->hash_key))];
    return index ? &m->entries[index - 1] : NULL;
}

/* Twice as many slots. */
static bool grow_slots(struct state_map *m)
{
    const uint32_t count = m->slots ? 2 * (m->slot_mask + 1) : 16;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots) return false;
    free(m->slots);
    m->slots = slots;
    m->slot_mask = count - 1;
    for (uint32_t i = 0; i < m->count; i++)
        m->slots[slot_of(m, m->entries[i].key, m->entries[i].hash)] = i + 1;
    return true;
}

/* The entry of the key, made if there is none (it is then absent). */
static enum status find_or_add(struct state_map *m, struct bytes key, struct state_map_entry **out, struct error *e)
{
    *out = find(m, key);
    if (*out) return STATUS_OK;
    if (m->count >= MAX_KEYS / 2) return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "too many keys");
    if (!m->slots) m->hash_key = hash_key_new();
    if ((!m->slots || m->count >= m->slot_mask / 2) && !grow_slots(m)) return error_no_memory(e);
    if (!array_grow(&m->entries, m->count, &m->capacity, sizeof *m->entries)) return error_no_memory(e);
    uint8_t *copy = arena_alloc(&m->keys, key.size);
    if (!copy) return error_no_memory(e);
    if (key.size) memcpy(copy, key.data, key.size);
    *out = &m->entries[m->count++];
    **out = (struct state_map_entry){.hash = hash_bytes(key, &m->hash_key), .key = bytes_of(copy, key.size)};
    m->slots[slot_of(m, (*out)->key, (*out)->hash)] = m->count;
    return STATUS_OK;
}

/* ---- changing --------------------------------------------------------------------------------------------------- */

static bool own(struct bytes b, struct owned_bytes *out)
{
    uint8_t *copy = malloc(b.size ? b.size : 1);
    if (!copy) return false;
    if (b.size) memcpy(copy, b.data, b.size);
    *out = (struct owned_bytes){copy, b.size};
    return true;
}

static void drop_value(struct state_map_entry *entry)
{
    if (entry->value.data != entry->beginning.data) free(entry->value.data);
    entry->value = (struct owned_bytes){0};
}

/* Says whether the entry is there, and copies its value. */
static bool report(const struct state_map_entry *entry, bool *found, struct buffer *old)
{
    if (found) *found = entry && entry->value.data;
    if (!old) return true;
    old->size = 0;
    if (entry && entry->value.data) buffer_append(old, entry->value.data, entry->value.size);
    return !old->failed;
}

enum status state_map_put(struct state_map *m, struct bytes key, struct bytes value, struct error *e)
{
    struct state_map_entry *entry = NULL;
    struct owned_bytes copy = {0};
    enum status status = find_or_add(m, key, &entry, e);
    if (status != STATUS_OK) return status;
    if (!own(value, &copy)) return error_no_memory(e);
    drop_value(entry);
    free(entry->beginning.data);
    entry->value = entry->beginning = copy;
    return STATUS_OK;
}

bool state_map_get(const struct state_map *m, struct bytes key, struct bytes *value)
{
    const struct state_map_entry *entry = find(m, key);
    if (!entry || !entry->value.data) return false;
    *value = bytes_of(entry->value.data, entry->value.size);
    return true;
}

enum status state_map_set(struct state_map *m, struct bytes key, struct bytes value, bool *found, struct buffer *old,
                          struct error *e)
{
    struct state_map_entry *entry = NULL;
    struct owned_bytes copy = {0};
    enum status status = find_or_add(m, key, &entry, e);
    if (status != STATUS_OK) return status;
    if (!report(entry, found, old) || !own(value, &copy)) return error_no_memory(e);
    drop_value(entry);
    entry->value = copy;
    return STATUS_OK;
}

enum status state_map_remove(struct state_map *m, struct bytes key, bool *found, struct buffer *old, struct error *e)
{
    struct state_map_entry *entry = find(m, key);
    if (!report(entry, found, old)) return error_no_memory(e);
    if (entry) drop_value(entry);
    return STATUS_OK;
}

void state_map_free(struct state_map *m)
{
    for (uint32_t i = 0; i < m->count; i++) {
        drop_value(&m->entries[i]);
        free(m->entries[i].beginning.data);
    }
    free(m->entries);
    free(m->slots);
    arena_free(&m->keys);
    *m = (struct state_map){0};
}

/* ---- listing ---------------------------------------------------------------------------------------------------- */

static int compare_entries(const void *a, const void *b)
{
    return bytes_compare(((const struct state_entry *)a)->key, ((const struct state_entry *)b)->key);
}

static int compare_changes(const void *a, const void *b)
{
    return bytes_compare(((const struct state_change *)a)->key, ((const struct state_change *)b)->key);
}

static bool has_changed(const struct state_map_entry *entry)
{
    if (!entry->value.data || !entry->beginning.data) return entry->value.data != entry->beginning.data;
    return !bytes_equal(bytes_of(entry->value.data, entry->value.size),
                        bytes_of(entry->beginning.data, entry->beginning.size));
}

enum status state_map_entries(const struct state_map *m, struct arena *a, struct state_entry **out, size_t *count,
                              struct error *e)
{
    struct state_entry *list = arena_array(a, m->count, sizeof *list);
    size_t n = 0;
    if (!list) return error_no_memory(e);
    for (uint32_t i = 0; i < m->count; i++) {
        const struct state_map_entry *entry = &m->entries[i];
        if (!entry->value.data) continue;
        list[n++] = (struct state_entry){entry->key, bytes_of(entry->value.data, entry->value.size)};
    }
    qsort(list, n, sizeof *list, compare_entries);
    *out = list;
    *count = n;
    return STATUS_OK;
}

enum status state_map_changes(const struct state_map *m, struct arena *a, struct state_change **out, size_t *count,
                              struct error *e)
{
    struct state_change *list = arena_array(a, m->count, sizeof *list);
    size_t n = 0;
    if (!list) return error_no_memory(e);
    for (uint32_t i = 0; i < m->count; i++) {
        const struct state_map_entry *entry = &m->entries[i];
        if (!has_changed(entry)) continue;
        list[n++] = (struct state_change){entry->key, !entry->value.data,
                                          bytes_of(entry->value.data, entry->value.size)};
    }
    qsort(list, n, sizeof *list, compare_changes);
    *out = list;
    *count = n;
    return STATUS_OK;
}
