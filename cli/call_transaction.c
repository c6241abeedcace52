#include "base/base64.h"
#include "cli/call.h"
#include "json/json_text.h"
#include "cli/source.h"
#include "cli/state.h"
#include "near/amount.h"

static int no_memory(void)
{
    say_error("out of memory");
    return EXIT_INPUT;
}

static bool keep(struct call *c, struct buffer *b, struct bytes *out)
{
    uint8_t *copy = arena_alloc(&c->arena, b->size);
    if (copy && b->size) memcpy(copy, b->data, b->size);
    if (copy) *out = bytes_of(copy, b->size);
    buffer_free(b);
    return copy != NULL;
}

/* ---- actions ---------------------------------------------------------------------------------------------------- */

static int read_args(struct call *c, struct bytes *out)
{
    const struct call_arguments *o = &c->options;
    struct buffer bytes = {0};
    struct error e;
    if ((o->args != NULL) + (o->args_base64 != NULL) + (o->args_file != NULL) > 1) {
        say_error("call: --args, --args-base64 and --args-file exclude each other");
        return EXIT_INPUT;
    }
    if (o->args && json_text_check(bytes_of_string(o->args), &e) != STATUS_OK) {
        say_error("call: --args, line %u, column %u: %s", e.line, e.column, e.message);
        say_hint("arguments that are not JSON: --args-base64 or --args-file");
        return EXIT_INPUT;
    }
    if (o->args) buffer_append_string(&bytes, o->args);
    if (o->args_base64 && !base64_decode(bytes_of_string(o->args_base64), &bytes) && !bytes.failed) {
        say_error("call: --args-base64: the text is not base64 (RFC 4648, with padding)");
        return EXIT_INPUT;
    }
    if (o->args_file && file_read(o->args_file, FILE_LIMIT, &bytes, &e) != STATUS_OK) {
        buffer_free(&bytes);
        return say_file_error(o->args_file, &e);
    }
    const bool failed = bytes.failed;
    return keep(c, &bytes, out) && !failed ? -1 : no_memory();
}

static int add_call(struct call *c, struct action *a)
{
    struct error e;
    a->kind = ACTION_KIND_function_call;
    a->function_call.method_name = c->method;
    int code = read_args(c, &a->function_call.arguments);
    if (code < 0 && c->options.deposit)
        code = state_parse_balance("call: --deposit", bytes_of_string(c->options.deposit), &a->function_call.deposit);
    if (code >= 0) return code;
    const char *gas = c->options.gas ? c->options.gas : "100T";
    if (gas_parse(bytes_of_string(gas), &a->function_call.gas, &e) == STATUS_OK) return -1;
    say_error("call: --gas: %s", e.message);
    return EXIT_INPUT;
}

static int add_deploy(struct call *c, struct action *a)
{
    struct buffer code = {0};
    a->kind = ACTION_KIND_deploy_contract;
    int result = source_read(c->options.deploy, &code);
    if (result >= 0) return result;
    return keep(c, &code, &a->deploy_contract.code) ? -1 : no_memory();
}

static int add_key(struct call *c, struct action *a)
{
    struct public_key *key = arena_alloc(&c->arena, sizeof *key);
    struct error e;
    if (!key) return no_memory();
    if (public_key_parse(bytes_of_string(c->options.add_key), key, &e) != STATUS_OK) {
        say_error("call: --add-key: %s", e.message);
        return EXIT_INPUT;
    }
    a->kind = ACTION_KIND_add_key;
    a->add_key.public_key = key;
    a->add_key.access_key.permission = PERMISSION_FULL_ACCESS;
    return -1;
}

static int add_transfer(struct call *c, struct action *a)
{
    a->kind = ACTION_KIND_transfer;
    return state_parse_balance("call: --transfer", bytes_of_string(c->options.transfer), &a->transfer.deposit);
}

/* In the order in which they make sense: an account is made before it gets something. */
static int make_actions(struct call *c, struct transaction *t)
{
    struct action *actions = arena_array(&c->arena, CALL_ACTIONS_MAX, sizeof *actions);
    uint32_t count = 0;
    int code = -1;
    if (!actions) return no_memory();
    if (c->options.create) actions[count++].kind = ACTION_KIND_create_account;
    if (c->options.transfer) code = add_transfer(c, &actions[count++]);
    if (code < 0 && c->options.add_key) code = add_key(c, &actions[count++]);
    if (code < 0 && c->options.deploy) code = add_deploy(c, &actions[count++]);
    if (code < 0 && c->method.data) code = add_call(c, &actions[count++]);
    t->actions = actions;
    t->action_count = count;
    return code;
}

/* ---- nonce and signature ---------------------------------------------------------------------------------------- */

/* The key's next nonce; 1 if the account has no such key, which the protocol will refuse. */
static enum status next_nonce(struct call *c, uint64_t *out, struct error *e)
{
    const struct trie_key key = trie_key_of_access_key(&c->signer, &c->public_key);
    struct access_key access_key = {0};
    struct arena arena = {0};
    struct bytes value;
    bool found = false;
    enum status status = state_file_get(&c->state, &key, &found, &value, e);
    if (status == STATUS_OK && found) status = access_key_from_borsh(value, &arena, &access_key, e);
    arena_free(&arena);
    *out = access_key.nonce + 1; /* 0, which is refused, after 2^64 - 1 */
    return status;
}

static enum status sign(struct call *c, struct error *e)
{
    struct signed_transaction t = {.transaction = c->transaction.transaction};
    uint8_t *signature = arena_alloc(&c->arena, ED25519_SIGNATURE_SIZE);
    struct buffer borsh = {0};
    struct bytes bytes = {0};
    if (!signature) return error_no_memory(e);
    enum status status = transaction_hash(&t.transaction, &t.hash, e);
    if (status != STATUS_OK) return status;
    ed25519_sign(&c->secret, crypto_hash_bytes(&t.hash), signature);
    t.signature = (struct signature){KEY_ED25519, bytes_of(signature, ED25519_SIGNATURE_SIZE)};
    signed_transaction_write(&t, &borsh);
    const bool failed = borsh.failed;
    if (!keep(c, &borsh, &bytes) || failed) return error_no_memory(e);
    return signed_transaction_from_borsh(bytes, &c->arena, &c->transaction, e); /* as a node gets it */
}

int call_make_transaction(struct call *c)
{
    struct transaction *t = &c->transaction.transaction;
    struct error e;
    *t = (struct transaction){.version = TRANSACTION_V0, .signer_id = c->signer, .receiver_id = c->receiver,
                              .public_key = &c->public_key};
    int code = make_actions(c, t);
    if (code >= 0) return code;
    enum status status = next_nonce(c, &t->nonce, &e);
    if (status == STATUS_OK) status = sign(c, &e);
    return status == STATUS_OK ? -1 : state_refuse(&c->state, &e);
}
