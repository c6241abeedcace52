/* Protocol parameters: every number of every version against the published configuration, and the tables against what
 * scripts/params.py makes of it. */
#include <stdlib.h>

#include "near/parameters.h"
#include "tests/json.h"
#include "tests/read_file.h"
#include "tests/test.h"

static const char published_path[] = "tests/vectors/protocol-params.json.xz";

static struct json *member(struct json *o, const char *key)
{
    return json_get(o, key);
}

static struct json *at(struct json *o, const char *path)
{
    char key[64];
    for (;;) {
        size_t n = strcspn(path, ".");
        if (!o || n >= sizeof key) return NULL;
        memcpy(key, path, n);
        key[n] = '\0';
        o = member(o, key);
        if (!path[n]) return o;
        path += n + 1;
    }
}

static size_t leaves(struct json *o)
{
    if (!json_is(o, JSON_OBJECT)) return 1;
    size_t n = 0;
    for (size_t i = 0; i < json_length(o); i++) n += leaves(json_at(o, i));
    return n;
}

/* How many leaves of the JSON have been compared, and where we are, for failures. */
static size_t compared;
static uint32_t version;

static void same(bool equal, const char *what)
{
    if (!CHECK(equal)) printf("version %u: %s differs\n", version, what);
}

static bool is_number(struct json *o, uint64_t n)
{
    compared++;
    return o && json_is(o, JSON_INTEGER) && json_number(o) == n;
}

static bool is_bool(struct json *o, bool b)
{
    compared++;
    return o && json_is(o, JSON_BOOL) && (json_truth(o) != 0) == b;
}

static bool is_text(struct json *o, const char *text)
{
    compared++;
    return o && json_is(o, JSON_STRING) && strcmp(json_chars(o), text) == 0;
}

static bool is_cost(struct json *o, struct cost c)
{
    bool gas = is_number(member(o, "gas"), c.gas);
    return is_number(member(o, "compute"), c.compute) && gas;
}

static bool is_balance(struct json *o, struct u128 v)
{
    char text[U128_TEXT_SIZE];
    u128_print(v, text);
    return is_text(o, text);
}

static bool is_u64(struct json *o, uint64_t n)
{
    return is_number(o, n);
}

static bool is_boolean(struct json *o, bool b)
{
    return is_bool(o, b);
}

static bool is_ratio(struct json *o, struct ratio r)
{
    compared++;
    return o && json_length(o) == 2 &&
           json_number(json_at(o, 0)) == r.numerator &&
           json_number(json_at(o, 1)) == r.denominator;
}

static bool is_decimal(struct json *o, struct ratio r)
{
    compared++;
    double quotient = (double)r.numerator / (double)r.denominator, value = json_is(o, JSON_REAL) ? strtod(o->u.text, NULL) : -1;
    return !(quotient < value) && !(quotient > value);
}

static bool is_fee(struct json *o, struct gas_fee f)
{
    bool a = is_number(member(o, "send_sir"), f.send_sir);
    bool b = is_number(member(o, "send_not_sir"), f.send_not_sir);
    return is_number(member(o, "execution"), f.execution) && a && b;
}

static void check_costs(struct json *entry, const struct protocol_parameters *p)
{
    for (enum ext_cost i = 0; i < EXT_COST_COUNT; i++)
        same(is_cost(member(member(entry, "ext_costs"), ext_cost_name(i)), p->ext[i]), ext_cost_name(i));
    for (enum action_cost i = 0; i < ACTION_COST_COUNT; i++) {
        struct json *fee = member(member(entry, "action_costs"), action_cost_name(i));
        same(is_cost(member(fee, "send_sir"), p->action[i].send_sir), action_cost_name(i));
        same(is_cost(member(fee, "send_not_sir"), p->action[i].send_not_sir), action_cost_name(i));
        same(is_cost(member(fee, "execution"), p->action[i].execution), action_cost_name(i));
    }
    struct json *wasm = member(entry, "wasm");
    same(is_number(member(wasm, "regular_op_cost"), p->regular_op_cost), "regular_op_cost");
    same(is_number(member(wasm, "linear_op_base_cost"), p->linear_op_base_cost), "linear_op_base_cost");
    same(is_number(member(wasm, "linear_op_unit_cost"), p->linear_op_unit_cost), "linear_op_unit_cost");
}

