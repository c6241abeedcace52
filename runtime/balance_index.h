/* Lists of balances by account: looking one up takes the logarithm of their number, whoever made the list. */
#ifndef RUNTIME_BALANCE_INDEX_H
#define RUNTIME_BALANCE_INDEX_H

#include "base/arena.h"
#include "runtime/runtime.h"

/* The list stays its owner's. */
struct balance_index {
    const struct account_balance *list;
    const uint32_t *order; /* numbers of the list's entries by account, in an arena */
    uint32_t count;
};

/* STATUS_NO_MEMORY. */
enum status balance_index_make(const struct account_balance *list, uint32_t count, struct arena *arena,
                               struct balance_index *out, struct error *e);

/* The first entry of the list for the account; null: there is none. */
const struct account_balance *balance_index_find(const struct balance_index *index, const struct account_id *id);

#endif
