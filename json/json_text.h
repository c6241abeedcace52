/* JSON as text, token by token: checked and laid out without being changed. Contracts may use numbers that no 64 bits
 * hold, or names that are there twice: neither is refused or lost here (json_read.h is for documents that are read). */
#ifndef JSON_JSON_TEXT_H
#define JSON_JSON_TEXT_H

#include "base/bytes.h"
#include "base/error.h"
#include "json/json_scan.h"

#include <stdio.h>

/* That the text is one JSON value (RFC 8259) in UTF-8 with nothing but white space around it. STATUS_MALFORMED with
 * line and column, STATUS_LIMIT: nested too deeply. */
enum status json_text_check(struct bytes text, struct error *e);

/* Prints a text that json_text_check has accepted. Objects and arrays stand on one line if that takes at most `width`
 * bytes, otherwise they are indented; lines after the first begin with `indent` spaces. What base/shown.h
 * calls hidden is written as \u escapes. No line feed at the end. */
void json_text_print(FILE *out, struct bytes text, size_t width, unsigned indent);

#endif
