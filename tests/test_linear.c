/* What hostile input costs grows with its size, no faster: each family of inputs at n, 2n, 4n, 8n and 16n, with counted
 * work and counted memory; with --costs, what they cost in time, too (docs/limits.md). Names and rows are chosen as somebody would who knows an unkeyed hash table: their hashes
 * under a key of zeros all fall into one sixty-fourth of it. */
#include <stdio.h>
#include <time.h>

#include "base/base.h"
#include "base/compare.h"
#include "base/demangle.h"
#include "base/hash.h"
#include "crypto/sha2.h"
#include "json/json_read.h"
#include "near/account.h"
#include "near/json_values.h"
#include "near/trie_key.h"
#include "runtime/runtime.h"
#include "tee/cbor.h"
#include "tee/der.h"
#include "tests/counted.h"
#include "tests/test.h"
#include "tests/test_proof_sample.h"
#include "trie/snapshot.h"
#include "trie/trie.h"
#include "vm/vm.h"
#include "wat/wat.h"

enum { DOUBLINGS = 4, ARITY = 1000 };

/* ---- choosing names and rows ------------------------------------------------------------------------------------- */

static bool falls_together(uint64_t hash, unsigned n)
{
    uint64_t slots = 64;
    while (slots < 2 * (uint64_t)n) slots *= 2;
    return (hash & (2 * slots - 1)) < slots / 32;
}

/* The next name that falls together with the others; *state begins with 0. */
static void next_name(uint32_t *state, unsigned n, const char *prefix, char out[16])
{
    const struct hash_key known = {0};
    do snprintf(out, 16, "%s%lu", prefix, (unsigned long)(*state)++);
    while (!falls_together(hash_bytes(bytes_of_string(out), &known), n));
}

/* ---- modules ----------------------------------------------------------------------------------------------------- */

static void section(struct buffer *out, uint8_t id, struct buffer *body)
{
    buffer_append_byte(out, id);
    leb_write_u64(out, body->size);
    buffer_append(out, body->data, body->size);
    buffer_free(body);
}

/* A module with one function, and its body. */
static void module_of(struct buffer *out, struct buffer *exports, struct buffer *code)
{
    struct buffer types = {0}, functions = {0}, body = {0};
    buffer_append(out, "\0asm\1\0\0\0", 8);
    buffer_append(&types, "\2\x60\0\0\x60\0", 6);
    leb_write_u64(&types, ARITY);
    for (int i = 0; i < ARITY; i++) buffer_append_byte(&types, 0x7f);
    section(out, 1, &types);
    buffer_append(&functions, "\1\0", 2);
    section(out, 3, &functions);
    if (exports->size) section(out, 7, exports);
    buffer_append_byte(&body, 1);
    leb_write_u64(&body, code->size + 2);
    buffer_append_byte(&body, 0);
    buffer_append(&body, code->data, code->size);
    buffer_append_byte(&body, 0x0b);
    buffer_free(code);
    section(out, 10, &body);
}

static void make_exports(unsigned n, struct buffer *out)
{
    struct buffer exports = {0}, code = {0};
    uint32_t state = 0;
    char name[16];
    leb_write_u64(&exports, n);
    for (unsigned i = 0; i < n; i++) {
        next_name(&state, n, "n", name);
        buffer_append_byte(&exports, (uint8_t)strlen(name));
        buffer_append_string(&exports, name);
        buffer_append(&exports, "\0\0", 2);
    }
    module_of(out, &exports, &code);
}

/* After an unreachable, blocks with a thousand results each; `reset` keeps the stack low. */
static void make_blocks(unsigned n, struct buffer *out, bool reset)
{
    struct buffer exports = {0}, code = {0};
    buffer_append_byte(&code, 0x00);
    for (unsigned i = 0; i < n; i++) {
        buffer_append(&code, "\x02\x01\x00\x0b", 4);
        if (reset) buffer_append_byte(&code, 0x00);
    }
    if (!reset) buffer_append_byte(&code, 0x00);
    module_of(out, &exports, &code);
}

