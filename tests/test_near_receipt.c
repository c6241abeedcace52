/* Receipts, transactions, keys and values of the state, and ids: everything in the recorded scenarios is read and
 * written again, and every id is found to follow from another one. Then the same bytes cut off and flipped. */
#include "near/receipt_json.h"
#include "tests/runtime_vectors.h"
#include "tests/state_value.h"

static struct {
    unsigned values[TRIE_KEY_KIND_COUNT], transactions, bad_signatures, delegates, receipts[RECEIPT_KIND_COUNT];
    unsigned receipt_ids, data_ids, outcome_ids;
    unsigned requests, views;
} seen;

static struct buffer input_buffer, key_buffer, output;

/* ---- bytes that are kept to be damaged afterwards ---------------------------------------------------------------- */

enum sample_kind { SAMPLE_TRANSACTION, SAMPLE_RECEIPT, SAMPLE_KEY, SAMPLE_REQUESTS, SAMPLE_VALUE /* + kind of key */ };
enum { SAMPLE_KINDS = (int)SAMPLE_VALUE + (int)TRIE_KEY_KIND_COUNT, SAMPLES_OF_A_KIND = 24, SAMPLE_MAX = 700 };

static struct sample {
    unsigned kind;
    struct buffer bytes;
} samples[SAMPLE_KINDS * SAMPLES_OF_A_KIND];
static size_t sample_count;

static unsigned sample_of_value(enum trie_key_kind kind)
{
    return (unsigned)SAMPLE_VALUE + (unsigned)kind;
}

/* One of each length, up to some number of each kind. */
static void keep(unsigned kind, struct bytes bytes)
{
    unsigned same = 0;
    if (bytes.size > SAMPLE_MAX) return;
    for (size_t i = 0; i < sample_count; i++) {
        if (samples[i].kind != kind) continue;
        if (samples[i].bytes.size == bytes.size) return;
        same++;
    }
    if (same == SAMPLES_OF_A_KIND) return;
    struct sample *s = &samples[sample_count++];
    s->kind = kind;
    buffer_append(&s->bytes, bytes.data, bytes.size);
}

/* ---- round trips ------------------------------------------------------------------------------------------------- */

static bool written_again(struct bytes input)
{
    return CHECK(!output.failed) && CHECK(bytes_equal(input, bytes_of(output.data, output.size)));
}

static void check_state_entry(struct bytes key_bytes, struct bytes value, bool has_value)
{
    struct trie_key key;
    struct error e;
    output.size = 0;
    if (!CHECK_EQUAL(trie_key_parse(key_bytes, &key, &e), STATUS_OK)) {
        printf("%s\n", e.message);
        return;
    }
    trie_key_write(&key, &output);
    written_again(key_bytes);
    keep(SAMPLE_KEY, key_bytes);
    if (!has_value) return;
    struct arena arena = {0};
    output.size = 0;
    if (CHECK_EQUAL(state_value_again(key.kind, value, &arena, &output, &e), STATUS_OK)) written_again(value);
    else printf("%s at %u: %s\n", trie_key_kind_name(key.kind), (unsigned)e.offset, e.message);
    arena_free(&arena);
    keep(sample_of_value(key.kind), value);
    seen.values[key.kind]++;
}

static void visit_genesis(struct json *state)
{
    for (size_t i = 0; i < elements(state); i++) {
        struct json *pair = element(state, i);
        check_state_entry(from_hex(element(pair, 0), &key_buffer), from_hex(element(pair, 1), &input_buffer), true);
    }
}

static void visit_changes(struct json *changes)
{
    for (size_t i = 0; i < elements(changes); i++) {
        struct json *change = element(changes, i), *value = member(change, "value_hex");
        struct bytes key = from_hex(member(change, "trie_key_hex"), &key_buffer);
        check_state_entry(key, value ? from_hex(value, &input_buffer) : (struct bytes){0}, value != NULL);
    }
}

