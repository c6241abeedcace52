/* State roots and proofs of blocks that production code applied: from the genesis state and the changes of each block
 * follow the recorded roots and memory usages; the recorded proof alone is enough for the same changes, and has
 * everything that our own update reads. The blocks are in the vectors of the runtime; without them this is skipped. */

#include "base/arena.h"
#include "base/base64.h"
#include "base/hex.h"
#include "crypto/sha2.h"
#include "tests/json.h"
#include "tests/read_file.h"
#include "tests/trie_model.h"

static const char *const places[] = {"tests/vectors/runtime.jsonl.xz", "../shared/vectors/runtime.jsonl"};

static struct json *member(struct json *json, const char *name)
{
    return json_get(json, name);
}

static struct bytes decode_hex(struct json *text, struct arena *a)
{
    struct buffer b = {0};
    CHECK(text && hex_decode(bytes_of_string(json_chars(text)), &b));
    uint8_t *copy = arena_alloc(a, b.size);
    if (copy && b.size) memcpy(copy, b.data, b.size);
    const struct bytes out = bytes_of(copy, b.size);
    buffer_free(&b);
    return out;
}

static bool root_is(const struct trie_hash *root, struct json *hex, struct arena *a)
{
    return bytes_equal(bytes_of(root->bytes, sizeof root->bytes), decode_hex(hex, a));
}

/* [[key, value], ...], or the same as objects; null removes. */
static struct trie_change *read_changes(struct json *list, size_t *count, struct arena *a)
{
    *count = json_length(list);
    struct trie_change *changes = arena_array(a, *count, sizeof *changes);
    for (size_t i = 0; changes && i < *count; i++) {
        struct json *item = json_at(list, i);
        const bool pair = json_is(item, JSON_ARRAY);
        struct json *key = pair ? json_at(item, 0) : member(item, "trie_key_hex");
        struct json *value = pair ? json_at(item, 1) : member(item, "value_hex");
        changes[i].key = decode_hex(key, a);
        changes[i].remove = !value;
        if (value) changes[i].value = decode_hex(value, a);
    }
    return changes;
}

static void fill_from_proof(struct trie_store *partial, struct json *nodes)
{
    struct error e;
    trie_store_init_partial(partial);
    for (size_t i = 0; i < json_length(nodes); i++) {
        struct buffer row = {0};
        bool added = false;
        const char *text = json_chars(json_at(nodes, i));
        CHECK(base64_decode(bytes_of_string(text), &row));
        CHECK(trie_partial_add(partial, view(&row), &added, &e) == STATUS_OK && added);
        buffer_free(&row);
    }
}

static void check_proof(const struct trie *t, struct json *nodes, const struct trie_change *changes,
                        size_t count, const struct trie_hash *wanted)
{
    struct trie_store partial;
    struct trie_hash root = {0};
    struct error e = {0};
    struct bytes *rows, ignored;
    size_t row_count;
    fill_from_proof(&partial, nodes);
    const struct trie replay = {.store = &partial, .root = t->root};
    if (!CHECK(trie_apply(&replay, changes, count, &root, NULL, &e) == STATUS_OK)) printf("%s\n", e.message);
    CHECK(trie_hash_equal(&root, wanted));
    CHECK(trie_recorder_rows(t->recorder, &rows, &row_count, &e) == STATUS_OK);
    trie_store_free(&partial);
    fill_from_proof(&partial, nodes);
    for (size_t i = 0; i < row_count; i++) {
        struct trie_hash hash;
        sha256(rows[i], hash.bytes);
        CHECK(trie_store_row(&partial, &hash, &ignored));
    }
    free(rows);
    trie_store_free(&partial);
}

static struct trie_hash run_block(struct trie_store *s, struct trie_hash root, struct json *block,
                                  unsigned *proofs)
{
    struct arena a = {0};
    struct trie_recorder recorder = {0};
    const struct trie t = {.store = s, .root = root, .recorder = &recorder};
    struct trie_hash next = root;
    struct error e;
    uint64_t usage = 0;
    size_t count;
    struct json *proof = member(block, "proof");
    const struct trie_change *changes = read_changes(member(block, "state_changes"), &count, &a);
    CHECK(changes && trie_apply(&t, changes, count, &next, &usage, &e) == STATUS_OK);
    CHECK(root_is(&next, member(block, "state_root_after_hex"), &a));
    CHECK(usage == json_number(member(block, "memory_usage_after")));
    if (changes && proof && member(proof, "nodes")) {
        check_proof(&t, member(proof, "nodes"), changes, count, &next);
        ++*proofs;
    }
    trie_release(s, &root);
    trie_recorder_free(&recorder);
    arena_free(&a);
    return next;
}

static void run_scenario(struct json *json, unsigned *blocks, unsigned *proofs)
{
    struct trie_store s = {0};
    struct arena a = {0};
    const struct trie empty = {.store = &s};
    struct trie_hash root = {0};
    struct error e;
    size_t count;
    struct json *results = member(json, "results");
    const struct trie_change *changes = read_changes(member(json, "genesis_state"), &count, &a);
    CHECK(changes && trie_apply(&empty, changes, count, &root, NULL, &e) == STATUS_OK);
    for (size_t i = 0; i < json_length(results); i++, ++*blocks)
        root = run_block(&s, root, json_at(results, i), proofs);
    trie_release(&s, &root);
    CHECK_EQUAL(trie_store_count(&s), 0);
    trie_store_free(&s);
    arena_free(&a);
}

static void run_file(struct buffer *text)
{
    unsigned blocks = 0, proofs = 0;
    for (char *line = (char *)text->data, *end; (end = strchr(line, '\n')); line = end + 1) {
        if (end == line) continue;
        struct json *json = json_of(bytes_of(line, (size_t)(end - line)));
        if (CHECK(json != NULL)) run_scenario(json, &blocks, &proofs);
        json_free(json);
    }
    printf("%u blocks, %u proofs\n", blocks, proofs);
    CHECK(blocks > 0 && proofs > 0);
}

int main(void)
{
    struct buffer text = {0};
    test_begin("blocks");
    for (size_t i = 0; i < sizeof places / sizeof *places && !text.size; i++) {
        if (access(places[i], R_OK) == 0) CHECK(read_file(places[i], &text));
    }
    if (text.size) {
        buffer_append(&text, "\n", 2); /* and a NUL */
        CHECK(!text.failed);
        run_file(&text);
    } else {
        test_skip("state roots and proofs of blocks", "there are no runtime vectors");
    }
    buffer_free(&text);
    return test_end();
}
