/* Contracts that proofs leave out, from files (--code). */
#ifndef CLI_CODES_H
#define CLI_CODES_H

#include "cli/cli.h"

struct codes {
    struct buffer *files;
    struct bytes *bytes;
    size_t count;
};

/* Zero-initialise; release with codes_free in any case. Returns -1, or the exit code after a message. */
int codes_read(struct codes *c, const struct text_list *paths);
void codes_free(struct codes *c);

#endif
