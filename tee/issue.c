#include "tee/issue.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/hex.h"
#include "crypto/sha2.h"
#include "crypto/wipe.h"
#include "tee/der_write.h"

/* ---- where results live ------------------------------------------------------------------------------------------- */

void issue_free(struct issue *i)
{
    arena_free(&i->arena);
    *i = (struct issue){0};
}

static void no_memory(struct issue *i)
{
    if (i->status == STATUS_OK) i->status = error_no_memory(&i->error);
}

struct bytes issue_copy(struct issue *i, struct bytes b)
{
    if (i->status != STATUS_OK) return bytes_of(NULL, 0);
    uint8_t *copy = arena_alloc(&i->arena, b.size);
    if (!copy) {
        no_memory(i);
        return bytes_of(NULL, 0);
    }
    if (b.size) memcpy(copy, b.data, b.size);
    return bytes_of(copy, b.size);
}

struct bytes issue_take(struct issue *i, struct buffer *b)
{
    if (b->failed) no_memory(i);
    const struct bytes out = issue_copy(i, bytes_of(b->data, b->size));
    buffer_free(b);
    return out;
}

struct bytes issue_text(struct issue *i, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= sizeof text) {
        if (i->status == STATUS_OK)
            i->status = error_set(&i->error, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a text of %d bytes", size);
        return bytes_of(NULL, 0);
    }
    return issue_copy(i, bytes_of(text, (size_t)size));
}

struct bytes issue_hex(struct issue *i, struct bytes b)
{
    struct buffer out = {0};
    hex_encode(b, &out);
    return issue_take(i, &out);
}

struct bytes issue_pem(struct issue *i, const char *label, const struct bytes *ders, uint32_t count)
{
    struct buffer out = {0};
    for (uint32_t k = 0; k < count; k++) {
        struct buffer text = {0};
        base64_encode(ders[k], &text);
        if (text.failed) no_memory(i);
        buffer_printf(&out, "-----BEGIN %s-----\n", label);
        for (size_t at = 0; at < text.size; at += 64) {
            buffer_append(&out, text.data + at, text.size - at < 64 ? text.size - at : 64);
            buffer_append_byte(&out, '\n');
        }
        buffer_printf(&out, "-----END %s-----\n", label);
        buffer_free(&text);
    }
    return issue_take(i, &out);
}

/* ---- keys --------------------------------------------------------------------------------------------------------- */

void issue_key_ec(enum key_kind kind, const uint8_t seed[32], const char *label, struct issue_key *out)
{
    *out = (struct issue_key){.kind = kind};
    ecdsa_sign_key_derive(kind == KEY_P384 ? ECDSA_SIGN_P384 : ECDSA_SIGN_P256, seed, label, &out->ec);
}

void issue_key_rsa(struct issue *i, uint32_t bits, const uint8_t seed[32], const char *label, struct issue_key *out)
{
    *out = (struct issue_key){.kind = KEY_RSA};
    if (i->status == STATUS_OK) i->status = rsa_sign_key_derive(bits, seed, label, &out->rsa, &i->error);
}

void issue_key_wipe(struct issue_key *key)
{
    wipe(key, sizeof *key);
}

/* What the BIT STRING of a SubjectPublicKeyInfo holds. */
static void write_key_bits(struct buffer *b, const struct issue_key *key)
{
    if (key->kind == KEY_RSA) {
        const size_t at = der_open(b, DER_SEQUENCE);
        der_write_integer(b, rsa_sign_modulus(&key->rsa));
        der_write_small(b, 65537);
        der_close(b, at);
    } else {
        buffer_append_byte(b, 4); /* uncompressed */
        der_write_raw(b, ecdsa_sign_point(&key->ec));
    }
}

