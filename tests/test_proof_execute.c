/* Proofs of what the runtime itself has executed: made, checked, altered. Whatever is accepted after an alteration must
 * be true: it is executed again on the whole state, of which the proof has but a part. */
#include "tests/merkle_path.h"
#include "tests/runtime_chain.h"

#include "cli/proof.h"
#include "proof/build.h"
#include "proof/execute.h"

enum { BLOCKS_MAX = 8, MUTATIONS = 10000 };

/* A proof of some blocks, and the state that they began with. */
struct proven {
    struct chain chain;
    struct trie_hash old_root;
    struct buffer bytes;
    struct crypto_hash statement;
};

struct proving {
    struct proven *p;
    struct trie_recorder recorder;
    struct chunk chunks[BLOCKS_MAX];
    struct chunk_result results[BLOCKS_MAX];
    uint32_t count;
    struct error e;
};

static struct bytes bytes_in(const struct buffer *b)
{
    return bytes_of(b->data, b->size);
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

static bool run_block(struct proving *x, const struct signed_transaction *t, uint32_t count)
{
    struct chain *c = &x->p->chain;
    struct chunk *k = &x->chunks[x->count];
    struct chunk_result *r = &x->results[x->count];
    struct shard_congestion *congestion = arena_alloc(&c->arena, sizeof *congestion);
    const struct trie state = {.store = &c->store, .root = c->root, .recorder = &x->recorder};
    if (!CHECK(congestion)) return false;
    *congestion = c->congestion; /* the chain changes its own */
    *k = chain_chunk(c);
    k->congestion = congestion;
    k->transactions = t;
    k->transaction_count = count;
    if (!CHECK_EQUAL(apply_chunk(k, &state, c->contracts, r, &x->e), STATUS_OK)) return false;
    x->count++;
    CHECK_EQUAL(trie_retain(&c->store, &c->root, NULL), STATUS_OK); /* chain_advance lets go of it */
    chain_advance(c, r);
    return true;
}

static void make_proof(struct proving *x, bool leave_out)
{
    struct proven *p = x->p;
    struct proof_step steps[BLOCKS_MAX];
    for (uint32_t i = 0; i < x->count; i++) steps[i] = (struct proof_step){&x->chunks[i], &x->results[i]};
    const struct trie old = {.store = &p->chain.store, .root = p->old_root};
    const struct proof_code code = {bytes_in(&p->chain.code), leave_out};
    const struct proof_parts parts = {.old = &old, .steps = steps, .step_count = x->count, .recorder = &x->recorder,
                                      .codes = &code, .code_count = 1};
    struct execution_proof proof;
    if (!CHECK_EQUAL(proof_build(&parts, &proof, &x->e), STATUS_OK)) {
        printf("%s\n", x->e.message);
        return;
    }
    CHECK_EQUAL(execution_proof_statement(&proof, &p->statement, &x->e), STATUS_OK);
    execution_proof_encode(&proof, &p->bytes);
    CHECK(!p->bytes.failed);
    execution_proof_free(&proof);
}

/* Alice signs a call of bob's contract; then blocks follow as long as receipts do. */
static bool prove(struct proven *p, uint32_t version, const char *method, bool leave_out)
{
    struct proving x = {.p = p};
    *p = (struct proven){0};
    chain_init(&p->chain, version);
    p->old_root = p->chain.root;
    CHECK_EQUAL(trie_retain(&p->chain.store, &p->old_root, NULL), STATUS_OK);
    const struct action actions[] = {call_of(method), transfer_of(near_tokens(1))};
    const struct signed_transaction t = transaction_of(&p->chain, 0, &p->chain.ids[1], actions, 2, 1);
    bool ok = run_block(&x, &t, 1);
    while (ok && p->chain.incoming_count && x.count < BLOCKS_MAX) ok = run_block(&x, NULL, 0);
    if (ok) make_proof(&x, leave_out);
    while (x.count > 0) chunk_result_free(&x.results[--x.count]);
    trie_recorder_free(&x.recorder);
    return ok && p->bytes.size;
}

static void proven_free(struct proven *p)
{
    buffer_free(&p->bytes);
    chain_free(&p->chain);
}

/* ---- checking ---------------------------------------------------------------------------------------------------- */

static enum status verify(const struct execution_proof *p, const struct bytes *code, struct full_report *report,
                          struct error *e)
{
    struct runtime_executor x;
    uint32_t version = p->protocol_version;
    *report = (struct full_report){0};
    if (!parameters_of(version)) version = PROTOCOL_VERSION_CURRENT;
    enum status status = runtime_executor_init(&x, version, e);
    const struct full_options options = {.executor = &x.executor, .codes = code, .code_count = code ? 1 : 0};
    if (status == STATUS_OK) status = proof_verify_full(p, &options, report, e);
    runtime_executor_free(&x);
    return status;
}

/* Whether what an accepted proof says is so on the whole state. */
static bool is_true(const struct proven *p, const struct execution_proof *proof)
{
    const struct chain *c = &p->chain;
    struct trie_store *store = (struct trie_store *)(uintptr_t)&c->store;
    struct trie_recorder recorder = {0};
    struct trie state = {.store = store, .root = trie_hash_of_crypto(&proof->old_root), .recorder = &recorder};
    struct contract_cache *contracts = contract_cache_new();
    struct arena arena = {0};
    bool same = contracts != NULL;
    for (uint32_t b = 0; b < proof->block_count && same; b++) {
        const struct proof_block *block = &proof->blocks[b];
        struct chunk chunk;
        struct chunk_result r;
        same = proof_chunk(proof, block, &arena, &chunk, NULL) == STATUS_OK &&
               apply_chunk(&chunk, &state, contracts, &r, NULL) == STATUS_OK;
        if (!same) break;
        const struct trie_hash claimed = trie_hash_of_crypto(&block->state_root);
        same = trie_hash_equal(&r.state_root, &claimed) && r.outcome_count == block->outcome_count &&
               r.outgoing_count == block->outgoing_count;
        for (uint32_t i = 0; same && i < r.outcome_count; i++) {
            struct crypto_hash a, b_;
            same = outcome_leaf(&r.outcomes[i], &a, NULL) == STATUS_OK &&
                   outcome_leaf(&block->outcomes[i].outcome, &b_, NULL) == STATUS_OK && crypto_hash_equal(&a, &b_) &&
                   r.outcomes[i].compute_usage == block->outcomes[i].outcome.compute_usage;
        }
        state.root = r.state_root;
        if (trie_retain(store, &r.state_root, NULL) != STATUS_OK) same = false;
        chunk_result_free(&r);
    }
    contract_cache_free(contracts);
    trie_recorder_free(&recorder);
    arena_free(&arena);
    return same;
}

static void test_good(uint32_t version, const char *method)
{
    struct proven p;
    struct execution_proof proof;
    struct full_report report;
    struct error e = {0};
    if (prove(&p, version, method, false) &&
        CHECK_EQUAL(execution_proof_decode(bytes_in(&p.bytes), &proof, &e), STATUS_OK)) {
        if (!CHECK_EQUAL(verify(&proof, NULL, &report, &e), STATUS_OK)) printf("%s: %s\n", method, e.message);
        CHECK(report.codes_checked && crypto_hash_equal(&report.light.statement, &p.statement));
        CHECK(is_true(&p, &proof));
        CHECK_EQUAL(proof_verify_light(&proof, NULL, &report.light, &e), STATUS_OK);
        execution_proof_free(&proof);
    }
    proven_free(&p);
}

static void test_all_good(void)
{
    static const char *const methods[] = {"write", "remove", "fail", "call", "yield", "resume", "nothing there"};
    test_begin("calls in every version, proven and executed again");
    for (uint32_t version = RUNTIME_VERSION_FIRST; version <= PROTOCOL_VERSION_CURRENT; version++) {
        if (!parameters_of(version)) continue;
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) test_good(version, methods[i]);
    }
}

