#include "near/json_values.h"

/* ---- reading ---------------------------------------------------------------------------------------------------- */

enum status json_read_account_id(const struct json_place *p, struct account_id *out, struct error *e)
{
    struct bytes text;
    struct error why = {0};
    if (!json_is(p->json, JSON_STRING)) return json_expected(p, "an account id", e);
    text = json_string_bytes(p->json);
    if (account_id_parse(text, out, &why)) return STATUS_OK;
    char shown[JSON_SHOWN_SIZE];
    return json_refuse(p, e, "'%s' is not an account id: %s", json_shown(text, 64, shown), why.message);
}

/* ---- building --------------------------------------------------------------------------------------------------- */

struct json *json_account_id(const struct account_id *id)
{
    return json_text(account_id_bytes(id));
}

struct json *json_public_key(const struct public_key *key)
{
    struct buffer text = {0};
    const bool ok = public_key_print(key, &text) && !text.failed;
    struct json *json = ok ? json_text(bytes_of(text.data, text.size)) : NULL;
    buffer_free(&text);
    return json;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

void json_write_hash(struct json_writer *w, const struct crypto_hash *hash)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    json_write_text(w, crypto_hash_text(hash, text));
}

void json_write_account_id(struct json_writer *w, const struct account_id *id)
{
    json_write_string(w, account_id_bytes(id));
}

void json_write_public_key(struct json_writer *w, const struct public_key *key)
{
    struct buffer text = {0};
    if (public_key_print(key, &text) && !text.failed) json_write_string(w, bytes_of(text.data, text.size));
    else w->out->failed = true;
    buffer_free(&text);
}

void json_name_hash(struct json_writer *w, const char *name, const struct crypto_hash *hash)
{
    json_write_name(w, name);
    json_write_hash(w, hash);
}

void json_name_account_id(struct json_writer *w, const char *name, const struct account_id *id)
{
    json_write_name(w, name);
    json_write_account_id(w, id);
}

void json_name_public_key(struct json_writer *w, const char *name, const struct public_key *key)
{
    json_write_name(w, name);
    json_write_public_key(w, key);
}
