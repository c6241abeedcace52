/* Memory that runs out: the k-th allocation fails, for every k, from the text of a contract case to the JSON of its
 * outcome. Nothing may crash or leak, and the outcome is either the right one or missing. Linked with --wrap (see the
 * Makefile). */
#include "documents/case_read.h"
#include "documents/case_write.h"
#include "tests/read_file.h"
#include "tests/test.h"
#include "tests/failing_alloc.h"

static enum status call(const struct call_case *k, struct mock_external *m, struct contract *contract,
                        struct json **got, struct error *e)
{
    const struct call_options options = {.max_gas_burnt = k->max_gas_burnt};
    struct call_outcome outcome;
    enum status status = contract_call(contract, k->method, &k->context, &m->external, &options, &outcome, e);
    if (status != STATUS_OK) return status;
    status = case_write_expect(&outcome, m, got, e);
    call_outcome_free(&outcome);
    return status;
}

/* *right: the outcome is the expected one. */
static enum status whole_way(struct bytes text, bool *right, struct error *e)
{
    struct call_case k;
    struct mock_external m;
    struct contract *contract = NULL;
    struct json *got = NULL;
    *right = false;
    enum status status = call_case_parse(text, &k, e);
    if (status != STATUS_OK) return status;
    mock_external_init(&m);
    status = call_case_fill(&k, &m, e);
    if (status == STATUS_OK) status = contract_prepare(k.parameters, k.code, NULL, &contract, e);
    if (status == STATUS_OK) status = call(&k, &m, contract, &got, e);
    *right = got && json_equal(got, k.expect);
    json_free(got);
    contract_free(contract);
    mock_external_free(&m);
    call_case_free(&k);
    return status;
}

static void fail_each(struct bytes line)
{
    unsigned wrong = 0, misreported = 0;
    long k = 0;
    for (failed = true; failed && k < 100000; k++) {
        struct error e = {0};
        bool right = false;
        countdown = k;
        failed = false;
        const enum status status = whole_way(line, &right, &e);
        countdown = -1;
        const bool swallowed = status == STATUS_OK && !right;
        const bool misnamed = status != STATUS_OK && status != STATUS_NO_MEMORY;
        wrong += swallowed;
        misreported += misnamed;
        if (swallowed || misnamed) printf("allocation %ld: %s: %s\n", k, status_name(status), e.message);
    }
    printf("%ld allocations\n", k - 1);
    CHECK(k > 20 && k < 100000);
    CHECK_EQUAL(wrong, 0);
    CHECK_EQUAL(misreported, 0);
}

int main(void)
{
    static const char file[] = "tests/vectors/host.jsonl.xz";
    static const char *const names[] = {"host-random/1-1472", "host-random/1-1263"};
    struct buffer text = {0};
    if (access(file, R_OK) != 0) {
        test_skip(file, "not started in the repository");
        return test_end();
    }
    CHECK(read_file(file, &text));
    buffer_append_byte(&text, 0);
    for (size_t i = 0; i < 2 * sizeof names / sizeof *names && !text.failed; i++) {
        char name[64];
        snprintf(name, sizeof name, "\"name\":\"%s\"", names[i / 2]);
        char *at = strstr((char *)text.data, name);
        if (!CHECK(at != NULL)) continue;
        while (at > (char *)text.data && at[-1] != '\n') at--;
        sticky = i % 2;
        test_begin(sticky ? "all allocations from one on fail" : "one allocation fails");
        fail_each(bytes_of(at, strcspn(at, "\n")));
    }
    buffer_free(&text);
    return test_end();
}
