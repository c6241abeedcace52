/* Execution proofs from bytes, strictly; docs/proof.md. */
#include "base/compare.h"
#include "near/record_reader.h"
#include "proof/execution_proof.h"

enum { DIGEST_SIZE = CRYPTO_HASH_SIZE, CONGESTION_INFO_SIZE = 43, SMALLEST = 1 + DIGEST_SIZE };

/* What is read from the proof's bytes, and what was wrong inside of a piece that has a reader of its own. */
struct decoder {
    struct record_reader r;
    struct execution_proof *proof;
    bool has_profile;   /* there was one, so that the number of costs is known */
    struct error inner; /* with the offset in the proof, if status is not STATUS_OK */
    bool not_canonical; /* that is what the failure is */
};

static bool failed(const struct decoder *d)
{
    return d->r.borsh.failed;
}

static void reject(struct decoder *d, size_t size, const char *problem)
{
    record_reject(&d->r, size, problem);
}

/* For what can be read but is not written that way. */
static void reject_order(struct decoder *d, size_t size, const char *problem)
{
    if (!failed(d)) d->not_canonical = true;
    reject(d, size, problem);
}

/* Takes over the error of a piece that ends where the reader stands now. */
static void reject_inner(struct decoder *d, struct bytes piece, const struct error *e)
{
    if (failed(d)) return;
    d->inner = *e;
    d->inner.offset = (uint64_t)(piece.data - d->r.borsh.start);
    if (e->offset != ERROR_NO_OFFSET && e->offset <= piece.size) d->inner.offset += e->offset;
    if (e->status == STATUS_NO_MEMORY) d->r.no_memory = true;
    reject(d, 0, "see inner");
}

static void *array(struct decoder *d, size_t count, size_t size)
{
    return record_array(&d->r, count, size);
}

/* ---- transactions and receipts ----------------------------------------------------------------------------------- */

enum piece_kind { PIECE_TRANSACTION, PIECE_RECEIPT };

static enum status read_and_write(enum piece_kind kind, struct bytes piece, struct buffer *again, struct error *e)
{
    struct arena arena = {0};
    enum status status;
    if (kind == PIECE_TRANSACTION) {
        struct signed_transaction t;
        status = signed_transaction_from_borsh(piece, &arena, &t, e);
        if (status == STATUS_OK) signed_transaction_write(&t, again);
    } else {
        struct receipt r;
        status = receipt_from_borsh(piece, &arena, &r, e);
        if (status == STATUS_OK) receipt_write(&r, again);
    }
    arena_free(&arena);
    return again->failed ? error_no_memory(e) : status;
}

/* A transaction or receipt, which is only looked at here: kept are its bytes. */
static struct bytes read_piece(struct decoder *d, enum piece_kind kind)
{
    const struct bytes piece = borsh_read_bytes(&d->r.borsh);
    if (piece.size > PROOF_RECEIPT_MAX) reject(d, piece.size, "a transaction or receipt of more than 4 MiB");
    if (failed(d)) return piece;
    struct buffer again = {0};
    struct error e = {0};
    if (read_and_write(kind, piece, &again, &e) != STATUS_OK) reject_inner(d, piece, &e);
    else if (!bytes_equal(piece, bytes_of(again.data, again.size)))
        reject_order(d, piece.size, "a transaction or receipt that is not in its canonical form");
    buffer_free(&again);
    return piece;
}

static const struct bytes *read_receipts(struct decoder *d, uint32_t *count)
{
    *count = borsh_read_count(&d->r.borsh, sizeof(uint32_t));
    struct bytes *receipts = array(d, *count, sizeof *receipts);
    for (uint32_t i = 0; i < *count && !failed(d); i++) receipts[i] = read_piece(d, PIECE_RECEIPT);
    return receipts;
}

static void read_transactions(struct decoder *d, struct proof_block *b)
{
    b->transaction_count = borsh_read_count(&d->r.borsh, sizeof(uint32_t) + 1);
    struct bytes *transactions = array(d, b->transaction_count, sizeof *transactions);
    bool *in_period = array(d, b->transaction_count, sizeof *in_period);
    for (uint32_t i = 0; i < b->transaction_count && !failed(d); i++) {
        transactions[i] = read_piece(d, PIECE_TRANSACTION);
        in_period[i] = borsh_read_bool(&d->r.borsh);
    }
    b->transactions = transactions;
    b->transaction_in_period = in_period;
}

/* ---- a block's context ------------------------------------------------------------------------------------------- */

