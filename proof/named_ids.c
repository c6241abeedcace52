#include "proof/named_ids.h"

#include <stdlib.h>

bool names_begin(struct names *n, size_t most)
{
    *n = (struct names){calloc(most ? most : 1, sizeof *n->items), 0};
    return n->items != NULL;
}

void names_free(struct names *n)
{
    free(n->items);
    *n = (struct names){0};
}

void names_add(struct names *n, const struct crypto_hash *id, unsigned mention, uint32_t block, uint32_t index)
{
    n->items[n->count++] = (struct named){id, mention, block, index};
}

static int compare(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    const int order = memcmp(x->id->bytes, y->id->bytes, sizeof x->id->bytes);
    if (order) return order;
    if (x->mention != y->mention) return x->mention < y->mention ? -1 : 1;
    if (x->block != y->block) return x->block < y->block ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

void names_sort(struct names *n)
{
    qsort(n->items, n->count, sizeof *n->items, compare);
}