static void test_code_left_out(void)
{
    test_begin("the code is handed in");
    struct proven p;
    struct execution_proof proof;
    struct full_report report;
    struct error e = {0};
    if (prove(&p, PROTOCOL_VERSION_CURRENT, "write", true) &&
        CHECK_EQUAL(execution_proof_decode(bytes_in(&p.bytes), &proof, &e), STATUS_OK)) {
        const struct bytes code = bytes_in(&p.chain.code), other = bytes_of("\0asm\1\0\0\0", 8);
        CHECK_EQUAL(verify(&proof, NULL, &report, &e), STATUS_INVALID);
        CHECK_EQUAL(report.light.refusal.code, PROOF_MISSING_CODE);
        CHECK_EQUAL(verify(&proof, &other, &report, &e), STATUS_INVALID);
        CHECK_EQUAL(report.light.refusal.code, PROOF_MISSING_CODE);
        CHECK_EQUAL(verify(&proof, &code, &report, &e), STATUS_OK);
        execution_proof_free(&proof);
    }
    proven_free(&p);
}

/* ---- one thing altered ------------------------------------------------------------------------------------------- */

#define WRITABLE(type, pointer) ((type *)(uintptr_t)(pointer))

static struct proof_block *block_of(struct execution_proof *p, unsigned i)
{
    return WRITABLE(struct proof_block, &p->blocks[i]);
}

