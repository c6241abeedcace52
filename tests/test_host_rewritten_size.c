/* The size of production's rewritten module, to the byte, for the modules of the vectors. The sizes are those of what
 * prepare::prepare_contract of near-vm-runner 0.38.0 returned for them (with no limit on the size). */
#include <stdlib.h>

#include "base/base64.h"
#include "host/contract.h"
#include "json/json_read.h"
#include "tests/read_file.h"
#include "tests/test.h"

static char *next_size; /* the rest of rewritten-sizes.txt: "FILE NAME SIZE", in the order of the cases */

/* The size that production made of this case; 0: the case has none, production refuses it before. */
static uint64_t size_of_case(const char *file, struct bytes name)
{
    const size_t length = strlen(file);
    char *p = next_size;
    if (strncmp(p, file, length) != 0 || p[length] != ' ') return 0;
    p += length + 1;
    if (strncmp(p, (const char *)name.data, name.size) != 0 || p[name.size] != ' ') return 0;
    const uint64_t size = strtoull(p + name.size, &next_size, 10);
    if (*next_size) next_size++;
    return size;
}

static void check_size(struct bytes name, struct bytes module, uint32_t version, uint64_t expected)
{
    struct protocol_parameters parameters = *parameters_of(version);
    struct contract *c = NULL;
    struct error e;
    const uint64_t height = parameters.limits.max_stack_height;
    parameters.limits.max_instrumented_code_size = UINT64_MAX;
    if (!CHECK_EQUAL(contract_prepare(&parameters, module, NULL, &c, &e), STATUS_OK)) return;
    bool ok = CHECK(c->module != NULL) && CHECK_EQUAL(rewritten_size(c->module, height, 0), expected);
    /* a bound that is enough is no less than the size, and one that is not makes no difference */
    ok = ok && CHECK(rewritten_size(c->module, height, UINT64_MAX - 1) >= expected) &&
         CHECK_EQUAL(rewritten_size(c->module, height, expected - 1), expected);
    if (!ok) fprintf(stderr, "%.*s\n", (int)name.size, (const char *)name.data);
    contract_free(c);
}

static void check_case(const char *file, struct bytes line)
{
    struct json *json = NULL;
    struct json_place name, module, version;
    struct bytes name_text = {0}, module_text = {0};
    struct buffer binary = {0};
    uint64_t number = 0, expected;
    if (!CHECK_EQUAL(json_read_document(line, &json, NULL), STATUS_OK)) return;
    const struct json_place root = json_root(json);
    CHECK(json_member(&root, "name", &name) && json_read_text(&name, &name_text, NULL) == STATUS_OK);
    expected = size_of_case(file, name_text);
    if (expected && CHECK(json_member(&root, "wasm", &module) && json_member(&root, "protocol_version", &version) &&
                          json_read_text(&module, &module_text, NULL) == STATUS_OK &&
                          json_read_u64(&version, UINT32_MAX, &number, NULL) == STATUS_OK &&
                          base64_decode(module_text, &binary)))
        check_size(name_text, bytes_of(binary.data, binary.size), (uint32_t)number, expected);
    buffer_free(&binary);
    json_free(json);
}

static void check_file(const char *file)
{
    char path[100];
    struct buffer text = {0};
    snprintf(path, sizeof path, "tests/vectors/%s.jsonl.xz", file);
    CHECK(read_file(path, &text));
    for (size_t at = 0, end; at < text.size; at = end + 1) {
        const uint8_t *line = text.data + at, *newline = memchr(line, '\n', text.size - at);
        end = newline ? (size_t)(newline - text.data) : text.size;
        check_case(file, bytes_of(line, end - at));
    }
    buffer_free(&text);
}

int main(void)
{
    struct buffer sizes = {0};
    test_begin("sizes of rewritten modules");
    CHECK(read_file("tests/vectors/rewritten-sizes.txt.xz", &sizes));
    buffer_append_byte(&sizes, 0);
    if (!sizes.failed) {
        next_size = (char *)sizes.data;
        CHECK(*next_size != 0);
        check_file("rewriting");
        check_file("contract");
        check_file("preparation-rules");
        check_file("random-modules");
        CHECK_TEXT(next_size, "");
    }
    buffer_free(&sizes);
    return test_end();
}
