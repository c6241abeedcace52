#include "cli/call.h"

#include <stdlib.h>

#include "cli/state.h"

static const struct usage usage = {
    .command = "call",
    .operands = "STATE SIGNER RECEIVER [METHOD]",
    .text = "Signs a transaction and applies it, and all receipts that come of it, block after block, to a state file\n"
            "(`nvm state`), as the chain would: fees, refunds, promises between contracts. Shows the tree of receipts\n"
            "and saves the new state. Actions are those that are given, in this order: make the account, transfer,\n"
            "add a key, deploy, call METHOD.\n"
            "\n"
            "Amounts: 1.5N, 10mN, 1 (yoctoNEAR); gas: 30T, 500G. What is not given has the default in brackets.\n",
    .examples = "  nvm call dev.state alice.near token.near new --args '{\"total\":7}' --key alice.json\n"
                "  nvm call dev.state alice.near token.near buy --deposit 1.5N --gas 50T --key alice.json --dry-run\n"
                "  nvm call dev.state alice.near bob.near --transfer 2N --key alice.json\n"
                "  nvm call dev.state alice.near app.alice.near --create --transfer 5N --deploy app.wasm --key a.json\n",
    .min_operands = 3,
    .max_operands = 4,
    .failure = "the transaction failed, or was not valid",
};

static int refuse(const char *problem, const char *hint)
{
    say_error("call: %s", problem);
    if (hint) say_hint("%s", hint);
    return EXIT_INPUT;
}

static int check(const struct call_arguments *o, int count)
{
    const bool has_args = o->args || o->args_base64 || o->args_file;
    const bool any = o->create || o->transfer || o->deploy || o->add_key || count == 4;
    if (!o->key) return refuse("who signs? --key FILE", "a key file is what near-cli keeps: ~/.near-credentials/...");
    if (!any) return refuse("what is to be done?", "a METHOD, --transfer, --deploy, --create or --add-key");
    if (count < 4 && (has_args || o->deposit || o->gas))
        return refuse("arguments, deposit and gas are for a METHOD", "to send tokens: --transfer");
    if (o->version < CALL_VERSION_FIRST || o->version > PROTOCOL_VERSION_CURRENT)
        return refuse("--protocol-version: receipts are applied by the rules of versions 84 to 88", NULL);
    return -1;
}

/* What the blocks are like. */
static int set_up(struct call *c)
{
    uint64_t lowest = 0;
    struct error e;
    c->parameters = parameters_of((uint32_t)c->options.version);
    c->gas_price = u128_of(CALL_GAS_PRICE);
    if (c->options.gas_price) {
        int code = state_parse_balance("call: --gas-price", bytes_of_string(c->options.gas_price), &c->gas_price);
        if (code >= 0) return code;
    }
    if (call_lowest_height(&c->state.trie, &lowest, &e) != STATUS_OK) return state_refuse(&c->state, &e);
    c->height = c->options.height ? c->options.height : lowest;
    if (c->height <= CALL_HEIGHT_MAX) return -1;
    return refuse("keys or yields of this state are from blocks that are too high", "--height sets another one");
}

/* Nothing was charged: there is nothing to save. */
static bool is_valid(const struct call *c)
{
    const struct chunk_result *first = &c->blocks[0]->result;
    const struct execution_outcome *o = first->outcome_count ? &first->outcomes[0] : NULL;
    return !(o && o->status == EXECUTION_FAILURE && o->error && o->error->kind == EXECUTION_ERROR_INVALID_TX);
}

static void explain_invalid(const struct call *c)
{
    const struct execution_outcome *o = &c->blocks[0]->result.outcomes[0];
    const struct invalid_tx_error *e = &o->error->invalid_tx;
    char id[ACCOUNT_ID_TEXT_SIZE];
    struct buffer key = {0};
    if (e->kind == invalid_tx_error_InvalidAccessKeyError && public_key_print(&c->public_key, &key))
        say_hint("`nvm state set %s %s --add-key %.*s` gives the account this key", c->state.path,
                 account_id_text(&c->signer, id), (int)key.size, (const char *)key.data);
    buffer_free(&key);
}

