/* Memory that runs out while actions other than calls are applied: the k-th allocation fails, for every k. Each time
 * the answer is STATUS_NO_MEMORY, never another outcome, and nothing leaks. Needs to be linked with --wrap for malloc,
 * calloc, realloc and mmap. */
#include "tests/failing_alloc.h"

#include "tests/runtime_fixture.h"

enum { TRANSACTIONS = 7 };

struct blocks {
    struct fixture f;
    struct test_key alice, bob, dave, gas, universal;
    struct action own[6], gas_transfer, universal_init, deterministic_init, delegate, inner, leave, start;
    struct delegate_action delegate_action;
    struct public_key_handle handle;
    char universal_name[ACCOUNT_ID_TEXT_SIZE], started_name[ACCOUNT_ID_TEXT_SIZE];
    char deterministic_name[ACCOUNT_ID_TEXT_SIZE];
    struct signed_transaction transactions[TRANSACTIONS];
};

/* A state init with one key; entries are told apart by `data`. */
static struct bytes universal_init(struct blocks *b, const char *data)
{
    struct buffer out = {0};
    borsh_write_u8(&out, 0);
    borsh_write_bool(&out, false);
    borsh_write_u32(&out, 1);
    borsh_write_bytes(&out, bytes_of_string(data));
    borsh_write_bytes(&out, bytes_of_string(data));
    borsh_write_u32(&out, 1);
    public_key_handle_write(&b->handle, &out);
    struct bytes kept = fixture_keep(&b->f, out.data, out.size);
    buffer_free(&out);
    return kept;
}

static void make_state(struct blocks *b)
{
    const struct access_key gas = {.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .num_nonces = 2,
                                   .gas_key_balance = near_tokens(1)};
    struct fixture *f = &b->f;
    fixture_begin(f, 88);
    b->alice = test_key_of("alice");
    b->bob = test_key_of("bob");
    b->dave = test_key_of("dave");
    b->gas = test_key_of("gas");
    b->universal = test_key_of("universal");
    b->handle = public_key_handle_of(&b->universal.public);
    static const char *const accounts[] = {"alice", "bob", "dave"};
    for (int i = 0; i < 3; i++) fixture_add_account(f, accounts[i], 1000);
    for (int i = 0; i < 3; i += 2) { /* alice and dave have a gas key */
        struct account_id id = account_id_of(accounts[i]);
        struct buffer nonce = {0};
        fixture_add_key(f, accounts[i], &b->gas, &gas);
        borsh_write_u64(&nonce, 0);
        for (uint16_t n = 0; n < 2; n++) {
            struct trie_key key = trie_key_of_gas_key_nonce(&id, &b->gas.public, n);
            fixture_set(f, &key, &nonce);
        }
        buffer_free(&nonce);
    }
    struct global_contract_id global = {.mode = GLOBAL_BY_CODE_HASH};
    struct trie_key code = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_CODE, &global);
    struct buffer wasm = {0};
    buffer_append_string(&wasm, "code");
    fixture_set(f, &code, &wasm);
    buffer_free(&wasm);
}

/* What alice does to herself. */
static void make_own_actions(struct blocks *b)
{
    struct action *a = b->own;
    a[0] = (struct action){.kind = ACTION_KIND_add_key, .add_key = {.public_key = &b->dave.public}};
    a[0].add_key.access_key = (struct access_key){.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .num_nonces = 3};
    a[1] = (struct action){.kind = ACTION_KIND_transfer_to_gas_key,
                           .transfer_to_gas_key = {&b->dave.public, near_tokens(1)}};
    a[2] = (struct action){.kind = ACTION_KIND_delete_key, .delete_key = {&b->dave.public}};
    a[3] = (struct action){.kind = ACTION_KIND_deploy_contract, .deploy_contract = {bytes_of_string("contract")}};
    a[4] = (struct action){.kind = ACTION_KIND_deploy_global_contract,
                           .deploy_global_contract = {bytes_of_string("global"), GLOBAL_BY_ACCOUNT_ID}};
    a[5] = (struct action){.kind = ACTION_KIND_stake, .stake = {near_tokens(20), &b->alice.public}};
}

static void make_state_inits(struct blocks *b)
{
    static const struct state_entry entry = {{(const uint8_t *)"k", 1}, {(const uint8_t *)"v", 1}};
    struct buffer borsh = {0};
    b->universal_init = (struct action){.kind = ACTION_KIND_universal_state_init};
    b->universal_init.universal_state_init.state_init = universal_init(b, "one");
    struct account_id id = account_id_universal(b->universal_init.universal_state_init.state_init);
    account_id_text(&id, b->universal_name);

    /* This one has its tokens already, and starts itself. */
    const struct account waiting = {.form = ACCOUNT_UNINITIALIZED, .amount = near_tokens(5), .storage_usage = 100,
                                    .bootstrap_nonce = 41};
    b->start = b->universal_init;
    b->start.universal_state_init.state_init = universal_init(b, "two");
    id = account_id_universal(b->start.universal_state_init.state_init);
    account_id_text(&id, b->started_name);
    fixture_set_account(&b->f, b->started_name, &waiting);

    b->deterministic_init = (struct action){.kind = ACTION_KIND_deterministic_state_init};
    b->deterministic_init.deterministic_state_init.state_init.entries = &entry;
    b->deterministic_init.deterministic_state_init.state_init.entry_count = 1;
    b->deterministic_init.deterministic_state_init.deposit = near_tokens(1);
    deterministic_state_init_write(&b->deterministic_init.deterministic_state_init.state_init, &borsh);
    id = account_id_deterministic(bytes_of(borsh.data, borsh.size));
    account_id_text(&id, b->deterministic_name);
    buffer_free(&borsh);
}

