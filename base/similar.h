/* Which name may have been meant by one that does not exist. */
#ifndef BASE_SIMILAR_H
#define BASE_SIMILAR_H

#include "base/bytes.h"

/* How many letters must change to make `b` of `a` (case does not count); large if they are nothing alike. */
unsigned distance(struct bytes a, struct bytes b);
/* Whether that is close enough to suggest one for the other. */
bool similar(struct bytes a, struct bytes b);

#endif
