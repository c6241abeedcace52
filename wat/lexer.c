#include "wat/lexer.h"

/* ---- characters ------------------------------------------------------------------------------------------------ */

static bool is_id_character(char c)
{
    /* Printable ASCII without space, quotation mark, comma, semicolon and brackets; one bit for each character. */
    static const uint32_t set[8] = {
        0,
        0xf7ffecfa, /* 0x20-0x3f: without 0x20 space, 0x22 ", 0x28 (, 0x29 ), 0x2c comma, 0x3b ; */
        0xd7ffffff, /* 0x40-0x5f: without 0x5b [ and 0x5d ] */
        0x57ffffff, /* 0x60-0x7f: without 0x7b {, 0x7d } and 0x7f */
    };
    uint8_t u = (uint8_t)c;
    return set[u / 32] >> (u % 32) & 1;
}

static bool is_string_character(char c)
{
    uint8_t u = (uint8_t)c;
    return u >= 0x20 && u != 0x7f;
}

/* ---- white space ------------------------------------------------------------------------------------------------ */

static enum wat_error skip_line_comment(struct lexer *l)
{
    const char *start = l->p;
    uint8_t any = 0;
    while (l->p < l->end && *l->p != '\n' && *l->p != '\r') any |= (uint8_t)*l->p++;
    if (any >= 0x80 && !utf8_valid((const uint8_t *)start, (size_t)(l->p - start))) return WAT_ERROR_UTF8;
    return WAT_ERROR_NONE;
}

/* Behind the opening `(;`. Comments nest: a counter, no recursion. */
static enum wat_error skip_block_comment(struct lexer *l)
{
    const char *start = l->p;
    size_t depth = 1;
    uint8_t any = 0;
    while (l->end - l->p >= 2) {
        if (l->p[0] == '(' && l->p[1] == ';') {
            depth++;
            l->p += 2;
        } else if (l->p[0] == ';' && l->p[1] == ')') {
            l->p += 2;
            if (--depth == 0) {
                bool ok = any < 0x80 || utf8_valid((const uint8_t *)start, (size_t)(l->p - start));
                return ok ? WAT_ERROR_NONE : WAT_ERROR_UTF8;
            }
        } else {
            any |= (uint8_t)*l->p++;
        }
    }
    l->p = l->end;
    return WAT_ERROR_UNCLOSED_COMMENT;
}

static bool at(const struct lexer *l, char first, char second)
{
    return l->end - l->p >= 2 && l->p[0] == first && l->p[1] == second;
}

/* Skips white space and comments; annotations are left. */
static enum wat_error skip_space(struct lexer *l)
{
    while (l->p < l->end) {
        char c = *l->p;
        enum wat_error error = WAT_ERROR_NONE;
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            l->p++;
        } else if (at(l, ';', ';')) {
            l->p += 2;
            error = skip_line_comment(l);
        } else if (at(l, '(', ';')) {
            l->p += 2;
            error = skip_block_comment(l);
        } else {
            break;
        }
        if (error) return error;
    }
    return WAT_ERROR_NONE;
}

/* ---- tokens ----------------------------------------------------------------------------------------------------- */

/* A string literal at its opening quotation mark; which escapes it has is looked at when it is used. */
static enum wat_error scan_string(struct lexer *l)
{
    const char *start = ++l->p;
    uint8_t any = 0;
    while (l->p < l->end && *l->p != '"') {
        if (*l->p == '\n') return WAT_ERROR_UNCLOSED_STRING;
        if (!is_string_character(*l->p)) return WAT_ERROR_CONTROL_CHARACTER;
        if (*l->p == '\\' && l->end - l->p >= 2) l->p++;
        any |= (uint8_t)*l->p;
        if (!is_string_character(*l->p)) return WAT_ERROR_ESCAPE;
        l->p++;
    }
    if (l->p == l->end) return WAT_ERROR_UNCLOSED_STRING;
    if (any >= 0x80 && !utf8_valid((const uint8_t *)start, (size_t)(l->p - start))) return WAT_ERROR_UTF8;
    l->p++;
    return WAT_ERROR_NONE;
}

static enum token_kind word_kind(char first)
{
    if (first == '$') return TOKEN_ID;
    if (first >= 'a' && first <= 'z') return TOKEN_WORD;
    if ((first >= '0' && first <= '9') || first == '+' || first == '-') return TOKEN_NUMBER;
    return TOKEN_RESERVED;
}

