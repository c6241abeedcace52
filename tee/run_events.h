/* What the registers say about a run, as far as it follows from the run's execution proof. An attestation's event log is
 * compared with it, so that the log cannot tell another story than the statement.
 *
 *   register 0 (engine)   one event: Borsh of {"nvm", version (text), SHA-256 of the program or zeros, protocol version
 *                         (u32), format of proofs (u8)}
 *   register 1 (code)     an event for each contract, in the proof's order (by hash): its SHA-256
 *   register 2 (entry)    an event for each block: Borsh of {chain id (text), shard index (u32), state root before,
 *                         height, timestamp, epoch height (u64), random seed, gas price (u128), gas limit (u64), SHA-256
 *                         of the Borsh list of transactions, SHA-256 of that of incoming receipts}. The receipts hold
 *                         method, arguments, deposit and prepaid gas.
 *   register 3 (effects)  in the order of execution: for each outcome {0 (u8), block (u32), the outcome's leaf in the
 *                         tree of outcomes}; after the outcomes of a block {1 (u8), block (u32), outcome root, SHA-256 of
 *                         the Borsh list of outgoing receipts, state root}
 *
 * Registers from 4 on are the guest's own. */
#ifndef TEE_RUN_EVENTS_H
#define TEE_RUN_EVENTS_H

#include "proof/execution_proof.h"
#include "tee/registers.h"

struct tee_engine {
    struct bytes version;          /* of nvm: UTF-8 */
    uint8_t program[32];           /* SHA-256 of the executable; zeros: not known */
    uint32_t protocol_version;
    uint8_t proof_format;
};

/* Extends register 0. `protocol_version` 0: nothing was run. */
enum status tee_measure_engine(struct tee_registers *r, const struct tee_engine *engine, struct error *e);
/* STATUS_MALFORMED: not the payload of such an event (refusal event-log). */
enum status tee_engine_read(struct bytes payload, struct tee_engine *out, struct error *e);

/* Extends registers 1 to 3 with all that the proof's statement says. The set must have at least 4. */
enum status tee_measure_run(struct tee_registers *r, const struct execution_proof *p, struct error *e);

/* Whether registers 1 to 3 of a log that replays have exactly these events, and register 0 the one of an engine for the
 * proof's protocol version. Refusals: event-log. */
enum status tee_run_events_check(struct bytes log, const struct execution_proof *p, struct error *e);

#endif
