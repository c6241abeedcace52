#include "tests/support/field_mutation.h"

#include "proof/execution_proof.h"

uint64_t field_random_next(struct field_random *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint32_t field_random_below(struct field_random *r, uint32_t n)
{
    return n > 1 ? (uint32_t)(field_random_next(r) >> 32) % n : 0;
}

/* ---- scalars ----------------------------------------------------------------------------------------------------- */

static uint8_t *own_bytes(struct field_node *n, size_t size, struct arena *arena)
{
    uint8_t *copy = arena_alloc(arena, size ? size : 1);
    const size_t kept = n->bytes.size < size ? n->bytes.size : size;
    if (!copy) return NULL;
    if (kept) memcpy(copy, n->bytes.data, kept);
    n->bytes = bytes_of(copy, size);
    return copy;
}

static void add(uint8_t *number, size_t size, uint8_t step)
{
    for (size_t i = 0; i < size; i++) {
        const uint8_t before = number[i];
        number[i] = (uint8_t)(before + step);
        if (step == 1 ? number[i] != 0 : before != 0) return; /* nothing is carried */
    }
}

static void fill_random(uint8_t *p, size_t size, struct field_random *r)
{
    for (size_t i = 0; i < size; i++) p[i] = (uint8_t)field_random_next(r);
}

/* Little-endian numbers and hashes. */
static bool mutate_fixed(struct field_node *n, struct field_random *r, struct arena *arena)
{
    const size_t size = n->bytes.size;
    uint8_t *p = own_bytes(n, size, arena);
    if (!p || size == 0) return false;
    switch (field_random_below(r, 8)) {
    case 0: add(p, size, 1); break;
    case 1: add(p, size, 0xff); break;
    case 2: memset(p, 0, size); break;
    case 3: memset(p, 0xff, size); break;
    case 4: fill_random(p, size, r); break;
    case 5: memset(p, 0, size), p[0] = (uint8_t)(1 + field_random_below(r, 4)); break;
    case 6: p[size - 1] ^= 0x80; break;
    default: p[field_random_below(r, (uint32_t)size)] ^= (uint8_t)(1u << field_random_below(r, 8)); break;
    }
    return true;
}

static bool mutate_bytes(struct field_node *n, struct field_random *r, struct arena *arena)
{
    const size_t size = n->bytes.size, more = 1 + field_random_below(r, 8);
    uint8_t *p;
    switch (field_random_below(r, 6)) {
    case 0: n->bytes.size = 0; return true;
    case 1: n->bytes.size = size ? field_random_below(r, (uint32_t)size) : 0; return true;
    case 2:
        p = own_bytes(n, size + more, arena);
        if (p) fill_random(p + size, more, r);
        return p != NULL;
    case 3:
        p = own_bytes(n, size + more, arena);
        if (p) memset(p + size, 'x', more);
        return p != NULL;
    case 4:
        p = own_bytes(n, size, arena);
        if (p && size) p[field_random_below(r, (uint32_t)size)] = (uint8_t)('a' + field_random_below(r, 26));
        return p != NULL;
    default:
        p = own_bytes(n, size, arena);
        if (p && size) p[field_random_below(r, (uint32_t)size)] ^= (uint8_t)(1u << field_random_below(r, 8));
        return p != NULL;
    }
}

static bool mutate_account(struct field_node *n, struct field_random *r, struct arena *arena)
{
    static const char *const names[] = {"system", "alice.near", "bob.near", "carol.near", "near", "aa", "zz.test",
                                        "0s0000000000000000000000000000000000000000", ""};
    if (field_random_below(r, 2)) return mutate_bytes(n, r, arena);
    n->bytes = bytes_of_string(names[field_random_below(r, sizeof names / sizeof *names)]);
    return true;
}

static bool mutate_scalar(struct field_node *n, struct field_random *r, struct arena *arena)
{
    uint8_t *p;
    switch (n->type) {
    case PROOF_TYPE_BOOL:
        p = own_bytes(n, 1, arena);
        if (p) p[0] = field_random_below(r, 8) ? !p[0] : 2;
        return p != NULL;
    case PROOF_TYPE_ACCOUNT: return mutate_account(n, r, arena);
    case PROOF_TYPE_TEXT:
    case PROOF_TYPE_BYTES: return mutate_bytes(n, r, arena);
    default: return mutate_fixed(n, r, arena);
    }
}

/* ---- lists, options, cases --------------------------------------------------------------------------------------- */

static void take_out(struct field_node *n, uint32_t at)
{
    for (uint32_t i = at; i + 1 < n->count; i++) n->children[i] = n->children[i + 1];
    n->count--;
}

static bool mutate_list(struct field_node *n, struct field_random *r, struct arena *arena)
{
    const uint32_t a = field_random_below(r, n->count), b = field_random_below(r, n->count);
    if (n->count == 0) return field_tree_insert(n, 0, field_tree_smallest(n->field, n->type, arena), arena);
    struct field_node *const first = n->children[a];
    switch (field_random_below(r, 6)) {
    case 0: take_out(n, a); return true;
    case 1: n->count--; return true;
    case 2: return field_tree_insert(n, b, field_tree_copy(first, arena), arena);
    case 3: n->children[a] = n->children[b], n->children[b] = first; return true;
    case 4: return field_tree_insert(n, n->count, field_tree_smallest(n->field, n->type, arena), arena);
    default: n->count = 0; return true;
    }
}

static bool mutate_option(struct field_node *n, struct arena *arena)
{
    if (n->count == 0) return field_tree_insert(n, 0, field_tree_smallest(n->field, n->type, arena), arena);
    n->count = 0;
    return true;
}

/* Another case, as small as it can be; now and then one that does not exist. */
static bool mutate_case(struct field_node *n, struct field_random *r, struct arena *arena)
{
    uint32_t count;
    const size_t first = field_tree_first(n->type, &count);
    if (count == 0) return false;
    const struct proof_field *chosen = proof_field_at(first + field_random_below(r, count));
    struct field_node *child = field_tree_smallest(chosen, chosen->of, arena);
    if (!child) return false;
    n->tag = field_random_below(r, 16) ? chosen->tag : (uint8_t)field_random_next(r);
    n->count = 0;
    return field_tree_insert(n, 0, child, arena);
}

bool field_mutate(struct field_node *n, struct field_random *r, struct arena *arena)
{
    switch (n->kind) {
    case FIELD_SCALAR: return mutate_scalar(n, r, arena);
    case FIELD_SUM: return mutate_case(n, r, arena);
    case FIELD_SEVERAL: return mutate_list(n, r, arena);
    case FIELD_MAYBE: return mutate_option(n, arena);
    case FIELD_PRODUCT:
    case FIELD_INSIDE: break;
    }
    return false;
}

/* ---- choosing ---------------------------------------------------------------------------------------------------- */

struct choosing {
    const struct proof_field *wanted; /* null: count by field */
    uint32_t *counts;
    uint32_t skip;
    struct field_node *found;
};

static bool changes(const struct field_node *n)
{
    return n->kind != FIELD_PRODUCT && n->kind != FIELD_INSIDE;
}

static void count_node(void *context, struct field_node *n)
{
    struct choosing *c = context;
    if (changes(n)) c->counts[n->field - proof_field_at(0)]++;
}

static void find_node(void *context, struct field_node *n)
{
    struct choosing *c = context;
    if (c->found || !changes(n) || n->field != c->wanted) return;
    if (c->skip-- == 0) c->found = n;
}

struct field_node *field_choose(struct field_node *root, struct field_random *r, struct arena *arena)
{
    struct choosing c = {.counts = arena_array(arena, proof_field_count(), sizeof *c.counts)};
    uint32_t kinds = 0;
    if (!c.counts) return NULL;
    field_tree_visit(root, count_node, &c);
    for (size_t i = 0; i < proof_field_count(); i++) kinds += c.counts[i] != 0;
    uint32_t which = field_random_below(r, kinds);
    for (size_t i = 0; i < proof_field_count() && !c.wanted; i++)
        if (c.counts[i] && which-- == 0) {
            c.wanted = proof_field_at(i);
            c.skip = field_random_below(r, c.counts[i]);
        }
    if (c.wanted) field_tree_visit(root, find_node, &c);
    return c.found;
}

/* ---- repairing --------------------------------------------------------------------------------------------------- */

#define WRITABLE(type, pointer) ((type *)(uintptr_t)(pointer))

static bool is_of(const struct field_node *n, enum proof_type owner, const char *name)
{
    return n->field && n->field->owner == owner && (!name || strcmp(n->field->name, name) == 0);
}

unsigned field_repairs(const struct field_node *changed)
{
    unsigned all = REPAIR_DIGEST | REPAIR_OUTCOMES | REPAIR_COUNTERS;
    if (is_of(changed, PROOF_TYPE_proof, "code_hashes")) all |= REPAIR_CODES;
    if (is_of(changed, PROOF_TYPE_proof, "digest")) return 0;
    if (is_of(changed, PROOF_TYPE_path_item, NULL) || is_of(changed, PROOF_TYPE_outcome, "path") ||
        is_of(changed, PROOF_TYPE_block, "outcome_root"))
        all &= ~(unsigned)REPAIR_OUTCOMES;
    if (is_of(changed, PROOF_TYPE_proof, "keys_set") || is_of(changed, PROOF_TYPE_proof, "keys_removed") ||
        is_of(changed, PROOF_TYPE_proof, "bytes_set"))
        all &= ~(unsigned)REPAIR_COUNTERS;
    return all;
}

static bool repair_path(struct execution_proof *p, struct proof_outcome *o, const struct merkle_levels *tree,
                        uint32_t i)
{
    struct merkle_path path = {0};
    struct buffer out = {0};
    const bool found = merkle_levels_path(tree, i, &path);
    if (found) merkle_path_write(&path, &out);
    uint8_t *copy = found && !out.failed ? arena_alloc(&p->arena, out.size) : NULL;
    if (copy) {
        memcpy(copy, out.data, out.size);
        o->path = bytes_of(copy, out.size);
    }
    buffer_free(&out);
    return copy != NULL;
}

static bool repair_outcomes(struct execution_proof *p, struct proof_block *b)
{
    struct crypto_hash *leaves = arena_array(&p->arena, b->outcome_count, sizeof *leaves);
    struct merkle_levels tree;
    bool ok = leaves != NULL;
    for (uint32_t i = 0; i < b->outcome_count && ok; i++)
        ok = outcome_leaf(&b->outcomes[i].outcome, &leaves[i], NULL) == STATUS_OK;
    ok = ok && merkle_levels_of(leaves, b->outcome_count, &p->arena, &tree);
    if (ok) b->outcome_root = merkle_levels_root(&tree);
    for (uint32_t i = 0; i < b->outcome_count && ok; i++)
        ok = repair_path(p, WRITABLE(struct proof_outcome, &b->outcomes[i]), &tree, i);
    return ok;
}

static void repair_counters(struct execution_proof *p)
{
    struct proof_counters *c = &p->counters;
    c->keys_set = c->keys_removed = c->bytes_set = 0;
    for (uint32_t i = 0; i < p->change_count; i++) {
        if (p->changes[i].is) c->keys_set++, c->bytes_set += p->changes[i].new_value.length;
        else c->keys_removed++;
    }
}

static void seal(struct buffer *b)
{
    const size_t size = b->size - CRYPTO_HASH_SIZE;
    const struct crypto_hash digest = crypto_hash_of(bytes_of(b->data, size));
    memcpy(b->data + size, digest.bytes, sizeof digest.bytes);
}

static bool repair(struct execution_proof *p, unsigned repairs)
{
    bool ok = true;
    if (repairs & REPAIR_COUNTERS) repair_counters(p);
    for (uint32_t i = 0; i < p->block_count && ok && repairs & REPAIR_OUTCOMES; i++)
        ok = repair_outcomes(p, WRITABLE(struct proof_block, &p->blocks[i]));
    return ok;
}

/* A code for each hash, left out: with its bytes another hash is refused at once. */
static bool repair_codes(struct field_node *root, struct arena *arena)
{
    struct field_node *hashes = NULL, *codes = NULL;
    for (uint32_t i = 0; i < root->count; i++) {
        if (is_of(root->children[i], PROOF_TYPE_proof, "code_hashes")) hashes = root->children[i];
        if (is_of(root->children[i], PROOF_TYPE_proof, "codes")) codes = root->children[i];
    }
    if (!hashes || !codes) return false;
    codes->count = 0;
    for (uint32_t i = 0; i < hashes->count; i++)
        if (!field_tree_insert(codes, 0, field_tree_smallest(codes->field, codes->type, arena), arena)) return false;
    return true;
}

bool proof_repaired(struct field_node *root, unsigned repairs, struct arena *arena, struct buffer *out)
{
    struct execution_proof p;
    struct buffer again = {0};
    struct error e = {0};
    out->size = 0;
    if (repairs & REPAIR_CODES && !repair_codes(root, arena)) return false;
    field_tree_write(root, out);
    if (out->failed || out->size < CRYPTO_HASH_SIZE) return !out->failed;
    if (repairs & REPAIR_DIGEST) seal(out);
    if (!(repairs & (REPAIR_OUTCOMES | REPAIR_COUNTERS))) return true;
    if (execution_proof_decode(bytes_of(out->data, out->size), &p, &e) != STATUS_OK) return true;
    const bool ok = repair(&p, repairs);
    if (ok) execution_proof_encode(&p, &again);
    execution_proof_free(&p);
    if (!ok || again.failed) {
        buffer_free(&again);
        return false;
    }
    buffer_free(out);
    *out = again;
    return true;
}
