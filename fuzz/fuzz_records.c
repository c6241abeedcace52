/* Borsh of receipts, transactions and state records: the first byte says which reader gets the rest. Whatever is read
 * is written as the same bytes, and printed where it can be. */
#include <stdlib.h>

#include "near/bandwidth.h"
#include "near/congestion_info.h"
#include "near/near.h"
#include "near/outcome.h"
#include "near/receipt_queue.h"
#include "near/transaction.h"
#include "near/trie_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* X(name, reader's arguments besides input, *out, e): types whose reader takes an arena, and those that need none. */
#define WITH_ARENA(X)                                                                                                 \
    X(receipt)                                                                                                        \
    X(signed_transaction)                                                                                             \
    X(transaction)                                                                                                    \
    X(access_key)                                                                                                     \
    X(stored_receipt)                                                                                                 \
    X(buffered_indices)                                                                                               \
    X(bandwidth_requests)                                                                                             \
    X(bandwidth_scheduler_state)
#define WITHOUT_ARENA(X)                                                                                              \
    X(account)                                                                                                        \
    X(queue_indices)                                                                                                  \
    X(receipt_group)                                                                                                  \
    X(receipt_groups_queue)                                                                                           \
    X(yield_timeout)                                                                                                  \
    X(received_data)                                                                                                  \
    X(congestion_info)

static void check_same(struct buffer *again, struct bytes input)
{
    if (again->failed || !bytes_equal(bytes_of(again->data, again->size), input)) abort();
    buffer_free(again);
}

#define X(type)                                                                                                       \
    static void try_##type(struct bytes input)                                                                        \
    {                                                                                                                 \
        struct arena arena = {0};                                                                                     \
        struct type value;                                                                                            \
        struct buffer again = {0};                                                                                    \
        struct error e;                                                                                               \
        if (type##_from_borsh(input, &arena, &value, &e) == STATUS_OK) {                                              \
            type##_write(&value, &again);                                                                             \
            check_same(&again, input);                                                                                \
        }                                                                                                             \
        arena_free(&arena);                                                                                           \
    }
WITH_ARENA(X)
#undef X

#define X(type)                                                                                                       \
    static void try_##type(struct bytes input)                                                                        \
    {                                                                                                                 \
        struct type value;                                                                                            \
        struct buffer again = {0};                                                                                    \
        struct error e;                                                                                               \
        if (type##_from_borsh(input, &value, &e) != STATUS_OK) return;                                                \
        type##_write(&value, &again);                                                                                 \
        check_same(&again, input);                                                                                    \
    }
WITHOUT_ARENA(X)
#undef X

static void try_trie_key(struct bytes input)
{
    struct trie_key key;
    struct buffer again = {0}, text = {0};
    struct error e;
    if (trie_key_parse(input, &key, &e) != STATUS_OK) return;
    trie_key_print(&key, &text);
    if (text.failed || text.size == 0) abort();
    buffer_free(&text);
    trie_key_write(&key, &again);
    check_same(&again, input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct bytes) = {
#define X(type) try_##type,
        WITH_ARENA(X) WITHOUT_ARENA(X)
#undef X
        try_trie_key,
    };
    if (size == 0) return 0;
    readers[data[0] % (sizeof readers / sizeof *readers)](bytes_of(data + 1, size - 1));
    return 0;
}
