/* Receipts that a call has made, as a tree: who waits for whom. */
#include "base/base58.h"
#include "cli/run.h"
#include "cli/run_text.h"
#include "near/amount.h"

#include <inttypes.h>

enum { ARGUMENTS_SHOWN = 160, RECEIPTS_SHOWN = 60, NONE = UINT32_MAX };

/* A line of the log: a receipt, or what belongs to one. `next` is the next of its kind under the same parent. */
struct node {
    uint32_t parent, first_child, last_child, next; /* receipts */
    uint32_t first_part, last_part, next_part;      /* actions and refund account of a receipt, in order */
};

static bool is_receipt(const struct mock_entry *e)
{
    return e->kind == MOCK_CREATE_RECEIPT || e->kind == MOCK_YIELD_CREATE;
}

size_t run_receipt_count(const struct run *run)
{
    size_t count = 0;
    for (uint32_t i = 0; i < run->mock.log_count; i++) count += is_receipt(run->mock.log[i]);
    return count;
}

/* ---- actions ----------------------------------------------------------------------------------------------------- */

static void print_balance(FILE *out, const char *before, struct u128 amount)
{
    char text[AMOUNT_TEXT_SIZE];
    fprintf(out, "%s%s", before, balance_text(amount, text));
}

static void print_deposit(FILE *out, struct u128 amount)
{
    if (amount.low || amount.high) print_balance(out, ", deposit ", amount);
}

static void print_key(FILE *out, const struct public_key *key)
{
    struct buffer text = {0};
    if (public_key_print(key, &text)) fwrite(text.data, 1, text.size, out);
    buffer_free(&text);
}

static void print_hash(FILE *out, const uint8_t hash[static 32])
{
    struct buffer text = {0};
    if (base58_encode(bytes_of(hash, 32), &text)) fwrite(text.data, 1, text.size, out);
    buffer_free(&text);
}

static void print_account(FILE *out, const struct account_id *id)
{
    fwrite(id->text, 1, id->length, out);
}

static void print_contract(FILE *out, const struct global_contract_id *id)
{
    if (id->mode == GLOBAL_BY_ACCOUNT_ID) print_account(out, &id->account_id);
    else print_hash(out, id->code_hash);
}

static void print_code(FILE *out, const char *what, struct bytes code)
{
    char size[24];
    readable_size(size, code.size);
    fprintf(out, "%s (%s)", what, size);
}

static void print_call(FILE *out, const struct action *a)
{
    char gas[AMOUNT_TEXT_SIZE];
    fprintf(out, "%s", colour(out, BOLD));
    print_name(out, a->function_call.method_name);
    fprintf(out, "%s(", colour(out, PLAIN));
    if (a->function_call.arguments.size) print_value(out, a->function_call.arguments, ARGUMENTS_SHOWN);
    fprintf(out, ") with %s", gas_text(a->function_call.gas, gas));
    if (a->function_call.gas_weight)
        fprintf(out, " + a share of the gas left (weight %" PRIu64 ")", a->function_call.gas_weight);
    print_deposit(out, a->function_call.deposit);
}

static void print_access_key(FILE *out, const struct action *a)
{
    const struct access_key *k = &a->add_key.access_key;
    bool gas_key = k->permission == PERMISSION_GAS_KEY_FULL_ACCESS || k->permission == PERMISSION_GAS_KEY_FUNCTION_CALL;
    bool full = k->permission == PERMISSION_GAS_KEY_FULL_ACCESS || k->permission == PERMISSION_FULL_ACCESS;
    fprintf(out, gas_key ? "add gas key " : "add key ");
    print_key(out, a->add_key.public_key);
    if (gas_key) fprintf(out, ", %u nonces", k->num_nonces);
    if (full) {
        fprintf(out, ", full access");
        return;
    }
    fprintf(out, ", may call ");
    print_name(out, k->receiver_id);
    for (uint32_t i = 0; i < k->method_count; i++) {
        fprintf(out, i ? ", " : ": ");
        print_name(out, k->method_names[i]);
    }
    if (k->has_allowance) print_balance(out, ", allowance ", k->allowance);
}

