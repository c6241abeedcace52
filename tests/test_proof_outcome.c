/* Light-client outcome proofs: made of every outcome of the runtime's scenarios, read from JSON and checked; every
 * hash, number and text in some of them changed. With --sample: prints one, and the head's root after it; with --of
 * FILE, of the first outcome of an execution proof; with --not-of FILE, of another outcome of the same receipt. */
#include "cli/cli.h"
#include "cli/verify_outcome.h"
#include "proof/execution_proof.h"
#include "tests/merkle_path.h"
#include "tests/runtime_vectors.h"

enum { BLOCKS = 11, MOST_OUTCOMES = 1024 };

static struct json *hash_json(const struct crypto_hash *h)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    return json_of_chars(crypto_hash_text(h, text));
}

static struct json *path_json(const struct merkle_path *path)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < path->length; i++) {
        struct json *item = empty_object();
        json_add(item, "hash", hash_json(&path->items[i].hash));
        json_add(item, "direction", json_of_chars(path->items[i].direction == MERKLE_LEFT ? "Left" : "Right"));
        json_append(&list, item);
    }
    return json_finish(&list);
}

static struct crypto_hash some_hash(const char *text)
{
    return crypto_hash_of(bytes_of_string(text));
}

static struct block_header_lite some_header(const struct crypto_hash *outcome_root, uint64_t height)
{
    return (struct block_header_lite){
        .prev_block_hash = some_hash("previous"), .inner_rest_hash = some_hash("rest"), .height = height,
        .timestamp = 1700000000000000001, .epoch_id = some_hash("epoch"), .next_epoch_id = some_hash("next epoch"),
        .prev_state_root = some_hash("state"), .outcome_root = *outcome_root, .next_bp_hash = some_hash("producers"),
        .block_merkle_root = some_hash("blocks before")};
}

static struct json *header_json(const struct block_header_lite *h)
{
    struct json *header = empty_object(), *lite = empty_object();
    char nanoseconds[24];
    snprintf(nanoseconds, sizeof nanoseconds, "%" PRIu64, h->timestamp);
    json_add(lite, "height", json_u64(h->height));
    json_add(lite, "epoch_id", hash_json(&h->epoch_id));
    json_add(lite, "next_epoch_id", hash_json(&h->next_epoch_id));
    json_add(lite, "prev_state_root", hash_json(&h->prev_state_root));
    json_add(lite, "outcome_root", hash_json(&h->outcome_root));
    json_add(lite, "timestamp", json_u64(h->timestamp / 1000 * 1000)); /* rounded */
    json_add(lite, "timestamp_nanosec", json_of_chars(nanoseconds));
    json_add(lite, "next_bp_hash", hash_json(&h->next_bp_hash));
    json_add(lite, "block_merkle_root", hash_json(&h->block_merkle_root));
    json_add(header, "prev_block_hash", hash_json(&h->prev_block_hash));
    json_add(header, "inner_rest_hash", hash_json(&h->inner_rest_hash));
    json_add(header, "inner_lite", lite);
    return header;
}

/* The proof of one outcome (its JSON as nodes print it) by its index among the leaves of the only shard of two that has
 * any; the block is one of BLOCKS. */
