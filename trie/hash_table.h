/* Rows by hash: open addressing with linear probing. A row is any allocation that begins with its struct trie_hash. */
#ifndef TRIE_HASH_TABLE_H
#define TRIE_HASH_TABLE_H

#include "trie/trie.h"

struct hash_slot {
    uint64_t tag; /* the beginning of the row's hash: with the key: where it wants to be; and most of the comparison */
    void *row;    /* null: free */
};

enum { HASH_TABLE_MAX = 1 << 27 }; /* rows */

void *hash_table_find(const struct hash_table *t, const struct trie_hash *hash);

/* Room for `extra` more rows. TRIE_FULL, STATUS_NO_MEMORY: nothing changed. */
enum status hash_table_reserve(struct hash_table *t, size_t extra, struct error *e);

/* Adds a row that is not there, for which room was reserved. */
void hash_table_insert(struct hash_table *t, void *row);

/* Takes out the row with this hash, which must be there; it is not freed. */
void hash_table_remove(struct hash_table *t, const struct trie_hash *hash);

/* The number of the slot that holds the row, below the capacity, the same until something is added or taken out. */
size_t hash_table_slot(const struct hash_table *t, const struct trie_hash *hash);

/* The row of slot *position or of the next one that has one, behind which *position is then; null at the end. */
void *hash_table_next(const struct hash_table *t, size_t *position);

/* Frees the table and every row with free. */
void hash_table_free(struct hash_table *t);

#endif
