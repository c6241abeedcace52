#include "tee/tcb_info.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"

/* ---- levels ----------------------------------------------------------------------------------------------------- */

static int compare_levels(const void *a, const void *b)
{
    const struct tcb_level *x = a, *y = b;
    const int sgx = memcmp(y->sgx, x->sgx, sizeof x->sgx), tdx = memcmp(y->tdx, x->tdx, sizeof x->tdx);
    if (sgx != 0) return sgx;
    if (x->pce_svn != y->pce_svn) return x->pce_svn < y->pce_svn ? 1 : -1;
    if (tdx != 0) return tdx;
    return x->status == y->status ? 0 : x->status < y->status ? 1 : -1;
}

void tcb_levels_sort(struct tcb_level *levels, uint32_t count)
{
    if (count) qsort(levels, count, sizeof *levels, compare_levels);
}

/* Version 3: an array of exactly 16 objects. */
static enum status read_components(const struct json_place *tcb, const char *name, uint8_t out[TCB_COMPONENTS],
                                   struct error *e)
{
    struct json_place array;
    size_t length = 0;
    enum status status = json_required(tcb, name, &array, e);
    if (status == STATUS_OK) status = json_check_array(&array, &length, e);
    if (status == STATUS_OK && length != TCB_COMPONENTS)
        return json_refuse(&array, e, "%zu components, expected %d", length, TCB_COMPONENTS);
    for (size_t i = 0; status == STATUS_OK && i < length; i++) {
        const struct json_place component = json_element(&array, i);
        status = tcb_json_u8(&component, "svn", &out[i], e);
    }
    return status;
}

/* Version 2: sgxtcbcomp01svn to sgxtcbcomp16svn. */
static enum status read_old_components(const struct json_place *tcb, uint8_t out[TCB_COMPONENTS], struct error *e)
{
    enum status status = STATUS_OK;
    for (unsigned i = 0; status == STATUS_OK && i < TCB_COMPONENTS; i++) {
        char name[32];
        snprintf(name, sizeof name, "sgxtcbcomp%02usvn", i + 1);
        status = tcb_json_u8(tcb, name, &out[i], e);
    }
    return status;
}

static enum status read_level(const struct json_place *place, const struct tcb_info *info, struct arena *a,
                              struct tcb_level *out, struct error *e)
{
    struct json_place tcb;
    enum status status = json_required(place, "tcb", &tcb, e);
    if (status == STATUS_OK)
        status = info->version == 2 ? read_old_components(&tcb, out->sgx, e)
                                    : read_components(&tcb, "sgxtcbcomponents", out->sgx, e);
    if (status == STATUS_OK) status = tcb_json_u16(&tcb, "pcesvn", &out->pce_svn, e);
    if (status == STATUS_OK && info->platform == TEE_TDX)
        status = read_components(&tcb, "tdxtcbcomponents", out->tdx, e);
    if (status == STATUS_OK) status = tcb_json_level(place, a, &out->date, &out->status, &out->advisories, e);
    return status;
}

static enum status read_levels(const struct json_place *root, struct arena *a, struct tcb_info *out, struct error *e)
{
    struct json_place array;
    enum status status = tcb_json_array(root, "tcbLevels", sizeof *out->levels, a, &array, &out->levels, &out->count,
                                        e);
    for (uint32_t i = 0; status == STATUS_OK && i < out->count; i++) {
        const struct json_place level = json_element(&array, i);
        status = read_level(&level, out, a, &out->levels[i], e);
    }
    if (status == STATUS_OK) tcb_levels_sort(out->levels, out->count);
    return status;
}

/* ---- TDX modules ------------------------------------------------------------------------------------------------ */

static enum status read_module(const struct json_place *place, struct tdx_module *out, struct error *e)
{
    enum status status = tcb_json_hex(place, "mrsigner", out->mrsigner, sizeof out->mrsigner, e);
    if (status == STATUS_OK) status = tcb_json_hex(place, "attributes", out->attributes, sizeof out->attributes, e);
    if (status == STATUS_OK)
        status = tcb_json_hex(place, "attributesMask", out->attributes_mask, sizeof out->attributes_mask, e);
    return status;
}

/* "TDX_" and the version in two hexadecimal digits. */
static enum status read_module_id(const struct json_place *place, uint8_t *version, struct error *e)
{
    struct json_place id;
    struct bytes text;
    enum status status = json_required(place, "id", &id, e);
    if (status == STATUS_OK) status = json_read_text(&id, &text, e);
    if (status != STATUS_OK) return status;
    const bool form = text.size == 6 && memcmp(text.data, "TDX_", 4) == 0;
    const int high = form ? hex_digit((char)text.data[4]) : -1, low = form ? hex_digit((char)text.data[5]) : -1;
    if (high < 0 || low < 0) return json_expected(&id, "TDX_ and two hexadecimal digits", e);
    *version = (uint8_t)(high << 4 | low);
    return STATUS_OK;
}

