/* Memory that runs out while a chunk is applied: the k-th allocation fails, for every k. Each time the answer is
 * STATUS_NO_MEMORY, there is no result, the state is as it was, nothing leaks. Needs to be linked with --wrap for
 * malloc, calloc, realloc and mmap. */
#include "tests/failing_alloc.h"

#include "tests/runtime_chain.h"

/* A block of receipts whose contract does everything; the second variant makes most of them wait. */
struct block {
    struct action calls[7];
    struct receipt receipts[7];
    struct signed_transaction transaction;
    struct chunk chunk;
};

static void make_block(struct chain *c, struct block *b, uint64_t gas_limit)
{
    static const char *const methods[] = {"write", "call", "yield", "resume", "fail", "remove", "absent"};
    for (uint8_t i = 0; i < 7; i++) {
        b->calls[i] = call_of(methods[i]);
        b->receipts[i] = receipt_of(c, &c->ids[1], &b->calls[i], 1, (uint8_t)(i + 1));
    }
    b->transaction = transaction_of(c, 1, &c->ids[1], b->calls, 1, 4);
    b->chunk = chain_chunk(c);
    b->chunk.incoming = b->receipts;
    b->chunk.incoming_count = 7;
    b->chunk.transactions = &b->transaction;
    b->chunk.transaction_count = 1;
    b->chunk.gas_limit = gas_limit;
}

/* With a new cache of contracts, which is part of what may fail, or with the chain's. */
static enum status apply(struct chain *c, const struct chunk *chunk, bool new_cache, struct chunk_result *out)
{
    struct trie_recorder recorder = {0};
    struct error e = {0};
    const struct trie t = {.store = &c->store, .root = c->root, .recorder = &recorder};
    struct contract_cache *cache = new_cache ? contract_cache_new() : c->contracts;
    enum status status = STATUS_NO_MEMORY;
    if (cache) {
        status = apply_chunk(chunk, &t, cache, out, &e);
        if (status != STATUS_OK) CHECK(!out->arena && e.status == status);
    }
    if (new_cache) contract_cache_free(cache);
    trie_recorder_free(&recorder);
    return status;
}

/* `step`: every so many allocations, once past the first 200. */
static void fail_each(struct chain *c, const struct chunk *chunk, bool new_cache, bool all_after, long step)
{
    struct chunk_result good, r;
    CHECK(apply(c, chunk, new_cache, &good) == STATUS_OK);
    const size_t rows = trie_store_count(&c->store);
    long k = 0;
    for (failed = true; failed; k += k < 200 ? 1 : step) {
        failed = false;
        sticky = all_after;
        countdown = k;
        enum status status = apply(c, chunk, new_cache, &r);
        countdown = -1;
        if (status == STATUS_OK) {
            CHECK(trie_hash_equal(&r.state_root, &good.state_root) && r.outcome_count == good.outcome_count);
            trie_release(&c->store, &r.state_root);
            chunk_result_free(&r);
        } else {
            CHECK(failed && status == STATUS_NO_MEMORY);
        }
        CHECK_EQUAL(trie_store_count(&c->store), rows);
    }
    printf("  %ld allocations\n", k);
    trie_release(&c->store, &good.state_root);
    chunk_result_free(&good);
}

static void test_block(const char *name, uint64_t gas_limit, uint64_t later)
{
    struct chain c;
    struct block b;
    struct chunk_result r;
    test_begin(name);
    chain_init(&c, 85);
    make_block(&c, &b, gas_limit);
    if (later) { /* a block on top of it, in which yields expire and delayed receipts are applied */
        chain_apply(&c, &b.chunk, &r);
        chunk_result_free(&r);
        b.chunk = chain_chunk(&c);
        b.chunk.block_height += later;
    }
    fail_each(&c, &b.chunk, false, false, 1);
    fail_each(&c, &b.chunk, false, true, 3);
    fail_each(&c, &b.chunk, true, false, 7);
    chain_free(&c);
}

int main(void)
{
    test_block("a block", UINT64_C(1000000000000000), 0);
    test_block("a block with little gas", UINT64_C(5000000000000), 0);
    test_block("the block after it", UINT64_C(5000000000000), 300);
    return test_end();
}
