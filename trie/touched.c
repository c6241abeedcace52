#include <stdlib.h>

#include "trie/hash_table.h"
#include "trie/read.h"

enum status touched_add(struct trie_touched *t, const struct trie_hash *hash, struct error *e)
{
    if (hash_table_find(&t->seen, hash)) {
        t->cached++;
        return STATUS_OK;
    }
    enum status status = hash_table_reserve(&t->seen, 1, e);
    if (status != STATUS_OK) return status;
    struct trie_hash *copy = malloc(sizeof *copy);
    if (!copy) return error_no_memory(e);
    *copy = *hash;
    hash_table_insert(&t->seen, copy);
    t->touched++;
    return STATUS_OK;
}

void trie_touched_free(struct trie_touched *t)
{
    hash_table_free(&t->seen);
    *t = (struct trie_touched){0};
}
