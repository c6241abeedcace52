/* For targets with a mutator of their own. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

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

/* `changed` takes the place of the data, if there is room and it is `good`; else the data are mutated as bytes. Returns
 * the new size; `changed` is given back. */
static inline size_t mutate_to(struct buffer *changed, bool good, uint8_t *data, size_t size, size_t max_size)
{
    if (good && changed->size <= max_size) {
        size = changed->size;
        memcpy(data, changed->data, size);
    } else {
        size = mutate_bytes(data, size, max_size);
    }
    buffer_free(changed);
    return size;
}

#endif
