/* Execution proofs of calls that read and write 1, 10, 100, 1,000 keys of a contract with 100,000: size, time to make,
 * time to check with and without execution; beside them the same chunk applied without a proof, once with the contract
 * prepared before and once from the beginning to the end, as checking has to do it; then the same calls with some
 * computation. Medians of process time. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "crypto/sha2.h"
#include "near/account.h"
#include "near/trie_key.h"
#include "proof/build.h"
#include "proof/execute.h"
#include "wat/wat.h"

enum { RUNS = 9, KEYS = 100000, VALUE_SIZE = 32, BATCH = 1000, ROUNDS = 20000000 };

/* touch: the argument is a number of keys and one of rounds of computation, 4 bytes each. Each key is read and written
 * anew; they are spread over the trie. */
static const char source[] =
    "(module"
    "  (import \"env\" \"input\" (func $input (param i64)))"
    "  (import \"env\" \"read_register\" (func $read (param i64 i64)))"
    "  (import \"env\" \"storage_read\" (func $get (param i64 i64 i64) (result i64)))"
    "  (import \"env\" \"storage_write\" (func $set (param i64 i64 i64 i64 i64) (result i64)))"
    "  (memory 1)"
    "  (func (export \"touch\") (local $i i32)"
    "    (call $input (i64.const 0)) (call $read (i64.const 0) (i64.const 0))"
    "    (loop $next"
    "      (i64.store (i32.const 8) (i64.mul (i64.extend_i32_u (local.get $i)) (i64.const 0x9e3779b97f4a7c15)))"
    "      (if (i64.eqz (call $get (i64.const 8) (i64.const 8) (i64.const 1))) (then unreachable))"
    "      (call $read (i64.const 1) (i64.const 64))"
    "      (i64.store (i32.const 64) (i64.add (i64.load (i32.const 64)) (i64.const 1)))"
    "      (drop (call $set (i64.const 8) (i64.const 8) (i64.const 32) (i64.const 64) (i64.const 2)))"
    "      (local.set $i (i32.add (local.get $i) (i32.const 1)))"
    "      (br_if $next (i32.lt_u (local.get $i) (i32.load (i32.const 0)))))"
    "    (local.set $i (i32.load (i32.const 4)))"
    "    (block $done (loop $work"
    "      (br_if $done (i32.eqz (local.get $i)))"
    "      (local.set $i (i32.sub (local.get $i) (i32.const 1))) (br $work)))))";

struct bench {
    struct buffer code;
    struct trie_store store;
    struct trie state;
    struct contract_cache *contracts;
    struct public_key key;
    struct shard_congestion congestion;
    struct action action;
    struct receipt receipt;
    struct chunk chunk;
    uint8_t argument[8];
    struct buffer proof;         /* the latest */
    uint64_t gas;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void check(enum status status, const struct error *e)
{
    if (status == STATUS_OK) return;
    fprintf(stderr, "bench_proof: %s\n", e->message);
    exit(2);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *seconds)
{
    qsort(seconds, RUNS, sizeof *seconds, by_size);
    return seconds[RUNS / 2];
}

/* ---- the state --------------------------------------------------------------------------------------------------- */

static void apply(struct bench *b, const struct trie_change *changes, size_t count)
{
    struct trie_hash root;
    struct error e = {0};
    check(trie_apply(&b->state, changes, count, &root, NULL, &e), &e);
    trie_release(&b->store, &b->state.root);
    b->state.root = root;
}

static void set(struct bench *b, const struct trie_key *key, const struct buffer *value)
{
    struct buffer k = {0};
    trie_key_write(key, &k);
    const struct trie_change change = {bytes_of(k.data, k.size), bytes_of(value->data, value->size), false};
    apply(b, &change, 1);
    buffer_free(&k);
}

static void make_keys(struct bench *b, const struct account_id *id)
{
    struct buffer keys[BATCH] = {0};
    struct trie_change changes[BATCH];
    static uint8_t values[BATCH][VALUE_SIZE];
    for (uint64_t first = 0; first < KEYS; first += BATCH) {
        for (uint64_t i = 0; i < BATCH; i++) {
            uint8_t name[8];
            store_le64(name, (first + i) * UINT64_C(0x9e3779b97f4a7c15));
            store_le64(values[i], first + i);
            const struct trie_key key = trie_key_of_data(id, bytes_of(name, sizeof name));
            keys[i].size = 0;
            trie_key_write(&key, &keys[i]);
            changes[i] = (struct trie_change){.key = bytes_of(keys[i].data, keys[i].size),
                                              .value = bytes_of(values[i], VALUE_SIZE)};
        }
        apply(b, changes, BATCH);
    }
    for (size_t i = 0; i < BATCH; i++) buffer_free(&keys[i]);
}

static void make_state(struct bench *b)
{
    struct error e = {0};
    const struct account_id id = account_id_of("alice.near");
    struct account a = {.form = ACCOUNT_V1, .storage_usage = UINT64_C(100) * KEYS};
    struct buffer value = {0};
    u128_parse(bytes_of_string("1000000000000000000000000000"), &a.amount);
    check(wat_to_wasm(source, sizeof source - 1, NULL, &b->code, &e), &e);
    const struct crypto_hash hash = crypto_hash_of(bytes_of(b->code.data, b->code.size));
    account_set_local_code(&a, &hash);
    account_write(&a, &value);
    const struct trie_key account = trie_key_of_account(TRIE_KEY_ACCOUNT, &id);
    const struct trie_key code = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &id);
    b->state.store = &b->store;
    set(b, &account, &value);
    set(b, &code, &b->code);
    make_keys(b, &id);
    buffer_free(&value);
}