static void print_action(FILE *out, const struct action *a)
{
    switch (a->kind) {
    case ACTION_KIND_create_account: fprintf(out, "create account"); break;
    case ACTION_KIND_deploy_contract: print_code(out, "deploy contract", a->deploy_contract.code); break;
    case ACTION_KIND_function_call: print_call(out, a); break;
    case ACTION_KIND_transfer: print_balance(out, "transfer ", a->transfer.deposit); break;
    case ACTION_KIND_stake:
        print_balance(out, "stake ", a->stake.stake);
        fprintf(out, " with ");
        print_key(out, a->stake.public_key);
        break;
    case ACTION_KIND_add_key: print_access_key(out, a); break;
    case ACTION_KIND_delete_key:
        fprintf(out, "delete key ");
        print_key(out, a->delete_key.public_key);
        break;
    case ACTION_KIND_delete_account:
        fprintf(out, "delete account, what is left goes to ");
        print_account(out, &a->delete_account.beneficiary_id);
        break;
    case ACTION_KIND_deploy_global_contract:
        print_code(out, "deploy global contract", a->deploy_global_contract.code);
        break;
    case ACTION_KIND_use_global_contract:
        fprintf(out, "use global contract ");
        print_contract(out, &a->use_global_contract.contract);
        break;
    case ACTION_KIND_deterministic_state_init:
        fprintf(out, "initial state: contract ");
        print_contract(out, &a->deterministic_state_init.state_init.code);
        fprintf(out, ", %zu entries", a->deterministic_state_init.state_init.entry_count);
        print_deposit(out, a->deterministic_state_init.deposit);
        break;
    case ACTION_KIND_universal_state_init:
        fprintf(out, "universal initial state (%zu bytes)", a->universal_state_init.state_init.size);
        print_deposit(out, a->universal_state_init.deposit);
        break;
    case ACTION_KIND_transfer_to_gas_key:
        print_balance(out, "transfer ", a->transfer_to_gas_key.deposit);
        fprintf(out, " to gas key ");
        print_key(out, a->transfer_to_gas_key.public_key);
        break;
    default: fprintf(out, "%s", action_kind_name(a->kind)); break;
    }
}

/* ---- the tree ---------------------------------------------------------------------------------------------------- */

static void append(struct node *nodes, uint32_t *first, uint32_t *last, uint32_t index, bool part)
{
    if (*first == NONE) *first = index;
    else if (part) nodes[*last].next_part = index;
    else nodes[*last].next = index;
    *last = index;
}

/* A receipt stands under the last one that it waits for. nodes[count] is the root of all. */
static void build(const struct mock_external *m, struct node *nodes)
{
    const uint32_t count = m->log_count;
    for (uint32_t i = 0; i <= count; i++) nodes[i] = (struct node){NONE, NONE, NONE, NONE, NONE, NONE, NONE};
    for (uint32_t i = 0; i < count; i++) {
        const struct mock_entry *e = m->log[i];
        if (is_receipt(e)) {
            uint64_t parent = count;
            size_t dependencies = e->kind == MOCK_CREATE_RECEIPT ? e->create_receipt.dependency_count : 0;
            if (dependencies) parent = e->create_receipt.dependencies[dependencies - 1];
            if (parent >= i) parent = count; /* a receipt only waits for earlier ones */
            nodes[i].parent = (uint32_t)parent;
            append(nodes, &nodes[parent].first_child, &nodes[parent].last_child, i, false);
            continue;
        }
        if (e->kind != MOCK_ACTION && e->kind != MOCK_SET_REFUND_TO) continue;
        uint64_t owner = e->kind == MOCK_ACTION ? e->action.receipt : e->set_refund_to.receipt;
        if (owner < count) append(nodes, &nodes[owner].first_part, &nodes[owner].last_part, i, true);
    }
}

