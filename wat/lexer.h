/* Tokens of the text format (WebAssembly 2.0, 6.3: lexical format). White space, comments and annotations are skipped.
 * A lexical error is a token, too, so that a reader who skips does not stop at it. */
#ifndef WAT_LEXER_H
#define WAT_LEXER_H

#include "wat/wat.h"

enum token_kind {
    TOKEN_END,
    TOKEN_LEFT,       /* ( */
    TOKEN_RIGHT,      /* ) */
    TOKEN_STRING,     /* with its quotes, escapes not looked at */
    TOKEN_ID,         /* with its $ */
    TOKEN_WORD,       /* starts with a lower-case letter: keywords, also nan and inf */
    TOKEN_NUMBER,     /* starts with a digit or sign; may not be a number */
    TOKEN_RESERVED,   /* anything else made of these characters */
    TOKEN_ERROR,      /* `error` says what it is */
};

struct token {
    enum token_kind kind;
    enum wat_error error;
    const char *start;
    size_t size;
};

struct lexer {
    const char *p, *end;
};

void lexer_next(struct lexer *l, struct token *out);

/* Whether `t` is this keyword. */
static inline bool token_is_n(const struct token *t, const char *word, size_t size)
{
    return t->kind == TOKEN_WORD && t->size == size && memcmp(t->start, word, size) == 0;
}
#define token_is(token, word) token_is_n((token), (word), sizeof(word) - 1)

#endif
