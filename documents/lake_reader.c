#include "documents/lake_reader.h"

#include "base/base58.h"
#include "near/json_values.h"

/* ---- what readers share ------------------------------------------------------------------------------------------ */

static bool fail(struct lake_reader *r, enum status status)
{
    if (r->status == STATUS_OK) r->status = status;
    return false;
}

/* Whether reading may go on; takes over the status of what was just read. */
static bool check(struct lake_reader *r, enum status status)
{
    return status == STATUS_OK || fail(r, status);
}

static void remember(struct lake_reader *r, const char *what, const char *name)
{
    r->unknown_count++;
    for (uint32_t i = 0; i < r->unknown_names; i++) {
        if (strcmp(r->unknown[i].what, what) == 0 && strcmp(r->unknown[i].name, name) == 0) {
            r->unknown[i].count++;
            return;
        }
    }
    if (r->unknown_names == LAKE_UNKNOWN_MAX) return;
    char *copy = lake_alloc(r, strlen(name) + 1, 1);
    if (!copy) return;
    memcpy(copy, name, strlen(name) + 1);
    r->unknown[r->unknown_names++] = (struct lake_unknown){what, copy, 1};
}

void lake_known(struct lake_reader *r, const struct json_place *object, const char *what, const char *const *names,
                size_t count)
{
    size_t position = 0;
    struct json_place member;
    if (r->status != STATUS_OK) return;
    if (!json_is(object->json, JSON_OBJECT)) {
        fail(r, json_expected(object, "an object", r->error));
        return;
    }
    while (json_next(object, &position, &member)) {
        size_t i = 0;
        while (i < count && strcmp(names[i], member.name) != 0) i++;
        if (i == count) remember(r, what, member.name);
    }
}

bool lake_member(struct lake_reader *r, const struct json_place *object, const char *name, struct json_place *out)
{
    *out = (struct json_place){0};
    return r->status == STATUS_OK && check(r, json_required(object, name, out, r->error));
}

uint32_t lake_array(struct lake_reader *r, const struct json_place *object, const char *name, struct json_place *out)
{
    size_t length = 0;
    if (!lake_member(r, object, name, out) || !check(r, json_check_array(out, &length, r->error))) return 0;
    return (uint32_t)length; /* a document has less than 2^31 bytes */
}

const char *lake_variant(struct lake_reader *r, const struct json_place *p, struct json_place *content)
{
    size_t position = 0;
    *content = (struct json_place){.parent = p};
    if (r->status != STATUS_OK) return NULL;
    if (json_is(p->json, JSON_STRING)) {
        const char *text = json_chars(p->json);
        if (strlen(text) == json_string_bytes(p->json).size) return text;
    } else if (json_is(p->json, JSON_OBJECT) && json_length(p->json) == 1 &&
               json_next(p, &position, content)) {
        return content->name;
    }
    fail(r, json_expected(p, "a variant's name, or an object with one member", r->error));
    return NULL;
}

