/* A bar on standard error that is drawn over itself while files or parts of one are worked through. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>

/* Whether there is to be one: standard error is a terminal that can draw it, and there is more than one thing to do. */
bool progress_wanted(int count);

void progress_draw(int done, int count);
void progress_clear(void);

#endif
