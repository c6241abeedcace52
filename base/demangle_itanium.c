/* Names and encodings of the Itanium C++ ABI: the common part, enough for what compilers make of ordinary programs.
 * Expressions (dependent template arguments), decltype and inherited constructors are not read. */
#include "base/demangle_itanium.h"
#include "base/demangle_schemes.h"

static const struct {
    const char *code, *name;
} operators[] = {
#define X(code, name) {code, name},
#include "base/demangle_itanium_operators.def"
#undef X
};

/* ---- unqualified names ------------------------------------------------------------------------------------------- */

static struct piece source_name(struct itanium *it)
{
    size_t length;
    if (!itanium_number(it, &length) || length == 0 || length > it->symbol.size - it->next) return itanium_fail(it);
    struct bytes text = bytes_of(it->symbol.data + it->next, length);
    it->next += length;
    if (symbol_begins(text, "_GLOBAL__N")) return itanium_piece(it, "(anonymous namespace)");
    uint32_t begin = itanium_begin(it);
    itanium_add_bytes(it, text);
    return itanium_end(it, begin);
}

static struct piece operator_name(struct itanium *it, struct itanium_name *name)
{
    if (itanium_eat(it, "cv")) {
        name->returns_nothing = true;
        struct piece type = itanium_type(it);
        return itanium_join(it, itanium_piece(it, "operator"), " ", type);
    }
    if (itanium_eat(it, "li")) {
        struct piece suffix = source_name(it);
        return itanium_join(it, itanium_piece(it, "operator\"\""), " ", suffix);
    }
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (!itanium_eat(it, operators[i].code)) continue;
        uint32_t begin = itanium_begin(it);
        itanium_add(it, "operator");
        itanium_add(it, operators[i].name);
        return itanium_end(it, begin);
    }
    return itanium_fail(it);
}

/* The number behind `Ut`, `Ul...E`: none is the first, 0 the second. */
static size_t ordinal(struct itanium *it)
{
    size_t number = 0;
    bool given = itanium_number(it, &number);
    if (!itanium_eat(it, "_")) itanium_fail(it);
    return given ? number + 2 : 1;
}

static struct piece unnamed(struct itanium *it)
{
    if (itanium_eat(it, "Ut")) {
        size_t number = ordinal(it);
        uint32_t begin = itanium_begin(it);
        itanium_add(it, "{unnamed type#");
        itanium_add_number(it, number);
        itanium_add(it, "}");
        return itanium_end(it, begin);
    }
    if (!itanium_eat(it, "Ul")) return itanium_fail(it);
    struct piece parameters = itanium_parameters(it);
    if (!itanium_eat(it, "E")) return itanium_fail(it);
    size_t number = ordinal(it);
    uint32_t begin = itanium_begin(it);
    itanium_add(it, "{lambda(");
    itanium_add_piece(it, parameters);
    itanium_add(it, ")#");
    itanium_add_number(it, number);
    itanium_add(it, "}");
    return itanium_end(it, begin);
}

/* The name of a class without its scope and template arguments, as its constructors have it. */
static struct piece class_name(const struct itanium *it, struct piece class)
{
    struct bytes text = itanium_text(it, class);
    size_t end = text.size, depth = 0;
    if (end && text.data[end - 1] == ']') { /* an ABI tag */
        while (end && text.data[--end] != '[') continue;
    }
    if (end && text.data[end - 1] == '>') {
        do {
            end--;
            if (text.data[end] == '>') depth++;
            else if (text.data[end] == '<') depth--;
        } while (depth && end);
    }
    size_t start = end;
    while (start && text.data[start - 1] != ':') start--;
    return (struct piece){.at = class.at + (uint32_t)start, .left = (uint32_t)(end - start)};
}

static struct piece constructor(struct itanium *it, struct piece class, struct itanium_name *name)
{
    bool destroys = itanium_peek(it, 0) == 'D';
    uint8_t kind = itanium_peek(it, 1);
    if (kind < '0' || kind > '5' || itanium_is_empty(class)) return itanium_fail(it);
    it->next += 2;
    name->returns_nothing = true;
    struct piece own = class_name(it, class);
    uint32_t begin = itanium_begin(it);
    if (destroys) itanium_add(it, "~");
    itanium_add_piece(it, own);
    return itanium_end(it, begin);
}

