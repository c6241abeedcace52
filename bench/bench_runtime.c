/* Speed of applying chunks: transfers, transfers that make accounts, calls of a small contract, transactions; each in a
 * chunk of two thousand, on top of a state of a hundred thousand accounts. What is recorded is part of it. */
#include <time.h>

#include "tests/runtime_chain.h"

enum { COUNT = 2000, OTHERS = 100000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct account_id implicit_account(uint32_t n)
{
    uint8_t key[32], number[4];
    store_le32(number, n);
    sha256(bytes_of(number, sizeof number), key);
    return account_id_near_implicit(key);
}

/* Accounts that only make the trie larger. */
static void add_others(struct chain *c)
{
    struct trie_change *changes = calloc(OTHERS, sizeof *changes);
    const struct account account = {.form = ACCOUNT_V1, .amount = near_tokens(1), .storage_usage = 182};
    struct buffer value = {0}, keys = {0};
    struct trie_hash root;
    enum { KEY = 1 + 64 };
    account_write(&account, &value);
    for (uint32_t i = 0; i < OTHERS; i++) {
        const struct account_id id = implicit_account(i);
        const struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, &id);
        trie_key_write(&key, &keys);
    }
    CHECK(changes && keys.size == (size_t)KEY * OTHERS);
    for (uint32_t i = 0; i < OTHERS; i++)
        changes[i] = (struct trie_change){bytes_of(keys.data + (size_t)KEY * i, KEY), bytes_of(value.data, value.size),
                                          false};
    const struct trie t = {.store = &c->store, .root = c->root};
    CHECK(trie_apply(&t, changes, OTHERS, &root, NULL, NULL) == STATUS_OK);
    trie_release(&c->store, &c->root);
    c->root = root;
    free(changes);
    buffer_free(&value);
    buffer_free(&keys);
}

static void measure(struct chain *c, const char *what, const struct chunk *chunk)
{
    struct chunk_result r;
    double seconds = now();
    chain_apply(c, chunk, &r);
    seconds = now() - seconds;
    CHECK_EQUAL(r.outcome_count, COUNT);
    printf("%-32s %8.1f us each\n", what, seconds * 1e6 / (double)COUNT);
    chunk_result_free(&r);
    c->incoming_count = 0;
}

static void measure_receipts(struct chain *c, const char *what, const struct action *action, uint32_t first_account)
{
    struct receipt *receipts = calloc(COUNT, sizeof *receipts);
    struct account_id *ids = calloc(COUNT, sizeof *ids);
    struct chunk chunk = chain_chunk(c);
    CHECK(receipts && ids);
    for (uint32_t i = 0; i < COUNT; i++) {
        ids[i] = first_account == UINT32_MAX ? c->ids[1] : implicit_account(first_account + i);
        receipts[i] = receipt_of(c, &ids[i], action, 1, 0);
        store_le32(receipts[i].receipt_id.bytes, i);
    }
    chunk.incoming = receipts;
    chunk.incoming_count = COUNT;
    chunk.gas_limit = UINT64_MAX;
    measure(c, what, &chunk);
    free(receipts);
    free(ids);
}

static void measure_transactions(struct chain *c, const struct action *action)
{
    struct signed_transaction *transactions = calloc(COUNT, sizeof *transactions);
    struct chunk chunk = chain_chunk(c);
    CHECK(transactions != NULL);
    for (uint32_t i = 0; i < COUNT; i++) transactions[i] = transaction_of(c, 0, &c->ids[2], action, 1, 10 + i);
    chunk.transactions = transactions;
    chunk.transaction_count = COUNT;
    chunk.gas_limit = UINT64_MAX;
    measure(c, "transactions", &chunk);
    free(transactions);
}

int main(void)
{
    struct chain c;
    const struct action transfer = transfer_of(u128_of(5)), call = call_of("write");
    chain_init(&c, 84);
    add_others(&c);
    measure_receipts(&c, "transfers", &transfer, 0);
    measure_receipts(&c, "transfers that make accounts", &transfer, OTHERS);
    measure_receipts(&c, "calls", &call, UINT32_MAX);
    measure_transactions(&c, &transfer);
    chain_free(&c);
    return test_end();
}