struct bytes issue_key_info(struct issue *i, const struct issue_key *key)
{
    struct buffer b = {0}, bits = {0};
    const size_t info = der_open(&b, DER_SEQUENCE), algorithm = der_open(&b, DER_SEQUENCE);
    if (key->kind == KEY_RSA) {
        der_write_oid(&b, "1.2.840.113549.1.1.1");
        der_write_null(&b);
    } else {
        der_write_oid(&b, "1.2.840.10045.2.1");
        der_write_oid(&b, key->kind == KEY_P384 ? "1.3.132.0.34" : "1.2.840.10045.3.1.7");
    }
    der_close(&b, algorithm);
    write_key_bits(&bits, key);
    if (bits.failed) no_memory(i);
    der_write_bits(&b, bytes_of(bits.data, bits.size), 0);
    buffer_free(&bits);
    der_close(&b, info);
    return issue_take(i, &b);
}

struct bytes issue_key_id(struct issue *i, const struct issue_key *key)
{
    struct buffer bits = {0};
    uint8_t digest[SHA256_SIZE];
    write_key_bits(&bits, key);
    if (bits.failed) no_memory(i);
    sha256(bytes_of(bits.data, bits.size), digest);
    buffer_free(&bits);
    return issue_copy(i, bytes_of(digest, 20));
}

/* ---- names -------------------------------------------------------------------------------------------------------- */

static const char *name_type_oid(const char *type)
{
    static const struct {
        const char *type, *oid;
    } types[] = {{"CN", "2.5.4.3"}, {"C", "2.5.4.6"}, {"L", "2.5.4.7"}, {"ST", "2.5.4.8"}, {"O", "2.5.4.10"},
                 {"OU", "2.5.4.11"}};
    for (size_t k = 0; k < sizeof types / sizeof types[0]; k++)
        if (strcmp(types[k].type, type) == 0) return types[k].oid;
    return type;
}

struct bytes issue_name_der(struct issue *i, const struct issue_name *name)
{
    struct buffer b = {0};
    if (name->der.size) return name->der;
    const size_t all = der_open(&b, DER_SEQUENCE);
    for (int k = 0; k < ISSUE_NAME_PARTS && name->parts[k].type; k++) {
        const size_t set = der_open(&b, DER_SET), part = der_open(&b, DER_SEQUENCE);
        der_write_oid(&b, name_type_oid(name->parts[k].type));
        der_write(&b, strcmp(name->parts[k].type, "C") == 0 ? DER_PRINTABLE_STRING : DER_UTF8_STRING,
                  bytes_of_string(name->parts[k].value));
        der_close(&b, part);
        der_close(&b, set);
    }
    der_close(&b, all);
    return issue_take(i, &b);
}

/* ---- extensions --------------------------------------------------------------------------------------------------- */

void issue_extension_add(struct issue *i, struct issue_extensions *x, const char *oid, bool critical, struct bytes value)
{
    if (x->count < ISSUE_EXTENSIONS)
        x->items[x->count++] = (struct issue_extension){.oid = oid, .critical = critical, .value = value};
    else if (i->status == STATUS_OK)
        i->status = error_set(&i->error, STATUS_USAGE, 0, ERROR_NO_OFFSET, "more than %d extensions", ISSUE_EXTENSIONS);
}

struct issue_extension *issue_extension_find(struct issue_extensions *x, const char *oid)
{
    for (uint32_t k = 0; k < x->count; k++)
        if (strcmp(x->items[k].oid, oid) == 0) return &x->items[k];
    return NULL;
}

bool issue_extension_remove(struct issue_extensions *x, const char *oid)
{
    struct issue_extension *found = issue_extension_find(x, oid);
    if (!found) return false;
    memmove(found, found + 1, (size_t)(x->items + x->count - found - 1) * sizeof *found);
    x->count--;
    return true;
}

void issue_extensions_write(struct buffer *b, const struct issue_extensions *x)
{
    const size_t all = der_open(b, DER_SEQUENCE);
    for (uint32_t k = 0; k < x->count; k++) {
        const size_t one = der_open(b, DER_SEQUENCE);
        der_write_oid(b, x->items[k].oid);
        if (x->items[k].critical) der_write_bool(b, true);
        der_write(b, DER_OCTET_STRING, x->items[k].value);
        der_close(b, one);
    }
    der_close(b, all);
}
