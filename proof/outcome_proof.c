#include "proof/outcome_proof.h"

#include "near/record_reader.h"

enum status block_header_lite_hash(const struct block_header_lite *h, struct crypto_hash *out, struct error *e)
{
    struct buffer lite = {0};
    borsh_write_u64(&lite, h->height);
    record_write_hash(&h->epoch_id, &lite);
    record_write_hash(&h->next_epoch_id, &lite);
    record_write_hash(&h->prev_state_root, &lite);
    record_write_hash(&h->outcome_root, &lite);
    borsh_write_u64(&lite, h->timestamp);
    record_write_hash(&h->next_bp_hash, &lite);
    record_write_hash(&h->block_merkle_root, &lite);
    const bool failed = lite.failed;
    if (!failed) {
        const struct crypto_hash inner_lite = crypto_hash_of(bytes_of(lite.data, lite.size));
        const struct crypto_hash inner = merkle_combine(&inner_lite, &h->inner_rest_hash);
        *out = merkle_combine(&inner, &h->prev_block_hash);
    }
    buffer_free(&lite);
    return failed ? error_no_memory(e) : STATUS_OK;
}

enum status outcome_proof_verify(const struct outcome_proof *p, const struct crypto_hash *head_root,
                                 struct outcome_proof_roots *roots, struct refusal *r, struct error *e)
{
    *roots = (struct outcome_proof_roots){0};
    *r = (struct refusal){0};
    enum status status = outcome_leaf(&p->outcome, &roots->leaf, e);
    if (status != STATUS_OK) return status;
    roots->shard_outcome_root = merkle_path_root(&p->path, &roots->leaf);
    const struct crypto_hash shard_leaf = crypto_hash_of(crypto_hash_bytes(&roots->shard_outcome_root));
    roots->outcome_root = merkle_path_root(&p->root_path, &shard_leaf);
    status = block_header_lite_hash(&p->header, &roots->block_hash, e);
    if (status != STATUS_OK) return status;
    roots->head_root = merkle_path_root(&p->block_path, &roots->block_hash);
    status = refuse_other_hash(PROOF_OUTCOME_ROOT, &p->header.outcome_root, &roots->outcome_root,
                   "block_header_lite.inner_lite.outcome_root", r);
    if (status == STATUS_OK)
        status = refuse_other_hash(PROOF_BLOCK_HASH, &p->block_hash, &roots->block_hash, "outcome_proof.block_hash", r);
    if (status != STATUS_OK || !head_root) return status == STATUS_INVALID ? refusal_error(r, e) : status;
    status = refuse_other_hash(PROOF_HEAD_ROOT, head_root, &roots->head_root, "block_proof", r);
    return status == STATUS_INVALID ? refusal_error(r, e) : status;
}
