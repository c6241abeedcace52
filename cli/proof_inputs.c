#include "cli/proof_inputs.h"

#include "base/shown.h"
#include "cli/proof_text.h"
#include "cli/run_text.h"
#include "json/json_text.h"
#include "near/amount.h"
#include "near/receipt_json.h"

#include <inttypes.h>

enum { ARGUMENTS_SHOWN = 400, JSON_SHOWN = 4000 };

void proof_label(FILE *out, const char *text)
{
    fprintf(out, "%s%-*s%s", colour(out, BOLD), (int)PROOF_LABEL, text, colour(out, PLAIN));
}

static void print_hash(FILE *out, const struct crypto_hash *hash)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    fputs(crypto_hash_text(hash, text), out);
}

static void print_id(FILE *out, const struct account_id *id)
{
    print_shown(out, account_id_bytes(id)); /* decoding has seen that it is one */
}

static void print_balance(FILE *out, struct u128 balance)
{
    char text[AMOUNT_TEXT_SIZE];
    fputs(balance_text(balance, text), out);
}

/* ---- context ----------------------------------------------------------------------------------------------------- */

/* A line for each. */
static void print_balances(FILE *out, const char *name, const struct account_balance *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        proof_label(out, i ? "" : name);
        print_id(out, &list[i].account_id);
        fputs(": ", out);
        print_balance(out, list[i].amount);
        fputc('\n', out);
    }
}

static void print_update(FILE *out, const struct validator_accounts_update *u)
{
    if (!u) return;
    proof_label(out, "  update");
    fprintf(out, "of validators' accounts: %" PRIu32 " stakes, %" PRIu32 " rewards, %" PRIu32 " proposals",
            u->stake_info_count, u->reward_count, u->last_proposal_count);
    if (u->has_treasury) fputs(", treasury ", out);
    if (u->has_treasury) print_id(out, &u->treasury);
    fputc('\n', out);
    print_balances(out, "  largest", u->stake_info, u->stake_info_count);
    print_balances(out, "  reward", u->rewards, u->reward_count);
    print_balances(out, "  proposal", u->last_proposals, u->last_proposal_count);
}

static void print_congestion(FILE *out, const struct shard_congestion *s)
{
    char delayed[U128_TEXT_SIZE], buffered[U128_TEXT_SIZE];
    delayed[u128_print(s->info.delayed_receipts_gas, delayed)] = 0;
    buffered[u128_print(s->info.buffered_receipts_gas, buffered)] = 0;
    proof_label(out, "  shard");
    fprintf(out, "%" PRIu64 " says: gas delayed %s, buffered %s; %" PRIu64 " bytes; shard %u may send; %" PRIu64
            " chunks missed\n", s->shard_id, delayed, buffered, s->info.receipt_bytes, (unsigned)s->info.allowed_shard,
            s->missed_chunks);
}

static void print_bandwidth(FILE *out, const struct shard_bandwidth_requests *s)
{
    proof_label(out, "  shard");
    fprintf(out, "%" PRIu64 " asks for bandwidth:", s->shard_id);
    for (uint32_t i = 0; i < s->requests.count; i++) {
        fprintf(out, "%s to %u 0x", i ? "," : "", (unsigned)s->requests.requests[i].to_shard);
        for (unsigned k = 0; k < BANDWIDTH_BITMAP_SIZE; k++) fprintf(out, "%02x", s->requests.requests[i].bitmap[k]);
    }
    fputs(s->requests.count ? "\n" : " none\n", out);
}

