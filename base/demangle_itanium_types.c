/* Types, template arguments and substitutions of Itanium C++ names. */
#include "base/demangle_itanium.h"

static const struct {
    const char *code, *name;
} builtins[] = {
#define X(code, name) {code, name},
#include "base/demangle_itanium_types.def"
#undef X
};

/* ---- substitutions ----------------------------------------------------------------------------------------------- */

void itanium_remember(struct itanium *it, struct piece p, unsigned dependences)
{
    p.dependent = it->dependences != dependences;
    if (it->substitution_count == ITANIUM_SUBSTITUTIONS) itanium_fail(it);
    else it->substitutions[it->substitution_count++] = p;
}

void itanium_forget_dependent(struct itanium *it, unsigned first)
{
    for (unsigned i = first; i < it->substitution_count; i++)
        if (it->substitutions[i].dependent) it->substitutions[i].stale = true;
}

struct piece itanium_substitution(struct itanium *it)
{
    static const struct {
        const char *code, *name;
    } standard[] = {
        {"Sa", "std::allocator"}, {"Sb", "std::basic_string"}, {"Ss", "std::string"},
        {"Si", "std::istream"},   {"So", "std::ostream"},      {"Sd", "std::iostream"},
    };
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (itanium_eat(it, standard[i].code)) return itanium_piece(it, standard[i].name);
    if (!itanium_eat(it, "S")) return itanium_fail(it);
    size_t index = 0;
    if (!itanium_eat(it, "_")) { /* <seq-id>, base 36 */
        do {
            uint8_t c = itanium_peek(it, 0);
            bool digit = c >= '0' && c <= '9';
            if (!digit && (c < 'A' || c > 'Z')) return itanium_fail(it);
            index = index * 36 + (size_t)(digit ? c - '0' : c - 'A' + 10);
            if (index > ITANIUM_SUBSTITUTIONS) return itanium_fail(it);
            it->next++;
        } while (!itanium_eat(it, "_"));
        index++;
    }
    if (index >= it->substitution_count || it->substitutions[index].stale) return itanium_fail(it);
    it->dependences += it->substitutions[index].dependent;
    return it->substitutions[index];
}

/* ---- templates --------------------------------------------------------------------------------------------------- */

struct piece itanium_template_parameter(struct itanium *it)
{
    size_t index = 0;
    if (!itanium_eat(it, "T")) return itanium_fail(it);
    if (!itanium_eat(it, "_")) {
        if (!itanium_number(it, &index) || !itanium_eat(it, "_")) return itanium_fail(it);
        index++;
    }
    if (index >= it->argument_count) return itanium_fail(it);
    it->dependences++;
    struct piece argument = it->arguments[index];
    if (!argument.is_pack || !it->expanding) return argument;
    it->expansion = argument.pack_count;
    if (it->element >= argument.pack_count) return (struct piece){0};
    return it->elements[argument.pack_first + it->element];
}

/* The value of a literal: a number, maybe negative, with its type in one form or another. */
static struct piece literal(struct itanium *it)
{
    static const struct {
        char code;
        const char *suffix;
    } suffixes[] = {{'i', ""}, {'j', "u"}, {'l', "l"}, {'m', "ul"}, {'x', "ll"}, {'y', "ull"}};
    if (itanium_eat(it, "_Z")) return itanium_encoding(it);
    if (itanium_eat(it, "b0")) return itanium_piece(it, "false");
    if (itanium_eat(it, "b1")) return itanium_piece(it, "true");
    const char *suffix = NULL;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (itanium_peek(it, 0) == (uint8_t)suffixes[i].code) suffix = suffixes[i].suffix;
    struct piece type = itanium_type(it);
    uint32_t begin = itanium_begin(it);
    if (!suffix) {
        itanium_add(it, "(");
        itanium_add_piece(it, type);
        itanium_add(it, ")");
    }
    if (itanium_eat(it, "n")) itanium_add(it, "-");
    size_t start = it->next;
    while (itanium_peek(it, 0) >= '0' && itanium_peek(it, 0) <= '9') it->next++;
    if (it->failed || it->next == start) return itanium_fail(it); /* floating point, and what else there is */
    itanium_add_bytes(it, bytes_of(it->symbol.data + start, it->next - start));
    if (suffix) itanium_add(it, suffix);
    return itanium_end(it, begin);
}

