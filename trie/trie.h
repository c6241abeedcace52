/* trie/: NEAR's state: a Merkle-Patricia trie from byte strings to byte strings, kept in memory. It knows nothing of
 * accounts, receipts or gas.
 *
 *   - A *store* (struct trie_store) is a table of rows by SHA-256: encoded nodes and values. Many tries share it: an
 *     update makes a new root and leaves the old one readable until it is released. A *partial* store is filled from
 *     the rows of a proof and says which hash it lacks.
 *   - A *trie* (struct trie) is a root in a store, with a recorder, if reads and updates are to be recorded.
 *   - trie_apply makes a new trie from changes; struct trie_update collects changes before that, with commit and
 *     rollback; struct trie_iterator walks in the order of keys.
 *   - A *recorder* collects every row that was needed, which is the proof of what was read and changed.
 *   - A *snapshot* is a store in one file.
 *
 * Rows, hashes, shapes and memory usage are those of nearcore; docs/trie.md describes them. Whatever comes out of a
 * partial store or a file is checked; nothing recurses.
 *
 * Threads: any number may read a store that nobody changes, each with its own struct trie, recorder and so on.
 * Errors have one of the codes of trie/errors.def (enum trie_error); those that name a hash print it in hex. */
#ifndef TRIE_TRIE_H
#define TRIE_TRIE_H

#include "base/hash.h"
#include "base/bytes.h"
#include "base/error.h"

struct trie_hash {
    uint8_t bytes[32];
};

