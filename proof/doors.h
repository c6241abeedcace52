/* What of a chain of blocks is given and what follows from it: where each incoming receipt comes from, and through
 * which doors tokens enter and leave. All of it follows from the statement; nothing is checked here. */
#ifndef PROOF_DOORS_H
#define PROOF_DOORS_H

#include "proof/execution_proof.h"

/* ---- origins ----------------------------------------------------------------------------------------------------- */

/* A receipt that a block takes in: given (a part of the statement), or byte by byte the one that an earlier block has
 * sent, each of which is delivered once. */
struct proof_origin {
    bool given;
    uint32_t block, index; /* unless given: which outgoing receipt of which block */
};

struct proof_origins {
    const struct proof_origin *const *incoming; /* by block and index */
    const bool *const *delivered;               /* by block and index: whether a later block takes this one in */
    uint64_t given, derived, transactions;
};

/* Memory comes from `arena`. STATUS_NO_MEMORY. */
enum status proof_origins_of(const struct execution_proof *p, struct arena *arena, struct proof_origins *out,
                             struct error *e);

/* ---- doors ------------------------------------------------------------------------------------------------------- */

enum proof_door {
#define X(name, enters, json, text) DOOR_##name,
#include "proof/doors.def"
#undef X
    DOOR_COUNT,
};

bool proof_door_enters(enum proof_door door);
const char *proof_door_name(enum proof_door door); /* "given_deposits": a word, for machines */
const char *proof_door_text(enum proof_door door); /* "deposits of given receipts" */

/* yoctoNEAR; a sum that leaves 128 bits stays at the largest number. Gas is worth what was paid for it: all gas that
 * comes with the receipt, fees of its execution among it, times the receipt's gas price. Receipts that leave are those
 * that no later block of the proof takes in. */
struct proof_doors {
    struct u128 amounts[DOOR_COUNT];
    bool unusual[DOOR_COUNT]; /* of those that enter: something other than gas at no more than its block's price */
};

/* STATUS_NO_MEMORY. */
enum status proof_doors_of(const struct execution_proof *p, const struct proof_origins *origins,
                           struct proof_doors *out, struct error *e);

/* Appends the members "enters" and "leaves", objects of amounts by the doors' names. */
struct json_writer;
void proof_doors_json(struct json_writer *w, const struct proof_doors *d);

/* What one receipt brings along, in yoctoNEAR, saturating; "system" pays for no gas. `parameters` may be null: then gas
 * is counted without the fees of execution. */
struct receipt_tokens {
    struct u128 deposit;
    uint64_t gas;          /* attached, and paid ahead for fees */
    struct u128 gas_value; /* times the receipt's gas price */
};
struct receipt_tokens receipt_tokens_of(const struct protocol_parameters *parameters, const struct receipt *r);

#endif