static struct piece template_argument(struct itanium *it);

/* J ... E, `J` read. The elements of a pack that belongs to the entity are kept one by one. */
static struct piece pack(struct itanium *it, bool keep)
{
    struct piece all = {0};
    unsigned first = it->element_count, count = 0;
    for (; !it->failed && !itanium_eat(it, "E"); count++) {
        struct piece one = template_argument(it);
        all = itanium_join(it, all, ", ", one);
        if (!keep) continue;
        if (it->element_count == ITANIUM_PACK_ELEMENTS) return itanium_fail(it);
        it->elements[it->element_count++] = one;
    }
    if (keep) {
        all.is_pack = true;
        all.pack_first = (uint16_t)first;
        all.pack_count = (uint16_t)count;
    }
    return all;
}

static struct piece template_argument(struct itanium *it)
{
    struct piece result;
    if (!itanium_enter(it)) return itanium_fail(it);
    if (itanium_eat(it, "L")) {
        result = literal(it);
        if (!itanium_eat(it, "E")) itanium_fail(it);
    } else if (itanium_eat(it, "J")) {
        result = pack(it, false);
    } else {
        result = itanium_type(it); /* X: an expression, is not a type and fails there */
    }
    itanium_leave(it);
    return result;
}

struct piece itanium_template_arguments(struct itanium *it)
{
    bool keep = it->keep_arguments;
    struct piece all = {0};
    if (!itanium_eat(it, "I")) return itanium_fail(it);
    if (keep) {
        it->argument_count = it->element_count = 0;
        itanium_forget_dependent(it, 0);
    }
    it->keep_arguments = false;
    while (!it->failed && !itanium_eat(it, "E")) {
        struct piece one = keep && itanium_eat(it, "J") ? pack(it, true) : template_argument(it);
        all = itanium_join(it, all, ", ", one);
        if (!keep) continue;
        if (it->argument_count == ITANIUM_ARGUMENTS) return itanium_fail(it);
        it->arguments[it->argument_count++] = one;
    }
    it->keep_arguments = keep;
    uint32_t begin = itanium_begin(it);
    itanium_add(it, "<");
    itanium_add_piece(it, all);
    itanium_add(it, ">");
    return itanium_end(it, begin);
}

/* ---- compound types ---------------------------------------------------------------------------------------------- */

/* Sets a declarator (`*`, `&`, `A::*`) between a type's left and right part. */
static struct piece declare(struct itanium *it, struct piece type, const char *before, struct piece scope,
                            const char *mark)
{
    uint32_t begin = itanium_begin(it);
    itanium_add_left(it, type);
    itanium_add(it, type.kind == FUNCTION ? "(" : type.kind == ARRAY ? " (" : before);
    itanium_add_piece(it, scope);
    itanium_add(it, mark);
    struct piece result = itanium_end(it, begin);
    uint32_t middle = itanium_begin(it);
    if (type.kind != PLAIN) itanium_add(it, ")");
    itanium_add_right(it, type);
    result.right = itanium_end(it, middle).left;
    return result;
}

/* Reference to reference: & wins over &&. */
static struct piece reference(struct itanium *it, struct piece type, const char *mark)
{
    struct bytes left = itanium_text(it, (struct piece){.at = type.at, .left = type.left});
    if (left.size && left.data[left.size - 1] == '&') {
        bool two = left.size > 1 && left.data[left.size - 2] == '&';
        if (!two || strcmp(mark, "&&") == 0) return type;
        type.left--; /* T&& & is T& */
        if (type.right == 0) return type;
        return itanium_fail(it);
    }
    return declare(it, type, "", (struct piece){0}, mark);
}

