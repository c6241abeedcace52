#include "proof/refusal.h"

#include <stdarg.h>
#include <stdio.h>

enum status refuse(struct refusal *r, enum proof_error code, const char *claimed, const char *found, const char *place,
                   ...)
{
    va_list arguments;
    r->code = code;
    snprintf(r->claimed, sizeof r->claimed, "%s", claimed);
    snprintf(r->found, sizeof r->found, "%s", found);
    va_start(arguments, place);
    vsnprintf(r->place, sizeof r->place, place, arguments);
    va_end(arguments);
    return STATUS_INVALID;
}

const char *refusal_word(enum proof_error code)
{
    return code >= PROOF_OTHER_STATEMENT && code <= PROOF_OTHER_CODE ? "demanded" : "found";
}

enum status refusal_error(const struct refusal *r, struct error *e)
{
    const char *text = proof_error_text(r->code);
    if (!r->claimed[0] && !r->found[0])
        return error_set(e, STATUS_INVALID, (int)r->code, ERROR_NO_OFFSET, "%s: %s", r->place, text);
    if (!r->claimed[0])
        return error_set(e, STATUS_INVALID, (int)r->code, ERROR_NO_OFFSET, "%s: %s: %s", r->place, text, r->found);
    if (!r->found[0])
        return error_set(e, STATUS_INVALID, (int)r->code, ERROR_NO_OFFSET, "%s: %s: the proof says %s", r->place, text,
                         r->claimed);
    return error_set(e, STATUS_INVALID, (int)r->code, ERROR_NO_OFFSET, "%s: %s: the proof says %s, %s %s", r->place,
                     text, r->claimed, refusal_word(r->code), r->found);
}

const char *value_of_hash(const struct crypto_hash *h, char out[static REFUSAL_VALUE_SIZE])
{
    return crypto_hash_text(h, out);
}

const char *value_of_u64(uint64_t v, char out[static REFUSAL_VALUE_SIZE])
{
    snprintf(out, REFUSAL_VALUE_SIZE, "%llu", (unsigned long long)v);
    return out;
}

const char *value_of_u128(struct u128 v, char out[static REFUSAL_VALUE_SIZE])
{
    u128_print(v, out);
    return out;
}

static bool is_printable(struct bytes b)
{
    for (size_t i = 0; i < b.size; i++)
        if (b.data[i] < ' ' || b.data[i] > '~') return false;
    return true;
}

const char *value_of_bytes(struct bytes b, char out[static REFUSAL_VALUE_SIZE])
{
    enum { TEXT = 140, HEX = TEXT / 2 };
    const bool text = is_printable(b);
    const size_t shown = b.size < (text ? TEXT : HEX) ? b.size : text ? TEXT : HEX;
    size_t at = 0;
    if (text) out[at++] = '"';
    for (size_t i = 0; i < shown; i++) {
        if (text) out[at++] = (char)b.data[i];
        else at += (size_t)snprintf(out + at, REFUSAL_VALUE_SIZE - at, "%02x", (unsigned)b.data[i]);
    }
    if (text) out[at++] = '"';
    out[at] = 0;
    if (shown < b.size) snprintf(out + at, REFUSAL_VALUE_SIZE - at, "... (%zu bytes)", b.size);
    return out;
}

const char *value_of_trie_value(bool present, const struct trie_value *v, char out[static REFUSAL_VALUE_SIZE])
{
    if (!present) {
        snprintf(out, REFUSAL_VALUE_SIZE, "none");
        return out;
    }
    char text[CRYPTO_HASH_TEXT_SIZE];
    const struct crypto_hash hash = crypto_hash_of_trie(&v->hash);
    snprintf(out, REFUSAL_VALUE_SIZE, "%lu bytes with the SHA-256 %s", (unsigned long)v->length,
             crypto_hash_text(&hash, text));
    return out;
}

enum status refuse_other_hash(enum proof_error code, const struct crypto_hash *claimed, const struct crypto_hash *found,
                              const char *place, struct refusal *r)
{
    char a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    if (crypto_hash_equal(claimed, found)) return STATUS_OK;
    return refuse(r, code, value_of_hash(claimed, a), value_of_hash(found, b), "%s", place);
}

enum status refuse_missing(struct refusal *r, const struct trie_missing *missing, const char *place)
{
    char value[REFUSAL_VALUE_SIZE], text[CRYPTO_HASH_TEXT_SIZE];
    const struct crypto_hash hash = crypto_hash_of_trie(&missing->hash);
    snprintf(value, sizeof value, "%s with the SHA-256 %s", missing->value ? "value" : "node",
             crypto_hash_text(&hash, text));
    return refuse(r, PROOF_MISSING_ROW, "", value, "%s", place);
}
