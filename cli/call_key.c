#include "base/base58.h"
#include "cli/call.h"
#include "near/json_values.h"

static int refuse(const char *path, const struct error *e)
{
    say_file_error(path, e);
    say_hint("a key file has account_id, public_key and private_key, as near-cli writes it");
    return EXIT_INPUT;
}

static void wipe(struct buffer *b)
{
    volatile uint8_t *p = b->data;
    for (size_t i = 0; i < b->capacity; i++) p[i] = 0;
    buffer_free(b);
}

/* "ed25519:" and base58 of the seed, with or without the public key behind it. */
static enum status read_secret(const struct json_place *p, struct ed25519_key *out, struct error *e)
{
    static const char prefix[] = "ed25519:";
    const size_t length = sizeof prefix - 1;
    struct buffer bytes = {0};
    struct bytes text;
    enum status status = json_read_text(p, &text, NULL);
    /* no error below shows the key */
    if (status != STATUS_OK || text.size < length || memcmp(text.data, prefix, length) != 0)
        return json_refuse(p, e, "expected ed25519: and a key in base58 (other kinds of keys cannot sign here)");
    const bool decoded = base58_decode(bytes_of(text.data + length, text.size - length), &bytes);
    if (!decoded || (bytes.size != ED25519_SEED_SIZE && bytes.size != ED25519_SEED_SIZE + ED25519_PUBLIC_KEY_SIZE)) {
        status = json_refuse(p, e, "this is no ed25519 key: 32 or 64 bytes in base58");
    } else {
        ed25519_key_from_seed(out, bytes.data);
        if (bytes.size > ED25519_SEED_SIZE &&
            memcmp(out->public_key, bytes.data + ED25519_SEED_SIZE, ED25519_PUBLIC_KEY_SIZE) != 0)
            status = json_refuse(p, e, "the public half of the key does not belong to the secret half");
    }
    wipe(&bytes);
    return status;
}

static enum status read_document(struct call *c, const struct json_place *root, struct error *e)
{
    char text[ACCOUNT_ID_TEXT_SIZE];
    struct json_place place;
    struct account_id id;
    struct bytes key_text;
    struct public_key given;
    enum status status = STATUS_OK;
    if (json_member(root, "account_id", &place)) {
        status = json_read_account_id(&place, &id, e);
        if (status == STATUS_OK && !account_id_equal(&id, &c->signer))
            status = json_refuse(&place, e, "the key is not of %s", account_id_text(&c->signer, text));
    }
    if (status == STATUS_OK && !json_member(root, "private_key", &place))
        status = json_member(root, "secret_key", &place) ? STATUS_OK : json_required(root, "private_key", &place, e);
    if (status == STATUS_OK) status = read_secret(&place, &c->secret, e);
    if (status != STATUS_OK) return status;
    c->public_key = (struct public_key){.type = KEY_ED25519};
    memcpy(c->public_key.data, c->secret.public_key, ED25519_PUBLIC_KEY_SIZE);
    if (!json_member(root, "public_key", &place)) return STATUS_OK;
    status = json_read_text(&place, &key_text, e);
    if (status == STATUS_OK) status = public_key_parse(key_text, &given, e);
    if (status == STATUS_OK && !public_key_equal(&given, &c->public_key))
        status = json_refuse(&place, e, "this is not the public key of the private key");
    return status;
}

int call_read_key(struct call *c)
{
    enum { KEY_FILE_MAX = 1 << 16 };
    const char *path = c->options.key;
    struct json *document = NULL;
    struct buffer text = {0};
    struct error e;
    enum status status = file_read(path, KEY_FILE_MAX, &text, &e);
    if (status == STATUS_OK) status = json_read_document(bytes_of(text.data, text.size), &document, &e);
    if (status == STATUS_OK) {
        const struct json_place root = json_root(document);
        status = read_document(c, &root, &e);
    }
    json_free(document);
    wipe(&text);
    return status == STATUS_OK ? -1 : refuse(path, &e);
}
