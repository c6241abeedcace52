/* Chains that there are, in every version: their proofs hold. Then where receipts come from, what waits in the state
 * when a proof begins, yields, and runtimes that are wrong. */
#include "tests/proof_chain.h"

/* ---- honest chains ----------------------------------------------------------------------------------------------- */

/* What has occurred. */
struct seen {
    unsigned refunds, data, resumed, timed_out, delayed, missing, failures;
};

static void look(const struct making *m, struct seen *s)
{
    for (uint32_t b = 0; b < m->count; b++) {
        s->delayed += m->results[b].delayed_receipt_count > 0;
        s->missing += !m->chunks[b].is_new_chunk;
        for (uint32_t i = 0; i < m->results[b].outcome_count; i++)
            s->failures += m->results[b].outcomes[i].status == EXECUTION_FAILURE;
        for (uint32_t i = 0; i < m->chunks[b].incoming_count; i++) {
            const struct receipt *r = &m->chunks[b].incoming[i];
            s->refunds += account_id_is_system(&r->predecessor_id);
            s->data += r->kind == RECEIPT_data;
            s->resumed += r->kind == RECEIPT_promise_resume && r->data.has_data;
            s->timed_out += r->kind == RECEIPT_promise_resume && !r->data.has_data;
        }
    }
}

static void test_honest(void)
{
    static const char *const methods[] = {"write", "remove", "fail", "call", "yield", "resume", "nothing there"};
    static alteration *const ways[] = {NULL, chunk_missing, small_chunks, height_left_out, heights_rise_fast, all_here};
    enum { METHODS = sizeof methods / sizeof *methods, WAYS = sizeof ways / sizeof *ways };
    struct seen s = {0};
    test_begin("every version: callbacks, refunds, yields, failures; missing chunks, delayed receipts");
    for (version = RUNTIME_VERSION_FIRST; version <= PROTOCOL_VERSION_CURRENT; version++)
        for (size_t i = 0; parameters_of(version) && i < METHODS * WAYS; i++) {
            struct making m;
            if (make(&m, methods[i / WAYS], BLOCKS_MAX, ways[i % WAYS])) {
                look(&m, &s);
                check(methods[i / WAYS], &m, PROOF_NO_ERROR, PROOF_NO_ERROR);
            }
            end(&m);
        }
    version = PROTOCOL_VERSION_CURRENT;
    CHECK(s.refunds && s.data && s.resumed && s.timed_out && s.delayed && s.missing && s.failures);
    printf("  %u refunds, %u data, %u resumed and %u expired yields, %u blocks with delayed receipts, %u missing "
           "chunks, %u failures\n", s.refunds, s.data, s.resumed, s.timed_out, s.delayed, s.missing, s.failures);
}

/* ---- origins ----------------------------------------------------------------------------------------------------- */

/* Where everything comes from, and what is left when the proof ends early. */
static void check_origins(const struct proof_chain *c)
{
    CHECK_EQUAL(c->given_count, 1);
    CHECK(c->given[0].block == 0 && c->given[0].index == 0);
    CHECK(c->origins[0][0].given && !c->origins[1][0].given && !c->origins[2][0].given);
    CHECK(c->origins[1][0].sent.block == 0 && c->origins[1][0].sent.index == 0);
    CHECK(c->origins[2][1].sent.block == 1 && c->origins[2][1].sent.index == 1);
    CHECK_EQUAL(c->undelivered_count, c->proof->blocks[2].outgoing_count);
    CHECK(c->undelivered_count > 0 && c->undelivered[0].block == 2 && c->undelivered[0].index == 0);
}

static void test_origins(void)
{
    test_begin("where receipts come from, and which are left");
    struct making m;
    struct execution_proof proof;
    struct proof_chain c;
    struct refusal r = {0};
    struct error e = {0};
    if (make(&m, "call", 3, give_at_once) &&
        CHECK_EQUAL(execution_proof_decode(bytes_of(m.bytes.data, m.bytes.size), &proof, &e), STATUS_OK)) {
        if (CHECK_EQUAL(proof_chain_read(&proof, &c, &r, &e), STATUS_OK)) check_origins(&c);
        proof_chain_free(&c);
        execution_proof_free(&proof);
    }
    end(&m);
}

