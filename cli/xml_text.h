/* Any bytes as text in XML. */
#ifndef CLI_XML_TEXT_H
#define CLI_XML_TEXT_H

#include "base/bytes.h"

/* Appends at most `limit` characters, then an ellipsis if there are more. What base/shown.h
 * calls hidden, which is all that XML cannot hold, becomes U+FFFD. */
void xml_append(struct buffer *out, struct bytes text, size_t limit);

#endif
