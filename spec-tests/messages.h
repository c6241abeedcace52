/* The suite's words for our errors. */
#ifndef SPEC_TESTS_MESSAGES_H
#define SPEC_TESTS_MESSAGES_H

#include "vm/vm.h"
#include "wat/wat.h"

enum message_source { SOURCE_WAT_ERROR, SOURCE_VM_ERROR, SOURCE_TRAP };

/* Two rows of the table whose texts are exchanged, to show that the run notices; zero: none. */
struct message_swap {
    size_t first, second;         /* 1 + number of the row */
};

/* Reads "VM_ERROR_TYPE_MISMATCH,TRAP_UNREACHABLE": the first row of each code. False: no such codes. */
bool message_swap_parse(const char *text, struct message_swap *out);

/* Whether an error or trap with this code and message is what the suite calls `wanted` (messages.def says when). */
bool message_matches(enum message_source source, int code, const char *message, struct bytes wanted,
                     const struct message_swap *swap);

#endif
