/* What the parts of `nvm inspect` share: inspect.c reads the module, the others print it. */
#ifndef CLI_INSPECT_H
#define CLI_INSPECT_H

#include "cli/source.h"

struct inspect {
    const char *path;
    struct source source;
    size_t *order;      /* indices of the functions that are not imported, the largest first */
    size_t functions;   /* how many */
    uint64_t listed;    /* how many of them to list */
};

/* False: standard output cannot be written. */
bool inspect_text(const struct inspect *x);
bool inspect_json(const struct inspect *x);

const char *section_title(uint8_t id);
const char *kind_title(enum extern_kind kind);
/* Appends "(i32) -> i64", "1 to 16 pages", "funcref, 10 elements or more", "mutable i32". */
void extern_type_text(struct buffer *b, const struct extern_type *t);

#endif
