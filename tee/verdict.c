#include "tee/verdict.h"

#include "base/array.h"
#include "base/rfc3339.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- names ------------------------------------------------------------------------------------------------------- */

static const char *const platforms[TEE_PLATFORM_COUNT] = {
    [TEE_NO_PLATFORM] = "none", [TEE_NITRO] = "nitro", [TEE_SGX] = "sgx", [TEE_TDX] = "tdx", [TEE_SNP] = "snp",
};

const char *tee_platform_name(enum tee_platform p)
{
    return (unsigned)p < TEE_PLATFORM_COUNT ? platforms[p] : platforms[TEE_NO_PLATFORM];
}

enum tee_platform tee_platform_named(struct bytes name)
{
    for (int p = TEE_NO_PLATFORM + 1; p < TEE_PLATFORM_COUNT; p++)
        if (bytes_equal(name, bytes_of_string(platforms[p]))) return (enum tee_platform)p;
    return TEE_NO_PLATFORM;
}

static const char *const statuses[TCB_STATUS_COUNT] = {
    [TCB_NONE] = "none",
    [TCB_UP_TO_DATE] = "UpToDate",
    [TCB_SW_HARDENING_NEEDED] = "SWHardeningNeeded",
    [TCB_CONFIGURATION_NEEDED] = "ConfigurationNeeded",
    [TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED] = "ConfigurationAndSWHardeningNeeded",
    [TCB_OUT_OF_DATE] = "OutOfDate",
    [TCB_OUT_OF_DATE_CONFIGURATION_NEEDED] = "OutOfDateConfigurationNeeded",
    [TCB_TD_RELAUNCH_ADVISED] = "TDRelaunchAdvised",
    [TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED] = "TDRelaunchAdvisedConfigurationNeeded",
    [TCB_REVOKED] = "Revoked",
};

const char *tee_tcb_status_name(enum tee_tcb_status s)
{
    return (unsigned)s < TCB_STATUS_COUNT ? statuses[s] : statuses[TCB_NONE];
}

bool tee_tcb_status_named(struct bytes name, enum tee_tcb_status *out)
{
    for (int s = TCB_NONE + 1; s < TCB_STATUS_COUNT; s++) {
        if (!bytes_equal(name, bytes_of_string(statuses[s]))) continue;
        *out = (enum tee_tcb_status)s;
        return true;
    }
    return false;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

void tee_verdict_free(struct tee_verdict *v)
{
    free(v->checks);
    arena_free(&v->arena);
    *v = (struct tee_verdict){0};
}

void tee_verdict_begin(struct tee_verdict *v, enum tee_platform platform, int64_t at, bool simulated)
{
    v->platform = platform;
    v->at = at;
    v->simulated = simulated;
    v->valid_until = INT64_MAX;
}

void tee_verdict_expires(struct tee_verdict *v, int64_t at)
{
    if (at < v->valid_until) v->valid_until = at;
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

static char *room(struct tee_verdict *v, size_t size)
{
    char *text = arena_alloc(&v->arena, size);
    if (!text) v->no_memory = true;
    return text;
}

static const char *copy(struct tee_verdict *v, const char *text)
{
    if (!text || !*text) return "";
    const size_t size = strlen(text) + 1;
    char *out = room(v, size);
    return out ? memcpy(out, text, size) : "";
}

const char *tee_verdict_hex(struct tee_verdict *v, struct bytes b)
{
    static const char digits[] = "0123456789abcdef";
    if (b.size > SIZE_MAX / 4) {
        v->no_memory = true;
        return "";
    }
    char *out = room(v, 2 * b.size + 1);
    if (!out) return "";
    for (size_t i = 0; i < b.size; i++) {
        out[2 * i] = digits[b.data[i] >> 4];
        out[2 * i + 1] = digits[b.data[i] & 15];
    }
    return out;
}

const char *tee_verdict_text(struct tee_verdict *v, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    char *out = length < 0 ? NULL : room(v, (size_t)length + 1);
    if (out) vsnprintf(out, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return out ? out : "";
}

const char *tee_verdict_time(struct tee_verdict *v, int64_t at)
{
    char text[RFC3339_TEXT_SIZE];
    return copy(v, rfc3339_text(at, text));
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static void add(struct tee_verdict *v, struct tee_check check)
{
    if (check.result == CHECK_REFUSED && v->refusal == TEE_OK) v->refusal = check.refusal;
    check.name = copy(v, check.name);
    check.measured = copy(v, check.measured);
    check.expected = copy(v, check.expected);
    if (!array_grow(&v->checks, v->count, &v->capacity, sizeof *v->checks)) {
        v->no_memory = true;
        return;
    }
    v->checks[v->count++] = check;
}

void tee_verdict_passed(struct tee_verdict *v, const char *name, const char *measured, const char *expected)
{
    add(v, (struct tee_check){CHECK_PASSED, TEE_OK, name, measured, expected});
}

void tee_verdict_noted(struct tee_verdict *v, const char *name, const char *measured)
{
    add(v, (struct tee_check){CHECK_NOTED, TEE_OK, name, measured, ""});
}

void tee_verdict_allowed(struct tee_verdict *v, const char *name, const char *measured, const char *allowance)
{
    add(v, (struct tee_check){CHECK_ALLOWED, TEE_OK, name, measured, allowance});
}

enum status tee_verdict_refused(struct tee_verdict *v, struct error *e, enum tee_refusal r, const char *name,
                                const char *measured, const char *expected)
{
    const bool found = measured && *measured, wanted = expected && *expected;
    add(v, (struct tee_check){CHECK_REFUSED, r, name, measured, expected});
    return tee_refuse(e, r, "%s: %s%s%s%s%s", name, found ? "found " : "", found ? measured : "",
                      found && wanted ? ", " : "", wanted ? "expected " : "",
                      wanted ? expected : found ? "" : tee_refusal_text(r));
}

enum status tee_verdict_error(struct tee_verdict *v, const char *name, const struct error *e)
{
    if (e->status == STATUS_NO_MEMORY) return STATUS_NO_MEMORY;
    const bool known = e->code > 0 && e->code < (int)TEE_REFUSAL_COUNT;
    const enum tee_refusal r = known ? (enum tee_refusal)e->code : TEE_EVIDENCE;
    add(v, (struct tee_check){CHECK_REFUSED, r, name, e->message, ""});
    return STATUS_INVALID;
}