/* F [Y] <type returned> <parameters> [R | O] E */
static struct piece function_type(struct itanium *it)
{
    itanium_eat(it, "Y");
    struct piece returned = itanium_type(it), parameters = itanium_parameters(it);
    const char *qualifier = itanium_eat(it, "RE") ? " &" : itanium_eat(it, "OE") ? " &&" : "";
    if (!*qualifier && !itanium_eat(it, "E")) return itanium_fail(it);
    uint32_t begin = itanium_begin(it);
    itanium_add_left(it, returned);
    if (returned.right == 0) itanium_add(it, " ");
    struct piece result = itanium_end(it, begin);
    uint32_t middle = itanium_begin(it);
    itanium_add(it, "(");
    itanium_add_piece(it, parameters);
    itanium_add(it, ")");
    itanium_add(it, qualifier);
    itanium_add_right(it, returned);
    result.right = itanium_end(it, middle).left;
    result.kind = FUNCTION;
    return result;
}

/* A <number> _ <element type> */
static struct piece array_type(struct itanium *it)
{
    size_t start = it->next, number;
    itanium_number(it, &number);
    struct bytes size = bytes_of(it->symbol.data + start, it->next - start);
    if (!itanium_eat(it, "_")) return itanium_fail(it);
    struct piece element = itanium_type(it);
    uint32_t begin = itanium_begin(it);
    itanium_add_left(it, element);
    struct piece result = itanium_end(it, begin);
    uint32_t middle = itanium_begin(it);
    itanium_add(it, " [");
    itanium_add_bytes(it, size);
    itanium_add(it, "]");
    if (element.kind == ARRAY && element.right) { /* [2][3], without a second blank */
        element.at++;
        element.right--;
    }
    itanium_add_right(it, element);
    result.right = itanium_end(it, middle).left;
    result.kind = ARRAY;
    return result;
}

/* The pattern of a pack expansion is read once for each element. Its substitutions are those of the first; those that
 * depend on the pack could be used again only as patterns. */
static struct piece expansion(struct itanium *it)
{
    size_t start = it->next;
    unsigned before = it->substitution_count;
    if (it->expanding) return itanium_fail(it); /* packs of packs */
    it->expanding = true;
    it->element = 0;
    it->expansion = 1;
    struct piece all = itanium_type(it);
    unsigned count = it->expansion, after = it->substitution_count;
    if (count == 0) all = (struct piece){0};
    for (unsigned i = 1; i < count && !it->failed; i++) {
        struct piece first[ITANIUM_SUBSTITUTIONS];
        size_t size = (after - before) * sizeof *first;
        memcpy(first, it->substitutions + before, size);
        it->next = start;
        it->substitution_count = before;
        it->element = i;
        all = itanium_join(it, all, ", ", itanium_type(it));
        memcpy(it->substitutions + before, first, size);
        it->substitution_count = after;
    }
    itanium_forget_dependent(it, before);
    it->expanding = false;
    return all;
}

/* ---- types ------------------------------------------------------------------------------------------------------- */

static struct piece qualified_type(struct itanium *it)
{
    bool restricted = itanium_eat(it, "r"), is_volatile = itanium_eat(it, "V"), is_const = itanium_eat(it, "K");
    /* the qualifiers of a member function belong to its type, which has no substitution without them */
    struct piece type = itanium_eat(it, "F") ? function_type(it) : itanium_type(it);
    uint32_t begin = itanium_begin(it);
    itanium_add_left(it, type);
    if (type.kind != FUNCTION) {
        if (is_const) itanium_add(it, " const");
        if (is_volatile) itanium_add(it, " volatile");
        if (restricted) itanium_add(it, " restrict");
    }
    struct piece result = itanium_end(it, begin);
    uint32_t middle = itanium_begin(it);
    itanium_add_right(it, type);
    if (type.kind == FUNCTION) {
        if (is_const) itanium_add(it, " const");
        if (is_volatile) itanium_add(it, " volatile");
    }
    result.right = itanium_end(it, middle).left;
    result.kind = type.kind;
    return result;
}