static const struct account_balance *read_balances(struct decoder *d, uint32_t *count)
{
    *count = borsh_read_count(&d->r.borsh, sizeof(uint32_t) + ACCOUNT_ID_MIN + 16);
    struct account_balance *balances = array(d, *count, sizeof *balances);
    for (uint32_t i = 0; i < *count && !failed(d); i++) {
        balances[i].account_id = record_account_id(&d->r);
        balances[i].amount = borsh_read_u128(&d->r.borsh);
    }
    return balances;
}

static const struct validator_accounts_update *read_validator_update(struct decoder *d)
{
    if (!borsh_read_bool(&d->r.borsh)) return NULL;
    struct validator_accounts_update *u = array(d, 1, sizeof *u);
    if (!u) return NULL;
    u->stake_info = read_balances(d, &u->stake_info_count);
    u->rewards = read_balances(d, &u->reward_count);
    u->last_proposals = read_balances(d, &u->last_proposal_count);
    u->has_treasury = record_option_account_id(&d->r, &u->treasury);
    return u;
}

static const struct shard_congestion *read_congestion(struct decoder *d, uint32_t *count)
{
    *count = borsh_read_count(&d->r.borsh, 16 + CONGESTION_INFO_SIZE);
    struct shard_congestion *congestion = array(d, *count, sizeof *congestion);
    for (uint32_t i = 0; i < *count && !failed(d); i++) {
        struct error e = {0};
        congestion[i].shard_id = borsh_read_u64(&d->r.borsh);
        const struct bytes info = borsh_read_fixed(&d->r.borsh, CONGESTION_INFO_SIZE);
        if (!failed(d) && congestion_info_from_borsh(info, &congestion[i].info, &e) != STATUS_OK)
            reject_inner(d, info, &e);
        congestion[i].missed_chunks = borsh_read_u64(&d->r.borsh);
    }
    return congestion;
}

static const struct shard_bandwidth_requests *read_bandwidth(struct decoder *d, uint32_t *count)
{
    *count = borsh_read_count(&d->r.borsh, 8 + sizeof(uint32_t));
    struct shard_bandwidth_requests *all = array(d, *count, sizeof *all);
    for (uint32_t i = 0; i < *count && !failed(d); i++) {
        struct error e = {0};
        all[i].shard_id = borsh_read_u64(&d->r.borsh);
        const struct bytes requests = borsh_read_bytes(&d->r.borsh);
        if (!failed(d) &&
            bandwidth_requests_from_borsh(requests, d->r.arena, &all[i].requests, &e) != STATUS_OK)
            reject_inner(d, requests, &e);
    }
    return all;
}

static void read_context(struct decoder *d, struct chunk *c)
{
    struct borsh_reader *r = &d->r.borsh;
    c->block_height = borsh_read_u64(r);
    c->block_timestamp = borsh_read_u64(r);
    c->epoch_height = borsh_read_u64(r);
    c->prev_block_hash = record_hash(&d->r);
    c->random_seed = record_hash(&d->r);
    c->gas_price = borsh_read_u128(r);
    c->gas_limit = borsh_read_u64(r);
    c->is_new_chunk = borsh_read_bool(r);
    c->congestion = read_congestion(d, &c->congestion_count);
    c->bandwidth_requests = read_bandwidth(d, &c->bandwidth_request_count);
    c->validators = read_balances(d, &c->validator_count);
    c->minimum_stake = borsh_read_u128(r);
    c->validator_update = read_validator_update(d);
}

/* ---- outcomes ---------------------------------------------------------------------------------------------------- */

/* Costs are only ever appended: an older program wrote fewer, in all profiles of the proof as many. *count is that
 * number once there was a profile. */
static void read_costs(struct decoder *d, uint64_t *costs, uint32_t known, uint32_t *count)
{
    const uint32_t listed = borsh_read_u32(&d->r.borsh);
    if (listed > known) reject(d, sizeof listed, "a gas profile with more costs than are known here");
    else if (d->has_profile && listed != *count)
        reject(d, sizeof listed, "a gas profile with another number of costs than the first one");
    *count = listed;
    for (uint32_t i = 0; i < listed && !failed(d); i++) costs[i] = borsh_read_u64(&d->r.borsh);
}

static const struct gas_profile *read_profile(struct decoder *d)
{
    if (!borsh_read_bool(&d->r.borsh)) return NULL;
    struct gas_profile *p = array(d, 1, sizeof *p);
    if (!p) return NULL;
    read_costs(d, p->action, ACTION_COST_COUNT, &d->proof->action_cost_count);
    read_costs(d, p->ext, EXT_COST_COUNT, &d->proof->host_cost_count);
    p->wasm = borsh_read_u64(&d->r.borsh);
    d->has_profile = true;
    return p;
}