/* What is in `output` is the expected JSON, if that was recorded. */
static void check_json(struct json *expected)
{
    if (!expected || !member(expected, "receiver_id")) return;
    struct json *printed = CHECK(!output.failed) ? json_of(bytes_of(output.data, output.size)) : NULL;
    if (!CHECK(json_equal(printed, expected))) {
        show_json("got     ", printed);
        show_json("expected", expected);
    }
    json_free(printed);
    seen.views++;
}

static void check_delegates(const struct action *actions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (actions[i].kind != ACTION_KIND_delegate && actions[i].kind != ACTION_KIND_delegate_v2) continue;
        output.size = 0;
        delegate_action_write(actions[i].delegate.parsed, &output);
        written_again(actions[i].delegate.borsh);
        seen.delegates++;
    }
}

static void check_receipt(struct bytes input, struct json *view, struct crypto_hash *id)
{
    struct arena arena = {0};
    struct receipt r;
    struct error e;
    output.size = 0;
    if (CHECK_EQUAL(receipt_from_borsh(input, &arena, &r, &e), STATUS_OK)) {
        receipt_write(&r, &output);
        written_again(input);
        if (receipt_has_actions(&r)) check_delegates(r.action.actions, r.action.action_count);
        output.size = 0;
        receipt_json(&r, &output);
        check_json(view);
        *id = r.receipt_id;
        seen.receipts[r.kind]++;
    } else {
        printf("%s at %u\n", e.message, (unsigned)e.offset);
    }
    arena_free(&arena);
    keep(SAMPLE_RECEIPT, input);
}

/* The outcome of the transaction says whether its signature was found wrong. */
static bool invalid_signature(struct json *outcomes, const char *id)
{
    for (size_t i = 0; i < elements(outcomes); i++) {
        if (strcmp(json_chars(member(element(outcomes, i), "id")), id) != 0) continue;
        struct json *failure = member(member(element(outcomes, i), "status"), "Failure");
        struct json *error = failure ? member(failure, "InvalidTxError") : NULL;
        return error && json_is(error, JSON_STRING) &&
               strcmp(json_chars(error), "InvalidSignature") == 0;
    }
    return false;
}

static void check_transaction(struct bytes input, struct json *expected, struct json *outcomes)
{
    struct arena arena = {0};
    struct signed_transaction t;
    struct error e;
    char id[CRYPTO_HASH_TEXT_SIZE];
    output.size = 0;
    if (!CHECK_EQUAL(signed_transaction_from_borsh(input, &arena, &t, &e), STATUS_OK)) printf("%s\n", e.message);
    else {
        signed_transaction_write(&t, &output);
        written_again(input);
        struct crypto_hash hash;
        CHECK_EQUAL(transaction_hash(&t.transaction, &hash, NULL), STATUS_OK);
        CHECK(crypto_hash_equal(&hash, &t.hash));
        CHECK_TEXT(crypto_hash_text(&t.hash, id), json_chars(member(expected, "hash")));
        const bool wrong = invalid_signature(outcomes, id);
        CHECK_EQUAL(signed_transaction_verify(&t), !wrong);
        CHECK(!signed_transaction_is_post_quantum(&t));
        check_delegates(t.transaction.actions, t.transaction.action_count);
        output.size = 0;
        signed_transaction_json(&t, &output);
        check_json(member(expected, "json"));
        seen.transactions++;
        seen.bad_signatures += wrong;
    }
    arena_free(&arena);
    keep(SAMPLE_TRANSACTION, input);
}

/* ---- ids --------------------------------------------------------------------------------------------------------- */

enum { MAX_IDS = 4096 };

struct ids {
    struct crypto_hash ids[MAX_IDS];
    size_t count;
};

static void add_id(struct ids *list, struct crypto_hash id)
{
    if (CHECK(list->count < MAX_IDS)) list->ids[list->count++] = id;
}

static bool has_id(const struct ids *list, const struct crypto_hash *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (crypto_hash_equal(&list->ids[i], id)) return true;
    return false;
}

