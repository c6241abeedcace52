/* Cases of the state trie: {"batches", "proof_keys", "roots", "root_hex", "memory_usage", "nodes", "stored_node_count",
 * "proofs", "iter"}. Compared are the root and its memory usage after each batch, every row that is left in the store
 * once all roots but the last are released, the walk over all keys, and what a recorder has after a lookup. Beyond the
 * case's own fields: each batch and each lookup is done again on nothing but what was recorded. */
#include <stdlib.h>

#include "base/base58.h"
#include "base/compare.h"
#include "crypto/sha2.h"
#include "tests/conformance.h"
#include "trie/trie.h"

struct session {
    struct conformance_case *c;
    struct trie_store store;
    struct trie_hash root;
    struct buffer hex; /* for texts */
    struct error error;
};

static bool recognises(struct json *json)
{
    return json_is(conformance_member(json, "batches"), JSON_ARRAY) &&
           conformance_member(json, "stored_node_count");
}

static struct json *at(struct json *array, size_t i)
{
    return json_at(array, i);
}

static const char *hex_of(struct session *s, struct bytes data)
{
    s->hex.size = 0;
    const char *text = conformance_encode_hex(&s->hex, data);
    return text ? text : "(no memory)";
}

static bool check(struct session *s, const char *what, enum status status)
{
    if (status != STATUS_OK) conformance_difference(s->c, what, "%s: %s", status_name(status), s->error.message);
    return status == STATUS_OK;
}

/* ---- replaying -------------------------------------------------------------------------------------------------- */

/* A store of nothing but what was recorded. */
static bool make_partial(struct session *s, const struct trie_recorder *recorder, struct trie_store *out)
{
    struct bytes *rows;
    size_t count;
    bool ok = check(s, "recorder", trie_recorder_rows(recorder, &rows, &count, &s->error));
    trie_store_init_partial(out);
    for (size_t i = 0; ok && i < count; i++) {
        if (i && bytes_compare(rows[i - 1], rows[i]) >= 0) conformance_difference(s->c, "recorder", "out of order");
        ok = check(s, "recorder", trie_partial_add(out, rows[i], NULL, &s->error));
    }
    free(rows);
    return ok;
}

/* ---- batches ---------------------------------------------------------------------------------------------------- */

struct batch {
    struct trie_change *changes;
    struct buffer *bytes; /* two for each change */
    size_t count;
};

static bool read_batch(struct batch *b, struct json *json)
{
    b->count = json_length(json);
    b->changes = calloc(b->count + 1, sizeof *b->changes);
    b->bytes = calloc(2 * b->count + 1, sizeof *b->bytes);
    if (!b->changes || !b->bytes) return false;
    for (size_t i = 0; i < b->count; i++) {
        struct json *change = at(json, i);
        struct buffer *key = &b->bytes[2 * i], *value = key + 1;
        const bool remove = strcmp(json_chars(at(change, 0)), "del") == 0;
        if (!conformance_decode_hex(key, json_chars(at(change, 1)))) return false;
        if (!remove && !conformance_decode_hex(value, json_chars(at(change, 2)))) return false;
        b->changes[i] =
            (struct trie_change){bytes_of(key->data, key->size), bytes_of(value->data, value->size), remove};
    }
    return true;
}

static void free_batch(struct batch *b)
{
    for (size_t i = 0; b->bytes && i < 2 * b->count; i++) buffer_free(&b->bytes[i]);
    free(b->bytes);
    free(b->changes);
}

static void replay_batch(struct session *s, const struct batch *b, const struct trie_recorder *recorder,
                         const struct trie_hash *wanted)
{
    struct trie_store partial;
    struct trie_hash root = {0};
    const struct trie t = {.store = &partial, .root = s->root};
    if (make_partial(s, recorder, &partial) &&
        check(s, "replay", trie_apply(&t, b->changes, b->count, &root, NULL, &s->error)) &&
        !trie_hash_equal(&root, wanted))
        conformance_difference(s->c, "replay", "another root");
    trie_store_free(&partial);
}

static void compare_root(struct session *s, const char *hex, const char *base58)
{
    struct buffer text = {0};
    conformance_text(s->c, "root_hex", hex, hex_of(s, bytes_of(s->root.bytes, sizeof s->root.bytes)));
    base58_encode(bytes_of(s->root.bytes, sizeof s->root.bytes), &text);
    buffer_append_byte(&text, 0);
    if (!text.failed) conformance_text(s->c, "roots", base58, (char *)text.data);
    buffer_free(&text);
}

static bool run_batch(struct session *s, size_t i)
{
    struct json *json = s->c->json;
    struct batch b = {0};
    struct trie_recorder recorder = {0};
    const struct trie t = {.store = &s->store, .root = s->root, .recorder = &recorder};
    struct trie_hash root = s->root;
    uint64_t usage = 0;
    bool ok = read_batch(&b, at(conformance_member(json, "batches"), i));
    if (!ok) conformance_difference(s->c, "batches", "malformed");
    ok = ok && check(s, "batches", trie_apply(&t, b.changes, b.count, &root, &usage, &s->error));
    if (ok) {
        replay_batch(s, &b, &recorder, &root);
        trie_release(&s->store, &s->root);
        s->root = root;
        compare_root(s, json_chars(at(conformance_member(json, "root_hex"), i)),
                     json_chars(at(conformance_member(json, "roots"), i)));
        conformance_u64(s->c, "memory_usage", json_number(at(conformance_member(json, "memory_usage"), i)),
                        usage);
    }
    trie_recorder_free(&recorder);
    free_batch(&b);
    return ok;
}