static struct json *proof_json(struct json *outcome, const struct crypto_hash *leaves, size_t count,
                                      size_t index, struct crypto_hash *head_root)
{
    struct json *document = empty_object(), *with_id = empty_object();
    const struct crypto_hash empty = {0}, shard_root = merkle_root(leaves, count);
    const struct crypto_hash shards[2] = {crypto_hash_of(crypto_hash_bytes(&empty)),
                                          crypto_hash_of(crypto_hash_bytes(&shard_root))};
    struct crypto_hash blocks[BLOCKS], block_hash;
    struct merkle_path path = {0}, root_path = {0}, block_path = {0};
    const struct crypto_hash outcome_root = merkle_root(shards, 2);
    const struct block_header_lite header = some_header(&outcome_root, 1000 + index);
    CHECK(merkle_path_of(leaves, count, index, &path) && merkle_path_of(shards, 2, 1, &root_path));
    CHECK_EQUAL(block_header_lite_hash(&header, &block_hash, NULL), STATUS_OK);
    for (size_t i = 0; i < BLOCKS; i++) blocks[i] = crypto_hash_of(bytes_of(&i, sizeof i));
    blocks[index % BLOCKS] = block_hash;
    CHECK(merkle_path_of(blocks, BLOCKS, index % BLOCKS, &block_path));
    *head_root = merkle_root(blocks, BLOCKS);
    json_add(with_id, "id", json_copy(member(outcome, "id")));
    json_add(with_id, "block_hash", hash_json(&block_hash));
    json_add(with_id, "outcome", json_copy(outcome));
    json_add(with_id, "proof", path_json(&path));
    json_add(document, "outcome_proof", with_id);
    json_add(document, "outcome_root_proof", path_json(&root_path));
    json_add(document, "block_header_lite", header_json(&header));
    json_add(document, "block_proof", path_json(&block_path));
    return document;
}

static enum status check_document(struct json *document, const struct crypto_hash *head_root,
                                  struct outcome_proof_roots *roots, struct error *e)
{
    struct buffer text = {0};
    struct arena arena = {0};
    struct outcome_proof p;
    struct refusal r;
    json_print(document, &text);
    enum status status = outcome_proof_read(bytes_of(text.data, text.size), NULL, &arena, &p, e);
    if (status == STATUS_OK) status = outcome_proof_verify(&p, head_root, roots, &r, e);
    arena_free(&arena);
    buffer_free(&text);
    return status;
}

/* ---- something changed ------------------------------------------------------------------------------------------- */

struct changing {
    struct json *document;
    struct crypto_hash head_root;
    unsigned changed, accepted, silent;
};

static void try_changed(struct changing *c, const char *name)
{
    struct outcome_proof_roots roots;
    struct error e = {0};
    const enum status status = check_document(c->document, &c->head_root, &roots, &e);
    c->changed++;
    c->accepted += status == STATUS_OK;
    c->silent += e.message[0] == 0;
    if (status == STATUS_OK) printf("'%s' changed, and nobody has seen it\n", name);
}

/* Another text of the same kind: one bit of a hash, the other direction, another value in base64 or digits. */
static void change_text(struct json *json, const char *name, char text[4096])
{
    struct crypto_hash h;
    snprintf(text, 4096, "%s", json_chars(json));
    if (strcmp(name, "direction") == 0) {
        strcpy(text, strcmp(text, "Left") == 0 ? "Right" : "Left");
    } else if (crypto_hash_parse(bytes_of_string(text), &h)) {
        h.bytes[7] ^= 4;
        crypto_hash_text(&h, text);
    } else if (strcmp(name, "SuccessValue") == 0) {
        strcpy(text, strcmp(text, "AAAA") == 0 ? "AAAB" : "AAAA");
    } else if (strcmp(name, "tokens_burnt") == 0 || strcmp(name, "timestamp_nanosec") == 0) {
        text[0] = text[0] == '9' ? '8' : (char)(text[0] + 1);
    } else {
        text[0] = text[0] == 'a' ? 'b' : 'a'; /* accounts, logs */
    }
    json->u.text = text;
    json->size = (uint32_t)strlen(text);
}

static void change_all(struct changing *c, struct json *json, const char *name)
{
    if (json_is(json, JSON_OBJECT)) {
        for (size_t k = 0; k < json_length(json); k++) {
            const char *key = json_name_at(json, k);
            /* what is not part of the proof; the timestamp is there twice */
            static const char *const unproven[] = {"Failure", "compute_usage", "gas_profile", "metadata",
                                                   "metadata_version", "leaf_hashes_hex", "timestamp"};
            bool skip = json == member(member(c->document, "outcome_proof"), "outcome") && strcmp(key, "id") == 0;
            for (size_t i = 0; i < sizeof unproven / sizeof *unproven; i++) skip |= strcmp(key, unproven[i]) == 0;
            if (!skip) change_all(c, json_at(json, k), key);
        }
    } else if (json_is(json, JSON_ARRAY)) {
        for (size_t i = 0; i < elements(json); i++) change_all(c, element(json, i), name);
    } else if (json_is(json, JSON_STRING)) {
        const struct json before = *json;
        char text[4096];
        change_text(json, name, text);
        try_changed(c, name);
        *json = before;
    } else if (json_is(json, JSON_INTEGER)) {
        const uint64_t before = number(json);
        json->u.number = before + 1;
        try_changed(c, name);
        json->u.number = before;
    }
}

