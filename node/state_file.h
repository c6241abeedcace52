/* node/: one chain: its state in a file, and what is put into it. It knows nothing of the command line and never
 * prints.
 *
 * A state file: one state in a snapshot of the trie (trie/trie.h, docs/state.md). It is read as a whole, changed in
 * memory, and written back in one piece, so that whatever goes wrong leaves the file as it was. */
#ifndef NODE_STATE_FILE_H
#define NODE_STATE_FILE_H

#include "base/file.h"
#include "near/account.h"
#include "near/trie_key.h"
#include "trie/trie.h"

/* Start with state_file_begin or state_file_open, release with state_file_close; must not move in between. */
struct state_file {
    const char *path;
    struct file_lock lock;
    struct trie_store store;
    struct trie trie;          /* without the changes since the last state_file_flush */
    struct trie_update update; /* with them */
    uint64_t pending_count, pending_bytes;
    struct buffer key;         /* bytes of the key in use */
};

/* An empty state in memory; `path` is for messages. */
void state_file_begin(struct state_file *s, const char *path);
/* Whether the file is locked until state_file_close, so that nobody else changes it meanwhile. */
enum state_use { STATE_READ, STATE_CHANGE };

/* Reads the file. STATUS_IO, with the path in the message; STATUS_USAGE if it holds several states; the errors of
 * trie_snapshot_read. state_file_close in any case. */
enum status state_file_open(struct state_file *s, const char *path, enum state_use use, struct error *e);
void state_file_close(struct state_file *s);

/* An empty state for a file that is locked from now on; if there is one already, STATUS_IO with EEXIST unless it is to
 * be replaced. */
enum status state_file_make(struct state_file *s, const char *path, bool replace, struct error *e);

/* Writes the state with all changes to its file, which is not locked from then on. STATUS_IO, with the path in the
 * message; STATUS_NO_MEMORY. */
enum status state_file_save(struct state_file *s, struct error *e);

/* Every status below: the errors of the trie; STATUS_INVALID for a record that cannot be read, STATUS_NO_MEMORY. */

/* Makes a trie of the changes so far: s->trie has them then. The second one does so only if they are many. */
enum status state_file_flush(struct state_file *s, struct error *e);
enum status state_file_flush_if_large(struct state_file *s, struct error *e);

/* Goes on from another root in the same store, whose reference it takes over; changes that were not flushed are
 * lost. */
void state_file_move(struct state_file *s, const struct trie_hash *root);

/* *value is a view, valid until the next change or flush. */
enum status state_file_get(struct state_file *s, const struct trie_key *key, bool *found, struct bytes *value,
                           struct error *e);
enum status state_file_set(struct state_file *s, const struct trie_key *key, struct bytes value, struct error *e);
enum status state_file_remove(struct state_file *s, const struct trie_key *key, struct error *e);

enum status state_file_get_account(struct state_file *s, const struct account_id *id, bool *found, struct account *out,
                                   struct error *e);
enum status state_file_set_account(struct state_file *s, const struct account_id *id, const struct account *a,
                                   struct error *e);

/* ---- what NEAR counts as storage, in bytes: docs/state.md ------------------------------------------------------- */

uint64_t storage_of_account(const struct account *a); /* the record, and the reference to a global contract */
uint64_t storage_of_data(struct bytes key, struct bytes value);
uint64_t storage_of_access_key(const struct public_key_handle *key, struct bytes access_key);
uint64_t storage_of_gas_key_nonce(const struct public_key_handle *key);

#endif
