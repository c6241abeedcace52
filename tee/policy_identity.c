#include "tee/policy_identity.h"

#include "base/hex.h"
#include "base/rfc3339.h"
#include "json/json_scan.h"

enum { IDENTITIES_MAX = 4096, LABEL_MAX = 128, PCR_COUNT = 32, PCR_SIZE = 48, NUMBER_MAX = 65535 };

enum status policy_error(struct error *e, enum tee_refusal code)
{
    if (e->status != STATUS_NO_MEMORY) e->code = (int)(e->code == JSON_NAME_TWICE ? TEE_JSON_DUPLICATE : code);
    return e->status;
}

enum status policy_read_hex(struct arena *a, const struct json_place *place, size_t min, size_t max, struct bytes *out,
                            struct error *e)
{
    struct bytes text;
    if (json_read_text(place, &text, e) != STATUS_OK) return policy_error(e, TEE_POLICY);
    if (text.size % 2 != 0 || text.size / 2 < min || text.size / 2 > max) {
        if (min == max) json_refuse(place, e, "expected %zu hexadecimal digits, found %zu", 2 * min, text.size);
        else json_refuse(place, e, "expected %zu to %zu hexadecimal digits, found %zu", 2 * min, 2 * max, text.size);
        return policy_error(e, TEE_POLICY);
    }
    uint8_t *bytes = arena_alloc(a, text.size / 2);
    if (!bytes) return error_no_memory(e);
    for (size_t i = 0; i < text.size / 2; i++) {
        const int high = hex_digit((char)text.data[2 * i]), low = hex_digit((char)text.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            json_expected(place, "hexadecimal digits", e);
            return policy_error(e, TEE_POLICY);
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    *out = bytes_of(bytes, text.size / 2);
    return STATUS_OK;
}

/* Elsewhere numbers may be texts, too, as NEAR writes them; not where a slip decides what is accepted. */
enum status policy_read_number(const struct json_place *place, uint64_t max, uint64_t *out, struct error *e)
{
    if (json_is(place->json, JSON_STRING))
        json_expected(place, "a whole number, not in quotation marks", e);
    else if (json_read_u64(place, max, out, e) == STATUS_OK) return STATUS_OK;
    return policy_error(e, TEE_POLICY);
}

/* Somebody wanted to demand something, and has not said what. */
enum status policy_refuse_null(const struct json_place *place, struct error *e)
{
    json_refuse(place, e, "null: give it a value, or leave it out");
    return policy_error(e, TEE_POLICY);
}

/* ---- which values there are -------------------------------------------------------------------------------------- */

struct kind {
    const char *name;
    enum tee_platform platform;
    size_t bytes; /* 0: a number */
};

static const struct kind kinds[] = {
#define X(name, platform, bytes) {#name, TEE_##platform, bytes},
#include "tee/policy_values.def"
#undef X
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* pcr0 … pcr31, without leading zeros. */
static bool is_pcr(const char *name)
{
    if (strncmp(name, "pcr", 3) != 0 || name[3] < '0' || name[3] > '9') return false;
    if (!name[4]) return true;
    if (name[3] == '0' || name[4] < '0' || name[4] > '9' || name[5]) return false;
    return (name[3] - '0') * 10 + (name[4] - '0') < PCR_COUNT;
}

static bool find_kind(const char *name, struct kind *out)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].name, name) != 0) continue;
        *out = kinds[i];
        return true;
    }
    *out = (struct kind){name, TEE_NITRO, PCR_SIZE};
    return is_pcr(name);
}

/* Fills *e: neither a value of this platform nor a word. */
static enum status refuse_name(enum tee_platform platform, const struct json_place *identity, const char *name,
                               struct error *e)
{
    const char *known[KINDS + 6] = {"label", "expires"};
    struct kind other;
    size_t count = 2;
    if (find_kind(name, &other)) {
        json_refuse(identity, e, "'%s' is of %s, and the policy is for %s", name, tee_platform_name(other.platform),
                    tee_platform_name(platform));
        return policy_error(e, TEE_POLICY);
    }
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].platform == platform) known[count++] = kinds[i].name;
    if (platform == TEE_NITRO) {
        known[count++] = "pcr0";
        known[count++] = "pcr1";
        known[count++] = "pcr2";
        known[count++] = "pcr8";
    }
    json_check_object(identity, known, count, e);
    return policy_error(e, TEE_POLICY_KEY);
}

/* ---- one identity ------------------------------------------------------------------------------------------------ */

static enum status read_label(struct arena *a, const struct json_place *place, const char **out, struct error *e)
{
    struct bytes text;
    if (json_read_text(place, &text, e) != STATUS_OK) return policy_error(e, TEE_POLICY);
    bool plain = text.size <= LABEL_MAX;
    for (size_t i = 0; i < text.size && plain; i++) plain = text.data[i] >= ' ' && text.data[i] != 0x7f;
    if (!plain) {
        json_refuse(place, e, "expected at most %d bytes without control characters", LABEL_MAX);
        return policy_error(e, TEE_POLICY);
    }
    char *label = arena_alloc(a, text.size + 1);
    if (!label) return error_no_memory(e);
    memcpy(label, text.data, text.size);
    *out = label;
    return STATUS_OK;
}

