/* What older programs wrote stays readable: one proof of each version and kind (tests/formats), proofs and calls of
 * programs that knew fewer costs. Each version has one encoding for one proof. */
#include <glob.h>
#include <stdlib.h>

#include "base/borsh.h"
#include "host/host.h"
#include "tests/read_file.h"
#include "tests/support/field_mutation.h"
#include "tests/test.h"
#include "tests/test_proof_sample.h"

/* ---- proofs as they were written --------------------------------------------------------------------------------- */

static void check_file(const char *path)
{
    struct buffer input = {0}, again = {0};
    struct execution_proof p;
    struct error e = {0};
    if (!CHECK(read_file(path, &input))) return;
    const struct bytes bytes = bytes_of(input.data, input.size);
    if (CHECK_EQUAL(execution_proof_decode(bytes, &p, &e), STATUS_OK)) {
        execution_proof_encode(&p, &again);
        CHECK(bytes_equal(bytes, bytes_of(again.data, again.size)));
        execution_proof_free(&p);
    } else {
        printf("%s: %s\n", path, e.message);
    }
    buffer_free(&input);
    buffer_free(&again);
}

static void test_files(void)
{
    test_begin("proofs of every version");
    glob_t found = {0};
    CHECK(glob("tests/formats/proof-*.proof", 0, NULL, &found) == 0 && found.gl_pathc >= 10);
    for (size_t i = 0; i < found.gl_pathc; i++) check_file(found.gl_pathv[i]);
    globfree(&found);
}

/* ---- fewer costs ------------------------------------------------------------------------------------------------- */

/* Makes every gas profile, or the first one alone, list `fewer` host costs less; negative: more. */
struct shortening {
    int fewer;
    bool first_only;
    unsigned done;
    struct arena *arena;
};

static void shorten(void *context, struct field_node *n)
{
    struct shortening *x = context;
    if (!n->field || n->field->owner != PROOF_TYPE_profile || n->kind != FIELD_SEVERAL) return;
    if (strcmp(n->field->name, "host_costs") != 0 || (x->first_only && x->done)) return;
    x->done++;
    for (int i = 0; i < x->fewer; i++) n->count--;
    for (int i = 0; i > x->fewer; i--)
        CHECK(field_tree_insert(n, n->count, field_tree_smallest(n->field, n->type, x->arena), x->arena));
}

static bool shortened(struct bytes input, int fewer, bool first_only, struct buffer *out)
{
    struct arena arena = {0};
    struct shortening x = {fewer, first_only, 0, &arena};
    struct field_node *root = field_tree_read(input, &arena);
    if (CHECK(root)) field_tree_visit(root, shorten, &x);
    const bool ok = root && x.done && proof_repaired(root, REPAIR_DIGEST, &arena, out);
    arena_free(&arena);
    return CHECK(ok);
}

static void check_fewer(struct sample *s, struct bytes input)
{
    struct execution_proof p;
    struct full_report report;
    struct buffer json = {0}, again = {0};
    struct error e = {0};
    const struct executor executor = script_executor(&s->script);
    const struct full_options options = {.executor = &executor};
    if (!CHECK_EQUAL(execution_proof_decode(input, &p, &e), STATUS_OK)) {
        printf("%s\n", e.message);
        return;
    }
    CHECK_EQUAL(p.host_cost_count, EXT_COST_COUNT - 5);
    CHECK(p.blocks[0].outcomes[0].outcome.profile->ext[EXT_COST_COUNT - 1] == 0);
    if (!CHECK_EQUAL(proof_verify_full(&p, &options, &report, &e), STATUS_OK)) printf("%s\n", e.message);
    execution_proof_encode(&p, &again);
    CHECK(bytes_equal(input, bytes_of(again.data, again.size)));
    CHECK_EQUAL(execution_proof_json(&p, false, &json, &e), STATUS_OK);
    buffer_append_byte(&json, 0);
    char text[40];
    snprintf(text, sizeof text, "\"host_cost_count\":%d", EXT_COST_COUNT - 5);
    CHECK(strstr((char *)json.data, text) != NULL);
    buffer_free(&json);
    buffer_free(&again);
    execution_proof_free(&p);
}

