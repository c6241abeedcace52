#include "base/error.h"

#include <stdio.h>

enum status error_set(struct error *e, enum status status, int code, uint64_t offset, const char *format, ...)
{
    if (!e) return status;
    e->status = status;
    e->code = code;
    e->offset = offset;
    e->line = e->column = 0;
    va_list args;
    va_start(args, format);
    vsnprintf(e->message, sizeof e->message, format, args);
    va_end(args);
    return status;
}

enum status error_no_memory(struct error *e)
{
    return error_set(e, STATUS_NO_MEMORY, 0, ERROR_NO_OFFSET, "out of memory");
}

const char *status_name(enum status status)
{
    switch (status) {
    case STATUS_OK: return "ok";
    case STATUS_MALFORMED: return "malformed";
    case STATUS_INVALID: return "invalid";
    case STATUS_UNLINKABLE: return "unlinkable";
    case STATUS_LIMIT: return "limit";
    case STATUS_NO_MEMORY: return "no memory";
    case STATUS_IO: return "input/output";
    case STATUS_TRAP: return "trap";
    case STATUS_USAGE: return "usage";
    case STATUS_SUSPENDED: return "suspended";
    }
    return "unknown";
}
