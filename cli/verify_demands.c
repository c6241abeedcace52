#include "cli/verify_demands.h"

#include "cli/verify_outcome.h"

#include <errno.h>
#include <stdlib.h>

static int read_hash(const char *option, const char *text, struct crypto_hash *out, const struct crypto_hash **set)
{
    if (!text) return -1;
    *set = out;
    if (verify_parse_hash(text, out)) return -1;
    say_error("verify: --%s: '%s' is no hash", option, text);
    say_hint("32 bytes in base58, as `nvm verify` prints them, or 64 hexadecimal digits");
    return EXIT_INPUT;
}

static int read_height(const char *option, const char *text, uint64_t *out, const uint64_t **set)
{
    char *end = NULL;
    if (!text) return -1;
    *set = out;
    errno = 0;
    if (*text >= '0' && *text <= '9') *out = strtoull(text, &end, 10);
    if (end && !*end && errno == 0) return -1;
    say_error("verify: --%s: '%s' is no height of a block", option, text);
    return EXIT_INPUT;
}

static int read_code_hashes(struct demands *d, const struct text_list *texts, struct proof_demands *out)
{
    const struct crypto_hash *set = NULL;
    int code = -1;
    d->code_hashes = arena_array(&d->arena, texts->count, sizeof *d->code_hashes);
    if (!d->code_hashes) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (uint32_t i = 0; i < texts->count && code < 0; i++)
        code = read_hash("code-hash", texts->items[i], &d->code_hashes[i], &set);
    out->code_hashes = d->code_hashes;
    out->code_hash_count = texts->count;
    return code;
}

/* ---- receipt proofs ---------------------------------------------------------------------------------------------- */

static int check_receipt_proof(const char *path, const struct outcome_proof *p, const struct crypto_hash *head)
{
    struct outcome_proof_roots roots;
    struct refusal r;
    struct error e = {0};
    const enum status status = outcome_proof_verify(p, head, &roots, &r, &e);
    if (status == STATUS_OK) return -1;
    if (status != STATUS_INVALID) return say_file_error(path, &e);
    say_error("%s: the receipt proof does not hold: %s", path, e.message);
    say_hint("`nvm verify-outcome %s --head-root HASH` shows all of its hashes", path);
    return EXIT_INPUT;
}

static int read_receipt_proof(struct demands *d, const struct limits *limits, const char *path)
{
    struct buffer text = {0};
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct outcome_proof *p = &d->chain[d->chain_count];
    enum status status = file_read(path, FILE_LIMIT, &text, &e);
    if (status == STATUS_OK) status = outcome_proof_read(bytes_of(text.data, text.size), limits, &d->arena, p, &e);
    buffer_free(&text);
    if (status != STATUS_OK) return say_file_error(path, &e);
    d->chain_count++;
    return check_receipt_proof(path, p, &d->head_root);
}

static int read_receipt_proofs(struct demands *d, const struct limits *limits, const struct demand_options *o)
{
    const struct crypto_hash *head = NULL;
    const uint32_t count = o->receipt_proofs.count;
    int code = read_hash("head-root", o->head_root, &d->head_root, &head);
    if (code >= 0) return code;
    if (!count != !head) {
        say_error(head ? "--head-root: only with --receipt-proof FILE"
                       : "--receipt-proof: only with --head-root HASH, the root of a head that is trusted");
        return EXIT_INPUT;
    }
    d->chain = arena_array(&d->arena, count, sizeof *d->chain);
    if (!d->chain) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (uint32_t i = 0; i < count && code < 0; i++) code = read_receipt_proof(d, limits, o->receipt_proofs.items[i]);
    return code;
}

int demands_read(struct demands *d, const struct demand_options *o, struct verify_options *options)
{
    struct proof_demands *out = &options->demands;
    int code = read_hash("statement", o->statement, &d->statement, &out->statement);
    if (code < 0) code = read_hash("old-root", o->old_root, &d->old_root, &out->old_root);
    if (code < 0) code = read_hash("new-root", o->new_root, &d->new_root, &out->new_root);
    if (code < 0) code = read_height("first-height", o->first_height, &d->first_height, &out->first_height);
    if (code < 0) code = read_height("last-height", o->last_height, &d->last_height, &out->last_height);
    if (code < 0) code = read_code_hashes(d, &o->code_hashes, out);
    if (code < 0) code = read_receipt_proofs(d, &options->limits, o);
    if (code < 0 && o->chain_id) {
        d->chain_id = bytes_of_string(o->chain_id);
        out->chain_id = &d->chain_id;
    }
    options->chain = d->chain;
    options->chain_count = d->chain_count;
    return code;
}

void demands_free(struct demands *d)
{
    arena_free(&d->arena);
}
