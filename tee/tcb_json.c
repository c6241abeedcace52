#include "tee/tcb_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "base/rfc3339.h"
#include "json/json_scan.h"

/* ---- single members --------------------------------------------------------------------------------------------- */

static enum status required_text(const struct json_place *object, const char *name, struct json_place *place,
                                 struct bytes *out, struct error *e)
{
    const enum status status = json_required(object, name, place, e);
    return status == STATUS_OK ? json_read_text(place, out, e) : status;
}

enum status tcb_json_date(const struct json_place *object, const char *name, int64_t *out, struct error *e)
{
    enum { LENGTH = 20 };
    struct json_place place;
    struct bytes text;
    const enum status status = required_text(object, name, &place, &text, e);
    if (status != STATUS_OK) return status;
    const bool form = text.size == LENGTH && text.data[10] == 'T' && text.data[LENGTH - 1] == 'Z';
    if (!form || !rfc3339_read(text, out)) return json_expected(&place, "a time like \"2025-06-19T10:56:11Z\"", e);
    return STATUS_OK;
}

enum status tcb_json_hex(const struct json_place *object, const char *name, uint8_t *out, size_t size, struct error *e)
{
    struct json_place place;
    struct bytes text;
    char expected[64];
    const enum status status = required_text(object, name, &place, &text, e);
    if (status != STATUS_OK) return status;
    snprintf(expected, sizeof expected, "%zu bytes in hexadecimal", size);
    if (text.size != 2 * size) return json_expected(&place, expected, e);
    for (size_t i = 0; i < size; i++) {
        const int high = hex_digit((char)text.data[2 * i]), low = hex_digit((char)text.data[2 * i + 1]);
        if (high < 0 || low < 0) return json_expected(&place, expected, e);
        out[i] = (uint8_t)(high << 4 | low);
    }
    return STATUS_OK;
}

static enum status number(const struct json_place *object, const char *name, uint64_t max, uint64_t *out,
                          struct error *e)
{
    struct json_place place;
    const enum status status = json_required(object, name, &place, e);
    if (status != STATUS_OK) return status;
    if (!json_is(place.json, JSON_INTEGER)) return json_expected(&place, "a whole number", e);
    return json_read_u64(&place, max, out, e);
}

enum status tcb_json_u8(const struct json_place *object, const char *name, uint8_t *out, struct error *e)
{
    uint64_t value = 0;
    const enum status status = number(object, name, UINT8_MAX, &value, e);
    *out = (uint8_t)value;
    return status;
}

enum status tcb_json_u16(const struct json_place *object, const char *name, uint16_t *out, struct error *e)
{
    uint64_t value = 0;
    const enum status status = number(object, name, UINT16_MAX, &value, e);
    *out = (uint16_t)value;
    return status;
}

enum status tcb_json_u32(const struct json_place *object, const char *name, uint32_t *out, struct error *e)
{
    uint64_t value = 0;
    const enum status status = number(object, name, UINT32_MAX, &value, e);
    *out = (uint32_t)value;
    return status;
}

enum status tcb_json_array(const struct json_place *object, const char *name, size_t size, struct arena *a,
                           struct json_place *array, void *elements, uint32_t *count, struct error *e)
{
    size_t length = 0;
    enum status status = json_required(object, name, array, e);
    if (status == STATUS_OK) status = json_check_array(array, &length, e);
    if (status != STATUS_OK) return status;
    if (length > UINT32_MAX) return json_refuse(array, e, "too many elements");
    void *all = arena_array(a, length, size);
    if (!all) return error_no_memory(e);
    memcpy(elements, &all, sizeof all);
    *count = (uint32_t)length;
    return STATUS_OK;
}

/* ---- levels ----------------------------------------------------------------------------------------------------- */

static enum status read_status(const struct json_place *level, enum tee_tcb_status *out, struct error *e)
{
    struct json_place place;
    struct bytes text;
    const enum status status = required_text(level, "tcbStatus", &place, &text, e);
    if (status != STATUS_OK) return status;
    /* That a relaunch is advised is found here, and never written there. */
    if (!tee_tcb_status_named(text, out) || *out == TCB_TD_RELAUNCH_ADVISED ||
        *out == TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED)
        return tee_refuse(e, TEE_TCB_UNKNOWN, "a TCB level has the status \"%.*s\"",
                          text.size < 60 ? (int)text.size : 60, (const char *)text.data);
    return STATUS_OK;
}

