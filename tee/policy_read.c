/* Policies from JSON (docs/tee-policy.md). */
#include "tee/policy_identity.h"
#include "tee/statement.h"

enum { POLICY_MAX = 1 << 20, LIST_MAX = 4096, ROOT_MAX = 1 << 16, REPORT_NONCE_MAX = 32, NITRO_NONCE_MAX = 512 };

enum kind {
    BOOL, NUMBER, PLATFORM, IDENTITIES, ACCEPT_TCB, ADVISORIES, NONCE, DATA, MIN_TCB, VMPL, BUILD, ROOTS,
    ORIGINS, PURPOSE
};

enum {
    ON_NITRO = 1 << TEE_NITRO, ON_TDX = 1 << TEE_TDX, ON_SNP = 1 << TEE_SNP, ON_INTEL = 1 << TEE_SGX | ON_TDX,
    ALL = ON_NITRO | ON_INTEL | ON_SNP
};

struct member {
    const char *name;
    unsigned platforms;
    enum kind kind;
    size_t offset;
};

static const struct member members[] = {
#define X(name, platforms, kind, field) {#name, platforms, kind, offsetof(struct tee_policy, field)},
#include "tee/policy_members.def"
#undef X
};
enum { MEMBERS = sizeof members / sizeof members[0] };

struct reader {
    struct tee_policy *policy;
    bool has_min_tcb;
    const struct json_place *root;
    struct error *e;
};

static enum status fail(struct reader *r)
{
    return policy_error(r->e, TEE_POLICY);
}

/* ---- single members ---------------------------------------------------------------------------------------------- */

static enum status read_platform(struct reader *r)
{
    struct json_place place;
    struct bytes name;
    if (!json_member(r->root, "platform", &place)) {
        json_refuse(r->root, r->e, "'platform' is missing: nitro, sgx, tdx or snp");
        return fail(r);
    }
    if (json_is(place.json, JSON_ARRAY)) {
        json_refuse(&place, r->e, "a policy is for one platform; write one file for each");
        return fail(r);
    }
    if (json_read_text(&place, &name, r->e) != STATUS_OK) return fail(r);
    r->policy->platform = tee_platform_named(name);
    if (r->policy->platform != TEE_NO_PLATFORM) return STATUS_OK;
    json_expected(&place, "nitro, sgx, tdx or snp", r->e);
    return fail(r);
}

/* The number of elements of a list, which must have at least one. */
static enum status list_length(struct reader *r, const struct json_place *place, size_t *count)
{
    if (json_check_array(place, count, r->e) != STATUS_OK) return fail(r);
    if (*count >= 1 && *count <= LIST_MAX) return STATUS_OK;
    json_refuse(place, r->e, "expected 1 to %d elements, found %zu", LIST_MAX, *count);
    return fail(r);
}

static enum status read_accept_tcb(struct reader *r, const struct json_place *place)
{
    size_t count = 0;
    if (list_length(r, place, &count) != STATUS_OK) return r->e->status;
    r->policy->accept_tcb = 0;
    for (size_t i = 0; i < count; i++) {
        const struct json_place item = json_element(place, i);
        enum tee_tcb_status status;
        struct bytes name;
        if (json_read_text(&item, &name, r->e) != STATUS_OK) return fail(r);
        if (!tee_tcb_status_named(name, &status)) {
            json_expected(&item, "a TCB status in Intel's words (\"UpToDate\", \"SWHardeningNeeded\")", r->e);
            return fail(r);
        }
        if (status == TCB_REVOKED) {
            json_refuse(&item, r->e, "what is revoked cannot be accepted");
            return fail(r);
        }
        r->policy->accept_tcb |= (uint32_t)1 << status;
    }
    return STATUS_OK;
}

/* A text that is not empty, in the policy's arena. */
static bool keep(struct reader *r, struct bytes text, struct bytes *out)
{
    uint8_t *copy = arena_alloc(&r->policy->arena, text.size);
    if (!copy) return false;
    memcpy(copy, text.data, text.size);
    *out = bytes_of(copy, text.size);
    return true;
}

static enum status read_advisories(struct reader *r, const struct json_place *place)
{
    size_t count = 0;
    if (list_length(r, place, &count) != STATUS_OK) return r->e->status;
    struct bytes *list = arena_array(&r->policy->arena, count, sizeof *list);
    if (!list) return error_no_memory(r->e);
    for (size_t i = 0; i < count; i++) {
        const struct json_place item = json_element(place, i);
        struct bytes text;
        if (json_read_text(&item, &text, r->e) != STATUS_OK) return fail(r);
        if (text.size == 0 || text.size > 64) {
            json_expected(&item, "the id of an advisory (\"INTEL-SA-00615\")", r->e);
            return fail(r);
        }
        if (!keep(r, text, &list[i])) return error_no_memory(r->e);
    }
    r->policy->deny_advisories = list;
    r->policy->deny_advisory_count = (uint32_t)count;
    return STATUS_OK;
}

