#include "crypto/wipe.h"

enum { DEPTH = 4096 };

#if defined(__GNUC__)
__attribute__((noinline))
#endif
void wipe_stack(void)
{
    unsigned char below[DEPTH];
    wipe(below, sizeof below);
}
