/* The table of a proof's fields (proof/fields.def) beside the codec and the documentation: encoder, decoder and JSON
 * know exactly these fields, and docs/proof-meaning.md says what the table says.
 *
 *     test_proof_fields [--write]     --write puts the tables into docs/proof-meaning.md */
#include "tests/support/field_mutation.h"
#include "tests/test.h"
#include "tests/test_proof_sample.h"

enum { ROUNDS = 400, CHANGES = 5000 };

static const char doc_path[] = "docs/proof-meaning.md";

/* ---- the table itself -------------------------------------------------------------------------------------------- */

/* The fields of a structure follow each other, tags of cases differ, and every structure is in use. */
static void test_table(void)
{
    test_begin("the table");
    bool used[PROOF_TYPE_COUNT] = {[PROOF_TYPE_proof] = true, [PROOF_TYPE_nothing] = true};
    for (size_t i = 0; i < proof_field_count(); i++) {
        const struct proof_field *f = proof_field_at(i);
        uint32_t count;
        const size_t first = field_tree_first(f->owner, &count);
        CHECK(i >= first && i < first + count);
        for (size_t j = first; j < i; j++) {
            CHECK(strcmp(proof_field_at(j)->name, f->name) != 0);
            if (proof_type_sort(f->owner) != PROOF_SORT_PRODUCT) CHECK(proof_field_at(j)->tag != f->tag);
        }
        used[f->of] = true;
    }
    for (unsigned t = 0; t < PROOF_TYPE_COUNT; t++)
        if (t >= PROOF_SCALAR_COUNT && !CHECK(used[t])) printf("%s\n", proof_type_name(t));
    for (unsigned l = 0; l < PROOF_LEVEL_COUNT; l++) CHECK(strlen(proof_level_sentence(l)) > 40);
    struct buffer light = {0}, full = {0};
    proof_uncovered_fields(PROOF_LEVEL_LIGHT, true, &light);
    proof_uncovered_fields(PROOF_LEVEL_FULL, true, &full);
    CHECK(light.size > 20 && full.size == 0);
    printf("  not covered by light: %.*s\n", (int)light.size, (char *)light.data);
    buffer_free(&light);
    buffer_free(&full);
}

/* ---- a proof with every field ------------------------------------------------------------------------------------ */

static struct field_node *node_of(struct field_node *n, enum proof_type owner, const char *name)
{
    if (n->field && n->field->owner == owner && strcmp(n->field->name, name) == 0) return n;
    for (uint32_t i = 0; i < n->count; i++) {
        struct field_node *found = node_of(n->children[i], owner, name);
        if (found) return found;
    }
    return NULL;
}

/* Some transactions and receipts more in the first block. */
static bool fill(struct field_node *root, struct field_random *r, struct arena *arena)
{
    struct field_node *transactions = node_of(root, PROOF_TYPE_block, "transactions");
    struct field_node *incoming = node_of(root, PROOF_TYPE_block, "incoming");
    bool ok = transactions && incoming;
    for (unsigned i = 0; i < 3 && ok; i++)
        ok = field_tree_insert(transactions, 0, field_tree_random(transactions->field, transactions->type, r, arena),
                               arena) &&
             field_tree_insert(incoming, 0, field_tree_random(incoming->field, incoming->type, r, arena), arena);
    return ok;
}

static void mark(void *context, struct field_node *n)
{
    bool *seen = context;
    if (n->field) seen[n->field - proof_field_at(0)] = true;
}


/* The JSON view without the statement's hash, which differs for any other reason. */
static bool show(const struct execution_proof *p, struct buffer *out)
{
    static const char name[] = "\"statement\":\"";
    struct error e;
    if (execution_proof_json(p, true, out, &e) != STATUS_OK) return false;
    buffer_append_byte(out, 0);
    char *at = out->failed ? NULL : strstr((char *)out->data, name);
    for (at = at ? at + strlen(name) : NULL; at && *at && *at != '"'; at++) *at = '*';
    return at != NULL;
}

/* ---- the codec --------------------------------------------------------------------------------------------------- */

/* What is read is what the table says, to the byte, and is written as it was read. */
static bool check_codec(struct bytes input, struct buffer *json)
{
    struct arena arena = {0};
    struct execution_proof p;
    struct buffer again = {0};
    struct error e = {0};
    const bool readable = execution_proof_decode(input, &p, &e) == STATUS_OK;
    if (readable) {
        CHECK(field_tree_read(input, &arena) != NULL);
        execution_proof_encode(&p, &again);
        CHECK(bytes_equal(input, bytes_of(again.data, again.size)));
        CHECK(show(&p, json));
        execution_proof_free(&p);
    } else {
        CHECK(e.code != 0 && e.message[0]);
    }
    buffer_free(&again);
    arena_free(&arena);
    return readable;
}

/* Whether the JSON view has to show the field. The bytes of a digest follow from the rest, forms have one value. */
static bool is_shown(const struct field_node *n)
{
    return !(n->field->owner == PROOF_TYPE_proof && strcmp(n->field->name, "digest") == 0);
}

