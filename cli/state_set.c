#include "cli/source.h"
#include "cli/state.h"

static const struct usage usage = {
    .command = "state set",
    .operands = "FILE ACCOUNT [KEY VALUE]",
    .text = "Changes an account: a value of its contract's data, balance, code, access keys; several at once.\n"
            "Storage usage and code hash follow. An account that is not there is made if it is given a balance.\n"
            "\n"
            "Keys and values are text, text:..., base64:... or hex:...; amounts 1.5N, 10mN, 1 (yoctoNEAR). A key is\n"
            "added with full access unless --receiver limits it to the methods of a contract.\n",
    .examples = "  nvm state set dev.state token.near STATE hex:0100000000000000\n"
                "  nvm state set dev.state bob.near --balance 5N --add-key ed25519:...\n"
                "  nvm state set dev.state token.near --code token.wasm\n"
                "  nvm state set dev.state bob.near --add-key ed25519:... --receiver token.near --methods send,burn\n",
    .min_operands = 2,
    .max_operands = 4,
    .failure = "is not used",
};

struct change {
    struct state_file *state;
    struct account_id id;
    struct account account;
    bool exists, changed; /* the account's own record */
    const char *balance, *code, *add_key, *remove_key, *remove;
    const char *receiver, *methods, *allowance;
    bool remove_code;
};

static int no_memory(void)
{
    say_error("out of memory");
    return EXIT_INPUT;
}

/* Books storage that was freed and storage that was taken. */
static int book(struct change *c, uint64_t freed, uint64_t taken)
{
    struct account *a = &c->account;
    a->storage_usage -= freed < a->storage_usage ? freed : a->storage_usage;
    if (taken > UINT64_MAX - a->storage_usage) {
        say_error("%s: the storage usage exceeds 64 bits", c->state->path);
        return EXIT_INPUT;
    }
    a->storage_usage += taken;
    c->changed = true;
    return -1;
}

/* ---- balance ---------------------------------------------------------------------------------------------------- */

static int load_account(struct change *c)
{
    struct error e;
    if (state_file_get_account(c->state, &c->id, &c->exists, &c->account, &e) != STATUS_OK)
        return state_refuse(c->state, &e);
    if (c->exists) return -1;
    if (!c->balance) {
        int code = state_require_account(c->state, &c->id, &c->account);
        say_hint("--balance makes the account");
        return code;
    }
    c->account = (struct account){.form = ACCOUNT_V1};
    c->account.storage_usage = storage_of_account(&c->account);
    return -1;
}

static int set_balance(struct change *c)
{
    const struct u128 marker = {UINT64_MAX, UINT64_MAX}; /* stands for another form of the record */
    if (!c->balance) return -1;
    int code = state_parse_balance("state set: --balance", bytes_of_string(c->balance), &c->account.amount);
    if (code >= 0) return code;
    if (u128_equal(c->account.amount, marker)) {
        say_error("state set: --balance: 2^128 - 1 is no amount that an account can have");
        return EXIT_INPUT;
    }
    c->changed = true;
    return -1;
}

/* ---- code ------------------------------------------------------------------------------------------------------- */

/* Removes whatever code the account has. */
static int clear_code(struct change *c)
{
    const struct trie_key key = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &c->id);
    const uint64_t before = storage_of_account(&c->account);
    struct bytes old;
    struct error e;
    bool found = false;
    if (state_file_get(c->state, &key, &found, &old, &e) != STATUS_OK) return state_refuse(c->state, &e);
    uint64_t freed = found ? old.size : 0;
    if (found && state_file_remove(c->state, &key, &e) != STATUS_OK) return state_refuse(c->state, &e);
    account_remove_code(&c->account);
    freed += before - storage_of_account(&c->account);
    return book(c, freed, 0);
}

static int set_code(struct change *c)
{
    const struct trie_key key = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &c->id);
    struct buffer binary = {0};
    struct error e;
    if (!c->code && !c->remove_code) return -1;
    if (c->account.form == ACCOUNT_UNINITIALIZED) {
        say_error("state set: an account that is not initialized has no code");
        return EXIT_INPUT;
    }
    int code = clear_code(c);
    if (code >= 0 || !c->code) return code;
    code = source_read(c->code, &binary);
    if (code >= 0) return code;
    if (binary.size < 4 || memcmp(binary.data, "\0asm", 4) != 0) {
        say_error("%s: this is no WebAssembly module", c->code);
        code = EXIT_INPUT;
    } else if (state_file_set(c->state, &key, bytes_of(binary.data, binary.size), &e) != STATUS_OK) {
        code = state_refuse(c->state, &e);
    } else {
        const struct crypto_hash hash = crypto_hash_of(bytes_of(binary.data, binary.size));
        account_set_local_code(&c->account, &hash);
        code = book(c, 0, binary.size);
    }
    buffer_free(&binary);
    return code;
}

