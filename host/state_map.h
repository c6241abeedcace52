/* Keys and values in memory, found by hash, that remember how they were at the beginning. */
#ifndef HOST_STATE_MAP_H
#define HOST_STATE_MAP_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"
#include "near/action.h"

/* Zero-initialise; release with state_map_free. Everything handed in is copied. */
struct state_map {
    struct state_map_entry *entries; /* never taken out, only marked as absent */
    uint32_t count, capacity;
    uint32_t *slots;                 /* 0: free, otherwise index of an entry + 1 */
    uint32_t slot_mask;              /* number of slots - 1; 0 before the first entry */
    struct arena keys;
    struct hash_key hash_key;
};

/* What a key has become since the beginning. */
struct state_change {
    struct bytes key;
    bool removed;       /* it was there and is not any more */
    struct bytes value; /* otherwise: its new value */
};

/* Part of the beginning: a later value for the same key takes the place of an earlier one. STATUS_NO_MEMORY,
 * STATUS_LIMIT (2^31 keys). */
enum status state_map_put(struct state_map *m, struct bytes key, struct bytes value, struct error *e);

/* *value is a view, valid until the key is written or removed. */
bool state_map_get(const struct state_map *m, struct bytes key, struct bytes *value);

/* Writing and removing. *found says whether the key was there, and `old` (emptied first) gets its value then. On
 * failure, STATUS_NO_MEMORY or STATUS_LIMIT, nothing has changed. */
enum status state_map_set(struct state_map *m, struct bytes key, struct bytes value, bool *found, struct buffer *old,
                          struct error *e);
enum status state_map_remove(struct state_map *m, struct bytes key, bool *found, struct buffer *old, struct error *e);

/* All keys that are there with their values, or those whose value is not what it was at the beginning, sorted by
 * key, byte by byte. The array is in `a`; what it points to is the map's and valid until that key is written or
 * removed.
 * STATUS_NO_MEMORY. */
enum status state_map_entries(const struct state_map *m, struct arena *a, struct state_entry **out, size_t *count,
                              struct error *e);
enum status state_map_changes(const struct state_map *m, struct arena *a, struct state_change **out, size_t *count,
                              struct error *e);

void state_map_free(struct state_map *m);

#endif