static inline bool trie_hash_equal(const struct trie_hash *a, const struct trie_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* The root of the trie without keys: 32 zero bytes; no row has this hash. */
static inline bool trie_hash_is_empty(const struct trie_hash *h)
{
    static const struct trie_hash empty;
    return trie_hash_equal(h, &empty);
}

enum trie_error {
    TRIE_NO_ERROR = 0,
#define X(name) TRIE_##name,
#include "trie/errors.def"
#undef X
};

enum {
    TRIE_KEY_MAX = 1 << 16,        /* bytes of a key; NEAR's longest have some 2,200 */
    TRIE_VALUE_MAX = 1 << 28,      /* bytes of a value or any other row */
};

/* ---- store ------------------------------------------------------------------------------------------------------ */

/* A table of hash → bytes; hash_table.h. Zero-initialised it is empty. */
struct hash_table {
    struct hash_slot *slots;
    size_t capacity; /* 0 or a power of two */
    size_t count;
    struct hash_key key;
};

/* Zero-initialise, or start with trie_store_init_partial; release with trie_store_free. */
struct trie_store {
    struct hash_table rows;
    uint64_t bytes;    /* sum of the rows' sizes */
    bool partial;
};

void trie_store_free(struct trie_store *s);

/* Rows in the store; every node and every value counts once, however often it is used. */
static inline size_t trie_store_count(const struct trie_store *s)
{
    return s->rows.count;
}

/* Adds or takes back a reference to a root, which must be the root of a trie in the store or empty. trie_apply has
 * added one to what it returns. When the last one is gone, every row that no other root needs is freed. In a partial
 * store both do nothing. Releasing never fails; retaining: STATUS_USAGE if there is no such node. */
enum status trie_retain(struct trie_store *s, const struct trie_hash *root, struct error *e);
void trie_release(struct trie_store *s, const struct trie_hash *root);

/* The bytes of a row, node or value; valid as long as the row is in the store. False: there is none. */
bool trie_store_row(const struct trie_store *s, const struct trie_hash *hash, struct bytes *out);

/* A partial store keeps every row until it is freed, however it got in. */
void trie_store_init_partial(struct trie_store *s);

/* Adds a row (it is copied) under its SHA-256. *added (may be null): false if it was there already. What the row means
 * is only known, and checked, when a node refers to it. STATUS_LIMIT, STATUS_NO_MEMORY; STATUS_USAGE: not partial. */
enum status trie_partial_add(struct trie_store *s, struct bytes row, bool *added, struct error *e);

/* ---- recorder --------------------------------------------------------------------------------------------------- */

/* Which rows were read, and how much was read and written. Zero-initialise; release with trie_recorder_free. */
struct trie_recorder {
    struct hash_table rows;      /* copies: the proof does not need the store */
    uint64_t size;               /* bytes of the rows, each once */
    uint64_t upper_bound;        /* size, and what trie_recorder_expect has added */
    uint64_t nodes_read, values_read, bytes_read;          /* each time that one is read */
    uint64_t nodes_written, values_written, bytes_written; /* rows of updates that were not in the store before */
    uint8_t mark;                /* for partial stores: not 0: instead of being copied, rows get this bit of row.marks
                                    (store.h); each recorder of a store has another one */
    size_t marked_made;          /* how many of the marked rows an update has made: trie_partial_add did not */
};

void trie_recorder_free(struct trie_recorder *r);

/* Counts bytes that may have to be in the proof but are not yet recorded: NEAR adds 2,000 for each removal of contract
 * data and the length of each contract that is run. */
void trie_recorder_expect(struct trie_recorder *r, uint64_t bytes);

/* The rows in ascending order of their bytes, which is the order of nearcore's PartialState. *rows is an array of
 * *count views into the recorder, to be freed with free; null if there are none. */
enum status trie_recorder_rows(const struct trie_recorder *r, struct bytes **rows, size_t *count, struct error *e);

/* ---- accounting ------------------------------------------------------------------------------------------------- */

/* What lookups cost: a row that was looked at before, since the set was begun (in NEAR: in this chunk), counts as
 * cached, any other as touched. Zero-initialise; release with trie_touched_free. */
struct trie_touched {
    struct hash_table seen;
    uint64_t touched, cached; /* never reset here: take differences */
};

void trie_touched_free(struct trie_touched *t);

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* The row that was not there, set with every error of code TRIE_MISSING_NODE or TRIE_MISSING_VALUE. */
struct trie_missing {
    struct trie_hash hash;
    bool value;      /* else a node */
};

/* Whoever fills it in keeps what it points to alive; it owns nothing. */
struct trie {
    struct trie_store *store;
    struct trie_hash root;
    struct trie_recorder *recorder; /* null: nothing is recorded */
    struct trie_missing *missing;   /* may be null */
};

/* A value as a node refers to it. */
struct trie_value {
    struct trie_hash hash;
    uint32_t length;
};

/* Every function below that reads: TRIE_MISSING_NODE or TRIE_MISSING_VALUE (STATUS_INVALID) if the store lacks a row;
 * TRIE_BAD_NODE, TRIE_BAD_SHAPE, TRIE_BAD_MEMORY_USAGE, TRIE_BAD_LENGTH (STATUS_INVALID) if what is there is no trie,
 * which cannot happen in a store that is not partial; TRIE_LONG_KEY (STATUS_LIMIT); STATUS_NO_MEMORY. `touched` may be
 * null: nothing is counted. Everything read until an error stays recorded and counted. */

/* Looks a key up. Only nodes are read: the path to the key, or as far as it goes. */
enum status trie_find(const struct trie *t, struct bytes key, struct trie_touched *touched, bool *found,
                      struct trie_value *out, struct error *e);

/* The bytes of a value that was found; a view into the store, valid as long as the root is retained. */
enum status trie_read_value(const struct trie *t, const struct trie_value *v, struct trie_touched *touched,
                            struct bytes *out, struct error *e);

/* Both. */
enum status trie_get(const struct trie *t, struct bytes key, struct trie_touched *touched, bool *found,
                     struct bytes *out, struct error *e);

/* The memory usage of the root node, 0 for the empty trie. Reads the root. */
enum status trie_memory_usage(const struct trie *t, uint64_t *out, struct error *e);

/* ---- iteration -------------------------------------------------------------------------------------------------- */

/* Walks through keys in ascending order. The trie must stay as it is meanwhile. */
struct trie_iterator {
    const struct trie *trie;
    struct iterator_frame *frames; /* the path to where it stands */
    uint32_t count, capacity;
    struct buffer nibbles;         /* of that path, one a byte */
    struct buffer key;             /* what the last step gave */
};

/* Starts at the first key that has the prefix, and goes on to the last one that has; the empty prefix: all keys.
 * Whatever the result, release with trie_iterator_free. */
enum status trie_iterator_prefix(struct trie_iterator *it, const struct trie *t, struct bytes prefix, struct error *e);

/* Starts at the first key that is not less than `key`. The rows read on the way there are not recorded (as in
 * nearcore: the seek's own reads need no proof). */
enum status trie_iterator_seek(struct trie_iterator *it, const struct trie *t, struct bytes key, struct error *e);

/* Goes to the next key. *found is false at the end. The key is valid until the next step, the value as long as the
 * root is retained. Nodes are read when they are reached, and the value is read with its key. */
enum status trie_iterator_next(struct trie_iterator *it, bool *found, struct bytes *key, struct bytes *value,
                               struct error *e);

void trie_iterator_free(struct trie_iterator *it);

/* ---- changing --------------------------------------------------------------------------------------------------- */

struct trie_change {
    struct bytes key;
    struct bytes value; /* ignored if the key is removed */
    bool remove;
};

/* Makes the trie that differs from *t by the changes; of several for the same key the last one counts. The new rows
 * are in the store then, the new root has one reference more, the old trie is as it was. Removing a key that is not
 * there changes nothing. Recorded are the nodes that had to be read, in the order of keys as nearcore does it, among
 * them the siblings that removals merge with, but no values. On failure nothing is changed.
 * *memory_usage (may be null) is that of the new root. STATUS_LIMIT, too: TRIE_LONG_VALUE, TRIE_FULL. */
enum status trie_apply(const struct trie *t, const struct trie_change *changes, size_t count,
                       struct trie_hash *new_root, uint64_t *memory_usage, struct error *e);

/* What was under a key before. */
struct trie_old {
    bool found;
    struct trie_value value; /* if found */
};

/* The root that trie_apply would give, with the same checks and the same reads; nothing is added to the store, and
 * nothing counts as written. `old` may be null; if it is not, the changes must be in the order of keys, each key once,
 * and it has room for as many: it gets what trie_find says of each key. */
enum status trie_root_after(const struct trie *t, const struct trie_change *changes, size_t count,
                            struct trie_hash *new_root, struct trie_old *old, struct error *e);

/* ---- pending changes -------------------------------------------------------------------------------------------- */

/* Changes on top of a trie, in two layers: those since the last commit, which can be rolled back (in NEAR: of the
 * transaction or receipt under way), and the committed ones, which trie_update_apply makes a new trie of. Release with
 * trie_update_free. Keys and values are copied. */
struct trie_update {
    struct trie trie;
    struct pending_block **blocks;        /* the changed keys in order; pending.h */
    uint32_t block_count, block_capacity;
    struct pending_entry *uncommitted;    /* those changed since the last commit */
};

/* The trie's store must outlive the update, and its root must stay retained. */
void trie_update_init(struct trie_update *u, const struct trie *t);
void trie_update_free(struct trie_update *u);

/* TRIE_LONG_KEY, TRIE_LONG_VALUE, STATUS_NO_MEMORY; nothing is changed then. */
enum status trie_update_set(struct trie_update *u, struct bytes key, struct bytes value, struct error *e);
enum status trie_update_remove(struct trie_update *u, struct bytes key, struct error *e);

void trie_update_commit(struct trie_update *u);
void trie_update_rollback(struct trie_update *u);

/* Where a key was found, or not. */
struct trie_found {
    bool found;
    bool pending;            /* by the changes: neither trie nor accounting nor recorder were asked */
    uint32_t length;         /* of the value, if found */
    struct bytes value;      /* pending: the value; valid until the key is changed, committed or rolled back */
    struct trie_value in_trie; /* otherwise: for trie_read_value, with &u->trie */
};

/* Looks a key up without reading its value. */
enum status trie_update_find(const struct trie_update *u, struct bytes key, struct trie_touched *touched,
                             struct trie_found *out, struct error *e);

/* With its value: *value is valid until the key is changed, committed or rolled back. */
enum status trie_update_get(const struct trie_update *u, struct bytes key, struct trie_touched *touched, bool *found,
                            struct bytes *value, struct error *e);

/* The keys with a prefix, changes included, in ascending order. Changes may be made while it walks; those behind where
 * it stands are not seen. Reads of the trie are recorded, values included, also of keys that are removed or
 * overwritten by changes. Release with trie_update_iterator_free, whatever the result. */
struct trie_update_iterator {
    const struct trie_update *update;
    struct trie_iterator in_trie;
    struct buffer prefix, key;   /* `key`: what the last step gave, if any */
    struct bytes next_key, next_value; /* what the trie has next, if has_next */
    bool has_next, started;
};

enum status trie_update_iterator_init(struct trie_update_iterator *it, const struct trie_update *u,
                                      struct bytes prefix, struct error *e);
/* *value is valid as that of trie_update_get. */
enum status trie_update_iterator_next(struct trie_update_iterator *it, bool *found, struct bytes *key,
                                      struct bytes *value, struct error *e);
void trie_update_iterator_free(struct trie_update_iterator *it);

/* The committed changes in the order of keys, each key once with its last value; also those that leave a value as it
 * was. *changes is to be freed with free (null if there are none); it points into the update, until that is changed. */
enum status trie_update_changes(const struct trie_update *u, struct trie_change **changes, size_t *count,
                                struct error *e);

/* trie_apply with the committed changes. STATUS_USAGE if some are uncommitted. */
enum status trie_update_apply(const struct trie_update *u, struct trie_hash *new_root, uint64_t *memory_usage,
                              struct error *e);

/* ---- snapshots -------------------------------------------------------------------------------------------------- */

/* Writes all tries with these roots to one file, which replaces what was there under that name only when it is
 * complete (it is written beside it, then renamed). STATUS_IO, STATUS_NO_MEMORY. The store must not be partial. */
enum status trie_snapshot_write(const struct trie_store *s, const struct trie_hash *roots, size_t count,
                                const char *path, struct error *e);

/* Reads a snapshot into a zero-initialised store. Everything is checked: hashes, the form of each node, the shape of
 * the trie, memory usage, that nothing is missing and nothing left over. *roots is an array of *count roots, each with
 * a reference, to be freed with free. STATUS_IO, STATUS_MALFORMED (TRIE_BAD_SNAPSHOT, with the offset),
 * STATUS_INVALID, STATUS_LIMIT, STATUS_NO_MEMORY; the store is then empty. */
enum status trie_snapshot_read(struct trie_store *s, const char *path, struct trie_hash **roots, size_t *count,
                               struct error *e);

#endif