static int run(struct call *c, char **operands, int count)
{
    int code = check(&c->options, count);
    if (code < 0) code = state_parse_account_id("call: the signer", bytes_of_string(operands[1]), &c->signer);
    if (code < 0) code = state_parse_account_id("call: the receiver", bytes_of_string(operands[2]), &c->receiver);
    if (code >= 0) return code;
    if (count == 4) c->method = bytes_of_string(operands[3]);
    code = call_read_key(c);
    if (code < 0) code = state_open(&c->state, operands[0], c->options.dry_run ? STATE_READ : STATE_CHANGE);
    if (code < 0) code = set_up(c);
    if (code < 0) code = call_make_transaction(c);
    if (code < 0) code = call_apply(c);
    if (code >= 0) return code;
    const bool valid = is_valid(c);
    c->saved = valid && !c->options.dry_run;
    if (c->saved) code = state_save(&c->state);
    if (code >= 0) return code;
    code = c->options.json ? call_report_json(c) : call_report(c);
    if (!valid) explain_invalid(c);
    return code;
}

static void release(struct call *c)
{
    for (uint32_t i = 0; i < c->block_count; i++) {
        chunk_result_free(&c->blocks[i]->result);
        free(c->blocks[i]);
    }
    free(c->blocks);
    contract_cache_free(c->contracts);
    state_file_close(&c->state);
    ed25519_key_wipe(&c->secret);
    arena_free(&c->arena);
}

int command_call(int argc, char **argv)
{
    struct call c = {.options.version = PROTOCOL_VERSION_CURRENT};
    struct call_arguments *o = &c.options;
    const struct option options[] = {
        {"key", 'k', OPTION_TEXT, &o->key, "FILE", "the signer's key: account_id, public_key, private_key (JSON)", 0},
        {"args", 'a', OPTION_TEXT, &o->args, "JSON", "arguments of the method", 0},
        {"args-base64", 0, OPTION_TEXT, &o->args_base64, "TEXT", "arguments that are not JSON", 0},
        {"args-file", 0, OPTION_TEXT, &o->args_file, "FILE", "arguments as the file has them", 0},
        {"deposit", 0, OPTION_TEXT, &o->deposit, "AMOUNT", "attached to the call [0]", 0},
        {"gas", 0, OPTION_TEXT, &o->gas, "AMOUNT", "attached to the call [100T]", 0},
        {"create", 0, OPTION_FLAG, &o->create, NULL, "make the account RECEIVER", 0},
        {"transfer", 0, OPTION_TEXT, &o->transfer, "AMOUNT", "send tokens", 0},
        {"add-key", 0, OPTION_TEXT, &o->add_key, "KEY", "give RECEIVER a key with full access", 0},
        {"deploy", 0, OPTION_TEXT, &o->deploy, "WASM", "deploy a contract (binary or text format)", 0},
        {"dry-run", 0, OPTION_FLAG, &o->dry_run, NULL, "show it, but leave the state file as it is", 0},
        {"height", 0, OPTION_NUMBER, &o->height, "N", "of the first block [the lowest that fits; docs/state.md]",
         CALL_HEIGHT_MAX},
        {"timestamp", 0, OPTION_NUMBER, &o->timestamp, "TIME", "of it, nanoseconds since 1970 [follows the height]",
         UINT64_C(18000000000000000000)},
        {"gas-price", 0, OPTION_TEXT, &o->gas_price, "AMOUNT", "for each unit of gas [100000000 yoctoNEAR]", 0},
        {"protocol-version", 0, OPTION_NUMBER, &o->version, "N", "84 to 88 [88]", UINT32_MAX},
        {"json", 0, OPTION_FLAG, &o->json, NULL, "print everything as JSON", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = run(&c, argv, count);
    release(&c);
    return code;
}