/* ---- data from another shard ------------------------------------------------------------------------------------- */

static struct crypto_hash ordered; /* the id of the data that zoe's answer brings */
static uint32_t answered;          /* the block that they come in */

/* Both shards are idle, so that receipts may leave. */
static void idle(struct making *m, struct chunk *k, uint32_t block)
{
    struct shard_congestion *list = some(m, 2, sizeof *list);
    all_here(m, k, block);
    list[0] = k->congestion[0];
    list[1] = (struct shard_congestion){.shard_id = 1};
    k->congestion = list;
    k->congestion_count = 2;
}

static void answer(struct making *m, struct chunk *k, uint32_t block)
{
    idle(m, k, block);
    const struct account_id zoe = account_id_of("zoe.near");
    struct receipt r = receipt_data(&zoe, &m->chain.ids[1], &ordered, true, bytes_of_string("yes"));
    r.receipt_id.bytes[0] = 9;
    if (block == answered) add_given(m, k, block, &r);
}

static void check_answer(uint32_t block, enum proof_error code)
{
    struct making m;
    answered = block;
    if (make(&m, "abroad", BLOCKS_MAX, answer)) check("an answer", &m, code, code);
    end(&m);
}

static void test_abroad(void)
{
    test_begin("data that another shard makes");
    struct making m;
    if (make(&m, "abroad", 3, idle)) {
        check("a question", &m, PROOF_NO_ERROR, PROOF_NO_ERROR);
        for (uint32_t i = 0; i < m.results[1].outgoing_count; i++) {
            const struct receipt *r = m.results[1].outgoing[i];
            if (receipt_is_action(r) && r->action.output_data_receiver_count && r->receiver_id.text[0] == 'z')
                ordered = r->action.output_data_receivers[0].data_id;
        }
        CHECK(ordered.bytes[0] || ordered.bytes[1]);
    }
    end(&m);
    check_answer(0, PROOF_DATA);
    check_answer(1, PROOF_DATA);
    check_answer(2, PROOF_DATA);
    check_answer(3, PROOF_NO_ERROR);
}

/* ---- what waits in the state ------------------------------------------------------------------------------------- */

/* A new proof begins with the state as it is. */
static void begin_again(struct making *m)
{
    while (m->count > 0) chunk_result_free(&m->results[--m->count]);
    trie_recorder_free(&m->recorder);
    buffer_free(&m->bytes);
    m->recorder = (struct trie_recorder){0};
    m->bytes = (struct buffer){0};
    m->old_root = m->chain.root;
    CHECK_EQUAL(trie_retain(&m->chain.store, &m->old_root, NULL), STATUS_OK);
}

static const struct receipt *waiting; /* bob's callback, which waits in the state for its data */

/* The callback once more, with another method: it takes the place of the one in the state. */
static void replace_waiting(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = *waiting;
    if (block > 0) return;
    action_copy(m, &r)[0].function_call.method_name = bytes_of_string("fail");
    memmove(&incoming(k)[1], &incoming(k)[0], k->incoming_count * sizeof *k->incoming);
    incoming(k)[0] = r;
    k->incoming_count++;
}

static void test_waiting(alteration *alter, enum proof_error code)
{
    struct making m;
    bool ok = make(&m, "call", 3, NULL);
    waiting = NULL;
    for (uint32_t i = 0; ok && i < m.chunks[2].incoming_count; i++)
        if (receipt_is_action(&m.chunks[2].incoming[i]) && m.chunks[2].incoming[i].action.input_data_id_count)
            waiting = &m.chunks[2].incoming[i];
    begin_again(&m);
    ok = ok && CHECK(waiting);
    while (ok && m.count < BLOCKS_MAX && m.chain.incoming_count) ok = run_block(&m, NULL, 0, alter);
    if (ok) build(&m);
    if (ok) check("a callback that waits", &m, code, code);
    waiting = NULL;
    end(&m);
}

/* ---- a yield that is resumed where it is made -------------------------------------------------------------------- */

