#include "cli/call.h"
#include "cli/run_text.h"
#include "near/amount.h"

enum { ARGUMENTS_SHOWN = 160 };

static void print_key(FILE *out, const struct public_key *key)
{
    struct buffer text = {0};
    if (public_key_print(key, &text)) fwrite(text.data, 1, text.size, out);
    buffer_free(&text);
}

static void print_account(FILE *out, const struct account_id *id)
{
    fwrite(id->text, 1, id->length, out);
}

static void print_contract(FILE *out, const struct global_contract_id *id)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    struct crypto_hash hash;
    if (id->mode == GLOBAL_BY_ACCOUNT_ID) {
        print_account(out, &id->account_id);
        return;
    }
    memcpy(hash.bytes, id->code_hash, sizeof hash.bytes);
    fputs(crypto_hash_text(&hash, text), out);
}

static void print_deposit(FILE *out, struct u128 amount)
{
    char text[AMOUNT_TEXT_SIZE];
    if (amount.low || amount.high) fprintf(out, ", deposit %s", balance_text(amount, text));
}

static void print_call(FILE *out, const struct action *a)
{
    char gas[AMOUNT_TEXT_SIZE];
    fputs(colour(out, BOLD), out);
    print_name(out, a->function_call.method_name);
    fprintf(out, "%s(", colour(out, PLAIN));
    if (a->function_call.arguments.size) print_value(out, a->function_call.arguments, ARGUMENTS_SHOWN);
    fprintf(out, ") with %s", gas_text(a->function_call.gas, gas));
    print_deposit(out, a->function_call.deposit);
}

static void print_with_amount(FILE *out, const char *what, struct u128 amount, const struct public_key *key)
{
    char text[AMOUNT_TEXT_SIZE];
    fprintf(out, "%s %s", what, balance_text(amount, text));
    if (!key) return;
    fputs(", key ", out);
    print_key(out, key);
}

static void print_with_size(FILE *out, const char *what, struct bytes bytes)
{
    char size[24];
    readable_size(size, bytes.size);
    fprintf(out, "%s (%s)", what, size);
}

void call_print_action(FILE *out, const struct action *a)
{
    switch (a->kind) {
    case ACTION_KIND_create_account: fputs("create account", out); break;
    case ACTION_KIND_deploy_contract: print_with_size(out, "deploy", a->deploy_contract.code); break;
    case ACTION_KIND_function_call: print_call(out, a); break;
    case ACTION_KIND_transfer: print_with_amount(out, "transfer", a->transfer.deposit, NULL); break;
    case ACTION_KIND_stake: print_with_amount(out, "stake", a->stake.stake, a->stake.public_key); break;
    case ACTION_KIND_add_key:
        fputs("add key ", out);
        print_key(out, a->add_key.public_key);
        break;
    case ACTION_KIND_delete_key:
        fputs("delete key ", out);
        print_key(out, a->delete_key.public_key);
        break;
    case ACTION_KIND_delete_account:
        fputs("delete account, the rest to ", out);
        print_account(out, &a->delete_account.beneficiary_id);
        break;
    case ACTION_KIND_deploy_global_contract:
        print_with_size(out, "deploy global contract", a->deploy_global_contract.code);
        break;
    case ACTION_KIND_use_global_contract:
        fputs("use global contract ", out);
        print_contract(out, &a->use_global_contract.contract);
        break;
    case ACTION_KIND_transfer_to_gas_key:
        print_with_amount(out, "transfer to gas key", a->transfer_to_gas_key.deposit,
                          a->transfer_to_gas_key.public_key);
        break;
    case ACTION_KIND_withdraw_from_gas_key:
        print_with_amount(out, "withdraw from gas key", a->withdraw_from_gas_key.amount,
                          a->withdraw_from_gas_key.public_key);
        break;
    default: fputs(action_kind_name(a->kind), out); break;
    }
}
