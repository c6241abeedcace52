/* nvm verify-outcome: light-client outcome proofs. */
#include "cli/verify_outcome.h"

#include "cli/limits.h"
#include "base/hex.h"
#include "cli/cli.h"
#include "near/amount.h"
#include "near/json_values.h"

static const struct usage usage = {
    .command = "verify-outcome",
    .operands = "FILE",
    .text = "Checks a light-client proof that a transaction or receipt had an outcome: the answer of the RPC method\n"
            "EXPERIMENTAL_light_client_proof in a file. Computes the outcome's hash, the outcome roots of shard and\n"
            "block, the block's hash, and, by the last path, the block Merkle root of a later head, which has to be\n"
            "the one that is given. Without --head-root nothing says that there is such a block.\n"
            "The error of a failed outcome, compute usage and gas profile are not part of such a proof.\n",
    .examples = "  nvm verify-outcome proof.json --head-root 9mToyaNyNYqzn5bj3WcGmEmgToeCuaHvhiPZjW1CMCuW\n"
                "  nvm verify-outcome --json proof.json\n"
                "  curl -s https://rpc.mainnet.near.org -H 'Content-Type: application/json' -d @request.json |\n"
                "    nvm verify-outcome -\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "the proof does not hold",
};

bool verify_parse_hash(const char *text, struct crypto_hash *out)
{
    if (strncmp(text, "0x", 2) == 0) text += 2;
    const struct bytes b = bytes_of_string(text);
    if (b.size != 2 * CRYPTO_HASH_SIZE) return crypto_hash_parse(b, out);
    for (size_t i = 0; i < CRYPTO_HASH_SIZE; i++) {
        const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static void print_hash(const char *name, const struct crypto_hash *h, const char *remark)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    printf("  %-20s %s%s\n", name, crypto_hash_text(h, text), remark);
}

static void print_status(const struct execution_outcome *o)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    if (o->status == EXECUTION_FAILURE) printf("  %-20s Failure\n", "status");
    else if (o->status == EXECUTION_SUCCESS_RECEIPT_ID)
        printf("  %-20s the result of receipt %s\n", "status", crypto_hash_text(&o->receipt_id, text));
    else printf("  %-20s success, a value of %zu bytes\n", "status", o->value.size);
}

static void print_statement(const struct outcome_proof *p)
{
    const struct execution_outcome *o = &p->outcome;
    char text[AMOUNT_TEXT_SIZE], account[ACCOUNT_ID_TEXT_SIZE];
    print_hash("outcome of", &o->id, "");
    printf("  %-20s %s\n", "executed by", account_id_text(&o->executor_id, account));
    print_status(o);
    printf("  %-20s %s\n", "gas burnt", gas_digits(o->gas_burnt, text));
    printf("  %-20s %s\n", "tokens burnt", balance_text(o->tokens_burnt, text));
    printf("  %-20s %lu\n", "logs", (unsigned long)o->log_count);
    printf("  %-20s %lu\n", "receipts made", (unsigned long)o->receipt_id_count);
    printf("  %-20s %llu\n", "block height", (unsigned long long)p->header.height);
}

static void print_text(const struct outcome_proof *p, const struct outcome_proof_roots *roots, bool head_checked)
{
    printf("%sthe outcome is one of block %llu%s\n", colour(stdout, BOLD), (unsigned long long)p->header.height,
           colour(stdout, PLAIN));
    print_statement(p);
    print_hash("leaf", &roots->leaf, "");
    print_hash("shard outcome root", &roots->shard_outcome_root, "");
    print_hash("block outcome root", &roots->outcome_root, " = that in the header");
    print_hash("block hash", &roots->block_hash, " = that of the proof");
    print_hash("head root", &roots->head_root, head_checked ? " = the one that was given" : " (not checked)");
    if (head_checked) return;
    printf("not checked: that there is such a block (--head-root: the block Merkle root of a head that is trusted)\n");
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static void write_hash(struct json_writer *w, const char *name, const struct crypto_hash *h)
{
    json_write_name(w, name);
    json_write_hash(w, h);
}

static void write_refusal(struct json_writer *w, const struct refusal *r)
{
    const char *const members[][2] = {{"code", proof_error_name(r->code)}, {"reason", proof_error_text(r->code)},
                                      {"place", r->place}, {"claimed", r->claimed}, {"computed", r->found}};
    json_write_name(w, "refusal");
    json_write_open(w, '{');
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        json_write_name(w, members[i][0]);
        json_write_text(w, members[i][1]);
    }
    json_write_close(w, '}');
}

