#include "cli/verify_statement.h"

#include "base/shown.h"
#include "cli/gas_text.h"
#include "cli/proof_text.h"
#include "near/amount.h"

#include <inttypes.h>

enum { LABEL = 10, LISTED = 4, VALUE_SHOWN = 100, ERROR_SHOWN = 200 };

/* What light verification does not say itself (proof/light.h). */
static const char *not_covered(const struct verify_statement *s)
{
    if (!s->light) return NULL;
    return s->attested ? "light: that outcomes, changes, receipts sent and roots between blocks are those of execution "
                         "is said by the attestation alone"
                       : "light: that outcomes, changes, receipts sent and roots between blocks are those of execution";
}

enum status verify_statement_of(struct verify_statement *s, const struct outcome_proof *chain, size_t chain_count,
                                struct refusal *r, struct error *e)
{
    enum status status = proof_origins_of(s->proof, &s->arena, &s->origins, e);
    if (status == STATUS_OK) status = proof_doors_of(s->proof, &s->origins, &s->doors, e);
    if (status == STATUS_OK)
        status = proof_claims_of(s->proof, &s->origins, chain, chain_count, &s->arena, &s->claims, r, e);
    return status;
}

void verify_statement_free(struct verify_statement *s)
{
    arena_free(&s->arena);
}

/* ---- for people -------------------------------------------------------------------------------------------------- */

