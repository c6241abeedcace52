/* A contract call as JSON: the form of the cases in tests/vectors/ (contract.jsonl and others), and of the files that
 * describe a call to the command. docs/contract-case.md has every field and its default. */
#ifndef DOCUMENTS_CASE_READ_H
#define DOCUMENTS_CASE_READ_H

#include "json/json.h"

#include "host/host.h"
#include "host/mock_external.h"

struct validator {
    struct account_id account;
    struct u128 stake;
};

/* Zero-initialise; release with call_case_free. What it points to is in its arena or in the document. */
struct call_case {
    struct bytes name;                  /* empty if left out */
    uint32_t protocol_version;
    const struct protocol_parameters *parameters;
    bool has_method, has_code;
    struct bytes method;                /* "main" if left out */
    struct bytes code;                  /* `wasm` */
    struct call_context context;
    uint64_t max_gas_burnt;             /* UINT64_MAX: as the parameters have it */
    const struct state_entry *state;    /* in the order of the file; a later value counts */
    size_t state_count;
    const struct validator *validators;
    size_t validator_count;
    struct json *expect;         /* the document's; null if left out */
    struct json *document;       /* owned if call_case_parse made it */
    struct arena arena;
};

/* Reads a document that was parsed already and must outlive the case. Every field may be left out; fields that there
 * are not in a case, and values of another kind or out of range, are errors that name the place (json_read.h).
 * STATUS_MALFORMED, STATUS_NO_MEMORY. On failure there is nothing to free. */
enum status call_case_read(struct json *document, struct call_case *out, struct error *e);

/* The same from text. */
enum status call_case_parse(struct bytes text, struct call_case *out, struct error *e);

void call_case_free(struct call_case *c);

/* Puts state and validators into a mock that was just initialised. STATUS_NO_MEMORY, STATUS_INVALID (stakes that are
 * too large together). */
enum status call_case_fill(const struct call_case *c, struct mock_external *m, struct error *e);

#endif
