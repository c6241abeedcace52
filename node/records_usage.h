/* What records add to the storage usage of accounts, summed up while they come in. */
#ifndef NODE_RECORDS_USAGE_H
#define NODE_RECORDS_USAGE_H

#include "base/error.h"
#include "base/hash.h"
#include "near/account_id.h"

struct account_usage {
    struct account_id account;
    uint64_t bytes;
    bool is_new;    /* there is a record of the account itself: `bytes` is all of its storage */
    uint64_t given; /* what that says */
};

/* Zero-initialise; release with usage_table_free. */
struct usage_table {
    struct account_usage *entries;
    uint32_t count, capacity;
    uint32_t *slots; /* 0: free, otherwise index of an entry + 1 */
    uint32_t slot_count;
    struct hash_key key;
};

/* The entry of an account, made if there is none; valid until the next call. STATUS_NO_MEMORY, STATUS_LIMIT. */
enum status usage_of(struct usage_table *t, const struct account_id *id, struct account_usage **out, struct error *e);
void usage_table_free(struct usage_table *t);

#endif