void proof_print_context(FILE *out, const struct chunk *c)
{
    char gas[AMOUNT_TEXT_SIZE];
    proof_label(out, "  gas");
    fputs("price ", out);
    print_balance(out, c->gas_price);
    fprintf(out, ", limit %s\n", c->gas_limit == UINT64_MAX ? "none" : gas_digits(c->gas_limit, gas));
    proof_label(out, "  previous");
    print_hash(out, &c->prev_block_hash);
    fputs(", random seed ", out);
    print_hash(out, &c->random_seed);
    fputc('\n', out);
    proof_label(out, "  stakes");
    fprintf(out, "%" PRIu32 " validators, at least ", c->validator_count);
    print_balance(out, c->minimum_stake);
    fputc('\n', out);
    print_balances(out, "  validator", c->validators, c->validator_count);
    print_update(out, c->validator_update);
    for (uint32_t i = 0; i < c->congestion_count; i++) print_congestion(out, &c->congestion[i]);
    for (uint32_t i = 0; i < c->bandwidth_request_count; i++) print_bandwidth(out, &c->bandwidth_requests[i]);
}

/* ---- transactions and receipts ----------------------------------------------------------------------------------- */

static void print_arguments(FILE *out, const struct action *actions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (actions[i].kind != ACTION_KIND_function_call) continue;
        fprintf(out, "%*s", (int)PROOF_LABEL, "");
        print_quoted(out, actions[i].function_call.method_name, PROOF_NAME_SHOWN);
        fputs(" is given ", out);
        print_value(out, actions[i].function_call.arguments, ARGUMENTS_SHOWN);
        fputc('\n', out);
    }
}

/* All fields, as nodes print them. */
static void print_fields(FILE *out, const struct buffer *json)
{
    const struct bytes text = bytes_of(json->data, json->size);
    if (json->failed) return;
    fprintf(out, "%*s", (int)PROOF_LABEL, "");
    if (text.size <= JSON_SHOWN) json_text_print(out, text, SIZE_MAX, 0);
    else fprintf(out, "%zu bytes of JSON, which --json shows", text.size);
    fputc('\n', out);
}

void proof_print_signed(FILE *out, struct bytes borsh, bool in_period)
{
    struct arena arena = {0};
    struct buffer json = {0};
    struct signed_transaction t;
    proof_label(out, "  signed");
    if (signed_transaction_from_borsh(borsh, &arena, &t, NULL) == STATUS_OK) {
        proof_print_transaction(out, &t.transaction);
        fputs("  ", out);
        print_hash(out, &t.hash);
        fputs(in_period ? "\n" : "  (expired)\n", out);
        print_arguments(out, t.transaction.actions, t.transaction.action_count);
        signed_transaction_json(&t, &json);
        print_fields(out, &json);
    }
    buffer_free(&json);
    arena_free(&arena);
}

static void print_origin(FILE *out, const struct proof_origin *origin)
{
    if (origin->given) fputs("  given", out);
    else fprintf(out, "  sent by block %" PRIu32 ", %" PRIu32, origin->block, origin->index);
}

/* What comes with it through the doors. */
static void print_tokens(FILE *out, const struct receipt *r, uint32_t version)
{
    const struct receipt_tokens t = receipt_tokens_of(parameters_of(version), r);
    char gas[AMOUNT_TEXT_SIZE];
    if (!receipt_has_actions(r)) return;
    fprintf(out, "%*sdeposit ", (int)PROOF_LABEL, "");
    print_balance(out, t.deposit);
    fprintf(out, ", %s gas at ", gas_digits(t.gas, gas));
    print_balance(out, r->action.gas_price);
    fputs(": ", out);
    print_balance(out, t.gas_value);
    fputc('\n', out);
}

void proof_print_incoming(FILE *out, struct bytes borsh, const struct proof_origin *origin, uint32_t version)
{
    struct arena arena = {0};
    struct buffer json = {0};
    struct receipt r;
    proof_label(out, "  receipt");
    if (receipt_from_borsh(borsh, &arena, &r, NULL) == STATUS_OK) {
        proof_print_receipt(out, &r);
        fputs("  ", out);
        print_hash(out, &r.receipt_id);
        print_origin(out, origin);
        fputc('\n', out);
        print_tokens(out, &r, version);
        if (receipt_has_actions(&r)) print_arguments(out, r.action.actions, r.action.action_count);
        receipt_json(&r, &json);
        print_fields(out, &json);
    }
    buffer_free(&json);
    arena_free(&arena);
}
