/* Counters of suspended runs: KEY.counter holds the last one that was given out, and a line for each run that can go
 * on:
 *
 *     last 7
 *     count 8f…       the name of this count: random, and in each file whose number is from here
 *     open 5          the run with this number
 *     next 7 5        the run with number 7, if its file has been written: it goes on where 5 did
 *
 * Whoever lets a run go on holds its number until the run has ended, and closes it then. A process that is killed in
 * between loses nothing: the number is open as before. When a run that goes on is suspended again, its old and its new
 * file are never both to be had: the first of the two that goes on takes the other one away.
 *
 * Beside another path to the same key, or beside a copy of it, there is another count, or none. It has the same numbers,
 * but another name: what was numbered here goes on only here. */
#include "cli/run_suspend.h"

#include "base/array.h"
#include "base/hex.h"
#include "tee/root.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

enum { COUNTER_FILE_LIMIT = 1 << 20 };

struct counter_line {
    uint64_t number, from;         /* from: 0 in "open" */
};

struct counters {
    struct file_lock lock;
    struct buffer path, text;
    uint64_t last;
    bool has_name;                 /* none before the first number */
    uint8_t name[COUNT_NAME_SIZE];
    struct counter_line *lines;
    uint32_t count, capacity;
};

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static const char *path_of(const struct counters *c)
{
    return (const char *)c->path.data;
}

static enum status unreadable(const struct counters *c, struct error *e)
{
    return tee_refuse(e, TEE_COUNTER, "%s: expected lines \"last N\", \"count NAME\", \"open N\" and \"next N M\"",
                      path_of(c));
}

/* "word N" at *p, which is moved to what follows it. */
static bool read_number(const char **p, const char *word, uint64_t *n)
{
    const size_t length = strlen(word);
    char *end;
    if (strncmp(*p, word, length) != 0 || (*p)[length] < '0' || (*p)[length] > '9') return false;
    errno = 0;
    *n = strtoull(*p + length, &end, 10);
    *p = end;
    return errno == 0;
}

/* "count NAME\n" at *p, if it is there. */
static bool read_name(struct counters *c, const char **p)
{
    static const char word[] = "count ";
    const char *digits = *p + sizeof word - 1;
    if (strncmp(*p, word, sizeof word - 1) != 0) return true;
    for (size_t i = 0; i < COUNT_NAME_SIZE; i++) {
        const int high = hex_digit(digits[2 * i]), low = high < 0 ? -1 : hex_digit(digits[2 * i + 1]);
        if (low < 0) return false;
        c->name[i] = (uint8_t)(high << 4 | low);
    }
    *p = digits + 2 * COUNT_NAME_SIZE;
    c->has_name = true;
    return *(*p)++ == '\n';
}

static bool read_line(const struct counters *c, const char **p, struct counter_line *out)
{
    *out = (struct counter_line){0, 0};
    const bool known = read_number(p, "open ", &out->number) ||
                       (read_number(p, "next ", &out->number) && read_number(p, " ", &out->from) && out->from);
    return known && *(*p)++ == '\n' && out->number <= c->last && out->from <= c->last;
}

static enum status counters_parse(struct counters *c, struct error *e)
{
    const char *p = (const char *)c->text.data;
    if (!read_number(&p, "last ", &c->last) || *p++ != '\n' || !read_name(c, &p)) return unreadable(c, e);
    while (*p) {
        if (!array_grow(&c->lines, c->count, &c->capacity, sizeof *c->lines)) return error_no_memory(e);
        if (!read_line(c, &p, &c->lines[c->count++])) return unreadable(c, e);
    }
    return STATUS_OK;
}

static enum status counters_begin(struct counters *c, const char *key_path, struct error *e)
{
    struct error missing;
    *c = (struct counters){0};
    buffer_printf(&c->path, "%s.counter", key_path);
    buffer_append_byte(&c->path, 0);
    if (c->path.failed) return error_no_memory(e);
    enum status status = file_lock(&c->lock, path_of(c), e);
    if (status != STATUS_OK) return status;
    status = file_read(path_of(c), COUNTER_FILE_LIMIT, &c->text, &missing);
    if (status == STATUS_IO && missing.code == ENOENT) buffer_append_string(&c->text, "last 0\n");
    else if (status != STATUS_OK && e) *e = missing;
    if (status != STATUS_OK && missing.code != ENOENT) return status;
    buffer_append_byte(&c->text, 0);
    return c->text.failed ? error_no_memory(e) : counters_parse(c, e);
}

static void counters_end(struct counters *c)
{
    file_unlock(&c->lock);
    buffer_free(&c->path);
    buffer_free(&c->text);
    free(c->lines);
}

