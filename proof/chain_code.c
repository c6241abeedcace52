/* Code in the state: what is kept under a hash has that hash. */
#include <stdio.h>

#include "base/compare.h"
#include "near/account.h"
#include "near/trie_key.h"
#include "proof/chain.h"

/* The changed value of a key, before or after. */
struct side {
    const struct proof_chain *chain;
    const struct trie_store *rows;
    bool after;
    struct refusal *refusal;
};

static bool value_of(const struct side *s, const struct proof_change *c, struct trie_value *out)
{
    *out = s->after ? c->new_value : c->old_value;
    return s->after ? c->is : c->was;
}

static enum status refuse_code(const struct side *s, const struct crypto_hash *named, const struct trie_value *code,
                               const char *what)
{
    char place[96];
    const struct crypto_hash hash = crypto_hash_of_trie(&code->hash);
    snprintf(place, sizeof place, "changes: %s of %s", s->after ? "new value" : "old value", what);
    return refuse_other_hash(PROOF_CODE_HASH, named, &hash, place, s->refusal);
}

/* A global contract that is known by its code's hash. */
static enum status check_global(const struct side *s, const struct trie_key *key, const struct trie_value *code)
{
    struct crypto_hash named;
    if (key->contract.mode != GLOBAL_BY_CODE_HASH) return STATUS_OK;
    memcpy(named.bytes, key->contract.code_hash, sizeof named.bytes);
    return refuse_code(s, &named, code, "a global contract's code");
}

static const struct proof_change *find_change(const struct execution_proof *p, struct bytes key)
{
    uint32_t low = 0, high = p->change_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = bytes_compare(p->changes[middle].key, key);
        if (order == 0) return &p->changes[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

/* An account's own code: its record, which changes when its code does, names the hash. */
static enum status check_local(const struct side *s, const struct trie_key *key, const struct trie_value *code,
                               struct error *e)
{
    const struct trie_key record = trie_key_of_account(TRIE_KEY_ACCOUNT, &key->account_id);
    struct buffer bytes = {0};
    struct trie_value value;
    struct account account;
    struct bytes row;
    trie_key_write(&record, &bytes);
    if (bytes.failed) return error_no_memory(e);
    const struct proof_change *c = find_change(s->chain->proof, bytes_of(bytes.data, bytes.size));
    buffer_free(&bytes);
    if (!c || !value_of(s, c, &value) || !trie_store_row(s->rows, &value.hash, &row) ||
        account_from_borsh(row, &account, NULL) != STATUS_OK)
        return STATUS_OK;
    if (account.code != ACCOUNT_CODE_LOCAL) account.code_hash = (struct crypto_hash){{0}};
    return refuse_code(s, &account.code_hash, code, "a contract's code");
}

static enum status check_change(const struct side *s, const struct proof_change *c, struct error *e)
{
    struct trie_key key;
    struct trie_value value;
    if (!value_of(s, c, &value) || trie_key_parse(c->key, &key, NULL) != STATUS_OK) return STATUS_OK;
    if (key.kind == TRIE_KEY_GLOBAL_CONTRACT_CODE) return check_global(s, &key, &value);
    return key.kind == TRIE_KEY_CONTRACT_CODE ? check_local(s, &key, &value, e) : STATUS_OK;
}

enum status proof_check_code_changes(const struct proof_chain *c, const struct trie_store *rows, struct refusal *r,
                                     struct error *e)
{
    const struct side before = {c, rows, false, r}, after = {c, rows, true, r};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < c->proof->change_count && status == STATUS_OK; i++) {
        status = check_change(&before, &c->proof->changes[i], e);
        if (status == STATUS_OK) status = check_change(&after, &c->proof->changes[i], e);
    }
    return status;
}
