#include "host/host.h"

#define SEVEN 7, 7, 7, 7, 7, 7, 7, 7
#define FORTY_TWO 42, 42, 42, 42, 42, 42, 42, 42

static struct account_id account(const char *name)
{
    struct account_id a = {.length = (uint8_t)strlen(name)};
    memcpy(a.text, name, a.length);
    return a;
}

void call_context_default(struct call_context *c)
{
    static const uint8_t key[33] = {0, SEVEN, SEVEN, SEVEN, SEVEN};
    static const uint8_t seed[32] = {FORTY_TWO, FORTY_TWO, FORTY_TWO, FORTY_TWO};
    *c = (struct call_context){
        .current_account = account("alice.near"),
        .signer_account = account("bob.near"),
        .predecessor_account = account("carol.near"),
        .refund_to_account = account("carol.near"),
        .signer_public_key = {key, sizeof key},
        .block_height = 100,
        .block_timestamp = 1700000000000000000,
        .epoch_height = 3,
        .storage_usage = 1000,
        .prepaid_gas = 300000000000000,
        .random_seed = {seed, sizeof seed},
    };
    u128_parse(bytes_of_string("10000000000000000000000000"), &c->account_balance);
}