static bool print_json(const struct outcome_proof *p, const struct outcome_proof_roots *roots, bool head_given,
                       const struct refusal *r)
{
    struct buffer out = {0};
    struct json_writer writer = json_writer_of(&out), *w = &writer;
    const bool holds = r->code == PROOF_NO_ERROR;
    json_write_open(w, '{');
    json_write_name(w, "holds");
    buffer_append_string(&out, holds ? "true" : "false");
    w->comma = true;
    json_write_name(w, "head_root_checked");
    buffer_append_string(&out, holds && head_given ? "true" : "false");
    w->comma = true;
    write_hash(w, "id", &p->outcome.id);
    json_write_name(w, "block_height");
    json_write_u64(w, p->header.height);
    write_hash(w, "outcome_leaf", &roots->leaf);
    write_hash(w, "shard_outcome_root", &roots->shard_outcome_root);
    write_hash(w, "outcome_root", &roots->outcome_root);
    write_hash(w, "block_hash", &roots->block_hash);
    write_hash(w, "head_root", &roots->head_root);
    if (!holds) write_refusal(w, r);
    json_write_close(w, '}');
    buffer_append_byte(&out, '\n');
    const bool ok = !out.failed && put_json(bytes_of(out.data, out.size));
    buffer_free(&out);
    return ok;
}

static void print_refusal(const char *path, const struct refusal *r)
{
    say_error("%s: the proof does not hold: %s: %s", path, r->place, proof_error_text(r->code));
    fputs("  expected: ", stderr);
    print_shown(stderr, bytes_of_string(r->claimed));
    fputs("\n  computed: ", stderr);
    print_shown(stderr, bytes_of_string(r->found));
    fputc('\n', stderr);
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static int report(const char *path, const struct outcome_proof *p, const struct crypto_hash *head, bool json)
{
    struct outcome_proof_roots roots;
    struct refusal r;
    struct error e = {0};
    const enum status status = outcome_proof_verify(p, head, &roots, &r, &e);
    if (status != STATUS_OK && status != STATUS_INVALID) return say_file_error(path, &e);
    bool written = true;
    if (json) written = print_json(p, &roots, head != NULL, &r);
    else if (status == STATUS_OK) print_text(p, &roots, head != NULL);
    else print_refusal(path, &r);
    if (!written || fflush(stdout) != 0) {
        say_error("cannot write to standard output");
        return EXIT_INPUT;
    }
    return status == STATUS_OK ? EXIT_OK : EXIT_TRAPPED;
}

int command_verify_outcome(int argc, char **argv)
{
    const char *root_text = NULL;
    bool json = false;
    struct limits limits = limits_standard();
    const struct option options[] = {
        {"head-root", 0, OPTION_TEXT, &root_text, "HASH",
         "block Merkle root of a head that is trusted, in base58 or hexadecimal", 0},
        {"json", 0, OPTION_FLAG, &json, NULL, "print the verdict and all roots as JSON", 0},
#define X(name, standard, unit, text) LIMIT_OPTION(&limits, name, standard, unit, text)
#include "base/limits.def"
#undef X
        {0},
    };
    struct crypto_hash root;
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code >= 0) return code;
    if (root_text && !verify_parse_hash(root_text, &root)) {
        say_error("verify-outcome: --head-root: '%s' is no hash", root_text);
        say_hint("32 bytes in base58, as nodes print them, or 64 hexadecimal digits");
        return EXIT_INPUT;
    }
    limits_start_clock(&limits);
    struct buffer text = {0};
    struct arena arena = {0};
    struct outcome_proof p;
    struct error e = {0};
    enum status status = file_read(argv[0], FILE_LIMIT, &text, &e);
    if (status == STATUS_OK) status = outcome_proof_read(bytes_of(text.data, text.size), &limits, &arena, &p, &e);
    code = status == STATUS_OK ? report(argv[0], &p, root_text ? &root : NULL, json) : say_file_error(argv[0], &e);
    arena_free(&arena);
    buffer_free(&text);
    return code;
}
