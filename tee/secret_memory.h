/* Memory for keys: pages of their own between pages that cannot be touched, kept out of swap, core dumps and children
 * of this process as far as the system lets us, and wiped when freed. */
#ifndef TEE_SECRET_MEMORY_H
#define TEE_SECRET_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Zeros; null: no memory. A limit on locked memory is not a failure. `size` is the same for both. */
void *secret_memory_new(size_t size);
void secret_memory_free(void *p, size_t size); /* null is allowed */

#endif
