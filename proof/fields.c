#include "proof/fields.h"

static const struct proof_field fields[] = {
#define FIELD(owner, tag, name, shape, of, statement, light, attested, full, json, by)                              \
    {PROOF_TYPE_##owner, tag, #name, PROOF_FIELD_##shape, PROOF_TYPE_##of, PROOF_STATEMENT_##statement,             \
     {PROOF_FIELD_##light, PROOF_FIELD_##attested, PROOF_FIELD_##full}, json, by},
#include "proof/fields.def"
};

static const struct {
    const char *name;
    enum proof_type_sort sort;
    size_t size;
} types[PROOF_TYPE_COUNT] = {
#define SCALAR(name, text, size) [PROOF_TYPE_##name] = {text, PROOF_SORT_SCALAR, size},
#define TYPE(name, sort) [PROOF_TYPE_##name] = {#name, PROOF_SORT_##sort, 0},
#include "proof/fields.def"
};

static const struct {
    const char *name, *sentence;
} levels[PROOF_LEVEL_COUNT] = {
#define LEVEL(name, title, sentence) [PROOF_LEVEL_##name] = {title, sentence},
#include "proof/levels.def"
};

size_t proof_field_count(void)
{
    return sizeof fields / sizeof *fields;
}

const struct proof_field *proof_field_at(size_t index)
{
    return &fields[index];
}

enum proof_type_sort proof_type_sort(enum proof_type type)
{
    return types[type].sort;
}

const char *proof_type_name(enum proof_type type)
{
    return types[type].name;
}

size_t proof_scalar_size(enum proof_type type)
{
    return types[type].size;
}

const char *proof_level_name(enum proof_level level)
{
    return levels[level].name;
}

const char *proof_level_sentence(enum proof_level level)
{
    return levels[level].sentence;
}

const char *proof_field_class_name(enum proof_field_class c)
{
    switch (c) {
    case PROOF_FIELD_INPUT: return "input";
    case PROOF_FIELD_DERIVED: return "derived";
    case PROOF_FIELD_VOUCHED: return "vouched for";
    case PROOF_FIELD_UNCOVERED: return "not covered";
    case PROOF_FIELD_AS_WHOLE: break;
    }
    return "as the whole";
}

/* Whether the field belongs to what comes after the statement. */
static bool is_witness(const struct proof_field *f)
{
    switch (f->owner) {
    case PROOF_TYPE_code:
    case PROOF_TYPE_code_bytes:
    case PROOF_TYPE_row:
    case PROOF_TYPE_attestation: return true;
    case PROOF_TYPE_proof: break;
    default: return false;
    }
    return f->of == PROOF_TYPE_code || f->of == PROOF_TYPE_row || f->of == PROOF_TYPE_attestation ||
           strcmp(f->name, "digest") == 0;
}

void proof_uncovered_fields(enum proof_level level, bool statement_only, struct buffer *out)
{
    const struct proof_field *last = NULL;
    for (size_t i = 0; i < proof_field_count(); i++) {
        const struct proof_field *f = &fields[i];
        if (f->classes[level] != PROOF_FIELD_UNCOVERED || (statement_only && is_witness(f))) continue;
        if (!last || last->owner != f->owner)
            buffer_printf(out, "%s%s: ", last ? "; " : "", proof_type_name(f->owner));
        else buffer_append_string(out, ", ");
        buffer_append_string(out, f->name);
        last = f;
    }
}
