#include "wat/symbols.h"

#include <stdlib.h>

void symbols_free(struct symbols *s)
{
    free(s->list);
    free(s->slots);
    *s = (struct symbols){0};
}

/* The slot that holds `name` or, if there is none, the free one where it belongs. */
static uint32_t find_slot(const struct symbols *s, struct bytes name)
{
    uint32_t mask = s->slot_count - 1;
    uint32_t i = (uint32_t)hash_bytes(name, &s->key) & mask;
    while (s->slots[i] && !bytes_equal(s->list[s->slots[i] - 1].name, name)) i = (i + 1) & mask;
    return i;
}

/* Keeps at least half of the slots free. */
static bool grow(struct symbols *s)
{
    if (s->count == s->capacity) {
        uint32_t capacity = s->capacity ? 2 * s->capacity : 32;
        struct symbol *list = realloc(s->list, capacity * sizeof *list);
        if (!list) return false;
        s->list = list;
        s->capacity = capacity;
    }
    if (2 * (s->count + 1) <= s->slot_count) return true;
    uint32_t slot_count = s->slot_count ? 2 * s->slot_count : 64;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots) return false;
    if (!s->slots) s->key = hash_key_new();
    free(s->slots);
    s->slots = slots;
    s->slot_count = slot_count;
    for (uint32_t i = 0; i < s->count; i++) s->slots[find_slot(s, s->list[i].name)] = i + 1;
    return true;
}

uint32_t symbols_find(const struct symbols *s, struct bytes name)
{
    if (s->slot_count == 0) return NO_SYMBOL;
    uint32_t slot = s->slots[find_slot(s, name)];
    return slot ? slot - 1 : NO_SYMBOL;
}

enum status symbols_intern(struct symbols *s, struct bytes name, uint32_t *out, struct error *e)
{
    *out = symbols_find(s, name);
    if (*out != NO_SYMBOL) return STATUS_OK;
    if (!grow(s)) return error_no_memory(e);
    struct symbol *symbol = &s->list[s->count];
    symbol->name = name;
    symbol->local_owner = UNBOUND;
    for (int i = 0; i < SPACES; i++) symbol->index[i] = UNBOUND;
    s->slots[find_slot(s, name)] = s->count + 1;
    *out = s->count++;
    return STATUS_OK;
}