static enum status read_origins(struct reader *r, const struct json_place *place)
{
    size_t count = 0;
    if (list_length(r, place, &count) != STATUS_OK) return r->e->status;
    r->policy->accept_origin = 0;
    for (size_t i = 0; i < count; i++) {
        const struct json_place item = json_element(place, i);
        struct bytes name;
        if (json_read_text(&item, &name, r->e) != STATUS_OK) return fail(r);
        const enum tee_origin origin = tee_origin_named(name);
        if (origin == ORIGIN_NONE) {
            json_expected(&item, "how a result may come about (\"executed\", \"verified\", \"resumed-file\")", r->e);
            return fail(r);
        }
        r->policy->accept_origin |= tee_origin_bit(origin);
    }
    return STATUS_OK;
}

static enum status read_purpose(struct reader *r, const struct json_place *place)
{
    struct bytes text;
    if (json_read_text(place, &text, r->e) != STATUS_OK) return fail(r);
    if (text.size == 0 || text.size > TEE_PURPOSE_MAX) {
        json_refuse(place, r->e, "expected a purpose of 1 to %d bytes, found %zu", (int)TEE_PURPOSE_MAX, text.size);
        return fail(r);
    }
    r->policy->has_purpose = true;
    return keep(r, text, &r->policy->purpose) ? STATUS_OK : error_no_memory(r->e);
}

static enum status read_nonce(struct reader *r, const struct json_place *place)
{
    const size_t max = r->policy->platform == TEE_NITRO ? NITRO_NONCE_MAX : REPORT_NONCE_MAX;
    r->policy->has_nonce = true;
    return policy_read_hex(&r->policy->arena, place, 1, max, &r->policy->nonce, r->e);
}

static enum status read_fixed(struct reader *r, const struct json_place *place, uint8_t *out, size_t size)
{
    struct bytes bytes;
    if (policy_read_hex(&r->policy->arena, place, size, size, &bytes, r->e) != STATUS_OK) return r->e->status;
    memcpy(out, bytes.data, size);
    return STATUS_OK;
}

static enum status read_number(struct reader *r, const struct json_place *place, uint64_t max, uint64_t *out)
{
    return policy_read_number(place, max, out, r->e);
}

/* "1.55.8": major, minor, build. */
static enum status read_build(struct reader *r, const struct json_place *place)
{
    struct bytes text;
    unsigned part[3] = {0}, parts = 0, digits = 0;
    bool ok = json_read_text(place, &text, r->e) == STATUS_OK;
    if (!ok) return fail(r);
    for (size_t i = 0; i < text.size && ok; i++) {
        const uint8_t c = text.data[i];
        if (c == '.' && digits > 0 && parts < 2) {
            parts++;
            digits = 0;
        } else if (c >= '0' && c <= '9' && digits < 3) {
            part[parts] = part[parts] * 10 + (c - '0');
            ok = part[parts] <= 255;
            digits++;
        } else {
            ok = false;
        }
    }
    if (!ok || parts != 2 || digits == 0) {
        json_expected(place, "a firmware version as \"1.55.8\" (major, minor, build; each at most 255)", r->e);
        return fail(r);
    }
    r->policy->min_build = (uint64_t)part[0] << 16 | part[1] << 8 | part[2];
    return STATUS_OK;
}

static enum status read_roots(struct reader *r, const struct json_place *place)
{
    size_t count = 0;
    if (list_length(r, place, &count) != STATUS_OK) return r->e->status;
    struct bytes *list = arena_array(&r->policy->arena, count, sizeof *list);
    if (!list) return error_no_memory(r->e);
    for (size_t i = 0; i < count; i++) {
        const struct json_place item = json_element(place, i);
        if (json_read_base64(&item, &r->policy->arena, &list[i], r->e) != STATUS_OK) return fail(r);
        if (list[i].size < 64 || list[i].size > ROOT_MAX) {
            json_refuse(&item, r->e, "expected a certificate in DER, found %zu bytes", list[i].size);
            return fail(r);
        }
    }
    r->policy->roots = list;
    r->policy->root_count = (uint32_t)count;
    return STATUS_OK;
}

