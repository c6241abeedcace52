/* Instruction sequences, plain and folded (WebAssembly 2.0, 6.5), without recursion: what is open is on a stack of
 * frames.
 *
 * A folded instruction's operator comes first in the text and last in the code: its bytes wait in `pending`, which is
 * a stack, too, until its parenthesis closes. */
#include <stdlib.h>

#include "wat/parser.h"

enum frame_kind {
    PLAIN_BLOCK,       /* block or loop, up to "end" */
    PLAIN_IF,          /* if, up to "else" or "end" */
    PLAIN_ELSE,        /* up to "end" */
    FOLDED_OPERATOR,   /* (op operand* ) */
    FOLDED_BLOCK,      /* (block instr* ) */
    FOLDED_IF,         /* (if operand* before (then */
    FOLDED_THEN,       /* (if ... (then instr* ) */
    FOLDED_AFTER_THEN, /* (if ... (then ...) before (else or ) */
    FOLDED_ELSE,       /* (if ... (else instr* ) */
    FOLDED_AFTER_ELSE, /* before ) */
};

struct frame {
    enum frame_kind kind;
    uint32_t symbol;       /* of the block's label; NO_SYMBOL: it has none */
    uint32_t shadowed;     /* what that name was bound to outside */
    size_t pending;        /* where the frame's bytes in `pending` start */
};

static enum status push(struct parser *p, struct frame f)
{
    if (p->frame_count == p->frame_capacity) {
        size_t capacity = p->frame_capacity ? 2 * p->frame_capacity : 64;
        struct frame *frames = realloc(p->frames, capacity * sizeof *frames);
        if (!frames) return error_no_memory(p->e);
        p->frames = frames;
        p->frame_capacity = capacity;
    }
    p->frames[p->frame_count++] = f;
    return STATUS_OK;
}

static struct frame *top(const struct parser *p)
{
    return p->frame_count ? &p->frames[p->frame_count - 1] : NULL;
}

/* ---- labels ----------------------------------------------------------------------------------------------------- */

static enum status parse_label(struct parser *p, struct frame *f)
{
    f->symbol = NO_SYMBOL;
    if (p->token.kind != TOKEN_ID) return STATUS_OK;
    TRY(symbols_intern(&p->symbols, token_bytes(&p->token), &f->symbol, p->e));
    advance(p);
    return STATUS_OK;
}

static void enter_label(struct parser *p, struct frame *f)
{
    uint32_t depth = p->label_count++;
    if (f->symbol == NO_SYMBOL) return;
    uint32_t *bound = &p->symbols.list[f->symbol].index[SPACE_LABEL];
    f->shadowed = *bound;
    *bound = depth;
}

static void leave_label(struct parser *p, const struct frame *f)
{
    p->label_count--;
    if (f->symbol != NO_SYMBOL) p->symbols.list[f->symbol].index[SPACE_LABEL] = f->shadowed;
}

/* `end` and `else` may repeat the label of their block. */
static enum status check_label(struct parser *p, const struct frame *f)
{
    if (p->token.kind != TOKEN_ID) return STATUS_OK;
    if (f->symbol == NO_SYMBOL || symbols_find(&p->symbols, token_bytes(&p->token)) != f->symbol)
        return fail_at(p, &p->token, WAT_ERROR_LABEL_MISMATCH, " %.*s", p->token.size < 60 ? (int)p->token.size : 60,
                       p->token.start);
    advance(p);
    return STATUS_OK;
}

/* ---- plain instructions ----------------------------------------------------------------------------------------- */

enum { OPCODE_BLOCK = 0x02, OPCODE_LOOP = 0x03, OPCODE_IF = 0x04, OPCODE_ELSE = 0x05, OPCODE_END = 0x0b };

static enum status parse_block_head(struct parser *p, uint16_t opcode, struct frame *f, struct buffer *out)
{
    struct type_use use;
    advance(p);
    TRY(parse_label(p, f));
    TRY(parse_type_use(p, false, true, &use));
    write_opcode(opcode, out);
    write_block_type(&use, out);
    return STATUS_OK;
}

static enum status plain_block(struct parser *p, uint16_t opcode, struct buffer *out)
{
    struct frame f = {.kind = opcode == OPCODE_IF ? PLAIN_IF : PLAIN_BLOCK};
    TRY(parse_block_head(p, opcode, &f, out));
    enter_label(p, &f);
    return push(p, f);
}

static enum status plain_else(struct parser *p, struct buffer *out)
{
    struct frame *f = top(p);
    if (!f || f->kind != PLAIN_IF) return unexpected(p, "an instruction: there is no \"if\" for it");
    advance(p);
    TRY(check_label(p, f));
    f->kind = PLAIN_ELSE;
    buffer_append_byte(out, OPCODE_ELSE);
    return STATUS_OK;
}

static enum status plain_end(struct parser *p, struct buffer *out)
{
    struct frame *f = top(p);
    if (!f || f->kind > PLAIN_ELSE) return unexpected(p, "an instruction: there is no block for it");
    advance(p);
    TRY(check_label(p, f));
    leave_label(p, f);
    p->frame_count--;
    buffer_append_byte(out, OPCODE_END);
    return STATUS_OK;
}

static enum status plain_instruction(struct parser *p, struct buffer *out)
{
    const struct instruction *i = NULL;
    if (p->token.kind == TOKEN_WORD) i = instruction_find(&p->instructions, p->token.start, p->token.size);
    if (!i) return unexpected(p, "an instruction or \")\"");
    switch (i->opcode) {
    case OPCODE_BLOCK:
    case OPCODE_LOOP:
    case OPCODE_IF: return plain_block(p, i->opcode, out);
    case OPCODE_ELSE: return plain_else(p, out);
    case OPCODE_END: return plain_end(p, out);
    default: advance(p); return parse_immediates(p, i, out);
    }
}

