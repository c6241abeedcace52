/* A fungible token: NEP-141 (core), NEP-145 (storage), NEP-148 (metadata), events by NEP-297.
 *
 *     new {"owner_id", "total_supply", "metadata": {"spec": "ft-1.0.0", "name", "symbol", "decimals", …}}
 *     new_default_meta {"owner_id", "total_supply"}
 *     ft_transfer {"receiver_id", "amount", "memo"?}                 deposit: 1 yoctoNEAR
 *     ft_transfer_call {"receiver_id", "amount", "memo"?, "msg"}     deposit: 1 yoctoNEAR
 *     ft_resolve_transfer                                            callback of ft_transfer_call, private
 *     ft_total_supply, ft_balance_of {"account_id"}, ft_metadata     (view)
 *     storage_deposit {"account_id"?, "registration_only"?}          deposit: storage_balance_bounds
 *     storage_withdraw {"amount"?}, storage_unregister {"force"?}    deposit: 1 yoctoNEAR
 *     storage_balance_of {"account_id"}, storage_balance_bounds      (view)
 *
 * State: "s" → struct supply; "d" → metadata as JSON; "a" and an account id → its balance, 16 bytes. An account with a
 * key is registered, and its storage is paid for. The sum of all balances is the total supply.
 *
 * Deploy and call `new` in one transaction, or someone else may call it first. */
#include "contract/json.h"

/* What resolving needs, and what a transfer to a contract asks for at least, so that the receiver gets a fair share. */
#define GAS_FOR_RESOLVE UINT64_C(10000000000000)
#define GAS_FOR_TRANSFER_CALL UINT64_C(40000000000000)

struct supply {
    balance total;
    uint64_t account_bytes; /* storage that the entry of an account occupies at most */
};

static const struct text SUPPLY = {"s", 1}, METADATA = {"d", 1};

SHARED struct supply load_supply(void)
{
    struct supply supply;
    require(state_load(SUPPLY, &supply, sizeof supply), TEXT("The contract is not initialized"));
    return supply;
}

SHARED void store_total(balance total)
{
    struct supply supply = load_supply();
    supply.total = total;
    state_store(SUPPLY, &supply, sizeof supply);
}

/* ---- accounts --------------------------------------------------------------------------------------------------- */

/* False: not registered, and the amount is 0. */
SHARED bool load_balance(struct text account, balance *amount)
{
    *amount = 0;
    return state_load(key_of('a', account), amount, sizeof *amount);
}

SHARED void store_balance(struct text account, balance amount)
{
    state_store(key_of('a', account), &amount, sizeof amount);
}

SHARED balance registered_balance(struct text account)
{
    balance amount;
    if (!load_balance(account, &amount)) {
        struct writer message = {0};
        WRITE(&message, "The account ");
        write_text(&message, account);
        WRITE(&message, " is not registered");
        fail(written(&message));
    }
    return amount;
}