static bool is_limit(struct json *o, uint64_t n)
{
    return o ? is_number(o, n) : n == LIMIT_ABSENT;
}

static void check_limits(struct json *limits, const struct protocol_parameters *p)
{
#define X(name) same(is_limit(member(limits, #name), p->limits.name), #name);
#include "near/limits.def"
#undef X
}

static void check_flags(struct json *vm, const struct protocol_parameters *p)
{
    static const char *const kinds[] = {
        [VM_WASMER0] = "Wasmer0", [VM_WASMTIME] = "Wasmtime", [VM_WASMER2] = "Wasmer2", [VM_NEAR_VM] = "NearVm"};
    static const char *const modes[] = {[STORAGE_FLAT] = "FlatStorage", [STORAGE_TRIE] = "Trie"};
#define X(name) same(is_bool(member(vm, #name), p->flags.name), #name);
#include "near/flags.def"
#undef X
    same(is_number(member(vm, "grow_mem_cost"), p->flags.grow_mem_cost), "grow_mem_cost");
    same(is_text(member(vm, "vm_kind"), kinds[p->flags.vm_kind]), "vm_kind");
    same(is_text(member(vm, "storage_get_mode"), modes[p->flags.storage_get_mode]), "storage_get_mode");
    /* shown twice */
    same(is_number(member(vm, "regular_op_cost"), p->regular_op_cost), "regular_op_cost");
    same(is_number(member(vm, "linear_op_base_cost"), p->linear_op_base_cost), "linear_op_base_cost");
    same(is_number(member(vm, "linear_op_unit_cost"), p->linear_op_unit_cost), "linear_op_unit_cost");
}

