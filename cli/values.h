/* Values of WebAssembly as arguments and results of commands. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include "cli/cli.h"
#include "vm/vm.h"

/* Reads a value of the given type. i32 and i64: decimal or 0x hexadecimal, in the signed or the unsigned range.
 * f32 and f64: as in the text format (decimal, 0x hexadecimal, inf, nan, nan:0x...). externref: a number or "null";
 * funcref: "null". False: the text is no such value. */
bool value_parse(const char *text, uint8_t type, slot *out);

/* What value_parse would have accepted, for error messages. */
const char *value_expected(uint8_t type);

/* Appends a value so that value_parse reads the same bits. (A funcref that is not null: "function".) */
void value_text(struct buffer *b, uint8_t type, slot value);

#endif
