/* Linear memories: address space is reserved, pages are committed as they are touched. */
#include <stdlib.h>
#include <sys/mman.h>

#include "base/array.h"
#include "vm/runtime.h"

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

/* Growing in place needs address space; more than this is reserved only when the memory has grown that far, so that
 * many instances and small address spaces get along. */
static const uint64_t page_size = 65536, first_reservation = 16 << 20;

static uint8_t *reserve(uint64_t size)
{
    if (size > SIZE_MAX) return NULL;
    void *p = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static uint64_t reservation(uint64_t size, uint64_t most)
{
    uint64_t wanted = size < first_reservation ? first_reservation : size + size / 2;
    wanted = (wanted + page_size - 1) / page_size * page_size;
    return wanted < most ? wanted : most;
}

static uint64_t most_bytes(const struct memory *m)
{
    return (m->range.has_max ? m->range.max : 65536u) * page_size;
}

enum status memory_create(struct store *s, struct range range, struct memory **out, struct error *e)
{
    if (range.min > s->config.memory_pages)
        return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "a memory of %u pages, at most %u are allowed", range.min,
                         s->config.memory_pages);
    struct memory *m = arena_alloc(&s->arena, sizeof *m);
    if (!m || !array_grow(&s->memories, s->memory_count, &s->memory_capacity, sizeof *s->memories))
        return error_no_memory(e);
    m->store = s;
    m->range = range;
    m->limit = s->config.memory_pages;
    m->pages = range.min;
    m->size = range.min * page_size;
    m->reserved = reservation(m->size, most_bytes(m));
    if (m->reserved) {
        m->data = reserve(m->reserved);
        if (!m->data)
            return error_set(e, STATUS_NO_MEMORY, 0, ERROR_NO_OFFSET, "no address space for a memory of %u pages",
                             range.min);
    }
    s->memories[s->memory_count++] = m;
    *out = m;
    return STATUS_OK;
}

enum status memory_new(struct store *s, struct range range, struct memory **out, struct error *e)
{
    if (range.min > 65536 || (range.has_max && (range.max > 65536 || range.max < range.min)))
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a memory of %u to %u pages: 65536 is the maximum",
                         range.min, range.max);
    return memory_create(s, range, out, e);
}

void memory_release(struct memory *m)
{
    if (m->data) munmap(m->data, (size_t)m->reserved);
    m->data = NULL;
}

static bool enlarge(struct memory *m, uint64_t size)
{
    uint64_t reserved = reservation(size, most_bytes(m));
#ifdef MREMAP_MAYMOVE
    if (m->data) {
        if (reserved > SIZE_MAX) return false;
        void *p = mremap(m->data, (size_t)m->reserved, (size_t)reserved, MREMAP_MAYMOVE);
        if (p == MAP_FAILED) return false;
        m->data = p;
        m->reserved = reserved;
        return true;
    }
#endif
    uint8_t *data = reserve(reserved);
    if (!data) return false;
    if (m->size) memcpy(data, m->data, (size_t)m->size);
    memory_release(m);
    m->data = data;
    m->reserved = reserved;
    return true;
}

bool memory_grow(struct memory *m, uint32_t pages)
{
    uint64_t most = m->range.has_max ? m->range.max : 65536u;
    if (most > m->limit) most = m->limit;
    if (pages > most || m->pages > most - pages) return false;
    uint64_t size = (m->pages + (uint64_t)pages) * page_size;
    if (size > m->reserved && !enlarge(m, size)) return false;
    m->pages += pages;
    m->size = size;
    return true;
}

uint8_t *memory_data(struct memory *m) { return m->data; }
uint64_t memory_size(const struct memory *m) { return m->size; }
uint32_t memory_pages(const struct memory *m) { return m->pages; }
struct range memory_range(const struct memory *m) { return m->range; }
