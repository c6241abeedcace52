#include "vm/suspend_layout.h"

#include <stdlib.h>

#include "base/array.h"

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_keys(const struct layout_key *a, const struct layout_key *b)
{
    int order = compare_numbers(a->body, b->body);
    if (!order) order = compare_numbers(a->exact, b->exact);
    if (!order) order = compare_numbers(a->kind, b->kind);
    return order ? order : compare_numbers(a->place, b->place);
}

static int compare_items(const void *a, const void *b)
{
    return compare_keys(&((const struct frame_layout *)a)->key, &((const struct frame_layout *)b)->key);
}

bool layouts_want(struct layouts *l, struct layout_key key, uint32_t most)
{
    /* a recursion stands at one place again and again */
    if (l->count && compare_keys(&l->items[l->count - 1].key, &key) == 0) {
        if (most > l->items[l->count - 1].most) l->items[l->count - 1].most = most;
        return true;
    }
    if (!array_grow(&l->items, l->count, &l->capacity, sizeof *l->items)) return false;
    l->items[l->count++] = (struct frame_layout){.key = key, .most = most};
    return true;
}

static void sort_items(struct layouts *l)
{
    uint32_t n = 0;
    if (l->count) qsort(l->items, l->count, sizeof *l->items, compare_items);
    for (uint32_t i = 0; i < l->count; i++) {
        if (n && compare_keys(&l->items[n - 1].key, &l->items[i].key) == 0) {
            if (l->items[i].most > l->items[n - 1].most) l->items[n - 1].most = l->items[i].most;
        } else {
            l->items[n++] = l->items[i];
        }
    }
    l->count = n;
}

static struct frame_layout *find_item(const struct layouts *l, const struct layout_key *key)
{
    const struct frame_layout wanted = {.key = *key};
    return l->count ? bsearch(&wanted, l->items, l->count, sizeof *l->items, compare_items) : NULL;
}

const struct frame_layout *layouts_get(const struct layouts *l, struct layout_key key)
{
    const struct frame_layout *f = find_item(l, &key);
    return f && f->found ? f : NULL;
}

/* One translation of one function. */
struct layout_pass {
    struct layouts *layouts;
    struct layout_key key;         /* body and exact */
    struct body_layout *body;
    bool failed;
};

static void note_point(void *user, const struct translator *t, const struct translate_point *p)
{
    struct layout_pass *pass = user;
    struct layout_key key = pass->key;
    key.kind = (uint8_t)p->kind;
    key.place = pass->layouts->by_offset ? p->offset : p->position;
    struct frame_layout *f = find_item(pass->layouts, &key);
    if (!f) return;
    /* the same charge, seen again behind instructions that cost nothing */
    if (f->found && f->position == p->position) return;
    f->found = true;
    f->position = p->position;
    f->offset = p->offset;
    f->next = p->next;
    f->callee = p->callee;
    f->type = p->type;
    f->results = p->results;
    f->height = t->height;
    f->entries = NULL;
    f->body = pass->body;
    if (f->height - f->results > f->most) return;
    struct entry *entries = arena_array(&pass->layouts->arena, f->height, sizeof *entries);
    if (entries && f->height) memcpy(entries, t->stack, f->height * sizeof *entries);
    f->entries = entries;
    pass->failed |= !entries;
}

static bool describe_body(struct layout_pass *pass, const struct translator *t)
{
    const struct body *b = t->body;
    uint8_t *types = arena_alloc(&pass->layouts->arena, b->locals);
    if (!types) return false;
    if (b->locals) memcpy(types, t->local_types, b->locals);
    *pass->body = (struct body_layout){b, t->header, t->home, t->pinned_ints, t->pinned_floats, t->frame_bytes, types};
    return true;
}

/* The places of one function's code, which begin at `first`; *next is behind them. */
static bool find_in_body(struct layouts *l, struct translator *t, uint32_t first, uint32_t *next)
{
    struct layout_pass pass = {.layouts = l, .key = l->items[first].key};
    const struct translate_watch watch = {note_point, &pass};
    pass.body = arena_alloc(&l->arena, sizeof *pass.body);
    for (*next = first; *next < l->count; ++*next) {
        const struct layout_key *k = &l->items[*next].key;
        if (k->body != pass.key.body || k->exact != pass.key.exact) break;
    }
    if (!pass.body) return false;
    return translate_watched(t, &l->module->bodies[pass.key.body], pass.key.exact, &watch) && !pass.failed &&
           describe_body(&pass, t);
}

bool layouts_find(struct layouts *l)
{
    struct translator *t = translator_new(l->module);
    bool ok = t != NULL;
    sort_items(l);
    for (uint32_t i = 0; ok && i < l->count;) ok = find_in_body(l, t, i, &i);
    translator_free(t);
    return ok;
}

void layouts_free(struct layouts *l)
{
    free(l->items);
    arena_free(&l->arena);
    *l = (struct layouts){0};
}
