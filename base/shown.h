/* Text from outside, made fit to be shown: to a person on a terminal, or in a file that a program draws. What such text
 * holds must not move the cursor, start a line, hide or turn around what stands beside it.
 *
 * Not shown as they are: control characters (C0, DEL, C1), format characters (Unicode's Cf: directions, zero width,
 * soft hyphen, byte order mark, tags), line and paragraph separators, variation selectors and what else is invisible
 * by definition (Default_Ignorable_Code_Point), noncharacters, and bytes that are not UTF-8. */
#ifndef BASE_SHOWN_H
#define BASE_SHOWN_H

#include "base/bytes.h"

/* The character at `at`, which is below text.size: how many bytes it takes. 0: there is no well-formed one. */
size_t character_at(struct bytes text, size_t at, uint32_t *character);

/* Whether a character is one of those that are not shown as they are. */
bool character_is_hidden(uint32_t character);

enum { SHOWN_SIZE = 16 }; /* bytes that one character takes at most when it is shown, with a NUL */

/* How the character at `at` is shown: as it is, or as \1b (a control character below 80, or a byte that is not
 * UTF-8), \u{202e}. Returns how many bytes of `text` that are. */
size_t shown_at(struct bytes text, size_t at, char out[static SHOWN_SIZE]);

/* Appends all of the text like this. A backslash stays one: what is shown is not meant to be read back. */
void shown_append(struct buffer *out, struct bytes text);

/* The same in double quotes, with a backslash before quotes and backslashes; of more than `limit` characters, as they
 * are shown, only the first, and then ... and the number of bytes after the quotes. */
void shown_append_quoted(struct buffer *out, struct bytes text, size_t limit);

/* A text that is JSON: hidden characters, which can only be in its strings, become \u escapes. */
void shown_append_json(struct buffer *out, struct bytes json);

#endif
