#include "cli/proof_state.h"

#include "cli/gas_text.h"
#include "cli/proof_text.h"
#include "cli/run_text.h"
#include "near/account.h"
#include "near/amount.h"
#include "near/trie_key.h"

#include <inttypes.h>

enum { VALUE_SHOWN = 80, KEY_SHOWN = 160, NIBBLES_SHOWN = 24, HASH_SHOWN = 8 };

/* ---- keys and values --------------------------------------------------------------------------------------------- */

void proof_print_key(FILE *out, struct bytes bytes)
{
    struct trie_key key;
    struct buffer text = {0};
    if (trie_key_parse(bytes, &key, NULL) == STATUS_OK) {
        trie_key_print(&key, &text);
        /* words of ours, an account id, and a key that is hexadecimal unless it is one word of ASCII */
        print_shown(out, bytes_of(text.data, text.size > KEY_SHOWN ? KEY_SHOWN : text.size));
        if (text.size > KEY_SHOWN) fprintf(out, "... (%zu bytes)", bytes.size);
    } else {
        fputs("key ", out);
        print_bytes(out, bytes, VALUE_SHOWN);
    }
    buffer_free(&text);
}

static bool print_account(FILE *out, struct bytes value)
{
    struct account a;
    char amount[AMOUNT_TEXT_SIZE], digits[GAS_TEXT];
    if (account_from_borsh(value, &a, NULL) != STATUS_OK) return false;
    fputs(balance_text(a.amount, amount), out);
    if (!u128_equal(a.locked, u128_of(0))) fprintf(out, ", %s locked", balance_text(a.locked, amount));
    gas_grouped(digits, a.storage_usage);
    fprintf(out, ", storage %s bytes", digits);
    return true;
}

static bool print_access_key(FILE *out, struct bytes value)
{
    struct access_key k;
    struct arena arena = {0};
    const bool ok = access_key_from_borsh(value, &arena, &k, NULL) == STATUS_OK;
    if (ok) fprintf(out, "nonce %" PRIu64, k.nonce);
    arena_free(&arena);
    return ok;
}

/* False: there is nothing more to say than how long it is. */
static bool print_typed(FILE *out, struct bytes key_bytes, struct bytes value)
{
    struct trie_key key;
    if (trie_key_parse(key_bytes, &key, NULL) != STATUS_OK) return false;
    switch (key.kind) {
    case TRIE_KEY_ACCOUNT: return print_account(out, value);
    case TRIE_KEY_ACCESS_KEY: return print_access_key(out, value);
    case TRIE_KEY_CONTRACT_DATA: print_value(out, value, VALUE_SHOWN); return true;
    default: return false;
    }
}

void proof_print_value(FILE *out, struct bytes key, const struct trie_value *value, const struct row *row)
{
    if (row && print_typed(out, key, row_bytes(row))) return;
    char size[24];
    readable_size(size, value->length);
    fputs(size, out);
}

void proof_print_change(FILE *out, const struct proof_change *c, const struct row *old_row, const struct row *new_row)
{
    fputs(!c->was ? "+ " : c->is ? "~ " : "- ", out);
    proof_print_key(out, c->key);
    fputs(": ", out);
    if (c->was) proof_print_value(out, c->key, &c->old_value, old_row);
    if (c->was && c->is) fputs(" -> ", out);
    if (c->is) proof_print_value(out, c->key, &c->new_value, new_row);
}

/* ---- items of the tree ------------------------------------------------------------------------------------------- */

static void print_nibbles(FILE *out, const struct node *n)
{
    const size_t count = node_nibble_count(n);
    for (size_t i = 0; i < count && i < NIBBLES_SHOWN; i++) fprintf(out, "%x", (unsigned)node_nibble(n, i));
    if (count > NIBBLES_SHOWN) fprintf(out, "... (%zu)", count);
}

static void print_hash(FILE *out, const struct trie_hash *h)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    const struct crypto_hash hash = crypto_hash_of_trie(h);
    fprintf(out, "%.*s...", (int)HASH_SHOWN, crypto_hash_text(&hash, text));
}

/* The value of a node: changed, read, or only passed by. */
static void print_datum(FILE *out, const struct proof_tree_item *item)
{
    if (item->change) {
        proof_print_change(out, item->change, item->value, item->new_value);
        if (item->value && item->change->was) fputs(" (read)", out);
        return;
    }
    proof_print_key(out, item->key);
    fputs(": ", out);
    proof_print_value(out, item->key, &item->node.value, item->value);
    fputs(item->value ? " (read)" : " (not read)", out);
}

static void print_node(FILE *out, const struct proof_tree_item *item)
{
    const struct node *n = &item->node;
    switch (n->kind) {
    case NODE_LEAF:
        fputs("leaf ", out);
        print_nibbles(out, n);
        break;
    case NODE_EXTENSION:
        fputs("extension ", out);
        print_nibbles(out, n);
        break;
    case NODE_BRANCH: fprintf(out, "branch of %u", node_child_count(n)); break;
    }
    fputs("  ", out);
    print_hash(out, &item->hash);
    if (n->kind != NODE_LEAF) fprintf(out, "  %" PRIu64 " of memory", n->memory_usage);
    if (!item->has_key) return;
    fputs("  ", out);
    print_datum(out, item);
}

static void print_absent(FILE *out, uint16_t children)
{
    fputs("not in the proof:", out);
    for (unsigned i = 0; i < 16; i++)
        if (children >> i & 1) fprintf(out, " %x", i);
}

void proof_print_item(FILE *out, const struct proof_tree_item *item)
{
    if (item->nibble >= 0) fprintf(out, "%x ", (unsigned)item->nibble);
    switch (item->kind) {
    case PROOF_TREE_NODE: print_node(out, item); break;
    case PROOF_TREE_REPEATED:
        fputs("the same node as above  ", out);
        print_hash(out, &item->hash);
        break;
    case PROOF_TREE_ABSENT: print_absent(out, item->children); break;
    case PROOF_TREE_NEW: proof_print_change(out, item->change, NULL, item->new_value); break;
    case PROOF_TREE_BAD:
        fputs("not in the proof, no node, or too deep to be shown  ", out);
        print_hash(out, &item->hash);
        break;
    }
}
