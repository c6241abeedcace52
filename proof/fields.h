/* The table of all fields of an execution proof (fields.def): how each is encoded, and what a verified verdict says of
 * it at each level. */
#ifndef PROOF_FIELDS_H
#define PROOF_FIELDS_H

#include "base/bytes.h"

enum proof_level {
#define LEVEL(name, title, sentence) PROOF_LEVEL_##name,
#include "proof/levels.def"
    PROOF_LEVEL_COUNT,
};

/* See fields.def. */
enum proof_field_class {
    PROOF_FIELD_INPUT,
    PROOF_FIELD_DERIVED,
    PROOF_FIELD_VOUCHED,
    PROOF_FIELD_UNCOVERED,
    PROOF_FIELD_AS_WHOLE,
};
enum proof_field_shape { PROOF_FIELD_ONE, PROOF_FIELD_LIST, PROOF_FIELD_OPTION, PROOF_FIELD_NESTED };
enum proof_statement_kind { PROOF_STATEMENT_ANY, PROOF_STATEMENT_BLOCKS };

/* Scalars first, then structures. */
enum proof_type {
#define SCALAR(name, text, size) PROOF_TYPE_##name,
#include "proof/fields.def"
    PROOF_SCALAR_COUNT,
    PROOF_TYPE_BEFORE_STRUCTURES = PROOF_SCALAR_COUNT - 1,
#define TYPE(name, sort) PROOF_TYPE_##name,
#include "proof/fields.def"
    PROOF_TYPE_COUNT,
};
enum proof_type_sort { PROOF_SORT_SCALAR, PROOF_SORT_PRODUCT, PROOF_SORT_SUM, PROOF_SORT_VERSIONED };

struct proof_field {
    enum proof_type owner;
    uint8_t tag;
    const char *name;
    enum proof_field_shape shape;
    enum proof_type of;
    enum proof_statement_kind statement;
    enum proof_field_class classes[PROOF_LEVEL_COUNT];
    const char *json; /* "": no member of its own */
    const char *by;
};

size_t proof_field_count(void);
/* `index` is below proof_field_count. */
const struct proof_field *proof_field_at(size_t index);

enum proof_type_sort proof_type_sort(enum proof_type type);
/* The structure's name, or "u64", "account id", ... */
const char *proof_type_name(enum proof_type type);
/* Bytes of a scalar; 0: it has a length in front. */
size_t proof_scalar_size(enum proof_type type);

const char *proof_level_name(enum proof_level level);         /* "light", ... */
/* What a verified verdict of this level stands for. */
const char *proof_level_sentence(enum proof_level level);
/* "input", "derived", "vouched for", "not covered", "as the whole" */
const char *proof_field_class_name(enum proof_field_class c);

/* Appends "outcome: id, executor_id, ...; block: outgoing, state_root; ...": all fields that a verdict of this level
 * says nothing of, by structure. With `statement_only` without those that are not part of the statement (codes, partial
 * state, attestation). out->failed says whether there was memory. */
void proof_uncovered_fields(enum proof_level level, bool statement_only, struct buffer *out);

#endif