static enum status read_modules(const struct json_place *root, struct arena *a, struct tcb_info *out, struct error *e)
{
    struct json_place base, array;
    enum status status = STATUS_OK;
    out->has_module = json_member(root, "tdxModule", &base);
    if (out->has_module) status = read_module(&base, &out->module, e);
    if (status != STATUS_OK || !json_member(root, "tdxModuleIdentities", &array)) return status;
    status = tcb_json_array(root, "tdxModuleIdentities", sizeof *out->modules, a, &array, &out->modules,
                            &out->module_count, e);
    for (uint32_t i = 0; status == STATUS_OK && i < out->module_count; i++) {
        const struct json_place place = json_element(&array, i);
        struct tdx_module *m = &out->modules[i];
        status = read_module_id(&place, &m->version, e);
        for (uint32_t k = 0; status == STATUS_OK && k < i; k++)
            if (out->modules[k].version == m->version)
                status = json_refuse(&place, e, "a second identity of that name");
        if (status == STATUS_OK) status = read_module(&place, m, e);
        if (status == STATUS_OK) status = tcb_json_svn_levels(&place, a, &m->levels, e);
    }
    return status;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static enum status read_kind(const struct json_place *root, struct tcb_info *out, struct error *e)
{
    struct json_place id;
    struct bytes text = bytes_of_string("SGX"); /* version 2 has no id */
    uint32_t version = 0;
    enum status status = tcb_json_u32(root, "version", &version, e);
    if (status == STATUS_OK && (version == 3 || json_member(root, "id", &id))) {
        status = json_required(root, "id", &id, e);
        if (status == STATUS_OK) status = json_read_text(&id, &text, e);
    }
    if (status != STATUS_OK) return status;
    out->platform = bytes_equal(text, bytes_of_string("TDX")) ? TEE_TDX : TEE_SGX;
    if (out->platform == TEE_SGX && !bytes_equal(text, bytes_of_string("SGX")))
        return tee_refuse(e, TEE_TCB_ID, "TCB info for \"%.*s\", expected SGX or TDX",
                          text.size < 60 ? (int)text.size : 60, (const char *)text.data);
    if (version != 3 && (version != 2 || out->platform == TEE_TDX))
        return tee_refuse(e, TEE_TCB_VERSION, "TCB info of version %u for %s, expected %s", (unsigned)version,
                          out->platform == TEE_TDX ? "TDX" : "SGX", out->platform == TEE_TDX ? "3" : "2 or 3");
    out->version = version;
    return STATUS_OK;
}

static enum status read_head(const struct json_place *root, struct tcb_info *out, struct error *e)
{
    uint32_t type = 0;
    enum status status = read_kind(root, out, e);
    if (status == STATUS_OK) status = tcb_json_date(root, "issueDate", &out->issue_date, e);
    if (status == STATUS_OK) status = tcb_json_date(root, "nextUpdate", &out->next_update, e);
    if (status == STATUS_OK) status = tcb_json_hex(root, "fmspc", out->fmspc, sizeof out->fmspc, e);
    if (status == STATUS_OK) status = tcb_json_hex(root, "pceId", out->pce_id, sizeof out->pce_id, e);
    if (status == STATUS_OK) status = tcb_json_u32(root, "tcbEvaluationDataNumber", &out->evaluation, e);
    if (status == STATUS_OK) status = tcb_json_u32(root, "tcbType", &type, e);
    if (status == STATUS_OK && type != 0)
        return tee_refuse(e, TEE_TCB_TYPE, "TCB type %u, expected 0", (unsigned)type);
    return status;
}

enum status tcb_info_read(struct bytes text, struct arena *a, struct tcb_info *out, struct error *e)
{
    struct json *document = NULL;
    struct tcb_info info = {0};
    struct error ignored;
    if (!e) e = &ignored;
    enum status status = json_read_document(text, &document, e);
    if (status == STATUS_OK) {
        const struct json_place root = json_root(document);
        status = read_head(&root, &info, e);
        if (status == STATUS_OK) status = read_levels(&root, a, &info, e);
        if (status == STATUS_OK && info.platform == TEE_TDX) status = read_modules(&root, a, &info, e);
    }
    json_free(document);
    if (status == STATUS_OK) *out = info;
    return tcb_json_refusal(status, TEE_TCB_FORMAT, "TCB info", e);
}