static struct proof_outcome *outcome_of(struct execution_proof *p, unsigned block, unsigned i)
{
    return WRITABLE(struct proof_outcome, &p->blocks[block].outcomes[i]);
}

/* Paths and root as they follow from the outcomes, so that only execution can tell. */
static void rehash(struct execution_proof *p, unsigned block)
{
    struct proof_block *b = block_of(p, block);
    struct crypto_hash leaves[8];
    struct merkle_path path = {0};
    if (!CHECK(b->outcome_count <= 8)) return;
    for (uint32_t i = 0; i < b->outcome_count; i++)
        CHECK_EQUAL(outcome_leaf(&b->outcomes[i].outcome, &leaves[i], NULL), STATUS_OK);
    b->outcome_root = merkle_root(leaves, b->outcome_count);
    for (uint32_t i = 0; i < b->outcome_count; i++) {
        struct buffer out = {0};
        CHECK(merkle_path_of(leaves, b->outcome_count, i, &path));
        merkle_path_write(&path, &out);
        uint8_t *copy = arena_alloc(&p->arena, out.size);
        if (CHECK(copy)) {
            memcpy(copy, out.data, out.size);
            WRITABLE(struct proof_outcome, &b->outcomes[i])->path = bytes_of(copy, out.size);
        }
        buffer_free(&out);
    }
}

static void newer_version(struct execution_proof *p) { p->protocol_version = 85; }
static void unknown_version(struct execution_proof *p) { p->protocol_version = 1000; }
static void old_version(struct execution_proof *p) { p->protocol_version = 40; }
static void other_code(struct execution_proof *p)
{
    WRITABLE(struct proof_contract, p->contracts)[0].code = bytes_of("\0asm\1\0\0\0", 8);
}
static void other_code_and_hash(struct execution_proof *p)
{
    other_code(p);
    WRITABLE(struct proof_contract, p->contracts)[0].hash = crypto_hash_of(p->contracts[0].code);
}
static void extra_row(struct execution_proof *p)
{
    struct bytes *rows = arena_array(&p->arena, p->row_count + 1u, sizeof *rows);
    if (!CHECK(rows)) return;
    memcpy(rows, p->rows, p->row_count * sizeof *rows);
    rows[p->row_count++] = bytes_of_string("\xff\xff of no use");
    p->rows = rows;
}
static void missing_row(struct execution_proof *p) { p->row_count--; }
static void one_gas_more(struct execution_proof *p)
{
    WRITABLE(struct execution_outcome, &outcome_of(p, 1, 0)->outcome)->gas_burnt++;
    rehash(p, 1);
}
static void more_compute(struct execution_proof *p)
{
    WRITABLE(struct execution_outcome, &outcome_of(p, 1, 0)->outcome)->compute_usage++;
}
static void fewer_tokens(struct execution_proof *p)
{
    outcome_of(p, 1, 0)->outcome.tokens_burnt = u128_of(1);
    rehash(p, 1);
}
static void other_log(struct execution_proof *p)
{
    WRITABLE(struct bytes, outcome_of(p, 1, 0)->outcome.logs)[0] = bytes_of_string("other");
    rehash(p, 1);
}
static void no_log(struct execution_proof *p)
{
    outcome_of(p, 1, 0)->outcome.log_count = 0;
    rehash(p, 1);
}
static void other_value(struct execution_proof *p)
{
    outcome_of(p, 1, 0)->outcome.value = bytes_of_string("other");
    rehash(p, 1);
}
static void other_status(struct execution_proof *p)
{
    outcome_of(p, 1, 0)->outcome.status = EXECUTION_FAILURE;
    rehash(p, 1);
}
static void other_executor(struct execution_proof *p)
{
    outcome_of(p, 1, 0)->outcome.executor_id = account_id_of("carol.near");
    rehash(p, 1);
}
static void other_id(struct execution_proof *p)
{
    outcome_of(p, 1, 0)->outcome.id.bytes[0] ^= 1;
    rehash(p, 1);
}
static void other_receipt_id(struct execution_proof *p)
{
    WRITABLE(struct crypto_hash, outcome_of(p, 0, 0)->outcome.receipt_ids)[0].bytes[0] ^= 1;
    rehash(p, 0);
}
static void one_outcome_less(struct execution_proof *p)
{
    block_of(p, 1)->outcome_count--;
    rehash(p, 1);
}
static void no_outgoing(struct execution_proof *p) { block_of(p, 1)->outgoing_count = 0; }
static void middle_root(struct execution_proof *p) { block_of(p, 0)->state_root.bytes[3] ^= 1; }
static void other_new_value(struct execution_proof *p)
{
    WRITABLE(struct proof_change, p->changes)[0].new_value.hash.bytes[0] ^= 1;
}
static void other_old_value(struct execution_proof *p)
{
    WRITABLE(struct proof_change, p->changes)[0].old_value.hash.bytes[0] ^= 1;
}
static void fewer_reads(struct execution_proof *p) { p->counters.nodes_read--; }
static void cheaper_gas(struct execution_proof *p) { block_of(p, 0)->context.gas_price = u128_of(1); }
static void expired(struct execution_proof *p) { WRITABLE(bool, p->blocks[0].transaction_in_period)[0] = false; }
static void no_transaction(struct execution_proof *p) { block_of(p, 0)->transaction_count = 0; }
static void no_receipt(struct execution_proof *p) { block_of(p, 1)->incoming_count = 0; }

