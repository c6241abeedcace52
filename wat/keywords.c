#include "wat/keywords.h"

#include "base/hash.h"

/* A bare table of numbers and names; nothing of the engine comes with it. */
static const struct instruction instructions[] = {
#define X(opcode, name, text, immediate, p1, p2, result, effect, feature) \
    {text, sizeof(text) - 1, IMMEDIATE_##immediate, opcode},
#include "vm/opcodes.def"
#undef X
};
enum { INSTRUCTION_COUNT = sizeof instructions / sizeof *instructions };
_Static_assert(INSTRUCTION_COUNT < 255, "a slot holds a place in the list in one byte");

static const char *const keywords[] = {
#define X(word) word,
#include "wat/keywords.def"
#undef X
};

/* The slot of that name, or the free one where it belongs. */
static uint32_t find_slot(const struct instruction_table *t, const char *name, size_t size)
{
    static const struct hash_key key = {0}; /* what is in the table is ours */
    uint32_t i = (uint32_t)hash_bytes(bytes_of(name, size), &key) % INSTRUCTION_SLOTS;
    for (; t->slots[i]; i = (i + 1) % INSTRUCTION_SLOTS) {
        const struct instruction *it = &instructions[t->slots[i] - 1];
        if (it->size == size && memcmp(it->name, name, size) == 0) break;
    }
    return i;
}

void instruction_table_init(struct instruction_table *t)
{
    memset(t, 0, sizeof *t);
    for (uint32_t i = 0; i < INSTRUCTION_COUNT; i++) {
        uint32_t slot = find_slot(t, instructions[i].name, instructions[i].size);
        /* "select" has two opcodes; the first one, without types, stands for both. */
        if (!t->slots[slot]) t->slots[slot] = (uint8_t)(i + 1);
    }
}

const struct instruction *instruction_find(const struct instruction_table *t, const char *name, size_t size)
{
    uint8_t slot = t->slots[find_slot(t, name, size)];
    return slot ? &instructions[slot - 1] : NULL;
}

bool is_keyword(const char *word, size_t size)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strlen(keywords[i]) == size && memcmp(keywords[i], word, size) == 0) return true;
    return false;
}
