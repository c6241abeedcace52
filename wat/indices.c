/* Identifiers and indices: binding the one, resolving the other. */
#include "wat/parser.h"

/* Codes and words for each index space. */
static const struct {
    enum wat_error duplicate, unknown;
    const char *expected;
} spaces[SPACES] = {
    [SPACE_TYPE] = {WAT_ERROR_DUPLICATE_TYPE, WAT_ERROR_UNKNOWN_TYPE, "a type index"},
    [SPACE_FUNC] = {WAT_ERROR_DUPLICATE_FUNC, WAT_ERROR_UNKNOWN_FUNC, "a function index"},
    [SPACE_TABLE] = {WAT_ERROR_DUPLICATE_TABLE, WAT_ERROR_UNKNOWN_TABLE, "a table index"},
    [SPACE_MEMORY] = {WAT_ERROR_DUPLICATE_MEMORY, WAT_ERROR_UNKNOWN_MEMORY, "a memory index"},
    [SPACE_GLOBAL] = {WAT_ERROR_DUPLICATE_GLOBAL, WAT_ERROR_UNKNOWN_GLOBAL, "a global index"},
    [SPACE_ELEM] = {WAT_ERROR_DUPLICATE_ELEM, WAT_ERROR_UNKNOWN_ELEM, "an element segment index"},
    [SPACE_DATA] = {WAT_ERROR_DUPLICATE_DATA, WAT_ERROR_UNKNOWN_DATA, "a data segment index"},
    [SPACE_LOCAL] = {WAT_ERROR_DUPLICATE_LOCAL, WAT_ERROR_UNKNOWN_LOCAL, "a local index"},
    [SPACE_LABEL] = {WAT_ERROR_NONE, WAT_ERROR_UNKNOWN_LABEL, "a label"}, /* labels shadow each other */
};

static int shown_size(const struct token *t)
{
    return t->size < 60 ? (int)t->size : 60;
}

enum status bind_optional(struct parser *p, enum space space, uint32_t index, struct token *out)
{
    if (out) *out = (struct token){.kind = TOKEN_END};
    if (p->token.kind != TOKEN_ID) return STATUS_OK;
    if (out) *out = p->token;
    uint32_t symbol;
    TRY(symbols_intern(&p->symbols, token_bytes(&p->token), &symbol, p->e));
    struct symbol *s = &p->symbols.list[symbol];
    bool bound = s->index[space] != UNBOUND && (space != SPACE_LOCAL || s->local_owner == p->owner);
    if (bound)
        return fail_at(p, &p->token, spaces[space].duplicate, " %.*s", shown_size(&p->token), p->token.start);
    s->index[space] = index;
    if (space == SPACE_LOCAL) s->local_owner = p->owner;
    advance(p);
    return STATUS_OK;
}

void skip_id(struct parser *p, struct token *out)
{
    if (out) *out = (struct token){.kind = TOKEN_END};
    if (p->token.kind != TOKEN_ID) return;
    if (out) *out = p->token;
    advance(p);
}

bool at_index(const struct parser *p)
{
    return p->token.kind == TOKEN_NUMBER || p->token.kind == TOKEN_ID;
}

enum status parse_index(struct parser *p, enum space space, uint32_t *out)
{
    if (p->token.kind != TOKEN_ID) return parse_u32(p, spaces[space].expected, out);
    uint32_t symbol = symbols_find(&p->symbols, token_bytes(&p->token));
    uint32_t index = UNBOUND;
    if (symbol != NO_SYMBOL) {
        const struct symbol *s = &p->symbols.list[symbol];
        if (space != SPACE_LOCAL || s->local_owner == p->owner) index = s->index[space];
    }
    if (index == UNBOUND)
        return fail_at(p, &p->token, spaces[space].unknown, " %.*s", shown_size(&p->token), p->token.start);
    *out = space == SPACE_LABEL ? p->label_count - index - 1 : index;
    advance(p);
    return STATUS_OK;
}

enum status parse_optional_index(struct parser *p, enum space space, uint32_t *out)
{
    *out = 0;
    return at_index(p) ? parse_index(p, space, out) : STATUS_OK;
}
