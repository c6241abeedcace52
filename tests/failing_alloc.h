/* Allocations that fail on demand: for tests in which the k-th allocation fails, for every k. To be included by one
 * file of a program that is linked with --wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=mmap (see the Makefile). */
#ifndef TESTS_FAILING_ALLOC_H
#define TESTS_FAILING_ALLOC_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_mmap(void *p, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_mmap(void *p, size_t size, int protection, int flags, int fd, off_t offset);

static long countdown = -1; /* allocations that still succeed; negative: all */
static bool sticky;         /* once one has failed, all fail */
static bool failed;

static bool fails(void)
{
    if (countdown < 0) return false;
    if (countdown-- > 0) return false;
    failed = true;
    if (sticky) countdown = 0;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}
void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}
void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}
void *__wrap_mmap(void *p, size_t size, int protection, int flags, int fd, off_t offset)
{
    if (!fails()) return __real_mmap(p, size, protection, flags, fd, offset);
    errno = ENOMEM;
    return MAP_FAILED;
}

#endif
