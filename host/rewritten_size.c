#include "host/contract.h"

uint64_t rewritten_size(const struct module *m, uint64_t enough)
{
    (void)enough;
    return module_bytes(m).size;
}