/* Takes out of `left` what is id_of(base, height, n) for one of the bases and n below `numbers`. */
static void remove_children(struct ids *left, const struct ids *bases, uint64_t height, unsigned numbers)
{
    for (unsigned n = 0; n < numbers && left->count; n++) {
        for (size_t b = 0; b < bases->count && left->count; b++) {
            const struct crypto_hash child = id_of(&bases->ids[b], height, n);
            for (size_t i = 0; i < left->count; i++)
                if (crypto_hash_equal(&left->ids[i], &child)) left->ids[i--] = left->ids[--left->count];
        }
    }
}

static struct ids processed, left, data_left, action_hashes;

/* Everything that made new receipts in the block. */
static void collect_processed(struct json *result, uint64_t height)
{
    processed.count = action_hashes.count = 0;
    struct json *list = member(result, "processed_receipts");
    for (size_t i = 0; i < elements(list); i++)
        add_id(&processed, hash_of_json(member(element(list, i), "receipt_id")));
    for (size_t i = 0; i < processed.count; i++)
        for (unsigned action = 0; action < 4; action++)
            add_id(&action_hashes, action_hash_of(&processed.ids[i], height, action));
    list = member(result, "outcomes");
    for (size_t i = 0; i < elements(list); i++) {
        const struct crypto_hash id = hash_of_json(member(element(list, i), "id"));
        if (!has_id(&processed, &id)) add_id(&processed, id); /* a transaction */
    }
    list = member(result, "incoming_receipts"); /* forwarded distributions are not among the processed ones */
    for (size_t i = 0; i < elements(list); i++) {
        const struct crypto_hash id = hash_of_json(element(list, i));
        if (!has_id(&processed, &id)) add_id(&processed, id);
    }
    list = member(result, "processed_yield_timeouts");
    for (size_t i = 0; i < elements(list); i++)
        add_id(&processed, hash_of_json(member(element(list, i), "data_id")));
}

/* An outcome's receipts are children of its id, with rising numbers: those between them are data and the like. */
static void check_outcome_receipts(struct json *outcome, uint64_t height)
{
    const struct crypto_hash id = hash_of_json(member(outcome, "id"));
    struct json *list = member(outcome, "receipt_ids");
    unsigned n = 0;
    for (size_t i = 0; i < elements(list); i++) {
        const struct crypto_hash expected = hash_of_json(element(list, i));
        bool found = false;
        while (!found && n < 2000) {
            const struct crypto_hash child = receipt_id_of_receipt(&id, height, n++);
            found = crypto_hash_equal(&child, &expected);
        }
        CHECK(found);
        seen.outcome_ids++;
    }
}

static void collect_outgoing(struct json *outgoing)
{
    for (size_t i = 0; i < elements(outgoing); i++) {
        struct json *json = member(element(outgoing, i), "json");
        struct crypto_hash id = {0};
        check_receipt(from_base64(member(element(outgoing, i), "borsh_base64"), &input_buffer), json, &id);
        struct json *expected = member(json, "receipt_id");
        char text[CRYPTO_HASH_TEXT_SIZE];
        if (expected) CHECK_TEXT(crypto_hash_text(&id, text), json_chars(expected));
        add_id(&left, id);
        struct arena arena = {0};
        struct receipt r;
        if (receipt_from_borsh(bytes_of(input_buffer.data, input_buffer.size), &arena, &r, NULL) == STATUS_OK &&
            receipt_has_actions(&r))
            for (uint32_t k = 0; k < r.action.input_data_id_count; k++) add_id(&data_left, r.action.input_data_ids[k]);
        arena_free(&arena);
    }
}

/* Everything that was processed in this scenario, in earlier blocks, too: receipts that waited in an outgoing buffer
 * are children of it. */
static struct {
    struct crypto_hash id;
    uint64_t height;
} history[1 << 16];
static size_t history_count;
static unsigned buffered;

static bool in_history(const struct crypto_hash *id)
{
    for (size_t i = history_count; i-- > 0;)
        for (unsigned n = 0; n < 300; n++) {
            const struct crypto_hash child = id_of(&history[i].id, history[i].height, n);
            if (crypto_hash_equal(&child, id)) return true;
        }
    return false;
}

