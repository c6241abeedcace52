/* Readers of JSON: the first byte says whether the rest is a contract case, a genesis record, or any document. What is
 * refused has a message and, as text, a place; nothing crashes, leaks or hangs. */
#include <stdlib.h>

#include "documents/case_read.h"
#include "json/json_read.h"
#include "node/records_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(enum status status, const struct error *e)
{
    if (status != STATUS_OK && (e->status != status || !e->message[0])) abort();
}

static void try_case(struct bytes text)
{
    struct call_case c = {0};
    struct error e = {0};
    enum status status = call_case_parse(text, &c, &e);
    check_refusal(status, &e);
    if (status == STATUS_OK) call_case_free(&c);
}

static void try_record(struct bytes text)
{
    struct state_file state;
    struct records_import import;
    struct error e = {0};
    state_file_begin(&state, "(in memory)");
    enum status status = records_import_begin(&import, &state, false, &e);
    if (status == STATUS_OK) status = records_import_one(&import, text, &e);
    if (status == STATUS_OK) status = records_import_finish(&import, &e);
    check_refusal(status, &e);
    records_import_free(&import);
    state_file_close(&state);
}

static void try_document(struct bytes text)
{
    struct json *document = NULL;
    struct error e = {0};
    enum status status = json_read_document(text, &document, &e);
    check_refusal(status, &e);
    if (status == STATUS_MALFORMED && e.line == 0) abort();
    json_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct bytes) = {try_case, try_record, try_document};
    if (size == 0) return 0;
    readers[data[0] % (sizeof readers / sizeof *readers)](bytes_of(data + 1, size - 1));
    return 0;
}
