#include "tee/refusal.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *code, *text;
} refusals[TEE_REFUSAL_COUNT] = {
    {"ok", "nothing is wrong"},
#define X(name, code, text) {code, text},
#include "tee/refusals.def"
#undef X
};

const char *tee_refusal_code(enum tee_refusal r)
{
    return (unsigned)r < TEE_REFUSAL_COUNT ? refusals[r].code : "unknown";
}

const char *tee_refusal_text(enum tee_refusal r)
{
    return (unsigned)r < TEE_REFUSAL_COUNT ? refusals[r].text : "unknown";
}

enum status tee_refuse(struct error *e, enum tee_refusal r, const char *format, ...)
{
    struct error ignored;
    va_list arguments;
    if (!e) e = &ignored;
    *e = (struct error){.status = STATUS_INVALID, .code = (int)r, .offset = ERROR_NO_OFFSET};
    va_start(arguments, format);
    vsnprintf(e->message, sizeof e->message, format, arguments);
    va_end(arguments);
    return STATUS_INVALID;
}