/* ---- what is there at the end ----------------------------------------------------------------------------------- */

static void compare_rows(struct session *s, struct json *nodes)
{
    conformance_u64(s->c, "nodes", (uint64_t)json_length(nodes), trie_store_count(&s->store));
    for (size_t i = 0; i < json_length(nodes); i++) {
        const char *name = json_name_at(nodes, i);
        struct buffer hash = {0};
        struct bytes row;
        struct trie_hash h;
        if (!conformance_decode_hex(&hash, name) || hash.size != sizeof h.bytes) {
            conformance_difference(s->c, "nodes", "malformed");
        } else {
            memcpy(h.bytes, hash.data, sizeof h.bytes);
            if (!trie_store_row(&s->store, &h, &row)) conformance_difference(s->c, "nodes", "no row %s", name);
            else conformance_text(s->c, "nodes", json_chars(json_at(nodes, i)), hex_of(s, row));
        }
        buffer_free(&hash);
    }
}

static void compare_walk(struct session *s, struct json *wanted)
{
    const struct trie t = {.store = &s->store, .root = s->root};
    struct trie_iterator it;
    struct bytes key, value;
    bool found = true;
    size_t n = 0;
    bool ok = check(s, "iter", trie_iterator_prefix(&it, &t, (struct bytes){0}, &s->error));
    while (ok && (ok = check(s, "iter", trie_iterator_next(&it, &found, &key, &value, &s->error))) && found) {
        struct json *pair = at(wanted, n++);
        if (!pair) continue;
        conformance_text(s->c, "iter", json_chars(at(pair, 0)), hex_of(s, key));
        conformance_text(s->c, "iter", json_chars(at(pair, 1)), hex_of(s, value));
    }
    conformance_u64(s->c, "iter", json_length(wanted), n);
    trie_iterator_free(&it);
}

static void compare_lookup(struct session *s, const struct trie *t, struct bytes key, struct json *wanted)
{
    bool found;
    struct bytes value;
    if (!check(s, "proofs", trie_get(t, key, NULL, &found, &value, &s->error))) return;
    conformance_null(s->c, "proofs.value", !wanted, !found);
    if (wanted && found) conformance_text(s->c, "proofs.value", json_chars(wanted), hex_of(s, value));
}

/* The recorded rows; the case has them in the order of their hashes. */
static void compare_recorded(struct session *s, const struct trie_recorder *recorder, struct json *wanted)
{
    struct buffer row = {0};
    const size_t count = json_length(wanted);
    struct trie_store have;
    conformance_u64(s->c, "proofs.recorded", count, recorder->rows.count);
    if (make_partial(s, recorder, &have)) {
        for (size_t i = 0; i < count; i++) {
            struct bytes found;
            struct trie_hash hash;
            const char *hex = json_chars(at(wanted, i));
            if (!conformance_decode_hex(&row, hex)) {
                conformance_difference(s->c, "proofs.recorded", "malformed");
                continue;
            }
            sha256(bytes_of(row.data, row.size), hash.bytes);
            if (!trie_store_row(&have, &hash, &found))
                conformance_difference(s->c, "proofs.recorded", "not recorded: %s", hex);
        }
    }
    trie_store_free(&have);
    buffer_free(&row);
}

static void run_proof(struct session *s, struct json *proof)
{
    struct buffer key = {0};
    struct trie_recorder recorder = {0};
    struct trie_store partial;
    struct trie t = {.store = &s->store, .root = s->root, .recorder = &recorder};
    if (conformance_decode_hex(&key, conformance_member_text(proof, "key"))) {
        const struct bytes k = bytes_of(key.data, key.size);
        compare_lookup(s, &t, k, conformance_member(proof, "value"));
        compare_recorded(s, &recorder, conformance_member(proof, "recorded"));
        if (make_partial(s, &recorder, &partial)) {
            t.store = &partial;
            t.recorder = NULL;
            compare_lookup(s, &t, k, conformance_member(proof, "value"));
        }
        trie_store_free(&partial);
    }
    trie_recorder_free(&recorder);
    buffer_free(&key);
}

static void run(struct conformance_case *c)
{
    struct session s = {.c = c};
    struct json *proofs = conformance_member(c->json, "proofs");
    const size_t batches = json_length(conformance_member(c->json, "batches"));
    bool ok = true;
    for (size_t i = 0; ok && i < batches; i++) ok = run_batch(&s, i);
    if (ok) {
        compare_rows(&s, conformance_member(c->json, "nodes"));
        conformance_u64(c, "stored_node_count",
                        json_number(conformance_member(c->json, "stored_node_count")),
                        trie_store_count(&s.store));
        compare_walk(&s, conformance_member(c->json, "iter"));
        for (size_t i = 0; i < json_length(proofs); i++) run_proof(&s, at(proofs, i));
        trie_release(&s.store, &s.root);
        conformance_u64(c, "rows left", 0, trie_store_count(&s.store));
    }
    trie_store_free(&s.store);
    buffer_free(&s.hex);
}

const struct conformance_kind conformance_trie = {"trie", recognises, run};
