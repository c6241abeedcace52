#include "proof/demands.h"

static enum status demand_hash(enum proof_error code, const struct crypto_hash *is, const struct crypto_hash *wanted,
                               const char *place, struct refusal *r)
{
    return wanted ? refuse_other_hash(code, is, wanted, place, r) : STATUS_OK;
}

static enum status demand_u64(uint64_t is, const uint64_t *wanted, const char *place, struct refusal *r)
{
    char a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    if (!wanted || is == *wanted) return STATUS_OK;
    return refuse(r, PROOF_OTHER_HEIGHT, value_of_u64(is, a), value_of_u64(*wanted, b), "%s", place);
}

static enum status demand_chain(const struct execution_proof *p, const struct bytes *wanted, struct refusal *r)
{
    char a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    if (!wanted || bytes_equal(p->chain_id, *wanted)) return STATUS_OK;
    return refuse(r, PROOF_OTHER_CHAIN, value_of_bytes(p->chain_id, a), value_of_bytes(*wanted, b), "chain id");
}

static bool was_run(const struct execution_proof *p, const struct crypto_hash *code)
{
    for (uint32_t i = 0; i < p->contract_count; i++)
        if (crypto_hash_equal(&p->contracts[i].hash, code)) return true;
    return false;
}

static bool is_demanded(const struct proof_demands *d, const struct crypto_hash *code)
{
    for (size_t i = 0; i < d->code_hash_count; i++)
        if (crypto_hash_equal(&d->code_hashes[i], code)) return true;
    return false;
}

static enum status demand_codes(const struct execution_proof *p, const struct proof_demands *d, struct refusal *r)
{
    char text[REFUSAL_VALUE_SIZE];
    for (uint32_t i = 0; i < p->contract_count && d->code_hash_count; i++)
        if (!is_demanded(d, &p->contracts[i].hash))
            return refuse(r, PROOF_OTHER_CODE, value_of_hash(&p->contracts[i].hash, text), "",
                          "contract %lu that was run", (unsigned long)i);
    for (size_t i = 0; i < d->code_hash_count; i++)
        if (!was_run(p, &d->code_hashes[i]))
            return refuse(r, PROOF_OTHER_CODE, "", value_of_hash(&d->code_hashes[i], text),
                          "contract that was not run");
    return STATUS_OK;
}

enum status proof_check_demands(const struct execution_proof *p, const struct crypto_hash *statement,
                                const struct proof_demands *d, struct refusal *r, struct error *e)
{
    enum status status = demand_hash(PROOF_OTHER_STATEMENT, statement, d->statement, "statement", r);
    if (status == STATUS_OK) status = demand_chain(p, d->chain_id, r);
    if (status == STATUS_OK)
        status = demand_u64(p->blocks[0].context.block_height, d->first_height, "height of the first block", r);
    if (status == STATUS_OK)
        status = demand_u64(p->blocks[p->block_count - 1].context.block_height, d->last_height,
                            "height of the last block", r);
    if (status == STATUS_OK) status = demand_hash(PROOF_OTHER_OLD_ROOT, &p->old_root, d->old_root, "old root", r);
    if (status == STATUS_OK) status = demand_hash(PROOF_OTHER_NEW_ROOT, &p->new_root, d->new_root, "new root", r);
    if (status == STATUS_OK) status = demand_codes(p, d, r);
    return status == STATUS_OK ? status : refusal_error(r, e);
}