static const struct bytes *read_logs(struct decoder *d, uint32_t *count)
{
    *count = borsh_read_count(&d->r.borsh, sizeof(uint32_t));
    struct bytes *logs = array(d, *count, sizeof *logs);
    for (uint32_t i = 0; i < *count && !failed(d); i++) logs[i] = borsh_read_string(&d->r.borsh);
    return logs;
}

static void read_outcome(struct decoder *d, struct proof_outcome *p)
{
    struct execution_outcome *o = &p->outcome;
    o->id = record_hash(&d->r);
    o->executor_id = record_account_id(&d->r);
    const uint8_t status = borsh_read_u8(&d->r.borsh);
    if (status < EXECUTION_FAILURE || status > EXECUTION_SUCCESS_RECEIPT_ID)
        reject(d, 1, "no status of an outcome: 1 (failure), 2 (value) or 3 (receipt id)");
    o->status = (enum execution_status)status;
    if (status == EXECUTION_FAILURE) p->error = borsh_read_string(&d->r.borsh);
    else if (status == EXECUTION_SUCCESS_VALUE) o->value = borsh_read_bytes(&d->r.borsh);
    else o->receipt_id = record_hash(&d->r);
    o->logs = read_logs(d, &o->log_count);
    o->receipt_ids = record_hashes(&d->r, &o->receipt_id_count);
    o->gas_burnt = borsh_read_u64(&d->r.borsh);
    o->compute_usage = borsh_read_u64(&d->r.borsh);
    o->tokens_burnt = borsh_read_u128(&d->r.borsh);
    o->profile = read_profile(d);
    const uint8_t *start = d->r.borsh.p;
    merkle_path_read(&d->r);
    p->path = bytes_of(start, (size_t)(d->r.borsh.p - start));
}

static void read_outcomes(struct decoder *d, struct proof_block *b)
{
    /* id, account id, status, value, logs, receipt ids, gas, compute, tokens, no profile, path */
    const size_t least = 32 + 6 + 1 + 4 + 4 + 4 + 8 + 8 + 16 + 1 + 4;
    b->outcome_count = borsh_read_count(&d->r.borsh, least);
    struct proof_outcome *outcomes = array(d, b->outcome_count, sizeof *outcomes);
    for (uint32_t i = 0; i < b->outcome_count && !failed(d); i++) read_outcome(d, &outcomes[i]);
    b->outcomes = outcomes;
}

struct merkle_path proof_outcome_path(const struct proof_outcome *o)
{
    struct record_reader r = record_reader_of(o->path, NULL);
    return merkle_path_read(&r);
}

/* ---- the statement ----------------------------------------------------------------------------------------------- */

static void read_shards(struct decoder *d, struct execution_proof *p)
{
    struct shard_layout *s = &p->shards;
    s->shard_ids = record_u64s(&d->r, &s->shard_count);
    if (s->shard_count == 0) reject(d, sizeof(uint32_t), "no shards: at least one was expected");
    const uint32_t count = borsh_read_count(&d->r.borsh, sizeof(uint32_t) + ACCOUNT_ID_MIN);
    if (count + 1 != s->shard_count) reject(d, sizeof count, "not one boundary account less than there are shards");
    struct account_id *boundaries = array(d, count, sizeof *boundaries);
    for (uint32_t i = 0; i < count && !failed(d); i++) {
        boundaries[i] = record_account_id(&d->r);
        if (i > 0 && !failed(d) && account_id_compare(&boundaries[i - 1], &boundaries[i]) >= 0)
            reject(d, boundaries[i].length, "boundary accounts that do not rise");
    }
    s->boundary_accounts = boundaries;
    p->shard_index = borsh_read_u32(&d->r.borsh);
    if (p->shard_index >= s->shard_count) reject(d, sizeof(uint32_t), "there is no shard of that index");
}

static void read_blocks(struct decoder *d, struct execution_proof *p)
{
    p->block_count = borsh_read_count(&d->r.borsh, 200);
    if (p->block_count == 0) reject(d, sizeof(uint32_t), "no blocks: at least one was expected");
    struct proof_block *blocks = array(d, p->block_count, sizeof *blocks);
    for (uint32_t i = 0; i < p->block_count && !failed(d); i++) {
        struct proof_block *b = &blocks[i];
        b->context = (struct chunk){.protocol_version = p->protocol_version, .chain_id = p->chain_id,
                                    .shards = p->shards, .shard_index = p->shard_index};
        read_context(d, &b->context);
        read_transactions(d, b);
        b->incoming = read_receipts(d, &b->incoming_count);
        read_outcomes(d, b);
        b->outcome_root = record_hash(&d->r);
        b->outgoing = read_receipts(d, &b->outgoing_count);
        b->state_root = record_hash(&d->r);
    }
    p->blocks = blocks;
}

