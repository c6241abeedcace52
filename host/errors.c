/* The names and texts of faults. */
#include "host/context.h"

#include <inttypes.h>

static const struct {
    const char *kind, *message;
} errors[] = {
#define X(name, message) [HOST_##name] = {"HostError." #name, message},
#include "host/errors.def"
#undef X
};

static bool known(enum host_error error)
{
    return error > HOST_OK && error < HOST_ERROR_COUNT;
}

const char *host_error_kind(enum host_error error)
{
    return known(error) ? errors[error].kind : NULL;
}

void host_fault_message(const struct host_fault *f, struct buffer *out)
{
    if (!known(f->error)) return;
    const char *p = errors[f->error].message;
    for (const char *next; (next = strchr(p, '%')) && next[1]; p = next + 2) {
        buffer_append(out, p, (size_t)(next - p));
        if (next[1] == 's') buffer_append(out, f->text.data, f->text.size);
        else buffer_printf(out, "%" PRIu64, next[1] == 'a' ? f->a : f->b);
    }
    buffer_append_string(out, p);
}