static void make_chunk(struct bench *b)
{
    static const uint64_t shard_id = 0;
    b->action = (struct action){.kind = ACTION_KIND_function_call,
                                .function_call = {.method_name = bytes_of_string("touch"),
                                                  .arguments = bytes_of(b->argument, sizeof b->argument),
                                                  .gas = UINT64_C(1000000000000000)}};
    b->receipt = (struct receipt){.predecessor_id = account_id_of("bob.near"),
                                  .receiver_id = account_id_of("alice.near"), .kind = RECEIPT_action};
    b->receipt.action = (struct action_receipt){.signer_id = b->receipt.predecessor_id, .signer_public_key = &b->key,
                                                .gas_price = u128_of(100000000), .actions = &b->action,
                                                .action_count = 1};
    b->chunk = (struct chunk){
        .parameters = parameters_of(PROTOCOL_VERSION_CURRENT), .protocol_version = PROTOCOL_VERSION_CURRENT,
        .chain_id = bytes_of_string("bench"), .shards = {.shard_ids = &shard_id, .shard_count = 1}, .block_height = 100,
        .block_timestamp = 1, .epoch_height = 1, .gas_price = u128_of(100000000), .gas_limit = UINT64_MAX,
        .is_new_chunk = true, .congestion = &b->congestion, .congestion_count = 1, .incoming = &b->receipt,
        .incoming_count = 1};
}

/* ---- what is measured -------------------------------------------------------------------------------------------- */

static double run(struct bench *b)
{
    struct chunk_result r;
    struct error e = {0};
    const double start = now();
    check(apply_chunk(&b->chunk, &b->state, b->contracts, &r, &e), &e);
    const double seconds = now() - start;
    if (r.outcomes[0].status == EXECUTION_FAILURE) {
        fprintf(stderr, "bench_proof: the call failed\n");
        exit(2);
    }
    b->gas = r.outcomes[0].gas_burnt;
    trie_release(&b->store, &r.state_root);
    chunk_result_free(&r);
    return seconds;
}

/* The contract is prepared, too, and what it took is given back. */
static double run_cold(struct bench *b)
{
    struct chunk_result r;
    struct error e = {0};
    const double start = now();
    struct contract_cache *contracts = contract_cache_new();
    if (!contracts) exit(2);
    check(apply_chunk(&b->chunk, &b->state, contracts, &r, &e), &e);
    trie_release(&b->store, &r.state_root);
    chunk_result_free(&r);
    contract_cache_free(contracts);
    return now() - start;
}

