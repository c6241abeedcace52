#include "near/account_id.h"

#include "crypto/keccak.h"

static bool is_separator(uint8_t c)
{
    return c == '.' || c == '-' || c == '_';
}

static bool is_plain(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static void say_character(struct error *e, uint8_t c, size_t at)
{
    static const char rule[] = "an account id consists of a-z, 0-9, '.', '-' and '_'";
    if (c >= 'A' && c <= 'Z')
        error_set(e, STATUS_INVALID, ACCOUNT_ID_INVALID_CHARACTER, at, "capital letter '%c' at index %zu: %s", c, at,
                  rule);
    else if (c > ' ' && c < 0x7f)
        error_set(e, STATUS_INVALID, ACCOUNT_ID_INVALID_CHARACTER, at, "character '%c' at index %zu: %s", c, at, rule);
    else
        error_set(e, STATUS_INVALID, ACCOUNT_ID_INVALID_CHARACTER, at, "%s at index %zu (byte 0x%02x): %s",
                  c == ' ' ? "space" : c >= 0x80 ? "character outside ASCII" : "control character", at, c, rule);
}

static void say_separator(struct error *e, uint8_t c, size_t at, const char *where)
{
    error_set(e, STATUS_INVALID, ACCOUNT_ID_REDUNDANT_SEPARATOR, at,
              "separator '%c' at index %zu %s: separators stand between letters or digits", c, at, where);
}

static bool check_length(size_t size, struct error *e)
{
    if (size >= ACCOUNT_ID_MIN && size <= ACCOUNT_ID_MAX) return true;
    bool is_short = size < ACCOUNT_ID_MIN;
    error_set(e, STATUS_INVALID, is_short ? ACCOUNT_ID_TOO_SHORT : ACCOUNT_ID_TOO_LONG, ERROR_NO_OFFSET,
              "the account id has %zu byte%s, %s %d", size, size == 1 ? "" : "s", is_short ? "fewer than" : "more than",
              is_short ? ACCOUNT_ID_MIN : ACCOUNT_ID_MAX);
    return false;
}

static bool check(struct bytes text, struct error *e)
{
    if (!check_length(text.size, e)) return false;
    bool after_separator = true;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        bool separator = is_separator(c);
        if (!separator && !is_plain(c)) {
            say_character(e, c, i);
            return false;
        }
        if (separator && after_separator) {
            say_separator(e, c, i, i == 0 ? "begins the account id" : "follows another");
            return false;
        }
        after_separator = separator;
    }
    if (after_separator) say_separator(e, text.data[text.size - 1], text.size - 1, "ends the account id");
    return !after_separator;
}

static struct account_id copy(struct bytes text)
{
    struct account_id id = {.length = (uint8_t)text.size};
    memcpy(id.text, text.data, text.size);
    return id;
}

bool account_id_parse(struct bytes text, struct account_id *out, struct error *e)
{
    if (!check(text, e)) return false;
    *out = copy(text);
    return true;
}

bool account_id_valid(struct bytes text)
{
    return check(text, NULL);
}

struct account_id account_id_of(const char *text)
{
    struct account_id id = {0};
    account_id_parse(bytes_of_string(text), &id, NULL);
    return id;
}

bool account_id_equal(const struct account_id *a, const struct account_id *b)
{
    return bytes_equal(account_id_bytes(a), account_id_bytes(b));
}

int account_id_compare(const struct account_id *a, const struct account_id *b)
{
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    return order ? order : (int)a->length - (int)b->length;
}

const char *account_id_text(const struct account_id *id, char out[static ACCOUNT_ID_TEXT_SIZE])
{
    memcpy(out, id->text, id->length);
    out[id->length] = '\0';
    return out;
}

/* ---- kinds ------------------------------------------------------------------------------------------------------ */

/* Crockford's base32 in lower case: without i, l, o and u. */
static const char base32[] = "0123456789abcdefghjkmnpqrstvwxyz";

static bool all_in(struct bytes text, size_t from, const char *alphabet)
{
    for (size_t i = from; i < text.size; i++)
        if (!text.data[i] || !strchr(alphabet, text.data[i])) return false;
    return true;
}