SHARED void move_tokens(struct text from, struct text to, balance amount)
{
    require(!same(from, to), TEXT("Sender and receiver should be different"));
    require(amount > 0, TEXT("The amount should be a positive number"));
    const balance sender = registered_balance(from), receiver = registered_balance(to);
    store_balance(from, balance_subtract(sender, amount, TEXT("The account doesn't have enough balance")));
    store_balance(to, balance_add(receiver, amount));
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

static void event_begin(struct writer *w, struct text event)
{
    WRITE(w, "EVENT_JSON:{\"standard\":\"nep141\",\"version\":\"1.0.0\",\"event\":");
    write_string(w, event);
    WRITE(w, ",\"data\":[{");
}

static void event_end(struct writer *w, balance amount, const struct text *memo)
{
    WRITE(w, ",\"amount\":");
    write_balance(w, amount);
    if (memo) {
        WRITE(w, ",\"memo\":");
        write_string(w, *memo);
    }
    WRITE(w, "}]}");
    log_text(written(w));
}

SHARED void event_transfer(struct text from, struct text to, balance amount, const struct text *memo)
{
    struct writer w = {0};
    event_begin(&w, TEXT("ft_transfer"));
    WRITE(&w, "\"old_owner_id\":");
    write_string(&w, from);
    WRITE(&w, ",\"new_owner_id\":");
    write_string(&w, to);
    event_end(&w, amount, memo);
}

SHARED void event_mint_or_burn(struct text event, struct text owner, balance amount, const struct text *memo)
{
    struct writer w = {0};
    event_begin(&w, event);
    WRITE(&w, "\"owner_id\":");
    write_string(&w, owner);
    event_end(&w, amount, memo);
}

SHARED void return_balance(balance amount)
{
    struct writer w = {0};
    write_balance(&w, amount);
    return_text(written(&w));
}

/* ---- initialization --------------------------------------------------------------------------------------------- */

/* What the longest account id will cost, measured rather than computed: the rules may change. */
static uint64_t measure_account_bytes(void)
{
    char longest[64];
    const struct text id = {longest, sizeof longest};
    const uint64_t before = storage_usage();
    memset(longest, 'a', sizeof longest);
    store_balance(id, 0);
    const uint64_t bytes = storage_usage() - before;
    state_remove(key_of('a', id));
    return bytes;
}

static void initialize(struct text args, struct text metadata)
{
    const struct text owner = argument_account(args, TEXT("owner_id")), memo = TEXT("Initial tokens supply is minted");
    struct supply supply = {.total = argument_balance(args, TEXT("total_supply"))};
    require_no_deposit();
    require(!state_has(SUPPLY), TEXT("The contract is already initialized"));
    supply.account_bytes = measure_account_bytes();
    state_store(SUPPLY, &supply, sizeof supply);
    state_set(METADATA, metadata);
    store_balance(owner, supply.total);
    event_mint_or_burn(TEXT("ft_mint"), owner, supply.total, &memo);
}

/* Copies a member that holds a string; false: there is none. */
SHARED bool copy_member(struct writer *w, struct text from, struct text name)
{
    struct text value;
    if (!optional_string(from, name, &value)) return false;
    WRITE(w, ",");
    write_string(w, name);
    WRITE(w, ":");
    write_string(w, value);
    return true;
}

static struct text checked_metadata(struct text given)
{
    struct writer w = {0};
    uint64_t decimals = 256;
    require(*given.data == '{', TEXT("metadata is not an object"));
    require(same(argument_string(given, TEXT("spec")), TEXT("ft-1.0.0")), TEXT("metadata: spec is not ft-1.0.0"));
    WRITE(&w, "{\"spec\":\"ft-1.0.0\"");
    require(copy_member(&w, given, TEXT("name")), TEXT("metadata: name is missing"));
    require(copy_member(&w, given, TEXT("symbol")), TEXT("metadata: symbol is missing"));
    copy_member(&w, given, TEXT("icon"));
    require(copy_member(&w, given, TEXT("reference")) == copy_member(&w, given, TEXT("reference_hash")),
            TEXT("metadata: reference and reference_hash go together"));
    optional_u64(given, TEXT("decimals"), &decimals);
    require(decimals < 256, TEXT("metadata: decimals is missing or above 255"));
    WRITE(&w, ",\"decimals\":");
    write_number(&w, decimals);
    WRITE(&w, "}");
    return written(&w);
}

EXPORT(new)
{
    const struct text args = arguments();
    initialize(args, checked_metadata(required_argument(args, TEXT("metadata"))));
}

EXPORT(new_default_meta)
{
    initialize(arguments(), TEXT("{\"spec\":\"ft-1.0.0\",\"name\":\"Example token\",\"symbol\":\"EXAMPLE\","
                                 "\"decimals\":24}"));
}

/* ---- NEP-141: core ---------------------------------------------------------------------------------------------- */

/* What both transfers do first. Returns the amount. */
static balance transfer_tokens(struct text args, struct text receiver)
{
    const balance amount = argument_balance(args, TEXT("amount"));
    const struct text sender = predecessor();
    struct text memo;
    const bool has_memo = optional_string(args, TEXT("memo"), &memo);
    require_one_yocto();
    move_tokens(sender, receiver, amount);
    event_transfer(sender, receiver, amount, has_memo ? &memo : NULL);
    return amount;
}

EXPORT(ft_transfer)
{
    const struct text args = arguments();
    transfer_tokens(args, argument_account(args, TEXT("receiver_id")));
}

/* {"sender_id": …, "amount": …} and the beginning of one more member. */
static struct writer call_arguments(struct text sender, balance amount, struct text name, struct text value)
{
    struct writer w = {0};
    WRITE(&w, "{\"sender_id\":");
    write_string(&w, sender);
    WRITE(&w, ",\"amount\":");
    write_balance(&w, amount);
    WRITE(&w, ",");
    write_string(&w, name);
    WRITE(&w, ":");
    write_string(&w, value);
    WRITE(&w, "}");
    return w;
}

/* The receiver's ft_on_transfer gets all gas that the callback doesn't need, and answers with what it did not use; the
 * callback gives that back. The tokens have moved before the receiver is asked. */
EXPORT(ft_transfer_call)
{
    static const balance nothing = 0;
    const struct text args = arguments(), receiver = argument_account(args, TEXT("receiver_id"));
    const struct text message = argument_string(args, TEXT("msg")), sender = predecessor();
    const struct text on_transfer = TEXT("ft_on_transfer"), resolve = TEXT("ft_resolve_transfer");
    require(prepaid_gas() >= GAS_FOR_TRANSFER_CALL, TEXT("Not enough gas: 40 Tgas are required"));
    const balance amount = transfer_tokens(args, receiver);

    const struct writer to_receiver = call_arguments(sender, amount, TEXT("msg"), message);
    const struct writer to_self = call_arguments(sender, amount, TEXT("receiver_id"), receiver);
    const uint64_t call = promise_batch_create(PASS(receiver));
    promise_batch_action_function_call_weight(call, PASS(on_transfer), PASS(to_receiver), POINTER(&nothing), 0, 1);
    const struct text self = current_account();
    const uint64_t callback = promise_batch_then(call, PASS(self));
    promise_batch_action_function_call_weight(callback, PASS(resolve), PASS(to_self), POINTER(&nothing),
                                              GAS_FOR_RESOLVE, 0);
    promise_return(callback);
}

/* What the receiver says that it didn't use: everything, if it failed or did not answer with an amount. */
static balance unused_amount(balance amount)
{
    struct text answer;
    balance unused;
    require(promise_results_count() == 1, TEXT("Expected one promise result"));
    if (promise_result(0, SCRATCH_REGISTER) != 1) return amount;
    if (!json_valid(from_register(SCRATCH_REGISTER), &answer) || !json_balance(answer, &unused)) return amount;
    return unused < amount ? unused : amount;
}

/* Returns what the receiver kept. The receiver may have spent some of it, so that less comes back than it promised;
 * the sender may have closed its account, then what comes back is burnt. */
EXPORT(ft_resolve_transfer)
{
    const struct text args = arguments();
    const struct text sender = argument_account(args, TEXT("sender_id"));
    const struct text receiver = argument_account(args, TEXT("receiver_id")), memo = TEXT("refund");
    const balance amount = argument_balance(args, TEXT("amount"));
    balance has, senders;
    require_private();
    load_balance(receiver, &has);
    balance refund = unused_amount(amount);
    if (refund > has) refund = has;
    if (refund == 0) {
        return_balance(amount);
        return;
    }
    store_balance(receiver, has - refund);
    if (load_balance(sender, &senders)) {
        store_balance(sender, balance_add(senders, refund));
        event_transfer(receiver, sender, refund, &memo);
        return_balance(amount - refund);
    } else {
        store_total(balance_subtract(load_supply().total, refund, TEXT("Supply underflow")));
        log_text(TEXT("The account of the sender was deleted"));
        event_mint_or_burn(TEXT("ft_burn"), receiver, refund, &memo);
        return_balance(amount);
    }
}

EXPORT(ft_total_supply)
{
    return_balance(load_supply().total);
}

EXPORT(ft_balance_of)
{
    balance amount;
    load_balance(argument_account(arguments(), TEXT("account_id")), &amount);
    return_balance(amount);
}

/* ---- NEP-148: metadata ------------------------------------------------------------------------------------------ */

EXPORT(ft_metadata)
{
    struct text metadata;
    require(state_get(METADATA, &metadata), TEXT("The contract is not initialized"));
    return_text(metadata);
}

/* ---- NEP-145: storage ------------------------------------------------------------------------------------------- */

/* What a registration costs; never more, since entries don't grow. */
SHARED balance registration_cost(void)
{
    return storage_cost(load_supply().account_bytes);
}

SHARED void return_storage_balance(balance total)
{
    struct writer w = {0};
    WRITE(&w, "{\"total\":");
    write_balance(&w, total);
    WRITE(&w, ",\"available\":\"0\"}");
    return_text(written(&w));
}

/* registration_only makes no difference: there is nothing else to pay for. */
EXPORT(storage_deposit)
{
    const struct text args = arguments(), payer = predecessor();
    struct text account = payer;
    const balance given = deposit(), cost = registration_cost();
    balance amount, kept = 0;
    if (optional_string(args, TEXT("account_id"), &account))
        require(account_id_valid(account), TEXT("Not an account id: account_id"));
    if (load_balance(account, &amount)) {
        log_text(TEXT("The account is already registered, refunding the deposit"));
    } else {
        require(given >= cost, TEXT("The attached deposit is less than the minimum storage balance"));
        store_balance(account, 0);
        kept = cost;
    }
    if (given > kept) transfer(payer, given - kept);
    return_storage_balance(cost);
}

/* There is never anything available. */
EXPORT(storage_withdraw)
{
    balance amount = 0;
    require_one_yocto();
    registered_balance(predecessor());
    optional_balance(arguments(), TEXT("amount"), &amount);
    require(amount == 0, TEXT("The amount is greater than the available storage balance"));
    return_storage_balance(registration_cost());
}

/* Closes the caller's account and gives back what was paid for it. With force, tokens that are left are burnt. */
EXPORT(storage_unregister)
{
    const struct text account = predecessor();
    bool force = false;
    balance amount;
    require_one_yocto();
    optional_bool(arguments(), TEXT("force"), &force);
    if (!load_balance(account, &amount)) {
        log_text(TEXT("The account is not registered"));
        return_text(TEXT("false"));
        return;
    }
    require(amount == 0 || force, TEXT("Can't unregister the account with a positive balance without force"));
    state_remove(key_of('a', account));
    if (amount > 0) {
        store_total(balance_subtract(load_supply().total, amount, TEXT("Supply underflow")));
        event_mint_or_burn(TEXT("ft_burn"), account, amount, NULL);
    }
    transfer(account, balance_add(registration_cost(), 1));
    return_text(TEXT("true"));
}

EXPORT(storage_balance_of)
{
    balance amount;
    if (load_balance(argument_account(arguments(), TEXT("account_id")), &amount))
        return_storage_balance(registration_cost());
    else return_text(TEXT("null"));
}

EXPORT(storage_balance_bounds)
{
    const balance cost = registration_cost();
    struct writer w = {0};
    WRITE(&w, "{\"min\":");
    write_balance(&w, cost);
    WRITE(&w, ",\"max\":");
    write_balance(&w, cost);
    WRITE(&w, "}");
    return_text(written(&w));
}