/* ---- the scenarios ----------------------------------------------------------------------------------------------- */

struct totals {
    unsigned proofs, changed;
};

static struct crypto_hash leaf_of(struct json *outcome, struct buffer *scratch)
{
    struct json *list = member(outcome, "leaf_hashes_hex");
    struct crypto_hash hashes[256] = {0};
    const size_t count = elements(list) < 256 ? elements(list) : 256;
    for (size_t i = 0; i < count; i++) {
        const struct bytes h = from_hex(element(list, i), scratch);
        if (CHECK_EQUAL(h.size, CRYPTO_HASH_SIZE)) memcpy(hashes[i].bytes, h.data, h.size);
    }
    return outcome_leaf_of_hashes(hashes, count);
}

static void check_outcome(struct json *result, const struct crypto_hash *leaves, size_t count, size_t i,
                          struct totals *totals)
{
    struct changing c = {0};
    struct outcome_proof_roots roots;
    struct error e = {0};
    const struct crypto_hash expected = hash_of_json(member(result, "outcome_root"));
    c.document = proof_json(element(member(result, "outcomes"), i), leaves, count, i, &c.head_root);
    if (!CHECK_EQUAL(check_document(c.document, &c.head_root, &roots, &e), STATUS_OK)) printf("%s\n", e.message);
    CHECK(crypto_hash_equal(&roots.shard_outcome_root, &expected));
    CHECK(crypto_hash_equal(&roots.leaf, &leaves[i]));
    totals->proofs++;
    if (totals->proofs % 16 == 0) {
        change_all(&c, c.document, "");
        CHECK(c.changed > 20);
        CHECK_EQUAL(c.accepted, 0);
        CHECK_EQUAL(c.silent, 0);
        CHECK_EQUAL(check_document(c.document, &c.head_root, &roots, &e), STATUS_OK); /* all is as it was */
        totals->changed += c.changed;
    }
    json_free(c.document);
}

static void visit(struct json *scenario, void *context)
{
    struct json *results = member(scenario, "results");
    static struct crypto_hash leaves[MOST_OUTCOMES];
    struct buffer scratch = {0};
    for (size_t i = 0; i < elements(results); i++) {
        struct json *result = element(results, i), *outcomes = member(result, "outcomes");
        const size_t count = elements(outcomes);
        if (count > MOST_OUTCOMES) continue;
        for (size_t j = 0; j < count; j++) leaves[j] = leaf_of(element(outcomes, j), &scratch);
        for (size_t j = 0; j < count; j++) check_outcome(result, leaves, count, j, context);
    }
    buffer_free(&scratch);
}

/* ---- a sample ---------------------------------------------------------------------------------------------------- */

static struct json *sample(struct crypto_hash *head_root)
{
    static const char text[] =
        "{\"id\":\"9dPJ2s3uTVWo8p48KLJ6YgJW5tJeFTzJf5R3wtzCtPZ2\",\"logs\":[\"a log\"],\"receipt_ids\":[],"
        "\"gas_burnt\":2427934415604,\"tokens_burnt\":\"242793441560400000000\",\"executor_id\":\"alice.near\","
        "\"status\":{\"SuccessValue\":\"Im9rIg==\"},\"metadata\":{\"version\":3,\"gas_profile\":[]}}";
    struct json *outcome = json_of(bytes_of_string(text));
    struct crypto_hash leaves[5];
    const struct bytes log = bytes_of_string("a log");
    struct execution_outcome o = {.id = hash_of_json(member(outcome, "id")), .executor_id = account_id_of("alice.near"),
                                  .status = EXECUTION_SUCCESS_VALUE, .value = bytes_of_string("\"ok\""), .logs = &log,
                                  .log_count = 1, .gas_burnt = 2427934415604};
    CHECK(u128_parse(bytes_of_string("242793441560400000000"), &o.tokens_burnt));
    for (size_t i = 0; i < 5; i++) leaves[i] = crypto_hash_of(bytes_of(&i, sizeof i));
    CHECK_EQUAL(outcome_leaf(&o, &leaves[2], NULL), STATUS_OK);
    struct json *document = proof_json(outcome, leaves, 5, 2, head_root);
    json_free(outcome);
    return document;
}