/* <unqualified-name>; `class` is what it stands in. */
static struct piece unqualified_name(struct itanium *it, struct piece class, struct itanium_name *name)
{
    struct piece result;
    name->returns_nothing = false;
    itanium_eat(it, "L"); /* internal linkage */
    uint8_t c = itanium_peek(it, 0);
    if (c >= '0' && c <= '9') result = source_name(it);
    else if (c == 'C' || c == 'D') result = constructor(it, class, name);
    else if (c == 'U') result = unnamed(it);
    else result = operator_name(it, name);
    while (itanium_eat(it, "B")) { /* ABI tags */
        struct piece tag = source_name(it);
        uint32_t begin = itanium_begin(it);
        itanium_add_piece(it, result);
        itanium_add(it, "[abi:");
        itanium_add_piece(it, tag);
        itanium_add(it, "]");
        result = itanium_end(it, begin);
    }
    return result;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* N [qualifiers] <prefix> <unqualified-name> E, the `N` read. Each prefix can be substituted, the whole cannot. */
static void nested_name(struct itanium *it, struct itanium_name *name)
{
    itanium_eat(it, "r");
    name->is_volatile = itanium_eat(it, "V");
    name->is_const = itanium_eat(it, "K");
    name->reference = itanium_eat(it, "R") ? '&' : itanium_eat(it, "O") ? 'm' : 0;
    bool remembered = false;
    unsigned dependences = it->dependences;
    for (bool first = true; !it->failed && !itanium_eat(it, "E"); first = false) {
        uint8_t c = itanium_peek(it, 0);
        remembered = true;
        if (c == 'I' && !first) {
            struct piece arguments = itanium_template_arguments(it);
            name->text = itanium_join(it, name->text, "", arguments);
            name->ends_in_arguments = true;
        } else {
            name->ends_in_arguments = false;
            if (c == 'S' && first) {
                name->text = itanium_eat(it, "St") ? itanium_piece(it, "std") : itanium_substitution(it);
                remembered = false;
            } else if (c == 'T' && first) {
                name->text = itanium_template_parameter(it);
            } else {
                name->text = itanium_join(it, name->text, "::", unqualified_name(it, name->text, name));
            }
        }
        if (remembered) itanium_remember(it, name->text, dependences);
    }
    if (remembered && !it->failed) it->substitution_count--;
}

/* _ <digit> or __ <number> _ behind the name of something local */
static void discriminator(struct itanium *it)
{
    size_t number;
    if (itanium_eat(it, "__")) {
        if (!itanium_number(it, &number) || !itanium_eat(it, "_")) itanium_fail(it);
    } else if (itanium_peek(it, 0) == '_' && itanium_peek(it, 1) >= '0' && itanium_peek(it, 1) <= '9') {
        it->next += 2;
    }
}

/* Z <encoding of the function> E <name>, the `Z` read */
static void local_name(struct itanium *it, struct itanium_name *name)
{
    struct piece function = itanium_encoding(it);
    if (!itanium_eat(it, "E")) itanium_fail(it);
    if (itanium_eat(it, "s")) name->text = itanium_piece(it, "string literal");
    else *name = itanium_read_name(it);
    name->text = itanium_join(it, function, "::", name->text);
    discriminator(it);
}

static void unscoped_name(struct itanium *it, struct itanium_name *name)
{
    bool fresh = true;
    if (itanium_eat(it, "St")) {
        struct piece own = unqualified_name(it, (struct piece){0}, name);
        name->text = itanium_join(it, itanium_piece(it, "std"), "::", own);
    } else if (itanium_peek(it, 0) == 'S') {
        name->text = itanium_substitution(it);
        fresh = false;
        if (itanium_peek(it, 0) != 'I') itanium_fail(it);
    } else {
        name->text = unqualified_name(it, (struct piece){0}, name);
    }
    if (itanium_peek(it, 0) != 'I') return;
    if (fresh) itanium_remember(it, name->text, it->dependences);
    struct piece arguments = itanium_template_arguments(it);
    name->text = itanium_join(it, name->text, "", arguments);
    name->ends_in_arguments = true;
}

struct itanium_name itanium_read_name(struct itanium *it)
{
    struct itanium_name name = {0};
    if (!itanium_enter(it)) return name;
    if (itanium_eat(it, "N")) nested_name(it, &name);
    else if (itanium_eat(it, "Z")) local_name(it, &name);
    else unscoped_name(it, &name);
    itanium_leave(it);
    return name;
}

/* ---- encodings --------------------------------------------------------------------------------------------------- */

/* h <number> _ or v <number> _ <number> _ */
static void call_offset(struct itanium *it)
{
    size_t number;
    int count = itanium_eat(it, "v") ? 2 : itanium_eat(it, "h") ? 1 : 0;
    if (count == 0) itanium_fail(it);
    for (; count; count--) {
        itanium_eat(it, "n");
        if (!itanium_number(it, &number) || !itanium_eat(it, "_")) itanium_fail(it);
    }
}

/* <special-name>: what the compiler makes for a class or a variable. False: not one. */
static bool special_name(struct itanium *it, struct piece *result)
{
    static const struct {
        const char *code, *text;
        enum { OF_TYPE, OF_NAME, OF_ENCODING } of;
    } specials[] = {
        {"TV", "vtable for", OF_TYPE},         {"TT", "VTT for", OF_TYPE},
        {"TI", "typeinfo for", OF_TYPE},       {"TS", "typeinfo name for", OF_TYPE},
        {"GV", "guard variable for", OF_NAME}, {"TW", "thread-local wrapper routine for", OF_NAME},
        {"TH", "thread-local initialization routine for", OF_NAME},
    };
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (!itanium_eat(it, specials[i].code)) continue;
        struct piece of = specials[i].of == OF_TYPE ? itanium_type(it) : itanium_read_name(it).text;
        *result = itanium_join(it, itanium_piece(it, specials[i].text), " ", of);
        return true;
    }
    if (itanium_peek(it, 0) != 'T') return false;
    it->next++;
    bool is_virtual = itanium_peek(it, 0) == 'v';
    call_offset(it);
    struct piece of = itanium_encoding(it);
    *result = itanium_join(it, itanium_piece(it, is_virtual ? "virtual thunk to" : "non-virtual thunk to"), " ", of);
    return true;
}

