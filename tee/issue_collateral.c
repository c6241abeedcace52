/* TCB info, QE identity and the collateral file with both, as text. */
#include <inttypes.h>

#include "base/rfc3339.h"
#include "tee/issue_intel.h"

/* ---- pieces of JSON --------------------------------------------------------------------------------------------------- */

static void append_hex(struct buffer *b, const char *name, struct bytes value)
{
    buffer_printf(b, "\"%s\":\"", name);
    for (size_t k = 0; k < value.size; k++) buffer_printf(b, "%02X", value.data[k]);
    buffer_append_byte(b, '"');
}

static void append_time(struct buffer *b, const char *name, int64_t at)
{
    char text[RFC3339_TEXT_SIZE];
    buffer_printf(b, "\"%s\":\"%s\"", name, rfc3339_text(at, text));
}

static void append_status(struct buffer *b, int64_t date, const char *status, const char *const *advisories)
{
    buffer_append_byte(b, ',');
    append_time(b, "tcbDate", date);
    buffer_printf(b, ",\"tcbStatus\":\"%s\"", status);
    if (!advisories[0]) return;
    buffer_append_string(b, ",\"advisoryIDs\":[");
    for (int k = 0; k < ISSUE_ADVISORIES && advisories[k]; k++)
        buffer_printf(b, "%s\"%s\"", k ? "," : "", advisories[k]);
    buffer_append_byte(b, ']');
}

static void append_components(struct buffer *b, const char *name, const uint32_t *svns, uint32_t count)
{
    buffer_printf(b, "\"%s\":[", name);
    for (uint32_t k = 0; k < count && k < ISSUE_COMPONENTS; k++)
        buffer_printf(b, "%s{\"svn\":%" PRIu32 "}", k ? "," : "", svns[k]);
    buffer_append_byte(b, ']');
}

static void append_isvsvn_levels(struct buffer *b, const struct issue_isvsvn_level *levels, uint32_t count)
{
    buffer_append_string(b, "\"tcbLevels\":[");
    for (uint32_t k = 0; k < count && k < ISSUE_LEVELS; k++) {
        buffer_printf(b, "%s{\"tcb\":{\"isvsvn\":%" PRIu32 "}", k ? "," : "", levels[k].isvsvn);
        append_status(b, levels[k].date, levels[k].status, levels[k].advisories);
        buffer_append_byte(b, '}');
    }
    buffer_append_byte(b, ']');
}

/* ---- TCB info ----------------------------------------------------------------------------------------------------------- */

static void append_module(struct buffer *b, const struct issue_tdx_module *m)
{
    buffer_append_byte(b, '{');
    if (m->id) buffer_printf(b, "\"id\":\"%s\",", m->id);
    append_hex(b, "mrsigner", m->mrsigner);
    buffer_append_byte(b, ',');
    append_hex(b, "attributes", m->attributes);
    buffer_append_byte(b, ',');
    append_hex(b, "attributesMask", m->attributes_mask);
    if (m->id) {
        buffer_append_byte(b, ',');
        append_isvsvn_levels(b, m->levels, m->level_count);
    }
    buffer_append_byte(b, '}');
}

static void append_modules(struct buffer *b, const struct issue_tcb_info *t)
{
    if (t->has_module) {
        buffer_append_string(b, ",\"tdxModule\":");
        struct issue_tdx_module base = t->module;
        base.id = NULL;
        append_module(b, &base);
    }
    if (t->identity_count == 0) return;
    buffer_append_string(b, ",\"tdxModuleIdentities\":[");
    for (uint32_t k = 0; k < t->identity_count && k < ISSUE_MODULES; k++) {
        if (k) buffer_append_byte(b, ',');
        append_module(b, &t->identities[k]);
    }
    buffer_append_byte(b, ']');
}

static void append_level(struct buffer *b, const struct issue_tcb_info *t, const struct issue_tcb_level *level)
{
    buffer_append_string(b, "{\"tcb\":{");
    if (t->old_components) {
        for (uint32_t k = 0; k < level->sgx_count && k < ISSUE_COMPONENTS; k++)
            buffer_printf(b, "\"sgxtcbcomp%02" PRIu32 "svn\":%" PRIu32 ",", k + 1, level->sgx[k]);
    } else {
        append_components(b, "sgxtcbcomponents", level->sgx, level->sgx_count);
        buffer_append_byte(b, ',');
    }
    buffer_printf(b, "\"pcesvn\":%" PRIu32, level->pcesvn);
    if (level->tdx_count > 0) {
        buffer_append_byte(b, ',');
        append_components(b, "tdxtcbcomponents", level->tdx, level->tdx_count);
    }
    buffer_append_byte(b, '}');
    append_status(b, level->date, level->status, level->advisories);
    buffer_append_byte(b, '}');
}

struct bytes issue_tcb_info_text(struct issue *i, const struct issue_tcb_info *t)
{
    struct buffer b = {0};
    if (t->text.data) return t->text;
    buffer_printf(&b, "{\"id\":\"%s\",\"version\":%" PRIu32 ",", t->id, t->version);
    append_time(&b, "issueDate", t->issue_date);
    buffer_append_byte(&b, ',');
    append_time(&b, "nextUpdate", t->next_update);
    buffer_append_byte(&b, ',');
    append_hex(&b, "fmspc", t->fmspc);
    buffer_append_byte(&b, ',');
    append_hex(&b, "pceId", t->pceid);
    buffer_printf(&b, ",\"tcbType\":%" PRIu32 ",\"tcbEvaluationDataNumber\":%" PRIu32, t->tcb_type, t->evaluation);
    append_modules(&b, t);
    buffer_append_string(&b, ",\"tcbLevels\":[");
    for (uint32_t k = 0; k < t->level_count && k < ISSUE_LEVELS; k++) {
        if (k) buffer_append_byte(&b, ',');
        append_level(&b, t, &t->levels[k]);
    }
    buffer_append_byte(&b, ']');
    if (t->extra) buffer_printf(&b, ",%s", t->extra);
    buffer_append_byte(&b, '}');
    return issue_take(i, &b);
}

