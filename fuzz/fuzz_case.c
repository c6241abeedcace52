/* Contracts and calls as differential tests make them (near_case.h): the first byte chooses the kind. Nothing may crash
 * or hang. Inputs that reach new code are kept by the fuzzing engine; tests/differential/guided.sh then asks the
 * reference runner about them. */
#include <stdlib.h>

#include "documents/case_read.h"
#include "fuzz/near_case.h"
#include "host/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(const struct call_case *k)
{
    struct error e = {0};
    struct contract *contract = NULL;
    struct call_outcome outcome = {0};
    struct mock_external m;
    const struct call_options options = {.max_gas_burnt = k->max_gas_burnt};
    mock_external_init(&m);
    if (call_case_fill(k, &m, &e) == STATUS_OK &&
        contract_prepare(k->parameters, k->code, NULL, &contract, &e) == STATUS_OK &&
        contract_call(contract, k->method, &k->context, &m.external, &options, &outcome, &e) == STATUS_OK)
        call_outcome_free(&outcome);
    contract_free(contract);
    mock_external_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer line = {0};
    struct error e = {0};
    struct call_case k = {0};
    if (size > 0 && near_case_write(near_case_kind_of(data, size), data, size, "case", &line)) {
        if (call_case_parse(bytes_of(line.data, line.size), &k, &e) != STATUS_OK) abort();
        run(&k);
        call_case_free(&k);
    }
    buffer_free(&line);
    return 0;
}
