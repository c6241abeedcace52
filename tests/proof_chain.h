/* For tests of the blocks of proofs: a chain in memory (runtime_chain.h) that is proven, perhaps with chunks that were
 * altered before they were applied, and both levels of verification. */
#ifndef TESTS_PROOF_CHAIN_H
#define TESTS_PROOF_CHAIN_H

#include "tests/runtime_chain.h"

#include "proof/build.h"
#include "proof/chain.h"
#include "proof/execute.h"

enum { BLOCKS_LEAST = 4, BLOCKS_MAX = 12 };

/* Blocks under way. */
struct making {
    struct chain chain;
    struct trie_hash old_root;
    struct trie_recorder recorder;
    struct chunk chunks[BLOCKS_MAX];
    struct chunk_result results[BLOCKS_MAX];
    struct shard_congestion congestion[BLOCKS_MAX];
    uint32_t count;
    struct error e;
    struct buffer bytes;
};

/* Alters the chunk of a block before it is applied. */
typedef void alteration(struct making *m, struct chunk *k, uint32_t block);

static inline void *some(struct making *m, size_t count, size_t size)
{
    void *p = arena_array(&m->chain.arena, count ? count : 1, size);
    if (!p) abort();
    return p;
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

/* What goes to other shards is gone. */
static inline void keep_own(struct chain *c, const struct chunk *k)
{
    struct receipt *own = (struct receipt *)(uintptr_t)c->incoming;
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->incoming_count; i++)
        if (shard_index_of_account(&k->shards, &own[i].receiver_id) == k->shard_index) own[count++] = own[i];
    c->incoming_count = count;
}

static inline bool run_block(struct making *m, const struct signed_transaction *t, uint32_t count, alteration *alter)
{
    struct chain *c = &m->chain;
    struct chunk *k = &m->chunks[m->count];
    struct chunk_result *r = &m->results[m->count];
    const struct trie state = {.store = &c->store, .root = c->root, .recorder = &m->recorder};
    m->congestion[m->count] = c->congestion; /* the chain changes its own */
    *k = chain_chunk(c);
    k->congestion = &m->congestion[m->count];
    k->transactions = t;
    k->transaction_count = count;
    struct receipt *incoming = some(m, k->incoming_count + 2, sizeof *incoming); /* with room for more */
    if (k->incoming_count) memcpy(incoming, k->incoming, k->incoming_count * sizeof *incoming);
    k->incoming = incoming;
    if (alter) alter(m, k, m->count);
    if (!CHECK_EQUAL(apply_chunk(k, &state, c->contracts, r, &m->e), STATUS_OK)) {
        printf("%s\n", m->e.message);
        return false;
    }
    m->count++;
    const struct chain before = *c;
    CHECK_EQUAL(trie_retain(&c->store, &c->root, NULL), STATUS_OK); /* chain_advance lets go of it */
    chain_advance(c, r);
    keep_own(c, k);
    if (!k->is_new_chunk) { /* what waits goes on waiting */
        c->incoming = before.incoming;
        c->incoming_count = before.incoming_count;
        c->congestion = before.congestion;
    }
    return true;
}

static inline void build(struct making *m)
{
    struct proof_step steps[BLOCKS_MAX];
    for (uint32_t i = 0; i < m->count; i++) steps[i] = (struct proof_step){&m->chunks[i], &m->results[i]};
    const struct trie old = {.store = &m->chain.store, .root = m->old_root};
    const struct bytes code = bytes_of(m->chain.code.data, m->chain.code.size);
    const struct crypto_hash hash = crypto_hash_of(code);
    const struct proof_code codes = {code, false};
    const bool ran = contract_cache_used(m->chain.contracts, parameters_of(m->chain.version), &hash);
    const struct proof_parts parts = {.old = &old, .steps = steps, .step_count = m->count, .recorder = &m->recorder,
                                      .codes = &codes, .code_count = ran};
    struct execution_proof proof;
    if (!CHECK_EQUAL(proof_build(&parts, &proof, &m->e), STATUS_OK)) {
        printf("%s\n", m->e.message);
        return;
    }
    execution_proof_encode(&proof, &m->bytes);
    CHECK(!m->bytes.failed);
    execution_proof_free(&proof);
}

static uint32_t version = PROTOCOL_VERSION_CURRENT; /* of what is made */

static inline void begin(struct making *m)
{
    *m = (struct making){0};
    chain_init(&m->chain, version);
    m->old_root = m->chain.root;
    CHECK_EQUAL(trie_retain(&m->chain.store, &m->old_root, NULL), STATUS_OK);
}

static inline void end(struct making *m)
{
    while (m->count > 0) chunk_result_free(&m->results[--m->count]);
    trie_recorder_free(&m->recorder);
    buffer_free(&m->bytes);
    chain_free(&m->chain);
}

