/* Snapshots as streams; docs/trie.md has the format. */
#ifndef TRIE_SNAPSHOT_H
#define TRIE_SNAPSHOT_H

#include <stdio.h>

#include "trie/trie.h"

#define SNAPSHOT_MAGIC "NEARTRIE" /* without the NUL */
enum { SNAPSHOT_VERSION = 1 };
enum { SNAPSHOT_NODE = 0, SNAPSHOT_VALUE = 1, SNAPSHOT_END = 2 };
enum { SNAPSHOT_ROOTS_MAX = 1 << 20 };

/* As trie_snapshot_write and trie_snapshot_read; the stream stays open. */
enum status snapshot_write_stream(const struct trie_store *s, const struct trie_hash *roots, size_t count, FILE *out,
                                  struct error *e);
enum status snapshot_read_stream(struct trie_store *s, FILE *in, struct trie_hash **roots, size_t *count,
                                 struct error *e);

#endif
