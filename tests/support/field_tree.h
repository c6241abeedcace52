/* The encoding of an execution proof as a tree, read and written by the table of its fields alone (proof/fields.def):
 * a second view of the format, independent of the codec, whose nodes can be changed one by one. */
#ifndef TESTS_SUPPORT_FIELD_TREE_H
#define TESTS_SUPPORT_FIELD_TREE_H

#include "base/arena.h"
#include "proof/fields.h"

enum field_node_kind {
    FIELD_SCALAR,  /* `bytes` */
    FIELD_PRODUCT, /* children: its fields */
    FIELD_SUM,     /* tag, one child */
    FIELD_SEVERAL, /* a list: children: its elements */
    FIELD_MAYBE,   /* an option: no child or one */
    FIELD_INSIDE,  /* nested: one child */
};

struct field_node {
    const struct proof_field *field;   /* what it is, or is in; null: the whole */
    enum proof_type type;              /* of the scalar, the structure, the element */
    enum field_node_kind kind;
    struct field_node *parent;
    struct bytes bytes;                /* FIELD_SCALAR: without its length */
    uint8_t tag;
    struct field_node **children;
    uint32_t count;
};

/* Null: the bytes are not what the table says, or there is no memory. `input` must stay; the rest is in the arena. */
struct field_node *field_tree_read(struct bytes input, struct arena *arena);
void field_tree_write(const struct field_node *n, struct buffer *out);

/* Calls `visit` for each node, the root first. */
void field_tree_visit(struct field_node *n, void (*visit)(void *context, struct field_node *n), void *context);

/* A copy, with all below. Null: no memory. */
struct field_node *field_tree_copy(const struct field_node *n, struct arena *arena);
/* The smallest value of the type: numbers 0, nothing in lists. Null: no memory. */
struct field_node *field_tree_smallest(const struct proof_field *f, enum proof_type type, struct arena *arena);

/* Puts a child into a list or option, before the element `at`. False: no memory. */
bool field_tree_insert(struct field_node *n, uint32_t at, struct field_node *child, struct arena *arena);
/* A node of that field with room for `count` children, which are to be set by field_tree_adopt. Null: no memory. */
struct field_node *field_tree_new(struct arena *arena, const struct proof_field *f, enum proof_type type,
                                  enum field_node_kind kind, uint32_t count);
/* Sets a child; null if one of the two is null. */
struct field_node *field_tree_adopt(struct field_node *n, uint32_t i, struct field_node *child);
/* The fields of a structure: the index of the first one, and how many there are. */
size_t field_tree_first(enum proof_type type, uint32_t *count);

/* What a verdict of the level says of the node: for fields of transactions and receipts what it says of these. */
enum proof_field_class field_tree_class(const struct field_node *n, enum proof_level level);

#endif