static void begin_line(FILE *out, bool *first, unsigned depth)
{
    run_label(out, *first ? "receipts" : "");
    *first = false;
    fprintf(out, "%*s", (int)(2 * depth), "");
}

static void print_head(FILE *out, const struct mock_entry *e, uint32_t index)
{
    bool yields = e->kind == MOCK_YIELD_CREATE;
    size_t dependencies = yields ? 0 : e->create_receipt.dependency_count;
    fprintf(out, "%s ", dependencies ? "then" : "->");
    print_account(out, yields ? &e->yield_create.receiver : &e->create_receipt.receiver);
    fprintf(out, " %s#%u", colour(out, DIM), index);
    if (yields) {
        fprintf(out, ", when resumed: data id ");
        print_hash(out, e->yield_create.data_id);
    }
    for (size_t i = 0; dependencies > 1 && i < dependencies; i++) {
        const char *before = i == 0 ? ", after " : i + 1 == dependencies ? " and " : ", ";
        fprintf(out, "%s#%" PRIu64, before, e->create_receipt.dependencies[i]);
    }
    fprintf(out, "%s\n", colour(out, PLAIN));
}

static void print_receipt(FILE *out, const struct run *run, const struct node *nodes, uint32_t index, unsigned depth,
                          bool *first)
{
    begin_line(out, first, depth);
    print_head(out, run->mock.log[index], index);
    for (uint32_t i = nodes[index].first_part; i != NONE; i = nodes[i].next_part) {
        const struct mock_entry *e = run->mock.log[i];
        begin_line(out, first, depth + 2);
        if (e->kind == MOCK_ACTION) print_action(out, &e->action.action);
        else {
            fprintf(out, "refunds go to ");
            print_account(out, &e->set_refund_to.account);
        }
        fputc('\n', out);
    }
}

/* Receipts first, then what they are waited for by. */
static void walk(FILE *out, const struct run *run, const struct node *nodes, bool *first)
{
    const uint32_t root = run->mock.log_count;
    unsigned depth = 0;
    size_t shown = 0;
    for (uint32_t at = nodes[root].first_child; at != NONE;) {
        if (shown++ == RECEIPTS_SHOWN) {
            begin_line(out, first, 0);
            fprintf(out, "... and %zu more (--json shows all)\n", run_receipt_count(run) - RECEIPTS_SHOWN);
            return;
        }
        print_receipt(out, run, nodes, at, depth, first);
        if (nodes[at].first_child != NONE) {
            at = nodes[at].first_child;
            depth++;
            continue;
        }
        while (at != root && nodes[at].next == NONE) {
            at = nodes[at].parent;
            if (at != root) depth--;
        }
        at = at == root ? (uint32_t)NONE : nodes[at].next;
    }
}

static void print_resumed(FILE *out, const struct run *run, bool *first)
{
    for (uint32_t i = 0; i < run->mock.log_count; i++) {
        const struct mock_entry *e = run->mock.log[i];
        if (e->kind != MOCK_YIELD_RESUME) continue;
        begin_line(out, first, 0);
        fprintf(out, "resumes data id ");
        print_hash(out, e->yield_resume.data_id);
        fprintf(out, " with ");
        print_value(out, e->yield_resume.data, ARGUMENTS_SHOWN);
        fputc('\n', out);
    }
}

void run_print_receipts(const struct run *run, FILE *out)
{
    struct arena arena = {0};
    struct node *nodes = arena_array(&arena, (size_t)run->mock.log_count + 1, sizeof *nodes);
    bool first = true;
    if (nodes && run->mock.log_count) {
        build(&run->mock, nodes);
        walk(out, run, nodes, &first);
        print_resumed(out, run, &first);
    }
    arena_free(&arena);
}