static double make(struct bench *b)
{
    struct chunk_result r;
    struct execution_proof p;
    struct error e = {0};
    struct trie_recorder recorder = {0};
    struct trie state = b->state;
    const struct proof_step step = {&b->chunk, &r};
    const struct proof_code code = {bytes_of(b->code.data, b->code.size), false};
    const struct proof_parts parts = {.old = &b->state, .steps = &step, .step_count = 1, .recorder = &recorder,
                                      .codes = &code, .code_count = 1};
    b->proof.size = 0;
    state.recorder = &recorder;
    const double start = now();
    check(apply_chunk(&b->chunk, &state, b->contracts, &r, &e), &e);
    check(proof_build(&parts, &p, &e), &e);
    execution_proof_encode(&p, &b->proof);
    const double seconds = now() - start;
    execution_proof_free(&p);
    trie_release(&b->store, &r.state_root);
    chunk_result_free(&r);
    trie_recorder_free(&recorder);
    return seconds;
}

/* From the bytes of the proof to the verdict; with execution the contract is prepared anew, too. */
static double verify(struct bench *b, bool light)
{
    struct execution_proof p;
    struct full_report report;
    struct runtime_executor x;
    struct error e = {0};
    const double start = now();
    check(execution_proof_decode(bytes_of(b->proof.data, b->proof.size), &p, &e), &e);
    if (light) {
        check(proof_verify_light(&p, NULL, &report.light, &e), &e);
    } else {
        check(runtime_executor_init(&x, p.protocol_version, &e), &e);
        const struct full_options options = {.executor = &x.executor};
        check(proof_verify_full(&p, &options, &report, &e), &e);
        runtime_executor_free(&x);
    }
    const double seconds = now() - start;
    execution_proof_free(&p);
    return seconds;
}

/* What no verification can do without: the digest of the proof's bytes, and the hash of each row. */
static double hash_alone(struct bench *b)
{
    struct execution_proof p;
    struct error e = {0};
    uint8_t hash[SHA256_SIZE];
    check(execution_proof_decode(bytes_of(b->proof.data, b->proof.size), &p, &e), &e);
    const double start = now();
    sha256(bytes_of(b->proof.data, b->proof.size - SHA256_SIZE), hash);
    for (uint32_t i = 0; i < p.row_count; i++) sha256(p.rows[i], hash);
    const double seconds = now() - start;
    execution_proof_free(&p);
    return seconds;
}

static void measure(struct bench *b, uint32_t keys, uint32_t rounds)
{
    double plain[RUNS], cold[RUNS], making[RUNS], light[RUNS], full[RUNS], hash[RUNS];
    store_le32(b->argument, keys);
    store_le32(b->argument + 4, rounds);
    for (int i = 0; i < RUNS; i++) {
        plain[i] = run(b);
        cold[i] = run_cold(b);
        making[i] = make(b);
        light[i] = verify(b, true);
        full[i] = verify(b, false);
        hash[i] = hash_alone(b);
    }
    const double p = median(plain), c = median(cold), m = median(making), l = median(light), f = median(full);
    printf("%6u %8.1f Tgas %9zu bytes %9.3f ms %9.3f ms %9.3f ms %9.3f ms %9.3f ms %9.3f ms   %6.2f %7.2f %6.2f %6.2f\n",
           (unsigned)keys, (double)b->gas * 1e-12, b->proof.size, p * 1e3, c * 1e3, m * 1e3, l * 1e3, f * 1e3,
           median(hash) * 1e3, m / p, m / l, f / p, f / c);
}

int main(void)
{
    static struct bench b;
    b.contracts = contract_cache_new();
    if (!b.contracts) return 2;
    make_state(&b);
    make_chunk(&b);
    printf("%6s %13s %15s %12s %12s %12s %12s %12s %12s   %6s %7s %6s %6s\n%119s / run  x fast  / run / cold\n", "keys",
           "gas", "proof", "run", "cold run", "run + proof", "light", "full", "hashing", "make", "light", "full", "full", "");
    for (uint32_t keys = 1; keys <= 1000; keys *= 10) measure(&b, keys, 0);
    for (uint32_t keys = 1; keys <= 1000; keys *= 10) measure(&b, keys, ROUNDS);
    buffer_free(&b.proof);
    buffer_free(&b.code);
    contract_cache_free(b.contracts);
    trie_store_free(&b.store);
    return 0;
}
