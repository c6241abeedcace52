/* Memories of suspended runs: what is not zero. Most of a large memory was never touched, and reading it would bring it
 * into being: the system is asked which of its pages are there. Where it does not tell, everything is read. */
#include <fcntl.h>
#include <unistd.h>

#include "vm/suspend_state.h"

enum { WINDOW = 512 };             /* entries of the page map that are read at once */

struct presence {
    int file;                      /* -1: the system does not tell */
    uint64_t page;                 /* its size */
    uint64_t first, count;         /* pages that `entries` is about */
    uint64_t entries[WINDOW];
};

static void presence_open(struct presence *p)
{
    long page = sysconf(_SC_PAGESIZE);
    p->page = page > 0 ? (uint64_t)page : 0;
    p->count = p->first = 0;
    p->file = page >= STATE_CHUNK && page % STATE_CHUNK == 0 ? open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC) : -1;
}

static void presence_close(struct presence *p)
{
    if (p->file >= 0) close(p->file);
}

/* Whether there may be something at the address: present (bit 63) or swapped out (bit 62). Source: Linux,
 * Documentation/admin-guide/mm/pagemap.rst. */
static bool may_be_there(struct presence *p, const uint8_t *at)
{
    if (p->file < 0) return true;
    const uint64_t page = (uint64_t)(uintptr_t)at / p->page;
    if (page < p->first || page - p->first >= p->count) {
        ssize_t n = pread(p->file, p->entries, sizeof p->entries, (off_t)(page * sizeof *p->entries));
        if (n < (ssize_t)sizeof *p->entries) {
            presence_close(p);
            p->file = -1;
            return true;
        }
        p->first = page;
        p->count = (uint64_t)n / sizeof *p->entries;
    }
    return p->entries[page - p->first] >> 62 != 0;
}

static bool is_zero(const uint8_t *at)
{
    static const uint8_t zero[STATE_CHUNK];
    return memcmp(at, zero, STATE_CHUNK) == 0;
}

void state_write_memory(const struct memory *m, struct buffer *out)
{
    struct presence p;
    uint32_t count = 0;
    borsh_write_u32(out, m->pages);
    const size_t where = out->size;
    borsh_write_u32(out, 0);
    presence_open(&p);
    for (uint64_t at = 0; at < m->size && !out->failed; at += STATE_CHUNK) {
        if (!may_be_there(&p, m->data + at) || is_zero(m->data + at)) continue;
        borsh_write_u32(out, (uint32_t)(at / STATE_CHUNK));
        buffer_append(out, m->data + at, STATE_CHUNK);
        count++;
    }
    presence_close(&p);
    if (!out->failed) store_le32(out->data + where, count);
}

bool state_read_memory(struct borsh_reader *r, struct memory *m, const char **why)
{
    *why = "a memory of another size than it can have";
    const uint32_t pages = borsh_read_u32(r);
    if (pages < m->pages || !memory_grow(m, pages - m->pages)) return false;
    const uint32_t count = borsh_read_count(r, 4 + STATE_CHUNK);
    const uint64_t chunks = m->size / STATE_CHUNK;
    uint64_t next = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t chunk = borsh_read_u32(r);
        const struct bytes data = borsh_read_fixed(r, STATE_CHUNK);
        if (r->failed) return true; /* the end is what is wrong */
        *why = "a piece of memory outside of it or out of order";
        if (chunk < next || chunk >= chunks) return false;
        *why = "a piece of memory that is zero";
        if (is_zero(data.data)) return false;
        memcpy(m->data + (uint64_t)chunk * STATE_CHUNK, data.data, STATE_CHUNK);
        next = (uint64_t)chunk + 1;
    }
    return true;
}
