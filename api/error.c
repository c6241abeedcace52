#include "api/api.h"

#include <stdio.h>

const char *nvm_version(void)
{
    return NVM_VERSION;
}

nvm_status api_status(enum status status)
{
    switch (status) {
    case STATUS_OK: return NVM_OK;
    case STATUS_MALFORMED: return NVM_MALFORMED;
    case STATUS_INVALID: return NVM_INVALID;
    case STATUS_UNLINKABLE: return NVM_UNLINKABLE;
    case STATUS_LIMIT: return NVM_LIMIT;
    case STATUS_NO_MEMORY: return NVM_NO_MEMORY;
    case STATUS_TRAP: return NVM_TRAP;
    case STATUS_IO:
    case STATUS_USAGE:
    case STATUS_SUSPENDED: break; /* nothing here asks for a suspension */
    }
    return NVM_USAGE;
}

const char *nvm_status_name(nvm_status status)
{
    switch (status) {
    case NVM_OK: return "ok";
    case NVM_MALFORMED: return "malformed";
    case NVM_INVALID: return "invalid";
    case NVM_UNLINKABLE: return "unlinkable";
    case NVM_LIMIT: return "limit";
    case NVM_NO_MEMORY: return "no memory";
    case NVM_TRAP: return "trap";
    case NVM_USAGE: return "usage";
    case NVM_INTERRUPTED: return "interrupted";
    }
    return "unknown";
}

nvm_status api_error(nvm_error *to, const struct error *from)
{
    nvm_status status = api_status(from->status);
    if (!to) return status;
    to->status = status;
    to->offset = from->offset;
    if (from->line)
        snprintf(to->message, sizeof to->message, "%u:%u: %.224s", from->line, from->column, from->message);
    else snprintf(to->message, sizeof to->message, "%s", from->message);
    return status;
}

nvm_status api_fail(nvm_error *to, nvm_status status, const char *format, ...)
{
    if (!to) return status;
    to->status = status;
    to->offset = NVM_NO_OFFSET;
    va_list args;
    va_start(args, format);
    vsnprintf(to->message, sizeof to->message, format, args);
    va_end(args);
    return status;
}

nvm_status api_null(nvm_error *to, const char *what)
{
    return api_fail(to, NVM_USAGE, "%s: a null pointer", what);
}
