/* Paths and types of Rust's v0 mangling. */
#include "base/demangle_v0.h"
#include "base/demangle_schemes.h"

static void type(struct v0 *v);

/* ---- lifetimes and lists ----------------------------------------------------------------------------------------- */

/* Index 0 is the erased lifetime; the others count binders from the inside out. */
static void print_lifetime(struct v0 *v, uint64_t index)
{
    if (v->silent || v->failed) return;
    if (index == 0) {
        v0_print(v, "'_");
        return;
    }
    if (index > v->lifetimes) {
        v0_fail(v);
        return;
    }
    uint64_t number = v->lifetimes - index;
    if (number < 26) v0_print_bytes(v, bytes_of((char[]){'\'', (char)('a' + (char)number)}, 2));
    else {
        v0_print(v, "'_");
        v0_print_number(v, number);
    }
}

/* <binder>: returns how many lifetimes it binds, to be taken off v->lifetimes behind what it spans. */
static uint64_t binder(struct v0 *v)
{
    uint64_t count = v0_tagged_number(v, 'G');
    if (v->silent || v->failed || count == 0) return 0;
    v0_print(v, "for<");
    uint64_t i = 0;
    for (; i < count && !v->failed; i++) {
        if (i) v0_print(v, ", ");
        v->lifetimes++;
        print_lifetime(v, 1);
    }
    v0_print(v, "> ");
    return i;
}

/* Items up to `E`, with commas between; returns their number. */
static uint64_t list(struct v0 *v, void (*item)(struct v0 *), const char *separator)
{
    uint64_t count = 0;
    for (; !v->failed && !v0_eat(v, 'E'); count++) {
        if (count) v0_print(v, separator);
        item(v);
    }
    return count;
}

static void generic_argument(struct v0 *v)
{
    if (v0_eat(v, 'L')) print_lifetime(v, v0_base_62(v));
    else if (v0_eat(v, 'K')) v0_const(v, false);
    else type(v);
}

static void generic_arguments(struct v0 *v)
{
    v0_print(v, "<");
    list(v, generic_argument, ", ");
}

/* ---- paths ------------------------------------------------------------------------------------------------------- */

static void nested_path(struct v0 *v, bool in_value)
{
    uint8_t namespace = v0_next(v);
    bool special = namespace >= 'A' && namespace <= 'Z';
    if (!special && (namespace < 'a' || namespace > 'z')) v0_fail(v);
    v0_path(v, in_value);
    uint64_t disambiguator = v0_tagged_number(v, 's');
    struct v0_identifier name = v0_read_identifier(v);
    bool named = name.ascii.size || name.punycode.size;
    if (!special) { /* types, values, and whatever else the compiler tells apart */
        if (named) v0_print(v, "::");
        v0_print_identifier(v, name);
        return;
    }
    v0_print(v, "::{");
    if (namespace == 'C') v0_print(v, "closure");
    else if (namespace == 'S') v0_print(v, "shim");
    else v0_print_bytes(v, bytes_of(&namespace, 1));
    if (named) v0_print(v, ":");
    v0_print_identifier(v, name);
    v0_print(v, "#");
    v0_print_number(v, disambiguator);
    v0_print(v, "}");
}

/* `M` inherent impl, `X` impl of a trait, `Y` definition in a trait */
static void impl_path(struct v0 *v, uint8_t tag)
{
    if (tag != 'Y') { /* where the impl stands is not shown */
        bool silent = v->silent;
        v->silent = true;
        v0_tagged_number(v, 's');
        v0_path(v, false);
        v->silent = silent;
    }
    v0_print(v, "<");
    type(v);
    if (tag != 'M') {
        v0_print(v, " as ");
        v0_path(v, false);
    }
    v0_print(v, ">");
}

void v0_path(struct v0 *v, bool in_value)
{
    size_t back;
    if (!v0_enter(v)) return;
    uint8_t tag = v0_next(v);
    switch (tag) {
    case 'C': /* crate root; its disambiguator is a hash */
        v0_tagged_number(v, 's');
        v0_print_identifier(v, v0_read_identifier(v));
        break;
    case 'N': nested_path(v, in_value); break;
    case 'M':
    case 'X':
    case 'Y': impl_path(v, tag); break;
    case 'I':
        v0_path(v, in_value);
        if (in_value) v0_print(v, "::");
        generic_arguments(v);
        v0_print(v, ">");
        break;
    case 'B':
        if (v0_follow(v, &back)) {
            v0_path(v, in_value);
            v0_return(v, back);
        }
        break;
    default: v0_fail(v);
    }
    v0_leave(v);
}

/* ---- types ------------------------------------------------------------------------------------------------------- */

/* The ABI of a function type; hyphens were turned into `_`. */
static void print_abi(struct v0 *v)
{
    struct v0_identifier abi = {0};
    if (v0_eat(v, 'C')) abi.ascii = bytes_of_string("C");
    else abi = v0_read_identifier(v);
    if (abi.ascii.size == 0 || abi.punycode.size) {
        v0_fail(v);
        return;
    }
    v0_print(v, "extern \"");
    for (size_t i = 0; i < abi.ascii.size; i++)
        v0_print_bytes(v, bytes_of(abi.ascii.data[i] == '_' ? (const uint8_t *)"-" : abi.ascii.data + i, 1));
    v0_print(v, "\" ");
}