/* The call is of bob's contract by a transaction in block 0, the receipt is applied in block 1. */
static const struct altered {
    const char *name;
    void (*change)(struct execution_proof *p);
    enum proof_error code;
} alterations[] = {
    {"another version", newer_version, PROOF_NO_ERROR}, /* anything that differs first */
    {"an unknown version", unknown_version, PROOF_PROTOCOL_VERSION},
    {"a version too old", old_version, PROOF_PROTOCOL_VERSION},
    {"another code", other_code, PROOF_CODE_HASH},
    {"another code with its hash", other_code_and_hash, PROOF_NO_ERROR},
    {"an extra row", extra_row, PROOF_EXTRA_ROW},
    {"a missing row", missing_row, PROOF_MISSING_ROW},
    {"one unit of gas more", one_gas_more, PROOF_GAS},
    {"more compute", more_compute, PROOF_COMPUTE},
    {"fewer tokens", fewer_tokens, PROOF_TOKENS},
    {"another log", other_log, PROOF_LOG},
    {"no log", no_log, PROOF_LOG},
    {"another value", other_value, PROOF_VALUE},
    {"another status", other_status, PROOF_STATUS},
    {"another executor", other_executor, PROOF_EXECUTOR},
    {"another id", other_id, PROOF_OUTCOME_ID},
    {"another receipt made", other_receipt_id, PROOF_RECEIPT_IDS},
    {"an outcome less", one_outcome_less, PROOF_OUTCOME_COUNT},
    {"nothing sent", no_outgoing, PROOF_NO_ORIGIN},
    {"another root between blocks", middle_root, PROOF_STATE_ROOT},
    {"another new value", other_new_value, PROOF_NO_ERROR},
    {"another old value", other_old_value, PROOF_OLD_VALUE},
    {"fewer reads", fewer_reads, PROOF_COUNTER},
    {"cheaper gas", cheaper_gas, PROOF_GAS_PRICE},
    {"an expired transaction", expired, PROOF_NO_ERROR},
    {"no transaction", no_transaction, PROOF_OUTCOME_COUNT},
    {"no receipt", no_receipt, PROOF_DELIVERY},
};

static void check_altered(const struct proven *p, const struct altered *a)
{
    struct execution_proof proof;
    struct full_report report = {0};
    struct error e = {0};
    uint8_t *own = malloc(p->bytes.size); /* alterations may write into it */
    if (!CHECK(own)) return;
    memcpy(own, p->bytes.data, p->bytes.size);
    if (CHECK_EQUAL(execution_proof_decode(bytes_of(own, p->bytes.size), &proof, &e), STATUS_OK)) {
        a->change(&proof);
        const enum status status = verify(&proof, NULL, &report, &e);
        const enum proof_error code = report.light.refusal.code;
        const bool ok = CHECK_EQUAL(status, STATUS_INVALID) && CHECK(code != PROOF_NO_ERROR) &&
                        CHECK(a->code == PROOF_NO_ERROR || code == a->code) && CHECK(report.light.refusal.place[0]);
        if (!ok) printf("%s: %s: %s\n", a->name, proof_error_name(code), e.message);
        if (a->code == PROOF_PROTOCOL_VERSION) { /* nothing needs to be executed to know that */
            CHECK_EQUAL(proof_verify_light(&proof, NULL, &report.light, &e), STATUS_INVALID);
            CHECK_EQUAL(report.light.refusal.code, PROOF_PROTOCOL_VERSION);
        }
        execution_proof_free(&proof);
    }
    free(own);
}