/* Alice signs a call of bob's contract; then blocks follow as long as receipts do, but no more than `most`. */
static inline bool make(struct making *m, const char *method, uint32_t most, alteration *alter)
{
    begin(m);
    const struct action actions[] = {call_of(method), transfer_of(near_tokens(1))};
    const struct signed_transaction t = transaction_of(&m->chain, 0, &m->chain.ids[1], actions, 2, 1);
    bool ok = run_block(m, &t, 1, alter);
    while (ok && m->count < most && (m->count < BLOCKS_LEAST || m->chain.incoming_count ||
                                     m->results[m->count - 1].delayed_receipt_count))
        ok = run_block(m, NULL, 0, alter);
    if (ok) build(m);
    return ok && m->bytes.size;
}

/* ---- verifying --------------------------------------------------------------------------------------------------- */

static inline enum status verify(const struct execution_proof *p, struct full_report *report, struct error *e)
{
    struct runtime_executor x;
    *report = (struct full_report){0};
    enum status status = runtime_executor_init(&x, p->protocol_version, e);
    const struct full_options options = {.executor = &x.executor};
    if (status == STATUS_OK) status = proof_verify_full(p, &options, report, e);
    runtime_executor_free(&x);
    return status;
}

static inline void check_code(const char *name, enum status status, const struct refusal *r, enum proof_error code,
                              const struct error *e)
{
    const bool ok = CHECK_EQUAL(status, code ? STATUS_INVALID : STATUS_OK) && CHECK_EQUAL(r->code, code) &&
                    CHECK(!code || r->place[0]);
    if (!ok) printf("%s: %s (%s)\n", name, status == STATUS_OK ? "accepted" : e->message, proof_error_name(code));
}

/* `light`, `full`: why each level refuses; PROOF_NO_ERROR: it does not. */
static inline void check(const char *name, const struct making *m, enum proof_error light, enum proof_error full)
{
    struct execution_proof proof;
    struct full_report report = {0};
    struct error e = {0};
    if (!CHECK_EQUAL(execution_proof_decode(bytes_of(m->bytes.data, m->bytes.size), &proof, &e), STATUS_OK)) {
        printf("%s: %s\n", name, e.message);
        return;
    }
    enum status status = proof_verify_light(&proof, NULL, &report.light, &e);
    check_code(name, status, &report.light.refusal, light, &e);
    status = verify(&proof, &report, &e);
    check_code(name, status, &report.light.refusal, full, &e);
    execution_proof_free(&proof);
}

/* ---- alterations that are not wrong ------------------------------------------------------------------------------ */

/* Block 1 gets the call, block 2 what bob has sent himself and the refund to alice. */
static inline struct receipt *incoming(struct chunk *k)
{
    return (struct receipt *)(uintptr_t)k->incoming;
}

static inline struct action *action_copy(struct making *m, struct receipt *r)
{
    struct action *actions = some(m, r->action.action_count, sizeof *actions);
    memcpy(actions, r->action.actions, r->action.action_count * sizeof *actions);
    r->action.actions = actions;
    return actions;
}

static inline void add_given(struct making *m, struct chunk *k, uint32_t block, const struct receipt *r)
{
    (void)m;
    (void)block;
    incoming(k)[k->incoming_count++] = *r;
}

static inline void give_at_once(struct making *m, struct chunk *k, uint32_t block)
{
    const struct receipt r = receipt_of(&m->chain, &m->chain.ids[2], NULL, 0, 77);
    if (block == 0) add_given(m, k, block, &r);
}

static inline void height_left_out(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    k->block_height += block * 2;
}

/* A yield that was made in block 1 expires in block 3. */
static inline void heights_rise_fast(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    k->block_height += block * 120;
}

/* The first shard ends before the boundary account. */
static inline void two_shards(struct making *m, struct chunk *k, const char *boundary, uint32_t index)
{
    static const uint64_t ids[] = {0, 1};
    struct account_id *account = some(m, 1, sizeof *account);
    *account = account_id_of(boundary);
    k->shards = (struct shard_layout){ids, account, 2};
    k->shard_index = index;
}

/* All accounts are in shard 0, and the proof's shard is that one. */
static inline void all_here(struct making *m, struct chunk *k, uint32_t block)
{
    (void)block;
    two_shards(m, k, "xx", 0);
}

static inline void chunk_missing(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    if (block != 2) return;
    k->is_new_chunk = false;
    k->incoming_count = 0;
    m->congestion[2].info = m->congestion[1].info; /* the header is that of block 1 */
    m->congestion[2].missed_chunks = 1;
}

/* Few receipts fit: the others are delayed. */
static inline void small_chunks(struct making *m, struct chunk *k, uint32_t block)
{
    (void)m;
    (void)block;
    k->gas_limit = 1;
}

#endif
