#include "tee/signed_json.h"

struct scan {
    struct bytes text;
    size_t at;
};

static int peek(const struct scan *s)
{
    return s->at < s->text.size ? s->text.data[s->at] : -1;
}

static void skip_space(struct scan *s)
{
    for (int c = peek(s); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(s)) s->at++;
}

static enum status expected(const struct scan *s, const char *what, struct error *e)
{
    return error_set(e, STATUS_MALFORMED, 0, s->at, "expected %s", what);
}

/* A character with white space before it. */
static enum status take(struct scan *s, char c, const char *what, struct error *e)
{
    skip_space(s);
    if (peek(s) != c) return expected(s, what, e);
    s->at++;
    return STATUS_OK;
}

/* A string without escapes; what is between the quotation marks. */
static enum status take_plain_string(struct scan *s, const char *what, struct bytes *out, struct error *e)
{
    const enum status status = take(s, '"', what, e);
    if (status != STATUS_OK) return status;
    const size_t start = s->at;
    while (peek(s) >= 0x20 && peek(s) != '"' && peek(s) != '\\') s->at++;
    if (peek(s) != '"') return expected(s, "the end of a string without escapes", e);
    *out = bytes_of(s->text.data + start, s->at - start);
    s->at++;
    return STATUS_OK;
}

/* Behind the quotation mark that ends the string in which the scan stands. */
static void skip_string(struct scan *s)
{
    for (int c = peek(s); c >= 0; c = peek(s)) {
        s->at++;
        if (c == '"') return;
        if (c == '\\' && peek(s) >= 0) s->at++;
    }
}

static enum status take_object(struct scan *s, struct bytes *out, struct error *e)
{
    size_t depth = 0;
    skip_space(s);
    const size_t start = s->at;
    if (peek(s) != '{') return expected(s, "an object", e);
    for (int c = peek(s); c >= 0; c = peek(s)) {
        s->at++;
        if (c == '"') skip_string(s);
        else if (c == '{' || c == '[') depth++;
        else if ((c == '}' || c == ']') && --depth == 0) break;
    }
    if (depth) return expected(s, "the object's end", e);
    *out = bytes_of(s->text.data + start, s->at - start);
    return STATUS_OK;
}

static enum status take_member(struct scan *s, struct signed_json *out, struct error *e)
{
    struct bytes name;
    enum status status = take_plain_string(s, "a member's name", &name, e);
    const size_t at = s->at;
    if (status == STATUS_OK) status = take(s, ':', "a colon", e);
    if (status != STATUS_OK) return status;
    const bool is_signature = bytes_equal(name, bytes_of_string("signature"));
    if (is_signature ? out->signature.data != NULL : out->value.data != NULL) {
        s->at = at;
        return expected(s, "a signed object and a signature, one of each", e);
    }
    if (is_signature) return take_plain_string(s, "the signature", &out->signature, e);
    out->name = name;
    return take_object(s, &out->value, e);
}

enum status signed_json_split(struct bytes text, struct signed_json *out, struct error *e)
{
    struct scan s = {text, 0};
    struct signed_json found = {0};
    enum status status = take(&s, '{', "an object", e);
    if (status == STATUS_OK) status = take_member(&s, &found, e);
    if (status == STATUS_OK) status = take(&s, ',', "a comma and a second member", e);
    if (status == STATUS_OK) status = take_member(&s, &found, e);
    if (status == STATUS_OK) status = take(&s, '}', "the end of the outer object, which has two members", e);
    if (status != STATUS_OK) return status;
    skip_space(&s);
    if (s.at != text.size) return expected(&s, "nothing behind the outer object", e);
    *out = found;
    return STATUS_OK;
}

bool signed_json_is(struct bytes text, const char *const *names, size_t count)
{
    struct scan s = {text, 0};
    struct bytes name;
    if (take(&s, '{', "", NULL) != STATUS_OK || take_plain_string(&s, "", &name, NULL) != STATUS_OK) return false;
    bool found = bytes_equal(name, bytes_of_string("signature"));
    for (size_t i = 0; i < count && !found; i++) found = bytes_equal(name, bytes_of_string(names[i]));
    return found;
}