static bool has_form(struct bytes text, size_t size, const char *prefix, const char *alphabet)
{
    size_t from = strlen(prefix);
    return text.size == size && memcmp(text.data, prefix, from) == 0 && all_in(text, from, alphabet);
}

enum account_kind account_id_kind(const struct account_id *id)
{
    static const char hex[] = "0123456789abcdef";
    struct bytes text = account_id_bytes(id);
    if (has_form(text, 42, "0x", hex)) return ACCOUNT_ETH_IMPLICIT;
    if (has_form(text, 64, "", hex)) return ACCOUNT_NEAR_IMPLICIT;
    if (has_form(text, 42, "0s", hex)) return ACCOUNT_NEAR_DETERMINISTIC;
    /* 52 digits are 260 bits, 4 more than a hash has: those are zero in '0' and 'g' alone */
    if (has_form(text, 54, "0u", base32) && (text.data[53] == '0' || text.data[53] == 'g')) return ACCOUNT_UNIVERSAL;
    return ACCOUNT_NAMED;
}

const char *account_kind_name(enum account_kind kind)
{
    switch (kind) {
    case ACCOUNT_NAMED: return "named";
    case ACCOUNT_NEAR_IMPLICIT: return "NEAR-implicit";
    case ACCOUNT_ETH_IMPLICIT: return "ETH-implicit";
    case ACCOUNT_NEAR_DETERMINISTIC: return "deterministic";
    case ACCOUNT_UNIVERSAL: return "universal";
    }
    return "unknown";
}

bool account_kind_is_implicit(enum account_kind kind)
{
    return kind != ACCOUNT_NAMED;
}

bool account_id_is_system(const struct account_id *id)
{
    return bytes_equal(account_id_bytes(id), bytes_of_string("system"));
}

bool account_id_is_top_level(const struct account_id *id)
{
    return id->length && !account_id_is_system(id) && !memchr(id->text, '.', id->length);
}

bool account_id_is_sub_account_of(const struct account_id *id, const struct account_id *parent)
{
    if (id->length <= parent->length) return false;
    size_t name = (size_t)(id->length - parent->length) - 1; /* without the '.' between them */
    return id->text[name] == '.' && memcmp(id->text + name + 1, parent->text, parent->length) == 0 &&
           !memchr(id->text, '.', name);
}

/* ---- ids that follow from keys and states ----------------------------------------------------------------------- */

static struct account_id hex_id(const char *prefix, const uint8_t *data, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    struct account_id id = {.length = (uint8_t)(strlen(prefix) + 2 * size)};
    memcpy(id.text, prefix, strlen(prefix));
    char *p = id.text + strlen(prefix);
    for (size_t i = 0; i < size; i++) {
        *p++ = digits[data[i] >> 4];
        *p++ = digits[data[i] & 15];
    }
    return id;
}

struct account_id account_id_near_implicit(const uint8_t public_key[static 32])
{
    return hex_id("", public_key, 32);
}

struct account_id account_id_eth_implicit(const uint8_t public_key[static 64])
{
    uint8_t hash[32];
    keccak256(bytes_of(public_key, 64), hash);
    return hex_id("0x", hash + 12, 20);
}

struct account_id account_id_deterministic(struct bytes state_init)
{
    uint8_t hash[32];
    keccak256(state_init, hash);
    return hex_id("0s", hash + 12, 20);
}

struct account_id account_id_universal_of_hash(const uint8_t hash[static 32])
{
    struct account_id id = {.length = 54, .text = {'0', 'u'}};
    for (unsigned i = 0; i < 52; i++) {
        unsigned bit = 5 * i;
        unsigned next = bit / 8 + 1 < 32 ? hash[bit / 8 + 1] : 0;
        unsigned window = (unsigned)hash[bit / 8] << 8 | next;
        id.text[2 + i] = base32[window >> (11 - bit % 8) & 31];
    }
    return id;
}

struct account_id account_id_universal(struct bytes state_init)
{
    uint8_t hash[32];
    sha3_256(state_init, hash);
    return account_id_universal_of_hash(hash);
}
