#include <stdlib.h>

#include "base/compare.h"
#include "trie/hash_table.h"
#include "trie/read.h"
#include "trie/store.h"

/* A copy of a row: what is recorded outlives the store's row. */
struct recorded {
    struct trie_hash hash; /* first: hash_table.h */
    uint32_t size;
    uint8_t data[];
};

enum status recorder_add(struct trie_recorder *r, const struct trie_hash *hash, struct bytes row, struct error *e)
{
    r->bytes_read += row.size;
    if (hash_table_find(&r->rows, hash)) return STATUS_OK;
    enum status status = hash_table_reserve(&r->rows, 1, e);
    if (status != STATUS_OK) return status;
    struct recorded *copy = malloc(sizeof *copy + row.size);
    if (!copy) return error_no_memory(e);
    *copy = (struct recorded){*hash, (uint32_t)row.size};
    if (row.size) memcpy(copy->data, row.data, row.size);
    hash_table_insert(&r->rows, copy);
    r->size += row.size;
    r->upper_bound += row.size;
    return STATUS_OK;
}

void recorder_mark(struct trie_recorder *r, struct row *row)
{
    r->bytes_read += row->size;
    if (row->marks & r->mark) return;
    row->marks |= r->mark;
    r->marked_made += !row->given;
    r->size += row->size;
    r->upper_bound += row->size;
}

void recorder_count_written(struct trie_recorder *r, bool node, size_t size)
{
    if (node) r->nodes_written++;
    else r->values_written++;
    r->bytes_written += size;
}

void trie_recorder_expect(struct trie_recorder *r, uint64_t bytes)
{
    r->upper_bound = bytes > UINT64_MAX - r->upper_bound ? UINT64_MAX : r->upper_bound + bytes;
}

static int compare_rows(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

enum status trie_recorder_rows(const struct trie_recorder *r, struct bytes **rows, size_t *count, struct error *e)
{
    size_t position = 0, n = 0;
    *rows = NULL;
    *count = 0;
    if (!r->rows.count) return STATUS_OK;
    struct bytes *all = malloc(r->rows.count * sizeof *all);
    if (!all) return error_no_memory(e);
    for (const struct recorded *row; (row = hash_table_next(&r->rows, &position));)
        all[n++] = bytes_of(row->data, row->size);
    qsort(all, n, sizeof *all, compare_rows);
    *rows = all;
    *count = n;
    return STATUS_OK;
}

void trie_recorder_free(struct trie_recorder *r)
{
    hash_table_free(&r->rows);
    *r = (struct trie_recorder){0};
}