static bool read_value(struct decoder *d, struct trie_value *out)
{
    if (!borsh_read_bool(&d->r.borsh)) return false;
    out->length = borsh_read_u32(&d->r.borsh);
    if (out->length > TRIE_VALUE_MAX) reject(d, sizeof out->length, "a value of more than 256 MiB");
    const struct crypto_hash hash = record_hash(&d->r);
    out->hash = trie_hash_of_crypto(&hash);
    return !failed(d);
}

static void read_changes(struct decoder *d, struct execution_proof *p)
{
    /* a key and at least one value: a change without any is none */
    p->change_count = borsh_read_count(&d->r.borsh, sizeof(uint32_t) + 2 + sizeof(uint32_t) + CRYPTO_HASH_SIZE);
    struct proof_change *changes = array(d, p->change_count, sizeof *changes);
    for (uint32_t i = 0; i < p->change_count && !failed(d); i++) {
        struct proof_change *c = &changes[i];
        c->key = borsh_read_bytes(&d->r.borsh);
        if (c->key.size > TRIE_KEY_MAX) reject(d, c->key.size, "a key of more than 65,536 bytes");
        if (i > 0 && !failed(d) && bytes_compare(changes[i - 1].key, c->key) >= 0)
            reject_order(d, c->key.size, "changed keys that do not rise");
        const uint8_t *start = d->r.borsh.p;
        c->was = read_value(d, &c->old_value);
        c->is = read_value(d, &c->new_value);
        if (!failed(d) && c->was == c->is && (!c->was || trie_value_equal(&c->old_value, &c->new_value)))
            reject_order(d, (size_t)(d->r.borsh.p - start), "a change that changes nothing");
    }
    p->changes = changes;
}

static void read_counters(struct decoder *d, struct proof_counters *c)
{
    c->nodes_read = borsh_read_u64(&d->r.borsh);
    c->values_read = borsh_read_u64(&d->r.borsh);
    c->bytes_read = borsh_read_u64(&d->r.borsh);
    c->keys_set = borsh_read_u64(&d->r.borsh);
    c->keys_removed = borsh_read_u64(&d->r.borsh);
    c->bytes_set = borsh_read_u64(&d->r.borsh);
}

static struct proof_contract *read_contracts(struct decoder *d, uint32_t *count)
{
    *count = borsh_read_count(&d->r.borsh, CRYPTO_HASH_SIZE);
    struct proof_contract *contracts = array(d, *count, sizeof *contracts);
    for (uint32_t i = 0; i < *count && !failed(d); i++) {
        contracts[i].hash = record_hash(&d->r);
        if (i > 0 && !failed(d) && memcmp(contracts[i - 1].hash.bytes, contracts[i].hash.bytes, CRYPTO_HASH_SIZE) >= 0)
            reject_order(d, CRYPTO_HASH_SIZE, "code hashes that do not rise");
    }
    return contracts;
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

static void read_codes(struct decoder *d, struct proof_contract *contracts, uint32_t expected)
{
    const uint32_t count = borsh_read_count(&d->r.borsh, 1);
    if (count != expected) reject(d, sizeof count, "not one code, or none, for each code hash");
    for (uint32_t i = 0; i < expected && !failed(d); i++) {
        contracts[i].has_code = borsh_read_bool(&d->r.borsh);
        if (contracts[i].has_code) contracts[i].code = borsh_read_bytes(&d->r.borsh);
    }
}

static void read_rows(struct decoder *d, struct execution_proof *p)
{
    p->row_count = borsh_read_count(&d->r.borsh, sizeof(uint32_t));
    struct bytes *rows = array(d, p->row_count, sizeof *rows);
    for (uint32_t i = 0; i < p->row_count && !failed(d); i++) {
        rows[i] = borsh_read_bytes(&d->r.borsh);
        if (i > 0 && !failed(d) && bytes_compare(rows[i - 1], rows[i]) >= 0)
            reject_order(d, rows[i].size, "rows of the partial state that do not rise");
    }
    p->rows = rows;
}

static void read_attestation(struct decoder *d, struct execution_proof *p)
{
    p->has_attestation = borsh_read_bool(&d->r.borsh);
    if (!p->has_attestation) return;
    p->scheme = borsh_read_string(&d->r.borsh);
    if (!proof_scheme_valid(p->scheme))
        reject(d, p->scheme.size, "not a name of an attestation scheme: 1 to 64 of a-z, 0-9 and -");
    p->evidence = borsh_read_bytes(&d->r.borsh);
}

static void read_version_1(struct decoder *d, struct execution_proof *p)
{
    p->protocol_version = borsh_read_u32(&d->r.borsh);
    p->chain_id = borsh_read_string(&d->r.borsh);
    if (p->chain_id.size > PROOF_CHAIN_ID_MAX) reject(d, p->chain_id.size, "a chain id of more than 64 bytes");
    read_shards(d, p);
    p->old_root = record_hash(&d->r);
    p->new_root = record_hash(&d->r);
    read_blocks(d, p);
    read_changes(d, p);
    read_counters(d, &p->counters);
    struct proof_contract *contracts = read_contracts(d, &p->contract_count);
    read_codes(d, contracts, p->contract_count);
    p->contracts = contracts;
    read_rows(d, p);
    read_attestation(d, p);
}

/* ---- versions ---------------------------------------------------------------------------------------------------- */

/* A version of the format keeps its decoder for good; each has one encoding for one proof. */
static const struct {
    uint8_t version;
    void (*read)(struct decoder *d, struct execution_proof *p); /* everything after the version, up to the digest */
} versions[] = {
    {1, read_version_1},
};
_Static_assert(EXECUTION_PROOF_VERSION == 1, "a new version gets a decoder of its own");

static void read_proof(struct decoder *d, struct execution_proof *p)
{
    p->version = borsh_read_u8(&d->r.borsh);
    p->action_cost_count = ACTION_COST_COUNT; /* unless a profile says otherwise */
    p->host_cost_count = EXT_COST_COUNT;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (versions[i].version == p->version) versions[i].read(d, p);
}

static bool is_version(uint8_t version)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (versions[i].version == version) return true;
    return false;
}

