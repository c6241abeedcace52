/* Transactions and receipts with random cases and values. */
#include "tests/support/field_mutation.h"

enum { TAG_DELEGATE = 8, TAG_DELEGATE_V2 = 14 };

struct making {
    struct field_random *r;
    struct arena *arena;
    bool in_delegate; /* delegate actions hold no others */
};

static struct field_node *random_type(struct making *m, const struct proof_field *f, enum proof_type type);

/* One byte is a form or a mode, of which 0 always exists; the end of an ed25519 signature is zero. */
static struct field_node *random_scalar(struct making *m, const struct proof_field *f, enum proof_type type)
{
    static const char *const accounts[] = {"alice.near", "bob.near", "carol.near", "m.near", "zoe.near"};
    struct field_node *n = field_tree_new(m->arena, f, type, FIELD_SCALAR, 0);
    const size_t fixed = proof_scalar_size(type), size = fixed ? fixed : field_random_below(m->r, 12);
    uint8_t *p = arena_alloc(m->arena, size + 1);
    if (!n || !p) return NULL;
    if (type == PROOF_TYPE_ACCOUNT) {
        n->bytes = bytes_of_string(accounts[field_random_below(m->r, sizeof accounts / sizeof *accounts)]);
        return n;
    }
    const bool zero = type == PROOF_TYPE_U8 || type == PROOF_TYPE_BOOL || type == PROOF_TYPE_BYTES64;
    for (size_t i = 0; i < size && !zero; i++) p[i] = (uint8_t)('a' + field_random_below(m->r, 26));
    n->bytes = bytes_of(p, size);
    return n;
}

static struct field_node *random_field(struct making *m, const struct proof_field *f)
{
    const uint32_t count = f->shape == PROOF_FIELD_LIST ? field_random_below(m->r, 3) : field_random_below(m->r, 2);
    struct field_node *n;
    switch (f->shape) {
    case PROOF_FIELD_ONE: return random_type(m, f, f->of);
    case PROOF_FIELD_NESTED:
        return field_tree_adopt(field_tree_new(m->arena, f, f->of, FIELD_INSIDE, 1), 0, random_type(m, f, f->of));
    case PROOF_FIELD_LIST:
        /* entries of a state must rise */
        n = field_tree_new(m->arena, f, f->of, FIELD_SEVERAL, f->of == PROOF_TYPE_state_entry ? count / 2 : count);
        break;
    default: n = field_tree_new(m->arena, f, f->of, FIELD_MAYBE, count); break;
    }
    for (uint32_t i = 0; n && i < n->count; i++) n = field_tree_adopt(n, i, random_type(m, f, f->of));
    return n;
}

static struct field_node *random_case(struct making *m, const struct proof_field *f, enum proof_type type)
{
    uint32_t count;
    const size_t first = field_tree_first(type, &count);
    const struct proof_field *chosen = proof_field_at(first + field_random_below(m->r, count));
    const bool was = m->in_delegate;
    if (type == PROOF_TYPE_action && (chosen->tag == TAG_DELEGATE || chosen->tag == TAG_DELEGATE_V2)) {
        if (was) chosen = proof_field_at(first);
        m->in_delegate = true;
    }
    struct field_node *n = field_tree_new(m->arena, f, type, FIELD_SUM, 1);
    if (n) n->tag = chosen->tag;
    n = field_tree_adopt(n, 0, random_field(m, chosen));
    m->in_delegate = was;
    return n;
}

static struct field_node *random_type(struct making *m, const struct proof_field *f, enum proof_type type)
{
    uint32_t count;
    const size_t first = field_tree_first(type, &count);
    const enum proof_type_sort sort = proof_type_sort(type);
    if (sort == PROOF_SORT_SCALAR) return random_scalar(m, f, type);
    if (sort != PROOF_SORT_PRODUCT) return random_case(m, f, type);
    struct field_node *n = field_tree_new(m->arena, f, type, FIELD_PRODUCT, count);
    for (uint32_t i = 0; i < count && n; i++) n = field_tree_adopt(n, i, random_field(m, proof_field_at(first + i)));
    return n;
}

struct field_node *field_tree_random(const struct proof_field *f, enum proof_type type, struct field_random *r,
                                     struct arena *arena)
{
    struct making m = {r, arena, false};
    return random_type(&m, f, type);
}
