/* Counters of suspended runs: KEY.counter holds the last one that was given out, and those that are open, one a line. A
 * run is resumed once: then its counter is closed. The key file is locked meanwhile. */
#include "cli/run_suspend.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { COUNTER_FILE_LIMIT = 1 << 20 };

struct counters {
    struct buffer path, text;
    int lock;
    uint64_t last;
    const char *open;              /* the lines behind the first; in `text` */
};

static enum status unreadable(const struct counters *c, struct error *e)
{
    return tee_refuse(e, TEE_COUNTER, "%s: expected lines \"last N\" and \"open N\"", (const char *)c->path.data);
}

/* "word N\n" at *p, which is moved behind it. */
static bool read_line(const char **p, const char *word, uint64_t *n)
{
    const size_t length = strlen(word);
    char *end;
    if (strncmp(*p, word, length) != 0 || (*p)[length] < '0' || (*p)[length] > '9') return false;
    errno = 0;
    *n = strtoull(*p + length, &end, 10);
    if (errno || *end != '\n') return false;
    *p = end + 1;
    return true;
}

static enum status counters_read(struct counters *c, struct error *e)
{
    struct error missing;
    enum status status = file_read((const char *)c->path.data, COUNTER_FILE_LIMIT, &c->text, &missing);
    if (status == STATUS_IO && missing.code == ENOENT) {
        buffer_append_string(&c->text, "last 0\n");
        status = STATUS_OK;
    } else if (status != STATUS_OK && e) {
        *e = missing;
    }
    buffer_append_byte(&c->text, 0);
    if (c->text.failed) return error_no_memory(e);
    if (status != STATUS_OK) return status;
    const char *p = (const char *)c->text.data;
    uint64_t n;
    if (!read_line(&p, "last ", &c->last)) return unreadable(c, e);
    c->open = p;
    while (*p)
        if (!read_line(&p, "open ", &n) || n > c->last) return unreadable(c, e);
    return STATUS_OK;
}

static enum status counters_begin(struct counters *c, const char *key_path, struct error *e)
{
    *c = (struct counters){.lock = open(key_path, O_RDONLY | O_CLOEXEC)};
    buffer_printf(&c->path, "%s.counter", key_path);
    buffer_append_byte(&c->path, 0);
    if (c->path.failed) return error_no_memory(e);
    if (c->lock < 0 || flock(c->lock, LOCK_EX) != 0)
        return error_set(e, STATUS_IO, errno, ERROR_NO_OFFSET, "cannot lock '%s': %s", key_path, strerror(errno));
    return counters_read(c, e);
}

static void counters_end(struct counters *c)
{
    if (c->lock >= 0) close(c->lock);
    buffer_free(&c->path);
    buffer_free(&c->text);
}

/* Writes `last` and the open ones but `without`; a new one if last has grown. */
static enum status counters_write(const struct counters *c, uint64_t last, uint64_t without, struct error *e)
{
    struct buffer text = {0};
    const char *p = c->open;
    uint64_t n = 0;
    buffer_printf(&text, "last %" PRIu64 "\n", last);
    while (*p && read_line(&p, "open ", &n))
        if (n != without) buffer_printf(&text, "open %" PRIu64 "\n", n);
    if (last != c->last) buffer_printf(&text, "open %" PRIu64 "\n", last);
    enum status status = text.failed ? error_no_memory(e)
                                     : file_write((const char *)c->path.data, text.data, text.size, e);
    buffer_free(&text);
    return status;
}

enum status counter_issue(const char *key_path, uint64_t *counter, struct error *e)
{
    struct counters c;
    enum status status = counters_begin(&c, key_path, e);
    if (status == STATUS_OK && c.last == UINT64_MAX) status = unreadable(&c, e);
    if (status == STATUS_OK) status = counters_write(&c, c.last + 1, 0, e);
    *counter = c.last + 1;
    counters_end(&c);
    return status;
}

enum status counter_take(const char *key_path, uint64_t counter, struct error *e)
{
    struct counters c;
    enum status status = counters_begin(&c, key_path, e);
    bool is_open = false;
    uint64_t n;
    for (const char *p = c.open; status == STATUS_OK && *p && read_line(&p, "open ", &n);) is_open |= n == counter;
    if (status == STATUS_OK && !is_open)
        status = tee_refuse(e, TEE_COUNTER, "number %" PRIu64 " is not open in %s: it was resumed before", counter,
                            (const char *)c.path.data);
    if (status == STATUS_OK) status = counters_write(&c, c.last, counter, e);
    counters_end(&c);
    return status;
}
