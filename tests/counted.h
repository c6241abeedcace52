/* Work and memory that are counted, not timed. Memory: the most bytes that were allocated at once; the program is linked
 * with --wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free. Work: edges between basic blocks, in builds with
 * -fsanitize-coverage=trace-pc (tests/linear.sh); nothing in others. For one file of a program, and one thread. */
#ifndef TESTS_COUNTED_H
#define TESTS_COUNTED_H

#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

static struct {
    uint64_t edges;
    int64_t live, most; /* what the C library allocates for itself is not among them, but may be freed here */
} counted;

void __sanitizer_cov_trace_pc(void);
#if defined(__clang__)
__attribute__((no_sanitize("coverage")))
#else
__attribute__((no_sanitize_coverage))
#endif
void __sanitizer_cov_trace_pc(void)
{
    counted.edges++;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);

static void *counted_in(void *p)
{
    if (p) counted.live += (int64_t)malloc_usable_size(p);
    if (counted.live > counted.most) counted.most = counted.live;
    return p;
}

void *__wrap_malloc(size_t size)
{
    return counted_in(__real_malloc(size));
}
void *__wrap_calloc(size_t count, size_t size)
{
    return counted_in(__real_calloc(count, size));
}
void *__wrap_realloc(void *p, size_t size)
{
    const size_t before = p ? malloc_usable_size(p) : 0;
    void *moved = __real_realloc(p, size);
    if (moved) counted.live -= (int64_t)before;
    return counted_in(moved);
}
void __wrap_free(void *p)
{
    if (p) counted.live -= (int64_t)malloc_usable_size(p);
    __real_free(p);
}

#endif
