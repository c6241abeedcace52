/* What evidence is judged by: policy, collateral, time, challenge. */
#include "cli/tee.h"

#include "base/hex.h"
#include "base/rfc3339.h"
#include "tee/simulator.h"

#include <stdlib.h>
#include <time.h>

enum { POLICY_FILE_MAX = 1 << 20, COLLATERAL_FILE_MAX = 1 << 24 };

int hex_option(const char *option, const char *text, size_t min, size_t max, struct buffer *out)
{
    const size_t size = strlen(text) / 2;
    if (strlen(text) % 2 == 0 && size >= min && size <= max && hex_decode(bytes_of_string(text), out)) return -1;
    if (min == max) say_error("--%s: expected %zu hexadecimal digits", option, 2 * min);
    else say_error("--%s: expected %zu to %zu hexadecimal digits, an even number", option, 2 * min, 2 * max);
    if (strncmp(text, "0x", 2) == 0) say_hint("leave out the 0x");
    return EXIT_INPUT;
}

int statement_option(const char *text, uint8_t out[STATEMENT_SIZE])
{
    struct crypto_hash hash;
    struct buffer bytes = {0};
    if (crypto_hash_parse(bytes_of_string(text), &hash)) { /* 64 digits are no base58 of 32 bytes */
        memcpy(out, hash.bytes, STATEMENT_SIZE);
        return -1;
    }
    const int code = hex_option("statement", text, STATEMENT_SIZE, STATEMENT_SIZE, &bytes);
    if (code < 0) memcpy(out, bytes.data, STATEMENT_SIZE);
    buffer_free(&bytes);
    return code;
}

/* Unix seconds: digits alone. */
static bool read_seconds(const char *text, int64_t *out)
{
    int64_t seconds = 0;
    const size_t size = strlen(text);
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        seconds = seconds * 10 + (text[i] - '0');
    }
    *out = seconds;
    return size > 0 && size <= 12;
}

int time_option(const char *option, const char *text, int64_t *out)
{
    if (!text) {
        *out = (int64_t)time(NULL);
        return -1;
    }
    if (read_seconds(text, out) || rfc3339_read(bytes_of_string(text), out)) return -1;
    say_error("--%s: '%s' is no time", option, text);
    say_hint("2026-06-17T01:05:04Z, or seconds since 1970");
    return EXIT_INPUT;
}

static int read_policy(struct trust *t, const char *path)
{
    struct buffer text = {0};
    struct error e = {.offset = ERROR_NO_OFFSET};
    enum status status = file_read(path, POLICY_FILE_MAX, &text, &e);
    if (status == STATUS_OK) {
        status = tee_policy_read(bytes_of(text.data, text.size), &t->policy, &e);
        if (status == STATUS_INVALID || status == STATUS_MALFORMED || status == STATUS_LIMIT) {
            if (e.line > 0)
                say_error("%s:%u:%u: %s (%s)", path, (unsigned)e.line, (unsigned)e.column, e.message,
                          tee_refusal_code((enum tee_refusal)e.code));
            else say_error("%s: %s (%s)", path, e.message, tee_refusal_code((enum tee_refusal)e.code));
            say_hint("docs/tee-policy.md describes policies");
            buffer_free(&text);
            return EXIT_INPUT;
        }
    }
    buffer_free(&text);
    return status == STATUS_OK ? -1 : say_file_error(path, &e);
}

static int read_files(struct trust *t, const struct text_list *paths)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    if (paths->count == 0) return -1;
    t->files = calloc(paths->count, sizeof *t->files);
    t->contents = calloc(paths->count, sizeof *t->contents);
    if (!t->files || !t->contents) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (uint32_t i = 0; i < paths->count; i++) {
        t->tee.file_count = i + 1; /* trust_free frees that many */
        if (file_read(paths->items[i], COLLATERAL_FILE_MAX, &t->contents[i], &e) != STATUS_OK)
            return say_file_error(paths->items[i], &e);
        t->files[i] = (struct tee_file){paths->items[i], bytes_of(t->contents[i].data, t->contents[i].size)};
    }
    t->tee.files = t->files;
    return -1;
}

int trust_read(struct trust *t, const struct trust_options *o)
{
    int code = time_option("at", o->at, &t->tee.at);
    if (code < 0 && o->challenge) {
        code = hex_option("challenge", o->challenge, 1, TEE_NONCE_MAX, &t->challenge);
        t->has_challenge = true;
    }
    if (code < 0) code = read_policy(t, o->policy);
    if (code < 0) code = read_files(t, &o->collateral);
    if (code >= 0) return code;
    t->tee.policy = &t->policy;
    /* Only for policies that allow it: nobody else's verdict can depend on it. */
    if (t->policy.allow_simulator)
        t->tee.simulator_root_count = tee_simulator_roots(t->policy.platform, &t->tee.simulator_roots);
    return -1;
}

void trust_free(struct trust *t)
{
    for (uint32_t i = 0; i < t->tee.file_count && t->contents; i++) buffer_free(&t->contents[i]);
    free(t->contents);
    free(t->files);
    buffer_free(&t->challenge);
    tee_policy_free(&t->policy);
    *t = (struct trust){0};
}