/* A moment, or a day: then its last second. */
static enum status read_expiry(const struct json_place *place, int64_t *out, struct error *e)
{
    static const char end[] = "T23:59:59Z";
    enum { DAY_SIZE = 10 };
    struct bytes text;
    char day[DAY_SIZE + sizeof end];
    if (json_read_text(place, &text, e) != STATUS_OK) return policy_error(e, TEE_POLICY);
    if (text.size == DAY_SIZE) {
        memcpy(day, text.data, DAY_SIZE);
        memcpy(day + DAY_SIZE, end, sizeof end);
        text = bytes_of_string(day);
    }
    if (rfc3339_read(text, out)) return STATUS_OK;
    json_expected(place, "a day (2027-01-31) or a moment (2027-01-31T12:00:00Z)", e);
    return policy_error(e, TEE_POLICY);
}

static enum status read_value(struct arena *a, const struct json_place *place, const struct kind *kind,
                              struct tee_identity_value *out, struct error *e)
{
    const size_t size = strlen(kind->name) + 1;
    char *name = arena_alloc(a, size); /* a PCR's name is the document's */
    if (!name) return error_no_memory(e);
    out->name = memcpy(name, kind->name, size);
    if (kind->bytes > 0) return policy_read_hex(a, place, kind->bytes, kind->bytes, &out->value, e);
    return policy_read_number(place, NUMBER_MAX, &out->number, e);
}

static bool has(const struct tee_identity *id, const char *name)
{
    for (uint32_t i = 0; i < id->count; i++)
        if (strcmp(id->values[i].name, name) == 0) return true;
    return false;
}

/* Enough values to say which program runs: each line is a set, and one set must be there as a whole. */
static const struct {
    enum tee_platform platform;
    const char *names[6];
    const char *text;
} enough[] = {
    {TEE_NITRO, {"pcr0", "pcr1", "pcr2"}, "pcr0, pcr1 and pcr2, or pcr8"},
    {TEE_NITRO, {"pcr8"}, ""},
    {TEE_SGX, {"mrenclave"}, "mrenclave, or mrsigner, isv_prod_id and isv_svn_min"},
    {TEE_SGX, {"mrsigner", "isv_prod_id", "isv_svn_min"}, ""},
    {TEE_TDX, {"mr_td", "rtmr0", "rtmr1", "rtmr2", "rtmr3"}, "mr_td and rtmr0 to rtmr3"},
    {TEE_SNP, {"measurement"}, "measurement"},
};

static enum status check_enough(enum tee_platform platform, const struct json_place *place,
                                const struct tee_identity *id, struct error *e)
{
    const char *needed = "";
    if (id->count == 0) {
        json_refuse(place, e, "an identity without a measurement would fit everything");
        return policy_error(e, TEE_POLICY_EMPTY);
    }
    for (size_t i = 0; i < sizeof enough / sizeof enough[0]; i++) {
        if (enough[i].platform != platform) continue;
        bool all = true;
        for (size_t n = 0; enough[i].names[n]; n++) all = all && has(id, enough[i].names[n]);
        if (all) return STATUS_OK;
        if (enough[i].text[0]) needed = enough[i].text;
    }
    json_refuse(place, e, "an identity of %s needs %s", tee_platform_name(platform), needed);
    return policy_error(e, TEE_POLICY);
}

static enum status read_identity(struct tee_policy *p, const struct json_place *place, struct tee_identity *out,
                                 struct error *e)
{
    size_t position = 0;
    struct json_place member;
    struct kind kind;
    if (!json_is(place->json, JSON_OBJECT)) {
        json_expected(place, "an object", e);
        return policy_error(e, TEE_POLICY);
    }
    struct tee_identity_value *values = arena_array(&p->arena, (size_t)json_length(place->json) + 1,
                                                    sizeof *values);
    if (!values) return error_no_memory(e);
    *out = (struct tee_identity){.label = "", .expires = INT64_MAX, .values = values};
    while (json_next(place, &position, &member)) {
        enum status status = STATUS_OK;
        if (!member.json) return policy_refuse_null(&member, e);
        if (strcmp(member.name, "label") == 0) status = read_label(&p->arena, &member, &out->label, e);
        else if (strcmp(member.name, "expires") == 0) status = read_expiry(&member, &out->expires, e);
        else if (find_kind(member.name, &kind) && kind.platform == p->platform)
            status = read_value(&p->arena, &member, &kind, &values[out->count++], e);
        else status = refuse_name(p->platform, place, member.name, e);
        if (status != STATUS_OK) return status;
    }
    return check_enough(p->platform, place, out, e);
}

enum status policy_read_identities(struct tee_policy *p, const struct json_place *array, struct error *e)
{
    size_t count = 0;
    if (json_check_array(array, &count, e) != STATUS_OK) return policy_error(e, TEE_POLICY);
    if (count > IDENTITIES_MAX) {
        json_refuse(array, e, "more than %d identities", IDENTITIES_MAX);
        return policy_error(e, TEE_POLICY);
    }
    struct tee_identity *list = arena_array(&p->arena, count, sizeof *list);
    if (!list) return error_no_memory(e);
    for (size_t i = 0; i < count; i++) {
        const struct json_place place = json_element(array, i);
        const enum status status = read_identity(p, &place, &list[i], e);
        if (status != STATUS_OK) return status;
    }
    p->identities = list;
    p->identity_count = (uint32_t)count;
    return STATUS_OK;
}