/* ---- access keys ------------------------------------------------------------------------------------------------ */

static int parse_key(const char *option, const char *text, struct public_key *out)
{
    struct error e;
    if (public_key_parse(bytes_of_string(text), out, &e) == STATUS_OK) return -1;
    say_error("state set: --%s: %s", option, e.message);
    return EXIT_INPUT;
}

/* "a,b" into names, which are views of the text. */
static bool split(const char *text, struct arena *arena, struct access_key *out)
{
    size_t count = 1;
    for (const char *p = text; *p; p++) count += *p == ',';
    struct bytes *names = arena_array(arena, count, sizeof *names);
    if (!names) return false;
    for (size_t i = 0; i < count; i++) {
        const size_t length = strcspn(text, ",");
        names[i] = bytes_of(text, length);
        text += length + (i + 1 < count);
    }
    out->method_names = names;
    out->method_count = (uint32_t)count;
    return true;
}

static int read_permission(const struct change *c, struct arena *arena, struct access_key *out)
{
    struct account_id receiver;
    int code = -1;
    out->permission = PERMISSION_FULL_ACCESS;
    if (!c->receiver) {
        if (!c->methods && !c->allowance) return -1;
        say_error("state set: --methods and --allowance need --receiver");
        return EXIT_INPUT;
    }
    code = state_parse_account_id("state set: --receiver", bytes_of_string(c->receiver), &receiver);
    if (code >= 0) return code;
    out->permission = PERMISSION_FUNCTION_CALL;
    out->receiver_id = bytes_of_string(c->receiver);
    out->has_allowance = c->allowance != NULL;
    if (c->allowance)
        code = state_parse_balance("state set: --allowance", bytes_of_string(c->allowance), &out->allowance);
    if (code < 0 && c->methods && !split(c->methods, arena, out)) code = no_memory();
    return code;
}

static int put_key(struct change *c, const struct trie_key *key, const struct access_key *access_key)
{
    struct buffer value = {0};
    struct bytes old;
    struct error e;
    bool found = false;
    int code = -1;
    access_key_write(access_key, &value);
    const struct bytes bytes = bytes_of(value.data, value.size);
    if (value.failed) {
        code = no_memory();
    } else if (state_file_get(c->state, key, &found, &old, &e) != STATUS_OK) {
        code = state_refuse(c->state, &e);
    } else if (found) {
        say_error("%s: the account has this key already", c->state->path);
        say_hint("--remove-key takes it away; both together replace it");
        code = EXIT_INPUT;
    } else if (state_file_set(c->state, key, bytes, &e) != STATUS_OK) {
        code = state_refuse(c->state, &e);
    } else {
        code = book(c, 0, storage_of_access_key(&key->key.handle, bytes));
    }
    buffer_free(&value);
    return code;
}

static int add_key(struct change *c)
{
    struct public_key public_key;
    struct access_key access_key = {0};
    struct arena arena = {0};
    if (c->add_key && c->account.form == ACCOUNT_UNINITIALIZED) {
        say_error("state set: an account that is not initialized has no keys");
        return EXIT_INPUT;
    }
    int code = read_permission(c, &arena, &access_key);
    if (code < 0 && !c->add_key && c->receiver) {
        say_error("state set: --receiver goes with --add-key");
        code = EXIT_INPUT;
    }
    if (code < 0 && c->add_key) code = parse_key("add-key", c->add_key, &public_key);
    if (code < 0 && c->add_key) {
        const struct trie_key key = trie_key_of_access_key(&c->id, &public_key);
        code = put_key(c, &key, &access_key);
    }
    arena_free(&arena);
    return code;
}

static int remove_key(struct change *c)
{
    struct public_key public_key;
    struct access_key access_key;
    struct arena arena = {0};
    struct bytes old;
    struct error e;
    bool found = false;
    if (!c->remove_key) return -1;
    int code = parse_key("remove-key", c->remove_key, &public_key);
    if (code >= 0) return code;
    const struct trie_key key = trie_key_of_access_key(&c->id, &public_key);
    enum status status = state_file_get(c->state, &key, &found, &old, &e);
    if (status == STATUS_OK && !found) {
        say_error("%s: the account has no key %.100s", c->state->path, c->remove_key);
        return EXIT_INPUT;
    }
    if (status == STATUS_OK) status = access_key_from_borsh(old, &arena, &access_key, &e);
    const bool gas_key = status == STATUS_OK && access_key_is_gas_key(&access_key);
    arena_free(&arena);
    if (gas_key) {
        say_error("%s: %.100s is a gas key, with a balance and nonces of its own", c->state->path, c->remove_key);
        say_hint("a transaction with DeleteKey removes it");
        return EXIT_INPUT;
    }
    const uint64_t freed = status == STATUS_OK ? storage_of_access_key(&key.key.handle, old) : 0;
    if (status == STATUS_OK) status = state_file_remove(c->state, &key, &e);
    return status == STATUS_OK ? book(c, freed, 0) : state_refuse(c->state, &e);
}

