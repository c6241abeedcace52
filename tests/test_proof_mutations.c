/* Takes every field of several proofs, changes it in every way its type allows, makes digest, outcome roots, Merkle
 * paths and counters anew, and demands at each level what the table of fields (proof/fields.def) says of it:
 *
 *   input      the proof is refused, or the statement has another hash and the report shows another value
 *   derived    the proof is refused
 *   vouched    whatever the checks say, the old evidence is refused for another statement
 *   uncovered  nothing; but it must have been accepted at least once, or the table says too little
 *
 *     test_proof_mutations [COUNT [SEED]] [--fields]     --fields prints the figures by field */
#include <stdlib.h>

#include "proof/execute.h"
#include "tests/read_file.h"
#include "tests/support/field_figures.h"
#include "base/sanitized.h"
#include "tests/support/field_mutation.h"
#include "tests/test.h"
#include "tests/test_proof_sample.h"

enum { COUNT = SANITIZED ? 3000 : 20000 };

/* What each is of: tests/formats/README.md. */
static const char *const files[] = {
    "counter", "call", "fail", "yield", "resume", "resumed", "shards-promises", "shards-yield", "shards-missing",
    "shards-deploy", "shards-distribution", "shards-congestion", "shards-transfers",
};
enum { FILES = sizeof files / sizeof *files };

/* A good proof, with the attestation of the tests. */
struct good {
    const char *name;
    struct buffer bytes;
    struct crypto_hash statement;
    struct buffer json;
};

struct run {
    struct good goods[FILES];
    struct field_figures *figures;
    struct field_random random;
    unsigned wrong;
};

/* ---- the good ones ----------------------------------------------------------------------------------------------- */

/* The JSON view without the statement's hash, which differs for any other reason. */
static bool show(const struct execution_proof *p, struct buffer *out)
{
    static const char name[] = "\"statement\":\"";
    struct error e;
    if (execution_proof_json(p, false, out, &e) != STATUS_OK) return false;
    buffer_append_byte(out, 0);
    char *at = out->failed ? NULL : strstr((char *)out->data, name);
    for (at = at ? at + strlen(name) : NULL; at && *at && *at != '"'; at++) *at = '*';
    return at != NULL;
}

static bool attest(struct bytes input, struct good *g)
{
    struct execution_proof p;
    struct error e = {0};
    if (!CHECK_EQUAL(execution_proof_decode(input, &p, &e), STATUS_OK)) return false;
    const bool ok = CHECK_EQUAL(execution_proof_statement(&p, &g->statement, &e), STATUS_OK) &&
                    CHECK_EQUAL(proof_attest(&p, bytes_of_string("test"), crypto_hash_bytes(&g->statement), &e),
                                STATUS_OK) && CHECK(show(&p, &g->json));
    execution_proof_encode(&p, &g->bytes);
    execution_proof_free(&p);
    return ok && CHECK(!g->bytes.failed);
}

static bool read_good(const char *name, struct good *g)
{
    char path[128];
    struct buffer input = {0};
    *g = (struct good){.name = name};
    snprintf(path, sizeof path, "tests/formats/proof-1-%s.proof", name);
    const bool ok = CHECK(read_file(path, &input)) && attest(bytes_of(input.data, input.size), g);
    buffer_free(&input);
    return ok;
}

/* ---- checking ---------------------------------------------------------------------------------------------------- */

static enum status verify(const struct execution_proof *p, enum proof_level level, struct crypto_hash *statement)
{
    const struct attestation_verifier verifier = {"test", sample_attestation, NULL};
    const struct attestation_verifiers verifiers = {&verifier, 1, true};
    struct full_report report = {0};
    struct runtime_executor x;
    struct error e = {0};
    enum status status;
    if (level != PROOF_LEVEL_FULL) {
        status = proof_verify_light(p, level == PROOF_LEVEL_ATTESTED ? &verifiers : NULL, &report.light, &e);
    } else {
        status = runtime_executor_init(&x, parameters_of(p->protocol_version) ? p->protocol_version : 84, &e);
        const struct full_options options = {.executor = &x.executor};
        if (status == STATUS_OK) status = proof_verify_full(p, &options, &report, &e);
        runtime_executor_free(&x);
    }
    *statement = report.light.statement;
    /* what would burn too much is not executed at all */
    if (status != STATUS_OK)
        CHECK(e.message[0] && (status == STATUS_LIMIT || (status == STATUS_INVALID && report.light.refusal.place[0])));
    return status;
}

/* What an accepted proof must be like. Null: it is right; else what is wrong. */
static const char *wrong_if_accepted(const struct good *g, const struct execution_proof *p, enum proof_level level,
                                     enum proof_field_class class, const struct crypto_hash *statement)
{
    struct buffer json = {0};
    const bool same = crypto_hash_equal(statement, &g->statement);
    if (class == PROOF_FIELD_DERIVED) return "is derived";
    if (level == PROOF_LEVEL_ATTESTED) return same ? NULL : "is another statement, with the evidence for the old one";
    if (class != PROOF_FIELD_INPUT) return NULL;
    if (same) return "is an input, but the statement has the same hash";
    const bool shown = show(p, &json) && strcmp((char *)json.data, (char *)g->json.data) != 0;
    buffer_free(&json);
    return shown ? NULL : "is an input, but the report does not show it";
}

