/* Receipts and data that wait in the state: delayed and buffered receipts, indices of queues, yields, received data.
 * Source: near-primitives 0.38.0, receipt.rs and types.rs; nearcore, core/store (receipt groups).
 *
 * Every ..._from_borsh takes the whole input or nothing: STATUS_MALFORMED, STATUS_NO_MEMORY; *out is then unchanged.
 * What is read refers to the input and to the arena, if there is one. */
#ifndef NEAR_RECEIPT_QUEUE_H
#define NEAR_RECEIPT_QUEUE_H

#include "near/receipt.h"

/* ---- delayed and buffered receipts ------------------------------------------------------------------------------- */

enum stored_receipt_form {
    STORED_RECEIPT_PLAIN, /* the receipt alone: old queues */
    STORED_RECEIPT_V0,
    STORED_RECEIPT_V1,    /* what is written now; only these are counted in receipt groups */
};

struct stored_receipt {
    enum stored_receipt_form form;
    struct receipt receipt;
    uint64_t congestion_gas, congestion_size; /* not in STORED_RECEIPT_PLAIN */
};

enum status stored_receipt_from_borsh(struct bytes input, struct arena *arena, struct stored_receipt *out,
                                      struct error *e);
void stored_receipt_write(const struct stored_receipt *s, struct buffer *out);

/* ---- indices ----------------------------------------------------------------------------------------------------- */

/* Of the delayed queue, the queue of yield timeouts, and each outgoing buffer: first ≤ next. */
struct queue_indices {
    uint64_t first; /* the oldest entry */
    uint64_t next;  /* where the next one goes */
};

static inline uint64_t queue_length(const struct queue_indices *q)
{
    return q->next - q->first;
}

/* Also refused: first above next. */
enum status queue_indices_from_borsh(struct bytes input, struct queue_indices *out, struct error *e);
void queue_indices_write(const struct queue_indices *q, struct buffer *out);

struct shard_buffer {
    uint64_t shard_id;
    struct queue_indices indices;
};

/* All outgoing buffers, sorted by shard id. */
struct buffered_indices {
    struct shard_buffer *buffers;
    uint32_t count;
};

enum status buffered_indices_from_borsh(struct bytes input, struct arena *arena, struct buffered_indices *out,
                                        struct error *e);
void buffered_indices_write(const struct buffered_indices *b, struct buffer *out);

/* ---- groups of buffered receipts: sizes, for bandwidth requests -------------------------------------------------- */

struct receipt_group {
    uint64_t size; /* bytes */
    struct u128 gas;
};

enum status receipt_group_from_borsh(struct bytes input, struct receipt_group *out, struct error *e);
void receipt_group_write(const struct receipt_group *g, struct buffer *out);

struct receipt_groups_queue {
    struct queue_indices indices;
    uint64_t total_size;
    struct u128 total_gas;
    uint64_t receipt_count;
};

enum status receipt_groups_queue_from_borsh(struct bytes input, struct receipt_groups_queue *out, struct error *e);
void receipt_groups_queue_write(const struct receipt_groups_queue *q, struct buffer *out);

/* ---- yields ------------------------------------------------------------------------------------------------------ */

struct yield_timeout {
    struct account_id account_id;
    struct crypto_hash data_id;
    uint64_t expires_at; /* block height */
};

enum status yield_timeout_from_borsh(struct bytes input, struct yield_timeout *out, struct error *e);
void yield_timeout_write(const struct yield_timeout *t, struct buffer *out);

enum yield_status { YIELD_YIELDED = 0, YIELD_RESUME_INITIATED = 1 };

enum status yield_status_from_borsh(struct bytes input, enum yield_status *out, struct error *e);
void yield_status_write(enum yield_status s, struct buffer *out);

/* ---- data and what waits for it ---------------------------------------------------------------------------------- */

/* Data that arrived before its receipt did; without data: its maker failed. */
struct received_data {
    bool has_data;
    struct bytes data;
};

enum status received_data_from_borsh(struct bytes input, struct received_data *out, struct error *e);
void received_data_write(const struct received_data *d, struct buffer *out);

/* The id of the receipt that waits for some data. */
enum status hash_from_borsh(struct bytes input, struct crypto_hash *out, struct error *e);
/* The number of data that a receipt still waits for. */
enum status data_count_from_borsh(struct bytes input, uint32_t *out, struct error *e);
/* The nonce of a global contract, or of a gas key. */
enum status nonce_from_borsh(struct bytes input, uint64_t *out, struct error *e);

#endif
