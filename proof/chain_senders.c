/* Receipts and transactions: whether they belong to the shard, and whether anybody sends such receipts.
 *
 * Sources: near-primitives 0.38.0, receipt.rs (what each kind is made by); nearcore, runtime/runtime/src/lib.rs and
 * global_contracts.rs. */
#include <stdio.h>

#include "base/compare.h"
#include "proof/chain.h"

/* A receipt or transaction of a block. */
struct item {
    const struct proof_chain *chain;
    uint32_t block, index;
    const char *kind; /* "incoming receipt", "transaction" */
    struct refusal *refusal;
};

static enum status refuse_item(const struct item *x, enum proof_error code, const char *claimed, const char *found,
                               const char *what)
{
    char place[64];
    return refuse(x->refusal, code, claimed, found, "%s: %s %lu: %s", block_place(x->chain->proof, x->block, place),
                  x->kind, (unsigned long)x->index, what);
}

static enum status check_shard(const struct item *x, const struct account_id *id, const char *what)
{
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    if (is_in_own_shard(x->chain->proof, id, found)) return STATUS_OK;
    return refuse_item(x, PROOF_WRONG_SHARD, value_of_bytes(account_id_bytes(id), claimed), found, what);
}

/* ---- "system" ---------------------------------------------------------------------------------------------------- */

static bool is_nobody(const struct public_key *key)
{
    const struct bytes data = public_key_data(key);
    for (size_t i = 0; i < data.size; i++)
        if (data.data[i]) return false;
    return key->type == KEY_ED25519;
}

/* What is wrong about a receipt from "system", which sends refunds and nothing else: one transfer of something, without
 * gas, data or receivers of data. A refund of gas is signed by its receiver, one of a deposit by nobody. Null: fine. */
static const char *system_fault(const struct receipt *r)
{
    const struct action_receipt *a = &r->action;
    if (r->kind != RECEIPT_action) return receipt_kind_name(r->kind);
    if (a->action_count != 1) return "not one action";
    if (a->actions[0].kind != ACTION_KIND_transfer) return "an action that is no transfer";
    if (u128_equal(a->actions[0].transfer.deposit, u128_of(0))) return "a transfer of nothing";
    if (!u128_equal(a->gas_price, u128_of(0))) return "a gas price";
    if (a->input_data_id_count || a->output_data_receiver_count) return "data that it waits for or sends";
    if (account_id_is_system(&a->signer_id)) return is_nobody(a->signer_public_key) ? NULL : "a key of system";
    return account_id_equal(&a->signer_id, &r->receiver_id) ? NULL : "a signer who is not the receiver";
}

static enum status check_system(const struct item *x, const struct receipt *r)
{
    if (account_id_is_system(&r->predecessor_id)) {
        const char *fault = system_fault(r);
        if (fault) return refuse_item(x, PROOF_SYSTEM, fault, "a refund", "predecessor system");
    } else if (receipt_has_actions(r) && account_id_is_system(&r->action.signer_id)) {
        return refuse_item(x, PROOF_SYSTEM, "system", "an account", "signer");
    }
    return STATUS_OK;
}

/* ---- global contracts -------------------------------------------------------------------------------------------- */

static enum status check_code(const struct item *x, const struct receipt *r)
{
    const struct global_contract_distribution *d = &r->global_contract_distribution;
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    struct crypto_hash id, hash;
    if (d->id.mode != GLOBAL_BY_CODE_HASH) {
        if (account_id_equal(&d->id.account_id, &r->predecessor_id)) return STATUS_OK;
        return refuse_item(x, PROOF_RECEIPT, value_of_bytes(account_id_bytes(&d->id.account_id), claimed),
                           value_of_bytes(account_id_bytes(&r->predecessor_id), found),
                           "account of the global contract");
    }
    memcpy(id.bytes, d->id.code_hash, sizeof id.bytes);
    hash = crypto_hash_of(d->code);
    if (crypto_hash_equal(&id, &hash)) return STATUS_OK;
    return refuse_item(x, PROOF_CODE_HASH, value_of_hash(&id, claimed), value_of_hash(&hash, found),
                       "code of the global contract");
}

static enum status check_distribution(const struct item *x, const struct receipt *r)
{
    const struct global_contract_distribution *d = &r->global_contract_distribution;
    const struct execution_proof *p = x->chain->proof;
    const uint64_t own = p->shards.shard_ids[p->shard_index];
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    if (d->target_shard != own)
        return refuse_item(x, PROOF_WRONG_SHARD, value_of_u64(d->target_shard, claimed), value_of_u64(own, found),
                           "target shard");
    if (!account_id_is_system(&r->receiver_id))
        return refuse_item(x, PROOF_RECEIPT, value_of_bytes(account_id_bytes(&r->receiver_id), claimed), "system",
                           "receiver of a global contract");
    for (uint32_t i = 0; i < d->already_delivered_shard_count; i++) {
        const uint64_t *shard = &d->already_delivered_shards[i];
        if (i > 0 && shard[-1] >= *shard)
            return refuse_item(x, PROOF_TWICE, value_of_u64(*shard, claimed), "shards that rise",
                               "shards that have the global contract");
        if (*shard == own)
            return refuse_item(x, PROOF_RECEIPT, value_of_u64(own, claimed), "shards that it does not go to again",
                               "shards that have the global contract");
    }
    return check_code(x, r);
}

/* ---- receipts ---------------------------------------------------------------------------------------------------- */

/* A yield is applied where it was made; it is resumed by its own account, or in its name when its time is over. */
static enum status check_kind(const struct item *x, const struct receipt *r)
{
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    if (receipt_is_yield(r))
        return refuse_item(x, PROOF_RECEIPT, receipt_kind_name(r->kind), "a receipt that leaves its chunk", "kind");
    if (r->kind != RECEIPT_promise_resume || account_id_equal(&r->predecessor_id, &r->receiver_id)) return STATUS_OK;
    return refuse_item(x, PROOF_RECEIPT, value_of_bytes(account_id_bytes(&r->predecessor_id), claimed),
                       value_of_bytes(account_id_bytes(&r->receiver_id), found), "predecessor of a resumption");
}

static enum status check_receipt(const struct item *x, const struct receipt *r)
{
    const bool distribution = r->kind == RECEIPT_global_contract_distribution;
    enum status status = check_kind(x, r);
    if (status == STATUS_OK)
        status = distribution ? check_distribution(x, r) : check_shard(x, &r->receiver_id, "receiver");
    return status == STATUS_OK ? check_system(x, r) : status;
}

static enum status check_transaction(const struct item *x, const struct transaction *t)
{
    if (account_id_is_system(&t->signer_id)) return refuse_item(x, PROOF_SYSTEM, "system", "an account", "signer");
    return check_shard(x, &t->signer_id, "signer");
}

enum status proof_check_senders(const struct proof_chain *c, struct refusal *r)
{
    enum status status = STATUS_OK;
    for (uint32_t b = 0; b < c->proof->block_count && status == STATUS_OK; b++) {
        const struct chunk *k = &c->chunks[b];
        for (uint32_t i = 0; i < k->incoming_count && status == STATUS_OK; i++)
            status = check_receipt(&(struct item){c, b, i, "incoming receipt", r}, &k->incoming[i]);
        for (uint32_t i = 0; i < k->transaction_count && status == STATUS_OK; i++)
            status = check_transaction(&(struct item){c, b, i, "transaction", r}, &k->transactions[i].transaction);
    }
    return status;
}
