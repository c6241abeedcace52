#include "near/amount.h"

/* A unit of amounts: `case_from` is where upper and lower case begin to mean the same (m and M are not alike). */
struct unit {
    const char *name;
    unsigned exponent; /* of 10 */
    unsigned case_from;
};

struct units {
    const char *what;    /* in messages: "this is no ..." */
    const char *of;      /* "a unit of ..." */
    const char *base;    /* the unit of a number without one */
    const char *example; /* a unit with decimals */
    const char *list;
    const struct unit *units;
};

static const struct units balances = {
    "balance",
    "balances",
    "yoctoNEAR",
    "NEAR",
    "NEAR, mNEAR, uNEAR and yoctoNEAR",
    (const struct unit[]){{"NEAR", 24, 0}, {"N", 24, 0}, {"mNEAR", 21, 1}, {"mN", 21, 1}, {"uNEAR", 18, 1},
                          {"uN", 18, 1}, {"yoctoNEAR", 0, 0}, {"yocto", 0, 0}, {"yNEAR", 0, 0}, {"yN", 0, 0},
                          {"y", 0, 0}, {0}},
};

static const struct units gases = {
    "amount of gas",
    "gas",
    "gas",
    "Tgas",
    "Pgas, Tgas, Ggas, Mgas, Kgas and gas",
    (const struct unit[]){{"Pgas", 15, 0}, {"P", 15, 0}, {"Tgas", 12, 0}, {"T", 12, 0}, {"Ggas", 9, 0}, {"G", 9, 0},
                          {"Mgas", 6, 0}, {"M", 6, 0}, {"Kgas", 3, 0}, {"K", 3, 0}, {"gas", 0, 0}, {0}},
};

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* The text as it may be shown in a message: cut, control characters left out. */
struct shown {
    char text[44];
};

static struct shown show(struct bytes text)
{
    struct shown s = {{0}};
    size_t n = 0;
    for (size_t i = 0; i < text.size && n < 40; i++)
        s.text[n++] = text.data[i] >= ' ' && text.data[i] < 0x7f ? (char)text.data[i] : '?';
    if (n < text.size) memcpy(s.text + n, "...", 4);
    return s;
}

static bool is_digit(struct bytes t, size_t i)
{
    return i < t.size && t.data[i] >= '0' && t.data[i] <= '9';
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool is_unit(struct bytes text, const struct unit *u)
{
    if (text.size != strlen(u->name)) return false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t a = text.data[i], b = (uint8_t)u->name[i];
        if (i >= u->case_from) a = lower(a), b = lower(b);
        if (a != b) return false;
    }
    return true;
}

static struct bytes without_spaces(struct bytes t)
{
    while (t.size && (t.data[0] == ' ' || t.data[0] == '\t')) t = bytes_of(t.data + 1, t.size - 1);
    while (t.size && (t.data[t.size - 1] == ' ' || t.data[t.size - 1] == '\t')) t.size--;
    return t;
}

/* *value = *value × 10 + digit. False: too large. */
static bool append_digit(struct u128 *value, uint8_t digit)
{
    return u128_multiply(*value, u128_of(10), value) && u128_add(*value, u128_of((uint64_t)(digit - '0')), value);
}

/* A number in the middle of being read. */
struct reading {
    struct bytes text;
    size_t at;
    struct u128 value;
    bool too_large;
    unsigned decimals;
};

/* The digits before the point. '_' stands between any two digits; ',' before every group of three. */
static bool read_whole(struct reading *r)
{
    unsigned group = 0; /* digits since the start or the last ',' */
    bool grouped = false;
    while (r->at < r->text.size) {
        uint8_t c = r->text.data[r->at];
        if (is_digit(r->text, r->at)) {
            if (!append_digit(&r->value, c)) r->too_large = true;
            group++;
        } else if (c == '_' && !grouped && group && is_digit(r->text, r->at + 1)) {
            /* nothing to do */
        } else if (c == ',' && group && (grouped ? group == 3 : group <= 3)) {
            grouped = true;
            group = 0;
        } else {
            break;
        }
        r->at++;
    }
    return group && (!grouped || group == 3);
}

static bool read_decimals(struct reading *r)
{
    if (r->at >= r->text.size || r->text.data[r->at] != '.') return true;
    r->at++;
    for (; is_digit(r->text, r->at); r->at++) {
        if (!append_digit(&r->value, r->text.data[r->at])) r->too_large = true;
        r->decimals++;
    }
    return r->decimals != 0;
}

static enum status no_number(struct bytes text, const struct units *k, struct error *e)
{
    struct shown s = show(text);
    if (text.size == 0)
        return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "the %s is empty: write for example 1.5 %s", k->what,
                         k->example);
    if (text.data[0] == '-')
        return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "'%s' is negative, which no %s can be", s.text,
                         k->what);
    return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "'%s' is no %s: write for example 1.5 %s", s.text,
                     k->what, k->example);
}

static enum status find_unit(const struct reading *r, const struct units *k, const struct unit **found, struct error *e)
{
    static const struct unit none = {"", 0, 0};
    struct bytes name = without_spaces(bytes_of(r->text.data + r->at, r->text.size - r->at));
    *found = &none;
    if (name.size == 0) return STATUS_OK;
    for (const struct unit *u = k->units; u->name; u++) {
        if (!is_unit(name, u)) continue;
        *found = u;
        return STATUS_OK;
    }
    struct shown s = show(r->text), unit = show(name);
    bool word = (lower(name.data[0]) >= 'a' && lower(name.data[0]) <= 'z');
    if (!word) return no_number(r->text, k, e);
    return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "'%s': '%s' is no unit of %s: known are %s", s.text,
                     unit.text, k->of, k->list);
}

