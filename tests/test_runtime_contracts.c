/* Metadata of outcomes since protocol version 85: the contract that the receiver had right before each action. */
#include "tests/test.h"
#include "tests/runtime_chain.h"

/* Applies alice's receipt to the account; *text is the outcome's metadata without the gas profile. */
static void apply(struct chain *c, const struct account_id *to, const struct action *actions, uint32_t count,
                  struct buffer *text)
{
    const struct receipt r = receipt_of(c, to, actions, count, (uint8_t)c->height);
    struct chunk chunk = chain_chunk(c);
    struct chunk_result result;
    chunk.incoming = &r;
    chunk.incoming_count = 1;
    text->size = 0;
    chain_apply(c, &chunk, &result);
    if (CHECK(result.outcome_count >= 1)) {
        struct execution_outcome o = result.outcomes[0];
        struct gas_profile empty = {0};
        o.profile = &empty;
        outcome_json(&o, text);
    }
    buffer_append_byte(text, 0);
    chunk_result_free(&result);
}

static void check(struct chain *c, const struct account_id *to, const struct action *actions, uint32_t count,
                  const char *expected)
{
    struct buffer text = {0};
    apply(c, to, actions, count, &text);
    const char *at = strstr((char *)text.data, "\"metadata\":");
    CHECK_TEXT(at, expected);
    buffer_free(&text);
}

static struct action deploy(const struct chain *c)
{
    return (struct action){.kind = ACTION_KIND_deploy_contract,
                           .deploy_contract = {bytes_of(c->code.data, c->code.size)}};
}

static void test_version(uint32_t version)
{
    struct chain c;
    char hash[CRYPTO_HASH_TEXT_SIZE], expected[400];
    chain_init(&c, version);
    const struct crypto_hash code = crypto_hash_of(bytes_of(c.code.data, c.code.size));
    crypto_hash_text(&code, hash);
    const struct action transfer = transfer_of(near_tokens(1));
    const struct action on_bob[] = {transfer, call_of("write")};
    snprintf(expected, sizeof expected,
             "\"metadata\":{\"version\":4,\"gas_profile\":[],\"contracts\":[{\"local\":\"%s\"},{\"local\":\"%s\"}]}}",
             hash, hash);
    check(&c, &c.ids[1], on_bob, 2, version < 85 ? "\"metadata\":{\"version\":3,\"gas_profile\":[]}}" : expected);
    if (version >= 85) {
        /* It is what there was before the action; after a failure nothing is run, and nothing named. */
        const struct action on_alice[] = {transfer, deploy(&c), call_of("nothing there"), transfer};
        snprintf(expected, sizeof expected,
                 "\"metadata\":{\"version\":4,\"gas_profile\":[],\"contracts\":[null,null,{\"local\":\"%s\"},null]}}",
                 hash);
        check(&c, &c.ids[0], on_alice, 4, expected);
        const struct account_id unknown = account_id_of("nobody.near");
        check(&c, &unknown, &transfer, 1, "\"metadata\":{\"version\":4,\"gas_profile\":[],\"contracts\":[null]}}");
    }
    chain_free(&c);
}

static void test_global(void)
{
    const struct account_id owner = account_id_of("bob.near");
    struct buffer text = {0};
    struct outcome_contract contracts[2] = {{.code = ACCOUNT_CODE_GLOBAL_BY_ACCOUNT, .account_id = owner},
                                            {.code = ACCOUNT_CODE_GLOBAL}};
    const struct execution_outcome o = {.executor_id = owner, .status = EXECUTION_SUCCESS_VALUE,
                                        .contracts = contracts, .contract_count = 2};
    outcome_json(&o, &text);
    buffer_append_byte(&text, 0);
    CHECK(strstr((char *)text.data, "\"contracts\":[{\"global_account_id\":\"bob.near\"},"
                                    "{\"global_hash\":\"11111111111111111111111111111111\"}]}}") != NULL);
    buffer_free(&text);
}

int main(void)
{
    test_begin("contracts that actions found");
    test_version(84);
    test_version(85);
    test_version(PROTOCOL_VERSION_CURRENT);
    test_global();
    return test_end();
}