static enum status counters_write(const struct counters *c, struct error *e)
{
    struct buffer text = {0};
    buffer_printf(&text, "last %" PRIu64 "\ncount ", c->last);
    hex_encode(bytes_of(c->name, sizeof c->name), &text);
    buffer_append_byte(&text, '\n');
    for (uint32_t i = 0; i < c->count; i++) {
        const struct counter_line *l = &c->lines[i];
        if (l->from) buffer_printf(&text, "next %" PRIu64 " %" PRIu64 "\n", l->number, l->from);
        else buffer_printf(&text, "open %" PRIu64 "\n", l->number);
    }
    enum status status = text.failed ? error_no_memory(e) : file_write(path_of(c), text.data, text.size, e);
    buffer_free(&text);
    return status;
}

/* ---- the lines --------------------------------------------------------------------------------------------------- */

static struct counter_line *line_of(const struct counters *c, uint64_t number)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->lines[i].number == number) return &c->lines[i];
    return NULL;
}

/* Takes away those that were to follow a number; `heir` is open instead. */
static bool take_followers(struct counters *c, uint64_t number, uint64_t heir)
{
    uint32_t kept = 0;
    bool changed = false;
    for (uint32_t i = 0; i < c->count; i++) {
        struct counter_line l = c->lines[i];
        const bool follows = l.from && l.from == number;
        changed |= follows;
        if (follows && l.number != heir) continue;
        if (follows) l.from = 0;
        c->lines[kept++] = l;
    }
    c->count = kept;
    return changed;
}

/* The same with the number itself. */
static bool take(struct counters *c, uint64_t number, uint64_t heir)
{
    struct counter_line *l = line_of(c, number);
    if (l) *l = c->lines[--c->count];
    return take_followers(c, number, heir) || l;
}

/* ---- what is done with them -------------------------------------------------------------------------------------- */

/* A name for a count that has none: a new one, or one from before counts had names, whose runs were written in an earlier
 * format and cannot go on. */
static enum status name_it(struct counters *c, struct error *e)
{
    struct tee_system_root paths = {""};
    const struct tee_system system = tee_system_real(&paths);
    if (c->has_name) return STATUS_OK;
    c->count = 0;
    c->has_name = true;
    return tee_random(&system, c->name, sizeof c->name, e);
}

static enum status issue(struct counters *c, uint64_t from, struct error *e)
{
    const enum status status = name_it(c, e);
    if (status != STATUS_OK) return status;
    if (c->last == UINT64_MAX) return unreadable(c, e);
    if (!array_grow(&c->lines, c->count, &c->capacity, sizeof *c->lines)) return error_no_memory(e);
    c->lines[c->count++] = (struct counter_line){++c->last, from};
    return counters_write(c, e);
}

enum status counter_issue(const char *key_path, uint64_t from, uint64_t *counter, uint8_t name[COUNT_NAME_SIZE],
                          struct error *e)
{
    struct counters c;
    enum status status = counters_begin(&c, key_path, e);
    if (status == STATUS_OK) status = issue(&c, from, e);
    *counter = c.last;
    memcpy(name, c.name, sizeof c.name);
    counters_end(&c);
    return status;
}

/* The number, open, and without what was to follow it: that was not finished, or is not to be had any more. */
static enum status hold(struct counters *c, uint64_t number, const uint8_t name[COUNT_NAME_SIZE], struct error *e)
{
    if (!c->has_name || memcmp(c->name, name, sizeof c->name) != 0)
        return tee_refuse(e, TEE_COUNTER, "number %" PRIu64 " is not from %s: resume it with the key file, by the "
                          "path, with which it was suspended", number, path_of(c));
    const struct counter_line *l = line_of(c, number);
    if (!l)
        return tee_refuse(e, TEE_COUNTER, "number %" PRIu64 " is not open in %s: it was resumed before", number,
                          path_of(c));
    bool changed = l->from && take(c, l->from, number);
    changed |= take_followers(c, number, 0);
    return changed ? counters_write(c, e) : STATUS_OK;
}

enum status counter_hold(const char *key_path, uint64_t number, const uint8_t name[COUNT_NAME_SIZE],
                         struct file_lock *held, struct error *e)
{
    struct counters c;
    struct buffer path = {0};
    buffer_printf(&path, "%s.counter.%" PRIu64, key_path, number);
    buffer_append_byte(&path, 0);
    enum status status = path.failed ? error_no_memory(e) : file_lock(held, (const char *)path.data, e);
    buffer_free(&path);
    if (status != STATUS_OK) return status;
    status = counters_begin(&c, key_path, e);
    if (status == STATUS_OK) status = hold(&c, number, name, e);
    counters_end(&c);
    if (status != STATUS_OK) file_unlock(held);
    return status;
}

enum status counter_close(const char *key_path, uint64_t number, uint64_t next, struct error *e)
{
    struct counters c;
    enum status status = counters_begin(&c, key_path, e);
    if (status == STATUS_OK && take(&c, number, next)) status = counters_write(&c, e);
    counters_end(&c);
    return status;
}