static void label(FILE *out, const char *text)
{
    fprintf(out, "\n  %-*s ", (int)LABEL, text);
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* The verdict's own line says what does not come in every day. */
static void print_unusual(FILE *out, const struct proof_doors *d)
{
    for (unsigned i = 0, any = 0; i < DOOR_COUNT; i++) {
        if (!d->unusual[i]) continue;
        fputs(any++ ? ", " : "; enters by ", out);
        proof_print_door(out, d, (enum proof_door)i);
    }
}

static void print_head(FILE *out, const struct verify_statement *s)
{
    const struct execution_proof *p = s->proof;
    const uint64_t first = p->blocks[0].context.block_height, last = p->blocks[p->block_count - 1].context.block_height;
    char hash[CRYPTO_HASH_TEXT_SIZE];
    fprintf(out, "statement %s, chain ", crypto_hash_text(&s->hash, hash));
    print_quoted(out, p->chain_id, PROOF_CHAIN_ID_MAX);
    fprintf(out, ", shard %" PRIu64 ", ", p->shards.shard_ids[p->shard_index]);
    if (p->block_count == 1) fprintf(out, "height %" PRIu64, first);
    else fprintf(out, "%" PRIu32 " blocks, heights %" PRIu64 "..%" PRIu64, p->block_count, first, last);
    print_unusual(out, &s->doors);
}

static void print_numbers(FILE *out, const struct verify_statement *s)
{
    const struct proof_origins *o = &s->origins;
    const uint64_t outcomes = proof_outcome_total(s->proof);
    char hash[CRYPTO_HASH_TEXT_SIZE], gas[GAS_TEXT];
    gas_grouped(gas, proof_gas(s->proof));
    label(out, "given");
    fprintf(out, "root %s; %" PRIu64 " receipt%s", crypto_hash_text(&s->proof->old_root, hash), o->given,
            plural(o->given));
    if (o->given) fprintf(out, " (%" PRIu64 " shown to have been on the chain)", s->claims.shown);
    fprintf(out, ", %" PRIu64 " transaction%s", o->transactions, plural(o->transactions));
    label(out, "derived");
    fprintf(out, "root %s; %" PRIu64 " receipt%s taken in, %" PRIu64 " outcome%s, %s gas",
            crypto_hash_text(&s->proof->new_root, hash), o->derived, plural(o->derived), outcomes, plural(outcomes),
            gas);
}

/* What is given, with what came of it. */
static void print_end(FILE *out, const struct verify_statement *s, const struct crypto_hash *id, enum proof_claim claim)
{
    const struct proof_outcome *o = proof_final_outcome(s->proof, id);
    fputs(": ", out);
    if (!o) fputs("not executed yet", out);
    else proof_print_status(out, o, o->outcome.status == EXECUTION_FAILURE ? ERROR_SHOWN : VALUE_SHOWN);
    if (claim != CLAIM_UNSHOWN) fprintf(out, " (%s)", proof_claim_text(claim));
}

static void print_receipt(FILE *out, const struct verify_statement *s, uint32_t block, uint32_t index)
{
    struct arena arena = {0};
    struct receipt r;
    char amount[AMOUNT_TEXT_SIZE];
    label(out, "receipt");
    if (receipt_from_borsh(s->proof->blocks[block].incoming[index], &arena, &r, NULL) == STATUS_OK) {
        const struct u128 deposit = receipt_tokens_of(NULL, &r).deposit;
        proof_print_receipt(out, &r);
        if (!u128_equal(deposit, u128_of(0))) fprintf(out, " with %s", balance_text(deposit, amount));
        if (receipt_has_actions(&r)) print_end(out, s, &r.receipt_id, s->claims.incoming[block][index]);
    }
    arena_free(&arena);
}

static void print_transaction(FILE *out, const struct verify_statement *s, uint32_t block, uint32_t index)
{
    struct arena arena = {0};
    struct signed_transaction t;
    label(out, "signed");
    if (signed_transaction_from_borsh(s->proof->blocks[block].transactions[index], &arena, &t, NULL) == STATUS_OK) {
        proof_print_transaction(out, &t.transaction);
        print_end(out, s, &t.hash, s->claims.transactions[block][index]);
    }
    arena_free(&arena);
}

static void print_given(FILE *out, const struct verify_statement *s)
{
    const uint64_t all = s->origins.given + s->origins.transactions;
    uint32_t listed = 0;
    for (uint32_t b = 0; b < s->proof->block_count && listed < LISTED; b++) {
        const struct proof_block *block = &s->proof->blocks[b];
        for (uint32_t i = 0; i < block->transaction_count && listed < LISTED; i++, listed++)
            print_transaction(out, s, b, i);
        for (uint32_t i = 0; i < block->incoming_count && listed < LISTED; i++) {
            if (!s->origins.incoming[b][i].given) continue;
            print_receipt(out, s, b, i);
            listed++;
        }
    }
    if (all <= listed) return;
    label(out, "");
    fprintf(out, "and %" PRIu64 " more (`nvm proof show` lists all)", all - listed);
}

void verify_statement_print(FILE *out, const struct verify_statement *s)
{
    print_head(out, s);
    print_numbers(out, s);
    print_given(out, s);
    label(out, "enters");
    proof_print_doors(out, &s->doors, true);
    label(out, "leaves");
    proof_print_doors(out, &s->doors, false);
    if (not_covered(s)) {
        label(out, "not said");
        fputs(not_covered(s), out);
    }
    if (s->claims.unused) {
        label(out, "unused");
        fprintf(out, "%" PRIu64 " receipt proof%s about nothing that is in here", s->claims.unused,
                plural(s->claims.unused));
    }
}

/* ---- for machines ------------------------------------------------------------------------------------------------ */

void verify_write_any(struct json_writer *w, struct bytes text)
{
    struct buffer shown = {0};
    if (utf8_valid(text.data, text.size)) {
        json_write_string(w, text);
        return;
    }
    shown_append(&shown, text);
    if (shown.failed) w->out->failed = true;
    else json_write_string(w, bytes_of(shown.data, shown.size));
    buffer_free(&shown);
}

/* The first thing that was applied, and its end. */
static void write_final(struct json_writer *w, const struct execution_proof *p)
{
    struct crypto_hash id;
    if (!proof_first_id(p, &id)) return;
    const struct proof_outcome *o = proof_final_outcome(p, &id);
    json_name_hash(w, "id", &id);
    json_write_name(w, "status");
    if (!o) {
        json_write_null(w);
    } else if (o->outcome.status == EXECUTION_FAILURE) { /* the error is whatever text the proof has */
        json_write_open(w, '{');
        json_write_name(w, "Failure");
        verify_write_any(w, o->error);
        json_write_close(w, '}');
    } else {
        outcome_status_json(&o->outcome, w->out);
        w->comma = true;
    }
}

static void write_receipt(struct json_writer *w, const struct verify_statement *s, uint32_t block, uint32_t index)
{
    struct arena arena = {0};
    struct receipt r;
    if (receipt_from_borsh(s->proof->blocks[block].incoming[index], &arena, &r, NULL) != STATUS_OK) {
        w->out->failed = true; /* it was read before: there is no memory */
        arena_free(&arena);
        return;
    }
    const struct receipt_tokens t = receipt_tokens_of(parameters_of(s->proof->protocol_version), &r);
    json_write_open(w, '{');
    json_name_u64(w, "block", block);
    json_name_u64(w, "index", index);
    json_name_hash(w, "receipt_id", &r.receipt_id);
    json_write_name(w, "predecessor_id");
    json_write_account_id(w, &r.predecessor_id);
    json_write_name(w, "receiver_id");
    json_write_account_id(w, &r.receiver_id);
    json_name_u128(w, "deposit", t.deposit);
    json_name_u64(w, "gas", t.gas);
    json_name_u128(w, "gas_price", receipt_has_actions(&r) ? r.action.gas_price : u128_of(0));
    json_name_u128(w, "gas_value", t.gas_value);
    json_write_name(w, "shown");
    json_write_text(w, proof_claim_name(s->claims.incoming[block][index]));
    json_write_close(w, '}');
    arena_free(&arena);
}

static void write_given(struct json_writer *w, const struct verify_statement *s)
{
    json_write_name(w, "given_receipts");
    json_write_open(w, '[');
    for (uint32_t b = 0; b < s->proof->block_count; b++)
        for (uint32_t i = 0; i < s->proof->blocks[b].incoming_count; i++)
            if (s->origins.incoming[b][i].given) write_receipt(w, s, b, i);
    json_write_close(w, ']');
    json_name_u64(w, "given_receipts_shown", s->claims.shown);
    json_name_u64(w, "derived_receipts", s->origins.derived);
    json_name_u64(w, "transactions", s->origins.transactions);
    json_name_u64(w, "unused_receipt_proofs", s->claims.unused);
}

static void write_not_covered(struct json_writer *w, const struct verify_statement *s)
{
    json_write_name(w, "not_covered");
    json_write_open(w, '[');
    if (not_covered(s)) json_write_text(w, not_covered(s));
    json_write_close(w, ']');
}

static void write_codes(struct json_writer *w, const struct execution_proof *p)
{
    json_write_name(w, "code_hashes");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < p->contract_count; i++) json_write_hash(w, &p->contracts[i].hash);
    json_write_close(w, ']');
}

void verify_statement_json(struct json_writer *w, const struct verify_statement *s)
{
    const struct execution_proof *p = s->proof;
    json_name_hash(w, "statement", &s->hash);
    json_name_u64(w, "protocol_version", p->protocol_version);
    json_write_name(w, "chain_id");
    verify_write_any(w, p->chain_id);
    json_name_u64(w, "shard_id", p->shards.shard_ids[p->shard_index]);
    json_name_u64(w, "first_height", p->blocks[0].context.block_height);
    json_name_u64(w, "last_height", p->blocks[p->block_count - 1].context.block_height);
    json_name_hash(w, "old_state_root", &p->old_root);
    json_name_hash(w, "new_state_root", &p->new_root);
    write_codes(w, p);
    json_name_u64(w, "blocks", p->block_count);
    json_name_u64(w, "outcomes", proof_outcome_total(p));
    json_name_u64(w, "gas_burnt", proof_gas(p));
    write_given(w, s);
    proof_doors_json(w, &s->doors);
    write_not_covered(w, s);
    write_final(w, p);
}