static struct crypto_hash yielded;

static void resume_at_once(struct making *m, struct chunk *k, uint32_t block)
{
    struct receipt r = receipt_data(&m->chain.ids[1], &m->chain.ids[1], &yielded, true, bytes_of_string("evil"));
    r.kind = RECEIPT_promise_resume;
    r.receipt_id.bytes[0] = 9;
    if (block == 0) add_given(m, k, block, &r);
}

/* Bob calls himself, so that the yield is there before the block's incoming receipts. */
static bool yield_locally(struct making *m, alteration *alter)
{
    begin(m);
    const struct action action = call_of("yield");
    const struct signed_transaction t = transaction_of(&m->chain, 1, &m->chain.ids[1], &action, 1, 1);
    const bool ok = run_block(m, &t, 1, alter);
    if (ok) build(m);
    return ok;
}

static void test_yield(void)
{
    test_begin("a yield that a given receipt resumes where it is made");
    struct making m;
    if (yield_locally(&m, NULL)) {
        check("a yield", &m, PROOF_NO_ERROR, PROOF_NO_ERROR);
        for (uint32_t i = 0; i < m.results[0].processed_count; i++)
            if (receipt_is_yield(m.results[0].processed[i].receipt))
                yielded = m.results[0].processed[i].receipt->action.input_data_ids[0];
    }
    end(&m);
    if (yield_locally(&m, resume_at_once)) check("a resumption", &m, PROOF_NO_ERROR, PROOF_DATA);
    end(&m);
}

/* ---- runtimes that are wrong ------------------------------------------------------------------------------------- */

/* What a wrong runtime makes of the changes of a block. */
typedef void fault(struct chunk_result *r);

static struct bytes kept(struct chunk_result *r, const struct buffer *b)
{
    uint8_t *copy = arena_alloc(r->arena, b->size);
    if (!copy) abort();
    memcpy(copy, b->data, b->size);
    return bytes_of(copy, b->size);
}

/* The first account among the changes gets more. */
static void credit(struct chunk_result *r, struct u128 amount)
{
    struct account a;
    struct buffer value = {0};
    struct trie_change *c = r->changes; /* accounts come first */
    if (!CHECK(r->change_count && c->key.data[0] == 0)) return;
    CHECK_EQUAL(account_from_borsh(c->value, &a, NULL), STATUS_OK);
    CHECK(u128_add(a.amount, amount, &a.amount));
    account_write(&a, &value);
    c->value = kept(r, &value);
    buffer_free(&value);
}
static void credit_little(struct chunk_result *r) { credit(r, u128_of(1)); }
static void credit_much(struct chunk_result *r) { credit(r, near_tokens(1)); }

/* Some code under a key, which belongs after those of accounts. */
static void add_code(struct chunk_result *r, const struct trie_key *key)
{
    struct trie_change *all = arena_array(r->arena, r->change_count + 1, sizeof *all);
    struct buffer bytes = {0};
    if (!all) abort();
    trie_key_write(key, &bytes);
    const struct trie_change added = {.key = kept(r, &bytes), .value = bytes_of("\0asm\1\0\0\0", 8)};
    buffer_free(&bytes);
    size_t at = 0;
    while (at < r->change_count && r->changes[at].key.data[0] <= added.key.data[0]) at++;
    memcpy(all, r->changes, at * sizeof *all);
    all[at] = added;
    memcpy(all + at + 1, r->changes + at, (r->change_count - at) * sizeof *all);
    r->changes = all;
    r->change_count++;
}
static void wrong_global_code(struct chunk_result *r)
{
    const struct global_contract_id id = {.mode = GLOBAL_BY_CODE_HASH, .code_hash = {1}};
    const struct trie_key key = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_CODE, &id);
    add_code(r, &key);
}
static void wrong_code(struct chunk_result *r)
{
    const struct account_id alice = account_id_of("alice.near"); /* she is charged, and has no code */
    const struct trie_key key = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &alice);
    add_code(r, &key);
}

static fault *fault_of_runtime;

