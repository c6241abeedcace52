#include "trie/hash_table.h"
#include "trie/store.h"

void trie_store_init_partial(struct trie_store *s)
{
    *s = (struct trie_store){.partial = true};
}

enum status trie_partial_add(struct trie_store *s, struct bytes row, bool *added, struct error *e)
{
    struct row *r;
    if (!s->partial)
        return error_set(e, STATUS_USAGE, TRIE_NOT_PARTIAL, ERROR_NO_OFFSET, "rows are added to partial stores alone");
    enum status status = hash_table_reserve(&s->rows, 1, e);
    if (status == STATUS_OK) status = row_new(row, false, &r, e);
    if (status == STATUS_OK) store_add(s, r, added)->given = true;
    return status;
}