static void check_runtime(struct json *runtime, const struct protocol_parameters *p)
{
    struct u128 global = p->runtime.global_contract_storage_amount_per_byte; /* not shown: near-parameters' 77.yaml */
    char text[U128_TEXT_SIZE];
    u128_print(global, text);
    CHECK_TEXT(text, version < 77 ? "999999999999999999999999999" : "100000000000000000000");
#define X(kind, name, path) \
    if (strcmp(#name, "global_contract_storage_amount_per_byte") != 0) \
        same(is_##kind(at(runtime, path), p->runtime.name), path);
#include "near/runtime_parameters.def"
#undef X
}

static void test_published(struct json *published)
{
    test_begin("every number of every version");
    size_t entries = 0;
    for (size_t i = 0; i < json_length(published); i++) {
        struct json *entry = json_at(published, i);
        version = (uint32_t)strtoul(json_name_at(published, i), NULL, 10);
        const struct protocol_parameters *p = parameters_of(version);
        if (!CHECK(p != NULL)) continue;
        CHECK_EQUAL(p->version, version);
        compared = 0;
        check_costs(entry, p);
        check_limits(member(entry, "limits"), p);
        check_flags(member(entry, "vm"), p);
        check_runtime(member(entry, "runtime"), p);
        CHECK_EQUAL(compared, leaves(entry)); /* nothing in the JSON was left out */
        entries++;
    }
    size_t tables = 0;
    while (parameters_entry(tables)) tables++;
    CHECK_EQUAL(tables, entries);
}

static void test_lookup(void)
{
    test_begin("lookup");
    CHECK(parameters_of(0) == NULL);
    CHECK(parameters_of(PROTOCOL_VERSION_FIRST - 1) == NULL);
    CHECK_EQUAL(parameters_of(53)->version, 53);
    CHECK_EQUAL(parameters_of(54)->version, 53);
    CHECK_EQUAL(parameters_of(55)->version, 55);
    CHECK_EQUAL(parameters_of(86)->version, 85);
    CHECK_EQUAL(parameters_of(PROTOCOL_VERSION_CURRENT)->version, 88);
    CHECK_EQUAL(parameters_of(UINT32_MAX)->version, 88);
    CHECK_EQUAL(parameters_entry(0)->version, 53);
    CHECK(parameters_entry(SIZE_MAX) == NULL);
    for (size_t i = 1; parameters_entry(i); i++) CHECK(parameters_entry(i)->version > parameters_entry(i - 1)->version);
    CHECK(parameters_of(88)->limits.max_functions_number_per_contract == 10000);
    CHECK(parameters_of(53)->limits.max_tables_per_contract == LIMIT_ABSENT);
}

static void test_names(void)
{
    test_begin("names");
    CHECK_EQUAL(EXT_COST_COUNT, 98);
    CHECK_EQUAL(ACTION_COST_COUNT, 29);
    CHECK_TEXT(ext_cost_name(EXT_base), "base");
    CHECK_TEXT(ext_cost_name(EXT_universal_state_init_to_account_id_byte), "universal_state_init_to_account_id_byte");
    CHECK_EQUAL(EXT_ripemd160_block, 22);
    CHECK_EQUAL(EXT_universal_state_init_to_account_id_byte, 97);
    CHECK_TEXT(action_cost_name(ACTION_create_account), "create_account");
    CHECK_TEXT(action_cost_name(ACTION_universal_state_init_entry), "universal_state_init_entry");
    CHECK_EQUAL(ACTION_delegate, 15);
    CHECK_TEXT(ext_cost_name(EXT_COST_COUNT), "unknown");
    CHECK_TEXT(action_cost_name(ACTION_COST_COUNT), "unknown");
    for (enum ext_cost i = 0; i < EXT_COST_COUNT; i++) CHECK(strlen(ext_cost_name(i)) > 0);
}

/* ---- the generator ---------------------------------------------------------------------------------------------- */

static bool same_file(const char *a, const char *b)
{
    struct buffer x = {0}, y = {0};
    bool equal = read_file(a, &x) && read_file(b, &y) &&
                 bytes_equal(bytes_of(x.data, x.size), bytes_of(y.data, y.size));
    buffer_free(&x);
    buffer_free(&y);
    return equal;
}

static void check_generated(const char *folder, const char *name)
{
    char made[256], committed[256];
    snprintf(made, sizeof made, "%s/%s", folder, name);
    snprintf(committed, sizeof committed, "near/params/%s", name);
    if (!CHECK(same_file(made, committed))) printf("%s is not what scripts/params.py makes\n", committed);
    remove(made);
}

static bool generate(const char *folder, const struct buffer *json)
{
    char path[256], command[600];
    snprintf(path, sizeof path, "%s/published.json", folder);
    FILE *f = fopen(path, "wb");
    bool ok = f && fwrite(json->data, 1, json->size, f) == json->size;
    if (f && fclose(f) != 0) ok = false;
    snprintf(command, sizeof command, "python3 scripts/params.py %s %s", path, folder);
    ok = ok && system(command) == 0;
    remove(path);
    return ok;
}

static void test_generator(const struct buffer *json)
{
    test_begin("the tables are what the generator makes");
    if (system("python3 -c '' 2>/dev/null") != 0) {
        test_skip("scripts/params.py", "python3 is not installed");
        return;
    }
    const char *temporary = getenv("TMPDIR");
    char folder[200];
    snprintf(folder, sizeof folder, "%.160s/nvm-params-XXXXXX", temporary && *temporary ? temporary : P_tmpdir);
    if (!CHECK(mkdtemp(folder) != NULL)) return;
    if (CHECK(generate(folder, json))) {
        char name[32];
        for (size_t i = 0; parameters_entry(i); i++) {
            snprintf(name, sizeof name, "v%u.def", parameters_entry(i)->version);
            check_generated(folder, name);
        }
        check_generated(folder, "tables.inc");
    }
    CHECK(remove(folder) == 0); /* nothing else was made */
}

static void test_against_shared(const struct buffer *json)
{
    static const char shared[] = "../shared/vectors/protocol-params.json";
    test_begin("our copy of the published configuration");
    if (access(shared, R_OK) != 0) {
        test_skip(shared, "it is not there");
        return;
    }
    struct buffer original = {0};
    CHECK(read_file(shared, &original));
    CHECK(bytes_equal(bytes_of(original.data, original.size), bytes_of(json->data, json->size)));
    buffer_free(&original);
}

int main(void)
{
    test_lookup();
    test_names();
    struct buffer json = {0};
    if (CHECK(read_file(published_path, &json)) && CHECK((buffer_append_byte(&json, 0), !json.failed))) {
        json.size--;
        struct json *published = json_of(bytes_of(json.data, json.size));
        if (CHECK(published != NULL)) test_published(published);
        json_free(published);
        test_generator(&json);
        test_against_shared(&json);
    }
    buffer_free(&json);
    return test_end();
}