void *lake_alloc(struct lake_reader *r, size_t count, size_t size)
{
    if (r->status != STATUS_OK) return NULL;
    void *memory = arena_array(r->arena, count, size);
    if (!memory) fail(r, error_no_memory(r->error));
    return memory;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

uint64_t lake_u64_at(struct lake_reader *r, const struct json_place *p, uint64_t max)
{
    uint64_t number = 0;
    if (r->status != STATUS_OK || !check(r, json_read_u64(p, max, &number, r->error))) return 0;
    return number;
}

struct crypto_hash lake_hash_at(struct lake_reader *r, const struct json_place *p)
{
    struct crypto_hash hash = {0};
    struct bytes text;
    if (r->status != STATUS_OK || !check(r, json_read_text(p, &text, r->error))) return hash;
    if (!crypto_hash_parse(text, &hash)) fail(r, json_expected(p, "a hash of 32 bytes in base58", r->error));
    return hash;
}

struct account_id lake_account_at(struct lake_reader *r, const struct json_place *p)
{
    struct account_id id = {0};
    if (r->status == STATUS_OK) check(r, json_read_account_id(p, &id, r->error));
    return id;
}

struct bytes lake_base64_at(struct lake_reader *r, const struct json_place *p)
{
    struct bytes bytes = {0};
    if (r->status == STATUS_OK) check(r, json_read_base64(p, r->arena, &bytes, r->error));
    return bytes;
}

/* "TYPE:DATA"; *type is KEY_TYPE_COUNT if there is no such type. */
static struct bytes split_type(struct bytes text, unsigned *type)
{
    size_t colon = 0;
    while (colon < text.size && text.data[colon] != ':') colon++;
    *type = 0;
    while (*type < KEY_TYPE_COUNT && !bytes_equal(bytes_of_string(key_type_name(*type)), bytes_of(text.data, colon)))
        ++*type;
    return colon < text.size ? bytes_of(text.data + colon + 1, text.size - colon - 1) : (struct bytes){0};
}

struct signature lake_signature_at(struct lake_reader *r, const struct json_place *p)
{
    struct signature signature = {0};
    struct bytes text;
    struct buffer data = {0};
    unsigned type;
    if (r->status != STATUS_OK || !check(r, json_read_text(p, &text, r->error))) return signature;
    struct bytes digits = split_type(text, &type);
    bool ok = type < KEY_TYPE_COUNT && base58_decode(digits, &data) && data.size == signature_type_size(type);
    if (data.failed) fail(r, error_no_memory(r->error));
    else if (!ok) fail(r, json_expected(p, "a signature ('ed25519:' or 'secp256k1:' and base58)", r->error));
    uint8_t *copy = lake_alloc(r, data.size, 1);
    if (copy) {
        memcpy(copy, data.data, data.size);
        signature = (struct signature){(uint8_t)type, bytes_of(copy, data.size)};
    }
    buffer_free(&data);
    return signature;
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

uint64_t lake_u64(struct lake_reader *r, const struct json_place *object, const char *name)
{
    struct json_place p;
    return lake_member(r, object, name, &p) ? lake_u64_at(r, &p, UINT64_MAX) : 0;
}

struct u128 lake_u128(struct lake_reader *r, const struct json_place *object, const char *name)
{
    struct json_place p;
    struct u128 number = {0, 0};
    if (!lake_member(r, object, name, &p) || !check(r, json_read_u128(&p, &number, r->error))) return u128_of(0);
    return number;
}

bool lake_bool(struct lake_reader *r, const struct json_place *object, const char *name)
{
    struct json_place p;
    bool value = false;
    return lake_member(r, object, name, &p) && check(r, json_read_bool(&p, &value, r->error)) && value;
}

struct crypto_hash lake_hash(struct lake_reader *r, const struct json_place *object, const char *name)
{
    struct json_place p;
    return lake_member(r, object, name, &p) ? lake_hash_at(r, &p) : (struct crypto_hash){0};
}

struct account_id lake_account(struct lake_reader *r, const struct json_place *object, const char *name)
{
    struct json_place p;
    return lake_member(r, object, name, &p) ? lake_account_at(r, &p) : (struct account_id){0};
}

struct bytes lake_text(struct lake_reader *r, const struct json_place *object, const char *name)
{
    struct json_place p;
    struct bytes text = {0};
    if (lake_member(r, object, name, &p)) check(r, json_read_text(&p, &text, r->error));
    return text;
}

struct bytes lake_base64(struct lake_reader *r, const struct json_place *object, const char *name)
{
    struct json_place p;
    return lake_member(r, object, name, &p) ? lake_base64_at(r, &p) : (struct bytes){0};
}

const struct public_key *lake_key(struct lake_reader *r, const struct json_place *object, const char *name)
{
    struct json_place p;
    struct bytes text;
    struct error why = {0};
    if (!lake_member(r, object, name, &p) || !check(r, json_read_text(&p, &text, r->error))) return NULL;
    struct public_key *key = lake_alloc(r, 1, sizeof *key);
    if (key && public_key_parse(text, key, &why) != STATUS_OK) {
        fail(r, json_refuse(&p, r->error, "no public key: %s", why.message));
        return NULL;
    }
    return key;
}

struct signature lake_signature(struct lake_reader *r, const struct json_place *object, const char *name)
{
    struct json_place p;
    return lake_member(r, object, name, &p) ? lake_signature_at(r, &p) : (struct signature){0};
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

bool lake_option_hash(struct lake_reader *r, const struct json_place *object, const char *name, struct crypto_hash *out)
{
    struct json_place p;
    if (r->status != STATUS_OK || !json_member(object, name, &p)) return false;
    *out = lake_hash_at(r, &p);
    return r->status == STATUS_OK;
}

bool lake_option_u64(struct lake_reader *r, const struct json_place *object, const char *name, uint64_t *out)
{
    struct json_place p;
    if (r->status != STATUS_OK || !json_member(object, name, &p)) return false;
    *out = lake_u64_at(r, &p, UINT64_MAX);
    return r->status == STATUS_OK;
}

bool lake_option_u128(struct lake_reader *r, const struct json_place *object, const char *name, struct u128 *out)
{
    struct json_place p;
    if (r->status != STATUS_OK || !json_member(object, name, &p)) return false;
    return check(r, json_read_u128(&p, out, r->error));
}

bool lake_option_account(struct lake_reader *r, const struct json_place *object, const char *name,
                         struct account_id *out)
{
    struct json_place p;
    if (r->status != STATUS_OK || !json_member(object, name, &p)) return false;
    *out = lake_account_at(r, &p);
    return r->status == STATUS_OK;
}
