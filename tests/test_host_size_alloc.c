/* Memory that runs out while a module is measured: the k-th allocation fails, for every k. Linked with --wrap (see the
 * Makefile). */
#include "tests/failing_alloc.h"

#include "host/contract.h"
#include "tests/modules.h"

static const char *const text = "(memory (export \"memory\") 1) (global i32 (i32.const 0)) "
                                "(func (export \"main\") (local i64) i32.const 1 drop) (func (param i32) call 0)";

static struct contract *prepared(void)
{
    struct buffer binary = binary_of(text);
    struct contract *c = NULL;
    struct error e;
    CHECK_EQUAL(contract_prepare(parameters_of(88), bytes_of(binary.data, binary.size), NULL, &c, &e), STATUS_OK);
    buffer_free(&binary);
    return c;
}

static void test_sizes(void)
{
    test_begin("sizes");
    struct contract *c = prepared();
    if (!c || !CHECK(c->module != NULL)) return;
    const uint64_t height = c->parameters->limits.max_stack_height, size = rewritten_size(c->module, height, 0);
    const uint64_t instance = engine_instance_size(c->module);
    CHECK(size != UINT64_MAX && instance != 0);
    int failures = 0;
    for (long k = 0;; k++, failures++) {
        failed = false;
        countdown = k;
        const uint64_t found = rewritten_size(c->module, height, 0);
        countdown = -1;
        CHECK(found == (failed ? UINT64_MAX : size));
        if (!failed) break;
    }
    CHECK(failures >= 5); /* the locals' types, and two of each function */
    countdown = 0;
    CHECK_EQUAL(engine_instance_size(c->module), 0);
    countdown = -1;
    contract_free(c);
}

/* No bound shows that this module is small enough: it is measured. */
static void test_preparing(void)
{
    test_begin("preparing");
    struct buffer binary = binary_of(text);
    struct protocol_parameters parameters = *parameters_of(88);
    parameters.limits.max_instrumented_code_size = 600;
    for (long k = 0;; k++) {
        struct contract *c = NULL;
        struct error e;
        failed = false;
        countdown = k;
        const enum status status = contract_prepare(&parameters, bytes_of(binary.data, binary.size), NULL, &c, &e);
        countdown = -1;
        CHECK_EQUAL(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
        if (status == STATUS_OK) CHECK(c->module != NULL);
        contract_free(c);
        if (!failed) break;
    }
    buffer_free(&binary);
}

int main(void)
{
    test_sizes();
    test_preparing();
    return test_end();
}