/* What may be followed by template arguments: a template parameter or a substitution. *fresh: it was not in the table
 * of substitutions. */
static struct piece with_arguments(struct itanium *it, struct piece template, bool *fresh)
{
    if (itanium_peek(it, 0) != 'I') return template;
    if (*fresh) itanium_remember(it, template, it->dependences - 1); /* a template parameter */
    *fresh = true;
    struct piece arguments = itanium_template_arguments(it);
    return itanium_join(it, template, "", arguments);
}

static struct piece member_pointer(struct itanium *it)
{
    struct piece scope = itanium_type(it), member = itanium_type(it);
    return declare(it, member, " ", scope, "::*");
}

/* Types that begin with `D` and are not in the table. */
static struct piece other_type(struct itanium *it, bool *fresh)
{
    if (itanium_eat(it, "Dp")) return expansion(it);
    if (!itanium_eat(it, "DoF")) return itanium_fail(it); /* decltype, vectors */
    struct piece type = function_type(it);
    uint32_t begin = itanium_begin(it);
    itanium_add_piece(it, type);
    itanium_add(it, " noexcept");
    struct piece result = itanium_end(it, begin);
    result.left = type.left;
    result.right = type.right + (uint32_t)strlen(" noexcept");
    result.kind = FUNCTION;
    *fresh = true;
    return result;
}

static struct piece compound_type(struct itanium *it, bool *fresh)
{
    uint8_t c = itanium_peek(it, 0);
    switch (c) {
    case 'r': case 'V': case 'K': return qualified_type(it);
    case 'P': it->next++; return declare(it, itanium_type(it), "", (struct piece){0}, "*");
    case 'R': it->next++; return reference(it, itanium_type(it), "&");
    case 'O': it->next++; return reference(it, itanium_type(it), "&&");
    case 'F': it->next++; return function_type(it);
    case 'A': it->next++; return array_type(it);
    case 'M': it->next++; return member_pointer(it);
    case 'D': *fresh = false; return other_type(it, fresh);
    case 'u': it->next++; return itanium_read_name(it).text; /* vendor's type */
    case 'T':
        if (itanium_eat(it, "Ts") || itanium_eat(it, "Tu") || itanium_eat(it, "Te")) return itanium_read_name(it).text;
        return with_arguments(it, itanium_template_parameter(it), fresh);
    case 'S':
        if (itanium_peek(it, 1) == 't') return itanium_read_name(it).text;
        *fresh = false;
        return with_arguments(it, itanium_substitution(it), fresh);
    default:
        if (c == 'N' || c == 'Z' || (c >= '0' && c <= '9')) return itanium_read_name(it).text;
        return itanium_fail(it);
    }
}

struct piece itanium_type(struct itanium *it)
{
    if (!itanium_enter(it)) return itanium_fail(it);
    bool keep = it->keep_arguments;
    unsigned dependences = it->dependences;
    it->keep_arguments = false; /* arguments of a class that is named here are not the entity's */
    struct piece result = {0};
    size_t i = 0, count = sizeof builtins / sizeof *builtins;
    while (i < count && !itanium_eat(it, builtins[i].code)) i++;
    if (i < count) {
        result = itanium_piece(it, builtins[i].name);
    } else {
        bool fresh = true;
        result = compound_type(it, &fresh);
        if (fresh && !it->failed) itanium_remember(it, result, dependences);
    }
    it->keep_arguments = keep;
    itanium_leave(it);
    return result;
}

struct piece itanium_parameters(struct itanium *it)
{
    struct piece all = {0};
    uint8_t second = itanium_peek(it, 1);
    if (itanium_peek(it, 0) == 'v' && (second == 0 || second == 'E' || second == '.')) {
        it->next++;
        return all;
    }
    for (uint8_t c; (c = itanium_peek(it, 0)) != 0 && c != 'E' && c != '.';) {
        if ((c == 'R' || c == 'O') && itanium_peek(it, 1) == 'E') break; /* ref-qualifier of a function type */
        all = itanium_join(it, all, ", ", itanium_type(it));
    }
    return all;
}