static enum status copy_text(const struct json_place *place, struct arena *a, struct bytes *out, struct error *e)
{
    struct bytes text;
    const enum status status = json_read_text(place, &text, e);
    if (status != STATUS_OK) return status;
    uint8_t *own = arena_alloc(a, text.size);
    if (!own) return error_no_memory(e);
    if (text.size) memcpy(own, text.data, text.size);
    *out = bytes_of(own, text.size);
    return STATUS_OK;
}

static enum status read_advisories(const struct json_place *level, struct arena *a, struct tcb_advisories *out,
                                   struct error *e)
{
    struct json_place array;
    struct bytes *ids = NULL;
    *out = (struct tcb_advisories){0};
    if (!json_member(level, "advisoryIDs", &array)) return STATUS_OK;
    enum status status = tcb_json_array(level, "advisoryIDs", sizeof *ids, a, &array, &ids, &out->count, e);
    if (status != STATUS_OK) return status;
    out->ids = ids;
    for (uint32_t i = 0; i < out->count && status == STATUS_OK; i++) {
        const struct json_place id = json_element(&array, i);
        status = copy_text(&id, a, &ids[i], e);
    }
    return status;
}

enum status tcb_json_level(const struct json_place *level, struct arena *a, int64_t *date, enum tee_tcb_status *status,
                           struct tcb_advisories *advisories, struct error *e)
{
    enum status s = tcb_json_date(level, "tcbDate", date, e);
    if (s == STATUS_OK) s = read_status(level, status, e);
    if (s == STATUS_OK) s = read_advisories(level, a, advisories, e);
    return s;
}

static enum status read_svn_level(const struct json_place *place, struct arena *a, struct svn_level *out,
                                  struct error *e)
{
    struct json_place tcb;
    enum status status = json_required(place, "tcb", &tcb, e);
    if (status == STATUS_OK) status = tcb_json_u16(&tcb, "isvsvn", &out->isv_svn, e);
    if (status == STATUS_OK) status = tcb_json_level(place, a, &out->date, &out->status, &out->advisories, e);
    if (status == STATUS_OK && out->status != TCB_UP_TO_DATE && out->status != TCB_OUT_OF_DATE &&
        out->status != TCB_REVOKED)
        return tee_refuse(e, TEE_TCB_UNKNOWN, "a level of an enclave or module has the status \"%s\"",
                          tee_tcb_status_name(out->status));
    return status;
}

/* Newest first; of two alike the worse, so that the order in the document never matters. */
static int compare_levels(const void *a, const void *b)
{
    const struct svn_level *x = a, *y = b;
    if (x->isv_svn != y->isv_svn) return x->isv_svn < y->isv_svn ? 1 : -1;
    return x->status == y->status ? 0 : x->status < y->status ? 1 : -1;
}

enum status tcb_json_svn_levels(const struct json_place *object, struct arena *a, struct svn_levels *out,
                                struct error *e)
{
    struct json_place array;
    enum status status = tcb_json_array(object, "tcbLevels", sizeof *out->levels, a, &array, &out->levels, &out->count,
                                        e);
    for (uint32_t i = 0; status == STATUS_OK && i < out->count; i++) {
        const struct json_place level = json_element(&array, i);
        status = read_svn_level(&level, a, &out->levels[i], e);
    }
    if (status == STATUS_OK && out->count) qsort(out->levels, out->count, sizeof *out->levels, compare_levels);
    return status;
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

enum status tcb_json_refusal(enum status status, enum tee_refusal r, const char *what, struct error *e)
{
    if (status == STATUS_OK || status == STATUS_NO_MEMORY || (status == STATUS_INVALID && e->code != 0)) return status;
    const struct error found = *e;
    if (r == TEE_JSON && found.code == JSON_NAME_TWICE) r = TEE_JSON_DUPLICATE;
    tee_refuse(e, r, "%s: %s", what, found.message);
    e->line = found.line;
    e->column = found.column;
    return STATUS_INVALID;
}