static struct piece function(struct itanium *it, const struct itanium_name *name)
{
    struct piece returned = {0};
    if (name->ends_in_arguments && !name->returns_nothing) returned = itanium_type(it);
    struct piece parameters = itanium_parameters(it);
    uint32_t begin = itanium_begin(it);
    itanium_add_left(it, returned);
    if (returned.left && !returned.right) itanium_add(it, " ");
    itanium_add_piece(it, name->text);
    itanium_add(it, "(");
    itanium_add_piece(it, parameters);
    itanium_add(it, ")");
    itanium_add_right(it, returned);
    if (name->is_const) itanium_add(it, " const");
    if (name->is_volatile) itanium_add(it, " volatile");
    if (name->reference) itanium_add(it, name->reference == '&' ? " &" : " &&");
    return itanium_end(it, begin);
}

static struct piece encoding(struct itanium *it)
{
    struct piece result;
    if (!itanium_enter(it)) return itanium_fail(it);
    if (!special_name(it, &result)) {
        struct itanium_name name = itanium_read_name(it);
        uint8_t c = itanium_peek(it, 0);
        result = c == 0 || c == 'E' || c == '.' ? name.text : function(it, &name);
    }
    itanium_leave(it);
    return result;
}

/* Inside a type or an argument, T_ is the inner entity's only until that ends. */
static struct piece inner_encoding(struct itanium *it)
{
    enum { LIMIT = 16 }; /* each keeps a copy of the arguments on the stack */
    if (it->inner == LIMIT) return itanium_fail(it);
    it->inner++;
    struct piece arguments[ITANIUM_ARGUMENTS], elements[ITANIUM_PACK_ELEMENTS];
    unsigned argument_count = it->argument_count, element_count = it->element_count;
    unsigned first = it->substitution_count;
    memcpy(arguments, it->arguments, argument_count * sizeof *arguments);
    memcpy(elements, it->elements, element_count * sizeof *elements);
    it->keep_arguments = true;
    struct piece result = encoding(it);
    it->keep_arguments = false;
    it->inner--;
    itanium_forget_dependent(it, first);
    memcpy(it->arguments, arguments, argument_count * sizeof *arguments);
    memcpy(it->elements, elements, element_count * sizeof *elements);
    it->argument_count = argument_count;
    it->element_count = element_count;
    return result;
}

struct piece itanium_encoding(struct itanium *it)
{
    return it->keep_arguments ? encoding(it) : inner_encoding(it);
}

bool demangle_itanium(struct bytes symbol, struct buffer *out, size_t *used)
{
    size_t prefix = symbol_begins(symbol, "_Z") ? 2 : symbol_begins(symbol, "__Z") ? 3 : 0;
    if (prefix == 0) return false;
    for (size_t i = prefix; i < symbol.size; i++)
        if (symbol.data[i] & 0x80) return false;
    struct itanium it = {
        .symbol = bytes_of(symbol.data + prefix, symbol.size - prefix),
        .keep_arguments = true,
    };
    struct piece name = itanium_encoding(&it);
    struct bytes text = itanium_text(&it, name);
    bool ok = !it.failed && text.size && text.size <= DEMANGLE_OUTPUT_LIMIT;
    if (ok) buffer_append(out, text.data, text.size);
    if (it.text.failed) out->failed = true;
    *used = prefix + it.next;
    buffer_free(&it.text);
    return ok;
}
