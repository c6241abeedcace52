/* For targets with a mutator of their own. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's own mutation. Other engines, and programs without one, do not have it. */
#if defined(__GNUC__)
__attribute__((weak))
#endif
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* What an engine calls instead: changes `data` in place and returns the new size, at most max_size. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

static inline size_t mutate_bytes(uint8_t *data, size_t size, size_t max_size)
{
    return LLVMFuzzerMutate ? LLVMFuzzerMutate(data, size, max_size) : size;
}

#endif
