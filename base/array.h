/* Growing arrays of any element type, kept as a pointer, a count and a capacity. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes room for one more element behind `count`: `array` is the address of the pointer, `size` an element's bytes.
 * The capacity doubles. False: no memory, nothing changed. The caller frees the array with free. */
bool array_grow(void *array, uint32_t count, uint32_t *capacity, size_t size);

#endif