static enum status apply_wrongly(void *context, const struct chunk *chunk, const struct trie *state,
                                 struct chunk_result *out, struct error *e)
{
    struct runtime_executor *x = context;
    enum status status = apply_chunk(chunk, state, x->contracts, out, e);
    if (status != STATUS_OK) return status;
    fault_of_runtime(out);
    return trie_apply(state, out->changes, out->change_count, &out->state_root, NULL, e);
}

/* One block, applied, proven and verified by the same runtime. */
static void check_fault(fault *f, enum proof_error light, enum proof_error full)
{
    struct making m;
    struct runtime_executor x;
    struct execution_proof proof;
    struct full_report report = {0};
    begin(&m);
    fault_of_runtime = f;
    CHECK_EQUAL(runtime_executor_init(&x, m.chain.version, &m.e), STATUS_OK);
    x.executor.apply = apply_wrongly;
    const struct full_options options = {.executor = &x.executor};
    const struct action action = transfer_of(near_tokens(1));
    const struct signed_transaction t = transaction_of(&m.chain, 0, &m.chain.ids[1], &action, 1, 1);
    m.chunks[0] = chain_chunk(&m.chain);
    m.chunks[0].transactions = &t;
    m.chunks[0].transaction_count = 1;
    const struct trie state = {.store = &m.chain.store, .root = m.old_root, .recorder = &m.recorder};
    CHECK_EQUAL(apply_wrongly(&x, &m.chunks[0], &state, &m.results[0], &m.e), STATUS_OK);
    m.count = 1;
    build(&m);
    CHECK_EQUAL(execution_proof_decode(bytes_of(m.bytes.data, m.bytes.size), &proof, &m.e), STATUS_OK);
    enum status status = proof_verify_light(&proof, NULL, &report.light, &m.e);
    check_code("light", status, &report.light.refusal, light, &m.e);
    status = proof_verify_full(&proof, &options, &report, &m.e);
    check_code("full", status, &report.light.refusal, full, &m.e);
    execution_proof_free(&proof);
    runtime_executor_free(&x);
    end(&m);
}

static void test_faults(void)
{
    test_begin("runtimes that make tokens, or keep code under another hash");
    check_fault(credit_little, PROOF_NO_ERROR, PROOF_BALANCE); /* less than was burnt: seen by executing alone */
    check_fault(credit_much, PROOF_BALANCE, PROOF_BALANCE);
    check_fault(wrong_global_code, PROOF_CODE_HASH, PROOF_CODE_HASH);
    check_fault(wrong_code, PROOF_CODE_HASH, PROOF_CODE_HASH);
}

/* Without the old value of an account its balance cannot be known. */
static void test_old_value_missing(void)
{
    test_begin("the old value of an account is missing");
    struct making m;
    struct execution_proof proof;
    struct light_report report = {0};
    struct error e = {0};
    if (make(&m, "write", BLOCKS_MAX, NULL) &&
        CHECK_EQUAL(execution_proof_decode(bytes_of(m.bytes.data, m.bytes.size), &proof, &e), STATUS_OK)) {
        const struct crypto_hash hash = crypto_hash_of_trie(&proof.changes[0].old_value.hash);
        struct bytes *rows = (struct bytes *)(uintptr_t)proof.rows;
        uint32_t kept_rows = 0;
        for (uint32_t i = 0; i < proof.row_count; i++) {
            const struct crypto_hash row = crypto_hash_of(rows[i]);
            if (!crypto_hash_equal(&row, &hash)) rows[kept_rows++] = rows[i];
        }
        CHECK_EQUAL(kept_rows + 1, proof.row_count);
        proof.row_count = kept_rows;
        const enum status status = proof_verify_light(&proof, NULL, &report, &e);
        check_code("light", status, &report.refusal, PROOF_MISSING_ROW, &e);
        execution_proof_free(&proof);
    }
    end(&m);
}

int main(void)
{
    test_honest();
    test_origins();
    test_abroad();
    test_begin("receipts that wait in the state");
    test_waiting(NULL, PROOF_NO_ERROR);
    test_waiting(replace_waiting, PROOF_SAME_ID);
    test_yield();
    test_faults();
    test_old_value_missing();
    return test_end();
}
