/* Reading rows: checked, recorded and counted. */
#ifndef TRIE_READ_H
#define TRIE_READ_H

#include "trie/node.h"

struct row;

/* How far from the root, for errors: the first `count` nibbles of a key, packed or one a byte. */
struct path {
    const uint8_t *data;
    size_t count;
    bool packed;
};

/* The node with this hash. Errors of trie_find. */
enum status read_node(const struct trie *t, const struct trie_hash *hash, struct trie_touched *touched,
                      struct path path, struct node *out, struct error *e);

/* The same, with the row that it is. */
enum status read_node_row(const struct trie *t, const struct trie_hash *hash, struct trie_touched *touched,
                          struct path path, struct row **row, struct node *out, struct error *e);

/* The same as a child of `parent`, to which it must fit. */
enum status read_child(const struct trie *t, const struct node *parent, const struct trie_hash *hash,
                       struct trie_touched *touched, struct path path, struct node *out, struct error *e);

/* The value at the end of the path. */
enum status read_value(const struct trie *t, const struct trie_value *v, struct trie_touched *touched,
                       struct path path, struct bytes *out, struct error *e);

/* TRIE_LONG_KEY, TRIE_LONG_VALUE. */
enum status check_key_size(struct bytes key, struct error *e);
enum status check_value_size(struct bytes value, struct error *e);

/* Adds to the message of an error where in the trie it was; returns its status. */
enum status read_error_at(struct error *e, const struct trie_hash *hash, struct path path);

/* Adds a row that was read; that it is there already changes nothing. */
enum status recorder_add(struct trie_recorder *r, const struct trie_hash *hash, struct bytes row, struct error *e);
/* The same for a recorder that marks. */
void recorder_mark(struct trie_recorder *r, struct row *row);
/* Counts a row that an update has made. */
void recorder_count_written(struct trie_recorder *r, bool node, size_t size);

enum status touched_add(struct trie_touched *t, const struct trie_hash *hash, struct error *e);

#endif