static enum status read_member(struct reader *r, const struct member *m, const struct json_place *place)
{
    void *field = (char *)r->policy + m->offset;
    uint64_t number = 0;
    switch (m->kind) {
    case PLATFORM: return STATUS_OK; /* was read first */
    case BOOL: return json_read_bool(place, field, r->e) == STATUS_OK ? STATUS_OK : fail(r);
    case NUMBER: return read_number(r, place, UINT32_MAX, field);
    case IDENTITIES: return policy_read_identities(r->policy, place, r->e);
    case ACCEPT_TCB: return read_accept_tcb(r, place);
    case ADVISORIES: return read_advisories(r, place);
    case NONCE: return read_nonce(r, place);
    case DATA: r->policy->has_report_data = true; return read_fixed(r, place, field, 64);
    case MIN_TCB: r->has_min_tcb = true; return read_fixed(r, place, field, 8);
    case ORIGINS: return read_origins(r, place);
    case PURPOSE: return read_purpose(r, place);
    case VMPL:
        if (read_number(r, place, 3, &number) != STATUS_OK) return r->e->status;
        r->policy->vmpl = (uint8_t)number;
        return STATUS_OK;
    case BUILD: return read_build(r, place);
    case ROOTS: return read_roots(r, place);
    }
    return STATUS_OK;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void set_defaults(struct tee_policy *p)
{
    p->accept_origin = tee_origin_bit(ORIGIN_EXECUTED);
    p->accept_tcb = (uint32_t)1 << TCB_UP_TO_DATE;
    p->allow_trailing = true;
    p->require_crl = p->platform != TEE_NITRO;
    p->max_age = 3600;
    p->skew = 300;
    p->max_key_age = 86400;
}

static enum status refuse_unknown(struct reader *r)
{
    const char *names[MEMBERS];
    for (size_t i = 0; i < MEMBERS; i++) names[i] = members[i].name;
    json_check_object(r->root, names, MEMBERS, r->e);
    return policy_error(r->e, TEE_POLICY_KEY);
}

static const struct member *find_member(const char *name)
{
    for (size_t i = 0; i < MEMBERS; i++)
        if (strcmp(members[i].name, name) == 0) return &members[i];
    return NULL;
}

static enum status check_names(struct reader *r)
{
    size_t position = 0;
    struct json_place place;
    while (json_next(r->root, &position, &place))
        if (!find_member(place.name)) return refuse_unknown(r);
    return STATUS_OK;
}

static enum status read_members(struct reader *r)
{
    size_t position = 0;
    struct json_place place;
    while (json_next(r->root, &position, &place)) {
        const struct member *m = find_member(place.name);
        if (!(m->platforms >> r->policy->platform & 1)) {
            json_refuse(&place, r->e, "%s has nothing of the kind", tee_platform_name(r->policy->platform));
            return fail(r);
        }
        if (!place.json) return policy_refuse_null(&place, r->e);
        if (read_member(r, m, &place) != STATUS_OK) return r->e->status;
    }
    return STATUS_OK;
}

static enum status check_whole(struct reader *r)
{
    if (r->policy->identity_count == 0) {
        json_refuse(r->root, r->e, "'identities' names nothing: what is accepted would be everything");
        return policy_error(r->e, TEE_POLICY_EMPTY);
    }
    if (r->policy->root_count > 0 && !r->policy->allow_simulator) {
        json_refuse(r->root, r->e, "'roots' are for test hierarchies, and need \"allow_simulator\": true");
        return fail(r);
    }
    if (r->policy->platform == TEE_SNP && !r->has_min_tcb) {
        json_refuse(r->root, r->e, "'min_tcb' is missing: 16 hexadecimal digits, the oldest firmware that is accepted "
                    "(nvm tee show prints what a report says)");
        return fail(r);
    }
    return STATUS_OK;
}

static enum status read_document(struct reader *r)
{
    if (!json_is(r->root->json, JSON_OBJECT)) {
        json_expected(r->root, "an object", r->e);
        return fail(r);
    }
    if (json_length(r->root->json) == 0) {
        json_refuse(r->root, r->e, "an empty policy would accept everything");
        return policy_error(r->e, TEE_POLICY_EMPTY);
    }
    /* A name that nobody knows is said before everything else: it may be the platform's, misspelt. */
    if (check_names(r) != STATUS_OK) return r->e->status;
    if (read_platform(r) != STATUS_OK) return r->e->status;
    set_defaults(r->policy);
    if (read_members(r) != STATUS_OK) return r->e->status;
    return check_whole(r);
}

enum status tee_policy_read(struct bytes json, struct tee_policy *out, struct error *e)
{
    struct error ignored;
    struct json *document = NULL;
    if (!e) e = &ignored;
    *out = (struct tee_policy){0};
    if (json.size > POLICY_MAX)
        return error_set(e, STATUS_MALFORMED, TEE_POLICY, ERROR_NO_OFFSET, "more than %d bytes", POLICY_MAX);
    if (json_read_document(json, &document, e) != STATUS_OK) return policy_error(e, TEE_JSON);
    const struct json_place root = json_root(document);
    struct reader r = {.policy = out, .root = &root, .e = e};
    const enum status status = read_document(&r);
    json_free(document);
    if (status != STATUS_OK) tee_policy_free(out);
    return status;
}

void tee_policy_free(struct tee_policy *p)
{
    arena_free(&p->arena);
    *p = (struct tee_policy){0};
}