/* ---- folded instructions ---------------------------------------------------------------------------------------- */

/* Appends what waits in `pending` since the frame was opened. */
static void write_pending(struct parser *p, const struct frame *f, struct buffer *out)
{
    buffer_append(out, p->pending.data + f->pending, p->pending.size - f->pending);
    p->pending.size = f->pending;
}

/* `(` and the instruction behind it, up to its first operand. */
static enum status open_folded(struct parser *p, struct buffer *out)
{
    struct frame f = {.symbol = NO_SYMBOL, .pending = p->pending.size};
    const struct instruction *i = NULL;
    advance(p);
    if (p->token.kind == TOKEN_WORD) i = instruction_find(&p->instructions, p->token.start, p->token.size);
    if (!i || i->opcode == OPCODE_ELSE || i->opcode == OPCODE_END) return unexpected(p, "an instruction");
    if (i->opcode == OPCODE_BLOCK || i->opcode == OPCODE_LOOP) {
        f.kind = FOLDED_BLOCK;
        TRY(parse_block_head(p, i->opcode, &f, out));
        enter_label(p, &f);
    } else if (i->opcode == OPCODE_IF) {
        f.kind = FOLDED_IF;
        TRY(parse_block_head(p, i->opcode, &f, &p->pending));
    } else {
        f.kind = FOLDED_OPERATOR;
        advance(p);
        TRY(parse_immediates(p, i, &p->pending));
    }
    if (p->pending.failed) return error_no_memory(p->e);
    return push(p, f);
}

static enum status open_parenthesis(struct parser *p, struct buffer *out)
{
    struct frame *f = top(p);
    enum frame_kind kind = f ? f->kind : FOLDED_BLOCK;
    if (kind == FOLDED_IF && at_form(p, "then")) {
        advance_form(p);
        write_pending(p, f, out);
        enter_label(p, f);
        f->kind = FOLDED_THEN;
        return STATUS_OK;
    }
    if (kind == FOLDED_AFTER_THEN && at_form(p, "else")) {
        advance_form(p);
        buffer_append_byte(out, OPCODE_ELSE);
        f->kind = FOLDED_ELSE;
        return STATUS_OK;
    }
    if (kind == FOLDED_AFTER_THEN) return unexpected(p, "\"(else\" or \")\"");
    if (kind == FOLDED_AFTER_ELSE) return unexpected(p, "\")\"");
    return open_folded(p, out);
}

static enum status close_parenthesis(struct parser *p, struct buffer *out)
{
    struct frame *f = top(p);
    switch (f->kind) {
    case PLAIN_BLOCK:
    case PLAIN_IF:
    case PLAIN_ELSE: return unexpected(p, "\"end\"");
    case FOLDED_IF: return unexpected(p, "\"(then\"");
    case FOLDED_THEN: f->kind = FOLDED_AFTER_THEN; break;
    case FOLDED_ELSE: f->kind = FOLDED_AFTER_ELSE; break;
    case FOLDED_OPERATOR:
        write_pending(p, f, out);
        p->frame_count--;
        break;
    case FOLDED_BLOCK:
    case FOLDED_AFTER_THEN:
    case FOLDED_AFTER_ELSE:
        buffer_append_byte(out, OPCODE_END);
        leave_label(p, f);
        p->frame_count--;
        break;
    }
    advance(p);
    return STATUS_OK;
}

/* ---- sequences -------------------------------------------------------------------------------------------------- */

/* Whether plain instructions may stand here; otherwise only parentheses. */
static bool plain_allowed(const struct frame *f)
{
    return !f || f->kind <= PLAIN_ELSE || f->kind == FOLDED_BLOCK || f->kind == FOLDED_THEN || f->kind == FOLDED_ELSE;
}

static const char *expected_inside(const struct frame *f)
{
    if (f->kind == FOLDED_OPERATOR) return "\"(\" or \")\"";
    if (f->kind == FOLDED_IF) return "\"(then\" or a folded instruction";
    return f->kind == FOLDED_AFTER_THEN ? "\"(else\" or \")\"" : "\")\"";
}

static enum status parse_one(struct parser *p, struct buffer *out)
{
    struct frame *f = top(p);
    if (p->token.kind == TOKEN_LEFT) return open_parenthesis(p, out);
    if (p->token.kind == TOKEN_RIGHT) return close_parenthesis(p, out);
    if (!plain_allowed(f)) return unexpected(p, expected_inside(f));
    return plain_instruction(p, out);
}

enum status parse_instructions(struct parser *p, struct buffer *out)
{
    p->frame_count = 0;
    p->pending.size = 0;
    while (p->frame_count || p->token.kind != TOKEN_RIGHT) TRY(parse_one(p, out));
    return out->failed || p->pending.failed ? error_no_memory(p->e) : STATUS_OK;
}

enum status parse_folded_instruction(struct parser *p, struct buffer *out)
{
    p->frame_count = 0;
    p->pending.size = 0;
    do {
        TRY(parse_one(p, out));
    } while (p->frame_count);
    return out->failed || p->pending.failed ? error_no_memory(p->e) : STATUS_OK;
}

enum status parse_constant(struct parser *p, struct buffer *out)
{
    p->label_count = 0;
    TRY(parse_instructions(p, out));
    buffer_append_byte(out, OPCODE_END);
    return STATUS_OK;
}