static void make_transactions(struct blocks *b)
{
    struct fixture *f = &b->f;
    b->inner = b->gas_transfer = (struct action){.kind = ACTION_KIND_transfer, .transfer = {near_tokens(1)}};
    b->leave = (struct action){.kind = ACTION_KIND_delete_account, .delete_account = {account_id_of("bob")}};
    b->delegate_action = (struct delegate_action){
        .sender_id = account_id_of("alice"), .receiver_id = account_id_of("bob"), .actions = &b->inner,
        .action_count = 1, .nonce = 100, .max_block_height = 1000,
    };
    b->delegate = fixture_delegate(f, &b->delegate_action, &b->alice);
    struct transaction t[TRANSACTIONS] = {
        fixture_transaction("alice", "alice", &b->alice, 1, b->own, 6),
        fixture_transaction("alice", "bob", &b->gas, 1, &b->gas_transfer, 1),
        fixture_transaction("bob", b->universal_name, &b->bob, 1, &b->universal_init, 1),
        fixture_transaction("bob", b->deterministic_name, &b->bob, 2, &b->deterministic_init, 1),
        fixture_transaction("bob", "alice", &b->bob, 3, &b->delegate, 1),
        fixture_transaction("dave", "dave", &b->dave, 1, &b->leave, 1),
        fixture_transaction(b->started_name, b->started_name, &b->universal, 42, &b->start, 1),
    };
    t[1].version = TRANSACTION_V1;
    t[1].has_nonce_index = true;
    const struct test_key *keys[TRANSACTIONS] = {&b->alice, &b->gas,  &b->bob,      &b->bob,
                                                 &b->bob,   &b->dave, &b->universal};
    for (int i = 0; i < TRANSACTIONS; i++) b->transactions[i] = fixture_sign(f, &t[i], keys[i]);
}

static enum status apply(struct fixture *f, struct chunk_result *out)
{
    const struct trie t = {.store = &f->store, .root = f->root};
    struct error e = {0};
    enum status status = apply_chunk(&f->chunk, &t, f->contracts, out, &e);
    if (status != STATUS_OK) CHECK(!out->arena && e.status == status);
    return status;
}

/* The block that the fixture has just applied, on the state before it, with allocations that fail. */
static void fail_each(struct fixture *f, struct trie_hash before, uint64_t height)
{
    const struct trie_hash after = f->root;
    const size_t rows = trie_store_count(&f->store);
    const uint32_t outcomes = f->result.outcome_count;
    long k = 0;
    f->root = before;
    f->chunk.block_height = height;
    for (failed = true; failed; k++) {
        struct chunk_result r;
        failed = false;
        countdown = k;
        enum status status = apply(f, &r);
        countdown = -1;
        if (status == STATUS_OK) {
            CHECK(trie_hash_equal(&r.state_root, &after) && r.outcome_count == outcomes);
            trie_release(&f->store, &r.state_root);
            chunk_result_free(&r);
        } else {
            CHECK(failed && status == STATUS_NO_MEMORY);
        }
        CHECK_EQUAL(trie_store_count(&f->store), rows);
    }
    printf("  %ld allocations\n", k);
    f->root = after;
    f->chunk.block_height = height + 1;
}

/* `failures`: outcomes that fail with all the memory they want. */
static void check_block(struct fixture *f, const struct signed_transaction *transactions, uint32_t count,
                        uint32_t failures)
{
    uint32_t failures_seen = 0;
    const struct receipt *incoming = f->incoming;
    const uint32_t incoming_count = f->incoming_count;
    const struct shard_congestion congestion = f->congestion;
    const struct trie_hash before = f->root;
    const uint64_t height = f->chunk.block_height;
    fixture_block(f, transactions, count);
    for (uint32_t i = 0; i < f->result.outcome_count; i++) failures_seen += *fixture_error(f, i) != 0;
    CHECK_EQUAL(failures_seen, failures);
    const struct receipt *sent = f->incoming;
    const uint32_t sent_count = f->incoming_count;
    const struct shard_congestion left = f->congestion;
    f->congestion = congestion;
    f->chunk.incoming = incoming;
    f->chunk.incoming_count = incoming_count;
    fail_each(f, before, height);
    f->incoming = sent;
    f->incoming_count = sent_count;
    f->congestion = left;
}

int main(void)
{
    static struct blocks b;
    make_state(&b);
    make_own_actions(&b);
    make_state_inits(&b);
    make_transactions(&b);
    test_begin("transactions and what they do to their own accounts");
    check_block(&b.f, b.transactions, TRANSACTIONS, 0);
    test_begin("what they do to others");
    CHECK(b.f.incoming_count >= 4);
    check_block(&b.f, NULL, 0, 1); /* gas goes back to an account that is no more */
    fixture_end(&b.f);
    return test_end();
}