static void check_waited(void)
{
    for (size_t i = 0; i < left.count; i++) CHECK(in_history(&left.ids[i]));
    buffered += (unsigned)left.count;
}

static void check_ids(struct json *result)
{
    const uint64_t height = number(member(result, "height"));
    left.count = data_left.count = 0;
    collect_processed(result, height);
    collect_outgoing(member(result, "outgoing_receipts"));
    const size_t receipts = left.count, data = data_left.count;
    remove_children(&left, &processed, height, 300);
    remove_children(&data_left, &action_hashes, height, 40);
    seen.receipt_ids += (unsigned)(receipts - left.count);
    seen.data_ids += (unsigned)(data - data_left.count);
    check_waited();
    for (size_t i = 0; i < processed.count && CHECK(history_count < sizeof history / sizeof *history); i++) {
        history[history_count].id = processed.ids[i];
        history[history_count++].height = height;
    }
    struct json *outcomes = member(result, "outcomes");
    for (size_t i = 0; i < elements(outcomes); i++) check_outcome_receipts(element(outcomes, i), height);
}

/* ---- scenarios --------------------------------------------------------------------------------------------------- */

static void visit_result(struct json *result, void *context)
{
    (void)context;
    struct arena arena = {0};
    struct bandwidth_requests requests;
    visit_changes(member(result, "state_changes"));
    check_ids(result);
    struct bytes input = from_hex(member(result, "bandwidth_requests_borsh_hex"), &input_buffer);
    output.size = 0;
    if (CHECK_EQUAL(bandwidth_requests_from_borsh(input, &arena, &requests, NULL), STATUS_OK)) {
        bandwidth_requests_write(&requests, &output);
        written_again(input);
        seen.requests += requests.count;
    }
    keep(SAMPLE_REQUESTS, input);
    arena_free(&arena);
}

static void visit_block(struct json *block, struct json *views, struct json *result)
{
    struct json *list = member(block, "transactions"), *expected = member(views, "transactions");
    struct crypto_hash id;
    for (size_t i = 0; i < elements(list); i++)
        check_transaction(from_base64(element(list, i), &input_buffer), element(expected, i),
                          member(result, "outcomes"));
    list = member(block, "receipts");
    for (size_t i = 0; i < elements(list); i++) check_receipt(from_base64(element(list, i), &input_buffer), NULL, &id);
}

static void visit_scenario(struct json *scenario, void *context)
{
    (void)context;
    struct json *genesis = member(scenario, "genesis_state"), *blocks = member(scenario, "blocks");
    struct json *results = member(scenario, "results"), *views = member(scenario, "transactions_json");
    const bool sharded = member(scenario, "shard_ids") != NULL;
    history_count = 0;
    if (!sharded) visit_genesis(genesis);
    for (size_t i = 0; sharded && i < elements(genesis); i++) visit_genesis(element(genesis, i));
    for (size_t b = 0; b < elements(blocks); b++) {
        struct json *block = element(blocks, b), *view = element(views, b), *result = element(results, b);
        if (!sharded) visit_block(block, view, result);
        for (size_t s = 0; sharded && s < elements(block); s++)
            visit_block(element(block, s), element(view, s), element(result, s));
        each_shard(result, visit_result, NULL);
    }
}

static void print_seen(void)
{
    printf("  %u transactions (%u wrongly signed), %u delegate actions, %u bandwidth requests\n", seen.transactions,
           seen.bad_signatures, seen.delegates, seen.requests);
    printf("  %u of them in JSON\n  receipts:", seen.views);
    for (unsigned i = 0; i < RECEIPT_KIND_COUNT; i++)
        printf(" %u %s", seen.receipts[i], receipt_kind_name((enum receipt_kind)i));
    printf("\n  values:");
    for (unsigned i = 0; i < TRIE_KEY_KIND_COUNT; i++)
        if (seen.values[i]) printf(" %u %s", seen.values[i], trie_key_kind_name((enum trie_key_kind)i));
    printf("\n  ids: %u of outgoing receipts, %u that waited, %u in outcomes, %u of data\n", seen.receipt_ids, buffered,
           seen.outcome_ids, seen.data_ids);
}