static void test_sample(void)
{
    test_begin("a sample");
    struct changing c = {0};
    struct outcome_proof_roots roots;
    struct error e = {0};
    const struct crypto_hash other = some_hash("another head");
    c.document = sample(&c.head_root);
    CHECK_EQUAL(check_document(c.document, &c.head_root, &roots, &e), STATUS_OK);
    CHECK_EQUAL(check_document(c.document, NULL, &roots, &e), STATUS_OK);
    CHECK(crypto_hash_equal(&roots.head_root, &c.head_root));
    CHECK_EQUAL(check_document(c.document, &other, &roots, &e), STATUS_INVALID);
    CHECK_EQUAL(e.code, PROOF_HEAD_ROOT);
    change_all(&c, c.document, "");
    CHECK(c.changed > 20);
    CHECK_EQUAL(c.accepted, 0);
    CHECK_EQUAL(c.silent, 0);
    json_free(c.document);
}

/* Of the first outcome of an execution proof, as if a chain had had it: changed, with one more unit of gas. */
static int print_of(const char *path, bool changed)
{
    struct buffer bytes = {0}, text = {0};
    struct execution_proof p;
    struct error e = {0};
    struct crypto_hash root, leaf;
    char hash[CRYPTO_HASH_TEXT_SIZE];
    if (!CHECK_EQUAL(file_read(path, EXECUTION_PROOF_MAX, &bytes, &e), STATUS_OK) ||
        !CHECK_EQUAL(execution_proof_decode(bytes_of(bytes.data, bytes.size), &p, &e), STATUS_OK))
        return 1;
    struct execution_outcome o = p.blocks[0].outcomes[0].outcome;
    o.gas_burnt += changed;
    CHECK_EQUAL(outcome_leaf(&o, &leaf, &e), STATUS_OK);
    outcome_json(&o, &text);
    struct json *read = NULL;
    CHECK_EQUAL(json_read_document(bytes_of(text.data, text.size), &read, &e), STATUS_OK);
    struct json *outcome = json_copy(read); /* documents are not changed */
    json_add(outcome, "id", hash_json(&o.id));
    struct json *document = proof_json(outcome, &leaf, 1, 0, &root);
    struct buffer json = {0};
    printf("%s\n%s\n", json_as_text(document, &json), crypto_hash_text(&root, hash));
    buffer_free(&json);
    json_free(document);
    json_free(outcome);
    json_free(read);
    execution_proof_free(&p);
    buffer_free(&text);
    buffer_free(&bytes);
    return test.failed != 0;
}

int main(int argc, char **argv)
{
    struct totals totals = {0};
    if (argc == 3 && strcmp(argv[1], "--of") == 0) return print_of(argv[2], false);
    if (argc == 3 && strcmp(argv[1], "--not-of") == 0) return print_of(argv[2], true);
    if (argc == 2 && strcmp(argv[1], "--sample") == 0) {
        struct crypto_hash root;
        char text[CRYPTO_HASH_TEXT_SIZE];
        struct json *document = sample(&root);
        struct buffer json = {0};
        printf("%s\n%s\n", json_as_text(document, &json), crypto_hash_text(&root, text));
        buffer_free(&json);
        json_free(document);
        return test.failed != 0;
    }
    test_sample();
    test_begin("every outcome of the scenarios");
    if (each_scenario("runtime.jsonl.xz", visit, &totals)) {
        printf("  %u proofs; %u changes, all refused\n", totals.proofs, totals.changed);
        CHECK(totals.proofs > 0);
    }
    return test_end();
}
