/* Values of the state, read and written again by what their keys stand for. */
#ifndef TESTS_STATE_VALUE_H
#define TESTS_STATE_VALUE_H

#include "near/near.h"

/* Appends what reading and writing the value gives. Values that are mere bytes (code, contract data) are copied. */
static inline enum status state_value_again(enum trie_key_kind kind, struct bytes value, struct arena *a,
                                            struct buffer *out, struct error *e)
{
    enum status status = STATUS_OK;
#define READ(type, reader, writer)     \
    {                                  \
        struct type v;                 \
        status = reader;               \
        if (status == STATUS_OK) {     \
            writer(&v, out);           \
        }                              \
        break;                         \
    }
    switch (kind) {
    case TRIE_KEY_ACCOUNT: READ(account, account_from_borsh(value, &v, e), account_write)
    case TRIE_KEY_ACCESS_KEY: READ(access_key, access_key_from_borsh(value, a, &v, e), access_key_write)
    case TRIE_KEY_RECEIVED_DATA: READ(received_data, received_data_from_borsh(value, &v, e), received_data_write)
    case TRIE_KEY_POSTPONED_RECEIPT_ID:
    case TRIE_KEY_YIELD_ID_TO_DATA_ID:
    case TRIE_KEY_DATA_ID_TO_YIELD_ID: READ(crypto_hash, hash_from_borsh(value, &v, e), record_write_hash)
    case TRIE_KEY_POSTPONED_RECEIPT:
    case TRIE_KEY_YIELD_RECEIPT: READ(receipt, receipt_from_borsh(value, a, &v, e), receipt_write)
    case TRIE_KEY_DELAYED_RECEIPT:
    case TRIE_KEY_BUFFERED_RECEIPT:
        READ(stored_receipt, stored_receipt_from_borsh(value, a, &v, e), stored_receipt_write)
    case TRIE_KEY_DELAYED_RECEIPT_INDICES:
    case TRIE_KEY_YIELD_INDICES: READ(queue_indices, queue_indices_from_borsh(value, &v, e), queue_indices_write)
    case TRIE_KEY_BUFFERED_RECEIPT_INDICES:
        READ(buffered_indices, buffered_indices_from_borsh(value, a, &v, e), buffered_indices_write)
    case TRIE_KEY_YIELD_TIMEOUT: READ(yield_timeout, yield_timeout_from_borsh(value, &v, e), yield_timeout_write)
    case TRIE_KEY_BANDWIDTH_SCHEDULER_STATE:
        READ(bandwidth_scheduler_state, bandwidth_scheduler_state_from_borsh(value, a, &v, e),
             bandwidth_scheduler_state_write)
    case TRIE_KEY_RECEIPT_GROUPS_QUEUE:
        READ(receipt_groups_queue, receipt_groups_queue_from_borsh(value, &v, e), receipt_groups_queue_write)
    case TRIE_KEY_RECEIPT_GROUP: READ(receipt_group, receipt_group_from_borsh(value, &v, e), receipt_group_write)
    case TRIE_KEY_YIELD_STATUS: {
        enum yield_status v;
        status = yield_status_from_borsh(value, &v, e);
        if (status == STATUS_OK) yield_status_write(v, out);
        break;
    }
    case TRIE_KEY_PENDING_DATA_COUNT: {
        uint32_t v;
        status = data_count_from_borsh(value, &v, e);
        if (status == STATUS_OK) borsh_write_u32(out, v);
        break;
    }
    case TRIE_KEY_GLOBAL_CONTRACT_NONCE:
    case TRIE_KEY_GAS_KEY_NONCE: {
        uint64_t v;
        status = nonce_from_borsh(value, &v, e);
        if (status == STATUS_OK) borsh_write_u64(out, v);
        break;
    }
    case TRIE_KEY_CONTRACT_CODE:
    case TRIE_KEY_CONTRACT_DATA:
    case TRIE_KEY_GLOBAL_CONTRACT_CODE: buffer_append(out, value.data, value.size); break;
    case TRIE_KEY_KIND_COUNT: break;
    }
#undef READ
    return status == STATUS_OK && out->failed ? STATUS_NO_MEMORY : status;
}

#endif