static void check_change(struct bytes good, const struct buffer *json, struct field_random *r, unsigned *readable)
{
    struct arena arena = {0};
    struct buffer bad = {0}, other = {0};
    struct field_node *root = field_tree_read(good, &arena);
    struct field_node *n = root ? field_choose(root, r, &arena) : NULL;
    if (CHECK(n) && field_mutate(n, r, &arena) && CHECK(proof_repaired(root, REPAIR_DIGEST, &arena, &bad)) &&
        !bytes_equal(good, bytes_of(bad.data, bad.size)) && check_codec(bytes_of(bad.data, bad.size), &other)) {
        ++*readable;
        const bool differs = other.size != json->size || memcmp(other.data, json->data, json->size) != 0;
        if (is_shown(n) && !CHECK(differs))
            printf("the JSON view does not show %s.%s\n", proof_type_name(n->field->owner), n->field->name);
    }
    buffer_free(&bad);
    buffer_free(&other);
    arena_free(&arena);
}

static void check_round(struct bytes sample, uint64_t seed, bool *seen, unsigned *readable)
{
    struct arena arena = {0};
    struct field_random r = {seed};
    struct buffer full = {0}, json = {0};
    struct field_node *root = field_tree_read(sample, &arena);
    if (CHECK(root) && CHECK(fill(root, &r, &arena)) && CHECK(proof_repaired(root, REPAIR_DIGEST, &arena, &full)) &&
        CHECK(check_codec(bytes_of(full.data, full.size), &json))) {
        field_tree_visit(root, mark, seen);
        for (unsigned i = 0; i < CHANGES / ROUNDS; i++)
            check_change(bytes_of(full.data, full.size), &json, &r, readable);
    }
    buffer_free(&full);
    buffer_free(&json);
    arena_free(&arena);
}

static void test_codec(void)
{
    test_begin("encoder, decoder and JSON know the fields of the table, and no others");
    struct sample s;
    struct buffer proof = {0};
    struct error e = {0};
    bool *seen = calloc(proof_field_count(), sizeof *seen);
    unsigned readable = 0;
    if (CHECK_EQUAL(sample_begin(&s, &e), STATUS_OK) && CHECK_EQUAL(sample_prove(&s, &proof, &e), STATUS_OK) &&
        CHECK(seen)) {
        for (uint64_t i = 0; i < ROUNDS; i++) check_round(bytes_of(proof.data, proof.size), i, seen, &readable);
        for (size_t i = 0; i < proof_field_count(); i++)
            if (!CHECK(seen[i]))
                printf("no proof has %s.%s\n", proof_type_name(proof_field_at(i)->owner), proof_field_at(i)->name);
    }
    printf("  %d changes of one field, %u of them readable\n", CHANGES, readable);
    CHECK(readable > CHANGES / 4);
    sample_free(&s);
    buffer_free(&proof);
    free(seen);
}

/* ---- the names of the JSON view ---------------------------------------------------------------------------------- */

/* Members that are there to be read more easily. */
static const char *const extra[] = {
    "statement", "shards", "storage", "partial_state", "row_count", "size", "hash", "cost_category", "cost", "account_id",
    "status", "direction", "fields", "origin", "block", "index", "enters", "leaves",
#define X(name, enters, json, text) json,
#include "proof/doors.def"
#undef X
};

static bool is_known(struct bytes name)
{
    for (size_t i = 0; i < sizeof extra / sizeof *extra; i++)
        if (bytes_equal(name, bytes_of_string(extra[i]))) return true;
    for (size_t i = 0; i < proof_field_count(); i++)
        if (bytes_equal(name, bytes_of_string(proof_field_at(i)->json))) return true;
    return false;
}

static bool has_member(const struct buffer *json, const char *name)
{
    char text[64];
    snprintf(text, sizeof text, "\"%s\":", name);
    return strstr((char *)json->data, text) != NULL;
}

/* Behind "fields": a transaction or receipt as near/ writes it, whose members are its own. */
static const char *end_of_object(const char *p)
{
    unsigned depth = 0;
    bool text = false;
    for (; *p; p++) {
        if (*p == '\\' && p[1]) p++;
        else if (*p == '"') text = !text;
        else if (!text && *p == '{') depth++;
        else if (!text && *p == '}' && --depth == 0) return p;
    }
    return p;
}

static void check_members(const struct buffer *json)
{
    static const char fields[] = "\"fields\":{";
    for (const char *p = (char *)json->data; (p = strstr(p, "\":")) != NULL; p += 2) {
        const char *start = p;
        if (p[-1] == '\\') continue; /* in a text */
        while (start > (char *)json->data && start[-1] != '"') start--;
        if (!CHECK(is_known(bytes_of(start, (size_t)(p - start))))) printf("%.40s\n", start);
        if (strncmp(start - 1, fields, sizeof fields - 1) == 0) p = end_of_object(start - 1 + sizeof fields - 2);
    }
    for (size_t i = 0; i < proof_field_count(); i++) {
        const struct proof_field *f = proof_field_at(i);
        if (f->json[0] && !CHECK(has_member(json, f->json))) printf("the JSON view has no member '%s'\n", f->json);
    }
}