/* ---- QE identity ---------------------------------------------------------------------------------------------------------- */

struct bytes issue_qe_identity_text(struct issue *i, const struct issue_qe_identity *q)
{
    struct buffer b = {0};
    if (q->text.data) return q->text;
    const struct {
        const char *name;
        struct bytes value;
    } masked[] = {{"miscselect", q->miscselect}, {"miscselectMask", q->miscselect_mask}, {"attributes", q->attributes},
                  {"attributesMask", q->attributes_mask}, {"mrsigner", q->mrsigner}};
    buffer_printf(&b, "{\"id\":\"%s\",\"version\":%" PRIu32 ",", q->id, q->version);
    append_time(&b, "issueDate", q->issue_date);
    buffer_append_byte(&b, ',');
    append_time(&b, "nextUpdate", q->next_update);
    buffer_printf(&b, ",\"tcbEvaluationDataNumber\":%" PRIu32 ",", q->evaluation);
    for (size_t k = 0; k < sizeof masked / sizeof masked[0]; k++) {
        append_hex(&b, masked[k].name, masked[k].value);
        buffer_append_byte(&b, ',');
    }
    buffer_printf(&b, "\"isvprodid\":%" PRIu32 ",", q->isv_prod_id);
    append_isvsvn_levels(&b, q->levels, q->level_count);
    if (q->extra) buffer_printf(&b, ",%s", q->extra);
    buffer_append_byte(&b, '}');
    return issue_take(i, &b);
}

struct bytes issue_raw_shape(struct issue *i, const char *member, struct bytes text, struct bytes signature_hex)
{
    struct buffer b = {0};
    buffer_printf(&b, "{\"%s\":", member);
    buffer_append(&b, text.data, text.size);
    buffer_append_string(&b, ",\"signature\":\"");
    buffer_append(&b, signature_hex.data, signature_hex.size);
    buffer_append_string(&b, "\"}");
    return issue_take(i, &b);
}

/* ---- the collateral file ---------------------------------------------------------------------------------------------- */

void issue_intel_collateral(struct issue *i, const struct issue_intel *p, struct issue_collateral *out)
{
    struct issue_intel_certificates c;
    issue_intel_certificates(i, p, &c);
    const struct bytes signing = issue_pem(i, "CERTIFICATE", (const struct bytes[]){c.tcb_signing, c.root}, 2);
    const struct bytes tcb_info = issue_tcb_info_text(i, &p->tcb_info), qe = issue_qe_identity_text(i, &p->qe_identity);
    *out = (struct issue_collateral){{
        [COLLATERAL_PCK_CRL_ISSUER_CHAIN] = issue_pem(i, "CERTIFICATE", (const struct bytes[]){c.ca, c.root}, 2),
        [COLLATERAL_ROOT_CA_CRL] = issue_hex(i, issue_crl(i, &p->root_crl, p->root_crl_signer)),
        [COLLATERAL_PCK_CRL] = issue_hex(i, issue_crl(i, &p->pck_crl, p->pck_crl_signer)),
        [COLLATERAL_TCB_INFO_ISSUER_CHAIN] = signing,
        [COLLATERAL_TCB_INFO] = tcb_info,
        [COLLATERAL_TCB_INFO_SIGNATURE] = issue_hex(i, issue_sign_raw(i, p->tcb_info_signer, HASH_SHA256, tcb_info)),
        [COLLATERAL_QE_IDENTITY_ISSUER_CHAIN] = signing,
        [COLLATERAL_QE_IDENTITY] = qe,
        [COLLATERAL_QE_IDENTITY_SIGNATURE] = issue_hex(i, issue_sign_raw(i, p->qe_identity_signer, HASH_SHA256, qe)),
    }};
}

static void append_escaped(struct buffer *b, struct bytes text)
{
    for (size_t k = 0; k < text.size; k++) {
        const uint8_t c = text.data[k];
        if (c == '"' || c == '\\') buffer_printf(b, "\\%c", c);
        else if (c == '\n') buffer_append_string(b, "\\n");
        else if (c < 0x20) buffer_printf(b, "\\u%04x", c);
        else buffer_append_byte(b, c);
    }
}

struct bytes issue_collateral_json(struct issue *i, const struct issue_collateral *c)
{
    static const char *const names[COLLATERAL_PARTS] = {
        "pck_crl_issuer_chain", "root_ca_crl", "pck_crl", "tcb_info_issuer_chain", "tcb_info", "tcb_info_signature",
        "qe_identity_issuer_chain", "qe_identity", "qe_identity_signature", "pck_certificate_chain"};
    struct buffer b = {0};
    const char *separator = "{\n";
    for (int k = 0; k < COLLATERAL_PARTS; k++) {
        if (!c->part[k].data) continue;
        buffer_printf(&b, "%s  \"%s\": \"", separator, names[k]);
        append_escaped(&b, c->part[k]);
        buffer_append_byte(&b, '"');
        separator = ",\n";
    }
    buffer_append_string(&b, "\n}\n");
    return issue_take(i, &b);
}
