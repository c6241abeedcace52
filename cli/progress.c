#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 40 };

bool progress_wanted(int count)
{
    const char *term = getenv("TERM");
    return count > 1 && isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
}

void progress_draw(int done, int count)
{
    const int filled = (int)((long long)done * BAR / count);
    fputs("\r[", stderr);
    for (int i = 0; i < BAR; i++) fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %d of %d\033[K", done, count);
    fflush(stderr);
}

void progress_clear(void)
{
    fputs("\r\033[K", stderr);
    fflush(stderr);
}
