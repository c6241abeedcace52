#include "tee/secret_memory.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crypto/wipe.h"

static size_t page_size(void)
{
    const long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? (size_t)size : 4096;
}

static size_t whole_pages(size_t size)
{
    const size_t page = page_size();
    return (size + page - 1) / page * page;
}

void *secret_memory_new(size_t size)
{
    const size_t page = page_size();
    if (size == 0 || size > SIZE_MAX / 2) return NULL;
    const size_t pages = whole_pages(size);
    uint8_t *p = mmap(NULL, pages + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return NULL;
    if (mprotect(p + page, pages, PROT_READ | PROT_WRITE) != 0) {
        munmap(p, pages + 2 * page);
        return NULL;
    }
    (void)mlock(p + page, pages);
    (void)madvise(p + page, pages, MADV_DONTDUMP);
#ifdef MADV_WIPEONFORK
    (void)madvise(p + page, pages, MADV_WIPEONFORK);
#endif
    return p + page;
}

void secret_memory_free(void *p, size_t size)
{
    if (!p) return;
    const size_t page = page_size(), pages = whole_pages(size);
    wipe(p, size);
    munmap((uint8_t *)p - page, pages + 2 * page); /* unlocks, too */
}