static void test_altered(void)
{
    test_begin("one thing altered");
    struct proven p;
    if (prove(&p, 84, "write", false))
        for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) check_altered(&p, &alterations[i]);
    proven_free(&p);
}

/* What nobody looks at may be anything; the statement is another one then, and it is true. */
static void test_unread_fields(void)
{
    test_begin("what execution does not read");
    struct proven p;
    struct execution_proof proof;
    struct full_report report;
    struct error e = {0};
    if (prove(&p, PROTOCOL_VERSION_CURRENT, "write", false) &&
        CHECK_EQUAL(execution_proof_decode(bytes_in(&p.bytes), &proof, &e), STATUS_OK)) {
        block_of(&proof, 0)->context.block_timestamp++;
        CHECK_EQUAL(verify(&proof, NULL, &report, &e), STATUS_OK);
        CHECK(!crypto_hash_equal(&report.light.statement, &p.statement));
        CHECK(is_true(&p, &proof));
        execution_proof_free(&proof);
    }
    proven_free(&p);
}

/* ---- random mutations -------------------------------------------------------------------------------------------- */

struct random {
    uint64_t state;
};

static uint64_t next(struct random *r)
{
    r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return r->state >> 33;
}

/* One to four small changes; the size may change too. `out` has room for twice the proof. */
static size_t mutate(struct random *r, const struct buffer *proof, uint8_t *out)
{
    static const uint8_t numbers[] = {0, 1, 2, 0x7f, 0x80, 0xff};
    size_t size = proof->size;
    memcpy(out, proof->data, size);
    for (uint64_t changes = 1 + next(r) % 4; changes > 0 && size > 64; changes--) {
        const size_t at = next(r) % size, to = next(r) % size, length = 1 + next(r) % 40;
        switch (next(r) % 8) {
        case 0: out[at] ^= (uint8_t)(1u << next(r) % 8); break;
        case 1: out[at] = (uint8_t)next(r); break;
        case 2: out[at] = numbers[next(r) % sizeof numbers]; break;
        case 3: /* a number of eight bytes */
            for (size_t i = at; i < at + 8 && i < size; i++) out[i] = numbers[next(r) % 2 * 5];
            break;
        case 4: /* bytes of another place */
            if (at + length <= size && to + length <= size) memmove(out + at, out + to, length);
            break;
        case 5: /* taken out */
            if (at + length <= size) {
                memmove(out + at, out + at + length, size - at - length);
                size -= length;
            }
            break;
        case 6: /* put in */
            if (size + length <= 2 * proof->size) {
                memmove(out + at + length, out + at, size - at);
                for (size_t i = 0; i < length; i++) out[at + i] = (uint8_t)next(r);
                size += length;
            }
            break;
        case 7: out[at]++; break;
        default: break;
        }
    }
    return size;
}

struct tally {
    unsigned unreadable, refused, accepted;
};

/* What can be read can be shown, whatever it says: on one line without a control character, as a picture, as JSON. */
static void check_shown(const struct execution_proof *proof)
{
    struct error e = {0};
    char *text = NULL;
    size_t size = 0;
    struct buffer picture = {0}, json = {0};
    FILE *out = open_memstream(&text, &size);
    if (!CHECK(out)) return;
    CHECK_EQUAL(proof_report(out, proof, &e), STATUS_OK);
    CHECK(fclose(out) == 0);
    bool plain = true;
    for (size_t i = 0; i < size; i++) plain &= (uint8_t)text[i] >= ' ' || text[i] == '\n';
    CHECK(plain && utf8_valid((uint8_t *)text, size));
    CHECK_EQUAL(proof_svg(proof, &picture, &e), STATUS_OK);
    CHECK(utf8_valid(picture.data, picture.size));
    CHECK_EQUAL(execution_proof_json(proof, true, &json, &e), STATUS_OK);
    CHECK(utf8_valid(json.data, json.size));
    buffer_free(&picture);
    buffer_free(&json);
    free(text);
}

