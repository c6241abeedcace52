/* Cuts a file of genesis records into its records without ever holding more than one of them: the file is an array, or
 * an object whose member "records" is one (a whole genesis file). */
#ifndef DOCUMENTS_RECORDS_STREAM_H
#define DOCUMENTS_RECORDS_STREAM_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/error.h"

enum { RECORD_MAX = 1 << 28 }; /* bytes of a record, and of what stands around the records */

/* Release with records_stream_close. */
struct records_stream {
    FILE *file;
    uint64_t offset, total;      /* bytes: read so far; of the file, 0 if nobody knows */
    uint32_t line, column;       /* of the next character, from 1 */
    bool in_object;              /* the array is a member of an object */
    bool started, ended;
    int end;                     /* what stood behind the last record: ',' or ']' */
    struct buffer around;        /* the object without its records */
    struct buffer record;
    uint64_t number;             /* of the record, from 1 */
    uint32_t record_line, record_column; /* where it begins */
};

/* "-" is standard input. STATUS_IO. */
enum status records_stream_open(struct records_stream *s, const char *path, struct error *e);

/* The text of the next record, valid until the next call; *found is false at the end, when everything around the
 * records has been checked. The text is one JSON value as far as brackets and strings go: its syntax is for the caller
 * to check. STATUS_MALFORMED with line and column, STATUS_LIMIT, STATUS_IO, STATUS_NO_MEMORY. */
enum status records_stream_next(struct records_stream *s, bool *found, struct bytes *text, struct error *e);

/* Puts the number and the place of the present record into an error that was found in its text. */
void records_stream_locate(const struct records_stream *s, struct error *e);

void records_stream_close(struct records_stream *s);

#endif
