/* Reading bytes and putting together pieces of text for Itanium C++ names. */
#include "base/demangle_itanium.h"

#include <stdio.h>

enum { DEPTH_LIMIT = 200, STEP_LIMIT = 1 << 16, TEXT_LIMIT = 256 * 1024 };

struct piece itanium_fail(struct itanium *it)
{
    it->failed = true;
    return (struct piece){0};
}

bool itanium_enter(struct itanium *it)
{
    if (it->failed || it->depth >= DEPTH_LIMIT || ++it->steps > STEP_LIMIT) {
        it->failed = true;
        return false;
    }
    it->depth++;
    return true;
}

void itanium_leave(struct itanium *it)
{
    it->depth--;
}

/* ---- bytes ------------------------------------------------------------------------------------------------------- */

uint8_t itanium_peek(const struct itanium *it, size_t ahead)
{
    if (it->failed || ahead >= it->symbol.size - it->next) return 0;
    return it->symbol.data[it->next + ahead];
}

bool itanium_eat(struct itanium *it, const char *text)
{
    size_t size = strlen(text);
    if (it->failed || size > it->symbol.size - it->next || memcmp(it->symbol.data + it->next, text, size) != 0)
        return false;
    it->next += size;
    return true;
}

bool itanium_number(struct itanium *it, size_t *number)
{
    size_t start = it->next;
    *number = 0;
    for (uint8_t c; (c = itanium_peek(it, 0)) >= '0' && c <= '9'; it->next++) {
        if (*number > SIZE_MAX / 10 - 1) {
            itanium_fail(it);
            return false;
        }
        *number = *number * 10 + (size_t)(c - '0');
    }
    return it->next > start;
}

/* ---- pieces ------------------------------------------------------------------------------------------------------ */

uint32_t itanium_begin(struct itanium *it)
{
    return (uint32_t)it->text.size;
}

void itanium_add_bytes(struct itanium *it, struct bytes text)
{
    if (it->failed) return;
    if (text.size > TEXT_LIMIT - it->text.size) itanium_fail(it);
    else buffer_append(&it->text, text.data, text.size);
    if (it->text.failed) itanium_fail(it);
}

void itanium_add(struct itanium *it, const char *text)
{
    itanium_add_bytes(it, bytes_of_string(text));
}

void itanium_add_number(struct itanium *it, size_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", number);
    itanium_add(it, text);
}

/* Text of the buffer itself, which may move when it grows. */
static void add_own(struct itanium *it, uint32_t at, uint32_t size)
{
    if (it->failed || size == 0) return;
    if (!buffer_reserve(&it->text, size)) itanium_fail(it);
    else itanium_add_bytes(it, bytes_of(it->text.data + at, size));
}

void itanium_add_left(struct itanium *it, struct piece p)
{
    add_own(it, p.at, p.left);
}

void itanium_add_right(struct itanium *it, struct piece p)
{
    add_own(it, p.at + p.left, p.right);
}

void itanium_add_piece(struct itanium *it, struct piece p)
{
    add_own(it, p.at, p.left + p.right);
}

struct piece itanium_end(struct itanium *it, uint32_t begin)
{
    if (it->failed) return (struct piece){0};
    return (struct piece){.at = begin, .left = (uint32_t)it->text.size - begin};
}

struct piece itanium_piece(struct itanium *it, const char *text)
{
    uint32_t begin = itanium_begin(it);
    itanium_add(it, text);
    return itanium_end(it, begin);
}

bool itanium_is_empty(struct piece p)
{
    return p.left + p.right == 0;
}

struct piece itanium_join(struct itanium *it, struct piece a, const char *separator, struct piece b)
{
    if (itanium_is_empty(a)) return b;
    if (itanium_is_empty(b)) return a;
    uint32_t begin = itanium_begin(it);
    itanium_add_piece(it, a);
    itanium_add(it, separator);
    itanium_add_piece(it, b);
    return itanium_end(it, begin);
}

struct bytes itanium_text(const struct itanium *it, struct piece p)
{
    return it->failed || itanium_is_empty(p) ? (struct bytes){0} : bytes_of(it->text.data + p.at, p.left + p.right);
}
