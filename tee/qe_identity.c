#include "tee/qe_identity.h"

#include <stdio.h>

static enum status read_kind(const struct json_place *root, struct qe_identity *out, struct error *e)
{
    struct json_place id;
    struct bytes text;
    uint32_t version = 0;
    enum status status = json_required(root, "id", &id, e);
    if (status == STATUS_OK) status = json_read_text(&id, &text, e);
    if (status == STATUS_OK) status = tcb_json_u32(root, "version", &version, e);
    if (status != STATUS_OK) return status;
    out->platform = bytes_equal(text, bytes_of_string("TD_QE")) ? TEE_TDX : TEE_SGX;
    if (out->platform == TEE_SGX && !bytes_equal(text, bytes_of_string("QE")))
        return tee_refuse(e, TEE_QE_ID, "identity of \"%.*s\", expected QE or TD_QE",
                          text.size < 60 ? (int)text.size : 60, (const char *)text.data);
    if (version != 2 && (version != 3 || out->platform == TEE_SGX))
        return tee_refuse(e, TEE_QE_ID_FORMAT, "identity of version %u, expected %s", (unsigned)version,
                          out->platform == TEE_SGX ? "2" : "2 or 3");
    out->version = version;
    return STATUS_OK;
}

static enum status read_values(const struct json_place *root, struct qe_identity *out, struct error *e)
{
    const struct {
        const char *name;
        uint8_t *out;
        size_t size;
    } fields[] = {
        {"miscselect", out->misc_select, sizeof out->misc_select},
        {"miscselectMask", out->misc_select_mask, sizeof out->misc_select_mask},
        {"attributes", out->attributes, sizeof out->attributes},
        {"attributesMask", out->attributes_mask, sizeof out->attributes_mask},
        {"mrsigner", out->mrsigner, sizeof out->mrsigner},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof fields / sizeof *fields; i++)
        status = tcb_json_hex(root, fields[i].name, fields[i].out, fields[i].size, e);
    return status;
}

static enum status read_members(const struct json_place *root, struct arena *a, struct qe_identity *out,
                                struct error *e)
{
    enum status status = read_kind(root, out, e);
    if (status == STATUS_OK) status = tcb_json_date(root, "issueDate", &out->issue_date, e);
    if (status == STATUS_OK) status = tcb_json_date(root, "nextUpdate", &out->next_update, e);
    if (status == STATUS_OK) status = tcb_json_u32(root, "tcbEvaluationDataNumber", &out->evaluation, e);
    if (status == STATUS_OK) status = read_values(root, out, e);
    if (status == STATUS_OK) status = tcb_json_u16(root, "isvprodid", &out->isv_prod_id, e);
    if (status == STATUS_OK) status = tcb_json_svn_levels(root, a, &out->levels, e);
    return status;
}

enum status qe_identity_read(struct bytes text, struct arena *a, struct qe_identity *out, struct error *e)
{
    struct json *document = NULL;
    struct qe_identity id = {0};
    struct error ignored;
    if (!e) e = &ignored;
    enum status status = json_read_document(text, &document, e);
    if (status == STATUS_OK) {
        const struct json_place root = json_root(document);
        status = read_members(&root, a, &id, e);
    }
    json_free(document);
    if (status == STATUS_OK) *out = id;
    return tcb_json_refusal(status, TEE_QE_ID_FORMAT, "QE identity", e);
}

/* ---- the report ------------------------------------------------------------------------------------------------- */

static void hex(const uint8_t *p, size_t size, char *out)
{
    for (size_t i = 0; i < size; i++) snprintf(out + 2 * i, 3, "%02x", p[i]);
}

/* What the mask covers must be equal. */
static enum status check_masked(const char *name, const uint8_t *measured, const uint8_t *mask, const uint8_t *expected,
                                size_t size, struct error *e)
{
    for (size_t i = 0; i < size; i++) {
        if ((measured[i] & mask[i]) == (expected[i] & mask[i])) continue;
        char found[2 * 16 + 1], wanted[2 * 16 + 1], under[2 * 16 + 1];
        hex(measured, size, found);
        hex(expected, size, wanted);
        hex(mask, size, under);
        return tee_refuse(e, TEE_QE_IDENTITY, "the quoting enclave's %s is %s, expected %s under the mask %s", name,
                          found, wanted, under);
    }
    return STATUS_OK;
}

enum status qe_identity_check(const struct qe_identity *id, const struct enclave_report *r, struct error *e)
{
    if (r->attributes[0] & ENCLAVE_DEBUG) return tee_refuse(e, TEE_QE_DEBUG, "the quoting enclave is in debug mode");
    if (memcmp(r->mrsigner, id->mrsigner, sizeof id->mrsigner) != 0) {
        char found[2 * 32 + 1], wanted[2 * 32 + 1];
        hex(r->mrsigner, 32, found);
        hex(id->mrsigner, 32, wanted);
        return tee_refuse(e, TEE_QE_IDENTITY, "the quoting enclave's MRSIGNER is %s, expected %s", found, wanted);
    }
    if (r->isv_prod_id != id->isv_prod_id)
        return tee_refuse(e, TEE_QE_IDENTITY, "the quoting enclave's ISVPRODID is %u, expected %u", r->isv_prod_id,
                          id->isv_prod_id);
    const enum status status = check_masked("MISCSELECT", r->misc_select, id->misc_select_mask, id->misc_select,
                                            sizeof id->misc_select, e);
    if (status != STATUS_OK) return status;
    return check_masked("ATTRIBUTES", r->attributes, id->attributes_mask, id->attributes, sizeof id->attributes, e);
}