/* ---- data ------------------------------------------------------------------------------------------------------- */

/* Sets a value, or, without one, removes the key. */
static int change_data(struct change *c, struct bytes name, const struct bytes *value)
{
    const struct trie_key key = trie_key_of_data(&c->id, name);
    struct bytes old;
    struct error e;
    bool found = false;
    if (c->account.form == ACCOUNT_UNINITIALIZED) {
        say_error("state set: an account that is not initialized has no data");
        return EXIT_INPUT;
    }
    enum status status = state_file_get(c->state, &key, &found, &old, &e);
    if (status == STATUS_OK && !found && !value) {
        say_error("%s: there is no such key in the data of the account", c->state->path);
        return EXIT_INPUT;
    }
    const uint64_t freed = status == STATUS_OK && found ? storage_of_data(name, old) : 0;
    if (status == STATUS_OK)
        status = value ? state_file_set(c->state, &key, *value, &e) : state_file_remove(c->state, &key, &e);
    return status == STATUS_OK ? book(c, freed, value ? storage_of_data(name, *value) : 0)
                               : state_refuse(c->state, &e);
}

static int set_data(struct change *c, const char *key_text, const char *value_text)
{
    struct buffer key = {0}, value = {0};
    int code = state_parse_bytes("state set: KEY", key_text, &key);
    if (code < 0 && value_text) code = state_parse_bytes("state set: VALUE", value_text, &value);
    const struct bytes bytes = bytes_of(value.data, value.size);
    if (code < 0) code = change_data(c, bytes_of(key.data, key.size), value_text ? &bytes : NULL);
    buffer_free(&key);
    buffer_free(&value);
    return code;
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static int check(const struct change *c, int count)
{
    const bool any = c->balance || c->code || c->remove_code || c->add_key || c->remove_key || c->remove ||
                     c->receiver || c->methods || c->allowance || count == 4;
    const char *problem = NULL;
    if (count == 3) problem = "a key without a value (--remove KEY takes a key away)";
    else if (!any) problem = "what is to be changed?";
    else if (c->code && c->remove_code) problem = "--code and --remove-code exclude each other";
    if (!problem) return -1;
    say_error("state set: %s", problem);
    say_hint("nvm state set FILE ACCOUNT KEY VALUE, or an option: `nvm state set --help`");
    return EXIT_INPUT;
}

static int apply(struct change *c, char **argv, int count)
{
    struct error e;
    int code = load_account(c);
    if (code < 0) code = set_balance(c);
    if (code < 0) code = set_code(c);
    if (code < 0) code = remove_key(c);
    if (code < 0) code = add_key(c);
    if (code < 0 && c->remove) code = set_data(c, c->remove, NULL);
    if (code < 0 && count == 4) code = set_data(c, argv[2], argv[3]);
    if (code < 0 && c->changed && state_file_set_account(c->state, &c->id, &c->account, &e) != STATUS_OK)
        code = state_refuse(c->state, &e);
    return code < 0 ? state_save(c->state) : code;
}

int command_state_set(int argc, char **argv)
{
    struct change c = {0};
    const struct option options[] = {
        {"balance", 0, OPTION_TEXT, &c.balance, "AMOUNT", "the balance; makes the account if there is none", 0},
        {"code", 0, OPTION_TEXT, &c.code, "WASM", "the contract: a module in the binary or the text format", 0},
        {"remove-code", 0, OPTION_FLAG, &c.remove_code, NULL, "no contract", 0},
        {"add-key", 0, OPTION_TEXT, &c.add_key, "KEY", "an access key: ed25519:..., secp256k1:...", 0},
        {"receiver", 0, OPTION_TEXT, &c.receiver, "ID", "... that may only call this contract", 0},
        {"methods", 0, OPTION_TEXT, &c.methods, "NAMES", "... only these methods: a,b", 0},
        {"allowance", 0, OPTION_TEXT, &c.allowance, "AMOUNT", "... and spend this much on gas", 0},
        {"remove-key", 0, OPTION_TEXT, &c.remove_key, "KEY", "take an access key away", 0},
        {"remove", 0, OPTION_TEXT, &c.remove, "KEY", "take a key of the data away", 0},
        {0},
    };
    struct state_file s = {0};
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = check(&c, count);
    if (code < 0) code = state_parse_account_id("state set", bytes_of_string(argv[1]), &c.id);
    if (code < 0) code = state_open(&s, argv[0], STATE_CHANGE);
    c.state = &s;
    if (code < 0) code = apply(&c, argv, count);
    state_file_close(&s);
    return code < 0 ? EXIT_OK : code;
}