static void check_refused(struct bytes input, const char *words)
{
    struct execution_proof p;
    struct error e = {0};
    CHECK_EQUAL(execution_proof_decode(input, &p, &e), STATUS_MALFORMED);
    if (!CHECK(strstr(e.message, words) != NULL)) printf("%s\n", e.message);
}

static void test_fewer_costs(void)
{
    test_begin("a proof of a program that knew fewer costs");
    struct sample s;
    struct buffer proof = {0}, other = {0};
    struct error e = {0};
    if (CHECK_EQUAL(sample_begin(&s, &e), STATUS_OK)) {
        /* two profiles */
        struct execution_outcome *o = (struct execution_outcome *)(uintptr_t)s.script.steps[0].result.outcomes;
        o[3].profile = &s.profile;
        CHECK_EQUAL(sample_prove(&s, &proof, &e), STATUS_OK);
        const struct bytes input = bytes_of(proof.data, proof.size);
        if (shortened(input, 5, false, &other)) check_fewer(&s, bytes_of(other.data, other.size));
        if (shortened(input, 5, true, &other))
            check_refused(bytes_of(other.data, other.size), "another number of costs than the first one");
        if (shortened(input, -1, false, &other))
            check_refused(bytes_of(other.data, other.size), "more costs than are known here");
        proof.data[0] = 2;
        sample_seal(proof.data, proof.size);
        check_refused(input, "expected a version of the format up to 1, found 2");
    }
    sample_free(&s);
    buffer_free(&proof);
    buffer_free(&other);
}

/* ---- calls in suspended runs ------------------------------------------------------------------------------------- */

/* The outcome of a call with these numbers of costs, which are 1, 2, 3, ...; first form: without counts. */
static void write_call(struct buffer *out, bool counted, uint32_t actions, uint32_t costs)
{
    for (int i = 0; i < 8; i++) borsh_write_u64(out, 5); /* two amounts of 16 bytes, four numbers */
    if (counted) borsh_write_u32(out, actions);
    for (uint32_t i = 1; i <= actions; i++) borsh_write_u64(out, i);
    if (counted) borsh_write_u32(out, costs);
    for (uint32_t i = 1; i <= costs; i++) borsh_write_u64(out, i);
    borsh_write_u64(out, 77);
    borsh_write_u8(out, RETURN_NONE);
    borsh_write_bytes(out, (struct bytes){0});
    borsh_write_u64(out, 0);
    borsh_write_u32(out, 0);
    borsh_write_bool(out, false);
}

static void check_call(bool counted, uint32_t actions, uint32_t costs, enum status expected)
{
    struct buffer bytes = {0};
    struct call_outcome o;
    struct error e = {0};
    write_call(&bytes, counted, actions, costs);
    const struct bytes input = bytes_of(bytes.data, bytes.size);
    const enum status status = counted ? call_outcome_read(input, &o, &e) : call_outcome_read_v1(input, &o, &e);
    CHECK_EQUAL(status, expected);
    if (status == STATUS_OK) {
        CHECK_EQUAL(o.profile.action[actions - 1], actions);
        CHECK_EQUAL(o.profile.ext[costs - 1], costs);
        if (costs < EXT_COST_COUNT) CHECK_EQUAL(o.profile.ext[costs], 0);
        CHECK_EQUAL(o.profile.wasm, 77);
        call_outcome_free(&o);
    }
    buffer_free(&bytes);
}

static void test_calls(void)
{
    test_begin("calls that ended before a run was suspended");
    check_call(true, ACTION_COST_COUNT, EXT_COST_COUNT, STATUS_OK);
    check_call(true, ACTION_COST_COUNT - 2, EXT_COST_COUNT - 9, STATUS_OK);
    check_call(true, ACTION_COST_COUNT + 1, EXT_COST_COUNT, STATUS_INVALID);
    check_call(true, ACTION_COST_COUNT, EXT_COST_COUNT + 1, STATUS_INVALID);
    check_call(false, 29, 98, STATUS_OK);
    check_call(false, 29, 97, STATUS_INVALID);
}

int main(void)
{
    test_files();
    test_fewer_costs();
    test_calls();
    return test_end();
}