static void test_scenarios(void)
{
    test_begin("everything in the scenarios is read and written again");
    each_scenario_of_both(visit_scenario, NULL);
    print_seen();
    if (seen.transactions == 0) return; /* no vectors */
    CHECK(seen.receipt_ids > 1000 && seen.outcome_ids > 1000 && seen.data_ids > 50);
    CHECK_EQUAL(seen.bad_signatures, 1);
    CHECK(seen.delegates > 10);
}

/* ---- damage ------------------------------------------------------------------------------------------------------ */

/* Reads the bytes as what they were. If they can be read, they must be what is written: there are no two encodings of
 * anything. */
static bool reads(unsigned kind, struct bytes input)
{
    struct arena arena = {0};
    struct error e;
    struct signed_transaction t;
    struct receipt r;
    struct trie_key key;
    struct bandwidth_requests requests;
    enum status status;
    output.size = 0;
    switch (kind) {
    case SAMPLE_TRANSACTION:
        status = signed_transaction_from_borsh(input, &arena, &t, &e);
        if (status == STATUS_OK) signed_transaction_write(&t, &output);
        break;
    case SAMPLE_RECEIPT:
        status = receipt_from_borsh(input, &arena, &r, &e);
        if (status == STATUS_OK) receipt_write(&r, &output);
        break;
    case SAMPLE_KEY:
        status = trie_key_parse(input, &key, &e);
        if (status == STATUS_OK) trie_key_write(&key, &output);
        break;
    case SAMPLE_REQUESTS:
        status = bandwidth_requests_from_borsh(input, &arena, &requests, &e);
        if (status == STATUS_OK) bandwidth_requests_write(&requests, &output);
        break;
    default:
        status = state_value_again((enum trie_key_kind)(kind - (unsigned)SAMPLE_VALUE), input, &arena, &output, &e);
    }
    if (status == STATUS_OK) {
        written_again(input);
    } else {
        CHECK_EQUAL(status, STATUS_MALFORMED);
        CHECK(e.offset <= input.size && e.message[0]);
    }
    arena_free(&arena);
    return status == STATUS_OK;
}

static bool any_bytes(unsigned kind)
{
    return kind == sample_of_value(TRIE_KEY_CONTRACT_CODE) || kind == sample_of_value(TRIE_KEY_CONTRACT_DATA) ||
           kind == sample_of_value(TRIE_KEY_GLOBAL_CONTRACT_CODE);
}

/* The bytes end where the block does, so that the sanitizers see what is read behind them. */
static void damage(const struct sample *s)
{
    const size_t size = s->bytes.size;
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *part = malloc(cut ? cut : 1);
        if (!CHECK(part)) return;
        memcpy(part, s->bytes.data, cut);
        const bool ok = reads(s->kind, bytes_of(part, cut));
        if (s->kind != SAMPLE_KEY) CHECK(!ok); /* a shorter key may be another one */
        free(part);
    }
    uint8_t *copy = malloc(size + 1);
    if (!CHECK(copy)) return;
    memcpy(copy, s->bytes.data, size);
    for (size_t i = 0; i < size; i++) {
        for (unsigned bit = 0; bit < 8; bit += i % 2 ? 2 : 1) {
            copy[i] ^= (uint8_t)(1u << bit);
            reads(s->kind, bytes_of(copy, size));
            copy[i] = s->bytes.data[i];
        }
    }
    copy[size] = 0;
    if (s->kind != SAMPLE_KEY) CHECK(!reads(s->kind, bytes_of(copy, size + 1)));
    free(copy);
}

static void test_damage(void)
{
    test_begin("bytes that are cut off, flipped or too many");
    for (size_t i = 0; i < sample_count; i++) {
        if (!any_bytes(samples[i].kind)) damage(&samples[i]);
        buffer_free(&samples[i].bytes);
    }
    printf("  %zu byte strings\n", sample_count);
}

int main(void)
{
    test_scenarios();
    test_damage();
    buffer_free(&input_buffer);
    buffer_free(&key_buffer);
    buffer_free(&output);
    return test_end();
}
