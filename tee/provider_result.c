#include "tee/provider.h"

void tee_generated_free(struct tee_generated *g)
{
    buffer_free(&g->evidence);
    buffer_free(&g->auxiliary);
    *g = (struct tee_generated){0};
}