static enum status too_large(struct bytes text, const struct units *k, const char *most, struct error *e)
{
    struct shown s = show(text);
    return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "'%s' is more than the largest %s, %s", s.text, k->what,
                     most);
}

static enum status too_precise(const struct reading *r, const struct units *k, const struct unit *u, struct error *e)
{
    struct shown s = show(r->text);
    if (u->name[0] == '\0')
        return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET,
                         "'%s' has decimals but no unit, and %s has none: did you mean %s %s?", s.text, k->base, s.text,
                         k->example);
    if (u->exponent == 0)
        return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "'%s' has decimals, and %s cannot be divided", s.text,
                         k->base);
    return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "'%s' has %u decimals: %s has at most %u", s.text,
                     r->decimals, u->name, u->exponent);
}

static enum status parse(struct bytes text, const struct units *k, const char *most, struct u128 *out, struct error *e)
{
    struct reading r = {.text = without_spaces(text)};
    if (!read_whole(&r) || !read_decimals(&r)) return no_number(r.text, k, e);
    const struct unit *unit;
    enum status status = find_unit(&r, k, &unit, e);
    if (status) return status;
    if (r.decimals > unit->exponent) return too_precise(&r, k, unit, e);
    if (r.too_large) return too_large(r.text, k, most, e);
    for (unsigned i = r.decimals; i < unit->exponent; i++)
        if (!u128_multiply(r.value, u128_of(10), &r.value)) return too_large(r.text, k, most, e);
    *out = r.value;
    return STATUS_OK;
}

enum status balance_parse(struct bytes text, struct u128 *out, struct error *e)
{
    return parse(text, &balances, "340,282,366,920,938.463463374607431768211455 NEAR", out, e);
}

enum status gas_parse(struct bytes text, uint64_t *out, struct error *e)
{
    static const char most[] = "18,446,744.073709551615 Tgas";
    struct u128 value = {0, 0};
    enum status status = parse(text, &gases, most, &value, e);
    if (status) return status;
    if (value.high) return too_large(without_spaces(text), &gases, most, e);
    *out = value.low;
    return STATUS_OK;
}

/* ---- printing --------------------------------------------------------------------------------------------------- */

/* Digits with ',' before every group of three. Returns the length. */
static size_t group(const char *digits, char *out)
{
    size_t length = strlen(digits), n = 0;
    for (size_t i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) out[n++] = ',';
        out[n++] = digits[i];
    }
    out[n] = '\0';
    return n;
}

/* number / 10^decimals, without zeros at the end. */
static void print_decimal(struct u128 number, unsigned decimals, const char *unit, char *out)
{
    char digits[U128_TEXT_SIZE], padded[2 * U128_TEXT_SIZE], whole[U128_TEXT_SIZE];
    size_t length = u128_print(number, digits);
    size_t zeros = length > decimals ? 0 : decimals + 1 - length; /* there is a digit before the point */
    memset(padded, '0', zeros);
    memcpy(padded + zeros, digits, length + 1);
    size_t point = zeros + length - decimals, end = zeros + length;
    while (end > point && padded[end - 1] == '0') end--;
    memcpy(whole, padded, point);
    whole[point] = '\0';
    size_t n = group(whole, out);
    if (end > point) {
        out[n++] = '.';
        memcpy(out + n, padded + point, end - point);
        n += end - point;
    }
    out[n++] = ' ';
    memcpy(out + n, unit, strlen(unit) + 1);
}

const char *balance_text(struct u128 balance, char out[static AMOUNT_TEXT_SIZE])
{
    bool small = u128_less(balance, u128_of(1000000000000000000u)) && !u128_equal(balance, u128_of(0));
    print_decimal(balance, small ? 0 : 24, small ? "yoctoNEAR" : "NEAR", out);
    return out;
}

const char *gas_digits(uint64_t gas, char out[static AMOUNT_TEXT_SIZE])
{
    char digits[U128_TEXT_SIZE];
    u128_print(u128_of(gas), digits);
    group(digits, out);
    return out;
}

const char *gas_text(uint64_t gas, char out[static AMOUNT_TEXT_SIZE])
{
    static const struct {
        const char *name;
        uint64_t size;
    } units[] = {{"Mgas", 1000000}, {"Ggas", 1000000000}, {"Tgas", 1000000000000}};
    static const uint64_t powers[] = {1, 10, 100, 1000};
    uint64_t rounded = gas;
    unsigned unit = 0, decimals = 0;
    if (gas < units[0].size) {
        print_decimal(u128_of(gas), 0, "gas", out);
        return out;
    }
    for (;; unit++) {
        uint64_t whole = gas / units[unit].size;
        decimals = whole >= 1000 ? 0 : whole >= 100 ? 1 : whole >= 10 ? 2 : 3;
        uint64_t step = units[unit].size / powers[decimals];
        rounded = gas / step + (gas % step >= step / 2);
        if (unit == 2 || rounded < 1000 * powers[decimals]) break;
    }
    print_decimal(u128_of(rounded), decimals, units[unit].name, out);
    return out;
}
