#include "tests/support/field_tree.h"

#include "base/borsh.h"

enum { DEEPEST = 40, ACCOUNT_SMALLEST = 2 };

struct reading {
    struct borsh_reader r;
    struct arena *arena;
    unsigned depth;
};

struct field_node *field_tree_new(struct arena *arena, const struct proof_field *f, enum proof_type type,
                                  enum field_node_kind kind, uint32_t count)
{
    struct field_node *n = arena_alloc(arena, sizeof *n);
    if (!n) return NULL;
    n->field = f;
    n->type = type;
    n->kind = kind;
    n->count = count;
    n->children = count ? arena_array(arena, count, sizeof(struct field_node *)) : NULL;
    if (!count || n->children) return n;
    return NULL;
}

struct field_node *field_tree_adopt(struct field_node *n, uint32_t i, struct field_node *child)
{
    if (!n || !child) return NULL;
    n->children[i] = child;
    child->parent = n;
    return n;
}

size_t field_tree_first(enum proof_type type, uint32_t *count)
{
    size_t first = 0, end;
    while (first < proof_field_count() && proof_field_at(first)->owner != type) first++;
    for (end = first; end < proof_field_count() && proof_field_at(end)->owner == type; end++) {}
    *count = (uint32_t)(end - first);
    return first;
}

