
#include "base/base64.h"
#include "base/hex.h"
#include "cli/state.h"
#include "json/json_write.h"
#include "near/amount.h"

int state_parse_account_id(const char *what, struct bytes text, struct account_id *out)
{
    struct error e;
    if (account_id_parse(text, out, &e)) return -1;
    say_error("%s: '%.*s' is not an account id: %s", what, text.size > 80 ? 80 : (int)text.size,
              text.size ? (const char *)text.data : "", e.message);
    return EXIT_INPUT;
}

int state_parse_balance(const char *what, struct bytes text, struct u128 *out)
{
    struct error e;
    if (balance_parse(text, out, &e) == STATUS_OK) return -1;
    say_error("%s: %s", what, e.message);
    say_hint("an amount is written as 1.5N, 10mN or 1 (yoctoNEAR)");
    return EXIT_INPUT;
}

static bool begins_with(const char *text, const char *prefix, const char **rest)
{
    const size_t length = strlen(prefix);
    *rest = text + length;
    return strncmp(text, prefix, length) == 0;
}

int state_parse_bytes(const char *what, const char *text, struct buffer *out)
{
    const char *rest = text;
    const char *form = NULL;
    *out = (struct buffer){0};
    if (begins_with(text, "base64:", &rest)) {
        if (!base64_decode(bytes_of_string(rest), out)) form = "base64";
    } else if (begins_with(text, "hex:", &rest) || begins_with(text, "0x", &rest)) {
        if (!hex_decode(bytes_of_string(rest), out)) form = "hexadecimal";
    } else {
        buffer_append_string(out, begins_with(text, "text:", &rest) ? rest : text);
    }
    if (!form && !out->failed) return -1;
    if (out->failed) say_error("out of memory");
    else say_error("%s: '%.80s' is not %s", what, rest, form);
    if (!out->failed) say_hint("text that begins like this is written as text:...");
    return EXIT_INPUT;
}

int state_refuse(const struct state_file *s, const struct error *e)
{
    say_error("%s: %s", s->path, e->message);
    return EXIT_INPUT;
}

/* An account whose name is close to the one that is not there. False: none. */
static bool find_similar(struct state_file *s, const struct account_id *id, struct account_id *out)
{
    static const uint8_t column = 0; /* of accounts: near/trie_keys.def */
    struct trie_iterator it;
    struct bytes key, value;
    bool found = true, any = false;
    enum status status = trie_iterator_prefix(&it, &s->trie, bytes_of(&column, 1), NULL);
    while (status == STATUS_OK && !any) {
        struct trie_key parsed;
        status = trie_iterator_next(&it, &found, &key, &value, NULL);
        if (status != STATUS_OK || !found || trie_key_parse(key, &parsed, NULL) != STATUS_OK) break;
        any = similar(account_id_bytes(id), account_id_bytes(&parsed.account_id));
        if (any) *out = parsed.account_id;
    }
    trie_iterator_free(&it);
    return any;
}

int state_require_account(struct state_file *s, const struct account_id *id, struct account *out)
{
    char text[ACCOUNT_ID_TEXT_SIZE];
    struct account_id other;
    struct error e;
    bool found = false;
    if (state_file_get_account(s, id, &found, out, &e) != STATUS_OK) return state_refuse(s, &e);
    if (found) return -1;
    say_error("%s: there is no account %s", s->path, account_id_text(id, text));
    if (find_similar(s, id, &other)) say_hint("did you mean %s?", account_id_text(&other, text));
    else say_hint("`nvm state accounts %s` lists those that there are", s->path);
    return EXIT_INPUT;
}

bool state_print_json(struct json *json)
{
    struct buffer text = {0};
    if (json) json_print(json, &text);
    const bool ok = json && !text.failed && put_json(bytes_of(text.data, text.size));
    buffer_free(&text);
    json_free(json);
    return ok;
}

int state_finish_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return EXIT_OK;
    say_error("cannot write to standard output");
    return EXIT_INPUT;
}
