/* Bytes of contracts shown to people: never a control character, whatever they hold. */
#ifndef CLI_RUN_TEXT_H
#define CLI_RUN_TEXT_H

#include "cli/cli.h"

/* A text as base/shown.h shows it (a log, a panic), but with its lines: a line feed is one, followed by `indent`
 * spaces. */
void print_text(FILE *out, struct bytes text, unsigned indent);

/* A key or a value of the state, or a call's arguments: quoted if it is text; otherwise in parts, which are the
 * encodings that contracts use most, as far as they can be guessed: quoted text (also behind its length, as Borsh has
 * strings), [3] for a little-endian number of 4 or 8 bytes at the end, 0x... for the rest. Cut after about `limit`
 * bytes, which is then said. */
void print_bytes(FILE *out, struct bytes bytes, size_t limit);

/* The same, but JSON objects and arrays of at most `limit` bytes are printed as such, on one line, and 4, 8 or 16
 * bytes that are neither text nor a string after its length as the little-endian number that they are: 7 (u64). */
void print_value(FILE *out, struct bytes bytes, size_t limit);

/* What a contract returns: JSON of at most `limit` bytes as it is, on one line, where each text has its quotes; most
 * results are. Else as print_value. */
void print_returned(FILE *out, struct bytes bytes, size_t limit);

#endif