/* What is wrong on the outside: too short, another version, cut off or changed. */
static enum status check_frame(struct bytes input, struct error *e)
{
    if (input.size < SMALLEST)
        return error_set(e, STATUS_MALFORMED, PROOF_BAD_SIZE, input.size,
                         "execution proof: unexpected end: expected at least %d bytes, found %zu", SMALLEST,
                         input.size);
    if (input.size > EXECUTION_PROOF_MAX)
        return error_set(e, STATUS_MALFORMED, PROOF_BAD_SIZE, EXECUTION_PROOF_MAX,
                         "execution proof: expected at most %d bytes, found %zu", EXECUTION_PROOF_MAX, input.size);
    if (!is_version(input.data[0]))
        return error_set(e, STATUS_MALFORMED, PROOF_BAD_VERSION, 0,
                         "execution proof: expected a version of the format up to %d, found %u",
                         EXECUTION_PROOF_VERSION, (unsigned)input.data[0]);
    const size_t size = input.size - DIGEST_SIZE;
    struct crypto_hash computed = crypto_hash_of(bytes_of(input.data, size)), claimed;
    memcpy(claimed.bytes, input.data + size, DIGEST_SIZE);
    if (crypto_hash_equal(&computed, &claimed)) return STATUS_OK;
    char a[CRYPTO_HASH_TEXT_SIZE], b[CRYPTO_HASH_TEXT_SIZE];
    return error_set(e, STATUS_MALFORMED, PROOF_BAD_DIGEST, size,
                     "execution proof: it was altered or cut off: the last 32 bytes are %s, the SHA-256 of all before "
                     "them is %s", crypto_hash_text(&claimed, a), crypto_hash_text(&computed, b));
}

enum status execution_proof_decode(struct bytes input, struct execution_proof *out, struct error *e)
{
    *out = (struct execution_proof){0};
    enum status status = check_frame(input, e);
    if (status != STATUS_OK) return status;
    struct execution_proof p = {0};
    struct decoder d = {.r = record_reader_of(bytes_of(input.data, input.size - DIGEST_SIZE), &p.arena), .proof = &p};
    read_proof(&d, &p);
    struct error problem = {0};
    status = record_finish(&d.r, "execution proof", &problem);
    if (status == STATUS_OK) {
        *out = p;
        return STATUS_OK;
    }
    arena_free(&p.arena);
    if (status == STATUS_NO_MEMORY) return error_no_memory(e);
    if (d.inner.status != STATUS_OK)
        return error_set(e, STATUS_MALFORMED, PROOF_MALFORMED, d.inner.offset, "execution proof: %s", d.inner.message);
    return error_set(e, STATUS_MALFORMED, d.not_canonical ? PROOF_NOT_CANONICAL : PROOF_MALFORMED, problem.offset, "%s",
                     problem.message);
}

void execution_proof_free(struct execution_proof *p)
{
    arena_free(&p->arena);
    *p = (struct execution_proof){0};
}
