/* How a document is made of its text: for json_read.c alone. */
#ifndef JSON_JSON_DOCUMENT_H
#define JSON_JSON_DOCUMENT_H

#include "json/json_read.h"

/* As json_read_limited says; the text has less than INT32_MAX bytes. */
enum status json_document_build(struct bytes text, const struct limits *limits, struct json **out, struct error *e);

#endif
