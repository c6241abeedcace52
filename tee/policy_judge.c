/* What a policy says about measurements and report data. */
#include "tee/evidence.h"

#include <inttypes.h>

/* ---- identities -------------------------------------------------------------------------------------------------- */

/* Names that end so are lower bounds; the value that was measured has the same name, or the name without the end. */
static size_t bound_name(const char *name)
{
    static const char end[] = "_min";
    const size_t size = strlen(name), tail = sizeof end - 1;
    return size > tail && strcmp(name + size - tail, end) == 0 ? size - tail : 0;
}

static const struct tee_identity_value *find(const struct tee_identity_value *values, uint32_t count, const char *name)
{
    const size_t bound = bound_name(name);
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(values[i].name, name) == 0) return &values[i];
        if (bound && strlen(values[i].name) == bound && memcmp(values[i].name, name, bound) == 0) return &values[i];
    }
    return NULL;
}

static bool fits(const struct tee_identity_value *wanted, const struct tee_identity_value *measured)
{
    if (!measured) return false;
    if (bound_name(wanted->name)) return measured->number >= wanted->number;
    return bytes_equal(wanted->value, measured->value) && wanted->number == measured->number;
}

static uint32_t fitting(const struct tee_identity *id, const struct tee_identity_value *values, uint32_t count)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < id->count; i++)
        n += fits(&id->values[i], find(values, count, id->values[i].name));
    return n;
}

static bool complete(const struct tee_identity *id, const struct tee_identity_value *values, uint32_t count)
{
    return id->count > 0 && fitting(id, values, count) == id->count; /* nothing demanded is nothing known */
}

/* One that fits and is still good; else one that fits; else the one of which most fits. */
static const struct tee_identity *best(const struct tee_policy *p, const struct tee_identity_value *values,
                                       uint32_t count, int64_t at)
{
    const struct tee_identity *found = NULL;
    uint32_t found_score = 0;
    for (uint32_t i = 0; i < p->identity_count; i++) {
        const struct tee_identity *id = &p->identities[i];
        const bool whole = complete(id, values, count);
        const uint32_t score = whole ? UINT32_MAX - (id->expires < at) : fitting(id, values, count);
        if (found && score <= found_score) continue;
        found = id;
        found_score = score;
    }
    return found;
}

static const char *text_of(struct tee_verdict *v, const struct tee_identity_value *value)
{
    if (value->value.size > 0) return tee_verdict_hex(v, value->value);
    return tee_verdict_text(v, "%" PRIu64, value->number);
}

static enum status line(const struct tee_identity_value *wanted, const struct tee_identity_value *measured,
                        struct tee_verdict *v, struct error *e)
{
    const char *expected = text_of(v, wanted);
    if (bound_name(wanted->name)) expected = tee_verdict_text(v, "at least %s", expected);
    if (!measured) {
        const enum tee_refusal r = v->platform == TEE_NITRO ? TEE_PCR_MISSING : TEE_MEASUREMENT;
        return tee_verdict_refused(v, e, r, wanted->name, "nothing", expected);
    }
    if (!fits(wanted, measured))
        return tee_verdict_refused(v, e, TEE_MEASUREMENT, wanted->name, text_of(v, measured), expected);
    tee_verdict_passed(v, wanted->name, text_of(v, measured), expected);
    return STATUS_OK;
}

enum status tee_policy_identity(const struct tee_policy *p, const struct tee_identity_value *values, uint32_t count,
                                struct tee_verdict *v, struct error *e)
{
    const struct tee_identity *id = best(p, values, count, v->at);
    if (!id || id->count == 0)
        return tee_verdict_refused(v, e, TEE_POLICY_EMPTY, "identity", "", "at least one measurement in the policy");
    struct error first = {0};
    for (uint32_t i = 0; i < id->count; i++) {
        struct error here;
        const enum status status = line(&id->values[i], find(values, count, id->values[i].name), v, &here);
        if (status != STATUS_OK && first.status == STATUS_OK) first = here;
    }
    if (first.status != STATUS_OK) {
        if (e) *e = first;
        return first.status;
    }
    const char *label = *id->label ? id->label : "without a label";
    if (id->expires < v->at)
        return tee_verdict_refused(v, e, TEE_IDENTITY_EXPIRED, "identity",
                                   tee_verdict_text(v, "%s, checked at %s", label, tee_verdict_time(v, v->at)),
                                   tee_verdict_text(v, "at most %s", tee_verdict_time(v, id->expires)));
    if (id->expires != INT64_MAX) tee_verdict_expires(v, id->expires);
    tee_verdict_passed(v, "identity", label, "");
    return STATUS_OK;
}

