/* How changed proofs fared, field by field. */
#ifndef TESTS_SUPPORT_FIELD_FIGURES_H
#define TESTS_SUPPORT_FIELD_FIGURES_H

#include <stdio.h>

#include "proof/fields.h"

struct field_figures {
    unsigned changed, unreadable;
    unsigned accepted[PROOF_LEVEL_COUNT], refused[PROOF_LEVEL_COUNT];
};

/* A line for each field that was changed: `all` has one element for each of the table. */
void field_figures_print(const struct field_figures *all, FILE *out);

#endif
