#include "near/universal_state_init.h"

#include <stdlib.h>

#include "near/record_reader.h"

enum {
    MIN_ENTRY_SIZE = 8,        /* two empty strings */
    MIN_KEY_SIZE = 33,         /* a tag, and a key or its hash */
    SIZE_BEFORE_ENTRIES = 6,   /* version, no code, a count */
    SIZE_BEFORE_KEYS = 10,     /* and no entries, a count */
};

static int compare_bytes(struct bytes a, struct bytes b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    if (order) return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

/* By key, and entries of the same key in the order of the input: both point into it. */
static int compare_entries(const void *a, const void *b)
{
    const struct state_entry *x = a, *y = b;
    int order = compare_bytes(x->key, y->key);
    if (order) return order;
    return x->key.data < y->key.data ? -1 : x->key.data > y->key.data;
}

static int compare_keys(const void *a, const void *b)
{
    const struct public_key_handle *x = a, *y = b;
    if (x->tag != y->tag) return x->tag < y->tag ? -1 : 1;
    return memcmp(x->data, y->data, sizeof x->data);
}

/* Sorts what is not in rising order and drops what an equal one follows. Returns the new count. */
static size_t sort_unique(void *items, size_t count, size_t size, int (*compare)(const void *, const void *),
                          bool (*equal)(const void *, const void *), bool *canonical)
{
    unsigned char *bytes = items;
    bool rising = true;
    for (size_t i = 1; i < count && rising; i++) {
        const void *before = bytes + (i - 1) * size, *here = bytes + i * size;
        rising = compare(before, here) < 0 && !equal(before, here);
    }
    if (rising) return count;
    *canonical = false;
    qsort(items, count, size, compare);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && equal(bytes + i * size, bytes + (i + 1) * size)) continue;
        memmove(bytes + kept * size, bytes + i * size, size);
        kept++;
    }
    return kept;
}

static bool entries_equal(const void *a, const void *b)
{
    return bytes_equal(((const struct state_entry *)a)->key, ((const struct state_entry *)b)->key);
}

static bool keys_equal(const void *a, const void *b)
{
    return compare_keys(a, b) == 0;
}

static void read_entries(struct record_reader *r, struct universal_state_init *init)
{
    uint32_t count = borsh_read_count(&r->borsh, MIN_ENTRY_SIZE);
    struct state_entry *entries = record_array(r, count, sizeof *entries);
    if (!entries) return;
    for (uint32_t i = 0; i < count && !r->borsh.failed; i++) {
        entries[i].key = borsh_read_bytes(&r->borsh);
        entries[i].value = borsh_read_bytes(&r->borsh);
    }
    if (r->borsh.failed) return;
    init->entries = entries;
    init->entry_count = sort_unique(entries, count, sizeof *entries, compare_entries, entries_equal, &init->canonical);
}

static void read_keys(struct record_reader *r, struct universal_state_init *init)
{
    uint32_t count = borsh_read_count(&r->borsh, MIN_KEY_SIZE);
    struct public_key_handle *keys = record_array(r, count, sizeof *keys);
    if (!keys) return;
    for (uint32_t i = 0; i < count && !r->borsh.failed; i++) keys[i] = record_key_handle(r);
    if (r->borsh.failed) return;
    init->keys = keys;
    init->key_count = sort_unique(keys, count, sizeof *keys, compare_keys, keys_equal, &init->canonical);
}

enum status universal_state_init_from_borsh(struct bytes input, struct arena *arena, struct universal_state_init *out,
                                            struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    struct universal_state_init init = {.canonical = true};
    if (borsh_read_u8(&r.borsh) != 0) record_reject(&r, 1, "version 0 of a universal state init");
    init.has_code = borsh_read_bool(&r.borsh);
    if (init.has_code) init.code = global_contract_id_read(&r);
    read_entries(&r, &init);
    read_keys(&r, &init);
    enum status status = record_finish(&r, "universal state init", e);
    if (status == STATUS_OK) *out = init;
    return status;
}

/* ---- without memory ---------------------------------------------------------------------------------------------- */

static uint32_t scan_entries(struct record_reader *r, bool *rising)
{
    uint32_t count = borsh_read_count(&r->borsh, MIN_ENTRY_SIZE);
    struct bytes before = {0};
    for (uint32_t i = 0; i < count && !r->borsh.failed; i++) {
        struct bytes key = borsh_read_bytes(&r->borsh);
        borsh_read_bytes(&r->borsh);
        if (i && compare_bytes(before, key) >= 0) *rising = false;
        before = key;
    }
    return count;
}

static uint32_t scan_keys(struct record_reader *r, bool *rising)
{
    uint32_t count = borsh_read_count(&r->borsh, MIN_KEY_SIZE);
    struct public_key_handle before = {0};
    for (uint32_t i = 0; i < count && !r->borsh.failed; i++) {
        struct public_key_handle key = record_key_handle(r);
        if (i && compare_keys(&before, &key) >= 0) *rising = false;
        before = key;
    }
    return count;
}

enum universal_state_init_form universal_state_init_scan(struct bytes input, struct universal_state_init_counts *out)
{
    struct record_reader r = record_reader_of(input, NULL);
    bool rising = true;
    if (borsh_read_u8(&r.borsh) != 0) record_reject(&r, 1, "version 0 of a universal state init");
    if (borsh_read_bool(&r.borsh)) global_contract_id_read(&r);
    uint32_t entries = scan_entries(&r, &rising), keys = scan_keys(&r, &rising);
    if (record_finish(&r, "universal state init", NULL) != STATUS_OK) return UNIVERSAL_STATE_INIT_MALFORMED;
    *out = (struct universal_state_init_counts){input.size, entries, keys};
    return rising ? UNIVERSAL_STATE_INIT_CANONICAL : UNIVERSAL_STATE_INIT_NOT_CANONICAL;
}

enum status universal_state_init_count(struct bytes input, struct universal_state_init_counts *out, struct error *e)
{
    struct arena arena = {0};
    struct universal_state_init init = {0};
    struct universal_state_init_counts counts = {.num_bytes = input.size};
    enum status status = STATUS_OK;
    if (universal_state_init_scan(input, &counts) == UNIVERSAL_STATE_INIT_NOT_CANONICAL) {
        /* What is there twice counts once. */
        status = universal_state_init_from_borsh(input, &arena, &init, e);
        counts.num_entries = init.entry_count;
        counts.num_keys = init.key_count;
        arena_free(&arena);
    }
    if (status == STATUS_OK) *out = counts;
    return status;
}

static uint64_t divide_up(uint64_t number, uint64_t before, uint64_t size)
{
    uint64_t rest = number > before ? number - before : 0;
    return rest / size + (rest % size != 0);
}

struct universal_state_init_counts universal_state_init_counts_bound(uint64_t num_bytes)
{
    return (struct universal_state_init_counts){
        .num_bytes = num_bytes,
        .num_entries = divide_up(num_bytes, SIZE_BEFORE_ENTRIES, MIN_ENTRY_SIZE),
        .num_keys = divide_up(num_bytes, SIZE_BEFORE_KEYS, MIN_KEY_SIZE),
    };
}