static void test_json(void)
{
    test_begin("the members of the JSON view");
    struct sample s;
    struct buffer proof = {0}, json = {0}, full = {0};
    struct arena arena = {0};
    struct error e = {0};
    struct field_random r = {1};
    if (CHECK_EQUAL(sample_begin(&s, &e), STATUS_OK) && CHECK_EQUAL(sample_prove(&s, &proof, &e), STATUS_OK)) {
        struct field_node *root = field_tree_read(bytes_of(proof.data, proof.size), &arena);
        if (CHECK(root && fill(root, &r, &arena)) && CHECK(proof_repaired(root, REPAIR_DIGEST, &arena, &full)) &&
            CHECK(check_codec(bytes_of(full.data, full.size), &json)))
            check_members(&json);
    }
    sample_free(&s);
    buffer_free(&proof);
    buffer_free(&full);
    buffer_free(&json);
    arena_free(&arena);
}

/* ---- the documentation ------------------------------------------------------------------------------------------- */

static void append_type(const struct proof_field *f, struct buffer *out)
{
    static const char *const shapes[] = {"", "list of ", "option of ", ""};
    buffer_printf(out, "%s%s", shapes[f->shape], proof_type_name(f->of));
}

static void append_field(const struct proof_field *f, struct buffer *out)
{
    buffer_printf(out, "| `%s.%s` | ", proof_type_name(f->owner), f->name);
    append_type(f, out);
    buffer_printf(out, " | %s |", f->statement == PROOF_STATEMENT_ANY ? "any" : "blocks");
    for (unsigned l = 0; l < PROOF_LEVEL_COUNT; l++) buffer_printf(out, " %s |", proof_field_class_name(f->classes[l]));
    buffer_printf(out, " %s%s%s |\n", strchr(f->by, '_') && !strchr(f->by, ' ') ? "`" : "", f->by,
                  strchr(f->by, '_') && !strchr(f->by, ' ') ? "`" : "");
}

static void append_levels(struct buffer *out)
{
    buffer_append_string(out, "| level | a verified verdict says |\n|---|---|\n");
    for (unsigned l = 0; l < PROOF_LEVEL_COUNT; l++)
        buffer_printf(out, "| %s | %s |\n", proof_level_name(l), proof_level_sentence(l));
    buffer_append_string(out, "\n");
}

static void append_tables(struct buffer *out)
{
    append_levels(out);
    buffer_append_string(out, "| field | type | statement | light | attested | full | by |\n"
                              "|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < proof_field_count(); i++)
        if (proof_field_at(i)->classes[0] != PROOF_FIELD_AS_WHOLE) append_field(proof_field_at(i), out);
    buffer_append_string(out, "\nOf the fields of a transaction and of a receipt the same is said as of the whole:\n\n"
                              "| field | type |\n|---|---|\n");
    for (size_t i = 0; i < proof_field_count(); i++) {
        const struct proof_field *f = proof_field_at(i);
        if (f->classes[0] != PROOF_FIELD_AS_WHOLE) continue;
        buffer_printf(out, "| `%s.%s` | ", proof_type_name(f->owner), f->name);
        append_type(f, out);
        buffer_append_string(out, " |\n");
    }
}

static bool read_doc(struct buffer *out)
{
    FILE *f = fopen(doc_path, "rb");
    char piece[4096];
    size_t n;
    if (!f) return false;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0) buffer_append(out, piece, n);
    fclose(f);
    buffer_append_byte(out, 0);
    return !out->failed;
}

/* Everything up to the mark is written by hand. */
static void test_doc(bool write)
{
    static const char mark_text[] = "## Levels and fields\n\n";
    struct buffer doc = {0}, tables = {0};
    test_begin("docs/proof-meaning.md");
    append_tables(&tables);
    char *at = CHECK(read_doc(&doc)) ? strstr((char *)doc.data, mark_text) : NULL;
    if (CHECK(at)) {
        at += strlen(mark_text);
        const struct bytes written = bytes_of_string(at);
        if (write) {
            FILE *f = fopen(doc_path, "wb");
            if (CHECK(f)) {
                fwrite(doc.data, 1, (size_t)(at - (char *)doc.data), f);
                fwrite(tables.data, 1, tables.size, f);
                fclose(f);
            }
        } else if (!CHECK(bytes_equal(written, bytes_of(tables.data, tables.size)))) {
            printf("the tables differ from proof/fields.def: run test_proof_fields --write\n");
        }
    }
    buffer_free(&doc);
    buffer_free(&tables);
}

int main(int argc, char **argv)
{
    test_table();
    test_codec();
    test_json();
    test_doc(argc > 1 && strcmp(argv[1], "--write") == 0);
    return test_end();
}
