/* JSON as a row of tokens: the grammar of RFC 8259, checked to the last byte, without recursion or memory. What reads
 * JSON, and what only checks it, goes through here. */
#ifndef JSON_JSON_SCAN_H
#define JSON_JSON_SCAN_H

#include "base/bytes.h"
#include "base/error.h"

enum { JSON_MAX_DEPTH = 64, JSON_TEXT_DEPTH = 128 /* of texts that are checked alone: as many as serde_json allows */ };

enum json_token_kind {
    JSON_TOKEN_END,
    JSON_TOKEN_OPEN_OBJECT,
    JSON_TOKEN_OPEN_ARRAY,
    JSON_TOKEN_CLOSE, /* of either */
    JSON_TOKEN_NAME,
    JSON_TOKEN_STRING,
    JSON_TOKEN_INTEGER,
    JSON_TOKEN_REAL, /* with a point or an exponent */
    JSON_TOKEN_WORD  /* true, false, null */
};

struct json_token {
    enum json_token_kind kind;
    struct bytes text; /* without the quotes of a name or string */
};

struct json_scanner {
    struct bytes text;
    struct error *e;
    unsigned depth_limit; /* at most JSON_TEXT_DEPTH */
    bool is_document;     /* refuses what cannot be read without loss: whole numbers outside -2^63 to 2^64 - 1, escapes
                           * that are half of a surrogate pair, a NUL in a name */
    size_t at;
    unsigned depth;
    uint8_t expected;            /* what may come next */
    char open[JSON_TEXT_DEPTH];  /* '{' or '[' for each level */
};

/* Set text, e, depth_limit and is_document, zero the rest. STATUS_MALFORMED with line and column; STATUS_LIMIT: nested
 * too deeply. After JSON_TOKEN_END nothing but white space was left. */
enum status json_scan(struct json_scanner *s, struct json_token *out);

/* Writes what a name or string that was scanned stands for; returns its size, which is at most the token's. */
size_t json_unescape(struct bytes token, char *out);

/* Fills *e with STATUS_MALFORMED, the message, and line and column of the byte at `offset`. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
enum status json_error_at(struct bytes text, size_t offset, struct error *e, const char *format, ...);

#endif