/* ---- report data ------------------------------------------------------------------------------------------------- */

enum { HALF = 32 };

static enum status compare(struct tee_verdict *v, struct error *e, enum tee_refusal r, const char *name,
                           struct bytes measured, struct bytes expected)
{
    const char *found = tee_verdict_hex(v, measured), *wanted = tee_verdict_hex(v, expected);
    if (!bytes_equal(measured, expected)) return tee_verdict_refused(v, e, r, name, found, wanted);
    tee_verdict_passed(v, name, found, wanted);
    return STATUS_OK;
}

/* Where nothing else binds the nonce's length, one that fills its place and is not zeros alone is the only one that
 * cannot be mistaken for another, or for none. */
static enum status compare_whole_nonce(struct tee_verdict *v, struct error *e, const uint8_t measured[HALF],
                                       struct bytes nonce)
{
    static const uint8_t none[HALF];
    if (nonce.size != HALF || memcmp(nonce.data, none, HALF) == 0)
        return tee_verdict_refused(v, e, TEE_NONCE, "nonce", tee_verdict_hex(v, bytes_of(measured, HALF)),
                                   "a challenge of 32 bytes, not all zero: raw evidence does not say how long its is");
    return compare(v, e, TEE_NONCE, "nonce", bytes_of(measured, HALF), nonce);
}

/* The upper half must be the nonce and zeros; the digest says where it ends. */
static enum status compare_nonce(struct tee_verdict *v, struct error *e, const uint8_t measured[HALF],
                                 struct bytes nonce)
{
    uint8_t expected[HALF] = {0};
    if (nonce.size > HALF)
        return tee_verdict_refused(v, e, TEE_NONCE, "nonce", tee_verdict_text(v, "%zu bytes", nonce.size),
                                   "at most 32 bytes on this platform");
    if (nonce.size > 0) memcpy(expected, nonce.data, nonce.size);
    return compare(v, e, TEE_NONCE, nonce.size > 0 ? "nonce" : "nonce (none was asked for)", bytes_of(measured, HALF),
                   bytes_of(expected, HALF));
}

enum status tee_policy_report_data(const struct tee_policy *p, const struct tee_expected *expected,
                                   const uint8_t measured[64], struct tee_verdict *v, struct error *e)
{
    const bool digest = expected && expected->has_digest, nonce = expected && expected->has_nonce;
    enum status status = STATUS_OK;
    if (p->has_report_data)
        status = compare(v, e, TEE_REPORT_DATA, "report data (policy)", bytes_of(measured, 64),
                         bytes_of(p->report_data, 64));
    if (status == STATUS_OK && digest)
        status = compare(v, e, TEE_REPORT_DATA, "report data", bytes_of(measured, HALF),
                         bytes_of(expected->digest, HALF));
    enum status (*const by)(struct tee_verdict *, struct error *, const uint8_t *, struct bytes) =
        digest ? compare_nonce : compare_whole_nonce;
    if (status == STATUS_OK && p->has_nonce) status = by(v, e, measured + HALF, p->nonce);
    if (status == STATUS_OK && nonce) status = by(v, e, measured + HALF, expected->nonce);
    if (status == STATUS_OK && digest && !nonce && !p->has_nonce && !p->has_report_data)
        status = compare_nonce(v, e, measured + HALF, bytes_of(NULL, 0));
    if (status == STATUS_OK && !digest && !p->has_report_data)
        tee_verdict_noted(v, "report data (nobody asked what it must be)", tee_verdict_hex(v, bytes_of(measured, 64)));
    return status;
}
