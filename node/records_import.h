/* Genesis records into a state, one by one, by the rules of nearcore's genesis (runtime/runtime/src/genesis.rs). */
#ifndef NODE_RECORDS_IMPORT_H
#define NODE_RECORDS_IMPORT_H

#include "node/records_usage.h"
#include "node/state_file.h"
#include "near/receipt_queue.h"

/* Start with records_import_begin, release with records_import_free. */
struct records_import {
    struct state_file *state;
    bool keep_usage;            /* storage usages as the records say, not counted anew */
    struct usage_table usage;
    struct queue_indices delayed;
    bool has_delayed;           /* some record was a delayed receipt */
    struct buffer postponed;    /* receipts in Borsh, each with its length in front: they come after all data */
    uint64_t record_count, account_count;
    uint64_t other_usage_count; /* accounts whose counted usage is not the given one; the first of them: */
    struct account_usage other_usage;
};

/* STATUS_INVALID if the state's queue of delayed receipts cannot be read. */
enum status records_import_begin(struct records_import *i, struct state_file *state, bool keep_usage, struct error *e);

/* Takes one record. STATUS_MALFORMED with place and reason, also for what is in the state already, and for code
 * before its account. */
enum status records_import_one(struct records_import *i, struct bytes text, struct error *e);

/* After the last one: postponed receipts, the delayed queue, storage usages. STATUS_INVALID: keys, data or code of an
 * account that is not there, a postponed receipt that waits for nothing. */
enum status records_import_finish(struct records_import *i, struct error *e);

void records_import_free(struct records_import *i);

#endif