static void check_level(struct run *x, const struct good *g, const struct execution_proof *p, enum proof_level level,
                        const struct field_node *n, enum proof_field_class class, bool *accepted)
{
    struct field_figures *figures = &x->figures[n->field - proof_field_at(0)];
    struct crypto_hash statement;
    *accepted = verify(p, level, &statement) == STATUS_OK;
    if (*accepted) figures->accepted[level]++;
    else figures->refused[level]++;
    const char *wrong = *accepted ? wrong_if_accepted(g, p, level, class, &statement) : NULL;
    if (wrong && x->wrong++ < 40) /* one of each kind says enough */
        printf("%s: %s.%s was changed and accepted (%s), but it %s\n", g->name, proof_type_name(n->field->owner),
               n->field->name, proof_level_name(level), wrong);
    CHECK(!wrong);
}

static void check_proof(struct run *x, const struct good *g, struct bytes bad, const struct field_node *n,
                        const enum proof_field_class classes[PROOF_LEVEL_COUNT])
{
    struct field_figures *figures = &x->figures[n->field - proof_field_at(0)];
    struct execution_proof p;
    struct error e = {0};
    bool light, other;
    figures->changed++;
    if (execution_proof_decode(bad, &p, &e) != STATUS_OK) {
        CHECK(e.code && e.message[0]);
        figures->unreadable++;
        return;
    }
    check_level(x, g, &p, PROOF_LEVEL_LIGHT, n, classes[PROOF_LEVEL_LIGHT], &light);
    for (enum proof_level l = PROOF_LEVEL_ATTESTED; l < PROOF_LEVEL_COUNT; l++) {
        if (light) check_level(x, g, &p, l, n, classes[l], &other);
        else figures->refused[l]++; /* both do all of light first */
    }
    execution_proof_free(&p);
}

/* Whether anything is different then. */
static bool change(struct run *x, const struct good *g)
{
    bool changed = false;
    struct arena arena = {0};
    struct buffer bad = {0};
    enum proof_field_class classes[PROOF_LEVEL_COUNT];
    struct field_node *root = field_tree_read(bytes_of(g->bytes.data, g->bytes.size), &arena);
    struct field_node *n = CHECK(root) ? field_choose(root, &x->random, &arena) : NULL;
    if (CHECK(n)) {
        for (enum proof_level l = 0; l < PROOF_LEVEL_COUNT; l++) classes[l] = field_tree_class(n, l);
        if (field_mutate(n, &x->random, &arena) && CHECK(proof_repaired(root, field_repairs(n), &arena, &bad)))
            changed = !bytes_equal(bytes_of(bad.data, bad.size), bytes_of(g->bytes.data, g->bytes.size));
        if (changed) check_proof(x, g, bytes_of(bad.data, bad.size), n, classes);
    }
    buffer_free(&bad);
    arena_free(&arena);
    return changed;
}

/* ---- what was seen of all ---------------------------------------------------------------------------------------- */

/* What the table calls uncovered is accepted now and then, else it is derived. */
static void check_figures(const struct run *x, bool enough)
{
    unsigned changed = 0, unreadable = 0, fields = 0, accepted[PROOF_LEVEL_COUNT] = {0};
    for (size_t i = 0; i < proof_field_count(); i++) {
        const struct proof_field *f = proof_field_at(i);
        const struct field_figures *v = &x->figures[i];
        fields += v->changed != 0;
        changed += v->changed;
        unreadable += v->unreadable;
        for (unsigned l = 0; l < PROOF_LEVEL_COUNT; l++) {
            accepted[l] += v->accepted[l];
            if (enough && v->changed - v->unreadable > 150 && f->classes[l] == PROOF_FIELD_UNCOVERED &&
                !CHECK(v->accepted[l] > 0))
                printf("%s.%s is called uncovered (%s), but every change was refused\n", proof_type_name(f->owner),
                       f->name, proof_level_name((enum proof_level)l));
        }
    }
    printf("  %u changes of %u fields: %u unreadable; accepted by light %u, attested %u, full %u\n", changed, fields,
           unreadable, accepted[PROOF_LEVEL_LIGHT], accepted[PROOF_LEVEL_ATTESTED], accepted[PROOF_LEVEL_FULL]);
}

static void test_good(struct good *g)
{
    struct execution_proof p;
    struct crypto_hash statement;
    struct error e = {0};
    if (!CHECK_EQUAL(execution_proof_decode(bytes_of(g->bytes.data, g->bytes.size), &p, &e), STATUS_OK)) return;
    for (enum proof_level l = 0; l < PROOF_LEVEL_COUNT; l++) {
        if (!CHECK_EQUAL(verify(&p, l, &statement), STATUS_OK)) printf("%s\n", g->name);
        CHECK(crypto_hash_equal(&statement, &g->statement));
    }
    execution_proof_free(&p);
}

int main(int argc, char **argv)
{
    static struct run x;
    unsigned long count = COUNT;
    bool print = false, ok = true;
    for (int i = 1, numbers = 0; i < argc; i++) {
        if (strcmp(argv[i], "--fields") == 0) print = true;
        else if (numbers++ == 0) count = strtoul(argv[i], NULL, 10);
        else x.random.state = strtoul(argv[i], NULL, 10);
    }
    test_begin("good proofs");
    x.figures = calloc(proof_field_count(), sizeof *x.figures);
    for (size_t i = 0; i < FILES && ok; i++) ok = read_good(files[i], &x.goods[i]);
    if (!CHECK(ok && x.figures)) return test_end();
    for (size_t i = 0; i < FILES; i++) test_good(&x.goods[i]);
    test_begin("every field changed");
    for (unsigned long done = 0, i = 0; done < count && i < 2 * count; i++) done += change(&x, &x.goods[i % FILES]);
    check_figures(&x, count >= COUNT && COUNT >= 20000);
    if (print) field_figures_print(x.figures, stdout);
    for (size_t i = 0; i < FILES; i++) buffer_free(&x.goods[i].bytes), buffer_free(&x.goods[i].json);
    free(x.figures);
    return test_end();
}