static void check_mutation(const struct proven *p, struct bytes input, bool sealed, struct tally *t)
{
    struct execution_proof proof;
    struct full_report report;
    struct error e = {0};
    if (execution_proof_decode(input, &proof, &e) != STATUS_OK) {
        if (!e.code || !e.message[0] || e.offset > input.size) test_check(false, __FILE__, __LINE__, "no reason");
        t->unreadable++;
        return;
    }
    CHECK(sealed || bytes_equal(input, bytes_in(&p->bytes)));
    struct buffer again = {0};
    execution_proof_encode(&proof, &again);
    CHECK(bytes_equal(bytes_in(&again), input)); /* there is one encoding */
    buffer_free(&again);
    check_shown(&proof);
    const struct bytes code = bytes_in(&p->chain.code);
    const enum status status = verify(&proof, &code, &report, &e);
    if (status == STATUS_OK) {
        t->accepted++;
        const bool same = crypto_hash_equal(&report.light.statement, &p->statement);
        if (!CHECK(same ? proof.old_root.bytes[0] == p->old_root.bytes[0] : is_true(p, &proof))) printf("accepted\n");
    } else {
        t->refused++;
        if (status != STATUS_INVALID || !report.light.refusal.place[0] || !e.message[0])
            printf("%s: %s\n", status_name(status), e.message), test_check(false, __FILE__, __LINE__, "no reason");
    }
    execution_proof_free(&proof);
}

static void seal(uint8_t *proof, size_t size)
{
    const struct crypto_hash digest = crypto_hash_of(bytes_of(proof, size - CRYPTO_HASH_SIZE));
    memcpy(proof + size - CRYPTO_HASH_SIZE, digest.bytes, CRYPTO_HASH_SIZE);
}

static void test_mutations(const char *method, uint64_t seed, unsigned count)
{
    struct proven p;
    struct tally plain = {0}, sealed = {0};
    struct random r = {seed};
    if (prove(&p, PROTOCOL_VERSION_CURRENT, method, false)) {
        for (unsigned i = 0; i < count; i++) {
            uint8_t *bytes = malloc(2 * p.bytes.size), *exact;
            if (!CHECK(bytes)) break;
            const size_t size = mutate(&r, &p.bytes, bytes);
            exact = realloc(bytes, size); /* so that a read behind the end is seen */
            if (!CHECK(exact)) break;
            check_mutation(&p, bytes_of(exact, size), false, &plain);
            if (size > CRYPTO_HASH_SIZE) seal(exact, size);
            check_mutation(&p, bytes_of(exact, size), true, &sealed);
            free(exact);
        }
        printf("  %s: %u as they are: %u refused; with the digest made anew: %u cannot be read, %u are refused, %u are "
               "other true statements\n", method, count, plain.unreadable + plain.refused, sealed.unreadable,
               sealed.refused, sealed.accepted);
        CHECK(sealed.refused > 0);
    }
    proven_free(&p);
}

/* Every field is somewhere among the bytes. */
static void test_every_byte(void)
{
    test_begin("every byte of a proof altered, the digest made anew");
    struct proven p;
    struct tally t = {0};
    if (prove(&p, PROTOCOL_VERSION_CURRENT, "call", true)) {
        for (size_t i = 0; i + CRYPTO_HASH_SIZE < p.bytes.size; i++) {
            uint8_t *bytes = malloc(p.bytes.size);
            if (!CHECK(bytes)) break;
            memcpy(bytes, p.bytes.data, p.bytes.size);
            bytes[i] ^= i % 2 ? 1 : 0xff;
            seal(bytes, p.bytes.size);
            check_mutation(&p, bytes_of(bytes, p.bytes.size), true, &t);
            free(bytes);
        }
        printf("  %u cannot be read, %u are refused, %u are other true statements\n", t.unreadable, t.refused,
               t.accepted);
    }
    CHECK(t.unreadable && t.refused && t.accepted);
    proven_free(&p);
}

int main(void)
{
    test_all_good();
    test_code_left_out();
    test_altered();
    test_unread_fields();
    test_every_byte();
    test_begin("ten thousand random mutations, with and without the digest made anew");
    test_mutations("write", 1, MUTATIONS / 2);
    test_mutations("call", 2, MUTATIONS / 2);
    return test_end();
}
