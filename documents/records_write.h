/* A state as genesis records: one line for each. Some keys have no record: those that node/records_import.h makes anew
 * (indices, and what postponed receipts wait for) are passed over; of all others the caller is told before anything is
 * written, so that nothing is dropped silently. */
#ifndef DOCUMENTS_RECORDS_WRITE_H
#define DOCUMENTS_RECORDS_WRITE_H

#include <stdio.h>

#include "near/trie_key.h"
#include "trie/trie.h"

/* What has no record, by kind of key. */
struct records_left_out {
    uint64_t count[TRIE_KEY_KIND_COUNT];
    uint64_t total;
};

/* Looks through the state. STATUS_INVALID if a key or value cannot be read. */
enum status records_check(const struct trie *state, struct records_left_out *out, struct error *e);

/* Writes all that has a record. STATUS_IO: look at errno. *count is the number of records. */
enum status records_write(const struct trie *state, FILE *out, uint64_t *count, struct error *e);

#endif