static void make_low_blocks(unsigned n, struct buffer *out)
{
    make_blocks(n, out, true);
}

static void make_high_blocks(unsigned n, struct buffer *out)
{
    make_blocks(n, out, false);
}

static bool load(struct bytes input)
{
    struct vm_config config;
    struct module *m = NULL;
    vm_config_default(&config);
    const bool ok = module_load(&config, input.data, input.size, &m, NULL) == STATUS_OK;
    if (ok) module_free(m);
    return ok;
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

static void make_text(unsigned n, struct buffer *out)
{
    uint32_t state = 0;
    char name[16];
    for (unsigned i = 0; i < n; i++) {
        next_name(&state, n, "$n", name);
        buffer_printf(out, "(func %s (param i32))\n", name);
    }
}

static bool assemble(struct bytes input)
{
    struct buffer out = {0};
    const bool ok = wat_to_wasm((const char *)input.data, input.size, NULL, &out, NULL) == STATUS_OK;
    buffer_free(&out);
    return ok;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static void make_members(unsigned n, struct buffer *out)
{
    uint32_t state = 0;
    char name[16];
    for (unsigned i = 0; i < n; i++) {
        next_name(&state, n, "n", name);
        buffer_printf(out, "%s\"%s\":1", i ? "," : "{", name);
    }
    buffer_append_byte(out, '}');
}

static void make_empty_objects(unsigned n, struct buffer *out)
{
    for (unsigned i = 0; i < n; i++) buffer_append_string(out, i ? ",{}" : "[{}");
    buffer_append_byte(out, ']');
}

static void make_escapes(unsigned n, struct buffer *out)
{
    buffer_append_byte(out, '"');
    for (unsigned i = 0; i < n; i++) buffer_append_string(out, "\\ud83d\\ude00\\u0000");
    buffer_append_byte(out, '"');
}

static bool read_json(struct bytes input)
{
    struct json *json = NULL;
    const bool ok = json_read_document(input, &json, NULL) == STATUS_OK;
    json_free(json);
    return ok;
}

/* ---- rows of proofs, states -------------------------------------------------------------------------------------- */

/* Numbers whose SHA-256 begins alike. */
static void make_rows(unsigned n, struct buffer *out)
{
    uint64_t number = 0;
    uint8_t hash[SHA256_SIZE];
    for (unsigned i = 0; i < n; i++) {
        do {
            number++;
            sha256(bytes_of(&number, sizeof number), hash);
        } while (!falls_together(load_le64(hash), n));
        buffer_append(out, &number, sizeof number);
    }
}

static bool add_rows(struct bytes input)
{
    struct trie_store store;
    trie_store_init_partial(&store);
    for (size_t at = 0; at < input.size; at += 8) trie_partial_add(&store, bytes_of(input.data + at, 8), NULL, NULL);
    const bool ok = trie_store_count(&store) == input.size / 8;
    trie_store_free(&store);
    return ok;
}

static void make_state(unsigned n, struct buffer *out)
{
    struct trie_store store = {0};
    struct trie trie = {.store = &store};
    struct trie_change *changes = calloc(n, sizeof *changes);
    uint32_t *keys = calloc(n, sizeof *keys);
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (!CHECK(changes && keys && file)) return;
    for (unsigned i = 0; i < n; i++) {
        keys[i] = i << 16 | i >> 16;
        changes[i] = (struct trie_change){.key = bytes_of(&keys[i], 4), .value = bytes_of(&keys[i], 4)};
    }
    CHECK_EQUAL(trie_apply(&trie, changes, n, &trie.root, NULL, NULL), STATUS_OK);
    CHECK_EQUAL(snapshot_write_stream(&store, &trie.root, 1, file, NULL), STATUS_OK);
    fclose(file);
    buffer_append(out, text, size);
    free(text);
    free(keys);
    free(changes);
    trie_store_free(&store);
}

static bool read_state(struct bytes input)
{
    struct trie_store store = {0};
    struct trie_hash *roots = NULL;
    size_t count;
    FILE *in = fmemopen((void *)(uintptr_t)input.data, input.size, "r");
    struct error e = {0};
    const bool ok = snapshot_read_stream(&store, in, &roots, &count, &e) == STATUS_OK;
    if (!ok) printf("  %s\n", e.message);
    free(roots);
    trie_store_free(&store);
    fclose(in);
    return ok;
}

/* ---- proofs ------------------------------------------------------------------------------------------------------ */

static int compare_rows(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* A proof with rows that nothing needs, whose hashes begin alike. */
static void make_proof(unsigned n, struct buffer *out)
{
    struct sample sample;
    struct buffer good = {0}, junk = {0};
    struct execution_proof p;
    if (!CHECK_EQUAL(sample_begin(&sample, NULL), STATUS_OK)) return;
    CHECK_EQUAL(sample_prove(&sample, &good, NULL), STATUS_OK);
    CHECK_EQUAL(execution_proof_decode(bytes_of(good.data, good.size), &p, NULL), STATUS_OK);
    make_rows(n, &junk);
    struct bytes *rows = calloc(n + p.row_count, sizeof *rows);
    if (!CHECK(rows != NULL)) return;
    for (unsigned i = 0; i < n; i++) rows[i] = bytes_of(junk.data + 8 * i, 8);
    if (p.row_count) memcpy(rows + n, p.rows, p.row_count * sizeof *rows);
    qsort(rows, n + p.row_count, sizeof *rows, compare_rows);
    p.rows = rows;
    p.row_count += n;
    execution_proof_encode(&p, out);
    free(rows);
    execution_proof_free(&p);
    buffer_free(&junk);
    buffer_free(&good);
    sample_free(&sample);
}

static bool verify(struct bytes input)
{
    struct execution_proof p;
    struct light_report report;
    struct error e;
    if (!CHECK_EQUAL(execution_proof_decode(input, &p, &e), STATUS_OK)) return false;
    const enum status status = proof_verify_light(&p, NULL, &report, &e);
    execution_proof_free(&p);
    return status == STATUS_OK;
}

/* ---- validators -------------------------------------------------------------------------------------------------- */

/* Numbers of 32 bits, each of a validator. */
static void make_validators(unsigned n, struct buffer *out)
{
    for (uint32_t i = 0; i < n; i++) buffer_append(out, &i, sizeof i);
}

/* A state of these accounts. */
static void add_validators(struct trie *t, const struct account_balance *list, uint32_t count)
{
    const struct account a = {.form = ACCOUNT_V1, .amount = u128_of(5), .storage_usage = 182};
    struct trie_change *changes = calloc(count, sizeof *changes);
    struct buffer value = {0}, keys = {0};
    account_write(&a, &value);
    for (uint32_t i = 0; i < count; i++) {
        const struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, &list[i].account_id);
        trie_key_write(&key, &keys);
    }
    const size_t size = keys.size / count;
    for (uint32_t i = 0; changes && i < count; i++)
        changes[i] = (struct trie_change){bytes_of(keys.data + i * size, size), bytes_of(value.data, value.size), false};
    CHECK_EQUAL(trie_apply(t, changes, count, &t->root, NULL, NULL), STATUS_OK);
    free(changes);
    buffer_free(&value);
    buffer_free(&keys);
}

/* All of them are paid at the end of an epoch, in an old chunk. */
static bool pay(struct bytes input)
{
    const uint64_t shard = 0;
    const uint32_t count = (uint32_t)(input.size / sizeof(uint32_t));
    struct account_balance *list = calloc(count, sizeof *list);
    struct trie_store store = {0};
    struct trie state = {.store = &store};
    struct chunk_result result;
    for (uint32_t i = 0; list && i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "v%08x", (unsigned)load_le32(input.data + i * sizeof(uint32_t)));
        list[i].account_id = account_id_of(name);
    }
    add_validators(&state, list, count);
    const struct validator_accounts_update update = {list, count, list, count, list, count, false, {0}};
    const struct chunk chunk = {
        .parameters = parameters_of(PROTOCOL_VERSION_CURRENT), .protocol_version = PROTOCOL_VERSION_CURRENT,
        .shards = {.shard_ids = &shard, .shard_count = 1}, .validator_update = &update};
    struct contract_cache *contracts = contract_cache_new();
    const bool ok = apply_chunk(&chunk, &state, contracts, &result, NULL) == STATUS_OK;
    chunk_result_free(&result);
    contract_cache_free(contracts);
    trie_store_free(&store);
    free(list);
    return ok;
}

/* ---- quotes ------------------------------------------------------------------------------------------------------ */

static void make_cbor(unsigned n, struct buffer *out)
{
    cbor_write_map(out, n);
    for (unsigned i = 0; i < n; i++) {
        cbor_write_uint(out, i);
        cbor_write_array(out, 1);
        cbor_write_text(out, "x");
    }
}

static bool skip_cbor(struct bytes input)
{
    struct cbor_reader r = cbor_reader_of(input);
    cbor_skip(&r);
    return !r.failed;
}

static void make_der(unsigned n, struct buffer *out)
{
    for (unsigned i = 0; i < n; i++) buffer_append(out, "\x30\x03\x02\x01\x05", 5);
}

static bool read_der(struct bytes input)
{
    struct der_reader r = der_reader_of(input);
    while (der_more(&r)) {
        struct der_reader inner = der_inside(&r, der_read(&r, 0x30));
        der_read_small(&inner, 9);
    }
    return der_finish(&r, "the input", NULL) == STATUS_OK;
}

/* ---- symbols ----------------------------------------------------------------------------------------------------- */

static void make_parts(unsigned n, struct buffer *out)
{
    buffer_append_string(out, "_ZN");
    for (unsigned i = 0; i < n; i++) buffer_append_string(out, "1a");
    buffer_append_string(out, "Ev");
}

static void make_pointers(unsigned n, struct buffer *out)
{
    buffer_append_string(out, "_Z1f");
    for (unsigned i = 0; i < n; i++) buffer_append_byte(out, 'P');
    buffer_append_byte(out, 'i');
}

/* Each type twice what the one before is. */
static void make_substitutions(unsigned n, struct buffer *out)
{
    buffer_append_string(out, "_Z1fI1aS_E");
    for (unsigned i = 0; i < n; i++) buffer_append_string(out, "1bIS0_S0_E");
}

static void make_back_references(unsigned n, struct buffer *out)
{
    buffer_append_string(out, "_RINvC1a1fT");
    for (unsigned i = 0; i < n; i++) buffer_append_string(out, "TB9_B9_E");
    buffer_append_string(out, "EE");
}

static bool show_symbol(struct bytes input)
{
    struct buffer out = {0};
    const bool ok = demangle(input, &out);
    buffer_free(&out);
    return ok;
}

/* ---- measuring --------------------------------------------------------------------------------------------------- */

/* `accepted`: it is read to its end; the others are refused, for what is at their end or by a limit. */
static const struct family {
    const char *name;
    unsigned n;
    void (*make)(unsigned n, struct buffer *out);
    bool (*read)(struct bytes input);
    bool accepted;
} families[] = {
    {"a module's exports whose names collide", 1000, make_exports, load, true},
    {"blocks with a thousand results that are never reached", 500, make_low_blocks, load, true},
    {"the same, left on the stack", 500, make_high_blocks, load, false},
    {"a text whose names collide", 1000, make_text, assemble, true},
    {"JSON: members whose names collide", 1000, make_members, read_json, true},
    {"JSON: empty objects", 1000, make_empty_objects, read_json, true},
    {"JSON: escapes", 1000, make_escapes, read_json, true},
    {"rows of a partial state whose hashes collide", 1000, make_rows, add_rows, true},
    {"a proof with rows that nothing needs", 1000, make_proof, verify, false},
    {"a state file", 1000, make_state, read_state, true},
    {"validators that are paid", 100, make_validators, pay, true},
    {"CBOR", 1000, make_cbor, skip_cbor, true},
    {"DER", 1000, make_der, read_der, true},
    {"a symbol of many parts", 1000, make_parts, show_symbol, false},
    {"a symbol of pointers to pointers", 1000, make_pointers, show_symbol, false},
    {"a symbol that doubles itself", 1000, make_substitutions, show_symbol, false},
    {"a symbol of back references", 1000, make_back_references, show_symbol, false},
};

struct input_cost {
    uint64_t bytes, work, memory;
};

static struct input_cost cost_of(const struct family *f, unsigned n)
{
    struct buffer input = {0};
    f->make(n, &input);
    CHECK(!input.failed && input.size > 0);
    counted.edges = 0;
    counted.live = counted.most = 0;
    CHECK_EQUAL(f->read(bytes_of(input.data, input.size)), f->accepted);
    const struct input_cost c = {input.size, counted.edges, (uint64_t)counted.most};
    CHECK(counted.live == 0); /* nothing is lost */
    buffer_free(&input);
    return c;
}

/* n log n is linear enough: sixteen times as much input may cost 26 times as much, where a square costs 256. What is
 * less than the first 64 KiB, or some thousand steps, is noise. */
static bool grows_with(uint64_t first, uint64_t last, uint64_t noise, const struct input_cost *small,
                       const struct input_cost *large)
{
    return (double)last <= 1.6 * (double)(first + noise) * (double)large->bytes / (double)small->bytes;
}

static void measure(const struct family *f)
{
    struct input_cost costs[DOUBLINGS + 1];
    test_begin(f->name);
    for (unsigned i = 0; i <= DOUBLINGS; i++) costs[i] = cost_of(f, f->n << i);
    const struct input_cost *small = &costs[0], *large = &costs[DOUBLINGS];
    const bool memory = CHECK(grows_with(small->memory, large->memory, 1 << 16, small, large));
    const bool work = CHECK(grows_with(small->work, large->work, 4096, small, large));
    for (unsigned i = 0; i <= DOUBLINGS; i++)
        printf("  %8llu bytes: %10llu steps, %10llu bytes at once%s\n", (unsigned long long)costs[i].bytes,
               (unsigned long long)costs[i].work, (unsigned long long)costs[i].memory, memory && work ? "" : " (!)");
}

/* ---- a table of costs -------------------------------------------------------------------------------------------- */

static void print_cost(const struct family *f, unsigned n)
{
    struct buffer input = {0};
    struct timespec a, b;
    f->make(n, &input);
    counted.live = counted.most = 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    f->read(bytes_of(input.data, input.size));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    const double seconds = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) * 1e-9;
    printf(" %.1f ms, %.1f MB |", seconds * 1e3, (double)counted.most * 1e-6);
    buffer_free(&input);
}

/* As Markdown: what inputs of about 1 KB, 10 KB, ... 10 MB of each family cost. */
static void print_costs(void)
{
    printf("| input | 1 KB | 10 KB | 100 KB | 1 MB | 10 MB |\n|---|--:|--:|--:|--:|--:|\n");
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        const struct family *f = &families[i];
        struct buffer sample = {0};
        f->make(f->n, &sample);
        const double each = (double)sample.size / f->n;
        buffer_free(&sample);
        printf("| %s |", f->name);
        for (double size = 1e3; size < 2e7; size *= 10) print_cost(f, size < each ? 1 : (unsigned)(size / each));
        printf("\n");
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--costs") == 0) {
        print_costs();
        return 0;
    }
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) measure(&families[i]);
    test_begin("steps are counted");
    if (!counted.edges) test_skip("work", "this build does not count it: tests/linear.sh makes one that does");
    return test_end();
}
