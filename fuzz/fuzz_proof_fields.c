/* Execution proofs, changed field by field by the table of fields (proof/fields.def), digest, outcome roots, paths and
 * counters made anew: what gets behind the decoder far more often than changed bytes. Whatever is read is the one
 * encoding of what was read, is what the table says, is shown, and is checked at every level; what a stricter level
 * accepts a laxer one accepts, too. The seeds are the proofs of tests/formats. */
#include <stdlib.h>

#include "cli/proof.h"
#include "fuzz/mutate.h"
#include "near/action.h"
#include "proof/execute.h"
#include "tests/support/field_mutation.h"

/* Contracts run as long as their gas goes: of more than this nothing is executed here. */
#define GAS_MOST UINT64_C(3000000000000000)

static void check(bool ok)
{
    if (!ok) abort();
}

static void show(const struct execution_proof *p)
{
    struct buffer json = {0};
    struct error e = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    check(execution_proof_json(p, true, &json, &e) == STATUS_OK && utf8_valid(json.data, json.size));
    check(out && proof_report(out, p, &e) == STATUS_OK && fclose(out) == 0);
    check(utf8_valid((uint8_t *)text, size));
    buffer_free(&json);
    free(text);
}

/* ---- what it would take to execute it ---------------------------------------------------------------------------- */

static uint64_t add_gas(uint64_t sum, const struct action *actions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t gas = action_prepaid_gas(&actions[i]);
        sum = gas > UINT64_MAX - sum ? UINT64_MAX : sum + gas;
    }
    return sum;
}

static uint64_t prepaid_gas(const struct execution_proof *p)
{
    struct arena arena = {0};
    uint64_t sum = 0;
    for (uint32_t b = 0; b < p->block_count; b++) {
        struct chunk chunk;
        struct error e;
        if (proof_chunk(p, &p->blocks[b], &arena, &chunk, &e) != STATUS_OK) sum = UINT64_MAX;
        for (uint32_t i = 0; sum != UINT64_MAX && i < chunk.incoming_count; i++)
            if (receipt_has_actions(&chunk.incoming[i]))
                sum = add_gas(sum, chunk.incoming[i].action.actions, chunk.incoming[i].action.action_count);
        for (uint32_t i = 0; sum != UINT64_MAX && i < chunk.transaction_count; i++) {
            const struct transaction *t = &chunk.transactions[i].transaction;
            sum = add_gas(sum, t->actions, t->action_count);
        }
        if (sum == UINT64_MAX) break;
    }
    arena_free(&arena);
    return sum;
}

static bool is_small(const struct execution_proof *p)
{
    return p->block_count <= 40 && p->shards.shard_count <= 64 && prepaid_gas(p) <= GAS_MOST;
}

/* ---- checking ---------------------------------------------------------------------------------------------------- */

static void check_refusal(enum status status, const struct light_report *r, const struct error *e)
{
    if (status == STATUS_OK || status == STATUS_LIMIT) return;
    check(status == STATUS_INVALID && r->refusal.code && r->refusal.place[0] && e->message[0]);
}

static void verify(const struct execution_proof *p)
{
    struct light_report light;
    struct full_report full = {0};
    struct runtime_executor x;
    struct error e = {0};
    const enum status status = proof_verify_light(p, NULL, &light, &e);
    check_refusal(status, &light, &e);
    if (status != STATUS_OK || !is_small(p)) return;
    check(runtime_executor_init(&x, p->protocol_version, &e) == STATUS_OK);
    const struct full_options options = {.executor = &x.executor};
    check_refusal(proof_verify_full(p, &options, &full, &e), &full.light, &e);
    check(crypto_hash_equal(&light.statement, &full.light.statement));
    runtime_executor_free(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes input = bytes_of(data, size);
    struct arena arena = {0};
    struct execution_proof p;
    struct buffer again = {0};
    struct error e = {0};
    const enum status status = execution_proof_decode(input, &p, &e);
    if (status != STATUS_OK) {
        check(status == STATUS_MALFORMED && e.code && e.message[0] && e.offset <= size);
        return 0;
    }
    execution_proof_encode(&p, &again);
    check(bytes_equal(input, bytes_of(again.data, again.size)));
    check(field_tree_read(input, &arena) != NULL);
    show(&p);
    verify(&p);
    execution_proof_free(&p);
    buffer_free(&again);
    arena_free(&arena);
    return 0;
}

/* ---- changing ---------------------------------------------------------------------------------------------------- */

/* One to three fields; what the last one allows is made anew. False: it is no proof. */
static bool change(struct bytes input, struct field_random *r, struct buffer *out)
{
    struct arena arena = {0};
    struct field_node *root = field_tree_read(input, &arena);
    unsigned repairs = 0;
    for (uint32_t i = 0, count = 1 + field_random_below(r, 3); i < count && root; i++) {
        struct field_node *n = field_choose(root, r, &arena);
        if (n) field_mutate(n, r, &arena);
        if (n) repairs = field_repairs(n);
    }
    /* the digest alone is seldom worth trying */
    if (field_random_below(r, 50)) repairs |= REPAIR_DIGEST;
    const bool ok = root && proof_repaired(root, repairs, &arena, out);
    arena_free(&arena);
    return ok;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct field_random r = {seed};
    struct buffer out = {0};
    const bool changed = field_random_below(&r, 20) > 0 && change(bytes_of(data, size), &r, &out);
    return mutate_to(&out, changed, data, size, max_size);
}