static const struct proof_field *case_of(enum proof_type type, uint8_t tag)
{
    uint32_t count;
    const size_t first = field_tree_first(type, &count);
    for (size_t i = first; i < first + count; i++)
        if (proof_field_at(i)->tag == tag) return proof_field_at(i);
    return NULL;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static struct field_node *read_field(struct reading *x, const struct proof_field *f);

static struct field_node *read_scalar(struct reading *x, const struct proof_field *f, enum proof_type type)
{
    struct field_node *n = field_tree_new(x->arena, f, type, FIELD_SCALAR, 0);
    const size_t size = proof_scalar_size(type);
    if (!n) return NULL;
    n->bytes = size ? borsh_read_fixed(&x->r, size) : borsh_read_bytes(&x->r);
    return n;
}

static struct field_node *read_product(struct reading *x, const struct proof_field *f, enum proof_type type)
{
    uint32_t count;
    const size_t first = field_tree_first(type, &count);
    struct field_node *n = field_tree_new(x->arena, f, type, FIELD_PRODUCT, count);
    for (uint32_t i = 0; i < count && n; i++) n = field_tree_adopt(n, i, read_field(x, proof_field_at(first + i)));
    return n;
}

static struct field_node *read_sum(struct reading *x, const struct proof_field *f, enum proof_type type)
{
    struct field_node *n = field_tree_new(x->arena, f, type, FIELD_SUM, 1);
    const bool untagged = proof_type_sort(type) == PROOF_SORT_VERSIONED && x->r.end - x->r.p >= 2 && x->r.p[1] == 0;
    if (!n) return NULL;
    n->tag = untagged ? 0 : borsh_read_u8(&x->r);
    const struct proof_field *found = case_of(type, n->tag);
    return found && !x->r.failed ? field_tree_adopt(n, 0, read_field(x, found)) : NULL;
}

static struct field_node *read_type(struct reading *x, const struct proof_field *f, enum proof_type type)
{
    struct field_node *n = NULL;
    if (++x->depth < DEEPEST && !x->r.failed) {
        const enum proof_type_sort sort = proof_type_sort(type);
        n = sort == PROOF_SORT_SCALAR ? read_scalar(x, f, type) : sort == PROOF_SORT_PRODUCT ? read_product(x, f, type)
            : read_sum(x, f, type);
    }
    x->depth--;
    return x->r.failed ? NULL : n;
}

static struct field_node *read_list(struct reading *x, const struct proof_field *f)
{
    const uint32_t count = borsh_read_count(&x->r, 1);
    struct field_node *n = x->r.failed ? NULL : field_tree_new(x->arena, f, f->of, FIELD_SEVERAL, count);
    for (uint32_t i = 0; i < count && n; i++) n = field_tree_adopt(n, i, read_type(x, f, f->of));
    return n;
}

static struct field_node *read_nested(struct reading *x, const struct proof_field *f)
{
    const struct bytes piece = borsh_read_bytes(&x->r);
    struct reading inner = {borsh_reader_of(piece), x->arena, x->depth};
    struct field_node *n = field_tree_new(x->arena, f, f->of, FIELD_INSIDE, 1);
    if (x->r.failed || !n) return NULL;
    n = field_tree_adopt(n, 0, read_type(&inner, f, f->of));
    return inner.r.p == inner.r.end ? n : NULL;
}

static struct field_node *read_option(struct reading *x, const struct proof_field *f)
{
    const bool present = borsh_read_bool(&x->r);
    struct field_node *n = field_tree_new(x->arena, f, f->of, FIELD_MAYBE, present);
    return present && n ? field_tree_adopt(n, 0, read_type(x, f, f->of)) : n;
}

static struct field_node *read_field(struct reading *x, const struct proof_field *f)
{
    switch (f->shape) {
    case PROOF_FIELD_ONE: return read_type(x, f, f->of);
    case PROOF_FIELD_LIST: return read_list(x, f);
    case PROOF_FIELD_OPTION: return read_option(x, f);
    case PROOF_FIELD_NESTED: return read_nested(x, f);
    }
    return NULL;
}

struct field_node *field_tree_read(struct bytes input, struct arena *arena)
{
    struct reading x = {borsh_reader_of(input), arena, 0};
    struct field_node *n = read_type(&x, NULL, PROOF_TYPE_proof);
    return x.r.p == x.r.end ? n : NULL;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void write_children(const struct field_node *n, struct buffer *out)
{
    for (uint32_t i = 0; i < n->count; i++) field_tree_write(n->children[i], out);
}

void field_tree_write(const struct field_node *n, struct buffer *out)
{
    struct buffer inner = {0};
    switch (n->kind) {
    case FIELD_SCALAR:
        if (proof_scalar_size(n->type)) buffer_append(out, n->bytes.data, n->bytes.size);
        else borsh_write_bytes(out, n->bytes);
        return;
    case FIELD_PRODUCT: write_children(n, out); return;
    case FIELD_SUM:
        if (n->tag || proof_type_sort(n->type) == PROOF_SORT_SUM) borsh_write_u8(out, n->tag);
        write_children(n, out);
        return;
    case FIELD_SEVERAL:
        borsh_write_u32(out, n->count);
        write_children(n, out);
        return;
    case FIELD_MAYBE:
        borsh_write_bool(out, n->count != 0);
        write_children(n, out);
        return;
    case FIELD_INSIDE:
        write_children(n, &inner);
        borsh_write_bytes(out, bytes_of(inner.data, inner.size));
        out->failed |= inner.failed;
        buffer_free(&inner);
        return;
    }
}

/* ---- looking at it ----------------------------------------------------------------------------------------------- */

void field_tree_visit(struct field_node *n, void (*visit)(void *context, struct field_node *n), void *context)
{
    visit(context, n);
    for (uint32_t i = 0; i < n->count; i++) field_tree_visit(n->children[i], visit, context);
}

enum proof_field_class field_tree_class(const struct field_node *n, enum proof_level level)
{
    while (n->field && n->field->classes[level] == PROOF_FIELD_AS_WHOLE && n->parent) n = n->parent;
    return n->field ? n->field->classes[level] : PROOF_FIELD_INPUT;
}

bool field_tree_insert(struct field_node *n, uint32_t at, struct field_node *child, struct arena *arena)
{
    struct field_node **children = arena_array(arena, n->count + 1u, sizeof(struct field_node *));
    if (!children || !child) return false;
    for (uint32_t i = 0; i < n->count; i++) children[i + (i >= at)] = n->children[i];
    children[at] = child;
    child->parent = n;
    n->children = children;
    n->count++;
    return true;
}

/* ---- making nodes ------------------------------------------------------------------------------------------------ */

struct field_node *field_tree_copy(const struct field_node *n, struct arena *arena)
{
    struct field_node *copy = field_tree_new(arena, n->field, n->type, n->kind, n->count);
    if (!copy) return NULL;
    copy->tag = n->tag;
    copy->bytes = n->bytes;
    for (uint32_t i = 0; i < n->count && copy; i++)
        copy = field_tree_adopt(copy, i, field_tree_copy(n->children[i], arena));
    return copy;
}

static struct field_node *smallest_field(const struct proof_field *f, struct arena *arena)
{
    switch (f->shape) {
    case PROOF_FIELD_ONE: return field_tree_smallest(f, f->of, arena);
    case PROOF_FIELD_LIST: return field_tree_new(arena, f, f->of, FIELD_SEVERAL, 0);
    case PROOF_FIELD_OPTION: return field_tree_new(arena, f, f->of, FIELD_MAYBE, 0);
    case PROOF_FIELD_NESTED:
        return field_tree_adopt(field_tree_new(arena, f, f->of, FIELD_INSIDE, 1), 0,
                                field_tree_smallest(f, f->of, arena));
    }
    return NULL;
}

struct field_node *field_tree_smallest(const struct proof_field *f, enum proof_type type, struct arena *arena)
{
    static const uint8_t zeros[4096];
    const enum proof_type_sort sort = proof_type_sort(type);
    uint32_t count;
    const size_t first = field_tree_first(type, &count);
    if (sort == PROOF_SORT_SCALAR) {
        struct field_node *n = field_tree_new(arena, f, type, FIELD_SCALAR, 0);
        const size_t size = proof_scalar_size(type);
        if (n) n->bytes = type == PROOF_TYPE_ACCOUNT ? bytes_of("aa", ACCOUNT_SMALLEST) : bytes_of(zeros, size);
        return n;
    }
    if (sort != PROOF_SORT_PRODUCT) {
        struct field_node *n = field_tree_new(arena, f, type, FIELD_SUM, 1);
        if (n) n->tag = proof_field_at(first)->tag;
        return field_tree_adopt(n, 0, smallest_field(proof_field_at(first), arena));
    }
    struct field_node *n = field_tree_new(arena, f, type, FIELD_PRODUCT, count);
    for (uint32_t i = 0; i < count && n; i++)
        n = field_tree_adopt(n, i, smallest_field(proof_field_at(first + i), arena));
    return n;
}
