#include "cli/proof_text.h"

#include "cli/gas_text.h"
#include "cli/run_text.h"
#include "near/amount.h"

#include <inttypes.h>

enum { VALUE_SHOWN = 100, ERROR_SHOWN = 200 };

/* ---- titles ------------------------------------------------------------------------------------------------------ */

static void print_account(FILE *out, const struct account_id *id)
{
    print_shown(out, account_id_bytes(id)); /* decoding has seen that it is one */
}

static void print_actions(FILE *out, const struct action *actions, uint32_t count)
{
    enum { SHOWN = 4 };
    for (uint32_t i = 0; i < count && i < SHOWN; i++) {
        if (i) fputs(", ", out);
        if (actions[i].kind == ACTION_KIND_function_call) {
            print_quoted(out, actions[i].function_call.method_name, PROOF_NAME_SHOWN);
            fputs("()", out);
        } else {
            fputs(action_kind_name(actions[i].kind), out);
        }
    }
    if (count > SHOWN) fprintf(out, " and %" PRIu32 " more", count - SHOWN);
    if (count == 0) fputs("no action", out);
}

void proof_print_receipt(FILE *out, const struct receipt *r)
{
    if (receipt_has_actions(r)) print_actions(out, r->action.actions, r->action.action_count);
    else fputs(receipt_kind_name(r->kind), out);
    fputs(" on ", out);
    print_account(out, &r->receiver_id);
    fputs(" by ", out);
    print_account(out, &r->predecessor_id);
}

void proof_print_transaction(FILE *out, const struct transaction *t)
{
    print_actions(out, t->actions, t->action_count);
    fputs(" on ", out);
    print_account(out, &t->receiver_id);
    fputs(" by ", out);
    print_account(out, &t->signer_id);
}

/* ---- outcomes ---------------------------------------------------------------------------------------------------- */

void proof_print_status(FILE *out, const struct proof_outcome *o, size_t limit)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    switch (o->outcome.status) {
    case EXECUTION_SUCCESS_VALUE:
        fputs("ok", out);
        if (o->outcome.value.size == 0) break;
        fputs(", ", out);
        print_returned(out, o->outcome.value, limit);
        break;
    case EXECUTION_SUCCESS_RECEIPT_ID:
        fprintf(out, "ok, the result is that of %s", crypto_hash_text(&o->outcome.receipt_id, text));
        break;
    case EXECUTION_FAILURE:
        fputs("failed", out);
        if (o->error.size == 0) break;
        fputs(": ", out);
        print_returned(out, o->error, limit);
        break;
    case EXECUTION_UNKNOWN: fputs("unknown", out); break;
    }
}

uint64_t proof_outcome_total(const struct execution_proof *p)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < p->block_count; i++) total += p->blocks[i].outcome_count;
    return total;
}

uint64_t proof_gas(const struct execution_proof *p)
{
    uint64_t sum = 0;
    for (uint32_t b = 0; b < p->block_count; b++) {
        for (uint32_t i = 0; i < p->blocks[b].outcome_count; i++) {
            const uint64_t gas = p->blocks[b].outcomes[i].outcome.gas_burnt;
            sum = gas > UINT64_MAX - sum ? UINT64_MAX : sum + gas;
        }
    }
    return sum;
}

/* One pass: the receipt that has a result is executed after the one that says so. */
const struct proof_outcome *proof_final_outcome(const struct execution_proof *p, const struct crypto_hash *id)
{
    const struct proof_outcome *last = NULL;
    for (uint32_t b = 0; b < p->block_count; b++) {
        for (uint32_t i = 0; i < p->blocks[b].outcome_count; i++) {
            const struct proof_outcome *o = &p->blocks[b].outcomes[i];
            if (!crypto_hash_equal(&o->outcome.id, id)) continue;
            last = o;
            if (o->outcome.status != EXECUTION_SUCCESS_RECEIPT_ID) return o;
            id = &o->outcome.receipt_id;
        }
    }
    return last;
}