static void function_type(struct v0 *v)
{
    uint64_t bound = binder(v);
    if (v0_eat(v, 'U')) v0_print(v, "unsafe ");
    if (v0_eat(v, 'K')) print_abi(v);
    v0_print(v, "fn(");
    list(v, type, ", ");
    v0_print(v, ")");
    if (!v0_eat(v, 'u')) { /* the unit type is left out */
        v0_print(v, " -> ");
        type(v);
    }
    v->lifetimes -= bound;
}

/* The path of a trait; true if its generic arguments have been left open, for associated types to follow in them. */
static bool open_trait_path(struct v0 *v)
{
    size_t back;
    bool open = false;
    if (v0_eat(v, 'B')) {
        if (v0_follow(v, &back)) {
            open = open_trait_path(v);
            v0_return(v, back);
        }
        return open;
    }
    open = v0_eat(v, 'I');
    v0_path(v, false);
    if (open) generic_arguments(v);
    return open;
}

/* <dyn-trait>: a trait and its associated types */
static void dyn_trait(struct v0 *v)
{
    bool open = open_trait_path(v);
    for (; v0_eat(v, 'p'); open = true) {
        v0_print(v, open ? ", " : "<");
        v0_print_identifier(v, v0_read_identifier(v));
        v0_print(v, " = ");
        if (v0_eat(v, 'K')) v0_const(v, false);
        else type(v);
    }
    if (open) v0_print(v, ">");
}

static void dyn_type(struct v0 *v)
{
    v0_print(v, "dyn ");
    uint64_t bound = binder(v);
    list(v, dyn_trait, " + ");
    v->lifetimes -= bound;
    if (!v0_eat(v, 'L')) v0_fail(v);
    uint64_t lifetime = v0_base_62(v);
    if (lifetime == 0) return;
    v0_print(v, " + ");
    print_lifetime(v, lifetime);
}

static void reference_type(struct v0 *v, uint8_t tag)
{
    v0_print(v, "&");
    uint64_t lifetime = v0_eat(v, 'L') ? v0_base_62(v) : 0;
    if (lifetime) {
        print_lifetime(v, lifetime);
        v0_print(v, " ");
    }
    if (tag == 'Q') v0_print(v, "mut ");
    type(v);
}

/* <pattern> of a pattern type */
static void pattern(struct v0 *v)
{
    if (!v0_enter(v)) return;
    switch (v0_next(v)) {
    case 'R':
        v0_const(v, false);
        v0_print(v, "..=");
        v0_const(v, false);
        break;
    case 'O':
        if (list(v, pattern, " | ") == 0) v0_fail(v);
        break;
    case 'N': v0_print(v, "!null"); break;
    default: v0_fail(v);
    }
    v0_leave(v);
}

static void compound_type(struct v0 *v, uint8_t tag)
{
    size_t back;
    switch (tag) {
    case 'R':
    case 'Q': reference_type(v, tag); break;
    case 'P':
    case 'O':
        v0_print(v, tag == 'P' ? "*const " : "*mut ");
        type(v);
        break;
    case 'A':
    case 'S':
        v0_print(v, "[");
        type(v);
        if (tag == 'A') {
            v0_print(v, "; ");
            v0_const(v, true);
        }
        v0_print(v, "]");
        break;
    case 'T':
        v0_print(v, "(");
        v0_print(v, list(v, type, ", ") == 1 ? ",)" : ")");
        break;
    case 'F': function_type(v); break;
    case 'D': dyn_type(v); break;
    case 'W':
        type(v);
        v0_print(v, " is ");
        pattern(v);
        break;
    case 'B':
        if (v0_follow(v, &back)) {
            type(v);
            v0_return(v, back);
        }
        break;
    default: /* a path; its tag belongs to it */
        if (v->failed) return;
        v->next--;
        v0_path(v, false);
    }
}

static void type(struct v0 *v)
{
    if (v0_eat(v, 'w')) v0_print(v, "#[splat] ");
    if (!v0_enter(v)) return;
    uint8_t tag = v0_next(v);
    const char *basic = v0_basic_type(tag);
    if (basic) v0_print(v, basic);
    else compound_type(v, tag);
    v0_leave(v);
}

/* ---- symbols ----------------------------------------------------------------------------------------------------- */

bool demangle_v0(struct bytes symbol, struct buffer *out, size_t *used)
{
    size_t prefix = symbol_begins(symbol, "_R") ? 2 : symbol_begins(symbol, "__R") ? 3 : 0;
    if (prefix == 0 || symbol.size == prefix) return false;
    for (size_t i = prefix; i < symbol.size; i++)
        if (symbol.data[i] & 0x80) return false;
    struct v0 v = {
        .symbol = bytes_of(symbol.data + prefix, symbol.size - prefix),
        .out = out,
        .start = out->size,
    };
    v0_path(&v, true);
    if (v.next < v.symbol.size && v.symbol.data[v.next] >= 'A' && v.symbol.data[v.next] <= 'Z') {
        v.silent = true; /* the crate that made this instance of a generic function */
        v0_path(&v, false);
    }
    *used = prefix + v.next;
    return !v.failed;
}
