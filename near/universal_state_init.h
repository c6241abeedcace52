/* What a universal account (0u...) starts with: its code, data and keys. The account's id is a hash of these bytes.
 * Source: near-primitives 0.38.0, universal_state_init.rs. */
#ifndef NEAR_UNIVERSAL_STATE_INIT_H
#define NEAR_UNIVERSAL_STATE_INIT_H

#include "base/arena.h"
#include "near/action.h"
#include "near/fees.h"

/* Version 1, the only one. Entries and keys are in rising order, none twice: of several entries with the same key in
 * the input the last one counts. */
struct universal_state_init {
    bool canonical;            /* the input is what this is encoded as */
    bool has_code;
    struct global_contract_id code;
    const struct state_entry *entries;
    size_t entry_count;
    const struct public_key_handle *keys; /* each may do everything */
    size_t key_count;
};

/* Reads the Borsh bytes, the whole input. What it gives refers to the input and lies in the arena. STATUS_MALFORMED,
 * STATUS_NO_MEMORY; *out is then unchanged. Bytes that are not canonical are read, too: up to version 87 they are
 * allowed (flag canonical_universal_state_init). */
enum status universal_state_init_from_borsh(struct bytes input, struct arena *arena, struct universal_state_init *out,
                                            struct error *e);

enum universal_state_init_form {
    UNIVERSAL_STATE_INIT_MALFORMED,
    UNIVERSAL_STATE_INIT_NOT_CANONICAL, /* entries or keys are not in rising order */
    UNIVERSAL_STATE_INIT_CANONICAL,
};

/* Whether the bytes can be read, without keeping anything. *out (unless malformed) has entries and keys as they stand
 * there, also those that are there twice. */
enum universal_state_init_form universal_state_init_scan(struct bytes input, struct universal_state_init_counts *out);

/* What the action's fees are made of, under every version. Bytes that cannot be read have no entries and keys.
 * STATUS_NO_MEMORY. */
enum status universal_state_init_count(struct bytes input, struct universal_state_init_counts *out, struct error *e);

/* At most that many entries and keys are in so many bytes: what a contract pays for bytes that are not canonical. */
struct universal_state_init_counts universal_state_init_counts_bound(uint64_t num_bytes);

#endif