/* ---- the summary ------------------------------------------------------------------------------------------------- */

/* The receipt that stands for all of a block: the first with actions (data that it waits for comes before it). */
static uint32_t first_receipt(const struct proof_block *b, struct arena *arena, struct receipt *out)
{
    for (uint32_t i = 0; i < b->incoming_count; i++)
        if (receipt_from_borsh(b->incoming[i], arena, out, NULL) == STATUS_OK && receipt_has_actions(out)) return i;
    return b->incoming_count && receipt_from_borsh(b->incoming[0], arena, out, NULL) == STATUS_OK ? 0 : UINT32_MAX;
}

/* Prints it unless `out` is null. */
static bool find_first(FILE *out, const struct execution_proof *p, struct crypto_hash *id)
{
    struct arena arena = {0};
    bool found = false;
    for (uint32_t b = 0; b < p->block_count && !found; b++) {
        struct signed_transaction t;
        struct receipt r;
        const struct proof_block *block = &p->blocks[b];
        if (block->transaction_count &&
            signed_transaction_from_borsh(block->transactions[0], &arena, &t, NULL) == STATUS_OK) {
            *id = t.hash;
            if (out) proof_print_transaction(out, &t.transaction);
            found = true;
        } else if (first_receipt(block, &arena, &r) != UINT32_MAX) {
            *id = r.receipt_id;
            if (out) proof_print_receipt(out, &r);
            found = true;
        }
        const uint32_t others = block->transaction_count + block->incoming_count - 1;
        if (found && out && others) fprintf(out, " (and %" PRIu32 " more)", others);
    }
    arena_free(&arena);
    return found;
}

bool proof_first_id(const struct execution_proof *p, struct crypto_hash *id)
{
    return find_first(NULL, p, id);
}

static void print_result(FILE *out, const struct execution_proof *p, const struct crypto_hash *id)
{
    const struct proof_outcome *o = proof_final_outcome(p, id);
    fputs(": ", out);
    if (!o) fputs("not executed yet", out);
    else proof_print_status(out, o, o->outcome.status == EXECUTION_FAILURE ? ERROR_SHOWN : VALUE_SHOWN);
}

void proof_print_summary(FILE *out, const struct execution_proof *p)
{
    struct crypto_hash id;
    char from[CRYPTO_HASH_TEXT_SIZE], to[CRYPTO_HASH_TEXT_SIZE], gas[GAS_TEXT];
    const uint64_t outcomes = proof_outcome_total(p);
    if (find_first(out, p, &id)) print_result(out, p, &id);
    else fprintf(out, "%" PRIu32 " empty block%s", p->block_count, p->block_count == 1 ? "" : "s");
    gas_grouped(gas, proof_gas(p));
    fprintf(out, "; root %s -> %s; %" PRIu64 " outcome%s, %s gas", crypto_hash_text(&p->old_root, from),
            crypto_hash_text(&p->new_root, to), outcomes, outcomes == 1 ? "" : "s", gas);
}

/* ---- doors ------------------------------------------------------------------------------------------------------- */

void proof_print_door(FILE *out, const struct proof_doors *d, enum proof_door door)
{
    char amount[AMOUNT_TEXT_SIZE];
    fprintf(out, "%s: %s", proof_door_text(door), balance_text(d->amounts[door], amount));
}

void proof_print_doors(FILE *out, const struct proof_doors *d, bool enters)
{
    bool any = false;
    for (unsigned i = 0; i < DOOR_COUNT; i++) {
        if (proof_door_enters((enum proof_door)i) != enters || u128_equal(d->amounts[i], u128_of(0))) continue;
        if (any) fputs("; ", out);
        proof_print_door(out, d, (enum proof_door)i);
        any = true;
    }
    if (!any) fputs("nothing", out);
}