/* A run of id characters and strings without space between: one token, and reserved unless it is one string or
 * has no string. */
static void scan_run(struct lexer *l, struct token *out)
{
    size_t strings = 0, words = 0;
    while (l->p < l->end) {
        const char *before = l->p;
        if (*l->p == '"') {
            strings++;
            out->error = scan_string(l);
            if (out->error) {
                out->kind = TOKEN_ERROR;
                break;
            }
        } else {
            while (l->p < l->end && is_id_character(*l->p)) l->p++;
            if (l->p == before) break;
            words++;
        }
    }
    out->size = (size_t)(l->p - out->start);
    if (out->error) return;
    if (strings) out->kind = strings == 1 && !words ? TOKEN_STRING : TOKEN_RESERVED;
    else out->kind = word_kind(*out->start);
    if (out->kind == TOKEN_ID && out->size == 1) {
        out->kind = TOKEN_ERROR;
        out->error = WAT_ERROR_EMPTY_ID;
    }
}

/* A character outside of strings and comments that no token begins with: which may not be one at all. */
static void scan_illegal(struct lexer *l, struct token *out)
{
    size_t left = (size_t)(l->end - l->p);
    uint8_t lead = (uint8_t)*l->p;
    out->size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    out->kind = TOKEN_ERROR;
    out->error = WAT_ERROR_ILLEGAL_CHARACTER;
    if (out->size > left || !utf8_valid((const uint8_t *)l->p, out->size)) {
        out->size = 1;
        out->error = WAT_ERROR_UTF8;
    }
    l->p += out->size;
}

static void scan_token(struct lexer *l, struct token *out)
{
    *out = (struct token){TOKEN_END, WAT_ERROR_NONE, l->p, 0};
    if (l->p == l->end) return;
    out->size = 1;
    if (*l->p == '(' || *l->p == ')') {
        out->kind = *l->p++ == '(' ? TOKEN_LEFT : TOKEN_RIGHT;
    } else if (*l->p == '"' || is_id_character(*l->p)) {
        scan_run(l, out);
    } else {
        scan_illegal(l, out);
    }
}

/* ---- annotations ------------------------------------------------------------------------------------------------ */

/* The name behind `(@`: id characters or a string, not empty. */
static enum wat_error check_annotation_id(const struct lexer *l)
{
    struct lexer id = {l->p + 2, l->end};
    if (id.p == id.end || (*id.p != '"' && !is_id_character(*id.p))) return WAT_ERROR_EMPTY_ANNOTATION_ID;
    if (*id.p != '"') return WAT_ERROR_NONE;
    const char *start = id.p;
    enum wat_error error = scan_string(&id);
    return !error && id.p - start == 2 ? WAT_ERROR_EMPTY_ANNOTATION_ID : error;
}

/* Annotations may hold characters that the rest of the language has no use for. */
static bool allowed_in_annotation(const struct token *t)
{
    if (t->error == WAT_ERROR_EMPTY_ID) return true;
    return t->error == WAT_ERROR_ILLEGAL_CHARACTER && t->size == 1 && *t->start && strchr(",;[]{}", *t->start);
}

/* At the opening `(@`: skips to behind the parenthesis that closes it. */
static enum wat_error skip_annotation(struct lexer *l)
{
    size_t depth = 0;
    enum wat_error error = check_annotation_id(l);
    if (error) l->p += 2;
    while (!error) {
        struct token t;
        error = skip_space(l);
        if (error) break;
        scan_token(l, &t);
        if (t.kind == TOKEN_END) return WAT_ERROR_UNCLOSED_ANNOTATION;
        if (t.kind == TOKEN_ERROR && !allowed_in_annotation(&t)) return t.error;
        if (t.kind == TOKEN_LEFT) depth++;
        if (t.kind == TOKEN_RIGHT && --depth == 0) break;
    }
    return error;
}

void lexer_next(struct lexer *l, struct token *out)
{
    const char *start = l->p;
    enum wat_error error = skip_space(l);
    while (!error && at(l, '(', '@')) {
        start = l->p;
        error = skip_annotation(l);
        if (!error) error = skip_space(l);
    }
    if (error) *out = (struct token){TOKEN_ERROR, error, start, (size_t)(l->p - start)};
    else scan_token(l, out);
}
