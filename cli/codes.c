#include "cli/codes.h"

#include "cli/source.h"

#include <stdlib.h>

void codes_free(struct codes *c)
{
    for (size_t i = 0; i < c->count; i++) buffer_free(&c->files[i]);
    free(c->files);
    free(c->bytes);
}

int codes_read(struct codes *c, const struct text_list *paths)
{
    if (paths->count == 0) return -1;
    c->files = calloc(paths->count, sizeof *c->files);
    c->bytes = calloc(paths->count, sizeof *c->bytes);
    if (!c->files || !c->bytes) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (uint32_t i = 0; i < paths->count; i++) {
        int code = source_read(paths->items[i], &c->files[i]);
        if (code >= 0) return code;
        c->bytes[i] = bytes_of(c->files[i].data, c->files[i].size);
        c->count++;
    }
    return -1;
}
